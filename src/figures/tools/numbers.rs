//! How is a number written? In charts, in their sentences, and where they are read.

use std::fmt::Display;

use crate::math::log10;

/// Few characters: 1k, 20k, 1M, 0.01, 10⁻⁶, ∞; three significant digits at most.
pub fn short(value: f64) -> String {
    let size = value.abs();
    let (scaled, unit) = match size {
        0.0 => return "0".into(),
        f64::INFINITY if value > 0.0 => return "∞".into(),
        f64::INFINITY => return "−∞".into(),
        _ if value.is_nan() => return "–".into(),
        _ if !(1e-3 * (1.0 - 1e-9)..1e9).contains(&size) => return minus(power(value)),
        _ if size >= 1e6 * (1.0 - 1e-9) => (value / 1e6, "M"),
        _ if size >= 1e3 * (1.0 - 1e-9) => (value / 1e3, "k"),
        _ => (value, ""),
    };
    minus(digits(scaled, 3) + unit)
}

/// A measured value: what is near 1, as losses are, to four decimals, and else four digits.
pub fn reading(value: f64) -> String {
    let text = match value.abs() {
        size if (0.5..2.0).contains(&size) => format!("{value:.4}"),
        size if (1e-3..1e5).contains(&size) => digits(value, 4),
        _ => return short(value),
    };
    minus(text)
}

/// A value on an axis, with the decimals that the distance of the ticks asks for.
pub fn on_axis(value: f64, step: f64) -> String {
    let decimals = (-(log10(step) + 1e-9).floor()).max(0.0) as usize;
    if step >= 1000.0 || decimals > 6 {
        return short(value);
    }
    fixed(value, decimals)
}

/// So many decimals; zero has no sign.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(zero) if zero.chars().all(|c| matches!(c, '0' | '.')) => zero.into(),
        _ => minus(text),
    }
}

/// A number of hundredths; its sign follows it without a space, so that no line ends between them.
pub fn percent(number: impl Display) -> String {
    format!("{number}%")
}

/// An angle in whole degrees.
pub fn degrees(angle: f64) -> String {
    format!("{}°", fixed(angle, 0))
}

/// A whole number, thousands apart: 10,000.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_string();
    for k in (first..digits.len()).step_by(3) {
        if k > 0 {
            text.push(',');
        }
        text.push_str(&digits[k..k + 3]);
    }
    text
}

/// A small number as a word.
pub fn in_words(count: usize) -> String {
    let words = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let word = count.checked_sub(1).and_then(|k| words.get(k));
    word.map_or_else(|| grouped(count), |word| (*word).into())
}

/// How many of something: 1 example, 10,000 examples.
pub fn counted(count: usize, one: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(count))
}

/// So many significant digits without trailing zeros; of larger numbers all before the point.
fn digits(value: f64, most: i32) -> String {
    let decimals = (most - 1 - (log10(value.abs()) + 1e-9).floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

fn power(value: f64) -> String {
    let text = format!("{value:.1e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: String = exponent.chars().map(superscript).collect();
    match mantissa.trim_end_matches(".0") {
        "1" => format!("10{exponent}"),
        mantissa => format!("{mantissa}·10{exponent}"),
    }
}

fn superscript(c: char) -> char {
    match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => c
            .to_digit(10)
            .and_then(|d| char::from_u32('⁰' as u32 + d))
            .unwrap_or(c),
    }
}

/// A true minus sign: a hyphen is too short to be seen at this size.
fn minus(text: String) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_labels() {
        for (value, text) in [
            (0.0, "0"),
            (1.015, "1.01"),
            (0.001, "0.001"),
            (1e-6, "10⁻⁶"),
            (2.5e-7, "2.5·10⁻⁷"),
            (20_000.0, "20k"),
            (500_000.0, "500k"),
            (1e6, "1M"),
            (-3.0, "−3"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "−∞"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn readings_have_four_digits_and_losses_near_1_four_decimals() {
        for (loss, text) in [
            (1.01494, "1.0149"),
            (0.9988, "0.9988"),
            (5012.4, "5012"),
            (31_234.5, "31234"),
            (0.012344, "0.01234"),
            (-0.25, "−0.25"),
            (3e-7, "3·10⁻⁷"),
            (0.0, "0"),
        ] {
            assert_eq!(reading(loss), text);
        }
    }

    #[test]
    fn counts_are_grouped_and_a_percent_sign_never_stands_alone() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(count), text);
        }
        assert_eq!((in_words(5), in_words(12)), ("five".into(), "12".into()));
        assert_eq!(counted(1, "example"), "1 example");
        assert_eq!(counted(10_000, "example"), "10,000 examples");
        assert_eq!(
            (fixed(-0.004, 2), fixed(-0.006, 2)),
            ("0.00".into(), "−0.01".into())
        );
        assert_eq!(percent(fixed(5.04, 1)), "5.0%");
    }
}
