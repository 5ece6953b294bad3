//! Finished runs of whatever settings, which nobody trained.

use proptest::prelude::*;

use superposition::gradient::Path;
use superposition::optim::Reduction;
use superposition::report::Measures;
use superposition::sweep::codes::Finished;
use superposition::sweep::measures_of;
use superposition::train::{Config, ExampleCount, Nudge, Numerics, Repeat};
use superposition::variant::Loss;

/// With this test loss.
pub fn measures(test_loss: f64) -> Measures {
    Measures {
        train_loss: 0.1 + 0.2,
        test_loss,
        w_norm: 17.25,
        b_norm: 1.0 / 3.0,
        active_share: 5e-3,
        polygon: None,
    }
}

/// At classroom scale.
pub fn run(t: usize, data_seed: u32, test_loss: f64) -> Finished {
    let config = Config {
        n: 1000,
        sparsity: 0.99,
        steps: 5000,
        t: ExampleCount::Finite(t),
        data_seed,
        ..Config::default()
    };
    Finished {
        made_with: Numerics::of(&config),
        config,
        end: Ok(measures(test_loss)),
        weights: Some(7 * t as u32 + data_seed),
    }
}

/// Of any settings.
pub fn some_run() -> impl Strategy<Value = Finished> {
    let sizes = (1..2000usize, 1..64usize, 0..5000usize, 1..100_000u64);
    let rates = (1e-6..1.0f64, 0.0..10.0f64, 1e-12..1.0f64, 0.0..0.9f64);
    let others = (any::<[bool; 5]>(), 0..4usize, any::<u32>(), any::<u32>());
    let end = (any::<[u32; 5]>(), any::<bool>(), any::<Option<u32>>());
    (sizes, rates, others, end).prop_map(|(sizes, rates, others, end)| {
        let ((n, m, t, steps), (lr, weight_decay, eps, sparsity)) = (sizes, rates);
        let (flags, loss, data_seed, init_seed) = others;
        let (numbers, diverged, weights) = end;
        let repeats = flags[3] && t > 50;
        let config = Config {
            n: n + 10,
            m,
            t: match t {
                0 => ExampleCount::Infinite,
                t => ExampleCount::Finite(t),
            },
            steps,
            lr,
            weight_decay,
            eps,
            sparsity,
            data_seed,
            init_seed,
            reduction: [Reduction::Mean, Reduction::Sum][usize::from(flags[0])],
            untied: flags[1],
            hidden_relu: flags[2],
            unit_length: flags[4],
            loss: Loss::ALL[loss],
            repeats: if repeats {
                vec![Repeat {
                    example: 3,
                    times: 5,
                }]
            } else {
                vec![]
            },
            nudge: (flags[0] && steps > 1).then_some(Nudge {
                step: steps - 1,
                size: 0.1,
            }),
            ..Config::default()
        };
        let measures = measures_of(numbers.map(|x| f64::from(x) / 3.0));
        Finished {
            made_with: Numerics {
                path: Path::ALL[m % 4],
                version: 1 + m as u32 * 100,
            },
            end: if diverged {
                Err(steps / 2)
            } else {
                Ok(measures)
            },
            config,
            weights,
        }
    })
}
