//! Reads rule files as the build does, and runs their examples.
#![allow(dead_code)]

#[path = "../../src/rules/authoring.rs"]
pub mod authoring;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use authoring::{Authored, Example};
use icp_precheck::checklist::{self, Answer, Checklist, ItemStatus, Profile};
use icp_precheck::rules::{RuleSet, format, upload, validate};
use icp_precheck::string::Str;
use icp_precheck::{Date, Locale, Text};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every TOML file below a folder with its name from the root of the crate, in the order of the names.
pub fn read_folder(folder: &str) -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(root.join(folder)).expect("a folder").map(Result::unwrap).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                walk(root, &path, files);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let name = path.to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(entry.path()).expect("readable")));
            }
        }
    }
    let mut files = Vec::new();
    walk(&root(), Path::new(folder), &mut files);
    files
}

pub fn assemble(folder: &str) -> Authored {
    authoring::assemble(&read_folder(folder)).unwrap_or_else(|complaints| {
        panic!("{}", complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

pub fn date(text: &str) -> Date {
    text.parse().expect(text)
}

/// A profile from TOML, e.g. `province = "110000"`.
pub fn profile(table: &toml::Table) -> Profile {
    table.iter().fold(Profile::default(), |profile, (fact, value)| {
        let answer = match value {
            toml::Value::String(text) => Answer::Text(text.clone()),
            toml::Value::Boolean(flag) => Answer::Flag(*flag),
            toml::Value::Integer(number) => Answer::Number(*number as f64),
            other => panic!("{fact}: {other} is no answer"),
        };
        profile.with(fact, answer)
    })
}

pub fn evaluate(rules: &RuleSet, answers: &str, on: &str) -> Checklist {
    let table: toml::Table = answers.parse().expect(answers);
    checklist::evaluate(rules, &profile(&table), date(on), Locale::En).unwrap_or_else(|error| panic!("{error}"))
}

pub fn with_status(list: &Checklist, status: ItemStatus) -> BTreeSet<&str> {
    list.items.iter().filter(|item| item.status == status).map(|item| item.material.as_str()).collect()
}

pub fn status_of(list: &Checklist, material: &str) -> ItemStatus {
    list.items.iter().find(|item| item.material == material).expect(material).status
}

/// The status of a constraint as text; `absent` when it is not listed.
pub fn constraint_of(list: &Checklist, id: &str) -> String {
    let found = list.constraints.iter().find(|constraint| constraint.id == id);
    found.map_or("absent".to_owned(), |constraint| {
        serde_json::to_value(constraint.status).unwrap().as_str().unwrap().to_owned()
    })
}

/// Every rule that a checklist names as a reason or as a basis.
pub fn named_rules(list: &Checklist) -> BTreeSet<String> {
    let items = list.items.iter().filter(|item| item.status != ItemStatus::NotRequired);
    let by_items = items.flat_map(|item| item.basis.iter().map(|basis| basis.id.to_string()));
    by_items.chain(list.constraints.iter().map(|constraint| constraint.id.to_string())).collect()
}

pub fn run_example(authored: &Authored, example: &Example) -> Checklist {
    let common = example.common_only.then(|| authored.common());
    let rules = common.as_ref().unwrap_or(&authored.rules);
    let what = format!("{}: {}", example.file, example.name);
    let list = checklist::evaluate(rules, &profile(&example.answers), example.on, Locale::En)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let expect = &example.expect;
    for (status, wanted) in [
        (ItemStatus::Required, &expect.required),
        (ItemStatus::Conditional, &expect.conditional),
        (ItemStatus::Maybe, &expect.maybe),
    ] {
        if let Some(wanted) = wanted {
            let wanted: BTreeSet<_> = wanted.iter().map(String::as_str).collect();
            assert_eq!(with_status(&list, status), wanted, "{what}: {status:?}");
        }
    }
    for material in &expect.not_required {
        assert_eq!(status_of(&list, material), ItemStatus::NotRequired, "{what}: {material}");
    }
    for (id, status) in &expect.constraints {
        assert_eq!(Some(constraint_of(&list, id).as_str()), status.as_str(), "{what}: {id}");
        assert!(rules.rule(id).is_some(), "{what}: no rule {id}");
    }
    for (material, documents) in &expect.accepts {
        let item = list.items.iter().find(|item| item.material == *material).expect(material);
        let wanted: Vec<_> = documents.as_array().expect("a list").iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(item.accepts, wanted, "{what}: {material}");
    }
    let named = named_rules(&list);
    for rule in &expect.rules {
        assert!(named.contains(rule), "{what}: {rule} is not named; named are {named:?}");
    }
    let asked: Vec<_> = list.questions.iter().map(|question| question.id.as_str()).collect();
    assert!(asked.starts_with(&expect.asks.iter().map(String::as_str).collect::<Vec<_>>()), "{what}: asks {asked:?}");
    list
}

/// What every checklist must fulfil, whatever the rules.
pub fn assert_sound(rules: &RuleSet, list: &Checklist, what: &str) {
    assert_eq!(list.items.len(), rules.materials.len(), "{what}");
    assert!(list.items.is_sorted_by_key(|item| item.status), "{what}: order");
    let asked: BTreeSet<_> = list.questions.iter().map(|question| question.id.as_str()).collect();
    for item in &list.items {
        let what = format!("{what}: {}", item.material);
        assert!(!item.because.is_empty(), "{what}: no reason");
        assert!(!item.basis.is_empty(), "{what}: no basis");
        assert!(!item.slots.is_empty(), "{what}: no slots");
        assert_eq!(item.status == ItemStatus::Conditional, !item.depends_on.is_empty(), "{what}: dependsOn");
        assert!(item.depends_on.iter().all(|fact| asked.contains(fact.as_str())), "{what}: asks for what it needs");
        for reason in &item.because {
            assert!(rules.rule(&reason.rule).is_some(), "{what}: {}", reason.rule);
        }
    }
    for constraint in &list.constraints {
        assert!(!constraint.because.is_empty() && !constraint.basis.is_empty(), "{what}: {}", constraint.id);
        assert!(!constraint.message.is_empty() && !constraint.message.contains('{'), "{what}: {}", constraint.message);
    }
    for question in &list.questions {
        assert!(!question.affects.is_empty(), "{what}: {} changes nothing", question.id);
    }
}
