//! How does a run go? A checked configuration, one full-batch update after the other, and a thinned history.

mod baseline;
mod checkpoint;
mod config;
mod memory;
mod number;
mod numerics;
mod settings;
mod values;
mod working;

use std::borrow::Cow;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

pub use checkpoint::{Checkpoint, CheckpointError};
pub use config::ConfigError;
pub use number::{Number, Range, Why, Wrong};
pub use numerics::Numerics;
pub(crate) use settings::with_defaults;
pub use settings::{Config, Group, HELP, InFull, Kind, SETTINGS, Setting, TYPESCRIPT};
pub use values::{ExampleCount, Nudge, Repeat};

use crate::data::{Examples, Source, Stream};

use crate::gradient::Work;
use crate::math;
use crate::model::Params;
use crate::optim::Moments;
use working::Working;

/// Losses after `step` updates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// Updates made.
    pub step: u64,
    /// Loss on the training examples (on the coming batch where T is infinite).
    pub train_loss: f64,
    /// Loss on the test examples.
    pub test_loss: f64,
}

/// One training run.
#[derive(Debug)]
pub struct Trainer {
    config: Config,
    train: Source,
    /// The training examples, or the coming batch where T is infinite.
    examples: Examples,
    test: Examples,
    working: Working,
    step: u64,
    history: Vec<HistoryPoint>,
    diverged_at: Option<u64>,
}

impl Trainer {
    /// A run at step 0.
    ///
    /// # Errors
    /// If a setting is outside its range.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        config.check()?;
        let numerics = Numerics::of(&config);
        Ok(Trainer::begun(config, numerics))
    }

    /// A run at step 0 whose gradients are computed as those of a stored run.
    ///
    /// # Errors
    /// If a setting is outside its range, or this program can't [make](Numerics::can_make) such a run.
    pub fn made_with(config: Config, numerics: Numerics) -> Result<Self, ConfigError> {
        config.check()?;
        match numerics.can_make(&config) {
            true => Ok(Trainer::begun(config, numerics)),
            false => Err(ConfigError {
                field: None,
                message: format!(
                    "this program can't make the run with {numerics}; it has {}.",
                    Numerics::list()
                ),
                nearest: None,
            }),
        }
    }

    fn begun(config: Config, numerics: Numerics) -> Self {
        let mut trainer = Trainer::at_start(config, numerics);
        trainer.record_history();
        trainer
    }

    /// A run at step 0, nothing recorded, of a checked configuration.
    fn at_start(config: Config, numerics: Numerics) -> Self {
        let train = source(&config, Stream::Train);
        Trainer {
            examples: training_examples(&config, &train, 0),
            train,
            test: test_examples(&config),
            working: Working::new(&config, numerics.path),
            step: 0,
            history: Vec::new(),
            diverged_at: None,
            config,
        }
    }

    /// One full-batch update. Does nothing once the run is [finished](Self::is_finished).
    pub fn step(&mut self) {
        if self.is_finished() {
            return;
        }
        if let Some(nudge) = self.config.nudge.filter(|nudge| nudge.step == self.step) {
            self.working.nudge(nudge.size, self.config.init_seed);
        }
        let finite = self.working.step(&self.config, self.step, &self.examples);
        self.step += 1;
        if !finite {
            self.diverged_at = Some(self.step);
            return;
        }
        if self.config.t == ExampleCount::Infinite {
            let batch = batch_range(self.config.batch, self.step);
            self.train.fill(batch, &mut self.examples);
        }
        if is_history_step(self.step, self.config.steps) {
            self.record_history();
        }
    }

    /// Steps to the end, or until `observer`, asked after every step, breaks.
    pub fn run(&mut self, mut observer: impl FnMut(&Trainer) -> ControlFlow<()>) {
        while !self.is_finished() {
            self.step();
            if observer(self).is_break() {
                return;
            }
        }
    }

    fn record_history(&mut self) {
        self.history.push(HistoryPoint {
            step: self.step,
            train_loss: self.train_loss(),
            test_loss: self.test_loss(),
        });
    }

    /// Loss on the training examples, now.
    pub fn train_loss(&self) -> f64 {
        self.loss_on(&self.examples)
    }

    /// Loss on the test examples, now.
    pub fn test_loss(&self) -> f64 {
        self.loss_on(&self.test)
    }

    fn loss_on(&self, examples: &Examples) -> f64 {
        let variant = self.config.variant();
        variant.evaluate(&self.params(), examples).loss
    }

    /// All steps made, or diverged.
    pub fn is_finished(&self) -> bool {
        self.step >= self.config.steps || self.diverged_at.is_some()
    }

    /// The step after which a parameter was no longer finite.
    pub fn diverged_at(&self) -> Option<u64> {
        self.diverged_at
    }

    /// Number of updates made.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What the gradient of the last step did; nothing where every pair was computed.
    pub fn work(&self) -> Work {
        self.working.work()
    }

    /// W and b.
    pub fn params(&self) -> Cow<'_, Params> {
        self.working.params()
    }

    /// What AdamW keeps of the gradients so far.
    pub fn moments(&self) -> Moments {
        self.working.moments()
    }

    /// The arithmetic of the run.
    pub fn numerics(&self) -> Numerics {
        Numerics::now(self.working.path())
    }

    /// The training examples; where T is infinite, the batch of the coming step.
    pub fn examples(&self) -> &Examples {
        &self.examples
    }

    /// The training examples; where T is infinite, the batch that followed after `step` updates.
    pub fn examples_at(&self, step: u64) -> Cow<'_, Examples> {
        match self.config.t {
            ExampleCount::Finite(_) => Cow::Borrowed(&self.examples),
            ExampleCount::Infinite => {
                Cow::Owned(training_examples(&self.config, &self.train, step))
            }
        }
    }

    /// The test examples.
    pub fn test_examples(&self) -> &Examples {
        &self.test
    }

    /// Losses at about eight steps per decade, from step 0 to now.
    pub fn history(&self) -> &[HistoryPoint] {
        &self.history
    }

    /// h (T, m), the hidden vectors of the training examples, now.
    pub fn hidden(&self) -> Vec<f32> {
        self.config.variant().hidden(&self.params(), &self.examples)
    }
}

