//! How wide a camera saw, from its camera data.

/// Diagonal of a frame of 35 mm film, 36 mm by 24 mm.
const FILM_DIAGONAL_MM: f64 = 43.27;

/// Long side divided by short side of what cameras take whole: other pictures were cropped, or put together from several.
const FRAMES: [f64; 3] = [4.0 / 3.0, 3.0 / 2.0, 16.0 / 9.0];

/// Share by which two proportions may differ that are the same but for rounding to whole pixels, or to blocks of 16.
const SAME_SHAPE: f64 = 0.01;

/// Diagonal of a sensor of 4:3, as nearly all phones have it, divided by its long side.
const SENSOR_DIAGONAL: f64 = 1.25;

/// Focal lengths in mm that a lens for photos of things can have.
const LIKELY_MM: std::ops::RangeInclusive<u16> = 10..=300;

/// What the camera data say about the lens and the picture; 0 where they say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Lens {
    /// `FocalLengthIn35mmFilm` in mm.
    pub film_mm: u16,
    /// `PixelXDimension`: the width that the camera wrote.
    pub width_px: u32,
    /// `PixelYDimension`.
    pub height_px: u32,
    /// Whether `DigitalZoomRatio` says that the picture is an enlarged part of what the sensor saw.
    pub is_zoomed: bool,
}

impl Lens {
    /// Focal length in pixels of a picture of this size as stored; `None` unless the camera data are about all of it.
    ///
    /// The number for 35 mm film compares diagonals (CIPA DC-008, annex G, "35 mm film-equivalent focal length"): that of
    /// the film's frame with that of the image area. Scaling a picture changes nothing, so that the size which the camera
    /// wrote has to be of the same proportions only. Phones that cut 3:2 or 16:9 out of a sensor of 4:3 often keep the
    /// number of the whole sensor; the mean of both readings is 2 and 4 % from either. With digital zoom some give the
    /// number before it and some the one behind it, so that none is taken.
    pub(super) fn focal_length_px(self, width_px: u32, height_px: u32) -> Option<f64> {
        let shape = |width: u32, height: u32| f64::from(width.max(height)) / f64::from(width.min(height).max(1));
        let is_same = |a: f64, b: f64| (a / b - 1.0).abs() <= SAME_SHAPE;
        let own = shape(width_px, height_px);
        let is_whole = !self.is_zoomed
            && self.width_px > 0
            && self.height_px > 0
            && is_same(own, shape(self.width_px, self.height_px))
            && FRAMES.iter().any(|frame| is_same(own, *frame));
        let diagonal_px = f64::from(width_px).hypot(f64::from(height_px));
        let sensor_px = SENSOR_DIAGONAL * f64::from(width_px.max(height_px));
        (is_whole && LIKELY_MM.contains(&self.film_mm))
            .then(|| f64::from(self.film_mm) / FILM_DIAGONAL_MM * (diagonal_px * sensor_px).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::Lens;

    const PHONE: Lens = Lens { film_mm: 26, width_px: 4000, height_px: 3000, is_zoomed: false };

    #[test]
    fn the_diagonal_tells_the_focal_length() {
        for (width_px, height_px, expect) in [
            // 26 / 43.27 of 5000 px.
            (4000, 3000, Some(3004.4)),
            (3000, 4000, Some(3004.4)),
            (1000, 750, Some(751.1)),
            (1080, 810, Some(811.2)),
            // Cut by hand, turned into a strip, a single row, nothing.
            (4000, 2500, None),
            (4000, 1000, None),
            (4000, 1, None),
            (1, 4000, None),
            (0, 0, None),
            (0, 4000, None),
            (u32::MAX, u32::MAX, None),
        ] {
            let found = PHONE.focal_length_px(width_px, height_px);
            assert_eq!(found.map(|px| (px * 10.0).round() / 10.0), expect, "{width_px} x {height_px}");
        }
    }

    #[test]
    fn a_part_of_the_sensor_lies_between_both_readings() {
        let wide = Lens { width_px: 4000, height_px: 2250, ..PHONE };
        let focal = wide.focal_length_px(4000, 2250).unwrap();
        let [of_picture, of_sensor] = [4000.0f64.hypot(2250.0), 5000.0].map(|diagonal| 26.0 / 43.27 * diagonal);
        assert!((focal / of_picture).ln().abs() < 0.044 && (focal / of_sensor).ln().abs() < 0.044, "{focal}");
    }

    #[test]
    fn what_is_not_about_the_whole_picture_tells_nothing() {
        for lens in [
            Lens::default(),
            Lens { film_mm: 0, ..PHONE },
            Lens { film_mm: 5, ..PHONE },
            Lens { film_mm: u16::MAX, ..PHONE },
            Lens { width_px: 0, ..PHONE },
            Lens { height_px: 0, ..PHONE },
            Lens { width_px: 4000, height_px: 2250, ..PHONE },
            Lens { width_px: u32::MAX, height_px: 1, ..PHONE },
            Lens { is_zoomed: true, ..PHONE },
        ] {
            assert_eq!(lens.focal_length_px(4000, 3000), None, "{lens:?}");
        }
    }
}
