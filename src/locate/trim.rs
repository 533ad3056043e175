//! Looks at one quad by itself: straightened, with some ground around it.
//!
//! From afar, a sheet on a stack of its kind is one bright place with the stack. Seen straightened, the sides of the right
//! quad run along the sides of the patch and its print along them, and the sheets beneath do neither. A small learned net
//! says how well a quad fits, and where its corners should be. It is trained on rendered pictures by `train/trim.py`.

use super::fours::Four;
use super::grid::Grid;
use super::layers::{Layer, Layers, Map, chain, dense, halved, larger, stem};
use super::small::Small;
use crate::geometry::{self, Homography, Quad};

/// Whole numbers of the layers, with a scale per output; written by `train/trim.py`.
const WEIGHTS: &[u8] = include_bytes!("trim.bin");

/// Layers in [`WEIGHTS`], and the outputs of all of them.
const LAYERS: usize = 18;
const OUTPUTS: usize = 16 + 16 + 24 + 24 + 24 + 24 + 40 + 4 * 40 + 40 + 64 + 64 + 64 + 64 + 48 + ANSWERS;

/// How well the quad fits, and how far each of its corners is off, across and down.
const ANSWERS: usize = 9;

/// Places along the patch, and how many of them lie outside the quad on each side.
const SIDE: usize = 96;
const MARGIN: usize = 14;

/// Luma, blue and red difference, and how strongly they change.
type Cell = [f32; 4];

/// Change per cell in levels at which the net sees half of a full change, as for edges.
const HALF_CHANGE: f32 = 3.5;

/// Share of a quad's side in which the moves of the corners are counted.
const MOVE_UNIT: f64 = 0.1;

/// What the net says about a quad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trimmed {
    /// Logit of an overlap with a sheet of more than about 0.9.
    pub fit: f32,
    /// Where the corners should be, in cells of [`Small`].
    pub quad: Quad,
}

