//! Running `lab`, each time in a directory of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A fresh directory for one test.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lab-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// `lab` in this directory, with arguments separated by spaces.
    pub fn lab(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command
            .current_dir(&self.0)
            .args(arguments.split_whitespace());
        command
    }

    /// `lab train` in this directory, with flags separated by spaces.
    pub fn command(&self, flags: &str) -> Command {
        self.lab(&format!("train {flags}"))
    }

    pub fn train(&self, flags: &str) -> Output {
        self.command(flags).output().unwrap()
    }

    /// Trains a small model and returns its JSON.
    pub fn json(&self, flags: &str) -> String {
        let output = self.train(&format!("{SMALL} {flags} --json -"));
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A run of an instant.
pub const SMALL: &str = "--n 100 --sparsity 0.97 --steps 400 --test-examples 50";

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The standard error of a refusal, which has exit code 2.
pub fn refusal(output: &Output) -> String {
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    message
}
