//! The samples of pixels at once: wasm SIMD where the build has it, else one after the other.
//!
//! A PNG's filters go from pixel to pixel, so that only the samples of one can be worked on together; its colours become
//! luma sixteen pixels at a time.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod imp {
    use core::arch::wasm32::{
        i16x8, i16x8_abs, i16x8_add, i16x8_eq, i16x8_extadd_pairwise_u8x16, i16x8_min, i16x8_narrow_i32x4,
        i16x8_shuffle, i16x8_sub, i32x4_add, i32x4_dot_i16x8, i32x4_shr, i32x4_splat, u8x16_narrow_i16x8,
        u8x16_shuffle, u16x8_extend_high_u8x16, u16x8_extend_low_u8x16, u16x8_shr, u16x8_splat, u64x2,
        u64x2_extract_lane, u64x2_splat, v128, v128_and, v128_bitselect,
    };

    /// A pixel of `N` samples, up to eight.
    #[derive(Clone, Copy)]
    pub(crate) struct Pixel<const N: usize>(v128);

    impl<const N: usize> Pixel<N> {
        #[inline(always)]
        pub(crate) fn load(samples: &[u8; N]) -> Self {
            let mut word = [0; 8];
            word.iter_mut().zip(samples).for_each(|(slot, sample)| *slot = *sample);
            Self(u16x8_extend_low_u8x16(u64x2_splat(u64::from_le_bytes(word))))
        }

        #[inline(always)]
        pub(crate) fn store(self) -> [u8; N] {
            let word = u64x2_extract_lane::<0>(u8x16_narrow_i16x8(self.0, self.0)).to_le_bytes();
            core::array::from_fn(|index| word.get(index).copied().unwrap_or(0))
        }

        /// The sums of the samples, without what exceeds a byte.
        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(v128_and(i16x8_add(self.0, other.0), u16x8_splat(0xFF)))
        }

        /// Half of the sums.
        #[inline(always)]
        pub(crate) fn mean(self, other: Self) -> Self {
            Self(u16x8_shr(i16x8_add(self.0, other.0), 1))
        }

        /// Whichever of its neighbours each sample is predicted to be like (PNG, 9.4).
        #[inline(always)]
        pub(crate) fn paeth(Self(left): Self, Self(above): Self, Self(corner): Self) -> Self {
            let (down, along) = (i16x8_sub(above, corner), i16x8_sub(left, corner));
            let [to_left, to_above, to_corner] = [down, along, i16x8_add(down, along)].map(|off| i16x8_abs(off));
            let least = i16x8_min(i16x8_min(to_left, to_above), to_corner);
            let upright = v128_bitselect(above, corner, i16x8_eq(least, to_above));
            Self(v128_bitselect(left, upright, i16x8_eq(least, to_left)))
        }
    }

    /// Luma of sixteen colours, and the sums of each two of them by channel.
    #[inline(always)]
    pub(crate) fn sixteen(colors: &[[u8; 3]; 16]) -> ([u8; 16], [[u16; 8]; 3]) {
        // In eights, which are read as they are: out of sixteen bytes the compiler picks those that it wants, one by one.
        let (parts, _) = colors.as_flattened().as_chunks::<8>();
        let [a, b, c, d, e, f] = parts else { return ([0; 16], [[0; 8]; 3]) };
        let [a, b, c] =
            [[a, b], [c, d], [e, f]].map(|[low, high]| u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high)));
        // One channel after the other out of three registers.
        let red = u8x16_shuffle::<0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0>(a, b);
        let red = u8x16_shuffle::<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29>(red, c);
        let green = u8x16_shuffle::<1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0>(a, b);
        let green = u8x16_shuffle::<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30>(green, c);
        let blue = u8x16_shuffle::<2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0>(a, b);
        let blue = u8x16_shuffle::<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31>(blue, c);
        let low = eight([red, green, blue].map(|channel| u16x8_extend_low_u8x16(channel)));
        let high = eight([red, green, blue].map(|channel| u16x8_extend_high_u8x16(channel)));
        let luma = u8x16_narrow_i16x8(low, high);
        let [a, b, c, d, e, f, g, h] = u64x2_extract_lane::<0>(luma).to_le_bytes();
        let [i, j, k, l, m, n, o, p] = u64x2_extract_lane::<1>(luma).to_le_bytes();
        (
            [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p],
            [red, green, blue].map(|channel| words(i16x8_extadd_pairwise_u8x16(channel))),
        )
    }

    /// Luma of eight colours, as `color::luma` has it.
    #[inline(always)]
    fn eight([red, green, blue]: [v128; 3]) -> v128 {
        // The weight of green is more than 16 bits can hold, and is shared by two products.
        let red_green = i16x8(19_595, 19_235, 19_595, 19_235, 19_595, 19_235, 19_595, 19_235);
        let green_blue = i16x8(19_235, 7_471, 19_235, 7_471, 19_235, 7_471, 19_235, 7_471);
        let four = |first: v128, second: v128| {
            let sum = i32x4_add(i32x4_dot_i16x8(first, red_green), i32x4_dot_i16x8(second, green_blue));
            i32x4_shr(i32x4_add(sum, i32x4_splat(32_768)), 16)
        };
        let low = |a: v128, b: v128| i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b);
        let high = |a: v128, b: v128| i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a, b);
        i16x8_narrow_i32x4(four(low(red, green), low(green, blue)), four(high(red, green), high(green, blue)))
    }

    #[inline(always)]
    fn words(of: v128) -> [u16; 8] {
        let [low, high] = [u64x2_extract_lane::<0>(of), u64x2_extract_lane::<1>(of)];
        let word = |half: u64, index: u32| (half >> (16 * index)) as u16;
        [
            word(low, 0),
            word(low, 1),
            word(low, 2),
            word(low, 3),
            word(high, 0),
            word(high, 1),
            word(high, 2),
            word(high, 3),
        ]
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod imp {
    use core::array::from_fn;

    use crate::decode::color;

    /// A pixel of `N` samples.
    #[derive(Clone, Copy)]
    pub(crate) struct Pixel<const N: usize>([i16; N]);

    impl<const N: usize> Pixel<N> {
        #[inline(always)]
        pub(crate) fn load(samples: &[u8; N]) -> Self {
            Self(samples.map(i16::from))
        }

        #[inline(always)]
        pub(crate) fn store(self) -> [u8; N] {
            // OK because they are kept below 256.
            self.0.map(|sample| sample as u8)
        }

        #[inline(always)]
        fn with(self, other: Self, act: impl Fn(i16, i16) -> i16) -> Self {
            let mut out = self.0;
            out.iter_mut().zip(other.0).for_each(|(one, two)| *one = act(*one, two));
            Self(out)
        }

        /// The sums of the samples, without what exceeds a byte.
        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            self.with(other, |a, b| (a + b) & 0xFF)
        }

        /// Half of the sums.
        #[inline(always)]
        pub(crate) fn mean(self, other: Self) -> Self {
            self.with(other, |a, b| (a + b) >> 1)
        }

        /// Whichever of its neighbours each sample is predicted to be like (PNG, 9.4).
        #[inline(always)]
        pub(crate) fn paeth(left: Self, above: Self, corner: Self) -> Self {
            let mut out = left.0;
            for ((a, b), c) in out.iter_mut().zip(above.0).zip(corner.0) {
                let (to_left, to_above) = ((b - c).abs(), (*a - c).abs());
                let to_corner = (*a + b - 2 * c).abs();
                if to_left > to_above || to_left > to_corner {
                    *a = if to_above <= to_corner { b } else { c };
                }
            }
            Self(out)
        }
    }

    /// Luma of sixteen colours, and the sums of each two of them by channel.
    #[inline(always)]
    pub(crate) fn sixteen(colors: &[[u8; 3]; 16]) -> ([u8; 16], [[u16; 8]; 3]) {
        let (pairs, _) = colors.as_chunks::<2>();
        let sum = |channel: usize| {
            from_fn(|pair| {
                let both = pairs.get(pair).into_iter().flatten();
                both.filter_map(|color| color.get(channel)).map(|value| u16::from(*value)).sum()
            })
        };
        (colors.map(color::luma), from_fn(sum))
    }
}

pub(super) use imp::{Pixel, sixteen};

#[cfg(test)]
mod tests {
    use super::sixteen;
    use crate::decode::color;

    #[test]
    fn sixteen_colours_are_as_one_by_one() {
        let mut state = 1u32;
        for _ in 0..200 {
            let colors: [[u8; 3]; 16] = std::array::from_fn(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                [8, 16, 24].map(|shift| (state >> shift) as u8)
            });
            let (luma, sums) = sixteen(&colors);
            assert_eq!(luma, colors.map(color::luma));
            for (pair, both) in colors.chunks(2).enumerate() {
                for channel in 0..3 {
                    assert_eq!(sums[channel][pair], u16::from(both[0][channel]) + u16::from(both[1][channel]));
                }
            }
        }
    }
}
