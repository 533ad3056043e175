//! Types from JSON, in little code: types as data.
//!
//! What serde derives takes code of its own for each type. Here a type has its [`Shape`] as data, and two steps lie
//! between the tree and the type:
//!
//! 1. [`pack()`] takes a tree apart along a shape, names what does not fit with its path, and leaves texts and a row of
//!    numbers;
//! 2. [`Unpack::unpack`] takes them up again. Nothing in them can be wrong, so this is the only code for each type, and
//!    little.
//!
//! The build does the first step for what comes with the program ([`Packed::to_bytes`]); the second is then all that is
//! left to do.

mod bytes;
mod pack;

pub use pack::pack;

use crate::date::Date;
#[cfg(any(test, target_arch = "wasm32"))]
use crate::json::{Misfit, Tree};
use crate::locale::Text;
use crate::string::Str;
use crate::table::Table;

/// What a value looks like in JSON, and with it how it is packed.
#[derive(Debug)]
pub enum Shape {
    /// True or false: 1 or 0.
    Flag,
    /// A whole number from 0 to this one.
    Whole(u64),
    /// A whole number with a sign, which goes into the lowest bit so that small ones stay short.
    Signed,
    /// Any number: its bits.
    Real,
    /// A day: its number, as a number with a sign.
    Day,
    /// A text without a language: 0 where it occurs for the first time, else its position plus one.
    Name,
    /// A text in both languages, likewise.
    Text,
    /// One of these words: its position.
    Choice(&'static [&'static str]),
    /// A value or null: 1 and the value, or 0.
    Optional(&'static Self),
    /// A list: its length and its items.
    List(&'static Self),
    /// A list of so many items: the items.
    Array(&'static Self, usize),
    /// An object whose keys are names: its length, names and values.
    Table(&'static Self),
    /// An object with these fields: one after the other.
    Record {
        /// Their names.
        names: &'static [&'static str],
        /// Their shapes.
        shapes: &'static [&'static Self],
        /// Those that may be absent and are then empty, besides those that may be null.
        optional: &'static [&'static str],
    },
    /// An object, as a list of entries: for a key that is known its position plus one and the value; for any other 0, the
    /// key as a name, and the value.
    Entries {
        /// The known keys.
        names: &'static [&'static str],
        /// The shapes of their values.
        shapes: &'static [&'static Self],
        /// The shape of any other value.
        other: &'static Self,
    },
    /// One of several shapes that are told apart by the kind of value, and objects by their keys: its position and the
    /// value.
    Any {
        /// The shapes.
        shapes: &'static [&'static Self],
        /// What to call them.
        expected: &'static str,
    },
    /// Anything: nothing is kept of it.
    Ignored,
}

/// A value taken apart.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Packed {
    /// Every name once, in the order in which they occur first.
    names: Vec<Str>,
    /// Every text in both languages, likewise.
    texts: Vec<Text>,
    /// As LEB128.
    numbers: Vec<u8>,
}

impl Packed {
    /// FNV-1a, 64 bits, as 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325;
        let mut add = |bytes: &[u8]| {
            for byte in bytes {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        self.names.iter().for_each(|name| add(name.as_bytes()));
        self.texts.iter().for_each(|text| [&text.zh, &text.en].iter().for_each(|text| add(text.as_bytes())));
        add(&self.numbers);
        format!("{hash:016x}")
    }

    /// Puts the value together; `None` when it is not one of this type, packed by this version of the program.
    #[must_use]
    pub fn unpack<T: Unpack>(&self) -> Option<T> {
        let mut reader =
            Reader { packed: self, numbers: self.numbers.iter(), next_name: 0, next_text: 0, is_sound: true };
        let value = T::unpack(&mut reader);
        (reader.is_sound && reader.numbers.as_slice().is_empty()).then_some(value)
    }
}

/// Makes a type from a tree.
///
/// # Errors
/// The first thing that does not fit, with its path.
#[cfg(any(test, target_arch = "wasm32"))]
pub fn read<T: Unpack>(tree: &Tree) -> Result<T, Misfit> {
    pack(T::SHAPE, tree)?.unpack().ok_or_else(Misfit::default)
}

/// A value on its way back. Where something is missing, all that follows is nothing: no step has to look.
pub struct Reader<'a> {
    packed: &'a Packed,
    numbers: std::slice::Iter<'a, u8>,
    next_name: usize,
    next_text: usize,
    is_sound: bool,
}

impl Reader<'_> {
    /// The next number; 0 when there is none.
    #[inline(never)]
    pub fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let Some(byte) = self.numbers.next() else { break };
            number |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return number;
            }
        }
        self.is_sound = false;
        0
    }

    /// The next number, as a position or length.
    #[inline(never)]
    pub fn count(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }

    fn length(&mut self) -> usize {
        // Every entry takes at least one byte, so nothing is allocated that is not there.
        self.count().min(self.numbers.as_slice().len())
    }

    /// Where the next name or text lies, of which the next new one is given.
    fn place(&mut self, next: impl Fn(&mut Self) -> &mut usize) -> usize {
        self.count().checked_sub(1).unwrap_or_else(|| {
            let next = next(self);
            *next += 1;
            *next - 1
        })
    }

    /// One that has to be there.
    fn found<T: Default>(&mut self, value: Option<T>) -> T {
        self.is_sound &= value.is_some();
        value.unwrap_or_default()
    }
}

