//! Runs the steps in order: bytes to facts, facts to findings, findings to a report in words.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::checklist::{self, Checklist, Profile};
use crate::checks::{self, Context};
use crate::date::Date;
use crate::decode::{self, DecodeError};
use crate::error::{Misuse, MisuseCode};
use crate::facts::{Damage, DamageKind, Declared, Ending, FileFacts, PairFacts};
use crate::file;
use crate::finding::{Basis, Finding, Verdict};
use crate::limits::DecodeLimits;
use crate::locale::Locale;
use crate::measure;
use crate::photo_facts::{PhotoFacts, PixelFacts};
use crate::report::{DocumentKind, DocumentReport, EngineReport, FileReport, FindingReport, PairReport, PhotoReport};
use crate::rules::RuleSet;
use crate::rules::upload::UploadProfile;
use crate::words::Words;

/// Version of the program, as in Cargo.toml.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The upload profile that is used when none is named.
pub const DEFAULT_UPLOAD_PROFILE: &str = "alibaba-cloud";

/// Id of the term list with the names of picture editors.
const EDITING_PROGRAMS: &str = "editing-programs";

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

/// The checker: rules, upload limits and words, ready to answer.
///
/// ```
/// use icp_precheck::{FileRequest, Locale, Precheck, finding::Verdict};
///
/// let precheck = Precheck::new(Locale::En);
/// let on = "2026-11-24".parse().map_err(|e| format!("{e}"))?;
/// let report = precheck.inspect_file(b"", &FileRequest::new(0, on)).map_err(|e| e.to_string())?;
/// assert_eq!(report.verdict, Verdict::Fail);
/// assert_eq!(report.findings[0].message, "The file is empty (0 bytes).");
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Precheck {
    locale: Locale,
    words: Words,
    rules: RuleSet,
    upload: UploadProfile,
    editing_programs: Vec<String>,
}

impl Precheck {
    /// A checker with the built-in rules and the default upload profile.
    #[must_use]
    pub fn new(locale: Locale) -> Self {
        let rules = RuleSet::builtin();
        let upload = rules.upload(DEFAULT_UPLOAD_PROFILE).cloned().unwrap_or_default();
        Self::assemble(locale, rules, upload)
    }

    /// Replaces the rules. The upload profile stays.
    ///
    /// # Errors
    /// [`MisuseCode::InvalidRules`] with the path of the fault when the set contradicts the format.
    pub fn with_rules(self, rules: RuleSet) -> Result<Self, Misuse> {
        rules.validate().map_err(|fault| Misuse::new(MisuseCode::InvalidRules, fault.to_string()))?;
        Ok(Self::assemble(self.locale, rules, self.upload))
    }

    /// Replaces the upload profile by one of the rules, by id.
    ///
    /// # Errors
    /// [`MisuseCode::UnknownUploadProfile`] when there is none with this id.
    pub fn with_upload_profile(self, id: &str) -> Result<Self, Misuse> {
        let Some(upload) = self.rules.upload(id).cloned() else {
            let known: Vec<_> = self.rules.uploads.iter().map(|profile| profile.id.as_str()).collect();
            let message = format!("no upload profile {id:?}; known: {}", known.join(", "));
            return Err(Misuse::new(MisuseCode::UnknownUploadProfile, message));
        };
        Ok(Self { upload, ..self })
    }

    /// Replaces the upload profile by the caller's own.
    #[must_use]
    pub fn with_upload(self, upload: UploadProfile) -> Self {
        Self { upload, ..self }
    }

    fn assemble(locale: Locale, rules: RuleSet, upload: UploadProfile) -> Self {
        let editing_programs = rules.terms(EDITING_PROGRAMS).iter().map(|term| term.to_lowercase()).collect();
        Self { locale, words: Words::load(locale), rules, upload, editing_programs }
    }

    /// Version of the rules in use.
    #[must_use]
    pub fn rules_version(&self) -> &str {
        &self.rules.version
    }

    /// Says what the bytes of one file show, without decoding a pixel.
    ///
    /// `bytes` is the whole file or, above [`crate::limits::MAX_READ_BYTES`], its first part.
    ///
    /// # Errors
    /// [`Misuse`] when the request names a material, document or province that does not exist.
    pub fn inspect_file(&self, bytes: &[u8], request: &FileRequest) -> Result<PhotoReport, Misuse> {
        self.check_request(request)?;
        Ok(self.inspect(bytes, request).1)
    }

