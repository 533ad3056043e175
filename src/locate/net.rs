//! A small learned net that has an idea of where the document is: a map of the document, of its sides and its corners.
//!
//! It is trained on rendered pictures by `train/`, where `model.py` is the same net. Its answer is coarse (a cell is
//! about a fiftieth of the picture) and never the last word: it proposes quads and helps to rank them.

use std::array::from_fn;

use super::corners;
use super::fours::Four;
use super::layers::{Layers, Map, TOGETHER, chain, context, dense, halved, larger, last, sigmoid, smaller, stem, up};
use crate::geometry::{self, signed_area, turn};
use crate::order::sort_by;

/// Whole numbers of the layers, with a scale per output channel; written by `train/export.py`.
const WEIGHTS: &[u8] = include_bytes!("net.bin");

/// Layers in [`WEIGHTS`], and the outputs of all of them.
const LAYERS: usize = 51;
const OUTPUTS: usize = 2897;

/// The long side of the net's input in pixels. The other side follows the picture, in steps of [`STEP_PX`].
const LONG_PX: usize = 192;

/// Both sides of the input are multiples of this, because four layers halve them.
const STEP_PX: usize = 16;

/// The net is not asked about pictures that are narrower than one to this.
const MAX_ASPECT: usize = 6;

const STEM: usize = 16;
const QUARTER: usize = 24;
const EIGHTH: usize = 48;
const SIXTEENTH: usize = 96;

/// Maps that the net makes.
const MAPS: usize = 3;

/// What the net sees. Maps are row by row, each value a probability from 0 to 1; together they cover the whole picture,
/// so the middle of cell (x, y) is at ((x + 0.5) / width, (y + 0.5) / height) of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Seen {
    /// Cells in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The cell lies on the document, or on what lies on top of the document.
    pub region: Vec<f32>,
    /// A side of the document runs through the cell.
    pub side: Vec<f32>,
    /// A corner of the document is in or near the cell.
    pub corner: Vec<f32>,
    /// There is a document in the picture.
    pub present: f32,
}

/// Looks at a picture of any size.
///
/// `channels` are luma, blue and red difference, 0 to 255 with 128 for no colour, row by row. `None` when the picture is
/// empty, far longer than wide, or a channel has not `width * height` values.
#[inline(never)]
pub(super) fn see(channels: [&[f32]; 3], width: usize, height: usize) -> Option<Seen> {
    let (wide, high) = input_size(width, height)?;
    if channels.iter().any(|channel| Some(channel.len()) != width.checked_mul(height)) {
        return None;
    }
    let mut input = Map::new(3, wide, high);
    for ((lane, channel), (middle, unit)) in
        channels.into_iter().enumerate().zip([(128.0, 64.0), (128.0, 32.0), (128.0, 32.0)])
    {
        let small = shrink(channel, width, height, wide, high);
        for (cell, value) in input.values.iter_mut().zip(small) {
            if let Some(cell) = cell.get_mut(lane) {
                *cell = (value - middle) / unit;
            }
        }
    }
    Some(run(&input))
}

/// The size of the net's input for a picture.
fn input_size(width: usize, height: usize) -> Option<(usize, usize)> {
    let (long, short) = (width.max(height), width.min(height));
    if short == 0 || long / short > MAX_ASPECT {
        return None;
    }
    let steps = (short as f64 * LONG_PX as f64 / (long as f64 * STEP_PX as f64)).round().max(2.0);
    let short_px = steps as usize * STEP_PX;
    Some(if width >= height { (LONG_PX, short_px) } else { (short_px, LONG_PX) })
}

/// Means over the area that each new pixel covers.
fn shrink(values: &[f32], width: usize, height: usize, wide: usize, high: usize) -> Vec<f32> {
    let columns = cover(width, wide);
    let mut out = Vec::with_capacity(wide * high);
    // Down first, which goes many columns at a time.
    let mut sums = vec![0.0; width];
    for (from, shares) in cover(height, high) {
        sums.fill(0.0);
        for (source, share) in values.chunks_exact(width).skip(from).zip(shares) {
            for (sum, source) in sums.iter_mut().zip(source) {
                *sum += source * share;
            }
        }
        out.extend(columns.iter().map(|(from, shares)| {
            let covered = sums.get(*from..).unwrap_or_default();
            covered.iter().zip(shares).map(|(value, share)| value * share).sum::<f32>()
        }));
    }
    out
}

