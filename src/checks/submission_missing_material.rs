//! `submission.missing-material` - is every paper there that is wanted?

use super::SubmissionCheck;
use crate::checklist::{ChecklistItem, ItemStatus};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::rules::format::Slot;
use crate::submission::{Place, PlaceFinding, SubmissionFacts};

pub(super) const CHECK: SubmissionCheck = SubmissionCheck {
    code: Code::SubmissionMissingMaterial,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "front"),
        (Outcome::Fail, "back"),
        (Outcome::Unsure, "conditional"),
        (Outcome::NotApplicable, "maybe"),
    ],
    run: check,
};

/// # What it does
/// Compares the checklist with what is there: each material that is required, each side of it. A material that was
/// spliced into another picture counts as there.
/// # Why it matters
/// A filing with a paper missing comes back for certain.
/// # What to do
/// Add the paper; answer the open questions where it depends on them.
/// # Known limits
/// A paper that only some providers want is named, but does not count as missing.
fn check(facts: &SubmissionFacts<'_>) -> Vec<PlaceFinding> {
    let mut findings: Vec<_> = facts.checklist.items.iter().flat_map(|item| missing(facts, item)).collect();
    if !findings.iter().any(|found| matches!(found.finding.outcome, Outcome::Fail | Outcome::Unsure)) {
        let finding = Finding::new(Code::SubmissionMissingMaterial, Outcome::Pass, "icp-precheck").blocking();
        findings.push(PlaceFinding { place: None, finding });
    }
    findings
}

fn missing(facts: &SubmissionFacts<'_>, item: &ChecklistItem) -> Vec<PlaceFinding> {
    let missing: Vec<Slot> = item.slots.iter().copied().filter(|&slot| !facts.has(&item.material, slot)).collect();
    let Some(&first) = missing.first() else { return Vec::new() };
    let begun = missing.len() < item.slots.len();
    if facts.spliced_into(&item.material).is_some() || (item.status == ItemStatus::NotRequired && !begun) {
        return Vec::new();
    }
    let basis = item.because.first().map_or("icp-precheck", |reason| reason.rule.as_str());
    let found = |slot, outcome, reason| PlaceFinding {
        place: Some(Place::new(&item.material, slot)),
        finding: Finding::new(Code::SubmissionMissingMaterial, outcome, basis)
            .because(reason)
            .blocking()
            .arg("material", Arg::Text(item.name.to_string())),
    };
    match item.status {
        // One side without the other is of no use, whatever asked for it.
        _ if begun => missing
            .iter()
            .map(|&slot| found(slot, Outcome::Fail, if slot == Slot::Back { "back" } else { "front" }))
            .collect(),
        ItemStatus::Required => vec![found(first, Outcome::Fail, "")],
        ItemStatus::Conditional => vec![found(first, Outcome::Unsure, "conditional")],
        ItemStatus::Maybe => vec![found(first, Outcome::NotApplicable, "maybe")],
        ItemStatus::NotRequired => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{checklist, placed, run_submission};
    use crate::finding::Outcome::{Fail, NotApplicable, Pass, Unsure};
    use crate::rules::format::Slot::{Back, Front, Single};

    #[test]
    fn each_wanted_paper_and_each_side_of_it() {
        let list = checklist();
        let front = placed("leader-identity-document", Front);
        let back = placed("leader-identity-document", Back);
        let licence = placed("organization-certificate", Single);
        let mut spliced = licence.clone();
        let includes = ["residence-permit".to_owned()];
        spliced.includes = &includes;
        for (there, expect) in [
            (vec![], vec![(Fail, ""), (Fail, ""), (Unsure, "conditional"), (NotApplicable, "maybe")]),
            (vec![&front, &licence], vec![(Fail, "back"), (Unsure, "conditional"), (NotApplicable, "maybe")]),
            (vec![&front, &back, &licence], vec![(Unsure, "conditional"), (NotApplicable, "maybe")]),
            (vec![&front, &back, &spliced], vec![(NotApplicable, "maybe"), (Pass, "")]),
        ] {
            let there: Vec<_> = there.into_iter().cloned().collect();
            let found = run_submission(&CHECK, &list, &there);
            let answers: Vec<_> = found.iter().map(|found| (found.finding.outcome, found.finding.reason)).collect();
            assert_eq!(answers, expect);
        }
    }
}
