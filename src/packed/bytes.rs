//! A packed value as the bytes that lie in the program.
//!
//! 1. a line with the fingerprint and the length of each part in bytes;
//! 2. names, one a line;
//! 3. Chinese texts and 4. English texts, likewise;
//! 5. numbers.

use super::Packed;
use crate::locale::Text;
use crate::string::Str;

impl Packed {
    /// The bytes; `None` when a text has a line break.
    #[must_use]
    #[allow(dead_code, reason = "the build alone leaves bytes")]
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let names = self.names.iter().map(Str::as_str).collect();
        let (zh, en) = self.texts.iter().map(|text| (text.zh.as_str(), text.en.as_str())).unzip();
        let mut head = self.fingerprint();
        let mut body = Vec::new();
        let lists: [Vec<&str>; 3] = [names, zh, en];
        for lines in lists {
            if lines.iter().any(|line| line.contains('\n')) {
                return None;
            }
            let block = lines.join("\n");
            head.push_str(&format!(" {}", block.len()));
            body.extend(block.into_bytes());
        }
        head.push_str(&format!(" {}\n", self.numbers.len()));
        Some([head.as_bytes(), &body, &self.numbers].concat())
    }

    /// The value that has these bytes, and its fingerprint; `None` when none has.
    #[must_use]
    pub fn from_bytes(bytes: &'static [u8]) -> Option<(Self, &'static str)> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, mut rest) = bytes.split_at_checked(end + 1)?;
        let mut head = std::str::from_utf8(head).ok()?.split_ascii_whitespace();
        let fingerprint = head.next()?;
        let mut block = || {
            let (block, after) = rest.split_at_checked(head.next()?.parse().ok()?)?;
            rest = after;
            Some(block)
        };
        let mut lines = || Some(std::str::from_utf8(block()?).ok()?.split('\n').map(Str::Fixed));
        let (names, zh, en) = (lines()?, lines()?, lines()?);
        let texts = zh.zip(en).map(|(zh, en)| Text { zh, en }).collect();
        Some((Self { names: names.collect(), texts, numbers: block()?.to_vec() }, fingerprint))
    }
}
