//! How well a quad fits the picture: what its sides and both sides of its sides look like.

use super::grid::Grid;
use super::net::Seen;
use super::small::Small;
use crate::geometry::{self, Point, Quad};
use crate::order::nth;

/// Places along a side at which inside and outside are compared.
const STATIONS: usize = 24;

/// Distances from the side, in cells, at which colours are read.
const DEPTHS: [f64; 2] = [2.0, 4.5];

/// Of brightness and colour differences: a colour difference counts this much more, as for edges.
const WEIGHTS: [f32; 3] = [1.0, 1.5, 1.5];

/// Difference of two colours, weighted, at which they are half alike.
const HALF_DIFFERENCE: f32 = 12.0;

/// What one side looks like, in the part of it that lies in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct SideLook {
    /// Mean difference of colour across the side, 0 to 1 (half at 12 levels).
    pub contrast: f32,
    /// How far the difference has the same direction all along, 0 to 1.
    pub consistency: f32,
    /// How much more the inside stands out from the picture's border than the outside, -1 to 1.
    pub step: f32,
    /// How even the colour just inside is, 0 to 1.
    pub evenness: f32,
    /// How much the outside stands out from the picture's border, 0 to 1.
    pub outside: f32,
    /// How much the places just inside and just outside have the colour of the quad's paper, 0 to 1 (half at 12 levels).
    pub paper: (f32, f32),
}

/// Reads both sides of each side of a quad in cells.
#[inline(never)]
pub(super) fn look(small: &Small, standing_out: &Grid<f32>, highest: f32, quad: &Quad) -> [SideLook; 4] {
    let ground = ground(small, quad);
    geometry::sides(quad).map(|(from, to)| side(small, standing_out, highest, ground, from, to))
}

/// Places across and down a quad at which its colour is read.
const PLACES: usize = 8;

/// The colour on which a quad is printed, weighted by [`WEIGHTS`]: of the brightness that three of four places do not exceed,
/// since print is darker than its paper, and of the colour differences the median.
pub(super) fn ground(small: &Small, quad: &Quad) -> [f32; 3] {
    let [a, b, c, d] = *quad;
    let share = |index: usize| (index as f64 + 0.5) / PLACES as f64;
    let places = (0..PLACES * PLACES).map(|index| {
        let across = share(index % PLACES);
        geometry::between(geometry::between(a, b, across), geometry::between(d, c, across), share(index / PLACES))
    });
    let (width, height) = (small.width() as f64, small.height() as f64);
    let seen = places.filter(|[x, y]| *x >= 0.0 && *y >= 0.0 && *x < width && *y < height);
    let seen: Vec<(usize, usize)> = seen.map(|[x, y]| (x as usize, y as usize)).collect();
    let mut out = [0.0; 3];
    for ((out, channel), (weight, quarters)) in
        out.iter_mut().zip(&small.channels).zip(WEIGHTS.into_iter().zip([3, 2, 2]))
    {
        let values: Vec<f32> = seen.iter().map(|(x, y)| channel.at(*x, *y)).collect();
        *out = weight * nth(&values, values.len() * quarters / 4).unwrap_or(0.0);
    }
    out
}

