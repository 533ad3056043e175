//! The rule format: what `rules/*.toml` holds, and what `rules.json` looks like.
//!
//! Both have the same names. A build reads the TOML files into one [`RuleSet`], checks it, and embeds it packed;
//! a caller may replace the whole set at run time by JSON of the same shape. How to write the files, and how to cite,
//! is explained in `rules/README.md`.

use serde::{Deserialize, Serialize, Serializer};

use super::condition::Condition;
use super::index::Index;
use super::upload::UploadProfile;
use super::validate::Fault;
use crate::date::Date;
use crate::json::{self, Misfit, Tree};
use crate::locale::Text;
use crate::packed::{self, Packed, Unpack};
use crate::string::{Quoted, Str};
use crate::table::Table;

/// Everything that a checklist is made from.
///
/// Read from JSON, every rule is complete: what it takes from a pattern is filled in. Written as JSON, it is short again.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct RuleSet {
    /// Version of the rules, apart from the version of the program: year, month, number.
    pub version: Str,
    /// A rule that was last compared with its sources more than so many days ago is called stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number", optional))]
    pub stale_after_days: Option<u32>,
    /// Words for yes and no.
    pub words: Words,
    /// Documents that rules cite.
    pub sources: Vec<Source>,
    /// Standards and methods that checks of photos cite.
    #[cfg_attr(test, ts(as = "Option<Vec<Source>>"))]
    pub methods: Vec<Source>,
    /// Provinces, autonomous regions and municipalities.
    pub regions: Vec<Region>,
    /// What can be asked of an applicant.
    pub facts: Vec<Fact>,
    /// Facts that follow from others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Implication>>"))]
    pub implications: Vec<Implication>,
    /// Identity documents.
    pub documents: Vec<Document>,
    /// Papers and photos that may be wanted.
    pub materials: Vec<Material>,
    /// With which material one without an upload button is spliced; the first whose condition holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Splice>>"))]
    pub splices: Vec<Splice>,
    /// Lists of words that conditions and checks look for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<TermList>>"))]
    pub terms: Vec<TermList>,
    /// What many rules have in common.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Pattern>>"))]
    pub patterns: Vec<Pattern>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Limits of upload pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<UploadProfile>>"))]
    pub uploads: Vec<UploadProfile>,
    /// Fingerprint of the set: FNV-1a of what it says, 16 hexadecimal digits. Tells sets apart, protects nothing.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub hash: Str,
}

/// Words that no rule has of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Words {
    /// Yes.
    pub yes: Text,
    /// No.
    pub no: Text,
    /// Follows what a rule of grade `older` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub older: Option<Text>,
    /// Says that something never ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub long_term: Option<Text>,
}

/// A document or a method that is cited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Source {
    /// Stable id, kebab-case; no rule has the same.
    pub id: Str,
    /// Who published it.
    pub publisher: Text,
    /// Its title, translated where it is published in one language only.
    pub title: Text,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Str>,
    /// Its address with what an address may not hold percent-encoded, once the set is complete.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub address: Option<Str>,
    /// A lasting copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<Str>,
    /// Its own date, as precise as known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Str>,
    /// The day on which it was last compared with the rules that cite it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string"))]
    pub verified_on: Option<Date>,
}

/// A province-level division.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Region {
    /// GB/T 2260 code, e.g. `350000`.
    pub code: Str,
    /// Its name.
    pub name: Text,
    /// The day on which its own file was last compared with the sources; absent when it has no file of its own yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string"))]
    pub verified_on: Option<Date>,
    /// What is known to be missing from its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub omissions: Option<Text>,
}

/// The kind of answer that a fact has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum FactType {
    /// The code of a region. Only the fact `province` has this type.
    Region,
    /// One of the options.
    Enum,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// The last day of something, `YYYY-MM-DD`, or `long-term` for what never ends.
    Date,
    /// Any text; an empty text is an answer.
    Text,
}

