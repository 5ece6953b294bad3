//! Do the figures look as they did, and hold what they must whatever the data? Golden SVGs under `golden/`, remade by
//! `UPDATE_GOLDEN=1 cargo test --test figures`, and claims about their elements.

mod common;

use std::f64::consts::TAU;

use common::drawing::{check_bounds, check_contract, check_golden, drawn, noise, polygon};
use superposition::figures::{Dimensionalities, Figure, Losses, Ranked, Role, Theme, Vectors, svg};
use superposition::math::{cos, exp, powf, sin};

/// Columns of W after memorising `t` examples of about ten features each: most tiny, the examples' own on t rays.
fn features(t: usize, n: usize) -> Vec<f32> {
    (0..n)
        .flat_map(|k| {
            let ray = (k % t) as f64 * TAU / t as f64 + 0.3;
            let length = if k < 10 * t {
                1.2 * noise(k)
            } else {
                0.012 * noise(k)
            };
            let turn = if k < 10 * t {
                ray
            } else {
                TAU * noise(3 * k + 1)
            };
            [length * cos(turn), length * sin(turn)]
        })
        .map(|x| x as f32)
        .collect()
}

/// A round cloud, dense in the middle.
fn blob(count: usize, m: usize) -> Vec<f32> {
    (0..count * m)
        .map(|k| (0..4).map(|j| noise(4 * k + j) - 0.5).sum::<f64>() as f32)
        .collect()
}

fn vectors(role: Role, m: usize, vectors: &[f32]) -> Vectors<'_> {
    Vectors::new(role, m, vectors)
}

/// Steps of evaluation and two curves that go from 1 to the given losses.
fn history(train_end: f64, test_end: f64) -> [Vec<f64>; 3] {
    let mut steps = vec![0.0];
    steps.extend((0..60).map(|k| powf(50_000.0, k as f64 / 59.0).round()));
    steps.dedup();
    let along = |end: f64, wait: f64| -> Vec<f64> {
        let fall = |step: &f64| 1.0 - exp(-(step / wait));
        steps.iter().map(|step| powf(end, fall(step))).collect()
    };
    let (train, test) = (along(train_end, 6000.0), along(test_end, 2500.0));
    [steps, train, test]
}

fn losses(history: &[Vec<f64>; 3]) -> Losses<'_> {
    Losses {
        steps: (&history[0]).into(),
        train: (&history[1]).into(),
        test: (&history[2]).into(),
        total_steps: 50_000.0,
        ..Losses::default()
    }
}

fn dimensionalities<'a>(features: &'a [f64], examples: &'a [f64], t: f64) -> Dimensionalities<'a> {
    Dimensionalities {
        features: features.into(),
        examples: examples.into(),
        m: 2,
        t,
        ..Dimensionalities::default()
    }
}

/// Dimensionalities of features: most next to nothing, `learned` of about `size`.
fn few_learned(n: usize, learned: usize, size: f64) -> Vec<f64> {
    let d = |k| {
        if k < learned {
            size * (0.9 + 0.2 * noise(k))
        } else {
            0.02 * powf(noise(k), 6.0)
        }
    };
    (0..n).map(d).collect()
}

