//! Superposition, memorization and double descent: the toy models of Henighan et al. (2023), trained exactly.
pub mod data;
pub mod gradient;
pub mod math;
pub mod measure;
pub mod model;
pub mod optim;
pub mod report;
pub mod theory;
pub mod train;

pub mod figures;
#[cfg(target_arch = "wasm32")]
mod web;
