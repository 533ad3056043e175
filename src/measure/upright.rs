//! Whether print stands upright or is turned by half.
//!
//! A very small net looks at patches of lines, each about two characters wide, and says how surely each stands upright:
//! Chinese characters, figures and letters all have more of some strokes above and more of others below. Its answer to a
//! patch is that to the patch less that to the patch turned, and many patches are heard. It is trained on rendered print by
//! `train/upright.py`, which also says how well it does.

use std::array::from_fn;

use crate::geometry::{Homography, Point, distance};
use crate::photo_facts::Upright;
use crate::planes::Planes;

/// Whole numbers of the layers with a scale per output; written by `train/upright.py`.
const WEIGHTS: &[u8] = include_bytes!("upright.bin");

/// Rows and columns of a patch.
const ROWS: usize = 16;
const COLUMNS: usize = 32;

/// How many heights of its line a patch is high.
const AROUND: f64 = 1.3;

/// Up to this many pixels from row to row a patch is read once for each of its cells, beyond it four times.
const LARGE_PITCH_PX: f64 = 1.5;

/// Lower lines, in pixels, have too little of a character left.
const LEAST_HEIGHT_PX: f64 = 8.0;

/// Patches that are looked at: at most, at least, and at once.
const MOST_PATCHES: usize = 64;
const LEAST_PATCHES: usize = 12;

/// Nothing more is looked at when the mean of the answers is this many of its standard errors from zero.
const CLEAR: f32 = 6.0;

/// A part of a line of print in shares of the document: the middle, and half of its height.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) middle: Point,
    pub(super) half: f64,
}

/// Listens to patches at these places; `map` leads from shares of the document to the displayed picture, the lines running
/// along its first axis. `None` with too few of them.
#[inline(never)]
pub(super) fn measure(planes: &Planes, map: &Homography, places: &[Place]) -> Option<Upright> {
    let net = Net::read();
    let (mut count, mut sum, mut squares) = (0.0f32, 0.0f32, 0.0f32);
    // From all over the document, a few of each region first.
    let step = golden_step(places.len());
    for index in (0..places.len()).map(|n| n * step % places.len()) {
        let Some(patch) = places.get(index).and_then(|place| patch(planes, map, *place)) else { continue };
        let odds = net.answer(&patch);
        // So that no single patch speaks for many.
        let answer = odds / (1.0 + odds.abs());
        (count, sum, squares) = (count + 1.0, sum + answer, squares + answer * answer);
        if count >= LEAST_PATCHES as f32
            && (count >= MOST_PATCHES as f32 || (sum / error(count, sum, squares)).abs() > CLEAR * count)
        {
            break;
        }
    }
    (count >= LEAST_PATCHES as f32).then(|| Upright {
        mean: f64::from(sum / count),
        standard_error: f64::from(error(count, sum, squares)),
        patches: count as u32,
    })
}

/// Standard error of a mean.
fn error(count: f32, sum: f32, squares: f32) -> f32 {
    let mean = sum / count;
    ((squares / count - mean * mean).max(0.0) / (count - 1.0).max(1.0)).sqrt().max(1e-3)
}

/// A step through a list that comes to every place, and to distant ones first.
fn golden_step(length: usize) -> usize {
    let is_prime_to = |step: usize| {
        let (mut a, mut b) = (step, length);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a == 1
    };
    let wished = (length as f64 * 0.618) as usize;
    (wished..length).find(|step| is_prime_to(*step)).unwrap_or(1)
}

type Patch = [[f32; COLUMNS]; ROWS];

