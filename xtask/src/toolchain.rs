//! Which compiler can build for wasm, or another processor, here, and what has to be installed so that there is one?
//!
//! In this order: the toolchain in use, if it has the standard library for the target; the same after
//! `rustup target add`; Debian's `rustc-web`, which has no such library either but comes with its source.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::command;

pub const WASM: &str = "wasm32-unknown-unknown";

/// One of the wasm modules that the page ships, with profiles of their own: cargo keeps one library for each.
#[derive(Clone, Copy)]
pub struct Module {
    /// Its files in `www/pkg/`.
    pub name: &'static str,
    profile: &'static str,
    features: &'static [&'static str],
    /// The global of its glue, or none if the glue is a module of JavaScript: workers can be started everywhere from classic
    /// scripts only.
    pub global: Option<&'static str>,
}

impl Module {
    /// The same for who works on the page: built in seconds, and larger. One profile does for all: a library is bound before the next is built.
    pub fn quick(self) -> Self {
        Self {
            profile: "web-quick",
            ..self
        }
    }
}

/// The page's first view, and what loads when the reader comes near: figures of stored runs, and the section on digits.
pub const MODULES: [Module; 3] = [
    Module {
        name: "superposition",
        profile: "web",
        features: &[],
        global: Some("wasm_bindgen"),
    },
    Module {
        name: "sweeps",
        profile: "web-sweeps",
        features: &["--features", "sweeps"],
        global: None,
    },
    Module {
        name: "digits",
        profile: "web-digits",
        features: &["--features", "digits"],
        global: Some("digits_bindgen"),
    },
];

/// Debian's compiler, the linker of the same LLVM, and the files that show that they are there.
const DEBIAN_PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "lld-22",
];
const DEBIAN_FILES: [&str; 5] = [
    "/usr/bin/rustc",
    "/usr/bin/cargo",
    "/usr/lib/rustlib/src/rust/library/Cargo.lock",
    "/usr/bin/cargo-clippy",
    "/usr/bin/wasm-ld-22",
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Toolchain {
    /// `cargo` and `rustc` as found in PATH.
    InUse,
    /// Debian's, which builds the standard library from source.
    Debian,
}

impl Toolchain {
    /// Finds a toolchain that can build for a target, and installs what is missing.
    pub fn for_target(target: &str) -> Result<Self> {
        if has_standard_library(target) {
            return Ok(Self::InUse);
        }
        if debian_is_ready() {
            return Ok(Self::Debian);
        }
        println!("The Rust toolchain here has no standard library for {target}.");
        let Err(no_rustup) = add_with_rustup(target) else {
            return Ok(Self::InUse);
        };
        println!("rustup can't add it: {no_rustup:#}.");
        println!(
            "Installing Debian's compiler, its standard library's source and a linker instead (150 MB to fetch)."
        );
        let installed = command::apt_install(&DEBIAN_PACKAGES).and_then(|()| {
            if debian_is_ready() {
                Ok(())
            } else {
                bail!("apt has no {} that is new enough", DEBIAN_PACKAGES[0])
            }
        });
        installed.with_context(|| {
            format!("no compiler for {target}: `rustup target add {target}`, with a network, would mend it")
        })?;
        Ok(Self::Debian)
    }

    /// A cargo command for one of the wasm modules, `build` or `clippy`.
    pub fn cargo_for(self, subcommand: &str, module: &Module) -> Command {
        let mut cargo = self.cargo(subcommand, WASM);
        cargo.args(["--lib", "--profile", module.profile]);
        cargo.args(module.features);
        if self == Self::Debian {
            cargo.env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
                "/usr/bin/wasm-ld-22",
            );
        }
        cargo
    }

    /// A cargo command for a target.
    pub fn cargo(self, subcommand: &str, target: &str) -> Command {
        let mut cargo = match (self, subcommand) {
            (Self::InUse, _) => Command::new("cargo"),
            // By its path, because cargo would prefer the one that rustup puts into ~/.cargo/bin.
            (Self::Debian, "clippy") => Command::new("/usr/bin/cargo-clippy"),
            (Self::Debian, _) => Command::new("/usr/bin/cargo"),
        };
        cargo.args([subcommand, "--target", target]);
        if self == Self::Debian {
            // A target directory of its own: two compilers in one would rebuild everything at each change.
            cargo
                .args(["-Z", "build-std=std,panic_abort", "--target-dir"])
                .arg(self.target_dir());
            cargo
                .env("CARGO", "/usr/bin/cargo")
                .env("RUSTC", "/usr/bin/rustc")
                .env("RUSTC_BOOTSTRAP", "1");
            // The libraries of the toolchain in use are not for this compiler.
            cargo.env_remove("LD_LIBRARY_PATH");
        }
        cargo
    }

    /// Where `cargo build` leaves the library.
    pub fn library(self, module: &Module) -> PathBuf {
        self.target_dir()
            .join(WASM)
            .join(module.profile)
            .join("superposition.wasm")
    }

    /// Where `cargo build` leaves everything.
    pub fn target_dir(self) -> PathBuf {
        let target = env::var_os("CARGO_TARGET_DIR").map_or(PathBuf::from("target"), PathBuf::from);
        match self {
            Self::InUse => target,
            Self::Debian => target.join("debian"),
        }
    }
}

fn has_standard_library(target: &str) -> bool {
    let folder = command::output("rustc", &["--print", "target-libdir", "--target", target]);
    folder.is_some_and(|folder| Path::new(&folder).is_dir())
}

fn debian_is_ready() -> bool {
    DEBIAN_FILES.iter().all(|file| Path::new(file).exists())
        && command::output("/usr/bin/rustc", &["--version"]).is_some_and(|version| {
            minor(&version) >= minor(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION")))
        })
}

/// 96 from "rustc 1.96.0 (ac68faa20 2026-05-25)".
fn minor(version: &str) -> Option<u32> {
    version
        .strip_prefix("rustc 1.")?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn add_with_rustup(target: &str) -> Result<()> {
    if command::find("rustup").is_none() {
        bail!("there is no rustup on this machine");
    }
    // Without a network rustup waits for minutes; so ask its server first, where curl is there to ask.
    let server =
        env::var("RUSTUP_DIST_SERVER").unwrap_or("https://static.rust-lang.org".to_owned());
    let probe = format!("{server}/dist/channel-rust-stable.toml.sha256");
    if command::find("curl").is_some()
        && command::output("curl", &["-sfI", "--max-time", "8", &probe]).is_none()
    {
        bail!("{server} does not answer");
    }
    let mut rustup = Command::new("rustup");
    command::run_within(
        Duration::from_secs(180),
        rustup.args(["target", "add", target]),
    )?;
    if !has_standard_library(target) {
        bail!("rustup added it to another toolchain than the one in use");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_minor_number() {
        assert_eq!(
            minor("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some(96)
        );
        assert!(minor("rustc 1.85.0") < minor("rustc 1.100"));
        assert_eq!(minor("gcc 12.2.0"), None);
    }
}
