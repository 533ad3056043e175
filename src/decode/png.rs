//! PNG to planes (PNG 3rd edition, clauses 7 to 10), row by row; transparency is laid over white.

use fdeflate::Decompressor;

use super::samples::{Pixel, sixteen};
use super::{DecodeError, color, scaled_size, unpacked_scale};
use crate::facts::{Damage, DamageKind, Ending, PictureFacts};
use crate::limits::{DecodeLimits, MAX_BLOCKS};
use crate::planes::{Chroma, Plane, Planes};

/// Most bytes of one row; wider pictures exist only to take memory.
const MAX_ROW_BYTES: u64 = 8 << 20;
/// How far back a match may reach (RFC 1951, 2).
const WINDOW_BYTES: usize = 32 << 10;

/// Decodes a PNG; `bytes` begins with its signature.
pub(super) fn decode(bytes: &[u8], picture: &PictureFacts, limits: &DecodeLimits) -> Result<Planes, DecodeError> {
    let scale = unpacked_scale(picture, limits)?;
    let file = File::read(bytes).ok_or(DecodeError::NoPixels)?;
    let header = &file.header;
    if header.row_bytes(u64::from(header.width_px)) > MAX_ROW_BYTES {
        return Err(DecodeError::OverBudget);
    }
    let (width_px, height_px) = scaled_size(picture, scale);
    let half = (width_px.div_ceil(2), height_px.div_ceil(2));
    let mut sink = Sink {
        luma: Plane::filled(width_px, height_px, 128),
        chroma: header
            .has_color()
            .then(|| Chroma { cb: Plane::filled(half.0, half.1, 128), cr: Plane::filled(half.0, half.1, 128) }),
        sums: [(); 3].map(|()| vec![0; if header.has_color() { half.0 } else { 0 }]),
    };
    let mut inflate = Inflate::new(&file.data);
    let (done, total) = if header.is_interlaced {
        interlaced(&file, &mut inflate, &mut sink, usize::from(scale))
    } else {
        in_order(&file, &mut inflate, &mut sink, usize::from(scale))
    };
    let mut planes = Planes::new(sink.luma, sink.chroma);
    planes.scale_denominator = scale;
    planes.decoded_share = done as f64 / total.max(1) as f64;
    if done < total && !matches!(picture.ending, Ending::Truncated { .. }) {
        let byte_offset = picture.image_data.as_ref().map_or(0, |range| range.start);
        planes.damage = Some(Damage { kind: DamageKind::InvalidPixelData, byte_offset });
    }
    Ok(planes)
}

struct Header {
    width_px: u32,
    height_px: u32,
    bit_depth: u8,
    color_type: u8,
    is_interlaced: bool,
}

