//! Moves the sides of the best quad to where its paper ends, as far as the ranking likes that better.
//!
//! Of quads that differ by a few cells only the one with the strongest edges is looked at closely. On a printed ground, or
//! with a frame printed near the side of the paper, that is often one with a side beside the paper's own.

use super::lines::{self, Line, Tiles};
use super::small::Small;
use super::{Draft, ENCLOSES_ALIKE, Framed, View, quads, score};
use crate::geometry::{self, Point};

/// Places along a side at which the colour across it is read.
const STATIONS: usize = 20;

/// How far an end of a side may be moved, in cells: printed frames are 4 % of a sheet away from its sides.
const REACH: i32 = 20;

/// Distances from a side, in cells, within which all is paper, and at which there is none. What is thinner than the furthest
/// is a line that is printed on the paper.
const WITHIN: [i32; 2] = [1, 2];
const BEYOND: [i32; 5] = [1, 2, 3, 5, 7];
const FURTHEST: i32 = 7;

/// How much clearer the paper has to end elsewhere, 0 to 1, and how much of that each cell of the way costs. Of 983 rendered
/// photos (even seeds) with all of a document in them, 59 had a side that was off by more than 4 px of 1360 or 1600; now 23
/// have, and none that had not. With a margin of 0.2 it was 39, with 0.03 as many as with this.
const MARGIN: f32 = 0.05;
const COST: f32 = 0.002;

/// A side at which the paper ends this clearly is its own.
const CLEAR: f32 = 0.6;

/// How often all sides are tried again after one was moved.
const ROUNDS: usize = 2;

/// Puts a better quad before the best one, if there is one. Quads with sides of the picture stay as they are.
#[inline(never)]
pub(super) fn settle(view: &View, drafts: &mut Vec<Draft>, edges: &Tiles) {
    let Some(first) = drafts.first().filter(|first| first.frame_sides() == 0) else { return };
    let mut better = improved(view, first, drafts, edges);
    for _ in 1..ROUNDS {
        let next = better.as_ref().and_then(|better| improved(view, better, drafts, edges));
        better = next.or(better);
    }
    if let Some(better) = better {
        drafts.insert(0, better);
    }
}

/// The quad with sides moved to where its paper ends, where that ranks higher.
fn improved(view: &View, best: &Draft, drafts: &[Draft], edges: &Tiles) -> Option<Draft> {
    let (width, height) = (view.small.width(), view.small.height());
    let quad = best.hypothesis.quad;
    let paper = score::ground(&view.small, &quad);
    let ends = geometry::sides(&quad);
    let places = ends.map(|side| place(&view.small, paper, side));
    if places.iter().all(Option::is_none) {
        return None;
    }
    let through = |side: Segment| lines::through(side, edges, width, height);
    let own = ends.map(through);
    let moved = places.map(|place| place.map(through));
    let known: Vec<Framed> = drafts.iter().map(Framed::new).collect();
    let mut found: Option<Draft> = None;
    let mut is_better = |sides: &[Line; 4]| {
        let Some(hypothesis) = quads::hypotheses(sides, width, height, 1).pop() else { return false };
        let mut draft = view.draft(hypothesis);
        draft.note(ENCLOSES_ALIKE, Framed::new(&draft).clearest(&known));
        let is_better = draft.score > found.as_ref().unwrap_or(best).score;
        if is_better {
            found = Some(draft);
        }
        is_better
    };
    // All at once first: three sides of a printed frame and one of its paper are no better than the frame.
    let mut sides = own.clone();
    for (side, line) in sides.iter_mut().zip(&moved) {
        *side = line.as_ref().unwrap_or(side).clone();
    }
    if !is_better(&sides) {
        sides = own;
        for (index, line) in moved.into_iter().enumerate() {
            let (Some(line), Some(side)) = (line, sides.get_mut(index)) else { continue };
            let before = std::mem::replace(side, line);
            if !is_better(&sides)
                && let Some(side) = sides.get_mut(index)
            {
                *side = before;
            }
        }
    }
    found
}

type Segment = (Point, Point);

/// Another place for a side, one that parts the colour of the paper from other colours more clearly.
#[inline(never)]
fn place(small: &Small, paper: [f32; 3], (from, to): Segment) -> Option<Segment> {
    let strip = Strip::new(small, paper, (from, to))?;
    let near = |middle: i32| (middle - 1).max(-REACH)..=(middle + 1).min(REACH);
    let around = |(a, b): (i32, i32)| near(a).flat_map(move |a| near(b).map(move |b| (a, b)));
    let coarse = || (-REACH..=REACH).step_by(2);
    let (here, _) = strip.clearest(around((0, 0)), (f32::MIN, (0, 0)));
    if here > CLEAR {
        return None;
    }
    let best = strip.clearest(coarse().flat_map(|a| coarse().map(move |b| (a, b))), (here + MARGIN, (0, 0)));
    if best.1 == (0, 0) {
        return None;
    }
    let (_, (a, b)) = strip.clearest(around(best.1), best);
    let moved = |[x, y]: Point, off: i32| [x + f64::from(off) * strip.inward[0], y + f64::from(off) * strip.inward[1]];
    Some((moved(from, a), moved(to, b)))
}

/// What lies across a side.
struct Strip {
    /// Unit vector into the quad.
    inward: Point,
    /// For each place along the side its share of the length, and how much what lies there has the colour of the paper, from
    /// outside to inside.
    stations: Vec<(f32, [f32; Strip::WIDTH])>,
}

impl Strip {
    const MIDDLE: i32 = REACH + FURTHEST;
    const WIDTH: usize = 2 * Self::MIDDLE as usize + 1;

