//! What does a run look like, and what do many? One file per figure, generic over plotters' `DrawingBackend`.
//!
//! | | |
//! |---|---|
//! | `contract` | what every figure is: title, sentence, table, marks, and what is read at them |
//! | `tools` | what figures are made with: pen, axes, colours, keys, tables, how numbers are written |
//! | `run` | figures of one run, live or stored |
//! | `closed_forms` | figures of formulas, which the reader moves |
//! | `sweeps` | figures of many stored runs, and the list of them |
//!
//! A figure is a function of a drawing area, data and a style that returns the map between its pixels and values. The
//! page calls it for a canvas, `svg` for a file: same code, same picture. Legends are not part of a figure.

mod closed_forms;
mod contract;
mod run;
mod sweeps;
mod tools;

pub use closed_forms::fgon::Fgon;
pub use closed_forms::tgon::Tgon;
pub use contract::{Drawn, Figure, Place, draw, svg};
pub use run::dimensionalities::Dimensionalities;
pub use run::inputs::Inputs;
pub use run::losses::Losses;
pub use run::ranked::{Ranked, rank_at, stretched};
pub use run::vectors::{Role, Vectors};
pub use sweeps::gallery::{Entry, FIGURES, Made, Stored, View};
pub use sweeps::reference;
pub use tools::axis::{Area, Axis, Tick};
pub use tools::style::{self, Style, Theme};
pub use tools::table::{Cell, Row, Table};
