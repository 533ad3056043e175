//! Which papers are wanted: answers, rules and a day to a checklist with reasons and questions.
//!
//! 1. The answers are checked against the facts of the rule set, and what follows from them is added.
//! 2. The rules that hold in the province on the day are selected; a rule may take the place of others.
//! 3. Each condition gets a value of three: an answer that is missing makes it unknown, never "no".
//! 4. A material is `required` when a rule that requires it holds, `conditional` when one may still come to hold,
//!    `maybe` when a rule says "perhaps", else `not-required`. A further answer never takes back what is certain.
//! 5. Every open question is answered on trial in every way: those that change nothing are not asked, and those that
//!    settle most come first.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::date::Date;
use crate::decimal;
use crate::error::{Misuse, MisuseCode};
use crate::finding::Basis;
use crate::limits;
use crate::locale::{Locale, Text};
use crate::order::{self, sort_by, sort_by_key};
use crate::report::EngineReport;
use crate::rules::RuleSet;
use crate::rules::format::{Effect, Fact, FactType, Grade, Material, Reading, Region, Rule, Slot, Topic};
use crate::rules::index::Index;
use crate::rules::logic::{Known, LONG_TERM, Leaf, Names, Node, TermIndex, Truth};
use crate::string::{Quoted, Str, find, replaced};
use crate::table::Table;

/// The answers of an applicant by fact, e.g. `{ "province": "350000", "entityType": "enterprise" }`.
///
/// A fact that is absent or null is unknown. Which facts there are is data of the rule set.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(transparent)]
pub struct Profile {
    /// Answers by fact.
    pub answers: Table<Answer>,
}

impl Profile {
    /// A profile in which nothing but the province is known.
    #[must_use]
    pub fn new(province: &str) -> Self {
        Self::default().with("province", Answer::Text(province.to_owned()))
    }

    /// The profile with one more answer.
    #[must_use]
    pub fn with(mut self, fact: &str, answer: impl Into<Answer>) -> Self {
        self.answers.insert(fact.to_owned(), answer.into());
        self
    }
}

/// An answer as it was given, not yet compared with its fact.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Answer {
    /// Not given.
    #[default]
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text or an option.
    Text(String),
    /// A list or an object, which no fact allows.
    Nested,
}

impl From<bool> for Answer {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i32> for Answer {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<&str> for Answer {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&FactValue> for Answer {
    fn from(value: &FactValue) -> Self {
        match value {
            FactValue::Flag(flag) => Self::Flag(*flag),
            // OK because facts have bounds far below 2^53.
            FactValue::Number(number) => Self::Number(*number as f64),
            FactValue::Text(text) => Self::Text(text.to_string()),
        }
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyAnswer;
        impl<'de> Visitor<'de> for AnyAnswer {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true, false or null")
            }

            fn visit_unit<E>(self) -> Result<Answer, E> {
                Ok(Answer::Unknown)
            }

            fn visit_none<E>(self) -> Result<Answer, E> {
                Ok(Answer::Unknown)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Answer, D::Error> {
                Answer::deserialize(deserializer)
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Answer, E> {
                Ok(Answer::Flag(flag))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Answer, E> {
                Ok(Answer::Number(number as f64))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Answer, E> {
                Ok(Answer::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Answer, E> {
                Ok(Answer::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Answer, E> {
                Ok(Answer::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Answer, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Answer::Nested)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Answer, A::Error> {
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Answer::Nested)
            }
        }
        deserializer.deserialize_any(AnyAnswer)
    }
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum FactValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(#[cfg_attr(test, ts(type = "number"))] i64),
    /// A text, an option, a code or a day.
    Text(Str),
}

/// Which papers are wanted, why, and what is still worth asking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Checklist {
    /// Every material of the rules: required ones first, then conditional, maybe, not required.
    pub items: Vec<ChecklistItem>,
    /// What else must be so or should be known.
    pub constraints: Vec<Constraint>,
    /// Questions whose answer can still change the result, most decisive first.
    pub questions: Vec<Question>,
    /// Which program, which rules, which day.
    pub engine: EngineReport,
}

/// Whether a material is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ItemStatus {
    /// It is wanted.
    Required,
    /// It depends on an answer that is missing.
    Conditional,
    /// Some providers or authorities want it, or sources disagree: ask the provider.
    Maybe,
    /// Nothing was found that asks for it.
    NotRequired,
}

impl ItemStatus {
    /// The status as it is written in checklists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditional",
            Self::Maybe => "maybe",
            Self::NotRequired => "not-required",
        }
    }
}

/// A material with its status and the reasons.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChecklistItem {
    /// Id of the material.
    pub material: Str,
    /// Its name.
    pub name: Str,
    /// What it is.
    pub description: Str,
    /// Identity documents that serve as it; empty when it is not one.
    pub accepts: Vec<Str>,
    /// Whether it is wanted.
    pub status: ItemStatus,
    /// Questions that decide a conditional item; empty for others.
    pub depends_on: Vec<Str>,
    /// The answers that lead to the status. Never empty.
    pub because: Vec<Reason>,
    /// What the rules behind the status say.
    pub notes: Vec<Str>,
    /// How certain it is: the grade of the most certain rule behind the status.
    pub grade: Grade,
    /// The rules behind the status, each with its grade and those who say so; empty for what is not required.
    pub rules: Vec<RuleNote>,
    /// Pictures to take.
    pub slots: Vec<Slot>,
    /// How it is uploaded.
    pub upload: UploadHint,
    /// Name or address of a form to fill in.
    pub template: Option<Str>,
    /// What the paper has to say, point by point; empty for what is only photographed.
    pub outline: Vec<Str>,
    /// Who issues or signs it.
    pub issuer: Option<Str>,
    /// How long it is valid, or how old it may be.
    pub validity: Option<Str>,
    /// Who asks for it. Never empty.
    pub basis: Vec<Basis>,
    /// Single answers that would change the status; absent unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub changes: Option<Vec<StatusChange>>,
}

/// What one rule says, and who says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RuleNote {
    /// Id of the rule.
    pub id: Str,
    /// How certain it is.
    pub grade: Grade,
    /// What it says.
    pub text: Str,
    /// Where sources contradict each other: what each side says.
    pub readings: Vec<ReadingNote>,
    /// Who says so.
    pub basis: Vec<Basis>,
    /// The day on which it was last compared with its sources.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub verified_on: Option<Date>,
    /// That day is long ago: ask the provider.
    pub stale: bool,
}

/// One of several readings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReadingNote {
    /// What these sources say.
    pub text: Str,
    /// The sources.
    pub basis: Vec<Basis>,
}

/// A single answer that would change something, given or not yet given.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StatusChange {
    /// Id of the fact.
    pub fact: Str,
    /// The answer; of numbers and days the nearest one that does it; `null`: another text.
    pub value: Option<FactValue>,
    /// The answer as it is shown; `null` for another text.
    pub label: Option<Str>,
    /// The status that follows; `absent` for a constraint that would not be listed.
    pub status: Str,
}

/// How a material is uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UploadHint {
    /// Whether upload pages have a button for it.
    pub own_button: bool,
    /// Without one: the material it is spliced with; `null` while that depends on an answer.
    pub splice_with: Option<Str>,
}

/// An answer and the rule in which it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reason {
    /// Id of the fact, or `on` for the day of the checklist.
    pub fact: Str,
    /// Its value.
    pub value: FactValue,
    /// Id of the rule.
    pub rule: Str,
}

/// How things stand with a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ConstraintStatus {
    /// It is not fulfilled.
    Violated,
    /// An answer is missing, or only some providers or authorities insist on it.
    Unknown,
    /// It is fulfilled.
    Met,
    /// Something to know.
    Notice,
}