#[test]
fn figures_look_as_they_did() {
    let pentagon = polygon(5, 1.203);
    let examples = Vectors {
        closed_form_radius: Some(1.203),
        selected: Some(2),
        ..vectors(Role::Examples, 2, &pentagon)
    };
    check_golden("examples_5_light_320", &examples, (320, 320), Theme::Light);
    let ring = polygon(30, 6.765);
    let examples = Vectors {
        closed_form_radius: Some(6.765),
        ..vectors(Role::Examples, 2, &ring)
    };
    check_golden("examples_30_dark_480", &examples, (480, 480), Theme::Dark);
    let cloud = blob(2000, 2);
    check_golden(
        "examples_2000_light_320",
        &vectors(Role::Examples, 2, &cloud),
        (320, 320),
        Theme::Light,
    );
    let columns = features(5, 10_000);
    check_golden(
        "features_5_light_320",
        &vectors(Role::Features, 2, &columns),
        (320, 320),
        Theme::Light,
    );
    let cloud = blob(300, 1);
    check_golden(
        "features_m1_dark_480",
        &vectors(Role::Features, 1, &cloud),
        (480, 240),
        Theme::Dark,
    );
    let cloud = blob(200, 8);
    check_golden(
        "examples_m8_print_320",
        &vectors(Role::Examples, 8, &cloud),
        (320, 320),
        Theme::Print,
    );

    let memorised = history(1e-6, 1.0004);
    check_golden(
        "losses_memorised_light_320",
        &losses(&memorised),
        (320, 240),
        Theme::Light,
    );
    let bump = history(0.97, 1.0149);
    let selected = Losses {
        selected_step: Some(1000.0),
        ..losses(&bump)
    };
    check_golden("losses_bump_dark_480", &selected, (480, 300), Theme::Dark);
    let runaway = history(1e-3, 5000.0);
    check_golden(
        "losses_runaway_print_800",
        &losses(&runaway),
        (800, 360),
        Theme::Print,
    );

    let features = few_learned(10_000, 40, 0.06);
    let examples = [0.41, 0.39, 0.4, 0.385, 0.42];
    check_golden(
        "dimensionalities_5_light_320",
        &dimensionalities(&features, &examples, 5.0),
        (320, 240),
        Theme::Light,
    );
    let features = few_learned(10_000, 5, 0.25);
    let examples: Vec<f64> = (0..2000).map(|k| 0.03 * noise(k) * noise(k + 1)).collect();
    check_golden(
        "dimensionalities_inf_dark_480",
        &dimensionalities(&features, &examples, f64::INFINITY),
        (480, 300),
        Theme::Dark,
    );
}

fn elements(svg: &str) -> usize {
    svg.matches("/>").count() + svg.matches("</text>").count()
}

const SIZES: [(u32, u32); 4] = [(280, 200), (300, 300), (480, 320), (900, 400)];

#[test]
fn everything_is_inside_at_every_size() {
    let polygon = polygon(15, 3.401);
    let cloud = blob(500, 4);
    let line = blob(500, 1);
    let histories = [
        history(1e-9, 1.0),
        history(2.6e-11, 1.0), // its label, with six characters of exponent, was once cut off
        history(0.5, 1.0149),
        history(1e-3, 5e5),
    ];
    let d = few_learned(1000, 5, 0.99);
    for size in SIZES {
        let mut all: Vec<Box<dyn Figure + '_>> = vec![
            Box::new(Vectors {
                closed_form_radius: Some(3.401),
                selected: Some(3),
                ..vectors(Role::Examples, 2, &polygon)
            }),
            Box::new(vectors(Role::Features, 4, &cloud)),
            Box::new(vectors(Role::Features, 1, &line)),
            Box::new(dimensionalities(&d, &d[..30], 30.0)),
            Box::new(dimensionalities(&d[5..], &[], f64::INFINITY)),
        ];
        for history in &histories {
            for total_steps in [1.0, 300.0, 50_000.0, 1e6] {
                all.push(Box::new(Losses {
                    total_steps,
                    selected_step: Some(0.0),
                    ..losses(history)
                }));
            }
        }
        for figure in all {
            check_bounds(&svg(&*figure, size, Theme::Light), size);
        }
    }
}

/// The labels of a drawing, in order.
fn labels(drawing: &str) -> Vec<&str> {
    let texts = drawing.split("<text").skip(1);
    texts
        .filter_map(|text| text.split_once(">\n")?.1.split_once("\n<"))
        .map(|(label, _)| label)
        .collect()
}

