//! In which order do features and examples lie, so that neighbours are active together?
//!
//! The sign of z = w·h + b depends on h and on the line (or plane) w/‖w‖·h + b/‖w‖ = 0 alone. Halving a set of
//! points again and again across its widest coordinate brings close ones together.

use serde::{Deserialize, Serialize};

use crate::data::Examples;
use crate::math::LANES;
use crate::model::{self, Params};

/// A working order: what lies at each place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Features, so that blocks of [`LANES`] have similar lines.
    pub features: Vec<u32>,
    /// Examples, so that groups of [`GROUP`] have similar hidden vectors; none where every step has others.
    pub examples: Vec<u32>,
}

impl Order {
    /// Does it name each of `n` features and each of `examples` examples once?
    pub fn fits(&self, n: usize, examples: usize) -> bool {
        let names_each = |order: &[u32], count: usize| {
            let mut seen = vec![false; count];
            order.len() == count
                && order.iter().all(|&i| {
                    seen.get_mut(i as usize)
                        .is_some_and(|seen| !std::mem::replace(seen, true))
                })
        };
        names_each(&self.features, n) && names_each(&self.examples, examples)
    }

    /// Brings padded rows over n features from their natural order into this one.
    pub fn arrange(&self, rows: &mut [f32]) {
        self.move_rows(rows, |from, to, place, feature| to[place] = from[feature]);
    }

    /// Brings padded rows over n features from this order back into the natural one.
    pub fn restore(&self, rows: &mut [f32]) {
        self.move_rows(rows, |from, to, place, feature| to[feature] = from[place]);
    }

    fn move_rows(&self, rows: &mut [f32], mut put: impl FnMut(&[f32], &mut [f32], usize, usize)) {
        let stride = self.features.len().next_multiple_of(LANES);
        let mut from = vec![0.0; stride];
        for row in rows.chunks_exact_mut(stride) {
            from.copy_from_slice(row);
            for (place, &feature) in self.features.iter().enumerate() {
                put(&from, row, place, feature as usize);
            }
        }
    }

    /// Examples in this order, their features renumbered by place.
    pub fn arrange_examples(&self, examples: &Examples) -> Examples {
        examples.rearranged(&self.examples, &self.places())
    }

    /// Examples that come only once, in an order of their own, their features renumbered by place; `params` are in this
    /// order.
    pub fn arrange_batch(&self, params: &Params, batch: &Examples) -> Examples {
        let places = self.places();
        let as_they_come: Vec<u32> = (0..batch.len() as u32).collect();
        let hidden = model::hidden(params, &batch.rearranged(&as_they_come, &places));
        let order = match params.m() {
            1 => halved(hidden.as_chunks::<1>().0, GROUP),
            2 => halved(hidden.as_chunks::<2>().0, GROUP),
            3 => halved(hidden.as_chunks::<3>().0, GROUP),
            m => panic!("there is no order at m = {m}"),
        };
        batch.rearranged(&order, &places)
    }

    /// The place of each feature.
    fn places(&self) -> Vec<u32> {
        let mut places = vec![0; self.features.len()];
        for (place, &feature) in self.features.iter().enumerate() {
            places[feature as usize] = place as u32;
        }
        places
    }
}

/// The largest m that has an order.
pub const MOST_DIMENSIONS: usize = 3;

/// Examples of a leaf of the tree.
pub const GROUP: usize = 8;

impl Order {
    /// The order for `params` (in natural order) and examples with `hidden` vectors (T, m).
    ///
    /// # Panics
    /// If m is not between 1 and [`MOST_DIMENSIONS`].
    pub fn find(params: &Params, hidden: &[f32]) -> Self {
        match params.m() {
            1 => Order::find_at::<1>(params, hidden),
            2 => Order::find_at::<2>(params, hidden),
            3 => Order::find_at::<3>(params, hidden),
            m => panic!("there is no order at m = {m}"),
        }
    }

