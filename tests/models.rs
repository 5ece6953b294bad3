//! Do the other models do what they should? Untied weights, a ReLU in the hidden layer, other losses, importance: each with
//! every other, against the oracle, central differences and PyTorch.

use std::ops::ControlFlow;

use serde::Deserialize;
use superposition::data::Examples;
use superposition::gradient::order::Order;
use superposition::gradient::{Gradient, Path, naive};
use superposition::model::Params;
use superposition::optim::{self, AdamW, Reduction};
use superposition::train::{Config, ExampleCount, Trainer};
use superposition::variant::{Loss, Variant};

mod common;
use common::{assert_near, relative_error, tolerance};

const SIZES: [usize; 4] = [1, 2, 3, 8];

/// Every combination of the options.
fn variants() -> Vec<Variant> {
    let mut all = Vec::new();
    for loss in Loss::ALL {
        for importance in [1.0, 0.01] {
            for (untied, hidden_relu) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                all.push(Variant {
                    untied,
                    hidden_relu,
                    loss,
                    importance,
                });
            }
        }
    }
    all
}

fn widened(params: &Params) -> Vec<f64> {
    params.rows().flatten().map(|&p| f64::from(p)).collect()
}

/// As many examples as every pair is computed for, and as many as a tree is made for.
const FEW_AND_MORE: [usize; 2] = [9, 40];

/// A run of fifty steps of which each moves parameters far, so that what goes wrong shows.
fn config(
    variant: Variant,
    (m, t): (usize, usize),
    unit_length: bool,
    reduction: Reduction,
) -> Config {
    Config {
        n: 37,
        m,
        t: ExampleCount::Finite(t),
        sparsity: 0.85,
        unit_length,
        steps: 50,
        lr: 1e-2,
        reduction,
        data_seed: 3,
        init_seed: 5,
        test_examples: 20,
        untied: variant.untied,
        hidden_relu: variant.hidden_relu,
        loss: variant.loss,
        importance: variant.importance,
        ..Config::default()
    }
}

/// W, perhaps W_up, and b after all steps of the oracle, from the same start on the same examples.
fn trained_by_the_oracle(config: &Config, examples: &Examples) -> Vec<f64> {
    let Config { n, m, untied, .. } = *config;
    let mut params = widened(&Params::initial_of(untied, n, m, config.init_seed));
    let (mut mean, mut square) = (vec![0.0; params.len()], vec![0.0; params.len()]);
    for step in 0..config.steps {
        let (_, mut gradient) = naive::gradient_of(&config.variant(), &params, m, examples);
        let scale = config.reduction.scale(examples.len(), n);
        gradient.iter_mut().for_each(|d| *d *= scale);
        let rate = optim::rate(config.lr, optim::WARM_UP, step, config.steps);
        optim::naive_update(
            &config.adamw(),
            step,
            rate,
            &mut params,
            &gradient,
            &mut mean,
            &mut square,
        );
    }
    params
}

#[test]
fn every_combination_of_options_trains_fifty_steps_as_the_oracle_does() {
    let mut runs = 0;
    for variant in variants() {
        for (m, t) in SIZES.into_iter().flat_map(|m| FEW_AND_MORE.map(|t| (m, t))) {
            for unit_length in [true, false] {
                for reduction in [Reduction::Mean, Reduction::Sum] {
                    let config = config(variant, (m, t), unit_length, reduction);
                    let mut trainer = Trainer::new(config.clone()).unwrap();
                    let start = widened(&trainer.params());
                    trainer.run(|_| ControlFlow::Continue(()));
                    let expected = trained_by_the_oracle(&config, trainer.examples());
                    // Of how far they moved, so that what stays as it began can't hide an error.
                    let moved = |end: &[f64]| -> Vec<f64> {
                        end.iter()
                            .zip(&start)
                            .map(|(end, start)| end - start)
                            .collect()
                    };
                    let (ours, theirs) = (moved(&widened(&trainer.params())), moved(&expected));
                    let error = relative_error(ours, &theirs);
                    assert!(
                        error < tolerance::FIFTY_STEPS_AGAINST_ORACLE,
                        "{config:?}: {error}"
                    );
                    let examples = trainer.examples();
                    let half = naive::gradient_of(&variant, &expected, m, examples).0;
                    let error = relative_error(
                        [trainer.train_loss()],
                        &[2.0 * half / examples.len() as f64],
                    );
                    assert!(
                        error < tolerance::FIFTY_STEPS_AGAINST_ORACLE,
                        "{config:?}: loss {error}"
                    );
                    runs += 1;
                }
            }
        }
    }
    assert_eq!(runs, 4 * 2 * 4 * 4 * 2 * 2 * 2);
}

