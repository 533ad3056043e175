//! Decoded planes against another decoder, and under everything that a hostile file can do.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::Cursor;
use std::time::{Duration, Instant};

use icp_precheck::decode::{DecodeError, decode};
use icp_precheck::file::read_facts;
use icp_precheck::limits::DecodeLimits;
use icp_precheck::planes::{Plane, Planes};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, ImageBuffer, JpegColorType, SamplingFactor};
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
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).expect("the encoder works in memory");
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

/// How a JPEG is coded.
#[derive(Clone, Copy, Debug)]
struct Coding {
    sampling: SamplingFactor,
    is_progressive: bool,
    restart_interval: u16,
    is_optimized: bool,
}

const PLAIN: Coding =
    Coding { sampling: SamplingFactor::F_1_1, is_progressive: false, restart_interval: 0, is_optimized: false };

fn coded(data: &[u8], (width_px, height_px): (u32, u32), color_type: ColorType, coding: Coding) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 80);
    encoder.set_sampling_factor(coding.sampling);
    encoder.set_progressive(coding.is_progressive);
    encoder.set_restart_interval(coding.restart_interval);
    encoder.set_optimized_huffman_tables(coding.is_optimized);
    encoder.encode(data, width_px as u16, height_px as u16, color_type).expect("the encoder works in memory");
    bytes
}

fn coded_scene(width_px: u32, height_px: u32, coding: Coding) -> Vec<u8> {
    coded(&scene(width_px, height_px), (width_px, height_px), ColorType::Rgb, coding)
}

#[test]
fn luma_is_the_same_for_every_sampling_and_order_of_scans() {
    for size in [(1, 1), (16, 16), (67, 45), (130, 7)] {
        let plain = decoded(&coded_scene(size.0, size.1, PLAIN)).unwrap();
        for (sampling, across, down) in [
            (SamplingFactor::F_1_1, 1, 1),
            (SamplingFactor::F_2_1, 2, 1),
            (SamplingFactor::F_1_2, 1, 2),
            (SamplingFactor::F_2_2, 2, 2),
            (SamplingFactor::F_4_1, 4, 1),
            (SamplingFactor::F_4_2, 4, 2),
            (SamplingFactor::F_1_4, 1, 4),
            (SamplingFactor::F_2_4, 2, 4),
        ] {
            for (is_progressive, restart_interval, is_optimized) in
                [(false, 0, false), (false, 3, false), (true, 0, false), (true, 2, false), (false, 0, true)]
            {
                // With so few codes to count, the encoder's own tables come out incomplete.
                if is_optimized && size != (67, 45) {
                    continue;
                }
                let coding = Coding { sampling, is_progressive, restart_interval, is_optimized };
                let planes = decoded(&coded_scene(size.0, size.1, coding)).unwrap();
                assert_eq!((planes.decoded_share, planes.damage), (1.0, None), "{coding:?}");
                compare(&planes.luma, |x, y| plain.luma.row(y)[x], 0, &format!("{coding:?} {size:?}"));
                let chroma = planes.chroma.expect("colour");
                let expected = (size.0.div_ceil(across) as usize, size.1.div_ceil(down) as usize);
                assert_eq!((chroma.cb.width_px, chroma.cb.height_px), expected, "{coding:?}");
                assert_eq!((chroma.cr.width_px, chroma.cr.height_px), expected, "{coding:?}");
                let thumbnail = planes.thumbnail;
                let small = thumbnail.chroma.expect("colour");
                assert_eq!(
                    (thumbnail.luma.width_px, thumbnail.luma.height_px),
                    (small.cb.width_px, small.cb.height_px)
                );
            }
        }
    }
}

#[test]
fn colour_differences_are_those_of_the_picture() {
    let picture = RgbImage::from_fn(128, 64, |x, _| Rgb(if x < 64 { [200, 40, 40] } else { [20, 60, 180] }));
    for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_2, SamplingFactor::F_4_1] {
        let bytes = coded(&picture, (128, 64), ColorType::Rgb, Coding { sampling, ..PLAIN });
        let planes = decoded(&bytes).unwrap();
        for chroma in [planes.chroma.expect("colour"), planes.thumbnail.chroma.expect("colour")] {
            let half = chroma.cb.width_px / 2;
            let expect = |x: usize, red: u8, blue: u8| if x < half { red } else { blue };
            compare(&chroma.cb, |x, _| expect(x, 101, 195), 3, "cb");
            compare(&chroma.cr, |x, _| expect(x, 208, 98), 3, "cr");
        }
    }
}

