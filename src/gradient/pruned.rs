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

// k and l are the indices of the formulas above.
#![allow(clippy::needless_range_loop)]

use super::Work;
use super::order::{GROUP, middle};
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
    /// If examples, params and `d_params` differ in n, or from M in m.
    pub fn gradient(
        &mut self,
        params: &Params,
        examples: &Examples,
        d_params: &mut Params,
    ) -> Work {
        assert_eq!((params.n(), params.n()), (examples.n(), d_params.n()));
        assert_eq!((params.m(), d_params.m()), (M, M));
        model::hidden_into(params, examples, &mut self.hidden);
        self.d_hidden.clear();
        self.d_hidden.resize(self.hidden.len(), 0.0);
        d_params.padded_mut().fill(0.0);
        self.tree
            .dense(params, &self.hidden, d_params, &mut self.d_hidden);
        sparse(params, examples, &self.hidden, d_params, &mut self.d_hidden);
        self.tree.work
    }
}

/// The tree with its scratch memory.
#[derive(Debug, Default)]
struct Tree<const M: usize> {
    /// In the order of a walk that goes left first: a left child follows its parent.
    nodes: Vec<Node<M>>,
    /// What each node's examples are given together: pushed down at the end.
    shared: Vec<Shared<M>>,
    /// Blocks on their way down.
    path: Vec<u32>,
    /// Blocks active in all of a node.
    inside: Vec<u32>,
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
    /// Adds the terms of all outputs, with x taken as 0: what `blocked::dense` does.
    fn dense(
        &mut self,
        params: &Params,
        hidden: &[f32],
        d_params: &mut Params,
        d_hidden: &mut [f32],
    ) {
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
        self.path.extend(0..b.len() as u32);
        self.work = Work::default();
        self.descend(0, 0, &mut pass);
        self.push_down(pass.hidden, pass.d_hidden);
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

    /// Tests the blocks at `path[from..]` against a node, and sends the mixed ones on.
    fn descend(&mut self, at: usize, from: usize, pass: &mut Pass<M>) {
        let node = &self.nodes[at];
        let (right, examples) = (node.right, node.start as usize..node.end as usize);
        let to = self.path.len();
        // Both lists are written without a branch that the processor could guess wrong.
        self.path.resize(to + (to - from), 0);
        self.inside.resize(to - from, 0);
        let (settled, mixed) = self.path.split_at_mut(to);
        let (mut mixed_count, mut inside_count) = (0, 0);
        for &block in &settled[from..] {
            let j = block as usize;
            let (mut mixed_lanes, mut active) = (Part::splat(0.0), Part::splat(0.0));
            for part in 0..Part::PER_BLOCK {
                let mut z = Part::load_part(&pass.b[j], part);
                let mut reach = Part::splat(0.0);
                for k in 0..M {
                    let w = Part::load_part(&pass.w[k][j], part);
                    z = z.add_scaled(w, node.centre[k]);
                    reach = reach.add_scaled(w.abs(), node.extent[k]);
                }
                mixed_lanes = mixed_lanes.or_positive(reach.minus(z.abs()));
                active = active.or_positive(z);
            }
            let is_mixed = mixed_lanes.any();
            mixed[mixed_count] = block;
            mixed_count += usize::from(is_mixed);
            self.inside[inside_count] = block;
            inside_count += usize::from(!is_mixed & active.any());
        }
        self.path.truncate(to + mixed_count);
        let mut constant = [Lanes::splat(0.0); M];
        let mut linear = [[Lanes::splat(0.0); M]; M];
        for &block in &self.inside[..inside_count] {
            let j = block as usize;
            let w: [Lanes; M] = std::array::from_fn(|k| Lanes::load(&pass.w[k][j]));
            let [r] = model::outputs::<_, M, 1>(&w, Lanes::load(&pass.b[j]), &[node.centre]);
            let active = w.map(|w| w.where_positive(r));
            let sum = r.scaled(node.count);
            sum.add_to(&mut pass.d_b[j]);
            for k in 0..M {
                let mut d_w = sum.scaled(node.centre[k]);
                constant[k] = constant[k].add_product(r, w[k]);
                for l in 0..M {
                    d_w = d_w.add_scaled(active[l], node.second[k][l]);
                    if l <= k {
                        linear[k][l] = linear[k][l].add_product(active[k], w[l]);
                    }
                }
                d_w.add_to(&mut pass.d_w[k][j]);
            }
        }
        let shares = inside_count > 0;
        self.work.tests += (to - from) as u64;
        self.work.closed += inside_count as u64;
        if shares {
            let shared = &mut self.shared[at];
            for k in 0..M {
                shared.constant[k] = constant[k].sum();
                for l in 0..=k {
                    shared.linear[k][l] = linear[k][l].sum();
                    shared.linear[l][k] = shared.linear[k][l];
                }
            }
        }
        let mixed = self.path.len() - to;
        if mixed > 0 {
            if right == 0 {
                self.work.tiles += (mixed * examples.len().div_ceil(TILE)) as u64;
                leaf(&self.path[to..], examples, pass);
            } else {
                self.descend(at + 1, to, pass);
                self.descend(right as usize, to, pass);
            }
        }
        self.path.truncate(to);
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

/// All pairs of `blocks` with the examples of a leaf.
fn leaf<const M: usize>(blocks: &[u32], examples: std::ops::Range<usize>, pass: &mut Pass<M>) {
    let (h, h_rest) = pass.hidden[examples.clone()].as_chunks::<TILE>();
    let (d_h, d_h_rest) = pass.d_hidden[examples].as_chunks_mut::<TILE>();
    let features = (pass.w, pass.b);
    let indices = || blocks.iter().map(|&j| j as usize);
    let d_features = &mut (pass.d_w.each_mut().map(|d_w| &mut **d_w), &mut *pass.d_b);
    for (h, d_h) in h.iter().zip(d_h) {
        tile::<M, TILE, false>(indices(), features, h, d_features, d_h);
    }
    for (h, d_h) in h_rest.iter().zip(d_h_rest) {
        let (h, d_h) = (std::array::from_ref(h), std::array::from_mut(d_h));
        tile::<M, 1, false>(indices(), features, h, d_features, d_h);
    }
}
