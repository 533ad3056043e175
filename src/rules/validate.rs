//! What a rule set must fulfil beyond its shape. The same checks run at build time and on a caller's own set.

use std::fmt;

use super::condition::{Condition, Part, RESERVED, Test};
use super::format::{Effect, Fact, FactType, Grade, Rule, RuleSet, Source};
use super::index::Index;
use crate::locale::Text;
use crate::string::{Quoted, Str};

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
        let mut check = Checker { set: self, lists: &Lists::new(self), faults: Vec::new() };
        check.all();
        check.faults
    }
}

/// A path on its way: it is written out only where there is a fault.
#[derive(Clone, Copy)]
struct Path<'p> {
    above: Option<&'p Path<'p>>,
    key: &'p str,
    place: Option<usize>,
}

impl<'p> Path<'p> {
    fn of(key: &'p str) -> Self {
        Self { above: None, key, place: None }
    }

    fn key(&'p self, key: &'p str) -> Self {
        Self { above: Some(self), key, place: None }
    }

    fn at(self, place: usize) -> Self {
        Self { place: Some(place), ..self }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        f.write_str(self.key)?;
        self.place.map_or(Ok(()), |place| write!(f, "[{place}]"))
    }
}

/// What an id stands for.
#[derive(Clone, Copy)]
enum Named {
    Source,
    Province,
    Document,
    Material,
    TermList,
    Rule,
}

/// The ids of every list.
struct Lists<'a> {
    facts: Index<'a>,
    citable: Index<'a>,
    regions: Index<'a>,
    documents: Index<'a>,
    materials: Index<'a>,
    terms: Index<'a>,
    patterns: Index<'a>,
    rules: Index<'a>,
    uploads: Index<'a>,
}

impl<'a> Lists<'a> {
    fn new(set: &'a RuleSet) -> Self {
        Self {
            facts: Index::new(set.facts.iter().map(|fact| fact.id.as_str())),
            citable: Index::new(set.sources.iter().chain(&set.methods).map(|source| source.id.as_str())),
            regions: Index::new(set.regions.iter().map(|region| region.code.as_str())),
            documents: Index::new(set.documents.iter().map(|document| document.id.as_str())),
            materials: Index::new(set.materials.iter().map(|material| material.id.as_str())),
            terms: Index::new(set.terms.iter().map(|list| list.id.as_str())),
            patterns: Index::new(set.patterns.iter().map(|pattern| pattern.id.as_str())),
            rules: Index::new(set.rules.iter().map(|rule| rule.id.as_str())),
            uploads: Index::new(set.uploads.iter().map(|upload| upload.id.as_str())),
        }
    }
}

struct Checker<'a> {
    set: &'a RuleSet,
    lists: &'a Lists<'a>,
    faults: Vec<Fault>,
}

impl<'a> Checker<'a> {
    #[inline(never)]
    fn fault(&mut self, path: &Path<'_>, message: impl fmt::Display) {
        self.faults.push(Fault { path: path.to_string(), message: message.to_string() });
    }

    fn all(&mut self) {
        let set = self.set;
        if set.version.trim().is_empty() {
            self.fault(&Path::of("version"), "is empty");
        }
        self.text(&Path::of("words.yes"), &set.words.yes);
        self.text(&Path::of("words.no"), &set.words.no);
        if let Some(older) = &set.words.older {
            self.text(&Path::of("words.older"), older);
        }
        self.ids(&Path::of("regions"), "code", &self.lists.regions);
        self.ids(&Path::of("facts"), "id", &self.lists.facts);
        self.ids(&Path::of("documents"), "id", &self.lists.documents);
        self.ids(&Path::of("materials"), "id", &self.lists.materials);
        self.ids(&Path::of("terms"), "id", &self.lists.terms);
        self.ids(&Path::of("patterns"), "id", &self.lists.patterns);
        self.ids(&Path::of("uploads"), "id", &self.lists.uploads);
        self.citable_ids();
        for (i, source) in set.sources.iter().enumerate() {
            self.source(&Path::of("sources").at(i), source);
        }
        for (i, source) in set.methods.iter().enumerate() {
            self.source(&Path::of("methods").at(i), source);
        }
        self.regions();
        for (i, fact) in set.facts.iter().enumerate() {
            self.fact(&Path::of("facts").at(i), fact);
        }
        if self.known_fact("province").is_none_or(|fact| fact.kind != FactType::Region) {
            self.fault(&Path::of("facts"), "there must be a fact `province` of type region");
        }
        self.implications();
        self.documents();
        self.materials();
        self.terms();
        self.patterns();
        for (i, rule) in set.rules.iter().enumerate() {
            self.rule(&Path::of("rules").at(i), rule);
        }
        self.uploads();
    }

