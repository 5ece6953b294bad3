//! What does one run look like?

pub mod dimensionalities;
pub mod inputs;
pub mod losses;
pub mod ranked;
pub mod vectors;