/// The picture as patches are read from it: in cells of [`Small`], of twice and of four times their size.
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

    /// What the net says about a quad in cells; `None` where that is no view of a rectangle.
    #[inline(never)]
    pub(super) fn trim(&self, quad: &Quad) -> Option<Trimmed> {
        let patch = self.patch(quad)?;
        let answers = run(&patch);
        let (fit, moves) = answers.split_first()?;
        let map = Homography::from_unit_square(quad)?;
        let mut trimmed = *quad;
        let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        for ((corner, [x, y]), [dx, dy]) in trimmed.iter_mut().zip(corners).zip(moves.as_chunks::<2>().0) {
            *corner = map.apply([x + MOVE_UNIT * f64::from(*dx), y + MOVE_UNIT * f64::from(*dy)]);
        }
        Some(Trimmed { fit: *fit, quad: trimmed })
    }

    /// The input of the net: the quad and what is around it, from the level at which its places are a cell or two apart.
    fn patch(&self, quad: &Quad) -> Option<Map> {
        let inner = (SIDE - 2 * MARGIN) as f64;
        let map = Homography::from_unit_square(quad)?;
        let beyond = MARGIN as f64 / inner;
        let (near, far) = (-beyond, 1.0 + beyond);
        let outer = [[near, near], [far, near], [far, far], [near, far]].map(|place| map.apply(place));
        if !outer.iter().flatten().all(|at| at.is_finite()) || !geometry::is_convex(&outer) {
            return None;
        }
        let mut step = geometry::signed_area(quad).abs().sqrt() / inner;
        let [whole, half, quarter] = &self.0;
        let mut level = whole;
        let mut size = 1.0;
        for larger in [half, quarter] {
            if step >= 2.0 {
                (level, size, step) = (larger, size * 2.0, step / 2.0);
            }
        }
        let map = Homography::from_unit_square(&outer.map(|[x, y]| [x / size, y / size]))?;
        let mut out = Map::new(4, SIDE, SIDE);
        let middles = Four::load(&[128.0, 128.0, 128.0, 0.0]);
        let (units, change) = (Four::load(&[64.0, 32.0, 32.0, HALF_CHANGE]), Four::load(&[0.0, 0.0, 0.0, 1.0]));
        for (y, row) in out.values.chunks_exact_mut(SIDE).enumerate() {
            let places = map.row((y as f64 + 0.5) / SIDE as f64, SIDE);
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

fn run(input: &Map) -> Vec<f32> {
    let mut layers = Layers::new(WEIGHTS, LAYERS, OUTPUTS);
    let mut map = stem(input, &mut layers, 16);
    map = halved(&map, &mut layers, 24);
    map = chain(map, &mut layers, 1);
    map = halved(&map, &mut layers, 40);
    map = chain(map, &mut layers, 2);
    map = halved(&map, &mut layers, 64);
    map = chain(map, &mut layers, 1);
    // Every place has its own weights: the patch is straightened, so that each has its meaning.
    let places = layers.next(map.width * map.height, map.channels);
    let whole = positive(each(&map, &places));
    let seen = positive(dense(&whole, &layers.next(64, 48)));
    dense(&seen, &layers.next(48, ANSWERS))
}

/// Each channel over all places.
fn each(map: &Map, layer: &Layer) -> Vec<f32> {
    let mut sums = Vec::new();
    for (plane, (bias, weights)) in map.planes().zip(layer.fours()) {
        let places = plane.iter().zip(weights);
        let add =
            |sum: Four, (value, weight): (&[f32; 4], &[f32; 4])| sum.plus(Four::load(value).times(Four::load(weight)));
        sums.extend(places.fold(Four::load(bias), add).store());
    }
    sums
}

fn positive(values: Vec<f32>) -> Vec<f32> {
    values.into_iter().map(|value| larger(value, 0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, LAYERS, Layers, Levels, MARGIN, Map, OUTPUTS, SIDE, WEIGHTS, run};
    use crate::locate::grid::Grid;
    use crate::locate::small::Small;

    /// The patch of `test_patch` in train/trim.py.
    #[test]
    fn answers_as_the_training_code_does() {
        let mut patch = Map::new(4, SIDE, SIDE);
        for (index, cell) in patch.values.iter_mut().enumerate() {
            let (x, y) = (index % SIDE, index / SIDE);
            for (k, value) in cell.iter_mut().enumerate() {
                *value = ((x * (k + 3) + y * (5 - k)) % 17) as f32 / 8.0 - 1.0;
            }
        }
        let expected: Vec<f32> = include_str!("trim.txt").lines().map(|line| line.parse().unwrap()).collect();
        let answers = run(&patch);
        assert_eq!(answers.len(), expected.len());
        for (answer, expected) in answers.iter().zip(&expected) {
            assert!((answer - expected).abs() < 2e-3, "{answers:?} is not {expected:?}");
        }
    }

    #[test]
    fn every_weight_is_read_once() {
        let mut layers = Layers::new(WEIGHTS, LAYERS, OUTPUTS);
        layers.next(36, 16);
        for (inputs, outputs) in [(16, 24), (24, 24), (24, 40), (40, 40), (40, 40), (40, 64), (64, 64)] {
            layers.next(9, inputs);
            layers.next(inputs, outputs);
        }
        for (inputs, outputs) in [(36, 64), (64, 48), (48, 9)] {
            layers.next(inputs, outputs);
        }
        assert!(layers.is_empty());
    }

    fn levels(width: usize, height: usize, luma: impl Fn(usize, usize) -> f32) -> Levels {
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

    #[test]
    fn a_patch_shows_the_quad_straightened() {
        // Brightness rises along the quad, which is turned by a quarter and four times as large as the patch.
        let levels = levels(480, 480, |_, y| y as f32 / 2.0);
        let quad = [[384.0, 96.0], [384.0, 368.0], [112.0, 368.0], [112.0, 96.0]];
        let patch = levels.patch(&quad).unwrap();
        for (index, cell) in patch.values.iter().enumerate() {
            let along = ((index % SIDE) as f32 + 0.5 - MARGIN as f32) / (SIDE - 2 * MARGIN) as f32;
            let expected = ((96.0 + 272.0 * along) / 2.0 - 0.25 - 128.0) / 64.0;
            let [luma, cb, cr, change]: Cell = *cell;
            assert!((luma - expected).abs() < 0.02, "{index}: {luma} is not {expected}");
            assert_eq!([cb, cr, change], [0.0; 3]);
        }
    }

    #[test]
    fn odd_quads_and_pictures_do_not_trip() {
        let flat = levels(40, 30, |_, _| 100.0);
        let beyond = [[-900.0, -900.0], [900.0, -900.0], [900.0, 900.0], [-900.0, 900.0]];
        assert!(flat.trim(&beyond).is_some_and(|seen| seen.quad.iter().flatten().all(|at| at.is_finite())));
        assert!(flat.trim(&[[5.0, 5.0]; 4]).is_none());
        assert!(flat.trim(&[[0.0, 0.0], [30.0, 0.0], [15.0, 1.0], [14.0, 1.0]]).is_none());
        assert!(flat.trim(&[[f64::NAN; 2]; 4]).is_none());
        let _ = levels(0, 0, |_, _| 0.0).trim(&beyond);
    }
}
