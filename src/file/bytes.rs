//! Reading numbers and texts out of untrusted bytes: everything is an `Option`, nothing panics.

use crate::limits::MAX_TEXT_CHARS;

pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(super) fn slice(bytes: &[u8], at: usize, size_bytes: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(size_bytes)?)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    slice(bytes, at, N)?.try_into().ok()
}

pub(super) fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

pub(super) fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

pub(super) fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// `None` when the number does not fit the address space (32 bits in wasm).
pub(super) fn usize_from(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// The first place of `needle`.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, _) = needle.split_first()?;
    let mut from = 0;
    loop {
        let rest = haystack.get(from..)?;
        let at = from + rest.iter().position(|&byte| byte == first)?;
        if haystack.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The first byte 0xFF at or after `from`.
///
/// Eight bytes at a time in one integer, which needs no vector unit: the two wasm builds run the same code.
pub(super) fn find_ff(bytes: &[u8], from: usize) -> Option<usize> {
    const LOW_BITS: u64 = 0x0101_0101_0101_0101;
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let (words, tail) = bytes.get(from..)?.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let inverted = !u64::from_le_bytes(*word);
        // Borrows make false hits only above a true one, and the lowest hit is the one taken.
        let hits = inverted.wrapping_sub(LOW_BITS) & !inverted & HIGH_BITS;
        if hits != 0 {
            return Some(from + index * 8 + (hits.trailing_zeros() / 8) as usize);
        }
    }
    Some(from + words.len() * 8 + tail.iter().position(|&byte| byte == 0xFF)?)
}

/// A text up to its first NUL, trimmed and cut; bytes that are not UTF-8 become replacement characters.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    // Four bytes are the most that one character takes; a few more leave room for trimming.
    let bytes = bytes.get(..MAX_TEXT_CHARS * 8).unwrap_or(bytes);
    let bytes = bytes.split(|&byte| byte == 0).next()?;
    tidy(String::from_utf8_lossy(bytes).chars())
}

/// The same for Latin-1, the character set of PNG `tEXt`.
pub(super) fn latin1_text(bytes: &[u8]) -> Option<String> {
    tidy(bytes.iter().take(MAX_TEXT_CHARS * 8).map(|&byte| char::from(byte)))
}

/// The same for characters; control characters are dropped, since the text ends up in messages.
pub(super) fn tidy(characters: impl Iterator<Item = char>) -> Option<String> {
    let text: String = characters.filter(|character| !character.is_control()).collect();
    let text: String = text.trim().chars().take(MAX_TEXT_CHARS).collect();
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ff_is_found_at_every_place() {
        for size_bytes in 0..40 {
            for place in 0..size_bytes {
                let mut bytes = vec![0x7F; size_bytes];
                bytes[place..].fill(0xFE);
                bytes[place] = 0xFF;
                if let Some(last) = bytes.last_mut().filter(|_| place + 1 < size_bytes) {
                    *last = 0xFF;
                }
                for from in 0..=place {
                    assert_eq!(find_ff(&bytes, from), Some(place));
                }
            }
            assert_eq!(find_ff(&vec![0xFE; size_bytes], 0), None);
        }
        assert_eq!(find_ff(&[0xFF], 2), None);
    }

    #[test]
    fn texts_are_trimmed_and_cut() {
        assert_eq!(text(b"  Canon \0junk").as_deref(), Some("Canon"));
        assert_eq!(text(b" \0"), None);
        assert_eq!(text("华为".as_bytes()).as_deref(), Some("华为"));
        assert_eq!(text(&[b'a'; 500]).map(|text| text.len()), Some(MAX_TEXT_CHARS));
        assert_eq!(text(b"a\xFFb").as_deref(), Some("a\u{FFFD}b"));
        assert_eq!(latin1_text(b"\xE9t\xE9\n").as_deref(), Some("été"));
    }

    #[test]
    fn numbers_behind_the_end_are_absent() {
        assert_eq!(u16_be(&[1, 2], 0), Some(0x102));
        assert_eq!(u32_be(&[1, 2, 3], 0), None);
        assert_eq!(u16_le(&[1, 2], usize::MAX), None);
    }

    #[test]
    fn a_needle_is_found_where_it_first_occurs() {
        assert_eq!(find(b"aab aabc", b"aabc"), Some(4));
        assert_eq!(find(b"aab", b"abc"), None);
        assert_eq!(find(b"aab", b""), None);
    }
}
