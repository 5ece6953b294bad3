//! What do the formulas say?

pub mod fgon;
pub mod tgon;
