//! `photo.too-dark`, `photo.too-bright`, `photo.low-contrast`, `photo.uneven-light` - was there good light?

use super::blurred::{blurred_from_px, document_long_side_px};
use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::facts::PictureFacts;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::{InFrame, PhotoFacts};

pub(super) const TOO_DARK: PhotoCheck = PhotoCheck {
    code: Code::PhotoTooDark,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: too_dark,
};

pub(super) const TOO_BRIGHT: PhotoCheck = PhotoCheck {
    code: Code::PhotoTooBright,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: too_bright,
};

pub(super) const LOW_CONTRAST: PhotoCheck = PhotoCheck {
    code: Code::PhotoLowContrast,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "noise"),
        (Outcome::NotApplicable, ""),
    ],
    run: low_contrast,
};

pub(super) const UNEVEN_LIGHT: PhotoCheck = PhotoCheck {
    code: Code::PhotoUnevenLight,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: uneven_light,
};

/// Luma of white paper (0 to 255) below which a photo is dark: about 2.7 stops below its usual 235.
const DARK_LUMA: f64 = 100.0;

/// Luma of white paper from which a photo is bright enough: about two stops below.
const BRIGHT_ENOUGH_LUMA: f64 = 125.0;

/// Where something in the picture is brighter than this, the light was good and the document itself is dark.
const WELL_LIT_LUMA: f64 = 170.0;

/// Share of the document that is burnt out, from which it may be too bright.
const BURNT_SHARE: f64 = 0.35;

/// The same from which its colours and patterns may be gone, and are, if no line of small print is left.
const BURNT_OUT_SHARE: f64 = 0.5;

/// Long side in px from which a document has lines of print that can be measured, if they are there.
const MEASURABLE_PRINT_PX: f64 = 600.0;

/// Long side of a document in heights of its smallest print, at most: 1.5 mm on A4, 0.4 mm on a card. What is lower is the
/// remains of strokes.
const LONG_SIDE_PRINT: f64 = 200.0;

/// The same from which all that is not print is gone. Where the exposure just lets white paper burn out, pale print, borders
/// and seals still keep 15 % of a certificate and more from it; two stops above it they do not.
const ALL_BURNT_SHARE: f64 = 0.88;

/// The same where small print is so high that its strokes are black unless overexposed.
const PALE_BURNT_SHARE: f64 = 0.84;
const BLACK_PRINT_PX: f64 = 13.0;

/// The same for the whole of a picture in which nobody knows where the document lies.
const PICTURE_BURNT_SHARE: f64 = 0.65;

/// Luma of the darkest print, from which it has paled: black print of a document that is overexposed by two stops is
/// brighter, and so are thin strokes of a small one.
const PALE_PRINT_LUMA: f64 = 45.0;

/// The same in a scan, whose paper is white all over by intention.
const PALE_SCAN_LUMA: f64 = 110.0;

/// Height of strong edges of print as a share of the paper's luma, below which it is faint; usual print has 0.4 and more.
pub(super) const FAINT_CONTRAST: f64 = 0.24;

/// The same from which print is clear.
const CLEAR_CONTRAST: f64 = 0.32;

/// Standard deviation of noise, of 255, from which it drowns small print. Phones stay below 8 even at night.
const NOISY_SIGMA: f64 = 22.0;

/// Light on the darkest part of the paper, as a share of that on a bright part: a shadow of two stops.
const SHADOW_EVENNESS: f64 = 0.27;

/// The same from which light is even enough: one and a quarter stops.
const EVEN_ENOUGH: f64 = 0.42;

/// Share of the step from bright to dark paper within three blocks (24 pixels) from which its border is that of a printed
/// field. Rendered shadows with borders of 3 to 20 % of the paper's width lie below it, real printed fields mostly above.
const HARD_EDGE_SHARE: f64 = 0.8;

