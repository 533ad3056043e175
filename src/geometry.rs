//! Points and quads in pixels of the displayed picture: x grows to the right, y downwards.

/// `[x, y]` in pixels of the displayed picture (Exif orientation applied).
pub type Point = [f64; 2];

/// Four corners, clockwise as seen on screen, from the one with the smallest `x + y`.
pub type Quad = [Point; 4];

/// Clockwise where `y` points down.
pub(crate) const UNIT_SQUARE: Quad = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];

/// The corners in the order that [`Quad`] promises: clockwise on screen, from the one with the smallest `x + y`.
#[must_use]
pub fn ordered(quad: Quad) -> Quad {
    let [a, b, c, d] = quad;
    let [a, b, c, d] = if signed_area(&quad) < 0.0 { [a, d, c, b] } else { quad };
    let sum = |[x, y]: Point| x + y;
    let turns = [[a, b, c, d], [b, c, d, a], [c, d, a, b], [d, a, b, c]];
    turns.into_iter().min_by(|[p, ..], [q, ..]| sum(*p).total_cmp(&sum(*q))).unwrap_or(quad)
}

/// Area in square pixels, positive when the corners go clockwise on screen.
#[must_use]
pub fn signed_area(polygon: &[Point]) -> f64 {
    edges(polygon).map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum::<f64>() / 2.0
}

/// Whether the corners go clockwise and every inner angle is below 180 degrees.
#[must_use]
pub fn is_convex(quad: &Quad) -> bool {
    let [a, b, c, d] = *quad;
    [(a, b, c), (b, c, d), (c, d, a), (d, a, b)].into_iter().all(|(p, q, r)| turn(p, q, r) > 0.0)
}

/// Whether a point lies in a convex quad with clockwise corners.
#[must_use]
pub fn contains(quad: &Quad, point: Point) -> bool {
    edges(quad).all(|(p, q)| turn(p, q, point) >= 0.0)
}

/// Whether a point lies in a convex quad with clockwise corners, or outside by no more than `reach` of any side's line.
#[must_use]
pub fn is_within(quad: &Quad, point: Point, reach: f64) -> bool {
    edges(quad).all(|(p, q)| turn(p, q, point) >= -reach * distance(p, q))
}

/// First and last x of a convex quad at a height; `None` above and below it.
#[must_use]
pub fn span_at(quad: &Quad, y: f64) -> Option<(f64, f64)> {
    let (mut low, mut high) = (f64::MAX, f64::MIN);
    for ([ax, ay], [bx, by]) in edges(quad) {
        if (ay <= y) != (by <= y) {
            let x = ax + (y - ay) / (by - ay) * (bx - ax);
            (low, high) = (low.min(x), high.max(x));
        }
    }
    (low <= high).then_some((low, high))
}

/// The value, or the limit that it is beyond.
///
/// As `clamp`, which would bring along what it takes to print the limits should they be the wrong way round.
#[must_use]
pub fn within<T: PartialOrd>(value: T, low: T, high: T) -> T {
    if value < low {
        low
    } else if value > high {
        high
    } else {
        value
    }
}

/// Points around the unit circle at equal steps, from (1, 0) on: cosine and sine of each angle, exact to about 1e-11.
///
/// One is turned into the next, since a step of at most 2 degrees (180 or more to the circle) needs few terms. Sine and
/// cosine of angles of any size are 4 KB, and differ in the last bit between platforms.
pub(crate) fn circle(steps: usize) -> impl Iterator<Item = Point> {
    let step = std::f64::consts::TAU / steps.max(180) as f64;
    let square = step * step;
    let cosine = 1.0 - square / 2.0 + square * square / 24.0 - square * square * square / 720.0;
    let sine = step * (1.0 - square / 6.0 + square * square / 120.0);
    let turned = move |[x, y]: &Point| Some([x * cosine - y * sine, x * sine + y * cosine]);
    std::iter::successors(Some([1.0, 0.0]), turned).take(steps)
}

/// Distance of two points.
#[must_use]
pub fn distance([ax, ay]: Point, [bx, by]: Point) -> f64 {
    (bx - ax).hypot(by - ay)
}

