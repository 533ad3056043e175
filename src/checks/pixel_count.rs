//! `file.too-many-pixels`, `photo.too-few-pixels` - can the picture be opened, and can print in it be read?

use super::{Context, FileCheck};
use crate::facts::FileFacts;
use crate::finding::{Arg, Code, Finding, Fix, Outcome};

pub(super) const TOO_MANY: FileCheck = FileCheck {
    code: Code::FileTooManyPixels,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: too_many,
};

pub(super) const TOO_FEW: FileCheck = FileCheck {
    code: Code::PhotoTooFewPixels,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: too_few,
};

/// Above this many pixels Pillow warns of a decompression bomb (its `MAX_IMAGE_PIXELS`); many servers open pictures with it.
const WARNING_PIXELS: u64 = 89_478_485;

/// Above this many pixels Pillow refuses to open a picture: twice `MAX_IMAGE_PIXELS`.
const MAX_PIXELS: u64 = 2 * WARNING_PIXELS;

/// Long side of the picture at which 2 mm of print on a card of 85.6 mm have 10 pixels when the card fills the picture.
///
/// 10 pixels of x-height are what Tesseract's documentation names as the least for reading; 85.6 mm / 2 mm x 10 px = 428 px.
const UNREADABLE_LONG_SIDE_PX: u32 = 428;

/// The same with 20 pixels, from which Tesseract's documentation says that reading works well.
const COMFORTABLE_LONG_SIDE_PX: u32 = 856;

/// # What it does
/// Compares width times height, as the header states them, with the upload profile's limit; without one, with the
/// numbers above which common programs warn or refuse.
/// # Why it matters
/// Decoding takes four bytes a pixel; a picture of a few kilobytes can claim gigabytes, and servers refuse it.
/// # What to do
/// Reduce the long side to about 4000 pixels.
/// # Known limits
/// Only the header is read; whether the pixels are there is a matter of `file.corrupt`.
fn too_many(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let (width_px, height_px) = facts.picture.as_ref().map_or((0, 0), |picture| picture.displayed_size_px());
    let pixels = u64::from(width_px) * u64::from(height_px);
    let basis = match context.upload.max_pixels {
        Some(_) => context.basis(context.upload.basis.pixels.as_ref()),
        None => "pillow-limits".to_owned(),
    };
    let finding = |outcome| {
        Finding::new(Code::FileTooManyPixels, outcome, basis.clone())
            .arg("width", Arg::Text(width_px.to_string()))
            .arg("height", Arg::Text(height_px.to_string()))
    };
    if pixels == 0 {
        return finding(Outcome::NotApplicable);
    }
    let max = context.upload.max_pixels.unwrap_or(MAX_PIXELS);
    let finding = |outcome| finding(outcome).measured(megapixels(pixels), Some("megapixels")).limit(megapixels(max));
    if pixels > max {
        let failure = finding(Outcome::Fail).fix(Fix::Compress);
        return if context.upload.max_pixels.is_some() { failure.blocking() } else { failure };
    }
    if context.upload.max_pixels.is_none() && pixels > WARNING_PIXELS {
        return finding(Outcome::Unsure).fix(Fix::Compress);
    }
    finding(Outcome::Pass)
}

