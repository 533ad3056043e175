//! Where is the document? From the planes of a picture to the four corners of the document in it.
//!
//! Several generators propose quads, one ranking chooses, one refinement moves its sides to where the full picture
//! changes most. Nothing here says whether the photo is good.

mod closer;
mod edges;
mod fours;
mod grid;
mod lines;
mod net;
mod quads;
mod refine;
mod region;
mod score;
mod shape;
mod small;

use closer::Looks;
use edges::{Gradients, edges};
use grid::Grid;
use lines::Tiles;
use score::{Learned, SideLook, Standing};
use small::Small;

use crate::geometry::{self, Point, Quad};
use crate::order::sort_by;
use crate::photo_facts::{DocumentFacts, DocumentKind, InFrame};
use crate::planes::Planes;

/// Hypotheses that are looked at closely.
const LOOKED_AT: usize = 60;

/// Hypotheses that are refined at full resolution.
const REFINED: usize = 6;

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

impl Candidate {
    /// A feature by its name; 0 for an unknown one.
    fn feature(&self, name: &str) -> f32 {
        let place = FEATURES.iter().position(|known| *known == name);
        place.and_then(|place| self.features.get(place)).copied().unwrap_or_default()
    }
}

/// Names of [`Candidate::features`].
pub const FEATURES: [&str; 23] = [
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
    "outside-mean",
    "outside-max",
    "share-held",
    "share-filled",
    "learned-overlap",
    "learned-side-mean",
    "learned-side-min",
    "learned-corner",
    "learned-beyond",
    "inliers-min",
];

/// Weights of the features in the same order, fitted by `train/rank.py` on rendered scenes. Two were moved by
/// hand: the last one came out below zero and was left out, and the one of `frame-sides` from -1.7 to -2.5, because sheets
/// of real photos that end just within the picture were said to be cut by it.
const WEIGHTS: [f32; FEATURES.len()] = [
    8.525,
    2.196,
    -7.68,
    6.612,
    0.463,
    0.134,
    0.603,
    -2.667,
    0.936,
    6.866,
    0.606,
    -2.5,
    1.017,
    -1.477,
    -1.084,
    1.002,
    0.466,
    2.24,
    0.738,
    1.721,
    3.495,
    -0.953,
    LAST_WEIGHT,
];

/// Weight of the feature that only a refined quad has.
const LAST_WEIGHT: f32 = 0.0;

/// Finds the document; `None` when nothing in the picture looks like one.
#[must_use]
pub fn locate(planes: &Planes) -> Option<DocumentFacts> {
    let view = View::new(planes)?;
    let candidates = view.candidates(false);
    let confidence = confidence(&candidates);
    let sheet = view.whole_picture(candidates.first(), confidence);
    match (candidates.first(), sheet) {
        (_, Some(confidence)) => {
            let (width_px, height_px) = planes.displayed_size_px();
            let (width, height) = (f64::from(width_px), f64::from(height_px));
            let quad = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
            facts(displayed_size(planes), quad, confidence, InFrame::FillsFrame)
        }
        (Some(best), None) if confidence >= LEAST_CONFIDENCE => {
            let in_frame = if is_cut_off(planes, best) { InFrame::CutOff } else { InFrame::Whole };
            facts(displayed_size(planes), best.quad, confidence, in_frame)
        }
        _ => None,
    }
}

/// The quads that were looked at closely, all refined, best first.
#[must_use]
pub fn candidates(planes: &Planes) -> Vec<Candidate> {
    View::new(planes).map_or_else(Vec::new, |view| view.candidates(true))
}

/// Below this, the answer is that no document was found.
const LEAST_CONFIDENCE: f64 = 0.05;

/// Score at which a quad is as likely right as wrong, and how fast that changes: from `train/rank.py`, whose 17.9 was moved
/// to the cautious side because desks of other people hold more than the rendered ones.
const EVEN_SCORE: f64 = 18.5;
const SCORE_SLOPE: f64 = 0.51;

fn confidence(candidates: &[Candidate]) -> f64 {
    let Some(best) = candidates.first() else { return 0.0 };
    1.0 / (1.0 + (-SCORE_SLOPE * (f64::from(best.score) - EVEN_SCORE)).exp())
}

