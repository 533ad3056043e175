//! RGB to luma and colour differences (ITU-T T.871, clause 7), in 16-bit fixed point.

/// Luma of a colour.
#[inline]
pub(super) fn luma([r, g, b]: [u8; 3]) -> u8 {
    // OK because the weights add up to 65,536: the result is at most 255.
    ((19_595 * u32::from(r) + 38_470 * u32::from(g) + 7_471 * u32::from(b) + 32_768) >> 16) as u8
}

/// Blue and red difference of a colour.
#[inline]
pub(super) fn differences([r, g, b]: [u8; 3]) -> [u8; 2] {
    let (r, g, b) = (i32::from(r), i32::from(g), i32::from(b));
    let cb = (-11_059 * r - 21_709 * g + 32_768 * b + (128 << 16) + 32_767) >> 16;
    let cr = (32_768 * r - 27_439 * g - 5_329 * b + (128 << 16) + 32_767) >> 16;
    // OK because both lie within 0 to 255: the weights of each add up to zero.
    [cb as u8, cr as u8]
}

/// A colour from luma and colour differences.
#[inline]
pub(super) fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let byte = |value: i32| ((value + 32_768) >> 16).clamp(0, 255) as u8;
    [byte(y + 91_881 * cr), byte(y - 22_554 * cb - 46_802 * cr), byte(y + 116_130 * cb)]
}

/// A colour laid over white.
#[inline]
pub(super) fn over_white(color: [u8; 3], alpha: u8) -> [u8; 3] {
    color.map(|value| {
        let product = u32::from(255 - value) * u32::from(alpha) + 127;
        // OK because the quotient is at most 255.
        255 - (product / 255) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::{differences, luma, over_white, rgb};

    #[test]
    fn colours_survive_the_way_there_and_back() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let [cb, cr] = differences([r, g, b]);
                    let back = rgb([luma([r, g, b]), cb, cr]);
                    for (before, after) in [r, g, b].into_iter().zip(back) {
                        assert!(before.abs_diff(after) <= 2, "{:?} {back:?}", [r, g, b]);
                    }
                }
            }
        }
        assert_eq!((luma([255; 3]), differences([255; 3])), (255, [128, 128]));
        assert_eq!((luma([255, 0, 0]), luma([0, 255, 0]), luma([0, 0, 255])), (76, 150, 29));
        assert_eq!((differences([0, 0, 255]), differences([255, 0, 0])), ([255, 107], [85, 255]));
    }

    #[test]
    fn transparency_lets_white_through() {
        assert_eq!(over_white([0, 100, 255], 255), [0, 100, 255]);
        assert_eq!(over_white([0, 100, 255], 0), [255, 255, 255]);
        assert_eq!(over_white([0, 0, 0], 128), [127, 127, 127]);
    }
}
