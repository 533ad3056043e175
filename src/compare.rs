//! Two photos beside each other: from the facts of each to the facts of the pair. Nothing here judges.

use std::ops::Range;

use crate::facts::{FileFacts, Sameness};
use crate::geometry::{self, Point, Quad};
use crate::measure::{DOCUMENT_GRID, FRAME_GRID};
use crate::overlay::{Grid, Turn};
use crate::photo_facts::{Cut, Digest, DocumentFacts, InFrame, Likeness, PairFacts, PhotoFacts, Ratio};
use crate::registration::{self, Affine, Picture};

/// Everything that is true of both photos together; `None` is a file that could not be read.
#[must_use]
pub fn compare<'a>(front: Option<&'a PhotoFacts>, back: Option<&'a PhotoFacts>) -> PairFacts<'a> {
    let both = front.zip(back);
    let documents = both.and_then(|(front, back)| front.document.as_ref().zip(back.document.as_ref()));
    PairFacts {
        front,
        back,
        sameness: both.map_or(Sameness::Unknown, |(front, back)| sameness(front, back)),
        likeness: both.and_then(|(front, back)| likeness(front, back)),
        scale_ratio: documents.and_then(|(front, back)| scale_ratio(front, back)),
    }
}

/// Whether two files are the same photo, as far as their bytes show it.
#[must_use]
pub fn sameness(front: &PhotoFacts, back: &PhotoFacts) -> Sameness {
    let (Some(front), Some(back)) = (front.digest, back.digest) else { return Sameness::Unknown };
    if front.file == back.file {
        Sameness::SameFile
    } else if front.picture.is_some() && front.picture == back.picture {
        Sameness::SamePicture
    } else {
        Sameness::Different
    }
}

/// How much two photos look alike; `None` when one of them was not decoded.
#[must_use]
pub fn likeness(front: &PhotoFacts, back: &PhotoFacts) -> Option<Likeness> {
    let (a, b) = (front.appearance.as_ref()?, back.appearance.as_ref()?);
    let [(frame_a, document_a), (frame_b, document_b)] = [a, b].map(|seen| {
        let document = seen.document.as_ref().map(|document| Grid::new(document, DOCUMENT_GRID.0));
        (Grid::new(&seen.frame, FRAME_GRID.0).halved(), document)
    });
    // Turns are told apart at a quarter of the size, because this is done of every two photos of a submission.
    let (half_a, half_b) = (frame_a.halved(), frame_b.halved());
    let (_, turn) = best_of_turns(&half_a.halved(), &half_b.halved(), &Turn::ALL);
    let frame = half_a.correlation(&half_b.turned(turn));
    // Only where the whole picture is the mirror image may its document be one.
    let turns = if turn.is_mirrored() && frame >= MIRROR_IMAGE { &Turn::MIRRORED_HALF } else { &Turn::HALF };
    let quads = front.document.as_ref().zip(back.document.as_ref()).map(|(a, b)| (&a.quad, &b.quad));
    let crop_error = quads.and_then(|(a, b)| crop_error(a, b));
    let may_be_cut = crop_error.is_some_and(|error| error <= CUT);
    Some(Likeness {
        frame,
        detail: if frame >= ALIKE { frame_a.least_detail(&frame_b.turned(turn)) } else { 0.0 },
        document: document_a.zip(document_b).map(|(a, b)| best_of_turns(&a, &b, turns).0),
        crop_error,
        cut: quads.filter(|_| may_be_cut).and_then(|quads| cut(front, back, quads)),
    })
}

/// Distance of the corners, as a share of the diagonal, up to which one picture may be cut out of the other: 78 cuts of 39
/// real photos have up to 0.047.
const CUT: f64 = 0.05;

/// One picture laid over the other, the way their documents lie.
fn cut(front: &PhotoFacts, back: &PhotoFacts, (a, b): (&Quad, &Quad)) -> Option<Cut> {
    let (picture_a, picture_b) = (displayed(front)?, displayed(back)?);
    let map = scaling(a, b)?;
    // The part is the one that shows less of the scene.
    let area = |picture: &Picture, scale: f64| picture.size_px[0] * picture.size_px[1] * scale * scale;
    if area(&picture_b, map[0][0]) <= area(&picture_a, 1.0) {
        registration::cut(&picture_a, &picture_b, &map)
    } else {
        registration::cut(&picture_b, &picture_a, &scaling(b, a)?)
    }
}

