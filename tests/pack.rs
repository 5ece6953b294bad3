//! Do the page's files of a sweep give back what is in its store, and refuse whatever is wrong with them?

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;

use superposition::figures::FIGURES;
use superposition::measure::{Clusters, Polygon};
use superposition::optim::Reduction;
use superposition::report::Measures;
use superposition::sweep::{
    Files, Grid, Moment, Pack, PackError, Record, Repeated, Vectors, first_difference, join,
};
use superposition::train::{Config, ExampleCount, HistoryPoint, Nudge, Numerics, Trainer};

/// What packing must keep to the last bit.
fn bits(record: &Record) -> Record {
    record.compared()
}

fn read(files: &Files) -> Pack {
    let mut pack = Pack::read(&files.results).unwrap();
    pack.add_details(&files.details).unwrap();
    pack
}

fn trained(config: Config, keep: usize) -> Record {
    let mut trainer = Trainer::new(config).unwrap();
    trainer.run(|_| ControlFlow::Continue(()));
    Record::of(&trainer, keep)
}

/// Runs of an instant: two data seeds of two inits each.
fn small() -> Vec<Record> {
    let seeds = [(1, 1), (1, 2), (2, 1), (2, 2)];
    let config = |(data_seed, init_seed)| Config {
        n: 60,
        sparsity: 0.95,
        steps: 40,
        test_examples: 20,
        data_seed,
        init_seed,
        ..Config::default()
    };
    seeds.map(|seeds| trained(config(seeds), 100)).to_vec()
}

fn vectors(m: usize) -> impl Strategy<Value = Vectors> {
    let vector = (
        1..40u32,
        (0..=1000u32).prop_map(|d| d as f32 / 1000.0),
        proptest::collection::vec(-1e3..1e3f32, m),
    );
    (proptest::collection::vec(vector, 0..30), 1..9usize).prop_map(|(vectors, more)| {
        let mut index = 0;
        let index: Vec<u32> = vectors
            .iter()
            .map(|(gap, ..)| {
                index += gap;
                index - 1
            })
            .collect();
        Vectors {
            // Sometimes all there are, sometimes some of them.
            count: index.last().map_or(0, |&last| last as usize + more),
            index,
            dimensionality: vectors.iter().map(|(_, d, _)| *d).collect(),
            coordinates: vectors.into_iter().flat_map(|(.., v)| v).collect(),
        }
    })
}

prop_compose! {
    fn measures()(
        train_loss in 0.0..1e4f64, test_loss in 0.0..1e4f64, w_norm in 0.0..1e3f64, b_norm in 0.0..1e3f64,
        active_share in 0.0..1f64, examples in 1..100usize, radius in 0.0..9f64, angle in proptest::option::of(0.0..9f64),
    ) -> Measures {
        let polygon = angle.map(|angular_error_degrees| Polygon {
            examples, on_ring: examples / 2, unlearned: examples / 3, radius,
            closed_form_radius: (examples > 5).then_some(radius / 3.0), angular_error_degrees, regular: examples == 7,
        });
        Measures { train_loss, test_loss, w_norm, b_norm, active_share, polygon }
    }
}

fn repeated(times: usize, above: usize) -> Repeated {
    Repeated {
        example: 3,
        times,
        dimensionality: 0.3 / times as f64,
        above,
        loss: 0.1 + 0.2,
        hidden: vec![1.25, -0.3],
    }
}

fn of_size(size: usize) -> Clusters {
    Clusters {
        size,
        count: 2,
        sharing: 0.1 + 0.2,
        sharing_by_chance: 1.0 / 3.0,
        carrying: size as f64,
        carrying_by_chance: 1.5,
    }
}

fn moment(step: u64) -> Moment {
    Moment {
        step,
        features: vec![1.0, 0.25, 1e-3],
        examples: vec![0.1234, 0.0],
        repeated: vec![0.5; step as usize],
    }
}

