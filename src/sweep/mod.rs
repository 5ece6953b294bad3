//! Which runs make a figure, and what is kept of each? Grids, records, the format of their stores, the files that the
//! page loads of them, and curves.
//!
//! A store is a file of JSON Lines to which each finished run appends one [`Record`]. Nothing here reads or writes
//! files: the functions take and give text.

pub mod codes;
mod course;
mod curves;
mod finished;
mod gathered;
mod grids;
mod observer;
mod pack;
mod plan;
mod reading;
mod record;
mod regimes;
mod repeated;
mod runs;
mod store;

pub use course::{LARGEST, Moment};
pub use curves::{
    Along, Curve, Point, Quantity, Seed, Setting, Spread, curves, curves_along, is_better, t_of,
};
pub use finished::{Finished, NUMBERS, measures_of};
pub use gathered::{Conflict, Gathered, Given, Said, Taken};
pub use grids::{GRIDS, Grid, Shard, name_of_run, values_of, work_per_step};
pub use observer::Observer;
pub use pack::{Files, Pack, PackError};
pub use plan::{MOST_RUNS, Plan, PlanError, Vary};
pub use record::{Record, Vectors, first_difference};
pub use regimes::{Regime, Stretch, regimes};
pub use repeated::Repeated;
pub use store::{
    Joined, Key, Line, StoreError, check_grid, join, lines, lines_after, whole_length,
};
