//! How much of a dimension can an example have to itself if it may choose the direction? Maximal data dimensionality D*.
//!
//! D*ᵢ = sup over v of (v · hᵢ)² / Σⱼ (v · hⱼ)² (paper, "Data Dimensionality of MNIST"). By the Cauchy-Schwarz inequality
//! in the metric of G = Σⱼ hⱼ hⱼᵀ the supremum is hᵢᵀ G⁺ hᵢ, reached at v = G⁺ hᵢ: what statistics calls the leverage of row
//! i. So nothing has to be searched for. Hence 0 ≤ D* ≤ 1, Σᵢ D*ᵢ = rank of the rows, R copies of a row have at most 1/R
//! each, and no invertible linear map of the vectors changes it. (The paper's footnote prints the exponent −1/2 of
//! the covariance where −1 is meant.)
//!
//! G is factored by Cholesky's method with pivots, G = L Lᵀ, which finds the rank on the way; then D*ᵢ = ‖L⁻¹ hᵢ‖². All in
//! f64 and in a fixed order, so that page and command line have the same bits. O(count · m²) with a tile of sums in
//! registers.

use ndarray::ArrayView2;

use super::cholesky::{cholesky, inverse};

/// A unit whose part that no other unit explains is below this share of its square is left out: what remains of it is
/// rounding. The vectors are rounded to f32, which leaves 4e-15 of the square, and G to f64 with m terms, some 1e-13.
/// Units that are zero everywhere (dead after a ReLU) are left out likewise, wherever they stand.
pub const DEPENDENT: f64 = 1e-10;

/// D* of each row of `vectors` (count, m); Σ D* is their rank. Zeros if a coordinate is not finite: the run diverged.
///
/// Against an SVD of the same rows it is right to 1e-6 as long as no unit is explained by the others up to 1e-7 of its
/// square.
pub fn max_data_dimensionality(vectors: ArrayView2<f32>) -> Vec<f64> {
    if vectors.iter().any(|x| !x.is_finite()) {
        return vec![0.0; vectors.nrows()];
    }
    Whitening::of(vectors).squares(vectors)
}

/// Share of the examples whose D* is at least half of an even share, Σ D* / count. It tells the two ways of the toy model
/// apart: where examples are memorised each has its share; where features are learned, the few examples that have
/// one of them hold almost everything.
pub fn evenly_held(d_star: &[f64]) -> f64 {
    let even = d_star.iter().sum::<f64>() / d_star.len() as f64;
    let holders = d_star.iter().filter(|d| **d > 0.0 && **d >= 0.5 * even);
    holders.count() as f64 / d_star.len() as f64
}

/// A tile of sums: this many rows, two registers wide. The page's is small, as its code would be more than all that it is used
/// for there; the tile decides nothing but the speed.
#[cfg(not(target_family = "wasm"))]
mod shape {
    pub type Register = wide::f64x8;
    pub const LANES: usize = 8;
    pub const ROWS: usize = 8;
}
#[cfg(target_family = "wasm")]
mod shape {
    pub type Register = wide::f64x2;
    pub const LANES: usize = 2;
    pub const ROWS: usize = 4;
}
use shape::{LANES, ROWS, Register};
const COLUMNS: usize = 2 * LANES;
/// Squares that are added up before they join the total, the same for every shape of tile.
const GROUP: usize = 16;
/// Vectors that are copied into f64 at a time; that many fit a second-level cache at m = 512.
const CHUNK: usize = 128;

/// Σₖ aₖ bₖᵀ in one tile. Every sum runs over k in order.
#[inline(never)]
fn tile(a: &[[f64; ROWS]], b: &[[Register; 2]]) -> [[f64; COLUMNS]; ROWS] {
    let mut sums = [[Register::ZERO; 2]; ROWS];
    for (a, &[left, right]) in a.iter().zip(b) {
        for r in 0..ROWS {
            let a = Register::splat(a[r]);
            sums[r][0] += a * left;
            sums[r][1] += a * right;
        }
    }
    let mut out = [[0.0; COLUMNS]; ROWS];
    for (out, sums) in out.iter_mut().zip(sums) {
        out[..LANES].copy_from_slice(&sums[0].to_array());
        out[LANES..].copy_from_slice(&sums[1].to_array());
    }
    out
}

