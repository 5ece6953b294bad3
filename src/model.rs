//! What is the model? x' = ReLU(WᵀWx + b), its hidden vectors, and its loss. [`Variant`](crate::variant::Variant) has the others.
//!
//! h = W x is (m), z = Wᵀh + b is (n). The loss of an example is Σᵢ (x'ᵢ − xᵢ)², and a reported loss is its mean
//! over examples: a model that outputs zero has loss 1 on examples of unit length.

use ndarray::{ArrayView1, ArrayView2, Axis};
use rand::{Rng, RngExt};

use crate::data::{self, Examples, Stream};
use crate::math::{self, LANES, Lanes, Register, Vector};

/// `count` normal numbers around 0 (Box–Muller: two independent ones from two uniform ones).
pub(crate) fn normals(mut random: impl Rng, count: usize, deviation: f64) -> Vec<f32> {
    let mut values = Vec::with_capacity(count + 1);
    while values.len() < count {
        let radius = (-2.0 * math::ln(1.0 - random.random::<f64>())).sqrt() * deviation;
        let angle = std::f64::consts::TAU * random.random::<f64>();
        values.push((radius * math::cos(angle)) as f32);
        values.push((radius * math::sin(angle)) as f32);
    }
    values.truncate(count);
    values
}

/// W (m, n), W_up (m, n) if it is not Wᵀ, and b (n) in one flat buffer; also the shape of their gradient.
///
/// Rows are padded with zeros to whole blocks of [`LANES`] features, so that no pass has a ragged end. A padding
/// feature has z = 0, is never active, has no gradient, and stays zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    n: usize,
    m: usize,
    /// Length of a row: n rounded up to whole blocks.
    stride: usize,
    /// m rows of W, m rows of W_up if weights are untied, then b.
    values: Vec<f32>,
}

/// Sixteen neighbouring features of one row.
pub(crate) type Block = [f32; LANES];

impl Params {
    /// W = 0 and b = 0.
    pub fn zeros(n: usize, m: usize) -> Self {
        Params::with_matrices(1, n, m)
    }

    /// W = 0 and b = 0, and W_up = 0 if `untied`.
    pub fn zeros_of(untied: bool, n: usize, m: usize) -> Self {
        Params::with_matrices(1 + usize::from(untied), n, m)
    }

    fn with_matrices(matrices: usize, n: usize, m: usize) -> Self {
        let stride = n.next_multiple_of(LANES);
        let values = vec![0.0; (matrices * m + 1) * stride];
        Params {
            n,
            m,
            stride,
            values,
        }
    }

    /// Xavier normal W from `init_seed`, standard deviation √(2 / (n + m)), and b = 0.
    pub fn initial(n: usize, m: usize, init_seed: u32) -> Self {
        Params::initial_of(false, n, m, init_seed)
    }

    /// [`initial`](Self::initial), and if `untied` a W_up of the same distribution, drawn after the same W.
    pub fn initial_of(untied: bool, n: usize, m: usize, init_seed: u32) -> Self {
        let weights = (1 + usize::from(untied)) * m * n;
        let deviation = (2.0 / (n + m) as f64).sqrt();
        let random = data::generator(init_seed, Stream::Weights);
        let mut values = normals(random, weights, deviation);
        values.resize(weights + n, 0.0);
        Params::from_rows(n, m, &values)
    }

    /// Parameters from m rows of W, perhaps m of W_up, and b, n values each, without padding.
    ///
    /// # Panics
    /// If there are neither (m + 1) n nor (2m + 1) n values.
    pub fn from_rows(n: usize, m: usize, values: &[f32]) -> Self {
        let untied = values.len() == (2 * m + 1) * n;
        assert!(untied || values.len() == (m + 1) * n);
        let mut params = Params::zeros_of(untied, n, m);
        let padded = params.values.chunks_exact_mut(params.stride);
        for (padded, row) in padded.zip(values.chunks_exact(n)) {
            padded[..n].copy_from_slice(row);
        }
        params
    }

