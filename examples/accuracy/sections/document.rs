//! Where the document is: corners, completeness, proportions, and how far the confidence can be believed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use icp_precheck::geometry::{Quad, intersection_over_union};
use icp_precheck::measure_photo;
use icp_precheck::photo_facts::{DocumentFacts, InFrame};
use precheck_scenes::{Clutter, Random, Scene};

use crate::shared::{Half, Rate, corpus, parallel, photograph};

/// One picture with what was found in it.
struct Shot {
    set: &'static str,
    truth: Quad,
    aspect_ratio: Option<f64>,
    tilt_deg: Option<f64>,
    /// A corner lies outside the picture by more than 2 % of its long side.
    is_cut: bool,
    /// Every corner lies inside.
    is_whole: bool,
    found: Option<DocumentFacts>,
    overlap: f64,
}

impl Shot {
    fn is_sure(&self) -> bool {
        self.found.as_ref().is_some_and(DocumentFacts::is_sure)
    }
}

fn look(set: &'static str, bytes: &[u8], truth: Quad) -> Shot {
    let facts = measure_photo(bytes, bytes.len() as u64);
    let overlap = facts.document.as_ref().map_or(0.0, |found| intersection_over_union(&found.quad, &truth));
    let (width_px, height_px) = facts.file.picture.as_ref().map_or((0, 0), |picture| picture.displayed_size_px());
    let (width, height) = (f64::from(width_px), f64::from(height_px));
    let beyond = |[x, y]: &[f64; 2]| (-x).max(-y).max(x - width).max(y - height);
    let furthest = truth.iter().map(beyond).fold(f64::MIN, f64::max);
    Shot {
        set,
        truth,
        aspect_ratio: None,
        tilt_deg: None,
        is_cut: furthest > 0.02 * width.max(height),
        is_whole: furthest <= 0.0,
        found: facts.document,
        overlap,
    }
}

/// Rendered photos: good ones, ones in clutter, and ones that leave the picture.
fn rendered(half: Half) -> Vec<Shot> {
    let mut scenes: Vec<(&'static str, Scene)> = Vec::new();
    scenes
        .extend(half.seeds(40, 100).into_iter().map(|seed| ("rendered, plain or textured ground", Scene::good(seed))));
    for seed in half.seeds(41, 60) {
        let clutter = *Random::new(seed).pick(&[Clutter::Full, Clutter::Over]);
        scenes.push(("rendered, clutter", Scene { clutter, ..Scene::good(seed) }));
    }
    for seed in half.seeds(42, 60) {
        let mut scene = Scene::good(seed);
        let mut random = Random::new(seed);
        let past = random.range(1.3, 2.2) * if random.chance(0.5) { 1.0 } else { -1.0 };
        scene.pose.frame_share = random.range(0.8, 0.95);
        scene.pose.shift[usize::from(random.chance(0.5))] = past;
        scenes.push(("rendered, cut off", scene));
    }
    parallel(&scenes, |(set, scene)| {
        let (bytes, truth) = photograph(scene);
        let shot = look(set, &bytes, truth.quad);
        Shot { aspect_ratio: Some(truth.aspect_ratio), tilt_deg: Some(scene.pose.tilt_deg), ..shot }
    })
}

/// Photos with many things on and beside the document.
const CLUTTERED: [&str; 2] = ["background05", "midv500"];

fn real() -> Vec<Shot> {
    let Some(folder) = corpus("documents") else { return Vec::new() };
    let text = std::fs::read_to_string(folder.join("quads.json")).unwrap_or_default();
    let truth: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let images = truth["images"].as_array().cloned().unwrap_or_default();
    let known: Vec<(String, Quad)> = images
        .iter()
        .filter_map(|image| {
            Some((image["file"].as_str()?.to_owned(), serde_json::from_value(image["corners"].clone()).ok()?))
        })
        // TIFF is no format of upload pages.
        .filter(|(file, _): &(String, Quad)| !file.ends_with(".tif"))
        .collect();
    parallel(&known, |(file, quad)| {
        let is_cluttered = CLUTTERED.iter().any(|name| file.contains(name));
        let set = if is_cluttered { "real, clutter" } else { "real, plain or textured ground" };
        look(set, &std::fs::read(folder.join(file)).unwrap(), *quad)
    })
}

/// How many real photos whose document leaves the picture are said to.
fn real_cut_off() -> Option<String> {
    let folder = corpus("documents")?;
    let truth: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("quads.json")).ok()?).ok()?;
    let files: Vec<String> = truth["cut_by_the_frame"]
        .as_array()?
        .iter()
        .filter_map(|entry| entry.as_str().or(entry["file"].as_str()).map(str::to_owned))
        .collect();
    let found = parallel(&files, |file| {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        measure_photo(&bytes, bytes.len() as u64).document
    });
    let mut said = Rate::default();
    let mut passed = Rate::default();
    for document in &found {
        let sure = document.as_ref().filter(|document| document.is_sure());
        said.count(sure.is_some_and(|document| document.in_frame == InFrame::CutOff));
        passed.count(sure.is_some_and(|document| document.in_frame != InFrame::CutOff));
    }
    Some(format!("| real, cut off | {} | {} |\n", said.show(), passed.show()))
}

pub fn report(half: Half) -> String {
    let mut out = String::new();
    let real = real();
    if real.is_empty() {
        out.push_str("The corpus of real pictures (`../shared/corpus`) is not here.\n\n");
    }
    let shots: Vec<Shot> = real.into_iter().chain(rendered(half)).collect();
    corners(&mut out, &shots);
    reliability(&mut out, &shots);
    completeness(&mut out, &shots);
    proportions(&mut out, &shots);
    out
}

