//! Moves the sides of a quad to where the picture changes most, to a fraction of a pixel.

use super::lines::Moments;
use crate::geometry::{self, Point, Quad};
use crate::planes::{Plane, Planes};

/// Places along a side at which the picture is read.
const STATIONS: usize = 40;

/// Share of a side left out at each end: the rounded corner of a card (3.18 mm of 54 mm) and folded corners of paper.
const END_SHARE: f64 = 0.08;

/// Changes that are kept of each station.
const PEAKS: usize = 3;

/// Change of brightness or colour, in levels per step, at which an edge counts half.
const HALF_WEIGHT: f32 = 4.0;

/// What a side looks like after its refinement.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct SideFit {
    /// Share of the visible stations that lie on the line, 0 to 1.
    pub inliers: f32,
    /// Root mean square distance of those from the line, in luma pixels.
    pub rms_px: f32,
}

/// A refined quad in pixels of the luma plane.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refined {
    pub quad: Quad,
    pub sides: [SideFit; 4],
}

/// Fits each side within `reach_px` of where it is; `fixed` sides stay.
///
/// Stations are read across the side, each the mean of a few samples along it. The line through two stations that most
/// others agree with is chosen, which tolerates fingers, pens and shadows over up to half of the side, and then moved to
/// the least squares of those. Corners are where the lines meet, so that rounded corners come out as if they were not.
#[inline(never)]
pub(super) fn refine(planes: &Planes, quad: &Quad, fixed: [bool; 4], reach_px: f64) -> Refined {
    let mut current = *quad;
    let mut sides = [SideFit::default(); 4];
    // The second pass reads finer and nearer.
    for reach_px in [reach_px, (reach_px / 3.0).max(2.5)] {
        let ends = geometry::sides(&current);
        let mut lines = ends;
        for (((line, ends), fixed), fit) in lines.iter_mut().zip(ends).zip(fixed).zip(&mut sides) {
            if !fixed && let Some((fitted, quality)) = fit_side(planes, ends, reach_px) {
                (*line, *fit) = (fitted, quality);
            }
        }
        let [top, right, bottom, left] = lines;
        let corners = [meet(left, top), meet(top, right), meet(right, bottom), meet(bottom, left)];
        if let [Some(a), Some(b), Some(c), Some(d)] = corners {
            let moved = [a, b, c, d];
            // Near a corner two fits can contradict each other; then the quad stays where it was.
            let limit = 6.0 * reach_px;
            if geometry::is_convex(&moved)
                && moved.iter().zip(&current).all(|(new, old)| geometry::distance(*new, *old) < limit)
            {
                current = moved;
            }
        }
    }
    Refined { quad: current, sides }
}

type Segment = (Point, Point);

/// Where two lines meet, unless they are nearly parallel.
pub(super) fn meet((a, b): Segment, (c, d): Segment) -> Option<Point> {
    let ([rx, ry], [sx, sy]) = ([b[0] - a[0], b[1] - a[1]], [d[0] - c[0], d[1] - c[1]]);
    let determinant = rx * sy - ry * sx;
    if determinant.abs() < 0.05 * rx.hypot(ry) * sx.hypot(sy) || determinant == 0.0 {
        return None;
    }
    let share = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / determinant;
    Some([a[0] + share * rx, a[1] + share * ry])
}

/// A change across a side: how far from it, and how strong.
#[derive(Debug, Clone, Copy, Default)]
struct Peak {
    off: f32,
    weight: f32,
}

/// A place along the side with the changes found there.
struct Station {
    /// Share of the side's length.
    along: f32,
    peaks: [Peak; PEAKS],
}

