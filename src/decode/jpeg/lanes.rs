//! Eight 16-bit numbers at once: wasm SIMD where the build has it, else arrays that the compiler can vectorise.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod imp {
    use core::arch::wasm32::{
        i16x8, i16x8_add_sat, i16x8_extract_lane, i16x8_max, i16x8_min, i16x8_q15mulr_sat, i16x8_shr, i16x8_shuffle,
        i16x8_splat, i16x8_sub_sat, u8x16_narrow_i16x8, u8x16_shuffle, u64x2_extract_lane, u64x2_splat, v128, v128_not,
    };

    /// The number whose most significant byte comes first.
    ///
    /// wasm has no instruction that turns the bytes of a number round, and without one it takes fifteen.
    #[inline(always)]
    pub(crate) fn big_endian(bytes: [u8; 8]) -> u64 {
        let splat = u64x2_splat(u64::from_le_bytes(bytes));
        u64x2_extract_lane::<0>(u8x16_shuffle::<7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0>(splat, splat))
    }

    /// Eight numbers.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes(v128);

    impl Lanes {
        #[inline(always)]
        pub(crate) fn load(&[a, b, c, d, e, f, g, h]: &[i16; 8]) -> Self {
            Self(i16x8(a, b, c, d, e, f, g, h))
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(i16x8_add_sat(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn minus(self, other: Self) -> Self {
            Self(i16x8_sub_sat(self.0, other.0))
        }

        /// Times a fraction of 32,768, rounded.
        #[inline(always)]
        pub(crate) fn times(self, fraction: i16) -> Self {
            Self(i16x8_q15mulr_sat(self.0, i16x8_splat(fraction)))
        }

        /// The numbers of two, shifted to the right and cut to bytes.
        #[inline(always)]
        pub(crate) fn bytes<const SHIFT: u32>(self, other: Self) -> [[u8; 8]; 2] {
            let packed = u8x16_narrow_i16x8(i16x8_shr(self.0, SHIFT), i16x8_shr(other.0, SHIFT));
            [u64x2_extract_lane::<0>(packed).to_le_bytes(), u64x2_extract_lane::<1>(packed).to_le_bytes()]
        }

        #[inline(always)]
        fn zip_low(self, other: Self) -> Self {
            Self(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(self.0, other.0))
        }

        #[inline(always)]
        fn zip_high(self, other: Self) -> Self {
            Self(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(self.0, other.0))
        }
    }

    /// The least and the greatest of all numbers.
    #[inline(always)]
    pub(crate) fn range([a, b, c, d, e, f, g, h]: [Lanes; 8]) -> [i16; 2] {
        let least = |Lanes(a): Lanes, Lanes(b): Lanes| Lanes(i16x8_min(a, b));
        let most = |Lanes(a): Lanes, Lanes(b): Lanes| Lanes(i16x8_max(a, b));
        let low = least(least(least(a, b), least(c, d)), least(least(e, f), least(g, h))).0;
        let high = most(most(most(a, b), most(c, d)), most(most(e, f), most(g, h))).0;
        // The greatest is the complement of the least complement, so that one search finds both, four lanes each.
        let high = v128_not(high);
        let half = i16x8_min(
            i16x8_shuffle::<0, 1, 2, 3, 8, 9, 10, 11>(low, high),
            i16x8_shuffle::<4, 5, 6, 7, 12, 13, 14, 15>(low, high),
        );
        let pairs = i16x8_min(half, i16x8_shuffle::<2, 3, 0, 1, 6, 7, 4, 5>(half, half));
        let ends = i16x8_min(pairs, i16x8_shuffle::<1, 0, 3, 2, 5, 4, 7, 6>(pairs, pairs));
        [i16x8_extract_lane::<0>(ends), !i16x8_extract_lane::<4>(ends)]
    }

    /// Rows to columns.
    #[inline(always)]
    pub(crate) fn transpose(rows: [Lanes; 8]) -> [Lanes; 8] {
        // Three rounds of interleaving the first half with the second one turn the square.
        let round = |[a, b, c, d, e, f, g, h]: [Lanes; 8]| {
            [
                a.zip_low(e),
                a.zip_high(e),
                b.zip_low(f),
                b.zip_high(f),
                c.zip_low(g),
                c.zip_high(g),
                d.zip_low(h),
                d.zip_high(h),
            ]
        };
        round(round(round(rows)))
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod imp {
    use core::array::from_fn;

    /// The number whose most significant byte comes first.
    #[inline(always)]
    pub(crate) fn big_endian(bytes: [u8; 8]) -> u64 {
        u64::from_be_bytes(bytes)
    }

    /// Eight numbers.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes([i16; 8]);

    impl Lanes {
        #[inline(always)]
        pub(crate) fn load(numbers: &[i16; 8]) -> Self {
            Self(*numbers)
        }

        #[inline(always)]
        fn with(self, other: Self, act: impl Fn(i16, i16) -> i16) -> Self {
            let mut out = self.0;
            for (one, two) in out.iter_mut().zip(other.0) {
                *one = act(*one, two);
            }
            Self(out)
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            self.with(other, i16::saturating_add)
        }

        #[inline(always)]
        pub(crate) fn minus(self, other: Self) -> Self {
            self.with(other, i16::saturating_sub)
        }

        /// Times a fraction of 32,768, rounded.
        #[inline(always)]
        pub(crate) fn times(self, fraction: i16) -> Self {
            // OK because the fraction is below one: the product is no larger than the number.
            Self(self.0.map(|number| ((i32::from(number) * i32::from(fraction) + 0x4000) >> 15) as i16))
        }

        /// The numbers of two, shifted to the right and cut to bytes.
        #[inline(always)]
        pub(crate) fn bytes<const SHIFT: u32>(self, other: Self) -> [[u8; 8]; 2] {
            [self, other].map(|lanes| lanes.0.map(|number| (number >> SHIFT).clamp(0, 255) as u8))
        }
    }

    /// The least and the greatest of all numbers.
    #[inline(always)]
    pub(crate) fn range(rows: [Lanes; 8]) -> [i16; 2] {
        let numbers = rows.iter().flat_map(|row| row.0);
        numbers.fold([i16::MAX, i16::MIN], |[low, high], number| [low.min(number), high.max(number)])
    }

    /// Rows to columns.
    #[inline(always)]
    pub(crate) fn transpose(rows: [Lanes; 8]) -> [Lanes; 8] {
        from_fn(|column| {
            Lanes(from_fn(|row| rows.get(row).and_then(|lanes| lanes.0.get(column)).copied().unwrap_or(0)))
        })
    }
}

pub(super) use imp::{Lanes, big_endian, range, transpose};
