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

/// What a model at m = 2 returns of unit, mutually orthogonal examples whose hidden vectors are given: W = Σ u xᵀ, and on the
/// features of each example the bias of least loss.
///
/// Example i puts u_j · u_i into the features of example j, each in proportion to its value in x_j; 1 should come out where j = i,
/// and 0 elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Recall {
    hidden: Vec<[f64; 2]>,
    biases: Vec<f64>,
}

impl Recall {
    /// That of these hidden vectors.
    pub fn of(hidden: &[[f64; 2]]) -> Recall {
        let mut recall = Recall {
            hidden: hidden.to_vec(),
            biases: Vec::new(),
        };
        let all = 0..hidden.len();
        let bias = |j: usize| {
            let others = all.clone().filter(|&i| i != j);
            least_loss_bias(
                recall.input(j, j),
                others.map(|i| recall.input(i, j)).collect(),
            )
        };
        recall.biases = all.clone().map(bias).collect();
        recall
    }

    /// What example `shown` puts into the features of example `of`.
    pub fn input(&self, shown: usize, of: usize) -> f64 {
        let (a, b) = (self.hidden[shown], self.hidden[of]);
        a[0] * b[0] + a[1] * b[1]
    }

    /// What is added to the features of that example before the ReLU.
    pub fn bias(&self, of: usize) -> f64 {
        self.biases[of]
    }

    /// What comes out: of 1 in its own features, of 0 in those of others.
    pub fn output(&self, shown: usize, of: usize) -> f64 {
        (self.input(shown, of) + self.biases[of]).max(0.0)
    }

    /// The loss, summed over features and averaged over these examples. 0 iff u_j² − u_i · u_j ≥ 1 for all i ≠ j.
    pub fn loss(&self) -> f64 {
        let count = self.hidden.len();
        let all = (0..count).flat_map(|shown| (0..count).map(move |of| (shown, of)));
        let errors = all.map(|(shown, of)| {
            let wanted = if shown == of { 1.0 } else { 0.0 };
            let error = self.output(shown, of) - wanted;
            error * error
        });
        errors.sum::<f64>() / count.max(1) as f64
    }
}

/// The b of least (1 − max(0, own + b))² + Σ max(0, other + b)².
fn least_loss_bias(own: f64, mut others: Vec<f64>) -> f64 {
    math::sort(&mut others);
    others.reverse();
    // Where its own output is on, this is convex: the minimum is where the outputs that are on are those that it assumes.
    let mut sum = 0.0;
    for on in 0..=others.len() {
        let bias = (1.0 - own - sum) / (1.0 + on as f64);
        let next = others.get(on).copied().unwrap_or(f64::NEG_INFINITY);
        if own + bias > 0.0 && next + bias <= 0.0 {
            let loss = |x: f64| (x + bias).max(0.0) * (x + bias).max(0.0);
            let leaked: f64 = others[..on].iter().copied().map(loss).sum();
            let missed = 1.0 - own - bias;
            if missed * missed + leaked < 1.0 {
                return bias;
            }
        }
        sum += next;
    }
    // Nothing comes out, which costs 1.
    -others.first().copied().unwrap_or(own).max(own)
}

/// How much F features on a regular polygon lower the loss of un-normalised data at b = 0, divided by 1 − S:
/// F/3 (2 max(0, cos(2π/F))² − 1). Least at F = 5: the pentagon.
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
