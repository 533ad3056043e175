//! Camera data: the TIFF structure inside a JPEG APP1 segment or a PNG `eXIf` chunk (CIPA DC-008, 4.5 and 4.6).
//!
//! Two levels are read, the first directory and the two that it points to. No chain of directories is followed, so
//! offsets that form a circle cannot keep us busy.

use super::bytes::{slice, text, u16_be, u16_le, u32_be, u32_le, usize_from};
use super::lens::Lens;
use crate::facts::Exif;
use crate::limits::{MAX_EXIF_ENTRIES, MAX_TEXT_CHARS};

const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const SOFTWARE: u16 = 0x0131;
const DATE_TIME: u16 = 0x0132;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const PIXEL_X_DIMENSION: u16 = 0xA002;
const PIXEL_Y_DIMENSION: u16 = 0xA003;
const DIGITAL_ZOOM_RATIO: u16 = 0xA404;
const FOCAL_LENGTH_IN_35MM_FILM: u16 = 0xA405;
const GPS_LATITUDE: u16 = 0x0002;
const GPS_LONGITUDE: u16 = 0x0004;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// What a block of camera data says.
pub(super) struct CameraData {
    /// 1 to 8.
    pub orientation: u8,
    pub exif: Exif,
    pub lens: Lens,
}

/// Reads a block that begins with its TIFF header; `None` when it is none.
pub(super) fn read(tiff: &[u8]) -> Option<CameraData> {
    let tiff = Tiff::new(tiff)?;
    let mut data = CameraData { orientation: 1, exif: Exif::default(), lens: Lens::default() };
    let mut changed_at = None;
    for entry in tiff.directory(tiff.u32(4)?) {
        match entry.tag {
            MAKE => keep_first(&mut data.exif.make, entry.text()),
            MODEL => keep_first(&mut data.exif.model, entry.text()),
            SOFTWARE => keep_first(&mut data.exif.software, entry.text()),
            DATE_TIME => keep_first(&mut changed_at, entry.date()),
            ORIENTATION => {
                if let Some(orientation @ 1..=8) = entry.short() {
                    data.orientation = u8::try_from(orientation).unwrap_or(1);
                }
            }
            EXIF_DIRECTORY => {
                for inner in entry.long().into_iter().flat_map(|offset| tiff.directory(offset)) {
                    match inner.tag {
                        DATE_TIME_ORIGINAL => keep_first(&mut data.exif.taken_at, inner.date()),
                        PIXEL_X_DIMENSION => data.lens.width_px = inner.whole().unwrap_or(0),
                        PIXEL_Y_DIMENSION => data.lens.height_px = inner.whole().unwrap_or(0),
                        DIGITAL_ZOOM_RATIO => data.lens.is_zoomed = inner.is_enlargement(),
                        FOCAL_LENGTH_IN_35MM_FILM => data.lens.film_mm = inner.short().unwrap_or(0),
                        _ => {}
                    }
                }
            }
            GPS_DIRECTORY => {
                for inner in entry.long().into_iter().flat_map(|offset| tiff.directory(offset)) {
                    data.exif.has_location |= matches!(inner.tag, GPS_LATITUDE | GPS_LONGITUDE) && inner.is_angle();
                }
            }
            _ => {}
        }
    }
    keep_first(&mut data.exif.taken_at, changed_at);
    Some(data)
}

fn keep_first(slot: &mut Option<String>, text: Option<String>) {
    if slot.is_none() {
        *slot = text;
    }
}

/// A TIFF structure; also the index of a multi-picture file has this form (CIPA DC-007, 5.2).
#[derive(Clone, Copy)]
pub(super) struct Tiff<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
}

