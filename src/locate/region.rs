//! How far each place stands out from the border of the picture.

use super::grid::Grid;
use super::small::Small;

/// A colour difference counts this much more than the same brightness difference, as for edges.
const COLOR_WEIGHT: f32 = 1.5;

/// Passes over the picture; after three hardly a value changes.
const PASSES: usize = 3;

/// Barrier distance of every place from the border of the picture, in levels, at half the size of `small`.
///
/// The barrier of a path is the difference of the highest and the lowest value on it; the distance is that of the best
/// path to the border. A document stands out as a whole, with its print, because every way out crosses its side; slow
/// changes of light and calm texture do not add up. Minimum barrier distance, Zhang et al. (2015), raster scans.
/// Documents that reach the border stand out less or not at all.
#[inline(never)]
pub(super) fn standing_out(small: &Small) -> Grid<f32> {
    let [luma, cb, cr] = &small.channels;
    let mut out: Grid<f32> = Grid::new(small.width() / 2, small.height() / 2);
    let halves = [halved(luma), halved(cb), halved(cr)];
    let colors = halves[0].cells.iter().zip(&halves[1].cells).zip(&halves[2].cells);
    let colors: Vec<Color> = colors.map(|((luma, cb), cr)| [*luma, *cb, *cr, 0.0]).collect();
    for (sum, [luma, cb, cr, _]) in out.cells.iter_mut().zip(distances(&colors, out.width, out.height)) {
        *sum = luma + COLOR_WEIGHT * (cb + cr);
    }
    out
}

fn halved(channel: &Grid<f32>) -> Grid<f32> {
    let mut out = Grid::new(channel.width / 2, channel.height / 2);
    if out.width == 0 {
        return out;
    }
    for (y, row) in out.cells.chunks_exact_mut(out.width).enumerate() {
        let pairs = channel.row(2 * y).chunks_exact(2).zip(channel.row(2 * y + 1).chunks_exact(2));
        for (cell, (upper, lower)) in row.iter_mut().zip(pairs) {
            *cell = upper.iter().chain(lower).sum::<f32>() / 4.0;
        }
    }
    out
}

/// Luma, blue and red difference, side by side so that one vector instruction serves all; the last is not used.
type Color = [f32; 4];

/// The best path found to a cell, for each channel: highest and lowest value on it.
#[derive(Debug, Clone, Copy)]
struct Path {
    high: Color,
    low: Color,
}

impl Path {
    const FAR: Self = Self { high: [1e6; 4], low: [-1e6; 4] };

    /// The better of this path and the one that comes from a neighbour.
    fn or_from(&self, neighbour: &Self, value: &Color) -> Self {
        let mut out = *self;
        let channels = out.high.iter_mut().zip(&mut out.low).zip(neighbour.high.iter().zip(&neighbour.low)).zip(value);
        for (((high, low), (from_high, from_low)), value) in channels {
            // Comparisons, since `f32::max` is more than one instruction.
            let offered_high = if *from_high < *value { *value } else { *from_high };
            let offered_low = if *from_low > *value { *value } else { *from_low };
            let is_better = offered_high - offered_low < *high - *low;
            *high = if is_better { offered_high } else { *high };
            *low = if is_better { offered_low } else { *low };
        }
        out
    }

    fn barrier(&self) -> Color {
        let mut out = self.high;
        for (high, low) in out.iter_mut().zip(&self.low) {
            *high -= low;
        }
        out
    }
}

fn distances(colors: &[Color], width: usize, height: usize) -> impl Iterator<Item = Color> {
    let mut paths: Vec<Path> = colors.iter().map(|color| Path { high: *color, low: *color }).collect();
    for (y, row) in paths.chunks_exact_mut(width.max(1)).enumerate() {
        if y > 0 && y + 1 < height {
            let inner = row.len().saturating_sub(1);
            row.iter_mut().take(inner).skip(1).for_each(|path| *path = Path::FAR);
        }
    }
    let mut before = vec![Path::FAR; width];
    for pass in 0..PASSES {
        before.fill(Path::FAR);
        let rows = paths.chunks_exact_mut(width.max(1)).zip(colors.chunks_exact(width.max(1)));
        if pass % 2 == 0 {
            rows.for_each(|(row, values)| relax(row.iter_mut().zip(values).zip(&mut before)));
        } else {
            rows.rev().for_each(|(row, values)| relax(row.iter_mut().zip(values).zip(&mut before).rev()));
        }
    }
    paths.into_iter().map(|path| path.barrier())
}

/// Offers each cell the path of the cell before it in its row and of the cell in the row before.
fn relax<'a>(row: impl Iterator<Item = ((&'a mut Path, &'a Color), &'a mut Path)>) {
    let mut last = Path::FAR;
    for ((path, value), above) in row {
        last = path.or_from(above, value).or_from(&last, value);
        (*path, *above) = (last, last);
    }
}

#[cfg(test)]
mod tests {
    use super::standing_out;
    use crate::locate::grid::Grid;
    use crate::locate::small::Small;

    fn small(value: impl Fn(usize, usize) -> f32) -> Small {
        let mut luma = Grid::new(80, 60);
        for y in 0..60 {
            for x in 0..80 {
                luma.set(x, y, value(x, y));
            }
        }
        let none = Grid { width: 80, height: 60, cells: vec![128.0; 4800] };
        Small { channels: [luma, none.clone(), none], cell_px: 1.0, has_color: true }
    }

    #[test]
    fn a_sheet_with_print_stands_out_as_a_whole() {
        let out = standing_out(&small(|x, y| match (x, y) {
            (20..60, 15..45) => {
                if (x / 2 + y) % 3 == 0 {
                    40.0
                } else {
                    200.0
                }
            }
            _ => 90.0 + 0.1 * x as f32,
        }));
        for y in 0..30 {
            for x in 0..40 {
                let inside = (10..30).contains(&x) && (8..22).contains(&y);
                let far_outside = !(9..31).contains(&x) || !(7..23).contains(&y);
                if inside {
                    assert!(out.at(x, y) > 15.0, "{x} {y}: {}", out.at(x, y));
                } else if far_outside {
                    assert!(out.at(x, y) < 10.0, "{x} {y}: {}", out.at(x, y));
                }
            }
        }
    }

    #[test]
    fn tiny_pictures_do_not_trip() {
        for (width, height) in [(0, 0), (1, 1), (2, 3), (3, 2)] {
            let luma = Grid::new(width, height);
            let out = standing_out(&Small { channels: [luma.clone(), luma.clone(), luma], ..Small::default() });
            assert_eq!(out.cells.len(), (width / 2) * (height / 2));
        }
    }
}
