//! The shapes of what JavaScript hands over: requests, answers, and facts on their way back from [`crate::json::write`].

use std::ops::Range;

use crate::checklist::{Answer, Profile};
use crate::facts::{
    Coding, ColorModel, Damage, DamageKind, Ending, Exif, FileFacts, PictureFacts, Trailing, TrailingKind,
};
use crate::locale::Locale;
use crate::numbers::Numbers;
use crate::packed::{Reader, Shape, Unpack, choice, record};
use crate::photo_facts::{
    AppearanceFacts, Color, Compression, Digest, DocumentFacts, DocumentKind, Fingerprint, Glare, InFrame, Light,
    PhotoFacts, PixelFacts, Print, Reading, Screen, Sharpness, Surroundings, Tone, Upright,
};
use crate::render::Layout;
use crate::request::{FileRequest, Side};
use crate::submission::{Look, PlacedPhoto, Submission};

type Span = Range<u64>;

choice! {
    Locale { ZhCn = "zh-CN" En = "en" }
    Side { Front = "front" Back = "back" }
    Layout { Vertical = "vertical" Horizontal = "horizontal" Grid = "grid" }
    ColorModel {
        Gray = "gray" GrayAlpha = "gray-alpha" Rgb = "rgb" Rgba = "rgba" Indexed = "indexed" Ycbcr = "ycbcr"
        Cmyk = "cmyk" Ycck = "ycck" Unknown = "unknown"
    }
    Coding {
        Baseline = "baseline" ExtendedSequential = "extended-sequential" Progressive = "progressive"
        Lossless = "lossless" Hierarchical = "hierarchical" Arithmetic = "arithmetic" Deflate = "deflate"
        DeflateInterlaced = "deflate-interlaced" Lzw = "lzw" Unknown = "unknown"
    }
    DamageKind {
        InvalidStructure = "invalid-structure" ChecksumMismatch = "checksum-mismatch"
        ExtraDataChecksumMismatch = "extra-data-checksum-mismatch" MissingPart = "missing-part"
        WrongOrder = "wrong-order" UnexpectedMarker = "unexpected-marker" NoPixels = "no-pixels"
        MissingImageData = "missing-image-data" InvalidPixelData = "invalid-pixel-data"
    }
    TrailingKind {
        DeclaredPictures = "declared-pictures" Picture = "picture" Video = "video" Archive = "archive"
        Padding = "padding" Other = "other"
    }
    DocumentKind {
        Id1Card = "id-1-card" PassportPage = "passport-page" PassportOpen = "passport-open" A4Portrait = "a4-portrait"
        A4Landscape = "a4-landscape" A3Landscape = "a3-landscape" Unknown = "unknown"
    }
    InFrame { Whole = "whole" CutOff = "cut-off" FillsFrame = "fills-frame" }
}

record! {
    FileRequest {
        size_bytes = "sizeBytes" file_name = "fileName" mime_type = "mimeType" material side document province on
    }
    Submission { profile on photos }
    PlacedPhoto { material slot includes request look; optional "includes" }
    Numbers {
        id_card = "idCard" credit_code = "creditCode" passport hk_macao_travel_permit = "hkMacaoTravelPermit"
        taiwan_travel_permit = "taiwanTravelPermit" id_expiry = "idExpiry" certificate_expiry = "certificateExpiry"
        entity_type = "entityType"
    }
    PhotoFacts { file digest appearance pixels document }
    FileFacts { size_bytes read_bytes format picture }
    PictureFacts {
        stored_width_px stored_height_px exif_orientation frames loops color_model bits_per_sample coding
        has_icc_profile ending damage trailing image_data exif focal_length_px writer_programs xmp_has_location
    }
    Damage { kind byte_offset }
    Trailing { byte_offset size_bytes kind }
    Span { start end }
    Exif { make model software taken_at = "takenAt" has_location = "hasLocation" }
    Digest { file picture }
    AppearanceFacts { frame document document_tone surroundings emblem_red }
    Tone { luma cb cr }
    Surroundings { share tone luma_sigma texture shade }
    PixelFacts { decoded_share sharpness light glare color compression screen reading print }
    Sharpness {
        edge_width_px sharpest_px softest_px softest_region softest_share printed_tiles print_height stroke_width_px
        widest_direction_px motion_ratio motion_direction_deg
    }
    Light {
        luma_p01 luma_p05 luma_p50 luma_p95 luma_p99 frame_luma_p99 clipped_bright_share clipped_dark_share evenness
        shade_edge_share shade_tint darkest_region
    }
    Glare { on_document share largest_share rim_softness region }
    Color {
        on_document gray_share tint colored_share beyond_tint_p99 beyond_tint_p999 beyond_tint_p50
    }
    Compression { noise_sigma jpeg_quality blockiness block_phase_px }
    Screen { flat_share flat_row_share grid_prominence }
    Reading { across patches }
    Print { small_px middle_px lines upright }
    Upright { mean standard_error patches }
    DocumentFacts {
        kind quad aspect_ratio aspect_ratio_uncertainty coverage rotation_deg tilt_deg confidence in_frame
    }
}

