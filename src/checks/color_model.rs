//! `file.color-model` - are colours stored in the usual way?

use super::{Context, FileCheck};
use crate::facts::{ColorModel, FileFacts};
use crate::finding::{Arg, Code, Finding, Fix, Outcome};

pub(super) const CHECK: FileCheck = FileCheck {
    code: Code::FileColorModel,
    answers: &[(Outcome::Pass, ""), (Outcome::Fail, ""), (Outcome::Fail, "gray"), (Outcome::NotApplicable, "")],
    run: check,
};

/// # What it does
/// Fails for printing inks (CMYK, YCCK) and for files that can hold no colour at all.
/// # Why it matters
/// Web pages show printing inks wrongly; a colour photo or scan is asked for, and a grey file cannot be one.
/// # What to do
/// Save as RGB JPG; photograph the original in colour.
/// # Known limits
/// Looks at how colours are stored. A grey picture in a colour file passes here.
fn check(facts: &FileFacts, _: &Context<'_>) -> Finding {
    let model = facts.picture.as_ref().map_or(ColorModel::Unknown, |picture| picture.color_model);
    let finding = |outcome, basis: &str| {
        Finding::new(Code::FileColorModel, outcome, basis)
            .measured(model.as_str(), None)
            .arg("measured", Arg::Term("color-model", model.as_str()))
    };
    match model {
        ColorModel::Unknown => finding(Outcome::NotApplicable, "icp-precheck"),
        ColorModel::Cmyk | ColorModel::Ycck => finding(Outcome::Fail, "icp-precheck").fix(Fix::Convert),
        ColorModel::Gray | ColorModel::GrayAlpha => finding(Outcome::Fail, "up-colour").because("gray"),
        ColorModel::Rgb | ColorModel::Rgba | ColorModel::Indexed | ColorModel::Ycbcr => {
            finding(Outcome::Pass, "up-colour")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{context, photo_with, run};
    use crate::facts::ColorModel;
    use crate::finding::Outcome;

    #[test]
    fn inks_and_grey_fail_and_everything_usual_passes() {
        for (model, expect) in [
            (ColorModel::Ycbcr, (Outcome::Pass, "")),
            (ColorModel::Rgb, (Outcome::Pass, "")),
            (ColorModel::Rgba, (Outcome::Pass, "")),
            (ColorModel::Indexed, (Outcome::Pass, "")),
            (ColorModel::Cmyk, (Outcome::Fail, "")),
            (ColorModel::Ycck, (Outcome::Fail, "")),
            (ColorModel::Gray, (Outcome::Fail, "gray")),
            (ColorModel::GrayAlpha, (Outcome::Fail, "gray")),
            (ColorModel::Unknown, (Outcome::NotApplicable, "")),
        ] {
            let finding = run(&CHECK, &photo_with(|p| p.color_model = model), &context());
            assert_eq!((finding.outcome, finding.reason), expect, "{model:?}");
        }
    }
}
