//! How does JavaScript reach the library? Bindings that convert, delegate and convert back.
//!
//! They are compiled into three modules, so that the first view does not wait for what comes far below it: the trainer with
//! the figures of a run; with the feature `sweeps`, all other figures; and with `digits`, the classifier of digits.
#[cfg(not(feature = "digits"))]
mod canvas;
#[cfg(not(feature = "digits"))]
mod convert;
#[cfg(feature = "digits")]
mod digits;
#[cfg(not(any(feature = "digits", feature = "sweeps")))]
mod draw;
mod errors;
#[cfg(not(feature = "digits"))]
mod figure;
#[cfg(feature = "sweeps")]
mod gathering;
#[cfg(feature = "sweeps")]
mod others;
#[cfg(not(any(feature = "digits", feature = "sweeps")))]
mod run;
#[cfg(not(feature = "digits"))]
mod surface;
#[cfg(feature = "sweeps")]
mod sweeps;
