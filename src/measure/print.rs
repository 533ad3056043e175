//! How high lines of print are, in pixels of the file: whether small print can be read at all.
//!
//! The document is cut into strips across its lines, each a few characters wide. Where the brightness along a row of a
//! strip varies there is ink, and rows with ink between rows without are a line of print, as high as its characters. A
//! line counts where the next strip has it, too; what is far thinner (rules) or higher (portraits, seals) does not.

use super::histogram::quantile;
use super::upright::{self, Place};
use crate::geometry::{self, Homography};
use crate::photo_facts::{DocumentFacts, Print, Reading, Sharpness};
use crate::planes::{Plane, Planes};

/// Strips side by side: about three characters of a letter each, two of a card.
const STRIPS: usize = 16;

/// Places looked at in each row of a strip: several in a character, since some of its rows have little ink.
const PLACES: usize = 16;

/// Rows looked at: six to the smallest print of a page.
const MAX_ROWS: f64 = 800.0;

/// Ink is darker than paper by this share of the height of the print's strong edges.
const INK_SHARE: f64 = 0.3;

/// A line reaches as far as its rows vary by this share of what they usually vary by in it.
const LINE_SHARE: f32 = 0.5;

/// Rows without ink within a character are at most this share of it; those between lines are more.
const GAP_SHARE: f64 = 0.15;

/// Least height of a line in rows and in widths of a stroke (rules are one, print of 8 px nearly three); largest height as
/// a share of the document.
const LEAST_ROWS: f64 = 4.0;
const LEAST_STROKES: f64 = 2.0;
const LARGEST_SHARE: f64 = 0.09;

/// Factor between the heights of one line in two strips.
const SAME_LINE: f64 = 1.3;

/// Share of the lines that are lower than small print.
const SMALL_SHARE: f64 = 0.1;

/// Fewer lines say nothing.
const LEAST_LINES: usize = 12;

/// Rows with ink: from and to, in rows.
#[derive(Debug, Clone, Copy)]
struct Line {
    from: f64,
    to: f64,
}

impl Line {
    fn height(self) -> f64 {
        self.to - self.from
    }

    fn is_beside(self, other: Self) -> bool {
        let common = self.to.min(other.to) - self.from.max(other.from);
        let (a, b) = (self.height(), other.height());
        common > 0.5 * a.max(b) && a.max(b) <= SAME_LINE * a.min(b)
    }
}

/// Measures the heights of lines on a document; `None` with too few of them.
#[inline(never)]
pub(super) fn measure(
    planes: &Planes,
    document: &DocumentFacts,
    sharpness: &Sharpness,
    reading: &Reading,
) -> Option<Print> {
    let [a, b, c, d] = document.quad;
    // Lines run from the first corner to the second one.
    let quad = if reading.across < 0.0 { [b, c, d, a] } else { [a, b, c, d] };
    let [a, b, c, d] = quad;
    let down_px = (geometry::distance(a, d) + geometry::distance(b, c)) / 2.0;
    let scale = f64::from(planes.scale_denominator.max(1));
    let rows = (down_px / scale).min(MAX_ROWS).floor();
    let row_px = down_px / rows;
    let map = Homography::from_unit_square(&quad)?;
    let least = LEAST_ROWS.max(LEAST_STROKES * sharpness.stroke_width_px.unwrap_or(0.0) / row_px);
    // All strips of a row before the next one, since what lies beside each other in memory is read faster.
    let mut swings: [Vec<f32>; STRIPS] = Default::default();
    for row in 0..rows as usize {
        let down = (row as f64 + 0.5) / rows;
        let border = |strip: usize| planes.to_stored(map.apply([strip as f64 / STRIPS as f64, down]));
        let mut left = border(0);
        for (strip, swings) in swings.iter_mut().enumerate() {
            let right = border(strip + 1);
            swings.push(swing(&planes.luma, left, right));
            left = right;
        }
    }
    let of_print = |line: &Line| (least..=LARGEST_SHARE * rows).contains(&line.height());
    let least_swing = (INK_SHARE * sharpness.print_height) as f32;
    let strips: Vec<Vec<Line>> =
        swings.iter().map(|swings| lines(swings, least_swing).into_iter().filter(of_print).collect()).collect();
    let mut heights: Vec<f32> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for (n, lines) in strips.iter().enumerate() {
        let beside = |n: Option<usize>| n.and_then(|n| strips.get(n)).map(Vec::as_slice).unwrap_or_default();
        let (before, after) = (beside(n.checked_sub(1)), beside(Some(n + 1)));
        for line in lines.iter().filter(|line| before.iter().chain(after).any(|other| line.is_beside(*other))) {
            heights.push((line.height() * row_px) as f32);
            let middle = [(n as f64 + 0.5) / STRIPS as f64, (line.from + line.to) / (2.0 * rows)];
            places.push(Place { middle, half: line.height() / (2.0 * rows) });
        }
    }
    if heights.len() < LEAST_LINES {
        return None;
    }
    Some(Print {
        small_px: quantile(&heights, SMALL_SHARE)?,
        middle_px: quantile(&heights, 0.5)?,
        lines: heights.len() as u32,
        upright: upright::measure(planes, &map, &places),
    })
}

