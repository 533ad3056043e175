//! One answer about one file or pair: code, outcome, severity, evidence, basis, fix.

use serde::{Deserialize, Serialize};

use crate::geometry::Quad;
use crate::string::Str;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// What a finding is about. Codes are stable across versions; their words are not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code that this version can report.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it is written in reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

codes! {
    /// The file has no bytes.
    FileEmpty = "file.empty",
    /// The file could not be read: it was moved, deleted, or is a folder.
    FileUnreadable = "file.unreadable",
    /// The checker itself failed on this file; nothing is said about the file.
    FileNotChecked = "file.not-checked",
    /// The upload page does not accept this type of file.
    FileTypeUnsupported = "file.type-unsupported",
    /// Name or MIME type say another type than the content.
    FileTypeMismatch = "file.type-mismatch",
    /// The file is as large as the limit or larger.
    FileTooLarge = "file.too-large",
    /// The file is below the limit only if a megabyte is counted as 1,048,576 bytes.
    FileNearLimit = "file.near-limit",
    /// The file is smaller than this material allows.
    FileTooSmall = "file.too-small",
    /// The file stops before the end of the picture.
    FileTruncated = "file.truncated",
    /// The file's structure is damaged.
    FileCorrupt = "file.corrupt",
    /// Something else is attached behind the picture.
    FileTrailingData = "file.trailing-data",
    /// The picture moves.
    FileAnimated = "file.animated",
    /// Colours are stored in a way that upload pages often cannot show, or there are none.
    FileColorModel = "file.color-model",
    /// The picture has more pixels than programs can be expected to open.
    FileTooManyPixels = "file.too-many-pixels",
    /// The file tells where the photo was taken.
    FileLocationMetadata = "file.location-metadata",
    /// The file was saved by a picture editor.
    FileEdited = "file.edited",
    /// The pixels of a sound picture could not be looked at.
    PhotoNotDecoded = "photo.not-decoded",
    /// The picture has too few pixels for its print to be read.
    PhotoTooFewPixels = "photo.too-few-pixels",
    /// The print is not sharp.
    PhotoBlurred = "photo.blurred",
    /// The photo was taken in too little light.
    PhotoTooDark = "photo.too-dark",
    /// Much of the document is burnt out to white.
    PhotoTooBright = "photo.too-bright",
    /// The print hardly stands out from the paper, or noise drowns it.
    PhotoLowContrast = "photo.low-contrast",
    /// A shadow lies on the document.
    PhotoUnevenLight = "photo.uneven-light",
    /// A lamp mirrors on the document.
    PhotoGlare = "photo.glare",
    /// The picture has no colour, or shows a copy without colour.
    PhotoMonochrome = "photo.monochrome",
    /// The document lies on its side.
    PhotoSideways = "photo.sideways",
    /// The picture was taken of the screen by the device itself.
    PhotoScreenshot = "photo.screenshot",
    /// The photo shows a screen.
    PhotoRecaptured = "photo.recaptured",
    /// No document was found in the picture.
    DocumentNotFound = "document.not-found",
    /// Part of the document lies outside the picture.
    DocumentCutOff = "document.cut-off",
    /// The document touches the edge of the picture.
    DocumentNoMargin = "document.no-margin",
    /// The document is too small in the picture for its print to be read.
    DocumentTooSmallInFrame = "document.too-small-in-frame",
    /// The document has other proportions than the one that was asked for.
    DocumentAspectRatio = "document.aspect-ratio",
    /// The document is seen at a slant, or turned.
    DocumentTilted = "document.tilted",
    /// A document is no longer valid, or not for long.
    DocumentExpired = "document.expired",
    /// The number of an ID card cannot be.
    NumberIdCard = "number.id-card",
    /// A unified social credit code cannot be.
    NumberCreditCode = "number.credit-code",
    /// A passport number looks unusual.
    NumberPassport = "number.passport",
    /// The number of a travel permit looks unusual.
    NumberPermit = "number.permit",
    /// The two pictures of a pair have different frames.
    PairFrameDiffers = "pair.frame-differs",
    /// Front and back are the same photo.
    PairSamePhoto = "pair.same-photo",
    /// Both photos show the same side.
    PairSameSide = "pair.same-side",
    /// The front is in the place of the back.
    PairSidesSwapped = "pair.sides-swapped",
    /// The document is larger in one photo than in the other.
    PairScaleDiffers = "pair.scale-differs",
    /// The document lies elsewhere or in another direction.
    PairPositionDiffers = "pair.position-differs",
    /// The photos were taken in different light.
    PairLightDiffers = "pair.light-differs",
    /// The documents lie on different grounds.
    PairBackgroundDiffers = "pair.background-differs",
    /// A paper that is wanted, or one side of it, is not there.
    SubmissionMissingMaterial = "submission.missing-material",
    /// The answers violate a requirement.
    SubmissionConstraintViolated = "submission.constraint-violated",
    /// One photo lies in two places.
    SubmissionDuplicatePhoto = "submission.duplicate-photo",
    /// A paper without an upload button is not spliced into one that has.
    SubmissionNeedsSplice = "submission.needs-splice",
    /// A paper is there that nothing asks for.
    SubmissionNotNeeded = "submission.not-needed",
    /// A remedy cannot be carried out; only a new photo helps.
    FixNotPossible = "fix.not-possible",
}

