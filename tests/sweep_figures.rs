//! Do the figures of sweeps show the stores' numbers, whole or torn, plain or absurd? Golden SVGs under `golden/`, remade by
//! `UPDATE_GOLDEN=1 cargo test --test sweep_figures`.

mod common;

use common::drawing::{check_bounds, check_contract, check_golden, drawn, noise};
use common::records::{record, t};
use superposition::figures::{Cell, Entry, FIGURES, Figure, Place, Theme, View, svg};
use superposition::measure::Clusters;
use superposition::optim::Reduction;
use superposition::sweep::{
    Moment, Quantity, Record, Regime, Repeated, Setting, curves, is_better, regimes,
};
use superposition::train::{Config, Nudge, Repeat};

const TS: [f64; 6] = [3.0, 5.0, 10.0, 200.0, 2000.0, f64::INFINITY];

/// Four runs at each T: two data seeds with two inits each. Another `salt`, other results.
fn runs(base: &Config, ts: &[f64], salt: usize) -> Vec<Record> {
    let mut all = Vec::new();
    for &size in ts {
        for (data_seed, init_seed) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let config = Config {
                t: t(size),
                data_seed,
                init_seed,
                ..base.clone()
            };
            let k = all.len() + 1000 * salt;
            let test = if size == 2000.0 { 1.01 } else { 0.999 } + 0.01 * noise(k);
            all.push(record(config, 0.1 * noise(3 * k), test));
        }
    }
    all
}

/// Runs with every setting that a figure compares.
fn all_kinds() -> Vec<Record> {
    let base = Config::default();
    let mut all = runs(&base, &TS, 0);
    let others = [
        Config {
            m: 3,
            lr: 1e-2,
            ..base.clone()
        },
        Config {
            m: 8,
            eps: 1e-4,
            steps: 5000,
            ..base.clone()
        },
        Config {
            reduction: Reduction::Sum,
            weight_decay: 0.1,
            ..base.clone()
        },
    ];
    for (k, other) in others.iter().enumerate() {
        all.extend(runs(other, &TS, k + 1));
    }
    all
}

fn figure<'a>(name: &str, records: &'a [Record]) -> Box<dyn Figure + 'a> {
    let entry = Entry::named(name).expect("a figure of that name");
    (entry.of)(records, View::default()).expect("records for it")
}

/// Runs that repeat examples and keep dimensionalities on the way: memorised with many copies, let go again with few.
fn repeating() -> Vec<Record> {
    let run = |n: usize, size: f64, count: usize, times: usize, data_seed: u32| {
        let repeat = |example| Repeat { example, times };
        let config = Config {
            n,
            t: t(size),
            repeats: (0..count).map(repeat).collect(),
            data_seed,
            ..Config::default()
        };
        let kept = times >= 8;
        let mut record = record(config, 0.9, 0.99);
        let repeated = |example| Repeated {
            example,
            times,
            dimensionality: if kept { 0.5 / times as f64 } else { 1e-5 },
            above: if kept { example } else { 70 },
            loss: if kept { 0.01 } else { 0.97 },
            hidden: vec![0.3 - 0.1 * example as f32, 0.2],
        };
        record.repeated = (0..count).map(repeated).collect();
        let moment = |k: u64| Moment {
            step: 1000 * k,
            features: (0..6).map(|i| 0.3 / (1.0 + i as f32)).collect(),
            examples: vec![0.01; 6],
            repeated: vec![if kept || k < 10 { 0.5 } else { 0.01 } / times as f32; count],
        };
        record.course = (1..=50).map(moment).collect();
        record
    };
    let mut all = Vec::new();
    for (n, size) in [(1000, 1000.0), (1000, 4000.0), (10_000, 20_000.0)] {
        for (times, data_seed) in [(2, 1), (2, 2), (8, 1), (8, 2), (32, 1)] {
            all.push(run(n, size, 1, times, data_seed));
        }
    }
    all.extend([0, 3].map(|count| run(1000, 4000.0, count, 32, 1)));
    all
}

/// Runs of which some were nudged: by 0.1, which frees the first stuck one of each data seed, and by 1, which leaves no
/// polygon.
fn nudged() -> Vec<Record> {
    let mut all = Vec::new();
    for size in [8.0, 10.0] {
        for (data_seed, init_seed) in [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)] {
            for kick in [0.0, 0.1, 1.0] {
                let config = Config {
                    t: t(size),
                    data_seed,
                    init_seed,
                    nudge: (kick > 0.0).then_some(Nudge {
                        step: 10_000,
                        size: kick,
                    }),
                    ..Config::default()
                };
                let polygon = match kick {
                    0.0 => init_seed == 1,
                    0.1 => init_seed <= 2,
                    _ => false,
                };
                // The others leave one example unlearned.
                let train_loss = if polygon { 1e-9 } else { 0.1 };
                let mut record = record(config, train_loss, 1.0);
                if !polygon {
                    record.examples.coordinates[..2].fill(0.0);
                }
                record.examples.count = record.examples.index.len();
                all.push(record);
            }
        }
    }
    all
}

