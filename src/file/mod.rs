//! Bytes to facts: what a file really is and whether its structure is whole. Nothing is decoded.

mod bytes;
mod crc32;
mod exif;
mod gif;
mod jpeg;
mod lens;
mod png;
mod sniff;
mod trailing;
mod xmp;

use crate::facts::{Damage, DamageKind, Ending, FileFacts, Format, PictureFacts};
use crate::limits::MAX_WRITER_PROGRAMS;

/// Reads the facts of a file from its bytes in one pass.
///
/// `bytes` is the whole file or, for a very large one, its first part; `size_bytes` is the size of the whole file.
/// Time grows with `bytes.len()` alone and memory does not grow with the number of pixels.
#[must_use]
pub fn read_facts(bytes: &[u8], size_bytes: u64) -> FileFacts {
    let format = sniff::sniff(bytes);
    let mut picture = match format {
        Format::Jpeg => Some(jpeg::read(bytes)),
        Format::Png => Some(png::read(bytes)),
        Format::Gif => Some(gif::read(bytes)),
        _ => None,
    };
    let read_bytes = bytes.len() as u64;
    if let Some(picture) = picture.as_mut().filter(|_| read_bytes < size_bytes) {
        if matches!(picture.ending, Ending::Truncated { .. }) {
            picture.ending = Ending::NotReached;
        }
        if let Some(trailing) = &mut picture.trailing {
            trailing.size_bytes = size_bytes.saturating_sub(trailing.byte_offset);
        }
    }
    FileFacts { size_bytes, read_bytes, format, picture }
}

impl PictureFacts {
    /// The start of every walk: a picture of which nothing is known yet.
    fn still() -> Self {
        Self { exif_orientation: 1, frames: 1, ..Self::default() }
    }
}

/// Notes damage. The first counts, but damage to the picture outranks damage to data that programs may skip.
fn note(facts: &mut PictureFacts, kind: DamageKind, at: usize) {
    let is_open = facts.damage.is_none_or(|damage| {
        damage.kind == DamageKind::ExtraDataChecksumMismatch && kind != DamageKind::ExtraDataChecksumMismatch
    });
    if is_open {
        facts.damage = Some(Damage { kind, byte_offset: at as u64 });
    }
}

/// Notes a program that wrote the file, each name once.
fn add_writer(facts: &mut PictureFacts, program: String) {
    if facts.writer_programs.len() < MAX_WRITER_PROGRAMS && !facts.writer_programs.contains(&program) {
        facts.writer_programs.push(program);
    }
}
