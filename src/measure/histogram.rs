//! Counts of the 256 values of a sample.

use crate::order::nth;

/// How often each value occurs.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    counts: [u32; 256],
    total: u32,
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self { counts: [0; 256], total: 0 }
    }

    pub(super) fn add(&mut self, value: u8) {
        if let Some(count) = self.counts.get_mut(usize::from(value)) {
            *count += 1;
            self.total += 1;
        }
    }

    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// The value below which this share of the sample lies; `None` without a sample.
    pub(super) fn quantile(&self, share: f64) -> Option<u8> {
        let wanted = (share * f64::from(self.total)) as u32;
        let mut sum = 0;
        let found = self.counts.iter().position(|count| {
            sum += count;
            sum > wanted
        });
        if self.total == 0 { None } else { Some(found.map_or(u8::MAX, |n| n as u8)) }
    }

    /// Share of the sample in a range of values.
    pub(super) fn share(&self, values: std::ops::RangeInclusive<usize>) -> f64 {
        let count: u32 = self.counts.get(values).unwrap_or_default().iter().sum();
        f64::from(count) / f64::from(self.total.max(1))
    }
}

/// The value below which this share of the values lies. `None` when there are none.
pub(super) fn quantile(values: &[f32], share: f64) -> Option<f64> {
    let rank = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    nth(values, rank).map(f64::from)
}
