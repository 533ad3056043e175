//! Makes a type from a tree.
//!
//! What serde derives can take the fields of a structure by name or one after the other. By name, the names are compared,
//! and what is not there yet is kept, in code of its own for each structure. Here all structures are read one field after
//! the other, and the names are looked up in one place.

use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::misfit::{Failure, Fields, Misfit};
use super::tree::Tree;

/// Makes a type from a tree.
///
/// # Errors
/// The first thing that does not fit, with its path.
pub fn read<T: DeserializeOwned>(tree: &Tree) -> Result<T, Misfit> {
    T::deserialize(Reader(tree)).map_err(|misfit| *misfit)
}

#[derive(Clone, Copy)]
struct Reader<'a>(&'a Tree);

impl Reader<'_> {
    #[cold]
    #[inline(never)]
    fn instead_of(self, expected: &dyn Expected) -> Failure {
        Misfit::instead_of(self.0, expected)
    }
}

/// Methods of a deserializer that do what another does.
macro_rules! same {
    ($($other:ident: $($method:ident)+;)+) => {$($(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            self.$other(visitor)
        }
    )+)+};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            Tree::Flag(flag) => visitor.visit_bool(*flag),
            Tree::Natural(number) => visitor.visit_u64(*number),
            Tree::Negative(number) => visitor.visit_i64(*number),
            Tree::Real(number) => visitor.visit_f64(*number),
            Tree::Text(text) => visitor.visit_str(text),
            Tree::List(items) => visitor.visit_seq(Items::new(items)),
            Tree::Object(entries) => visitor.visit_map(Entries::new(entries)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Flag(flag) => visitor.visit_bool(*flag),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Natural(number) => visitor.visit_u64(*number),
            Tree::Negative(number) => visitor.visit_i64(*number),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Real(number) => visitor.visit_f64(*number),
            _ => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Text(text) => visitor.visit_str(text),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::List(items) => visitor.visit_seq(Items::new(items)),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Object(entries) => visitor.visit_map(Entries::new(entries)),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    same! {
        deserialize_i64: deserialize_i8 deserialize_i16 deserialize_i32
                         deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64;
        deserialize_f64: deserialize_f32;
        deserialize_str: deserialize_char deserialize_string deserialize_identifier;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::List(items) if items.len() > length => Err(Failure::invalid_length(items.len(), &visitor)),
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Object(entries) => {
                let mut fields = Fields::new(entries, names)?;
                visitor.visit_seq(&mut fields).map_err(|misfit| fields.blame(misfit))
            }
            _ => Err(self.instead_of(&visitor)),
        }
    }

    /// A word stands for a variant that holds nothing, an object with one entry for any other.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self.0 {
            Tree::Text(name) => visitor.visit_enum(Variant::new(name, None, names)?),
            Tree::Object(entries) => match entries.as_slice() {
                [(name, holds)] => visitor.visit_enum(Variant::new(name, Some(holds), names)?),
                _ => Err(Failure::invalid_length(entries.len(), &"an object with one entry")),
            },
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf unit unit_struct tuple_struct }
}

/// The key of an entry.
struct Key<'a>(&'a str);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for &mut Fields<'de> {
    type Error = Failure;

    // Once for each type of a field, not once for each field.
    #[inline(never)]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let Some((key, value)) = self.next() else { return Ok(None) };
        seed.deserialize(Reader(value)).map(Some).map_err(|misfit| misfit.under(key))
    }
}

struct Items<'a> {
    next: usize,
    items: std::slice::Iter<'a, Tree>,
}

impl<'a> Items<'a> {
    fn new(items: &'a [Tree]) -> Self {
        Self { next: 0, items: items.iter() }
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.next += 1;
        seed.deserialize(Reader(item)).map(Some).map_err(|misfit| misfit.at(self.next - 1))
    }
}

struct Entries<'a> {
    value: Option<&'a (String, Tree)>,
    entries: std::slice::Iter<'a, (String, Tree)>,
}

impl<'a> Entries<'a> {
    fn new(entries: &'a [(String, Tree)]) -> Self {
        Self { value: None, entries: entries.iter() }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        self.value = self.entries.next();
        self.value.map(|(key, _)| seed.deserialize(Key(key))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Failure> {
        let Some((key, value)) = self.value else { return Err(Failure::custom("a value without a key")) };
        seed.deserialize(Reader(value)).map_err(|misfit| misfit.under(key))
    }
}

struct Variant<'a> {
    name: &'a str,
    position: u32,
    holds: Option<&'a Tree>,
}

impl<'a> Variant<'a> {
    #[inline(never)]
    fn new(name: &'a str, holds: Option<&'a Tree>, names: &'static [&'static str]) -> Result<Self, Failure> {
        match (0..).zip(names).find(|(_, known)| **known == name) {
            Some((position, _)) => Ok(Self { name, position, holds }),
            None => Err(Failure::unknown_variant(name, names)),
        }
    }

    #[cold]
    #[inline(never)]
    fn unlike(&self, expected: &str) -> Failure {
        Failure::custom(format_args!("`{}` {expected}", self.name))
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Failure> {
        Ok((seed.deserialize(U32Deserializer::<Failure>::new(self.position))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        match self.holds {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(self.unlike("holds nothing")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Failure> {
        match self.holds {
            Some(holds) => seed.deserialize(Reader(holds)).map_err(|misfit| misfit.under(self.name)),
            None => Err(self.unlike("holds something")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Failure> {
        Err(self.unlike("holds one value"))
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, Failure> {
        match self.holds {
            Some(holds) => {
                Reader(holds).deserialize_struct("", names, visitor).map_err(|misfit| misfit.under(self.name))
            }
            None => Err(self.unlike("holds something")),
        }
    }
}