#[test]
fn scans_that_refine_lead_to_the_same_picture() {
    // Made with libjpeg: the same coefficients, in one scan and in ten with successive approximation.
    let sequential = decoded(include_bytes!("fixtures/pictures/sequential.jpg")).unwrap();
    let progressive = decoded(include_bytes!("fixtures/pictures/progressive.jpg")).unwrap();
    assert_eq!(progressive.decoded_share, 1.0);
    compare(&progressive.luma, |x, y| sequential.luma.row(y)[x], 0, "luma");
    let (one, two) = (sequential.chroma.unwrap(), progressive.chroma.unwrap());
    compare(&two.cb, |x, y| one.cb.row(y)[x], 0, "cb");
    compare(&two.cr, |x, y| one.cr.row(y)[x], 0, "cr");
    let (stride, samples) = reference_luma(include_bytes!("fixtures/pictures/progressive.jpg"));
    compare(&progressive.luma, |x, y| samples[y * stride + x], 2, "the other decoder");
}

#[test]
fn printing_inks_become_light() {
    let inks = |x: u32| if x < 24 { [10u8, 200, 180, 30] } else { [90, 20, 0, 100] };
    let data: Vec<u8> = (0..16 * 48).flat_map(|at| inks(at % 48)).collect();
    for color_type in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let planes = decoded(&coded(&data, (48, 16), color_type, PLAIN)).unwrap();
        let expected = RgbImage::from_fn(48, 16, |x, _| {
            let [c, m, y, k] = inks(x).map(u32::from);
            Rgb([c, m, y].map(|ink| ((255 - ink) * (255 - k) / 255) as u8))
        });
        compare(&planes.luma, |x, y| luma_of(expected.get_pixel(x as u32, y as u32)), 4, &format!("{color_type:?}"));
        assert!(planes.chroma.is_some());
    }
}

/// Red, green and blue as they are, in the place of luma and colour differences.
struct PlainRgb<'a>(&'a RgbImage);

impl ImageBuffer for PlainRgb<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.0.width() as u16
    }

    fn height(&self) -> u16 {
        self.0.height() as u16
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        for x in 0..self.0.width() {
            for (buffer, value) in buffers.iter_mut().zip(self.0.get_pixel(x, u32::from(y)).0) {
                buffer.push(value);
            }
        }
    }
}

#[test]
fn a_jpeg_of_plain_rgb_is_converted() {
    let picture = scene(40, 30);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 100);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.add_app_segment(14, b"Adobe\0\x64\0\0\0\0\0".to_vec()).expect("a segment");
    encoder.encode_image(PlainRgb(&picture)).expect("the encoder works in memory");
    // Without JFIF, the Adobe segment says that nothing was transformed.
    let jfif = bytes.windows(4).position(|window| window == b"JFIF").expect("a JFIF segment") - 4;
    bytes.drain(jfif..jfif + 18);
    let planes = decoded(&bytes).unwrap();
    compare(&planes.luma, |x, y| luma_of(picture.get_pixel(x as u32, y as u32)), 4, "rgb");
}

/// The PNG of packed rows: `rows` gives the bytes of a row without filter, by its pixels.
fn png(
    header: [u8; 5],
    size: (u32, u32),
    chunks: &[(&[u8; 4], &[u8])],
    rows: impl Fn(&[(u32, u32)]) -> Vec<u8>,
) -> Vec<u8> {
    const ADAM7: [[u32; 4]; 7] =
        [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];
    let passes: &[[u32; 4]] = if header[4] == 1 { &ADAM7 } else { &[[0, 0, 1, 1]] };
    let mut data = Vec::new();
    for &[left, top, dx, dy] in passes {
        for y in (top..size.1).step_by(dy as usize) {
            let pixels: Vec<_> = (left..size.0).step_by(dx as usize).map(|x| (x, y)).collect();
            if !pixels.is_empty() {
                data.push(0);
                data.extend(rows(&pixels));
            }
        }
    }
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let covered = [name.as_slice(), body].concat();
        let crc = !covered.iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
        });
        [(body.len() as u32).to_be_bytes().as_slice(), &covered, &crc.to_be_bytes()].concat()
    };
    let sides = [size.0.to_be_bytes(), size.1.to_be_bytes()].concat();
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    bytes.extend(chunk(b"IHDR", &[sides.as_slice(), &header].concat()));
    for (name, body) in chunks {
        bytes.extend(chunk(name, body));
    }
    bytes.extend(chunk(b"IDAT", &fdeflate::compress_to_vec(&data)));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

