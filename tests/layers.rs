//! Guards the import table of ARCHITECTURE.md and the rule that only `src/wasm` knows the browser.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `src` with the name of the module it belongs to.
fn sources() -> Vec<(String, PathBuf)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    let src = root().join("src");
    walk(&src, &mut found);
    found
        .into_iter()
        .map(|path| {
            let first = path.strip_prefix(&src).expect("below src").components().next().expect("a name");
            let module = first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
            (module, path)
        })
        .collect()
}

/// What a file imports outside its tests.
fn imports(text: &str) -> BTreeSet<String> {
    let code = ["mod tests", "pub(crate) mod testing"]
        .iter()
        .fold(text, |code, module| code.split(&format!("\n#[cfg(test)]\n{module}")).next().unwrap_or(code));
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            if let Some(list) = part.strip_prefix('{') {
                let names = list.split(['}', ';']).next().unwrap_or(list).split(',');
                found.extend(names.map(|name| module_name(name.trim())));
            } else {
                found.insert(module_name(part));
            }
        }
    }
    found.remove("");
    found
}

fn module_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The table under "Who may import whom".
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md exists");
    let (_, section) = text.split_once("## Who may import whom").expect("the section exists");
    section
        .lines()
        .skip_while(|line| !line.starts_with("| `"))
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let mut cells = line.split('|').skip(1);
            let names = |cell: Option<&str>| -> Vec<String> {
                cell.unwrap_or_default().split('`').skip(1).step_by(2).map(str::to_owned).collect()
            };
            let module = names(cells.next()).remove(0);
            (module, names(cells.next()).into_iter().collect())
        })
        .collect()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let allowed = allowed();
    let mut seen = BTreeSet::new();
    for (module, path) in sources() {
        if module == "lib" || module == "typescript" {
            continue;
        }
        let may = allowed.get(&module).unwrap_or_else(|| panic!("`{module}` has no row in ARCHITECTURE.md"));
        let text = fs::read_to_string(&path).expect("source is readable");
        for import in imports(&text) {
            assert!(
                import == module || may.contains(&import),
                "{} imports `{import}`; ARCHITECTURE.md does not allow that to `{module}`",
                path.display()
            );
        }
        seen.insert(module);
    }
    let stale: Vec<_> = allowed.keys().filter(|module| !seen.contains(*module)).collect();
    assert!(stale.is_empty(), "rows of ARCHITECTURE.md without a module: {stale:?}");
    assert!(seen.len() > 10, "only {} modules were read", seen.len());
}

#[test]
fn nothing_in_the_table_goes_in_a_circle() {
    let allowed = allowed();
    fn visit<'a>(module: &'a str, path: &mut Vec<&'a str>, allowed: &'a BTreeMap<String, BTreeSet<String>>) {
        assert!(!path.contains(&module), "circle: {path:?} -> {module}");
        path.push(module);
        for next in allowed.get(module).into_iter().flatten() {
            visit(next, path, allowed);
        }
        path.pop();
    }
    for module in allowed.keys() {
        visit(module, &mut Vec::new(), &allowed);
    }
}

#[test]
fn only_the_wasm_folder_names_the_browser() {
    for (module, path) in sources() {
        let text = fs::read_to_string(&path).expect("source is readable");
        for name in ["wasm_bindgen", "js_sys", "web_sys"] {
            assert!(module == "wasm" || !text.contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn no_clock_no_network_no_files_no_randomness() {
    for (module, path) in sources() {
        let text = fs::read_to_string(&path).expect("source is readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
        for name in ["SystemTime", "Instant::", "std::net", "std::fs", "std::env::", "thread_rng", "rand::"] {
            assert!(module == "typescript" || !code.contains(name), "{} names {name}", path.display());
        }
    }
}
