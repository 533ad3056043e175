//! The layers of the small nets of `locate`: weights that are whole numbers with scales, and what is computed with them.
//!
//! What a pixel is made of over its channels, most of the work, is summed in whole numbers. All else is 32-bit float in a fixed
//! order, without fused operations, so every build gives the same answer.

use std::array::from_fn;
use std::ops::Range;

use super::fours::{Four, Pair, Sums};

/// Outputs that are summed side by side: each input of a pixel is read once for all of them.
pub(super) const TOGETHER: usize = 8;

/// Pixels that share one read of the weights.
const PIXELS: usize = 4;

/// Activations: a plane for every four channels, in which the four of a pixel lie side by side, pixels row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Map {
    pub channels: usize,
    pub width: usize,
    pub height: usize,
    pub values: Vec<[f32; 4]>,
}

impl Map {
    pub(super) fn new(channels: usize, width: usize, height: usize) -> Self {
        Self { channels, width, height, values: vec![[0.0; 4]; channels.div_ceil(4) * width * height] }
    }

    fn pixels(&self) -> usize {
        self.width * self.height
    }

    pub(super) fn planes(&self) -> impl Iterator<Item = &[[f32; 4]]> {
        self.values.chunks_exact(self.pixels().max(1))
    }

    /// The mean of each channel.
    pub(super) fn mean(&self) -> Vec<f32> {
        let pixels = Four::all(self.pixels().max(1) as f32);
        let mean = |plane: &[[f32; 4]]| {
            plane.iter().fold(Four::all(0.0), |sum, pixel| sum.plus(Four::load(pixel))).over(pixels).store()
        };
        self.planes().flat_map(mean).collect()
    }
}

/// The same in whole numbers of 16 bits, the four of a pixel as two pairs.
struct Packed {
    width: usize,
    height: usize,
    values: Vec<[Pair; 2]>,
    /// What a one counts.
    unit: f32,
}

impl Packed {
    /// A map whose values are not further from zero than `most`.
    fn new(map: &Map, most: Four) -> Self {
        let most = most.store().into_iter().fold(1e-6, larger);
        let ones = Four::all(MOST / most);
        let values = map.values.iter().map(|value| Four::load(value).times(ones).pairs()).collect();
        Self { width: map.width, height: map.height, values, unit: most / MOST }
    }

    fn of(map: &Map) -> Self {
        let most = map.values.iter().fold(Four::all(0.0), |most, value| most.or_more(Four::load(value).abs()));
        Self::new(map, most)
    }

    fn planes(&self) -> impl Iterator<Item = &[[Pair; 2]]> {
        self.values.chunks_exact((self.width * self.height).max(1))
    }
}

/// The largest whole number of a [`Packed`] map.
const MOST: f32 = 32_767.0;

/// What each value becomes when four are added, never below zero.
fn add(into: &mut [f32; 4], from: &[f32; 4]) {
    *into = Four::load(into).plus(Four::load(from)).or_more(Four::all(0.0)).store();
}

/// `f32::max` is a call in WebAssembly; this is one instruction for four values.
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

pub(super) fn smaller(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

pub(super) fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

/// Reads the layers in the order in which they run. Numbers of a kind lie side by side, which compresses better.
pub(super) struct Layers<'a> {
    /// For each layer the scale of its biases, then those of each output's weights.
    scales: &'a [u8],
    biases: &'a [u8],
    weights: &'a [u8],
}

/// One layer's weights (for every four outputs those of each input, zeros for outputs that the last four have too many) and
/// what is added to each output.
pub(super) struct Layer {
    outputs: usize,
    weights: Vec<[f32; 4]>,
    bias: Vec<[f32; 4]>,
}

impl Layer {
    /// What is added to every four outputs, and their weights by input.
    pub(super) fn fours(&self) -> impl Iterator<Item = (&[f32; 4], &[[f32; 4]])> {
        self.bias.iter().zip(self.weights.chunks_exact((self.weights.len() / self.bias.len().max(1)).max(1)))
    }
}

/// The weights of a layer over the channels, as they are: for every four outputs, by two inputs, those of the first output,
/// then of the next. What counts one in each output, and what is added to it.
struct Whole {
    outputs: usize,
    weights: Vec<[i16; 8]>,
    scales: Vec<[f32; 4]>,
    bias: Vec<[f32; 4]>,
}

