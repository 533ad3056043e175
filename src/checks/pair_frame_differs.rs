//! `pair.frame-differs` - have both pictures the same frame?

use super::PairCheck;
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::photo_facts::{PairFacts, PhotoFacts};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairFrameDiffers,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Unsure, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "shape"),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Frames within this of each other count as equal: the project's accuracy target for scale ratios.
const EQUAL_WITHIN: f64 = 0.02;

/// Up to here a difference may come from a light crop; chosen by us, no source gives a figure.
const UNSURE_WITHIN: f64 = 0.10;

/// # What it does
/// Compares the two frames: aspect ratio, and width of the back divided by width of the front.
/// # Why it matters
/// Front and back are asked for at 1:1; frames of different size or shape come from cropping or from another camera.
/// # What to do
/// Take both with the same phone from the same distance, and crop neither.
/// # Known limits
/// Equal frames do not prove that the document has the same size in both; that needs the document itself.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairFrameDiffers, outcome, "up-ratio");
    let size = |photo: Option<&PhotoFacts>| {
        let size = photo?.file.picture.as_ref()?.displayed_size_px();
        (size.0 > 0 && size.1 > 0).then_some(size)
    };
    let (Some(front), Some(back)) = (size(facts.front), size(facts.back)) else {
        return finding(Outcome::NotApplicable);
    };
    let scale = |a: u32, b: u32| f64::from(b) / f64::from(a);
    let (by_width, by_height) = (scale(front.0, back.0), scale(front.1, back.1));
    let shape = by_width / by_height;
    let apart = |ratio: f64| ratio.max(1.0 / ratio) - 1.0;
    let size_apart = apart(by_width).max(apart(by_height));
    let finding = |outcome| {
        finding(outcome)
            .measured((by_width * by_height).sqrt(), Some("ratio"))
            .limit(1.0)
            .arg("front", Arg::Size(front.0, front.1))
            .arg("back", Arg::Size(back.0, back.1))
            .arg("percent", Arg::Percent(size_apart))
    };
    if size_apart <= EQUAL_WITHIN {
        finding(Outcome::Pass)
    } else if apart(shape) > UNSURE_WITHIN {
        finding(Outcome::Fail).because("shape").fix(Fix::MatchPair)
    } else if size_apart > UNSURE_WITHIN {
        finding(Outcome::Fail).fix(Fix::MatchPair)
    } else {
        finding(Outcome::Unsure).fix(Fix::MatchPair)
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair_of, photo_with, run_pair};
    use crate::finding::{Outcome, Value};
    use crate::photo_facts::PhotoFacts;

    fn check(front: (u32, u32), back: (u32, u32), expect: (Outcome, &str)) -> Option<Value> {
        let facts = |size: (u32, u32)| PhotoFacts {
            file: photo_with(|p| (p.stored_width_px, p.stored_height_px) = size),
            ..PhotoFacts::default()
        };
        let (front_facts, back_facts) = (facts(front), facts(back));
        let finding = run_pair(&CHECK, &pair_of(&front_facts, &back_facts));
        assert_eq!((finding.outcome, finding.reason), expect, "{front:?} {back:?}");
        finding.evidence.measured
    }

    #[test]
    fn frames_are_compared_in_size_and_shape() {
        check((4000, 3000), (4000, 3000), (Outcome::Pass, ""));
        check((4000, 3000), (3960, 2970), (Outcome::Pass, ""));
        check((4000, 3000), (3800, 2850), (Outcome::Unsure, ""));
        check((4000, 3000), (2000, 1500), (Outcome::Fail, ""));
        check((4000, 3000), (3000, 4000), (Outcome::Fail, "shape"));
        check((4000, 3000), (4000, 2250), (Outcome::Fail, "shape"));
        check((4000, 3000), (0, 0), (Outcome::NotApplicable, ""));
        check((1, 1), (u32::MAX, 1), (Outcome::Fail, "shape"));
    }

    #[test]
    fn the_measured_ratio_is_back_divided_by_front() {
        assert_eq!(check((4000, 3000), (2000, 1500), (Outcome::Fail, "")), Some(Value::Number(0.5)));
    }
}