fn record() -> impl Strategy<Value = Record> {
    let seeds = (1..4u32, 1..4u32);
    let config = (seeds, 1..4usize, 1..30usize, any::<bool>(), 1e-9..1e-2f64);
    let config = config.prop_map(|((data_seed, init_seed), m, t, sum, eps)| Config {
        m,
        t: match t {
            1 => ExampleCount::Infinite,
            t => ExampleCount::Finite(t),
        },
        reduction: if sum { Reduction::Sum } else { Reduction::Mean },
        eps,
        nudge: (init_seed == 2).then_some(Nudge { step: 7, size: eps }),
        data_seed,
        init_seed,
        ..Config::default()
    });
    let point = (0.0..1e4f64, 0.0..1e4f64);
    let history = proptest::collection::vec(point, 0..9);
    let run = (
        config,
        proptest::option::of(measures()),
        history,
        0..200usize,
    );
    run.prop_flat_map(|run| {
        let m = run.0.m;
        (Just(run), vectors(m), vectors(m))
    })
    .prop_map(|(run, features, examples)| {
        let (config, measures, history, keep) = run;
        let point = |(step, (train_loss, test_loss))| HistoryPoint {
            step,
            train_loss,
            test_loss,
        };
        let Numerics { path, version } = Numerics::of(&config);
        Record {
            numerics: version,
            path: Some(path),
            program: "0.1.0".to_string(),
            config,
            step: 7,
            diverged_at: measures.is_none().then_some(7),
            measures,
            // Some runs repeat examples, most don't.
            repeated: (keep % 4..3).map(|k| repeated(k + 1, keep)).collect(),
            course: (0..keep as u64 % 3).map(moment).collect(),
            clusters: (0..keep % 2).map(|k| of_size(3 + k)).collect(),
            history: (0..).zip(history).map(point).collect(),
            losses_checksum: None,
            keep,
            features,
            examples,
        }
    })
}

/// The vectors of `ours` are some of `theirs`, about as they are.
fn assert_coarse(ours: &Vectors, theirs: &Vectors, m: usize) {
    assert_eq!(ours.count, theirs.count);
    assert_eq!(ours.dimensionality.len(), ours.index.len());
    assert_eq!(ours.coordinates.len(), m * ours.index.len());
    let extent = theirs
        .coordinates
        .iter()
        .fold(0.0, |a: f32, b| a.max(b.abs()));
    for (i, index) in ours.index.iter().enumerate() {
        let at = theirs.index.binary_search(index).unwrap();
        assert_eq!(ours.dimensionality[i], theirs.dimensionality[at]);
        let (ours, theirs) = (&ours.coordinates[i * m..], &theirs.coordinates[at * m..]);
        for (x, exact) in ours.iter().zip(theirs).take(m) {
            assert!((x - exact).abs() <= extent / 16_000.0, "{x}, {exact}");
        }
    }
}

/// Dimensionalities on the way are those of the store but for what no chart shows.
fn assert_course(ours: &[Moment], theirs: &[Moment]) {
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(ours.step, theirs.step);
        let kinds = |moment: &Moment| {
            let kinds = [&moment.features, &moment.examples, &moment.repeated];
            kinds.map(Vec::clone)
        };
        for (ours, theirs) in kinds(ours).iter().zip(&kinds(theirs)) {
            assert_eq!(ours.len(), theirs.len());
            assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-4));
        }
    }
}

proptest! {
    #[test]
    fn files_give_back_every_bit_of_final_losses_and_norms_and_a_checksum_of_the_others(records in proptest::collection::vec(record(), 0..6)) {
        let pack = read(&Pack::write("main", 12, &records));
        prop_assert_eq!((pack.grid.as_str(), pack.planned), ("main", 12));
        prop_assert_eq!(pack.records.len(), records.len());
        for (ours, theirs) in pack.records.iter().zip(&records) {
            prop_assert_eq!(first_difference(&bits(ours), &bits(theirs)), None);
            prop_assert_eq!(bits(ours), bits(theirs));
            assert_course(&ours.course, &theirs.course);
            prop_assert_eq!(&ours.clusters, &theirs.clusters);
            assert_coarse(&ours.features, &theirs.features, theirs.config.m);
            assert_coarse(&ours.examples, &theirs.examples, theirs.config.m);
        }
    }
}

