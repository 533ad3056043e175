//! Puts findings into words from `www/messages`. All sentences live there, none in code.

use crate::decimal;
use crate::finding::{Arg, Finding, Outcome, Value};
use crate::json::{self, Tree};
use crate::locale::Locale;

const ZH_CN: &str = include_str!("../www/messages/zh-CN.json");
const EN: &str = include_str!("../www/messages/en.json");

/// The words of one language: `{ findings: { code: { key: { message, remedy? } } }, terms: { group: { key: word } } }`.
#[derive(Debug)]
pub(crate) struct Words(Tree);

impl Words {
    /// Reads the words of a language.
    pub(crate) fn load(locale: Locale) -> Self {
        let text = match locale {
            Locale::ZhCn => ZH_CN,
            Locale::En => EN,
        };
        // OK because a test reads both files; an unreadable one leaves the codes to speak for themselves.
        Self(json::parse(text).unwrap_or(Tree::Null))
    }

    /// Message and remedy of a finding.
    pub(crate) fn say(&self, finding: &Finding) -> (String, Option<String>) {
        let code = finding.code.as_str();
        let Some(entry) = self.find(["findings", code, &key(finding.outcome, finding.reason)]) else {
            return (code.to_owned(), None);
        };
        let args = self.args(finding);
        let filled = |part: &str| Some(fill(entry.get(part)?.as_str()?, &args));
        (filled("message").unwrap_or_else(|| code.to_owned()), filled("remedy"))
    }

    /// The translated word for `key` in `group`; the key itself when there is none.
    pub(crate) fn term<'a>(&'a self, group: &str, key: &'a str) -> &'a str {
        self.find(["terms", group, key]).and_then(Tree::as_str).unwrap_or(key)
    }

    fn find(&self, path: [&str; 3]) -> Option<&Tree> {
        path.iter().try_fold(&self.0, |tree, key| tree.get(key))
    }

    /// The translated sentence for `key` in `group`, with `value` in its place.
    pub(crate) fn sentence(&self, group: &str, key: &str, value: &str) -> String {
        fill(self.term(group, key), &[("value", value.to_owned())])
    }

    fn args(&self, finding: &Finding) -> Vec<(&'static str, String)> {
        let mut args: Vec<_> = finding.args.iter().map(|(name, arg)| (*name, self.show(arg))).collect();
        let evidence = &finding.evidence;
        for (name, value) in [("measured", &evidence.measured), ("limit", &evidence.limit)] {
            if let Some(value) = value
                && !args.iter().any(|(known, _)| *known == name)
            {
                args.push((name, show_value(value, evidence.unit, kilobyte(evidence.limit.as_ref()))));
            }
        }
        if let Some(offset) = evidence.byte_offset {
            args.push(("offset", group_digits(offset)));
        }
        args
    }

    fn show(&self, arg: &Arg) -> String {
        match arg {
            Arg::Bytes(bytes) => show_bytes(*bytes, kilobyte(None)),
            Arg::Count(count) => group_digits(*count),
            Arg::Percent(share) => decimal::fixed(share * 100.0, 1) + " %",
            Arg::Decimal(number, digits) => decimal::fixed(*number, (*digits).into()),
            Arg::Size(width_px, height_px) => format!("{width_px}×{height_px}"),
            Arg::Text(text) => text.clone(),
            Arg::Term(group, key) => self.term(group, key).to_owned(),
            Arg::Terms(group, keys) => {
                let words: Vec<_> = keys.iter().map(|key| self.term(group, key)).collect();
                words.join(self.term("list", "separator"))
            }
        }
    }
}

/// The key of a message in the files: the outcome, and the reason where there is one.
pub(crate) fn key(outcome: Outcome, reason: &str) -> String {
    let outcome = match outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Unsure => "unsure",
        Outcome::NotApplicable => "not-applicable",
        Outcome::Broken => "broken",
    };
    if reason.is_empty() { outcome.to_owned() } else { format!("{outcome}:{reason}") }
}

