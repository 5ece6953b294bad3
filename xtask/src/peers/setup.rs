//! What do the peers need, and on which machine do they run?

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result};

use super::{KEPT, PEERS};
use crate::{command, node, python, site};

/// Playwright is installed for the tests of the page.
const PLAYWRIGHT: &str = "tests/browser";

/// Where the programs are.
pub struct Tools {
    /// The folder of native programs.
    pub native: PathBuf,
    /// Python with the peers' packages.
    pub python: PathBuf,
    /// None: Playwright's own.
    pub browser: Option<PathBuf>,
}

/// Installs what is missing, and builds, unless what was built before is to be used.
pub fn prepare(python: bool, browser: bool, build: bool) -> Result<Tools> {
    if browser {
        node::check()?;
    }
    fs::create_dir_all(KEPT)?;
    let python = match python {
        true => python::with(
            Path::new(&format!("{PEERS}/requirements.txt")),
            Path::new(KEPT),
        )
        .context("the peers in Python can be left out with --only")?,
        false => PathBuf::new(),
    };
    let browser = if browser {
        node::install_packages(PEERS)?;
        node::install_packages(PLAYWRIGHT)?;
        let browser = node::browser(PLAYWRIGHT)?;
        if build {
            site::build()?;
        }
        browser
    } else {
        None
    };
    if build {
        let programs = "build --release --features cli --bin lab --example peers-ours";
        command::run(Command::new("cargo").args(programs.split(' ')))?;
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or(PathBuf::from("target"), PathBuf::from);
    Ok(Tools {
        native: target.join("release"),
        python,
        browser,
    })
}

/// How busy the machine has been in the last minute, if that is known.
pub fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next().map(str::to_owned)
}

/// A load average above it means that others were at work; less is left of the build a minute ago.
const BUSY: f64 = 1.0;

/// What is said where the machine was busy before anything was measured.
const CAUTION: &str = " **The machine was doing other work.** All times are longer than on an idle one, those of programs that \
    wait for several threads the most, so the ratios favour ours; an idle machine has to confirm them.";

/// What ran where and when, in one paragraph; `before` is the load at the start.
pub fn machine(before: &Option<String>) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let date = command::output("date", &["-u", "+%Y-%m-%d"]).unwrap_or_default();
    let rustc = command::output("rustc", &["--version"]).unwrap_or_default();
    let rustc = rustc.split(' ').nth(1).unwrap_or("unknown").to_owned();
    let load = match (before, load()) {
        (Some(before), Some(after)) => {
            format!(" Load average {before} at the start, {after} at the end.")
        }
        _ => String::new(),
    };
    let busy = |load: &String| load.parse::<f64>().is_ok_and(|load| load > BUSY);
    let caution = match before {
        Some(load) if busy(load) => CAUTION,
        _ => "",
    };
    format!(
        "{}, {cores} cores, {date}. Rust {rustc}.{load}{caution}",
        processor()
    )
}

fn processor() -> String {
    let linux = || {
        let text = fs::read_to_string("/proc/cpuinfo").ok()?;
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    linux()
        .or_else(|| command::output("sysctl", &["-n", "machdep.cpu.brand_string"]))
        .unwrap_or_else(|| env::consts::ARCH.to_owned())
}
