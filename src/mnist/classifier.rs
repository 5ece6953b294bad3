//! What does the network compute, and how does its loss move with its parameters?
//!
//! h = ReLU(W₁ x + b₁), logits z = W₂ h + b₂, loss −ln softmax(z)[label], averaged over a batch. Both large products, W₁ x
//! and the gradient of W₁, are sums of rows of m numbers, weighted by the ink of sparse rows: one kernel serves both.

use crate::math::{self, LANES, Lanes};

use super::Digits;

/// Classes, the digits.
pub const CLASSES: usize = 10;

/// All parameters in one flat buffer: W₁ᵀ (pixels, m), b₁ (m), W₂ (10, m), b₂ (10).
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    pixels: usize,
    m: usize,
    values: Vec<f32>,
}

impl Params {
    /// All zero.
    ///
    /// # Panics
    /// If m is no multiple of the lanes.
    pub fn zeros(pixels: usize, m: usize) -> Self {
        assert!(m > 0 && m.is_multiple_of(LANES), "m is {m}");
        let values = vec![0.0; (pixels + 1 + CLASSES) * m + CLASSES];
        Params { pixels, m, values }
    }

    /// Hidden units.
    pub fn m(&self) -> usize {
        self.m
    }

    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        self.pixels
    }

    /// The flat buffer.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The flat buffer.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// W₁ᵀ with b₁ as its last row, a pixel that is always full: (pixels + 1, m).
    fn first(&self) -> &[f32] {
        &self.values[..(self.pixels + 1) * self.m]
    }

    /// W₂ (10, m) and b₂ (10).
    fn second(&self) -> (&[f32], &[f32]) {
        self.values[(self.pixels + 1) * self.m..].split_at(CLASSES * self.m)
    }

    /// The first layer, and W₂ and b₂, for writing.
    fn layers_mut(&mut self) -> (&mut [f32], &mut [f32], &mut [f32]) {
        let (first, second) = self.values.split_at_mut((self.pixels + 1) * self.m);
        let (w, b) = second.split_at_mut(CLASSES * self.m);
        (first, w, b)
    }
}

/// Lanes of a row that are summed at a time, in registers.
const BLOCK: usize = 4;

/// Σₖ values[k] · rows[index[k]], a sum of rows of `out.len()` numbers. Added up in the order of k, whatever the block.
fn combine(out: &mut [f32], terms: impl Iterator<Item = (usize, f32)> + Clone, rows: &[f32]) {
    let m = out.len();
    let mut start = 0;
    while start < m {
        let blocks = ((m - start) / LANES).min(BLOCK);
        let width = blocks * LANES;
        let target = &mut out[start..start + width];
        match blocks {
            BLOCK => combine_block::<BLOCK>(target, terms.clone(), &rows[start..], m),
            _ => {
                for (b, target) in target.chunks_exact_mut(LANES).enumerate() {
                    let rows = &rows[start + b * LANES..];
                    combine_block::<1>(target, terms.clone(), rows, m);
                }
            }
        }
        start += width;
    }
}

/// The same for the first N lanes of each row; rows are m apart.
#[inline(always)]
fn combine_block<const N: usize>(
    out: &mut [f32],
    terms: impl Iterator<Item = (usize, f32)>,
    rows: &[f32],
    m: usize,
) {
    let mut sums = [Lanes::splat(0.0); N];
    for (index, value) in terms {
        let row = &rows[index * m..index * m + N * LANES];
        for (sum, lanes) in sums.iter_mut().zip(row.as_chunks().0) {
            *sum = sum.add_scaled(Lanes::load(lanes), value);
        }
    }
    for (out, sum) in out.as_chunks_mut().0.iter_mut().zip(sums) {
        *out = sum.to_array();
    }
}

/// h of one image into `h` (m).
fn forward_hidden(params: &Params, digits: &Digits, i: usize, h: &mut [f32]) {
    let (indices, values) = digits.row(i);
    let ink = indices
        .iter()
        .zip(values)
        .map(|(&k, &x)| (usize::from(k), x));
    // b₁ last: the order of the sum is part of the numerics.
    let bias = std::iter::once((params.pixels, 1.0));
    combine(h, ink.chain(bias), params.first());
    for lanes in h.as_chunks_mut().0 {
        *lanes = Lanes::load(lanes).relu().to_array();
    }
}

/// Softmax of the logits of one image, their cross-entropy with `label`, and the class of the largest logit.
fn forward_output(params: &Params, h: &[f32], label: u8) -> ([f32; CLASSES], f64, u8) {
    let (w, b) = params.second();
    let logits: [f32; CLASSES] = std::array::from_fn(|c| {
        let row = &w[c * params.m..(c + 1) * params.m];
        let pairs = row.as_chunks().0.iter().zip(h.as_chunks().0);
        let sum = pairs.fold(Lanes::splat(0.0), |sum, (w, h)| {
            sum.add_product(Lanes::load(w), Lanes::load(h))
        });
        sum.sum() + b[c]
    });
    let best = (1..CLASSES).fold(0, |best, c| if logits[c] > logits[best] { c } else { best });
    // Relative to the largest, so that no exponential overflows.
    let above = |c: usize| f64::from(logits[c]) - f64::from(logits[best]);
    let powers: [f64; CLASSES] = std::array::from_fn(|c| math::exp(above(c)));
    let sum: f64 = powers.iter().sum();
    let loss = math::ln(sum) - above(label.into());
    (powers.map(|p| (p / sum) as f32), loss, best as u8)
}

