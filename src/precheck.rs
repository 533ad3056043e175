//! Runs the steps in order: bytes to facts, facts to findings, findings to a report in words.

use std::sync::OnceLock;

use crate::checklist::{self, Checklist, Profile};
use crate::checks::{self, Context};
use crate::compare::{self, compare};
use crate::date::Date;
use crate::decimal;
use crate::decode::{self, DecodeError};
use crate::error::{Misuse, MisuseCode};
use crate::facts::{Damage, DamageKind, Declared, Ending, FileFacts};
use crate::file;
use crate::finding::{Basis, Finding, Verdict};
use crate::fix::{Change, FixReport, Refusal, Spliced};
use crate::limits::DecodeLimits;
use crate::locale::Locale;
use crate::locate;
use crate::measure;
use crate::numbers::{self, Numbers};
use crate::order;
use crate::photo_facts::{PhotoFacts, PixelFacts};
use crate::report::{
    DocumentKind, DocumentReport, EngineReport, FileReport, FindingReport, NumberFinding, NumbersReport, PairReport,
    PhotoReport,
};
use crate::request::FileRequest;
use crate::rules::RuleSet;
use crate::rules::format::Slot;
use crate::rules::upload::UploadProfile;
use crate::string::Quoted;
use crate::submission::{
    Look, Placed, PlacedPhoto, SlotReport, Submission, SubmissionFacts, SubmissionFinding, SubmissionPair,
    SubmissionReport, side_of, todo,
};
use crate::table::Table;
use crate::words::Words;

/// Version of the program, as in Cargo.toml.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The upload profile that is used when none is named.
pub const DEFAULT_UPLOAD_PROFILE: &str = "alibaba-cloud";

/// Limit of a spliced picture where the upload profile has none.
const DEFAULT_SPLICE_BYTES: u64 = 4_000_000;

