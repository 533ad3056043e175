//! `pair.light-differs` - were both photos taken in the same light?

use super::PairCheck;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::{PairFacts, PhotoFacts, Surroundings, Tone};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairLightDiffers,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "tint"),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "tint"),
        (Outcome::Unsure, "shadow"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Factor between the light of two photos that still counts as the same: two thirds of a stop. Ours.
const SAME_LIGHT: f64 = 1.6;

/// Factor from which the light is plainly another: a good stop. Ours.
const OTHER_LIGHT: f64 = 2.2;

/// Distance of the documents' tints in steps of Cb and Cr that still counts as the same light. Ours: the two sides of a
/// document are printed differently, which alone moves their mean by a few steps.
const SAME_TINT: f64 = 10.0;

/// Distance from which the tint is plainly another. Ours.
const OTHER_TINT: f64 = 18.0;

/// Difference in how brightness falls off across the picture, in luma steps, from which shadows differ. Ours.
const OTHER_SHADE: f64 = 60.0;

/// # What it does
/// Compares the light on the document and on what lies around it, the tint of the document, and the side from which
/// light falls. Print and ground may differ in brightness; only what both have in common is light.
/// # Why it matters
/// Both sides are asked for in the same light.
/// # What to do
/// Take both photos one after the other in the same place, without flash.
/// # Known limits
/// Where document and ground differ in opposite ways, nothing is said about brightness.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairLightDiffers, outcome, "up-ratio");
    let around = |photo: Option<&PhotoFacts>| -> Option<(Surroundings, Tone)> {
        let appearance = photo?.appearance.as_ref()?;
        Some((appearance.surroundings.clone()?, appearance.document_tone?))
    };
    let Some(((front, front_tone), (back, back_tone))) = around(facts.front).zip(around(facts.back)) else {
        return finding(Outcome::NotApplicable);
    };
    let around = back.tone.light() / front.tone.light();
    let on_document = back_tone.light() / front_tone.light();
    let common = if around > 1.0 { around.min(on_document).max(1.0) } else { around.max(on_document).min(1.0) };
    let factor = common.max(1.0 / common);
    let tint = (back_tone.cb - front_tone.cb).hypot(back_tone.cr - front_tone.cr);
    let ([front_x, front_y], [back_x, back_y]) = (front.shade, back.shade);
    let shade = (back_x - front_x).hypot(back_y - front_y);
    let by_light = |outcome| {
        let finding = finding(outcome).measured(factor, Some("ratio")).limit(OTHER_LIGHT);
        finding.arg("factor", Arg::Decimal(factor, 1))
    };
    let by_tint = |outcome| {
        let finding = finding(outcome).because("tint").measured(tint, Some("chroma-steps")).limit(OTHER_TINT);
        finding.arg("steps", Arg::Decimal(tint, 0))
    };
    if factor > OTHER_LIGHT {
        by_light(Outcome::Fail)
    } else if tint > OTHER_TINT {
        by_tint(Outcome::Fail)
    } else if factor > SAME_LIGHT {
        by_light(Outcome::Unsure)
    } else if tint > SAME_TINT {
        by_tint(Outcome::Unsure)
    } else if shade > OTHER_SHADE {
        finding(Outcome::Unsure).because("shadow").measured(shade, Some("luma-steps")).limit(OTHER_SHADE)
    } else {
        by_light(Outcome::Pass)
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair_of, photo_facts, run_pair};
    use crate::finding::Outcome;
    use crate::photo_facts::{AppearanceFacts, PhotoFacts};

    fn with(change: impl FnOnce(&mut AppearanceFacts)) -> PhotoFacts {
        let mut facts = photo_facts();
        change(facts.appearance.as_mut().expect("was decoded"));
        facts
    }

    fn check(back: &PhotoFacts, expect: (Outcome, &str)) {
        let finding = run_pair(&CHECK, &pair_of(&photo_facts(), back));
        assert_eq!((finding.outcome, finding.reason), expect);
    }

    #[test]
    fn brightness_tint_and_shadow() {
        let darker = |document: f64, ground: f64| {
            with(|a| {
                a.document_tone.as_mut().expect("has a document").luma *= document;
                a.surroundings.as_mut().expect("has room around").tone.luma *= ground;
            })
        };
        check(&darker(0.85, 0.85), (Outcome::Pass, ""));
        check(&darker(0.75, 0.75), (Outcome::Unsure, ""));
        check(&darker(0.6, 0.6), (Outcome::Fail, ""));
        check(&darker(1.0, 0.5), (Outcome::Pass, ""));
        check(&darker(1.1, 0.5), (Outcome::Pass, ""));
        let warmer = |steps: f64| with(|a| a.document_tone.as_mut().expect("has a document").cr += steps);
        check(&warmer(9.0), (Outcome::Pass, ""));
        check(&warmer(12.0), (Outcome::Unsure, "tint"));
        check(&warmer(20.0), (Outcome::Fail, "tint"));
        check(
            &with(|a| a.surroundings.as_mut().expect("has room around").shade = [70.0, 0.0]),
            (Outcome::Unsure, "shadow"),
        );
        check(&with(|a| a.surroundings = None), (Outcome::NotApplicable, ""));
    }
}