impl Unpack for Profile {
    const SHAPE: &'static Shape = &Shape::Table(Answer::SHAPE);

    fn unpack(from: &mut Reader<'_>) -> Self {
        Self { answers: Unpack::unpack(from) }
    }
}

impl Unpack for Answer {
    const SHAPE: &'static Shape = &Shape::Any {
        shapes: &[bool::SHAPE, f64::SHAPE, String::SHAPE, &Shape::Optional(&Shape::Ignored)],
        expected: "a text, a number, true, false or null",
    };

    fn unpack(from: &mut Reader<'_>) -> Self {
        match from.number() {
            0 => Self::Flag(Unpack::unpack(from)),
            1 => Self::Number(Unpack::unpack(from)),
            2 => Self::Text(Unpack::unpack(from)),
            _ if bool::unpack(from) => Self::Nested,
            _ => Self::Unknown,
        }
    }
}

impl Unpack for Fingerprint {
    const SHAPE: &'static Shape = Vec::<u8>::SHAPE;

    fn unpack(from: &mut Reader<'_>) -> Self {
        Self(Unpack::unpack(from))
    }
}

impl Unpack for Ending {
    const SHAPE: &'static Shape = &Shape::Any {
        shapes: &[
            &Shape::Choice(&["NotReached"]),
            &Shape::Record {
                names: &["Complete"],
                shapes: &[&Shape::Record { names: &["end_offset"], shapes: &[u64::SHAPE], optional: &[] }],
                optional: &[],
            },
            &Shape::Record {
                names: &["Truncated"],
                shapes: &[&Shape::Record { names: &["byte_offset"], shapes: &[u64::SHAPE], optional: &[] }],
                optional: &[],
            },
        ],
        expected: "an ending",
    };

    fn unpack(from: &mut Reader<'_>) -> Self {
        match (from.number(), from.number()) {
            (1, end_offset) => Self::Complete { end_offset },
            (2, byte_offset) => Self::Truncated { byte_offset },
            _ => Self::NotReached,
        }
    }
}

