//! `submission.needs-splice` - has every paper an upload button, or is it spliced into one that has?

use super::SubmissionCheck;
use crate::checklist::{ChecklistItem, ItemStatus};
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::rules::format::Slot;
use crate::submission::{Place, PlaceFinding, SubmissionFacts};

pub(super) const CHECK: SubmissionCheck = SubmissionCheck {
    code: Code::SubmissionNeedsSplice,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// # What it does
/// Looks for papers without an upload button of their own that lie apart instead of being spliced into one image with
/// the certificate that the rules name.
/// # Why it matters
/// There is nowhere to upload them, so the reviewer would never see them.
/// # What to do
/// Splice the photo with the named one into one image.
/// # Known limits
/// That a picture holds a spliced paper is known from the caller (`includes`), not from the picture.
fn check(facts: &SubmissionFacts<'_>) -> Vec<PlaceFinding> {
    let finding = |outcome| Finding::new(Code::SubmissionNeedsSplice, outcome, "up-splice");
    let apart = |item: &&ChecklistItem| {
        !item.upload.own_button
            && item.status != ItemStatus::NotRequired
            && item.slots.iter().any(|&slot| facts.has(&item.material, slot))
    };
    let mut findings: Vec<_> = facts
        .checklist
        .items
        .iter()
        .filter(apart)
        .map(|item| {
            let slot = item.slots.iter().copied().find(|&slot| facts.has(&item.material, slot)).unwrap_or(Slot::Single);
            let finding = match &item.upload.splice_with {
                Some(with) => finding(Outcome::Fail).arg("with", Arg::Text(facts.name(with).to_owned())),
                None => finding(Outcome::Unsure),
            };
            PlaceFinding {
                place: Some(Place::new(&item.material, slot)),
                finding: finding.fix(Fix::Splice).arg("material", Arg::Text(item.name.to_string())),
            }
        })
        .collect();
    if findings.is_empty() {
        let spliced = facts.placed.iter().any(|placed| !placed.includes.is_empty());
        let outcome = if spliced { Outcome::Pass } else { Outcome::NotApplicable };
        findings.push(PlaceFinding { place: None, finding: finding(outcome) });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{checklist, placed, run_submission};
    use crate::finding::Outcome::{Fail, NotApplicable, Pass, Unsure};
    use crate::rules::format::Slot::Single;

    #[test]
    fn a_paper_without_a_button_belongs_into_another_picture() {
        let mut list = checklist();
        let permit = placed("residence-permit", Single);
        let licence = placed("organization-certificate", Single);
        let includes = ["residence-permit".to_owned()];
        let mut spliced = licence.clone();
        spliced.includes = &includes;
        let answer = |list: &_, there: &[_]| run_submission(&CHECK, list, there)[0].finding.outcome;
        assert_eq!(answer(&list, std::slice::from_ref(&licence)), NotApplicable);
        assert_eq!(answer(&list, &[licence.clone(), permit.clone()]), Fail);
        assert_eq!(answer(&list, &[spliced]), Pass);
        for item in &mut list.items {
            item.upload.splice_with = None;
        }
        assert_eq!(answer(&list, &[licence, permit]), Unsure);
    }
}
