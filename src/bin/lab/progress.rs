//! How far is it? A bar with the remaining time in a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressStyle};

use crate::out;
use crate::summary::{duration, grouped};

/// Between two lines where there is no terminal.
const LINE: Duration = Duration::from_secs(10);

/// A bar of fewer columns has no room for its words.
const NARROWEST: u16 = 50;

/// Is the standard error a terminal that moves its cursor, and wide enough?
fn draws_bars() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    let (_, columns) = Term::stderr().size();
    stderr().is_terminal() && !is_dumb && columns >= NARROWEST
}

/// Progress of all runs together, for several threads.
pub struct Progress {
    bar: Option<ProgressBar>,
    lines: Mutex<Lines>,
}

struct Lines {
    /// Runs finished and runs in all, where these are shown and what is counted are not steps but work.
    runs: Option<(usize, usize)>,
    total: u64,
    done: u64,
    /// Of `done`, what was not made since `start`, from which on the speed counts.
    before: u64,
    start: Instant,
    last: Instant,
}

impl Progress {
    /// Progress towards `total` steps.
    pub fn new(total: u64) -> Self {
        Self::with("{human_pos} of {human_len} steps", total, None)
    }

    /// Progress towards `work` in any unit, shown as the number of `runs` that are finished.
    pub fn of_runs(runs: usize, work: u64) -> Self {
        let progress = Self::with("{msg}", work, Some((0, runs)));
        if let Some(bar) = &progress.bar {
            bar.set_message(format!("0 of {runs} runs"));
        }
        progress
    }

    fn with(what: &str, total: u64, runs: Option<(usize, usize)>) -> Self {
        let bar = draws_bars().then(|| {
            let style = format!("{{wide_bar}} {what}, {{eta}} left");
            let style = ProgressStyle::with_template(&style).expect("a valid template");
            ProgressBar::new(total).with_style(style)
        });
        let now = Instant::now();
        let lines = Lines {
            runs,
            total,
            done: 0,
            before: 0,
            start: now,
            last: now,
        };
        Progress {
            bar,
            lines: Mutex::new(lines),
        }
    }

    /// Counts steps that were made before this process, which say nothing about its speed.
    pub fn already(&self, steps: u64) {
        if steps == 0 {
            return;
        }
        if let Some(bar) = &self.bar {
            bar.inc(steps);
            bar.reset_eta();
        }
        let mut lines = self.lines.lock().expect("no thread panics");
        lines.done += steps;
        lines.before += steps;
    }

    /// Forgets the speed so far: what comes is faster or slower.
    pub fn estimate_anew(&self) {
        if let Some(bar) = &self.bar {
            bar.reset_eta();
        }
        let mut lines = self.lines.lock().expect("no thread panics");
        lines.before = lines.done;
        lines.start = Instant::now();
    }

    /// Counts steps that were made just now.
    pub fn add(&self, steps: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(steps);
            return;
        }
        let mut lines = self.lines.lock().expect("no thread panics");
        lines.done += steps;
        if lines.last.elapsed() >= LINE {
            lines.last = Instant::now();
            out::remark(lines.text());
        }
    }

    /// Counts a run whose work is counted already.
    pub fn finished_run(&self) {
        let mut lines = self.lines.lock().expect("no thread panics");
        if let Some((done, _)) = &mut lines.runs {
            *done += 1;
        }
        if let Some(bar) = &self.bar {
            bar.set_message(lines.done());
        }
    }

    /// A line above the bar.
    pub fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| out::remark(line)),
            None => out::remark(line),
        }
    }

    /// Clears the bar.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    fn text(&self) -> String {
        let made = (self.done - self.before).max(1) as f64;
        let rest = (self.total - self.done) as f64 / made * self.start.elapsed().as_secs_f64();
        format!("{}, {} left", self.done(), duration(rest))
    }

    fn done(&self) -> String {
        match self.runs {
            Some((done, runs)) => format!("{done} of {runs} runs"),
            None => format!("{} of {} steps", grouped(self.done), grouped(self.total)),
        }
    }
}
