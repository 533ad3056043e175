//! A picture laid over another one of which it may be a part, as a cropped copy is.

use crate::overlay::Grid;
use crate::photo_facts::Cut;

/// Where a place of one picture is in another, in pixels of each: a matrix of two rows, and a shift.
pub(crate) type Affine = [[f64; 3]; 2];

/// A picture as it is displayed, and its size in pixels.
pub(crate) struct Picture {
    pub(crate) grid: Grid,
    pub(crate) size_px: [f64; 2],
}

/// Unknowns of a step: six of the map, contrast and brightness.
const UNKNOWNS: usize = 8;

/// Correlation at a quarter of the size below which a finer look is not worth its time: cropped copies have more.
const WORTH_A_LOOK: f64 = 0.9;

/// Lays `part` over `whole`, starting from a map that is right within a few percent; `None` where the two are not alike.
///
/// Least squares over the map, contrast and brightness by Gauss and Newton, from coarse to fine (Lucas and Kanade 1981).
pub(crate) fn cut(whole: &Picture, part: &Picture, start: &Affine) -> Option<Cut> {
    let (whole_half, part_half) = (&whole.grid.halved(), &part.grid.halved());
    let (whole_quarter, part_quarter) = (&whole_half.halved(), &part_half.halved());
    let mut map = to_shares(start, whole.size_px, part.size_px);
    for _ in 0..6 {
        map = refined(whole_quarter, part_quarter, &map)?;
    }
    if laid_over(whole_quarter, part_quarter, &map).correlation(part_quarter) < WORTH_A_LOOK {
        return None;
    }
    for _ in 0..3 {
        map = refined(whole_half, part_half, &map)?;
    }
    map = refined(&whole.grid, &part.grid, &map)?;
    let seen = laid_over(&whole.grid, &part.grid, &map).halved();
    let [[xx, xy, _], [yx, yy, _]] = to_pixels(&map, whole.size_px, part.size_px);
    let scale = f64::midpoint(xx, yy);
    let twist = (xx - yy).abs().max(xy.abs()).max(yx.abs()) / scale.abs();
    twist.is_finite().then(|| Cut {
        frame: seen.correlation(part_half),
        detail: seen.halved().least_detail(part_quarter),
        twist,
    })
}

/// The map between two pictures whose middle is 0 and whose sides are 1.
fn to_shares([row_x, row_y]: &Affine, whole_px: [f64; 2], [width, height]: [f64; 2]) -> [[f32; 3]; 2] {
    let row = |[x, y, shift]: [f64; 3], size: f64| {
        let middle = x * width / 2.0 + y * height / 2.0 + shift;
        [x * width / size, y * height / size, middle / size - 0.5].map(|term| term as f32)
    };
    [row(*row_x, whole_px[0]), row(*row_y, whole_px[1])]
}

/// The matrix of that map in pixels again; the shift is left out.
fn to_pixels([row_x, row_y]: &[[f32; 3]; 2], whole_px: [f64; 2], [width, height]: [f64; 2]) -> Affine {
    let row = |[x, y, _]: [f32; 3], size: f64| [f64::from(x) * size / width, f64::from(y) * size / height, 0.0];
    [row(*row_x, whole_px[0]), row(*row_y, whole_px[1])]
}

fn applied(map: &[[f32; 3]; 2], [u, v]: [f32; 2]) -> [f32; 2] {
    map.map(|[x, y, shift]| x * u + y * v + shift)
}

/// The cells of a grid: column, row, and the place of the middle.
fn cells(grid: &Grid) -> impl Iterator<Item = (usize, usize, [f32; 2])> {
    let side = grid.columns();
    let middle = move |index: usize| (index as f32 + 0.5) / side as f32 - 0.5;
    (0..side * side).map(move |place| (place % side, place / side, [middle(place % side), middle(place / side)]))
}

/// The map after one step; `None` where the pictures have too little in them.
fn refined(whole: &Grid, part: &Grid, map: &[[f32; 3]; 2]) -> Option<[[f32; 3]; 2]> {
    let step = 1.0 / part.columns().max(1) as f32;
    let mut sums = [[0.0f32; UNKNOWNS + 1]; UNKNOWNS];
    for (column, row, [u, v]) in cells(part) {
        let [x, y] = applied(map, [u, v]);
        // Also false for a map that went astray.
        let is_inside = x.abs().max(y.abs()) <= 0.5 - step;
        if !is_inside {
            continue;
        }
        let seen = whole.between([x, y]) - 128.0;
        let across = (whole.between([x + step, y]) - whole.between([x - step, y])) / (2.0 * step);
        let down = (whole.between([x, y + step]) - whole.between([x, y - step])) / (2.0 * step);
        let error = part.at(column, row) - 128.0 - seen;
        let terms = [across * u, across * v, across, down * u, down * v, down, seen, 1.0, error];
        for (sums, term) in sums.iter_mut().zip(terms) {
            sums.iter_mut().zip(terms).for_each(|(sum, other)| *sum += term * other);
        }
    }
    let change = solved(sums.map(|row| row.map(f64::from)))?;
    let mut next = *map;
    next.iter_mut().flatten().zip(change).for_each(|(term, change)| *term += change as f32);
    Some(next)
}

