//! The structure of a GIF (GIF89a specification, clauses 15 to 27), block by block. Nothing is decompressed.

use super::bytes::{slice, text, u8_at, u16_le};
use super::{add_writer, note, trailing, xmp};
use crate::facts::{Coding, ColorModel, DamageKind, Ending, PictureFacts};
use crate::limits::MAX_BLOCKS;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const TRAILER: u8 = 0x3B;
const COMMENT: u8 = 0xFE;
const APPLICATION: u8 = 0xFF;

/// LZW codes have at most 12 bits (appendix F).
const MAX_LZW_CODES: u64 = 4096;

/// Reads the facts of a GIF; `bytes` begins with `GIF87a` or `GIF89a`.
pub(super) fn read(bytes: &[u8]) -> PictureFacts {
    let mut facts = PictureFacts::still();
    facts.color_model = ColorModel::Indexed;
    facts.coding = Coding::Lzw;
    facts.frames = 0;
    let mut walk = Walk { bytes, at: 6, facts, has_xmp: false };
    let ending = walk.run().unwrap_or(Ending::Truncated { byte_offset: bytes.len() as u64 });
    let mut facts = walk.facts;
    facts.ending = ending;
    facts.frames = facts.frames.max(1);
    facts
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    facts: PictureFacts,
    has_xmp: bool,
}

