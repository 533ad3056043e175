//! The engine against an invented rule set that updates of the real rules never touch, and files that must be refused.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod rule_files;

use std::fs;

use icp_precheck::checklist::{ConstraintStatus, FactValue, ItemStatus};
use icp_precheck::rules::RuleSet;
use icp_precheck::rules::format::Slot;
use icp_precheck::string::Str;
use rule_files::{
    assemble, assert_sound, authoring, constraint_of, evaluate, read_folder, root, run_example, status_of,
};

const TOYLAND: &str = "tests/fixtures/rules/toyland";
const IN_ALPHA: &str = "province = '110000'\n";
const IN_BETA: &str = "province = '120000'\n";

fn toyland() -> RuleSet {
    assemble(TOYLAND).rules
}

fn status(answers: &str, on: &str, material: &str) -> ItemStatus {
    let rules = toyland();
    let list = evaluate(&rules, answers, on);
    assert_sound(&rules, &list, answers);
    status_of(&list, material)
}

#[test]
fn a_missing_answer_is_unknown_and_not_a_no() {
    let receipt = |answers: &str| status(&format!("{IN_ALPHA}{answers}"), "2025-06-01", "receipt");
    for (answers, expect) in [
        ("", ItemStatus::Conditional),
        ("kind = 'bear'", ItemStatus::Conditional),
        ("kind = 'bear'\nisNew = true", ItemStatus::Required),
        // Required may still come, so "perhaps" is not the last word.
        ("kind = 'bear'\nbuttons = 6", ItemStatus::Conditional),
        ("kind = 'bear'\nisNew = false\nbuttons = 6", ItemStatus::Maybe),
        ("kind = 'bear'\nisNew = false\nbuttons = 5", ItemStatus::Maybe),
        ("kind = 'bear'\nisNew = false\nbuttons = 4", ItemStatus::NotRequired),
        ("isNew = false\nbuttons = 4", ItemStatus::NotRequired),
        ("kind = 'robot'", ItemStatus::NotRequired),
        ("kind = 'bear'\nisNew = false", ItemStatus::Conditional),
    ] {
        assert_eq!(receipt(answers), expect, "{answers}");
    }
}

#[test]
fn a_rule_holds_from_its_first_to_its_last_day() {
    let answers = format!("{IN_ALPHA}kind = 'doll'\nisNew = true\nbuttons = 9");
    for (on, expect) in [
        ("2025-02-28", ItemStatus::NotRequired),
        ("2025-03-01", ItemStatus::Required),
        ("2025-12-31", ItemStatus::Required),
        ("2026-01-01", ItemStatus::Maybe),
    ] {
        assert_eq!(status(&answers, on, "receipt"), expect, "{on}");
    }
}

#[test]
fn a_day_without_a_rule_says_so() {
    let rules = toyland();
    let list = evaluate(&rules, &format!("{IN_ALPHA}kind = 'doll'"), "2020-01-01");
    let receipt = list.items.iter().find(|item| item.material == "receipt").expect("listed");
    assert_eq!(receipt.because.len(), 1);
    assert_eq!(receipt.because[0].fact, "on");
    assert_eq!(receipt.because[0].value, FactValue::Text("2020-01-01".into()));
    assert_eq!(receipt.basis.len(), 2);
}

#[test]
fn a_province_overrides_a_common_rule_from_the_day_its_own_begins() {
    let song = "kind = 'bear'\nsong = 'sleep, little one'";
    for (province, on, expect) in [
        (IN_ALPHA, "2026-06-01", ItemStatus::Maybe),
        (IN_BETA, "2025-06-01", ItemStatus::Maybe),
        (IN_BETA, "2026-06-01", ItemStatus::Required),
    ] {
        assert_eq!(status(&format!("{province}{song}"), on, "permit"), expect, "{province} {on}");
    }
    let doll = format!("{IN_BETA}kind = 'doll'\nsong = 'sleep'");
    assert_eq!(status(&doll, "2026-06-01", "permit"), ItemStatus::NotRequired);
}

#[test]
fn terms_are_found_in_any_case_and_width() {
    for (song, expect) in [
        ("", ItemStatus::NotRequired),
        ("SLEEP!", ItemStatus::Maybe),
        ("ｓｌｅｅｐ", ItemStatus::Maybe),
        ("月亮船", ItemStatus::Maybe),
        ("s l e e p", ItemStatus::NotRequired),
    ] {
        assert_eq!(status(&format!("{IN_ALPHA}song = '{song}'"), "2026-06-01", "permit"), expect, "{song}");
    }
    assert_eq!(status(IN_ALPHA, "2026-06-01", "permit"), ItemStatus::Conditional);
}

#[test]
fn a_disputed_rule_names_who_says_what() {
    let answers = format!("{IN_ALPHA}kind = 'bear'\nisNew = false\nbuttons = 6");
    let list = evaluate(&toyland(), &answers, "2025-06-01");
    let receipt = list.items.iter().find(|item| item.material == "receipt").expect("listed");
    assert_eq!(
        receipt.notes,
        ["Many buttons perhaps need a receipt.", "Toyland: from five on.", "Almanac House: from seven on."]
    );
    assert_eq!(
        receipt.basis.iter().map(|basis| basis.publisher.as_str()).collect::<Vec<_>>(),
        ["Toyland", "Almanac House"]
    );
    assert_eq!(receipt.template.as_deref(), Some("receipt-form"));
}

