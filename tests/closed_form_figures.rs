//! Do the figures of closed forms say what is true of them? Golden SVGs under `golden/`, remade by
//! `UPDATE_GOLDEN=1 cargo test --test closed_form_figures`.

mod common;

use common::drawing::{check_bounds, check_contract, check_golden};
use superposition::figures::{Cell, Fgon, Figure, Tgon, Theme, svg};
use superposition::theory;

/// A regular polygon, the first corner on top.
fn regular(count: usize, radius: f64) -> (Vec<f64>, Vec<f64>) {
    let angle = |k: usize| 90.0 + 360.0 * k as f64 / count as f64;
    (vec![radius; count], (0..count).map(angle).collect())
}

fn tgon(count: usize, radius: f64, chosen: usize) -> Tgon {
    let (lengths, angles) = regular(count, radius);
    Tgon::polar(&lengths, &angles, chosen).expect("a polygon")
}

fn size(figure: &dyn Figure, width: u32) -> (u32, u32) {
    (width, figure.height(width.into()).round() as u32)
}

#[test]
fn figures_look_as_they_did() {
    let memorised = tgon(5, 1.21, 0);
    let leaking = tgon(8, 1.5, 2);
    let (mut lengths, mut angles) = regular(6, 1.5);
    (lengths[1], angles[1]) = (0.8, 120.0);
    let uneven = Tgon::polar(&lengths, &angles, 1).expect("a polygon");
    let (five, seven) = (
        Fgon::new(5).expect("it is drawn"),
        Fgon::new(7).expect("it is drawn"),
    );
    let all: [(&str, &dyn Figure, u32, Theme); 5] = [
        ("tgon_memorised", &memorised, 800, Theme::Light),
        ("tgon_leaking", &leaking, 334, Theme::Dark),
        ("tgon_uneven", &uneven, 800, Theme::Print),
        ("fgon_five", &five, 800, Theme::Light),
        ("fgon_seven", &seven, 334, Theme::Dark),
    ];
    for (name, figure, width, theme) in all {
        check_golden(name, figure, size(figure, width), theme);
        check_contract(figure, size(figure, width));
    }
}

#[test]
fn every_polygon_is_drawn_whole_at_every_width() {
    for count in 3..=12 {
        let least = theory::polygon_radius(count).expect("a polygon");
        for radius in [0.02, 0.5 * least, least, 1.3 * least] {
            let figure = tgon(count, radius, count - 1);
            for width in [280, 334, 560, 1000] {
                let size = size(&figure, width);
                let picture = svg(&figure, size, Theme::Light);
                assert!(!picture.contains("NaN"));
                check_bounds(&picture, size);
            }
        }
    }
    for features in 3..=7 {
        let figure = Fgon::new(features).expect("it is drawn");
        for width in [280, 334, 560, 1000] {
            let size = size(&figure, width);
            check_bounds(&svg(&figure, size, Theme::Dark), size);
        }
    }
    assert!(Tgon::polar(&[1.0, 1.0], &[0.0, 180.0], 0).is_none());
    assert!(Tgon::polar(&[1.0, f64::NAN, 1.0], &[0.0; 3], 0).is_none());
    assert!(Fgon::new(2).is_none() && Fgon::new(8).is_none());
}

#[test]
fn the_sentence_says_whether_it_is_exact_and_what_it_costs_if_not() {
    let least = theory::polygon_radius(5).expect("a polygon");
    let exact = tgon(5, least + 1e-9, 0);
    assert!(
        exact.summary().starts_with("Memorised exactly"),
        "{}",
        exact.summary()
    );
    let short = tgon(5, 0.9 * least, 0);
    let (lengths, angles) = regular(5, 0.9 * least);
    let hidden: Vec<[f64; 2]> = (lengths.iter().zip(&angles))
        .map(|(r, a)| {
            [
                r * superposition::math::cos(a.to_radians()),
                r * superposition::math::sin(a.to_radians()),
            ]
        })
        .collect();
    let loss = theory::Recall::of(&hidden).loss();
    let words = short.summary();
    assert!(
        words.starts_with("Not memorised") && words.contains(&format!("train loss is {loss:.5}.")),
        "{words}"
    );
}

#[test]
fn the_table_of_features_has_the_closed_form_and_its_parts() {
    let table = Fgon::new(5).expect("it is drawn").table();
    assert_eq!(table.rows.len(), 5);
    for (row, features) in table.rows.iter().zip(3..) {
        let read = |k: usize| match row.cells[k] {
            Cell::Number(x) => x,
            Cell::Text(_) => panic!("a number"),
        };
        assert_eq!(read(5), theory::feature_polygon_gain(features));
        assert!((read(4) - read(3) - read(5)).abs() < 1e-12);
        // The cost is what two neighbours show, squared, of a third each.
        assert!((read(4) - 2.0 * features as f64 / 3.0 * read(2) * read(2)).abs() < 1e-12);
    }
    assert!(
        Fgon::new(5)
            .expect("it is drawn")
            .summary()
            .contains("1.1% more than with four")
    );
}
