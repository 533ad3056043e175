//! The layers of the small nets of `locate`: weights that are whole numbers with scales, and what is computed with them.
//!
//! Arithmetic is 32-bit float in a fixed order, without fused operations, so every build gives the same answer.

use std::array::from_fn;

/// Values that are summed side by side: two 128-bit registers, and every channel count is a multiple of it.
pub(super) const LANES: usize = 8;

/// Pixels that share one read of the weights.
const TOGETHER: usize = 4;

/// Activations: all channels of a pixel side by side, pixels row by row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Map {
    pub channels: usize,
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Map {
    pub(super) fn new(channels: usize, width: usize, height: usize) -> Self {
        Self { channels, width, height, values: vec![0.0; channels * width * height] }
    }

    pub(super) fn row(&self, y: usize) -> &[f32] {
        let length = self.channels * self.width;
        self.values.get(y * length..(y + 1) * length).unwrap_or(&[])
    }

    /// The same with a pixel of zeros around it.
    fn padded(&self) -> Self {
        let mut out = Self::new(self.channels, self.width + 2, self.height + 2);
        let length = self.channels * out.width;
        for (y, row) in out.values.chunks_exact_mut(length).skip(1).take(self.height).enumerate() {
            if let Some(inner) = row.get_mut(self.channels..length - self.channels) {
                inner.copy_from_slice(self.row(y));
            }
        }
        out
    }

    /// The mean of each channel.
    pub(super) fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.channels];
        for pixel in self.values.chunks_exact(self.channels) {
            add(&mut sums, pixel);
        }
        let pixels = (self.width * self.height).max(1) as f32;
        sums.iter().map(|sum| sum / pixels).collect()
    }
}

fn add(into: &mut [f32], from: &[f32]) {
    for (into, from) in into.iter_mut().zip(from) {
        *into += from;
    }
}

