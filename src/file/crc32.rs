//! CRC-32 as PNG uses it (PNG 3rd edition, 5.5 and annex D), sixteen bytes at a time.
//!
//! Method: slicing-by-N (Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based CRC
//! Generators", 2005). Plain table look-ups, so that both wasm builds and the native one share the code.

use std::sync::LazyLock;

const POLYNOMIAL: u32 = 0xEDB8_8320;
const SLICES: usize = 16;

/// Made when the first PNG is read: in the download they would be 16 KB that no compression makes smaller.
static TABLES: LazyLock<Box<[[u32; 256]; SLICES]>> = LazyLock::new(tables);

fn tables() -> Box<[[u32; 256]; SLICES]> {
    let first: [u32; 256] = std::array::from_fn(|byte| {
        // OK because there are 256 of them.
        (0..8).fold(byte as u32, |remainder, _| (remainder >> 1) ^ (POLYNOMIAL * (remainder & 1)))
    });
    let mut tables = Box::new([first; SLICES]);
    let mut shorter = first;
    for table in tables.iter_mut().skip(1) {
        *table = shorter.map(|value| (value >> 8) ^ entry(&first, value.to_le_bytes()[0]));
        shorter = *table;
    }
    tables
}

/// The CRC-32 of `bytes`.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let (blocks, tail) = bytes.as_chunks::<SLICES>();
    let [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = &**TABLES;
    let mut crc = u32::MAX;
    for &[b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15] in blocks {
        let [c0, c1, c2, c3] = (crc ^ u32::from_le_bytes([b0, b1, b2, b3])).to_le_bytes();
        crc = entry(t15, c0) ^ entry(t14, c1) ^ entry(t13, c2) ^ entry(t12, c3);
        crc ^= entry(t11, b4) ^ entry(t10, b5) ^ entry(t9, b6) ^ entry(t8, b7);
        crc ^= entry(t7, b8) ^ entry(t6, b9) ^ entry(t5, b10) ^ entry(t4, b11);
        crc ^= entry(t3, b12) ^ entry(t2, b13) ^ entry(t1, b14) ^ entry(t0, b15);
    }
    for &byte in tail {
        let [low, ..] = crc.to_le_bytes();
        crc = (crc >> 8) ^ entry(t0, low ^ byte);
    }
    !crc
}

// A byte cannot miss in a table of 256, which the compiler sees: no comparison is left.
fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_are_met() {
        for (text, expect) in [("", 0), ("123456789", 0xCBF4_3926), ("IEND", 0xAE42_6082)] {
            assert_eq!(crc32(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn blocks_and_single_bytes_agree() {
        let bytes: Vec<u8> = (0..100u32).map(|i| (i * i * 7) as u8).collect();
        for end in 0..bytes.len() {
            let mut slow = u32::MAX;
            for &byte in &bytes[..end] {
                slow = (slow >> 8) ^ TABLES[0][usize::from(slow as u8 ^ byte)];
            }
            assert_eq!(crc32(&bytes[..end]), !slow);
        }
    }
}
