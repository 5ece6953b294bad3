//! How is a grid written down? A base configuration, crossed with one list of values after the other.

use crate::train::{Config, ExampleCount};

/// Runs under construction.
#[derive(Clone)]
pub struct Runs(Vec<Config>);

impl Runs {
    pub fn of(base: Config) -> Self {
        Runs(vec![base])
    }

    /// Each run so far with each of `values`.
    pub fn over<V>(self, values: &[V], set: fn(&mut Config, &V)) -> Self {
        let with = |config: &Config, value| {
            let mut config = config.clone();
            set(&mut config, value);
            config
        };
        let crossed = self
            .0
            .iter()
            .flat_map(|config| values.iter().map(move |value| with(config, value)));
        Runs(crossed.collect())
    }

    pub fn and(mut self, other: Runs) -> Self {
        self.0.extend(other.0);
        self
    }

    pub fn data_seeds(self, count: u32) -> Self {
        let seeds: Vec<u32> = (1..=count).collect();
        self.over(&seeds, |config, &seed| config.data_seed = seed)
    }

    pub fn inits(self, count: u32) -> Self {
        let seeds: Vec<u32> = (1..=count).collect();
        self.over(&seeds, |config, &seed| config.init_seed = seed)
    }

    pub fn t(self, values: &[usize]) -> Self {
        self.over(values, |config, &t| config.t = ExampleCount::Finite(t))
    }

    pub fn at_infinity(self) -> Self {
        self.over(&[ExampleCount::Infinite], |config, &t| config.t = t)
    }

    /// Those of at most `most` examples.
    pub fn up_to(mut self, most: usize) -> Self {
        self.0
            .retain(|config| config.t.finite().is_some_and(|t| t <= most));
        self
    }

    /// Those that `others` lacks.
    pub fn but_not(mut self, others: &Runs) -> Self {
        self.0.retain(|config| !others.0.contains(config));
        self
    }

    pub fn m(self, values: &[usize]) -> Self {
        self.over(values, |config, &m| config.m = m)
    }

    pub fn steps(self, values: &[u64]) -> Self {
        self.over(values, |config, &steps| config.steps = steps)
    }

    pub fn list(self) -> Vec<Config> {
        self.0
    }
}
