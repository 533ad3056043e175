//! Looks at one quad by itself: straightened, with some ground around it.
//!
//! From afar, a sheet on a stack of its kind is one bright place with the stack. Seen straightened, the sides of the right
//! quad run along the sides of the patch and its print along them, and the sheets beneath do neither. A small learned net
//! says how well a quad fits, and where its corners should be. It is trained on rendered pictures by `train/trim.py`.

use super::layers::{Map, PatchNet};
use super::straight::Levels;
use crate::geometry::{self, Homography, Quad, UNIT_SQUARE};

/// Written by `train/trim.py`. Answers how well the quad fits, and how far each of its corners is off, across and down.
const NET: PatchNet =
    PatchNet { weights: include_bytes!("trim.bin"), stages: &[(24, 1), (40, 2), (64, 1)], answers: 9 };

/// Places along the patch, and how many of them lie outside the quad on each side.
const SIDE: usize = 96;
const MARGIN: usize = 14;

/// Share of a quad's side in which the moves of the corners are counted.
const MOVE_UNIT: f64 = 0.1;

/// What the net says about a quad.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trimmed {
    /// Logit of an overlap with a sheet of more than about 0.9.
    pub fit: f32,
    /// Where the corners should be, in cells.
    pub quad: Quad,
}

/// What the net says about a quad in cells; `None` where that is no view of a rectangle.
#[inline(never)]
pub(super) fn trim(levels: &Levels, quad: &Quad) -> Option<Trimmed> {
    let patch = patch(levels, quad)?;
    let answers = NET.answers(&patch);
    let (fit, moves) = answers.split_first()?;
    let map = Homography::from_unit_square(quad)?;
    let mut trimmed = *quad;
    for ((corner, [x, y]), [dx, dy]) in trimmed.iter_mut().zip(UNIT_SQUARE).zip(moves.as_chunks::<2>().0) {
        *corner = map.apply([x + MOVE_UNIT * f64::from(*dx), y + MOVE_UNIT * f64::from(*dy)]);
    }
    Some(Trimmed { fit: *fit, quad: trimmed })
}

/// The input of the net: the quad and what is around it.
fn patch(levels: &Levels, quad: &Quad) -> Option<Map> {
    let inner = (SIDE - 2 * MARGIN) as f64;
    let map = Homography::from_unit_square(quad)?;
    let beyond = MARGIN as f64 / inner;
    let outer = UNIT_SQUARE.map(|[x, y]| map.apply([x + beyond * (2.0 * x - 1.0), y + beyond * (2.0 * y - 1.0)]));
    levels.patch(&outer, SIDE, geometry::signed_area(quad).abs().sqrt() / inner)
}

#[cfg(test)]
mod tests {
    use super::{MARGIN, NET, SIDE, patch, trim};
    use crate::locate::straight::Cell;
    use crate::locate::straight::tests::{assert_answers, levels, test_patch};

    #[test]
    fn answers_as_the_training_code_does() {
        assert_answers(&NET.answers(&test_patch(SIDE)), include_str!("trim.txt"));
    }

    #[test]
    fn every_weight_is_read_once() {
        let mut layers = NET.layers();
        layers.next(36, 16);
        layers.pass(&[16, 24, 24, 40, 40, 40, 64, 64]);
        for (inputs, outputs) in [(36, 64), (64, 48), (48, 9)] {
            layers.next(inputs, outputs);
        }
        assert!(layers.is_empty());
    }

    #[test]
    fn a_patch_shows_the_quad_straightened() {
        // Brightness rises along the quad, which is turned by a quarter and four times as large as the patch.
        let levels = levels(480, 480, |_, y| y as f32 / 2.0);
        let quad = [[384.0, 96.0], [384.0, 368.0], [112.0, 368.0], [112.0, 96.0]];
        let patch = patch(&levels, &quad).unwrap();
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
        assert!(trim(&flat, &beyond).is_some_and(|seen| seen.quad.iter().flatten().all(|at| at.is_finite())));
        assert!(trim(&flat, &[[5.0, 5.0]; 4]).is_none());
        assert!(trim(&flat, &[[0.0, 0.0], [30.0, 0.0], [15.0, 1.0], [14.0, 1.0]]).is_none());
        assert!(trim(&flat, &[[f64::NAN; 2]; 4]).is_none());
        let _ = trim(&levels(0, 0, |_, _| 0.0), &beyond);
    }
}