impl ConstraintStatus {
    /// The status as it is written in checklists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Violated => "violated",
            Self::Unknown => "unknown",
            Self::Met => "met",
            Self::Notice => "notice",
        }
    }
}

/// Something that must be so, or that should be known.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Constraint {
    /// Id of the rule.
    pub id: Str,
    /// How things stand.
    pub status: ConstraintStatus,
    /// What it is about, to sort a long list.
    pub topic: Option<Topic>,
    /// How certain it is.
    pub grade: Grade,
    /// What it says.
    pub message: Str,
    /// What to do; `null` when there is nothing to do.
    pub remedy: Option<Str>,
    /// Questions that decide it; empty when none can.
    pub depends_on: Vec<Str>,
    /// The answers that lead to the status. Never empty.
    pub because: Vec<Reason>,
    /// Who says so. Never empty.
    pub basis: Vec<Basis>,
    /// Where sources contradict each other: what each side says.
    pub readings: Vec<ReadingNote>,
    /// The day on which the rule was last compared with its sources.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub verified_on: Option<Date>,
    /// That day is long ago: ask the provider.
    pub stale: bool,
    /// Single answers that would change the status; absent unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub changes: Option<Vec<StatusChange>>,
}

/// A question that is still worth asking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Question {
    /// Id of the fact.
    pub id: Str,
    /// The question.
    pub text: Str,
    /// A sentence of help.
    pub help: Option<Str>,
    /// Kind of answer.
    #[serde(rename = "type")]
    pub kind: FactType,
    /// Possible answers; absent for numbers and texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<QuestionOption>>", optional))]
    pub options: Vec<QuestionOption>,
    /// Smallest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub min: Option<i64>,
    /// Largest number allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub max: Option<i64>,
    /// Ids of the materials and constraints that an answer can change.
    pub affects: Vec<Str>,
    /// A detail, which can be left open at little cost. Details come last.
    pub detail: bool,
    /// The answer is about a person or names something: keep it out of links and storage.
    pub personal: bool,
}

/// A possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QuestionOption {
    /// As it is given in a profile.
    pub value: FactValue,
    /// As it is shown.
    pub label: Str,
}

/// Says which papers this profile needs on this day.
///
/// ```
/// use icp_precheck::checklist::{self, ItemStatus, Profile};
/// use icp_precheck::{Locale, rules::RuleSet};
///
/// let profile = Profile::new("350000").with("entityType", "individual").with("domicileInProvince", false);
/// let on = "2026-11-24".parse().map_err(|e| format!("{e}"))?;
/// let list = checklist::evaluate(&RuleSet::builtin(), &profile, on, Locale::En).map_err(|e| e.to_string())?;
/// let permit = list.items.iter().find(|item| item.material == "residence-permit");
/// assert_eq!(permit.map(|item| item.status), Some(ItemStatus::Required));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// [`MisuseCode::UnknownProvince`] when the province is missing or unknown, [`MisuseCode::InvalidArgument`] when an
/// answer does not fit its fact; the message names the fact.
pub fn evaluate(rules: &RuleSet, profile: &Profile, on: Date, locale: Locale) -> Result<Checklist, Misuse> {
    list(rules, &Memory::default(), profile, on, locale, false)
}

/// Like [`evaluate`], and says for every item and constraint which single answers would change it.
///
/// Every answer of every question is tried, those that were given included: some milliseconds instead of one.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_with_changes(
    rules: &RuleSet,
    profile: &Profile,
    on: Date,
    locale: Locale,
) -> Result<Checklist, Misuse> {
    list(rules, &Memory::default(), profile, on, locale, true)
}

/// What was looked up for the last checklist of one rule set. Answers come one after the other, and most of what a
/// checklist needs hangs on province, day and language alone.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Option<Arc<Ready>>>);

impl Memory {
    fn ready(&self, rules: &RuleSet, region: &Region, on: Date, locale: Locale) -> Arc<Ready> {
        // Whoever panicked while holding it left it whole: it is only ever replaced.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(ready) if ready.on == on && ready.locale == locale && ready.region.code == region.code => {
                ready.clone()
            }
            _ => last.insert(Arc::new(Ready::new(rules, region, on, locale))).clone(),
        }
    }
}

/// [`evaluate`] or [`evaluate_with_changes`]; `memory` belongs to these rules.
pub(crate) fn list(
    rules: &RuleSet,
    memory: &Memory,
    profile: &Profile,
    on: Date,
    locale: Locale,
    changes: bool,
) -> Result<Checklist, Misuse> {
    let engine = EngineReport {
        version: env!("CARGO_PKG_VERSION").into(),
        rules_version: rules.version.clone(),
        rules_hash: rules.hash.clone(),
        on,
    };
    let names = Names::new(rules, on);
    let region = find_region(rules, profile)?;
    let ready = memory.ready(rules, region, on, locale);
    let given = read_answers(rules, &ready, &names, profile)?;
    let situation = Situation::new(rules, &ready, given);
    let result = situation.outcome();
    let asked = situation.ask(&result);
    let changes = changes.then(|| situation.changes(&result));
    Ok(Checklist {
        items: situation.items(&result, &asked, changes.as_ref()),
        constraints: situation.constraints(&result, &asked, changes.as_ref()),
        questions: situation.questions(&asked),
        engine,
    })
}

fn find_region<'a>(rules: &'a RuleSet, profile: &Profile) -> Result<&'a Region, Misuse> {
    let hint = "the six-digit GB/T 2260 code of a province-level division of mainland China, e.g. \"350000\"";
    let unknown = |what: String| Misuse::new(MisuseCode::UnknownProvince, format!("province: {what}; give {hint}"));
    match profile.answers.get("province") {
        None | Some(Answer::Unknown) => Err(unknown("missing".to_owned())),
        Some(Answer::Text(code)) => rules.region(code).ok_or_else(|| unknown(format!("{} is unknown", Quoted(code)))),
        Some(_) => Err(unknown("is not a text".to_owned())),
    }
}

