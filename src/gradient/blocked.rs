//! How fast can the dense gradient be? All T × n outputs, sixteen features by four examples at a time.
//!
//! Zero targets are the rule, so the pass over all outputs takes x as 0 and a second pass over the few active
//! features of each example subtracts what that leaves out. Nothing of size T × n is ever stored: a tile of
//! outputs lives in registers, and memory is O(nnz + (n + T) m).

use super::slopes::Papers;
use super::sparse::sparse;
use super::tile::{TILE, Wide, tile};
use crate::data::Examples;
use crate::math::LANES;
use crate::model::{self, Params};

/// Blocks of features in one pass over the examples: 512 features' W, b and gradients stay in the first cache at
/// m = 2.
const FEATURE_CHUNK: usize = 32;

/// Examples whose terms are added up before they join the total: keeps the rounding of long sums small.
const EXAMPLE_CHUNK: usize = 2048;

/// The dense path with its scratch memory.
#[derive(Debug, Default)]
pub struct Blocked {
    /// h (T, m)
    hidden: Vec<f32>,
    /// dh (T, m)
    d_hidden: Vec<f32>,
    /// dW and db of one chunk of examples.
    d_chunk: Option<Params>,
    /// Scratch memory of the tiles at larger m.
    tiles: (Wide<TILE>, Wide<1>),
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
                dense(params, h, d_params, dh, &mut self.tiles);
                continue;
            }
            let d_chunk = self.d_chunk.get_or_insert_with(|| Params::zeros(n, m));
            d_chunk.padded_mut().fill(0.0);
            dense(params, h, d_chunk, dh, &mut self.tiles);
            for (total, d) in d_params.padded_mut().iter_mut().zip(d_chunk.padded()) {
                *total += d;
            }
        }
        sparse(params, examples, &self.hidden, d_params, &mut self.d_hidden);
    }
}

/// Adds the terms of all outputs, with x taken as 0.
fn dense(
    params: &Params,
    hidden: &[f32],
    d_params: &mut Params,
    d_hidden: &mut [f32],
    tiles: &mut (Wide<TILE>, Wide<1>),
) {
    match params.m() {
        // Below m = 4 only few examples come here, so that m = 1 and 3 need no code of their own: 3 kB of the page.
        2 => dense_fixed::<2>(params, hidden, d_params, d_hidden),
        4 => dense_fixed::<4>(params, hidden, d_params, d_hidden),
        _ => dense_any(params, hidden, d_params, d_hidden, tiles),
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
            tile::<M, TILE, true>(Papers, chunk.clone(), features, h, &mut d_features, dh);
        }
        for (h, dh) in h_rest.iter().zip(&mut *dh_rest) {
            let (h, dh) = (std::array::from_ref(h), std::array::from_mut(dh));
            tile::<M, 1, true>(Papers, chunk.clone(), features, h, &mut d_features, dh);
        }
    }
}

/// [`dense`] for any m.
fn dense_any(
    params: &Params,
    hidden: &[f32],
    d_params: &mut Params,
    d_hidden: &mut [f32],
    tiles: &mut (Wide<TILE>, Wide<1>),
) {
    let m = params.m();
    let features = params.split();
    let mut d_features = d_params.split_mut();
    let blocks = features.1.len() / LANES;
    let whole = hidden.len() - hidden.len() % (TILE * m);
    for start in (0..blocks).step_by(FEATURE_CHUNK) {
        let chunk = start..blocks.min(start + FEATURE_CHUNK);
        let (h, h_rest) = hidden.split_at(whole);
        let (d_h, d_h_rest) = d_hidden.split_at_mut(whole);
        let vectors = h.chunks_exact(TILE * m).zip(d_h.chunks_exact_mut(TILE * m));
        for (h, d_h) in vectors {
            tiles
                .0
                .tile(chunk.clone(), features, h, &mut d_features, d_h);
        }
        for (h, d_h) in h_rest.chunks_exact(m).zip(d_h_rest.chunks_exact_mut(m)) {
            tiles
                .1
                .tile(chunk.clone(), features, h, &mut d_features, d_h);
        }
    }
}
