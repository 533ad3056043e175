//! Numbers of documents, read for what they say by themselves: length, signs, places, days, check digits.
//!
//! Text to facts; `crate::checks` judges. A number that fits its standard may still be nobody's. No number is kept.

use serde::Deserialize;

use crate::date::Date;

/// What an applicant typed. Every field is optional; blanks and case make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Numbers {
    /// Resident ID card, residence permit for Hong Kong, Macao or Taiwan residents, or the permanent resident ID card of
    /// a foreigner: 18 digits.
    pub id_card: Option<String>,
    /// Unified social credit code.
    pub credit_code: Option<String>,
    /// Passport.
    pub passport: Option<String>,
    /// Mainland travel permit for Hong Kong and Macao residents.
    pub hk_macao_travel_permit: Option<String>,
    /// Mainland travel permit for Taiwan residents.
    pub taiwan_travel_permit: Option<String>,
    /// Last day of the identity document, `YYYY-MM-DD`, or `long-term`.
    pub id_expiry: Option<String>,
    /// Last day of the organization's certificate, likewise.
    pub certificate_expiry: Option<String>,
    /// Kind of the filing entity, as in a profile: an individual has no credit code.
    pub entity_type: Option<String>,
}

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It has so many signs instead of the right number.
    Length(usize),
    /// It is an old number, which has been replaced.
    Old,
    /// It has a sign that such numbers never have.
    Sign,
    /// It names no place.
    Place,
    /// It names no day of birth that can be.
    Birth,
    /// It names no registering department or no kind of organization.
    Department,
    /// Its check digits do not fit: at least one sign is wrong.
    CheckDigit,
}

/// What an ID number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdNumber {
    /// Day of birth.
    pub born: Date,
    /// Whether it is that of a man.
    pub is_male: bool,
    /// First two digits of the place of the first registration, by GB/T 2260; `None` for a foreigner.
    pub province: Option<u8>,
}

impl IdNumber {
    /// Age in completed years.
    #[must_use]
    pub fn age_years(self, on: Date) -> u16 {
        let had_birthday = on.month_and_day() >= self.born.month_and_day();
        on.year().saturating_sub(self.born.year()).saturating_sub(u16::from(!had_birthday))
    }
}

/// Province-level codes of GB/T 2260, Taiwan, Hong Kong and Macao included; 83 is that of Taiwan residents' permits.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

/// Reads an 18-digit ID number after GB 11643 (check digit: ISO 7064 MOD 11-2).
///
/// # Errors
/// The first flaw.
pub fn read_id_number(text: &str, on: Date) -> Result<IdNumber, Flaw> {
    let signs = tidy(text);
    match signs.len() {
        18 => {}
        15 if signs.iter().all(u8::is_ascii_digit) => return Err(Flaw::Old),
        other => return Err(Flaw::Length(other)),
    }
    let mut sum = 0;
    for (at, sign) in signs.iter().enumerate() {
        let value = match sign {
            b'0'..=b'9' => u32::from(sign - b'0'),
            b'X' if at == 17 => 10,
            _ => return Err(Flaw::Sign),
        };
        // 2^(17 - at) modulo 11.
        let weight = (0..17 - at).fold(1, |weight, _| weight * 2 % 11);
        sum += value * weight;
    }
    let foreign = signs.first() == Some(&b'9');
    let province = two_digits(&signs, 0);
    if !foreign && !province.is_some_and(|code| PROVINCES.contains(&code)) {
        return Err(Flaw::Place);
    }
    let day = signs.get(6..14).and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| {
        let (year, rest) = digits.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        format!("{year}-{month}-{day}").parse::<Date>().ok()
    });
    let born = day.filter(|born| *born <= on && born.year() >= 1850).ok_or(Flaw::Birth)?;
    if sum % 11 != 1 {
        return Err(Flaw::CheckDigit);
    }
    let is_male = signs.get(16).is_some_and(|sign| sign % 2 == 1);
    Ok(IdNumber { born, is_male, province: province.filter(|_| !foreign) })
}

/// What a credit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditCode {
    /// First two digits of the registering place, by GB/T 2260; 10 for the state.
    pub province: u8,
    /// The registering department and the kind of organization.
    pub kind: (char, char),
}

/// Signs of a credit code by their values: digits and letters without I, O, S, V and Z.
const CREDIT_SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Departments of GB 32100, each with the kinds of organizations that it registers.
const DEPARTMENTS: [(u8, &[u8]); 12] = [
    (b'1', b"1239"),
    (b'2', b"19"),
    (b'3', b"123459"),
    (b'4', b"19"),
    (b'5', b"1239"),
    (b'6', b"129"),
    (b'7', b"129"),
    (b'8', b"19"),
    (b'9', b"123"),
    (b'A', b"19"),
    (b'N', b"1239"),
    (b'Y', b"1"),
];