/// Reads the patch around a place, with mean 0 and standard deviation 1; `None` where it is low or leaves the picture.
fn patch(planes: &Planes, map: &Homography, Place { middle: [u, v], half }: Place) -> Option<Patch> {
    let [middle, top, bottom] = [[u, v], [u, v - half], [u, v + half]].map(|share| map.apply(share));
    let height = distance(top, bottom);
    let scale = f64::from(planes.scale_denominator.max(1));
    if height.is_nan() || height < LEAST_HEIGHT_PX * scale {
        return None;
    }
    let [left, right] = [u - half, u + half].map(|u| map.apply([u, v]));
    let width = distance(left, right).max(f64::MIN_POSITIVE);
    let pitch = height * AROUND / ROWS as f64;
    let step = |[x0, y0]: Point, [x1, y1]: Point, length: f64| [(x1 - x0) / length * pitch, (y1 - y0) / length * pitch];
    let (along, down) = (step(left, right, width), step(top, bottom, height));
    let beside = |[x, y]: Point, times: f64, [dx, dy]: Point| [x + times * dx, y + times * dy];
    let corners = [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]];
    let (width_px, height_px) = planes.displayed_size_px();
    let is_in_picture = corners.iter().all(|[x, y]| {
        let corner = beside(beside(middle, x * COLUMNS as f64 / 2.0, along), y * ROWS as f64 / 2.0, down);
        (0.0..=f64::from(width_px)).contains(&corner[0]) && (0.0..=f64::from(height_px)).contains(&corner[1])
    });
    if !is_in_picture {
        return None;
    }
    // The view is a quarter turn at most, so that steps can be turned instead of every place.
    let origin = planes.to_stored(middle);
    let stored = |step: Point| {
        let [x, y] = planes.to_stored(beside(middle, 1.0, step));
        [x - origin[0], y - origin[1]]
    };
    let (along, down) = (stored(along), stored(down));
    let parts = if pitch > LARGE_PITCH_PX * scale { 2 } else { 1 };
    let offset =
        |cell: usize, part: usize, count: usize| cell as f64 + (part as f64 + 0.5) / parts as f64 - count as f64 / 2.0;
    let mut patch: Patch = [[0.0; COLUMNS]; ROWS];
    let (mut sum, mut squares) = (0.0f32, 0.0f32);
    for (row, values) in patch.iter_mut().enumerate() {
        for (column, value) in values.iter_mut().enumerate() {
            for (part_down, part_along) in (0..parts * parts).map(|part| (part / parts, part % parts)) {
                let place = beside(origin, offset(row, part_down, ROWS), down);
                *value += planes.luma.between(beside(place, offset(column, part_along, COLUMNS), along));
            }
            *value /= (parts * parts) as f32;
            sum += *value;
            squares += *value * *value;
        }
    }
    let count = (ROWS * COLUMNS) as f32;
    let mean = sum / count;
    let deviation = (squares / count - mean * mean).max(1.0).sqrt();
    Some(patch.map(|row| row.map(|value| (value - mean) / deviation)))
}

/// Values with all channels of a place side by side, row by row.
struct Map {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// A layer that looks at `rows` by `columns` places of `inputs` channels, `stride` places on each time.
struct Layer<const INPUTS: usize, const OUTPUTS: usize> {
    columns: usize,
    stride: usize,
    padding: usize,
    /// For each row, column and input what each output adds of it.
    weights: Vec<[f32; OUTPUTS]>,
    bias: [f32; OUTPUTS],
}

impl<const INPUTS: usize, const OUTPUTS: usize> Layer<INPUTS, OUTPUTS> {
    fn read(bytes: &mut &[u8], [rows, columns]: [usize; 2], stride: usize, padding: usize) -> Self {
        let (scales, bias) = (numbers(bytes), numbers(bytes));
        let weights = take(bytes, rows * columns * INPUTS * OUTPUTS).as_chunks::<OUTPUTS>().0;
        let scaled = |whole: &[u8; OUTPUTS]| {
            let mut out: [f32; OUTPUTS] = scales;
            out.iter_mut().zip(whole).for_each(|(scale, whole)| *scale *= f32::from(whole.cast_signed()));
            out
        };
        Self { columns, stride, padding, weights: weights.iter().map(scaled).collect(), bias }
    }

    fn rows(&self) -> usize {
        self.weights.len() / (self.columns * INPUTS).max(1)
    }

    /// What the layer makes of a map, not below zero.
    fn over(&self, input: &Map) -> Map {
        let size = |length: usize, own: usize| (length + 2 * self.padding).saturating_sub(own) / self.stride + 1;
        let (width, height) = (size(input.width, self.columns), size(input.height, self.rows()));
        let mut values = Vec::with_capacity(width * height * OUTPUTS);
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let mut sums = self.bias;
            for (tap, weights) in self.weights.chunks_exact(INPUTS).enumerate() {
                let (row, column) = (y * self.stride + tap / self.columns, x * self.stride + tap % self.columns);
                let (Some(row), Some(column)) = (row.checked_sub(self.padding), column.checked_sub(self.padding))
                else {
                    continue;
                };
                if row >= input.height || column >= input.width {
                    continue;
                }
                let start = (row * input.width + column) * INPUTS;
                for (value, weights) in input.values.get(start..).unwrap_or_default().iter().zip(weights) {
                    sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * weight);
                }
            }
            values.extend(sums.map(|sum| if sum < 0.0 { 0.0 } else { sum }));
        }
        Map { width, height, values }
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at_checked(length).unwrap_or_default();
    *bytes = rest;
    taken
}

fn numbers<const COUNT: usize>(bytes: &mut &[u8]) -> [f32; COUNT] {
    let words = take(bytes, 4 * COUNT).as_chunks::<4>().0;
    from_fn(|index| words.get(index).map_or(0.0, |word| f32::from_le_bytes(*word)))
}

const FIRST: usize = 4;
const SECOND: usize = 8;
const THIRD: usize = 16;

struct Net {
    first: Layer<1, FIRST>,
    second: Layer<FIRST, SECOND>,
    third: Layer<SECOND, THIRD>,
    last: Layer<THIRD, 1>,
}

