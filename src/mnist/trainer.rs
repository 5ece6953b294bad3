//! How does a run of the classifier go? A checked configuration, one mini-batch after the other, snapshots on the way.

use std::sync::Arc;

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::checksum::{is_intact, sealed};
use crate::data;
use crate::measure;
use crate::optim::{self, AdamW, Moments};
use crate::train::ConfigError;

use super::classifier::{self, Params, Scratch};
use super::{CLASSES, Config, Digits};
use ndarray::ArrayView2;

/// Names the order of every sum, as the versions of [`Path`](crate::gradient::Path) do.
pub const NUMERICS: u32 = 1;

impl Config {
    /// Updates of an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.examples.div_ceil(self.batch) as u64
    }

    /// Updates in all.
    pub fn steps(&self) -> u64 {
        self.epochs * self.steps_per_epoch()
    }

    /// The steps at which a run is looked at: before the first, at the ends of some epochs, closer together at first, and at
    /// the end.
    pub fn snapshot_steps(&self) -> Vec<u64> {
        let early = [0, 1, 2, 3, 5, 8, 12, 16].into_iter();
        let early = early.filter(|&epoch| epoch < self.epochs);
        let later = (20..self.epochs).step_by(10);
        (early.chain(later).chain([self.epochs]))
            .map(|epoch| epoch * self.steps_per_epoch())
            .collect()
    }

    /// Which examples have a wrong label, ascending, and which.
    pub fn wrong_labels(&self, digits: &Digits) -> Vec<(u32, u8)> {
        let count = (self.label_noise * self.examples as f64).round() as usize;
        let mut random = generator(self.data_seed, Stream::Labels);
        let mut chosen = permutation(self.examples, &mut random);
        chosen.truncate(count);
        chosen.sort_unstable();
        let wrong = |i: u32| {
            let shift = 1 + below(CLASSES as u32 - 1, &mut random) as u8;
            (i, (digits.labels()[i as usize] + shift) % CLASSES as u8)
        };
        chosen.into_iter().map(wrong).collect()
    }

    fn adamw(&self) -> AdamW {
        AdamW {
            weight_decay: self.weight_decay,
            beta1: self.beta1,
            beta2: self.beta2,
            eps: self.eps,
        }
    }
}

/// Which of the streams of a seed; apart from those of the toy model's [`data::Stream`](crate::data::Stream).
#[derive(Clone, Copy)]
enum Stream {
    Weights = 17,
    Order = 18,
    Labels = 19,
}

fn generator(seed: u32, stream: Stream) -> ChaCha8Rng {
    data::keyed(seed, stream as u8)
}

/// A whole number below `bound`, by the upper half of a product: off by at most bound · 2⁻³² from even.
fn below(bound: u32, random: &mut impl Rng) -> u32 {
    ((u64::from(random.random::<u32>()) * u64::from(bound)) >> 32) as u32
}

/// 0 to count − 1 in random order (Fisher and Yates).
fn permutation(count: usize, random: &mut impl Rng) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    for last in (1..count).rev() {
        order.swap(last, below(last as u32 + 1, random) as usize);
    }
    order
}

/// The initial parameters of a seed: each layer uniform between ±1/√(its inputs), as PyTorch's `Linear` has it.
pub fn initial(pixels: usize, m: usize, seed: u32) -> Params {
    let mut params = Params::zeros(pixels, m);
    let mut random = generator(seed, Stream::Weights);
    let (first, second) = params.values_mut().split_at_mut((pixels + 1) * m);
    for (layer, inputs) in [(first, pixels), (second, m)] {
        let bound = (1.0 / (inputs as f64).sqrt()) as f32;
        for value in layer {
            *value = bound * (2.0 * random.random::<f32>() - 1.0);
        }
    }
    params
}

