//! How much of the gradient fits into registers? Sixteen features by four examples, outputs and gradients at once.
//!
//! A tile takes x as 0: its outputs r = ReLU(Wᵀh + b) give db = Σ r, dw = Σ r h and dh = Σ r w, and none of them
//! is ever stored. In models that are not the paper's, [`Slopes`] says what takes the place of r, and of w in dh.

#![allow(
    clippy::needless_range_loop,
    reason = "k and e are the indices of the formulas above"
)]

use super::slopes::Slopes;
use crate::math::{LANES, Lanes, Part};
use crate::model::{self, Block};

/// Examples of a tile.
pub const TILE: usize = 4;

/// E examples against some blocks of features. SKIP: expect tiles without any active output, and leave them.
#[inline(always)]
pub fn tile<const M: usize, const E: usize, const SKIP: bool>(
    slopes: impl Slopes<M>,
    blocks: impl Iterator<Item = usize> + Clone,
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
    let mut d_h_lanes = [[[Part::splat(0.0); Part::PER_BLOCK]; M]; E];
    for part in 0..Part::PER_BLOCK {
        let mut d_h_part = [[Part::splat(0.0); M]; E];
        for j in blocks.clone() {
            let w = w.map(|w| Part::load_part(&w[j], part));
            let r = model::outputs::<_, M, E>(&w, Part::load_part(&b[j], part), h)
                .map(|r| slopes.half_slope(r));
            let sum = r[1..].iter().fold(r[0], |sum, r| sum.plus(*r));
            if SKIP && !sum.any_positive() {
                continue; // adds nothing but zeros
            }
            sum.add_to_part(&mut d_b[j], part);
            let back = slopes.back(w, j, part);
            for k in 0..M {
                let mut d_w_k = Part::splat(0.0);
                for e in 0..E {
                    d_w_k = d_w_k.add_scaled(r[e], h[e][k]);
                    d_h_part[e][k] = d_h_part[e][k].add_product(r[e], back[k]);
                }
                d_w_k.add_to_part(&mut d_w[k][j], part);
            }
        }
        for e in 0..E {
            for k in 0..M {
                d_h_lanes[e][k][part] = d_h_part[e][k];
            }
        }
    }
    for e in 0..E {
        for k in 0..M {
            d_h[e][k] += Lanes::join(d_h_lanes[e][k]).sum();
        }
    }
}

/// [`tile`] at any m, its weights and sums in memory. Its scratch memory is kept from call to call.
#[derive(Debug, Default)]
pub struct Wide<const E: usize> {
    /// h (m, E)
    hidden: Vec<[f32; E]>,
    /// Blocks with an active output, and their outputs.
    active: Vec<(usize, [Part; E])>,
    /// Lanes of dh: (m, E), part by part.
    d_hidden: Vec<[[Part; Part::PER_BLOCK]; E]>,
}

/// Padded W and b, flat, or their gradient.
type Flat<T> = (T, T);

impl<const E: usize> Wide<E> {
    /// E examples, `h` and `d_h` (E, m), against some blocks of features.
    pub fn tile(
        &mut self,
        blocks: std::ops::Range<usize>,
        (w, b): Flat<&[f32]>,
        h: &[f32],
        (d_w, d_b): &mut Flat<&mut [f32]>,
        d_h: &mut [f32],
    ) {
        let m = h.len() / E;
        let (b, per_row) = (b.as_chunks::<LANES>().0, b.len() / LANES);
        let (w, d_w) = (w.as_chunks::<LANES>().0, d_w.as_chunks_mut().0);
        let d_b = d_b.as_chunks_mut().0;
        self.hidden.clear();
        let of_k = |k| std::array::from_fn(|e| h[e * m + k]);
        self.hidden.extend((0..m).map(of_k));
        let nothing = [[Part::splat(0.0); Part::PER_BLOCK]; E];
        self.d_hidden.clear();
        self.d_hidden.resize(m, nothing);
        for part in 0..Part::PER_BLOCK {
            self.active.clear();
            for j in blocks.clone() {
                let mut z = [Part::load_part(&b[j], part); E];
                for (w, h) in w.chunks_exact(per_row).zip(&self.hidden) {
                    let w = Part::load_part(&w[j], part);
                    for e in 0..E {
                        z[e] = z[e].add_scaled(w, h[e]);
                    }
                }
                let r = z.map(Part::relu);
                let sum = r[1..].iter().fold(r[0], |sum, r| sum.plus(*r));
                if sum.any_positive() {
                    sum.add_to_part(&mut d_b[j], part);
                    self.active.push((j, r));
                }
            }
            let rows = w.chunks_exact(per_row).zip(d_w.chunks_exact_mut(per_row));
            let vectors = self.hidden.iter().zip(&mut self.d_hidden);
            for ((w, d_w), (h, d_hidden)) in rows.zip(vectors) {
                let mut d_h = [Part::splat(0.0); E];
                for (j, r) in &self.active {
                    let w = Part::load_part(&w[*j], part);
                    let mut d_w_k = Part::splat(0.0);
                    for e in 0..E {
                        d_w_k = d_w_k.add_scaled(r[e], h[e]);
                        d_h[e] = d_h[e].add_product(r[e], w);
                    }
                    d_w_k.add_to_part(&mut d_w[*j], part);
                }
                for e in 0..E {
                    d_hidden[e][part] = d_h[e];
                }
            }
        }
        for (k, lanes) in self.d_hidden.iter().enumerate() {
            for e in 0..E {
                d_h[e * m + k] += Lanes::join(lanes[e]).sum();
            }
        }
    }
}
