//! Huffman tables (T.81, C.2 and F.2.2.3) as one look-up per symbol, most often with the bits that follow the code.
//!
//! Two symbols per look-up were tried as well: in wasm their further branches cost what they saved.

use super::bits::BitReader;

/// Codes up to this length are found in one step; in photos that is nearly every one.
pub(super) const LOOKUP_BITS: u32 = 11;
const LOOKUP_SIZE: usize = 1 << LOOKUP_BITS;

/// An entry for each value that the next [`LOOKUP_BITS`] bits can have.
pub(super) type Entries = [u32; LOOKUP_SIZE];

/// Flag of an entry that holds the value, too.
const HAS_VALUE: u32 = 1 << 7;
/// What is added to the index of a coefficient at the end of a block: more than any run, and known again.
pub(super) const END_OF_BLOCK: u32 = 128;

/// One Huffman table.
#[derive(Clone)]
pub(super) struct Table {
    /// By the next bits: the symbol's entry, 0 where its code is longer.
    ///
    /// Bits 0 to 4: bits to skip. Bit 7: the entry holds the value, in bits 16 to 31, and the run before it in bits 8 to
    /// 15. Without it: bits 8 to 15 are the symbol, whose further bits have yet to be read.
    entries: Box<Entries>,
    /// By length: one past the largest code, left-aligned to 16 bits.
    limits: [u32; 17],
    /// By length: what to add to a code to get the index of its symbol.
    offsets: [i32; 17],
    symbols: [u8; 256],
}

/// What the symbols of a table mean.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Number of bits of a difference.
    Dc,
    /// Run of zeros and number of bits, or end of block.
    Ac,
}

impl Table {
    /// From the counts of codes by length and the symbols in order of their codes; `None` when they contradict.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8], usage: Use) -> Option<Self> {
        let mut table =
            Self { entries: Box::new([0; LOOKUP_SIZE]), limits: [0; 17], offsets: [0; 17], symbols: [0; 256] };
        table.symbols.get_mut(..symbols.len())?.copy_from_slice(symbols);
        let mut code = 0u32;
        let mut index = 0usize;
        for (length, &count) in (1u32..).zip(counts) {
            *table.offsets.get_mut(length as usize)? = index as i32 - code as i32;
            for _ in 0..count {
                if code >> length != 0 {
                    return None;
                }
                let &symbol = symbols.get(index)?;
                table.enter(code, length, symbol, usage);
                code += 1;
                index += 1;
            }
            *table.limits.get_mut(length as usize)? = code << (16 - length);
            code <<= 1;
        }
        Some(table)
    }

    fn enter(&mut self, code: u32, length: u32, symbol: u8, usage: Use) {
        let Some(free_bits) = LOOKUP_BITS.checked_sub(length) else { return };
        let (run, size) = match usage {
            Use::Dc => (0, u32::from(symbol)),
            Use::Ac => (u32::from(symbol >> 4), u32::from(symbol & 15)),
        };
        let start = (code << free_bits) as usize;
        for (rest, entry) in self.entries.iter_mut().skip(start).take(1 << free_bits).enumerate() {
            *entry = if usage == Use::Ac && size == 0 {
                // A run of sixteen zeros writes its last zero like any value.
                let run = if run == 15 { 15 } else { END_OF_BLOCK };
                HAS_VALUE | run << 8 | length
            } else if size <= free_bits {
                let bits = rest as u32 >> (free_bits - size);
                // OK because so few bits make a small value.
                HAS_VALUE | run << 8 | (length + size) | (extend(bits, size) as u32) << 16
            } else {
                u32::from(symbol) << 8 | length
            };
        }
    }

    /// What [`run_and_value_at_once`] looks into.
    pub(super) fn entries(&self) -> &Entries {
        &self.entries
    }

    /// The next symbol; `None` when there is no such code. The caller has refilled.
    #[inline(always)]
    pub(super) fn symbol(&self, reader: &mut BitReader<'_>) -> Option<u8> {
        let (symbol, length) = self.find(reader.peek::<16>() as u32)?;
        reader.skip(length);
        Some(symbol)
    }

    /// The symbol whose code 16 bits begin with, and the code's length.
    #[inline(never)]
    fn find(&self, bits: u32) -> Option<(u8, u32)> {
        let length = (1..17).find(|&length| self.limits.get(length).is_some_and(|&limit| bits < limit))?;
        let index = (bits >> (16 - length)) as i32 + self.offsets.get(length).copied()?;
        Some((self.symbols.get(usize::try_from(index).ok()?).copied()?, length as u32))
    }

    /// The next difference of DC values.
    #[inline(always)]
    pub(super) fn difference(&self, reader: &mut BitReader<'_>) -> Option<i32> {
        reader.refill();
        let entry = entry(&self.entries, reader);
        if entry & HAS_VALUE != 0 {
            reader.skip(entry & 31);
            return Some(entry as i32 >> 16);
        }
        let size = u32::from(self.symbol(reader)?);
        if size > 16 {
            return None;
        }
        Some(extend(reader.take(size), size))
    }

    /// The same as [`run_and_value_at_once`] where it takes more than one look, and up to 31 bits.
    #[inline(always)]
    pub(super) fn run_and_value(&self, reader: &mut BitReader<'_>, entry: u32) -> Option<(u32, i32)> {
        let symbol = if entry == 0 {
            self.symbol(reader)?
        } else {
            reader.skip(entry & 31);
            (entry >> 8) as u8
        };
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 {
            return Some((if run == 15 { 15 } else { END_OF_BLOCK }, 0));
        }
        Some((run, extend(reader.take(size), size)))
    }
}

