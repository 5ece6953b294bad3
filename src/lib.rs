//! Superposition, memorization and double descent: the toy models of Henighan et al. (2023), trained exactly.
pub mod math;

pub mod figures;
#[cfg(target_arch = "wasm32")]
mod web;
