//! Which Node and which browser are here, and what do they need before they can work?

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::command;

const OLDEST_NODE: u32 = 20;

/// Is there a Node that is new enough? If not, the error says what to do.
pub fn check() -> Result<()> {
    let mend = format!("install Node {OLDEST_NODE} or newer, with npm, from https://nodejs.org");
    let Some(version) = command::output("node", &["--version"]) else {
        bail!("Node is missing: {mend}");
    };
    if major(&version) < Some(OLDEST_NODE) {
        bail!("Node {version} is too old: {mend}");
    }
    if command::output(npm("npm"), &["--version"]).is_none() {
        bail!("npm is missing: {mend}");
    }
    Ok(())
}

/// Installs the packages that `folder` locks, unless they are there.
pub fn install_packages(folder: &str) -> Result<()> {
    let modified = |file: &str| {
        fs::metadata(Path::new(folder).join(file))
            .and_then(|file| file.modified())
            .ok()
    };
    let Some(locked) = modified("package-lock.json") else {
        bail!(
            "{folder}/package-lock.json is missing: `npm install --package-lock-only` in {folder} writes it"
        );
    };
    if modified("node_modules/.package-lock.json").is_some_and(|installed| installed >= locked) {
        return Ok(());
    }
    command::run(
        Command::new(npm("npm"))
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )
}

/// A program of npm's in `folder`.
pub fn npx(folder: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(npm("npx"));
    command
        .arg("--no-install")
        .args(arguments)
        .current_dir(folder);
    command
}

/// esbuild, as xtask's own packages lock it. npm puts a program there, or a script that starts one.
pub fn esbuild(arguments: &[&str]) -> Command {
    let program = npm("xtask/node_modules/.bin/esbuild");
    let mut command = Command::new(program);
    command
        .args(["--log-level=warning", "--target=es2022"])
        .args(arguments);
    command
}

/// A browser for the tests, installed if there is none: its path, or `None` for Playwright's own.
/// `folder` is where Playwright is installed.
pub fn browser(folder: &str) -> Result<Option<PathBuf>> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if !works(&path) {
            bail!(
                "CHROMIUM is set to {}, which is no browser: correct it, or unset it",
                path.display()
            );
        }
        return Ok(Some(path));
    }
    if let Some(path) = find_browser() {
        return Ok(Some(path));
    }
    println!(
        "The tests of the page need a browser, and there is no Chrome or Chromium here; installing Chromium."
    );
    // Not Playwright's download first: often only package registries can be reached.
    // Fonts, because the package has none and a page without text tests little.
    match command::apt_install(&["chromium", "fonts-dejavu-core"]) {
        Ok(()) => {
            if let Some(path) = find_browser() {
                return Ok(Some(path));
            }
            println!("apt's chromium does not start here; trying Playwright's.");
        }
        Err(error) => println!("apt can't: {error:#}; trying Playwright's."),
    }
    command::run(&mut npx(folder, &["playwright", "install", "chromium"]))?;
    Ok(None)
}

fn find_browser() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ];
    let applications = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let in_path = names.iter().filter_map(|name| command::find(name));
    in_path
        .chain(applications.iter().map(PathBuf::from))
        .find(|path| works(path))
}

/// Ubuntu has a `chromium-browser` that only says where the real one can be had; so ask for a version.
fn works(browser: &Path) -> bool {
    command::output(browser, &["--version"]).is_some()
}

/// npm's programs are scripts, and on Windows a script is started by its full name.
fn npm(program: &str) -> String {
    if cfg!(windows) {
        format!("{program}.cmd")
    } else {
        program.to_owned()
    }
}

/// 20 from "v20.20.2".
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_major_number() {
        assert!(major("v18.19.0") < Some(OLDEST_NODE));
        assert!(major("v20.20.2") >= Some(OLDEST_NODE));
        assert!(major("v100.0.0") >= Some(OLDEST_NODE));
        assert!(major("unreadable") < Some(OLDEST_NODE));
    }
}
