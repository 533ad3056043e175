//! A photo as plain data, and its rendering.

use serde::{Deserialize, Serialize};

use crate::camera::{Camera, Pose, corners_of};
use crate::desk::{Clutter, Desk, Surface};
use crate::effects::{Linear, decode_table, develop};
use crate::encode::{encode_jpeg, exif, exif_with_lens};
use crate::papers::Paper;
use crate::random::Random;

/// What the photo shows: the paper itself or a copy of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Copy {
    /// The paper itself.
    #[default]
    Original,
    /// A photocopy in greys, photographed in colour.
    Gray,
    /// A photocopy in black and white only, photographed in colour.
    BlackWhite,
}

/// A patch of mirrored lamp light.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Glare {
    /// Where, in shares of the paper's width and height from its middle (-0.5 to 0.5).
    pub center: [f64; 2],
    /// Half axes in shares of the paper's width.
    pub radius: [f64; 2],
    /// Turn of the patch.
    pub turn_deg: f64,
    /// Light in the middle, in units of white paper's light.
    pub strength: f64,
}

/// The shadow of something above the paper: an edge across it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shadow {
    /// Direction into the shadow.
    pub towards_deg: f64,
    /// Distance of the edge from the middle, in shares of the paper's width.
    pub offset: f64,
    /// Share of the light that is taken, 0 to 1.
    pub depth: f64,
    /// Width of the edge in shares of the paper's width.
    pub softness: f64,
}

/// Light and exposure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Light {
    /// Exposure in stops; at 0 white paper comes out at about 235 of 255.
    pub exposure_ev: f64,
    /// Gains of red, green, blue: white balance that is off.
    pub tint: [f64; 3],
    /// How much darker the far end of the paper is, 0 to 1.
    pub falloff: f64,
    /// Direction in which it darkens.
    pub falloff_deg: f64,
    /// A cast shadow.
    pub shadow: Option<Shadow>,
    /// Patches of mirrored light on the paper.
    pub glare: Vec<Glare>,
}

/// Lens, hand and sensor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lens {
    /// Softness of a lens in focus, as standard deviation in px.
    pub softness_px: f64,
    /// Radius of the disc that a point becomes, in px.
    pub defocus_px: f64,
    /// Length of the path of a shaken camera, in px.
    pub shake_px: f64,
    /// Its direction.
    pub shake_deg: f64,
    /// Strength of the camera's own sharpening, 0 to 1.
    pub sharpen: f64,
    /// Standard deviation of the sensor noise, of 255.
    pub noise_sigma: f64,
}

/// A screen instead of paper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// The picture is a screenshot: the document in a flat page with bars.
    Shot,
    /// A photo of a screen that shows the document; distance of its pixels in px of the photo.
    #[serde(rename_all = "camelCase")]
    Recaptured {
        /// Distance of the screen's pixels in the photo.
        pitch_px: f64,
    },
}

/// How the picture reaches us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// JPEG quality.
    pub quality: u8,
    /// Colour at half resolution.
    pub subsampled: bool,
    /// Colour removed by software, in a colour file.
    pub gray: bool,
    /// Exif orientation: 1, 3, 6 or 8.
    pub orientation: u8,
    /// Whether camera data are in the file.
    pub camera: bool,
}

/// A whole photo as plain data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scene {
    /// Everything that is random follows from it.
    pub seed: u64,
    /// The document.
    pub paper: Paper,
    /// Whether it is a copy.
    pub copy: Copy,
    /// Contrast of the print, 1 = as printed, 0 = none.
    pub ink: f64,
    /// What it lies on.
    pub desk: Desk,
    /// Colour, pattern and clutter of the desk follow from it, so that two photos can share one.
    pub desk_seed: u64,
    /// What lies around.
    pub clutter: Clutter,
    /// Width and height of the displayed picture.
    pub size_px: [usize; 2],
    /// Camera.
    pub pose: Pose,
    /// Light.
    pub light: Light,
    /// Lens.
    pub lens: Lens,
    /// A screen, if any.
    pub screen: Option<Screen>,
    /// File.
    pub delivery: Delivery,
}

