//! `photo.sideways` - does the document lie on its side, or upside down?

use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::finding::{Code, Finding, Fix, Outcome};
use crate::geometry::distance;
use crate::photo_facts::{DocumentFacts, DocumentKind, PhotoFacts, Upright};

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::PhotoSideways,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "upside-down"),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "upside-down"),
        (Outcome::NotApplicable, ""),
    ],
    run: sideways,
};

/// Direction of the print (1 across, -1 down) at which a sheet surely lies on its side, and below which it may. Upright
/// documents in rendered and real photos have 0 to 1; answer sheets, whose columns of marks look like lines, down to -0.84.
const SURELY_DOWN: f64 = -0.75;
const PERHAPS_DOWN: f64 = -0.3;

/// The same for a sheet of which is said what it is: answer sheets are no material of a filing. Upright certificates,
/// passports and letters have 0.25 and more.
const MATERIAL_SURELY_DOWN: f64 = -0.4;
const MATERIAL_PERHAPS_DOWN: f64 = -0.2;

/// The same for a card that stands: identity cards are printed lying, so that less of print is needed to be sure.
const CARD_SURELY_DOWN: f64 = -0.15;
const CARD_PERHAPS_DOWN: f64 = 0.1;

/// The same for a standing card that is said to be an identity document. Their backs have so little print that lying and
/// standing ones have -0.1 to 0.1; above, it may be another card.
const IDENTITY_CARD_SURELY_DOWN: f64 = 0.15;
const IDENTITY_CARD_PERHAPS_DOWN: f64 = 0.3;

/// Mean answer of the net that knows print from print turned by half, at which a document is surely upside down, and at which
/// it may be; and how many standard errors it has to be from zero for that. Upright print in 76 real and rendered photos has
/// 0.14 and more with Chinese characters, -0.2 and more (not more than 3.3 standard errors below zero) with letters, handwriting
/// and answer sheets.
const SURELY_TURNED: f64 = -0.3;
const PERHAPS_TURNED: f64 = -0.2;
const SURE_ERRORS: f64 = 4.5;
const PERHAPS_ERRORS: f64 = 3.0;

/// # What it does
/// Looks which way the lines of print run, and whether their characters stand upright. Fails when they run down a card that
/// stands, or clearly down a sheet, and when they run across but upside down; is unsure when that is only likely.
/// # Why it matters
/// Reviewers read the picture as it is shown; one that has to be turned may be sent back.
/// # What to do
/// Turn the picture by a quarter, or by half, and save it.
/// # Known limits
/// The orientation in the Exif data is followed first. Whether characters stand upright is told by those of Chinese, Latin
/// letters and figures, on a dozen places with lines of print at least 8 pixels high; with fewer, a document that is upside
/// down passes. Columns of marks or of figures can look like lines, which is why sheets need clear print to fail, clearer
/// where nobody says what they are.
fn sideways(facts: &PhotoFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoSideways, outcome, "icp-precheck");
    let reading = facts.pixels.as_ref().and_then(|pixels| pixels.reading.as_ref());
    let (Some(document), Some(reading)) = (sure(facts), reading) else { return finding(Outcome::NotApplicable) };
    let (surely, perhaps) = limits(document, context);
    let across = (reading.across * 100.0).round() / 100.0;
    let outcome = match across {
        across if across <= surely => Outcome::Fail,
        across if across <= perhaps => Outcome::Unsure,
        _ => {
            let upright = facts.pixels.as_ref().and_then(|pixels| pixels.print.as_ref()?.upright.as_ref());
            let turned = upright.and_then(|upright| Some((turned(upright)?, (upright.mean * 100.0).round() / 100.0)));
            let Some((outcome, mean)) = turned else {
                return finding(Outcome::Pass).measured(across, None).limit(surely).region(Some(document.quad));
            };
            let finding = finding(outcome).because("upside-down").measured(mean, None).limit(SURELY_TURNED);
            return finding.region(Some(document.quad)).fix(Fix::Rotate);
        }
    };
    finding(outcome).measured(across, None).limit(surely).region(Some(document.quad)).fix(Fix::Rotate)
}

/// What is to be said of print that may be turned by half; `None` where it stands upright, or nothing tells it.
fn turned(upright: &Upright) -> Option<Outcome> {
    let is_below = |limit: f64, errors: f64| upright.mean <= limit && upright.mean <= -errors * upright.standard_error;
    if is_below(SURELY_TURNED, SURE_ERRORS) {
        Some(Outcome::Fail)
    } else if is_below(PERHAPS_TURNED, PERHAPS_ERRORS) {
        Some(Outcome::Unsure)
    } else {
        None
    }
}

/// Directions of print at which this document surely and perhaps lies on its side.
fn limits(document: &DocumentFacts, context: &Context<'_>) -> (f64, f64) {
    use DocumentKind::{Id1Card, PassportPage};
    let is_identity =
        !context.expected.is_empty() && context.expected.iter().all(|kind| matches!(kind, Id1Card | PassportPage));
    match document.kind_among(context.expected) {
        Id1Card if is_standing(document) && is_identity => (IDENTITY_CARD_SURELY_DOWN, IDENTITY_CARD_PERHAPS_DOWN),
        // An open passport stands, but its print runs across.
        Id1Card | PassportPage if is_standing(document) => (CARD_SURELY_DOWN, CARD_PERHAPS_DOWN),
        // All identity cards are printed lying; what seems to run down one is its pattern.
        Id1Card if is_identity => (SURELY_DOWN, SURELY_DOWN),
        _ if context.material.is_some() && !is_identity => (MATERIAL_SURELY_DOWN, MATERIAL_PERHAPS_DOWN),
        _ => (SURELY_DOWN, PERHAPS_DOWN),
    }
}