/// Reads a unified social credit code after GB 32100 (check digit modulo 31), with the organization code after GB 11714
/// in it (check digit modulo 11).
///
/// # Errors
/// The first flaw.
pub fn read_credit_code(text: &str) -> Result<CreditCode, Flaw> {
    let signs = tidy(text);
    match signs.len() {
        18 => {}
        13 | 15 if signs.iter().all(u8::is_ascii_digit) => return Err(Flaw::Old),
        9 | 10 => return Err(Flaw::Old),
        other => return Err(Flaw::Length(other)),
    }
    let mut values = Vec::with_capacity(18);
    for sign in &signs {
        let value = CREDIT_SIGNS.iter().position(|known| known == sign).ok_or(Flaw::Sign)?;
        values.push(u32::try_from(value).unwrap_or_default());
    }
    let (Some(&department), Some(&kind)) = (signs.first(), signs.get(1)) else { return Err(Flaw::Length(signs.len())) };
    if !DEPARTMENTS.iter().any(|(known, kinds)| *known == department && kinds.contains(&kind)) {
        return Err(Flaw::Department);
    }
    let province = two_digits(&signs, 2).filter(|code| *code == 10 || PROVINCES.contains(code)).ok_or(Flaw::Place)?;
    if !signs.get(2..8).is_some_and(|place| place.iter().all(u8::is_ascii_digit)) {
        return Err(Flaw::Place);
    }
    let mut sum = 0;
    let mut weight = 1;
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    let organization_fits = signs.get(8..17).is_some_and(organization_code_fits);
    if values.last() != Some(&((31 - sum % 31) % 31)) || !organization_fits {
        return Err(Flaw::CheckDigit);
    }
    Ok(CreditCode { province, kind: (char::from(department), char::from(kind)) })
}

/// Whether the last of nine signs is the check digit of the others, after GB 11714.
fn organization_code_fits(signs: &[u8]) -> bool {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = WEIGHTS
        .iter()
        .zip(signs)
        .map(|(weight, sign)| {
            let value = match sign {
                b'0'..=b'9' => sign - b'0',
                _ => sign.saturating_sub(b'A') + 10,
            };
            weight * u32::from(value)
        })
        .sum();
    let expected = match 11 - sum % 11 {
        10 => Some(b'X'),
        11 => Some(b'0'),
        digit => u8::try_from(digit).ok().map(|digit| b'0' + digit),
    };
    signs.last().copied() == expected
}

/// Whether a text looks like a passport number: 5 to 9 letters and digits, at least 4 of them digits (after ICAO 9303).
#[must_use]
pub fn looks_like_passport(text: &str) -> bool {
    let signs = tidy(text);
    let digits = signs.iter().filter(|sign| sign.is_ascii_digit()).count();
    (5..=9).contains(&signs.len()) && digits >= 4 && signs.iter().all(u8::is_ascii_alphanumeric)
}

/// Whether a text looks like the number of a mainland travel permit of a Hong Kong or Macao resident: H or M and 8
/// digits, or 10 with the count of renewals.
#[must_use]
pub fn looks_like_hk_macao_permit(text: &str) -> bool {
    let signs = tidy(text);
    match signs.split_first() {
        Some((b'H' | b'M', digits)) => matches!(digits.len(), 8 | 10) && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether a text looks like the number of a mainland travel permit of a Taiwan resident: 8 digits; older ones have 10
/// signs.
#[must_use]
pub fn looks_like_taiwan_permit(text: &str) -> bool {
    let signs = tidy(text);
    let digits = signs.iter().take_while(|sign| sign.is_ascii_digit()).count();
    (signs.len() == 8 && digits == 8) || (signs.len() == 10 && digits >= 8)
}

/// Upper case, half width, without blanks and hyphens; other signs become `?`. Longer texts are cut: no number has 64
/// signs.
fn tidy(text: &str) -> Vec<u8> {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(64)
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or('?'),
            _ => c,
        })
        .map(|c| if c.is_ascii() { u8::try_from(c).unwrap_or(b'?').to_ascii_uppercase() } else { b'?' })
        .collect()
}

