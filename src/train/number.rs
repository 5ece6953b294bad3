//! How is a number among the settings written, and which are allowed? The one reader of what people type: flags, links,
//! fields and attributes.

use serde::Serialize;

use super::ConfigError;

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Any.
    Real,
    /// A whole number.
    Whole,
    /// A whole number that is a name rather than an amount.
    Seed,
    /// A whole number, or infinite.
    Count,
}

impl Number {
    /// Every kind.
    pub const ALL: [Number; 4] = [Number::Real, Number::Whole, Number::Seed, Number::Count];

    /// Its name for the page.
    pub fn name(self) -> &'static str {
        match self {
            Number::Real => "real",
            Number::Whole => "whole",
            Number::Seed => "seed",
            Number::Count => "count",
        }
    }
}

/// The numbers that a setting may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// What kind they are.
    pub number: Number,
    /// The least of them.
    pub min: f64,
    /// The largest of them.
    pub max: f64,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// It is none.
    Number,
    /// It is not whole.
    Integer,
    /// It is too small or too large.
    Range,
}

/// A number that is not allowed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrong {
    /// What is wrong.
    pub why: Why,
    /// It; NaN for a text that is none.
    pub value: f64,
    /// The allowed number nearest to it.
    pub nearest: Option<f64>,
    /// How what was meant is written here, where that is clear.
    pub write: Option<String>,
}

impl Wrong {
    /// No number at all.
    pub(super) const NO_NUMBER: Wrong = Wrong {
        why: Why::Number,
        value: f64::NAN,
        nearest: None,
        write: None,
    };
}

impl Range {
    /// Whether all of them are whole.
    pub fn is_whole(&self) -> bool {
        self.number != Number::Real
    }

    /// What `text` says; none if that is infinite, and that is allowed. `number` turns decimal digits into a number: in a
    /// browser that is its task, for the tables that this takes would be a tenth of the page.
    ///
    /// # Errors
    /// If it is not written as numbers are here, or not allowed.
    pub fn read(&self, text: &str, number: impl Fn(&str) -> f64) -> Result<Option<f64>, Wrong> {
        let text = text.trim();
        let infinite = ["inf", "infinity", "∞"];
        if self.number == Number::Count
            && infinite.iter().any(|name| text.eq_ignore_ascii_case(name))
        {
            return Ok(None);
        }
        let Some(digits) = digits(text) else {
            let write = meant(text, number);
            return Err(Wrong {
                write,
                ..Wrong::NO_NUMBER
            });
        };
        // −0 is 0, but its text is another, and so would be the run.
        let value = number(&digits) + 0.0;
        self.judge(value).map(|()| Some(value))
    }

    fn judge(&self, value: f64) -> Result<(), Wrong> {
        let why = if value.is_nan() {
            Why::Number
        // −0 is another text than 0, and so another run.
        } else if !(self.min..=self.max).contains(&value)
            || value == 0.0 && value.is_sign_negative()
        {
            Why::Range
        } else if self.is_whole() && value.fract() != 0.0 {
            Why::Integer
        } else {
            return Ok(());
        };
        let whole = if self.is_whole() {
            value.round()
        } else {
            value
        };
        Err(Wrong {
            why,
            value,
            nearest: (!value.is_nan()).then(|| whole.clamp(self.min, self.max) + 0.0),
            write: None,
        })
    }

    /// Refuses a value of the setting `name` that is not allowed.
    ///
    /// # Errors
    /// Says the value and the range.
    pub fn check(&self, name: &str, value: f64) -> Result<(), ConfigError> {
        self.judge(value)
            .map_err(|wrong| self.refusal(name, &value.to_string(), &wrong))
    }

    /// The sentence for a value of the setting `name`.
    pub(super) fn refusal(&self, name: &str, value: &str, wrong: &Wrong) -> ConfigError {
        let Range { number, min, max } = self;
        let kind = if self.is_whole() {
            "a whole number "
        } else {
            ""
        };
        let infinite = match number {
            Number::Count => ", or \"inf\"",
            _ => "",
        };
        let write = match &wrong.write {
            Some(write) => format!(", and what was meant is written {write}"),
            None => String::new(),
        };
        ConfigError {
            nearest: wrong.nearest,
            ..ConfigError::new(
                name,
                format!(
                    "{name} is {value}; it must be {kind}from {min} to {max}{infinite}{write}."
                ),
            )
        }
    }
}

