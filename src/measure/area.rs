//! The part of the luma plane that is looked at: inside the document, or the whole picture.

use crate::geometry::{self, Point, Quad};
use crate::photo_facts::{DocumentFacts, InFrame};
use crate::planes::Planes;

/// Share by which the document is drawn in towards its middle, so that its rim and the desk stay out.
const INSET: f64 = 0.025;

/// A convex part of the luma plane.
#[derive(Debug, Clone)]
pub(super) struct Area {
    /// Corners in luma pixels; `None` is the whole plane.
    corners: Option<Quad>,
    width: f64,
    height: f64,
}

impl Area {
    pub(super) fn new(planes: &Planes, document: Option<&DocumentFacts>) -> Self {
        let (width, height) = (planes.luma.width_px as f64, planes.luma.height_px as f64);
        let corners = document.filter(|document| document.in_frame != InFrame::FillsFrame).map(|document| {
            let stored = document.quad.map(|corner| planes.to_stored(corner));
            let middle = [0, 1].map(|axis| stored.iter().filter_map(|p| p.get(axis)).sum::<f64>() / 4.0);
            stored.map(|[x, y]| [x + (middle[0] - x) * INSET, y + (middle[1] - y) * INSET])
        });
        Self { corners, width, height }
    }

    /// Whether this is a document's inside rather than the whole picture.
    pub(super) fn is_document(&self) -> bool {
        self.corners.is_some()
    }

    /// First and last x inside at this y; `None` where nothing is.
    pub(super) fn span(&self, y: f64) -> Option<(f64, f64)> {
        self.crossed(y, self.height, self.width, |[x, y]| [x, y])
    }

    /// First and last y inside at this x; `None` where nothing is.
    pub(super) fn span_down(&self, x: f64) -> Option<(f64, f64)> {
        self.crossed(x, self.width, self.height, |[x, y]| [y, x])
    }

    /// What a line across the part covers of it; `turn` puts the coordinate along that line first.
    fn crossed(&self, at: f64, end: f64, length: f64, turn: fn(Point) -> Point) -> Option<(f64, f64)> {
        if !(0.0..=end).contains(&at) {
            return None;
        }
        let Some(corners) = self.corners else { return Some((0.0, length)) };
        let (low, high) = geometry::span_at(&corners.map(turn), at)?;
        let (low, high) = (low.max(0.0), high.min(length));
        (low < high).then_some((low, high))
    }

    /// Left, top, right and bottom of the part, within the plane.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let Some(corners) = self.corners else { return [0.0, 0.0, self.width, self.height] };
        let of = |axis: usize, end: f64| {
            let values = || corners.iter().filter_map(move |corner| corner.get(axis).copied());
            let limited = |value| geometry::within(value, 0.0, end);
            (limited(values().fold(f64::MAX, f64::min)), limited(values().fold(f64::MIN, f64::max)))
        };
        let ((left, right), (top, bottom)) = (of(0, self.width), of(1, self.height));
        [left, top, right, bottom]
    }

    pub(super) fn contains(&self, [x, y]: Point) -> bool {
        self.span(y).is_some_and(|(low, high)| (low..high).contains(&x))
    }
}

/// A box of luma pixels as a quad of the displayed picture, clockwise from the corner with the smallest `x + y`.
pub(super) fn displayed_box(planes: &Planes, [left, top, right, bottom]: [f64; 4]) -> Quad {
    let seen = [[left, top], [right, bottom]].map(|corner| planes.to_displayed(corner));
    let [[ax, ay], [bx, by]] = seen;
    let ((x0, x1), (y0, y1)) = ((ax.min(bx), ax.max(bx)), (ay.min(by), ay.max(by)));
    [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
}