/// The answers by position of the fact; `None` is unknown.
fn read_answers(
    rules: &RuleSet,
    ready: &Ready,
    names: &Names<'_>,
    profile: &Profile,
) -> Result<Vec<Option<(FactValue, Known)>>, Misuse> {
    let mut given = vec![None; rules.facts.len()];
    for (id, answer) in &profile.answers {
        let wrong = |what: String| Misuse::new(MisuseCode::InvalidArgument, format!("{id}: {what}"));
        let Some((position, fact)) = names.fact(id) else {
            let known: Vec<_> = rules.facts.iter().map(|fact| fact.id.as_str()).collect();
            return Err(wrong(format!("no such fact; known: {}", known.join(", "))));
        };
        let value = match (fact.kind, answer) {
            (_, Answer::Unknown) => continue,
            (FactType::Boolean, Answer::Flag(flag)) => (FactValue::Flag(*flag), Known::Flag(*flag)),
            (FactType::Integer, Answer::Number(number)) => {
                let number = read_integer(fact, *number).map_err(wrong)?;
                (FactValue::Number(number), Known::Number(number))
            }
            (FactType::Enum | FactType::Region, Answer::Text(text)) => {
                let Some(option) = names.option(fact, text) else {
                    let known: Vec<_> = fact.options.iter().map(|option| option.value.as_str()).collect();
                    return Err(wrong(format!("no option {}; known: {}", Quoted(text), known.join(", "))));
                };
                (FactValue::Text(text.clone().into()), Known::Option(option))
            }
            (FactType::Text, Answer::Text(text)) => {
                let chars = text.chars().count();
                if chars > limits::MAX_FACT_CHARS {
                    let max = limits::MAX_FACT_CHARS;
                    return Err(wrong(format!("{chars} characters are too many; at most {max}")));
                }
                let index = ready.terms.get_or_init(|| TermIndex::new(rules));
                (FactValue::Text(text.clone().into()), index.read(text))
            }
            (FactType::Date, Answer::Text(text)) => match text.as_str() {
                "long-term" | "长期" => (FactValue::Text("long-term".into()), Known::Number(LONG_TERM)),
                _ => {
                    let day: Date = text.parse().map_err(|_| {
                        wrong(format!(
                            "{} is neither a calendar day written YYYY-MM-DD nor \"long-term\"",
                            Quoted(text)
                        ))
                    })?;
                    (FactValue::Text(text.clone().into()), Known::Number(day.number()))
                }
            },
            (kind, _) => {
                let wanted = match kind {
                    FactType::Boolean => "true or false",
                    FactType::Integer => "a whole number",
                    FactType::Enum | FactType::Region | FactType::Text => "a text",
                    FactType::Date => "a day written YYYY-MM-DD, or \"long-term\"",
                };
                return Err(wrong(format!("expected {wanted}")));
            }
        };
        if let Some(slot) = given.get_mut(position) {
            *slot = Some(value);
        }
    }
    Ok(given)
}

fn read_integer(fact: &Fact, number: f64) -> Result<i64, String> {
    // 2^53: above it, JavaScript's numbers are no longer exact.
    if number.fract() != 0.0 || number.abs() > 9_007_199_254_740_992.0 {
        return Err(format!("{} is not a whole number", decimal::shortest(number)));
    }
    // OK because the number is whole and below 2^53.
    let number = number as i64;
    let (min, max) = (fact.min.unwrap_or(i64::MIN), fact.max.unwrap_or(i64::MAX));
    if number < min {
        return Err(format!("{number} is too small; at least {min}"));
    }
    if number > max {
        return Err(format!("{number} is too large; at most {max}"));
    }
    Ok(number)
}

/// A rule in force, ready to be evaluated.
#[derive(Debug)]
struct Active {
    rule: Rule,
    when: Node,
    check: Option<Node>,
    /// Positions of the materials that it is about.
    items: Vec<usize>,
    /// What it says, and who says so.
    note: RuleNote,
    /// Where sources contradict each other: each reading with those who hold it, as a sentence.
    readings: Vec<Str>,
}

/// Value of `when` and of `check` of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Truths {
    when: Truth,
    check: Truth,
}

/// A material with what decides about it.
#[derive(Debug)]
struct Wanted {
    material: Material,
    /// Active rules that ask for it, each with how far it goes.
    asking: Vec<(usize, Option<Effect>)>,
    /// Active rules that narrow which documents serve.
    narrowing: Vec<(usize, u64)>,
    /// Accepted documents by case, one bit each.
    cases: Vec<(Node, u64)>,
    /// The first rule of the set that asks for it, in force or not.
    elsewhere: Option<(Rule, Vec<Basis>)>,
}

/// What came out for one material.
#[derive(Clone, Copy, PartialEq)]
struct ItemOutcome {
    status: ItemStatus,
    accepts: u64,
}

/// What came out, in the order of materials and of active rules.
struct Outcome {
    items: Vec<ItemOutcome>,
    /// `None`: not listed.
    constraints: Vec<Option<ConstraintStatus>>,
}

/// A question with what its answer can change.
struct Asked {
    fact: usize,
    score: f64,
    /// Positions of materials whose status it can change.
    decides: Vec<usize>,
    /// Positions of materials of which it can change anything.
    items: Vec<usize>,
    /// Positions of active rules.
    constraints: Vec<usize>,
}

/// Everything that hangs on the rules, the province, the day and the language, and on no answer.
#[derive(Debug)]
struct Ready {
    region: Region,
    on: Date,
    locale: Locale,
    active: Vec<Active>,
    wanted: Vec<Wanted>,
    implications: Vec<(Node, usize, Implied)>,
    /// By fact: for whom it makes sense.
    relevant: Vec<Option<Node>>,
    splices: Vec<(Node, Str)>,
    /// By fact: the answers that rules tell apart, and what hangs on them.
    trials: Vec<Trial>,
    /// Made when a text is answered for the first time.
    terms: OnceLock<TermIndex>,
}

/// Answers and what follows from them, in a situation.
struct Situation<'a> {
    set: &'a RuleSet,
    ready: &'a Ready,
    given: Vec<Option<(FactValue, Known)>>,
    /// Given answers and what follows from them.
    state: Vec<Known>,
    /// By fact that follows: the given answers that it follows from.
    origins: Vec<Vec<usize>>,
    /// The facts whose answers contradict each other.
    contradicting: Vec<usize>,
    truths: Vec<Truths>,
}

/// What follows.
#[derive(Debug, Clone, Copy)]
enum Implied {
    Flag(bool),
    SameAs(usize),
}

impl Ready {
    fn new(set: &RuleSet, region: &Region, on: Date, locale: Locale) -> Self {
        let names = Names::new(set, on);
        let says = Speaker { set, region, on, locale };
        let places = Index::new(set.materials.iter().map(|material| material.id.as_str()));
        let in_force: Vec<_> = set.rules.iter().filter(|rule| rule.in_region(region) && rule.in_force(on)).collect();
        let overridden: Vec<_> = in_force.iter().flat_map(|rule| &rule.overrides).collect();
        let active: Vec<_> = in_force
            .into_iter()
            .filter(|rule| !overridden.contains(&&rule.id))
            .map(|rule| Active {
                when: names.compile(&rule.when),
                check: rule.check.as_ref().map(|check| names.compile(check)),
                items: rule.materials.iter().filter_map(|id| places.get(id)).collect(),
                note: says.rule_note(rule),
                readings: says.readings(rule),
                rule: rule.clone(),
            })
            .collect();
        let position = |id: &Str| set.documents.iter().position(|document| document.id == *id);
        let bits = |ids: &[Str]| ids.iter().filter_map(position).fold(0, |bits, at| bits | bit(at));
        let mut elsewhere = vec![None; set.materials.len()];
        for rule in set.rules.iter().filter(|rule| rule.accepts.is_empty()) {
            for at in rule.materials.iter().filter_map(|id| places.get(id)) {
                if let Some(first) = elsewhere.get_mut(at)
                    && first.is_none()
                {
                    *first = Some(rule);
                }
            }
        }
        let wanted = set.materials.iter().zip(elsewhere).enumerate().map(|(place, (material, elsewhere))| {
            let mut wanted = Wanted {
                material: material.clone(),
                asking: Vec::new(),
                narrowing: Vec::new(),
                cases: material.accepts.iter().map(|c| (names.compile(&c.when), bits(&c.documents))).collect(),
                elsewhere: elsewhere.map(|rule| (rule.clone(), says.basis(rule))),
            };
            for (at, active) in active.iter().enumerate().filter(|(_, active)| active.items.contains(&place)) {
                match bits(&active.rule.accepts) {
                    0 => wanted.asking.push((at, active.rule.effect)),
                    accepts => wanted.narrowing.push((at, accepts)),
                }
            }
            wanted
        });
        let implications = set.implications.iter().filter_map(|implication| {
            let (fact, _) = names.fact(&implication.fact)?;
            let implied = match (implication.value, &implication.same_as) {
                (Some(flag), _) => Implied::Flag(flag),
                (None, other) => Implied::SameAs(names.fact(other.as_ref()?)?.0),
            };
            Some((names.compile(&implication.when), fact, implied))
        });
        let mut ready = Self {
            region: region.clone(),
            on,
            locale,
            wanted: wanted.collect(),
            active,
            implications: implications.collect(),
            relevant: set.facts.iter().map(|fact| Some(names.compile(fact.relevant.as_ref()?))).collect(),
            splices: set.splices.iter().map(|splice| (names.compile(&splice.when), splice.with.clone())).collect(),
            trials: Vec::new(),
            terms: OnceLock::new(),
        };
        ready.trials = ready.trials(set);
        ready
    }

