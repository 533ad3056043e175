//! Where brightness or colour changes: the places through which the sides of a document may run.

use super::fours::{Four, fours};
use super::grid::Grid;
use super::small::Small;

/// A place on an edge, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Edge {
    pub x: f32,
    pub y: f32,
    /// Unit vector across the edge; its sign has no meaning.
    pub normal: [f32; 2],
    /// How much this place speaks for a side, 0 to 1.
    pub weight: f32,
}

/// A colour difference counts this much more than the same brightness difference: its range is smaller, and prints and
/// shadows change it less than the step from a document to what lies below.
const COLOR_WEIGHT: f32 = 1.5;

/// Change per cell, in levels of 0 to 255, at which an edge has half of its full weight. Saturating there lets a white
/// card on a white table, whose edge has 3 to 8 levels, stand beside black print.
const HALF_WEIGHT: f32 = 3.5;

/// Change per cell below which there is only noise.
const NOISE_FLOOR: f32 = 1.0;

/// Share of the surrounding change that is taken off: print and texture are surrounded by more of their kind, the side
/// of a document runs between two calm areas. Surround inhibition after Grigorescu, Petkov and Westenberg (2003).
const SURROUND_SHARE: f32 = 0.8;

/// Reach of the surroundings in cells.
const SURROUND_CELLS: usize = 6;

/// The strongest change of any channel at each cell, with its direction.
#[derive(Debug, Clone, Default)]
pub(super) struct Gradients {
    /// Change per cell in levels.
    pub strength: Grid<f32>,
    x: Grid<f32>,
    y: Grid<f32>,
}

impl Gradients {
    #[inline(never)]
    pub(super) fn new(small: &Small) -> Self {
        let (width, height) = (small.width(), small.height());
        let mut out =
            Self { strength: Grid::new(width, height), x: Grid::new(width, height), y: Grid::new(width, height) };
        if width == 0 {
            return out;
        }
        let channels = if small.has_color { small.channels.as_slice() } else { small.channels.get(..1).unwrap_or(&[]) };
        for (index, channel) in channels.iter().enumerate() {
            let weight = if index == 0 { 1.0 } else { COLOR_WEIGHT };
            out.add(channel, weight);
        }
        for strength in &mut out.strength.cells {
            *strength = strength.sqrt();
        }
        out
    }

    /// Sobel differences; keeps whichever channel changes most.
    fn add(&mut self, channel: &Grid<f32>, weight: f32) {
        let width = channel.width;
        let rows = self.strength.cells.chunks_exact_mut(width);
        let rows = rows.zip(self.x.cells.chunks_exact_mut(width)).zip(self.y.cells.chunks_exact_mut(width));
        for (y, ((strength, gx), gy)) in rows.enumerate() {
            let around = channel.rows_around(y);
            for start in starts(width) {
                let [strength, gx, gy] = [&mut *strength, &mut *gx, &mut *gy].map(|row| row.get_mut(start + 1..));
                let (Some(strength), Some(gx), Some(gy)) = (strength, gx, gy) else { continue };
                sobel([strength, gx, gy], around.map(|row| row.get(start..).unwrap_or_default()), weight / 8.0);
            }
        }
    }
}

/// Where to start in a row whose inner cells are taken four by four, so that none is left out: at its first cell, and near
/// its end.
fn starts(width: usize) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain((!width.saturating_sub(2).is_multiple_of(4)).then(|| width.saturating_sub(6)))
}

