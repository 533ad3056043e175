//! Straight lines through the edges, each with the places where edges lie on it.

use std::f32::consts::PI;

use super::edges::Edge;
use super::fours::whole;
use super::grid::Grid;
use crate::geometry::{self, Point, Quad};

/// Lines that are looked for. Prints of many lines take most of them; the sides of a document are nearly always among
/// them or among the guessed ones.
const MAX_LINES: usize = 40;

/// Steps of the direction: 1.5 degrees.
const ANGLE_STEPS: usize = 120;

/// Width of a step of the distance in cells.
const DISTANCE_STEP: f32 = 1.5;

/// An edge belongs to a line within this distance in cells.
const REACH: f32 = 1.8;

/// And within this angle (cosine of 18 degrees).
const SAME_DIRECTION: f32 = 0.951;

/// The same while its direction is still looked for (25 degrees).
const NEARLY_SAME_DIRECTION: f32 = 0.906;

/// Side of a tile of [`Tiles`] in cells.
const TILE: usize = 16;

/// Cells beyond the first reach of a fit in which its line may move.
const SLACK: f32 = 3.0;

/// Step of the direction that is nearest to that of a unit vector, whose sign has no meaning.
fn step_of([x, y]: [f32; 2]) -> usize {
    let [along, across] = if y < 0.0 { [-x, -y] } else { [x, y] };
    let (long, short) = if along.abs() < across { (across, along.abs()) } else { (along.abs(), across) };
    let tangent = if long > 0.0 { short / long } else { 0.0 };
    // The arc tangent of 0 to 1, at most 0.0007 off, which is a fortieth of a step: the minimax polynomial of degree 5.
    let square = tangent * tangent;
    let angle = tangent * (0.995_354 + square * (0.079_331 * square - 0.288_679));
    let angle = if along.abs() < across { PI / 2.0 - angle } else { angle };
    let angle = if along < 0.0 { PI - angle } else { angle };
    // OK because the angle is in 0..=PI, and something that is no number becomes 0.
    (angle * (ANGLE_STEPS as f32 / PI) + 0.5) as usize % ANGLE_STEPS
}

/// Parts of the half turn of directions in [`steps`].
const PARTS: usize = 1024;

/// For each edge the step of its direction, by the sum of how far across and how far down it points, which grows steadily
/// with the angle.
#[inline(never)]
fn steps(edges: &[Edge]) -> Vec<usize> {
    let table: Vec<usize> = (0..PARTS)
        .map(|part| {
            let across = 1.0 - (part as f32 + 0.5) * (2.0 / PARTS as f32);
            step_of([across, 1.0 - across.abs()])
        })
        .collect();
    let step = |edge: &Edge| {
        let [x, y] = edge.normal;
        let across = x * 1.0f32.copysign(y) / (x.abs() + y.abs());
        table.get(whole((1.0 - across) * (PARTS as f32 / 2.0))).copied().unwrap_or_default()
    };
    edges.iter().map(step).collect()
}

