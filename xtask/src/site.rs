//! How does the page come from its sources? Rust to wasm, its bindings, a smaller wasm, and `dist/`: a folder of files, and
//! what carries everything in one file (`bundle`).

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, Crc, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain::{MODULES, Module, Toolchain, WASM};
use crate::{bundle, command, modules, node};

pub const DIST: &str = "dist";
const BINDINGS: &str = "www/pkg";
const SERVICE_WORKER: &str = "www/app/sw.js";

/// What rustc itself emits for the target, and simd. Never `--fast-math` or relaxed simd: they change bits.
///
/// Passes run in this order. What the first has made fast the others make small, with what values can be (`--gufa`): 3 kB less
/// of the compressed page. The lowest kilobyte of memory is the far end of the stack, which nothing reaches.
const WASM_OPT: [&str; 15] = [
    "-O3",
    "-Oz",
    "--low-memory-unused",
    "--gufa",
    "-O3",
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The page without sweep data, compressed as a server would: HTML, CSS, JavaScript and wasm.
const MOST_GZIPPED: usize = 295_000;
/// The page in one file, with the data of its first view.
const MOST_IN_ONE_FILE: usize = 2_000_000;

/// Builds the page into `dist/`, says how large its files are, and fails if they are larger than they may be.
pub fn build() -> Result<()> {
    bindings()?;
    let has_node = node::check().is_ok();
    let files = copy_site()?;
    if !has_node {
        println!("Without Node its scripts stay as they are, and there is no page in one file.");
        print_sizes(&files, &[])?;
        return Ok(());
    }
    node::install_packages("xtask")?;
    let version = version(&files)?;
    minify(&files, &version)?;
    let (files, late) = modules::join(files, &version)?;
    bundle::build()?;
    service_worker(&files, &version)?;
    let page = print_sizes(&files, &late)?;
    within(
        "the page without sweep data, compressed,",
        page,
        MOST_GZIPPED,
    )?;
    for file in bundle::files() {
        let (bytes, _) = sizes(&file)?;
        within(
            &format!("{DIST}/{}", file.display()),
            bytes,
            MOST_IN_ONE_FILE,
        )?;
    }
    Ok(())
}

fn within(what: &str, bytes: usize, most: usize) -> Result<()> {
    ensure!(
        bytes <= most,
        "{what} has {bytes} bytes, and may have {most}: make something smaller (`MOST_…` in xtask/src/site.rs)"
    );
    Ok(())
}

/// Builds what is in `www/pkg/`.
fn bindings() -> Result<()> {
    let toolchain = Toolchain::for_target(WASM)?;
    for module in &MODULES {
        command::run(&mut toolchain.cargo_for("build", module))?;
        generate(module, &toolchain.library(module))?;
    }
    Ok(())
}

/// Makes a module's files in `www/pkg/` from its library, unless they are newer than all they are made from.
fn generate(module: &Module, library: &Path) -> Result<()> {
    let wasm = format!("{BINDINGS}/{}_bg.wasm", module.name);
    let wasm = Path::new(&wasm);
    if modified(wasm) >= modified(library).max(modified(&std::env::current_exe()?)) {
        return Ok(());
    }

    println!("Generating {}", wasm.display());
    bind(module, library, BINDINGS)?;

    if let Err(missing) = node::check() {
        println!("{missing:#}. Without it the page works, but its wasm is larger than need be.");
        // So that the next build, perhaps with Node, does not take this one for finished.
        File::open(wasm)?.set_modified(SystemTime::UNIX_EPOCH)?;
        return Ok(());
    }
    node::install_packages("xtask")?;
    let mut wasm_opt = Command::new("node");
    wasm_opt
        .arg("xtask/node_modules/binaryen/bin/wasm-opt")
        .args(WASM_OPT)
        .arg(wasm)
        .arg("-o")
        .arg(wasm);
    command::run(&mut wasm_opt)
}

/// Writes a library's wasm, its glue and its types to a folder.
pub fn bind(module: &Module, library: &Path, folder: &str) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(library)
        .out_name(module.name)
        // The page always says where its wasm is; and the script may stand inside a page, without an address.
        .omit_default_module_path(true)
        .typescript(true);
    match module.global {
        None => bindgen.web(true)?,
        Some(global) => bindgen.no_modules(true)?.no_modules_global(global)?,
    };
    bindgen.generate(folder).context("wasm-bindgen failed")
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
    // It has its place at the root, or it would not see the page.
    sources.retain(|source| source != Path::new(SERVICE_WORKER));
    sources.sort();
    for source in &sources {
        let target = Path::new(DIST).join(source);
        fs::create_dir_all(target.parent().expect("a file in dist/"))?;
        fs::copy(source, &target)
            .with_context(|| format!("{} can't be copied", source.display()))?;
    }
    Ok(sources)
}

