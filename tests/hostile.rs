//! Untrusted bytes: cut, flipped, overwritten and random files give facts, never a panic and never a false "complete".
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::Cursor;

use icp_precheck::facts::{DamageKind, Ending, FileFacts, Format};
use icp_precheck::file::read_facts;
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, GrayImage, ImageFormat, Rgb, RgbImage, RgbaImage};

/// A small reproducible source of noise (Knuth's MMIX constants).
struct Noise(u64);

impl Noise {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 56) as u8
    }

    fn bytes(&mut self, size_bytes: usize) -> Vec<u8> {
        (0..size_bytes).map(|_| self.byte()).collect()
    }
}

fn facts(bytes: &[u8]) -> FileFacts {
    read_facts(bytes, bytes.len() as u64)
}

fn is_complete(bytes: &[u8]) -> bool {
    facts(bytes).picture.is_some_and(|picture| picture.is_complete())
}

fn damage(bytes: &[u8]) -> Option<DamageKind> {
    facts(bytes).picture.and_then(|picture| picture.damage).map(|damage| damage.kind)
}

fn drawing(width_px: u32, height_px: u32) -> RgbImage {
    RgbImage::from_fn(width_px, height_px, |x, y| Rgb([(x * 9) as u8, (y * 7) as u8, (x * y) as u8]))
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("the encoder works in memory");
    bytes.into_inner()
}

fn jpeg() -> Vec<u8> {
    encode(&drawing(33, 17).into(), ImageFormat::Jpeg)
}

fn png() -> Vec<u8> {
    encode(&drawing(19, 11).into(), ImageFormat::Png)
}

fn gif(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    let picture: RgbaImage = DynamicImage::from(drawing(9, 7)).into_rgba8();
    encoder.encode_frames((0..frames).map(|_| Frame::new(picture.clone()))).expect("the encoder works in memory");
    drop(encoder);
    bytes
}

fn segment(code: u8, body: &[u8]) -> Vec<u8> {
    [&[0xFF, code], ((body.len() + 2) as u16).to_be_bytes().as_slice(), body].concat()
}

/// A JPEG of one colour whose every code is one bit long: `components` blocks of 8x8 pixels, in scans as given.
fn plain_jpeg(sof: u8, side_px: u16, components: u8, scans: &[([u8; 3], &[u8])]) -> Vec<u8> {
    let table = |head: u8| [[head, 1].as_slice(), &[0; 15], &[0]].concat();
    let side = side_px.to_be_bytes();
    let mut frame = [[8].as_slice(), &side, &side, &[components]].concat();
    let mut scan_head = vec![components];
    for id in 1..=components {
        frame.extend([id, 0x11, 0]);
        scan_head.extend([id, 0]);
    }
    let mut bytes = vec![0xFF, 0xD8];
    bytes.extend(segment(0xDB, &[[0].as_slice(), &[1; 64]].concat()));
    bytes.extend(segment(0xC4, &[table(0x00), table(0x10)].concat()));
    bytes.extend(segment(sof, &frame));
    for (spectrum, data) in scans {
        bytes.extend(segment(0xDA, &[scan_head.as_slice(), spectrum].concat()));
        bytes.extend(*data);
    }
    bytes.extend([0xFF, 0xD9]);
    bytes
}

fn progressive_jpeg() -> Vec<u8> {
    plain_jpeg(0xC2, 8, 1, &[([0, 0, 1], &[0x7F]), ([1, 63, 0], &[0x7F]), ([0, 0, 0x10], &[0x7F])])
}

fn cmyk_jpeg() -> Vec<u8> {
    plain_jpeg(0xC0, 8, 4, &[([0, 63, 0], &[0x00])])
}

fn with_metadata(mut jpeg: Vec<u8>) -> Vec<u8> {
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x0F\x01\x02\0\x07\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0HUAWEI\0";
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x xmp:CreatorTool='Painter'/>";
    let index = b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xB0\x04\0\x01\0\0\0\x02\0\0\0\0\0\0\0";
    jpeg.splice(2..2, [segment(0xE1, exif), segment(0xE1, xmp), segment(0xE2, index)].concat());
    jpeg
}