    /// For each fact, one answer of every kind that conditions tell apart.
    fn trials(&self, set: &RuleSet) -> Vec<Trial> {
        let mut trials: Vec<_> = (0..set.facts.len())
            .map(|fact| Trial { fact, values: Vec::new(), rules: Vec::new(), cases: Vec::new() })
            .collect();
        let mut visit = |rule: Option<usize>, case: Option<usize>, fact: usize, leaf: Leaf| {
            let (Some(trial), Some(definition)) = (trials.get_mut(fact), set.facts.get(fact)) else { return };
            trial.add(definition, leaf);
            // Rules and materials come one after the other, so a repeated one is the last.
            if rule.is_some() && trial.rules.last().copied() != rule {
                trial.rules.extend(rule);
            }
            if case.is_some() && trial.cases.last().copied() != case {
                trial.cases.extend(case);
            }
        };
        for (at, active) in self.active.iter().enumerate() {
            for node in std::iter::once(&active.when).chain(&active.check) {
                node.leaves(&mut |fact, leaf| visit(Some(at), None, fact, leaf));
            }
        }
        for (at, wanted) in self.wanted.iter().enumerate() {
            for (node, _) in &wanted.cases {
                node.leaves(&mut |fact, leaf| visit(None, Some(at), fact, leaf));
            }
        }
        for (node, ..) in &self.implications {
            node.leaves(&mut |fact, leaf| visit(None, None, fact, leaf));
        }
        trials
    }
}

/// A possible state beside the real one: the answer on trial, what follows from it, and what comes out differently.
struct Trying {
    state: Vec<Known>,
    truths: Vec<Truths>,
    /// Facts that follow in this state, and did not before.
    followed: Vec<usize>,
    /// Active rules with another value than in the real state, with that of the real state.
    changed: Vec<(usize, Truths)>,
    /// Positions of materials to look at again.
    touched: Vec<usize>,
}

impl<'a> Situation<'a> {
    fn new(set: &'a RuleSet, ready: &'a Ready, given: Vec<Option<(FactValue, Known)>>) -> Self {
        let mut state: Vec<_> = known(&given).collect();
        let mut situation = Self {
            set,
            ready,
            origins: Vec::new(),
            contradicting: Vec::new(),
            given,
            truths: Vec::new(),
            state: Vec::new(),
        };
        situation.origins = situation.follow(&mut state);
        situation.contradicting = situation.contradicting(&state);
        situation.truths = ready.active.iter().map(|active| situation.truths(active, &state)).collect();
        situation.state = state;
        situation
    }

    fn truths(&self, active: &Active, state: &[Known]) -> Truths {
        let contradicted = active.rule.contradiction && !self.contradicting.is_empty();
        Truths {
            when: if contradicted { Some(true) } else { active.when.truth(state) },
            check: active.check.as_ref().and_then(|check| check.truth(state)),
        }
    }

    /// Adds what follows from the answers; says which facts do.
    fn follow_quietly(&self, state: &mut [Known], followed: &mut Vec<usize>) {
        // Each round fills at least one more fact, so this ends.
        for _ in 0..state.len() {
            let before = followed.len();
            for (when, fact, implied) in &self.ready.implications {
                if state.get(*fact) != Some(&Known::Unknown) || when.truth(state) != Some(true) {
                    continue;
                }
                let known = match implied {
                    Implied::Flag(flag) => Known::Flag(*flag),
                    Implied::SameAs(other) => state.get(*other).copied().unwrap_or_default(),
                };
                if let Some(slot) = state.get_mut(*fact)
                    && known != Known::Unknown
                {
                    *slot = known;
                    followed.push(*fact);
                }
            }
            if followed.len() == before {
                break;
            }
        }
    }