/// Solves equations, each with its right side last, after Gauss and Jordan: every round clears the first column and moves it
/// and the first row to the end. Sums of squares need no choice of pivot.
fn solved(mut rows: [[f64; UNKNOWNS + 1]; UNKNOWNS]) -> Option<[f64; UNKNOWNS]> {
    for _ in 0..UNKNOWNS {
        let [first, others @ ..] = &mut rows;
        let pivot = first[0];
        if pivot.partial_cmp(&1e-6) != Some(std::cmp::Ordering::Greater) {
            return None;
        }
        *first = first.map(|term| term / pivot);
        for other in others {
            let factor = other[0];
            other.iter_mut().zip(*first).for_each(|(term, own)| *term -= factor * own);
        }
        rows.rotate_left(1);
        rows.iter_mut().for_each(|row| row[..UNKNOWNS].rotate_left(1));
    }
    Some(rows.map(|row| row[UNKNOWNS]))
}

/// The whole as the part shows it; the part itself where it leaves the whole.
fn laid_over(whole: &Grid, part: &Grid, map: &[[f32; 3]; 2]) -> Grid {
    let seen = cells(part).map(|(column, row, place)| {
        let [x, y] = applied(map, place);
        if x.abs().max(y.abs()) <= 0.5 { whole.between([x, y]) } else { part.at(column, row) }
    });
    Grid::of(part.columns(), seen.collect())
}

#[cfg(test)]
mod tests {
    use super::{Affine, Picture, cut, solved};
    use crate::overlay::Grid;

    /// Waves and a bright disc, seen through a map from pixels to shares of the scene.
    fn seen([width, height]: [f64; 2], map: &Affine) -> Picture {
        const SIDE: usize = 128;
        let share = |index: usize| (index as f64 + 0.5) / SIDE as f64;
        let places = (0..SIDE * SIDE).map(|place| [share(place % SIDE) * width, share(place / SIDE) * height]);
        let value = |[x, y]: [f64; 2]| {
            let [u, v] = map.map(|[a, b, c]| (a * x + b * y + c) / 1000.0);
            let disc = if (u - 0.6).hypot(v - 0.4) < 0.12 { 60.0 } else { 0.0 };
            (110.0 + 40.0 * (u * 23.0 + v * 5.0).sin() * (v * 31.0).cos() + disc) as f32
        };
        Picture { grid: Grid::of(SIDE, places.map(value).collect()), size_px: [width, height] }
    }

    const WHOLE: Affine = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];

    #[test]
    fn a_part_is_laid_over_the_whole_and_one_that_is_turned_shows_its_twist() {
        let whole = seen([1000.0, 750.0], &WHOLE);
        let start = [[0.82, 0.0, 95.0], [0.0, 0.82, 65.0]];
        let part = seen([1000.0, 800.0], &[[0.8, 0.0, 100.0], [0.0, 0.8, 60.0]]);
        let found = cut(&whole, &part, &start).expect("is a part");
        assert!(found.frame > 0.99 && found.detail > 0.95 && found.twist < 0.002, "{found:?}");
        let turned = seen([1000.0, 800.0], &[[0.8, -0.012, 105.0], [0.012, 0.8, 55.0]]);
        let found = cut(&whole, &turned, &start).expect("is nearly a part");
        assert!((found.twist - 0.015).abs() < 0.003, "{found:?}");
    }

    #[test]
    fn another_picture_is_no_part() {
        let whole = seen([1000.0, 750.0], &WHOLE);
        let other = seen([1000.0, 750.0], &[[0.8, 0.0, 900.0], [0.0, 0.8, 700.0]]);
        assert_eq!(cut(&whole, &other, &[[0.8, 0.0, 100.0], [0.0, 0.8, 60.0]]), None);
        let flat = Picture { grid: Grid::of(128, vec![9.0; 128 * 128]), size_px: [1000.0, 750.0] };
        assert_eq!(cut(&whole, &flat, &WHOLE).filter(|found| found.detail > 0.9), None);
        assert_eq!(cut(&flat, &whole, &WHOLE), None);
        assert_eq!(cut(&whole, &whole, &[[f64::NAN; 3]; 2]), None);
    }

    #[test]
    fn equations_are_solved() {
        let mut rows = [[0.5; 9]; 8];
        for (index, row) in rows.iter_mut().enumerate() {
            row[index] = 2.0 + index as f64;
            row[8] = (0..8).map(|column| row[column] * column as f64).sum();
        }
        let found = solved(rows).expect("has a solution");
        assert!(found.iter().enumerate().all(|(index, value)| (value - index as f64).abs() < 1e-9), "{found:?}");
        assert_eq!(solved([[0.0; 9]; 8]), None);
    }
}
