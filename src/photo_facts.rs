//! What was found out about the picture itself, from its pixels: plain data, named with units, never a judgement.
//!
//! `measure` and `locate` fill it, `checks` compare it with limits.

use serde::{Deserialize, Serialize};

use crate::facts::FileFacts;
use crate::geometry::Quad;

/// The kind of document in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum DocumentKind {
    /// A card of 85.60 x 53.98 mm (ISO/IEC 7810 ID-1): resident identity card, travel and residence permits.
    #[serde(rename = "id-1-card")]
    Id1Card,
    /// The data page of a passport.
    PassportPage,
    /// An open passport.
    PassportOpen,
    /// A4, upright.
    A4Portrait,
    /// A4, lying.
    A4Landscape,
    /// A3, lying: the large form of the business licence.
    A3Landscape,
    /// None of these, or not known.
    Unknown,
}

impl DocumentKind {
    /// The kind with this name in reports, if there is one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "id-1-card" => Self::Id1Card,
            "passport-page" => Self::PassportPage,
            "passport-open" => Self::PassportOpen,
            "a4-portrait" => Self::A4Portrait,
            "a4-landscape" => Self::A4Landscape,
            "a3-landscape" => Self::A3Landscape,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

/// Whether the document lies wholly in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum InFrame {
    /// All four corners are in the picture.
    Whole,
    /// The document leaves the picture.
    CutOff,
    /// A scan: the document is the picture.
    FillsFrame,
}

/// Where the document is.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentFacts {
    /// Kind of document by its shape.
    pub kind: DocumentKind,
    /// Corners in pixels of the displayed picture, clockwise from the one with the smallest `x + y`.
    pub quad: Quad,
    /// Long side divided by short side of the document itself, perspective removed.
    pub aspect_ratio: f64,
    /// Half width of the 95 % interval of `aspect_ratio`.
    pub aspect_ratio_uncertainty: f64,
    /// Share of the picture that the document covers, 0 to 1.
    pub coverage: f64,
    /// Rotation in degrees, clockwise, -180 to 180.
    pub rotation_deg: f64,
    /// Tilt of the camera against the document in degrees, 0 to 90.
    pub tilt_deg: f64,
    /// Probability that every corner of `quad` is right (intersection over union at least 0.9), 0 to 1.
    pub confidence: f64,
    /// Whether the document lies wholly in the picture.
    pub in_frame: InFrame,
}

/// What the pixels show, inside the document where one was found, else in the whole picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PixelFacts {
    /// Share of the picture's rows that could be decoded, 0 to 1.
    pub decoded_share: f64,
}

impl PixelFacts {
    /// The values as reports name them; `None` is not available.
    #[must_use]
    pub fn measures(&self) -> Vec<(&'static str, Option<f64>)> {
        vec![("decodedShare", Some(self.decoded_share))]
    }
}

/// Everything about one photo.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoFacts {
    /// What the bytes say.
    pub file: FileFacts,
    /// What the pixels show; `None` when none could be decoded.
    pub pixels: Option<PixelFacts>,
    /// Where the document is; `None` when it was not found.
    pub document: Option<DocumentFacts>,
}
