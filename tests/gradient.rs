//! Is the gradient that trains the gradient of the loss? The oracle against central differences, the fast path
//! against the oracle.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use superposition::data::Examples;
use superposition::gradient::blocked::Blocked;
use superposition::gradient::order::{MOST_DIMENSIONS as MOST_PRUNED, Order};
use superposition::gradient::{Gradient, Path, naive};
use superposition::model::{self, Params};
use superposition::train::{Config, ExampleCount, Trainer};
use superposition::variant::Variant;

mod common;
use common::{assert_near, relative_error, tolerance};

/// One state: n, m, W and b flat, rows of (feature, value).
#[derive(Debug)]
struct State {
    n: usize,
    m: usize,
    params: Vec<f32>,
    rows: Vec<Vec<(u32, f32)>>,
}

/// What the state is made to hit.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Random,
    /// b far above every |Wᵀh|: every output active.
    AllActive,
    /// b far below: none is.
    AllInactive,
    /// W and b zero in half of the features: z is exactly 0 there.
    Ties,
    /// One example a thousand times longer than the others.
    Outlier,
    /// Every example the same.
    Equal,
}

const SHAPES: [Shape; 6] = [
    Shape::Random,
    Shape::AllActive,
    Shape::AllInactive,
    Shape::Ties,
    Shape::Outlier,
    Shape::Equal,
];

/// Numbers are multiples of 1/16, so z is exact in f32 as in f64: rounding can't decide on which side of the
/// ReLU's corner an output falls, and ties are true ties.
fn state(shape: Shape, n: usize, m: usize, t: usize, seed: u64) -> State {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut sixteenth = |from: i32, to: i32| random.random_range(from..=to) as f32 / 16.0;
    let mut params: Vec<f32> = (0..m * n + n).map(|_| sixteenth(-16, 16)).collect();
    let mut rows: Vec<Vec<(u32, f32)>> = (0..t)
        .map(|_| {
            let active: Vec<u32> = (0..n as u32).filter(|_| sixteenth(0, 160) < 1.0).collect();
            active.into_iter().map(|i| (i, sixteenth(0, 16))).collect()
        })
        .collect();
    match shape {
        Shape::Random => {}
        Shape::AllActive => params[m * n..].fill(4096.0),
        Shape::AllInactive => params[m * n..].fill(-4096.0),
        Shape::Ties => {
            for row in params.chunks_exact_mut(n) {
                for value in row.iter_mut().step_by(2) {
                    *value = 0.0;
                }
            }
        }
        Shape::Outlier => {
            for (_, x) in &mut rows[t / 2] {
                *x *= 1024.0;
            }
        }
        Shape::Equal => {
            let first = rows[0].clone();
            rows.fill(first);
        }
    }
    State { n, m, params, rows }
}

/// Gradients of the fast path and of the oracle.
fn gradients(state: &State) -> (Vec<f32>, Vec<f64>) {
    let examples = Examples::from_rows(state.n, &state.rows);
    let wide: Vec<f64> = state.params.iter().map(|&p| f64::from(p)).collect();
    let (_, expected) = naive::gradient(&wide, state.m, &examples);
    let params = Params::from_rows(state.n, state.m, &state.params);
    let mut gradient = Params::zeros(state.n, state.m);
    gradient.padded_mut().fill(f32::NAN);
    Blocked::default().gradient(&params, &examples, &mut gradient);
    (gradient.rows().flatten().copied().collect(), expected)
}

fn check(state: &State) -> Result<(), TestCaseError> {
    let (gradient, expected) = gradients(state);
    let error = relative_error(gradient.iter().map(|&d| f64::from(d)), &expected);
    prop_assert!(
        error < tolerance::BLOCKED_AGAINST_NAIVE,
        "relative error {error}"
    );
    let params = Params::from_rows(state.n, state.m, &state.params);
    let examples = Examples::from_rows(state.n, &state.rows);
    if LISTED.contains(&state.m) {
        let gradient = listed_gradient(&mut listed(state.m), &params, &examples);
        let error = relative_error(gradient.into_iter().map(f64::from), &expected);
        prop_assert!(
            error < tolerance::BLOCKED_AGAINST_NAIVE,
            "listed: relative error {error}"
        );
    }
    if state.m <= MOST_PRUNED {
        for gradient in pruned_gradients(&params, &examples) {
            let error = relative_error(gradient.into_iter().map(f64::from), &expected);
            prop_assert!(
                error < tolerance::BLOCKED_AGAINST_NAIVE,
                "pruned: relative error {error}"
            );
        }
    }
    Ok(())
}

/// The path of lists at m hidden dimensions.
fn listed(m: usize) -> Gradient {
    let path = Gradient::choose(10_000, m, 1000);
    assert_eq!(path.path(), Path::Listed);
    path
}

