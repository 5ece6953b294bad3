//! A Python with packages of its own, for what only Python has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;

/// The oldest that the pinned packages support.
const OLDEST: &str = "3.11";

/// A Python that has the packages of a list, in `folder`/venv; the programs that come with them lie beside it.
pub fn with(requirements: &Path, folder: &Path) -> Result<PathBuf> {
    let wanted = fs::read(requirements)?;
    let folder = folder.join("venv");
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    // Copied when all is installed, so that half an installation is never taken for a whole one.
    let installed = folder.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let system = ["python3", "python"].into_iter().find(|program| {
        let version = "import sys; print(sys.version_info >= (3, 11))";
        command::output(program, &["-c", version]).as_deref() == Some("True")
    });
    let Some(system) = system else {
        bail!("Python {OLDEST} or newer is missing");
    };
    command::run(
        Command::new(system)
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )
    .context("Python's venv is missing (Debian and Ubuntu: `sudo apt-get install python3-venv`)")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--requirement"]);
    command::run(pip.arg(requirements))?;
    fs::write(installed, wanted)?;
    Ok(python)
}
