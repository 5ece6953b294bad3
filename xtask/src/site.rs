//! How does the page come from its sources? Rust to wasm, its bindings, a smaller wasm, and `dist/`.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain::Toolchain;
use crate::{command, node};

pub const DIST: &str = "dist";
const BINDINGS: &str = "www/pkg";
const WASM: &str = "www/pkg/superposition_bg.wasm";

/// What rustc itself emits for the target, and simd. Never `--fast-math` or relaxed simd: they change bits.
const WASM_OPT: [&str; 8] = [
    "-O3",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Builds the page into `dist/` and says how large its files are.
pub fn build() -> Result<()> {
    bindings()?;
    let files = copy_site()?;
    print_sizes(&files)
}

/// Builds `www/pkg/`, unless it is newer than all it is made from.
fn bindings() -> Result<()> {
    let toolchain = Toolchain::for_wasm()?;
    command::run(&mut toolchain.cargo("build"))?;
    let library = toolchain.library();
    if modified(Path::new(WASM)) >= modified(&library).max(modified(&std::env::current_exe()?)) {
        return Ok(());
    }

    println!("Generating {BINDINGS}/");
    remove_folder(BINDINGS)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&library)
        .out_name("superposition")
        .no_modules(true)?
        .typescript(true);
    bindgen.generate(BINDINGS).context("wasm-bindgen failed")?;

    if let Err(missing) = node::check() {
        println!("{missing:#}. Without it the page works, but its wasm is larger than need be.");
        // So that the next build, perhaps with Node, does not take this one for finished.
        File::open(WASM)?.set_modified(SystemTime::UNIX_EPOCH)?;
        return Ok(());
    }
    node::install_packages("xtask")?;
    let mut wasm_opt = Command::new("node");
    wasm_opt
        .arg("xtask/node_modules/binaryen/bin/wasm-opt")
        .args(WASM_OPT)
        .args([WASM, "-o", WASM]);
    command::run(&mut wasm_opt)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// Writes `dist/` anew: `index.html` and `www/` without TypeScript's declarations and the stores of sweeps. Returns
/// the files.
fn copy_site() -> Result<Vec<PathBuf>> {
    remove_folder(DIST)?;
    let mut sources = vec![PathBuf::from("index.html")];
    collect(Path::new("www"), &mut sources)?;
    sources.retain(|source| {
        source
            .extension()
            .is_none_or(|kind| kind != "ts" && kind != "jsonl")
    });
    sources.sort();
    for source in &sources {
        let target = Path::new(DIST).join(source);
        fs::create_dir_all(target.parent().expect("a file in dist/"))?;
        fs::copy(source, &target)
            .with_context(|| format!("{} can't be copied", source.display()))?;
    }
    Ok(sources)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?
        } else {
            files.push(path)
        }
    }
    Ok(())
}

fn remove_folder(folder: &str) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn print_sizes(files: &[PathBuf]) -> Result<()> {
    let row = |name: &str, raw: usize, gzipped: usize| {
        println!(
            "{:>9.1} {:>9.1}  {name}",
            raw as f64 / 1e3,
            gzipped as f64 / 1e3
        );
    };
    println!("\n       kB   gzipped  {DIST}/");
    let mut total = (0, 0);
    for file in files {
        let bytes = fs::read(file)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        let gzipped = encoder.finish()?.len();
        row(&file.display().to_string(), bytes.len(), gzipped);
        total = (total.0 + bytes.len(), total.1 + gzipped);
    }
    row("in all", total.0, total.1);
    Ok(())
}
