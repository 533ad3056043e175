//! What the caller says about a file and asks of it.

use serde::Deserialize;

use crate::date::Date;

/// Which side of a document a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Side {
    /// The side with the portrait, or with the person's data.
    Front,
    /// The other side.
    Back,
}

/// What the caller says about a file and asks of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileRequest {
    /// Size of the whole file, which may be more than the bytes at hand.
    pub size_bytes: u64,
    /// File name with extension.
    #[serde(default)]
    pub file_name: Option<String>,
    /// MIME type, as the browser derived it from the name.
    #[serde(default)]
    pub mime_type: Option<String>,
    /// Which material of the catalogue the file is for.
    #[serde(default)]
    pub material: Option<String>,
    /// Which side of the document it shows.
    #[serde(default)]
    pub side: Option<Side>,
    /// Which document it shows: a kind by shape, or an identity document of the rules.
    #[serde(default)]
    pub document: Option<String>,
    /// GB/T 2260 code of the province of the filing.
    #[serde(default)]
    pub province: Option<String>,
    /// The day that the answer is to hold for.
    pub on: Date,
}

impl FileRequest {
    /// A request about a file of this size, with nothing else said.
    #[must_use]
    pub fn new(size_bytes: u64, on: Date) -> Self {
        Self {
            size_bytes,
            file_name: None,
            mime_type: None,
            material: None,
            side: None,
            document: None,
            province: None,
            on,
        }
    }
}
