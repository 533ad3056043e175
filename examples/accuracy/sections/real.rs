//! Real photos, where the corpus exists: `../shared/corpus/documents` and `../shared/corpus/quality`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use icp_precheck::finding::Outcome;
use icp_precheck::geometry::Quad;
use icp_precheck::photo_facts::{DocumentFacts, DocumentKind, InFrame};

use crate::shared::{Half, Outcomes, Rate, corpus, judge, list, look, parallel, photo_codes};

fn pictures(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            pictures(&path, found);
        } else if path
            .extension()
            .is_some_and(|e| ["jpg", "jpeg", "png", "gif"].iter().any(|known| e.eq_ignore_ascii_case(known)))
        {
            found.push(path);
        }
    }
}

fn all(folder: Option<PathBuf>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(folder) = folder {
        pictures(&folder, &mut found);
    }
    found
}

/// Corners of the photos in `documents`, by path below that folder.
pub fn quads() -> BTreeMap<String, Quad> {
    let text = corpus("documents").and_then(|folder| std::fs::read_to_string(folder.join("quads.json")).ok());
    let truth: serde_json::Value = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let images = truth["images"].as_array().cloned().unwrap_or_default();
    images
        .iter()
        .filter_map(|image| {
            let corners = serde_json::from_value(image["corners"].clone()).ok()?;
            Some((image["file"].as_str()?.to_owned(), corners))
        })
        .collect()
}

fn rates(outcomes: &[Outcomes], code: &str) -> (Rate, Rate) {
    let (mut fails, mut doubts) = (Rate::default(), Rate::default());
    for one in outcomes {
        fails.count(one.get(code) == Some(&Outcome::Fail));
        doubts.count(one.get(code) == Some(&Outcome::Unsure));
    }
    (fails, doubts)
}

pub fn report(half: Half) -> String {
    let mut out = String::new();
    let Some(folder) = corpus("documents") else {
        return "The corpus of real pictures (`../shared/corpus`) is not here.\n".to_owned();
    };
    let quads = quads();
    let documents = all(Some(folder.clone()));
    let judged = parallel(&documents, |path| {
        let bytes = std::fs::read(path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        let document = quads.get(&name).map(|quad| DocumentFacts {
            kind: DocumentKind::Unknown,
            quad: *quad,
            aspect_ratio: 1.4,
            aspect_ratio_uncertainty: 1.0,
            coverage: 0.5,
            rotation_deg: 0.0,
            tilt_deg: 0.0,
            confidence: 1.0,
            in_frame: InFrame::Whole,
        });
        let (found, given) = look(&bytes, document);
        let judged = (judge(&found, None), judge(&given, None));
        list("documents", &name, None, (&found, &judged.0), (&given, &judged.1));
        judged
    });
    let (found, given): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
    let _ = writeln!(
        out,
        "{} photos of documents on tables, in hands and in clutter, {} with known corners; nobody has graded their quality, so \
         this shows how often each check speaks up.\n\n| check | `fail`, given | `unsure`, given | `fail`, found | `unsure`, found |\n|---|---|---|---|---|",
        documents.len(),
        documents
            .iter()
            .filter(|path| quads.contains_key(path.strip_prefix(&folder).unwrap().to_string_lossy().as_ref()))
            .count()
    );
    for code in photo_codes() {
        let ((fails, doubts), (found_fails, found_doubts)) = (rates(&given, code), rates(&found, code));
        let _ = writeln!(
            out,
            "| `{code}` | {} | {} | {} | {} |",
            fails.show(),
            doubts.show(),
            found_fails.show(),
            found_doubts.show()
        );
    }
    out.push_str(
        "\nWhat fails: of `photo.blurred` three shaken frames of videos and a page written with a soft pencil; of \
         `photo.sideways`, which is not in the table, an answer sheet with columns of marks.\n",
    );
    if half == Half::Fit {
        for (path, one) in documents.iter().zip(&given) {
            let alarms: Vec<_> = one
                .iter()
                .filter(|(c, o)| c.starts_with("photo.") && matches!(o, Outcome::Fail | Outcome::Unsure))
                .collect();
            eprintln!("{}: {alarms:?}", path.display());
        }
    }
    let _ = writeln!(
        out,
        "\nPictures of known quality, without corners:\n\n| pictures | check | `fail` | `unsure` |\n|---|---|---|---|"
    );
    let zxing = |name: &str| corpus(&format!("quality/zxing/core/src/test/resources/blackbox/{name}"));
    let moire = |name: &str| corpus(&format!("quality/moire-amadeus/src/{name}"));
    let sets = [
        ("barcodes in focus", zxing("ean13-3"), "photo.blurred"),
        ("barcodes out of focus", zxing("ean13-5"), "photo.blurred"),
        ("barcodes in extreme light", zxing("ean13-4"), "photo.blurred"),
        ("barcodes in extreme light", zxing("ean13-4"), "photo.too-dark"),
        ("barcodes in extreme light", zxing("ean13-4"), "photo.glare"),
        ("photos of screens with moiré", moire("positiveImages"), "photo.recaptured"),
        ("photos without", moire("negativeImages"), "photo.recaptured"),
        ("scans in colour, grey and black", corpus("quality/ocrmypdf-scans"), "photo.blurred"),
        ("scans in colour, grey and black", corpus("quality/ocrmypdf-scans"), "photo.too-bright"),
        ("scans in colour, grey and black", corpus("quality/ocrmypdf-scans"), "photo.monochrome"),
    ];
    for (name, folder, code) in sets {
        let pictures = all(folder);
        let outcomes = parallel(&pictures, |path| {
            let facts = look(&std::fs::read(path).unwrap(), None).0;
            let outcomes = judge(&facts, None);
            list(name, &path.to_string_lossy(), None, (&facts, &outcomes), (&facts, &outcomes));
            outcomes
        });
        let (fails, doubts) = rates(&outcomes, code);
        let _ = writeln!(out, "| {name} | `{code}` | {} | {} |", fails.show(), doubts.show());
    }
    out
}
