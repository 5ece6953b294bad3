//! How does JavaScript hear of what went wrong? Errors in words, and panics in the console.

use std::fmt::Display;

use js_sys::Error;
use wasm_bindgen::prelude::*;

/// Sends a panic's message to the console before the instance dies.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

pub fn error(error: impl Display) -> JsValue {
    Error::new(&error.to_string()).into()
}