/// Samples of so many bits, packed from the left.
fn packed(samples: impl Iterator<Item = u8>, bits: u8) -> Vec<u8> {
    let samples: Vec<u8> = samples.collect();
    let pack = |group: &[u8]| {
        (0..8 / bits).fold(0u8, |byte, at| {
            let sample = group.get(usize::from(at)).copied().unwrap_or(0);
            byte | sample << (8 - bits * (at + 1))
        })
    };
    samples.chunks(usize::from(8 / bits)).map(pack).collect()
}

#[test]
fn pngs_of_every_depth_are_read_also_interlaced() {
    for interlace in [0, 1] {
        for size in [(1, 1), (3, 5), (29, 18)] {
            for bits in [1u8, 2, 4, 8] {
                let value = |x: u32, y: u32| ((x * 3 + y * 5) % (1 << bits)) as u8;
                let gray = RgbImage::from_fn(size.0, size.1, |x, y| {
                    Rgb([(u32::from(value(x, y)) * 255 / ((1 << bits) - 1)) as u8; 3])
                });
                let rows = |pixels: &[(u32, u32)]| packed(pixels.iter().map(|&(x, y)| value(x, y)), bits);
                let what = format!("{bits} bits, {size:?}, interlace {interlace}");
                check_exact(&png([bits, 0, 0, 0, interlace], size, &[], rows), &gray, &what);

                // Value 1 is the transparent one.
                let transparent = png([bits, 0, 0, 0, interlace], size, &[(b"tRNS", &[0, 1])], rows);
                let mut on_white = gray.clone();
                for (x, y, pixel) in on_white.enumerate_pixels_mut() {
                    if value(x, y) == 1 {
                        *pixel = Rgb([255; 3]);
                    }
                }
                check_exact(&transparent, &on_white, &format!("{what}, transparent"));

                let palette: Vec<u8> =
                    (0..1u32 << bits).flat_map(|index| [(index * 37) as u8, 90, (index * 11) as u8]).collect();
                let alpha = [0u8, 255];
                let indexed = png([bits, 3, 0, 0, interlace], size, &[(b"PLTE", &palette), (b"tRNS", &alpha)], rows);
                let planes = decoded(&indexed).unwrap();
                let expected = |x: usize, y: usize| match value(x as u32, y as u32) {
                    0 => 255,
                    index => {
                        let at = usize::from(index) * 3;
                        luma_of(&Rgb([palette[at], palette[at + 1], palette[at + 2]]))
                    }
                };
                compare(&planes.luma, expected, 1, &format!("{what}, palette"));
            }
        }
    }
}

#[test]
fn a_gif_covers_its_screen_and_lets_white_through() {
    // A screen of 4x3 with a frame of 2x2 at 1, 1; the second colour is transparent.
    let gif = b"GIF89a\x04\0\x03\0\x80\0\0\0\0\0\x10\x20\x30!\xF9\x04\x01\0\0\x01\0,\x01\0\x01\0\x02\0\x02\0\0\x02\x03\x44\x02\x05\0;";
    let planes = decoded(gif).unwrap();
    assert_eq!((planes.luma.width_px, planes.luma.height_px), (4, 3));
    assert!(planes.luma.row(0).iter().all(|&sample| sample == 255));
    assert_eq!(planes.luma.row(1)[0], 255);
    assert!(planes.luma.samples.iter().all(|&sample| sample == 255 || sample == 0));
}

