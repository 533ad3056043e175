//! Components to luma and colour differences, as the usual decoder understands them.

use super::frame::{BLOCK_PX, Component, Frame};
use crate::decode::{DecodeError, color};
use crate::facts::{ColorModel, PictureFacts};
use crate::planes::{Chroma, Plane, Planes, Thumbnail};

/// Planes of a decoded frame.
pub(super) fn to_planes(frame: Frame, picture: &PictureFacts) -> Result<Planes, DecodeError> {
    let scale = usize::from(frame.scale);
    let size = (frame.width_px.div_ceil(scale), frame.height_px.div_ceil(scale));
    let mut components = frame.components.into_iter();
    let mut first = components.next().ok_or(DecodeError::NoPixels)?;
    let rest: Vec<Component> = components.collect();
    let model = picture.color_model;
    match (model, <[Component; 2]>::try_from(rest)) {
        (ColorModel::Ycbcr, Ok([cb, cr])) => {
            let thumbnail = thumbnail_luma(&mut first, size, scale);
            let cr_size = (cr.plane.width_px, cr.plane.height_px);
            let luma = resized(first.plane, size);
            // Odd sampling factors can make the two differ, which nothing behind here has to know.
            let mut cr = cr.plane;
            let mut cb = cb.plane;
            if (cb.width_px, cb.height_px) != cr_size {
                let common = (cb.width_px.max(cr.width_px), cb.height_px.max(cr.height_px));
                cb = resized(cb, common);
                cr = resized(cr, common);
            }
            Ok(assemble(luma, Some(Chroma { cb, cr }), thumbnail))
        }
        (ColorModel::Rgb, Ok([green, blue])) => {
            let mut planes = [first.plane, green.plane, blue.plane].map(|plane| resized(plane, size));
            convert(&mut planes, |[r, g, b]| {
                let [cb, cr] = color::differences([r, g, b]);
                [color::luma([r, g, b]), cb, cr]
            });
            let [luma, cb, cr] = planes;
            Ok(assemble(luma, Some(Chroma { cb, cr }), None))
        }
        (_, Err(rest)) => match (model, <[Component; 3]>::try_from(rest)) {
            (ColorModel::Cmyk | ColorModel::Ycck, Ok([second, third, black])) => {
                let mut planes =
                    [first.plane, second.plane, third.plane, black.plane].map(|plane| resized(plane, size));
                // Inks are stored the other way round, as Adobe does and browsers assume.
                let is_ycck = model == ColorModel::Ycck;
                convert(&mut planes, |[a, b, c, black]| {
                    let light = if is_ycck { color::rgb([a, b, c]).map(|value| 255 - value) } else { [a, b, c] };
                    let rgb = light.map(|value| ((u32::from(value) * u32::from(black) + 127) / 255) as u8);
                    let [cb, cr] = color::differences(rgb);
                    [color::luma(rgb), cb, cr, black]
                });
                let [luma, cb, cr, _] = planes;
                Ok(assemble(luma, Some(Chroma { cb, cr }), None))
            }
            _ => {
                let thumbnail = thumbnail_luma(&mut first, size, scale);
                Ok(assemble(resized(first.plane, size), None, thumbnail))
            }
        },
        _ => {
            let thumbnail = thumbnail_luma(&mut first, size, scale);
            Ok(assemble(resized(first.plane, size), None, thumbnail))
        }
    }
}

/// The means of the blocks and the ends of their range, where each stands for 8x8 pixels of the luma plane.
fn thumbnail_luma(first: &mut Component, size: (usize, usize), scale: usize) -> Option<(Plane, Vec<[u8; 2]>)> {
    if scale != 1 || (first.plane.width_px, first.plane.height_px) != size {
        return None;
    }
    let means = Plane {
        width_px: size.0.div_ceil(BLOCK_PX),
        height_px: size.1.div_ceil(BLOCK_PX),
        stride: first.blocks_in_row,
        samples: std::mem::take(&mut first.means),
    };
    Some((means, std::mem::take(&mut first.ends)))
}

fn resized(plane: Plane, size: (usize, usize)) -> Plane {
    if (plane.width_px, plane.height_px) == size { plane } else { plane.nearest(size) }
}

/// Puts other values in the place of those of each pixel; all planes have one size.
fn convert<const N: usize>(planes: &mut [Plane; N], act: impl Fn([u8; N]) -> [u8; N]) {
    let (width_px, height_px) = planes.first().map_or((0, 0), |plane| (plane.width_px, plane.height_px));
    for y in 0..height_px {
        let mut rows = planes.each_mut().map(|plane| {
            let start = y * plane.stride;
            plane.samples.get_mut(start..start + width_px).unwrap_or_default()
        });
        for x in 0..width_px {
            let values = act(rows.each_ref().map(|row| row.get(x).copied().unwrap_or(0)));
            for (row, value) in rows.iter_mut().zip(values) {
                if let Some(slot) = row.get_mut(x) {
                    *slot = value;
                }
            }
        }
    }
}

fn assemble(luma: Plane, chroma: Option<Chroma>, known: Option<(Plane, Vec<[u8; 2]>)>) -> Planes {
    let thumbnail = Thumbnail::of(&luma, chroma.as_ref(), known);
    Planes::with_thumbnail(luma, chroma, thumbnail)
}
