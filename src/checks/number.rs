//! `number.id-card`, `number.credit-code`, `number.passport`, `number.permit`, `document.expired` - can what was typed be?
//!
//! Findings never repeat a number, nor the signs that are wrong in it.

use super::Answer;
use crate::date::Date;
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::numbers::{self, Flaw, Numbers};

/// A check of what was typed; the field of `Numbers` stands beside each finding.
pub(super) struct NumberCheck {
    pub(super) code: Code,
    pub(super) answers: &'static [Answer],
    pub(super) run: fn(&Numbers, Date) -> Vec<(&'static str, Finding)>,
}

const OWN_METHOD: &str = "icp-precheck";

pub(super) const ID_CARD: NumberCheck = NumberCheck {
    code: Code::NumberIdCard,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, "length"),
        (Outcome::Fail, "old"),
        (Outcome::Fail, "sign"),
        (Outcome::Fail, "place"),
        (Outcome::Fail, "birth"),
        (Outcome::Fail, "check-digit"),
    ],
    run: id_card,
};

pub(super) const CREDIT_CODE: NumberCheck = NumberCheck {
    code: Code::NumberCreditCode,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Fail, "length"),
        (Outcome::Fail, "old"),
        (Outcome::Fail, "sign"),
        (Outcome::Fail, "place"),
        (Outcome::Fail, "department"),
        (Outcome::Fail, "check-digit"),
        (Outcome::Fail, "individual"),
    ],
    run: credit_code,
};

pub(super) const PASSPORT: NumberCheck =
    NumberCheck { code: Code::NumberPassport, answers: &[(Outcome::Pass, ""), (Outcome::Unsure, "")], run: passport };

pub(super) const PERMIT: NumberCheck = NumberCheck {
    code: Code::NumberPermit,
    answers: &[(Outcome::Pass, ""), (Outcome::Unsure, "hk-macao"), (Outcome::Unsure, "taiwan")],
    run: permit,
};

pub(super) const EXPIRED: NumberCheck = NumberCheck {
    code: Code::DocumentExpired,
    answers: &[
        (Outcome::Pass, ""),
        (Outcome::Pass, "long-term"),
        (Outcome::Fail, ""),
        (Outcome::Fail, "soon"),
        (Outcome::Fail, "no-day"),
    ],
    run: expired,
};

fn flawed(finding: impl Fn(Outcome) -> Finding, flaw: Flaw) -> Finding {
    let failed = finding(Outcome::Fail);
    match flaw {
        Flaw::Length(signs) => failed.because("length").measured(signs as u64, Some("characters")).limit(18_u64),
        Flaw::Old => failed.because("old"),
        Flaw::Sign => failed.because("sign"),
        Flaw::Place => failed.because("place"),
        Flaw::Birth => failed.because("birth"),
        Flaw::Department => failed.because("department"),
        Flaw::CheckDigit => failed.because("check-digit"),
    }
}

/// # What it does
/// Checks an 18-digit ID number: signs, place, day of birth, check digit (GB 11643; ISO 7064 MOD 11-2).
/// # Why it matters
/// A mistyped number does not fit the photo, and the filing comes back.
/// # What to do
/// Type it again from the card.
/// # Known limits
/// A number that fits the standard may still be somebody else's, or nobody's. Numbers of foreigners (first digit 9) are
/// checked without a place.
fn id_card(numbers: &Numbers, on: Date) -> Vec<(&'static str, Finding)> {
    let finding = |outcome| Finding::new(Code::NumberIdCard, outcome, "gb-11643");
    let checked = numbers.id_card.as_deref().map(|text| match numbers::read_id_number(text, on) {
        Ok(_) => finding(Outcome::Pass),
        Err(flaw) => flawed(finding, flaw),
    });
    checked.map(|finding| ("idCard", finding)).into_iter().collect()
}

/// # What it does
/// Checks a unified social credit code: signs, registering department and kind, place, both check digits (GB 32100, and
/// GB 11714 within it). An individual has none.
/// # Why it matters
/// A mistyped code does not fit the certificate, and the filing comes back.
/// # What to do
/// Type it again from the certificate.
/// # Known limits
/// The place may be the one of the first registration. A code that fits the standard may still be another organization's.
fn credit_code(numbers: &Numbers, _on: Date) -> Vec<(&'static str, Finding)> {
    let finding = |outcome| Finding::new(Code::NumberCreditCode, outcome, "gb-32100");
    let is_individual = numbers.entity_type.as_deref() == Some("individual");
    let checked = numbers.credit_code.as_deref().map(|text| match numbers::read_credit_code(text) {
        Ok(_) if is_individual => finding(Outcome::Fail).because("individual"),
        Ok(_) => finding(Outcome::Pass),
        Err(flaw) => flawed(finding, flaw),
    });
    checked.map(|finding| ("creditCode", finding)).into_iter().collect()
}

/// # What it does
/// Looks whether a passport number has 5 to 9 letters and digits (after ICAO 9303).
/// # Why it matters
/// A mistyped number does not fit the photo.
/// # What to do
/// Compare it with the data page.
/// # Known limits
/// Countries number as they like: a number that looks unusual may be right, so the check never fails.
fn passport(numbers: &Numbers, _on: Date) -> Vec<(&'static str, Finding)> {
    let looks = |fits| Finding::new(Code::NumberPassport, pass_or_unsure(fits), "icao-9303");
    let passport = numbers.passport.as_deref().map(|text| looks(numbers::looks_like_passport(text)));
    passport.map(|finding| ("passport", finding)).into_iter().collect()
}

