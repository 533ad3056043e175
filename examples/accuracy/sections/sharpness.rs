//! Does a sharp photo measure sharper than a blurred one? Our edge width beside the variance of the Laplacian.

use std::fmt::Write as _;

use icp_precheck::decode::decode;
use icp_precheck::file::read_facts;
use icp_precheck::limits::DecodeLimits;
use icp_precheck::measure::measure;
use icp_precheck::planes::Plane;
use precheck_scenes::{Clutter, Desk, Paper, Scene};

use crate::shared::{Half, known_document, parallel, photograph};

const SCENES: u64 = 8;

/// Variance of the Laplacian of the whole picture (J. L. Pech-Pacheco et al., 2000), as it is commonly used.
fn variance_of_laplacian(luma: &Plane) -> f64 {
    let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
    for y in 1..luma.height_px - 1 {
        let (above, here, below) = (luma.row(y - 1), luma.row(y), luma.row(y + 1));
        for x in 1..luma.width_px - 1 {
            let around = i32::from(above[x]) + i32::from(below[x]) + i32::from(here[x - 1]) + i32::from(here[x + 1]);
            let value = f64::from(around - 4 * i32::from(here[x]));
            (sum, squares, count) = (sum + value, squares + value * value, count + 1.0);
        }
    }
    squares / count - (sum / count) * (sum / count)
}

/// Edge width in px and variance of the Laplacian of a scene.
fn both(scene: &Scene) -> (f64, f64) {
    let (bytes, truth) = photograph(scene);
    let facts = read_facts(&bytes, bytes.len() as u64);
    let planes = decode(&bytes, &facts, &DecodeLimits::default()).unwrap();
    let pixels = measure(&planes, Some(&known_document(&truth)));
    (pixels.sharpness.map_or(f64::NAN, |sharpness| sharpness.edge_width_px), variance_of_laplacian(&planes.luma))
}

/// What is changed: name, change of the sharp photos, change of the blurred photos.
type Trial = (&'static str, fn(&mut Scene), fn(&mut Scene));

const TRIALS: &[Trial] = &[
    ("nothing else", |_| {}, |_| {}),
    ("the blurred photo is noisy (σ 8)", |_| {}, |scene| scene.lens.noise_sigma = 8.0),
    ("the sharp photo has 40 % of the contrast", |scene| scene.ink = 0.4, |_| {}),
    ("the sharp photo is 2.5 stops darker", |scene| scene.light.exposure_ev -= 2.5, |_| {}),
    (
        "the sharp one is a card with few words, the blurred one a form",
        |scene| scene.paper = Paper::CardBack,
        |scene| {
            scene.paper = Paper::Form;
        },
    ),
    (
        "the blurred one lies on printed paper, with things around",
        |_| {},
        |scene| {
            (scene.desk, scene.clutter) = (Desk::Printed, Clutter::Full);
        },
    ),
    (
        "the sharp photo has four times as many pixels",
        |scene| scene.size_px = scene.size_px.map(|side| side * 2),
        |_| {},
    ),
];

pub fn report(half: Half) -> String {
    let mut out = format!(
        "{SCENES} scenes, each sharp and out of focus by a disc of 8 px across. How many of the {} pairs (any sharp one with any \
         blurred one) does each measure put in the right order? Half of them would be chance.\n\n\
         | besides | edge width | variance of Laplacian |\n|---|---|---|\n",
        SCENES * SCENES
    );
    let scenes: Vec<Scene> = half
        .seeds(50, SCENES)
        .into_iter()
        .map(|seed| {
            let mut scene = Scene::good(seed);
            scene.size_px = if scene.size_px[0] > scene.size_px[1] { [1200, 900] } else { [900, 1200] };
            (scene.desk, scene.clutter) = (Desk::Plain, Clutter::None);
            scene
        })
        .collect();
    for (name, sharp, blurred) in TRIALS {
        let all: Vec<Scene> = scenes
            .iter()
            .flat_map(|scene| {
                let (mut a, mut b) = (scene.clone(), scene.clone());
                b.lens.defocus_px = 4.0;
                sharp(&mut a);
                blurred(&mut b);
                [a, b]
            })
            .collect();
        let values = parallel(&all, both);
        let (mut ours, mut laplacian, mut pairs) = (0, 0, 0);
        for (width, variance) in values.iter().step_by(2) {
            for (blurred_width, blurred_variance) in values.iter().skip(1).step_by(2) {
                pairs += 1;
                ours += u32::from(width < blurred_width);
                laplacian += u32::from(variance > blurred_variance);
            }
        }
        let percent = |count: u32| 100.0 * f64::from(count) / f64::from(pairs);
        let _ = writeln!(out, "| {name} | {:.1} % | {:.1} % |", percent(ours), percent(laplacian));
    }
    out
}
