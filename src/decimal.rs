//! Numbers as decimal text, in little code: the standard library's way holds four algorithms and a table for them.

use std::ops::RangeInclusive;

/// With so many decimals, a mantissa of 53 bits times the power of ten still has fewer than 128 bits.
const MAX_DECIMALS: u32 = 22;

/// 2^53. Below it, a number has a part behind the point, or is a whole number without gaps.
const LARGE: f64 = 9_007_199_254_740_992.0;

/// The number with so many decimals, at most 22; half way between two, the even one.
pub fn fixed(number: f64, decimals: u32) -> String {
    let decimals = decimals.min(MAX_DECIMALS);
    spell(number, decimals..=decimals)
}

/// The fewest decimals, but at least one, that are read as the same number again.
///
/// What is below 1e-5 or above 2^53 can lose its last digits, since there are at most 22 decimals, and large numbers are
/// divided by ten until they are small enough.
pub fn shortest(number: f64) -> String {
    spell(number, 1..=MAX_DECIMALS)
}

#[inline(never)]
fn spell(number: f64, decimals: RangeInclusive<u32>) -> String {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let mut small = number.abs();
    if !small.is_finite() {
        return if small.is_nan() { "NaN".to_owned() } else { format!("{sign}inf") };
    }
    let mut zeros = 0;
    while small >= LARGE {
        small /= 10.0;
        zeros += 1;
    }
    // The number is mantissa / 2^shift.
    let bits = small.to_bits();
    let exponent = (bits >> 52) as u32;
    let mantissa = bits & ((1 << 52) - 1) | u64::from(exponent > 0) << 52;
    let shift = 1075 - exponent.max(1);
    // Below 2^-74 all 22 decimals are zeros.
    let (mantissa, shift) = if shift > 127 { (0, 0) } else { (mantissa, shift) };
    // What is read as this number lies within half a step of it; below a power of two, steps are half as wide.
    let parts = if mantissa.is_power_of_two() { 4 } else { 2 };
    let mut spelt = (0, 0);
    for decimals in decimals {
        let power = 10_u128.pow(decimals);
        let product = u128::from(mantissa) * power;
        let (mut whole, mut off) = (product >> shift, product & ((1 << shift) - 1));
        if off * 2 + (whole & 1) > 1 << shift {
            whole += 1;
            off = (1 << shift) - off;
        }
        spelt = (whole, decimals as usize);
        if off < power / parts {
            break;
        }
    }
    let (whole, decimals) = spelt;
    // OK because 17 digits, or a number below 2^53 with three decimals, are below 2^64.
    let digits = format!("{:01$}", whole as u64, decimals + 1);
    let (whole, part) = digits.split_at_checked(digits.len() - decimals).unwrap_or_default();
    let mut text = [sign, whole].concat();
    if decimals > 0 {
        text.extend([".", part]);
    }
    if zeros > 0 {
        text.extend(["e", &zeros.to_string()]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{fixed, shortest};

    /// Numbers of all sizes, each with all bits of its mantissa in use, and their neighbours at powers of two and ten.
    fn numbers() -> Vec<f64> {
        let mut state = 1_u64;
        let mut numbers: Vec<f64> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let exponent = 1023 - 16 + (state >> 33) % 69;
                f64::from_bits(exponent << 52 | state.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 12)
            })
            .collect();
        numbers.extend((-16..53).map(|n| 2f64.powi(n)).chain((-4..16).map(|n| 10f64.powi(n))));
        numbers.iter().flat_map(|n| [n.next_down(), *n, n.next_up()]).filter(|n| (1e-4..9e15).contains(n)).collect()
    }

    #[test]
    fn the_shortest_text_is_as_short_as_that_of_the_standard_library_and_read_as_the_same_number() {
        for number in numbers() {
            let text = shortest(-number);
            assert_eq!(text.len(), format!("{:?}", -number).len(), "{text} {number:?}");
            assert_eq!(text.parse(), Ok(-number));
        }
        for (number, text) in [(0.0, "0.0"), (-0.0, "-0.0"), (f64::NAN, "NaN"), (f64::NEG_INFINITY, "-inf")] {
            assert_eq!(shortest(number), text);
        }
    }

    #[test]
    fn so_many_decimals_are_those_of_the_standard_library() {
        for number in numbers() {
            for decimals in 0..4 {
                assert_eq!(fixed(number, decimals), format!("{number:.*}", decimals as usize));
            }
        }
        for (number, decimals, text) in [
            (0.5, 0, "0"),
            (1.5, 0, "2"),
            (2.5, 0, "2"),
            (0.25, 1, "0.2"),
            (-0.04, 1, "-0.0"),
            (1e-300, 3, "0.000"),
            (f64::from_bits(1), 2, "0.00"),
            (99.96, 1, "100.0"),
        ] {
            assert_eq!(fixed(number, decimals), text);
        }
    }

    #[test]
    fn numbers_of_any_size_are_read_again_nearly_as_they_were() {
        for number in [1e-9, 1.234_567_890_123e-9, 9.1e15, 1e17, 123_456_789e12, 1e21, 1.797e308] {
            let again: f64 = shortest(number).parse().expect("a number");
            assert!((again / number - 1.0).abs() < 1e-12, "{number} {again}");
        }
        assert_eq!(shortest(f64::MIN_POSITIVE), "0.0");
    }
}
