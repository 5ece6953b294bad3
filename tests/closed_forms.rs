//! Does the code agree with what can be worked out on paper? Exact minima, dimensionalities, polygons.

use std::f64::consts::TAU;

use ndarray::ArrayView2;
use superposition::data::Examples;
use superposition::gradient::blocked::Blocked;
use superposition::gradient::naive;
use superposition::model::{self, Params};
use superposition::variant::Variant;
use superposition::{math, measure, theory};

mod common;
use common::drawing::noise;
use common::tolerance;

const SIZES: [usize; 10] = [3, 4, 5, 6, 8, 10, 15, 30, 50, 100];

/// T examples on disjoint features, of one or four each, with exactly representable values and unit length.
fn orthogonal_examples(t: usize) -> Vec<Vec<(u32, f32)>> {
    (0..t as u32)
        .map(|e| match e % 2 {
            0 => vec![(4 * e, 1.0)],
            _ => (0..4).map(|i| (4 * e + i, 0.5)).collect(),
        })
        .collect()
}

/// W and b of the regular polygon of radius r that memorises `rows`: u_e = r (cos 2πe/T, sin 2πe/T),
/// W = Σ u_e x_eᵀ, b = −(r² − 1) x where an example is active. W row after row, then b.
fn polygon_params(rows: &[Vec<(u32, f32)>], n: usize, radius: f64) -> Vec<f64> {
    let mut params = vec![0.0; 3 * n];
    for (e, row) in rows.iter().enumerate() {
        let angle = TAU * e as f64 / rows.len() as f64;
        for &(i, x) in row {
            let (i, x) = (i as usize, f64::from(x));
            params[i] = radius * math::cos(angle) * x;
            params[n + i] = radius * math::sin(angle) * x;
            params[2 * n + i] = -(radius * radius - 1.0) * x;
        }
    }
    params
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, x| x.abs().max(largest))
}

#[test]
fn polygon_of_the_closed_form_radius_is_an_exact_minimum() {
    for t in SIZES {
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let examples = Examples::from_rows(n, &rows);
        let radius = theory::polygon_radius(t).unwrap();
        // A larger one is exact as well.
        for radius in [radius, 1.01 * radius] {
            let (loss, gradient) = naive::gradient(&polygon_params(&rows, n, radius), 2, &examples);
            // Terms are of size r².
            let rounding = tolerance::CLOSED_FORM * radius * radius;
            assert!(loss < rounding, "T = {t}, r = {radius}: loss {loss}");
            let gradient = largest(&gradient);
            assert!(
                gradient < radius * rounding,
                "T = {t}, r = {radius}: gradient {gradient}"
            );
        }
        // A smaller one lets neighbours through.
        let (loss, _) = naive::gradient(&polygon_params(&rows, n, 0.99 * radius), 2, &examples);
        assert!(loss > 1e-6, "T = {t}: loss {loss}");
    }
}

/// W and b that memorise orthogonal `rows` of any lengths c with these hidden vectors u: W = Σ u_e x_eᵀ / c_e²,
/// b = −(u_e²/c_e² − 1) x where an example is active. Exact iff u_j² − u_i · u_j ≥ c_j² for all i ≠ j.
fn memorising_params(rows: &[Vec<(u32, f32)>], n: usize, hidden: &[[f64; 2]]) -> Vec<f64> {
    let mut params = vec![0.0; 3 * n];
    for (row, [x0, x1]) in rows.iter().zip(hidden) {
        let square: f64 = row.iter().map(|&(_, x)| f64::from(x * x)).sum();
        for &(i, x) in row {
            let (i, x) = (i as usize, f64::from(x));
            params[i] = x0 * x / square;
            params[n + i] = x1 * x / square;
            params[2 * n + i] = -((x0 * x0 + x1 * x1) / square - 1.0) * x;
        }
    }
    params
}

