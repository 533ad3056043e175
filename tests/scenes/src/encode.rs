//! JPEG files with camera data.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// The smallest Exif segment that names a camera and an orientation.
#[must_use]
pub fn exif(make: &str, model: &str, orientation: u8) -> Vec<u8> {
    let mut out = b"Exif\0\0II*\0\x08\0\0\0\x03\0".to_vec();
    let texts = [format!("{make}\0"), format!("{model}\0")];
    let mut offset = 8 + 2 + 3 * 12 + 4;
    for (tag, text) in [(0x010F_u16, &texts[0]), (0x0110, &texts[1])] {
        out.extend(tag.to_le_bytes());
        out.extend(2_u16.to_le_bytes());
        out.extend((text.len() as u32).to_le_bytes());
        // Texts of up to four bytes would have to stand in the entry itself; names of cameras are longer.
        out.extend((offset as u32).to_le_bytes());
        offset += text.len();
    }
    out.extend(0x0112_u16.to_le_bytes());
    out.extend(3_u16.to_le_bytes());
    out.extend(1_u32.to_le_bytes());
    out.extend([orientation, 0, 0, 0]);
    out.extend([0; 4]);
    out.extend(texts.concat().bytes());
    out
}

/// An Exif segment as a phone writes it that knows its lens: `FocalLengthIn35mmFilm` and the size of the picture as stored.
#[must_use]
pub fn exif_with_lens(orientation: u8, film_mm: u16, [width, height]: [usize; 2]) -> Vec<u8> {
    let mut out = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    let mut directory = |entries: &[(u16, u16, u32)]| {
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            out.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            // One SHORT (3) or LONG (4); in this order of bytes both begin the same.
            out.extend([1, *value].map(u32::to_le_bytes).concat());
        }
        out.extend([0; 4]);
    };
    directory(&[(0x0112, 3, u32::from(orientation)), (0x8769, 4, 8 + 2 + 2 * 12 + 4)]);
    directory(&[(0xA002, 4, width as u32), (0xA003, 4, height as u32), (0xA405, 3, u32::from(film_mm))]);
    out
}

/// A JPEG with a further segment of camera data, which comes before any other.
///
/// # Panics
/// When the segment is longer than a segment can be.
#[must_use]
pub fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    let size = u16::try_from(exif.len() + 2).expect("the segment is short").to_be_bytes();
    [start, &[0xFF, 0xE1], &size, exif, rest].concat()
}

/// Encodes RGB (or one grey channel) as JPEG.
///
/// # Panics
/// When the size does not fit the samples.
#[must_use]
pub fn encode_jpeg(
    samples: &[u8],
    [width, height]: [usize; 2],
    quality: u8,
    subsampled: bool,
    exif: Option<&[u8]>,
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(if subsampled { SamplingFactor::F_2_2 } else { SamplingFactor::F_1_1 });
    if let Some(exif) = exif {
        encoder.add_app_segment(1, exif.to_vec()).expect("the segment is short");
    }
    let color = if samples.len() == width * height { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(samples, width as u16, height as u16, color).expect("the samples fit the size");
    out
}