impl<'a> Tiff<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_big_endian = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Self { bytes, is_big_endian })
    }

    fn u16(self, at: usize) -> Option<u16> {
        if self.is_big_endian { u16_be(self.bytes, at) } else { u16_le(self.bytes, at) }
    }

    pub(super) fn u32(self, at: usize) -> Option<u32> {
        if self.is_big_endian { u32_be(self.bytes, at) } else { u32_le(self.bytes, at) }
    }

    /// The entries of a directory, as far as they lie inside the block.
    pub(super) fn directory(self, offset: u32) -> impl Iterator<Item = Entry<'a>> {
        let start = usize_from(offset).unwrap_or(usize::MAX);
        let entries = self.u16(start).unwrap_or(0).min(MAX_EXIF_ENTRIES);
        (0..usize::from(entries)).map_while(move |index| {
            let at = start.checked_add(2 + index * 12)?;
            let (kind, count) = (self.u16(at + 2)?, self.u32(at + 4)?);
            Some(Entry { tiff: self, tag: self.u16(at)?, kind, count, value_at: at + 8 })
        })
    }
}

/// One field of a directory.
pub(super) struct Entry<'a> {
    tiff: Tiff<'a>,
    pub(super) tag: u16,
    kind: u16,
    count: u32,
    value_at: usize,
}

impl<'a> Entry<'a> {
    fn short(&self) -> Option<u16> {
        if self.kind == SHORT && self.count == 1 { self.tiff.u16(self.value_at) } else { None }
    }

    pub(super) fn long(&self) -> Option<u32> {
        if self.kind == LONG && self.count == 1 { self.tiff.u32(self.value_at) } else { None }
    }

    /// A number for which writers may choose between both sizes.
    fn whole(&self) -> Option<u32> {
        self.long().or_else(|| self.short().map(u32::from))
    }

    /// Whether a ratio is above 1; a ratio of 0 says that there was no zoom (CIPA DC-008, `DigitalZoomRatio`).
    fn is_enlargement(&self) -> bool {
        let at = (self.kind == RATIONAL && self.count == 1).then(|| self.tiff.u32(self.value_at)).flatten();
        let part = |offset: usize| at.and_then(usize_from)?.checked_add(offset).and_then(|at| self.tiff.u32(at));
        part(0).zip(part(4)).is_some_and(|(numerator, denominator)| denominator > 0 && numerator > denominator)
    }

    /// The bytes of the value: in the entry itself up to four, else where the entry points to.
    fn data(&self, unit_bytes: u32) -> Option<&'a [u8]> {
        let size_bytes = usize_from(self.count.checked_mul(unit_bytes)?)?;
        let at = if size_bytes <= 4 { self.value_at } else { usize_from(self.tiff.u32(self.value_at)?)? };
        // A text whose count runs over the end is cut, as viewers do.
        let rest = self.tiff.bytes.get(at..)?;
        Some(rest.get(..size_bytes).unwrap_or(rest))
    }

    /// Byte-like kinds all serve: some cameras write UTF-8 as UNDEFINED or BYTE.
    fn text(&self) -> Option<String> {
        if matches!(self.kind, 1 | 2 | 7 | 129) { text(self.data(1)?) } else { None }
    }

    /// A date; cameras without a set clock fill the field with blanks, colons or zeros.
    fn date(&self) -> Option<String> {
        self.text().filter(|text| text.bytes().any(|byte| matches!(byte, b'1'..=b'9')))
    }

    /// Whether degrees, minutes and seconds are given; placeholders divide by zero throughout.
    fn is_angle(&self) -> bool {
        let is_given = |index: usize| {
            let at = self.tiff.u32(self.value_at).and_then(usize_from)?.checked_add(index * 8 + 4)?;
            self.tiff.u32(at).filter(|&denominator| denominator != 0)
        };
        self.kind == RATIONAL && (1..=3).contains(&self.count) && (0..3).any(|index| is_given(index).is_some())
    }
}

/// How many pictures a multi-picture file declares, the first included (CIPA DC-007, 5.2.3.2); 1 when unreadable.
pub(super) fn count_declared_pictures(tiff: &[u8]) -> u32 {
    const NUMBER_OF_IMAGES: u16 = 0xB001;
    let count = Tiff::new(tiff).and_then(|tiff| {
        tiff.directory(tiff.u32(4)?).find(|entry| entry.tag == NUMBER_OF_IMAGES).and_then(|entry| entry.long())
    });
    count.unwrap_or(1)
}