/// Something that can be asked of an applicant and that conditions may refer to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Fact {
    /// Its name in a profile, camelCase.
    pub id: Str,
    /// The kind of answer.
    #[serde(rename = "type")]
    pub kind: FactType,
    /// Short name for lists.
    pub label: Text,
    /// The question, in words that need no knowledge of the law.
    pub question: Text,
    /// A sentence of help below the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// The possible answers of an `enum`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<FactOption>>"))]
    pub options: Vec<FactOption>,
    /// Names for several options; conditions write `@name`.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    #[cfg_attr(test, ts(as = "Option<std::collections::BTreeMap<Str, Vec<Str>>>"))]
    pub groups: Table<Vec<Str>>,
    /// Smallest number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub min: Option<i64>,
    /// Largest number allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number"))]
    pub max: Option<i64>,
    /// For whom the question makes sense: never asked of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub relevant: Option<Condition>,
    /// A detail: asked after everything else, and few answers change much.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub detail: bool,
    /// The answer says who or how old somebody is, or names something: pages keep it out of links and storage.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub personal: bool,
}

/// A possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct FactOption {
    /// As it is written in a profile.
    pub value: Str,
    /// As it is shown.
    pub label: Text,
    /// Its code in the filing system of the ministry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Str>,
}

/// A fact that follows from others. An answer that was given stays, and is never replaced by one that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Implication {
    /// When it follows.
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub when: Condition,
    /// The fact that follows.
    pub fact: Str,
    /// Its answer, of a boolean fact; either this or `same_as`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<bool>,
    /// The fact whose answer it shares, of the same type and with the same options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<Str>,
}

/// A picture of a material: the whole, or one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Slot {
    /// One picture of the whole.
    Single,
    /// The side with the person's portrait or data.
    Front,
    /// The other side.
    Back,
}

impl Slot {
    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Front => "front",
            Self::Back => "back",
        }
    }
}

/// An identity document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Document {
    /// Stable id.
    pub id: Str,
    /// Its name.
    pub name: Text,
    /// The pictures that are taken of it.
    pub slots: Vec<Slot>,
    /// Its shape, as reports name it: `id-1-card`, `passport-page`, ...
    pub shape: Str,
}

/// Documents that are accepted for a material in a certain case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Accepted {
    /// The case.
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub when: Condition,
    /// Ids of documents.
    pub documents: Vec<Str>,
}

/// A paper or photo that may be wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Material {
    /// Stable id.
    pub id: Str,
    /// Its name.
    pub name: Text,
    /// What it is and how to get it, in one or two sentences.
    pub description: Text,
    /// The pictures that are taken of it; those of the accepted documents come first where all of these agree.
    pub slots: Vec<Slot>,
    /// Identity documents that serve as it: those of every case that holds or may still hold. Empty: not an identity document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Accepted>>"))]
    pub accepts: Vec<Accepted>,
    /// Whether upload pages have a button for it.
    pub own_button: bool,
    /// Name or address of a form to fill in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Str>,
    /// Its shape, as reports name it; absent: a sheet of paper or anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Str>,
    /// Who issues or signs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Text>,
    /// How long it is valid, or how old it may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<Text>,
    /// What the paper has to say, point by point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Text>>"))]
    pub outline: Vec<Text>,
}

/// With which material one without an upload button is spliced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Splice {
    /// When.
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub when: Condition,
    /// Id of the material.
    pub with: Str,
}

/// A list of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct TermList {
    /// Stable id.
    pub id: Str,
    /// How the list came about: which terms a source names, and which are our reading.
    pub origin: Text,
    /// Sources of the list.
    pub sources: Vec<Str>,
    /// The words.
    pub terms: Vec<Str>,
    /// The words count only at the end of a text, or of one of its words: endings of domain names.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub at_end: bool,
}