pub(super) fn relu(values: &mut [f32]) {
    for value in values {
        *value = larger(*value, 0.0);
    }
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

/// One layer's weights (input by input, all outputs of an input side by side) and what is added to each output.
pub(super) struct Layer {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
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

    /// The layer whose turn it is; one without outputs after the last.
    pub(super) fn next(&mut self, inputs: usize, outputs: usize) -> Layer {
        let unit = taken(&mut self.scales, 1).iter().map(|byte| short(*byte)).sum::<f32>();
        let scales: Vec<f32> = taken(&mut self.scales, outputs).iter().map(|byte| short(*byte)).collect();
        let biases = taken(&mut self.biases, outputs).iter();
        let mut weights = vec![0.0; inputs * outputs];
        let rows = taken(&mut self.weights, inputs * outputs).chunks_exact(outputs);
        for (into, row) in weights.chunks_exact_mut(outputs).zip(rows) {
            for ((into, weight), scale) in into.iter_mut().zip(row).zip(&scales) {
                *into = f32::from(weight.cast_signed()) * scale;
            }
        }
        Layer { weights, bias: biases.map(|number| f32::from(number.cast_signed()) * unit).collect() }
    }
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

/// `count` layers that keep the shape and add their input.
pub(super) fn chain(mut map: Map, layers: &mut Layers<'_>, count: usize) -> Map {
    for _ in 0..count {
        map = separable(&map, layers, map.channels, 1);
    }
    map
}

/// Each channel over its 3 x 3 neighbours, then each pixel over its channels.
pub(super) fn separable(input: &Map, layers: &mut Layers<'_>, outputs: usize, stride: usize) -> Map {
    let across = depthwise(input, &layers.next(9, input.channels), stride);
    pointwise(&across, &layers.next(input.channels, outputs), (stride == 1).then_some(input))
}

/// The 3 x 3 neighbourhoods of every second pixel of every second row; zeros outside.
pub(super) fn patches(input: &Map) -> Map {
    let mut out = Map::new(9 * input.channels, input.width / 2, input.height / 2);
    let size = 3 * input.channels;
    let mut padded = vec![0.0; (input.width + 2) * input.channels];
    for y in 0..out.height {
        for dy in 0..3 {
            let row = (2 * y + dy).checked_sub(1).map_or(&[][..], |y| input.row(y));
            padded.fill(0.0);
            for (into, value) in padded.iter_mut().skip(input.channels).zip(row) {
                *into = *value;
            }
            let start = y * out.width * out.channels;
            let pixels = out.values.get_mut(start..).unwrap_or_default().chunks_exact_mut(out.channels);
            for (pixel, patch) in pixels.zip(padded.windows(size).step_by(2 * input.channels)) {
                if let Some(part) = pixel.get_mut(dy * size..(dy + 1) * size) {
                    part.copy_from_slice(patch);
                }
            }
        }
    }
    out
}

/// Each channel over its 3 x 3 neighbours, zeros outside.
fn depthwise(input: &Map, layer: &Layer, stride: usize) -> Map {
    let channels = input.channels;
    let mut out = Map::new(channels, input.width / stride, input.height / stride);
    let padded = input.padded();
    let weights: Vec<&[[f32; LANES]]> = layer.weights.chunks_exact(channels).map(|tap| tap.as_chunks().0).collect();
    for (y, row) in out.values.chunks_exact_mut(out.width * channels).enumerate() {
        let sources: [&[[f32; LANES]]; 3] = from_fn(|dy| padded.row(y * stride + dy).as_chunks().0);
        let blocks = channels / LANES;
        for block in 0..blocks {
            let Some(bias) = layer.bias.as_chunks::<LANES>().0.get(block) else { continue };
            let taps: [[f32; LANES]; 9] =
                from_fn(|tap| weights.get(tap).and_then(|tap| tap.get(block)).copied().unwrap_or_default());
            let (taps, _) = taps.as_chunks::<3>();
            let targets = row.as_chunks_mut::<LANES>().0.iter_mut().skip(block).step_by(blocks);
            for (x, target) in targets.enumerate() {
                let mut sums = *bias;
                for (source, taps) in sources.iter().zip(taps) {
                    let near = source.iter().skip(x * stride * blocks + block).step_by(blocks);
                    for (near, tap) in near.zip(taps) {
                        for ((sum, value), weight) in sums.iter_mut().zip(near).zip(tap) {
                            *sum += value * weight;
                        }
                    }
                }
                *target = sums.map(|sum| larger(sum, 0.0));
            }
        }
    }
    out
}

/// Every pixel over its channels, plus what is to be kept; never below zero.
pub(super) fn pointwise(input: &Map, layer: &Layer, kept: Option<&Map>) -> Map {
    let mut out = linear(input, layer);
    if let Some(kept) = kept {
        add(&mut out.values, &kept.values);
    }
    relu(&mut out.values);
    out
}

/// Every pixel over its channels.
pub(super) fn linear(input: &Map, layer: &Layer) -> Map {
    let (inputs, outputs) = (input.channels, layer.bias.len());
    let mut out = Map::new(outputs, input.width, input.height);
    for (block, bias) in layer.bias.as_chunks::<LANES>().0.iter().enumerate() {
        let weights: Vec<[f32; LANES]> = (layer.weights.chunks_exact(outputs))
            .filter_map(|row| row.as_chunks::<LANES>().0.get(block).copied())
            .collect();
        let sources = input.values.chunks_exact(inputs * TOGETHER);
        for (source, target) in sources.zip(out.values.chunks_exact_mut(outputs * TOGETHER)) {
            let sums = four_pixels(source, &weights, bias);
            for (pixel, sums) in target.chunks_exact_mut(outputs).zip(&sums) {
                if let Some(place) = pixel.as_chunks_mut::<LANES>().0.get_mut(block) {
                    *place = *sums;
                }
            }
        }
    }
    out
}

/// [`LANES`] outputs of [`TOGETHER`] pixels that follow each other.
fn four_pixels(source: &[f32], weights: &[[f32; LANES]], bias: &[f32; LANES]) -> [[f32; LANES]; TOGETHER] {
    let mut sums = [*bias; TOGETHER];
    let mut pixels = source.chunks_exact(weights.len());
    let (Some(a), Some(b), Some(c), Some(d)) = (pixels.next(), pixels.next(), pixels.next(), pixels.next()) else {
        return sums;
    };
    for ((((weights, a), b), c), d) in weights.iter().zip(a).zip(b).zip(c).zip(d) {
        let [sum_a, sum_b, sum_c, sum_d] = &mut sums;
        for ((((weight, sum_a), sum_b), sum_c), sum_d) in weights.iter().zip(sum_a).zip(sum_b).zip(sum_c).zip(sum_d) {
            *sum_a += a * weight;
            *sum_b += b * weight;
            *sum_c += c * weight;
            *sum_d += d * weight;
        }
    }
    sums
}

/// The same sum as [`linear`] for one list of values.
pub(super) fn dense(values: &[f32], layer: &Layer) -> Vec<f32> {
    let mut sums = layer.bias.clone();
    for (value, weights) in values.iter().zip(layer.weights.chunks_exact(layer.bias.len())) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += value * weight;
        }
    }
    sums
}

/// Adds what the whole picture says to every pixel.
pub(super) fn context(map: &mut Map, layer: &Layer) {
    let said = dense(&map.mean(), layer);
    for pixel in map.values.chunks_exact_mut(map.channels) {
        add(pixel, &said);
    }
    relu(&mut map.values);
}

/// Adds a map of half the size, each of its pixels four times.
pub(super) fn up(half: &Map, layer: &Layer, into: &mut Map) {
    let half = linear(half, layer);
    let (width, channels) = (into.width, into.channels);
    for (y, row) in into.values.chunks_exact_mut(width * channels).enumerate() {
        for (pair, pixel) in row.chunks_exact_mut(2 * channels).zip(half.row(y / 2).chunks_exact(channels)) {
            for into in pair.chunks_exact_mut(channels) {
                add(into, pixel);
            }
        }
    }
    relu(&mut into.values);
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
        assert!(layers.next(3, 8).bias.is_empty());
    }
}