impl Whole {
    /// From rows of weights, one for each input.
    fn new(rows: &[u8], scales: Vec<[f32; 4]>, bias: Vec<[f32; 4]>, outputs: usize) -> Self {
        let mut weights = Vec::with_capacity(rows.len() / 8);
        for start in (0..outputs).step_by(4) {
            weights.extend(rows.chunks_exact(2 * outputs).map(|rows| {
                let (first, second) = rows.split_at(outputs);
                let [[a, c, e, g], [b, d, f, h]] = [first, second].map(|row| numbers::<i16>(row, start));
                [a, b, c, d, e, f, g, h]
            }));
        }
        Self { outputs, weights, scales, bias }
    }
}

impl<'a> Layers<'a> {
    /// `layers` of them in `bytes`, with `outputs` outputs in all.
    pub(super) fn new(mut bytes: &'a [u8], layers: usize, outputs: usize) -> Self {
        let (scales, biases) = (taken(&mut bytes, layers + outputs), taken(&mut bytes, outputs));
        Self { scales, biases, weights: bytes }
    }

    /// Whether every number has been read.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        [self.scales, self.biases, self.weights].iter().all(|rest| rest.is_empty())
    }

    /// Reads the layers of [`halved`] and [`chain`] that lead from each number of channels to the next.
    #[cfg(test)]
    pub(super) fn pass(&mut self, channels: &[usize]) {
        for (inputs, outputs) in channels.iter().zip(channels.iter().skip(1)) {
            self.next(9, *inputs);
            self.next(*inputs, *outputs);
        }
    }

    /// The layer whose turn it is; one without outputs after the last.
    pub(super) fn next(&mut self, inputs: usize, outputs: usize) -> Layer {
        let (rows, scales, bias) = self.parts(inputs, outputs);
        let mut weights = Vec::with_capacity(inputs * outputs);
        for (start, scale) in (0..outputs).step_by(4).zip(&scales) {
            let scale = Four::load(scale);
            weights.extend(rows.chunks_exact(outputs).map(|row| scale.times(Four::load(&numbers(row, start))).store()));
        }
        Layer { outputs, weights, bias }
    }

    /// The same for a layer over the channels; `inputs` is even.
    fn next_whole(&mut self, inputs: usize, outputs: usize) -> Whole {
        let (rows, scales, bias) = self.parts(inputs, outputs);
        Whole::new(rows, scales, bias, outputs)
    }

    /// Weights, scales and what is added.
    fn parts(&mut self, inputs: usize, outputs: usize) -> (&'a [u8], Vec<[f32; 4]>, Vec<[f32; 4]>) {
        let unit = taken(&mut self.scales, 1).iter().map(|byte| short(*byte)).sum::<f32>();
        let scales = taken(&mut self.scales, outputs).chunks(4);
        let scales = scales.map(|scales| from_fn(|place| scales.get(place).map_or(0.0, |byte| short(*byte))));
        let biases = taken(&mut self.biases, outputs);
        let bias = (0..biases.len()).step_by(4).map(|start| numbers(biases, start).map(|number: f32| number * unit));
        let (scales, bias) = (scales.collect(), bias.collect());
        (taken(&mut self.weights, inputs * outputs), scales, bias)
    }
}

/// Four whole numbers of a row, zeros after its end.
fn numbers<T: From<i8>>(row: &[u8], start: usize) -> [T; 4] {
    let row = row.get(start..).unwrap_or_default();
    let whole =
        row.first_chunk().copied().unwrap_or_else(|| from_fn(|place| row.get(place).copied().unwrap_or_default()));
    whole.map(|number: u8| T::from(number.cast_signed()))
}

/// The first bytes, of which the slice then is rid; none of them when there are too few.
pub(super) fn taken<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at_checked(length).unwrap_or_default();
    *bytes = rest;
    taken
}

/// A positive 8-bit float: five bits of exponent, as a 16-bit float has them after IEEE 754, and three of fraction.
fn short(bits: u8) -> f32 {
    // A 32-bit float with these bits in place has another offset of the exponent: 127, not 15.
    f32::from_bits(u32::from(bits) << 20) * f32::from_bits((127 + 127 - 15) << 23)
}