#[test]
fn large_pictures_are_read_at_a_fraction_of_their_size() {
    let size = (203, 118);
    let smooth = RgbImage::from_fn(size.0, size.1, |x, y| {
        let value = 120.0 + 80.0 * (f64::from(x) / 60.0).sin() * (f64::from(y) / 40.0).cos();
        Rgb([value as u8, (value * 0.8) as u8, (250.0 - value) as u8])
    });
    let jpeg = |coding| coded(&smooth, size, ColorType::Rgb, coding);
    let sub = Coding { sampling: SamplingFactor::F_2_2, ..PLAIN };
    let rows = |pixels: &[(u32, u32)]| pixels.iter().flat_map(|&(x, y)| smooth.get_pixel(x, y).0).collect();
    for (what, bytes, within) in [
        ("jpeg", jpeg(PLAIN), 3),
        ("jpeg, subsampled", jpeg(sub), 3),
        ("jpeg, progressive", jpeg(Coding { is_progressive: true, ..sub }), 6),
        ("png", png([8, 2, 0, 0, 0], size, &[], rows), 2),
        ("png, interlaced", png([8, 2, 0, 0, 1], size, &[], rows), 40),
        ("gif", encode(&DynamicImage::from(smooth.clone()), ImageFormat::Gif), 40),
    ] {
        let facts = read_facts(&bytes, bytes.len() as u64);
        let full = decode(&bytes, &facts, &DecodeLimits::default()).unwrap();
        assert_eq!(full.scale_denominator, 1);
        for scale in [2u32, 4, 8] {
            let (width_px, height_px) = (size.0.div_ceil(scale) as usize, size.1.div_ceil(scale) as usize);
            let max_luma_px = (width_px * height_px) as u64;
            let planes = decode(&bytes, &facts, &DecodeLimits { max_luma_px, ..DecodeLimits::default() }).unwrap();
            assert_eq!(u32::from(planes.scale_denominator), scale, "{what}");
            assert_eq!((planes.luma.width_px, planes.luma.height_px), (width_px, height_px), "{what}");
            assert_eq!(planes.displayed_size_px(), size, "{what}");
            // Inside, where no block is cut by the edge.
            let mean = |x: usize, y: usize| {
                let side = scale as usize;
                let all = (0..side).flat_map(|dy| (0..side).map(move |dx| (dx, dy)));
                let sum: u32 = all.map(|(dx, dy)| u32::from(full.luma.row(y * side + dy)[x * side + dx])).sum();
                (sum / (scale * scale)) as u8
            };
            let inner = Plane { width_px: width_px - 2, height_px: height_px - 2, ..planes.luma.clone() };
            compare(&inner, mean, within, &format!("{what} at 1/{scale}"));
        }
    }
}

#[test]
fn what_browsers_do_not_show_is_named() {
    let mut deep = coded_scene(16, 16, PLAIN);
    let sof = deep.windows(2).position(|window| window == [0xFF, 0xC0]).expect("a frame");
    deep[sof + 1] = 0xC1;
    deep[sof + 4] = 12;
    assert_eq!(decoded(&deep), Err(DecodeError::UnsupportedCoding));
    for code in [0xC3, 0xC5, 0xC9, 0xCA] {
        let mut other = coded_scene(16, 16, PLAIN);
        other[sof + 1] = code;
        assert_eq!(decoded(&other), Err(DecodeError::UnsupportedCoding), "{code:x}");
    }
    assert_eq!(decoded(b"%PDF-1.7"), Err(DecodeError::NotAPicture));
    let picture = coded_scene(16, 16, PLAIN);
    assert_eq!(
        decode(&picture, &read_facts(&picture, 1 << 30), &DecodeLimits::default()),
        Err(DecodeError::OverBudget)
    );
}

/// One file of each kind, small.
fn small_files() -> Vec<(&'static str, Vec<u8>)> {
    let picture = DynamicImage::from(scene(37, 26));
    let rows = |pixels: &[(u32, u32)]| pixels.iter().map(|&(x, y)| ((x * 7) ^ y) as u8).collect();
    let sub = Coding { sampling: SamplingFactor::F_2_2, ..PLAIN };
    vec![
        ("sequential", coded_scene(37, 26, sub)),
        ("restarts", coded_scene(37, 26, Coding { restart_interval: 2, ..PLAIN })),
        ("spectral selection", coded_scene(37, 26, Coding { is_progressive: true, ..sub })),
        ("refinement", include_bytes!("fixtures/pictures/progressive.jpg").to_vec()),
        ("inks", coded(&[90; 4 * 16 * 16], (16, 16), ColorType::CmykAsYcck, PLAIN)),
        ("png", encode(&picture, ImageFormat::Png)),
        ("png, interlaced", png([8, 0, 0, 0, 1], (23, 17), &[], rows)),
        ("gif", encode(&picture, ImageFormat::Gif)),
    ]
}

