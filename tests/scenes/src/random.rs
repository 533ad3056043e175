//! Repeatable random numbers.

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A sequence that depends on nothing but the seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5DEE_CE66_D5A1_B2C3)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Evenly from `low` to `high`.
    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end.max(1) as u64) as usize
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.range(0.0, 1.0) < probability
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Either sign, with a size in this range.
    pub fn signed(&mut self, low: f64, high: f64) -> f64 {
        let size = self.range(low, high);
        if self.chance(0.5) { size } else { -size }
    }
}

/// A hash of grid coordinates as a number from 0 to 1.
pub(crate) fn lattice(x: i32, y: i32, seed: u32) -> f32 {
    let mut h =
        (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297A_2D39);
    h ^= h >> 15;
    (h >> 8) as f32 / (1 << 24) as f32
}

/// Value noise from 0 to 1 with features of size 1.
pub(crate) fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - fx), ease(y - fy));
    let (a, b) = (lattice(ix, iy, seed), lattice(ix + 1, iy, seed));
    let (c, d) = (lattice(ix, iy + 1, seed), lattice(ix + 1, iy + 1, seed));
    (a + (b - a) * u) * (1.0 - v) + (c + (d - c) * u) * v
}

/// Three octaves of [`noise`], from 0 to 1.
pub(crate) fn fbm(x: f32, y: f32, seed: u32) -> f32 {
    (noise(x, y, seed) * 4.0 + noise(x * 2.03, y * 2.03, seed ^ 7) * 2.0 + noise(x * 4.1, y * 4.1, seed ^ 13)) / 7.0
}
