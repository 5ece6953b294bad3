//! How does JavaScript reach the library? Bindings that convert, delegate and convert back: those of the page's first view, or,
//! with the feature `digits`, of the section on digits.
#[cfg(not(feature = "digits"))]
mod canvas;
#[cfg(feature = "digits")]
mod digits;
#[cfg(not(feature = "digits"))]
mod draw;
#[cfg(not(feature = "digits"))]
mod run;
