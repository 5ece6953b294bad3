//! What did a run become? Nothing, a memory of its examples, features, or something between: decided here, and nowhere else.
//!
//! The rules need no more than what a store keeps of a run (losses, the polygon, the largest dimensionalities), so that a run
//! that was stored and the same run live become the same. Their numbers were chosen by looking at the stored runs, and
//! each says what it separates.

use serde::Serialize;

use super::Polygon;
use crate::math;
use crate::variant::Loss;

/// Train losses up to this, as a share of the loss of outputs of zero, are those of examples memorised exactly, and what is
/// left is rounding. Of runs at T ≤ 20 all errors of an example are below 5·10⁻⁶ or above 6·10⁻⁵: if two
/// examples share a feature, an error is left.
pub const MEMORISED: f64 = 1e-6;

/// The largest D from which on features count as learned: beyond any D of features while examples are memorised, at half of
/// what the corners of a pentagon have.
pub const LEARNED: f64 = 0.12;

/// Share of the train loss of a constant that must be gone before examples count as memorised in part. With less, hardly one
/// of them is memorised by itself: at T = 200, n = 1,000, where 0.14 to 0.17 are gone, 2 to 5 examples have lost half of
/// their loss; at T = 100, n = 10,000, where it is 0.17 to 0.22, about 15 have.
pub const PARTLY: f64 = 0.16;

/// Up to this many examples, one that is not memorised is a failure of the optimisation, which another init may not
/// have. Among more, some share features, and the paper's own runs leave some out.
pub const FEW: usize = 24;

/// Share of the train loss of a constant below which nothing is gone: the closed form of that loss is no more exact.
pub const NOTHING: f64 = 0.002;

/// Test losses from this multiple of that of zero outputs on do harm. Biases that equal the mean of two examples have 1.5.
pub const HARM: f64 = 2.0;

/// Share of what is learned of the training examples that must hold for new ones, too, before it is not memorised, and share of
/// what a constant gains on new examples that features must gain at least: T = ∞ at paper scale, whose batches are small, ends
/// at 0.6.
pub const GENERALISES: f64 = 0.5;

/// What it became.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// A parameter was no longer finite.
    Diverged {
        /// The number of updates before it.
        step: u64,
    },
    /// No better than a constant on the training examples.
    Nothing,
    /// No better than a constant on the training examples, and far worse than outputs of zero on others.
    Harmed,
    /// Every example is memorised.
    Memorised {
        /// T.
        examples: usize,
        /// Without an error but rounding.
        exact: bool,
        /// What hidden vectors form at m = 2, for a model and at least three examples that a polygon can hold.
        form: Option<Form>,
    },
    /// Of few examples most are memorised, and the others are not.
    AllBut {
        /// T.
        examples: usize,
        /// Those that are not.
        missing: usize,
    },
    /// Some are memorised.
    Partly {
        /// T.
        examples: usize,
        /// As many as the loss that is gone is worth.
        memorised: usize,
    },
    /// Some features have a good part of a dimension each, and new examples gain by it.
    Features {
        /// How many; none if not enough D's are known.
        count: Option<usize>,
        /// The largest D.
        largest: f64,
        /// The D of the last of them.
        least: Option<f64>,
        /// The largest D of the others.
        next: Option<f64>,
    },
    /// Something was learned, and it is neither.
    Between {
        /// As many examples as the loss that is gone is worth; none where T is infinite.
        memorised: Option<usize>,
        /// Features whose D is as large as that of learned ones, without a gain on new examples; none if not known.
        standing: Option<usize>,
        /// The largest D of a feature.
        largest: f64,
    },
}

/// What the hidden vectors of memorised examples form at m = 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A regular polygon.
    Polygon,
    /// All are on one circle, unevenly.
    Circle,
    /// They memorise exactly, and not on one circle. In stored runs that is always a second circle behind a gap, as in
    /// [`theory::ring_around_one`](crate::theory::ring_around_one).
    TwoCircles,
    /// Anything else.
    Uneven,
}

/// What a run became, and what it does to new examples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The kind, with its numbers.
    #[serde(flatten)]
    pub kind: Kind,
    /// The test loss as a multiple of that of outputs of zero, from [`HARM`] on.
    pub harm: Option<f64>,
}

/// What an outcome is told from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// T; none if infinite.
    pub examples: Option<usize>,
    /// Loss on the training examples.
    pub train_loss: f64,
    /// Loss on the test examples.
    pub test_loss: f64,
    /// What there is to beat.
    pub baseline: Baseline,
    /// Hidden vectors as a polygon, at m = 2.
    pub polygon: Option<&'a Polygon>,
    /// Can a polygon be the closed form's?
    pub has_closed_form: bool,
    /// The largest D's of features, from the largest on, as far as they are known.
    pub largest: &'a [f64],
    /// Are these all?
    pub all_known: bool,
}

/// Losses of outputs that are the same for every example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Train loss of outputs of zero.
    pub zero: f64,
    /// Train loss of the constant that suits the training examples best.
    pub constant: f64,
    /// The least train loss that outputs can have.
    pub least: f64,
    /// Test loss of outputs of zero.
    pub test_zero: f64,
    /// Test loss of the constant that suits all examples best.
    pub test_constant: f64,
}