/// The point at `share` of the way from `a` to `b`.
#[must_use]
pub fn between([ax, ay]: Point, [bx, by]: Point, share: f64) -> Point {
    [ax + (bx - ax) * share, ay + (by - ay) * share]
}

/// From where to where each side runs, the first from the first corner.
#[must_use]
pub fn sides<T: Copy>([a, b, c, d]: &[T; 4]) -> [(T, T); 4] {
    [(*a, *b), (*b, *c), (*c, *d), (*d, *a)]
}

/// The middle of the corners.
#[must_use]
pub fn center(quad: &Quad) -> Point {
    let [x, y] = quad.iter().fold([0.0, 0.0], |[x, y], [px, py]| [x + px, y + py]);
    [x / 4.0, y / 4.0]
}

/// Intersection over union of two convex quads with clockwise corners, 0 to 1.
#[must_use]
pub fn intersection_over_union(a: &Quad, b: &Quad) -> f64 {
    let common = signed_area(&clip(a.to_vec(), b)).max(0.0);
    let union = signed_area(a) + signed_area(b) - common;
    if union > 0.0 { (common / union).clamp(0.0, 1.0) } else { 0.0 }
}

/// The part of a convex quad that lies in the rectangle from the origin to `width`, `height`, in square pixels.
#[must_use]
pub fn area_within(quad: &Quad, width: f64, height: f64) -> f64 {
    let frame = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
    signed_area(&clip(quad.to_vec(), &frame)).max(0.0)
}

/// Cuts a convex polygon by a convex quad, both clockwise (Sutherland and Hodgman, 1974).
fn clip(mut polygon: Vec<Point>, quad: &Quad) -> Vec<Point> {
    for (p, q) in edges(quad) {
        let mut kept = Vec::with_capacity(polygon.len() + 1);
        for (a, b) in edges(&polygon) {
            let (side_a, side_b) = (turn(p, q, a), turn(p, q, b));
            if side_a >= 0.0 {
                kept.push(a);
            }
            if (side_a > 0.0 && side_b < 0.0) || (side_a < 0.0 && side_b > 0.0) {
                kept.push(between(a, b, side_a / (side_a - side_b)));
            }
        }
        polygon = kept;
    }
    polygon
}

fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    polygon.iter().copied().zip(polygon.iter().copied().cycle().skip(1))
}

/// Positive when `r` lies to the right of the way from `p` to `q` on screen.
pub(crate) fn turn([px, py]: Point, [qx, qy]: Point, [rx, ry]: Point) -> f64 {
    (qx - px) * (ry - py) - (qy - py) * (rx - px)
}

/// The corners in an order in which the first side is a long one.
#[must_use]
pub fn lying(quad: &Quad) -> Quad {
    let [a, b, c, d] = *quad;
    if distance(a, b) + distance(c, d) >= distance(b, c) + distance(d, a) { [a, b, c, d] } else { [b, c, d, a] }
}

/// How many pixels the short side of a rectangle would have if it lay straight before the camera where its middle is.
///
/// `quad` is the view of a rectangle whose first side is `width_to_height` times as long as its second. At its middle a
/// tilted rectangle keeps its full scale along the axis of the tilt, so that the larger singular value of the map's
/// derivative there is that scale, whatever the tilt. `None` for degenerate quads.
#[must_use]
pub fn scale_at_center(quad: &Quad, width_to_height: f64) -> Option<f64> {
    let map = Homography::from_unit_square(quad)?;
    let step = 1e-4;
    let derivative = |[u, v]: Point| {
        let ([x0, y0], [x1, y1]) = (map.apply([0.5 - u, 0.5 - v]), map.apply([0.5 + u, 0.5 + v]));
        [(x1 - x0) / (2.0 * step), (y1 - y0) / (2.0 * step)]
    };
    let ([ax, ay], [bx, by]) = (derivative([step, 0.0]), derivative([0.0, step]));
    let (ax, ay) = (ax / width_to_height, ay / width_to_height);
    // Larger singular value of the 2x2 matrix with the columns a and b.
    let (sum, twist) = (ax * ax + ay * ay + bx * bx + by * by, ax * by - ay * bx);
    let largest = ((sum + (sum * sum - 4.0 * twist * twist).max(0.0).sqrt()) / 2.0).sqrt();
    (largest.is_finite() && largest > 0.0).then_some(largest)
}

