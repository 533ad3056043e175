//! Remedies that a program can carry out: a new file with what was changed and lost. Nothing here judges.

use serde::Serialize;

use crate::decode;
use crate::file;
use crate::geometry;
use crate::limits::DecodeLimits;
use crate::photo_facts::PhotoFacts;
use crate::render::{self, Encoded, Layout, Piece, Plan, Sheet};
use crate::report::{FindingReport, PhotoReport};

/// Width of the thinnest median stroke in px below which print is no longer legible: two strokes of a Chinese character
/// that lie a stroke apart run together below about one pixel (sampling theorem).
pub const LEAST_STROKE_PX: f64 = 1.0;

/// What was done to a picture, or what it cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Change {
    /// What it is about; stable, e.g. `spliced`, `scaled`, `quality`.
    pub kind: String,
    /// The new value; `null` where there is none.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Option<String>,
    /// The same in words of the chosen language.
    pub message: String,
}

/// What came of a remedy, without the new file itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FixReport {
    /// What was done, in order.
    pub changes: Vec<Change>,
    /// What it cost.
    pub losses: Vec<Change>,
    /// The first picture as it was given.
    pub before: PhotoReport,
    /// All pictures as they were given.
    pub sources: Vec<PhotoReport>,
    /// The new file, checked again; `null` when there is none.
    pub after: Option<PhotoReport>,
    /// Why there is no new file; `null` when there is one.
    pub refusal: Option<FindingReport>,
}

/// Why a remedy cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A picture could not be decoded; its position.
    Undecoded(usize),
    /// No quality and size fits under the limit.
    TooLarge,
    /// The print would no longer be legible.
    Illegible,
}

/// Puts pictures on one sheet, one at a time, so that only one of them is in memory.
#[derive(Debug)]
pub struct Splicer {
    plan: Plan,
    sheet: Sheet,
    /// Width of the thinnest median stroke on the sheet, as far as it was measured.
    thinnest_stroke_px: Option<f64>,
    missing: Option<usize>,
}

/// A spliced picture with what it cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Spliced {
    /// The file.
    pub encoded: Encoded,
    /// Scale of each picture in it, in their order.
    pub scales: Vec<f64>,
    /// Width of the thinnest median stroke in it; `None` where no print was measured.
    pub thinnest_stroke_px: Option<f64>,
}

impl Splicer {
    /// Plans a sheet for pictures with these facts.
    ///
    /// # Errors
    /// [`Refusal::Undecoded`] for the first picture without pixels.
    pub fn new(photos: &[&PhotoFacts], layout: Layout) -> Result<Self, Refusal> {
        if let Some(index) = photos.iter().position(|photo| photo.pixels.is_none()) {
            return Err(Refusal::Undecoded(index));
        }
        let pieces: Vec<Piece> = photos.iter().map(|photo| piece(photo)).collect();
        let plan = render::plan(&pieces, layout).ok_or(Refusal::Undecoded(0))?;
        let strokes = photos
            .iter()
            .zip(&plan.scales)
            .filter_map(|(photo, scale)| Some(photo.pixels.as_ref()?.sharpness.as_ref()?.stroke_width_px? * scale));
        Ok(Self {
            thinnest_stroke_px: strokes.min_by(f64::total_cmp),
            sheet: Sheet::white(plan.width_px, plan.height_px),
            plan,
            missing: None,
        })
    }

    /// Decodes one picture and puts it in its place.
    pub fn add(&mut self, index: usize, bytes: &[u8]) {
        let facts = file::read_facts(bytes, bytes.len() as u64);
        match (decode::decode(bytes, &facts, &DecodeLimits::default()), self.plan.places.get(index)) {
            (Ok(planes), Some(&place)) => self.sheet.put(&planes, place),
            _ => self.missing = self.missing.or(Some(index)),
        }
    }

    /// Saves the sheet with fewer than `max_bytes` bytes.
    ///
    /// # Errors
    /// [`Refusal`] when a picture could not be decoded, nothing fits, or the print would not be legible any more.
    pub fn finish(self, max_bytes: u64) -> Result<Spliced, Refusal> {
        if let Some(index) = self.missing {
            return Err(Refusal::Undecoded(index));
        }
        let encoded = render::encode_below(self.sheet, max_bytes).ok_or(Refusal::TooLarge)?;
        let thinnest_stroke_px = self.thinnest_stroke_px.map(|stroke_px| stroke_px * encoded.scale);
        if thinnest_stroke_px.is_some_and(|stroke_px| stroke_px < LEAST_STROKE_PX) {
            return Err(Refusal::Illegible);
        }
        let scales = self.plan.scales.iter().map(|scale| scale * encoded.scale).collect();
        Ok(Spliced { encoded, scales, thinnest_stroke_px })
    }
}

fn piece(photo: &PhotoFacts) -> Piece {
    let (width_px, height_px) = photo.file.picture.as_ref().map_or((0, 0), |picture| picture.displayed_size_px());
    let document = photo.document.as_ref().filter(|document| document.is_sure());
    let px_per_mm = document.and_then(|document| {
        let (long_mm, short_mm) = document.kind.sides_mm()?;
        Some(geometry::scale_at_center(&geometry::lying(&document.quad), long_mm / short_mm)? / short_mm)
    });
    Piece { width_px, height_px, px_per_mm }
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Layout, Refusal, Splicer};
    use crate::photo_facts::PhotoFacts;
    use crate::precheck::measure_photo;

    fn picture(width_px: u32, height_px: u32, gray: u8) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = image::GrayImage::from_pixel(width_px, height_px, image::Luma([gray]));
        picture.write_to(&mut bytes, image::ImageFormat::Png).expect("memory is writable");
        bytes.into_inner()
    }

    #[test]
    fn two_pictures_come_out_one_below_the_other() {
        let files = [picture(60, 40, 40), picture(60, 80, 200)];
        let facts = files.each_ref().map(|bytes| measure_photo(bytes, bytes.len() as u64));
        let mut splicer = Splicer::new(&facts.each_ref(), Layout::Vertical).expect("both were decoded");
        for (index, bytes) in files.iter().enumerate() {
            splicer.add(index, bytes);
        }
        let spliced = splicer.finish(100_000).expect("fits");
        assert_eq!(spliced.scales, [1.0, 1.0]);
        let sheet = image::load_from_memory(&spliced.encoded.bytes).expect("a JPEG").to_luma8();
        assert_eq!(sheet.width(), 60);
        assert!(sheet.get_pixel(30, 20).0[0].abs_diff(40) < 6 && sheet.get_pixel(30, 100).0[0].abs_diff(200) < 6);
    }

    #[test]
    fn what_cannot_be_decoded_is_named_by_its_position() {
        let good = picture(10, 10, 0);
        let facts = measure_photo(&good, good.len() as u64);
        let bad = PhotoFacts::default();
        assert_eq!(Splicer::new(&[&facts, &bad], Layout::Grid).err(), Some(Refusal::Undecoded(1)));
        let mut splicer = Splicer::new(&[&facts, &facts], Layout::Grid).expect("both were decoded");
        splicer.add(0, &good);
        splicer.add(1, b"not a picture");
        assert_eq!(splicer.finish(100_000).err(), Some(Refusal::Undecoded(1)));
        let mut splicer = Splicer::new(&[&facts], Layout::Grid).expect("it was decoded");
        splicer.add(0, &good);
        assert_eq!(splicer.finish(10).err(), Some(Refusal::TooLarge));
    }
}
