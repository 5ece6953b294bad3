//! How little work does the exact gradient need? Groups of pairs that are all inactive are skipped, groups that are
//! all active are summed in closed form, and only the mixed ones are computed one by one.
//!
//! Examples, in [`Order`](super::order::Order), form a binary tree. A node knows the centre c of its N hidden vectors, how far they reach
//! from it on each axis, and their second moment C = Σ (h − c)(h − c)ᵀ. A block of sixteen features meets the tree
//! from its root: with z_c = w·c + b and the reach Σₖ |wₖ| eₖ of a feature,
//!
//! * z_c + reach ≤ 0: no example of the node is active;
//! * z_c − reach > 0: all are, and with z = z_c + w·(h − c) their sums are
//!   db = N z_c, dw = N z_c c + C w, and dh = Σ z_c w + (Σ w wᵀ)(h − c) over such features;
//! * otherwise the block goes on to both children, and at a leaf into the register tile.
//!
//! Nothing is approximated: what differs from the dense path is the order of rounding.
//!
//! The same tree serves other models: [`others`](super::others).

#![allow(
    clippy::needless_range_loop,
    reason = "k and l are the indices of the formulas above"
)]

use std::ops::Range;

use super::Work;
use super::order::{GROUP, middle};
use super::slopes::{Papers, Slopes};
use super::sparse::sparse;
use super::tile::{TILE, tile};
use crate::data::Examples;
use crate::math::{Lanes, Part};
use crate::model::{self, Block, Params};

/// The pruned path at M hidden dimensions, with its scratch memory.
#[derive(Debug, Default)]
pub struct Pruned<const M: usize> {
    tree: Tree<M>,
    /// h (T, M)
    hidden: Vec<f32>,
    /// dh (T, M)
    d_hidden: Vec<f32>,
}

impl<const M: usize> Pruned<M> {
    /// Writes the gradient of ½ Σₜ Σᵢ (x' − x)² into `d_params`, and returns its work. Features and examples are best in [`Order`](super::order::Order).
    ///
    /// # Panics
    /// If examples, params and `d_params` differ in n, or from M in m; or if n is above 2²⁰.
    pub fn gradient(
        &mut self,
        params: &Params,
        examples: &Examples,
        d_params: &mut Params,
    ) -> Work {
        assert_eq!((params.n(), params.n()), (examples.n(), d_params.n()));
        assert_eq!((params.m(), d_params.m()), (M, M));
        let Pruned {
            tree,
            hidden,
            d_hidden,
        } = self;
        model::hidden_into(params, examples, hidden);
        let work = tree.dense(Papers, params, hidden, d_params, d_hidden);
        sparse(params, examples, hidden, d_params, d_hidden);
        work
    }
}

/// The tree with its scratch memory.
#[derive(Debug, Default)]
pub(super) struct Tree<const M: usize> {
    /// In the order of a walk that goes left first: a left child follows its parent.
    nodes: Vec<Node<M>>,
    /// What each node's examples are given together: pushed down at the end.
    shared: Vec<Shared<M>>,
    /// Lists of blocks on their way down: those of the root, then what each test appends. Half the bytes of u32 leave more of
    /// the first cache to W: 4 % of a gradient at T = 1,000.
    path: Vec<u16>,
    /// Of the last pass.
    work: Work,
}

#[derive(Clone, Debug)]
struct Node<const M: usize> {
    start: u32,
    end: u32,
    /// The right child; 0 in a leaf.
    right: u32,
    /// N.
    count: f32,
    /// c, the mean.
    centre: [f32; M],
    /// e, the largest distance from c on each axis.
    extent: [f32; M],
    /// C.
    second: [[f32; M]; M],
}

/// dh of all examples of a node: `constant` + `linear` (h − c).
#[derive(Clone, Debug)]
struct Shared<const M: usize> {
    constant: [f32; M],
    linear: [[f32; M]; M],
}

/// Where on the path the blocks lie that a node splits, and those that it takes whole.
#[derive(Debug)]
struct Tested {
    mixed: Range<usize>,
    inside: Range<usize>,
}

