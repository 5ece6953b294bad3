//! How fast can the dense gradient be? All T × n outputs, sixteen features by four examples at a time.
//!
//! Zero targets are the rule, so the pass over all outputs takes x as 0 and a second pass over the few active
//! features of each example subtracts what that leaves out. Nothing of size T × n is ever stored: a tile of
//! outputs lives in registers, and memory is O(nnz + (n + T) m).

use crate::data::Examples;
use crate::math::{LANES, Lanes};
use crate::model::{self, Block, Params};

/// Blocks of features in one pass over the examples: 512 features' W, b and gradients stay in the first cache at
/// m = 2.
const FEATURE_CHUNK: usize = 32;

/// Examples whose terms are added up before they join the total: keeps the rounding of long sums small.
const EXAMPLE_CHUNK: usize = 2048;

/// Examples of a register tile.
pub(super) const TILE: usize = 4;

/// The dense path with its scratch memory.
#[derive(Debug, Default)]
pub struct Blocked {
    /// h (T, m)
    hidden: Vec<f32>,
    /// dh (T, m)
    d_hidden: Vec<f32>,
    /// dW and db of one chunk of examples.
    d_chunk: Option<Params>,
}

impl Blocked {
    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)² into `d_params`.
    ///
    /// # Panics
    /// If examples, params and `d_params` differ in n or m.
    pub fn gradient(&mut self, params: &Params, examples: &Examples, d_params: &mut Params) {
        let (n, m) = (params.n(), params.m());
        assert_eq!((n, n, m), (examples.n(), d_params.n(), d_params.m()));
        model::hidden_into(params, examples, &mut self.hidden);
        self.d_hidden.clear();
        self.d_hidden.resize(self.hidden.len(), 0.0);
        d_params.padded_mut().fill(0.0);
        let chunks = self.hidden.chunks(EXAMPLE_CHUNK * m);
        let chunks = chunks.zip(self.d_hidden.chunks_mut(EXAMPLE_CHUNK * m));
        for (c, (h, dh)) in chunks.enumerate() {
            if c == 0 {
                dense(params, h, d_params, dh);
                continue;
            }
            let d_chunk = self.d_chunk.get_or_insert_with(|| Params::zeros(n, m));
            d_chunk.padded_mut().fill(0.0);
            dense(params, h, d_chunk, dh);
            for (total, d) in d_params.padded_mut().iter_mut().zip(d_chunk.padded()) {
                *total += d;
            }
        }
        sparse(params, examples, &self.hidden, d_params, &mut self.d_hidden);
    }
}

/// Adds the terms of all outputs, with x taken as 0.
fn dense(params: &Params, hidden: &[f32], d_params: &mut Params, d_hidden: &mut [f32]) {
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
    d_params: &mut Params,
    d_hidden: &mut [f32],
) {
    let (h, h_rest) = hidden.as_chunks::<M>().0.as_chunks::<TILE>();
    let (dh, dh_rest) = d_hidden.as_chunks_mut::<M>().0.as_chunks_mut::<TILE>();
    let (w, b) = params.blocks::<M>();
    let (d_w, d_b) = d_params.blocks_mut::<M>();
    let (features, mut d_features) = ((w, b), (d_w, d_b));
    for start in (0..b.len()).step_by(FEATURE_CHUNK) {
        let chunk = start..b.len().min(start + FEATURE_CHUNK);
        for (h, dh) in h.iter().zip(&mut *dh) {
            tile::<M, TILE>(chunk.clone(), features, h, &mut d_features, dh);
        }
        for (h, dh) in h_rest.iter().zip(&mut *dh_rest) {
            let (h, dh) = (std::array::from_ref(h), std::array::from_mut(dh));
            tile::<M, 1>(chunk.clone(), features, h, &mut d_features, dh);
        }
    }
}