fn sobel([strength, gx, gy]: [&mut [f32]; 3], [above, here, below]: [&[f32]; 3], scale: f32) {
    let scale = Four::all(scale);
    let (strength, gx, gy) = (strength.as_chunks_mut().0, gx.as_chunks_mut().0, gy.as_chunks_mut().0);
    let inner = strength.iter_mut().zip(gx).zip(gy);
    let [[a, b, c], [d, _, f], [g, h, i]] = [above, here, below].map(neighbours);
    let windows = a.iter().zip(b).zip(c).zip(d.iter().zip(f)).zip(g.iter().zip(h).zip(i));
    for (((strength, gx), gy), ((((a, b), c), (d, f)), ((g, h), i))) in inner.zip(windows) {
        let [a, b, c, d, f, g, h, i] = [a, b, c, d, f, g, h, i].map(Four::load);
        let (across, down) = (f.minus(d), h.minus(b));
        let x = scale.times(c.minus(a).plus(across.plus(across)).plus(i.minus(g)));
        let y = scale.times(g.minus(a).plus(down.plus(down)).plus(i.minus(c)));
        let square = x.times(x).plus(y.times(y));
        let before = Four::load(strength);
        let is_stronger = square.exceeds(before);
        *gx = is_stronger.choose(x, Four::load(gx)).store();
        *gy = is_stronger.choose(y, Four::load(gy)).store();
        *strength = is_stronger.choose(square, before).store();
    }
}

/// The cells left of the inner cells of a row, the inner cells, and those right of them, four by four.
fn neighbours(row: &[f32]) -> [&[[f32; 4]]; 3] {
    [0, 1, 2].map(|from| fours(row, from))
}

/// The ridges of the gradient, thinned to one cell and moved to their sub-cell place.
#[inline(never)]
pub(super) fn edges(gradients: &Gradients) -> Vec<Edge> {
    let strength = &gradients.strength;
    let mut surround = Surround::new(strength);
    let mut out = Vec::new();
    let mut sides = Across::new(strength.width);
    let mut found = vec![0; strength.width];
    for y in 1..strength.height.saturating_sub(1) {
        let (gx, gy) = (gradients.x.row(y), gradients.y.row(y));
        sides.read(strength.rows_around(y), gx, gy);
        surround.read(strength, y);
        // The places first, without a branch: whether there is an edge cannot be foretold.
        let mut count = 0;
        let inner = strength.row(y).iter().skip(1).zip(sides.before.iter().zip(&sides.after));
        for (x, (here, (before, after))) in inner.enumerate() {
            if let Some(slot) = found.get_mut(count) {
                *slot = x;
            }
            count += usize::from((*here >= NOISE_FLOOR) & (here >= before) & (here > after));
        }
        let here = |x: usize| {
            let at = |row: &[f32]| row.get(x).copied().unwrap_or_default();
            let inner = |row: &[f32]| row.get(x + 1).copied().unwrap_or_default();
            let gradient = [inner(gx), inner(gy)];
            (inner(strength.row(y)), gradient, inner(&surround.means), [at(&sides.before), at(&sides.after)])
        };
        for x in found.iter().take(count) {
            let (here, gradient, surround, [before, after]) = here(*x);
            let own = here - SURROUND_SHARE * surround.min(here);
            let weight = own.max(0.15 * here);
            let weight = weight / (weight + HALF_WEIGHT);
            // The vertex of the parabola through the three values.
            let bend = before + after - 2.0 * here;
            let shift = if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 };
            let normal = gradient.map(|part| part / here);
            out.push(Edge {
                x: *x as f32 + 1.5 + shift * normal[0],
                y: y as f32 + 0.5 + shift * normal[1],
                normal,
                weight,
            });
        }
    }
    strongest(&mut out);
    out
}

/// Edges that are kept. Photos of documents have 12,000 to 60,000; the weakest are grain of the ground and no side of
/// anything. Of 1,153 rendered photos (even seeds) 969 are found with 20,000 of them, 971 with 32,000.
const MOST_EDGES: usize = 22_000;

/// Leaves out the weakest edges where there are too many.
fn strongest(edges: &mut Vec<Edge>) {
    const STEPS: usize = 256;
    let step_of = |edge: &Edge| (edge.weight * STEPS as f32) as usize;
    let mut counts = [0usize; STEPS];
    for edge in edges.iter() {
        if let Some(count) = counts.get_mut(step_of(edge).min(STEPS - 1)) {
            *count += 1;
        }
    }
    let mut left = edges.len();
    let enough = counts.iter().take_while(|count| {
        let is_more = left > MOST_EDGES;
        left -= **count;
        is_more
    });
    let least = enough.count();
    if least > 0 {
        edges.retain(|edge| step_of(edge) >= least);
    }
}

