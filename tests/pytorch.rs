//! Does the trainer compute what PyTorch computes? Loss, gradients and AdamW steps against a float64 fixture.

use superposition::data::Examples;
use superposition::gradient::blocked::Blocked;
use superposition::gradient::{Gradient, naive};
use superposition::model::{self, Params};
use superposition::optim::{self, AdamW, Moments, Reduction};

mod common;
use common::fixture::{self, AfterAdamW, Case, Fixture, Reduced};
use common::{relative_error, tolerance};

fn settings(fixture: &Fixture, after: &AfterAdamW) -> AdamW {
    AdamW {
        weight_decay: after.weight_decay,
        beta1: fixture.betas.0,
        beta2: fixture.betas.1,
        eps: after.eps,
    }
}

fn reduction(reduced: &Reduced) -> Reduction {
    match reduced.reduction.as_str() {
        "mean" => Reduction::Mean,
        "sum" => Reduction::Sum,
        other => panic!("{other}"),
    }
}

/// What turns the library's ½ Σ Σ and its gradient into the training loss and its gradient.
fn scale(case: &Case, reduced: &Reduced) -> f64 {
    reduction(reduced).scale(case.t, case.n)
}

fn narrow(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&x| x as f32).collect()
}

fn widened<'a>(rows: impl IntoIterator<Item = &'a [f32]>) -> impl Iterator<Item = f64> {
    rows.into_iter().flatten().map(|&x| f64::from(x))
}

/// The paths that train a model of m hidden dimensions: the dense one, and what suits many examples.
fn paths(m: usize) -> [Gradient; 2] {
    let mut many = Gradient::choose(10_000, m, 1000);
    many.set_listed(true);
    [Gradient::Blocked(Blocked::default()), many]
}

/// The training gradient of an f32 path.
fn fast_gradient(
    path: &mut Gradient,
    params: &Params,
    examples: &Examples,
    scale: f64,
) -> Vec<f64> {
    let mut gradient = Params::zeros(params.n(), params.m());
    path.gradient(params, examples, &mut gradient);
    widened(gradient.rows()).map(|d| d * scale).collect()
}

/// Calls `check` with every case and each of its reductions.
fn for_each(mut check: impl FnMut(&Fixture, &Case, &Reduced, &str)) {
    let fixture = fixture::read();
    for case in &fixture.cases {
        assert_eq!(case.reductions.len(), 2);
        for reduced in &case.reductions {
            let name = format!("{}, {}", case.name(), reduced.reduction);
            check(&fixture, case, reduced, &name);
        }
    }
}

#[test]
fn loss_and_gradients_of_the_oracle_are_pytorchs() {
    for_each(|_, case, reduced, name| {
        let (half, mut gradient) = naive::gradient(&case.parameters(), case.m, &case.examples());
        let scale = scale(case, reduced);
        gradient.iter_mut().for_each(|d| *d *= scale);
        let losses = [half * 2.0 / case.t as f64, half * scale];
        let error = relative_error(losses, &[case.loss, reduced.training_loss]);
        assert!(
            error < tolerance::ORACLE_AGAINST_PYTORCH,
            "{name}: loss {error}"
        );
        // W and b apart, so that the larger of them can't hide the other.
        let (d_w, d_b) = gradient.split_at(case.m * case.n);
        for (gradient, expected) in [(d_w, reduced.dw.concat()), (d_b, reduced.db.clone())] {
            let error = relative_error(gradient.iter().copied(), &expected);
            assert!(
                error < tolerance::ORACLE_AGAINST_PYTORCH,
                "{name}: gradient {error}"
            );
        }
    });
}

#[test]
fn loss_and_gradients_of_the_trainer_are_pytorchs() {
    for_each(|_, case, reduced, name| {
        let examples = case.examples();
        let params = Params::from_rows(case.n, case.m, &narrow(&case.parameters()));
        let error = relative_error([model::evaluate(&params, &examples).loss], &[case.loss]);
        assert!(
            error < tolerance::TRAINER_AGAINST_PYTORCH,
            "{name}: loss {error}"
        );
        for path in &mut paths(case.m) {
            let name = format!("{name}, {}", path.path());
            let gradient = fast_gradient(path, &params, &examples, scale(case, reduced));
            let (d_w, d_b) = gradient.split_at(case.m * case.n);
            for (gradient, expected) in [(d_w, reduced.dw.concat()), (d_b, reduced.db.clone())] {
                let error = relative_error(gradient.iter().copied(), &expected);
                assert!(
                    error < tolerance::TRAINER_AGAINST_PYTORCH,
                    "{name}: gradient {error}"
                );
            }
        }
    });
}

