//! Quads from lines: every plausible combination of two pairs of opposite sides, best supported first.

use super::lines::{Line, as_point, length};
use crate::geometry::{self, Point, Quad};
use crate::order::{nth, sort_by};

/// A possible document, in cells.
#[derive(Debug, Clone)]
pub(super) struct Hypothesis {
    /// Corners, clockwise.
    pub quad: Quad,
    /// Mean weight of the edges on each side, side 0 from corner 0 to corner 1; 0 on a side of the picture.
    pub support: [f32; 4],
    /// Mean weight of the edges just beyond the ends of each side.
    pub overshoot: [f32; 4],
    /// Which sides are sides of the picture.
    pub is_frame: [bool; 4],
    /// First, rough score.
    pub score: f32,
}

/// Opposite sides differ by at most 35 degrees in direction (cosine), neighbours meet at 45 to 135 degrees.
const OPPOSITE_COSINE: f32 = 0.82;
const NEIGHBOUR_COSINE: f32 = 0.707;

/// Smallest share of the picture that a document covers.
const MIN_COVERAGE: f64 = 0.02;

/// Corners may lie outside the picture by this share of its size.
const OUTSIDE_SHARE: f32 = 0.35;

/// Mean weight of edges below which a side is not one.
const MIN_SUPPORT: f32 = 0.1;

/// Hypotheses that are judged at most; a picture full of print has more.
const MAX_JUDGED: usize = 40_000;

/// Of those, as many are put in order; near duplicates of the best ones take most places. The first number is enough in
/// 24 of 25 photos with more; the others are combined again.
const SORTED: [usize; 2] = [1_000, 4_000];

/// Corners within this share of the picture's diagonal, and of the square root of the quad's area, are the same: the frame
/// that is printed on a certificate is 4 % of its size away from the sides.
const NEAR_SHARE: f32 = 0.015;
const NEAR_SIDE_SHARE: f64 = 0.03;

/// The `count` best hypotheses, no two of them nearly the same.
#[inline(never)]
pub(super) fn hypotheses(lines: &[Line], width: usize, height: usize, count: usize) -> Vec<Hypothesis> {
    let picture = Picture { width: width as f32, height: height as f32 };
    let lines = lines.get(..MOST_LINES).unwrap_or(lines);
    let sides = Sides::new(lines, &picture);
    let near = NEAR_SHARE * length([picture.width, picture.height]);
    let mut out = Vec::new();
    for most in SORTED {
        let (best, are_all) = best_quads(lines, &sides, &picture, most);
        out = distinct(best, count, near);
        if are_all || out.len() >= count {
            break;
        }
    }
    out
}

/// The `most` best quads, best first, and whether there are no more.
fn best_quads(lines: &[Line], sides: &Sides, picture: &Picture, most: usize) -> (Vec<Hypothesis>, bool) {
    let mut found: Vec<Hypothesis> = Vec::new();
    let (mut judged, mut limit, mut least) = (0, 2 * most, f32::MIN);
    // The sides between the two opposite lines at hand, by their lines.
    let mut rungs = vec![None; lines.len()];
    'all: for k in 0..lines.len() {
        for l in k + 1..lines.len() {
            // Each quad is met twice: once for each pair of opposite sides.
            let across = sides.between(k, l) & !sides.before(k);
            for m in members(across) {
                if let Some(rung) = rungs.get_mut(m) {
                    *rung = sides.of(m, (k, l));
                }
            }
            for i in members(across) {
                for j in members(across & sides.ends(k, i) & sides.ends(l, i)) {
                    judged += 1;
                    if judged > MAX_JUDGED {
                        break 'all;
                    }
                    let (Some(&Some(first)), Some(&Some(last))) = (rungs.get(i), rungs.get(j)) else { continue };
                    let (Some(upper), Some(lower)) = (sides.of(k, (i, j)), sides.of(l, (i, j))) else { continue };
                    let borders = [upper, last, lower, first];
                    // Where the corners are makes no quad better.
                    let support = support(borders);
                    if support >= least {
                        found.extend(sides.corners([i, k, j, l]).and_then(|at| picture.judge(at, borders, support)));
                    }
                    if found.len() > limit {
                        least = cut(&mut found, most);
                        limit = found.len() + most;
                    }
                }
            }
        }
    }
    let are_all = least == f32::MIN && found.len() <= most;
    cut(&mut found, most);
    sort_by(&mut found, |a, b| b.score.total_cmp(&a.score));
    (found, are_all)
}

