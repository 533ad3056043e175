//! Bytes to planes: JPEG, PNG and the first frame of GIF, once and without a detour through RGB.
//!
//! Luma goes straight into its plane, colour differences as the file has them. Every size is checked against
//! [`DecodeLimits`] before memory is taken; a picture over the budget is read at 1/2, 1/4 or 1/8 of its size. A damaged
//! picture gives what could be decoded, with the damage in [`Planes::damage`].

mod color;
mod gif;
mod jpeg;
mod png;
mod samples;

use crate::facts::{Coding, FileFacts, Format, PictureFacts};
use crate::limits::DecodeLimits;
use crate::planes::Planes;

/// Why there are no planes. None of these is the caller's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// The file is not a JPEG, PNG or GIF.
    NotAPicture,
    /// The coding is one that browsers do not show either: arithmetic, lossless, hierarchical, or 12 bits per sample.
    UnsupportedCoding,
    /// Even at 1/8 of its size the picture is over the budget, or too much of the file was not read.
    OverBudget,
    /// Not one pixel could be decoded.
    NoPixels,
}

/// Decodes a picture. `facts` are those of the same bytes.
///
/// The planes hold the picture as stored; Exif orientation is a view on them. Rows that could not be decoded are grey
/// (128), and [`Planes::decoded_share`] is below 1.
///
/// # Errors
/// [`DecodeError`] when there is nothing to show; never on account of damage behind the first pixels.
pub fn decode(bytes: &[u8], facts: &FileFacts, limits: &DecodeLimits) -> Result<Planes, DecodeError> {
    let picture = facts.picture.as_ref().ok_or(DecodeError::NotAPicture)?;
    if matches!(picture.coding, Coding::Lossless | Coding::Hierarchical | Coding::Arithmetic) {
        return Err(DecodeError::UnsupportedCoding);
    }
    if facts.read_bytes < facts.size_bytes {
        return Err(DecodeError::OverBudget);
    }
    if picture.stored_width_px == 0 || picture.stored_height_px == 0 {
        return Err(DecodeError::NoPixels);
    }
    let mut planes = match facts.format {
        Format::Jpeg => jpeg::decode(bytes, picture, limits),
        Format::Png => png::decode(bytes, picture, limits),
        Format::Gif => gif::decode(bytes, picture, limits),
        _ => Err(DecodeError::NotAPicture),
    }?;
    if planes.decoded_share <= 0.0 {
        return Err(DecodeError::NoPixels);
    }
    planes.exif_orientation = picture.exif_orientation.clamp(1, 8);
    planes.stored_width_px = picture.stored_width_px;
    planes.stored_height_px = picture.stored_height_px;
    planes.focal_length_px = picture.focal_length_px;
    Ok(planes)
}

/// The smallest of 1, 2, 4 and 8 that brings a PNG or GIF within the budget.
fn unpacked_scale(picture: &PictureFacts, limits: &DecodeLimits) -> Result<u8, DecodeError> {
    let px = u64::from(picture.stored_width_px) * u64::from(picture.stored_height_px);
    if px > limits.max_unpacked_px {
        return Err(DecodeError::OverBudget);
    }
    let fits = |scale: u8| {
        let (width_px, height_px) = scaled_size(picture, scale);
        let luma_px = width_px as u64 * height_px as u64;
        luma_px <= limits.max_luma_px && luma_px * 3 / 2 <= limits.max_bytes
    };
    [1, 2, 4, 8].into_iter().find(|&scale| fits(scale)).ok_or(DecodeError::OverBudget)
}

/// Size of the luma plane at 1/`scale`, rounded up.
fn scaled_size(picture: &PictureFacts, scale: u8) -> (usize, usize) {
    let side = |px: u32| px.div_ceil(u32::from(scale.max(1))) as usize;
    (side(picture.stored_width_px), side(picture.stored_height_px))
}
