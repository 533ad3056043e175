//! How sharp the print is: the distance over which strong edges rise from 10 % to 90 % of their height.
//!
//! Lines of pixels across the document are cut into rises and falls wherever the brightness turns back by more than
//! noise does; each strong one is an edge with a height, a width and a direction. Weak edges (noise, texture, guilloche)
//! do not count, so neither noise nor contrast nor the amount of text moves the result. The idea of measuring widths of
//! edges is that of P. Marziliano et al., "A no-reference perceptual blur metric" (ICIP 2002); 10 % and 90 % are those
//! of ISO 12233.

use std::ops::Range;

use super::area::{Area, displayed_box};
use super::histogram::quantile;
use crate::photo_facts::Sharpness;
use crate::planes::{Plane, Planes};

/// Tiles along the long side of the area.
const TILES: f64 = 20.0;

/// Side of a tile in pixels: enough for a line of print, few enough to show where a photo is blurred.
const MIN_TILE_PX: f64 = 32.0;
const MAX_TILE_PX: f64 = 256.0;

/// Pixels read along lines in each of both directions; larger areas are read in fewer lines.
const SAMPLED_PX: f64 = 200_000.0;

/// Distance of the lines in pixels at most: print that can be read on a photo of 12 megapixels is about as high, and tiles
/// have five lines each way.
const MAX_LINE_DISTANCE_PX: f64 = 48.0;

/// Values are kept in quarters, since three lines are averaged 1:2:1.
const UNIT: i32 = 4;

/// The least height of an edge, of 255; softer ones are texture.
const MIN_HEIGHT: f64 = 14.0;

/// An edge is at least this many times as high as the noise.
const HEIGHT_PER_NOISE: f64 = 6.0;

/// Edges count in a tile from this share of the tile's own strong edges on.
const STRONG_SHARE: f64 = 0.5;

/// Tiles count from this share of the strongest tiles on: print does, paper structure does not.
const PRINT_SHARE: f64 = 0.4;

/// Fewer strong edges in a tile say nothing.
const MIN_EDGES: usize = 12;

/// Of the strong edges of a tile the sharper ones decide: blur widens all of them, ramps of a drawing only themselves.
const TILE_QUANTILE: f64 = 0.3;

/// Directions that are told apart.
const DIRECTIONS: usize = 4;

/// Fewer edges in one direction say nothing about it. A shaken camera wipes most edges out that lie across its path: of
/// 60 rendered photos six kept fewer than 100.
const MIN_EDGES_PER_DIRECTION: usize = 40;

struct Edge {
    height: f32,
    width: f32,
    direction: usize,
}

struct Tile {
    bounds: [f64; 4],
    /// 90 % quantile of the heights of its edges, of 255.
    height: f64,
    width: f64,
}

/// Distances between neighbouring edges.
#[derive(Default)]
struct Strokes {
    widths: Vec<f32>,
}

