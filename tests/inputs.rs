//! Does the figure of inputs show every feature that can be told apart, and those that examples share?
//! `UPDATE_GOLDEN=1 cargo test --test inputs` remakes the picture.

mod common;

use common::drawing::{check_bounds, check_contract, check_golden};
use superposition::data::{Source, Stream};
use superposition::figures::{Figure, Inputs, Theme, svg};

/// The first examples of a data seed, in compressed rows.
fn rows(n: usize, sparsity: f64, count: u64) -> (Vec<u32>, Vec<u32>, Vec<f32>) {
    let examples = Source::new(n, sparsity, true, 9, Stream::Train).examples(0..count);
    let (mut offsets, mut features, mut values) = (vec![0], Vec::new(), Vec::new());
    for (row, x) in examples.rows() {
        features.extend_from_slice(row);
        values.extend_from_slice(x);
        offsets.push(features.len() as u32);
    }
    (offsets, features, values)
}

fn inputs(n: usize, (offsets, features, values): &(Vec<u32>, Vec<u32>, Vec<f32>)) -> Inputs<'_> {
    Inputs {
        n,
        offsets: offsets.into(),
        features: features.into(),
        values: values.into(),
        selected: None,
    }
}

#[test]
fn inputs_look_as_they_did() {
    let five = rows(10_000, 0.998, 5);
    let figure = Inputs {
        selected: Some(3),
        ..inputs(10_000, &five)
    };
    check_golden("inputs_light_600", &figure, (600, 250), Theme::Light);
    check_golden("inputs_dark_320", &figure, (320, 250), Theme::Dark);
}

#[test]
fn a_feature_is_a_stroke_and_two_that_share_it_have_a_foot_each() {
    let strokes = |features: [u32; 2]| {
        let rows = (vec![0, 1, 2], features.to_vec(), vec![0.5, 1.0]);
        svg(&inputs(100, &rows), (300, 100), Theme::Light)
            .matches("<rect")
            .count()
    };
    // The surface, and a stroke each.
    assert_eq!(strokes([3, 70]), 3);
    assert_eq!(strokes([70, 70]), 5);
}

#[test]
fn any_inputs_are_drawn_within_bounds_and_stay_a_small_file() {
    for (n, sparsity, count) in [
        (1, 0.0, 1),
        (10, 0.5, 1),
        (10_000, 0.0, 5),
        (10_000, 0.9999, 5),
    ] {
        let rows = rows(n, sparsity, count);
        for size in [(160, 120), (320, 250), (1200, 250)] {
            let figure = inputs(n, &rows);
            let drawn = svg(&figure, size, Theme::Print);
            check_bounds(&drawn, size);
            assert!(drawn.len() < 1_000_000);
        }
    }
    let nothing = (vec![0], Vec::new(), Vec::new());
    let drawn = svg(&inputs(10, &nothing), (300, 100), Theme::Light);
    check_bounds(&drawn, (300, 100));
}

#[test]
fn inputs_are_counted_and_read_with_the_examples_that_share_them() {
    let five = rows(10_000, 0.998, 5);
    check_contract(&inputs(10_000, &five), (600, 250));
    let rows = (
        vec![0, 2, 3, 5],
        vec![3, 70, 70, 3, 70],
        vec![0.5, 1.0, 0.25, 0.75, 1.0],
    );
    let figure = inputs(100, &rows);
    assert_eq!(
        figure.summary(),
        "The three examples have 1 to 2 non-zero features each; 3 of the 3 pairs have at least one in common."
    );
    assert_eq!(
        figure.read(2).unwrap(),
        "Example 2: feature 71 is 0.25; not zero either in examples 1 and 3"
    );
    assert_eq!(
        figure.read(0).unwrap(),
        "Example 1: feature 4 is 0.5000; not zero either in example 3"
    );
}
