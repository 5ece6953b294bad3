//! Is D* what an independent program finds? Against numpy's singular value decomposition.

use ndarray::Array2;
use serde::Deserialize;
use superposition::measure::max_data_dimensionality;

mod common;
use common::tolerance;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    rows: Vec<Vec<f32>>,
    d_star: Vec<f64>,
}

#[test]
fn d_star_is_what_numpys_svd_gives() {
    let fixture: Fixture = serde_json::from_str(include_str!("reference/dstar.json")).unwrap();
    assert_eq!(fixture.cases.len(), 5);
    for Case { name, rows, d_star } in fixture.cases {
        let rows = Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap();
        let ours = max_data_dimensionality(rows.view());
        assert_eq!(ours.len(), d_star.len());
        let error = (ours.iter().zip(&d_star)).fold(0.0f64, |most, (a, b)| most.max((a - b).abs()));
        assert!(error < tolerance::D_STAR_AGAINST_NUMPY, "{name}: {error}");
    }
}