/// For each of `to` pixels the first of `from` pixels that it covers and the share of each.
fn cover(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let size = from as f64 / to as f64;
    (0..to)
        .map(|index| {
            let (start, end) = (index as f64 * size, (index + 1) as f64 * size);
            let first = start as usize;
            let last = (end.ceil() as usize).clamp(first + 1, from.max(first + 1));
            let share = |pixel: usize| ((end.min((pixel + 1) as f64) - start.max(pixel as f64)) / size).max(0.0) as f32;
            (first, (first..last).map(share).collect())
        })
        .collect()
}

fn run(input: &Map) -> Seen {
    let mut layers = Layers::new(WEIGHTS, LAYERS, OUTPUTS);
    let stem = stem(input, &mut layers, STEM);
    let mut quarter = halved(&stem, &mut layers, QUARTER);
    quarter = chain(quarter, &mut layers, 2);
    let mut eighth = halved(&quarter, &mut layers, EIGHTH);
    eighth = chain(eighth, &mut layers, 3);
    let mut deep = halved(&eighth, &mut layers, SIXTEENTH);
    deep = chain(deep, &mut layers, 3);
    context(&mut deep, &layers.next(SIXTEENTH, SIXTEENTH));
    deep = chain(deep, &mut layers, 3);
    context(&mut deep, &layers.next(SIXTEENTH, SIXTEENTH));
    deep = chain(deep, &mut layers, 2);
    let presence = dense(&deep.mean(), &layers.next(SIXTEENTH, 1));
    up(&deep, &mut layers, &mut eighth);
    eighth = chain(eighth, &mut layers, 3);
    up(&eighth, &mut layers, &mut quarter);
    quarter = chain(quarter, &mut layers, 3);
    let maps = last(&quarter, &mut layers, TOGETHER);
    const { assert!(MAPS <= 4) };
    let first = || maps.planes().next().unwrap_or_default().iter();
    let map = |lane: usize| first().filter_map(|values| values.get(lane)).map(|value| sigmoid(*value)).collect();
    Seen {
        width: maps.width,
        height: maps.height,
        region: map(0),
        side: map(1),
        corner: map(2),
        present: sigmoid(presence.first().copied().unwrap_or_default()),
    }
}

/// A quad that explains what the net sees.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Guess {
    /// Corners as shares of the picture's width and height, clockwise; outside 0 to 1 where the document leaves it.
    pub quad: [[f64; 2]; 4],
    /// How well it covers the region: the shared part by the whole (intersection over union), 0 to 1.
    pub cover: f32,
    /// How much its sides run where the net sees sides, 0 to 1; one half where they leave the picture.
    pub sides: f32,
}

/// Where the region is cut from the rest; the first is the natural one, the others part or join what touches.
const CUTS: [f32; 3] = [NATURAL_CUT, 0.75, LEAST_CUT];
const LEAST_CUT: f32 = 0.25;
const NATURAL_CUT: f32 = 0.5;

/// How much steeper than the region itself the border is to which a quad is fitted.
const SHARPER: f32 = 2.0;

/// The same where the sides that the net sees part the region: a card on a ground that might itself be a sheet.
const PARTED_CUT: f32 = 0.7;

/// Smaller regions, in cells, are no document that anyone could read.
const MIN_CELLS: f32 = 6.0;

/// Quads whose corners differ by less than this many cells on average are the same.
const SAME_CELLS: f64 = 1.0;

/// The search from two quads that differ by less than this ends in the same place.
const ALIKE_CELLS: f64 = 1.0;

/// How much area outside the picture counts against a quad, compared with area within.
const OUTSIDE_COST: f64 = 0.3;

/// Corners are not looked for further outside than this share of the picture's long side.
const OUTSIDE_REACH: f64 = 0.35;

/// Steps of the search in cells, and the rounds that each may take.
const SEARCH_CELLS: [f64; 3] = [1.0, 0.4, 0.15];
const SEARCH_ROUNDS: usize = 12;