/// What can be unpacked. That of the rules runs once, in code that a browser has only just begun to compile: small
/// functions that are not inlined start sooner than fast ones.
pub trait Unpack: Sized {
    /// What it looks like.
    const SHAPE: &'static Shape;

    /// Takes the value off the front.
    fn unpack(from: &mut Reader<'_>) -> Self;
}

/// The shape of what a function gives out of a record.
pub const fn shape_of<S, T: Unpack>(_: fn(&S) -> &T) -> &'static Shape {
    T::SHAPE
}

impl Unpack for Str {
    const SHAPE: &'static Shape = &Shape::Name;

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        let place = from.place(|from| &mut from.next_name);
        from.found(from.packed.names.get(place).cloned())
    }
}

impl Unpack for Text {
    const SHAPE: &'static Shape = &Shape::Text;

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        let place = from.place(|from| &mut from.next_text);
        from.found(from.packed.texts.get(place).cloned())
    }
}

impl<T: Unpack> Unpack for Option<T> {
    const SHAPE: &'static Shape = &Shape::Optional(T::SHAPE);

    fn unpack(from: &mut Reader<'_>) -> Self {
        (from.number() != 0).then(|| T::unpack(from))
    }
}

impl<T: Unpack> Unpack for Vec<T> {
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        (0..from.length()).map(|_| T::unpack(from)).collect()
    }
}

impl<T: Unpack> Unpack for Table<T> {
    const SHAPE: &'static Shape = &Shape::Table(T::SHAPE);

    #[inline(never)]
    fn unpack(from: &mut Reader<'_>) -> Self {
        (0..from.length()).map(|_| (Str::unpack(from), T::unpack(from))).collect()
    }
}

impl Unpack for bool {
    const SHAPE: &'static Shape = &Shape::Flag;

    fn unpack(from: &mut Reader<'_>) -> Self {
        from.number() != 0
    }
}

impl Unpack for i64 {
    const SHAPE: &'static Shape = &Shape::Signed;

    fn unpack(from: &mut Reader<'_>) -> Self {
        let number = from.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }
}

impl Unpack for f64 {
    const SHAPE: &'static Shape = &Shape::Real;

    fn unpack(from: &mut Reader<'_>) -> Self {
        Self::from_bits(from.number())
    }
}

impl Unpack for String {
    const SHAPE: &'static Shape = &Shape::Name;

    fn unpack(from: &mut Reader<'_>) -> Self {
        Str::unpack(from).as_str().to_owned()
    }
}

impl<T: Unpack, const LENGTH: usize> Unpack for [T; LENGTH] {
    const SHAPE: &'static Shape = &Shape::Array(T::SHAPE, LENGTH);

    fn unpack(from: &mut Reader<'_>) -> Self {
        std::array::from_fn(|_| T::unpack(from))
    }
}

impl Unpack for Date {
    const SHAPE: &'static Shape = &Shape::Day;

    fn unpack(from: &mut Reader<'_>) -> Self {
        Self::from_number(i64::unpack(from)).unwrap_or(Self::FIRST)
    }
}

macro_rules! whole {
    ($($kind:ident)+) => {$(
        impl Unpack for $kind {
            const SHAPE: &'static Shape = &Shape::Whole($kind::MAX as u64);

            fn unpack(from: &mut Reader<'_>) -> Self {
                // OK because the shape lets no larger one pass.
                from.number() as Self
            }
        }
    )+};
}

whole!(u8 u16 u32 u64);

/// The name in JSON: that of the field unless it is given.
macro_rules! name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Enums without fields, each variant with its name.
macro_rules! choice {
    ($($kind:ident { $($variant:ident = $name:literal)+ })+) => {$(
        impl Unpack for $kind {
            const SHAPE: &'static Shape = &Shape::Choice(&[$($name),+]);

            #[inline(never)]
            fn unpack(from: &mut Reader<'_>) -> Self {
                let all = [$(Self::$variant),+];
                let [first, ..] = all;
                all.get(from.count()).copied().unwrap_or(first)
            }
        }
    )+};
}

/// Structures: their fields in the order in which they are packed; those that may be absent without being an `Option`, by
/// their names in JSON; and those that are no part of it. A field has the same name in JSON unless another is given.
macro_rules! record {
    ($($kind:ident {
        $($field:ident $(= $name:literal)?)+
        $(; optional $($optional:literal)+)?
        $(; without $($left_out:ident)+)?
    })+) => {$(
        impl Unpack for $kind {
            const SHAPE: &'static Shape = &Shape::Record {
                names: &[$($crate::packed::name!($field $($name)?)),+],
                shapes: &[$($crate::packed::shape_of(|record: &Self| &record.$field)),+],
                optional: &[$($($optional),+)?],
            };

            #[inline(never)]
            fn unpack(from: &mut Reader<'_>) -> Self {
                Self {
                    $($field: Unpack::unpack(from),)+
                    $($($left_out: Default::default(),)+)?
                }
            }
        }
    )+};
}

pub(crate) use {choice, name, record};