fn assert_exact(params: &[f64], examples: &Examples, what: &str) {
    let (loss, gradient) = naive::gradient(params, 2, examples);
    let size = largest(params);
    let rounding = tolerance::CLOSED_FORM * size * size;
    assert!(loss < rounding, "{what}: loss {loss}");
    let gradient = largest(&gradient);
    assert!(gradient < size * rounding, "{what}: gradient {gradient}");
}

#[test]
fn examples_of_unequal_lengths_share_one_circle_too() {
    for t in SIZES {
        let n = 4 * t;
        let mut rows = orthogonal_examples(t);
        // Powers of two, so that lengths stay exact.
        let lengths: Vec<f32> = (0..t).map(|e| [1.0, 0.5, 2.0][e % 3]).collect();
        for (row, c) in rows.iter_mut().zip(&lengths) {
            row.iter_mut().for_each(|(_, x)| *x *= c);
        }
        let examples = Examples::from_rows(n, &rows);
        let longest = f64::from(lengths.iter().copied().fold(0.0, f32::max));
        let radius = longest * theory::polygon_radius(t).unwrap();
        let ring = |radius: f64| -> Vec<[f64; 2]> {
            let angle = |e: usize| TAU * e as f64 / t as f64;
            let corner = |e| [radius * math::cos(angle(e)), radius * math::sin(angle(e))];
            (0..t).map(corner).collect()
        };
        let params = memorising_params(&rows, n, &ring(radius));
        assert_exact(&params, &examples, &format!("T = {t}"));
        let smaller = memorising_params(&rows, n, &ring(0.99 * radius));
        assert!(naive::gradient(&smaller, 2, &examples).0 > 1e-6, "T = {t}");
    }
}

#[test]
fn untied_polygons_memorise_examples_of_any_lengths_with_the_least_norm() {
    let variant = Variant {
        untied: true,
        ..Variant::PAPERS
    };
    for t in SIZES {
        let n = 4 * t;
        let mut rows = orthogonal_examples(t);
        let lengths: Vec<f64> = (0..t).map(|e| [1.0, 0.5, 2.0][e % 3]).collect();
        for (row, c) in rows.iter_mut().zip(&lengths) {
            row.iter_mut().for_each(|(_, x)| *x *= *c as f32);
        }
        let examples = Examples::from_rows(n, &rows);
        // W, W_up, b of corners at these lengths.
        let params = |[hidden, up]: [f64; 2]| -> Vec<f64> {
            let mut params = vec![0.0; 5 * n];
            for (e, (row, c)) in rows.iter().zip(&lengths).enumerate() {
                let angle = TAU * e as f64 / t as f64;
                for &(i, x) in row {
                    let (i, x) = (i as usize, f64::from(x));
                    for (k, v) in [math::cos(angle), math::sin(angle)].into_iter().enumerate() {
                        params[k * n + i] = hidden * v * x / (c * c);
                        params[(2 + k) * n + i] = up * v * x;
                    }
                    params[4 * n + i] = (1.0 - hidden * up) * x;
                }
            }
            params
        };
        let [hidden, up] = theory::untied_polygon(&lengths).unwrap();
        let exact = params([hidden, up]);
        let rounding = tolerance::CLOSED_FORM * hidden * up;
        let (loss, gradient) = naive::gradient_of(&variant, &exact, 2, &examples);
        assert!(loss < rounding, "T = {t}: loss {loss}");
        let gradient = largest(&gradient);
        assert!(gradient < (hidden + up) * rounding, "T = {t}: {gradient}");
        // A smaller one lets neighbours through.
        let smaller = params([0.99 * hidden, up]);
        let (loss, _) = naive::gradient_of(&variant, &smaller, 2, &examples);
        assert!(loss > 1e-6, "T = {t}: loss {loss}");
        // Another way to share the product between W and W_up is as exact and has larger norms.
        let square = |params: &[f64]| params[..4 * n].iter().map(|w| w * w).sum::<f64>();
        for factor in [0.9, 1.1] {
            let other = params([factor * hidden, up / factor]);
            let (loss, _) = naive::gradient_of(&variant, &other, 2, &examples);
            assert!(loss < rounding && square(&other) > square(&exact));
        }
    }
    // Of unit length both are the tied polygon.
    let radius = theory::polygon_radius(5).unwrap();
    let [hidden, up] = theory::untied_polygon(&[1.0; 5]).unwrap();
    assert!((hidden - radius).abs() < 1e-12 && (up - radius).abs() < 1e-12);
    assert_eq!(theory::untied_polygon(&[1.0; 2]), None);
}

