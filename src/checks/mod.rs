//! Facts to findings: one function per code, all of them pure.
//!
//! A check sees facts and limits, never bytes or pixels, and always answers: pass, fail, unsure or not applicable.
//! The recipe for a new one is in CONTRIBUTING.md.

mod animated;
mod blurred;
mod color_model;
mod edited;
mod empty;
mod glare;
mod light;
mod location_metadata;
mod monochrome;
mod pair;
mod photo_not_decoded;
mod pixel_count;
mod screen;
mod size;
mod structure;
mod type_mismatch;
mod type_unsupported;

use crate::facts::{Declared, FileFacts, PairFacts};
use crate::finding::{Code, Finding, Outcome};
use crate::photo_facts::PhotoFacts;
use crate::rules::upload::{MaterialLimits, UploadProfile};

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
}

impl Context<'_> {
    fn material_limits(&self) -> Option<&MaterialLimits> {
        self.upload.materials.get(self.material?)
    }

    /// The rule behind a limit, or the profile itself where it names none.
    fn basis(&self, rule: Option<&String>) -> String {
        rule.map_or_else(|| format!("upload:{}", self.upload.id), Clone::clone)
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
    screen::SCREENSHOT,
    screen::RECAPTURED,
];

const PAIR_CHECKS: &[PairCheck] = &[pair::SAME_PHOTO, pair::FRAME_DIFFERS];

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

/// The single finding about a file that could not be read.
pub(crate) fn unreadable() -> Finding {
    Finding::new(Code::FileUnreadable, Outcome::Fail, "icp-precheck").blocking()
}

/// The single finding about a file on which the checker itself failed.
pub(crate) fn not_checked() -> Finding {
    Finding::new(Code::FileNotChecked, Outcome::Broken, "icp-precheck")
}

/// Every code with every answer that it can give.
#[cfg(test)]
pub(crate) fn vocabulary() -> impl Iterator<Item = (Code, &'static [Answer])> {
    const WITHOUT_CHECK: &[(Code, &[Answer])] =
        &[(Code::FileUnreadable, &[(Outcome::Fail, "")]), (Code::FileNotChecked, &[(Outcome::Broken, "")])];
    FILE_CHECKS
        .iter()
        .map(|check| (check.code, check.answers))
        .chain(PHOTO_CHECKS.iter().map(|check| (check.code, check.answers)))
        .chain(PAIR_CHECKS.iter().map(|check| (check.code, check.answers)))
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
    use crate::finding::Severity::{Advisory, Blocking};
    findings.sort_by_key(|finding| match (finding.outcome, finding.severity) {
        (Outcome::Fail, Blocking) => 0,
        (Outcome::Fail, Advisory) => 1,
        (Outcome::Unsure, _) => 2,
        (Outcome::Broken, _) => 3,
        (Outcome::Pass, _) => 4,
        (Outcome::NotApplicable, _) => 5,
    });
    findings
}

#[cfg(test)]
pub(crate) mod testing {
    //! A picture in order, to be spoiled by one fact per test row.

    use std::sync::LazyLock;

    use super::{Context, FILE_CHECKS, FileCheck, PHOTO_CHECKS, PhotoCheck};
    use crate::facts::{Coding, ColorModel, Declared, Ending, FileFacts, Format, PictureFacts};
    use crate::finding::{Finding, Outcome, Severity};
    use crate::photo_facts::{
        Color, Compression, DocumentFacts, DocumentKind, Glare, InFrame, Light, PhotoFacts, PixelFacts, Screen,
        Sharpness,
    };
    use crate::rules::upload::UploadProfile;

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
        };
        let mut document = DocumentFacts {
            kind: DocumentKind::Id1Card,
            quad: [[1000.0, 700.0], [3000.0, 700.0], [3000.0, 1960.0], [1000.0, 1960.0]],
            aspect_ratio: 1.586,
            aspect_ratio_uncertainty: 0.02,
            coverage: 0.3,
            rotation_deg: 0.0,
            tilt_deg: 2.0,
            confidence: 0.98,
            in_frame: InFrame::Whole,
        };
        change(&mut pixels, &mut document);
        PhotoFacts { file: photo(), pixels: Some(pixels), document: Some(document) }
    }

    /// A profile like the default one.
    pub(crate) static UPLOAD: LazyLock<UploadProfile> = LazyLock::new(|| UploadProfile {
        id: "test".to_owned(),
        formats: vec![Format::Jpeg, Format::Png, Format::Gif],
        max_bytes: Some(4_194_304),
        near_limit_bytes: Some(4_000_000),
        ..UploadProfile::default()
    });

    pub(crate) static NOTHING_DECLARED: Declared = Declared { file_name: None, mime_type: None };

    pub(crate) fn context() -> Context<'static> {
        Context { declared: &NOTHING_DECLARED, upload: &UPLOAD, material: None, editing_programs: &[] }
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

    #[test]
    fn a_good_photo_passes_every_check_of_its_pixels_and_one_without_pixels_skips_them() {
        for check in PHOTO_CHECKS {
            let finding = run_photo(check, &photographed(|_, _| {}), &context());
            assert_eq!(finding.outcome, Outcome::Pass, "{finding:?}");
            let without = PhotoFacts { file: FileFacts::default(), pixels: None, document: None };
            let finding = run_photo(check, &without, &context());
            assert_eq!(finding.outcome, Outcome::NotApplicable, "{finding:?}");
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
