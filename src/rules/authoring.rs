//! From rule files to a rule set: reads TOML, checks it, and names file and line of everything that is wrong.
//!
//! Part of the build script and of tests, never of the crate itself.

use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use super::format::{
    Document, Fact, Implication, Material, Pattern, Region, Rule, RuleSet, Source, Splice, TermList, Words,
};
use super::upload::UploadProfile;
use super::validate::Fault;
use super::{Date, Str, Text};

/// A fault with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// A rule set with the examples that test it.
#[derive(Debug)]
pub struct Authored {
    /// The set, checked.
    pub rules: RuleSet,
    /// The examples in order.
    pub examples: Vec<Example>,
    /// What became of each entry of the collections from which the rules were made.
    pub coverage: Vec<Covered>,
    /// Positions of the rules that stand in the file of a province.
    pub provincial: Vec<usize>,
}

impl Authored {
    /// The set in which nothing that stands in files of provinces holds, as if there were none.
    #[must_use]
    pub fn common(&self) -> RuleSet {
        let mut common = self.rules.clone();
        let long_ago = "0001-01-01".parse().ok();
        for at in &self.provincial {
            if let Some(rule) = common.rules.get_mut(*at) {
                rule.until = long_ago;
            }
        }
        for region in &mut common.regions {
            region.verified_on = None;
        }
        common
    }
}

/// An entry of a collection of sources, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// Its key: collection, province (`nat`: the whole country), id.
    pub entry: String,
    /// The province in whose file it is accounted for; empty: in a common file.
    pub province: String,
    /// Position of the rule that stands for it; `Err`: why none does.
    pub by: Result<usize, Text>,
}

/// Entries for which a rule of another file stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AlsoCovered {
    rule: String,
    entries: Vec<String>,
}

/// An entry for which there is no rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NotModelled {
    entry: String,
    why: Text,
}

/// A situation and what must come out of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// What it shows, as a sentence.
    pub name: String,
    /// The day.
    pub on: Date,
    /// Answers by fact. In the file of a province, the province is added.
    #[serde(default)]
    pub answers: toml::Table,
    /// Without the rules that stand in files of provinces: what the whole country has in common.
    #[serde(default)]
    pub common_only: bool,
    /// What must come out of it.
    pub expect: Expect,
    /// The file that it stands in.
    #[serde(skip)]
    pub file: String,
}

/// What must come out of an example. A list of materials that is given is complete.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expect {
    /// Materials that are required.
    #[serde(default)]
    pub required: Option<Vec<String>>,
    /// Materials that depend on an answer.
    #[serde(default)]
    pub conditional: Option<Vec<String>>,
    /// Materials that the provider may want.
    #[serde(default)]
    pub maybe: Option<Vec<String>>,
    /// Materials that are not wanted; this list need not be complete.
    #[serde(default)]
    pub not_required: Vec<String>,
    /// Status by id of a constraint; `absent` for one that must not be listed.
    #[serde(default)]
    pub constraints: toml::Table,
    /// Accepted documents by material.
    #[serde(default)]
    pub accepts: toml::Table,
    /// Rules that must be named as a reason or as a basis.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Questions that must be asked, in this order, first.
    #[serde(default)]
    pub asks: Vec<String>,
}

/// Every table that a rule file may hold. Which file holds which is a matter of order, not of rule.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RuleFile {
    version: Option<String>,
    stale_after_days: Option<u32>,
    words: Option<Words>,
    /// The province that the file is about.
    code: Option<Spanned<String>>,
    verified_on: Option<Date>,
    omissions: Option<Text>,
    #[serde(default)]
    source: Vec<Spanned<Source>>,
    #[serde(default)]
    method: Vec<Spanned<Source>>,
    #[serde(default)]
    region: Vec<Spanned<Region>>,
    #[serde(default)]
    fact: Vec<Spanned<Fact>>,
    #[serde(default)]
    implication: Vec<Spanned<Implication>>,
    #[serde(default)]
    document: Vec<Spanned<Document>>,
    #[serde(default)]
    material: Vec<Spanned<Material>>,
    #[serde(default)]
    splice: Vec<Spanned<Splice>>,
    #[serde(default)]
    terms: Vec<Spanned<TermList>>,
    #[serde(default)]
    pattern: Vec<Spanned<Pattern>>,
    #[serde(default)]
    rule: Vec<Spanned<Rule>>,
    #[serde(default)]
    also_covered: Vec<Spanned<AlsoCovered>>,
    #[serde(default)]
    not_modelled: Vec<NotModelled>,
    #[serde(default)]
    example: Vec<Spanned<Example>>,
    #[serde(default)]
    upload: Vec<Spanned<UploadProfile>>,
}

