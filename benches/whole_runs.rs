//! What does a whole run cost, and what would it cost if every pair were computed? `cargo bench --bench whole_runs`.
//!
//! Each run is trained to its end, and all of its steps are timed, with the search for orders and the losses of the
//! history. At evenly spaced states the dense gradient and AdamW are timed, without any losses.
//! Times are the thread's processor time. `-- --steps 5000` shortens the schedule, `-- --only 1000` takes the rows of
//! one T, `-- --dimensions 8` those of one m, `-- --models` those of other models than the paper's.

use cpu_time::ThreadTime;
use superposition::gradient::order::Order;
use superposition::gradient::{Gradient, Path, Work};
use superposition::model::Params;
use superposition::optim;
use superposition::train::{Config, ExampleCount, Trainer};
use superposition::variant::{Loss, Variant};

/// (n, m, T).
const RUNS: [(usize, usize, usize); 17] = [
    (10_000, 2, 5),
    (10_000, 2, 30),
    (10_000, 2, 100),
    (10_000, 2, 1000),
    (10_000, 2, 5000),
    (10_000, 2, 20_000),
    (10_000, 2, 50_000),
    (10_000, 4, 1000),
    (10_000, 8, 100),
    (10_000, 8, 1000),
    (10_000, 8, 5000),
    (10_000, 16, 1000),
    (10_000, 32, 1000),
    (1000, 2, 1000),
    (1000, 4, 1000),
    (1000, 8, 1000),
    (1000, 32, 1000),
];

/// At (1,000, 2, 1,000).
const MODELS: [(&str, Variant); 6] = [
    (
        "untied",
        Variant {
            untied: true,
            ..Variant::PAPERS
        },
    ),
    (
        "hidden ReLU",
        Variant {
            hidden_relu: true,
            ..Variant::PAPERS
        },
    ),
    (
        "untied, hidden ReLU",
        Variant {
            untied: true,
            hidden_relu: true,
            ..Variant::PAPERS
        },
    ),
    (
        "L1",
        Variant {
            loss: Loss::L1,
            ..Variant::PAPERS
        },
    ),
    (
        "L4",
        Variant {
            loss: Loss::L4,
            ..Variant::PAPERS
        },
    ),
    (
        "importance to 0.01",
        Variant {
            importance: 0.01,
            ..Variant::PAPERS
        },
    ),
];

/// States at which the dense gradient is timed.
const SAMPLES: u64 = 10;

/// Per step, in milliseconds, and what the gradient did at the samples, on average.
struct Cost {
    step: f64,
    dense: f64,
    work: Work,
}

fn measure(variant: Variant, (n, m, t): (usize, usize, usize), steps: u64) -> Cost {
    let config = Config {
        n,
        m,
        t: ExampleCount::Finite(t),
        sparsity: 1.0 - 10.0 / n as f64,
        steps,
        test_examples: 1,
        untied: variant.untied,
        hidden_relu: variant.hidden_relu,
        loss: variant.loss,
        importance: variant.importance,
        ..Config::default()
    };
    let mut trainer = Trainer::new(config).expect("a valid configuration");
    let (mut step, mut dense, mut work) = (0.0, 0.0, Work::default());
    for sample in 0..SAMPLES {
        let until = (2 * sample + 1) * steps / (2 * SAMPLES);
        step += advance(&mut trainer, until);
        let (time, did) = at_state(&trainer);
        dense += time / SAMPLES as f64;
        work.tests += did.tests / SAMPLES;
        work.closed += did.closed / SAMPLES;
        work.tiles += did.tiles / SAMPLES;
        work.pairs += trainer.work().pairs / SAMPLES;
        work.rows += trainer.work().rows / SAMPLES;
    }
    step += advance(&mut trainer, steps);
    Cost {
        step: step / steps as f64,
        dense,
        work,
    }
}

/// Milliseconds of the steps up to `until`.
fn advance(trainer: &mut Trainer, until: u64) -> f64 {
    milliseconds(|| {
        while trainer.steps_done() < until && !trainer.is_finished() {
            trainer.step();
        }
    })
}