/// Id of the term list with the names of picture editors.
const EDITING_PROGRAMS: &str = "editing-programs";

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
    /// Read when the first finding is put into words; whoever asks for a checklist alone never needs them.
    words: OnceLock<Words>,
    rules: RuleSet,
    /// Of the rules.
    memory: checklist::Memory,
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
            let message = format!("no upload profile {}; known: {}", Quoted(id), known.join(", "));
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
        let editing_programs = rules.terms(EDITING_PROGRAMS).iter().map(|term| term.to_ascii_lowercase()).collect();
        Self { locale, words: OnceLock::new(), rules, memory: checklist::Memory::default(), upload, editing_programs }
    }

    /// Fingerprint of the rules in use.
    #[must_use]
    pub fn rules_hash(&self) -> &str {
        &self.rules.hash
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
        let facts = file::read_facts(bytes, request.size_bytes.max(bytes.len() as u64));
        let findings = checks::check_file(&facts, &self.context(&declared(request), request, &[]));
        Ok(self.report(&facts, &findings, request))
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
        let expected = self.expected(request);
        let findings = checks::check_photo(facts, &self.context(&declared(request), request, &expected));
        let mut report = self.report(&facts.file, &findings, request);
        report.document = facts
            .document
            .as_ref()
            .map(|document| DocumentReport { kind: document.kind_among(&expected), ..DocumentReport::new(document) });
        let measures = facts.pixels.iter().flat_map(PixelFacts::measures);
        // One by one: collecting would sort them first, by a sort of their own.
        for (name, value) in measures {
            report.measures.insert(name, value);
        }
        Ok(report)
    }

    /// Says what a front and a back show, each and together. `None` is a file that could not be read.
    ///
    /// # Errors
    /// [`Misuse`] when a request names a material, document or province that does not exist.
    pub fn check_pair(
        &self,
        front: (Option<&[u8]>, &FileRequest),
        back: (Option<&[u8]>, &FileRequest),
    ) -> Result<PairReport, Misuse> {
        let measure = |(bytes, request): (Option<&[u8]>, &FileRequest)| match bytes {
            Some(bytes) => Look::Measured(Box::new(measure_photo(bytes, request.size_bytes))),
            None => Look::Unreadable,
        };
        self.judge_pair((&measure(front), front.1), (&measure(back), back.1))
    }

    /// Says what the facts of a front and a back mean, each and together.
    ///
    /// # Errors
    /// [`Misuse`] when a request names a material, document or province that does not exist.
    pub fn judge_pair(&self, front: (&Look, &FileRequest), back: (&Look, &FileRequest)) -> Result<PairReport, Misuse> {
        let (front_report, back_report) = (self.judge_look(front.0, front.1)?, self.judge_look(back.0, back.1)?);
        let findings = checks::check_pair(&compare(front.0.facts(), back.0.facts()));
        Ok(PairReport {
            verdict: Verdict::of(&findings).max(front_report.verdict).max(back_report.verdict),
            findings: self.say_all(&findings),
            engine: self.engine(front.1.on),
            front: front_report,
            back: back_report,
        })
    }

    /// Says whether a set of photos is ready for the filing that the answers describe: each photo, each pair of front and
    /// back, and what is missing, twice there, or has to be spliced.
    ///
    /// # Errors
    /// [`Misuse`] when an answer does not fit its fact, a photo's material does not exist or has no such picture, or two
    /// photos lie in one place.
    pub fn judge_submission(&self, submission: &Submission) -> Result<SubmissionReport, Misuse> {
        let checklist = self.checklist(&submission.profile, submission.on)?;
        self.check_places(&submission.photos)?;
        let requests: Vec<_> = submission.photos.iter().map(|photo| photo.request_for(submission)).collect();
        let mut slots = Vec::with_capacity(submission.photos.len());
        for (photo, request) in submission.photos.iter().zip(&requests) {
            slots.push(SlotReport {
                slot: photo.place().to_string(),
                material: photo.material.clone(),
                file: request.file_name.clone(),
                report: self.judge_look(&photo.look, request)?,
            });
        }
        let mut pairs = Vec::new();
        for (front, front_request) in
            submission.photos.iter().zip(&requests).filter(|(photo, _)| photo.slot == Slot::Front)
        {
            let back = submission
                .photos
                .iter()
                .zip(&requests)
                .find(|(photo, _)| photo.slot == Slot::Back && photo.material == front.material);
            if let Some((back, back_request)) = back {
                let report = self.judge_pair((&front.look, front_request), (&back.look, back_request))?;
                pairs.push(SubmissionPair { material: front.material.clone(), report });
            }
        }
        let placed: Vec<_> = submission
            .photos
            .iter()
            .map(|photo| Placed { place: photo.place(), photo: photo.look.facts(), includes: &photo.includes })
            .collect();
        let found = checks::check_submission(&SubmissionFacts { checklist: &checklist, placed: &placed });
        let findings: Vec<_> = found
            .iter()
            .map(|found| SubmissionFinding {
                slot: found.place.as_ref().map(ToString::to_string),
                finding: self.say(&found.finding),
            })
            .collect();
        let of_slots = slots.iter().map(|slot| slot.report.verdict);
        let of_pairs = pairs.iter().map(|pair| pair.report.verdict);
        let own = Verdict::of(found.iter().map(|found| &found.finding));
        Ok(SubmissionReport {
            verdict: of_slots.chain(of_pairs).fold(own, Verdict::max),
            todo: todo(&findings, &slots, &pairs),
            checklist,
            slots,
            pairs,
            findings,
            engine: self.engine(submission.on),
        })
    }

    /// The report about pictures that were spliced into one, or could not be.
    ///
    /// # Errors
    /// [`Misuse`] when a request names a material, document or province that does not exist.
    pub fn judge_splice(
        &self,
        sources: &[(&Look, &FileRequest)],
        spliced: &Result<Spliced, Refusal>,
        request: &FileRequest,
    ) -> Result<FixReport, Misuse> {
        let reports =
            sources.iter().map(|(look, request)| self.judge_look(look, request)).collect::<Result<Vec<_>, _>>()?;
        let before = reports.first().cloned().unwrap_or_else(|| self.unreadable(request));
        let mut report =
            FixReport { changes: Vec::new(), losses: Vec::new(), before, sources: reports, after: None, refusal: None };
        let spliced = match spliced {
            Ok(spliced) => spliced,
            Err(refusal) => {
                report.refusal = Some(self.say(&checks::not_possible(*refusal)));
                return Ok(report);
            }
        };
        let Spliced { encoded, scales, thinnest_stroke_px } = spliced;
        let change = |kind: &str, value: f64, unit: &str, shown: String| Change {
            kind: kind.to_owned(),
            value: Some(value),
            unit: Some(unit.to_owned()),
            message: self.words().sentence("change", kind, &shown),
        };
        let count = sources.len();
        report.changes.push(change("spliced", count as f64, "pictures", count.to_string()));
        let smallest = scales.iter().copied().fold(1.0, f64::min);
        if smallest < 0.995 {
            report.losses.push(change("scaled", smallest, "ratio", decimal::fixed(smallest * 100.0, 0) + " %"));
        }
        report.losses.push(change("quality", f64::from(encoded.quality), "percent", encoded.quality.to_string()));
        if let Some(stroke_px) = thinnest_stroke_px {
            report.losses.push(change("thinnest-stroke", *stroke_px, "px", decimal::fixed(*stroke_px, 1)));
        }
        let request = FileRequest { size_bytes: encoded.bytes.len() as u64, ..request.clone() };
        report.after = Some(self.check_photo(&encoded.bytes, &request)?);
        Ok(report)
    }

    /// Below how many bytes a spliced picture has to stay: the warning limit of the upload profile, else its limit.
    #[must_use]
    pub fn splice_limit_bytes(&self, material: Option<&str>) -> u64 {
        let own = material.and_then(|material| self.upload.materials.get(material)).and_then(|limits| limits.max_bytes);
        own.or(self.upload.near_limit_bytes).or(self.upload.max_bytes).unwrap_or(DEFAULT_SPLICE_BYTES)
    }

    /// Each photo needs a material of the catalogue, a picture that the material has, and a place of its own.
    fn check_places(&self, photos: &[PlacedPhoto]) -> Result<(), Misuse> {
        let mut taken = Vec::new();
        for photo in photos {
            let place = photo.place();
            let Some(slots) = self.rules.slots_of(&photo.material) else {
                return Err(Misuse::new(
                    MisuseCode::UnknownMaterial,
                    format!("no material {}", Quoted(&photo.material)),
                ));
            };
            let wrong = if slots.contains(&photo.slot) {
                (!order::insert(&mut taken, place.clone())).then(|| "there are two photos in this place".to_owned())
            } else {
                let known: Vec<_> = slots.iter().map(|slot| slot.as_str()).collect();
                Some(format!("the material has no such picture; it has {}", known.join(", ")))
            };
            if let Some(wrong) = wrong {
                return Err(Misuse::new(MisuseCode::InvalidArgument, format!("{place}: {wrong}")));
            }
            if let Some(unknown) = photo.includes.iter().find(|material| !self.rules.has_material(material)) {
                return Err(Misuse::new(
                    MisuseCode::UnknownMaterial,
                    format!("{place}: no material {}", Quoted(unknown)),
                ));
            }
        }
        Ok(())
    }

    /// Says what a look at one file means for a request.
    ///
    /// # Errors
    /// [`Misuse`] when the request names a material, document or province that does not exist.
    pub fn judge_look(&self, look: &Look, request: &FileRequest) -> Result<PhotoReport, Misuse> {
        self.check_request(request)?;
        match look {
            Look::Measured(facts) => self.judge_photo(facts, request),
            Look::Unreadable => Ok(self.unreadable(request)),
            Look::NotMeasured => Ok(self.not_checked(request)),
        }
    }

    /// Says which papers this profile needs, why, and which questions are still worth asking.
    ///
    /// # Errors
    /// [`Misuse`] when the province is missing or unknown, or an answer is not one that its question allows.
    pub fn checklist(&self, profile: &Profile, on: Date) -> Result<Checklist, Misuse> {
        checklist::list(&self.rules, &self.memory, profile, on, self.locale, false)
    }

    /// The same, and for every item and constraint the single answers that would change it.
    ///
    /// # Errors
    /// As [`Self::checklist`].
    pub fn checklist_with_changes(&self, profile: &Profile, on: Date) -> Result<Checklist, Misuse> {
        checklist::list(&self.rules, &self.memory, profile, on, self.locale, true)
    }

    /// Checks numbers and days that were typed. Nothing of them is kept, and the report repeats none.
    #[must_use]
    pub fn check_numbers(&self, numbers: &Numbers, on: Date) -> NumbersReport {
        let findings = checks::check_numbers(numbers, on);
        let id = numbers.id_card.as_deref().and_then(|text| numbers::read_id_number(text, on).ok());
        let credit = numbers.credit_code.as_deref().and_then(|text| numbers::read_credit_code(text).ok());
        let region = |code: u8| Some(format!("{code}0000")).filter(|code| self.rules.has_region(code));
        NumbersReport {
            verdict: Verdict::of(findings.iter().map(|(_, finding)| finding)),
            findings: findings
                .iter()
                .map(|(field, finding)| NumberFinding { field, finding: self.say(finding) })
                .collect(),
            age_years: id.map(|id| id.age_years(on)),
            id_region: id.and_then(|id| region(id.province?)),
            entity_region: credit.and_then(|code| region(code.province)),
            engine: self.engine(on),
        }
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

    /// The kinds of document that the request allows, by the document or the material that it names.
    fn expected(&self, request: &FileRequest) -> Vec<DocumentKind> {
        let shape = |id: &str| DocumentKind::parse(&self.rules.document(id)?.shape);
        let mut kinds = Vec::new();
        if let Some(document) = &request.document {
            kinds.extend(DocumentKind::parse(document).or_else(|| shape(document)));
        } else if let Some(material) = request.material.as_ref().and_then(|id| self.rules.material(id)) {
            kinds.extend(material.shape.as_deref().and_then(DocumentKind::parse));
            // What has only one picture of its own, such as a passport, has no front.
            let has_side = |id: &str| {
                let slots = self.rules.document(id).map(|document| document.slots.as_slice()).unwrap_or_default();
                request.side.is_none() || slots.iter().any(|slot| side_of(*slot) == request.side)
            };
            let documents = material.accepts.iter().flat_map(|accepted| &accepted.documents);
            kinds.extend(documents.filter(|id| has_side(id)).filter_map(|id| shape(id)));
        }
        let mut distinct = Vec::new();
        for kind in kinds.into_iter().filter(|kind| *kind != DocumentKind::Unknown) {
            if !distinct.contains(&kind) {
                distinct.push(kind);
            }
        }
        distinct
    }

    fn context<'a>(
        &'a self,
        declared: &'a Declared,
        request: &'a FileRequest,
        expected: &'a [DocumentKind],
    ) -> Context<'a> {
        Context {
            declared,
            upload: &self.upload,
            material: request.material.as_deref(),
            editing_programs: &self.editing_programs,
            expected,
            margin: request.province.as_deref().and_then(|province| self.rules.margin(province, request.on)),
        }
    }

    fn report(&self, facts: &FileFacts, findings: &[Finding], request: &FileRequest) -> PhotoReport {
        PhotoReport {
            verdict: Verdict::of(findings),
            findings: self.say_all(findings),
            file: FileReport::new(facts),
            document: None,
            measures: Table::new(),
            engine: self.engine(request.on),
        }
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::load(self.locale))
    }

    fn say_all(&self, findings: &[Finding]) -> Vec<FindingReport> {
        findings.iter().map(|finding| self.say(finding)).collect()
    }

    fn say(&self, finding: &Finding) -> FindingReport {
        let (message, remedy) = self.words().say(finding);
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
            return Basis {
                id: id.to_owned().into(),
                title: name.clone(),
                publisher: name.clone(),
                ..Basis::default()
            };
        }
        self.rules.basis(id, self.locale).unwrap_or_else(|| Basis {
            id: id.to_owned().into(),
            title: id.to_owned().into(),
            publisher: "icp-precheck".into(),
            ..Basis::default()
        })
    }

    fn engine(&self, on: Date) -> EngineReport {
        EngineReport {
            version: VERSION.into(),
            rules_version: self.rules.version.clone(),
            rules_hash: self.rules.hash.clone(),
            on,
        }
    }

    fn check_request(&self, request: &FileRequest) -> Result<(), Misuse> {
        if let Some(material) = &request.material
            && !self.rules.has_material(material)
        {
            return Err(Misuse::new(MisuseCode::UnknownMaterial, format!("no material {}", Quoted(material))));
        }
        if let Some(document) = &request.document
            && DocumentKind::parse(document).is_none()
            && !self.rules.has_document(document)
        {
            return Err(Misuse::new(
                MisuseCode::InvalidArgument,
                format!("document: no kind of document {}", Quoted(document)),
            ));
        }
        if let Some(province) = &request.province
            && !self.rules.has_region(province)
        {
            return Err(Misuse::new(MisuseCode::UnknownProvince, format!("no province {}", Quoted(province))));
        }
        Ok(())
    }
}

