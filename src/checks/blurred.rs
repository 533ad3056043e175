//! `photo.blurred` - is the print sharp?

use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::facts::PictureFacts;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::geometry::{distance, sides};
use crate::photo_facts::{InFrame, PhotoFacts, Sharpness};

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::PhotoBlurred,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "motion"),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "motion"),
        (Outcome::Unsure, "partly"),
        (Outcome::Unsure, "no-print"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Edge width in px up to which print is sharp: a part that every camera has, and one that grows with the document's long
/// side in px, since a large picture is looked at reduced.
///
/// Sharp phone photos measure 1.4 to 2.0 px at 240 px, 1.5 to 2.8 px at 2000 px and 2.3 to 3.2 px at 4000 px; photos out of
/// focus 3.8 px and more at 240 px. Both limits were drawn between, on half of the rendered set; docs/accuracy.md has the
/// result on the other half.
const SHARP_PX: f64 = 2.7;
const SHARP_PER_LONG_SIDE: f64 = 0.0006;

/// Edge width in px from which print is blurred.
const BLURRED_PX: f64 = 3.3;
const BLURRED_PER_LONG_SIDE: f64 = 0.0008;

/// A shaken photo is softer in one direction than across it, by this factor. Sharp print reaches the same now and then, with
/// narrow edges in both.
const MOTION_RATIO: f64 = 1.8;

/// Where the print is soft all over, less of a difference between the directions is enough, if the softest one is beyond the
/// limit of blur by this factor. Of 200 rendered good photos with even seeds one is that soft all over, and goes up to 1.05.
const SOFT_MOTION_RATIO: f64 = 1.25;
const SOFT_MOTION_FACTOR: f64 = 1.15;

/// Where no document is sure, a photo is blurred if even its sharpest parts come this near to the limit.
const NOTHING_SHARP_SHARE: f64 = 0.8;

/// Share of the limit of blur from which a shaken photo is worth a look.
const SHAKEN_SHARE: f64 = 0.85;

/// A part of the print that is blurred counts from this share on.
const PART: f64 = 0.12;

/// Printed tiles below which nothing is said.
const MIN_TILES: u32 = 4;

/// Edge width in px from which print of this photo is blurred.
pub(super) fn blurred_from_px(facts: &PhotoFacts) -> f64 {
    BLURRED_PX + BLURRED_PER_LONG_SIDE * document_long_side_px(facts)
}

/// Longest side of the document, or of the picture where none was found for sure.
pub(super) fn document_long_side_px(facts: &PhotoFacts) -> f64 {
    match sure(facts) {
        Some(document) if document.in_frame != InFrame::FillsFrame => {
            sides(&document.quad).into_iter().map(|(from, to)| distance(from, to)).fold(0.0, f64::max)
        }
        _ => {
            let (width_px, height_px) = facts.file.picture.as_ref().map_or((0, 0), PictureFacts::displayed_size_px);
            f64::from(width_px.max(height_px))
        }
    }
}

/// # What it does
/// Measures over how many pixels the strong edges of the print rise from 10 % to 90 %, tile by tile, and compares the
/// median with a limit that depends on the size of the document in the picture.
/// # Why it matters
/// Unclear photos are the most frequent reason for which filings come back.
/// # What to do
/// Rest the phone on something, tap the document to focus, and take the photo again.
/// # Known limits
/// Without a document in the picture a soft background counts too; then it fails only where nothing is sharp. Print that
/// is itself soft (a bad copy) measures as blur. Needs print: an empty sheet is `unsure`.
fn check(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoBlurred, outcome, "up-quality");
    let Some(pixels) = &facts.pixels else { return finding(Outcome::NotApplicable) };
    let printed = |sharpness: &&Sharpness| sharpness.printed_tiles >= MIN_TILES;
    let Some(sharpness) = pixels.sharpness.as_ref().filter(printed) else {
        return finding(Outcome::Unsure).because("no-print");
    };
    let long_side_px = document_long_side_px(facts);
    let sharp_px = SHARP_PX + SHARP_PER_LONG_SIDE * long_side_px;
    let blurred_px = blurred_from_px(facts);
    let width_px = sharpness.edge_width_px;
    let tenths = |px: f64| (px * 10.0).round() / 10.0;
    let measured = |outcome, px: f64, limit_px: f64| {
        let direction = sharpness.motion_direction_deg.unwrap_or(0.0);
        let direction = ["horizontal", "falling", "vertical", "rising"].get((direction / 45.0).round() as usize % 4);
        finding(outcome)
            .measured(tenths(px), Some("px"))
            .limit(tenths(limit_px))
            .arg("direction", Arg::Term("direction", direction.unwrap_or(&"horizontal")))
    };
    let shaken_px = match (sharpness.motion_ratio, sharpness.widest_direction_px) {
        (Some(ratio), Some(widest_px)) if ratio >= MOTION_RATIO => widest_px,
        _ => 0.0,
    };
    let nothing_sharp = sure(facts).is_some() || sharpness.sharpest_px >= NOTHING_SHARP_SHARE * blurred_px;
    if width_px >= blurred_px && nothing_sharp {
        return measured(Outcome::Fail, width_px, blurred_px);
    }
    if shaken_px >= blurred_px && sure(facts).is_some() {
        return measured(Outcome::Fail, shaken_px, blurred_px).because("motion");
    }
    if let (Some(ratio), Some(widest_px), Some(_)) =
        (sharpness.motion_ratio, sharpness.widest_direction_px, sure(facts))
        && width_px >= sharp_px
        && ratio >= SOFT_MOTION_RATIO
        && widest_px >= SOFT_MOTION_FACTOR * blurred_px
    {
        return measured(Outcome::Fail, widest_px, blurred_px).because("motion");
    }
    if width_px >= sharp_px {
        return measured(Outcome::Unsure, width_px, sharp_px);
    }
    if shaken_px >= SHAKEN_SHARE * blurred_px {
        return measured(Outcome::Unsure, shaken_px, sharp_px).because("motion");
    }
    if sure(facts).is_some() && sharpness.softest_px >= blurred_px && sharpness.softest_share >= PART {
        return measured(Outcome::Unsure, sharpness.softest_px, blurred_px)
            .because("partly")
            .region(sharpness.softest_region);
    }
    measured(Outcome::Pass, width_px, blurred_px)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::finding::Outcome;

    #[test]
    fn wide_edges_fail_and_the_limit_grows_with_the_document() {
        for (edge_width_px, document_px, expect) in [
            (2.0, 1000.0, Outcome::Pass),
            (3.5, 1000.0, Outcome::Unsure),
            (4.2, 1000.0, Outcome::Fail),
            (4.2, 3500.0, Outcome::Pass),
            (5.5, 3500.0, Outcome::Unsure),
            (6.2, 3500.0, Outcome::Fail),
        ] {
            let facts = photographed(|pixels, document| {
                let sharpness = pixels.sharpness.as_mut().unwrap();
                sharpness.edge_width_px = edge_width_px;
                sharpness.softest_px = edge_width_px;
                document.quad = [[0.0, 0.0], [document_px, 0.0], [document_px, 700.0], [0.0, 700.0]];
            });
            assert_eq!(run_photo(&CHECK, &facts, &context()).outcome, expect, "{edge_width_px} at {document_px}");
        }
    }

    #[test]
    fn a_shaken_photo_is_told_by_its_direction() {
        let facts = photographed(|pixels, _| {
            let sharpness = pixels.sharpness.as_mut().unwrap();
            sharpness.motion_ratio = Some(3.0);
            sharpness.widest_direction_px = Some(9.0);
            sharpness.motion_direction_deg = Some(90.0);
        });
        let finding = run_photo(&CHECK, &facts, &context());
        assert_eq!((finding.outcome, finding.reason), (Outcome::Fail, "motion"));
    }

    #[test]
    fn soft_print_needs_less_of_a_difference_to_be_shaken() {
        // The limits of a card of 2,000 px are 3.9 and 4.9 px.
        for (edge_width_px, ratio, widest_px, expect) in [
            (4.2, 1.4, 6.0, (Outcome::Fail, "motion")),
            (4.2, 1.4, 5.2, (Outcome::Unsure, "")),
            (4.2, 1.1, 6.0, (Outcome::Unsure, "")),
            (3.0, 1.4, 6.0, (Outcome::Pass, "")),
        ] {
            let facts = photographed(|pixels, _| {
                let sharpness = pixels.sharpness.as_mut().unwrap();
                sharpness.edge_width_px = edge_width_px;
                (sharpness.motion_ratio, sharpness.widest_direction_px) = (Some(ratio), Some(widest_px));
            });
            let finding = run_photo(&CHECK, &facts, &context());
            assert_eq!((finding.outcome, finding.reason), expect, "{edge_width_px} {ratio} {widest_px}");
        }
    }

    #[test]
    fn without_sure_corners_only_a_picture_with_nothing_sharp_fails() {
        for (sharpest_px, expect) in [(4.0, Outcome::Unsure), (6.0, Outcome::Fail)] {
            let facts = photographed(|pixels, document| {
                let sharpness = pixels.sharpness.as_mut().unwrap();
                (sharpness.edge_width_px, sharpness.sharpest_px) = (12.0, sharpest_px);
                document.confidence = 0.4;
            });
            assert_eq!(run_photo(&CHECK, &facts, &context()).outcome, expect, "{sharpest_px}");
        }
    }

    #[test]
    fn one_soft_part_is_unsure_and_shown() {
        let region = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];
        let facts = photographed(|pixels, _| {
            let sharpness = pixels.sharpness.as_mut().unwrap();
            sharpness.softest_px = 12.0;
            sharpness.softest_share = 0.3;
            sharpness.softest_region = Some(region);
        });
        let finding = run_photo(&CHECK, &facts, &context());
        assert_eq!((finding.outcome, finding.reason), (Outcome::Unsure, "partly"));
        assert_eq!(finding.evidence.region, Some(region));
    }

    #[test]
    fn without_print_nobody_can_tell() {
        let facts = photographed(|pixels, _| pixels.sharpness = None);
        let finding = run_photo(&CHECK, &facts, &context());
        assert_eq!((finding.outcome, finding.reason), (Outcome::Unsure, "no-print"));
    }
}
