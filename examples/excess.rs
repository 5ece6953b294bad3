//! How much of the bump is luck? Trains a run at the paper's size, asks which of its test examples account for the test loss above 1, and
//! tests it on 99 more sets of as many: `cargo run --release --example excess -- T DATA_SEED INIT_SEED`.

use std::ops::ControlFlow;

use superposition::data::{Examples, Source, Stream};
use superposition::model::{evaluate, hidden};
use superposition::train::{Config, ConfigError, ExampleCount, Trainer};

fn main() -> Result<(), ConfigError> {
    let numbers: Vec<u32> = (std::env::args().skip(1))
        .map(|text| {
            text.parse()
                .expect("T, data seed and init seed are whole numbers")
        })
        .collect();
    let [t, data_seed, init_seed] = numbers[..] else {
        panic!("give T, data seed and init seed");
    };
    let mut trainer = Trainer::new(Config {
        t: ExampleCount::Finite(t as usize),
        data_seed,
        init_seed,
        ..Config::default()
    })?;
    trainer.run(|_| ControlFlow::Continue(()));
    let (params, config) = (trainer.params(), trainer.config());
    println!(
        "T = {t}, data seed {data_seed}, init seed {init_seed}: test loss {:.4}",
        trainer.test_loss()
    );

    let square = |x: f32| f64::from(x) * f64::from(x);
    let length = |h: &[f32]| (square(h[0]) + square(h[1])).sqrt();
    let longest = trainer.hidden().chunks(2).map(length).fold(0.0, f64::max);
    // The loss of each test example alone, and how far from the origin it lands.
    let mut alone: Vec<(f64, f64)> = (trainer.test_examples().rows())
        .map(|(features, values)| {
            let row: Vec<(u32, f32)> = features
                .iter()
                .copied()
                .zip(values.iter().copied())
                .collect();
            let example = Examples::from_rows(config.n, &[row]);
            (
                evaluate(&params, &example).loss,
                length(&hidden(&params, &example)),
            )
        })
        .collect();
    alone.sort_by(|a, b| b.0.total_cmp(&a.0));
    let excess = |some: &[(f64, f64)]| {
        some.iter()
            .map(|(loss, _)| (loss - 1.0).max(0.0))
            .sum::<f64>()
    };
    for worst in [1, 10, 100] {
        let beyond = alone[..worst]
            .iter()
            .filter(|(_, length)| *length > longest)
            .count();
        let share = 100.0 * excess(&alone[..worst]) / excess(&alone);
        println!(
            "  the worst {worst:3}: {share:5.1}% of what exceeds 1; {beyond} land farther out than any training example"
        );
    }

    let source = Source::new(
        config.n,
        config.sparsity,
        config.unit_length,
        data_seed,
        Stream::Test,
    );
    let count = config.test_examples as u64;
    let mut losses: Vec<f64> = (0..100)
        .map(|set| evaluate(&params, &source.examples(set * count..(set + 1) * count)).loss)
        .collect();
    let mean = losses.iter().sum::<f64>() / losses.len() as f64;
    losses.sort_by(f64::total_cmp);
    println!(
        "  on 100 sets of {count}: mean {mean:.4}, from {:.4} to {:.4}, half of them below {:.4}",
        losses[0], losses[99], losses[50]
    );
    Ok(())
}
