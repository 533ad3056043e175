//! Several pictures on one sheet.

use super::resize::resize;
use crate::planes::{Plane, Planes};

/// Largest number of pixels of a sheet: the memory for it stays below 40 MB.
const MAX_SHEET_PX: f64 = 24_000_000.0;

/// Longest side of a sheet, well below the 65,535 pixels of a JPEG and what browsers can show.
const MAX_SIDE_PX: f64 = 16_000.0;

/// Room between two pictures, as a share of the sheet's shorter measure of a picture.
const GAP: f64 = 0.01;

/// How pictures are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Layout {
    /// One below the other.
    #[default]
    Vertical,
    /// One beside the other.
    Horizontal,
    /// In rows and columns.
    Grid,
}

/// A picture that is to be put on the sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Width as displayed.
    pub width_px: u32,
    /// Height as displayed.
    pub height_px: u32,
    /// Pixels per millimetre of the document in it; `None` when not known.
    pub px_per_mm: Option<f64>,
}

/// Where each piece lies on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Width of the sheet.
    pub width_px: usize,
    /// Height of the sheet.
    pub height_px: usize,
    /// Left, top, width and height of each piece.
    pub places: Vec<[usize; 4]>,
    /// Scale of each piece on the sheet, at most 1.
    pub scales: Vec<f64>,
}

/// Plans a sheet. All pieces get the same scale of their documents where it is known of every piece, else the same width
/// (or height, side by side); none is enlarged. `None` when there is no piece, or one without pixels.
#[must_use]
pub fn plan(pieces: &[Piece], layout: Layout) -> Option<Plan> {
    if pieces.is_empty() || pieces.iter().any(|piece| piece.width_px == 0 || piece.height_px == 0) {
        return None;
    }
    let columns = match layout {
        Layout::Vertical => 1,
        Layout::Horizontal => pieces.len(),
        // As many columns as rows, or one less row.
        Layout::Grid => (1..=pieces.len()).find(|n| n * n >= pieces.len()).unwrap_or(1),
    };
    let known: Option<Vec<f64>> = pieces.iter().map(|piece| piece.px_per_mm.filter(|scale| *scale > 0.0)).collect();
    let relative: Vec<f64> = match known {
        Some(scales) => scales.iter().map(|scale| 1.0 / scale).collect(),
        None => pieces
            .iter()
            .map(|piece| 1.0 / f64::from(if layout == Layout::Horizontal { piece.height_px } else { piece.width_px }))
            .collect(),
    };
    let largest = relative.iter().copied().fold(0.0, f64::max);
    let mut scales: Vec<f64> = relative.iter().map(|scale| scale / largest).collect();
    let (width, height) = extent(pieces, &scales, columns);
    let limit = (MAX_SHEET_PX / (width * height)).sqrt().min(MAX_SIDE_PX / width).min(MAX_SIDE_PX / height).min(1.0);
    for scale in &mut scales {
        *scale *= limit;
    }
    Some(lay(pieces, scales, columns))
}

/// Width and height of a sheet without its gaps.
fn extent(pieces: &[Piece], scales: &[f64], columns: usize) -> (f64, f64) {
    let sized: Vec<(f64, f64)> = pieces
        .iter()
        .zip(scales)
        .map(|(piece, scale)| (f64::from(piece.width_px) * scale, f64::from(piece.height_px) * scale))
        .collect();
    let rows = sized.chunks(columns);
    let width = rows.clone().map(|row| row.iter().map(|(width, _)| width).sum::<f64>()).fold(1.0, f64::max);
    let height: f64 = rows.map(|row| row.iter().map(|(_, height)| *height).fold(0.0, f64::max)).sum();
    (width, height.max(1.0))
}

