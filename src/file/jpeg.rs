//! The structure of a JPEG (ITU-T T.81 annex B), from marker to marker. Coded pixels are only searched for marks.
//!
//! Where the standard and the decoders of browsers differ, what browsers show is not called damaged.

use std::ops::Range;

use super::bytes::{find_ff, slice, u8_at, u16_be};
use super::lens::Lens;
use super::{add_writer, exif, note, trailing, xmp};
use crate::facts::{Coding, ColorModel, DamageKind, Ending, PictureFacts};
use crate::limits::MAX_BLOCKS;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DNL: u8 = 0xDC;

/// Components that a picture can have in any browser.
const MAX_COMPONENTS: usize = 4;
/// Blocks in one MCU of an interleaved scan (T.81, B.2.3).
const MAX_BLOCKS_IN_MCU: u32 = 10;

/// Reads the facts of a JPEG; `bytes` begins with SOI.
pub(super) fn read(bytes: &[u8]) -> PictureFacts {
    let mut walk = Walk::new(bytes);
    let ending = walk.run();
    let mut facts = walk.finish();
    facts.ending = ending;
    if let Ending::Complete { end_offset } = ending {
        let declared = walk.declared_pictures.saturating_sub(1);
        facts.trailing = usize::try_from(end_offset).ok().and_then(|end| trailing::classify(bytes, end, declared));
    }
    facts
}

/// One past the EOI of the picture that begins at `at`; `None` when it has no end.
pub(super) fn find_end(bytes: &[u8], at: usize) -> Option<usize> {
    let picture = bytes.get(at..)?;
    if !picture.starts_with(&[0xFF, SOI]) {
        return None;
    }
    match Walk::new(picture).run() {
        Ending::Complete { end_offset } => at.checked_add(usize::try_from(end_offset).ok()?),
        _ => None,
    }
}

#[derive(Clone, Copy, Default)]
struct Component {
    id: u8,
    horizontal: u32,
    vertical: u32,
    quantization_table: u8,
    has_scan: bool,
}

#[derive(Default)]
struct Frame {
    coding: Coding,
    is_arithmetic: bool,
    is_jpeg_ls: bool,
    width_px: u32,
    height_px: u32,
    precision_bits: u8,
    components: Vec<Component>,
}

impl Frame {
    /// Largest sampling factors of any component.
    fn sampling(&self) -> (u32, u32) {
        self.components.iter().fold((1, 1), |(h, v), c| (h.max(c.horizontal), v.max(c.vertical)))
    }

    fn has_quantization(&self) -> bool {
        !matches!(self.coding, Coding::Lossless | Coding::Hierarchical)
    }
}

/// Per table, the fewest bits that one of its codes takes together with the bits that follow it.
#[derive(Clone, Copy, Default)]
struct Tables {
    quantization: [bool; 4],
    dc_bits: [Option<u8>; 4],
    ac_bits: [Option<u8>; 4],
}

/// One scan: its components with their table numbers, and where in the spectrum it starts.
struct Scan {
    /// Index into the frame's components, DC table, AC table.
    components: Vec<(usize, usize, usize)>,
    spectral_start: u8,
    approximation_high: u8,
}

/// What stood between a scan's header and the next marker.
struct Entropy {
    /// Bytes of coded data, stuffing and restart marks not counted.
    data_bytes: u64,
    restarts: u32,
    ends_with_restart: bool,
    first_wrong_restart: Option<usize>,
    first_restart: Option<usize>,
    /// Place of the 0xFF of the next marker; `None` when the file ends first.
    end: Option<usize>,
}

