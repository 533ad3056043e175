//! The picture as quads in it are seen straightened: at three sizes, so that the places of a patch are a cell or two apart.

use super::fours::Four;
use super::grid::Grid;
use super::layers::Map;
use super::small::Small;
use crate::geometry::{self, Homography, Quad};

/// Luma, blue and red difference, and how strongly they change.
pub(super) type Cell = [f32; 4];

/// Change per cell in levels at which a net sees half of a full change, as for edges.
const HALF_CHANGE: f32 = 3.5;

/// In cells of [`Small`], of twice and of four times their size.
pub(super) struct Levels([Grid<Cell>; 3]);

impl Levels {
    #[inline(never)]
    pub(super) fn new(small: &Small, strength: &Grid<f32>) -> Self {
        let [luma, cb, cr] = &small.channels;
        let cells = luma.cells.iter().zip(&cb.cells).zip(&cr.cells).zip(&strength.cells);
        let cells = cells.map(|(((luma, cb), cr), strength)| [*luma, *cb, *cr, *strength]).collect();
        let whole = Grid { width: luma.width, height: luma.height, cells };
        let half = half_size(&whole);
        let quarter = half_size(&half);
        Self([whole, half, quarter])
    }

    /// What a net sees of a quad in cells: `side` places along each side, which are `step` cells apart. `None` where it is no
    /// view of a rectangle.
    pub(super) fn patch(&self, quad: &Quad, side: usize, mut step: f64) -> Option<Map> {
        if !quad.iter().flatten().all(|at| at.is_finite()) || !geometry::is_convex(quad) {
            return None;
        }
        let [whole, half, quarter] = &self.0;
        let mut level = whole;
        let mut size = 1.0;
        for larger in [half, quarter] {
            if step >= 2.0 {
                (level, size, step) = (larger, size * 2.0, step / 2.0);
            }
        }
        let map = Homography::from_unit_square(&quad.map(|[x, y]| [x / size, y / size]))?;
        let mut out = Map::new(4, side, side);
        let middles = Four::load(&[128.0, 128.0, 128.0, 0.0]);
        let (units, change) = (Four::load(&[64.0, 32.0, 32.0, HALF_CHANGE]), Four::load(&[0.0, 0.0, 0.0, 1.0]));
        for (y, row) in out.values.chunks_exact_mut(side.max(1)).enumerate() {
            let places = map.row((y as f64 + 0.5) / side as f64, side);
            for (value, place) in row.iter_mut().zip(places) {
                let cell = level.sample(place);
                *value = cell.minus(middles).over(units.plus(cell.times(change))).store();
            }
        }
        Some(out)
    }
}

fn half_size(grid: &Grid<Cell>) -> Grid<Cell> {
    let mut out: Grid<Cell> = Grid::new(grid.width / 2, grid.height / 2);
    for (y, row) in out.cells.chunks_exact_mut((grid.width / 2).max(1)).enumerate() {
        let pairs = grid.row(2 * y).as_chunks::<2>().0.iter().zip(grid.row(2 * y + 1).as_chunks::<2>().0);
        for (cell, ([a, b], [c, d])) in row.iter_mut().zip(pairs) {
            let [a, b, c, d] = [a, b, c, d].map(Four::load);
            *cell = a.plus(b).plus(c).plus(d).times(Four::all(0.25)).store();
        }
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Levels, Map};
    use crate::locate::grid::Grid;
    use crate::locate::small::Small;

    /// Grey cells.
    pub(in crate::locate) fn levels(width: usize, height: usize, luma: impl Fn(usize, usize) -> f32) -> Levels {
        let mut grid = Grid::new(width, height);
        for y in 0..height {
            for x in 0..width {
                grid.set(x, y, luma(x, y));
            }
        }
        let none = Grid { width, height, cells: vec![128.0; width * height] };
        let small = Small { channels: [grid, none.clone(), none], cell_px: 1.0, has_color: true };
        Levels::new(&small, &Grid::new(width, height))
    }

    /// The patch of `test_patch` in train/trim.py.
    pub(in crate::locate) fn test_patch(side: usize) -> Map {
        let mut patch = Map::new(4, side, side);
        for (index, cell) in patch.values.iter_mut().enumerate() {
            let (x, y) = (index % side, index / side);
            for (k, value) in cell.iter_mut().enumerate() {
                *value = ((x * (k + 3) + y * (5 - k)) % 17) as f32 / 8.0 - 1.0;
            }
        }
        patch
    }

    /// Compares what a net answers with what its training code wrote, a number on each line.
    pub(in crate::locate) fn assert_answers(answers: &[f32], expected: &str) {
        let expected: Vec<f32> = expected.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(answers.len(), expected.len());
        for (answer, expected) in answers.iter().zip(&expected) {
            assert!((answer - expected).abs() < 2e-3, "{answers:?} is not {expected:?}");
        }
    }
}