/// Measures the sharpness of what is printed in the area; `None` where there is too little print.
#[inline(never)]
pub(super) fn measure(planes: &Planes, area: &Area, noise_sigma: f64) -> Option<Sharpness> {
    let luma = &planes.luma;
    let [left, top, right, bottom] = area.bounds();
    let side = ((right - left).max(bottom - top) / TILES).clamp(MIN_TILE_PX, MAX_TILE_PX);
    let (columns, rows) = (((right - left) / side).ceil() as usize, ((bottom - top) / side).ceil() as usize);
    let step = ((right - left) * (bottom - top) / SAMPLED_PX).round().clamp(1.0, MAX_LINE_DISTANCE_PX) as usize;
    let floor = MIN_HEIGHT.max(HEIGHT_PER_NOISE * noise_sigma);

    let mut tiles = Vec::new();
    let mut by_direction: [Vec<(f32, f32)>; DIRECTIONS] = Default::default();
    let mut strokes = Strokes::default();
    let mut edges = Vec::new();
    let mut scan = Scan::default();
    let mut upright = Upright::default();
    for row in 0..rows {
        for column in 0..columns {
            let (x0, y0) = (left + column as f64 * side, top + row as f64 * side);
            let bounds = [x0, y0, (x0 + side).min(right), (y0 + side).min(bottom)];
            if !area.contains([(bounds[0] + bounds[2]) / 2.0, (bounds[1] + bounds[3]) / 2.0]) {
                continue;
            }
            edges.clear();
            let [x0, y0, x1, y1] = bounds.map(|v| v as usize);
            for y in (y0 + 1..y1.min(luma.height_px.saturating_sub(1))).step_by(step) {
                scan.read_row(luma, y, within(x0..x1, area.span(y as f64)));
                scan.edges(floor, false, &mut edges, &mut strokes);
            }
            let columns_px: Vec<usize> = (x0 + 1..x1.min(luma.width_px.saturating_sub(1))).step_by(step).collect();
            upright.read(luma, &columns_px, y0..y1);
            for (x, triples) in columns_px.iter().zip(upright.lines()) {
                let seen = within(y0..y1, area.span_down(*x as f64));
                scan.fill_upright(triples.get(seen.start - y0..seen.end - y0).unwrap_or_default());
                scan.edges(floor, true, &mut edges, &mut strokes);
            }
            if edges.len() < MIN_EDGES {
                continue;
            }
            let heights: Vec<f32> = edges.iter().map(|edge| edge.height).collect();
            let height = quantile(&heights, 0.9)?;
            let strong = |edge: &&Edge| f64::from(edge.height) >= STRONG_SHARE * height;
            let widths: Vec<f32> = edges.iter().filter(strong).map(|edge| edge.width).collect();
            let width = quantile(&widths, TILE_QUANTILE)?;
            // Also those that a motion has flattened beside the others of their tile.
            for edge in &edges {
                if let Some(of_direction) = by_direction.get_mut(edge.direction) {
                    of_direction.push((edge.height, edge.width));
                }
            }
            tiles.push(Tile { bounds, height, width });
        }
    }
    summarize(planes, &tiles, by_direction, strokes)
}

/// The part of a line that lies in the area.
fn within(line: Range<usize>, span: Option<(f64, f64)>) -> Range<usize> {
    let (low, high) = span.unwrap_or((0.0, 0.0));
    let start = line.start.max(low.ceil() as usize);
    start..line.end.min(high as usize).max(start)
}

fn summarize(
    planes: &Planes,
    tiles: &[Tile],
    by_direction: [Vec<(f32, f32)>; DIRECTIONS],
    strokes: Strokes,
) -> Option<Sharpness> {
    let scale = f64::from(planes.scale_denominator.max(1));
    let heights: Vec<f32> = tiles.iter().map(|tile| tile.height as f32).collect();
    let strongest = quantile(&heights, 0.9)?;
    let printed: Vec<&Tile> = tiles.iter().filter(|tile| tile.height >= PRINT_SHARE * strongest).collect();
    let widths: Vec<f32> = printed.iter().map(|tile| tile.width as f32).collect();
    let edge_width_px = scale * quantile(&widths, 0.5)?;
    let sharpest_px = scale * quantile(&widths, 0.15)?;
    let softest_px = scale * quantile(&widths, 0.85)?;

    let soft: Vec<&&Tile> =
        printed.iter().filter(|tile| scale * tile.width >= softest_px.min(1.6 * sharpest_px)).collect();
    let softest_region = soft
        .iter()
        .map(|tile| tile.bounds)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);

    let mut directions = [None; DIRECTIONS];
    for (found, edges) in directions.iter_mut().zip(by_direction) {
        let widths: Vec<f32> =
            edges.iter().filter(|(h, _)| f64::from(*h) >= PRINT_SHARE * strongest).map(|(_, w)| *w).collect();
        if widths.len() >= MIN_EDGES_PER_DIRECTION {
            *found = quantile(&widths, TILE_QUANTILE);
        }
    }
    let of = |pick: fn(f64, f64) -> f64| directions.iter().flatten().copied().reduce(pick);
    let motion_ratio = of(f64::max).zip(of(f64::min)).map(|(widest, narrowest)| widest / narrowest.max(0.1));
    let widest = directions.iter().enumerate().filter_map(|(n, width)| width.map(|width| (n, width)));
    let direction = widest.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(n, _)| 180.0 * n as f64 / DIRECTIONS as f64);
    let turned = matches!(planes.exif_orientation, 5..=8);
    let mirrored = matches!(planes.exif_orientation, 2 | 4 | 5 | 7);
    let motion_direction_deg = direction.map(|deg| {
        let deg = if mirrored { 180.0 - deg } else { deg };
        let deg = if turned { deg + 90.0 } else { deg };
        if deg >= 180.0 { deg - 180.0 } else { deg }
    });
    Some(Sharpness {
        edge_width_px,
        sharpest_px,
        softest_px,
        softest_region: softest_region.map(|bounds| displayed_box(planes, bounds)),
        softest_share: soft.len() as f64 / printed.len().max(1) as f64,
        printed_tiles: printed.len() as u32,
        print_height: strongest,
        stroke_width_px: quantile(&strokes.widths, 0.5).map(|width| width * scale),
        motion_ratio,
        widest_direction_px: of(f64::max).map(|width| width * scale),
        motion_direction_deg,
    })
}

