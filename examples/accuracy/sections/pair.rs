//! Front and back: error of the ratio of scales, and how often each check of a pair is right.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use icp_precheck::finding::{Outcome, Value};
use icp_precheck::submission::Look;
use icp_precheck::{FileRequest, Locale, Precheck, measure_photo};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder};
use precheck_scenes::{Clutter, Desk, Paper, Random, Scene};

use super::real::quads;
use crate::shared::{Half, Rate, corpus, parallel, photograph};

/// Pairs per case and half.
const PAIRS: u64 = 48;

/// Long side of the pictures in pixels.
const LONG_PX: usize = 1600;

/// A case: name, the code that should object (none for pairs in order), and what it does to the back.
type Case = (&'static str, Option<&'static str>, fn(&Scene, &mut Scene, &mut Random));

const CASES: &[Case] = &[
    ("in order: same place, scale within 0.96–1.04", None, |_, back, random| {
        back.pose.frame_share *= random.range(0.96, 1.04);
    }),
    ("back at 0.6–0.85 of the scale", Some("pair.scale-differs"), |_, back, random| {
        back.pose.frame_share *= random.range(0.6, 0.85);
    }),
    ("front at 0.6–0.85 of the scale", Some("pair.scale-differs"), |_, back, random| {
        // A document that leaves its picture has no scale.
        back.pose.frame_share = (back.pose.frame_share / random.range(0.6, 0.85)).min(0.9);
    }),
    ("document elsewhere: 20–35 % of the frame away", Some("pair.position-differs"), |_, back, random| {
        back.pose.frame_share *= 0.7;
        back.pose.shift = [random.signed(0.8, 1.0), random.signed(0.8, 1.0)];
    }),
    ("document turned by 30–90°", Some("pair.position-differs"), |_, back, random| {
        back.pose.rotation_deg += random.range(30.0, 90.0);
        back.pose.frame_share *= 0.8;
    }),
    ("back 1.3–2 stops darker", Some("pair.light-differs"), |_, back, random| {
        back.light.exposure_ev -= random.range(1.3, 2.0);
    }),
    ("back in much warmer light", Some("pair.light-differs"), |_, back, random| {
        let warm = random.range(0.3, 0.45);
        back.light.tint = [1.0 + warm, 1.0, 1.0 - warm];
    }),
    ("another ground", Some("pair.background-differs"), |front, back, random| {
        while format!("{:?}", back.desk) == format!("{:?}", front.desk) {
            back.desk = *random.pick(Desk::ALL);
        }
        back.desk_seed += 1;
    }),
    ("the front a second time, another shot", Some("pair.same-side"), |front, back, random| {
        // The seed decides what is printed.
        (back.seed, back.paper) = (front.seed, front.paper);
        back.pose.frame_share *= random.range(0.9, 1.1);
        back.pose.rotation_deg += random.range(-4.0, 4.0);
    }),
];

/// What was found about one pair.
struct Found {
    outcomes: BTreeMap<&'static str, Outcome>,
    /// Measured ratio of scales divided by the true one.
    ratio_error: Option<f64>,
    located: bool,
}

fn card(seed: u64) -> (Scene, Random) {
    let mut scene = Scene::good(seed);
    scene.paper = Paper::CardFront;
    scene.size_px = [LONG_PX, LONG_PX * 3 / 4];
    scene.clutter = Clutter::None;
    scene.pose.frame_share = scene.pose.frame_share.min(0.62);
    scene.pose.tilt_deg = scene.pose.tilt_deg.min(15.0);
    scene.pose.rotation_deg = scene.pose.rotation_deg.clamp(-8.0, 8.0);
    scene.pose.shift = [0.0, 0.0];
    (scene, Random::new(seed ^ 0x5eed))
}

fn compare(front: &[u8], back: &[u8], true_ratio: Option<f64>) -> Found {
    let precheck = Precheck::new(Locale::En);
    let look = |bytes: &[u8]| Look::Measured(Box::new(measure_photo(bytes, bytes.len() as u64)));
    let request = |bytes: &[u8]| FileRequest::new(bytes.len() as u64, "2026-01-01".parse().unwrap());
    let (front_look, back_look) = (look(front), look(back));
    let located =
        [&front_look, &back_look].iter().all(|look| look.facts().is_some_and(|facts| facts.document.is_some()));
    let report = precheck.judge_pair((&front_look, &request(front)), (&back_look, &request(back))).unwrap();
    let scale = report.findings.iter().find(|finding| finding.code.as_str() == "pair.scale-differs");
    let measured = scale.and_then(|finding| match finding.evidence.measured {
        Some(Value::Number(ratio)) => Some(ratio),
        _ => None,
    });
    Found {
        outcomes: report.findings.iter().map(|finding| (finding.code.as_str(), finding.outcome)).collect(),
        ratio_error: measured.zip(true_ratio).map(|(measured, truth)| measured / truth - 1.0),
        located,
    }
}