/// What is kept of a moment of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Updates made.
    pub step: u64,
    /// Mean cross-entropy on the training examples and their labels, wrong ones included.
    pub train_loss: f64,
    /// Share of them that is classified as labelled.
    pub train_accuracy: f64,
    /// The same on the test examples.
    pub test_loss: f64,
    /// The same on the test examples.
    pub test_accuracy: f64,
    /// The class that each training example is given.
    pub predictions: Vec<u8>,
    /// D* of each training example.
    pub d_star: Vec<f32>,
}

/// One training run.
#[derive(Debug)]
pub struct Trainer {
    config: Config,
    digits: Arc<Digits>,
    /// Of the digits.
    checksum: u32,
    /// What each training example is said to be.
    labels: Vec<u8>,
    params: Params,
    moments: Moments,
    step: u64,
    diverged_at: Option<u64>,
    snapshots: Vec<Snapshot>,
    /// The examples of the present epoch, in the order of its batches.
    order: Vec<u32>,
    scratch: Scratch,
    d_params: Params,
}

impl Trainer {
    /// A run at step 0 on `digits`, of which there must be as many as the configuration says.
    ///
    /// # Errors
    /// If a setting is outside its range, or more examples are asked for than there are.
    pub fn new(config: Config, digits: Arc<Digits>) -> Result<Self, ConfigError> {
        config.check()?;
        if config.examples != digits.len() {
            let (asked, given) = (config.examples, digits.len());
            let message = format!("examples is {asked}; there are {given} digits.");
            return Err(ConfigError::new("examples", message));
        }
        let mut labels = digits.labels().to_vec();
        for (i, label) in config.wrong_labels(&digits) {
            labels[i as usize] = label;
        }
        let params = initial(digits.pixels(), config.hidden, config.init_seed);
        let mut trainer = Trainer {
            moments: Moments::new(params.values().len()),
            d_params: Params::zeros(digits.pixels(), config.hidden),
            scratch: Scratch::default(),
            step: 0,
            diverged_at: None,
            snapshots: Vec::new(),
            order: Vec::new(),
            params,
            labels,
            checksum: digits.checksum(),
            digits,
            config,
        };
        trainer.shuffle();
        Ok(trainer)
    }

    /// The order of the epoch that `step` is in.
    fn shuffle(&mut self) {
        let mut random = generator(self.config.data_seed, Stream::Order);
        random.set_stream(self.step / self.config.steps_per_epoch());
        self.order = permutation(self.config.examples, &mut random);
    }

    /// One update on the next mini-batch. Does nothing once the run is [finished](Self::is_finished).
    pub fn step(&mut self) {
        if self.is_finished() {
            return;
        }
        let per_epoch = self.config.steps_per_epoch();
        let start = (self.step % per_epoch) as usize * self.config.batch;
        let end = (start + self.config.batch).min(self.order.len());
        let batch = &self.order[start..end];
        let Trainer {
            params,
            d_params,
            scratch,
            ..
        } = self;
        classifier::gradient(params, &self.digits, &self.labels, batch, scratch, d_params);
        let finite = self.moments.update(
            &self.config.adamw(),
            self.step,
            optim::rate(
                self.config.lr,
                optim::WARM_UP,
                self.step,
                self.config.steps(),
            ),
            1.0 / batch.len() as f64,
            self.params.values_mut(),
            self.d_params.values(),
        );
        self.step += 1;
        if !finite {
            self.diverged_at = Some(self.step);
        } else if self.step.is_multiple_of(per_epoch) {
            self.shuffle();
        }
    }

    /// Losses, predictions and D* as the run stands.
    pub fn snapshot(&self, test: &Digits) -> Snapshot {
        let on_train = classifier::evaluate(&self.params, &self.digits, &self.labels);
        let on_test = classifier::evaluate(&self.params, test, test.labels());
        Snapshot {
            step: self.step,
            train_loss: on_train.loss,
            train_accuracy: on_train.accuracy,
            test_loss: on_test.loss,
            test_accuracy: on_test.accuracy,
            predictions: on_train.predictions,
            d_star: self.d_star().into_iter().map(|d| d as f32).collect(),
        }
    }