/// A projective map of the plane, row by row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography([f64; 9]);

impl Homography {
    /// The map that takes the unit square (0,0), (1,0), (1,1), (0,1) to the corners of a quad, in this order.
    ///
    /// `None` when three corners lie on one line. Closed form of Heckbert, "Fundamentals of Texture Mapping" (1989).
    #[must_use]
    pub fn from_unit_square(quad: &Quad) -> Option<Self> {
        let [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = *quad;
        let (dx1, dx2, dx3) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, dy3) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let determinant = dx1 * dy2 - dx2 * dy1;
        if determinant.abs() < 1e-9 {
            return None;
        }
        let g = (dx3 * dy2 - dx2 * dy3) / determinant;
        let h = (dx1 * dy3 - dx3 * dy1) / determinant;
        Some(Self([x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0]))
    }

    /// The image of a point; not finite where the point goes to infinity.
    #[must_use]
    pub fn apply(&self, [x, y]: Point) -> Point {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let w = g * x + h * y + i;
        [(a * x + b * y + c) / w, (d * x + e * y + f) / w]
    }

    /// The images of the middles of `count` equal parts of the line from (0, y) to (1, y), precise to a few hundredths of a
    /// pixel in pictures of up to 65,536 pixels.
    #[must_use]
    pub fn row(&self, y: f64, count: usize) -> Vec<[f32; 2]> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let [cx, cy, cw] = [b * y + c, e * y + f, h * y + i].map(|value| value as f32);
        let [ax, ay, aw] = [a, d, g].map(|value| value as f32);
        let part = 1.0 / count.max(1) as f32;
        let at = |index: usize| {
            let x = (index as f32 + 0.5) * part;
            let w = 1.0 / (aw * x + cw);
            [(ax * x + cx) * w, (ay * x + cy) * w]
        };
        (0..count).map(at).collect()
    }

    /// The map back; `None` when there is none.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let adjugate = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        let determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
        if determinant.abs() < 1e-12 || !determinant.is_finite() {
            return None;
        }
        Some(Self(adjugate.map(|entry| entry / determinant)))
    }
}

/// What the perspective of a quad says about the rectangle behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// Length of the first side (corner 0 to corner 1) divided by that of the second.
    pub width_to_height: f64,
    /// Standard deviation of the natural logarithm of `width_to_height`.
    pub log_ratio_sigma: f64,
    /// Angle between the rectangle and the sensor in degrees, 0 to 90.
    pub tilt_deg: f64,
    /// Focal length that was used, in pixels.
    pub focal_length_px: f64,
}

/// Focal length as a share of the picture's diagonal. The main cameras of phones have 23 to 28 mm on a film of 43.3 mm,
/// that is 0.53 to 0.65; crops and zoom make it longer, never shorter.
const FOCAL_PRIOR_PER_DIAGONAL: f64 = 0.65;

/// Standard deviation of the logarithm of that prior; two of them reach from 0.4 to 1.05 diagonals.
const FOCAL_PRIOR_LOG_SIGMA: f64 = 0.24;

/// The same of a focal length that the camera states: whole millimetres of 24 or so, 2 % more for things as near as a sheet
/// of paper, and a sensor of which the picture may show a part.
const FOCAL_STATED_LOG_SIGMA: f64 = 0.06;

/// A focal length that is stated counts unless the perspective of the corners differs from it by more than this many
/// standard deviations of both, as in pictures that were cropped to the proportions of a camera.
const CONTRADICTION: f64 = 3.0;

