//! Which way lines of print run on the document: along its upper side, or along its left one.

use crate::geometry::{self, Homography};
use crate::photo_facts::{DocumentFacts, Reading};
use crate::planes::{Plane, Planes, Thumbnail};

/// Cells along the document's long side: five for a line of a page that has sixty.
const LONG_CELLS: f64 = 320.0;

/// Share of the short side that is left out at the rim, where frames are printed and shadows lie.
const RIM: f64 = 0.06;

/// Cells around a place whose mean tells print from paper, and cells of a profile whose mean is its slow part.
const AROUND: usize = 12;
const SLOW: usize = 6;

/// Levels below the mean of the surroundings from which something is print.
const LEAST_INK: f32 = 6.0;

/// Side of a patch in cells and distance of their starts.
const PATCH: usize = 40;
const STEP: usize = 20;

/// Mean ink below which a patch is empty, and patches that make an answer.
const LEAST_MEAN: f32 = 0.02;
const LEAST_PATCHES: u32 = 4;

/// Compares rows with columns in patches of the document, seen from above. `None` with too little print.
///
/// In a line of print ink follows on ink, and between lines there is none, so that sums over rows go up and down more
/// than sums over columns. Table rules and single large letters do it either way, which is why many patches vote.
#[inline(never)]
pub(super) fn measure(planes: &Planes, document: &DocumentFacts) -> Option<Reading> {
    let page = Page::read(planes, document)?;
    let ink = page.ink();
    let rim = (RIM * page.width.min(page.height) as f64) as usize;
    let starts = |length: usize| (rim..(length + 1).saturating_sub(rim + PATCH)).step_by(STEP);
    let (mut sum, mut weights, mut patches) = (0.0f32, 0.0f32, 0u32);
    for top in starts(page.height) {
        for left in starts(page.width) {
            let Some((rows, columns)) = profiles(&ink, page.width, left, top) else { continue };
            let (down, across) = (swing(&rows), swing(&columns));
            let weight = (down + across).sqrt();
            sum += weight * ((down + 1e-5) / (across + 1e-5)).ln().clamp(-1.0, 1.0);
            weights += weight;
            patches += 1;
        }
    }
    (patches >= LEAST_PATCHES && weights > 0.0).then(|| Reading { across: f64::from(sum / weights), patches })
}

/// Mean ink of the rows and of the columns of a patch; `None` for an empty one.
fn profiles(ink: &[f32], width: usize, left: usize, top: usize) -> Option<([f32; PATCH], [f32; PATCH])> {
    let (mut rows, mut columns) = ([0.0f32; PATCH], [0.0f32; PATCH]);
    for (sum, row) in rows.iter_mut().zip(ink.chunks_exact(width).skip(top)) {
        for (column, value) in columns.iter_mut().zip(row.iter().skip(left)) {
            *column += value / PATCH as f32;
            *sum += value / PATCH as f32;
        }
    }
    (rows.iter().sum::<f32>() / PATCH as f32 >= LEAST_MEAN).then_some((rows, columns))
}

/// Variance of what is faster in a profile than [`SLOW`] cells.
fn swing(profile: &[f32; PATCH]) -> f32 {
    let fast = profile.iter().enumerate().map(|(place, value)| {
        let near = profile.iter().take(place + SLOW + 1).skip(place.saturating_sub(SLOW));
        let (sum, count) = near.fold((0.0f32, 0.0f32), |(sum, count), value| (sum + value, count + 1.0));
        value - sum / count
    });
    let (sum, squares) = fast.fold((0.0f32, 0.0f32), |(sum, squares), value| (sum + value, squares + value * value));
    let mean = sum / PATCH as f32;
    squares / PATCH as f32 - mean * mean
}

/// The document's luma as seen from above.
struct Page {
    width: usize,
    height: usize,
    luma: Vec<f32>,
}

