//! Prints the quads that were considered in each picture named on the command line, best first, one JSON object a file.
//!
//! `cargo run --release --example locate -- photo.jpg`

use std::time::Instant;

use icp_precheck::file;
use icp_precheck::locate::{FEATURES, candidates, locate};
use icp_precheck::planes::{Chroma, Plane, Planes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let facts = file::read_facts(&bytes, bytes.len() as u64);
        let orientation = facts.picture.as_ref().map_or(1, |picture| picture.exif_orientation.clamp(1, 8));
        let planes = decode(&bytes, orientation)?;
        let started = Instant::now();
        let found = locate(&planes, None);
        let elapsed_ms = started.elapsed().as_secs_f64() * 1e3;
        let considered: Vec<_> = candidates(&planes)
            .into_iter()
            .map(|c| serde_json::json!({ "quad": c.quad, "score": c.score, "features": c.features.to_vec(), "frameSides": c.frame_sides }))
            .collect();
        let found = found.map(|f| {
            serde_json::json!({ "quad": f.quad, "confidence": f.confidence, "aspectRatio": f.aspect_ratio,
            "aspectRatioUncertainty": f.aspect_ratio_uncertainty, "tiltDeg": f.tilt_deg, "rotationDeg": f.rotation_deg,
            "coverage": f.coverage, "inFrame": f.in_frame })
        });
        let line = serde_json::json!({ "file": path, "sizePx": [planes.displayed_size_px().0, planes.displayed_size_px().1],
            "elapsedMs": elapsed_ms, "found": found, "features": FEATURES, "candidates": considered });
        println!("{line}");
    }
    Ok(())
}

fn decode(bytes: &[u8], exif_orientation: u8) -> Result<Planes, Box<dyn std::error::Error>> {
    let picture = image::load_from_memory(bytes)?.to_rgb8();
    let (width, height) = picture.dimensions();
    let (width_px, height_px) = (width as usize, height as usize);
    let plane = |of: fn([f32; 3]) -> f32| Plane {
        width_px,
        height_px,
        stride: width_px,
        samples: picture.pixels().map(|p| of(p.0.map(f32::from)).round().clamp(0.0, 255.0) as u8).collect(),
    };
    Ok(Planes {
        luma: plane(|[r, g, b]| 0.299 * r + 0.587 * g + 0.114 * b),
        chroma: Some(Chroma {
            cb: plane(|[r, g, b]| 128.0 - 0.168_736 * r - 0.331_264 * g + 0.5 * b),
            cr: plane(|[r, g, b]| 128.0 + 0.5 * r - 0.418_688 * g - 0.081_312 * b),
        }),
        scale_denominator: 1,
        exif_orientation,
        stored_width_px: width,
        stored_height_px: height,
        luma_quantization: None,
        decoded_share: 1.0,
    })
}
