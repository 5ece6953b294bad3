//! What does the tree need to know of a model whose outputs pass through a ReLU? The slope of its loss at an output, and the
//! weights by which that slope reaches h.

use crate::math::{Register, Vector};
use crate::model::Block;
use crate::variant::Loss;

/// Of outputs r = ReLU(z), with x taken as 0.
pub trait Slopes<const M: usize>: Copy {
    /// Half the slope of the loss at r, of a feature that counts fully.
    fn half_slope<V: Register>(self, r: Vector<V>) -> Vector<V>;

    /// The weights of dh = Σ r w: `w` of that part of a block, times importance.
    fn back<V: Register>(self, w: [Vector<V>; M], block: usize, part: usize) -> [Vector<V>; M];

    /// Is half the slope r? Then sums over many examples have a closed form. That of |r| would have one too, but where a test has
    /// rounded, an output of exactly zero would count as active, and add not a rounding error but a half.
    fn closes(self) -> bool;
}

/// The paper's: half the slope of r² is r.
#[derive(Clone, Copy, Debug)]
pub struct Papers;

impl<const M: usize> Slopes<M> for Papers {
    #[inline(always)]
    fn half_slope<V: Register>(self, r: Vector<V>) -> Vector<V> {
        r
    }

    #[inline(always)]
    fn back<V: Register>(self, w: [Vector<V>; M], _: usize, _: usize) -> [Vector<V>; M] {
        w
    }

    #[inline(always)]
    fn closes(self) -> bool {
        true
    }
}

/// Those of any other loss but cross-entropy, in which outputs meet, and of any importance.
#[derive(Clone, Copy, Debug)]
pub struct Weighed<'a, const M: usize> {
    /// The loss.
    pub loss: Loss,
    /// W times importance.
    pub back: [&'a [Block]; M],
}

impl<const M: usize> Slopes<M> for Weighed<'_, M> {
    #[inline(always)]
    fn half_slope<V: Register>(self, r: Vector<V>) -> Vector<V> {
        self.loss.half_slope_of_outputs(r)
    }

    #[inline(always)]
    fn back<V: Register>(self, _: [Vector<V>; M], block: usize, part: usize) -> [Vector<V>; M] {
        self.back.map(|back| Vector::load_part(&back[block], part))
    }

    #[inline(always)]
    fn closes(self) -> bool {
        self.loss == Loss::L2
    }
}
