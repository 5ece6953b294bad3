//! What is kept of a finished run? All bits of its losses and norms, and as many vectors, rounded, as a figure shows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::course::Moment;
use super::repeated::Repeated;
use crate::checksum::of_doubles;
use crate::gradient::Path;
use crate::measure::{Clusters, Outcome};
use crate::report::{self, Measures};
use crate::train::{Config, HistoryPoint, Numerics, Trainer, is_evenly_spaced};

/// One line of a store. All but `program` follows from the configuration, `keep`, and the path and its version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Version of the path that made the run.
    pub numerics: u32,
    /// That path; none in a line from before they named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Path>,
    /// Version of the program that made the run.
    pub program: String,
    /// Every setting.
    pub config: Config,
    /// Updates made.
    pub step: u64,
    /// The step after which a parameter was no longer finite.
    pub diverged_at: Option<u64>,
    /// Final measures; none of a run that diverged.
    pub measures: Option<Measures>,
    /// Losses on the way.
    pub history: Vec<HistoryPoint>,
    /// CRC-32 of all losses on the way, of a record whose `history` has only a part of them and of their bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub losses_checksum: Option<u32>,
    /// Examples that occur several times; none of a run that diverged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<Repeated>,
    /// Dimensionalities on the way, of grids that ask for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub course: Vec<Moment>,
    /// Clusters of examples, of grids that ask for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<Clusters>,
    /// How many vectors of each kind it keeps at most.
    pub keep: usize,
    /// Columns of W.
    pub features: Vectors,
    /// Hidden vectors of the training examples (of the coming batch where T is infinite).
    pub examples: Vectors,
}

/// Some of the vectors of a run: those of the largest D, the longest, and a fixed choice among the rest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vectors {
    /// Of how many.
    pub count: usize,
    /// Which are kept, ascending.
    pub index: Vec<u32>,
    /// D of each, to four significant digits.
    pub dimensionality: Vec<f32>,
    /// The coordinates of one after the other, to four significant digits.
    pub coordinates: Vec<f32>,
}

/// Significant digits of what is only looked at.
const DIGITS: usize = 4;

/// Sums of what is never negative, but for rounding.
pub(super) const LEAST_LOSS: f64 = -1e-6;

/// Most coordinates of one kind in a record, so that large m don't make large records: 1,000 vectors at m = 4.
const MOST_COORDINATES: usize = 4000;

impl Record {
    /// The record of a finished run, with at most `keep` vectors of examples and of features.
    pub fn of(trainer: &Trainer, keep: usize) -> Self {
        let mut record = Record::without_vectors_of(trainer);
        record.keep = keep;
        if trainer.diverged_at().is_some() {
            return record;
        }
        let m = trainer.config().m;
        let features = trainer.params().columns();
        let d = report::feature_dimensionality(trainer);
        record.features = Vectors::choose(&features, m, &d, keep);
        let d = report::example_dimensionality(trainer);
        let hidden = trainer.hidden();
        record.examples = Vectors::choose(&hidden, m, &d, keep);
        for repeated in &mut record.repeated {
            let row = hidden.iter().skip(repeated.example * m).take(m);
            repeated.hidden = row.map(|&x| rounded(x.into())).collect();
        }
        record
    }

    /// [`of`](Self::of) without vectors, whose cost is small.
    pub fn without_vectors_of(trainer: &Trainer) -> Self {
        let Numerics { path, version } = trainer.numerics();
        Record {
            numerics: version,
            path: Some(path),
            program: env!("CARGO_PKG_VERSION").to_string(),
            config: trainer.config().clone(),
            step: trainer.steps_done(),
            diverged_at: trainer.diverged_at(),
            measures: (trainer.diverged_at().is_none()).then(|| Measures::of(trainer)),
            history: trainer.history().to_vec(),
            losses_checksum: None,
            repeated: match trainer.diverged_at() {
                None => Repeated::all_of(trainer),
                Some(_) => Vec::new(),
            },
            course: Vec::new(),
            clusters: Vec::new(),
            keep: 0,
            features: Vectors::default(),
            examples: Vectors::default(),
        }
    }

    /// What the run was made with.
    pub fn made_with(&self) -> Numerics {
        Numerics::stored(self.path, self.numerics, &self.config)
    }

    /// What the run became; none if that depends on features of which none are kept, or not yet read. How many features stand out
    /// is known only if that many are kept.
    pub fn outcome(&self) -> Option<Outcome> {
        let Some(measures) = &self.measures else {
            return Some(Outcome::diverged(self.diverged_at?));
        };
        let largest = self.features.known_largest();
        let all_known = largest.len() == self.features.count;
        Outcome::of(&report::facts(&self.config, measures, &largest, all_known))
    }

    /// Four points per decade of the eight, to the accuracy of a picture.
    fn coarse_history(&self) -> Vec<HistoryPoint> {
        let kept = |point: &&HistoryPoint| is_evenly_spaced(point.step, self.config.steps, 4);
        let points = self.history.iter().filter(kept);
        let coarse = points.map(|point| HistoryPoint {
            step: point.step,
            train_loss: upper_half(point.train_loss),
            test_loss: upper_half(point.test_loss),
        });
        coarse.collect()
    }

