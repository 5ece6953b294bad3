//! Does the classifier compute what PyTorch computes, with gradients that differences confirm and bits that repeat?

use std::sync::Arc;

use serde::Deserialize;
use superposition::mnist::{self, CLASSES, Config, Digits, Params, Record, SIDE, Scratch, Trainer};
use superposition::optim::{self, AdamW, Moments};

mod common;
use common::{relative_error, tolerance};

#[derive(Deserialize)]
struct Fixture {
    hidden: usize,
    rate: f64,
    weight_decay: f64,
    images: Vec<Vec<f32>>,
    labels: Vec<u8>,
    initial: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    batches: Vec<Vec<u32>>,
    r#final: Vec<f64>,
    final_loss: f64,
}

fn fixture() -> (Fixture, Digits, Params) {
    let fixture: Fixture = serde_json::from_str(include_str!("reference/classifier.json")).unwrap();
    let pixels = fixture.images[0].len();
    let mut digits = Digits::empty(pixels);
    for (image, &label) in fixture.images.iter().zip(&fixture.labels) {
        digits.push(image.iter().copied(), label);
    }
    let mut params = Params::zeros(pixels, fixture.hidden);
    assert_eq!(params.values().len(), fixture.initial.len());
    for (value, &initial) in params.values_mut().iter_mut().zip(&fixture.initial) {
        *value = initial as f32;
    }
    (fixture, digits, params)
}

/// Summed loss and gradient over `batch`, divided by its length.
fn mean_gradient(params: &Params, digits: &Digits, batch: &[u32]) -> (f64, Vec<f64>) {
    let mut d_params = Params::zeros(params.pixels(), params.m());
    let labels = digits.labels();
    let scratch = &mut Scratch::default();
    let loss = mnist::gradient(params, digits, labels, batch, scratch, &mut d_params);
    let count = batch.len() as f64;
    let mean = d_params.values().iter().map(|&d| f64::from(d) / count);
    (loss / count, mean.collect())
}

fn widened(values: &[f32]) -> impl Iterator<Item = f64> {
    values.iter().map(|&x| f64::from(x))
}

#[test]
fn loss_and_gradient_are_pytorchs() {
    let (fixture, digits, params) = fixture();
    let all: Vec<u32> = (0..digits.len() as u32).collect();
    let (loss, gradient) = mean_gradient(&params, &digits, &all);
    let error = relative_error([loss], &[fixture.loss]);
    assert!(error < tolerance::TRAINER_AGAINST_PYTORCH, "loss: {error}");
    let error = relative_error(gradient, &fixture.gradient);
    assert!(error < tolerance::TRAINER_AGAINST_PYTORCH, "{error}");
    let evaluation = mnist::evaluate(&params, &digits, digits.labels());
    assert!((evaluation.loss - loss).abs() < 1e-12);
}

