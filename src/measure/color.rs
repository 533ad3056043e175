//! Whether there are colours, beyond a tint that light or paper give to the whole.

use super::area::Area;
use super::blocks::Blocks;
use super::histogram::{Histogram, quantile};
use crate::photo_facts::Color;
use crate::planes::{Chroma, Planes};

/// Differences from grey up to this are rounding of the colour conversion.
const GRAY_MAX: u8 = 1;

/// Blocks whose colour is looked at, about, of the whole picture; a seal of 4 cm on a page has 25 of them.
const SAMPLED_BLOCKS: usize = 25_000;

/// Samples of each plane that are compared with grey, about.
const SAMPLED_PX: usize = 100_000;

/// Farther than this from the tint a place is coloured, in units of Cb and Cr. Fringes of lenses and demosaicing stay
/// below it.
const COLORED_FROM: f32 = 16.0;

/// Measures colour in the area; `None` where the file stores none.
#[inline(never)]
pub(super) fn measure(planes: &Planes, area: &Area, blocks: &Blocks) -> Option<Color> {
    let chroma = planes.chroma.as_ref()?;
    let step = (blocks.blocks.len() as f64 / SAMPLED_BLOCKS as f64).sqrt().round().max(1.0) as usize;
    let in_chroma = |side_px: usize, of: usize, full: usize| -> Vec<[usize; 2]> {
        let at = |block: usize, quarter: usize| (block * side_px + quarter * side_px / 4) * of / full.max(1);
        (0..full / side_px).map(|block| [1, 3].map(|quarter| at(block, quarter))).collect()
    };
    let columns = in_chroma(blocks.side_px, chroma.cb.width_px, planes.luma.width_px);
    let rows = in_chroma(blocks.side_px, chroma.cb.height_px, planes.luma.height_px);
    let samples: Vec<Sample> = blocks
        .within()
        .filter(|(column, row, _)| column % step == 0 && row % step == 0)
        .filter_map(|(column, row, block)| {
            Sample::of(chroma, columns.get(column).copied()?, rows.get(row).copied()?, block.mean)
        })
        .collect();
    let mut off_gray = Histogram::new();
    for plane in [&chroma.cb, &chroma.cr] {
        let step = (plane.width_px * plane.height_px / SAMPLED_PX).isqrt().max(1);
        for y in (0..plane.height_px).step_by(step) {
            plane.row(y).iter().step_by(step).for_each(|value| off_gray.add(value.abs_diff(128)));
        }
    }
    let mut luma = Histogram::new();
    samples.iter().for_each(|sample| luma.add(sample.luma as u8));
    // The tint of the brighter half, which is paper.
    let bright = f32::from(luma.quantile(0.5)?);
    let tint = |of: fn(&Sample) -> f32| {
        let values: Vec<f32> = samples
            .iter()
            .filter(|sample| sample.luma >= bright && sample.luma > 16.0)
            .map(|s| of(s) / s.luma)
            .collect();
        quantile(&values, 0.5).unwrap_or(0.0) as f32
    };
    let (tint_cb, tint_cr) = (tint(|sample| sample.cb), tint(|sample| sample.cr));
    let beyond: Vec<f32> = samples
        .iter()
        .map(|sample| [sample.cb - tint_cb * sample.luma, sample.cr - tint_cr * sample.luma])
        // `f32::hypot` guards against what no colour is, and takes its time for it.
        .map(|[cb, cr]| (cb * cb + cr * cr).sqrt())
        .collect();
    let colored = beyond.iter().filter(|distance| **distance >= COLORED_FROM).count();
    Some(Color {
        on_document: area.is_document(),
        gray_share: off_gray.share(0..=usize::from(GRAY_MAX)),
        tint: f64::from(tint_cb.hypot(tint_cr)) * 255.0,
        colored_share: colored as f64 / samples.len().max(1) as f64,
        beyond_tint_p999: quantile(&beyond, 0.999)?,
        beyond_tint_p99: quantile(&beyond, 0.99)?,
        beyond_tint_p50: quantile(&beyond, 0.5)?,
    })
}

/// Brightness and colour of one block.
struct Sample {
    luma: f32,
    cb: f32,
    cr: f32,
}

impl Sample {
    /// The mean of four places of a block, given by their columns and rows in the colour planes.
    fn of(chroma: &Chroma, columns: [usize; 2], rows: [usize; 2], luma: u8) -> Option<Self> {
        let (mut cb, mut cr) = (0_i32, 0_i32);
        for y in rows {
            let (blue, red) = (chroma.cb.row(y), chroma.cr.row(y));
            for x in columns {
                cb += i32::from(*blue.get(x)?) - 128;
                cr += i32::from(*red.get(x)?) - 128;
            }
        }
        Some(Self { luma: f32::from(luma), cb: cb as f32 / 4.0, cr: cr as f32 / 4.0 })
    }
}