/// Thousands may be apart: 1,000 or 1 000.
const APART: [char; 4] = [',', ' ', '\u{a0}', '\u{202f}'];

/// The plain digits of a number that is written as numbers are here: 1000, 1,000, 1 000, 0.999, 1e-8. A comma stands only
/// between groups of three, which no zero begins, for 0,001 is a thousandth elsewhere.
fn digits(text: &str) -> Option<String> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || !is_digits(exponent) {
            return None;
        }
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut groups = whole.split(APART);
    let first = groups.next().unwrap_or_default();
    let grouped = whole.len() == first.len()
        || ((1..=3).contains(&first.len())
            && !first.starts_with('0')
            && groups.all(|group| group.len() == 3));
    let plain: String = whole.chars().filter(|c| !APART.contains(c)).collect();
    let some = !plain.is_empty() || !fraction.is_empty();
    let fits = grouped && some && is_digits(&plain) && is_digits(fraction);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let zero = if plain.is_empty() { "0" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    let exponent = exponent.map_or_else(String::new, |exponent| format!("e{exponent}"));
    fits.then(|| format!("{sign}{zero}{plain}{point}{fraction}{exponent}"))
}

/// How a number that is written in another way is written here, 0.001 for 0,001; none where that is not clear.
fn meant(text: &str, number: impl Fn(&str) -> f64) -> Option<String> {
    let plain: String = text.chars().filter_map(as_here).collect();
    let (amount, unit) = UNITS
        .iter()
        .find_map(|(name, factor)| Some((plain.strip_suffix(name)?, *factor)))
        .unwrap_or((&plain, ""));
    let power = power(&pointed(amount));
    match unit {
        "" => digits(&power),
        // As a number, which moves the point.
        unit => digits(&format!("{power}{unit}")).map(|digits| number(&digits).to_string()),
    }
}

/// What numbers are followed by elsewhere, and the power of ten that it stands for.
const UNITS: [(&str, &str); 6] = [
    ("percent", "e-2"),
    ("%", "e-2"),
    ("‰", "e-3"),
    ("k", "e3"),
    ("K", "e3"),
    ("M", "e6"),
];

/// Digits and signs of other scripts as they are here; nothing for what only groups digits.
fn as_here(c: char) -> Option<char> {
    let digit = |zero: char| char::from_digit(c as u32 - zero as u32, 10);
    match c {
        '\'' | '’' | '_' | '\u{66c}' => None,
        _ if c.is_whitespace() => None,
        '\u{66b}' => Some('.'),
        // Full width, a Japanese keyboard's.
        '！'..='～' => char::from_u32(c as u32 - 0xfee0),
        '٠'..='٩' => digit('٠'),
        '۰'..='۹' => digit('۰'),
        '०'..='९' => digit('०'),
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁰' | '⁴'..='⁹' => digit('⁰'),
        '⁻' | '−' | '\u{2010}'..='\u{2015}' => Some('-'),
        '×' | '*' | 'x' => Some('·'),
        c => Some(c),
    }
}

/// With a point for a decimal comma, and nothing for what groups thousands.
fn pointed(text: &str) -> String {
    let Some(last) = text.rfind(['.', ',']) else {
        return text.to_owned();
    };
    let (before, rest) = (&text[..last], &text[last + 1..]);
    let whole = before.replace(['.', ','], "");
    // 1.000,5 and 1,000.5 have groups and a point; 1.000.000 and 1,00,000 have groups only.
    match before.contains(&text[last..=last]) {
        false => format!("{whole}.{rest}"),
        true if rest.len() == 3 => whole + rest,
        true => text.to_owned(),
    }
}

/// With e for the power of ten: 2.63·10^-11, 5·103, 10-8.
fn power(text: &str) -> String {
    let (by, ten) = match text.rsplit_once('·') {
        Some((by, ten)) => (Some(by), ten),
        None => (None, text),
    };
    let exponent = ten.strip_prefix("10").unwrap_or_default();
    let is_power = !exponent.is_empty() && (by.is_some() || exponent.starts_with(['^', '-']));
    match is_power {
        true => format!("{}e{}", by.unwrap_or("1"), exponent.trim_start_matches('^')),
        false => text.to_owned(),
    }
}
