//! How does JavaScript reach the library? Bindings that convert, delegate and convert back.
//!
//! They are compiled into three modules, so that the first view does not wait for what comes far below it: the trainer with
//! the figures of a run; with the feature `sweeps`, the figures of stored runs, of closed forms and of inputs; and with `digits`, the section on digits.
#[cfg(not(feature = "digits"))]
mod canvas;
#[cfg(feature = "sweeps")]
mod closed_forms;
#[cfg(not(feature = "digits"))]
mod convert;
#[cfg(feature = "digits")]
mod digits;
#[cfg(not(any(feature = "digits", feature = "sweeps")))]
mod draw;
mod errors;
#[cfg(feature = "sweeps")]
mod inputs;
#[cfg(not(any(feature = "digits", feature = "sweeps")))]
mod run;
#[cfg(not(feature = "digits"))]
mod surface;
#[cfg(feature = "sweeps")]
mod sweeps;
