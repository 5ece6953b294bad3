//! Did the model memorise an example that occurs several times? Two rules, and what they need of a run.
//!
//! The paper's comment asks whether the example is among the 0.1 % of largest D. Its R copies share one direction, so that
//! none can have a D above 1/R: with more copies than a learned feature has occurrences, the rule passes over examples
//! that the model has memorised. Nor does a large D say that the output is right. So we also ask for the loss on the example
//! itself: a model that outputs zero has 1, and one that knows a single feature of it has 1 less that feature's square.

use serde::{Deserialize, Serialize};

use crate::data::Examples;
use crate::report;
use crate::train::Trainer;

/// What became of a repeated example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    /// Its index.
    pub example: usize,
    /// R, how often it occurs.
    pub times: usize,
    /// D of each of its copies.
    pub dimensionality: f64,
    /// How many of the other examples have a larger D.
    pub above: usize,
    /// Its own loss, ‖x − x′‖².
    pub loss: f64,
    /// Its hidden vector, to four significant digits; empty in a record without vectors.
    pub hidden: Vec<f32>,
}

/// The share of examples of largest D that the paper's rule calls memorised.
const TOP: f64 = 1e-3;
/// An example counts as rebuilt below this loss: more of its length is there than is missing.
const REBUILT: f64 = 0.5;

impl Repeated {
    /// The repeated examples of a run as it stands, without their hidden vectors.
    pub fn all_of(trainer: &Trainer) -> Vec<Repeated> {
        let repeats = &trainer.config().repeats;
        if repeats.is_empty() {
            return Vec::new();
        }
        let d = report::example_dimensionality(trainer);
        let (params, examples) = (trainer.params(), trainer.examples());
        let of = |example: usize, times: usize| {
            let (features, values) = examples.row(example);
            let row = features.iter().copied().zip(values.iter().copied());
            let alone = Examples::from_rows(params.n(), &[row.collect()]);
            Repeated {
                example,
                times,
                dimensionality: d[example],
                above: d.iter().filter(|&&other| other > d[example]).count(),
                loss: trainer.config().variant().evaluate(&params, &alone).loss,
                hidden: Vec::new(),
            }
        };
        repeats.iter().map(|r| of(r.example, r.times)).collect()
    }

    /// Is it among the 0.1 % of largest D out of `examples`? The paper's rule.
    pub fn stands_out(&self, examples: usize) -> bool {
        (self.above as f64) < TOP * examples as f64
    }

    /// Does the model rebuild it, or does it at most know some of its features? Our rule.
    pub fn is_rebuilt(&self) -> bool {
        self.loss < REBUILT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Config, ExampleCount, Repeat};
    use std::ops::ControlFlow;

    fn after(steps: u64, times: usize) -> Repeated {
        let mut trainer = Trainer::new(Config {
            n: 200,
            sparsity: 0.97,
            t: ExampleCount::Finite(300),
            lr: 0.01,
            steps,
            test_examples: 10,
            repeats: vec![Repeat { example: 7, times }],
            ..Config::default()
        })
        .unwrap();
        trainer.run(|_| ControlFlow::Continue(()));
        Repeated::all_of(&trainer).pop().expect("one is repeated")
    }

    #[test]
    fn an_example_that_is_half_of_the_data_is_rebuilt_though_its_copies_share_one_direction() {
        let repeated = after(800, 150);
        assert!(repeated.is_rebuilt(), "{repeated:?}");
        assert!(!repeated.stands_out(300) && repeated.dimensionality <= 1.0 / 150.0);
    }

    #[test]
    fn an_example_is_not_rebuilt_before_training() {
        let repeated = after(1, 2);
        assert!(
            !repeated.is_rebuilt() && repeated.loss > 0.9,
            "{repeated:?}"
        );
    }

    #[test]
    fn standing_out_is_a_rank() {
        let ranked = |above| Repeated {
            example: 0,
            times: 3,
            dimensionality: 0.1,
            above,
            loss: 1.0,
            hidden: vec![0.0; 2],
        };
        assert!(ranked(0).stands_out(1000) && !ranked(1).stands_out(1000));
        assert!(ranked(9).stands_out(10_000) && !ranked(10).stands_out(10_000));
    }
}
