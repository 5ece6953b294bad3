//! Which colours and sizes do the figures have? One palette for each theme, lengths in css pixels.
//!
//! Features against examples and train against test differ in shape or dash as well as in colour. The hues lie on
//! the blue-orange axis, which the common colour blindnesses keep, and every one has a contrast of at least
//! 3 : 1 with its background (WCAG 2.2, 1.4.11), text at least 4.5 : 1.

use plotters::style::RGBColor;

/// Height of the text on axes and marks, css pixels.
pub const TEXT: f64 = 12.0;

/// Generic families only: a figure must not depend on a font that has to be fetched.
pub const FONT: &str = "system-ui, sans-serif";

/// What a figure is looked at on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on a light page.
    Light,
    /// Light ink on a dark page.
    Dark,
    /// Black on white paper: no background, and marks that survive a grey printer.
    Print,
}

impl Theme {
    /// The theme of that name: `light`, `dark` or `print`.
    pub fn named(name: &str) -> Option<Theme> {
        match name {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            "print" => Some(Theme::Print),
            _ => None,
        }
    }
}

/// Colours of one theme, and the backend's units per css pixel.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Painted first if there is one; the page and paper bring their own.
    pub background: Option<RGBColor>,
    /// The surface that hollow marks are filled with, whether or not the background is painted.
    pub surface: RGBColor,
    /// For text of the first rank.
    pub ink: RGBColor,
    /// For text of the second rank.
    pub faint: RGBColor,
    /// For lines of the grid.
    pub grid: RGBColor,
    /// For features.
    pub features: RGBColor,
    /// For training examples.
    pub examples: RGBColor,
    /// For the train loss.
    pub train: RGBColor,
    /// For the test loss.
    pub test: RGBColor,
    /// The way of colours that the values of a setting take, in their order.
    pub ramp: [RGBColor; 3],
    /// Units of the drawing area per css pixel. plotters' pixels are whole numbers, so at 1 dots would sit on a raster
    /// that shows; `UNITS` leaves room between.
    pub unit: i32,
}

/// Units per css pixel of the page's canvases and of the SVG files: dots come within a sixteenth of a pixel.
pub const UNITS: i32 = 8;

impl Style {
    /// The style of a theme without a background, one unit per css pixel.
    pub fn new(theme: Theme) -> Style {
        match theme {
            Theme::Light => Style {
                background: None,
                surface: RGBColor(0xff, 0xff, 0xff),
                ink: RGBColor(0x1c, 0x1e, 0x21),
                faint: RGBColor(0x5c, 0x61, 0x68),
                grid: RGBColor(0xe2, 0xe4, 0xe8),
                features: RGBColor(0x1f, 0x5f, 0xc4),
                examples: RGBColor(0xd4, 0x4a, 0x1a),
                train: RGBColor(0xd4, 0x4a, 0x1a),
                test: RGBColor(0x4b, 0x2e, 0x83),
                ramp: [
                    RGBColor(0x4b, 0x2e, 0x83),
                    RGBColor(0xb0, 0x2a, 0x6f),
                    RGBColor(0xc2, 0x5c, 0x00),
                ],
                unit: 1,
            },
            Theme::Dark => Style {
                background: None,
                surface: RGBColor(0x14, 0x16, 0x1a),
                ink: RGBColor(0xec, 0xed, 0xee),
                faint: RGBColor(0xa3, 0xa9, 0xb2),
                grid: RGBColor(0x30, 0x34, 0x3b),
                features: RGBColor(0x6c, 0xae, 0xff),
                examples: RGBColor(0xff, 0x8c, 0x5a),
                train: RGBColor(0xff, 0x8c, 0x5a),
                test: RGBColor(0xc9, 0xb4, 0xff),
                ramp: [
                    RGBColor(0xc9, 0xb4, 0xff),
                    RGBColor(0xf0, 0x84, 0xc8),
                    RGBColor(0xff, 0xb8, 0x5c),
                ],
                unit: 1,
            },
            Theme::Print => Style {
                background: None,
                surface: RGBColor(0xff, 0xff, 0xff),
                ink: RGBColor(0x00, 0x00, 0x00),
                faint: RGBColor(0x40, 0x40, 0x40),
                grid: RGBColor(0xcc, 0xcc, 0xcc),
                features: RGBColor(0x00, 0x3f, 0x9e),
                examples: RGBColor(0xc4, 0x3c, 0x0c),
                train: RGBColor(0xc4, 0x3c, 0x0c),
                test: RGBColor(0x2e, 0x14, 0x5e),
                ramp: [
                    RGBColor(0x2e, 0x14, 0x5e),
                    RGBColor(0x94, 0x1c, 0x5c),
                    RGBColor(0xb0, 0x50, 0x00),
                ],
                unit: 1,
            },
        }
    }

    /// The colour of value `k` of `count`; of a single one that of test losses.
    pub fn along_ramp(&self, k: usize, count: usize) -> RGBColor {
        if count < 2 {
            return self.test;
        }
        let [a, b, c] = self.ramp;
        let at = 2.0 * k as f64 / (count - 1) as f64;
        if at < 1.0 {
            blend(a, b, at)
        } else {
            blend(b, c, at - 1.0)
        }
    }

    /// The same style with the surface painted behind the figure.
    pub fn on_surface(self) -> Style {
        Style {
            background: Some(self.surface),
            ..self
        }
    }

    /// The same style for a backend with this many units to a css pixel.
    pub fn with_unit(self, unit: i32) -> Style {
        assert!(unit > 0, "a css pixel has at least one unit");
        Style { unit, ..self }
    }
}

/// The colour at `share` of the way from `a` to `b`.
pub fn blend(a: RGBColor, b: RGBColor, share: f64) -> RGBColor {
    let share = share.clamp(0.0, 1.0);
    let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                crate::math::powf((c + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn colours_stand_out_from_their_surface() {
        for theme in [Theme::Light, Theme::Dark, Theme::Print] {
            let style = Style::new(theme);
            for text in [style.ink, style.faint] {
                assert!(contrast(text, style.surface) >= 4.5, "{theme:?} {text:?}");
            }
            for mark in [style.features, style.examples, style.train, style.test] {
                assert!(contrast(mark, style.surface) >= 3.0, "{theme:?} {mark:?}");
            }
            for k in 0..8 {
                let mark = style.along_ramp(k, 8);
                assert!(contrast(mark, style.surface) >= 3.0, "{theme:?} {mark:?}");
            }
        }
    }
}
