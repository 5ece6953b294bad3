//! Which model is it? The paper's, or one that differs from it: in its weights, its hidden layer, its loss, or in how much
//! each feature counts.
//!
//! h = W x, or ReLU(W x); z = Wᵀh + b, or W_upᵀh + b with W_up (m, n) of its own; x' = ReLU(z). The loss of an example is
//! Σᵢ Iᵢ |x'ᵢ − xᵢ|ᵖ with p = 1, 2 or 4, or the cross-entropy −Σᵢ Iᵢ qᵢ ln x'ᵢ, where x' = softmax(z) and q = x / Σᵢ xᵢ.
//! Its least value is 0, or with cross-entropy the entropy of q, if all features count the same.
//! Importance falls from I = 1 for the first feature to one number for the last, by the same factor from each to the next.

use serde::{Deserialize, Serialize};

use crate::data::Examples;
use crate::math::{self, LANES, Lanes, Register, Vector};
use crate::model::{self, Evaluation, Params};

/// What is lowered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Σ (x' − x)².
    #[default]
    L2,
    /// Σ |x' − x|.
    L1,
    /// Σ (x' − x)⁴.
    L4,
    /// −Σ q ln softmax(z).
    CrossEntropy,
}

impl Loss {
    /// Every one.
    pub const ALL: [Loss; 4] = [Loss::L2, Loss::L1, Loss::L4, Loss::CrossEntropy];

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Loss::L2 => "l2",
            Loss::L1 => "l1",
            Loss::L4 => "l4",
            Loss::CrossEntropy => "cross-entropy",
        }
    }

    /// Half of its slope at outputs r = ReLU(z) whose x is 0.
    #[inline(always)]
    pub(crate) fn half_slope_of_outputs<V: Register>(self, r: Vector<V>) -> Vector<V> {
        match self {
            Loss::L1 => Vector::splat(0.5).where_positive(r),
            Loss::L4 => r.times(r).times(r).scaled(2.0),
            Loss::L2 | Loss::CrossEntropy => r,
        }
    }

    // Not inlined: it is called where it hardly counts, and the page pays for each byte.

    /// What one output adds that is `error` off. Cross-entropy has no such part.
    #[inline(never)]
    fn of(self, error: f64) -> f64 {
        match self {
            Loss::L1 => error.abs(),
            Loss::L4 => (error * error) * (error * error),
            Loss::L2 | Loss::CrossEntropy => error * error,
        }
    }

    /// Half of its slope there.
    #[inline]
    pub(crate) fn half_slope(self, error: f32) -> f32 {
        match self {
            Loss::L1 if error == 0.0 => 0.0,
            Loss::L1 => 0.5f32.copysign(error),
            Loss::L4 => 2.0 * error * error * error,
            Loss::L2 | Loss::CrossEntropy => error,
        }
    }
}

/// A model, without its sizes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variant {
    /// Does it have a W_up of its own instead of Wᵀ?
    pub untied: bool,
    /// Does the hidden layer have a ReLU?
    pub hidden_relu: bool,
    /// The loss.
    pub loss: Loss,
    /// Importance of the last feature; that of the first is 1.
    pub importance: f64,
}

impl Variant {
    /// The paper's: x' = ReLU(WᵀWx + b), squared errors, all features alike.
    pub const PAPERS: Variant = Variant {
        untied: false,
        hidden_relu: false,
        loss: Loss::L2,
        importance: 1.0,
    };

    /// Iᵢ of feature i of n.
    pub fn importance_of(&self, i: usize, n: usize) -> f64 {
        math::powf(self.importance, i as f64 / (n.max(2) - 1) as f64)
    }

    /// Every Iᵢ, padded with zeros to whole blocks.
    pub(crate) fn importances(&self, n: usize) -> Vec<f32> {
        let mut all: Vec<f32> = (0..n).map(|i| self.importance_of(i, n) as f32).collect();
        all.resize(n.next_multiple_of(LANES), 0.0);
        all
    }

    /// Writes the hidden vectors h into `hidden` (T, m), example after example.
    pub fn hidden_into(&self, params: &Params, examples: &Examples, hidden: &mut Vec<f32>) {
        model::hidden_into(params, examples, hidden);
        if self.hidden_relu {
            for h in hidden {
                *h = if *h > 0.0 { *h } else { 0.0 };
            }
        }
    }

    /// The hidden vectors of `examples`: (T, m), example after example.
    pub fn hidden(&self, params: &Params, examples: &Examples) -> Vec<f32> {
        let mut hidden = Vec::new();
        self.hidden_into(params, examples, &mut hidden);
        hidden
    }

