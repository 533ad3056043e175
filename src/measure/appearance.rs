//! What a picture looks like as a whole, from its 1/8-scale planes: enough to tell whether two pictures are the same
//! photo, show the same side, and were taken in the same place and light.

use std::borrow::Cow;

use crate::geometry::{Homography, Point, Quad, contains, distance, lying};
use crate::photo_facts::{AppearanceFacts, Fingerprint, Surroundings, Tone};
use crate::planes::{Plane, Planes, Thumbnail};

/// Columns and rows of the grid over a picture.
pub const FRAME_GRID: (usize, usize) = (128, 128);

/// Columns and rows of the grid over a document.
pub const DOCUMENT_GRID: (usize, usize) = (48, 32);

/// Pixels that a cell of the grid over a picture has each way, at least, where the picture has as many: the means of fewer
/// are not those of a copy of another size.
const CELL_PX: usize = 2;

/// Distance of the samples in a cell of a document, in pixels of the plane that is read: each sample lies between four of
/// them.
const SAMPLE_DISTANCE: f64 = 2.5;

/// Samples across such a cell, each way, at least and at most.
const SAMPLES: (f64, f64) = (2.0, 6.0);

/// The part of a card where a resident ID card bears the national emblem, in shares of its width and height.
const EMBLEM: [f64; 4] = [0.05, 0.10, 0.25, 0.50];

/// Pixels of the luma plane beside one of the small plane.
const STEP_PX: f64 = Thumbnail::CELL_PX as f64;

/// Pixels of the small planes beside the document that belong neither to it nor to its surroundings.
const EDGE_PX: f64 = 2.0;

/// Looks at a picture; `quad` is the document in it, in displayed pixels.
#[must_use]
#[inline(never)]
pub fn appearance(planes: &Planes, quad: Option<&Quad>) -> AppearanceFacts {
    let view = View { planes };
    let finer = Finer::new(planes);
    let lying = quad.map(lying);
    let document = lying.as_ref().and_then(Homography::from_unit_square);
    let seen = |(left, top, width, height): (f64, f64, f64, f64), map: &Homography| {
        view.mean(|share| map.apply([left + share[0] * width, top + share[1] * height]))
    };
    let document_tone = document.as_ref().map(|map| seen((0.04, 0.04, 0.92, 0.92), map));
    let emblem_red = document.as_ref().zip(document_tone).map(|(map, whole)| {
        let [left, top, width, height] = EMBLEM;
        let upright = seen((left, top, width, height), map);
        let turned = seen((1.0 - left - width, 1.0 - top - height, width, height), map);
        [upright.cr - whole.cr, turned.cr - whole.cr]
    });
    AppearanceFacts {
        frame: finer.frame(),
        document: document.as_ref().map(|map| finer.grid(DOCUMENT_GRID, |share| map.apply(share))),
        document_tone,
        surroundings: quad.and_then(|quad| view.surroundings(quad)),
        emblem_red: planes.chroma.as_ref().and(emblem_red),
    }
}

/// The small planes, addressed in displayed pixels of the full picture.
struct View<'a> {
    planes: &'a Planes,
}

impl View<'_> {
    /// The nearest sample of a small plane.
    fn sample(&self, plane: &Plane, displayed: Point) -> f64 {
        let [x, y] = self.planes.to_stored(displayed);
        let index = |at: f64, count: usize| {
            let last = count.saturating_sub(1);
            let at = at / STEP_PX;
            // OK because a float that is not in range becomes 0 or the largest number, and is then cut to the plane.
            if at.is_finite() { (at.max(0.0) as usize).min(last) } else { 0 }
        };
        let row = plane.row(index(y, plane.height_px));
        row.get(index(x, plane.width_px)).map_or(128.0, |&sample| f64::from(sample))
    }

    fn tone(&self, displayed: Point) -> Tone {
        let small = &self.planes.thumbnail;
        let luma = self.sample(&small.luma, displayed);
        match &small.chroma {
            Some(chroma) => {
                Tone { luma, cb: self.sample(&chroma.cb, displayed), cr: self.sample(&chroma.cr, displayed) }
            }
            None => Tone { luma, cb: 128.0, cr: 128.0 },
        }
    }

    /// Mean tone over the unit square, which `map` lays over the picture.
    fn mean(&self, map: impl Fn(Point) -> Point) -> Tone {
        const SIDE: usize = 24;
        let mut sum = Tone { luma: 0.0, cb: 0.0, cr: 0.0 };
        for place in 0..SIDE * SIDE {
            let share = |index: usize| (index as f64 + 0.5) / SIDE as f64;
            let tone = self.tone(map([share(place % SIDE), share(place / SIDE)]));
            sum = Tone { luma: sum.luma + tone.luma, cb: sum.cb + tone.cb, cr: sum.cr + tone.cr };
        }
        let count = (SIDE * SIDE) as f64;
        Tone { luma: sum.luma / count, cb: sum.cb / count, cr: sum.cr / count }
    }

    fn surroundings(&self, quad: &Quad) -> Option<Surroundings> {
        const SIDE: usize = 96;
        let (width_px, height_px) = self.planes.displayed_size_px();
        let (width_px, height_px) = (f64::from(width_px), f64::from(height_px));
        let grown = grow(quad, EDGE_PX * STEP_PX * f64::from(self.planes.scale_denominator.max(1)));
        let mut sums = Sums::default();
        for row in 0..SIDE {
            let mut left: Option<f64> = None;
            for column in 0..SIDE {
                let (u, v) = ((column as f64 + 0.5) / SIDE as f64, (row as f64 + 0.5) / SIDE as f64);
                let point = [u * width_px, v * height_px];
                if contains(&grown, point) {
                    left = None;
                    continue;
                }
                let tone = self.tone(point);
                sums.add(u - 0.5, v - 0.5, tone, left);
                left = Some(tone.luma);
            }
        }
        sums.finish((SIDE * SIDE) as f64)
    }
}