    /// About the work of finding it, in [units](super::Work::units): six for each
    /// point and halving, measured at T = 1,000.
    pub fn work(n: usize, examples: usize) -> u64 {
        let halvings = |count: usize, group: usize| u64::from((count / group).max(1).ilog2());
        6 * (n as u64 * halvings(n, LANES) + examples as u64 * halvings(examples, GROUP))
    }

    fn find_at<const M: usize>(params: &Params, hidden: &[f32]) -> Self {
        let (w, b, hidden) = (params.w_up(), params.b(), hidden.as_chunks::<M>().0);
        let length = |v: &[f32; M]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
        // Lines farther away than the longest hidden vector are alike: all examples lie on one side.
        let reach = hidden.iter().map(length).fold(0.0, f32::max);
        let line = |(w, &b): (ndarray::ArrayView1<f32>, &f32)| {
            let w: [f32; M] = std::array::from_fn(|k| w[k]);
            let size = length(&w);
            let mut point = [0.0; MOST_DIMENSIONS + 1];
            if size > 0.0 {
                for k in 0..M {
                    point[k] = w[k] / size * reach;
                }
                point[M] = (b / size).clamp(-reach, reach);
            } else {
                point[M] = if b > 0.0 { reach } else { -reach };
            }
            point
        };
        let lines: Vec<_> = w.columns().into_iter().zip(b.iter()).map(line).collect();
        Order {
            features: halved(&lines, LANES),
            examples: halved(hidden, GROUP),
        }
    }
}

/// Indices of `points` so ordered that groups of `group` neighbours, and any power of two of groups, lie close.
fn halved<const D: usize>(points: &[[f32; D]], group: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..points.len() as u32).collect();
    halve(points, group, &mut order);
    order
}

fn halve<const D: usize>(points: &[[f32; D]], group: usize, order: &mut [u32]) {
    if order.len() <= group {
        return;
    }
    let spread = |k: usize| {
        let values = order.iter().map(|&i| points[i as usize][k]);
        let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        high - low
    };
    let widest = (1..D).fold(0, |best, k| if spread(k) > spread(best) { k } else { best });
    // The index breaks ties, so that there is one order whatever the sorting algorithm. Whole numbers sort fastest, and
    // with one copy of the sort for all D.
    let key = |i: u32| u64::from(ascending(points[i as usize][widest])) << 32 | u64::from(i);
    let mut keys: Vec<u64> = order.iter().map(|&i| key(i)).collect();
    keys.sort_unstable();
    for (i, key) in order.iter_mut().zip(keys) {
        *i = key as u32;
    }
    let (left, right) = order.split_at_mut(middle(order.len(), group));
    halve(points, group, left);
    halve(points, group, right);
}

/// A whole number that grows as `x` does, in the order of [`f32::total_cmp`].
fn ascending(x: f32) -> u32 {
    let bits = x.to_bits();
    match bits >> 31 {
        0 => bits | 1 << 31,
        _ => !bits,
    }
}

/// Where a range of more than one group is halved: at a whole number of groups.
pub(super) fn middle(length: usize, group: usize) -> usize {
    (length / 2).next_multiple_of(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_order_floats_as_total_cmp_does() {
        let floats = [
            f32::NAN,
            f32::INFINITY,
            1.5,
            1e-40,
            0.0,
            -0.0,
            -1e-40,
            -2.0,
            f32::NEG_INFINITY,
            -f32::NAN,
        ];
        for a in floats {
            for b in floats {
                assert_eq!(
                    ascending(a).cmp(&ascending(b)),
                    a.total_cmp(&b),
                    "{a} and {b}"
                );
            }
        }
    }

    #[test]
    fn groups_hold_neighbours_and_every_index_once() {
        let points: Vec<[f32; 1]> = (0..100).map(|i| [((i * 37) % 100) as f32]).collect();
        let order = halved(&points, 8);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..100));
        for group in order.chunks(8) {
            let values = group.iter().map(|&i| points[i as usize][0]);
            let (low, high) = values.fold((100.0f32, 0.0f32), |(low, high), x| {
                (low.min(x), high.max(x))
            });
            assert!(high - low < 8.0);
        }
    }
}
