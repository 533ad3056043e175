//! The built-in rules as they lie in the program: packed by the build, unpacked when a checker is made.
//!
//! JSON of half a megabyte takes a browser tens of milliseconds to read. Here every text is there once, in the program
//! itself, and the rest is a row of numbers:
//!
//! 1. a line with the length of each part in bytes;
//! 2. names: ids, addresses, words of conditions, one a line in the order in which they first occur;
//! 3. Chinese texts and 4. English texts, likewise;
//! 5. numbers, each plus one as LEB128: the fields of the set in the order of `record!`. A name or text that occurs for
//!    the first time is 0, any other its position plus one.
//!
//! Only the build packs, and it reads back what it has packed; so unpacking needs no messages about faults.

use std::collections::HashMap;

use super::condition::{Ahead, Condition, Part, Range, Shape, Test, TextContains, TextIs};
use super::format::{
    Accepted, Document, Effect, Fact, FactOption, FactType, Grade, Implication, Material, Pattern, PhotoDemand,
    Reading, Region, Rule, RuleSet, Slot, Source, Splice, TermList, Topic, Words,
};
use super::upload::{MaterialLimits, UploadBasis, UploadProfile};
use crate::date::Date;
use crate::facts::Format;
use crate::locale::Text;
use crate::string::Str;
use crate::table::Table;

/// What a packed set begins with; the lengths of its parts in bytes follow, and end with the line.
const MARK: &str = "icp-precheck rules, packed:";

/// Packs a complete set; `None` when a text has a line break.
#[must_use]
pub fn pack(set: &RuleSet) -> Option<Vec<u8>> {
    let mut writer = Writer::default();
    set.shortened().pack(&mut writer);
    let names: Vec<_> = writer.names.iter().map(Str::as_str).collect();
    let (zh, en): (Vec<_>, Vec<_>) = writer.texts.iter().map(|text| (text.zh.as_str(), text.en.as_str())).unzip();
    let mut head = MARK.to_owned();
    let mut body = Vec::new();
    for lines in [names, zh, en] {
        if lines.iter().any(|line| line.contains('\n')) {
            return None;
        }
        let block = lines.join("\n");
        head.push_str(&format!(" {}", block.len()));
        body.extend(block.into_bytes());
    }
    head.push_str(&format!(" {}\n", writer.numbers.len()));
    Some([head.into_bytes(), body, writer.numbers].concat())
}

/// Unpacks a set and completes it; `None` when it was not packed by this version of the program.
#[must_use]
pub fn unpack(packed: &'static [u8]) -> Option<RuleSet> {
    let end = packed.iter().position(|byte| *byte == b'\n')?;
    let (head, mut rest) = packed.split_at_checked(end + 1)?;
    let mut lengths = std::str::from_utf8(head).ok()?.strip_prefix(MARK)?.split_ascii_whitespace();
    let mut block = || {
        let (block, after) = rest.split_at_checked(lengths.next()?.parse().ok()?)?;
        rest = after;
        Some(block)
    };
    let mut lines = || Some(std::str::from_utf8(block()?).ok()?.split('\n'));
    let (names, zh, en) = (lines()?, lines()?, lines()?);
    let mut reader = Reader {
        names: names.collect(),
        texts: zh.zip(en).collect(),
        numbers: block()?.iter(),
        next_name: 0,
        next_text: 0,
    };
    let mut set = RuleSet::unpack(&mut reader)?;
    set.complete().ok()?;
    reader.numbers.as_slice().is_empty().then_some(set)
}

#[derive(Default)]
struct Writer {
    names: Vec<Str>,
    name_places: HashMap<Str, u64>,
    texts: Vec<Text>,
    text_places: HashMap<(Str, Str), u64>,
    numbers: Vec<u8>,
}

