//! How do parameters move? AdamW as in PyTorch, its rate schedule, and the reduction of the training loss.

use serde::{Deserialize, Serialize};

use crate::math::{self, LANES, Lanes};

/// How the squared errors of T examples × n features become the one number that training lowers.
///
/// The scale of the gradient matters to Adam only through `eps`, but here it does matter: with `Mean` the gradients are n
/// times smaller, `eps` throttles the rare and tiny ones, and the middle regime looks as it does in the paper; with `Sum`
/// it looks as it does in the replications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reduction {
    /// Mean over examples and features, as in PyTorch's `mse_loss`.
    #[default]
    Mean,
    /// Sum over features, mean over examples: the formula as the paper prints it.
    Sum,
}

impl Reduction {
    /// "mean" or "sum", as in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::Mean => "mean",
            Reduction::Sum => "sum",
        }
    }

    /// What turns the gradient of ½ Σₜ Σᵢ (x' − x)² into the gradient of the training loss.
    pub fn scale(self, examples: usize, n: usize) -> f64 {
        match self {
            Reduction::Mean => 2.0 / (examples as f64 * n as f64),
            Reduction::Sum => 2.0 / examples as f64,
        }
    }
}

/// Settings of AdamW.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamW {
    /// Decoupled decay: every step multiplies W and b by 1 − rate · decay.
    pub weight_decay: f64,
    /// Memory of the gradient's mean.
    pub beta1: f64,
    /// Memory of the gradient's square.
    pub beta2: f64,
    /// Added to the root of the square.
    pub eps: f64,
}

/// The paper's share of the steps during which the rate rises.
pub const WARM_UP: f64 = 0.05;

/// The rate of update number `step` (from 0) out of `steps`: linear over the share `warm_up` of them up to `peak`, then half a
/// cosine down to zero (paper, "Experiment Setup").
pub fn rate(peak: f64, warm_up: f64, step: u64, steps: u64) -> f64 {
    let warm_up = (warm_up * steps as f64).round().max(1.0);
    let step = step as f64;
    if step < warm_up {
        return peak * (step + 1.0) / warm_up;
    }
    let done = (step - warm_up) / (steps as f64 - warm_up);
    peak * 0.5 * (1.0 + math::cos(std::f64::consts::PI * done))
}

/// First and second moments of the gradient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Running mean of the gradient.
    pub mean: Vec<f32>,
    /// Running mean of its square.
    pub square: Vec<f32>,
}

/// Moments below these become zero. A feature that is never active would otherwise fade into subnormal numbers and
/// stay there (0.9 × the smallest of them rounds to itself), which costs time on many processors. With `eps` at
/// least 1e-12 they could not move a parameter by 1e-18.
const LEAST_MEAN: f32 = 1e-30;
const LEAST_SQUARE: f32 = 1e-36;

impl Moments {
    /// Moments before the first step.
    pub fn new(params: usize) -> Self {
        Moments {
            mean: vec![0.0; params],
            square: vec![0.0; params],
        }
    }

