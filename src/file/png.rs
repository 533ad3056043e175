//! The structure of a PNG (PNG 3rd edition, clauses 5 and 11), chunk by chunk. Nothing is inflated.

use super::bytes::{find, latin1_text, slice, text, u8_at, u32_be, usize_from};
use super::crc32::crc32;
use super::lens::Lens;
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
    lens: Lens,
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
                // Apple's tools put a chunk of their own first (`CgBI`), which other viewers refuse; the size follows.
                self.damage(DamageKind::MissingPart, at);
                at = end;
                continue;
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
            self.lens = data.lens;
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
            self.facts.focal_length_px = self.lens.focal_length_px(header.width_px, header.height_px);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::TrailingKind;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let covered = [name.as_slice(), data].concat();
        [(data.len() as u32).to_be_bytes().as_slice(), &covered, &crc32(&covered).to_be_bytes()].concat()
    }

    fn header(width_px: u32, height_px: u32, rest: [u8; 5]) -> Vec<u8> {
        chunk(b"IHDR", &[width_px.to_be_bytes().as_slice(), &height_px.to_be_bytes(), &rest].concat())
    }

    /// Stored blocks of zlib would follow the header; only their amount matters here.
    fn data() -> Vec<u8> {
        chunk(b"IDAT", b"\x78\x01\0\0\0\0\0\0")
    }

    fn png(parts: &[Vec<u8>]) -> Vec<u8> {
        [SIGNATURE.as_slice(), &parts.concat(), &chunk(b"IEND", b"")].concat()
    }

    fn gray(between: &[Vec<u8>]) -> Vec<u8> {
        png(&[header(8, 8, [8, 0, 0, 0, 0]), between.concat(), data()])
    }

    fn check(bytes: &[u8], expect: Option<DamageKind>) -> PictureFacts {
        let facts = read(bytes);
        assert_eq!(facts.damage.map(|damage| damage.kind), expect, "{facts:?}");
        facts
    }

    #[test]
    fn a_whole_picture_is_complete() {
        let bytes = gray(&[]);
        let facts = check(&bytes, None);
        assert_eq!(facts.ending, Ending::Complete { end_offset: bytes.len() as u64 });
        assert_eq!((facts.stored_width_px, facts.stored_height_px, facts.bits_per_sample), (8, 8, 8));
        assert_eq!(facts.image_data, Some(33..53));
        assert_eq!((facts.frames, facts.exif_orientation, facts.trailing), (1, 1, None));
    }

    #[test]
    fn depth_and_colour_type_have_to_fit() {
        for color_type in 0..=7u8 {
            for bit_depth in 0..=17u8 {
                let is_valid = match color_type {
                    0 => [1, 2, 4, 8, 16].contains(&bit_depth),
                    2 | 4 | 6 => [8, 16].contains(&bit_depth),
                    3 => [1, 2, 4, 8].contains(&bit_depth),
                    _ => false,
                };
                let palette = if color_type == 3 { chunk(b"PLTE", &[0; 3]) } else { Vec::new() };
                let bytes = png(&[header(8, 8, [bit_depth, color_type, 0, 0, 0]), palette, data()]);
                check(&bytes, if is_valid { None } else { Some(DamageKind::InvalidStructure) });
            }
        }
    }

    #[test]
    fn colours_and_transparency_make_the_model() {
        let transparent = || chunk(b"tRNS", &[0; 2]);
        for (color_type, between, expect) in [
            (0, Vec::new(), ColorModel::Gray),
            (0, transparent(), ColorModel::GrayAlpha),
            (2, Vec::new(), ColorModel::Rgb),
            (2, transparent(), ColorModel::Rgba),
            (3, chunk(b"PLTE", &[0; 3]), ColorModel::Indexed),
            (4, Vec::new(), ColorModel::GrayAlpha),
            (6, Vec::new(), ColorModel::Rgba),
        ] {
            let bytes = png(&[header(8, 8, [8, color_type, 0, 0, 1]), between, data()]);
            let facts = check(&bytes, None);
            assert_eq!((facts.color_model, facts.coding), (expect, Coding::DeflateInterlaced));
        }
    }

    #[test]
    fn rules_of_order_and_presence_hold() {
        let head = || header(8, 8, [8, 0, 0, 0, 0]);
        let indexed = || header(8, 8, [8, 3, 0, 0, 0]);
        let palette = || chunk(b"PLTE", &[0; 3]);
        for (parts, expect) in [
            (vec![data()], DamageKind::MissingPart),
            (vec![head()], DamageKind::MissingImageData),
            (vec![head(), head(), data()], DamageKind::WrongOrder),
            (vec![indexed(), data()], DamageKind::MissingPart),
            (vec![indexed(), data(), palette()], DamageKind::MissingPart),
            (vec![indexed(), palette(), palette(), data()], DamageKind::WrongOrder),
            (vec![head(), palette(), data()], DamageKind::InvalidStructure),
            (vec![indexed(), chunk(b"PLTE", &[0; 4]), data()], DamageKind::InvalidStructure),
            (vec![head(), data(), chunk(b"tEXt", b""), data()], DamageKind::WrongOrder),
            (vec![head(), chunk(b"NEwC", b""), data()], DamageKind::InvalidStructure),
            (vec![head(), chunk(b"n?wC", b""), data()], DamageKind::InvalidStructure),
            (vec![header(0, 8, [8, 0, 0, 0, 0]), data()], DamageKind::NoPixels),
            (vec![header(1 << 31, 8, [8, 0, 0, 0, 0]), data()], DamageKind::InvalidStructure),
            (vec![head(), chunk(b"IDAT", b"\x79\x01")], DamageKind::InvalidStructure),
        ] {
            check(&png(&parts), Some(expect));
        }
        check(&gray(&[chunk(b"neWC", b"")]), None);
        check(&png(&[head(), chunk(b"IDAT", b""), data(), chunk(b"tEXt", b"")]), None);
    }

    #[test]
    fn damage_to_the_picture_outranks_damage_to_extra_data() {
        let mut text = chunk(b"tEXt", b"Comment\0x");
        *text.last_mut().unwrap() ^= 1;
        let extra = gray(&[text.clone()]);
        assert_eq!(check(&extra, Some(DamageKind::ExtraDataChecksumMismatch)).damage.unwrap().byte_offset, 50);
        let mut both = extra.clone();
        let image_byte = extra.len() - 18;
        both[image_byte] ^= 1;
        check(&both, Some(DamageKind::ChecksumMismatch));
    }

    #[test]
    fn too_little_data_for_the_size_is_missing_data() {
        for rest in [[8, 0, 0, 0, 0], [16, 6, 0, 0, 1], [1, 0, 0, 0, 0]] {
            for size_px in [60_000, MAX_NUMBER] {
                let bytes = png(&[header(size_px, size_px, rest), data()]);
                check(&bytes, Some(DamageKind::MissingImageData));
            }
        }
        // 8 bytes of data stand for 8,256 bytes at most.
        check(&png(&[header(85, 96, [8, 0, 0, 0, 0]), data()]), None);
        check(&png(&[header(96, 96, [8, 0, 0, 0, 0]), data()]), Some(DamageKind::MissingImageData));
    }

    #[test]
    fn the_passes_of_an_interlaced_picture_add_up() {
        let rows = |width_px, height_px, is_interlaced| {
            row_bytes(Header { width_px, height_px, bit_depth: 8, color_type: 2, is_interlaced })
        };
        assert_eq!(rows(8, 8, false), 8 * 25);
        // Fifteen rows in seven passes, sixty-four pixels.
        assert_eq!(rows(8, 8, true), 15 + 192);
        assert_eq!(rows(1, 1, true), 4);
        assert_eq!(rows(MAX_NUMBER, MAX_NUMBER, false), (1 + 3 * u64::from(MAX_NUMBER)) * u64::from(MAX_NUMBER));
    }

    #[test]
    fn an_animation_is_counted_and_its_numbers_are_followed() {
        let control = |frames: u32| chunk(b"acTL", &[frames.to_be_bytes(), 3u32.to_be_bytes()].concat());
        let frame = |number: u32, width_px: u32| {
            let numbers: Vec<u8> = [number, width_px, 8, 0, 0].iter().flat_map(|n| n.to_be_bytes()).collect();
            chunk(b"fcTL", &[numbers.as_slice(), &[0, 1, 0, 1, 0, 0]].concat())
        };
        let more = |number: u32| chunk(b"fdAT", &[number.to_be_bytes().as_slice(), b"\x78\x01"].concat());
        let animation = |frames: u32, second: u32, width_px: u32| {
            let head = header(8, 8, [8, 0, 0, 0, 0]);
            png(&[head, control(frames), frame(0, 8), data(), frame(second, width_px), more(second + 1)])
        };
        let facts = check(&animation(2, 1, 8), None);
        assert_eq!((facts.frames, facts.loops), (2, Some(3)));
        check(&animation(3, 1, 8), Some(DamageKind::InvalidStructure));
        check(&animation(2, 2, 8), Some(DamageKind::InvalidStructure));
        check(&animation(2, 1, 9), Some(DamageKind::InvalidStructure));
    }

    #[test]
    fn texts_and_camera_data_are_read_without_inflating() {
        let packet = b"XML:com.adobe.xmp\0\0\0\0\0<x xmp:CreatorTool='Painter' exif:GPSLatitude='1'/>";
        let bytes = gray(&[
            chunk(b"tEXt", b"Software\0Gr\xFCn"),
            chunk(b"iTXt", b"Software\0\0\0zh\0\xE8\xBD\xAF\0\xE7\xBE\x8E\xE5\x9B\xBE"),
            chunk(b"iTXt", b"Software\0\x01\0\0\0compressed"),
            chunk(b"iTXt", packet),
            chunk(b"eXIf", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0\0\0\0\0"),
            chunk(b"iCCP", b"p\0\0x"),
        ]);
        let facts = check(&bytes, None);
        assert_eq!(facts.writer_programs, ["Grün", "美图", "Painter"]);
        assert!(facts.xmp_has_location && facts.has_icc_profile);
        assert_eq!(facts.exif_orientation, 3);
    }

    #[test]
    fn a_signature_that_went_through_text_mode_is_damage() {
        for (signature, at) in
            [(b"\x89PNG\n\x1A\n".as_slice(), 4), (b"\x89PNG\r\r\n\x1A\r\n", 5), (b"\x09PNG\r\n\x1A\n", 0)]
        {
            let facts = check(&[signature, &gray(&[])[8..]].concat(), Some(DamageKind::InvalidStructure));
            assert_eq!(facts.damage.unwrap().byte_offset, at);
        }
    }

    #[test]
    fn bytes_behind_the_end_are_reported() {
        let trailing = read(&[gray(&[]), vec![0; 3]].concat()).trailing.unwrap();
        assert_eq!((trailing.kind, trailing.size_bytes), (TrailingKind::Padding, 3));
    }
}
