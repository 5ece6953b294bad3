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

#![allow(
    clippy::needless_range_loop,
    reason = "k and l are the indices of the formulas above"
)]

use wide::f32x4;

use super::Work;
use crate::data::Examples;
use crate::math::{LANES, Lanes, Part, Register, Vector};
use crate::model::Params;

/// Pairs that are looked at together.
const GROUP: usize = 4;

/// The path of lists for hidden vectors in C registers, however many dimensions that makes; those beyond m are zero.
#[derive(Debug)]
pub struct Listed<V, const C: usize> {
    /// The columns of W, feature after feature.
    w: Vec<Column<V, C>>,
    /// Their gradient.
    d_w: Vec<Column<V, C>>,
    /// The hidden vectors, example after example, and one of zeros behind them.
    rows: Vec<Row<V, C>>,
    /// h (m, T) in blocks of sixteen examples, each with all dimensions.
    blocks: Vec<[f32; LANES]>,
    /// max ‖h‖.
    longest: f32,
    /// Σ max ‖Δh‖ over all passes.
    drift: f64,
    /// Passes so far.
    passes: u32,
    lists: Vec<List>,
    /// Where each list lies.
    places: Places,
    /// One column of W.
    column: Vec<f32>,
    /// The examples of one list.
    found: Vec<u32>,
    /// W and b when each list was made.
    made: Option<Params>,
}

/// A vector of the hidden space.
type Column<V, const C: usize> = [Vector<V>; C];

/// An example: h and dh side by side, which are needed together.
#[derive(Clone, Copy, Debug)]
struct Row<V, const C: usize> {
    h: Column<V, C>,
    d_h: Column<V, C>,
}

/// What tells how long a list is valid, and how wide to make the next.
#[derive(Clone, Copy, Debug, Default)]
struct List {
    /// δ.
    skin: f32,
    /// ‖w₀‖.
    length: f32,
    /// The sum of max ‖Δh‖ when it was made.
    drift: f64,
    /// The pass that made it.
    pass: u32,
    /// How many examples it has, and how many of them were active then.
    count: u32,
    active: u32,
}

/// All lists side by side in memory, in which they are read one after the other: a list of a few examples in an allocation of its
/// own would cost a cache line or two from far away.
#[derive(Debug, Default)]
struct Places {
    /// The examples of a list in ascending order, and then T, the row of zeros, until groups are whole; and some room.
    examples: Vec<u32>,
    /// Of each feature's list: where it begins, how many examples it has, and how many there is room for.
    all: Vec<(u32, u32, u32)>,
}

impl Places {
    /// No examples of `count` features.
    fn clear(&mut self, count: usize) {
        self.examples.clear();
        self.all.clear();
        self.all.resize(count, (0, 0, 0));
    }

    /// The examples of a feature in whole groups, and how many they are.
    #[inline(always)]
    fn of(&self, i: usize) -> (&[[u32; GROUP]], usize) {
        let (start, count, _) = self.all[i];
        let (start, count) = (start as usize, count as usize);
        let end = start + count.next_multiple_of(GROUP);
        (self.examples[start..end].as_chunks().0, count)
    }

    /// Replaces a feature's list by `list`; the row of zeros is `none`.
    #[inline(never)]
    fn put(&mut self, i: usize, list: &[u32], none: u32) {
        let (mut start, _, mut room) = self.all[i];
        let whole = list.len().next_multiple_of(GROUP);
        if whole > room as usize {
            start = self.examples.len() as u32;
            // A list grows and shrinks a little from time to time.
            room = (whole + whole / 4).next_multiple_of(GROUP) as u32;
            self.examples.resize(start as usize + room as usize, none);
        }
        let place = &mut self.examples[start as usize..][..whole];
        place[..list.len()].copy_from_slice(list);
        place[list.len()..].fill(none);
        self.all[i] = (start, list.len() as u32, room);
    }

    /// Moves lists together once most of the room is no longer needed: as they do become shorter.
    #[inline(never)]
    fn tidy(&mut self, none: u32) {
        let needed: usize = self
            .all
            .iter()
            .map(|&(_, count, _)| count as usize + GROUP)
            .sum();
        if self.examples.len() < 2 * needed {
            return;
        }
        let old = std::mem::take(&mut self.examples);
        for (start, count, room) in &mut self.all {
            let from = *start as usize;
            let whole = (*count as usize).next_multiple_of(GROUP);
            *start = self.examples.len() as u32;
            self.examples.extend_from_slice(&old[from..from + whole]);
            *room = (whole + whole / 4).next_multiple_of(GROUP) as u32;
            self.examples.resize(*start as usize + *room as usize, none);
        }
    }
}