fn side(small: &Small, standing_out: &Grid<f32>, highest: f32, ground: [f32; 3], from: Point, to: Point) -> SideLook {
    let length = geometry::distance(from, to);
    if length < 1.0 || !length.is_finite() {
        return SideLook::default();
    }
    // Clockwise corners have the inside to the right on screen, which is where this points.
    let across = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
    let (width, height) = (small.width() as f64, small.height() as f64);
    let mut differences = [0.0f32; 3];
    let (mut sizes, mut contrast, mut step, mut outside, mut count) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    let mut paper = (0.0f32, 0.0f32);
    let (mut sums, mut squares) = ([0.0f32; 3], [0.0f32; 3]);
    for index in 0..STATIONS {
        let middle = geometry::between(from, to, 0.06 + 0.88 * (index as f64 + 0.5) / STATIONS as f64);
        let at = |off: f64| [middle[0] + off * across[0], middle[1] + off * across[1]];
        let [x, y] = at(-DEPTHS[0]);
        if x < 0.0 || y < 0.0 || x >= width || y >= height {
            continue;
        }
        let [inside, outside_of] = [1.0, -1.0].map(|sign| DEPTHS.map(|depth| color(small, at(sign * depth))));
        let (inner, outer) = (mean(inside), mean(outside_of));
        let mut square = 0.0;
        for ((((sum, a), b), mean), spread) in
            differences.iter_mut().zip(inner).zip(outer).zip(&mut sums).zip(&mut squares)
        {
            *sum += a - b;
            square += (a - b) * (a - b);
            *mean += a;
            *spread += a * a;
        }
        let size = square.sqrt();
        sizes += size;
        contrast += size / (size + HALF_DIFFERENCE);
        paper.0 += alike(ground, inside[0]);
        paper.1 += alike(ground, outside_of[0]);
        let out_at = |off: f64| {
            let [x, y] = at(off);
            standing_out.sample(x as f32 / 2.0, y as f32 / 2.0)
        };
        let (inner, outer) = (out_at(DEPTHS[1]), out_at(-DEPTHS[1]));
        step += ((inner - outer) / (0.5 * highest + 4.0)).clamp(-1.0, 1.0);
        outside += (outer / (0.5 * highest + 4.0)).min(1.0);
        count += 1.0;
    }
    if count < 4.0 {
        return SideLook::default();
    }
    let together = differences.iter().map(|sum| sum * sum).sum::<f32>().sqrt();
    let spread: f32 =
        sums.iter().zip(squares).map(|(sum, square)| (square / count - (sum / count).powi(2)).max(0.0)).sum();
    SideLook {
        contrast: contrast / count,
        consistency: together / sizes.max(1.0),
        step: step / count,
        evenness: 1.0 / (1.0 + spread.sqrt() / 20.0),
        outside: outside / count,
        paper: (paper.0 / count, paper.1 / count),
    }
}

/// How much a colour is that of the ground, 0 to 1 (half at 12 levels).
pub(super) fn alike(ground: [f32; 3], color: [f32; 3]) -> f32 {
    let square: f32 = color.iter().zip(ground).map(|(a, b)| (a - b) * (a - b)).sum();
    HALF_DIFFERENCE / (square.sqrt() + HALF_DIFFERENCE)
}

/// The colour at a place, weighted.
pub(super) fn color(small: &Small, [x, y]: Point) -> [f32; 3] {
    let [luma, cb, cr] = small.color(x as f32, y as f32);
    let [of_luma, of_cb, of_cr] = WEIGHTS;
    [of_luma * luma, of_cb * cb, of_cr * cr]
}

fn mean([near, far]: [[f32; 3]; 2]) -> [f32; 3] {
    let ([a, b, c], [d, e, f]) = (near, far);
    [(a + d) / 2.0, (b + e) / 2.0, (c + f) / 2.0]
}

/// How plausible the shape is as a document: 1 up to 2.2 to 1, then less, 0 from 4 to 1.
pub(super) fn plausible_ratio(width_to_height: f64) -> f32 {
    let ratio = width_to_height.max(1.0 / width_to_height);
    (1.0 - (ratio - 2.2) / 1.8).clamp(0.0, 1.0) as f32
}

/// Every fourth place of the map of what stands out from the picture's border, 0 to 1 each.
pub(super) struct Standing {
    places: Grid<f32>,
    all: f32,
}

impl Standing {
    const STEP: usize = 4;

    pub(super) fn new(standing_out: &Grid<f32>, highest: f32) -> Self {
        let middles = |length: usize| (Self::STEP / 2..length).step_by(Self::STEP);
        let (width, height) = (middles(standing_out.width).len(), middles(standing_out.height).len());
        let mut cells = Vec::with_capacity(width * height);
        for y in middles(standing_out.height) {
            let row = standing_out.row(y).iter().skip(Self::STEP / 2).step_by(Self::STEP);
            cells.extend(row.map(|value| (value / (0.5 * highest + 4.0)).min(1.0)));
        }
        Self { all: cells.iter().sum(), places: Grid { width, height, cells } }
    }

    /// Of all that stands out: the share inside a quad in cells of [`Small`], and how much of the quad it fills.
    #[inline(never)]
    pub(super) fn held(&self, quad: &Quad) -> (f32, f32) {
        // The first place is the middle of the half-size cell STEP / 2, the next ones are STEP such cells apart.
        let first = (Self::STEP / 2) as f64 + 0.5;
        let quad = quad.map(|point| point.map(|at| (at / 2.0 - first) / Self::STEP as f64 + 0.5));
        let (inside, cells) = sum_within(&self.places, &quad);
        (inside / self.all.max(1.0), inside / cells.max(1.0))
    }
}