#[test]
fn constraints_are_met_violated_or_unknown() {
    let list = |answers: &str| evaluate(&toyland(), &format!("{IN_ALPHA}{answers}"), "2025-06-01");
    for (answers, alike, buttons) in [
        ("", "unknown", "unknown"),
        ("isTwin = false\nbuttons = 8", "absent", "unknown"),
        ("isTwin = true\nbuttons = 7", "unknown", "met"),
        // The twin's newness follows from the other's.
        ("isTwin = true\nisNew = true", "met", "unknown"),
        ("isTwin = true\nisNew = true\ntwinIsNew = false", "violated", "unknown"),
    ] {
        let list = list(answers);
        assert_eq!(constraint_of(&list, "twins-alike"), alike, "{answers}");
        assert_eq!(constraint_of(&list, "few-buttons"), buttons, "{answers}");
    }
    let violated = list("isTwin = true\nisNew = true\ntwinIsNew = false");
    assert_eq!(violated.constraints[0].status, ConstraintStatus::Violated, "violations come first");
    assert_eq!(violated.constraints[0].message, "These twins are not equally new.");
    assert_eq!(violated.constraints[0].remedy.as_deref(), Some("Swap one."));
    let met = list("isTwin = true\nisNew = true");
    let alike = met.constraints.iter().find(|constraint| constraint.id == "twins-alike").expect("listed");
    assert_eq!((alike.remedy.as_deref(), alike.message.as_str()), (None, "Twins are equally new."));
    assert!(alike.because.iter().all(|reason| reason.fact != "twinIsNew"), "what follows is no answer");
}

#[test]
fn a_province_without_a_file_is_told_so() {
    let alpha = evaluate(&toyland(), &format!("{IN_ALPHA}kind = 'bear'\nisNew = true"), "2025-06-01");
    let notice = alpha.constraints.iter().find(|constraint| constraint.id == "no-file-yet").expect("listed");
    assert_eq!(notice.message, "No file of its own. Splice: receipt, permit.");
    assert_eq!(constraint_of(&evaluate(&toyland(), IN_BETA, "2025-06-01"), "no-file-yet"), "absent");
}

#[test]
fn documents_are_those_of_every_open_case_less_what_a_rule_excludes() {
    let pass = |answers: &str| {
        let list = evaluate(&toyland(), &format!("{IN_ALPHA}{answers}"), "2025-06-01");
        let item = list.items.iter().find(|item| item.material == "pass").expect("listed").clone();
        (item.accepts, item.slots)
    };
    let both = || vec![Str::from("label"), "stamp".into()];
    let stamp = || vec![Str::from("stamp")];
    let two_sides = || vec![Slot::Front, Slot::Back];
    assert_eq!(pass(""), (both(), two_sides()));
    assert_eq!(pass("kind = 'robot'"), (stamp(), vec![Slot::Single]));
    assert_eq!(pass("kind = 'bear'"), (both(), two_sides()));
    assert_eq!(pass("kind = 'bear'\nisNew = true"), (stamp(), vec![Slot::Single]));
}

#[test]
fn the_most_decisive_question_comes_first_and_idle_ones_never() {
    let ids = |answers: &str| -> Vec<String> {
        let list = evaluate(&toyland(), &format!("{IN_ALPHA}{answers}"), "2025-06-01");
        list.questions.into_iter().map(|question| question.id.to_string()).collect()
    };
    // Any song settles the permit; of the kinds only the robot settles the receipt; the others need a second answer.
    assert_eq!(ids(""), ["song", "kind", "buttons", "isTwin"], "and neither what is unused nor what follows");
    let robot = ids("kind = 'robot'");
    assert_eq!(robot, ["song", "buttons"], "a twin is never asked of a robot");
    assert!(ids("kind = 'robot'\nbuttons = 1\nsong = ''").is_empty());
}

#[test]
fn the_examples_of_toyland_come_out_as_written() {
    let authored = assemble(TOYLAND);
    assert_eq!(authored.examples.len(), 1);
    for example in &authored.examples {
        run_example(&authored, example);
    }
    let beta = authored.rules.region("120000").expect("listed");
    assert_eq!(beta.verified_on.map(|day| day.to_string()).as_deref(), Some("2025-01-01"));
    assert!(beta.omissions.is_some());
}

#[test]
fn every_bad_file_is_refused_with_its_line() {
    let folder = "tests/fixtures/rules/bad";
    let mut seen = 0;
    for (name, text) in read_folder(folder) {
        // The first line of the file says where the fault is and what is said of it.
        let expect = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a first line");
        let (line, message) = expect.split_once(": ").unwrap_or((expect.trim_end_matches(':'), ""));
        let mut files = read_folder(TOYLAND);
        files.push((name.clone(), text.clone()));
        let complaints = authoring::assemble(&files).expect_err(&name);
        let first = &complaints[0];
        assert_eq!(first.file, name, "{first}");
        assert_eq!(first.line.to_string(), line, "{first}");
        assert!(first.message.contains(message), "{first}: should contain {message:?}");
        seen += 1;
    }
    assert_eq!(seen, 38);
    assert!(fs::metadata(root().join(folder)).is_ok());
}