impl<V: Register, const C: usize> Default for Listed<V, C> {
    fn default() -> Self {
        Listed {
            w: Vec::new(),
            d_w: Vec::new(),
            rows: Vec::new(),
            blocks: Vec::new(),
            longest: 0.0,
            drift: 0.0,
            passes: 0,
            lists: Vec::new(),
            places: Places::default(),
            column: Vec::new(),
            found: Vec::new(),
            made: None,
        }
    }
}

impl<V: Register, const C: usize> Listed<V, C> {
    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)² into `d_params`.
    ///
    /// # Panics
    /// If examples, params and `d_params` differ in n or m, or m is above C registers.
    pub fn gradient(
        &mut self,
        params: &Params,
        examples: &Examples,
        d_params: &mut Params,
    ) -> Work {
        let (n, m) = (params.n(), params.m());
        assert_eq!((n, n, m), (examples.n(), d_params.n(), d_params.m()));
        self.load(params);
        self.find_hidden(examples, m);
        let mut work = self.refresh(params);
        self.pass(params, d_params, &mut work);
        self.sparse(params, examples, d_params);
        self.store(d_params);
        work
    }

    /// Are at most this many pairs active?
    ///
    /// # Panics
    /// As [`gradient`](Self::gradient).
    pub fn has_at_most(&mut self, most: u64, params: &Params, examples: &Examples) -> bool {
        assert_eq!(params.n(), examples.n());
        self.load(params);
        self.find_hidden(examples, params.m());
        let mut active = 0;
        (0..params.n()).all(|i| {
            let b = column_into(&mut self.column, params, i);
            active += active_in(&self.column, b, &self.blocks, examples.len());
            active <= most
        })
    }

    /// Copies W, feature after feature.
    fn load(&mut self, params: &Params) {
        assert!(params.m() <= C * V::WIDTH);
        let (w, b) = params.split();
        self.w.resize(b.len(), [Vector::ZERO; C]);
        self.d_w.resize(b.len(), [Vector::ZERO; C]);
        // Sixteen features after the other, so that what is written stays in the first cache.
        for (j, columns) in self.w.chunks_exact_mut(LANES).enumerate() {
            for (k, row) in w.chunks_exact(b.len()).enumerate() {
                let (c, lane) = (k / V::WIDTH, k % V::WIDTH);
                for (column, w) in columns.iter_mut().zip(&row[j * LANES..]) {
                    column[c].lanes_mut()[lane] = *w;
                }
            }
        }
    }

    /// Copies dW back.
    fn store(&self, d_params: &mut Params) {
        let (d_w, d_b) = d_params.split_mut();
        let stride = d_b.len();
        for (j, columns) in self.d_w.chunks_exact(LANES).enumerate() {
            for (k, row) in d_w.chunks_exact_mut(stride).enumerate() {
                let (c, lane) = (k / V::WIDTH, k % V::WIDTH);
                for (d_w, column) in row[j * LANES..].iter_mut().zip(columns) {
                    *d_w = column[c].lanes()[lane];
                }
            }
        }
    }

    /// Hidden vectors, how far the farthest has moved since the last pass, and how long the longest is.
    fn find_hidden(&mut self, examples: &Examples, m: usize) {
        let count = examples.len();
        if self.rows.len() != count + 1 || self.blocks.len() != count.div_ceil(LANES) * m {
            self.rows = vec![Row::ZERO; count + 1];
            self.blocks = vec![[0.0; LANES]; count.div_ceil(LANES) * m];
            self.made = None;
        }
        let (mut moved, mut longest) = (0.0f32, 0.0f32);
        for (t, (row, (features, xs))) in self.rows.iter_mut().zip(examples.rows()).enumerate() {
            let mut h = [Vector::ZERO; C];
            for (&i, &x) in features.iter().zip(xs) {
                let w = &self.w[i as usize];
                for c in 0..C {
                    h[c] = h[c].add_scaled(w[c], x);
                }
            }
            let change: Column<V, C> = std::array::from_fn(|c| h[c].minus(row.h[c]));
            moved = moved.max(square(&change));
            longest = longest.max(square(&h));
            *row = Row { h, ..Row::ZERO };
            let block = &mut self.blocks[t / LANES * m..][..m];
            for (block, h) in block.iter_mut().zip(lanes(&h)) {
                block[t % LANES] = h;
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
        if self
            .made
            .as_ref()
            .is_none_or(|made| (made.n(), made.m()) != (n, m))
        {
            self.made = Some(Params::zeros(n, m));
            self.lists.clear();
            self.lists.resize(n, List::default());
            self.places.clear(n);
        }
        let made = self.made.as_mut().expect("made above");
        let (w_made, b_made) = made.split_mut();
        let examples = self.rows.len() - 1;
        for (j, lists) in self.lists.chunks_mut(LANES).enumerate() {
            let mut squares = Lanes::ZERO;
            for k in 0..m {
                let at = k * stride / LANES + j;
                let d =
                    Lanes::load(&w.as_chunks().0[at]).minus(Lanes::load(&w_made.as_chunks().0[at]));
                squares = squares.add_product(d, d);
            }
            let distances = squares.sqrt().to_array();
            for (l, list) in lists.iter_mut().enumerate() {
                let i = j * LANES + l;
                let drift = (self.drift - list.drift) as f32;
                let growth =
                    distances[l] * self.longest + list.length * drift + (b[i] - b_made[i]).max(0.0);
                let rounding = ROUNDING * (list.length * self.longest + b_made[i].abs());
                if list.skin > 0.0 && growth * SLACK + rounding <= list.skin {
                    continue;
                }
                work.rows += 1;
                let column = &self.w[i];
                let length = square(column).sqrt();
                list.adapt(self.passes, examples, length * self.longest + b[i].abs());
                list.length = length;
                list.drift = self.drift;
                list.pass = self.passes;
                column_into(&mut self.column, params, i);
                list.fill(&self.column, b[i], &self.blocks, examples, &mut self.found);
                self.places.put(i, &self.found, examples as u32);
                for (k, w) in self.column.iter().enumerate() {
                    w_made[k * stride + i] = *w;
                }
                b_made[i] = b[i];
            }
        }
        self.places.tidy(examples as u32);
        work
    }

    /// Adds the terms of all outputs, with x taken as 0.
    fn pass(&mut self, params: &Params, d_params: &mut Params, work: &mut Work) {
        let b = params.split().1;
        let d_b = d_params.split_mut().1;
        d_b[self.lists.len()..].fill(0.0);
        let rows = &mut self.rows[..];
        let features = self.w.iter().zip(&mut self.d_w).zip(b.iter().zip(d_b));
        for (i, ((w, d_w), (b, d_b))) in features.enumerate().take(self.lists.len()) {
            let (groups, count) = self.places.of(i);
            work.pairs += count as u64;
            let (mut d_b_i, mut d_w_i) = (0.0, [Vector::ZERO; C]);
            for (g, group) in groups.iter().enumerate() {
                // Spelled out: in the page an array's `map` would be a call for each group.
                let [t0, t1, t2, t3] = *group;
                let group = [t0 as usize, t1 as usize, t2 as usize, t3 as usize];
                let [t0, t1, t2, t3] = group;
                let h = [&rows[t0].h, &rows[t1].h, &rows[t2].h, &rows[t3].h];
                let z = pre_activations(w, *b, h);
                let active = z.simd_gt(f32x4::ZERO) & FIRST[GROUP.min(count - g * GROUP)];
                work.active += u64::from(active.to_bitmask().count_ones());
                for (t, r) in group.into_iter().zip((active & z).to_array()) {
                    let Row { h, d_h } = &mut rows[t];
                    d_b_i += r;
                    for c in 0..C {
                        d_w_i[c] = d_w_i[c].add_scaled(h[c], r);
                        d_h[c] = d_h[c].add_scaled(w[c], r);
                    }
                }
            }
            *d_w = d_w_i;
            *d_b = d_b_i;
        }
    }

    /// Adds what x ≠ 0 adds, and then dW's second half, Σₜ dhₜ xₜᵀ.
    fn sparse(&mut self, params: &Params, examples: &Examples, d_params: &mut Params) {
        let b = params.split().1;
        let d_b = d_params.split_mut().1;
        for (row, (features, xs)) in self.rows.iter().zip(examples.rows()) {
            let (h, mut d_h) = (row.h, row.d_h);
            for (&i, &x) in features.iter().zip(xs) {
                let i = i as usize;
                let w = &self.w[i];
                let x = if dot(w, &h) + b[i] > 0.0 { x } else { 0.0 };
                d_b[i] -= x;
                let d_w = &mut self.d_w[i];
                for c in 0..C {
                    d_w[c] = d_w[c].add_scaled(h[c], -x);
                    d_h[c] = d_h[c].add_scaled(w[c], -x);
                }
            }
            for (&i, &x) in features.iter().zip(xs) {
                let d_w = &mut self.d_w[i as usize];
                for c in 0..C {
                    d_w[c] = d_w[c].add_scaled(d_h[c], x);
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
const ROW_COST: f32 = 0.2;

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
        let extra = (self.count as f32 - self.active as f32).max(0.5);
        let wanted = (examples as f32 * ROW_COST / (age * extra)).sqrt();
        self.skin *= wanted.clamp(0.5, 4.0);
    }

    /// Finds the examples with z > −δ. One copy for every C: the page pays for each.
    #[inline(never)]
    fn fill(
        &mut self,
        w: &[f32],
        b: f32,
        blocks: &[[f32; LANES]],
        count: usize,
        found: &mut Vec<u32>,
    ) {
        found.clear();
        self.active = 0;
        let skin = Part::splat(self.skin);
        for (z, first) in dense_row(w, b, blocks) {
            let mut near = examples_above(z.plus(skin), first, count);
            if near == 0 {
                continue;
            }
            self.active += examples_above(z, first, count).count_ones();
            while near != 0 {
                found.push(first as u32 + near.trailing_zeros());
                near &= near - 1;
            }
        }
        self.count = found.len() as u32;
    }
}

impl<V: Register, const C: usize> Row<V, C> {
    const ZERO: Self = Row {
        h: [Vector::ZERO; C],
        d_h: [Vector::ZERO; C],
    };
}

/// The numbers of a vector, one after the other.
fn lanes<V: Register, const C: usize>(column: &Column<V, C>) -> impl Iterator<Item = f32> {
    column
        .iter()
        .flat_map(|register| register.lanes().iter().copied())
}

/// Products a·b, added up to four lanes: register by register, then by halves.
#[inline(always)]
fn products<V: Register, const C: usize>(a: &Column<V, C>, b: &Column<V, C>) -> f32x4 {
    let mut sum = a[0].times(b[0]);
    for c in 1..C {
        sum = sum.add_product(a[c], b[c]);
    }
    sum.fold_to_four()
}

/// a·b, with the bits of [`pre_activations`].
#[inline(always)]
fn dot<V: Register, const C: usize>(a: &Column<V, C>, b: &Column<V, C>) -> f32 {
    let [p, q, r, s] = products(a, b).to_array();
    (p + r) + (q + s)
}

/// ‖a‖².
#[inline(always)]
fn square<V: Register, const C: usize>(a: &Column<V, C>) -> f32 {
    dot(a, a)
}

/// z = w·h + b of four hidden vectors.
#[inline(always)]
fn pre_activations<V: Register, const C: usize>(
    w: &Column<V, C>,
    b: f32,
    h: [&Column<V, C>; GROUP],
) -> f32x4 {
    let [h0, h1, h2, h3] = h;
    let lanes = [
        products(w, h0),
        products(w, h1),
        products(w, h2),
        products(w, h3),
    ];
    let [p, q, r, s] = f32x4::transpose(lanes);
    ((p + r) + (q + s)) + f32x4::splat(b)
}

/// Masks of the first lanes, by their number.
const FIRST: [f32x4; GROUP + 1] = {
    let [off, on] = [0.0, f32::from_bits(u32::MAX)];
    [
        f32x4::new([off; GROUP]),
        f32x4::new([on, off, off, off]),
        f32x4::new([on, on, off, off]),
        f32x4::new([on, on, on, off]),
        f32x4::new([on; GROUP]),
    ]
};

/// Writes the column of W of feature i; returns b of it.
fn column_into(column: &mut Vec<f32>, params: &Params, i: usize) -> f32 {
    let (w, b) = params.split();
    column.clear();
    column.extend(w.chunks_exact(b.len()).map(|row| row[i]));
    b[i]
}

/// z of a feature for all examples, as many as a register holds at a time, with the index of the first.
#[inline(always)]
fn dense_row<'a>(
    w: &'a [f32],
    b: f32,
    blocks: &'a [[f32; LANES]],
) -> impl Iterator<Item = (Part, usize)> + 'a {
    let blocks = blocks.chunks_exact(w.len()).enumerate();
    blocks.flat_map(move |(j, block)| {
        (0..Part::PER_BLOCK).map(move |part| {
            let mut z = Part::splat(b);
            for (h, w) in block.iter().zip(w) {
                z = z.add_scaled(Part::load_part(h, part), *w);
            }
            (z, j * LANES + part * (LANES / Part::PER_BLOCK))
        })
    })
}

/// How many of `count` examples activate a feature.
#[inline(never)]
fn active_in(w: &[f32], b: f32, blocks: &[[f32; LANES]], count: usize) -> u64 {
    let row = dense_row(w, b, blocks);
    let active = row.map(|(z, first)| examples_above(z, first, count).count_ones());
    active.map(u64::from).sum()
}

/// Bits of the lanes above zero that stand for one of `count` examples: the last block has more lanes.
#[inline(always)]
fn examples_above(z: Part, first: usize, count: usize) -> u32 {
    let lanes = count.saturating_sub(first).min(LANES);
    z.mask_positive() & ((1 << lanes) - 1)
}