/// Runs that keep clusters: of 3 to 12 examples that share all, few of the largest.
fn clustered() -> Vec<Record> {
    let mut all = Vec::new();
    for (size, data_seed) in [(200.0, 1), (200.0, 2), (1000.0, 1)] {
        let config = Config {
            t: t(size),
            data_seed,
            ..Config::default()
        };
        let mut record = record(config, 0.9, 1.1);
        let of_size = |size: usize| Clusters {
            size,
            count: 15 - size,
            sharing: size as f64 - f64::from(data_seed - 1),
            sharing_by_chance: 1.5,
            carrying: 1.0,
            carrying_by_chance: size as f64 - 0.5,
        };
        record.clusters = (3..=12).map(of_size).collect();
        all.push(record);
    }
    all
}

/// Runs of which every figure can be made.
fn runs_for(name: &str) -> Vec<Record> {
    match name {
        "mixture" => repeating(),
        "nudged" => nudged(),
        "clusters" => clustered(),
        "every-run" => of_many_seeds(),
        "repeats" | "repeated" | "repeated-paper" | "wavering" | "wavering-paper" => repeating(),
        _ => all_kinds(),
    }
}

/// Sixteen data seeds with two inits each, whose test losses are skewed, as those of the bump are, and one T with a single data seed.
fn of_many_seeds() -> Vec<Record> {
    let mut all = Vec::new();
    for size in [1000.0, 1500.0, 2000.0] {
        for data_seed in 1..=16 {
            for init_seed in [1, 2] {
                let config = Config {
                    t: t(size),
                    data_seed,
                    init_seed,
                    ..Config::default()
                };
                let luck = noise(all.len());
                all.push(record(config, 0.9, 1.0 + 0.05 * luck * luck * luck));
            }
        }
    }
    for init_seed in 1..=9 {
        let alone = Config {
            t: t(30.0),
            init_seed,
            ..Config::default()
        };
        all.push(record(alone, 0.1, 1.2));
    }
    all
}

fn size(figure: &dyn Figure, width: u32) -> (u32, u32) {
    (width, figure.height(width.into()).round() as u32)
}

#[test]
fn figures_look_as_they_did() {
    let main = runs(&Config::default(), &TS, 0);
    let (kinds, repeating) = (all_kinds(), repeating());
    let (nudged, clustered, of_many_seeds) = (nudged(), clustered(), of_many_seeds());
    let mut sparsities = runs(&Config::default(), &TS[..5], 0);
    let denser = Config {
        sparsity: 0.99,
        ..Config::default()
    };
    sparsities.extend(runs(&denser, &TS[..5], 1));
    for (name, records, width, theme) in [
        ("main", &main, 1000, Theme::Light),
        ("main", &main, 360, Theme::Dark),
        ("dimensionalities", &main, 360, Theme::Light),
        ("planes", &main, 360, Theme::Dark),
        ("polygons", &main, 1000, Theme::Dark),
        ("norms", &main, 360, Theme::Light),
        ("reduction", &kinds, 360, Theme::Light),
        ("map", &kinds, 360, Theme::Dark),
        ("polytopes", &kinds, 1000, Theme::Light),
        ("rates", &kinds, 1000, Theme::Print),
        ("decay", &kinds, 1000, Theme::Dark),
        ("sparsity", &sparsities, 360, Theme::Light),
        ("failures", &main, 1000, Theme::Light),
        ("repeats", &repeating, 1000, Theme::Dark),
        ("repeated", &repeating, 360, Theme::Light),
        ("mixture", &repeating, 360, Theme::Dark),
        ("nudged", &nudged, 1000, Theme::Light),
        ("clusters", &clustered, 360, Theme::Light),
        ("every-run", &of_many_seeds, 1000, Theme::Light),
        ("every-run", &of_many_seeds, 360, Theme::Dark),
    ] {
        let figure = figure(name, records);
        let golden = format!("sweep_{name}_{theme:?}_{width}").to_lowercase();
        check_golden(&golden, &*figure, size(&*figure, width), theme);
    }
}

