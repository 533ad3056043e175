//! The luma plane in blocks: mean, darkest and brightest pixel of each, from the decoder where it came by them, else in
//! one pass; the rest works on these.

use super::area::Area;
use crate::planes::{Plane, Planes, Thumbnail};

/// Side of a block in pictures with enough of them.
const SIDE_PX: usize = Thumbnail::CELL_PX;

/// Below this many blocks along the long side, blocks of half the side are used.
const FEW_BLOCKS: usize = 160;

/// One block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Block {
    pub(super) mean: u8,
    pub(super) darkest: u8,
    pub(super) brightest: u8,
}

/// Finds the darkest and the brightest pixel of blocks, one row of blocks after the other.
struct Ends {
    side_px: usize,
    lows: Vec<u8>,
    highs: Vec<u8>,
    found: Vec<[u8; 2]>,
}

impl Ends {
    fn new(columns: usize, side_px: usize) -> Self {
        let each = vec![0; columns * side_px];
        Self { side_px, lows: each.clone(), highs: each, found: Vec::with_capacity(columns) }
    }

    fn of_row(&mut self, luma: &Plane, row: usize) -> &[[u8; 2]] {
        // Down first, which goes many columns at a time.
        self.lows.fill(u8::MAX);
        self.highs.fill(0);
        for y in row * self.side_px..(row + 1) * self.side_px {
            for ((low, high), value) in self.lows.iter_mut().zip(&mut self.highs).zip(luma.row(y)) {
                *low = (*low).min(*value);
                *high = (*high).max(*value);
            }
        }
        let sides = self.lows.chunks_exact(self.side_px).zip(self.highs.chunks_exact(self.side_px));
        self.found.clear();
        self.found
            .extend(sides.map(|(low, high)| {
                [low.iter().copied().fold(u8::MAX, u8::min), high.iter().copied().fold(0, u8::max)]
            }));
        &self.found
    }
}

/// Every whole block of a plane, row by row. What is left at the right and lower edge belongs to none.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Side of a block in pixels: 8, 4 or 2.
    pub(super) side_px: usize,
    pub(super) columns: usize,
    pub(super) blocks: Vec<Block>,
    /// Which blocks lie in the area that is looked at.
    pub(super) inside: Vec<bool>,
}

impl Blocks {
    #[inline(never)]
    pub(super) fn new(planes: &Planes, area: &Area) -> Self {
        let luma = &planes.luma;
        let long = luma.width_px.max(luma.height_px);
        let side_px = if long >= FEW_BLOCKS * SIDE_PX {
            SIDE_PX
        } else if long >= FEW_BLOCKS * SIDE_PX / 2 {
            SIDE_PX / 2
        } else {
            SIDE_PX / 4
        };
        let (columns, rows) = (luma.width_px / side_px, luma.height_px / side_px);
        // The thumbnail has the means of the largest blocks already.
        let own;
        let means = if side_px == Thumbnail::CELL_PX {
            &planes.thumbnail.luma
        } else {
            own = luma.mean_of_squares(side_px);
            &own
        };
        let known = if side_px == Thumbnail::CELL_PX { planes.thumbnail.ends.as_slice() } else { &[] };
        let mut blocks = Vec::with_capacity(columns * rows);
        let mut inside = Vec::with_capacity(columns * rows);
        let mut ends = Ends::new(columns, side_px);
        for row in 0..rows {
            let ends = match known.get(row * means.stride..) {
                Some(ends) if ends.len() >= columns => ends,
                _ => ends.of_row(luma, row),
            };
            blocks.extend(ends.iter().zip(means.row(row)).take(columns).map(|([darkest, brightest], mean)| Block {
                mean: *mean,
                darkest: *darkest,
                brightest: *brightest,
            }));
            let (from, to) = area.span((row as f64 + 0.5) * side_px as f64).unwrap_or((0.0, 0.0));
            // The blocks whose middle lies in the span.
            let first = |x: f64| ((x / side_px as f64 - 0.5).ceil().max(0.0) as usize).min(columns);
            let (from, to) = (first(from), first(to));
            inside.extend((0..columns).map(|column| (from..to).contains(&column)));
        }
        Self { side_px, columns, blocks, inside }
    }

    /// Blocks of the area with their column and row.
    pub(super) fn within(&self) -> impl Iterator<Item = (usize, usize, Block)> {
        let columns = self.columns.max(1);
        let rows = self.blocks.chunks(columns).zip(self.inside.chunks(columns)).enumerate();
        rows.flat_map(|(row, (blocks, inside))| {
            let inside = blocks.iter().zip(inside).enumerate().filter(|(_, (_, inside))| **inside);
            inside.map(move |(column, (block, _))| (column, row, *block))
        })
    }

    /// The block at a place, if there is one.
    pub(super) fn at(&self, column: usize, row: usize) -> Option<Block> {
        if column >= self.columns {
            return None;
        }
        self.blocks.get(row * self.columns + column).copied()
    }

    /// Luma pixels that a range of blocks covers, as left, top, right, bottom.
    pub(super) fn pixels(&self, [c0, r0, c1, r1]: [usize; 4]) -> [f64; 4] {
        [c0, r0, c1 + 1, r1 + 1].map(|n| (n * self.side_px) as f64)
    }
}

#[cfg(test)]
mod tests {
    use jpeg_encoder::{ColorType, Encoder};

    use super::Blocks;
    use crate::decode::decode;
    use crate::file::read_facts;
    use crate::limits::DecodeLimits;
    use crate::measure::area::Area;

    #[test]
    fn the_decoder_comes_by_the_same_darkest_and_brightest_pixels() {
        // Not whole blocks, and with flat ones.
        let (width, height) = (1301u16, 45u16);
        let value = |x: u32, y: u32| if x < 40 { 90 } else { (x * 37 + y * y * 11 + x * y) as u8 };
        let samples: Vec<u8> =
            (0..u32::from(height)).flat_map(|y| (0..u32::from(width)).map(move |x| value(x, y))).collect();
        let mut file = Vec::new();
        Encoder::new(&mut file, 90).encode(&samples, width, height, ColorType::Luma).unwrap();
        let mut planes = decode(&file, &read_facts(&file, file.len() as u64), &DecodeLimits::default()).unwrap();
        let area = Area::new(&planes, None);
        assert!(planes.thumbnail.ends.iter().any(|[darkest, brightest]| brightest - darkest > 100));
        let known = Blocks::new(&planes, &area).blocks;
        planes.thumbnail.ends.clear();
        assert_eq!(known, Blocks::new(&planes, &area).blocks);
        assert_eq!(known.len(), 162 * 5);
    }
}
