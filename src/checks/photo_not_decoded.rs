//! `photo.not-decoded` - could the pixels be looked at?

use super::{Context, PhotoCheck};
use crate::facts::{Coding, Ending, PictureFacts};
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::photo_facts::PhotoFacts;

pub(super) const CHECK: PhotoCheck = PhotoCheck {
    code: Code::PhotoNotDecoded,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: not_decoded,
};

/// # What it does
/// Is unsure when a sound picture was too large to be decoded within the memory that a page may use.
/// # Why it matters
/// Sharpness, light and colour of such a photo were not looked at, and that must not read as a pass.
/// # What to do
/// Save it with fewer pixels.
/// # Known limits
/// A picture that is damaged or coded in a way that browsers do not show is a matter of the `file` codes.
fn not_decoded(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoNotDecoded, outcome, "icp-precheck");
    match (&facts.pixels, &facts.file.picture) {
        (Some(_), _) => finding(Outcome::Pass),
        (None, Some(picture)) if is_sound(picture) => {
            let (width_px, height_px) = picture.displayed_size_px();
            finding(Outcome::Unsure).arg("size", Arg::Size(width_px, height_px)).fix(Fix::Compress)
        }
        _ => finding(Outcome::NotApplicable),
    }
}

fn is_sound(picture: &PictureFacts) -> bool {
    let is_shown = !matches!(picture.coding, Coding::Lossless | Coding::Hierarchical | Coding::Arithmetic);
    let is_deep_jpeg =
        matches!(picture.coding, Coding::ExtendedSequential | Coding::Progressive) && picture.bits_per_sample > 8;
    is_shown && !is_deep_jpeg && picture.damage.is_none() && !matches!(picture.ending, Ending::Truncated { .. })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo, photo_with};
    use crate::facts::{Coding, Damage, DamageKind, FileFacts, Format};
    use crate::finding::Outcome;
    use crate::photo_facts::{PhotoFacts, PixelFacts};

    #[test]
    fn only_a_sound_picture_without_pixels_is_in_doubt() {
        let damage = Damage { kind: DamageKind::InvalidPixelData, byte_offset: 7 };
        let not_a_picture = FileFacts { format: Format::Pdf, picture: None, ..photo() };
        for (file, pixels, expect) in [
            (photo(), Some(PixelFacts::default()), Outcome::Pass),
            (photo(), None, Outcome::Unsure),
            (photo_with(|p| p.coding = Coding::Arithmetic), None, Outcome::NotApplicable),
            (
                photo_with(|p| (p.coding, p.bits_per_sample) = (Coding::ExtendedSequential, 12)),
                None,
                Outcome::NotApplicable,
            ),
            (photo_with(|p| p.damage = Some(damage)), None, Outcome::NotApplicable),
            (not_a_picture, None, Outcome::NotApplicable),
        ] {
            let facts = PhotoFacts { file, pixels, ..PhotoFacts::default() };
            assert_eq!((CHECK.run)(&facts, &context()).outcome, expect, "{facts:?}");
        }
    }
}
