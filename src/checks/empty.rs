//! `file.empty` - does the file hold anything at all?

use super::{Context, FileCheck};
use crate::facts::FileFacts;
use crate::finding::{Code, Finding, Outcome};

pub(super) const CHECK: FileCheck =
    FileCheck { code: Code::FileEmpty, answers: &[(Outcome::Pass, ""), (Outcome::Fail, "")], run: check };

/// # What it does
/// Fails when the file has no bytes.
/// # Why it matters
/// Interrupted transfers and cloud albums leave empty files behind that look like photos by their name.
/// # What to do
/// Choose the photo again once it is really on the device.
/// # Known limits
/// None.
fn check(facts: &FileFacts, context: &Context<'_>) -> Finding {
    let outcome = if facts.size_bytes == 0 { Outcome::Fail } else { Outcome::Pass };
    Finding::new(Code::FileEmpty, outcome, context.basis(context.upload.basis.format.as_ref()))
        .blocking()
        .measured(facts.size_bytes, Some("bytes"))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo, run};
    use crate::facts::FileFacts;
    use crate::finding::Outcome;

    #[test]
    fn only_a_file_without_bytes_is_empty() {
        assert_eq!(run(&CHECK, &photo(), &context()).outcome, Outcome::Pass);
        assert_eq!(run(&CHECK, &FileFacts::default(), &context()).outcome, Outcome::Fail);
    }
}
