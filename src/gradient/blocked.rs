//! How fast can the dense gradient be? All T × n outputs, sixteen features by four examples at a time.
//!
//! Zero targets are the rule, so the pass over all outputs takes x as 0 and a second pass over the few active
//! features of each example subtracts what that leaves out. Nothing of size T × n is ever stored: a tile of
//! outputs lives in registers, and memory is O(nnz + (n + T) m).

use crate::data::Examples;
use crate::math::{LANES, Lanes};
use crate::model::{self, Params};

/// Features of one pass over the examples: 512 of W, b and their gradients stay in the first cache at m = 2.
const FEATURE_CHUNK: usize = 32 * LANES;

/// Examples whose terms are added up before they join the total: keeps the rounding of long sums small.
const EXAMPLE_CHUNK: usize = 2048;

/// Examples of a register tile.
const TILE: usize = 4;

/// The dense path with its scratch memory.
#[derive(Debug, Default)]
pub struct Blocked {
    /// h (T, m)
    hidden: Vec<f32>,
    /// dh (T, m)
    d_hidden: Vec<f32>,
    /// dW and db of one chunk of examples.
    d_chunk: Vec<f32>,
}

impl Blocked {
    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)² into `d_params` (dW row after row, then db).
    ///
    /// # Panics
    /// If examples and params differ in n, or `d_params` in length.
    pub fn gradient(&mut self, params: &Params, examples: &Examples, d_params: &mut [f32]) {
        assert_eq!(params.n(), examples.n());
        assert_eq!(params.values().len(), d_params.len());
        let m = params.m();
        model::hidden_into(params, examples, &mut self.hidden);
        self.d_hidden.clear();
        self.d_hidden.resize(self.hidden.len(), 0.0);
        d_params.fill(0.0);
        let chunks = self.hidden.chunks(EXAMPLE_CHUNK * m);
        for (c, (h, dh)) in chunks
            .zip(self.d_hidden.chunks_mut(EXAMPLE_CHUNK * m))
            .enumerate()
        {
            if c == 0 {
                dense(params, h, d_params, dh);
            } else {
                self.d_chunk.clear();
                self.d_chunk.resize(d_params.len(), 0.0);
                dense(params, h, &mut self.d_chunk, dh);
                for (total, d) in d_params.iter_mut().zip(&self.d_chunk) {
                    *total += d;
                }
            }
        }
        sparse(params, examples, &self.hidden, d_params, &mut self.d_hidden);
    }
}

/// Adds the terms of all outputs, with x taken as 0.
fn dense(params: &Params, hidden: &[f32], d_params: &mut [f32], d_hidden: &mut [f32]) {
    match params.m() {
        1 => dense_fixed::<1>(params, hidden, d_params, d_hidden),
        2 => dense_fixed::<2>(params, hidden, d_params, d_hidden),
        3 => dense_fixed::<3>(params, hidden, d_params, d_hidden),
        4 => dense_fixed::<4>(params, hidden, d_params, d_hidden),
        5 => dense_fixed::<5>(params, hidden, d_params, d_hidden),
        6 => dense_fixed::<6>(params, hidden, d_params, d_hidden),
        8 => dense_fixed::<8>(params, hidden, d_params, d_hidden),
        _ => dense_any(params, hidden, d_params, d_hidden),
    }
}

/// [`dense`] with hidden vectors in registers.
fn dense_fixed<const M: usize>(
    params: &Params,
    hidden: &[f32],
    d_params: &mut [f32],
    d_hidden: &mut [f32],
) {
    let hidden = hidden.as_chunks::<M>().0;
    let d_hidden = d_hidden.as_chunks_mut::<M>().0;
    for start in (0..params.n()).step_by(FEATURE_CHUNK) {
        let (h, h_rest) = hidden.as_chunks::<TILE>();
        let (dh, dh_rest) = d_hidden.as_chunks_mut::<TILE>();
        for (h, dh) in h.iter().zip(dh) {
            tile::<M, TILE>(params, start, h, d_params, dh);
        }
        for (h, dh) in h_rest.iter().zip(dh_rest) {
            tile::<M, 1>(
                params,
                start,
                std::array::from_ref(h),
                d_params,
                std::array::from_mut(dh),
            );
        }
    }
}

