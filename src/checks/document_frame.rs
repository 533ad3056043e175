//! `document.cut-off`, `document.no-margin` - is the whole document in the picture, with some ground around it?

use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::{DocumentFacts, InFrame, PhotoFacts};

pub(super) const CUT_OFF: PhotoCheck = PhotoCheck {
    code: Code::DocumentCutOff,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Pass, "scan"),
        (Outcome::Fail, ""),
        (Outcome::Unsure, ""),
        (Outcome::NotApplicable, ""),
    ],
    run: cut_off,
};

pub(super) const NO_MARGIN: PhotoCheck = PhotoCheck {
    code: Code::DocumentNoMargin,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, "province"),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "province"),
        (Outcome::NotApplicable, ""),
    ],
    run: no_margin,
};

/// From this confidence on, a document that leaves the picture is said to be cut off; below, it may be.
const CERTAIN: f64 = 0.85;

/// A corner this near to a side of the picture, as a share of its long side, may as well lie beyond it: corners of real
/// photos are found to within 0.5 %.
const TOUCHING_SHARE: f64 = 0.005;

/// # What it does
/// Fails when a side or corner of the document lies outside the picture; is unsure when that is only likely.
/// # Why it matters
/// A document that is not complete is sent back.
/// # What to do
/// Step back until all four corners and a strip of the ground are visible.
/// # Known limits
/// A scan that shows nothing but the document cannot be told from a photo that is too close; it counts as complete.
fn cut_off(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::DocumentCutOff, outcome, "icp-precheck");
    let Some(document) = sure(facts) else { return finding(Outcome::NotApplicable) };
    let finding = |outcome| finding(outcome).region(Some(document.quad));
    match document.in_frame {
        InFrame::Whole => finding(Outcome::Pass),
        InFrame::FillsFrame => finding(Outcome::Pass).because("scan"),
        InFrame::CutOff => {
            let outcome = if document.confidence >= CERTAIN { Outcome::Fail } else { Outcome::Unsure };
            finding(outcome)
                .measured(beyond_share(facts, document), Some("ratio"))
                .limit(0.0)
                .arg("sides", Arg::Terms("frame-side", sides_left(facts, document)))
        }
    }
}

/// # What it does
/// Is unsure when a corner of a complete document nearly touches a side of the picture (below 0.5 % of its long side).
/// Where a rule of the province asks for a margin, that is the limit: below it the check is unsure, and it fails when the
/// document touches a side, or is a scan that shows nothing else.
/// # Why it matters
/// Reviewers want to see that nothing is missing; some provinces ask for a margin on all four sides.
/// # What to do
/// Step back a little, so that a strip of the ground is visible all around.
/// # Known limits
/// Not asked of scans, which show nothing but the document, unless the province asks. No source says how wide a margin
/// has to be; the widths in the rules are ours.
fn no_margin(facts: &PhotoFacts, context: &Context<'_>) -> Finding {
    let (basis, least) = context.margin.unwrap_or(("icp-precheck", TOUCHING_SHARE));
    let finding = |outcome| Finding::new(Code::DocumentNoMargin, outcome, basis);
    let asked = |document: &&DocumentFacts| match document.in_frame {
        InFrame::Whole => true,
        InFrame::FillsFrame => context.margin.is_some(),
        InFrame::CutOff => false,
    };
    let Some(document) = sure(facts).filter(asked) else { return finding(Outcome::NotApplicable) };
    let (width_px, height_px) = size_px(facts);
    let room = |[x, y]: &[f64; 2]| x.min(*y).min(width_px - x).min(height_px - y);
    let margin_px = match document.in_frame {
        InFrame::FillsFrame => 0.0,
        _ => document.quad.iter().map(room).fold(f64::MAX, f64::min).max(0.0),
    };
    let share = margin_px / width_px.max(height_px).max(1.0);
    let finding = match (share < TOUCHING_SHARE, share < least, context.margin) {
        (_, false, _) => finding(Outcome::Pass),
        (true, true, Some(_)) => finding(Outcome::Fail).because("province"),
        (false, true, Some(_)) => finding(Outcome::Unsure).because("province"),
        (_, true, None) => finding(Outcome::Unsure),
    };
    finding
        .measured(share, Some("ratio"))
        .limit(least)
        .arg("margin", Arg::Percent(share))
        .arg("least", Arg::Percent(least))
        .region(Some(document.quad))
}

/// How far the farthest corner lies beyond the picture, as a share of its long side.
fn beyond_share(facts: &PhotoFacts, document: &DocumentFacts) -> f64 {
    let (width_px, height_px) = size_px(facts);
    let beyond = |[x, y]: &[f64; 2]| (-x).max(-y).max(x - width_px).max(y - height_px);
    let beyond_px = document.quad.iter().map(beyond).fold(0.0, f64::max);
    (1000.0 * beyond_px / width_px.max(height_px).max(1.0)).round() / 1000.0
}

