//! What the paper lies on, and what lies around: colours in linear light.

use serde::{Deserialize, Serialize};

use crate::random::{Random, fbm, lattice, noise};

/// The surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Desk {
    /// One colour.
    Plain,
    /// Nearly black.
    Dark,
    /// Nearly as bright as paper.
    Bright,
    /// Wood with grain.
    Wood,
    /// Woven cloth.
    Cloth,
    /// Cloth with checks.
    Checked,
    /// Tiles with joints.
    Tiles,
    /// Printed paper.
    Printed,
    /// Stone with speckles.
    Stone,
}

impl Desk {
    /// Every surface.
    pub const ALL: &'static [Self] = &[
        Self::Plain,
        Self::Dark,
        Self::Bright,
        Self::Wood,
        Self::Cloth,
        Self::Checked,
        Self::Tiles,
        Self::Printed,
        Self::Stone,
    ];
}

/// How much lies around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clutter {
    /// Nothing.
    #[default]
    None,
    /// A few things beside the paper.
    Beside,
    /// Many things beside and under the paper.
    Full,
    /// The same, and some lie over its edge.
    Over,
}

type Color = [f32; 3];

enum Shape {
    /// A chain of lines with round ends: pens and cables.
    Chain(Vec<[f64; 2]>, f64),
    /// A rectangle: centre, half size, turn, corner radius.
    Box([f64; 2], [f64; 2], f64, f64),
    /// A disc: mugs, coins.
    Disc([f64; 2], f64),
}

struct Thing {
    shape: Shape,
    color: Color,
    stripes: Option<(f64, Color)>,
    bounds: [f64; 4],
    over: bool,
}

pub(crate) struct Surface {
    desk: Desk,
    seed: u32,
    base: Color,
    second: Color,
    scale: f32,
    turn: (f32, f32),
    things: Vec<Thing>,
}

impl Surface {
    /// A surface around a paper of this size; the plane's origin is the middle of the paper.
    pub(crate) fn new(desk: Desk, clutter: Clutter, seed: u64, paper_mm: [f64; 2]) -> Self {
        let mut random = Random::new(seed ^ 0xDE5C);
        let mut tone = |low: f64, high: f64, tint: f64| {
            let v = random.range(low, high);
            [0, 1, 2].map(|_| (v * random.range(1.0 - tint, 1.0 + tint)) as f32)
        };
        let (base, second) = match desk {
            Desk::Plain => (tone(0.08, 0.45, 0.45), [0.0; 3]),
            Desk::Dark => (tone(0.01, 0.04, 0.3), [0.0; 3]),
            Desk::Bright => (tone(0.5, 0.72, 0.06), [0.0; 3]),
            Desk::Wood => {
                let v = tone(0.12, 0.45, 0.0)[0];
                ([v, v * 0.62, v * 0.34], [v * 0.55, v * 0.28, v * 0.12])
            }
            Desk::Cloth | Desk::Checked => (tone(0.05, 0.5, 0.6), tone(0.03, 0.6, 0.6)),
            Desk::Tiles => (tone(0.3, 0.6, 0.12), tone(0.08, 0.2, 0.1)),
            Desk::Printed => (tone(0.55, 0.75, 0.04), [0.05; 3]),
            Desk::Stone => (tone(0.15, 0.5, 0.1), tone(0.03, 0.6, 0.2)),
        };
        let scale = (paper_mm[0] / 120.0).clamp(0.8, 2.0);
        let angle = random.range(0.0, std::f64::consts::TAU) as f32;
        let mut surface = Self {
            desk,
            seed: random.bits() as u32,
            base,
            second,
            scale: scale as f32,
            turn: angle.sin_cos(),
            things: Vec::new(),
        };
        let (beside, over) = match clutter {
            Clutter::None => (0, 0),
            Clutter::Beside => (3 + random.below(3), 0),
            Clutter::Full => (10 + random.below(8), 0),
            Clutter::Over => (8 + random.below(6), 1 + random.below(2)),
        };
        for n in 0..beside + over {
            surface.add(
                &mut random,
                paper_mm,
                scale,
                n >= beside,
                clutter == Clutter::Full || clutter == Clutter::Over,
            );
        }
        surface
    }

