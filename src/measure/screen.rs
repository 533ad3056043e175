//! Signs of a screen: areas without any noise, as in screenshots, and a fine regular grid, as in photos of a screen.

use super::blocks::Blocks;
use super::histogram::quantile;
use crate::geometry;
use crate::photo_facts::Screen;
use crate::planes::{Plane, Planes};

/// Rows of pixels count as flat when their values differ by no more than this.
const FLAT_RANGE: u8 = 1;

/// Windows along each side of the picture in which a grid is looked for.
const WINDOWS: usize = 4;

/// Side of a window in pixels.
const WINDOW_PX: usize = 256;

/// Lines read in a window, in each direction.
const LINES: usize = 16;

/// Longest distance over which a line is compared with itself, in pixels.
const MAX_LAG: usize = 48;

/// Steps of the frequency to one cycle per pixel.
const STEPS: usize = 256;

/// Frequencies that are looked at, in such steps: periods of 2 to 6.7 pixels, with neighbours on both sides. Those above
/// one half are those below it mirrored.
const FREQUENCIES: std::ops::Range<usize> = 24..143;

/// Frequencies on each side that a peak is compared with.
const REACH: usize = 14;

/// Looks for signs of a screen in the whole picture.
pub(super) fn measure(planes: &Planes, blocks: &Blocks) -> Screen {
    let all = blocks.blocks.len().max(1) as f64;
    // Clipped white and black are flat in photos too.
    let flat = |low: u8, high: u8| low == high && (4..=251).contains(&low);
    let flat_blocks = blocks.blocks.iter().filter(|block| flat(block.darkest, block.brightest)).count();
    let rows = blocks.blocks.chunks_exact(blocks.columns.max(1));
    let flat_rows = rows
        .clone()
        .filter(|row| {
            let low = row.iter().map(|block| block.darkest).min().unwrap_or(0);
            let high = row.iter().map(|block| block.brightest).max().unwrap_or(u8::MAX);
            high.saturating_sub(low) <= FLAT_RANGE
        })
        .count();
    Screen {
        flat_share: flat_blocks as f64 / all,
        flat_row_share: flat_rows as f64 / rows.len().max(1) as f64,
        grid_prominence: grid_prominence(&planes.luma),
    }
}

/// How far the strongest fine regular pattern that runs through the whole picture stands out from the other frequencies
/// (ratio of powers); about 2 without one.
#[inline(never)]
fn grid_prominence(luma: &Plane) -> Option<f64> {
    if luma.width_px < WINDOW_PX || luma.height_px < WINDOW_PX {
        return None;
    }
    let (mut along_rows, mut along_columns) = ([0.0_f32; MAX_LAG], [0.0_f32; MAX_LAG]);
    let place = |n: usize, side: usize| (side - WINDOW_PX) * n / (WINDOWS - 1);
    let mut line: Vec<i16> = Vec::with_capacity(WINDOW_PX);
    for (row, column) in (0..WINDOWS).flat_map(|row| (0..WINDOWS).map(move |column| (row, column))) {
        let (x0, y0) = (place(column, luma.width_px), place(row, luma.height_px));
        for n in (0..WINDOW_PX).step_by(WINDOW_PX / LINES) {
            line.clear();
            line.extend(luma.row(y0 + n).iter().skip(x0).take(WINDOW_PX).map(|v| i16::from(*v)));
            correlate(&line, &mut along_rows);
            line.clear();
            line.extend((0..WINDOW_PX).filter_map(|y| luma.row(y0 + y).get(x0 + n)).map(|v| i16::from(*v)));
            correlate(&line, &mut along_columns);
        }
    }
    Some(prominence(&along_rows).max(prominence(&along_columns)))
}

