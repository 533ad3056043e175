//! How bright the picture is, how evenly the paper is lit, and how far the print stands out from it.

use super::area::{Area, displayed_box};
use super::blocks::Blocks;
use super::histogram::Histogram;
use crate::photo_facts::Light;
use crate::planes::Planes;

/// Pixels that the histogram counts, about.
const SAMPLED_PX: f64 = 400_000.0;

/// From this value on a pixel counts as clipped: JPEG leaves clipped areas a step or two off.
const CLIPPED_HIGH: usize = 253;

/// Up to this value a pixel counts as clipped to black.
const CLIPPED_LOW: usize = 2;

/// Cells along each side of the area for the unevenness of light.
const CELLS: usize = 6;

/// Exponent of the encoding: values are compared in linear light. 2.2 is that of sRGB without its foot.
const GAMMA: f64 = 2.2;

/// Measures light in the area.
#[inline(never)]
pub(super) fn measure(planes: &Planes, area: &Area, blocks: &Blocks) -> Light {
    let inside = histogram(planes, area);
    let frame = if area.is_document() { histogram(planes, &Area::new(planes, None)) } else { inside.clone() };
    let at = |share: f64| f64::from(inside.quantile(share).unwrap_or(0));
    let luma_p95 = at(0.95);

    let (evenness, darkest) = evenness(area, blocks);
    Light {
        luma_p01: at(0.01),
        luma_p05: at(0.05),
        luma_p50: at(0.5),
        luma_p95,
        luma_p99: at(0.99),
        frame_luma_p99: f64::from(frame.quantile(0.99).unwrap_or(0)),
        clipped_bright_share: inside.share(CLIPPED_HIGH..=255),
        clipped_dark_share: inside.share(0..=CLIPPED_LOW),
        evenness,
        darkest_region: darkest.map(|bounds| displayed_box(planes, bounds)),
    }
}

fn histogram(planes: &Planes, area: &Area) -> Histogram {
    let [left, top, right, bottom] = area.bounds();
    let step = ((right - left) * (bottom - top) / SAMPLED_PX).sqrt().round().max(1.0) as usize;
    let mut histogram = Histogram::new();
    for y in (top as usize..bottom as usize).step_by(step) {
        let Some((from, to)) = area.span(y as f64 + 0.5) else { continue };
        let row = planes.luma.row(y).get(from as usize..to as usize).unwrap_or_default();
        for value in row.iter().step_by(step) {
            histogram.add(*value);
        }
    }
    histogram
}

/// Light on the paper in the darkest cell of the area divided by that in a bright one, and where it is darkest.
///
/// The paper of a cell is its brightest blocks, so print does not darken it; a cell without any paper (a dark picture)
/// is told from a shadow only by its size, which is why the second darkest cell decides. The bright one is that which a
/// quarter of the cells exceed, since a patch of glare is no measure of the light.
fn evenness(area: &Area, blocks: &Blocks) -> (Option<f64>, Option<[f64; 4]>) {
    let [left, top, right, bottom] = area.bounds();
    let mut cells: [[Histogram; CELLS]; CELLS] = std::array::from_fn(|_| std::array::from_fn(|_| Histogram::new()));
    let side = blocks.side_px as f64;
    let cell = |v: f64, low: f64, high: f64| ((v - low) / (high - low).max(1.0) * CELLS as f64) as usize;
    for (column, row, block) in blocks.within() {
        let (x, y) = ((column as f64 + 0.5) * side, (row as f64 + 0.5) * side);
        let found = cells.get_mut(cell(y, top, bottom)).and_then(|cells| cells.get_mut(cell(x, left, right)));
        if let Some(histogram) = found {
            histogram.add(block.mean);
        }
    }
    let full = cells.iter().flatten().map(Histogram::total).max().unwrap_or(0);
    let mut papers: Vec<(f64, usize, usize)> = Vec::new();
    for (row, cells) in cells.iter().enumerate() {
        for (column, histogram) in cells.iter().enumerate() {
            if histogram.total() * 2 > full && full >= 8 {
                let paper = f64::from(histogram.quantile(0.85).unwrap_or(0));
                papers.push(((paper / 255.0).powf(GAMMA), column, row));
            }
        }
    }
    papers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(dark), Some(bright)) = (papers.get(1), papers.get(papers.len() * 3 / 4)) else { return (None, None) };
    let evenness = (bright.0 > 0.0).then(|| (dark.0 / bright.0).min(1.0));
    let edge = |n: usize, low: f64, high: f64| low + (high - low) * n as f64 / CELLS as f64;
    let limit = dark.0 * 1.3;
    let region = papers.iter().take_while(|paper| paper.0 <= limit).map(|(_, column, row)| {
        [edge(*column, left, right), edge(*row, top, bottom), edge(column + 1, left, right), edge(row + 1, top, bottom)]
    });
    (evenness, region.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]))
}
