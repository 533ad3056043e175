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

/// Tint of paper in units of Cb and Cr from which the picture may be toned. Lamps give up to 32, sepia from 29 on.
const STRONG_TINT: f32 = 20.0;

/// Bands of brightness, each with a tint of its own in a toned picture where enough of it is as bright, and how far that
/// tint may be from the paper's.
const BANDS: usize = 16;
const LEAST_IN_BAND: usize = 32;
const MAX_BEND: f32 = 6.0;

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
    let tint_of = |sample: &Sample| [sample.cb - tint_cb * sample.luma, sample.cr - tint_cr * sample.luma];
    let bends =
        if tint_cb.hypot(tint_cr) * 255.0 >= STRONG_TINT { bends(&samples, tint_of) } else { [[0.0; 2]; BANDS] };
    let beyond: Vec<f32> = samples
        .iter()
        .map(|sample| {
            let ([cb, cr], [bend_cb, bend_cr]) =
                (tint_of(sample), bends.get(sample.band()).copied().unwrap_or_default());
            [cb - bend_cb, cr - bend_cr]
        })
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

/// How far the tint of each brightness is from that of paper, in units of Cb and Cr: what tones a picture turns its shadows
/// another colour than its lights.
fn bends(samples: &[Sample], beyond_tint: impl Fn(&Sample) -> [f32; 2]) -> [[f32; 2]; BANDS] {
    std::array::from_fn(|band| {
        let within = || samples.iter().filter(|sample| sample.band() == band).map(&beyond_tint);
        if within().count() < LEAST_IN_BAND {
            return [0.0; 2];
        }
        let median = |values: Vec<f32>| quantile(&values, 0.5).unwrap_or(0.0) as f32;
        let bend = [median(within().map(|[cb, _]| cb).collect()), median(within().map(|[_, cr]| cr).collect())];
        // What is further off has a colour of its own.
        bend.map(|value| value.clamp(-MAX_BEND, MAX_BEND))
    })
}

/// Brightness and colour of one block.
struct Sample {
    luma: f32,
    cb: f32,
    cr: f32,
}

impl Sample {
    fn band(&self) -> usize {
        (self.luma as usize * BANDS / 256).min(BANDS - 1)
    }

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

#[cfg(test)]
mod tests {
    use super::measure;
    use crate::measure::area::Area;
    use crate::measure::blocks::Blocks;
    use crate::planes::{Chroma, Plane, Planes};

    /// A page of bands from dark to bright, whose colour differences go by its brightness; `seal` has its own.
    fn toned(seal: bool) -> Planes {
        let (width_px, height_px) = (640, 640);
        let mut luma = Plane::filled(width_px, height_px, 0);
        let mut chroma =
            Chroma { cb: Plane::filled(width_px, height_px, 128), cr: Plane::filled(width_px, height_px, 128) };
        for y in 0..height_px {
            for x in 0..width_px {
                let at = y * width_px + x;
                let bright = 40 + 25 * (y / 80) as u8;
                luma.samples[at] = bright;
                // Shadows are toned more than in proportion.
                let tone = 6.0 + 18.0 * f64::from(bright) / 255.0;
                chroma.cb.samples[at] = (128.0 - tone) as u8;
                chroma.cr.samples[at] = (128.0 + tone / 2.0) as u8;
                if seal && (300..340).contains(&x) && (300..340).contains(&y) {
                    (chroma.cb.samples[at], chroma.cr.samples[at]) = (110, 190);
                }
            }
        }
        Planes::new(luma, Some(chroma))
    }

    #[test]
    fn a_toned_picture_has_one_tint_and_a_seal_in_it_is_a_colour() {
        let color = |seal| {
            let planes = toned(seal);
            let area = Area::new(&planes, None);
            measure(&planes, &area, &Blocks::new(&planes, &area)).unwrap()
        };
        let toned = color(false);
        assert!(toned.tint > 20.0 && toned.beyond_tint_p999 < 3.0, "{toned:?}");
        let sealed = color(true);
        assert!(sealed.colored_share > 0.003 && sealed.beyond_tint_p999 > 30.0, "{sealed:?}");
    }
}
