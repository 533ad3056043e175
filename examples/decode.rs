//! Decodes files, tells how long that took, and writes their luma: `cargo run --release --example decode -- photo.jpg`.
//!
//! With `--out FOLDER` first, the luma planes are written there as PGM.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs, io};

use icp_precheck::decode::decode;
use icp_precheck::file::read_facts;
use icp_precheck::limits::DecodeLimits;

/// The fastest of so many runs is told.
const ROUNDS: u32 = 10;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1).peekable();
    let folder = arguments.next_if(|argument| argument == "--out").and_then(|_| arguments.next()).map(PathBuf::from);
    for path in arguments {
        let bytes = fs::read(&path)?;
        let facts = read_facts(&bytes, bytes.len() as u64);
        let mut best = f64::INFINITY;
        let mut result = None;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            result = Some(decode(&bytes, &facts, &DecodeLimits::default()));
            best = best.min(start.elapsed().as_secs_f64() * 1000.0);
        }
        match result {
            Some(Ok(planes)) => {
                let luma = &planes.luma;
                println!(
                    "{path}: {}x{} at 1/{}, share {:.3}, damage {:?}, {best:.2} ms",
                    luma.width_px, luma.height_px, planes.scale_denominator, planes.decoded_share, planes.damage
                );
                if let Some(folder) = &folder {
                    let mut pgm = format!("P5 {} {} 255\n", luma.width_px, luma.height_px).into_bytes();
                    (0..luma.height_px).for_each(|y| pgm.extend_from_slice(luma.row(y)));
                    let name = PathBuf::from(&path).file_name().map(PathBuf::from).unwrap_or_default();
                    fs::write(folder.join(name).with_extension("pgm"), pgm)?;
                }
            }
            other => println!("{path}: {other:?}, {best:.2} ms"),
        }
    }
    Ok(())
}
