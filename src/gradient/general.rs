//! How does the loss of any other model change with its parameters? One path for all of them, an example at a time.
//!
//! With r = dloss/dz / 2: db = Σ r, dW_up = Σ h rᵀ, dh = W_up r, and dW = Σ da xᵀ, where da is dh, or with a ReLU in the
//! hidden layer dh where h is above zero. With tied weights W_up is W, and so are their gradients.

use crate::data::Examples;
use crate::math::{LANES, Lanes};
use crate::model::Params;
use crate::variant::{Variant, outputs};

/// The path of a variant, with its scratch memory.
#[derive(Debug)]
pub struct General {
    variant: Variant,
    importance: Vec<f32>,
    /// h (T, m)
    hidden: Vec<f32>,
    /// z (n) of one example, padded; then r.
    z: Vec<f32>,
    /// z of the features that the example has.
    before: Vec<f32>,
    /// Lanes of dh (m) of one example.
    d_h: Vec<Lanes>,
}

impl General {
    /// The path of `variant` with n features.
    pub fn new(variant: Variant, n: usize) -> Self {
        let importance = variant.importances(n);
        General {
            variant,
            hidden: Vec::new(),
            z: importance.clone(),
            importance,
            before: Vec::new(),
            d_h: Vec::new(),
        }
    }

    /// Writes the gradient of half the loss, summed over examples, into `d_params`.
    ///
    /// # Panics
    /// If examples, params and `d_params` differ in n, m or W_up.
    pub fn gradient(&mut self, params: &Params, examples: &Examples, d_params: &mut Params) {
        let (n, m) = (params.n(), params.m());
        assert_eq!(n, examples.n());
        assert_eq!(params.padded().len(), d_params.padded().len());
        let General {
            variant,
            importance,
            hidden,
            z,
            before,
            d_h,
        } = self;
        variant.hidden_into(params, examples, hidden);
        d_params.padded_mut().fill(0.0);
        let ((w, b), first) = (params.split(), params.up());
        let up = w[first..].as_chunks::<LANES>().0;
        let (d_w, d_b) = d_params.split_mut();
        let (stride, blocks) = (b.len(), b.len() / LANES);
        for (row, h) in examples.rows().zip(hidden.chunks_exact(m)) {
            outputs(params, h, row, z, before);
            variant.half_slopes(z, importance, n, row, before);
            d_h.clear();
            d_h.resize(m, Lanes::splat(0.0));
            let d_up = d_w[first..].as_chunks_mut::<LANES>().0;
            let d_b = d_b.as_chunks_mut().0.iter_mut();
            for (j, (r, d_b)) in z.as_chunks().0.iter().zip(d_b).enumerate() {
                let r = Lanes::load(r);
                if r.is_zero() {
                    continue;
                }
                r.add_to(d_b);
                for (k, d_h) in d_h.iter_mut().enumerate() {
                    let at = k * blocks + j;
                    r.scaled(h[k]).add_to(&mut d_up[at]);
                    *d_h = d_h.add_product(r, Lanes::load(&up[at]));
                }
            }
            for (k, d_h) in d_h.iter().enumerate() {
                if variant.hidden_relu && h[k] == 0.0 {
                    continue;
                }
                let d_a = d_h.sum();
                for (&i, &x) in row.0.iter().zip(row.1) {
                    d_w[k * stride + i as usize] += d_a * x;
                }
            }
        }
    }
}
