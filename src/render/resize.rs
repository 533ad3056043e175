//! Scaling by area averages, which keeps the strokes of small print better than skipping pixels.

use crate::planes::Plane;

/// A plane at another size; each sample is the mean of the area that it covers. Enlarging repeats samples.
#[must_use]
pub(super) fn resize(source: &Plane, width_px: usize, height_px: usize) -> Plane {
    let mut samples = Vec::with_capacity(width_px * height_px);
    if source.width_px == 0 || source.height_px == 0 || width_px == 0 {
        samples.resize(width_px * height_px, 128);
        return Plane { width_px, height_px, stride: width_px, samples };
    }
    let columns = spans(source.width_px, width_px);
    let mut line = vec![0u64; width_px];
    for rows in spans(source.height_px, height_px) {
        line.fill(0);
        for (row, weight) in rows.weights() {
            add_row(source.row(row), &columns, weight, &mut line);
        }
        let total = u64::from(WHOLE) * u64::from(WHOLE);
        samples.extend(line.iter().map(|&sum| ((sum + total / 2) / total).min(255) as u8));
    }
    Plane { width_px, height_px, stride: width_px, samples }
}

/// A weight of one.
const WHOLE: u32 = 1 << 12;

/// The source samples that one target sample covers. The weights of all of them add up to [`WHOLE`].
#[derive(Debug, Clone, Copy)]
struct Span {
    first: usize,
    last: usize,
    first_weight: u32,
    inner_weight: u32,
    last_weight: u32,
}

impl Span {
    fn weights(self) -> impl Iterator<Item = (usize, u32)> {
        (self.first..=self.last).map(move |at| {
            let weight = if at == self.first {
                self.first_weight
            } else if at == self.last {
                self.last_weight
            } else {
                self.inner_weight
            };
            (at, weight)
        })
    }
}

fn spans(source: usize, target: usize) -> Vec<Span> {
    let step = source as f64 / target as f64;
    (0..target)
        .map(|index| {
            let (start, end) = (index as f64 * step, (index + 1) as f64 * step);
            let first = (start as usize).min(source - 1);
            let last = ((end - 1e-9).max(start) as usize).clamp(first, source - 1);
            let per_sample = f64::from(WHOLE) / (end - start);
            let inner_weight = per_sample as u32;
            let first_weight = if first == last { WHOLE } else { ((first as f64 + 1.0 - start) * per_sample) as u32 };
            // OK because a span has far fewer than 2^12 samples or weights of zero, so that inner sums stay below WHOLE.
            let inner = (last - first).saturating_sub(1) as u32 * inner_weight;
            let last_weight = WHOLE.saturating_sub(first_weight).saturating_sub(inner);
            Span { first, last, first_weight, inner_weight, last_weight }
        })
        .collect()
}

fn add_row(row: &[u8], columns: &[Span], weight: u32, line: &mut [u64]) {
    for (sum, span) in line.iter_mut().zip(columns) {
        let covered = row.get(span.first..=span.last).unwrap_or(&[]);
        let across = match covered {
            [] => 0,
            [only] => u64::from(*only) * u64::from(WHOLE),
            [first, inner @ .., last] => {
                let inner: u64 = inner.iter().map(|&sample| u64::from(sample)).sum();
                u64::from(*first) * u64::from(span.first_weight)
                    + inner * u64::from(span.inner_weight)
                    + u64::from(*last) * u64::from(span.last_weight)
            }
        };
        *sum += across * u64::from(weight);
    }
}

#[cfg(test)]
mod tests {
    use super::{WHOLE, resize, spans};
    use crate::planes::Plane;

    fn plane(width_px: usize, samples: &[u8]) -> Plane {
        Plane { width_px, height_px: samples.len() / width_px, stride: width_px, samples: samples.to_vec() }
    }

    #[test]
    fn weights_add_up_to_one() {
        for (source, target) in [(10, 3), (3, 10), (4000, 777), (5, 5), (9000, 1)] {
            for span in spans(source, target) {
                let sum: u32 = span.weights().map(|(_, weight)| weight).sum();
                assert!(sum.abs_diff(WHOLE) <= WHOLE / 50, "{source} {target}: {sum}");
            }
        }
    }

    #[test]
    fn halves_are_means_and_flat_stays_flat() {
        assert_eq!(resize(&plane(4, &[0, 100, 200, 100]), 2, 1).samples, [50, 150]);
        assert_eq!(resize(&plane(2, &[10, 20, 30, 40]), 1, 1).samples, [25]);
        let flat = resize(&plane(7, &[77; 49]), 3, 5);
        assert!(flat.samples.iter().all(|&sample| sample.abs_diff(77) <= 1), "{:?}", flat.samples);
    }

    #[test]
    fn enlarging_repeats_and_nothing_stays_nothing() {
        assert_eq!(resize(&plane(2, &[10, 200]), 4, 1).samples, [10, 10, 200, 200]);
        assert_eq!(resize(&Plane::default(), 2, 1).samples, [128, 128]);
        assert!(resize(&plane(2, &[10, 200]), 0, 3).samples.is_empty());
    }
}
