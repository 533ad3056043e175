//! The readers against thousands of real, odd and broken files, where a collection lies beside the project.
//!
//! The collection is not part of the project; without it this test says so and passes. It is sorted by origin, and
//! each origin's own folder and file names say what is broken. A second opinion comes from its `oracle.json`: type,
//! size, orientation and success of another decoder.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use icp_precheck::decode::{DecodeError, decode};
use icp_precheck::facts::{DamageKind, Ending, FileFacts, Format};
use icp_precheck::file::read_facts;
use icp_precheck::limits::DecodeLimits;
use serde_json::Value;

const MIN_FILES: usize = 4000;
/// Larger pictures are decoded by the benchmark and not here, where nothing is optimised.
const MAX_DECODED_PX: u64 = 1_000_000;

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("readable")).expect("JSON")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Expect {
    /// Viewers show it whole: no damage but to extra data, and an end.
    Sound,
    /// Its origin says that it is broken, in a way that shows without decoding.
    Broken,
    /// Nothing is known, or what is wrong shows only in the decoded pixels.
    Open,
}

/// What names and the second opinion say about a JPEG, PNG or GIF.
fn expectation(path: &str, oracle: &Value, lists: &[Value]) -> Expect {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let decodes = oracle["pil"]["decode"] == "ok";
    for list in lists {
        if let Some(entry) = list.get(name).filter(|_| folder == "bombs" || folder == "disguised") {
            // Zeroed bytes in coded data are valid codes: only a decoder sees them.
            if name.contains("zeroed") || entry["valid"].is_null() && entry.get("real").is_none() {
                return Expect::Open;
            }
            let is_broken = entry["valid"] == false || entry.get("truncated").or(entry.get("corrupt")).is_some();
            return if is_broken { Expect::Broken } else { Expect::Sound };
        }
    }
    let is_broken = match folder {
        "image-png/tests/pngsuite" => name.starts_with('x'),
        "image-png/tests/bugfixes" => name.starts_with("x_"),
        "libpng/contrib/testpngs/crashers" => name.starts_with("huge_") || name == "badcrc.png",
        "libspng/tests/crashers" | "image-size/specs/images/invalid" => true,
        // A code outside the table shows only to a decoder.
        "libgd/tests/gif/gif-conformance/invalid" => name != "bad_lzw_code.gif",
        _ => false,
    };
    if is_broken {
        return Expect::Broken;
    }
    // Made to be malformed, though decoders get something out of them.
    let is_fuzzed = ["fuzz", "crash", "stall", "/bug_", "/bug0"].iter().any(|word| path.contains(word));
    // Two reference files show what decoders do with parts left out, as their names say; bytes or scans are missing.
    let is_incomplete = ["partial", "missing"].iter().any(|word| name.contains(word));
    // References for decoders are sound also where the second opinion knows the coding not at all (lossless).
    let is_sound = decodes || folder.contains("/reftest/");
    if is_sound && !is_fuzzed && !is_incomplete { Expect::Sound } else { Expect::Open }
}

/// The format that the second opinion names, as far as it has a word for it.
fn oracle_format(oracle: &Value) -> Option<&'static str> {
    Some(match (oracle["pil"]["format"].as_str(), oracle["magic"].as_str()?) {
        (Some("JPEG" | "MPO"), _) => "jpeg",
        (Some("PNG"), _) => "png",
        (Some("GIF"), _) => "gif",
        (Some("WEBP"), _) => "webp",
        (Some("BMP"), _) => "bmp",
        (Some("TIFF"), _) => "tiff",
        (Some("ICO" | "CUR"), _) => "ico",
        (Some("PSD"), _) => "psd",
        (Some("AVIF"), _) => "avif",
        (Some("JPEG2000"), _) => "jp2",
        (None, "isobmff:heic") => "heic",
        (None, "isobmff:avif") => "avif",
        (None, magic @ ("jpeg" | "png" | "gif" | "webp" | "bmp" | "tiff" | "pdf")) => {
            ["jpeg", "png", "gif", "webp", "bmp", "tiff", "pdf"].into_iter().find(|format| *format == magic)?
        }
        _ => return None,
    })
}

fn is_sound(facts: &FileFacts) -> bool {
    facts.picture.as_ref().is_some_and(|picture| {
        let is_minor = |kind| kind == DamageKind::ExtraDataChecksumMismatch;
        picture.damage.is_none_or(|damage| is_minor(damage.kind)) && matches!(picture.ending, Ending::Complete { .. })
    })
}

/// Sizes, orientation: where the other decoder succeeds, both have to agree.
fn compare(path: &str, facts: &FileFacts, oracle: &Value, disagreements: &mut Vec<String>) {
    let Some(picture) = facts.picture.as_ref().filter(|_| oracle["pil"]["decode"] == "ok") else { return };
    let pil = &oracle["pil"];
    let orientation = u8::try_from(pil["orientation"].as_u64().unwrap_or(1)).unwrap_or(1);
    if picture.exif_orientation != if (1..=8).contains(&orientation) { orientation } else { 1 } {
        disagreements.push(format!("{path}: orientation {} for {orientation}", picture.exif_orientation));
    }
    let size = [picture.stored_width_px, picture.stored_height_px].map(u64::from);
    // The other decoder widens a GIF's screen to every frame, browsers only to the first.
    if pil["size"] != serde_json::json!(size) && !path.ends_with("/oob.gif") {
        disagreements.push(format!("{path}: size {size:?} for {}", pil["size"]));
    }
}

