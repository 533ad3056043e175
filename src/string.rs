//! A text that is copied for next to nothing. A checklist repeats names and sources of rules hundreds of times.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is part of the program, or shared by everyone who has a copy. It never changes.
pub enum Str {
    /// Part of the program.
    Fixed(&'static str),
    /// Made at run time.
    Shared(Arc<str>),
}

impl Str {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl Clone for Str {
    // Once in the program, not once in every list that holds a text: the derived one cost some kilobytes of the download.
    #[inline(never)]
    fn clone(&self) -> Self {
        match self {
            Self::Fixed(text) => Self::Fixed(text),
            Self::Shared(text) => Self::Shared(Arc::clone(text)),
        }
    }
}

impl Default for Str {
    fn default() -> Self {
        Self::Fixed("")
    }
}

impl Deref for Str {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self
    }
}

// Lawful because equality, order and hash below are those of `str`.
impl Borrow<str> for Str {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl From<&'static str> for Str {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Str {}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Str {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<Str> for str {
    fn eq(&self, other: &Str) -> bool {
        self == other.as_str()
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl std::hash::Hash for Str {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl Serialize for Str {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Str {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Copied;
        impl Visitor<'_> for Copied {
            type Value = Str;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, text: &str) -> Result<Str, E> {
                Ok(Str::Shared(text.into()))
            }
        }
        deserializer.deserialize_str(Copied)
    }
}

/// A text in quotes, for messages about it. To show a text in its own way, the standard library brings tables of what
/// can be printed.
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(f, "\\{letter}")?,
                _ if letter.is_control() => write!(f, "\\u{{{:x}}}", u32::from(letter))?,
                _ => write!(f, "{letter}")?,
            }
        }
        f.write_str("\"")
    }
}

/// Where a part of a text starts. The parts that are looked for are short and not empty.
///
/// Plainer than the standard library's search, and a tenth of its code.
#[must_use]
pub fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len().max(1)).position(|window| window == part.as_bytes())
}

/// The text with each such part replaced.
#[must_use]
pub fn replaced(text: &str, part: &str, by: &str) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) =
        find(rest, part).and_then(|at| Some((rest.get(..at)?, rest.get(at + part.len()..)?)))
    {
        whole.push_str(before);
        whole.push_str(by);
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
impl ts_rs::TS for Str {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &ts_rs::Config) -> String {
        Self::name(config)
    }
}

#[cfg(test)]
mod tests {
    use super::{Quoted, find, replaced};

    #[test]
    fn quotes_hold_a_text_so_that_its_end_is_seen() {
        for text in ["", "备案 a", "a\"b\\c"] {
            assert_eq!(Quoted(text).to_string(), format!("{text:?}"));
        }
        assert_eq!(Quoted("a\n\u{7f}").to_string(), r#""a\u{a}\u{7f}""#);
    }

    #[test]
    fn parts_are_found_and_replaced_as_by_the_standard_library() {
        for text in ["", "a", "aa", "aaa", "xaaay", "备案", "案备案备"] {
            for part in ["a", "aa", "备", "案备"] {
                assert_eq!(find(text, part), text.find(part), "{text} {part}");
                assert_eq!(replaced(text, part, "-a-"), text.replace(part, "-a-"), "{text} {part}");
            }
        }
    }
}
