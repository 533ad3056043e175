//! `pair.same-side` - do both photos show the same side?

use super::PairCheck;
use super::pair_same_photo::SAME_PRINT;
use crate::finding::{Code, Finding, Outcome};
use crate::photo_facts::PairFacts;

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairSameSide,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// # What it does
/// Compares the print of both documents, without perspective and light, on a coarse grid.
/// # Why it matters
/// Two shots of one side leave the other side missing.
/// # What to do
/// Look whether both sides are there, and photograph the missing one.
/// # Known limits
/// Sides that look alike from afar, such as two nearly empty pages, cannot be told apart; the answer is never more than
/// a doubt.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairSameSide, outcome, "icp-precheck");
    match facts.likeness.and_then(|likeness| likeness.document) {
        None => finding(Outcome::NotApplicable),
        Some(document) => finding(if document >= SAME_PRINT { Outcome::Unsure } else { Outcome::Pass })
            .measured(document, Some("correlation"))
            .limit(SAME_PRINT),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair, run_pair};
    use crate::finding::Outcome;
    use crate::photo_facts::Likeness;

    #[test]
    fn the_print_decides() {
        for (document, expect) in [
            (None, Outcome::NotApplicable),
            (Some(0.3), Outcome::Pass),
            (Some(0.94), Outcome::Pass),
            (Some(0.95), Outcome::Unsure),
        ] {
            let likeness = Likeness { frame: 0.5, frame_turned: false, document, crop_error: None };
            assert_eq!(
                run_pair(&CHECK, &pair(|facts| facts.likeness = Some(likeness))).outcome,
                expect,
                "{document:?}"
            );
        }
    }
}
