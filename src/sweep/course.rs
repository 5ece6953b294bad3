//! What did a run learn on the way, perhaps to let it go? Dimensionalities at fifty moments of its training.

use serde::{Deserialize, Serialize};

use super::record::rounded;
use crate::math;
use crate::report;
use crate::train::Trainer;

/// The largest dimensionalities after `step` updates, in descending order and to four significant digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Updates made.
    pub step: u64,
    /// D of features.
    pub features: Vec<f32>,
    /// D of examples that occur once.
    pub examples: Vec<f32>,
    /// D of the examples that occur several times, in the order of the configuration.
    pub repeated: Vec<f32>,
}

/// Moments of a run, at equal distances; the last is its end.
const MOMENTS: u64 = 50;
/// How many of each kind: one more than the corners of a pentagon.
pub const LARGEST: usize = 6;

/// Is a moment kept after `step` of `steps` updates?
fn is_moment(step: u64, steps: u64) -> bool {
    step == steps || step.is_multiple_of(steps.div_ceil(MOMENTS))
}

/// Appends the present moment, if it is one to keep. To be called after every step.
pub fn observe(course: &mut Vec<Moment>, trainer: &Trainer) {
    let (step, config) = (trainer.steps_done(), trainer.config());
    if !is_moment(step, config.steps) || trainer.diverged_at().is_some() {
        return;
    }
    let mut examples = report::example_dimensionality(trainer);
    let repeated = config.repeats.iter().map(|repeat| examples[repeat.example]);
    let repeated = repeated.map(rounded).collect();
    // Copies stand behind all that occur once.
    let copies: usize = config.repeats.iter().map(|repeat| repeat.times - 1).sum();
    examples.truncate(examples.len() - copies);
    for repeat in &config.repeats {
        examples[repeat.example] = 0.0;
    }
    course.push(Moment {
        step,
        features: largest(report::feature_dimensionality(trainer)),
        examples: largest(examples),
        repeated,
    });
}

fn largest(mut values: Vec<f64>) -> Vec<f32> {
    math::sort(&mut values);
    values
        .into_iter()
        .rev()
        .take(LARGEST)
        .map(rounded)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Config, ExampleCount, Repeat};
    use std::ops::ControlFlow;

    #[test]
    fn a_course_has_fifty_moments_of_those_that_occur_once_and_those_that_do_not() {
        let config = Config {
            n: 100,
            sparsity: 0.95,
            t: ExampleCount::Finite(12),
            lr: 0.01,
            steps: 500,
            test_examples: 10,
            repeats: vec![Repeat {
                example: 2,
                times: 4,
            }],
            ..Config::default()
        };
        let mut trainer = Trainer::new(config).unwrap();
        let mut course = Vec::new();
        trainer.run(|trainer| {
            observe(&mut course, trainer);
            ControlFlow::Continue(())
        });
        let steps: Vec<u64> = course.iter().map(|moment| moment.step).collect();
        assert_eq!(steps, (1..=50).map(|k| 10 * k).collect::<Vec<_>>());
        let end = course.last().unwrap();
        let d = report::example_dimensionality(&trainer);
        assert_eq!(end.repeated, [rounded(d[2])]);
        let once = [0, 1, 3, 4, 5, 6, 7, 8].map(|i| d[i]);
        assert_eq!(end.examples, largest(once.to_vec()));
        assert_eq!(end.features.len(), LARGEST);
    }
}
