//! `file.too-large`, `file.near-limit`, `file.too-small` - is the file within the size limits?

use super::{Context, FileCheck};
use crate::facts::FileFacts;
use crate::finding::{Arg, Code, Finding, Fix, Outcome};

pub(super) const TOO_LARGE: FileCheck = FileCheck {
    code: Code::FileTooLarge,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: too_large,
};

pub(super) const NEAR_LIMIT: FileCheck = FileCheck {
    code: Code::FileNearLimit,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: near_limit,
};

pub(super) const TOO_SMALL: FileCheck = FileCheck {
    code: Code::FileTooSmall,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: too_small,
};

/// # What it does
/// Fails when the file has as many bytes as the limit or more.
/// # Why it matters
/// The upload page refuses the file.
/// # What to do
/// Save it with fewer bytes; the print has to stay readable.
/// # Known limits
/// None: the limit is exact, and "4 MB" is read as 4,194,304 bytes (see `file.near-limit`).
fn too_large(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| {
        Finding::new(Code::FileTooLarge, outcome, size_basis(context))
            .blocking()
            .measured(facts.size_bytes, Some("bytes"))
    };
    match max_bytes(context) {
        None => finding(Outcome::NotApplicable),
        Some(max) if facts.size_bytes >= max => finding(Outcome::Fail).limit(max).fix(Fix::Compress),
        Some(max) => finding(Outcome::Pass).limit(max),
    }
}

/// # What it does
/// Fails, as advice, between 4,000,000 and 4,194,303 bytes (the figures are data of the upload profile).
/// # Why it matters
/// "4 MB" may be counted in thousands or in powers of two, and the source does not say which.
/// # What to do
/// Save it with a few bytes less.
/// # Known limits
/// Not asked of files that are too large anyway.
fn near_limit(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| {
        Finding::new(Code::FileNearLimit, outcome, size_basis(context)).measured(facts.size_bytes, Some("bytes"))
    };
    // The ambiguity belongs to the profile's own limit; a material with a limit of its own has none.
    let (Some(near), Some(max)) = (context.upload.near_limit_bytes, max_bytes(context)) else {
        return finding(Outcome::NotApplicable);
    };
    let own_limit = context.material_limits().and_then(|limits| limits.max_bytes).is_some();
    if own_limit || facts.size_bytes >= max || facts.size_bytes == 0 {
        finding(Outcome::NotApplicable).limit(near)
    } else if facts.size_bytes >= near {
        finding(Outcome::Fail)
            .limit(near)
            .fix(Fix::Compress)
            .arg("bytes", Arg::Count(facts.size_bytes))
            .arg("limitBytes", Arg::Count(near))
    } else {
        finding(Outcome::Pass).limit(near)
    }
}

/// # What it does
/// Fails when the file is smaller than the minimum of the material, or of the upload profile for all materials.
/// # Why it matters
/// Some papers are refused below a certain size, because small files are usually thumbnails.
/// # What to do
/// Upload the original, or photograph a colour print.
/// # Known limits
/// Many upload pages have no such limit.
fn too_small(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let limits = context.material_limits();
    let finding = |outcome| {
        let own = limits.filter(|limits| limits.min_bytes.is_some()).and_then(|limits| limits.basis.as_ref());
        let rule = own.or(context.upload.basis.size.as_ref());
        Finding::new(Code::FileTooSmall, outcome, context.basis(rule))
            .blocking()
            .measured(facts.size_bytes, Some("bytes"))
    };
    match limits.and_then(|limits| limits.min_bytes).or(context.upload.min_bytes) {
        Some(min) if facts.size_bytes > 0 => {
            finding(if facts.size_bytes < min { Outcome::Fail } else { Outcome::Pass }).limit(min)
        }
        _ => finding(Outcome::NotApplicable),
    }
}

fn max_bytes(context: &Context<'_>) -> Option<u64> {
    context.material_limits().and_then(|limits| limits.max_bytes).or(context.upload.max_bytes)
}

fn size_basis(context: &Context<'_>) -> String {
    context.basis(context.upload.basis.size.as_ref())
}

