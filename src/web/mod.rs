//! How does JavaScript reach the library? Bindings that convert, delegate and convert back.
mod canvas;
mod draw;
mod run;
