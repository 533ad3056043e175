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
pub(super) fn standing_out(small: &Small) -> Grid<f32> {
    let channels = if small.has_color { small.channels.as_slice() } else { small.channels.get(..1).unwrap_or(&[]) };
    let mut out: Grid<f32> = Grid::new(small.width() / 2, small.height() / 2);
    for (index, channel) in channels.iter().enumerate() {
        let weight = if index == 0 { 1.0 } else { COLOR_WEIGHT };
        let distances = distances(&halved(channel));
        for (sum, distance) in out.cells.iter_mut().zip(distances) {
            *sum += weight * distance;
        }
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

/// The best path found to a cell: highest and lowest value on it.
#[derive(Debug, Clone, Copy, Default)]
struct Path {
    high: f32,
    low: f32,
}

impl Path {
    fn to(self, value: f32) -> Self {
        Self { high: self.high.max(value), low: self.low.min(value) }
    }

    fn barrier(self) -> f32 {
        self.high - self.low
    }
}

fn distances(channel: &Grid<f32>) -> Vec<f32> {
    let (width, height) = (channel.width, channel.height);
    const FAR: Path = Path { high: 1e6, low: -1e6 };
    let mut paths: Vec<Path> = channel.cells.iter().map(|value| Path { high: *value, low: *value }).collect();
    for (y, row) in paths.chunks_exact_mut(width.max(1)).enumerate() {
        if y > 0 && y + 1 < height {
            let inner = row.len().saturating_sub(1);
            row.iter_mut().take(inner).skip(1).for_each(|path| *path = FAR);
        }
    }
    let mut before = vec![FAR; width];
    for pass in 0..PASSES {
        before.fill(FAR);
        if pass % 2 == 0 {
            for (row, values) in paths.chunks_exact_mut(width.max(1)).zip(channel.cells.chunks_exact(width.max(1))) {
                relax(row.iter_mut().zip(values).zip(&mut before));
            }
        } else {
            let rows = paths.chunks_exact_mut(width.max(1)).zip(channel.cells.chunks_exact(width.max(1)));
            for (row, values) in rows.rev() {
                relax(row.iter_mut().zip(values).zip(&mut before).rev());
            }
        }
    }
    paths.into_iter().map(Path::barrier).collect()
}

/// Offers each cell the path of the cell before it in its row and of the cell in the row before.
fn relax<'a>(row: impl Iterator<Item = ((&'a mut Path, &'a f32), &'a mut Path)>) {
    let mut last: Option<Path> = None;
    for ((path, value), above) in row {
        for neighbour in [Some(*above), last].into_iter().flatten() {
            let offered = neighbour.to(*value);
            if offered.barrier() < path.barrier() {
                *path = offered;
            }
        }
        *above = *path;
        last = Some(*path);
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