/// The brightness at 1/8 of its size, or at a larger size where the picture is small, so that a copy of another size has the
/// same means.
struct Finer<'a> {
    planes: &'a Planes,
    luma: Cow<'a, Plane>,
    /// Luma pixels beside one of these.
    step_px: usize,
}

impl<'a> Finer<'a> {
    fn new(planes: &'a Planes) -> Self {
        let full = &planes.luma;
        let step_px = (full.width_px / FRAME_GRID.0).min(full.height_px / FRAME_GRID.1) / CELL_PX;
        if step_px >= Thumbnail::CELL_PX {
            return Self { planes, luma: Cow::Borrowed(&planes.thumbnail.luma), step_px: Thumbnail::CELL_PX };
        }
        let step_px = step_px.max(1);
        Self { planes, luma: Cow::Owned(full.mean_of_squares(step_px)), step_px }
    }

    /// Mean luma of each cell of the grid over the picture as it is stored; pixels that cells share count in part.
    fn frame(&self) -> Fingerprint {
        let (columns, rows) = FRAME_GRID;
        let step_px = self.step_px as f64;
        let across = spans(self.planes.luma.width_px as f64 / step_px, columns);
        let mut cells = Vec::with_capacity(columns * rows);
        for (top, weights) in spans(self.planes.luma.height_px as f64 / step_px, rows) {
            let mut sums = vec![0.0f32; self.luma.width_px];
            for (row, weight) in (top..).zip(weights) {
                for (sum, &sample) in sums.iter_mut().zip(self.luma.row(row)) {
                    *sum += weight * f32::from(sample);
                }
            }
            for (left, weights) in &across {
                let mean: f32 = sums.iter().skip(*left).zip(weights).map(|(sum, weight)| sum * weight).sum();
                // OK because a mean of bytes is a byte.
                cells.push(mean.round() as u8);
            }
        }
        Fingerprint(cells)
    }

    /// Mean luma of each cell of a grid over the unit square, which `map` lays over the displayed picture.
    fn grid(&self, (columns, rows): (usize, usize), map: impl Fn(Point) -> Point) -> Fingerprint {
        let mut cells = Vec::with_capacity(columns * rows);
        let step_px = self.step_px as f64;
        // As many samples as the picture has to give.
        let displayed_px = step_px * f64::from(self.planes.scale_denominator.max(1));
        let across_px = distance(map([0.0, 0.5]), map([1.0, 0.5])) / displayed_px / columns as f64;
        let down_px = distance(map([0.5, 0.0]), map([0.5, 1.0])) / displayed_px / rows as f64;
        // The larger of both, so that a turned copy is read at the same places.
        let long_px = across_px.max(down_px);
        let count = (long_px / SAMPLE_DISTANCE).round().clamp(SAMPLES.0, SAMPLES.1) as usize;
        let fine = count as f64;
        for row in 0..rows {
            for column in 0..columns {
                let mut sum = 0.0;
                for part in 0..count * count {
                    let (across, down) = (part % count, part / count);
                    let u = (column as f64 + (across as f64 + 0.5) / fine) / columns as f64;
                    let v = (row as f64 + (down as f64 + 0.5) / fine) / rows as f64;
                    let stored = self.planes.to_stored(map([u, v]));
                    sum += f64::from(self.luma.between(stored.map(|at| at / step_px)));
                }
                // OK because a mean of bytes is a byte.
                cells.push((sum / (fine * fine)).round() as u8);
            }
        }
        Fingerprint(cells)
    }
}

/// Cuts a length into equal cells: the first sample of each, and the weights of that one and those after it, which add up
/// to 1.
fn spans(length: f64, count: usize) -> Vec<(usize, Vec<f32>)> {
    let size = length / count.max(1) as f64;
    let of_cell = |cell: usize| {
        let (from, to) = (cell as f64 * size, (cell + 1) as f64 * size);
        let first = from as usize;
        let share = |sample: usize| (to.min((sample + 1) as f64) - from.max(sample as f64)).max(0.0) / size;
        (first, (first..to.ceil() as usize).map(|sample| share(sample) as f32).collect())
    };
    (0..count).map(of_cell).collect()
}

