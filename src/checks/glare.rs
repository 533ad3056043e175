//! `photo.glare` - does a lamp mirror on the document?

use super::document_found::sure;
use super::{Context, PhotoCheck};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::PhotoFacts;

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::PhotoGlare,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "somewhere"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Share of the document under glare that hides print: on a card of 86 by 54 mm a patch of 6 by 5 mm, two characters.
const HIDES_SHARE: f64 = 0.006;

/// Share from which a patch is worth a look.
const SEEN_SHARE: f64 = 0.0015;

/// The same where no document was found for sure, and a lamp or a window may be meant.
const SEEN_SOMEWHERE_SHARE: f64 = 0.004;

/// # What it does
/// Looks for burnt-out patches on the document that are brighter than its paper and fade at their rim.
/// # Why it matters
/// Under a mirrored lamp nothing can be read; such photos come back.
/// # What to do
/// Switch the flash off, tilt the card or the phone a little, use light from the side.
/// # Known limits
/// Weak sheens that leave the print readable pass. On overexposed paper glare cannot be told from paper. Where no document
/// was found it never fails.
fn check(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoGlare, outcome, "up-quality");
    let Some(glare) = facts.pixels.as_ref().and_then(|pixels| pixels.glare.as_ref()) else {
        return finding(Outcome::NotApplicable);
    };
    let (outcome, reason, limit) = if sure(facts).is_none() {
        match glare.largest_share >= SEEN_SOMEWHERE_SHARE {
            true => (Outcome::Unsure, "somewhere", SEEN_SOMEWHERE_SHARE),
            false => (Outcome::Pass, "", SEEN_SOMEWHERE_SHARE),
        }
    } else if glare.share >= HIDES_SHARE {
        (Outcome::Fail, "", HIDES_SHARE)
    } else if glare.share >= SEEN_SHARE {
        (Outcome::Unsure, "", SEEN_SHARE)
    } else {
        (Outcome::Pass, "", HIDES_SHARE)
    };
    let share = (glare.share * 10_000.0).round() / 10_000.0;
    finding(outcome)
        .because(reason)
        .measured(share, Some("ratio"))
        .limit(limit)
        .region(glare.region.filter(|_| outcome != Outcome::Pass))
        .arg("share", Arg::Percent(share))
        .arg("allowed", Arg::Percent(limit))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::finding::Outcome;

    #[test]
    fn a_patch_on_the_document_fails_and_one_somewhere_is_unsure() {
        for (share, found, expect) in [
            (0.0, true, (Outcome::Pass, "")),
            (0.003, true, (Outcome::Unsure, "")),
            (0.02, true, (Outcome::Fail, "")),
            (0.002, false, (Outcome::Pass, "")),
            (0.02, false, (Outcome::Unsure, "somewhere")),
        ] {
            let mut facts = photographed(|pixels, _| {
                let glare = pixels.glare.as_mut().unwrap();
                (glare.share, glare.largest_share) = (share, share);
                glare.region = Some([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]]);
            });
            if !found && let Some(document) = &mut facts.document {
                document.confidence = 0.4;
            }
            let finding = run_photo(&CHECK, &facts, &context());
            assert_eq!((finding.outcome, finding.reason), expect, "{share} {found}");
            assert_eq!(finding.evidence.region.is_some(), finding.outcome != Outcome::Pass);
        }
    }
}
