//! Takes a tree apart along a shape.

use super::{Packed, Shape};
use crate::date::Date;
use crate::json::{Failure, Fields, Misfit, Tree};
use crate::locale::Text;
use crate::string::Str;
use crate::table::Table;

/// Takes a tree apart along a shape.
///
/// # Errors
/// The first thing that does not fit, with its path.
pub fn pack(shape: &'static Shape, tree: &Tree) -> Result<Packed, Misfit> {
    let mut packer = Packer::default();
    packer.value(shape, tree).map_err(|misfit| *misfit)?;
    Ok(packer.packed)
}

#[derive(Default)]
struct Packer {
    packed: Packed,
    places: Places,
}

/// Where names and texts lie, so that each is kept once.
#[derive(Default)]
struct Places {
    names: Table<u64>,
    texts: Table<u64>,
}

impl Packer {
    #[inline(never)]
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.packed.numbers.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.packed.numbers.push(number as u8);
    }

    fn signed(&mut self, number: i64) {
        self.number((number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned());
    }

    fn name(&mut self, name: &str) {
        if let Some(place) = self.places.names.get(name) {
            return self.number(place + 1);
        }
        let name = Str::from(name.to_owned());
        self.places.names.insert(name.clone(), self.packed.names.len() as u64);
        self.packed.names.push(name);
        self.number(0);
    }

    #[inline(never)]
    fn text(&mut self, zh: &str, en: &str) {
        let key = format!("{zh}\n{en}");
        if let Some(place) = self.places.texts.get(&key) {
            return self.number(place + 1);
        }
        self.places.texts.insert(key, self.packed.texts.len() as u64);
        self.packed.texts.push(Text { zh: zh.to_owned().into(), en: en.to_owned().into() });
        self.number(0);
    }

    fn value(&mut self, shape: &'static Shape, tree: &Tree) -> Result<(), Failure> {
        match (shape, tree) {
            (Shape::Flag, Tree::Flag(flag)) => self.number(u64::from(*flag)),
            (Shape::Whole(most), Tree::Natural(number)) if number > most => {
                return Err(Misfit::new(&format_args!("{number} is more than {most}")));
            }
            (Shape::Whole(_), Tree::Natural(number)) => self.number(*number),
            (Shape::Signed, Tree::Natural(number)) if i64::try_from(*number).is_ok() => {
                self.signed(number.cast_signed());
            }
            (Shape::Signed, Tree::Negative(number)) => self.signed(*number),
            (Shape::Real, Tree::Real(number)) => self.number(number.to_bits()),
            (Shape::Real, Tree::Natural(number)) => self.number((*number as f64).to_bits()),
            (Shape::Real, Tree::Negative(number)) => self.number((*number as f64).to_bits()),
            (Shape::Day, Tree::Text(text)) => {
                let day: Date = text.parse().map_err(|error| Misfit::new(&error))?;
                self.signed(day.number());
            }
            (Shape::Name, Tree::Text(text)) => self.name(text),
            (Shape::Choice(names), Tree::Text(text)) => match (0..).zip(*names).find(|(_, name)| *name == text) {
                Some((place, _)) => self.number(place),
                None => return Err(Misfit::unknown("variant", text, names)),
            },
            (Shape::Optional(_), Tree::Null) => self.number(0),
            (Shape::Optional(shape), _) => {
                self.number(1);
                self.value(shape, tree)?;
            }
            (Shape::List(shape), Tree::List(items)) => {
                self.number(items.len() as u64);
                self.items(shape, items)?;
            }
            (Shape::Array(_, length), Tree::List(items)) if items.len() != *length => {
                let found = items.len();
                return Err(Misfit::new(&format_args!("invalid length {found}, expected an array of length {length}")));
            }
            (Shape::Array(shape, _), Tree::List(items)) => self.items(shape, items)?,
            (Shape::Table(shape), Tree::Object(entries)) => {
                self.number(entries.len() as u64);
                for (key, value) in entries {
                    self.name(key);
                    self.value(shape, value).map_err(|misfit| misfit.under(key))?;
                }
            }
            (Shape::Text, Tree::Object(entries)) => {
                let mut fields = Fields::new(entries, &["zh", "en"])?;
                let mut language = || match fields.needed()? {
                    (_, Tree::Text(text)) => Ok(text),
                    (key, other) => Err(Misfit::instead_of(other, "a string").under(key)),
                };
                self.text(language()?, language()?);
            }
            (Shape::Record { names, shapes, optional }, Tree::Object(entries)) => {
                let mut fields = Fields::new(entries, names)?;
                for (name, shape) in names.iter().zip(*shapes) {
                    let is_optional = matches!(shape, Shape::Optional(_)) || optional.contains(name);
                    match if is_optional { fields.next() } else { Some(fields.needed()?) } {
                        Some((key, value)) => self.value(shape, value).map_err(|misfit| misfit.under(key))?,
                        None => self.absent(shape),
                    }
                }
            }
            (Shape::Entries { names, shapes, other }, Tree::Object(entries)) => {
                self.number(entries.len() as u64);
                for (key, value) in entries {
                    let known = (1..).zip(names.iter().zip(*shapes)).find(|(_, (name, _))| *name == key);
                    let shape = match known {
                        Some((place, (_, shape))) => {
                            self.number(place);
                            shape
                        }
                        None => {
                            self.number(0);
                            self.name(key);
                            other
                        }
                    };
                    self.value(shape, value).map_err(|misfit| misfit.under(key))?;
                }
            }
            (Shape::Any { shapes, expected }, _) => match (0..).zip(*shapes).find(|(_, shape)| shape.fits(tree)) {
                Some((place, shape)) => {
                    self.number(place);
                    self.value(shape, tree)?;
                }
                None => return Err(Misfit::instead_of(tree, expected)),
            },
            (Shape::Ignored, _) => {}
            _ => return Err(Misfit::instead_of(tree, shape.expected())),
        }
        Ok(())
    }

    fn items(&mut self, shape: &'static Shape, items: &[Tree]) -> Result<(), Failure> {
        for (place, item) in items.iter().enumerate() {
            self.value(shape, item).map_err(|misfit| misfit.at(place))?;
        }
        Ok(())
    }

    /// A field that may be absent, and is.
    fn absent(&mut self, shape: &'static Shape) {
        match shape {
            Shape::Text => self.text("", ""),
            Shape::Record { shapes, .. } => shapes.iter().for_each(|shape| self.absent(shape)),
            _ => self.number(0),
        }
    }
}