fn lay(pieces: &[Piece], scales: Vec<f64>, columns: usize) -> Plan {
    let px = |side: u32, scale: f64| ((f64::from(side) * scale).round() as usize).max(1);
    let sized: Vec<(usize, usize)> = pieces
        .iter()
        .zip(&scales)
        .map(|(piece, &scale)| (px(piece.width_px, scale), px(piece.height_px, scale)))
        .collect();
    let (width, height) = extent(pieces, &scales, columns);
    let gap = ((width.min(height) * GAP) as usize).max(2);
    let mut places = Vec::with_capacity(sized.len());
    let (mut top, mut sheet_width) = (0, 0);
    for row in sized.chunks(columns) {
        let mut left = 0;
        for &(width_px, height_px) in row {
            places.push([left, top, width_px, height_px]);
            left += width_px + gap;
        }
        sheet_width = sheet_width.max(left - gap);
        top += row.iter().map(|&(_, height_px)| height_px).max().unwrap_or(0) + gap;
    }
    Plan { width_px: sheet_width, height_px: top.saturating_sub(gap), places, scales }
}

/// A picture as it will be saved: luma, and colour differences at half the size.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Brightness.
    pub luma: Plane,
    /// Blue difference.
    pub cb: Plane,
    /// Red difference.
    pub cr: Plane,
}

impl Sheet {
    /// A white sheet.
    #[must_use]
    pub fn white(width_px: usize, height_px: usize) -> Self {
        let plane = |width_px: usize, height_px: usize, value| Plane {
            width_px,
            height_px,
            stride: width_px,
            samples: vec![value; width_px * height_px],
        };
        let (half_width_px, half_height_px) = (width_px.div_ceil(2), height_px.div_ceil(2));
        Self {
            luma: plane(width_px, height_px, 255),
            cb: plane(half_width_px, half_height_px, 128),
            cr: plane(half_width_px, half_height_px, 128),
        }
    }

    /// Puts a picture, turned as it is displayed, into a place of left, top, width and height.
    pub fn put(&mut self, planes: &Planes, [left, top, width_px, height_px]: [usize; 4]) {
        let half = |px: usize| px.div_ceil(2);
        let orientation = planes.exif_orientation;
        paste(&mut self.luma, &planes.luma, orientation, [left, top, width_px, height_px]);
        let place = [left / 2, top / 2, half(width_px), half(height_px)];
        if let Some(chroma) = &planes.chroma {
            paste(&mut self.cb, &chroma.cb, orientation, place);
            paste(&mut self.cr, &chroma.cr, orientation, place);
        }
    }

    /// The sheet at a fraction of its size.
    #[must_use]
    pub fn scaled(&self, scale: f64) -> Self {
        let px = |px: usize| ((px as f64 * scale).round() as usize).max(1);
        let (width_px, height_px) = (px(self.luma.width_px), px(self.luma.height_px));
        let half = |plane: &Plane| resize(plane, width_px.div_ceil(2), height_px.div_ceil(2));
        Self { luma: resize(&self.luma, width_px, height_px), cb: half(&self.cb), cr: half(&self.cr) }
    }
}