    /// Says what one photo shows: its file, its pixels and the document in it. The picture is decoded once.
    ///
    /// `bytes` is the whole file or, above [`crate::limits::MAX_READ_BYTES`], its first part, which is then not decoded.
    ///
    /// # Errors
    /// [`Misuse`] when the request names a material, document or province that does not exist.
    pub fn check_photo(&self, bytes: &[u8], request: &FileRequest) -> Result<PhotoReport, Misuse> {
        self.judge_photo(&measure_photo(bytes, request.size_bytes), request)
    }

    /// Says what the facts of one photo mean for a request; [`measure_photo`] gives them.
    ///
    /// # Errors
    /// [`Misuse`] when the request names a material, document or province that does not exist.
    pub fn judge_photo(&self, facts: &PhotoFacts, request: &FileRequest) -> Result<PhotoReport, Misuse> {
        self.check_request(request)?;
        let findings = checks::check_photo(facts, &self.context(&declared(request), request));
        let mut report = self.report(&facts.file, &findings, request);
        report.document = facts.document.as_ref().map(DocumentReport::new);
        let measures = facts.pixels.iter().flat_map(PixelFacts::measures);
        report.measures = measures.map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(report)
    }

    /// Says what the bytes of a front and a back show, each and together. `None` is a file that could not be read.
    ///
    /// # Errors
    /// [`Misuse`] when a request names a material, document or province that does not exist.
    pub fn check_pair(
        &self,
        front: (Option<&[u8]>, &FileRequest),
        back: (Option<&[u8]>, &FileRequest),
    ) -> Result<PairReport, Misuse> {
        self.check_request(front.1)?;
        self.check_request(back.1)?;
        let inspect = |(bytes, request): (Option<&[u8]>, &FileRequest)| match bytes {
            Some(bytes) => {
                let (facts, report) = self.inspect(bytes, request);
                (Some(facts), report)
            }
            None => (None, self.report(&FileFacts::default(), &[checks::unreadable()], request)),
        };
        let (front_facts, front_report) = inspect(front);
        let (back_facts, back_report) = inspect(back);
        let findings = checks::check_pair(&PairFacts {
            front: front_facts.as_ref(),
            back: back_facts.as_ref(),
            sameness: file::sameness(front.0.zip(front_facts.as_ref()), back.0.zip(back_facts.as_ref())),
        });
        Ok(PairReport {
            verdict: Verdict::of(&findings).max(front_report.verdict).max(back_report.verdict),
            findings: self.say_all(&findings),
            engine: self.engine(front.1.on),
            front: front_report,
            back: back_report,
        })
    }

    /// Says which papers this profile needs, why, and which questions are still worth asking.
    ///
    /// # Errors
    /// [`Misuse`] when the province is missing or unknown, or an answer is not one that its question allows.
    pub fn checklist(&self, profile: &Profile, on: Date) -> Result<Checklist, Misuse> {
        checklist::evaluate(&self.rules, profile, on, self.locale)
    }

    /// The report about a file that could not be read.
    #[must_use]
    pub fn unreadable(&self, request: &FileRequest) -> PhotoReport {
        self.report(&self.unread(request), &[checks::unreadable()], request)
    }

    /// The report about a file on which the checker itself failed, for a caller that noticed it.
    #[must_use]
    pub fn not_checked(&self, request: &FileRequest) -> PhotoReport {
        self.report(&self.unread(request), &[checks::not_checked()], request)
    }

    /// The report about a pair on which the checker itself failed, for a caller that noticed it.
    #[must_use]
    pub fn pair_not_checked(&self, front: &FileRequest, back: &FileRequest) -> PairReport {
        let findings = [checks::not_checked()];
        PairReport {
            verdict: Verdict::of(&findings),
            findings: self.say_all(&findings),
            front: self.not_checked(front),
            back: self.not_checked(back),
            engine: self.engine(front.on),
        }
    }

    fn unread(&self, request: &FileRequest) -> FileFacts {
        FileFacts { size_bytes: request.size_bytes, ..FileFacts::default() }
    }