fn source(config: &Config, stream: Stream) -> Source {
    Source::new(
        config.n,
        config.sparsity,
        config.unit_length,
        config.data_seed,
        stream,
    )
}

fn test_examples(config: &Config) -> Examples {
    source(config, Stream::Test).examples(0..config.test_examples as u64)
}

/// All T examples with their repeats, or the batch of `step` where T is infinite.
fn training_examples(config: &Config, source: &Source, step: u64) -> Examples {
    let ExampleCount::Finite(t) = config.t else {
        return source.examples(batch_range(config.batch, step));
    };
    let copies: usize = config.repeats.iter().map(|repeat| repeat.times - 1).sum();
    let mut examples = source.examples(0..(t - copies) as u64);
    for repeat in &config.repeats {
        for _ in 1..repeat.times {
            examples.repeat_row(repeat.example);
        }
    }
    examples
}

/// Indices of the examples of one step where T is infinite: no two steps share any.
fn batch_range(batch: usize, step: u64) -> std::ops::Range<u64> {
    step * batch as u64..(step + 1) * batch as u64
}

/// History points per decade of steps.
const PER_DECADE: u32 = 8;

/// Is `step` one that history records: evenly spaced on a logarithmic axis, and the last?
fn is_history_step(step: u64, steps: u64) -> bool {
    is_evenly_spaced(step, steps, PER_DECADE)
}