/// Runs of the paper's model and of two others, with losses that rise and fall by model and T.
fn of_models() -> Vec<Record> {
    let base = Config::default();
    let untied = Config {
        untied: true,
        ..base.clone()
    };
    let absolute = Config {
        loss: superposition::variant::Loss::L1,
        ..base.clone()
    };
    let all = [base, untied, absolute];
    let mut records: Vec<Record> = all.iter().flat_map(|config| runs(config, &TS, 0)).collect();
    for (k, record) in records.iter_mut().enumerate() {
        if let Some(measures) = &mut record.measures {
            measures.test_loss *= 1.0 + (k % 7) as f64 / 10.0;
        }
    }
    records
}

#[test]
fn every_model_has_a_pane_with_its_own_numbers() {
    let records = of_models();
    let figure = figure("models", &records);
    check_golden(
        "sweep_models_light_1000",
        &*figure,
        size(&*figure, 1000),
        Theme::Light,
    );
    let summary = figure.summary();
    for name in ["the paper’s model, ", "untied weights, ", "absolute errors"] {
        assert!(summary.contains(name), "{summary}");
    }
    let table = figure.table();
    assert_eq!(table.rows.len(), 3 * TS.len());
    for row in &table.rows {
        let models = row
            .records
            .iter()
            .map(|&run| records[run].config.model_in_words());
        let name = match &row.cells[1] {
            Cell::Text(name) if name == "the paper’s model" => String::new(),
            Cell::Text(name) => name.clone(),
            Cell::Number(_) => panic!("a name"),
        };
        assert!(models.clone().count() > 0 && models.clone().all(|model| model == name));
    }
}

/// Every number of a row's column that is called so.
fn number(figure: &dyn Figure, row: usize, column: &str) -> f64 {
    let table = figure.table();
    let at = table.columns.iter().position(|name| name == column);
    match &table.rows[row].cells[at.expect(column)] {
        Cell::Number(x) => *x,
        Cell::Text(text) if text == "inf" => f64::INFINITY,
        Cell::Text(text) => panic!("{column} is {text:?}"),
    }
}

#[test]
fn the_table_of_curves_has_the_stores_numbers() {
    let records = runs(&Config::default(), &TS, 0);
    let figure = figure("norms", &records);
    let table = figure.table();
    assert_eq!(table.rows.len(), TS.len());
    for (k, row) in table.rows.iter().enumerate() {
        assert_eq!(number(&*figure, k, "T"), TS[k]);
        assert_eq!(row.records.len(), 2, "one run for each data seed");
        // The lower train loss of two inits is shown, and nothing but it.
        for &run in &row.records {
            let config = &records[run].config;
            let rival =
                |r: &&Record| r.config.t == config.t && r.config.data_seed == config.data_seed;
            let loss = |r: &Record| r.measures.as_ref().unwrap().train_loss;
            let lowest = records
                .iter()
                .filter(rival)
                .map(loss)
                .fold(f64::INFINITY, f64::min);
            assert_eq!(loss(&records[run]), lowest);
        }
        for (name, value) in [("‖W‖", Quantity::WNorm), ("‖b‖", Quantity::BNorm)] {
            let of_run = |&run: &usize| value.in_run(&records[run]).unwrap();
            let [a, b] = [0, 1].map(|seed| of_run(&row.records[seed]));
            let column = |what: &str| number(&*figure, k, &format!("{name}, {what}"));
            assert_eq!(column("mean"), (a + b) / 2.0);
            assert_eq!((column("lowest"), column("highest")), (a.min(b), a.max(b)));
        }
    }
}

#[test]
fn the_table_of_every_run_has_its_order_statistics() {
    let records = of_many_seeds();
    let figure = figure("every-run", &records);
    let table = figure.table();
    let ts: Vec<f64> = (0..table.rows.len())
        .map(|row| number(&*figure, row, "T"))
        .collect();
    assert_eq!(ts, [1000.0, 1500.0, 2000.0], "not the T with one data seed");
    for (k, row) in table.rows.iter().enumerate() {
        let loss = |&run: &usize| records[run].measures.as_ref().unwrap().test_loss;
        let losses: Vec<f64> = row.records.iter().map(loss).collect();
        assert!(losses.is_sorted() && losses.len() == 32);
        let of = |column: &str| number(&*figure, k, column);
        assert_eq!((of("runs"), of("data seeds")), (32.0, 16.0));
        assert_eq!((of("lowest"), of("highest")), (losses[0], losses[31]));
        assert_eq!(of("median"), losses[15] + (losses[16] - losses[15]) * 0.5);
        assert!((of("mean") - losses.iter().sum::<f64>() / 32.0).abs() < 1e-12);
        let below = |bound: f64| losses.iter().filter(|loss| **loss < bound).count();
        assert_eq!(
            (below(of("lower quartile")), below(of("upper quartile"))),
            (8, 24)
        );
    }
}

