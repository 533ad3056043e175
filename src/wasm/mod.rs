//! The boundary to JavaScript, and the only folder that names wasm_bindgen or js_sys.
//!
//! The file crosses once as bytes, reports cross as plain objects: absent values as `null`, maps as objects.

use std::fmt;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::checklist::Profile;
use crate::date::Date;
use crate::error::{Misuse, MisuseCode};
use crate::fix::{Refusal, Splicer};
use crate::json::{self, Tree};
use crate::limits;
use crate::locale::Locale;
use crate::numbers::Numbers;
use crate::packed::{self, Reader, Shape, Unpack, record};
use crate::precheck::{Precheck, VERSION, describe_document, measure_photo};
use crate::render::Layout;
use crate::request::FileRequest;
use crate::rules::RuleSet;
use crate::string::Quoted;
use crate::submission::{Look, Submission};

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

struct EngineOptions {
    locale: Locale,
}

/// The checker with its rules, limits and words; its methods mirror the package's API.
#[wasm_bindgen]
pub struct Engine {
    precheck: Precheck,
}

#[wasm_bindgen]
impl Engine {
    /// `options`: `{ locale, rules?, upload? }` as JSON text, so that rules have one reader, whether built in or given.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when an option is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Engine, JsValue> {
        let argument = MisuseCode::InvalidArgument;
        let mut options = parse("options", options)?;
        // Each by itself: a fault in the rules has a code of its own, and an upload profile is an id or the whole.
        let (rules, upload) = (take(&mut options, "rules"), take(&mut options, "upload"));
        let options: EngineOptions = read("options", &options, argument)?;
        let mut precheck = Precheck::new(options.locale);
        if let Some(rules) = rules {
            let rules =
                RuleSet::from_tree(&rules).map_err(|misfit| refuse("rules", &misfit, MisuseCode::InvalidRules))?;
            precheck = precheck.with_rules(rules).map_err(into_js_error)?;
        }
        precheck = match upload {
            None => precheck,
            Some(Tree::Text(id)) => precheck.with_upload_profile(&id).map_err(into_js_error)?,
            Some(profile) => precheck.with_upload(read("upload", &profile, argument)?),
        };
        Ok(Engine { precheck })
    }

    /// `PhotoReport` of one file; `request` is a `FileRequest`.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when the request is wrong.
    #[wasm_bindgen(js_name = inspectFile)]
    pub fn inspect_file(&self, bytes: &[u8], request: JsValue) -> Result<JsValue, JsValue> {
        let request = read_request(request)?;
        to_js(&self.precheck.inspect_file(bytes, &request).map_err(into_js_error)?)
    }

    /// `PhotoReport` of a file that was looked at; `request` is a `FileRequest`.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when the request is wrong.
    #[wasm_bindgen(js_name = judgePhoto)]
    pub fn judge_photo(&self, look: &str, request: JsValue) -> Result<JsValue, JsValue> {
        let request = read_request(request)?;
        to_js(&self.precheck.judge_look(&read_look(look)?, &request).map_err(into_js_error)?)
    }

    /// `PairReport` of two files that were looked at.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when a request is wrong.
    #[wasm_bindgen(js_name = judgePair)]
    pub fn judge_pair(
        &self,
        front: &str,
        front_request: JsValue,
        back: &str,
        back_request: JsValue,
    ) -> Result<JsValue, JsValue> {
        let front_request = read_request(front_request)?;
        let back_request = read_request(back_request)?;
        let (front, back) = (read_look(front)?, read_look(back)?);
        let report = self.precheck.judge_pair((&front, &front_request), (&back, &back_request));
        to_js(&report.map_err(into_js_error)?)
    }

    /// What looking at one file brings: its facts as JSON text, for the methods that judge and for [`Splice`].
    #[wasm_bindgen(js_name = measurePhoto)]
    #[must_use]
    pub fn measure_photo(&self, bytes: &[u8], size_bytes: f64) -> String {
        // OK because sizes of files are whole numbers far below 2^53; anything else becomes 0 or the largest number.
        let look = Look::Measured(Box::new(measure_photo(bytes, size_bytes as u64)));
        json::write(&look)
    }

    /// `SubmissionReport` of a `Submission` as JSON text.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when an answer, a place or a request is wrong.
    #[wasm_bindgen(js_name = judgeSubmission)]
    pub fn judge_submission(&self, submission: &str) -> Result<JsValue, JsValue> {
        let submission: Submission = from_json("submission", submission)?;
        to_js(&self.precheck.judge_submission(&submission).map_err(into_js_error)?)
    }

    /// Begins to splice pictures: `{ photos: [{ look, request }], layout, request, maxBytes? }` as JSON text.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when the request is wrong.
    pub fn splice(&self, request: &str) -> Result<Splice, JsValue> {
        let request: SpliceRequest = from_json("splice", request)?;
        if request.photos.is_empty() {
            return Err(into_js_error(Misuse::new(MisuseCode::InvalidArgument, "files: there is nothing to splice")));
        }
        let facts: Option<Vec<_>> = request.photos.iter().map(|photo| photo.look.facts()).collect();
        let splicer = match facts {
            Some(facts) => Splicer::new(&facts, request.layout.unwrap_or_default()),
            None => Err(Refusal::Undecoded(request.photos.iter().position(|p| p.look.facts().is_none()).unwrap_or(0))),
        };
        Ok(Splice { request, splicer: Some(splicer), bytes: Vec::new() })
    }

    /// `FixReport` of a splice that has all its pictures; the file is then in [`Splice::take_bytes`].
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when a request names what does not exist.
    #[wasm_bindgen(js_name = finishSplice)]
    pub fn finish_splice(&self, splice: &mut Splice) -> Result<JsValue, JsValue> {
        let material = splice.request.request.material.as_deref();
        let max_bytes = splice.request.max_bytes.unwrap_or_else(|| self.precheck.splice_limit_bytes(material));
        let spliced = match splice.splicer.take() {
            Some(Ok(splicer)) => splicer.finish(max_bytes),
            Some(Err(refusal)) => Err(refusal),
            None => Err(Refusal::TooLarge),
        };
        let sources: Vec<_> = splice.request.photos.iter().map(|photo| (&photo.look, &photo.request)).collect();
        let report = self.precheck.judge_splice(&sources, &spliced, &splice.request.request).map_err(into_js_error)?;
        splice.bytes = spliced.map(|spliced| spliced.encoded.bytes).unwrap_or_default();
        to_js(&report)
    }

    /// `Checklist` of a profile on a day (`YYYY-MM-DD`), as JSON text: it is large, and text crosses fastest.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when province, day or an answer is wrong.
    pub fn checklist(&self, profile: JsValue, on: &str, changes: bool) -> Result<String, JsValue> {
        let profile: Profile = from_js("profile", &profile)?;
        let on = parse_date(on)?;
        let list = match changes {
            true => self.precheck.checklist_with_changes(&profile, on),
            false => self.precheck.checklist(&profile, on),
        };
        Ok(json::write(&list.map_err(into_js_error)?))
    }

    /// `NumbersReport` of what was typed, on a day.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when the day is wrong, or a field that does not exist is given.
    #[wasm_bindgen(js_name = checkNumbers)]
    pub fn check_numbers(&self, numbers: JsValue, on: &str) -> Result<JsValue, JsValue> {
        let numbers: Numbers = from_js("numbers", &numbers)?;
        to_js(&self.precheck.check_numbers(&numbers, parse_date(on)?))
    }

    /// `DocumentReport` of four corners in a picture of this size as displayed; `null` when no document has them. The focal
    /// length is the one in the `FileReport`.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when `quad` is not four pairs of numbers.
    #[wasm_bindgen(js_name = describeDocument)]
    pub fn describe_document(
        &self,
        quad: JsValue,
        width_px: u32,
        height_px: u32,
        focal_length_px: Option<f64>,
    ) -> Result<JsValue, JsValue> {
        let quad: [[f64; 2]; 4] = from_js("quad", &quad)?;
        to_js(&describe_document(quad, width_px, height_px, focal_length_px))
    }

    /// `PhotoReport` of a file that could not be read.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when the request is wrong.
    pub fn unreadable(&self, request: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.precheck.unreadable(&read_request(request)?))
    }

    /// `PhotoReport` of a file on which an earlier engine failed.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when the request is wrong.
    #[wasm_bindgen(js_name = notChecked)]
    pub fn not_checked(&self, request: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.precheck.not_checked(&read_request(request)?))
    }

    /// `PairReport` of a pair on which an earlier engine failed.
    ///
    /// # Errors
    /// Throws an `Error` with a `code` when a request is wrong.
    #[wasm_bindgen(js_name = notCheckedPair)]
    pub fn not_checked_pair(&self, front: JsValue, back: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.precheck.pair_not_checked(&read_request(front)?, &read_request(back)?))
    }

    /// Version of the program.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn version(&self) -> String {
        VERSION.to_owned()
    }

    /// Fingerprint of the rules in use.
    #[wasm_bindgen(getter, js_name = rulesHash)]
    #[must_use]
    pub fn rules_hash(&self) -> String {
        self.precheck.rules_hash().to_owned()
    }

    /// Version of the rules in use.
    #[wasm_bindgen(getter, js_name = rulesVersion)]
    #[must_use]
    pub fn rules_version(&self) -> String {
        self.precheck.rules_version().to_owned()
    }
}