/// What was read from a picture before any quad is judged.
struct View<'a> {
    planes: &'a Planes,
    small: Small,
    standing_out: Grid<f32>,
    highest: f32,
    standing: Standing,
    looks: Looks,
}

impl<'a> View<'a> {
    /// `None` for pictures in which no document could be read.
    fn new(planes: &'a Planes) -> Option<Self> {
        let small = Small::new(planes);
        let (width, height) = (small.width(), small.height());
        if width < 16 || height < 16 {
            return None;
        }
        let standing_out = region::standing_out(&small);
        let highest = high(&standing_out);
        let standing = Standing::new(&standing_out, highest);
        let looks = Looks::new(&small);
        Some(Self { planes, small, standing_out, highest, standing, looks })
    }

    /// The refined quads, best first: `all` that were looked at closely, or only those that may be the best.
    fn candidates(&self, all: bool) -> Vec<Candidate> {
        let (width, height) = (self.small.width(), self.small.height());
        let edges = Tiles::new(&edges(&Gradients::new(&self.small)), width, height);
        // Guessed sides come first, so that they are combined before the budget is spent.
        let guessed = self.looks.guesses.iter().flat_map(|quad| lines::guessed(quad, &edges, width, height));
        let lines: Vec<_> = guessed.chain(lines::lines(&edges, width, height)).collect();
        let hypotheses = quads::hypotheses(&lines, width, height, LOOKED_AT);
        let mut drafts: Vec<Draft> = hypotheses.into_iter().map(|hypothesis| self.draft(hypothesis)).collect();
        sort_by(&mut drafts, |a, b| b.score.total_cmp(&a.score));
        if !all {
            drafts.truncate(REFINED);
        }
        let mut out: Vec<Candidate> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            // Refining adds the last feature, which is 1 at most: a draft that cannot win with it is left as it is.
            let highest = out.iter().map(|candidate| candidate.score).fold(f32::MIN, f32::max);
            if all || draft.score + LAST_WEIGHT >= highest {
                out.push(draft.refined(self.planes, &self.small));
            }
        }
        sort_by(&mut out, |a, b| b.score.total_cmp(&a.score));
        out
    }

    fn draft(&self, hypothesis: quads::Hypothesis) -> Draft {
        let (width, height) = (self.small.width(), self.small.height());
        let looks = score::look(&self.small, &self.standing_out, self.highest, &hypothesis.quad);
        let held = self.standing.held(&hypothesis.quad);
        let learned = self.looks.judge(&hypothesis.quad, hypothesis.is_frame);
        Draft::new(hypothesis, looks, held, learned.unwrap_or_default(), width, height)
    }

    /// Confidence that the document is the whole picture, as in a scan: no place beside it is visible.
    fn whole_picture(&self, best: Option<&Candidate>, confidence: f64) -> Option<f64> {
        let maps = self.looks.whole()?;
        let least = maps.frame_regions().into_iter().fold(1.0, f32::min);
        let of_best = |name| best.map_or(0.0, |best| best.feature(name));
        let (beyond, contrast) = (of_best("learned-beyond"), of_best("contrast-mean"));
        // A printed frame is a good quad, but has paper of the same colour on its outer side, too.
        let has_own_ground = confidence > 0.5 && (beyond < 0.5 || contrast > GROUND_CONTRAST);
        let is_printed = beyond > 0.85 && contrast < PRINT_CONTRAST;
        let fills = maps.mean_region() > SCAN_REGION && (least > SCAN_FRAME || is_printed);
        // Where nothing else is likely, less will do.
        let may_fill = confidence < UNCONVINCING && maps.mean_region() > LIKELY_REGION && least > LIKELY_FRAME;
        let is_all = maps.present > 0.5 && (fills || may_fill);
        (is_all && !has_own_ground).then(|| f64::from(maps.mean_region().min(0.99)))
    }
}

/// Of a scan, the net sees nearly all as document, and its weakest side of the picture mostly so. Cards that two sides of
/// the picture cut have up to 0.87 and 0.76.
const SCAN_REGION: f32 = 0.87;
const SCAN_FRAME: f32 = 0.5;

/// The same where no quad convinces. Of 40 rendered scans, 13 of the 15 without a convincing quad have 0.73 to 0.96 and 0.04
/// to 0.64; rendered photos that are no scans and have no convincing quad have up to 0.71 and 0.03.
const LIKELY_REGION: f32 = 0.72;
const LIKELY_FRAME: f32 = 0.03;
const UNCONVINCING: f64 = 0.4;

