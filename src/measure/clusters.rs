//! Does a model that can't keep all examples apart at m = 2 keep groups of them that have something in common?
//!
//! A cluster is a group of hidden vectors close together in angle. Of each we count the examples that share its commonest
//! feature, and the features that carry it: so few that each of its examples has one of them. Random groups of as many
//! examples of the same run share features too, so that either number means something only beside theirs.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::{UNLEARNED, norm, ring_radius};
use crate::data::{self, Examples, Stream};
use crate::math::{atan2, order};

/// The clusters of one size in a run, as means over them, and over random groups of that size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clusters {
    /// Examples in each.
    pub size: usize,
    /// How many clusters have that size.
    pub count: usize,
    /// Examples that have the feature which most have.
    pub sharing: f64,
    /// The same of random groups.
    pub sharing_by_chance: f64,
    /// Features of which each example has one, chosen one after the other by how many more examples they reach.
    pub carrying: f64,
    /// The same of random groups.
    pub carrying_by_chance: f64,
}

/// Neighbours in angle closer than this share of the even angle, 360° by the number of vectors, are of one cluster. Of
/// evenly random angles 39 % of neighbours would be.
const CLOSE: f64 = 0.5;
/// Fewer examples are a coincidence.
const SMALLEST: usize = 3;
/// Random groups for each size.
const GROUPS: usize = 400;

/// The clusters of these hidden vectors (T, 2) of `examples` by ascending size; none among those left at the origin. Random
/// groups are drawn from `seed`.
///
/// # Panics
/// If there are not as many vectors as examples.
pub fn clusters(hidden: &[[f32; 2]], examples: &Examples, seed: u32) -> Vec<Clusters> {
    assert_eq!(hidden.len(), examples.len());
    let Some(radius) = ring_radius(hidden.iter().map(norm).collect()) else {
        return Vec::new();
    };
    let learned = |&t: &usize| norm(&hidden[t]) >= UNLEARNED * radius;
    let mut learned: Vec<usize> = (0..hidden.len()).filter(learned).collect();
    let mut by_size: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
    for group in groups(hidden, &learned) {
        if group.len() >= SMALLEST {
            by_size.entry(group.len()).or_default().push(group);
        }
    }
    let mut random = data::generator(seed, Stream::Groups);
    let mut of_size = |(size, groups): (usize, Vec<Vec<usize>>)| {
        let found: Vec<[usize; 2]> = groups.iter().map(|group| counts(group, examples)).collect();
        let by_chance: Vec<[usize; 2]> = (0..GROUPS)
            .map(|_| counts(draw(&mut random, &mut learned, size), examples))
            .collect();
        let ([sharing, carrying], chance) = (means(&found), means(&by_chance));
        Clusters {
            size,
            count: groups.len(),
            sharing,
            sharing_by_chance: chance[0],
            carrying,
            carrying_by_chance: chance[1],
        }
    };
    by_size.into_iter().map(&mut of_size).collect()
}

/// The vectors `which`, in groups of neighbours that are close in angle.
fn groups(hidden: &[[f32; 2]], which: &[usize]) -> Vec<Vec<usize>> {
    let angle = |&t: &usize| atan2(hidden[t][1].into(), hidden[t][0].into());
    let angles: Vec<f64> = which.iter().map(angle).collect();
    let turn = std::f64::consts::TAU;
    let close = CLOSE * turn / which.len() as f64;
    let order = order(&angles);
    // The angle from each to the one before it, around the origin.
    let gap = |k: usize| {
        let before = (k + order.len() - 1) % order.len();
        (angles[order[k]] - angles[order[before]]).rem_euclid(turn)
    };
    // Begins where a group does, so that none is cut in two.
    let Some(first) = (0..order.len()).find(|&k| gap(k) >= close) else {
        return vec![which.to_vec()];
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for k in (first..order.len()).chain(0..first) {
        let t = which[order[k]];
        match groups.last_mut() {
            Some(group) if gap(k) < close => group.push(t),
            _ => groups.push(vec![t]),
        }
    }
    groups
}

/// How many of these examples share their commonest feature, and how many features reach all.
fn counts(group: &[usize], examples: &Examples) -> [usize; 2] {
    let mut left = group.to_vec();
    let (mut sharing, mut carrying) = (0, 0);
    while !left.is_empty() {
        let mut times: BTreeMap<u32, usize> = BTreeMap::new();
        for &feature in left.iter().flat_map(|&t| examples.row(t).0) {
            *times.entry(feature).or_default() += 1;
        }
        // Of equally common ones the first.
        let commonest = times.iter().rev().max_by_key(|(_, times)| **times);
        let (&feature, &most) = commonest.expect("no example is zero everywhere");
        if carrying == 0 {
            sharing = most;
        }
        carrying += 1;
        left.retain(|&t| examples.row(t).0.binary_search(&feature).is_err());
    }
    [sharing, carrying]
}

/// `size` of `all`, which it reorders.
fn draw<'a>(random: &mut impl Rng, all: &'a mut [usize], size: usize) -> &'a [usize] {
    for k in 0..size {
        let rest = (all.len() - k) as u64;
        let ahead = (u64::from(random.random::<u32>()) * rest) >> 32;
        all.swap(k, k + ahead as usize);
    }
    &all[..size]
}

