//! `pair.background-differs` - do both documents lie on the same ground?

use super::PairCheck;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::{AppearanceFacts, PairFacts, PhotoFacts, Surroundings, Tone};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairBackgroundDiffers,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, "color"),
        (Outcome::Fail, "texture"),
        (Outcome::Unsure, "color"),
        (Outcome::Unsure, "texture"),
        (Outcome::Fail, "brightness"),
        (Outcome::Unsure, "brightness"),
        (Outcome::Fail, "several"),
        (Outcome::Unsure, "several"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Distance of the grounds' colours in steps of Cb and Cr that still counts as the same ground. Ours.
const SAME_COLOR: f64 = 9.0;

/// Distance from which the ground is plainly another. Ours.
const OTHER_COLOR: f64 = 16.0;

/// Factor between the textures that still counts as the same ground. Ours.
const SAME_TEXTURE: f64 = 2.2;

/// Factor from which the ground is plainly another. Ours.
const OTHER_TEXTURE: f64 = 3.5;

/// Factor between the grounds' light, beside that of the documents, that still counts as the same ground: the two sides
/// of a document differ by up to 1.5. Ours.
const SAME_BRIGHTNESS: f64 = 2.5;

/// Factor from which the ground is plainly another. Ours.
const OTHER_BRIGHTNESS: f64 = 5.0;

/// Texture of a bare table with the noise of a phone, in luma steps; below it there is nothing to compare.
const LEAST_TEXTURE: f64 = 1.5;

/// Factor between the spreads of the grounds' brightness that still counts as the same ground, where it is not the only
/// difference. Ours.
const SAME_SPREAD: f64 = 2.2;

/// Spread of a bare table in even light, in luma steps; below it there is nothing to compare.
const LEAST_SPREAD: f64 = 4.0;

/// Sum of the squares of all differences, each in units of what still counts as the same ground: several small differences
/// together tell another ground, too. 24 rendered pairs on one ground measure up to 0.5, seven real ones of documents on
/// one desk up to 1.0, nine on two desks of one colour from 1.5 on.
const SAME_GROUND: f64 = 1.4;

/// The same from which the ground is plainly another. Ours.
const OTHER_GROUND: f64 = 3.2;

/// # What it does
/// Compares colour, brightness and texture of what lies around the document, less tint and brightness of the light as the
/// document shows them: each of them, and all together.
/// # Why it matters
/// Both sides are recommended to be taken on the same background.
/// # What to do
/// Lay the document on the same plain ground for both photos.
/// # Known limits
/// Grounds of the same colour and a similar pattern count as one. The limits are ours: the rule gives none.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairBackgroundDiffers, outcome, "up-ratio");
    let Some((front, back)) = ground(facts.front).zip(ground(facts.back)) else {
        return finding(Outcome::NotApplicable);
    };
    let color = (back.0.tone.cb - front.0.tone.cb - back.1[0] + front.1[0])
        .hypot(back.0.tone.cr - front.0.tone.cr - back.1[1] + front.1[1]);
    let textures = [front.0.texture.max(LEAST_TEXTURE), back.0.texture.max(LEAST_TEXTURE)];
    let factor = (textures[1] / textures[0]).max(textures[0] / textures[1]);
    let by_color = |outcome| {
        let finding = finding(outcome).because("color").measured(color, Some("chroma-steps")).limit(OTHER_COLOR);
        finding.arg("steps", Arg::Decimal(color, 0))
    };
    let by_texture = |outcome| {
        let finding = finding(outcome).because("texture").measured(factor, Some("ratio")).limit(OTHER_TEXTURE);
        finding.arg("factor", Arg::Decimal(factor, 1))
    };
    let brightness = (back.0.tone.light() / front.0.tone.light()) / (back.2.light() / front.2.light());
    let brightness = brightness.max(1.0 / brightness);
    let by_brightness = |outcome| {
        let finding =
            finding(outcome).because("brightness").measured(brightness, Some("ratio")).limit(OTHER_BRIGHTNESS);
        finding.arg("factor", Arg::Decimal(brightness, 1))
    };
    let spreads = [front.0.luma_sigma.max(LEAST_SPREAD), back.0.luma_sigma.max(LEAST_SPREAD)];
    let of_factor = |factor: f64, same: f64| (factor.ln() / same.ln()).powi(2);
    let apart = (color / SAME_COLOR).powi(2)
        + of_factor(brightness, SAME_BRIGHTNESS)
        + of_factor(factor, SAME_TEXTURE)
        + of_factor(spreads[1] / spreads[0], SAME_SPREAD);
    let by_several = |outcome| {
        let finding = finding(outcome).because("several").measured((apart * 10.0).round() / 10.0, None);
        finding.limit(if outcome == Outcome::Fail { OTHER_GROUND } else { SAME_GROUND })
    };
    if color > OTHER_COLOR {
        by_color(Outcome::Fail)
    } else if brightness > OTHER_BRIGHTNESS {
        by_brightness(Outcome::Fail)
    } else if factor > OTHER_TEXTURE {
        by_texture(Outcome::Fail)
    } else if apart > OTHER_GROUND {
        by_several(Outcome::Fail)
    } else if color > SAME_COLOR {
        by_color(Outcome::Unsure)
    } else if brightness > SAME_BRIGHTNESS {
        by_brightness(Outcome::Unsure)
    } else if factor > SAME_TEXTURE {
        by_texture(Outcome::Unsure)
    } else if apart > SAME_GROUND {
        by_several(Outcome::Unsure)
    } else {
        finding(Outcome::Pass).measured(color, Some("chroma-steps")).limit(OTHER_COLOR)
    }
}

