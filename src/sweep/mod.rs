//! Which runs make a figure, and what is kept of each? Grids, records, and the format of their stores.
//!
//! A store is a file of JSON Lines to which each finished run appends one [`Record`]. Nothing here reads or writes
//! files: the functions take and give text.

mod grids;
mod record;
mod store;

pub use grids::{GRIDS, Grid, Shard, name_of_run, work_per_step};
pub use record::{Record, Vectors, first_difference};
pub use store::{Key, Line, StoreError, lines, merge, whole_length};
