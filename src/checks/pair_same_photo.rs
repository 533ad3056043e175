//! `pair.same-photo` - was one photo chosen for both sides?

use super::PairCheck;
use crate::facts::Sameness;
use crate::finding::{Code, Finding, Outcome};
use crate::photo_facts::{Likeness, PairFacts};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairSamePhoto,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "same-picture"),
        (Outcome::Fail, "copy"),
        (Outcome::Fail, "cropped"),
        (Outcome::Unsure, "copy"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Correlation of two pictures from which they are one photo, saved anew, scaled or turned. A copy at a third of 1,600 pixels
/// had 0.984 and was recognised by its corners instead.
const SAME: f64 = 0.99;

/// Correlation from which a person has to look.
const SIMILAR: f64 = 0.98;

/// Correlation of two documents without perspective below which they show different prints. Small copies of one photo blur
/// the print: a card in a copy of 530 pixels still had 0.93.
const OTHER_PRINT: f64 = 0.85;

/// The same from which they show the same print, where the pictures are alike as well: copies of 530 pixels have 0.91 and
/// more.
const SAME_PRINT: f64 = 0.9;

/// Largest distance of the corners, as a share of the diagonal, at which two quads are cuts of one shot.
const CUT_OF_ONE_SHOT: f64 = 0.004;

/// # What it does
/// Fails when both files are the same, hold the same coded pixels, or show the same photo: saved anew, scaled, turned,
/// mirrored or cropped. Compares brightness on a coarse grid, of the pictures and of the documents in them.
/// # Why it matters
/// One side of the document is missing, so the filing comes back for certain.
/// # What to do
/// Choose the photo of the other side.
/// # Known limits
/// A cropped copy is only recognised where the document was found in both pictures.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairSamePhoto, outcome, "up-quality").blocking();
    match facts.sameness {
        Sameness::SameFile => return finding(Outcome::Fail),
        Sameness::SamePicture => return finding(Outcome::Fail).because("same-picture"),
        Sameness::Unknown if facts.front.is_none() || facts.back.is_none() => return finding(Outcome::NotApplicable),
        Sameness::Unknown | Sameness::Different => {}
    }
    let Some(likeness) = facts.likeness else { return finding(Outcome::Pass) };
    let Likeness { frame, document, crop_error, .. } = likeness;
    let finding = |outcome| finding(outcome).measured(frame, Some("correlation")).limit(SAME);
    // On a plain table the small document is the only thing that could differ, so that its own print decides.
    let other_print = document.is_some_and(|document| document < OTHER_PRINT);
    let same_print = document.is_some_and(|document| document >= SAME_PRINT);
    if (frame >= SAME && !other_print) || (frame >= SIMILAR && same_print) {
        finding(Outcome::Fail).because("copy")
    } else if document.is_some_and(|document| document >= OTHER_PRINT)
        && crop_error.is_some_and(|error| error <= CUT_OF_ONE_SHOT)
    {
        finding(Outcome::Fail).because("cropped")
    } else if frame >= SIMILAR && !other_print {
        finding(Outcome::Unsure).because("copy")
    } else {
        finding(Outcome::Pass)
    }
}

/// Whether two photos are one photo, for certain.
pub(super) fn is_same_photo(facts: &PairFacts<'_>) -> bool {
    check(facts).outcome == Outcome::Fail
}

#[cfg(test)]
mod tests {
    use super::{CHECK, Likeness};
    use crate::checks::testing::{pair, run_pair};
    use crate::facts::Sameness;
    use crate::finding::Outcome;

    fn like(frame: f64, document: Option<f64>, crop_error: Option<f64>) -> Option<Likeness> {
        Some(Likeness { frame, frame_turned: false, document, crop_error })
    }

    #[test]
    fn the_same_bytes_the_same_pixels_or_the_same_view() {
        for (sameness, likeness, expect) in [
            (Sameness::SameFile, None, (Outcome::Fail, "")),
            (Sameness::SamePicture, None, (Outcome::Fail, "same-picture")),
            (Sameness::Different, None, (Outcome::Pass, "")),
            (Sameness::Different, like(0.995, None, None), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.985, None, None), (Outcome::Unsure, "copy")),
            (Sameness::Different, like(0.97, None, None), (Outcome::Pass, "")),
            (Sameness::Different, like(0.995, Some(0.97), Some(0.0)), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.995, Some(0.5), Some(0.0)), (Outcome::Pass, "")),
            (Sameness::Different, like(0.6, Some(0.97), Some(0.001)), (Outcome::Fail, "cropped")),
            (Sameness::Different, like(0.97, Some(0.93), Some(0.0007)), (Outcome::Fail, "cropped")),
            (Sameness::Different, like(0.985, Some(0.93), Some(0.02)), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.985, Some(0.87), Some(0.02)), (Outcome::Unsure, "copy")),
            (Sameness::Different, like(0.995, Some(0.9), Some(0.01)), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.6, Some(0.97), Some(0.02)), (Outcome::Pass, "")),
            (Sameness::Different, like(0.6, Some(0.5), Some(0.001)), (Outcome::Pass, "")),
        ] {
            let finding = run_pair(&CHECK, &pair(|facts| (facts.sameness, facts.likeness) = (sameness, likeness)));
            assert_eq!((finding.outcome, finding.reason), expect, "{sameness:?} {likeness:?}");
        }
    }

    #[test]
    fn without_one_file_there_is_nothing_to_compare() {
        let facts = pair(|facts| (facts.back, facts.sameness) = (None, Sameness::Unknown));
        assert_eq!(run_pair(&CHECK, &facts).outcome, Outcome::NotApplicable);
    }
}
