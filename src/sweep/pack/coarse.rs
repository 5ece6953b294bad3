//! How do vectors become few bytes? Fewer of them, as short integers: they are only looked at.

use serde::{Deserialize, Serialize};

use super::PackError;
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
    /// Square roots of D, 1 being [`FINE_ROOT`]: the small ones matter.
    roots: Vec<u16>,
}

/// The largest integers that take two bytes.
const FINE: f32 = 8191.0;
const FINE_ROOT: f32 = 16_383.0;

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
        let root = |d: &f32| (d.max(0.0).sqrt() * FINE_ROOT).round() as u16;
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
            roots: vectors.dimensionality.iter().map(root).collect(),
        }
    }

    fn read(&self, m: usize) -> Result<Vectors, PackError> {
        let kept = self.roots.len();
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
        let index = index
            .filter(fits)
            .ok_or(PackError::Damaged("its vectors have gaps"))?;
        let scale = self.extent / FINE;
        let d = |&root: &u16| (f32::from(root) / FINE_ROOT) * (f32::from(root) / FINE_ROOT);
        Ok(Vectors {
            count: self.count,
            index,
            dimensionality: self.roots.iter().map(d).collect(),
            coordinates: self
                .coordinates
                .iter()
                .map(|&x| f32::from(x) * scale)
                .collect(),
        })
    }
}
