//! Facts to findings: one function per code, all of them pure.
//!
//! A check sees facts and limits, never bytes or pixels, and always answers: pass, fail, unsure or not applicable.
//! The recipe for a new one is in CONTRIBUTING.md.

mod animated;
mod blurred;
mod color_model;
mod document_found;
mod document_frame;
mod document_shape;
mod document_size;
mod edited;
mod empty;
mod glare;
mod light;
mod location_metadata;
mod monochrome;
mod number;
mod pair_background_differs;
mod pair_frame_differs;
mod pair_light_differs;
mod pair_position_differs;
mod pair_same_photo;
mod pair_same_side;
mod pair_scale_differs;
mod pair_sides_swapped;
mod photo_not_decoded;
mod pixel_count;
mod screen;
mod sideways;
mod size;
mod structure;
mod submission_constraint_violated;
mod submission_duplicate_photo;
mod submission_missing_material;
mod submission_needs_splice;
mod submission_not_needed;
mod type_mismatch;
mod type_unsupported;

use self::number::NumberCheck;
use crate::date::Date;
use crate::facts::{Declared, FileFacts};
use crate::finding::{Arg, Code, Finding, Outcome};
use crate::fix::{LEAST_STROKE_PX, Refusal};
use crate::numbers::Numbers;
use crate::order::sort_by_key;
use crate::photo_facts::{DocumentKind, PairFacts, PhotoFacts};
use crate::rules::upload::{MaterialLimits, UploadProfile};
use crate::string::Str;
use crate::submission::{PlaceFinding, SubmissionFacts};

/// What a file is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// What the caller says about the file.
    pub declared: &'a Declared,
    /// Limits of the upload channel.
    pub upload: &'a UploadProfile,
    /// Which material the file is for.
    pub material: Option<&'a str>,
    /// Names of picture editors, in lower case.
    pub editing_programs: &'a [String],
    /// Kinds of document that the picture may show; empty when nobody said.
    pub expected: &'a [DocumentKind],
    /// Of the province: the rule that asks for a margin around every document, and the margin as a share of the long side.
    pub margin: Option<(&'a str, f64)>,
}

impl Context<'_> {
    fn material_limits(&self) -> Option<&MaterialLimits> {
        self.upload.materials.get(self.material?)
    }

    /// The kind of document, where only one is expected.
    fn expected_kind(&self) -> Option<DocumentKind> {
        match self.expected {
            [kind] => Some(*kind),
            _ => None,
        }
    }

    /// The rule behind a limit, or the profile itself where it names none.
    fn basis(&self, rule: Option<&Str>) -> String {
        rule.map_or_else(|| format!("upload:{}", self.upload.id), ToString::to_string)
    }
}