    /// The m rows of W, those of W_up if weights are untied, and b, n values each, without padding.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values
            .chunks_exact(self.stride)
            .map(|row| &row[..self.n])
    }

    /// n, the number of features.
    pub fn n(&self) -> usize {
        self.n
    }

    /// m, the number of hidden dimensions.
    pub fn m(&self) -> usize {
        self.m
    }

    /// The same rows, each padded to whole blocks.
    pub fn padded(&self) -> &[f32] {
        &self.values
    }

    /// The same rows, each padded to whole blocks, for the optimiser.
    pub fn padded_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// W (m, n). Its columns are the features' hidden vectors.
    pub fn w(&self) -> ArrayView2<'_, f32> {
        self.matrix(0)
    }

    /// The weights (m, n) that outputs are made with: W itself, or W_up.
    pub fn w_up(&self) -> ArrayView2<'_, f32> {
        self.matrix(self.up())
    }

    /// The m rows that begin there, without padding.
    fn matrix(&self, first: usize) -> ArrayView2<'_, f32> {
        let values = &self.values[first..][..self.m * self.stride];
        let padded = ArrayView2::from_shape((self.m, self.stride), values);
        let mut matrix = padded.expect("whole rows");
        matrix.slice_axis_inplace(Axis(1), (..self.n).into());
        matrix
    }

    /// The columns of W (n, m), feature after feature.
    pub fn columns(&self) -> Vec<f32> {
        self.w().t().iter().copied().collect()
    }

    /// b (n).
    pub fn b(&self) -> ArrayView1<'_, f32> {
        ArrayView1::from(&self.split().1[..self.n])
    }

    /// Padded rows of the weights that outputs are made with, and b, as blocks.
    pub(crate) fn blocks<const M: usize>(&self) -> ([&[Block]; M], &[Block]) {
        let mut rows = self.values[self.up()..].chunks_exact(self.stride);
        let mut next = || rows.next().expect("M + 1 rows").as_chunks().0;
        (std::array::from_fn(|_| next()), next())
    }

    /// The same, to write to.
    pub(crate) fn blocks_mut<const M: usize>(&mut self) -> ([&mut [Block]; M], &mut [Block]) {
        let up = self.up();
        let mut rows = self.values[up..].chunks_exact_mut(self.stride);
        let mut next = || rows.next().expect("M + 1 rows").as_chunks_mut().0;
        (std::array::from_fn(|_| next()), next())
    }

    /// Padded W, with W_up behind it if weights are untied, and b, flat.
    pub(crate) fn split(&self) -> (&[f32], &[f32]) {
        self.values.split_at(self.values.len() - self.stride)
    }

    /// Padded W, with W_up behind it if weights are untied, and b, flat.
    pub(crate) fn split_mut(&mut self) -> (&mut [f32], &mut [f32]) {
        let weights = self.values.len() - self.stride;
        self.values.split_at_mut(weights)
    }

    /// Where the rows begin that outputs are made with, among those of [`split`](Self::split): W itself, or W_up.
    pub(crate) fn up(&self) -> usize {
        self.values.len() - (self.m + 1) * self.stride
    }
}

/// Writes the hidden vectors h = W x into `hidden` (T, m), example after example.
pub fn hidden_into(params: &Params, examples: &Examples, hidden: &mut Vec<f32>) {
    hidden.clear();
    hidden.resize(examples.len() * params.m, 0.0);
    match params.m {
        1 => hidden_at::<1>(params, examples, hidden),
        2 => hidden_at::<2>(params, examples, hidden),
        3 => hidden_at::<3>(params, examples, hidden),
        4 => hidden_at::<4>(params, examples, hidden),
        _ => hidden_at::<0>(params, examples, hidden),
    }
}