fn is_standing(document: &DocumentFacts) -> bool {
    let [a, b, c, d] = document.quad;
    distance(a, b) + distance(c, d) < distance(b, c) + distance(d, a)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::Context;
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::finding::{Fix, Outcome};
    use crate::photo_facts::{DocumentKind, Reading, Upright};

    const LYING: [[f64; 2]; 4] = [[1000.0, 700.0], [3000.0, 700.0], [3000.0, 1960.0], [1000.0, 1960.0]];
    const STANDING: [[f64; 2]; 4] = [[1000.0, 500.0], [2260.0, 500.0], [2260.0, 2500.0], [1000.0, 2500.0]];

    #[test]
    fn print_that_runs_down_is_noticed_and_a_standing_card_needs_less_of_it() {
        for (kind, quad, across, outcome) in [
            (DocumentKind::Id1Card, LYING, 0.5, Outcome::Pass),
            (DocumentKind::Id1Card, LYING, -0.5, Outcome::Unsure),
            (DocumentKind::Id1Card, STANDING, -0.4, Outcome::Fail),
            (DocumentKind::Id1Card, STANDING, 0.0, Outcome::Unsure),
            (DocumentKind::Id1Card, STANDING, 0.6, Outcome::Pass),
            (DocumentKind::A4Portrait, STANDING, -0.4, Outcome::Unsure),
            (DocumentKind::A4Portrait, STANDING, -0.95, Outcome::Fail),
            (DocumentKind::A4Landscape, LYING, -0.95, Outcome::Fail),
            (DocumentKind::A4Landscape, LYING, -0.2, Outcome::Pass),
        ] {
            let photo = photographed(|pixels, document| {
                pixels.reading = Some(Reading { across, patches: 90 });
                (document.kind, document.quad) = (kind, quad);
            });
            let finding = run_photo(&CHECK, &photo, &context());
            assert_eq!(finding.outcome, outcome, "{kind:?} {across}");
            assert_eq!(finding.fix, (outcome != Outcome::Pass).then_some(Fix::Rotate));
        }
    }

    #[test]
    fn what_is_asked_for_tells_more() {
        use DocumentKind::{A4Landscape, A4Portrait, Id1Card, PassportPage};
        let identity =
            Context { material: Some("leader-identity-document"), expected: &[Id1Card, PassportPage], ..context() };
        let sheet = Context { material: Some("organization-certificate"), ..context() };
        for (context, kind, ratio, quad, across, outcome) in [
            (identity, Id1Card, 1.586, STANDING, 0.05, Outcome::Fail),
            (identity, Id1Card, 1.586, STANDING, 0.2, Outcome::Unsure),
            (identity, Id1Card, 1.586, STANDING, 0.5, Outcome::Pass),
            (identity, Id1Card, 1.586, LYING, -0.6, Outcome::Pass),
            (identity, Id1Card, 1.586, LYING, -0.9, Outcome::Fail),
            (identity, A4Portrait, 1.42, STANDING, -0.5, Outcome::Fail),
            (identity, A4Portrait, 1.41, STANDING, 0.5, Outcome::Pass),
            (sheet, A4Landscape, 1.414, LYING, -0.5, Outcome::Fail),
            (sheet, A4Portrait, 1.414, STANDING, -0.25, Outcome::Unsure),
            (sheet, A4Portrait, 1.414, STANDING, -0.1, Outcome::Pass),
        ] {
            let photo = photographed(|pixels, document| {
                pixels.reading = Some(Reading { across, patches: 90 });
                (document.kind, document.aspect_ratio, document.quad) = (kind, ratio, quad);
            });
            assert_eq!(run_photo(&CHECK, &photo, &context).outcome, outcome, "{kind:?} {ratio} {across}");
        }
    }

    #[test]
    fn print_that_is_turned_by_half_is_noticed_where_its_lines_run_across() {
        for (across, mean, standard_error, expected) in [
            (0.7, 0.6, 0.1, (Outcome::Pass, "")),
            (0.7, -0.6, 0.1, (Outcome::Fail, "upside-down")),
            (0.7, -0.25, 0.02, (Outcome::Unsure, "upside-down")),
            // So few or so different answers may as well be chance.
            (0.7, -0.6, 0.15, (Outcome::Unsure, "upside-down")),
            (0.7, -0.6, 0.25, (Outcome::Pass, "")),
            (0.7, -0.1, 0.01, (Outcome::Pass, "")),
            // Which way round a document lies on its side is no matter of this answer.
            (-0.95, -0.6, 0.1, (Outcome::Fail, "")),
        ] {
            let photo = photographed(|pixels, _| {
                pixels.reading = Some(Reading { across, patches: 90 });
                let upright = Some(Upright { mean, standard_error, patches: 24 });
                pixels.print.iter_mut().for_each(|print| print.upright.clone_from(&upright));
            });
            let finding = run_photo(&CHECK, &photo, &context());
            assert_eq!((finding.outcome, finding.reason), expected, "{across} {mean} {standard_error}");
            assert_eq!(finding.fix, (expected.0 != Outcome::Pass).then_some(Fix::Rotate));
        }
    }

    #[test]
    fn without_print_or_document_nothing_is_said() {
        let blank = photographed(|pixels, _| pixels.reading = None);
        assert_eq!(run_photo(&CHECK, &blank, &context()).outcome, Outcome::NotApplicable);
        let doubtful = photographed(|_, document| document.confidence = 0.4);
        assert_eq!(run_photo(&CHECK, &doubtful, &context()).outcome, Outcome::NotApplicable);
    }
}