fn fill(template: &str, args: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = args.iter().find(|(known, _)| *known == name) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Bytes of a kilobyte as the limit counts them, so that a limit of 200,000 bytes reads "200 KB", as in its source.
fn kilobyte(limit: Option<&Value>) -> u64 {
    match limit {
        // OK because limits are whole numbers far below 2^53.
        Some(Value::Number(bytes)) => match *bytes as u64 {
            bytes if bytes.is_multiple_of(1000) && !bytes.is_multiple_of(1024) => 1000,
            _ => 1024,
        },
        _ => 1024,
    }
}

fn show_value(value: &Value, unit: Option<&str>, kilobyte: u64) -> String {
    match value {
        Value::Text(text) => text.clone(),
        // OK because sizes are far below 2^53 and never negative.
        Value::Number(bytes) if unit == Some("bytes") => show_bytes(*bytes as u64, kilobyte),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => decimal::fixed(*number, 0),
        Value::Number(number) => decimal::fixed(*number, 1),
    }
}

/// Rounded down, so that a size below a limit never reads like the limit itself.
fn show_bytes(bytes: u64, kilobyte: u64) -> String {
    let megabyte = kilobyte * kilobyte;
    if bytes < kilobyte {
        format!("{bytes} B")
    } else if bytes < megabyte {
        format!("{} KB", bytes / kilobyte)
    } else if bytes.is_multiple_of(megabyte) {
        format!("{} MB", bytes / megabyte)
    } else {
        format!("{}.{:02} MB", bytes / megabyte, bytes % megabyte * 100 / megabyte)
    }
}

fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde::Deserialize;

    use super::{EN, ZH_CN, fill, group_digits, key, kilobyte, show_bytes, show_value};
    use crate::checks;
    use crate::facts::Format;
    use crate::finding::{Code, Value};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Words {
        findings: BTreeMap<String, BTreeMap<String, Entry>>,
        terms: BTreeMap<String, BTreeMap<String, String>>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        message: String,
        #[serde(default)]
        remedy: Option<String>,
    }

    fn both() -> [Words; 2] {
        [ZH_CN, EN].map(|text| serde_json::from_str(text).expect("message files have the right shape"))
    }

    #[test]
    fn every_answer_of_every_check_has_words_in_both_languages_and_no_words_are_left_over() {
        let declared: BTreeSet<(String, String)> = checks::vocabulary()
            .flat_map(|(code, answers)| answers.iter().map(move |(o, r)| (code.as_str().to_owned(), key(*o, r))))
            .collect();
        for words in both() {
            let written: BTreeSet<(String, String)> = words
                .findings
                .iter()
                .flat_map(|(code, entries)| entries.keys().map(move |key| (code.clone(), key.clone())))
                .collect();
            assert_eq!(declared, written);
        }
        let codes: BTreeSet<_> = checks::vocabulary().map(|(code, _)| code).collect();
        assert_eq!(codes.len(), Code::ALL.len(), "a code is reported by no check");
    }

    #[test]
    fn both_languages_use_the_same_placeholders_and_offer_the_same_remedies() {
        let placeholders = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
        };
        let [zh, en] = both();
        for (code, entries) in &zh.findings {
            for (key, entry) in entries {
                let other = &en.findings[code][key];
                assert!(!entry.message.is_empty() && !other.message.is_empty(), "{code} {key}");
                assert_eq!(entry.remedy.is_some(), other.remedy.is_some(), "{code} {key}");
                for name in placeholders(&other.message) {
                    assert!(placeholders(&entry.message).contains(&name), "{code} {key}: {{{name}}} only in English");
                }
                assert!(
                    key.starts_with("pass") || key.starts_with("not-applicable") || entry.remedy.is_some(),
                    "{code} {key} has no remedy"
                );
            }
        }
    }

    #[test]
    fn every_format_has_a_name_in_both_languages() {
        for words in both() {
            for format in Format::ALL {
                assert!(words.terms["format"].contains_key(format.as_str()), "{format:?}");
            }
        }
    }

    #[test]
    fn sizes_are_rounded_down() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KB"),
            (1_048_575, "1023 KB"),
            (4_194_303, "3.99 MB"),
            (4_194_304, "4 MB"),
            (4_194_305, "4.00 MB"),
            (u64::MAX, "17592186044415.99 MB"),
        ] {
            assert_eq!(show_bytes(bytes, 1024), text);
        }
    }

    #[test]
    fn sizes_are_counted_as_their_limit_is() {
        let number = |bytes| Value::Number(bytes);
        assert_eq!(kilobyte(Some(&number(4_194_304.0))), 1024);
        assert_eq!(kilobyte(Some(&number(0.0))), 1024);
        let kilobyte = kilobyte(Some(&number(200_000.0)));
        let shown = [199_999.0, 200_000.0, 4_000_000.0].map(|n| show_value(&number(n), Some("bytes"), kilobyte));
        assert_eq!(shown, ["199 KB", "200 KB", "4 MB"]);
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0, 999, 1000, 4_194_304].map(group_digits), ["0", "999", "1,000", "4,194,304"]);
    }

    #[test]
    fn templates_survive_stray_braces_and_hostile_values() {
        let args = [("a", "{b}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(fill("{a} {b} {c} {", &args), "{b} x  {");
    }
}
