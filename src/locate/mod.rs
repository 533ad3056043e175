//! Where is the document? From the planes of a picture to the four corners of the document in it.
//!
//! Several generators propose quads, one ranking chooses, one refinement moves its sides to where the full picture
//! changes most. Nothing here says whether the photo is good.

mod edges;
mod grid;
mod lines;
mod quads;
mod refine;
mod region;
mod score;
mod small;

use edges::{Gradients, edges};
use grid::Grid;
use score::SideLook;
use small::Small;

use crate::geometry::{self, Point, Quad};
use crate::photo_facts::{DocumentFacts, InFrame};
use crate::planes::Planes;

/// Hypotheses that are looked at closely.
const LOOKED_AT: usize = 60;

/// Hypotheses that are refined at full resolution.
const REFINED: usize = 5;

/// A quad that was considered, with what speaks for it. For tuning and for explaining an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Corners in pixels of the displayed picture, clockwise from the one with the smallest `x + y`.
    pub quad: Quad,
    /// What was measured on it, in the order of [`FEATURES`].
    pub features: [f32; FEATURES.len()],
    /// The weighted sum of the features: the higher, the better.
    pub score: f32,
    /// How many of its sides are sides of the picture.
    pub frame_sides: usize,
}

/// Names of [`Candidate::features`].
pub const FEATURES: [&str; 14] = [
    "support-mean",
    "support-min",
    "overshoot",
    "contrast-mean",
    "contrast-min",
    "consistency-mean",
    "consistency-min",
    "step-mean",
    "step-min",
    "evenness",
    "log-coverage",
    "frame-sides",
    "ratio",
    "inliers-min",
];

/// Weights of the features in the same order. Chosen by hand, for now.
const WEIGHTS: [f32; FEATURES.len()] = [1.0, 1.5, -0.6, 1.0, 1.0, 0.5, 0.8, 1.0, 1.0, 0.4, 0.25, -0.5, 0.5, 1.5];

/// Finds the document; `None` when nothing in the picture looks like one.
#[must_use]
pub fn locate(planes: &Planes) -> Option<DocumentFacts> {
    let candidates = candidates(planes);
    let best = candidates.first()?;
    facts(planes, best)
}

/// The quads that were considered to the end, best first.
#[must_use]
pub fn candidates(planes: &Planes) -> Vec<Candidate> {
    let small = Small::new(planes);
    let (width, height) = (small.width(), small.height());
    if width < 16 || height < 16 {
        return Vec::new();
    }
    let standing_out = region::standing_out(&small);
    let highest = high(&standing_out);
    let all = edges(&Gradients::new(&small));
    let lines = lines::lines(&all, width, height);
    let mut looked_at: Vec<Draft> = quads::hypotheses(&lines, width, height, LOOKED_AT)
        .into_iter()
        .map(|hypothesis| {
            let looks = score::look(&small, &standing_out, highest, &hypothesis.quad);
            Draft::new(hypothesis, looks, width, height)
        })
        .collect();
    looked_at.sort_by(|a, b| b.score.total_cmp(&a.score));
    looked_at.truncate(REFINED);
    let mut out: Vec<Candidate> = looked_at.into_iter().map(|draft| draft.refined(planes, &small)).collect();
    out.sort_by(|a, b| b.score.total_cmp(&a.score));
    out
}

/// The value that only the upper twentieth exceeds.
fn high(standing_out: &Grid<f32>) -> f32 {
    let mut values: Vec<f32> = standing_out.cells.iter().copied().step_by(7).collect();
    let place = values.len() * 19 / 20;
    if place >= values.len() {
        return 0.0;
    }
    let (_, value, _) = values.select_nth_unstable_by(place, f32::total_cmp);
    *value
}

struct Draft {
    hypothesis: quads::Hypothesis,
    features: [f32; FEATURES.len()],
    score: f32,
}

