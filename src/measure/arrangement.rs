//! Where did training leave the hidden vectors of a few examples at m = 2? On one circle, on two, or some of them nowhere.
//!
//! Unit examples without a common feature are memorised exactly if each can be told from every other: with hidden vectors
//! of lengths r and angles θ between them, b_j = 1 − r_j² gives j its own output, and another example i must not raise
//! it: r_i r_j cos θ + 1 − r_j² ≤ 0. Neighbours on one circle need the even angle of a polygon at least. Behind a
//! longer neighbour a shorter example needs cos θ ≤ (r_j² − 1) / (r_i r_j), almost a right angle if r_j is near 1: a second,
//! smaller circle costs wide gaps, and is a place where training can stay.

use std::f64::consts::TAU;

use super::{ON_RING, UNLEARNED, norm, ring_radius};
use crate::math::{atan2, order};

/// What the hidden vectors form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// All on one circle, without a gap that would hold another.
    Polygon,
    /// None at the origin, but some on a smaller circle, apart from the others by more than those are among themselves.
    TwoCircles,
    /// Some examples are at the origin: left out.
    Unlearned,
    /// Anything else.
    Uneven,
}

impl Arrangement {
    /// Every one, from the best on.
    pub const ALL: [Arrangement; 4] = [
        Arrangement::Polygon,
        Arrangement::TwoCircles,
        Arrangement::Unlearned,
        Arrangement::Uneven,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Arrangement::Polygon => "polygon",
            Arrangement::TwoCircles => "two circles",
            Arrangement::Unlearned => "unlearned examples",
            Arrangement::Uneven => "uneven",
        }
    }
}

/// A gap that is so many times the even one would almost hold another corner.
const GAP: f64 = 1.6;

/// What these hidden vectors form; none of fewer than three, or if all are zero or one is not finite.
pub fn arrangement(hidden: &[[f32; 2]]) -> Option<Arrangement> {
    let lengths: Vec<f64> = hidden.iter().map(norm).collect();
    if hidden.len() < 3 || !lengths.iter().all(|length| length.is_finite()) {
        return None;
    }
    let radius = ring_radius(lengths.clone())?;
    if lengths.iter().any(|&length| length < UNLEARNED * radius) {
        return Some(Arrangement::Unlearned);
    }
    let outer = |i: usize| lengths[i] >= (1.0 - ON_RING) * radius;
    let on_ring = |i: usize| outer(i) && lengths[i] <= (1.0 + ON_RING) * radius;
    let gaps = gaps(hidden);
    let all = hidden.len();
    if (0..all).all(on_ring) {
        let widest = gaps.iter().map(|gap| gap.2).fold(0.0, f64::max);
        let even = TAU / all as f64;
        return Some(match widest <= GAP * even {
            true => Arrangement::Polygon,
            false => Arrangement::Uneven,
        });
    }
    let between = |one: bool, other: bool| {
        let wanted = move |gap: &&(usize, usize, f64)| (outer(gap.0), outer(gap.1)) == (one, other);
        gaps.iter().filter(wanted).map(|gap| gap.2)
    };
    let within = between(true, true).fold(0.0, f64::max);
    let mut apart = between(true, false).chain(between(false, true)).peekable();
    let two = apart.peek().is_some() && apart.all(|gap| gap > within);
    Some(match two {
        true => Arrangement::TwoCircles,
        false => Arrangement::Uneven,
    })
}

/// Neighbours around the origin and the angle between them.
fn gaps(hidden: &[[f32; 2]]) -> Vec<(usize, usize, f64)> {
    let angle = |h: &[f32; 2]| atan2(h[1].into(), h[0].into());
    let angles: Vec<f64> = hidden.iter().map(angle).collect();
    let order = order(&angles);
    let next = order.iter().cycle().skip(1);
    (order.iter().zip(next))
        .map(|(&i, &j)| (i, j, (angles[j] - angles[i]).rem_euclid(TAU)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{cos, sin};
    use crate::theory;

    /// Vectors of (length, degrees).
    fn vectors(polar: &[(f64, f64)]) -> Vec<[f32; 2]> {
        let vector = |&(length, degrees): &(f64, f64)| {
            let angle = degrees.to_radians();
            [length * cos(angle), length * sin(angle)].map(|x| x as f32)
        };
        polar.iter().map(vector).collect()
    }

    fn ring(count: usize, radius: f64) -> Vec<(f64, f64)> {
        let corner = |k: usize| (radius, 360.0 * k as f64 / count as f64 + 11.0);
        (0..count).map(corner).collect()
    }

    fn of(polar: &[(f64, f64)]) -> Option<Arrangement> {
        arrangement(&vectors(polar))
    }

    #[test]
    fn a_polygon_is_one_and_stays_one_when_it_is_a_little_uneven() {
        for count in [3, 5, 10] {
            let mut ring = ring(count, 1.5);
            assert_eq!(of(&ring), Some(Arrangement::Polygon));
            ring[1].0 *= 1.05;
            ring[2].1 += 0.2 * 360.0 / count as f64;
            assert_eq!(of(&ring), Some(Arrangement::Polygon));
        }
    }

    #[test]
    fn a_ring_with_a_corner_missing_is_uneven() {
        let mut ring = ring(9, 2.3);
        ring.remove(4);
        assert_eq!(of(&ring), Some(Arrangement::Uneven));
    }

    #[test]
    fn one_at_the_origin_is_unlearned_whatever_the_others_do() {
        let mut ring = ring(9, 2.288);
        ring.push((0.01, 200.0));
        assert_eq!(of(&ring), Some(Arrangement::Unlearned));
    }

    #[test]
    fn two_radii_with_a_gap_between_them_are_two_circles() {
        // Trained: n = 1,000, S = 0.99, T = 8, data seed 1, init seed 1; then T = 10.
        let eight = [
            (1.79, 0.0),
            (1.03, 88.0),
            (3.65, 177.0),
            (3.65, 200.0),
            (3.64, 223.0),
            (3.64, 245.0),
            (3.64, 267.0),
            (3.64, 290.0),
        ];
        assert_eq!(of(&eight), Some(Arrangement::TwoCircles));
        let ten = theory::ring_around_one(9, 1.6).unwrap();
        let ten: Vec<[f32; 2]> = ten.iter().map(|h| h.map(|x| x as f32)).collect();
        assert_eq!(arrangement(&ten), Some(Arrangement::TwoCircles));
        // The same radii without the gap.
        let mut crowded = ring(8, 3.65);
        crowded[3].0 = 1.79;
        assert_eq!(of(&crowded), Some(Arrangement::Uneven));
    }

    #[test]
    fn what_has_no_arrangement_has_none() {
        assert_eq!(of(&ring(2, 1.0)), None);
        assert_eq!(arrangement(&[[0.0; 2]; 5]), None);
        assert_eq!(arrangement(&[[1.0, f32::NAN]; 5]), None);
    }
}