fn displayed(photo: &PhotoFacts) -> Option<Picture> {
    let (file, seen) = (photo.file.picture.as_ref()?, photo.appearance.as_ref()?);
    let (width_px, height_px) = (f64::from(file.stored_width_px), f64::from(file.stored_height_px));
    let size_px = if file.exif_orientation >= 5 { [height_px, width_px] } else { [width_px, height_px] };
    let turn = Turn::of_exif(file.exif_orientation);
    Some(Picture { grid: Grid::new(&seen.frame, FRAME_GRID.0).turned(turn), size_px })
}

/// The scaling that lays the second quad over the first.
fn scaling(a: &Quad, b: &Quad) -> Option<Affine> {
    let ([ax, ay], [bx, by]) = (geometry::center(a), geometry::center(b));
    let size = |quad: &Quad, [mx, my]: Point| quad.iter().map(|[x, y]| (x - mx).hypot(y - my)).sum::<f64>();
    let scale = size(a, [ax, ay]) / size(b, [bx, by]);
    let is_size = scale.is_finite() && scale > 0.0;
    is_size.then_some([[scale, 0.0, ax - scale * bx], [0.0, scale, ay - scale * by]])
}

/// Correlation of two pictures, one of them mirrored, from which they are mirror images.
const MIRROR_IMAGE: f64 = 0.95;

/// Correlation of two pictures below which their detail is not compared: copies have more.
const ALIKE: f64 = 0.95;

/// The highest correlation over several turns of the second picture, -1 to 1, and the turn that gives it.
fn best_of_turns(a: &Grid, b: &Grid, turns: &[Turn]) -> (f64, Turn) {
    turns
        .iter()
        .map(|&turn| (a.correlation(&b.turned(turn)), turn))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .unwrap_or((0.0, Turn::NONE))
}

/// How far the second quad is from a cut and scaled copy of the first, turned by quarters: largest distance of a corner,
/// as a share of the first quad's diagonal. Two shots of one card never come close to 0; two cuts of one shot do.
fn crop_error(a: &Quad, b: &Quad) -> Option<f64> {
    let (middle_a, middle_b) = (geometry::center(a), geometry::center(b));
    let around = |[mx, my]: Point| move |[x, y]: Point| [x - mx, y - my];
    let a = a.map(around(middle_a));
    let size = |quad: &Quad| quad.iter().map(|[x, y]| x * x + y * y).sum::<f64>().sqrt();
    let scale = size(&a) / size(&b.map(around(middle_b)));
    if !scale.is_finite() || scale <= 0.0 {
        return None;
    }
    let b = b.map(around(middle_b)).map(|[x, y]| [x * scale, y * scale]);
    let diagonal = geometry::distance(a[0], a[2]).max(geometry::distance(a[1], a[3]));
    let mut least = f64::INFINITY;
    let mut turned = b;
    for _ in 0..4 {
        for start in 0..4 {
            let apart = (0..4).map(|index| {
                let other = turned.get((index + start) % 4).copied().unwrap_or([f64::INFINITY; 2]);
                geometry::distance(a.get(index).copied().unwrap_or([0.0; 2]), other)
            });
            least = least.min(apart.fold(0.0, f64::max));
        }
        turned = turned.map(|[x, y]| [-y, x]);
    }
    Some(least / diagonal)
}

/// Scale of the back divided by the scale of the front, both in pixels per length of the document at its middle.
///
/// Both sides of a document have the same shape, so that one ratio of sides serves for both: that of the kind where
/// both agree on it, else the mean of what was measured. `None` where a document leaves its picture.
fn scale_ratio(front: &DocumentFacts, back: &DocumentFacts) -> Option<Ratio> {
    if front.in_frame == InFrame::CutOff || back.in_frame == InFrame::CutOff {
        return None;
    }
    let known = (front.kind == back.kind).then(|| front.kind.aspect_ratio()).flatten();
    let aspect_ratio = known.unwrap_or_else(|| (front.aspect_ratio * back.aspect_ratio).sqrt());
    let scale = |facts: &DocumentFacts| geometry::scale_at_center(&geometry::lying(&facts.quad), aspect_ratio);
    let value = scale(back)? / scale(front)?;
    (value.is_finite() && value > 0.0).then_some(Ratio { value, confidence: front.confidence.min(back.confidence) })
}