/// The places of a list in order of the groups that stand there, and where each of `count` groups begins in that order and
/// the last one ends. What is in one group keeps its order.
fn grouped(groups: &[usize], count: usize) -> (Vec<usize>, Vec<usize>) {
    let mut starts = vec![0; count + 1];
    for group in groups {
        if let Some(size) = starts.get_mut(group + 1) {
            *size += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut order = vec![0; groups.len()];
    for (place, group) in groups.iter().enumerate() {
        if let Some(next) = next.get_mut(*group) {
            if let Some(slot) = order.get_mut(*next) {
                *slot = place;
            }
            *next += 1;
        }
    }
    (order, starts)
}

/// The edges by where they are, so that a line only meets those along its way.
pub(super) struct Tiles {
    columns: usize,
    edges: Vec<Edge>,
    /// Where the edges of each tile begin, row by row, and where the last ones end.
    starts: Vec<usize>,
}

/// Edges near a line, each with its place among all of them.
type Near = Vec<(usize, Edge)>;

impl Tiles {
    pub(super) fn new(edges: &[Edge], width: usize, height: usize) -> Self {
        let (columns, rows) = (width / TILE + 1, height / TILE + 1);
        // OK because edges lie in the picture.
        let tile =
            |edge: &Edge| (edge.y as usize / TILE).min(rows - 1) * columns + (edge.x as usize / TILE).min(columns - 1);
        let own: Vec<usize> = edges.iter().map(tile).collect();
        let (order, starts) = grouped(&own, columns * rows);
        let sorted = order.into_iter().filter_map(|place| edges.get(place).copied()).collect();
        Self { columns, edges: sorted, starts }
    }

    /// The edges within `reach` of a line that run roughly along it.
    #[inline(never)]
    fn near(&self, line: &Line, reach: f32) -> Near {
        let mut near = Vec::new();
        let [nx, ny] = line.normal;
        let half = TILE as f32 / 2.0;
        // A hundredth more, so that no rounding leaves a tile out.
        let far = reach + half * (nx.abs() + ny.abs()) + 0.01;
        for (row, starts) in self.starts.windows(self.columns + 1).step_by(self.columns).enumerate() {
            // The tiles whose middles are that near follow each other: all of a row, or none, of one that the line runs along.
            let down = ny * ((row * TILE) as f32 + half) - line.offset;
            let [a, b] = [-far, far].map(|off| ((off - down) / nx - half) / TILE as f32);
            let (first, last) = if a < b { (a, b) } else { (b, a) };
            // OK because a float below zero becomes 0, and one that is too large the largest number.
            let (from, to) = (first.ceil() as usize, ((last + 1.0) as usize).min(self.columns));
            let (Some(from), Some(to)) = (starts.get(from), starts.get(to)) else { continue };
            let edges = self.edges.get(*from..*to).unwrap_or(&[]).iter().enumerate();
            near.extend(
                edges
                    .filter(|(_, edge)| {
                        line.off([edge.x, edge.y]).abs() <= reach && line.runs_along(edge) >= NEARLY_SAME_DIRECTION
                    })
                    .map(|(place, edge)| (from + place, *edge)),
            );
        }
        near
    }
}

/// A line `normal . p = offset`, or a side of the picture.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Unit vector across.
    pub normal: [f32; 2],
    /// Distance from the origin along the normal, in cells.
    pub offset: f32,
    /// Whether it is a side of the picture itself, where no edge can be seen.
    pub is_frame: bool,
    /// Whether it was guessed from the look of the picture, so that few edges are enough.
    pub is_guess: bool,
    /// Place of the first sum below, along the direction.
    start: f32,
    /// Sums of the edges' weights along the line, one a cell.
    sums: Vec<f32>,
}

impl Line {
    /// Unit vector along the line.
    pub(super) fn direction(&self) -> [f32; 2] {
        [-self.normal[1], self.normal[0]]
    }

    pub(super) fn along(&self, [x, y]: [f32; 2]) -> f32 {
        let [dx, dy] = self.direction();
        x * dx + y * dy
    }

    /// The mean weight of the edges between two places along the line, 0 to 1.
    pub(super) fn support(&self, from: f32, to: f32) -> f32 {
        let (from, to) = (from.min(to), from.max(to));
        let sum = |place: f32| {
            let index = whole((place - self.start).max(0.0));
            self.sums.get(index).or(self.sums.last()).copied().unwrap_or_default()
        };
        if to - from < 1.0 { 0.0 } else { (sum(to) - sum(from)) / (to - from) }
    }

    /// Where two lines meet; `None` when they hardly do.
    pub(super) fn crossing(&self, other: &Self) -> Option<[f32; 2]> {
        let ([a, b], [c, d]) = (self.normal, other.normal);
        let determinant = a * d - b * c;
        (determinant.abs() > 0.17).then(|| {
            [(self.offset * d - other.offset * b) / determinant, (other.offset * a - self.offset * c) / determinant]
        })
    }

    /// Cosine of the angle to another line, 0 to 1.
    pub(super) fn cosine(&self, other: &Self) -> f32 {
        (self.normal[0] * other.normal[0] + self.normal[1] * other.normal[1]).abs()
    }

    /// Distance of a place from the line, with a sign for the side.
    fn off(&self, [x, y]: [f32; 2]) -> f32 {
        x * self.normal[0] + y * self.normal[1] - self.offset
    }

    fn holds(&self, edge: &Edge, reach: f32) -> bool {
        self.off([edge.x, edge.y]).abs() <= reach && self.runs_along(edge) >= SAME_DIRECTION
    }

    /// Cosine of the angle between the line and an edge, 0 to 1.
    fn runs_along(&self, edge: &Edge) -> f32 {
        (edge.normal[0] * self.normal[0] + edge.normal[1] * self.normal[1]).abs()
    }
}

/// The strongest lines, strongest first, then the four sides of the picture: top, right, bottom, left.
#[inline(never)]
pub(super) fn lines(edges: &Tiles, width: usize, height: usize) -> Vec<Line> {
    let mut votes = Votes::new(width, height);
    let steps = steps(&edges.edges);
    // Those of one direction after those of another, so that what they change is at hand.
    let (order, starts) = grouped(&steps, ANGLE_STEPS);
    for (step, bounds) in starts.windows(2).enumerate() {
        let own = if let [from, to] = bounds { order.get(*from..*to) } else { None };
        let own: Vec<Edge> = own.unwrap_or_default().iter().filter_map(|at| edges.edges.get(*at).copied()).collect();
        votes.vote(&own, step, 1.0);
    }
    let mut out: Vec<Line> = Vec::with_capacity(MAX_LINES + 4);
    let mut free = vec![true; edges.edges.len()];
    let least = 0.025 * width.min(height) as f32;
    // Twice as many tries as lines: some are found again.
    for _ in 0..2 * MAX_LINES {
        let Some((rough, strength)) = votes.best() else { break };
        if out.len() >= MAX_LINES || strength < least.max(1.0) {
            break;
        }
        let near = edges.near(&rough, 3.0 + SLACK);
        let line = fitted(rough.clone(), &near, [3.0, REACH, REACH]);
        // What a line has explained may not vote for its neighbours.
        for (index, edge) in near.iter().filter(|(_, edge)| rough.holds(edge, REACH) || line.holds(edge, REACH)) {
            if let Some(free) = free.get_mut(*index).filter(|free| **free)
                && let Some(step) = steps.get(*index)
            {
                *free = false;
                votes.vote(std::slice::from_ref(edge), *step, -1.0);
            }
        }
        votes.forget(&rough);
        if !out.iter().any(|known| is_same(known, &line, width, height)) {
            out.push(with_sums(line, &near, width, height));
        }
    }
    out.extend(frame(width, height));
    out
}

fn is_same(a: &Line, b: &Line, width: usize, height: usize) -> bool {
    let sign = if a.normal[0] * b.normal[0] + a.normal[1] * b.normal[1] < 0.0 { -1.0 } else { 1.0 };
    let middle = [width as f32 / 2.0, height as f32 / 2.0];
    let off = |line: &Line| middle[0] * line.normal[0] + middle[1] * line.normal[1] - line.offset;
    a.cosine(b) > 0.9998 && (off(a) - sign * off(b)).abs() < 1.5
}

/// A line without its edges.
pub(super) fn bare(normal: [f32; 2], offset: f32, is_frame: bool) -> Line {
    Line { normal, offset, is_frame, is_guess: false, start: 0.0, sums: Vec::new() }
}

fn frame(width: usize, height: usize) -> [Line; 4] {
    [
        bare([0.0, 1.0], 0.0, true),
        bare([1.0, 0.0], width as f32, true),
        bare([0.0, 1.0], height as f32, true),
        bare([1.0, 0.0], 0.0, true),
    ]
}

/// Cells by which a guessed side may be wrong: half a cell of the net's maps, which are about ten times coarser.
const GUESS_REACH: f32 = 6.0;

/// The sides of a guessed quad, moved to edges near them; sides along the picture's own are left out.
#[inline(never)]
pub(super) fn guessed(quad: &Quad, edges: &Tiles, width: usize, height: usize) -> Vec<Line> {
    let quad = quad.map(|[x, y]| [x as f32, y as f32]);
    let (right, bottom) = (width as f32, height as f32);
    let along_frame = |[x, y]: [f32; 2]| x < 3.0 || y < 3.0 || x > right - 3.0 || y > bottom - 3.0;
    let sides = geometry::sides(&quad).into_iter().filter_map(|(from, to)| {
        let length = length([to[0] - from[0], to[1] - from[1]]);
        let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
        if length < 8.0 || !length.is_finite() || along_frame(middle) {
            return None;
        }
        let normal = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
        let offset = middle[0] * normal[0] + middle[1] * normal[1];
        let line = bare(normal, offset, false);
        let near = edges.near(&line, GUESS_REACH + SLACK);
        let line = fitted(line, &near, [GUESS_REACH, 3.0, REACH]);
        Some(Line { is_guess: true, ..with_sums(line, &near, width, height) })
    });
    sides.collect()
}

/// The line through the ends of a side, moved to edges right beside it.
#[inline(never)]
pub(super) fn through((from, to): (Point, Point), edges: &Tiles, width: usize, height: usize) -> Line {
    let [from, to] = [from, to].map(|[x, y]| [x as f32, y as f32]);
    let length = length([to[0] - from[0], to[1] - from[1]]).max(1e-6);
    let normal = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
    let line = bare(normal, from[0] * normal[0] + from[1] * normal[1], false);
    let near = edges.near(&line, REACH + SLACK);
    let line = fitted(line, &near, [REACH; 3]);
    Line { is_guess: true, ..with_sums(line, &near, width, height) }
}

/// Moves a line to the weighted least squares of its edges, with narrowing reach.
fn fitted(mut line: Line, near: &Near, reaches: [f32; 3]) -> Line {
    for reach in reaches {
        let mut moments = Moments::default();
        for (_, edge) in near.iter().filter(|(_, edge)| line.holds(edge, reach)) {
            moments.add([edge.x, edge.y], edge.weight);
        }
        if let Some((normal, offset)) = moments.line() {
            line = bare(normal, offset, false);
        }
    }
    line
}

fn with_sums(mut line: Line, near: &Near, width: usize, height: usize) -> Line {
    let corners = [[0.0, 0.0], [width as f32, 0.0], [0.0, height as f32], [width as f32, height as f32]];
    let places = corners.map(|corner| line.along(corner));
    let (from, to) = places.iter().fold((f32::MAX, f32::MIN), |(low, high), p| (low.min(*p), high.max(*p)));
    let mut weights = vec![0.0f32; (to - from).max(0.0) as usize + 2];
    for (_, edge) in near.iter().filter(|(_, edge)| line.holds(edge, REACH)) {
        // Edges of a slanted line lie up to 1.4 cells apart, so that each speaks for its neighbours too.
        let index = whole(line.along([edge.x, edge.y]) - from);
        for weight in weights.iter_mut().skip(index.saturating_sub(1)).take(3) {
            *weight = if *weight < edge.weight { edge.weight } else { *weight };
        }
    }
    let mut sum = 0.0;
    line.start = from;
    line.sums = std::iter::once(0.0)
        .chain(weights.into_iter().map(|weight| {
            sum += weight;
            sum
        }))
        .collect();
    line
}

/// Sums for a line of total least squares.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    weight: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Moments {
    pub(super) fn add(&mut self, [x, y]: [f32; 2], weight: f32) {
        let (x, y, weight) = (f64::from(x), f64::from(y), f64::from(weight));
        self.weight += weight;
        self.x += weight * x;
        self.y += weight * y;
        self.xx += weight * x * x;
        self.xy += weight * x * y;
        self.yy += weight * y * y;
    }

    /// Unit normal and offset of the line through the points; `None` when they do not spread along one.
    pub(super) fn line(&self) -> Option<([f32; 2], f32)> {
        let (mx, my) = (self.x / self.weight, self.y / self.weight);
        let (xx, xy, yy) =
            (self.xx / self.weight - mx * mx, self.xy / self.weight - mx * my, self.yy / self.weight - my * my);
        let spread = ((xx - yy).powi(2) + 4.0 * xy * xy).sqrt();
        if self.weight <= 0.0 || !spread.is_finite() || spread < 4.0 {
            return None;
        }
        // Along the line, which turns half as much as (xx - yy, 2 xy); the longer of two ways to say it.
        let (along_x, along_y) = if xx > yy { (spread + xx - yy, 2.0 * xy) } else { (2.0 * xy, spread + yy - xx) };
        let (nx, ny) = if along_x < 0.0 { (along_y, -along_x) } else { (-along_y, along_x) };
        let (nx, ny) = (nx / nx.hypot(ny), ny / nx.hypot(ny));
        Some(([nx as f32, ny as f32], (mx * nx + my * ny) as f32))
    }
}