/// Is `step` the first, the last of `steps`, or one of `per_decade` steps per decade, evenly spaced on a logarithmic axis? With
/// half as many per decade they are a subset of these.
pub fn is_evenly_spaced(step: u64, steps: u64, per_decade: u32) -> bool {
    let decades = |step: u64| (math::log10(step as f64) * f64::from(per_decade)).floor();
    step == steps || step <= 1 || decades(step) > decades(step - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_eight_points_per_decade_every_second_is_one_of_four() {
        let of = |count| (0..=50_000).filter(move |&step| is_evenly_spaced(step, 50_000, count));
        let (eight, four): (Vec<u64>, Vec<u64>) = (of(8).collect(), of(4).collect());
        assert!(four.iter().all(|step| eight.contains(step)), "{four:?}");
        assert_eq!([four[0], four[four.len() - 1]], [0, 50_000]);
        assert!(four.len() < eight.len() * 2 / 3);
    }

    fn small(t: ExampleCount) -> Config {
        Config {
            n: 100,
            t,
            sparsity: 0.95,
            steps: 60,
            batch: 7,
            test_examples: 50,
            ..Config::default()
        }
    }

    #[test]
    fn history_has_eight_points_per_decade_and_both_ends() {
        let steps: Vec<u64> = (0..=50_000)
            .filter(|&s| is_history_step(s, 50_000))
            .collect();
        assert_eq!((steps[0], *steps.last().unwrap()), (0, 50_000));
        assert!((30..=40).contains(&steps.len()), "{steps:?}");
    }

    #[test]
    fn training_lowers_the_loss_and_records_it() {
        let mut trainer = Trainer::new(Config {
            lr: 0.02,
            ..small(ExampleCount::Finite(4))
        })
        .unwrap();
        trainer.run(|_| ControlFlow::Continue(()));
        let history = trainer.history();
        assert_eq!(history.last().unwrap().step, 60);
        assert!(history.last().unwrap().train_loss < 0.9 * history[0].train_loss);
        assert_eq!(history.last().unwrap().train_loss, trainer.train_loss());
    }

    #[test]
    fn a_run_that_diverges_ends_as_a_result() {
        let mut trainer = Trainer::new(Config {
            steps: 1000,
            ..small(ExampleCount::Finite(4))
        })
        .unwrap();
        trainer.working.params_mut().padded_mut()[3] = f32::INFINITY;
        trainer.run(|_| ControlFlow::Continue(()));
        assert_eq!(trainer.diverged_at(), Some(1));
        assert!(trainer.is_finished());
    }

    #[test]
    fn infinite_examples_never_come_twice() {
        let mut trainer = Trainer::new(small(ExampleCount::Infinite)).unwrap();
        let first = trainer.examples().clone();
        trainer.step();
        assert_eq!((first.len(), trainer.examples().len()), (7, 7));
        assert!(
            first
                .rows()
                .all(|row| trainer.examples().rows().all(|other| other != row))
        );
        assert_eq!(*trainer.examples_at(0), first);
    }

    #[test]
    fn a_nudge_moves_the_biases_and_nothing_before_it() {
        let size = 0.5;
        for untied in [false, true] {
            let [mut without, mut with] = [None, Some(Nudge { step: 30, size })].map(|nudge| {
                let config = Config {
                    // So slow that what is left is the nudge.
                    lr: 1e-6,
                    nudge,
                    untied,
                    ..small(ExampleCount::Finite(4))
                };
                Trainer::new(config).unwrap()
            });
            for step in 1..=31 {
                assert!(step == 31 || with.params() == without.params());
                without.step();
                with.step();
            }
            let (before, after) = (without.params().into_owned(), with.params().into_owned());
            let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-5;
            assert!(before.split().0.iter().zip(after.split().0).all(near));
            let (before, after) = (before.b(), after.b());
            let kicks = before.iter().zip(&after).map(|(a, b)| f64::from(b - a));
            let square = kicks.map(|kick| kick * kick).sum::<f64>() / 100.0;
            // Of 100 normal numbers, four standard deviations from what is expected.
            let error = size * size * (2.0f64 / 100.0).sqrt();
            assert!((square - size * size).abs() < 4.0 * error, "{square}");
        }
    }

    #[test]
    fn a_repeated_example_takes_the_last_places() {
        let repeats = vec![Repeat {
            example: 2,
            times: 3,
        }];
        let config = Config {
            repeats,
            ..small(ExampleCount::Finite(6))
        };
        let trainer = Trainer::new(config).unwrap();
        let x = trainer.examples();
        assert_eq!(x.len(), 6);
        assert!(x.row(4) == x.row(2) && x.row(5) == x.row(2) && x.row(3) != x.row(2));
    }
}
