//! The inverse DCT of an 8x8 block (T.81, A.3.3) in 16-bit numbers, eight at a time.
//!
//! Method: Arai, Agui and Nakajima, "A fast DCT-SQ scheme for images" (1988): its scale factors are folded into the
//! quantisation steps, which leaves five multiplications per row. Samples are carried with five bits behind the point,
//! and a product is rounded, which keeps the result within 1 of the exact one, rarely 2.

use super::lanes::{Lanes, range, transpose};

/// Bits behind the point of a sample.
const SAMPLE_BITS: u32 = 5;
/// Bits behind the point of a multiplier beyond those of a sample.
const STEP_BITS: u32 = 12;
/// 128, the level of grey that blocks are coded around, and a half for rounding.
const LEVEL: i16 = (128 << SAMPLE_BITS) + (1 << (SAMPLE_BITS - 1));

/// Place in a block, column by column, of each coefficient in the order of the file (T.81, figure 5).
///
/// Columns first, because the block is turned once between its two passes.
pub(super) const PLACES: [u8; 64] = [
    0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34, 41, 48, 56, 49, 42,
    35, 28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31, 38, 45, 52, 59, 60, 53, 46, 39, 47, 54,
    61, 62, 55, 63,
];

/// A block of coefficients times their steps, column by column.
pub(super) type Block = [i16; 64];

/// What a coefficient is multiplied by, in the order of the file: quantisation step and scale factors in one.
#[derive(Clone)]
pub(super) struct Steps([Step; 64]);

/// A multiplier with the place of its coefficient beside it, so that one look-up brings both.
#[derive(Clone, Copy, Default)]
struct Step {
    factor: i32,
    place: u32,
}

impl Steps {
    pub(super) fn new(quantization: &[u16; 64]) -> Self {
        let mut steps = [Step::default(); 64];
        for ((step, &quantizer), place) in steps.iter_mut().zip(quantization).zip(PLACES) {
            let scale = f64::from(1u32 << (SAMPLE_BITS + STEP_BITS)) / 8.0;
            let factor = scale_factor(place % 8) * scale_factor(place / 8);
            // OK because the largest is 65,535 x 1.93 x 16,384 / 1, below 2^31.
            step.factor = (f64::from(quantizer) * factor * scale).round().min(f64::from(i32::MAX)) as i32;
            step.place = u32::from(place);
        }
        Self(steps)
    }

    /// Multiplies the coefficient with this number in the file and puts it in its place.
    #[inline(always)]
    pub(super) fn put(&self, block: &mut Block, number: usize, coefficient: i32) {
        let Some(step) = self.0.get(number & 63) else { return };
        if let Some(slot) = block.get_mut((step.place & 63) as usize) {
            let product = coefficient.wrapping_mul(step.factor).wrapping_add(1 << (STEP_BITS - 1)) >> STEP_BITS;
            // Coefficients of real pictures are far from the ends of the range; what others become is of no interest.
            *slot = product as i16;
        }
    }
}

/// cos(k pi / 16) times the square root of two; 1 for the first.
fn scale_factor(index: u8) -> f64 {
    const FACTORS: [f64; 8] =
        [1.0, 1.387_039_845, 1.306_562_965, 1.175_875_602, 1.0, 0.785_694_958, 0.541_196_100, 0.275_899_379];
    FACTORS.get(usize::from(index)).copied().unwrap_or(1.0)
}

/// The samples of a block, row by row; the block is empty afterwards. The darkest and the brightest go into `ends`, where
/// they are asked for.
///
/// Emptied as it is read, column by column: as a whole, each time before it is filled, it would take a call of its own.
#[inline]
pub(super) fn samples(block: &mut Block, ends: Option<&mut [u8; 2]>) -> [[u8; 8]; 8] {
    if let Some(dc) = block.first_mut() {
        *dc = dc.saturating_add(LEVEL);
    }
    let (columns, _) = block.as_chunks_mut::<8>();
    let [a, b, c, d, e, f, g, h] = columns else { return [[128; 8]; 8] };
    let columns = pass([a, b, c, d, e, f, g, h].map(|column| Lanes::load(&std::mem::take(column))));
    let rows = pass(transpose(columns));
    if let Some(ends) = ends {
        *ends = range(rows).map(sample);
    }
    let [a, b, c, d, e, f, g, h] = rows;
    let [r0, r1] = a.bytes::<SAMPLE_BITS>(b);
    let [r2, r3] = c.bytes::<SAMPLE_BITS>(d);
    let [r4, r5] = e.bytes::<SAMPLE_BITS>(f);
    let [r6, r7] = g.bytes::<SAMPLE_BITS>(h);
    [r0, r1, r2, r3, r4, r5, r6, r7]
}

/// Without the bits behind the point, which have been rounded.
#[inline]
fn sample(value: i16) -> u8 {
    // OK because it is cut to a byte.
    (value >> SAMPLE_BITS).clamp(0, 255) as u8
}

/// Empties a block without any but its first coefficient.
#[inline]
pub(super) fn clear_first(block: &mut Block) {
    if let Some(dc) = block.first_mut() {
        *dc = 0;
    }
}

/// The sample of a block without any but its first coefficient; also the mean of any block.
#[inline]
pub(super) fn mean(block: &Block) -> u8 {
    let dc = block.first().copied().unwrap_or(0);
    sample(dc.saturating_add(LEVEL))
}