/// What is added up over the surroundings, for means, spread and the plane through their brightness.
#[derive(Default)]
struct Sums {
    count: f64,
    luma: f64,
    luma_squared: f64,
    cb: f64,
    cr: f64,
    steps: f64,
    step_count: f64,
    u: f64,
    v: f64,
    uu: f64,
    uv: f64,
    vv: f64,
    u_luma: f64,
    v_luma: f64,
}

impl Sums {
    fn add(&mut self, u: f64, v: f64, tone: Tone, left: Option<f64>) {
        self.count += 1.0;
        self.luma += tone.luma;
        self.luma_squared += tone.luma * tone.luma;
        self.cb += tone.cb;
        self.cr += tone.cr;
        if let Some(left) = left {
            self.steps += (tone.luma - left).abs();
            self.step_count += 1.0;
        }
        self.u += u;
        self.v += v;
        self.uu += u * u;
        self.uv += u * v;
        self.vv += v * v;
        self.u_luma += u * tone.luma;
        self.v_luma += v * tone.luma;
    }

    fn finish(&self, all: f64) -> Option<Surroundings> {
        // Less than a fiftieth of the picture is the rim of a document that fills it.
        if self.count < all / 50.0 {
            return None;
        }
        let mean = |sum: f64| sum / self.count;
        let luma = mean(self.luma);
        // Least squares: brightness as a plane over the picture.
        let (uu, uv, vv) = (
            mean(self.uu) - mean(self.u).powi(2),
            mean(self.uv) - mean(self.u) * mean(self.v),
            mean(self.vv) - mean(self.v).powi(2),
        );
        let (ul, vl) = (mean(self.u_luma) - mean(self.u) * luma, mean(self.v_luma) - mean(self.v) * luma);
        let determinant = uu * vv - uv * uv;
        let shade = if determinant > 1e-6 {
            [(ul * vv - vl * uv) / determinant, (vl * uu - ul * uv) / determinant]
        } else {
            [0.0, 0.0]
        };
        Some(Surroundings {
            share: self.count / all,
            tone: Tone { luma, cb: mean(self.cb), cr: mean(self.cr) },
            luma_sigma: (mean(self.luma_squared) - luma * luma).max(0.0).sqrt(),
            texture: self.steps / self.step_count.max(1.0),
            shade,
        })
    }
}

/// The quad with every corner moved away from the middle by `by_px`.
fn grow(quad: &Quad, by_px: f64) -> Quad {
    let middle = crate::geometry::center(quad);
    quad.map(|corner| {
        let away = distance(middle, corner).max(1e-9);
        [0, 1].map(|axis| {
            let (from, to) = (middle.get(axis).copied().unwrap_or(0.0), corner.get(axis).copied().unwrap_or(0.0));
            to + (to - from) / away * by_px * std::f64::consts::SQRT_2
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{FRAME_GRID, appearance, spans};
    use crate::planes::{Plane, Planes};

    #[test]
    fn cells_share_the_samples_between_them() {
        for (length, count) in [(10.0, 4), (7.5, 3), (3.0, 8), (66.25, 64)] {
            let spans = spans(length, count);
            let mut used = vec![0.0; 70];
            for (first, weights) in &spans {
                assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{length} {count}");
                weights.iter().enumerate().for_each(|(index, weight)| used[first + index] += weight);
            }
            let even = count as f32 / length as f32;
            assert!(
                used.iter().take(length as usize).all(|used| (used - even).abs() < 1e-4),
                "{length} {count} {used:?}"
            );
        }
        assert!(spans(0.0, 4).iter().all(|(_, weights)| weights.is_empty()));
    }

    /// Waves across and down with a bright corner.
    fn picture(width_px: usize, height_px: usize) -> Planes {
        let value =
            |x: f64, y: f64| 120.0 + 50.0 * (x * 21.0).sin() * (y * 17.0).cos() + if x + y < 0.4 { 60.0 } else { 0.0 };
        let share = |index: usize, of: usize| (index as f64 + 0.5) / of as f64;
        let places = (0..height_px).flat_map(|y| (0..width_px).map(move |x| (x, y)));
        let samples = places.map(|(x, y)| value(share(x, width_px), share(y, height_px)) as u8).collect();
        Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None)
    }

    #[test]
    fn a_picture_of_another_size_has_the_same_frame() {
        let large = appearance(&picture(1601, 1203), None).frame.0;
        assert_eq!(large.len(), FRAME_GRID.0 * FRAME_GRID.1);
        for (width_px, height_px) in [(2400, 1800), (800, 601), (533, 400), (400, 301), (200, 150)] {
            let other = appearance(&picture(width_px, height_px), None).frame.0;
            let apart = large
                .iter()
                .zip(&other)
                .map(|(a, b)| a.abs_diff(*b))
                .fold((0, 0u64), |(most, sum), apart| (most.max(apart), sum + u64::from(apart)));
            assert!(apart.0 < 25 && apart.1 < 16_384, "{width_px}x{height_px}: {apart:?}");
        }
    }
}
