//! Looks again at the best quads, one by one, where the first look leaves doubt.

use super::grid::Grid;
use super::lines::{self, Line, Tiles};
use super::sides::sharpened;
use super::straight::Levels;
use super::trim::{Trimmed, trim};
use super::{Draft, FIT_WEIGHT, View, WEAKEST_SIDE, put_in_order, quads};
use crate::geometry::{self, Quad};
use crate::order::sort_by;

/// Drafts that are looked at again, and how much lower than the best one's their score may be.
const AGAIN: usize = 12;
const AGAIN_SCORE: f32 = 9.0;

/// A draft that would need a better fit than this for the highest score is not looked at, nor any after it; and where the best
/// draft fits this well, no other is. On 346 desks of `train/render.py` that were looked at again, the latter held for 145, of
/// which 142 were right. With 7 and 3 the answers on 700 desks were as good, and took a twelfth longer.
const MOST_FIT: f32 = 4.0;
const ENOUGH: f32 = 2.0;

/// Quads that share this much look the same.
const SAME_LOOK: f64 = 0.97;

/// Drafts that are trimmed.
const TRIMMED: usize = 2;

/// How often the sides of those, and of the best quad in the end, are looked for anew.
const SHARPENED: usize = 2;

/// A quad of which every side is at least as clear as this keeps the edges that it was fitted to: without this 6 of 300 rendered
/// documents on plain ground fall below an overlap of 0.95, with it none.
const CLEAR_SIDE: f32 = 0.5;

/// The fit of a quad that was not looked at: it has far better rivals.
const UNFIT: f32 = -6.0;

/// Looks at the best drafts straightened, and at what those should be that fit best; notes how well each fits.
#[inline(never)]
pub(super) fn look(view: &View, drafts: &mut Vec<Draft>, strength: &Grid<f32>, edges: &Tiles) {
    let (width, height) = (view.small.width(), view.small.height());
    let levels = Levels::new(&view.small, strength);
    let mut looks: Vec<(Quad, Trimmed)> = Vec::new();
    let mut least = drafts.first().map_or(0.0, |best| best.score - AGAIN_SCORE);
    let mut best: Vec<(f32, Trimmed)> = Vec::new();
    for draft in drafts.iter() {
        if draft.score <= least || looks.len() >= AGAIN || is_enough(&looks) {
            break;
        }
        let quad = draft.hypothesis.quad;
        if of_same(&looks, &quad).is_none()
            && let Some(trimmed) = trim(&levels, &quad)
        {
            looks.push((quad, trimmed));
            best.push((draft.score + FIT_WEIGHT * trimmed.fit, trimmed));
            least = least.max(draft.score + FIT_WEIGHT * (trimmed.fit - MOST_FIT));
        }
    }
    sort_by(&mut best, |a, b| b.0.total_cmp(&a.0));
    let sides_of = |quad: Quad| -> Vec<Line> {
        geometry::sides(&quad).map(|side| lines::through(side, edges, width, height)).into()
    };
    for (_, trimmed) in best.iter().take(if is_enough(&looks) { 0 } else { TRIMMED }) {
        let quad = trimmed.quad;
        // Faint sides have stronger edges near them, so that the sides are tried where they are, too.
        let guessed = lines::guessed(&quad, edges, width, height);
        let sides = [guessed, sides_of(quad), sides_of(sharpened(&levels, quad, SHARPENED))];
        for hypothesis in sides.iter().flat_map(|sides| quads::hypotheses(sides, width, height, 1)) {
            if let Some(trimmed) = trim(&levels, &hypothesis.quad) {
                looks.push((hypothesis.quad, trimmed));
                drafts.push(view.draft(hypothesis));
            }
        }
    }
    for draft in drafts.iter_mut() {
        draft.fit = Some(of_same(&looks, &draft.hypothesis.quad).map_or(UNFIT, |trimmed| trimmed.fit));
    }
    put_in_order(drafts);
    let is_faint = |best: &&Draft| best.frame_sides() == 0 && best.feature(WEAKEST_SIDE) < CLEAR_SIDE;
    if let Some(best) = drafts.first().filter(is_faint) {
        let (score, fit) = (best.score, best.fit);
        let sides = sides_of(sharpened(&levels, best.hypothesis.quad, SHARPENED));
        if let Some(hypothesis) = quads::hypotheses(&sides, width, height, 1).pop() {
            drafts.insert(0, Draft { score, fit, ..view.draft(hypothesis) });
        }
    }
}

fn is_enough(looks: &[(Quad, Trimmed)]) -> bool {
    looks.first().is_some_and(|(_, first)| first.fit >= ENOUGH)
}

/// What was seen of a quad, or of the one that is most like it.
fn of_same(looks: &[(Quad, Trimmed)], quad: &Quad) -> Option<Trimmed> {
    let overlaps = looks.iter().map(|(known, seen)| (geometry::intersection_over_union(known, quad), seen));
    let same = overlaps.filter(|(overlap, _)| *overlap > SAME_LOOK);
    same.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, seen)| *seen)
}

#[cfg(test)]
mod tests {
    use crate::geometry::{self, Quad};
    use crate::locate::candidates;
    use crate::planes::{Plane, Planes};

    const SHEET: Quad = [[210.0, 90.0], [520.0, 110.0], [500.0, 540.0], [185.0, 520.0]];

    /// Rectangles of one brightness each, the last on top, on a plain ground.
    fn picture(sheets: &[(Quad, u8)]) -> Planes {
        let mut samples = Vec::new();
        for y in 0..640u32 {
            for x in 0..800u32 {
                let place = [f64::from(x) + 0.5, f64::from(y) + 0.5];
                let sheet = sheets.iter().rev().find(|(quad, _)| geometry::contains(quad, place));
                samples.push(sheet.map_or(150 + ((x * 7 + y * 13) % 3) as u8, |(_, value)| *value));
            }
        }
        Planes::new(Plane { width_px: 800, height_px: 640, stride: 800, samples }, None)
    }

    #[test]
    fn a_sheet_on_a_plain_ground_is_not_looked_at_again() {
        let considered = candidates(&picture(&[(SHEET, 226)]));
        assert!(!considered.is_empty());
        assert!(considered.iter().all(|quad| quad.fit.is_none()), "{:?}", considered.first());
    }

    #[test]
    fn the_quads_of_a_stack_are_compared_by_how_well_they_fit() {
        let beneath = [
            [[190.0, 118.0], [512.0, 84.0], [536.0, 520.0], [214.0, 556.0]],
            [[176.0, 100.0], [486.0, 92.0], [498.0, 562.0], [190.0, 566.0]],
        ];
        let considered = candidates(&picture(&[(beneath[0], 213), (beneath[1], 219), (SHEET, 226)]));
        let fits: Vec<f32> = considered.iter().map(|quad| quad.fit.expect("a stack leaves doubt")).collect();
        assert!(fits.iter().any(|fit| *fit > super::UNFIT) && fits.contains(&super::UNFIT), "{fits:?}");
        assert!(considered.is_sorted_by(|a, b| a.score >= b.score));
    }
}