#[test]
fn the_main_table_has_the_papers_numbers_beside_ours() {
    let records = runs(&Config::default(), &[10.0, 2000.0], 0);
    let figure = figure("main", &records);
    let papers = |row: usize| {
        let table = figure.table();
        let column = table
            .columns
            .iter()
            .position(|name| name == "test loss, the paper");
        table.rows[row].cells[column.unwrap()].clone()
    };
    assert_eq!(
        papers(0),
        Cell::Text(String::new()),
        "off the paper's scale"
    );
    assert_eq!(papers(1), Cell::Number(1.0149));
}

#[test]
fn tables_of_the_other_figures_have_the_stores_numbers() {
    let records = all_kinds();
    let shares = figure("dimensionalities", &records);
    let most = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
    let strips = shares
        .table()
        .columns
        .iter()
        .position(|name| name == "largest D of a feature")
        .unwrap();
    for row in shares.table().rows {
        // The strips show the run of lowest train loss among the data seeds'.
        let loss = |&&run: &&usize| records[run].measures.as_ref().unwrap().train_loss;
        let best = row
            .records
            .iter()
            .min_by(|a, b| loss(a).total_cmp(&loss(b)))
            .unwrap();
        let d = f64::from(most(&records[*best].features.dimensionality));
        assert_eq!(row.cells[strips], Cell::Number(d));
    }
    let polytopes = figure("polytopes", &records);
    let shown: Vec<f64> = polytopes
        .table()
        .rows
        .iter()
        .map(|row| match row.cells[3] {
            Cell::Number(d) => d,
            Cell::Text(_) => panic!("D is a number"),
        })
        .collect();
    let first = polytopes.table().rows[0].records[0];
    let stored = &records[first].examples.dimensionality;
    let stored: Vec<f64> = stored.iter().map(|&d| d.into()).collect();
    assert_eq!(shown[..stored.len()], stored);

    let csv = figure("map", &records).table().to_csv();
    let mut lines = csv.split("\r\n");
    assert_eq!(
        lines.next(),
        Some(
            "T,m,data seeds,diverged,\"test loss, mean\",\"test loss, lowest\",\"test loss, highest\""
        )
    );
    for (line, row) in lines.zip(figure("map", &records).table().rows) {
        let read: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
        assert_eq!(Cell::Number(read), row.cells[6]);
    }
}

#[test]
fn every_figure_has_a_title_a_sentence_numbers_and_marks_that_are_read_where_they_are() {
    for entry in &FIGURES {
        let records = runs_for(entry.name);
        let figure = (entry.of)(&records, View::default()).unwrap();
        for width in [320, 1000] {
            check_contract(&*figure, size(&*figure, width));
        }
    }
}

#[test]
fn every_run_has_a_place_where_its_number_is_read() {
    for entry in &FIGURES {
        let records = runs_for(entry.name);
        let figure = (entry.of)(&records, View::default()).unwrap();
        let size = size(&*figure, 1000);
        let places = drawn(&*figure, size).places;
        assert!(!places.is_empty(), "{}", entry.name);
        for place in &places {
            assert!(
                (0.0..=1000.0).contains(&place.x) && (0.0..=f64::from(size.1)).contains(&place.y)
            );
            assert!(place.record < records.len() && place.reading.is_some());
        }
        // Charts of curves show each run; others choose.
        if matches!(entry.name, "main" | "eps" | "decay" | "rates") {
            for run in 0..records.len() {
                assert!(
                    places.iter().any(|place| place.record == run),
                    "{} lacks {run}",
                    entry.name
                );
            }
        }
    }
    let records = all_kinds();
    let places = drawn(&*figure("main", &records), (1000, 900)).places;
    let loss = records[0].measures.as_ref().unwrap().test_loss;
    let reading = format!("T = 3, data seed 1, init seed 1: test loss {loss:.4}");
    assert!(
        places
            .iter()
            .any(|place| place.record == 0 && place.reading.as_deref() == Some(&reading))
    );
}

/// Figures that need runs of their own: of T = 10, of few examples, or with some repeated.
const SPECIAL: [&str; 11] = [
    "every-run",
    "polytopes",
    "failures",
    "repeats",
    "repeated",
    "repeated-paper",
    "wavering",
    "wavering-paper",
    "nudged",
    "clusters",
    "mixture",
];