/// The sides of the picture across which the document leaves it.
fn sides_left(facts: &PhotoFacts, document: &DocumentFacts) -> Vec<&'static str> {
    let (width_px, height_px) = size_px(facts);
    let near = TOUCHING_SHARE * width_px.max(height_px);
    let any = |beyond: &dyn Fn(&[f64; 2]) -> bool| document.quad.iter().any(beyond);
    let sides = [
        ("top", any(&|[_, y]| *y <= near)),
        ("right", any(&|[x, _]| *x >= width_px - near)),
        ("bottom", any(&|[_, y]| *y >= height_px - near)),
        ("left", any(&|[x, _]| *x <= near)),
    ];
    sides.into_iter().filter(|(_, is_left)| *is_left).map(|(name, _)| name).collect()
}

fn size_px(facts: &PhotoFacts) -> (f64, f64) {
    let size = facts.file.picture.as_ref().map_or((0, 0), |picture| picture.displayed_size_px());
    (f64::from(size.0), f64::from(size.1))
}

#[cfg(test)]
mod tests {
    use super::{CUT_OFF, NO_MARGIN};
    use crate::checks::Context;
    use crate::checks::testing::{context, photo_of, run_photo};
    use crate::finding::{Arg, Outcome, Value};
    use crate::photo_facts::InFrame;

    #[test]
    fn a_document_that_leaves_the_picture_fails_when_that_is_certain() {
        for (in_frame, confidence, outcome, reason) in [
            (InFrame::Whole, 0.99, Outcome::Pass, ""),
            (InFrame::FillsFrame, 0.9, Outcome::Pass, "scan"),
            (InFrame::CutOff, 0.99, Outcome::Fail, ""),
            (InFrame::CutOff, 0.84, Outcome::Unsure, ""),
            (InFrame::CutOff, 0.3, Outcome::NotApplicable, ""),
        ] {
            let photo = photo_of(|document| (document.in_frame, document.confidence) = (in_frame, confidence));
            let finding = run_photo(&CUT_OFF, &photo, &context());
            assert_eq!((finding.outcome, finding.reason), (outcome, reason), "{in_frame:?} {confidence}");
        }
    }

    #[test]
    fn the_sides_are_named() {
        let photo = photo_of(|document| {
            document.in_frame = InFrame::CutOff;
            document.quad = [[-40.0, 500.0], [3000.0, 500.0], [3000.0, 3000.0], [-60.0, 3000.0]];
        });
        let finding = run_photo(&CUT_OFF, &photo, &context());
        assert!(finding.args.contains(&("sides", Arg::Terms("frame-side", vec!["bottom", "left"]))), "{finding:?}");
        assert_eq!(finding.evidence.measured, Some(Value::Number(0.015)), "{finding:?}");
    }

    #[test]
    fn corners_at_the_very_edge_are_unsure() {
        for (left, expect) in [(19.0, Outcome::Unsure), (21.0, Outcome::Pass), (0.0, Outcome::Unsure)] {
            let photo = photo_of(|document| document.quad[0] = [left, 500.0]);
            assert_eq!(run_photo(&NO_MARGIN, &photo, &context()).outcome, expect, "{left}");
        }
        let scan = photo_of(|document| document.in_frame = InFrame::FillsFrame);
        assert_eq!(run_photo(&NO_MARGIN, &scan, &context()).outcome, Outcome::NotApplicable);
    }

    #[test]
    fn a_province_may_ask_for_more() {
        let jiangxi = Context { margin: Some(("jiangxi-certificate-margins", 0.01)), ..context() };
        for (left, outcome, reason) in [
            (41.0, Outcome::Pass, ""),
            (39.0, Outcome::Unsure, "province"),
            (21.0, Outcome::Unsure, "province"),
            (19.0, Outcome::Fail, "province"),
        ] {
            let photo = photo_of(|document| document.quad[0] = [left, 500.0]);
            let finding = run_photo(&NO_MARGIN, &photo, &jiangxi);
            assert_eq!((finding.outcome, finding.reason), (outcome, reason), "{left}");
            assert_eq!(finding.basis, "jiangxi-certificate-margins");
        }
        for (in_frame, outcome) in [(InFrame::FillsFrame, Outcome::Fail), (InFrame::CutOff, Outcome::NotApplicable)] {
            let photo = photo_of(|document| document.in_frame = in_frame);
            assert_eq!(run_photo(&NO_MARGIN, &photo, &jiangxi).outcome, outcome, "{in_frame:?}");
        }
    }
}
