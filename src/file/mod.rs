//! Bytes to facts: what a file really is and whether its structure is whole. Nothing is decoded.

use crate::facts::FileFacts;

/// Reads the facts of a file from its bytes in one pass.
///
/// `bytes` is the whole file or, for a very large one, its first part; `size_bytes` is the size of the whole file.
/// Time grows with `bytes.len()` alone and memory does not grow with the number of pixels.
#[must_use]
pub fn read_facts(bytes: &[u8], size_bytes: u64) -> FileFacts {
    FileFacts { size_bytes, read_bytes: bytes.len() as u64, ..FileFacts::default() }
}