/// Who wrote the layers of a Photoshop file, from a list of image resources (Adobe Photoshop File Formats, "Version
/// Info", resource 0x0421). The mere presence of resources proves nothing: many programs write them.
pub(super) fn photoshop_writer(mut resources: &[u8]) -> Option<String> {
    const VERSION_INFO: u16 = 0x0421;
    while resources.starts_with(b"8BIM") {
        let id = u16_be(resources, 4)?;
        let name_bytes = usize::from(*resources.get(6)?);
        let size_at = 6 + (1 + name_bytes).next_multiple_of(2);
        let size_bytes = usize_from(u32_be(resources, size_at)?)?;
        let data = slice(resources, size_at + 4, size_bytes)?;
        if id == VERSION_INFO {
            let units = usize_from(u32_be(data, 5)?)?.min(MAX_TEXT_CHARS);
            let (units, _) = data.get(9..)?.get(..units * 2)?.as_chunks::<2>();
            let units = units.iter().map(|&unit| u16::from_be_bytes(unit));
            return super::bytes::tidy(char::decode_utf16(units).flatten());
        }
        let next = (size_at + 4).checked_add(size_bytes.checked_next_multiple_of(2)?)?;
        resources = resources.get(next..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with one directory, little-endian; values of more than four bytes go behind it.
    fn block(entries: &[(u16, u16, u32, &[u8])]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        append_directory(&mut bytes, entries);
        bytes
    }

    fn append_directory(bytes: &mut Vec<u8>, entries: &[(u16, u16, u32, &[u8])]) {
        let mut behind: Vec<u8> = Vec::new();
        let behind_at = bytes.len() + 2 + entries.len() * 12 + 4;
        bytes.extend((entries.len() as u16).to_le_bytes());
        for &(tag, kind, count, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            if value.len() <= 4 {
                let mut value = value.to_vec();
                value.resize(4, 0);
                bytes.extend(value);
            } else {
                bytes.extend(((behind_at + behind.len()) as u32).to_le_bytes());
                behind.extend(value);
            }
        }
        bytes.extend([0; 4]);
        bytes.extend(behind);
    }

    #[test]
    fn the_usual_fields_are_read() {
        let bytes = block(&[
            (MAKE, 2, 7, b"HUAWEI\0"),
            (MODEL, 2, 4, b"P40\0"),
            (ORIENTATION, SHORT, 1, &[6, 0]),
            (SOFTWARE, 2, 9, b" GIMP 2 \0"),
            (DATE_TIME, 2, 20, b"2026:01:02 03:04:05\0"),
        ]);
        let data = read(&bytes).unwrap();
        assert_eq!(data.orientation, 6);
        let expect = Exif {
            make: Some("HUAWEI".into()),
            model: Some("P40".into()),
            software: Some("GIMP 2".into()),
            taken_at: Some("2026:01:02 03:04:05".into()),
            has_location: false,
        };
        assert_eq!(data.exif, expect);
    }

    #[test]
    fn an_orientation_out_of_range_is_none() {
        for value in [0u8, 9, 255] {
            assert_eq!(read(&block(&[(ORIENTATION, SHORT, 1, &[value, 0])])).unwrap().orientation, 1);
        }
    }

    #[test]
    fn a_directory_that_points_to_itself_ends() {
        let data = read(&block(&[(EXIF_DIRECTORY, LONG, 1, &[8, 0, 0, 0]), (GPS_DIRECTORY, LONG, 1, &[8, 0, 0, 0])]));
        assert_eq!(data.unwrap().exif, Exif::default());
    }

    /// What camera data with this inner directory say about the lens.
    fn lens_of(entries: &[(u16, u16, u32, &[u8])]) -> Lens {
        let mut bytes = block(&[(EXIF_DIRECTORY, LONG, 1, &[26, 0, 0, 0])]);
        assert_eq!(bytes.len(), 26);
        append_directory(&mut bytes, entries);
        for end in 0..bytes.len() {
            let _ = read(&bytes[..end]);
        }
        read(&bytes).unwrap().lens
    }

    #[test]
    fn the_lens_is_read_with_the_size_that_the_camera_wrote() {
        let ratio = |numerator: u8, denominator: u8| [numerator, 0, 0, 0, denominator, 0, 0, 0];
        let entries: [(u16, u16, u32, &[u8]); 4] = [
            (PIXEL_X_DIMENSION, LONG, 1, &[0xA0, 0x0F, 0, 0]),
            (PIXEL_Y_DIMENSION, SHORT, 1, &[0xB8, 0x0B]),
            (DIGITAL_ZOOM_RATIO, RATIONAL, 1, &ratio(1, 1)),
            (FOCAL_LENGTH_IN_35MM_FILM, SHORT, 1, &[26, 0]),
        ];
        let expect = Lens { film_mm: 26, width_px: 4000, height_px: 3000, is_zoomed: false };
        assert_eq!(lens_of(&entries), expect);
        for ((numerator, denominator), is_zoomed) in
            [((0, 0), false), ((0, 1), false), ((1, 0), false), ((100, 100), false), ((3, 2), true)]
        {
            let mut entries = entries;
            let ratio = ratio(numerator, denominator);
            entries[2].3 = &ratio;
            assert_eq!(lens_of(&entries), Lens { is_zoomed, ..expect }, "{numerator} / {denominator}");
        }
    }

    #[test]
    fn a_lens_in_another_form_is_none() {
        for entries in [
            [(FOCAL_LENGTH_IN_35MM_FILM, LONG, 1u32, [26, 0, 0, 0].as_slice())],
            [(FOCAL_LENGTH_IN_35MM_FILM, SHORT, 2, &[26, 0, 26, 0])],
            [(FOCAL_LENGTH_IN_35MM_FILM, 2, 3, b"26\0")],
            [(PIXEL_X_DIMENSION, RATIONAL, 1, &[0; 8])],
            [(PIXEL_Y_DIMENSION, LONG, u32::MAX, &[1, 0, 0, 0])],
            [(DIGITAL_ZOOM_RATIO, RATIONAL, 1, &[255; 4])],
            [(DIGITAL_ZOOM_RATIO, RATIONAL, 0, &[])],
        ] {
            assert_eq!(lens_of(&entries), Lens::default(), "{entries:?}");
        }
        let outer = block(&[(FOCAL_LENGTH_IN_35MM_FILM, SHORT, 1, &[26, 0])]);
        assert_eq!(read(&outer).unwrap().lens, Lens::default(), "in the wrong directory");
    }

    #[test]
    fn only_a_real_place_counts_as_a_location() {
        let angle = |denominator: u8| [1, 0, 0, 0, denominator, 0, 0, 0].repeat(3);
        let gps = |entries: &[(u16, u16, u32, &[u8])]| {
            let mut bytes = block(&[(GPS_DIRECTORY, LONG, 1, &[26, 0, 0, 0])]);
            assert_eq!(bytes.len(), 26);
            append_directory(&mut bytes, entries);
            read(&bytes).unwrap().exif.has_location
        };
        assert!(gps(&[(GPS_LATITUDE, RATIONAL, 3, &angle(1))]));
        assert!(gps(&[(GPS_LONGITUDE, RATIONAL, 3, &angle(1))]));
        assert!(!gps(&[(GPS_LATITUDE, RATIONAL, 3, &angle(0))]), "a placeholder");
        assert!(!gps(&[(0, 1, 4, &[2, 3, 0, 0])]), "a version number alone");
        assert!(!gps(&[]));
    }

    #[test]
    fn every_cut_of_a_block_is_read_without_harm() {
        let bytes = block(&[(MAKE, 2, 7, b"HUAWEI\0"), (DATE_TIME, 2, 20, b"0000:00:00 00:00:00\0")]);
        for end in 0..bytes.len() {
            let _ = read(&bytes[..end]);
        }
        assert_eq!(read(&bytes).unwrap().exif.taken_at, None);
    }

    #[test]
    fn photoshop_is_named_only_by_its_version_info() {
        let info = b"8BIM\x04\x21\0\0\0\0\0\x0F\0\0\0\x01\x01\0\0\0\x03\0A\0d\0o";
        assert_eq!(photoshop_writer(info).as_deref(), Some("Ado"));
        let other = [b"8BIM\x04\x04\x03abc\0\0\0\x01x\0".as_slice(), info].concat();
        assert_eq!(photoshop_writer(&other).as_deref(), Some("Ado"));
        assert_eq!(photoshop_writer(b"8BIM\x04\x04\0\0\0\0\0\0"), None);
    }
}
