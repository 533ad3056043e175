//! `document.not-found` - is there a document in the picture, and where?

use super::{Context, PhotoCheck};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::{DocumentFacts, PhotoFacts};

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::DocumentNotFound,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Unsure, ""),
        (Outcome::Unsure, "uncertain"),
        (Outcome::NotApplicable, ""),
    ],
    run: not_found,
};

/// The document, where its corners are certain enough to go by.
pub(super) fn sure(facts: &PhotoFacts) -> Option<&DocumentFacts> {
    facts.document.as_ref().filter(|document| document.is_sure())
}

/// # What it does
/// Is unsure when no document was found in the picture, or when its corners are doubtful.
/// # Why it matters
/// Whether the document is complete, large enough and straight was then not checked, and a reviewer may have the same
/// trouble seeing where it ends.
/// # What to do
/// Put the document alone on a plain ground of another colour and take the photo from above.
/// # Known limits
/// White paper on a white table, several sheets on top of each other and cables across the sides are hard.
fn not_found(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::DocumentNotFound, outcome, "icp-precheck");
    match (&facts.pixels, &facts.document) {
        (None, _) => finding(Outcome::NotApplicable),
        (Some(_), None) => finding(Outcome::Unsure),
        (Some(_), Some(document)) => {
            let outcome = if document.is_sure() { Outcome::Pass } else { Outcome::Unsure };
            let finding = finding(outcome)
                .measured(document.confidence, Some("ratio"))
                .limit(DocumentFacts::SURE)
                .arg("confidence", Arg::Percent(document.confidence))
                .region(Some(document.quad));
            if outcome == Outcome::Unsure { finding.because("uncertain") } else { finding }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo_of, run_photo};
    use crate::finding::Outcome;

    #[test]
    fn doubtful_corners_and_no_corners_are_unsure() {
        for (confidence, outcome, reason) in
            [(0.99, Outcome::Pass, ""), (0.6, Outcome::Pass, ""), (0.59, Outcome::Unsure, "uncertain")]
        {
            let finding = run_photo(&CHECK, &photo_of(|document| document.confidence = confidence), &context());
            assert_eq!((finding.outcome, finding.reason), (outcome, reason), "{confidence}");
            assert!(finding.evidence.region.is_some());
        }
        let mut photo = photo_of(|_| ());
        photo.document = None;
        assert_eq!(run_photo(&CHECK, &photo, &context()).outcome, Outcome::Unsure);
        photo.pixels = None;
        assert_eq!(run_photo(&CHECK, &photo, &context()).outcome, Outcome::NotApplicable);
    }
}