#[test]
fn a_figure_takes_the_scale_of_the_one_beside_it() {
    let size = (320, 320);
    let (short, long) = (polygon(5, 1.2), polygon(5, 40.0));
    let beside = Vectors {
        beside: vectors(Role::Examples, 2, &long).reach(),
        ..vectors(Role::Examples, 2, &short)
    };
    let drawn = |figure: &dyn Figure| svg(figure, size, Theme::Light);
    let of_long = drawn(&vectors(Role::Examples, 2, &long));
    assert_eq!(labels(&drawn(&beside)), labels(&of_long));
    assert_ne!(
        labels(&drawn(&vectors(Role::Examples, 2, &short))),
        labels(&of_long)
    );

    // All labels but the last readings right of the curves: the two names with a value each.
    let axes = |losses: &Losses| {
        let drawing = drawn(losses);
        let labels: Vec<String> = labels(&drawing).into_iter().map(String::from).collect();
        labels[..labels.len() - 4].to_vec()
    };
    let (memorised, runaway) = (history(1e-6, 1.0), history(1e-3, 5e5));
    let short = Losses {
        total_steps: 1000.0,
        ..losses(&memorised)
    };
    let long = losses(&runaway);
    let with = |one: &Losses, other: &Losses| {
        axes(&Losses {
            beside: other.reach(),
            ..one.clone()
        })
    };
    assert_eq!(with(&short, &long), with(&long, &short));
    assert_ne!(axes(&short), axes(&long));

    let (few, many) = ([0.01, 0.02], [0.7, 0.4]);
    let many = dimensionalities(&many, &few, 100.0);
    let beside = Dimensionalities {
        beside: many.reach(),
        ..dimensionalities(&few, &few, 100.0)
    };
    assert_eq!(labels(&drawn(&beside)), labels(&drawn(&many)));
}

#[test]
fn ranked_curves_are_golden_and_within_bounds() {
    const COUNT: usize = 60_000;
    // Denser towards both ends, as a pack has them.
    let tail: Vec<f64> = (0..16).map(|k| f64::from((1 << k) - 1)).collect();
    let from_the_top = tail.iter().rev().map(|rank| COUNT as f64 - 1.0 - rank);
    let ranks: Vec<f64> = tail.iter().copied().chain(from_the_top).collect();
    let mean = 512.0 / COUNT as f64;
    let d_star: Vec<f64> = (ranks.iter())
        .map(|rank| mean * powf((rank + 1.0) / (COUNT as f64 - rank), 0.4))
        .collect();
    let digits = |ranks: &[f64]| -> Vec<f64> { ranks.iter().step_by(3).copied().collect() };
    let (shown, wrong) = (digits(&ranks), digits(&ranks[20..]));
    let plain = Ranked {
        count: COUNT,
        ranks: (&ranks).into(),
        d_star: (&d_star).into(),
        mean,
        ..Ranked::default()
    };
    let chosen = Ranked {
        brush: Some((59_000.0, 59_990.0)),
        shown: (&shown).into(),
        wrong: (&wrong).into(),
        selected: Some(shown[2] as usize),
        highest: 1.0,
        ..plain.clone()
    };
    for (name, figure, size, theme) in [
        ("ranked_plain_dark_320", plain, (320, 280), Theme::Dark),
        ("ranked_chosen_light_640", chosen, (640, 320), Theme::Light),
    ] {
        check_golden(name, &figure, size, theme);
        check_bounds(&svg(&figure, size, theme), size);
    }
}

#[test]
fn the_step_that_is_shown_is_a_line_of_its_own() {
    let history = history(1e-6, 1.0);
    let at = |shown_step| {
        let figure = Losses {
            shown_step,
            ..losses(&history)
        };
        svg(&figure, (480, 320), Theme::Dark)
    };
    assert_ne!(at(None), at(Some(1000.0)));
    assert_ne!(at(Some(2000.0)), at(Some(1000.0)));
}

