//! The closed language of conditions: what a rule asks of the facts before it holds.
//!
//! A condition is a map; all of its entries must hold, and an empty map always does.
//!
//! | entry | holds when |
//! |---|---|
//! | `entityType = "enterprise"` | the fact has this value |
//! | `entityType = ["enterprise", "@organization"]` | it has one of these; `@name` is a group of the fact |
//! | `nameChanged = true` | it is yes (`false`: it is no) |
//! | `domainCount = { above = 5 }` | it lies in the range: `above`, `below`, `atLeast`, `atMost` |
//! | `any = [ {…}, {…} ]` | one of the conditions holds |
//! | `all = [ {…}, {…} ]` | every one of them holds |
//! | `not = {…}` | the condition does not hold |
//! | `idExpiry = { moreThanMonths = 3 }` | the date lies more than three months after the day: `moreThanMonths`, `atLeastMonths`, `moreThanDays` |
//! | `textContains = { facts = […], terms = "…" }` | one of the text facts contains a term of the list |
//! | `textIs = { facts = […], shape = "no-han" }` | one of the text facts has this [`Shape`] |

use std::fmt;

use serde::de::{Error, Expected, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::date::Date;
use crate::string::Str;

/// Words with a meaning of their own in conditions: no fact may be called so.
pub const RESERVED: [&str; 5] = ["any", "all", "not", "textContains", "textIs"];

/// A condition: all parts must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// The entries in the order of the file.
    pub parts: Vec<Part>,
}

/// One entry of a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A fact has a certain value.
    Fact(Str, Test),
    /// One of the conditions holds.
    Any(Vec<Condition>),
    /// Every one of the conditions holds.
    All(Vec<Condition>),
    /// The condition does not hold.
    Not(Condition),
    /// One of the text facts contains a term of the list.
    TextContains(TextContains),
    /// One of the text facts has a shape.
    TextIs(TextIs),
}

/// What is asked of one fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Test {
    /// Yes or no.
    Flag(bool),
    /// This number.
    Number(i64),
    /// This option, or an option of this `@group`.
    Word(Str),
    /// One of these options.
    Words(Vec<Str>),
    /// A number in this range.
    Range(Range),
    /// A date that lies so far ahead.
    Ahead(Ahead),
}

/// How far a date lies ahead of the day of the checklist. Exactly one of the three is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ahead {
    /// Later than the same day so many months on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_than_months: Option<u16>,
    /// On the same day so many months on, or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least_months: Option<u16>,
    /// Later than so many days on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_than_days: Option<u16>,
}

impl Ahead {
    /// The first day, as [`Date::number`], that lies far enough ahead; `None` unless exactly one of the three is given.
    #[must_use]
    pub fn first_day(self, on: Date) -> Option<i64> {
        match (self.more_than_months, self.at_least_months, self.more_than_days) {
            (Some(months), None, None) => Some(on.number_after_months(months) + 1),
            (None, Some(months), None) => Some(on.number_after_months(months)),
            (None, None, Some(days)) => Some(on.number() + i64::from(days) + 1),
            _ => None,
        }
    }
}

/// Limits of a number; those given must all hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Range {
    /// Greater than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<i64>,
    /// Smaller than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<i64>,
    /// This or greater.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// This or smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
}

impl Range {
    /// The smallest and the largest number of the range.
    #[must_use]
    pub fn bounds(self) -> (i64, i64) {
        let above = self.above.map_or(i64::MIN, |limit| limit.saturating_add(1));
        let below = self.below.map_or(i64::MAX, |limit| limit.saturating_sub(1));
        (above.max(self.at_least.unwrap_or(i64::MIN)), below.min(self.at_most.unwrap_or(i64::MAX)))
    }
}

/// A search for terms in texts. The case of A to Z and full-width or half-width forms make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextContains {
    /// Ids of text facts; one hit is enough.
    pub facts: Vec<Str>,
    /// Id of the term list.
    pub terms: Str,
}

/// What a text looks like, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Nothing, or only blanks.
    Blank,
    /// Has a Latin letter.
    Latin,
    /// Has something, but no Chinese character.
    NoHan,
    /// Has something, but fewer than three Chinese characters.
    FewHan,
    /// Has something, and nothing but digits.
    Digits,
    /// Looks like a domain name.
    Domain,
    /// Shorter than 30 characters.
    Short,
    /// Has round brackets.
    Brackets,
}

impl Shape {
    /// Every shape, in the order of their bits.
    pub const ALL: [Self; 8] =
        [Self::Blank, Self::Latin, Self::NoHan, Self::FewHan, Self::Digits, Self::Domain, Self::Short, Self::Brackets];

    /// The bit of this shape.
    #[must_use]
    pub fn bit(self) -> u8 {
        1 << (self as u8)
    }