    /// Adds what follows from the answers; says for each fact that follows, from which answers it does.
    fn follow(&self, state: &mut [Known]) -> Vec<Vec<usize>> {
        let mut origins = vec![Vec::new(); state.len()];
        // Each round fills at least one more fact, so this ends.
        for _ in 0..state.len() {
            let mut changed = false;
            for (when, fact, implied) in &self.ready.implications {
                if state.get(*fact) != Some(&Known::Unknown) || when.truth(state) != Some(true) {
                    continue;
                }
                let mut from = Vec::new();
                when.deciding(state, &mut from);
                let known = match implied {
                    Implied::Flag(flag) => Known::Flag(*flag),
                    Implied::SameAs(other) => {
                        from.push(*other);
                        state.get(*other).copied().unwrap_or_default()
                    }
                };
                if known == Known::Unknown {
                    continue;
                }
                let resolved = resolve(&from, &origins);
                if let (Some(slot), Some(origin)) = (state.get_mut(*fact), origins.get_mut(*fact)) {
                    *slot = known;
                    *origin = resolved;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        origins
    }

    /// The facts whose answers contradict what follows from the others, with those that it follows from.
    fn contradicting(&self, state: &[Known]) -> Vec<usize> {
        let mut found = Vec::new();
        for (when, fact, implied) in &self.ready.implications {
            let known = state.get(*fact).copied().unwrap_or_default();
            let (expected, other) = match implied {
                Implied::Flag(flag) => (Known::Flag(*flag), None),
                Implied::SameAs(other) => (state.get(*other).copied().unwrap_or_default(), Some(*other)),
            };
            if known == Known::Unknown
                || expected == Known::Unknown
                || known == expected
                || when.truth(state) != Some(true)
            {
                continue;
            }
            when.deciding(state, &mut found);
            found.extend(other);
            found.push(*fact);
        }
        let mut sorted = Vec::new();
        for fact in resolve(&found, &self.origins) {
            order::insert(&mut sorted, fact);
        }
        sorted
    }

    fn outcome(&self) -> Outcome {
        let items = self.ready.wanted.iter().map(|wanted| item_outcome(wanted, &self.truths, &self.state));
        let constraints = self.ready.active.iter().zip(&self.truths);
        Outcome {
            items: items.collect(),
            constraints: constraints.map(|(active, truths)| constraint_status(&active.rule, *truths)).collect(),
        }
    }

    /// Tries every answer of every open question.
    fn ask(&self, now: &Outcome) -> Vec<Asked> {
        let mut trying = self.trying();
        let mut asked: Vec<_> = self
            .ready
            .trials
            .iter()
            .filter(|trial| !trial.values.is_empty() && self.can_ask(trial.fact))
            .map(|trial| self.try_answers(trial, now, &mut trying))
            .filter(|asked| !asked.items.is_empty() || !asked.constraints.is_empty())
            .collect();
        self.ask_what_is_missing(now, &mut asked);
        // Papers take days to get, so what decides about one comes first. Equal scores keep the order of the facts.
        let is_detail = |asked: &Asked| self.set.facts.get(asked.fact).is_some_and(|fact| fact.detail);
        let turn = |asked: &Asked| (is_detail(asked), asked.decides.is_empty());
        sort_by(&mut asked, |a, b| turn(a).cmp(&turn(b)).then(b.score.total_cmp(&a.score)).then(a.fact.cmp(&b.fact)));
        asked
    }

    /// Where no single answer decides an item, everything that it hangs on is asked.
    fn ask_what_is_missing(&self, now: &Outcome, asked: &mut Vec<Asked>) {
        for (at, (wanted, item)) in self.ready.wanted.iter().zip(&now.items).enumerate() {
            if item.status != ItemStatus::Conditional || asked.iter().any(|asked| asked.decides.contains(&at)) {
                continue;
            }
            let mut missing = Vec::new();
            for active in wanted.asking.iter().filter_map(|&(rule, _)| self.ready.active.get(rule)) {
                active.when.missing(&self.state, &mut missing);
            }
            for fact in missing.into_iter().filter(|&fact| self.can_ask(fact)) {
                match asked.iter_mut().find(|asked| asked.fact == fact) {
                    Some(asked) => {
                        asked.decides.push(at);
                        order::insert(&mut asked.items, at);
                    }
                    None => asked.push(Asked {
                        fact,
                        score: 0.0,
                        decides: vec![at],
                        items: vec![at],
                        constraints: Vec::new(),
                    }),
                }
            }
        }
    }

    fn can_ask(&self, fact: usize) -> bool {
        let Some(definition) = self.set.facts.get(fact) else { return false };
        self.state.get(fact) == Some(&Known::Unknown)
            && definition.kind != FactType::Region
            && self.ready.relevant.get(fact).is_none_or(|relevant| {
                relevant.as_ref().is_none_or(|relevant| relevant.truth(&self.state) != Some(false))
            })
    }

    fn trying(&self) -> Trying {
        Trying {
            state: self.state.clone(),
            truths: self.truths.clone(),
            followed: Vec::new(),
            changed: Vec::new(),
            touched: Vec::new(),
        }
    }

    fn try_answers(&self, trial: &Trial, now: &Outcome, trying: &mut Trying) -> Asked {
        let mut asked =
            Asked { fact: trial.fact, score: 0.0, decides: Vec::new(), items: Vec::new(), constraints: Vec::new() };
        for value in &trial.values {
            if let Some(slot) = trying.state.get_mut(trial.fact) {
                *slot = *value;
            }
            self.follow_quietly(&mut trying.state, &mut trying.followed);
            self.reconsider(trial.fact, trying);
            self.compare(now, trying, &mut asked);
            self.take_back(trial.fact, trying);
        }
        asked.score /= trial.values.len().max(1) as f64;
        asked
    }

    /// Looks again at what hangs on a fact, and on the facts that followed.
    fn reconsider(&self, fact: usize, trying: &mut Trying) {
        let Trying { state, truths, followed, changed, touched } = trying;
        for trial in std::iter::once(&fact).chain(&*followed).filter_map(|fact| self.ready.trials.get(*fact)) {
            for &at in &trial.rules {
                let (Some(active), Some(slot)) = (self.ready.active.get(at), truths.get_mut(at)) else { continue };
                let fresh = self.truths(active, state);
                if *slot != fresh {
                    changed.push((at, *slot));
                    *slot = fresh;
                    for at in &active.items {
                        order::insert(touched, *at);
                    }
                }
            }
            for at in &trial.cases {
                order::insert(touched, *at);
            }
        }
    }

    /// Back to the real state.
    fn take_back(&self, fact: usize, trying: &mut Trying) {
        for fact in std::iter::once(fact).chain(trying.followed.drain(..)) {
            if let (Some(slot), Some(real)) = (trying.state.get_mut(fact), self.state.get(fact)) {
                *slot = *real;
            }
        }
        for (at, real) in trying.changed.drain(..) {
            if let Some(slot) = trying.truths.get_mut(at) {
                *slot = real;
            }
        }
        trying.touched.clear();
    }

    /// For every material and every active rule: single answers that would change it, the nearest first.
    fn changes(&self, now: &Outcome) -> Changes {
        let mut changes =
            Changes { items: vec![Vec::new(); now.items.len()], constraints: vec![Vec::new(); now.constraints.len()] };
        let given: Vec<_> = known(&self.given).collect();
        let mut trying = self.trying();
        for trial in &self.ready.trials {
            let Some(fact) = self.set.facts.get(trial.fact) else { continue };
            let current = given.get(trial.fact).copied().unwrap_or_default();
            let is_open = current == Known::Unknown;
            if fact.kind == FactType::Region || (is_open && !self.can_ask(trial.fact)) {
                continue;
            }
            let mut values = trial.values.clone();
            if let Known::Number(current) = current {
                sort_by_key(&mut values, |value| match value {
                    Known::Number(number) => number.abs_diff(current),
                    _ => 0,
                });
            }
            for value in values.iter().filter(|value| **value != current) {
                // What followed from the old answer may not follow from the new one.
                trying.state.copy_from_slice(&given);
                if let Some(slot) = trying.state.get_mut(trial.fact) {
                    *slot = *value;
                }
                self.follow_quietly(&mut trying.state, &mut trying.followed);
                let differs = trying.state.iter().zip(&self.state).enumerate().filter(|(_, (then, now))| then != now);
                trying.followed = differs.map(|(at, _)| at).filter(|at| *at != trial.fact).collect();
                if self.contradicting(&trying.state).is_empty() {
                    self.reconsider(trial.fact, &mut trying);
                    self.note_changes(&mut changes, now, &trying, fact, *value);
                }
                self.take_back(trial.fact, &mut trying);
            }
        }
        changes
    }

    fn note_changes(&self, changes: &mut Changes, now: &Outcome, trying: &Trying, fact: &Fact, value: Known) {
        for (at, _, then) in self.items_of(now, trying).filter(|(_, now, then)| now.status != then.status) {
            if let Some(list) = changes.items.get_mut(at) {
                self.note_change(list, fact, value, then.status.as_str());
            }
        }
        for (at, _, then) in self.constraints_of(now, trying) {
            if let Some(list) = changes.constraints.get_mut(at) {
                self.note_change(list, fact, value, then.map_or("absent", ConstraintStatus::as_str));
            }
        }
    }

    /// The materials that come out differently: position, now, then.
    fn items_of<'o>(
        &'o self,
        now: &'o Outcome,
        trying: &'o Trying,
    ) -> impl Iterator<Item = (usize, ItemOutcome, ItemOutcome)> + 'o {
        trying.touched.iter().filter_map(|&at| {
            let now = *now.items.get(at)?;
            let then = item_outcome(self.ready.wanted.get(at)?, &trying.truths, &trying.state);
            (now != then).then_some((at, now, then))
        })
    }

    /// The active rules that come out differently as constraints: position, now, then.
    fn constraints_of<'o>(
        &'o self,
        now: &'o Outcome,
        trying: &'o Trying,
    ) -> impl Iterator<Item = (usize, Option<ConstraintStatus>, Option<ConstraintStatus>)> + 'o {
        trying.changed.iter().filter_map(|(at, _)| {
            let now = *now.constraints.get(*at)?;
            let then = constraint_status(&self.ready.active.get(*at)?.rule, *trying.truths.get(*at)?);
            (now != then).then_some((*at, now, then))
        })
    }

    /// One change per fact and status: further values that do the same are left out, but for options.
    fn note_change(&self, list: &mut Vec<StatusChange>, fact: &Fact, value: Known, status: &'static str) {
        let is_option = matches!(value, Known::Option(_));
        if list.len() < MAX_CHANGES
            && (is_option || !list.iter().any(|change| change.fact == fact.id && change.status == status))
        {
            let (value, label) = self.show(fact, value).unzip();
            list.push(StatusChange { fact: fact.id.clone(), value, label, status: status.into() });
        }
    }

    /// A value as it is given and as it is shown.
    fn show(&self, fact: &Fact, value: Known) -> Option<(FactValue, Str)> {
        let words = &self.set.words;
        match value {
            Known::Flag(flag) => {
                let word = if flag { &words.yes } else { &words.no };
                Some((FactValue::Flag(flag), word.get(self.ready.locale).clone()))
            }
            Known::Number(LONG_TERM) if fact.kind == FactType::Date => {
                let word =
                    words.long_term.as_ref().map_or("long-term".into(), |word| word.get(self.ready.locale).clone());
                Some((FactValue::Text("long-term".into()), word))
            }
            Known::Number(number) if fact.kind == FactType::Date => {
                let day = Str::from(Date::from_number(number)?.to_string());
                Some((FactValue::Text(day.clone()), day))
            }
            Known::Number(number) => Some((FactValue::Number(number), number.to_string().into())),
            Known::Option(at) => {
                let option = fact.options.get(usize::try_from(at).ok()?)?;
                Some((FactValue::Text(option.value.clone()), option.label.get(self.ready.locale).clone()))
            }
            Known::Unknown | Known::Text(..) => None,
        }
    }

    /// Notes what an answer would change, and adds to the score what it would settle.
    fn compare(&self, now: &Outcome, trying: &Trying, asked: &mut Asked) {
        for (at, now, then) in self.items_of(now, trying) {
            if now.status != then.status {
                order::insert(&mut asked.decides, at);
                order::insert(&mut asked.items, at);
                asked.score += if now.status == ItemStatus::Conditional { self.weight(at) } else { 0.0 };
            }
            if now.accepts != then.accepts && matches!(then.status, ItemStatus::Required | ItemStatus::Maybe) {
                order::insert(&mut asked.items, at);
                asked.score += 0.5;
            }
        }
        for (at, ..) in self.constraints_of(now, trying) {
            order::insert(&mut asked.constraints, at);
            let is_check = self.ready.active.get(at).is_some_and(|active| active.check.is_some());
            asked.score += if is_check { 1.0 } else { 0.25 };
        }
    }

    /// What it is worth to settle an item: twice as much where a rule may come to require it.
    fn weight(&self, material: usize) -> f64 {
        let Some(wanted) = self.ready.wanted.get(material) else { return 0.0 };
        let may_require = |&(at, effect): &(usize, Option<Effect>)| {
            effect == Some(Effect::Required) && self.truths.get(at).is_some_and(|truths| truths.when.is_none())
        };
        if wanted.asking.iter().any(may_require) { 2.0 } else { 1.0 }
    }

    fn items(&self, result: &Outcome, asked: &[Asked], changes: Option<&Changes>) -> Vec<ChecklistItem> {
        let mut items: Vec<_> = self
            .ready
            .wanted
            .iter()
            .zip(&result.items)
            .enumerate()
            .map(|(at, (wanted, outcome))| {
                let mut item = self.item(at, wanted, *outcome, asked);
                item.changes = changes.and_then(|changes| changes.items.get(at).cloned());
                item
            })
            .collect();
        // Stable: within a status, the order of the catalogue stays.
        sort_by_key(&mut items, |item| item.status);
        items
    }

    fn item(&self, at: usize, wanted: &Wanted, outcome: ItemOutcome, asked: &[Asked]) -> ChecklistItem {
        let material = &wanted.material;
        let mut because = Vec::new();
        let mut notes = Vec::new();
        let mut basis = Vec::new();
        let mut grade = None;
        let mut rules = Vec::new();
        for &(rule, effect) in &wanted.asking {
            let (Some(active), Some(truths)) = (self.ready.active.get(rule), self.truths.get(rule)) else { continue };
            let counts = match outcome.status {
                ItemStatus::Required => effect == Some(Effect::Required) && truths.when == Some(true),
                ItemStatus::Conditional => truths.when.is_none(),
                ItemStatus::Maybe => effect == Some(Effect::Maybe) && truths.when == Some(true),
                ItemStatus::NotRequired => true,
            };
            if counts {
                self.add_reasons(active, false, &mut because);
                basis.extend_from_slice(&active.note.basis);
                grade = Some(grade.map_or(active.rule.grade, |grade: Grade| grade.min(active.rule.grade)));
                if outcome.status != ItemStatus::NotRequired {
                    rules.push(active.note.clone());
                }
                if outcome.status != ItemStatus::NotRequired || truths.when == Some(true) {
                    add_notes(active, &mut notes);
                }
            }
        }
        for (rule, _) in &wanted.narrowing {
            if self.truths.get(*rule).is_some_and(|truths| truths.when == Some(true))
                && let Some(active) = self.ready.active.get(*rule)
            {
                basis.extend_from_slice(&active.note.basis);
                add_notes(active, &mut notes);
            }
        }
        if because.is_empty()
            && let Some((rule, sources)) = &wanted.elsewhere
        {
            because.push(self.absence(rule));
            basis.extend_from_slice(sources);
            grade = Some(rule.grade);
        }
        let accepted: Vec<_> =
            self.set.documents.iter().enumerate().filter(|(at, _)| outcome.accepts & bit(*at) != 0).collect();
        let slots = match accepted.split_first() {
            Some(((_, first), others)) if others.iter().all(|(_, other)| other.slots == first.slots) => &first.slots,
            _ => &material.slots,
        };
        let decides = |asked: &&Asked| outcome.status == ItemStatus::Conditional && asked.decides.contains(&at);
        ChecklistItem {
            material: material.id.clone(),
            name: material.name.get(self.ready.locale).clone(),
            description: material.description.get(self.ready.locale).clone(),
            accepts: accepted.iter().map(|(_, document)| document.id.clone()).collect(),
            status: outcome.status,
            depends_on: asked.iter().filter(decides).filter_map(|asked| self.fact_id(asked.fact)).collect(),
            because,
            notes,
            grade: grade.unwrap_or(Grade::Stated),
            rules,
            slots: slots.clone(),
            upload: UploadHint {
                own_button: material.own_button,
                splice_with: if material.own_button { None } else { self.splice_with() },
            },
            template: material.template.clone(),
            outline: material.outline.iter().map(|point| point.get(self.ready.locale).clone()).collect(),
            issuer: material.issuer.as_ref().map(|text| text.get(self.ready.locale).clone()),
            validity: material.validity.as_ref().map(|text| text.get(self.ready.locale).clone()),
            basis,
            changes: None,
        }
    }

    fn splice_with(&self) -> Option<Str> {
        let holds = |(node, _): &&(Node, Str)| node.truth(&self.state) == Some(true);
        self.ready.splices.iter().find(holds).map(|(_, with)| with.clone())
    }

    /// No rule about a material holds here and now: names the first one that holds elsewhere or at another time.
    fn absence(&self, rule: &Rule) -> Reason {
        let (region, on) = (&self.ready.region, self.ready.on);
        if rule.in_region(region) && !rule.in_force(on) {
            Reason { fact: "on".into(), value: FactValue::Text(on.to_string().into()), rule: rule.id.clone() }
        } else {
            self.province_reason(rule)
        }
    }

    fn province_reason(&self, rule: &Rule) -> Reason {
        let code = self.ready.region.code.clone();
        Reason { fact: "province".into(), value: FactValue::Text(code), rule: rule.id.clone() }
    }

    fn add_reasons(&self, active: &Active, with_check: bool, because: &mut Vec<Reason>) {
        let rule = &active.rule;
        let mut deciding = Vec::new();
        if rule.contradiction && !self.contradicting.is_empty() {
            deciding.extend(&self.contradicting);
        } else {
            active.when.deciding(&self.state, &mut deciding);
        }
        for check in active.check.iter().filter(|_| with_check) {
            check.deciding(&self.state, &mut deciding);
        }
        let before = because.len();
        if !rule.provinces.is_empty() {
            because.push(self.province_reason(rule));
        }
        for fact in resolve(&deciding, &self.origins) {
            if let (Some(id), Some(Some((value, _)))) = (self.fact_id(fact), self.given.get(fact)) {
                let reason = Reason { fact: id, value: value.clone(), rule: rule.id.clone() };
                if !because.contains(&reason) {
                    because.push(reason);
                }
            }
        }
        if because.len() == before {
            // A rule for everyone, or one of which nothing is answered yet: what is known is the province.
            because.push(self.province_reason(rule));
        }
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker { set: self.set, region: &self.ready.region, on: self.ready.on, locale: self.ready.locale }
    }

    fn fact_id(&self, fact: usize) -> Option<Str> {
        self.set.facts.get(fact).map(|fact| fact.id.clone())
    }

    fn constraints(&self, result: &Outcome, asked: &[Asked], changes: Option<&Changes>) -> Vec<Constraint> {
        let mut constraints: Vec<_> = self
            .ready
            .active
            .iter()
            .zip(&result.constraints)
            .enumerate()
            .filter_map(|(at, (active, status))| {
                let mut constraint = self.constraint(at, active, (*status)?, result, asked);
                constraint.changes = changes.and_then(|changes| changes.constraints.get(at).cloned());
                Some(constraint)
            })
            .collect();
        sort_by_key(&mut constraints, |constraint| constraint.status);
        constraints
    }

    fn constraint(
        &self,
        at: usize,
        active: &Active,
        status: ConstraintStatus,
        result: &Outcome,
        asked: &[Asked],
    ) -> Constraint {
        let (rule, says) = (&active.rule, self.speaker());
        let fails = self.truths.get(at).is_some_and(|truths| truths.when == Some(true) && truths.check == Some(false));
        let mut message = match &rule.unmet {
            Some(unmet) if fails => says.say(rule, unmet),
            _ => active.note.text.clone(),
        };
        for reading in &active.readings {
            message = format!("{message} {reading}").into();
        }
        if let Some(list) = &rule.splice_list {
            let without_button = |(wanted, outcome): (&'a Wanted, &ItemOutcome)| {
                let listed = !wanted.material.own_button && outcome.status != ItemStatus::NotRequired;
                listed.then(|| wanted.material.name.get(self.ready.locale).as_str())
            };
            let names: Vec<_> = self.ready.wanted.iter().zip(&result.items).filter_map(without_button).collect();
            if !names.is_empty() {
                let (space, comma) = if self.ready.locale == Locale::ZhCn { ("", "、") } else { (" ", ", ") };
                let list = replaced(list.get(self.ready.locale), "{materials}", &names.join(comma));
                message = format!("{message}{space}{list}").into();
            }
        }
        let mut because = Vec::new();
        self.add_reasons(active, true, &mut because);
        let decides = |asked: &&Asked| status == ConstraintStatus::Unknown && asked.constraints.contains(&at);
        Constraint {
            id: rule.id.clone(),
            status,
            topic: rule.topic,
            grade: rule.grade,
            message,
            remedy: rule
                .remedy
                .as_ref()
                // As long as an answer is missing, there is nothing to mend.
                .filter(|_| fails || status == ConstraintStatus::Notice)
                .map(|remedy| says.name_province(remedy.get(self.ready.locale))),
            depends_on: asked.iter().filter(decides).filter_map(|asked| self.fact_id(asked.fact)).collect(),
            because,
            basis: active.note.basis.clone(),
            readings: active.note.readings.clone(),
            verified_on: active.note.verified_on,
            stale: active.note.stale,
            changes: None,
        }
    }

    fn questions(&self, asked: &[Asked]) -> Vec<Question> {
        asked.iter().filter_map(|asked| Some(self.question(asked, self.set.facts.get(asked.fact)?))).collect()
    }

    fn question(&self, asked: &Asked, fact: &Fact) -> Question {
        let words = &self.set.words;
        let options = match fact.kind {
            FactType::Boolean => [(true, &words.yes), (false, &words.no)]
                .map(|(flag, label)| QuestionOption {
                    value: FactValue::Flag(flag),
                    label: label.get(self.ready.locale).clone(),
                })
                .into(),
            _ => fact
                .options
                .iter()
                .map(|option| QuestionOption {
                    value: FactValue::Text(option.value.clone()),
                    label: option.label.get(self.ready.locale).clone(),
                })
                .collect(),
        };
        let materials = asked.items.iter().filter_map(|&at| Some(self.ready.wanted.get(at)?.material.id.clone()));
        let constraints = asked.constraints.iter().filter_map(|&at| Some(self.ready.active.get(at)?.rule.id.clone()));
        Question {
            id: fact.id.clone(),
            text: fact.question.get(self.ready.locale).clone(),
            help: fact.help.as_ref().map(|help| help.get(self.ready.locale).clone()),
            kind: fact.kind,
            options,
            min: fact.min,
            max: fact.max,
            affects: materials.chain(constraints).collect(),
            detail: fact.detail,
            personal: fact.personal,
        }
    }
}

