//! What has a model learned? Dimensionalities, norms, whether hidden vectors form a regular polygon, and what it became.

mod cholesky;
mod clusters;
mod maximal;
pub mod outcome;

pub use clusters::{Clusters, clusters};
pub use maximal::{DEPENDENT, evenly_held, max_data_dimensionality};
pub use outcome::Outcome;

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::math;
use crate::theory;

/// D of each row of `vectors` (count, m): the share of a hidden dimension that it has to itself,
///
/// Dᵢ = ‖vᵢ‖² / Σⱼ (v̂ᵢ · vⱼ)²
///
/// (paper, "How Do Models Change with Dataset Size?"). Rows are features (columns of W) or hidden vectors of
/// examples. Between 0 and 1; a zero vector has D = 0.
///
/// The sum over j is v̂ᵢᵀ M v̂ᵢ with M = Σⱼ vⱼ vⱼᵀ, so the whole costs O(count · m²).
pub fn dimensionalities(vectors: ArrayView2<f32>) -> Vec<f64> {
    let second = second_moment(vectors);
    let m = vectors.ncols();
    let of_row = |v: ndarray::ArrayView1<f32>| {
        let square: f64 = v.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
        if !(square > 0.0 && square.is_finite()) {
            return 0.0; // at the origin, or the run diverged
        }
        let mut seen = 0.0;
        for k in 0..m {
            for l in 0..m {
                seen += f64::from(v[k]) * second[[k, l]] * f64::from(v[l]);
            }
        }
        // The vector sees at least itself, so rounding alone could lift D above 1; a length whose fourth power
        // vanishes has no direction left to speak of.
        if seen > 0.0 {
            (square * square / seen).min(1.0)
        } else {
            0.0
        }
    };
    vectors.rows().into_iter().map(of_row).collect()
}

/// Σⱼ vⱼ vⱼᵀ (m, m) over the rows of `vectors` (count, m).
fn second_moment(vectors: ArrayView2<f32>) -> Array2<f64> {
    let m = vectors.ncols();
    let mut second = Array2::zeros((m, m));
    for v in vectors.rows() {
        for k in 0..m {
            for l in 0..=k {
                second[[k, l]] += f64::from(v[k]) * f64::from(v[l]);
            }
        }
    }
    for k in 0..m {
        for l in 0..k {
            second[[l, k]] = second[[k, l]];
        }
    }
    second
}

/// √Σ x², the Frobenius norm of a matrix or the length of a vector.
pub fn norm<'a>(values: impl IntoIterator<Item = &'a f32>) -> f64 {
    let square: f64 = values
        .into_iter()
        .map(|&x| f64::from(x) * f64::from(x))
        .sum();
    square.sqrt()
}

/// How close the hidden vectors of examples are to a regular polygon at m = 2.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Polygon {
    /// T.
    pub examples: usize,
    /// Examples on one circle: within [`ON_RING`] of its radius.
    pub on_ring: usize,
    /// Examples near the origin: shorter than [`UNLEARNED`] of the radius. The paper's optimisation failure.
    pub unlearned: usize,
    /// Median length of the hidden vectors that are at least half as long as the longest.
    pub radius: f64,
    /// Radius of the smallest exact polygon of as many corners as are on the ring; none below 3, or of a model that has no such
    /// closed form.
    pub closed_form_radius: Option<f64>,
    /// Largest difference between two neighbours' angle on the ring and 360° / on_ring, in degrees.
    pub angular_error_degrees: f64,
    /// Three or more on the ring, the others unlearned, and angles within [`ANGLE_SHARE`] of even.
    pub regular: bool,
}

/// Share of the radius by which a corner may miss the circle. Trained pentagons stay within 2 %.
pub const ON_RING: f64 = 0.1;
/// Share of the radius below which an example counts as left at the origin.
pub const UNLEARNED: f64 = 0.2;
/// Share of the even angle by which neighbours on a regular polygon may miss it.
pub const ANGLE_SHARE: f64 = 0.25;

/// The median of the lengths that are at least half the longest; none if that is 0 or not finite.
fn ring_radius(mut lengths: Vec<f64>) -> Option<f64> {
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    if !(longest > 0.0 && longest.is_finite()) {
        return None;
    }
    lengths.retain(|&length| length >= 0.5 * longest);
    math::sort(&mut lengths);
    Some(lengths[lengths.len() / 2])
}

/// Measures the hidden vectors (T, 2) of examples; none if there is no vector or all are zero.
pub fn polygon(hidden: &[[f32; 2]]) -> Option<Polygon> {
    let length = |h: &[f32; 2]| norm(h);
    let radius = ring_radius(hidden.iter().map(length).collect())?;
    let mut angles: Vec<f64> = hidden
        .iter()
        .filter(|h| (length(h) - radius).abs() <= ON_RING * radius)
        .map(|h| math::atan2(h[1].into(), h[0].into()).to_degrees())
        .collect();
    math::sort(&mut angles);
    let on_ring = angles.len();
    let even = 360.0 / on_ring as f64;
    let gap = |i: usize| match i + 1 {
        next if next < on_ring => angles[next] - angles[i],
        _ => angles[0] + 360.0 - angles[i],
    };
    let angular_error_degrees = (0..on_ring)
        .map(|i| (gap(i) - even).abs())
        .fold(0.0, f64::max);
    let unlearned = hidden
        .iter()
        .filter(|h| length(h) < UNLEARNED * radius)
        .count();
    Some(Polygon {
        examples: hidden.len(),
        on_ring,
        unlearned,
        radius,
        closed_form_radius: theory::polygon_radius(on_ring),
        angular_error_degrees,
        regular: on_ring >= 3
            && on_ring + unlearned == hidden.len()
            && angular_error_degrees <= ANGLE_SHARE * even,
    })
}

