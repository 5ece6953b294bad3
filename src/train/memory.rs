//! How much memory will a run take? An estimate from its settings alone, to warn with before anything is allocated.

use super::Config;

/// An active feature of an example: its index and its value.
const ACTIVE: f64 = 8.0;
/// What else an example needs: where its row begins, and twice its place in an order.
const EXAMPLE: f64 = 16.0;
/// Copies of each parameter: itself, its gradient, two moments, and two while the run is measured or saved.
const COPIES: f64 = 6.0;

impl Config {
    /// About how many bytes a run with these settings takes.
    pub fn memory(&self) -> f64 {
        let (n, m) = (self.n as f64, self.m as f64);
        // Those of training as they were drawn, and once more in the order that suits the gradient.
        let examples = 2 * self.examples_a_step() + self.test_examples;
        let active = (n * (1.0 - self.sparsity)).max(1.0);
        let matrices = if self.untied { 2.0 } else { 1.0 };
        let hidden = 2.0 * 4.0 * m;
        examples as f64 * (ACTIVE * active + hidden + EXAMPLE)
            + COPIES * 4.0 * n * (matrices * m + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{ExampleCount, Trainer};

    #[test]
    fn the_estimate_holds_what_a_run_stores_and_is_no_more_than_twice_that() {
        for (n, sparsity, t) in [(10_000, 0.999, 5), (1000, 0.9, 2000), (200, 0.0, 50)] {
            let config = Config {
                n,
                sparsity,
                t: ExampleCount::Finite(t),
                ..Config::default()
            };
            let trainer = Trainer::new(config.clone()).unwrap();
            let stored = [trainer.examples(), trainer.test_examples()]
                .map(|examples| 8 * (examples.active() + examples.len()))
                .iter()
                .sum::<usize>()
                + 4 * 4 * trainer.params().padded().len();
            let share = config.memory() / stored as f64;
            assert!((1.0..2.0).contains(&share), "n = {n}, T = {t}: {share}");
        }
    }
}