    /// D* of every training example, now.
    pub fn d_star(&self) -> Vec<f64> {
        let hidden = classifier::hidden(&self.params, &self.digits);
        let shape = (self.digits.len(), self.config.hidden);
        let hidden = ArrayView2::from_shape(shape, &hidden).expect("rows of m");
        measure::max_data_dimensionality(hidden)
    }

    /// Keeps a snapshot with the run.
    pub fn keep(&mut self, snapshot: Snapshot) {
        self.snapshots.push(snapshot);
    }

    /// All settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The training examples.
    pub fn digits(&self) -> &Digits {
        &self.digits
    }

    /// What each training example is said to be.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The parameters, now.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Updates made.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// The step after which a parameter was no longer finite.
    pub fn diverged_at(&self) -> Option<u64> {
        self.diverged_at
    }

    /// All steps made, or diverged.
    pub fn is_finished(&self) -> bool {
        self.step >= self.config.steps() || self.diverged_at.is_some()
    }

    /// What was kept on the way.
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }
}

const MAGIC: [u8; 8] = *b"SUPDCKPT";

/// What can't be derived from the configuration.
#[derive(Serialize, Deserialize)]
struct Content {
    /// JSON, which unlike the rest describes itself.
    config: String,
    step: u64,
    diverged_at: Option<u64>,
    params: Vec<f32>,
    moments: Moments,
    snapshots: Vec<Snapshot>,
    /// Of the digits that it was trained on.
    digits: u32,
}

/// Why bytes are no checkpoint that this version can continue with these digits: a sentence's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CheckpointError(&'static str);

impl Trainer {
    /// The run as bytes, from which [`resume`](Self::resume) continues with the same bits.
    pub fn checkpoint(&self) -> Vec<u8> {
        let content = Content {
            config: serde_json::to_string(&self.config).expect("a configuration is valid JSON"),
            step: self.step,
            diverged_at: self.diverged_at,
            params: self.params.values().to_vec(),
            moments: self.moments.clone(),
            snapshots: self.snapshots.clone(),
            digits: self.checksum,
        };
        sealed([&MAGIC[..], &NUMERICS.to_le_bytes()].concat(), &content)
    }

    /// The run that [`checkpoint`](Self::checkpoint) wrote, on the digits that it had.
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn resume(bytes: &[u8], digits: Arc<Digits>) -> Result<Self, CheckpointError> {
        let rest = (bytes.strip_prefix(&MAGIC))
            .ok_or(CheckpointError("it is no checkpoint of the classifier"))?;
        let (numerics, rest) =
            (rest.split_first_chunk()).ok_or(CheckpointError("it is damaged"))?;
        if u32::from_le_bytes(*numerics) != NUMERICS {
            return Err(CheckpointError("another numerics version made it"));
        }
        let damaged = CheckpointError("it is damaged");
        let (content, _) = rest.split_last_chunk::<4>().ok_or(damaged)?;
        if !is_intact(bytes) {
            return Err(damaged);
        }
        let (content, behind): (Content, _) =
            postcard::take_from_bytes(content).map_err(|_| damaged)?;
        if !behind.is_empty() {
            return Err(damaged);
        }
        let config: Config = serde_json::from_str(&content.config).map_err(|_| damaged)?;
        let mut trainer = Trainer::new(config, digits)
            .map_err(|_| CheckpointError("its examples are not those given"))?;
        if content.digits != trainer.checksum {
            return Err(CheckpointError("it was trained on other digits"));
        }
        if content.step > trainer.config.steps() {
            return Err(damaged);
        }
        let length = trainer.params.values().len();
        let lengths = [
            content.params.len(),
            content.moments.mean.len(),
            content.moments.square.len(),
        ];
        if lengths != [length; 3] {
            return Err(damaged);
        }
        trainer.params.values_mut().copy_from_slice(&content.params);
        trainer.moments = content.moments;
        trainer.step = content.step;
        trainer.diverged_at = content.diverged_at;
        trainer.snapshots = content.snapshots;
        trainer.shuffle();
        Ok(trainer)
    }
}
