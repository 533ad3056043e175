//! Looks again, closer, at the part of the picture where the net believes the document to be.
//!
//! The net sees 192 pixels along the long side. A sheet that takes a third of a desk has 60 of them, too few to tell it
//! from the stack that it lies on.

use super::grid::Grid;
use super::net;
use super::score::{Learned, Maps};
use super::small::Small;
use crate::geometry::{self, Quad};
use crate::order::sort_by;

/// How much wider than the guess the part is that is looked at. Without ground around it, a document is not seen as such.
const AROUND: f64 = 1.4;

/// A part of more than this share of what was seen before shows nothing new.
const NEWS_SHARE: f64 = 0.8;

/// Narrower parts, in cells of [`Small`], have no more to show.
const LEAST_CELLS: usize = 96;

/// Looks in all, the first one at the whole picture. The fourth finds no more of 1,153 rendered photos (even seeds), nor of 150
/// stacks of `train/render.py`; one of the three real desks at hand is found with it.
const LOOKS: usize = 4;

/// Guesses of a look that are followed.
const FOLLOWED: usize = 2;

/// Guesses of all looks that are kept: every one costs lines to combine.
const KEPT: usize = 6;

/// A guess that covers the region this well (intersection over union) needs no closer look: it is one sheet on a ground
/// that differs. Of the 40 photos of train/README.md, those with less are the ones in clutter and some close-ups.
const CLEAR_COVER: f32 = 0.95;

/// What the net sees in a part of the picture.
struct Look {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    maps: Maps,
}

impl Look {
    fn at(small: &Small, [left, top, width, height]: [usize; 4]) -> Option<(Self, net::Seen)> {
        let [luma, cb, cr] = small.channels.each_ref().map(|grid| part(grid, left, top, width, height));
        let seen = net::see([&luma, &cb, &cr], width, height)?;
        Some((Self { left, top, width, height, maps: Maps::new(&seen) }, seen))
    }

    /// From shares of the part to cells of the picture.
    fn cells(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.left as f64 + x * self.width as f64, self.top as f64 + y * self.height as f64]
    }

    fn place(&self) -> [usize; 4] {
        [self.left, self.top, self.width, self.height]
    }

    /// Whether all of a quad is in the part.
    fn shows(&self, quad: &Quad) -> bool {
        let (left, top) = (self.left as f64, self.top as f64);
        let (right, bottom) = (left + self.width as f64, top + self.height as f64);
        quad.iter().all(|[x, y]| *x >= left && *y >= top && *x <= right && *y <= bottom)
    }
}

fn part(grid: &Grid<f32>, left: usize, top: usize, width: usize, height: usize) -> Vec<f32> {
    let rows: Vec<&[f32]> =
        (top..top + height).map(|y| grid.row(y).get(left..left + width).unwrap_or_default()).collect();
    rows.concat()
}

/// What the net sees, from afar and closer.
pub(super) struct Looks {
    looks: Vec<Look>,
    /// Quads that explain what was seen in cells of [`Small`], the best first.
    pub guesses: Vec<Quad>,
}

impl Looks {
    pub(super) fn new(small: &Small) -> Self {
        let (width, height) = (small.width(), small.height());
        let mut out = Self { looks: Vec::new(), guesses: Vec::new() };
        let mut next = vec![[0, 0, width, height]];
        let mut found: Vec<(Quad, f32)> = Vec::new();
        while let Some(place) = next.pop()
            && out.looks.len() < LOOKS
        {
            let Some((look, seen)) = Look::at(small, place) else { continue };
            let guesses = net::guesses(&seen);
            let is_clear = guesses.first().is_some_and(|guess| guess.cover >= CLEAR_COVER);
            // What comes last is looked at first: all that may belong to the document, then what explains it best.
            let quads = guesses.iter().take(FOLLOWED).rev().map(|guess| guess.quad);
            let parts =
                quads
                    .chain(net::extent(&seen).map(|[left, top, right, bottom]| {
                        [[left, top], [right, top], [right, bottom], [left, bottom]]
                    }));
            let parts: Vec<_> = parts.map(|quad| around(&quad.map(|point| look.cells(point)), small)).collect();
            found.extend(
                guesses.iter().map(|guess| (guess.quad.map(|point| look.cells(point)), guess.cover * guess.sides)),
            );
            out.looks.push(look);
            for part in parts.into_iter().filter(|_| !is_clear) {
                let is_known = |known: [usize; 4]| overlap(&known, &part) > NEWS_SHARE;
                if part[2].max(part[3]) > LEAST_CELLS && !out.looks.iter().map(Look::place).any(is_known) {
                    next.retain(|known| !is_known(*known));
                    next.push(part);
                }
            }
        }
        sort_by(&mut found, |a, b| b.1.total_cmp(&a.1));
        out.guesses = found.into_iter().take(KEPT).map(|(quad, _)| quad).collect();
        out
    }

    /// The maps of the whole picture.
    pub(super) fn whole(&self) -> Option<&Maps> {
        self.looks.first().map(|look| &look.maps)
    }

    /// What the second look says about a quad that it shows wholly, else the first one.
    ///
    /// Later looks only propose: they look at a guess, and a picture cut to half a sheet makes the half look whole.
    pub(super) fn judge(&self, quad: &Quad, is_frame: [bool; 4]) -> Option<Learned> {
        let look = self.looks.get(1).filter(|look| look.shows(quad)).or(self.looks.first())?;
        let moved = quad.map(|[x, y]| [x - look.left as f64, y - look.top as f64]);
        Some(look.maps.judge(&moved, is_frame, look.width, look.height))
    }
}

/// Left, top, width and height of the part around a quad.
fn around(quad: &Quad, small: &Small) -> [usize; 4] {
    let side = |axis: usize, size: usize| {
        let values = quad.map(|point| point.get(axis).copied().unwrap_or_default());
        let (low, high) = values.into_iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        (low, high, size as f64)
    };
    let ends = [side(0, small.width()), side(1, small.height())];
    let longest = ends.iter().map(|(low, high, _)| high - low).fold(0.0, f64::max);
    let [(left, width), (top, height)] = ends.map(|(low, high, size)| {
        // Far longer than wide is not what the net knows.
        let length = (high - low).max(0.6 * longest) * AROUND;
        let middle = (low + high) / 2.0;
        let from = geometry::within(middle - length / 2.0, 0.0, size).round();
        let to = geometry::within(middle + length / 2.0, 0.0, size).round();
        (from as usize, (to - from) as usize)
    });
    [left, top, width, height]
}

/// Intersection over union.
fn overlap(a: &[usize; 4], b: &[usize; 4]) -> f64 {
    let quad = |[left, top, width, height]: &[usize; 4]| {
        let (left, top) = (*left as f64, *top as f64);
        let (right, bottom) = (left + *width as f64, top + *height as f64);
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    };
    geometry::intersection_over_union(&quad(a), &quad(b))
}
