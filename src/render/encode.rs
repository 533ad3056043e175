//! Saving as JPEG with as much quality as a limit of bytes leaves.

use jpeg_encoder::{Encoder, EncodingError, ImageBuffer, JpegColorType, SamplingFactor};

use super::Sheet;

/// Qualities that are tried, best first. Below 60 the edges of print begin to ring.
const QUALITIES: [u8; 5] = [90, 85, 78, 70, 60];

/// A JPEG with what it took to make it.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// Quality from 1 to 100, on the usual scale of libjpeg.
    pub quality: u8,
    /// Size of the picture divided by that of the sheet; below 1 where quality alone did not suffice.
    pub scale: f64,
    /// Width of the picture.
    pub width_px: u32,
    /// Height of the picture.
    pub height_px: u32,
}

/// Saves a sheet with fewer than `max_bytes` bytes, at the best quality and then the largest size that fits.
///
/// `None` when not even a tenth of the size fits, or a side is beyond the 65,535 pixels of a JPEG.
#[must_use]
pub fn encode_below(sheet: Sheet, max_bytes: u64) -> Option<Encoded> {
    let full_width_px = sheet.luma.width_px.max(1) as f64;
    let mut sheet = sheet;
    // Each round makes the sheet smaller, so that the loop ends.
    for _ in 0..12 {
        let scale = sheet.luma.width_px as f64 / full_width_px;
        let mut smallest = u64::MAX;
        for quality in QUALITIES {
            let bytes = encode(&sheet, quality).ok()?;
            smallest = bytes.len() as u64;
            if smallest < max_bytes {
                let side = |px: usize| u32::try_from(px).unwrap_or(u32::MAX);
                let (width_px, height_px) = (side(sheet.luma.width_px), side(sheet.luma.height_px));
                return Some(Encoded { bytes, quality, scale, width_px, height_px });
            }
            // Far above the limit, no quality on the list helps: a picture at 60 has about two fifths of the bytes at 90.
            if smallest / 4 > max_bytes {
                break;
            }
        }
        let wanted = (max_bytes as f64 / smallest as f64).sqrt() * 0.97;
        sheet = sheet.scaled(wanted.clamp(0.3, 0.9));
        if (sheet.luma.width_px as f64) < full_width_px / 10.0 {
            return None;
        }
    }
    None
}

fn encode(sheet: &Sheet, quality: u8) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode_image(Rows { sheet, width: side(sheet.luma.width_px)?, height: side(sheet.luma.height_px)? })?;
    Ok(bytes)
}

fn side(px: usize) -> Result<u16, EncodingError> {
    u16::try_from(px).map_err(|_| EncodingError::BadImageData { length: 0, required: px })
}

struct Rows<'a> {
    sheet: &'a Sheet,
    width: u16,
    height: u16,
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let y = usize::from(y);
        let width = usize::from(self.width);
        let [luma, cb, cr, _] = buffers;
        luma.extend_from_slice(self.sheet.luma.row(y));
        for (buffer, plane) in [(cb, &self.sheet.cb), (cr, &self.sheet.cr)] {
            buffer.extend(plane.row(y / 2).iter().flat_map(|&sample| [sample, sample]).take(width));
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use super::encode_below;
    use crate::planes::Plane;
    use crate::render::Sheet;

    fn noisy(side_px: usize) -> Sheet {
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let mut plane = |side_px: usize| Plane {
            width_px: side_px,
            height_px: side_px,
            stride: side_px,
            samples: (0..side_px * side_px).map(|_| next()).collect(),
        };
        Sheet { luma: plane(side_px), cb: plane(side_px / 2), cr: plane(side_px / 2) }
    }

    #[test]
    fn the_limit_is_kept_with_quality_first_and_size_second() {
        let ample = encode_below(noisy(200), 1_000_000).expect("fits");
        assert_eq!((ample.quality, ample.scale, ample.width_px), (90, 1.0, 200));
        let tight = encode_below(noisy(200), ample.bytes.len() as u64 * 3 / 4).expect("fits");
        assert!(tight.quality < 90 && tight.scale == 1.0, "{} {}", tight.quality, tight.scale);
        let small = encode_below(noisy(200), 6_000).expect("fits");
        assert!(small.bytes.len() < 6_000 && small.scale < 1.0);
        assert_eq!(encode_below(noisy(200), 100), None);
    }

    #[test]
    fn what_is_saved_can_be_opened_and_shows_the_same() {
        let flat = |value, side_px| Plane {
            width_px: side_px,
            height_px: side_px,
            stride: side_px,
            samples: vec![value; side_px * side_px],
        };
        let sheet = Sheet { luma: flat(150, 33), cb: flat(110, 17), cr: flat(140, 17) };
        let encoded = encode_below(sheet, 100_000).expect("fits");
        let picture = image::load_from_memory(&encoded.bytes).expect("a JPEG").to_rgb8();
        assert_eq!(picture.dimensions(), (33, 33));
        // ITU-T T.871: R = Y + 1.402 (Cr - 128), and so on.
        let [r, g, b] = picture.get_pixel(16, 16).0.map(i32::from);
        assert!((r - 167).abs() <= 3 && (g - 148).abs() <= 3 && (b - 118).abs() <= 3, "{r} {g} {b}");
    }
}
