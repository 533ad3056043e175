//! What the calling program did wrong. A bad picture is never an error: it is a finding.

use std::fmt;

use serde::Serialize;

/// The kind of misuse; stable across versions, so that a program can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum MisuseCode {
    /// An argument has the wrong shape, or names something that does not exist.
    InvalidArgument,
    /// The province is not a GB/T 2260 code of a province-level division of the mainland.
    UnknownProvince,
    /// The upload profile is not among the built-in ones.
    UnknownUploadProfile,
    /// The material is not in the catalogue of the rules in use.
    UnknownMaterial,
    /// A date is not a calendar day written `YYYY-MM-DD`.
    InvalidDate,
    /// A rule set given by the caller contradicts the format; the message names the path.
    InvalidRules,
}

impl MisuseCode {
    /// The code as it is written in errors.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid-argument",
            Self::UnknownProvince => "unknown-province",
            Self::UnknownUploadProfile => "unknown-upload-profile",
            Self::UnknownMaterial => "unknown-material",
            Self::InvalidDate => "invalid-date",
            Self::InvalidRules => "invalid-rules",
        }
    }
}

/// A call that cannot be answered because of its arguments.
///
/// `message` is for the developer of the calling program and always English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misuse {
    /// What kind of misuse.
    pub code: MisuseCode,
    /// What was given and what would be right.
    pub message: String,
}

impl Misuse {
    /// Builds the error from its kind and what is wrong.
    #[must_use]
    pub fn new(code: MisuseCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Misuse {}
