//! Rendered photos of invented documents through the whole program: every defect is noticed, a good photo is not blamed.
//!
//! A small part of what `npm run accuracy` measures; the document is given, since finding it has tests of its own.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use icp_precheck::decode::decode;
use icp_precheck::file::read_facts;
use icp_precheck::finding::Outcome;
use icp_precheck::limits::DecodeLimits;
use icp_precheck::measure::measure;
use icp_precheck::photo_facts::{DocumentFacts, DocumentKind, InFrame, PhotoFacts};
use icp_precheck::report::PhotoReport;
use icp_precheck::{FileRequest, Locale, Precheck, Side, describe_document};
use precheck_scenes::{Copy, Desk, Glare, Paper, Scene, Shadow, encode_jpeg, with_exif};

/// A good photo of a card on a wooden table, half a megapixel.
fn good() -> Scene {
    let mut scene = Scene::good(41);
    scene.paper = Paper::CardFront;
    scene.desk = Desk::Wood;
    scene.size_px = [880, 660];
    scene.pose.frame_share = 0.85;
    scene.pose.rotation_deg = 2.0;
    scene.pose.tilt_deg = 5.0;
    scene.light.exposure_ev = -0.3;
    scene.delivery.orientation = 6;
    scene
}

fn request(bytes: &[u8]) -> FileRequest {
    FileRequest::new(bytes.len() as u64, "2026-01-01".parse().unwrap())
}

/// What is said about a scene when its corners are known.
fn judge(scene: &Scene) -> PhotoReport {
    let picture = scene.render();
    let bytes = scene.encode(&picture);
    let file = read_facts(&bytes, bytes.len() as u64);
    let document = DocumentFacts {
        kind: DocumentKind::Id1Card,
        quad: picture.truth.quad,
        aspect_ratio: picture.truth.aspect_ratio,
        aspect_ratio_uncertainty: 0.0,
        coverage: 0.5,
        rotation_deg: 0.0,
        tilt_deg: 0.0,
        confidence: 1.0,
        in_frame: InFrame::Whole,
    };
    let planes = decode(&bytes, &file, &DecodeLimits::default()).unwrap();
    let pixels = Some(measure(&planes, Some(&document)));
    let facts = PhotoFacts { file, pixels, document: Some(document), ..PhotoFacts::default() };
    Precheck::new(Locale::En).judge_photo(&facts, &request(&bytes)).unwrap()
}

fn outcome(report: &PhotoReport, code: &str) -> Outcome {
    report.findings.iter().find(|finding| finding.code.as_str() == code).unwrap().outcome
}

/// Codes of failures and doubts about the pixels.
fn complaints(report: &PhotoReport) -> Vec<&'static str> {
    let complained = report.findings.iter().filter(|f| matches!(f.outcome, Outcome::Fail | Outcome::Unsure));
    complained.map(|finding| finding.code.as_str()).filter(|code| code.starts_with("photo.")).collect()
}

#[track_caller]
fn fails(spoil: impl FnOnce(&mut Scene), code: &str) -> PhotoReport {
    let mut scene = good();
    spoil(&mut scene);
    let report = judge(&scene);
    assert_eq!(outcome(&report, code), Outcome::Fail, "{:#?}", report.measures);
    report
}

#[test]
fn a_good_photo_is_not_blamed() {
    let report = judge(&good());
    assert!(complaints(&report).is_empty(), "{:?} {:#?}", complaints(&report), report.measures);
}

#[test]
fn a_page_is_no_side_of_an_identity_card_but_may_be_a_passport() {
    let document = DocumentFacts {
        kind: DocumentKind::A4Landscape,
        quad: [[100.0, 100.0], [1100.0, 100.0], [1100.0, 804.0], [100.0, 804.0]],
        aspect_ratio: 1.42,
        aspect_ratio_uncertainty: 0.01,
        coverage: 0.5,
        rotation_deg: 0.0,
        tilt_deg: 0.0,
        confidence: 1.0,
        in_frame: InFrame::Whole,
    };
    let facts = PhotoFacts { document: Some(document), ..PhotoFacts::default() };
    let mut request = request(&[0]);
    request.material = Some("leader-identity-document".to_owned());
    let precheck = Precheck::new(Locale::En);
    let report = precheck.judge_photo(&facts, &request).unwrap();
    assert_eq!(outcome(&report, "document.aspect-ratio"), Outcome::Pass);
    assert_eq!(report.document.unwrap().kind, DocumentKind::PassportPage);
    request.side = Some(Side::Front);
    let report = precheck.judge_photo(&facts, &request).unwrap();
    assert_eq!(outcome(&report, "document.aspect-ratio"), Outcome::Fail);
    assert_eq!(report.document.unwrap().kind, DocumentKind::A4Landscape);
}

