//! What is a run when it has ended, and how is that written down in few bytes?

use serde_json::Value;

use super::record::{LEAST_LOSS, Record};
use crate::gradient::Path;
use crate::optim::Reduction;
use crate::report::Measures;
use crate::train::{Config, ExampleCount, Kind, Nudge, Number, Numerics, Repeat, SETTINGS};
use crate::variant::Loss;

/// A finished run, as far as runs of different senders are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Every setting.
    pub config: Config,
    /// What it was made with, perhaps another version than the program's.
    pub made_with: Numerics,
    /// The step after which a parameter was no longer finite, or the last measures, without the polygon.
    pub end: Result<Measures, u64>,
    /// CRC-32 of W and b as they were at the end, where it is known.
    pub weights: Option<u32>,
}

/// The numbers among the settings. A code has one only where it is not the paper's, and says so by its place here: a new one goes last.
pub const NUMBERS: [&str; 16] = [
    "t",
    "data_seed",
    "init_seed",
    "n",
    "sparsity",
    "steps",
    "m",
    "weight_decay",
    "lr",
    "eps",
    "test_examples",
    "batch",
    "beta1",
    "beta2",
    "importance",
    "warm_up",
];

/// A setting of that name; none if it is infinite.
fn number_of(config: &Config, name: &str) -> Option<f64> {
    let place = SETTINGS.iter().position(|setting| setting.name == name);
    config.numbers()[place.expect("a setting")]
}

/// Gives a setting its value; T is infinite if there is none.
pub(super) fn set_number(config: &mut Config, name: &str, value: Option<f64>) {
    let x = value.unwrap_or(0.0);
    match name {
        "t" => {
            let finite = |t: f64| ExampleCount::Finite(t as usize);
            config.t = value.map_or(ExampleCount::Infinite, finite);
        }
        "n" => config.n = x as usize,
        "m" => config.m = x as usize,
        "sparsity" => config.sparsity = x,
        "steps" => config.steps = x as u64,
        "lr" => config.lr = x,
        "weight_decay" => config.weight_decay = x,
        "beta1" => config.beta1 = x,
        "beta2" => config.beta2 = x,
        "eps" => config.eps = x,
        "data_seed" => config.data_seed = x as u32,
        "init_seed" => config.init_seed = x as u32,
        "batch" => config.batch = x as usize,
        "test_examples" => config.test_examples = x as usize,
        "importance" => config.importance = x,
        "warm_up" => config.warm_up = x,
        _ => unreachable!(),
    }
}

/// Is it written as a whole number?
fn is_whole(name: &str) -> bool {
    SETTINGS.iter().any(|setting| match setting.kind {
        Kind::Number(range) => setting.name == name && range.number != Number::Real,
        _ => false,
    })
}

impl Finished {
    /// All of it, a setting only where it is not the paper's.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let Finished {
            config,
            made_with,
            end,
            weights,
        } = self;
        let default = Config::default();
        let mut mask = 0u64;
        let mut content = Vec::new();
        for (k, name) in NUMBERS.into_iter().enumerate() {
            let number = number_of(config, name);
            if number == number_of(&default, name) {
                continue;
            }
            mask |= 1 << k;
            match number {
                // No T is 0.
                None => put(&mut content, 0),
                Some(x) if is_whole(name) => put(&mut content, x as u64),
                Some(x) => content.extend(x.to_le_bytes()),
            }
        }
        let flags = [
            config.reduction == Reduction::Sum,
            config.untied,
            config.hidden_relu,
            !config.unit_length,
            !config.repeats.is_empty(),
            config.nudge.is_some(),
        ];
        let flags = flags
            .iter()
            .rev()
            .fold(config.loss as u8, |sum, &flag| sum << 1 | u8::from(flag));
        content.push(flags);
        if !config.repeats.is_empty() {
            put(&mut content, config.repeats.len() as u64);
        }
        for Repeat { example, times } in &config.repeats {
            put(&mut content, *example as u64);
            put(&mut content, *times as u64);
        }
        if let Some(Nudge { step, size }) = config.nudge {
            put(&mut content, step);
            content.extend(size.to_le_bytes());
        }
        let mut bytes = Vec::new();
        put(&mut bytes, mask);
        bytes.extend(content);
        bytes.push(made_with.path as u8);
        put(&mut bytes, made_with.version.into());
        match end {
            Err(step) => {
                bytes.push(1);
                put(&mut bytes, *step);
            }
            Ok(measures) => {
                bytes.push(0);
                for x in numbers_of(measures) {
                    bytes.extend(x.to_le_bytes());
                }
            }
        }
        if let Some(sum) = weights {
            bytes.extend(sum.to_le_bytes());
        }
        bytes
    }

    /// The run of a store's line, checked as far as can be without training it again, and the checksum of its weights where that is
    /// known.
    ///
    /// # Errors
    /// Why it is no record of a run, as the end of a sentence.
    pub fn from_value(line: Value, weights: Option<u32>) -> Result<Finished, String> {
        let record = Record::from_value(line)?;
        record.check()?;
        let made_with = record.made_with();
        let run = Finished {
            made_with,
            end: record.measures.ok_or(record.step),
            config: record.config,
            weights,
        };
        run.check()?;
        Ok(run)
    }

    /// Can a run end so?
    ///
    /// # Errors
    /// What can't be, as the end of a sentence.
    pub fn check(&self) -> Result<(), String> {
        let Finished { config, end, .. } = self;
        config.check().map_err(|error| error.to_string())?;
        match end {
            Err(step) if *step > config.steps => {
                Err(format!("it diverged at step {step} of {}", config.steps))
            }
            Ok(measures)
                if numbers_of(measures)
                    .iter()
                    .any(|x| !x.is_finite() || *x < LEAST_LOSS) =>
            {
                Err("a loss, a norm or a share is below 0 or no finite number".to_string())
            }
            _ => Ok(()),
        }
    }

    /// The run that [`bytes`](Self::bytes) wrote.
    ///
    /// # Errors
    /// Why these are none, as the end of a sentence.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Finished, String> {
        let mut rest = bytes;
        let coded = take_run(&mut rest).ok_or("it ends too early")?;
        if !rest.is_empty() {
            return Err("there is more behind its end".to_string());
        }
        coded.check()?;
        Ok(coded)
    }
}

