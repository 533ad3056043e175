//! Recall, false alarms and doubts of the `photo.*` checks on rendered photos.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use icp_precheck::finding::Outcome;
use icp_precheck::photo_facts::PhotoFacts;
use precheck_scenes::{Copy, Glare, Paper, Random, Scene, Screen, Shadow};

use crate::shared::{
    Half, Outcomes, Rate, judge, known_document, list, look, parallel, photo_codes, photograph, sample,
};

/// Good photos per half.
const GOOD: u64 = 200;

/// Photos per defect and half, and of originals with little colour.
const SPOILT: u64 = 60;

/// Long side of the pictures in pixels: rendering is most of the time that this takes.
const LONG_PX: usize = 1360;

/// A defect: name, code that should notice it, and what it does to a good photo.
type Defect = (&'static str, &'static str, fn(&mut Scene, &mut Random));

/// A good photo of a size that is rendered quickly.
fn good(seed: u64) -> Scene {
    let mut scene = Scene::good(seed);
    let long = scene.size_px[0].max(scene.size_px[1]);
    scene.size_px = scene.size_px.map(|side| side * LONG_PX / long);
    scene
}

fn long_px(scene: &Scene) -> f64 {
    scene.size_px[0].max(scene.size_px[1]) as f64
}

fn colored(scene: &mut Scene, random: &mut Random) {
    let papers =
        [Paper::CardFront, Paper::CardBack, Paper::PassportPage, Paper::LicencePortrait, Paper::LicenceLandscape];
    put(scene, *random.pick(&papers));
}

/// Lays another paper on the desk and turns the picture so that it fits.
fn put(scene: &mut Scene, paper: Paper) {
    scene.paper = paper;
    let ([w, h], [a, b]) = (paper.size_mm(), scene.size_px);
    scene.size_px = if w >= h { [a.max(b), a.min(b)] } else { [a.min(b), a.max(b)] };
}

const DEFECTS: &[Defect] = &[
    ("out of focus: disc of 0.7–1.4 % of the picture's long side", "photo.blurred", |scene, random| {
        scene.lens.defocus_px = long_px(scene) * random.range(0.0035, 0.007);
    }),
    ("shaken: path of 0.7–1.4 % of the long side", "photo.blurred", |scene, random| {
        scene.lens.shake_px = long_px(scene) * random.range(0.007, 0.014);
        scene.lens.shake_deg = random.range(0.0, 180.0);
    }),
    ("3–4.5 stops too dark", "photo.too-dark", |scene, random| {
        scene.light.exposure_ev = random.range(-4.5, -3.0);
        scene.lens.noise_sigma = random.range(2.0, 6.0);
    }),
    ("2–3 stops too bright", "photo.too-bright", |scene, random| {
        scene.light.exposure_ev = random.range(2.0, 3.0);
    }),
    ("print with 8–20 % of its contrast", "photo.low-contrast", |scene, random| {
        scene.ink = random.range(0.08, 0.2);
    }),
    ("shadow that takes 80–92 % of the light from a part", "photo.uneven-light", |scene, random| {
        scene.light.shadow = Some(Shadow {
            towards_deg: random.range(0.0, 360.0),
            offset: random.range(-0.1, 0.2),
            depth: random.range(0.80, 0.92),
            softness: random.range(0.03, 0.2),
        });
    }),
    ("one or two lamps mirrored on a card or passport", "photo.glare", |scene, random| {
        put(scene, *random.pick(&[Paper::CardFront, Paper::CardBack, Paper::PassportPage]));
        for _ in 0..1 + random.below(2) {
            scene.light.glare.push(Glare {
                center: [random.range(-0.35, 0.35), random.range(-0.35, 0.35)],
                radius: [random.range(0.05, 0.15), random.range(0.04, 0.1)],
                turn_deg: random.range(0.0, 180.0),
                strength: random.range(1.5, 4.0),
            });
        }
    }),
    ("grey picture in a colour file", "photo.monochrome", |scene, _| scene.delivery.gray = true),
    ("colour photo of a grey copy of a coloured document", "photo.monochrome", |scene, random| {
        colored(scene, random);
        scene.copy = Copy::Gray;
    }),
    ("colour photo of a black-and-white copy of a coloured document", "photo.monochrome", |scene, random| {
        colored(scene, random);
        scene.copy = Copy::BlackWhite;
    }),
    ("screenshot", "photo.screenshot", |scene, random| {
        scene.size_px = *random.pick(&[[1080, 2400], [1170, 2532], [1080, 1920], [720, 1600]]);
        scene.screen = Some(Screen::Shot);
        scene.delivery.camera = false;
        scene.delivery.orientation = 1;
        scene.lens.noise_sigma = 0.0;
    }),
    ("photo of a screen whose pixels are 2.6–5 px apart", "photo.recaptured", |scene, random| {
        scene.screen = Some(Screen::Recaptured { pitch_px: random.range(2.6, 5.0) });
    }),
];

