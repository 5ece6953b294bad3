//! How is a number among the settings written, and which are allowed? The one reader of what people type: flags, links,
//! fields and attributes.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is none.
    Number,
    /// It is not whole.
    Integer,
    /// It is too small or too large.
    Range,
}

impl Why {
    /// Its name for the page.
    pub fn name(self) -> &'static str {
        match self {
            Why::Number => "number",
            Why::Integer => "integer",
            Why::Range => "range",
        }
    }
}

/// A number that is not allowed.
#[derive(Clone, Debug, PartialEq)]
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
        // Where points group digits 2.000 is two thousand, and nobody writes two like that.
        if self.is_whole()
            && let Some((whole, group)) = digits.split_once('.')
            && !whole.starts_with('0')
            && whole.len() <= 3
            && group.len() == 3
        {
            let write = Some(format!("{whole}{group}"));
            return Err(Wrong {
                write,
                ..Wrong::NO_NUMBER
            });
        }
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

/// The plain digits of a number that is written as numbers are here: 1000, 1,000, 1 000, 0.999, 1e-8. A comma stands only
/// between groups of three, which no zero begins, for 0,001 is a thousandth elsewhere.
fn digits(text: &str) -> Option<String> {
    const WHOLE: u8 = 0;
    const FRACTION: u8 = 1;
    const POWER: u8 = 2;
    let mut plain = String::new();
    let (mut part, mut previous) = (WHOLE, 'e');
    // Digits since the last mark, and whether there are any, a zero first, and marks between thousands.
    let (mut run, mut some, mut is_small, mut is_grouped) = (0, false, false, false);
    for c in text.chars() {
        let is_full = part != WHOLE || !is_grouped || run == 3;
        match c {
            '0'..='9' => {
                is_small |= !some && c == '0';
                some |= part != POWER;
                run += 1;
                plain.push(c);
            }
            '-' if previous == 'e' => plain.push(c),
            '+' if previous == 'e' => {}
            ',' | ' ' | '\u{a0}' | '\u{202f}'
                if part == WHOLE && !is_small && (1..=3).contains(&run) && is_full =>
            {
                is_grouped = true;
                run = 0;
            }
            '.' if part == WHOLE && is_full => {
                part = FRACTION;
                plain.push(c);
            }
            'e' | 'E' if part != POWER && some && is_full => {
                (part, run) = (POWER, 0);
                plain.push('e');
            }
            _ => return None,
        }
        previous = if c == 'E' { 'e' } else { c };
    }
    let is_full = part != WHOLE || !is_grouped || run == 3;
    (some && is_full && (part != POWER || run > 0)).then_some(plain)
}

/// How a number that is written in another way is written here, 0.001 for 0,001; none where that is not clear.
fn meant(text: &str, number: impl Fn(&str) -> f64) -> Option<String> {
    let mut plain: String = text.chars().filter_map(as_here).collect();
    let unit = match plain.chars().next_back()? {
        '%' => "e-2",
        '‰' => "e-3",
        'k' | 'K' => "e3",
        'M' => "e6",
        _ => return digits(&power(&pointed(&plain))),
    };
    plain.pop();
    let moved = power(&pointed(&plain)) + unit;
    // As a number, which moves the point.
    digits(&moved).map(|digits| number(&digits).to_string())
}

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
    let is_mark = |c: char| c == '.' || c == ',';
    let Some(last) = text.rfind(is_mark) else {
        return text.to_owned();
    };
    // 1.000,5 and 1,000.5 have groups and a point; 1.000.000 and 1,00,000 have groups only.
    let is_group = text[..last].contains(&text[last..=last]);
    if is_group && text.len() - last != 4 {
        return text.to_owned();
    }
    let kept = (text.char_indices()).filter(|&(k, c)| !is_mark(c) || k == last && !is_group);
    kept.map(|(k, c)| if k == last { '.' } else { c }).collect()
}

/// With e for the power of ten: 2.63·10^-11, 5·103, 10-8.
fn power(text: &str) -> String {
    let (by, ten) = match text.split_once('·') {
        Some((by, ten)) => (Some(by), ten),
        None => (None, text),
    };
    let exponent = ten.strip_prefix("10").unwrap_or_default();
    let marked = exponent.strip_prefix('^').unwrap_or(exponent);
    let is_power = by.is_some() || marked.len() < exponent.len() || exponent.starts_with('-');
    match is_power && !marked.is_empty() {
        true => format!("{}e{marked}", by.unwrap_or("1")),
        false => text.to_owned(),
    }
}