#[test]
fn odd_runs_draw_whole_figures() {
    let base = Config::default();
    let nan = f64::NAN;
    let at = |size: f64, m: usize, test: f64| {
        record(
            Config {
                t: t(size),
                m,
                ..base.clone()
            },
            0.1,
            test,
        )
    };
    let mut no_vectors = at(10.0, 2, 1.0);
    no_vectors.features = Default::default();
    no_vectors.examples = Default::default();
    let mut emptied = repeating();
    for record in &mut emptied {
        record.course.truncate(1);
        record.repeated.clear();
        record.examples = Default::default();
    }
    let odd: [Vec<Record>; 12] = [
        emptied,
        repeating(),
        repeating()[..1].to_vec(),
        vec![at(5.0, 2, 1.0)],
        vec![at(10.0, 3, nan)],
        vec![at(5.0, 2, nan), at(10.0, 2, nan), at(10.0, 8, nan)],
        vec![
            at(3.0, 2, 0.9988),
            at(10.0, 2, 5000.0),
            at(2000.0, 2, nan),
            at(f64::INFINITY, 2, 1.015),
        ],
        vec![at(10.0, 1, 1.0), at(10.0, 8, 1e12), at(20.0, 3, 0.5)],
        vec![at(f64::INFINITY, 2, 0.9988)],
        vec![at(1.0, 2, 1.0), at(2.0, 2, 1.0)],
        vec![no_vectors],
        runs(&base, &[3.0, 100_000.0], 0),
    ];
    for records in &odd {
        for entry in &FIGURES {
            let Some(figure) = (entry.of)(records, View::default()) else {
                assert!(SPECIAL.contains(&entry.name), "{} of any runs", entry.name);
                continue;
            };
            for width in [280, 360, 1000] {
                let size = size(&*figure, width);
                let picture = svg(&*figure, size, Theme::Light);
                assert!(!picture.contains("NaN"), "{}", entry.name);
                check_bounds(&picture, size);
            }
            assert!(svg(&*figure, (1, 1), Theme::Dark).contains("<svg"));
            assert!(figure.summary().ends_with('.') && !figure.summary().contains("NaN"));
            let diverged = records.iter().all(|record| record.measures.is_none());
            if diverged && entry.name == "eps" {
                assert_eq!(figure.summary(), "No run has ended with finite parameters.");
            }
        }
    }
    for entry in &FIGURES {
        assert!((entry.of)(&[], View::default()).is_none(), "{}", entry.name);
    }
}

#[test]
fn a_loss_of_5000_leaves_the_plateau_apart_from_one() {
    let at = |size, loss| {
        record(
            Config {
                t: t(size),
                ..Config::default()
            },
            0.1,
            loss,
        )
    };
    let records = [
        at(100.0, 0.9988),
        at(200.0, 1.0),
        at(500.0, 1.015),
        at(1000.0, 5000.0),
    ];
    let places = drawn(&*figure("main", &records), (1000, 800)).places;
    let height = |run: usize| places.iter().find(|place| place.record == run).unwrap().y;
    let gaps = [0, 1, 2].map(|run| height(run) - height(run + 1));
    assert!(gaps.iter().all(|gap| *gap >= 8.0), "{gaps:?}");
}

#[test]
fn seeds_and_inits_are_told_apart() {
    let base = Config::default();
    let run = |data_seed, init_seed, train, test| {
        record(
            Config {
                data_seed,
                init_seed,
                ..base.clone()
            },
            train,
            test,
        )
    };
    let nan = f64::NAN;
    let records = [
        run(2, 1, 0.5, 1.5),
        run(1, 1, 0.1, nan),
        run(1, 3, 0.2, 1.2),
        run(1, 2, 0.3, 1.1),
        run(3, 1, 0.1, nan),
    ];
    let curve = &curves(&records, None)[0];
    let seeds = &curve.points[0].seeds;
    let chosen: Vec<_> = seeds
        .iter()
        .map(|seed| (seed.data_seed, seed.best, seed.others.clone()))
        .collect();
    assert_eq!(chosen, [(1, 2, vec![3, 1]), (2, 0, vec![]), (3, 4, vec![])]);
    let spread = curve.points[0]
        .spread(&records, Quantity::TestLoss)
        .unwrap();
    assert_eq!((spread.seeds, spread.low, spread.high), (2, 1.2, 1.5));
    assert_eq!(curve.points[0].best(&records).0, 2);
    assert!(curves(&[], Some(Setting::Eps)).is_empty());
    assert_eq!(curves(&records, Some(Setting::Eps))[0].value, Some(1e-8));
}

#[test]
fn of_runs_that_memorise_the_one_of_least_norm_is_chosen() {
    let run = |train_loss, w_norm| {
        let mut run = record(Config::default(), train_loss, 1.0);
        run.measures.as_mut().expect("it ended").w_norm = w_norm;
        run
    };
    let (fan, octagon, unlearned) = (run(2e-10, 9.2), run(3e-9, 5.5), run(0.02, 1.0));
    let records = [fan, octagon, unlearned];
    assert_eq!(curves(&records, None)[0].points[0].seeds[0].best, 1);
    assert!(is_better(&records[1], &records[0]) && is_better(&records[0], &records[2]));
}

