//! What was found out about the picture itself, from its pixels: plain data, named with units, never a judgement.
//!
//! `measure` and `locate` fill it, `checks` compare it with limits.

use serde::Serialize;

use crate::facts::{FileFacts, Sameness};
use crate::geometry::Quad;

/// The kind of document in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum DocumentKind {
    /// A card of 85.60 x 53.98 mm (ISO/IEC 7810 ID-1): resident identity card, travel and residence permits.
    #[serde(rename = "id-1-card")]
    Id1Card,
    /// The data page of a passport.
    PassportPage,
    /// An open passport.
    PassportOpen,
    /// A4, upright.
    A4Portrait,
    /// A4, lying.
    A4Landscape,
    /// A3, lying: the large form of the business licence.
    A3Landscape,
    /// None of these, or not known.
    Unknown,
}

impl DocumentKind {
    /// Long and short side in millimetres, as the standards of the kind say; `None` when the kind is not known.
    #[must_use]
    pub const fn sides_mm(self) -> Option<(f64, f64)> {
        match self {
            // ISO/IEC 7810, ID-1.
            Self::Id1Card => Some((85.60, 53.98)),
            // ISO/IEC 7810, ID-3, and two of them.
            Self::PassportPage => Some((125.0, 88.0)),
            Self::PassportOpen => Some((176.0, 125.0)),
            // ISO 216.
            Self::A4Portrait | Self::A4Landscape => Some((297.0, 210.0)),
            Self::A3Landscape => Some((420.0, 297.0)),
            Self::Unknown => None,
        }
    }

    /// Long side divided by short side; `None` when the kind is not known.
    #[must_use]
    pub fn aspect_ratio(self) -> Option<f64> {
        self.sides_mm().map(|(long, short)| long / short)
    }

    /// The kind with this name in reports, if there is one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "id-1-card" => Self::Id1Card,
            "passport-page" => Self::PassportPage,
            "passport-open" => Self::PassportOpen,
            "a4-portrait" => Self::A4Portrait,
            "a4-landscape" => Self::A4Landscape,
            "a3-landscape" => Self::A3Landscape,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

/// Whether the document lies wholly in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum InFrame {
    /// All four corners are in the picture.
    Whole,
    /// The document leaves the picture.
    CutOff,
    /// A scan: the document is the picture.
    FillsFrame,
}

/// Where the document is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentFacts {
    /// Kind of document by its shape.
    pub kind: DocumentKind,
    /// Corners in pixels of the displayed picture, clockwise from the one with the smallest `x + y`.
    pub quad: Quad,
    /// Long side divided by short side of the document itself, perspective removed.
    pub aspect_ratio: f64,
    /// Half width of the 95 % interval of `aspect_ratio`.
    pub aspect_ratio_uncertainty: f64,
    /// Share of the picture that the document covers, 0 to 1.
    pub coverage: f64,
    /// Rotation in degrees, clockwise, -180 to 180.
    pub rotation_deg: f64,
    /// Tilt of the camera against the document in degrees, 0 to 90.
    pub tilt_deg: f64,
    /// Probability that every corner of `quad` is right (intersection over union at least 0.9), 0 to 1.
    pub confidence: f64,
    /// Whether the document lies wholly in the picture.
    pub in_frame: InFrame,
}

impl DocumentFacts {
    /// Confidence from which other measures and checks go by the corners; below, a person has to look.
    ///
    /// Of 180 rendered and 40 real photos, three quads above it had an overlap with the truth below 0.9, none below 0.85.
    pub const SURE: f64 = 0.6;

