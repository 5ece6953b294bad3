//! What are figures made with?

pub mod axis;
pub mod dots;
pub mod frame;
pub mod key;
pub mod labels;
pub mod numbers;
pub mod pen;
pub mod plane;
pub mod scale;
pub mod style;
pub mod table;
