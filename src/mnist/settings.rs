//! What can be set of the classifier's training? One row a setting, from which all else follows.

use serde::{Deserialize, Serialize};

use crate::train::{ConfigError, Number, Range, with_defaults};

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $number:ident, $range:expr;)+) => {
        with_defaults! {
            /// All settings of a run.
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub struct Config {
                $($(#[doc = $doc])+ $name: $type = $default,)+
            }
        }

        /// [`Config`] in TypeScript.
        pub const TYPESCRIPT: &str = concat!(
            "/** Settings of a run of the classifier. */\nexport interface DigitsConfig {\n",
            $("  /**", $($doc,)+ " */\n  ", stringify!($name), ": number;\n",)+
            "}\n",
        );

        impl Config {
            /// Every setting's name, value and range.
            fn values(&self) -> impl Iterator<Item = (&'static str, f64, Range)> {
                [$((stringify!($name), self.$name as f64, Range { number: Number::$number, min: $range.0, max: $range.1 })),+].into_iter()
            }
        }
    };
}

settings! {
    /// m, hidden units.
    hidden: usize = 512, Whole, (16.0, 1024.0);
    /// T: how many training examples are used, from the first on.
    examples: usize = 60_000, Whole, (1.0, 60_000.0);
    /// Passes over the training examples.
    epochs: u64 = 20, Whole, (1.0, 1000.0);
    /// Examples of a mini-batch; the last of an epoch may have fewer.
    batch: usize = 128, Whole, (1.0, 10_000.0);
    /// Peak learning rate.
    lr: f64 = 1e-3, Real, (1e-6, 1.0);
    /// Decoupled decay of all parameters.
    weight_decay: f64 = 0.0, Real, (0.0, 10.0);
    /// Adam's memory of the gradient.
    beta1: f64 = 0.9, Real, (0.0, 0.99999);
    /// Adam's memory of its square.
    beta2: f64 = 0.999, Real, (0.0, 0.99999);
    /// Adam's eps.
    eps: f64 = 1e-8, Real, (1e-12, 1.0);
    /// Share of the training examples that get a wrong label.
    label_noise: f64 = 0.0, Real, (0.0, 1.0);
    /// Seed of the order of examples and of the wrong labels.
    data_seed: u32 = 1, Seed, (0.0, u32::MAX as f64);
    /// Seed of the initial parameters.
    init_seed: u32 = 1, Seed, (0.0, u32::MAX as f64);
}

/// Lanes are full, so that no kernel needs a rest.
const HIDDEN_STEP: usize = 16;

impl Config {
    /// Refuses what lies outside its range.
    ///
    /// # Errors
    /// Names the first wrong setting, its value and its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        for (name, value, range) in self.values() {
            range.check(name, value)?;
            if name == "hidden" && !self.hidden.is_multiple_of(HIDDEN_STEP) {
                let message = format!(
                    "hidden is {}; it must be a multiple of {HIDDEN_STEP} from {} to {}.",
                    self.hidden, range.min, range.max
                );
                return Err(ConfigError::new("hidden", message));
            }
        }
        Ok(())
    }
}