impl Draft {
    fn new(hypothesis: quads::Hypothesis, looks: [SideLook; 4], width: usize, height: usize) -> Self {
        let seen: Vec<usize> = (0..4).filter(|side| !hypothesis.is_frame.get(*side).copied().unwrap_or(true)).collect();
        let over = |values: [f32; 4]| {
            let values = seen.iter().filter_map(|side| values.get(*side).copied());
            let (sum, least) = values.fold((0.0, 1.0f32), |(sum, least), value| (sum + value, least.min(value)));
            (sum / seen.len().max(1) as f32, least)
        };
        let (support, support_min) = over(hypothesis.support);
        let (overshoot, _) = over(hypothesis.overshoot);
        let (contrast, contrast_min) = over(looks.map(|look| look.contrast));
        let (consistency, consistency_min) = over(looks.map(|look| look.consistency));
        let (step, step_min) = over(looks.map(|look| look.step));
        let (evenness, _) = over(looks.map(|look| look.evenness));
        let coverage = geometry::area_within(&hypothesis.quad, width as f64, height as f64) / (width * height) as f64;
        let rectangle = geometry::rectangle(&hypothesis.quad, width as f64, height as f64, 0.5, None);
        let features = [
            support,
            support_min,
            overshoot,
            contrast,
            contrast_min,
            consistency,
            consistency_min,
            step,
            step_min,
            evenness,
            coverage.max(1e-3).ln() as f32,
            (4 - seen.len()) as f32,
            rectangle.map_or(0.0, |rectangle| score::plausible_ratio(rectangle.width_to_height)),
            0.0,
        ];
        Self { hypothesis, features, score: weighted(&features) }
    }

    fn refined(self, planes: &Planes, small: &Small) -> Candidate {
        let in_pixels = self.hypothesis.quad.map(|[x, y]| [x * small.cell_px, y * small.cell_px]);
        let reach_px = (1.8 * small.cell_px).max(4.0);
        let refined = refine::refine(planes, &in_pixels, self.hypothesis.is_frame, reach_px);
        let mut features = self.features;
        let fits = refined.sides.iter().zip(self.hypothesis.is_frame).filter(|(_, is_frame)| !is_frame);
        if let Some(last) = features.last_mut() {
            *last = fits.map(|(fit, _)| fit.inliers).fold(1.0, f32::min);
        }
        let frame_sides = self.hypothesis.is_frame.iter().filter(|is_frame| **is_frame).count();
        let quad = geometry::ordered(refined.quad.map(|point| planes.to_displayed(point)));
        Candidate { quad, features, score: weighted(&features), frame_sides }
    }
}

fn weighted(features: &[f32; FEATURES.len()]) -> f32 {
    features.iter().zip(WEIGHTS).map(|(feature, weight)| feature * weight).sum()
}

/// Corners this share of the picture's long side outside it are outside.
const OUTSIDE_SHARE: f64 = 0.003;

fn facts(planes: &Planes, best: &Candidate) -> Option<DocumentFacts> {
    let (width_px, height_px) = planes.displayed_size_px();
    let (width, height) = (f64::from(width_px), f64::from(height_px));
    let margin = OUTSIDE_SHARE * width.max(height);
    let outside = |[x, y]: &Point| *x < -margin || *y < -margin || *x > width + margin || *y > height + margin;
    let rectangle = geometry::rectangle(&best.quad, width, height, 1.0, None)?;
    let ratio = rectangle.width_to_height;
    let [a, b, c, d] = best.quad;
    let [dx, dy] = [b[0] - a[0] + c[0] - d[0], b[1] - a[1] + c[1] - d[1]];
    let aspect_ratio = ratio.max(1.0 / ratio);
    Some(DocumentFacts {
        kind: crate::photo_facts::DocumentKind::Unknown,
        quad: best.quad,
        aspect_ratio,
        aspect_ratio_uncertainty: 1.96 * rectangle.log_ratio_sigma * aspect_ratio,
        coverage: geometry::area_within(&best.quad, width, height) / (width * height).max(1.0),
        rotation_deg: dy.atan2(dx).to_degrees(),
        tilt_deg: rectangle.tilt_deg,
        confidence: 0.5,
        in_frame: if best.frame_sides > 0 || best.quad.iter().any(outside) { InFrame::CutOff } else { InFrame::Whole },
    })
}