/// What is to be spliced.
struct SpliceRequest {
    photos: Vec<LookedAt>,
    layout: Option<Layout>,
    max_bytes: Option<u64>,
    /// About the new file.
    request: FileRequest,
}

struct LookedAt {
    look: Look,
    request: FileRequest,
}

record! {
    EngineOptions { locale }
    SpliceRequest { photos layout max_bytes = "maxBytes" request }
    LookedAt { look request }
}

/// Pictures on their way into one: begun, filled one by one, finished.
#[wasm_bindgen]
pub struct Splice {
    request: SpliceRequest,
    splicer: Option<Result<Splicer, Refusal>>,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl Splice {
    /// Puts one picture into its place; `index` is its position in the request.
    pub fn add(&mut self, index: usize, bytes: &[u8]) {
        if let Some(Ok(splicer)) = &mut self.splicer {
            splicer.add(index, bytes);
        }
    }

    /// The new file; empty when there is none, or when it was taken before.
    #[wasm_bindgen(js_name = takeBytes)]
    #[must_use]
    pub fn take_bytes(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// How much of a file is worth handing over.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReadLimits {
    max_read_bytes: u64,
    head_bytes: u64,
}

/// `{ maxReadBytes, headBytes }`: of files above the first, only the second is looked at.
///
/// # Errors
/// None in practice: two numbers always convert.
#[wasm_bindgen(js_name = readLimits)]
pub fn read_limits() -> Result<JsValue, JsValue> {
    to_js(&ReadLimits { max_read_bytes: limits::MAX_READ_BYTES, head_bytes: limits::HEAD_BYTES })
}

fn parse_date(text: &str) -> Result<Date, JsValue> {
    text.parse().map_err(|error| {
        into_js_error(Misuse::new(MisuseCode::InvalidDate, format!("on: {} is {error}", Quoted(text))))
    })
}

fn read_look(look: &str) -> Result<Look, JsValue> {
    from_json("look", look)
}

/// The day comes first, since a fault in it has a code of its own.
fn read_request(request: JsValue) -> Result<FileRequest, JsValue> {
    if let Some(on) = read_part(&request, "on").as_string() {
        parse_date(&on)?;
    }
    from_js("options", &request)
}

fn read_part(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// By way of a text, which has one reader.
fn from_js<T: Unpack>(what: &str, value: &JsValue) -> Result<T, JsValue> {
    let refused = || into_js_error(Misuse::new(MisuseCode::InvalidArgument, format!("{what}: is no plain data")));
    let text = js_sys::JSON::stringify(value).map_err(|_| refused())?;
    // What has no text, as `undefined` and functions have none, comes out as `undefined`.
    from_json(what, &JsValue::from(text).as_string().ok_or_else(refused)?)
}

fn from_json<T: Unpack>(what: &str, text: &str) -> Result<T, JsValue> {
    read(what, &parse(what, text)?, MisuseCode::InvalidArgument)
}

fn parse(what: &str, text: &str) -> Result<Tree, JsValue> {
    json::parse(text).map_err(|misfit| refuse(what, &misfit, MisuseCode::InvalidArgument))
}

fn read<T: Unpack>(what: &str, tree: &Tree, code: MisuseCode) -> Result<T, JsValue> {
    packed::read(tree).map_err(|misfit| refuse(what, &misfit, code))
}

fn refuse(what: &str, error: &dyn fmt::Display, code: MisuseCode) -> JsValue {
    into_js_error(Misuse::new(code, format!("{what}: {error}")))
}

/// Takes an entry out of an object. What is null is not given.
fn take(tree: &mut Tree, key: &str) -> Option<Tree> {
    let Tree::Object(entries) = tree else { return None };
    let at = entries.iter().position(|(other, _)| other == key)?;
    Some(entries.remove(at).1).filter(|value| *value != Tree::Null)
}

/// By way of a text: JavaScript reads one faster than it is told entry by entry.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&json::write(value))
}

fn into_js_error(misuse: Misuse) -> JsValue {
    let error = js_sys::Error::new(&misuse.message);
    // OK because setting a plain property on a fresh Error cannot fail.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &misuse.code.as_str().into());
    error.into()
}