/// Votes for lines by direction and distance from the middle (Hough transform; each edge votes around its own direction).
struct Votes {
    /// A row for each direction.
    counts: Grid<f32>,
    directions: Vec<[f32; 2]>,
    /// The most votes of each direction; `None` after a change.
    most: Vec<Option<f32>>,
    middle: [f32; 2],
    reach: f32,
}

/// How an edge's vote is spread over neighbouring directions.
const SPREAD: [(usize, f32); 5] = [(ANGLE_STEPS - 2, 0.4), (ANGLE_STEPS - 1, 0.8), (0, 1.0), (1, 0.8), (2, 0.4)];

impl Votes {
    fn new(width: usize, height: usize) -> Self {
        let middle = [width as f32 / 2.0, height as f32 / 2.0];
        let reach = length(middle) + 2.0 * DISTANCE_STEP;
        let distances = (2.0 * reach / DISTANCE_STEP) as usize + 2;
        let directions = geometry::circle(2 * ANGLE_STEPS).take(ANGLE_STEPS);
        let directions = directions.map(|[x, y]| [x as f32, y as f32]).collect();
        Self { counts: Grid::new(distances, ANGLE_STEPS), directions, most: vec![None; ANGLE_STEPS], middle, reach }
    }

    /// Adds or takes away the votes of edges that have the same direction.
    #[inline(never)]
    fn vote(&mut self, edges: &[Edge], own: usize, sign: f32) {
        let distances = self.counts.width;
        for (shift, share) in SPREAD {
            let step = if own + shift < ANGLE_STEPS { own + shift } else { own + shift - ANGLE_STEPS };
            let (Some([nx, ny]), Some(most)) = (self.directions.get(step), self.most.get_mut(step)) else { continue };
            let Some(row) = self.counts.cells.get_mut(step * distances..(step + 1) * distances) else { continue };
            *most = None;
            let middle = self.reach - self.middle[0] * nx - self.middle[1] * ny;
            for edge in edges {
                let place = (edge.x * nx + edge.y * ny + middle) * (1.0 / DISTANCE_STEP);
                // OK because the place is in the row, whose ends no edge of the picture comes near.
                let index = whole(place);
                let weight = sign * share * edge.weight;
                let far_share = (place - index as f32) * weight;
                if let Some([near, far]) = row.get_mut(index..).and_then(|rest| rest.first_chunk_mut::<2>()) {
                    *near += weight - far_share;
                    *far += far_share;
                }
            }
        }
    }