fn two_digits(signs: &[u8], at: usize) -> Option<u8> {
    match signs.get(at..at.checked_add(2)?)? {
        &[ten @ b'0'..=b'9', one @ b'0'..=b'9'] => Some((ten - b'0') * 10 + one - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Flaw, looks_like_hk_macao_permit, looks_like_passport, looks_like_taiwan_permit, read_credit_code,
        read_id_number,
    };
    use crate::date::Date;

    fn on() -> Date {
        "2026-11-24".parse().expect("a day")
    }

    #[test]
    fn an_id_number_says_when_and_where() {
        // The example of the standard, and invented numbers with computed check digits.
        for (text, born, is_male, province) in [
            ("11010519491231002X", "1949-12-31", false, Some(11)),
            ("１１０１０５１９４９１２３１００２ｘ", "1949-12-31", false, Some(11)),
            ("440524188001010014", "1880-01-01", true, Some(44)),
            ("110105 19491231 002x", "1949-12-31", false, Some(11)),
        ] {
            let number = read_id_number(text, on()).expect(text);
            assert_eq!((number.born.to_string().as_str(), number.is_male, number.province), (born, is_male, province));
        }
        let number = read_id_number("11010519491231002X", on()).expect("valid");
        assert_eq!(number.age_years(on()), 76);
        assert_eq!(number.age_years("2026-12-31".parse().expect("a day")), 77);
    }

    #[test]
    fn every_single_wrong_sign_and_every_swap_is_noticed() {
        let good = *b"11010519491231002X";
        let as_text = |signs: &[u8]| String::from_utf8(signs.to_vec()).expect("ASCII");
        for at in 0..18 {
            for sign in *b"0123456789X" {
                let mut changed = good;
                changed[at] = sign;
                assert_eq!(read_id_number(&as_text(&changed), on()).is_ok(), changed == good, "{at} {sign}");
            }
            let mut swapped = good;
            swapped.swap(at, (at + 1) % 18);
            assert_eq!(read_id_number(&as_text(&swapped), on()).is_ok(), swapped == good, "swap {at}");
        }
    }

    #[test]
    fn an_id_number_with_a_flaw_says_which() {
        for (text, flaw) in [
            ("", Flaw::Length(0)),
            ("1101051949123100", Flaw::Length(16)),
            ("110105491231002", Flaw::Old),
            ("1101051949123100AX", Flaw::Sign),
            ("1101051949123100二X", Flaw::Sign),
            ("99010519491231002X", Flaw::CheckDigit),
            ("16010519491231002X", Flaw::Place),
            ("11010519490231002X", Flaw::Birth),
            ("11010520270101002X", Flaw::Birth),
            ("110105194912310021", Flaw::CheckDigit),
        ] {
            assert_eq!(read_id_number(text, on()), Err(flaw), "{text}");
        }
        assert!(matches!(read_id_number(&"9".repeat(10_000), on()), Err(Flaw::Length(64))));
    }

    #[test]
    fn a_credit_code_says_who_registered_it_and_where() {
        // The example of the standard.
        for (text, province, kind) in [
            ("91350100M000100Y43", 35, ('9', '1')),
            ("9135 0100 M000 100Y 43", 35, ('9', '1')),
            ("91350100m000100y43", 35, ('9', '1')),
        ] {
            let code = read_credit_code(text).expect(text);
            assert_eq!((code.province, code.kind), (province, kind), "{text}");
        }
    }

    #[test]
    fn a_credit_code_with_a_flaw_says_which() {
        for (text, flaw) in [
            ("", Flaw::Length(0)),
            ("350100100000018", Flaw::Old),
            ("M000100Y4", Flaw::Old),
            ("91350100M000100Y4I", Flaw::Sign),
            ("98350100M000100Y43", Flaw::Department),
            ("91990100M000100Y43", Flaw::Place),
            ("9135A100M000100Y43", Flaw::Place),
            ("91350100M000100Y44", Flaw::CheckDigit),
            ("91350100M000200Y43", Flaw::CheckDigit),
        ] {
            assert_eq!(read_credit_code(text), Err(flaw), "{text}");
        }
    }

    #[test]
    fn passports_and_permits_are_known_by_their_looks() {
        for (text, is_passport) in [
            ("E12345678", true),
            ("EA1234567", true),
            ("123456789", true),
            ("ABCDEFGHI", false),
            ("E123 4567 8", true),
            ("护照1234567", false),
            ("E1234567890", false),
        ] {
            assert_eq!(looks_like_passport(text), is_passport, "{text}");
        }
        for (text, is_permit) in [("H12345678", true), ("m1234567801", true), ("12345678", false), ("H1234567", false)]
        {
            assert_eq!(looks_like_hk_macao_permit(text), is_permit, "{text}");
        }
        for (text, is_permit) in
            [("12345678", true), ("1234567801", true), ("12345678(B)", false), ("1234567", false), ("12345678AB", true)]
        {
            assert_eq!(looks_like_taiwan_permit(text), is_permit, "{text}");
        }
    }
}
