//! Records of runs that nobody made, for figures and stores.

use superposition::measure;
use superposition::report::Measures;
use superposition::sweep::{Record, Vectors};
use superposition::theory;
use superposition::train::{Config, ExampleCount, HistoryPoint, Numerics};

use super::drawing::{noise, polygon};

/// T of a finite or infinite set of examples.
pub fn t(t: f64) -> ExampleCount {
    match t.is_finite() {
        true => ExampleCount::Finite(t as usize),
        false => ExampleCount::Infinite,
    }
}

/// A run that ended with this train and test loss: a few examples on a circle, a few features within it. With a test loss
/// that is not finite, a run that diverged.
pub fn record(config: Config, train_loss: f64, test_loss: f64) -> Record {
    let diverged = !test_loss.is_finite();
    let (m, seed) = (config.m, config.data_seed as usize);
    let count = config.t.finite().unwrap_or(config.batch);
    let corners = count.clamp(3, 30);
    let radius = theory::polygon_radius(corners).unwrap_or(1.0);
    let hidden: Vec<f32> = match m {
        2 => polygon(corners, radius),
        _ => (0..12 * m)
            .map(|k| noise(k + 100 * seed) as f32 - 0.5)
            .collect(),
    };
    let columns: Vec<f32> = (0..12 * m)
        .map(|k| noise(k + 7 * seed) as f32 - 0.5)
        .collect();
    let vectors = |coordinates: Vec<f32>, count: usize, d: f64| {
        let index: Vec<u32> = (0..(coordinates.len() / m) as u32).collect();
        Vectors {
            count,
            dimensionality: index
                .iter()
                .map(|&i| (d * noise(i as usize)) as f32)
                .collect(),
            index,
            coordinates,
        }
    };
    let measures = Measures {
        train_loss,
        test_loss,
        w_norm: 2.0 + noise((1e6 * train_loss) as usize),
        b_norm: 0.5 + noise((1e7 * train_loss) as usize),
        active_share: 0.01,
        polygon: (m == 2 && config.t.finite().is_some())
            .then(|| measure::polygon(hidden.as_chunks().0))
            .flatten(),
    };
    let (features, examples) = match diverged {
        true => Default::default(),
        false => (vectors(columns, config.n, 0.2), vectors(hidden, count, 0.8)),
    };
    let Numerics { path, version } = Numerics::of(&config);
    Record {
        numerics: version,
        path: Some(path),
        program: "0.1.0".into(),
        step: if diverged { 100 } else { config.steps },
        diverged_at: diverged.then_some(100),
        measures: (!diverged).then_some(measures),
        history: vec![HistoryPoint {
            step: 0,
            train_loss: 1.0,
            test_loss: 1.0,
        }],
        losses_checksum: None,
        repeated: Vec::new(),
        course: Vec::new(),
        clusters: Vec::new(),
        keep: 30,
        features,
        examples,
        config,
    }
}