/// Sum and number of the cells whose middle lies in a convex quad.
fn sum_within(grid: &Grid<f32>, quad: &Quad) -> (f32, f32) {
    let (mut sum, mut count) = (0.0f32, 0.0f32);
    for y in 0..grid.height {
        let Some((low, high)) = geometry::span_at(quad, y as f64 + 0.5) else { continue };
        // OK because a float out of range becomes 0 or the largest number, and is then cut to the row.
        let from = ((low - 0.5).ceil() as usize).min(grid.width);
        let to = if high < 0.5 { 0 } else { ((high + 0.5) as usize).min(grid.width) };
        let inside = grid.row(y).get(from..to).unwrap_or_default();
        sum += inside.iter().sum::<f32>();
        count += inside.len() as f32;
    }
    (sum, count)
}

/// What the learned maps say about a quad in cells of the picture's `width` by `height`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Learned {
    /// Intersection over union of the quad with the region of the document, 0 to 1.
    pub overlap: f32,
    /// Mean and least over the sides of how much they run along learned sides, 0 to 1.
    pub side: (f32, f32),
    /// Mean over the corners of how near they are to learned corners, 0 to 1.
    pub corner: f32,
    /// Share of each side that has the document on its outer side, too; 0 for sides of the picture.
    pub beyond: [f32; 4],
}

/// What the learned maps say about a quad and the sides of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct AtFrame {
    /// How much of the quad's sides that are sides of the picture lies on the document, 0 to 1; 0 without such sides.
    pub held: f32,
    /// The largest share of a side of the picture that lies on the document but not on the quad, 0 to 1.
    pub left_out: f32,
}

/// The maps of the net.
pub(super) struct Maps {
    pub region: Grid<f32>,
    pub side: Grid<f32>,
    pub corner: Grid<f32>,
    /// Probability that there is a document at all.
    pub present: f32,
    /// The sum of `region`.
    all: f32,
}

impl Maps {
    pub(super) fn new(seen: &Seen) -> Self {
        let grid = |cells: &[f32]| Grid { width: seen.width, height: seen.height, cells: cells.to_vec() };
        Self {
            region: grid(&seen.region),
            side: grid(&seen.side),
            corner: grid(&seen.corner),
            present: seen.present,
            all: seen.region.iter().sum(),
        }
    }

    /// How much of the picture lies on the document, 0 to 1.
    pub(super) fn mean_region(&self) -> f32 {
        self.all / self.region.cells.len().max(1) as f32
    }

    /// How much of each side of the picture lies on the document, 0 to 1: top, bottom, left, right.
    pub(super) fn frame_regions(&self) -> [f32; 4] {
        let (width, height) = (self.region.width, self.region.height);
        let row = |y: usize| self.region.row(y).iter().sum::<f32>() / width.max(1) as f32;
        let column = |x: usize| (0..height).map(|y| self.region.at(x, y)).sum::<f32>() / height.max(1) as f32;
        [row(0), row(height.saturating_sub(1)), column(0), column(width.saturating_sub(1))]
    }

    /// Of the whole picture only: the frame of a part is none of the picture.
    pub(super) fn at_frame(&self, quad: &Quad, is_frame: [bool; 4], width: usize, height: usize) -> AtFrame {
        let (columns, rows) = (self.region.width, self.region.height);
        let scale = [columns as f64 / width.max(1) as f64, rows as f64 / height.max(1) as f64];
        let quad = quad.map(|[x, y]| [x * scale[0], y * scale[1]]);
        let (mut sum, mut count) = (0.0f32, 0.0f32);
        for ((from, to), _) in geometry::sides(&quad).into_iter().zip(is_frame).filter(|(_, is_frame)| *is_frame) {
            for index in 0..STATIONS {
                let [x, y] = geometry::between(from, to, (index as f64 + 0.5) / STATIONS as f64);
                sum += self.region.sample(x as f32, y as f32);
                count += 1.0;
            }
        }
        let free = |x: usize, y: usize| {
            let is_on = geometry::contains(&quad, [x as f64 + 0.5, y as f64 + 0.5]);
            if is_on { 0.0 } else { self.region.at(x, y) }
        };
        let row = |y: usize| (0..columns).map(|x| free(x, y)).sum::<f32>() / columns.max(1) as f32;
        let column = |x: usize| (0..rows).map(|y| free(x, y)).sum::<f32>() / rows.max(1) as f32;
        let sides = [row(0), row(rows.saturating_sub(1)), column(0), column(columns.saturating_sub(1))];
        AtFrame { held: sum / count.max(1.0), left_out: sides.into_iter().fold(0.0, f32::max) }
    }