/// # What it does
/// Compares the sides with the material's own limits in the upload profile; without any, the long side with the pixels
/// that print on a card needs to be readable at all.
/// # Why it matters
/// Thumbnails and chat copies look fine on a phone, but their small print is gone.
/// # What to do
/// Upload the original photo.
/// # Known limits
/// The document is taken to fill the picture; a small document in a large picture passes here.
fn too_few(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let (width_px, height_px) = facts.picture.as_ref().map_or((0, 0), |picture| picture.displayed_size_px());
    let (long_px, short_px) = (width_px.max(height_px), width_px.min(height_px));
    let limits = context.material_limits();
    let own = limits.map(|limits| (limits.min_long_side_px.unwrap_or(0), limits.min_short_side_px.unwrap_or(0)));
    let (min_long_px, min_short_px) = own.unwrap_or((0, 0));
    let has_own = min_long_px > 0 || min_short_px > 0;
    let basis = if has_own {
        context.basis(limits.and_then(|limits| limits.basis.as_ref()))
    } else {
        "tesseract-text-height".to_owned()
    };
    let finding = |outcome, side: &'static str, measured_px: u32, limit_px: u32| {
        Finding::new(Code::PhotoTooFewPixels, outcome, basis.clone())
            .measured(measured_px, Some("px"))
            .limit(limit_px)
            .arg("width", Arg::Text(width_px.to_string()))
            .arg("height", Arg::Text(height_px.to_string()))
            .arg("side", Arg::Term("side", side))
    };
    if long_px == 0 || short_px == 0 {
        return finding(Outcome::NotApplicable, "long", long_px, min_long_px.max(UNREADABLE_LONG_SIDE_PX));
    }
    if has_own {
        let finding = if long_px < min_long_px {
            finding(Outcome::Fail, "long", long_px, min_long_px)
        } else if short_px < min_short_px {
            finding(Outcome::Fail, "short", short_px, min_short_px)
        } else {
            finding(Outcome::Pass, "long", long_px, min_long_px)
        };
        return if limits.is_some_and(|limits| limits.sides_are_advice) { finding } else { finding.blocking() };
    }
    match long_px {
        0..UNREADABLE_LONG_SIDE_PX => finding(Outcome::Fail, "long", long_px, UNREADABLE_LONG_SIDE_PX),
        UNREADABLE_LONG_SIDE_PX..COMFORTABLE_LONG_SIDE_PX => {
            finding(Outcome::Unsure, "long", long_px, COMFORTABLE_LONG_SIDE_PX)
        }
        _ => finding(Outcome::Pass, "long", long_px, UNREADABLE_LONG_SIDE_PX),
    }
}

/// Millions of pixels with one digit, which is all that a message shows.
fn megapixels(pixels: u64) -> f64 {
    (pixels as f64 / 1e5).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::{TOO_FEW, TOO_MANY};
    use crate::checks::testing::{UPLOAD, context, photo, photo_with, run};
    use crate::checks::{Context, FileCheck};
    use crate::finding::{Outcome, Severity};
    use crate::rules::upload::{MaterialLimits, UploadProfile};

    fn sized(check: &FileCheck, width_px: u32, height_px: u32) -> Outcome {
        let facts = photo_with(|p| (p.stored_width_px, p.stored_height_px) = (width_px, height_px));
        run(check, &facts, &context()).outcome
    }

    #[test]
    fn a_claim_of_billions_of_pixels_fails_and_a_phone_photo_passes() {
        for (width_px, height_px, expect) in [
            (8064, 6048, Outcome::Pass),
            (12_000, 9_000, Outcome::Unsure),
            (16_320, 12_240, Outcome::Fail),
            (60_000, 60_000, Outcome::Fail),
            (u32::MAX, u32::MAX, Outcome::Fail),
            (0, 3000, Outcome::NotApplicable),
        ] {
            assert_eq!(sized(&TOO_MANY, width_px, height_px), expect, "{width_px}x{height_px}");
        }
    }

    #[test]
    fn thumbnails_have_too_few_pixels() {
        for (width_px, height_px, expect) in [
            (1, 1, Outcome::Fail),
            (427, 300, Outcome::Fail),
            (300, 428, Outcome::Unsure),
            (856, 540, Outcome::Pass),
            (0, 0, Outcome::NotApplicable),
        ] {
            assert_eq!(sized(&TOO_FEW, width_px, height_px), expect, "{width_px}x{height_px}");
        }
    }

    #[test]
    fn limits_of_the_upload_profile_block() {
        let mut upload = UploadProfile { max_pixels: Some(10_000_000), ..UPLOAD.clone() };
        let limits =
            MaterialLimits { min_long_side_px: Some(5000), min_short_side_px: Some(720), ..MaterialLimits::default() };
        upload.materials.insert("organization-certificate", limits.clone());
        let limits = MaterialLimits { sides_are_advice: true, ..limits };
        upload.materials.insert("residence-permit", limits);
        let context = Context { upload: &upload, material: Some("organization-certificate"), ..context() };
        for check in [TOO_MANY, TOO_FEW] {
            let finding = run(&check, &photo(), &context);
            assert_eq!((finding.outcome, finding.severity), (Outcome::Fail, Severity::Blocking));
        }
        let finding = run(&TOO_FEW, &photo(), &Context { material: Some("residence-permit"), ..context });
        assert_eq!((finding.outcome, finding.severity), (Outcome::Fail, Severity::Advisory));
    }
}