/// What is true of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Truth {
    /// The scene.
    pub scene: Scene,
    /// Kind of document in reports.
    pub kind: String,
    /// Corners in the displayed picture, clockwise from the one with the smallest `x + y`; those of the unrounded paper.
    pub quad: [[f64; 2]; 4],
    /// The paper's own upper left, upper right, lower right and lower left corner.
    pub paper_quad: [[f64; 2]; 4],
    /// Long side divided by short side.
    pub aspect_ratio: f64,
    /// Pixels per mm in the middle of the paper.
    pub px_per_mm: f64,
    /// Height of the smallest print in px.
    pub smallest_print_px: f64,
    /// Whether all corners are in the picture.
    pub whole: bool,
}

/// A rendered picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Width as displayed.
    pub width: usize,
    /// Height as displayed.
    pub height: usize,
    /// Displayed pixels, three bytes each.
    pub rgb: Vec<u8>,
    /// What is true of it.
    pub truth: Truth,
}

impl Scene {
    /// A good photo: sharp, well lit, whole, in colour; everything else varies with the seed.
    #[must_use]
    pub fn good(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let paper = *random.pick(Paper::ALL);
        let [w, h] = paper.size_mm();
        let lying = w >= h;
        let sizes: &[[usize; 2]] =
            &[[1600, 1200], [1920, 1440], [2048, 1536], [1280, 960], [1920, 1080], [2560, 1920], [3200, 2400]];
        let [long, short] = *random.pick(sizes);
        let size_px = if lying != random.chance(0.12) { [long, short] } else { [short, long] };
        // Photos are held roughly straight; a few are turned further.
        let turn = if random.chance(0.8) { random.signed(0.0, 6.0) } else { random.signed(6.0, 40.0) };
        let gain = random.range(-0.12, 0.12);
        Self {
            seed,
            paper,
            copy: Copy::Original,
            ink: 1.0,
            desk: *random.pick(Desk::ALL),
            desk_seed: seed,
            clutter: *random.pick(&[Clutter::None, Clutter::None, Clutter::Beside]),
            size_px,
            pose: Pose {
                rotation_deg: turn,
                tilt_deg: if random.chance(0.7) { random.range(0.0, 12.0) } else { random.range(12.0, 30.0) },
                tilt_towards_deg: random.range(0.0, 360.0),
                focal_ratio: random.range(0.72, 1.3),
                frame_share: random.range(0.62, 0.93),
                shift: [random.range(-0.7, 0.7), random.range(-0.7, 0.7)],
            },
            light: Light {
                exposure_ev: random.range(-0.75, 0.1),
                tint: [1.0 + gain, 1.0 - gain.abs() * 0.2, 1.0 - gain],
                falloff: random.range(0.0, 0.28),
                falloff_deg: random.range(0.0, 360.0),
                shadow: None,
                glare: Vec::new(),
            },
            lens: Lens {
                softness_px: random.range(0.5, 0.95),
                defocus_px: 0.0,
                shake_px: 0.0,
                shake_deg: 0.0,
                sharpen: random.range(0.0, 0.8),
                noise_sigma: random.range(0.5, 3.0),
            },
            screen: None,
            delivery: Delivery {
                quality: 70 + random.below(26) as u8,
                subsampled: random.chance(0.8),
                gray: false,
                orientation: *random.pick(&[1, 1, 1, 6, 8, 3]),
                camera: random.chance(0.7),
            },
        }
    }