    pub(super) fn judge(&self, quad: &Quad, is_frame: [bool; 4], width: usize, height: usize) -> Learned {
        let (right, bottom) = (self.region.width as f64, self.region.height as f64);
        let scale = [right / width.max(1) as f64, bottom / height.max(1) as f64];
        let quad = quad.map(|[x, y]| [x * scale[0], y * scale[1]]);
        let (inside, cells) = sum_within(&self.region, &quad);
        let holds = |[x, y]: Point| x >= 0.0 && y >= 0.0 && x < right && y < bottom;
        let at = |map: &Grid<f32>, [x, y]: Point| map.sample(x as f32, y as f32);
        let (mut sum, mut least, mut sides, mut beyond) = (0.0f32, 1.0f32, 0.0f32, [0.0f32; 4]);
        for (((from, to), is_frame), beyond) in geometry::sides(&quad).into_iter().zip(is_frame).zip(&mut beyond) {
            let length = geometry::distance(from, to).max(1e-6);
            let across = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
            let (mut on, mut outer, mut count) = (0.0f32, 0.0f32, 0.0f32);
            for index in 0..STATIONS {
                let middle = geometry::between(from, to, (index as f64 + 0.5) / STATIONS as f64);
                if holds(middle) {
                    on += at(&self.side, middle);
                    outer += at(&self.region, [middle[0] - 1.5 * across[0], middle[1] - 1.5 * across[1]]);
                    count += 1.0;
                }
            }
            if !is_frame && count > 0.0 {
                sum += on / count;
                least = least.min(on / count);
                *beyond = outer / count;
                sides += 1.0;
            }
        }
        let inner: Vec<Point> = quad.into_iter().filter(|corner| holds(*corner)).collect();
        let corner = inner.iter().map(|corner| at(&self.corner, *corner)).sum::<f32>() / inner.len().max(1) as f32;
        Learned {
            overlap: inside / (self.all + cells - inside).max(1.0),
            side: (sum / sides.max(1.0), if sides > 0.0 { least } else { 0.0 }),
            corner,
            beyond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Grid, Maps, Seen, Standing};
    use crate::geometry;

    #[test]
    fn every_fourth_place_counts_where_it_lies() {
        let (width, height) = (61, 47);
        let cells: Vec<f32> = (0..width * height).map(|n| ((n * 37 + n / width * 11) % 101) as f32).collect();
        let grid = Grid { width, height, cells };
        let highest = 100.0;
        for quad in [
            [[20.0, 16.0], [96.0, 6.0], [110.0, 80.0], [26.0, 84.0]],
            [[-10.0, -10.0], [60.0, -4.0], [58.0, 50.0], [-6.0, 40.0]],
        ] {
            let half = quad.map(|[x, y]| [x / 2.0, y / 2.0]);
            let (mut inside, mut all, mut count) = (0.0, 0.0, 0.0);
            for y in (2..height).step_by(4) {
                for x in (2..width).step_by(4) {
                    let value = (grid.at(x, y) / (0.5 * highest + 4.0)).min(1.0);
                    all += value;
                    if geometry::contains(&half, [x as f64 + 0.5, y as f64 + 0.5]) {
                        inside += value;
                        count += 1.0;
                    }
                }
            }
            let (share, filled) = Standing::new(&grid, highest).held(&quad);
            assert!((share - inside / all).abs() < 1e-4, "{share} is not {}", inside / all);
            assert!((filled - inside / count).abs() < 1e-4, "{filled} is not {}", inside / count);
        }
    }

    #[test]
    fn what_the_net_sees_at_the_sides_of_the_picture() {
        let mut region = Grid::new(20, 10);
        for y in 2..8 {
            for x in 12..20 {
                region.set(x, y, 1.0);
            }
        }
        let cells = region.cells;
        let seen =
            Seen { width: 20, height: 10, side: cells.clone(), corner: cells.clone(), region: cells, present: 1.0 };
        let maps = Maps::new(&seen);
        let leaves = [[12.0, 2.0], [20.0, 2.0], [20.0, 8.0], [12.0, 8.0]];
        let found = maps.at_frame(&leaves, [false, true, false, false], 20, 10);
        assert!(found.held > 0.9 && found.left_out == 0.0, "{found:?}");
        let ends = [[12.0, 2.0], [18.0, 2.0], [18.0, 8.0], [12.0, 8.0]];
        let found = maps.at_frame(&ends, [false; 4], 20, 10);
        assert!(found.held == 0.0 && (found.left_out - 0.6).abs() < 1e-6, "{found:?}");
    }
}