/// Leaves the `most` best, and those that are as good as the last of them; returns what that one has.
fn cut(found: &mut Vec<Hypothesis>, most: usize) -> f32 {
    let scores: Vec<f32> = found.iter().map(|quad| quad.score).collect();
    let least = scores.len().checked_sub(most).and_then(|beyond| nth(&scores, beyond)).unwrap_or(f32::MIN);
    found.retain(|quad| quad.score >= least);
    least
}

/// Some of the lines, by their places: more than [`MOST_LINES`] are not combined.
type Set = u128;
const MOST_LINES: usize = Set::BITS as usize;

fn members(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let line = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (line < MOST_LINES).then_some(line)
    })
}

/// Which lines cross where, and which line is a side between which two others.
struct Sides {
    count: usize,
    /// Each line as a set; WebAssembly has no shift of 128 bits.
    only: Vec<Set>,
    crossings: Vec<Option<[f32; 2]>>,
    /// For a side and the line at one of its ends: the lines with a higher place that may be at its other end.
    ends: Vec<Set>,
    /// For two lines, the one with the lower place first: the sides between them.
    between: Vec<Set>,
    /// The sides: by their lines, then by the line with the lower place at one end, then by that at the other.
    sides: Vec<Side>,
    /// For a side's line and the line at one of its ends: where those sides begin.
    starts: Vec<usize>,
}

impl Sides {
    fn new(lines: &[Line], picture: &Picture) -> Self {
        let count = lines.len();
        let crossings = lines.iter().flat_map(|a| lines.iter().map(|b| picture.crossing(a, b))).collect();
        let only = std::iter::successors(Some(1), |set| Some(set << 1)).take(count).collect();
        let none = vec![0; count * count];
        let mut out =
            Self { count, only, crossings, ends: none.clone(), between: none, sides: Vec::new(), starts: Vec::new() };
        for (k, line) in lines.iter().enumerate() {
            let ends = lines.iter().enumerate().filter_map(|(i, other)| Some((i, other, out.crossing(k, i)?)));
            let ends: Vec<_> = ends.collect();
            let mut ends = ends.as_slice();
            for i in 0..count {
                out.starts.push(out.sides.len());
                let [(end, a, from), rest @ ..] = ends else { continue };
                if *end != i {
                    continue;
                }
                ends = rest;
                for (j, b, to) in rest {
                    if a.cosine(b) >= OPPOSITE_COSINE
                        && let Some(side) = picture.side(line, *from, *to)
                    {
                        out.sides.push(side);
                        out.note(k, i, *j);
                    }
                }
            }
        }
        out
    }

    fn note(&mut self, side: usize, from: usize, to: usize) {
        let only = [to, side].map(|line| self.only(line));
        let slots = [self.ends.get_mut(side * self.count + from), self.between.get_mut(from * self.count + to)];
        for (slot, only) in slots.into_iter().zip(only) {
            if let Some(slot) = slot {
                *slot |= only;
            }
        }
    }

    fn only(&self, line: usize) -> Set {
        self.only.get(line).copied().unwrap_or_default()
    }

    /// The lines with a lower place.
    fn before(&self, line: usize) -> Set {
        self.only(line).wrapping_sub(1)
    }

    fn crossing(&self, a: usize, b: usize) -> Option<[f32; 2]> {
        self.crossings.get(a * self.count + b).copied().flatten()
    }

    /// Where the four sides of a quad meet, of which the first and the third are opposite.
    fn corners(&self, [i, k, j, l]: [usize; 4]) -> Option<[[f32; 2]; 4]> {
        Some([self.crossing(i, k)?, self.crossing(k, j)?, self.crossing(j, l)?, self.crossing(l, i)?])
    }

    fn ends(&self, side: usize, from: usize) -> Set {
        self.ends.get(side * self.count + from).copied().unwrap_or_default()
    }

    fn between(&self, from: usize, to: usize) -> Set {
        self.between.get(from * self.count + to).copied().unwrap_or_default()
    }

    /// The part of a line between two others, the one with the lower place first; `None` where it is no side.
    #[inline]
    fn of(&self, line: usize, (from, to): (usize, usize)) -> Option<&Side> {
        let ends = self.ends(line, from);
        let start = self.starts.get(line * self.count + from).filter(|_| ends & self.only(to) != 0)?;
        self.sides.get(start + (ends & self.before(to)).count_ones() as usize)
    }
}

