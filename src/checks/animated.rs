//! `file.animated` - is it a still picture?

use super::{Context, FileCheck};
use crate::facts::FileFacts;
use crate::finding::{Code, Finding, Fix, Outcome};

pub(super) const CHECK: FileCheck = FileCheck {
    code: Code::FileAnimated,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// # What it does
/// Fails when a GIF or PNG has more than one frame.
/// # Why it matters
/// A reviewer sees one frame, and not necessarily the one with the document.
/// # What to do
/// Upload a photo, or save one frame as JPG.
/// # Known limits
/// Frames are counted, not compared: a GIF that repeats one picture counts as animated.
fn check(facts: &FileFacts, _: &Context<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::FileAnimated, outcome, "up-quality");
    match facts.picture.as_ref().map(|picture| picture.frames) {
        None | Some(0) => finding(Outcome::NotApplicable),
        Some(frames @ 1) => finding(Outcome::Pass).measured(frames, Some("frames")).limit(1u32),
        Some(frames) => finding(Outcome::Fail).measured(frames, Some("frames")).limit(1u32).fix(Fix::Convert),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo_with, run};
    use crate::finding::Outcome;

    #[test]
    fn more_than_one_frame_is_an_animation() {
        for (frames, expect) in [(0, Outcome::NotApplicable), (1, Outcome::Pass), (2, Outcome::Fail)] {
            assert_eq!(run(&CHECK, &photo_with(|p| p.frames = frames), &context()).outcome, expect);
        }
    }
}
