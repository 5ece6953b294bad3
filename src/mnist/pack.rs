//! What does the page load of the digits? One file to look at stored runs, and one with digits to train on.
//!
//! The first holds, for some runs and each of their snapshots, the sorted curve of D* at some ranks, and for some of the
//! examples image, rank, D* and answer: all of both tails, those at the ends of each class, and a thinned rest. D* is rounded
//! to a quarter of a thousandth, ranks are exact. Either file is a magic, the version of its format, content in postcard,
//! and the CRC-32 of all that.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::checksum::{is_intact, sealed};
use crate::math;

use super::{Digits, Findings, Record, Sheet, Snapshot, Trainer};

const PACK: [u8; 8] = *b"SUPDIGIT";
const LIVE: [u8; 8] = *b"SUPDLIVE";
const FORMAT: u32 = 1;

/// How many examples of either tail are kept of each snapshot: of all of them, and of each class.
const TAIL: usize = 24;
const CLASS_TAIL: usize = 4;
/// How many of a snapshot's misclassified and mislabelled examples are kept, evenly by rank.
const WRONG: usize = 12;
const MISLABELLED: usize = 30;
/// How many are kept between the tails of the last snapshots.
const BETWEEN: usize = 160;
/// How many ranks of a curve are kept at either end, one after the other, and how many between.
const END_KNOTS: usize = 48;
const KNOTS: usize = 200;

/// Digits to train on in the page.
const LIVE_TRAIN: usize = 4000;
const LIVE_TEST: usize = 1000;

/// Why bytes are not what the page can show: a sentence's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PackError(&'static str);

const DAMAGED: PackError = PackError("it is damaged");

/// Some stored runs, as far as the page shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    /// Ranks, from 0 for the lowest D*, at which curves are given.
    pub knots: Vec<u32>,
    /// Indices of the examples that can be shown.
    pub indices: Vec<u32>,
    /// Their images.
    pub sheet: Sheet,
    /// The runs.
    pub runs: Vec<Packed>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Packed {
    /// Its settings as JSON, which describes itself and which the page can read without help.
    pub config: String,
    /// What each shown example is said to be.
    pub labels: Vec<u8>,
    /// Its snapshots.
    pub moments: Vec<Moment>,
}

/// One snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// What was found, as JSON.
    pub findings: String,
    /// ln D* at the knots.
    curve: Vec<u16>,
    /// ln D* of each shown example.
    d_star: Vec<u16>,
    /// Rank of each shown example.
    pub ranks: Vec<u16>,
    /// The class that each is given.
    pub predictions: Vec<u8>,
}

/// ln D* in steps of 1/4000: from 1 down to 8e-8, below which it counts as that.
const STEPS: f64 = 4000.0;

fn short(d: f32) -> u16 {
    let steps = -STEPS * math::ln(f64::from(d).max(1e-30));
    steps.round().clamp(0.0, u16::MAX.into()) as u16
}

fn long(steps: &u16) -> f64 {
    math::exp(-f64::from(*steps) / STEPS)
}

impl Moment {
    fn of(snapshot: &Snapshot, findings: &Findings, knots: &[u32], indices: &[u32]) -> Self {
        let order = order(&snapshot.d_star);
        let mut ranks = vec![0; order.len()];
        for (rank, &i) in order.iter().enumerate() {
            ranks[i as usize] = rank as u16;
        }
        let d_star = |i: u32| short(snapshot.d_star[i as usize]);
        let shown = indices.iter().map(|&i| i as usize);
        Moment {
            findings: serde_json::to_string(findings).expect("findings are valid JSON"),
            curve: knots
                .iter()
                .map(|&rank| d_star(order[rank as usize]))
                .collect(),
            d_star: indices.iter().map(|&i| d_star(i)).collect(),
            ranks: shown.clone().map(|i| ranks[i]).collect(),
            predictions: shown.map(|i| snapshot.predictions[i]).collect(),
        }
    }

    /// D* at the knots.
    pub fn curve(&self) -> Vec<f64> {
        self.curve.iter().map(long).collect()
    }

    /// D* of each shown example.
    pub fn d_star(&self) -> Vec<f64> {
        self.d_star.iter().map(long).collect()
    }
}

/// Examples by D*, lowest first, equals by index.
fn order(d_star: &[f32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..d_star.len() as u32).collect();
    order.sort_by(|&i, &j| {
        d_star[i as usize]
            .total_cmp(&d_star[j as usize])
            .then(i.cmp(&j))
    });
    order
}

/// `count` of `list`, evenly, with both ends.
fn spread(list: &[u32], count: usize) -> impl Iterator<Item = u32> {
    let count = count.min(list.len());
    let at = move |k: usize| list[k * (list.len() - 1) / (count - 1).max(1)];
    (0..count).map(at)
}

/// Ranks evenly spaced on an axis that stretches both ends alike: ln of the share below over the share above.
fn stretched(examples: usize, count: usize) -> impl Iterator<Item = u32> {
    let end = math::ln(2.0 * examples as f64 - 1.0);
    let rank = move |k: usize| {
        let at = end * (2.0 * (k as f64 + 0.5) / count as f64 - 1.0);
        let share = 1.0 / (1.0 + math::exp(-at));
        ((share * examples as f64) as u32).min(examples as u32 - 1)
    };
    (0..count).map(rank)
}

fn knots(examples: usize) -> Vec<u32> {
    let ends = END_KNOTS.min(examples) as u32;
    let mut knots: BTreeSet<u32> = (0..ends).collect();
    knots.extend(examples as u32 - ends..examples as u32);
    knots.extend(stretched(examples, KNOTS));
    knots.into_iter().collect()
}

