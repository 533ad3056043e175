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
        let row: &[f32; PATCH] = row.get(left..)?.first_chunk()?;
        columns.iter_mut().zip(row).for_each(|(column, value)| *column += value);
        // Four sums side by side: one after the other, each addition would wait for the one before.
        let mut sums = [0.0f32; 4];
        row.as_chunks::<4>().0.iter().for_each(|four| sums.iter_mut().zip(four).for_each(|(sum, value)| *sum += value));
        *sum = sums.iter().sum();
    }
    let mean = |sum: f32| sum / PATCH as f32;
    let (rows, columns) = (rows.map(mean), columns.map(mean));
    (mean(rows.iter().sum()) >= LEAST_MEAN).then_some((rows, columns))
}

/// Variance of what is faster in a profile than [`SLOW`] cells.
fn swing(profile: &[f32; PATCH]) -> f32 {
    let mut before = [0.0f32; PATCH + 1];
    let mut sum = 0.0;
    for (slot, value) in before.iter_mut().skip(1).zip(profile) {
        sum += value;
        *slot = sum;
    }
    let until = |place: usize| before.get(place).copied().unwrap_or(sum);
    let fast = profile.iter().enumerate().map(|(place, value)| {
        let (from, to) = (place.saturating_sub(SLOW), (place + SLOW + 1).min(PATCH));
        value - (until(to) - until(from)) / (to - from) as f32
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
        // Enough places in a cell that strokes of a few pixels are not jumped over. A sample of the small plane, where it is
        // no larger than a cell, is the mean of more pixels than that.
        let cell_px = Thumbnail::CELL_PX as f64;
        let sample_px = cell_px * f64::from(planes.scale_denominator.max(1));
        let is_large = 1.0 / per_px >= sample_px;
        let places = if is_large { 1 } else { (1.0 / (3.0 * per_px)).ceil().clamp(1.0, 2.0) as usize };
        let (plane, step) = if is_large { (&planes.thumbnail.luma, cell_px) } else { (&planes.luma, 1.0) };
        // In stored pixels of that plane, so that nothing is left to do for each place but the map.
        let quad = document.quad.map(|corner| planes.to_stored(corner).map(|at| at / step));
        let map = Homography::from_unit_square(&quad)?;
        let (across, down) = (width * places, height * places);
        let mut luma = Vec::with_capacity(width * height);
        let mut sums = vec![0.0f32; width];
        for y in 0..down {
            let points = map.row((y as f64 + 0.5) / down as f64, across);
            for (sum, points) in sums.iter_mut().zip(points.chunks(places)) {
                *sum += points.iter().map(|point| sample(plane, *point)).sum::<f32>();
            }
            if (y + 1) % places == 0 {
                luma.extend(sums.iter_mut().map(|sum| std::mem::take(sum) / (places * places) as f32));
            }
        }
        Some(Self { width, height, luma })
    }

    /// How much darker than its surroundings each cell is, 0 to 1.
    fn ink(&self) -> Vec<f32> {
        let sums = self.sums();
        let mut darker: Vec<f32> = Vec::with_capacity(self.luma.len());
        let sums_at = |y: usize| sums.get(y * (self.width + 1)..).unwrap_or_default();
        for (y, row) in self.luma.chunks_exact(self.width).enumerate() {
            let (top, bottom) = (y.saturating_sub(AROUND), (y + AROUND + 1).min(self.height));
            let (upper, lower) = (sums_at(top), sums_at(bottom));
            // The sum of all cells left of a column.
            let until = |x: usize| Some(lower.get(x)? - upper.get(x)?);
            let per_column = 1.0 / (bottom - top) as f64;
            let full = per_column / (2 * AROUND + 1) as f64;
            for (x, value) in row.iter().enumerate() {
                let (left, right) = (x.saturating_sub(AROUND), (x + AROUND + 1).min(self.width));
                let sum = until(right).unwrap_or_default() - until(left).unwrap_or_default();
                let columns = right - left;
                let share = if columns == 2 * AROUND + 1 { full } else { per_column / columns as f64 };
                darker.push(((sum * share) as f32 - value).max(0.0));
            }
        }
        let square = darker.iter().map(|value| value * value).sum::<f32>() / darker.len().max(1) as f32;
        let full = 2.0 * square.sqrt().max(1.0);
        darker.into_iter().map(|value| if value > LEAST_INK { (value / full).min(1.0) } else { 0.0 }).collect()
    }

    /// Sums of all cells above and to the left, one row and column more than the page.
    fn sums(&self) -> Vec<f64> {
        let stride = self.width + 1;
        let mut sums = vec![0.0f64; stride * (self.height + 1)];
        let mut above = vec![0.0f64; stride];
        let rows = sums.chunks_exact_mut(stride).skip(1).zip(self.luma.chunks_exact(self.width));
        for (into, row) in rows {
            let mut sum = 0.0;
            for ((into, above), value) in into.iter_mut().zip(&mut above).skip(1).zip(row) {
                sum += f64::from(*value);
                *above += sum;
                *into = *above;
            }
        }
        sums
    }
}

fn sample(plane: &Plane, [x, y]: [f32; 2]) -> f32 {
    // What is negative or no number becomes 0.
    let at = |value: f32, length: usize| (value as usize).min(length.saturating_sub(1));
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
        let document = describe([[20.0, 20.0], [620.0, 20.0], [620.0, 880.0], [20.0, 880.0]], 640, 900, None).unwrap();
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