/// The rectangle whose perspective view is `quad`, for a camera with square pixels that looks along the middle of the
/// picture.
///
/// The two vanishing points give the focal length where the perspective is strong enough to tell it; else the prior
/// for phone cameras decides, or `focal_length_px` where the camera states it and the perspective does not contradict it.
/// `corner_sigma_px` is the uncertainty of a corner's coordinate. Method: Zhang and He, "Whiteboard scanning and image enhancement" (2003), section 3, with first
/// order propagation of the corners' uncertainty. `None` for degenerate quads.
#[must_use]
pub fn rectangle(
    quad: &Quad,
    picture_width_px: f64,
    picture_height_px: f64,
    corner_sigma_px: f64,
    focal_length_px: Option<f64>,
) -> Option<Rectangle> {
    let diagonal_px = picture_width_px.hypot(picture_height_px);
    if !is_convex(quad) || diagonal_px <= 0.0 {
        return None;
    }
    // Units of half a diagonal around the middle keep every term near one.
    let unit = diagonal_px / 2.0;
    let normal = |[x, y]: Point| [(x - picture_width_px / 2.0) / unit, (y - picture_height_px / 2.0) / unit];
    let corners = quad.map(normal);
    let sigma = corner_sigma_px.max(0.05) / unit;
    let solved = solve_with_sigma(&corners, sigma);
    let stated = focal_length_px.filter(|focal| *focal > 0.0 && focal.is_finite());
    let stated = stated.map(|focal| ((focal / unit).ln(), FOCAL_STATED_LOG_SIGMA));
    let fits = |(stated, stated_sigma): &(f64, f64)| {
        solved.is_none_or(|(log, sigma)| (log - stated).abs() <= CONTRADICTION * sigma.hypot(*stated_sigma))
    };
    let prior = stated.filter(fits).unwrap_or(((FOCAL_PRIOR_PER_DIAGONAL * 2.0).ln(), FOCAL_PRIOR_LOG_SIGMA));
    let (log_focal, log_focal_sigma) = solved.map_or(prior, |solved| weighed(solved, prior));
    let focal = log_focal.exp();
    let (u, v) = directions(&corners)?;
    let ratio = ratio_at(u, v, focal);
    // The ratio bends with the focal length, so that the longer of both ways counts.
    let step = (2.0 * log_focal_sigma).exp();
    let by_focal = [focal * step, focal / step].map(|focal| (ratio_at(u, v, focal) / ratio).ln().abs() / 2.0);
    let mut variance = by_focal.into_iter().fold(0.0, f64::max).powi(2);
    for moved in perturbed(&corners, sigma) {
        let (u, v) = directions(&moved)?;
        variance += (ratio_at(u, v, focal) / ratio).ln().powi(2);
    }
    let (a, b) = (lift(u, focal), lift(v, focal));
    let normal = cross(a, b);
    let cosine = (normal[2] / dot(normal, normal).sqrt()).abs().clamp(0.0, 1.0);
    let result = Rectangle {
        width_to_height: ratio,
        log_ratio_sigma: variance.sqrt(),
        tilt_deg: cosine.acos().to_degrees(),
        focal_length_px: focal * unit,
    };
    (ratio.is_finite() && ratio > 0.0 && variance.is_finite()).then_some(result)
}

/// The mean of two values with a standard deviation each, and its own.
fn weighed((a, a_sigma): (f64, f64), (b, b_sigma): (f64, f64)) -> (f64, f64) {
    let (a_weight, b_weight) = (a_sigma.powi(-2), b_sigma.powi(-2));
    ((a * a_weight + b * b_weight) / (a_weight + b_weight), (1.0 / (a_weight + b_weight)).sqrt())
}

/// The logarithm of the focal length of the vanishing points with its standard deviation, where both are finite.
fn solve_with_sigma(corners: &Quad, sigma: f64) -> Option<(f64, f64)> {
    let solved = solve_log_focal(corners)?;
    // The corners of paper are never exact, so that even a perfect solution is worth no more than this.
    let least = 0.02f64;
    let mut variance = 0.0;
    for moved in perturbed(corners, sigma) {
        variance += (solve_log_focal(&moved)? - solved).powi(2);
    }
    Some((solved, variance.sqrt().max(least)))
}

/// The eight quads with one coordinate moved by `step`.
fn perturbed(corners: &Quad, step: f64) -> impl Iterator<Item = Quad> {
    let corners = *corners;
    (0..8).map(move |index| {
        let mut moved = corners;
        if let Some(value) = moved.as_flattened_mut().get_mut(index) {
            *value += step;
        }
        moved
    })
}

type Vector = [f64; 3];

fn cross([a, b, c]: Vector, [d, e, f]: Vector) -> Vector {
    [b * f - c * e, c * d - a * f, a * e - b * d]
}