    /// Renders the picture.
    #[must_use]
    pub fn render(&self) -> Picture {
        let [width, height] = self.size_px;
        let [w, h] = self.paper.size_mm();
        let camera = Camera::looking_at([w, h], &self.pose, [width as f64, height as f64]);
        let corners = corners_of([w, h]);
        let finest = corners.iter().map(|c| camera.px_per_mm(*c)).fold(0.0, f64::max);
        let texture = self.texture(finest.clamp(2.0, 48.0));
        let mut linear = self.expose(&camera, &texture);
        linear.soften(self.lens.softness_px);
        linear.defocus(self.lens.defocus_px);
        linear.shake(self.lens.shake_px, self.lens.shake_deg);
        let mut rgb = develop(&linear, self.lens.noise_sigma, self.lens.sharpen, self.seed);
        drop(linear);
        if let Some(Screen::Shot) = self.screen {
            self.put_on_a_page(&mut rgb);
        }
        if self.delivery.gray {
            for pixel in rgb.chunks_exact_mut(3) {
                let luma = 0.299 * f32::from(pixel[0]) + 0.587 * f32::from(pixel[1]) + 0.114 * f32::from(pixel[2]);
                pixel.fill((luma + 0.5) as u8);
            }
        }
        let paper_quad = corners.map(|corner| camera.project(corner));
        let first = (0..4).min_by(|a, b| {
            let sum = |n: usize| paper_quad[n][0] + paper_quad[n][1];
            sum(*a).total_cmp(&sum(*b))
        });
        let mut quad = paper_quad;
        quad.rotate_left(first.unwrap_or(0));
        let px_per_mm = camera.px_per_mm([0.0, 0.0]);
        let inside = |[x, y]: [f64; 2]| (0.0..=width as f64).contains(&x) && (0.0..=height as f64).contains(&y);
        let truth = Truth {
            scene: self.clone(),
            kind: self.paper.kind().to_owned(),
            quad,
            paper_quad,
            aspect_ratio: w.max(h) / w.min(h),
            px_per_mm,
            smallest_print_px: self.paper.smallest_print_mm() * px_per_mm,
            whole: paper_quad.iter().all(|corner| inside(*corner)),
        };
        Picture { width, height, rgb, truth }
    }

    /// The paper, as an original or a copy, with its own contrast of print.
    fn texture(&self, px_per_mm: f64) -> crate::canvas::Canvas {
        let mut canvas = self.paper.draw(self.seed, px_per_mm);
        let gray = |[r, g, b]: [u8; 3]| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
        match self.copy {
            Copy::Original => {}
            Copy::Gray => canvas.map(|ink| [(gray(ink) * 0.9 + 18.0) as u8; 3]),
            Copy::BlackWhite => canvas.map(|ink| if gray(ink) > 150.0 { [243; 3] } else { [34; 3] }),
        }
        if self.ink < 1.0 {
            let paper = canvas.pixels[0];
            canvas.map(|ink| {
                [0, 1, 2].map(|i| (f64::from(paper[i]) + (f64::from(ink[i]) - f64::from(paper[i])) * self.ink) as u8)
            });
        }
        canvas
    }