    /// Whether the corners are certain enough to go by.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.confidence >= Self::SURE
    }

    /// Confidence from which the quality of the photo is measured inside the quad: below, in the whole picture. Of those
    /// between this and [`Self::SURE`], two in three are right, and most others hold a part of the document.
    pub const LIKELY: f64 = 0.3;

    /// Whether the document probably lies within the corners.
    #[must_use]
    pub fn is_likely(&self) -> bool {
        self.confidence >= Self::LIKELY
    }

    /// Share by which proportions may differ from those of a kind.
    const SHAPE_TOLERANCE: f64 = 0.035;

    /// The kind, where the picture may show these: of kinds with nearly the same proportions (A4, the page of a passport, an
    /// open one) only what is asked for tells which it is.
    #[must_use]
    pub fn kind_among(&self, expected: &[DocumentKind]) -> DocumentKind {
        let off = |kind: DocumentKind| kind.aspect_ratio().map(|ratio| (self.aspect_ratio / ratio - 1.0).abs());
        let fits = expected.iter().filter_map(|kind| Some((*kind, off(*kind)?)));
        if self.kind == DocumentKind::Unknown || expected.contains(&self.kind) {
            return self.kind;
        }
        let nearest = fits.filter(|(_, off)| *off <= Self::SHAPE_TOLERANCE).min_by(|a, b| a.1.total_cmp(&b.1));
        nearest.map_or(self.kind, |(kind, _)| kind)
    }
}

/// How sharp the print is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Sharpness {
    /// Distance in px of the file over which edges of print rise from 10 % to 90 %: median over the printed tiles.
    pub edge_width_px: f64,
    /// The same where the photo is sharpest (15 % of the tiles are sharper).
    pub sharpest_px: f64,
    /// The same where it is softest (15 % of the tiles are softer).
    pub softest_px: f64,
    /// Box around the softest tiles in the displayed picture.
    pub softest_region: Option<Quad>,
    /// Share of the printed tiles that are as soft as that.
    pub softest_share: f64,
    /// Tiles with enough print to be measured.
    pub printed_tiles: u32,
    /// Height of the strong edges, of 255.
    pub print_height: f64,
    /// Median width in px of dark strokes; `None` without any.
    pub stroke_width_px: Option<f64>,
    /// Edge width in px of the softest of four directions; `None` without enough edges.
    pub widest_direction_px: Option<f64>,
    /// Edge width in the softest direction divided by that in the sharpest; 1 = no motion.
    pub motion_ratio: Option<f64>,
    /// Direction of the softest edges' blur in the displayed picture, clockwise from the x axis, 0 to 180.
    pub motion_direction_deg: Option<f64>,
}

/// How bright the picture is. Luma runs from 0 (black) to 255 (white).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Light {
    /// 1 % of the pixels are darker.
    pub luma_p01: f64,
    /// 5 % of the pixels are darker.
    pub luma_p05: f64,
    /// Median.
    pub luma_p50: f64,
    /// 5 % of the pixels are brighter.
    pub luma_p95: f64,
    /// 1 % of the pixels are brighter.
    pub luma_p99: f64,
    /// 1 % of the pixels of the whole picture are brighter.
    pub frame_luma_p99: f64,
    /// Share of pixels at the upper end of the scale, 0 to 1.
    pub clipped_bright_share: f64,
    /// Share of pixels at the lower end of the scale, 0 to 1.
    pub clipped_dark_share: f64,
    /// Light on the darkest part of the paper divided by that on a bright part, in linear light, 0 to 1.
    pub evenness: Option<f64>,
    /// Share of the step from bright to dark paper that lies within three blocks of pixels: 1 at the border of a printed
    /// field, less at that of a shadow. `None` where nothing is dark.
    pub shade_edge_share: Option<f64>,
    /// How far the colour of the darkest part is from that of bright paper, as if both were as bright as white: distance in
    /// units of Cb and Cr. Small in a shadow, large on a printed field. `None` without colour.
    pub shade_tint: Option<f64>,
    /// Box around the darkest part in the displayed picture.
    pub darkest_region: Option<Quad>,
}

/// Mirrored lamps on the document.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Glare {
    /// Whether it was looked for inside a document rather than in the whole picture.
    pub on_document: bool,
    /// Share of the document that glare covers, 0 to 1.
    pub share: f64,
    /// Share of the document that the largest patch covers.
    pub largest_share: f64,
    /// Share of that patch's rim where its light fades slowly, 0 to 1; `None` without a patch.
    pub rim_softness: Option<f64>,
    /// Box around the largest patch in the displayed picture.
    pub region: Option<Quad>,
}

