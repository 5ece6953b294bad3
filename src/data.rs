//! What does the model see? Sparse examples, each a pure function of (data seed, stream, index).
//!
//! An example has n features; each is 0 with probability S and otherwise uniform on [0, 1); the whole is then
//! rescaled to unit length (paper, "Experiment Setup"). An example without any active feature is drawn again.
//! Since every example has a random stream of its own, the first T examples of a data seed are the same for every
//! T, and T = ∞ just means that no index is used twice.

use std::ops::Range;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::math;

/// Which of the streams of one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Training examples of a data seed.
    Train,
    /// Test examples of a data seed: never seen in training.
    Test,
    /// Initial weights of an init seed.
    Weights,
    /// The kick to the biases of an init seed.
    Nudge,
    /// Random groups of the training examples of a data seed.
    Groups,
}

/// The generator of one stream of a seed.
pub(crate) fn generator(seed: u32, stream: Stream) -> ChaCha8Rng {
    let stream = match stream {
        Stream::Train => 1,
        Stream::Test => 2,
        Stream::Weights => 3,
        Stream::Nudge => 4,
        Stream::Groups => 5,
    };
    keyed(seed, stream)
}

/// ChaCha with 8 rounds, keyed by (seed, stream).
pub(crate) fn keyed(seed: u32, stream: u8) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..4].copy_from_slice(&seed.to_le_bytes());
    key[4] = stream;
    ChaCha8Rng::from_seed(key)
}

/// Where examples come from.
#[derive(Clone, Debug)]
pub struct Source {
    n: usize,
    /// ln S, by which the gaps between active features are drawn.
    ln_sparsity: f64,
    unit_length: bool,
    generator: ChaCha8Rng,
}

impl Source {
    /// Examples of `n` features, each 0 with probability `sparsity`, from one stream of `data_seed`.
    ///
    /// # Panics
    /// If n is 0 or sparsity is not in [0, 1).
    pub fn new(n: usize, sparsity: f64, unit_length: bool, data_seed: u32, stream: Stream) -> Self {
        assert!(n > 0 && (0.0..1.0).contains(&sparsity));
        Source {
            n,
            ln_sparsity: math::ln(sparsity),
            unit_length,
            generator: generator(data_seed, stream),
        }
    }

    /// The examples with indices in `range`.
    pub fn examples(&self, range: Range<u64>) -> Examples {
        let mut examples = Examples::empty(self.n);
        self.fill(range, &mut examples);
        examples
    }

    /// Replaces `examples` by those with indices in `range`, keeping its memory.
    pub fn fill(&self, range: Range<u64>, examples: &mut Examples) {
        examples.offsets.truncate(1);
        examples.indices.clear();
        examples.values.clear();
        for index in range {
            let mut random = self.generator.clone();
            random.set_stream(index);
            while !self.draw(&mut random, examples) {}
            examples.offsets.push(examples.indices.len());
        }
    }

    /// Appends one draw; false, and nothing appended, if it is zero everywhere.
    fn draw(&self, random: &mut impl Rng, examples: &mut Examples) -> bool {
        let start = examples.indices.len();
        // The number of zeros before the next active feature is geometric: P(gap ≥ k) = Sᵏ. One logarithm per
        // active feature instead of one coin per feature.
        let mut feature = 0.0;
        loop {
            let uniform = 1.0 - random.random::<f64>(); // (0, 1]
            feature += (math::ln(uniform) / self.ln_sparsity).floor();
            if feature >= self.n as f64 {
                break;
            }
            examples.indices.push(feature as u32);
            examples.values.push(random.random::<f32>());
            feature += 1.0;
        }
        let drawn = &mut examples.values[start..];
        let square: f64 = drawn.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
        if square == 0.0 {
            examples.indices.truncate(start);
            examples.values.truncate(start);
            return false;
        }
        if self.unit_length {
            let length = square.sqrt();
            for x in drawn {
                *x = (f64::from(*x) / length) as f32;
            }
        }
        true
    }
}

/// A list of sparse examples: X (T, n) in compressed sparse rows, features ascending within a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    n: usize,
    /// Row t is at `offsets[t]..offsets[t + 1]`.
    offsets: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl Examples {
    fn empty(n: usize) -> Self {
        Examples {
            n,
            offsets: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Examples given as lists of (feature, value).
    ///
    /// # Panics
    /// If a feature is not below n, or features do not ascend within a row.
    pub fn from_rows(n: usize, rows: &[Vec<(u32, f32)>]) -> Self {
        let mut examples = Examples::empty(n);
        for row in rows {
            assert!(row.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for &(feature, x) in row {
                assert!((feature as usize) < n);
                examples.indices.push(feature);
                examples.values.push(x);
            }
            examples.offsets.push(examples.indices.len());
        }
        examples
    }

    /// Appends a copy of row `t`.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn repeat_row(&mut self, t: usize) {
        let row = self.offsets[t]..self.offsets[t + 1];
        self.indices.extend_from_within(row.clone());
        self.values.extend_from_within(row);
        self.offsets.push(self.indices.len());
    }

    /// Rows in `order`, every feature i renamed to `place_of[i]`. Values keep their places within a row, and so
    /// do the roundings of sums over it.
    pub(crate) fn rearranged(&self, order: &[u32], place_of: &[u32]) -> Examples {
        let mut examples = Examples::empty(self.n);
        for &t in order {
            let (features, values) = self.row(t as usize);
            examples
                .indices
                .extend(features.iter().map(|&i| place_of[i as usize]));
            examples.values.extend_from_slice(values);
            examples.offsets.push(examples.indices.len());
        }
        examples
    }

    /// n, the number of features.
    pub fn n(&self) -> usize {
        self.n
    }

    /// T, the number of examples.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Is there no example at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of stored values.
    pub fn active(&self) -> usize {
        self.values.len()
    }

    /// Features and values of example `t`.
    pub fn row(&self, t: usize) -> (&[u32], &[f32]) {
        let row = self.offsets[t]..self.offsets[t + 1];
        (&self.indices[row.clone()], &self.values[row])
    }

    /// How many features all examples have together.
    pub fn entries(&self) -> usize {
        self.indices.len()
    }

    /// Features and values of every example.
    pub fn rows(&self) -> impl Iterator<Item = (&[u32], &[f32])> {
        (0..self.len()).map(|t| self.row(t))
    }
}
