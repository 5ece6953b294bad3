//! Build, serve and test: the commands of the README. `cargo xtask` alone lists them.

mod bits;
mod bundle;
#[cfg(unix)]
mod cluster;
mod command;
mod engines;
mod modules;
mod node;
mod peers;
mod pictures;
mod python;
mod serve;
mod site;
mod test;
mod toolchain;
mod watch;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask build                        build the page into dist/
cargo xtask serve [--port N]             serve the page from the tree, rebuild what changes and reload it; port 8000 unless told
                  [--built | --no-build]   serve dist/ instead, built now or as it is
cargo xtask test [rust|browser|engines]  run every check there is, or one part of them
cargo xtask timed                        hold the page to its times, on a machine with nothing else to do
cargo xtask bits                         make the runs on record on x86-64 without AVX and on 64-bit Arm, and compare
cargo xtask cluster                      check sweeps/ and workflows by their schemas; sweep on a Slurm of two nodes on
                                         this machine, and compare
cargo xtask peers [--quick] [--no-late] [--no-build] [--only NAMES] [--save]
                                         time a step here and in PyTorch, JAX, TensorFlow.js and jax-js; minutes

Each installs what it misses and says so.";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    // Every path in xtask is relative to the root of the repository.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    env::set_current_dir(root)?;

    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["build"] => site::build(),
        ["serve", options @ ..] => serve::run(options),
        ["bits"] => bits::run(),
        #[cfg(unix)]
        ["cluster"] => cluster::run_here(),
        ["peers", options @ ..] => peers::run(options),
        ["timed"] => test::timed(),
        ["test"] => test::run(test::Part::All),
        ["test", "rust"] => test::run(test::Part::Rust),
        ["test", "browser"] => test::run(test::Part::Browser),
        ["test", "engines"] => test::run(test::Part::Engines),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!(
            "there is no `cargo xtask {}`; there are:\n\n{USAGE}",
            other.join(" ")
        ),
    }
}
