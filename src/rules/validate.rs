//! What a rule set must fulfil beyond its shape. The same checks run at build time and on a caller's own set.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::condition::{Condition, Part, RESERVED, Test};
use super::format::{Effect, Fact, FactType, Grade, Rule, RuleSet, Source};
use crate::locale::Text;
use crate::string::Str;

/// GB/T 2260 codes of the 31 province-level divisions of the mainland. Filings exist in these alone.
pub const MAINLAND_CODES: [&str; 31] = [
    "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000",
    "340000", "350000", "360000", "370000", "410000", "420000", "430000", "440000", "450000", "460000", "500000",
    "510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000",
];

/// Options of a fact and term lists are kept as bits of one number.
pub const MAX_OPTIONS: usize = 64;

/// Conditions may be nested this deep.
pub const MAX_NESTING: usize = 16;

/// Something in a rule set that contradicts the format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, e.g. `rules[12].when.entityType`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for Fault {}

impl RuleSet {
    /// Checks everything that the shape alone does not guarantee.
    ///
    /// # Errors
    /// The first fault, with its path.
    pub fn validate(&self) -> Result<(), Fault> {
        self.faults().into_iter().next().map_or(Ok(()), Err)
    }

    /// Every fault of the set; empty for a good one.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut check = Checker::new(self);
        check.all();
        check.faults
    }
}

struct Checker<'a> {
    set: &'a RuleSet,
    facts: BTreeMap<&'a str, &'a Fact>,
    citable: BTreeSet<&'a str>,
    regions: BTreeSet<&'a str>,
    documents: BTreeSet<&'a str>,
    materials: BTreeSet<&'a str>,
    terms: BTreeSet<&'a str>,
    rules: BTreeSet<&'a str>,
    faults: Vec<Fault>,
}

impl<'a> Checker<'a> {
    fn new(set: &'a RuleSet) -> Self {
        Self {
            set,
            facts: set.facts.iter().map(|fact| (fact.id.as_str(), fact)).collect(),
            citable: set.sources.iter().chain(&set.methods).map(|source| source.id.as_str()).collect(),
            regions: set.regions.iter().map(|region| region.code.as_str()).collect(),
            documents: set.documents.iter().map(|document| document.id.as_str()).collect(),
            materials: set.materials.iter().map(|material| material.id.as_str()).collect(),
            terms: set.terms.iter().map(|list| list.id.as_str()).collect(),
            rules: set.rules.iter().map(|rule| rule.id.as_str()).collect(),
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.faults.push(Fault { path: path.into(), message: message.into() });
    }

    fn all(&mut self) {
        let set = self.set;
        if set.version.trim().is_empty() {
            self.fault("version", "is empty");
        }
        self.text("words.yes", &set.words.yes);
        self.text("words.no", &set.words.no);
        if let Some(older) = &set.words.older {
            self.text("words.older", older);
        }
        self.ids("regions", "code", set.regions.iter().map(|region| region.code.as_str()));
        self.ids("facts", "id", set.facts.iter().map(|fact| fact.id.as_str()));
        self.ids("documents", "id", set.documents.iter().map(|document| document.id.as_str()));
        self.ids("materials", "id", set.materials.iter().map(|material| material.id.as_str()));
        self.ids("terms", "id", set.terms.iter().map(|list| list.id.as_str()));
        self.ids("patterns", "id", set.patterns.iter().map(|pattern| pattern.id.as_str()));
        self.ids("uploads", "id", set.uploads.iter().map(|upload| upload.id.as_str()));
        self.citable_ids();
        for (i, source) in set.sources.iter().enumerate() {
            self.source(&format!("sources[{i}]"), source);
        }
        for (i, source) in set.methods.iter().enumerate() {
            self.source(&format!("methods[{i}]"), source);
        }
        self.regions();
        for (i, fact) in set.facts.iter().enumerate() {
            self.fact(&format!("facts[{i}]"), fact);
        }
        if self.facts.get("province").is_none_or(|fact| fact.kind != FactType::Region) {
            self.fault("facts", "there must be a fact `province` of type region");
        }
        self.implications();
        self.documents();
        self.materials();
        self.terms();
        self.patterns();
        for (i, rule) in set.rules.iter().enumerate() {
            self.rule(&format!("rules[{i}]"), rule);
        }
        self.uploads();
    }

    fn text(&mut self, path: &str, text: &Text) {
        if text.zh.trim().is_empty() {
            self.fault(format!("{path}.zh"), "is empty; every text needs both languages");
        }
        if text.en.trim().is_empty() {
            self.fault(format!("{path}.en"), "is empty; every text needs both languages");
        }
    }

    fn ids(&mut self, list: &str, key: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for (i, id) in ids.enumerate() {
            self.id(&format!("{list}[{i}].{key}"), id, &mut seen);
        }
    }

    fn id(&mut self, path: &str, id: &'a str, seen: &mut BTreeSet<&'a str>) {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            self.fault(path, format!("{id:?} is no id: letters, digits and `-` only"));
        } else if !seen.insert(id) {
            self.fault(path, format!("duplicate id {id:?}"));
        }
    }