/// Distance of the dark part's colour from that of the paper, in units of Cb and Cr at full brightness, from which it is a
/// printed field. 15 rendered shadows and three real ones measure up to 16 (one more, over a portrait, 46), ten coloured
/// fields on real business cards 43 to 167.
const FIELD_TINT: f64 = 28.0;

/// # What it does
/// Compares the luma that 5 % of the document exceed (its paper) with a limit.
/// # Why it matters
/// In dark photos print and colours are hard to tell apart.
/// # What to do
/// Take the photo by a window or under more light.
/// # Known limits
/// A black document in good light is `unsure`: something else in the picture has to be bright.
fn too_dark(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoTooDark, outcome, "up-quality");
    let Some(light) = facts.pixels.as_ref().and_then(|pixels| pixels.light.as_ref()) else {
        return finding(Outcome::NotApplicable);
    };
    let finding = |outcome, limit: f64| finding(outcome).measured(light.luma_p95.round(), Some("luma")).limit(limit);
    let dark_document = light.frame_luma_p99 >= WELL_LIT_LUMA;
    if light.luma_p95 < DARK_LUMA {
        finding(if dark_document { Outcome::Unsure } else { Outcome::Fail }, DARK_LUMA)
    } else if light.luma_p95 < BRIGHT_ENOUGH_LUMA && !dark_document {
        finding(Outcome::Unsure, BRIGHT_ENOUGH_LUMA)
    } else {
        finding(Outcome::Pass, DARK_LUMA)
    }
}

/// # What it does
/// Measures the share of the document that is burnt out to white, and whether its darkest print has paled.
/// # Why it matters
/// What is burnt out cannot be brought back: fine patterns, seals and thin print are gone.
/// # What to do
/// Avoid direct lamps, tap the document so that the camera sets its exposure by it, take the photo again.
/// # Known limits
/// Scans have white paper by intention; they fail only when the print is pale as well. So do pictures without a document
/// that was found and without camera data, which may be scans. Photos whose paper just burns out while all print is there
/// are a matter of doubt.
fn too_bright(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoTooBright, outcome, "up-quality");
    let Some(light) = facts.pixels.as_ref().and_then(|pixels| pixels.light.as_ref()) else {
        return finding(Outcome::NotApplicable);
    };
    let burnt = light.clipped_bright_share;
    let is_pale = light.luma_p01 >= PALE_PRINT_LUMA;
    let is_pale_scan = light.luma_p01 >= PALE_SCAN_LUMA;
    let print_px = facts.pixels.as_ref().and_then(|pixels| Some(pixels.print.as_ref()?.small_px));
    let is_black = print_px.is_some_and(|print_px| print_px >= BLACK_PRINT_PX);
    let all_burnt_share = if is_black { PALE_BURNT_SHARE } else { ALL_BURNT_SHARE };
    let long_side_px = document_long_side_px(facts);
    let print_is_gone = long_side_px >= MEASURABLE_PRINT_PX
        && print_px.is_none_or(|print_px| print_px < long_side_px / LONG_SIDE_PRINT);
    let document = facts.document.as_ref();
    let from_camera = facts.file.picture.as_ref().is_some_and(PictureFacts::is_from_camera);
    let (fails, doubtful) = match document.map(|document| (document.is_sure(), document.in_frame)) {
        Some((true, InFrame::FillsFrame)) => {
            (burnt >= BURNT_OUT_SHARE && is_pale_scan, burnt >= ALL_BURNT_SHARE && is_pale)
        }
        // Where nothing looks like a document on a ground it may be a scan, too, unless a camera took it.
        None if !from_camera => (burnt >= BURNT_OUT_SHARE && is_pale_scan, burnt >= PICTURE_BURNT_SHARE && is_pale),
        Some((true, _)) => (
            is_pale && (burnt >= all_burnt_share || (burnt >= BURNT_OUT_SHARE && print_is_gone)),
            burnt >= BURNT_OUT_SHARE || (burnt >= BURNT_SHARE && is_pale),
        ),
        Some((false, _)) | None => (
            (burnt >= PICTURE_BURNT_SHARE && is_pale) || (burnt >= BURNT_OUT_SHARE && is_pale_scan),
            burnt >= BURNT_SHARE && is_pale,
        ),
    };
    let (outcome, limit) = match (fails, doubtful || (burnt >= BURNT_SHARE && is_pale_scan)) {
        (true, _) => (Outcome::Fail, BURNT_OUT_SHARE),
        (false, true) => (Outcome::Unsure, BURNT_SHARE),
        (false, false) => (Outcome::Pass, BURNT_OUT_SHARE),
    };
    let share = (light.clipped_bright_share * 1000.0).round() / 1000.0;
    finding(outcome)
        .measured(share, Some("ratio"))
        .limit(limit)
        .arg("share", Arg::Percent(share))
        .arg("allowed", Arg::Percent(limit))
}

