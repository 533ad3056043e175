//! A whole submission: what the checklist wants, what lies in which place, and the report about it.

use std::fmt;

use serde::Serialize;

use crate::checklist::{Answer, Checklist, Profile};
use crate::date::Date;
use crate::finding::{Code, Finding, Outcome, Severity, Verdict};
use crate::order::sort_by_key;
use crate::photo_facts::PhotoFacts;
use crate::report::{EngineReport, FindingReport, PairReport, PhotoReport};
use crate::request::{FileRequest, Side};
use crate::rules::format::Slot;

/// A place for one picture: a material, and the side where it has two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Id of the material.
    pub material: String,
    /// Which picture of it.
    pub slot: Slot,
}

impl Place {
    /// A place by its material and slot.
    #[must_use]
    pub fn new(material: &str, slot: Slot) -> Self {
        Self { material: material.to_owned(), slot }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.material, self.slot.as_str())
    }
}

/// What came of looking at a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// Its facts.
    Measured(Box<PhotoFacts>),
    /// It could not be read: moved, deleted, or a folder.
    Unreadable,
    /// The checker failed on it.
    NotMeasured,
}

impl Look {
    /// The facts, if there are any.
    #[must_use]
    pub fn facts(&self) -> Option<&PhotoFacts> {
        match self {
            Self::Measured(facts) => Some(facts),
            Self::Unreadable | Self::NotMeasured => None,
        }
    }
}

/// A photo with the place that it is meant for.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedPhoto {
    /// Id of the material.
    pub material: String,
    /// Which picture of it.
    pub slot: Slot,
    /// Materials that were spliced into it, by id.
    pub includes: Vec<String>,
    /// What the caller says about the file. Material, side and province follow from the place and the answers.
    pub request: FileRequest,
    /// What came of looking at it.
    pub look: Look,
}

impl PlacedPhoto {
    /// Where it lies.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::new(&self.material, self.slot)
    }

    /// The request with what the place and the answers say.
    #[must_use]
    pub fn request_for(&self, submission: &Submission) -> FileRequest {
        let province = match submission.profile.answers.get("province") {
            Some(Answer::Text(code)) => Some(code.clone()),
            _ => None,
        };
        FileRequest {
            material: Some(self.material.clone()),
            side: side_of(self.slot),
            province,
            on: submission.on,
            ..self.request.clone()
        }
    }
}

/// The side of a document that a picture shows; `None` for the only picture of one.
pub(crate) fn side_of(slot: Slot) -> Option<Side> {
    match slot {
        Slot::Single => None,
        Slot::Front => Some(Side::Front),
        Slot::Back => Some(Side::Back),
    }
}

/// Answers and photos: everything that is to be submitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The answers.
    pub profile: Profile,
    /// The day that the answer is to hold for.
    pub on: Date,
    /// The photos, at most one in each place.
    pub photos: Vec<PlacedPhoto>,
}

/// A picture in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<'a> {
    /// Where it lies.
    pub place: Place,
    /// What is known of it; `None` when it could not be read or measured.
    pub photo: Option<&'a PhotoFacts>,
    /// Materials that were spliced into it, by id.
    pub includes: &'a [String],
}

/// Everything that is judged about a submission as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionFacts<'a> {
    /// What is wanted.
    pub checklist: &'a Checklist,
    /// What is there; at most one picture in each place.
    pub placed: &'a [Placed<'a>],
}

impl SubmissionFacts<'_> {
    /// Whether a picture lies in this place.
    #[must_use]
    pub fn has(&self, material: &str, slot: Slot) -> bool {
        self.placed.iter().any(|placed| placed.place.material == material && placed.place.slot == slot)
    }

    /// The picture that a material was spliced into.
    #[must_use]
    pub fn spliced_into(&self, material: &str) -> Option<&Place> {
        self.placed
            .iter()
            .find(|placed| placed.includes.iter().any(|included| included == material))
            .map(|placed| &placed.place)
    }

    /// The name of a material in the language of the checklist.
    #[must_use]
    pub fn name<'b>(&'b self, material: &'b str) -> &'b str {
        self.checklist.items.iter().find(|item| item.material == material).map_or(material, |item| &item.name)
    }
}

