//! `file.location-metadata` - does the file tell where the photo was taken?

use super::{Context, FileCheck};
use crate::facts::FileFacts;
use crate::finding::{Code, Finding, Fix, Outcome};

pub(super) const CHECK: FileCheck = FileCheck {
    code: Code::FileLocationMetadata,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// # What it does
/// Fails, as advice, when Exif or XMP holds a latitude or longitude. The place itself is never read out.
/// # Why it matters
/// Nobody asks for the place; it is the applicant's to give or keep.
/// # What to do
/// Turn location off in the camera, or remove it when sharing the photo.
/// # Known limits
/// Compressed text blocks of PNG files are not opened.
fn check(facts: &FileFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::FileLocationMetadata, outcome, "cipa-dc-008");
    match &facts.picture {
        None => finding(Outcome::NotApplicable),
        Some(picture) if picture.xmp_has_location || picture.exif.as_ref().is_some_and(|exif| exif.has_location) => {
            finding(Outcome::Fail).fix(Fix::StripMetadata)
        }
        Some(_) => finding(Outcome::Pass),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo, photo_with, run};
    use crate::facts::Exif;
    use crate::finding::Outcome;

    #[test]
    fn a_place_in_exif_or_xmp_is_reported() {
        let exif = |has_location| Some(Exif { has_location, ..Exif::default() });
        assert_eq!(run(&CHECK, &photo(), &context()).outcome, Outcome::Pass);
        assert_eq!(run(&CHECK, &photo_with(|p| p.exif = exif(false)), &context()).outcome, Outcome::Pass);
        assert_eq!(run(&CHECK, &photo_with(|p| p.exif = exif(true)), &context()).outcome, Outcome::Fail);
        assert_eq!(run(&CHECK, &photo_with(|p| p.xmp_has_location = true), &context()).outcome, Outcome::Fail);
    }
}
