//! What is the gradient, so simply written that it is unlikely to be wrong? The oracle, in f64.

use crate::data::Examples;

/// ½ Σₜ Σᵢ (x' − x)² over `examples`, and its gradient with respect to `params` (W (m, n) row after row, then b).
///
/// # Panics
/// If there are not m·n + n params.
pub fn gradient(params: &[f64], m: usize, examples: &Examples) -> (f64, Vec<f64>) {
    let n = examples.n();
    assert_eq!(params.len(), m * n + n);
    let (w, b) = params.split_at(m * n);
    let mut loss = 0.0;
    let mut d_params = vec![0.0; params.len()];
    let (d_w, d_b) = d_params.split_at_mut(m * n);
    for (features, values) in examples.rows() {
        let mut x = vec![0.0; n];
        for (&i, &value) in features.iter().zip(values) {
            x[i as usize] = f64::from(value);
        }
        // h = W x
        let h: Vec<f64> = (0..m)
            .map(|k| (0..n).map(|i| w[k * n + i] * x[i]).sum())
            .collect();
        let mut d_h = vec![0.0; m];
        for i in 0..n {
            // z = Wᵀh + b, x' = ReLU(z)
            let z = b[i] + (0..m).map(|k| w[k * n + i] * h[k]).sum::<f64>();
            let residual = z.max(0.0) - x[i];
            loss += 0.5 * residual * residual;
            if z > 0.0 {
                d_b[i] += residual;
                for k in 0..m {
                    d_w[k * n + i] += residual * h[k];
                    d_h[k] += residual * w[k * n + i];
                }
            }
        }
        for k in 0..m {
            for i in 0..n {
                d_w[k * n + i] += d_h[k] * x[i];
            }
        }
    }
    (loss, d_params)
}