/// Digests of a file and of its coded pixels; `None` for an empty file or one that was not read whole.
#[must_use]
pub fn digest(bytes: &[u8], facts: &FileFacts) -> Option<Digest> {
    if bytes.is_empty() || facts.read_bytes != facts.size_bytes {
        return None;
    }
    let picture = facts.picture.as_ref().and_then(|picture| picture.image_data.clone());
    let part = |range: Range<u64>| bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?);
    Some(Digest { file: hash(bytes), picture: picture.and_then(part).filter(|part| !part.is_empty()).map(hash) })
}

/// A fast hash of four rows of words side by side (multiply and rotate, as in FxHash), since a multiplication is started
/// long before the one before it is done. Tells files apart; keeps no secret.
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut rows = [0, 1, 2, 3].map(|row| bytes.len() as u64 + row);
    for block in blocks {
        for (row, word) in rows.iter_mut().zip(block.as_chunks::<8>().0) {
            *row = mix(*row, u64::from_le_bytes(*word));
        }
    }
    let hash = rows.into_iter().fold(0, mix);
    rest.iter().fold(hash, |hash, &byte| mix(hash, u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::{compare, crop_error, digest, hash};
    use crate::checks::testing::{photo, photo_facts};
    use crate::facts::Sameness;
    use crate::photo_facts::{Digest, InFrame, PhotoFacts};

    #[test]
    fn cuts_of_one_shot_are_told_from_two_shots() {
        let quad = [[100.0, 90.0], [500.0, 110.0], [490.0, 380.0], [95.0, 350.0]];
        let cut = quad.map(|[x, y]| [(x - 60.0) * 0.7, (y - 40.0) * 0.7]);
        let turned = quad.map(|[x, y]| [800.0 - y, x]);
        let moved = [[103.0, 92.0], [500.0, 100.0], [495.0, 384.0], [90.0, 355.0]];
        assert!(crop_error(&quad, &cut).expect("has a size") < 1e-9);
        assert!(crop_error(&quad, &turned).expect("has a size") < 1e-9);
        assert!(crop_error(&quad, &moved).expect("has a size") > 0.005);
        assert_eq!(crop_error(&quad, &[[1.0, 1.0]; 4]), None);
    }

    #[test]
    fn the_ratio_is_back_divided_by_front_and_needs_whole_documents() {
        let front = photo_facts();
        let mut back = photo_facts();
        let document = back.document.as_mut().expect("has a document");
        document.quad = document.quad.map(|[x, y]| [x * 0.8, y * 0.8]);
        let ratio = compare(Some(&front), Some(&back)).scale_ratio.expect("both are whole");
        assert!((ratio.value - 0.8).abs() < 1e-6, "{ratio:?}");
        back.document.as_mut().expect("has a document").in_frame = InFrame::CutOff;
        assert_eq!(compare(Some(&front), Some(&back)).scale_ratio, None);
        assert_eq!(compare(Some(&front), None).sameness, Sameness::Unknown);
    }

    #[test]
    fn files_are_told_apart_by_every_byte_and_by_length() {
        let bytes: Vec<u8> = (0..100).collect();
        let mut other = bytes.clone();
        other[99] ^= 1;
        assert_ne!(hash(&bytes), hash(&other));
        assert_ne!(hash(&bytes), hash(&bytes[..99]));
        assert_ne!(hash(&[0]), hash(&[0, 0]));
    }

    #[test]
    fn the_same_pixels_with_other_metadata_are_the_same_picture() {
        let with = |file, picture| PhotoFacts { digest: Some(Digest { file, picture }), ..photo_facts() };
        for (a, b, expect) in [
            (with(1, Some(7)), with(1, Some(7)), Sameness::SameFile),
            (with(1, Some(7)), with(2, Some(7)), Sameness::SamePicture),
            (with(1, Some(7)), with(2, Some(8)), Sameness::Different),
            (with(1, None), with(2, None), Sameness::Different),
            (PhotoFacts::default(), with(1, None), Sameness::Unknown),
        ] {
            assert_eq!(compare(Some(&a), Some(&b)).sameness, expect);
        }
    }

    #[test]
    fn an_empty_or_half_read_file_has_no_digest() {
        assert_eq!(digest(b"", &crate::facts::FileFacts::default()), None);
        let half = crate::facts::FileFacts { read_bytes: 3, ..photo() };
        assert_eq!(digest(b"abc", &half), None);
        let whole = crate::facts::FileFacts { read_bytes: 3, size_bytes: 3, picture: None, ..photo() };
        assert!(digest(b"abc", &whole).is_some_and(|digest| digest.picture.is_none()));
    }
}
