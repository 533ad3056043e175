//! `file.type-mismatch` - do name and MIME type say what the content is?

use super::{Context, FileCheck};
use crate::facts::{FileFacts, Format};
use crate::finding::{Arg, Code, Finding, Outcome};

pub(super) const CHECK: FileCheck = FileCheck {
    code: Code::FileTypeMismatch,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::NotApplicable, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "no-picture"),
        (Outcome::Fail, "mime-type"),
    ],
    run: check,
};

/// # What it does
/// Compares the extension of the file name, then the declared MIME type, with the content.
/// # Why it matters
/// Renaming a file does not convert it: the upload page or the reviewer's program refuses it later.
/// # What to do
/// Save the picture as JPG instead of renaming it.
/// # Known limits
/// Extensions and MIME types that are not known here are not compared.
fn check(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let basis = context.basis(context.upload.basis.format.as_ref());
    let finding = |outcome| {
        Finding::new(Code::FileTypeMismatch, outcome, basis.clone())
            .measured(facts.format.as_str(), None)
            .arg("measured", Arg::Term("format", facts.format.as_str()))
    };
    if facts.size_bytes == 0 {
        return finding(Outcome::NotApplicable);
    }
    let extension = context.declared.file_name.as_deref().and_then(extension);
    let by_name = extension.as_deref().and_then(|name| formats_of(name, &OF_EXTENSION));
    let mime_type = context.declared.mime_type.as_deref().map(essence);
    let by_mime_type = mime_type.as_deref().and_then(|name| formats_of(name, &OF_MIME_TYPE));
    if let (Some(extension), Some(formats)) = (&extension, by_name)
        && !formats.contains(&facts.format)
    {
        let reason = if is_picture(facts.format) { "" } else { "no-picture" };
        return finding(Outcome::Fail)
            .because(reason)
            .limit(extension.as_str())
            .arg("extension", Arg::Text(extension.clone()))
            .arg("right", Arg::Text(usual_extension(facts.format).to_owned()));
    }
    if let (Some(mime_type), Some(formats)) = (mime_type, by_mime_type)
        && !formats.contains(&facts.format)
    {
        return finding(Outcome::Fail)
            .because("mime-type")
            .limit(mime_type.as_str())
            .arg("declared", Arg::Text(mime_type));
    }
    finding(if by_name.is_some() || by_mime_type.is_some() { Outcome::Pass } else { Outcome::NotApplicable })
}

/// The last extension in lower case, or `None`; cut so that a hostile name cannot flood a message.
fn extension(file_name: &str) -> Option<String> {
    let (stem, extension) = file_name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty() && extension.chars().all(char::is_alphanumeric))
        .then(|| extension.chars().take(12).collect::<String>().to_ascii_lowercase())
}

/// A MIME type without its parameters, in lower case.
fn essence(mime_type: &str) -> String {
    mime_type.split(';').next().unwrap_or_default().trim().chars().take(100).collect::<String>().to_ascii_lowercase()
}

/// What a file with one of these extensions may be.
const OF_EXTENSION: [(&[&str], &[Format]); 28] = [
    (&["jpg", "jpeg", "jpe", "jfif", "jif", "mpo"], &[Format::Jpeg]),
    (&["png", "apng"], &[Format::Png]),
    (&["gif"], &[Format::Gif]),
    (&["webp"], &[Format::Webp]),
    (&["heic", "heif", "hif"], &[Format::Heic, Format::Avif]),
    (&["avif"], &[Format::Avif]),
    (&["jxl"], &[Format::Jxl]),
    (&["jp2", "j2k", "jpf", "jpx", "jpc"], &[Format::Jp2]),
    (&["bmp", "dib"], &[Format::Bmp]),
    (&["tif", "tiff", "dng", "nef", "cr2", "arw", "pef"], &[Format::Tiff]),
    (&["svg"], &[Format::Svg]),
    (&["pdf"], &[Format::Pdf]),
    (&["psd", "psb"], &[Format::Psd]),
    (&["ico", "cur"], &[Format::Ico]),
    (&["docx"], &[Format::Docx]),
    (&["xlsx"], &[Format::Xlsx]),
    (&["pptx"], &[Format::Pptx]),
    (&["doc", "xls", "ppt", "wps"], &[Format::Ole]),
    (&["zip"], &[Format::Zip, Format::Docx, Format::Xlsx, Format::Pptx]),
    (&["rar"], &[Format::Rar]),
    (&["7z"], &[Format::SevenZ]),
    (&["gz", "tgz"], &[Format::Gzip]),
    (&["mp4", "m4v"], &[Format::Mp4, Format::Mov]),
    (&["mov", "qt"], &[Format::Mov, Format::Mp4]),
    (&["webm", "mkv"], &[Format::Webm]),
    (&["html", "htm"], &[Format::Html]),
    (&["xml"], &[Format::Xml, Format::Svg, Format::Html]),
    (&["txt"], &[Format::Text, Format::Html, Format::Xml]),
];

