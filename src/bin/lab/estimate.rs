//! What would a sweep cost? A few steps of each kind of run, timed.

use std::hint::black_box;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use superposition::train::{Config, Trainer};

use crate::progress::Progress;
use crate::summary::duration;

/// How long to time each kind of run, and how many steps at least and at most. A history has a point at almost each
/// of the first ten.
const TIME: Duration = Duration::from_secs(1);
const STEPS: RangeInclusive<u64> = 20..=400;

/// Points of a history, about.
const HISTORY: f64 = 40.0;

/// A table of the kinds of run with the cost of each, and the sum.
pub fn text(configs: &[Config], threads: usize) -> Result<String, String> {
    let mut kinds: Vec<(Config, Vec<&Config>)> = Vec::new();
    for config in configs {
        let kind = kind(config);
        match kinds.iter_mut().find(|(other, _)| *other == kind) {
            Some((_, runs)) => runs.push(config),
            None => kinds.push((kind, vec![config])),
        }
    }
    let progress = Progress::of_runs(kinds.len(), kinds.len() as u64);
    let mut text = format!(
        "{:>8} {:>4} {:>7} {:>5} {:>6} {:>13} {:>12}\n",
        "T", "m", "n", "loss", "runs", "ms per step", "core-hours"
    );
    let mut total = 0.0;
    for (kind, runs) in &kinds {
        let Cost { step, evaluation } = cost(kind)?;
        let seconds = |run: &&Config| run.steps as f64 * step + HISTORY * evaluation;
        let hours = runs.iter().map(seconds).sum::<f64>() / 3600.0;
        total += hours;
        text += &format!(
            "{:>8} {:>4} {:>7} {:>5} {:>6} {:>13.3} {hours:>12.2}\n",
            kind.t.to_string(),
            kind.m,
            kind.n,
            kind.reduction.name(),
            runs.len(),
            1000.0 * step
        );
        progress.add(1);
        progress.finished_run();
    }
    progress.finish();
    text += &format!(
        "About {total:.1} core-hours, {} with --jobs {threads}, going by early steps.\n",
        duration(3600.0 * total / threads as f64)
    );
    Ok(text)
}

/// All but what hardly changes what a step costs, which is the default's.
fn kind(config: &Config) -> Config {
    let default = Config::default();
    Config {
        steps: default.steps,
        lr: default.lr,
        weight_decay: default.weight_decay,
        beta1: default.beta1,
        beta2: default.beta2,
        eps: default.eps,
        warm_up: default.warm_up,
        data_seed: default.data_seed,
        init_seed: default.init_seed,
        nudge: default.nudge,
        ..config.clone()
    }
}

/// Seconds.
struct Cost {
    step: f64,
    evaluation: f64,
}

fn cost(kind: &Config) -> Result<Cost, String> {
    // A schedule of so few steps warms up fast, so that the model soon is as busy as one that has learned something.
    let config = Config {
        steps: *STEPS.end(),
        ..kind.clone()
    };
    let mut trainer = Trainer::new(config).map_err(|error| error.to_string())?;
    let start = Instant::now();
    let mut steps = Vec::new();
    while !trainer.is_finished()
        && (start.elapsed() < TIME || trainer.steps_done() < *STEPS.start())
    {
        let (before, points) = (Instant::now(), trainer.history().len());
        trainer.step();
        // A step that also evaluates says nothing about the others.
        if trainer.history().len() == points {
            steps.push(before.elapsed().as_secs_f64());
        }
    }
    // The median of the later half: other programs may have been at work, too.
    let mut later = steps.split_off(steps.len() / 2);
    later.sort_by(f64::total_cmp);
    let step = later[later.len() / 2];
    let start = Instant::now();
    black_box((trainer.train_loss(), trainer.test_loss()));
    let evaluation = start.elapsed().as_secs_f64();
    Ok(Cost { step, evaluation })
}