impl Walk<'_> {
    fn damage(&mut self, kind: DamageKind, at: usize) {
        note(&mut self.facts, kind, at);
    }

    /// `None` when the file ends first.
    fn run(&mut self) -> Option<Ending> {
        self.screen()?;
        for _ in 0..MAX_BLOCKS {
            let block_at = self.at;
            self.at += 1;
            match u8_at(self.bytes, block_at)? {
                EXTENSION => self.extension()?,
                IMAGE => self.image(block_at)?,
                TRAILER => return Some(self.end(block_at)),
                // Some writers leave a block terminator too many, and every viewer steps over it.
                0 => {}
                _ => {
                    self.damage(DamageKind::UnexpectedMarker, block_at);
                    return Some(Ending::NotReached);
                }
            }
        }
        self.damage(DamageKind::InvalidStructure, self.at);
        Some(Ending::NotReached)
    }

    /// Logical screen descriptor and global colour table (18, 19).
    fn screen(&mut self) -> Option<()> {
        let flags = u8_at(self.bytes, self.at + 4)?;
        self.facts.stored_width_px = u32::from(u16_le(self.bytes, self.at)?);
        self.facts.stored_height_px = u32::from(u16_le(self.bytes, self.at + 2)?);
        slice(self.bytes, self.at, 7)?;
        self.at += 7;
        self.color_table(flags)
    }

    fn color_table(&mut self, flags: u8) -> Option<()> {
        if flags & 0x80 != 0 {
            let bits = (flags & 0x07) + 1;
            self.facts.bits_per_sample = self.facts.bits_per_sample.max(bits);
            let size_bytes = 3 << bits;
            slice(self.bytes, self.at, size_bytes)?;
            self.at += size_bytes;
        }
        Some(())
    }

    /// Image descriptor, local colour table and pixels (20 to 22).
    fn image(&mut self, block_at: usize) -> Option<()> {
        let width_px = u16_le(self.bytes, block_at + 5)?;
        let height_px = u16_le(self.bytes, block_at + 7)?;
        let flags = u8_at(self.bytes, block_at + 9)?;
        self.at = block_at + 10;
        // Viewers enlarge the screen to the first frame; frames after it are cut at its edge.
        if self.facts.frames == 0 {
            let right_px = u32::from(u16_le(self.bytes, block_at + 1)?) + u32::from(width_px);
            let bottom_px = u32::from(u16_le(self.bytes, block_at + 3)?) + u32::from(height_px);
            self.facts.stored_width_px = self.facts.stored_width_px.max(right_px);
            self.facts.stored_height_px = self.facts.stored_height_px.max(bottom_px);
        }
        self.facts.frames += 1;
        self.color_table(flags)?;
        let start = self.facts.image_data.as_ref().map_or(block_at as u64, |range| range.start);
        self.facts.image_data = Some(start..self.bytes.len() as u64);
        let code_bits = u8_at(self.bytes, self.at)?;
        self.at += 1;
        if code_bits > 8 {
            self.damage(DamageKind::InvalidStructure, self.at - 1);
        }
        let data_bytes = self.skip_sub_blocks()?;
        self.facts.image_data = Some(start..self.at as u64);
        if width_px == 0 || height_px == 0 {
            self.damage(DamageKind::NoPixels, block_at);
        } else if most_pixels(data_bytes, code_bits) < u64::from(width_px) * u64::from(height_px) {
            self.damage(DamageKind::MissingImageData, block_at);
        }
        Some(())
    }

    /// Extensions (23 to 26): a label and sub-blocks.
    fn extension(&mut self) -> Option<()> {
        let label = u8_at(self.bytes, self.at)?;
        self.at += 1;
        let start = self.at;
        self.skip_sub_blocks()?;
        let blocks = self.bytes.get(start..self.at)?;
        let first = blocks.split_first().and_then(|(&size_bytes, rest)| rest.get(..usize::from(size_bytes)));
        match (label, first) {
            (COMMENT, Some(comment)) => {
                if let Some(program) = text(comment) {
                    add_writer(&mut self.facts, program);
                }
            }
            (APPLICATION, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")) => {
                if let (Some(3), Some(1), Some(repeats)) = (u8_at(blocks, 12), u8_at(blocks, 13), u16_le(blocks, 14)) {
                    // The field counts repetitions after the first showing.
                    self.facts.loops = Some(if repeats == 0 { 0 } else { u32::from(repeats) + 1 });
                }
            }
            (APPLICATION, Some(b"ICCRGBG1012")) => self.facts.has_icc_profile = true,
            // The packet lies here unblocked; its "magic trailer" leads block readers to the end.
            (APPLICATION, Some(b"XMP DataXMP")) if !self.has_xmp => {
                self.has_xmp = true;
                xmp::read(blocks.get(12..).unwrap_or_default(), &mut self.facts);
            }
            _ => {}
        }
        Some(())
    }

    /// Steps over sub-blocks and their terminator (15, 16); the bytes of data in them.
    fn skip_sub_blocks(&mut self) -> Option<u64> {
        let mut data_bytes = 0;
        loop {
            let size_bytes = usize::from(u8_at(self.bytes, self.at)?);
            self.at += 1;
            if size_bytes == 0 {
                return Some(data_bytes);
            }
            slice(self.bytes, self.at, size_bytes)?;
            self.at += size_bytes;
            data_bytes += size_bytes as u64;
        }
    }

    fn end(&mut self, block_at: usize) -> Ending {
        let end = block_at + 1;
        if self.facts.frames == 0 {
            self.damage(DamageKind::MissingImageData, block_at);
        } else if self.facts.stored_width_px == 0 || self.facts.stored_height_px == 0 {
            self.damage(DamageKind::NoPixels, 6);
        }
        self.facts.trailing = trailing::classify(self.bytes, end, 0);
        Ending::Complete { end_offset: end as u64 }
    }
}

