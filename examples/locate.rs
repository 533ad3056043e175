//! Prints the quads that were considered in each picture named on the command line, best first, one JSON object a file.
//!
//! `cargo run --release --example locate -- photo.jpg`

#![allow(clippy::print_stdout)]

use std::time::Instant;

use icp_precheck::decode::decode;
use icp_precheck::file;
use icp_precheck::limits::DecodeLimits;
use icp_precheck::locate::{FEATURES, candidates, locate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let facts = file::read_facts(&bytes, bytes.len() as u64);
        let planes = decode(&bytes, &facts, &DecodeLimits::default()).map_err(|error| format!("{path}: {error:?}"))?;
        let started = Instant::now();
        let found = locate(&planes);
        let elapsed_ms = started.elapsed().as_secs_f64() * 1e3;
        let considered: Vec<_> = candidates(&planes)
            .into_iter()
            .map(|c| serde_json::json!({ "quad": c.quad, "score": c.score, "features": c.features.to_vec(), "fit": c.fit, "frameSides": c.frame_sides }))
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
