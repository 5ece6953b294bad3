//! What came out, as Markdown: two tables, one for each kind of machine code, and what has to be said to them.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::grid::{EARLY, LATE, MIDDLE, STATES, Setting, WHOLE_RUN};
use super::{BACKENDS, STEPS};

/// What one peer did.
pub enum Cell {
    NotAsked,
    /// In a few words, why there is no time.
    Failed(String),
    Made {
        seconds: Option<f64>,
        versions: Vec<String>,
        doubt: Option<String>,
    },
}

/// Seconds a step at some states of a run.
type Times = Vec<(u64, f64)>;

/// Everything about one setting.
pub struct Row {
    pub setting: Setting,
    pub native: Times,
    pub chromium: Times,
    /// Versions and doubts of ours in Chromium.
    pub ours: Cell,
    pub pytorch: Cell,
    pub jax: Cell,
    /// As in [`BACKENDS`].
    pub tfjs: [Cell; 3],
    pub jax_js: Cell,
}

impl Row {
    pub fn new(setting: Setting) -> Self {
        Row {
            setting,
            native: Vec::new(),
            chromium: Vec::new(),
            ours: Cell::NotAsked,
            pytorch: Cell::NotAsked,
            jax: Cell::NotAsked,
            tfjs: [Cell::NotAsked, Cell::NotAsked, Cell::NotAsked],
            jax_js: Cell::NotAsked,
        }
    }

    /// Every peer with its name.
    fn cells(&self) -> Vec<(String, &Cell)> {
        let mut cells = vec![
            ("ours in Chromium".to_owned(), &self.ours),
            ("PyTorch".to_owned(), &self.pytorch),
            ("JAX".to_owned(), &self.jax),
        ];
        let backends = BACKENDS.iter().zip(&self.tfjs);
        cells.extend(backends.map(|(name, cell)| (format!("TensorFlow.js {name}"), cell)));
        cells.push(("jax-js".to_owned(), &self.jax_js));
        cells
    }

    /// How many times the time of TensorFlow.js's best backend this one takes; infinite if it failed, 0 if nobody knows.
    pub fn slowness(&self, backend: &str) -> f64 {
        let cell = BACKENDS.iter().position(|name| *name == backend);
        let cell = cell.map(|at| &self.tfjs[at]);
        match (cell, self.best_backend()) {
            (Some(Cell::Failed(_)), Some(_)) => f64::INFINITY,
            (
                Some(Cell::Made {
                    seconds: Some(seconds),
                    ..
                }),
                Some((_, best)),
            ) => seconds / best,
            _ => 0.0,
        }
    }

