//! `document.too-small-in-frame` - does the document have enough pixels for its small print?

use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::geometry::signed_area;
use crate::photo_facts::{DocumentKind, InFrame, PhotoFacts};

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::DocumentTooSmallInFrame,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Pass, "print"),
        (Outcome::Fail, ""),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "print"),
        (Outcome::NotApplicable, ""),
    ],
    run: too_small,
};

/// Height in pixels of the smallest print below which it cannot be read, and from which it can without doubt. 10 pixels
/// are what Tesseract's documentation names as the least for Latin letters; Chinese characters have more strokes.
const UNREADABLE_PRINT_PX: f64 = 10.0;
const READABLE_PRINT_PX: f64 = 16.0;

/// # What it does
/// Divides the document's pixels by its size in millimetres and compares what that leaves for the smallest print that a
/// clerk reads (2 mm on cards and passports, 3 mm on A4, 4 mm on A3) with 10 and 16 pixels. Where its size is not known, the
/// measured height of small print takes the place of that.
/// # Why it matters
/// A small document in a large picture looks sharp and still cannot be read.
/// # What to do
/// Go nearer, until the document fills most of the picture.
/// # Known limits
/// The size in millimetres goes by the kind of document, which the caller states or its proportions suggest. The measured
/// height is that of the lowest tenth of the lines, so that a single line of smaller print is not noticed; it never fails.
fn too_small(facts: &PhotoFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::DocumentTooSmallInFrame, outcome, "tesseract-text-height");
    let document = sure(facts).filter(|document| document.in_frame != InFrame::CutOff);
    let Some(document) = document else { return finding(Outcome::NotApplicable) };
    let print_px = facts.pixels.as_ref().and_then(|pixels| Some(pixels.print.as_ref()?.small_px));
    let by_print = |outcome, print_px: f64, limit_px: f64| {
        let finding = finding(outcome).because("print").measured((print_px * 10.0).round() / 10.0, Some("px"));
        finding.limit(limit_px).arg("coverage", Arg::Percent(document.coverage)).region(Some(document.quad))
    };
    let Some([width_mm, height_mm, print_mm]) = size_mm(context.expected_kind().unwrap_or(document.kind)) else {
        return match print_px {
            None => finding(Outcome::NotApplicable),
            Some(print_px) if print_px < READABLE_PRINT_PX => by_print(Outcome::Unsure, print_px, READABLE_PRINT_PX),
            Some(print_px) => by_print(Outcome::Pass, print_px, READABLE_PRINT_PX),
        };
    };
    let px_per_mm = (signed_area(&document.quad).max(0.0) / (width_mm * height_mm)).sqrt();
    let (fails_below, passes_from) = (UNREADABLE_PRINT_PX / print_mm, READABLE_PRINT_PX / print_mm);
    let outcome = if px_per_mm < fails_below {
        Outcome::Fail
    } else if px_per_mm < passes_from {
        Outcome::Unsure
    } else {
        Outcome::Pass
    };
    if let (Outcome::Pass, Some(print_px)) = (outcome, print_px)
        && print_px < UNREADABLE_PRINT_PX
    {
        return by_print(Outcome::Unsure, print_px, UNREADABLE_PRINT_PX);
    }
    let finding = finding(outcome)
        .measured(px_per_mm, Some("px/mm"))
        .limit(if outcome == Outcome::Fail { fails_below } else { passes_from })
        .arg("coverage", Arg::Percent(document.coverage))
        .region(Some(document.quad));
    // Cutting adds no pixels, but a document with enough of them deserves more of the picture.
    if outcome == Outcome::Pass && document.coverage < 0.15 { finding.fix(Fix::Crop) } else { finding }
}

/// Width and height in millimetres, and the height of the smallest print that matters.
fn size_mm(kind: DocumentKind) -> Option<[f64; 3]> {
    Some(match kind {
        DocumentKind::Id1Card => [85.60, 53.98, 2.0],
        DocumentKind::PassportPage => [125.0, 88.0, 2.0],
        DocumentKind::PassportOpen => [125.0, 176.0, 2.0],
        DocumentKind::A4Portrait | DocumentKind::A4Landscape => [210.0, 297.0, 3.0],
        DocumentKind::A3Landscape => [420.0, 297.0, 4.0],
        DocumentKind::Unknown => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::Context;
    use crate::checks::testing::{context, photo_of, photographed, run_photo};
    use crate::finding::Outcome;
    use crate::photo_facts::{DocumentKind, Print};

    fn card(width_px: f64) -> crate::photo_facts::PhotoFacts {
        let height_px = width_px / 1.5858;
        photo_of(|document| {
            document.kind = DocumentKind::Id1Card;
            document.quad = [
                [500.0, 500.0],
                [500.0 + width_px, 500.0],
                [500.0 + width_px, 500.0 + height_px],
                [500.0, 500.0 + height_px],
            ];
        })
    }

    #[test]
    fn print_of_a_card_needs_pixels() {
        for (width_px, expect) in [
            (425.0, Outcome::Fail),
            (430.0, Outcome::Unsure),
            (680.0, Outcome::Unsure),
            (690.0, Outcome::Pass),
            (2000.0, Outcome::Pass),
        ] {
            assert_eq!(run_photo(&CHECK, &card(width_px), &context()).outcome, expect, "{width_px}");
        }
    }

    #[test]
    fn what_the_caller_says_goes_before_the_proportions() {
        let context = Context { expected: &[DocumentKind::A4Portrait], ..context() };
        assert_eq!(run_photo(&CHECK, &card(690.0), &context).outcome, Outcome::Fail);
    }

    #[test]
    fn print_is_measured_where_the_size_is_not_known() {
        for (kind, small_px, expect) in [
            (DocumentKind::Unknown, None, (Outcome::NotApplicable, "")),
            (DocumentKind::Unknown, Some(8.0), (Outcome::Unsure, "print")),
            (DocumentKind::Unknown, Some(12.0), (Outcome::Unsure, "print")),
            (DocumentKind::Unknown, Some(20.0), (Outcome::Pass, "print")),
            (DocumentKind::Id1Card, None, (Outcome::Pass, "")),
            (DocumentKind::Id1Card, Some(12.0), (Outcome::Pass, "")),
            (DocumentKind::Id1Card, Some(8.0), (Outcome::Unsure, "print")),
        ] {
            let facts = photographed(|pixels, document| {
                document.kind = kind;
                pixels.print = small_px.map(|small_px| Print { small_px, middle_px: small_px, lines: 20 });
            });
            let finding = run_photo(&CHECK, &facts, &context());
            assert_eq!((finding.outcome, finding.reason), expect, "{kind:?} {small_px:?}");
        }
    }
}