    /// Update number `step` (from 0) of `params` by `scale` · `gradient` at `rate`. False if a parameter is no
    /// longer finite.
    ///
    /// # Panics
    /// If lengths differ.
    pub fn update(
        &mut self,
        settings: &AdamW,
        step: u64,
        rate: f64,
        scale: f64,
        params: &mut [f32],
        gradient: &[f32],
    ) -> bool {
        assert!(params.len() == self.mean.len() && params.len() == gradient.len());
        let AdamW { beta1, beta2, .. } = *settings;
        let taken = (step + 1) as f64;
        // θ ← θ (1 − rate·decay) − rate · m̂ / (√v̂ + eps)
        let coefficients = Coefficients {
            keep: (1.0 - rate * settings.weight_decay) as f32,
            scale: scale as f32,
            beta1: beta1 as f32,
            new1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            new2: (1.0 - beta2) as f32,
            rate: (rate / (1.0 - math::powf(beta1, taken))) as f32,
            root: (1.0 / (1.0 - math::powf(beta2, taken)).sqrt()) as f32,
            eps: settings.eps as f32,
        };
        let (p, p_rest) = params.as_chunks_mut::<LANES>();
        let (g, g_rest) = gradient.as_chunks::<LANES>();
        let (m, m_rest) = self.mean.as_chunks_mut::<LANES>();
        let (v, v_rest) = self.square.as_chunks_mut::<LANES>();
        // Infinity − infinity and NaN survive any sum, so one look at the end sees every one of them.
        let mut sums = [0.0f32; LANES];
        for (((p, g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
            if Lanes::load(g).is_zero() && Lanes::load(m).is_zero() {
                // Features that have long been inactive: decay is all that `apply` would do.
                for l in 0..LANES {
                    p[l] *= coefficients.keep;
                    v[l] = coefficients.fade(v[l]);
                    sums[l] += p[l];
                }
                continue;
            }
            for l in 0..LANES {
                coefficients.apply(&mut p[l], g[l], &mut m[l], &mut v[l]);
                sums[l] += p[l];
            }
        }
        let rest = p_rest.iter_mut().zip(g_rest).zip(m_rest).zip(v_rest);
        for ((((p, g), m), v), sum) in rest.zip(&mut sums) {
            coefficients.apply(p, *g, m, v);
            *sum += *p;
        }
        sums.iter().all(|sum| sum.is_finite())
    }
}

/// The numbers that one update needs.
struct Coefficients {
    keep: f32,
    scale: f32,
    beta1: f32,
    new1: f32,
    beta2: f32,
    new2: f32,
    rate: f32,
    root: f32,
    eps: f32,
}

impl Coefficients {
    /// The square after a step without gradient, with the bits of [`apply`](Self::apply).
    #[inline(always)]
    fn fade(&self, square: f32) -> f32 {
        let v = self.beta2 * square;
        if v < LEAST_SQUARE { 0.0 } else { v }
    }

    #[inline(always)]
    fn apply(&self, p: &mut f32, g: f32, mean: &mut f32, square: &mut f32) {
        let g = g * self.scale;
        let m = self.beta1 * *mean + self.new1 * g;
        let v = self.beta2 * *square + self.new2 * (g * g);
        *mean = if m.abs() < LEAST_MEAN { 0.0 } else { m };
        *square = if v < LEAST_SQUARE { 0.0 } else { v };
        *p = *p * self.keep - self.rate * *mean / (square.sqrt() * self.root + self.eps);
    }
}

/// The same update in f64, one parameter after the other: the oracle.
pub fn naive_update(
    settings: &AdamW,
    step: u64,
    rate: f64,
    params: &mut [f64],
    gradient: &[f64],
    mean: &mut [f64],
    square: &mut [f64],
) {
    let taken = (step + 1) as f64;
    for i in 0..params.len() {
        params[i] *= 1.0 - rate * settings.weight_decay;
        mean[i] = settings.beta1 * mean[i] + (1.0 - settings.beta1) * gradient[i];
        square[i] = settings.beta2 * square[i] + (1.0 - settings.beta2) * gradient[i] * gradient[i];
        let mean_hat = mean[i] / (1.0 - math::powf(settings.beta1, taken));
        let square_hat = square[i] / (1.0 - math::powf(settings.beta2, taken));
        params[i] -= rate * mean_hat / (square_hat.sqrt() + settings.eps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_rises_to_the_peak_at_five_percent_and_ends_near_zero() {
        assert_eq!(rate(1e-3, WARM_UP, 2499, 50_000), 1e-3);
        assert_eq!(rate(1e-3, WARM_UP, 0, 50_000), 1e-3 / 2500.0);
        assert!(rate(1e-3, WARM_UP, 49_999, 50_000) < 1e-11);
        let sum: f64 = (0..50_000)
            .map(|step| rate(1e-3, WARM_UP, step, 50_000))
            .sum();
        assert!((sum - 25.0).abs() < 1e-2, "the rates sum to 25: {sum}");
        assert_eq!(rate(1.0, WARM_UP, 0, 1), 1.0);
    }

    #[test]
    fn rate_rises_for_the_share_of_the_steps_that_is_told() {
        for (warm_up, highest) in [(0.0, 0), (0.25, 24), (1.0, 99)] {
            let rates: Vec<f64> = (0..100).map(|step| rate(1.0, warm_up, step, 100)).collect();
            let first = rates.iter().position(|&rate| rate == 1.0);
            assert_eq!(first, Some(highest), "{warm_up}");
            assert!(rates[..highest].is_sorted() && rates[highest..].is_sorted_by(|a, b| a >= b));
        }
    }

    #[test]
    fn fast_update_follows_the_naive_one() {
        let settings = AdamW {
            weight_decay: 1e-2,
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
        };
        let mut params: Vec<f32> = (0..37).map(|i| i as f32 * 0.1 - 1.0).collect();
        let mut exact: Vec<f64> = params.iter().map(|&p| f64::from(p)).collect();
        let (mut mean, mut square) = (vec![0.0; 37], vec![0.0; 37]);
        let mut moments = Moments::new(37);
        for step in 0..50 {
            let gradient: Vec<f32> = (0..37)
                .map(|i| ((i * 7 + step * 3) % 11) as f32 - 5.0)
                .collect();
            let gradient64: Vec<f64> = gradient.iter().map(|&g| f64::from(g) * 0.25).collect();
            assert!(moments.update(&settings, step, 1e-2, 0.25, &mut params, &gradient));
            naive_update(
                &settings,
                step,
                1e-2,
                &mut exact,
                &gradient64,
                &mut mean,
                &mut square,
            );
        }
        for (p, exact) in params.iter().zip(exact) {
            assert!((f64::from(*p) - exact).abs() < 1e-5, "{p} {exact}");
        }
        params[36] = f32::NAN;
        assert!(!moments.update(&settings, 50, 1e-2, 1.0, &mut params, &[0.0; 37]));
    }
}