/// Colours of the document, in units of Cb and Cr (ITU-T T.871, 0 = grey, 127 = the most).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Color {
    /// Whether it was looked for inside a document rather than in the whole picture.
    pub on_document: bool,
    /// Share of places of the whole picture that are exactly grey.
    pub gray_share: f64,
    /// Colour of white paper: the tint of the light.
    pub tint: f64,
    /// Share of places with a colour other than the tint.
    pub colored_share: f64,
    /// Distance from the tint that 1 % of the places exceed.
    pub beyond_tint_p99: f64,
    /// The same of 0.1 % of the places: a small seal has more of them than that.
    pub beyond_tint_p999: f64,
    /// Median distance from the tint.
    pub beyond_tint_p50: f64,
}

/// Noise and traces of JPEG, of the whole picture.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Compression {
    /// Standard deviation of the noise in quiet places, of 255.
    pub noise_sigma: f64,
    /// Quality by the quantisation steps on the IJG scale, 1 to 100; `None` for files other than JPEG.
    pub jpeg_quality: Option<f64>,
    /// Steps at the borders of 8-pixel blocks divided by those elsewhere; 1 = no blocks.
    pub blockiness: Option<f64>,
    /// Column in 0..8 where such borders lie; other than 0 where a JPEG was cut and saved again.
    pub block_phase_px: u8,
}

/// Signs of a screen, in the whole picture.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Screen {
    /// Share of blocks whose pixels are all the same, and neither white nor black.
    pub flat_share: f64,
    /// Share of rows whose pixels are all the same.
    pub flat_row_share: f64,
    /// Power of the strongest fine regular pattern over the median power; `None` for small pictures.
    pub grid_prominence: Option<f64>,
}

/// Which way lines of print run.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Reading {
    /// 1 = along the document's upper side, -1 = along its left side, near 0 = neither.
    pub across: f64,
    /// Patches with print that were compared.
    pub patches: u32,
}

/// Whether lines of print stand upright or are turned by half.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Upright {
    /// Mean over patches of how surely a patch stands upright, -1 to 1: 0.3 and more for clear print, -0.3 and less where it
    /// is turned by half, near 0 where there is nothing to tell it. Upright means that the top of the characters points to
    /// the upper side of the document where its lines run across, to its right side where they run down.
    pub mean: f64,
    /// Standard error of the mean.
    pub standard_error: f64,
    /// Patches that were looked at.
    pub patches: u32,
}

/// How high lines of print are, and how they stand.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Print {
    /// Height in px of the file of small print, from the top of its characters to their foot: a tenth of the lines are
    /// lower. At least 3.
    pub small_px: f64,
    /// Median height in px of the lines.
    pub middle_px: f64,
    /// Parts of lines that were measured.
    pub lines: u32,
    /// Whether they stand upright; `None` with too few places where that can be told.
    pub upright: Option<Upright>,
}

/// What the pixels show, inside the document where one was found, else in the whole picture.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PixelFacts {
    /// Share of the picture's rows that could be decoded, 0 to 1.
    pub decoded_share: f64,
    /// Sharpness of the print; `None` where there is too little print to measure.
    pub sharpness: Option<Sharpness>,
    /// Light and exposure.
    pub light: Option<Light>,
    /// Mirrored lamps.
    pub glare: Option<Glare>,
    /// Colours; `None` where the file stores none.
    pub color: Option<Color>,
    /// Noise and compression.
    pub compression: Option<Compression>,
    /// Signs of a screen.
    pub screen: Option<Screen>,
    /// Which way the print runs; `None` without a document or with too little print.
    pub reading: Option<Reading>,
    /// How high the print is; `None` without a document or with too few lines of print.
    pub print: Option<Print>,
}

