//! Quads from the corners that the net sees, for documents whose inside it is not sure of: what lies across a sheet parts
//! it, what lies beneath joins it.

use super::net::{self, Seen};
use crate::geometry;
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
    let turned = orders.map(|[a, b, c, d]| [a, d, c, b]);
    orders.into_iter().chain(turned).find(geometry::is_convex).filter(|quad| geometry::signed_area(quad) >= LEAST_AREA)
}

#[cfg(test)]
mod tests {
    use super::{clockwise, quads};
    use crate::locate::net::Seen;

    const CORNERS: [[f64; 2]; 4] = [[10.0, 8.5], [38.0, 10.0], [35.5, 29.0], [8.0, 27.0]];

    /// Corners as the net sees them, sides between them, and a corner of something else.
    fn seen(corners: &[[f64; 2]], sides: f32) -> Seen {
        let (width, height) = (48, 36);
        let mut seen = Seen { width, height, side: vec![sides; width * height], ..Seen::default() };
        for index in 0..width * height {
            let (x, y) = ((index % width) as f64 + 0.5, (index / width) as f64 + 0.5);
            let near = corners.iter().map(|[a, b]| (x - a).hypot(y - b)).fold(f64::MAX, f64::min);
            seen.corner.push((-near * near / 3.4).exp() as f32);
        }
        seen
    }

    #[test]
    fn four_corners_are_a_quad_to_half_a_cell() {
        let found = quads(&seen(&CORNERS, 0.8));
        assert_eq!(found.len(), 1);
        for corner in CORNERS {
            let near = found[0].iter().map(|[x, y]| (x - corner[0]).hypot(y - corner[1])).fold(f64::MAX, f64::min);
            assert!(near < 0.5, "{corner:?} {near}");
        }
    }

    #[test]
    fn of_many_corners_two_quads_are_kept() {
        let more = [[20.0, 4.5], [44.0, 20.5], [24.5, 33.0], [3.5, 15.0], [40.5, 31.0], [4.5, 4.5]];
        assert_eq!(quads(&seen(&[&CORNERS[..], &more].concat(), 0.8)).len(), 2);
    }

    #[test]
    fn three_corners_and_none_are_no_quad() {
        assert!(quads(&seen(&CORNERS[..3], 0.8)).is_empty());
        assert!(quads(&Seen::default()).is_empty());
    }

    #[test]
    fn any_order_of_corners_is_one_quad_clockwise() {
        let [a, b, c, d] = CORNERS;
        for order in [[a, b, c, d], [b, a, d, c], [d, c, b, a], [c, a, b, d]] {
            let quad = clockwise(order).expect("they are convex");
            let start = quad.iter().position(|corner| *corner == a).expect("it is one of them");
            let turned: Vec<_> = quad.iter().cycle().skip(start).take(4).copied().collect();
            assert_eq!(turned, CORNERS);
        }
        assert_eq!(clockwise([a, b, c, [27.0, 15.0]]), None);
    }
}
