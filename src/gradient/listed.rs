//! How does the exact gradient get cheaper as training goes on? At m ≥ 4 almost every output is inactive by a wide margin and
//! stays so for many steps, so each feature keeps a list of the examples that may activate it.
//!
//! A list holds the examples with z > −δ at the time when it was made; δ is the feature's *skin*. From then on z = w·h + b of
//! any other example has grown by at most
//!
//! ‖w − w₀‖ maxₜ‖hₜ‖ + ‖w₀‖ Σ maxₜ‖Δhₜ‖ + max(b − b₀, 0),
//!
//! where the sum runs over the steps since, and the list is valid while that is below δ. Every pass asks this of every list
//! and makes those anew that fail, from one dense row of outputs. So nothing is assumed of how parameters move from pass to
//! pass, and nothing is approximated: a pass adds the terms of active pairs alone, example after example, and its bits are the
//! same whatever else the lists hold. Lists and skins are therefore no part of a run's state.

// k and l are the indices of the formulas above.
#![allow(clippy::needless_range_loop)]

use wide::f32x4;

use super::Work;
use crate::data::Examples;
use crate::math::{LANES, Part};
use crate::model::Params;

/// Pairs that are looked at together.
const GROUP: usize = 4;

/// The path of lists for up to M hidden dimensions, a power of two from 4 on; those beyond m are zero.
#[derive(Debug, Default)]
pub struct Listed<const M: usize> {
    /// The columns of W, feature after feature.
    w: Vec<[f32; M]>,
    /// Their gradient.
    d_w: Vec<[f32; M]>,
    /// The hidden vectors, example after example, and one of zeros behind them.
    rows: Vec<Row<M>>,
    /// h of each dimension in blocks of sixteen examples: one block of every dimension after the other.
    blocks: Vec<[[f32; LANES]; M]>,
    /// max ‖h‖.
    longest: f32,
    /// Σ max ‖Δh‖ over all passes.
    drift: f64,
    /// Passes so far.
    passes: u32,
    lists: Vec<List>,
    /// W and b when each list was made.
    made: Option<Params>,
}

/// An example: h and dh side by side, which are needed together.
#[derive(Clone, Copy, Debug)]
struct Row<const M: usize> {
    h: [f32; M],
    d_h: [f32; M],
}

/// The examples that may activate a feature.
#[derive(Clone, Debug, Default)]
struct List {
    /// Ascending.
    examples: Vec<u32>,
    /// How many of them were active when the list was made.
    active: u32,
    /// δ.
    skin: f32,
    /// ‖w₀‖.
    length: f32,
    /// The sum of max ‖Δh‖ when it was made.
    drift: f64,
    /// The pass that made it.
    pass: u32,
}

