//! The daily loop: the page from the tree, made anew while somebody works on it. What the page loads as it is (HTML, JavaScript,
//! style sheets, data) needs no building; a line of Rust rebuilds the wasm module that it belongs to first, then the others.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;

use crate::site;
use crate::toolchain::{MODULES, Module, Toolchain, WASM};

/// Bindings of modules that are built quickly. The page's own stay as `cargo xtask build` made them.
pub const BINDINGS: &str = "target/watch/pkg";
/// How often the tree is looked at.
const PAUSE: Duration = Duration::from_millis(150);
/// Trees and files that the page, or its Rust, is made from.
const SOURCES: [&str; 4] = ["index.html", "www", "src", "Cargo.toml"];

/// How often the page has changed; pages that are open wait for more.
#[derive(Default)]
pub struct Changes {
    count: Mutex<u64>,
    more: Condvar,
}

impl Changes {
    pub fn count(&self) -> u64 {
        *self.count.lock().expect("no panic while counting")
    }

    fn tell(&self) {
        *self.count.lock().expect("no panic while counting") += 1;
        self.more.notify_all();
    }

    /// Waits for more changes than are known, or for some time; says how many there are then.
    pub fn wait(&self, known: u64, time: Duration) -> u64 {
        let count = self.count.lock().expect("no panic while counting");
        let waited = self
            .more
            .wait_timeout_while(count, time, |count| *count == known);
        *waited.expect("no panic while counting").0
    }
}

/// Builds what the page needs, and from then on whatever changes.
pub fn begin() -> Result<Arc<Changes>> {
    let toolchain = Toolchain::for_target(WASM)?;
    for module in &MODULES {
        build(toolchain, module)?;
    }
    let changes = Arc::new(Changes::default());
    let told = changes.clone();
    thread::spawn(move || {
        let mut known = times();
        loop {
            thread::sleep(PAUSE);
            let now = times();
            let changed: Vec<&PathBuf> = now
                .iter()
                .filter(|(path, time)| known.get(*path) != Some(time))
                .map(|(path, _)| path)
                .collect();
            if changed.is_empty() && now.len() == known.len() {
                continue;
            }
            follow(toolchain, &changed, &told);
            known = now;
        }
    });
    Ok(changes)
}

/// When each of the sources was changed last.
fn times() -> BTreeMap<PathBuf, SystemTime> {
    let mut files = Vec::new();
    for source in SOURCES.map(Path::new) {
        match source.is_dir() {
            // What is read while it is written or removed is read once more soon.
            true => drop(site::collect(source, &mut files)),
            false => files.push(source.to_owned()),
        }
    }
    let time = |path: PathBuf| {
        let time = fs::metadata(&path).and_then(|file| file.modified()).ok()?;
        Some((path, time))
    };
    files
        .into_iter()
        .filter(|path| !path.starts_with("www/pkg"))
        .filter_map(time)
        .collect()
}

fn follow(toolchain: Toolchain, changed: &[&PathBuf], changes: &Changes) {
    let start = Instant::now();
    let rust: Vec<&&PathBuf> = changed
        .iter()
        .filter(|path| !path.starts_with("www") && !path.ends_with("index.html"))
        .collect();
    if rust.len() < changed.len() || changed.is_empty() {
        println!("{}: reload", names(changed));
        changes.tell();
    }
    if rust.is_empty() {
        return;
    }
    let first = owner(rust[0]);
    let mut modules: Vec<&Module> = MODULES.iter().collect();
    modules.sort_by_key(|module| module.name != first);
    for module in modules {
        match build(toolchain, module) {
            Ok(false) => {}
            Ok(true) => {
                println!(
                    "{}: {:.1} s, reload",
                    module.name,
                    start.elapsed().as_secs_f64()
                );
                changes.tell();
            }
            // The page stays as it was, and the compiler has said why.
            Err(error) => return println!("{error:#}"),
        }
    }
}

/// The module in whose part of the page a change of that file shows first.
fn owner(path: &Path) -> &'static str {
    let path = path.to_string_lossy();
    match () {
        () if path.contains("mnist") || path.contains("digits") => "digits",
        () if path.contains("sweep") => "sweeps",
        () => "superposition",
    }
}

fn names(files: &[&PathBuf]) -> String {
    let names: Vec<_> = files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(", ")
}

/// Builds a module without what makes it small, and says whether that changed it.
fn build(toolchain: Toolchain, module: &Module) -> Result<bool> {
    let wasm = PathBuf::from(format!("{BINDINGS}/{}_bg.wasm", module.name));
    let before = fs::read(&wasm).ok();
    let module = module.quick();
    crate::command::run(&mut toolchain.cargo_for("build", &module))?;
    site::bind(&module, &toolchain.library(&module), BINDINGS)?;
    Ok(fs::read(&wasm).ok() != before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_waits_hears_of_a_change_at_once_and_of_none_after_a_while() {
        let changes = Arc::new(Changes::default());
        assert_eq!(changes.wait(0, Duration::from_millis(20)), 0);
        let told = changes.clone();
        thread::spawn(move || told.tell());
        assert_eq!(changes.wait(0, Duration::from_secs(20)), 1);
        assert_eq!(changes.count(), 1);
    }

    #[test]
    fn a_change_is_seen_first_in_the_module_that_it_belongs_to() {
        for (path, module) in [
            ("src/mnist/trainer.rs", "digits"),
            ("src/web/digits.rs", "digits"),
            ("src/sweep/pack/mod.rs", "sweeps"),
            ("src/gradient/listed.rs", "superposition"),
        ] {
            assert_eq!(owner(Path::new(path)), module, "{path}");
        }
    }
}