#[test]
fn the_focal_length_in_the_camera_data_corrects_the_proportions() {
    let mut scene = good();
    (scene.pose.rotation_deg, scene.pose.tilt_deg, scene.pose.tilt_towards_deg) = (0.0, 30.0, 0.0);
    (scene.pose.frame_share, scene.pose.focal_ratio, scene.delivery.quality) = (0.8, 1.3, 90);
    let picture = scene.render();
    let bare = scene.encode(&picture);
    let told = with_exif(&bare, &scene.lens_exif());
    let precheck = Precheck::new(Locale::En);
    let [bare, told] = [bare, told].map(|bytes| precheck.check_photo(&bytes, &request(&bytes)).unwrap());
    let focal_length_px = told.file.focal_length_px;
    assert!(bare.file.focal_length_px.is_none());
    assert!((focal_length_px.unwrap() / (1.3 * 880.0) - 1.0).abs() < 0.02, "{focal_length_px:?}");
    let [bare, told] = [bare, told].map(|report| report.document.unwrap());
    let off = |ratio: f64| (ratio / picture.truth.aspect_ratio - 1.0).abs();
    assert_eq!(bare.quad, told.quad);
    assert!(off(told.aspect_ratio) < 0.01 && off(bare.aspect_ratio) > 0.02, "{bare:?} {told:?}");
    let drawn = describe_document(told.quad, 880, 660, focal_length_px).unwrap();
    assert_eq!(drawn.aspect_ratio, told.aspect_ratio);
}

#[test]
fn defocus_and_shake_are_blur_and_noise_is_not() {
    let report = fails(|scene| scene.lens.defocus_px = 5.0, "photo.blurred");
    assert!(report.measures["edgeWidthPx"].unwrap() > 5.0);
    fails(|scene| (scene.lens.shake_px, scene.lens.shake_deg) = (12.0, 0.0), "photo.blurred");
    let mut noisy = good();
    noisy.lens.noise_sigma = 8.0;
    assert_eq!(outcome(&judge(&noisy), "photo.blurred"), Outcome::Pass);
}

#[test]
fn the_direction_of_a_shake_is_seen_as_displayed() {
    for (shake_deg, turn) in [(0.0, 1), (0.0, 6), (90.0, 8)] {
        let mut scene = good();
        (scene.pose.rotation_deg, scene.delivery.orientation) = (0.0, turn);
        (scene.lens.shake_px, scene.lens.shake_deg) = (12.0, shake_deg);
        let found = judge(&scene).measures["motionDirectionDeg"].unwrap();
        assert_eq!(found, shake_deg, "orientation {turn}");
    }
}

#[test]
fn bad_light_is_noticed() {
    fails(|scene| scene.light.exposure_ev = -3.5, "photo.too-dark");
    fails(|scene| scene.light.exposure_ev = 2.5, "photo.too-bright");
    fails(
        |scene| {
            scene.light.shadow = Some(Shadow { towards_deg: 0.0, offset: 0.1, depth: 0.88, softness: 0.1 });
        },
        "photo.uneven-light",
    );
}

#[test]
fn faint_print_is_noticed() {
    fails(|scene| scene.ink = 0.12, "photo.low-contrast");
}

#[test]
fn glare_is_found_where_it_is() {
    let mut scene = good();
    scene.light.glare.push(Glare { center: [0.2, -0.1], radius: [0.1, 0.07], turn_deg: 15.0, strength: 3.0 });
    let picture = scene.render();
    let report = judge(&scene);
    let finding = report.findings.iter().find(|finding| finding.code.as_str() == "photo.glare").unwrap();
    assert_eq!(finding.outcome, Outcome::Fail);
    let region = finding.evidence.region.unwrap();
    let [ul, ur, .., ll] = picture.truth.paper_quad;
    let at = |i: usize| ul[i] + 0.7 * (ur[i] - ul[i]) + 0.4 * (ll[i] - ul[i]);
    let middle = |i: usize| (region[0][i] + region[2][i]) / 2.0;
    assert!((middle(0) - at(0)).hypot(middle(1) - at(1)) < 45.0, "{region:?}, expected around {:?}", [at(0), at(1)]);
}

#[test]
fn grey_pictures_and_copies_without_colour_are_noticed() {
    fails(|scene| scene.delivery.gray = true, "photo.monochrome");
    fails(|scene| scene.copy = Copy::Gray, "photo.monochrome");
    fails(|scene| (scene.copy, scene.light.tint) = (Copy::BlackWhite, [1.15, 1.0, 0.8]), "photo.monochrome");
}

#[test]
fn pictures_of_nothing_give_a_finding() {
    let size = [640, 480];
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let noise: Vec<u8> = (0..size[0] * size[1]).flat_map(|_| [noise(); 3]).collect();
    for rgb in
        [vec![255; size[0] * size[1] * 3], vec![0; size[0] * size[1] * 3], vec![128; size[0] * size[1] * 3], noise]
    {
        let bytes = encode_jpeg(&rgb, size, 90, true, None);
        let report = Precheck::new(Locale::En).check_photo(&bytes, &request(&bytes)).unwrap();
        assert!(!complaints(&report).is_empty(), "starting with {}", rgb[0]);
    }
}

#[test]
fn tiny_and_thin_pictures_are_measured_without_a_trap() {
    for size in [[1, 1], [1, 400], [400, 1], [2, 2], [7, 9], [8, 8], [300, 3], [17, 257]] {
        let rgb: Vec<u8> = (0..size[0] * size[1] * 3).map(|n| (n * 37 % 251) as u8).collect();
        let bytes = encode_jpeg(&rgb, size, 80, true, None);
        let report = Precheck::new(Locale::En).check_photo(&bytes, &request(&bytes)).unwrap();
        assert!(report.measures.contains_key("edgeWidthPx"), "{size:?}");
    }
}
