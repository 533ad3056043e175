//! What was found out about a file, as plain data. Facts never say whether something is good.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What a file really is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Format {
    /// JPEG (ITU-T T.81), also with several pictures (MPO).
    Jpeg,
    /// PNG, also animated.
    Png,
    /// GIF 87a or 89a.
    Gif,
    /// WebP.
    Webp,
    /// HEIC or HEIF (ISO 23008-12).
    Heic,
    /// AVIF.
    Avif,
    /// JPEG XL, codestream or container.
    Jxl,
    /// JPEG 2000, codestream or container.
    Jp2,
    /// Windows bitmap.
    Bmp,
    /// TIFF, and the camera raw formats built on it (NEF, CR2, DNG, ARW).
    Tiff,
    /// SVG.
    Svg,
    /// PDF.
    Pdf,
    /// Adobe Photoshop.
    Psd,
    /// Windows icon or cursor.
    Ico,
    /// Word document (Office Open XML).
    Docx,
    /// Excel workbook (Office Open XML).
    Xlsx,
    /// PowerPoint presentation (Office Open XML).
    Pptx,
    /// Older Microsoft Office document (OLE compound file).
    Ole,
    /// ZIP archive that is none of the Office formats.
    Zip,
    /// RAR archive.
    Rar,
    /// 7-Zip archive.
    #[serde(rename = "7z")]
    SevenZ,
    /// gzip stream.
    Gzip,
    /// MP4 video, and its relatives.
    Mp4,
    /// QuickTime movie.
    Mov,
    /// Matroska or WebM video.
    Webm,
    /// HTML page, often an error page saved under a picture's name.
    Html,
    /// XML other than SVG.
    Xml,
    /// Plain text.
    Text,
    /// Nothing that is known here.
    #[default]
    Unknown,
}

/// How colours are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ColorModel {
    /// One grey channel.
    Gray,
    /// Grey and transparency.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and transparency.
    Rgba,
    /// A palette of colours.
    Indexed,
    /// Luma and two colour differences: the usual photo.
    Ycbcr,
    /// Printing inks.
    Cmyk,
    /// Printing inks as luma, colour differences and black.
    Ycck,
    /// None of these, or not stated.
    #[default]
    Unknown,
}

/// How the pixels are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coding {
    /// JPEG baseline sequential (SOF0).
    Baseline,
    /// JPEG extended sequential, Huffman (SOF1).
    ExtendedSequential,
    /// JPEG progressive, Huffman (SOF2).
    Progressive,
    /// JPEG lossless (SOF3, SOF11) or JPEG-LS (SOF55): not shown by browsers.
    Lossless,
    /// JPEG hierarchical (SOF5-7, SOF13-15): not shown by browsers.
    Hierarchical,
    /// JPEG with arithmetic coding (SOF9, SOF10): not shown by browsers.
    Arithmetic,
    /// PNG, rows in order.
    Deflate,
    /// PNG, Adam7.
    DeflateInterlaced,
    /// GIF.
    Lzw,
    /// Not known.
    #[default]
    Unknown,
}

impl DamageKind {
    /// The name as messages know it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidStructure => "invalid-structure",
            Self::ChecksumMismatch => "checksum-mismatch",
            Self::ExtraDataChecksumMismatch => "extra-data-checksum-mismatch",
            Self::MissingPart => "missing-part",
            Self::WrongOrder => "wrong-order",
            Self::UnexpectedMarker => "unexpected-marker",
            Self::NoPixels => "no-pixels",
            Self::MissingImageData => "missing-image-data",
            Self::InvalidPixelData => "invalid-pixel-data",
        }
    }
}

impl ColorModel {
    /// The name as it is written in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gray => "gray",
            Self::GrayAlpha => "gray-alpha",
            Self::Rgb => "rgb",
            Self::Rgba => "rgba",
            Self::Indexed => "indexed",
            Self::Ycbcr => "ycbcr",
            Self::Cmyk => "cmyk",
            Self::Ycck => "ycck",
            Self::Unknown => "unknown",
        }
    }
}