/// The section.
pub fn report(half: Half) -> String {
    let mut out = String::from(
        "Cards on the same ground, front and back with a hand-held camera between them (tilt below 15°). *Found* is a failure, \
         or for `pair.same-side` a doubt, which is all that it ever says.\n\n\
         | case | found | doubtful | not compared |\n|---|---|---|---|\n",
    );
    let mut errors = Vec::new();
    let mut alarms: BTreeMap<&'static str, Rate> = BTreeMap::new();
    for (series, (name, code, change)) in CASES.iter().enumerate() {
        let found = parallel(&half.seeds(40 + series as u64, PAIRS), |&seed| {
            let (front, mut random) = card(seed);
            let mut back = front.clone();
            (back.seed, back.paper) = (seed + 50, Paper::CardBack);
            back.pose.tilt_deg = (back.pose.tilt_deg + random.range(-3.0, 3.0)).clamp(0.0, 15.0);
            change(&front, &mut back, &mut random);
            let ((front, front_truth), (back, back_truth)) = (photograph(&front), photograph(&back));
            compare(&front, &back, Some(back_truth.px_per_mm / front_truth.px_per_mm))
        });
        errors.extend(found.iter().filter_map(|found| found.ratio_error));
        let Some(code) = code else {
            for found in &found {
                for (code, outcome) in &found.outcomes {
                    alarms.entry(code).or_default().count(*outcome == Outcome::Fail);
                }
            }
            let located = found.iter().filter(|found| found.located).count();
            let _ = writeln!(out, "| {name} | documents located in {located} of {} pairs | | |", found.len());
            continue;
        };
        let wanted = if *code == "pair.same-side" { Outcome::Unsure } else { Outcome::Fail };
        let rate = |outcome: Outcome| {
            let mut rate = Rate::default();
            for found in &found {
                rate.count(found.outcomes.get(code) == Some(&outcome));
            }
            rate.show()
        };
        let doubtful = if wanted == Outcome::Unsure { "–".to_owned() } else { rate(Outcome::Unsure) };
        let _ =
            writeln!(out, "| {name} (`{code}`) | {} | {doubtful} | {} |", rate(wanted), rate(Outcome::NotApplicable));
    }
    errors.sort_by(f64::total_cmp);
    let within = |limit: f64| {
        let mut rate = Rate::default();
        for error in &errors {
            rate.count(error.abs() <= limit);
        }
        rate.show()
    };
    let middle = errors.get(errors.len() / 2).copied().unwrap_or(f64::NAN);
    let _ = writeln!(
        out,
        "\nRatio of scales against the truth, {} pairs: within 2 % in {}, within 5 % in {}; median error {:+.2} %.\n",
        errors.len(),
        within(0.02),
        within(0.05),
        middle * 100.0
    );
    let _ = writeln!(out, "| false alarm on pairs in order | rate |\n|---|---|");
    for (code, rate) in &alarms {
        let _ = writeln!(out, "| `{code}` | {} |", rate.show());
    }
    out + &copies(half) + &real_pairs()
}