fn numbers_of(measures: &Measures) -> [f64; 5] {
    let Measures {
        train_loss,
        test_loss,
        w_norm,
        b_norm,
        active_share,
        ..
    } = *measures;
    [train_loss, test_loss, w_norm, b_norm, active_share]
}

/// Measures by their numbers: train and test loss, ‖W‖, ‖b‖ and the share of active features.
pub fn measures_of(numbers: [f64; 5]) -> Measures {
    let [train_loss, test_loss, w_norm, b_norm, active_share] = numbers;
    Measures {
        train_loss,
        test_loss,
        w_norm,
        b_norm,
        active_share,
        polygon: None,
    }
}

fn take_run(rest: &mut &[u8]) -> Option<Finished> {
    let mask = take(rest)?;
    let mut config = Config::default();
    if mask >> NUMBERS.len() != 0 {
        return None;
    }
    let given = NUMBERS.into_iter().enumerate();
    for (_, name) in given.filter(|(k, _)| mask >> k & 1 == 1) {
        let value = match is_whole(name) {
            true => take(rest)? as f64,
            false => real(rest)?,
        };
        let infinite = name == "t" && value == 0.0;
        set_number(&mut config, name, (!infinite).then_some(value));
    }
    let [flags] = chunk(rest)?;
    let flag = |k: u8| flags >> k & 1 == 1;
    if flag(0) {
        config.reduction = Reduction::Sum;
    }
    (config.untied, config.hidden_relu, config.unit_length) = (flag(1), flag(2), !flag(3));
    config.loss = *Loss::ALL.get(usize::from(flags >> 6))?;
    if flag(4) {
        for _ in 0..take(rest)? {
            let (example, times) = (take(rest)? as usize, take(rest)? as usize);
            config.repeats.push(Repeat { example, times });
        }
    }
    if flag(5) {
        let (step, size) = (take(rest)?, real(rest)?);
        config.nudge = Some(Nudge { step, size });
    }
    let [path] = chunk(rest)?;
    let path = *Path::ALL.get(usize::from(path))?;
    let version = take(rest)?.try_into().ok()?;
    let end = match chunk(rest)? {
        [0u8] => {
            let mut number = || Some(f64::from_le_bytes(chunk(rest)?));
            Ok(measures_of([
                number()?,
                number()?,
                number()?,
                number()?,
                number()?,
            ]))
        }
        [1] => Err(take(rest)?),
        _ => return None,
    };
    Some(Finished {
        config,
        made_with: Numerics { path, version },
        end,
        weights: match rest.is_empty() {
            true => None,
            false => Some(u32::from_le_bytes(chunk(rest)?)),
        },
    })
}

fn chunk<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, others) = rest.split_first_chunk()?;
    *rest = others;
    Some(*first)
}

/// Seven bits a byte, the lowest first.
fn put(bytes: &mut Vec<u8>, mut x: u64) {
    while x >= 128 {
        bytes.push(x as u8 | 128);
        x >>= 7;
    }
    bytes.push(x as u8);
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut x = 0;
    for k in 0..9 {
        let [byte] = chunk(rest)?;
        x |= u64::from(byte & 127) << (7 * k);
        if byte < 128 {
            return Some(x);
        }
    }
    None
}

fn real(rest: &mut &[u8]) -> Option<f64> {
    chunk(rest).map(f64::from_le_bytes)
}
