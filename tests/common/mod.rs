//! What the integration tests share: the table of tolerances and the error that they bound.
#![allow(
    dead_code,
    reason = "each test is a crate of its own and uses its part"
)]

pub mod drawing;
pub mod finished;
pub mod fixture;
#[cfg(feature = "cli")]
pub mod lab;
pub mod records;
pub mod tolerance;

/// max |a − b| over max |b|: the error of a whole array relative to its largest entry.
pub fn relative_error(a: impl IntoIterator<Item = f64>, b: &[f64]) -> f64 {
    let mut count = 0;
    let (mut difference, mut scale) = (0.0f64, 0.0f64);
    for (a, &b) in a.into_iter().zip(b) {
        assert!(a.is_finite() && b.is_finite(), "{a} against {b}");
        difference = difference.max((a - b).abs());
        scale = scale.max(b.abs());
        count += 1;
    }
    assert_eq!(count, b.len());
    if difference == 0.0 {
        0.0
    } else {
        difference / scale
    }
}

/// Is `gradient` the oracle's but for rounding? Near a minimum the terms cancel: what counts is the rounding of one example's term.
pub fn assert_near(gradient: &[f32], expected: &[f64], pairs: usize, name: &str) {
    let differences = (gradient.iter().zip(expected)).map(|(&d, e)| (f64::from(d) - e).abs());
    let worst = differences.fold(0.0, f64::max);
    let largest = expected.iter().fold(0.0f64, |most, d| most.max(d.abs()));
    let bound = tolerance::PRUNED_AGAINST_NAIVE * (largest + (pairs as f64).sqrt());
    assert!(worst < bound, "{name}: {worst} of {largest}");
}
