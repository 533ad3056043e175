//! Two pictures laid over each other as grids of brightness: how much they have in common, from afar and in detail.

use std::cmp::Ordering;

use crate::photo_facts::Fingerprint;

/// A picture turned by quarters and mirrored, as a way to read its grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    swap: bool,
    flip_columns: bool,
    flip_rows: bool,
}

impl Turn {
    pub(crate) const NONE: Self = Self { swap: false, flip_columns: false, flip_rows: false };

    /// Every quarter turn, each also mirrored.
    pub(crate) const ALL: [Self; 8] = [
        Self::NONE,
        Self { swap: false, flip_columns: true, flip_rows: true },
        Self { swap: true, flip_columns: true, flip_rows: false },
        Self { swap: true, flip_columns: false, flip_rows: true },
        Self { swap: false, flip_columns: true, flip_rows: false },
        Self { swap: false, flip_columns: false, flip_rows: true },
        Self { swap: true, flip_columns: false, flip_rows: false },
        Self { swap: true, flip_columns: true, flip_rows: true },
    ];

    /// A document with its long side across lies one way or turned by half.
    pub(crate) const HALF: [Self; 2] = [Self::NONE, Self { swap: false, flip_columns: true, flip_rows: true }];

    /// The same, mirrored.
    pub(crate) const MIRRORED_HALF: [Self; 2] = [
        Self { swap: false, flip_columns: true, flip_rows: false },
        Self { swap: false, flip_columns: false, flip_rows: true },
    ];

    /// From a picture as it is stored to what is seen, for an Exif orientation of 1 to 8.
    pub(crate) fn of_exif(orientation: u8) -> Self {
        Self {
            swap: orientation >= 5,
            flip_columns: matches!(orientation, 2 | 3 | 7 | 8),
            flip_rows: matches!(orientation, 3 | 4 | 6 | 7),
        }
    }

    pub(crate) fn is_mirrored(self) -> bool {
        self.swap ^ self.flip_columns ^ self.flip_rows
    }
}

/// Brightness on a grid, 0 to 255, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    columns: usize,
    cells: Vec<f32>,
}

/// Cells along the sides of a block whose detail is compared.
const BLOCK: usize = 8;

/// Variance of the detail in luma steps that noise and compression bring.
const NOISE: f32 = 2.0;

impl Grid {
    pub(crate) fn new(Fingerprint(cells): &Fingerprint, columns: usize) -> Self {
        Self { columns: columns.max(1), cells: cells.iter().copied().map(f32::from).collect() }
    }

