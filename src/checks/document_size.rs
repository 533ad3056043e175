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
        (Outcome::Unsure, "frame"),
        (Outcome::NotApplicable, ""),
    ],
    run: too_small,
};

/// Height in pixels of the smallest print below which it cannot be read, and from which it can without doubt. 10 pixels
/// are what Tesseract's documentation names as the least for Latin letters; Chinese characters have more strokes.
const UNREADABLE_PRINT_PX: f64 = 10.0;
const READABLE_PRINT_PX: f64 = 16.0;

/// The same for print that was measured, whose characters fill nine tenths of their nominal size. 12 pixels are the smallest
/// Chinese characters that screens show (9 point at 96 dots per inch); what is only known from the size of the document
/// needs more, for smaller print.
const UNREADABLE_MEASURED_PX: f64 = 9.0;
const LEGIBLE_MEASURED_PX: f64 = 11.0;

/// Height in pixels of the smallest print below which measured lines do not make up for it: a line of it among larger ones
/// is not noticed.
const LOST_PRINT_PX: f64 = 8.0;

/// Share of the picture below which a document is lost in it, however many pixels it has: a card in a photo of a whole
/// desk.
const LEAST_COVERAGE: f64 = 0.06;

/// # What it does
/// Divides the document's pixels by its size in millimetres and compares what that leaves for the smallest print that a
/// clerk reads (2 mm on cards and passports, 3 mm on A4, 4 mm on A3) with 10 and 16 pixels. Where the print itself could be
/// measured, its height tells whether that is too strict or too lenient; where the document's size is not known, it decides
/// alone. A document that covers less than 6 % of the picture is a matter of doubt.
/// # Why it matters
/// A small document in a large picture looks sharp and still cannot be read.
/// # What to do
/// Go nearer, until the document fills most of the picture.
/// # Known limits
/// The size in millimetres goes by the kind of document, which the caller states or its proportions suggest. The measured
/// height is that of the lowest tenth of the lines, so that a single line of smaller print is not noticed: alone it never
/// fails, and never passes what the size leaves less than 8 pixels.
fn too_small(facts: &PhotoFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::DocumentTooSmallInFrame, outcome, "tesseract-text-height");
    let document = sure(facts).filter(|document| document.in_frame != InFrame::CutOff);
    let Some(document) = document else { return finding(Outcome::NotApplicable) };
    let finding =
        |outcome| finding(outcome).arg("coverage", Arg::Percent(document.coverage)).region(Some(document.quad));
    let print_px = facts.pixels.as_ref().and_then(|pixels| Some(pixels.print.as_ref()?.small_px));
    let print_from = |limit_px: f64| print_px.is_some_and(|print_px| print_px >= limit_px);
    let print_below = |limit_px: f64| print_px.is_some_and(|print_px| print_px < limit_px);
    let by_print = |outcome, limit_px: f64| {
        let measured = print_px.map_or(0.0, |print_px| (print_px * 10.0).round() / 10.0);
        finding(outcome).because("print").measured(measured, Some("px")).limit(limit_px)
    };
    let size = size_mm(context.expected_kind().unwrap_or_else(|| document.kind_among(context.expected)));
    let answer = if let Some([width_mm, height_mm, print_mm]) = size {
        let px_per_mm = (signed_area(&document.quad).max(0.0) / (width_mm * height_mm)).sqrt();
        let (fails_below, passes_from) = (UNREADABLE_PRINT_PX / print_mm, READABLE_PRINT_PX / print_mm);
        let by_size = |outcome, limit: f64| finding(outcome).measured(px_per_mm, Some("px/mm")).limit(limit);
        let is_lost = px_per_mm * print_mm < LOST_PRINT_PX;
        if px_per_mm < fails_below && !print_from(UNREADABLE_MEASURED_PX) {
            by_size(Outcome::Fail, fails_below)
        } else if is_lost || (px_per_mm < passes_from && !print_from(LEGIBLE_MEASURED_PX)) {
            by_size(Outcome::Unsure, passes_from)
        } else if print_below(UNREADABLE_MEASURED_PX) {
            by_print(Outcome::Unsure, UNREADABLE_MEASURED_PX)
        } else if px_per_mm < passes_from {
            by_print(Outcome::Pass, LEGIBLE_MEASURED_PX)
        } else {
            by_size(Outcome::Pass, passes_from)
        }
    } else if print_px.is_none() {
        finding(Outcome::NotApplicable).region(None)
    } else if print_below(LEGIBLE_MEASURED_PX) {
        by_print(Outcome::Unsure, LEGIBLE_MEASURED_PX)
    } else {
        by_print(Outcome::Pass, LEGIBLE_MEASURED_PX)
    };
    if answer.outcome == Outcome::Fail || answer.outcome == Outcome::Unsure {
        return answer;
    }
    if document.coverage < LEAST_COVERAGE {
        return finding(Outcome::Unsure)
            .because("frame")
            .measured((document.coverage * 1000.0).round() / 1000.0, Some("ratio"))
            .limit(LEAST_COVERAGE)
            .arg("least", Arg::Percent(LEAST_COVERAGE))
            .fix(Fix::Crop);
    }
    // Cutting adds no pixels, but a document with enough of them deserves more of the picture.
    if answer.outcome == Outcome::Pass && document.coverage < 0.15 { answer.fix(Fix::Crop) } else { answer }
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
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::finding::{Fix, Outcome};
    use crate::photo_facts::{DocumentKind, Print};

    fn card(width_px: f64) -> crate::photo_facts::PhotoFacts {
        let height_px = width_px / 1.5858;
        photographed(|pixels, document| {
            pixels.print = None;
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
    fn a_page_that_is_asked_for_as_a_passport_is_measured_as_one() {
        let facts = photographed(|pixels, document| {
            pixels.print = None;
            document.kind = DocumentKind::A4Landscape;
            document.aspect_ratio = 1.42;
            document.quad = [[500.0, 500.0], [1350.0, 500.0], [1350.0, 1100.0], [500.0, 1100.0]];
        });
        assert_eq!(run_photo(&CHECK, &facts, &context()).outcome, Outcome::Fail);
        let identity = Context { expected: &[DocumentKind::Id1Card, DocumentKind::PassportPage], ..context() };
        assert_eq!(run_photo(&CHECK, &facts, &identity).outcome, Outcome::Unsure);
    }

    #[test]
    fn measured_print_tells_what_the_size_leaves_open() {
        for (kind, px_per_mm, small_px, expect) in [
            (DocumentKind::Unknown, 9.0, None, (Outcome::NotApplicable, "")),
            (DocumentKind::Unknown, 9.0, Some(8.0), (Outcome::Unsure, "print")),
            (DocumentKind::Unknown, 9.0, Some(14.0), (Outcome::Pass, "print")),
            (DocumentKind::Id1Card, 9.0, None, (Outcome::Pass, "")),
            (DocumentKind::Id1Card, 9.0, Some(12.0), (Outcome::Pass, "")),
            (DocumentKind::Id1Card, 9.0, Some(8.0), (Outcome::Unsure, "print")),
            (DocumentKind::Id1Card, 6.0, None, (Outcome::Unsure, "")),
            (DocumentKind::Id1Card, 6.0, Some(10.0), (Outcome::Unsure, "")),
            (DocumentKind::Id1Card, 6.0, Some(14.0), (Outcome::Pass, "print")),
            (DocumentKind::Id1Card, 4.5, Some(8.0), (Outcome::Fail, "")),
            (DocumentKind::Id1Card, 4.5, Some(10.0), (Outcome::Unsure, "")),
            (DocumentKind::Id1Card, 4.5, Some(14.0), (Outcome::Pass, "print")),
            (DocumentKind::Id1Card, 3.9, Some(14.0), (Outcome::Unsure, "")),
        ] {
            let facts = photographed(|pixels, document| {
                document.kind = kind;
                let (width_px, height_px) = (85.6 * px_per_mm, 53.98 * px_per_mm);
                document.quad = [[0.0, 0.0], [width_px, 0.0], [width_px, height_px], [0.0, height_px]];
                pixels.print =
                    small_px.map(|small_px| Print { small_px, middle_px: small_px, lines: 20, upright: None });
            });
            let finding = run_photo(&CHECK, &facts, &context());
            assert_eq!((finding.outcome, finding.reason), expect, "{kind:?} {px_per_mm} {small_px:?}");
        }
    }

    #[test]
    fn a_document_lost_in_the_picture_is_looked_at() {
        for (coverage, expect, fix) in [
            (0.04, (Outcome::Unsure, "frame"), Some(Fix::Crop)),
            (0.1, (Outcome::Pass, ""), Some(Fix::Crop)),
            (0.3, (Outcome::Pass, ""), None),
        ] {
            let mut facts = card(900.0);
            facts.document.as_mut().unwrap().coverage = coverage;
            let finding = run_photo(&CHECK, &facts, &context());
            assert_eq!((finding.outcome, finding.reason, finding.fix), (expect.0, expect.1, fix), "{coverage}");
        }
    }
}