impl<const M: usize> Listed<M> {
    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)² into `d_params`.
    ///
    /// # Panics
    /// If examples, params and `d_params` differ in n or m, or m is above M.
    pub fn gradient(&mut self, params: &Params, examples: &Examples, d_params: &mut Params) -> Work {
        let (n, m) = (params.n(), params.m());
        assert_eq!((n, n, m), (examples.n(), d_params.n(), d_params.m()));
        assert!(m <= M);
        self.load(params);
        self.find_hidden(examples);
        let mut work = self.refresh(params);
        self.pass(params, d_params, &mut work);
        self.sparse(params, examples, d_params);
        self.store(d_params);
        work
    }

    /// Are at most so many pairs active?
    ///
    /// # Panics
    /// As [`gradient`](Self::gradient).
    pub fn has_at_most(&mut self, most: u64, params: &Params, examples: &Examples) -> bool {
        assert!(params.n() == examples.n() && params.m() <= M);
        self.load(params);
        self.find_hidden(examples);
        let mut active = 0;
        for (w, b) in self.w.iter().zip(params.split().1) {
            for block in &self.blocks {
                for part in 0..Part::PER_BLOCK {
                    active += u64::from(z_of(w, *b, block, part).mask_positive().count_ones());
                }
            }
            if active > most {
                return false;
            }
        }
        true
    }

    /// Copies W, feature after feature.
    fn load(&mut self, params: &Params) {
        let (w, b) = params.split();
        self.w.resize(b.len(), [0.0; M]);
        self.d_w.resize(b.len(), [0.0; M]);
        for (k, row) in w.chunks_exact(b.len()).enumerate() {
            for (column, &w) in self.w.iter_mut().zip(row) {
                column[k] = w;
            }
        }
    }

    /// Copies dW back.
    fn store(&self, d_params: &mut Params) {
        let (d_w, d_b) = d_params.split_mut();
        for (k, row) in d_w.chunks_exact_mut(d_b.len()).enumerate() {
            for (d_w, column) in row.iter_mut().zip(&self.d_w) {
                *d_w = column[k];
            }
        }
    }

    /// Hidden vectors, how far the farthest has moved since the last pass, and how long the longest is.
    fn find_hidden(&mut self, examples: &Examples) {
        let count = examples.len();
        if self.rows.len() != count + 1 {
            self.rows = vec![Row::ZERO; count + 1];
            self.blocks = vec![[[0.0; LANES]; M]; count.div_ceil(LANES)];
            self.made = None;
        }
        let (mut moved, mut longest) = (0.0f32, 0.0f32);
        for (t, (row, (features, xs))) in self.rows.iter_mut().zip(examples.rows()).enumerate() {
            let mut h = [0.0; M];
            for (&i, &x) in features.iter().zip(xs) {
                let w = &self.w[i as usize];
                for k in 0..M {
                    h[k] += w[k] * x;
                }
            }
            moved = moved.max(square_distance(&h, &row.h));
            longest = longest.max(square_distance(&h, &[0.0; M]));
            *row = Row { h, d_h: [0.0; M] };
            let block = &mut self.blocks[t / LANES];
            for k in 0..M {
                block[k][t % LANES] = h[k];
            }
        }
        self.rows[count] = Row::ZERO;
        self.drift += f64::from(moved.sqrt());
        self.longest = longest.sqrt();
        self.passes += 1;
    }

    /// Makes every list anew that may lack an active example.
    fn refresh(&mut self, params: &Params) -> Work {
        let mut work = Work::default();
        let (w, b) = params.split();
        let (n, m, stride) = (params.n(), params.m(), b.len());
        if self.made.as_ref().is_none_or(|made| (made.n(), made.m()) != (n, m)) {
            self.made = Some(Params::zeros(n, m));
            self.lists.clear();
            self.lists.resize(n, List::default());
        }
        let made = self.made.as_mut().expect("made above");
        let (w_made, b_made) = made.split_mut();
        for (j, lists) in self.lists.chunks_mut(LANES).enumerate() {
            let mut squares = [0.0f32; LANES];
            for k in 0..m {
                let at = k * stride + j * LANES;
                for l in 0..LANES {
                    let d = w[at + l] - w_made[at + l];
                    squares[l] += d * d;
                }
            }
            for (l, list) in lists.iter_mut().enumerate() {
                let i = j * LANES + l;
                let drift = (self.drift - list.drift) as f32;
                let growth = squares[l].sqrt() * self.longest + list.length * drift + (b[i] - b_made[i]).max(0.0);
                let rounding = ROUNDING * (list.length * self.longest + b_made[i].abs());
                if list.skin > 0.0 && growth * SLACK + rounding <= list.skin {
                    continue;
                }
                work.rows += 1;
                let column = &self.w[i];
                let length = square_distance(column, &[0.0; M]).sqrt();
                list.adapt(self.passes, self.rows.len() - 1, length * self.longest + b[i].abs());
                list.length = length;
                list.drift = self.drift;
                list.pass = self.passes;
                list.fill(column, b[i], &self.blocks, self.rows.len() - 1);
                for k in 0..m {
                    w_made[k * stride + i] = column[k];
                }
                b_made[i] = b[i];
            }
        }
        work
    }

    /// Adds the terms of all outputs, with x taken as 0.
    fn pass(&mut self, params: &Params, d_params: &mut Params, work: &mut Work) {
        let b = params.split().1;
        let d_b = d_params.split_mut().1;
        d_b[self.lists.len()..].fill(0.0);
        let rows = &mut self.rows[..];
        let features = self.w.iter().zip(&mut self.d_w).zip(b.iter().zip(d_b));
        for (list, ((w, d_w), (b, d_b))) in self.lists.iter().zip(features) {
            work.pairs += list.examples.len() as u64;
            let (mut sum, mut d_w_i) = (0.0, [0.0; M]);
            let (groups, rest) = list.examples.as_chunks::<GROUP>();
            for group in groups {
                let z = pre_activations(w, *b, group.map(|t| &rows[t as usize].h));
                work.active += u64::from(count(z));
                add(rows, group, relu(z), w, &mut d_w_i, &mut sum);
            }
            if !rest.is_empty() {
                let mut group = [rows.len() as u32 - 1; GROUP];
                group[..rest.len()].copy_from_slice(rest);
                let mut z = pre_activations(w, *b, group.map(|t| &rows[t as usize].h)).to_array();
                z[rest.len()..].fill(0.0);
                let z = f32x4::new(z);
                work.active += u64::from(count(z));
                add(rows, &group, relu(z), w, &mut d_w_i, &mut sum);
            }
            *d_w = d_w_i;
            *d_b = sum;
        }
    }

    /// Adds what x ≠ 0 adds, and then dW's second half, Σₜ dhₜ xₜᵀ.
    fn sparse(&mut self, params: &Params, examples: &Examples, d_params: &mut Params) {
        let b = params.split().1;
        let d_b = d_params.split_mut().1;
        for (row, (features, xs)) in self.rows.iter().zip(examples.rows()) {
            let mut d_h = row.d_h;
            for (&i, &x) in features.iter().zip(xs) {
                let i = i as usize;
                let w = &self.w[i];
                let [z, ..] = pre_activations(w, b[i], [&row.h; GROUP]).to_array();
                let x = if z > 0.0 { x } else { 0.0 };
                d_b[i] -= x;
                let d_w = &mut self.d_w[i];
                for k in 0..M {
                    d_w[k] -= x * row.h[k];
                    d_h[k] -= x * w[k];
                }
            }
            for (&i, &x) in features.iter().zip(xs) {
                let d_w = &mut self.d_w[i as usize];
                for k in 0..M {
                    d_w[k] += d_h[k] * x;
                }
            }
        }
    }
}