impl PixelFacts {
    /// Height of the print's strong edges as a share of the paper's luma, 0 to 1; `None` without print.
    #[must_use]
    pub fn print_contrast(&self) -> Option<f64> {
        let (sharpness, light) = (self.sharpness.as_ref()?, self.light.as_ref()?);
        Some((sharpness.print_height / light.luma_p95.max(1.0)).min(1.0))
    }

    /// The values as reports name them; `None` is not available.
    #[must_use]
    pub fn measures(&self) -> Vec<(&'static str, Option<f64>)> {
        let sharpness = self.sharpness.as_ref();
        let light = self.light.as_ref();
        let glare = self.glare.as_ref();
        let color = self.color.as_ref();
        let compression = self.compression.as_ref();
        let screen = self.screen.as_ref();
        vec![
            ("decodedShare", Some(self.decoded_share)),
            ("edgeWidthPx", sharpness.map(|s| s.edge_width_px)),
            ("edgeWidthSharpestPx", sharpness.map(|s| s.sharpest_px)),
            ("edgeWidthSoftestPx", sharpness.map(|s| s.softest_px)),
            ("strokeWidthPx", sharpness.and_then(|s| s.stroke_width_px)),
            ("textHeightPx", self.print.as_ref().map(|p| p.small_px)),
            ("motionRatio", sharpness.and_then(|s| s.motion_ratio)),
            ("motionDirectionDeg", sharpness.and_then(|s| s.motion_direction_deg)),
            ("lumaP01", light.map(|l| l.luma_p01)),
            ("lumaP05", light.map(|l| l.luma_p05)),
            ("lumaP50", light.map(|l| l.luma_p50)),
            ("lumaP95", light.map(|l| l.luma_p95)),
            ("lumaP99", light.map(|l| l.luma_p99)),
            ("clippedBrightShare", light.map(|l| l.clipped_bright_share)),
            ("clippedDarkShare", light.map(|l| l.clipped_dark_share)),
            ("printContrast", self.print_contrast()),
            ("lightEvenness", light.and_then(|l| l.evenness)),
            ("shadeEdgeShare", light.and_then(|l| l.shade_edge_share)),
            ("glareShare", glare.map(|g| g.share)),
            ("grayShare", color.map(|c| c.gray_share)),
            ("tint", color.map(|c| c.tint)),
            ("coloredShare", color.map(|c| c.colored_share)),
            ("noiseSigma", compression.map(|c| c.noise_sigma)),
            ("jpegQuality", compression.and_then(|c| c.jpeg_quality)),
            ("blockiness", compression.and_then(|c| c.blockiness)),
            ("flatShare", screen.map(|s| s.flat_share)),
            ("gridProminence", screen.and_then(|s| s.grid_prominence)),
            ("readingAcross", self.reading.as_ref().map(|r| r.across)),
            ("printUpright", self.print.as_ref().and_then(|p| Some(p.upright.as_ref()?.mean))),
        ]
    }
}

/// Brightness and colour of a part of the picture: means, 0 to 255; 128 = no colour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tone {
    /// Brightness after ITU-T T.871.
    pub luma: f64,
    /// Blue difference.
    pub cb: f64,
    /// Red difference.
    pub cr: f64,
}

impl Tone {
    /// Luma below which noise and rounding decide; darker places count as this bright.
    const LEAST_LUMA: f64 = 8.0;

    /// Brightness in linear light, 0 to 1.
    #[must_use]
    pub fn light(&self) -> f64 {
        to_light(self.luma.max(Self::LEAST_LUMA) / 255.0)
    }
}

/// Exponent of the encoding: 2.2 is that of sRGB without its foot.
const GAMMA: f64 = 2.2;

/// Linear light of an encoded brightness, both 0 to 1.
pub(crate) fn to_light(brightness: f64) -> f64 {
    power(brightness, GAMMA)
}

/// The encoded brightness of linear light, both 0 to 1.
pub(crate) fn from_light(light: f64) -> f64 {
    power(light, 1.0 / GAMMA)
}

