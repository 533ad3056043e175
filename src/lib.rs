//! Checks photos and papers for an ICP filing (ICP备案) before they are uploaded.

pub mod checklist;
mod date;
mod error;
pub mod facts;
pub mod file;
pub mod finding;
pub mod geometry;
pub mod limits;
mod locale;
pub mod report;
pub mod rules;
#[cfg(test)]
mod typescript;

pub use date::{Date, InvalidDate};
pub use error::{Misuse, MisuseCode};
pub use locale::{Locale, Text};