#[test]
fn odd_data_draw_the_axes_and_no_panic() {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let odd: [&[f64]; 8] = [
        &[],
        &[0.0],
        &[nan],
        &[inf, nan, -inf],
        &[1e308, -1e308, 5e-324],
        &[-1.0, -2.0, 3.0],
        &[0.0; 40],
        &[1.0, nan, 0.5, inf],
    ];
    for series in odd {
        let narrow: Vec<f32> = series.iter().map(|&x| x as f32).collect();
        for size in [(280, 200), (40, 30), (1, 1)] {
            for m in [1, 2, 3] {
                for (radius, selected) in
                    [(None, None), (Some(nan), Some(0)), (Some(inf), Some(99))]
                {
                    let figure = Vectors {
                        closed_form_radius: radius,
                        selected,
                        ..vectors(Role::Examples, m, &narrow[..narrow.len() / m * m])
                    };
                    assert!(!svg(&figure, size, Theme::Dark).contains("NaN"));
                }
            }
            for (other, total_steps) in [(&[][..], 0.0), (series, nan), (&[1.0, 2.0, 3.0], inf)] {
                let figure = Losses {
                    steps: other.into(),
                    train: series.into(),
                    test: other.into(),
                    live_steps: series.into(),
                    live_train: other.into(),
                    selected_step: series.first().copied(),
                    shown_step: series.last().copied(),
                    beside: series.into(),
                    total_steps,
                    ..Losses::default()
                };
                let drawn = svg(&figure, size, Theme::Light);
                assert!(drawn.contains(">\nstep\n<") && !drawn.contains("NaN"));
                let figure = Dimensionalities {
                    selected_feature: Some(0),
                    selected_example: Some(7),
                    ..dimensionalities(series, other, total_steps)
                };
                let drawn = svg(&figure, size, Theme::Print);
                assert!(drawn.contains(">\nfeatures\n<") && !drawn.contains("NaN"));
            }
        }
    }
}

#[test]
fn ten_thousand_vectors_stay_a_small_file() {
    let wide = blob(10_000, 2);
    let tiny = features(5, 10_000);
    for data in [&wide, &tiny] {
        for role in [Role::Features, Role::Examples] {
            let drawn = svg(&vectors(role, 2, data), (900, 900), Theme::Light);
            assert!(
                elements(&drawn) < 1300 && drawn.len() < 200_000,
                "{} in {}",
                elements(&drawn),
                drawn.len()
            );
        }
    }
    let d: Vec<f64> = (0..100_000).map(noise).collect();
    let drawn = svg(&dimensionalities(&d, &d, 1e5), (900, 400), Theme::Light);
    assert!(
        elements(&drawn) < 1400 && drawn.len() < 200_000,
        "{} in {}",
        elements(&drawn),
        drawn.len()
    );
}

#[test]
fn the_longest_vectors_are_drawn_whatever_is_left_out() {
    let mut data = blob(9_995, 2);
    data.extend(polygon(5, 40.0));
    let drawn = svg(&vectors(Role::Features, 2, &data), (480, 480), Theme::Light);
    let map = 50.0;
    let corners: Vec<_> = polygon(5, 40.0)
        .chunks(2)
        .map(|v| {
            let half = 240.0 - 4.0;
            let unit = |v: f32| ((240.0 + f64::from(v) / map * half) * 8.0).round() as i32;
            format!("cx=\"{}\" cy=\"{}\"", unit(v[0]), unit(-v[1]))
        })
        .collect();
    for corner in corners {
        assert!(drawn.contains(&corner), "{corner}");
    }
}