/// More than rounding can make of the sums that the bound is made of.
const SLACK: f32 = 1.001;
/// More than rounding can make of z, relative to ‖w‖ ‖h‖ + |b|, at m up to 256.
const ROUNDING: f32 = 4e-5;

/// What a dense row costs per example, in pairs of a list.
const ROW_COST: f32 = 0.1;

impl List {
    /// Chooses the skin with which the list is made again.
    fn adapt(&mut self, pass: u32, examples: usize, scale: f32) {
        if self.skin <= 0.0 {
            self.skin = 0.02 * scale + f32::MIN_POSITIVE;
            return;
        }
        // A wider skin has more inactive pairs, in proportion to it, and a longer life, in proportion to it. Costs are least where
        // what the inactive pairs cost is what making the list costs.
        let age = (pass - self.pass) as f32;
        let extra = (self.examples.len() as f32 - self.active as f32).max(0.5);
        let wanted = (examples as f32 * ROW_COST / (age * extra)).sqrt();
        self.skin *= wanted.clamp(0.5, 4.0);
    }

    /// The examples with z > −δ.
    fn fill<const M: usize>(&mut self, w: &[f32; M], b: f32, blocks: &[[[f32; LANES]; M]], count: usize) {
        self.examples.clear();
        self.active = 0;
        let skin = self.skin;
        for (j, block) in blocks.iter().enumerate() {
            for part in 0..Part::PER_BLOCK {
                let z = z_of(w, b + skin, block, part);
                let mut mask = z.mask_positive();
                let first = j * LANES + part * (LANES / Part::PER_BLOCK);
                if mask == 0 {
                    continue;
                }
                self.active += z.minus(Part::splat(skin)).mask_positive().count_ones();
                while mask != 0 {
                    let t = first + mask.trailing_zeros() as usize;
                    if t < count {
                        self.examples.push(t as u32);
                    }
                    mask &= mask - 1;
                }
            }
        }
    }
}

impl<const M: usize> Row<M> {
    const ZERO: Self = Row {
        h: [0.0; M],
        d_h: [0.0; M],
    };
}

/// ‖a − b‖².
#[inline(always)]
fn square_distance<const M: usize>(a: &[f32; M], b: &[f32; M]) -> f32 {
    let difference: [f32; M] = std::array::from_fn(|k| a[k] - b[k]);
    let [a, b, c, d] = products(&difference, &difference);
    (a + c) + (b + d)
}

#[inline(always)]
fn products<const M: usize>(a: &[f32; M], b: &[f32; M]) -> [f32; 4] {
    let mut products: [f32; M] = std::array::from_fn(|k| a[k] * b[k]);
    let mut width = M;
    while width > 4 {
        width /= 2;
        for l in 0..width {
            products[l] += products[l + width];
        }
    }
    std::array::from_fn(|l| products[l])
}

/// z = w·h + b of four hidden vectors. The products are added up by halves, M/2 and M/2, down to one.
#[inline(always)]
fn pre_activations<const M: usize>(w: &[f32; M], b: f32, h: [&[f32; M]; GROUP]) -> f32x4 {
    let [z0, z1, z2, z3] = f32x4::transpose(h.map(|h| f32x4::new(products(w, h))));
    ((z0 + z2) + (z1 + z3)) + f32x4::splat(b)
}

/// As in `Vector::relu`: NaN and −0 give +0.
#[inline(always)]
fn relu(z: f32x4) -> [f32; GROUP] {
    (z.simd_gt(f32x4::ZERO) & z).to_array()
}

/// How many are active.
#[inline(always)]
fn count(z: f32x4) -> u32 {
    z.simd_gt(f32x4::ZERO).to_bitmask().count_ones()
}

/// w·h + b for a part of a block of examples.
#[inline(always)]
fn z_of<const M: usize>(w: &[f32; M], b: f32, block: &[[f32; LANES]; M], part: usize) -> Part {
    let mut z = Part::splat(b);
    for k in 0..M {
        z = z.add_scaled(Part::load_part(&block[k], part), w[k]);
    }
    z
}

/// Adds the terms of four pairs to dw, db and the examples' dh.
#[inline(always)]
fn add<const M: usize>(
    rows: &mut [Row<M>],
    group: &[u32; GROUP],
    r: [f32; GROUP],
    w: &[f32; M],
    d_w: &mut [f32; M],
    d_b: &mut f32,
) {
    for (&t, r) in group.iter().zip(r) {
        let row = &mut rows[t as usize];
        *d_b += r;
        for k in 0..M {
            d_w[k] += r * row.h[k];
            row.d_h[k] += r * w[k];
        }
    }
}
