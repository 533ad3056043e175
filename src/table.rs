//! Values by name.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::string::Str;

/// Values by name, in the order of the names; an object in JSON.
///
/// A list that is searched by halves. There are never more than some hundred entries, and the standard library's map is
/// 2 KB of code for each kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<V> {
    entries: Vec<(Str, V)>,
}

impl<V> Table<V> {
    /// A table without entries.
    #[must_use]
    pub fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        let place = self.place(name).ok()?;
        self.entries.get(place).map(|(_, value)| value)
    }

    /// Whether the name has a value.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Gives a name a value, in place of the one that it has.
    pub fn insert(&mut self, name: impl Into<Str>, value: V) {
        self.put(name.into(), value);
    }

    /// Names and values in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Str, &V)> {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    #[inline(never)]
    fn put(&mut self, name: Str, value: V) {
        match self.place(&name) {
            Ok(place) => {
                if let Some(entry) = self.entries.get_mut(place) {
                    entry.1 = value;
                }
            }
            Err(place) => self.entries.insert(place, (name, value)),
        }
    }
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Index<&str> for Table<V> {
    type Output = V;

    /// # Panics
    /// When the name has no value, as other maps do.
    fn index(&self, name: &str) -> &V {
        match self.get(name) {
            Some(value) => value,
            None => no_entry(),
        }
    }
}

#[cold]
#[expect(clippy::panic, reason = "an index that panics is what the trait promises")]
fn no_entry() -> ! {
    panic!("no entry of this name")
}

impl<N: Into<Str>, V> FromIterator<(N, V)> for Table<V> {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut table = Self::new();
        for (name, value) in entries {
            table.insert(name, value);
        }
        table
    }
}

impl<V> IntoIterator for Table<V> {
    type Item = (Str, V);
    type IntoIter = std::vec::IntoIter<(Str, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Table<V> {
    type Item = &'a (Str, V);
    type IntoIter = std::slice::Iter<'a, (Str, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<V: Serialize> Serialize for Table<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Table<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

struct Entries<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
    type Value = Table<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Table<V>, A::Error> {
        let mut table = Table::new();
        while let Some((name, value)) = entries.next_entry()? {
            table.put(name, value);
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn entries_are_kept_once_and_in_order() {
        let mut table: Table<u8> = [("b", 1), ("a", 2), ("b", 3)].into_iter().collect();
        table.insert("c".to_owned(), 4);
        assert_eq!(serde_json::to_string(&table).expect("JSON"), r#"{"a":2,"b":3,"c":4}"#);
        assert_eq!(table.iter().map(|(name, value)| (name.as_str(), *value)).next(), Some(("a", 2)));
        assert_eq!((table["b"], table.get("d"), table.contains_key("c"), table.len()), (3, None, true, 3));
        assert_eq!(serde_json::from_str::<Table<u8>>(r#"{"c":4,"b":0,"a":2,"b":3}"#).expect("a table"), table);
        assert!(serde_json::from_str::<Table<u8>>("[]").is_err() && Table::<u8>::new().is_empty());
    }
}