struct Walk<'a> {
    bytes: &'a [u8],
    facts: PictureFacts,
    frame: Option<Frame>,
    tables: Tables,
    restart_interval: u32,
    has_jfif: bool,
    adobe_transform: Option<u8>,
    has_exif: bool,
    lens: Lens,
    has_xmp: bool,
    declared_pictures: u32,
    scans: Option<Range<usize>>,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            facts: PictureFacts::still(),
            frame: None,
            tables: Tables::default(),
            restart_interval: 0,
            has_jfif: false,
            adobe_transform: None,
            has_exif: false,
            lens: Lens::default(),
            has_xmp: false,
            declared_pictures: 1,
            scans: None,
        }
    }

    fn damage(&mut self, kind: DamageKind, at: usize) {
        note(&mut self.facts, kind, at);
    }

    fn truncated(&self) -> Ending {
        Ending::Truncated { byte_offset: self.bytes.len() as u64 }
    }

    /// Notes damage behind which nothing can be made sense of.
    fn stop(&mut self, kind: DamageKind, at: usize) -> Ending {
        self.damage(kind, at);
        Ending::NotReached
    }

    fn run(&mut self) -> Ending {
        let mut at = 2;
        for _ in 0..MAX_BLOCKS {
            let Some((marker_at, code)) = self.next_marker(at) else {
                return self.truncated();
            };
            let body_at = marker_at + 2;
            match code {
                EOI => return self.end(body_at),
                // TEM and RSTn carry nothing; decoders pass over them outside a scan.
                0x01 | 0xD0..=0xD7 => {
                    at = body_at;
                    continue;
                }
                SOI | 0x02..=0xBF | 0xC8 | 0xF0..=0xF6 | 0xF9..=0xFD => {
                    return self.stop(DamageKind::UnexpectedMarker, marker_at);
                }
                _ => {}
            }
            let Some(size_bytes) = u16_be(self.bytes, body_at).map(usize::from) else {
                return self.truncated();
            };
            if size_bytes < 2 {
                return self.stop(DamageKind::InvalidStructure, marker_at);
            }
            let Some(body) = slice(self.bytes, body_at + 2, size_bytes - 2) else {
                return self.truncated();
            };
            at = body_at + size_bytes;
            match code {
                0xC4 => self.huffman_tables(body, marker_at),
                0xCC => {}
                0xC0..=0xCF | 0xF7 => {
                    let has_sense = self.frame_header(code, body, marker_at);
                    if !has_sense {
                        return Ending::NotReached;
                    }
                }
                0xDB => self.quantization_tables(body, marker_at),
                0xDD => match u16_be(body, 0) {
                    Some(interval) if body.len() == 2 => self.restart_interval = u32::from(interval),
                    _ => self.damage(DamageKind::InvalidStructure, marker_at),
                },
                SOS => match self.scan(body, marker_at, at) {
                    Some(end) => at = end,
                    None => return self.truncated(),
                },
                0xE0..=0xEF => self.application(code, body),
                _ => {}
            }
        }
        self.stop(DamageKind::InvalidStructure, at)
    }

    /// The next marker at or after `at`, as place and code.
    ///
    /// Zero bytes between segments are padding that some cameras write; anything else there means that a length is
    /// wrong, although decoders step over it.
    fn next_marker(&mut self, at: usize) -> Option<(usize, u8)> {
        let mut from = at;
        loop {
            let mut code_at = find_ff(self.bytes, from)? + 1;
            while u8_at(self.bytes, code_at)? == 0xFF {
                code_at += 1;
            }
            let code = u8_at(self.bytes, code_at)?;
            if code != 0 {
                let marker_at = code_at - 1;
                let skipped = self.bytes.get(at..marker_at).unwrap_or_default();
                if skipped.iter().any(|&byte| !matches!(byte, 0 | 0xFF)) {
                    self.damage(DamageKind::InvalidStructure, at);
                }
                return Some((marker_at, code));
            }
            from = code_at + 1;
        }
    }

    fn end(&mut self, end: usize) -> Ending {
        match &self.frame {
            None => self.damage(DamageKind::MissingPart, end - 2),
            Some(frame) => {
                let is_partial = frame.components.iter().any(|component| !component.has_scan);
                if is_partial && frame.coding != Coding::Hierarchical {
                    self.damage(DamageKind::MissingImageData, end - 2);
                }
            }
        }
        Ending::Complete { end_offset: end as u64 }
    }

    /// Puts together what depends on several segments.
    fn finish(&mut self) -> PictureFacts {
        if let Some(frame) = &self.frame {
            self.facts.stored_width_px = frame.width_px;
            self.facts.stored_height_px = frame.height_px;
            self.facts.bits_per_sample = frame.precision_bits;
            self.facts.coding = frame.coding;
            self.facts.color_model = color_model(frame, self.has_jfif, self.adobe_transform);
            self.facts.focal_length_px = self.lens.focal_length_px(frame.width_px, frame.height_px);
        }
        self.facts.image_data = self.scans.clone().map(|scans| scans.start as u64..scans.end as u64);
        std::mem::take(&mut self.facts)
    }

    /// DQT (T.81, B.2.4.1).
    fn quantization_tables(&mut self, mut body: &[u8], at: usize) {
        while let Some((&head, rest)) = body.split_first() {
            let table_bytes = if head >> 4 == 0 { 64 } else { 128 };
            match (self.tables.quantization.get_mut(usize::from(head & 0x0F)), rest.get(table_bytes..)) {
                (Some(is_defined), Some(rest)) if head >> 4 <= 1 => {
                    *is_defined = true;
                    body = rest;
                }
                _ => return self.damage(DamageKind::InvalidStructure, at),
            }
        }
    }

    /// DHT (T.81, B.2.4.2 and C.2).
    fn huffman_tables(&mut self, mut body: &[u8], at: usize) {
        while !body.is_empty() {
            let Some((id, is_ac, min_bits, rest)) = huffman_table(body) else {
                return self.damage(DamageKind::InvalidStructure, at);
            };
            let slots = if is_ac { &mut self.tables.ac_bits } else { &mut self.tables.dc_bits };
            let Some(slot) = slots.get_mut(id) else {
                return self.damage(DamageKind::InvalidStructure, at);
            };
            *slot = Some(min_bits);
            body = rest;
        }
    }

    /// SOFn (T.81, B.2.2). False when there is no sense in going on.
    fn frame_header(&mut self, code: u8, body: &[u8], at: usize) -> bool {
        let coding = match code {
            0xC0 => Coding::Baseline,
            0xC1 => Coding::ExtendedSequential,
            0xC2 => Coding::Progressive,
            0xC3 | 0xCB | 0xF7 => Coding::Lossless,
            0xC9 | 0xCA => Coding::Arithmetic,
            _ => Coding::Hierarchical,
        };
        // Each level of a hierarchical picture has its own frame; the facts come from the first.
        if self.frame.is_some() {
            if coding != Coding::Hierarchical {
                self.damage(DamageKind::WrongOrder, at);
            }
            return coding == Coding::Hierarchical;
        }
        let (Some(&precision_bits), Some(height_px), Some(width_px), Some(&count)) =
            (body.first(), u16_be(body, 1), u16_be(body, 3), body.get(5))
        else {
            self.damage(DamageKind::InvalidStructure, at);
            return false;
        };
        let mut frame = Frame {
            coding,
            is_arithmetic: matches!(code, 0xC9..=0xCF),
            is_jpeg_ls: code == 0xF7,
            width_px: u32::from(width_px),
            height_px: u32::from(height_px),
            precision_bits,
            components: Vec::new(),
        };
        let (specs, behind) = body.get(6..).unwrap_or_default().as_chunks::<3>();
        let precision_fits = match coding {
            Coding::Baseline => precision_bits == 8,
            Coding::Lossless | Coding::Hierarchical => (2..=16).contains(&precision_bits),
            _ => matches!(precision_bits, 8 | 12),
        };
        let mut is_valid = precision_fits
            && behind.is_empty()
            && specs.len() == usize::from(count)
            && (1..=MAX_COMPONENTS).contains(&specs.len());
        for &[id, sampling, quantization_table] in specs.iter().take(MAX_COMPONENTS) {
            let (horizontal, vertical) = (u32::from(sampling >> 4), u32::from(sampling & 0x0F));
            is_valid &= (1..=4).contains(&horizontal) && (1..=4).contains(&vertical);
            is_valid &= !frame.has_quantization() || quantization_table < 4;
            frame.components.push(Component { id, horizontal, vertical, quantization_table, has_scan: false });
        }
        if width_px == 0 {
            self.damage(DamageKind::NoPixels, at);
        }
        if !is_valid {
            self.damage(DamageKind::InvalidStructure, at);
        }
        self.frame = Some(frame);
        is_valid
    }

    /// SOS (T.81, B.2.3) and the coded data behind it; the place of the next marker, `None` at the end of the file.
    fn scan(&mut self, body: &[u8], marker_at: usize, data_at: usize) -> Option<usize> {
        let scan = self.scan_header(body, marker_at);
        let entropy = read_entropy(self.bytes, data_at);
        let start = self.scans.as_ref().map_or(data_at, |scans| scans.start);
        self.scans = Some(start..entropy.end.unwrap_or(self.bytes.len()));
        let end = entropy.end?;
        self.read_line_count(end);
        if let Some(scan) = scan {
            self.check_amount(&scan, &entropy, end);
        }
        Some(end)
    }

    fn scan_header(&mut self, body: &[u8], at: usize) -> Option<Scan> {
        let parsed = self.frame.as_ref().ok_or(DamageKind::MissingPart).and_then(|frame| parse_scan(frame, body));
        let scan = match parsed {
            Ok(scan) => scan,
            Err(kind) => {
                self.damage(kind, at);
                return None;
            }
        };
        let frame = self.frame.as_mut()?;
        let has_tables = scan.components.iter().all(|&(index, dc, ac)| {
            let quantization = frame.components.get(index).map_or(0, |component| component.quantization_table);
            has_tables(frame, &self.tables, &scan, usize::from(quantization), dc, ac)
        });
        for &(index, ..) in &scan.components {
            if let Some(component) = frame.components.get_mut(index) {
                component.has_scan |= scan.spectral_start == 0 || frame.coding != Coding::Progressive;
            }
        }
        if !has_tables {
            self.damage(DamageKind::MissingPart, at);
        }
        Some(scan)
    }

    /// DNL (T.81, B.2.5) tells the height behind the first scan when the frame header could not.
    fn read_line_count(&mut self, marker_at: usize) {
        let Some(frame) = self.frame.as_mut().filter(|frame| frame.height_px == 0) else { return };
        let is_line_count = u8_at(self.bytes, marker_at + 1) == Some(DNL);
        let lines = is_line_count.then(|| u16_be(self.bytes, marker_at + 4)).flatten();
        frame.height_px = u32::from(lines.unwrap_or(0));
        if frame.height_px == 0 {
            self.damage(DamageKind::NoPixels, marker_at);
        }
    }

    /// Compares what a scan holds with what its size needs at the very least.
    fn check_amount(&mut self, scan: &Scan, entropy: &Entropy, end: usize) {
        let Some(frame) = self.frame.as_ref().filter(|frame| frame.width_px > 0 && frame.height_px > 0) else {
            return;
        };
        if matches!(frame.coding, Coding::Hierarchical) || frame.is_jpeg_ls {
            return;
        }
        let (mcus, bits) = least_amount(frame, &self.tables, scan);
        let mut damage = None;
        if entropy.data_bytes.saturating_mul(8) < bits {
            damage = Some((DamageKind::MissingImageData, end));
        }
        let expected = match u64::from(self.restart_interval) {
            0 => 0,
            interval => mcus.div_ceil(interval).saturating_sub(1),
        };
        if self.restart_interval == 0 {
            // One mark at the very end of a scan is harmless and does occur.
            let restarts = entropy.restarts - u32::from(entropy.ends_with_restart);
            if let (Some(at), 1..) = (entropy.first_restart, restarts) {
                damage = damage.or(Some((DamageKind::UnexpectedMarker, at)));
            }
        } else if let Some(at) = entropy.first_wrong_restart {
            damage = damage.or(Some((DamageKind::UnexpectedMarker, at)));
        } else if u64::from(entropy.restarts) < expected {
            // More than expected is no damage: scanners code lines below those they declare, which nobody decodes.
            damage = damage.or(Some((DamageKind::MissingImageData, end)));
        }
        if let Some((kind, at)) = damage {
            self.damage(kind, at);
        }
    }

    fn application(&mut self, code: u8, body: &[u8]) {
        match code {
            0xE0 => self.has_jfif |= body.starts_with(b"JFIF\0") && body.len() >= 14,
            0xE1 => {
                if let Some(tiff) = body.strip_prefix(b"Exif\0").and_then(|rest| rest.get(1..)) {
                    if let Some(data) = Some(tiff).filter(|_| !self.has_exif).and_then(exif::read) {
                        self.has_exif = true;
                        self.facts.exif_orientation = data.orientation;
                        self.facts.exif = Some(data.exif);
                        self.lens = data.lens;
                    }
                } else if let Some(packet) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    // One packet is all that the XMP standard allows; more would only cost time.
                    if !std::mem::replace(&mut self.has_xmp, true) {
                        xmp::read(packet, &mut self.facts);
                    }
                }
            }
            0xE2 => {
                if let Some(tiff) = body.strip_prefix(b"MPF\0") {
                    self.declared_pictures = self.declared_pictures.max(exif::count_declared_pictures(tiff));
                }
                self.facts.has_icc_profile |= body.starts_with(b"ICC_PROFILE\0");
            }
            0xED => {
                let resources = body.strip_prefix(b"Photoshop 3.0\0");
                if let Some(program) = resources.and_then(exif::photoshop_writer) {
                    add_writer(&mut self.facts, program);
                }
            }
            0xEE if body.starts_with(b"Adobe") && body.len() >= 12 => self.adobe_transform = u8_at(body, 11),
            _ => {}
        }
    }
}

