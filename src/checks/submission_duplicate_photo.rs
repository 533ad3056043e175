//! `submission.duplicate-photo` - does one photo lie in two places?

use super::SubmissionCheck;
use super::pair_same_photo::is_same_photo;
use crate::compare::compare;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::submission::{PlaceFinding, Placed, SubmissionFacts};

pub(super) const CHECK: SubmissionCheck = SubmissionCheck {
    code: Code::SubmissionDuplicatePhoto,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// Photos that are compared with each other; beyond it the comparisons, which grow with the square, end.
const MAX_COMPARED: usize = 200;

/// # What it does
/// Compares every photo with every other: the same file, the same coded pixels, or the same photo saved anew, scaled,
/// turned or cropped.
/// # Why it matters
/// One of the two places holds the wrong photo.
/// # What to do
/// Choose the right photo for one of the two places.
/// # Known limits
/// Front and back of one document are compared by `pair.same-photo`. Of more than 200 photos the first 200 are compared.
fn check(facts: &SubmissionFacts<'_>) -> Vec<PlaceFinding> {
    let finding = |outcome| Finding::new(Code::SubmissionDuplicatePhoto, outcome, "up-quality");
    let photos: Vec<_> = facts.placed.iter().filter(|placed| placed.photo.is_some()).take(MAX_COMPARED).collect();
    let mut findings = Vec::new();
    for (index, later) in photos.iter().enumerate() {
        let earlier = photos.iter().take(index).find(|earlier| !is_pair(earlier, later) && is_same(earlier, later));
        if let Some(earlier) = earlier {
            let finding = finding(Outcome::Fail)
                .arg("material", Arg::Text(facts.name(&later.place.material).to_owned()))
                .arg("other", Arg::Text(facts.name(&earlier.place.material).to_owned()));
            findings.push(PlaceFinding { place: Some(later.place.clone()), finding });
        }
    }
    if findings.is_empty() {
        let outcome = if photos.len() > 1 { Outcome::Pass } else { Outcome::NotApplicable };
        findings.push(PlaceFinding { place: None, finding: finding(outcome) });
    }
    findings
}

fn is_pair(a: &Placed<'_>, b: &Placed<'_>) -> bool {
    a.place.material == b.place.material
}

fn is_same(a: &Placed<'_>, b: &Placed<'_>) -> bool {
    is_same_photo(&compare(a.photo, b.photo))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{checklist, photo_facts, placed, run_submission};
    use crate::finding::Outcome::{Fail, NotApplicable, Pass};
    use crate::photo_facts::{Digest, PhotoFacts};
    use crate::rules::format::Slot::{Back, Front, Single};

    fn photo(file: u64) -> PhotoFacts {
        PhotoFacts { digest: Some(Digest { file, picture: None }), appearance: None, ..photo_facts() }
    }

    #[test]
    fn one_photo_in_two_places_is_said_of_the_later() {
        let (one, same, other) = (photo(1), photo(1), photo(2));
        let at = |material, slot, facts| {
            let mut placed = placed(material, slot);
            placed.photo = Some(facts);
            placed
        };
        let id = "leader-identity-document";
        let licence = "organization-certificate";
        for (there, expect) in [
            (vec![at(id, Front, &one)], NotApplicable),
            (vec![at(id, Front, &one), at(licence, Single, &other)], Pass),
            (vec![at(id, Front, &one), at(licence, Single, &same)], Fail),
            (vec![at(id, Front, &one), at(id, Back, &same)], Pass),
        ] {
            let found = run_submission(&CHECK, &checklist(), &there);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].finding.outcome, expect);
            assert_eq!(found[0].place.is_some(), expect == Fail);
        }
    }
}
