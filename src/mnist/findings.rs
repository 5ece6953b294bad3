//! What does D* say of a run? Its distribution, and where misclassified and mislabelled examples stand in it.

use serde::{Deserialize, Serialize};

use super::settings::Config;
use super::trainer::{NUMERICS, Snapshot, Trainer};
use super::{CLASSES, Digits};

/// One line of the store of digits: a run's settings and what was found at each of its snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Version of the arithmetic.
    pub numerics: u32,
    /// Version of the program that made the run.
    pub program: String,
    /// Every setting.
    pub config: Config,
    /// The step after which a parameter was no longer finite.
    pub diverged_at: Option<u64>,
    /// From the untrained network to the last step.
    pub findings: Vec<Findings>,
}

/// Shares of the examples at which [`Findings::quantiles`] are given.
pub const SHARES: [f64; 9] = [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0];
/// Multiples of the median at which [`Findings::above`] counts.
pub const MULTIPLES: [f64; 4] = [3.0, 5.0, 10.0, 50.0];

/// D* at one snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// Updates made.
    pub step: u64,
    /// Mean cross-entropy on the training examples with their labels (wrong ones included).
    pub train_loss: f64,
    /// Share of them that is classified as labelled, 0 to 1.
    pub train_accuracy: f64,
    /// Mean cross-entropy on the test examples.
    pub test_loss: f64,
    /// Share of right answers on them, 0 to 1.
    pub test_accuracy: f64,
    /// Σ D*, the rank of the hidden vectors.
    pub rank: usize,
    /// D* at [`SHARES`], from the lowest to the highest.
    pub quantiles: Vec<f64>,
    /// Share of the examples with D* between half and twice the median.
    pub alike: f64,
    /// How many examples have more than each of [`MULTIPLES`] times the median.
    pub above: Vec<usize>,
    /// Spearman's rank correlation of D* with the distance of an image from the mean image of its class.
    pub unlike_class: f64,
    /// The examples of each digit.
    pub classes: Vec<Group>,
    /// Examples that the network does not give their label.
    pub misclassified: Group,
    /// Examples with a wrong label, where there are such.
    pub mislabelled: Option<Group>,
    /// Those of them that the network gives their wrong label: known by heart.
    pub memorised: Option<Group>,
}

/// Where some of the examples stand among all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// How many.
    pub count: usize,
    /// Their lowest, median and highest D*; none of an empty group.
    pub extent: Option<[f64; 3]>,
    /// How many lie in each tenth of all examples, ordered by D*, lowest first.
    pub tenths: [usize; 10],
    /// Probability that a member has a higher D* than another example, ties counting half; none where either is missing.
    /// 0.5 where the group is spread like the others.
    pub auc: Option<f64>,
}

/// For each value its rank from 0, lowest first; equal values share the mean of their ranks.
fn ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut lower = 0;
    for equal in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let rank = lower as f64 + (equal.len() - 1) as f64 / 2.0;
        equal.iter().for_each(|&i| ranks[i] = rank);
        lower += equal.len();
    }
    ranks
}

/// Probability that a member of the group has a higher value than a non-member, ties counting half: pair by pair, for small
/// groups.
pub fn area_under_curve(values: &[f64], member: impl Fn(usize) -> bool) -> Option<f64> {
    let (mut won, mut pairs) = (0.0, 0u32);
    for i in (0..values.len()).filter(|&i| member(i)) {
        for j in (0..values.len()).filter(|&j| !member(j)) {
            pairs += 1;
            if values[i] >= values[j] {
                won += if values[i] > values[j] { 1.0 } else { 0.5 };
            }
        }
    }
    (pairs > 0).then(|| won / f64::from(pairs))
}

/// The same from ranks, for any group.
fn auc_of_ranks(ranks: &[f64], member: &impl Fn(usize) -> bool) -> Option<f64> {
    let members: Vec<f64> = (0..ranks.len())
        .filter(|&i| member(i))
        .map(|i| ranks[i])
        .collect();
    let (inside, outside) = (members.len() as f64, (ranks.len() - members.len()) as f64);
    // Mann and Whitney: pairs won are the sum of ranks less what members win among themselves.
    let won = members.iter().sum::<f64>() - inside * (inside - 1.0) / 2.0;
    (inside > 0.0 && outside > 0.0).then(|| won / (inside * outside))
}

impl Group {
    fn of(d_star: &[f32], ranks: &[f64], member: impl Fn(usize) -> bool) -> Self {
        let members = (0..d_star.len()).filter(|&i| member(i));
        let mut tenths = [0; 10];
        let mut values: Vec<f64> = Vec::new();
        for i in members {
            let tenth = (ranks[i] * 10.0 / d_star.len() as f64) as usize;
            tenths[tenth.min(9)] += 1;
            values.push(d_star[i].into());
        }
        values.sort_by(f64::total_cmp);
        Group {
            count: values.len(),
            extent: (!values.is_empty()).then(|| [0.0, 0.5, 1.0].map(|p| quantile(&values, p))),
            tenths,
            auc: auc_of_ranks(ranks, &member),
        }
    }
}

/// The value below which a share of the ascending `values` lies: the nearest of them.
fn quantile(values: &[f64], share: f64) -> f64 {
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Correlation of two lists of ranks.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum()
    };
    let spread = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    if spread > 0.0 {
        sum(&|x, y| x * y) / spread
    } else {
        0.0
    }
}