/// Parses one Huffman table: number, whether it is for AC, its fewest bits, and what follows it.
fn huffman_table(body: &[u8]) -> Option<(usize, bool, u8, &[u8])> {
    let (&head, rest) = body.split_first()?;
    let (counts, rest) = rest.split_at_checked(16)?;
    let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
    let (symbols, rest) = rest.split_at_checked(total)?;
    let is_ac = head >> 4 == 1;
    if head >> 4 > 1 || total > 256 {
        return None;
    }
    let mut symbols = symbols.iter();
    let mut free_codes = 1i64;
    let mut min_bits = u8::MAX;
    for (length, &count) in (1u8..).zip(counts) {
        // A code of all ones is reserved, yet decoders accept it; more codes than a length has they do not.
        free_codes = free_codes * 2 - i64::from(count);
        if free_codes < 0 {
            return None;
        }
        for &symbol in symbols.by_ref().take(usize::from(count)) {
            if !is_ac && symbol > 16 {
                return None;
            }
            // Category 16 of the lossless process is followed by no bits (T.81, H.1.2.2).
            let extra_bits = if is_ac { symbol & 0x0F } else { symbol % 16 };
            min_bits = min_bits.min(length + extra_bits);
        }
    }
    Some((usize::from(head & 0x0F), is_ac, if total == 0 { 0 } else { min_bits }, rest))
}