/// Memory that a gradient needs, kept from one batch to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    /// h of each image of the batch, then dL/dh before the ReLU.
    hidden: Vec<f32>,
    /// For each pixel where its terms end.
    ends: Vec<usize>,
    /// Image of the batch and ink, pixel after pixel.
    terms: Vec<(u32, f32)>,
}

/// Loss and its gradient, each summed over the images `batch` with the labels `labels[i]`. `d_params` is overwritten.
///
/// # Panics
/// If shapes differ.
pub fn gradient(
    params: &Params,
    digits: &Digits,
    labels: &[u8],
    batch: &[u32],
    scratch: &mut Scratch,
    d_params: &mut Params,
) -> f64 {
    let m = params.m;
    assert_eq!(params.pixels, digits.pixels());
    assert_eq!((d_params.pixels, d_params.m), (params.pixels, m));
    let (d_first, d_w, d_b) = d_params.layers_mut();
    d_w.fill(0.0);
    d_b.fill(0.0);
    scratch.hidden.resize(batch.len() * m, 0.0);
    let mut loss = 0.0;
    for (&i, h) in batch.iter().zip(scratch.hidden.chunks_exact_mut(m)) {
        let label = labels[i as usize];
        forward_hidden(params, digits, i as usize, h);
        let (mut dz, one, _) = forward_output(params, h, label);
        loss += one;
        dz[usize::from(label)] -= 1.0; // dL/dz = softmax(z) − one-hot(label)
        backward_output(params, &dz, h, d_w, d_b);
    }
    scratch.transpose(digits, batch);
    let mut start = 0;
    for (row, &end) in d_first.chunks_exact_mut(m).zip(&scratch.ends) {
        let terms = scratch.terms[start..end].iter();
        combine(row, terms.map(|&(e, x)| (e as usize, x)), &scratch.hidden);
        start = end;
    }
    loss
}

/// From dL/dz: adds to dW₂ and db₂, and turns h into dL/dh where the ReLU let it through.
fn backward_output(
    params: &Params,
    dz: &[f32; CLASSES],
    h: &mut [f32],
    d_w: &mut [f32],
    d_b: &mut [f32],
) {
    let (w, _) = params.second();
    for (d_b, dz) in d_b.iter_mut().zip(dz) {
        *d_b += dz;
    }
    for (at, h) in h.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let activity = Lanes::load(h);
        let mut dh = Lanes::splat(0.0);
        for (c, &dz) in dz.iter().enumerate() {
            let here = c * params.m + at * LANES;
            let (w, d_w) = (&w[here..here + LANES], &mut d_w[here..here + LANES]);
            dh = dh.add_scaled(Lanes::load(w.try_into().expect("lanes")), dz);
            activity.scaled(dz).add_to(d_w.try_into().expect("lanes"));
        }
        *h = dh.where_positive(activity).to_array();
    }
}

impl Scratch {
    /// The batch's ink pixel after pixel, images in order; the bias is a pixel that is always full.
    fn transpose(&mut self, digits: &Digits, batch: &[u32]) {
        let rows = || batch.iter().map(|&i| digits.row(i as usize));
        let pixels = digits.pixels();
        self.ends.clear();
        self.ends.resize(pixels + 1, 0);
        for (indices, _) in rows() {
            for &pixel in indices {
                self.ends[usize::from(pixel)] += 1;
            }
        }
        self.ends[pixels] = batch.len();
        let mut start = 0;
        for end in &mut self.ends {
            (*end, start) = (start, start + *end);
        }
        self.terms.resize(start, (0, 0.0));
        for (e, (indices, values)) in rows().enumerate() {
            let bias = (pixels, 1.0);
            let ink = indices
                .iter()
                .zip(values)
                .map(|(&k, &x)| (usize::from(k), x));
            for (pixel, x) in ink.chain([bias]) {
                self.terms[self.ends[pixel]] = (e as u32, x);
                self.ends[pixel] += 1;
            }
        }
    }
}

/// How well digits are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Mean cross-entropy.
    pub loss: f64,
    /// Share of the images whose largest logit is that of their label.
    pub accuracy: f64,
    /// The class of the largest logit of each.
    pub predictions: Vec<u8>,
}

/// Loss and predictions on all `digits` with the labels `labels`.
pub fn evaluate(params: &Params, digits: &Digits, labels: &[u8]) -> Evaluation {
    let mut h = vec![0.0; params.m];
    let mut loss = 0.0;
    let predict = |(i, &label): (usize, &u8)| {
        forward_hidden(params, digits, i, &mut h);
        let (_, one, class) = forward_output(params, &h, label);
        loss += one;
        class
    };
    let predictions: Vec<u8> = labels.iter().enumerate().map(predict).collect();
    let right = predictions.iter().zip(labels).filter(|(p, l)| p == l);
    let (right, count) = (right.count(), labels.len().max(1) as f64);
    Evaluation {
        loss: loss / count,
        accuracy: right as f64 / count,
        predictions,
    }
}

/// h of every image (T, m).
pub fn hidden(params: &Params, digits: &Digits) -> Vec<f32> {
    let mut hidden = vec![0.0; digits.len() * params.m];
    for (i, h) in hidden.chunks_exact_mut(params.m).enumerate() {
        forward_hidden(params, digits, i, h);
    }
    hidden
}
