//! How does the loss change with W and b? One slow oracle, one dense path, and two that leave out pairs that can't matter: a
//! tree of examples at small m, and lists of pairs above.
//!
//! Every implementation returns the gradient of ½ Σₜ Σᵢ (x'ₜᵢ − xₜᵢ)², summed over examples *and* features; the
//! optimiser multiplies it by [`Reduction::scale`](crate::optim::Reduction::scale). With r = x' − x where z > 0,
//! else 0:
//!
//! * db = Σₜ rₜ
//! * dhₜ = W rₜ
//! * dW = Σₜ hₜ rₜᵀ + Σₜ dhₜ xₜᵀ   (W is used twice, up and down)
//!
//! This holds for the paper's model. Of the others, those that the tree can serve are in [`others`], and all have [`general`].
pub mod blocked;
pub mod general;
pub mod listed;
mod lists;
pub mod naive;
pub mod order;
pub mod others;
mod path;
pub mod pruned;
mod slopes;
mod sparse;
mod tile;

pub use path::Path;

use blocked::Blocked;
use general::General;
use lists::Lists;
use order::Order;
use others::Others;
use pruned::Pruned;

use crate::data::Examples;
use crate::model::Params;
use crate::variant::Variant;

/// The path that suits a run.
#[derive(Debug)]
pub enum Gradient {
    /// Every pair, whatever the order.
    Blocked(Blocked),
    /// Every pair, of a model that is not the paper's.
    General(General),
    /// Every pair at first, and lists of those that may be active once these are few.
    Listed(Box<Lists>),
    /// The tree at m = 1.
    Line(Pruned<1>),
    /// The tree at m = 2.
    Plane(Pruned<2>),
    /// The tree at m = 3.
    Space(Pruned<3>),
    /// The tree of a model that is not the paper's.
    Others(Box<Others>),
}

/// What a gradient did that leaves pairs out. With the tree, its cost depends on the order of features and examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Blocks of sixteen features that were tested against a node of the tree.
    pub tests: u64,
    /// Of these, blocks that are active in all examples of the node: summed in closed form.
    pub closed: u64,
    /// Tiles of sixteen features by four examples that were computed pair by pair.
    pub tiles: u64,
    /// Pairs on lists.
    pub pairs: u64,
    /// Of these, pairs whose output was active.
    pub active: u64,
    /// Lists that were made anew.
    pub rows: u64,
}

impl Work {
    /// In units of one test; a tile costs about two.
    pub fn units(&self) -> u64 {
        self.tests + 2 * self.tiles
    }
}

impl Gradient {
    /// That path, of a model with n features and m hidden dimensions.
    pub fn of(path: Path, variant: Variant, n: usize, m: usize) -> Self {
        match (path, m) {
            (Path::General, _) => Gradient::General(General::new(variant, n)),
            (Path::Listed, _) => Gradient::Listed(Box::new(Lists::new(m))),
            (Path::Blocked, _) => Gradient::Blocked(Blocked::default()),
            (Path::Pruned, _) if variant != Variant::PAPERS => {
                Gradient::Others(Box::new(Others::new(variant, n)))
            }
            (Path::Pruned, 1) => Gradient::Line(Pruned::default()),
            (Path::Pruned, 2) => Gradient::Plane(Pruned::default()),
            (Path::Pruned, _) => Gradient::Space(Pruned::default()),
        }
    }

    /// The path of the paper's model for n features, m hidden dimensions and the same `examples` at every step.
    pub fn choose(n: usize, m: usize, examples: usize) -> Self {
        let path = Path::of(Variant::PAPERS, m, examples, false);
        Gradient::of(path, Variant::PAPERS, n, m)
    }

    /// Which path it is.
    pub fn path(&self) -> Path {
        match self {
            Gradient::Blocked(_) => Path::Blocked,
            Gradient::General(_) => Path::General,
            Gradient::Listed(_) => Path::Listed,
            Gradient::Line(_) | Gradient::Plane(_) => Path::Pruned,
            Gradient::Space(_) | Gradient::Others(_) => Path::Pruned,
        }
    }

    /// Does its work depend on the order of features and examples?
    pub fn wants_order(&self) -> bool {
        self.path() == Path::Pruned
    }

    /// Features have come from their natural order into this one.
    pub fn arrange(&mut self, order: &Order) {
        if let Gradient::Others(path) = self {
            path.arrange(order);
        }
    }

    /// Does it go by lists at the moment?
    pub fn is_listed(&self) -> bool {
        matches!(self, Gradient::Listed(path) if path.is_short())
    }

    /// Goes on, in a run that is resumed, as [`is_listed`](Self::is_listed) said.
    pub fn set_listed(&mut self, is_listed: bool) {
        if let Gradient::Listed(path) = self {
            path.set_short(is_listed);
        }
    }

    /// Decides, before the gradient of `step`, how the path computes it.
    pub fn prepare(&mut self, step: u64, params: &Params, examples: &Examples) {
        if let Gradient::Listed(path) = self {
            path.prepare(step, params, examples);
        }
    }

    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)², or of half of another loss, into `d_params`; returns its work where that
    /// depends on the order.
    ///
    /// # Panics
    /// If the arguments differ in n or m, or from the chosen m.
    pub fn gradient(
        &mut self,
        params: &Params,
        examples: &Examples,
        d_params: &mut Params,
    ) -> Work {
        match self {
            Gradient::Blocked(path) => {
                path.gradient(params, examples, d_params);
                Work::default()
            }
            Gradient::General(path) => {
                path.gradient(params, examples, d_params);
                Work::default()
            }
            Gradient::Listed(path) => path.gradient(params, examples, d_params),
            Gradient::Line(path) => path.gradient(params, examples, d_params),
            Gradient::Plane(path) => path.gradient(params, examples, d_params),
            Gradient::Space(path) => path.gradient(params, examples, d_params),
            Gradient::Others(path) => path.gradient(params, examples, d_params),
        }
    }
}