fn parse_scan(frame: &Frame, body: &[u8]) -> Result<Scan, DamageKind> {
    let invalid = DamageKind::InvalidStructure;
    let (&count, rest) = body.split_first().ok_or(invalid)?;
    let count = usize::from(count);
    if !(1..=MAX_COMPONENTS).contains(&count) || body.len() != 4 + 2 * count {
        return Err(invalid);
    }
    let (selectors, spectrum) = rest.split_at_checked(2 * count).ok_or(invalid)?;
    let &[spectral_start, spectral_end, approximation] = spectrum else { return Err(invalid) };
    let mut components: Vec<(usize, usize, usize)> = Vec::with_capacity(count);
    let mut blocks_in_mcu = 0;
    for &[id, tables] in selectors.as_chunks::<2>().0 {
        let taken = |index: usize| components.iter().any(|&(other, ..)| other == index);
        // Some writers give all components the same number; each then means the next one.
        let found = frame.components.iter().enumerate().find(|&(index, c)| c.id == id && !taken(index));
        let (index, component) = found.ok_or(invalid)?;
        blocks_in_mcu += component.horizontal * component.vertical;
        components.push((index, usize::from(tables >> 4), usize::from(tables & 0x0F)));
    }
    if count > 1 && blocks_in_mcu > MAX_BLOCKS_IN_MCU && frame.coding != Coding::Lossless {
        return Err(invalid);
    }
    let (high, low) = (approximation >> 4, approximation & 0x0F);
    // In sequential pictures decoders ignore these fields, and some writers fill them with nonsense.
    if frame.coding == Coding::Progressive {
        let is_dc = spectral_start == 0;
        let band_fits = if is_dc { spectral_end == 0 } else { count == 1 };
        let is_valid = spectral_start <= spectral_end
            && spectral_end <= 63
            && band_fits
            && low <= 13
            && (high == 0 || high == low + 1);
        if !is_valid {
            return Err(invalid);
        }
    }
    // The fields mean predictor and point transform here (T.81, H.1.1); JPEG-LS gives them yet another meaning.
    let is_predictive = frame.coding == Coding::Lossless && !frame.is_jpeg_ls;
    if is_predictive && !((1..=7).contains(&spectral_start) && low < frame.precision_bits) {
        return Err(invalid);
    }
    Ok(Scan { components, spectral_start, approximation_high: high })
}

