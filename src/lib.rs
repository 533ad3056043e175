//! Checks photos and papers for an ICP filing (ICP备案) before they are uploaded.
//!
//! Bytes become facts ([`mod@file`], [`measure_photo`]), facts become findings, findings become a [`report`] in words. Which
//! papers a province wants follows from [`rules`] and the answers of the applicant ([`checklist`]). [`Precheck`] runs it
//! all.
//!
//! The crate is pure: no clock, no network, no files, no randomness; "today" is an argument. It is also what the npm package
//! `icp-precheck` runs as WebAssembly, with the same functions and the same answers. A bad picture is never an error: it is
//! a finding. The only error is [`Misuse`], for an argument that is wrong.
//!
//! # A photo
//!
//! [`Precheck::check_photo`] decodes and measures; [`Precheck::inspect_file`] looks at the bytes alone.
//!
//! ```
//! use icp_precheck::finding::Outcome;
//! use icp_precheck::{FileRequest, Locale, Precheck, Side};
//!
//! # let picture = image::RgbImage::from_fn(640, 400, |x, y| image::Rgb([x as u8, y as u8, 90]));
//! # let mut file = std::io::Cursor::new(Vec::new());
//! # picture.write_to(&mut file, image::ImageFormat::Png)?;
//! # let bytes = file.into_inner();
//! let precheck = Precheck::new(Locale::En);
//! let mut request = FileRequest::new(bytes.len() as u64, "2026-10-01".parse()?);
//! request.file_name = Some("front.png".to_owned());
//! request.material = Some("leader-identity-document".to_owned());
//! request.side = Some(Side::Front);
//!
//! let report = precheck.check_photo(&bytes, &request)?;
//! assert_eq!((report.file.width_px, report.file.height_px), (640, 400));
//! for finding in report.findings.iter().filter(|finding| finding.outcome == Outcome::Fail) {
//!     println!("{}: {} {:?}", finding.code.as_str(), finding.message, finding.remedy);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Front and back
//!
//! ```
//! use icp_precheck::finding::Code;
//! use icp_precheck::{FileRequest, Locale, Precheck};
//!
//! # let picture = image::RgbImage::from_fn(640, 400, |x, y| image::Rgb([x as u8, y as u8, 90]));
//! # let mut file = std::io::Cursor::new(Vec::new());
//! # picture.write_to(&mut file, image::ImageFormat::Png)?;
//! # let (front, back) = (file.get_ref().clone(), file.into_inner());
//! let precheck = Precheck::new(Locale::En).with_upload_profile("alibaba-cloud")?;
//! let on = "2026-10-01".parse()?;
//! let request = |bytes: &[u8]| FileRequest::new(bytes.len() as u64, on);
//!
//! let pair = precheck.check_pair((Some(&front), &request(&front)), (Some(&back), &request(&back)))?;
//! assert!(pair.findings.iter().any(|finding| finding.code == Code::PairSamePhoto));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which papers
//!
//! ```
//! use icp_precheck::checklist::{ItemStatus, Profile};
//! use icp_precheck::{Locale, Precheck};
//!
//! let precheck = Precheck::new(Locale::En);
//! let profile = Profile::new("350000").with("entityType", "individual");
//! let list = precheck.checklist(&profile, "2026-10-01".parse()?)?;
//! for item in list.items.iter().filter(|item| item.status == ItemStatus::Required) {
//!     println!("{}: {} rules say so", item.name, item.because.len());
//! }
//! // Half a profile is no obstacle: what is not known yet is asked, the most decisive question first.
//! assert!(!list.questions.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A whole submission
//!
//! Each photo is measured once, on whatever thread or machine, and judged later as often as answers change:
//! [`PhotoFacts`](photo_facts::PhotoFacts) are plain data that serde reads and writes.
//!
//! ```
//! use icp_precheck::checklist::Profile;
//! use icp_precheck::finding::{Code, Verdict};
//! use icp_precheck::rules::format::Slot;
//! use icp_precheck::submission::{Look, PlacedPhoto, Submission};
//! use icp_precheck::{FileRequest, Locale, Precheck, measure_photo};
//!
//! # let picture = image::RgbImage::from_fn(640, 400, |x, y| image::Rgb([x as u8, y as u8, 90]));
//! # let mut file = std::io::Cursor::new(Vec::new());
//! # picture.write_to(&mut file, image::ImageFormat::Png)?;
//! # let bytes = file.into_inner();
//! let precheck = Precheck::new(Locale::En);
//! let on = "2026-10-01".parse()?;
//! let size_bytes = bytes.len() as u64;
//! let front = PlacedPhoto {
//!     material: "leader-identity-document".to_owned(),
//!     slot: Slot::Front,
//!     includes: Vec::new(),
//!     request: FileRequest::new(size_bytes, on),
//!     look: Look::Measured(Box::new(measure_photo(&bytes, size_bytes))),
//! };
//! let submission = Submission { profile: Profile::new("350000"), on, photos: vec![front] };
//! let report = precheck.judge_submission(&submission)?;
//! assert_eq!(report.verdict, Verdict::Fail);
//! assert!(report.findings.iter().any(|one| one.finding.code == Code::SubmissionMissingMaterial));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Numbers
//!
//! ```
//! use icp_precheck::finding::Verdict;
//! use icp_precheck::numbers::Numbers;
//! use icp_precheck::{Locale, Precheck};
//!
//! // The example number of GB 32100.
//! let numbers = Numbers { credit_code: Some("91350100M000100Y43".to_owned()), ..Numbers::default() };
//! let report = Precheck::new(Locale::En).check_numbers(&numbers, "2026-10-01".parse()?);
//! assert_eq!(report.verdict, Verdict::Pass);
//! assert_eq!(report.entity_region.as_deref(), Some("350000"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod checklist;
mod checks;
mod compare;
mod date;
mod decimal;
pub mod decode;
mod error;
pub mod facts;
pub mod file;
pub mod finding;
pub mod fix;
pub mod geometry;
mod json;
pub mod limits;
mod locale;
pub mod locate;
pub mod measure;
pub mod numbers;
mod order;
mod overlay;
mod packed;
pub mod photo_facts;
pub mod planes;
mod precheck;
mod registration;
pub mod render;
pub mod report;
mod request;
pub mod rules;
mod shapes;
pub mod string;
pub mod submission;
pub mod table;
#[cfg(test)]
mod typescript;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod words;

pub use date::{Date, InvalidDate};
pub use error::{Misuse, MisuseCode};
pub use locale::{Locale, Text};
pub use precheck::{DEFAULT_UPLOAD_PROFILE, Precheck, VERSION, describe_document, measure_photo};
pub use request::{FileRequest, Side};