/// Losses on the way are coarse, but a replay misses nothing.
#[test]
fn one_altered_bit_of_a_loss_on_the_way_is_found_and_where_if_it_is_among_the_upper_ones() {
    let records = small();
    let replayed = bits(&records[0]);
    for at in 0..records[0].history.len() {
        for bit in [0, 31, 32, 51] {
            let mut altered = records.clone();
            let loss = &mut altered[0].history[at].test_loss;
            *loss = f64::from_bits(loss.to_bits() ^ (1 << bit));
            let step = altered[0].history[at].step;
            let stored = bits(&read(&Pack::write("main", 4, &altered)).records[0]);
            let packed = stored.history.iter().position(|point| point.step == step);
            let place = match packed.filter(|_| bit >= 32) {
                Some(at) => format!("history[{at}].test_loss is "),
                None => "losses_checksum is ".to_string(),
            };
            let found = first_difference(&stored, &replayed).unwrap();
            assert!(found.starts_with(&place), "bit {bit} of {at}: {found}");
        }
    }
}

#[test]
fn results_alone_have_all_measures_and_the_vectors_of_the_best_run() {
    let records = small();
    let pack = Pack::read(&Pack::write("main", 4, &records).results).unwrap();
    let loss = |i: usize| records[i].measures.as_ref().unwrap().train_loss;
    let best = (0..4).min_by(|&a, &b| loss(a).total_cmp(&loss(b)));
    for (i, record) in pack.records.iter().enumerate() {
        assert_eq!(record.measures, records[i].measures);
        assert!(record.history.is_empty());
        assert_eq!(!record.features.index.is_empty(), best == Some(i), "{i}");
    }
}

#[test]
fn the_largest_vectors_are_packed() {
    let records = vec![trained(
        Config {
            n: 800,
            sparsity: 0.98,
            steps: 200,
            lr: 0.01,
            test_examples: 20,
            ..Config::default()
        },
        500,
    )];
    let pack = read(&Pack::write("main", 1, &records));
    let (ours, theirs) = (&pack.records[0].features, &records[0].features);
    assert_eq!(ours.index.len(), 200);
    let largest = |vectors: &Vectors| {
        let d = &vectors.dimensionality;
        let at = (0..d.len()).max_by(|&a, &b| d[a].total_cmp(&d[b]));
        vectors.index[at.unwrap()]
    };
    assert_eq!(largest(ours), largest(theirs));
}

#[test]
fn every_altered_byte_and_every_cut_is_refused() {
    let files = Pack::write("main", 4, &small());
    let fresh = || Pack::read(&files.results).unwrap();
    for at in 0..files.results.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = files.results.clone();
            bytes[at] ^= flip;
            assert!(Pack::read(&bytes).is_err(), "byte {at}");
        }
        assert!(Pack::read(&files.results[..at]).is_err(), "cut to {at}");
    }
    let mut pack = fresh();
    for at in 0..files.details.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = files.details.clone();
            bytes[at] ^= flip;
            assert!(pack.add_details(&bytes).is_err(), "byte {at}");
        }
        assert!(pack.add_details(&files.details[..at]).is_err());
    }
    assert_eq!(pack, fresh(), "what was refused has left something behind");
}

