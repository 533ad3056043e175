//! What does not fit the type that it should become, and where.

use std::fmt;

use super::tree::Tree;
use crate::decimal;
use crate::string::Quoted;

/// Something that does not fit the type that it should become.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Misfit {
    /// Where, e.g. `rules[12].when.entityType`; empty for the whole.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl Misfit {
    /// Something that is wrong with the whole.
    #[cold]
    #[inline(never)]
    pub fn new(message: &dyn fmt::Display) -> Failure {
        Box::new(Self { path: String::new(), message: message.to_string() })
    }

    /// A value that is of another kind.
    #[cold]
    #[inline(never)]
    pub fn instead_of(found: &Tree, expected: &str) -> Failure {
        let found = match found {
            Tree::Null => "null".to_owned(),
            Tree::Flag(flag) => format!("boolean `{flag}`"),
            Tree::Natural(number) => format!("integer `{number}`"),
            Tree::Negative(number) => format!("integer `{number}`"),
            Tree::Real(number) => format!("floating point `{}`", decimal::shortest(*number)),
            Tree::Text(text) => format!("string {}", Quoted(text)),
            Tree::List(_) => "sequence".to_owned(),
            Tree::Object(_) => "map".to_owned(),
        };
        Self::new(&format_args!("invalid type: {found}, expected {expected}"))
    }

    /// A word that is none of these; `what` it should be.
    #[cold]
    #[inline(never)]
    pub fn unknown(what: &str, word: &str, known: &[&str]) -> Failure {
        Self::new(&format_args!("unknown {what} `{word}`, expected one of `{}`", known.join("`, `")))
    }

    /// The same, of a list in which it happened at this place.
    #[must_use]
    pub fn at(self: Box<Self>, place: usize) -> Failure {
        self.below(Step::Place(place))
    }

    /// The same, of an object in which it happened under this key.
    #[must_use]
    pub fn under(self: Box<Self>, key: &str) -> Failure {
        self.below(Step::Key(key))
    }

    #[cold]
    #[inline(never)]
    fn below(mut self: Box<Self>, step: Step<'_>) -> Failure {
        let dot = if matches!(self.path.as_bytes().first(), None | Some(b'[')) { "" } else { "." };
        self.path = match step {
            Step::Key(key) => format!("{key}{dot}{}", self.path),
            Step::Place(place) => format!("[{place}]{dot}{}", self.path),
        };
        self
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Place(usize),
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.is_empty() {
            true => f.write_str(&self.message),
            false => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

impl std::error::Error for Misfit {}

/// In a box, since every function on the way hands it on.
pub type Failure = Box<Misfit>;

/// The fields of a structure in its own order.
pub struct Fields<'a> {
    entries: &'a [(String, Tree)],
    names: std::slice::Iter<'static, &'static str>,
}

impl<'a> Fields<'a> {
    /// Refuses keys that the structure does not know, as every structure of this crate does.
    ///
    /// # Errors
    /// The first key that it does not know, or that is there twice.
    #[inline(never)]
    pub fn new(entries: &'a [(String, Tree)], names: &'static [&'static str]) -> Result<Self, Failure> {
        for (at, (key, _)) in entries.iter().enumerate() {
            if !names.contains(&key.as_str()) {
                return Err(Misfit::unknown("field", key, names));
            }
            if entries.iter().take(at).any(|(other, _)| other == key) {
                return Err(Misfit::new(&format_args!("duplicate field `{key}`")));
            }
        }
        Ok(Self { entries, names: names.iter() })
    }

    /// The next field with its key; `None` when it is absent.
    pub fn next(&mut self) -> Option<&'a (String, Tree)> {
        let name = self.names.next()?;
        self.entries.iter().find(|(key, _)| key == name)
    }

    /// The next field with its key.
    ///
    /// # Errors
    /// When it is absent.
    #[inline(never)]
    pub fn needed(&mut self) -> Result<&'a (String, Tree), Failure> {
        let name = self.names.as_slice().first().copied().unwrap_or_default();
        self.next().ok_or_else(|| Misfit::new(&format_args!("missing field `{name}`")))
    }
}
