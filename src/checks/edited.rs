//! `file.edited` - was the file saved by a picture editor?

use super::{Context, FileCheck};
use crate::facts::FileFacts;
use crate::finding::{Code, Finding, Outcome};
use crate::string::find;

pub(super) const CHECK: FileCheck = FileCheck {
    code: Code::FileEdited,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// # What it does
/// Fails, as advice, when a program that is listed as a picture editor wrote its name into the file.
/// # Why it matters
/// Originals are asked for; a reviewer who sees an editor's name looks twice.
/// # What to do
/// Upload the photo as it came from the camera.
/// # Known limits
/// Says who saved the file, not what was changed. Editors that leave no name, and copies without metadata, pass.
fn check(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::FileEdited, outcome, "note-no-reproduction");
    let Some(picture) = &facts.picture else {
        return finding(Outcome::NotApplicable);
    };
    let by_camera_data = picture.exif.as_ref().and_then(|exif| exif.software.as_ref());
    let editor = by_camera_data.into_iter().chain(&picture.writer_programs).find(|program| {
        let program = program.to_ascii_lowercase();
        context.editing_programs.iter().any(|editor| find(&program, editor).is_some())
    });
    match editor {
        Some(program) => finding(Outcome::Fail).measured(program.as_str(), None),
        None => finding(Outcome::Pass),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::Context;
    use crate::checks::testing::{context, photo_with, run};
    use crate::facts::Exif;
    use crate::finding::Outcome;

    #[test]
    fn an_editor_is_recognised_by_name_and_firmware_is_not_one() {
        let editors = ["photoshop".to_owned(), "美图".to_owned()];
        let context = Context { editing_programs: &editors, ..context() };
        for (software, expect) in [
            ("Adobe Photoshop 25.0 (Windows)", Outcome::Fail),
            ("美图秀秀", Outcome::Fail),
            ("17.5.1", Outcome::Pass),
            ("HDR+ 1.0.585804376zd", Outcome::Pass),
        ] {
            let exif = Some(Exif { software: Some(software.to_owned()), ..Exif::default() });
            assert_eq!(run(&CHECK, &photo_with(|p| p.exif = exif), &context).outcome, expect, "{software}");
        }
        let named = photo_with(|p| p.writer_programs = vec!["Adobe Photoshop".to_owned()]);
        assert_eq!(run(&CHECK, &named, &context).outcome, Outcome::Fail);
    }
}
