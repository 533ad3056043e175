//! `pair.position-differs` - does the document lie in the same place and direction in both photos?

use super::PairCheck;
use super::document_found::sure;
use crate::finding::{Arg, Code, Finding, Fix, Outcome};
use crate::geometry::{center, distance, lying};
use crate::photo_facts::{PairFacts, PhotoFacts};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairPositionDiffers,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, ""),
        (Outcome::Fail, "turned"),
        (Outcome::Unsure, ""),
        (Outcome::NotApplicable, ""),
    ],
    run: check,
};

/// Distance of the two middles, as a share of the picture's diagonal, that still counts as the same place. Ours.
const SAME_PLACE: f64 = 0.08;

/// Distance from which the place is another one. Ours.
const OTHER_PLACE: f64 = 0.16;

/// Difference of direction in degrees that still counts as the same. Ours.
const SAME_DIRECTION_DEG: f64 = 8.0;

/// Difference of direction in degrees from which it is another one. Ours.
const OTHER_DIRECTION_DEG: f64 = 20.0;

/// # What it does
/// Compares where the middle of the document lies in its picture, as a share of the diagonal, and how it is turned.
/// # Why it matters
/// Both sides are asked for with lens and document in almost the same position.
/// # What to do
/// Leave the phone where it is, turn the document over in its place, and take the second photo.
/// # Known limits
/// A document turned by exactly half looks the same to this check. The limits are ours: the rule gives none.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairPositionDiffers, outcome, "up-ratio");
    let place = |photo: Option<&PhotoFacts>| {
        let photo = photo?;
        let document = sure(photo)?;
        let (width_px, height_px) = photo.file.picture.as_ref()?.displayed_size_px();
        let (width_px, height_px) = (f64::from(width_px), f64::from(height_px));
        let [x, y] = center(&document.quad);
        let diagonal_px = width_px.hypot(height_px);
        // From the middle of the picture, so that frames of different shape can be compared.
        // Along a long side, since the first side of a card that stands is a short one.
        let [a, b, ..] = lying(&document.quad);
        let direction_deg = (b[1] - a[1]).atan2(b[0] - a[0]).to_degrees();
        Some(([(x - width_px / 2.0) / diagonal_px, (y - height_px / 2.0) / diagonal_px], direction_deg))
    };
    let Some(((front, front_deg), (back, back_deg))) = place(facts.front).zip(place(facts.back)) else {
        return finding(Outcome::NotApplicable);
    };
    let apart = distance(front, back);
    let turned_deg = back_deg - front_deg;
    let half_turns = turned_deg - 180.0 * (turned_deg / 180.0).floor();
    let turned_deg = half_turns.min(180.0 - half_turns);
    let finding = |outcome| {
        finding(outcome)
            .measured(apart, Some("share-of-diagonal"))
            .limit(OTHER_PLACE)
            .arg("percent", Arg::Percent(apart))
            .arg("degrees", Arg::Decimal(turned_deg, 0))
    };
    if turned_deg > OTHER_DIRECTION_DEG {
        finding(Outcome::Fail).because("turned").fix(Fix::MatchPair)
    } else if apart > OTHER_PLACE {
        finding(Outcome::Fail).fix(Fix::MatchPair)
    } else if apart > SAME_PLACE || turned_deg > SAME_DIRECTION_DEG {
        finding(Outcome::Unsure).fix(Fix::MatchPair)
    } else {
        finding(Outcome::Pass)
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair_of, photo_facts, run_pair};
    use crate::finding::Outcome;
    use crate::geometry::{center, ordered};
    use crate::photo_facts::PhotoFacts;

    fn moved(by_px: f64, rotation_deg: f64) -> PhotoFacts {
        let mut facts = photo_facts();
        let document = facts.document.as_mut().expect("has a document");
        let [mx, my] = center(&document.quad);
        let (sin, cos) = rotation_deg.to_radians().sin_cos();
        let turned = |[x, y]: [f64; 2]| [mx + (x - mx) * cos - (y - my) * sin, my + (x - mx) * sin + (y - my) * cos];
        document.quad = ordered(document.quad.map(turned)).map(|[x, y]| [x + by_px, y]);
        facts
    }

    #[test]
    fn place_and_direction_on_a_diagonal_of_5000_px() {
        for (by_px, rotation_deg, expect) in [
            (0.0, 0.0, (Outcome::Pass, "")),
            (390.0, 0.0, (Outcome::Pass, "")),
            (500.0, 0.0, (Outcome::Unsure, "")),
            (810.0, 0.0, (Outcome::Fail, "")),
            (0.0, 7.0, (Outcome::Pass, "")),
            (0.0, -10.0, (Outcome::Unsure, "")),
            (0.0, 90.0, (Outcome::Fail, "turned")),
            (0.0, 179.0, (Outcome::Pass, "")),
        ] {
            let (front, back) = (photo_facts(), moved(by_px, rotation_deg));
            let finding = run_pair(&CHECK, &pair_of(&front, &back));
            assert_eq!((finding.outcome, finding.reason), expect, "{by_px} {rotation_deg}");
        }
    }

    #[test]
    fn a_doubtful_document_is_not_compared() {
        let (front, mut back) = (photo_facts(), photo_facts());
        back.document.as_mut().expect("has a document").confidence = 0.3;
        assert_eq!(run_pair(&CHECK, &pair_of(&front, &back)).outcome, Outcome::NotApplicable);
    }
}