/// The mean change around each cell of a row: over a square, smaller at the sides of the picture.
struct Surround {
    /// Sums of the columns over the rows that count, with zeros before and after them.
    columns: Vec<f32>,
    /// One by the number of columns that count.
    shares: Vec<f32>,
    pairs: Vec<f32>,
    fours: Vec<f32>,
    means: Vec<f32>,
}

impl Surround {
    fn new(strength: &Grid<f32>) -> Self {
        let width = strength.width;
        let near = |x: usize| (x + SURROUND_CELLS + 1).min(width) - x.saturating_sub(SURROUND_CELLS);
        let none = vec![0.0; width + 2 * SURROUND_CELLS];
        let mut out = Self {
            columns: none.clone(),
            shares: (0..width).map(|x| 1.0 / near(x) as f32).collect(),
            pairs: none.clone(),
            fours: none,
            means: vec![0.0; width],
        };
        (0..SURROUND_CELLS).for_each(|y| out.add(strength.row(y), 1.0));
        out
    }

    #[inline(never)]
    fn add(&mut self, row: &[f32], sign: f32) {
        for (sum, value) in self.columns.iter_mut().skip(SURROUND_CELLS).zip(row) {
            *sum += sign * value;
        }
    }

    /// Goes on to row `y`; rows are read one after the other from row 1.
    fn read(&mut self, strength: &Grid<f32>, y: usize) {
        if y == 1 {
            self.add(strength.row(SURROUND_CELLS), 1.0);
        }
        self.add(strength.row(y + SURROUND_CELLS), 1.0);
        if let Some(gone) = y.checked_sub(SURROUND_CELLS + 1) {
            self.add(strength.row(gone), -1.0);
        }
        let rows = (y + SURROUND_CELLS + 1).min(strength.height) - y.saturating_sub(SURROUND_CELLS);
        let share = 1.0 / rows as f32;
        // A span of 13 columns is three of four and one.
        const { assert!(2 * SURROUND_CELLS + 1 == 4 + 4 + 4 + 1) };
        fn after(values: &[f32], places: usize) -> &[f32] {
            values.get(places..).unwrap_or_default()
        }
        for ((pair, a), b) in self.pairs.iter_mut().zip(&self.columns).zip(after(&self.columns, 1)) {
            *pair = a + b;
        }
        for ((four, a), b) in self.fours.iter_mut().zip(&self.pairs).zip(after(&self.pairs, 2)) {
            *four = a + b;
        }
        let spans =
            self.fours.iter().zip(after(&self.fours, 4)).zip(after(&self.fours, 8)).zip(after(&self.columns, 12));
        for ((mean, own), (((a, b), c), d)) in self.means.iter_mut().zip(&self.shares).zip(spans) {
            *mean = (a + b + (c + d)) * (own * share);
        }
    }
}

/// For each inner cell of a row how strong the change is one cell back and one cell on, along the gradient.
struct Across {
    before: Vec<f32>,
    after: Vec<f32>,
}

impl Across {
    fn new(width: usize) -> Self {
        let none = vec![0.0; width.saturating_sub(2)];
        Self { before: none.clone(), after: none }
    }

    /// Between the straight and the diagonal neighbour that the gradient passes, on both sides.
    ///
    /// Where there is no gradient, the result is no number.
    fn read(&mut self, strength: [&[f32]; 3], gx: &[f32], gy: &[f32]) {
        for start in starts(gx.len()) {
            let [before, after] = [&mut self.before, &mut self.after].map(|row| row.get_mut(start..));
            let (Some(before), Some(after)) = (before, after) else { continue };
            read_fours(
                before,
                after,
                strength.map(|row| row.get(start..).unwrap_or_default()),
                [gx, gy].map(|row| row.get(start..).unwrap_or_default()),
            );
        }
    }
}

