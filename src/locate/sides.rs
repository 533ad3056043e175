//! Says where the sides of a sheet run that are near those of a quad, at each of its corners, and how precisely.
//!
//! Each corner is seen straightened, at nearly twice the scale of `trim`, by a small learned net. Where a side has no edge left
//! to fit a line to, this is what there is to go by. It is trained on rendered pictures by `train/sides.py`.

use super::layers::{PatchNet, larger, smaller};
use super::lines::{Line, Moments, as_point, bare};
use super::straight::Levels;
use crate::geometry::{self, Homography, Quad, UNIT_SQUARE};

/// Written by `train/sides.py`. Answers how far two sides are off at two places each, and how uncertain each of it is.
const NET: PatchNet = PatchNet { weights: include_bytes!("sides.bin"), stages: &[(24, 1), (40, 1)], answers: 8 };

/// Places along a patch.
const SIDE: usize = 48;

/// How much a patch shows along each side, and how much of it lies beyond the corner, in shares of the root of the quad's area.
const SPAN: f64 = 0.4;
const MARGIN: f64 = 0.13;

/// In what the net counts, as such a share; and the logarithms of its least and greatest uncertainty in that unit.
const UNIT: f64 = 0.05;
const SHARPEST: f32 = -3.218_876;
const DULLEST: f32 = 1.791_759_5;

/// A quad in cells moved `times` to the sides that the net sees near its own, as long as that is a view of a rectangle.
pub(super) fn sharpened(levels: &Levels, mut quad: Quad, times: usize) -> Quad {
    for _ in 0..times {
        quad = moved(levels, &quad).unwrap_or(quad);
    }
    quad
}

#[inline(never)]
fn moved(levels: &Levels, quad: &Quad) -> Option<Quad> {
    let map = Homography::from_unit_square(quad)?;
    let [a, b, c, d] = *quad;
    let mean = |p, q, r, s| (geometry::distance(p, q) + geometry::distance(r, s)) / 2.0;
    let root = geometry::signed_area(quad).abs().sqrt();
    let (mut along, mut down) = (root / mean(a, b, d, c), root / mean(a, d, b, c));
    let mut sides = [Moments::default(); 4];
    let [first, second, third, last] = UNIT_SQUARE;
    let corners = [(last, first, second), (first, second, third), (second, third, last), (third, last, first)];
    for (index, (before, corner, after)) in corners.into_iter().enumerate() {
        let ([bx, by], [cx, cy], [ax, ay]) = (before, corner, after);
        let place = |x: f64, y: f64| {
            let (x, y) = (x * along, y * down);
            map.apply([cx + x * (ax - cx) + y * (bx - cx), cy + x * (ay - cy) + y * (by - cy)])
        };
        let outer = UNIT_SQUARE.map(|[x, y]| place(SPAN * x - MARGIN, SPAN * y - MARGIN));
        let answers = NET.answers(&levels.patch(&outer, SIDE, SPAN * root / SIDE as f64)?);
        let (off, uncertain) = answers.split_at_checked(4)?;
        let far = SPAN - MARGIN;
        for (answer, (off, uncertain)) in off.iter().zip(uncertain).enumerate() {
            let (at, off) = (if answer % 2 == 0 { 0.0 } else { far }, UNIT * f64::from(*off));
            let [x, y] = if answer < 2 { place(at, off) } else { place(off, at) };
            let weight = (-2.0 * larger(smaller(*uncertain, DULLEST), SHARPEST)).exp();
            if let Some(side) = sides.get_mut(if answer < 2 { index } else { (index + 3) % 4 }) {
                side.add([x as f32, y as f32], weight);
            }
        }
        (along, down) = (down, along);
    }
    let line = |side: Moments| side.line().map(|(normal, offset)| bare(normal, offset, false));
    let [a, b, c, d] = sides.map(line);
    let (a, b, c, d) = (a?, b?, c?, d?);
    let meet = |one: &Line, other: &Line| one.crossing(other).map(as_point);
    Some([meet(&d, &a)?, meet(&a, &b)?, meet(&b, &c)?, meet(&c, &d)?])
}

#[cfg(test)]
mod tests {
    use super::{NET, SIDE, moved, sharpened};
    use crate::geometry::{self, Quad};
    use crate::locate::straight::tests::{assert_answers, levels, test_patch};

    #[test]
    fn answers_as_the_training_code_does() {
        assert_answers(&NET.answers(&test_patch(SIDE)), include_str!("sides.txt"));
    }

    #[test]
    fn every_weight_is_read_once() {
        let mut layers = NET.layers();
        layers.next(36, 16);
        layers.pass(&[16, 24, 24, 40, 40]);
        for (inputs, outputs) in [(36, 40), (40, 48), (48, 8)] {
            layers.next(inputs, outputs);
        }
        assert!(layers.is_empty());
    }

    #[test]
    fn sides_of_a_sheet_are_found_again() {
        let sheet: Quad = [[110.0, 60.0], [300.0, 84.0], [286.0, 330.0], [84.0, 306.0]];
        let levels = levels(400, 400, |x, y| {
            let is_sheet = geometry::contains(&sheet, [x as f64 + 0.5, y as f64 + 0.5]);
            if is_sheet { 215.0 } else { 150.0 }
        });
        let near = [[103.0, 64.0], [306.0, 78.0], [280.0, 338.0], [88.0, 301.0]];
        let before = geometry::intersection_over_union(&sheet, &near);
        let found = sharpened(&levels, near, 2);
        let after = geometry::intersection_over_union(&sheet, &found);
        assert!(before < 0.95 && after > 0.97, "{before} {after}");
        // It goes by the ground, not by which corner comes first.
        let mut turned = near;
        turned.rotate_left(1);
        let mut again = sharpened(&levels, turned, 2);
        again.rotate_right(1);
        assert!(geometry::intersection_over_union(&found, &again) > 0.9999, "{found:?} {again:?}");
    }

    #[test]
    fn odd_quads_and_pictures_do_not_trip() {
        let flat = levels(40, 30, |_, _| 100.0);
        let beyond = [[-900.0, -900.0], [900.0, -900.0], [900.0, 900.0], [-900.0, 900.0]];
        assert!(sharpened(&flat, beyond, 1).iter().flatten().all(|at| at.is_finite()));
        for quad in [[[5.0; 2]; 4], [[0.0, 0.0], [30.0, 0.0], [15.0, 1.0], [14.0, 1.0]], [[f64::NAN; 2]; 4]] {
            assert!(moved(&flat, &quad).is_none());
        }
        let _ = sharpened(&levels(0, 0, |_, _| 0.0), beyond, 1);
    }
}
