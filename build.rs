//! Reads `rules/`, refuses what is wrong with file and line, and leaves the rest as JSON and packed, to be embedded.

// The build uses a part of these modules; the crate uses the rest.
#![allow(dead_code, unused_imports)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

#[path = "src/date.rs"]
mod date;
#[path = "src/decimal.rs"]
mod decimal;
#[path = "src/facts.rs"]
mod facts;
#[path = "src/json/mod.rs"]
mod json;
#[path = "src/locale.rs"]
mod locale;
#[path = "src/order.rs"]
mod order;
#[path = "src/packed/mod.rs"]
mod packed;
#[path = "src/string.rs"]
mod string;
#[path = "src/table.rs"]
mod table;
#[path = "src/rules"]
mod rules {
    pub use crate::date::Date;
    pub use crate::locale::Text;
    pub use crate::string::Str;
    pub mod authoring;
    pub mod condition;
    pub mod format;
    pub mod index;
    pub mod packed;
    pub mod upload;
    pub mod validate;
}

use packed::Unpack;
use rules::format::RuleSet;

fn main() -> ExitCode {
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                let _ = writeln!(io::stdout(), "cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), Vec<String>> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let _ = writeln!(io::stdout(), "cargo::rerun-if-changed=rules");
    let mut files = Vec::new();
    read_folder(&root, Path::new("rules"), &mut files).map_err(|error| vec![format!("rules: {error}")])?;
    let authored = rules::authoring::assemble(&files)
        .map_err(|complaints| complaints.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let published = serde_json::to_string(&authored.rules).map_err(|error| vec![format!("rules: {error}")])?;
    let tree = json::parse(&published).map_err(|misfit| vec![format!("rules: {misfit}")])?;
    let packed = packed::pack(RuleSet::SHAPE, &tree).map_err(|misfit| vec![format!("rules: {misfit}")])?;
    let packed = packed.to_bytes().ok_or_else(|| vec!["rules: a text has a line break".to_owned()])?;
    // The set lives as long as the build, as it does in the program.
    if RuleSet::from_bytes(packed.clone().leak()).as_ref() != Some(&authored.rules) {
        return Err(vec!["rules: what is packed is not read back as it was".to_owned()]);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for (name, bytes) in [("rules.json", published.as_bytes()), ("rules.packed", &packed)] {
        let path = out.join(name);
        fs::write(&path, bytes).map_err(|error| vec![format!("{}: {error}", path.display())])?;
    }
    Ok(())
}

/// Reads every TOML file below a folder, in the order of the names, with `/` in the names on every system.
fn read_folder(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    let mut entries = fs::read_dir(root.join(folder))?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.to_string_lossy().replace('\\', "/");
            files.push((name, fs::read_to_string(root.join(&path))?));
        }
    }
    Ok(())
}
