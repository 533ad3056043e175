//! `photo.monochrome` - is it a colour photo of an original?

use super::document_found::sure;
use super::light::FAINT_CONTRAST;
use super::{Context, PhotoCheck};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::{DocumentKind, PhotoFacts};

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::PhotoMonochrome,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "copy"),
        (Outcome::Unsure, "copy"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Share of exactly grey places in a picture without colour. Photos of white paper in neutral light reach 0.97.
const GRAY_SHARE: f64 = 0.998;

/// Share of coloured places below which the document has no colour of its own. A red seal of 4 cm on A4 has 0.004, a face
/// on an identity card 0.06.
const COLORED_SHARE: f64 = 0.0004;

/// Distance in units of Cb and Cr that 1 % of the document exceed, below which nearly all of it has one tint. Copies in
/// greys measure up to 4, pale originals from 9 on, those with one small seal as little as copies.
const ONE_TINT: f64 = 6.0;

/// The same that 0.1 % of the document exceed, below which it has no colour at all. Of the rendered photos with even seeds
/// 120 copies measure up to 4.8 and 60 originals with very little colour from 6.8 on.
const NO_COLOR: f64 = 5.6;

/// Materials whose originals always have colours: emblem, seal, portrait or coloured print.
const COLORED_MATERIALS: &[&str] = &[
    "leader-identity-document",
    "administrator-identity-document",
    "organization-certificate",
    "residence-permit",
    "registrant-certificate",
    "scopsr-certificate",
];

/// # What it does
/// Fails for pictures without any colour. Else looks whether the document has a colour besides the one tint that light gives
/// to everything; a black-and-white copy has none.
/// # Why it matters
/// Scanned copies or colour photos of the originals are asked for.
/// # What to do
/// Photograph or scan the original in colour.
/// # Known limits
/// A letter in black print without a seal has no colour either, so that a missing colour fails only for documents that always
/// have one (identity documents, certificates), is a matter of doubt where the material is not known, and passes else.
/// A faded original and a copy photographed in coloured light are alike; next to no colour is a matter of doubt for every
/// document, and so is it in faint pictures. Needs the document; without it only grey pictures fail.
fn check(facts: &PhotoFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoMonochrome, outcome, "up-colour");
    let Some(pixels) = &facts.pixels else { return finding(Outcome::NotApplicable) };
    let Some(color) = &pixels.color else { return finding(Outcome::Fail).measured(0.0, Some("ratio")) };
    let share = (color.colored_share * 10_000.0).round() / 10_000.0;
    let finding = |outcome| {
        finding(outcome).measured(share, Some("ratio")).limit(COLORED_SHARE).arg("share", Arg::Percent(share))
    };
    if color.gray_share >= GRAY_SHARE {
        return finding(Outcome::Fail);
    }
    let one_tint = color.colored_share < COLORED_SHARE && color.beyond_tint_p99 < ONE_TINT;
    if !one_tint {
        return finding(Outcome::Pass);
    }
    let has_color = context.material.map(|material| COLORED_MATERIALS.contains(&material));
    let Some(document) = sure(facts) else {
        // Nothing in the picture has a colour, and the ground may be as grey as the document.
        let may_have_color = has_color.unwrap_or(facts.document.is_some());
        let doubtful = may_have_color && color.beyond_tint_p999 < NO_COLOR;
        return if doubtful { finding(Outcome::Unsure).because("copy") } else { finding(Outcome::Pass) };
    };
    let colored_kind = matches!(document.kind, DocumentKind::Id1Card | DocumentKind::PassportPage);
    // What is faint has lost its colours as well.
    let is_faint = pixels.print_contrast().is_some_and(|contrast| contrast < FAINT_CONTRAST);
    let missing = if color.beyond_tint_p999 < NO_COLOR && !is_faint { Outcome::Fail } else { Outcome::Unsure };
    match has_color {
        Some(true) => finding(missing).because("copy"),
        _ if colored_kind => finding(missing).because("copy"),
        Some(false) => finding(Outcome::Pass),
        None => finding(Outcome::Unsure).because("copy"),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::Context;
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::finding::Outcome;
    use crate::photo_facts::DocumentKind;

    #[test]
    fn grey_pictures_fail_and_copies_by_the_document() {
        use DocumentKind::{A4Portrait, Id1Card};
        for (gray, colored, p99, p999, kind, material, expect) in [
            (0.5, 0.06, 30.0, 60.0, Id1Card, None, (Outcome::Pass, "")),
            (1.0, 0.0, 0.0, 0.0, A4Portrait, None, (Outcome::Fail, "")),
            (0.3, 0.0, 2.0, 3.0, Id1Card, None, (Outcome::Fail, "copy")),
            (0.3, 0.0, 2.0, 9.0, Id1Card, None, (Outcome::Unsure, "copy")),
            (0.3, 0.0, 2.0, 3.0, A4Portrait, None, (Outcome::Unsure, "copy")),
            (0.3, 0.0, 2.0, 3.0, A4Portrait, Some("organization-certificate"), (Outcome::Fail, "copy")),
            (0.3, 0.0002, 2.0, 12.0, A4Portrait, Some("organization-certificate"), (Outcome::Unsure, "copy")),
            (0.3, 0.004, 4.0, 30.0, A4Portrait, Some("organization-certificate"), (Outcome::Pass, "")),
            (0.3, 0.0, 2.0, 3.0, A4Portrait, Some("power-of-attorney"), (Outcome::Pass, "")),
            (0.97, 0.0, 9.0, 12.0, A4Portrait, None, (Outcome::Pass, "")),
        ] {
            let facts = photographed(|pixels, document| {
                let color = pixels.color.as_mut().unwrap();
                (color.gray_share, color.colored_share) = (gray, colored);
                (color.beyond_tint_p99, color.beyond_tint_p999) = (p99, p999);
                document.kind = kind;
            });
            let finding = run_photo(&CHECK, &facts, &Context { material, ..context() });
            assert_eq!(
                (finding.outcome, finding.reason),
                expect,
                "{gray} {colored} {p99} {p999} {kind:?} {material:?}"
            );
        }
    }

    #[test]
    fn faint_print_and_doubtful_corners_leave_a_doubt() {
        for (print_height, confidence, material, expect) in [
            (140.0, 0.9, Some("organization-certificate"), Outcome::Fail),
            (30.0, 0.9, Some("organization-certificate"), Outcome::Unsure),
            (140.0, 0.4, Some("organization-certificate"), Outcome::Unsure),
            (140.0, 0.4, None, Outcome::Unsure),
            (140.0, 0.4, Some("power-of-attorney"), Outcome::Pass),
        ] {
            let facts = photographed(|pixels, document| {
                let color = pixels.color.as_mut().unwrap();
                (color.colored_share, color.beyond_tint_p99, color.beyond_tint_p999) = (0.0, 2.0, 3.0);
                pixels.sharpness.as_mut().unwrap().print_height = print_height;
                document.confidence = confidence;
            });
            let finding = run_photo(&CHECK, &facts, &Context { material, ..context() });
            assert_eq!(finding.outcome, expect, "{print_height} {confidence} {material:?}");
        }
    }

    #[test]
    fn a_file_without_colour_fails() {
        let facts = photographed(|pixels, _| pixels.color = None);
        assert_eq!(run_photo(&CHECK, &facts, &context()).outcome, Outcome::Fail);
    }
}
