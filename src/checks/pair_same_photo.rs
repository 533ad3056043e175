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

/// Correlation of two pictures from which they may be one photo, saved anew, scaled or turned: 960 copies of 96 rendered
/// photos (even seeds), down to a quarter of 1,600 pixels and to JPEG quality 30, have 0.997 and more.
const SAME: f64 = 0.99;

/// Correlation from which a person has to look.
const SIMILAR: f64 = 0.98;

/// Least correlation of the detail anywhere in two pictures from which they are one photo: those copies have 0.88 and more, the
/// front and the back before a fixed camera up to 0.67, a second shot by hand up to 0.50.
const SAME_DETAIL: f64 = 0.75;

/// The same from which a person has to look.
const SIMILAR_DETAIL: f64 = 0.7;

/// Correlation of two documents without perspective below which they show different prints, whatever their pictures have in
/// common: front and back have up to 0.46, copies down to a quarter of 1,600 pixels 0.94 and more.
const OTHER_PRINT: f64 = 0.6;

/// Distance of the corners up to which that counts: beyond it one of the two was found elsewhere.
const SAME_PLACE: f64 = 0.01;

/// The same from which cuts of one shot show the same print.
const SAME_PRINT: f64 = 0.85;

/// Largest distance of the corners, as a share of the diagonal, at which two quads are cuts of one shot: 304 of 336 cuts of
/// 48 rendered photos (even seeds) have up to 0.0002, the others were found elsewhere; 48 second shots by hand have 0.001 and
/// more.
const CUT_OF_ONE_SHOT: f64 = 0.0008;

/// Correlation of a picture and the part of another one that it shows, from which it may be cut out of it: 96 cuts of 48
/// rendered photos (even seeds) have 0.99 and more.
const CUT: f64 = 0.95;

/// The same of the detail, at a quarter of the size: those cuts have 0.97 and more; 48 backs before a fixed camera that are
/// small on a dark table have up to 0.92.
const CUT_DETAIL: f64 = 0.94;

/// Largest difference to a mere scaling: 95 of those cuts have up to 0.0023. Of 144 second shots by hand one has 0.0026, which
/// is a mere scaling within 0.01°, the others 0.0033 and more.
const CUT_TWIST: f64 = 0.003;