/// What the tables do not say.
const WHAT_FAILS: &str = "
What fails, and why: shaken photos that are only `unsure` were shaken along a diagonal, where no direction stays sharp and \
none is as soft as across the path, or have no edges left across it. A shadow with a border as hard as that of a printed \
field is `unsure`, since only a colour of its own tells the field. A copy passes where the corners that were found are \
wrong and take in some of a coloured desk. Woven and checked cloth has the regular pattern of a screen and is `unsure` for \
`photo.recaptured`. An earlier compression is only seen in what is left of its blocks.
";

struct Looked {
    found: Outcomes,
    given: Outcomes,
    /// As found, where nobody says which document it is.
    unstated: Outcomes,
    located: bool,
    /// True height of the smallest print and the measured one, with the corners as found, in px.
    print_px: (f64, Option<f64>),
}

/// Which document the page asks for where this paper is handed in.
fn material(paper: Paper) -> Option<&'static str> {
    match paper {
        Paper::CardFront | Paper::CardBack | Paper::PassportPage | Paper::FadedCard | Paper::BookletPage => {
            Some("leader-identity-document")
        }
        Paper::LicencePortrait | Paper::LicenceLandscape | Paper::GrayLicence | Paper::PlainCertificate => {
            Some("organization-certificate")
        }
        Paper::SealedLetter | Paper::PlainLetter | Paper::Form => Some("power-of-attorney"),
        Paper::Certificate => None,
    }
}

fn run(set: &str, scenes: &[Scene]) -> Vec<Looked> {
    parallel(scenes, |scene| {
        let (bytes, truth) = photograph(scene);
        let (found, given) = look(&bytes, Some(known_document(&truth)));
        let material = material(scene.paper);
        let looked = Looked {
            located: found.document.is_some(),
            found: judge(&found, material),
            given: judge(&given, material),
            unstated: judge(&found, None),
            print_px: (truth.smallest_print_px, text_height_px(&found)),
        };
        let name = format!("{} {:?} {:?}", scene.seed, scene.paper, scene.desk);
        list(set, &name, Some(&truth), (&found, &looked.found), (&given, &looked.given));
        looked
    })
}

fn text_height_px(facts: &PhotoFacts) -> Option<f64> {
    Some(facts.pixels.as_ref()?.print.as_ref()?.small_px)
}

fn rate(looked: &[Looked], pick: fn(&Looked) -> &Outcomes, code: &str, outcomes: &[Outcome]) -> String {
    let mut rate = Rate::default();
    looked.iter().for_each(|one| rate.count(pick(one).get(code).is_some_and(|o| outcomes.contains(o))));
    rate.show()
}

const GIVEN: fn(&Looked) -> &Outcomes = |one| &one.given;
const FOUND: fn(&Looked) -> &Outcomes = |one| &one.found;
const UNSTATED: fn(&Looked) -> &Outcomes = |one| &one.unstated;