/// What lies around the document, half the document's tint (half, because print has a tint of its own), and its tone.
fn ground(photo: Option<&PhotoFacts>) -> Option<(&Surroundings, [f64; 2], Tone)> {
    let AppearanceFacts { surroundings, document_tone, .. } = photo?.appearance.as_ref()?;
    let tone = (*document_tone)?;
    Some((surroundings.as_ref()?, [(tone.cb - 128.0) / 2.0, (tone.cr - 128.0) / 2.0], tone))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair_of, photo_facts, run_pair};
    use crate::finding::Outcome;
    use crate::photo_facts::{PhotoFacts, Surroundings};

    fn on(change: impl FnOnce(&mut Surroundings)) -> PhotoFacts {
        let mut facts = photo_facts();
        let appearance = facts.appearance.as_mut().expect("was decoded");
        change(appearance.surroundings.as_mut().expect("has room around"));
        facts
    }

    #[test]
    fn color_and_texture() {
        for (cr, texture, expect) in [
            (0.0, 4.0, (Outcome::Pass, "")),
            (8.0, 4.0, (Outcome::Pass, "")),
            (12.0, 4.0, (Outcome::Unsure, "color")),
            (20.0, 4.0, (Outcome::Fail, "color")),
            (0.0, 10.0, (Outcome::Unsure, "texture")),
            (0.0, 20.0, (Outcome::Fail, "texture")),
            (0.0, 1.0, (Outcome::Unsure, "texture")),
        ] {
            let back = on(|ground| {
                ground.tone.cr += cr;
                ground.texture = texture;
            });
            let finding = run_pair(&CHECK, &pair_of(&photo_facts(), &back));
            assert_eq!((finding.outcome, finding.reason), expect, "{cr} {texture}");
        }
    }

    #[test]
    fn several_small_differences_together() {
        for (cr, texture, luma_sigma, expect) in [
            (7.0, 6.0, 6.0, Outcome::Pass),
            (8.0, 8.0, 6.0, Outcome::Unsure),
            (8.0, 8.0, 16.0, Outcome::Fail),
            (0.0, 4.0, 14.0, Outcome::Unsure),
        ] {
            let spread = |change: [f64; 3]| {
                on(|ground| {
                    ground.tone.cr += change[0];
                    (ground.texture, ground.luma_sigma) = (change[1], change[2]);
                })
            };
            let (front, back) = (spread([0.0, 4.0, 5.0]), spread([cr, texture, luma_sigma]));
            let finding = run_pair(&CHECK, &pair_of(&front, &back));
            assert_eq!(
                (finding.outcome, finding.reason == "several"),
                (expect, expect != Outcome::Pass),
                "{cr} {texture} {luma_sigma}"
            );
        }
    }
}