    /// What a run made again must have to the last bit, of a record as the page has it: no vectors and dimensionalities,
    /// which are coarse there, and of the losses on the way a coarse part, which says where two runs part, and the checksum
    /// of all.
    pub fn compared(&self) -> Record {
        let without_vector = |repeated: &Repeated| Repeated {
            hidden: Vec::new(),
            ..repeated.clone()
        };
        Record {
            repeated: self.repeated.iter().map(without_vector).collect(),
            course: Vec::new(),
            clusters: Vec::new(),
            history: self.coarse_history(),
            losses_checksum: self
                .losses_checksum
                .or_else(|| Some(checksum(&self.history))),
            keep: 0,
            features: Vectors::default(),
            examples: Vectors::default(),
            ..self.clone()
        }
    }

    /// Do its parts fit its configuration, and each other?
    ///
    /// # Errors
    /// What does not, as the end of a sentence.
    pub fn check(&self) -> Result<(), String> {
        let config = &self.config;
        config.check().map_err(|error| error.to_string())?;
        let ended = self.diverged_at.unwrap_or(config.steps);
        if self.step != ended || ended > config.steps {
            let Record { step, .. } = self;
            return Err(format!(
                "step is {step}, and the run ends at {ended} of {}",
                config.steps
            ));
        }
        if self.measures.is_some() == self.diverged_at.is_some() {
            return Err("a run has measures unless it diverged".to_string());
        }
        let of_end = self.measures.iter().flat_map(|measures| {
            let Measures {
                train_loss,
                test_loss,
                w_norm,
                b_norm,
                ..
            } = *measures;
            [train_loss, test_loss, w_norm, b_norm]
        });
        let on_the_way = self
            .history
            .iter()
            .flat_map(|p| [p.train_loss, p.test_loss]);
        if let Some(wrong) = of_end.chain(on_the_way).find(|x| *x < LEAST_LOSS) {
            return Err(format!("a loss or norm is {wrong}; none is below 0"));
        }
        let steps = self.history.iter().map(|point| point.step);
        if !steps.clone().is_sorted_by(|a, b| a < b) || steps.max().is_some_and(|s| s > ended) {
            return Err("the steps of history do not ascend to the last".to_string());
        }
        let repeats = || config.repeats.iter().map(|r| (r.example, r.times));
        let repeated = self.repeated.iter().map(|r| (r.example, r.times));
        if self.diverged_at.is_none() && !repeated.eq(repeats()) {
            return Err("repeated has other examples than config".to_string());
        }
        let rows = self.repeated.iter().map(|r| r.hidden.len());
        if rows.clone().any(|length| length != 0 && length != config.m) {
            return Err(format!(
                "repeated has vectors of another length than m = {}",
                config.m
            ));
        }
        let moments = self.course.iter();
        if !moments.clone().is_sorted_by(|a, b| a.step < b.step)
            || (moments.clone()).any(|m| m.step > ended || m.repeated.len() != config.repeats.len())
        {
            return Err("course does not fit the run".to_string());
        }
        let examples = config.t.finite().unwrap_or(config.batch);
        let kinds = [
            ("features", &self.features, config.n),
            ("examples", &self.examples, examples),
        ];
        for (name, vectors, count) in kinds {
            let vectors = vectors.check(config.m, count, self.keep);
            vectors.map_err(|error| format!("{name} {error}"))?;
        }
        Ok(())
    }

    /// The record as a line of a store, with its end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a record is valid JSON") + "\n"
    }
}

impl Vectors {
    /// Are they at most `keep` out of `count` vectors of `m` coordinates, or none at all?
    fn check(&self, m: usize, count: usize, keep: usize) -> Result<(), String> {
        let kept = self.index.len();
        if kept == 0 && *self == Vectors::default() {
            return Ok(());
        }
        let lengths = [self.dimensionality.len(), self.coordinates.len()];
        if lengths != [kept, kept * m] {
            let [d, coordinates] = lengths;
            return Err(format!(
                "have {kept} indices, {d} dimensionalities and {coordinates} coordinates at m = {m}"
            ));
        }
        if self.count != count || kept > count || kept > keep {
            return Err(format!(
                "are {kept} of {}, and a run has {count} and keeps {keep}",
                self.count
            ));
        }
        let ascend = self.index.is_sorted_by(|a, b| a < b);
        if !ascend
            || self
                .index
                .last()
                .is_some_and(|&last| last as usize >= count)
        {
            return Err("have indices that do not ascend, or are too large".to_string());
        }
        // Rounded to four digits, D may be a little more than 1.
        let d = self
            .dimensionality
            .iter()
            .find(|d| !(0.0..=1.001).contains(*d));
        if let Some(d) = d {
            return Err(format!(
                "have the dimensionality {d}; it must be from 0 to 1"
            ));
        }
        match self.coordinates.iter().any(|x| !x.is_finite()) {
            true => Err("have a coordinate that is too large".to_string()),
            false => Ok(()),
        }
    }

