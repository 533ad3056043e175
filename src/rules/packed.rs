//! The types of the rules as data, by which they are read from JSON, and from the bytes that the build leaves.
//!
//! The build reads TOML, where serde knows the types; `tests/rules.rs` holds both to the same names.

use super::condition::{Ahead, Condition, Part, Range, Shape as TextShape, Test, TextContains, TextIs};
use super::format::{
    Accepted, Document, Effect, Fact, FactOption, FactType, Grade, Implication, Material, Pattern, PhotoDemand,
    Reading, Region, Rule, RuleSet, Slot, Source, Splice, TermList, Topic, Words,
};
use super::upload::{MaterialLimits, UploadBasis, UploadProfile};
use crate::facts::Format;
use crate::packed::{Reader, Shape, Unpack, choice, record};
use crate::string::Str;

choice! {
    FactType {
        Region = "region" Enum = "enum" Boolean = "boolean" Integer = "integer" Date = "date" Text = "text"
    }
    Slot { Single = "single" Front = "front" Back = "back" }
    Grade {
        Confirmed = "confirmed" Stated = "stated" Older = "older" Disputed = "disputed" Superseded = "superseded"
        Dropped = "dropped"
    }
    Effect { Required = "required" Maybe = "maybe" NotRequired = "not-required" }
    Topic {
        Entity = "entity" People = "people" Domain = "domain" Website = "website" Approval = "approval"
        Contact = "contact" Address = "address" Remark = "remark" Picture = "picture" Existing = "existing"
    }
    TextShape {
        Blank = "blank" Latin = "latin" NoHan = "no-han" FewHan = "few-han" Digits = "digits" Domain = "domain"
        Short = "short" Brackets = "brackets"
    }
    Format {
        Jpeg = "jpeg" Png = "png" Gif = "gif" Webp = "webp" Heic = "heic" Avif = "avif" Jxl = "jxl" Jp2 = "jp2"
        Bmp = "bmp" Tiff = "tiff" Svg = "svg" Pdf = "pdf" Psd = "psd" Ico = "ico" Docx = "docx" Xlsx = "xlsx"
        Pptx = "pptx" Ole = "ole" Zip = "zip" Rar = "rar" SevenZ = "7z" Gzip = "gzip" Mp4 = "mp4" Mov = "mov"
        Webm = "webm" Html = "html" Xml = "xml" Text = "text" Unknown = "unknown"
    }
}

record! {
    RuleSet {
        version stale_after_days = "staleAfterDays" words sources methods regions facts implications documents materials
        splices terms patterns rules uploads;
        optional "methods" "implications" "splices" "terms" "patterns" "uploads";
        without hash
    }
    Words { yes no older long_term = "longTerm" }
    Source { id publisher title url archived date verified_on = "verifiedOn"; without address }
    Region { code name verified_on = "verifiedOn" omissions }
    Fact {
        id kind = "type" label question help options groups min max relevant detail personal;
        optional "options" "groups" "detail" "personal"
    }
    FactOption { value label code }
    Implication { when fact value same_as = "sameAs" }
    Document { id name slots shape }
    Accepted { when documents }
    Material {
        id name description slots accepts own_button = "ownButton" template shape issuer validity outline;
        optional "accepts" "outline"
    }
    Splice { when with }
    TermList { id origin sources terms at_end = "atEnd"; optional "atEnd" }
    Reading { text sources }
    PhotoDemand { min_margin_per_mille = "minMarginPerMille" }
    Pattern {
        id overrides topic when materials accepts check effect quiet text unmet remedy;
        optional "overrides" "when" "materials" "accepts" "quiet" "text"
    }
    Rule {
        id like provinces baseline_only = "baselineOnly" overrides from until grade sources readings topic when materials
        accepts check contradiction photo effect quiet text unmet splice_list = "spliceList" remedy;
        optional "provinces" "baselineOnly" "overrides" "sources" "readings" "when" "materials" "accepts"
                 "contradiction" "quiet" "text";
        without covers
    }
    UploadProfile {
        id name formats min_bytes = "minBytes" max_bytes = "maxBytes" near_limit_bytes = "nearLimitBytes"
        max_pixels = "maxPixels" materials basis;
        optional "materials" "basis"
    }
    MaterialLimits {
        min_bytes = "minBytes" max_bytes = "maxBytes" min_long_side_px = "minLongSidePx"
        min_short_side_px = "minShortSidePx" sides_are_advice = "sidesAreAdvice" basis;
        optional "sidesAreAdvice"
    }
    UploadBasis { format size pixels }
    Ahead { more_than_months = "moreThanMonths" at_least_months = "atLeastMonths" more_than_days = "moreThanDays" }
    Range { above below at_least = "atLeast" at_most = "atMost" }
    TextContains { facts terms }
    TextIs { facts shape }
}