/// The dense gradient and AdamW at this state, median of five, and what the pruned one does there in a fresh order.
fn at_state(trainer: &Trainer) -> (f64, Work) {
    let (params, examples) = (trainer.params().into_owned(), trainer.examples());
    let (config, step) = (trainer.config(), trainer.steps_done());
    let (variant, n, m) = (config.variant(), config.n, config.m);
    let mut gradient = Params::zeros_of(config.untied, n, m);
    let every_pair = match variant == Variant::PAPERS {
        true => Path::Blocked,
        false => Path::General,
    };
    let mut every_pair = Gradient::of(every_pair, variant, n, m);
    let mut updated = params.clone();
    let mut dense = [0.0; 5].map(|_: f64| {
        // The run's own: where they have faded to zero, AdamW has less to do.
        let mut moments = trainer.moments();
        milliseconds(|| {
            every_pair.gradient(&params, examples, &mut gradient);
            let rate = optim::rate(config.lr, config.warm_up, step, config.steps);
            let scale = config.reduction.scale(examples.len(), config.n);
            let (to, d) = (updated.padded_mut(), gradient.padded());
            moments.update(&config.adamw(), step, rate, scale, to, d);
        })
    });
    dense.sort_by(f64::total_cmp);
    let path = Path::of(variant, m, examples.len(), false);
    let mut path = Gradient::of(path, variant, n, m);
    if !path.wants_order() {
        return (dense[2], Work::default());
    }
    let order = Order::find(&params, &variant.hidden(&params, examples));
    let mut arranged = params.clone();
    order.arrange(arranged.padded_mut());
    path.arrange(&order);
    let work = path.gradient(&arranged, &order.arrange_examples(examples), &mut gradient);
    (dense[2], work)
}

fn milliseconds(task: impl FnOnce()) -> f64 {
    let start = ThreadTime::now();
    task();
    start.elapsed().as_secs_f64() * 1e3
}

/// The number after a flag.
fn flag(name: &str) -> Option<u64> {
    let mut arguments = std::env::args();
    arguments.find(|argument| argument == name)?;
    let value = arguments.next().unwrap_or_default();
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name} needs a whole number, not '{value}'")),
    )
}

fn main() {
    let steps = flag("--steps").unwrap_or(Config::default().steps);
    let (only, dimensions) = (flag("--only"), flag("--dimensions"));
    let only_models = std::env::args().any(|argument| argument == "--models");
    println!("{steps} steps; ms of processor time per step");
    println!(
        "{:>6} {:>3} {:>6} {:>9} {:>9} {:>6} {:>9} {:>9} {:>9} {:>8} {:>9} {:>6}  model",
        "n",
        "m",
        "T",
        "ours",
        "dense",
        "ratio",
        "tests",
        "closed",
        "tiles",
        "touched",
        "listed",
        "rows"
    );
    let papers = RUNS.map(|sizes| ("the paper's", Variant::PAPERS, sizes));
    let others = MODELS.map(|(name, variant)| (name, variant, (1000, 2, 1000)));
    for (name, variant, (n, m, t)) in papers.into_iter().chain(others) {
        let other =
            |wanted: Option<u64>, is: usize| wanted.is_some_and(|wanted| wanted != is as u64);
        let unwanted_model = only_models && variant == Variant::PAPERS;
        if other(only, t) || other(dimensions, m) || unwanted_model {
            continue;
        }
        let Cost { step, dense, work } = measure(variant, (n, m, t), steps);
        let touched = 64.0 * work.tiles as f64 / (n * t) as f64;
        println!(
            "{n:>6} {m:>3} {t:>6} {step:>9.4} {dense:>9.4} {:>6.2} {:>9} {:>9} {:>9} {:>7.1}% {:>9} {:>6}  {name}",
            dense / step,
            work.tests,
            work.closed,
            work.tiles,
            100.0 * touched,
            work.pairs,
            work.rows
        );
    }
}