/// What is wrong with the structure of a file; the first such thing that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DamageKind {
    /// A length, count or size in the file contradicts the format.
    InvalidStructure,
    /// A checksum does not fit its data.
    ChecksumMismatch,
    /// A checksum over data that programs may skip (a PNG ancillary chunk) does not fit; the picture itself is sound.
    ExtraDataChecksumMismatch,
    /// Something that has to come before is missing (tables, header, palette).
    MissingPart,
    /// Parts come in an order that the format forbids.
    WrongOrder,
    /// A marker or code stands where picture data has to be.
    UnexpectedMarker,
    /// The picture has no pixels: width or height is zero.
    NoPixels,
    /// The file ends properly but holds far too little picture data for its size.
    MissingImageData,
    /// The coded pixels contradict their coding; only decoding shows that.
    InvalidPixelData,
}

/// Damage with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// What is wrong.
    pub kind: DamageKind,
    /// Where, in bytes from the start of the file.
    pub byte_offset: u64,
}

/// How the file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Ending {
    /// The end marker was reached; the picture ends before this offset.
    Complete {
        /// One past the last byte of the picture.
        end_offset: u64,
    },
    /// The file stops before its end marker.
    Truncated {
        /// Where data was expected and none was left.
        byte_offset: u64,
    },
    /// The end was not looked at: only the first part of a very large file was read, or damage stopped the walk.
    #[default]
    NotReached,
}

/// What the bytes behind the picture's end are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrailingKind {
    /// Further pictures that the file itself declares (MPF): previews, gain maps, the second view of a 3D photo.
    DeclaredPictures,
    /// A further picture that nothing declares.
    Picture,
    /// A film: motion photo or live photo.
    Video,
    /// An archive.
    Archive,
    /// Only zero bytes.
    Padding,
    /// Anything else.
    Other,
}

/// Bytes behind the end of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trailing {
    /// Where they begin.
    pub byte_offset: u64,
    /// How many there are.
    pub size_bytes: u64,
    /// What they are.
    pub kind: TrailingKind,
}

/// Camera data. Texts are trimmed, cut at 128 characters, `null` when absent or empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Exif {
    /// Maker of the camera.
    pub make: Option<String>,
    /// Model of the camera.
    pub model: Option<String>,
    /// Program or firmware that wrote the file.
    pub software: Option<String>,
    /// When the photo was taken, as written: `YYYY:MM:DD hh:mm:ss`.
    pub taken_at: Option<String>,
    /// Whether a place (latitude or longitude) is recorded. The place itself is never read out.
    pub has_location: bool,
}

/// What the header and the structure of a JPEG, PNG or GIF say.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PictureFacts {
    /// Width as stored, before Exif orientation; 0 when not known.
    pub stored_width_px: u32,
    /// Height as stored, before Exif orientation; 0 when not known.
    pub stored_height_px: u32,
    /// Exif orientation, 1 to 8; 1 when absent or out of range.
    pub exif_orientation: u8,
    /// Number of frames; 1 for a still picture.
    pub frames: u32,
    /// How often an animation is played; 0 = for ever, `None` when not stated.
    pub loops: Option<u32>,
    /// How colours are stored.
    pub color_model: ColorModel,
    /// Bits per sample, 1 to 16; 0 when not known.
    pub bits_per_sample: u8,
    /// How the pixels are coded.
    pub coding: Coding,
    /// Whether an ICC colour profile is embedded.
    pub has_icc_profile: bool,
    /// How the file ends.
    pub ending: Ending,
    /// The first damage, if any.
    pub damage: Option<Damage>,
    /// What follows the picture, if anything.
    pub trailing: Option<Trailing>,
    /// From the first to one past the last byte of coded pixels, where known: the part that makes two files the same photo.
    pub image_data: Option<Range<u64>>,
    /// Camera data; `None` when the file has none.
    pub exif: Option<Exif>,
    /// Focal length in pixels of the picture as stored, to about 6 % (one standard deviation); `None` unless the camera data
    /// state one that holds for all of the picture.
    pub focal_length_px: Option<f64>,
    /// Names of programs found outside Exif: XMP `CreatorTool`, Photoshop resources, PNG `Software`, GIF comments.
    pub writer_programs: Vec<String>,
    /// Whether XMP records a place.
    pub xmp_has_location: bool,
}

