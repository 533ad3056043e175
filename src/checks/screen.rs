//! `photo.screenshot`, `photo.recaptured` - is it a picture of a screen?

use super::{Context, PhotoCheck};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::photo_facts::PhotoFacts;

pub(super) const SCREENSHOT: PhotoCheck = PhotoCheck {
    code: Code::PhotoScreenshot,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: screenshot,
};

pub(super) const RECAPTURED: PhotoCheck = PhotoCheck {
    code: Code::PhotoRecaptured,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: recaptured,
};

/// Short sides in px of phone screens in use, as their makers state them.
const PHONE_SHORT_SIDES_PX: &[u32] = &[
    720, 750, 828, 1080, 1125, 1170, 1179, 1200, 1206, 1216, 1220, 1224, 1240, 1242, 1260, 1264, 1284, 1290, 1320, 1440,
];

/// Long side divided by short side of phone screens: 16:9 to 22:9.
const PHONE_RATIOS: std::ops::RangeInclusive<f64> = 1.7..=2.45;

/// Sizes of computer screens in use.
const COMPUTER_SCREENS_PX: &[(u32, u32)] = &[
    (1280, 720),
    (1280, 800),
    (1366, 768),
    (1440, 900),
    (1536, 864),
    (1600, 900),
    (1680, 1050),
    (1920, 1080),
    (1920, 1200),
    (2560, 1440),
    (2560, 1600),
    (2880, 1800),
    (3024, 1964),
    (3840, 2160),
];

/// Share of rows of one colour from edge to edge: bars and margins of a page. Photos have none.
const FLAT_ROWS: f64 = 0.06;

/// Power of a regular pattern over its neighbourhood. Photos of paper stay below, with margin; see docs/accuracy.md.
const GRID_PROMINENCE: f64 = 5.0;

/// # What it does
/// Asks for a look when a picture without camera data has exactly the size of a screen and rows of one colour from edge to
/// edge.
/// # Why it matters
/// Screenshots of documents are not accepted as photos of the original.
/// # What to do
/// Photograph the original itself.
/// # Known limits
/// Never fails. A cropped screenshot, or one without bars, is not noticed.
fn screenshot(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoScreenshot, outcome, "up-colour");
    let (Some(picture), Some(screen)) =
        (&facts.file.picture, facts.pixels.as_ref().and_then(|pixels| pixels.screen.as_ref()))
    else {
        return finding(Outcome::NotApplicable);
    };
    let (width_px, height_px) = picture.displayed_size_px();
    let (long_px, short_px) = (width_px.max(height_px), width_px.min(height_px));
    let ratio = f64::from(long_px) / f64::from(short_px.max(1));
    let size_of_a_screen = COMPUTER_SCREENS_PX.contains(&(long_px, short_px))
        || (PHONE_SHORT_SIDES_PX.contains(&short_px) && PHONE_RATIOS.contains(&ratio));
    let from_camera = picture.is_from_camera();
    let suspicious = size_of_a_screen && !from_camera && screen.flat_row_share >= FLAT_ROWS;
    let share = (screen.flat_row_share * 1000.0).round() / 1000.0;
    finding(if suspicious { Outcome::Unsure } else { Outcome::Pass })
        .measured(share, Some("ratio"))
        .limit(FLAT_ROWS)
        .arg("size", Arg::Size(width_px, height_px))
}

/// # What it does
/// Looks for a fine regular pattern that runs through the whole picture, as the pixels of a screen leave it.
/// # Why it matters
/// Photos of pictures on a screen can make the filing fail.
/// # What to do
/// Photograph the original itself.
/// # Known limits
/// Never fails. Dense screens, a larger distance and reduced pictures leave no pattern; woven cloth or screened print that
/// fills the picture leaves one.
fn recaptured(facts: &PhotoFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PhotoRecaptured, outcome, "note-no-reproduction");
    let screen = facts.pixels.as_ref().and_then(|pixels| pixels.screen.as_ref());
    let Some(prominence) = screen.and_then(|screen| screen.grid_prominence) else {
        return finding(Outcome::NotApplicable);
    };
    finding(if prominence >= GRID_PROMINENCE { Outcome::Unsure } else { Outcome::Pass })
        .measured((prominence * 10.0).round() / 10.0, Some("ratio"))
        .limit(GRID_PROMINENCE)
}

#[cfg(test)]
mod tests {
    use super::{RECAPTURED, SCREENSHOT};
    use crate::checks::testing::{context, photographed, run_photo};
    use crate::facts::Exif;
    use crate::finding::Outcome;

    #[test]
    fn a_screenshot_needs_the_size_of_a_screen_flat_rows_and_no_camera() {
        for (width_px, height_px, flat, camera, expect) in [
            (1170, 2532, 0.3, false, Outcome::Unsure),
            (1920, 1080, 0.3, false, Outcome::Unsure),
            (1170, 2532, 0.3, true, Outcome::Pass),
            (1170, 2532, 0.0, false, Outcome::Pass),
            (4000, 3000, 0.3, false, Outcome::Pass),
        ] {
            let mut facts = photographed(|pixels, _| pixels.screen.as_mut().unwrap().flat_row_share = flat);
            let picture = facts.file.picture.as_mut().unwrap();
            (picture.stored_width_px, picture.stored_height_px) = (width_px, height_px);
            picture.exif = camera.then(|| Exif { model: Some("Camera 1".to_owned()), ..Exif::default() });
            assert_eq!(
                run_photo(&SCREENSHOT, &facts, &context()).outcome,
                expect,
                "{width_px}x{height_px} {flat} {camera}"
            );
        }
    }

    #[test]
    fn a_grid_through_the_whole_picture_is_looked_at() {
        for (prominence, expect) in [(3.0, Outcome::Pass), (90.0, Outcome::Unsure)] {
            let facts = photographed(|pixels, _| pixels.screen.as_mut().unwrap().grid_prominence = Some(prominence));
            assert_eq!(run_photo(&RECAPTURED, &facts, &context()).outcome, expect);
        }
        let facts = photographed(|pixels, _| pixels.screen.as_mut().unwrap().grid_prominence = None);
        assert_eq!(run_photo(&RECAPTURED, &facts, &context()).outcome, Outcome::NotApplicable);
    }
}
