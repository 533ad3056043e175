//! JSON in and out, in little code.
//!
//! serde writes the code that reads or writes a type once for every format and every way in which that format may say a
//! thing. Most of it would be downloaded and never run, so here are the smallest ways in and out:
//!
//! - [`parse`]: a text is taken in as it is, as a [`Tree`], from which [`crate::packed`] makes types;
//! - `write`: a type becomes a text.

mod misfit;
mod parse;
mod tree;
#[cfg(any(test, target_arch = "wasm32"))]
mod write;

pub use misfit::{Failure, Fields, Misfit};
pub use parse::parse;
pub use tree::Tree;
#[cfg(any(test, target_arch = "wasm32"))]
pub use write::write;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::Value;

    use super::{Tree, parse, write};

    #[derive(Debug, Clone, PartialEq, Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Sample {
        some_text: String,
        whole: u8,
        below: i64,
        large: u64,
        real: f64,
        letter: char,
        flag: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        perhaps: Option<f64>,
        pair: [u32; 2],
        map: BTreeMap<String, Kind>,
        kinds: Vec<Kind>,
        #[serde(skip)]
        ours: u32,
    }

    #[derive(Debug, Clone, PartialEq, Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        PlainWord,
        Holding(Box<Kind>),
        Fields { first: u64, second: Option<String> },
    }

    fn sample() -> Sample {
        let fields = Kind::Fields { first: 1, second: None };
        Sample {
            some_text: "a \"quoted\" \\ text\n\r\t\u{8}\u{c}\u{1}\u{7f} 备案".to_owned(),
            whole: 255,
            below: i64::MIN,
            large: u64::MAX,
            real: -0.1,
            letter: '案',
            flag: true,
            perhaps: Some(5.0),
            pair: [1, 2],
            map: BTreeMap::from([("b".to_owned(), Kind::PlainWord), ("a\"".to_owned(), fields.clone())]),
            kinds: vec![Kind::PlainWord, Kind::Holding(Box::new(fields)), Kind::Holding(Box::new(Kind::PlainWord))],
            ours: 0,
        }
    }

    #[test]
    fn what_is_written_is_what_serde_json_writes() {
        let mut samples = vec![sample(), Sample { perhaps: None, kinds: Vec::new(), ..sample() }];
        for real in [0.0, -0.0, 1.5, 0.1, 0.000_123, 123_456_789.0, 1e15] {
            samples.push(Sample { real, ..sample() });
        }
        for sample in samples {
            let text = write(&sample);
            assert_eq!(text, serde_json::to_string(&sample).expect("JSON"));
        }
        assert_eq!(write(&[f64::NAN, f64::INFINITY]), "[null,null]");
        assert_eq!(write(&BTreeMap::from([(1, 2)])), "null", "keys are texts");
    }

    #[test]
    fn a_text_that_is_no_json_and_one_that_is_nested_too_deep_are_refused() {
        assert_eq!(parse("{\n \"é\": 1,}").expect_err("no JSON").to_string(), "expected a key at line 2 column 9");
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(100)).is_ok());
        assert!(parse(&nested(102)).expect_err("too deep").to_string().contains("no deeper list"));
    }

    /// The tree as serde_json has it.
    fn as_value(tree: &Tree) -> Value {
        match tree {
            Tree::Null => Value::Null,
            Tree::Flag(flag) => (*flag).into(),
            Tree::Natural(number) => (*number).into(),
            Tree::Negative(number) => (*number).into(),
            Tree::Real(number) => (*number).into(),
            Tree::Text(text) => text.as_str().into(),
            Tree::List(items) => items.iter().map(as_value).collect(),
            Tree::Object(entries) => entries.iter().map(|(key, value)| (key.as_str(), as_value(value))).collect(),
        }
    }

    #[test]
    fn texts_are_taken_in_as_serde_json_takes_them_in() {
        for text in [
            " [ ] ",
            "{\t}",
            "\r\n[1, 2 ,-3,{\"a\":[],\"b\":{}}]\n",
            "[true,false,null]",
            r#""\" \\ \/ \b\f\n\r\t é \u5907\u6848 \ud83d\ude00 \uFFFF \u0000""#,
            "[0,-0,-0.0,0.5,1e3,1E+3,1e-3,12.50,18446744073709551615,18446744073709551616,-9223372036854775808]",
            "[-9223372036854775809,123456789012345678901234567890,0.1234567890123456789,5e-324,1e-400,1e22,0e999999999999]",
            "[123456789.123456789e-7,0.30000000000000004,179769313486231570000000000000000000000]",
        ] {
            let tree = parse(text).expect(text);
            assert_eq!(as_value(&tree), serde_json::from_str::<Value>(text).expect("JSON"), "{text}");
        }
    }

    #[test]
    fn half_of_a_character_becomes_the_mark_for_it() {
        for (text, read) in [
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""\ude00""#, "\u{fffd}"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
        ] {
            assert_eq!(parse(text), Ok(Tree::Text(read.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_serde_json_refuses_is_refused() {
        for text in [
            "",
            " ",
            "nul",
            "nulll",
            "tru",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{",
            "{1:2}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "[1}",
            "{\"a\":1]",
            "1 2",
            "01",
            "-",
            "-01",
            "1.",
            ".5",
            "1.e3",
            "1e",
            "1e+",
            "+1",
            "0x1",
            "1e400",
            "-1e400",
            "NaN",
            "\"",
            "\"a",
            "\"\n\"",
            "\"\u{1f}\"",
            r#""\""#,
            r#""\x""#,
            r#""\é""#,
            r#""\u12""#,
            r#""\u12g4""#,
            r#""\u+123""#,
            r#""\ud83d\u12""#,
            "'a'",
            "\u{feff}1",
            "[1]]",
            "/**/1",
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn entries_are_found_by_key() {
        let tree = parse(r#"{ "a": { "b": "c" }, "d": [] }"#).expect("JSON");
        assert_eq!(tree.get("a").and_then(|a| a.get("b")).and_then(Tree::as_str), Some("c"));
        assert_eq!(tree.get("d").map(|d| (d.get("a"), d.as_str())), Some((None, None)));
    }
}
