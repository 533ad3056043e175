//! Takes in a JSON text.

use super::misfit::Misfit;
use super::tree::Tree;

/// Lists and objects may lie in each other this deep; conditions of rules need 50.
const MAX_DEPTH: u8 = 100;

/// Powers of ten that a 64-bit float holds exactly.
const EXACT_TENS: i32 = 22;

/// Takes in a JSON text. Half of a character in two parts, which JavaScript's texts can hold, becomes U+FFFD.
///
/// # Errors
/// What is no JSON, with line and column.
pub fn parse(text: &str) -> Result<Tree, Misfit> {
    let mut parser = Parser { text, at: 0 };
    let tree = parser.value(0).and_then(|tree| match parser.skip_space() {
        None => Ok(tree),
        Some(_) => Err("no more text"),
    });
    tree.map_err(|expected| parser.misfit(expected))
}

/// What the text should have had instead.
type Expected = &'static str;

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    #[cold]
    fn misfit(&self, expected: Expected) -> Misfit {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.split('\n').count();
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let message = format!("expected {expected} at line {line} column {column}");
        Misfit { path: String::new(), message }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no space, which is not passed.
    fn skip_space(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Passes a byte, after space, if it is next.
    fn pass(&mut self, byte: u8) -> bool {
        let is_next = self.skip_space() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn word(&mut self, word: &str, tree: Tree) -> Result<Tree, Expected> {
        match self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            true => {
                self.at += word.len();
                Ok(tree)
            }
            false => Err("a value"),
        }
    }

    fn value(&mut self, depth: u8) -> Result<Tree, Expected> {
        match self.skip_space() {
            Some(b'n') => self.word("null", Tree::Null),
            Some(b't') => self.word("true", Tree::Flag(true)),
            Some(b'f') => self.word("false", Tree::Flag(false)),
            Some(b'"') => self.string().map(Tree::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[' | b'{') if depth >= MAX_DEPTH => Err("no deeper list or object"),
            Some(b'[') => {
                let mut items = Vec::new();
                self.several(b']', |parser| {
                    items.push(parser.value(depth + 1)?);
                    Ok(())
                })?;
                Ok(Tree::List(items))
            }
            Some(b'{') => {
                let mut entries = Vec::new();
                self.several(b'}', |parser| {
                    if parser.skip_space() != Some(b'"') {
                        return Err("a key");
                    }
                    let key = parser.string()?;
                    if !parser.pass(b':') {
                        return Err("a colon");
                    }
                    entries.push((key, parser.value(depth + 1)?));
                    Ok(())
                })?;
                Ok(Tree::Object(entries))
            }
            _ => Err("a value"),
        }
    }

    /// What stands between commas, from the opening bracket to behind the closing one.
    fn several(&mut self, end: u8, mut one: impl FnMut(&mut Self) -> Result<(), Expected>) -> Result<(), Expected> {
        self.at += 1;
        if self.pass(end) {
            return Ok(());
        }
        loop {
            one(self)?;
            if self.pass(end) {
                return Ok(());
            }
            if !self.pass(b',') {
                return Err("a comma or the end of the list or object");
            }
        }
    }

    /// A text, from its first quote on.
    fn string(&mut self) -> Result<String, Expected> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let plain = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\');
            text.push_str(rest.get(..plain.unwrap_or(rest.len())).unwrap_or_default());
            self.at += plain.unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escaped()?),
                _ => return Err("a closing quote"),
            }
        }
    }

    /// A character written with a backslash.
    fn escaped(&mut self) -> Result<char, Expected> {
        self.at += 2;
        Ok(match self.text.as_bytes().get(self.at - 1) {
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(mark @ (b'"' | b'\\' | b'/')) => char::from(*mark),
            Some(b'u') => {
                let first = self.unit()?;
                let start = self.at;
                let is_half = first & 0xfc00 == 0xd800;
                if is_half && self.text.get(start..).is_some_and(|rest| rest.starts_with("\\u")) {
                    self.at += 2;
                    let second = self.unit()?;
                    if second & 0xfc00 == 0xdc00 {
                        let code = 0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
                        return Ok(char::from_u32(code).unwrap_or_default());
                    }
                    self.at = start;
                }
                char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => {
                self.at -= 1;
                return Err("a character that may follow a backslash");
            }
        })
    }

    /// Four digits to the base of sixteen.
    fn unit(&mut self) -> Result<u32, Expected> {
        let digits = self.text.get(self.at..).unwrap_or_default().bytes().take(4);
        let unit = digits
            .map(|digit| char::from(digit).to_digit(16))
            .try_fold((0, 0), |(unit, count), digit| digit.map(|digit| (unit << 4 | digit, count + 1)));
        match unit {
            Some((unit, 4)) => {
                self.at += 4;
                Ok(unit)
            }
            _ => Err("four hexadecimal digits"),
        }
    }

    fn number(&mut self) -> Result<Tree, Expected> {
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let (mut mantissa, mut exponent) = (0, 0);
        let start = self.at;
        self.digits(&mut mantissa, &mut exponent)?;
        if self.at > start + 1 && self.text.as_bytes().get(start) == Some(&b'0') {
            self.at = start + 1;
            return Err("no digit behind a leading zero");
        }
        let mut is_whole = exponent == 0;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let start = self.at;
            self.digits(&mut mantissa, &mut exponent)?;
            exponent -= i32::try_from(self.at - start).unwrap_or(i32::MAX);
            is_whole = false;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            let is_below = self.peek() == Some(b'-');
            self.at += usize::from(is_below || self.peek() == Some(b'+'));
            let (mut tens, mut more) = (0, 0);
            self.digits(&mut tens, &mut more)?;
            let tens = if more > 0 { i32::MAX } else { i32::try_from(tens).unwrap_or(i32::MAX) };
            exponent = if is_below { exponent.saturating_sub(tens) } else { exponent.saturating_add(tens) };
            is_whole = false;
        }
        match (is_whole, is_negative) {
            (true, false) => return Ok(Tree::Natural(mantissa)),
            // Zero with a sign is no whole number.
            (true, true) if mantissa > 0 && mantissa <= 1 << 63 => {
                return Ok(Tree::Negative((mantissa as i64).wrapping_neg()));
            }
            _ => {}
        }
        let number = real(mantissa, exponent);
        match number.is_finite() {
            true => Ok(Tree::Real(if is_negative { -number } else { number })),
            false => Err("a smaller number"),
        }
    }

    /// At least one digit. Those that `mantissa` cannot take count as zeros in `exponent`.
    fn digits(&mut self, mantissa: &mut u64, exponent: &mut i32) -> Result<(), Expected> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            self.at += 1;
            let longer = mantissa.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit - b'0')));
            match longer {
                Some(longer) if *exponent == 0 => *mantissa = longer,
                _ => *exponent += 1,
            }
        }
        if self.at > start { Ok(()) } else { Err("a digit") }
    }
}

/// `mantissa` times ten to the power of `exponent`. Correct to the last bit up to 2^53 and 10^22, else to the last but one
/// for every power of 10^22 more.
fn real(mantissa: u64, exponent: i32) -> f64 {
    let mut number = mantissa as f64;
    // Behind so many digits all is zero or too large.
    let mut left = exponent.clamp(-400, 400);
    while left != 0 && number != 0.0 {
        let step = left.abs().min(EXACT_TENS);
        let tens = 10_u64.pow(step.min(19) as u32) as f64 * 10_u64.pow((step - 19).max(0) as u32) as f64;
        if left > 0 {
            number *= tens;
            left -= step;
        } else {
            number /= tens;
            left += step;
        }
    }
    number
}