    fn add(&mut self, random: &mut Random, [w, h]: [f64; 2], scale: f64, over: bool, full: bool) {
        let angle = random.range(0.0, std::f64::consts::TAU);
        // Beside: well outside the paper. Full: anywhere around its edge. Over: across an edge near a corner or a middle.
        let reach = if over {
            1.0
        } else if full {
            random.range(1.02, 1.7)
        } else {
            random.range(1.35, 2.0)
        };
        let along = (angle.cos().abs() / (w / 2.0)).max(angle.sin().abs() / (h / 2.0));
        let centre = [angle.cos() / along * reach, angle.sin() / along * reach];
        let color = {
            let v = random.range(0.01, 0.5);
            [0, 1, 2].map(|_| (v * random.range(0.3, 1.6)) as f32)
        };
        let turn = random.range(0.0, std::f64::consts::TAU);
        let end = |length: f64| [centre[0] + length * turn.cos(), centre[1] + length * turn.sin()];
        let kind = if over { random.below(2) } else { random.below(6) };
        let mut stripes = None;
        let shape = match kind {
            0 => Shape::Chain(
                vec![end(-60.0 * scale.min(1.3)), end(60.0 * scale.min(1.3))],
                3.5 + random.range(0.0, 2.0),
            ),
            1 => {
                let mut points = vec![end(if over { -40.0 } else { -90.0 })];
                let mut heading = turn;
                for _ in 0..if over { 14 } else { 40 } {
                    heading += random.range(-0.35, 0.35);
                    let [x, y] = points[points.len() - 1];
                    points.push([x + 6.0 * heading.cos(), y + 6.0 * heading.sin()]);
                }
                Shape::Chain(points, 1.5 + random.range(0.0, 1.5))
            }
            2 => Shape::Disc(centre, random.range(9.0, 14.0)),
            3 => Shape::Disc(centre, random.range(30.0, 45.0)),
            4 => {
                stripes = Some((19.0, color.map(|v| v * 0.35)));
                Shape::Box(centre, [150.0, 55.0], turn, 5.0)
            }
            _ => {
                if random.chance(0.6) {
                    stripes = Some((random.range(4.0, 8.0), color.map(|v| v * 0.4)));
                }
                Shape::Box(centre, [random.range(20.0, 80.0) * scale, random.range(20.0, 60.0) * scale], turn, 1.0)
            }
        };
        let bounds = match &shape {
            Shape::Chain(points, half) => {
                let low = [0, 1].map(|i| points.iter().map(|p| p[i]).fold(f64::MAX, f64::min) - half);
                let high = [0, 1].map(|i| points.iter().map(|p| p[i]).fold(f64::MIN, f64::max) + half);
                [low[0], low[1], high[0], high[1]]
            }
            Shape::Box(c, half, ..) => {
                let r = half[0].hypot(half[1]);
                [c[0] - r, c[1] - r, c[0] + r, c[1] + r]
            }
            Shape::Disc(c, r) => [c[0] - r, c[1] - r, c[0] + r, c[1] + r],
        };
        let margin = 6.0;
        let bounds = [bounds[0] - margin, bounds[1] - margin, bounds[2] + margin, bounds[3] + margin];
        self.things.push(Thing { shape, color, stripes, bounds, over });
    }

    /// Colour of the surface with what lies under or beside the paper. `px_mm` is the size of a pixel there.
    pub(crate) fn below(&self, x: f64, y: f64, px_mm: f64) -> Color {
        let mut color = self.bare(x as f32 / self.scale, y as f32 / self.scale, px_mm as f32 / self.scale);
        for thing in self.things.iter().filter(|thing| !thing.over) {
            thing.cover(x, y, px_mm, &mut color);
        }
        color
    }

    /// Covers a colour of the paper with what lies over it.
    pub(crate) fn above(&self, x: f64, y: f64, px_mm: f64, color: &mut Color) {
        for thing in self.things.iter().filter(|thing| thing.over) {
            thing.cover(x, y, px_mm, color);
        }
    }