/// What a pass reads and writes.
struct Pass<'a, const M: usize> {
    w: [&'a [Block]; M],
    b: &'a [Block],
    hidden: &'a [[f32; M]],
    d_w: [&'a mut [Block]; M],
    d_b: &'a mut [Block],
    d_hidden: &'a mut [[f32; M]],
}

impl<const M: usize> Tree<M> {
    /// Writes the terms of all outputs, with x taken as 0, into `d_params` and `d_hidden`: what `blocked::dense` adds. Returns its
    /// work.
    pub(super) fn dense(
        &mut self,
        slopes: impl Slopes<M>,
        params: &Params,
        hidden: &[f32],
        d_params: &mut Params,
        d_hidden: &mut Vec<f32>,
    ) -> Work {
        d_params.padded_mut().fill(0.0);
        d_hidden.clear();
        d_hidden.resize(hidden.len(), 0.0);
        let hidden = hidden.as_chunks().0;
        self.measure(hidden);
        let (w, b) = params.blocks();
        let (d_w, d_b) = d_params.blocks_mut();
        let d_hidden = d_hidden.as_chunks_mut().0;
        let mut pass = Pass {
            w,
            b,
            hidden,
            d_w,
            d_b,
            d_hidden,
        };
        self.path.clear();
        self.path
            .extend(0..u16::try_from(b.len()).expect("at most 2^20 features"));
        self.work = Work {
            tests: pass.b.len() as u64,
            ..Work::default()
        };
        // The root twice, so that there is one loop of tests.
        let [root, _] = self.test([0, 0], 0..pass.b.len(), &pass);
        self.descend(slopes, 0, root, &mut pass);
        self.push_down(pass.hidden, pass.d_hidden);
        self.work
    }

    /// Centres, extents and moments of every node, from the leaves up.
    fn measure(&mut self, hidden: &[[f32; M]]) {
        if self
            .nodes
            .last()
            .is_none_or(|last| last.end as usize != hidden.len())
        {
            self.nodes.clear();
            self.grow(0, hidden.len());
            self.shared = vec![Shared::NOTHING; self.nodes.len()];
        }
        for at in (0..self.nodes.len()).rev() {
            let node = &self.nodes[at];
            let measured = match node.right {
                0 => node.of_examples(&hidden[node.start as usize..node.end as usize]),
                right => node.of_children(&self.nodes[at + 1], &self.nodes[right as usize]),
            };
            self.nodes[at] = measured;
        }
    }

    /// Appends the subtree of examples `start..end`.
    fn grow(&mut self, start: usize, end: usize) {
        let at = self.nodes.len();
        self.nodes.push(Node {
            start: start as u32,
            end: end as u32,
            right: 0,
            count: (end - start) as f32,
            centre: [0.0; M],
            extent: [0.0; M],
            second: [[0.0; M]; M],
        });
        if end - start > GROUP {
            let between = start + middle(end - start, GROUP);
            self.grow(start, between);
            self.nodes[at].right = self.nodes.len() as u32;
            self.grow(between, end);
        }
    }

    // Neither this nor the next two are inlined: at each M the page pays for every copy.

    /// Tests blocks against two nodes at once, so that W is read once for both, and appends to `path`, for each node, the mixed
    /// blocks and those active in all of its examples.
    #[inline(never)]
    fn test(&mut self, nodes: [usize; 2], blocks: Range<usize>, pass: &Pass<M>) -> [Tested; 2] {
        let (start, count) = (self.path.len(), blocks.len());
        self.path.resize(start + 4 * count, 0);
        let (settled, lists) = self.path.split_at_mut(start);
        let mut lists = lists.chunks_exact_mut(count.max(1));
        let mut list = || lists.next().unwrap_or_default();
        let mut lists: [_; 2] = std::array::from_fn(|_| [list(), list()]);
        let bounds = nodes.map(|at| (self.nodes[at].centre, self.nodes[at].extent));
        let b = pass.b;
        let w = pass.w.map(|w| &w[..b.len()]);
        let mut counts = [[0; 2]; 2];
        for &block in &settled[blocks] {
            let j = block as usize;
            let mut mixed_lanes = [Part::splat(0.0); 2];
            let mut active = mixed_lanes;
            for part in 0..Part::PER_BLOCK {
                let b = Part::load_part(&b[j], part);
                let w: [Part; M] = std::array::from_fn(|k| Part::load_part(&w[k][j], part));
                for (c, (centre, extent)) in bounds.iter().enumerate() {
                    let (mut z, mut reach) = (b, Part::splat(0.0));
                    for k in 0..M {
                        z = z.add_scaled(w[k], centre[k]);
                        reach = reach.add_scaled(w[k].abs(), extent[k]);
                    }
                    mixed_lanes[c] = mixed_lanes[c].or_positive(reach.minus(z.abs()));
                    active[c] = active[c].or_positive(z);
                }
            }
            // Both lists are written without a branch that the processor could mispredict.
            for c in 0..2 {
                let is_mixed = mixed_lanes[c].any();
                let [mixed, inside] = &mut lists[c];
                mixed[counts[c][0]] = block;
                inside[counts[c][1]] = block;
                counts[c][0] += usize::from(is_mixed);
                counts[c][1] += usize::from(!is_mixed & active[c].any());
            }
        }
        std::array::from_fn(|c| {
            let [mixed, inside] = [0, 1].map(|list| {
                let from = start + (2 * c + list) * count;
                from..from + counts[c][list]
            });
            Tested { mixed, inside }
        })
    }

    /// Adds the terms of a node whose blocks have been tested, and goes on to its children with the mixed ones.
    fn descend(
        &mut self,
        slopes: impl Slopes<M>,
        at: usize,
        Tested { mixed, inside }: Tested,
        pass: &mut Pass<M>,
    ) {
        if !inside.is_empty() {
            match slopes.closes() {
                true => self.close(slopes, at, inside, pass),
                false => self.compute(slopes, at, inside, pass),
            }
        }
        if mixed.is_empty() {
            return;
        }
        let right = self.nodes[at].right as usize;
        if right == 0 {
            self.compute(slopes, at, mixed, pass);
            return;
        }
        let end = self.path.len();
        self.work.tests += 2 * mixed.len() as u64;
        let [left_blocks, right_blocks] = self.test([at + 1, right], mixed, pass);
        self.descend(slopes, at + 1, left_blocks, pass);
        self.descend(slopes, right, right_blocks, pass);
        self.path.truncate(end);
    }

    /// Adds the terms of blocks at a node pair by pair.
    fn compute(
        &mut self,
        slopes: impl Slopes<M>,
        at: usize,
        blocks: Range<usize>,
        pass: &mut Pass<M>,
    ) {
        let node = &self.nodes[at];
        let examples = node.start as usize..node.end as usize;
        self.work.tiles += (blocks.len() * examples.len().div_ceil(TILE)) as u64;
        pairs(slopes, &self.path[blocks], examples, pass);
    }

    /// Adds the terms of blocks that are active in all examples of a node, in closed form.
    #[inline(never)]
    fn close(
        &mut self,
        slopes: impl Slopes<M>,
        at: usize,
        inside: Range<usize>,
        pass: &mut Pass<M>,
    ) {
        self.work.closed += inside.len() as u64;
        let node = &self.nodes[at];
        let mut constant = [Lanes::splat(0.0); M];
        let mut linear = [[Lanes::splat(0.0); M]; M];
        for &block in &self.path[inside] {
            let j = block as usize;
            let w: [Lanes; M] = std::array::from_fn(|k| Lanes::load(&pass.w[k][j]));
            let [r] = model::outputs::<_, M, 1>(&w, Lanes::load(&pass.b[j]), &[node.centre]);
            let active = w.map(|w| w.where_positive(r));
            let back = slopes.back(w, j, 0);
            let sum = r.scaled(node.count);
            sum.add_to(&mut pass.d_b[j]);
            for k in 0..M {
                let mut d_w = sum.scaled(node.centre[k]);
                constant[k] = constant[k].add_product(r, back[k]);
                for l in 0..M {
                    d_w = d_w.add_scaled(active[l], node.second[k][l]);
                    if l <= k {
                        linear[k][l] = linear[k][l].add_product(active[k], back[l]);
                    }
                }
                d_w.add_to(&mut pass.d_w[k][j]);
            }
        }
        let shared = &mut self.shared[at];
        for k in 0..M {
            shared.constant[k] = constant[k].sum();
            for l in 0..=k {
                shared.linear[k][l] = linear[k][l].sum();
                shared.linear[l][k] = shared.linear[k][l];
            }
        }
    }

    /// Hands what nodes share on to their children, and at last to the examples.
    fn push_down(&mut self, hidden: &[[f32; M]], d_hidden: &mut [[f32; M]]) {
        for at in 0..self.nodes.len() {
            let shared = std::mem::replace(&mut self.shared[at], Shared::NOTHING);
            let node = &self.nodes[at];
            if node.right == 0 {
                let range = node.start as usize..node.end as usize;
                for (h, d_h) in hidden[range.clone()].iter().zip(&mut d_hidden[range]) {
                    let given = shared.at(&node.centre, h);
                    for k in 0..M {
                        d_h[k] += given[k];
                    }
                }
                continue;
            }
            for child in [at + 1, node.right as usize] {
                let given = shared.at(&node.centre, &self.nodes[child].centre);
                let child = &mut self.shared[child];
                for k in 0..M {
                    child.constant[k] += given[k];
                    for l in 0..M {
                        child.linear[k][l] += shared.linear[k][l];
                    }
                }
            }
        }
    }
}

impl<const M: usize> Shared<M> {
    const NOTHING: Self = Shared {
        constant: [0.0; M],
        linear: [[0.0; M]; M],
    };

    /// dh at `h`, for a node with `centre`.
    fn at(&self, centre: &[f32; M], h: &[f32; M]) -> [f32; M] {
        std::array::from_fn(|k| {
            let mut d_h = self.constant[k];
            for l in 0..M {
                d_h += self.linear[k][l] * (h[l] - centre[l]);
            }
            d_h
        })
    }
}

impl<const M: usize> Node<M> {
    fn of_examples(&self, hidden: &[[f32; M]]) -> Self {
        let mut node = self.empty();
        for h in hidden {
            for k in 0..M {
                node.centre[k] += h[k];
            }
        }
        for k in 0..M {
            node.centre[k] /= node.count;
        }
        for h in hidden {
            let from: [f32; M] = std::array::from_fn(|k| h[k] - node.centre[k]);
            for k in 0..M {
                node.extent[k] = node.extent[k].max(from[k].abs());
                for l in 0..M {
                    node.second[k][l] += from[k] * from[l];
                }
            }
        }
        node
    }

    fn of_children(&self, left: &Self, right: &Self) -> Self {
        let mut node = self.empty();
        for k in 0..M {
            let sum = left.count * left.centre[k] + right.count * right.centre[k];
            node.centre[k] = sum / node.count;
        }
        for child in [left, right] {
            let from: [f32; M] = std::array::from_fn(|k| child.centre[k] - node.centre[k]);
            for k in 0..M {
                node.extent[k] = node.extent[k].max(from[k].abs() + child.extent[k]);
                for l in 0..M {
                    node.second[k][l] += child.second[k][l] + child.count * from[k] * from[l];
                }
            }
        }
        node
    }

    /// The same place in the tree, nothing measured.
    fn empty(&self) -> Self {
        Node {
            centre: [0.0; M],
            extent: [0.0; M],
            second: [[0.0; M]; M],
            ..*self
        }
    }
}

/// All pairs of `blocks` with some examples.
#[inline(never)]
fn pairs<const M: usize>(
    slopes: impl Slopes<M>,
    blocks: &[u16],
    examples: Range<usize>,
    pass: &mut Pass<M>,
) {
    let (h, h_rest) = pass.hidden[examples.clone()].as_chunks::<TILE>();
    let (d_h, d_h_rest) = pass.d_hidden[examples].as_chunks_mut::<TILE>();
    let features = (pass.w, pass.b);
    let indices = || blocks.iter().map(|&j| j as usize);
    let d_features = &mut (pass.d_w.each_mut().map(|d_w| &mut **d_w), &mut *pass.d_b);
    for (h, d_h) in h.iter().zip(d_h) {
        tile::<M, TILE, false>(slopes, indices(), features, h, d_features, d_h);
    }
    for (h, d_h) in h_rest.iter().zip(d_h_rest) {
        let (h, d_h) = (std::array::from_ref(h), std::array::from_mut(d_h));
        tile::<M, 1, false>(slopes, indices(), features, h, d_features, d_h);
    }
}