/// Real photos beside a part of themselves at the same size: the document has another scale there, by a known factor.
fn real_pairs() -> String {
    let Some(folder) = corpus("documents") else {
        return "\nThe corpus of real pictures (`../shared/corpus`) is not here.\n".to_owned();
    };
    let photos: Vec<_> = quads().into_iter().filter(|(name, _)| folder.join(name).is_file()).collect();
    let found = parallel(&photos, |(name, quad)| {
        let mut picture = image::open(folder.join(name)).ok()?;
        picture.apply_orientation(orientation(&folder.join(name)));
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        let bound = |axis: usize, least: bool| {
            let values = quad.iter().map(|corner| corner[axis]);
            if least { values.fold(f64::MAX, f64::min) } else { values.fold(f64::MIN, f64::max) }
        };
        let (left, right, top, bottom) = (bound(0, true), bound(0, false), bound(1, true), bound(1, false));
        // A document that leaves its picture has no scale, and the part needs room around the document.
        if left < 0.0 || top < 0.0 || right > width || bottom > height {
            return None;
        }
        let share = (1.06 * (right - left) / width).max(1.06 * (bottom - top) / height);
        if share > 0.95 {
            return None;
        }
        let (part_width, part_height) = (share * width, share * height);
        let start = |middle: f64, part: f64, all: f64| (middle - part / 2.0).clamp(0.0, all - part);
        let (x, y) = (start((left + right) / 2.0, part_width, width), start((top + bottom) / 2.0, part_height, height));
        let part = picture.crop_imm(x as u32, y as u32, part_width.round() as u32, part_height.round() as u32);
        let truth = width / f64::from(part.width());
        let part = part.resize_exact(picture.width(), picture.height(), FilterType::Triangle);
        Some(compare(&saved(&picture, Some(90)), &saved(&part, Some(90)), Some(truth)))
    });
    let found: Vec<_> = found.into_iter().flatten().collect();
    let mut errors: Vec<f64> = found.iter().filter_map(|found| found.ratio_error.map(f64::abs)).collect();
    errors.sort_by(f64::total_cmp);
    let (mut within, mut sure) = (Rate::default(), Rate::default());
    errors.iter().for_each(|error| within.count(*error <= 0.02));
    found.iter().for_each(|found| sure.count(found.ratio_error.is_some()));
    let median = errors.get(errors.len() / 2).copied().unwrap_or(f64::NAN);
    format!(
        "\nReal photos of documents, each beside its part around the document at the same size, so that the scale differs by a \
         known factor: compared in {}; of those within 2 % of the truth in {}; median of the error {:.2} %.\n",
        sure.show(),
        within.show(),
        median * 100.0
    )
}

fn orientation(path: &std::path::Path) -> Orientation {
    let decoder = image::ImageReader::open(path).ok().and_then(|reader| reader.into_decoder().ok());
    decoder.and_then(|mut decoder| decoder.orientation().ok()).unwrap_or(Orientation::NoTransforms)
}

/// What is done to a photo that stays the same photo: name, JPEG quality (none for PNG), and the change.
type Copying = (&'static str, Option<u8>, fn(DynamicImage) -> DynamicImage);

const COPYINGS: &[Copying] = &[
    ("saved anew at JPEG quality 50", Some(50), |picture| picture),
    ("saved anew at JPEG quality 30", Some(30), |picture| picture),
    ("saved as PNG", None, |picture| picture),
    ("scaled to a third", Some(50), |picture| scaled(&picture, 3)),
    ("scaled to a quarter", Some(80), |picture| scaled(&picture, 4)),
    ("turned by 90°", Some(50), |picture| picture.rotate90()),
    ("turned by 270°", Some(85), |picture| picture.rotate270()),
    ("turned by 180° and scaled to a half", Some(50), |picture| scaled(&picture.rotate180(), 2)),
    ("mirrored", Some(50), |picture| picture.fliph()),
    ("a little brighter", Some(80), |picture| picture.brighten(12)),
    ("cropped by 8 % on two sides", Some(50), |picture| cropped(&picture, [8, 8, 92, 92])),
    ("cropped by 10 % left and right", Some(80), |picture| cropped(&picture, [10, 0, 80, 100])),
];

fn scaled(picture: &DynamicImage, divisor: u32) -> DynamicImage {
    picture.resize_exact(picture.width() / divisor, picture.height() / divisor, FilterType::Triangle)
}

/// The part that begins at the first two shares of the picture and has the other two as its size, in percent.
fn cropped(picture: &DynamicImage, [x, y, part_width, part_height]: [u32; 4]) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    picture.crop_imm(width * x / 100, height * y / 100, width * part_width / 100, height * part_height / 100)
}

fn saved(picture: &DynamicImage, quality: Option<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let rgb = picture.to_rgb8();
    match quality {
        Some(quality) => image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&rgb),
        None => rgb.write_with_encoder(image::codecs::png::PngEncoder::new(&mut bytes)),
    }
    .unwrap();
    bytes
}

/// What `pair.same-photo` says.
fn same_photo(a: &(Look, FileRequest), b: &(Look, FileRequest)) -> Outcome {
    let report = Precheck::new(Locale::En).judge_pair((&a.0, &a.1), (&b.0, &b.1)).unwrap();
    report.findings.iter().find(|finding| finding.code.as_str() == "pair.same-photo").unwrap().outcome
}

fn looked_at(bytes: &[u8]) -> (Look, FileRequest) {
    let size_bytes = bytes.len() as u64;
    let look = Look::Measured(Box::new(measure_photo(bytes, size_bytes)));
    (look, FileRequest::new(size_bytes, "2026-01-01".parse().unwrap()))
}

