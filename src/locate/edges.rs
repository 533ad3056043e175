//! Where brightness or colour changes: the places through which the sides of a document may run.

use super::grid::Grid;
use super::small::Small;

/// A place on an edge, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Edge {
    pub x: f32,
    pub y: f32,
    /// Unit vector across the edge; its sign has no meaning.
    pub normal: [f32; 2],
    /// How much this place speaks for a side, 0 to 1.
    pub weight: f32,
}

/// A colour difference counts this much more than the same brightness difference: its range is smaller, and prints and
/// shadows change it less than the step from a document to what lies below.
const COLOR_WEIGHT: f32 = 1.5;

/// Change per cell, in levels of 0 to 255, at which an edge has half of its full weight. Saturating there lets a white
/// card on a white table, whose edge has 3 to 8 levels, stand beside black print.
const HALF_WEIGHT: f32 = 3.5;

/// Change per cell below which there is only noise.
const NOISE_FLOOR: f32 = 1.0;

/// Share of the surrounding change that is taken off: print and texture are surrounded by more of their kind, the side
/// of a document runs between two calm areas. Surround inhibition after Grigorescu, Petkov and Westenberg (2003).
const SURROUND_SHARE: f32 = 0.8;

/// Reach of the surroundings in cells.
const SURROUND_CELLS: usize = 6;

/// The strongest change of any channel at each cell, with its direction.
#[derive(Debug, Clone, Default)]
pub(super) struct Gradients {
    /// Change per cell in levels.
    pub strength: Grid<f32>,
    x: Grid<f32>,
    y: Grid<f32>,
}

impl Gradients {
    #[inline(never)]
    pub(super) fn new(small: &Small) -> Self {
        let (width, height) = (small.width(), small.height());
        let mut out =
            Self { strength: Grid::new(width, height), x: Grid::new(width, height), y: Grid::new(width, height) };
        if width == 0 {
            return out;
        }
        let channels = if small.has_color { small.channels.as_slice() } else { small.channels.get(..1).unwrap_or(&[]) };
        for (index, channel) in channels.iter().enumerate() {
            let weight = if index == 0 { 1.0 } else { COLOR_WEIGHT };
            out.add(channel, weight);
        }
        for strength in &mut out.strength.cells {
            *strength = strength.sqrt();
        }
        out
    }

    /// Sobel differences; keeps whichever channel changes most.
    fn add(&mut self, channel: &Grid<f32>, weight: f32) {
        let width = channel.width;
        let scale = weight / 8.0;
        let rows = self.strength.cells.chunks_exact_mut(width);
        let rows = rows.zip(self.x.cells.chunks_exact_mut(width)).zip(self.y.cells.chunks_exact_mut(width));
        for (y, ((strength, gx), gy)) in rows.enumerate() {
            let [above, here, below] = channel.rows_around(y);
            let [(a, b, c), (d, e, f), (g, h, i)] = [above, here, below].map(neighbours);
            let inner = strength.iter_mut().zip(gx).zip(gy).skip(1);
            let windows = a.iter().zip(b).zip(c).zip(d.iter().zip(e).zip(f)).zip(g.iter().zip(h).zip(i));
            for (((strength, gx), gy), ((((a, b), c), ((d, _), f)), ((g, h), i))) in inner.zip(windows) {
                let x = scale * ((c - a) + 2.0 * (f - d) + (i - g));
                let y = scale * ((g - a) + 2.0 * (h - b) + (i - c));
                let square = x * x + y * y;
                // Written so that it becomes vector instructions: all three are always stored.
                let is_stronger = square > *strength;
                *gx = if is_stronger { x } else { *gx };
                *gy = if is_stronger { y } else { *gy };
                *strength = if is_stronger { square } else { *strength };
            }
        }
    }
}

/// A row without its last two cells, without its first and last, and without its first two.
fn neighbours(row: &[f32]) -> (&[f32], &[f32], &[f32]) {
    let cut = |from: usize| row.get(from..(row.len() + from).saturating_sub(2)).unwrap_or_default();
    (cut(0), cut(1), cut(2))
}

