//! What does each part of a step cost? Criterion's medians, at states of real runs: `cargo bench --bench step`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use superposition::gradient::blocked::Blocked;
use superposition::gradient::order::Order;
use superposition::gradient::{Gradient, naive};
use superposition::model::{self, Params};
use superposition::optim;
use superposition::train::{Config, ExampleCount, Trainer};

/// (n, m, T), as small as shows how costs grow.
const SIZES: [(usize, usize, usize); 5] = [
    (10_000, 2, 30),
    (10_000, 2, 1000),
    (10_000, 4, 1000),
    (10_000, 32, 100),
    (1000, 2, 1000),
];

/// Steps of the schedule, and the step whose state is measured: past the warm-up, with the learning rate at its top.
const STEPS: u64 = 2000;
const STATE: u64 = 400;

/// A run at [`STATE`].
fn state(n: usize, m: usize, t: usize) -> Trainer {
    let mut trainer = Trainer::new(Config {
        n,
        m,
        t: ExampleCount::Finite(t),
        sparsity: 1.0 - 10.0 / n as f64,
        steps: STEPS,
        test_examples: 1000,
        ..Config::default()
    })
    .expect("a valid configuration");
    while trainer.steps_done() < STATE {
        trainer.step();
    }
    trainer
}

fn parts(criterion: &mut Criterion) {
    for (n, m, t) in SIZES {
        let mut trainer = state(n, m, t);
        let params = trainer.params().into_owned();
        let examples = trainer.examples().clone();
        let test = trainer.test_examples().clone();
        let mut gradient = Params::zeros(n, m);
        let mut group = criterion.benchmark_group(format!("n {n}, m {m}, T {t}"));

        let mut hidden = Vec::new();
        group.bench_function("hidden vectors", |bench| {
            bench.iter(|| model::hidden_into(&params, &examples, black_box(&mut hidden)));
        });
        let mut blocked = Blocked::default();
        group.bench_function("gradient, blocked", |bench| {
            bench.iter(|| blocked.gradient(&params, &examples, black_box(&mut gradient)));
        });
        let mut path = Gradient::choose(n, m, t);
        if path.wants_order() {
            group.bench_function("order", |bench| {
                bench.iter(|| Order::find(&params, black_box(&hidden)));
            });
            let order = Order::find(&params, &hidden);
            let (mut arranged, moved) = (params.clone(), order.arrange_examples(&examples));
            order.arrange(arranged.padded_mut());
            group.bench_function("gradient, pruned", |bench| {
                bench.iter(|| path.gradient(&arranged, &moved, black_box(&mut gradient)));
            });
        }
        let config = trainer.config().clone();
        let mut moments = trainer.moments();
        let mut updated = params.clone();
        group.bench_function("AdamW", |bench| {
            bench.iter(|| {
                let rate = optim::rate(config.lr, config.warm_up, STATE, STEPS);
                let scale = config.reduction.scale(t, n);
                let (to, d) = (updated.padded_mut(), gradient.padded());
                moments.update(&config.adamw(), STATE, rate, scale, to, d)
            });
        });
        group.bench_function("loss of 1,000 test examples", |bench| {
            bench.iter(|| model::evaluate(black_box(&params), &test));
        });
        let at_state = trainer.checkpoint();
        group.bench_function("a whole step", |bench| {
            bench.iter(|| {
                if trainer.is_finished() {
                    trainer = Trainer::resume(&at_state).expect("its own checkpoint");
                }
                trainer.step();
            });
        });
        group.finish();
    }
}

/// The oracle, for scale.
fn oracle(criterion: &mut Criterion) {
    let trainer = state(1000, 2, 100);
    let wide: Vec<f64> = trainer
        .params()
        .rows()
        .flatten()
        .map(|&p| f64::from(p))
        .collect();
    criterion.bench_function("n 1000, m 2, T 100/gradient, naive", |bench| {
        bench.iter(|| naive::gradient(black_box(&wide), 2, trainer.examples()));
    });
}

criterion_group!(benches, parts, oracle);
criterion_main!(benches);
