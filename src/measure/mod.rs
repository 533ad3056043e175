//! Planes to facts: what the pixels show, in numbers with units, never a judgement.
//!
//! Everything looks at the inside of the document where one was probably found, else at the whole picture. The luma plane is
//! read along sampled lines for `sharpness`, and once for `blocks` where the decoder has not come by them; the rest works on
//! blocks.

mod appearance;
mod area;
mod blocks;
mod color;
mod compression;
mod glare;
mod histogram;
mod light;
mod print;
mod reading;
mod screen;
mod sharpness;
mod upright;

use crate::photo_facts::{DocumentFacts, PixelFacts};
use crate::planes::Planes;
pub use appearance::{DOCUMENT_GRID, FRAME_GRID, appearance};
use area::Area;
use blocks::Blocks;

/// Measures a decoded picture; `document` says where to look.
#[must_use]
pub fn measure(planes: &Planes, document: Option<&DocumentFacts>) -> PixelFacts {
    let area = Area::new(planes, document);
    let blocks = Blocks::new(planes, &area);
    let compression = compression::measure(planes);
    let noise_sigma = compression.noise_sigma;
    let sharpness = sharpness::measure(planes, &area, noise_sigma);
    let reading = document.and_then(|document| reading::measure(planes, document));
    let print = document.zip(sharpness.as_ref()).zip(reading.as_ref());
    PixelFacts {
        decoded_share: planes.decoded_share,
        print: print.and_then(|((document, sharpness), reading)| print::measure(planes, document, sharpness, reading)),
        sharpness,
        light: Some(light::measure(planes, &area, &blocks)),
        glare: Some(glare::measure(planes, &area, &blocks)),
        color: color::measure(planes, &area, &blocks),
        compression: Some(compression),
        screen: Some(screen::measure(planes, &blocks)),
        reading,
    }
}
