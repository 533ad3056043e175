//! The picture at the size at which documents are looked for: about 500 cells along its long side.

use super::grid::Grid;
use crate::planes::{Plane, Planes, Thumbnail};

/// Cells along the long side that are aimed at. At this size fine texture of cloth and wood averages out while the side
/// of a card that takes a fifth of the picture still has 100 cells; 12 megapixels come to exactly 1/8.
const AIM_CELLS: f64 = 500.0;

/// Brightness and colour differences of the picture in cells of equal size.
#[derive(Debug, Clone, Default)]
pub(super) struct Small {
    /// Luma, blue difference, red difference, 0 to 255.
    pub channels: [Grid<f32>; 3],
    /// Luma pixels along a cell's side.
    pub cell_px: f64,
    /// Whether the file stores colour.
    pub has_color: bool,
}

impl Small {
    #[inline(never)]
    pub(super) fn new(planes: &Planes) -> Self {
        let long_px = planes.luma.width_px.max(planes.luma.height_px);
        let cell_px = (long_px as f64 / AIM_CELLS).round().max(1.0);
        let (width, height) = (cells(planes.luma.width_px, cell_px), cells(planes.luma.height_px, cell_px));
        if cell_px == Thumbnail::CELL_PX as f64 {
            let thumbnail = &planes.thumbnail;
            let luma = cut(&thumbnail.luma, width, height);
            let colors = thumbnail.chroma.as_ref();
            let colors = colors.map(|chroma| (cut(&chroma.cb, width, height), cut(&chroma.cr, width, height)));
            return Self::of(luma, colors, cell_px);
        }
        let luma = shrink(&planes.luma, width, height, cell_px, cell_px);
        let colors = planes.chroma.as_ref().map(|chroma| {
            let across = chroma.cb.width_px as f64 / planes.luma.width_px.max(1) as f64;
            let down = chroma.cb.height_px as f64 / planes.luma.height_px.max(1) as f64;
            let shrink = |plane| shrink(plane, width, height, cell_px * across, cell_px * down);
            (shrink(&chroma.cb), shrink(&chroma.cr))
        });
        Self::of(luma, colors, cell_px)
    }

    fn of(luma: Grid<f32>, colors: Option<(Grid<f32>, Grid<f32>)>, cell_px: f64) -> Self {
        let has_color = colors.is_some();
        let (cb, cr) = colors.unwrap_or_else(|| {
            let none = Grid { width: luma.width, height: luma.height, cells: vec![128.0; luma.cells.len()] };
            (none.clone(), none)
        });
        Self { channels: [luma, cb, cr], cell_px, has_color }
    }

    pub(super) fn width(&self) -> usize {
        self.channels[0].width
    }

    pub(super) fn height(&self) -> usize {
        self.channels[0].height
    }

    /// Luma and colour differences at a place in cells.
    pub(super) fn color(&self, x: f32, y: f32) -> [f32; 3] {
        let [luma, cb, cr] = &self.channels;
        let place = luma.place(x, y);
        [luma.read(&place), cb.read(&place), cr.read(&place)]
    }
}

/// The whole cells of a plane that is as small already.
fn cut(plane: &Plane, width: usize, height: usize) -> Grid<f32> {
    let mut out = Grid::new(width, height);
    for (y, row) in out.cells.chunks_exact_mut(width.max(1)).enumerate() {
        for (cell, sample) in row.iter_mut().zip(plane.row(y)) {
            *cell = f32::from(*sample);
        }
    }
    out
}

fn cells(pixels: usize, cell_px: f64) -> usize {
    (pixels as f64 / cell_px).floor() as usize
}

/// The mean of the samples in each cell, which is `cell_width` by `cell_height` samples large.
fn shrink(plane: &Plane, width: usize, height: usize, cell_width: f64, cell_height: f64) -> Grid<f32> {
    let mut out = Grid::new(width, height);
    if width == 0 || height == 0 {
        return out;
    }
    let bounds: Vec<(usize, usize)> = (0..width).map(|x| span(x, cell_width, plane.width_px)).collect();
    // Noise of a cell is small anyway: every second row of large cells is enough.
    let step = if cell_height >= 6.0 { 2 } else { 1 };
    let mut sums = vec![0u16; plane.width_px];
    for (y, row) in out.cells.chunks_exact_mut(width).enumerate() {
        let (top, bottom) = span(y, cell_height, plane.height_px);
        // Sums of up to 257 rows fit; cells of larger pictures are read in as many.
        let rows = (top..bottom).step_by(step.max((bottom - top) / 128));
        sums.fill(0);
        for source in rows.clone() {
            for (sum, sample) in sums.iter_mut().zip(plane.row(source)) {
                *sum = sum.wrapping_add(u16::from(*sample));
            }
        }
        let rows = rows.count() as f32;
        for (cell, (left, right)) in row.iter_mut().zip(&bounds) {
            let sums = sums.get(*left..*right).unwrap_or(&[]);
            let sum: u32 = sums.iter().map(|sum| u32::from(*sum)).sum();
            *cell = sum as f32 / (rows * (right - left).max(1) as f32);
        }
    }
    out
}

/// The samples of a cell, at least one.
fn span(index: usize, size: f64, samples: usize) -> (usize, usize) {
    let last = samples.saturating_sub(1);
    let from = ((index as f64 * size).round() as usize).min(last);
    let to = (((index + 1) as f64 * size).round() as usize).clamp(from + 1, last.max(from) + 1);
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::{Small, shrink};
    use crate::planes::Plane;

    fn plane(width_px: usize, height_px: usize, value: impl Fn(usize, usize) -> u8) -> Plane {
        let samples = (0..height_px).flat_map(|y| (0..width_px).map(move |x| (x, y))).map(|(x, y)| value(x, y));
        Plane { width_px, height_px, stride: width_px, samples: samples.collect() }
    }

    #[test]
    fn a_cell_is_the_mean_of_its_samples() {
        let plane = plane(4, 4, |x, y| (x * 10 + y) as u8);
        let small = shrink(&plane, 2, 2, 2.0, 2.0);
        assert_eq!(small.cells, [5.5, 25.5, 7.5, 27.5]);
        let larger = shrink(&plane, 8, 8, 0.5, 0.5);
        assert_eq!(larger.at(7, 7), 33.0);
    }

    #[test]
    fn an_empty_picture_has_no_cells() {
        assert!(shrink(&Plane::default(), 0, 0, 1.0, 1.0).cells.is_empty());
        assert_eq!(Small::default().width(), 0);
    }
}
