//! Are the article's numbers, and its pictures for readers without scripts, those of the stored runs? They are made from the
//! stores: `UPDATE_GOLDEN=1 cargo test --test article` writes them anew.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use common::drawing::difference;
use superposition::figures::{Entry, Theme, View, reference, svg};
use superposition::sweep::{Curve, Quantity, Record, Spread, curves, lines, t_of};
use superposition::theory::polygon_radius;
use superposition::train::{Config, Trainer};

const ARTICLE: &str = "index.html";
/// What is between such a mark and `<!-- /NAME -->` is made here.
const MADE: &str = "made from the stores by tests/article.rs";
const AGAIN: &str = "look at the runs, then remake it with UPDATE_GOLDEN=1";
/// Figures that readers without scripts see as well, where there are runs of all their grids.
const STILLS: [&str; 3] = ["main", "reduction", "classroom"];
/// As wide as a column of prose, css pixels.
const STILL_WIDTH: u32 = 600;

/// One test at a time writes the article.
static WRITING: Mutex<()> = Mutex::new(());

fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Compares what the article has between its marks of that name, or replaces it.
fn check_part(name: &str, expected: &str) {
    let _alone = WRITING.lock();
    let article = fs::read_to_string(ARTICLE).expect("the article");
    let (begin, end) = (
        format!("<!-- {name}: {MADE} -->\n"),
        format!("<!-- /{name} -->"),
    );
    let (before, rest) = article.split_once(&begin).expect("the part's beginning");
    let (part, after) = rest.split_once(&end).expect("the part's end");
    let (part, indent) = part.split_at(part.trim_end_matches(' ').len());
    if updating() {
        let article = format!("{before}{begin}{expected}{indent}{end}{after}");
        fs::write(ARTICLE, article).expect("a writable article");
    } else {
        same(name, part, expected);
    }
}

/// What is there is what it must be.
fn same(name: &str, there: &str, expected: &str) {
    if let Some(difference) = difference(there, expected) {
        panic!("{name}: {AGAIN}\n{difference}");
    }
}