    fn best(&mut self) -> Option<(Line, f32)> {
        let mut best = (0, f32::MIN);
        for (step, most) in self.most.iter_mut().enumerate() {
            let most = *most.get_or_insert_with(|| largest(self.counts.row(step)));
            if most > best.1 {
                best = (step, most);
            }
        }
        let (step, strength) = best;
        let place = self.counts.row(step).iter().position(|count| *count >= strength)?;
        let [nx, ny] = *self.directions.get(step)?;
        let distance = place as f32 * DISTANCE_STEP - self.reach;
        Some((bare([nx, ny], distance + self.middle[0] * nx + self.middle[1] * ny, false), strength))
    }

    /// Makes sure that the same peak is not found for ever.
    fn forget(&mut self, line: &Line) {
        let step = step_of(line.normal);
        let distance = line.offset - self.middle[0] * line.normal[0] - self.middle[1] * line.normal[1];
        let place = ((distance + self.reach) / DISTANCE_STEP).round() as usize;
        for index in place.saturating_sub(1)..=place + 1 {
            self.counts.set(index, step, 0.0);
        }
        if let Some(most) = self.most.get_mut(step) {
            *most = None;
        }
    }
}

/// The largest of some numbers, four at a time.
fn largest(numbers: &[f32]) -> f32 {
    let (fours, rest) = numbers.as_chunks::<4>();
    let larger = |a: f32, b: f32| if a < b { b } else { a };
    let most = fours
        .iter()
        .fold([f32::MIN; 4], |[a, b, c, d], [e, f, g, h]| [larger(a, *e), larger(b, *f), larger(c, *g), larger(d, *h)]);
    most.iter().chain(rest).fold(f32::MIN, |most, number| larger(most, *number))
}