    /// Rules, sources and methods share one space of ids, because a finding may name any of them as its basis.
    fn citable_ids(&mut self) {
        let set = self.set;
        let mut seen = BTreeSet::new();
        for (i, source) in set.sources.iter().enumerate() {
            self.id(&format!("sources[{i}].id"), &source.id, &mut seen);
        }
        for (i, source) in set.methods.iter().enumerate() {
            self.id(&format!("methods[{i}].id"), &source.id, &mut seen);
        }
        for (i, rule) in set.rules.iter().enumerate() {
            self.id(&format!("rules[{i}].id"), &rule.id, &mut seen);
        }
    }

    fn source(&mut self, path: &str, source: &Source) {
        self.text(&format!("{path}.publisher"), &source.publisher);
        self.text(&format!("{path}.title"), &source.title);
        for (key, url) in [("url", &source.url), ("archived", &source.archived)] {
            if let Some(url) = url
                && !(url.starts_with("https://") || url.starts_with("http://"))
            {
                self.fault(format!("{path}.{key}"), format!("{url:?} is no web address"));
            }
        }
        if let Some(date) = &source.date
            && !is_partial_date(date)
        {
            self.fault(format!("{path}.date"), format!("{date:?} is not YYYY, YYYY-MM or YYYY-MM-DD"));
        }
    }

    fn regions(&mut self) {
        for (i, region) in self.set.regions.iter().enumerate() {
            let path = format!("regions[{i}]");
            if !MAINLAND_CODES.contains(&region.code.as_str()) {
                self.fault(
                    format!("{path}.code"),
                    format!("{:?} is not the GB/T 2260 code of a province of the mainland", region.code),
                );
            }
            self.text(&format!("{path}.name"), &region.name);
            if let Some(omissions) = &region.omissions {
                self.text(&format!("{path}.omissions"), omissions);
            }
        }
    }