#[test]
fn adamw_on_mini_batches_is_pytorchs() {
    let (fixture, digits, mut params) = fixture();
    let settings = AdamW {
        weight_decay: fixture.weight_decay,
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
    };
    let mut moments = Moments::new(params.values().len());
    let mut d_params = Params::zeros(params.pixels(), params.m());
    let mut scratch = Scratch::default();
    for (k, batch) in fixture.batches.iter().enumerate() {
        let labels = digits.labels();
        mnist::gradient(&params, &digits, labels, batch, &mut scratch, &mut d_params);
        let rate = optim::rate(
            fixture.rate,
            optim::WARM_UP,
            k as u64,
            fixture.batches.len() as u64,
        );
        let scale = 1.0 / batch.len() as f64;
        let (values, gradient) = (params.values_mut(), d_params.values());
        assert!(moments.update(&settings, k as u64, rate, scale, values, gradient));
    }
    let error = relative_error(widened(params.values()), &fixture.r#final);
    assert!(error < tolerance::CLASSIFIER_AFTER_ADAMW, "{error}");
    let loss = mnist::evaluate(&params, &digits, digits.labels()).loss;
    let error = relative_error([loss], &[fixture.final_loss]);
    assert!(error < tolerance::CLASSIFIER_AFTER_ADAMW, "loss: {error}");
}

/// The mean loss in f64, from the definition.
fn naive_loss(values: &[f64], m: usize, digits: &Digits) -> f64 {
    let pixels = digits.pixels();
    let (w1, rest) = values.split_at(pixels * m);
    let (b1, rest) = rest.split_at(m);
    let (w2, b2) = rest.split_at(CLASSES * m);
    let loss = |i: usize| {
        let mut h = b1.to_vec();
        let (indices, ink) = digits.row(i);
        for (&pixel, &x) in indices.iter().zip(ink) {
            for (k, h) in h.iter_mut().enumerate() {
                *h += f64::from(x) * w1[usize::from(pixel) * m + k];
            }
        }
        let logit = |c: usize| -> f64 {
            let terms = h
                .iter()
                .enumerate()
                .map(|(k, h)| w2[c * m + k] * h.max(0.0));
            terms.sum::<f64>() + b2[c]
        };
        let logits: Vec<f64> = (0..CLASSES).map(logit).collect();
        let sum: f64 = logits.iter().map(|&z| superposition::math::exp(z)).sum();
        superposition::math::ln(sum) - logits[usize::from(digits.labels()[i])]
    };
    (0..digits.len()).map(loss).sum::<f64>() / digits.len() as f64
}

#[test]
fn gradient_is_what_central_differences_of_the_definition_give() {
    let (_, digits, params) = fixture();
    let all: Vec<u32> = (0..digits.len() as u32).collect();
    let (_, gradient) = mean_gradient(&params, &digits, &all);
    let values: Vec<f64> = widened(params.values()).collect();
    const STEP: f64 = 1e-6;
    let difference = |k: usize| {
        let at = |delta: f64| {
            let mut moved = values.clone();
            moved[k] += delta;
            naive_loss(&moved, params.m(), &digits)
        };
        (at(STEP) - at(-STEP)) / (2.0 * STEP)
    };
    let differences: Vec<f64> = (0..values.len()).map(difference).collect();
    let error = relative_error(gradient, &differences);
    assert!(error < tolerance::CLASSIFIER_AGAINST_DIFFERENCES, "{error}");
}

/// Blots that differ by class, of the size of real digits.
fn blots(count: usize) -> Arc<Digits> {
    let mut digits = Digits::empty(SIDE * SIDE);
    for i in 0..count {
        let label = (i * 7 + i / 10) % CLASSES;
        let ink = |pixel: usize| {
            let (row, column) = (pixel / SIDE, pixel % SIDE);
            let inside = row.abs_diff(2 * label + 4) < 3 && column.abs_diff(8 + i % 12) < 4;
            if inside || (pixel * 31 + i * 17).is_multiple_of(23) {
                ((pixel * 13 + i * 7) % 255) as u8
            } else {
                0
            }
        };
        let image: Vec<u8> = (0..SIDE * SIDE).map(ink).collect();
        digits.push_image(&image, label as u8);
    }
    Arc::new(digits)
}

fn small() -> Config {
    Config {
        hidden: 48,
        examples: 210,
        epochs: 6,
        batch: 32,
        label_noise: 0.05,
        ..Config::default()
    }
}

fn finished(mut trainer: Trainer) -> Trainer {
    while !trainer.is_finished() {
        trainer.step();
    }
    trainer
}

#[test]
fn a_run_learns_and_its_seeds_determine_every_bit() {
    let digits = blots(210);
    let run = |config: Config| finished(Trainer::new(config, digits.clone()).unwrap());
    let (once, again) = (run(small()), run(small()));
    assert_eq!(once.params(), again.params());
    assert_eq!(once.d_star(), again.d_star());
    let snapshot = once.snapshot(&digits);
    assert!(
        snapshot.train_accuracy > 0.85,
        "{}",
        snapshot.train_accuracy
    );
    for other in [
        Config {
            init_seed: 2,
            ..small()
        },
        Config {
            data_seed: 2,
            ..small()
        },
    ] {
        assert_ne!(run(other).params(), once.params());
    }
}

/// The sums were made with AVX-512; SSE2 gives the same.
#[test]
fn bits_of_a_small_run_are_those_of_every_other_machine() {
    let run = finished(Trainer::new(small(), blots(210)).unwrap());
    let bytes: Vec<u8> = (run.params().values().iter())
        .flat_map(|x| x.to_le_bytes())
        .collect();
    let d_star: Vec<u8> = (run.d_star().iter())
        .flat_map(|x| x.to_le_bytes())
        .collect();
    let sums = [bytes, d_star].map(|bytes| superposition::checksum::crc32(&bytes));
    assert_eq!(sums, [0x8238_3b7a, 0x717b_ff42], "{sums:08x?}");
}

#[test]
fn a_resumed_run_ends_with_the_same_bits() {
    let digits = blots(210);
    let mut trainer = Trainer::new(small(), digits.clone()).unwrap();
    for _ in 0..10 {
        trainer.step();
    }
    let snapshot = trainer.snapshot(&digits);
    trainer.keep(snapshot);
    let bytes = trainer.checkpoint();
    let resumed = Trainer::resume(&bytes, digits.clone()).unwrap();
    assert_eq!((resumed.steps_done(), resumed.snapshots().len()), (10, 1));
    let (straight, resumed) = (finished(trainer), finished(resumed));
    assert_eq!(straight.params(), resumed.params());
    assert_eq!(straight.checkpoint(), resumed.checkpoint());

    let error = |bytes: &[u8]| {
        Trainer::resume(bytes, digits.clone())
            .unwrap_err()
            .to_string()
    };
    assert!(error(b"SUPERPOS").contains("no checkpoint of the classifier"));
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    assert_eq!(error(&damaged), "it is damaged");
    let mut newer = bytes.clone();
    newer[8] += 1;
    assert!(error(&newer).contains("another numerics version"));
    let other = Trainer::resume(&bytes, blots(100)).unwrap_err();
    assert!(other.to_string().contains("examples"));
}

#[test]
fn wrong_labels_are_wrong_and_as_many_as_asked_for() {
    let digits = blots(210);
    let trainer = Trainer::new(small(), digits.clone()).unwrap();
    let pairs = || trainer.labels().iter().zip(digits.labels());
    assert_eq!(pairs().filter(|(said, shown)| said != shown).count(), 11); // 5 % of 210, rounded
    assert!(pairs().all(|(&said, _)| said < 10));
    let snapshot = {
        let mut trainer = Trainer::new(small(), digits.clone()).unwrap();
        let snapshot = trainer.snapshot(&digits);
        trainer.keep(snapshot);
        Record::of(&trainer)
    };
    let findings = &snapshot.findings[0];
    assert_eq!(findings.mislabelled.as_ref().unwrap().count, 11);
    assert_eq!(findings.classes.iter().map(|c| c.count).sum::<usize>(), 210);
    assert!(findings.rank <= 48);
}

#[test]
fn settings_out_of_range_are_told_with_value_and_range() {
    let message = |config: Config| Trainer::new(config, blots(20)).unwrap_err().to_string();
    let given = || Config {
        examples: 20,
        ..small()
    };
    assert_eq!(
        message(Config {
            hidden: 50,
            ..given()
        }),
        "hidden is 50; it must be a multiple of 16 from 16 to 1024."
    );
    assert_eq!(
        message(Config {
            label_noise: 1.5,
            ..given()
        }),
        "label_noise is 1.5; it must be from 0 to 1."
    );
    assert_eq!(
        message(Config {
            examples: 30,
            ..small()
        }),
        "examples is 30; there are 20 digits."
    );
}

/// What the page shows is what the store says, and what is on the page's digits has both ends of every class.
#[test]
fn the_page_s_file_agrees_with_the_store() {
    let pack = mnist::Pack::from_bytes(&std::fs::read("www/data/digits.bin").unwrap()).unwrap();
    let store = std::fs::read_to_string("www/data/mnist.jsonl").unwrap();
    let records: Vec<Record> = (store.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((pack.runs.len(), records.len()), (3, 15));
    for run in &pack.runs {
        let config: Config = serde_json::from_str(&run.config).unwrap();
        let record = records.iter().find(|record| record.config == config);
        let findings = &record.expect("a stored run").findings;
        assert_eq!(findings.len(), run.moments.len());
        for (moment, findings) in run.moments.iter().zip(findings) {
            assert_eq!(serde_json::to_string(findings).unwrap(), moment.findings);
            let curve = moment.curve();
            let ends = [curve[0], curve[curve.len() - 1]];
            for (end, stored) in ends
                .iter()
                .zip([findings.quantiles[0], findings.quantiles[8]])
            {
                assert!((end / stored - 1.0).abs() < 3e-4, "{end} {stored}");
            }
            let d_star = moment.d_star();
            for (digit, class) in findings.classes.iter().enumerate() {
                let own =
                    (0..d_star.len()).filter(|&k| usize::from(pack.sheet.labels()[k]) == digit);
                let (low, high) = own.fold((1.0, 0.0f64), |(low, high), k| {
                    (d_star[k].min(low), d_star[k].max(high))
                });
                let [lowest, _, highest] = class.extent.unwrap();
                assert!((low / lowest - 1.0).abs() < 3e-4 && (high / highest - 1.0).abs() < 3e-4);
            }
        }
    }
    let mut damaged = std::fs::read("www/data/digits.bin").unwrap();
    damaged[5000] ^= 1;
    assert_eq!(
        mnist::Pack::from_bytes(&damaged).unwrap_err().to_string(),
        "it is damaged"
    );
    let live = std::fs::read("www/data/digits-live.bin").unwrap();
    let error = mnist::Pack::from_bytes(&live).unwrap_err().to_string();
    assert_eq!(error, "it is no file of digits");
}
