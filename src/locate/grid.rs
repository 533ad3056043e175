//! A rectangle of numbers, and the few ways in which `locate` reads it.

use super::fours::{Four, whole};
use crate::geometry::within;

/// Rows of numbers from the top. Reading outside gives the nearest cell or nothing, never a panic.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Grid<T> {
    pub width: usize,
    pub height: usize,
    pub cells: Vec<T>,
}

/// A place between four cells of a grid.
pub(super) struct Place {
    /// Which cell is the upper left one.
    upper: usize,
    /// How far the place is on the way to the right and to the lower cells, 0 to 1.
    fx: f32,
    fy: f32,
}

impl<T: Copy + Default> Grid<T> {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, cells: vec![T::default(); width.saturating_mul(height)] }
    }

    pub(super) fn row(&self, y: usize) -> &[T] {
        let start = y.saturating_mul(self.width);
        self.cells.get(start..start.saturating_add(self.width)).unwrap_or(&[])
    }

    /// The rows above, at and below `y`; the first and the last row stand in for those outside.
    pub(super) fn rows_around(&self, y: usize) -> [&[T]; 3] {
        let last = self.height.saturating_sub(1);
        [self.row(y.saturating_sub(1)), self.row(y), self.row((y + 1).min(last))]
    }

    pub(super) fn at(&self, x: usize, y: usize) -> T {
        if x < self.width { self.cells.get(y * self.width + x).copied().unwrap_or_default() } else { T::default() }
    }

    pub(super) fn set(&mut self, x: usize, y: usize, value: T) {
        if x < self.width
            && let Some(cell) = self.cells.get_mut(y * self.width + x)
        {
            *cell = value;
        }
    }

    /// The four nearest cells (centres at `.5`) and their shares, the same in every grid of this size; the edge continues outside.
    #[inline]
    pub(super) fn place(&self, x: f32, y: f32) -> Place {
        let x = within(x - 0.5, 0.0, self.width.saturating_sub(1) as f32);
        let y = within(y - 0.5, 0.0, self.height.saturating_sub(1) as f32);
        // At the end of a row or column all of the share is the second one's.
        let column = whole(x).min(self.width.saturating_sub(2));
        let row = whole(y).min(self.height.saturating_sub(2));
        Place { upper: row * self.width + column, fx: x - column as f32, fy: y - row as f32 }
    }

    /// The upper two and the lower two of the four cells; `None` in a grid of a single row or column.
    #[inline]
    fn around(&self, place: &Place) -> Option<[&[T; 2]; 2]> {
        let pair = |start: usize| self.cells.get(start..).and_then(|cells| cells.first_chunk::<2>());
        Some([pair(place.upper)?, pair(place.upper + self.width)?])
    }
}

impl Grid<[f32; 4]> {
    /// The values between the four nearest cells, as of a grid of single ones.
    #[inline]
    pub(super) fn sample(&self, [x, y]: [f32; 2]) -> Four {
        let place = self.place(x, y);
        let Some(around) = self.around(&place) else { return Four::all(0.0) };
        let mix = |from: Four, to: Four, share: f32| from.plus(to.minus(from).times(Four::all(share)));
        let [upper, lower] = around.map(|[from, to]| mix(Four::load(from), Four::load(to), place.fx));
        mix(upper, lower, place.fy)
    }
}

impl Grid<f32> {
    /// The value between the four nearest cells (centres at `.5`); the edge continues outside.
    pub(super) fn sample(&self, x: f32, y: f32) -> f32 {
        self.read(&self.place(x, y))
    }

    /// The value at a place of a grid of this size; 0 in one of a single row or column.
    #[inline]
    pub(super) fn read(&self, place: &Place) -> f32 {
        let &Place { fx, fy, .. } = place;
        let Some([[a, b], [c, d]]) = self.around(place) else { return 0.0 };
        let (upper, lower) = (a * (1.0 - fx) + b * fx, c * (1.0 - fx) + d * fx);
        upper * (1.0 - fy) + lower * fy
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;

    fn grid() -> Grid<f32> {
        Grid { width: 3, height: 2, cells: vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0] }
    }

    #[test]
    fn samples_lie_between_cells_and_stop_at_the_edge() {
        let grid = grid();
        assert_eq!(grid.sample(0.5, 0.5), 0.0);
        assert_eq!(grid.sample(1.0, 1.0), 5.5);
        assert_eq!(grid.sample(-9.0, 99.0), 10.0);
    }
}
