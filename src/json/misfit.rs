//! What does not fit the type that it should become, and where.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

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
    pub fn instead_of(found: &Tree, expected: &dyn Expected) -> Failure {
        let found = match found {
            Tree::Null => Unexpected::Other("null"),
            Tree::Flag(flag) => Unexpected::Bool(*flag),
            Tree::Natural(number) => Unexpected::Unsigned(*number),
            Tree::Negative(number) => Unexpected::Signed(*number),
            Tree::Real(number) => Unexpected::Float(*number),
            Tree::Text(text) => Unexpected::Str(text),
            Tree::List(_) => Unexpected::Seq,
            Tree::Object(_) => Unexpected::Map,
        };
        Failure::invalid_type(found, expected)
    }

    /// A word that is none of these.
    #[cold]
    #[inline(never)]
    pub fn unknown_word(word: &str, known: &'static [&'static str]) -> Failure {
        Failure::unknown_variant(word, known)
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

impl Error for Failure {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Misfit::new(&message)
    }

    #[cold]
    #[inline(never)]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", shown(found)))
    }

    #[cold]
    #[inline(never)]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", shown(found)))
    }
}

/// As serde shows it, but with numbers and texts in little code.
fn shown(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Float(number) => format!("floating point `{}`", decimal::shortest(number)),
        Unexpected::Str(text) => format!("string {}", Quoted(text)),
        Unexpected::Bool(flag) => format!("boolean `{flag}`"),
        Unexpected::Unsigned(number) => format!("integer `{number}`"),
        Unexpected::Signed(number) => format!("integer `{number}`"),
        Unexpected::Seq => "sequence".to_owned(),
        Unexpected::Map => "map".to_owned(),
        Unexpected::Other(other) => other.to_owned(),
        _ => "another kind of value".to_owned(),
    }
}

/// The fields of a structure in its own order. One that the object lacks is passed over, as if the list ended there;
/// whether it may be absent is known to the structure.
pub struct Fields<'a> {
    entries: &'a [(String, Tree)],
    names: std::slice::Iter<'static, &'static str>,
    lacking: Option<&'static str>,
}

impl<'a> Fields<'a> {
    /// Refuses keys that the structure does not know, as every structure of this crate does.
    ///
    /// # Errors
    /// The first key that it does not know, or that is there twice.
    #[inline(never)]
    pub fn new(entries: &'a [(String, Tree)], names: &'static [&'static str]) -> Result<Self, Failure> {
        for (at, (key, _)) in entries.iter().enumerate() {
            let Some(name) = names.iter().find(|name| *name == key) else {
                return Err(Failure::unknown_field(key, names));
            };
            if entries.iter().take(at).any(|(other, _)| other == key) {
                return Err(Failure::duplicate_field(name));
            }
        }
        Ok(Self { entries, names: names.iter(), lacking: None })
    }

    /// Tells the lack of a field apart from a fault in it.
    #[cold]
    #[inline(never)]
    pub fn blame(&self, misfit: Failure) -> Failure {
        self.lacking.map_or(misfit, Failure::missing_field)
    }

    /// The next field with its key; `None` when it is absent.
    #[inline(never)]
    pub fn next(&mut self) -> Option<&'a (String, Tree)> {
        let name = self.names.next()?;
        let found = self.entries.iter().find(|(key, _)| key == name);
        self.lacking = if found.is_some() { None } else { Some(name) };
        found
    }

    /// The next field with its key.
    ///
    /// # Errors
    /// When it is absent.
    pub fn needed(&mut self) -> Result<&'a (String, Tree), Failure> {
        self.next().ok_or_else(|| self.blame(Failure::default()))
    }
}
