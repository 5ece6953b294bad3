//! Which digits does a classifier memorise? MNIST, a network with one hidden layer, and D* of every training example.
//!
//! x (784) → h = ReLU(W₁ x + b₁) (m) → logits W₂ h + b₂ (10), softmax cross-entropy, AdamW on mini-batches. D* is measured
//! on h, after the ReLU, of all training examples (paper, "Data Dimensionality of MNIST"; which of optimiser, epochs and side
//! of the ReLU the authors used is not known).
//!
//! | symbol | what it is |
//! |---|---|
//! | T | training examples, 60,000 in all |
//! | m | hidden units, 512 in the paper |
//! | h (T, m) | activations of the hidden layer |
//! | D* | maximal data dimensionality ([`max_data_dimensionality`](crate::measure::max_data_dimensionality)) |
//!
//! As in the toy model a configuration with its seeds determines every bit, natively and in a browser.

mod classifier;
mod digits;
mod findings;
mod pack;
mod settings;
mod sheet;
mod trainer;

pub use classifier::{CLASSES, Evaluation, Params, Scratch, evaluate, gradient, hidden};
pub use digits::{Digits, IdxError, SIDE};
pub use findings::{Findings, Group, MULTIPLES, Record, SHARES, area_under_curve};
pub use pack::{Moment, Pack, PackError, Packed, live_file, read_live_file};
pub use settings::{Config, TYPESCRIPT};
pub use sheet::Sheet;
pub use trainer::{CheckpointError, NUMERICS, Snapshot, Trainer, initial};