/// The first `count` whose corners are not all near those of an earlier one.
fn distinct(found: Vec<Hypothesis>, count: usize, near: f32) -> Vec<Hypothesis> {
    let mut out: Vec<Hypothesis> = Vec::with_capacity(count);
    for hypothesis in found {
        if out.len() >= count {
            break;
        }
        let near = f64::from(near).min(NEAR_SIDE_SHARE * geometry::signed_area(&hypothesis.quad).sqrt());
        if !out.iter().any(|known| is_near(&known.quad, &hypothesis.quad, near)) {
            out.push(hypothesis);
        }
    }
    out
}

/// Whether each corner of one quad is within `reach` of a corner of the other.
pub(super) fn is_near(a: &Quad, b: &Quad, reach: f64) -> bool {
    // Without the root, which takes its time here.
    let is_at = |[ax, ay]: &Point, [bx, by]: &Point| (bx - ax) * (bx - ax) + (by - ay) * (by - ay) < reach * reach;
    a.iter().all(|p| b.iter().any(|q| is_at(p, q)))
}

struct Picture {
    width: f32,
    height: f32,
}

/// The part of a line between two others.
struct Side {
    /// Length of what lies in the picture.
    seen: f32,
    support: f32,
    overshoot: f32,
    is_frame: bool,
}

impl Picture {
    fn crossing(&self, a: &Line, b: &Line) -> Option<[f32; 2]> {
        if a.cosine(b) > NEIGHBOUR_COSINE {
            return None;
        }
        let (margin_x, margin_y) = (OUTSIDE_SHARE * self.width, OUTSIDE_SHARE * self.height);
        let [x, y] = a.crossing(b)?;
        let inside_x = x >= -margin_x && x <= self.width + margin_x;
        let inside_y = y >= -margin_y && y <= self.height + margin_y;
        (inside_x && inside_y).then_some([x, y])
    }

    /// `None` for a side that is too short, mostly outside, or not supported.
    fn side(&self, line: &Line, from: [f32; 2], to: [f32; 2]) -> Option<Side> {
        let (length, (start, end)) = self.seen(from, to)?;
        let seen = length * (end - start);
        if line.is_frame {
            return Some(Side { seen, support: 0.0, overshoot: 0.0, is_frame: true });
        }
        let (first, last) = (line.along(from), line.along(to));
        let place = |share: f32| first + (last - first) * share;
        let support = line.support(place(start), place(end));
        if !line.is_guess && support < MIN_SUPPORT {
            return None;
        }
        let beyond = (0.15 * length).max(6.0) / length;
        let overshoot = line.support(place(-beyond), place(-0.02)) + line.support(place(1.02), place(1.0 + beyond));
        Some(Side { seen, support, overshoot: overshoot / 2.0, is_frame: false })
    }

    /// Length of a side and the part of it that lies in the picture, as shares of the length; `None` when too little is.
    fn seen(&self, from: [f32; 2], to: [f32; 2]) -> Option<(f32, (f32, f32))> {
        let length = length([to[0] - from[0], to[1] - from[1]]);
        if length < 0.08 * self.width.min(self.height) {
            return None;
        }
        let (start, end) = self.visible(from, to)?;
        (end - start >= 0.3).then_some((length, (start, end)))
    }

    /// Turns four corners and the sides between them into a hypothesis, unless they cannot be a document.
    fn judge(&self, corners: [[f32; 2]; 4], sides: [&Side; 4], support: f32) -> Option<Hypothesis> {
        let area = geometry::signed_area(&corners.map(as_point));
        let ([a, b, c, d], [p, q, r, s]) = (corners, sides);
        let (corners, sides) = if area < 0.0 { ([a, d, c, b], [s, r, q, p]) } else { (corners, sides) };
        let quad: Quad = corners.map(as_point);
        let frame = f64::from(self.width * self.height);
        if area.abs() < MIN_COVERAGE * frame || !geometry::is_convex(&quad) {
            return None;
        }
        let outside = corners.iter().filter(|corner| !self.holds(**corner)).count();
        let framed = sides.iter().filter(|side| side.is_frame).count();
        // A document leaves the picture over two sides at most.
        if framed > 2 || outside > 2 || (framed > 1 && outside > 0) || (framed > 0 && outside > 1) {
            return None;
        }
        let coverage = (area.abs() / frame).min(1.0) as f32;
        Some(Hypothesis {
            quad,
            support: sides.map(|side| side.support),
            overshoot: sides.map(|side| side.overshoot),
            is_frame: sides.map(|side| side.is_frame),
            score: support + 0.06 * coverage.ln() - 0.08 * framed as f32 - 0.04 * outside as f32,
        })
    }

