//! `submission.not-needed` - is there a paper that nobody asks for?

use super::SubmissionCheck;
use crate::checklist::ItemStatus;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::submission::{PlaceFinding, SubmissionFacts};

pub(super) const CHECK: SubmissionCheck = SubmissionCheck {
    code: Code::SubmissionNotNeeded,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, "")],
    run: check,
};

/// # What it does
/// Names pictures of papers for which nothing in the rules asks in this situation.
/// # Why it matters
/// Papers that nobody needs are personal data handed over for nothing, or a sign of a wrong answer.
/// # What to do
/// Leave the paper out, unless the provider asked for it; look whether the answers are right.
/// # Known limits
/// The rules may not know everything that a province asks for, so that this is never more than a doubt.
fn check(facts: &SubmissionFacts<'_>) -> Vec<PlaceFinding> {
    let finding = |outcome| Finding::new(Code::SubmissionNotNeeded, outcome, "icp-precheck");
    let unwanted = |material: &str| {
        facts.checklist.items.iter().any(|item| item.material == material && item.status == ItemStatus::NotRequired)
    };
    let mut findings: Vec<_> = facts
        .placed
        .iter()
        .filter(|placed| unwanted(&placed.place.material))
        .map(|placed| PlaceFinding {
            place: Some(placed.place.clone()),
            finding: finding(Outcome::Unsure).arg("material", Arg::Text(facts.name(&placed.place.material).to_owned())),
        })
        .collect();
    if findings.is_empty() {
        findings.push(PlaceFinding { place: None, finding: finding(Outcome::Pass) });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{checklist, placed, run_submission};
    use crate::finding::Outcome::{Pass, Unsure};
    use crate::rules::format::Slot::Single;

    #[test]
    fn a_paper_that_nothing_asks_for_is_named() {
        let list = checklist();
        for (material, expect) in [
            ("organization-certificate", Pass),
            ("residence-permit", Pass),
            ("domain-name-certificate", Pass),
            ("business-statement", Unsure),
        ] {
            let found = run_submission(&CHECK, &list, &[placed(material, Single)]);
            assert_eq!(found[0].finding.outcome, expect, "{material}");
        }
    }
}