/// Where an entry of a list was written.
struct Origin {
    file: usize,
    offset: usize,
}

/// Reads rule files, given as name and text, into one checked set. The order of the files is the order of the rules.
///
/// # Errors
/// Everything that is wrong, with file and line.
pub fn assemble(files: &[(String, String)]) -> Result<Authored, Vec<Complaint>> {
    let mut set = RuleSet::default();
    let mut examples = Vec::new();
    let mut complaints = Vec::new();
    // One list of origins per list of the set, by its name in paths.
    let mut origins: Vec<(&'static str, Vec<Origin>)> = Vec::new();
    let mut provinces = Vec::new();
    let mut coverage = Vec::new();
    let mut provincial = Vec::new();
    let mut elsewhere = Vec::new();

    for (number, (name, text)) in files.iter().enumerate() {
        let mut complain = |offset: usize, message: String| {
            complaints.push(Complaint { file: name.clone(), line: line_of(text, offset), message });
        };
        let file: RuleFile = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                complain(error.span().map_or(0, |span| span.start), error.message().to_owned());
                continue;
            }
        };
        set.version = file.version.map_or(std::mem::take(&mut set.version), Str::from);
        set.stale_after_days = file.stale_after_days.or(set.stale_after_days);
        set.words = file.words.unwrap_or(std::mem::take(&mut set.words));

        macro_rules! take {
            ($($from:ident => $into:ident),+) => {$(
                for item in file.$from {
                    note(&mut origins, stringify!($into), Origin { file: number, offset: item.span().start });
                    set.$into.push(item.into_inner());
                }
            )+};
        }
        take!(source => sources, method => methods, region => regions, fact => facts, implication => implications,
              document => documents, material => materials, splice => splices, terms => terms, pattern => patterns, upload => uploads);

        let is_province = name.contains("provinces/");
        if is_province && file.example.is_empty() {
            complain(0, "the file of a province needs at least one [[example]]".to_owned());
        }
        match &file.code {
            Some(code) if !name.ends_with(&format!("{}.toml", code.get_ref())) => {
                complain(code.span().start, format!("code {:?} is not the name of the file", code.get_ref()));
            }
            None if is_province => complain(0, "the file of a province needs its code".to_owned()),
            _ => {}
        }
        if is_province && file.verified_on.is_none() {
            complain(0, "the file of a province needs verifiedOn: the day it was last compared".to_owned());
        }
        let province = file.code.as_ref().map(|code| code.get_ref().clone()).unwrap_or_default();
        for item in file.also_covered {
            elsewhere.push((number, item.span().start, province.clone(), item.into_inner()));
        }
        for NotModelled { entry, why } in file.not_modelled {
            coverage.push(Covered { entry: key(&entry, &province), province: province.clone(), by: Err(why) });
        }
        for rule in file.rule {
            let offset = rule.span().start;
            let mut rule = rule.into_inner();
            if let Some(code) = &file.code {
                if !rule.provinces.is_empty() || rule.baseline_only {
                    complain(offset, "a rule in the file of a province holds in that province".to_owned());
                }
                rule.provinces = vec![code.get_ref().clone().into()];
                provincial.push(set.rules.len());
            }
            let by = Ok(set.rules.len());
            let covered = std::mem::take(&mut rule.covers).into_iter();
            coverage.extend(covered.map(|entry| Covered {
                entry: key(&entry, &province),
                province: province.clone(),
                by: by.clone(),
            }));
            note(&mut origins, "rules", Origin { file: number, offset });
            set.rules.push(rule);
        }
        for example in file.example {
            let mut example = example.into_inner();
            if let Some(code) = &file.code {
                example.answers.insert("province".to_owned(), code.get_ref().clone().into());
            }
            example.file.clone_from(name);
            examples.push(example);
        }
        if let Some(code) = file.code {
            provinces.push((number, code, file.verified_on, file.omissions));
        }
    }

    for (number, code, verified_on, omissions) in provinces {
        match set.regions.iter_mut().find(|region| region.code == *code.get_ref()) {
            Some(region) => {
                region.verified_on = verified_on;
                region.omissions = omissions;
            }
            None => {
                let (file, text) = files.get(number).cloned().unwrap_or_default();
                let message = format!("{:?} is not the GB/T 2260 code of a listed region", code.get_ref());
                complaints.push(Complaint { file, line: line_of(&text, code.span().start), message });
            }
        }
    }
    for (number, offset, province, AlsoCovered { rule, entries }) in elsewhere {
        match set.rules.iter().position(|known| known.id == rule) {
            Some(at) => coverage.extend(entries.iter().map(|entry| Covered {
                entry: key(entry, &province),
                province: province.clone(),
                by: Ok(at),
            })),
            None => {
                let (file, text) = files.get(number).cloned().unwrap_or_default();
                let message = format!("alsoCovered: unknown rule {rule:?}");
                complaints.push(Complaint { file, line: line_of(&text, offset), message });
            }
        }
    }
    // A pattern that does not exist is among the faults.
    let _ = set.complete();
    leave_out_unused(&mut set, &mut origins);
    if complaints.is_empty() {
        complaints = set.faults().iter().map(|fault| locate(fault, &origins, files)).collect();
    }
    let published = serde_json::to_string(&set).ok().and_then(|json| RuleSet::from_json(&json).ok());
    set.hash = published.map(|read| read.hash).unwrap_or_default();
    if complaints.is_empty() { Ok(Authored { rules: set, examples, coverage, provincial }) } else { Err(complaints) }
}

