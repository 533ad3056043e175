//! What lens, sensor and camera software do to a picture in linear light.

use crate::random::Random;

/// Three planes of linear light.
pub(crate) struct Linear {
    pub width: usize,
    pub height: usize,
    pub planes: [Vec<f32>; 3],
}

impl Linear {
    fn each(&mut self, blur: impl Fn(&[f32], usize, usize) -> Vec<f32>) {
        for plane in &mut self.planes {
            *plane = blur(plane, self.width, self.height);
        }
    }

    /// Blurs with a bell curve.
    pub(crate) fn soften(&mut self, sigma_px: f64) {
        if sigma_px > 0.05 {
            self.each(|plane, width, height| gauss(plane, width, height, sigma_px as f32));
        }
    }

    /// Blurs with a disc: a lens out of focus.
    pub(crate) fn defocus(&mut self, radius_px: f64) {
        if radius_px > 0.3 {
            self.each(|plane, width, height| disc(plane, width, height, radius_px as f32));
        }
    }

    /// Blurs along a line: a shaken camera.
    pub(crate) fn shake(&mut self, length_px: f64, angle_deg: f64) {
        if length_px > 0.5 {
            let (sin, cos) = angle_deg.to_radians().sin_cos();
            self.each(|plane, width, height| motion(plane, width, height, length_px, [cos, sin]));
        }
    }
}

/// Separable bell curve on one plane.
pub(crate) fn gauss(plane: &[f32], width: usize, height: usize, sigma: f32) -> Vec<f32> {
    let radius = (sigma * 3.0).ceil() as usize;
    let mut kernel: Vec<f32> =
        (0..=2 * radius).map(|n| (-0.5 * ((n as f32 - radius as f32) / sigma).powi(2)).exp()).collect();
    let sum: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|k| *k /= sum);
    let mut across = vec![0.0; plane.len()];
    let mut padded = vec![0.0; width + 2 * radius];
    for (row, out) in plane.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        padded[radius..radius + width].copy_from_slice(row);
        padded[..radius].fill(row[0]);
        padded[radius + width..].fill(row[width - 1]);
        for (n, k) in kernel.iter().enumerate() {
            for (o, v) in out.iter_mut().zip(&padded[n..]) {
                *o += v * k;
            }
        }
    }
    let mut result = vec![0.0; plane.len()];
    for (y, out) in result.chunks_exact_mut(width).enumerate() {
        for (n, k) in kernel.iter().enumerate() {
            let from = (y + n).saturating_sub(radius).min(height - 1);
            for (o, v) in out.iter_mut().zip(&across[from * width..]) {
                *o += v * k;
            }
        }
    }
    result
}

fn disc(plane: &[f32], width: usize, height: usize, radius: f32) -> Vec<f32> {
    // Sums along each row, so that a row of the disc costs two look-ups whatever its length.
    let pitch = width + 1;
    let mut sums = vec![0.0f64; pitch * height];
    for (row, out) in plane.chunks_exact(width).zip(sums.chunks_exact_mut(pitch)) {
        let mut sum = 0.0;
        for (v, o) in row.iter().zip(&mut out[1..]) {
            sum += f64::from(*v);
            *o = sum;
        }
    }
    let reach = radius.ceil() as i64;
    let spans: Vec<(i64, f64, f64)> = (-reach..=reach)
        .filter_map(|dy| {
            let edge = (f64::from(radius) + 0.5 - dy.abs() as f64).clamp(0.0, 1.0);
            let half = (f64::from(radius * radius) - (dy * dy) as f64).max(0.0).sqrt().max(0.25);
            (edge > 0.0).then_some((dy, half, edge))
        })
        .collect();
    let area: f64 = spans.iter().map(|(_, half, weight)| 2.0 * half * weight).sum();
    let mut result = vec![0.0; plane.len()];
    for (y, out) in result.chunks_exact_mut(width).enumerate() {
        for (dy, half, weight) in &spans {
            let from = (y as i64 + dy).clamp(0, height as i64 - 1) as usize;
            let row = &sums[from * pitch..][..pitch];
            let (first, last) = (plane[from * width], plane[from * width + width - 1]);
            let at = |t: f64| {
                if t <= 0.0 {
                    t * f64::from(first)
                } else if t >= width as f64 {
                    row[width] + (t - width as f64) * f64::from(last)
                } else {
                    let n = t as usize;
                    row[n] + (row[n + 1] - row[n]) * (t - n as f64)
                }
            };
            let scale = weight / area;
            for (x, o) in out.iter_mut().enumerate() {
                let middle = x as f64 + 0.5;
                *o += ((at(middle + half) - at(middle - half)) * scale) as f32;
            }
        }
    }
    result
}