/// [`hidden_into`] at m = M, which the compiler then unrolls; M = 0 stands for any m.
fn hidden_at<const M: usize>(params: &Params, examples: &Examples, hidden: &mut [f32]) {
    let m = if M > 0 { M } else { params.m };
    let (w, b) = params.split();
    let stride = b.len();
    for ((features, xs), h) in examples.rows().zip(hidden.chunks_exact_mut(m)) {
        for (&i, &x) in features.iter().zip(xs) {
            for k in 0..m {
                h[k] += w[k * stride + i as usize] * x;
            }
        }
    }
}

/// The hidden vectors h = W x of `examples`: (T, m), example after example.
pub fn hidden(params: &Params, examples: &Examples) -> Vec<f32> {
    let mut hidden = Vec::new();
    hidden_into(params, examples, &mut hidden);
    hidden
}

/// zᵢ = bᵢ + Σₖ Wₖᵢ hₖ of one feature, with the bits that the same feature has in [`outputs`].
#[inline(always)]
pub(crate) fn pre_activation(w: &[f32], b: &[f32], h: &[f32], i: usize) -> f32 {
    let mut z = b[i];
    for (k, &h) in h.iter().enumerate() {
        z += w[k * b.len() + i] * h;
    }
    z
}

/// x' = ReLU(Wᵀh + b) of sixteen features for each of E hidden vectors.
#[inline(always)]
pub(crate) fn outputs<V: Register, const M: usize, const E: usize>(
    w: &[Vector<V>; M],
    b: Vector<V>,
    h: &[[f32; M]; E],
) -> [Vector<V>; E] {
    std::array::from_fn(|e| {
        let mut z = b;
        for k in 0..M {
            z = z.add_scaled(w[k], h[e][k]);
        }
        z.relu()
    })
}

/// How well a model does on a list of examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Σᵢ (x'ᵢ − xᵢ)², averaged over examples.
    pub loss: f64,
    /// The share of (example, feature) pairs whose output is above zero.
    pub active_share: f64,
}

/// Loss and activity of `params` on `examples`.
///
/// Outputs are computed in f32 and their squares summed in f64 (with 4,096 examples or more, first four at a time in f32),
/// so that the loss of a memorised example is not drowned by the cancellation of Σ x'² against 2 Σ x x'.
///
/// # Panics
/// If examples and params differ in n, or there is no example.
pub fn evaluate(params: &Params, examples: &Examples) -> Evaluation {
    assert_eq!(params.n, examples.n());
    assert!(!examples.is_empty());
    let hidden = hidden(params, examples);
    let longest_first = LongestFirst::of(&hidden, params.m);
    let (mut total, active) = match params.m {
        2 => squares::<2>(params, &longest_first),
        _ => squares::<0>(params, &longest_first),
    };
    // (x' − x)² = x'² + x (x − 2x') where x is not 0.
    let (w, b) = params.split();
    for ((features, xs), h) in examples.rows().zip(hidden.chunks_exact(params.m)) {
        for (&i, &x) in features.iter().zip(xs) {
            let z = pre_activation(w, b, h, i as usize);
            let output = if z > 0.0 { f64::from(z) } else { 0.0 };
            total += f64::from(x) * (f64::from(x) - 2.0 * output);
        }
    }
    Evaluation {
        loss: total / examples.len() as f64,
        active_share: active as f64 / (examples.len() as f64 * params.n as f64),
    }
}

/// Running Σ x'² and number of active outputs.
struct Squares {
    sums: [f64; LANES],
    active: u64,
}

impl Squares {
    fn new() -> Self {
        Squares {
            sums: [0.0; LANES],
            active: 0,
        }
    }

    /// Squares of one example, exact in f64.
    #[inline(always)]
    fn add(&mut self, r: Lanes) {
        if r.any_positive() {
            for (sum, r) in self.sums.iter_mut().zip(r.to_array()) {
                *sum += f64::from(r) * f64::from(r);
            }
            self.active += u64::from(r.count_positive());
        }
    }