#[test]
fn a_cut_file_gives_what_there_is_and_no_second_complaint() {
    for (name, bytes) in small_files() {
        let mut last_share = 0.0;
        for end in 0..bytes.len() {
            match decoded(&bytes[..end]) {
                Ok(planes) => {
                    let share = planes.decoded_share;
                    // A shorter file never gives more, but for the window in which a PNG is unpacked.
                    assert!(share >= last_share || name.starts_with("png"), "{name} cut at {end}: {share}");
                    assert!(planes.damage.is_none(), "{name} cut at {end}: {:?}", planes.damage);
                    last_share = share;
                }
                Err(error) => assert!(last_share == 0.0 || name.starts_with("png"), "{name} cut at {end}: {error:?}"),
            }
        }
        assert!(last_share > 0.9, "{name}: {last_share}");
        assert_eq!(decoded(&bytes).unwrap().decoded_share, 1.0, "{name}");
    }
}

#[test]
fn damage_between_restart_marks_stays_there() {
    let coding = Coding { restart_interval: 5, ..PLAIN };
    let whole = coded_scene(160, 120, coding);
    let before = decoded(&whole).unwrap();
    let marks: Vec<usize> =
        (0..whole.len() - 1).filter(|&at| whole[at] == 0xFF && (0xD0..0xD8).contains(&whole[at + 1])).collect();
    assert!(marks.len() > 20);
    let mut damaged = whole.clone();
    damaged[marks[10] + 2..marks[11]].fill(0xFE);
    // Lost altogether: three intervals with the marks behind them.
    damaged.drain(marks[20]..marks[23]);
    let planes = decoded(&damaged).unwrap();
    let at = planes.damage.expect("damage").byte_offset as usize;
    assert!(at >= marks[10] && at <= marks[11] + 2, "{at}");
    // 20 blocks in a row, 5 in an interval: intervals 11 and 20 to 23 may differ, and no other.
    for y in 0..120 {
        for x in 0..160 {
            let interval = (y / 8 * 20 + x / 8) / 5;
            if interval != 11 && !(20..=23).contains(&interval) {
                assert_eq!(planes.luma.row(y)[x], before.luma.row(y)[x], "interval {interval}");
            }
        }
    }
}

#[test]
fn missing_scans_leave_a_coarse_picture() {
    let bytes = include_bytes!("fixtures/pictures/progressive.jpg");
    let scans: Vec<usize> = (0..bytes.len() - 1).filter(|&at| bytes[at..at + 2] == [0xFF, 0xDA]).collect();
    let full = decoded(bytes).unwrap();
    let coarse = decoded(&[&bytes[..scans[1]], &[0xFF, 0xD9]].concat()).unwrap();
    assert_eq!((coarse.decoded_share, coarse.damage), (1.0, None));
    compare(&coarse.thumbnail.luma, |x, y| full.thumbnail.luma.row(y)[x], 3, "means");
    assert_ne!(coarse.luma, full.luma);
}

#[test]
fn bombs_are_refused_or_soon_over() {
    let start = Instant::now();
    let mut jpeg = coded_scene(16, 16, PLAIN);
    let sof = jpeg.windows(2).position(|window| window == [0xFF, 0xC0]).expect("a frame");
    for side in [65_500u16, 50_000, 6_000] {
        jpeg[sof + 5..sof + 7].copy_from_slice(&side.to_be_bytes());
        jpeg[sof + 7..sof + 9].copy_from_slice(&side.to_be_bytes());
        let result = decoded(&jpeg);
        assert!(result.as_ref().map_or(true, |planes| planes.decoded_share < 0.01), "{side}");
    }
    let mut png = encode(&DynamicImage::new_rgb8(16, 16), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    assert_eq!(decoded(&png), Err(DecodeError::OverBudget));
    let mut gif = encode(&DynamicImage::new_rgb8(16, 16), ImageFormat::Gif);
    gif[6..10].fill(0xFF);
    assert_eq!(decoded(&gif), Err(DecodeError::OverBudget));
    // Generous, since test machines are busy: it is about seconds against hours.
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn no_damage_does_harm() {
    let mut state = 20_261_125u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut outcomes = [0u32; 3];
    for (_, whole) in small_files() {
        for round in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..1 + round % 5 {
                let at = random(bytes.len());
                match random(4) {
                    0 => bytes[at] = random(256) as u8,
                    1 => bytes[at] ^= 1 << random(8),
                    2 => bytes[at] = [0, 0xFF, 0xD9, 0xDA, 0xC2, 0xC4][random(6)],
                    _ => {
                        bytes.remove(at);
                    }
                }
            }
            match decoded(&bytes) {
                Ok(planes) => outcomes[usize::from(planes.damage.is_some())] += 1,
                Err(_) => outcomes[2] += 1,
            }
        }
    }
    assert!(outcomes.iter().all(|&count| count > 50), "{outcomes:?}");
}
