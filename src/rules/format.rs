//! The rule format: what `rules/*.toml` holds, and what `rules.json` looks like.
//!
//! Both have the same names. A build reads the TOML files into one [`RuleSet`], checks it, and embeds it as JSON;
//! a caller may replace the whole set at run time by JSON of the same shape. How to write the files, and how to cite,
//! is explained in `rules/README.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::condition::Condition;
use super::upload::UploadProfile;
use crate::date::Date;
use crate::locale::Text;

/// Everything that a checklist is made from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct RuleSet {
    /// Version of the rules, apart from the version of the program: year, month, number.
    pub version: String,
    /// Words for yes and no.
    pub words: Words,
    /// Documents that rules cite.
    #[serde(deserialize_with = "sources")]
    pub sources: Vec<Source>,
    /// Standards and methods that checks of photos cite.
    #[serde(default, deserialize_with = "methods")]
    #[cfg_attr(test, ts(as = "Option<Vec<Source>>"))]
    pub methods: Vec<Source>,
    /// Provinces, autonomous regions and municipalities.
    #[serde(deserialize_with = "regions")]
    pub regions: Vec<Region>,
    /// What can be asked of an applicant.
    #[serde(deserialize_with = "facts")]
    pub facts: Vec<Fact>,
    /// Facts that follow from others.
    #[serde(default, deserialize_with = "implications", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Implication>>"))]
    pub implications: Vec<Implication>,
    /// Identity documents.
    #[serde(deserialize_with = "documents")]
    pub documents: Vec<Document>,
    /// Papers and photos that may be wanted.
    #[serde(deserialize_with = "materials")]
    pub materials: Vec<Material>,
    /// With which material one without an upload button is spliced; the first whose condition holds.
    #[serde(default, deserialize_with = "splices", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Splice>>"))]
    pub splices: Vec<Splice>,
    /// Lists of words that conditions and checks look for.
    #[serde(default, deserialize_with = "terms", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<TermList>>"))]
    pub terms: Vec<TermList>,
    /// The rules.
    #[serde(deserialize_with = "rules")]
    pub rules: Vec<Rule>,
    /// Limits of upload pages.
    #[serde(default, deserialize_with = "uploads", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<UploadProfile>>"))]
    pub uploads: Vec<UploadProfile>,
}

/// Words for yes and no, the options of every boolean fact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Words {
    /// Yes.
    pub yes: Text,
    /// No.
    pub no: Text,
}

/// A document or a method that is cited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Source {
    /// Stable id, kebab-case; no rule has the same.
    pub id: String,
    /// Who published it.
    pub publisher: Text,
    /// Its title, translated where it is published in one language only.
    pub title: Text,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A lasting copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<String>,
    /// Its own date, as precise as known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
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
    pub code: String,
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
    /// Any text; an empty text is an answer.
    Text,
}

/// Something that can be asked of an applicant and that conditions may refer to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Fact {
    /// Its name in a profile, camelCase.
    pub id: String,
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
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, ts(as = "Option<BTreeMap<String, Vec<String>>>"))]
    pub groups: BTreeMap<String, Vec<String>>,
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
}

/// A possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FactOption {
    /// As it is written in a profile.
    pub value: String,
    /// As it is shown.
    pub label: Text,
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
    pub fact: String,
    /// Its answer, of a boolean fact; either this or `same_as`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<bool>,
    /// The fact whose answer it shares, of the same type and with the same options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
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

/// An identity document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Document {
    /// Stable id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The pictures that are taken of it.
    pub slots: Vec<Slot>,
    /// Its shape, as reports name it: `id-1-card`, `passport-page`, ...
    pub shape: String,
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
    pub documents: Vec<String>,
}

/// A paper or photo that may be wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Material {
    /// Stable id.
    pub id: String,
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
    pub template: Option<String>,
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
    pub with: String,
}

/// A list of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TermList {
    /// Stable id.
    pub id: String,
    /// How the list came about: which terms a source names, and which are our reading.
    pub origin: Text,
    /// Sources of the list.
    pub sources: Vec<String>,
    /// The words.
    pub terms: Vec<String>,
}

/// How certain a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    pub sources: Vec<String>,
}

/// A rule. With `materials` it asks for papers; with `check` it is a constraint; with neither it is a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Rule {
    /// Stable id, kebab-case; no source has the same.
    pub id: String,
    /// Codes of the provinces in which it holds; empty: in all. A province's own file sets this itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<String>>"))]
    pub provinces: Vec<String>,
    /// Holds only in provinces without a file of their own.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub baseline_only: bool,
    /// Ids of rules whose place it takes, in its provinces and on its days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<String>>"))]
    pub overrides: Vec<String>,
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
    #[cfg_attr(test, ts(as = "Option<Vec<String>>"))]
    pub sources: Vec<String>,
    /// Readings of a disputed rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Reading>>"))]
    pub readings: Vec<Reading>,
    /// To whom it applies; empty: to everyone.
    #[serde(default, skip_serializing_if = "is_always")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>", optional))]
    pub when: Condition,
    /// Ids of the materials that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<String>>"))]
    pub materials: Vec<String>,
    /// Where it holds, only these identity documents serve as its materials. It then asks for nothing by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<String>>"))]
    pub accepts: Vec<String>,
    /// What must be so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
    pub check: Option<Condition>,
    /// How far it goes. Notices have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Listed only once it is certain to apply, and a constraint only when it is not met.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(test, ts(as = "Option<bool>"))]
    pub quiet: bool,
    /// What the rule says.
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
    pub fn all_sources(&self) -> impl Iterator<Item = &str> {
        let mut seen = Vec::new();
        let readings = self.readings.iter().flat_map(|reading| &reading.sources);
        self.sources.iter().chain(readings).map(String::as_str).filter(move |&id| {
            let fresh = !seen.contains(&id);
            seen.push(id);
            fresh
        })
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_always(condition: &Condition) -> bool {
    condition.parts.is_empty()
}

macro_rules! lists {
    ($($name:ident)+) => {$(
        fn $name<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
            deserializer.deserialize_seq(List { name: stringify!($name), item: PhantomData })
        }
    )+};
}

lists!(sources methods regions facts implications documents materials splices terms rules uploads);

/// Reads a list and names the entry that does not fit, so that the caller of the page finds it.
struct List<T> {
    name: &'static str,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        loop {
            match items.next_element() {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(list),
                Err(error) => return Err(A::Error::custom(format!("{}[{}]: {error}", self.name, list.len()))),
            }
        }
    }
}