/// A photo that lies the way it is stored, and its scene.
fn upright(seed: u64) -> (Scene, Vec<u8>) {
    let (mut scene, _) = card(seed);
    scene.delivery.orientation = 1;
    let (bytes, _) = photograph(&scene);
    (scene, bytes)
}

/// One photo twice, changed in ways that keep it the same photo; then two photos that have much in common.
fn copies(half: Half) -> String {
    let seeds = half.seeds(60, PAIRS);
    let of_each = parallel(&seeds, |&seed| {
        let (_, bytes) = upright(seed);
        copies_of(&bytes, &image::load_from_memory(&bytes).unwrap())
    });
    let real: Option<Vec<Vec<bool>>> = corpus("documents").map(|folder| {
        let photos: Vec<_> = quads().into_keys().map(|name| folder.join(name)).collect();
        let found = parallel(&photos, |path| {
            // One of the photos is a TIFF, which nobody may upload.
            let mut picture = image::open(path).ok()?;
            picture.apply_orientation(orientation(path));
            Some(copies_of(&std::fs::read(path).unwrap(), &picture))
        });
        found.into_iter().flatten().collect()
    });
    let mut out = String::from("\n| copy of one photo | found, rendered | found, real |\n|---|---|---|\n");
    for (index, (name, ..)) in COPYINGS.iter().enumerate() {
        let found = |of_each: &Vec<Vec<bool>>| {
            let mut rate = Rate::default();
            of_each.iter().for_each(|found| rate.count(found[index]));
            rate.show()
        };
        let real = real.as_ref().map_or("–".to_owned(), found);
        let _ = writeln!(out, "| {name} | {} | {real} |", found(&of_each));
    }
    out + &no_copies(&seeds)
}

fn copies_of(bytes: &[u8], picture: &DynamicImage) -> Vec<bool> {
    let photo = looked_at(bytes);
    let copies = COPYINGS.iter().map(|(_, quality, change)| saved(&change(picture.clone()), *quality));
    copies.map(|copy| same_photo(&photo, &looked_at(&copy)) == Outcome::Fail).collect()
}

/// Two photos that are not one: name, and what is done to the first and then to the second scene.
type Other = (&'static str, fn(&mut Scene), fn(&mut Scene, &mut Random));

const OTHERS: &[Other] = &[
    ("the front a second time, by hand", |_| (), by_hand),
    (
        "the back, by hand",
        |_| (),
        |scene, random| {
            turn_over(scene, random);
            by_hand(scene, random);
        },
    ),
    ("the back before a fixed camera", |_| (), turn_over),
    ("the back before a fixed camera, small on a plain table", |scene| small_on(scene, Desk::Plain), turn_over),
    ("the same on a dark table", |scene| small_on(scene, Desk::Dark), turn_over),
    ("the same on a bright table", |scene| small_on(scene, Desk::Bright), turn_over),
];

fn by_hand(scene: &mut Scene, random: &mut Random) {
    scene.pose.frame_share *= random.range(0.9, 1.1);
    scene.pose.rotation_deg += random.range(-4.0, 4.0);
    scene.pose.tilt_deg = (scene.pose.tilt_deg + random.range(-3.0, 3.0)).clamp(0.0, 15.0);
}

fn turn_over(scene: &mut Scene, _: &mut Random) {
    // The seed decides what is printed.
    (scene.seed, scene.paper) = (scene.seed + 50, Paper::CardBack);
}

fn small_on(scene: &mut Scene, desk: Desk) {
    scene.desk = desk;
    scene.pose.frame_share *= 0.4;
}

fn no_copies(seeds: &[u64]) -> String {
    let mut out =
        String::from("\n| two photos of one document, called one photo | wrongly | doubtful |\n|---|---|---|\n");
    for (name, first, second) in OTHERS {
        let found = parallel(seeds, |&seed| {
            let (mut front, mut random) = card(seed);
            first(&mut front);
            let mut other = front.clone();
            second(&mut other, &mut random);
            same_photo(&looked_at(&photograph(&front).0), &looked_at(&photograph(&other).0))
        });
        let rate = |outcome: Outcome| {
            let mut rate = Rate::default();
            found.iter().for_each(|found| rate.count(*found == outcome));
            rate.show()
        };
        let _ = writeln!(out, "| {name} | {} | {} |", rate(Outcome::Fail), rate(Outcome::Unsure));
    }
    out
}
