//! A pinhole camera above a plane.

use serde::{Deserialize, Serialize};

/// How the camera looks at the paper.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pose {
    /// Turn of the paper in the picture, clockwise.
    pub rotation_deg: f64,
    /// Lean of the camera against the plane.
    pub tilt_deg: f64,
    /// Direction in the picture towards which the plane falls away.
    pub tilt_towards_deg: f64,
    /// Focal length divided by the long side of the picture; phones have about 0.75.
    pub focal_ratio: f64,
    /// Size of the paper's bounding box in the picture, as a share of the side it fills most; above 1 it is cut off.
    pub frame_share: f64,
    /// Where in the free room the bounding box lies, -1 to 1 in both directions, 0 = centred. Beyond 1 it is cut off.
    pub shift: [f64; 2],
}

/// A mapping between the plane (mm) and the picture (px).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    to_picture: [f64; 9],
    to_plane: [f64; 9],
}

fn apply(h: &[f64; 9], [x, y]: [f64; 2]) -> [f64; 2] {
    let w = h[6] * x + h[7] * y + h[8];
    [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w]
}

fn inverse(m: &[f64; 9]) -> [f64; 9] {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    let (a, b, c) = (minor(4, 5, 7, 8), -minor(3, 5, 6, 8), minor(3, 4, 6, 7));
    let det = m[0] * a + m[1] * b + m[2] * c;
    [
        a / det,
        -minor(1, 2, 7, 8) / det,
        minor(1, 2, 4, 5) / det,
        b / det,
        minor(0, 2, 6, 8) / det,
        -minor(0, 2, 3, 5) / det,
        c / det,
        -minor(0, 1, 6, 7) / det,
        minor(0, 1, 3, 4) / det,
    ]
}

impl Camera {
    /// The camera that sees a paper of this size, centred at the origin of the plane, as `pose` says.
    pub(crate) fn looking_at([w, h]: [f64; 2], pose: &Pose, [width_px, height_px]: [f64; 2]) -> Self {
        let focal = pose.focal_ratio * width_px.max(height_px);
        let corners = corners_of([w, h]);
        let mut distance = focal * w.hypot(h) / width_px.max(height_px);
        let principal = [width_px / 2.0, height_px / 2.0];
        let mut place = [0.0, 0.0];
        for _ in 0..8 {
            let camera = Self::at(pose, focal, principal, [place[0], place[1], distance]);
            let seen = corners.map(|corner| apply(&camera, corner));
            let low = [0, 1].map(|i| seen.iter().map(|p| p[i]).fold(f64::MAX, f64::min));
            let high = [0, 1].map(|i| seen.iter().map(|p| p[i]).fold(f64::MIN, f64::max));
            let size = [high[0] - low[0], high[1] - low[1]];
            let share = (size[0] / width_px).max(size[1] / height_px);
            distance *= share / pose.frame_share;
            for i in 0..2 {
                let side = [width_px, height_px][i];
                // Where the paper fills the side, a shift still moves it out by a part of its own size.
                let room = (side - size[i]).max(size[i] * 0.3) / 2.0;
                let missing_px = side / 2.0 + pose.shift[i] * room - (low[i] + high[i]) / 2.0;
                place[i] += missing_px * distance / focal;
            }
        }
        let to_picture = Self::at(pose, focal, principal, [place[0], place[1], distance]);
        Self { to_picture, to_plane: inverse(&to_picture) }
    }

    fn at(pose: &Pose, focal: f64, principal: [f64; 2], place: [f64; 3]) -> [f64; 9] {
        let (sin, cos) = pose.rotation_deg.to_radians().sin_cos();
        let (st, ct) = pose.tilt_deg.to_radians().sin_cos();
        let (sa, ca) = pose.tilt_towards_deg.to_radians().sin_cos();
        // Turned in the plane, then leaned: depth grows towards `tilt_towards`, and the plane shortens along it.
        let lean = |[x, y]: [f64; 2]| {
            let along = x * ca + y * sa;
            [x + along * (ct - 1.0) * ca, y + along * (ct - 1.0) * sa, along * st]
        };
        let ex = lean([cos, sin]);
        let ey = lean([-sin, cos]);
        let row = |i: usize| [ex, ey, place].map(|axis| focal * axis[i] + principal[i] * axis[2]);
        let ([a, b, c], [d, e, f]) = (row(0), row(1));
        [a, b, c, d, e, f, ex[2], ey[2], place[2]]
    }

    pub(crate) fn project(&self, point: [f64; 2]) -> [f64; 2] {
        apply(&self.to_picture, point)
    }

    pub(crate) fn unproject(&self, point: [f64; 2]) -> [f64; 2] {
        apply(&self.to_plane, point)
    }

    /// Pixels per mm around a point of the plane: the larger of both directions.
    pub(crate) fn px_per_mm(&self, [x, y]: [f64; 2]) -> f64 {
        let [px, py] = self.project([x, y]);
        let step = |p: [f64; 2]| (p[0] - px).hypot(p[1] - py);
        step(self.project([x + 1.0, y])).max(step(self.project([x, y + 1.0])))
    }
}

/// Corners of a paper centred at the origin, clockwise from its own upper left.
pub(crate) fn corners_of([w, h]: [f64; 2]) -> [[f64; 2]; 4] {
    [[-w / 2.0, -h / 2.0], [w / 2.0, -h / 2.0], [w / 2.0, h / 2.0], [-w / 2.0, h / 2.0]]
}
