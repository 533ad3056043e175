//! `document.aspect-ratio`, `document.tilted` - does the document have the proportions it should, seen from above?

use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::decimal;
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::photo_facts::{DocumentKind, InFrame, PhotoFacts};

pub(super) const ASPECT_RATIO: PhotoCheck = PhotoCheck {
    code: Code::DocumentAspectRatio,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: aspect_ratio,
};

pub(super) const TILTED: PhotoCheck = PhotoCheck {
    code: Code::DocumentTilted,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "turned"),
        (Outcome::NotApplicable, ""),
    ],
    run: tilted,
};

/// Share by which the proportions may differ from those of the kind: how flat paper lies and how exact corners are.
const TOLERANCE: f64 = 0.04;

/// Beyond this share and twice the uncertainty, it is another document or part of one.
const CLEARLY_OTHER: f64 = 0.08;

/// Tilt in degrees up to which print keeps 94 % of its height, and beyond which it loses more than an eighth.
const STRAIGHT_DEG: f64 = 20.0;
const SLANTED_DEG: f64 = 30.0;

/// Turned further than this in degrees, a document looks careless and wastes the picture.
const TURNED_DEG: f64 = 15.0;

/// # What it does
/// Compares the document's true proportions, perspective removed, with those of the document that was asked for.
/// # Why it matters
/// Another shape means another document, a part of it, or a picture that was stretched.
/// # What to do
/// Check that the right document was photographed, unfolded and complete.
/// # Known limits
/// Only asked where the caller says which document it is. A4, passport pages and A3 have nearly the same proportions. Beyond
/// 20° of tilt the proportions are uncertain by several percent unless the camera data state the focal length.
fn aspect_ratio(facts: &PhotoFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::DocumentAspectRatio, outcome, "icp-precheck");
    let document = sure(facts).filter(|document| document.in_frame != InFrame::CutOff);
    let off = |ratio: f64, expected: f64| (ratio / expected).ln().abs();
    let nearest = document.and_then(|document| {
        let ratios = context.expected.iter().filter_map(|kind| ratio(*kind));
        let nearest = ratios.min_by(|a, b| off(document.aspect_ratio, *a).total_cmp(&off(document.aspect_ratio, *b)));
        Some((document, nearest?))
    });
    let Some((document, expected)) = nearest else { return finding(Outcome::NotApplicable) };
    let off = off(document.aspect_ratio, expected);
    let uncertainty = document.aspect_ratio_uncertainty / document.aspect_ratio.max(1.0);
    // A scan is often cut with some of the ground, or without the very edge.
    let slack = if document.in_frame == InFrame::FillsFrame { 0.06 } else { 0.0 };
    let outcome = if off <= TOLERANCE + slack {
        Outcome::Pass
    } else if off > CLEARLY_OTHER + slack + uncertainty {
        Outcome::Fail
    } else {
        Outcome::Unsure
    };
    finding(outcome)
        .measured(document.aspect_ratio, Some("ratio"))
        .limit(expected)
        .arg("measured", Arg::Text(decimal::fixed(document.aspect_ratio, 2)))
        .arg("limit", Arg::Text(decimal::fixed(expected, 2)))
        .region(Some(document.quad))
}

/// # What it does
/// Compares the tilt of the camera against the document with 20 and 30 degrees, and is unsure when the document is
/// turned by more than 15 degrees in the picture.
/// # Why it matters
/// Slanted photos make the far print small and blurred, and the proportions of both sides of a card differ.
/// # What to do
/// Hold the phone straight above the document, with its edges along those of the screen.
/// # Known limits
/// The tilt is exact to about 5 degrees, as the lens is not known.
fn tilted(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::DocumentTilted, outcome, "icp-precheck");
    let Some(document) = sure(facts).filter(|document| document.in_frame != InFrame::CutOff) else {
        return finding(Outcome::NotApplicable);
    };
    let turned_deg = document.rotation_deg.abs();
    let outcome = if document.tilt_deg > SLANTED_DEG {
        Outcome::Fail
    } else if document.tilt_deg > STRAIGHT_DEG || turned_deg > TURNED_DEG {
        Outcome::Unsure
    } else {
        Outcome::Pass
    };
    let finding = finding(outcome).region(Some(document.quad));
    if outcome == Outcome::Unsure && document.tilt_deg <= STRAIGHT_DEG {
        return finding.because("turned").measured(turned_deg, Some("deg")).limit(TURNED_DEG).fix(Fix::Crop);
    }
    let finding = finding.measured(document.tilt_deg, Some("deg"));
    match outcome {
        Outcome::Fail => finding.limit(SLANTED_DEG),
        _ => finding.limit(STRAIGHT_DEG),
    }
}

/// Long side divided by short side.
fn ratio(kind: DocumentKind) -> Option<f64> {
    Some(match kind {
        DocumentKind::Id1Card => 85.60 / 53.98,
        DocumentKind::PassportPage => 125.0 / 88.0,
        DocumentKind::PassportOpen => 176.0 / 125.0,
        DocumentKind::A4Portrait | DocumentKind::A4Landscape | DocumentKind::A3Landscape => std::f64::consts::SQRT_2,
        DocumentKind::Unknown => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ASPECT_RATIO, TILTED};
    use crate::checks::Context;
    use crate::checks::testing::{context, photo_of, run_photo};
    use crate::finding::Outcome;
    use crate::photo_facts::{DocumentKind, InFrame};

    #[test]
    fn another_shape_fails_and_a_near_one_is_unsure() {
        let card = Context { expected: &[DocumentKind::Id1Card], ..context() };
        for (aspect_ratio, in_frame, expect) in [
            (1.586, InFrame::Whole, Outcome::Pass),
            (1.53, InFrame::Whole, Outcome::Pass),
            (1.50, InFrame::Whole, Outcome::Unsure),
            (1.414, InFrame::Whole, Outcome::Fail),
            (1.48, InFrame::FillsFrame, Outcome::Pass),
            (1.414, InFrame::CutOff, Outcome::NotApplicable),
        ] {
            let photo = photo_of(|document| {
                (document.aspect_ratio, document.in_frame) = (aspect_ratio, in_frame);
                document.aspect_ratio_uncertainty = 0.02;
            });
            assert_eq!(run_photo(&ASPECT_RATIO, &photo, &card).outcome, expect, "{aspect_ratio} {in_frame:?}");
            assert_eq!(run_photo(&ASPECT_RATIO, &photo, &context()).outcome, Outcome::NotApplicable);
        }
        let either = Context { expected: &[DocumentKind::Id1Card, DocumentKind::PassportPage], ..context() };
        let page = photo_of(|document| document.aspect_ratio = 1.42);
        assert_eq!(run_photo(&ASPECT_RATIO, &page, &either).outcome, Outcome::Pass);
    }

    #[test]
    fn slanted_and_turned_documents() {
        for (tilt_deg, rotation_deg, outcome, reason) in [
            (19.9, 0.0, Outcome::Pass, ""),
            (21.0, 0.0, Outcome::Unsure, ""),
            (31.0, 40.0, Outcome::Fail, ""),
            (5.0, -16.0, Outcome::Unsure, "turned"),
            (25.0, 16.0, Outcome::Unsure, ""),
        ] {
            let photo = photo_of(|d| (d.tilt_deg, d.rotation_deg) = (tilt_deg, rotation_deg));
            let finding = run_photo(&TILTED, &photo, &context());
            assert_eq!((finding.outcome, finding.reason), (outcome, reason), "{tilt_deg} {rotation_deg}");
        }
    }
}
