//! Checks photos and papers for an ICP filing (ICP备案) before they are uploaded.
//!
//! Bytes become facts ([`file`]), facts become findings, findings become a [`report`] in words. Which papers a province
//! wants follows from [`rules`] and the answers of the applicant ([`checklist`]). [`Precheck`] runs it all.
//!
//! The crate is pure: no clock, no network, no randomness. It is also what the npm package `icp-precheck` runs as
//! WebAssembly, with the same functions and the same answers.

pub mod checklist;
mod checks;
mod compare;
mod date;
pub mod decode;
mod error;
pub mod facts;
pub mod file;
pub mod finding;
pub mod fix;
pub mod geometry;
pub mod limits;
mod locale;
pub mod locate;
pub mod measure;
pub mod numbers;
pub mod photo_facts;
pub mod planes;
mod precheck;
pub mod render;
pub mod report;
mod request;
pub mod rules;
pub mod string;
pub mod submission;
#[cfg(test)]
mod typescript;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod words;

pub use date::{Date, InvalidDate};
pub use error::{Misuse, MisuseCode};
pub use locale::{Locale, Text};
pub use precheck::{DEFAULT_UPLOAD_PROFILE, Precheck, VERSION, describe_document, measure_photo};
pub use request::{FileRequest, Side};