/// A sound picture decodes wholly, and whatever a broken one does, it comes back.
fn compare_decoding(path: &str, bytes: &[u8], facts: &FileFacts, expect: Expect, disagreements: &mut Vec<String>) {
    let Some(picture) = &facts.picture else { return };
    if u64::from(picture.stored_width_px) * u64::from(picture.stored_height_px) > MAX_DECODED_PX {
        return;
    }
    let is_whole = match decode(bytes, facts, &DecodeLimits::default()) {
        Ok(planes) => planes.decoded_share >= 1.0 && planes.damage.is_none(),
        Err(error) => error == DecodeError::UnsupportedCoding,
    };
    if expect == Expect::Sound && !is_whole {
        disagreements.push(format!("{path}: sound, but not decoded as a whole"));
    }
}

#[test]
fn the_collection_is_understood() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/files");
    if !root.is_dir() {
        println!("skipped: no collection of files");
        return;
    }
    let oracle = json(&root.join("oracle.json"));
    let lists = ["bombs", "disguised"].map(|folder| json(&root.join(folder).join("expected.json")));
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();

    let mut table: BTreeMap<(String, Expect), [usize; 2]> = BTreeMap::new();
    let mut disagreements = Vec::new();
    for file in &files {
        let path = file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        let bytes = fs::read(file).expect("the file is readable");
        let facts = read_facts(&bytes, bytes.len() as u64);
        let opinion = &oracle[&path];
        if let Some(format) = oracle_format(opinion).filter(|format| *format != facts.format.as_str()) {
            disagreements.push(format!("{path}: {} for {format}", facts.format.as_str()));
        }
        compare(&path, &facts, opinion, &mut disagreements);
        let expect = expectation(&path, opinion, &lists);
        compare_decoding(&path, &bytes, &facts, expect, &mut disagreements);
        let is_picture = matches!(facts.format, Format::Jpeg | Format::Png | Format::Gif);
        if expect == Expect::Broken && is_picture && is_sound(&facts) {
            disagreements.push(format!("{path}: broken, but nothing was found"));
        }
        if expect == Expect::Sound && is_picture && !is_sound(&facts) {
            let picture = facts.picture.as_ref().map(|picture| (picture.damage, picture.ending));
            disagreements.push(format!("{path}: sound, but {picture:?}"));
        }
        if is_picture {
            let origin = path.split('/').next().unwrap_or_default().to_owned();
            table.entry((origin, expect)).or_default()[usize::from(is_sound(&facts))] += 1;
        }
    }
    println!("{:<20} {:<7} {:>7} {:>7}", "origin", "expect", "damaged", "sound");
    for ((origin, expect), [damaged, sound]) in &table {
        println!("{origin:<20} {:<7} {damaged:>7} {sound:>7}", format!("{expect:?}"));
    }
    println!("{} files", files.len());
    assert!(files.len() > MIN_FILES, "only {} files were seen", files.len());
    assert!(disagreements.is_empty(), "{}\n{}", disagreements.len(), disagreements.join("\n"));
}

#[test]
fn photos_are_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        println!("skipped: no collection of photos");
        return;
    }
    let mut files = Vec::new();
    walk(&root.join("documents"), &mut files);
    walk(&root.join("quality"), &mut files);
    let mut photos = 0;
    for file in files {
        let bytes = fs::read(&file).expect("the file is readable");
        let facts = read_facts(&bytes, bytes.len() as u64);
        if let Some(picture) = &facts.picture {
            assert!(is_sound(&facts), "{}: {picture:?}", file.display());
            photos += 1;
        }
    }
    assert!(photos > 150, "only {photos} photos were seen");
}

#[test]
fn disguised_files_are_recognised() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/files/disguised");
    if !root.is_dir() {
        println!("skipped: no collection of files");
        return;
    }
    let expected = json(&root.join("expected.json"));
    let expected = expected.as_object().expect("an object");
    for (name, entry) in expected {
        let real = entry["real"].as_str().expect("a type");
        // The list names kinds more finely than we do: `webp-lossy`, `tiff-le`, `nef`.
        let expect = match real.split('-').next().unwrap_or(real) {
            "mpo" => "jpeg",
            "nef" => "tiff",
            // Mangled in its signature, but still a damaged PNG to whoever has to be told what is wrong.
            "none (mangled png)" => "png",
            real if real.starts_with("none") => "unknown",
            real => real,
        };
        let bytes = fs::read(root.join(name)).expect("the file is readable");
        assert_eq!(read_facts(&bytes, bytes.len() as u64).format.as_str(), expect, "{name}");
    }
    assert!(expected.len() > 40);
}