impl Writer {
    fn number(&mut self, number: u64) {
        // One more, so that no byte is zero: tools take a wasm file apart where it has rows of zeros.
        let mut number = number.saturating_add(1);
        while number > 0x7f {
            self.numbers.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.numbers.push(number as u8);
    }
}

struct Reader {
    names: Vec<&'static str>,
    texts: Vec<(&'static str, &'static str)>,
    numbers: std::slice::Iter<'static, u8>,
    next_name: usize,
    next_text: usize,
}

impl Reader {
    #[inline(never)]
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.numbers.next()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number.checked_sub(1);
            }
        }
        None
    }

    fn length(&mut self) -> Option<usize> {
        // Every entry takes at least one byte, so nothing is allocated that is not there.
        let length = usize::try_from(self.number()?).ok()?;
        (length <= self.numbers.as_slice().len()).then_some(length)
    }

    fn place(number: u64, next: &mut usize) -> Option<usize> {
        match usize::try_from(number).ok()?.checked_sub(1) {
            Some(place) => Some(place),
            None => {
                *next += 1;
                next.checked_sub(1)
            }
        }
    }
}

/// What can be packed and unpacked. Unpacking runs once, in code that a browser has only just begun to compile: small
/// functions that are not inlined start sooner than fast ones.
trait Pack: Sized {
    fn pack(&self, to: &mut Writer);
    fn unpack(from: &mut Reader) -> Option<Self>;
}

impl Pack for Str {
    fn pack(&self, to: &mut Writer) {
        match to.name_places.get(self) {
            Some(place) => to.number(place + 1),
            None => {
                to.name_places.insert(self.clone(), to.names.len() as u64);
                to.names.push(self.clone());
                to.number(0);
            }
        }
    }

    #[inline(never)]
    fn unpack(from: &mut Reader) -> Option<Self> {
        let place = Reader::place(from.number()?, &mut from.next_name)?;
        from.names.get(place).map(|name| Self::Fixed(name))
    }
}

impl Pack for Text {
    fn pack(&self, to: &mut Writer) {
        let key = (self.zh.clone(), self.en.clone());
        match to.text_places.get(&key) {
            Some(place) => to.number(place + 1),
            None => {
                to.text_places.insert(key, to.texts.len() as u64);
                to.texts.push(self.clone());
                to.number(0);
            }
        }
    }

    #[inline(never)]
    fn unpack(from: &mut Reader) -> Option<Self> {
        let place = Reader::place(from.number()?, &mut from.next_text)?;
        from.texts.get(place).map(|(zh, en)| Self { zh: Str::Fixed(zh), en: Str::Fixed(en) })
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Writer) {
        to.number(self.is_some().into());
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut Reader) -> Option<Self> {
        if from.number()? == 0 { Some(None) } else { T::unpack(from).map(Some) }
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, to: &mut Writer) {
        to.number(self.len() as u64);
        self.iter().for_each(|item| item.pack(to));
    }

    #[inline(never)]
    fn unpack(from: &mut Reader) -> Option<Self> {
        let length = from.length()?;
        let mut list = Self::with_capacity(length);
        for _ in 0..length {
            list.push(T::unpack(from)?);
        }
        Some(list)
    }
}

impl<T: Pack> Pack for Table<T> {
    fn pack(&self, to: &mut Writer) {
        to.number(self.len() as u64);
        for (key, value) in self {
            key.pack(to);
            value.pack(to);
        }
    }

    #[inline(never)]
    fn unpack(from: &mut Reader) -> Option<Self> {
        let mut map = Self::new();
        for _ in 0..from.length()? {
            map.insert(Str::unpack(from)?, T::unpack(from)?);
        }
        Some(map)
    }
}

impl Pack for bool {
    fn pack(&self, to: &mut Writer) {
        to.number((*self).into());
    }

    fn unpack(from: &mut Reader) -> Option<Self> {
        from.number().map(|number| number != 0)
    }
}

impl Pack for i64 {
    fn pack(&self, to: &mut Writer) {
        // Small negative numbers stay short: the sign goes into the lowest bit.
        to.number((self.wrapping_shl(1) ^ (self >> 63)).cast_unsigned());
    }

