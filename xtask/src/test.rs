//! Runs every check there is, quick ones first, and stops at the first that fails.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::command::shown;
use crate::toolchain::{MODULES, Toolchain, WASM};
use crate::{engines, node, site};

const BROWSER_TESTS: &str = "tests/browser";
/// What names of tests have that hold the page to times.
const TIMED: &str = "@timed";
const NODE_TESTS: &str = "tests/node";
/// Patterns of Prettier's, whose `--write` puts them in order.
const FORMATTED: [&str; 6] = [
    "www/**/*.js",
    "!www/pkg/**",
    "tests/browser/*.js",
    "tests/node/*.js",
    "tests/engines/*.js",
    "benches/peers/*.js",
];
const ENGINE_TESTS: &str = "tests/engines";

#[derive(Clone, Copy, PartialEq)]
pub enum Part {
    All,
    Rust,
    Browser,
    Engines,
}

pub fn run(part: Part) -> Result<()> {
    if part != Part::Rust {
        // Said now rather than after minutes of compiling.
        node::check()?;
    }
    let start = Instant::now();
    let mut total = Counts::default();
    if matches!(part, Part::All | Part::Rust) {
        rust(&mut total)?;
    }
    if part != Part::Rust {
        step("page", "cargo xtask build", site::build)?;
    }
    if matches!(part, Part::All | Part::Browser) {
        browser(&mut total)?;
    }
    if matches!(part, Part::All | Part::Engines) {
        other_engines(&mut total)?;
    }
    println!(
        "\nEvery check passed, in {:.1} min",
        start.elapsed().as_secs_f64() / 60.0
    );
    println!("{total}");
    Ok(())
}

