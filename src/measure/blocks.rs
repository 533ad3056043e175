//! The luma plane in blocks: mean, darkest and brightest pixel of each. One pass; the rest works on these.

use super::area::Area;
use crate::planes::Plane;

/// Side of a block in pictures with enough of them.
const SIDE_PX: usize = 8;

/// Below this many blocks along the long side, blocks of half the side are used.
const FEW_BLOCKS: usize = 160;

/// One block.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Block {
    pub(super) mean: u8,
    pub(super) darkest: u8,
    pub(super) brightest: u8,
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
    pub(super) fn new(luma: &Plane, area: &Area) -> Self {
        let long = luma.width_px.max(luma.height_px);
        let side_px = if long >= FEW_BLOCKS * SIDE_PX {
            SIDE_PX
        } else if long >= FEW_BLOCKS * SIDE_PX / 2 {
            SIDE_PX / 2
        } else {
            SIDE_PX / 4
        };
        let (columns, rows) = (luma.width_px / side_px, luma.height_px / side_px);
        let used = columns * side_px;
        let mut blocks = Vec::with_capacity(columns * rows);
        let mut inside = Vec::with_capacity(columns * rows);
        let mut sums = vec![0_u16; used];
        let mut lows = vec![0_u8; used];
        let mut highs = vec![0_u8; used];
        for row in 0..rows {
            sums.fill(0);
            lows.fill(u8::MAX);
            highs.fill(0);
            for y in row * side_px..(row + 1) * side_px {
                let line = luma.row(y);
                for ((sum, (low, high)), v) in sums.iter_mut().zip(lows.iter_mut().zip(&mut highs)).zip(line) {
                    *sum += u16::from(*v);
                    *low = (*low).min(*v);
                    *high = (*high).max(*v);
                }
            }
            let area_px = (side_px * side_px) as u32;
            let parts = sums.chunks_exact(side_px).zip(lows.chunks_exact(side_px)).zip(highs.chunks_exact(side_px));
            blocks.extend(parts.map(|((sum, low), high)| Block {
                mean: ((sum.iter().map(|s| u32::from(*s)).sum::<u32>() + area_px / 2) / area_px) as u8,
                darkest: low.iter().copied().min().unwrap_or(0),
                brightest: high.iter().copied().max().unwrap_or(0),
            }));
            let span = area.span((row as f64 + 0.5) * side_px as f64).unwrap_or((0.0, 0.0));
            inside.extend((0..columns).map(|column| {
                let x = (column as f64 + 0.5) * side_px as f64;
                span.0 <= x && x < span.1
            }));
        }
        Self { side_px, columns, blocks, inside }
    }

    /// Blocks of the area with their column and row.
    pub(super) fn within(&self) -> impl Iterator<Item = (usize, usize, Block)> {
        let columns = self.columns.max(1);
        let all = self.blocks.iter().zip(&self.inside).enumerate();
        all.filter(|(_, (_, inside))| **inside).map(move |(n, (block, _))| (n % columns, n / columns, *block))
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
