//! Makes a JSON text from a type, as `serde_json` would. Numbers that JSON does not have become null.

use std::fmt::{self, Display, Write};

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, Serializer,
};

use crate::decimal;

/// The JSON text of a value. One that JSON cannot hold, such as a map whose keys are no texts, becomes `null`.
#[must_use]
pub fn write<T: Serialize + ?Sized>(value: &T) -> String {
    let mut writer = Writer { text: String::with_capacity(1024) };
    match value.serialize(&mut writer) {
        Ok(()) => writer.text,
        Err(Unwritable) => "null".to_owned(),
    }
}

/// No type of this crate is.
#[derive(Debug)]
struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no JSON can hold it")
    }
}

impl std::error::Error for Unwritable {}

impl Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), Unwritable>;

struct Writer {
    text: String,
}

impl Writer {
    #[inline(never)]
    fn raw(&mut self, text: &str) -> Done {
        self.text.push_str(text);
        Ok(())
    }

    #[inline(never)]
    fn shown(&mut self, value: &dyn Display) -> Done {
        write!(self.text, "{value}").map_err(|_| Unwritable)
    }

    #[inline(never)]
    fn number(&mut self, number: f64) -> Done {
        match number.is_finite() {
            true => self.raw(&decimal::shortest(number)),
            false => self.raw("null"),
        }
    }

    #[inline(never)]
    fn quoted(&mut self, text: &str) -> Done {
        let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        self.text.push('"');
        let mut rest = text;
        // Few texts have anything special, and a loop that looks at every byte looks at many at once.
        let has_special = text.bytes().fold(false, |found, byte| found | is_special(byte));
        while has_special && let Some(at) = rest.bytes().position(is_special) {
            let Some((plain, special)) = rest.split_at_checked(at) else { break };
            self.text.push_str(plain);
            let mut chars = special.chars();
            match chars.next().unwrap_or_default() {
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                control @ '\0'..' ' => write!(self.text, "\\u{:04x}", u32::from(control)).map_err(|_| Unwritable)?,
                mark => self.text.extend(['\\', mark]),
            }
            rest = chars.as_str();
        }
        self.text.push_str(rest);
        self.text.push('"');
        Ok(())
    }

    /// The name of a field or variant, which has nothing special.
    #[inline(never)]
    fn key(&mut self, first: &mut bool, key: &str) -> Done {
        self.text.push_str(if *first { "\"" } else { ",\"" });
        self.text.push_str(key);
        self.text.push_str("\":");
        *first = false;
        Ok(())
    }

    #[inline(never)]
    fn comma(&mut self, first: &mut bool) {
        if !*first {
            self.text.push(',');
        }
        *first = false;
    }
}

/// Whole numbers and texts of one character, written as they are shown.
macro_rules! shown {
    ($($method:ident: $kind:ty,)+) => {$(
        fn $method(self, value: $kind) -> Done {
            self.shown(&value)
        }
    )+};
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Several<'a>;
    type SerializeTuple = Several<'a>;
    type SerializeTupleStruct = Several<'a>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Several<'a>;
    type SerializeStruct = Several<'a>;
    type SerializeStructVariant = Several<'a>;

    shown! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
    }

    fn serialize_bool(self, flag: bool) -> Done {
        self.raw(if flag { "true" } else { "false" })
    }

    fn serialize_f32(self, number: f32) -> Done {
        self.number(number.into())
    }

    fn serialize_f64(self, number: f64) -> Done {
        self.number(number)
    }

    fn serialize_char(self, letter: char) -> Done {
        self.quoted(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Done {
        self.quoted(text)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done {
        self.quoted(&value.to_string())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Done {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Done {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.raw("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.quoted(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut object = Several::open(self, "{", "}");
        object.field(variant, value)?;
        object.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Several<'a>, Unwritable> {
        Ok(Several::open(self, "[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Several<'a>, Unwritable> {
        Ok(Several::open(self, "[", "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Several<'a>, Unwritable> {
        Ok(Several::open(self, "[", "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Unwritable>, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Several<'a>, Unwritable> {
        Ok(Several::open(self, "{", "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Several<'a>, Unwritable> {
        Ok(Several::open(self, "{", "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Several<'a>, Unwritable> {
        let mut object = Several::open(self, "{", "}}");
        object.writer.key(&mut object.first, variant)?;
        object.writer.raw("{")?;
        object.first = true;
        Ok(object)
    }
}

/// A list or an object on its way.
struct Several<'a> {
    writer: &'a mut Writer,
    first: bool,
    end: &'static str,
}

impl<'a> Several<'a> {
    fn open(writer: &'a mut Writer, start: &str, end: &'static str) -> Self {
        writer.text.push_str(start);
        Self { writer, first: true, end }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.writer.comma(&mut self.first);
        value.serialize(&mut *self.writer)
    }

    // Once for each type of a field, not once for each field.
    #[inline(never)]
    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Done {
        self.writer.key(&mut self.first, key)?;
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Done {
        self.writer.raw(self.end)
    }
}

macro_rules! items {
    ($($kind:ident $method:ident)+) => {$(
        impl $kind for Several<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.item(value)
            }

            fn end(self) -> Done {
                self.close()
            }
        }
    )+};
}

items!(SerializeSeq serialize_element SerializeTuple serialize_element SerializeTupleStruct serialize_field);

macro_rules! fields {
    ($($kind:ident)+) => {$(
        impl $kind for Several<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
                self.field(key, value)
            }

            fn end(self) -> Done {
                self.close()
            }
        }
    )+};
}

fields!(SerializeStruct SerializeStructVariant);

impl SerializeMap for Several<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.writer.comma(&mut self.first);
        let start = self.writer.text.len();
        key.serialize(&mut *self.writer)?;
        if self.writer.text.as_bytes().get(start) == Some(&b'"') { Ok(()) } else { Err(Unwritable) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.writer.raw(":")?;
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Done {
        self.close()
    }
}