    fn new(small: &Small, paper: [f32; 3], (from, to): Segment) -> Option<Self> {
        let length = geometry::distance(from, to);
        if length < 8.0 || !length.is_finite() {
            return None;
        }
        let inward = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
        let (width, height) = (small.width() as f64, small.height() as f64);
        let shares = (0..STATIONS).map(|index| 0.06 + 0.88 * (index as f64 + 0.5) / STATIONS as f64);
        let places = shares.map(|share| (share, geometry::between(from, to, share)));
        let seen = places.filter(|(_, [x, y])| *x >= 0.0 && *y >= 0.0 && *x < width && *y < height);
        let stations = seen.map(|(share, [x, y])| {
            let at = |index: usize| {
                let off = index as f64 - f64::from(Self::MIDDLE);
                score::alike(paper, score::color(small, [x + off * inward[0], y + off * inward[1]]))
            };
            (share as f32, std::array::from_fn(at))
        });
        let stations: Vec<_> = stations.collect();
        (stations.len() >= STATIONS / 2).then_some(Self { inward, stations })
    }

    /// Of some offsets of both ends those at which the paper ends most clearly, if more clearly than `best` says.
    fn clearest(&self, places: impl Iterator<Item = (i32, i32)>, mut best: (f32, (i32, i32))) -> (f32, (i32, i32)) {
        for place in places {
            if let Some(clearness) = self.clearness(place, best.0) {
                best = (clearness, place);
            }
        }
        best
    }

    /// How much more of what lies within than beyond is paper, when both ends are moved, if that is more than `least`.
    fn clearness(&self, (near, far): (i32, i32), least: f32) -> Option<f32> {
        let count = self.stations.len() as f32;
        let mean = |step: i32| {
            let read = |(share, row): &(f32, [f32; Self::WIDTH])| {
                // OK because the sum is not negative.
                let off = (near as f32 + (far - near) as f32 * share + Self::MIDDLE as f32 + 0.5) as i32;
                usize::try_from(off + step).ok().and_then(|place| row.get(place)).copied().unwrap_or_default()
            };
            self.stations.iter().map(read).sum::<f32>() / count
        };
        let within = WITHIN.into_iter().map(mean).sum::<f32>() / WITHIN.len() as f32;
        let mut clearness = within - COST * (near.abs() + far.abs()) as f32;
        let mut most = 0.0f32;
        for step in BEYOND {
            // Most places are no better, which the first means tell.
            if clearness - most <= least {
                return None;
            }
            most = most.max(mean(-step));
        }
        clearness -= most;
        (clearness > least).then_some(clearness)
    }
}

#[cfg(test)]
mod tests {
    use super::{Segment, place};
    use crate::geometry::{self, Quad};
    use crate::locate::score;
    use crate::locate::small::Small;
    use crate::planes::{Plane, Planes};

    /// A sheet with a frame printed 10 px inside its sides, on a ground of the same brightness with slanted lines of print.
    const SHEET: Quad = [[120.0, 90.0], [380.0, 96.0], [376.0, 280.0], [116.0, 274.0]];

    fn small() -> Small {
        let inset = |by: f64| {
            let [a, b, c, d] = SHEET;
            [[a[0] + by, a[1] + by], [b[0] - by, b[1] + by], [c[0] - by, c[1] - by], [d[0] + by, d[1] - by]]
        };
        let (outer, inner) = (inset(10.0), inset(14.0));
        let value = |x: usize, y: usize| {
            let place = [x as f64 + 0.5, y as f64 + 0.5];
            let is_frame = geometry::contains(&outer, place) && !geometry::contains(&inner, place);
            match (geometry::contains(&SHEET, place), is_frame) {
                (true, true) => 60,
                (true, false) => 210,
                (false, _) if (x + 2 * y) % 14 < 6 && (x * 7 + y * 3) % 5 < 3 => 50,
                (false, _) => 190,
            }
        };
        let (width_px, height_px) = (500, 375);
        let samples = (0..height_px).flat_map(|y| (0..width_px).map(move |x| value(x, y))).collect();
        Small::new(&Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None))
    }

    fn settled(small: &Small, side: Segment) -> Option<Segment> {
        place(small, score::ground(small, &SHEET), side)
    }

    #[test]
    fn a_side_beside_that_of_the_paper_moves_to_it() {
        let small = small();
        let [from, to, ..] = SHEET;
        // On the printed frame, on the ground, and across the side.
        for (near, far) in [(12.0, 12.0), (-12.0, -9.0), (-8.0, 8.0)] {
            let side = ([from[0], from[1] + near], [to[0], to[1] + far]);
            let (a, b) = settled(&small, side).expect("another place");
            let off = |[_, y]: [f64; 2], [_, truth]: [f64; 2]| (y - truth).abs();
            assert!(off(a, from) < 2.5 && off(b, to) < 2.5, "{near} {far}: {a:?} {b:?}");
        }
    }

    #[test]
    fn a_side_of_the_paper_stays() {
        let small = small();
        for side in geometry::sides(&SHEET) {
            assert!(settled(&small, side).is_none(), "{side:?}");
        }
    }

    #[test]
    fn sides_without_length_or_outside_the_picture_stay() {
        let small = small();
        for side in [
            ([50.0, 50.0], [52.0, 50.0]),
            ([f64::NAN, 0.0], [90.0, 0.0]),
            ([-400.0, -90.0], [-100.0, -90.0]),
            ([f64::MAX, 0.0], [f64::MIN, 0.0]),
        ] {
            assert!(settled(&small, side).is_none(), "{side:?}");
        }
    }
}
