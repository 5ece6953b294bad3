//! What does a run look like? The page's figures as SVG files.

use std::path::{Path, PathBuf};

use superposition::figures::{self, Dimensionalities, Figure, Losses, Role, Theme, Vectors};
use superposition::train::{Config, HistoryPoint, Trainer};
use superposition::{measure, report};

use crate::files;

/// Every figure.
pub const NAMES: [&str; 4] = ["examples", "features", "losses", "dimensionalities"];

/// The file of a figure.
pub fn path(directory: &Path, name: &str) -> PathBuf {
    directory.join(name).with_extension("svg")
}

/// The page's figures, one file each.
pub fn draw(trainer: &Trainer, directory: &Path) -> Result<(), String> {
    let config = trainer.config();
    let (hidden, params) = (trainer.hidden(), trainer.params());
    let features = params.columns();
    let vectors = |role, vectors: &[f32], closed_form_radius| Vectors {
        closed_form_radius,
        ..Vectors::new(role, config.m, vectors.to_vec())
    };
    let history = trainer.history();
    let series = |value: fn(&HistoryPoint) -> f64| history.iter().map(value).collect::<Vec<f64>>();
    let (steps, train, test) = (
        series(|point| point.step as f64),
        series(|point| point.train_loss),
        series(|point| point.test_loss),
    );
    let losses = Losses {
        steps: steps.into(),
        train: train.into(),
        test: test.into(),
        total_steps: config.steps as f64,
        zero: Some(config.baseline().test_zero),
        ..Losses::default()
    };
    let (of_features, of_examples) = (
        report::feature_dimensionality(trainer),
        report::example_dimensionality(trainer),
    );
    let dimensionalities = Dimensionalities {
        features: of_features.into(),
        examples: of_examples.into(),
        m: config.m,
        t: config.t.finite().map_or(f64::INFINITY, |t| t as f64),
        ..Dimensionalities::default()
    };
    let drawn: [(&dyn Figure, (u32, u32)); NAMES.len()] = [
        (
            &vectors(Role::Examples, &hidden, circle(config, &hidden)),
            (400, 400),
        ),
        (&vectors(Role::Features, &features, None), (400, 400)),
        (&losses, (600, 400)),
        (&dimensionalities, (600, 400)),
    ];
    for (name, (figure, size)) in NAMES.into_iter().zip(drawn) {
        let drawing = figures::svg(figure, size, Theme::Light);
        files::write(&path(directory, name), drawing.as_bytes())?;
    }
    Ok(())
}

/// The radius of the closed form's circle. Where a corner is missing the ring has another one, and so it has in models without
/// a closed form: the circle would mislead.
fn circle(config: &Config, hidden: &[f32]) -> Option<f64> {
    let radius = config.closed_form_radius()?;
    let polygon = measure::polygon(hidden.as_chunks().0)?;
    (polygon.on_ring == polygon.examples).then_some(radius)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_ring_of_a_model_with_a_closed_form_has_its_circle() {
        let tied = Config {
            t: superposition::train::ExampleCount::Finite(3),
            ..Config::default()
        };
        let untied = Config {
            untied: true,
            ..tied.clone()
        };
        let three = [1.0, 0.0, -0.5, 0.866, -0.5, -0.866];
        let radius = superposition::theory::polygon_radius(3);
        assert_eq!(circle(&tied, &three), radius);
        assert_eq!(circle(&untied, &three), None);
        assert_eq!(circle(&tied, &[&three[..], &[0.0, 0.0]].concat()), None);
    }
}
