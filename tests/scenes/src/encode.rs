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