/// `count` layers that keep the shape and add their input: each channel over its 3 x 3 neighbours, then each pixel over its
/// channels.
pub(super) fn chain(mut map: Map, layers: &mut Layers<'_>, count: usize) -> Map {
    for _ in 0..count {
        let across = depthwise(&map, &layers.next(9, map.channels), 1);
        let layer = layers.next_whole(map.channels, map.channels);
        let all = 0..map.pixels();
        add_up(&across, &layer, &mut map, all, 0.0);
    }
    map
}

/// The same with half the size and other channels.
pub(super) fn halved(input: &Map, layers: &mut Layers<'_>, outputs: usize) -> Map {
    let across = depthwise(input, &layers.next(9, input.channels), 2);
    over_channels(&across, &layers.next_whole(input.channels, outputs), 0.0)
}

/// The first layer: up to four channels over the 3 x 3 neighbours of every second pixel of every second row, zeros outside.
pub(super) fn stem(input: &Map, layers: &mut Layers<'_>, outputs: usize) -> Map {
    let (rows, scales, bias) = layers.parts(9 * input.channels, outputs);
    let mut padded = Vec::with_capacity(9 * 4 * outputs);
    for tap in rows.chunks_exact((input.channels * outputs).max(1)) {
        padded.extend_from_slice(tap);
        // Zeros for the channels that are not there.
        padded.resize(padded.len().next_multiple_of(4 * outputs), 0);
    }
    let layer = Whole::new(&padded, scales, bias, outputs);
    let (width, height) = (input.width / 2, input.height / 2);
    let input = Packed::of(input);
    let mut out = Map::new(outputs, width, height);
    let mut near = Packed { width, height: 1, values: vec![[0; 2]; 9 * width], unit: input.unit };
    for y in 0..height {
        for (dy, planes) in near.values.chunks_exact_mut(3 * width).enumerate() {
            // Above the first row there are the zeros of a new map, as there are before the first pixel of each row.
            let Some(y) = (2 * y + dy).checked_sub(1) else { continue };
            let row = input.values.get(y * input.width..(y + 1) * input.width).unwrap_or_default();
            for ((plane, before), from) in planes.chunks_exact_mut(width).zip([1, 0, 0]).zip([1, 0, 1]) {
                for (cell, value) in plane.iter_mut().skip(before).zip(row.iter().skip(from).step_by(2)) {
                    *cell = *value;
                }
            }
        }
        add_up(&near, &layer, &mut out, y * width..(y + 1) * width, 0.0);
    }
    out
}

/// Each channel over its 3 x 3 neighbours, zeros outside, of every pixel or every second of every second row; never below
/// zero.
fn depthwise(input: &Map, layer: &Layer, stride: usize) -> Packed {
    let mut out = Map::new(input.channels, input.width / stride, input.height / stride);
    let (pixels, width, padded_width) = (out.pixels().max(1), out.width.max(1), input.width + 2);
    let mut padded = vec![[0.0; 4]; padded_width * (input.height + 2)];
    let (zero, mut most) = (Four::all(0.0), Four::all(0.0));
    for ((plane, source), (bias, taps)) in out.values.chunks_exact_mut(pixels).zip(input.planes()).zip(layer.fours()) {
        let inner = padded.chunks_exact_mut(padded_width).skip(1);
        for (row, source) in inner.zip(source.chunks_exact(input.width.max(1))) {
            row.iter_mut().skip(1).zip(source).for_each(|(into, value)| *into = *value);
        }
        let bias = Four::load(bias);
        let taps: [[Four; 3]; 3] = from_fn(|dy| from_fn(|dx| Four::load(taps.get(3 * dy + dx).unwrap_or(&[0.0; 4]))));
        let mut rows = padded.chunks_exact(padded_width);
        let mut sources = [rows.next(), rows.next(), rows.next()];
        for row in plane.chunks_exact_mut(width) {
            let [above, here, below] = sources.map(|row| {
                let near = row.unwrap_or_default().windows(3).step_by(stride);
                near.filter_map(|near| near.first_chunk::<3>())
            });
            for (((out, above), here), below) in row.iter_mut().zip(above).zip(here).zip(below) {
                let mut sum = bias;
                for (near, taps) in [above, here, below].into_iter().zip(&taps) {
                    for (value, tap) in near.iter().zip(taps) {
                        sum = sum.plus(Four::load(value).times(*tap));
                    }
                }
                sum = sum.or_more(zero);
                most = most.or_more(sum);
                *out = sum.store();
            }
            for _ in 0..stride {
                let [_, here, below] = sources;
                sources = [here, below, rows.next()];
            }
        }
    }
    Packed::new(&out, most)
}