/// The examples that can be shown, ascending.
fn chosen(runs: &[&Trainer]) -> Vec<u32> {
    let mut chosen = BTreeSet::new();
    for run in runs {
        let (said, shown) = (run.labels(), run.digits().labels());
        for snapshot in run.snapshots() {
            let order = order(&snapshot.d_star);
            let mut tails = |list: &[u32], count: usize| {
                let count = count.min(list.len());
                chosen.extend(&list[..count]);
                chosen.extend(&list[list.len() - count..]);
            };
            tails(&order, TAIL);
            let only = |test: &dyn Fn(usize) -> bool| -> Vec<u32> {
                order
                    .iter()
                    .copied()
                    .filter(|&i| test(i as usize))
                    .collect()
            };
            for class in 0..10 {
                tails(&only(&|i| shown[i] == class), CLASS_TAIL);
            }
            chosen.extend(spread(
                &only(&|i| snapshot.predictions[i] != said[i]),
                WRONG,
            ));
            chosen.extend(spread(&only(&|i| shown[i] != said[i]), MISLABELLED));
        }
        if let Some(last) = run.snapshots().last() {
            let order = order(&last.d_star);
            chosen.extend(stretched(order.len(), BETWEEN).map(|rank| order[rank as usize]));
        }
    }
    chosen.into_iter().collect()
}

impl Pack {
    /// What the page shows of these runs, all on the same digits.
    ///
    /// # Panics
    /// If there are more than 2¹⁶ examples, or no run.
    pub fn of(runs: &[&Trainer]) -> Self {
        let digits = runs[0].digits();
        assert!(digits.len() <= 1 << 16);
        let knots = knots(digits.len());
        let indices = chosen(runs);
        let sheet = Sheet::of(digits, indices.iter().map(|&i| i as usize));
        let packed = |run: &&Trainer| Packed {
            config: serde_json::to_string(run.config()).expect("a configuration is valid JSON"),
            labels: indices.iter().map(|&i| run.labels()[i as usize]).collect(),
            moments: (run.snapshots().iter().zip(&Record::of(run).findings))
                .map(|(snapshot, findings)| Moment::of(snapshot, findings, &knots, &indices))
                .collect(),
        };
        let runs = runs.iter().map(packed).collect();
        Pack {
            knots,
            indices,
            sheet,
            runs,
        }
    }

    /// As a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        framed(PACK, self)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackError> {
        let pack: Pack = unframed(PACK, bytes)?;
        let shown = pack.indices.len();
        let whole = |moment: &Moment| {
            moment.curve.len() == pack.knots.len()
                && [
                    moment.d_star.len(),
                    moment.ranks.len(),
                    moment.predictions.len(),
                ] == [shown; 3]
        };
        let fits = |run: &Packed| run.labels.len() == shown && run.moments.iter().all(whole);
        match pack.sheet.labels().len() == shown && pack.runs.iter().all(fits) {
            true => Ok(pack),
            false => Err(DAMAGED),
        }
    }
}

/// The file of digits to train on in the page: the first of the training and of the test examples.
pub fn live_file(train: &Digits, test: &Digits) -> Vec<u8> {
    let first = |digits: &Digits, count: usize| Sheet::of(digits, 0..count.min(digits.len()));
    framed(LIVE, &[first(train, LIVE_TRAIN), first(test, LIVE_TEST)])
}

/// The sheets of training and test examples in such a file.
///
/// # Errors
/// If the bytes are something else, of another version, or damaged.
pub fn read_live_file(bytes: &[u8]) -> Result<[Sheet; 2], PackError> {
    unframed(LIVE, bytes)
}

fn framed(magic: [u8; 8], content: &impl Serialize) -> Vec<u8> {
    sealed([&magic[..], &FORMAT.to_le_bytes()].concat(), content)
}

fn unframed<T: DeserializeOwned>(magic: [u8; 8], bytes: &[u8]) -> Result<T, PackError> {
    let rest = bytes.strip_prefix(&magic);
    let rest = rest.ok_or(PackError("it is no file of digits"))?;
    let (format, rest) = rest.split_first_chunk().ok_or(DAMAGED)?;
    if u32::from_le_bytes(*format) != FORMAT {
        return Err(PackError("another version of the page wrote it"));
    }
    let (content, _) = rest.split_last_chunk::<4>().ok_or(DAMAGED)?;
    if !is_intact(bytes) {
        return Err(DAMAGED);
    }
    postcard::from_bytes(content).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_hold_both_ends_and_thin_out_between() {
        let knots = knots(60_000);
        assert_eq!(
            knots[..END_KNOTS],
            (0..END_KNOTS as u32).collect::<Vec<_>>()
        );
        assert_eq!(knots.last(), Some(&59_999));
        assert!(knots.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(knots.len() < 2 * END_KNOTS + KNOTS);
        assert_eq!(super::knots(3), [0, 1, 2]);
    }

    #[test]
    fn d_star_is_kept_to_a_quarter_of_a_thousandth() {
        for d in [1.0f32, 0.7, 8.5e-3, 1e-6] {
            assert!((long(&short(d)) / f64::from(d) - 1.0).abs() < 2e-4, "{d}");
        }
        assert!(long(&short(0.0)) < 1e-7);
    }

    #[test]
    fn an_even_choice_has_both_ends() {
        let list: Vec<u32> = (10..20).collect();
        assert_eq!(spread(&list, 4).collect::<Vec<_>>(), [10, 13, 16, 19]);
        assert_eq!(spread(&list, 1).collect::<Vec<_>>(), [10]);
        assert_eq!(spread(&list, 99).count(), 10);
        assert_eq!(spread(&[], 3).count(), 0);
    }
}
