//! Writes rendered photos with their truth: `scenes OUT_FOLDER [--seed N] [--count N] [--clutter] [--preview]`.

use std::fs;
use std::path::PathBuf;

use precheck_scenes::{Clutter, Random, Scene, fonts_found};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = PathBuf::from(arguments.next().ok_or("usage: scenes OUT_FOLDER [--seed N] [--count N] [--clutter]")?);
    let (mut seed, mut count, mut clutter) = (1, 20, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seed" => seed = arguments.next().ok_or("--seed needs a number")?.parse()?,
            "--count" => count = arguments.next().ok_or("--count needs a number")?.parse()?,
            "--clutter" => clutter = true,
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    if !fonts_found() {
        eprintln!("Noto CJK fonts were not found (Debian: fonts-noto-cjk); characters are drawn as invented strokes.");
    }
    fs::create_dir_all(&out)?;
    for n in seed..seed + count {
        let mut scene = Scene::good(n);
        if clutter {
            let mut random = Random::new(n ^ 0xC1);
            scene.clutter = *random.pick(&[Clutter::Full, Clutter::Over]);
        }
        let picture = scene.render();
        fs::write(out.join(format!("{n:05}.jpg")), scene.encode(&picture))?;
        fs::write(out.join(format!("{n:05}.json")), serde_json::to_string_pretty(&picture.truth)?)?;
    }
    Ok(())
}