impl Unpack for Look {
    const SHAPE: &'static Shape = &Shape::Any {
        shapes: &[
            &Shape::Choice(&["unreadable", "not-measured"]),
            &Shape::Record { names: &["measured"], shapes: &[PhotoFacts::SHAPE], optional: &[] },
        ],
        expected: "what came of looking at a file",
    };

    fn unpack(from: &mut Reader<'_>) -> Self {
        match from.number() {
            1 => Self::Measured(Box::new(Unpack::unpack(from))),
            _ if from.number() == 0 => Self::Unreadable,
            _ => Self::NotMeasured,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::facts::Format;
    use crate::json::{parse, write};
    use crate::packed::read;

    fn read_text<T: Unpack>(text: &str) -> Result<T, String> {
        read(&parse(text).expect("JSON")).map_err(|misfit| misfit.to_string())
    }

    const QUAD: [[f64; 2]; 4] = [[0.5, -1.0], [100.25, 0.0], [99.0, 60.0], [1e-7, 60.0]];

    /// Facts in which nothing is empty and no number is there twice.
    fn facts() -> PhotoFacts {
        let mut last = 0.0;
        let mut next = || {
            last += 1.25;
            last
        };
        let tone = Tone { luma: next(), cb: -next(), cr: next() };
        let sharpness = Sharpness {
            edge_width_px: next(),
            sharpest_px: next(),
            softest_px: next(),
            softest_region: Some(QUAD),
            softest_share: next(),
            printed_tiles: 7,
            print_height: next(),
            stroke_width_px: Some(next()),
            widest_direction_px: Some(next()),
            motion_ratio: Some(next()),
            motion_direction_deg: Some(next()),
        };
        let light = Light {
            luma_p01: next(),
            luma_p05: next(),
            luma_p50: next(),
            luma_p95: next(),
            luma_p99: next(),
            frame_luma_p99: next(),
            clipped_bright_share: next(),
            clipped_dark_share: next(),
            evenness: Some(next()),
            shade_edge_share: Some(next()),
            shade_tint: Some(next()),
            darkest_region: Some(QUAD),
        };
        let color = Color {
            on_document: true,
            gray_share: next(),
            tint: next(),
            colored_share: next(),
            beyond_tint_p99: next(),
            beyond_tint_p999: next(),
            beyond_tint_p50: next(),
        };
        let upright = Upright { mean: next(), standard_error: next(), patches: 8 };
        let pixels = PixelFacts {
            decoded_share: next(),
            sharpness: Some(sharpness),
            light: Some(light),
            glare: Some(Glare {
                on_document: true,
                share: next(),
                largest_share: next(),
                rim_softness: Some(next()),
                region: Some(QUAD),
            }),
            color: Some(color),
            compression: Some(Compression {
                noise_sigma: next(),
                jpeg_quality: Some(next()),
                blockiness: Some(next()),
                block_phase_px: 3,
            }),
            screen: Some(Screen { flat_share: next(), flat_row_share: next(), grid_prominence: Some(next()) }),
            reading: Some(Reading { across: next(), patches: 9 }),
            print: Some(Print { small_px: next(), middle_px: next(), lines: 10, upright: Some(upright) }),
        };
        let picture = PictureFacts {
            stored_width_px: 4000,
            stored_height_px: 3000,
            exif_orientation: 6,
            frames: 2,
            loops: Some(0),
            color_model: ColorModel::Ycbcr,
            bits_per_sample: 8,
            coding: Coding::Progressive,
            has_icc_profile: true,
            ending: Ending::Complete { end_offset: 1 << 40 },
            damage: Some(Damage { kind: DamageKind::NoPixels, byte_offset: 77 }),
            trailing: Some(Trailing { byte_offset: 78, size_bytes: 79, kind: TrailingKind::Video }),
            image_data: Some(5..6),
            exif: Some(Exif {
                make: Some("make".to_owned()),
                model: Some("\u{1f4f7}\n".to_owned()),
                software: Some("make".to_owned()),
                taken_at: Some("2026".to_owned()),
                has_location: true,
            }),
            focal_length_px: Some(next()),
            writer_programs: vec!["a".to_owned(), "a".to_owned()],
            xmp_has_location: true,
        };
        PhotoFacts {
            file: FileFacts { size_bytes: 12, read_bytes: 11, format: Format::SevenZ, picture: Some(picture) },
            digest: Some(Digest { file: u64::MAX, picture: Some(0) }),
            appearance: Some(AppearanceFacts {
                frame: Fingerprint(vec![0, 1, 255]),
                document: Some(Fingerprint(Vec::new())),
                document_tone: Some(tone),
                surroundings: Some(Surroundings {
                    share: next(),
                    tone,
                    luma_sigma: next(),
                    texture: next(),
                    shade: [next(), next()],
                }),
                emblem_red: Some([next(), next()]),
            }),
            pixels: Some(pixels),
            document: Some(DocumentFacts {
                kind: DocumentKind::A4Landscape,
                quad: QUAD,
                aspect_ratio: next(),
                aspect_ratio_uncertainty: next(),
                coverage: next(),
                rotation_deg: -next(),
                tilt_deg: next(),
                confidence: next(),
                in_frame: InFrame::CutOff,
            }),
        }
    }

    #[test]
    fn what_came_of_looking_is_written_and_read_again() {
        let full = facts();
        let measured = |facts: PhotoFacts| Look::Measured(Box::new(facts));
        let mut looks =
            vec![Look::Unreadable, Look::NotMeasured, measured(PhotoFacts::default()), measured(full.clone())];
        for ending in [Ending::NotReached, Ending::Truncated { byte_offset: 0 }] {
            let mut other = full.clone();
            other.file.picture = other.file.picture.map(|picture| PictureFacts { ending, ..picture });
            looks.push(measured(other));
        }
        for look in looks {
            assert_eq!(read_text::<Look>(&write(&look)), Ok(look));
        }
        for (from, to, fault) in [
            ("\"tilt_deg\":", "\"tilt\":", "measured.document: unknown field `tilt`, expected one of `kind`, `quad`"),
            (
                "\"exif_orientation\":6",
                "\"exif_orientation\":256",
                "measured.file.picture.exif_orientation: 256 is more than 255",
            ),
            (
                "\"quad\":[[0.5,-1.0]",
                "\"quad\":[[0.5]",
                "measured.document.quad[0]: invalid length 1, expected an array of length 2",
            ),
            (
                "\"luma\":1.25",
                "\"luma\":null",
                "measured.appearance.document_tone.luma: invalid type: null, expected a number",
            ),
            ("\"read_bytes\":11,", "", "measured.file: missing field `read_bytes`"),
            (
                "\"read_bytes\":11,",
                "\"read_bytes\":11,\"read_bytes\":11,",
                "measured.file: duplicate field `read_bytes`",
            ),
            ("{\"Complete\":", "{\"Over\":", "measured.file.picture.ending: invalid type: map, expected an ending"),
        ] {
            let text = write(&measured(full.clone()));
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            let refused = read_text::<Look>(&changed).expect_err(fault);
            assert!(refused.starts_with(fault), "{refused}");
        }
    }

    /// Reads a text as serde does, or refuses what serde refuses.
    fn as_serde<T: Unpack + DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) {
        let (ours, theirs) = (read_text::<T>(text), serde_json::from_str::<T>(text));
        assert_eq!(ours.as_ref().ok(), theirs.as_ref().ok(), "{text}: {ours:?}, {theirs:?}");
    }

    #[test]
    fn what_callers_say_is_read_as_serde_reads_it() {
        for text in [
            r#"{"sizeBytes":1,"on":"2026-11-26"}"#,
            r#"{"sizeBytes":1,"on":"2026-11-26","fileName":"a","mimeType":null,"material":"b","side":"back","document":"c","province":"d"}"#,
            r#"{"sizeBytes":1,"on":"2026-11-31"}"#,
            r#"{"sizeBytes":-1,"on":"2026-11-26"}"#,
            r#"{"sizeBytes":1.5,"on":"2026-11-26"}"#,
            r#"{"sizeBytes":1,"on":"2026-11-26","side":"left"}"#,
            r#"{"sizeBytes":1,"on":"2026-11-26","colour":"red"}"#,
            r#"{"on":"2026-11-26"}"#,
            "[]",
        ] {
            as_serde::<FileRequest>(text);
        }
        for text in [
            "{}",
            r#"{"idCard":"1","creditCode":"2","passport":"3","hkMacaoTravelPermit":"4","taiwanTravelPermit":"5","idExpiry":"6","certificateExpiry":"7","entityType":"8"}"#,
            r#"{"idCard":1}"#,
            r#"{"id_card":"1"}"#,
        ] {
            as_serde::<Numbers>(text);
        }
        for text in [
            "{}",
            r#"{"a":true,"b":-1,"c":1.5,"d":18446744073709551615,"e":"text","f":null,"g":[1,[2]],"h":{"i":{}}}"#,
            "null",
        ] {
            as_serde::<Profile>(text);
        }
        for text in ["\"zh-CN\"", "\"en\"", "\"fr\"", "1"] {
            as_serde::<Locale>(text);
        }
        for text in ["\"vertical\"", "\"horizontal\"", "\"grid\""] {
            as_serde::<Layout>(text);
        }
    }

    #[test]
    fn a_submission_is_read() {
        let photo =
            r#"{"material":"a","slot":"front","request":{"sizeBytes":1,"on":"2026-11-26"},"look":"unreadable"}"#;
        let other = photo.replacen('{', r#"{"includes":["b"],"#, 1);
        let text = format!(r#"{{"profile":{{"province":"350000"}},"on":"2026-11-26","photos":[{photo},{other}]}}"#);
        let submission = read_text::<Submission>(&text).expect("a submission");
        assert_eq!(submission.profile, Profile::new("350000"));
        let includes: Vec<_> = submission.photos.iter().map(|photo| photo.includes.len()).collect();
        assert_eq!(includes, [0, 1]);
        let refused = read_text::<Submission>(&text.replace("front", "top")).expect_err("no such slot");
        assert!(refused.starts_with("photos[0].slot: unknown variant `top`, expected one of `single`"), "{refused}");
    }
}