    /// At most `keep` of the vectors `all`, rows of `m`: a quarter by D, a quarter by length, the rest at random.
    fn choose(all: &[f32], m: usize, dimensionality: &[f64], keep: usize) -> Self {
        let count = dimensionality.len();
        let keep = keep.min((MOST_COORDINATES / m).max(1));
        let row = |i: usize| &all[i * m..(i + 1) * m];
        let index: Vec<u32> = (0..count as u32).collect();
        let length = |i| crate::measure::norm(row(i));
        let chosen = choice(&index, keep, |i| dimensionality[i], length);
        Vectors {
            count,
            index: chosen.iter().map(|&i| i as u32).collect(),
            dimensionality: chosen.iter().map(|&i| rounded(dimensionality[i])).collect(),
            coordinates: chosen
                .iter()
                .flat_map(|&i| row(i).iter().map(|&x| rounded(x.into())))
                .collect(),
        }
    }

    /// The D's of which no larger one is left out, from the largest on: all, or the quarter that was chosen by D.
    fn known_largest(&self) -> Vec<f64> {
        let kept = self.dimensionality.len();
        let mut known: Vec<f64> = self.dimensionality.iter().map(|&d| d.into()).collect();
        known.sort_by(|a, b| b.total_cmp(a));
        known.truncate(if kept == self.count { kept } else { kept / 4 });
        known
    }

    /// At most `keep` of these vectors of `m` coordinates, chosen by the same rule.
    pub(super) fn thinned(&self, m: usize, keep: usize) -> Vectors {
        let row = |i: usize| &self.coordinates[i * m..(i + 1) * m];
        let length = |i| crate::measure::norm(row(i));
        let d = |i: usize| self.dimensionality[i].into();
        let chosen = choice(&self.index, keep, d, length);
        Vectors {
            count: self.count,
            index: chosen.iter().map(|&i| self.index[i]).collect(),
            dimensionality: chosen.iter().map(|&i| self.dimensionality[i]).collect(),
            coordinates: chosen.iter().flat_map(|&i| row(i)).copied().collect(),
        }
    }
}

/// The places of at most `keep` among the vectors of these indices: a quarter by D, a quarter by length, the rest at random.
fn choice(
    index: &[u32],
    keep: usize,
    dimensionality: impl Fn(usize) -> f64,
    length: impl Fn(usize) -> f64,
) -> BTreeSet<usize> {
    let count = index.len();
    let keep = keep.min(count);
    let mut chosen = largest(count, keep / 4, dimensionality);
    chosen.extend(largest(count, keep / 4, length));
    let mut by_lot: Vec<usize> = (0..count).collect();
    by_lot.sort_by_key(|&i| lot(index[i].into()));
    for i in by_lot {
        if chosen.len() == keep {
            break;
        }
        chosen.insert(i);
    }
    chosen
}

/// The `few` of 0 to `count` with the largest value; of equal ones the first.
fn largest(count: usize, few: usize, value: impl Fn(usize) -> f64) -> BTreeSet<usize> {
    let mut all: Vec<usize> = (0..count).collect();
    all.sort_by(|&i, &j| value(j).total_cmp(&value(i)));
    all.truncate(few);
    all.into_iter().collect()
}

/// The lot of index `i`, the same in every run, so that runs keep the same features. SplitMix64's mixing, which
/// never changes.
fn lot(i: u64) -> u64 {
    let mut z = i.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A loss without the lower half of its bits, which are less than a millionth of it.
fn upper_half(loss: f64) -> f64 {
    f64::from_bits(loss.to_bits() & !u64::from(u32::MAX))
}

fn checksum(history: &[HistoryPoint]) -> u32 {
    of_doubles(history.iter().flat_map(|p| [p.train_loss, p.test_loss]))
}

pub(super) fn rounded(x: f64) -> f32 {
    let text = format!("{x:.*e}", DIGITS - 1);
    text.parse().expect("a number, as it was just written")
}

/// The first place where two records of the same run differ, and both values there: a sentence's end. The program's
/// version may differ, and one may name the path and the other not.
pub fn first_difference(ours: &Record, theirs: &Record) -> Option<String> {
    let value = |record: &Record| {
        let mut value = serde_json::to_value(record).expect("a record is valid JSON");
        value["program"] = Value::Null;
        value["path"] = record.made_with().path.name().into();
        value
    };
    difference(&value(ours), &value(theirs), "")
}

fn difference(ours: &Value, theirs: &Value, place: &str) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(k, a)| {
                let place = if place.is_empty() {
                    k.clone()
                } else {
                    format!("{place}.{k}")
                };
                difference(a, b.get(k).unwrap_or(&Value::Null), &place)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(i, (a, b))| difference(a, b, &format!("{place}[{i}]")))
        }
        _ => {
            // As text, which tells 0 from −0.
            let [a, b] = [ours, theirs].map(Value::to_string);
            let shown = || format!("{place} is {} and {}", shortened(ours), shortened(theirs));
            (a != b).then(shown)
        }
    }
}

fn shortened(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(members) if members.len() > 2 => {
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            format!("an object of {}", names.join(", "))
        }
        _ => value.to_string(),
    }
}
