//! How bright the picture is, how evenly the paper is lit, and how far the print stands out from it.

use super::area::{Area, displayed_box};
use super::blocks::Blocks;
use super::histogram::{Histogram, quantile};
use crate::order::sort_by;
use crate::photo_facts::{Light, from_light, to_light};
use crate::planes::{Plane, Planes, Thumbnail};

/// Pixels that the histogram counts, about.
const SAMPLED_PX: f64 = 200_000.0;

/// From this value on a pixel counts as clipped: JPEG leaves clipped areas a step or two off.
const CLIPPED_HIGH: usize = 253;

/// Up to this value a pixel counts as clipped to black.
const CLIPPED_LOW: usize = 2;

/// Cells along each side of the area for the unevenness of light.
const CELLS: usize = 6;

/// Measures light in the area.
#[inline(never)]
pub(super) fn measure(planes: &Planes, area: &Area, blocks: &Blocks) -> Light {
    let inside = histogram(planes, area);
    let frame = if area.is_document() { histogram(planes, &Area::new(planes, None)) } else { inside.clone() };
    let at = |share: f64| f64::from(inside.quantile(share).unwrap_or(0));
    let luma_p95 = at(0.95);

    let shade = shade(planes, area, blocks);
    Light {
        luma_p01: at(0.01),
        luma_p05: at(0.05),
        luma_p50: at(0.5),
        luma_p95,
        luma_p99: at(0.99),
        frame_luma_p99: f64::from(frame.quantile(0.99).unwrap_or(0)),
        clipped_bright_share: inside.share(CLIPPED_HIGH..=255),
        clipped_dark_share: inside.share(0..=CLIPPED_LOW),
        evenness: shade.as_ref().map(|shade| (shade.dark / shade.bright).min(1.0)),
        shade_edge_share: shade.as_ref().and_then(|shade| edge_share(blocks, shade)),
        shade_tint: shade.as_ref().and_then(|shade| shade.tint),
        darkest_region: shade.map(|shade| displayed_box(planes, shade.bounds)),
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

/// How the light on the paper differs, in linear light.
struct Shade {
    /// Light in the darkest part.
    dark: f64,
    /// Light in a bright part, above 0.
    bright: f64,
    /// Box around the darkest part in luma pixels.
    bounds: [f64; 4],
    /// How far the colour of the darkest part is from that of the bright parts, as if both were white: units of Cb and Cr.
    tint: Option<f64>,
}

/// Brightness and colour of cells, added up.
#[derive(Debug, Clone, Copy, Default)]
struct Tint {
    luma: f64,
    cb: f64,
    cr: f64,
}

impl Tint {
    /// Adds what the small planes show at a place of the luma plane.
    fn add(&mut self, planes: &Planes, (x, y): (f64, f64)) {
        let Some(chroma) = &planes.thumbnail.chroma else { return };
        let at = |plane: &Plane| {
            let cell = |value: f64| value as usize / Thumbnail::CELL_PX;
            plane.row(cell(y)).get(cell(x)).map_or(0.0, |value| f64::from(*value))
        };
        self.luma += at(&planes.thumbnail.luma);
        self.cb += at(&chroma.cb) - 128.0;
        self.cr += at(&chroma.cr) - 128.0;
    }

    fn of(all: impl Iterator<Item = Self>) -> Option<[f64; 2]> {
        let sum = all.fold(Self::default(), |sum, one| Self {
            luma: sum.luma + one.luma,
            cb: sum.cb + one.cb,
            cr: sum.cr + one.cr,
        });
        (sum.luma > 0.0).then(|| [255.0 * sum.cb / sum.luma, 255.0 * sum.cr / sum.luma])
    }
}

/// The light on the paper in the darkest cell of the area, in a bright one, and where it is darkest.
///
/// The paper of a cell is its brightest blocks, so print does not darken it; a cell without any paper (a dark picture)
/// is told from a shadow only by its size, which is why the second darkest cell decides. The bright one is that which a
/// quarter of the cells exceed, since a patch of glare is no measure of the light.
fn shade(planes: &Planes, area: &Area, blocks: &Blocks) -> Option<Shade> {
    let [left, top, right, bottom] = area.bounds();
    let mut cells: [[Histogram; CELLS]; CELLS] = std::array::from_fn(|_| std::array::from_fn(|_| Histogram::new()));
    let mut tints = [[Tint::default(); CELLS]; CELLS];
    let side = blocks.side_px as f64;
    let per_px = |low: f64, high: f64| CELLS as f64 / (high - low).max(1.0);
    let (across, down) = (per_px(left, right), per_px(top, bottom));
    for (column, row, block) in blocks.within() {
        let (x, y) = ((column as f64 + 0.5) * side, (row as f64 + 0.5) * side);
        let cell = (((x - left) * across) as usize, ((y - top) * down) as usize);
        if let Some(histogram) = cells.get_mut(cell.1).and_then(|cells| cells.get_mut(cell.0)) {
            histogram.add(block.mean);
        }
        // The mean colour of a cell needs no more.
        if column % 2 == 0
            && row % 2 == 0
            && let Some(tint) = tints.get_mut(cell.1).and_then(|tints| tints.get_mut(cell.0))
        {
            tint.add(planes, (x, y));
        }
    }
    let full = cells.iter().flatten().map(Histogram::total).max().unwrap_or(0);
    let mut papers: Vec<(f64, usize, usize)> = Vec::new();
    for (row, cells) in cells.iter().enumerate() {
        for (column, histogram) in cells.iter().enumerate() {
            if histogram.total() * 2 > full && full >= 8 {
                let paper = f64::from(histogram.quantile(0.85).unwrap_or(0));
                papers.push((to_light(paper / 255.0), column, row));
            }
        }
    }
    sort_by(&mut papers, |a, b| a.0.total_cmp(&b.0));
    let (dark, bright) = (papers.get(1)?.0, papers.get(papers.len() * 3 / 4)?.0);
    let edge = |n: usize, low: f64, high: f64| low + (high - low) * n as f64 / CELLS as f64;
    let limit = dark * 1.3;
    let darkest = papers.iter().take_while(|paper| paper.0 <= limit);
    let tint_at = |(_, column, row): &(f64, usize, usize)| tints.get(*row)?.get(*column).copied();
    let tint = Tint::of(darkest.clone().filter_map(tint_at))
        .zip(Tint::of(papers.iter().skip(papers.len() * 3 / 4).filter_map(tint_at)))
        .map(|(dark, bright)| (dark[0] - bright[0]).hypot(dark[1] - bright[1]));
    let region = darkest.map(|(_, column, row)| {
        [edge(*column, left, right), edge(*row, top, bottom), edge(column + 1, left, right), edge(row + 1, top, bottom)]
    });
    let bounds = region.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    (bright > 0.0).then_some(Shade { dark, bright, bounds, tint })
}

/// Above this share of light nothing is dark enough to ask where it ends.
const DARK_SHARE: f64 = 0.5;

/// Fewer places along the border of the dark part say nothing.
const MIN_PLACES: usize = 24;

/// How much of the step from bright to dark paper happens within three blocks, as the median along the border of the
/// dark part: near 1 for a printed field, which ends within a pixel, and less for a shadow, whose border is as wide as
/// the lamp makes it. `None` where nothing is dark or the border is short.
fn edge_share(blocks: &Blocks, shade: &Shade) -> Option<f64> {
    if shade.dark / shade.bright > DARK_SHARE {
        return None;
    }
    let (dark, bright) = (255.0 * from_light(shade.dark), 255.0 * from_light(shade.bright));
    let columns = blocks.columns.max(1);
    let paper = paper(blocks);
    let value = |column: usize, row: usize| {
        let at = row * columns + column;
        let is_inside = column < columns && blocks.inside.get(at).copied().unwrap_or(false);
        paper.get(at).filter(|_| is_inside).map(|value| f64::from(*value))
    };
    let middle = (dark + bright) / 2.0;
    let mut shares: Vec<f32> = Vec::new();
    for at in 0..paper.len() {
        let (column, row) = (at % columns, at / columns);
        for (right, down) in [(1, 0), (0, 1)] {
            // Four blocks in a row, of which the middle two lie on both sides of the middle brightness.
            let places: [Option<f64>; 4] = std::array::from_fn(|step| value(column + step * right, row + step * down));
            let [Some(a), Some(b), Some(c), Some(d)] = places else { continue };
            if (b < middle) != (c < middle) {
                shares.push(((a - d).abs() / (bright - dark).max(1.0)) as f32);
            }
        }
    }
    if shares.len() < MIN_PLACES {
        return None;
    }
    quantile(&shares, 0.5).map(|share| share.min(1.0))
}

/// The brightest pixel of each block and of its eight neighbours: paper without the strokes of print on it.
fn paper(blocks: &Blocks) -> Vec<u8> {
    let columns = blocks.columns.max(1);
    let across = |row: &[u8]| -> Vec<u8> {
        let beside = |at: usize, of: &[u8]| {
            of.get(at.saturating_sub(1)..(at + 2).min(of.len())).map_or(0, |part| part.iter().copied().fold(0, u8::max))
        };
        (0..row.len()).map(|at| beside(at, row)).collect()
    };
    let brightest: Vec<u8> = blocks.blocks.iter().map(|block| block.brightest).collect();
    let rows: Vec<Vec<u8>> = brightest.chunks(columns).map(across).collect();
    let mut out = Vec::with_capacity(brightest.len());
    for at in 0..rows.len() {
        let beside = rows.get(at.saturating_sub(1)..(at + 2).min(rows.len())).unwrap_or_default();
        let Some(here) = rows.get(at) else { continue };
        out.extend(
            (0..here.len()).map(|column| beside.iter().filter_map(|row| row.get(column).copied()).fold(0, u8::max)),
        );
    }
    out
}