/// The ridges of the gradient, thinned to one cell and moved to their sub-cell place.
#[inline(never)]
pub(super) fn edges(gradients: &Gradients) -> Vec<Edge> {
    let strength = &gradients.strength;
    let surround = strength.blurred(SURROUND_CELLS);
    let mut out = Vec::new();
    for y in 1..strength.height.saturating_sub(1) {
        let [above, here, below] = strength.rows_around(y).map(|row| row.windows(3));
        let values = gradients.x.row(y).iter().zip(gradients.y.row(y)).zip(surround.row(y)).skip(1);
        for (x, (((above, row), below), ((gx, gy), surround))) in above.zip(here).zip(below).zip(values).enumerate() {
            let (&[a, b, c], &[d, here, f], &[g, h, i]) = (above, row, below) else { continue };
            if here < NOISE_FLOOR {
                continue;
            }
            // The four neighbours on the way along the gradient: straight and diagonal, on both sides.
            let steep = gy.abs() > gx.abs();
            let (major, minor) = if steep { (gy, gx) } else { (gx, gy) };
            let [(before, before_aside), (after, after_aside)] = match (steep, (*gx >= 0.0) == (*gy >= 0.0)) {
                (true, true) => [(b, a), (h, i)],
                (true, false) => [(b, c), (h, g)],
                (false, true) => [(d, a), (f, i)],
                (false, false) => [(d, g), (f, c)],
            };
            let share = if *major == 0.0 { 0.0 } else { (minor / major).abs() };
            let mix = |straight: f32, aside: f32| straight * (1.0 - share) + aside * share;
            let (low, high) = (mix(before, before_aside), mix(after, after_aside));
            let (before, after) = if *major >= 0.0 { (low, high) } else { (high, low) };
            if here < before || here <= after {
                continue;
            }
            let own = here - SURROUND_SHARE * surround.min(here);
            let weight = own.max(0.15 * here);
            let weight = weight / (weight + HALF_WEIGHT);
            // The vertex of the parabola through the three values.
            let bend = before + after - 2.0 * here;
            let shift = if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 };
            let normal = [gx / here, gy / here];
            out.push(Edge {
                x: x as f32 + 1.5 + shift * normal[0],
                y: y as f32 + 0.5 + shift * normal[1],
                normal,
                weight,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Gradients, edges};
    use crate::locate::grid::Grid;
    use crate::locate::small::Small;

    fn step(at: f32, slope: f32) -> Small {
        let mut luma = Grid::new(40, 40);
        for y in 0..40 {
            for x in 0..40 {
                let across = x as f32 + 0.5 - at - slope * (y as f32 - 20.0);
                luma.set(x, y, 100.0 + 40.0 * across.clamp(-1.0, 1.0));
            }
        }
        let none = Grid { width: 40, height: 40, cells: vec![128.0; 1600] };
        Small { channels: [luma, none.clone(), none], cell_px: 1.0, has_color: true }
    }

    #[test]
    fn an_edge_is_found_at_its_place_whatever_its_slope() {
        for slope in [-0.7, -0.2, 0.0, 0.3, 0.9] {
            let found = edges(&Gradients::new(&step(20.3, slope)));
            assert!(found.len() >= 30, "{slope}: {}", found.len());
            for edge in found.iter().filter(|edge| (10.0..30.0).contains(&edge.y)) {
                let expected = 20.3 + slope * (edge.y - 0.5 - 20.0);
                let across = (edge.x - expected) / (1.0 + slope * slope).sqrt();
                assert!(across.abs() < 0.35, "{slope}: {edge:?} is {across} off");
            }
        }
    }

    #[test]
    fn a_flat_picture_has_no_edges() {
        assert!(edges(&Gradients::new(&step(500.0, 0.0))).is_empty());
        assert!(edges(&Gradients::new(&Small::default())).is_empty());
    }
}
