//! Where is the document? From the planes of a picture to the four corners of the document in it.
//!
//! Several generators propose quads, one ranking chooses, one refinement moves its sides to where the full picture
//! changes most. Nothing here says whether the photo is good.
//!
//! What the comments say of a limit was measured when it was set; nets and weights may have learnt since. Whether the limits
//! still do is what `examples/accuracy` reports.

mod again;
mod closer;
mod corners;
mod edges;
mod fours;
mod grid;
mod layers;
mod lines;
mod net;
mod quads;
mod refine;
mod region;
mod score;
mod settle;
mod shape;
mod sides;
mod small;
mod straight;
mod trim;

use std::ops::Range;

use closer::Looks;
use edges::{Gradients, edges};
use grid::Grid;
use lines::Tiles;
use score::{AtFrame, Learned, SideLook, Standing};
use small::Small;

use crate::geometry::{self, Point, Quad};
use crate::order::{nth, sort_by};
use crate::photo_facts::{DocumentFacts, DocumentKind, InFrame};
use crate::planes::Planes;

/// Hypotheses that are looked at closely. With 60, and 24 of the next, no more of 1,153 rendered photos (even seeds) are found.
const LOOKED_AT: usize = 44;

/// Of those whose sides are guessed or of the picture, as many are looked at whatever their edges.
const GUESSES_LOOKED_AT: usize = 16;

/// A quad that was considered, with what speaks for it. For tuning and for explaining an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Corners in pixels of the displayed picture, clockwise from the one with the smallest `x + y`.
    pub quad: Quad,
    /// What was measured on it, in the order of [`FEATURES`].
    pub features: [f32; FEATURES.len()],
    /// The weighted sum of the features, and of the fit where the quads were looked at again: the higher, the better.
    pub score: f32,
    /// How well it fits the sheet when it is looked at by itself: a logit; `None` where the first look left no doubt.
    pub fit: Option<f32>,
    /// How many of its sides are sides of the picture.
    pub frame_sides: usize,
}

/// Names of [`Candidate::features`].
pub const FEATURES: [&str; 31] = [
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
    "weakest-side",
    "beyond-alike",
    "frame-held",
    "frame-left-out",
    "inside-alike-mean",
    "inside-alike-min",
    "outside-alike-mean",
    "outside-alike-max",
    "encloses-alike",
];

/// Where the features are that are asked for one by one.
const CONTRAST_MEAN: usize = named("contrast-mean");
const LEARNED_BEYOND: usize = named("learned-beyond");
const WEAKEST_SIDE: usize = named("weakest-side");
const FRAME_LEFT_OUT: usize = named("frame-left-out");
const OUTSIDE_ALIKE_MEAN: usize = named("outside-alike-mean");
const ENCLOSES_ALIKE: usize = named("encloses-alike");

/// The place of a name in [`FEATURES`], looked for while this is compiled: the names themselves are for people.
const fn named(name: &str) -> usize {
    let (mut place, mut known) = (0, FEATURES.as_slice());
    while let Some((first, others)) = known.split_first() {
        if is_same(first.as_bytes(), name.as_bytes()) {
            return place;
        }
        (place, known) = (place + 1, others);
    }
    assert!(place < FEATURES.len(), "there is no such feature");
    place
}