/// How certain a rule is, the most certain first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Grade {
    /// Two independent providers or the baseline say so, at least one of them in 2023 or later.
    Confirmed,
    /// One provider says so, in 2023 or later.
    Stated,
    /// Only texts from before 2023 say so.
    Older,
    /// Sources contradict each other; all readings are kept.
    Disputed,
    /// Replaced by a newer rule; has an `until`.
    Superseded,
    /// Withdrawn; has an `until`.
    Dropped,
}

/// How far a rule goes when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Effect {
    /// The material is wanted; the check must hold.
    Required,
    /// Perhaps: the provider has to be asked.
    Maybe,
    /// Says why a material is not wanted. Decides nothing by itself: it takes the place of what it overrides.
    NotRequired,
}

/// One of several readings of a disputed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reading {
    /// What these sources say.
    pub text: Text,
    /// Ids of the sources.
    pub sources: Vec<Str>,
}

/// What a rule is about, so that a page can sort a long list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Topic {
    /// Who files, with which certificate.
    Entity,
    /// Entity leader, website administrator, legal representative.
    People,
    /// Domain names and their registrants.
    Domain,
    /// Name, content and kind of the website.
    Website,
    /// Content that needs another licence first.
    Approval,
    /// Phone numbers and e-mail.
    Contact,
    /// Addresses.
    Address,
    /// Remarks on the website or the entity.
    Remark,
    /// Pictures and papers.
    Picture,
    /// What is already filed, and changes of it.
    Existing,
}

/// What many rules have in common. A rule that is `like` it takes everything that it does not say itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Pattern {
    /// Stable id, kebab-case.
    pub id: Str,
    /// Ids of rules whose place such a rule takes, besides those that it names itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub overrides: Vec<Str>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// To whom it applies.
    #[serde(default, skip_serializing_if = "is_always")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>", optional))]
    pub when: Condition,
    /// Ids of the materials that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub materials: Vec<Str>,
    /// Only these identity documents serve as its materials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub accepts: Vec<Str>,
    /// What must be so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub check: Option<Condition>,
    /// How far it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Listed only once it is certain to apply, and a constraint only when it is not met.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub quiet: bool,
    /// What the rule says.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub text: Text,
    /// What to say instead when the check does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmet: Option<Text>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Text>,
}

/// What a province asks of every photo of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PhotoDemand {
    /// Ground that must show on all four sides, in thousandths of the long side of the picture; 1 to 250.
    pub min_margin_per_mille: u16,
}

/// A rule. With `materials` it asks for papers; with `check` it is a constraint; with neither it is a notice.
///
/// In texts, `{province}` stands for the name of the province of the checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Rule {
    /// Stable id, kebab-case; no source has the same.
    pub id: Str,
    /// Id of the pattern from which it takes what it does not say itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Str>,
    /// Codes of the provinces in which it holds; empty: in all. A province's own file sets this itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub provinces: Vec<Str>,
    /// Holds only in provinces without a file of their own.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub baseline_only: bool,
    /// Ids of rules whose place it takes, in its provinces and on its days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub overrides: Vec<Str>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Option<Date>,
    /// Last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string"))]
    pub until: Option<Date>,
    /// How certain it is.
    pub grade: Grade,
    /// Ids of the sources that say so; the first is named first. May be empty where the readings have sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub sources: Vec<Str>,
    /// Readings of a disputed rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Reading>>"))]
    pub readings: Vec<Reading>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Entries of collections of sources that it stands for. Bookkeeping of the rule files, never written to JSON.
    #[serde(default, skip_serializing)]
    #[cfg_attr(test, ts(skip))]
    pub covers: Vec<Str>,
    /// To whom it applies; empty: to everyone.
    #[serde(default, skip_serializing_if = "is_always")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>", optional))]
    pub when: Condition,
    /// Ids of the materials that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub materials: Vec<Str>,
    /// Where it holds, only these identity documents serve as its materials. It then asks for nothing by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Str>>"))]
    pub accepts: Vec<Str>,
    /// What must be so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub check: Option<Condition>,
    /// Also holds where answers contradict each other: one says otherwise than follows from the rest.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub contradiction: bool,
    /// What it asks of every photo of a document, beyond what all provinces do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoDemand>,
    /// How far it goes; absent: as far as its grade allows. Notices have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Listed only once it is certain to apply, and a constraint only when it is not met.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub quiet: bool,
    /// What the rule says; absent where that is what its pattern says.
    #[serde(default, skip_serializing_if = "is_blank")]
    #[cfg_attr(test, ts(as = "Option<Text>"))]
    pub text: Text,
    /// What to say instead when the check does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmet: Option<Text>,
    /// A sentence with `{materials}`, added when the checklist has materials without a button of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub splice_list: Option<Text>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Text>,
}