/// Length of a vector. `f32::hypot` guards against numbers that are no places in pictures, and takes its time for it.
pub(super) fn length([x, y]: [f32; 2]) -> f32 {
    (x * x + y * y).sqrt()
}

/// A point of `geometry` in cells.
pub(super) fn as_point([x, y]: [f32; 2]) -> Point {
    [f64::from(x), f64::from(y)]
}

#[cfg(test)]
mod tests {
    use super::{Edge, Moments, Tiles, lines};

    fn on_line(from: [f32; 2], to: [f32; 2], weight: f32) -> Vec<Edge> {
        let length = (to[0] - from[0]).hypot(to[1] - from[1]);
        let normal = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
        (0..length as usize)
            .map(|step| {
                let share = step as f32 / length;
                let [x, y] = [0, 1].map(|i: usize| from[i] + (to[i] - from[i]) * share);
                Edge { x, y, normal, weight }
            })
            .collect()
    }

    #[test]
    fn the_sides_of_a_quad_are_the_first_lines() {
        let corners = [[40.0, 30.0], [160.0, 45.0], [150.0, 120.0], [35.0, 110.0]];
        let mut edges: Vec<Edge> = (0..4).flat_map(|i| on_line(corners[i], corners[(i + 1) % 4], 0.8)).collect();
        for row in 0..6 {
            edges.extend(on_line([60.0, 50.0 + 8.0 * row as f32], [100.0, 52.0 + 8.0 * row as f32], 0.3));
        }
        let lines = lines(&Tiles::new(&edges, 200, 150), 200, 150);
        for i in 0..4 {
            let ([ax, ay], [bx, by]) = (corners[i], corners[(i + 1) % 4]);
            let hit = lines.iter().take(4).find(|line| {
                let off = |x: f32, y: f32| (x * line.normal[0] + y * line.normal[1] - line.offset).abs();
                off(ax, ay) < 0.5 && off(bx, by) < 0.5
            });
            let line = hit.unwrap_or_else(|| panic!("side {i} is missing"));
            let support = line.support(line.along([ax, ay]), line.along([bx, by]));
            assert!(support > 0.75, "{i}: {support}");
        }
        assert_eq!(lines.iter().filter(|line| line.is_frame).count(), 4);
    }

    #[test]
    fn without_edges_only_the_frame_is_left() {
        assert_eq!(lines(&Tiles::new(&[], 200, 150), 200, 150).len(), 4);
        assert_eq!(lines(&Tiles::new(&[], 0, 0), 0, 0).len(), 4);
        assert!(Moments::default().line().is_none());
    }
}