/// Calls `check` with every recorded end of [`Fixture::steps`] AdamW steps.
fn for_each_adamw(mut check: impl FnMut(&Fixture, &Case, &Reduced, &AfterAdamW, &str)) {
    for_each(|fixture, case, reduced, name| {
        for after in &reduced.adamw {
            let name = format!("{name}, {} steps in all, eps {}", after.total, after.eps);
            check(fixture, case, reduced, after, &name);
        }
    });
}

#[test]
fn rates_are_those_that_pytorch_was_given() {
    for_each_adamw(|fixture, _, _, after, name| {
        let rates = (0..fixture.steps)
            .map(|k| optim::rate(fixture.lr, optim::WARM_UP, k.into(), after.total.into()));
        let error = relative_error(rates, &after.rates);
        assert!(error < tolerance::SCHEDULE, "{name}: {error}");
    });
}

#[test]
fn twenty_adamw_steps_of_the_oracle_are_pytorchs() {
    for_each_adamw(|fixture, case, reduced, after, name| {
        let examples = case.examples();
        let mut params = case.parameters();
        let (mut mean, mut square) = (vec![0.0; params.len()], vec![0.0; params.len()]);
        for k in 0..fixture.steps.into() {
            let (_, mut gradient) = naive::gradient(&params, case.m, &examples);
            gradient.iter_mut().for_each(|d| *d *= scale(case, reduced));
            let rate = optim::rate(fixture.lr, optim::WARM_UP, k, after.total.into());
            let settings = settings(fixture, after);
            optim::naive_update(
                &settings,
                k,
                rate,
                &mut params,
                &gradient,
                &mut mean,
                &mut square,
            );
        }
        let loss = naive::gradient(&params, case.m, &examples).0 * 2.0 / case.t as f64;
        let (w, b) = params.split_at(case.m * case.n);
        for (ours, theirs) in [
            (w, after.w.concat()),
            (b, after.b.clone()),
            (&[loss], vec![after.loss]),
        ] {
            let error = relative_error(ours.iter().copied(), &theirs);
            assert!(error < tolerance::ORACLE_AGAINST_PYTORCH, "{name}: {error}");
        }
    });
}

#[test]
fn twenty_adamw_steps_of_the_trainer_are_pytorchs() {
    for_each_adamw(|fixture, case, reduced, after, name| {
        let examples = case.examples();
        for path in &mut paths(case.m) {
            let name = format!("{name}, {}", path.path());
            let mut params = Params::from_rows(case.n, case.m, &narrow(&case.parameters()));
            let mut moments = Moments::new(params.padded().len());
            let mut gradient = Params::zeros(case.n, case.m);
            for k in 0..fixture.steps.into() {
                path.gradient(&params, &examples, &mut gradient);
                let rate = optim::rate(fixture.lr, optim::WARM_UP, k, after.total.into());
                let scale = scale(case, reduced);
                let values = params.padded_mut();
                assert!(moments.update(
                    &settings(fixture, after),
                    k,
                    rate,
                    scale,
                    values,
                    gradient.padded()
                ));
            }
            let loss = model::evaluate(&params, &examples).loss;
            let checks = [
                (
                    widened(params.rows().take(case.m)).collect(),
                    after.w.concat(),
                ),
                (
                    widened(params.rows().skip(case.m)).collect(),
                    after.b.clone(),
                ),
                (vec![loss], vec![after.loss]),
            ];
            for (ours, theirs) in checks {
                let ours: Vec<f64> = ours;
                let error = relative_error(ours, &theirs);
                assert!(
                    error < tolerance::TRAINER_AGAINST_PYTORCH,
                    "{name}: {error}"
                );
            }
        }
    });
}