#[test]
fn two_circles_can_memorise_exactly_at_a_higher_price() {
    for outer in [5, 7, 9, 14] {
        let t = outer + 1;
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let examples = Examples::from_rows(n, &rows);
        let polygon = theory::polygon_radius(t).unwrap();
        for inner in [1.0, 1.1, 1.3] {
            let hidden = theory::ring_around_one(outer, inner).unwrap();
            let params = memorising_params(&rows, n, &hidden);
            assert_exact(&params, &examples, &format!("{inner} within {outer}"));
            let norm = params[..2 * n].iter().map(|x| x * x).sum::<f64>().sqrt();
            assert!(norm > theory::polygon_w_norm(t).unwrap());
            // Wider than the polygon, and no wider than it must be.
            let [x, y] = hidden[1];
            assert!(x * x + y * y > polygon * polygon);
            let shrunk = |h: &[f64; 2]| h.map(|x| 0.99 * x);
            let ring = hidden[1..].iter().map(shrunk);
            let smaller: Vec<[f64; 2]> = std::iter::once(hidden[0]).chain(ring).collect();
            let smaller = memorising_params(&rows, n, &smaller);
            assert!(naive::gradient(&smaller, 2, &examples).0 > 1e-7);
        }
    }
    assert_eq!(theory::ring_around_one(9, 0.9), None);
    // As long as the polygon's radius, it is on the circle.
    assert_eq!(theory::ring_around_one(9, 2.4), None);
}

#[test]
fn polygon_is_a_minimum_for_the_f32_path_too() {
    for t in SIZES {
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let examples = Examples::from_rows(n, &rows);
        // Rounding must not reach the ReLU's corner.
        let radius = 1.01 * theory::polygon_radius(t).unwrap();
        let values: Vec<f32> = polygon_params(&rows, n, radius)
            .iter()
            .map(|&p| p as f32)
            .collect();
        let params = Params::from_rows(n, 2, &values);
        let rounding = tolerance::CLOSED_FORM_F32 * radius * radius;
        let loss = model::evaluate(&params, &examples).loss;
        assert!(loss < rounding * rounding, "T = {t}: loss {loss}");
        let mut gradient = Params::zeros(n, 2);
        Blocked::default().gradient(&params, &examples, &mut gradient);
        let gradient: Vec<f64> = gradient.rows().flatten().copied().map(f64::from).collect();
        assert!(
            largest(&gradient) < radius * rounding,
            "T = {t}: {}",
            largest(&gradient)
        );
    }
}

#[test]
fn polygon_norms_are_the_closed_forms() {
    for t in SIZES {
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let radius = theory::polygon_radius(t).unwrap();
        let params = polygon_params(&rows, n, radius);
        let norm = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>().sqrt();
        for (measured, closed_form) in [
            (norm(&params[..2 * n]), theory::polygon_w_norm(t).unwrap()),
            (norm(&params[2 * n..]), theory::polygon_b_norm(t).unwrap()),
        ] {
            let off = (measured - closed_form).abs();
            assert!(
                off < tolerance::CLOSED_FORM * (1.0 + closed_form),
                "T = {t}: {measured} {closed_form}"
            );
        }
    }
}

