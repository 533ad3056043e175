//! Frame and scan headers (T.81, B.2.2 and B.2.3), and the planes that a frame is decoded into.

use super::idct::{self, Block, PLACES, Steps};
use crate::decode::DecodeError;
use crate::facts::PictureFacts;
use crate::limits::DecodeLimits;
use crate::planes::Plane;

/// Pixels of a block's side.
pub(super) const BLOCK_PX: usize = 8;

/// One component of a frame.
pub(super) struct Component {
    id: u8,
    /// Sampling factors.
    pub(super) across: usize,
    pub(super) down: usize,
    quantization_id: usize,
    quantization: Option<[u16; 64]>,
    pub(super) steps: Option<Steps>,
    /// Blocks that hold pixels of the picture.
    pub(super) blocks_across: usize,
    pub(super) blocks_down: usize,
    /// Blocks in a row of the plane, which has room for whole MCUs.
    pub(super) blocks_in_row: usize,
    /// The decoded samples, at 1/`scale` of their size; as far as something was decoded, until the frame is finished.
    pub(super) plane: Plane,
    /// How many samples the plane has in the end, and in a row of blocks.
    total_samples: usize,
    samples_in_row: usize,
    /// The mean of each block, `blocks_in_row` to a row.
    pub(super) means: Vec<u8>,
    /// The darkest and the brightest sample of each block; only those of the first component, at full size.
    pub(super) ends: Vec<[u8; 2]>,
    /// Coefficients of a progressive frame.
    pub(super) coefficients: Coefficients,
}

/// Coefficients of a component, kept from scan to scan.
#[derive(Default)]
pub(super) struct Coefficients {
    /// Kept of each block: all 64, or at reduced scale the low ones that it is made of.
    pub(super) kept: usize,
    /// `kept` values per block, in the order of [`Coefficients::slot`].
    pub(super) values: Vec<i16>,
    /// Per block: which coefficients are not zero, by their number in the file. Refinement needs to know of all.
    pub(super) nonzero: Vec<u64>,
}

impl Coefficients {
    fn new(blocks: usize, scale: u8) -> Self {
        let kept = kept_coefficients(scale);
        Self { kept, values: vec![0; blocks * kept], nonzero: vec![0; blocks] }
    }

    /// Where a coefficient is kept in its block; at or beyond `kept` where it is not.
    #[inline(always)]
    pub(super) fn slot(kept: usize, number: usize) -> usize {
        if kept == 64 {
            return number;
        }
        let place = usize::from(PLACES.get(number).copied().unwrap_or(63));
        let side = match kept {
            16 => 4,
            4 => 2,
            _ => 1,
        };
        let (u, v) = (place / 8, place % 8);
        if u < side && v < side { u * side + v } else { 64 }
    }
}

fn kept_coefficients(scale: u8) -> usize {
    match scale {
        1 => 64,
        2 => 16,
        4 => 4,
        _ => 1,
    }
}

/// A frame and what has been decoded of it.
pub(super) struct Frame {
    pub(super) is_progressive: bool,
    /// 1, 2, 4 or 8: the planes have this fraction of the frame's size.
    pub(super) scale: u8,
    pub(super) width_px: usize,
    pub(super) height_px: usize,
    pub(super) mcus_across: usize,
    pub(super) mcus_down: usize,
    pub(super) components: Vec<Component>,
    /// Share of the first component's MCUs that could be decoded.
    share: f64,
}