impl Shape {
    /// Whether a value is of this kind, whatever it holds.
    fn fits(&self, tree: &Tree) -> bool {
        match (self, tree) {
            (Self::Flag, Tree::Flag(_))
            | (Self::Signed, Tree::Natural(_) | Tree::Negative(_))
            | (Self::Real, Tree::Natural(_) | Tree::Negative(_) | Tree::Real(_))
            | (Self::Name | Self::Choice(_), Tree::Text(_))
            | (Self::List(_), Tree::List(_))
            | (Self::Optional(Self::Ignored), _) => true,
            (Self::Record { names, .. }, Tree::Object(entries)) => {
                entries.iter().all(|(key, _)| names.contains(&key.as_str()))
            }
            _ => false,
        }
    }

    fn expected(&self) -> &'static str {
        match self {
            Self::Flag => "a boolean",
            Self::Whole(_) | Self::Signed => "a whole number",
            Self::Real => "a number",
            Self::Day | Self::Name | Self::Choice(_) => "a string",
            Self::Optional(shape) => shape.expected(),
            Self::List(_) | Self::Array(..) => "a sequence",
            Self::Text | Self::Table(_) | Self::Record { .. } | Self::Entries { .. } => "a map",
            Self::Any { expected, .. } => expected,
            Self::Ignored => "anything",
        }
    }
}