#[test]
fn example_left_at_the_origin_is_a_true_local_minimum() {
    // The paper's optimisation failure: T − 1 examples on a polygon, the last with W = 0 and b = x/T. Its loss is
    // (1 − 1/T)², that of the others 1/T² each, so the mean is (1 − 1/T)/T, and there is no gradient.
    for t in [5, 6, 10] {
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let learned = &rows[..t - 1];
        let radius = 1.01 * theory::polygon_radius(t - 1).unwrap();
        let mut params = polygon_params(learned, n, radius);
        for &(i, x) in &rows[t - 1] {
            params[2 * n + i as usize] = f64::from(x) / t as f64;
        }
        let (half, gradient) = naive::gradient(&params, 2, &Examples::from_rows(n, &rows));
        let share = 1.0 / t as f64;
        let loss = 2.0 * half * share;
        assert!(
            (loss - (1.0 - share) * share).abs() < tolerance::CLOSED_FORM,
            "T = {t}: {loss}"
        );
        assert!(
            largest(&gradient) < tolerance::CLOSED_FORM * 100.0,
            "T = {t}"
        );
    }
}

/// D of rows of `m` numbers.
fn dimensionalities(m: usize, vectors: &[f32]) -> Vec<f64> {
    measure::dimensionalities(ArrayView2::from_shape((vectors.len() / m, m), vectors).unwrap())
}

/// Corners of a regular polygon, one after the other.
fn ring(count: usize, radius: f64) -> Vec<f32> {
    (0..count)
        .map(|i| TAU * i as f64 / count as f64)
        .flat_map(|a| {
            [
                (radius * math::cos(a)) as f32,
                (radius * math::sin(a)) as f32,
            ]
        })
        .collect()
}

fn all_near(found: &[f64], expected: f64) {
    assert!(!found.is_empty());
    for d in found {
        assert!(
            (d - expected).abs() < tolerance::DIMENSIONALITY,
            "{d}, expected {expected}"
        );
    }
}

#[test]
fn examples_of_a_polygon_have_dimensionality_two_over_t() {
    for t in SIZES {
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let radius = theory::polygon_radius(t).unwrap();
        let values: Vec<f32> = polygon_params(&rows, n, radius)
            .iter()
            .map(|&p| p as f32)
            .collect();
        let hidden = model::hidden(
            &Params::from_rows(n, 2, &values),
            &Examples::from_rows(n, &rows),
        );
        all_near(&dimensionalities(2, &hidden), 2.0 / t as f64);
        let polygon = measure::polygon(hidden.as_chunks().0).unwrap();
        assert!(polygon.regular && polygon.on_ring == t && polygon.unlearned == 0);
        assert_eq!(polygon.closed_form_radius, Some(radius));
        assert!((polygon.radius / radius - 1.0).abs() < tolerance::UNIT_LENGTH);
        assert!(polygon.angular_error_degrees < 1e-3);
    }
}

#[test]
fn dimensionality_of_simple_arrangements_is_known() {
    // Orthogonal vectors have a dimension each, whatever their lengths.
    all_near(
        &dimensionalities(3, &[5.0, 0.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 2.0]),
        1.0,
    );
    // An antipodal pair shares one.
    all_near(&dimensionalities(2, &[0.3, 0.4, -0.3, -0.4]), 0.5);
    // R copies of one vector share what one would have.
    for copies in [2, 7, 100] {
        let vectors = [1.0, 2.0, -2.0].repeat(copies);
        all_near(&dimensionalities(3, &vectors), 1.0 / copies as f64);
    }
    // Two vectors at 60°: 1 / (1 + cos² 60°).
    all_near(&dimensionalities(2, &[1.0, 0.0, 0.5, 0.75f32.sqrt()]), 0.8);
    // Two at one length ratio, along one line: v⁴ / (v²(v² + w²)).
    let found = dimensionalities(1, &[1.0, 2.0]);
    all_near(&found[..1], 0.2);
    all_near(&found[1..], 0.8);
    // A vector at the origin has none and takes none.
    assert_eq!(dimensionalities(2, &[0.0, 0.0, 0.0, 3.0]), [0.0, 1.0]);
    // Scaling everything changes nothing.
    let mut vectors = ring(7, 1e-15);
    all_near(&dimensionalities(2, &vectors), 2.0 / 7.0);
    vectors.iter_mut().for_each(|x| *x *= 1e25);
    all_near(&dimensionalities(2, &vectors), 2.0 / 7.0);
}