fn dot([a, b, c]: Vector, [d, e, f]: Vector) -> f64 {
    a * d + b * e + c * f
}

/// The homogeneous directions of both sides, scaled so that equal sides have equal vectors (k2 and k3 of the paper).
fn directions(corners: &Quad) -> Option<(Vector, Vector)> {
    let [top_left, top_right, bottom_right, bottom_left] = corners.map(|[x, y]| [x, y, 1.0]);
    let diagonal = cross(top_left, bottom_right);
    let k2 = dot(diagonal, bottom_left) / dot(cross(top_right, bottom_right), bottom_left);
    let k3 = dot(diagonal, top_right) / dot(cross(bottom_left, bottom_right), top_right);
    if !k2.is_finite() || !k3.is_finite() {
        return None;
    }
    let along = |k: f64, [x, y, w]: Vector| {
        let [x0, y0, w0] = top_left;
        [k * x - x0, k * y - y0, k * w - w0]
    };
    Some((along(k2, top_right), along(k3, bottom_left)))
}

/// The logarithm of the focal length at which both directions are at right angles; `None` where there is none.
fn solve_log_focal(corners: &Quad) -> Option<f64> {
    let ([ux, uy, uw], [vx, vy, vw]) = directions(corners)?;
    let square = -(ux * vx + uy * vy) / (uw * vw);
    // Between a fisheye and a telescope; beyond, the solution is noise.
    (square.is_finite() && square > 0.04 && square < 400.0).then(|| square.ln() / 2.0)
}

fn lift([x, y, w]: Vector, focal: f64) -> Vector {
    [x / focal, y / focal, w]
}

