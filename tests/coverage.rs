//! What became of each entry of the collections from which the rules were made: a rule stands for it, or a reason why
//! none does. Where the collections lie beside the project, nothing of them may be missing, and nothing invented.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod rule_files;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use icp_precheck::rules::format::Rule;
use rule_files::{assemble, root};
use serde_json::Value;

/// Counts per province.
#[derive(Default)]
struct Tally {
    rules: usize,
    notices: usize,
    left_out: usize,
}

fn is_notice(rule: &Rule) -> bool {
    rule.materials.is_empty() && rule.check.is_none()
}

#[test]
fn every_entry_is_accounted_for_once() {
    let authored = assemble("rules");
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for covered in &authored.coverage {
        assert!(keys.insert(covered.entry.as_str()), "{} is accounted for twice", covered.entry);
        let place = covered.entry.split(':').nth(1).expect("collection, place and id");
        assert!(
            covered.province.is_empty() || place == covered.province,
            "{} stands in the file of {}",
            covered.entry,
            covered.province
        );
        let tally = tallies.entry(place.to_owned()).or_default();
        match &covered.by {
            Ok(at) if is_notice(&authored.rules.rules[*at]) => tally.notices += 1,
            Ok(_) => tally.rules += 1,
            Err(why) => {
                assert!(!why.zh.is_empty() && !why.en.is_empty(), "{}: no reason", covered.entry);
                tally.left_out += 1;
            }
        }
    }
    let mut all = Tally::default();
    for (place, tally) in &tallies {
        println!("{place}: {} by rules, {} by notices, {} not modelled", tally.rules, tally.notices, tally.left_out);
        all.rules += tally.rules;
        all.notices += tally.notices;
        all.left_out += tally.left_out;
    }
    let modelled = all.rules + all.notices;
    println!(
        "{} entries: {} by rules, {} by notices, {} not modelled: {:.1} % modelled",
        modelled + all.left_out,
        all.rules,
        all.notices,
        all.left_out,
        100.0 * modelled as f64 / (modelled + all.left_out) as f64
    );
    assert!(modelled * 100 >= 95 * (modelled + all.left_out), "less than 95 % are modelled");
}

/// The keys of the collections; several entries of one id are numbered from the second on.
fn collected() -> Option<Vec<String>> {
    let folder = root().join("../shared/regulations");
    let mut keys = Vec::new();
    for (file, collection) in [("alibaba-and-others", "ali"), ("tencent", "tx")] {
        let read = |part: &str| -> Option<Value> {
            serde_json::from_str(&fs::read_to_string(folder.join(format!("{file}.{part}.json"))).ok()?).ok()
        };
        let mut add = |place: &str, rules: &Value| {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for rule in rules.as_array().expect("a list of rules") {
                let id = rule["id"].as_str().expect("an id");
                let count = seen.entry(id).or_default();
                *count += 1;
                let number = if *count > 1 { format!("#{count}") } else { String::new() };
                keys.push(format!("{collection}:{place}:{id}{number}"));
            }
        };
        for province in read("provinces")?.as_array().expect("a list of provinces") {
            add(province["code"].as_str().expect("a code"), &province["rules"]);
        }
        let national = read("national")?;
        add("nat", national.get("rules").unwrap_or(&national));
    }
    Some(keys)
}

#[test]
fn nothing_of_the_collections_is_missing_and_nothing_is_invented() {
    let Some(collected) = collected() else {
        println!("the collections are not here");
        return;
    };
    let authored = assemble("rules");
    let known: BTreeSet<_> = collected.iter().map(String::as_str).collect();
    let accounted: BTreeSet<_> = authored.coverage.iter().map(|covered| covered.entry.as_str()).collect();
    let invented: Vec<_> = accounted.difference(&known).collect();
    assert!(invented.is_empty(), "no such entries: {invented:?}");
    // A province that is still to be written names what it lacks.
    let open: BTreeSet<_> = authored
        .rules
        .regions
        .iter()
        .filter(|region| region.omissions.is_some() || region.verified_on.is_none())
        .map(|region| region.code.as_str())
        .collect();
    let missing: Vec<&str> = known.difference(&accounted).copied().collect();
    let (later, now): (Vec<&str>, Vec<&str>) =
        missing.into_iter().partition(|key| key.split(':').nth(1).is_none_or(|place| open.contains(place)));
    println!("{} entries of {} provinces are still to come", later.len(), open.len());
    assert!(now.is_empty(), "{} entries are not accounted for: {now:#?}", now.len());
}