impl Net {
    fn read() -> Self {
        let mut bytes = WEIGHTS;
        Self {
            first: Layer::read(&mut bytes, [4, 4], 2, 1),
            second: Layer::read(&mut bytes, [4, 4], 2, 1),
            third: Layer::read(&mut bytes, [4, 3], 1, 0),
            last: Layer::read(&mut bytes, [1, 1], 1, 0),
        }
    }

    /// How surely a patch stands upright: the logarithm of the odds. The last layer's bias is the same both ways.
    fn answer(&self, patch: &Patch) -> f32 {
        let upright: Vec<f32> = patch.iter().flatten().copied().collect();
        let turned = upright.iter().rev().copied().collect();
        self.one_way(upright) - self.one_way(turned)
    }

    fn one_way(&self, values: Vec<f32>) -> f32 {
        let seen = self.third.over(&self.second.over(&self.first.over(&Map { width: COLUMNS, height: ROWS, values })));
        let weights = self.last.weights.iter().flatten().cycle();
        let sum: f32 = seen.values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        sum / (seen.width * seen.height).max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, Net, Patch, Place, ROWS, golden_step, measure};
    use crate::geometry::Homography;
    use crate::planes::{Plane, Planes};

    /// The answer of the same net in PyTorch, and the patch, from `train/upright.py`.
    fn known() -> (f32, Patch) {
        let mut numbers = include_str!("upright.txt").split_whitespace().map(|number| number.parse::<f32>().unwrap());
        let answer = numbers.next().unwrap();
        (answer, std::array::from_fn(|_| std::array::from_fn(|_| numbers.next().unwrap())))
    }

    #[test]
    fn answers_are_those_of_the_training() {
        let (answer, patch) = known();
        let found = Net::read().answer(&patch);
        assert!((found - answer).abs() < 1e-3 * (1.0 + answer.abs()), "{found} {answer}");
        let mut turned = patch;
        turned.reverse();
        turned.iter_mut().for_each(|row| row.reverse());
        assert!((Net::read().answer(&turned) + found).abs() < 1e-4);
    }

    /// A page of forty places, each with the patch of the training at this many pixels to a cell.
    fn page(cell_px: usize, is_turned: bool) -> (Planes, Vec<Place>) {
        let (_, patch) = known();
        let (across, down) = (4, 10);
        let (width_px, height_px) = (across * COLUMNS * cell_px, down * ROWS * cell_px);
        let mut luma = Plane::filled(width_px, height_px, 0);
        for (place, sample) in luma.samples.iter_mut().enumerate() {
            let (x, y) = (place % width_px / cell_px % COLUMNS, place / width_px / cell_px % ROWS);
            let value = if is_turned { patch[ROWS - 1 - y][COLUMNS - 1 - x] } else { patch[y][x] };
            *sample = (128.0 + 40.0 * value) as u8;
        }
        let middle = |n: usize, count: usize| (n as f64 + 0.5) / count as f64;
        let places = (0..across * down).map(|n| Place {
            middle: [middle(n % across, across), middle(n / across, down)],
            half: 0.5 / super::AROUND / down as f64,
        });
        (Planes::new(luma, None), places.collect())
    }

    #[test]
    fn print_is_told_from_print_turned_by_half_at_any_size_and_orientation() {
        let (answer, _) = known();
        for (cell_px, orientation, is_turned) in
            [(1, 1, false), (1, 1, true), (3, 1, false), (3, 6, true), (2, 8, false)]
        {
            let (mut planes, places) = page(cell_px, is_turned);
            planes.exif_orientation = orientation;
            let (width, height) = (planes.stored_width_px, planes.stored_height_px);
            let corners = [[0, 0], [width, 0], [width, height], [0, height]];
            let quad = corners.map(|[x, y]| planes.to_displayed([f64::from(x), f64::from(y)]));
            let map = Homography::from_unit_square(&quad).unwrap();
            let found = measure(&planes, &map, &places).unwrap();
            let expected = answer / (1.0 + answer.abs()) * if is_turned { -1.0 } else { 1.0 };
            assert!((found.mean - f64::from(expected)).abs() < 0.03, "{cell_px} {orientation} {found:?} {expected}");
        }
    }

    #[test]
    fn few_low_or_cut_places_say_nothing() {
        let (planes, places) = page(1, false);
        let map =
            |side: f64| Homography::from_unit_square(&[[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]]).unwrap();
        assert_eq!(measure(&planes, &map(128.0), &places[..5]), None);
        assert_eq!(measure(&planes, &map(20.0), &places), None);
        assert_eq!(measure(&planes, &map(9000.0), &places), None);
        assert_eq!(measure(&planes, &map(128.0), &[]), None);
    }

    #[test]
    fn every_place_is_come_to_once() {
        for length in 1..200 {
            let step = golden_step(length);
            let mut seen: Vec<usize> = (0..length).map(|n| n * step % length).collect();
            seen.sort_unstable();
            assert!(seen.iter().copied().eq(0..length), "{length} {step}");
        }
    }
}
