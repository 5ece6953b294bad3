//! How does the loss of a model that is not the paper's change, where the tree can leave pairs out? At m ≤ 3, with any loss but
//! cross-entropy.
//!
//! With r half the slope of the loss of an output: db = I Σ r, dW_up = I Σ h r, dh = Σ I r w_up, and dW = Σ da xᵀ, where da is
//! dh, or with a ReLU in the hidden layer dh where h is above zero. The importance I of a feature is the same for all examples, so
//! it joins db and dW_up at the end, and the weights of dh at the beginning.

use super::order::Order;
use super::slopes::Others;
use crate::data::Examples;
use crate::math::LANES;
use crate::model::{self, Params};
use crate::variant::Variant;

/// A model, with what the tree needs of it.
#[derive(Debug)]
pub struct Other {
    variant: Variant,
    /// I (n), padded, in the order of the features.
    importance: Vec<f32>,
    /// W_up times I: (m, n), padded.
    back: Vec<f32>,
}

impl Other {
    /// That model with n features in their natural order.
    pub fn new(variant: Variant, n: usize) -> Self {
        Other {
            variant,
            importance: variant.importances(n),
            back: Vec::new(),
        }
    }

    /// Features have come from their natural order into this one.
    pub fn arrange(&mut self, order: &Order) {
        self.importance = self.variant.importances(order.features.len());
        order.arrange(&mut self.importance);
    }

    /// Writes the hidden vectors h into `hidden` (T, m), example after example.
    pub fn hidden_into(&self, params: &Params, examples: &Examples, hidden: &mut Vec<f32>) {
        self.variant.hidden_into(params, examples, hidden);
    }

    /// The slopes at `params`.
    pub fn slopes<const M: usize>(&mut self, params: &Params) -> Others<'_, M> {
        let Other {
            importance, back, ..
        } = self;
        back.clear();
        for row in params.split().0[params.up()..].chunks_exact(importance.len()) {
            back.extend(row.iter().zip(&*importance).map(|(w, i)| w * i));
        }
        let mut rows = back.chunks_exact(importance.len());
        Others {
            loss: self.variant.loss,
            back: std::array::from_fn(|_| rows.next().expect("m rows").as_chunks::<LANES>().0),
        }
    }

    /// From sums that take x as 0 to the gradient: adds what x ≠ 0 adds, weighs by importance, and carries dh down to W.
    pub fn sparse<const M: usize>(
        &self,
        params: &Params,
        examples: &Examples,
        hidden: &[f32],
        d_params: &mut Params,
        d_hidden: &mut [f32],
    ) {
        let Variant {
            loss, hidden_relu, ..
        } = self.variant;
        let (w, b) = params.split();
        let (up, stride) = (params.up(), b.len());
        let (d_w, d_b) = d_params.split_mut();
        let (hidden, d_hidden) = (hidden.as_chunks::<M>().0, d_hidden.as_chunks_mut::<M>().0);
        for ((features, xs), (h, d_h)) in examples.rows().zip(hidden.iter().zip(&mut *d_hidden)) {
            for (&i, &x) in features.iter().zip(xs) {
                let i = i as usize;
                let z = model::pre_activation(&w[up..], b, h, i);
                // Half of them are active, in no order that a processor could predict: no branch.
                let more = if z > 0.0 {
                    loss.half_slope(z - x) - loss.half_slope(z)
                } else {
                    0.0
                };
                d_b[i] += more;
                for k in 0..M {
                    d_w[up + k * stride + i] += more * h[k];
                    d_h[k] += more * self.back[k * stride + i];
                }
            }
        }
        if self.variant.importance != 1.0 {
            for row in d_w[up..].chunks_exact_mut(stride).chain([d_b]) {
                for (d, i) in row.iter_mut().zip(&self.importance) {
                    *d *= i;
                }
            }
        }
        for ((features, xs), (h, d_h)) in examples.rows().zip(hidden.iter().zip(&*d_hidden)) {
            let d_a: [f32; M] = std::array::from_fn(|k| {
                if hidden_relu && h[k] == 0.0 {
                    0.0
                } else {
                    d_h[k]
                }
            });
            for (&i, &x) in features.iter().zip(xs) {
                for k in 0..M {
                    d_w[k * stride + i as usize] += d_a[k] * x;
                }
            }
        }
    }
}