/// Puts rules into words.
struct Speaker<'a> {
    set: &'a RuleSet,
    region: &'a Region,
    on: Date,
    locale: Locale,
}

impl Speaker<'_> {
    /// A text of a rule in words: with the name of the province, and a word of caution where only old texts say so.
    fn say(&self, rule: &Rule, text: &Text) -> Str {
        let words = self.name_province(text.get(self.locale));
        match &self.set.words.older {
            Some(older) if rule.grade == Grade::Older => format!("{words}{}", older.get(self.locale)).into(),
            _ => words,
        }
    }

    fn name_province(&self, text: &Str) -> Str {
        match find(text, "{province}") {
            Some(_) => replaced(text, "{province}", self.region.name.get(self.locale)).into(),
            None => text.clone(),
        }
    }

    fn basis(&self, rule: &Rule) -> Vec<Basis> {
        let sources = rule.all_sources().into_iter().filter_map(|id| self.set.source(id));
        sources.map(|source| source.basis(rule.id.clone(), self.locale)).collect()
    }

    fn rule_note(&self, rule: &Rule) -> RuleNote {
        RuleNote {
            id: rule.id.clone(),
            grade: rule.grade,
            text: self.say(rule, &rule.text),
            readings: self.reading_notes(rule),
            basis: self.basis(rule),
            verified_on: self.verified_on(rule),
            stale: self.is_stale(rule),
        }
    }

    fn reading_notes(&self, rule: &Rule) -> Vec<ReadingNote> {
        let note = |reading: &Reading| {
            let sources = reading.sources.iter().filter_map(|id| self.set.source(id));
            ReadingNote {
                text: reading.text.get(self.locale).clone(),
                basis: sources.map(|source| source.basis(rule.id.clone(), self.locale)).collect(),
            }
        };
        rule.readings.iter().map(note).collect()
    }

    /// The day on which the rule was last compared with any of its sources.
    fn verified_on(&self, rule: &Rule) -> Option<Date> {
        rule.all_sources().into_iter().filter_map(|id| self.set.source(id)?.verified_on).max()
    }

    fn is_stale(&self, rule: &Rule) -> bool {
        match (self.set.stale_after_days, self.verified_on(rule)) {
            (Some(days), Some(day)) => self.on.number() - day.number() > i64::from(days),
            _ => false,
        }
    }

    /// Each reading of a disputed rule with those who hold it.
    fn readings(&self, rule: &Rule) -> Vec<Str> {
        let (comma, colon) = match self.locale {
            Locale::ZhCn => ("、", "："),
            Locale::En => (", ", ": "),
        };
        let say = |reading: &Reading| {
            let mut publishers: Vec<_> = Vec::new();
            for source in reading.sources.iter().filter_map(|id| self.set.source(id)) {
                let publisher = source.publisher.get(self.locale).as_str();
                if !publishers.contains(&publisher) {
                    publishers.push(publisher);
                }
            }
            format!("{}{colon}{}", publishers.join(comma), reading.text.get(self.locale)).into()
        };
        rule.readings.iter().map(say).collect()
    }
}

