//! Are the article's numbers those of the stored runs? Its table is made from the stores:
//! `UPDATE_GOLDEN=1 cargo test --test article` writes it anew.

use std::fs;

use superposition::figures::reference;
use superposition::sweep::{Curve, Quantity, Record, Spread, curves, lines};

const ARTICLE: &str = "index.html";
const BEGIN: &str = "<!-- comparison: made from the stores by `UPDATE_GOLDEN=1 cargo test --test article`, which also checks it -->\n";
const END: &str = "      <!-- /comparison -->";

/// The records of a store; none if there is no such store yet.
fn store(name: &str) -> Vec<Record> {
    let text = fs::read_to_string(format!("www/data/{name}.jsonl")).unwrap_or_default();
    let lines = lines(&text).expect("a whole store");
    lines
        .iter()
        .map(|line| line.record().expect("a record"))
        .collect()
}

/// T as the page writes it.
fn count(t: f64) -> String {
    match t {
        _ if t.is_infinite() => "∞".to_string(),
        _ if t >= 1000.0 => format!("{},{:03}", (t / 1000.0) as u64, t as u64 % 1000),
        _ => t.to_string(),
    }
}

fn cell(spread: Option<Spread>, digits: usize) -> String {
    match spread {
        None => "–".to_string(),
        Some(Spread { mean, seeds: 1, .. }) => format!("{mean:.digits$} <small>one seed</small>"),
        Some(Spread {
            mean,
            low,
            high,
            seeds,
        }) => format!(
            "{mean:.digits$} <small>{low:.digits$} to {high:.digits$}, {seeds} seeds</small>"
        ),
    }
}

/// Published values; a dash where there is none.
fn published(value: f64, digits: usize) -> String {
    match value {
        _ if value.is_nan() => "–".to_string(),
        _ => format!("{value:.digits$}"),
    }
}

/// The rows of the table.
fn comparison(mean: &[Record], sum: &[Record]) -> String {
    let curve = |records: &[Record]| -> Option<Curve> { curves(records, None).into_iter().next() };
    let (mean_curve, sum_curve) = (curve(mean), curve(sum));
    let of = |curve: &Option<Curve>, records: &[Record], t: f64, quantity| {
        let point = curve.as_ref()?.points.iter().find(|point| point.t == t)?;
        point.spread(records, quantity)
    };
    // A column of dashes says nothing: the sum is there once its runs are.
    let summed = |cell: &str| match sum.is_empty() {
        true => String::new(),
        false => cell.to_string(),
    };
    let mut rows = format!(
        "      <thead><tr><th scope=\"col\"><i>T</i></th><th scope=\"col\">test loss, the paper</th>\
        <th scope=\"col\">here, mean</th><th scope=\"col\">‖<i>b</i>‖ here, mean</th>{}\
        <th scope=\"col\">‖<i>b</i>‖, replication (sum)</th></tr></thead>\n      <tbody>\n",
        summed("<th scope=\"col\">‖<i>b</i>‖ here, sum</th>")
    );
    for point in mean_curve.iter().flat_map(|curve| &curve.points) {
        let t = point.t;
        rows += &format!(
            "      <tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td>{}<td>{}</td></tr>\n",
            count(t),
            match reference::PAPER_TEST_LOSS.at(t) {
                _ if t == 3.0 || t == 10.0 => "above 1.025".to_string(),
                loss => published(loss, 4),
            },
            cell(of(&mean_curve, mean, t, Quantity::TestLoss), 4),
            cell(of(&mean_curve, mean, t, Quantity::BNorm), 1),
            summed(&format!(
                "<td>{}</td>",
                cell(of(&sum_curve, sum, t, Quantity::BNorm), 1)
            )),
            published(reference::REPLICATION_B_NORM.at(t), 1),
        );
    }
    rows + "      </tbody>\n"
}

#[test]
fn the_comparison_with_the_paper_equals_the_stores() {
    let article = fs::read_to_string(ARTICLE).expect("the article");
    let (before, rest) = article.split_once(BEGIN).expect("the table's beginning");
    let (table, after) = rest.split_once(END).expect("the table's end");
    let expected = comparison(&store("main"), &store("main-sum"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(ARTICLE, format!("{before}{BEGIN}{expected}{END}{after}"))
            .expect("a writable article");
        return;
    }
    assert_eq!(
        table, expected,
        "look at the runs, then remake the table with UPDATE_GOLDEN=1"
    );
}