/// E examples against the features of the chunk that begins at `start`.
#[inline(always)]
fn tile<const M: usize, const E: usize>(
    params: &Params,
    start: usize,
    h: &[[f32; M]; E],
    d_params: &mut [f32],
    d_h: &mut [[f32; M]; E],
) {
    let n = params.n();
    let (w, b) = params.w_and_b();
    let (d_w, d_b) = d_params.split_at_mut(M * n);
    let mut d_h_lanes = [[Lanes::splat(0.0); M]; E];
    for at in (start..n.min(start + FEATURE_CHUNK)).step_by(LANES) {
        let (w, b) = model::load_block::<M>(w, b, at);
        let r = model::outputs::<M, E>(&w, b, h);
        let any = r.iter().skip(1).fold(r[0], |any, r| any.plus(*r));
        if !any.any_positive() {
            continue; // adds nothing but zeros
        }
        let end = n.min(at + LANES);
        any.add_to(&mut d_b[at..end]);
        for k in 0..M {
            let mut d_w_k = Lanes::splat(0.0);
            for e in 0..E {
                d_w_k = d_w_k.add_scaled(r[e], h[e][k]);
                d_h_lanes[e][k] = d_h_lanes[e][k].add_product(r[e], w[k]);
            }
            d_w_k.add_to(&mut d_w[k * n + at..k * n + end]);
        }
    }
    for e in 0..E {
        for k in 0..M {
            d_h[e][k] += d_h_lanes[e][k].sum();
        }
    }
}

/// [`dense`] for any m, one example at a time, hidden vectors in memory.
fn dense_any(params: &Params, hidden: &[f32], d_params: &mut [f32], d_hidden: &mut [f32]) {
    let (n, m) = (params.n(), params.m());
    let (w, b) = params.w_and_b();
    let (d_w, d_b) = d_params.split_at_mut(m * n);
    let mut w_block = vec![Lanes::splat(0.0); m];
    let mut d_w_block = vec![Lanes::splat(0.0); m];
    for at in (0..n).step_by(LANES) {
        let end = n.min(at + LANES);
        for (k, w_block) in w_block.iter_mut().enumerate() {
            *w_block = Lanes::load_partial(&w[k * n + at..k * n + end], 0.0);
        }
        let b_block = Lanes::load_partial(&b[at..end], -1.0);
        let mut d_b_block = Lanes::splat(0.0);
        d_w_block.fill(Lanes::splat(0.0));
        for (h, d_h) in hidden.chunks_exact(m).zip(d_hidden.chunks_exact_mut(m)) {
            let mut z = b_block;
            for (w, h) in w_block.iter().zip(h) {
                z = z.add_scaled(*w, *h);
            }
            let r = z.relu();
            if !r.any_positive() {
                continue;
            }
            d_b_block = d_b_block.plus(r);
            for k in 0..m {
                d_w_block[k] = d_w_block[k].add_scaled(r, h[k]);
                d_h[k] += Lanes::splat(0.0).add_product(r, w_block[k]).sum();
            }
        }
        d_b_block.add_to(&mut d_b[at..end]);
        for (k, d_w_block) in d_w_block.iter().enumerate() {
            d_w_block.add_to(&mut d_w[k * n + at..k * n + end]);
        }
    }
}

/// Subtracts x from the outputs of active features, then carries dh down to W.
fn sparse(
    params: &Params,
    examples: &Examples,
    hidden: &[f32],
    d_params: &mut [f32],
    d_hidden: &mut [f32],
) {
    let (n, m) = (params.n(), params.m());
    let (w, b) = params.w_and_b();
    let (d_w, d_b) = d_params.split_at_mut(m * n);
    let vectors = hidden.chunks_exact(m).zip(d_hidden.chunks_exact_mut(m));
    for ((features, xs), (h, d_h)) in examples.rows().zip(vectors) {
        for (&i, &x) in features.iter().zip(xs) {
            let i = i as usize;
            if model::pre_activation(w, b, h, i) > 0.0 {
                d_b[i] -= x;
                for k in 0..m {
                    d_w[k * n + i] -= x * h[k];
                    d_h[k] -= x * w[k * n + i];
                }
            }
        }
        for (&i, &x) in features.iter().zip(xs) {
            for k in 0..m {
                d_w[k * n + i as usize] += d_h[k] * x;
            }
        }
    }
}