    /// Squares of four examples, added up in f32 first.
    #[inline(always)]
    fn add_rounded(&mut self, r: [Lanes; 4]) {
        let zero = Lanes::splat(0.0);
        let squares = r.into_iter().fold(zero, |sum, r| sum.add_product(r, r));
        if squares.any_positive() {
            for (sum, square) in self.sums.iter_mut().zip(squares.to_array()) {
                *sum += f64::from(square);
            }
            self.active += r
                .into_iter()
                .map(|r| u64::from(r.count_positive()))
                .sum::<u64>();
        }
    }

    fn total(self) -> (f64, u64) {
        (self.sums.iter().sum(), self.active)
    }
}

/// With at least this many examples, squares are rounded to f32 before they are summed: three times as fast, and the loss,
/// which no model can memorise down to zero any more, keeps seven digits.
const ROUNDED_FROM: usize = 4096;
/// And with at most this many hidden dimensions: with more, a square costs little compared with the output.
const MOST_ROUNDED_M: usize = 4;

/// Hidden vectors by descending length: since wᵀh + b ≤ ‖w‖‖h‖ + b, the first one that is too short to activate a
/// feature is the last one to look at.
struct LongestFirst {
    hidden: Vec<f32>,
    lengths: Vec<f32>,
}

impl LongestFirst {
    fn of(hidden: &[f32], m: usize) -> Self {
        let length = |h: &[f32]| h.iter().map(|x| x * x).sum::<f32>().sqrt();
        // The bits of numbers from 0 on are in their order. The index breaks ties, so that there is one outcome whatever the
        // sorting algorithm.
        let key = |(i, h)| u64::from(!length(h).to_bits()) << 32 | i as u64;
        let mut keys: Vec<u64> = hidden.chunks_exact(m).enumerate().map(key).collect();
        keys.sort_unstable();
        let row = |key: &u64| &hidden[*key as u32 as usize * m..][..m];
        LongestFirst {
            hidden: keys.iter().flat_map(row).copied().collect(),
            lengths: (keys.iter().map(|key| f32::from_bits(!((key >> 32) as u32)))).collect(),
        }
    }

    /// How many can activate any of sixteen features with `w` and `b`.
    fn reach(&self, w: &[Lanes], b: Lanes) -> usize {
        let squares = w
            .iter()
            .fold(Lanes::splat(0.0), |sum, w| sum.add_product(*w, *w));
        let (mut longest, mut highest) = (0.0f32, f32::NEG_INFINITY);
        for (square, b) in squares.to_array().into_iter().zip(b.to_array()) {
            longest = longest.max(square.sqrt());
            highest = highest.max(b);
        }
        self.lengths
            .partition_point(|length| length * longest + highest > 0.0)
    }
}

/// Σ x'² and the number of active outputs at m = M, which the compiler then unrolls; M = 0 stands for any m.
fn squares<const M: usize>(params: &Params, vectors: &LongestFirst) -> (f64, u64) {
    let m = if M > 0 { M } else { params.m };
    let rounded = m <= MOST_ROUNDED_M && vectors.lengths.len() >= ROUNDED_FROM;
    let (w, b) = params.split();
    let mut squares = Squares::new();
    let mut w_block = vec![Lanes::splat(0.0); m];
    for (j, b) in b.as_chunks().0.iter().enumerate() {
        let b = Lanes::load(b);
        for (lanes, row) in w_block.iter_mut().zip(w.chunks_exact(params.stride)) {
            *lanes = Lanes::load(&row.as_chunks().0[j]);
        }
        let output = |h: &[f32]| {
            let weighted = w_block[..m].iter().zip(&h[..m]);
            weighted.fold(b, |z, (w, h)| z.add_scaled(*w, *h)).relu()
        };
        let hidden = &vectors.hidden[..vectors.reach(&w_block, b) * m];
        let tiles = hidden.chunks_exact(4 * m);
        let rest = tiles.remainder().chunks_exact(m);
        for h in tiles {
            let r: [Lanes; 4] = std::array::from_fn(|e| output(&h[e * m..]));
            if rounded {
                squares.add_rounded(r);
            } else {
                r.into_iter().for_each(|r| squares.add(r));
            }
        }
        rest.for_each(|h| squares.add(output(h)));
    }
    squares.total()
}