impl Frame {
    /// From the body of SOF0, SOF1 or SOF2; takes the memory for the planes once it is known to fit.
    pub(super) fn new(
        body: &[u8],
        picture: &PictureFacts,
        is_progressive: bool,
        limits: &DecodeLimits,
    ) -> Result<Self, DecodeError> {
        let &[precision_bits, h1, h0, w1, w0, count, ref specs @ ..] = body else { return Err(DecodeError::NoPixels) };
        if precision_bits != 8 {
            return Err(DecodeError::UnsupportedCoding);
        }
        let width_px = u32::from(u16::from_be_bytes([w1, w0]));
        let mut height_px = u32::from(u16::from_be_bytes([h1, h0]));
        if height_px == 0 {
            // Told behind the first scan (DNL), where the facts have found it.
            height_px = picture.stored_height_px;
        }
        let (specs, _) = specs.as_chunks::<3>();
        let is_valid = (1..=4).contains(&specs.len())
            && specs.len() == usize::from(count)
            && specs.iter().all(|&[_, sampling, table]| {
                (1..=4).contains(&(sampling >> 4)) && (1..=4).contains(&(sampling & 15)) && table < 4
            });
        if width_px == 0 || height_px == 0 || !is_valid {
            return Err(DecodeError::NoPixels);
        }
        let max_across = specs.iter().map(|spec| u32::from(spec[1] >> 4)).max().unwrap_or(1);
        let max_down = specs.iter().map(|spec| u32::from(spec[1] & 15)).max().unwrap_or(1);
        let layout = Layout {
            mcus_across: width_px.div_ceil(8 * max_across),
            mcus_down: height_px.div_ceil(8 * max_down),
            factors: specs.iter().map(|spec| (u32::from(spec[1] >> 4), u32::from(spec[1] & 15))).collect(),
        };
        let px = u64::from(width_px) * u64::from(height_px);
        let fits = |scale: &u8| {
            let area = u64::from(*scale) * u64::from(*scale);
            px / area <= limits.max_luma_px && layout.bytes(*scale, is_progressive) <= limits.max_bytes
        };
        let scale = [1, 2, 4, 8].into_iter().find(fits).ok_or(DecodeError::OverBudget)?;
        let block_px = BLOCK_PX / usize::from(scale);
        let components = specs
            .iter()
            .enumerate()
            .map(|(index, &[id, sampling, table])| {
                let (across, down) = (u32::from(sampling >> 4), u32::from(sampling & 15));
                let own_width_px = (width_px * across).div_ceil(max_across);
                let own_height_px = (height_px * down).div_ceil(max_down);
                let blocks_in_row = (layout.mcus_across * across) as usize;
                let rows = (layout.mcus_down * down) as usize;
                let stride = blocks_in_row * block_px;
                Component {
                    id,
                    across: across as usize,
                    down: down as usize,
                    quantization_id: usize::from(table),
                    quantization: None,
                    steps: None,
                    blocks_across: own_width_px.div_ceil(8) as usize,
                    blocks_down: own_height_px.div_ceil(8) as usize,
                    blocks_in_row,
                    plane: Plane {
                        width_px: own_width_px.div_ceil(u32::from(scale)) as usize,
                        height_px: own_height_px.div_ceil(u32::from(scale)) as usize,
                        stride,
                        samples: Vec::with_capacity(stride * rows * block_px),
                    },
                    total_samples: stride * rows * block_px,
                    samples_in_row: stride * block_px,
                    means: vec![128; blocks_in_row * rows],
                    ends: if index == 0 && scale == 1 { vec![[128; 2]; blocks_in_row * rows] } else { Vec::new() },
                    coefficients: if is_progressive {
                        Coefficients::new(blocks_in_row * rows, scale)
                    } else {
                        Coefficients::default()
                    },
                }
            })
            .collect();
        Ok(Self {
            is_progressive,
            scale,
            width_px: width_px as usize,
            height_px: height_px as usize,
            mcus_across: layout.mcus_across as usize,
            mcus_down: layout.mcus_down as usize,
            components,
            share: 0.0,
        })
    }

    /// Remembers the quantisation tables as they are when a component's first scan begins (T.81, B.2.4.1).
    pub(super) fn latch_quantization(&mut self, scan: &Scan, tables: &[Option<[u16; 64]>; 4]) {
        for part in &scan.parts {
            if let Some(component) = self.components.get_mut(part.index)
                && component.steps.is_none()
            {
                component.quantization = tables.get(component.quantization_id).copied().flatten();
                component.steps = component.quantization.as_ref().map(Steps::new);
            }
        }
    }

    /// Notes how many MCUs of a scan were decoded; the first scan of the first component counts.
    pub(super) fn note_share(&mut self, scan: &Scan, decoded: u64, total: u64) {
        let is_first = scan.parts.iter().any(|part| part.index == 0) && scan.spectral_start == 0;
        if is_first && scan.approximation_high == 0 && total > 0 {
            self.share = self.share.max(decoded as f64 / total as f64);
        }
    }

    pub(super) fn decoded_share(&self) -> f64 {
        self.share
    }