    fn holds(&self, [x, y]: [f32; 2]) -> bool {
        x >= -1.0 && y >= -1.0 && x <= self.width + 1.0 && y <= self.height + 1.0
    }

    /// The part of a side that lies in the picture, as shares of its length.
    fn visible(&self, from: [f32; 2], to: [f32; 2]) -> Option<(f32, f32)> {
        let (mut start, mut end) = (0.0f32, 1.0f32);
        for ((from, to), size) in from.into_iter().zip(to).zip([self.width, self.height]) {
            let step = to - from;
            if step.abs() < 1e-3 {
                if from < -1.0 || from > size + 1.0 {
                    return None;
                }
                continue;
            }
            let (enter, leave) = ((0.0 - from) / step, (size - from) / step);
            start = start.max(enter.min(leave));
            end = end.min(enter.max(leave));
        }
        (end > start).then_some((start, end))
    }
}

/// What a side of the picture counts for, where no edge can be seen.
const FRAME_SUPPORT: f32 = 0.3;

/// The part of a quad's score that its sides decide.
fn support(sides: [&Side; 4]) -> f32 {
    let (mut total, mut weighted, mut least, mut beyond) = (0.0, 0.0, 1.0f32, 0.0);
    for side in sides {
        total += side.seen;
        beyond += side.overshoot;
        weighted += side.seen * if side.is_frame { FRAME_SUPPORT } else { side.support };
        if !side.is_frame && side.support < least {
            least = side.support;
        }
    }
    weighted / total.max(1.0) + 0.6 * least - 0.3 * (beyond / 4.0)
}

#[cfg(test)]
mod tests {
    use super::hypotheses;
    use crate::locate::edges::Edge;
    use crate::locate::lines::{Tiles, lines};

    fn sides(corners: &[[f32; 2]]) -> Vec<Edge> {
        let mut out = Vec::new();
        for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            let length = (to[0] - from[0]).hypot(to[1] - from[1]);
            let normal = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
            for step in 0..length as usize {
                let share = step as f32 / length;
                let [x, y] = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
                if (0.0..200.0).contains(&x) && (0.0..150.0).contains(&y) {
                    out.push(Edge { x, y, normal, weight: 0.8 });
                }
            }
        }
        out
    }

    #[test]
    fn the_outer_of_two_frames_comes_first() {
        let mut edges = sides(&[[40.0, 30.0], [160.0, 35.0], [158.0, 120.0], [36.0, 118.0]]);
        edges.extend(sides(&[[60.0, 45.0], [140.0, 48.0], [139.0, 100.0], [58.0, 99.0]]));
        let found = hypotheses(&lines(&Tiles::new(&edges, 200, 150), 200, 150), 200, 150, 10);
        let [x, y] = crate::geometry::ordered(found[0].quad)[0];
        assert!((x - 40.0).abs() < 1.0 && (y - 30.0).abs() < 1.0, "{:?}", found[0]);
        assert!(found[0].support.iter().all(|support| *support > 0.7));
    }

    #[test]
    fn a_sheet_that_leaves_the_picture_keeps_its_corner_outside() {
        let edges = sides(&[[40.0, 30.0], [220.0, 40.0], [190.0, 140.0], [30.0, 130.0]]);
        let found = hypotheses(&lines(&Tiles::new(&edges, 200, 150), 200, 150), 200, 150, 10);
        let out = found.iter().any(|h| h.quad.iter().any(|[x, _]| (*x - 220.0).abs() < 2.0));
        assert!(out, "{found:?}");
    }

    #[test]
    fn no_lines_no_hypotheses() {
        assert!(hypotheses(&lines(&Tiles::new(&[], 200, 150), 200, 150), 200, 150, 10).is_empty());
        assert!(hypotheses(&[], 0, 0, 10).is_empty());
    }
}