const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let (Some((a, rest)), Some((b, others))) = (one.split_first(), other.split_first()) {
        if *a != *b {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}

/// Weights of the features in the same order, fitted by `train/rank.py` to 845 rendered photos (even seeds): 300 on plain or
/// textured ground, 300 in clutter, 125 that leave the picture, 120 near a side of it; and to 120 desks of `train/render.py`.
const WEIGHTS: [f32; FEATURES.len()] = [
    1.927, 0.261, -5.561, 3.139, 0.013, -0.104, -0.545, -2.117, 1.005, 3.902, 0.027, -2.522, 0.428, -0.749, -0.626,
    0.61, 1.401, 3.234, -0.244, 2.249, 3.952, -1.425, 1.605, 1.135, 1.537, -3.968, 6.055, 0.145, -3.829, -1.028, 0.331,
];

/// Finds the document; `None` when nothing in the picture looks like one.
#[must_use]
pub fn locate(planes: &Planes) -> Option<DocumentFacts> {
    let view = View::new(planes)?;
    let drafts = view.drafts();
    let best = choice(&drafts);
    let confidence = best.map_or(0.0, |best| view.confidence(best, &drafts));
    let sheet = view.whole_picture(best, confidence);
    match (best, sheet) {
        (_, Some(confidence)) => {
            let (width_px, height_px) = planes.displayed_size_px();
            let (width, height) = (f64::from(width_px), f64::from(height_px));
            let quad = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
            facts((width, height), planes.focal_length_px, quad, confidence, InFrame::FillsFrame)
        }
        (Some(best), None) if confidence >= LEAST_CONFIDENCE => {
            let best = best.refined(planes, &view.small);
            let in_frame = if is_cut_off(planes, &best) { InFrame::CutOff } else { InFrame::Whole };
            facts(displayed_size(planes), planes.focal_length_px, best.quad, confidence, in_frame)
        }
        _ => None,
    }
}

/// The quads that were looked at closely, all refined, best first.
#[must_use]
pub fn candidates(planes: &Planes) -> Vec<Candidate> {
    let Some(view) = View::new(planes) else { return Vec::new() };
    view.drafts().iter().map(|draft| draft.refined(planes, &view.small)).collect()
}

/// Below this, the answer is that no document was found.
const LEAST_CONFIDENCE: f64 = 0.05;

/// A quad that shares this part of the best one is the same document with a side elsewhere.
const SAME_OVERLAP: f64 = 0.9;

/// How much lower the score of such a quad may be, how clear its least clear side has to be, and how little document the net
/// may see at the sides of the picture beside it, to be believed instead of one that ends with the picture: of 595 rendered
/// photos (even seeds) one whole document would be called cut off without this, and no cut-off one whole with it.
const STRIP_SCORE: f32 = 1.0;
const STRIP_CLEARNESS: f32 = 0.6;
const STRIP_LEFT_OUT: f32 = 0.15;

/// The first draft, or one that shows a strip of ground where that has a side of the picture.
fn choice(drafts: &[Draft]) -> Option<&Draft> {
    let first = drafts.first()?;
    if first.frame_sides() == 0 {
        return Some(first);
    }
    let near = drafts.iter().skip(1).take_while(|draft| draft.score > first.score - STRIP_SCORE);
    let is_clear = |draft: &&Draft| {
        draft.feature(WEAKEST_SIDE) >= STRIP_CLEARNESS && draft.feature(FRAME_LEFT_OUT) < STRIP_LEFT_OUT
    };
    let mut whole = near.filter(|draft| draft.frame_sides() == 0).filter(is_clear);
    let is_same = |draft: &&Draft| {
        geometry::intersection_over_union(&draft.hypothesis.quad, &first.hypothesis.quad) > SAME_OVERLAP
    };
    whole.find(is_same).or(Some(first))
}

/// A rival shares less than this with the chosen quad, intersection over union.
const RIVAL_OVERLAP: f64 = 0.85;

/// A lead over the best rival beyond this says nothing more.
const MOST_LEAD: f32 = 6.0;

/// Logit of the probability that the overlap of the chosen quad with the document is at least 0.9: weights of its score,
/// its lead over the best rival, its sides of the picture, its least clear side and the document beyond a side, and a
/// constant. Fitted by `train/rank.py` to the choices in the same pictures, each made with weights that were fitted to others.
const CONFIDENCE: [f64; 6] = [0.219, 0.476, 0.449, 1.966, -0.604, 0.0];
const CONFIDENCE_AT_ZERO: f64 = -3.87;

/// The same where quads were looked at again, with the fit as the last; fitted to 364 such pictures before the net learnt to choose
/// among quads. Fitted anew it tells right from wrong no better (343 desks, area under the curve 0.91 as with this), and is surely
/// wrong in 5.8 instead of 4.4 % of them.
const CONFIDENCE_AGAIN: [f64; 6] = [0.149, 0.205, 1.677, 1.769, 0.84, 0.581];
const CONFIDENCE_AGAIN_AT_ZERO: f64 = -3.533;

/// Subtracted for documents that seem complete, because desks of other people hold more than the rendered ones.
const CAUTION: f64 = 1.0;

/// Share of a side of the picture on which the net sees the document beyond a quad that ends before it: more, and the quad may
/// be a printed frame of a document that leaves the picture. Documents that are complete have up to 0.15 in 800 rendered
/// photos, up to 0.33 in 36 real ones.
const LEFT_OUT: f32 = 0.4;
const DOUBTFUL: f64 = 0.5;

/// How much the colour beyond the sides of a quad is that of the paper within: more, and it is a frame or a block of text,
/// not the paper. The chosen quads with an overlap of at least 0.9 in 845 rendered photos have up to 0.50, one in a hundred
/// more than 0.36.
const PRINTED: f32 = 0.6;

/// How sure the net has to be that there is a document at all. Quads that were surely taken for documents in 160 rendered
/// pictures of bare ground (even seeds) have 0.03 to 0.56, three have 0.86 to 0.98. In the pictures with a document (even
/// seeds), nine in ten of 140 quads that leave the picture have 0.9 and all but five 0.7, all of 570 others 0.7 and all but
/// three 0.97.
const PRESENT: f32 = 0.7;

/// A quad may be this many cells outside another that encloses it: both were fitted to edges.
const ENCLOSED_CELLS: f64 = 1.5;

/// How much larger than an enclosed quad a quad is that may be the paper on which it is printed, in area.
const ENCLOSING: Range<f64> = 1.03..1.7;

/// A confidence from which no draft is looked at again: in a document that is wholly in the picture, and in one that leaves it,
/// whose sides beyond a straightened look cannot show. Of 720 rendered photos (even seeds) of the sets that are not cut off 534
/// are clear, all rightly.
const CLEAR: f64 = 0.97;
const CLEAR_AT_FRAME: f64 = 0.8;

/// What one unit of the fit counts in the score, fitted by `train/rank.py` to the pictures that were looked at again among the
/// 845 rendered photos and 200 desks of `train/render.py`.
const FIT_WEIGHT: f32 = 1.5;

/// Notes what drafts say about each other, and puts the best first.
fn put_in_order(drafts: &mut Vec<Draft>) {
    let frames = printed_frames(drafts);
    for (draft, frame) in drafts.iter_mut().zip(frames) {
        draft.note(ENCLOSES_ALIKE, frame);
        draft.score += FIT_WEIGHT * draft.fit.unwrap_or_default();
    }
    sort_by(drafts, |a, b| b.score.total_cmp(&a.score));
}

/// For each draft, the clearest sign that a quad in it is a frame printed on it: how much the other side of such a quad
/// has the colour of the paper within, 0 to 1.
fn printed_frames(drafts: &[Draft]) -> Vec<f32> {
    let quads: Vec<Framed> = drafts.iter().map(Framed::new).collect();
    quads.iter().map(|outer| outer.clearest(&quads)).collect()
}

/// A quad that may be a printed frame or have one in it.
struct Framed {
    quad: Quad,
    area: f64,
    /// How much what is beyond its sides has the colour of the paper within.
    alike: f32,
}

impl Framed {
    fn new(draft: &Draft) -> Self {
        let quad = draft.hypothesis.quad;
        Self { quad, area: geometry::signed_area(&quad), alike: draft.feature(OUTSIDE_ALIKE_MEAN) }
    }

    fn clearest(&self, others: &[Self]) -> f32 {
        let is_in = |inner: &&Self| {
            ENCLOSING.contains(&(self.area / inner.area))
                && inner.quad.iter().all(|corner| geometry::is_within(&self.quad, *corner, ENCLOSED_CELLS))
        };
        others.iter().filter(is_in).map(|inner| inner.alike).fold(0.0, f32::max)
    }
}

/// What was read from a picture before any quad is judged.
struct View {
    small: Small,
    standing_out: Grid<f32>,
    highest: f32,
    standing: Standing,
    looks: Looks,
}

impl View {
    /// `None` for pictures in which no document could be read.
    fn new(planes: &Planes) -> Option<Self> {
        let small = Small::new(planes);
        let (width, height) = (small.width(), small.height());
        if width < 16 || height < 16 {
            return None;
        }
        let standing_out = region::standing_out(&small);
        let highest = value_at(&standing_out, 19, 20);
        let standing = Standing::new(&standing_out, highest);
        let looks = Looks::new(&small);
        Some(Self { small, standing_out, highest, standing, looks })
    }

    /// The quads that were looked at closely, best first.
    fn drafts(&self) -> Vec<Draft> {
        let (width, height) = (self.small.width(), self.small.height());
        let gradients = Gradients::new(&self.small);
        let edges = Tiles::new(&edges(&gradients), width, height);
        // Guessed sides come first, so that they are combined before the budget is spent.
        let guessed = self.looks.guesses.iter().flat_map(|quad| lines::guessed(quad, &edges, width, height));
        let lines: Vec<_> = guessed.chain(lines::lines(&edges, width, height)).collect();
        let mut hypotheses = quads::hypotheses(&lines, width, height, LOOKED_AT);
        // On a ground with a pattern, more quads than are looked at have stronger edges than the document's.
        let few: Vec<_> = lines.into_iter().filter(|line| line.is_guess || line.is_frame).collect();
        let near = 0.005 * width.max(height) as f64;
        for guess in quads::hypotheses(&few, width, height, GUESSES_LOOKED_AT) {
            if !hypotheses.iter().any(|known| quads::is_near(&known.quad, &guess.quad, near)) {
                hypotheses.push(guess);
            }
        }
        let mut drafts: Vec<Draft> = hypotheses.into_iter().map(|hypothesis| self.draft(hypothesis)).collect();
        put_in_order(&mut drafts);
        settle::settle(self, &mut drafts, &edges);
        let is_clear = |best: &Draft| {
            let confidence = self.confidence(best, &drafts);
            // A field that is printed on a scan is not straightened: there is no sheet to be found in it.
            let is_field = best.feature(OUTSIDE_ALIKE_MEAN) > PRINTED;
            if self.leaves(best) { confidence >= CLEAR_AT_FRAME || is_field } else { confidence >= CLEAR }
        };
        if !self.is_absent() && choice(&drafts).is_some_and(|best| !is_clear(best)) {
            again::look(self, &mut drafts, &gradients.strength, &edges);
        }
        drafts
    }

    fn draft(&self, hypothesis: quads::Hypothesis) -> Draft {
        let (width, height) = (self.small.width(), self.small.height());
        let looks = score::look(&self.small, &self.standing_out, self.highest, &hypothesis.quad);
        let held = self.standing.held(&hypothesis.quad);
        let learned = self.looks.judge(&hypothesis.quad, hypothesis.is_frame).unwrap_or_default();
        let whole = self.looks.whole();
        let at_frame = whole.map(|maps| maps.at_frame(&hypothesis.quad, hypothesis.is_frame, width, height));
        Draft::new(hypothesis, looks, held, (learned, at_frame.unwrap_or_default()), width, height)
    }

    /// Whether the net sees no document at all.
    fn is_absent(&self) -> bool {
        self.looks.whole().is_some_and(|maps| maps.present < PRESENT)
    }

    /// Whether a quad leaves the picture or has sides of it.
    fn leaves(&self, draft: &Draft) -> bool {
        let size = (self.small.width() as f64, self.small.height() as f64);
        draft.frame_sides() > 0 || is_outside(&draft.hypothesis.quad, size)
    }

    /// Confidence in the choice.
    fn confidence(&self, best: &Draft, drafts: &[Draft]) -> f64 {
        let quad = &best.hypothesis.quad;
        let overlap = |draft: &&Draft| geometry::intersection_over_union(&draft.hypothesis.quad, quad);
        let rival = drafts.iter().find(|draft| overlap(draft) < RIVAL_OVERLAP);
        let lead = rival.map_or(MOST_LEAD, |rival| (best.score - rival.score).min(MOST_LEAD));
        let frame_sides = best.frame_sides();
        let of = |name| best.feature(name);
        let fit = best.fit.unwrap_or_default();
        let evidence = [best.score, lead, frame_sides as f32, of(WEAKEST_SIDE), of(LEARNED_BEYOND), fit];
        let (weights, at_zero) = match best.fit {
            None => (CONFIDENCE, CONFIDENCE_AT_ZERO),
            Some(_) => (CONFIDENCE_AGAIN, CONFIDENCE_AGAIN_AT_ZERO),
        };
        let sum: f64 = evidence.into_iter().zip(weights).map(|(value, weight)| f64::from(value) * weight).sum();
        let is_cut = self.leaves(best);
        let caution = if is_cut { 0.0 } else { CAUTION };
        let confidence = 1.0 / (1.0 + (caution - sum - at_zero).exp());
        let is_doubtful =
            self.is_absent() || (!is_cut && of(FRAME_LEFT_OUT) > LEFT_OUT) || of(OUTSIDE_ALIKE_MEAN) > PRINTED;
        if is_doubtful { confidence.min(DOUBTFUL) } else { confidence }
    }

    /// Confidence that the document is the whole picture, as in a scan: no place beside it is visible.
    fn whole_picture(&self, best: Option<&Draft>, confidence: f64) -> Option<f64> {
        let maps = self.looks.whole()?;
        let of_best = |name| best.map_or(0.0, |best| best.feature(name));
        // A printed frame is a good quad, but has paper of the same colour on its outer side, too.
        let has_own_ground =
            confidence > 0.5 && (of_best(LEARNED_BEYOND) < 0.5 || of_best(CONTRAST_MEAN) > GROUND_CONTRAST);
        let region = maps.mean_region();
        let may_be_framed = region > FRAMED_REGION && best.is_some_and(|best| best.frame_sides() > 0);
        if (has_own_ground && !may_be_framed) || maps.present <= 0.5 {
            return None;
        }
        let paper = Paper::new(&self.small);
        let has_ground_beside = paper.share > SHEET_SHARE && paper.least_side < BARE_SIDE;
        if paper.share > BLANK_SHARE || has_ground_beside || (has_own_ground && paper.least_side < FRAMED_SIDE) {
            return None;
        }
        let least = maps.frame_regions().into_iter().fold(1.0, f32::min);
        if region > SCAN_REGION && least > SCAN_FRAME {
            return Some(f64::from(region.min(0.99)));
        }
        let is_paper = (paper.share > PAPER_SHARE && paper.least_side > PAPER_SIDE && region > PAPER_REGION)
            || (paper.share > CARD_SHARE && paper.least_side > CARD_SIDE && region > CARD_REGION);
        is_paper.then(|| f64::from(region.min(0.99)).max(PAPER_CONFIDENCE))
    }
}

/// Of a scan, the net sees nearly all as document, and its weakest side of the picture mostly so. Cards that two sides of
/// the picture cut have up to 0.87 and 0.76.
const SCAN_REGION: f32 = 0.87;
const SCAN_FRAME: f32 = 0.5;

/// Where no quad has ground of its own: shares of the picture and of the weakest of its sides that have the colour of paper,
/// and the part that the net sees as document. 59 of 60 rendered scans (even seeds) are above these or the next; of 500
/// rendered photos that are no scans three are, two with a quad that has ground and one that shows nothing but ground.
const PAPER_SHARE: f32 = 0.7;
const PAPER_SIDE: f32 = 0.8;
const PAPER_REGION: f32 = 0.35;

/// The same where the margin is printed, as on cards.
const CARD_SHARE: f32 = 0.75;
const CARD_SIDE: f32 = 0.45;
const CARD_REGION: f32 = 0.65;

/// Share of the picture that has one colour from which there is nothing on the paper: a line of print on a sheet leaves less.
const BLANK_SHARE: f32 = 0.999;

/// A sheet, of whose paper there is nothing along a side of the picture: what is there is ground, even if the net takes it for
/// a printed bar.
const SHEET_SHARE: f32 = 0.5;
const BARE_SIDE: f32 = 0.02;

/// The same where a quad seems to have ground of its own, which is the paper beyond a broad printed frame: photos whose quad
/// leaves the picture and whose sides have the colour of paper, 14 of 300 rendered ones of both halves, have a region of up
/// to 0.67, the one such scan of 120 has 0.87.
const FRAMED_SIDE: f32 = 0.9;
const FRAMED_REGION: f32 = 0.75;

/// Confidence in what the colour of paper says.
const PAPER_CONFIDENCE: f64 = 0.8;

/// Mean contrast across the sides of a quad: printed frames in rendered scans have up to 0.61, most below 0.3; cards that
/// nearly fill the picture have 0.83 to 0.93.
const GROUND_CONTRAST: f32 = 0.7;

/// How much of a picture has one colour, as a scanned sheet has that of its paper.
struct Paper {
    /// Of all cells, 0 to 1.
    share: f32,
    /// Of the cells near the side of the picture that has the fewest, 0 to 1.
    least_side: f32,
}

impl Paper {
    /// Width of the strip along a side of the picture, in cells.
    const STRIP: usize = 8;

    /// Levels by which a cell may differ from the colour, brightness and both colour differences together.
    const NEAR: f32 = 24.0;

    fn new(small: &Small) -> Self {
        let middle = small.channels.each_ref().map(|channel| value_at(channel, 1, 2));
        let is_near = |x: usize, y: usize| {
            let off = small.channels.iter().zip(middle).map(|(channel, middle)| (channel.at(x, y) - middle).abs());
            let off = off.zip([1.0, 1.5, 1.5]).map(|(off, weight)| off * weight).sum::<f32>();
            f32::from(u8::from(off < Self::NEAR))
        };
        let (width, height) = (small.width(), small.height());
        let of = |columns: Range<usize>, rows: Range<usize>, step: usize| {
            let count = (columns.len().div_ceil(step) * rows.len().div_ceil(step)).max(1);
            let cells = rows.step_by(step).flat_map(|y| columns.clone().step_by(step).map(move |x| (x, y)));
            cells.map(|(x, y)| is_near(x, y)).sum::<f32>() / count as f32
        };
        let strip = |size: usize| Self::STRIP.min(size);
        let sides = [
            of(0..width, 0..strip(height), 1),
            of(0..width, height - strip(height)..height, 1),
            of(0..strip(width), 0..height, 1),
            of(width - strip(width)..width, 0..height, 1),
        ];
        Self { share: of(0..width, 0..height, 3), least_side: sides.into_iter().fold(1.0, f32::min) }
    }
}

/// The value that a share of the cells does not exceed.
fn value_at(grid: &Grid<f32>, part: usize, of: usize) -> f32 {
    let values: Vec<f32> = grid.cells.iter().copied().step_by(7).collect();
    nth(&values, values.len() * part / of.max(1)).unwrap_or(0.0)
}

#[derive(Clone)]
struct Draft {
    hypothesis: quads::Hypothesis,
    features: [f32; FEATURES.len()],
    score: f32,
    fit: Option<f32>,
}

impl Draft {
    fn new(
        hypothesis: quads::Hypothesis,
        looks: [SideLook; 4],
        held: (f32, f32),
        (learned, at_frame): (Learned, AtFrame),
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
        let (paper, paper_min) = over(looks.map(|look| look.paper.0));
        let (paper_outside, _) = over(looks.map(|look| look.paper.1));
        let paper_outside_most = looks.map(|look| look.paper.1).into_iter().fold(0.0, f32::max);
        let (_, weakest) = over(looks.map(|look| look.contrast * look.consistency));
        let (mut beyond, mut alike) = (0.0f32, 0.0f32);
        for (outer, look) in learned.beyond.into_iter().zip(looks) {
            beyond = beyond.max(outer);
            alike = alike.max(outer * (1.0 - look.contrast));
        }
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
            beyond,
            weakest,
            alike,
            at_frame.held,
            at_frame.left_out,
            paper,
            paper_min,
            paper_outside,
            paper_outside_most,
            0.0,
        ];
        Self { hypothesis, features, score: weighted(&features), fit: None }
    }

    fn refined(&self, planes: &Planes, small: &Small) -> Candidate {
        let in_pixels = self.hypothesis.quad.map(|[x, y]| [x * small.cell_px, y * small.cell_px]);
        let reach_px = (1.8 * small.cell_px).max(4.0);
        let refined = refine::refine(planes, &in_pixels, self.hypothesis.is_frame, reach_px);
        let quad = geometry::ordered(refined.quad.map(|point| planes.to_displayed(point)));
        Candidate { quad, features: self.features, score: self.score, fit: self.fit, frame_sides: self.frame_sides() }
    }

    fn frame_sides(&self) -> usize {
        self.hypothesis.is_frame.iter().filter(|is_frame| **is_frame).count()
    }

    /// Sets a feature that needs other drafts.
    fn note(&mut self, place: usize, value: f32) {
        if let Some(slot) = self.features.get_mut(place) {
            *slot = value;
        }
        self.score = weighted(&self.features);
    }

    /// The feature at its place in [`FEATURES`].
    fn feature(&self, place: usize) -> f32 {
        self.features.get(place).copied().unwrap_or_default()
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
pub fn describe(quad: Quad, width_px: u32, height_px: u32, focal_length_px: Option<f64>) -> Option<DocumentFacts> {
    if quad.iter().flatten().any(|coordinate| !coordinate.is_finite()) {
        return None;
    }
    let size = (f64::from(width_px), f64::from(height_px));
    let in_frame = if is_outside(&quad, size) { InFrame::CutOff } else { InFrame::Whole };
    facts(size, focal_length_px, geometry::ordered(quad), 1.0, in_frame)
}

/// Uncertainty of a refined corner as a share of the picture's long side, as measured on rendered documents.
const CORNER_SIGMA: f64 = 0.0007;

fn facts(
    (width, height): (f64, f64),
    focal_length_px: Option<f64>,
    quad: Quad,
    confidence: f64,
    in_frame: InFrame,
) -> Option<DocumentFacts> {
    let sigma_px = (CORNER_SIGMA * width.max(height)).max(0.5);
    let rectangle = geometry::rectangle(&quad, width, height, sigma_px, focal_length_px)?;
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
    use super::{Paper, Small, candidates, describe, locate};
    use crate::geometry::{self, Quad, intersection_over_union};
    use crate::photo_facts::{DocumentKind, InFrame};
    use crate::planes::{Plane, Planes};

    #[test]
    fn a_drawn_card_is_described_whichever_corner_comes_first() {
        let quad = [[100.0, 100.0], [956.0, 100.0], [956.0, 639.8], [100.0, 639.8]];
        for turns in 0..4 {
            let mut turned = quad;
            turned.rotate_left(turns);
            let facts = describe(turned, 1200, 800, None).unwrap();
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
            assert!(describe(quad, 1200, 800, None).is_none());
        }
        assert!(describe([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]], 0, 0, None).is_none());
    }

    #[test]
    fn a_corner_outside_the_picture_cuts_the_document_off() {
        let quad = [[-50.0, 100.0], [900.0, 100.0], [900.0, 600.0], [100.0, 600.0]];
        assert_eq!(describe(quad, 1200, 800, None).unwrap().in_frame, InFrame::CutOff);
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
    fn a_frame_that_is_printed_near_the_sides_is_not_the_paper() {
        let (width_px, height_px) = (800, 600);
        let paper = [[150.0, 120.0], [650.0, 120.0], [650.0, 480.0], [150.0, 480.0]];
        let frame = [[172.0, 142.0], [628.0, 142.0], [628.0, 458.0], [172.0, 458.0]];
        let value = |x: usize, y: usize| {
            let (from_left, from_top) = (x.abs_diff(400), y.abs_diff(300));
            let is_frame = (from_left < 228 && from_top < 158) && (from_left >= 218 || from_top >= 148);
            match (from_left < 250 && from_top < 180, is_frame) {
                (true, true) => 90,
                (true, false) => 215,
                (false, _) => 110,
            }
        };
        let samples = (0..height_px).flat_map(|y| (0..width_px).map(move |x| value(x, y))).collect();
        let planes = Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None);
        let considered = candidates(&planes);
        let measured = |quad: &Quad| {
            let best = considered.iter().find(|known| intersection_over_union(&known.quad, quad) > 0.97).unwrap();
            let of = |name| best.features[super::FEATURES.iter().position(|known| *known == name).unwrap()];
            (of("outside-alike-mean"), of("encloses-alike"))
        };
        let ((paper_outside, paper_holds), (frame_outside, _)) = (measured(&paper), measured(&frame));
        assert!(paper_outside < 0.3 && paper_holds > 0.8, "{paper_outside} {paper_holds}");
        assert!(frame_outside > 0.8, "{frame_outside}");
        assert!(intersection_over_union(&locate(&planes).expect("a sheet").quad, &paper) > 0.97);
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

    /// Light paper with lines of print all over the picture, and ground to the right of `right`.
    fn sheet(right: usize) -> Planes {
        let (width_px, height_px) = (600, 800);
        let places = (0..height_px).flat_map(|y| (0..width_px).map(move |x| (x, y)));
        let value = |(x, y): (usize, usize)| {
            let is_print = (90..700).contains(&y) && y % 22 < 9 && (80..520).contains(&x) && x % 9 < 5;
            match (x < right, is_print) {
                (true, true) => 60,
                (true, false) => 225 + (x + y) as u8 % 3,
                (false, _) => 70,
            }
        };
        let samples = places.map(value).collect();
        Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None)
    }

    #[test]
    fn paper_up_to_all_sides_of_the_picture_is_a_scan() {
        let found = locate(&sheet(600)).expect("a sheet");
        assert_eq!(found.in_frame, InFrame::FillsFrame, "{found:?}");
        assert!(found.is_sure(), "{found:?}");
    }

    #[test]
    fn paper_with_ground_beside_it_is_no_scan() {
        let found = locate(&sheet(540));
        assert!(found.as_ref().is_none_or(|found| found.in_frame != InFrame::FillsFrame), "{found:?}");
    }

    #[test]
    fn shares_of_the_colour_of_paper() {
        let all = Paper::new(&Small::new(&sheet(600)));
        assert!(all.share > 0.6 && all.least_side == 1.0, "{} {}", all.share, all.least_side);
        let part = Paper::new(&Small::new(&sheet(540)));
        assert!(part.share < all.share && part.least_side == 0.0, "{} {}", part.share, part.least_side);
    }

    #[test]
    fn nothing_is_found_in_flat_tiny_and_empty_pictures() {
        for (width_px, height_px, value) in
            [(0, 0, 128), (1, 1, 128), (3, 900, 128), (640, 480, 128), (640, 480, 255), (480, 640, 0)]
        {
            let samples = vec![value; width_px * height_px];
            let planes = Planes::new(Plane { width_px, height_px, stride: width_px, samples }, None);
            assert!(locate(&planes).is_none_or(|found| !found.is_sure()), "{width_px}x{height_px} {value}");
            assert!(candidates(&planes).len() <= super::LOOKED_AT + super::GUESSES_LOOKED_AT);
        }
    }

    #[test]
    fn planes_that_are_shorter_than_they_claim_do_not_trip() {
        let mut planes = picture(&CARD);
        planes.luma.samples.truncate(5000);
        let _ = locate(&planes);
    }
}
