//! Reads `rules/`, refuses what is wrong with file and line, and embeds the rest, packed.

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
    let packed =
        rules::packed::pack(&authored.rules).ok_or_else(|| vec!["rules: a text has a line break".to_owned()])?;
    // The set lives as long as the build, as it does in the program.
    if rules::packed::unpack(packed.clone().leak()).as_ref() != Some(&authored.rules) {
        return Err(vec!["rules: src/rules/packed.rs does not read back what it has packed".to_owned()]);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("rules.packed");
    fs::write(&out, packed).map_err(|error| vec![format!("{}: {error}", out.display())])
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
