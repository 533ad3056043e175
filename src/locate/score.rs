//! How well a quad fits the picture: what its sides and both sides of its sides look like.

use super::grid::Grid;
use super::small::Small;
use crate::geometry::{self, Point, Quad};

/// Places along a side at which inside and outside are compared.
const STATIONS: usize = 24;

/// Distances from the side, in cells, at which colours are read.
const DEPTHS: [f64; 2] = [2.0, 4.5];

/// A colour difference counts this much more than the same brightness difference, as for edges.
const COLOR_WEIGHT: f32 = 1.5;

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
}

/// Reads both sides of each side of a quad in cells.
pub(super) fn look(small: &Small, standing_out: &Grid<f32>, highest: f32, quad: &Quad) -> [SideLook; 4] {
    let [a, b, c, d] = *quad;
    [(a, b), (b, c), (c, d), (d, a)].map(|(from, to)| side(small, standing_out, highest, from, to))
}

fn side(small: &Small, standing_out: &Grid<f32>, highest: f32, from: Point, to: Point) -> SideLook {
    let length = geometry::distance(from, to);
    if length < 1.0 || !length.is_finite() {
        return SideLook::default();
    }
    // Clockwise corners have the inside to the right on screen, which is where this points.
    let across = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
    let (width, height) = (small.width() as f64, small.height() as f64);
    let mut differences = [0.0f32; 3];
    let (mut sizes, mut contrast, mut step, mut count) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    let (mut sums, mut squares) = ([0.0f32; 3], [0.0f32; 3]);
    for index in 0..STATIONS {
        let middle = geometry::between(from, to, 0.06 + 0.88 * (index as f64 + 0.5) / STATIONS as f64);
        let at = |off: f64| [middle[0] + off * across[0], middle[1] + off * across[1]];
        let [x, y] = at(-DEPTHS[0]);
        if x < 0.0 || y < 0.0 || x >= width || y >= height {
            continue;
        }
        let (inner, outer) = (read(small, at, 1.0), read(small, at, -1.0));
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
        contrast += size / (size + 12.0);
        let out_at = |off: f64| {
            let [x, y] = at(off);
            standing_out.sample(x as f32 / 2.0, y as f32 / 2.0)
        };
        step += ((out_at(DEPTHS[1]) - out_at(-DEPTHS[1])) / (0.5 * highest + 4.0)).clamp(-1.0, 1.0);
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
    }
}

fn read(small: &Small, at: impl Fn(f64) -> Point, sign: f64) -> [f32; 3] {
    let mut sum = [0.0f32; 3];
    for depth in DEPTHS {
        let [x, y] = at(sign * depth);
        let color = small.color(x as f32, y as f32);
        for ((sum, value), weight) in sum.iter_mut().zip(color).zip([1.0, COLOR_WEIGHT, COLOR_WEIGHT]) {
            *sum += weight * value / DEPTHS.len() as f32;
        }
    }
    sum
}

/// How plausible the shape is as a document: 1 up to 2.2 to 1, then less, 0 from 4 to 1.
pub(super) fn plausible_ratio(width_to_height: f64) -> f32 {
    let ratio = width_to_height.max(1.0 / width_to_height);
    (1.0 - (ratio - 2.2) / 1.8).clamp(0.0, 1.0) as f32
}