    pub(crate) fn of(columns: usize, cells: Vec<f32>) -> Self {
        Self { columns: columns.max(1), cells }
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// The value at a place between the middles of cells; the picture's middle is 0, its sides are 1.
    pub(crate) fn between(&self, [u, v]: [f32; 2]) -> f32 {
        let cell = |at: f32, count: usize| {
            let at = ((at + 0.5) * count as f32 - 0.5).clamp(0.0, count.saturating_sub(1) as f32);
            // OK because it was clamped to the grid.
            (at as usize, at.fract())
        };
        let ((column, right), (row, down)) = (cell(u, self.columns), cell(v, self.rows()));
        let across = |row: usize| self.at(column, row) * (1.0 - right) + self.at(column + 1, row) * right;
        across(row) * (1.0 - down) + across(row + 1) * down
    }

    fn rows(&self) -> usize {
        self.cells.len() / self.columns
    }

    /// The value of a cell; beyond the sides that of the nearest.
    pub(crate) fn at(&self, column: usize, row: usize) -> f32 {
        let row = row.min(self.rows().saturating_sub(1));
        self.cells.get(row * self.columns + column.min(self.columns - 1)).copied().unwrap_or_default()
    }

    /// Another grid, whose cells are read from this one by column and row.
    fn read(columns: usize, rows: usize, value: impl Fn(usize, usize) -> f32) -> Self {
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        Self { columns: columns.max(1), cells: cells.map(|(column, row)| value(column, row)).collect() }
    }

    /// As it looks turned; a grid that is no square keeps its shape and may only be flipped.
    pub(crate) fn turned(&self, turn: Turn) -> Self {
        let (columns, rows) = (self.columns, self.rows());
        Self::read(columns, rows, |column, row| {
            let (column, row) = if turn.swap { (row, column) } else { (column, row) };
            let column = if turn.flip_columns { columns.saturating_sub(1 + column) } else { column };
            self.at(column, if turn.flip_rows { rows.saturating_sub(1 + row) } else { row })
        })
    }

    /// At half the size each way.
    pub(crate) fn halved(&self) -> Self {
        Self::read(self.columns / 2, self.rows() / 2, |column, row| {
            let (left, top) = (2 * column, 2 * row);
            (self.at(left, top) + self.at(left + 1, top) + self.at(left, top + 1) + self.at(left + 1, top + 1)) / 4.0
        })
    }

    /// What a cell has beyond the mean of its neighbourhood.
    fn detail(&self) -> Self {
        Self::read(self.columns, self.rows(), |column, row| {
            let near = (0..9)
                .map(|place| self.at((column + place % 3).saturating_sub(1), (row + place / 3).saturating_sub(1)));
            self.at(column, row) - near.sum::<f32>() / 9.0
        })
    }

    /// Pearson's correlation, -1 to 1; 0 when one of both is flat.
    pub(crate) fn correlation(&self, other: &Self) -> f64 {
        let sums = Sums::of(self.cells.iter().zip(&other.cells).map(|(&a, &b)| (a, b)));
        let (square_a, square_b) = (sums.aa - sums.a * sums.a / sums.count, sums.bb - sums.b * sums.b / sums.count);
        // Below one step of luma there is nothing but noise.
        let is_flat = square_a.min(square_b).partial_cmp(&sums.count) != Some(Ordering::Greater);
        if is_flat { 0.0 } else { f64::from((sums.ab - sums.a * sums.b / sums.count) / (square_a * square_b).sqrt()) }
    }

    /// The correlation of the detail in the block that has the least in common, -1 to 1; that of noise counts as 1.
    pub(crate) fn least_detail(&self, other: &Self) -> f64 {
        let (a, b) = (self.detail(), other.detail());
        let of_block = |top: usize, left: usize| {
            let cells = (0..BLOCK * BLOCK).map(|place| (left + place % BLOCK, top + place / BLOCK));
            let sums = Sums::of(cells.map(|(column, row)| (a.at(column, row), b.at(column, row))));
            let noise = NOISE * sums.count;
            (sums.ab + noise) / ((sums.aa + noise) * (sums.bb + noise)).sqrt()
        };
        let blocks =
            (0..self.rows()).step_by(BLOCK).flat_map(|top| (0..a.columns).step_by(BLOCK).map(move |left| (top, left)));
        f64::from(blocks.map(|(top, left)| of_block(top, left)).fold(1.0, f32::min))
    }
}

/// Sums of pairs of values, of their squares and of their products.
#[derive(Default)]
struct Sums {
    count: f32,
    a: f32,
    b: f32,
    aa: f32,
    bb: f32,
    ab: f32,
}

impl Sums {
    fn of(pairs: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut sums = Self::default();
        for (a, b) in pairs {
            sums.count += 1.0;
            sums.a += a;
            sums.b += b;
            sums.aa += a * a;
            sums.bb += b * b;
            sums.ab += a * b;
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::{Grid, Turn};
    use crate::photo_facts::Fingerprint;

    /// A picture of smooth shapes with print on it; the print differs with the seed.
    fn picture(side: usize, seed: usize) -> Grid {
        Grid::read(side, side, |column, row| {
            let shade = 60.0 + 100.0 * (column as f32 / side as f32) + if row > side / 3 { 50.0 } else { 0.0 };
            let is_print = (24..40).contains(&column) && (24..40).contains(&row);
            // Multiplied twice, neighbours have little in common.
            let mixed = (column * 64 + row + seed * 5000) * 2_654_435 % 65_521 * 40_503 % 65_521;
            shade - if is_print && mixed.is_multiple_of(2) { 30.0 } else { 0.0 }
        })
    }

    #[test]
    fn a_turned_or_mirrored_grid_is_recognised_and_another_is_not() {
        let noise =
            |seed: usize| Grid::read(4, 4, |column, row| ((column * 37 + row * 11 + column * row * seed) % 97) as f32);
        let grid = noise(11);
        for turn in Turn::ALL {
            let turned = grid.turned(turn);
            let best = Turn::ALL.map(|back| grid.correlation(&turned.turned(back))).into_iter().fold(-1.0, f64::max);
            assert!(best > 0.999, "{turn:?}: {best}");
            assert!(turn == Turn::NONE || grid.correlation(&turned) < 0.99, "{turn:?}");
            assert!(grid.correlation(&noise(53).turned(turn)) < 0.9);
        }
        assert_eq!(grid.correlation(&Grid::new(&Fingerprint(vec![9; 16]), 4)), 0.0);
        assert_eq!(grid.correlation(&Grid::new(&Fingerprint(Vec::new()), 0)), 0.0);
    }

    #[test]
    fn detail_tells_another_print_where_the_rest_is_the_same() {
        let (one, other) = (picture(64, 1), picture(64, 2));
        assert!(one.correlation(&other) > 0.98, "{}", one.correlation(&other));
        assert!(one.least_detail(&other) < 0.6, "{}", one.least_detail(&other));
        let brighter =
            Grid::read(64, 64, |column, row| 1.1 * one.at(column, row) + 0.7 * ((column * 5 + row * 3) % 2) as f32);
        assert!(one.least_detail(&brighter) > 0.95, "{}", one.least_detail(&brighter));
    }

    #[test]
    fn half_the_size_has_the_means() {
        let grid = Grid::read(4, 2, |column, row| (column + 10 * row) as f32);
        assert_eq!(grid.halved(), Grid { columns: 2, cells: vec![5.5, 7.5] });
    }
}
