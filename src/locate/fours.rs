//! Four numbers at once: wasm SIMD where the build has it, else an array.
//!
//! The compiler finds vector instructions by itself in plain sums and products. Where something is chosen between two
//! values, its estimate of the cost for WebAssembly says no, and this says yes.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod imp {
    use core::arch::wasm32::{
        f32x4, f32x4_abs, f32x4_add, f32x4_convert_i32x4, f32x4_div, f32x4_extract_lane, f32x4_ge, f32x4_gt, f32x4_mul,
        f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sub, i16x8, i16x8_shuffle, i32x4_add, i32x4_dot_i16x8,
        i32x4_extract_lane, i32x4_splat, v128, v128_bitselect, v128_not, v128_xor,
    };

    use super::{Pair, TO_WHOLE};

    /// Four numbers.
    #[derive(Clone, Copy)]
    pub(in crate::locate) struct Four(v128);

    /// Four times yes or no.
    #[derive(Clone, Copy)]
    pub(in crate::locate) struct Mask(v128);

    /// Four whole numbers.
    #[derive(Clone, Copy)]
    pub(in crate::locate) struct Sums(v128);

    impl Sums {
        #[inline(always)]
        pub(in crate::locate) fn none() -> Self {
            Self(i32x4_splat(0))
        }

        /// Adds to each number what its two weights make of the pair.
        #[inline(always)]
        pub(in crate::locate) fn plus(self, pair: Pair, &[a, b, c, d, e, f, g, h]: &[i16; 8]) -> Self {
            Self(i32x4_add(self.0, i32x4_dot_i16x8(i32x4_splat(pair), i16x8(a, b, c, d, e, f, g, h))))
        }

        #[inline(always)]
        pub(in crate::locate) fn numbers(self) -> Four {
            Four(f32x4_convert_i32x4(self.0))
        }
    }

    impl Four {
        #[inline(always)]
        pub(in crate::locate) fn load(&[a, b, c, d]: &[f32; 4]) -> Self {
            Self(f32x4(a, b, c, d))
        }

        #[inline(always)]
        pub(in crate::locate) fn all(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        #[inline(always)]
        pub(in crate::locate) fn store(self) -> [f32; 4] {
            [
                f32x4_extract_lane::<0>(self.0),
                f32x4_extract_lane::<1>(self.0),
                f32x4_extract_lane::<2>(self.0),
                f32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        pub(in crate::locate) fn plus(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn minus(self, other: Self) -> Self {
            Self(f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn over(self, other: Self) -> Self {
            Self(f32x4_div(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn abs(self) -> Self {
            Self(f32x4_abs(self.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn or_less(self, other: Self) -> Self {
            Self(f32x4_pmin(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn or_more(self, other: Self) -> Self {
            Self(f32x4_pmax(self.0, other.0))
        }

        /// The nearest whole numbers, which have to be of 16 bits.
        #[inline(always)]
        pub(in crate::locate) fn pairs(self) -> [Pair; 2] {
            let whole = f32x4_add(self.0, f32x4_splat(TO_WHOLE));
            let whole = i16x8_shuffle::<0, 2, 4, 6, 0, 2, 4, 6>(whole, whole);
            [i32x4_extract_lane::<0>(whole), i32x4_extract_lane::<1>(whole)]
        }

        #[inline(always)]
        pub(in crate::locate) fn exceeds(self, other: Self) -> Mask {
            Mask(f32x4_gt(self.0, other.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn reaches(self, other: Self) -> Mask {
            Mask(f32x4_ge(self.0, other.0))
        }
    }

    impl Mask {
        /// The first where it is yes, else the second.
        #[inline(always)]
        pub(in crate::locate) fn choose(self, yes: Four, no: Four) -> Four {
            Four(v128_bitselect(yes.0, no.0, self.0))
        }

        #[inline(always)]
        pub(in crate::locate) fn equals(self, other: Self) -> Self {
            Self(v128_not(v128_xor(self.0, other.0)))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod imp {
    use super::{Pair, TO_WHOLE};

    /// Four numbers.
    #[derive(Clone, Copy)]
    pub(in crate::locate) struct Four([f32; 4]);

    /// Four times yes or no.
    #[derive(Clone, Copy)]
    pub(in crate::locate) struct Mask([bool; 4]);

    /// Four whole numbers.
    #[derive(Clone, Copy)]
    pub(in crate::locate) struct Sums([i32; 4]);

    impl Sums {
        #[inline(always)]
        pub(in crate::locate) fn none() -> Self {
            Self([0; 4])
        }

        /// Adds to each number what its two weights make of the pair.
        #[inline(always)]
        pub(in crate::locate) fn plus(self, pair: Pair, &[a, b, c, d, e, f, g, h]: &[i16; 8]) -> Self {
            let (first, second) = (i32::from(pair as i16), pair >> 16);
            let weights = [(a, b), (c, d), (e, f), (g, h)];
            let products = weights.map(|(a, b)| first * i32::from(a) + second * i32::from(b));
            Self(each(self.0, products, i32::wrapping_add))
        }

        #[inline(always)]
        pub(in crate::locate) fn numbers(self) -> Four {
            Four(self.0.map(|sum| sum as f32))
        }
    }

    /// What `act` makes of each pair.
    #[inline(always)]
    fn each<A: Copy, B>([a, b, c, d]: [A; 4], [e, f, g, h]: [A; 4], act: impl Fn(A, A) -> B) -> [B; 4] {
        [act(a, e), act(b, f), act(c, g), act(d, h)]
    }

    impl Four {
        #[inline(always)]
        pub(in crate::locate) fn load(numbers: &[f32; 4]) -> Self {
            Self(*numbers)
        }

        #[inline(always)]
        pub(in crate::locate) fn all(value: f32) -> Self {
            Self([value; 4])
        }

        #[inline(always)]
        pub(in crate::locate) fn store(self) -> [f32; 4] {
            self.0
        }

        #[inline(always)]
        pub(in crate::locate) fn plus(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| a + b))
        }

        #[inline(always)]
        pub(in crate::locate) fn minus(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| a - b))
        }

        #[inline(always)]
        pub(in crate::locate) fn times(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| a * b))
        }

        #[inline(always)]
        pub(in crate::locate) fn over(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| a / b))
        }

        #[inline(always)]
        pub(in crate::locate) fn abs(self) -> Self {
            Self(self.0.map(f32::abs))
        }

        #[inline(always)]
        pub(in crate::locate) fn or_less(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| if b < a { b } else { a }))
        }

        #[inline(always)]
        pub(in crate::locate) fn or_more(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| if a < b { b } else { a }))
        }

        /// The nearest whole numbers, which have to be of 16 bits.
        #[inline(always)]
        pub(in crate::locate) fn pairs(self) -> [Pair; 2] {
            let [a, b, c, d] = self.0.map(|number| ((number + TO_WHOLE).to_bits() & 0xffff).cast_signed());
            [a | b << 16, c | d << 16]
        }

        #[inline(always)]
        pub(in crate::locate) fn exceeds(self, other: Self) -> Mask {
            Mask(each(self.0, other.0, |a, b| a > b))
        }

        #[inline(always)]
        pub(in crate::locate) fn reaches(self, other: Self) -> Mask {
            Mask(each(self.0, other.0, |a, b| a >= b))
        }
    }

    impl Mask {
        /// The first where it is yes, else the second.
        #[inline(always)]
        pub(in crate::locate) fn choose(self, Four([a, b, c, d]): Four, Four([e, f, g, h]): Four) -> Four {
            let [p, q, r, s] = self.0;
            let pick = |is_first: bool, yes: f32, no: f32| if is_first { yes } else { no };
            Four([pick(p, a, e), pick(q, b, f), pick(r, c, g), pick(s, d, h)])
        }

        #[inline(always)]
        pub(in crate::locate) fn equals(self, other: Self) -> Self {
            Self(each(self.0, other.0, |a, b| a == b))
        }
    }
}

pub(super) use imp::{Four, Sums};

/// Two whole numbers of 16 bits, the first in the lower half.
pub(super) type Pair = i32;

/// What is left of a number of up to 22 bits beside this one is rounded to a whole one, and is the lower half of its bits.
const TO_WHOLE: f32 = 1.5 * 8_388_608.0;

/// The whole part of a number from 0 to 4 million; of a whole number, that or the one below. A conversion looks at whether the
/// number is one and in range, which takes several times as long.
#[inline(always)]
pub(super) fn whole(number: f32) -> usize {
    ((number - 0.5 + TO_WHOLE).to_bits() & 0x3f_ffff) as usize
}

/// The numbers of a row from a place on, four at a time; up to three at the end are left out.
pub(super) fn fours(row: &[f32], from: usize) -> &[[f32; 4]] {
    row.get(from..).unwrap_or_default().as_chunks::<4>().0
}

#[cfg(test)]
mod tests {
    use super::{Four, Sums, fours, whole};

    #[test]
    fn four_numbers_are_four_numbers() {
        let (a, b) = (Four::load(&[1.0, -2.0, 3.0, 0.0]), Four::load(&[4.0, 5.0, -6.0, 0.0]));
        assert_eq!(a.plus(b).store(), [5.0, 3.0, -3.0, 0.0]);
        assert_eq!(a.minus(b).store(), [-3.0, -7.0, 9.0, 0.0]);
        assert_eq!(a.times(b).store(), [4.0, -10.0, -18.0, 0.0]);
        assert_eq!(b.over(Four::all(2.0)).store(), [2.0, 2.5, -3.0, 0.0]);
        assert_eq!(a.abs().store(), [1.0, 2.0, 3.0, 0.0]);
        assert_eq!(a.or_less(b).store(), [1.0, -2.0, -6.0, 0.0]);
        assert_eq!(a.or_more(b).store(), [4.0, 5.0, 3.0, 0.0]);
        assert_eq!(a.exceeds(b).choose(a, b).store(), [4.0, 5.0, 3.0, 0.0]);
        let zero = Four::all(0.0);
        let same = a.reaches(zero).equals(b.reaches(zero));
        assert_eq!(same.choose(a, zero).store(), [1.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn whole_numbers_are_summed_by_pairs() {
        let [low, high] = Four::load(&[-2.4, 32_767.4, 7.5, -32_768.0]).pairs();
        let weights = [1, 0, 0, 1, 3, 2, -128, 127];
        let sums = Sums::none().plus(low, &weights).plus(high, &[0, 0, 1, 0, 0, 1, 0, 0]);
        assert_eq!(sums.numbers().store(), [-2.0, 32_775.0, 65_528.0 - 32_768.0, 256.0 + 127.0 * 32_767.0]);
    }

    #[test]
    fn the_whole_part_of_a_number() {
        for (number, part) in [(0.0, 0), (0.99, 0), (1.01, 1), (2.999_999_8, 2), (65_535.5, 65_535)] {
            assert_eq!(whole(number), part, "{number}");
        }
        assert!((1..=2).contains(&whole(2.0)));
    }

    #[test]
    fn rows_are_cut_into_fours() {
        assert_eq!(fours(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 1), [[1.0, 2.0, 3.0, 4.0]]);
        assert!(fours(&[0.0], 2).is_empty());
    }
}
