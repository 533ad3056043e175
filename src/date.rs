//! A calendar day. "Today" is always an argument: nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the Gregorian calendar, written `YYYY-MM-DD`; years 0001 to 9999.
///
/// ```
/// use icp_precheck::Date;
/// let day: Date = "2026-02-28".parse()?;
/// assert!(day < "2026-03-01".parse()?);
/// assert!("2026-02-29".parse::<Date>().is_err());
/// # Ok::<(), icp_precheck::InvalidDate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The first day that there is.
    pub(crate) const FIRST: Self = Self { year: 1, month: 1, day: 1 };

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// Month and day, to compare within a year.
    #[must_use]
    pub fn month_and_day(self) -> (u8, u8) {
        (self.month, self.day)
    }

    /// Days since 1 March of the year 0, in the calendar of today, so that days can be counted.
    #[must_use]
    pub fn number(self) -> i64 {
        // A year that begins in March ends with the day that only leap years have.
        let months = i64::from(self.month) + 9;
        let year = i64::from(self.year) - 1 + months / 12;
        let month = months % 12;
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + i64::from(self.day) - 1
    }

    /// The day with this [`Self::number`]; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        // Whole cycles of 400 years first: within one, every hundredth year but the last is no leap year.
        let (cycle, day) = (number.div_euclid(146_097), number.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let year = cycle.checked_mul(400)?.checked_add(year)? + i64::from(month >= 10);
        Some(Self {
            year: u16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?,
            month: u8::try_from(if month < 10 { month + 3 } else { month - 9 }).ok()?,
            day: u8::try_from(day_of_year - (153 * month + 2) / 5 + 1).ok()?,
        })
    }

    /// The number of the same day so many months later; of the last day of that month where there is no such day.
    #[must_use]
    pub fn number_after_months(self, months: u16) -> i64 {
        let month = u32::from(self.month) - 1 + u32::from(months);
        // OK because a year below 10,000 and 65,535 months fit.
        let year = self.year + (month / 12) as u16;
        let month = (month % 12) as u8 + 1;
        Self { year, month, day: self.day.min(days_of(year, month)) }.number()
    }
}

/// Days of a month; 0 for what is no month.
fn days_of(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// The text is not a day of the calendar written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a calendar day written YYYY-MM-DD")
    }
}

impl std::error::Error for InvalidDate {}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else {
            return Err(InvalidDate);
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0u16, |sum, &digit| match digit {
                b'0'..=b'9' => Ok(sum * 10 + u16::from(digit - b'0')),
                _ => Err(InvalidDate),
            })
        };
        let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
        // OK because two digits fit in a byte.
        let (month, day) = (month as u8, day as u8);
        if year == 0 || day == 0 || day > days_of(year, month) {
            return Err(InvalidDate);
        }
        Ok(Self { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "",
            "2026-2-3",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "1900-02-29",
            "0000-01-01",
            "2026-01-00",
            "2026/01/01",
            "２026-01-01",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let number = |text: &str| text.parse::<Date>().expect(text).number();
        for (from, to, days) in [
            ("2026-11-24", "2026-11-25", 1),
            ("2026-02-28", "2026-03-01", 1),
            ("2024-02-28", "2024-03-01", 2),
            ("1900-02-28", "1900-03-01", 1),
            ("2000-01-01", "2001-01-01", 366),
            ("2026-12-31", "2027-01-01", 1),
            ("0001-01-01", "9999-12-31", 3_652_058),
        ] {
            assert_eq!(number(to) - number(from), days, "{from} {to}");
        }
        for (from, months, to) in [
            ("2026-11-24", 3, "2027-02-24"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2023-11-30", 3, "2024-02-29"),
            ("2026-01-31", 0, "2026-01-31"),
            ("2026-01-31", 13, "2027-02-28"),
        ] {
            assert_eq!(from.parse::<Date>().expect(from).number_after_months(months), number(to), "{from} {months}");
        }
    }

    #[test]
    fn every_number_is_a_day() {
        let first = "1999-01-01".parse::<Date>().expect("a day").number();
        for number in first..first + 1_500 {
            assert_eq!(Date::from_number(number).map(Date::number), Some(number));
        }
        for number in [i64::MIN, -1, i64::MAX, 4_000_000] {
            assert_eq!(Date::from_number(number), None, "{number}");
        }
    }

    #[test]
    fn a_day_survives_being_written_and_read() {
        for text in ["0001-01-01", "2000-02-29", "2026-12-31", "9999-12-31"] {
            let day = text.parse::<Date>().expect(text);
            assert_eq!(day.to_string(), text);
            assert_eq!(Date::from_number(day.number()), Some(day));
        }
    }
}