/// Quads that explain the region, the one with the best product of cover and sides first; none where the net sees no
/// document.
#[inline(never)]
pub(super) fn guesses(seen: &Seen) -> Vec<Guess> {
    let mut starts: Vec<[[f64; 2]; 4]> = Vec::new();
    let mut found: Vec<([[f64; 2]; 4], f32)> = Vec::new();
    let is_known = |quad: &[[f64; 2]; 4], found: &[([[f64; 2]; 4], f32)]| {
        found.iter().any(|(other, _)| apart(quad, other) < SAME_CELLS)
    };
    let parted: Vec<f32> = seen.region.iter().zip(&seen.side).map(|(region, side)| region - side).collect();
    let views = CUTS.iter().map(|cut| (&seen.region, *cut, *cut)).chain([(&parted, PARTED_CUT, NATURAL_CUT)]);
    for (values, cut, middle) in views {
        'pieces: for piece in pieces(seen, values, cut, middle) {
            let Some(start) = quad_around(&piece, seen.width, seen.height) else { continue };
            if starts.iter().any(|other| apart(&start, other) < ALIKE_CELLS) {
                continue;
            }
            starts.push(start);
            let region = Summed::new(&piece.region, seen.width);
            let mut climbed = (start, region.coverage(&start));
            for step in SEARCH_CELLS {
                climbed = climb(climbed, &region, step);
                if is_known(&climbed.0, &found) {
                    continue 'pieces;
                }
            }
            found.push(climbed);
        }
    }
    let region = Summed::new(&seen.region, seen.width);
    for quad in corners::quads(seen) {
        if !is_known(&quad, &found) {
            found.push((quad, region.coverage(&quad)));
        }
    }
    let (width, height) = (seen.width as f64, seen.height as f64);
    let share = |[x, y]: [f64; 2]| [x / width, y / height];
    let guess = |(quad, cover): ([[f64; 2]; 4], f32)| Guess { quad: quad.map(share), cover, sides: sides(&quad, seen) };
    let mut guesses: Vec<Guess> = found.into_iter().map(guess).collect();
    sort_by(&mut guesses, |a, b| (b.cover * b.sides).total_cmp(&(a.cover * a.sides)));
    guesses
}

/// Left, top, right and bottom of the largest connected part of all that may be in the region, as shares of the picture.
pub(super) fn extent(seen: &Seen) -> Option<[f64; 4]> {
    let piece = pieces(seen, &seen.region, LEAST_CUT, NATURAL_CUT).into_iter().next()?;
    let (top, bottom) = (piece.rows.first()?.0, piece.rows.last()?.0 + 1);
    let left = piece.rows.iter().map(|(_, from, _)| *from).min()?;
    let right = piece.rows.iter().map(|(_, _, to)| *to).max()?;
    let (width, height) = (seen.width as f64, seen.height as f64);
    Some([left as f64 / width, top as f64 / height, right as f64 / width, bottom as f64 / height])
}

/// The mean distance of corners, at the rotation that fits best.
#[inline(never)]
fn apart(a: &[[f64; 2]; 4], b: &[[f64; 2]; 4]) -> f64 {
    let at = |turn: usize| {
        let others = b.iter().cycle().skip(turn);
        a.iter().zip(others).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).sum::<f64>() / 4.0
    };
    (0..4).map(at).fold(f64::MAX, f64::min)
}

/// Points on each side of a quad at which the map of sides is read.
const SIDE_POINTS: usize = 24;

/// What [`Guess::sides`] says of the part of a quad that the picture does not show.
const SIDE_UNKNOWN: f32 = 0.5;