    #[inline(never)]
    fn text(&mut self, path: &Path<'_>, text: &Text) {
        if text.zh.trim().is_empty() {
            self.fault(&path.key("zh"), "is empty; every text needs both languages");
        }
        if text.en.trim().is_empty() {
            self.fault(&path.key("en"), "is empty; every text needs both languages");
        }
    }

    fn ids(&mut self, list: &Path<'_>, key: &str, index: &Index<'_>) {
        for (i, id) in index.ids().iter().enumerate() {
            self.id(&list.at(i).key(key), id, index.get(id) == Some(i));
        }
    }

    fn id(&mut self, path: &Path<'_>, id: &str, is_first: bool) {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            self.fault(path, format_args!("{} is no id: letters, digits and `-` only", Quoted(id)));
        } else if !is_first {
            self.fault(path, format_args!("duplicate id {}", Quoted(id)));
        }
    }

    /// Rules, sources and methods share one space of ids, because a finding may name any of them as its basis.
    fn citable_ids(&mut self) {
        let set = self.set;
        let sources = [("sources", &set.sources), ("methods", &set.methods)];
        let sources =
            sources.into_iter().flat_map(|(list, sources)| sources.iter().map(move |source| (list, &source.id)));
        let rules = set.rules.iter().map(|rule| ("rules", &rule.id));
        let ids: Vec<_> = sources.chain(rules).collect();
        let index = Index::new(ids.iter().map(|(_, id)| id.as_str()));
        for (at, (list, id)) in ids.into_iter().enumerate() {
            let before = match list {
                "rules" => set.sources.len() + set.methods.len(),
                "methods" => set.sources.len(),
                _ => 0,
            };
            self.id(&Path::of(list).at(at - before).key("id"), id, index.get(id) == Some(at));
        }
    }

    fn source(&mut self, path: &Path<'_>, source: &Source) {
        self.text(&path.key("publisher"), &source.publisher);
        self.text(&path.key("title"), &source.title);
        for (key, url) in [("url", &source.url), ("archived", &source.archived)] {
            if let Some(url) = url
                && !(url.starts_with("https://") || url.starts_with("http://"))
            {
                self.fault(&path.key(key), format_args!("{} is no web address", Quoted(url)));
            }
        }
        if let Some(date) = &source.date
            && !is_partial_date(date)
        {
            self.fault(&path.key("date"), format_args!("{} is not YYYY, YYYY-MM or YYYY-MM-DD", Quoted(date)));
        }
    }

    fn regions(&mut self) {
        for (i, region) in self.set.regions.iter().enumerate() {
            let path = Path::of("regions").at(i);
            if !MAINLAND_CODES.contains(&region.code.as_str()) {
                self.fault(
                    &path.key("code"),
                    format_args!("{} is not the GB/T 2260 code of a province of the mainland", Quoted(&region.code)),
                );
            }
            self.text(&path.key("name"), &region.name);
            if let Some(omissions) = &region.omissions {
                self.text(&path.key("omissions"), omissions);
            }
        }
    }

    fn fact(&mut self, path: &Path<'_>, fact: &'a Fact) {
        if RESERVED.contains(&fact.id.as_str()) {
            self.fault(&path.key("id"), format_args!("{} has a meaning of its own in conditions", Quoted(&fact.id)));
        }
        self.text(&path.key("label"), &fact.label);
        self.text(&path.key("question"), &fact.question);
        if let Some(help) = &fact.help {
            self.text(&path.key("help"), help);
        }
        let is_enum = fact.kind == FactType::Enum;
        if is_enum == fact.options.is_empty() {
            self.fault(&path.key("options"), "an enum has options, other types have none");
        }
        if fact.options.len() > MAX_OPTIONS {
            self.fault(&path.key("options"), format_args!("more than {MAX_OPTIONS} options"));
        }
        let options = Index::new(fact.options.iter().map(|option| option.value.as_str()));
        self.ids(&path.key("options"), "value", &options);
        for (i, option) in fact.options.iter().enumerate() {
            self.text(&path.key("options").at(i).key("label"), &option.label);
        }
        for (name, members) in &fact.groups {
            let groups = path.key("groups");
            let path = groups.key(name);
            if members.is_empty() {
                self.fault(&path, "an empty group");
            }
            for member in members {
                if !options.contains(member) {
                    self.fault(&path, format_args!("unknown option {}", Quoted(member)));
                }
            }
        }
        if fact.kind != FactType::Integer && (fact.min.is_some() || fact.max.is_some()) {
            self.fault(&path.key("min"), "only an integer has bounds");
        }
        if let (Some(min), Some(max)) = (fact.min, fact.max)
            && min > max
        {
            self.fault(&path.key("max"), format_args!("{max} is below the smallest number {min}"));
        }
        if let Some(relevant) = &fact.relevant {
            self.condition(&path.key("relevant"), relevant, 0);
        }
    }

    fn implications(&mut self) {
        for (i, implication) in self.set.implications.iter().enumerate() {
            let path = Path::of("implications").at(i);
            self.condition(&path.key("when"), &implication.when, 0);
            let Some(fact) = self.known_fact(&implication.fact) else {
                self.fault(&path.key("fact"), format_args!("unknown fact {}", Quoted(&implication.fact)));
                continue;
            };
            match (&implication.value, &implication.same_as) {
                (Some(_), None) => {
                    if fact.kind != FactType::Boolean {
                        self.fault(&path.key("value"), format_args!("{} is not boolean", Quoted(&fact.id)));
                    }
                }
                (None, Some(other)) => {
                    let other = self.known_fact(other);
                    if other.is_none_or(|other| other.kind != fact.kind || other.options != fact.options) {
                        self.fault(
                            &path.key("sameAs"),
                            format_args!("must be a fact of the same type and options as {}", Quoted(&fact.id)),
                        );
                    }
                }
                _ => self.fault(&path, "needs either value or sameAs"),
            }
        }
    }

    fn documents(&mut self) {
        for (i, document) in self.set.documents.iter().enumerate() {
            self.text(&Path::of("documents").at(i).key("name"), &document.name);
            if document.slots.is_empty() {
                self.fault(&Path::of("documents").at(i).key("slots"), "is empty");
            }
        }
    }

    fn materials(&mut self) {
        let set = self.set;
        for (i, material) in set.materials.iter().enumerate() {
            let path = Path::of("materials").at(i);
            self.text(&path.key("name"), &material.name);
            self.text(&path.key("description"), &material.description);
            if material.slots.is_empty() {
                self.fault(&path.key("slots"), "is empty");
            }
            for (j, case) in material.accepts.iter().enumerate() {
                let path = path.key("accepts").at(j);
                self.condition(&path.key("when"), &case.when, 0);
                self.known(&path.key("documents"), Named::Document, &case.documents);
            }
            let has_rule = |rule: &Rule| rule.accepts.is_empty() && rule.materials.contains(&material.id);
            for (key, text) in [("issuer", &material.issuer), ("validity", &material.validity)] {
                if let Some(text) = text {
                    self.text(&path.key(key), text);
                }
            }
            for (j, point) in material.outline.iter().enumerate() {
                self.text(&path.key("outline").at(j), point);
            }
            if !set.rules.iter().any(has_rule) {
                self.fault(&path.key("id"), format_args!("no rule asks for the material {}", Quoted(&material.id)));
            }
        }
        for (i, splice) in set.splices.iter().enumerate() {
            let path = Path::of("splices").at(i);
            self.condition(&path.key("when"), &splice.when, 0);
            self.known(&path.key("with"), Named::Material, std::slice::from_ref(&splice.with));
        }
    }

    fn terms(&mut self) {
        if self.set.terms.len() > MAX_OPTIONS {
            self.fault(&Path::of("terms"), format_args!("more than {MAX_OPTIONS} term lists"));
        }
        for (i, list) in self.set.terms.iter().enumerate() {
            let path = Path::of("terms").at(i);
            self.text(&path.key("origin"), &list.origin);
            self.sources(&path, &list.sources);
            if list.terms.is_empty() {
                self.fault(&path.key("terms"), "is empty");
            }
            let index = Index::new(list.terms.iter().map(Str::as_str));
            for (i, term) in list.terms.iter().enumerate() {
                if term.trim().is_empty() || term.trim() != term {
                    self.fault(&path.key("terms"), format_args!("{} is blank or has blanks around it", Quoted(term)));
                } else if index.get(term) != Some(i) {
                    self.fault(&path.key("terms"), format_args!("duplicate term {}", Quoted(term)));
                }
            }
        }
    }

    fn sources(&mut self, path: &Path<'_>, ids: &[Str]) {
        let path = path.key("sources");
        if ids.is_empty() {
            self.fault(&path, "names no source");
        }
        self.known(&path, Named::Source, ids);
    }

    fn known_fact(&self, id: &str) -> Option<&'a Fact> {
        self.set.facts.get(self.lists.facts.get(id)?)
    }

    #[inline(never)]
    fn known(&mut self, path: &Path<'_>, what: Named, ids: &[Str]) {
        for id in ids {
            let (what, index) = match what {
                Named::Source => ("source", &self.lists.citable),
                Named::Province => ("province", &self.lists.regions),
                Named::Document => ("document", &self.lists.documents),
                Named::Material => ("material", &self.lists.materials),
                Named::TermList => ("term list", &self.lists.terms),
                Named::Rule => ("rule", &self.lists.rules),
            };
            if !index.contains(id) {
                self.fault(path, format_args!("unknown {what} {}", Quoted(id)));
            }
        }
    }

    /// What a rule takes from a pattern is checked again with the rule; here, what would be blamed on the wrong place.
    fn patterns(&mut self) {
        let set = self.set;
        for (i, pattern) in set.patterns.iter().enumerate() {
            let path = Path::of("patterns").at(i);
            if !set.rules.iter().any(|rule| rule.like.as_ref() == Some(&pattern.id)) {
                self.fault(&path.key("id"), format_args!("no rule is like {}", Quoted(&pattern.id)));
            }
            self.known(&path.key("overrides"), Named::Rule, &pattern.overrides);
            self.known(&path.key("materials"), Named::Material, &pattern.materials);
            self.known(&path.key("accepts"), Named::Document, &pattern.accepts);
            self.condition(&path.key("when"), &pattern.when, 0);
            if let Some(check) = &pattern.check {
                self.condition(&path.key("check"), check, 0);
            }
        }
    }

    fn rule(&mut self, path: &Path<'_>, rule: &'a Rule) {
        let set = self.set;
        if let Some(like) = &rule.like
            && !set.patterns.iter().any(|pattern| pattern.id == *like)
        {
            self.fault(&path.key("like"), format_args!("unknown pattern {}", Quoted(like)));
        }
        self.text(&path.key("text"), &rule.text);
        for (key, text) in [("unmet", &rule.unmet), ("spliceList", &rule.splice_list), ("remedy", &rule.remedy)] {
            if let Some(text) = text {
                self.text(&path.key(key), text);
            }
        }
        for (i, reading) in rule.readings.iter().enumerate() {
            let path = path.key("readings").at(i);
            self.text(&path.key("text"), &reading.text);
            self.sources(&path, &reading.sources);
        }
        if rule.readings.is_empty() || !rule.sources.is_empty() {
            self.sources(path, &rule.sources);
        }
        self.known(&path.key("provinces"), Named::Province, &rule.provinces);
        self.known(&path.key("overrides"), Named::Rule, &rule.overrides);
        self.known(&path.key("materials"), Named::Material, &rule.materials);
        self.known(&path.key("accepts"), Named::Document, &rule.accepts);
        if rule.overrides.contains(&rule.id) {
            self.fault(&path.key("overrides"), "a rule cannot override itself");
        }
        if rule.baseline_only && !rule.provinces.is_empty() {
            self.fault(&path.key("baselineOnly"), "contradicts provinces");
        }
        if let (Some(from), Some(until)) = (rule.from, rule.until)
            && until < from
        {
            self.fault(&path.key("until"), format_args!("{until} is before from = {from}"));
        }
        self.grade(path, rule);
        self.kind(path, rule);
        self.condition(&path.key("when"), &rule.when, 0);
        if let Some(check) = &rule.check {
            self.condition(&path.key("check"), check, 0);
        }
    }

    fn grade(&mut self, path: &Path<'_>, rule: &Rule) {
        match rule.grade {
            Grade::Disputed if rule.readings.len() < 2 => {
                self.fault(&path.key("grade"), "a disputed rule keeps at least two readings");
            }
            Grade::Superseded | Grade::Dropped if rule.until.is_none() => {
                self.fault(&path.key("grade"), "a superseded or dropped rule has an until");
            }
            Grade::Older | Grade::Disputed if rule.effect == Some(Effect::Required) => {
                self.fault(&path.key("effect"), "an older or disputed rule is at most maybe");
            }
            _ => {}
        }
    }

    fn kind(&mut self, path: &Path<'_>, rule: &Rule) {
        let asks = !rule.materials.is_empty();
        if asks && rule.check.is_some() {
            self.fault(&path.key("check"), "a rule has materials or a check, not both");
        }
        if !rule.accepts.is_empty() && !asks {
            self.fault(&path.key("accepts"), "needs materials");
        }
        let needs_effect = (asks && rule.accepts.is_empty()) || rule.check.is_some();
        match rule.effect {
            _ if rule.contradiction && rule.check.is_none() => {
                self.fault(&path.key("contradiction"), "needs a check");
            }
            None if needs_effect => self.fault(&path.key("effect"), "is missing: required or maybe"),
            None if !rule.accepts.is_empty() && !matches!(rule.grade, Grade::Confirmed | Grade::Stated) => {
                self.fault(&path.key("accepts"), "only what is confirmed or stated excludes a document");
            }
            Some(_) if !needs_effect => self.fault(&path.key("effect"), "a notice has no effect"),
            Some(Effect::NotRequired) if !asks => {
                self.fault(&path.key("effect"), "only a material can be not-required");
            }
            _ => {}
        }
        if rule.check.is_none() && rule.unmet.is_some() {
            self.fault(&path.key("unmet"), "needs a check");
        }
        if rule.photo.is_some_and(|photo| !(1..=250).contains(&photo.min_margin_per_mille)) {
            self.fault(&path.key("photo").key("minMarginPerMille"), "lies between 1 and 250");
        }
        if asks && rule.splice_list.is_some() {
            self.fault(&path.key("spliceList"), "only a notice or a constraint lists materials");
        }
    }

    fn condition(&mut self, path: &Path<'_>, condition: &Condition, depth: usize) {
        if depth > MAX_NESTING {
            self.fault(path, format_args!("nested deeper than {MAX_NESTING}"));
            return;
        }
        for part in &condition.parts {
            match part {
                Part::Fact(fact, test) => self.fact_test(&path.key(fact), fact, test),
                Part::Any(list) => {
                    for (i, condition) in list.iter().enumerate() {
                        self.condition(&path.key("any").at(i), condition, depth + 1);
                    }
                }
                Part::All(list) => {
                    for (i, condition) in list.iter().enumerate() {
                        self.condition(&path.key("all").at(i), condition, depth + 1);
                    }
                }
                Part::Not(condition) => self.condition(&path.key("not"), condition, depth + 1),
                Part::TextContains(search) => {
                    let path = path.key("textContains");
                    if search.facts.is_empty() {
                        self.fault(&path.key("facts"), "is empty");
                    }
                    self.texts(&path, &search.facts);
                    self.known(&path.key("terms"), Named::TermList, std::slice::from_ref(&search.terms));
                }
                Part::TextIs(look) => {
                    let path = path.key("textIs");
                    if look.facts.is_empty() {
                        self.fault(&path.key("facts"), "is empty");
                    }
                    self.texts(&path, &look.facts);
                }
            }
        }
    }

    fn texts(&mut self, path: &Path<'_>, facts: &[Str]) {
        for fact in facts {
            match self.known_fact(fact).map(|fact| fact.kind) {
                Some(FactType::Text) => {}
                Some(_) => self.fault(&path.key("facts"), format_args!("{} is not a text", Quoted(fact))),
                None => self.fault(&path.key("facts"), format_args!("unknown fact {}", Quoted(fact))),
            }
        }
    }

    fn fact_test(&mut self, path: &Path<'_>, id: &str, test: &Test) {
        let Some(fact) = self.known_fact(id) else {
            self.fault(path, format_args!("unknown fact {}", Quoted(id)));
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
            self.fault(path, format_args!("{} is tested with {wanted}", Quoted(id)));
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
                None if fact.kind == FactType::Region => self.lists.regions.contains(word.as_str()),
                None => fact.options.iter().any(|option| option.value == *word),
            };
            if !known {
                self.fault(path, format_args!("unknown option {} of {}", Quoted(word), Quoted(id)));
            }
        }
    }

    fn uploads(&mut self) {
        let set = self.set;
        for (i, upload) in set.uploads.iter().enumerate() {
            let path = Path::of("uploads").at(i);
            self.text(&path.key("name"), &upload.name);
            if upload.formats.is_empty() {
                self.fault(&path.key("formats"), "is empty");
            }
            let basis = &upload.basis;
            for (key, id) in [("format", &basis.format), ("size", &basis.size), ("pixels", &basis.pixels)] {
                self.basis(&path.key("basis").key(key), id.as_ref());
            }
            for (material, limits) in &upload.materials {
                self.known(&path.key("materials"), Named::Material, std::slice::from_ref(material));
                self.basis(&path.key("materials").key(material).key("basis"), limits.basis.as_ref());
            }
        }
    }

    fn basis(&mut self, path: &Path<'_>, id: Option<&Str>) {
        if let Some(id) = id
            && !self.lists.rules.contains(id.as_str())
            && !self.lists.citable.contains(id.as_str())
        {
            self.fault(path, format_args!("unknown rule or source {}", Quoted(id)));
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