/// # What it does
/// Compares the height of strong edges of the print with the brightness of the paper; also asks for a look when noise
/// drowns everything.
/// # Why it matters
/// Faint print is lost when the picture is compressed or printed.
/// # What to do
/// Take the photo in even light, not through film or glass; print the paper again if its print is faint.
/// # Known limits
/// Not asked of blurred photos, whose edges are low anyway.
fn low_contrast(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoLowContrast, outcome, "up-quality");
    let Some(pixels) = &facts.pixels else { return finding(Outcome::NotApplicable) };
    let noise_sigma = pixels.compression.as_ref().map_or(0.0, |compression| compression.noise_sigma);
    if noise_sigma >= NOISY_SIGMA {
        return finding(Outcome::Unsure)
            .because("noise")
            .measured((noise_sigma * 10.0).round() / 10.0, Some("luma"))
            .limit(NOISY_SIGMA);
    }
    let (Some(contrast), Some(sharpness)) = (pixels.print_contrast(), &pixels.sharpness) else {
        return finding(Outcome::NotApplicable);
    };
    if sharpness.edge_width_px >= blurred_from_px(facts) {
        return finding(Outcome::NotApplicable);
    }
    let outcome = if contrast < FAINT_CONTRAST {
        // Without a document the strongest edges may be those of a background.
        if sure(facts).is_some() { Outcome::Fail } else { Outcome::Unsure }
    } else if contrast < CLEAR_CONTRAST {
        Outcome::Unsure
    } else {
        Outcome::Pass
    };
    let limit = if outcome == Outcome::Unsure { CLEAR_CONTRAST } else { FAINT_CONTRAST };
    let contrast = (contrast * 1000.0).round() / 1000.0;
    finding(outcome)
        .measured(contrast, Some("ratio"))
        .limit(limit)
        .arg("contrast", Arg::Percent(contrast))
        .arg("least", Arg::Percent(limit))
}

/// # What it does
/// Compares the light on the darkest part of the paper with that on a bright part.
/// # Why it matters
/// Print in a deep shadow is hard to read, and a shadow of the phone looks like a copy.
/// # What to do
/// Turn so that neither hand nor phone throws a shadow, or use light from the side.
/// # Known limits
/// Asked only where a document was found for sure. What has another colour than the paper and a hard border is a printed
/// field and passes. What has only one of both may be either, so that answer is `unsure`: something very near throws a
/// shadow with a hard border, and a portrait in a shadow has its own colour.
fn uneven_light(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoUnevenLight, outcome, "up-quality");
    let light = facts.pixels.as_ref().and_then(|pixels| pixels.light.as_ref());
    let (Some(light), Some(_)) = (light, sure(facts)) else { return finding(Outcome::NotApplicable) };
    let Some(evenness) = light.evenness else { return finding(Outcome::NotApplicable) };
    let is_soft = light.shade_edge_share.is_some_and(|share| share < HARD_EDGE_SHARE);
    let is_colored = light.shade_tint.is_some_and(|tint| tint >= FIELD_TINT);
    let is_field = is_colored && !is_soft && light.shade_edge_share.is_some();
    let (outcome, limit) = if evenness < SHADOW_EVENNESS && is_soft && !is_colored {
        (Outcome::Fail, SHADOW_EVENNESS)
    } else if evenness < EVEN_ENOUGH && !is_field {
        (Outcome::Unsure, EVEN_ENOUGH)
    } else {
        (Outcome::Pass, SHADOW_EVENNESS)
    };
    let region = light.darkest_region.filter(|_| outcome != Outcome::Pass);
    let evenness = (evenness * 1000.0).round() / 1000.0;
    finding(outcome)
        .measured(evenness, Some("ratio"))
        .limit(limit)
        .region(region)
        .arg("evenness", Arg::Percent(evenness))
        .arg("least", Arg::Percent(limit))
}