/// E examples against some blocks of features.
#[inline(always)]
pub(super) fn tile<const M: usize, const E: usize>(
    blocks: impl Iterator<Item = usize>,
    (w, b): ([&[Block]; M], &[Block]),
    h: &[[f32; M]; E],
    (d_w, d_b): &mut ([&mut [Block]; M], &mut [Block]),
    d_h: &mut [[f32; M]; E],
) {
    // One length for all slices, which the compiler then need not check again.
    let count = b.len();
    let w = w.map(|w| &w[..count]);
    let d_w = d_w.each_mut().map(|d_w| &mut d_w[..count]);
    let d_b = &mut d_b[..count];
    let mut d_h_lanes = [[Lanes::splat(0.0); M]; E];
    for j in blocks {
        let w = w.map(|w| Lanes::load(&w[j]));
        let r = model::outputs::<M, E>(&w, Lanes::load(&b[j]), h);
        let sum = r[1..].iter().fold(r[0], |sum, r| sum.plus(*r));
        if !sum.any_positive() {
            continue; // adds nothing but zeros
        }
        sum.add_to(&mut d_b[j]);
        for k in 0..M {
            let mut d_w_k = Lanes::splat(0.0);
            for e in 0..E {
                d_w_k = d_w_k.add_scaled(r[e], h[e][k]);
                d_h_lanes[e][k] = d_h_lanes[e][k].add_product(r[e], w[k]);
            }
            d_w_k.add_to(&mut d_w[k][j]);
        }
    }
    for e in 0..E {
        for k in 0..M {
            d_h[e][k] += d_h_lanes[e][k].sum();
        }
    }
}

/// [`dense`] for any m, one example at a time, hidden vectors in memory.
fn dense_any(params: &Params, hidden: &[f32], d_params: &mut Params, d_hidden: &mut [f32]) {
    let m = params.m();
    let (w, b) = params.split();
    let stride = b.len();
    let (d_w, d_b) = d_params.split_mut();
    let mut w_block = vec![Lanes::splat(0.0); m];
    let mut d_w_block = vec![Lanes::splat(0.0); m];
    let blocks = b.as_chunks::<LANES>().0.iter();
    for (j, (b, d_b)) in blocks.zip(d_b.as_chunks_mut::<LANES>().0).enumerate() {
        for (lanes, row) in w_block.iter_mut().zip(w.chunks_exact(stride)) {
            *lanes = Lanes::load(&row.as_chunks().0[j]);
        }
        let mut d_b_block = Lanes::splat(0.0);
        d_w_block.fill(Lanes::splat(0.0));
        for (h, d_h) in hidden.chunks_exact(m).zip(d_hidden.chunks_exact_mut(m)) {
            let mut z = Lanes::load(b);
            for (w, h) in w_block.iter().zip(h) {
                z = z.add_scaled(*w, *h);
            }
            let r = z.relu();
            if !r.any_positive() {
                continue; // adds nothing but zeros
            }
            d_b_block = d_b_block.plus(r);
            for k in 0..m {
                d_w_block[k] = d_w_block[k].add_scaled(r, h[k]);
                d_h[k] += Lanes::splat(0.0).add_product(r, w_block[k]).sum();
            }
        }
        d_b_block.add_to(d_b);
        for (lanes, row) in d_w_block.iter().zip(d_w.chunks_exact_mut(stride)) {
            lanes.add_to(&mut row.as_chunks_mut().0[j]);
        }
    }
}

/// Subtracts x from the outputs of active features, then carries dh down to W.
pub(super) fn sparse(
    params: &Params,
    examples: &Examples,
    hidden: &[f32],
    d_params: &mut Params,
    d_hidden: &mut [f32],
) {
    let m = params.m();
    let (w, b) = params.split();
    let stride = b.len();
    let (d_w, d_b) = d_params.split_mut();
    let vectors = hidden.chunks_exact(m).zip(d_hidden.chunks_exact_mut(m));
    for ((features, xs), (h, d_h)) in examples.rows().zip(vectors) {
        for (&i, &x) in features.iter().zip(xs) {
            let i = i as usize;
            if model::pre_activation(w, b, h, i) > 0.0 {
                d_b[i] -= x;
                for k in 0..m {
                    d_w[k * stride + i] -= x * h[k];
                    d_h[k] -= x * w[k * stride + i];
                }
            }
        }
        for (&i, &x) in features.iter().zip(xs) {
            for k in 0..m {
                d_w[k * stride + i as usize] += d_h[k] * x;
            }
        }
    }
}