fn rust(total: &mut Counts) -> Result<()> {
    check("format", &mut cargo("fmt --all --check"))?;
    let clippy = "clippy --workspace --all-targets --all-features -- -D warnings";
    check("lints", &mut cargo(clippy))?;
    let toolchain = step("compiler for wasm", "cargo xtask build", || {
        Toolchain::for_target(WASM)
    })?;
    for module in &MODULES {
        let name = format!("lints for wasm, {}", module.name);
        let mut clippy = toolchain.cargo_for("clippy", module);
        check(&name, clippy.args(["--", "-D", "warnings"]))?;
    }
    let documentation = "doc --workspace --all-features --no-deps";
    check(
        "documentation",
        cargo(documentation).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    *total += counted(
        "tests of xtask",
        &mut cargo("test --package xtask"),
        cargo_counts,
    )?;
    // Optimised, as they train.
    *total += counted(
        "tests of the library",
        &mut cargo("test --release --features cli"),
        cargo_counts,
    )?;
    Ok(())
}

fn browser(total: &mut Counts) -> Result<()> {
    let again = "cargo xtask test browser";
    step("packages for the browser tests", again, || {
        node::install_packages(BROWSER_TESTS)
    })?;
    check(
        "types of the page's JavaScript",
        &mut node::npx(BROWSER_TESTS, &["tsc", "-p", "tsconfig.json"]),
    )?;
    let mut eslint = Command::new(format!("{BROWSER_TESTS}/node_modules/.bin/eslint"));
    eslint.args(["-c", "tests/browser/eslint.config.mjs"]);
    check(
        "lints of the JavaScript",
        eslint.args([
            "www",
            "tests/browser",
            "tests/engines",
            "tests/node",
            "benches/peers",
        ]),
    )?;
    let mut prettier = Command::new(format!("{BROWSER_TESTS}/node_modules/.bin/prettier"));
    prettier.args(["--no-config", "--print-width", "160", "--check"]);
    check("format of the JavaScript", prettier.args(FORMATTED))?;
    *total += counted(
        "tests of what needs no browser",
        &mut without_browser()?,
        node_counts,
    )?;
    let browser = step("browser", again, || node::browser(BROWSER_TESTS))?;
    // What is measured in time is no test: a busy machine would fail it.
    let mut playwright = playwright(browser, &["--grep-invert", TIMED]);
    *total += counted("tests in the browser", &mut playwright, playwright_counts)?;
    Ok(())
}

/// How quickly does the page answer? On a machine that has nothing else to do.
pub fn timed() -> Result<()> {
    node::check()?;
    site::build()?;
    node::install_packages(BROWSER_TESTS)?;
    let browser = node::browser(BROWSER_TESTS)?;
    crate::command::run(&mut playwright(
        browser,
        &["--grep", TIMED, "--workers", "1"],
    ))
}

fn playwright(browser: Option<PathBuf>, options: &[&str]) -> Command {
    let mut playwright = node::npx(BROWSER_TESTS, &["playwright", "test"]);
    playwright.args(options);
    if let Some(path) = browser {
        playwright.env("CHROMIUM", path);
    }
    playwright
}

/// Node's own runner, on the page's modules as they are.
fn without_browser() -> Result<Command> {
    let mut files = Vec::new();
    site::collect(Path::new(NODE_TESTS), &mut files)?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.js"));
    files.sort();
    let mut node = Command::new("node");
    // The page's files need no package.json to be modules, and Node is told so.
    node.args([
        "--experimental-detect-module",
        "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    ]);
    node.args(["--test", "--test-reporter=spec"]).args(files);
    Ok(node)
}

/// What the page promises in Firefox and WebKit, as far as they are here or can be installed.
fn other_engines(total: &mut Counts) -> Result<()> {
    let again = "cargo xtask test engines";
    let missing = step("other engines", again, || Ok(engines::install()))?;
    for engine in &missing {
        println!("=== skipped: the page in {engine}");
    }
    if missing.len() == engines::ALL.len() {
        return Ok(());
    }
    step("packages for other engines", again, || {
        node::install_packages(ENGINE_TESTS)
    })?;
    let mut tests = Command::new("node");
    tests.args(["--test", "--test-reporter=spec"]);
    tests.current_dir(ENGINE_TESTS);
    *total += counted("tests in other engines", &mut tests, node_counts)?;
    Ok(())
}

fn cargo(arguments: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments.split(' '));
    command
}

/// One check, with its name before and its time after it; `again` is the command that runs it alone.
fn step<T>(name: &str, again: &str, check: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n=== {name}");
    let start = Instant::now();
    let result = check()
        .map_err(|error| anyhow!("{name}: {error:#}\n\nTo run this check alone:\n  {again}"))?;
    println!(
        "=== {name}: passed in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    Ok(result)
}

fn check(name: &str, command: &mut Command) -> Result<()> {
    let again = shown(command);
    step(name, &again, || crate::command::run(command))
}

/// A check by a test runner that says how many tests passed; `count` reads that off a line.
fn counted(name: &str, command: &mut Command, count: fn(&str) -> Counts) -> Result<Counts> {
    let again = shown(command);
    step(name, &again, || {
        println!("$ {again}");
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut counts = Counts::default();
        for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
            let line = line?;
            println!("{line}");
            counts += count(&line);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{again}` failed ({status})");
        }
        if counts.passed == 0 {
            bail!("`{again}` ran no test");
        }
        Ok(counts)
    })
}

#[derive(Debug, Default, PartialEq)]
struct Counts {
    passed: u32,
    skipped: u32,
    /// Of a browser's tests, those that failed once and then passed.
    at_second_try: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.skipped += other.skipped;
        self.at_second_try += other.at_second_try;
    }
}

/// Said only after every runner has ended well, so nothing failed.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} passed, 0 failed", self.passed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        if self.at_second_try > 0 {
            write!(f, ", {} passed at a second try only", self.at_second_try)?;
        }
        Ok(())
    }
}

/// `test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s`
fn cargo_counts(line: &str) -> Counts {
    let Some(results) = line.strip_prefix("test result: ok. ") else {
        return Counts::default();
    };
    let number = |word| {
        results
            .split("; ")
            .find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
    };
    Counts {
        passed: number("passed").unwrap_or(0),
        skipped: number("ignored").unwrap_or(0),
        ..Counts::default()
    }
}

/// `  12 passed (3.4s)`, `  1 skipped` and `  1 flaky`, each on a line of its own.
fn playwright_counts(line: &str) -> Counts {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = words.first().and_then(|word| word.parse().ok());
    match (number, words.get(1..)) {
        (Some(passed), Some(["passed", time])) if time.starts_with('(') => Counts {
            passed,
            ..Counts::default()
        },
        (Some(skipped), Some(["skipped"])) => Counts {
            skipped,
            ..Counts::default()
        },
        (Some(at_second_try), Some(["flaky"])) => Counts {
            passed: at_second_try,
            at_second_try,
            ..Counts::default()
        },
        _ => Counts::default(),
    }
}

/// `ℹ pass 12` and `ℹ skipped 1`, each on a line of its own.
fn node_counts(line: &str) -> Counts {
    let number = |word| {
        let rest = line.strip_prefix("ℹ ")?.strip_prefix(word)?;
        rest.trim().parse().ok()
    };
    Counts {
        passed: number("pass ").unwrap_or(0),
        skipped: number("skipped ").unwrap_or(0),
        ..Counts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_as_the_runners_count_them() {
        let line = "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.10s";
        assert_eq!(
            cargo_counts(line),
            Counts {
                passed: 7,
                skipped: 1,
                at_second_try: 0
            }
        );
        assert_eq!(cargo_counts("test 7 passed ... ok"), Counts::default());
        assert_eq!(
            playwright_counts("  12 passed (3.4s)"),
            Counts {
                passed: 12,
                skipped: 0,
                at_second_try: 0
            }
        );
        assert_eq!(
            playwright_counts("  3 skipped"),
            Counts {
                passed: 0,
                skipped: 3,
                at_second_try: 0
            }
        );
        assert_eq!(
            playwright_counts("  1 flaky"),
            Counts {
                passed: 1,
                skipped: 0,
                at_second_try: 1
            }
        );
        assert_eq!(playwright_counts("12 passed the limit"), Counts::default());
        let twelve = Counts {
            passed: 12,
            ..Counts::default()
        };
        assert_eq!(node_counts("ℹ pass 12"), twelve);
        assert_eq!(node_counts("ℹ tests 12"), Counts::default());
    }
}
