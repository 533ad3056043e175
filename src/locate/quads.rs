//! Quads from lines: every plausible combination of two pairs of opposite sides, best supported first.

use super::lines::{Line, as_point, length};
use crate::geometry::{self, Quad};
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

/// Of those, as many are put in order; near duplicates of the best ones take most places.
const MAX_SORTED: usize = 4_000;

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
    let quad = |[i, k, j, l]: Borders| {
        let corners = [sides.crossing(i, k)?, sides.crossing(k, j)?, sides.crossing(j, l)?, sides.crossing(l, i)?];
        let sides = [sides.of(k, (i, j))?, sides.of(j, (k, l))?, sides.of(l, (j, i))?, sides.of(i, (l, k))?];
        picture.judge(corners, sides)
    };
    let mut found: Vec<(f32, Borders)> = Vec::new();
    let mut judged = 0;
    for (k, first) in lines.iter().enumerate() {
        for (l, third) in lines.iter().enumerate().skip(k + 1) {
            if first.cosine(third) < OPPOSITE_COSINE {
                continue;
            }
            // Each quad is met twice: once for each pair of opposite sides.
            let across = sides.between(k, l) & above(k);
            for i in members(across) {
                for j in members(across & above(i + 1) & sides.ends(k, i) & sides.ends(l, i)) {
                    judged += 1;
                    if judged > MAX_JUDGED {
                        break;
                    }
                    if let Some(hypothesis) = quad([i, k, j, l]) {
                        found.push((hypothesis.score, [i, k, j, l]));
                    }
                }
            }
        }
    }
    // Most are far from the best, and none of those is asked for.
    if let Some(beyond) = found.len().checked_sub(MAX_SORTED) {
        let scores: Vec<f32> = found.iter().map(|(score, _)| *score).collect();
        let least = nth(&scores, beyond);
        found.retain(|(score, _)| least.is_some_and(|least| score.total_cmp(&least).is_ge()));
    }
    sort_by(&mut found, |a, b| b.0.total_cmp(&a.0));
    let best = found.into_iter().filter_map(|(_, borders)| quad(borders));
    distinct(best, count, NEAR_SHARE * length([picture.width, picture.height]))
}

/// Which lines are the four sides of a quad, clockwise or not: the first and the third are opposite.
type Borders = [usize; 4];

/// Some of the lines, by their places: more than [`MOST_LINES`] are not combined.
type Set = u128;
const MOST_LINES: usize = Set::BITS as usize;

fn only(line: usize) -> Set {
    1 << line
}

/// The lines from this one on.
fn above(line: usize) -> Set {
    Set::MAX.checked_shl(line as u32).unwrap_or(0)
}

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
    crossings: Vec<Option<[f32; 2]>>,
    /// For a side and the line at one of its ends: the lines that may be at its other end.
    ends: Vec<Set>,
    /// For two lines: the sides between them.
    between: Vec<Set>,
    /// The sides: by their lines, then by the line at one end, then by the one with the higher place at the other.
    sides: Vec<Side>,
    /// For a side's line and the line at one of its ends: where those sides begin.
    starts: Vec<usize>,
}

impl Sides {
    fn new(lines: &[Line], picture: &Picture) -> Self {
        let count = lines.len();
        let crossings: Vec<_> = lines.iter().flat_map(|a| lines.iter().map(|b| picture.crossing(a, b))).collect();
        let none = vec![0; count * count];
        let starts = Vec::with_capacity(count * count);
        let mut out = Self { count, crossings, ends: none.clone(), between: none, sides: Vec::new(), starts };
        for (k, line) in lines.iter().enumerate() {
            for (i, a) in lines.iter().enumerate() {
                out.starts.push(out.sides.len());
                let Some(from) = out.crossing(k, i) else { continue };
                for (j, b) in lines.iter().enumerate().skip(i + 1) {
                    let Some(to) = out.crossing(k, j) else { continue };
                    if a.cosine(b) >= OPPOSITE_COSINE
                        && let Some(side) = picture.side(line, from, to)
                    {
                        out.sides.push(side);
                        out.note(k, i, j);
                        out.note(k, j, i);
                    }
                }
            }
        }
        out
    }

    fn note(&mut self, side: usize, from: usize, to: usize) {
        if let Some(ends) = self.ends.get_mut(side * self.count + from) {
            *ends |= only(to);
        }
        if let Some(between) = self.between.get_mut(from * self.count + to) {
            *between |= only(side);
        }
    }

    fn crossing(&self, a: usize, b: usize) -> Option<[f32; 2]> {
        self.crossings.get(a * self.count + b).copied().flatten()
    }

    fn ends(&self, side: usize, from: usize) -> Set {
        self.ends.get(side * self.count + from).copied().unwrap_or_default()
    }

    fn between(&self, from: usize, to: usize) -> Set {
        self.between.get(from * self.count + to).copied().unwrap_or_default()
    }

    /// The part of a line between two others; `None` where it is no side.
    fn of(&self, line: usize, (from, to): (usize, usize)) -> Option<&Side> {
        let (first, last) = (from.min(to), from.max(to));
        let others = self.ends(line, first) & above(first + 1);
        let before = others & !above(last);
        let start = self.starts.get(line * self.count + first)?;
        (others & only(last) != 0).then(|| self.sides.get(start + before.count_ones() as usize))?
    }
}

/// The first `count` whose corners are not all near those of an earlier one.
fn distinct(found: impl Iterator<Item = Hypothesis>, count: usize, near: f32) -> Vec<Hypothesis> {
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
    a.iter().all(|p| b.iter().any(|q| geometry::distance(*p, *q) < reach))
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
    fn judge(&self, corners: [[f32; 2]; 4], sides: [&Side; 4]) -> Option<Hypothesis> {
        let quad = corners.map(as_point);
        let area = geometry::signed_area(&quad);
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
        let mut hypothesis =
            Hypothesis { quad, support: [0.0; 4], overshoot: [0.0; 4], is_frame: [false; 4], score: 0.0 };
        let (mut total, mut weighted, mut least) = (0.0, 0.0, 1.0f32);
        let slots = hypothesis.support.iter_mut().zip(&mut hypothesis.overshoot).zip(&mut hypothesis.is_frame);
        for (((support, overshoot), is_frame), side) in slots.zip(sides) {
            total += side.seen;
            (*support, *overshoot, *is_frame) = (side.support, side.overshoot, side.is_frame);
            if side.is_frame {
                weighted += side.seen * FRAME_SUPPORT;
                continue;
            }
            weighted += side.seen * side.support;
            least = least.min(side.support);
        }
        let coverage = (area.abs() / frame).min(1.0) as f32;
        let beyond = hypothesis.overshoot.iter().sum::<f32>() / 4.0;
        hypothesis.score = weighted / total.max(1.0) + 0.6 * least - 0.3 * beyond + 0.06 * coverage.ln()
            - 0.08 * framed as f32
            - 0.04 * outside as f32;
        Some(hypothesis)
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
