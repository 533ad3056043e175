//! The structure of a PNG (PNG 3rd edition, clauses 5 and 11), chunk by chunk. Nothing is inflated.

use super::bytes::{find, latin1_text, slice, text, u8_at, u32_be, usize_from};
use super::crc32::crc32;
use super::{add_writer, exif, note, trailing, xmp};
use crate::facts::{Coding, ColorModel, DamageKind, Ending, PictureFacts};
use crate::limits::MAX_BLOCKS;

pub(super) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1A\n";

/// Largest chunk and largest side (5.3, 11.2.1).
const MAX_NUMBER: u32 = 0x7FFF_FFFF;
/// Most bytes that one byte of deflate data can stand for: two bits for a match of 258 bytes (RFC 1951, 3.2.5).
const MAX_DEFLATE_RATIO: u64 = 1032;

/// Reads the facts of a PNG; `bytes` begins with its signature or with what a transfer as text made of it.
pub(super) fn read(bytes: &[u8]) -> PictureFacts {
    let mut walk = Walk { bytes, facts: PictureFacts::still(), ..Walk::default() };
    walk.facts.ending = walk.run();
    walk.finish()
}

#[derive(Clone, Copy)]
struct Header {
    width_px: u32,
    height_px: u32,
    bit_depth: u8,
    color_type: u8,
    is_interlaced: bool,
}

#[derive(Default)]
struct Walk<'a> {
    bytes: &'a [u8],
    facts: PictureFacts,
    header: Option<Header>,
    has_palette: bool,
    has_transparency: bool,
    image_chunks: u32,
    image_data_bytes: u64,
    /// The last chunk was IDAT.
    is_in_image: bool,
    animation: Option<Animation>,
    has_xmp: bool,
}

/// State of an animation (11.3.2 ff., `acTL`, `fcTL`, `fdAT`).
#[derive(Default)]
struct Animation {
    declared_frames: u32,
    frames: u32,
    next_sequence_number: u32,
}