/// Scales a stored plane into a place of the sheet as it is displayed; what lies beyond the sheet is cut.
fn paste(sheet: &mut Plane, source: &Plane, exif_orientation: u8, [left, top, width_px, height_px]: [usize; 4]) {
    let swapped = exif_orientation >= 5;
    let stored = if swapped { resize(source, height_px, width_px) } else { resize(source, width_px, height_px) };
    let (last_x, last_y) = (width_px.saturating_sub(1), height_px.saturating_sub(1));
    for y in 0..height_px {
        let start = (top + y) * sheet.stride + left;
        let end = start + width_px.min(sheet.width_px.saturating_sub(left));
        if top + y >= sheet.height_px {
            break;
        }
        let Some(line) = sheet.samples.get_mut(start..end) else { break };
        match exif_orientation {
            2..=8 => {
                for (x, sample) in line.iter_mut().enumerate() {
                    let (from_x, from_y) = match exif_orientation {
                        2 => (last_x - x, y),
                        3 => (last_x - x, last_y - y),
                        4 => (x, last_y - y),
                        5 => (y, x),
                        6 => (y, last_x - x),
                        7 => (last_y - y, last_x - x),
                        _ => (last_y - y, x),
                    };
                    *sample = stored.row(from_y).get(from_x).copied().unwrap_or(128);
                }
            }
            _ => {
                for (sample, from) in line.iter_mut().zip(stored.row(y)) {
                    *sample = *from;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Piece, Sheet, plan};
    use crate::planes::{Plane, Planes};

    fn piece(width_px: u32, height_px: u32, px_per_mm: Option<f64>) -> Piece {
        Piece { width_px, height_px, px_per_mm }
    }

    #[test]
    fn documents_get_one_scale_where_it_is_known_and_none_is_enlarged() {
        let plan = plan(&[piece(4000, 3000, Some(20.0)), piece(2000, 3000, Some(10.0))], Layout::Vertical)
            .expect("there are pieces");
        assert_eq!(plan.scales, [0.5, 1.0]);
        assert_eq!(plan.places[0], [0, 0, 2000, 1500]);
        assert_eq!(plan.width_px, 2000);
        assert!(plan.height_px > 4500 && plan.height_px < 4700);
    }

    #[test]
    fn without_scales_pieces_get_one_width_or_one_height() {
        let pieces = [piece(1000, 500, None), piece(500, 500, Some(3.0))];
        assert_eq!(plan(&pieces, Layout::Vertical).expect("pieces").scales, [0.5, 1.0]);
        assert_eq!(plan(&pieces, Layout::Horizontal).expect("pieces").scales, [1.0, 1.0]);
    }

    #[test]
    fn a_grid_has_rows_and_columns_that_do_not_overlap() {
        let plan = plan(&[piece(300, 200, None); 5], Layout::Grid).expect("pieces");
        for (index, a) in plan.places.iter().enumerate() {
            assert!(a[0] + a[2] <= plan.width_px && a[1] + a[3] <= plan.height_px);
            for b in &plan.places[index + 1..] {
                assert!(a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1]);
            }
        }
        let lefts: std::collections::BTreeSet<_> = plan.places.iter().map(|place| place[0]).collect();
        assert_eq!(lefts.len(), 3);
    }

    #[test]
    fn two_hundred_large_pictures_stay_within_the_budget() {
        let plan = plan(&[piece(8000, 6000, None); 200], Layout::Vertical).expect("pieces");
        assert!(plan.width_px * plan.height_px < 26_000_000 && plan.height_px < 17_000, "{plan:?}");
        assert!(super::plan(&[], Layout::Grid).is_none());
        assert!(super::plan(&[piece(0, 5, None)], Layout::Grid).is_none());
    }

    #[test]
    fn a_piece_is_put_as_it_is_displayed() {
        // Stored 2x1: dark, then light. Orientation 6 shows it turned clockwise: dark above light.
        let stored = Plane { width_px: 2, height_px: 1, stride: 2, samples: vec![10, 200] };
        for (orientation, size, expect) in [
            (1, (2, 1), vec![10, 200]),
            (2, (2, 1), vec![200, 10]),
            (3, (2, 1), vec![200, 10]),
            (6, (1, 2), vec![10, 200]),
            (8, (1, 2), vec![200, 10]),
            (5, (1, 2), vec![10, 200]),
            (7, (1, 2), vec![200, 10]),
        ] {
            let mut planes = Planes::new(stored.clone(), None);
            planes.exif_orientation = orientation;
            let mut sheet = Sheet::white(size.0, size.1);
            sheet.put(&planes, [0, 0, size.0, size.1]);
            assert_eq!(sheet.luma.samples, expect, "{orientation}");
        }
    }

    #[test]
    fn what_lies_beyond_the_sheet_is_cut() {
        let planes = Planes::new(Plane { width_px: 1, height_px: 1, stride: 1, samples: vec![7] }, None);
        let mut sheet = Sheet::white(3, 3);
        sheet.put(&planes, [2, 2, 5, 5]);
        assert_eq!(sheet.luma.samples.iter().filter(|&&sample| sample == 7).count(), 1);
    }
}
