//! Keeps `docs/findings.md` equal to the docs of the checks and their words; `UPDATE=1 cargo test` rewrites it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use icp_precheck::finding::Code;
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The documentation of each check, by the name of its code in Rust.
fn check_docs() -> BTreeMap<String, String> {
    let mut docs = BTreeMap::new();
    for entry in fs::read_dir(root().join("src/checks")).expect("src/checks is readable") {
        let text = fs::read_to_string(entry.expect("readable").path()).expect("source is readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
        for declaration in code.split("Check {").skip(1) {
            let after = |mark: &str| {
                let rest = declaration.split_once(mark)?.1;
                Some(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
            };
            let (Some(name), Some(function)) = (after("code: Code::"), after("run: ")) else { continue };
            let before = code.split(&format!("\nfn {function}(")).next().unwrap_or_default();
            let lines: Vec<_> =
                before.lines().rev().take_while(|line| line.starts_with("///")).map(|line| line[3..].trim()).collect();
            let doc: Vec<_> = lines.into_iter().rev().collect();
            docs.insert(name, doc.join("\n"));
        }
    }
    docs
}

fn words(locale: &str) -> Value {
    let text = fs::read_to_string(root().join(format!("www/messages/{locale}.json"))).expect("messages are readable");
    serde_json::from_str(&text).expect("messages are JSON")
}

fn generate() -> String {
    let docs = check_docs();
    let (zh, en) = (words("zh-CN"), words("en"));
    let mut out = String::from(
        "# Findings\n\nGenerated from the checks and their words by `UPDATE=1 cargo test`. Do not edit.\n",
    );
    for code in Code::ALL {
        let _ = writeln!(out, "\n## `{}`\n", code.as_str());
        if let Some(doc) = docs.get(&format!("{code:?}")) {
            for line in doc.lines() {
                match line.strip_prefix("# ") {
                    Some(heading) => {
                        let _ = write!(out, "- **{heading}.** ");
                    }
                    None => {
                        let _ = writeln!(out, "{line}");
                    }
                }
            }
        }
        let _ = writeln!(out, "\n| answer | 中文 | English |\n|---|---|---|");
        let entries = zh["findings"][code.as_str()].as_object().expect("every code has words");
        for (answer, entry) in entries {
            let both = |entry: &Value| {
                let remedy = entry["remedy"].as_str().map(|text| format!(" → {text}")).unwrap_or_default();
                format!("{}{remedy}", entry["message"].as_str().unwrap_or_default()).replace('|', "\\|")
            };
            let english = &en["findings"][code.as_str()][answer.as_str()];
            let _ = writeln!(out, "| {answer} | {} | {} |", both(entry), both(english));
        }
    }
    out
}

#[test]
fn the_findings_page_equals_the_checks() {
    let path = root().join("docs/findings.md");
    let fresh = generate();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(root().join("docs")).expect("docs can be made");
        fs::write(&path, &fresh).expect("docs/findings.md can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == fresh, "docs/findings.md is out of date; run `UPDATE=1 cargo test`");
}

#[test]
fn every_check_explains_itself() {
    let docs = check_docs();
    for code in Code::ALL {
        // Reported by the runner, not by a check.
        if matches!(code, Code::FileUnreadable | Code::FileNotChecked | Code::FixNotPossible) {
            continue;
        }
        let doc = docs.get(&format!("{code:?}")).unwrap_or_else(|| panic!("{} has no check", code.as_str()));
        for heading in ["What it does", "Why it matters", "What to do", "Known limits"] {
            assert!(doc.contains(&format!("# {heading}")), "{} does not say: {heading}", code.as_str());
        }
    }
}
