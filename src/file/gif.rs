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
        self.facts.frames += 1;
        if self.facts.stored_width_px == 0 || self.facts.stored_height_px == 0 {
            self.facts.stored_width_px = u32::from(width_px);
            self.facts.stored_height_px = u32::from(height_px);
        }
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
