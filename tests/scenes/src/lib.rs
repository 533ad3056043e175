//! Renders photos of invented documents with real camera effects, each of a known amount.
//!
//! A [`Scene`] is plain data; [`Scene::render`] gives the same picture for the same scene on every machine that has the
//! same fonts. Chinese text needs Noto Sans CJK and Noto Serif CJK (Debian: `fonts-noto-cjk`); without them characters
//! are drawn as invented strokes, which serves every measure but looks odd ([`fonts_found`] tells). Nothing here is a
//! real document: names, numbers and signs are random.
//!
//! Lengths on the desk are millimetres, in pictures pixels; `y` grows downwards, pixel centres lie at `.5`.

mod camera;
mod canvas;
mod desk;
mod effects;
mod encode;
mod fonts;
mod papers;
mod random;
mod scene;

pub use camera::Pose;
pub use desk::{Clutter, Desk};
pub use encode::{encode_jpeg, exif, exif_with_lens, with_exif};
pub use fonts::fonts_found;
pub use papers::Paper;
pub use random::Random;
pub use scene::{Copy, Delivery, Glare, Lens, Light, Picture, Scene, Screen, Shadow, Truth};