/// Two pictures, the second declared.
fn multi_picture_jpeg() -> Vec<u8> {
    [with_metadata(jpeg()), jpeg()].concat()
}

/// The usual bit-by-bit form of the checksum, to test against the fast one.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let covered = [name.as_slice(), data].concat();
    [(data.len() as u32).to_be_bytes().as_slice(), &covered, &crc32(&covered).to_be_bytes()].concat()
}

/// The PNG fixture with a second frame; the encoder writes IHDR in bytes 8 to 33 and IEND in the last 12.
fn animated_png() -> Vec<u8> {
    let still = png();
    let control = |number: u32| {
        let numbers: Vec<u8> = [number, 19, 11, 0, 0].iter().flat_map(|number| number.to_be_bytes()).collect();
        chunk(b"fcTL", &[numbers.as_slice(), &[0, 1, 0, 1, 0, 0]].concat())
    };
    let more = chunk(b"fdAT", &[2u32.to_be_bytes().as_slice(), b"\x78\x01data"].concat());
    let (head, rest) = still.split_at(33);
    let (data, end) = rest.split_at(rest.len() - 12);
    [head, &chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]), &control(0), data, &control(1), &more, end].concat()
}

fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("jpeg", jpeg()),
        ("gray jpeg", encode(&GrayImage::new(9, 9).into(), ImageFormat::Jpeg)),
        ("progressive jpeg", progressive_jpeg()),
        ("cmyk jpeg", cmyk_jpeg()),
        ("jpeg with metadata", with_metadata(jpeg())),
        ("multi-picture jpeg", multi_picture_jpeg()),
        ("png", png()),
        ("animated png", animated_png()),
        ("gif", gif(1)),
        ("animated gif", gif(3)),
    ]
}

#[test]
fn every_fixture_is_complete() {
    for (name, bytes) in fixtures() {
        assert!(is_complete(&bytes), "{name}: {:?}", facts(&bytes));
    }
    let frames = |bytes: &[u8]| facts(bytes).picture.map(|picture| picture.frames);
    assert_eq!((frames(&animated_png()), frames(&gif(3)), frames(&gif(1))), (Some(2), Some(3), Some(1)));
}

#[test]
fn no_cut_file_is_complete() {
    for (name, bytes) in fixtures() {
        let Some(Ending::Complete { end_offset }) = facts(&bytes).picture.map(|picture| picture.ending) else {
            panic!("{name} has no end");
        };
        for end in 0..end_offset as usize {
            assert!(!is_complete(&bytes[..end]), "{name} cut at {end}");
        }
    }
}

#[test]
fn the_head_of_a_large_file_is_not_called_truncated() {
    for (name, bytes) in fixtures() {
        let facts = read_facts(&bytes[..bytes.len() / 2], 1 << 30);
        let picture = facts.picture.expect("the format is known from the head");
        assert!(!matches!(picture.ending, Ending::Truncated { .. }), "{name}");
        assert_eq!((facts.read_bytes, facts.size_bytes), (bytes.len() as u64 / 2, 1 << 30));
    }
}

