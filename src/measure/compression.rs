//! Noise of the sensor and traces of JPEG.
//!
//! Of an earlier compression only what is left of its blocks is measured, which shows where the picture was cut or scaled in
//! between. One on the same grid leaves gaps in the histogram of each coefficient; it is not looked for, since decoding
//! keeps no coefficients and the gaps are there only where the earlier compression was the coarser one.

use super::histogram::quantile;
use crate::photo_facts::Compression;
use crate::planes::{Plane, Planes};

/// Luma quantisation steps of ITU-T T.81, table K.1, in natural order.
const STANDARD_STEPS: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// Rows and columns that are looked at.
const ROWS: usize = 128;

/// Steps between neighbours beyond this are print, not traces of compression.
const STEP_CAP: u32 = 24;

/// Side of the patches whose noise is estimated.
const PATCH_PX: usize = 16;

/// The quieter patches are those without texture.
const QUIET_SHARE: f64 = 0.2;

/// Measures traces of compression over the whole picture.
pub(super) fn measure(planes: &Planes) -> Compression {
    let (blockiness, phase) = blockiness(&planes.luma);
    Compression {
        noise_sigma: noise_sigma(&planes.luma),
        jpeg_quality: planes.luma_quantization.as_ref().map(quality),
        blockiness,
        block_phase_px: phase,
    }
}

/// The quality setting of the IJG library that gives steps of this size, 1 to 100.
fn quality(steps: &[u16; 64]) -> f64 {
    let percent: f64 =
        steps.iter().zip(STANDARD_STEPS).map(|(step, standard)| 100.0 * f64::from(*step) / f64::from(standard)).sum();
    let percent = percent / 64.0;
    let quality = if percent <= 100.0 { (200.0 - percent) / 2.0 } else { 5000.0 / percent };
    quality.clamp(1.0, 100.0)
}

/// Standard deviation of the noise in quiet places, of 255; 0 for a picture without any.
///
/// From second differences along rows (a - 2b + c has a variance of six times that of the noise), which light that
/// changes evenly leaves at zero; the method is that of J. Immerkær, "Fast noise variance estimation" (1996), in one
/// direction.
#[inline(never)]
fn noise_sigma(luma: &Plane) -> f64 {
    let step = (luma.height_px / ROWS).max(1);
    let mut patches: Vec<f32> = Vec::new();
    for y in (0..luma.height_px).step_by(step) {
        for patch in luma.row(y).as_chunks::<PATCH_PX>().0 {
            // 14 differences of at most 1,020 fit.
            let wide = patch.map(i16::from);
            let (mut sum, mut low, mut high) = (0_i16, u8::MAX, 0_u8);
            for (((a, b), c), here) in
                wide.iter().zip(wide.iter().skip(1)).zip(wide.iter().skip(2)).zip(patch.iter().skip(1))
            {
                sum += (a - 2 * b + c).abs();
                low = low.min(*here);
                high = high.max(*here);
            }
            // Clipped places have no noise of their own.
            if low > 8 && high < 247 {
                patches.push(f32::from(sum) / (PATCH_PX - 2) as f32);
            }
        }
    }
    // Mean of the absolute value of a normal deviate is 0.798 of its deviation; the quiet fifth of pure noise lies 17 %
    // below the mean (14 correlated differences).
    quantile(&patches, QUIET_SHARE).map_or(0.0, |quiet| quiet / (0.798 * 6_f64.sqrt()) * 1.17)
}

/// How much larger steps between neighbours are at the borders of 8-pixel blocks than elsewhere (1 = no difference), and
/// the column in 0..8 where such borders lie; in a JPEG that was not cut after an earlier compression that is 0.
#[inline(never)]
fn blockiness(luma: &Plane) -> (Option<f64>, u8) {
    let step = (luma.height_px / ROWS).max(1);
    let mut sums = [0_u64; 8];
    let mut columns = 0_u64;
    for y in (0..luma.height_px).step_by(step) {
        let row = luma.row(y);
        let shifted = row.get(1..).unwrap_or_default();
        // Step n lies between the pixels n and n + 1: the border before a block of 8 is step 7.
        for (block, next) in row.chunks_exact(8).zip(shifted.chunks_exact(8)) {
            for ((sum, a), b) in sums.iter_mut().zip(block).zip(next) {
                *sum += u64::from(u32::from(a.abs_diff(*b)).min(STEP_CAP));
            }
            columns += 1;
        }
    }
    let Some((place, largest)) = sums.iter().copied().enumerate().max_by_key(|(_, sum)| *sum) else { return (None, 0) };
    let rest = sums.iter().sum::<u64>() - largest;
    if columns < 64 || rest == 0 {
        return (None, 0);
    }
    (Some(7.0 * largest as f64 / rest as f64), ((place + 1) % 8) as u8)
}

#[cfg(test)]
mod tests {
    use super::{STANDARD_STEPS, noise_sigma, quality};
    use crate::planes::Plane;

    #[test]
    fn the_standard_table_is_quality_50_and_finer_steps_are_more() {
        assert!((quality(&STANDARD_STEPS) - 50.0).abs() < 0.1);
        assert!(quality(&STANDARD_STEPS.map(|step| step / 2)) > 70.0);
        assert!((quality(&[1; 64]) - 100.0).abs() < 2.0);
    }

    #[test]
    fn noise_of_known_deviation_is_measured() {
        // Two pixels in three states: a deviation of 4.9 around 128, without any pattern that repeats within a patch.
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32
        };
        let samples = (0..400 * 400).map(|_| 128 + (next() % 13) as u8 + (next() % 13) as u8 - 12).collect();
        let plane = Plane { width_px: 400, height_px: 400, stride: 400, samples };
        let sigma = noise_sigma(&plane);
        assert!((4.6..6.0).contains(&sigma), "{sigma}");
    }
}