fn corners(out: &mut String, shots: &[Shot]) {
    out.push_str(
        "Overlap (intersection over union) of the found corners with the true ones; *corner* is the mean distance of the \
         found corners in percent of the true quad's diagonal, where the overlap is at least 0.9; *sure* means a confidence of at least 0.6.\n\n\
         | set | photos | mean overlap | ≥ 0.9 | ≥ 0.95 | corner | unsure | sure and below 0.9 |\n|---|---|---|---|---|---|---|---|\n",
    );
    let mut sets: BTreeMap<&str, Vec<&Shot>> = BTreeMap::new();
    for shot in shots {
        sets.entry(shot.set).or_default().push(shot);
    }
    for (set, shots) in sets {
        let (mut good, mut fine, mut unsure, mut wrong) =
            (Rate::default(), Rate::default(), Rate::default(), Rate::default());
        let (mut sum, mut errors) = (0.0, Vec::new());
        for shot in &shots {
            sum += shot.overlap;
            good.count(shot.overlap >= 0.9);
            fine.count(shot.overlap >= 0.95);
            unsure.count(!shot.is_sure());
            wrong.count(shot.is_sure() && shot.overlap < 0.9);
            if let Some(found) = shot.found.as_ref().filter(|_| shot.overlap >= 0.9) {
                errors.push(corner_error(&found.quad, &shot.truth));
            }
        }
        let error = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
        let _ = writeln!(
            out,
            "| {set} | {} | {:.3} | {} | {} | {:.2} % | {} | {} |",
            shots.len(),
            sum / shots.len() as f64,
            good.show(),
            fine.show(),
            100.0 * error,
            unsure.show(),
            wrong.show()
        );
    }
}

/// Mean distance of each true corner from the nearest found one, as a share of the true diagonal.
fn corner_error(found: &Quad, truth: &Quad) -> f64 {
    let distance = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]);
    let nearest = |corner: &[f64; 2]| found.iter().map(|other| distance(*corner, *other)).fold(f64::MAX, f64::min);
    truth.iter().map(nearest).sum::<f64>() / 4.0 / distance(truth[0], truth[2]).max(1.0)
}

fn reliability(out: &mut String, shots: &[Shot]) {
    out.push_str(
        "\nHow far the confidence can be believed, all sets together:\n\n| confidence | photos | mean confidence | overlap ≥ 0.9 |\n|---|---|---|---|\n",
    );
    for (low, high) in [(0.0, 0.3), (0.3, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.01)] {
        let (mut right, mut sum) = (Rate::default(), 0.0);
        for shot in shots {
            let confidence = shot.found.as_ref().map_or(0.0, |found| found.confidence);
            if (low..high).contains(&confidence) {
                right.count(shot.overlap >= 0.9);
                sum += confidence;
            }
        }
        if right.of > 0 {
            let _ = writeln!(
                out,
                "| {low:.2} to {:.2} | {} | {:.2} | {} |",
                f64::min(high, 1.0),
                right.of,
                sum / f64::from(right.of),
                right.show()
            );
        }
    }
}

fn completeness(out: &mut String, shots: &[Shot]) {
    out.push_str("\n| completeness | said to be cut off | said to be complete |\n|---|---|---|\n");
    for (name, wanted) in [("cut off by more than 2 % of the long side", true), ("all corners in the picture", false)] {
        let (mut cut, mut passed) = (Rate::default(), Rate::default());
        for shot in shots.iter().filter(|shot| if wanted { shot.is_cut } else { shot.is_whole }) {
            let sure = shot.found.as_ref().filter(|found| found.is_sure());
            cut.count(sure.is_some_and(|found| found.in_frame == InFrame::CutOff));
            passed.count(sure.is_some_and(|found| found.in_frame != InFrame::CutOff));
        }
        let _ = writeln!(out, "| {name} | {} | {} |", cut.show(), passed.show());
    }
    out.push_str(&real_cut_off().unwrap_or_default());
}

fn proportions(out: &mut String, shots: &[Shot]) {
    out.push_str(
        "\n| proportions of rendered documents, by tilt | photos | median error | within 2 % | within the stated interval |\n|---|---|---|---|---|\n",
    );
    for (low, high) in [(0.0, 10.0), (10.0, 20.0), (20.0, 45.0)] {
        let mut errors = Vec::new();
        let (mut near, mut held) = (Rate::default(), Rate::default());
        for shot in shots.iter().filter(|shot| shot.is_whole && shot.overlap >= 0.9) {
            let (Some(truth), Some(tilt), Some(found)) = (shot.aspect_ratio, shot.tilt_deg, &shot.found) else {
                continue;
            };
            if (low..high).contains(&tilt) {
                let truth = truth.max(1.0 / truth);
                let error = (found.aspect_ratio / truth - 1.0).abs();
                near.count(error <= 0.02);
                held.count((found.aspect_ratio - truth).abs() <= found.aspect_ratio_uncertainty);
                errors.push(error);
            }
        }
        errors.sort_by(f64::total_cmp);
        let median = errors.get(errors.len() / 2).copied().unwrap_or_default();
        let _ = writeln!(
            out,
            "| {low:.0} to {high:.0} degrees | {} | {:.2} % | {} | {} |",
            errors.len(),
            100.0 * median,
            near.show(),
            held.show()
        );
    }
}