impl Header {
    fn channels(&self) -> u64 {
        match self.color_type {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    fn has_color(&self) -> bool {
        !matches!(self.color_type, 0 | 4)
    }

    /// Bytes of a row of so many pixels, the filter's not counted.
    fn row_bytes(&self, width_px: u64) -> u64 {
        (width_px * self.channels() * u64::from(self.bit_depth)).div_ceil(8)
    }

    /// Distance to the byte that filters compare with.
    fn pixel_bytes(&self) -> usize {
        (self.channels() * u64::from(self.bit_depth)).div_ceil(8) as usize
    }
}

/// The chunks that pixels are made of.
struct File<'a> {
    header: Header,
    /// Colours over white, where there is a palette.
    palette: Box<[[u8; 3]; 256]>,
    /// The one colour that is transparent, as 16-bit samples.
    transparent: Option<[u16; 3]>,
    data: Vec<&'a [u8]>,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut header = None;
        let mut palette = Box::new([[0; 3]; 256]);
        let mut transparent = None;
        let mut data = Vec::new();
        let mut at = 8;
        for _ in 0..MAX_BLOCKS {
            let Some(&[s0, s1, s2, s3, a, b, c, d]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) else {
                break;
            };
            let body = bytes.get(at + 8..)?;
            let size_bytes = u32::from_be_bytes([s0, s1, s2, s3]) as usize;
            let body = body.get(..size_bytes).unwrap_or(body);
            match &[a, b, c, d] {
                b"IHDR" if header.is_none() => {
                    let &[w3, w2, w1, w0, h3, h2, h1, h0, bit_depth, color_type, _, _, interlace] =
                        body.first_chunk()?;
                    header = Some(Header {
                        width_px: u32::from_be_bytes([w3, w2, w1, w0]),
                        height_px: u32::from_be_bytes([h3, h2, h1, h0]),
                        bit_depth,
                        color_type,
                        is_interlaced: interlace == 1,
                    });
                }
                b"PLTE" => {
                    for (slot, color) in palette.iter_mut().zip(body.as_chunks::<3>().0) {
                        *slot = *color;
                    }
                }
                b"tRNS" => match header.as_ref()?.color_type {
                    3 => {
                        for (color, &alpha) in palette.iter_mut().zip(body) {
                            *color = color::over_white(*color, alpha);
                        }
                    }
                    0 => transparent = body.first_chunk().map(|&gray| [u16::from_be_bytes(gray); 3]),
                    2 => {
                        transparent = body
                            .first_chunk()
                            .map(|&[r1, r0, g1, g0, b1, b0]| [[r1, r0], [g1, g0], [b1, b0]].map(u16::from_be_bytes));
                    }
                    _ => {}
                },
                b"IDAT" => data.push(body),
                b"IEND" => break,
                _ => {}
            }
            at = at.checked_add(size_bytes)?.checked_add(12)?;
        }
        let header = header?;
        let depth_fits = match header.color_type {
            0 => matches!(header.bit_depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(header.bit_depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(header.bit_depth, 8 | 16),
            _ => false,
        };
        depth_fits.then_some(Self { header, palette, transparent, data })
    }

    /// A row's pixels as colours, grey ones three times.
    fn expand(&self, row: &[u8], pixels: &mut Vec<[u8; 3]>, width_px: usize) {
        pixels.clear();
        let depth = self.header.bit_depth;
        let high = |[high, _]: [u8; 2]| high;
        match (self.header.color_type, depth) {
            (2, 8) => pixels.extend_from_slice(row.as_chunks::<3>().0),
            (6, 8) => pixels.extend(row.as_chunks::<4>().0.iter().map(|&[r, g, b, a]| color::over_white([r, g, b], a))),
            (2, _) => pixels.extend(row.as_chunks::<6>().0.iter().map(|&[r, _, g, _, b, _]| [r, g, b])),
            (6, _) => {
                let over_white = |&[r, _, g, _, b, _, a, _]: &[u8; 8]| color::over_white([r, g, b], a);
                pixels.extend(row.as_chunks::<8>().0.iter().map(over_white));
            }
            (4, 8) => pixels.extend(row.as_chunks::<2>().0.iter().map(|&[gray, a]| color::over_white([gray; 3], a))),
            (4, _) => {
                pixels.extend(row.as_chunks::<4>().0.iter().map(|&[gray, _, a, _]| color::over_white([gray; 3], a)));
            }
            (0, 16) => pixels.extend(row.as_chunks::<2>().0.iter().map(|&gray| [high(gray); 3])),
            (0, 8) => pixels.extend(row.iter().map(|&gray| [gray; 3])),
            (color_type, _) => {
                let samples = row.iter().flat_map(|&byte| {
                    (0..8 / depth.max(1)).map(move |index| byte << (index * depth) >> (8 - depth.clamp(1, 8)))
                });
                // OK because 1, 3, 15 and 255 divide 255.
                let factor = 255 / (255u8 >> (8 - depth.clamp(1, 8)));
                pixels.extend(samples.take(width_px).map(|sample| match color_type {
                    3 => self.palette.get(usize::from(sample)).copied().unwrap_or([0; 3]),
                    _ => [sample * factor; 3],
                }));
            }
        }
        if let Some(transparent) = self.transparent {
            self.blank(row, pixels, transparent);
        }
    }

    /// Makes the pixels white that have the one transparent colour, which is compared in full depth.
    fn blank(&self, row: &[u8], pixels: &mut [[u8; 3]], transparent: [u16; 3]) {
        let [r, g, b] = transparent;
        let white = [255; 3];
        match (self.header.color_type, self.header.bit_depth) {
            (2, 8) => {
                for pixel in pixels.iter_mut().filter(|pixel| pixel.map(u16::from) == transparent) {
                    *pixel = white;
                }
            }
            (2, _) => {
                let wanted = [r, g, b].map(u16::to_be_bytes);
                for (pixel, stored) in pixels.iter_mut().zip(row.as_chunks::<6>().0) {
                    if stored.as_chunks::<2>().0 == wanted {
                        *pixel = white;
                    }
                }
            }
            (_, 16) => {
                for (pixel, _) in
                    pixels.iter_mut().zip(row.as_chunks::<2>().0).filter(|(_, stored)| **stored == r.to_be_bytes())
                {
                    *pixel = white;
                }
            }
            (_, depth) => {
                let factor = 255 / (255u16 >> (8 - depth.clamp(1, 8)));
                for pixel in pixels.iter_mut().filter(|pixel| u16::from(pixel[0]) == r.saturating_mul(factor)) {
                    *pixel = white;
                }
            }
        }
    }
}

/// Unpacked rows.
struct Rows {
    row: Vec<u8>,
    previous: Vec<u8>,
    pixel_bytes: usize,
}

impl Rows {
    fn new(header: &Header, width_px: usize) -> Self {
        let row_bytes = header.row_bytes(width_px as u64) as usize;
        Self { row: vec![0; row_bytes], previous: vec![0; row_bytes], pixel_bytes: header.pixel_bytes() }
    }

    /// The next row without its filter (9.2); `None` when data are missing or wrong.
    fn next(&mut self, inflate: &mut Inflate<'_>) -> Option<&[u8]> {
        std::mem::swap(&mut self.row, &mut self.previous);
        let mut filter = [0];
        if !inflate.fill(&mut filter) || !inflate.fill(&mut self.row) {
            return None;
        }
        let [filter] = filter;
        let is_known = match self.pixel_bytes {
            1 => unfilter::<1>(filter, &self.previous, &mut self.row),
            2 => unfilter::<2>(filter, &self.previous, &mut self.row),
            3 => unfilter::<3>(filter, &self.previous, &mut self.row),
            4 => unfilter::<4>(filter, &self.previous, &mut self.row),
            6 => unfilter::<6>(filter, &self.previous, &mut self.row),
            _ => unfilter::<8>(filter, &self.previous, &mut self.row),
        };
        is_known.then_some(&self.row)
    }
}

fn unfilter<const N: usize>(filter: u8, previous: &[u8], row: &mut [u8]) -> bool {
    let above = previous.as_chunks::<N>().0;
    let pixels = row.as_chunks_mut::<N>().0;
    let mut left = Pixel::load(&[0; N]);
    match filter {
        0 => {}
        1 => {
            for pixel in pixels {
                left = Pixel::load(pixel).plus(left);
                *pixel = left.store();
            }
        }
        2 => {
            for (sample, above) in row.iter_mut().zip(previous) {
                *sample = sample.wrapping_add(*above);
            }
        }
        3 => {
            for (pixel, above) in pixels.iter_mut().zip(above) {
                left = Pixel::load(pixel).plus(left.mean(Pixel::load(above)));
                *pixel = left.store();
            }
        }
        4 => {
            let mut corner = left;
            for (pixel, above) in pixels.iter_mut().zip(above) {
                let above = Pixel::load(above);
                left = Pixel::load(pixel).plus(Pixel::paeth(left, above, corner));
                *pixel = left.store();
                corner = above;
            }
        }
        _ => return false,
    }
    true
}

/// The zlib stream of the IDAT chunks.
struct Inflate<'a> {
    decompressor: Decompressor,
    chunks: std::slice::Iter<'a, &'a [u8]>,
    input: &'a [u8],
    buffer: Vec<u8>,
    read_at: usize,
    write_at: usize,
    is_over: bool,
}

impl<'a> Inflate<'a> {
    fn new(chunks: &'a [&'a [u8]]) -> Self {
        let mut decompressor = Decompressor::new();
        // Every chunk carries a checksum already, and that of the stream comes too late to help.
        decompressor.ignore_adler32();
        Self {
            decompressor,
            chunks: chunks.iter(),
            input: &[],
            buffer: vec![0; 4 * WINDOW_BYTES],
            read_at: 0,
            write_at: 0,
            is_over: false,
        }
    }