    /// The model's own loss, averaged over examples, and the share of (example, feature) pairs with z above zero.
    ///
    /// # Panics
    /// If examples and params differ in n, or there is no example.
    pub fn evaluate(&self, params: &Params, examples: &Examples) -> Evaluation {
        if *self == Variant::PAPERS {
            return model::evaluate(params, examples);
        }
        let n = params.n();
        assert_eq!(n, examples.n());
        assert!(!examples.is_empty());
        let hidden = self.hidden(params, examples);
        let importance = self.importances(n);
        let (mut z, mut before) = (importance.clone(), Vec::new());
        let (mut total, mut active) = (0.0, 0_u64);
        for (row, h) in examples.rows().zip(hidden.chunks_exact(params.m())) {
            outputs(params, h, row, &mut z, &mut before);
            active += z[..n].iter().filter(|z| **z > 0.0).count() as u64;
            let of_active = (row.0.iter().zip(row.1).zip(&before))
                .map(|((&i, &x), &z)| (importance[i as usize], f64::from(x), f64::from(z)));
            if self.loss == Loss::CrossEntropy {
                let (highest, sum) = exponentials(&mut z, n);
                let log = f64::from(highest) + math::ln(sum.into());
                let all: f64 = row.1.iter().map(|&x| f64::from(x)).sum();
                let terms = of_active.map(|(i, x, z)| f64::from(i) * x / all * (log - z));
                total += terms.sum::<f64>();
                continue;
            }
            for (&z, &i) in z.iter().zip(&importance) {
                if z > 0.0 {
                    total += f64::from(i) * self.loss.of(z.into());
                }
            }
            for (i, x, z) in of_active {
                let output = z.max(0.0);
                total += f64::from(i) * (self.loss.of(output - x) - self.loss.of(output));
            }
        }
        Evaluation {
            loss: total / examples.len() as f64,
            active_share: active as f64 / (examples.len() as f64 * n as f64),
        }
    }

    /// The loss of outputs z that are all zero, and the least that any outputs can have, averaged over examples.
    pub fn bounds(&self, examples: &Examples) -> [f64; 2] {
        let n = examples.n();
        let importance = self.importances(n);
        let mut total = [0.0; 2];
        for (features, xs) in examples.rows() {
            let weighted = || {
                let weights = features.iter().map(|&i| f64::from(importance[i as usize]));
                weights.zip(xs.iter().map(|&x| f64::from(x)))
            };
            if self.loss == Loss::CrossEntropy {
                let all: f64 = xs.iter().map(|&x| f64::from(x)).sum();
                let sum: f64 = weighted().map(|(i, x)| i * x).sum();
                total[0] += sum / all * math::ln(n as f64);
                total[1] += (weighted().filter(|(i, x)| i * x > 0.0))
                    .map(|(i, x)| i * x / all * math::ln(sum / (i * x)))
                    .sum::<f64>();
            } else {
                total[0] += weighted().map(|(i, x)| i * self.loss.of(x)).sum::<f64>();
            }
        }
        total.map(|total| total / examples.len() as f64)
    }

    /// From z to half the slope of an example's loss in it.
    pub(crate) fn half_slopes(
        &self,
        z: &mut [f32],
        importance: &[f32],
        n: usize,
        (features, xs): (&[u32], &[f32]),
        before: &[f32],
    ) {
        let of_active = features.iter().map(|&i| i as usize).zip(xs);
        if self.loss == Loss::CrossEntropy {
            let (_, sum) = exponentials(z, n);
            let all: f32 = xs.iter().sum();
            let weight: f32 = of_active.clone().map(|(i, x)| importance[i] * x).sum();
            let share = 0.5 * weight / (all * sum);
            for z in &mut *z {
                *z *= share;
            }
            for (i, x) in of_active {
                z[i] -= 0.5 * importance[i] * x / all;
            }
            return;
        }
        let importances = importance.as_chunks().0;
        for (z, i) in z.as_chunks_mut().0.iter_mut().zip(importances) {
            let r = Lanes::load(z).relu();
            let slope = self.loss.half_slope_of_outputs(r);
            *z = slope.times(Lanes::load(i)).to_array();
        }
        for ((i, x), &before) in of_active.zip(before) {
            if before > 0.0 {
                z[i] = self.loss.half_slope(before - x) * importance[i];
            }
        }
    }
}

/// Writes z (n, padded) of an example with hidden vector h, and into `of_active` those of its own features, in their order.
pub(crate) fn outputs(
    params: &Params,
    h: &[f32],
    (features, _): (&[u32], &[f32]),
    z: &mut [f32],
    of_active: &mut Vec<f32>,
) {
    let (w, b) = params.split();
    let up = w[params.up()..].as_chunks::<LANES>().0;
    let b = b.as_chunks::<LANES>().0;
    for (j, (z, bias)) in z.as_chunks_mut().0.iter_mut().zip(b).enumerate() {
        let mut sum = Lanes::load(bias);
        for (k, h) in h.iter().enumerate() {
            sum = sum.add_scaled(Lanes::load(&up[k * b.len() + j]), *h);
        }
        *z = sum.to_array();
    }
    of_active.clear();
    of_active.extend(features.iter().map(|&i| z[i as usize]));
}

/// From z to exp(z − the highest z), and 0 behind n; returns the highest and the sum.
fn exponentials(z: &mut [f32], n: usize) -> (f32, f32) {
    z[n..].fill(f32::NEG_INFINITY);
    let mut highest = [f32::NEG_INFINITY; LANES];
    for block in z.as_chunks::<LANES>().0 {
        for (highest, z) in highest.iter_mut().zip(block) {
            *highest = if *z > *highest { *z } else { *highest };
        }
    }
    let highest = highest.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = Lanes::splat(0.0);
    for block in z.as_chunks_mut::<LANES>().0 {
        for z in &mut *block {
            *z = math::exp_below_zero(*z - highest);
        }
        sum = sum.plus(Lanes::load(block));
    }
    z[n..].fill(0.0);
    (highest, sum.sum())
}
