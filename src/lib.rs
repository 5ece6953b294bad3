//! How do small networks store training examples, and when do they switch to features? The toy models of
//! *Superposition, Memorization, and Double Descent* (Henighan et al., 2023), trained exactly, with the same bits
//! natively and in a browser.
//!
//! # Notation
//!
//! | symbol | what it is |
//! |---|---|
//! | n, m, T | features, hidden dimensions, training examples (T = ∞: a fresh batch at every step) |
//! | S | sparsity, the probability that a feature of an example is 0 |
//! | X (T, n) | examples, sparse rows x of unit length |
//! | W (m, n), b (n) | parameters; a column of W is the feature's hidden vector |
//! | h = W x (m) | hidden vector of an example |
//! | z = Wᵀh + b, x' = ReLU(z) (n) | outputs |
//! | W_up (m, n), I (n) | in other models: untied weights instead of Wᵀ, importance of features |
//! | D | dimensionality of a feature or an example, its share of a hidden dimension |
//!
//! The loss of an example is Σᵢ (x'ᵢ − xᵢ)²; reported losses average that over examples, whatever reduction was used in
//! training. [`variant`] has the models that differ: untied weights, a ReLU in the hidden layer, other losses, importance. Reported
//! losses are then the model's own. Left out: mini-batches of a finite set, several hidden layers.
//!
//! # From the paper to the code
//!
//! | section of the paper | formula | item |
//! |---|---|---|
//! | Experiment Setup | xᵢ = 0 with probability S, otherwise uniform on [0, 1); then ‖x‖ = 1 | [`data::Source`], [`Config::unit_length`] |
//! | Experiment Setup | T examples, or T = ∞ | [`train::ExampleCount`] |
//! | ReLU Output Model | h = W x | [`model::hidden`], [`Trainer::hidden`] |
//! | ReLU Output Model | x' = ReLU(WᵀW x + b); (1/T) Σₓ Σᵢ (xᵢ − x'ᵢ)² | [`model::evaluate`] |
//! | ReLU Output Model | the same with importance Iᵢ | [`Variant::importance_of`](variant::Variant::importance_of), [`Variant::evaluate`](variant::Variant::evaluate) |
//! | ReLU Output Model | mean-squared error, or the sum over features as the formula is printed | [`optim::Reduction`] |
//! | ReLU Output Model | Xavier initialisation, W of standard deviation √(2 / (n + m)), b = 0 | [`Params::initial`](model::Params::initial) |
//! | ReLU Output Model | AdamW: θ ← θ (1 − ηλ) − η m̂ / (√v̂ + ε) | [`Moments::update`](optim::Moments::update), [`optim::naive_update`] |
//! | ReLU Output Model | η: linear warm-up over 5 % of the steps, then a cosine to zero | [`optim::rate`] |
//! | ReLU Output Model | the gradient, ∂/∂W and ∂/∂b of the loss | [`gradient`], [`gradient::naive`] |
//! | How Do Models Change with Dataset Size? | D_f, of columns of W, and D_X, of hidden vectors: ‖v‖² / Σⱼ (v̂ · vⱼ)² | [`measure::dimensionalities`] |
//! | How Do Models Change with Dataset Size? | m/T, the dimensionality of examples in a T-gon | [`theory::even_dimensionality`] |
//! | How Do Models Change with Dataset Size? | ‖W‖_F, ‖b‖₂ | [`measure::norm`] |
//! | its notebook on T-gons | r² = 1 / (1 − cos(2π/T)), ‖W‖_F = √T r, ‖b‖₂ = √T abs(r² − 1) | [`theory::polygon_radius`], [`theory::polygon_w_norm`], [`theory::polygon_b_norm`] |
//! | its notebook on T-gons | what comes out of any hidden vectors, memorised iff ‖u_j‖² − u_i · u_j ≥ 1 for all i ≠ j | [`theory::Recall`] |
//! | its notebook on pentagons | F/3 (2 max(0, cos(2π/F))² − 1), least at F = 5 features | [`theory::feature_polygon_gain`] |
//! | footnote 1, and its notebook | W_up ≠ Wᵀ, where examples may have any length | [`theory::untied_polygon`], [`Config::untied`] |
//! | Superposition Double Descent | the T from which on examples are memorised no more, and features learned | [`sweep::regimes`] |
//! | The Effect of m on Double Descent | the best of several inits, averaged over data seeds | [`sweep::curves`] |
//! | Comments: What Controls the Generalization Scale? | T (1 − S), how often a feature occurs | [`sweep::Along::Occurrences`] |
//! | Comments: Repeated Data Points | R copies of an example among the T | [`Config::repeats`], [`sweep::Repeated`] |
//! | Comments: Data Dimensionality of MNIST | D*ᵢ = supᵥ (v · hᵢ)² / Σⱼ (v · hⱼ)² = hᵢᵀ (Σⱼ hⱼ hⱼᵀ)⁺ hᵢ | [`measure::max_data_dimensionality`], [`mnist`] |
//! | Comments: Optimization Failures in 2D | one circle, or two with a gap between | [`measure::polygon`], [`theory::ring_around_one`] |
//! | all of them | what a run became: a memory of its examples, features, or something between | [`measure::outcome`] |
//!
//! # A run
//!
//! ```
//! use superposition::train::{Config, ExampleCount, Trainer};
//! use superposition::{measure, theory};
//!
//! // Five examples in two dimensions; what is left out is as in the paper.
//! let mut trainer = Trainer::new(Config {
//!     n: 200,
//!     sparsity: 0.98,
//!     t: ExampleCount::Finite(5),
//!     steps: 5000,
//!     ..Config::default()
//! })?;
//! while !trainer.is_finished() {
//!     trainer.step();
//! }
//! let polygon = measure::polygon(trainer.hidden().as_chunks().0).unwrap();
//! println!("{} of 5 corners, radius {:.2}", polygon.on_ring, polygon.radius);
//! println!("closed form: {:.2}", theory::polygon_radius(5).unwrap());
//! assert!(trainer.train_loss() < trainer.history()[0].train_loss);
//! # Ok::<(), superposition::train::ConfigError>(())
//! ```
//!
//! # A figure
//!
//! ```
//! use superposition::figures::{self, Role, Theme, Vectors};
//!
//! // The corners of a square as four vectors (count, m) in m = 2 dimensions.
//! let square = Vectors {
//!     closed_form_radius: superposition::theory::polygon_radius(4),
//!     ..Vectors::new(Role::Examples, 2, vec![1.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0, -1.0])
//! };
//! let svg = figures::svg(&square, (320, 320), Theme::Print);
//! assert!(svg.contains("<title>Hidden vectors of 4 examples, m = 2</title>"));
//! ```
//!
//! `examples/` has both as programs, and one that asks which test examples make the bump.
//!
//! # Modules
//!
//! In the order of their dependencies:
//! [`math`], [`checksum`] → [`data`], [`model`] → [`variant`] → [`gradient`], [`optim`] → [`theory`], [`measure`] → [`train`] → [`report`], [`mnist`] → [`bits`],
//! [`sweep`] → [`figures`] → `web` (wasm32 only), or the command line `lab`.
//!
//! [`Config::unit_length`]: train::Config::unit_length
//! [`Config::untied`]: train::Config::untied
//! [`Config::repeats`]: train::Config::repeats
//! [`Trainer::hidden`]: train::Trainer::hidden
#![forbid(unsafe_code)]
#![warn(missing_docs, clippy::print_stdout, clippy::print_stderr)]

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
