//! How do the page's modules become few files? What it begins with is one, with what others share beside it, and what loads
//! later is in files of its own: a browser asks for fewer, and they are smaller together than one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::site::DIST;
use crate::{command, node};

const ENTRY: &str = "www/main.js";
/// What esbuild says of the files that it writes.
const WRITTEN: &str = "target/modules.json";
/// Scripts that are not modules: they run before the page is painted, in workers, or between wasm and JavaScript.
const CLASSIC: [&str; 5] = [
    "www/first.js",
    "www/worker.js",
    "www/digits/worker.js",
    "www/pkg/superposition.js",
    "www/pkg/digits.js",
];

pub fn is_module(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "js")
        && !CLASSIC.iter().any(|script| file == *script)
}

/// Replaces the modules in `dist/` by few files, named by what is in them, so that those of two versions never mix. Returns all
/// of the page's files, and of these the ones that load late.
pub fn join(mut files: Vec<PathBuf>, version: &str) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    for module in files.iter().filter(|file| is_module(file)) {
        fs::remove_file(Path::new(DIST).join(module))?;
    }
    files.retain(|file| !is_module(file));
    let (outdir, written) = (
        format!("--outdir={DIST}/www"),
        format!("--metafile={WRITTEN}"),
    );
    // What the modules fetch is of their own version (www/beside.js).
    let define = format!("--define:globalThis.SITE_VERSION=\"{version}\"");
    command::run(&mut node::esbuild(&[
        ENTRY,
        "--bundle",
        "--splitting",
        "--format=esm",
        "--minify",
        "--legal-comments=none",
        "--entry-names=[name]-[hash]",
        "--chunk-names=[name]-[hash]",
        &define,
        &outdir,
        &written,
    ]))?;
    let written: Value = serde_json::from_str(&fs::read_to_string(WRITTEN)?)?;
    let imports = imports(&written)?;
    let entry = entry(&written)?;
    let page = Path::new(DIST).join("index.html");
    let html = fs::read_to_string(&page)?;
    fs::write(&page, html.replace(ENTRY, &entry.to_string_lossy()))?;
    let first = reached(&entry, &imports);
    let late = imports
        .keys()
        .filter(|file| !first.contains(*file))
        .cloned()
        .collect();
    files.extend(imports.into_keys());
    files.sort();
    Ok((files, late))
}

/// Which of the written files imports which others at once, by their paths in `dist/`.
fn imports(written: &Value) -> Result<BTreeMap<PathBuf, Vec<PathBuf>>> {
    let outputs = written["outputs"]
        .as_object()
        .context("esbuild wrote nothing")?;
    let mut imports = BTreeMap::new();
    for (path, output) in outputs {
        let mut static_imports = Vec::new();
        for import in output["imports"].as_array().into_iter().flatten() {
            if import["kind"] == "import-statement" {
                static_imports.push(place(import["path"].as_str().context("a path")?)?);
            }
        }
        imports.insert(place(path)?, static_imports);
    }
    Ok(imports)
}

/// What [`ENTRY`] is called in `dist/`.
fn entry(written: &Value) -> Result<PathBuf> {
    let outputs = written["outputs"].as_object();
    let mut outputs = outputs.into_iter().flatten();
    let (path, _) = outputs
        .find(|(_, output)| output["entryPoint"] == ENTRY)
        .context("esbuild wrote no first module")?;
    place(path)
}

/// A written file, by its path in `dist/`.
fn place(path: &str) -> Result<PathBuf> {
    Ok(Path::new(path).strip_prefix(DIST)?.to_owned())
}

/// A file and all that it needs before it runs.
fn reached(entry: &Path, imports: &BTreeMap<PathBuf, Vec<PathBuf>>) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![entry.to_owned()];
    while let Some(file) = open.pop() {
        if found.insert(file.clone()) {
            open.extend(imports.get(&file).into_iter().flatten().cloned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_imported_on_demand_loads_late() {
        let written = serde_json::from_str(
            r#"{"outputs": {
                "dist/www/main-C.js": {"entryPoint": "www/main.js", "imports": [
                    {"path": "dist/www/chunk-A.js", "kind": "import-statement"},
                    {"path": "dist/www/digits-B.js", "kind": "dynamic-import"}]},
                "dist/www/chunk-A.js": {"imports": []},
                "dist/www/digits-B.js": {"entryPoint": "www/digits/digits.js", "imports": [{"path": "dist/www/chunk-A.js", "kind": "import-statement"}]}
            }}"#,
        )
        .unwrap();
        let imports = imports(&written).unwrap();
        let first: Vec<_> = reached(&entry(&written).unwrap(), &imports)
            .into_iter()
            .collect();
        assert_eq!(
            first,
            ["www/chunk-A.js", "www/main-C.js"].map(PathBuf::from)
        );
        assert_eq!(imports.len(), 3);
    }
}
