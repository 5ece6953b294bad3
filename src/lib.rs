//! How do small networks store training examples, and when do they switch to features? The toy models of
//! *Superposition, Memorization, and Double Descent* (Henighan et al., 2023), trained exactly, with the same bits
//! natively and in a browser.
//!
//! | symbol | what it is |
//! |---|---|
//! | n, m, T | features, hidden dimensions, training examples (T = ∞: a fresh batch at every step) |
//! | S | sparsity, the probability that a feature of an example is 0 |
//! | X (T, n) | examples, sparse rows x of unit length |
//! | W (m, n), b (n) | parameters; a column of W is the feature's hidden vector |
//! | h = W x (m) | hidden vector of an example |
//! | z = Wᵀh + b, x' = ReLU(z) (n) | outputs |
//! | W_up (m, n), I (n) | of other models: untied weights in the place of Wᵀ, importance of features |
//! | D | dimensionality of a feature or an example, its share of a hidden dimension |
//!
//! The loss of an example is Σᵢ (x'ᵢ − xᵢ)²; reported losses average that over examples, whatever reduction trained.
//! [`variant`] has the models that differ: untied weights, a ReLU in the hidden layer, other losses, importance. Reported
//! losses are then the model's own. Left out: mini-batches of a finite set, several hidden layers.
//!
//! Modules in the order of their dependencies:
//! [`math`], [`checksum`] → [`data`], [`model`] → [`variant`] → [`gradient`], [`optim`] → [`theory`], [`measure`] → [`train`] → [`report`], [`mnist`] → [`bits`],
//! [`sweep`] → [`figures`] → `web` (wasm32 only), or the command line `lab`.
pub mod bits;
pub mod checksum;
pub mod data;
pub mod gradient;
pub mod math;
pub mod measure;
pub mod mnist;
pub mod model;
pub mod optim;
pub mod report;
pub mod sweep;
pub mod theory;
pub mod train;
pub mod variant;

pub mod figures;
#[cfg(target_arch = "wasm32")]
mod web;
