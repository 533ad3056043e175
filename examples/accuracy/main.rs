//! How often the checks are right: `cargo run --release --example accuracy -- [OPTION…] [SECTION…]`, or
//! `… -- --fit --candidates FILE` for what `train/rank.py` fits the ranking of quads to.
//!
//! | option | what it does |
//! |---|---|
//! | `--write FILE` | writes the report to FILE; sections that were not asked for stay as they are there |
//! | `--fit` | looks at the scenes with even seeds, to which limits may be fitted |
//! | `--quick` | a quarter of the photos of the section `photo`: for a look between two changes, not for the report |
//! | `--keep DIR` | keeps rendered pictures in DIR and reads them from there the next time; rendering is most of the time. Empty it after a change to `tests/scenes` |
//! | `--list FILE` | writes what was measured of every photo of the sections `photo` and `real` to FILE, one JSON text a line |
//!
//! Renders photos of invented documents with known defects, reads real photos where `../shared/corpus` exists, and prints
//! one Markdown section after the other. Thresholds are fitted on scenes with even seeds (`--fit` shows those); the report
//! is about the odd ones. A section is one file in `sections/` and one line in [`SECTIONS`].
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod sections {
    pub mod document;
    pub mod nothing;
    pub mod pair;
    pub mod photo;
    pub mod real;
    pub mod sharpness;
}
mod shared;

use std::fmt::Write as _;

use shared::{Half, Settings};

/// A section: name on the command line, heading, and what writes it.
type Section = (&'static str, &'static str, fn(Half) -> String);

const SECTIONS: &[Section] = &[
    ("document", "Where the document is", sections::document::report),
    ("photo", "Photo quality, rendered photos", sections::photo::report),
    ("sharpness", "Edge width beside variance of Laplacian", sections::sharpness::report),
    ("pair", "Front and back, rendered photos", sections::pair::report),
    ("nothing", "Pictures of nothing", sections::nothing::report),
    ("real", "Photo quality, real photos", sections::real::report),
];

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let (mut write, mut half, mut wanted) = (None, Half::Report, Vec::new());
    let (mut settings, mut candidates) = (Settings::default(), None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--write" => write = Some(arguments.next().ok_or("--write needs a file")?),
            "--fit" => half = Half::Fit,
            "--quick" => settings.is_quick = true,
            "--keep" => settings.keep = Some(arguments.next().ok_or("--keep needs a folder")?.into()),
            "--list" => settings.list_in(&arguments.next().ok_or("--list needs a file")?)?,
            "--candidates" => candidates = Some(arguments.next().ok_or("--candidates needs a file")?),
            name if SECTIONS.iter().any(|(known, ..)| *known == name) => wanted.push(argument),
            other => return Err(format!("unknown argument {other:?}")),
        }
    }
    shared::set(settings)?;
    if let Some(file) = candidates {
        return std::fs::write(&file, sections::document::candidates(half)).map_err(|error| error.to_string());
    }
    let mut out = String::from(
        "# Accuracy\n\nWritten by `npm run accuracy`; not by hand. Rates come with 95 % intervals after Wilson. Rendered photos \
         are those of `tests/scenes` with odd seeds; limits were fitted on even seeds only.\n",
    );
    if !precheck_scenes::fonts_found() {
        let missing = "Without Noto CJK fonts (Debian: `fonts-noto-cjk`): characters were drawn as invented strokes.";
        eprintln!("{missing}");
        let _ = write!(out, "\n{missing}\n");
    }
    let before = write.as_ref().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    for (name, heading, report) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|section| section == name) {
            let section = format!("\n## {heading}\n\n{}", report(half));
            println!("{section}");
            out.push_str(&section);
        } else if let Some(kept) = before.split("\n## ").find(|section| section.starts_with(heading)) {
            // Sections that were not asked for stay as they were written.
            let _ = write!(out, "\n## {}\n", kept.trim_end());
        }
    }
    match write {
        Some(file) => std::fs::write(&file, out).map_err(|error| format!("{file}: {error}")),
        None => Ok(()),
    }
}