#[inline(never)]
fn fit_side(planes: &Planes, (from, to): Segment, reach_px: f64) -> Option<(Segment, SideFit)> {
    let length = geometry::distance(from, to);
    if length < 8.0 || !length.is_finite() {
        return None;
    }
    let along = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    let across = [-along[1], along[0]];
    let step = (reach_px / 12.0).max(1.0);
    let steps = (reach_px / step).ceil() as i32;
    let reader = Reader::new(planes, (from, to), across, reach_px);
    let mut stations = Vec::with_capacity(STATIONS);
    let mut profile = Vec::new();
    for index in 0..STATIONS {
        let share = END_SHARE + (1.0 - 2.0 * END_SHARE) * (index as f64 + 0.5) / STATIONS as f64;
        let middle = geometry::between(from, to, share);
        if !reader.holds(middle, across, reach_px) {
            continue;
        }
        profile.clear();
        for offset in -steps - 1..=steps + 1 {
            let off = f64::from(offset) * step;
            let place = [middle[0] + off * across[0], middle[1] + off * across[1]];
            profile.push(reader.read(place, along, step));
        }
        stations.push(Station { along: share as f32, peaks: peaks(&profile, step as f32) });
    }
    // A side of which less than a third is in the picture stays where it was.
    if stations.len() < STATIONS / 3 {
        return None;
    }
    let tolerance = (0.9 * step).max(0.1 * reach_px) as f32;
    let (near, far) = agree(&stations, tolerance, reach_px as f32)?;
    let mut moments = Moments::default();
    let (mut count, mut squares) = (0.0f32, 0.0f32);
    for station in &stations {
        let expected = near + (far - near) * station.along;
        let best =
            station.peaks.iter().filter(|peak| peak.weight > 0.0 && (peak.off - expected).abs() <= 1.5 * tolerance);
        if let Some(peak) = best.max_by(|a, b| a.weight.total_cmp(&b.weight)) {
            moments.add([station.along * length as f32, peak.off], peak.weight);
            count += 1.0;
            squares += (peak.off - expected).powi(2);
        }
    }
    let (normal, offset) = moments.line()?;
    if normal[1].abs() < 0.5 {
        return None;
    }
    let off_at = |place: f64| (f64::from(offset) - place * f64::from(normal[0])) / f64::from(normal[1]);
    let moved = |place: f64| {
        let off = off_at(place);
        [from[0] + place * along[0] + off * across[0], from[1] + place * along[1] + off * across[1]]
    };
    let fit = SideFit { inliers: count / stations.len() as f32, rms_px: (squares / count.max(1.0)).sqrt() };
    Some(((moved(0.0), moved(length)), fit))
}

/// The offsets at both ends of the line on which most of the changes lie, each station counting once.
fn agree(stations: &[Station], tolerance: f32, reach: f32) -> Option<(f32, f32)> {
    let third = stations.len() / 3;
    let mut best: Option<(f32, (f32, f32))> = None;
    let most: f32 = stations.iter().map(Station::most).sum();
    let head = stations.iter().take(third).step_by(2);
    for first in head {
        for second in stations.iter().skip(stations.len() - third).step_by(2) {
            for a in first.peaks.iter().filter(|peak| peak.weight > 0.0).take(2) {
                for b in second.peaks.iter().filter(|peak| peak.weight > 0.0).take(2) {
                    let slope = (b.off - a.off) / (second.along - first.along);
                    let near = a.off - slope * first.along;
                    let far = near + slope;
                    if near.abs() > 1.5 * reach || far.abs() > 1.5 * reach {
                        continue;
                    }
                    let known = best.map_or(0.0, |(known, _)| known);
                    // Most lines are no better than the best, which the first stations tell.
                    let (mut score, mut left) = (0.0, most);
                    for station in stations {
                        score += station.agreement(near + slope * station.along, tolerance);
                        left -= station.most();
                        if score + left < known {
                            break;
                        }
                    }
                    if score > known {
                        best = Some((score, (near, far)));
                    }
                }
            }
        }
    }
    // At least a quarter of the stations at half weight.
    best.filter(|(score, _)| *score > 0.12 * stations.len() as f32).map(|(_, ends)| ends)
}

impl Station {
    /// The strongest change.
    fn most(&self) -> f32 {
        self.peaks[0].weight
    }