/// The most pixels that so much LZW data can stand for (appendix F).
///
/// No code is shorter than `code_bits + 1`, and each string is at most one pixel longer than the longest before it,
/// until the table is full.
fn most_pixels(data_bytes: u64, code_bits: u8) -> u64 {
    let codes = data_bytes * 8 / (u64::from(code_bits) + 1);
    let growing = codes.min(MAX_LZW_CODES);
    growing * (growing + 1) / 2 + (codes - growing) * MAX_LZW_CODES
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"GIF89a\x04\0\x03\0\x80\0\0abcdef";
    const LOOP_TWICE: &[u8] = b"!\xFF\x0BNETSCAPE2.0\x03\x01\x01\0\0";
    const LOOP_FOREVER: &[u8] = b"!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";

    fn image(width_px: u8, height_px: u8, data: &[u8]) -> Vec<u8> {
        let head = [b',', 0, 0, 0, 0, width_px, 0, height_px, 0, 0, 2];
        let blocks: Vec<u8> = data.chunks(255).flat_map(|block| [&[block.len() as u8], block].concat()).collect();
        [head.as_slice(), &blocks, &[0]].concat()
    }

    fn check(parts: &[&[u8]], expect: Option<DamageKind>) -> PictureFacts {
        let facts = read(&[HEADER, &parts.concat()].concat());
        assert_eq!(facts.damage.map(|damage| damage.kind), expect, "{facts:?}");
        facts
    }

    #[test]
    fn a_whole_picture_is_complete() {
        let facts = check(&[&image(4, 3, &[0; 8]), b";"], None);
        assert!(facts.is_complete());
        assert_eq!((facts.stored_width_px, facts.stored_height_px, facts.frames), (4, 3, 1));
        assert_eq!((facts.bits_per_sample, facts.loops), (1, None));
        assert_eq!(facts.image_data, Some(19..40));
    }

    #[test]
    fn frames_and_loops_are_counted() {
        let frame = image(4, 3, &[0; 8]);
        let facts = check(&[LOOP_TWICE, &frame, &frame, &frame, b";"], None);
        assert_eq!((facts.frames, facts.loops), (3, Some(2)));
        assert_eq!(check(&[LOOP_FOREVER, &frame, &frame, b";"], None).loops, Some(0));
    }

    #[test]
    fn every_cut_is_truncated() {
        let whole = [HEADER, LOOP_TWICE, &image(4, 3, &[0; 300]), b"!\xFE\x01x\0;"].concat();
        assert!(read(&whole).is_complete());
        for end in 6..whole.len() {
            assert_eq!(read(&whole[..end]).ending, Ending::Truncated { byte_offset: end as u64 });
        }
    }

    #[test]
    fn what_contradicts_the_format_is_damage() {
        let frame = image(4, 3, &[0; 8]);
        check(&[b";"], Some(DamageKind::MissingImageData));
        check(&[&image(4, 3, &[]), b";"], Some(DamageKind::MissingImageData));
        check(&[&image(250, 250, &[0; 8]), b";"], Some(DamageKind::MissingImageData));
        check(&[&image(0, 3, &[0; 8]), b";"], Some(DamageKind::NoPixels));
        check(&[&frame, b"x;"], Some(DamageKind::UnexpectedMarker));
        check(&[b",\0\0\0\0\x01\0\x01\0\0\x09\x01\0\0;"], Some(DamageKind::InvalidStructure));
    }

    #[test]
    fn a_terminator_too_many_is_no_damage() {
        check(&[&image(4, 3, &[0; 8]), b"\0\0;"], None);
    }

    #[test]
    fn the_screen_grows_to_the_first_frame_only() {
        let frame = |left_px: u8, width_px: u8| {
            let mut frame = image(width_px, 3, &[0; 8]);
            frame[1] = left_px;
            frame
        };
        assert_eq!(check(&[&frame(2, 5), b";"], None).stored_width_px, 7);
        assert_eq!(check(&[&frame(0, 4), &frame(2, 5), b";"], None).stored_width_px, 4);
    }

    #[test]
    fn one_colour_needs_little_data_but_not_none() {
        // So much does an encoder make of 250 x 250 pixels of one colour: 353 growing strings.
        assert!(most_pixels(353 * 11 / 8, 8) >= 250 * 250);
        assert!(most_pixels(40, 2) < 60_000 * 60_000);
        assert_eq!(most_pixels(0, 2), 0);
        // Once the table is full, every code can stand for its longest string.
        assert!(most_pixels(4_000_000, 8) > 60_000 * 60_000);
    }

    #[test]
    fn extensions_tell_writer_profile_and_place() {
        let magic_trailer: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
        let packet = [b"!\xFF\x0BXMP DataXMP<x xmp:CreatorTool='T' exif:GPSLatitude='1'/>", magic_trailer.as_slice()];
        let facts = check(
            &[b"!\xFE\x08 Made by\0", &packet.concat(), b"!\xFF\x0BICCRGBG1012\x01p\0", &image(4, 3, &[0; 8]), b";"],
            None,
        );
        assert_eq!(facts.writer_programs, ["Made by", "T"]);
        assert!(facts.has_icc_profile && facts.xmp_has_location && facts.is_complete());
    }
}
