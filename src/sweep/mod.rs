//! Which runs make a figure, and what is kept of each? Grids, records, the format of their stores, and curves of them.
//!
//! A store is a file of JSON Lines to which each finished run appends one [`Record`]. Nothing here reads or writes
//! files: the functions take and give text.

mod curves;
mod grids;
mod record;
mod store;

pub use curves::{Curve, Point, Quantity, Seed, Setting, Spread, curves, t_of};
pub use grids::{GRIDS, Grid, Shard, name_of_run, work_per_step};
pub use record::{Record, Vectors, first_difference};
pub use store::{Key, Line, StoreError, lines, merge, whole_length};