/// The answers to try for one fact, and the rules that mention it.
#[derive(Debug)]
struct Trial {
    fact: usize,
    values: Vec<Known>,
    rules: Vec<usize>,
    /// Positions of the materials whose accepted documents hang on it.
    cases: Vec<usize>,
}

/// Single answers that would change something, by material and by active rule.
struct Changes {
    items: Vec<Vec<StatusChange>>,
    constraints: Vec<Vec<StatusChange>>,
}

/// More changes of one item than this are no help.
const MAX_CHANGES: usize = 12;

impl Trial {
    /// Adds the answers that this test tells apart.
    fn add(&mut self, fact: &Fact, leaf: Leaf) {
        let values: Vec<_> = match leaf {
            Leaf::Flag(_) => vec![Known::Flag(true), Known::Flag(false)],
            Leaf::Between(min, max) => {
                let (lowest, highest) = (fact.min.unwrap_or(i64::MIN), fact.max.unwrap_or(i64::MAX));
                let around = [min.saturating_sub(1), min, max, max.saturating_add(1)];
                around.into_iter().filter(|n| lowest <= *n && *n <= highest).map(Known::Number).collect()
            }
            Leaf::OneOf(_) => {
                (0..fact.options.len()).filter_map(|at| Some(Known::Option(at.try_into().ok()?))).collect()
            }
            Leaf::Contains(list) => vec![Known::Text(0, 0), Known::Text(1_u64.checked_shl(list).unwrap_or(0), 0)],
            Leaf::Shaped(bit) => vec![Known::Text(0, 0), Known::Text(0, bit)],
            Leaf::Broken => vec![],
        };
        for value in values {
            if !self.values.contains(&value) {
                self.values.push(value);
            }
        }
    }
}

