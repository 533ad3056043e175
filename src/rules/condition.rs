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
//! | `textContains = { facts = […], terms = "…" }` | one of the text facts contains a term of the list |

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Words with a meaning of their own in conditions: no fact may be called so.
pub const RESERVED: [&str; 4] = ["any", "all", "not", "textContains"];

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
    Fact(String, Test),
    /// One of the conditions holds.
    Any(Vec<Condition>),
    /// Every one of the conditions holds.
    All(Vec<Condition>),
    /// The condition does not hold.
    Not(Condition),
    /// One of the text facts contains a term of the list.
    TextContains(TextContains),
}

/// What is asked of one fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "expected true, false, a whole number, a text, a list of texts, or a range of above, below, atLeast, atMost"
)]
pub enum Test {
    /// Yes or no.
    Flag(bool),
    /// This number.
    Number(i64),
    /// This option, or an option of this `@group`.
    Word(String),
    /// One of these options.
    Words(Vec<String>),
    /// A number in this range.
    Range(Range),
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

/// A search for terms in texts. Case and full-width or half-width forms make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextContains {
    /// Ids of text facts; one hit is enough.
    pub facts: Vec<String>,
    /// Id of the term list.
    pub terms: String,
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
                while let Some(key) = map.next_key::<String>()? {
                    let part = match key.as_str() {
                        "any" => map.next_value().map(Part::Any),
                        "all" => map.next_value().map(Part::All),
                        "not" => map.next_value().map(Part::Not),
                        "textContains" => map.next_value().map(Part::TextContains),
                        _ => map.next_value().map(|test| Part::Fact(key.clone(), test)),
                    };
                    parts.push(part.map_err(|error| A::Error::custom(format!("{key}: {error}")))?);
                }
                Ok(Condition { parts })
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
