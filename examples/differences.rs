//! Which small difference between two programs could explain why their curves differ? Trains the model with the sum over features
//! at the paper's size, as it is here and with one thing changed at a time, and prints how each run ends:
//! `cargo run --release --example differences -- T DATA_SEED`, and behind that the names of some, to leave out the others. The init
//! seed is the data seed.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use superposition::data::Examples;
use superposition::gradient::Gradient;
use superposition::gradient::order::Order;
use superposition::measure;
use superposition::model::{Params, evaluate, hidden};
use superposition::optim::{self, Moments, Reduction};
use superposition::train::{Config, ConfigError, ExampleCount, Trainer};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Difference {
    None,
    /// W from a uniform distribution of the same variance.
    UniformInit,
    /// The highest learning rate from the first step on.
    NoWarmUp,
    /// The highest learning rate until the end.
    ConstantRate,
    /// Both: one learning rate from the first step to the last.
    NoSchedule,
    /// Values as they are drawn.
    AnyLength,
    /// The sum over examples, too, in place of their mean.
    SumOverExamples,
    /// Weight decay on W alone.
    NoDecayOfBiases,
    /// W and x rounded to ten binary digits behind the point wherever they are multiplied, as in NVIDIA's TF32.
    TenDigits,
}

const ALL: [Difference; 9] = [
    Difference::None,
    Difference::UniformInit,
    Difference::NoWarmUp,
    Difference::ConstantRate,
    Difference::NoSchedule,
    Difference::AnyLength,
    Difference::SumOverExamples,
    Difference::NoDecayOfBiases,
    Difference::TenDigits,
];

/// Steps between two orders of features and examples, which keep the gradient cheap.
const SAME_ORDER: u64 = 500;

fn main() -> Result<(), ConfigError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [t, data_seed, names @ ..] = &arguments[..] else {
        panic!("give T and data seed");
    };
    let [t, data_seed]: [u32; 2] =
        [t, data_seed].map(|text| text.parse().expect("T and data seed are whole numbers"));
    println!(
        "{:<16} {:>10} {:>10} {:>8} {:>8} {:>9}",
        "T = ".to_string() + &t.to_string(),
        "train",
        "test",
        "‖W‖",
        "‖b‖",
        "largest D"
    );
    for difference in ALL {
        let name = format!("{difference:?}");
        if !names.is_empty() && !names.contains(&name) {
            continue;
        }
        // Only for its checks and its examples.
        let trainer = Trainer::new(Config {
            t: ExampleCount::Finite(t as usize),
            reduction: Reduction::Sum,
            unit_length: difference != Difference::AnyLength,
            data_seed,
            init_seed: data_seed,
            ..Config::default()
        })?;
        let (config, examples) = (trainer.config(), trainer.examples());
        let params = trained(config, examples, difference);
        let largest = measure::dimensionalities(params.w().reversed_axes());
        println!(
            "{:<16} {:>10.4} {:>10.4} {:>8.2} {:>8.2} {:>9.3}",
            name,
            evaluate(&params, examples).loss,
            evaluate(&params, trainer.test_examples()).loss,
            measure::norm(params.w().iter()),
            measure::norm(params.b().iter()),
            largest.into_iter().fold(0.0, f64::max)
        );
    }
    Ok(())
}

/// The parameters after all steps, features in their natural order.
fn trained(config: &Config, examples: &Examples, difference: Difference) -> Params {
    let (n, m) = (config.n, config.m);
    let mut params = Params::initial(n, m, config.init_seed);
    if difference == Difference::UniformInit {
        params = uniform(config);
    }
    let mut settings = config.adamw();
    let mut scale = config.reduction.scale(examples.len(), n);
    let mut warm_up = config.warm_up;
    match difference {
        Difference::NoWarmUp | Difference::NoSchedule => warm_up = 0.0,
        Difference::SumOverExamples => scale *= examples.len() as f64,
        Difference::NoDecayOfBiases => settings.weight_decay = 0.0,
        _ => {}
    }
    let rounded_examples = rounded_examples(examples);
    let seen = match difference {
        Difference::TenDigits => &rounded_examples,
        _ => examples,
    };
    let mut path = Gradient::choose(n, m, examples.len());
    let mut moments = Moments::new(params.padded().len());
    let mut gradient = Params::zeros(n, m);
    let weights = m * n.next_multiple_of(16);
    let mut from = 0;
    while from < config.steps {
        let order = Order::find(&params, &hidden(&params, seen));
        let arranged = order.arrange_examples(seen);
        let all = |params: &mut Params, moments: &mut Moments, way: fn(&Order, &mut [f32])| {
            way(&order, params.padded_mut());
            way(&order, &mut moments.mean);
            way(&order, &mut moments.square);
        };
        all(&mut params, &mut moments, Order::arrange);
        let until = config.steps.min(from + SAME_ORDER);
        for step in from..until {
            let warm_up_ends = (warm_up * config.steps as f64) as u64;
            let rate = match difference {
                Difference::NoSchedule => config.lr,
                Difference::ConstantRate if step >= warm_up_ends => config.lr,
                _ => optim::rate(config.lr, warm_up, step, config.steps),
            };
            match difference {
                Difference::TenDigits => {
                    let mut short = params.clone();
                    short.padded_mut()[..weights]
                        .iter_mut()
                        .for_each(ten_digits);
                    path.gradient(&short, &arranged, &mut gradient);
                }
                _ => {
                    path.gradient(&params, &arranged, &mut gradient);
                }
            }
            if difference == Difference::NoDecayOfBiases {
                let keep = (1.0 - rate * config.weight_decay) as f32;
                params.padded_mut()[..weights]
                    .iter_mut()
                    .for_each(|w| *w *= keep);
            }
            let (to, d) = (params.padded_mut(), gradient.padded());
            moments.update(&settings, step, rate, scale, to, d);
        }
        all(&mut params, &mut moments, Order::restore);
        from = until;
    }
    params
}

/// W uniform between ±√(6 / (n + m)), and b = 0.
fn uniform(config: &Config) -> Params {
    let Config { n, m, .. } = *config;
    let widest = (6.0 / (n + m) as f32).sqrt();
    let mut random = ChaCha8Rng::seed_from_u64(config.init_seed.into());
    let mut values: Vec<f32> = (0..n * m)
        .map(|_| random.random_range(-widest..widest))
        .collect();
    values.resize((m + 1) * n, 0.0);
    Params::from_rows(n, m, &values)
}

/// To the nearest number with ten binary digits behind the point; halves go away from zero.
fn ten_digits(x: &mut f32) {
    *x = f32::from_bits((x.to_bits() + (1 << 12)) & !((1 << 13) - 1));
}

fn rounded_examples(examples: &Examples) -> Examples {
    let rows: Vec<Vec<(u32, f32)>> = (examples.rows())
        .map(|(features, values)| {
            let rounded = values.iter().map(|&x| {
                let mut x = x;
                ten_digits(&mut x);
                x
            });
            features.iter().copied().zip(rounded).collect()
        })
        .collect();
    Examples::from_rows(examples.n(), &rows)
}
