//! Can this program repeat a run? If it has the path that made the run, in the same version.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Config;
use crate::gradient::Path;

/// The arithmetic of a run: with its configuration it determines every bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Numerics {
    /// The path of its gradient.
    pub path: Path,
    /// The version of that path.
    pub version: u32,
}

impl Numerics {
    /// What this program makes the run of these settings with.
    pub fn of(config: &Config) -> Self {
        let fresh = config.t.finite().is_none();
        let examples = config.examples_a_step();
        Numerics::now(Path::of(config.variant(), config.m, examples, fresh))
    }

    /// What a stored run of these settings was made with, which names its path unless it is older than that.
    pub fn stored(path: Option<Path>, version: u32, config: &Config) -> Self {
        let Config { n, m, .. } = *config;
        let unnamed = || Path::of_unnamed(config.variant(), n, m, config.examples_a_step());
        let path = path.unwrap_or_else(unnamed);
        Numerics { path, version }
    }

    /// Everything that this program can make runs with, in a few words.
    pub fn list() -> String {
        let all = Path::ALL.map(|path| format!("{path} {}", path.version()));
        all.join(", ")
    }

    /// Can this program make the run of these settings in the same way? It can if it has the path in that version, even if it
    /// would now choose a faster one.
    pub fn can_make(&self, config: &Config) -> bool {
        let fresh = config.t.finite().is_none();
        self.version == self.path.version() && self.path.suits(config.variant(), config.m, fresh)
    }

    /// What this program makes runs of `path` with.
    pub fn now(path: Path) -> Self {
        let version = path.version();
        Numerics { path, version }
    }
}

/// In a sentence.
impl fmt::Display for Numerics {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Numerics { path, version } = self;
        write!(f, "version {version} of the {path} gradient")
    }
}