impl Baseline {
    /// With `loss` and examples of n features and this sparsity, T of them (none if infinite), from [`zero`](Self::zero),
    /// [`least`](Self::least) and [`test_zero`](Self::test_zero).
    ///
    /// A constant gains on T examples what it can rebuild of one feature that one of them has, and besides, with squared
    /// errors, ‖E x‖²/E‖x‖² = (1 − S) (E u)²/E u² = 3/4 (1 − S) for values u that are uniform between 0 and 1. Sums of
    /// (T − 1) c² + (x − c)² are least at (1 − 1/T) x², of fourth powers at x⁴ (s/(1 + s))³ with s³ = T − 1; the median of
    /// three or more is zero; and the best softmax of T different supports is off by ln T more than the least, where that of
    /// zeros is off by ln n.
    pub fn new(
        loss: Loss,
        (n, sparsity): (usize, f64),
        examples: Option<usize>,
        [zero, least, test_zero]: [f64; 3],
    ) -> Baseline {
        let common = match loss {
            Loss::L2 => 1.0 - 0.75 * (1.0 - sparsity),
            _ => 1.0,
        };
        // One example is memorised by a constant.
        let others = match examples {
            Some(t) if t > 1 => t as f64 - 1.0,
            _ => f64::INFINITY,
        };
        let rest = |s: f64| 1.0 / (1.0 + 1.0 / s);
        let own = match loss {
            Loss::L2 => zero * rest(others),
            Loss::L4 => zero * math::powf(rest(math::powf(others, 1.0 / 3.0)), 3.0),
            Loss::L1 => zero,
            Loss::CrossEntropy => {
                zero.min(least + zero * math::ln(others + 1.0) / math::ln(n as f64))
            }
        };
        Baseline {
            zero,
            constant: own * common,
            least,
            test_zero,
            test_constant: test_zero * common,
        }
    }
}

impl Outcome {
    /// The outcome of a run that diverged at `step`.
    pub fn diverged(step: u64) -> Outcome {
        Outcome {
            kind: Kind::Diverged { step },
            harm: None,
        }
    }

    /// The outcome of a run that did not diverge; none if it depends on D's of features of which none is known.
    pub fn of(facts: &Facts) -> Option<Outcome> {
        let times = facts.test_loss / facts.baseline.test_zero;
        Some(Outcome {
            kind: facts.kind()?,
            harm: (times >= HARM).then_some(times),
        })
    }
}

impl Facts<'_> {
    /// The share of the train loss of a constant that is gone.
    fn gained(&self) -> f64 {
        let Baseline {
            constant, least, ..
        } = self.baseline;
        (constant - self.train_loss) / (constant - least)
    }

    /// Does what was learned hold for new examples?
    fn generalises(&self) -> bool {
        let constant = self.baseline.test_constant;
        (constant - self.test_loss) / constant >= GENERALISES * self.gained()
    }

    /// As many examples as the loss that is gone is worth: up to T = 30 within one of those that have lost more than half of theirs.
    fn memorised(&self) -> Option<usize> {
        let t = self.examples?;
        Some((t as f64 * self.gained()).round().clamp(0.0, t as f64) as usize)
    }

    fn kind(&self) -> Option<Kind> {
        let Baseline { zero, least, .. } = self.baseline;
        let memorised = self.memorised();
        if let (Some(examples), Some(memorised)) = (self.examples, memorised) {
            let exact = self.train_loss - least <= MEMORISED * zero;
            if exact || (self.gained() >= PARTLY && !self.generalises()) {
                return Some(self.memory(examples, memorised, exact));
            }
        }
        let &largest = self.largest.first()?;
        let standing = self.largest.iter().take_while(|&&d| d >= LEARNED).count();
        let count = (standing < self.largest.len() || self.all_known).then_some(standing);
        let Baseline {
            test_zero,
            test_constant,
            ..
        } = self.baseline;
        let gain = test_zero - self.test_loss;
        if standing > 0 && gain > 0.0 && gain >= GENERALISES * (test_zero - test_constant) {
            return Some(Kind::Features {
                count,
                largest,
                least: count.map(|count| self.largest[count - 1]),
                next: count.and_then(|count| self.largest.get(count).copied()),
            });
        }
        Some(match memorised == Some(0) || self.gained() < NOTHING {
            true if self.test_loss >= HARM * test_zero => Kind::Harmed,
            true => Kind::Nothing,
            false => Kind::Between {
                memorised,
                standing: count,
                largest,
            },
        })
    }

    fn memory(&self, examples: usize, memorised: usize, exact: bool) -> Kind {
        let missing = examples - memorised;
        if exact || missing == 0 {
            let form = self.polygon.and_then(|polygon| self.form(polygon, exact));
            return Kind::Memorised {
                examples,
                exact,
                form,
            };
        }
        match examples <= FEW && memorised >= missing {
            true => Kind::AllBut { examples, missing },
            false => Kind::Partly {
                examples,
                memorised,
            },
        }
    }

    /// What memorised examples form.
    fn form(&self, polygon: &Polygon, exact: bool) -> Option<Form> {
        let on_one = polygon.on_ring == polygon.examples;
        let regular = on_one && polygon.regular;
        if polygon.examples < 3 || !(regular || self.has_closed_form) {
            return None;
        }
        Some(match (on_one, exact) {
            (true, _) if regular => Form::Polygon,
            (true, _) => Form::Circle,
            (false, true) => Form::TwoCircles,
            (false, false) => Form::Uneven,
        })
    }
}
