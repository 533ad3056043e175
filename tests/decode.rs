//! Decoded planes against another decoder, and under everything that a hostile file can do.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::Cursor;

use icp_precheck::decode::{DecodeError, decode};
use icp_precheck::file::read_facts;
use icp_precheck::limits::DecodeLimits;
use icp_precheck::planes::{Plane, Planes};
use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

fn decoded(bytes: &[u8]) -> Result<Planes, DecodeError> {
    decode(bytes, &read_facts(bytes, bytes.len() as u64), &DecodeLimits::default())
}

/// Smooth areas, sharp edges, texture and every colour.
fn scene(width_px: u32, height_px: u32) -> RgbImage {
    RgbImage::from_fn(width_px, height_px, |x, y| {
        let smooth = 120.0 + 100.0 * (f64::from(x) / 37.0).sin() * (f64::from(y) / 23.0).cos();
        let grain = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519) >> 28;
        let print = if (x / 5 + y / 9) % 7 == 0 { 0.25 } else { 1.0 };
        let value = smooth * print + f64::from(grain);
        Rgb([value as u8, (value * 0.8 + f64::from(y % 50)) as u8, (250.0 - value * 0.9) as u8])
    })
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("the encoder works in memory");
    bytes.into_inner()
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.set_pixel_density(PixelDensity::dpi(72));
    encoder.encode_image(picture).expect("the encoder works in memory");
    bytes
}

/// Luma as ITU-T T.871 has it.
fn luma_of(pixel: &Rgb<u8>) -> u8 {
    let [r, g, b] = pixel.0.map(f64::from);
    (0.299 * r + 0.587 * g + 0.114 * b).round() as u8
}

fn compare(plane: &Plane, expected: impl Fn(usize, usize) -> u8, within: u8, what: &str) {
    let mut worst = (0, 0, 0);
    for y in 0..plane.height_px {
        for (x, &sample) in plane.row(y).iter().enumerate() {
            worst = worst.max((sample.abs_diff(expected(x, y)), x, y));
        }
    }
    assert!(worst.0 <= within, "{what}: off by {} at {}, {}", worst.0, worst.1, worst.2);
}

fn reference_luma(bytes: &[u8]) -> (usize, Vec<u8>) {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let samples = decoder.decode().expect("the other decoder can read it");
    (decoder.dimensions().expect("a size").0, samples)
}

#[test]
fn luma_of_a_jpeg_is_that_of_another_decoder() {
    for (width_px, height_px) in [(1, 1), (8, 8), (17, 33), (1, 300), (300, 1), (199, 120)] {
        for quality in [5, 50, 75, 90, 100] {
            let picture = DynamicImage::from(scene(width_px, height_px));
            for picture in [picture.clone(), picture.into_luma8().into()] {
                let bytes = jpeg(&picture, quality);
                let (stride, samples) = reference_luma(&bytes);
                let planes = decoded(&bytes).unwrap();
                assert_eq!((planes.luma.width_px, planes.luma.height_px), (width_px as usize, height_px as usize));
                assert_eq!((planes.decoded_share, planes.damage), (1.0, None));
                let what = format!("{width_px}x{height_px} at {quality}");
                compare(&planes.luma, |x, y| samples[y * stride + x], 2, &what);
            }
        }
    }
}

/// The planes of a picture that is stored without loss, with colour at half size.
fn check_exact(bytes: &[u8], expected: &RgbImage, what: &str) {
    let planes = decoded(bytes).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_eq!((planes.decoded_share, planes.damage), (1.0, None), "{what}");
    let pixel = |x: usize, y: usize| expected.get_pixel(x as u32, y as u32);
    compare(&planes.luma, |x, y| luma_of(pixel(x, y)), 1, what);
    let Some(chroma) = &planes.chroma else {
        assert!(expected.pixels().all(|Rgb([r, g, b])| r == g && g == b), "{what}: the colour is lost");
        return;
    };
    let (width_px, height_px) = (expected.width() as usize, expected.height() as usize);
    let mean = |x: usize, y: usize, weights: [f64; 3]| {
        let columns = [2 * x, (2 * x + 1).min(width_px - 1)];
        let rows = [2 * y, (2 * y + 1).min(height_px - 1)];
        let all = rows.iter().flat_map(|&y| columns.map(|x| pixel(x, y)));
        let sum: f64 = all.map(|Rgb(rgb)| rgb.iter().zip(weights).map(|(&v, w)| f64::from(v) * w).sum::<f64>()).sum();
        (sum / 4.0 + 128.0).round().clamp(0.0, 255.0) as u8
    };
    compare(&chroma.cb, |x, y| mean(x, y, [-0.1687, -0.3313, 0.5]), 1, what);
    compare(&chroma.cr, |x, y| mean(x, y, [0.5, -0.4187, -0.0813]), 1, what);
}

#[test]
fn pngs_of_every_kind_are_read_exactly() {
    for (width_px, height_px) in [(1, 1), (1, 20), (20, 1), (33, 18)] {
        let rgb = scene(width_px, height_px);
        let gray: RgbImage = DynamicImage::from(DynamicImage::from(rgb.clone()).into_luma8()).into_rgb8();
        let picture = DynamicImage::from(rgb.clone());
        for (picture, expected, what) in [
            (picture.clone(), &rgb, "rgb"),
            (picture.to_rgba8().into(), &rgb, "rgba"),
            (picture.to_rgb16().into(), &rgb, "rgb, 16 bits"),
            (picture.to_rgba16().into(), &rgb, "rgba, 16 bits"),
            (picture.to_luma8().into(), &gray, "gray"),
            (picture.to_luma_alpha8().into(), &gray, "gray and alpha"),
        ] {
            check_exact(&encode(&picture, ImageFormat::Png), expected, &format!("{what} {width_px}x{height_px}"));
        }
    }
}

#[test]
fn transparent_pngs_lie_on_white() {
    let picture = RgbaImage::from_fn(40, 30, |x, y| Rgba([200, 20, 90, (x * 6 + y) as u8]));
    let expected = RgbImage::from_fn(40, 30, |x, y| {
        let alpha = f64::from((x * 6 + y) as u8) / 255.0;
        Rgb([200.0, 20.0, 90.0].map(|value: f64| (value * alpha + 255.0 * (1.0 - alpha)).round() as u8))
    });
    check_exact(&encode(&picture.into(), ImageFormat::Png), &expected, "rgba");
}

#[test]
fn the_first_frame_of_a_gif_is_read_exactly() {
    // Few colours, so that the encoder keeps every one.
    let picture = RgbImage::from_fn(67, 41, |x, y| Rgb([(x / 16 * 60) as u8, (y / 8 * 40) as u8, 90]));
    check_exact(&encode(&picture.clone().into(), ImageFormat::Gif), &picture, "gif");
}
