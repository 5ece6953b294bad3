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
        2 if examples.entries() >= MANY * params.n() => {
            side_by_side(params, examples, hidden, d_params, d_hidden);
        }
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

/// Entries for each feature from which on it pays to copy what belongs to features side by side.
const MANY: usize = 8;

/// [`sparse`] at m = 2, where all that belongs to a feature is in one line of the cache: the same bits, and half the time. That
/// is an eighth of a step at T = 200,000.
fn side_by_side(
    params: &Params,
    examples: &Examples,
    hidden: &[f32],
    d_params: &mut Params,
    d_hidden: &mut [f32],
) {
    #[derive(Clone)]
    #[repr(align(32))]
    struct Feature {
        w: [f32; 2],
        b: f32,
        d_w: [f32; 2],
        d_b: f32,
    }
    let (w, b) = params.split();
    let (d_w, d_b) = d_params.split_mut();
    let stride = b.len();
    let of = |i: usize| Feature {
        w: [w[i], w[stride + i]],
        b: b[i],
        d_w: [d_w[i], d_w[stride + i]],
        d_b: d_b[i],
    };
    let mut all: Vec<Feature> = (0..stride).map(of).collect();
    let vectors = hidden.as_chunks().0.iter().zip(d_hidden.as_chunks_mut().0);
    for ((features, xs), (h, d_hidden)) in examples.rows().zip(vectors) {
        let (h, mut d_h): (&[f32; 2], [f32; 2]) = (h, *d_hidden);
        for (&i, &x) in features.iter().zip(xs) {
            let feature = &mut all[i as usize];
            let z = feature.b + feature.w[0] * h[0] + feature.w[1] * h[1];
            let x = if z > 0.0 { x } else { 0.0 };
            feature.d_b -= x;
            for k in 0..2 {
                feature.d_w[k] -= x * h[k];
                d_h[k] -= x * feature.w[k];
            }
        }
        for (&i, &x) in features.iter().zip(xs) {
            for (d_w, d_h) in all[i as usize].d_w.iter_mut().zip(d_h) {
                *d_w += d_h * x;
            }
        }
        *d_hidden = d_h;
    }
    for (i, feature) in all.iter().enumerate() {
        (d_w[i], d_w[stride + i], d_b[i]) = (feature.d_w[0], feature.d_w[1], feature.d_b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Config, ExampleCount, Trainer};

    #[test]
    fn features_side_by_side_give_the_bits_of_features_in_rows() {
        for seed in 1..4 {
            let mut trainer = Trainer::new(Config {
                n: 50,
                sparsity: 0.8,
                t: ExampleCount::Finite(100),
                test_examples: 1,
                data_seed: seed,
                ..Config::default()
            })
            .unwrap();
            for _ in 0..20 {
                trainer.step();
            }
            let (params, examples, hidden) =
                (trainer.params(), trainer.examples(), trainer.hidden());
            // What the dense part leaves: here, numbers of that size.
            let (mut d_params, mut d_hidden) = (params.clone().into_owned(), hidden.clone());
            let (mut in_rows, mut d_in_rows) = (d_params.clone(), d_hidden.clone());
            side_by_side(&params, examples, &hidden, &mut d_params, &mut d_hidden);
            sparse_with(
                [0.0; 2],
                &params,
                examples,
                &hidden,
                &mut in_rows,
                &mut d_in_rows,
            );
            let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_ne!(d_params.padded(), params.padded());
            assert_eq!(bits(d_params.padded()), bits(in_rows.padded()));
            assert_eq!(bits(&d_hidden), bits(&d_in_rows));
        }
    }
}
