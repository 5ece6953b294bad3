//! When are lists worth their keep? Not while a large share of the outputs is active, as at the start of every run: then the
//! dense path trains.

use super::Work;
use super::blocked::Blocked;
use wide::{f32x4, f32x8, f32x16};

use super::listed::Listed;
use crate::data::Examples;
use crate::model::Params;

/// Both paths of m ≥ 4 and which of them trains.
#[derive(Debug)]
pub struct Lists {
    blocked: Blocked,
    listed: Sizes,
    short: bool,
}

/// The lists at the least M that is enough.
#[derive(Debug)]
enum Sizes {
    Of4(Listed<f32x4, 1>),
    Of8(Listed<f32x8, 1>),
    Of16(Listed<f32x16, 1>),
    Of32(Listed<f32x16, 2>),
}

/// Lists are begun where at most this share of pairs is active, and given up at twice that.
const SHORT: f64 = 0.08;

/// Steps between two looks at the share, which cost up to a third of a dense gradient each: at first, and once it is clear that
/// the share falls slowly.
const PERIOD: u64 = 64;
const LATE_PERIOD: u64 = 512;
const LATE: u64 = 4096;

macro_rules! at_size {
    ($sizes:expr, $listed:ident => $call:expr) => {
        match $sizes {
            Sizes::Of4($listed) => $call,
            Sizes::Of8($listed) => $call,
            Sizes::Of16($listed) => $call,
            Sizes::Of32($listed) => $call,
        }
    };
}

/// How many pairs of example and feature there are. As a real number: a whole one of 32 bits, as a browser has, would overflow.
fn pairs(params: &Params, examples: &Examples) -> f64 {
    params.n() as f64 * examples.len() as f64
}

impl Lists {
    /// The path of m hidden dimensions.
    pub fn new(m: usize) -> Self {
        Lists {
            blocked: Blocked::default(),
            listed: match m {
                4 => Sizes::Of4(Listed::default()),
                5..=8 => Sizes::Of8(Listed::default()),
                9..=16 => Sizes::Of16(Listed::default()),
                _ => Sizes::Of32(Listed::default()),
            },
            short: false,
        }
    }

    /// Do lists train?
    pub fn is_short(&self) -> bool {
        self.short
    }

    /// Lists train from now on, or every pair.
    pub fn set_short(&mut self, short: bool) {
        self.short = short;
    }

    /// Begins with lists where that is due.
    pub fn prepare(&mut self, step: u64, params: &Params, examples: &Examples) {
        let period = if step < LATE { PERIOD } else { LATE_PERIOD };
        if !self.short && step.is_multiple_of(period) {
            let most = (SHORT * pairs(params, examples)) as u64;
            self.short =
                at_size!(&mut self.listed, listed => listed.has_at_most(most, params, examples));
        }
    }

    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)² into `d_params`.
    pub fn gradient(
        &mut self,
        params: &Params,
        examples: &Examples,
        d_params: &mut Params,
    ) -> Work {
        if !self.short {
            self.blocked.gradient(params, examples, d_params);
            return Work::default();
        }
        let work =
            at_size!(&mut self.listed, listed => listed.gradient(params, examples, d_params));
        self.short = work.active as f64 <= 2.0 * SHORT * pairs(params, examples);
        work
    }
}