#[test]
fn plots_on_one_scale_have_one_scale_bar() {
    // The closed form's circle once made the last plot's scale wider than the others'.
    let mut records = runs(&Config::default(), &[3.0, 10.0, 30.0], 0);
    for vectors in records.iter_mut().map(|record| &mut record.examples) {
        vectors.coordinates.iter_mut().for_each(|x| *x *= 0.8);
    }
    let picture = svg(&*figure("polygons", &records), (1000, 460), Theme::Light);
    let texts = picture
        .split("</text>")
        .filter_map(|text| text.rsplit('>').next());
    let bars: Vec<f64> = texts.filter_map(|text| text.trim().parse().ok()).collect();
    let rows: Vec<Vec<f64>> = (0..3)
        .map(|row| bars[row..].iter().step_by(3).copied().collect())
        .collect();
    assert_eq!(rows[2], [rows[2][0]; 3]);
    assert!(rows[1][0] < rows[1][2]);
}

#[test]
fn the_scatter_of_repeats_has_both_rules_and_the_line() {
    let records = repeating();
    let figure = figure("repeats", &records);
    let table = figure.table();
    // Runs of three repeated examples, and of none, are other figures'.
    assert_eq!(table.rows.len(), records.len() - 2);
    for (row, record) in table.rows.iter().zip(&records) {
        let [repeated] = &record.repeated[..] else {
            panic!("one is repeated")
        };
        let t = record.config.t.finite().unwrap();
        let [rank, loss] = [8, 9].map(|k| row.cells[k] == Cell::Text("yes".into()));
        assert_eq!(rank, (repeated.above as f64) < t as f64 / 1000.0);
        assert_eq!(loss, repeated.loss < 0.5);
    }
    // Nine of 15 are memorised by either rule. The line is at R = 0.4, 1.6 and 0.8, below every R.
    let summary = figure.summary();
    assert!(summary.starts_with("Of 15 runs, 9 have"), "{summary}");
    assert!(summary.ends_with("says so of 9 and of 9."), "{summary}");
}

#[test]
fn nudged_runs_are_counted_against_the_same_runs_without() {
    let records = nudged();
    let figure = figure("nudged", &records);
    // By T, then size. Of each data seed one run of three is a polygon without a nudge.
    for (row, freed, kept) in [(0, 2.0, 2.0), (1, 0.0, 0.0), (2, 2.0, 2.0), (3, 0.0, 0.0)] {
        let read = |column: &str| number(&*figure, row, column);
        assert_eq!(
            [
                read("inits"),
                read("polygons without a nudge"),
                read("stuck without")
            ],
            [6.0, 2.0, 4.0]
        );
        assert_eq!(read("of these polygons with it"), freed);
        assert_eq!(read("polygons that stay"), kept);
        assert_eq!(read("highest share, data seed"), freed / 4.0);
    }
    let summary = figure.summary();
    assert!(
        summary.contains(
            "at T = 8 size 0.1 frees 2 of 4 stuck runs and keeps 2 of 2 polygons (2 of 6 inits"
        ),
        "{summary}"
    );
    // A run whose control is not there says nothing.
    let alone: Vec<Record> = nudged()
        .into_iter()
        .filter(|r| r.config.nudge.is_some())
        .collect();
    assert!((Entry::named("nudged").unwrap().of)(&alone, View::default()).is_none());
}

#[test]
fn clusters_of_one_size_are_put_together_over_data_seeds() {
    let records = clustered();
    let figure = figure("clusters", &records);
    let read = |column: &str| number(&*figure, 0, column);
    assert_eq!(
        [read("T"), read("examples in the cluster"), read("clusters")],
        [200.0, 3.0, 24.0]
    );
    let sharing = "examples that share the commonest feature";
    let of = |what: &str| read(&format!("{sharing}, {what}"));
    assert_eq!([of("mean"), of("random groups")], [2.5, 1.5]);
    assert_eq!(
        [of("lowest data seed"), of("highest data seed")],
        [2.0, 3.0]
    );
    let summary = figure.summary();
    assert!(
        summary.contains("at T = 1k 100% of the examples"),
        "{summary}"
    );
    // Three clusters of the largest size at T = 1,000 are too few for a mark.
    let places = drawn(&*figure, size(&*figure, 1000)).places;
    let read: Vec<&str> = places
        .iter()
        .filter_map(|place| place.reading.as_deref())
        .collect();
    assert!(
        read.iter()
            .any(|r| r.starts_with("T = 1k, 5 clusters of 10:")),
        "{read:?}"
    );
    assert!(
        !read
            .iter()
            .any(|r| r.starts_with("T = 1k, 3 clusters of 12:"))
    );
}