#[test]
fn every_figure_of_a_run_has_a_title_a_sentence_numbers_and_marks_that_are_read_where_they_are() {
    let (pentagon, cloud, line) = (polygon(5, 1.2), blob(300, 4), blob(100, 1));
    let history = history(1e-6, 1.0);
    let d = few_learned(1000, 5, 0.9);
    let ranks: Vec<f64> = (0..100).map(f64::from).collect();
    let figures: [Box<dyn Figure + '_>; 6] = [
        Box::new(vectors(Role::Examples, 2, &pentagon)),
        Box::new(vectors(Role::Features, 4, &cloud)),
        Box::new(vectors(Role::Features, 1, &line)),
        Box::new(losses(&history)),
        Box::new(dimensionalities(&d, &d[..30], 30.0)),
        Box::new(Ranked {
            count: 100,
            ranks: (&ranks).into(),
            d_star: (&d[..100]).into(),
            mean: 0.1,
            ..Ranked::default()
        }),
    ];
    for figure in figures {
        for size in [(320, 320), (900, 400)] {
            check_contract(&*figure, size);
        }
    }
}

#[test]
fn what_is_read_of_a_run_is_told_in_words_and_numbers() {
    let pentagon = polygon(5, 1.2);
    let examples = Vectors {
        dimensionality: vec![0.4; 5].into(),
        index: vec![0, 7, 11, 12, 2000].into(),
        ..vectors(Role::Examples, 2, &pentagon)
    };
    let words = examples.read(4).unwrap();
    assert!(
        words.starts_with("Example 2,001: (") && words.ends_with("), length 1.2000, D 0.4"),
        "{words}"
    );
    assert_eq!(examples.read(5), None);
    assert_eq!(
        examples.table().columns,
        ["example", "h1", "h2", "length", "D"]
    );

    let history = history(1e-6, 1.0004);
    let losses = losses(&history);
    assert_eq!(
        losses.read(0).unwrap(),
        "Step 0: train loss 1.0000, test loss 1.0000"
    );
    assert_eq!(losses.read(999_999), None);

    let figure = Dimensionalities {
        maximal: vec![0.5, 0.6].into(),
        ..dimensionalities(&[0.1, 0.9], &[0.4, 0.3], 2.0)
    };
    // Features, and then examples; the largest first.
    assert_eq!(figure.stops().unwrap(), [1, 2, 3, 0]);
    assert_eq!(figure.read(1).unwrap(), "Feature 2: D 0.9000");
    assert_eq!(figure.read(2).unwrap(), "Example 1: D 0.4, D* 0.5000");
    assert_eq!(figure.read(4), None);
    assert_eq!(
        figure.table().to_csv().lines().nth(2),
        Some("example,1,0.4,0.5")
    );

    let ranks = [0.0, 50.0, 99.0];
    let ranked = Ranked {
        count: 100,
        ranks: (&ranks[..]).into(),
        d_star: vec![0.001, 0.01, 0.09].into(),
        ..Ranked::default()
    };
    assert_eq!(
        ranked.read(98).unwrap().split(':').next(),
        Some("The 2nd highest of 100")
    );
    assert!(
        ranked
            .read(0)
            .unwrap()
            .starts_with("The lowest of 100: D* 0.001, 0.10× the median")
    );
}

#[test]
fn a_pointer_above_or_below_a_step_reads_its_losses() {
    let history = history(1e-6, 1.0);
    let figure = losses(&history);
    let drawn = drawn(&figure, (480, 320));
    let area = drawn.area.unwrap();
    for (step, next) in history[0].iter().zip(&history[0][1..]).skip(1) {
        for y in [30.0, 150.0, 270.0] {
            assert_eq!(drawn.stop(area.x.pixel(*step), y), Some(*step as usize));
            // What is nearer to the next step reads that.
            let nearer = 0.4 * area.x.pixel(*step) + 0.6 * area.x.pixel(*next);
            assert_eq!(drawn.stop(nearer, y), Some(*next as usize));
        }
    }
}

#[test]
fn an_svg_names_itself() {
    let drawn = svg(
        &vectors(Role::Examples, 2, &polygon(5, 1.0)),
        (300, 300),
        Theme::Light,
    );
    assert!(drawn.starts_with(r#"<svg width="300" height="300" viewBox="0 0 2400 2400""#));
    assert!(drawn.contains("<title>Hidden vectors of 5 examples, m = 2</title>"));
    assert!(drawn.trim_end().ends_with("</svg>"));
}