#[cfg(test)]
mod tests {
    use super::{LOW_CONTRAST, TOO_BRIGHT, TOO_DARK, UNEVEN_LIGHT};
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::facts::Exif;
    use crate::finding::Outcome;
    use crate::photo_facts::InFrame;

    #[test]
    fn dark_paper_fails_unless_something_else_is_bright() {
        for (paper, frame, expect) in [
            (200.0, 220.0, Outcome::Pass),
            (110.0, 120.0, Outcome::Unsure),
            (110.0, 230.0, Outcome::Pass),
            (60.0, 80.0, Outcome::Fail),
            (60.0, 230.0, Outcome::Unsure),
            (0.0, 0.0, Outcome::Fail),
        ] {
            let facts = photographed(|pixels, _| {
                let light = pixels.light.as_mut().unwrap();
                (light.luma_p95, light.frame_luma_p99) = (paper, frame);
            });
            assert_eq!(run_photo(&TOO_DARK, &facts, &context()).outcome, expect, "{paper} {frame}");
        }
    }

    #[test]
    fn burnt_out_paper_fails_where_nothing_but_pale_print_is_left() {
        for (burnt, darkest, has_lines, expect) in [
            (0.1, 20.0, true, Outcome::Pass),
            (0.4, 20.0, true, Outcome::Pass),
            (0.4, 90.0, true, Outcome::Unsure),
            (0.8, 20.0, true, Outcome::Unsure),
            (0.8, 20.0, false, Outcome::Unsure),
            (0.8, 90.0, true, Outcome::Unsure),
            (0.8, 90.0, false, Outcome::Fail),
            (0.85, 90.0, true, Outcome::Fail),
            (1.0, 255.0, true, Outcome::Fail),
        ] {
            let facts = photographed(|pixels, _| {
                pixels.print = pixels.print.take().filter(|_| has_lines);
                let light = pixels.light.as_mut().unwrap();
                (light.clipped_bright_share, light.luma_p01) = (burnt, darkest);
            });
            assert_eq!(run_photo(&TOO_BRIGHT, &facts, &context()).outcome, expect, "{burnt} {darkest} {has_lines}");
        }
    }

    #[test]
    fn thin_strokes_are_no_sign_of_paleness_but_their_remains_are() {
        for (small_px, expect) in [(2.0, Outcome::Fail), (12.5, Outcome::Unsure), (20.0, Outcome::Fail)] {
            let facts = photographed(|pixels, _| {
                pixels.print.as_mut().unwrap().small_px = small_px;
                let light = pixels.light.as_mut().unwrap();
                (light.clipped_bright_share, light.luma_p01) = (0.86, 90.0);
            });
            assert_eq!(run_photo(&TOO_BRIGHT, &facts, &context()).outcome, expect, "{small_px}");
        }
    }