#[test]
fn dimensionality_matches_its_definition() {
    // Dᵢ = ‖vᵢ‖² / Σⱼ (v̂ᵢ · vⱼ)², pair by pair.
    let (m, count) = (5, 40);
    let vectors: Vec<f32> = (0..m * count)
        .map(|i| ((i * i * 31 + 7 * i) % 101) as f32 / 50.0 - 1.0)
        .collect();
    let dot = |i: usize, j: usize| -> f64 {
        (0..m)
            .map(|k| f64::from(vectors[i * m + k]) * f64::from(vectors[j * m + k]))
            .sum()
    };
    for (i, d) in dimensionalities(m, &vectors).into_iter().enumerate() {
        let seen: f64 = (0..count).map(|j| dot(i, j) * dot(i, j) / dot(i, i)).sum();
        assert!((d - dot(i, i) / seen).abs() < tolerance::CLOSED_FORM, "{i}");
    }
}

#[test]
fn five_features_lower_the_loss_most() {
    // F features of unit length on a regular polygon, b = 0, one active feature at a time, uniform on [0, 1]: the
    // change of the loss over 1 − S is the integral of x² Σ_j (ReLU(cos)² …) − x², summed pair by pair here.
    for (features, table) in (3..=7).zip([-1.000, -1.333, -1.348, -1.000, -0.519]) {
        let gain = theory::feature_polygon_gain(features);
        assert!((gain - table).abs() < 5e-4, "F = {features}: {gain}");
        let others: f64 = (1..features)
            .map(|j| math::cos(TAU * j as f64 / features as f64).max(0.0))
            .filter(|cosine| *cosine > 1e-12)
            .map(|cosine| cosine * cosine)
            .sum();
        // E x² = 1/3; a learned feature's own error vanishes.
        let pairs = features as f64 / 3.0 * (others - 1.0);
        assert!(
            (gain - pairs).abs() < tolerance::CLOSED_FORM,
            "F = {features}: {gain} {pairs}"
        );
    }
    let best = (3..=12).min_by(|&a, &b| {
        theory::feature_polygon_gain(a).total_cmp(&theory::feature_polygon_gain(b))
    });
    assert_eq!(best, Some(5));
}

/// In the toy model: the corners of a polygon each hold their share of D*; with five features on a pentagon, nearly all of it
/// is held by the few examples that have one of them.
#[test]
fn d_star_tells_memorised_examples_from_learned_features() {
    let share = |hidden: &[f32]| {
        let view = ArrayView2::from_shape((hidden.len() / 2, 2), hidden).unwrap();
        measure::evenly_held(&measure::max_data_dimensionality(view))
    };
    assert_eq!(share(&ring(30, 6.8)), 1.0);
    // One of four left at the origin: three hold everything.
    assert_eq!(share(&[ring(3, 2.0), vec![0.0, 0.0]].concat()), 0.75);

    let (n, corners) = (1000, ring(5, 1.0));
    let train = superposition::data::Stream::Train;
    let examples = superposition::data::Source::new(n, 0.99, true, 3, train).examples(0..2000);
    let hidden: Vec<f32> = (examples.rows())
        .flat_map(|(features, values)| {
            let known = features.iter().zip(values).filter(|(i, _)| **i < 5);
            known.fold([0.0; 2], |[x, y], (&i, &value)| {
                let k = 2 * i as usize;
                [x + corners[k] * value, y + corners[k + 1] * value]
            })
        })
        .collect();
    assert!(share(&hidden) < 0.05, "{}", share(&hidden));
}

