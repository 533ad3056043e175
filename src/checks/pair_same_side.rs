//! `pair.same-side` - do both photos show the same side?

use super::PairCheck;
use crate::finding::{Code, Finding, Outcome};
use crate::photo_facts::PairFacts;

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairSameSide,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// Correlation of two documents without perspective from which they may be the same side: second shots of rendered cards
/// have 0.98 and more, front and back up to 0.40; light and creases of real ones take something off.
const SAME_SIDE: f64 = 0.9;

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
        Some(document) => finding(if document >= SAME_SIDE { Outcome::Unsure } else { Outcome::Pass })
            .measured(document, Some("correlation"))
            .limit(SAME_SIDE),
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
            (Some(0.89), Outcome::Pass),
            (Some(0.9), Outcome::Unsure),
        ] {
            let likeness = Likeness { frame: 0.5, detail: 0.0, document, crop_error: None, cut: None };
            assert_eq!(
                run_pair(&CHECK, &pair(|facts| facts.likeness = Some(likeness))).outcome,
                expect,
                "{document:?}"
            );
        }
    }
}
