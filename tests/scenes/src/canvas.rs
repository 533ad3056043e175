//! A sheet to draw documents on: sRGB, 8 bits.

/// sRGB colour.
pub(crate) type Ink = [u8; 3];

/// A sheet of paper as pixels; places and lengths are millimetres from its upper left corner.
pub(crate) struct Canvas {
    pub width_px: usize,
    pub height_px: usize,
    pub px_per_mm: f64,
    pub pixels: Vec<Ink>,
}

impl Canvas {
    pub(crate) fn new(width_mm: f64, height_mm: f64, px_per_mm: f64, paper: Ink) -> Self {
        let width_px = (width_mm * px_per_mm).round().max(1.0) as usize;
        let height_px = (height_mm * px_per_mm).round().max(1.0) as usize;
        Self { width_px, height_px, px_per_mm, pixels: vec![paper; width_px * height_px] }
    }

    pub(crate) fn blend(&mut self, x: i64, y: i64, ink: Ink, coverage: f32) {
        if x < 0 || y < 0 || x >= self.width_px as i64 || y >= self.height_px as i64 {
            return;
        }
        let pixel = &mut self.pixels[y as usize * self.width_px + x as usize];
        let share = coverage.clamp(0.0, 1.0);
        for (old, new) in pixel.iter_mut().zip(ink) {
            *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * share).round() as u8;
        }
    }

    /// Covers every pixel in a box by what `shape` says: signed distance in mm (negative inside), colour, opacity.
    fn paint(&mut self, [x0, y0, x1, y1]: [f64; 4], shape: impl Fn(f64, f64) -> (f64, Ink, f32)) {
        let ppm = self.px_per_mm;
        let span = |low: f64, high: f64, end: usize| {
            let first = (low * ppm - 1.0).floor().max(0.0) as usize;
            first..((high * ppm + 2.0).ceil().max(0.0) as usize).min(end)
        };
        for y in span(y0, y1, self.height_px) {
            for x in span(x0, x1, self.width_px) {
                let (distance, ink, opacity) = shape((x as f64 + 0.5) / ppm, (y as f64 + 0.5) / ppm);
                let coverage = (0.5 - distance * ppm).clamp(0.0, 1.0) as f32;
                if coverage > 0.0 {
                    self.blend(x as i64, y as i64, ink, coverage * opacity);
                }
            }
        }
    }

    pub(crate) fn rect(&mut self, [x, y]: [f64; 2], [w, h]: [f64; 2], ink: Ink, opacity: f32) {
        self.paint([x, y, x + w, y + h], |px, py| {
            let dx = (px - x - w / 2.0).abs() - w / 2.0;
            let dy = (py - y - h / 2.0).abs() - h / 2.0;
            (dx.max(dy), ink, opacity)
        });
    }

    pub(crate) fn frame(&mut self, [x, y]: [f64; 2], [w, h]: [f64; 2], width: f64, ink: Ink) {
        let corners = [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
        for n in 0..4 {
            self.line(corners[n], corners[(n + 1) % 4], width, ink, 1.0);
        }
    }

    /// A line with round ends.
    pub(crate) fn line(&mut self, [ax, ay]: [f64; 2], [bx, by]: [f64; 2], width: f64, ink: Ink, opacity: f32) {
        let half = width / 2.0;
        let bounds = [ax.min(bx) - half, ay.min(by) - half, ax.max(bx) + half, ay.max(by) + half];
        let (dx, dy) = (bx - ax, by - ay);
        let length_sq = (dx * dx + dy * dy).max(1e-12);
        self.paint(bounds, |px, py| {
            let t = (((px - ax) * dx + (py - ay) * dy) / length_sq).clamp(0.0, 1.0);
            ((px - ax - t * dx).hypot(py - ay - t * dy) - half, ink, opacity)
        });
    }

    pub(crate) fn ellipse(&mut self, [cx, cy]: [f64; 2], [rx, ry]: [f64; 2], ink: Ink, opacity: f32) {
        self.paint([cx - rx, cy - ry, cx + rx, cy + ry], |px, py| {
            let r = ((px - cx) / rx).hypot((py - cy) / ry);
            ((r - 1.0) * rx.min(ry), ink, opacity)
        });
    }

    pub(crate) fn ring(&mut self, [cx, cy]: [f64; 2], radius: f64, width: f64, ink: Ink) {
        let outer = radius + width;
        self.paint([cx - outer, cy - outer, cx + outer, cy + outer], |px, py| {
            (((px - cx).hypot(py - cy) - radius).abs() - width / 2.0, ink, 1.0)
        });
    }

    /// A star with five points.
    pub(crate) fn star(&mut self, [cx, cy]: [f64; 2], radius: f64, ink: Ink) {
        self.paint([cx - radius, cy - radius, cx + radius, cy + radius], |px, py| {
            let (dx, dy) = (px - cx, py - cy);
            let sector = std::f64::consts::TAU / 5.0;
            let angle = (dx.atan2(-dy).rem_euclid(sector) - sector / 2.0).abs();
            let r = dx.hypot(dy);
            // Distance to the line from an inner corner (0.382 of the radius) to a point of the star.
            let inner = [radius * 0.382, 0.0];
            let tip = [radius * (sector / 2.0).cos(), radius * (sector / 2.0).sin()];
            let point = [r * angle.cos(), r * angle.sin()];
            let edge = [tip[0] - inner[0], tip[1] - inner[1]];
            let cross = edge[0] * (point[1] - inner[1]) - edge[1] * (point[0] - inner[0]);
            (-cross / edge[0].hypot(edge[1]), ink, 1.0)
        });
    }

    pub(crate) fn curve(&mut self, points: impl Iterator<Item = [f64; 2]>, width: f64, ink: Ink, opacity: f32) {
        let mut last = None;
        for point in points {
            if let Some(from) = last {
                self.line(from, point, width, ink, opacity);
            }
            last = Some(point);
        }
    }

    /// Darkens or tints every pixel.
    pub(crate) fn map(&mut self, change: impl Fn(Ink) -> Ink) {
        for pixel in &mut self.pixels {
            *pixel = change(*pixel);
        }
    }
}
