//! How does the loss of a model that is not the paper's change, where the tree can leave pairs out? At m = 2, with any loss but
//! cross-entropy.
//!
//! With r half the slope of the loss of an output: db = I Σ r, dW_up = I Σ h r, dh = Σ I r w_up, and dW = Σ da xᵀ, where da is
//! dh, or with a ReLU in the hidden layer dh where h is above zero. The importance I of a feature is the same for all examples, so
//! it joins db and dW_up at the end, and the weights of dh at the beginning.

use super::Work;
use super::order::Order;
use super::pruned::Tree;
use super::slopes::Weighed;
use crate::data::Examples;
use crate::math::LANES;
use crate::model::{self, Params};
use crate::variant::Variant;

/// Others would need code of their own in the page: 3 kB for each m.
pub(super) const M: usize = 2;

/// The tree of a model at m = 2, with its scratch memory.
#[derive(Debug)]
pub struct Others {
    variant: Variant,
    /// I (n), padded, in the order of the features.
    importance: Vec<f32>,
    /// W_up times I: (m, n), padded.
    back: Vec<f32>,
    tree: Tree<M>,
    /// h (T, m)
    hidden: Vec<f32>,
    /// dh (T, m)
    d_hidden: Vec<f32>,
}

impl Others {
    /// The path of `variant` with n features, which are in their natural order.
    pub fn new(variant: Variant, n: usize) -> Self {
        Others {
            variant,
            importance: variant.importances(n),
            back: Vec::new(),
            tree: Tree::default(),
            hidden: Vec::new(),
            d_hidden: Vec::new(),
        }
    }

    /// Features have come from their natural order into this one.
    pub fn arrange(&mut self, order: &Order) {
        self.importance = self.variant.importances(order.features.len());
        order.arrange(&mut self.importance);
    }

    /// Writes the gradient of half the loss, summed over examples, into `d_params`, and returns its work.
    ///
    /// # Panics
    /// If examples, params and `d_params` differ in n, m or W_up; or if n is above 2²⁰.
    pub fn gradient(
        &mut self,
        params: &Params,
        examples: &Examples,
        d_params: &mut Params,
    ) -> Work {
        assert_eq!((params.n(), params.m()), (examples.n(), M));
        assert_eq!(params.padded().len(), d_params.padded().len());
        let Others {
            variant,
            importance,
            back,
            tree,
            hidden,
            d_hidden,
        } = self;
        back.clear();
        for row in params.split().0[params.up()..].chunks_exact(importance.len()) {
            back.extend(row.iter().zip(&*importance).map(|(w, i)| w * i));
        }
        let mut rows = back.chunks_exact(importance.len());
        let slopes = Weighed {
            loss: variant.loss,
            back: std::array::from_fn(|_| rows.next().expect("m rows").as_chunks::<LANES>().0),
        };
        variant.hidden_into(params, examples, hidden);
        let work = tree.dense(slopes, params, hidden, d_params, d_hidden);
        self.sparse(params, examples, d_params);
        work
    }

    /// From sums that take x as 0 to the gradient: adds what x ≠ 0 adds, weighs by importance, and carries dh down to W.
    fn sparse(&mut self, params: &Params, examples: &Examples, d_params: &mut Params) {
        let Variant {
            loss, hidden_relu, ..
        } = self.variant;
        let (w, b) = params.split();
        let (up, stride) = (params.up(), b.len());
        let (d_w, d_b) = d_params.split_mut();
        let hidden = self.hidden.as_chunks::<M>().0;
        let d_hidden = self.d_hidden.as_chunks_mut::<M>().0;
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