/// # What it does
/// Looks whether the number of a mainland travel permit has the usual form: H or M and 8 digits for Hong Kong and Macao,
/// 8 digits for Taiwan.
/// # Why it matters
/// A mistyped number does not fit the photo.
/// # What to do
/// Compare it with the permit.
/// # Known limits
/// The forms are those in use; no published standard is known, so the check never fails.
fn permit(numbers: &Numbers, _on: Date) -> Vec<(&'static str, Finding)> {
    let looks = |fits, reason| {
        let finding = Finding::new(Code::NumberPermit, pass_or_unsure(fits), OWN_METHOD);
        if fits { finding } else { finding.because(reason) }
    };
    let of_hong_kong = numbers.hk_macao_travel_permit.as_deref();
    let of_taiwan = numbers.taiwan_travel_permit.as_deref();
    [
        of_hong_kong.map(|text| ("hkMacaoTravelPermit", looks(numbers::looks_like_hk_macao_permit(text), "hk-macao"))),
        of_taiwan.map(|text| ("taiwanTravelPermit", looks(numbers::looks_like_taiwan_permit(text), "taiwan"))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// # What it does
/// Compares the last day of a document with the day of the check. Fails when it is over, and warns while three months or
/// less are left.
/// # Why it matters
/// Documents must be valid, and most provinces want more than three months.
/// # What to do
/// Renew the document before you file.
/// # Known limits
/// It knows only the day that was typed.
fn expired(numbers: &Numbers, on: Date) -> Vec<(&'static str, Finding)> {
    let check = |text: &str| {
        let finding = |outcome, basis| Finding::new(Code::DocumentExpired, outcome, basis);
        if matches!(text.trim(), "long-term" | "长期") {
            return finding(Outcome::Pass, "up-valid").because("long-term");
        }
        let Ok(last) = text.trim().parse::<Date>() else {
            return finding(Outcome::Fail, "up-valid").because("no-day");
        };
        let days = last.number() - on.number();
        let in_days =
            |finding: Finding| finding.measured(days as f64, Some("days")).arg("last", Arg::Text(last.to_string()));
        if days < 0 {
            in_days(finding(Outcome::Fail, "up-valid").blocking()).limit(0_u64)
        } else if last.number() <= on.number_after_months(3) {
            let limit = on.number_after_months(3) - on.number();
            in_days(finding(Outcome::Fail, "documents-valid-3-months").because("soon")).limit(limit as f64)
        } else {
            in_days(finding(Outcome::Pass, "up-valid"))
        }
    };
    [("idExpiry", &numbers.id_expiry), ("certificateExpiry", &numbers.certificate_expiry)]
        .into_iter()
        .filter_map(|(field, text)| Some((field, check(text.as_deref()?))))
        .collect()
}

fn pass_or_unsure(fits: bool) -> Outcome {
    if fits { Outcome::Pass } else { Outcome::Unsure }
}

#[cfg(test)]
mod tests {
    use crate::checks::check_numbers;
    use crate::finding::{Outcome, Severity};
    use crate::numbers::Numbers;

    fn run(numbers: &Numbers) -> Vec<(&'static str, Outcome, &'static str)> {
        let found = check_numbers(numbers, "2026-11-24".parse().expect("a day"));
        found.into_iter().map(|(field, finding)| (field, finding.outcome, finding.reason)).collect()
    }

    #[test]
    fn every_field_is_answered_once_and_nothing_else() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(run(&Numbers::default()), []);
        let good = Numbers {
            id_card: text("11010519491231002X"),
            credit_code: text("91350100M000100Y43"),
            passport: text("E12345678"),
            hk_macao_travel_permit: text("H12345678"),
            taiwan_travel_permit: text("12345678"),
            id_expiry: text("2027-02-25"),
            certificate_expiry: text("长期"),
            entity_type: text("enterprise"),
        };
        let found = run(&good);
        assert_eq!(found.len(), 7);
        assert!(found.iter().all(|(_, outcome, _)| *outcome == Outcome::Pass), "{found:?}");
        let individual = Numbers { entity_type: text("individual"), ..good.clone() };
        assert!(run(&individual).contains(&("creditCode", Outcome::Fail, "individual")));
        let odd = Numbers {
            passport: text("?"),
            hk_macao_travel_permit: text("12"),
            taiwan_travel_permit: text(""),
            id_card: text(""),
            credit_code: text(&"长".repeat(10_000)),
            ..Numbers::default()
        };
        assert_eq!(
            run(&odd),
            [
                ("idCard", Outcome::Fail, "length"),
                ("creditCode", Outcome::Fail, "length"),
                ("passport", Outcome::Unsure, ""),
                ("hkMacaoTravelPermit", Outcome::Unsure, "hk-macao"),
                ("taiwanTravelPermit", Outcome::Unsure, "taiwan"),
            ]
        );
    }

    #[test]
    fn a_document_is_valid_to_its_last_day_and_soon_over_for_three_months() {
        for (last, outcome, reason, severity) in [
            ("2026-11-23", Outcome::Fail, "", Severity::Blocking),
            ("2026-11-24", Outcome::Fail, "soon", Severity::Advisory),
            ("2027-02-24", Outcome::Fail, "soon", Severity::Advisory),
            ("2027-02-25", Outcome::Pass, "", Severity::Advisory),
            ("long-term", Outcome::Pass, "long-term", Severity::Advisory),
            ("2026-02-30", Outcome::Fail, "no-day", Severity::Advisory),
            ("", Outcome::Fail, "no-day", Severity::Advisory),
        ] {
            let numbers = Numbers { id_expiry: Some(last.to_owned()), ..Numbers::default() };
            let found = check_numbers(&numbers, "2026-11-24".parse().expect("a day"));
            let (field, finding) = &found[0];
            assert_eq!(
                (*field, finding.outcome, finding.reason, finding.severity),
                ("idExpiry", outcome, reason, severity),
                "{last}"
            );
        }
    }
}