    /// Fills `out` with the next bytes; false when there are not as many.
    fn fill(&mut self, mut out: &mut [u8]) -> bool {
        loop {
            let ready = self.buffer.get(self.read_at..self.write_at).unwrap_or_default();
            let count = ready.len().min(out.len());
            let (now, later) = out.split_at_mut(count);
            now.copy_from_slice(ready.get(..count).unwrap_or_default());
            self.read_at += count;
            out = later;
            if out.is_empty() {
                return true;
            }
            if !self.refill() {
                return false;
            }
        }
    }

    /// Unpacks some more; false when nothing is left.
    fn refill(&mut self) -> bool {
        if self.is_over {
            return false;
        }
        if self.write_at > 2 * WINDOW_BYTES {
            let keep_from = self.write_at - WINDOW_BYTES;
            self.buffer.copy_within(keep_from..self.write_at, 0);
            self.write_at = WINDOW_BYTES;
            self.read_at = WINDOW_BYTES;
        }
        loop {
            while self.input.is_empty() {
                match self.chunks.next() {
                    Some(chunk) => self.input = chunk,
                    None => break,
                }
            }
            let at_end = self.input.is_empty();
            match self.decompressor.read(self.input, &mut self.buffer, self.write_at, false) {
                Ok((consumed, produced)) => {
                    self.input = self.input.get(consumed..).unwrap_or_default();
                    self.write_at += produced;
                    if produced > 0 {
                        return true;
                    }
                    if at_end || self.decompressor.is_done() || consumed == 0 {
                        self.is_over = true;
                        return false;
                    }
                }
                Err(_) => {
                    self.is_over = true;
                    return false;
                }
            }
        }
    }
}