/// A finding about a submission, and the place that it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceFinding {
    /// Which place; `None` for the submission as a whole.
    pub place: Option<Place>,
    /// What is said.
    pub finding: Finding,
}

/// A picture in its place, with what is said about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SlotReport {
    /// The place: material and side, e.g. `leader-identity-document/front`.
    pub slot: String,
    /// Id of the material.
    pub material: String,
    /// Name of the file; `null` when it has none.
    pub file: Option<String>,
    /// Everything about the picture.
    pub report: PhotoReport,
}

/// Front and back of one material.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SubmissionPair {
    /// Id of the material.
    pub material: String,
    /// What is said about both together.
    #[serde(flatten)]
    pub report: PairReport,
}

/// A finding about the submission, with the place that it is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SubmissionFinding {
    /// The place; `null` for the submission as a whole.
    pub slot: Option<String>,
    /// What is said.
    #[serde(flatten)]
    pub finding: FindingReport,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Todo {
    /// What to do now, in the chosen language.
    pub message: String,
    /// The code of the finding that it mends.
    pub finding: Code,
    /// Where; `null` for the submission as a whole.
    pub slot: Option<String>,
    /// Whether the filing fails without it.
    pub severity: Severity,
}

/// Everything about a set of pictures for one filing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SubmissionReport {
    /// The worst of everything below.
    pub verdict: Verdict,
    /// Which papers are wanted and why.
    pub checklist: Checklist,
    /// The pictures in the order in which they were given.
    pub slots: Vec<SlotReport>,
    /// The pairs of front and back.
    pub pairs: Vec<SubmissionPair>,
    /// What is only true of the set as a whole.
    pub findings: Vec<SubmissionFinding>,
    /// The shortest list of things to do, what the filing fails without first.
    pub todo: Vec<Todo>,
    /// Which engine and rules.
    pub engine: EngineReport,
}

/// The shortest list of things to do: failures that block, then other failures, then doubts; the set as a whole before
/// its pairs, pairs before single photos. What several findings of one place ask for is said once.
#[must_use]
pub fn todo(findings: &[SubmissionFinding], slots: &[SlotReport], pairs: &[SubmissionPair]) -> Vec<Todo> {
    let of_set = findings.iter().map(|found| (found.slot.clone(), &found.finding));
    let of_pairs = pairs.iter().flat_map(|pair| {
        let slot = Place::new(&pair.material, Slot::Back).to_string();
        pair.report.findings.iter().map(move |finding| (Some(slot.clone()), finding))
    });
    let of_slots =
        slots.iter().flat_map(|slot| slot.report.findings.iter().map(|finding| (Some(slot.slot.clone()), finding)));
    let mut open: Vec<(Option<String>, &FindingReport)> = of_set
        .chain(of_pairs)
        .chain(of_slots)
        .filter(|(_, finding)| matches!(finding.outcome, Outcome::Fail | Outcome::Unsure | Outcome::Broken))
        .collect();
    // The sort keeps the order of what weighs the same.
    sort_by_key(&mut open, |(_, finding)| match (finding.outcome, finding.severity) {
        (Outcome::Fail, Severity::Blocking) => 0,
        (Outcome::Fail, Severity::Advisory) => 1,
        _ => 2,
    });
    let mut todo: Vec<Todo> = Vec::new();
    for (slot, finding) in open {
        let Some(message) = finding.remedy.clone() else { continue };
        if !todo.iter().any(|known| known.slot == slot && known.message == message) {
            todo.push(Todo { message, finding: finding.code, slot, severity: finding.severity });
        }
    }
    todo
}
