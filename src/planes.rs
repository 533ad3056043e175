//! A decoded picture as planes: full-resolution luma and the colour differences as they are stored.
//!
//! `decode` fills them once; `measure` and `locate` read them. Nothing is copied, turned or converted to RGB: the Exif
//! orientation is a view ([`Planes::to_displayed`]).

use crate::geometry::Point;

/// One channel of a picture, 8 bits per sample, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plane {
    /// Samples in a row that belong to the picture.
    pub width_px: usize,
    /// Rows that belong to the picture.
    pub height_px: usize,
    /// Distance between the starts of two rows, at least `width_px`.
    pub stride: usize,
    /// `height_px` rows of `stride` samples, or more.
    pub samples: Vec<u8>,
}

impl Plane {
    /// A row without its padding; empty below the last row.
    #[must_use]
    pub fn row(&self, y: usize) -> &[u8] {
        let start = y.saturating_mul(self.stride);
        if y >= self.height_px {
            return &[];
        }
        self.samples.get(start..start.saturating_add(self.width_px)).unwrap_or(&[])
    }
}

/// The colour differences of a picture after ITU-T T.871 (JFIF), 128 = no colour. Never larger than the luma plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chroma {
    /// Blue difference.
    pub cb: Plane,
    /// Red difference, of the same size.
    pub cr: Plane,
}

/// A picture as it is stored, before Exif orientation.
#[derive(Debug, Clone, PartialEq)]
pub struct Planes {
    /// Brightness after ITU-T T.871 (full range, 0 = black, 255 = white).
    pub luma: Plane,
    /// Colour differences; `None` where the file stores no colour.
    pub chroma: Option<Chroma>,
    /// 1 where the luma plane has every pixel of the file; 2, 4 or 8 where it was read at that fraction of its size.
    pub scale_denominator: u8,
    /// Exif orientation, 1 to 8.
    pub exif_orientation: u8,
    /// Width of the file's picture as stored.
    pub stored_width_px: u32,
    /// Height of the file's picture as stored.
    pub stored_height_px: u32,
    /// Luma quantisation steps of a JPEG in natural order (row by row, [0] = DC); `None` for other formats.
    pub luma_quantization: Option<[u16; 64]>,
    /// Share of the picture's rows that could be decoded, 0 to 1; below 1 the rest of the planes is grey (128).
    pub decoded_share: f64,
}

impl Planes {
    /// Width and height in pixels of the displayed picture (the file's own size, whatever scale it was read at).
    #[must_use]
    pub fn displayed_size_px(&self) -> (u32, u32) {
        if self.exif_orientation >= 5 {
            (self.stored_height_px, self.stored_width_px)
        } else {
            (self.stored_width_px, self.stored_height_px)
        }
    }

    /// Maps a point of the luma plane (pixel centres at `.5`) to the displayed picture.
    #[must_use]
    pub fn to_displayed(&self, [x, y]: Point) -> Point {
        let scale = f64::from(self.scale_denominator.max(1));
        let (x, y) = (x * scale, y * scale);
        let (width, height) = (f64::from(self.stored_width_px), f64::from(self.stored_height_px));
        match self.exif_orientation {
            2 => [width - x, y],
            3 => [width - x, height - y],
            4 => [x, height - y],
            5 => [y, x],
            6 => [height - y, x],
            7 => [height - y, width - x],
            8 => [y, width - x],
            _ => [x, y],
        }
    }

    /// Maps a point of the displayed picture to the luma plane; the reverse of [`Self::to_displayed`].
    #[must_use]
    pub fn to_stored(&self, [x, y]: Point) -> Point {
        let (width, height) = (f64::from(self.stored_width_px), f64::from(self.stored_height_px));
        let [x, y] = match self.exif_orientation {
            2 => [width - x, y],
            3 => [width - x, height - y],
            4 => [x, height - y],
            5 => [y, x],
            6 => [y, height - x],
            7 => [width - y, height - x],
            8 => [width - y, x],
            _ => [x, y],
        };
        let scale = f64::from(self.scale_denominator.max(1));
        [x / scale, y / scale]
    }
}

#[cfg(test)]
mod tests {
    use super::{Plane, Planes};

    fn planes(exif_orientation: u8, scale_denominator: u8) -> Planes {
        Planes {
            luma: Plane::default(),
            chroma: None,
            scale_denominator,
            exif_orientation,
            stored_width_px: 40,
            stored_height_px: 30,
            luma_quantization: None,
            decoded_share: 1.0,
        }
    }

    #[test]
    fn every_orientation_puts_the_stored_corner_where_exif_says() {
        // Where the first stored pixel is seen, after CIPA DC-008, table of the orientation tag.
        for (orientation, seen) in [
            (1, [0.0, 0.0]),
            (2, [40.0, 0.0]),
            (3, [40.0, 30.0]),
            (4, [0.0, 30.0]),
            (5, [0.0, 0.0]),
            (6, [30.0, 0.0]),
            (7, [30.0, 40.0]),
            (8, [0.0, 40.0]),
        ] {
            assert_eq!(planes(orientation, 1).to_displayed([0.0, 0.0]), seen, "{orientation}");
        }
    }

    #[test]
    fn the_two_mappings_undo_each_other() {
        for orientation in 1..=8 {
            let planes = planes(orientation, 2);
            assert_eq!(planes.to_stored(planes.to_displayed([3.0, 7.0])), [3.0, 7.0], "{orientation}");
        }
    }

    #[test]
    fn a_row_outside_the_picture_is_empty() {
        let plane = Plane { width_px: 2, height_px: 1, stride: 4, samples: vec![1, 2, 3, 4] };
        assert_eq!(plane.row(0), [1, 2]);
        assert!(plane.row(1).is_empty());
        assert!(plane.row(usize::MAX).is_empty());
    }
}