    fn expose(&self, camera: &Camera, texture: &crate::canvas::Canvas) -> Linear {
        let [width, height] = self.size_px;
        let [w, h] = self.paper.size_mm();
        let surface = Surface::new(self.desk, self.clutter, self.desk_seed, [w, h]);
        let table = decode_table();
        let gain = 0.94 * self.light.exposure_ev.exp2();
        let gains = self.light.tint.map(|t| (t * gain) as f32);
        let corner = self.paper.corner_mm();
        let mut planes = [(); 3].map(|()| vec![0.0f32; width * height]);
        let (fs, fc) = self.light.falloff_deg.to_radians().sin_cos();
        let on_screen = self.screen.is_some();
        // Four places in a pixel, on a turned grid, so that near-vertical edges step evenly.
        let places = [[0.125, 0.625], [0.375, 0.125], [0.625, 0.875], [0.875, 0.375]];
        for y in 0..height {
            for x in 0..width {
                let middle = camera.unproject([x as f64 + 0.5, y as f64 + 0.5]);
                let beside = camera.unproject([x as f64 + 1.5, y as f64 + 0.5]);
                let px_mm = (beside[0] - middle[0]).hypot(beside[1] - middle[1]);
                let (mx, my) = (middle[0], middle[1]);
                let outside = rounded(mx, my, [w / 2.0, h / 2.0], corner);
                let mut color = [0.0f32; 3];
                if outside > -2.0 * px_mm {
                    color = if on_screen { [0.012; 3] } else { surface.below(mx, my, px_mm) };
                    // The paper's own soft shadow on the desk.
                    if !on_screen {
                        let lift = rounded(mx - 0.8, my - 1.2, [w / 2.0, h / 2.0], corner);
                        let shade = 1.0 - 0.35 * (1.0 - (lift + 0.6) / 2.6).clamp(0.0, 1.0);
                        color = color.map(|c| c * shade as f32);
                    }
                }
                let coverage = (0.5 - outside / px_mm).clamp(0.0, 1.0) as f32;
                if coverage > 0.0 {
                    let mut sum = [0.0f32; 3];
                    for place in places {
                        let [u, v] = camera.unproject([x as f64 + place[0], y as f64 + place[1]]);
                        let texel = sample(texture, &table, u + w / 2.0, v + h / 2.0);
                        for (s, t) in sum.iter_mut().zip(texel) {
                            *s += t * 0.25;
                        }
                    }
                    for (c, s) in color.iter_mut().zip(sum) {
                        *c = *c * (1.0 - coverage) + s * coverage;
                    }
                }
                if !on_screen {
                    surface.above(mx, my, px_mm, &mut color);
                }
                let mut light = 1.0 - self.light.falloff * ((mx * fc + my * fs) / w.max(h) + 0.5).clamp(0.0, 1.2);
                if let Some(shadow) = self.light.shadow {
                    let (ss, sc) = shadow.towards_deg.to_radians().sin_cos();
                    let depth = ((mx * sc + my * ss) / w - shadow.offset) / shadow.softness.max(1e-3);
                    light *= 1.0 - shadow.depth * smooth(depth + 0.5);
                }
                let mut mirrored = 0.0;
                for glare in &self.light.glare {
                    let (gs, gc) = glare.turn_deg.to_radians().sin_cos();
                    let (dx, dy) = (mx - glare.center[0] * w, my - glare.center[1] * h);
                    let u = (dx * gc + dy * gs) / (glare.radius[0] * w);
                    let v = (dy * gc - dx * gs) / (glare.radius[1] * w);
                    mirrored += glare.strength * (-(u * u + v * v).powf(1.2)).exp();
                }
                let mirrored = (mirrored * f64::from(coverage)) as f32;
                if let Some(Screen::Recaptured { pitch_px }) = self.screen {
                    color = lit_dots(color, x, y, pitch_px);
                }
                for i in 0..3 {
                    planes[i][y * width + x] = (color[i] * light as f32 + mirrored) * gains[i];
                }
            }
        }
        Linear { width, height, planes }
    }

    /// A flat page with bars above and below, as on a phone.
    fn put_on_a_page(&self, rgb: &mut [u8]) {
        let [width, height] = self.size_px;
        let bar = height / 14;
        let (top, bottom): ([u8; 3], [u8; 3]) =
            if self.seed.is_multiple_of(2) { ([250; 3], [246; 3]) } else { ([18, 18, 20], [18, 18, 20]) };
        let margin = (height - (height * 5 / 10)) / 2;
        for (y, row) in rgb.chunks_exact_mut(width * 3).enumerate() {
            if y < margin || y >= height - margin {
                let ink = if y < bar || y >= height - bar { top } else { bottom };
                row.chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&ink));
                let glyphs = y > bar / 2 && y < bar * 3 / 4;
                if glyphs {
                    for n in [3, 4, 5, 30, 31, 33] {
                        let from = width * n / 36;
                        row[from * 3..(from + width / 60) * 3].fill(128);
                    }
                }
            }
        }
    }

    /// The camera data of a phone with this lens: its focal length for 35 mm film in whole millimetres, by the diagonal.
    #[must_use]
    pub fn lens_exif(&self) -> Vec<u8> {
        let [width, height] = self.size_px;
        let (long, diagonal) = (width.max(height) as f64, (width as f64).hypot(height as f64));
        let film_mm = (43.27 * self.pose.focal_ratio * long / diagonal).round() as u16;
        let stored = if matches!(self.delivery.orientation, 6 | 8) { [height, width] } else { [width, height] };
        exif_with_lens(self.delivery.orientation, film_mm, stored)
    }

    /// Encodes a rendered picture as JPEG, as `delivery` says.
    #[must_use]
    pub fn encode(&self, picture: &Picture) -> Vec<u8> {
        let delivery = self.delivery;
        let (rgb, size) = stored(&picture.rgb, [picture.width, picture.height], delivery.orientation);
        let camera = exif("Invented", "Camera 1", delivery.orientation);
        let bare = exif("\0\0\0\0", "\0\0\0\0", delivery.orientation);
        let segment = match (delivery.camera, delivery.orientation) {
            (true, _) => Some(camera),
            (false, 1) => None,
            (false, _) => Some(bare),
        };
        encode_jpeg(&rgb, size, delivery.quality, delivery.subsampled, segment.as_deref())
    }
}

