//! Are the data what the paper describes, and the same whatever T is?

use std::collections::HashSet;

use superposition::data::{Examples, Source, Stream};
use superposition::report::Checksums;
use superposition::train::{Config, ExampleCount, Repeat, Trainer};

mod common;
use common::tolerance;

const PAPER: (usize, f64) = (10_000, 0.999);

fn source(data_seed: u32, stream: Stream) -> Source {
    Source::new(PAPER.0, PAPER.1, true, data_seed, stream)
}

/// Every example as bits, so that it can be compared and hashed.
fn bits(examples: &Examples) -> Vec<Vec<(u32, u32)>> {
    examples
        .rows()
        .map(|(features, xs)| {
            features
                .iter()
                .copied()
                .zip(xs.iter().map(|x| x.to_bits()))
                .collect()
        })
        .collect()
}

#[test]
fn first_examples_are_the_same_for_every_number_of_examples() {
    let source = source(1, Stream::Train);
    let many = bits(&source.examples(0..1000));
    for count in [1, 5, 99] {
        assert_eq!(bits(&source.examples(0..count)), many[..count as usize]);
    }
    assert_eq!(bits(&source.examples(400..450)), many[400..450]);
}

#[test]
fn feature_is_active_with_probability_one_minus_s() {
    let count = 4000;
    let examples = source(1, Stream::Train).examples(0..count);
    let (n, s) = PAPER;
    let expected = count as f64 * n as f64 * (1.0 - s);
    let deviation = (expected * s).sqrt();
    let off = (examples.active() as f64 - expected) / deviation;
    assert!(off.abs() < tolerance::SIGMAS, "{off} standard deviations");
}

#[test]
fn every_feature_is_as_frequent_as_any_other() {
    // S = 1/2 tests the gaps hardest: most of them are 0 or 1.
    let (n, count) = (37, 20_000);
    for s in [0.0, 0.5, 0.9] {
        let examples = Source::new(n, s, true, 3, Stream::Train).examples(0..count);
        let mut frequency = vec![0.0; n];
        for (features, _) in examples.rows() {
            for &i in features {
                frequency[i as usize] += 1.0;
            }
        }
        // An all-zero draw is drawn again, which makes every feature a little more frequent.
        let mut zero = 1.0;
        for _ in 0..n {
            zero *= s;
        }
        let p = (1.0 - s) / (1.0 - zero);
        let expected = count as f64 * p;
        let deviation = (expected * (1.0 - p)).sqrt();
        for (i, frequency) in frequency.iter().enumerate() {
            let off: f64 = frequency - expected;
            assert!(
                off.abs() <= tolerance::SIGMAS * deviation,
                "feature {i} at S = {s}: {frequency} times, expected {expected}"
            );
        }
    }
}

#[test]
fn active_values_are_uniform_before_rescaling() {
    let examples = Source::new(100, 0.5, false, 1, Stream::Train).examples(0..2000);
    let mut tenths = [0.0; 10];
    for (_, xs) in examples.rows() {
        for &x in xs {
            assert!((0.0..1.0).contains(&x));
            tenths[(x * 10.0) as usize] += 1.0;
        }
    }
    let expected = examples.active() as f64 / 10.0;
    for count in tenths {
        let off: f64 = (count - expected) / (expected * 0.9).sqrt();
        assert!(off.abs() < tolerance::SIGMAS, "{tenths:?}");
    }
}

#[test]
fn examples_have_unit_length() {
    let examples = source(1, Stream::Train).examples(0..500);
    for (_, xs) in examples.rows() {
        let length: f64 = xs
            .iter()
            .map(|&x| f64::from(x) * f64::from(x))
            .sum::<f64>()
            .sqrt();
        assert!((length - 1.0).abs() < tolerance::UNIT_LENGTH, "{length}");
        assert!(xs.iter().all(|&x| x >= 0.0));
    }
}

#[test]
fn all_zero_draw_is_drawn_again() {
    // Nine draws of ten are zero here.
    let examples = Source::new(10, 0.99, true, 1, Stream::Train).examples(0..2000);
    assert!(examples.rows().all(|(_, xs)| xs.iter().any(|&x| x > 0.0)));
}

#[test]
fn training_and_test_examples_are_disjoint() {
    for data_seed in 1..=4 {
        let train = bits(&source(data_seed, Stream::Train).examples(0..2000));
        let test = bits(&source(data_seed, Stream::Test).examples(0..2000));
        let train: HashSet<_> = train.into_iter().collect();
        assert!(test.iter().all(|example| !train.contains(example)));
    }
}

#[test]
fn data_seeds_share_no_example() {
    let mut seen = HashSet::new();
    for data_seed in [0, 1, 2, 3, 256, 65536, u32::MAX] {
        for example in bits(&source(data_seed, Stream::Train).examples(0..500)) {
            assert!(seen.insert(example), "seed {data_seed}");
        }
    }
}

#[test]
fn trainer_takes_the_first_examples_of_its_data_seed() {
    let config = |t| Config {
        t,
        data_seed: 4,
        batch: 6,
        test_examples: 9,
        ..Config::default()
    };
    let train = bits(&source(4, Stream::Train).examples(0..40));
    let trainer = Trainer::new(config(ExampleCount::Finite(40))).unwrap();
    assert_eq!(bits(trainer.examples()), train);
    assert_eq!(
        bits(trainer.test_examples()),
        bits(&source(4, Stream::Test).examples(0..9))
    );
    // Where T is infinite, batch after batch of the same stream.
    let mut trainer = Trainer::new(config(ExampleCount::Infinite)).unwrap();
    for batch in train.chunks_exact(6) {
        assert_eq!(bits(trainer.examples()), batch);
        trainer.step();
    }
}

#[test]
fn repeated_examples_count_among_the_t_and_leave_the_others_as_they_were() {
    let repeats = vec![
        Repeat {
            example: 2,
            times: 4,
        },
        Repeat {
            example: 0,
            times: 2,
        },
    ];
    let config = Config {
        t: ExampleCount::Finite(10),
        repeats,
        ..Config::default()
    };
    let found = bits(Trainer::new(config).unwrap().examples());
    let distinct = bits(&source(Config::default().data_seed, Stream::Train).examples(0..6));
    assert_eq!(found.len(), 10);
    assert_eq!(found[..6], distinct);
    let times = |example: usize| found.iter().filter(|x| **x == distinct[example]).count();
    assert_eq!([0, 1, 2, 3, 4, 5].map(times), [2, 1, 4, 1, 1, 1]);
}

/// What `www/lab/pytorch.py` draws, which shares no code with the library: `checked` there prints these sums.
#[test]
fn another_program_draws_the_same_examples_and_weights() {
    for (config, w, values) in [
        ("{}", 2481460607, 2217876670),
        (
            r#"{"n": 1000, "sparsity": 0.99, "t": 100, "init_seed": 7, "data_seed": 3}"#,
            3250572173,
            3390000536,
        ),
        (
            r#"{"n": 777, "m": 3, "sparsity": 0.95, "t": 40, "unit_length": false,
                "repeats": [{"example": 2, "times": 3}]}"#,
            4084044864,
            3851530713,
        ),
        (
            r#"{"t": "inf", "n": 500, "sparsity": 0.98, "batch": 64}"#,
            2498321367,
            2940949454,
        ),
        (
            r#"{"n": 50, "sparsity": 0, "t": 7}"#,
            4287151127,
            1990615175,
        ),
    ] {
        let trainer = Trainer::new(Config::from_json(config).unwrap()).unwrap();
        assert_eq!(Checksums::of(&trainer), Checksums { w, values }, "{config}");
    }
}