/// Strips of `N` columns of a matrix, each a list of rows: what a tile reads in order. Missing columns are zero.
#[inline(never)]
fn strips<const N: usize>(
    rows: usize,
    columns: usize,
    at: &dyn Fn(usize, usize) -> f64,
) -> Vec<Vec<[f64; N]>> {
    let mut strips = vec![vec![[0.0; N]; rows]; columns.div_ceil(N)];
    for (s, strip) in strips.iter_mut().enumerate() {
        for (r, row) in strip.iter_mut().enumerate() {
            for (x, column) in row.iter_mut().zip(s * N..columns) {
                *x = at(r, column);
            }
        }
    }
    strips
}

/// The same for a tile's columns.
fn wide_strips(
    rows: usize,
    columns: usize,
    at: &dyn Fn(usize, usize) -> f64,
) -> Vec<Vec<[Register; 2]>> {
    let wide = |row: [f64; COLUMNS]| {
        let (halves, _) = row.as_chunks();
        [Register::new(halves[0]), Register::new(halves[1])]
    };
    let strips = strips(rows, columns, at).into_iter();
    strips
        .map(|strip| strip.into_iter().map(wide).collect())
        .collect()
}

/// The linear map under which Σⱼ of the outer products becomes the identity.
struct Whitening {
    /// The units that count, in the order of the pivots.
    units: Vec<usize>,
    /// (L⁻¹)ᵀ in strips of columns: row k has the k-th unit's part in each coordinate. Upper triangular.
    inverse: Vec<Vec<[Register; 2]>>,
}

impl Whitening {
    fn of(vectors: ArrayView2<f32>) -> Self {
        let m = vectors.ncols();
        let mut second = second_moment(vectors);
        // Scaled to a diagonal of ones, which D* does not see: a pivot is then a share of its unit's own square.
        let scale: Vec<f64> = (0..m)
            .map(|k| match second[k * m + k] {
                square if square > 0.0 => 1.0 / square.sqrt(),
                _ => 0.0,
            })
            .collect();
        for k in 0..m {
            for l in 0..m {
                second[k * m + l] *= scale[k] * scale[l];
            }
        }
        let units = cholesky(&mut second, m);
        let rank = units.len();
        let inverse = inverse(&second, &units, m);
        let inverse = wide_strips(rank, rank, &|k, a| inverse[a * rank + k] * scale[units[k]]);
        Whitening { units, inverse }
    }

    /// ‖L⁻¹ h‖² of each row.
    fn squares(&self, vectors: ArrayView2<f32>) -> Vec<f64> {
        let mut squares = Vec::with_capacity(vectors.nrows());
        for first in (0..vectors.nrows()).step_by(ROWS) {
            let count = ROWS.min(vectors.nrows() - first);
            let row = |k: usize| {
                std::array::from_fn(|r| match r < count {
                    true => vectors[[first + r, self.units[k]]].into(),
                    false => 0.0,
                })
            };
            let h: Vec<[f64; ROWS]> = (0..self.units.len()).map(row).collect();
            let mut sums = [0.0; ROWS];
            for (group, strips) in self.inverse.chunks(GROUP / COLUMNS).enumerate() {
                let mut parts = [0.0; ROWS];
                for (s, strip) in strips.iter().enumerate() {
                    // Below the diagonal there is nothing.
                    let length = strip.len().min(group * GROUP + (s + 1) * COLUMNS);
                    let coordinates = tile(&h[..length], &strip[..length]);
                    for (part, coordinates) in parts.iter_mut().zip(coordinates) {
                        for y in coordinates {
                            *part += y * y;
                        }
                    }
                }
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum += part;
                }
            }
            // Rounding alone could lift it above 1.
            squares.extend(sums[..count].iter().map(|&square| square.min(1.0)));
        }
        squares
    }
}