impl Walk<'_> {
    fn damage(&mut self, kind: DamageKind, at: usize) {
        note(&mut self.facts, kind, at);
    }

    fn truncated(&self) -> Ending {
        Ending::Truncated { byte_offset: self.bytes.len() as u64 }
    }

    fn stop(&mut self, kind: DamageKind, at: usize) -> Ending {
        self.damage(kind, at);
        Ending::NotReached
    }

    fn run(&mut self) -> Ending {
        if !self.bytes.starts_with(SIGNATURE) {
            if SIGNATURE.starts_with(self.bytes) {
                return self.truncated();
            }
            let same = self.bytes.iter().zip(SIGNATURE).take_while(|(byte, expected)| byte == expected).count();
            return self.stop(DamageKind::InvalidStructure, same);
        }
        let mut at = SIGNATURE.len();
        for _ in 0..MAX_BLOCKS {
            let (Some(size_bytes), Some(&[a, b, c, d])) = (u32_be(self.bytes, at), self.bytes.get(at + 4..at + 8))
            else {
                return self.truncated();
            };
            let name = [a, b, c, d];
            if size_bytes > MAX_NUMBER || !name.iter().all(u8::is_ascii_alphabetic) {
                return self.stop(DamageKind::InvalidStructure, at);
            }
            // The checksum covers name and data, and is itself four bytes.
            let covered = usize_from(size_bytes).and_then(|size| slice(self.bytes, at + 4, size.checked_add(4)?));
            let crc_at = covered.map(|covered| at + 4 + covered.len());
            let (Some(covered), Some(crc_at)) = (covered, crc_at) else { return self.truncated() };
            let Some(crc) = u32_be(self.bytes, crc_at) else { return self.truncated() };
            if crc32(covered) != crc {
                let is_ancillary = a.is_ascii_lowercase() && !matches!(&name, b"fcTL" | b"fdAT");
                self.damage(
                    if is_ancillary { DamageKind::ExtraDataChecksumMismatch } else { DamageKind::ChecksumMismatch },
                    crc_at,
                );
            }
            let data = covered.get(4..).unwrap_or_default();
            let end = crc_at + 4;
            if self.header.is_none() && &name != b"IHDR" {
                return self.stop(DamageKind::MissingPart, at);
            }
            if &name == b"IEND" {
                if !data.is_empty() {
                    self.damage(DamageKind::InvalidStructure, at);
                }
                return self.end(at, end);
            }
            if !self.chunk(name, data, at, end) {
                return Ending::NotReached;
            }
            self.is_in_image = &name == b"IDAT";
            at = end;
        }
        self.stop(DamageKind::InvalidStructure, at)
    }

    /// False when there is no sense in going on.
    fn chunk(&mut self, name: [u8; 4], data: &[u8], at: usize, end: usize) -> bool {
        match &name {
            b"IHDR" => return self.image_header(data, at),
            b"PLTE" => self.palette(data, at),
            b"IDAT" => self.image_data(data, at, end),
            b"tRNS" => self.has_transparency = true,
            b"iCCP" => self.facts.has_icc_profile = true,
            b"eXIf" => self.exif(data),
            b"tEXt" => {
                if let Some(program) = data.strip_prefix(b"Software\0").and_then(latin1_text) {
                    add_writer(&mut self.facts, program);
                }
            }
            b"iTXt" => self.international_text(data),
            b"acTL" => self.animation_control(data, at),
            b"fcTL" | b"fdAT" => self.frame(&name, data, at),
            _ => {
                let [first, ..] = name;
                if first.is_ascii_uppercase() {
                    self.damage(DamageKind::InvalidStructure, at);
                    return false;
                }
            }
        }
        true
    }

    /// IHDR (11.2.1).
    fn image_header(&mut self, data: &[u8], at: usize) -> bool {
        if self.header.is_some() {
            self.damage(DamageKind::WrongOrder, at);
            return false;
        }
        let (Some(width_px), Some(height_px), Some(&[bit_depth, color_type, compression, filter, interlace])) =
            (u32_be(data, 0), u32_be(data, 4), data.get(8..13))
        else {
            self.damage(DamageKind::InvalidStructure, at);
            return false;
        };
        self.header = Some(Header { width_px, height_px, bit_depth, color_type, is_interlaced: interlace == 1 });
        let depth_fits = match color_type {
            0 => matches!(bit_depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(bit_depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(bit_depth, 8 | 16),
            _ => false,
        };
        if width_px == 0 || height_px == 0 {
            self.damage(DamageKind::NoPixels, at);
        }
        let is_valid = depth_fits && compression == 0 && filter == 0 && interlace <= 1 && data.len() == 13;
        if !is_valid || width_px > MAX_NUMBER || height_px > MAX_NUMBER {
            self.damage(DamageKind::InvalidStructure, at);
        }
        true
    }

    /// PLTE (11.2.2).
    fn palette(&mut self, data: &[u8], at: usize) {
        let Some(header) = self.header else { return };
        if self.has_palette || self.image_chunks > 0 {
            self.damage(DamageKind::WrongOrder, at);
        }
        self.has_palette = true;
        let entries = data.len() / 3;
        let is_sized = data.len().is_multiple_of(3) && (1..=256).contains(&entries);
        let is_allowed = matches!(header.color_type, 2 | 3 | 6);
        if !is_sized || !is_allowed {
            self.damage(DamageKind::InvalidStructure, at);
        }
    }

    /// IDAT (11.2.3); the zlib header inside is that of RFC 1950, 2.2.
    fn image_data(&mut self, data: &[u8], at: usize, end: usize) {
        if self.image_chunks > 0 && !self.is_in_image {
            self.damage(DamageKind::WrongOrder, at);
        }
        if self.image_chunks == 0 && !self.has_palette && self.header.is_some_and(|header| header.color_type == 3) {
            self.damage(DamageKind::MissingPart, at);
        }
        if let (0, Some(&method), Some(&flags)) = (self.image_data_bytes, data.first(), data.get(1)) {
            let is_zlib = method & 0x0F == 8 && method >> 4 <= 7 && flags & 0x20 == 0;
            if !is_zlib || !(u16::from(method) << 8 | u16::from(flags)).is_multiple_of(31) {
                self.damage(DamageKind::InvalidStructure, at + 8);
            }
        }
        self.image_chunks = self.image_chunks.saturating_add(1);
        self.image_data_bytes += data.len() as u64;
        let start = self.facts.image_data.as_ref().map_or(at as u64, |range| range.start);
        self.facts.image_data = Some(start..end as u64);
    }

    fn exif(&mut self, data: &[u8]) {
        // Some writers keep the introduction that belongs to JPEG.
        let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
        if let Some(data) = Some(tiff).filter(|_| self.facts.exif.is_none()).and_then(exif::read) {
            self.facts.exif_orientation = data.orientation;
            self.facts.exif = Some(data.exif);
        }
    }

    /// iTXt (11.3.3.4); compressed texts stay unread.
    fn international_text(&mut self, data: &[u8]) {
        let Some(keyword_end) = data.iter().take(80).position(|&byte| byte == 0) else { return };
        let (Some(keyword), Some(0), Some(rest)) =
            (data.get(..keyword_end), u8_at(data, keyword_end + 1), data.get(keyword_end + 3..))
        else {
            return;
        };
        if !matches!(keyword, b"Software" | b"XML:com.adobe.xmp") {
            return;
        }
        // Language and translated keyword, each ended by a NUL, stand before the text.
        let value =
            find(rest, b"\0").and_then(|end| rest.get(end + 1..)).and_then(|rest| rest.get(find(rest, b"\0")? + 1..));
        match (keyword, value) {
            (b"Software", Some(value)) => {
                if let Some(program) = text(value) {
                    add_writer(&mut self.facts, program);
                }
            }
            (_, Some(packet)) if !self.has_xmp => {
                self.has_xmp = true;
                xmp::read(packet, &mut self.facts);
            }
            _ => {}
        }
    }

    /// acTL (11.3.6.2); behind the first IDAT it makes no animation.
    fn animation_control(&mut self, data: &[u8], at: usize) {
        if self.image_chunks > 0 || self.animation.is_some() {
            return;
        }
        match (u32_be(data, 0), u32_be(data, 4)) {
            (Some(declared_frames @ 1..=MAX_NUMBER), Some(loops)) if data.len() == 8 => {
                self.facts.frames = declared_frames;
                self.facts.loops = Some(loops);
                self.animation = Some(Animation { declared_frames, ..Animation::default() });
            }
            _ => self.damage(DamageKind::InvalidStructure, at),
        }
    }

    /// fcTL and fdAT (11.3.6.3, 11.3.6.4), numbered through.
    fn frame(&mut self, name: &[u8; 4], data: &[u8], at: usize) {
        let (Some(header), Some(animation)) = (self.header, &mut self.animation) else { return };
        let mut is_valid = u32_be(data, 0) == Some(animation.next_sequence_number);
        animation.next_sequence_number = animation.next_sequence_number.saturating_add(1);
        if name == b"fcTL" {
            animation.frames += 1;
            let number = |at| u32_be(data, at).map(u64::from);
            is_valid &= data.len() == 26;
            is_valid &= match (number(4), number(8), number(12), number(16)) {
                (Some(width @ 1..), Some(height @ 1..), Some(left), Some(top)) => {
                    left + width <= u64::from(header.width_px) && top + height <= u64::from(header.height_px)
                }
                _ => false,
            };
        }
        if !is_valid {
            self.damage(DamageKind::InvalidStructure, at);
        }
    }

    fn end(&mut self, at: usize, end: usize) -> Ending {
        let least = self.header.map_or(0, |header| row_bytes(header) / MAX_DEFLATE_RATIO);
        if self.image_chunks == 0 {
            self.damage(DamageKind::MissingImageData, at);
        } else if self.image_data_bytes < least {
            let start = self.facts.image_data.as_ref().map_or(0, |range| range.start);
            self.damage(DamageKind::MissingImageData, usize::try_from(start).unwrap_or(at));
        }
        if self.animation.as_ref().is_some_and(|animation| animation.frames != animation.declared_frames) {
            self.damage(DamageKind::InvalidStructure, at);
        }
        self.facts.trailing = trailing::classify(self.bytes, end, 0);
        Ending::Complete { end_offset: end as u64 }
    }

    fn finish(mut self) -> PictureFacts {
        if let Some(header) = self.header {
            self.facts.stored_width_px = header.width_px;
            self.facts.stored_height_px = header.height_px;
            self.facts.bits_per_sample = header.bit_depth;
            self.facts.coding = if header.is_interlaced { Coding::DeflateInterlaced } else { Coding::Deflate };
            self.facts.color_model = match (header.color_type, self.has_transparency) {
                (0, false) => ColorModel::Gray,
                (0, true) | (4, _) => ColorModel::GrayAlpha,
                (2, false) => ColorModel::Rgb,
                (2, true) | (6, _) => ColorModel::Rgba,
                (3, _) => ColorModel::Indexed,
                _ => ColorModel::Unknown,
            };
        }
        self.facts
    }
}

/// Bytes of the filtered rows before compression (clauses 7 and 8); saturates for absurd sizes.
fn row_bytes(header: Header) -> u64 {
    /// Left, top, horizontal step and vertical step of the seven passes (8.1).
    const ADAM7: [(u64, u64, u64, u64); 7] =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let channels = match header.color_type {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
    let bits_per_pixel = channels * u64::from(header.bit_depth);
    let pass = |width_px: u64, height_px: u64| match width_px {
        0 => 0,
        _ => height_px.saturating_mul(1 + width_px.saturating_mul(bits_per_pixel).div_ceil(8)),
    };
    let (width_px, height_px) = (u64::from(header.width_px), u64::from(header.height_px));
    if !header.is_interlaced {
        return pass(width_px, height_px);
    }
    let steps = |size_px: u64, start: u64, step: u64| size_px.saturating_sub(start).div_ceil(step);
    ADAM7.iter().fold(0, |sum: u64, &(left, top, across, down)| {
        sum.saturating_add(pass(steps(width_px, left, across), steps(height_px, top, down)))
    })
}
