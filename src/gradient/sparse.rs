//! What do the few features that an example contains add to the gradient? The dense paths take x as 0 everywhere; this
//! pass subtracts x from the outputs of active features, then carries dh down to W.

use crate::data::Examples;
use crate::model::{self, Params};

/// Adds what x ≠ 0 adds to `d_params` and `d_hidden`, and then dW's second half, Σₜ dhₜ xₜᵀ.
pub fn sparse(
    params: &Params,
    examples: &Examples,
    hidden: &[f32],
    d_params: &mut Params,
    d_hidden: &mut [f32],
) {
    match params.m() {
        1 => sparse_with([0.0; 1], params, examples, hidden, d_params, d_hidden),
        2 => sparse_with([0.0; 2], params, examples, hidden, d_params, d_hidden),
        3 => sparse_with([0.0; 3], params, examples, hidden, d_params, d_hidden),
        4 => sparse_with([0.0; 4], params, examples, hidden, d_params, d_hidden),
        m => sparse_with(vec![0.0; m], params, examples, hidden, d_params, d_hidden),
    }
}

/// [`sparse`] with memory for one example's dh: an array, which the compiler keeps in registers, or a list.
fn sparse_with(
    mut d_h: impl AsMut<[f32]>,
    params: &Params,
    examples: &Examples,
    hidden: &[f32],
    d_params: &mut Params,
    d_hidden: &mut [f32],
) {
    let d_h = d_h.as_mut();
    let m = d_h.len();
    let (w, b) = params.split();
    let stride = b.len();
    let (d_w, d_b) = d_params.split_mut();
    let vectors = hidden.chunks_exact(m).zip(d_hidden.chunks_exact_mut(m));
    for ((features, xs), (h, d_hidden)) in examples.rows().zip(vectors) {
        d_h.copy_from_slice(d_hidden);
        for (&i, &x) in features.iter().zip(xs) {
            let i = i as usize;
            // Half of them are active, in no order that a processor could predict: no branch.
            let active = model::pre_activation(w, b, h, i) > 0.0;
            let x = if active { x } else { 0.0 };
            d_b[i] -= x;
            for k in 0..m {
                d_w[k * stride + i] -= x * h[k];
                d_h[k] -= x * w[k * stride + i];
            }
        }
        for (&i, &x) in features.iter().zip(xs) {
            for k in 0..m {
                d_w[k * stride + i as usize] += d_h[k] * x;
            }
        }
        d_hidden.copy_from_slice(d_h);
    }
}