    fn fact(&mut self, path: &str, fact: &'a Fact) {
        if RESERVED.contains(&fact.id.as_str()) {
            self.fault(format!("{path}.id"), format!("{:?} has a meaning of its own in conditions", fact.id));
        }
        self.text(&format!("{path}.label"), &fact.label);
        self.text(&format!("{path}.question"), &fact.question);
        if let Some(help) = &fact.help {
            self.text(&format!("{path}.help"), help);
        }
        let is_enum = fact.kind == FactType::Enum;
        if is_enum == fact.options.is_empty() {
            self.fault(format!("{path}.options"), "an enum has options, other types have none");
        }
        if fact.options.len() > MAX_OPTIONS {
            self.fault(format!("{path}.options"), format!("more than {MAX_OPTIONS} options"));
        }
        let mut seen = BTreeSet::new();
        for (i, option) in fact.options.iter().enumerate() {
            self.id(&format!("{path}.options[{i}].value"), &option.value, &mut seen);
            self.text(&format!("{path}.options[{i}].label"), &option.label);
        }
        for (name, members) in &fact.groups {
            let path = format!("{path}.groups.{name}");
            if members.is_empty() {
                self.fault(&path, "an empty group");
            }
            for member in members {
                if !seen.contains(member.as_str()) {
                    self.fault(&path, format!("unknown option {member:?}"));
                }
            }
        }
        if fact.kind != FactType::Integer && (fact.min.is_some() || fact.max.is_some()) {
            self.fault(format!("{path}.min"), "only an integer has bounds");
        }
        if let (Some(min), Some(max)) = (fact.min, fact.max)
            && min > max
        {
            self.fault(format!("{path}.max"), format!("{max} is below the smallest number {min}"));
        }
        if let Some(relevant) = &fact.relevant {
            self.condition(&format!("{path}.relevant"), relevant, 0);
        }
    }

    fn implications(&mut self) {
        for (i, implication) in self.set.implications.iter().enumerate() {
            let path = format!("implications[{i}]");
            self.condition(&format!("{path}.when"), &implication.when, 0);
            let Some(fact) = self.facts.get(implication.fact.as_str()).copied() else {
                self.fault(format!("{path}.fact"), format!("unknown fact {:?}", implication.fact));
                continue;
            };
            match (&implication.value, &implication.same_as) {
                (Some(_), None) => {
                    if fact.kind != FactType::Boolean {
                        self.fault(format!("{path}.value"), format!("{:?} is not boolean", fact.id));
                    }
                }
                (None, Some(other)) => {
                    let other = self.facts.get(other.as_str());
                    if other.is_none_or(|other| other.kind != fact.kind || other.options != fact.options) {
                        self.fault(
                            format!("{path}.sameAs"),
                            format!("must be a fact of the same type and options as {:?}", fact.id),
                        );
                    }
                }
                _ => self.fault(&path, "needs either value or sameAs"),
            }
        }
    }

    fn documents(&mut self) {
        for (i, document) in self.set.documents.iter().enumerate() {
            self.text(&format!("documents[{i}].name"), &document.name);
            if document.slots.is_empty() {
                self.fault(format!("documents[{i}].slots"), "is empty");
            }
        }
    }

    fn materials(&mut self) {
        let set = self.set;
        for (i, material) in set.materials.iter().enumerate() {
            let path = format!("materials[{i}]");
            self.text(&format!("{path}.name"), &material.name);
            self.text(&format!("{path}.description"), &material.description);
            if material.slots.is_empty() {
                self.fault(format!("{path}.slots"), "is empty");
            }
            for (j, case) in material.accepts.iter().enumerate() {
                let path = format!("{path}.accepts[{j}]");
                self.condition(&format!("{path}.when"), &case.when, 0);
                self.known(&format!("{path}.documents"), "document", &case.documents, |c| &c.documents);
            }
            let has_rule = |rule: &Rule| rule.accepts.is_empty() && rule.materials.contains(&material.id);
            for (key, text) in [("issuer", &material.issuer), ("validity", &material.validity)] {
                if let Some(text) = text {
                    self.text(&format!("{path}.{key}"), text);
                }
            }
            for (j, point) in material.outline.iter().enumerate() {
                self.text(&format!("{path}.outline[{j}]"), point);
            }
            if !set.rules.iter().any(has_rule) {
                self.fault(format!("{path}.id"), format!("no rule asks for the material {:?}", material.id));
            }
        }
        for (i, splice) in set.splices.iter().enumerate() {
            let path = format!("splices[{i}]");
            self.condition(&format!("{path}.when"), &splice.when, 0);
            self.known(&format!("{path}.with"), "material", [&splice.with], |c| &c.materials);
        }
    }