fn means(counts: &[[usize; 2]]) -> [f64; 2] {
    [0, 1].map(|k| {
        let sum: usize = counts.iter().map(|count| count[k]).sum();
        sum as f64 / counts.len() as f64
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{cos, sin};

    /// Vectors of length 1 at these degrees.
    fn at(degrees: &[f64]) -> Vec<[f32; 2]> {
        let vector = |d: &f64| [cos(d.to_radians()) as f32, sin(d.to_radians()) as f32];
        degrees.iter().map(vector).collect()
    }

    fn rows(features: &[&[u32]]) -> Examples {
        let row = |features: &&[u32]| features.iter().map(|&i| (i, 0.5)).collect();
        Examples::from_rows(40, &features.iter().map(row).collect::<Vec<_>>())
    }

    /// Three about 0° that share feature 7, four about 100° that two features carry, and some apart or at the origin.
    fn arranged() -> (Vec<[f32; 2]>, Examples) {
        let mut hidden = at(&[1.0, 100.0, 359.0, 99.0, 2.0, 98.0, 101.0, 200.0, 280.0]);
        hidden.push([0.01, 0.0]);
        let examples = rows(&[
            &[1, 7],
            &[2, 8],
            &[3, 7],
            &[4, 8],
            &[5, 7],
            &[8, 9],
            &[9, 10],
            &[11],
            &[12],
            &[7],
        ]);
        (hidden, examples)
    }

    #[test]
    fn clusters_are_found_across_the_cut_with_what_they_share() {
        let (hidden, examples) = arranged();
        let found = clusters(&hidden, &examples, 1);
        let counts: Vec<[f64; 4]> = (found.iter())
            .map(|c| [c.size as f64, c.count as f64, c.sharing, c.carrying])
            .collect();
        assert_eq!(counts, [[3.0, 1.0, 3.0, 1.0], [4.0, 1.0, 3.0, 2.0]]);
    }

    #[test]
    fn random_groups_have_what_all_choices_have_on_average() {
        let (hidden, examples) = arranged();
        // The nine that are not at the origin, in groups of three.
        let (mut sharing, mut carrying, mut all) = (0, 0, 0);
        for a in 0..9 {
            for b in 0..a {
                for c in 0..b {
                    let [shared, carried] = counts(&[a, b, c], &examples);
                    (sharing, carrying, all) = (sharing + shared, carrying + carried, all + 1);
                }
            }
        }
        let of_three = &clusters(&hidden, &examples, 1)[0];
        let near = |ours: f64, exact: usize| (ours - exact as f64 / f64::from(all)).abs() < 0.1;
        assert!(near(of_three.sharing_by_chance, sharing), "{of_three:?}");
        assert!(near(of_three.carrying_by_chance, carrying), "{of_three:?}");
    }

    #[test]
    fn a_polygon_has_no_clusters_and_one_direction_is_one() {
        let even: Vec<f64> = (0..10).map(|k| 36.0 * f64::from(k)).collect();
        let alike = rows(&[&[3][..]; 10]);
        assert_eq!(clusters(&at(&even), &alike, 1), []);
        let [one] = &clusters(&at(&[10.0; 10]), &alike, 1)[..] else {
            panic!("all are one cluster")
        };
        assert_eq!(
            (one.size, one.sharing, one.sharing_by_chance),
            (10, 10.0, 10.0)
        );
        assert_eq!((one.carrying, one.carrying_by_chance), (1.0, 1.0));
        assert_eq!(clusters(&[[0.0; 2]; 10], &alike, 1), []);
    }
}