    fn unpack(from: &mut Reader) -> Option<Self> {
        from.number().map(|number| (number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}

impl Pack for Date {
    fn pack(&self, to: &mut Writer) {
        self.number().pack(to);
    }

    fn unpack(from: &mut Reader) -> Option<Self> {
        Self::from_number(i64::unpack(from)?)
    }
}

macro_rules! whole {
    ($($kind:ident)+) => {$(
        impl Pack for $kind {
            fn pack(&self, to: &mut Writer) {
                to.number(u64::from(*self));
            }

            #[inline(never)]
            fn unpack(from: &mut Reader) -> Option<Self> {
                from.number()?.try_into().ok()
            }
        }
    )+};
}

whole!(u16 u32 u64);

/// Enums without fields: a variant is its position in the list.
macro_rules! choice {
    ($($kind:ident { $($variant:ident)+ })+) => {$(
        impl Pack for $kind {
            fn pack(&self, to: &mut Writer) {
                let all = [$(Self::$variant),+];
                to.number(all.iter().position(|other| other == self).map_or(u64::MAX, |at| at as u64));
            }

            #[inline(never)]
            fn unpack(from: &mut Reader) -> Option<Self> {
                let all = [$(Self::$variant),+];
                all.get(usize::try_from(from.number()?).ok()?).copied()
            }
        }
    )+};
}

choice! {
    FactType { Region Enum Boolean Integer Date Text }
    Slot { Single Front Back }
    Grade { Confirmed Stated Older Disputed Superseded Dropped }
    Effect { Required Maybe NotRequired }
    Topic { Entity People Domain Website Approval Contact Address Remark Picture Existing }
    Shape { Blank Latin NoHan FewHan Digits Domain Short Brackets }
    Format { Jpeg Png Gif Webp Heic Avif Jxl Jp2 Bmp Tiff Svg Pdf }
}

/// Structures: their fields one after the other; what stands after a semicolon is not kept.
macro_rules! record {
    ($($kind:ident { $($field:ident)+ $(; $left_out:ident)* })+) => {$(
        impl Pack for $kind {
            fn pack(&self, to: &mut Writer) {
                $(self.$field.pack(to);)+
            }

            #[inline(never)]
            fn unpack(from: &mut Reader) -> Option<Self> {
                Some(Self { $($field: Pack::unpack(from)?,)+ $($left_out: Default::default(),)* })
            }
        }
    )+};
}

record! {
    RuleSet { hash version stale_after_days words sources methods regions facts implications documents materials splices
              terms patterns rules uploads }
    Words { yes no older long_term }
    Source { id publisher title url archived date verified_on; address }
    Region { code name verified_on omissions }
    Fact { id kind label question help options groups min max relevant detail personal }
    FactOption { value label code }
    Implication { when fact value same_as }
    Document { id name slots shape }
    Accepted { when documents }
    Material { id name description slots accepts own_button template shape issuer validity outline }
    Splice { when with }
    TermList { id origin sources terms at_end }
    Reading { text sources }
    PhotoDemand { min_margin_per_mille }
    Pattern { id overrides topic when materials accepts check effect quiet text unmet remedy }
    Rule { id like provinces baseline_only overrides from until grade sources readings topic when materials accepts check
           contradiction photo effect quiet text unmet splice_list remedy; covers }
    UploadProfile { id name formats min_bytes max_bytes near_limit_bytes max_pixels materials basis }
    MaterialLimits { min_bytes max_bytes min_long_side_px min_short_side_px sides_are_advice basis }
    UploadBasis { format size pixels }
    Condition { parts }
    Ahead { more_than_months at_least_months more_than_days }
    Range { above below at_least at_most }
    TextContains { facts terms }
    TextIs { facts shape }
}

/// Enums whose variants hold something: the position of the variant, then what it holds.
macro_rules! tagged {
    ($($kind:ident { $($tag:literal $variant:ident($($field:ident),+))+ })+) => {$(
        impl Pack for $kind {
            fn pack(&self, to: &mut Writer) {
                match self {
                    $(Self::$variant($($field),+) => {
                        to.number($tag);
                        $($field.pack(to);)+
                    })+
                }
            }

            #[inline(never)]
            fn unpack(from: &mut Reader) -> Option<Self> {
                match from.number()? {
                    $($tag => {
                        $(let $field = Pack::unpack(from)?;)+
                        Some(Self::$variant($($field),+))
                    })+
                    _ => None,
                }
            }
        }
    )+};
}

tagged! {
    Part { 0 Fact(fact, test) 1 Any(parts) 2 All(parts) 3 Not(part) 4 TextContains(search) 5 TextIs(look) }
    Test { 0 Flag(flag) 1 Number(number) 2 Word(word) 3 Words(words) 4 Range(range) 5 Ahead(ahead) }
}