/// Whether the tables that a component needs in this scan have been defined.
fn has_tables(frame: &Frame, tables: &Tables, scan: &Scan, quantization: usize, dc: usize, ac: usize) -> bool {
    let defined = |table: &[Option<u8>; 4], id: usize| table.get(id).is_some_and(Option::is_some);
    let has_huffman = match frame.coding {
        _ if frame.is_arithmetic || frame.is_jpeg_ls => true,
        // Frames of Motion JPEG leave the tables out that T.81, K.3 suggests; decoders fill in numbers 0 and 1.
        Coding::Baseline | Coding::ExtendedSequential => {
            (dc < 2 || defined(&tables.dc_bits, dc)) && (ac < 2 || defined(&tables.ac_bits, ac))
        }
        Coding::Progressive if scan.spectral_start > 0 => defined(&tables.ac_bits, ac),
        Coding::Progressive => scan.approximation_high > 0 || defined(&tables.dc_bits, dc),
        Coding::Lossless => defined(&tables.dc_bits, dc),
        _ => true,
    };
    let has_quantization = tables.quantization.get(quantization).copied().unwrap_or(false);
    has_huffman && (has_quantization || !frame.has_quantization())
}

/// The number of MCUs in a scan (T.81, A.2) and the fewest bits that their codes can take together.
///
/// Every block of a sequential scan has at least one DC and one AC code, every block of a first DC scan one DC code,
/// every block of a later DC scan one bit. Runs of empty blocks make AC scans of progressive pictures as small as one
/// code in 32,767 blocks, and arithmetic coding has no such bound: these get zero.
fn least_amount(frame: &Frame, tables: &Tables, scan: &Scan) -> (u64, u64) {
    /// Fewest bits of a code in the tables of T.81, K.3, which stand in for missing ones.
    const DEFAULT_TABLE_BITS: u8 = 2;
    let unit_px = if frame.coding == Coding::Lossless { 1 } else { 8 };
    let (max_horizontal, max_vertical) = frame.sampling();
    let (width_px, height_px) = (u64::from(frame.width_px), u64::from(frame.height_px));
    let mcus = if let [(index, ..)] = scan.components.as_slice() {
        let component = frame.components.get(*index).copied().unwrap_or_default();
        let blocks = |size_px: u64, factor: u32, max: u32| {
            (size_px * u64::from(factor)).div_ceil(u64::from(max)).div_ceil(unit_px)
        };
        blocks(width_px, component.horizontal, max_horizontal) * blocks(height_px, component.vertical, max_vertical)
    } else {
        width_px.div_ceil(unit_px * u64::from(max_horizontal)) * height_px.div_ceil(unit_px * u64::from(max_vertical))
    };
    let bits_in_mcu: u64 = scan
        .components
        .iter()
        .map(|&(index, dc, ac)| {
            let component = frame.components.get(index).copied().unwrap_or_default();
            let blocks = if scan.components.len() == 1 { 1 } else { component.horizontal * component.vertical };
            let bits = |table: &[Option<u8>; 4], id: usize| {
                u64::from(table.get(id).copied().flatten().unwrap_or(DEFAULT_TABLE_BITS))
            };
            let bits_in_block = match frame.coding {
                _ if frame.is_arithmetic => 0,
                Coding::Baseline | Coding::ExtendedSequential => bits(&tables.dc_bits, dc) + bits(&tables.ac_bits, ac),
                Coding::Progressive if scan.spectral_start > 0 => 0,
                Coding::Progressive if scan.approximation_high > 0 => 1,
                Coding::Progressive | Coding::Lossless => bits(&tables.dc_bits, dc),
                _ => 0,
            };
            u64::from(blocks) * bits_in_block
        })
        .sum();
    (mcus, mcus.saturating_mul(bits_in_mcu))
}

/// Walks over coded data (T.81, B.1.1.5): a stuffed 0xFF stays inside, RSTn are counted, any other marker ends it.
fn read_entropy(bytes: &[u8], start: usize) -> Entropy {
    let mut entropy = Entropy {
        data_bytes: 0,
        restarts: 0,
        ends_with_restart: false,
        first_wrong_restart: None,
        first_restart: None,
        end: None,
    };
    let mut not_data_bytes = 0;
    let mut at = start;
    let mut behind_restart = None;
    while let Some(mark_at) = find_ff(bytes, at) {
        let mut code_at = mark_at + 1;
        while u8_at(bytes, code_at) == Some(0xFF) {
            code_at += 1;
        }
        let Some(code) = u8_at(bytes, code_at) else { break };
        at = code_at + 1;
        match code {
            0 => not_data_bytes += code_at - mark_at,
            0xD0..=0xD7 => {
                if u32::from(code & 7) != entropy.restarts & 7 {
                    entropy.first_wrong_restart.get_or_insert(mark_at);
                }
                entropy.first_restart.get_or_insert(mark_at);
                entropy.restarts += 1;
                not_data_bytes += at - mark_at;
                behind_restart = Some(at);
            }
            _ => {
                entropy.ends_with_restart = behind_restart == Some(mark_at);
                entropy.data_bytes = (mark_at - start - not_data_bytes) as u64;
                entropy.end = Some(code_at - 1);
                break;
            }
        }
    }
    entropy
}