#[test]
fn the_tree_of_every_model_matches_the_oracle_in_any_order() {
    let mut closed = 0;
    let (n, m, t) = (200, 2, 150);
    for variant in variants() {
        // Early states have whole nodes active, late ones almost none.
        for steps in [0, 30, 400] {
            let config = Config {
                n,
                sparsity: 0.95,
                steps: 400,
                ..config(variant, (m, t), true, Reduction::Mean)
            };
            if Path::of(variant, m, t, false) != Path::Pruned {
                assert_eq!(variant.loss, Loss::CrossEntropy);
                continue;
            }
            let mut trainer = Trainer::new(config).unwrap();
            while trainer.steps_done() < steps {
                trainer.step();
            }
            let (params, examples) = (trainer.params().into_owned(), trainer.examples());
            let expected = naive::gradient_of(&variant, &widened(&params), m, examples).1;
            let near = |gradient: &Params, order: &str| {
                let name = format!("{variant:?}, step {steps}, {order} order");
                let rows: Vec<f32> = gradient.rows().flatten().copied().collect();
                assert_near(&rows, &expected, n * t, &name);
            };
            let mut path = Gradient::of(Path::Pruned, variant, n, m);
            let mut gradient = Params::zeros_of(variant.untied, n, m);
            path.gradient(&params, examples, &mut gradient);
            near(&gradient, "natural");
            let order = Order::find(&params, &variant.hidden(&params, examples));
            let mut arranged = params.clone();
            order.arrange(arranged.padded_mut());
            path.arrange(&order);
            let arranged_examples = order.arrange_examples(examples);
            closed += path
                .gradient(&arranged, &arranged_examples, &mut gradient)
                .closed;
            order.restore(gradient.padded_mut());
            near(&gradient, "working");
        }
    }
    assert!(closed > 1000, "the closed form was hardly used: {closed}");
}

/// W, perhaps W_up, and b of order one, and six examples.
fn state(variant: &Variant, m: usize, n: usize) -> (Vec<f64>, Examples) {
    let initial = widened(&Params::initial_of(variant.untied, n, m, 23));
    let wide = initial.iter().enumerate();
    let params = wide.map(|(i, w)| 3.0 * w + 0.01 * (i % 7) as f64 - 0.025);
    let rows: Vec<Vec<(u32, f32)>> = (0..6u32)
        .map(|t| {
            let own = (0..n as u32).filter(|i| (i + t) % 7 == 0);
            own.map(|i| (i, 0.1 + 0.07 * (i as f32) % 0.9)).collect()
        })
        .collect();
    (params.collect(), Examples::from_rows(n, &rows))
}

#[test]
fn the_oracle_of_every_model_matches_central_differences() {
    for variant in variants() {
        for m in SIZES {
            let (mut params, examples) = state(&variant, m, 30);
            let loss = |params: &[f64]| naive::gradient_of(&variant, params, m, &examples).0;
            let (_, gradient) = naive::gradient_of(&variant, &params, m, &examples);
            let step = 1e-6;
            let differences: Vec<f64> = (0..params.len())
                .map(|i| {
                    let at = params[i];
                    params[i] = at + step;
                    let above = loss(&params);
                    params[i] = at - step;
                    let below = loss(&params);
                    params[i] = at;
                    (above - below) / (2.0 * step)
                })
                .collect();
            let error = relative_error(gradient, &differences);
            assert!(
                error < tolerance::CENTRAL_DIFFERENCES_OF_MODELS,
                "{variant:?}, m = {m}: {error}"
            );
        }
    }
}

#[test]
fn importance_falls_evenly_from_one_to_the_given_number() {
    let variant = Variant {
        importance: 0.01,
        ..Variant::PAPERS
    };
    let all: Vec<f64> = (0..5).map(|i| variant.importance_of(i, 5)).collect();
    let expected = [1.0, 0.1f64.sqrt(), 0.1, 0.1 * 0.1f64.sqrt(), 0.01];
    assert!(relative_error(all, &expected) < tolerance::CLOSED_FORM);
    assert_eq!(variant.importance_of(0, 1), 1.0);
    assert_eq!(Variant::PAPERS.importance_of(9_999, 10_000), 1.0);
}