#[test]
fn a_mixture_is_drawn_along_the_share_of_repeats() {
    let records = repeating();
    let figure = figure("mixture", &records);
    // None repeated at first, then two copies among 20,000: ascending by R, then share.
    assert_eq!(number(&*figure, 0, "repeats, % of T"), 0.0);
    assert_eq!(number(&*figure, 1, "repeats, % of T"), 0.01);
    let last = figure.table().rows.len() - 1;
    assert_eq!(number(&*figure, last, "R"), 32.0);
    // Example 32 of 1,000 alone; three of 4,000 before.
    assert_eq!(number(&*figure, last, "repeats, % of T"), 3.2);
    assert_eq!(
        number(&*figure, last, "Σ R · D of the repeated examples, mean"),
        0.5
    );
    assert_eq!(
        number(&*figure, last - 1, "repeated examples rebuilt, mean"),
        3.0
    );
    assert!(
        figure
            .summary()
            .starts_with("Mean Σ D of the five best features, by the share")
    );
}

#[test]
fn what_was_let_go_comes_first() {
    let records = repeating();
    let figure = figure("wavering", &records);
    let places = drawn(&*figure, size(&*figure, 1000)).places;
    let repeats = |record: usize| &records[record].config.repeats;
    assert!(repeats(places[0].record).is_empty());
    // Then runs whose repeated example was dropped: those of two copies.
    for place in &places[1..] {
        assert_eq!(repeats(place.record)[0].times, 2, "{place:?}");
    }
    assert!(
        figure
            .summary()
            .contains("0.500 at step 9k, 0.010 at the end")
    );
}

#[test]
fn curves_along_occurrences_put_equal_numbers_in_one_place() {
    let run = |sparsity, size: f64| {
        let config = Config {
            sparsity,
            t: t(size),
            ..Config::default()
        };
        record(config, 0.1, 1.0)
    };
    // 1 − 0.9 is not quite 0.1.
    let records = [
        run(0.9, 30.0),
        run(0.99, 300.0),
        run(0.998, 1500.0),
        run(0.9, 3.0),
    ];
    let figure = figure("sparsity", &records);
    let rows = figure.table().rows;
    let at: Vec<&Cell> = rows.iter().map(|row| &row.cells[0]).collect();
    let three = Cell::Number(3.0);
    assert_eq!(at, [&Cell::Number(0.3), &three, &three, &three]);
}

#[test]
fn every_point_of_the_map_is_read_as_the_cell_that_it_is_in() {
    let records = all_kinds();
    let map = figure("map", &records);
    let places = drawn(&*map, size(&*map, 1000)).places;
    let edge = |of: &dyn Fn(&Place) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
    let (left, top) = (
        edge(&|p| p.x - p.half_width),
        edge(&|p| p.y - p.half_height),
    );
    let (right, bottom) = (
        -edge(&|p| -p.x - p.half_width),
        -edge(&|p| -p.y - p.half_height),
    );
    for k in 0..2000 {
        let x = left + (right - left) * noise(2 * k);
        let y = top + (bottom - top) * noise(2 * k + 1);
        let inside = |p: &&Place| (p.x - x).abs() < p.half_width && (p.y - y).abs() < p.half_height;
        assert_eq!(places.iter().filter(inside).count(), 1, "{x}, {y}");
    }
}

/// A run for each T of each m, which ends with this test loss.
fn of_rows(rows: &[(usize, &[(f64, f64)])]) -> Vec<Record> {
    let run = |m, &(size, loss): &(f64, f64)| {
        let config = Config {
            t: t(size),
            m,
            ..Config::default()
        };
        record(config, 0.5, loss)
    };
    let row = |&(m, runs): &(usize, &[(f64, f64)])| runs.iter().map(move |at| run(m, at)).collect();
    rows.iter().flat_map::<Vec<Record>, _>(row).collect()
}

#[test]
fn a_row_of_the_map_that_is_highest_at_its_end_has_no_bump_within_it() {
    let records = of_rows(&[
        (
            2,
            &[(10.0, 1.2), (100.0, 1.001), (1000.0, 1.05), (5000.0, 0.99)],
        ),
        (
            3,
            &[
                (10.0, 1.0),
                (100.0, 1.001),
                (1000.0, 1.0001),
                (5000.0, 1.05),
            ],
        ),
    ]);
    let summary = figure("map", &records).summary();
    assert_eq!(
        summary,
        "Test loss has its bump for m = 2 at T = 1k (1.0500)."
    );
}

