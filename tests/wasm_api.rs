//! The JavaScript contract as the wasm build keeps it: names, nulls, order, errors with a code.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs)]

use icp_precheck::wasm::{Engine, read_limits};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn js(json: &str) -> JsValue {
    JSON::parse(json).expect("valid JSON")
}

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| {
        assert!(Reflect::has(&value, &key.into()).unwrap_or(false), "{path}: no `{key}`");
        Reflect::get(&value, &key.into()).expect("readable")
    })
}

fn text(value: &JsValue, path: &str) -> String {
    get(value, path).as_string().unwrap_or_else(|| panic!("{path} is not a text"))
}

fn engine() -> Engine {
    Engine::new(r#"{"locale":"en"}"#).expect("an engine with defaults")
}

fn code_of(error: JsValue) -> String {
    text(&error, "code")
}

#[wasm_bindgen_test]
fn a_report_has_the_names_of_the_contract_and_null_for_what_is_absent() {
    let report = engine().inspect_file(b"", js(r#"{"sizeBytes":0,"on":"2026-11-24"}"#)).expect("a report");
    assert_eq!(text(&report, "verdict"), "fail");
    assert_eq!(text(&report, "engine.on"), "2026-11-24");
    assert_eq!(text(&report, "file.format"), "unknown");
    assert!(get(&report, "document").is_null());
    assert!(get(&report, "file.exif").is_null());
    assert_eq!(get(&report, "file.sizeBytes").as_f64(), Some(0.0));
    assert!(get(&report, "measures").is_object());
    let keys: Vec<_> =
        Object::keys(&get(&report, "findings.0").into()).iter().filter_map(|key| key.as_string()).collect();
    assert_eq!(keys, ["code", "outcome", "severity", "message", "remedy", "evidence", "basis", "fix"]);
}

#[wasm_bindgen_test]
fn a_photo_is_decoded_and_measured() {
    // One black pixel.
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;";
    let engine = engine();
    let check = |bytes: &[u8]| {
        let request = format!(r#"{{"sizeBytes":{},"on":"2026-11-24"}}"#, bytes.len());
        engine.judge_photo(&engine.measure_photo(bytes, bytes.len() as f64), js(&request)).expect("a report")
    };
    let report = check(gif);
    assert_eq!(get(&report, "measures.decodedShare").as_f64(), Some(1.0));
    let nothing = check(b"");
    assert_eq!(Object::keys(&get(&nothing, "measures").into()).length(), 0);
    assert_eq!(text(&nothing, "verdict"), "fail");
}

#[wasm_bindgen_test]
fn failures_come_first() {
    let report = engine().inspect_file(b"%PDF-1.7", js(r#"{"sizeBytes":8,"on":"2026-11-24"}"#)).expect("a report");
    let outcomes: Vec<_> = Array::from(&get(&report, "findings")).iter().map(|f| text(&f, "outcome")).collect();
    let rank =
        |outcome: &str| ["fail", "unsure", "broken", "pass", "not-applicable"].iter().position(|o| *o == outcome);
    assert!(outcomes.len() > 10);
    assert!(outcomes.is_sorted_by_key(|outcome| rank(outcome)), "{outcomes:?}");
}

#[wasm_bindgen_test]
fn misuse_throws_an_error_with_a_code() {
    let engine = engine();
    for (request, code) in [
        (r#"{"sizeBytes":0,"on":"2026-02-30"}"#, "invalid-date"),
        (r#"{"sizeBytes":0,"on":"2026-11-24","side":"left"}"#, "invalid-argument"),
        (r#"{"sizeBytes":0,"on":"2026-11-24","material":"passport-of-a-cat"}"#, "unknown-material"),
        (r#"{"sizeBytes":0,"on":"2026-11-24","province":"990000"}"#, "unknown-province"),
    ] {
        let error = engine.inspect_file(b"", js(request)).expect_err(request);
        assert_eq!(code_of(error), code, "{request}");
    }
    assert_eq!(code_of(engine.checklist(js("{}"), "2026-11-24", false).expect_err("no province")), "unknown-province");
    let error = Engine::new(r#"{"locale":"en","upload":"moon"}"#).err().expect("no such profile");
    assert_eq!(code_of(error), "unknown-upload-profile");
    let error = Engine::new(r#"{"locale":"en","rules":{"version":5}}"#).err().expect("no such rules");
    assert_eq!(code_of(error), "invalid-rules");
}

#[wasm_bindgen_test]
fn the_published_rules_are_accepted_as_own_rules() {
    let options = format!(r#"{{"locale":"zh-CN","rules":{}}}"#, include_str!(concat!(env!("OUT_DIR"), "/rules.json")));
    let engine = Engine::new(&options).expect("the built-in rules are valid");
    let checklist = engine.checklist(js(r#"{"province":"350000"}"#), "2026-11-24", false).expect("a checklist");
    let checklist = js(&checklist);
    assert!(Array::from(&get(&checklist, "items")).length() > 0);
}

#[wasm_bindgen_test]
fn a_pair_with_an_unreadable_side_still_answers() {
    let request = || js(r#"{"sizeBytes":10,"on":"2026-11-24"}"#);
    let engine = engine();
    let back = engine.measure_photo(b"GIF89a", 6.0);
    let report = engine.judge_pair("\"unreadable\"", request(), &back, request()).expect("a report");
    assert_eq!(text(&report, "front.findings.0.code"), "file.unreadable");
    assert_eq!(text(&report, "findings.0.outcome"), "not-applicable");
}

#[wasm_bindgen_test]
fn read_limits_are_numbers() {
    let limits = read_limits().expect("two numbers");
    assert!(get(&limits, "headBytes").as_f64() < get(&limits, "maxReadBytes").as_f64());
}