#[test]
fn every_flipped_bit_of_a_png_is_found() {
    for mut bytes in [png(), animated_png()] {
        for at in 0..bytes.len() {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                assert!(!is_complete(&bytes), "bit {bit} of byte {at}");
                bytes[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn no_overwritten_byte_does_harm() {
    for (_, mut bytes) in fixtures() {
        for at in 0..bytes.len() {
            let original = bytes[at];
            for value in [0, 1, 0x7F, 0x80, 0xD8, 0xD9, 0xDA, 0xFE, 0xFF] {
                bytes[at] = value;
                let _ = facts(&bytes);
            }
            bytes[at] = original;
        }
    }
}

#[test]
fn no_noise_does_harm_or_is_complete() {
    let mut noise = Noise(1);
    let starts: [&[u8]; 12] = [
        b"",
        b"\xFF\xD8\xFF",
        b"\xFF\xD8\xFF\xE1\0\x80Exif\0\0II*\0\x08\0\0\0\xFF\0",
        b"\xFF\xD8\xFF\xED\0\x80Photoshop 3.0\x008BIM\x04\x21",
        b"\x89PNG\r\n\x1A\n",
        b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
        b"GIF89a",
        b"GIF89a\x01\0\x01\0\0\0\0,",
        b"PK\x03\x04",
        b"<?xml ",
        b"\0\0\0\x20ftyp",
        b"<!DOCTYPE x [",
    ];
    for round in 0..20_000 {
        let size_bytes = usize::from(noise.byte()) * 2;
        let bytes = [starts[round % starts.len()], &noise.bytes(size_bytes)].concat();
        assert!(!is_complete(&bytes), "round {round}");
    }
}

#[test]
fn noise_in_the_middle_of_a_fixture_does_no_harm() {
    let mut noise = Noise(2);
    for (_, bytes) in fixtures() {
        for _ in 0..500 {
            let mut bytes = bytes.clone();
            for _ in 0..8 {
                let at = usize::from(u16::from_be_bytes([noise.byte(), noise.byte()])) % bytes.len();
                bytes[at] = noise.byte();
            }
            let _ = facts(&bytes);
        }
    }
}

#[test]
fn a_huge_size_with_next_to_no_data_is_found() {
    const SIDE_PX: u16 = 60_000;
    let data = [0x55; 40];
    for (name, bytes) in [
        ("baseline", plain_jpeg(0xC0, SIDE_PX, 3, &[([0, 63, 0], &data)])),
        ("progressive", plain_jpeg(0xC2, SIDE_PX, 1, &[([0, 0, 0], &data), ([1, 63, 0], &data)])),
        ("lossless", plain_jpeg(0xC3, SIDE_PX, 1, &[([1, 0, 0], &data)])),
        ("png", {
            let side = u32::from(SIDE_PX).to_be_bytes();
            let header = chunk(b"IHDR", &[side.as_slice(), &side, &[8, 2, 0, 0, 0]].concat());
            let data = chunk(b"IDAT", &[b"\x78\x01".as_slice(), &data].concat());
            [b"\x89PNG\r\n\x1A\n".as_slice(), &header, &data, &chunk(b"IEND", b"")].concat()
        }),
        ("gif", {
            let side = SIDE_PX.to_le_bytes();
            let screen = [b"GIF89a".as_slice(), &side, &side, &[0, 0, 0]].concat();
            [screen.as_slice(), b",\0\0\0\0", &side, &side, &[0, 2, 40], &data, b"\0;"].concat()
        }),
    ] {
        assert_eq!(damage(&bytes), Some(DamageKind::MissingImageData), "{name}");
    }
}

#[test]
fn pictures_of_one_colour_are_small_and_no_false_alarm() {
    for value in [0, 255] {
        let picture = DynamicImage::from(RgbImage::from_pixel(2000, 1500, Rgb([value; 3])));
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif] {
            let bytes = encode(&picture, format);
            assert!(is_complete(&bytes), "{format:?} of {} bytes", bytes.len());
        }
    }
    let mut gray = Vec::new();
    JpegEncoder::new_with_quality(&mut gray, 1).encode_image(&GrayImage::new(4000, 3000)).expect("encodes in memory");
    assert!(is_complete(&gray));
}

#[test]
fn the_size_counts_as_displayed() {
    let picture = facts(&with_metadata(jpeg())).picture.expect("a JPEG");
    assert_eq!((picture.stored_width_px, picture.stored_height_px), (33, 17));
    assert_eq!(picture.displayed_size_px(), (17, 33));
}

#[test]
fn an_empty_file_is_nothing() {
    assert_eq!(facts(b""), FileFacts::default());
    assert_eq!(facts(b"").format, Format::Unknown);
}