/// A power of a number from 0 on. The standard library's takes care of all others, in a kilobyte.
fn power(base: f64, exponent: f64) -> f64 {
    (base.ln() * exponent).exp()
}

/// A picture in a few thousand bytes: brightness on a grid, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Fingerprint(pub Vec<u8>);

/// What lies around the document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surroundings {
    /// Share of the picture that it covers, 0 to 1.
    pub share: f64,
    /// Its mean brightness and colour.
    pub tone: Tone,
    /// Standard deviation of its brightness, 0 to 128.
    pub luma_sigma: f64,
    /// Mean difference of neighbouring samples at 1/8 scale, in luma steps: smooth table or patterned cloth.
    pub texture: f64,
    /// How much brighter it gets from the left edge to the right and from the upper to the lower, in luma steps.
    pub shade: [f64; 2],
}

/// What a picture looks like as a whole, for comparing two of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppearanceFacts {
    /// The picture as it is stored, before Exif orientation, on a grid of [`crate::measure::FRAME_GRID`].
    pub frame: Fingerprint,
    /// The document without its perspective on a grid of [`crate::measure::DOCUMENT_GRID`], long side across.
    pub document: Option<Fingerprint>,
    /// Tone of the document.
    pub document_tone: Option<Tone>,
    /// What lies around the document; `None` without a document or without room around it.
    pub surroundings: Option<Surroundings>,
    /// How red the upper left part of the document is beside the rest, in steps of Cr, for the document as it lies and
    /// turned by half: where a resident ID card bears the national emblem.
    pub emblem_red: Option<[f64; 2]>,
}

/// Digests of a file's bytes, for telling whether two files are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Of the whole file.
    pub file: u64,
    /// Of the coded pixels alone; `None` where their place is not known.
    pub picture: Option<u64>,
}

/// Everything about one photo.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PhotoFacts {
    /// What the bytes say.
    pub file: FileFacts,
    /// Digests of the bytes; `None` for an empty file or one that was not read whole.
    pub digest: Option<Digest>,
    /// What the picture looks like, for comparing it with others; `None` when nothing could be decoded.
    pub appearance: Option<AppearanceFacts>,
    /// What the pixels show; `None` when none could be decoded.
    pub pixels: Option<PixelFacts>,
    /// Where the document is; `None` when it was not found.
    pub document: Option<DocumentFacts>,
}

/// How much two photos look alike. Correlations: 1 = the same but for light, 0 = nothing in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Of the whole pictures, as they are or turned by quarters or mirrored.
    pub frame: f64,
    /// Of the fine detail in the part of the whole pictures, one of 64, that has the least in common.
    pub detail: f64,
    /// Of the documents without their perspective; `None` unless both were found.
    pub document: Option<f64>,
    /// How far the second document's corners are from a cut and scaled copy of the first's, as a share of its diagonal.
    pub crop_error: Option<f64>,
    /// The smaller cut laid over the larger; `None` unless their documents lie alike and the pictures are alike there.
    pub cut: Option<Cut>,
}

/// How much a picture is a part of another one, cut out and scaled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// Correlation over what both show.
    pub frame: f64,
    /// That of the detail in the part that has the least in common.
    pub detail: f64,
    /// How far the map between both is from a mere scaling: largest difference of a term of its matrix, as a share of the
    /// scale.
    pub twist: f64,
}

/// A measured ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The ratio.
    pub value: f64,
    /// Probability that both documents were located rightly, 0 to 1.
    pub confidence: f64,
}

/// Facts about both photos; `None` for a file that could not be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairFacts<'a> {
    /// The front.
    pub front: Option<&'a PhotoFacts>,
    /// The back.
    pub back: Option<&'a PhotoFacts>,
    /// Whether the two are the same, byte for byte.
    pub sameness: Sameness,
    /// How much they look alike; `None` unless both were decoded.
    pub likeness: Option<Likeness>,
    /// Scale of the back's document divided by that of the front's; `None` unless both are whole in their pictures.
    pub scale_ratio: Option<Ratio>,
}