impl Rule {
    /// Whether it holds on this day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }

    /// Whether it holds in this region.
    #[must_use]
    pub fn in_region(&self, region: &Region) -> bool {
        if self.baseline_only {
            return region.verified_on.is_none();
        }
        self.provinces.is_empty() || self.provinces.contains(&region.code)
    }

    /// Every source, those of the readings included, each once, in order.
    #[must_use]
    #[inline(never)]
    pub fn all_sources(&self) -> Vec<&str> {
        let mut sources: Vec<&str> = Vec::new();
        for id in self.sources.iter().chain(self.readings.iter().flat_map(|reading| &reading.sources)) {
            if !sources.contains(&id.as_str()) {
                sources.push(id);
            }
        }
        sources
    }
}

/// What a rule, and only a rule without an effect of its own, goes as far as: what its grade allows.
fn usual_effect(rule: &Rule) -> Option<Effect> {
    let asks = !rule.materials.is_empty() && rule.accepts.is_empty();
    (asks || rule.check.is_some()).then_some(match rule.grade {
        Grade::Older | Grade::Disputed => Effect::Maybe,
        Grade::Confirmed | Grade::Stated | Grade::Superseded | Grade::Dropped => Effect::Required,
    })
}

impl Rule {
    /// Takes from the pattern what the rule does not say itself.
    fn complete(&mut self, pattern: &Pattern) {
        fn take<T: Clone>(own: &mut T, other: &T, is_absent: impl Fn(&T) -> bool) {
            if is_absent(own) {
                own.clone_from(other);
            }
        }
        take(&mut self.topic, &pattern.topic, Option::is_none);
        take(&mut self.when, &pattern.when, is_always);
        take(&mut self.check, &pattern.check, Option::is_none);
        take(&mut self.effect, &pattern.effect, Option::is_none);
        take(&mut self.text, &pattern.text, is_blank);
        take(&mut self.unmet, &pattern.unmet, Option::is_none);
        take(&mut self.remedy, &pattern.remedy, Option::is_none);
        take(&mut self.materials, &pattern.materials, Vec::is_empty);
        take(&mut self.accepts, &pattern.accepts, Vec::is_empty);
        self.quiet |= pattern.quiet;
        for id in &pattern.overrides {
            // The rule of the whole country that the others replace may follow the same pattern.
            if *id != self.id && !self.overrides.contains(id) {
                self.overrides.push(id.clone());
            }
        }
    }

    /// Leaves out what the pattern says anyway.
    fn shorten(&mut self, pattern: &Pattern) {
        fn drop_same<T: PartialEq + Default>(own: &mut T, other: &T) {
            if own == other {
                *own = T::default();
            }
        }
        drop_same(&mut self.topic, &pattern.topic);
        drop_same(&mut self.when, &pattern.when);
        drop_same(&mut self.check, &pattern.check);
        drop_same(&mut self.effect, &pattern.effect);
        drop_same(&mut self.text, &pattern.text);
        drop_same(&mut self.unmet, &pattern.unmet);
        drop_same(&mut self.remedy, &pattern.remedy);
        drop_same(&mut self.materials, &pattern.materials);
        drop_same(&mut self.accepts, &pattern.accepts);
        drop_same(&mut self.quiet, &pattern.quiet);
        self.overrides.retain(|id| !pattern.overrides.contains(id));
    }
}