impl Page {
    fn read(planes: &Planes, document: &DocumentFacts) -> Option<Self> {
        let [a, b, c, d] = document.quad;
        let (across, down) =
            (geometry::distance(a, b) + geometry::distance(d, c), geometry::distance(a, d) + geometry::distance(b, c));
        let per_px = LONG_CELLS / (across.max(down) / 2.0).max(1.0);
        let [width, height] = [across, down].map(|side| (side / 2.0 * per_px).round() as usize);
        if width.min(height) < PATCH {
            return None;
        }
        let map = Homography::from_unit_square(&document.quad)?;
        // Enough places in a cell that strokes of a few pixels are not jumped over. A sample of the small plane, where it is
        // no larger than a cell, is the mean of more pixels than that.
        let cell_px = Thumbnail::CELL_PX as f64;
        let sample_px = cell_px * f64::from(planes.scale_denominator.max(1));
        let is_large = 1.0 / per_px >= sample_px;
        let places = if is_large { 1 } else { (1.0 / (3.0 * per_px)).ceil().clamp(1.0, 2.0) as usize };
        let (plane, step) = if is_large { (&planes.thumbnail.luma, cell_px) } else { (&planes.luma, 1.0) };
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for place in 0..places * places {
                    let share = |at: usize, step: usize, cells: usize| {
                        (at as f64 + (step as f64 + 0.5) / places as f64) / cells as f64
                    };
                    let point = map.apply([share(x, place % places, width), share(y, place / places, height)]);
                    sum += sample(plane, planes.to_stored(point).map(|at| at / step));
                }
                luma.push(sum / (places * places) as f32);
            }
        }
        Some(Self { width, height, luma })
    }

    /// How much darker than its surroundings each cell is, 0 to 1.
    fn ink(&self) -> Vec<f32> {
        let sums = self.sums();
        let sum_at = |x: usize, y: usize| sums.get(y * (self.width + 1) + x).copied().unwrap_or_default();
        let mut darker: Vec<f32> = Vec::with_capacity(self.luma.len());
        for (y, row) in self.luma.chunks_exact(self.width).enumerate() {
            let (top, bottom) = (y.saturating_sub(AROUND), (y + AROUND + 1).min(self.height));
            for (x, value) in row.iter().enumerate() {
                let (left, right) = (x.saturating_sub(AROUND), (x + AROUND + 1).min(self.width));
                let sum = sum_at(right, bottom) - sum_at(left, bottom) - sum_at(right, top) + sum_at(left, top);
                let mean = sum / ((right - left) * (bottom - top)) as f64;
                darker.push((mean as f32 - value).max(0.0));
            }
        }
        let square = darker.iter().map(|value| value * value).sum::<f32>() / darker.len().max(1) as f32;
        let full = 2.0 * square.sqrt().max(1.0);
        darker.into_iter().map(|value| if value > LEAST_INK { (value / full).min(1.0) } else { 0.0 }).collect()
    }

    /// Sums of all cells above and to the left, one row and column more than the page.
    fn sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0f64; self.width + 1];
        for row in self.luma.chunks_exact(self.width) {
            let above = sums.len() - (self.width + 1);
            let mut sum = 0.0;
            sums.push(0.0);
            for (x, value) in row.iter().enumerate() {
                sum += f64::from(*value);
                let upper = sums.get(above + x + 1).copied().unwrap_or_default();
                sums.push(upper + sum);
            }
        }
        sums
    }
}

fn sample(plane: &Plane, [x, y]: [f64; 2]) -> f32 {
    let at = |value: f64, length: usize| (value.max(0.0) as usize).min(length.saturating_sub(1));
    let row = plane.row(at(y, plane.height_px));
    row.get(at(x, plane.width_px)).map_or(0.0, |value| f32::from(*value))
}

#[cfg(test)]
mod tests {
    use super::measure;
    use crate::locate::describe;
    use crate::planes::{Plane, Planes};

    /// A page with lines of blots whose distances vary, as words have them.
    fn page(is_lying: bool) -> Planes {
        let (width_px, height_px) = (640, 900);
        let mut luma = Plane::filled(width_px, height_px, 220);
        for y in 0..height_px {
            for x in 0..width_px {
                let (along, line) = if is_lying { (y, x) } else { (x, y) };
                let word = (along + 7 * (line / 18)) % (23 + line / 18 % 5);
                if line % 18 < 8 && word > 4 {
                    luma.samples[y * width_px + x] = 40;
                }
            }
        }
        Planes::new(luma, None)
    }

    fn across(planes: &Planes) -> Option<f64> {
        let document = describe([[20.0, 20.0], [620.0, 20.0], [620.0, 880.0], [20.0, 880.0]], 640, 900).unwrap();
        measure(planes, &document).map(|reading| reading.across)
    }

    #[test]
    fn lines_across_and_lines_down() {
        assert!(across(&page(false)).unwrap() > 0.9);
        assert!(across(&page(true)).unwrap() < -0.9);
    }

    #[test]
    fn an_empty_page_says_nothing() {
        assert_eq!(across(&Planes::new(Plane::filled(640, 900, 200), None)), None);
    }
}
