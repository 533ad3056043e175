//! Keeps `www/lib/types.gen.ts` equal to the Rust types; `UPDATE=1 cargo test` rewrites it.

use std::fmt::Write;

use ts_rs::{Config, TS};

use crate::rules::{format, upload};
use crate::{checklist, error, facts, finding, fix, locale, render, report, submission};

fn declaration<T: TS>(out: &mut String, config: &Config) {
    let _ = writeln!(out);
    if let Some(docs) = T::docs() {
        let _ = write!(out, "{docs}");
    }
    let _ = writeln!(out, "export {}", T::decl(config));
}

fn generate() -> String {
    let config = Config::default();
    let mut out = String::from("// Generated from the Rust types by `UPDATE=1 cargo test`. Do not edit.\n");
    macro_rules! all {
        ($($type:ty),+ $(,)?) => { $(declaration::<$type>(&mut out, &config);)+ };
    }
    all!(
        locale::Locale,
        locale::Text,
        error::MisuseCode,
        facts::Format,
        facts::ColorModel,
        facts::Exif,
        finding::Code,
        finding::Outcome,
        finding::Severity,
        finding::Fix,
        finding::Value,
        finding::Verdict,
        finding::Evidence,
        finding::Basis,
        report::FindingReport,
        report::FileReport,
        report::DocumentKind,
        report::InFrame,
        report::DocumentReport,
        report::EngineReport,
        report::PhotoReport,
        report::PairReport,
        render::Layout,
        fix::Change,
        fix::FixReport,
        submission::SlotReport,
        submission::SubmissionPair,
        submission::SubmissionFinding,
        submission::Todo,
        submission::SubmissionReport,
        crate::numbers::Numbers,
        report::NumberFinding,
        report::NumbersReport,
        upload::MaterialLimits,
        upload::UploadBasis,
        upload::UploadProfile,
        checklist::Profile,
        checklist::FactValue,
        checklist::ItemStatus,
        checklist::UploadHint,
        checklist::Reason,
        checklist::ReadingNote,
        checklist::RuleNote,
        checklist::StatusChange,
        checklist::ChecklistItem,
        checklist::ConstraintStatus,
        checklist::Constraint,
        checklist::QuestionOption,
        checklist::Question,
        checklist::Checklist,
        format::Slot,
        format::FactType,
        format::Words,
        format::Source,
        format::Region,
        format::FactOption,
        format::Fact,
        format::Implication,
        format::Document,
        format::Accepted,
        format::Material,
        format::Splice,
        format::TermList,
        format::Grade,
        format::Topic,
        format::Effect,
        format::Reading,
        format::PhotoDemand,
        format::Pattern,
        format::Rule,
        format::RuleSet,
    );
    out
}

#[test]
fn typescript_types_equal_the_rust_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lib/types.gen.ts");
    let fresh = generate();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &fresh).expect("types.gen.ts can be written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == fresh, "www/lib/types.gen.ts is out of date; run `UPDATE=1 cargo test`");
}