impl RuleSet {
    /// Reads a set from its JSON text. Whether it is a good one is for [`Self::validate`] to say.
    ///
    /// # Errors
    /// The first thing that does not have the right shape, with its path.
    pub fn from_json(text: &str) -> Result<Self, Fault> {
        let set = json::parse(text).and_then(|tree| Self::from_tree(&tree));
        set.map_err(|misfit| Fault { path: misfit.path, message: misfit.message })
    }

    pub(crate) fn from_tree(tree: &Tree) -> Result<Self, Misfit> {
        let packed = packed::pack(Self::SHAPE, tree)?;
        Self::from_packed(&packed, packed.fingerprint().into())
    }

    /// The set whose [`Packed::to_bytes`] these are; `None` when they were made by another version of the program.
    pub(crate) fn from_bytes(bytes: &'static [u8]) -> Option<Self> {
        let (packed, hash) = Packed::from_bytes(bytes)?;
        Self::from_packed(&packed, hash.into()).ok()
    }

    fn from_packed(packed: &Packed, hash: Str) -> Result<Self, Misfit> {
        let mut set = packed.unpack::<Self>().unwrap_or_default();
        set.complete().map_err(|(at, like)| Misfit {
            path: format!("rules[{at}].like"),
            message: format!("unknown pattern {}", Quoted(&like)),
        })?;
        set.hash = hash;
        Ok(set)
    }

    /// Fills in what rules take from patterns, and effects that follow from grades. Doing it twice changes nothing.
    ///
    /// # Errors
    /// The position of the first rule whose pattern does not exist, and the id that it names.
    pub fn complete(&mut self) -> Result<(), (usize, Str)> {
        let patterns = Index::new(self.patterns.iter().map(|pattern| pattern.id.as_str()));
        for source in self.sources.iter_mut().chain(&mut self.methods) {
            source.address = source.url.as_ref().map(encode_url);
        }
        for (at, rule) in self.rules.iter_mut().enumerate() {
            if let Some(like) = &rule.like {
                match patterns.get(like).and_then(|at| self.patterns.get(at)) {
                    Some(pattern) => rule.complete(pattern),
                    None => return Err((at, like.clone())),
                }
            }
            rule.effect = rule.effect.or_else(|| usual_effect(rule));
        }
        Ok(())
    }

    /// The set without what [`Self::complete`] fills in.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let mut short = self.clone();
        let patterns = Index::new(self.patterns.iter().map(|pattern| pattern.id.as_str()));
        for rule in &mut short.rules {
            if rule.effect == usual_effect(rule) {
                rule.effect = None;
            }
            if let Some(pattern) = rule.like.as_ref().and_then(|like| self.patterns.get(patterns.get(like)?)) {
                rule.shorten(pattern);
            }
        }
        short
    }
}

impl Serialize for RuleSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(&self.shortened(), serializer)
    }
}

/// Percent-encodes what an address may not hold as it stands, so that rule files can keep addresses readable.
pub(super) fn encode_url(url: &Str) -> Str {
    if url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return url.clone();
    }
    let mut encoded = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15]
                    .map(|half| char::from(b"0123456789ABCDEF".get(usize::from(half)).copied().unwrap_or_default())),
            );
        }
    }
    encoded.into()
}

fn is_blank(text: &Text) -> bool {
    text.zh.is_empty() && text.en.is_empty()
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_always(condition: &Condition) -> bool {
    condition.parts.is_empty()
}

#[cfg(test)]
mod tests {
    use super::encode_url;

    #[test]
    fn addresses_are_given_out_encoded() {
        assert_eq!(
            encode_url(&"https://example.org/a%20b/北 京.md".into()),
            "https://example.org/a%20b/%E5%8C%97%20%E4%BA%AC.md"
        );
    }
}