/// Mean contrast across the sides of a quad: printed frames in rendered scans have up to 0.61, most below 0.3; cards that
/// nearly fill the picture have 0.83 to 0.93.
const GROUND_CONTRAST: f32 = 0.7;
const PRINT_CONTRAST: f32 = 0.35;

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
    fn new(
        hypothesis: quads::Hypothesis,
        looks: [SideLook; 4],
        held: (f32, f32),
        learned: Learned,
        width: usize,
        height: usize,
    ) -> Self {
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
        let (outside, _) = over(looks.map(|look| look.outside));
        let outside_most = looks.map(|look| look.outside).into_iter().fold(0.0, f32::max);
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
            outside,
            outside_most,
            held.0,
            held.1,
            learned.overlap,
            learned.side.0,
            learned.side.1,
            learned.corner,
            learned.beyond,
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

fn is_cut_off(planes: &Planes, best: &Candidate) -> bool {
    best.frame_sides > 0 || is_outside(&best.quad, displayed_size(planes))
}

fn displayed_size(planes: &Planes) -> (f64, f64) {
    let (width_px, height_px) = planes.displayed_size_px();
    (f64::from(width_px), f64::from(height_px))
}

fn is_outside(quad: &Quad, (width, height): (f64, f64)) -> bool {
    let margin = OUTSIDE_SHARE * width.max(height);
    let outside = |[x, y]: &Point| *x < -margin || *y < -margin || *x > width + margin || *y > height + margin;
    quad.iter().any(outside)
}

/// What a quad says that somebody drew: the same as [`locate`] says of its own, with confidence 1. `None` when it cannot
/// be the view of a rectangle, or the picture has no size.
#[must_use]
pub fn describe(quad: Quad, width_px: u32, height_px: u32) -> Option<DocumentFacts> {
    if quad.iter().flatten().any(|coordinate| !coordinate.is_finite()) {
        return None;
    }
    let size = (f64::from(width_px), f64::from(height_px));
    let in_frame = if is_outside(&quad, size) { InFrame::CutOff } else { InFrame::Whole };
    facts(size, geometry::ordered(quad), 1.0, in_frame)
}

/// Uncertainty of a refined corner as a share of the picture's long side, as measured on rendered documents.
const CORNER_SIGMA: f64 = 0.0007;

fn facts((width, height): (f64, f64), quad: Quad, confidence: f64, in_frame: InFrame) -> Option<DocumentFacts> {
    let sigma_px = (CORNER_SIGMA * width.max(height)).max(0.5);
    let rectangle = geometry::rectangle(&quad, width, height, sigma_px, None)?;
    let ratio = rectangle.width_to_height;
    let aspect_ratio = ratio.max(1.0 / ratio);
    let aspect_ratio_uncertainty = 1.96 * rectangle.log_ratio_sigma * aspect_ratio;
    // Part of a document says nothing about the proportions of the whole.
    let kind = if in_frame == InFrame::CutOff {
        DocumentKind::Unknown
    } else {
        shape::kind(aspect_ratio, aspect_ratio_uncertainty, ratio < 1.0)
    };
    let [a, b, c, d] = quad;
    let [dx, dy] = [b[0] - a[0] + c[0] - d[0], b[1] - a[1] + c[1] - d[1]];
    Some(DocumentFacts {
        kind,
        quad,
        aspect_ratio,
        aspect_ratio_uncertainty,
        coverage: (geometry::area_within(&quad, width, height) / (width * height).max(1.0)).clamp(0.0, 1.0),
        rotation_deg: dy.atan2(dx).to_degrees(),
        tilt_deg: rectangle.tilt_deg,
        confidence,
        in_frame,
    })
}

#[cfg(test)]
mod tests {
    use super::{candidates, describe, locate};
    use crate::geometry::{self, Quad, intersection_over_union};
    use crate::photo_facts::{DocumentKind, InFrame};
    use crate::planes::{Plane, Planes};

    #[test]
    fn a_drawn_card_is_described_whichever_corner_comes_first() {
        let quad = [[100.0, 100.0], [956.0, 100.0], [956.0, 639.8], [100.0, 639.8]];
        for turns in 0..4 {
            let mut turned = quad;
            turned.rotate_left(turns);
            let facts = describe(turned, 1200, 800).unwrap();
            assert_eq!((facts.kind, facts.in_frame), (DocumentKind::Id1Card, InFrame::Whole));
            assert_eq!(facts.quad, quad);
            assert!((facts.aspect_ratio - 1.586).abs() < 0.01, "{}", facts.aspect_ratio);
            assert!((facts.coverage - 0.481).abs() < 0.001, "{}", facts.coverage);
        }
    }

    #[test]
    fn what_cannot_be_a_document_is_not_described() {
        let twisted = [[100.0, 100.0], [900.0, 600.0], [900.0, 100.0], [100.0, 600.0]];
        let flat = [[100.0, 100.0], [900.0, 100.0], [950.0, 100.0], [100.0, 100.0]];
        let endless = [[f64::NAN, 0.0], [900.0, 100.0], [900.0, 600.0], [100.0, 600.0]];
        for quad in [twisted, flat, endless] {
            assert!(describe(quad, 1200, 800).is_none());
        }
        assert!(describe([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]], 0, 0).is_none());
    }

    #[test]
    fn a_corner_outside_the_picture_cuts_the_document_off() {
        let quad = [[-50.0, 100.0], [900.0, 100.0], [900.0, 600.0], [100.0, 600.0]];
        assert_eq!(describe(quad, 1200, 800).unwrap().in_frame, InFrame::CutOff);
    }

    const CARD: Quad = [[180.0, 140.0], [640.0, 170.0], [620.0, 460.0], [165.0, 425.0]];

    /// A light quad with lines of print on a darker ground.
    fn picture(quad: &Quad) -> Planes {
        let (width_px, height_px) = (800, 600);
        let mut samples = Vec::with_capacity(width_px * height_px);
        for y in 0..height_px {
            for x in 0..width_px {
                let is_inside = geometry::contains(quad, [x as f64 + 0.5, y as f64 + 0.5]);
                let is_print = (250..330).contains(&y) && y % 20 < 8 && (260..520).contains(&x) && x % 9 < 5;
                samples.push(match (is_inside, is_print) {
                    (true, true) => 60,
                    (true, false) => 215,
                    (false, _) => 110 + ((x * 7 + y * 13) % 5) as u8,
                });
            }
        }
        Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None)
    }

    #[test]
    fn a_card_on_a_table_is_found_with_its_print() {
        let found = locate(&picture(&CARD)).expect("a card in plain sight");
        let overlap = intersection_over_union(&found.quad, &CARD);
        assert!(overlap > 0.98 && found.is_sure(), "{overlap} {found:?}");
        assert_eq!((found.kind, found.in_frame), (DocumentKind::Id1Card, InFrame::Whole), "{found:?}");
        assert!((found.rotation_deg - 4.0).abs() < 2.0, "{found:?}");
    }

    #[test]
    fn the_orientation_of_the_file_is_followed() {
        let mut planes = picture(&CARD);
        planes.exif_orientation = 6;
        let found = locate(&planes).expect("a card in plain sight");
        let turned = geometry::ordered(CARD.map(|[x, y]| [600.0 - y, x]));
        assert!(intersection_over_union(&found.quad, &turned) > 0.98, "{found:?}");
    }

    #[test]
    fn a_card_that_leaves_the_picture_is_cut_off() {
        let beyond = CARD.map(|[x, y]| [x - 260.0, y]);
        let found = locate(&picture(&beyond)).expect("most of a card in plain sight");
        assert_eq!((found.kind, found.in_frame), (DocumentKind::Unknown, InFrame::CutOff), "{found:?}");
    }

    #[test]
    fn nothing_is_found_in_flat_tiny_and_empty_pictures() {
        for (width_px, height_px) in [(0, 0), (1, 1), (3, 900), (640, 480)] {
            let samples = vec![128; width_px * height_px];
            let planes = Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None);
            assert!(locate(&planes).is_none_or(|found| !found.is_sure()), "{width_px}x{height_px}");
            assert!(candidates(&planes).len() <= super::LOOKED_AT);
        }
    }

    #[test]
    fn planes_that_are_shorter_than_they_claim_do_not_trip() {
        let mut planes = picture(&CARD);
        planes.luma.samples.truncate(5000);
        let _ = locate(&planes);
    }
}