/// Difference between the brightest and the darkest place of a row of a strip, as far as it lies in the picture.
fn swing(luma: &Plane, [x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) -> f32 {
    // Places in 65,536ths of a pixel, since whole numbers are stepped and cut faster.
    let fixed = |at: f64| (at * 65_536.0) as i64;
    let (step_x, step_y) = (fixed((x1 - x0) / PLACES as f64), fixed((y1 - y0) / PLACES as f64));
    let (mut x, mut y) = (fixed(x0).wrapping_add(step_x / 2), fixed(y0).wrapping_add(step_y / 2));
    let (mut low, mut high) = (u8::MAX, 0u8);
    for _ in 0..PLACES {
        // OK because what is negative becomes too large, and a side of a picture has 65,535 pixels at most.
        let (column, row) = ((x >> 16) as usize, (y >> 16) as usize);
        if column < luma.width_px
            && row < luma.height_px
            && let Some(value) = luma.samples.get(row * luma.stride + column)
        {
            low = low.min(*value);
            high = high.max(*value);
        }
        x = x.wrapping_add(step_x);
        y = y.wrapping_add(step_y);
    }
    f32::from(high.saturating_sub(low))
}

/// Runs of rows with ink, with short gaps closed, and their ends where half of the ink is left.
fn lines(swings: &[f32], least: f32) -> Vec<Line> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for (row, swing) in swings.iter().chain([&0.0]).enumerate() {
        match (start, *swing >= least) {
            (None, true) => start = Some(row),
            (Some(from), false) => {
                match runs.last_mut() {
                    Some(last) if (from - last.1) as f64 <= GAP_SHARE * (row - last.0) as f64 => last.1 = row,
                    _ => runs.push((from, row)),
                }
                start = None;
            }
            _ => {}
        }
    }
    let ends = |(from, to): (usize, usize)| {
        let inked = swings.get(from..to)?;
        let usual = quantile(inked, 0.5)? as f32 * LINE_SHARE;
        let first = inked.iter().position(|swing| *swing >= usual)?;
        let last = inked.iter().rposition(|swing| *swing >= usual)?;
        Some(Line { from: (from + first) as f64, to: (from + last + 1) as f64 })
    };
    runs.into_iter().filter_map(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::measure;
    use crate::locate::describe;
    use crate::photo_facts::{Print, Reading, Sharpness};
    use crate::planes::{Plane, Planes};

    /// A page with lines of blots of these heights in turn, 60 px apart, and a thin rule between every two of them.
    fn page(heights_px: &[usize], is_lying: bool) -> Planes {
        let (width_px, height_px) = if is_lying { (1300, 900) } else { (900, 1300) };
        let mut luma = Plane::filled(width_px, height_px, 220);
        for y in 0..height_px {
            for x in 0..width_px {
                let (along, down) = if is_lying { (y, x) } else { (x, y) };
                let (line, place) = (down / 60, down % 60);
                let height_px = heights_px[line % heights_px.len()];
                let is_ink = (10..10 + height_px).contains(&place) && (along + 7 * line) % 11 < 5;
                if is_ink || (54..56).contains(&place) {
                    luma.samples[y * width_px + x] = 40;
                }
            }
        }
        Planes::new(luma, None)
    }

    fn print(planes: &Planes, across: f64) -> Option<Print> {
        let (width_px, height_px) = planes.displayed_size_px();
        let (x, y) = (f64::from(width_px) - 20.0, f64::from(height_px) - 20.0);
        let document = describe([[20.0, 20.0], [x, 20.0], [x, y], [20.0, y]], width_px, height_px, None).unwrap();
        let sharpness = Sharpness { print_height: 180.0, stroke_width_px: Some(3.0), ..Sharpness::default() };
        measure(planes, &document, &sharpness, &Reading { across, patches: 50 })
    }

    #[test]
    fn heights_of_lines_are_measured_and_rules_are_none() {
        for is_lying in [false, true] {
            let across = if is_lying { -0.9 } else { 0.9 };
            let even = print(&page(&[24], is_lying), across).unwrap();
            assert!((even.small_px - 24.0).abs() <= 1.5 && (even.middle_px - 24.0).abs() <= 1.5, "{even:?}");
            let mixed = print(&page(&[30, 30, 30, 12], is_lying), across).unwrap();
            assert!((mixed.small_px - 12.0).abs() <= 1.5 && (mixed.middle_px - 30.0).abs() <= 1.5, "{mixed:?}");
        }
    }

    #[test]
    fn a_page_without_lines_says_nothing() {
        assert_eq!(print(&Planes::new(Plane::filled(900, 1300, 220), None), 0.9), None);
        assert_eq!(print(&page(&[0], false), 0.9), None);
    }
}
