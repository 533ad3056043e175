//! Mirrored lamps: patches where the print is burnt out, brighter than the paper around, with a soft rim.
//!
//! White paper is as bright as its surroundings, a white field printed on a card has a hard rim, and an overexposed
//! photo is white all over; none of them is glare.

use std::collections::VecDeque;

use super::area::{Area, displayed_box};
use super::blocks::Blocks;
use super::histogram::Histogram;
use crate::photo_facts::Glare;
use crate::planes::Planes;

/// A block counts as burnt out from this mean on...
const BURNT_MEAN: u8 = 250;

/// ...when even its darkest pixel is this bright: print has vanished.
const BURNT_DARKEST: u8 = 238;

/// Glare stands out from the paper by at least this much, of 255.
const MIN_STEP: i32 = 10;

/// Patches of fewer blocks are specks.
const MIN_BLOCKS: usize = 5;

/// Distance from a patch at which its light has not yet faded.
const RIM_PX: usize = 16;

/// At this share of the step between paper and patch, a block of the rim still has mirrored light.
const LIT_SHARE: i32 = 4;

/// Patches that are looked at; more of them are texture.
const MAX_PATCHES: usize = 4096;

/// Finds the largest patch of glare in the area, and how much of the area all of them cover.
#[inline(never)]
pub(super) fn measure(planes: &Planes, area: &Area, blocks: &Blocks) -> Glare {
    let mut paper = Histogram::new();
    let mut total = 0_usize;
    for (.., block) in blocks.within() {
        total += 1;
        paper.add(block.mean);
    }
    // Three quarters of a document are darker than its paper or as bright: print, pictures, paper itself.
    let paper = paper.quantile(0.75).unwrap_or(0);
    let mut glare = Glare { on_document: area.is_document(), ..Glare::default() };
    if total == 0 || i32::from(BURNT_MEAN) - i32::from(paper) < MIN_STEP {
        return glare;
    }
    let burnt: Vec<bool> = blocks
        .blocks
        .iter()
        .zip(&blocks.inside)
        .map(|(block, inside)| *inside && block.mean >= BURNT_MEAN && block.darkest >= BURNT_DARKEST)
        .collect();
    let mut seen = vec![false; burnt.len()];
    let mut largest: Option<(usize, [usize; 4], f64)> = None;
    let mut covered = 0;
    let mut patches = 0;
    for start in 0..burnt.len() {
        if !burnt.get(start).copied().unwrap_or(false) || seen.get(start).copied().unwrap_or(true) {
            continue;
        }
        patches += 1;
        if patches > MAX_PATCHES {
            break;
        }
        let patch = flood(blocks, &burnt, &mut seen, start);
        if patch.len() < MIN_BLOCKS {
            continue;
        }
        let softness = rim_softness(blocks, &burnt, &patch, i32::from(paper));
        if softness < SOFT_RIM {
            continue;
        }
        covered += patch.len();
        if largest.as_ref().is_none_or(|(size, ..)| *size < patch.len()) {
            let bounds = patch.iter().fold([usize::MAX, usize::MAX, 0, 0], |[a, b, c, d], (x, y)| {
                [a.min(*x), b.min(*y), c.max(*x), d.max(*y)]
            });
            largest = Some((patch.len(), bounds, softness));
        }
    }
    glare.share = covered as f64 / total as f64;
    if let Some((size, bounds, softness)) = largest {
        glare.largest_share = size as f64 / total as f64;
        glare.rim_softness = Some(softness);
        glare.region = Some(displayed_box(planes, blocks.pixels(bounds)));
    }
    glare
}

/// Share of the rim that has to have mirrored light: half of it may lie on print or end at the document's edge.
const SOFT_RIM: f64 = 0.4;

fn flood(blocks: &Blocks, burnt: &[bool], seen: &mut [bool], start: usize) -> Vec<(usize, usize)> {
    let columns = blocks.columns.max(1);
    let mut patch = Vec::new();
    let mut queue = VecDeque::from([start]);
    if let Some(mark) = seen.get_mut(start) {
        *mark = true;
    }
    while let Some(n) = queue.pop_front() {
        let (column, row) = (n % columns, n / columns);
        patch.push((column, row));
        let sides = [
            (column > 0).then(|| n - 1),
            (column + 1 < columns).then_some(n + 1),
            n.checked_sub(columns),
            Some(n + columns),
        ];
        for next in sides.into_iter().flatten() {
            if burnt.get(next).copied().unwrap_or(false)
                && let Some(mark) = seen.get_mut(next).filter(|mark| !**mark)
            {
                *mark = true;
                queue.push_back(next);
            }
        }
    }
    patch
}

/// Share of the places beside the patch that are brighter than paper: mirrored light fades over a distance.
fn rim_softness(blocks: &Blocks, burnt: &[bool], patch: &[(usize, usize)], paper: i32) -> f64 {
    let lit_from = paper + (i32::from(BURNT_MEAN) - paper) / LIT_SHARE;
    let rim = (RIM_PX / blocks.side_px.max(1)).max(2) as isize;
    let (mut lit, mut all) = (0_u32, 0_u32);
    for (column, row) in patch {
        let steps = [(1, 0), (-1, 0), (0, 1), (0, -1)];
        for (dx, dy) in steps {
            let at = |steps: isize| {
                let x = column.checked_add_signed(dx * steps)?;
                let y = row.checked_add_signed(dy * steps)?;
                let n = y * blocks.columns + x;
                let inside = x < blocks.columns && blocks.inside.get(n).copied().unwrap_or(false);
                inside.then(|| (blocks.at(x, y), burnt.get(n).copied().unwrap_or(false)))
            };
            // Only where the patch ends on this side.
            let Some((_, false)) = at(1) else { continue };
            let Some((Some(block), false)) = at(rim) else { continue };
            all += 1;
            lit += u32::from(i32::from(block.mean) >= lit_from);
        }
    }
    f64::from(lit) / f64::from(all.max(1))
}