    /// Quantisation table of the first component in natural order.
    pub(super) fn luma_quantization(&self) -> Option<[u16; 64]> {
        let in_file_order = self.components.first()?.quantization?;
        let mut natural = [0; 64];
        for (step, place) in in_file_order.into_iter().zip(PLACES) {
            // The places go column by column.
            if let Some(slot) = natural.get_mut(usize::from(place % 8 * 8 + place / 8)) {
                *slot = step;
            }
        }
        Some(natural)
    }

    /// Makes samples of the coefficients of a progressive frame, and gives every plane its size.
    pub(super) fn finish(&mut self) {
        let scale = self.scale;
        for component in &mut self.components {
            component.reach(usize::MAX);
            if !self.is_progressive {
                continue;
            }
            let coefficients = std::mem::take(&mut component.coefficients);
            let Some(steps) = component.steps.clone() else { continue };
            for row in 0..component.blocks_down {
                component.row_from_coefficients(row, &coefficients, &steps, scale);
            }
        }
    }
}

impl Component {
    /// Makes room for the first `rows` rows of blocks, grey until they are decoded. Only then, because memory that was just
    /// touched is written faster.
    pub(super) fn reach(&mut self, rows: usize) {
        let samples = self.samples_in_row.saturating_mul(rows).min(self.total_samples);
        if samples > self.plane.samples.len() {
            self.plane.samples.resize(samples, 128);
        }
    }

    #[inline(never)]
    fn row_from_coefficients(&mut self, row: usize, coefficients: &Coefficients, steps: &Steps, scale: u8) {
        let mut block: Block = [0; 64];
        for column in 0..self.blocks_across {
            let index = row * self.blocks_in_row + column;
            let Some(&nonzero) = coefficients.nonzero.get(index) else { return };
            let Some(values) = coefficients.values.get(index * coefficients.kept..(index + 1) * coefficients.kept)
            else {
                return;
            };
            let mut left = nonzero;
            let mut has_ac = false;
            while left != 0 {
                let number = left.trailing_zeros() as usize;
                left &= left - 1;
                if let Some(&value) = values.get(Coefficients::slot(coefficients.kept, number)) {
                    steps.put(&mut block, number, i32::from(value));
                    has_ac |= number > 0;
                }
            }
            self.write(row, column, &mut block, has_ac, scale);
        }
    }

    /// Writes the samples of a block into the plane and leaves the block empty.
    ///
    /// Not inlined: the loop that reads codes and the transform both need all registers, and not the same.
    #[inline(never)]
    pub(super) fn write(&mut self, row: usize, column: usize, block: &mut Block, has_ac: bool, scale: u8) {
        let mean = idct::mean(block);
        let index = row * self.blocks_in_row + column;
        if let Some(slot) = self.means.get_mut(index) {
            *slot = mean;
        }
        let ends = self.ends.get_mut(index);
        let stride = self.plane.stride;
        match scale {
            1 if has_ac => write_rows(&mut self.plane, row, column, &idct::samples(block, ends)),
            1 => {
                idct::clear_first(block);
                if let Some(ends) = ends {
                    *ends = [mean; 2];
                }
                write_rows(&mut self.plane, row, column, &[[mean; 8]; 8]);
            }
            2 => write_means::<4>(&mut self.plane, row, column, &idct::samples(block, None)),
            4 => write_means::<2>(&mut self.plane, row, column, &idct::samples(block, None)),
            _ => {
                *block = [0; 64];
                if let Some(slot) = self.plane.samples.get_mut(row * stride + column) {
                    *slot = mean;
                }
            }
        }
    }
}

/// Writes a block at full scale.
#[inline(always)]
fn write_rows(plane: &mut Plane, row: usize, column: usize, rows: &[[u8; 8]; 8]) {
    let stride = plane.stride;
    let start = row * 8 * stride + column * 8;
    let Some(samples) = plane.samples.get_mut(start..start + 7 * stride + 8) else { return };
    for (row, samples) in rows.iter().zip(samples.chunks_mut(stride)) {
        if let Some(slot) = samples.first_chunk_mut::<8>() {
            *slot = *row;
        }
    }
}