/// Outcome and reason of an answer: together with the code they name a message.
type Answer = (Outcome, &'static str);

/// A check of one file.
struct FileCheck {
    code: Code,
    answers: &'static [Answer],
    run: fn(&FileFacts, &Context<'_>) -> Finding,
}

/// A check of what the pixels of one photo show.
struct PhotoCheck {
    code: Code,
    answers: &'static [Answer],
    run: fn(&PhotoFacts, &Context<'_>) -> Finding,
}

/// A check of front and back together.
struct PairCheck {
    code: Code,
    answers: &'static [Answer],
    run: fn(&PairFacts<'_>) -> Finding,
}

/// A check of a whole submission. It answers at least once, and once more for each place that it objects to.
struct SubmissionCheck {
    code: Code,
    answers: &'static [Answer],
    run: fn(&SubmissionFacts<'_>) -> Vec<PlaceFinding>,
}

const FILE_CHECKS: &[FileCheck] = &[
    empty::CHECK,
    type_unsupported::CHECK,
    type_mismatch::CHECK,
    size::TOO_LARGE,
    size::NEAR_LIMIT,
    size::TOO_SMALL,
    structure::TRUNCATED,
    structure::CORRUPT,
    structure::TRAILING_DATA,
    animated::CHECK,
    color_model::CHECK,
    pixel_count::TOO_MANY,
    pixel_count::TOO_FEW,
    location_metadata::CHECK,
    edited::CHECK,
];

const PHOTO_CHECKS: &[PhotoCheck] = &[
    photo_not_decoded::CHECK,
    blurred::CHECK,
    light::TOO_DARK,
    light::TOO_BRIGHT,
    light::LOW_CONTRAST,
    light::UNEVEN_LIGHT,
    glare::CHECK,
    monochrome::CHECK,
    sideways::CHECK,
    screen::SCREENSHOT,
    screen::RECAPTURED,
    document_found::CHECK,
    document_frame::CUT_OFF,
    document_frame::NO_MARGIN,
    document_size::CHECK,
    document_shape::ASPECT_RATIO,
    document_shape::TILTED,
];

const PAIR_CHECKS: &[PairCheck] = &[
    pair_same_photo::CHECK,
    pair_same_side::CHECK,
    pair_sides_swapped::CHECK,
    pair_scale_differs::CHECK,
    pair_position_differs::CHECK,
    pair_frame_differs::CHECK,
    pair_light_differs::CHECK,
    pair_background_differs::CHECK,
];

const SUBMISSION_CHECKS: &[SubmissionCheck] = &[
    submission_missing_material::CHECK,
    submission_constraint_violated::CHECK,
    submission_duplicate_photo::CHECK,
    submission_needs_splice::CHECK,
    submission_not_needed::CHECK,
];

const NUMBER_CHECKS: &[NumberCheck] =
    &[number::ID_CARD, number::CREDIT_CODE, number::PASSPORT, number::PERMIT, number::EXPIRED];

/// Runs every check of one file. Failures come first, passes last.
pub(crate) fn check_file(facts: &FileFacts, context: &Context<'_>) -> Vec<Finding> {
    sorted(file_findings(facts, context).collect())
}

/// Runs every check of one photo: those of the file and those of its pixels. Failures come first, passes last.
pub(crate) fn check_photo(facts: &PhotoFacts, context: &Context<'_>) -> Vec<Finding> {
    let of_pixels = PHOTO_CHECKS.iter().map(|check| announced(check.code, check.answers, (check.run)(facts, context)));
    sorted(file_findings(&facts.file, context).chain(of_pixels).collect())
}

fn file_findings(facts: &FileFacts, context: &Context<'_>) -> impl Iterator<Item = Finding> {
    FILE_CHECKS.iter().map(move |check| announced(check.code, check.answers, (check.run)(facts, context)))
}

/// Runs every check of a pair. Failures come first, passes last.
pub(crate) fn check_pair(facts: &PairFacts<'_>) -> Vec<Finding> {
    sorted(PAIR_CHECKS.iter().map(|check| announced(check.code, check.answers, (check.run)(facts))).collect())
}

/// Runs every check of a whole submission. Failures come first, passes last.
pub(crate) fn check_submission(facts: &SubmissionFacts<'_>) -> Vec<PlaceFinding> {
    let mut findings = Vec::new();
    for check in SUBMISSION_CHECKS {
        for PlaceFinding { place, finding } in (check.run)(facts) {
            findings.push(PlaceFinding { place, finding: announced(check.code, check.answers, finding) });
        }
    }
    sort_by_key(&mut findings, |found| rank(&found.finding));
    findings
}

/// Checks what was typed: one finding per field that was given, with the name of the field.
pub(crate) fn check_numbers(numbers: &Numbers, on: Date) -> Vec<(&'static str, Finding)> {
    let run = |check: &NumberCheck| {
        let findings = (check.run)(numbers, on).into_iter();
        let (code, answers) = (check.code, check.answers);
        findings.map(|(field, finding)| (field, announced(code, answers, finding))).collect::<Vec<_>>()
    };
    NUMBER_CHECKS.iter().flat_map(run).collect()
}

/// The single finding about a file that could not be read.
pub(crate) fn unreadable() -> Finding {
    Finding::new(Code::FileUnreadable, Outcome::Fail, "icp-precheck").blocking()
}

/// The single finding about a file on which the checker itself failed.
pub(crate) fn not_checked() -> Finding {
    Finding::new(Code::FileNotChecked, Outcome::Broken, "icp-precheck")
}

/// The single finding about a remedy that cannot be carried out.
pub(crate) fn not_possible(refusal: Refusal) -> Finding {
    let finding = |reason| Finding::new(Code::FixNotPossible, Outcome::Fail, "up-splice").because(reason);
    match refusal {
        Refusal::Undecoded(index) => finding("undecoded").arg("number", Arg::Count(index as u64 + 1)),
        Refusal::TooLarge => finding("too-large"),
        Refusal::Illegible => finding("illegible").limit(LEAST_STROKE_PX),
    }
}

/// Every code with every answer that it can give.
#[cfg(test)]
pub(crate) fn vocabulary() -> impl Iterator<Item = (Code, &'static [Answer])> {
    const WITHOUT_CHECK: &[(Code, &[Answer])] = &[
        (Code::FileUnreadable, &[(Outcome::Fail, "")]),
        (Code::FileNotChecked, &[(Outcome::Broken, "")]),
        (
            Code::FixNotPossible,
            &[(Outcome::Fail, "undecoded"), (Outcome::Fail, "too-large"), (Outcome::Fail, "illegible")],
        ),
    ];
    FILE_CHECKS
        .iter()
        .map(|check| (check.code, check.answers))
        .chain(PHOTO_CHECKS.iter().map(|check| (check.code, check.answers)))
        .chain(PAIR_CHECKS.iter().map(|check| (check.code, check.answers)))
        .chain(SUBMISSION_CHECKS.iter().map(|check| (check.code, check.answers)))
        .chain(NUMBER_CHECKS.iter().map(|check| (check.code, check.answers)))
        .chain(WITHOUT_CHECK.iter().copied())
}

/// An answer that a check does not announce would have no words, since the tests go by the announcements.
fn announced(code: Code, answers: &[Answer], finding: Finding) -> Finding {
    debug_assert_eq!(finding.code, code);
    debug_assert!(
        answers.contains(&(finding.outcome, finding.reason)),
        "{code:?}: {:?} {}",
        finding.outcome,
        finding.reason
    );
    finding
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    sort_by_key(&mut findings, rank);
    findings
}

/// How early a finding is named: what blocks comes first.
pub(crate) fn rank(finding: &Finding) -> u8 {
    use crate::finding::Severity::{Advisory, Blocking};
    match (finding.outcome, finding.severity) {
        (Outcome::Fail, Blocking) => 0,
        (Outcome::Fail, Advisory) => 1,
        (Outcome::Unsure, _) => 2,
        (Outcome::Broken, _) => 3,
        (Outcome::Pass, _) => 4,
        (Outcome::NotApplicable, _) => 5,
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A picture in order, to be spoiled by one fact per test row.

    use std::sync::LazyLock;

    use super::{Context, FILE_CHECKS, FileCheck, PAIR_CHECKS, PHOTO_CHECKS, PairCheck, PhotoCheck, SubmissionCheck};
    use crate::checklist::{self, Checklist, ItemStatus, Profile};
    use crate::facts::{Coding, ColorModel, Declared, Ending, FileFacts, Format, PictureFacts, Sameness};
    use crate::finding::{Finding, Outcome, Severity};
    use crate::locale::Locale;
    use crate::photo_facts::{
        AppearanceFacts, Color, Compression, DocumentFacts, DocumentKind, Fingerprint, Glare, InFrame, Light,
        PairFacts, PhotoFacts, PixelFacts, Print, Reading, Screen, Sharpness, Surroundings, Tone,
    };
    use crate::rules::RuleSet;
    use crate::rules::format::Slot;
    use crate::rules::upload::UploadProfile;
    use crate::submission::{Place, PlaceFinding, Placed, SubmissionFacts};

    /// A 12-megapixel photo of 2 MB without anything to object to.
    pub(crate) fn photo() -> FileFacts {
        FileFacts {
            size_bytes: 2_000_000,
            read_bytes: 2_000_000,
            format: Format::Jpeg,
            picture: Some(PictureFacts {
                stored_width_px: 4000,
                stored_height_px: 3000,
                exif_orientation: 1,
                frames: 1,
                color_model: ColorModel::Ycbcr,
                bits_per_sample: 8,
                coding: Coding::Baseline,
                ending: Ending::Complete { end_offset: 2_000_000 },
                ..PictureFacts::default()
            }),
        }
    }

    /// The same photo with something changed.
    pub(crate) fn photo_with(change: impl FnOnce(&mut PictureFacts)) -> FileFacts {
        let mut facts = photo();
        change(facts.picture.as_mut().expect("a photo has picture facts"));
        facts
    }

    /// Facts of a good photo of a card, with something changed.
    pub(crate) fn photographed(change: impl FnOnce(&mut PixelFacts, &mut DocumentFacts)) -> PhotoFacts {
        let mut pixels = PixelFacts {
            decoded_share: 1.0,
            sharpness: Some(Sharpness {
                edge_width_px: 2.0,
                sharpest_px: 1.8,
                softest_px: 2.4,
                printed_tiles: 80,
                print_height: 140.0,
                ..Sharpness::default()
            }),
            light: Some(Light {
                luma_p01: 30.0,
                luma_p05: 60.0,
                luma_p50: 190.0,
                luma_p95: 215.0,
                luma_p99: 220.0,
                frame_luma_p99: 225.0,
                evenness: Some(0.8),
                ..Light::default()
            }),
            glare: Some(Glare { on_document: true, ..Glare::default() }),
            color: Some(Color {
                on_document: true,
                gray_share: 0.1,
                colored_share: 0.06,
                beyond_tint_p99: 30.0,
                ..Color::default()
            }),
            compression: Some(Compression { noise_sigma: 1.5, ..Compression::default() }),
            screen: Some(Screen { grid_prominence: Some(1.2), ..Screen::default() }),
            reading: Some(Reading { across: 0.7, patches: 90 }),
            print: Some(Print { small_px: 40.0, middle_px: 52.0, lines: 80, upright: None }),
        };
        let mut document = card();
        change(&mut pixels, &mut document);
        PhotoFacts { file: photo(), pixels: Some(pixels), document: Some(document), ..PhotoFacts::default() }
    }

    /// A profile like the default one.
    pub(crate) static UPLOAD: LazyLock<UploadProfile> = LazyLock::new(|| UploadProfile {
        id: "test".into(),
        formats: vec![Format::Jpeg, Format::Png, Format::Gif],
        max_bytes: Some(4_194_304),
        near_limit_bytes: Some(4_000_000),
        ..UploadProfile::default()
    });

    pub(crate) static NOTHING_DECLARED: Declared = Declared { file_name: None, mime_type: None };

    pub(crate) fn context() -> Context<'static> {
        Context {
            declared: &NOTHING_DECLARED,
            upload: &UPLOAD,
            material: None,
            editing_programs: &[],
            expected: &[],
            margin: None,
        }
    }

    /// Runs one check and makes sure that it declared the answer it gave.
    pub(super) fn run(check: &FileCheck, facts: &FileFacts, context: &Context<'_>) -> Finding {
        let finding = (check.run)(facts, context);
        assert_eq!(finding.code, check.code);
        assert!(
            check.answers.contains(&(finding.outcome, finding.reason)),
            "{:?} answered {:?}:{} without declaring it",
            check.code,
            finding.outcome,
            finding.reason
        );
        finding
    }

    /// A card that lies straight in the middle of the picture.
    fn card() -> DocumentFacts {
        DocumentFacts {
            kind: DocumentKind::Id1Card,
            quad: [[1000.0, 700.0], [3000.0, 700.0], [3000.0, 1960.0], [1000.0, 1960.0]],
            aspect_ratio: 1.586,
            aspect_ratio_uncertainty: 0.02,
            coverage: 0.3,
            rotation_deg: 0.0,
            tilt_deg: 2.0,
            confidence: 0.98,
            in_frame: InFrame::Whole,
        }
    }

    /// That photo with its document changed.
    pub(super) fn photo_of(change: impl FnOnce(&mut DocumentFacts)) -> PhotoFacts {
        let mut facts = photographed(|_, _| {});
        change(facts.document.get_or_insert_with(card));
        facts
    }

    /// Runs one check of a photo and makes sure that it declared the answer it gave.
    pub(super) fn run_photo(check: &PhotoCheck, facts: &PhotoFacts, context: &Context<'_>) -> Finding {
        let finding = (check.run)(facts, context);
        assert_eq!(finding.code, check.code);
        assert!(
            check.answers.contains(&(finding.outcome, finding.reason)),
            "{:?} answered {:?}:{} without declaring it",
            check.code,
            finding.outcome,
            finding.reason
        );
        finding
    }

    /// The same photo with a card in its middle, on a plain table in even light.
    pub(crate) fn photo_facts() -> PhotoFacts {
        let tone = Tone { luma: 120.0, cb: 124.0, cr: 132.0 };
        PhotoFacts {
            file: photo(),
            document: Some(DocumentFacts {
                kind: DocumentKind::Id1Card,
                quad: [[1000.0, 869.0], [3000.0, 869.0], [3000.0, 2131.0], [1000.0, 2131.0]],
                aspect_ratio: 1.586,
                aspect_ratio_uncertainty: 0.01,
                coverage: 0.21,
                rotation_deg: 0.0,
                tilt_deg: 0.0,
                confidence: 0.98,
                in_frame: InFrame::Whole,
            }),
            appearance: Some(AppearanceFacts {
                frame: Fingerprint(vec![1, 2]),
                document: Some(Fingerprint(vec![1, 2])),
                document_tone: Some(Tone { luma: 200.0, cb: 126.0, cr: 130.0 }),
                surroundings: Some(Surroundings { share: 0.7, tone, luma_sigma: 5.0, texture: 4.0, shade: [0.0, 0.0] }),
                emblem_red: Some([0.0, 0.0]),
            }),
            ..PhotoFacts::default()
        }
    }

    /// Two photos with nothing measured of them together.
    pub(crate) fn pair_of<'a>(front: &'a PhotoFacts, back: &'a PhotoFacts) -> PairFacts<'a> {
        let (front, back) = (Some(front), Some(back));
        PairFacts { front, back, sameness: Sameness::Different, likeness: None, scale_ratio: None }
    }

    /// A pair in order with something changed.
    pub(crate) fn pair(change: impl FnOnce(&mut PairFacts<'static>)) -> PairFacts<'static> {
        static PHOTO: LazyLock<PhotoFacts> = LazyLock::new(photo_facts);
        let mut facts = pair_of(&PHOTO, &PHOTO);
        change(&mut facts);
        facts
    }

    /// Runs one check and makes sure that it declared the answer it gave.
    pub(super) fn run_pair(check: &PairCheck, facts: &PairFacts<'_>) -> Finding {
        let finding = (check.run)(facts);
        assert!(
            finding.code == check.code && check.answers.contains(&(finding.outcome, finding.reason)),
            "{finding:?}"
        );
        finding
    }

    #[test]
    fn a_good_photo_passes_every_check_of_its_pixels_and_one_without_pixels_skips_them() {
        for check in PHOTO_CHECKS {
            let context = Context { expected: &[DocumentKind::Id1Card], ..context() };
            let finding = run_photo(check, &photographed(|_, _| {}), &context);
            assert_eq!(finding.outcome, Outcome::Pass, "{finding:?}");
            let without = PhotoFacts::default();
            let finding = run_photo(check, &without, &context);
            assert_eq!(finding.outcome, Outcome::NotApplicable, "{finding:?}");
        }
    }

    /// A checklist that requires an identity document of two sides and a licence; a permit depends on an answer, and a
    /// domain certificate is asked for by some.
    pub(crate) fn checklist() -> Checklist {
        let profile = Profile::new("310000").with("entityType", "enterprise").with("leaderIdentity", "mainland");
        let day = "2026-11-24".parse().expect("a day");
        let mut list = checklist::evaluate(&RuleSet::builtin(), &profile, day, Locale::En).expect("a valid profile");
        for item in &mut list.items {
            item.status = match item.material.as_str() {
                "leader-identity-document" | "organization-certificate" => ItemStatus::Required,
                "residence-permit" => ItemStatus::Conditional,
                "domain-name-certificate" => ItemStatus::Maybe,
                _ => ItemStatus::NotRequired,
            };
            if item.material == "residence-permit" {
                item.upload.own_button = false;
                item.upload.splice_with = Some("organization-certificate".into());
            }
        }
        list
    }

    /// A picture in a place, of which nothing is known.
    pub(crate) fn placed(material: &str, slot: Slot) -> Placed<'static> {
        Placed { place: Place::new(material, slot), photo: None, includes: &[] }
    }

    /// Runs one check and makes sure that it answers, and declared the answers it gave.
    pub(super) fn run_submission(
        check: &SubmissionCheck,
        list: &Checklist,
        placed: &[Placed<'_>],
    ) -> Vec<PlaceFinding> {
        let found = (check.run)(&SubmissionFacts { checklist: list, placed });
        assert!(!found.is_empty());
        for PlaceFinding { finding, .. } in &found {
            let declared = check.answers.contains(&(finding.outcome, finding.reason));
            assert!(finding.code == check.code && declared, "{finding:?}");
        }
        found
    }

    #[test]
    fn a_pair_in_order_passes_or_skips_every_check() {
        for check in PAIR_CHECKS {
            let finding = run_pair(check, &pair(|_| {}));
            assert!(matches!(finding.outcome, Outcome::Pass | Outcome::NotApplicable), "{finding:?}");
        }
    }

    #[test]
    fn a_photo_in_order_passes_or_skips_every_check() {
        for check in FILE_CHECKS {
            let finding = run(check, &photo(), &context());
            assert!(matches!(finding.outcome, Outcome::Pass | Outcome::NotApplicable), "{finding:?}");
        }
    }

    #[test]
    fn an_empty_file_fails_once_and_skips_the_rest() {
        let facts = FileFacts::default();
        let findings: Vec<_> = FILE_CHECKS.iter().map(|check| run(check, &facts, &context())).collect();
        let failures: Vec<_> = findings.iter().filter(|f| f.outcome == Outcome::Fail).collect();
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert_eq!(failures[0].severity, Severity::Blocking);
    }
}