/// # What it does
/// Fails when both files are the same, hold the same coded pixels, or show the same photo: saved anew, scaled, turned,
/// mirrored or cropped. Compares brightness on a grid, of the pictures, of their detail and of the documents in them.
/// # Why it matters
/// One side of the document is missing, so the filing comes back for certain.
/// # What to do
/// Choose the photo of the other side.
/// # Known limits
/// A cropped copy is only recognised where the document was found at about the same place in both pictures, and not when it
/// was turned as well. Two cards of one kind before a fixed camera that are small in their pictures look like copies.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairSamePhoto, outcome, "up-quality").blocking();
    match facts.sameness {
        Sameness::SameFile => return finding(Outcome::Fail),
        Sameness::SamePicture => return finding(Outcome::Fail).because("same-picture"),
        Sameness::Unknown if facts.front.is_none() || facts.back.is_none() => return finding(Outcome::NotApplicable),
        Sameness::Unknown | Sameness::Different => {}
    }
    let Some(likeness) = facts.likeness else { return finding(Outcome::Pass) };
    let Likeness { frame, detail, document, crop_error, cut } = likeness;
    let finding = |outcome| finding(outcome).measured(frame, Some("correlation")).limit(SAME);
    let is_other_print =
        document.is_some_and(|document| document < OTHER_PRINT) && crop_error.is_some_and(|error| error <= SAME_PLACE);
    let is_cut = cut.is_some_and(|cut| cut.frame >= CUT && cut.detail >= CUT_DETAIL && cut.twist <= CUT_TWIST)
        && !is_other_print;
    if frame >= SAME && detail >= SAME_DETAIL && !is_other_print {
        finding(Outcome::Fail).because("copy")
    } else if is_cut
        || document.is_some_and(|document| document >= SAME_PRINT)
            && crop_error.is_some_and(|error| error <= CUT_OF_ONE_SHOT)
    {
        finding(Outcome::Fail).because("cropped")
    } else if frame >= SIMILAR && detail >= SIMILAR_DETAIL && !is_other_print {
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
    use crate::photo_facts::Cut;

    fn like(frame: f64, detail: f64, document: Option<f64>, crop_error: Option<f64>) -> Option<Likeness> {
        Some(Likeness { frame, detail, document, crop_error, cut: None })
    }

    #[test]
    fn the_same_bytes_the_same_pixels_or_the_same_view() {
        for (sameness, likeness, expect) in [
            (Sameness::SameFile, None, (Outcome::Fail, "")),
            (Sameness::SamePicture, None, (Outcome::Fail, "same-picture")),
            (Sameness::Different, None, (Outcome::Pass, "")),
            (Sameness::Different, like(0.995, 0.9, None, None), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.995, 0.72, None, None), (Outcome::Unsure, "copy")),
            (Sameness::Different, like(0.995, 0.6, None, None), (Outcome::Pass, "")),
            (Sameness::Different, like(0.985, 0.9, None, None), (Outcome::Unsure, "copy")),
            (Sameness::Different, like(0.97, 0.9, None, None), (Outcome::Pass, "")),
            (Sameness::Different, like(0.995, 0.9, Some(0.97), Some(0.0)), (Outcome::Fail, "copy")),
            // The print decides, but corners that were found elsewhere in the copy do not.
            (Sameness::Different, like(0.995, 0.9, Some(0.77), Some(0.03)), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.995, 0.9, Some(0.5), Some(0.0)), (Outcome::Pass, "")),
            (Sameness::Different, like(0.995, 0.9, Some(0.5), Some(0.03)), (Outcome::Fail, "copy")),
            (Sameness::Different, like(0.6, 0.0, Some(0.97), Some(0.0005)), (Outcome::Fail, "cropped")),
            (Sameness::Different, like(0.995, 0.5, Some(0.97), Some(0.02)), (Outcome::Pass, "")),
            (Sameness::Different, like(0.6, 0.0, Some(0.97), Some(0.001)), (Outcome::Pass, "")),
            (Sameness::Different, like(0.6, 0.0, Some(0.5), Some(0.0005)), (Outcome::Pass, "")),
        ] {
            let finding = run_pair(&CHECK, &pair(|facts| (facts.sameness, facts.likeness) = (sameness, likeness)));
            assert_eq!((finding.outcome, finding.reason), expect, "{sameness:?} {likeness:?}");
        }
    }

    #[test]
    fn a_part_of_the_picture_is_told_from_another_shot() {
        for (frame, detail, twist, document, expect) in [
            (0.97, 0.97, 0.001, 0.9, Outcome::Fail),
            (0.94, 0.97, 0.001, 0.9, Outcome::Pass),
            (0.97, 0.92, 0.001, 0.9, Outcome::Pass),
            (0.97, 0.97, 0.005, 0.9, Outcome::Pass),
            (0.97, 0.97, 0.001, 0.5, Outcome::Pass),
        ] {
            let likeness = like(0.6, 0.0, Some(document), Some(0.009));
            let cut = Some(Cut { frame, detail, twist });
            let facts = pair(|facts| facts.likeness = likeness.map(|likeness| Likeness { cut, ..likeness }));
            assert_eq!(run_pair(&CHECK, &facts).outcome, expect, "{cut:?}");
        }
    }

    #[test]
    fn without_one_file_there_is_nothing_to_compare() {
        let facts = pair(|facts| (facts.back, facts.sameness) = (None, Sameness::Unknown));
        assert_eq!(run_pair(&CHECK, &facts).outcome, Outcome::NotApplicable);
    }
}
