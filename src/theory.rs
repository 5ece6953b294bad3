//! What do closed forms say? Curves that figures draw over measurements, and numbers that tests check against.

use std::f64::consts::TAU;

use crate::math;

/// Radius of the smallest regular polygon that memorises `examples` unit, mutually orthogonal examples exactly at
/// m = 2: r = 1 / √(1 − cos(2π/T)). None below 3, where there is no polygon.
///
/// Each example's own output must reach r² + b = 1 while its neighbours' stay at r² cos(2π/T) + b ≤ 0.
pub fn polygon_radius(examples: usize) -> Option<f64> {
    (examples >= 3).then(|| 1.0 / (1.0 - math::cos(TAU / examples as f64)).sqrt())
}

/// ‖W‖_F = √T r of that polygon.
pub fn polygon_w_norm(examples: usize) -> Option<f64> {
    polygon_radius(examples).map(|r| (examples as f64).sqrt() * r)
}

/// ‖b‖₂ = √T |r² − 1| of that polygon.
pub fn polygon_b_norm(examples: usize) -> Option<f64> {
    polygon_radius(examples).map(|r| (examples as f64).sqrt() * (r * r - 1.0).abs())
}

/// Lengths of hidden vectors, and of the vectors that outputs are made with, in the regular polygon at m = 2 of least
/// ‖W‖² + ‖W_up‖² that memorises mutually orthogonal examples of these `lengths` with untied weights. None below 3 examples.
///
/// With W = ρ Σ v xᵀ/‖x‖², W_up = s Σ v xᵀ and b = (1 − ρ s) x, v the corners at length 1, an example gets its own x whatever
/// its length, and leaves the others alone iff ρ s (1 − cos(2π/T)) ≥ 1. So ρ s is r² of [`polygon_radius`], and of the norms
/// ρ √Σ 1/‖x‖² and s √Σ ‖x‖² neither is larger than the other.
pub fn untied_polygon(lengths: &[f64]) -> Option<[f64; 2]> {
    let product = polygon_radius(lengths.len())?;
    let squares = lengths.iter().map(|c| c * c);
    let ratio: f64 = squares.clone().sum::<f64>() / squares.map(|c| 1.0 / c).sum::<f64>();
    let root = ratio.sqrt().sqrt();
    Some([product * root, product / root])
}

/// Exact memorisation at m = 2 on two circles: one example at length `inner`, and `outer` ones evenly on a wider circle with
/// a gap around the first. The hidden vectors, that example's first; none if they have no room.
///
/// With bias 1 − r² on an example of length r, another one at R and an angle ψ leaves it alone iff R r cos ψ ≤ r² − 1. With
/// equality the gap on either side is ψ, the others share what is left of the circle, and R is the least that tells
/// neighbours apart. Training that ends there has train loss 0, as in the polygon, with a larger ‖W‖.
pub fn ring_around_one(outer: usize, inner: f64) -> Option<Vec<[f64; 2]>> {
    if outer < 3 || inner < 1.0 {
        return None;
    }
    // The gap ψ and the step between neighbours.
    let angles = |radius: f64| {
        let cosine = (inner * inner - 1.0) / (radius * inner);
        let gap = math::atan2((1.0 - cosine * cosine).sqrt(), cosine);
        (gap, (TAU - 2.0 * gap) / (outer as f64 - 1.0))
    };
    // A wider circle has closer neighbours, but needs less between them.
    let told_apart = |radius: f64| radius * radius * (1.0 - math::cos(angles(radius).1)) >= 1.0;
    let (mut low, mut high) = (inner, inner + outer as f64);
    if !told_apart(high) || told_apart(low) {
        return None;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        match told_apart(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    let (gap, step) = angles(high);
    let corner = |k: usize| {
        let angle = gap + k as f64 * step;
        [high * math::cos(angle), high * math::sin(angle)]
    };
    let ring = (0..outer).map(corner);
    Some(std::iter::once([inner, 0.0]).chain(ring).collect())
}

/// Dimensionality of each of T examples that share m dimensions evenly: m / T, at most 1.
pub fn even_dimensionality(m: usize, examples: usize) -> f64 {
    (m as f64 / examples as f64).min(1.0)
}

/// How much F features on a regular polygon lower the loss of un-normalised data at b = 0, divided by 1 − S:
/// F/3 (max(0, 2 cos²(2π/F)) − 1), where the cosine counts only above F = 4. Least at F = 5: the pentagon.
pub fn feature_polygon_gain(features: usize) -> f64 {
    let f = features as f64;
    let cosine = if features > 4 {
        math::cos(TAU / f)
    } else {
        0.0
    };
    f / 3.0 * (2.0 * cosine * cosine - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygon_radii_are_those_of_the_table() {
        for (t, r) in [
            (3, 0.816),
            (4, 1.0),
            (5, 1.203),
            (6, 1.414),
            (10, 2.288),
            (15, 3.401),
            (100, 22.5),
        ] {
            let radius = polygon_radius(t).unwrap();
            assert!((radius - r).abs() / r < 1e-3, "T = {t}: {radius}");
        }
        assert_eq!(polygon_radius(2), None);
    }

    #[test]
    fn five_features_lower_the_loss_most() {
        let gains: Vec<f64> = (3..8).map(feature_polygon_gain).collect();
        for (gain, expected) in gains.iter().zip([-1.0, -1.333, -1.348, -1.0, -0.519]) {
            assert!((gain - expected).abs() < 1e-3, "{gain} {expected}");
        }
    }
}
