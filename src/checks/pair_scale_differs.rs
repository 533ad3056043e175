//! `pair.scale-differs` - is the document equally large in both photos?

use super::PairCheck;
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::photo_facts::{DocumentFacts, PairFacts};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairScaleDiffers,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "uncertain"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Scales within this factor count as equal. The rule says 1:1 and gives no tolerance; a hand-held phone keeps this much.
const EQUAL_FACTOR: f64 = 1.05;

/// Beyond this factor the difference is plain to see side by side.
pub(super) const DIFFERENT_FACTOR: f64 = 1.11;

/// # What it does
/// Divides the scale of the document in the back by that in the front: pixels per length at the middle of the document,
/// perspective removed. 1 = equally large.
/// # Why it matters
/// Front and back of the entity leader's document are asked for at 1:1.
/// # What to do
/// Photograph both from the same distance and crop neither, or have the pair matched.
/// # Known limits
/// Needs the document in both pictures, whole. The limit is ours: the rule gives no tolerance.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairScaleDiffers, outcome, "up-ratio");
    let Some(ratio) = facts.scale_ratio else { return finding(Outcome::NotApplicable) };
    let factor = ratio.value.max(1.0 / ratio.value);
    let finding = |outcome| {
        finding(outcome)
            .measured(ratio.value, Some("ratio"))
            .limit(DIFFERENT_FACTOR)
            .arg("ratio", Arg::Decimal(ratio.value, 2))
            .arg("percent", Arg::Percent(factor - 1.0))
    };
    if ratio.confidence < DocumentFacts::SURE {
        finding(Outcome::Unsure).because("uncertain").fix(Fix::MatchPair)
    } else if factor <= EQUAL_FACTOR {
        finding(Outcome::Pass)
    } else if factor > DIFFERENT_FACTOR {
        finding(Outcome::Fail).fix(Fix::MatchPair)
    } else {
        finding(Outcome::Unsure).fix(Fix::MatchPair)
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair, run_pair};
    use crate::finding::{Outcome, Value};
    use crate::photo_facts::Ratio;

    #[test]
    fn equal_near_and_different_scales() {
        for (value, confidence, expect) in [
            (1.0, 0.9, (Outcome::Pass, "")),
            (1.05, 0.9, (Outcome::Pass, "")),
            (0.953, 0.9, (Outcome::Pass, "")),
            (1.08, 0.9, (Outcome::Unsure, "")),
            (1.12, 0.9, (Outcome::Fail, "")),
            (0.85, 0.9, (Outcome::Fail, "")),
            (0.85, 0.5, (Outcome::Unsure, "uncertain")),
            (1.0, 0.5, (Outcome::Unsure, "uncertain")),
        ] {
            let finding = run_pair(&CHECK, &pair(|facts| facts.scale_ratio = Some(Ratio { value, confidence })));
            assert_eq!((finding.outcome, finding.reason), expect, "{value}");
            assert_eq!(finding.evidence.measured, Some(Value::Number(value)));
        }
        assert_eq!(run_pair(&CHECK, &pair(|facts| facts.scale_ratio = None)).outcome, Outcome::NotApplicable);
    }
}
