//! The answer as the caller gets it: facts, findings in words, and which engine and rules gave it.
//!
//! Field names are a promise (see the promise table in CONTRIBUTING.md): fields are added, never removed.

use serde::Serialize;

use crate::date::Date;
use crate::facts::{ColorModel, Exif, FileFacts, Format};
use crate::finding::{Basis, Code, Evidence, Fix, Outcome, Severity, Verdict};
use crate::geometry::Quad;
use crate::photo_facts::DocumentFacts;
pub use crate::photo_facts::{DocumentKind, InFrame};
use crate::string::Str;
use crate::table::Table;

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Finding"))]
pub struct FindingReport {
    /// Stable code, e.g. `file.too-large`.
    pub code: Code,
    /// What the check says.
    pub outcome: Outcome,
    /// What a failure means.
    pub severity: Severity,
    /// What is wrong, with value and limit, in the chosen language.
    pub message: String,
    /// What to do now; `null` when there is nothing to do.
    pub remedy: Option<String>,
    /// What was measured.
    pub evidence: Evidence,
    /// Who asks for it, or the source of the method.
    pub basis: Basis,
    /// The remedy that a program can carry out.
    pub fix: Option<Fix>,
}

/// What the bytes of the file say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileReport {
    /// The real type, by content.
    pub format: Format,
    /// MIME type of the real type, not of the name; `application/octet-stream` when unknown.
    pub mime_type: String,
    /// Size of the whole file in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size_bytes: u64,
    /// Width in pixels as displayed, Exif orientation applied; 0 when not known.
    pub width_px: u32,
    /// Height in pixels as displayed, Exif orientation applied; 0 when not known.
    pub height_px: u32,
    /// Exif orientation, 1 to 8; 1 when the file has none.
    #[cfg_attr(test, ts(type = "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8"))]
    pub exif_orientation: u8,
    /// Number of frames: 1 for a still picture, 0 when not known.
    pub frames: u32,
    /// How colours are stored.
    pub color_model: ColorModel,
    /// Bits per sample, 1 to 16; 0 when not known.
    pub bits_per_sample: u8,
    /// Whether the structure was walked to its end mark without damage.
    pub complete: bool,
    /// Camera data; `null` when the file has none.
    pub exif: Option<Exif>,
    /// Focal length in pixels of the picture, which tells true proportions from perspective; `null` unless the camera data
    /// state one that holds for all of the picture.
    pub focal_length_px: Option<f64>,
}

impl FileReport {
    /// The part of the facts that a report shows.
    #[must_use]
    pub fn new(facts: &FileFacts) -> Self {
        let picture = facts.picture.as_ref();
        let (width_px, height_px) = picture.map_or((0, 0), |p| p.displayed_size_px());
        Self {
            format: facts.format,
            mime_type: facts.format.mime_type().to_owned(),
            size_bytes: facts.size_bytes,
            width_px,
            height_px,
            exif_orientation: picture.map_or(1, |p| p.exif_orientation.clamp(1, 8)),
            frames: picture.map_or(0, |p| p.frames),
            color_model: picture.map_or(ColorModel::Unknown, |p| p.color_model),
            bits_per_sample: picture.map_or(0, |p| p.bits_per_sample),
            complete: picture.is_some_and(|p| p.is_complete()),
            exif: picture.and_then(|p| p.exif.clone()),
            focal_length_px: picture.and_then(|p| p.focal_length_px),
        }
    }
}

/// Where the document is in the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DocumentReport {
    /// Kind of document by its shape.
    pub kind: DocumentKind,
    /// Corners in pixels of the displayed picture, clockwise from the one with the smallest `x + y`.
    pub quad: Quad,
    /// Long side divided by short side of the document itself, perspective removed.
    pub aspect_ratio: f64,
    /// Share of the picture that the document covers, 0 to 1.
    pub coverage: f64,
    /// Rotation in degrees, clockwise, -180 to 180.
    pub rotation_deg: f64,
    /// Tilt of the camera against the document in degrees, 0 to 90.
    pub tilt_deg: f64,
    /// Confidence, 0 to 1.
    pub confidence: f64,
    /// Whether the document lies wholly in the picture.
    pub in_frame: InFrame,
}

impl DocumentReport {
    /// The part of the facts that a report shows.
    #[must_use]
    pub fn new(facts: &DocumentFacts) -> Self {
        Self {
            kind: facts.kind,
            quad: facts.quad,
            aspect_ratio: facts.aspect_ratio,
            coverage: facts.coverage,
            rotation_deg: facts.rotation_deg,
            tilt_deg: facts.tilt_deg,
            confidence: facts.confidence,
            in_frame: facts.in_frame,
        }
    }
}

/// Which engine and rules gave the answer, and for which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EngineReport {
    /// Version of the program.
    pub version: Str,
    /// Version of the rules.
    pub rules_version: Str,
    /// Fingerprint of the rules: tells sets of the same version apart.
    pub rules_hash: Str,
    /// The day that the answer holds for.
    #[cfg_attr(test, ts(type = "string"))]
    pub on: Date,
}

/// Everything about one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PhotoReport {
    /// `fail`: a blocking failure. `review`: an advisory failure, a doubt, or a check that did not run.
    pub verdict: Verdict,
    /// One per check: failures first, passes last.
    pub findings: Vec<FindingReport>,
    /// What the bytes say.
    pub file: FileReport,
    /// Where the document is; `null` when it was not looked for or not found.
    pub document: Option<DocumentReport>,
    /// Measured values, by name with unit; `null` = not available.
    #[cfg_attr(test, ts(type = "Record<string, number | null>"))]
    pub measures: Table<Option<f64>>,
    /// Which engine and rules.
    pub engine: EngineReport,
}

/// A finding about one field of what was typed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NumberFinding {
    /// Name of the field, e.g. `idCard`.
    pub field: &'static str,
    /// What is said about it.
    #[serde(flatten)]
    pub finding: FindingReport,
}

/// What is said about numbers that were typed. It repeats none of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NumbersReport {
    /// The worst of the findings.
    pub verdict: Verdict,
    /// One per field that was given.
    pub findings: Vec<NumberFinding>,
    /// Age in years by the ID number; `null` where there is no sound one.
    pub age_years: Option<u16>,
    /// Province-level code of the place where the ID number was first given out. The domicile may be another today.
    pub id_region: Option<String>,
    /// Province-level code of the place where the organization was registered; `null` for the state's own.
    pub entity_region: Option<String>,
    /// Which engine and rules.
    pub engine: EngineReport,
}

/// Everything about the front and the back of one document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PairReport {
    /// The worst of both reports and the findings about the pair.
    pub verdict: Verdict,
    /// What is only true of both together.
    pub findings: Vec<FindingReport>,
    /// The front.
    pub front: PhotoReport,
    /// The back.
    pub back: PhotoReport,
    /// Which engine and rules.
    pub engine: EngineReport,
}
