//! The PyTorch fixture that `tests/reference/make_fixtures.py` writes.

use serde::Deserialize;
use superposition::data::Examples;

#[derive(Deserialize)]
pub struct Fixture {
    pub lr: f64,
    pub betas: (f64, f64),
    pub steps: u32,
    pub cases: Vec<Case>,
}

/// One data set and one state, with what PyTorch makes of it under both reductions.
#[derive(Deserialize)]
pub struct Case {
    pub m: usize,
    pub n: usize,
    pub t: usize,
    pub indices: Vec<Vec<u32>>,
    pub values: Vec<Vec<f32>>,
    /// (m, n)
    pub w: Vec<Vec<f64>>,
    /// (n)
    pub b: Vec<f64>,
    /// Summed over features, averaged over examples.
    pub loss: f64,
    pub reductions: Vec<Reduced>,
}

#[derive(Deserialize)]
pub struct Reduced {
    pub reduction: String,
    pub training_loss: f64,
    /// (m, n)
    pub dw: Vec<Vec<f64>>,
    /// (n)
    pub db: Vec<f64>,
    pub adamw: Vec<AfterAdamW>,
}

/// The state after [`Fixture::steps`] steps of a schedule of `total` steps.
#[derive(Deserialize)]
pub struct AfterAdamW {
    pub total: u32,
    pub weight_decay: f64,
    pub eps: f64,
    pub rates: Vec<f64>,
    pub loss: f64,
    pub w: Vec<Vec<f64>>,
    pub b: Vec<f64>,
}

pub fn read() -> Fixture {
    let fixture: Fixture = serde_json::from_str(include_str!("../reference/pytorch.json"))
        .expect("the fixture has the fields above");
    assert_eq!(fixture.cases.len(), 5);
    fixture
}

/// W row after row, then b: the order of the flat parameter buffer.
pub fn flat(w: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    w.iter().flatten().chain(b).copied().collect()
}

impl Case {
    pub fn examples(&self) -> Examples {
        let rows: Vec<Vec<(u32, f32)>> = (self.indices.iter().zip(&self.values))
            .map(|(indices, values)| {
                indices
                    .iter()
                    .copied()
                    .zip(values.iter().copied())
                    .collect()
            })
            .collect();
        assert_eq!(rows.len(), self.t);
        Examples::from_rows(self.n, &rows)
    }

    pub fn parameters(&self) -> Vec<f64> {
        flat(&self.w, &self.b)
    }

    pub fn name(&self) -> String {
        format!("m = {}, n = {}, T = {}", self.m, self.n, self.t)
    }
}