#[test]
fn what_is_wrong_is_said() {
    let records = small();
    let files = Pack::write("main", 4, &records);
    let sentence = |bytes: &[u8]| Pack::read(bytes).unwrap_err().to_string();
    assert_eq!(
        sentence(b"<!doctype html>"),
        "it is no file of a sweep's runs"
    );
    assert_eq!(
        sentence(&files.results[..200]),
        "it is damaged: its checksum does not match"
    );
    let sealed = |mut bytes: Vec<u8>| {
        let length = bytes.len() - 4;
        let sum = superposition::checksum::crc32(&bytes[..length]);
        bytes[length..].copy_from_slice(&sum.to_le_bytes());
        bytes
    };
    let mut newer = files.results.clone();
    newer[8] = 9;
    assert_eq!(
        sentence(&sealed(newer)),
        "it has format 9, and this page reads format 4"
    );
    // A setting that this version does not have, and a measure too many.
    let other = "it was made by another version of the program; `cargo lab pack` makes it again";
    let mut renamed = files.results.clone();
    let name = renamed.windows(8).position(|name| name == b"sparsity");
    renamed[name.unwrap()] = b'S';
    assert_eq!(sentence(&sealed(renamed)), other);
    let mut longer = files.results.clone();
    longer.splice(60..60, [0; 8]);
    assert_eq!(sentence(&sealed(longer)), other);

    let mut other = records.clone();
    other.pop();
    let other = Pack::write("main", 4, &other);
    let mut pack = Pack::read(&files.results).unwrap();
    assert_eq!(pack.add_details(&other.details), Err(PackError::Edition));
    assert_eq!(pack.add_details(&other.results), Err(PackError::Foreign));
}

#[test]
#[should_panic(expected = "results were just written: Numerics")]
fn runs_that_this_program_cannot_repeat_are_not_packed() {
    let mut records = small();
    records[2].numerics += 1;
    Pack::write("main", 4, &records);
}

/// The page's files are made by `lab pack` after every sweep.
#[test]
fn the_files_beside_the_stores_are_those_of_the_stores() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let of_kind = |kind: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(&data).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .filter_map(|name| Some(name.strip_suffix(kind)?.to_string()))
            .collect()
    };
    // Others are stores of something else.
    let mut stores = of_kind(".jsonl");
    stores.retain(|name| Grid::named(name).is_some());
    let files = stores
        .iter()
        .flat_map(|grid| [grid.clone(), format!("{grid}-details")]);
    let again = "make the files anew with `cargo lab pack`";
    assert_eq!(of_kind(".pack"), files.collect(), "{again}");
    let mut contents = serde_json::Map::new();
    for name in &stores {
        let grid = Grid::named(name).unwrap();
        let text = fs::read_to_string(data.join(name).with_extension("jsonl")).unwrap();
        let joined = join(&[text.as_bytes()]).unwrap();
        let lines = joined.current().into_iter();
        let records: Vec<Record> = lines.map(|line| line.record().unwrap()).collect();
        let planned = grid.configs().len();
        let files = Pack::write(name, planned, &records);
        let packed = |name: String| fs::read(data.join(name)).unwrap();
        assert!(
            packed(format!("{name}.pack")) == files.results,
            "{name}: {again}"
        );
        assert!(
            packed(format!("{name}-details.pack")) == files.details,
            "{name}: {again}"
        );
        let entry = serde_json::json!({ "runs": records.len(), "planned": planned });
        contents.insert(name.clone(), entry);
    }
    if let Ok(text) = fs::read_to_string(data.join("sweeps.json")) {
        let listed: serde_json::Map<_, _> = serde_json::from_str(&text).unwrap();
        assert_eq!(listed, contents, "{again}");
    } else {
        assert!(stores.is_empty(), "there is no sweeps.json: {again}");
    }
}

/// A figure appears once its grids are packed, without another line of HTML.
#[test]
fn every_figure_has_a_place_in_the_page() {
    let page = include_str!("../index.html");
    for entry in &FIGURES {
        let place = format!("data-sweep=\"{}\"", entry.name);
        let (_, rest) = (page.split_once(&place)).unwrap_or_else(|| panic!("no {place}"));
        let tag = rest.split('>').next().unwrap();
        let needs = (tag.split_once("data-needs=\""))
            .map_or(entry.name, |(_, needs)| needs.split('"').next().unwrap());
        for grid in needs.split(' ') {
            assert!(entry.grids.contains(&grid), "{place} needs {grid}");
        }
    }
}