/// Its gradient, by lists even where they are long.
fn listed_gradient(path: &mut Gradient, params: &Params, examples: &Examples) -> Vec<f32> {
    let mut gradient = Params::zeros(params.n(), params.m());
    gradient.padded_mut().fill(f32::NAN);
    path.set_listed(true);
    path.gradient(params, examples, &mut gradient);
    gradient.rows().flatten().copied().collect()
}

/// The pruned gradient, computed in natural order and in the order that it is made for.
fn pruned_gradients(params: &Params, examples: &Examples) -> [Vec<f32>; 2] {
    let mut path = Gradient::of(Path::Pruned, Variant::PAPERS, params.n(), params.m());
    let flat = |params: &Params| params.rows().flatten().copied().collect();
    let mut natural = Params::zeros(params.n(), params.m());
    path.gradient(params, examples, &mut natural);
    let order = Order::find(params, &model::hidden(params, examples));
    let (mut arranged, mut ordered) = (params.clone(), natural.clone());
    order.arrange(arranged.padded_mut());
    path.gradient(&arranged, &order.arrange_examples(examples), &mut ordered);
    order.restore(ordered.padded_mut());
    [flat(&natural), flat(&ordered)]
}

/// The dimensions of the path of lists.
const LISTED: std::ops::RangeInclusive<usize> = 4..=32;

fn naive_gradient(params: &Params, examples: &Examples) -> Vec<f64> {
    let wide: Vec<f64> = params.rows().flatten().map(|&p| f64::from(p)).collect();
    naive::gradient(&wide, params.m(), examples).1
}

#[test]
fn lists_are_kept_for_many_steps_of_real_runs_and_match_new_ones_and_naive() {
    for (m, t) in [(4, 100), (6, 100), (8, 300), (16, 200), (32, 150)] {
        let mut trainer = Trainer::new(Config {
            n: 1000,
            m,
            t: ExampleCount::Finite(t),
            sparsity: 0.99,
            steps: 1500,
            lr: 3e-3,
            test_examples: 10,
            ..Config::default()
        })
        .unwrap();
        let (mut old, mut by_lists, mut made) = (listed(m), 0, 0);
        while !trainer.is_finished() {
            trainer.step();
            let work = trainer.work();
            by_lists += u64::from(work.pairs > 0);
            made += work.rows;
            let step = trainer.steps_done();
            if !step.is_multiple_of(10) {
                continue;
            }
            // Lists that go along with the run, against new ones and now and then the oracle.
            let (params, examples) = (trainer.params(), trainer.examples());
            let gradient = listed_gradient(&mut old, &params, examples);
            let bits = |gradient: &[f32]| gradient.iter().map(|d| d.to_bits()).collect::<Vec<_>>();
            let again = listed_gradient(&mut listed(m), &params, examples);
            assert_eq!(
                bits(&gradient),
                bits(&again),
                "m = {m}, T = {t}, step {step}"
            );
            if step.is_multiple_of(300) {
                let expected = naive_gradient(&params, examples);
                let name = format!("m = {m}, T = {t}, step {step}");
                assert_near(&gradient, &expected, t * 1000, &name);
            }
        }
        assert!(
            by_lists > 750,
            "m = {m}, T = {t}: {by_lists} steps by lists"
        );
        let share = made as f64 / (by_lists * 1000) as f64;
        assert!(
            share < 0.1,
            "m = {m}, T = {t}: {share} of the lists made anew"
        );
    }
}

#[test]
fn stale_lists_are_noticed_whatever_moves() {
    // One path goes from state to state. Of each it must say what a new path says, to the last bit.
    let (n, t) = (90, 50);
    for m in [4, 7, 8, 13, 32] {
        let mut old = listed(m);
        let states = SHAPES.iter().cycle().take(30).enumerate();
        let mut last = state(Shape::Random, n, m, t, 5);
        for (seed, &shape) in states {
            let other = state(shape, n, m, t, seed as u64);
            // In turn: everything is another, b alone, W alone, one weight, the examples alone.
            let mut next = State {
                params: last.params.clone(),
                rows: last.rows.clone(),
                ..other
            };
            match seed % 5 {
                0 => (next.params, next.rows) = (other.params, other.rows),
                1 => next.params[m * n..].copy_from_slice(&other.params[m * n..]),
                2 => next.params[..m * n].copy_from_slice(&other.params[..m * n]),
                3 => next.params[seed % (m * n)] += 3.0,
                _ => next.rows = other.rows,
            }
            let params = Params::from_rows(n, m, &next.params);
            let examples = Examples::from_rows(n, &next.rows);
            let gradients = [&mut old, &mut listed(m)].map(|path| {
                let gradient = listed_gradient(path, &params, &examples);
                gradient.iter().map(|d| d.to_bits()).collect::<Vec<_>>()
            });
            assert!(
                gradients[0] == gradients[1],
                "m = {m}, {shape:?}, state {seed}"
            );
            last = next;
        }
    }
}

