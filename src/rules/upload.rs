//! Limits of an upload channel.

use serde::{Deserialize, Serialize};

use crate::facts::Format;
use crate::locale::Text;
use crate::string::Str;
use crate::table::Table;

/// What an upload page accepts. Sizes in bytes, sides in pixels as displayed; an absent limit does not exist.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct UploadProfile {
    /// Stable id, e.g. `alibaba-cloud`.
    pub id: Str,
    /// Name shown to people.
    pub name: Text,
    /// Accepted formats.
    pub formats: Vec<Format>,
    /// A smaller file is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub min_bytes: Option<u64>,
    /// A file of this size or above is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub max_bytes: Option<u64>,
    /// A file of this size or above is refused by channels that count a megabyte as 1,000,000 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub near_limit_bytes: Option<u64>,
    /// A picture with more pixels than this is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub max_pixels: Option<u64>,
    /// Limits that hold for one material only, by material id.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    #[cfg_attr(test, ts(as = "Option<std::collections::BTreeMap<Str, MaterialLimits>>"))]
    pub materials: Table<MaterialLimits>,
    /// Ids of the rules behind the limits; without one, the profile itself is named as the basis.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<UploadBasis>"))]
    pub basis: UploadBasis,
}

/// Limits for one material.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct MaterialLimits {
    /// Replaces the profile's `min_bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub min_bytes: Option<u64>,
    /// Replaces the profile's `max_bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub max_bytes: Option<u64>,
    /// Smallest long side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_long_side_px: Option<u32>,
    /// Smallest short side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_short_side_px: Option<u32>,
    /// No source says that a picture with smaller sides is refused: they are advice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub sides_are_advice: bool,
    /// Id of the rule behind these limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Str>,
}

/// Ids of the rules behind the limits of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct UploadBasis {
    /// Behind `formats`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Str>,
    /// Behind `min_bytes`, `max_bytes` and `near_limit_bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Str>,
    /// Behind `max_pixels`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixels: Option<Str>,
}