/// Σⱼ hⱼ hⱼᵀ (m, m) in f64, row after row.
fn second_moment(vectors: ArrayView2<f32>) -> Vec<f64> {
    let m = vectors.ncols();
    let mut second = vec![0.0; m * m];
    for first in (0..vectors.nrows()).step_by(CHUNK) {
        let rows = CHUNK.min(vectors.nrows() - first);
        let at = |r: usize, k: usize| f64::from(vectors[[first + r, k]]);
        let (a, b) = (strips(rows, m, &at), wide_strips(rows, m, &at));
        for (k0, a) in a.iter().enumerate().map(|(s, a)| (s * ROWS, a)) {
            for (l0, b) in b.iter().enumerate().map(|(s, b)| (s * COLUMNS, b)) {
                if l0 > k0 + ROWS - 1 {
                    break; // by symmetry
                }
                for (k, sums) in (k0..m).zip(tile(a, b)) {
                    for (l, sum) in (l0..m).zip(sums) {
                        second[k * m + l] += sum;
                    }
                }
            }
        }
    }
    for k in 0..m {
        for l in k + 1..m {
            second[k * m + l] = second[l * m + k];
        }
    }
    second
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::measure::dimensionalities;
    use crate::theory;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    fn view(rows: &[Vec<f32>]) -> ndarray::Array2<f32> {
        let m = rows[0].len();
        ndarray::Array2::from_shape_vec((rows.len(), m), rows.concat()).unwrap()
    }

    fn d_star(rows: &[Vec<f32>]) -> Vec<f64> {
        max_data_dimensionality(view(rows).view())
    }

    /// The ratio of the definition, for one v.
    fn ratio(rows: &[Vec<f32>], i: usize, v: &[f64]) -> f64 {
        let dot = |h: &[f32]| -> f64 { h.iter().zip(v).map(|(&x, v)| f64::from(x) * v).sum() };
        let all: f64 = rows.iter().map(|h| dot(h) * dot(h)).sum();
        if all > 0.0 {
            dot(&rows[i]) * dot(&rows[i]) / all
        } else {
            0.0
        }
    }

    /// The supremum by pattern search from every axis and from hᵢ: no formula, only the definition.
    fn searched(rows: &[Vec<f32>], i: usize) -> f64 {
        let m = rows[0].len();
        let axis = |k: usize| (0..m).map(|l| f64::from(u8::from(k == l))).collect();
        let mut starts: Vec<Vec<f64>> = (0..m).map(axis).collect();
        starts.push(rows[i].iter().map(|&x| f64::from(x)).collect());
        let climb = |mut v: Vec<f64>| {
            let (mut best, mut step) = (ratio(rows, i, &v), 1.0);
            while step > 1e-9 {
                let mut better = false;
                for k in 0..m {
                    for delta in [step, -step] {
                        let old = v[k];
                        v[k] += delta;
                        let now = ratio(rows, i, &v);
                        if now > best {
                            (best, better) = (now, true);
                        } else {
                            v[k] = old;
                        }
                    }
                }
                step *= if better { 1.5 } else { 0.5 };
            }
            best
        };
        starts.into_iter().map(climb).fold(0.0, f64::max)
    }

    fn rows(
        count: std::ops::Range<usize>,
        m: std::ops::Range<usize>,
    ) -> impl Strategy<Value = Vec<Vec<f32>>> {
        let entry = prop_oneof![2 => Just(0.0f32), 3 => -2.0f32..2.0];
        m.prop_flat_map(move |m| {
            prop::collection::vec(prop::collection::vec(entry.clone(), m..=m), count.clone())
        })
    }

    proptest! {
        #[test]
        fn identities_hold(rows in rows(1..40, 1..20)) {
            let d = d_star(&rows);
            let sum: f64 = d.iter().sum();
            prop_assert!((sum - sum.round()).abs() < 1e-6, "the sum is a rank: {sum}");
            prop_assert!(sum.round() as usize <= rows.len().min(rows[0].len()));
            for (i, (d, own)) in d.iter().zip(dimensionalities(view(&rows).view())).enumerate() {
                prop_assert!((0.0..=1.0).contains(d));
                prop_assert!(*d >= own - 1e-9, "example {i}: D* {d} below D {own}");
            }
        }

        #[test]
        fn no_direction_does_better(rows in rows(2..12, 1..6), direction in prop::collection::vec(-1.0f64..1.0, 6)) {
            for (i, d) in d_star(&rows).into_iter().enumerate() {
                prop_assert!(ratio(&rows, i, &direction[..rows[0].len()]) <= d + 1e-9);
            }
        }

        #[test]
        fn a_copy_halves_at_best(rows in rows(2..20, 1..8), copies in 2..6usize) {
            let mut all = rows.clone();
            all.resize(rows.len() + copies - 1, rows[0].clone());
            let d = d_star(&all);
            prop_assert!(d[0] <= 1.0 / copies as f64 + 1e-9);
            prop_assert!(d[rows.len()..].iter().all(|copy| (copy - d[0]).abs() < 1e-9));
        }
    }

    #[test]
    fn a_search_over_directions_finds_the_closed_form() {
        let entry = |i: usize, k: usize| ((i * 37 + k * 101 + i * k * 13) % 19) as f32 / 7.0 - 1.2;
        for (count, m) in [(5, 2), (9, 3), (12, 4)] {
            let rows: Vec<Vec<f32>> = (0..count)
                .map(|i| {
                    (0..m)
                        .map(|k| entry(i, k).max(0.0) + 0.1 * (i % 2) as f32)
                        .collect()
                })
                .collect();
            for (i, d) in d_star(&rows).into_iter().enumerate() {
                let found = searched(&rows, i);
                assert!((found - d).abs() < 1e-5, "{count} × {m}, {i}: {found} {d}");
            }
        }
    }

    #[test]
    fn corners_of_a_polygon_share_two_dimensions_evenly() {
        for count in [3, 5, 30] {
            let corner = |i: usize| {
                let at = TAU * i as f64 / count as f64;
                vec![2.0 * math::cos(at) as f32, 2.0 * math::sin(at) as f32]
            };
            let rows: Vec<Vec<f32>> = (0..count).map(corner).collect();
            for d in d_star(&rows) {
                assert!((d - theory::even_dimensionality(2, count)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn dead_and_dependent_units_do_not_count() {
        let rows: Vec<Vec<f32>> = (0..6)
            .map(|i| {
                let (a, b) = (1.0 + i as f32, ((i * i) % 5) as f32);
                vec![a, 0.0, b, a + b, 1e-20 * a]
            })
            .collect();
        let plain: Vec<Vec<f32>> = rows.iter().map(|row| vec![row[0], row[2]]).collect();
        let (d, expected) = (d_star(&rows), d_star(&plain));
        assert!((d.iter().sum::<f64>() - 2.0).abs() < 1e-9);
        for (d, expected) in d.iter().zip(expected) {
            assert!((d - expected).abs() < 1e-9);
        }
        assert_eq!(d_star(&[vec![0.0, 0.0], vec![0.0, 0.0]]), [0.0, 0.0]);
        assert_eq!(d_star(&[vec![f32::NAN, 1.0], vec![1.0, 1.0]]), [0.0, 0.0]);
    }

    #[test]
    fn an_example_that_alone_wakes_a_unit_has_a_dimension_to_itself() {
        let mut rows: Vec<Vec<f32>> = (0..50).map(|i| vec![1.0 + (i % 7) as f32, 0.0]).collect();
        rows[31][1] = 1e-3;
        let d = d_star(&rows);
        assert!((d[31] - 1.0).abs() < 1e-9);
        assert!(d.iter().enumerate().all(|(i, d)| i == 31 || *d < 0.1));
    }
}