/// Adds how similar the fine detail of a line is to itself some pixels on, each line counting alike.
fn correlate(line: &[i16], sums: &mut [f32; MAX_LAG]) {
    let triples = line.iter().zip(line.iter().skip(1)).zip(line.iter().skip(2));
    // Whole numbers, since only their sums may be reordered into vectors; 256 products of at most 40 * 40 fit.
    let detail: Vec<i16> = triples.map(|((a, b), c)| (a + c - 2 * b).clamp(-40, 40)).collect();
    let product = |(a, b): (&i16, &i16)| i32::from(*a) * i32::from(*b);
    let power: i32 = detail.iter().zip(&detail).map(product).sum();
    if (power as usize) < detail.len() {
        return;
    }
    for (lag, sum) in sums.iter_mut().enumerate() {
        let shifted = detail.get(lag..).unwrap_or_default();
        *sum += detail.iter().zip(shifted).map(product).sum::<i32>() as f32 / power as f32;
    }
}

/// Angles of the circle of which the cosine is asked: those of the window, and those of the frequencies.
const ANGLES: usize = 768;

const _: () = assert!(ANGLES.is_multiple_of(2 * MAX_LAG) && ANGLES.is_multiple_of(STEPS));

/// Power of the strongest frequency over the power of its neighbourhood. Multiples of 1/8 are those of JPEG blocks.
fn prominence(correlation: &[f32; MAX_LAG]) -> f64 {
    let cosines: Vec<f32> = geometry::circle(ANGLES).map(|[cosine, _]| cosine as f32).collect();
    let cosine = |angle: usize| cosines.get(angle % ANGLES).copied().unwrap_or_default();
    let windowed = correlation.iter().enumerate().map(|(lag, value)| {
        let window = 0.5 + 0.5 * cosine(lag * ANGLES / (2 * MAX_LAG));
        if lag == 0 { window * value } else { 2.0 * window * value }
    });
    let windowed: Vec<f32> = windowed.collect();
    let power = |frequency: usize| {
        let terms = windowed.iter().enumerate();
        let terms = terms.map(|(lag, value)| value * cosine(frequency * lag * ANGLES / STEPS));
        terms.sum::<f32>().max(0.0)
    };
    let powers: Vec<f32> = FREQUENCIES.map(power).collect();
    let around = |n: usize, from: usize, to: usize| powers.get(n + from..n + to).unwrap_or_default();
    let candidates = (0..powers.len().saturating_sub(2 * REACH)).filter(|n| {
        let beside = (FREQUENCIES.start + n + REACH) % 32;
        (3..=29).contains(&beside)
    });
    let prominences = candidates.map(|n| {
        let here = around(n, REACH, REACH + 1).iter().sum::<f32>();
        let others = [around(n, 0, REACH - 6), around(n, REACH + 7, 2 * REACH + 1)].concat();
        here / quantile(&others, 0.5).unwrap_or(0.0).max(f64::from(f32::MIN_POSITIVE)) as f32
    });
    f64::from(prominences.fold(0.0, f32::max))
}

#[cfg(test)]
mod tests {
    use super::grid_prominence;
    use crate::planes::Plane;

    /// Paper with noise, and with lines in this distance of each other.
    fn lined(period_px: f64) -> Plane {
        let mut plane = Plane::filled(700, 600, 200);
        let mut state = 1_u32;
        for (at, sample) in plane.samples.iter_mut().enumerate() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, noise) = ((at % 700) as f64, f64::from(state >> 24) / 32.0);
            *sample = (190.0 + noise + 6.0 * (std::f64::consts::TAU * x / period_px).cos()) as u8;
        }
        plane
    }

    #[test]
    fn lines_stand_out_down_to_two_pixels() {
        assert!(grid_prominence(&lined(f64::INFINITY)).unwrap() < 3.0);
        for period_px in [2.05, 2.2, 3.0, 5.0] {
            let prominence = grid_prominence(&lined(period_px)).unwrap();
            assert!(prominence > 10.0, "{period_px}: {prominence}");
        }
    }
}