    fn agreement(&self, off: f32, tolerance: f32) -> f32 {
        let near = |peak: &Peak| {
            let share = (peak.off - off) / tolerance;
            if share.abs() < 1.0 { peak.weight * (1.0 - share * share) } else { 0.0 }
        };
        self.peaks.iter().map(near).fold(0.0, f32::max)
    }
}

/// The strongest changes of a profile whose middle is at offset 0.
fn peaks(profile: &[f32], step: f32) -> [Peak; PEAKS] {
    let mut out = [Peak::default(); PEAKS];
    let change: Vec<f32> = profile
        .windows(3)
        .map(|window| match window {
            [before, _, after] => (after - before).abs() / 2.0,
            _ => 0.0,
        })
        .collect();
    let middle = (change.len() / 2) as f32;
    for (index, window) in change.windows(3).enumerate() {
        let [before, here, after] = *window else { continue };
        if here < 0.7 || here < before || here <= after {
            continue;
        }
        let bend = before + after - 2.0 * here;
        let shift = if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        let mut peak = Peak { off: (index as f32 + 1.0 + shift - middle) * step, weight: here / (here + HALF_WEIGHT) };
        for known in &mut out {
            if peak.weight > known.weight {
                std::mem::swap(known, &mut peak);
            }
        }
    }
    out
}

/// Reads the mix of brightness and colour in which both sides of a line differ most.
struct Reader<'a> {
    luma: &'a Plane,
    colors: Option<(&'a Plane, &'a Plane)>,
    /// Samples of the colour planes per luma sample.
    color_scale: [f64; 2],
    mix: [f32; 3],
}

/// Places along a side at which the mix is looked for.
const MIX_PLACES: usize = 12;

impl<'a> Reader<'a> {
    fn new(planes: &'a Planes, (from, to): Segment, across: [f64; 2], reach_px: f64) -> Self {
        let luma = &planes.luma;
        let colors = planes.chroma.as_ref().map(|chroma| (&chroma.cb, &chroma.cr));
        let color_scale = colors.map_or([1.0, 1.0], |(cb, _)| {
            [cb.width_px as f64 / luma.width_px.max(1) as f64, cb.height_px as f64 / luma.height_px.max(1) as f64]
        });
        let mut reader = Self { luma, colors, color_scale, mix: [1.0, 0.0, 0.0] };
        if reader.colors.is_some() {
            reader.mix = reader.best_mix((from, to), across, reach_px);
        }
        reader
    }

    fn best_mix(&self, (from, to): Segment, across: [f64; 2], reach_px: f64) -> [f32; 3] {
        let mut sums = [0.0f32; 3];
        for index in 0..MIX_PLACES {
            let middle = geometry::between(from, to, 0.1 + 0.8 * index as f64 / (MIX_PLACES - 1) as f64);
            let at = |off: f64| [middle[0] + off * across[0], middle[1] + off * across[1]];
            for share in [0.6, 1.0] {
                let (inner, outer) = (self.color(at(share * reach_px)), self.color(at(-share * reach_px)));
                for ((sum, a), b) in sums.iter_mut().zip(inner).zip(outer) {
                    *sum += a - b;
                }
            }
        }
        let [luma, cb, cr] = sums;
        let norm = (luma * luma + cb * cb + cr * cr).sqrt();
        // Colour planes are coarser; where brightness is at hand it alone gives the sharper place.
        if norm < 1.0 || luma.abs() > 0.7 * norm { [1.0, 0.0, 0.0] } else { [luma / norm, cb / norm, cr / norm] }
    }

    fn holds(&self, [x, y]: Point, across: [f64; 2], reach_px: f64) -> bool {
        let (width, height) = (self.luma.width_px as f64, self.luma.height_px as f64);
        let near = |sign: f64| {
            let (x, y) = (x + 0.5 * sign * reach_px * across[0], y + 0.5 * sign * reach_px * across[1]);
            x >= 0.0 && y >= 0.0 && x < width && y < height
        };
        near(1.0) && near(-1.0)
    }