/// What four corners say about their document, in a picture of this size as displayed: for corners that a person drew.
/// `None` when they cannot be the view of a rectangle. `focal_length_px` is what the report about the file says.
#[must_use]
pub fn describe_document(
    quad: [[f64; 2]; 4],
    width_px: u32,
    height_px: u32,
    focal_length_px: Option<f64>,
) -> Option<DocumentReport> {
    locate::describe(quad, width_px, height_px, focal_length_px).as_ref().map(DocumentReport::new)
}

/// Reads, decodes and measures one photo: everything that is judged later, and nothing of a judgement.
///
/// `size_bytes` is the size of the whole file, of which `bytes` may be the first part, which is then not decoded.
#[must_use]
pub fn measure_photo(bytes: &[u8], size_bytes: u64) -> PhotoFacts {
    let mut file = file::read_facts(bytes, size_bytes.max(bytes.len() as u64));
    let digest = compare::digest(bytes, &file);
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
    let Ok(planes) = planes else { return PhotoFacts { file, digest, ..PhotoFacts::default() } };
    let document = locate::locate(&planes);
    let likely = document.as_ref().filter(|document| document.is_likely());
    let sure = document.as_ref().filter(|document| document.is_sure());
    PhotoFacts {
        file,
        digest,
        pixels: Some(measure::measure(&planes, likely)),
        appearance: Some(measure::appearance(&planes, sure.map(|document| &document.quad))),
        document,
    }
}

fn declared(request: &FileRequest) -> Declared {
    Declared { file_name: request.file_name.clone(), mime_type: request.mime_type.clone() }
}