    fn inspect(&self, bytes: &[u8], request: &FileRequest) -> (FileFacts, PhotoReport) {
        let facts = file::read_facts(bytes, request.size_bytes.max(bytes.len() as u64));
        let findings = checks::check_file(&facts, &self.context(&declared(request), request));
        let report = self.report(&facts, &findings, request);
        (facts, report)
    }

    fn context<'a>(&'a self, declared: &'a Declared, request: &'a FileRequest) -> Context<'a> {
        Context {
            declared,
            upload: &self.upload,
            material: request.material.as_deref(),
            editing_programs: &self.editing_programs,
        }
    }

    fn report(&self, facts: &FileFacts, findings: &[Finding], request: &FileRequest) -> PhotoReport {
        PhotoReport {
            verdict: Verdict::of(findings),
            findings: self.say_all(findings),
            file: FileReport::new(facts),
            document: None,
            measures: BTreeMap::new(),
            engine: self.engine(request.on),
        }
    }

    fn say_all(&self, findings: &[Finding]) -> Vec<FindingReport> {
        findings.iter().map(|finding| self.say(finding)).collect()
    }

    fn say(&self, finding: &Finding) -> FindingReport {
        let (message, remedy) = self.words.say(finding);
        FindingReport {
            code: finding.code,
            outcome: finding.outcome,
            severity: finding.severity,
            message,
            remedy,
            evidence: finding.evidence.clone(),
            basis: self.basis(&finding.basis),
            fix: finding.fix,
        }
    }

    /// A profile or a rule set of the caller's may lack what a built-in check refers to: then the id speaks for itself.
    fn basis(&self, id: &str) -> Basis {
        if id.starts_with("upload:") {
            let name = self.upload.name.get(self.locale);
            return Basis { id: id.to_owned(), title: name.to_owned(), publisher: name.to_owned(), ..Basis::default() };
        }
        self.rules.basis(id, self.locale).unwrap_or_else(|| Basis {
            id: id.to_owned(),
            title: id.to_owned(),
            publisher: "icp-precheck".to_owned(),
            ..Basis::default()
        })
    }

    fn engine(&self, on: Date) -> EngineReport {
        EngineReport { version: VERSION.to_owned(), rules_version: self.rules.version.clone(), on }
    }

    fn check_request(&self, request: &FileRequest) -> Result<(), Misuse> {
        if let Some(material) = &request.material
            && !self.rules.has_material(material)
        {
            return Err(Misuse::new(MisuseCode::UnknownMaterial, format!("no material {material:?}")));
        }
        if let Some(document) = &request.document
            && DocumentKind::parse(document).is_none()
            && !self.rules.has_document(document)
        {
            return Err(Misuse::new(
                MisuseCode::InvalidArgument,
                format!("document: no kind of document {document:?}"),
            ));
        }
        if let Some(province) = &request.province
            && !self.rules.has_region(province)
        {
            return Err(Misuse::new(MisuseCode::UnknownProvince, format!("no province {province:?}")));
        }
        Ok(())
    }
}

/// Reads, decodes and measures one photo: everything that is judged later, and nothing of a judgement.
///
/// `size_bytes` is the size of the whole file, of which `bytes` may be the first part, which is then not decoded.
#[must_use]
pub fn measure_photo(bytes: &[u8], size_bytes: u64) -> PhotoFacts {
    let mut file = file::read_facts(bytes, size_bytes.max(bytes.len() as u64));
    let planes = decode::decode(bytes, &file, &DecodeLimits::default());
    let damage = match &planes {
        Ok(planes) => planes.damage,
        Err(DecodeError::NoPixels) => {
            let start = file.picture.as_ref().and_then(|picture| picture.image_data.as_ref());
            let byte_offset = start.map_or(0, |range| range.start);
            Some(Damage { kind: DamageKind::InvalidPixelData, byte_offset })
        }
        Err(_) => None,
    };
    if let Some(picture) = &mut file.picture
        && picture.damage.is_none()
        && !matches!(picture.ending, Ending::Truncated { .. })
    {
        picture.damage = damage;
    }
    let document = None;
    let pixels = planes.ok().map(|planes| measure::measure(&planes, document.as_ref()));
    PhotoFacts { file, pixels, document }
}

fn declared(request: &FileRequest) -> Declared {
    Declared { file_name: request.file_name.clone(), mime_type: request.mime_type.clone() }
}
