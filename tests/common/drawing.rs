//! Drawn figures: their golden files, what must hold for every SVG, and shapes to draw.

use std::f64::consts::TAU;
use std::path::PathBuf;

use superposition::figures::{Figure, Theme, svg};
use superposition::math::{cos, sin};

/// A number between 0 and 1 for each k, without pattern to the eye.
pub fn noise(k: usize) -> f64 {
    let mixed = (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// A regular polygon, a little turned.
pub fn polygon(t: usize, radius: f64) -> Vec<f32> {
    let corner = |k: usize| k as f64 * TAU / t as f64 + 0.3;
    (0..t)
        .flat_map(|k| [radius * cos(corner(k)), radius * sin(corner(k))])
        .map(|x| x as f32)
        .collect()
}

/// Compares with the golden file of that name; makes it with `UPDATE_GOLDEN=1`.
pub fn check_golden(name: &str, figure: &dyn Figure, size: (u32, u32), theme: Theme) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.svg"));
    let drawn = svg(figure, size, theme);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let golden = std::fs::read_to_string(&path).expect("run with UPDATE_GOLDEN=1 once");
    assert!(
        drawn == golden,
        "{name} differs: look at it, then remake it with UPDATE_GOLDEN=1"
    );
}

/// The attribute of an element that plotters wrote.
pub fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let from = element.find(&format!(" {name}=\""))? + name.len() + 3;
    element[from..].split('"').next()
}

/// Asserts that all coordinates are numbers inside the picture and that no text is cut off or too small.
pub fn check_bounds(svg: &str, size: (u32, u32)) {
    const UNITS: f64 = superposition::figures::style::UNITS as f64;
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let inside = |x: f64, y: f64| (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
    for element in svg.split('<') {
        let number =
            |name| attribute(element, name).map(|text: &str| text.parse::<f64>().unwrap() / UNITS);
        if let (Some(x), Some(y)) = (number("cx"), number("cy")) {
            assert!(inside(x, y), "{element}");
        }
        for point in attribute(element, "points")
            .unwrap_or("")
            .split_whitespace()
        {
            let (x, y) = point.split_once(',').unwrap();
            let (x, y) = (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap());
            assert!(inside(x / UNITS, y / UNITS), "{point} of {element}");
        }
        if element.starts_with("text ") {
            let (x, y, size) = (
                number("x").unwrap(),
                number("y").unwrap(),
                number("font-size").unwrap(),
            );
            let text = element.split('>').nth(1).unwrap().trim();
            let extent = 0.6 * size * text.chars().count() as f64;
            let left = match attribute(element, "text-anchor").unwrap() {
                "start" => x,
                "middle" => x - extent / 2.0,
                _ => x - extent,
            };
            assert!(size >= 11.0, "{element}");
            assert!(
                left >= -2.0 && left + extent <= width + 2.0,
                "{text:?} at {left} of {size}: {width}"
            );
            assert!(y >= size * 0.5 && y <= height - size * 0.5, "{element}");
        }
    }
}
