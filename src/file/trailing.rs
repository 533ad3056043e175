//! What stands behind the end of a picture.

use super::bytes::{find, slice, u16_le};
use super::{jpeg, sniff};
use crate::facts::{Format, Trailing, TrailingKind};

/// How far into unknown data a film is looked for: phones put a few hundred bytes of their own before it.
const VIDEO_SEARCH_BYTES: usize = 1 << 16;
/// Pictures walked over behind the first; an MPF index can hold more, but no camera writes them.
const MAX_PICTURES: u32 = 16;

/// Says what begins at `end`; `declared_pictures` are those that the file says follow. `None` when nothing does.
///
/// Declared pictures are counted rather than looked up by their offsets: programs that change metadata move the
/// pictures without correcting the index. What follows them is reported from where it begins.
pub(super) fn classify(bytes: &[u8], end: usize, declared_pictures: u32) -> Option<Trailing> {
    let mut at = end;
    let mut has_declared = false;
    let mut undeclared_at = None;
    for index in 0..MAX_PICTURES {
        let start = skip_zeros(bytes, at);
        let is_declared = index < declared_pictures;
        let next = match jpeg::find_end(bytes, start) {
            Some(next) => next,
            // A declared picture that is cut takes nothing from the first one.
            None if is_declared && slice(bytes, start, 2) == Some(b"\xFF\xD8") => bytes.len(),
            None => break,
        };
        if is_declared {
            has_declared = true;
        } else {
            undeclared_at.get_or_insert(at);
        }
        at = next;
    }
    let report = |byte_offset: usize, kind| {
        let size_bytes = (bytes.len() - byte_offset) as u64;
        Some(Trailing { byte_offset: byte_offset as u64, size_bytes, kind })
    };
    if skip_zeros(bytes, at) >= bytes.len() {
        return match undeclared_at {
            Some(place) => report(place, TrailingKind::Picture),
            None if has_declared => report(end, TrailingKind::DeclaredPictures),
            None if at < bytes.len() => report(at, TrailingKind::Padding),
            None => None,
        };
    }
    let kind = match kind_of(bytes.get(at..).unwrap_or_default()) {
        TrailingKind::Other if undeclared_at.is_some() => TrailingKind::Picture,
        kind => kind,
    };
    report(undeclared_at.unwrap_or(at), kind)
}

fn skip_zeros(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    // Padding can be megabytes; whole words are compared first.
    let words = rest.as_chunks::<16>().0.iter().take_while(|word| u128::from_ne_bytes(**word) == 0).count();
    let tail = rest.get(words * 16..).unwrap_or_default();
    at + words * 16 + tail.iter().position(|&byte| byte != 0).unwrap_or(tail.len())
}

fn kind_of(rest: &[u8]) -> TrailingKind {
    // The size in front of `ftyp` begins with zeros, so that films are looked for before zeros are skipped.
    let head = rest.get(..VIDEO_SEARCH_BYTES).unwrap_or(rest);
    let film = find(head, b"ftyp").and_then(|at| head.get(at.checked_sub(4)?..));
    if film.is_some_and(|film| matches!(sniff::sniff(film), Format::Mp4 | Format::Mov)) {
        return TrailingKind::Video;
    }
    if find(rest.get(rest.len().saturating_sub(VIDEO_SEARCH_BYTES)..).unwrap_or(rest), b"MotionPhoto_Data").is_some() {
        return TrailingKind::Video;
    }
    match sniff::sniff(rest.get(skip_zeros(rest, 0)..).unwrap_or_default()) {
        Format::Zip | Format::Docx | Format::Xlsx | Format::Pptx | Format::Rar | Format::SevenZ | Format::Gzip => {
            TrailingKind::Archive
        }
        Format::Mp4 | Format::Mov | Format::Webm => TrailingKind::Video,
        Format::Jpeg | Format::Png | Format::Gif | Format::Webp | Format::Heic | Format::Avif => TrailingKind::Picture,
        _ if has_archive_index(rest) => TrailingKind::Archive,
        _ => TrailingKind::Other,
    }
}

/// Whether the file ends as a ZIP archive does: unpackers look there, whatever stands before.
fn has_archive_index(rest: &[u8]) -> bool {
    const INDEX_BYTES: usize = 22;
    let tail = rest.get(rest.len().saturating_sub(INDEX_BYTES + 1024)..).unwrap_or(rest);
    let Some(at) = find(tail, b"PK\x05\x06") else { return false };
    let comment_bytes = u16_le(tail, at + 20).map(usize::from);
    comment_bytes.is_some_and(|size_bytes| slice(tail, at + INDEX_BYTES, size_bytes).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x02\xFF\xD9";
    const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42\0\0\0\x08mdat";

    fn check(parts: &[&[u8]], declared_pictures: u32, expect: Option<(u64, TrailingKind)>) {
        let bytes = [b"XX".as_slice(), &parts.concat()].concat();
        let found = classify(&bytes, 2, declared_pictures);
        assert_eq!(found.map(|trailing| (trailing.byte_offset, trailing.kind)), expect);
        if let Some(trailing) = found {
            assert_eq!(trailing.byte_offset + trailing.size_bytes, bytes.len() as u64);
        }
    }

    #[test]
    fn each_kind_is_told_apart() {
        check(&[], 0, None);
        check(&[&[0; 9]], 0, Some((2, TrailingKind::Padding)));
        check(&[JPEG], 0, Some((2, TrailingKind::Picture)));
        check(&[MP4], 0, Some((2, TrailingKind::Video)));
        check(&[b"PK\x03\x04", &[0; 40]], 0, Some((2, TrailingKind::Archive)));
        check(&[b"junk", b"PK\x05\x06", &[0; 18]], 0, Some((2, TrailingKind::Archive)));
        check(&[b"junk"], 0, Some((2, TrailingKind::Other)));
        check(&[&[0, 0, 1, 0x0A, 16, 0, 0, 0], b"MotionPhoto_Data", b"....SEFT"], 0, Some((2, TrailingKind::Video)));
    }

    #[test]
    fn declared_pictures_are_passed_over() {
        check(&[JPEG], 1, Some((2, TrailingKind::DeclaredPictures)));
        check(&[&[0; 3], JPEG, &[0; 3], JPEG, &[0; 5]], 2, Some((2, TrailingKind::DeclaredPictures)));
        check(&[&JPEG[..5]], 1, Some((2, TrailingKind::DeclaredPictures)));
        check(&[JPEG, JPEG], 1, Some((10, TrailingKind::Picture)));
        check(&[JPEG, MP4], 1, Some((10, TrailingKind::Video)));
        check(&[JPEG, b"junk"], 1, Some((10, TrailingKind::Other)));
    }
}