#[test]
fn pruned_matches_naive_on_states_of_real_runs_in_all_three_regimes() {
    for m in 1..=MOST_PRUNED {
        for (t, steps) in [(20, 2000), (300, 1000), (3000, 1000)] {
            let mut trainer = Trainer::new(Config {
                n: 500,
                m,
                t: ExampleCount::Finite(t),
                sparsity: 0.98,
                steps,
                lr: 3e-3,
                test_examples: 10,
                ..Config::default()
            })
            .unwrap();
            for fraction in [20, 2, 1] {
                while trainer.steps_done() < steps / fraction {
                    trainer.step();
                }
                let params = trainer.params();
                let expected = naive_gradient(&params, trainer.examples());
                for gradient in pruned_gradients(&params, trainer.examples()) {
                    let name = format!("m = {m}, T = {t}, 1/{fraction}");
                    assert_near(&gradient, &expected, t * 500, &name);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn blocked_matches_naive_on_random_states(
        shape in prop::sample::select(&SHAPES[..]),
        n in 1usize..100,
        m in prop_oneof![1usize..=9, 1usize..=64],
        t in 1usize..40,
        seed: u64,
    ) {
        check(&state(shape, n, m, t, seed))?;
    }
}

#[test]
fn blocked_matches_naive_at_every_m() {
    for m in (1..=64).chain([100, 256]) {
        for shape in SHAPES {
            check(&state(shape, 37, m, 5, 7)).unwrap_or_else(|e| panic!("m = {m}, {shape:?}: {e}"));
        }
    }
}

#[test]
fn blocked_matches_naive_at_every_tail() {
    // Features come in lanes of 16 and chunks, examples in tiles.
    for m in [2, 7] {
        for n in (1..=34).chain([511, 512, 513, 1000, 1025]) {
            for t in 1..=9 {
                check(&state(Shape::Random, n, m, t, 11))
                    .unwrap_or_else(|e| panic!("n = {n}, m = {m}, T = {t}: {e}"));
            }
        }
    }
}

#[test]
fn blocked_matches_naive_with_more_examples_than_one_chunk() {
    for (m, t) in [(2, 2047), (2, 2048), (2, 2049), (2, 5000), (9, 4100)] {
        check(&state(Shape::Random, 33, m, t, 13))
            .unwrap_or_else(|e| panic!("m = {m}, T = {t}: {e}"));
    }
}

#[test]
fn scratch_memory_carries_nothing_from_one_call_to_the_next() {
    let mut blocked = Blocked::default();
    for (n, m, t) in [(100, 8, 30), (20, 2, 5), (100, 3, 31)] {
        let state = state(Shape::Random, n, m, t, 17);
        let params = Params::from_rows(n, m, &state.params);
        let examples = Examples::from_rows(n, &state.rows);
        let mut again = Params::zeros(n, m);
        blocked.gradient(&params, &examples, &mut again);
        let bits = |gradient: &[f32]| gradient.iter().map(|d| d.to_bits()).collect::<Vec<_>>();
        assert_eq!(
            bits(&again.rows().collect::<Vec<_>>().concat()),
            bits(&gradients(&state).0)
        );
    }
}

#[test]
fn inactive_outputs_have_no_gradient() {
    for shape in [Shape::AllInactive, Shape::Ties] {
        let state = state(shape, 40, 2, 9, 19);
        let (gradient, expected) = gradients(&state);
        let inactive = |i: usize| matches!(shape, Shape::AllInactive) || i.is_multiple_of(2);
        for i in (0..state.n).filter(|&i| inactive(i)) {
            assert_eq!(gradient[state.m * state.n + i], 0.0);
            assert_eq!(expected[state.m * state.n + i], 0.0);
        }
    }
}

#[test]
fn naive_matches_central_differences() {
    for m in [1, 2, 3, 8] {
        let mut random = ChaCha8Rng::seed_from_u64(23);
        let n = 30;
        let rows: Vec<Vec<(u32, f32)>> = (0..6)
            .map(|t| {
                (0..n)
                    .filter(|i| (i + t) % 7 == 0)
                    .map(|i| (i, random.random()))
                    .collect()
            })
            .collect();
        let examples = Examples::from_rows(n as usize, &rows);
        let mut params: Vec<f64> = (0..(m + 1) * n as usize)
            .map(|_| random.random_range(-1.0..1.0))
            .collect();
        let (_, gradient) = naive::gradient(&params, m, &examples);
        let step = 1e-6;
        let differences: Vec<f64> = (0..params.len())
            .map(|i| {
                let at = params[i];
                params[i] = at + step;
                let above = naive::gradient(&params, m, &examples).0;
                params[i] = at - step;
                let below = naive::gradient(&params, m, &examples).0;
                params[i] = at;
                (above - below) / (2.0 * step)
            })
            .collect();
        let error = relative_error(gradient, &differences);
        assert!(error < tolerance::CENTRAL_DIFFERENCES, "m = {m}: {error}");
    }
}
