//! `file.type-unsupported` - does the upload page accept this type of file?

use super::{Context, FileCheck};
use crate::facts::{Coding, FileFacts, Format};
use crate::finding::{Arg, Code, Finding, Fix, Outcome};

pub(super) const CHECK: FileCheck = FileCheck {
    code: Code::FileTypeUnsupported,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::NotApplicable, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "heic"),
        (Outcome::Fail, "screenshot-or-web"),
        (Outcome::Fail, "document"),
        (Outcome::Fail, "archive"),
        (Outcome::Fail, "video"),
        (Outcome::Fail, "web-page"),
        (Outcome::Fail, "text"),
        (Outcome::Fail, "unknown"),
        (Outcome::Fail, "coding"),
    ],
    run: check,
};

/// # What it does
/// Compares the real type, found from the content, with the types that the upload profile accepts.
/// # Why it matters
/// Upload pages refuse other types; iPhones save HEIC unless told otherwise.
/// # What to do
/// Save the picture as JPG, or take it again with the camera set to JPG.
/// # Known limits
/// JPEG files coded in ways that browsers cannot show (lossless, hierarchical, arithmetic, 12 bits) fail as advice only:
/// the upload page may take them, the reviewer will see nothing.
fn check(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let basis = context.basis(context.upload.basis.format.as_ref());
    let finding = |outcome| {
        Finding::new(Code::FileTypeUnsupported, outcome, basis.clone())
            .blocking()
            .measured(facts.format.as_str(), None)
            .arg("measured", Arg::Term("format", facts.format.as_str()))
            .arg("limit", Arg::Terms("format", context.upload.formats.iter().map(|f| f.as_str()).collect()))
            .limit(context.upload.formats.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ").as_str())
    };
    if facts.size_bytes == 0 {
        return finding(Outcome::NotApplicable);
    }
    if !context.upload.formats.contains(&facts.format) {
        let failure = finding(Outcome::Fail).because(reason(facts.format));
        return match facts.format {
            Format::Webp | Format::Avif | Format::Bmp => failure.fix(Fix::Convert),
            _ => failure,
        };
    }
    if let Some(coding) =
        facts.picture.as_ref().and_then(|picture| rare_coding(picture.coding, picture.bits_per_sample))
        && facts.format == Format::Jpeg
    {
        let failure = Finding::new(Code::FileTypeUnsupported, Outcome::Fail, "itu-t-t81").because("coding");
        return failure.measured(coding, None).arg("coding", Arg::Term("coding", coding));
    }
    finding(Outcome::Pass)
}

fn reason(format: Format) -> &'static str {
    match format {
        Format::Heic => "heic",
        Format::Webp | Format::Avif => "screenshot-or-web",
        Format::Pdf | Format::Docx | Format::Xlsx | Format::Pptx | Format::Ole => "document",
        Format::Zip | Format::Rar | Format::SevenZ | Format::Gzip => "archive",
        Format::Mp4 | Format::Mov | Format::Webm => "video",
        Format::Html => "web-page",
        Format::Text | Format::Xml => "text",
        Format::Unknown => "unknown",
        Format::Jpeg
        | Format::Png
        | Format::Gif
        | Format::Jxl
        | Format::Jp2
        | Format::Bmp
        | Format::Tiff
        | Format::Svg
        | Format::Psd
        | Format::Ico => "",
    }
}

/// The kinds of JPEG that no browser shows; none of them is what a camera writes.
fn rare_coding(coding: Coding, bits_per_sample: u8) -> Option<&'static str> {
    match coding {
        Coding::Lossless => Some("lossless"),
        Coding::Hierarchical => Some("hierarchical"),
        Coding::Arithmetic => Some("arithmetic"),
        Coding::Baseline | Coding::ExtendedSequential | Coding::Progressive if bits_per_sample > 8 => Some("deep"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo, photo_with, run};
    use crate::facts::{Coding, FileFacts, Format};
    use crate::finding::{Outcome, Severity};

    #[test]
    fn only_the_types_of_the_profile_are_accepted() {
        for &format in Format::ALL {
            let facts = FileFacts { format, ..photo() };
            let finding = run(&CHECK, &facts, &context());
            let accepted = matches!(format, Format::Jpeg | Format::Png | Format::Gif);
            assert_eq!(finding.outcome, if accepted { Outcome::Pass } else { Outcome::Fail }, "{format:?}");
            assert_eq!(finding.severity, Severity::Blocking);
        }
    }

    #[test]
    fn a_jpeg_that_no_browser_shows_is_an_advisory_failure() {
        for coding in [Coding::Lossless, Coding::Hierarchical, Coding::Arithmetic] {
            let finding = run(&CHECK, &photo_with(|p| p.coding = coding), &context());
            assert_eq!((finding.outcome, finding.severity), (Outcome::Fail, Severity::Advisory), "{coding:?}");
        }
        assert_eq!(run(&CHECK, &photo_with(|p| p.bits_per_sample = 12), &context()).reason, "coding");
        assert_eq!(run(&CHECK, &photo_with(|p| p.coding = Coding::Progressive), &context()).outcome, Outcome::Pass);
    }
}