fn ratio_at(u: Vector, v: Vector, focal: f64) -> f64 {
    let (u, v) = (lift(u, focal), lift(v, focal));
    (dot(u, u) / dot(v, v)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{
        Homography, Quad, area_within, contains, distance, intersection_over_union, is_convex, is_within, ordered,
        rectangle, signed_area,
    };

    const SQUARE: Quad = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];

    /// A rectangle of `width` x `height` seen by a camera of the given focal length, tilted about an axis at `axis_deg`.
    fn seen(width: f64, height: f64, focal: f64, tilt_deg: f64, axis_deg: f64, turn_deg: f64) -> Quad {
        let (tilt, axis, turn) = (tilt_deg.to_radians(), axis_deg.to_radians(), turn_deg.to_radians());
        let corners = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]];
        corners.map(|[x, y]| {
            let (x, y) = (x * width, y * height);
            let (x, y) = (x * turn.cos() - y * turn.sin(), x * turn.sin() + y * turn.cos());
            let along = x * axis.cos() + y * axis.sin();
            let off = -x * axis.sin() + y * axis.cos();
            let (off, depth) = (off * tilt.cos(), off * tilt.sin());
            let (x, y) = (along * axis.cos() - off * axis.sin(), along * axis.sin() + off * axis.cos());
            let scale = focal / (focal * 1.2 + depth);
            [2000.0 + (x + 180.0) * scale, 1500.0 + (y - 110.0) * scale]
        })
    }

    #[test]
    fn corners_are_put_into_the_promised_order() {
        let [a, b, c, d] = SQUARE;
        for quad in [[a, b, c, d], [b, c, d, a], [d, a, b, c], [a, d, c, b], [c, b, a, d]] {
            assert_eq!(ordered(quad), SQUARE);
        }
    }

    #[test]
    fn areas_and_overlaps() {
        assert!((signed_area(&SQUARE) - 100.0).abs() < 1e-9);
        let moved = SQUARE.map(|[x, y]| [x + 5.0, y]);
        assert!((intersection_over_union(&SQUARE, &moved) - 1.0 / 3.0).abs() < 1e-9);
        assert!((intersection_over_union(&SQUARE, &SQUARE) - 1.0).abs() < 1e-9);
        assert_eq!(intersection_over_union(&SQUARE, &SQUARE.map(|[x, y]| [x + 50.0, y])), 0.0);
        assert!((area_within(&moved, 10.0, 8.0) - 40.0).abs() < 1e-9);
    }

    #[test]
    fn a_bow_tie_is_not_convex() {
        let [a, b, c, d] = SQUARE;
        assert!(is_convex(&SQUARE));
        assert!(!is_convex(&[a, c, b, d]));
        assert!(!is_convex(&[a, d, c, b]));
        assert!(contains(&SQUARE, [5.0, 5.0]) && !contains(&SQUARE, [11.0, 5.0]));
        assert!(is_within(&SQUARE, [11.0, 5.0], 1.5) && !is_within(&SQUARE, [11.0, 5.0], 0.5));
    }

    #[test]
    fn a_homography_meets_the_corners_and_goes_back() {
        let quad = [[10.0, 20.0], [200.0, 35.0], [180.0, 300.0], [15.0, 260.0]];
        let map = Homography::from_unit_square(&quad).expect("not degenerate");
        let back = map.inverse().expect("not degenerate");
        for (unit, corner) in [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].into_iter().zip(quad) {
            assert!(distance(map.apply(unit), corner) < 1e-9);
            assert!(distance(back.apply(corner), unit) < 1e-9);
        }
        assert!(Homography::from_unit_square(&[[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]).is_none());
    }

    #[test]
    fn the_true_ratio_comes_out_within_two_percent_below_20_degrees() {
        // A tilt about an axis along a side does not tell the focal length, so that the prior has to be near.
        for (focal_per_diagonal, tilts_deg) in
            [(0.58, [0.0, 10.0, 19.0]), (0.75, [0.0, 10.0, 19.0]), (1.2, [0.0, 5.0, 10.0])]
        {
            for tilt_deg in tilts_deg {
                for axis_deg in [0.0, 30.0, 90.0] {
                    for turn_deg in [0.0, 17.0, 60.0] {
                        let focal = focal_per_diagonal * 5000.0;
                        let quad = seen(1585.8, 1000.0, focal, tilt_deg, axis_deg, turn_deg);
                        let found = rectangle(&quad, 4000.0, 3000.0, 1.0, None).expect("a real view");
                        let error = (found.width_to_height / 1.5858 - 1.0).abs();
                        let case = format!("{focal_per_diagonal} {tilt_deg} {axis_deg} {turn_deg}: {found:?}");
                        assert!(error < 0.02, "{case}");
                        assert!(error < 0.002 + 3.0 * found.log_ratio_sigma, "{case}");
                        assert!((found.tilt_deg - tilt_deg).abs() < 12.0, "{case}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_known_focal_length_sharpens_the_ratio() {
        let quad = seen(1500.0, 1000.0, 3000.0, 35.0, 0.0, 0.0);
        let blind = rectangle(&quad, 4000.0, 3000.0, 1.0, None).expect("a real view");
        let told = rectangle(&quad, 4000.0, 3000.0, 1.0, Some(3000.0)).expect("a real view");
        assert!((told.width_to_height / 1.5 - 1.0).abs() < 0.01, "{told:?}");
        assert!(told.log_ratio_sigma < blind.log_ratio_sigma);
        assert!((told.tilt_deg - 35.0).abs() < 2.0, "{told:?}");
    }

    #[test]
    fn a_focal_length_that_the_perspective_contradicts_is_as_none() {
        // Turned about an axis between its sides, both vanishing points are near.
        let quad = seen(1500.0, 1000.0, 3000.0, 35.0, 40.0, 0.0);
        let blind = rectangle(&quad, 4000.0, 3000.0, 1.0, None).expect("a real view");
        for focal in [1500.0, 6000.0, 0.0, -3000.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(rectangle(&quad, 4000.0, 3000.0, 1.0, Some(focal)), Some(blind), "{focal}");
        }
        let told = rectangle(&quad, 4000.0, 3000.0, 1.0, Some(3100.0)).expect("a real view");
        assert!(told != blind && told.log_ratio_sigma < blind.log_ratio_sigma, "{told:?} {blind:?}");
    }

    #[test]
    fn degenerate_quads_have_no_rectangle() {
        let line = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]];
        assert!(rectangle(&line, 100.0, 100.0, 1.0, None).is_none());
        assert!(rectangle(&SQUARE, 0.0, 0.0, 1.0, None).is_none());
        assert!(rectangle(&[[f64::NAN; 2]; 4], 100.0, 100.0, 1.0, None).is_none());
    }
}