/// Writes a block at reduced scale, `SIDE` samples each way.
fn write_means<const SIDE: usize>(plane: &mut Plane, row: usize, column: usize, rows: &[[u8; 8]; 8]) {
    let each = 8 / SIDE;
    for (y, band) in rows.chunks(each).enumerate() {
        let start = (row * SIDE + y) * plane.stride + column * SIDE;
        let Some(slots) = plane.samples.get_mut(start..start + SIDE) else { return };
        for (x, slot) in slots.iter_mut().enumerate() {
            let sum: u32 =
                band.iter().flat_map(|row| row.iter().skip(x * each).take(each)).map(|&sample| u32::from(sample)).sum();
            // OK because the mean of bytes is a byte.
            *slot = ((sum + (each * each / 2) as u32) / (each * each) as u32) as u8;
        }
    }
}

/// Sizes of a frame before memory is taken.
struct Layout {
    mcus_across: u32,
    mcus_down: u32,
    factors: Vec<(u32, u32)>,
}

impl Layout {
    fn bytes(&self, scale: u8, is_progressive: bool) -> u64 {
        let block_px = u64::from(8 / scale);
        let blocks: u64 = self.factors.iter().map(|&(h, v)| u64::from(h) * u64::from(v)).sum::<u64>()
            * u64::from(self.mcus_across)
            * u64::from(self.mcus_down);
        let kept = if is_progressive { kept_coefficients(scale) as u64 * 2 + 8 } else { 0 };
        blocks * (block_px * block_px + 3 + kept)
    }
}

/// A component's part in a scan.
pub(super) struct Part {
    /// Index into the frame's components.
    pub(super) index: usize,
    pub(super) dc_table: usize,
    pub(super) ac_table: usize,
}

/// A scan header.
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    pub(super) spectral_start: usize,
    pub(super) spectral_end: usize,
    pub(super) approximation_high: u8,
    pub(super) approximation_low: u8,
}

impl Scan {
    pub(super) fn new(frame: &Frame, body: &[u8]) -> Option<Self> {
        let (&count, rest) = body.split_first()?;
        let (selectors, spectrum) = rest.split_at_checked(2 * usize::from(count))?;
        let &[spectral_start, spectral_end, approximation, ..] = spectrum else { return None };
        let mut parts: Vec<Part> = Vec::new();
        for &[id, tables] in selectors.as_chunks::<2>().0 {
            let is_free = |index: usize| parts.iter().all(|part| part.index != index);
            // Some writers give all components the same number; each then means the next one.
            let (index, _) = frame.components.iter().enumerate().find(|&(i, c)| c.id == id && is_free(i))?;
            parts.push(Part { index, dc_table: usize::from(tables >> 4), ac_table: usize::from(tables & 15) });
        }
        if !(1..=4).contains(&parts.len()) {
            return None;
        }
        let (high, low) = (approximation >> 4, approximation & 15);
        if frame.is_progressive {
            let is_dc = spectral_start == 0;
            let band_fits = if is_dc { spectral_end == 0 } else { parts.len() == 1 };
            if !band_fits || spectral_end > 63 || spectral_start > spectral_end || low > 13 {
                return None;
            }
        }
        Some(Self {
            parts,
            spectral_start: usize::from(spectral_start) * usize::from(frame.is_progressive),
            spectral_end: usize::from(spectral_end),
            approximation_high: if frame.is_progressive { high } else { 0 },
            approximation_low: if frame.is_progressive { low } else { 0 },
        })
    }

    /// MCUs across and down: blocks of the picture where the scan has one component (T.81, A.2).
    pub(super) fn mcus(&self, frame: &Frame) -> (usize, usize) {
        match self.parts.as_slice() {
            [part] => frame
                .components
                .get(part.index)
                .map_or((0, 0), |component| (component.blocks_across, component.blocks_down)),
            _ => (frame.mcus_across, frame.mcus_down),
        }
    }

    /// Blocks of a component in one MCU, across and down.
    pub(super) fn blocks_in_mcu(&self, component: &Component) -> (usize, usize) {
        if self.parts.len() == 1 { (1, 1) } else { (component.across, component.down) }
    }

    /// Blocks that the scan visits.
    pub(super) fn blocks(&self, frame: &Frame) -> u64 {
        let (across, down) = self.mcus(frame);
        let each: usize = self
            .parts
            .iter()
            .filter_map(|part| frame.components.get(part.index))
            .map(|component| {
                let (across, down) = self.blocks_in_mcu(component);
                across * down
            })
            .sum();
        across as u64 * down as u64 * each as u64
    }
}