    /// The shapes that a text has, one bit each.
    #[must_use]
    pub fn of(text: &str) -> u8 {
        let trimmed = text.trim();
        let han = trimmed.chars().filter(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')).count();
        let dotted = trimmed.split('.').count() > 1 && trimmed.split('.').all(|label| !label.is_empty());
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let has = |shape: Self| match shape {
            Self::Blank => trimmed.is_empty(),
            Self::Latin => trimmed.chars().any(|c| c.is_ascii_alphabetic()),
            Self::NoHan => !trimmed.is_empty() && han == 0,
            Self::FewHan => !trimmed.is_empty() && han < 3,
            Self::Digits => !trimmed.is_empty() && trimmed.chars().all(|c| c.is_ascii_digit()),
            Self::Domain => dotted && trimmed.chars().all(is_plain),
            Self::Short => trimmed.chars().count() < 30,
            Self::Brackets => trimmed.contains(['(', ')', '（', '）']),
        };
        Self::ALL.into_iter().filter(|shape| has(*shape)).fold(0, |bits, shape| bits | shape.bit())
    }
}

/// A look at the shape of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextIs {
    /// Ids of text facts; one is enough.
    pub facts: Vec<Str>,
    /// The shape.
    pub shape: Shape,
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.parts.len()))?;
        for part in &self.parts {
            match part {
                Part::Fact(fact, test) => map.serialize_entry(fact, test)?,
                Part::Any(conditions) => map.serialize_entry("any", conditions)?,
                Part::All(conditions) => map.serialize_entry("all", conditions)?,
                Part::Not(condition) => map.serialize_entry("not", condition)?,
                Part::TextContains(search) => map.serialize_entry("textContains", search)?,
                Part::TextIs(look) => map.serialize_entry("textIs", look)?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Condition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition, e.g. { entityType = \"enterprise\" }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
                let mut parts = Vec::new();
                while let Some(key) = map.next_key::<Str>()? {
                    parts.push(match key.as_str() {
                        "any" => Part::Any(map.next_value()?),
                        "all" => Part::All(map.next_value()?),
                        "not" => Part::Not(map.next_value()?),
                        "textContains" => Part::TextContains(map.next_value()?),
                        "textIs" => Part::TextIs(map.next_value()?),
                        _ => Part::Fact(key, map.next_value()?),
                    });
                }
                Ok(Condition { parts })
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl<'de> Deserialize<'de> for Test {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyTest;
        impl<'de> Visitor<'de> for AnyTest {
            type Value = Test;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "true, false, a whole number, a text, a list of texts, a range of above, below, atLeast, atMost, \
                     or a time of moreThanMonths, atLeastMonths, moreThanDays",
                )
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Test, E> {
                Ok(Test::Flag(flag))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Test, E> {
                Ok(Test::Number(number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Test, E> {
                i64::try_from(number).map(Test::Number).map_err(|_| self.refuse())
            }

            fn visit_str<E>(self, word: &str) -> Result<Test, E> {
                Ok(Test::Word(word.to_owned().into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Test, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = items.next_element()? {
                    words.push(word);
                }
                Ok(Test::Words(words))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Test, A::Error> {
                let (mut range, mut ahead) = (Range::default(), Ahead::default());
                while let Some(key) = map.next_key::<Str>()? {
                    let number: i64 = map.next_value()?;
                    let (limit, time) = match key.as_str() {
                        "above" => (Some(&mut range.above), None),
                        "below" => (Some(&mut range.below), None),
                        "atLeast" => (Some(&mut range.at_least), None),
                        "atMost" => (Some(&mut range.at_most), None),
                        "moreThanMonths" => (None, Some(&mut ahead.more_than_months)),
                        "atLeastMonths" => (None, Some(&mut ahead.at_least_months)),
                        "moreThanDays" => (None, Some(&mut ahead.more_than_days)),
                        _ => return Err(self.refuse()),
                    };
                    let known = match (limit, time) {
                        (Some(limit), _) => limit.replace(number).is_some(),
                        (_, Some(time)) => time.replace(number.try_into().map_err(|_| self.refuse())?).is_some(),
                        _ => false,
                    };
                    if known {
                        return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
                    }
                }
                match (range == Range::default(), ahead == Ahead::default()) {
                    (_, true) => Ok(Test::Range(range)),
                    (true, _) => Ok(Test::Ahead(ahead)),
                    _ => Err(self.refuse()),
                }
            }
        }

        impl AnyTest {
            fn refuse<E: Error>(&self) -> E {
                E::custom(format_args!("expected {}", self as &dyn Expected))
            }
        }
        deserializer.deserialize_any(AnyTest)
    }
}