#[cfg(test)]
mod tests {
    use super::{NEAR_LIMIT, TOO_LARGE, TOO_SMALL};
    use crate::checks::testing::{UPLOAD, context, photo, run};
    use crate::checks::{Context, FileCheck};
    use crate::facts::FileFacts;
    use crate::finding::{Outcome, Severity};
    use crate::rules::upload::{MaterialLimits, UploadProfile};

    fn at(check: &FileCheck, size_bytes: u64) -> Outcome {
        run(check, &FileFacts { size_bytes, ..photo() }, &context()).outcome
    }

    #[test]
    fn four_megabytes_are_4194304_bytes_and_the_limit_itself_is_too_large() {
        for (size_bytes, too_large, near) in [
            (1, Outcome::Pass, Outcome::Pass),
            (3_999_999, Outcome::Pass, Outcome::Pass),
            (4_000_000, Outcome::Pass, Outcome::Fail),
            (4_194_303, Outcome::Pass, Outcome::Fail),
            (4_194_304, Outcome::Fail, Outcome::NotApplicable),
            (u64::MAX, Outcome::Fail, Outcome::NotApplicable),
        ] {
            assert_eq!(at(&TOO_LARGE, size_bytes), too_large, "{size_bytes}");
            assert_eq!(at(&NEAR_LIMIT, size_bytes), near, "{size_bytes}");
        }
    }

    #[test]
    fn too_large_blocks_and_near_the_limit_is_advice() {
        let big = FileFacts { size_bytes: 4_194_304, ..photo() };
        assert_eq!(run(&TOO_LARGE, &big, &context()).severity, Severity::Blocking);
        assert_eq!(run(&NEAR_LIMIT, &big, &context()).severity, Severity::Advisory);
    }

    #[test]
    fn a_material_can_have_limits_of_its_own() {
        let mut upload: UploadProfile = UPLOAD.clone();
        let limits = MaterialLimits { min_bytes: Some(204_800), max_bytes: Some(500_000), ..MaterialLimits::default() };
        upload.materials.insert("domain-name-certificate", limits);
        let context = Context { upload: &upload, material: Some("domain-name-certificate"), ..context() };
        let outcome = |check, size_bytes| run(check, &FileFacts { size_bytes, ..photo() }, &context).outcome;
        assert_eq!(outcome(&TOO_SMALL, 204_799), Outcome::Fail);
        assert_eq!(outcome(&TOO_SMALL, 204_800), Outcome::Pass);
        assert_eq!(outcome(&TOO_LARGE, 500_000), Outcome::Fail);
        assert_eq!(outcome(&NEAR_LIMIT, 499_999), Outcome::NotApplicable);
        let other = Context { material: Some("residence-permit"), ..context };
        assert_eq!(run(&TOO_SMALL, &photo(), &other).outcome, Outcome::NotApplicable);
    }

    #[test]
    fn a_minimum_for_all_gives_way_to_that_of_a_material() {
        let mut upload = UploadProfile { min_bytes: Some(200_000), ..UPLOAD.clone() };
        let own = MaterialLimits { min_bytes: Some(5), ..MaterialLimits::default() };
        upload.materials.insert("residence-permit", own);
        let all = Context { upload: &upload, ..context() };
        let own = Context { material: Some("residence-permit"), ..all };
        for (size_bytes, for_all, for_permit) in [
            (0, Outcome::NotApplicable, Outcome::NotApplicable),
            (4, Outcome::Fail, Outcome::Fail),
            (5, Outcome::Fail, Outcome::Pass),
            (199_999, Outcome::Fail, Outcome::Pass),
            (200_000, Outcome::Pass, Outcome::Pass),
        ] {
            let file = FileFacts { size_bytes, ..photo() };
            assert_eq!(run(&TOO_SMALL, &file, &all).outcome, for_all, "{size_bytes}");
            assert_eq!(run(&TOO_SMALL, &file, &own).outcome, for_permit, "{size_bytes}");
        }
    }

    #[test]
    fn a_profile_without_limits_is_never_exceeded() {
        let upload = UploadProfile { max_bytes: None, near_limit_bytes: None, ..UPLOAD.clone() };
        let context = Context { upload: &upload, ..context() };
        assert_eq!(run(&TOO_LARGE, &photo(), &context).outcome, Outcome::NotApplicable);
        assert_eq!(run(&NEAR_LIMIT, &photo(), &context).outcome, Outcome::NotApplicable);
    }
}
