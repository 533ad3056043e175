//! What all sections need.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock};

use icp_precheck::decode::decode;
use icp_precheck::finding::{Code, Outcome};
use icp_precheck::limits::DecodeLimits;
use icp_precheck::measure::measure;
use icp_precheck::photo_facts::{DocumentFacts, DocumentKind, InFrame, PhotoFacts};
use icp_precheck::{FileRequest, Locale, Precheck, measure_photo};
use precheck_scenes::{Scene, Truth};

/// What the command line asks for besides sections.
#[derive(Debug, Default)]
pub struct Settings {
    /// Fewer photos.
    pub is_quick: bool,
    /// Folder in which rendered pictures are kept.
    pub keep: Option<PathBuf>,
    /// Where to write what was measured.
    list: Option<Mutex<File>>,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();
static DEFAULT: LazyLock<Settings> = LazyLock::new(Settings::default);

impl Settings {
    /// Opens the file for what was measured.
    pub fn list_in(&mut self, file: &str) -> Result<(), String> {
        let opened = File::create(file).map_err(|error| format!("{file}: {error}"))?;
        self.list = Some(Mutex::new(opened));
        Ok(())
    }
}

/// Fixes the settings for the run.
pub fn set(settings: Settings) -> Result<(), String> {
    if let Some(folder) = &settings.keep {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    SETTINGS.set(settings).map_err(|_| "settings were set twice".to_owned())
}

fn settings() -> &'static Settings {
    SETTINGS.get().unwrap_or(&DEFAULT)
}

/// How many photos to take of something: `count`, or a quarter for a quick look.
pub fn sample(count: u64) -> u64 {
    if settings().is_quick { count / 4 } else { count }
}

/// Writes one line about a photo to the file that the command line named, if it did.
pub fn list(
    set: &str,
    name: &str,
    truth: Option<&Truth>,
    found: (&PhotoFacts, &Outcomes),
    given: (&PhotoFacts, &Outcomes),
) {
    let Some(file) = &settings().list else { return };
    let of = |(facts, outcomes): (&PhotoFacts, &Outcomes)| {
        let measures: BTreeMap<_, _> = facts.pixels.iter().flat_map(|pixels| pixels.measures()).collect();
        serde_json::json!({ "document": facts.document, "pixels": facts.pixels, "measures": measures, "outcomes": outcomes })
    };
    let line = serde_json::json!({ "set": set, "name": name, "truth": truth, "found": of(found), "given": of(given) });
    writeln!(file.lock().unwrap(), "{line}").unwrap();
}

/// Which scenes are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Even seeds: thresholds may be fitted to these.
    Fit,
    /// Odd seeds: the published figures.
    Report,
}

impl Half {
    /// `count` seeds of this half, different for every `series`.
    pub fn seeds(self, series: u64, count: u64) -> Vec<u64> {
        let offset = if self == Self::Fit { 0 } else { 1 };
        (0..count).map(|n| series * 100_000 + 2 * n + offset).collect()
    }
}

/// Runs a function over all inputs on all cores and gives the results in the order of the inputs.
pub fn parallel<I: Sync, O: Send>(inputs: &[I], run: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((n, input)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, inputs.get(n)?)))
                {
                    let output = run(input);
                    results.lock().unwrap().insert(n, output);
                }
            });
        }
    });
    results.into_inner().unwrap().into_values().collect()
}

/// How often something happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rate {
    /// How often.
    pub hits: u32,
    /// Out of how many.
    pub of: u32,
}

impl Rate {
    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.hits += u32::from(hit);
        self.of += 1;
    }

    /// Percent with its 95 % interval after Wilson (1927).
    pub fn show(self) -> String {
        if self.of == 0 {
            return "–".to_owned();
        }
        let (n, p, z) = (f64::from(self.of), f64::from(self.hits) / f64::from(self.of), 1.96_f64);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let (low, high) = ((middle - half).max(0.0) * 100.0, (middle + half).min(1.0) * 100.0);
        format!("{:.1} % ({low:.1}–{high:.1}; {}/{})", p * 100.0, self.hits, self.of)
    }
}

/// Document facts as a perfect locator would give them.
pub fn known_document(truth: &Truth) -> DocumentFacts {
    DocumentFacts {
        kind: DocumentKind::parse(&truth.kind).unwrap_or(DocumentKind::Unknown),
        quad: truth.quad,
        aspect_ratio: truth.aspect_ratio,
        aspect_ratio_uncertainty: 0.0,
        coverage: 0.5,
        rotation_deg: 0.0,
        tilt_deg: 0.0,
        confidence: 1.0,
        in_frame: if truth.whole { InFrame::Whole } else { InFrame::CutOff },
    }
}

/// Facts of a file, once as the program finds them and once with the given document.
pub fn look(bytes: &[u8], document: Option<DocumentFacts>) -> (PhotoFacts, PhotoFacts) {
    let found = measure_photo(bytes, bytes.len() as u64);
    let mut given = found.clone();
    if let Some(document) = document
        && let Ok(planes) = decode(bytes, &found.file, &DecodeLimits::default())
    {
        given.pixels = Some(measure(&planes, Some(&document)));
        given.document = Some(document);
    }
    (found, given)
}

/// Outcomes of the checks of the pixels, by code.
pub type Outcomes = BTreeMap<&'static str, Outcome>;

/// Judges facts.
pub fn judge(facts: &PhotoFacts, material: Option<&str>) -> Outcomes {
    let precheck = Precheck::new(Locale::En);
    let mut request = FileRequest::new(facts.file.size_bytes, "2026-01-01".parse().unwrap());
    request.material = material.map(str::to_owned);
    let report = precheck.judge_photo(facts, &request).unwrap();
    report.findings.iter().map(|finding| (finding.code.as_str(), finding.outcome)).collect()
}

/// Every code about photo quality.
pub fn photo_codes() -> impl Iterator<Item = &'static str> {
    let others = [Code::PhotoTooFewPixels, Code::PhotoNotDecoded];
    Code::ALL
        .iter()
        .filter(move |code| !others.contains(code))
        .map(|code| code.as_str())
        .filter(|code| code.starts_with("photo.") && *code != "photo.sideways")
}

/// Renders a scene to a JPEG file with its truth, or reads both where they were kept.
pub fn photograph(scene: &Scene) -> (Vec<u8>, Truth) {
    let kept = settings().keep.as_ref().map(|folder| {
        let mut hasher = DefaultHasher::new();
        serde_json::to_string(scene).unwrap().hash(&mut hasher);
        let name = format!("{:016x}", hasher.finish());
        (folder.join(format!("{name}.jpg")), folder.join(format!("{name}.json")))
    });
    if let Some((picture, truth)) = &kept
        && let (Ok(bytes), Ok(text)) = (std::fs::read(picture), std::fs::read_to_string(truth))
        && let Ok(truth) = serde_json::from_str(&text)
    {
        return (bytes, truth);
    }
    let picture = scene.render();
    let bytes = scene.encode(&picture);
    if let Some((place, truth)) = kept {
        std::fs::write(place, &bytes).unwrap();
        std::fs::write(truth, serde_json::to_string(&picture.truth).unwrap()).unwrap();
    }
    (bytes, picture.truth)
}

/// A folder of the corpus of real pictures, if it is there.
pub fn corpus(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(folder);
    path.is_dir().then_some(path)
}