    fn terms(&mut self) {
        if self.set.terms.len() > MAX_OPTIONS {
            self.fault("terms", format!("more than {MAX_OPTIONS} term lists"));
        }
        for (i, list) in self.set.terms.iter().enumerate() {
            let path = format!("terms[{i}]");
            self.text(&format!("{path}.origin"), &list.origin);
            self.sources(&path, &list.sources);
            if list.terms.is_empty() {
                self.fault(format!("{path}.terms"), "is empty");
            }
            let mut seen = BTreeSet::new();
            for term in &list.terms {
                if term.trim().is_empty() || term.trim() != term {
                    self.fault(format!("{path}.terms"), format!("{term:?} is blank or has blanks around it"));
                } else if !seen.insert(term) {
                    self.fault(format!("{path}.terms"), format!("duplicate term {term:?}"));
                }
            }
        }
    }

    fn sources<'s>(&mut self, path: &str, ids: impl IntoIterator<Item = &'s Str>) {
        let path = format!("{path}.sources");
        let ids: Vec<_> = ids.into_iter().collect();
        if ids.is_empty() {
            self.fault(&path, "names no source");
        }
        self.known(&path, "source", ids, |c| &c.citable);
    }

    fn known<'s>(
        &mut self,
        path: &str,
        what: &str,
        ids: impl IntoIterator<Item = &'s Str>,
        list: impl Fn(&Self) -> &BTreeSet<&'a str>,
    ) {
        for id in ids {
            if !list(self).contains(id.as_str()) {
                self.fault(path, format!("unknown {what} {id:?}"));
            }
        }
    }

    /// What a rule takes from a pattern is checked again with the rule; here, what would be blamed on the wrong place.
    fn patterns(&mut self) {
        let set = self.set;
        for (i, pattern) in set.patterns.iter().enumerate() {
            let path = format!("patterns[{i}]");
            if !set.rules.iter().any(|rule| rule.like.as_ref() == Some(&pattern.id)) {
                self.fault(format!("{path}.id"), format!("no rule is like {:?}", pattern.id));
            }
            self.known(&format!("{path}.overrides"), "rule", &pattern.overrides, |c| &c.rules);
            self.known(&format!("{path}.materials"), "material", &pattern.materials, |c| &c.materials);
            self.known(&format!("{path}.accepts"), "document", &pattern.accepts, |c| &c.documents);
            self.condition(&format!("{path}.when"), &pattern.when, 0);
            if let Some(check) = &pattern.check {
                self.condition(&format!("{path}.check"), check, 0);
            }
        }
    }

    fn rule(&mut self, path: &str, rule: &'a Rule) {
        let set = self.set;
        if let Some(like) = &rule.like
            && !set.patterns.iter().any(|pattern| pattern.id == *like)
        {
            self.fault(format!("{path}.like"), format!("unknown pattern {like:?}"));
        }
        self.text(&format!("{path}.text"), &rule.text);
        for (key, text) in [("unmet", &rule.unmet), ("spliceList", &rule.splice_list), ("remedy", &rule.remedy)] {
            if let Some(text) = text {
                self.text(&format!("{path}.{key}"), text);
            }
        }
        for (i, reading) in rule.readings.iter().enumerate() {
            let path = format!("{path}.readings[{i}]");
            self.text(&format!("{path}.text"), &reading.text);
            self.sources(&path, &reading.sources);
        }
        if rule.readings.is_empty() || !rule.sources.is_empty() {
            self.sources(path, &rule.sources);
        }
        self.known(&format!("{path}.provinces"), "province", &rule.provinces, |c| &c.regions);
        self.known(&format!("{path}.overrides"), "rule", &rule.overrides, |c| &c.rules);
        self.known(&format!("{path}.materials"), "material", &rule.materials, |c| &c.materials);
        self.known(&format!("{path}.accepts"), "document", &rule.accepts, |c| &c.documents);
        if rule.overrides.contains(&rule.id) {
            self.fault(format!("{path}.overrides"), "a rule cannot override itself");
        }
        if rule.baseline_only && !rule.provinces.is_empty() {
            self.fault(format!("{path}.baselineOnly"), "contradicts provinces");
        }
        if let (Some(from), Some(until)) = (rule.from, rule.until)
            && until < from
        {
            self.fault(format!("{path}.until"), format!("{until} is before from = {from}"));
        }
        self.grade(path, rule);
        self.kind(path, rule);
        self.condition(&format!("{path}.when"), &rule.when, 0);
        if let Some(check) = &rule.check {
            self.condition(&format!("{path}.check"), check, 0);
        }
    }

    fn grade(&mut self, path: &str, rule: &Rule) {
        match rule.grade {
            Grade::Disputed if rule.readings.len() < 2 => {
                self.fault(format!("{path}.grade"), "a disputed rule keeps at least two readings");
            }
            Grade::Superseded | Grade::Dropped if rule.until.is_none() => {
                self.fault(format!("{path}.grade"), "a superseded or dropped rule has an until");
            }
            Grade::Older | Grade::Disputed if rule.effect == Some(Effect::Required) => {
                self.fault(format!("{path}.effect"), "an older or disputed rule is at most maybe");
            }
            _ => {}
        }
    }

    fn kind(&mut self, path: &str, rule: &Rule) {
        let asks = !rule.materials.is_empty();
        if asks && rule.check.is_some() {
            self.fault(format!("{path}.check"), "a rule has materials or a check, not both");
        }
        if !rule.accepts.is_empty() && !asks {
            self.fault(format!("{path}.accepts"), "needs materials");
        }
        let needs_effect = (asks && rule.accepts.is_empty()) || rule.check.is_some();
        match rule.effect {
            _ if rule.contradiction && rule.check.is_none() => {
                self.fault(format!("{path}.contradiction"), "needs a check");
            }
            None if needs_effect => self.fault(format!("{path}.effect"), "is missing: required or maybe"),
            None if !rule.accepts.is_empty() && !matches!(rule.grade, Grade::Confirmed | Grade::Stated) => {
                self.fault(format!("{path}.accepts"), "only what is confirmed or stated excludes a document");
            }
            Some(_) if !needs_effect => self.fault(format!("{path}.effect"), "a notice has no effect"),
            Some(Effect::NotRequired) if !asks => {
                self.fault(format!("{path}.effect"), "only a material can be not-required");
            }
            _ => {}
        }
        if rule.check.is_none() && rule.unmet.is_some() {
            self.fault(format!("{path}.unmet"), "needs a check");
        }
        if rule.photo.is_some_and(|photo| !(1..=250).contains(&photo.min_margin_per_mille)) {
            self.fault(format!("{path}.photo.minMarginPerMille"), "lies between 1 and 250");
        }
        if asks && rule.splice_list.is_some() {
            self.fault(format!("{path}.spliceList"), "only a notice or a constraint lists materials");
        }
    }

    fn condition(&mut self, path: &str, condition: &Condition, depth: usize) {
        if depth > MAX_NESTING {
            self.fault(path, format!("nested deeper than {MAX_NESTING}"));
            return;
        }
        for part in &condition.parts {
            match part {
                Part::Fact(fact, test) => self.fact_test(&format!("{path}.{fact}"), fact, test),
                Part::Any(list) => {
                    for (i, condition) in list.iter().enumerate() {
                        self.condition(&format!("{path}.any[{i}]"), condition, depth + 1);
                    }
                }
                Part::All(list) => {
                    for (i, condition) in list.iter().enumerate() {
                        self.condition(&format!("{path}.all[{i}]"), condition, depth + 1);
                    }
                }
                Part::Not(condition) => self.condition(&format!("{path}.not"), condition, depth + 1),
                Part::TextContains(search) => {
                    let path = format!("{path}.textContains");
                    if search.facts.is_empty() {
                        self.fault(format!("{path}.facts"), "is empty");
                    }
                    self.texts(&path, &search.facts);
                    self.known(&format!("{path}.terms"), "term list", [&search.terms], |c| &c.terms);
                }
                Part::TextIs(look) => {
                    let path = format!("{path}.textIs");
                    if look.facts.is_empty() {
                        self.fault(format!("{path}.facts"), "is empty");
                    }
                    self.texts(&path, &look.facts);
                }
            }
        }
    }

    fn texts(&mut self, path: &str, facts: &[Str]) {
        for fact in facts {
            match self.facts.get(fact.as_str()).map(|fact| fact.kind) {
                Some(FactType::Text) => {}
                Some(_) => self.fault(format!("{path}.facts"), format!("{fact:?} is not a text")),
                None => self.fault(format!("{path}.facts"), format!("unknown fact {fact:?}")),
            }
        }
    }

    fn fact_test(&mut self, path: &str, id: &str, test: &Test) {
        let Some(fact) = self.facts.get(id).copied() else {
            self.fault(path, format!("unknown fact {id:?}"));
            return;
        };
        let words = match test {
            Test::Word(word) => std::slice::from_ref(word),
            Test::Words(words) => words.as_slice(),
            Test::Flag(_) | Test::Number(_) | Test::Range(_) | Test::Ahead(_) => &[],
        };
        let fits = match fact.kind {
            FactType::Boolean => matches!(test, Test::Flag(_)),
            FactType::Integer => matches!(test, Test::Number(_) | Test::Range(_)),
            FactType::Enum | FactType::Region => !words.is_empty(),
            FactType::Date => matches!(test, Test::Ahead(_)),
            FactType::Text => false,
        };
        if !fits {
            let wanted = match fact.kind {
                FactType::Boolean => "true or false",
                FactType::Integer => "a number or a range",
                FactType::Enum | FactType::Region => "one or more of its options",
                FactType::Date => "moreThanMonths, atLeastMonths or moreThanDays",
                FactType::Text => "textContains or textIs",
            };
            self.fault(path, format!("{id:?} is tested with {wanted}"));
            return;
        }
        if let Test::Ahead(ahead) = test
            && [ahead.more_than_months, ahead.at_least_months, ahead.more_than_days].iter().flatten().count() != 1
        {
            self.fault(path, "needs exactly one of moreThanMonths, atLeastMonths, moreThanDays");
        }
        if let Test::Range(range) = test {
            let (min, max) = range.bounds();
            if min > max || (min, max) == (i64::MIN, i64::MAX) {
                self.fault(path, "the range holds every number or none");
            }
        }
        for word in words {
            let known = match word.strip_prefix('@') {
                Some(group) => fact.groups.contains_key(group),
                None if fact.kind == FactType::Region => self.regions.contains(word.as_str()),
                None => fact.options.iter().any(|option| option.value == *word),
            };
            if !known {
                self.fault(path, format!("unknown option {word:?} of {id:?}"));
            }
        }
    }

    fn uploads(&mut self) {
        let set = self.set;
        for (i, upload) in set.uploads.iter().enumerate() {
            let path = format!("uploads[{i}]");
            self.text(&format!("{path}.name"), &upload.name);
            if upload.formats.is_empty() {
                self.fault(format!("{path}.formats"), "is empty");
            }
            let basis = &upload.basis;
            for (key, id) in [("format", &basis.format), ("size", &basis.size), ("pixels", &basis.pixels)] {
                self.basis(&format!("{path}.basis.{key}"), id.as_ref());
            }
            for (material, limits) in &upload.materials {
                self.known(&format!("{path}.materials"), "material", [material], |c| &c.materials);
                self.basis(&format!("{path}.materials.{material}.basis"), limits.basis.as_ref());
            }
        }
    }

    fn basis(&mut self, path: &str, id: Option<&Str>) {
        if let Some(id) = id
            && !self.rules.contains(id.as_str())
            && !self.citable.contains(id.as_str())
        {
            self.fault(path, format!("unknown rule or source {id:?}"));
        }
    }
}

fn is_partial_date(text: &str) -> bool {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    full.parse::<crate::date::Date>().is_ok()
}
