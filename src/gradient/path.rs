//! Which arithmetic makes a run? The path of its gradient, which follows from its settings, and that path's version.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::others;

use crate::variant::{Loss, Variant};

/// A way to compute the gradient, with an order of sums of its own. Stored runs have its name; packs and checkpoints have its
/// place in this list, so a new one goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Path {
    /// Every pair of example and feature.
    Blocked,
    /// A tree of examples, which leaves out what it can.
    Pruned,
    /// Every pair, of any model that is not the paper's.
    General,
    /// Every pair at first, and once few are active, lists of those that may be.
    Listed,
}

/// Is there a tree for it? With cross-entropy all outputs meet, so that none can be left out.
fn has_tree(variant: Variant, m: usize) -> bool {
    match variant == Variant::PAPERS {
        true => m <= 3,
        false => m == others::M && variant.loss != Loss::CrossEntropy,
    }
}

/// With fewer examples there is nothing to leave out.
const LEAST_EXAMPLES: usize = 16;

/// The most hidden dimensions that lists are for: more would need more code in the page, for runs that nobody makes.
const MOST_LISTED: usize = 32;

impl Path {
    /// All of them.
    pub const ALL: [Path; 4] = [Path::Blocked, Path::Pruned, Path::General, Path::Listed];

    /// The path of that name.
    pub fn named(name: &str) -> Option<Path> {
        Path::ALL.into_iter().find(|path| path.name() == name)
    }

    /// The path of a model with m hidden dimensions and this many examples a step, which are `fresh` at every step or always the
    /// same. Lists can't last where they are fresh.
    pub fn of(variant: Variant, m: usize, examples: usize, fresh: bool) -> Self {
        let papers = variant == Variant::PAPERS;
        match m {
            _ if examples >= LEAST_EXAMPLES && has_tree(variant, m) => Path::Pruned,
            _ if !papers => Path::General,
            4..=MOST_LISTED if examples >= LEAST_EXAMPLES && !fresh => Path::Listed,
            _ => Path::Blocked,
        }
    }

    /// Can it compute the gradient of a model with m hidden dimensions?
    pub fn suits(self, variant: Variant, m: usize, fresh: bool) -> bool {
        match self {
            Path::General => variant != Variant::PAPERS,
            Path::Blocked => variant == Variant::PAPERS,
            Path::Pruned => has_tree(variant, m),
            Path::Listed => variant == Variant::PAPERS && (4..=MOST_LISTED).contains(&m) && !fresh,
        }
    }

    /// The path of a stored run that does not name its own: what [`of`](Self::of) was when there was one version for all
    /// paths, and no need to name any. It never changes.
    pub fn of_unnamed(variant: Variant, n: usize, m: usize, examples: usize) -> Self {
        match m {
            _ if variant != Variant::PAPERS => Path::General,
            _ if examples < 16 => Path::Blocked,
            1..=3 => Path::Pruned,
            4 if n >= 4000 => Path::Pruned,
            _ => Path::Blocked,
        }
    }

    /// Names the order of every sum of its runs. A change of any bit of a path's runs raises that path's version, and only
    /// the runs of that path have to be made again; a change of what all paths share, such as the optimiser, raises all.
    pub fn version(self) -> u32 {
        match self {
            Path::Blocked => 1,
            Path::Pruned => 1,
            Path::General => 1,
            Path::Listed => 1,
        }
    }

    /// Its name, as in stored runs.
    pub fn name(self) -> &'static str {
        match self {
            Path::Blocked => "blocked",
            Path::Pruned => "pruned",
            Path::General => "general",
            Path::Listed => "listed",
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.name().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_by_its_name() {
        for path in Path::ALL {
            let written = serde_json::to_string(&path).unwrap();
            assert_eq!(written, format!("\"{path}\""));
        }
    }

    #[test]
    fn other_models_have_a_tree_in_the_plane_unless_their_outputs_meet() {
        let untied = Variant {
            untied: true,
            ..Variant::PAPERS
        };
        let crossed = Variant {
            loss: Loss::CrossEntropy,
            ..untied
        };
        for fresh in [false, true] {
            let of = |variant, m, examples| Path::of(variant, m, examples, fresh);
            assert_eq!(of(untied, 2, 16), Path::Pruned);
            let others = [of(untied, 2, 15), of(untied, 3, 16), of(crossed, 2, 16)];
            assert_eq!(others, [Path::General; 3]);
        }
        assert!(!Path::Pruned.suits(crossed, 2, false) && Path::General.suits(untied, 2, false));
    }

    #[test]
    fn the_rule_of_unnamed_paths_is_that_of_the_first_version() {
        let of = |n, m, examples| Path::of_unnamed(Variant::PAPERS, n, m, examples);
        for m in 1..=3 {
            assert_eq!(
                [of(10, m, 15), of(10, m, 16)],
                [Path::Blocked, Path::Pruned]
            );
        }
        assert_eq!(
            [of(3999, 4, 99), of(4000, 4, 99)],
            [Path::Blocked, Path::Pruned]
        );
        assert_eq!([of(9999, 5, 99), of(9999, 32, 99)], [Path::Blocked; 2]);
        let untied = Variant {
            untied: true,
            ..Variant::PAPERS
        };
        assert_eq!(Path::of_unnamed(untied, 9999, 2, 99), Path::General);
    }
}