/// Upright lines of pixels of a tile, each with its neighbours left and right. They are read row by row, since a column
/// of a large picture is as far apart in memory as can be.
#[derive(Default)]
struct Upright {
    length_px: usize,
    triples: Vec<[u8; 3]>,
}

impl Upright {
    #[inline(never)]
    fn read(&mut self, luma: &Plane, columns_px: &[usize], rows_px: Range<usize>) {
        let rows_px = rows_px.start..rows_px.end.min(luma.height_px).max(rows_px.start);
        self.length_px = rows_px.len();
        self.triples.clear();
        self.triples.resize(columns_px.len() * self.length_px, [0; 3]);
        for (place, y) in rows_px.enumerate() {
            let row = luma.row(y);
            for (triple, x) in self.triples.iter_mut().skip(place).step_by(self.length_px).zip(columns_px) {
                if let Some(found) = row.get(x.wrapping_sub(1)..).and_then(|rest| rest.first_chunk()) {
                    *triple = *found;
                }
            }
        }
    }

    fn lines(&self) -> impl Iterator<Item = &[[u8; 3]]> {
        self.triples.chunks_exact(self.length_px.max(1))
    }
}

/// One line of pixels, averaged over three, and how the brightness changes across it.
#[derive(Default)]
struct Scan {
    line: Vec<i32>,
    across: Vec<i32>,
}

impl Scan {
    fn read_row(&mut self, luma: &Plane, y: usize, x: Range<usize>) {
        let part = |y: usize| luma.row(y).get(x.clone()).unwrap_or_default();
        self.fill(part(y.wrapping_sub(1)), part(y), part(y + 1));
    }

    fn fill(&mut self, before: &[u8], here: &[u8], after: &[u8]) {
        self.line.clear();
        self.across.clear();
        let triples = before.iter().zip(here).zip(after);
        self.line.extend(triples.clone().map(|((a, b), c)| i32::from(*a) + 2 * i32::from(*b) + i32::from(*c)));
        self.across.extend(triples.map(|((a, _), c)| 2 * (i32::from(*c) - i32::from(*a))));
    }

    fn fill_upright(&mut self, triples: &[[u8; 3]]) {
        self.line.clear();
        self.across.clear();
        self.line.extend(triples.iter().map(|[a, b, c]| i32::from(*a) + 2 * i32::from(*b) + i32::from(*c)));
        self.across.extend(triples.iter().map(|[a, _, c]| 2 * (i32::from(*c) - i32::from(*a))));
    }