impl PictureFacts {
    /// Width and height in pixels as displayed: swapped when Exif turns the picture by a quarter.
    #[must_use]
    pub fn displayed_size_px(&self) -> (u32, u32) {
        if self.exif_orientation >= 5 {
            (self.stored_height_px, self.stored_width_px)
        } else {
            (self.stored_width_px, self.stored_height_px)
        }
    }

    /// Whether a camera or a scanner names itself in the camera data, which programs that draw or copy pictures do not.
    #[must_use]
    pub fn is_from_camera(&self) -> bool {
        self.exif.as_ref().is_some_and(|exif| exif.make.is_some() || exif.model.is_some())
    }

    /// Whether the whole structure was walked, to its end marker and without damage.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.damage.is_none() && matches!(self.ending, Ending::Complete { .. })
    }
}

/// Everything that the bytes of a file say without decoding a pixel.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct FileFacts {
    /// Size of the whole file.
    pub size_bytes: u64,
    /// How many bytes from its start were looked at; less than `size_bytes` for very large files.
    pub read_bytes: u64,
    /// What the content is.
    pub format: Format,
    /// The picture; `None` unless `format` is JPEG, PNG or GIF.
    pub picture: Option<PictureFacts>,
}

/// How much two files have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sameness {
    /// One of them could not be read.
    Unknown,
    /// Nothing that can be seen from the bytes.
    Different,
    /// The same bytes.
    SameFile,
    /// The same coded pixels, other metadata.
    SamePicture,
}

/// What the caller says about the file. A claim, not a fact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Declared {
    /// File name with extension.
    pub file_name: Option<String>,
    /// MIME type, as the browser derived it from the name.
    pub mime_type: Option<String>,
}

impl Format {
    /// Every format that is told apart.
    pub const ALL: &'static [Self] = &[
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Heic,
        Self::Avif,
        Self::Jxl,
        Self::Jp2,
        Self::Bmp,
        Self::Tiff,
        Self::Svg,
        Self::Pdf,
        Self::Psd,
        Self::Ico,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Ole,
        Self::Zip,
        Self::Rar,
        Self::SevenZ,
        Self::Gzip,
        Self::Mp4,
        Self::Mov,
        Self::Webm,
        Self::Html,
        Self::Xml,
        Self::Text,
        Self::Unknown,
    ];

    /// MIME type as registered, or the one in common use; `application/octet-stream` when unknown.
    #[must_use]
    pub const fn mime_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Jxl => "image/jxl",
            Self::Jp2 => "image/jp2",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Svg => "image/svg+xml",
            Self::Pdf => "application/pdf",
            Self::Psd => "image/vnd.adobe.photoshop",
            Self::Ico => "image/vnd.microsoft.icon",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Ole => "application/x-ole-storage",
            Self::Zip => "application/zip",
            Self::Rar => "application/vnd.rar",
            Self::SevenZ => "application/x-7z-compressed",
            Self::Gzip => "application/gzip",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Webm => "video/webm",
            Self::Html => "text/html",
            Self::Xml => "application/xml",
            Self::Text => "text/plain",
            Self::Unknown => "application/octet-stream",
        }
    }

    /// The name as it is written in reports and rule files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Jxl => "jxl",
            Self::Jp2 => "jp2",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Psd => "psd",
            Self::Ico => "ico",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Ole => "ole",
            Self::Zip => "zip",
            Self::Rar => "rar",
            Self::SevenZ => "7z",
            Self::Gzip => "gzip",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Webm => "webm",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Text => "text",
            Self::Unknown => "unknown",
        }
    }
}