impl Unpack for Condition {
    // A static, since conditions hold conditions.
    const SHAPE: &'static Shape = &CONDITION;

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        Self { parts: Unpack::unpack(from) }
    }
}

static CONDITION: Shape = Shape::Entries {
    names: &["any", "all", "not", "textContains", "textIs"],
    shapes: &[&Shape::List(&CONDITION), &Shape::List(&CONDITION), &CONDITION, TextContains::SHAPE, TextIs::SHAPE],
    other: Test::SHAPE,
};

impl Unpack for Part {
    const SHAPE: &'static Shape = &CONDITION;

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        match from.number() {
            1 => Self::Any(Unpack::unpack(from)),
            2 => Self::All(Unpack::unpack(from)),
            3 => Self::Not(Unpack::unpack(from)),
            4 => Self::TextContains(Unpack::unpack(from)),
            5 => Self::TextIs(Unpack::unpack(from)),
            _ => Self::Fact(Str::unpack(from), Test::unpack(from)),
        }
    }
}

impl Unpack for Test {
    const SHAPE: &'static Shape = &Shape::Any {
        shapes: &[bool::SHAPE, i64::SHAPE, Str::SHAPE, Vec::<Str>::SHAPE, Range::SHAPE, Ahead::SHAPE],
        expected: "true, false, a whole number, a text, a list of texts, a range of above, below, atLeast, atMost, \
                   or a time of moreThanMonths, atLeastMonths, moreThanDays",
    };

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        match from.number() {
            1 => Self::Number(Unpack::unpack(from)),
            2 => Self::Word(Unpack::unpack(from)),
            3 => Self::Words(Unpack::unpack(from)),
            4 => Self::Range(Unpack::unpack(from)),
            5 => Self::Ahead(Unpack::unpack(from)),
            _ => Self::Flag(Unpack::unpack(from)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;

    use super::*;
    use crate::date::Date;
    use crate::json;
    use crate::locale::Text;
    use crate::packed::{Packed, pack, read};

    /// The names in a message about a name that nothing has.
    fn names(message: &str) -> BTreeSet<String> {
        let (_, known) = message.split_once("expected ").expect(message);
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn same_names<T: Unpack + DeserializeOwned>(json: &str) {
        let ours = read::<T>(&json::parse(json).expect("JSON")).err().expect("no such name").to_string();
        let serde = serde_json::from_str::<T>(json).err().expect("no such name").to_string();
        let mut serde = names(&serde);
        serde.remove("covers"); // Stands in the files of the rules alone.
        assert_eq!(names(&ours), serde, "{ours}");
        if let Shape::Record { names, optional, .. } = T::SHAPE {
            assert!(optional.iter().all(|name| names.contains(name)), "{optional:?} of {names:?}");
        }
    }

    #[test]
    fn names_are_those_by_which_the_build_reads() {
        macro_rules! same_names {
            ($json:literal: $($kind:ty)+) => { $(same_names::<$kind>($json);)+ };
        }
        same_names!("{\"?\":0}": Words Source Region Fact FactOption Implication Document Accepted Material Splice TermList
                    Reading PhotoDemand Pattern Rule UploadProfile MaterialLimits UploadBasis Ahead Range TextContains TextIs
                    Text);
        same_names!("\"?\"": FactType Slot Grade Effect Topic TextShape Format);
        let Shape::Record { names, .. } = RuleSet::SHAPE else { panic!("no record") };
        let published = serde_json::to_value(RuleSet::builtin()).expect("JSON");
        let published: BTreeSet<_> = published.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names.iter().copied().collect::<BTreeSet<_>>(), published);
    }

    #[test]
    fn conditions_are_read_as_the_build_reads_them() {
        for condition in [
            "{}",
            r#"{"a":true,"b":-3,"c":9223372036854775807,"d":"word","e":["x","@y"],"f":[]}"#,
            r#"{"any":[{"a":1},{}],"all":[],"not":{"not":{"a":false}}}"#,
            r#"{"a":{"above":1,"below":-2,"atLeast":3,"atMost":4},"b":{}}"#,
            r#"{"a":{"moreThanMonths":1},"b":{"atLeastMonths":2},"c":{"moreThanDays":65535}}"#,
            r#"{"textContains":{"facts":["a","b"],"terms":"c"},"textIs":{"facts":["a"],"shape":"few-han"}}"#,
        ] {
            let tree = json::parse(condition).expect("JSON");
            assert_eq!(read::<Condition>(&tree).ok(), serde_json::from_str(condition).ok(), "{condition}");
        }
        for (condition, fault) in [
            ("[]", "invalid type: sequence, expected a map"),
            (r#"{"a":1.5}"#, "a: invalid type: floating point `1.5`, expected true, false, a whole number"),
            (r#"{"not":{"a":{"over":1}}}"#, "not.a: invalid type: map, expected true, false"),
            (r#"{"any":[{},{"a":{"above":1,"moreThanDays":1}}]}"#, "any[1].a: invalid type: map"),
            (r#"{"a":{"moreThanDays":65536}}"#, "a.moreThanDays: 65536 is more than 65535"),
            (r#"{"a":["b",1]}"#, "a[1]: invalid type: integer `1`, expected a string"),
            (r#"{"textIs":{"facts":[]}}"#, "textIs: missing field `shape`"),
        ] {
            assert!(serde_json::from_str::<Condition>(condition).is_err(), "{condition}");
            let misfit = read::<Condition>(&json::parse(condition).expect("JSON")).expect_err(condition).to_string();
            assert!(misfit.starts_with(fault), "{misfit}");
        }
    }

    #[test]
    fn bytes_are_read_back_and_broken_ones_are_not() {
        let json =
            r#"{"id":"a","publisher":{"zh":"b","en":"c"},"title":{"zh":"b","en":"c"},"verifiedOn":"2026-11-26"}"#;
        let packed = pack(Source::SHAPE, &json::parse(json).expect("JSON")).expect("a source");
        let bytes: &'static [u8] = packed.to_bytes().expect("no line breaks").leak();
        let (again, fingerprint) = Packed::from_bytes(bytes).expect("packed");
        assert_eq!((&again, fingerprint), (&packed, packed.fingerprint().as_str()));
        let source = again.unpack::<Source>().expect("a source");
        assert_eq!((source.id.as_str(), source.title.en.as_str(), &source.url), ("a", "c", &None));
        assert_eq!(source.verified_on, "2026-11-26".parse::<Date>().ok());
        assert_eq!(again.unpack::<Words>(), None, "another type");
        for end in 0..bytes.len() {
            let cut = Packed::from_bytes(&bytes[..end]);
            assert!(cut.and_then(|(packed, _)| packed.unpack::<Source>()).is_none(), "{end}");
        }
    }
}