/// What a file that is declared as one of these may be.
const OF_MIME_TYPE: [(&[&str], &[Format]); 17] = [
    (&["image/jpeg", "image/jpg", "image/pjpeg"], &[Format::Jpeg]),
    (&["image/png", "image/x-png", "image/apng", "image/vnd.mozilla.apng"], &[Format::Png]),
    (&["image/gif"], &[Format::Gif]),
    (&["image/webp"], &[Format::Webp]),
    (&["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"], &[Format::Heic, Format::Avif]),
    (&["image/avif"], &[Format::Avif]),
    (&["image/jxl"], &[Format::Jxl]),
    (&["image/jp2", "image/jpx"], &[Format::Jp2]),
    (&["image/bmp", "image/x-ms-bmp"], &[Format::Bmp]),
    (&["image/tiff"], &[Format::Tiff]),
    (&["image/svg+xml"], &[Format::Svg]),
    (&["application/pdf"], &[Format::Pdf]),
    (&["text/html"], &[Format::Html]),
    (&["text/plain"], &[Format::Text, Format::Html, Format::Xml]),
    (&["video/mp4"], &[Format::Mp4, Format::Mov]),
    (&["video/quicktime"], &[Format::Mov, Format::Mp4]),
    (&["application/zip"], &[Format::Zip, Format::Docx, Format::Xlsx, Format::Pptx]),
];

fn formats_of(name: &str, table: &[(&[&str], &'static [Format])]) -> Option<&'static [Format]> {
    table.iter().find(|(names, _)| names.contains(&name)).map(|(_, formats)| *formats)
}

fn is_picture(format: Format) -> bool {
    matches!(
        format,
        Format::Jpeg
            | Format::Png
            | Format::Gif
            | Format::Webp
            | Format::Heic
            | Format::Avif
            | Format::Jxl
            | Format::Jp2
            | Format::Bmp
            | Format::Tiff
            | Format::Svg
            | Format::Psd
            | Format::Ico
    )
}

fn usual_extension(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "jpg",
        Format::Tiff => "tif",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, extension};
    use crate::checks::Context;
    use crate::checks::testing::{context, photo, run};
    use crate::facts::{Declared, FileFacts, Format};
    use crate::finding::Outcome;

    fn check(format: Format, name: &str, mime: &str, expect: (Outcome, &str)) {
        let declared = Declared { file_name: Some(name.to_owned()), mime_type: Some(mime.to_owned()) };
        let finding = run(&CHECK, &FileFacts { format, ..photo() }, &Context { declared: &declared, ..context() });
        assert_eq!((finding.outcome, finding.reason), expect, "{format:?} {name} {mime}");
    }

    #[test]
    fn name_and_mime_type_are_compared_with_the_content() {
        check(Format::Jpeg, "a.JPG", "image/jpeg", (Outcome::Pass, ""));
        check(Format::Jpeg, "a.jpeg", "", (Outcome::Pass, ""));
        check(Format::Jpeg, "身份证 正面.jpg.png", "image/png", (Outcome::Fail, ""));
        check(Format::Heic, "a.jpg", "image/jpeg", (Outcome::Fail, ""));
        check(Format::Pdf, "a.jpg", "image/jpeg", (Outcome::Fail, "no-picture"));
        check(Format::Unknown, "a.gif", "", (Outcome::Fail, "no-picture"));
        check(Format::Png, "a.png", "image/jpeg", (Outcome::Fail, "mime-type"));
        check(Format::Png, "photo", "image/png; charset=binary", (Outcome::Pass, ""));
        check(Format::Png, "photo", "application/octet-stream", (Outcome::NotApplicable, ""));
        check(Format::Png, "photo.dat", "", (Outcome::NotApplicable, ""));
        check(Format::Docx, "a.zip", "", (Outcome::Pass, ""));
    }

    #[test]
    fn odd_names_have_no_extension() {
        for name in ["", ".", "..", "jpg", ".jpg", "a.", "a. jpg", "a.b/c"] {
            assert_eq!(extension(name), None, "{name:?}");
        }
        assert_eq!(extension(&format!("a.{}", "x".repeat(1000))).map(|e| e.len()), Some(12));
    }
}