    fn bare(&self, x: f32, y: f32, px: f32) -> Color {
        let (sin, cos) = self.turn;
        let (u, v) = (x * cos - y * sin, x * sin + y * cos);
        let mix =
            |share: f32| [0, 1, 2].map(|i| self.base[i] + (self.second[i] - self.base[i]) * share.clamp(0.0, 1.0));
        // Detail finer than a pixel fades out instead of aliasing.
        let fade = |period: f32| (period / px / 2.0 - 1.0).clamp(0.0, 1.0);
        let by = |color: Color, factor: f32| color.map(|c| c * factor);
        match self.desk {
            Desk::Plain | Desk::Dark | Desk::Bright => {
                let grain = (noise(u * 3.0, v * 3.0, self.seed) - 0.5) * fade(0.33) * 0.05;
                by(self.base, 0.95 + 0.1 * fbm(u * 0.01, v * 0.01, self.seed) + grain)
            }
            Desk::Wood => {
                let wave = fbm(u * 0.012, v * 0.06, self.seed) * 9.0;
                let ring = (wave - wave.floor()) * fade(4.0);
                let fibre = (noise(u * 0.15, v * 4.0, self.seed ^ 3) - 0.5) * fade(0.25);
                let plank = ((v / 95.0).fract().abs() < 0.012) as u8 as f32;
                mix(ring * 0.55 + fibre * 0.5 + plank)
            }
            Desk::Cloth => {
                let weave = (u * 6.0).sin() * (v * 6.0).sin() * fade(1.0);
                by(mix(0.25 * fbm(u * 0.05, v * 0.05, self.seed)), 1.0 + 0.35 * weave)
            }
            Desk::Checked => {
                let band = |t: f32| ((t / 14.0).rem_euclid(1.0) < 0.45) as u8 as f32;
                let weave = (u * 5.0).sin() * (v * 5.0).sin() * fade(1.2);
                by(mix((band(u) + band(v)) / 2.0), 1.0 + 0.2 * weave)
            }
            Desk::Tiles => {
                let joint = |t: f32| (((t / 75.0).rem_euclid(1.0) - 0.5).abs() * 75.0 - 1.2) / px.max(0.05) + 0.5;
                let grout = 1.0 - joint(u).min(joint(v)).clamp(0.0, 1.0);
                let tile = lattice((u / 75.0 + 0.5).floor() as i32, (v / 75.0 + 0.5).floor() as i32, self.seed);
                by(mix(grout), 0.9 + 0.15 * tile)
            }
            Desk::Printed => {
                let line = (v / 5.0).floor();
                let word = (u / 2.6).floor();
                let inside = ((v / 5.0).rem_euclid(1.0) < 0.6) as u8 as f32;
                let dense = noise(u * 2.2, v * 2.2, self.seed);
                let blank = (lattice(word as i32 / 4, line as i32, self.seed) > 0.8) as u8 as f32;
                let ink = ((dense - 0.42) * 6.0).clamp(0.0, 1.0) * fade(0.6) + 0.5 * (1.0 - fade(0.6));
                mix(inside * (1.0 - blank) * ink)
            }
            Desk::Stone => {
                let cell = noise(u * 0.9, v * 0.9, self.seed) * fade(1.0) + 0.5 * (1.0 - fade(1.0));
                mix(((cell - 0.5) * 3.0).clamp(-0.3, 1.0) + 0.2 * fbm(u * 0.03, v * 0.03, self.seed ^ 5))
            }
        }
    }
}

impl Thing {
    fn cover(&self, x: f64, y: f64, px_mm: f64, color: &mut Color) {
        let [x0, y0, x1, y1] = self.bounds;
        if x < x0 || x > x1 || y < y0 || y > y1 {
            return;
        }
        let (distance, u, v) = match &self.shape {
            Shape::Chain(points, half) => {
                let mut best = f64::MAX;
                for pair in points.windows(2) {
                    let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
                    let (px, py) = (x - pair[0][0], y - pair[0][1]);
                    let t = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
                    best = best.min((px - t * dx).hypot(py - t * dy));
                }
                (best - half, best / half, 0.0)
            }
            Shape::Box(c, half, turn, radius) => {
                let (sin, cos) = turn.sin_cos();
                let (dx, dy) = (x - c[0], y - c[1]);
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                let (qx, qy) = (u.abs() - half[0] + radius, v.abs() - half[1] + radius);
                (qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - radius, u, v)
            }
            Shape::Disc(c, r) => ((x - c[0]).hypot(y - c[1]) - r, (x - c[0]) / r, 0.0),
        };
        // A soft shadow around it.
        let shade = (1.0 - 0.45 * (1.0 - distance / 5.0).clamp(0.0, 1.0)) as f32;
        let coverage = (0.5 - distance / px_mm).clamp(0.0, 1.0) as f32;
        let mut own = self.color;
        match (&self.shape, self.stripes) {
            (Shape::Chain(..), _) => {
                let shine = (1.0 - u * u).max(0.0).sqrt() as f32;
                own = own.map(|c| c * (0.4 + 0.6 * shine) + 0.12 * shine.powi(8));
            }
            (Shape::Disc(..), _) => own = own.map(|c| c * (1.0 + 0.3 * u as f32)),
            (Shape::Box(..), Some((period, second))) => {
                let cell = |t: f64| (t / period).rem_euclid(1.0) > 0.15;
                // Keys of a keyboard, or lines of print.
                let inside = if period > 15.0 { cell(u) && cell(v) } else { (v / period).rem_euclid(1.0) < 0.5 };
                if inside {
                    own = second;
                }
            }
            _ => {}
        }
        for (old, new) in color.iter_mut().zip(own) {
            *old = *old * shade * (1.0 - coverage) + new * coverage;
        }
    }
}