    /// The mix at a place, as the mean of five samples along the side.
    fn read(&self, [x, y]: Point, [dx, dy]: [f64; 2], step: f64) -> f32 {
        let [wy, wb, wr] = self.mix;
        let spread = step.max(1.0) * 1.5;
        let mut sum = 0.0;
        for tap in -2..=2 {
            let off = f64::from(tap) * spread;
            let (x, y) = (x + off * dx, y + off * dy);
            sum += wy * self.luma.between([x, y]);
            if let Some((cb, cr)) = self.colors
                && (wb != 0.0 || wr != 0.0)
            {
                let (x, y) = (x * self.color_scale[0], y * self.color_scale[1]);
                sum += wb * cb.between([x, y]) + wr * cr.between([x, y]);
            }
        }
        sum / 5.0
    }

    fn color(&self, [x, y]: Point) -> [f32; 3] {
        let luma = self.luma.between([x, y]);
        let (cb, cr) = self.colors.map_or((128.0, 128.0), |(cb, cr)| {
            let (x, y) = (x * self.color_scale[0], y * self.color_scale[1]);
            (cb.between([x, y]), cr.between([x, y]))
        });
        [luma, cb, cr]
    }
}

#[cfg(test)]
mod tests {
    use super::refine;
    use crate::geometry::{self, Quad};
    use crate::planes::{Chroma, Plane, Planes};

    /// A quad of one value on another, smoothed over a pixel.
    fn plane(width_px: usize, height_px: usize, quad: &Quad, inside: f64, outside: f64) -> Plane {
        let mut samples = Vec::with_capacity(width_px * height_px);
        for y in 0..height_px {
            for x in 0..width_px {
                let mut hits = 0.0;
                for (dx, dy) in [(0.125, 0.375), (0.375, 0.875), (0.625, 0.125), (0.875, 0.625)] {
                    hits += f64::from(u8::from(geometry::contains(quad, [x as f64 + dx, y as f64 + dy])));
                }
                samples.push((outside + (inside - outside) * hits / 4.0).round() as u8);
            }
        }
        Plane { width_px, height_px, stride: width_px, samples }
    }

    fn planes(luma: Plane, chroma: Option<Chroma>) -> Planes {
        Planes::new(luma, chroma)
    }

    const QUAD: Quad = [[61.3, 52.8], [333.4, 70.2], [320.9, 241.7], [48.1, 228.6]];

    fn worst(found: &Quad) -> f64 {
        found.iter().zip(QUAD).map(|(a, b)| geometry::distance(*a, b)).fold(0.0, f64::max)
    }

    #[test]
    fn corners_come_out_to_a_fraction_of_a_pixel() {
        let planes = planes(plane(400, 300, &QUAD, 200.0, 120.0), None);
        let start = QUAD.map(|[x, y]| [x + 4.0, y - 3.0]);
        let found = refine(&planes, &start, [false; 4], 9.0);
        assert!(worst(&found.quad) < 0.35, "{found:?}");
        assert!(found.sides.iter().all(|side| side.inliers > 0.9));
    }

    #[test]
    fn a_step_in_colour_alone_is_enough() {
        let half = QUAD.map(|[x, y]| [x / 2.0, y / 2.0]);
        let chroma = Chroma { cb: plane(200, 150, &half, 100.0, 140.0), cr: plane(200, 150, &half, 128.0, 128.0) };
        let planes = planes(plane(400, 300, &QUAD, 128.0, 128.0), Some(chroma));
        let start = QUAD.map(|[x, y]| [x - 3.0, y + 3.0]);
        let found = refine(&planes, &start, [false; 4], 9.0);
        assert!(worst(&found.quad) < 1.2, "{found:?}");
    }

    #[test]
    fn a_flat_picture_moves_nothing() {
        let planes = planes(plane(400, 300, &QUAD, 128.0, 128.0), None);
        assert!(worst(&refine(&planes, &QUAD, [false; 4], 9.0).quad) < 1e-6);
        let empty = super::tests::planes(Plane::default(), None);
        assert!(worst(&refine(&empty, &QUAD, [false; 4], 9.0).quad) < 1e-6);
    }
}