#[inline(always)]
fn entry(entries: &Entries, reader: &BitReader<'_>) -> u32 {
    entries.get(reader.peek::<LOOKUP_BITS>()).copied().unwrap_or(0)
}

/// The next run of zeros and the value behind it, [`END_OF_BLOCK`] in place of the run at the end, where one look tells
/// them; they take up to [`LOOKUP_BITS`]. Else the entry for [`Table::run_and_value`]. The caller has refilled.
#[inline(always)]
pub(super) fn run_and_value_at_once(entries: &Entries, reader: &mut BitReader<'_>) -> Result<(u32, i32), u32> {
    let entry = entry(entries, reader);
    if entry & HAS_VALUE == 0 {
        return Err(entry);
    }
    reader.skip(entry & 31);
    Ok((entry >> 8 & 0xFF, entry as i32 >> 16))
}

/// The value that `size` further bits stand for (T.81, F.2.2.1, EXTEND).
#[inline(always)]
pub(super) fn extend(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    let below = bits < (1 << size) >> 1;
    if below { bits - (1 << size) + 1 } else { bits }
}

/// The tables that T.81, K.3.3 suggests, and that Motion JPEG leaves out; `None` where none is suggested.
pub(super) fn suggested(usage: Use, id: usize) -> Option<Table> {
    const DC: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    let (counts, symbols): (&[u8; 16], &[u8]) = match (usage, id) {
        (Use::Dc, 0) => (&[0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &DC),
        (Use::Dc, 1) => (&[0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &DC),
        (Use::Ac, 0) => (&[0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D], AC_LUMA),
        (Use::Ac, 1) => (&[0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77], AC_CHROMA),
        _ => return None,
    };
    Table::new(counts, symbols, usage)
}

const AC_LUMA: &[u8] = b"\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xA1\x08\
\x23\x42\xB1\xC1\x15\x52\xD1\xF0\x24\x33\x62\x72\x82\x09\x0A\x16\x17\x18\x19\x1A\x25\x26\x27\x28\x29\x2A\x34\x35\x36\x37\
\x38\x39\x3A\x43\x44\x45\x46\x47\x48\x49\x4A\x53\x54\x55\x56\x57\x58\x59\x5A\x63\x64\x65\x66\x67\x68\x69\x6A\x73\x74\x75\
\x76\x77\x78\x79\x7A\x83\x84\x85\x86\x87\x88\x89\x8A\x92\x93\x94\x95\x96\x97\x98\x99\x9A\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\
\xAA\xB2\xB3\xB4\xB5\xB6\xB7\xB8\xB9\xBA\xC2\xC3\xC4\xC5\xC6\xC7\xC8\xC9\xCA\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xD9\xDA\xE1\xE2\
\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA";

const AC_CHROMA: &[u8] = b"\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\x08\x14\x42\x91\
\xA1\xB1\xC1\x09\x23\x33\x52\xF0\x15\x62\x72\xD1\x0A\x16\x24\x34\xE1\x25\xF1\x17\x18\x19\x1A\x26\x27\x28\x29\x2A\x35\x36\
\x37\x38\x39\x3A\x43\x44\x45\x46\x47\x48\x49\x4A\x53\x54\x55\x56\x57\x58\x59\x5A\x63\x64\x65\x66\x67\x68\x69\x6A\x73\x74\
\x75\x76\x77\x78\x79\x7A\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x92\x93\x94\x95\x96\x97\x98\x99\x9A\xA2\xA3\xA4\xA5\xA6\xA7\
\xA8\xA9\xAA\xB2\xB3\xB4\xB5\xB6\xB7\xB8\xB9\xBA\xC2\xC3\xC4\xC5\xC6\xC7\xC8\xC9\xCA\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xD9\xDA\
\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA";

#[cfg(test)]
mod tests {
    use super::{END_OF_BLOCK, Table, Use, extend, run_and_value_at_once, suggested};
    use crate::decode::jpeg::bits::BitReader;

    #[test]
    fn values_follow_the_table_of_the_standard() {
        for (bits, size, value) in [(0, 0, 0), (0, 1, -1), (1, 1, 1), (0, 2, -3), (1, 2, -2), (2, 2, 2), (3, 2, 3)] {
            assert_eq!(extend(bits, size), value);
        }
        assert_eq!((extend(0, 11), extend(2047, 11)), (-2047, 2047));
    }

    #[test]
    fn the_suggested_tables_are_whole() {
        for id in 0..2 {
            assert!(suggested(Use::Dc, id).is_some() && suggested(Use::Ac, id).is_some());
        }
        assert!(suggested(Use::Ac, 2).is_none());
    }

    #[test]
    fn short_and_long_codes_give_run_and_value() {
        let table = suggested(Use::Ac, 0).unwrap();
        // From table K.5: 0/1, 0/6 whose value is out of reach, 0/9 whose code is as well, 15/0, end of block.
        let bits = ["001", "1111000100000", "1111111110000010100000000", "11111111001", "1010"].concat();
        let bytes: Vec<u8> = format!("{bits:0<64}")
            .as_bytes()
            .chunks(8)
            .map(|c| u8::from_str_radix(std::str::from_utf8(c).unwrap(), 2).unwrap())
            .flat_map(|byte| if byte == 0xFF { vec![0xFF, 0] } else { vec![byte] })
            .collect();
        let mut reader = BitReader::new(&bytes, 0);
        reader.refill();
        assert_eq!(run_and_value_at_once(table.entries(), &mut reader), Ok((0, 1)));
        for value in [32, 256] {
            let entry = run_and_value_at_once(table.entries(), &mut reader).unwrap_err();
            assert_eq!(table.run_and_value(&mut reader, entry), Some((0, value)));
            reader.refill();
        }
        assert_eq!(run_and_value_at_once(table.entries(), &mut reader), Ok((15, 0)));
        assert_eq!(run_and_value_at_once(table.entries(), &mut reader), Ok((END_OF_BLOCK, 0)));
    }

    #[test]
    fn too_many_codes_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3], Use::Dc).is_none());
        counts[0] = 2;
        assert!(Table::new(&counts, &[1], Use::Dc).is_none());
        assert!(Table::new(&counts, &[1, 2], Use::Dc).is_some());
    }
}