/// Coordinates of each of `vectors` (count, m) in the plane of their two largest principal components (through the
/// origin, not centred). At m = 2 and below these are the coordinates themselves, unturned.
///
/// # Panics
/// If m is 0.
pub fn principal_plane(vectors: &[f32], m: usize) -> Vec<[f64; 2]> {
    let rows = vectors.chunks_exact(m);
    if m <= 2 {
        return rows
            .map(|v| [v[0].into(), v.get(1).map_or(0.0, |&y| y.into())])
            .collect();
    }
    let shape = (vectors.len() / m, m);
    let mut second = second_moment(ArrayView2::from_shape(shape, vectors).expect("rows of m"));
    let axes: [Vec<f64>; 2] = std::array::from_fn(|_| {
        let (axis, value) = leading_axis(&second);
        for k in 0..m {
            for l in 0..m {
                second[[k, l]] -= value * axis[k] * axis[l];
            }
        }
        axis
    });
    rows.map(|v| {
        std::array::from_fn(|a| v.iter().zip(&axes[a]).map(|(&x, e)| f64::from(x) * e).sum())
    })
    .collect()
}

/// The eigenvector of the largest eigenvalue of a symmetric matrix without negative ones, and that value, by power
/// iteration. Where two values are close it stops within their plane, which is good enough to look at.
fn leading_axis(matrix: &Array2<f64>) -> (Vec<f64>, f64) {
    let m = matrix.nrows();
    // Starting from the column of the largest diagonal entry can't be orthogonal to the leading axis' plane.
    let start = (0..m).fold(0, |best, k| {
        if matrix[[k, k]] > matrix[[best, best]] {
            k
        } else {
            best
        }
    });
    let mut axis = vec![0.0; m];
    axis[start] = 1.0;
    let mut value = 0.0;
    for _ in 0..200 {
        let image: Vec<f64> = (0..m)
            .map(|k| (0..m).map(|l| matrix[[k, l]] * axis[l]).sum())
            .collect();
        value = image.iter().map(|x| x * x).sum::<f64>().sqrt();
        if !(value > 0.0 && value.is_finite()) {
            return (axis, 0.0);
        }
        axis = image.iter().map(|x| x / value).collect();
    }
    (axis, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn ring(count: usize, radius: f64) -> Vec<[f32; 2]> {
        let at = |i: usize| TAU * i as f64 / count as f64 + 0.3;
        let corner = |i| {
            [
                (radius * math::cos(at(i))) as f32,
                (radius * math::sin(at(i))) as f32,
            ]
        };
        (0..count).map(corner).collect()
    }

    #[test]
    fn corners_of_a_polygon_share_two_dimensions_evenly() {
        for count in [3, 5, 30] {
            let vectors = ring(count, 1.7);
            let view = ArrayView2::from_shape((count, 2), vectors.as_flattened()).unwrap();
            for d in dimensionalities(view) {
                assert!((d - theory::even_dimensionality(2, count)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn dimensionality_is_one_alone_and_zero_at_the_origin() {
        let vectors = ArrayView2::from_shape((3, 2), &[2.0, 0.0, 0.0, 0.5, 0.0, 0.0]).unwrap();
        assert_eq!(dimensionalities(vectors), [1.0, 1.0, 0.0]);
    }

    #[test]
    fn polygon_counts_corners_and_what_is_left_at_the_origin() {
        let mut hidden = ring(9, 2.288);
        hidden.push([0.01, 0.0]);
        let polygon = polygon(&hidden).unwrap();
        assert_eq!(
            (polygon.on_ring, polygon.unlearned, polygon.examples),
            (9, 1, 10)
        );
        assert!(polygon.regular && polygon.angular_error_degrees < 1e-4);
        assert_eq!(polygon.closed_form_radius, theory::polygon_radius(9));
        assert!((polygon.radius - 2.288).abs() < 1e-6);
    }

    #[test]
    fn two_circles_are_no_polygon() {
        let mut hidden = ring(6, 2.0);
        hidden[1] = hidden[1].map(|x| 0.6 * x);
        let polygon = polygon(&hidden).unwrap();
        assert!(!polygon.regular);
        assert_eq!((polygon.on_ring, polygon.unlearned), (5, 0));
        assert_eq!(super::polygon(&[[0.0, 0.0]]), None);
    }

    #[test]
    fn principal_plane_finds_the_two_long_axes() {
        let vectors: Vec<f32> = [
            [0.0, 3.0, 0.0, 0.0],
            [0.0, 0.0, 0.1, 0.0],
            [2.0, 0.0, 0.0, 0.0],
        ]
        .concat();
        let plane = principal_plane(&vectors, 4);
        assert!((plane[0][0].abs() - 3.0).abs() < 1e-9 && plane[0][1].abs() < 1e-9);
        assert!((plane[2][1].abs() - 2.0).abs() < 1e-9);
        assert!(plane[1][0].abs() < 1e-9 && plane[1][1].abs() < 1e-9);
    }
}