/// Eight transforms of eight numbers, one per lane.
#[inline(always)]
fn pass([i0, i1, i2, i3, i4, i5, i6, i7]: [Lanes; 8]) -> [Lanes; 8] {
    const fn fraction(of: f64) -> i16 {
        (of * 32_768.0 + 0.5) as i16
    }
    const SQRT_2: i16 = fraction(0.414_213_562);
    const C_1_848: i16 = fraction(0.847_759_065);
    const C_1_082: i16 = fraction(0.082_392_200);
    const C_2_613: i16 = fraction(0.613_125_930);

    let even_sum = i0.plus(i4);
    let even_difference = i0.minus(i4);
    let inner_sum = i2.plus(i6);
    let inner = i2.minus(i6);
    let inner_difference = inner.plus(inner.times(SQRT_2)).minus(inner_sum);
    let e0 = even_sum.plus(inner_sum);
    let e3 = even_sum.minus(inner_sum);
    let e1 = even_difference.plus(inner_difference);
    let e2 = even_difference.minus(inner_difference);

    let z13 = i5.plus(i3);
    let z10 = i5.minus(i3);
    let z11 = i1.plus(i7);
    let z12 = i1.minus(i7);
    let o7 = z11.plus(z13);
    let difference = z11.minus(z13);
    let o11 = difference.plus(difference.times(SQRT_2));
    let sum = z10.plus(z12);
    let z5 = sum.plus(sum.times(C_1_848));
    let o10 = z12.plus(z12.times(C_1_082)).minus(z5);
    let o12 = z5.minus(z10.plus(z10).plus(z10.times(C_2_613)));
    let o6 = o12.minus(o7);
    let o5 = o11.minus(o6);
    let o4 = o10.plus(o5);

    [e0.plus(o7), e1.plus(o6), e2.plus(o5), e3.minus(o4), e3.plus(o4), e2.minus(o5), e1.minus(o6), e0.minus(o7)]
}

#[cfg(test)]
mod tests {
    use super::{Block, PLACES, Steps, mean, samples};
    use std::f64::consts::PI;

    /// The formula of T.81, A.3.3.
    fn exact(coefficients: &[i32; 64], quantization: &[u16; 64]) -> [[f64; 8]; 8] {
        let mut out = [[128.0; 8]; 8];
        for (y, row) in out.iter_mut().enumerate() {
            for (x, sample) in row.iter_mut().enumerate() {
                for number in 0..64 {
                    let (u, v) = (usize::from(PLACES[number] / 8), usize::from(PLACES[number] % 8));
                    let c = |k: usize| if k == 0 { 0.5f64.sqrt() } else { 1.0 };
                    let cos = |at: usize, k: usize| ((2 * at + 1) as f64 * k as f64 * PI / 16.0).cos();
                    let value = f64::from(coefficients[number]) * f64::from(quantization[number]);
                    *sample += 0.25 * c(u) * c(v) * value * cos(x, u) * cos(y, v);
                }
            }
        }
        out
    }

    #[test]
    fn samples_are_within_two_of_the_formula_and_nearly_always_within_one() {
        let mut state = 7u32;
        let mut random = move |span: i32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as i32 % (2 * span + 1) - span
        };
        let (mut beyond_one, mut count) = (0, 0);
        for round in 0..400 {
            let step = [1u16, 2, 5, 16, 40][round % 5];
            let quantization = [step; 64];
            let mut coefficients = [0; 64];
            coefficients[0] = random(900) / i32::from(step);
            for (number, coefficient) in coefficients.iter_mut().enumerate().skip(1) {
                // Like those of pictures: smaller at higher frequencies.
                let span = 300 / number as i32 / i32::from(step);
                *coefficient = if span > 0 { random(span) } else { 0 };
            }
            let steps = Steps::new(&quantization);
            let mut block: Block = [0; 64];
            for (number, &coefficient) in coefficients.iter().enumerate() {
                steps.put(&mut block, number, coefficient);
            }
            let exact = exact(&coefficients, &quantization);
            let mut ends = [0; 2];
            let found = samples(&mut block, Some(&mut ends));
            let all = || found.iter().flatten().copied();
            assert_eq!((all().min(), all().max(), block), (Some(ends[0]), Some(ends[1]), [0; 64]));
            for (row, exact) in found.iter().zip(exact) {
                for (&sample, exact) in row.iter().zip(exact) {
                    let error = (f64::from(sample) - exact.clamp(0.0, 255.0)).abs();
                    assert!(error <= 2.0, "{error}");
                    beyond_one += u32::from(error > 1.0);
                    count += 1;
                }
            }
        }
        assert!(beyond_one * 500 < count, "{beyond_one} of {count}");
    }

    #[test]
    fn a_flat_block_is_its_mean() {
        let steps = Steps::new(&[8; 64]);
        for level in -128..128 {
            let mut block = [0; 64];
            steps.put(&mut block, 0, level);
            assert_eq!((mean(&block), samples(&mut block, None)), ((level + 128) as u8, [[(level + 128) as u8; 8]; 8]));
        }
    }

    #[test]
    fn the_first_row_of_coefficients_goes_across() {
        let mut block = [0; 64];
        Steps::new(&[16; 64]).put(&mut block, 1, 20);
        let rows = samples(&mut block, None);
        assert!(rows.iter().all(|row| *row == rows[0]));
        assert!(rows[0].is_sorted_by(|a, b| a > b));
    }
}
