//! Quads from the corners that the net sees, for documents whose inside it is not sure of: what lies across a sheet parts
//! it, what lies beneath joins it.

use super::net::{self, Seen};
use crate::order::sort_by;

/// A corner as clear as this counts, a probability. The map is low: its corners are as wide as a cell or two.
const LEAST: f32 = 0.15;

/// As many corners are combined, the clearest first: four of eight are 70 quads.
const MOST: usize = 8;

/// Quads that are kept.
const KEPT: usize = 2;

/// Smaller quads, in cells, are no document that anyone could read.
const LEAST_AREA: f64 = 12.0;

/// Quads in cells of the maps, clockwise, the one with the clearest corners and sides first.
pub(super) fn quads(seen: &Seen) -> Vec<[[f64; 2]; 4]> {
    let mut corners = peaks(seen);
    sort_by(&mut corners, |a, b| b.1.total_cmp(&a.1));
    corners.truncate(MOST);
    let mut found = Vec::new();
    for (i, a) in corners.iter().enumerate() {
        for (j, b) in corners.iter().enumerate().skip(i + 1) {
            for (k, c) in corners.iter().enumerate().skip(j + 1) {
                for d in corners.iter().skip(k + 1) {
                    let Some(quad) = clockwise([a.0, b.0, c.0, d.0]) else { continue };
                    let clear = (a.1 * b.1 * c.1 * d.1).sqrt().sqrt();
                    found.push((quad, clear * net::sides(&quad, seen)));
                }
            }
        }
    }
    sort_by(&mut found, |a, b| b.1.total_cmp(&a.1));
    found.into_iter().take(KEPT).map(|(quad, _)| quad).collect()
}

/// Cells that are clearer corners than all around them, with their place between the cells.
fn peaks(seen: &Seen) -> Vec<([f64; 2], f32)> {
    let at = |x: usize, y: usize| seen.corner.get(y * seen.width + x).copied().unwrap_or_default();
    let mut found = Vec::new();
    for y in 1..seen.height.saturating_sub(1) {
        for x in 1..seen.width.saturating_sub(1) {
            let value = at(x, y);
            if value < LEAST {
                continue;
            }
            let around = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (x, y)));
            let (mut sum, mut right, mut down) = (0.0, 0.0, 0.0);
            let mut is_peak = true;
            for (column, row) in around {
                let other = at(column, row);
                // Of two that are alike the first counts.
                is_peak &= other < value || (other == value && (row, column) >= (y, x));
                sum += other;
                right += other * (column as f32 + 0.5);
                down += other * (row as f32 + 0.5);
            }
            if is_peak {
                found.push(([f64::from(right / sum), f64::from(down / sum)], value));
            }
        }
    }
    found
}

/// The four points as a convex quad; `None` when one is within the others.
fn clockwise([a, b, c, d]: [[f64; 2]; 4]) -> Option<[[f64; 2]; 4]> {
    let orders = [[a, b, c, d], [a, b, d, c], [a, c, b, d]];
    let is_convex = |quad: &[[f64; 2]; 4]| {
        let [a, b, c, d] = *quad;
        [(a, b, c), (b, c, d), (c, d, a), (d, a, b)].iter().all(|(a, b, c)| net::turn(*a, *b, *c) > 0.0)
    };
    let turned = orders.map(|[a, b, c, d]| [a, d, c, b]);
    orders.into_iter().chain(turned).find(is_convex).filter(|quad| net::doubled_area(quad) >= 2.0 * LEAST_AREA)
}