/// The records of a store that the page shows; none if there is no such store yet.
fn store(name: &str) -> Vec<Record> {
    let text = fs::read_to_string(format!("www/data/{name}.jsonl")).unwrap_or_default();
    let lines = lines(text.as_bytes()).expect("a whole store");
    let current = lines.iter().filter(|line| line.key.is_current());
    current
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
        <th scope=\"col\">here, “mean”</th><th scope=\"col\">‖<i>b</i>‖ here, “mean”</th>{}\
        <th scope=\"col\">‖<i>b</i>‖, replication (“sum”)</th></tr></thead>\n      <tbody>\n",
        summed("<th scope=\"col\">‖<i>b</i>‖ here, “sum”</th>")
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

/// "a, b and c".
fn list(mut items: Vec<String>) -> String {
    match items.pop() {
        Some(last) if !items.is_empty() => format!("{} and {last}", items.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// How far a loss may be from what is read off the paper's figure.
const READING: f64 = 2e-4;

/// At which T the paper's loss is outside the range of data seeds, and what single inits say there.
fn differences(records: &[Record]) -> String {
    let curve = &curves(records, None)[0];
    let range = |losses: &[f64]| {
        let low = losses.iter().copied().fold(f64::INFINITY, f64::min);
        (low, losses.iter().copied().fold(0.0, f64::max))
    };
    let loss = |run: usize| Quantity::TestLoss.in_run(&records[run]);
    let (mut outside, mut inits) = (Vec::new(), Vec::new());
    for point in &curve.points {
        let paper = reference::PAPER_TEST_LOSS.at(point.t);
        let seeds = || point.seeds.iter();
        let best: Vec<f64> = seeds().filter_map(|seed| loss(seed.best)).collect();
        let others = seeds().flat_map(|seed| &seed.others);
        let mut all: Vec<f64> = others.filter_map(|&run| loss(run)).collect();
        let (low, high) = range(&best);
        if paper.is_nan() || (low - READING..=high + READING).contains(&paper) {
            continue;
        }
        outside.push(format!("{} ({paper:.4})", count(point.t)));
        if !all.is_empty() {
            all.extend(&best);
            let (low, high) = range(&all);
            inits.push(format!("{low:.4} to {high:.4} at {}", count(point.t)));
        }
    }
    format!(
        "      <p>The paper’s loss is outside the range of our data seeds, by more than its reading allows, at <i>T</i> = {}. With every init counted, \
         and not the best, the range is {}.</p>\n",
        list(outside),
        list(inits)
    )
}

/// D of the five features that stand out, beside the paper's.
fn five_features(records: &[Record]) -> String {
    let here = |t: f64| {
        let runs = records.iter().filter(|record| t_of(&record.config) == t);
        let five = runs.clone().flat_map(|run| {
            let mut d = run.features.dimensionality.clone();
            d.sort_by(|a, b| b.total_cmp(a));
            d.truncate(5);
            d
        });
        let (low, high) = five.fold((1f32, 0f32), |(low, high), d| (low.min(d), high.max(d)));
        let seeds = match runs.count() {
            1 => "one seed".to_string(),
            count => format!("{count} seeds"),
        };
        format!("{low:.3} to {high:.3}, {seeds}")
    };
    let items = reference::PAPER_FIVE_FEATURES.map(|(t, [low, high])| {
        let t_name = count(t);
        format!("{low:.3} to {high:.3} at {t_name} (here {})", here(t))
    });
    format!(
        "      <p>In the paper the <i>D</i> of the five features is {}.</p>\n",
        list(items.into()).replacen(" at ", " at <i>T</i> = ", 1)
    )
}

/// What endless examples lack, beside many.
fn fresh(main: &[Record], fresh: &[Record], classroom: &[Record]) -> String {
    let text = |runs: Vec<&Record>, value: &dyn Fn(&Record) -> f64, digits: usize| {
        let values = || runs.iter().map(|run| value(run));
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(0.0, f64::max);
        let ends = [low, high].map(|end| format!("{end:.digits$}"));
        match ends[0] == ends[1] {
            true => ends[0].clone(),
            false => ends.join(" to "),
        }
    };
    let on = |runs| {
        let share = |run: &Record| 100.0 * run.measures.as_ref().expect("an end").active_share;
        text(runs, &share, 0)
    };
    let loss = |runs| {
        let loss = |run: &Record| run.measures.as_ref().expect("an end").test_loss;
        text(runs, &loss, 4)
    };
    let is_endless = |run: &&Record| run.config.t.finite().is_none();
    let endless = |batch: usize, lr: f64| -> Vec<&Record> {
        let runs = main.iter().chain(fresh).filter(is_endless);
        let like = |run: &&Record| (run.config.batch, run.config.lr) == (batch, lr);
        runs.filter(like).collect()
    };
    let many = main.iter().filter(|run| {
        let t = t_of(&run.config);
        t.is_finite() && t >= 20_000.0
    });
    let [few, more, slow] =
        [(8192, 1e-3), (65_536, 1e-3), (8192, 1e-4)].map(|(batch, lr)| endless(batch, lr));
    let small = classroom.iter().filter(is_endless).collect();
    let largest = slow.iter().flat_map(|run| &run.features.dimensionality);
    let largest = largest.copied().fold(0.0, f32::max);
    let seeds = &more[0].config;
    format!(
        "      <p>At <i>T</i> = ∞ our runs lack averages, not features. An output that can’t do better can still say its feature’s average. Over all \
         features that is worth ¾(1 − <i>S</i>) = 0.00075, more than five features rebuilt perfectly (0.0005). From <i>T</i> = 20,000 on, {}% of the outputs are on at the \
         end. With 8,192 fresh examples a step, {}% are, and the test loss is {}; with 65,536, {}% and {}. For one noisy step can move a bias by the learning \
         rate, 0.001, four times the average that it has to learn, and once an output is off, no gradient brings it back. With a tenth \
         of that rate {}% stay on, and the test loss is {}, near the paper’s, though no feature has a <i>D</i> above {largest:.2}. At \
         classroom size, where averages are ten times as large, {}% stay on at the usual rate. (8,192: four data seeds; the \
         others: data seed {}, init seed {}.)</p>\n",
        on(many.collect()),
        on(few.clone()),
        loss(few),
        on(more.clone()),
        loss(more),
        on(slow.clone()),
        loss(slow),
        on(small),
        seeds.data_seed,
        seeds.init_seed,
    )
}

#[test]
fn the_comparison_with_the_paper_equals_the_stores() {
    let main = [store("main"), store("main-large")].concat();
    check_part("comparison", &comparison(&main, &store("main-sum")));
    check_part("differences", &differences(&main));
    check_part("five features", &five_features(&main));
    check_part("fresh", &fresh(&main, &store("fresh"), &store("classroom")));
}

/// The planes of the run that the page trains first, before its first step: what is there until scripts draw. Examples, features.
fn first_planes(config: &Config) -> [String; 2] {
    let trainer = Trainer::new(config.clone()).expect("a stored configuration");
    // As the live plane has it: y upwards.
    let points = |vectors: &[f32]| -> Vec<(f32, f32)> {
        vectors.chunks_exact(2).map(|v| (v[0], -v[1])).collect()
    };
    let examples = points(&trainer.hidden());
    let columns: Vec<f32> = trainer.params().w().t().iter().copied().collect();
    let mut features = points(&columns);
    let square = |(x, y): &(f32, f32)| x * x + y * y;
    features.sort_by(|a, b| square(b).total_cmp(&square(a)));
    features.truncate(100);

    let join = |of: &[(f32, f32)], mark: &dyn Fn(f32, f32) -> String| -> String {
        of.iter().map(|&(x, y)| mark(x, y)).collect()
    };
    let plane = |name: &str, marks: String| {
        format!(
            "            <svg class=\"{name}\" viewBox=\"-1.4 -1.4 2.8 2.8\" aria-hidden=\"true\">\
             <path class=\"axes\" d=\"M-1.4 0H1.4M0-1.4V1.4\"/>{marks}</svg>\n"
        )
    };
    let radius = polygon_radius(examples.len()).expect("a polygon");
    [
        plane(
            "examples",
            format!(
                "<circle class=\"ring\" r=\"{radius:.3}\"/><path d=\"{}\"/>{}",
                join(&examples, &|x, y| format!("M0 0L{x:.3} {y:.3}")),
                join(&examples, &|x, y| format!(
                    "<circle cx=\"{x:.3}\" cy=\"{y:.3}\" r=\"0.03\"/>"
                )),
            ),
        ),
        plane(
            "features",
            format!(
                "<path d=\"{}\"/>",
                join(&features, &|x, y| format!("M{x:.3} {y:.3}h0"))
            ),
        ),
    ]
}

#[test]
fn the_first_picture_is_the_first_step_of_the_run_that_the_page_trains() {
    let runs = store("main");
    let first = runs.iter().find(|run| {
        let config = &run.config;
        t_of(config) == 5.0 && (config.data_seed, config.init_seed) == (3, 3)
    });
    // The same is made again in `www/story/hero.js`.
    let [examples, features] = first_planes(&first.expect("the run").config);
    check_part("first examples", &examples);
    check_part("first features", &features);
}

#[test]
fn where_the_text_beside_a_figure_says_one_data_seed_its_runs_have_one() {
    let article = fs::read_to_string(ARTICLE).expect("the article");
    let mut said = 0;
    for part in article.split("data-sweep=\"").skip(1) {
        let (name, rest) = part.split_once('"').expect("a name");
        let (text, _) = rest.split_once("</div>").expect("an end");
        let words: Vec<&str> = text.split_whitespace().collect();
        let words = words.join(" ").to_lowercase();
        if !(words.contains("one data seed.") || words.contains("one data seed,")) {
            continue;
        }
        said += 1;
        let own = format!("www/data/{name}.jsonl");
        assert!(fs::exists(&own).unwrap(), "{name} says so of another store");
        let seeds: BTreeSet<u32> = store(name).iter().map(|r| r.config.data_seed).collect();
        assert_eq!(seeds.len(), 1, "{name}: data seeds {seeds:?}");
    }
    assert!(said > 3, "only {said} figures say so");
}

/// Where a figure's still is.
fn picture_of(name: &str) -> PathBuf {
    format!("www/still/sweeps/{name}.svg").into()
}

/// A figure as a picture: the file, and the markup that shows it. None if a grid of the figure has no runs; those that add
/// larger T to a grid may be missing.
fn still(name: &str) -> Option<(String, String)> {
    let entry = Entry::named(name).expect("stills are of figures");
    let mut records = Vec::new();
    for grid in entry.grids {
        let stored = store(grid);
        if stored.is_empty() && !grid.ends_with("-large") {
            return None;
        }
        records.extend(stored);
    }
    let figure = (entry.of)(&records, View::default())?;
    let height = figure.height(STILL_WIDTH.into()).round() as u32;
    let markup = format!(
        "      <figure class=\"without still-sweep\">\n        \
        <img src=\"{}\" width=\"{STILL_WIDTH}\" height=\"{height}\" loading=\"lazy\" alt=\"{}\">\n        \
        <figcaption>{}</figcaption>\n      </figure>\n",
        picture_of(name).display(),
        figure.summary(),
        settings(&records),
    );
    let picture = svg(&*figure, (STILL_WIDTH, height), Theme::Light);
    Some((picture, markup))
}

/// The settings of runs, as a caption.
fn settings(records: &[Record]) -> String {
    let first = &records[0].config;
    let ts = records.iter().map(|record| t_of(&record.config));
    let (least, most) = ts.fold((f64::INFINITY, 0.0), |(least, most), t| {
        (t.min(least), t.max(most))
    });
    let reductions: BTreeSet<&str> = records
        .iter()
        .map(|record| record.config.reduction.name())
        .collect();
    let seeds: BTreeSet<u32> = records
        .iter()
        .map(|record| record.config.data_seed)
        .collect();
    format!(
        "n = {}, m = {}, T = {} to {}, S = {}, reduction {}, {} steps, {}. {} runs, made beforehand.",
        count(first.n as f64),
        first.m,
        count(least),
        count(most),
        first.sparsity,
        Vec::from_iter(reductions).join(" and "),
        count(first.steps as f64),
        match seeds.len() {
            1 => format!("data seed {}", first.data_seed),
            several => format!("{several} data seeds"),
        },
        records.len(),
    )
}

#[test]
fn stills_are_drawn_from_the_stores() {
    for name in STILLS {
        let (picture, markup) = still(name).unzip();
        check_part(&format!("still {name}"), &markup.unwrap_or_default());
        let path = picture_of(name);
        if updating() {
            match picture {
                Some(picture) => fs::write(&path, picture).expect("a writable file"),
                None => drop(fs::remove_file(&path)),
            }
            continue;
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        same(name, &there, &picture.unwrap_or_default());
    }
}
