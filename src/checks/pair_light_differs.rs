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

/// Difference of brightness of the surroundings in luma steps that still counts as the same light. Ours.
const SAME_LUMA: f64 = 25.0;

/// Difference from which the light is plainly another. Ours.
const OTHER_LUMA: f64 = 50.0;

/// Distance of the documents' tints in steps of Cb and Cr that still counts as the same light. Ours: the two sides of a
/// document are printed differently, which alone moves their mean by a few steps.
const SAME_TINT: f64 = 10.0;

/// Distance from which the tint is plainly another. Ours.
const OTHER_TINT: f64 = 18.0;

/// Difference in how brightness falls off across the picture, in luma steps, from which shadows differ. Ours.
const OTHER_SHADE: f64 = 60.0;

/// # What it does
/// Compares the brightness of what lies around the document, the tint of the document, and the side from which light
/// falls.
/// # Why it matters
/// Both sides are asked for in the same light.
/// # What to do
/// Take both photos one after the other in the same place, without flash.
/// # Known limits
/// On different tables the brightness also differs; then [`pair.background-differs`] says so.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairLightDiffers, outcome, "up-ratio");
    let around = |photo: Option<&PhotoFacts>| -> Option<(Surroundings, Tone)> {
        let appearance = photo?.appearance.as_ref()?;
        Some((appearance.surroundings.clone()?, appearance.document_tone?))
    };
    let Some(((front, front_tone), (back, back_tone))) = around(facts.front).zip(around(facts.back)) else {
        return finding(Outcome::NotApplicable);
    };
    let luma = (back.tone.luma - front.tone.luma).abs();
    let tint = (back_tone.cb - front_tone.cb).hypot(back_tone.cr - front_tone.cr);
    let ([front_x, front_y], [back_x, back_y]) = (front.shade, back.shade);
    let shade = (back_x - front_x).hypot(back_y - front_y);
    let by_luma = |outcome| {
        finding(outcome).measured(luma, Some("luma-steps")).limit(OTHER_LUMA).arg("steps", Arg::Decimal(luma, 0))
    };
    let by_tint = |outcome| {
        let finding = finding(outcome).because("tint").measured(tint, Some("chroma-steps")).limit(OTHER_TINT);
        finding.arg("steps", Arg::Decimal(tint, 0))
    };
    if luma > OTHER_LUMA {
        by_luma(Outcome::Fail)
    } else if tint > OTHER_TINT {
        by_tint(Outcome::Fail)
    } else if luma > SAME_LUMA {
        by_luma(Outcome::Unsure)
    } else if tint > SAME_TINT {
        by_tint(Outcome::Unsure)
    } else if shade > OTHER_SHADE {
        finding(Outcome::Unsure).because("shadow").measured(shade, Some("luma-steps")).limit(OTHER_SHADE)
    } else {
        by_luma(Outcome::Pass)
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
        let darker = |steps: f64| with(|a| a.surroundings.as_mut().expect("has room around").tone.luma -= steps);
        check(&darker(24.0), (Outcome::Pass, ""));
        check(&darker(30.0), (Outcome::Unsure, ""));
        check(&darker(60.0), (Outcome::Fail, ""));
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