    #[test]
    fn burnt_out_scans_and_pictures_without_a_document() {
        for (is_scan, burnt, darkest, expect) in [
            (true, 0.9, 30.0, Outcome::Pass),
            (true, 0.6, 90.0, Outcome::Pass),
            (true, 0.95, 90.0, Outcome::Unsure),
            (true, 0.6, 140.0, Outcome::Fail),
            (false, 0.9, 30.0, Outcome::Pass),
            (false, 0.55, 60.0, Outcome::Unsure),
            (false, 0.7, 60.0, Outcome::Fail),
        ] {
            let facts = photographed(|pixels, document| {
                let light = pixels.light.as_mut().unwrap();
                (light.clipped_bright_share, light.luma_p01) = (burnt, darkest);
                document.in_frame = InFrame::FillsFrame;
                document.confidence = if is_scan { 0.9 } else { 0.3 };
            });
            assert_eq!(run_photo(&TOO_BRIGHT, &facts, &context()).outcome, expect, "{is_scan} {burnt} {darkest}");
        }
        let mut bare = photographed(|pixels, _| {
            let light = pixels.light.as_mut().unwrap();
            (light.clipped_bright_share, light.luma_p01) = (0.55, 60.0);
        });
        bare.document = None;
        assert_eq!(run_photo(&TOO_BRIGHT, &bare, &context()).outcome, Outcome::Pass);
        bare.pixels.as_mut().unwrap().light.as_mut().unwrap().clipped_bright_share = 0.8;
        assert_eq!(run_photo(&TOO_BRIGHT, &bare, &context()).outcome, Outcome::Unsure);
        let picture = bare.file.picture.as_mut().unwrap();
        picture.exif = Some(Exif { model: Some("Camera 1".to_owned()), ..Exif::default() });
        assert_eq!(run_photo(&TOO_BRIGHT, &bare, &context()).outcome, Outcome::Fail);
    }

    #[test]
    fn faint_print_fails_and_is_not_asked_of_blurred_photos() {
        for (height, edge_width_px, expect) in [
            (120.0, 2.0, Outcome::Pass),
            (55.0, 2.0, Outcome::Unsure),
            (30.0, 2.0, Outcome::Fail),
            (30.0, 20.0, Outcome::NotApplicable),
        ] {
            let facts = photographed(|pixels, _| {
                let sharpness = pixels.sharpness.as_mut().unwrap();
                (sharpness.print_height, sharpness.edge_width_px) = (height, edge_width_px);
            });
            assert_eq!(run_photo(&LOW_CONTRAST, &facts, &context()).outcome, expect, "{height} {edge_width_px}");
        }
    }

    #[test]
    fn a_picture_of_noise_is_looked_at() {
        let facts = photographed(|pixels, _| pixels.compression.as_mut().unwrap().noise_sigma = 60.0);
        let finding = run_photo(&LOW_CONTRAST, &facts, &context());
        assert_eq!((finding.outcome, finding.reason), (Outcome::Unsure, "noise"));
    }

    #[test]
    fn a_deep_shadow_on_a_document_fails() {
        for (evenness, edge, tint, expect) in [
            (0.8, None, None, Outcome::Pass),
            (0.35, Some(0.3), Some(3.0), Outcome::Unsure),
            (0.2, Some(0.3), Some(3.0), Outcome::Fail),
            (0.2, Some(0.3), None, Outcome::Fail),
            (0.2, Some(0.95), Some(3.0), Outcome::Unsure),
            (0.2, Some(0.3), Some(60.0), Outcome::Unsure),
            (0.2, Some(0.95), Some(60.0), Outcome::Pass),
            (0.2, None, Some(60.0), Outcome::Unsure),
        ] {
            let mut facts = photographed(|pixels, _| {
                let light = pixels.light.as_mut().unwrap();
                (light.evenness, light.shade_edge_share, light.shade_tint) = (Some(evenness), edge, tint);
            });
            assert_eq!(run_photo(&UNEVEN_LIGHT, &facts, &context()).outcome, expect, "{evenness} {edge:?} {tint:?}");
            facts.document = None;
            assert_eq!(run_photo(&UNEVEN_LIGHT, &facts, &context()).outcome, Outcome::NotApplicable);
        }
    }
}
