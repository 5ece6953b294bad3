//! What is the gradient, written so simply that it is unlikely to be wrong? The oracle, in f64.

use crate::data::Examples;
use crate::math;
use crate::variant::{Loss, Variant};

/// ½ Σₜ Σᵢ (x' − x)² over `examples`, and its gradient with respect to `params` (W (m, n) row after row, then b).
///
/// # Panics
/// If there are not m·n + n params.
pub fn gradient(params: &[f64], m: usize, examples: &Examples) -> (f64, Vec<f64>) {
    gradient_of(&Variant::PAPERS, params, m, examples)
}

/// Half the loss of any model over `examples`, and its gradient with respect to `params` (W (m, n) row after row, then W_up
/// (m, n) if weights are untied, then b).
///
/// # Panics
/// If the number of params is another.
pub fn gradient_of(
    variant: &Variant,
    params: &[f64],
    m: usize,
    examples: &Examples,
) -> (f64, Vec<f64>) {
    let n = examples.n();
    let matrices = if variant.untied { 2 } else { 1 };
    assert_eq!(params.len(), matrices * m * n + n);
    let (w, b) = params.split_at(matrices * m * n);
    let up = &w[w.len() - m * n..];
    let mut loss = 0.0;
    let (mut d_w, mut d_up, mut d_b) = (vec![0.0; m * n], vec![0.0; m * n], vec![0.0; n]);
    for (features, values) in examples.rows() {
        let mut x = vec![0.0; n];
        for (&i, &value) in features.iter().zip(values) {
            x[i as usize] = f64::from(value);
        }
        // a = W x, h = a or ReLU(a)
        let a: Vec<f64> = (0..m)
            .map(|k| (0..n).map(|i| w[k * n + i] * x[i]).sum())
            .collect();
        let is_off = |k: usize| variant.hidden_relu && a[k] <= 0.0;
        let h: Vec<f64> = (0..m).map(|k| if is_off(k) { 0.0 } else { a[k] }).collect();
        // z = W_upᵀ h + b
        let z: Vec<f64> = (0..n)
            .map(|i| b[i] + (0..m).map(|k| up[k * n + i] * h[k]).sum::<f64>())
            .collect();
        let (of_example, d_z) = loss_and_slope(variant, &z, &x);
        loss += 0.5 * of_example;
        for k in 0..m {
            let mut d_h = 0.0;
            for i in 0..n {
                d_up[k * n + i] += 0.5 * d_z[i] * h[k];
                d_h += 0.5 * d_z[i] * up[k * n + i];
            }
            for i in (0..n).filter(|_| !is_off(k)) {
                d_w[k * n + i] += d_h * x[i];
            }
        }
        for i in 0..n {
            d_b[i] += 0.5 * d_z[i];
        }
    }
    if !variant.untied {
        // W is used twice, up and down.
        d_w.iter_mut()
            .zip(&d_up)
            .for_each(|(d_w, d_up)| *d_w += d_up);
        d_up.clear();
    }
    (loss, [d_w, d_up, d_b].concat())
}

/// The loss of one example, and its slope in z.
fn loss_and_slope(variant: &Variant, z: &[f64], x: &[f64]) -> (f64, Vec<f64>) {
    let n = z.len();
    let importance = |i: usize| variant.importance_of(i, n);
    if variant.loss == Loss::CrossEntropy {
        let highest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| math::exp(z - highest)).sum();
        let all: f64 = x.iter().sum();
        let wanted: Vec<f64> = (0..n).map(|i| importance(i) * x[i] / all).collect();
        let weight: f64 = wanted.iter().sum();
        let loss = (0..n).map(|i| wanted[i] * (highest + math::ln(sum) - z[i]));
        let slope = (0..n).map(|i| weight * math::exp(z[i] - highest) / sum - wanted[i]);
        return (loss.sum(), slope.collect());
    }
    let error = |i: usize| z[i].max(0.0) - x[i];
    let loss = (0..n).map(|i| {
        importance(i)
            * match variant.loss {
                Loss::L1 => error(i).abs(),
                Loss::L4 => (error(i) * error(i)) * (error(i) * error(i)),
                _ => error(i) * error(i),
            }
    });
    let slope = (0..n).map(|i| match variant.loss {
        _ if z[i] <= 0.0 || error(i) == 0.0 => 0.0,
        Loss::L1 => importance(i) * error(i).signum(),
        Loss::L4 => importance(i) * 4.0 * (error(i) * error(i) * error(i)),
        _ => importance(i) * 2.0 * error(i),
    });
    (loss.sum(), slope.collect())
}