/// Turns displayed pixels into those a file with this orientation stores.
fn stored(rgb: &[u8], [width, height]: [usize; 2], orientation: u8) -> (Vec<u8>, [usize; 2]) {
    if orientation == 1 {
        return (rgb.to_vec(), [width, height]);
    }
    let size = if orientation == 3 { [width, height] } else { [height, width] };
    let mut out = Vec::with_capacity(rgb.len());
    for y in 0..size[1] {
        for x in 0..size[0] {
            let (sx, sy) = match orientation {
                3 => (width - 1 - x, height - 1 - y),
                6 => (width - 1 - y, x),
                _ => (y, height - 1 - x),
            };
            out.extend_from_slice(&rgb[(sy * width + sx) * 3..][..3]);
        }
    }
    (out, size)
}

fn smooth(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Signed distance to a rectangle with round corners around the origin.
fn rounded(x: f64, y: f64, half: [f64; 2], radius: f64) -> f64 {
    let (qx, qy) = (x.abs() - half[0] + radius, y.abs() - half[1] + radius);
    qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - radius
}

fn sample(canvas: &crate::canvas::Canvas, table: &[f32; 256], x_mm: f64, y_mm: f64) -> [f32; 3] {
    let x = (x_mm * canvas.px_per_mm - 0.5).clamp(0.0, canvas.width_px as f64 - 1.001);
    let y = (y_mm * canvas.px_per_mm - 0.5).clamp(0.0, canvas.height_px as f64 - 1.001);
    let (ix, iy) = (x as usize, y as usize);
    let (fx, fy) = ((x - ix as f64) as f32, (y - iy as f64) as f32);
    let at = |dx: usize, dy: usize| {
        let row = (iy + dy).min(canvas.height_px - 1);
        canvas.pixels[row * canvas.width_px + (ix + dx).min(canvas.width_px - 1)]
    };
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|i| {
        let t = |p: [u8; 3]| table[usize::from(p[i])];
        let upper = t(a) + (t(b) - t(a)) * fx;
        let lower = t(c) + (t(d) - t(c)) * fx;
        upper + (lower - upper) * fy
    })
}

/// Red, green and blue stripes of a screen's pixels, slightly turned.
fn lit_dots(color: [f32; 3], x: usize, y: usize, pitch_px: f64) -> [f32; 3] {
    let (sin, cos) = 0.03f64.sin_cos();
    let (u, v) = (x as f64 * cos - y as f64 * sin, x as f64 * sin + y as f64 * cos);
    let row = (v / pitch_px).rem_euclid(1.0);
    let gap = if row < 0.85 { 1.0 } else { 0.45 };
    std::array::from_fn(|i| {
        let column = (u / pitch_px - i as f64 / 3.0).rem_euclid(1.0);
        let lit = 0.35 + 1.1 * (-((column - 0.5) / 0.28).powi(2)).exp();
        color[i] * (lit * gap) as f32
    })
}