/// Every pixel over its channels.
pub(super) fn last(input: &Map, layers: &mut Layers<'_>, outputs: usize) -> Map {
    over_channels(&Packed::of(input), &layers.next_whole(input.channels, outputs), f32::NEG_INFINITY)
}

/// Every pixel over its channels, never below `least`.
fn over_channels(input: &Packed, layer: &Whole, least: f32) -> Map {
    let mut out = Map::new(layer.outputs, input.width, input.height);
    let all = 0..out.pixels();
    add_up(input, layer, &mut out, all, least);
    out
}

/// Adds to the pixels at `place` those of the input over their channels; what comes out is never below `least`. Outputs and
/// pixels are multiples of [`TOGETHER`] and [`PIXELS`].
fn add_up(input: &Packed, layer: &Whole, out: &mut Map, place: Range<usize>, least: f32) {
    let (pixels, unit, least) = (out.pixels().max(1), Four::all(input.unit), Four::all(least));
    let pairs = layer.weights.len() / layer.bias.len().max(1);
    let sources: Vec<&[[[Pair; 2]; PIXELS]]> = input.planes().map(|plane| plane.as_chunks().0).collect();
    let add = layer.scales.as_chunks::<2>().0.iter().zip(layer.bias.as_chunks::<2>().0);
    let weights = layer.weights.chunks_exact(2 * pairs.max(1)).zip(add);
    for (planes, (weights, (scales, bias))) in out.values.chunks_exact_mut(2 * pixels).zip(weights) {
        let (low, high) = planes.split_at_mut(pixels);
        let [low, high] =
            [low, high].map(|plane| plane.get_mut(place.clone()).unwrap_or_default().as_chunks_mut::<PIXELS>().0);
        let (low_weights, high_weights) = weights.split_at(pairs);
        let (low_weights, high_weights) = (low_weights.as_chunks().0, high_weights.as_chunks().0);
        let [low_scale, high_scale] = scales.each_ref().map(|scale| Four::load(scale).times(unit));
        let [low_bias, high_bias] = bias.each_ref().map(Four::load);
        for (index, (low, high)) in low.iter_mut().zip(high).enumerate() {
            let inputs = sources.iter().filter_map(|source| source.get(index));
            let sums = some_pixels(inputs.zip(low_weights.iter().zip(high_weights)));
            for (([low_sums, high_sums], low), high) in sums.into_iter().zip(low).zip(high) {
                let finished = |sums: Sums, scale, bias, into: &[f32; 4]| {
                    sums.numbers().times(scale).plus(bias).plus(Four::load(into)).or_more(least).store()
                };
                *low = finished(low_sums, low_scale, low_bias, low);
                *high = finished(high_sums, high_scale, high_bias, high);
            }
        }
    }
}

/// The weights of two pairs of inputs.
type Weights = [[i16; 8]; 2];

/// [`TOGETHER`] outputs of [`PIXELS`] pixels, from four inputs of each and their weights at a time.
#[inline(always)]
fn some_pixels<'a>(
    inputs: impl Iterator<Item = (&'a [[Pair; 2]; PIXELS], (&'a Weights, &'a Weights))>,
) -> [[Sums; 2]; PIXELS] {
    let mut sums = [[Sums::none(); 2]; PIXELS];
    for (pixels, ([low, low_next], [high, high_next])) in inputs {
        for ([first, next], [low_sum, high_sum]) in pixels.iter().zip(&mut sums) {
            *low_sum = low_sum.plus(*first, low).plus(*next, low_next);
            *high_sum = high_sum.plus(*first, high).plus(*next, high_next);
        }
    }
    sums
}

/// The outputs for one list of values.
pub(super) fn dense(values: &[f32], layer: &Layer) -> Vec<f32> {
    let mut sums = Vec::new();
    for (bias, weights) in layer.fours() {
        let inputs = values.iter().zip(weights);
        let add =
            |sum: Four, (value, weights): (&f32, &[f32; 4])| sum.plus(Four::all(*value).times(Four::load(weights)));
        sums.extend(inputs.fold(Four::load(bias), add).store());
    }
    sums.truncate(layer.outputs);
    sums
}