/// What a check has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Outcome {
    /// Looked at, and in order.
    Pass,
    /// Looked at, and not in order.
    Fail,
    /// Looked at, and too close to call: a person has to look.
    Unsure,
    /// Could not be asked of this file.
    NotApplicable,
    /// Our own fault: the check did not run to its end. Says nothing about the file.
    Broken,
}

/// What a failure means for the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Severity {
    /// The upload is refused or the filing comes back for certain.
    Blocking,
    /// The upload works; a reviewer may still object.
    Advisory,
}

/// The remedy that a program can carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Fix {
    /// Save with fewer bytes.
    Compress,
    /// Save as JPEG in ordinary colours.
    Convert,
    /// Turn upright.
    Rotate,
    /// Cut to the document.
    Crop,
    /// Bring front and back to the same scale.
    MatchPair,
    /// Join several pictures into one.
    Splice,
    /// Remove data that is not picture.
    StripMetadata,
}

/// A measured value or a limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Value {
    /// A number in the evidence's unit.
    Number(f64),
    /// A word, e.g. a format.
    Text(String),
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        // Exact up to 2^53, as every number in JavaScript.
        Self::Number(number as f64)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What was measured and what it was compared with.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Evidence {
    /// The measured value.
    pub measured: Option<Value>,
    /// The limit it was compared with.
    pub limit: Option<Value>,
    /// Unit of both: `bytes`, `px`, `megapixels`, `frames`, `ratio`, `luma` (0 to 255), `px/mm`, `deg`; `null` for words.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub unit: Option<&'static str>,
    /// Where in the displayed picture.
    pub region: Option<Quad>,
    /// Where in the file, in bytes from its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub byte_offset: Option<u64>,
}

/// Who asks for it, or where the method comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Basis {
    /// Id of the rule or of the standard.
    pub id: Str,
    /// Title of the document.
    pub title: Str,
    /// Who published it.
    pub publisher: Str,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub url: Option<Str>,
    /// Its date, as precise as known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub date: Option<Str>,
}

/// A value that a message shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A size in bytes, shown as KB or MB.
    Bytes(u64),
    /// A whole number.
    Count(u64),
    /// A share from 0 to 1, shown in percent with one digit.
    Percent(f64),
    /// A number with so many digits behind the point.
    Decimal(f64, u8),
    /// Width and height in pixels.
    Size(u32, u32),
    /// A text of the file or the caller, shown as it is.
    Text(String),
    /// A word that is translated: group and key in the message files.
    Term(&'static str, &'static str),
    /// Several translated words of one group.
    Terms(&'static str, Vec<&'static str>),
}

