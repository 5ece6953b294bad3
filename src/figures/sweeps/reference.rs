//! What have others published? Points that figures draw behind ours. Where they are from stands beside each.

use crate::figures::tools::key::Shape;
use crate::sweep::{Point, Quantity, Record, curves};

/// A published curve at m = 2, n = 10,000, S = 0.999.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// What it is called in keys.
    pub name: &'static str,
    /// The shape of its points.
    pub shape: Shape,
    /// T and value; NaN where the source shows none and the line breaks.
    pub points: &'static [(f64, f64)],
}

impl Reference {
    /// The mean of stored runs at each T, to be drawn behind runs of a reader's own. It stays for as long as the page does.
    pub fn of_runs(name: &'static str, records: &[Record]) -> Reference {
        let points = curves(records, None)
            .pop()
            .map_or(Vec::new(), |curve| curve.points);
        let mean = |point: &Point| {
            let spread = point.spread(records, Quantity::TestLoss)?;
            Some((point.t, spread.mean))
        };
        let points: Vec<(f64, f64)> = points.iter().filter_map(mean).collect();
        Reference {
            name,
            shape: Shape::Diamond,
            points: Box::leak(points.into_boxed_slice()),
        }
    }

    /// Its value at T; NaN if it has none.
    pub fn at(&self, t: f64) -> f64 {
        let point = self.points.iter().find(|point| point.0 == t);
        point.map_or(f64::NAN, |point| point.1)
    }
}

/// A value that is published without the T at which it was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The value.
    pub value: f64,
    /// What stands beside it.
    pub words: &'static str,
}

/// "The test losses in the middle regime are much larger for my models: as high as 5,000" (Adam Jermyn's comment below the paper).
pub const JERMYN_HIGHEST: Level = Level {
    value: 5000.0,
    words: "Jermyn: 5,000",
};

const INFINITY: f64 = f64::INFINITY;
const NONE: f64 = f64::NAN;

/// Read off the main figure of Henighan et al. 2023, give or take 0.0002. T = 3 and 10 are off its scale, above 1.025.
pub const PAPER_TEST_LOSS: Reference = Reference {
    name: "the paper",
    shape: Shape::Diamond,
    points: &[
        (3.0, NONE),
        (5.0, 1.0),
        (6.0, 1.0),
        (8.0, 1.0177),
        (10.0, NONE),
        (15.0, 1.0222),
        (30.0, 1.0076),
        (50.0, 1.0047),
        (100.0, 1.0032),
        (200.0, 1.0015),
        (500.0, 1.0004),
        (1e3, 1.0008),
        (2e3, 1.0149),
        (5e3, 0.9996),
        (1e4, 0.9989),
        (2e4, 0.9988),
        (5e4, 0.9988),
        (1e5, 0.9988),
        (2e5, 0.9988),
        (5e5, 0.9987),
        (INFINITY, 0.9987),
    ],
};

/// Where the shades of the paper's main figure meet, on its axis of T: between small data sets, the middle regime and large ones.
pub const PAPER_BORDERS: [f64; 2] = [690.0, 6800.0];

/// The least and the largest D of the five features that the paper's models learn, read off its main figure, at three T.
pub const PAPER_FIVE_FEATURES: [(f64, [f64; 2]); 3] = [
    (1e4, [0.224, 0.256]),
    (5e4, [0.231, 0.281]),
    (INFINITY, [0.252, 0.263]),
];

/// ‖W‖_F at the T that it shows, read off a figure of a public PyTorch replication with the sum over features, give or take 3%.
pub const REPLICATION_W_NORM: Reference = Reference {
    name: "a later replication",
    shape: Shape::Triangle,
    points: &[
        (10.0, 15.0),
        (30.0, 26.0),
        (100.0, 58.0),
        (2e3, 157.0),
        (1e4, 98.0),
        (2e4, 2.6),
    ],
};

/// ‖b‖₂, at the same T.
pub const REPLICATION_B_NORM: Reference = Reference {
    points: &[
        (10.0, 53.0),
        (30.0, 125.0),
        (100.0, 246.0),
        (2e3, 338.0),
        (1e4, 196.0),
        (2e4, 0.46),
    ],
    ..REPLICATION_W_NORM
};