fn read_fours(before: &mut [f32], after: &mut [f32], strength: [&[f32]; 3], gradient: [&[f32]; 2]) {
    let [[a, b, c], [d, _, f], [g, h, i]] = strength.map(neighbours);
    let [gx, gy] = gradient.map(|row| fours(row, 1));
    let (zero, one) = (Four::all(0.0), Four::all(1.0));
    let out = before.as_chunks_mut().0.iter_mut().zip(after.as_chunks_mut().0).zip(gx.iter().zip(gy));
    let windows = a.iter().zip(b).zip(c).zip(d.iter().zip(f)).zip(g.iter().zip(h).zip(i));
    for (((before, after), (gx, gy)), ((((a, b), c), (d, f)), ((g, h), i))) in out.zip(windows) {
        let [gx, gy, a, b, c, d, f, g, h, i] = [gx, gy, a, b, c, d, f, g, h, i].map(Four::load);
        let is_steep = gy.abs().exceeds(gx.abs());
        let is_falling = gx.reaches(zero).equals(gy.reaches(zero));
        let (major, minor) = (is_steep.choose(gy, gx), is_steep.choose(gx, gy));
        let (first, last) = (is_steep.choose(b, d), is_steep.choose(h, f));
        let first_aside = is_falling.choose(a, is_steep.choose(c, g));
        let last_aside = is_falling.choose(i, is_steep.choose(g, c));
        let share = minor.over(major).abs();
        let mix = |straight: Four, aside: Four| straight.times(one.minus(share)).plus(aside.times(share));
        let (low, high) = (mix(first, first_aside), mix(last, last_aside));
        let is_forward = major.reaches(zero);
        *before = is_forward.choose(low, high).store();
        *after = is_forward.choose(high, low).store();
    }
}

#[cfg(test)]
mod tests {
    use super::{Gradients, Surround, edges};
    use crate::locate::grid::Grid;
    use crate::locate::small::Small;

    fn step(at: f32, slope: f32) -> Small {
        let mut luma = Grid::new(40, 40);
        for y in 0..40 {
            for x in 0..40 {
                let across = x as f32 + 0.5 - at - slope * (y as f32 - 20.0);
                luma.set(x, y, 100.0 + 40.0 * across.clamp(-1.0, 1.0));
            }
        }
        let none = Grid { width: 40, height: 40, cells: vec![128.0; 1600] };
        Small { channels: [luma, none.clone(), none], cell_px: 1.0, has_color: true }
    }

    #[test]
    fn an_edge_is_found_at_its_place_whatever_its_slope() {
        for slope in [-0.7, -0.2, 0.0, 0.3, 0.9] {
            let found = edges(&Gradients::new(&step(20.3, slope)));
            assert!(found.len() >= 30, "{slope}: {}", found.len());
            for edge in found.iter().filter(|edge| (10.0..30.0).contains(&edge.y)) {
                let expected = 20.3 + slope * (edge.y - 0.5 - 20.0);
                let across = (edge.x - expected) / (1.0 + slope * slope).sqrt();
                assert!(across.abs() < 0.35, "{slope}: {edge:?} is {across} off");
            }
        }
    }

    #[test]
    fn the_surroundings_of_a_cell_are_a_square_that_ends_with_the_picture() {
        let mut strength = Grid::new(30, 20);
        for y in 0..20 {
            for x in 0..30 {
                strength.set(x, y, ((x * 7 + y * 5) % 11) as f32);
            }
        }
        let mut surround = Surround::new(&strength);
        for y in 1..19 {
            surround.read(&strength, y);
            for x in 0..30usize {
                let (columns, rows) = (x.saturating_sub(6)..(x + 7).min(30), y.saturating_sub(6)..(y + 7).min(20));
                let count = (columns.len() * rows.len()) as f32;
                let sum: f32 =
                    rows.flat_map(|y| columns.clone().map(move |x| (x, y))).map(|(x, y)| strength.at(x, y)).sum();
                assert!((surround.means[x] - sum / count).abs() < 1e-4, "{x} {y}");
            }
        }
    }

    #[test]
    fn a_flat_picture_has_no_edges() {
        assert!(edges(&Gradients::new(&step(500.0, 0.0))).is_empty());
        assert!(edges(&Gradients::new(&Small::default())).is_empty());
    }
}