/// A small net that looks at a straightened patch: whole numbers of its layers with a scale per output, and its shape.
pub(super) struct PatchNet {
    pub weights: &'static [u8],
    /// For each time that the map is halved, the channels that it has then, and how many layers of that shape follow.
    pub stages: &'static [(usize, usize)],
    pub answers: usize,
}

impl PatchNet {
    const STEM: usize = 16;
    const HIDDEN: usize = 48;

    pub(super) fn layers(&self) -> Layers<'static> {
        let later = self.stages.iter().flat_map(|(channels, count)| std::iter::repeat_n(*channels, count + 1));
        let (maps, channels) = later.fold((1, Self::STEM), |(maps, sum), channels| (maps + 1, sum + channels));
        // Each map but the first comes from a layer over the neighbours, with an output for each channel of the map before, and
        // one over the channels. The stem makes the first map; the last is seen as a whole.
        Layers::new(self.weights, 2 * maps + 2, 2 * channels + Self::HIDDEN + self.answers)
    }

    pub(super) fn answers(&self, patch: &Map) -> Vec<f32> {
        let mut layers = self.layers();
        let mut map = stem(patch, &mut layers, Self::STEM);
        for (outputs, count) in self.stages {
            map = halved(&map, &mut layers, *outputs);
            map = chain(map, &mut layers, *count);
        }
        answers(&map, &mut layers, Self::HIDDEN, self.answers)
    }
}

/// What a net says of a small map as a whole: a number for each channel, with weights of its own for each place, since the
/// places of a straightened patch have each a meaning; and two layers over those.
fn answers(map: &Map, layers: &mut Layers<'_>, hidden: usize, answers: usize) -> Vec<f32> {
    let layer = layers.next(map.pixels(), map.channels);
    let mut whole = Vec::new();
    for (plane, (bias, weights)) in map.planes().zip(layer.fours()) {
        let places = plane.iter().zip(weights);
        let add =
            |sum: Four, (value, weight): (&[f32; 4], &[f32; 4])| sum.plus(Four::load(value).times(Four::load(weight)));
        whole.extend(places.fold(Four::load(bias), add).store());
    }
    let seen = dense(&positive(whole), &layers.next(map.channels, hidden));
    dense(&positive(seen), &layers.next(hidden, answers))
}

fn positive(values: Vec<f32>) -> Vec<f32> {
    values.into_iter().map(|value| larger(value, 0.0)).collect()
}

/// Adds what the whole picture says to every pixel.
pub(super) fn context(map: &mut Map, layer: &Layer) {
    let said = dense(&map.mean(), layer);
    let pixels = map.pixels().max(1);
    for (plane, said) in map.values.chunks_exact_mut(pixels).zip(said.as_chunks().0) {
        plane.iter_mut().for_each(|pixel| add(pixel, said));
    }
}

/// Adds a map of half the size, each of its pixels four times.
pub(super) fn up(half: &Map, layers: &mut Layers<'_>, into: &mut Map) {
    let half = last(half, layers, into.channels);
    // Planes have even heights, so that rows of all of them can be counted on.
    let rows = into.values.chunks_exact_mut(2 * into.width.max(1)).zip(half.values.chunks_exact(half.width.max(1)));
    for (rows, half) in rows {
        for row in rows.chunks_exact_mut(into.width.max(1)) {
            for (pair, pixel) in row.as_chunks_mut::<2>().0.iter_mut().zip(half) {
                pair.iter_mut().for_each(|into| add(into, pixel));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layers, short};

    #[test]
    fn scales_are_read_as_the_upper_half_of_a_16_bit_float() {
        let read = [0x78, 0x7c, 0x55, 0x08, 0x01, 0].map(short);
        assert_eq!(read, [1.0, 1.5, 0.050_781_25, 6.103_515_6e-5, 7.629_394_5e-6, 0.0]);
    }

    #[test]
    fn a_file_that_ends_early_gives_layers_without_outputs() {
        let mut layers = Layers::new(&[0x78; 10], 2, 16);
        assert!(layers.next(3, 8).fours().next().is_none());
    }
}
