//! Do other processors make the bits on record? The list of `lab bits` on x86-64 without AVX, and on 64-bit Arm in an emulator.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::toolchain::Toolchain;

const X86_64: &str = "x86_64-unknown-linux-gnu";
const ARM: &str = "aarch64-unknown-linux-gnu";

/// Arm's linker, C library and emulator, and the files that show that they are there.
const ARM_PACKAGES: [&str; 3] = [
    "gcc-aarch64-linux-gnu",
    "libc6-dev-arm64-cross",
    "qemu-user",
];
const ARM_FILES: [&str; 3] = [
    "/usr/bin/aarch64-linux-gnu-gcc",
    "/usr/aarch64-linux-gnu/lib/libc.so",
    "/usr/bin/qemu-aarch64",
];

pub fn run() -> Result<()> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        println!(
            "Only x86-64 with Linux can be other processors; `cargo lab bits` tries this one."
        );
        return Ok(());
    }
    without_avx()?;
    on_arm()
}

/// SSE2, which every x86-64 has; this machine's own vectors are those of `cargo test`.
fn without_avx() -> Result<()> {
    let lab = lab(Toolchain::InUse, X86_64, "x86-64")?;
    command::run(Command::new(lab).arg("bits"))
}

fn on_arm() -> Result<()> {
    if !ARM_FILES.iter().all(|file| Path::new(file).exists()) {
        println!("Installing a linker, a C library and an emulator of 64-bit Arm.");
        command::apt_install(&ARM_PACKAGES)?;
    }
    let lab = lab(Toolchain::for_target(ARM)?, ARM, "generic")?;
    let mut emulator = Command::new(ARM_FILES[2]);
    emulator.args(["-L", "/usr/aarch64-linux-gnu"]).arg(lab);
    command::run(emulator.arg("bits"))
}

/// Builds `lab` for a kind of processor.
fn lab(toolchain: Toolchain, target: &str, processor: &str) -> Result<PathBuf> {
    let mut cargo = toolchain.cargo("build", target);
    cargo.args(["--release", "--features", "cli", "--bin", "lab"]);
    // Instead of the flags for this machine's processor.
    cargo.env("RUSTFLAGS", format!("-C target-cpu={processor}"));
    cargo.env(
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
        ARM_FILES[0],
    );
    command::run(&mut cargo)?;
    Ok(toolchain.target_dir().join(target).join("release/lab"))
}