/// Leaves out the materials that no rule asks for and the patterns that no rule is like.
fn leave_out_unused(set: &mut RuleSet, origins: &mut [(&'static str, Vec<Origin>)]) {
    let asks = |id: &Str| set.rules.iter().any(|rule| rule.accepts.is_empty() && rule.materials.contains(id));
    let wanted: Vec<_> = set.materials.iter().map(|material| asks(&material.id)).collect();
    let followed: Vec<_> = set
        .patterns
        .iter()
        .map(|pattern| set.rules.iter().any(|rule| rule.like.as_ref() == Some(&pattern.id)))
        .collect();
    let mut keep = wanted.iter();
    set.materials.retain(|_| keep.next() == Some(&true));
    let mut keep = followed.iter();
    set.patterns.retain(|_| keep.next() == Some(&true));
    for (name, used) in [("materials", &wanted), ("patterns", &followed)] {
        if let Some((_, origins)) = origins.iter_mut().find(|(list, _)| *list == name) {
            let mut keep = used.iter();
            origins.retain(|_| keep.next() == Some(&true));
        }
    }
}

/// The full key of an entry: in the file of a province, `ali:some-id` is short for `ali:<code>:some-id`.
fn key(entry: &str, province: &str) -> String {
    match entry.split_once(':') {
        Some((collection, id)) if !id.contains(':') => {
            let place = if province.is_empty() { "nat" } else { province };
            format!("{collection}:{place}:{id}")
        }
        _ => entry.to_owned(),
    }
}

fn note(origins: &mut Vec<(&'static str, Vec<Origin>)>, list: &'static str, origin: Origin) {
    match origins.iter_mut().find(|(name, _)| *name == list) {
        Some((_, found)) => found.push(origin),
        None => origins.push((list, vec![origin])),
    }
}

/// Finds the line of a fault: the entry that its path names, and in it the last key of the path that is written there.
fn locate(fault: &Fault, origins: &[(&'static str, Vec<Origin>)], files: &[(String, String)]) -> Complaint {
    let message = fault.to_string();
    let nowhere = || Complaint { file: "rules".to_owned(), line: 1, message: message.clone() };
    let Some((list, rest)) = fault.path.split_once('[') else { return nowhere() };
    let Some((index, rest)) = rest.split_once(']') else { return nowhere() };
    let origin = origins
        .iter()
        .find(|(name, _)| *name == list)
        .and_then(|(_, origins)| origins.get(index.parse::<usize>().ok()?));
    let Some(origin) = origin else { return nowhere() };
    let Some((file, text)) = files.get(origin.file) else { return nowhere() };
    let tail = text.get(origin.offset..).unwrap_or_default();
    let after_header = tail.find('\n').unwrap_or(tail.len());
    let end = tail.get(after_header..).and_then(|body| body.find("\n[[")).map_or(tail.len(), |at| after_header + at);
    let entry = tail.get(..end).unwrap_or(tail);
    let mut offset = 0;
    for key in rest.split(['.', '[', ']']).filter(|key| !key.is_empty() && key.parse::<usize>().is_err()) {
        if let Some(at) = find_key(entry.get(offset..).unwrap_or_default(), key) {
            offset += at;
        }
    }
    Complaint { file: file.clone(), line: line_of(text, origin.offset + offset), message }
}

/// Where `key =` begins.
fn find_key(text: &str, key: &str) -> Option<usize> {
    text.match_indices(key).map(|(at, _)| at).find(|&at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + key.len()..).unwrap_or_default().trim_start_matches(['"', ' ']);
        after.starts_with(['=', '.', ']']) && before.is_none_or(|c| c.is_whitespace() || "{,\".[".contains(c))
    })
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.get(..offset).map_or(0, |before| before.matches('\n').count())
}