/// Hidden vectors that are no polygon: lengths and angles without a pattern.
fn scattered(t: usize, salt: usize) -> Vec<[f64; 2]> {
    let vector = |k: usize| {
        let length = 0.3 + 2.0 * noise(2 * k + 100 * salt);
        let angle = TAU * noise(2 * k + 1 + 100 * salt);
        [length * math::cos(angle), length * math::sin(angle)]
    };
    (0..t).map(vector).collect()
}

/// W = Σ u_e x_eᵀ, and on the features of each example the bias that `recall` has found.
fn recalling_params(
    rows: &[Vec<(u32, f32)>],
    n: usize,
    hidden: &[[f64; 2]],
    recall: &theory::Recall,
) -> Vec<f64> {
    let mut params = vec![0.0; 3 * n];
    for (e, row) in rows.iter().enumerate() {
        for &(i, x) in row {
            let (i, x) = (i as usize, f64::from(x));
            params[i] = hidden[e][0] * x;
            params[n + i] = hidden[e][1] * x;
            params[2 * n + i] = recall.bias(e) * x;
        }
    }
    params
}

#[test]
fn what_vectors_recall_is_what_the_model_returns_with_its_best_biases() {
    for t in [3, 4, 5, 8, 12] {
        let (rows, n) = (orthogonal_examples(t), 4 * t);
        let examples = Examples::from_rows(n, &rows);
        for salt in 0..20 {
            let hidden = scattered(t, salt);
            let recall = theory::Recall::of(&hidden);
            // The oracle's is half the sum over examples.
            let loss_at = |params: &[f64]| 2.0 * naive::gradient(params, 2, &examples).0 / t as f64;
            let params = recalling_params(&rows, n, &hidden, &recall);
            let loss = loss_at(&params);
            assert!(
                (loss - recall.loss()).abs() < 1e-6,
                "{loss}, {}",
                recall.loss()
            );
            // No bias beside these does better: near, far, and where nothing comes out.
            for (e, row) in rows.iter().enumerate() {
                for change in [-30.0, -0.3, -1e-3, 1e-3, 0.3, 3.0] {
                    let mut other = params.clone();
                    for &(i, x) in row {
                        other[2 * n + i as usize] += change * f64::from(x);
                    }
                    assert!(
                        loss_at(&other) >= loss - 1e-9,
                        "T = {t}, example {e}, {change}"
                    );
                }
            }
        }
    }
}

#[test]
fn vectors_recall_exactly_iff_each_is_longer_than_what_others_put_in() {
    let regular = |t: usize, r: f64| -> Vec<[f64; 2]> {
        let angle = |k: usize| TAU * k as f64 / t as f64;
        (0..t)
            .map(|k| [r * math::cos(angle(k)), r * math::sin(angle(k))])
            .collect()
    };
    for t in 3..=12 {
        let least = theory::polygon_radius(t).unwrap();
        assert!(theory::Recall::of(&regular(t, least * (1.0 + 1e-9))).loss() < 1e-15);
        assert!(theory::Recall::of(&regular(t, 0.99 * least)).loss() > 1e-6);
    }
    for salt in 0..200 {
        let hidden = scattered(3, salt);
        let all = (0..3)
            .flat_map(|i| (0..3).map(move |j| (i, j)))
            .filter(|(i, j)| i != j);
        let least = all.map(|(i, j)| {
            let (a, b): ([f64; 2], [f64; 2]) = (hidden[i], hidden[j]);
            b[0] * b[0] + b[1] * b[1] - a[0] * b[0] - a[1] * b[1]
        });
        let exact = least.fold(f64::INFINITY, f64::min) >= 1.0;
        assert_eq!(
            theory::Recall::of(&hidden).loss() < 1e-15,
            exact,
            "{hidden:?}"
        );
    }
}
