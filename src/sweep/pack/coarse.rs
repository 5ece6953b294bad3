//! How do vectors become few bytes? Fewer of them, as short integers: they are only looked at.

use serde::{Deserialize, Serialize};

use super::PackError;
use crate::sweep::course::Moment;
use crate::sweep::record::{Record, Vectors};

/// Vectors of a run.
#[derive(Serialize, Deserialize)]
pub struct Both {
    keep: usize,
    features: Coarse,
    examples: Coarse,
}

/// Vectors as short integers; those near zero take a byte for each number.
#[derive(Serialize, Deserialize)]
struct Coarse {
    count: usize,
    /// From the index before to this one; empty if all vectors are there.
    gaps: Vec<u32>,
    /// The largest coordinate, which is [`FINE`].
    extent: f32,
    coordinates: Vec<i16>,
    /// D with all the digits that the record has, as [`digits`].
    dimensionality: Vec<u32>,
}

/// The largest integer that takes two bytes with its sign.
const FINE: f32 = 8191.0;

/// Coordinates of one kind for each vector that may be packed, so that large m don't make large files.
const COORDINATES: usize = 4;

impl Both {
    pub fn of(record: &Record, keep: usize) -> Self {
        let m = record.config.m;
        let keep = keep.min((COORDINATES * keep / m).max(1));
        let coarse = |vectors: &Vectors| Coarse::of(&vectors.thinned(m, keep));
        Both {
            keep,
            features: coarse(&record.features),
            examples: coarse(&record.examples),
        }
    }

    pub fn read_into(self, record: &mut Record) -> Result<(), PackError> {
        let m = record.config.m;
        record.keep = self.keep;
        record.features = self.features.read(m)?;
        record.examples = self.examples.read(m)?;
        Ok(())
    }
}

impl Coarse {
    fn of(vectors: &Vectors) -> Self {
        let extent = vectors
            .coordinates
            .iter()
            .fold(0.0, |most: f32, x| most.max(x.abs()));
        let scale = if extent > 0.0 { FINE / extent } else { 0.0 };
        let short = |x: &f32| (x * scale).round() as i16;
        let mut before = 0;
        let gaps = vectors.index.iter().map(|&index| {
            let gap = index - before;
            before = index;
            gap
        });
        Coarse {
            count: vectors.count,
            gaps: match vectors.index.len() == vectors.count {
                true => Vec::new(),
                false => gaps.collect(),
            },
            extent,
            coordinates: vectors.coordinates.iter().map(short).collect(),
            dimensionality: vectors.dimensionality.iter().map(|&d| digits(d)).collect(),
        }
    }

    fn read(&self, m: usize) -> Result<Vectors, PackError> {
        let kept = self.dimensionality.len();
        let mut last = 0u32;
        let mut next = |&gap: &u32| {
            last = last.checked_add(gap)?;
            Some(last)
        };
        let index: Option<Vec<u32>> = match kept == self.count {
            true => Some((0..kept as u32).collect()),
            false => self.gaps.iter().map(&mut next).collect(),
        };
        let fits = |index: &Vec<u32>| index.len() == kept && self.coordinates.len() == kept * m;
        let index = index.filter(fits).ok_or(PackError::Version)?;
        let scale = self.extent / FINE;
        Ok(Vectors {
            count: self.count,
            index,
            dimensionality: self
                .dimensionality
                .iter()
                .map(|&d| from_digits(d))
                .collect(),
            coordinates: self
                .coordinates
                .iter()
                .map(|&x| f32::from(x) * scale)
                .collect(),
        })
    }
}

/// Dimensionalities on the way as short integers: step, features, examples, repeated examples of each moment.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct CoarseCourse(Vec<(u64, [Vec<u16>; 3])>);

/// The integer of D = 1, the largest that takes two bytes.
const WHOLE: f32 = 16_383.0;

impl CoarseCourse {
    pub fn of(course: &[Moment]) -> Self {
        let short = |ds: &Vec<f32>| ds.iter().map(|d| (d * WHOLE).round() as u16).collect();
        let moment = |moment: &Moment| {
            let kinds = [&moment.features, &moment.examples, &moment.repeated];
            (moment.step, kinds.map(short))
        };
        CoarseCourse(course.iter().map(moment).collect())
    }

    pub fn read(self) -> Vec<Moment> {
        let long = |ds: Vec<u16>| ds.into_iter().map(|d| f32::from(d) / WHOLE).collect();
        let moment = |(step, kinds): (u64, [Vec<u16>; 3])| {
            let [features, examples, repeated] = kinds.map(long);
            Moment {
                step,
                features,
                examples,
                repeated,
            }
        };
        self.0.into_iter().map(moment).collect()
    }
}

/// One more than the largest number of four digits.
const DIGITS: u32 = 10_000;
/// Smaller D are none.
const LEAST: f32 = 1e-15;

/// A number from 0 to 1 of four significant digits as one integer: the digits, and how many places they are moved.
fn digits(d: f32) -> u32 {
    if d < LEAST {
        return 0;
    }
    let text = format!("{d:.3e}");
    let (mantissa, exponent) = text.split_once('e').expect("so it is written");
    let number = |text: &str| text.parse::<i32>().expect("so it is written");
    let places = 3 - number(exponent);
    number(&mantissa.replace('.', "")) as u32 + DIGITS * places as u32
}

/// The inverse of [`digits`], to the last bit: powers of ten up to 22 places are exact, so one division rounds once.
fn from_digits(packed: u32) -> f32 {
    let power = (0..packed / DIGITS).fold(1.0, |power: f64, _| power * 10.0);
    (f64::from(packed % DIGITS) / power) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_four_digits_comes_back() {
        for places in 4..=17 {
            for mantissa in 1000..DIGITS {
                let d: f32 = format!("{mantissa}e-{places}").parse().unwrap();
                assert_eq!(from_digits(digits(d)), d);
            }
        }
        assert_eq!([0.0, 1.0].map(|d| from_digits(digits(d))), [0.0, 1.0]);
    }
}
