//! Whether two files are the same photo, as far as the bytes show it.

use std::ops::Range;

use crate::facts::{FileFacts, Sameness};

/// Compares two files with their facts; `None` is a file that could not be read.
#[must_use]
pub fn sameness(front: Option<(&[u8], &FileFacts)>, back: Option<(&[u8], &FileFacts)>) -> Sameness {
    let (Some((front, front_facts)), Some((back, back_facts))) = (front, back) else {
        return Sameness::Unknown;
    };
    if front.is_empty() || back.is_empty() {
        return Sameness::Unknown;
    }
    // Of very large files only the beginning is at hand, which alone proves nothing when the sizes differ.
    if front_facts.size_bytes == back_facts.size_bytes && front == back {
        return Sameness::SameFile;
    }
    match (image_data(front, front_facts), image_data(back, back_facts)) {
        (Some(front), Some(back)) if front == back => Sameness::SamePicture,
        _ => Sameness::Different,
    }
}

fn image_data<'a>(bytes: &'a [u8], facts: &FileFacts) -> Option<&'a [u8]> {
    let picture = facts.picture.as_ref().filter(|picture| picture.is_complete())?;
    let Range { start, end } = picture.image_data.clone()?;
    bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?).filter(|data| !data.is_empty())
}

#[cfg(test)]
mod tests {
    use super::sameness;
    use crate::facts::{Ending, FileFacts, PictureFacts, Sameness};

    fn facts(bytes: &[u8], start: u64) -> FileFacts {
        let end = bytes.len() as u64;
        let picture = PictureFacts {
            image_data: Some(start..end),
            ending: Ending::Complete { end_offset: end },
            ..PictureFacts::default()
        };
        FileFacts { size_bytes: end, read_bytes: end, picture: Some(picture), ..FileFacts::default() }
    }

    #[test]
    fn same_bytes_same_pixels_and_different_pixels_are_told_apart() {
        let (a, other_header, other_pixels) = (b"headPIXELS", b"HEADERPIXELS", b"headPIXELZ");
        let fa = facts(a, 4);
        assert_eq!(sameness(Some((a, &fa)), Some((a, &fa))), Sameness::SameFile);
        assert_eq!(sameness(Some((a, &fa)), Some((other_header, &facts(other_header, 6)))), Sameness::SamePicture);
        assert_eq!(sameness(Some((a, &fa)), Some((other_pixels, &facts(other_pixels, 4)))), Sameness::Different);
    }

    #[test]
    fn what_could_not_be_read_is_not_compared() {
        let empty = FileFacts::default();
        assert_eq!(sameness(None, Some((b"a", &empty))), Sameness::Unknown);
        assert_eq!(sameness(Some((b"", &empty)), Some((b"", &empty))), Sameness::Unknown);
    }
}