#[test]
fn cells_of_the_map_without_a_loss_say_whether_runs_diverged_or_there_are_none() {
    let whole = of_rows(&[
        (2, &[(10.0, 1.2), (100.0, 1.0)]),
        (3, &[(10.0, 1.0), (100.0, 0.9)]),
    ]);
    let gaps = of_rows(&[(2, &[(10.0, 1.2), (100.0, f64::NAN)]), (3, &[(10.0, 1.0)])]);
    let words = |records: &[Record]| {
        let map = figure("map", records);
        let size = size(&*map, 1000);
        let picture = svg(&*map, size, Theme::Light);
        let places = drawn(&*map, size).places;
        let read = |reading| {
            let is_it = |place: &&Place| place.reading.as_deref() == Some(reading);
            places.iter().find(is_it).map(|place| place.record)
        };
        (
            ["diverged", "no run"].map(|word| picture.contains(word)),
            places.len(),
            read("T = 100, m = 2: diverged"),
        )
    };
    assert_eq!(words(&whole), ([false, false], 4, None));
    assert_eq!(words(&gaps), ([true, true], 3, Some(1)));
}

/// One run for each T, with a train loss, a feature of that D, and a test loss.
fn of_regimes(runs: &[(f64, f64, f32, f64)]) -> Vec<Record> {
    let run = |&(size, train_loss, feature, test_loss): &(f64, f64, f32, f64)| {
        let config = Config {
            t: t(size),
            ..Config::default()
        };
        let mut run = record(config, train_loss, test_loss);
        run.features.dimensionality.fill(feature);
        run
    };
    runs.iter().map(run).collect()
}

#[test]
fn regimes_end_halfway_between_the_last_run_of_one_and_the_next() {
    let whole = of_regimes(&[
        (5.0, 1e-9, 0.1, 1.0),
        // Features of large D don't count among memorised examples.
        (10.0, 0.1, 0.3, 1.06),
        (500.0, 0.5, 0.02, 1.0004),
        (2000.0, 0.97, 0.05, 1.01),
        (4000.0, 0.98, 0.1, 1.001),
        (9000.0, 0.998, 0.24, 0.999),
        (f64::INFINITY, 0.9988, 0.25, 0.9988),
    ]);
    let found = regimes(&whole);
    let names: Vec<Regime> = found.iter().map(|s| s.regime).collect();
    assert_eq!(
        names,
        [Regime::Memorises, Regime::Confused, Regime::Generalises]
    );
    let borders: Vec<f64> = found.iter().flat_map(|s| [s.from, s.to]).collect();
    assert_eq!(
        borders,
        [0.0, 1000.0, 1000.0, 6000.0, 6000.0, f64::INFINITY]
    );
    assert_eq!(regimes(&whole[..3]).len(), 1);
    assert_eq!(regimes(&whole[3..5])[0].regime, Regime::Confused);
    assert!(regimes(&[]).is_empty());

    let said = |records: &[Record], words: &str| {
        let figure = figure("main", records);
        svg(&*figure, size(&*figure, 800), Theme::Light).contains(words)
    };
    assert!(said(&whole, "more data, worse") && said(&whole, "failed polygons"));
    // No bump, and no failure.
    let tame = of_regimes(&[
        (5.0, 1e-9, 0.1, 1.0),
        (10.0, 0.1, 0.1, 1.0),
        (2000.0, 0.97, 0.05, 0.9999),
    ]);
    assert!(!said(&tame, "more data, worse") && !said(&tame, "failed polygons"));
}

#[test]
fn a_t_that_is_asked_for_is_marked_and_its_planes_are_drawn() {
    let records = runs(&Config::default(), &TS, 0);
    let of = |name: &str, t: Option<f64>| {
        let view = View {
            t,
            ..View::default()
        };
        let entry = Entry::named(name).expect("a figure of that name");
        let figure = (entry.of)(&records, view).expect("records for it");
        (
            svg(&*figure, size(&*figure, 800), Theme::Light),
            figure.summary(),
            figure.table(),
        )
    };
    for name in ["main", "dimensionalities"] {
        assert!(of(name, Some(200.0)).0 != of(name, None).0);
        assert!(
            of(name, Some(201.0)).0 == of(name, None).0,
            "there is no such T"
        );
    }
    for t in TS {
        let (_, summary, table) = of("planes", Some(t));
        assert_eq!(table.rows[0].cells[0], Cell::from(t));
        let best = curves(&records, None)[0]
            .points
            .iter()
            .find(|p| p.t == t)
            .expect("a point")
            .best(&records)
            .0;
        assert_eq!(table.rows[0].records, [best], "{summary}");
    }
}
