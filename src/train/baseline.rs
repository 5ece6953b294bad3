//! What must a run beat to have learned anything?

use super::{Config, source, test_examples, training_examples};
use crate::data::Stream;
use crate::measure::outcome::Baseline;
use crate::variant::{Loss, Variant};

impl Config {
    /// Losses of outputs that are the same for every example.
    ///
    /// Squared errors of outputs of zero for examples of length 1 sum to 1. Otherwise the examples are drawn again.
    pub fn baseline(&self) -> Baseline {
        let variant = self.variant();
        let Variant {
            loss, importance, ..
        } = variant;
        let losses = match loss == Loss::L2 && importance == 1.0 && self.unit_length {
            true => [1.0, 0.0, 1.0],
            false => {
                let examples = training_examples(self, &source(self, Stream::Train), 0);
                let [zero, least] = variant.bounds(&examples);
                let [test_zero, _] = variant.bounds(&test_examples(self));
                [zero, least, test_zero]
            }
        };
        Baseline::new(loss, (self.n, self.sparsity), self.t.finite(), losses)
    }
}
