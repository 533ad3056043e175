//! A decoded picture as planes: full-resolution luma and the colour differences as they are stored.
//!
//! `decode` fills them once; `measure` and `locate` read them. Nothing is copied, turned or converted to RGB: the Exif
//! orientation is a view ([`Planes::to_displayed`]).

use crate::facts::Damage;
use crate::geometry::{Point, within};

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

/// The mean of a tile from the sums of its columns.
#[inline(always)]
fn mean(columns: &[u16], rows: usize) -> u8 {
    let count = (columns.len() * rows) as u32;
    let sum: u32 = columns.iter().map(|&column| u32::from(column)).sum();
    // OK because a mean of bytes is a byte, and tiles hold at most 65,536 pixels.
    ((sum + count / 2) / count.max(1)) as u8
}

/// The means of tiles whose width is known, which spares a loop and a division for each.
fn means<const WIDTH: usize>(columns: &[u16], rows: usize, into: &mut Vec<u8>) {
    let (tiles, rest) = columns.as_chunks::<WIDTH>();
    if rows == WIDTH {
        into.extend(tiles.iter().map(|tile| mean(tile, WIDTH)));
    } else {
        into.extend(tiles.iter().map(|tile| mean(tile, rows)));
    }
    into.extend((!rest.is_empty()).then(|| mean(rest, rows)));
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

    /// The value between the four nearest samples (centres at `.5`); the edge continues outside.
    pub(crate) fn between(&self, [x, y]: Point) -> f32 {
        let x = within(x - 0.5, 0.0, self.width_px.saturating_sub(1) as f64);
        let y = within(y - 0.5, 0.0, self.height_px.saturating_sub(1) as f64);
        // OK because the place is in the plane.
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = ((x - column as f64) as f32, (y - row as f64) as f32);
        let pair = |row: usize| {
            let samples = self.row(row);
            let left = samples.get(column).copied().map_or(0.0, f32::from);
            let right = samples.get(column + 1).copied().map_or(left, f32::from);
            left + (right - left) * fx
        };
        let upper = pair(row);
        let lower = if row + 1 < self.height_px { pair(row + 1) } else { upper };
        upper + (lower - upper) * fy
    }

    /// A plane of one value, without padding.
    pub(crate) fn filled(width_px: usize, height_px: usize, value: u8) -> Self {
        Self { width_px, height_px, stride: width_px, samples: vec![value; width_px.saturating_mul(height_px)] }
    }

    /// The mean of each square of `side_px` pixels; squares at the right and lower edge are cut there.
    pub(crate) fn mean_of_squares(&self, side_px: usize) -> Self {
        self.mean_of_tiles(side_px, side_px)
    }

    /// The mean of each tile; tiles at the right and lower edge are cut there.
    pub(crate) fn mean_of_tiles(&self, tile_width_px: usize, tile_height_px: usize) -> Self {
        let (tile_width_px, tile_height_px) = (tile_width_px.clamp(1, 256), tile_height_px.clamp(1, 256));
        let width_px = self.width_px.div_ceil(tile_width_px);
        let mut samples = Vec::with_capacity(width_px * self.height_px.div_ceil(tile_height_px));
        // Down first, which goes many columns at a time. 256 rows of bytes just fit.
        let mut columns = vec![0u16; self.width_px];
        for top in (0..self.height_px).step_by(tile_height_px) {
            let bottom = (top + tile_height_px).min(self.height_px);
            columns.fill(0);
            for y in top..bottom {
                for (column, &sample) in columns.iter_mut().zip(self.row(y)) {
                    *column += u16::from(sample);
                }
            }
            let rows = bottom - top;
            match tile_width_px {
                8 => means::<8>(&columns, rows, &mut samples),
                4 => means::<4>(&columns, rows, &mut samples),
                width => samples.extend(columns.chunks(width).map(|tile| mean(tile, rows))),
            }
        }
        Self { width_px, height_px: self.height_px.div_ceil(tile_height_px), stride: width_px, samples }
    }

    /// The nearest sample for each place of another size.
    pub(crate) fn nearest(&self, (width_px, height_px): (usize, usize)) -> Self {
        let mut resized = Self::filled(width_px, height_px, 128);
        if width_px == 0 {
            return resized;
        }
        let columns: Vec<usize> = (0..width_px).map(|x| (2 * x + 1) * self.width_px / (2 * width_px)).collect();
        for (y, row) in resized.samples.chunks_exact_mut(width_px).enumerate() {
            let source = self.row((2 * y + 1) * self.height_px / (2 * height_px));
            for (sample, &column) in row.iter_mut().zip(&columns) {
                *sample = source.get(column).copied().unwrap_or(128);
            }
        }
        resized
    }

    /// This colour plane at 1/8 of the size of its luma plane, which has `size` then.
    pub(crate) fn reduced_to(&self, size: (usize, usize), luma: &Self) -> Self {
        // How many luma pixels stand beside one of these samples: 1, 2, 4, or an odd number.
        let share = |luma_px: usize, own_px: usize| luma_px.div_ceil(own_px.max(1)).clamp(1, 8);
        let (across, down) = (share(luma.width_px, self.width_px), share(luma.height_px, self.height_px));
        let reduced = self.mean_of_tiles(8 / across, 8 / down);
        if (reduced.width_px, reduced.height_px) == size { reduced } else { reduced.nearest(size) }
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

/// A picture at 1/8 of the size of its luma plane (rounded up); all planes have the same size.
///
/// Each sample is the mean of 8x8 pixels. For JPEG the luma is the DC coefficient of each block, which costs nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thumbnail {
    /// Brightness.
    pub luma: Plane,
    /// Colour differences; `None` where the file stores no colour.
    pub chroma: Option<Chroma>,
    /// The darkest and the brightest pixel of each sample, in the order and number of the brightness; empty where decoding
    /// did not come by them.
    pub(crate) ends: Vec<[u8; 2]>,
}

impl Thumbnail {
    /// Luma pixels along the side of a sample.
    pub(crate) const CELL_PX: usize = 8;

    /// Of planes; the brightness and its ends where they are known already.
    pub(crate) fn of(full: &Plane, chroma: Option<&Chroma>, known: Option<(Plane, Vec<[u8; 2]>)>) -> Self {
        let (luma, ends) = known.unwrap_or_else(|| (full.mean_of_squares(Self::CELL_PX), Vec::new()));
        let size = (luma.width_px, luma.height_px);
        let chroma =
            chroma.map(|chroma| Chroma { cb: chroma.cb.reduced_to(size, full), cr: chroma.cr.reduced_to(size, full) });
        Self { luma, chroma, ends }
    }
}

/// A picture as it is stored, before Exif orientation.
#[derive(Debug, Clone, PartialEq)]
pub struct Planes {
    /// Brightness after ITU-T T.871 (full range, 0 = black, 255 = white).
    pub luma: Plane,
    /// Colour differences; `None` where the file stores no colour.
    ///
    /// JPEG: at the size that the file has them (4:2:0 is half the luma's size each way); reading them at a smaller one would
    /// save 3 % of the time, since their codes have to be read in any case. PNG: at half size, each sample the mean of 2x2
    /// pixels. Interlaced PNG and GIF: at half size, every other pixel of every other row.
    pub chroma: Option<Chroma>,
    /// The same at 1/8 of the size.
    pub thumbnail: Thumbnail,
    /// 1 where the luma plane has every pixel of the file; 2, 4 or 8 where it was read at that fraction of its size.
    pub scale_denominator: u8,
    /// Exif orientation, 1 to 8.
    pub exif_orientation: u8,
    /// Width of the file's picture as stored.
    pub stored_width_px: u32,
    /// Height of the file's picture as stored.
    pub stored_height_px: u32,
    /// Focal length in pixels of the file's picture, where the camera states it.
    pub focal_length_px: Option<f64>,
    /// Luma quantisation steps of a JPEG in natural order (row by row, the first is DC); `None` for other formats.
    pub luma_quantization: Option<[u16; 64]>,
    /// Share of the picture's rows that could be decoded, 0 to 1; below 1 the rest of the planes is grey (128).
    pub decoded_share: f64,
    /// The first damage of the coded pixels, which only decoding shows.
    pub damage: Option<Damage>,
}

impl Planes {
    /// An upright picture at full size, with its thumbnail; the other fields can be changed afterwards.
    #[must_use]
    pub fn new(luma: Plane, chroma: Option<Chroma>) -> Self {
        let thumbnail = Thumbnail::of(&luma, chroma.as_ref(), None);
        Self::with_thumbnail(luma, chroma, thumbnail)
    }

    pub(crate) fn with_thumbnail(luma: Plane, chroma: Option<Chroma>, thumbnail: Thumbnail) -> Self {
        let side_px = |samples: usize| u32::try_from(samples).unwrap_or(u32::MAX);
        let (stored_width_px, stored_height_px) = (side_px(luma.width_px), side_px(luma.height_px));
        Self {
            thumbnail,
            luma,
            chroma,
            scale_denominator: 1,
            exif_orientation: 1,
            stored_width_px,
            stored_height_px,
            focal_length_px: None,
            luma_quantization: None,
            decoded_share: 1.0,
            damage: None,
        }
    }

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
    use super::{Chroma, Plane, Planes};

    fn planes(exif_orientation: u8, scale_denominator: u8) -> Planes {
        let luma = Plane::filled(40, 30, 0);
        Planes { scale_denominator, exif_orientation, ..Planes::new(luma, None) }
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

    #[test]
    fn the_thumbnail_holds_means_of_eight_by_eight_pixels() {
        let mut luma = Plane::filled(20, 9, 10);
        luma.samples[..8].fill(90);
        let cb = Plane { samples: (0..50).collect(), ..Plane::filled(10, 5, 0) };
        let thumbnail = Planes::new(luma, Some(Chroma { cr: cb.clone(), cb })).thumbnail;
        assert_eq!((thumbnail.luma.width_px, thumbnail.luma.height_px), (3, 2));
        assert_eq!(thumbnail.luma.samples, [20, 10, 10, 10, 10, 10]);
        // Rows 0 to 3 and row 4, columns 0 to 3, 4 to 7 and 8 to 9 of a plane that counts 0, 1, 2 ...
        assert_eq!(thumbnail.chroma.unwrap().cb.samples, [17, 21, 24, 42, 46, 49]);
    }

    #[test]
    fn a_value_lies_between_the_samples_around_and_stops_at_the_edge() {
        let plane = Plane { width_px: 2, height_px: 2, stride: 2, samples: vec![0, 10, 20, 30] };
        for (point, value) in [([0.5, 0.5], 0.0), ([1.0, 0.5], 5.0), ([1.0, 1.0], 15.0), ([-9.0, 99.0], 20.0)] {
            assert_eq!(plane.between(point), value, "{point:?}");
        }
        assert_eq!(Plane::default().between([0.5, 0.5]), 0.0);
    }

    #[test]
    fn another_size_takes_the_nearest_sample() {
        let plane = Plane { width_px: 2, height_px: 2, stride: 2, samples: vec![1, 2, 3, 4] };
        assert_eq!(plane.nearest((4, 2)).samples, [1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(plane.nearest((1, 1)).samples, [4]);
        assert!(plane.nearest((0, 3)).samples.is_empty());
    }
}