/// How the usual decoder (libjpeg, `default_decompress_parms`) understands the components.
fn color_model(frame: &Frame, has_jfif: bool, adobe_transform: Option<u8>) -> ColorModel {
    match frame.components.as_slice() {
        [_] => ColorModel::Gray,
        [a, b, c] => match (has_jfif, adobe_transform, [a.id, b.id, c.id]) {
            (true, ..) => ColorModel::Ycbcr,
            (false, Some(0), _) => ColorModel::Rgb,
            (false, Some(_), _) => ColorModel::Ycbcr,
            (false, None, [b'R', b'G', b'B']) => ColorModel::Rgb,
            (false, None, _) if frame.coding == Coding::Lossless => ColorModel::Rgb,
            (false, None, _) => ColorModel::Ycbcr,
        },
        [_, _, _, _] => match adobe_transform {
            None | Some(0) => ColorModel::Cmyk,
            Some(_) => ColorModel::Ycck,
        },
        _ => ColorModel::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::TrailingKind;

    /// One block of one colour: every code is the single bit 0.
    const BLOCK: u8 = 0x3F;

    fn segment(code: u8, body: &[u8]) -> Vec<u8> {
        let size_bytes = (body.len() + 2) as u16;
        [&[0xFF, code], size_bytes.to_be_bytes().as_slice(), body].concat()
    }

    fn quantization() -> Vec<u8> {
        segment(0xDB, &[[0].as_slice(), &[1; 64]].concat())
    }

    /// DC and AC table number 0, each with the one code `0` for symbol 0.
    fn huffman() -> Vec<u8> {
        let table = |head: u8| [[head, 1].as_slice(), &[0; 15], &[0]].concat();
        segment(0xC4, &[table(0x00), table(0x10)].concat())
    }

    fn frame(code: u8, width_px: u16, height_px: u16, components: &[(u8, u8)]) -> Vec<u8> {
        let mut body = vec![8];
        body.extend(height_px.to_be_bytes());
        body.extend(width_px.to_be_bytes());
        body.push(components.len() as u8);
        for &(id, sampling) in components {
            body.extend([id, sampling, 0]);
        }
        segment(code, &body)
    }

    fn scan(ids: &[u8], spectrum: [u8; 3], data: &[u8]) -> Vec<u8> {
        let mut body = vec![ids.len() as u8];
        for &id in ids {
            body.extend([id, 0]);
        }
        body.extend(spectrum);
        [segment(SOS, &body), data.to_vec()].concat()
    }

    fn restarts_every(interval: u16) -> Vec<u8> {
        segment(0xDD, &interval.to_be_bytes())
    }

    fn jpeg(parts: &[Vec<u8>]) -> Vec<u8> {
        [&[0xFF, SOI], parts.concat().as_slice(), &[0xFF, EOI]].concat()
    }

    fn gray(width_px: u16, height_px: u16, data: &[u8]) -> Vec<u8> {
        let frame = frame(0xC0, width_px, height_px, &[(1, 0x11)]);
        jpeg(&[quantization(), huffman(), frame, scan(&[1], [0, 63, 0], data)])
    }

    fn check(bytes: &[u8], expect: Option<DamageKind>) -> PictureFacts {
        let facts = read(bytes);
        assert_eq!(facts.damage.map(|damage| damage.kind), expect, "{facts:?}");
        facts
    }

    #[test]
    fn a_whole_picture_is_complete() {
        let bytes = gray(8, 8, &[BLOCK]);
        let facts = check(&bytes, None);
        assert!(facts.is_complete());
        assert_eq!((facts.stored_width_px, facts.stored_height_px, facts.bits_per_sample), (8, 8, 8));
        assert_eq!((facts.color_model, facts.coding), (ColorModel::Gray, Coding::Baseline));
        let end = bytes.len() as u64;
        assert_eq!(facts.image_data, Some(end - 3..end - 2));
        assert_eq!(facts.ending, Ending::Complete { end_offset: end });
    }

    #[test]
    fn the_frame_header_names_the_coding() {
        for (code, expect) in [
            (0xC0, Coding::Baseline),
            (0xC1, Coding::ExtendedSequential),
            (0xC2, Coding::Progressive),
            (0xC3, Coding::Lossless),
            (0xC5, Coding::Hierarchical),
            (0xC9, Coding::Arithmetic),
            (0xF7, Coding::Lossless),
        ] {
            let spectrum = match code {
                0xC2 => [0, 0, 0],
                0xC3 => [1, 0, 0],
                _ => [0, 63, 0],
            };
            let data = [0x55; 8];
            let parts = [quantization(), huffman(), frame(code, 8, 8, &[(1, 0x11)]), scan(&[1], spectrum, &data)];
            assert_eq!(check(&jpeg(&parts), None).coding, expect);
        }
    }

    #[test]
    fn colours_are_understood_as_libjpeg_does() {
        let jfif = || segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
        let adobe = |transform: u8| segment(0xEE, &[b"Adobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat());
        let none = Vec::new;
        for (intro, ids, expect) in [
            (none(), [1, 2, 3].as_slice(), ColorModel::Ycbcr),
            (none(), b"RGB", ColorModel::Rgb),
            (none(), &[0, 1, 2], ColorModel::Ycbcr),
            (jfif(), b"RGB", ColorModel::Ycbcr),
            (adobe(0), &[1, 2, 3], ColorModel::Rgb),
            (adobe(1), b"RGB", ColorModel::Ycbcr),
            ([jfif(), adobe(0)].concat(), &[1, 2, 3], ColorModel::Ycbcr),
            (none(), &[1, 2, 3, 4], ColorModel::Cmyk),
            (adobe(0), &[1, 2, 3, 4], ColorModel::Cmyk),
            (adobe(2), &[1, 2, 3, 4], ColorModel::Ycck),
            (none(), &[1, 2], ColorModel::Unknown),
        ] {
            let components: Vec<_> = ids.iter().map(|&id| (id, 0x11)).collect();
            let parts = [intro, quantization(), huffman(), frame(0xC0, 8, 8, &components), scan(ids, [0, 63, 0], &[0])];
            assert_eq!(check(&jpeg(&parts), None).color_model, expect, "{ids:?}");
        }
    }

    #[test]
    fn the_height_may_follow_the_first_scan() {
        let dnl = |lines: u16| segment(DNL, &lines.to_be_bytes());
        let head = [quantization(), huffman(), frame(0xC0, 8, 0, &[(1, 0x11)]), scan(&[1], [0, 63, 0], &[BLOCK])];
        let told = jpeg(&[head.concat(), dnl(8)]);
        assert_eq!(check(&told, None).stored_height_px, 8);
        check(&jpeg(&[head.concat()]), Some(DamageKind::NoPixels));
        check(&jpeg(&[head.concat(), dnl(0)]), Some(DamageKind::NoPixels));
        check(&jpeg(&[head.concat(), dnl(60_000)]), Some(DamageKind::MissingImageData));
    }

    #[test]
    fn too_little_data_for_the_size_is_missing_data() {
        // Four blocks need eight bits with these tables.
        check(&gray(16, 16, &[0]), None);
        check(&gray(16, 24, &[0]), Some(DamageKind::MissingImageData));
        check(&gray(60_000, 60_000, &[0; 40]), Some(DamageKind::MissingImageData));
        check(&gray(0, 8, &[0]), Some(DamageKind::NoPixels));
    }

    #[test]
    fn a_plain_progressive_picture_may_be_small_but_not_absurdly_so() {
        let progressive = |width_px, height_px, data: &[u8]| {
            let frame = frame(0xC2, width_px, height_px, &[(1, 0x11)]);
            // One AC code, an end-of-band run, stands for all blocks.
            let scans = [scan(&[1], [0, 0, 1], data), scan(&[1], [1, 63, 0], &[0x7F]), scan(&[1], [0, 0, 0x10], data)];
            jpeg(&[quantization(), huffman(), frame, scans.concat()])
        };
        check(&progressive(800, 80, &[0; 125]), None);
        check(&progressive(800, 80, &[0; 124]), Some(DamageKind::MissingImageData));
        check(&progressive(60_000, 60_000, &[0; 40]), Some(DamageKind::MissingImageData));
    }

    #[test]
    fn restart_marks_have_to_be_there_and_in_order() {
        let with = |interval: u16, data: &[u8]| {
            let frame = frame(0xC0, 24, 8, &[(1, 0x11)]);
            jpeg(&[quantization(), huffman(), restarts_every(interval), frame, scan(&[1], [0, 63, 0], data)])
        };
        check(&with(1, &[BLOCK, 0xFF, 0xD0, BLOCK, 0xFF, 0xD1, BLOCK]), None);
        check(&with(1, &[BLOCK, 0xFF, 0xD1, BLOCK, 0xFF, 0xD0, BLOCK]), Some(DamageKind::UnexpectedMarker));
        check(&with(1, &[BLOCK, 0xFF, 0xD0, BLOCK]), Some(DamageKind::MissingImageData));
        check(&with(0, &[BLOCK, 0xFF, 0xD0, BLOCK]), Some(DamageKind::UnexpectedMarker));
        check(&with(0, &[BLOCK, BLOCK, 0xFF, 0xD0]), None);
    }

    #[test]
    fn marks_that_cannot_be_in_picture_data_are_found() {
        for code in [0x02, 0xBF, 0xD8, 0xF0, 0xC8] {
            check(&gray(8, 8, &[BLOCK, 0xFF, code, BLOCK]), Some(DamageKind::UnexpectedMarker));
        }
        check(&gray(8, 8, &[BLOCK, 0xFF, 0x00, 0xFF, 0xFF, 0x00]), None);
    }

    #[test]
    fn missing_parts_are_found() {
        let frame = || frame(0xC0, 8, 8, &[(1, 0x11)]);
        let scan = || scan(&[1], [0, 63, 0], &[BLOCK]);
        check(&jpeg(&[huffman(), frame(), scan()]), Some(DamageKind::MissingPart));
        check(&jpeg(&[quantization(), huffman(), scan()]), Some(DamageKind::MissingPart));
        check(&jpeg(&[quantization(), huffman(), frame()]), Some(DamageKind::MissingImageData));
        check(&jpeg(&[]), Some(DamageKind::MissingPart));
        // Motion JPEG leaves the suggested tables out, and decoders supply them.
        check(&jpeg(&[quantization(), frame(), scan()]), None);
    }

    #[test]
    fn contradictions_in_headers_are_found() {
        let with = |table: Vec<u8>, frame: Vec<u8>, scan: Vec<u8>| jpeg(&[quantization(), table, frame, scan]);
        let good_frame = || frame(0xC0, 8, 8, &[(1, 0x11)]);
        let good_scan = || scan(&[1], [0, 63, 0], &[BLOCK]);
        let three_codes_of_one_bit = segment(0xC4, &[[0, 3].as_slice(), &[0; 15], &[0, 1, 2]].concat());
        let symbols_cut = segment(0xC4, &[[0, 2].as_slice(), &[0; 15], &[0]].concat());
        let progressive = || frame(0xC2, 8, 8, &[(1, 0x11)]);
        for bytes in [
            with(three_codes_of_one_bit, good_frame(), good_scan()),
            with(symbols_cut, good_frame(), good_scan()),
            with(huffman(), frame(0xC0, 8, 8, &[(1, 0x51)]), good_scan()),
            with(huffman(), frame(0xC0, 8, 8, &[(1, 0x10)]), good_scan()),
            with(huffman(), frame(0xC0, 8, 8, &[]), good_scan()),
            with(huffman(), good_frame(), scan(&[2], [0, 63, 0], &[BLOCK])),
            with(huffman(), good_frame(), scan(&[1, 1], [0, 63, 0], &[BLOCK])),
            with(huffman(), progressive(), scan(&[1], [0, 63, 0], &[BLOCK])),
            with(huffman(), progressive(), scan(&[1], [5, 4, 0], &[BLOCK])),
            with(huffman(), progressive(), scan(&[1], [0, 0, 0x31], &[BLOCK])),
            jpeg(&[segment(0xDB, &[4; 65]), huffman(), good_frame(), good_scan()]),
            jpeg(&[vec![0xFF, 0xDB, 0, 1]]),
        ] {
            check(&bytes, Some(DamageKind::InvalidStructure));
        }
        check(&with(huffman(), [good_frame(), good_frame()].concat(), good_scan()), Some(DamageKind::WrongOrder));
    }

    #[test]
    fn zeros_between_segments_are_padding_and_other_bytes_are_not() {
        let frame = frame(0xC0, 8, 8, &[(1, 0x11)]);
        let with = |between: &[u8]| {
            jpeg(&[quantization(), between.to_vec(), huffman(), frame.clone(), scan(&[1], [0, 63, 0], &[BLOCK])])
        };
        check(&with(&[0, 0, 0]), None);
        check(&with(&[0xFF, 0xFF]), None);
        check(&with(b"junk"), Some(DamageKind::InvalidStructure));
    }

    #[test]
    fn a_file_without_its_end_is_truncated() {
        let bytes = gray(8, 8, &[BLOCK]);
        for end in 2..bytes.len() {
            let facts = read(&bytes[..end]);
            assert_eq!(facts.ending, Ending::Truncated { byte_offset: end as u64 });
        }
    }

    #[test]
    fn the_index_of_a_multi_picture_file_declares_what_follows() {
        let index = b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xB0\x04\0\x01\0\0\0\x02\0\0\0\0\0\0\0";
        let second = gray(8, 8, &[BLOCK]);
        let insert = |index: &[u8]| {
            let mut first = gray(8, 8, &[BLOCK]);
            first.splice(2..2, segment(0xE2, index));
            [first, second.clone()].concat()
        };
        let kind = |bytes: &[u8]| check(bytes, None).trailing.map(|trailing| trailing.kind);
        assert_eq!(kind(&insert(index)), Some(TrailingKind::DeclaredPictures));
        assert_eq!(kind(&insert(b"other")), Some(TrailingKind::Picture));
    }

    #[test]
    fn metadata_is_collected() {
        let mut bytes = gray(8, 8, &[BLOCK]);
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
        let photoshop = b"Photoshop 3.0\08BIM\x04\x21\0\0\0\0\0\x0D\0\0\0\x01\x01\0\0\0\x02\0P\0S";
        let segments = [
            segment(0xE1, exif),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x xmp:CreatorTool='A' exif:GPSLatitude='1'/>"),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01profile"),
            segment(0xED, photoshop),
        ];
        bytes.splice(2..2, segments.concat());
        let facts = check(&bytes, None);
        assert_eq!(facts.exif_orientation, 8);
        assert!(facts.exif.is_some() && facts.has_icc_profile && facts.xmp_has_location);
        assert_eq!(facts.writer_programs, ["A", "PS"]);
    }
}