    /// Finds the edges of the line that are at least `floor` high.
    #[inline(never)]
    fn edges(&self, floor: f64, upright: bool, edges: &mut Vec<Edge>, strokes: &mut Strokes) {
        let floor = (floor * f64::from(UNIT)) as i32;
        // Brightness that turns back by less than half of the least edge is part of the same rise or fall.
        let slack = floor / 2;
        let mut values = self.line.iter().copied().enumerate();
        let Some((_, first)) = values.next() else { return };
        let (mut low, mut high) = ((0, first), (0, first));
        let mut rising = None;
        let mut last_fall: Option<f32> = None;
        for (n, v) in values {
            match rising {
                None => {
                    if v < low.1 {
                        low = (n, v);
                    }
                    if v > high.1 {
                        high = (n, v);
                    }
                    if v - low.1 > slack {
                        rising = Some(true);
                        high = (n, v);
                    } else if high.1 - v > slack {
                        rising = Some(false);
                        low = (n, v);
                    }
                }
                Some(true) => {
                    if v >= high.1 {
                        high = (n, v);
                    } else if high.1 - v > slack {
                        if high.1 - low.1 >= floor {
                            let middle = self.edge(low, high, upright, edges);
                            if let (Some(from), Some(to)) = (last_fall, middle) {
                                strokes.widths.push(to - from);
                            }
                        }
                        last_fall = None;
                        rising = Some(false);
                        low = (n, v);
                    }
                }
                Some(false) => {
                    if v <= low.1 {
                        low = (n, v);
                    } else if v - low.1 > slack {
                        if high.1 - low.1 >= floor {
                            last_fall = self.edge(high, low, upright, edges);
                        }
                        rising = Some(true);
                        high = (n, v);
                    }
                }
            }
        }
    }

    /// Records the edge between two turning points and gives the place where it has half of its height.
    fn edge(
        &self,
        (i0, v0): (usize, i32),
        (i1, v1): (usize, i32),
        upright: bool,
        edges: &mut Vec<Edge>,
    ) -> Option<f32> {
        let part = self.line.get(i0..=i1)?;
        let height = v1 - v0;
        let is_rise = height > 0;
        let slopes = part.iter().zip(part.iter().skip(1)).map(|(a, b)| if is_rise { b - a } else { a - b });
        let steepest = slopes.enumerate().max_by_key(|(_, slope)| *slope)?.0;
        let crossing = |share: f32| {
            let level = v0 as f32 + share * height as f32;
            let passed = |v: i32| if is_rise { v as f32 >= level } else { v as f32 <= level };
            let before = if share < 0.5 {
                part.get(..=steepest)?.iter().rposition(|v| !passed(*v)).unwrap_or(0)
            } else {
                let next = part.get(steepest + 1..)?.iter().position(|v| passed(*v));
                steepest + next.unwrap_or(part.len().saturating_sub(steepest + 2))
            };
            let (a, b) = (*part.get(before)? as f32, *part.get(before + 1)? as f32);
            Some(before as f32 + if a == b { 0.5 } else { ((level - a) / (b - a)).clamp(0.0, 1.0) })
        };
        let (from, middle, to) = (crossing(0.1)?, crossing(0.5)?, crossing(0.9)?);
        let along = (part.get(steepest + 1)? - part.get(steepest)?) as f32;
        let across = self.across.get(i0 + steepest..i0 + steepest + 2)?.iter().sum::<i32>() as f32 / 4.0;
        // Edges that run rather along the line are met by lines of the other direction.
        if across.abs() <= along.abs() * 1.1 {
            // `f32::hypot` guards against what no difference of brightness is, and takes its time for it.
            let cos = along.abs() / (along * along + across * across).sqrt().max(1e-6);
            let slant = across / along;
            let direction = if slant.abs() < 0.414 {
                if upright { 2 } else { 0 }
            } else if slant > 0.0 {
                1
            } else {
                3
            };
            edges.push(Edge { height: height.abs() as f32 / UNIT as f32, width: (to - from) * cos, direction });
        }
        Some(i0 as f32 + middle)
    }
}