/// One answer, before it is put into words.
///
/// The words are chosen by `code`, `outcome` and `reason` from `www/messages`.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is about.
    pub code: Code,
    /// What the check says.
    pub outcome: Outcome,
    /// What a failure means.
    pub severity: Severity,
    /// Which of the several messages of this outcome; empty for the usual one.
    pub reason: &'static str,
    /// What was measured.
    pub evidence: Evidence,
    /// Values for the message, by placeholder.
    pub args: Vec<(&'static str, Arg)>,
    /// Id of the rule or standard behind it.
    pub basis: String,
    /// The remedy that a program can carry out.
    pub fix: Option<Fix>,
}

// Checks build findings in hundreds of places: each step is there once, not in every check.
impl Finding {
    /// An advisory finding without evidence; the other fields are set with the methods below.
    #[must_use]
    #[inline(never)]
    pub fn new(code: Code, outcome: Outcome, basis: impl Into<String>) -> Self {
        Self {
            code,
            outcome,
            severity: Severity::Advisory,
            reason: "",
            evidence: Evidence::default(),
            args: Vec::new(),
            basis: basis.into(),
            fix: None,
        }
    }

    /// The upload would be refused or the filing come back for certain.
    #[must_use]
    #[inline(never)]
    pub fn blocking(mut self) -> Self {
        self.severity = Severity::Blocking;
        self
    }

    /// The upload works; a reviewer may still object.
    #[must_use]
    #[inline(never)]
    pub fn advisory(mut self) -> Self {
        self.severity = Severity::Advisory;
        self
    }

    /// Chooses among several messages of the same outcome.
    #[must_use]
    #[inline(never)]
    pub fn because(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// Adds a value for a placeholder of the message.
    #[must_use]
    #[inline(never)]
    pub fn arg(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.push((name, arg));
        self
    }

    /// Records what was measured and in which unit.
    #[must_use]
    #[inline(never)]
    pub fn measured(mut self, value: impl Into<Value>, unit: Option<&'static str>) -> Self {
        self.evidence.measured = Some(value.into());
        self.evidence.unit = unit;
        self
    }

    /// Records the limit, in the same unit.
    #[must_use]
    #[inline(never)]
    pub fn limit(mut self, value: impl Into<Value>) -> Self {
        self.evidence.limit = Some(value.into());
        self
    }

    /// Records the place in the file.
    #[must_use]
    #[inline(never)]
    pub fn at(mut self, byte_offset: u64) -> Self {
        self.evidence.byte_offset = Some(byte_offset);
        self
    }

    /// Records the place in the displayed picture, if there is one.
    #[must_use]
    #[inline(never)]
    pub fn region(mut self, region: Option<Quad>) -> Self {
        self.evidence.region = region;
        self
    }

    /// Names the remedy that a program can carry out.
    #[must_use]
    #[inline(never)]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// The answer about a whole file, pair or submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Verdict {
    /// Nothing to object to in what was checked.
    Pass,
    /// A person should look: an advisory failure, a doubt, or a check that did not run.
    Review,
    /// Will be refused or come back.
    Fail,
}

impl Verdict {
    /// The verdict that follows from findings.
    #[must_use]
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        findings.into_iter().map(Self::of_one).max().unwrap_or(Self::Pass)
    }

    fn of_one(finding: &Finding) -> Self {
        match (finding.outcome, finding.severity) {
            (Outcome::Fail, Severity::Blocking) => Self::Fail,
            (Outcome::Fail | Outcome::Unsure | Outcome::Broken, _) => Self::Review,
            (Outcome::Pass | Outcome::NotApplicable, _) => Self::Pass,
        }
    }
}
