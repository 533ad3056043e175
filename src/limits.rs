//! Budgets for untrusted input: bytes, steps and counts. Checked before anything is allocated.

/// Files up to this size are read whole; of larger ones only the first [`HEAD_BYTES`] are looked at.
///
/// 64 MiB is more than twice the largest photo of today's phones (200 megapixels, about 30 MB).
pub const MAX_READ_BYTES: u64 = 64 << 20;

/// How much of a file above [`MAX_READ_BYTES`] is read: enough for every header, Exif and colour profile.
pub const HEAD_BYTES: u64 = 1 << 20;

/// Markers, chunks or blocks walked in one file before it counts as damaged.
pub const MAX_BLOCKS: u32 = 4_000_000;

/// Entries read from one Exif directory.
pub const MAX_EXIF_ENTRIES: u16 = 512;

/// Characters kept of a text in a file (camera model, software).
pub const MAX_TEXT_CHARS: usize = 128;

/// Characters of a text fact (name, scope, remarks) that a profile may hold.
pub const MAX_FACT_CHARS: usize = 20_000;

/// Bytes of an XMP packet that are searched; a JPEG segment holds no more.
pub const MAX_XMP_BYTES: usize = 1 << 16;

/// Names of writing programs kept of one file.
pub const MAX_WRITER_PROGRAMS: usize = 8;

/// Budgets of decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Most pixels of a luma plane; larger pictures are read at 1/2, 1/4 or 1/8 of their size.
    pub max_luma_px: u64,
    /// Most bytes for planes and, of a progressive JPEG, coefficients. Also a reason to read at a smaller size.
    pub max_bytes: u64,
    /// Most pixels of a PNG or GIF, which have to be unpacked one by one even for a small result.
    pub max_unpacked_px: u64,
}

impl Default for DecodeLimits {
    /// 40 megapixels of luma and 160 MiB in all: with the file itself below the 256 MiB that a page may count on.
    fn default() -> Self {
        Self { max_luma_px: 40_000_000, max_bytes: 160 << 20, max_unpacked_px: 200_000_000 }
    }
}
