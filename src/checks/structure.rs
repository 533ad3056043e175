//! `file.truncated`, `file.corrupt`, `file.trailing-data` - is the file whole, sound, and only a picture?

use super::{Context, FileCheck};
use crate::facts::{DamageKind, Ending, FileFacts, Format, TrailingKind};
use crate::finding::{Arg, Code, Finding, Fix, Outcome};

pub(super) const TRUNCATED: FileCheck = FileCheck {
    code: Code::FileTruncated,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::NotApplicable, ""),
        (Outcome::NotApplicable, "too-large"),
    ],
    run: truncated,
};

pub(super) const CORRUPT: FileCheck = FileCheck {
    code: Code::FileCorrupt,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Fail, "minor"), (Outcome::NotApplicable, "")],
    run: corrupt,
};

pub(super) const TRAILING_DATA: FileCheck = FileCheck {
    code: Code::FileTrailingData,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "video"),
        (Outcome::Fail, "archive"),
        (Outcome::Fail, "picture"),
        (Outcome::NotApplicable, ""),
    ],
    run: trailing_data,
};

/// # What it does
/// Walks the file to its end mark (JPEG EOI, PNG IEND, GIF trailer) and fails when the file stops before it.
/// # Why it matters
/// An interrupted transfer loses the lower part of the photo; "complete" is what every source asks for.
/// # What to do
/// Transfer the original again.
/// # Known limits
/// Of files above 64 MiB only the beginning is read.
fn truncated(facts: &FileFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::FileTruncated, outcome, structure_basis(facts.format)).blocking();
    let Some(picture) = &facts.picture else {
        return finding(Outcome::NotApplicable);
    };
    match picture.ending {
        Ending::Truncated { byte_offset } => finding(Outcome::Fail).at(byte_offset),
        Ending::Complete { .. } => finding(Outcome::Pass),
        Ending::NotReached if facts.read_bytes < facts.size_bytes => {
            finding(Outcome::NotApplicable).because("too-large")
        }
        Ending::NotReached => finding(Outcome::NotApplicable),
    }
}

/// # What it does
/// Reports the first place where lengths, order, checksums or marks contradict the format.
/// # Why it matters
/// A damaged file opens with grey areas, or not at all.
/// # What to do
/// Transfer the original again, or take a new photo.
/// # Known limits
/// From the bytes alone, damage inside the coded pixels of a JPEG or GIF is found only where it forms an impossible mark
/// or length; `checkPhoto` decodes the pixels and finds impossible codes, too. PNG carries a checksum over everything.
fn corrupt(facts: &FileFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::FileCorrupt, outcome, structure_basis(facts.format)).blocking();
    match facts.picture.as_ref().map(|picture| picture.damage) {
        None => finding(Outcome::NotApplicable),
        Some(None) => finding(Outcome::Pass),
        Some(Some(damage)) => {
            let minor = damage.kind == DamageKind::ExtraDataChecksumMismatch;
            let failure = finding(Outcome::Fail)
                .at(damage.byte_offset)
                .measured(damage.kind.as_str(), None)
                .arg("damage", Arg::Term("damage", damage.kind.as_str()));
            if minor { failure.advisory().because("minor") } else { failure }
        }
    }
}

/// # What it does
/// Reports bytes behind the end of the picture that the file itself does not declare.
/// # Why it matters
/// Motion photos carry a film, forwarded files sometimes an archive; review systems look at the picture only, and some
/// refuse files that hold more.
/// # What to do
/// Save a fresh copy in a picture viewer.
/// # Known limits
/// Further pictures that the file declares (CIPA DC-007 MPF) are in order and pass.
fn trailing_data(facts: &FileFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::FileTrailingData, outcome, structure_basis(facts.format));
    let Some(picture) = &facts.picture else {
        return finding(Outcome::NotApplicable);
    };
    let Some(trailing) = picture.trailing else {
        let seen = matches!(picture.ending, Ending::Complete { .. });
        return finding(if seen { Outcome::Pass } else { Outcome::NotApplicable });
    };
    let reason = match trailing.kind {
        TrailingKind::DeclaredPictures => return finding(Outcome::Pass),
        TrailingKind::Video => "video",
        TrailingKind::Archive => "archive",
        TrailingKind::Picture => "picture",
        TrailingKind::Padding | TrailingKind::Other => "",
    };
    finding(Outcome::Fail)
        .because(reason)
        .measured(trailing.size_bytes, Some("bytes"))
        .limit(0u64)
        .at(trailing.byte_offset)
        .fix(Fix::StripMetadata)
}

/// The standard that says what a whole file of this format looks like.
fn structure_basis(format: Format) -> &'static str {
    match format {
        Format::Png => "w3c-png-3",
        Format::Gif => "gif89a",
        _ => "itu-t-t81",
    }
}

#[cfg(test)]
mod tests {
    use super::{CORRUPT, TRAILING_DATA, TRUNCATED};
    use crate::checks::testing::{context, photo, photo_with, run};
    use crate::facts::{Damage, DamageKind, Ending, FileFacts, Format, Trailing, TrailingKind};
    use crate::finding::{Outcome, Severity};

    #[test]
    fn a_file_that_stops_early_is_truncated_at_that_byte() {
        let cut = photo_with(|p| p.ending = Ending::Truncated { byte_offset: 1234 });
        let finding = run(&TRUNCATED, &cut, &context());
        assert_eq!((finding.outcome, finding.evidence.byte_offset), (Outcome::Fail, Some(1234)));
    }

    #[test]
    fn a_huge_file_of_which_only_the_head_was_read_is_not_called_truncated() {
        let mut facts = photo_with(|p| p.ending = Ending::NotReached);
        facts.size_bytes = 2 << 30;
        let finding = run(&TRUNCATED, &facts, &context());
        assert_eq!((finding.outcome, finding.reason), (Outcome::NotApplicable, "too-large"));
    }

    #[test]
    fn damage_blocks_unless_it_is_in_extra_data() {
        for (kind, severity) in [
            (DamageKind::ChecksumMismatch, Severity::Blocking),
            (DamageKind::ExtraDataChecksumMismatch, Severity::Advisory),
        ] {
            let damage = Damage { kind, byte_offset: 7 };
            let finding = run(&CORRUPT, &photo_with(|p| p.damage = Some(damage)), &context());
            assert_eq!((finding.outcome, finding.severity), (Outcome::Fail, severity));
        }
    }

    #[test]
    fn only_undeclared_bytes_behind_the_picture_fail() {
        for (kind, expect) in [
            (TrailingKind::DeclaredPictures, Outcome::Pass),
            (TrailingKind::Picture, Outcome::Fail),
            (TrailingKind::Video, Outcome::Fail),
            (TrailingKind::Archive, Outcome::Fail),
            (TrailingKind::Padding, Outcome::Fail),
            (TrailingKind::Other, Outcome::Fail),
        ] {
            let facts = photo_with(|p| p.trailing = Some(Trailing { byte_offset: 10, size_bytes: 5, kind }));
            assert_eq!(run(&TRAILING_DATA, &facts, &context()).outcome, expect, "{kind:?}");
        }
        assert_eq!(run(&TRAILING_DATA, &photo(), &context()).outcome, Outcome::Pass);
    }

    #[test]
    fn files_that_are_not_pictures_are_not_asked() {
        let pdf = FileFacts { format: Format::Pdf, picture: None, ..photo() };
        for check in [TRUNCATED, CORRUPT, TRAILING_DATA] {
            assert_eq!(run(&check, &pdf, &context()).outcome, Outcome::NotApplicable);
        }
    }
}