fn known(given: &[Option<(FactValue, Known)>]) -> impl Iterator<Item = Known> {
    given.iter().map(|given| given.as_ref().map_or(Known::Unknown, |(_, known)| *known))
}

fn item_outcome(wanted: &Wanted, truths: &[Truths], state: &[Known]) -> ItemOutcome {
    let when = |at: usize| truths.get(at).and_then(|truths| truths.when);
    let (mut requires, mut may_require, mut suggests, mut may_suggest) = (false, false, false, false);
    for &(rule, effect) in &wanted.asking {
        match (effect, when(rule)) {
            (Some(Effect::Required), Some(true)) => requires = true,
            (Some(Effect::Required), None) => may_require = true,
            (Some(Effect::Maybe), Some(true)) => suggests = true,
            (Some(Effect::Maybe), None) => may_suggest = true,
            _ => {}
        }
    }
    let status = match (requires, may_require, suggests, may_suggest) {
        (true, ..) => ItemStatus::Required,
        (_, true, ..) => ItemStatus::Conditional,
        (_, _, true, _) => ItemStatus::Maybe,
        (.., true) => ItemStatus::Conditional,
        _ => ItemStatus::NotRequired,
    };
    let open = wanted.cases.iter().filter(|(case, _)| case.truth(state) != Some(false));
    let accepts = open.fold(0, |all, (_, bits)| all | bits);
    let narrowing = wanted.narrowing.iter().filter(|(at, _)| when(*at) == Some(true));
    ItemOutcome { status, accepts: narrowing.fold(accepts, |all, (_, bits)| all & bits) }
}

fn add_notes(active: &Active, notes: &mut Vec<Str>) {
    for note in std::iter::once(&active.note.text).chain(&active.readings) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
}

fn constraint_status(rule: &Rule, truths: Truths) -> Option<ConstraintStatus> {
    if !rule.materials.is_empty() {
        return None;
    }
    let status = match (truths.when, &rule.check) {
        (Some(false), _) => return None,
        (None, _) => ConstraintStatus::Unknown,
        (Some(true), None) => return Some(ConstraintStatus::Notice),
        (Some(true), Some(_)) => match (truths.check, rule.effect) {
            (Some(true), _) => ConstraintStatus::Met,
            (Some(false), Some(Effect::Required)) => return Some(ConstraintStatus::Violated),
            // Some insist on it, some do not: whether it matters here is for the provider to say.
            (Some(false), _) => return Some(ConstraintStatus::Unknown),
            (None, _) => ConstraintStatus::Unknown,
        },
    };
    (!rule.quiet).then_some(status)
}

/// Replaces facts that follow from others by those others.
fn resolve(facts: &[usize], origins: &[Vec<usize>]) -> Vec<usize> {
    let mut resolved = Vec::new();
    for fact in facts {
        let from = origins.get(*fact).filter(|from| !from.is_empty()).map_or(std::slice::from_ref(fact), Vec::as_slice);
        for fact in from {
            if !resolved.contains(fact) {
                resolved.push(*fact);
            }
        }
    }
    resolved
}

fn bit(at: usize) -> u64 {
    u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at)).unwrap_or(0)
}

#[cfg(test)]
impl ts_rs::TS for Profile {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "Profile".to_owned()
    }

    fn inline(config: &ts_rs::Config) -> String {
        let fact = |fact: &Fact| {
            let kind = match fact.kind {
                FactType::Boolean => "boolean".to_owned(),
                FactType::Integer => "number".to_owned(),
                FactType::Region | FactType::Text | FactType::Date => "string".to_owned(),
                FactType::Enum => {
                    fact.options.iter().map(|option| format!("\"{}\"", option.value)).collect::<Vec<_>>().join(" | ")
                }
            };
            let doc = format!("\n/**\n * {}\n */\n", fact.question.en);
            match fact.kind {
                FactType::Region => format!("{doc}{}: {kind}, ", fact.id),
                _ => format!("{doc}{}?: {kind} | null | undefined, ", fact.id),
            }
        };
        let _ = config;
        format!("{{ {} }}", RuleSet::builtin().facts.iter().map(fact).collect::<String>())
    }

    fn inline_flattened(config: &ts_rs::Config) -> String {
        Self::inline(config)
    }

    fn decl(config: &ts_rs::Config) -> String {
        format!("type Profile = {};", Self::inline(config))
    }

    fn decl_concrete(config: &ts_rs::Config) -> String {
        Self::decl(config)
    }
}