/// Where pixels go.
struct Sink {
    luma: Plane,
    chroma: Option<Chroma>,
    /// Sums of red, green and blue of a row of colour squares, of both halves or only the upper one.
    sums: [Vec<u16>; 3],
}

fn add<const COUNT: usize>(sums: &mut [u16; COUNT], more: &[u16; COUNT]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

impl Sink {
    fn row(&mut self, y: usize, pixels: &[[u8; 3]]) {
        let start = y * self.luma.stride;
        let Some(luma) = self.luma.samples.get_mut(start..start + self.luma.width_px) else { return };
        let Some(chroma) = &mut self.chroma else {
            for (slot, pixel) in luma.iter_mut().zip(pixels) {
                *slot = pixel[0];
            }
            return;
        };
        let is_upper = y.is_multiple_of(2);
        if is_upper {
            self.sums.iter_mut().for_each(|sums| sums.fill(0));
        }
        let [reds, greens, blues] = &mut self.sums;
        let sums = reds.as_chunks_mut().0.iter_mut().zip(greens.as_chunks_mut().0).zip(blues.as_chunks_mut().0);
        let (groups, rest) = pixels.as_chunks::<16>();
        let (slots, rest_slots) = luma.as_chunks_mut::<16>();
        for ((slots, group), ((reds, greens), blues)) in slots.iter_mut().zip(groups).zip(sums) {
            let (luma, [red, green, blue]) = sixteen(group);
            *slots = luma;
            add::<8>(reds, &red);
            add(greens, &green);
            add(blues, &blue);
        }
        for (slot, pixel) in rest_slots.iter_mut().zip(rest) {
            *slot = color::luma(*pixel);
        }
        let from = groups.len() * 8;
        for (index, pair) in rest.chunks(2).enumerate() {
            // A column without its neighbour stands for both.
            let both = [pair.first(), pair.last()].into_iter().flatten();
            for color in both {
                for (sums, value) in self.sums.iter_mut().zip(color) {
                    sums.get_mut(from + index).into_iter().for_each(|sum| *sum += u16::from(*value));
                }
            }
        }
        let is_last = y + 1 == self.luma.height_px;
        if is_upper && !is_last {
            return;
        }
        if is_upper {
            self.sums.iter_mut().flatten().for_each(|sum| *sum *= 2);
        }
        let row = y / 2 * chroma.cb.stride..(y / 2 + 1) * chroma.cb.stride;
        let rows = chroma.cb.samples.get_mut(row.clone()).zip(chroma.cr.samples.get_mut(row));
        let Some((blue_row, red_row)) = rows else { return };
        let [reds, greens, blues] = &self.sums;
        let sums = reds.iter().zip(greens).zip(blues);
        for ((cb, cr), ((red, green), blue)) in blue_row.iter_mut().zip(red_row).zip(sums) {
            // OK because the mean of four bytes is a byte.
            [*cb, *cr] = color::differences([*red, *green, *blue].map(|value| ((value + 2) / 4) as u8));
        }
    }

    /// One pixel of an interlaced picture, with the rectangle that it stands for until the rest is known.
    fn rectangle(&mut self, (x, y): (usize, usize), (across, down): (usize, usize), pixel: [u8; 3]) {
        let luma = if self.chroma.is_some() { color::luma(pixel) } else { pixel[0] };
        fill(&mut self.luma, (x, y), (across, down), luma);
        if let Some(chroma) = self.chroma.as_mut().filter(|_| x % 2 == 0 && y % 2 == 0) {
            let [cb, cr] = color::differences(pixel);
            let size = (across.div_ceil(2), down.div_ceil(2));
            fill(&mut chroma.cb, (x / 2, y / 2), size, cb);
            fill(&mut chroma.cr, (x / 2, y / 2), size, cr);
        }
    }
}

fn fill(plane: &mut Plane, (x, y): (usize, usize), (across, down): (usize, usize), value: u8) {
    let to = (x + across).min(plane.width_px);
    for row in y..(y + down).min(plane.height_px) {
        if let Some(slots) = plane.samples.get_mut(row * plane.stride + x..row * plane.stride + to) {
            slots.fill(value);
        }
    }
}

/// Rows from top to bottom; how many were decoded, of how many.
fn in_order(file: &File<'_>, inflate: &mut Inflate<'_>, sink: &mut Sink, scale: usize) -> (u64, u64) {
    let (width_px, height_px) = (file.header.width_px as usize, file.header.height_px as usize);
    let mut rows = Rows::new(&file.header, width_px);
    let mut pixels = Vec::with_capacity(width_px);
    let mut sums = vec![[0u32; 3]; if scale == 1 { 0 } else { width_px.div_ceil(scale) }];
    for y in 0..height_px {
        let Some(row) = rows.next(inflate) else { return (y as u64, height_px as u64) };
        file.expand(row, &mut pixels, width_px);
        if scale == 1 {
            sink.row(y, &pixels);
            continue;
        }
        for (sum, square) in sums.iter_mut().zip(pixels.chunks(scale)) {
            for &[r, g, b] in square {
                *sum = [sum[0] + u32::from(r), sum[1] + u32::from(g), sum[2] + u32::from(b)];
            }
        }
        if y % scale == scale - 1 || y + 1 == height_px {
            let down = y % scale + 1;
            pixels.clear();
            pixels.extend(sums.iter().enumerate().map(|(x, sum)| {
                let count = (down * scale.min(width_px - x * scale)) as u32;
                // OK because the mean of bytes is a byte.
                sum.map(|value| ((value + count / 2) / count.max(1)) as u8)
            }));
            sink.row(y / scale, &pixels);
            sums.fill([0; 3]);
        }
    }
    (height_px as u64, height_px as u64)
}

/// The seven passes of Adam7 (8.1); at reduced scale only those whose pixels are wanted. Pixels decoded, of how many.
fn interlaced(file: &File<'_>, inflate: &mut Inflate<'_>, sink: &mut Sink, scale: usize) -> (u64, u64) {
    /// Left, top, horizontal and vertical step, width and height of what a pixel stands for.
    const PASSES: [[usize; 6]; 7] = [
        [0, 0, 8, 8, 8, 8],
        [4, 0, 8, 8, 4, 8],
        [0, 4, 4, 8, 4, 4],
        [2, 0, 4, 4, 2, 4],
        [0, 2, 2, 4, 2, 2],
        [1, 0, 2, 2, 1, 2],
        [0, 1, 1, 2, 1, 1],
    ];
    let (width_px, height_px) = (file.header.width_px as usize, file.header.height_px as usize);
    let wanted = match scale {
        1 => 7,
        2 => 5,
        4 => 3,
        _ => 1,
    };
    let passes = PASSES.into_iter().take(wanted).map(|[left, top, dx, dy, across, down]| {
        let size = (width_px.saturating_sub(left).div_ceil(dx), height_px.saturating_sub(top).div_ceil(dy));
        (left, top, dx, dy, (across / scale).max(1), (down / scale).max(1), size)
    });
    let total = passes.clone().map(|(.., (across, down))| across as u64 * down as u64).sum();
    let mut done = 0;
    let mut pixels = Vec::new();
    for (left, top, dx, dy, across, down, size) in passes {
        if size.0 == 0 {
            continue;
        }
        let mut rows = Rows::new(&file.header, size.0);
        for y in 0..size.1 {
            let Some(row) = rows.next(inflate) else { return (done, total) };
            file.expand(row, &mut pixels, size.0);
            for (x, &pixel) in pixels.iter().enumerate() {
                sink.rectangle(((left + x * dx) / scale, (top + y * dy) / scale), (across, down), pixel);
            }
            done += size.0 as u64;
        }
    }
    (done, total)
}