/// Makes the page's HTML, style sheets and classic scripts in `dist/` smaller, each for itself.
fn minify(files: &[PathBuf], version: &str) -> Result<()> {
    let page = Path::new(DIST).join("index.html");
    let html = smaller(&fs::read_to_string(&page)?)
        .replace(".css\"", &format!(".css?{version}\""))
        .replace("first.js\"", &format!("first.js?{version}\""));
    fs::write(&page, html)?;
    let minified = |file: &&PathBuf| {
        !modules::is_module(file)
            && file
                .extension()
                .is_some_and(|kind| kind == "js" || kind == "css")
    };
    let sources = files.iter().filter(minified);
    let outdir = format!("--outdir={DIST}");
    let mut esbuild = node::esbuild(&["--minify", "--outbase=.", "--allow-overwrite", &outdir]);
    command::run(esbuild.args(sources))
}

/// HTML without comments and indentation, neither of which anybody sees.
fn smaller(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out += before;
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out += rest;
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// A checksum of all files of the page. It is part of their addresses, so that a tab never mixes two versions.
fn version(files: &[PathBuf]) -> Result<String> {
    let mut sum = Crc::new();
    for file in files {
        sum.update(&fs::read(Path::new(DIST).join(file))?);
    }
    Ok(format!("{:08x}", sum.sum()))
}

/// A file as the page asks for it: modules have their version in their names, and pictures are as the HTML names them; all
/// else has it behind its name.
fn address(file: &Path, version: &str) -> String {
    let name = file.to_string_lossy().replace('\\', "/");
    let plain = ["www/still", "www/app", "index.html"];
    let plain = plain.iter().any(|start| file.starts_with(start))
        || file.extension().is_some_and(|kind| kind == "svg");
    if plain || modules::is_module(file) {
        name
    } else {
        format!("{name}?{version}")
    }
}

/// Writes `dist/sw.js`, which knows the version of the page and all its files.
fn service_worker(files: &[PathBuf], version: &str) -> Result<()> {
    // Of a single run's details, those that somebody has looked at are kept as well, later; so are digits to train on.
    let left_out = |file: &&PathBuf| {
        file.ends_with("index.html") // it is ./
            || file.ends_with("embed-example.html")
            || file.ends_with("digits-live.bin")
            || file.to_string_lossy().contains("-details")
    };
    let kept = files.iter().filter(|file| !left_out(file));
    let mut names = vec!["./".to_owned()];
    names.extend(kept.map(|file| address(file, version)));
    let source = fs::read_to_string(SERVICE_WORKER)?;
    let filled = source
        .replace(
            "const VERSION = \"\"",
            &format!("const VERSION = \"{version}\""),
        )
        .replace(
            "const FILES = []",
            &format!("const FILES = {}", serde_json::to_string(&names)?),
        );
    let (path, outfile) = (format!("{DIST}/sw.js"), format!("--outfile={DIST}/sw.js"));
    fs::write(&path, filled)?;
    command::run(&mut node::esbuild(&[
        "--minify",
        "--allow-overwrite",
        &outfile,
        &path,
    ]))
}

pub fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

pub fn remove_folder(folder: &str) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// What of `dist/` belongs to the page's first view: not the data of sweeps and what draws them, nor what the section on
/// digits loads, both when the reader comes near (`late`, as far as it is modules), nor pictures for readers without
/// WebAssembly, nor examples, nor the script that only a reader who takes a run to PyTorch loads.
fn counts(file: &Path, late: &[PathBuf]) -> bool {
    let extra = [
        "www/data",
        "www/digits",
        "www/pkg/digits.js",
        "www/pkg/digits_bg.wasm",
        "www/pkg/sweeps.js",
        "www/pkg/sweeps_bg.wasm",
        "www/sweeps",
        "www/still",
        "www/embed-example.html",
        "www/lab/pytorch.py",
        // Fetched by who installs the page.
        "www/app",
    ];
    !late.iter().any(|module| module == file) && !extra.iter().any(|other| file.starts_with(other))
}

/// Prints a table and returns the bytes of the page, compressed.
fn print_sizes(files: &[PathBuf], late: &[PathBuf]) -> Result<usize> {
    let row = |name: &str, raw: usize, gzipped: usize| {
        println!(
            "{:>9.1} {:>9.1}  {name}",
            raw as f64 / 1e3,
            gzipped as f64 / 1e3
        );
    };
    println!("\n       kB   gzipped  {DIST}/");
    let mut total = (0, 0);
    let (page, rest): (Vec<&PathBuf>, Vec<&PathBuf>) =
        files.iter().partition(|file| counts(file, late));
    for file in &page {
        let (bytes, gzipped) = sizes(file)?;
        row(&file.display().to_string(), bytes, gzipped);
        total = (total.0 + bytes, total.1 + gzipped);
    }
    row("the page", total.0, total.1);
    for file in rest.into_iter().chain(&bundle::files()) {
        let (bytes, gzipped) = sizes(file)?;
        row(&file.display().to_string(), bytes, gzipped);
    }
    Ok(total.1)
}

/// Of a file in `dist/`, raw and compressed.
fn sizes(file: &Path) -> Result<(usize, usize)> {
    let path = Path::new(DIST).join(file);
    let bytes = fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok((bytes.len(), encoder.finish()?.len()))
}