    /// The fastest backend of TensorFlow.js.
    fn best_backend(&self) -> Option<(&str, f64)> {
        let backends = BACKENDS.iter().zip(&self.tfjs);
        backends
            .filter_map(|(name, cell)| Some((*name, cell.seconds()?)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl Cell {
    fn seconds(&self) -> Option<f64> {
        match self {
            Cell::Made { seconds, .. } => *seconds,
            _ => None,
        }
    }
}

/// The times of ours in Chromium, of the states `steps`.
pub fn by_step(steps: &[u64], result: &Result<Value, String>) -> Times {
    let seconds = result
        .as_ref()
        .ok()
        .and_then(|result| result["seconds"].as_array());
    let seconds = seconds.into_iter().flatten().filter_map(Value::as_f64);
    steps.iter().copied().zip(seconds).collect()
}

fn at(times: &Times, step: u64) -> Option<f64> {
    Some(times.iter().find(|(at, _)| *at == step)?.1)
}

fn last(times: &Times) -> Option<f64> {
    Some(times.last()?.1)
}

/// Seconds a step over the whole run: straight lines between the states, level before the first and after the last.
fn average(times: &Times) -> Option<f64> {
    let (first, last) = (times.first()?, times.last()?);
    if last.0 != STATES[STATES.len() - 1] {
        return None;
    }
    let ends = first.0 as f64 * first.1 + (WHOLE_RUN - last.0 as f64) * last.1;
    let between = times
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0) as f64 * (pair[0].1 + pair[1].1) / 2.0);
    Some((ends + between.sum::<f64>()) / WHOLE_RUN)
}

/// Milliseconds to three digits.
fn ms(seconds: Option<f64>) -> String {
    let Some(seconds) = seconds else {
        return "–".to_owned();
    };
    let ms = seconds * 1e3;
    match ms {
        100.0.. => format!("{ms:.0}"),
        10.0.. => format!("{ms:.1}"),
        1.0.. => format!("{ms:.2}"),
        _ => format!("{ms:.3}"),
    }
}

/// How many times as long `theirs` is as ours, on average or, where that is not known, in the last state.
fn ratio(theirs: Option<f64>, ours: &Times) -> String {
    let whole = average(ours);
    match (theirs, whole.or(last(ours))) {
        (Some(theirs), Some(ours)) => {
            let ratio = theirs / ours;
            let digits = if ratio < 10.0 { 1 } else { 0 };
            let mark = if whole.is_some() { "" } else { "\\*" };
            format!("{ratio:.digits$}{mark}")
        }
        _ => "–".to_owned(),
    }
}

/// One line about a setting, while the others are measured.
pub fn line(row: &Row) -> String {
    let mut line = format!(
        "ms a step: native {}, in Chromium {}",
        ms(average(&row.native).or(last(&row.native))),
        ms(average(&row.chromium).or(last(&row.chromium)))
    );
    for (name, cell) in row.cells().into_iter().skip(1) {
        match cell {
            Cell::NotAsked => {}
            Cell::Failed(why) => write!(line, ", {name}: {why}").expect("a string takes any text"),
            Cell::Made { seconds, .. } => {
                write!(line, ", {name} {}", ms(*seconds)).expect("a string takes any text");
            }
        }
    }
    line
}

/// The whole report; `machine` says where and when.
pub fn markdown(rows: &[Row], machine: &str) -> String {
    let parts = [
        introduction(rows, machine),
        native(rows),
        chromium(rows),
        backends(rows),
        remarks(rows),
    ];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("\n\n") + "\n"
}

fn introduction(rows: &[Row], machine: &str) -> String {
    format!(
        "# What a full-batch AdamW step takes, here and in other libraries\n\n\
         Made by `cargo xtask peers`. {machine} {}.\n\n\
         Milliseconds a step, the median of several, without warm-up. Data seed 9, init seed 1, reduction `mean`, S = 0.999 (0.99 \
         where n = 1,000), all other settings the paper's. Ours leaves out what it can prove inactive, so its time depends on the \
         state: it is taken after {}, {} and {} of {} steps, and on average over the run (straight lines between {} states, \
         whatever the run records or evaluates left out). The peers hold the examples as a dense float32 array, and their time \
         does not depend on the state. Each repeats up to {STEPS} steps and must come to the train loss of `lab train`.",
        versions(rows),
        grouped(EARLY),
        grouped(MIDDLE),
        grouped(LATE),
        grouped(WHOLE_RUN as u64),
        STATES.len(),
    )
}

fn native(rows: &[Row]) -> String {
    let heads = [
        "PyTorch, eager",
        "JAX, jitted",
        "PyTorch ÷ ours",
        "JAX ÷ ours",
    ];
    let cells = |row: &Row| {
        let (pytorch, jax) = (row.pytorch.seconds(), row.jax.seconds());
        let ratios = [pytorch, jax].map(|theirs| ratio(theirs, &row.native));
        [&[ms(pytorch), ms(jax)], &ratios[..]].concat()
    };
    let table = table(rows, |row| &row.native, &heads, cells);
    let mut text = format!("## Native: ours on one thread, the peers on all cores\n\n{table}");
    let short = |row: &Row| !row.native.is_empty() && average(&row.native).is_none();
    if rows.iter().any(short) {
        text += "\n\n\\* compared with ours in the last state that was timed";
    }
    text
}

fn chromium(rows: &[Row]) -> String {
    let heads = [
        "TensorFlow.js",
        "jax-js, wasm",
        "best peer ÷ ours",
        "Chromium ÷ native",
    ];
    let cells = |row: &Row| {
        let tfjs = row.best_backend();
        let jax_js = row.jax_js.seconds();
        let best = [tfjs.map(|(_, seconds)| seconds), jax_js];
        let best = best.into_iter().flatten().min_by(f64::total_cmp);
        let ours = average(&row.chromium).or(last(&row.chromium));
        let shown = |(name, seconds)| format!("{} ({name})", ms(Some(seconds)));
        vec![
            tfjs.map_or(ms(None), shown),
            ms(jax_js),
            ratio(best, &row.chromium),
            ratio(ours, &row.native),
        ]
    };
    let table = table(rows, |row| &row.chromium, &heads, cells);
    format!(
        "## Chromium: ours in one worker, the peers with all the threads that they use in an isolated page\n\n{table}"
    )
}

/// A line for each setting: what it is, our times, and what `cells` says under `heads`.
fn table(
    rows: &[Row],
    times: fn(&Row) -> &Times,
    heads: &[&str],
    cells: impl Fn(&Row) -> Vec<String>,
) -> String {
    let mut lines = vec![
        format!(
            "| n | m | T | ours, early | middle | late | average | {} |",
            heads.join(" | ")
        ),
        format!("|{}", "---:|".repeat(7 + heads.len())),
    ];
    for row in rows {
        let times = times(row);
        let ours = [EARLY, MIDDLE, LATE].map(|step| ms(at(times, step)));
        let average = ms(average(times));
        let cells = cells(row).join(" | ");
        lines.push(format!(
            "| {} | {} | {average} | {cells} |",
            key(row),
            ours.join(" | ")
        ));
    }
    lines.join("\n")
}

fn backends(rows: &[Row]) -> String {
    let mut lines = Vec::new();
    for row in rows.iter().filter(|row| row.best_backend().is_some()) {
        let times = row.tfjs.each_ref().map(|cell| ms(cell.seconds()));
        lines.push(format!("| {} | {} |", key(row), times.join(" | ")));
    }
    if lines.is_empty() {
        return String::new();
    }
    let head = format!(
        "| n | m | T | {} |\n|{}",
        BACKENDS.join(" | "),
        "---:|".repeat(6)
    );
    let title = "TensorFlow.js on each of its backends, `webgl` without a graphics card:";
    format!("{title}\n\n{head}\n{}", lines.join("\n"))
}

/// Who failed, and whose loss was another.
fn remarks(rows: &[Row]) -> String {
    let mut remarks = Vec::new();
    for row in rows {
        for (name, cell) in row.cells() {
            let remark = match cell {
                Cell::Failed(why) => why,
                Cell::Made {
                    doubt: Some(doubt), ..
                } => doubt,
                _ => continue,
            };
            let Setting { n, m, t, .. } = row.setting;
            let (n, t) = (grouped(n), grouped(t));
            remarks.push(format!("* {name} at n = {n}, m = {m}, T = {t}: {remark}."));
        }
    }
    remarks.join("\n")
}

/// Of all programs that took part.
fn versions(rows: &[Row]) -> String {
    let mut all = BTreeSet::new();
    for row in rows {
        for (_, cell) in row.cells() {
            if let Cell::Made { versions, .. } = cell {
                all.extend(versions.iter().map(String::as_str));
            }
        }
    }
    Vec::from_iter(all).join("; ")
}

fn key(row: &Row) -> String {
    let Setting { n, m, t, .. } = row.setting;
    format!("{} | {m} | {}", grouped(n), grouped(t))
}

/// 20,000 from 20000.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let from_end = |place: usize| digits.len() - place;
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && from_end(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_follows_straight_lines() {
        let line = STATES.map(|step| (step, step as f64)).to_vec();
        let ends = 100.0 * 100.0 + 5000.0 * 45_000.0;
        let between = (45_000.0 * 45_000.0 - 100.0 * 100.0) / 2.0;
        let expected = (ends + between) / 50_000.0;
        assert!((average(&line).unwrap() / expected - 1.0).abs() < 1e-12);
        assert_eq!(
            average(&line[..4].to_vec()),
            None,
            "without the late states"
        );
    }

    #[test]
    fn a_table_says_what_failed_and_what_differs() {
        let mut row = Row::new(Setting::new(2, 20_000));
        row.native = STATES.map(|step| (step, 0.002)).to_vec();
        row.jax = Cell::Made {
            seconds: Some(0.1),
            versions: vec!["JAX 1".to_owned()],
            doubt: Some("its loss differs".to_owned()),
        };
        row.jax_js = Cell::Failed("out of memory".to_owned());
        let text = markdown(&[row], "A machine.");
        for part in [
            "A machine. JAX 1.",
            "| 10,000 | 2 | 20,000 | 2.00 | 2.00 | 2.00 | 2.00 | – | 100 | – | 50 |",
            "* JAX at n = 10,000, m = 2, T = 20,000: its loss differs.",
            "* jax-js at n = 10,000, m = 2, T = 20,000: out of memory.",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn times_have_three_digits() {
        let shown = [0.000_012_34, 0.001_234, 0.012_34, 1.234].map(|seconds| ms(Some(seconds)));
        assert_eq!(shown, ["0.012", "1.23", "12.3", "1234"]);
    }
}
