//! Pictures without a document: what is said, and that it is something.

use std::fmt::Write as _;

use icp_precheck::finding::Outcome;
use precheck_scenes::{Random, encode_jpeg};

use crate::shared::{Half, judge, look};

pub fn report(_: Half) -> String {
    let size = [1200, 900];
    let mut random = Random::new(1);
    let mut noise = |spread: f64| -> Vec<u8> {
        (0..size[0] * size[1]).map(|_| (128.0 + random.signed(0.0, spread)) as u8).flat_map(|v| [v; 3]).collect()
    };
    let flat = |value: u8| vec![value; size[0] * size[1] * 3];
    let ramp: Vec<u8> = (0..size[1]).flat_map(|y| vec![(y * 255 / size[1]) as u8; size[0] * 3]).collect();
    let pictures = [
        ("all white", flat(255)),
        ("all black", flat(0)),
        ("all grey", flat(128)),
        ("from black to white", ramp),
        ("noise", noise(120.0)),
        ("weak noise", noise(12.0)),
    ];
    let mut out = String::from("| picture | `fail` | `unsure` |\n|---|---|---|\n");
    for (name, rgb) in pictures {
        let outcomes = judge(&look(&encode_jpeg(&rgb, size, 90, true, None), None).0, None);
        let list = |outcome: Outcome| {
            let codes: Vec<_> =
                outcomes.iter().filter(|(_, o)| **o == outcome).map(|(code, _)| format!("`{code}`")).collect();
            if codes.is_empty() { "–".to_owned() } else { codes.join(" ") }
        };
        let _ = writeln!(out, "| {name} | {} | {} |", list(Outcome::Fail), list(Outcome::Unsure));
    }
    out
}
