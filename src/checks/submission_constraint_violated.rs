//! `submission.constraint-violated` - do the answers themselves rule the filing out?

use super::SubmissionCheck;
use crate::checklist::ConstraintStatus;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::submission::{PlaceFinding, SubmissionFacts};

pub(super) const CHECK: SubmissionCheck = SubmissionCheck {
    code: Code::SubmissionConstraintViolated,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Fail, "no-remedy")],
    run: check,
};

/// # What it does
/// Repeats each requirement of the checklist that the answers violate for certain.
/// # Why it matters
/// No photo mends it: the filing comes back.
/// # What to do
/// What the requirement itself says.
/// # Known limits
/// Requirements on which sources disagree, or with an answer missing, are in the checklist only.
fn check(facts: &SubmissionFacts<'_>) -> Vec<PlaceFinding> {
    let finding = |outcome, basis: &str| Finding::new(Code::SubmissionConstraintViolated, outcome, basis).blocking();
    let violated = facts.checklist.constraints.iter().filter(|one| one.status == ConstraintStatus::Violated);
    let mut findings: Vec<_> = violated
        .map(|constraint| {
            let said = finding(Outcome::Fail, &constraint.id).arg("text", Arg::Text(constraint.message.to_string()));
            let finding = match &constraint.remedy {
                Some(remedy) => said.arg("remedy", Arg::Text(remedy.to_string())),
                None => said.because("no-remedy"),
            };
            PlaceFinding { place: None, finding }
        })
        .collect();
    if findings.is_empty() {
        findings.push(PlaceFinding { place: None, finding: finding(Outcome::Pass, "icp-precheck") });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checklist::ConstraintStatus;
    use crate::checks::testing::{checklist, run_submission};
    use crate::finding::Outcome::{Fail, Pass};

    #[test]
    fn only_what_is_violated_for_certain_counts() {
        use ConstraintStatus::{Met, Notice, Unknown, Violated};
        for (status, expect) in [(Violated, Fail), (Unknown, Pass), (Met, Pass), (Notice, Pass)] {
            let mut list = checklist();
            let constraint = list.constraints.first_mut().expect("the list has constraints");
            constraint.status = status;
            list.constraints.truncate(1);
            assert_eq!(run_submission(&CHECK, &list, &[])[0].finding.outcome, expect, "{status:?}");
        }
    }
}
