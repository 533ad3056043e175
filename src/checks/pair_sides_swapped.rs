//! `pair.sides-swapped` - is the front in the place of the back?

use super::PairCheck;
use crate::finding::{Code, Finding, Outcome};
use crate::photo_facts::{DocumentKind, PairFacts, PhotoFacts};

pub(super) const CHECK: PairCheck = PairCheck {
    code: Code::PairSidesSwapped,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, ""), (Outcome::NotApplicable, "")],
    run: check,
};

/// How much redder than the card its emblem is, in steps of Cr. Ours: printed red stands at 30 and more.
const EMBLEM_CR: f64 = 12.0;

/// How much redder than the card its upper left may be where there is no emblem: turned by half, that is where a portrait
/// ends...
const NO_EMBLEM_CR: f64 = 5.0;

/// ...whose skin and clothes are red as well, but less than half as much as an emblem.
const NO_EMBLEM_SHARE: f64 = 0.5;

/// # What it does
/// Looks for the red national emblem of the resident ID card in its upper left, on both photos.
/// # Why it matters
/// Upload pages take the side with the portrait as the front and the side with the emblem as the back.
/// # What to do
/// Swap the two photos if the front shows the emblem.
/// # Known limits
/// Only cards; answers with a doubt or not at all, because other cards have their colours elsewhere and grey copies have
/// none.
fn check(facts: &PairFacts<'_>) -> Finding {
    let finding = |outcome| Finding::new(Code::PairSidesSwapped, outcome, "icp-precheck");
    let redness = |photo: Option<&PhotoFacts>| {
        let photo = photo?;
        let [upright, turned] = photo.appearance.as_ref()?.emblem_red?;
        (photo.document.as_ref()?.kind == DocumentKind::Id1Card).then_some(upright.max(turned))
    };
    let Some((front, back)) = redness(facts.front).zip(redness(facts.back)) else {
        return finding(Outcome::NotApplicable);
    };
    let finding = |outcome| finding(outcome).measured(front, Some("cr-steps")).limit(EMBLEM_CR);
    let only = |one: f64, other: f64| one >= EMBLEM_CR && other <= NO_EMBLEM_CR.max(NO_EMBLEM_SHARE * one);
    if only(front, back) {
        finding(Outcome::Unsure)
    } else if only(back, front) {
        finding(Outcome::Pass)
    } else {
        finding(Outcome::NotApplicable)
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{pair_of, photo_facts, run_pair};
    use crate::finding::Outcome;
    use crate::photo_facts::{DocumentKind, PhotoFacts};

    fn card(kind: DocumentKind, red: f64) -> PhotoFacts {
        let mut facts = photo_facts();
        facts.document.as_mut().expect("has a document").kind = kind;
        facts.appearance.as_mut().expect("was decoded").emblem_red = Some([red, 0.0]);
        facts
    }

    #[test]
    fn the_emblem_belongs_on_the_back() {
        use DocumentKind::{A4Portrait, Id1Card};
        for (kind, front, back, expect) in [
            (Id1Card, 0.0, 30.0, Outcome::Pass),
            (Id1Card, 30.0, 0.0, Outcome::Unsure),
            (Id1Card, 30.0, 30.0, Outcome::NotApplicable),
            (Id1Card, 20.0, 8.0, Outcome::Unsure),
            (Id1Card, 20.0, 14.0, Outcome::NotApplicable),
            (Id1Card, 8.0, 0.0, Outcome::NotApplicable),
            (A4Portrait, 30.0, 0.0, Outcome::NotApplicable),
        ] {
            let (front, back) = (card(kind, front), card(kind, back));
            assert_eq!(run_pair(&CHECK, &pair_of(&front, &back)).outcome, expect, "{kind:?}");
        }
    }
}