pub fn report(half: Half) -> String {
    let mut out = String::new();
    let (good_count, spoilt_count) = (sample(GOOD), sample(SPOILT));
    let good: Vec<Scene> = half.seeds(1, good_count).into_iter().map(good).collect();
    let looked = run("good", &good);
    let mut located = Rate::default();
    looked.iter().for_each(|one| located.count(one.located));
    let _ = writeln!(
        out,
        "{good_count} good photos of invented documents (sharp, evenly lit, in colour; {LONG_PX} px along the long side, all \
         backgrounds) and {spoilt_count} with each defect. *Given*: with the true corners of the document; *found*: as the program \
         finds them, which it did in {} of the good photos. Which document it is was stated, as the page states it, by its \
         material. A false alarm is a `fail` on a good photo.\n",
        located.show()
    );
    let _ = writeln!(
        out,
        "| check | false alarms, given | unsure on good photos, given | false alarms, found | unsure, found |"
    );
    let _ = writeln!(out, "|---|---|---|---|---|");
    let (fail, unsure) = ([Outcome::Fail], [Outcome::Unsure]);
    let noticed = [Outcome::Fail, Outcome::Unsure];
    for code in photo_codes() {
        let rate = |pick, outcomes| rate(&looked, pick, code, outcomes);
        let _ = writeln!(
            out,
            "| `{code}` | {} | {} | {} | {} |",
            rate(GIVEN, &fail),
            rate(GIVEN, &unsure),
            rate(FOUND, &fail),
            rate(FOUND, &unsure)
        );
    }
    let _ = writeln!(
        out,
        "\n| defect | check | `fail`, given | `fail` or `unsure`, given | `fail`, found | `fail` or `unsure`, found |"
    );
    let _ = writeln!(out, "|---|---|---|---|---|---|");
    let mut copies = Vec::new();
    for (n, (name, code, spoil)) in DEFECTS.iter().enumerate() {
        let scenes: Vec<Scene> = half
            .seeds(2 + n as u64, spoilt_count)
            .into_iter()
            .map(|seed| {
                let mut scene = self::good(seed);
                spoil(&mut scene, &mut Random::new(seed ^ 0x5701));
                scene
            })
            .collect();
        let looked = run(name, &scenes);
        let rate = |pick, outcomes| rate(&looked, pick, code, outcomes);
        let _ = writeln!(
            out,
            "| {name} | `{code}` | {} | {} | {} | {} |",
            rate(GIVEN, &fail),
            rate(GIVEN, &noticed),
            rate(FOUND, &fail),
            rate(FOUND, &noticed)
        );
        if scenes.iter().any(|scene| scene.copy != Copy::Original) {
            copies.push((name, rate(UNSTATED, &fail), rate(UNSTATED, &noticed)));
        }
        if half == Half::Fit {
            let missed: BTreeMap<u64, Outcome> = scenes
                .iter()
                .zip(&looked)
                .filter(|(_, one)| one.given.get(code) != Some(&Outcome::Fail))
                .map(|(scene, one)| (scene.seed, one.given[code]))
                .collect();
            eprintln!("{name}: {missed:?}");
        }
    }
    out.push_str("\nWhere nobody says which document it is, only its shape tells whether it should have colours:\n\n");
    out.push_str("| copy, found | `fail` | `fail` or `unsure` |\n|---|---|---|\n");
    for (name, fails, noticed) in copies {
        let _ = writeln!(out, "| {name} | {fails} | {noticed} |");
    }
    out.push_str(&pale(half, spoilt_count));
    out.push_str(&text_heights(&looked));
    out.push_str(WHAT_FAILS);
    if half == Half::Fit {
        for (scene, one) in good.iter().zip(&looked) {
            let alarms: Vec<_> = one
                .given
                .iter()
                .filter(|(c, o)| c.starts_with("photo.") && matches!(o, Outcome::Fail | Outcome::Unsure))
                .collect();
            if !alarms.is_empty() {
                eprintln!("good {} {:?} {:?}: {alarms:?}", scene.seed, scene.paper, scene.desk);
            }
        }
    }
    out
}

/// How well the height of small print is measured on good photos.
fn text_heights(looked: &[Looked]) -> String {
    let mut out = String::from(
        "\nHeight of small print on the good photos, with the corners as found: *true* is the nominal size of the smallest print of \
         the document, of which a Chinese character fills about 90 % and a capital or figure about 75 %; *measured* is the height \
         that a tenth of the lines stay below.\n\n\
         | true height | photos | measured | measured / true, median | within 0.7 to 1.15 |\n|---|---|---|---|---|\n",
    );
    for (low, high) in [(0.0, 8.0), (8.0, 10.0), (10.0, 16.0), (16.0, f64::INFINITY)] {
        let of: Vec<_> = looked.iter().map(|one| one.print_px).filter(|(px, _)| (low..high).contains(px)).collect();
        let mut ratios: Vec<f64> = of.iter().filter_map(|(px, measured)| Some((*measured)? / px)).collect();
        ratios.sort_by(f64::total_cmp);
        let (mut answered, mut right) = (Rate::default(), Rate::default());
        of.iter().for_each(|(_, measured)| answered.count(measured.is_some()));
        ratios.iter().for_each(|ratio| right.count((0.7..=1.15).contains(ratio)));
        let name = if high.is_finite() { format!("{low:.0} to {high:.0} px") } else { format!("{low:.0} px and more") };
        let median = ratios.get(ratios.len() / 2).map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let _ = writeln!(out, "| {name} | {} | {} | {median} | {} |", of.len(), answered.show(), right.show());
    }
    out
}

/// Originals that have next to no colour must not be taken for copies.
fn pale(half: Half, count: u64) -> String {
    let scenes: Vec<Scene> = half
        .seeds(2 + DEFECTS.len() as u64, count)
        .into_iter()
        .map(|seed| {
            let mut scene = good(seed);
            put(&mut scene, *Random::new(seed ^ 0x9a1e).pick(Paper::PALE));
            scene
        })
        .collect();
    let looked = run("pale", &scenes);
    let mut out = format!(
        "\n{count} good photos of originals with very little colour (a faded card with a grey portrait, a page of a booklet, a \
         licence printed in greys and a certificate in black print, each of the last three with one small seal):\n\n\
         | check | false alarms, given | unsure, given | false alarms, found | unsure, found |\n|---|---|---|---|---|\n"
    );
    for code in photo_codes() {
        let rate = |pick, outcome| rate(&looked, pick, code, &[outcome]);
        let _ = writeln!(
            out,
            "| `{code}` | {} | {} | {} | {} |",
            rate(GIVEN, Outcome::Fail),
            rate(GIVEN, Outcome::Unsure),
            rate(FOUND, Outcome::Fail),
            rate(FOUND, Outcome::Unsure)
        );
    }
    out
}