/// Squared distance of each image from the mean image of the digit that it shows.
fn distances(digits: &Digits) -> Vec<f32> {
    let pixels = digits.pixels();
    let mut means = vec![0.0f64; CLASSES * pixels];
    let mut counts = [0usize; CLASSES];
    for (i, &label) in digits.labels().iter().enumerate() {
        counts[usize::from(label)] += 1;
        let (indices, values) = digits.row(i);
        for (&pixel, &ink) in indices.iter().zip(values) {
            means[usize::from(label) * pixels + usize::from(pixel)] += f64::from(ink);
        }
    }
    for (mean, count) in means.chunks_exact_mut(pixels).zip(counts) {
        mean.iter_mut().for_each(|x| *x /= count.max(1) as f64);
    }
    let squares: Vec<f64> = means
        .chunks_exact(pixels)
        .map(|mean| mean.iter().map(|x| x * x).sum())
        .collect();
    // ‖x − μ‖² = ‖μ‖² + Σ over inked pixels of (x² − 2 x μ).
    let distance = |(i, &label): (usize, &u8)| {
        let label = usize::from(label);
        let mean = &means[label * pixels..][..pixels];
        let (indices, values) = digits.row(i);
        let rest: f64 = indices
            .iter()
            .zip(values)
            .map(|(&pixel, &ink)| (f64::from(ink), mean[usize::from(pixel)]))
            .map(|(x, mean)| x * x - 2.0 * x * mean)
            .sum();
        (squares[label] + rest) as f32
    };
    digits.labels().iter().enumerate().map(distance).collect()
}

impl Record {
    /// What the snapshots of `trainer` show.
    pub fn of(trainer: &Trainer) -> Self {
        let digits = trainer.digits();
        let distances = ranks(&distances(digits));
        let findings = |snapshot| Findings::of(snapshot, trainer, &distances);
        Record {
            numerics: NUMERICS,
            program: env!("CARGO_PKG_VERSION").to_string(),
            config: trainer.config().clone(),
            diverged_at: trainer.diverged_at(),
            findings: trainer.snapshots().iter().map(findings).collect(),
        }
    }

    /// The record as a line of a store, with its end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a record is valid JSON") + "\n"
    }
}

impl Findings {
    fn of(snapshot: &Snapshot, trainer: &Trainer, distances: &[f64]) -> Self {
        let d_star = &snapshot.d_star;
        let (labels, shown) = (trainer.labels(), trainer.digits().labels());
        let ranks = ranks(d_star);
        let mut ordered: Vec<f64> = d_star.iter().map(|&d| d.into()).collect();
        ordered.sort_by(f64::total_cmp);
        let median = quantile(&ordered, 0.5);
        let count = |test: &dyn Fn(f64) -> bool| ordered.iter().filter(|&&d| test(d)).count();
        let group = |member: &dyn Fn(usize) -> bool| Group::of(d_star, &ranks, member);
        let alike = count(&|d| (0.5 * median..=2.0 * median).contains(&d));
        Findings {
            step: snapshot.step,
            train_loss: snapshot.train_loss,
            train_accuracy: snapshot.train_accuracy,
            test_loss: snapshot.test_loss,
            test_accuracy: snapshot.test_accuracy,
            rank: ordered.iter().sum::<f64>().round() as usize,
            quantiles: SHARES.map(|share| quantile(&ordered, share)).to_vec(),
            alike: alike as f64 / ordered.len() as f64,
            above: MULTIPLES
                .map(|times| count(&|d| d > times * median))
                .to_vec(),
            unlike_class: correlation(&ranks, distances),
            classes: (0..CLASSES as u8)
                .map(|c| group(&|i| shown[i] == c))
                .collect(),
            misclassified: group(&|i| snapshot.predictions[i] != labels[i]),
            memorised: (trainer.config().label_noise > 0.0)
                .then(|| group(&|i| labels[i] != shown[i] && snapshot.predictions[i] == labels[i])),
            mislabelled: (trainer.config().label_noise > 0.0)
                .then(|| group(&|i| labels[i] != shown[i])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auc_counts_the_pairs_that_a_group_wins() {
        let values = [0.1f32, 0.4, 0.4, 0.7, 0.2];
        let wide = values.map(f64::from);
        let of = |member: &dyn Fn(usize) -> bool| {
            let auc = area_under_curve(&wide, member);
            assert_eq!(auc, auc_of_ranks(&ranks(&values), &member));
            auc
        };
        // 0.4 and 0.7 against 0.1, 0.4, 0.2: 2.5 + 3 of 6.
        assert_eq!(of(&|i| i == 2 || i == 3), Some(5.5 / 6.0));
        assert_eq!(of(&|_| true), None);
        assert_eq!(of(&|_| false), None);
    }

    #[test]
    fn ranks_are_shared_by_equals() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
    }

    #[test]
    fn groups_are_counted_by_tenths_of_all() {
        let d_star: Vec<f32> = (0..100).map(|i| i as f32).collect();
        let group = Group::of(&d_star, &ranks(&d_star), |i| i >= 90 || i == 5);
        assert_eq!(group.tenths, [1, 0, 0, 0, 0, 0, 0, 0, 0, 10]);
        assert_eq!((group.count, group.extent), (11, Some([5.0, 94.0, 99.0])));
        let empty = Group::of(&d_star, &ranks(&d_star), |_| false);
        assert_eq!((empty.count, empty.extent, empty.auc), (0, None, None));
    }

    #[test]
    fn distance_is_from_the_mean_image_of_the_class() {
        let mut digits = Digits::empty(2);
        for (ink, label) in [([0u8, 255], 1), ([0, 0], 1), ([255, 0], 2)] {
            digits.push_image(&ink, label);
        }
        assert_eq!(distances(&digits), [0.25, 0.25, 0.0]);
    }
}