#[test]
fn untied_weights_begin_with_the_same_w() {
    let (tied, untied) = (
        Params::initial(37, 3, 5),
        Params::initial_of(true, 37, 3, 5),
    );
    assert_eq!(tied.w(), untied.w());
    assert_eq!(untied.rows().count(), 7);
    let up = |row: usize| untied.rows().nth(3 + row).unwrap();
    assert!(up(0) != untied.rows().next().unwrap());
    let square: f32 = (0..3).flat_map(up).map(|w| w * w).sum();
    assert!((square / (2.0 * 3.0 * 37.0 / 40.0) - 1.0).abs() < 0.5);
}

/// What `tests/reference/make_fixtures.py` writes of the other models.
#[derive(Deserialize)]
struct Fixture {
    lr: f64,
    betas: (f64, f64),
    eps: f64,
    weight_decay: f64,
    total: u64,
    steps: u64,
    cases: Vec<Case>,
}

/// One model in one state; matrices are row after row.
#[derive(Deserialize)]
struct Case {
    untied: bool,
    hidden_relu: bool,
    loss: Loss,
    importance: f64,
    reduction: Reduction,
    m: usize,
    indices: Vec<Vec<u32>>,
    values: Vec<Vec<f32>>,
    /// W, W_up if untied, b.
    params: Vec<f64>,
    reported_loss: f64,
    /// Of the training loss.
    gradient: Vec<f64>,
    after: Vec<f64>,
}

impl Case {
    fn variant(&self) -> Variant {
        Variant {
            untied: self.untied,
            hidden_relu: self.hidden_relu,
            loss: self.loss,
            importance: self.importance,
        }
    }

    fn n(&self) -> usize {
        self.params.len() / (self.m * if self.untied { 2 } else { 1 } + 1)
    }

    fn examples(&self) -> Examples {
        let rows = self.indices.iter().zip(&self.values);
        let rows = rows.map(|(i, x)| i.iter().copied().zip(x.iter().copied()).collect());
        Examples::from_rows(self.n(), &rows.collect::<Vec<_>>())
    }
}

#[test]
fn loss_gradient_and_adamw_steps_of_every_option_are_pytorchs() {
    let fixture: Fixture = serde_json::from_str(include_str!("reference/models.json")).unwrap();
    let settings = AdamW {
        weight_decay: fixture.weight_decay,
        beta1: fixture.betas.0,
        beta2: fixture.betas.1,
        eps: fixture.eps,
    };
    for case in &fixture.cases {
        let (variant, m, examples) = (case.variant(), case.m, case.examples());
        let t = examples.len();
        let name = format!("{variant:?}, {:?}, m = {m}", case.reduction);
        let scale = case.reduction.scale(t, case.n());
        let scaled = |gradient: Vec<f64>| gradient.into_iter().map(|d| d * scale).collect();
        let close = |what: &str, ours: &[f64], theirs: &[f64], bound: f64| {
            let error = relative_error(ours.iter().copied(), theirs);
            assert!(error < bound, "{name}: {what}, {error}");
        };

        let exact = tolerance::ORACLE_AGAINST_PYTORCH;
        let (half, gradient) = naive::gradient_of(&variant, &case.params, m, &examples);
        close(
            "loss",
            &[2.0 * half / t as f64],
            &[case.reported_loss],
            exact,
        );
        let gradient: Vec<f64> = scaled(gradient);
        close("gradient", &gradient, &case.gradient, exact);
        let mut params = case.params.clone();
        let (mut mean, mut square) = (vec![0.0; params.len()], vec![0.0; params.len()]);
        for step in 0..fixture.steps {
            let gradient: Vec<f64> = scaled(naive::gradient_of(&variant, &params, m, &examples).1);
            let rate = optim::rate(fixture.lr, optim::WARM_UP, step, fixture.total);
            let (mean, square) = (&mut mean, &mut square);
            optim::naive_update(&settings, step, rate, &mut params, &gradient, mean, square);
        }
        close("after AdamW", &params, &case.after, exact);

        let near = tolerance::TRAINER_AGAINST_PYTORCH;
        let narrow: Vec<f32> = case.params.iter().map(|&p| p as f32).collect();
        let params = Params::from_rows(case.n(), m, &narrow);
        let loss = variant.evaluate(&params, &examples).loss;
        close("trainer's loss", &[loss], &[case.reported_loss], near);
        for path in Path::ALL
            .into_iter()
            .filter(|path| path.suits(variant, m, false))
        {
            let mut gradient = Params::zeros_of(variant.untied, case.n(), m);
            let mut way = Gradient::of(path, variant, case.n(), m);
            way.gradient(&params, &examples, &mut gradient);
            let gradient: Vec<f64> = scaled(widened(&gradient));
            close(
                &format!("the {path} gradient"),
                &gradient,
                &case.gradient,
                near,
            );
        }
    }
    assert_eq!(fixture.cases.len(), 12);
}