fn motion(plane: &[f32], width: usize, height: usize, length: f64, [cos, sin]: [f64; 2]) -> Vec<f32> {
    let steps = (length.ceil() as usize).max(2);
    let mut result = vec![0.0; plane.len()];
    for n in 0..steps {
        let t = ((n as f64 + 0.5) / steps as f64 - 0.5) * length;
        let (dx, dy) = (t * cos, t * sin);
        let (ix, iy) = (dx.floor() as i64, dy.floor() as i64);
        let (fx, fy) = ((dx - dx.floor()) as f32, (dy - dy.floor()) as f32);
        let share = 1.0 / steps as f32;
        for y in 0..height as i64 {
            let row = |v: i64| &plane[v.clamp(0, height as i64 - 1) as usize * width..][..width];
            let (upper, lower) = (row(y + iy), row(y + iy + 1));
            let out = &mut result[y as usize * width..][..width];
            for (x, o) in out.iter_mut().enumerate() {
                let left = (x as i64 + ix).clamp(0, width as i64 - 1) as usize;
                let right = (x as i64 + ix + 1).clamp(0, width as i64 - 1) as usize;
                let a = upper[left] + (upper[right] - upper[left]) * fx;
                let b = lower[left] + (lower[right] - lower[left]) * fx;
                *o += (a + (b - a) * fy) * share;
            }
        }
    }
    result
}

/// Linear light to sRGB, 0 to 255, through a table.
pub(crate) struct Curve(Vec<f32>);

impl Curve {
    const STEPS: usize = 8192;

    pub(crate) fn new() -> Self {
        let encode = |v: f64| if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        Self((0..=Self::STEPS).map(|n| (255.0 * encode(n as f64 / Self::STEPS as f64)) as f32).collect())
    }

    pub(crate) fn encode(&self, linear: f32) -> f32 {
        self.0[(linear.clamp(0.0, 1.0) * Self::STEPS as f32 + 0.5) as usize]
    }
}

/// sRGB, 0 to 255, to linear light.
pub(crate) fn decode_table() -> [f32; 256] {
    std::array::from_fn(|n| {
        let v = n as f64 / 255.0;
        (if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }) as f32
    })
}

/// Encodes, adds sensor noise of this standard deviation (in the encoded middle greys), sharpens as cameras do.
pub(crate) fn develop(picture: &Linear, noise_sigma: f64, sharpen: f64, seed: u64) -> Vec<u8> {
    let curve = Curve::new();
    let (width, height) = (picture.width, picture.height);
    let mut random = Random::new(seed ^ 0x0153);
    let mut channels: Vec<Vec<f32>> = Vec::new();
    for plane in &picture.planes {
        let mut encoded: Vec<f32> = plane.iter().map(|v| curve.encode(*v)).collect();
        if noise_sigma > 0.0 {
            // Raw noise of neighbours is mixed by demosaicing; 0.79 restores the stated deviation.
            let amount = noise_sigma as f32 * 1.26;
            let mut last = 0.0;
            for v in &mut encoded {
                let bits = random.bits();
                let sum: u32 = bits.to_le_bytes().iter().map(|b| u32::from(*b)).sum();
                let bell = (sum as f32 - 1020.0) / 209.0;
                *v += (bell * 0.7 + last * 0.37) * amount * (1.25 - *v / 510.0);
                last = bell;
            }
        }
        if sharpen > 0.0 {
            let soft = gauss(&encoded, width, height, 1.1);
            for (v, s) in encoded.iter_mut().zip(soft) {
                *v += (*v - s) * sharpen as f32;
            }
        }
        channels.push(encoded);
    }
    let mut rgb = vec![0; width * height * 3];
    for (n, pixel) in rgb.chunks_exact_mut(3).enumerate() {
        for (out, channel) in pixel.iter_mut().zip(&channels) {
            *out = (channel[n] + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    rgb
}