pub(super) fn sides(quad: &[[f64; 2]; 4], seen: &Seen) -> f32 {
    let value = |[x, y]: [f64; 2]| {
        // The outermost cells lack half of what tells a side from the frame.
        let within = x >= 1.0 && y >= 1.0 && x < seen.width as f64 - 1.0 && y < seen.height as f64 - 1.0;
        let (left, top) = (x - 0.5, y - 0.5);
        let (column, row) = (left as usize, top as usize);
        let at = |x: usize, y: usize| seen.side.get(y * seen.width + x).copied().filter(|_| within);
        let (right, down) = ((left - column as f64) as f32, (top - row as f64) as f32);
        let upper = at(column, row)? * (1.0 - right) + at(column + 1, row)? * right;
        let lower = at(column, row + 1)? * (1.0 - right) + at(column + 1, row + 1)? * right;
        Some(upper * (1.0 - down) + lower * down)
    };
    let points = geometry::sides(quad).into_iter().flat_map(|(a, b)| {
        (0..SIDE_POINTS).map(move |index| {
            let share = (index as f64 + 0.5) / SIDE_POINTS as f64;
            [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
        })
    });
    points.map(|point| value(point).unwrap_or(SIDE_UNKNOWN)).sum::<f32>() / (4 * SIDE_POINTS) as f32
}

/// A connected part of the region.
struct Piece {
    /// The region without the other parts, 1 on the piece and 0 beside it.
    region: Vec<f32>,
    /// Row, first and last column plus one, of each row that it has.
    rows: Vec<(usize, usize, usize)>,
}

/// The largest two connected parts of the cells whose value is above `cut`, with a border where the region is `middle`.
fn pieces(seen: &Seen, values: &[f32], cut: f32, middle: f32) -> Vec<Piece> {
    let mut part_of = vec![0usize; values.len()];
    let mut masses: Vec<f32> = vec![0.0];
    let mut open = Vec::new();
    for start in 0..values.len() {
        open.push(start);
        let part = masses.len();
        let mut mass = 0.0;
        while let Some(cell) = open.pop() {
            let (Some(value), Some(mark)) = (values.get(cell), part_of.get_mut(cell)) else { continue };
            if *mark != 0 || *value <= cut {
                continue;
            }
            *mark = part;
            mass += value;
            let x = cell % seen.width;
            open.extend((x > 0).then(|| cell - 1));
            open.extend((x + 1 < seen.width).then_some(cell + 1));
            open.extend(cell.checked_sub(seen.width));
            open.push(cell + seen.width);
        }
        if mass > 0.0 {
            masses.push(mass);
        }
    }
    let mut order: Vec<(usize, f32)> = masses.into_iter().enumerate().filter(|(_, mass)| *mass >= MIN_CELLS).collect();
    sort_by(&mut order, |a, b| b.1.total_cmp(&a.1));
    let piece = |(part, _): (usize, f32)| {
        let of_piece = |other: &usize| *other == part || *other == 0;
        let sharp = |value: &f32| smaller(larger(0.5 + SHARPER * (value - middle), 0.0), 1.0);
        let kept =
            seen.region.iter().zip(&part_of).map(|(value, other)| if of_piece(other) { sharp(value) } else { 0.0 });
        let row = |(y, row): (usize, &[usize])| {
            let first = row.iter().position(|other| *other == part)?;
            let last = row.iter().rposition(|other| *other == part)?;
            Some((y, first, last + 1))
        };
        let rows = part_of.chunks_exact(seen.width.max(1)).enumerate().filter_map(row).collect();
        Piece { region: kept.collect(), rows }
    };
    order.into_iter().take(2).map(piece).collect()
}

/// The smallest convex polygon around the cells, clockwise.
fn hull(rows: &[(usize, usize, usize)]) -> Vec<[f64; 2]> {
    let corners = |(y, from, to): &(usize, usize, usize)| {
        let (top, bottom) = (*y as f64, *y as f64 + 1.0);
        let (left, right) = (*from as f64, *to as f64);
        [[left, top], [right, top], [left, bottom], [right, bottom]]
    };
    let mut points: Vec<[f64; 2]> = rows.iter().flat_map(corners).collect();
    sort_by(&mut points, |a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    let mut chain = half_hull(points.iter().copied());
    chain.extend(half_hull(points.iter().rev().copied()));
    chain
}

/// One side of the hull from the first to before the last point.
fn half_hull(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let mut chain: Vec<[f64; 2]> = Vec::new();
    for point in points {
        while let [.., a, b] = chain.as_slice()
            && turn(*a, *b, point) <= 0.0
        {
            chain.pop();
        }
        chain.push(point);
    }
    chain.pop();
    chain
}

/// The polygon without the side that follows corner `index`: its neighbours are made longer until they meet.
fn without_side(polygon: &[[f64; 2]], index: usize) -> Option<Vec<[f64; 2]>> {
    let count = polygon.len();
    let mut turned: Vec<[f64; 2]> = polygon.to_vec();
    turned.rotate_left((index + count - 1) % count);
    let [a, b, c, d, ..] = turned.as_slice() else { return None };
    let (u, v) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
    let across = u[0] * v[1] - u[1] * v[0];
    if across.abs() < 1e-9 {
        return None;
    }
    let gap = [c[0] - a[0], c[1] - a[1]];
    let along_first = (gap[0] * v[1] - gap[1] * v[0]) / across;
    let along_second = (gap[0] * u[1] - gap[1] * u[0]) / across;
    // They must meet beyond the first one's end and before the second one's start.
    if along_first < 1.0 || along_second > 0.0 {
        return None;
    }
    let meeting = [a[0] + along_first * u[0], a[1] + along_first * u[1]];
    turned.splice(1..3, [meeting]);
    Some(turned)
}

/// Four sides around a piece: the hull's sides are given up one by one, the cheapest first.
fn quad_around(piece: &Piece, width: usize, height: usize) -> Option<[[f64; 2]; 4]> {
    let (width, height) = (width as f64, height as f64);
    let reach = OUTSIDE_REACH * width.max(height);
    let near = |[x, y]: &[f64; 2]| *x > -reach && *y > -reach && *x < width + reach && *y < height + reach;
    let mut polygon = hull(&piece.rows);
    while polygon.len() > 4 {
        let area = signed_area(&polygon);
        let at_frame = |a: &[f64; 2], b: &[f64; 2]| {
            let (x, y) = ((a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0);
            x <= 0.0 || y <= 0.0 || x >= width || y >= height
        };
        let next = polygon.iter().cycle().skip(1);
        let options = polygon.iter().zip(next).enumerate().filter_map(|(index, (a, b))| {
            let shorter = without_side(&polygon, index).filter(|shorter| shorter.iter().all(near))?;
            let cost = (signed_area(&shorter) - area) * if at_frame(a, b) { OUTSIDE_COST } else { 1.0 };
            Some((cost, shorter))
        });
        polygon = options.min_by(|a, b| a.0.total_cmp(&b.0))?.1;
    }
    polygon.try_into().ok()
}

/// The moves of the search, one after the other: which corner is moved first, which way, and how many corners with it.
const MOVES: usize = 4 * 4 * 2;

fn the_move(index: usize) -> (usize, [f64; 2], usize) {
    let way = match index / 2 % 4 {
        0 => [1.0, 0.0],
        1 => [-1.0, 0.0],
        2 => [0.0, 1.0],
        _ => [0.0, -1.0],
    };
    (index / 8 % 4, way, 1 + index % 2)
}

/// Moves corners and sides as long as the quad covers the region better. Goes with how well it does.
#[inline(never)]
fn climb((mut quad, mut score): ([[f64; 2]; 4], f32), region: &Summed<'_>, step: f64) -> ([[f64; 2]; 4], f32) {
    let mut in_vain = 0;
    for index in 0..SEARCH_ROUNDS * MOVES {
        let (corner, way, moved) = the_move(index);
        let mut tried = quad;
        for (index, point) in tried.iter_mut().enumerate() {
            if (index + 4 - corner) % 4 < moved {
                *point = [point[0] + step * way[0], point[1] + step * way[1]];
            }
        }
        let value = region.coverage(&tried);
        in_vain += 1;
        if value > score {
            (quad, score, in_vain) = (tried, value, 0);
        }
        if in_vain == MOVES {
            break;
        }
    }
    (quad, score)
}

/// A map of the region, its rows in fours, with sums by which whole parts of rows are added at once.
struct Summed<'a> {
    values: &'a [f32],
    width: usize,
    /// For each row the sums of the fours before each of its fours, and of all.
    before: Vec<f32>,
    total: f32,
}

/// Cells along the long side of a map.
const LONG_CELLS: usize = LONG_PX / 4;

/// A number for each row or column of a map, in fours.
type Along = [[f32; 4]; LONG_CELLS / 4];

/// Distance inside a side as a sum: what a step to the right adds, what a step down adds, and what the origin has.
type Inside = [f32; 3];

impl<'a> Summed<'a> {
    fn new(values: &'a [f32], width: usize) -> Self {
        let mut before = Vec::with_capacity(values.len() / 4 + values.len() / width.max(1));
        for row in values.chunks_exact(width.max(1)) {
            let mut sum = 0.0;
            before.push(sum);
            before.extend(row.as_chunks::<4>().0.iter().map(|four| {
                sum += four.iter().sum::<f32>();
                sum
            }));
        }
        Self { values, width, before, total: values.iter().sum() }
    }

    /// Intersection over union of the quad with the region, both with soft edges.
    fn coverage(&self, quad: &[[f64; 2]; 4]) -> f32 {
        let sides: [Inside; 4] = geometry::sides(quad).map(|(from, to)| {
            let (x, y) = (to[0] - from[0], to[1] - from[1]);
            let length = (x * x + y * y).sqrt().max(1e-6);
            [-y / length, x / length, (y * from[0] - x * from[1]) / length].map(|value| value as f32)
        });
        // Cells further from the quad than its soft edge add nothing.
        let [mut left, mut top] = [f64::MAX; 2];
        let [mut right, mut bottom] = [0.0f64; 2];
        for [x, y] in quad {
            (left, right, top, bottom) = (left.min(*x), right.max(*x), top.min(*y), bottom.max(*y));
        }
        let in_row = self.width / 4;
        let (first, last) = ((left - 1.0).max(0.0) as usize / 4, ((right + 5.0) as usize / 4).min(in_row));
        let middles: Along = from_fn(|four| from_fn(|place| (4 * four + place) as f32 + 0.5));
        let [soft, hard] = [0.0, 1.0].map(|depth| columns_within(&sides, &middles, depth));
        let [(lows, highs), (inner_lows, inner_highs)] =
            [&soft, &hard].map(|(lows, highs)| (lows.as_flattened(), highs.as_flattened()));
        let spans = lows.iter().zip(highs).zip(inner_lows.iter().zip(inner_highs));
        let rows = self.values.chunks_exact(self.width.max(1)).zip(self.before.chunks_exact(in_row + 1));
        let rows = rows.zip(middles.as_flattened()).zip(spans).skip((top - 1.0).max(0.0) as usize);
        let [pa, qa, ra, sa] = sides.map(|[across, ..]| Four::all(across));
        let (mut both, mut covered) = (Four::all(0.0), Four::all(0.0));
        let (mut whole, mut wholly_covered) = (0.0, 0.0);
        for (((row, before), y), ((low, high), (inner_low, inner_high))) in rows {
            if f64::from(*y) >= bottom + 1.5 {
                break;
            }
            // The fours that the soft edge reaches, with a hundredth of a cell against rounding. OK because a float below
            // zero becomes 0.
            let start = (((low - 0.51) * 0.25) as usize).clamp(first, last);
            let end = (((high + 3.51) * 0.25) as usize).clamp(start, last);
            // Between these all cells are inside, and each adds what it has.
            let from = (((inner_low - 0.5) * 0.25).ceil() as usize).clamp(start, end);
            let to = (((inner_high + 0.5) * 0.25) as usize).clamp(start, end);
            let (from, to) = if from < to { (from, to) } else { (end, end) };
            if let (Some(until_from), Some(until_to)) = (before.get(from), before.get(to)) {
                whole += until_to - until_from;
                wholly_covered += (4 * (to - from)) as f32;
            }
            let [p, q, r, s] = sides.map(|[_, down, start]| Four::all(start + down * y + 0.5));
            for part in [start..from, to..end] {
                let values = row.as_chunks::<4>().0.get(part.clone()).unwrap_or_default();
                for (values, columns) in values.iter().zip(middles.get(part).unwrap_or_default()) {
                    let x = Four::load(columns);
                    let upper = p.plus(pa.times(x)).or_less(q.plus(qa.times(x)));
                    let lower = r.plus(ra.times(x)).or_less(s.plus(sa.times(x)));
                    let inside = upper.or_less(lower).or_less(Four::all(1.0)).or_more(Four::all(0.0));
                    both = both.plus(inside.or_less(Four::load(values)));
                    covered = covered.plus(inside);
                }
            }
        }
        let both = whole + both.store().iter().sum::<f32>();
        let covered = wholly_covered + covered.store().iter().sum::<f32>();
        let outside = larger(signed_area(quad) as f32 - covered, 0.0);
        both / (covered + self.total - both + OUTSIDE_COST as f32 * outside).max(1e-6)
    }
}

/// For each row the least and the greatest x that are, by half a cell less than this, within all sides.
fn columns_within(sides: &[Inside; 4], rows: &Along, depth: f32) -> (Along, Along) {
    let (mut lows, mut highs) = ([[0.0; 4]; LONG_CELLS / 4], [[LONG_CELLS as f32; 4]; LONG_CELLS / 4]);
    for [across, down, start] in sides {
        // A side along the rows leaves nothing of some rows and all of the others.
        let step = 1.0 / if across.abs() < 1e-6 { 1e-6 } else { *across };
        let (depth, start, down) = (Four::all(depth - 0.5), Four::all(*start), Four::all(*down));
        let x = |y: &[f32; 4]| depth.minus(start.plus(down.times(Four::load(y)))).times(Four::all(step));
        if step > 0.0 {
            lows.iter_mut().zip(rows).for_each(|(low, y)| *low = Four::load(low).or_more(x(y)).store());
        } else {
            highs.iter_mut().zip(rows).for_each(|(high, y)| *high = Four::load(high).or_less(x(y)).store());
        }
    }
    (lows, highs)
}

#[cfg(test)]
mod tests {
    use super::{
        LAYERS, LONG_PX, Layers, OUTPUTS, Seen, Summed, WEIGHTS, cover, guesses, hull, input_size, see, shrink,
    };
    use crate::geometry::{signed_area, turn};

    /// The picture of `test_picture` in train/export.py.
    fn test_picture() -> [Vec<f32>; 3] {
        let mut channels = [const { Vec::new() }; 3];
        for y in 0..144 {
            for x in 0..192 {
                let sheet = x + y / 8 > 60 && x + y / 8 < 150 && y > 20 && y < 120;
                let print = (y / 4 + x / 7) % 3 == 0;
                let ground = 90 + (x * 5 + y * 3) % 17;
                let paper = if print { 160 } else { 220 };
                let values = if sheet { [paper, 126, 129] } else { [ground, 110, 150] };
                for (channel, value) in channels.iter_mut().zip(values) {
                    channel.push(value as f32);
                }
            }
        }
        channels
    }

    fn seen() -> Seen {
        let [luma, cb, cr] = test_picture();
        see([&luma, &cb, &cr], 192, 144).unwrap()
    }

    /// A region map with a soft quad in it.
    fn region(width: usize, height: usize, inside: impl Fn(f64, f64) -> bool) -> Seen {
        let cell = |index: usize| {
            let (x, y) = ((index % width) as f64, (index / width) as f64);
            let parts =
                (0..16).filter(|part| inside(x + (part % 4) as f64 / 4.0 + 0.125, y + (part / 4) as f64 / 4.0 + 0.125));
            parts.count() as f32 / 16.0
        };
        Seen { width, height, region: (0..width * height).map(cell).collect(), ..Seen::default() }
    }

    fn assert_near(quad: [[f64; 2]; 4], expected: [[f64; 2]; 4], tolerance: f64) {
        assert!(super::apart(&quad, &expected) < tolerance, "{quad:?} is not {expected:?}");
    }

    #[test]
    fn sees_what_the_training_code_sees() {
        let seen = seen();
        assert_eq!((seen.width, seen.height), (48, 36));
        let mut compared = 0;
        for line in include_str!("net.txt").lines() {
            let [name, index, value] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let index: usize = index.parse().unwrap();
            let got = match name {
                "region" => seen.region[index],
                "side" => seen.side[index],
                "corner" => seen.corner[index],
                _ => seen.present,
            };
            let expected: f32 = value.parse().unwrap();
            assert!((got - expected).abs() < 2e-4, "{line}: {got}");
            compared += 1;
        }
        assert_eq!(compared, 55);
    }

    #[test]
    fn finds_the_sheet_of_the_test_picture() {
        let best = guesses(&seen()).remove(0);
        let sheet = [[61.0, 20.5], [149.0, 20.5], [136.0, 120.0], [47.0, 120.0]].map(|[x, y]| [x / 192.0, y / 144.0]);
        assert_near(best.quad, sheet, 0.03);
        assert!(best.cover > 0.8, "{}", best.cover);
    }

    #[test]
    fn every_weight_is_read_once() {
        // As `run` does: the sum of all layers is the file's length.
        let mut layers = Layers::new(WEIGHTS, LAYERS, OUTPUTS);
        layers.pass(&[16, 24, 24, 24, 48, 48, 48, 48]);
        layers.pass(&[48, 96, 96, 96, 96, 96, 96, 96, 96, 96]);
        layers.pass(&[48; 4]);
        layers.pass(&[24; 4]);
        for (inputs, outputs) in [(27, 16), (96, 96), (96, 96), (96, 1), (96, 48), (48, 24), (24, 8)] {
            layers.next(inputs, outputs);
        }
        assert!(layers.is_empty());
    }

    #[test]
    fn the_input_keeps_the_shape_of_the_picture() {
        for (size, expected) in [
            ((4000, 3000), Some((192, 144))),
            ((1080, 1920), Some((112, 192))),
            ((7, 7), Some((192, 192))),
            ((600, 100), Some((192, 32))),
            ((701, 100), None),
            ((0, 10), None),
        ] {
            assert_eq!(input_size(size.0, size.1), expected, "{size:?}");
        }
        assert_eq!(LONG_PX % 16, 0);
    }

    #[test]
    fn a_channel_of_another_size_is_refused() {
        assert_eq!(see([&[0.0; 4], &[0.0; 4], &[0.0; 3]], 2, 2), None);
    }

    #[test]
    fn shrinking_keeps_the_mean() {
        assert_eq!(shrink(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3, 2, 1, 1), [3.5]);
        let shares = cover(5, 2);
        assert_eq!(shares[0].0, 0);
        assert_eq!(shares[1].0, 2);
        assert!(shares.iter().all(|(_, shares)| (shares.iter().sum::<f32>() - 1.0).abs() < 1e-6));
        assert_eq!(shrink(&[7.0], 1, 1, 2, 2), [7.0; 4]);
    }

    #[test]
    fn a_turned_quad_is_found_to_a_tenth_of_a_cell() {
        let quad = [[10.0, 8.0], [36.0, 3.0], [40.0, 26.0], [13.0, 30.0]];
        let inside = |x: f64, y: f64| (0..4).all(|i| turn(quad[i], quad[(i + 1) % 4], [x, y]) > 0.0);
        let best = guesses(&region(48, 36, inside)).remove(0);
        assert_near(best.quad.map(|[x, y]| [x * 48.0, y * 36.0]), quad, 0.25);
        assert!(best.cover > 0.95);
    }

    #[test]
    fn a_corner_outside_the_picture_is_where_the_sides_meet() {
        let quad = [[-8.0, 6.0], [30.0, 2.0], [34.0, 26.0], [-4.0, 30.0]];
        let inside = |x: f64, y: f64| (0..4).all(|i| turn(quad[i], quad[(i + 1) % 4], [x, y]) > 0.0);
        let best = guesses(&region(48, 36, inside)).remove(0).quad.map(|[x, y]| [x * 48.0, y * 36.0]);
        // The left side is the frame, or beyond it.
        let right: Vec<_> = best.iter().filter(|[x, _]| *x > 20.0).collect();
        assert_eq!(right.len(), 2, "{best:?}");
        assert!(best.iter().filter(|[x, _]| *x < 1.0).count() == 2, "{best:?}");
    }

    #[test]
    fn two_pieces_give_two_guesses() {
        let two = region(48, 36, |x, y| (y > 5.0 && y < 30.0) && ((x > 3.0 && x < 20.0) || (x > 25.0 && x < 44.0)));
        let guesses = guesses(&two);
        assert_eq!(guesses.len(), 2, "{guesses:?}");
        assert!(guesses.iter().all(|guess| guess.cover > 0.9), "{guesses:?}");
    }

    #[test]
    fn parts_of_rows_add_what_their_cells_add_one_by_one() {
        let values: Vec<f32> = (0..48 * 36).map(|n| ((n * 37 + n / 48 * 11) % 101) as f32 / 100.0).collect();
        let region = Summed::new(&values, 48);
        for quad in [
            [[10.0, 8.0], [36.0, 3.0], [40.0, 26.0], [13.0, 30.0]],
            [[4.0, 4.0], [44.0, 4.0], [44.0, 32.0], [4.0, 32.0]],
            [[-6.0, 20.0], [24.0, -5.0], [52.0, 18.0], [22.0, 40.0]],
            [[20.0, 20.0], [22.0, 20.0], [22.0, 22.0], [20.0, 22.0]],
        ] {
            let (mut both, mut covered) = (0.0f64, 0.0f64);
            for (n, value) in values.iter().enumerate() {
                let place = [(n % 48) as f64 + 0.5, (n / 48) as f64 + 0.5];
                let off = |i: usize| {
                    let ([ax, ay], [bx, by]): ([f64; 2], [f64; 2]) = (quad[i], quad[(i + 1) % 4]);
                    turn([ax, ay], [bx, by], place) / (bx - ax).hypot(by - ay)
                };
                let inside = (0..4).map(off).fold(f64::MAX, f64::min) + 0.5;
                both += inside.clamp(0.0, 1.0).min(f64::from(*value));
                covered += inside.clamp(0.0, 1.0);
            }
            let all: f64 = values.iter().map(|value| f64::from(*value)).sum();
            let outside = (signed_area(&quad) - covered).max(0.0);
            let expected = both / (covered + all - both + super::OUTSIDE_COST * outside);
            let got = f64::from(region.coverage(&quad));
            assert!((got - expected).abs() < 1e-4, "{quad:?}: {got} is not {expected}");
        }
    }

    #[test]
    fn nothing_is_seen_in_nothing() {
        assert!(guesses(&Seen::default()).is_empty());
        assert!(guesses(&region(48, 36, |_, _| false)).is_empty());
    }

    #[test]
    fn the_hull_of_a_cell_is_the_cell() {
        assert_eq!(hull(&[(2, 1, 2)]), [[1.0, 2.0], [2.0, 2.0], [2.0, 3.0], [1.0, 3.0]]);
    }
}
