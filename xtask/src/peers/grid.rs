//! Which runs are timed, and at which of their steps?

/// A whole run, and the states of it that are timed; an average over the run goes in straight lines between them.
pub const WHOLE_RUN: f64 = 50_000.0;
pub const STATES: [u64; 10] = [
    100, 500, 1500, 2500, 5000, 10_000, 17_500, 25_000, 35_000, 45_000,
];
/// The states that the table shows.
pub const EARLY: u64 = 100;
pub const MIDDLE: u64 = 2500;
pub const LATE: u64 = 25_000;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    pub n: u64,
    pub m: u64,
    pub t: u64,
    pub sparsity: f64,
}

impl Setting {
    pub const fn new(m: u64, t: u64) -> Self {
        Setting {
            n: 10_000,
            m,
            t,
            sparsity: 0.999,
        }
    }

    /// Does the way to the late states take minutes? Then `--no-late` does without them.
    pub fn is_long(self) -> bool {
        self.t >= 5000 || self.m >= 32
    }

    pub fn name(self) -> String {
        format!("n{}-m{}-t{}", self.n, self.m, self.t)
    }
}

const fn few_features(m: u64) -> Setting {
    Setting {
        n: 1000,
        sparsity: 0.99,
        ..Setting::new(m, 1000)
    }
}
pub const GRID: [Setting; 14] = [
    Setting::new(2, 5),
    Setting::new(2, 30),
    Setting::new(2, 100),
    Setting::new(2, 1000),
    Setting::new(2, 5000),
    Setting::new(2, 20_000),
    Setting::new(4, 1000),
    Setting::new(8, 100),
    Setting::new(8, 1000),
    Setting::new(8, 5000),
    Setting::new(16, 1000),
    Setting::new(32, 1000),
    few_features(2),
    few_features(8),
];
pub const QUICK: [Setting; 2] = [Setting::new(2, 100), Setting::new(2, 1000)];
