//! Drawn figures: their golden files, what must hold for every SVG, and shapes to draw.

use std::f64::consts::TAU;
use std::path::PathBuf;

use plotters::backend::SVGBackend;
use plotters::drawing::IntoDrawingArea;
use superposition::figures::{Drawn, Figure, Style, Theme, draw, svg};
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
    if let Some(difference) = difference(&golden, &drawn) {
        panic!("{name} differs. Look at it, then remake it with UPDATE_GOLDEN=1.\n{difference}");
    }
}

/// The lines in which two texts differ, `-` of the first and `+` of the second with their numbers, as many as can be looked at; none
/// if they are the same.
pub fn difference(before: &str, after: &str) -> Option<String> {
    const MOST: usize = 12;
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same =
        |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let begin = same(&mut old.iter().zip(&new));
    let rest = old.len().min(new.len()) - begin;
    let end = same(&mut old.iter().rev().zip(new.iter().rev())).min(rest);
    let (old_lines, new_lines) = (&old[begin..old.len() - end], &new[begin..new.len() - end]);
    if before == after {
        return None;
    }
    let mut text = String::new();
    // Where lines were changed but none added or taken away, each stands beside its old form.
    let paired = old_lines.len() == new_lines.len();
    let mut shown = 0;
    let mut tell = |sign: char, number: usize, line: &str| {
        shown += 1;
        if shown <= MOST {
            text += &format!("{sign} {number}: {line}\n");
        }
    };
    if paired {
        for (k, (a, b)) in old_lines.iter().zip(new_lines).enumerate() {
            if a != b {
                tell('-', begin + k + 1, a);
                tell('+', begin + k + 1, b);
            }
        }
    } else {
        for (sign, lines) in [('-', old_lines), ('+', new_lines)] {
            for (k, line) in lines.iter().enumerate() {
                tell(sign, begin + k + 1, line);
            }
        }
    }
    if shown > MOST {
        text += &format!("… and {} lines more\n", shown - MOST);
    }
    Some(text)
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

/// Draws a figure of css pixels and says what is known of it.
pub fn drawn(figure: &dyn Figure, (width, height): (u32, u32)) -> Drawn {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
    draw(&area, figure, &Style::new(Theme::Light)).unwrap()
}

/// What every figure promises: a title, a sentence, numbers, and marks that are read where they are and by keys.
pub fn check_contract(figure: &dyn Figure, size: (u32, u32)) {
    let (title, summary) = (figure.title(), figure.summary());
    assert!(
        title.chars().any(char::is_alphabetic),
        "no title: {summary}"
    );
    assert!(
        summary.ends_with('.') && !summary.contains("NaN"),
        "{title}: {summary}"
    );
    assert!(!figure.table().rows.is_empty(), "{title} has no numbers");
    let height = figure.height(size.0.into());
    assert!(height > 0.0 && height.is_finite(), "{title}: {height}");

    let drawn = drawn(figure, size);
    let stops = drawn.stops(figure);
    assert!(!stops.is_empty(), "{title} has nothing to read");
    for stop in stops {
        let words = drawn.read(figure, stop);
        assert!(
            words.is_some_and(|words| !words.is_empty()),
            "{title}: nothing at {stop}"
        );
    }
    for place in &drawn.places {
        let inside = [(0.0, 0.0), (0.9, 0.9), (-0.9, -0.9)];
        for (right, down) in inside {
            let (x, y) = (
                place.x + right * place.half_width,
                place.y + down * place.half_height,
            );
            let stop = drawn.stop(x, y).expect("a mark is there");
            assert!(
                drawn.read(figure, stop).is_some(),
                "{title}: nothing at {x}, {y}"
            );
            // That mark, or one that lies over or upon it.
            let read = &drawn.places[drawn.at(x, y).expect("a mark is there")];
            let beyond = |a: f64, b: f64, half: f64| (a - b).abs() <= half + 1e-9;
            assert!(
                beyond(read.x, x, read.half_width) && beyond(read.y, y, read.half_height),
                "{title}: at {x}, {y} another mark is read, {read:?}"
            );
        }
    }
}
