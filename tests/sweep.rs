//! Are grids, records and stores what figures can rely on?

use std::collections::HashSet;
use std::ops::ControlFlow;

use superposition::gradient::Path;
use superposition::sweep::{
    GRIDS, Grid, Key, Record, Shard, StoreError, check_grid, first_difference, join, lines,
    lines_after, whole_length, work_per_step,
};
use superposition::train::{Config, ExampleCount, Numerics, Repeat, Trainer};

fn trained(config: Config) -> Trainer {
    let mut trainer = Trainer::new(config).unwrap();
    trainer.run(|_| ControlFlow::Continue(()));
    trainer
}

fn small() -> Config {
    Config {
        n: 60,
        sparsity: 0.95,
        steps: 40,
        batch: 7,
        test_examples: 20,
        ..Config::default()
    }
}

/// One store of several.
fn merge(stores: &[&str]) -> Result<String, (usize, StoreError)> {
    let stores: Vec<&[u8]> = stores.iter().map(|store| store.as_bytes()).collect();
    join(&stores).map(|joined| joined.text())
}

fn record(config: Config) -> Record {
    Record::of(&trained(config), 50)
}

#[test]
fn every_grid_is_of_distinct_runs_that_can_be_made() {
    let mut names = HashSet::new();
    for grid in &GRIDS {
        assert!(names.insert(grid.name));
        assert_eq!(Grid::named(grid.name).unwrap().name, grid.name);
        let mut keys = HashSet::new();
        for config in grid.configs() {
            config.check().unwrap();
            assert!((1..=24).contains(&config.data_seed) && (1..=24).contains(&config.init_seed));
            assert!(
                keys.insert(Key::of(&config).text()),
                "{} has a run twice",
                grid.name
            );
        }
        assert!(!keys.is_empty());
    }
    assert!(Grid::named("unheard-of").is_none());
}

#[test]
fn main_grid_is_the_papers() {
    let configs = Grid::named("main").unwrap().configs();
    let at = |t| configs.iter().filter(move |config| config.t == t);
    let paper = Config::default();
    for t in [3, 30, 500] {
        assert_eq!(at(ExampleCount::Finite(t)).count(), 16);
    }
    for t in [ExampleCount::Finite(20_000), ExampleCount::Infinite] {
        assert_eq!(at(t).count(), 4);
    }
    for config in &configs {
        let same = Config {
            t: config.t,
            data_seed: config.data_seed,
            init_seed: config.init_seed,
            // The stream's batch is ours: the paper does not say its own.
            batch: if config.t == ExampleCount::Infinite {
                8192
            } else {
                paper.batch
            },
            ..paper.clone()
        };
        assert_eq!(*config, same);
    }
    // First a whole curve of one seed.
    assert_eq!((configs[19].data_seed, configs[20].data_seed), (1, 2));
}

#[test]
fn shards_are_the_grid_and_cost_about_the_same() {
    let text = |config: &Config| serde_json::to_string(config).unwrap();
    let work = |configs: &[Config]| -> u64 {
        let of = |config: &Config| config.steps * work_per_step(config);
        configs.iter().map(of).sum()
    };
    for grid in &GRIDS {
        let whole = grid.configs();
        for count in [1, 2, 7] {
            let shard = |i| format!("{i}/{count}").parse().unwrap();
            let shards: Vec<_> = (1..=count).map(|i| grid.shard(shard(i))).collect();
            let mut together: Vec<String> = shards.iter().flatten().map(text).collect();
            let mut all: Vec<String> = whole.iter().map(text).collect();
            together.sort();
            all.sort();
            assert_eq!(together, all);
            let largest = shards.iter().map(|shard| work(shard)).max().unwrap();
            let one = whole.iter().map(|c| c.steps * work_per_step(c)).max();
            assert!(largest <= work(&whole) / count as u64 + one.unwrap());
        }
    }
    for text in ["3/2", "0/4", "1/0", "half", "1", "-1/2", "1/2/3", ""] {
        let message = text.parse::<Shard>().unwrap_err();
        assert!(message.contains("from 1 to k"));
    }
    assert_eq!("3/8".parse::<Shard>().unwrap().to_string(), "3/8");
}

#[test]
fn record_survives_its_line_to_the_last_bit() {
    let t = [ExampleCount::Finite(9), ExampleCount::Infinite];
    for (t, m) in t.into_iter().flat_map(|t| [(t, 1), (t, 2), (t, 5)]) {
        let record = record(Config { t, m, ..small() });
        let line = record.to_line();
        let again: Record = serde_json::from_str(&line).unwrap();
        assert_eq!(again, record);
        assert_eq!(again.to_line(), line);
        assert_eq!(first_difference(&again, &record), None);
        assert_eq!(line.find('\n'), Some(line.len() - 1));
    }
}

#[test]
fn record_has_the_largest_vectors_and_a_bounded_size() {
    let trainer = trained(Config {
        n: 10_000,
        m: 2,
        t: ExampleCount::Finite(3000),
        sparsity: 0.999,
        steps: 20,
        lr: 0.01,
        test_examples: 20,
        ..Config::default()
    });
    let record = Record::of(&trainer, 1000);
    for vectors in [&record.features, &record.examples] {
        assert_eq!(vectors.index.len(), 1000);
        assert_eq!(vectors.dimensionality.len(), 1000);
        assert_eq!(vectors.coordinates.len(), 2000);
        assert!(vectors.index.is_sorted());
    }
    assert_eq!(
        (record.features.count, record.examples.count),
        (10_000, 3000)
    );
    let length = record.to_line().len();
    assert!(length < 80_000, "{length} bytes");

    let largest = |values: Vec<f64>| {
        let by = |&i: &usize, &j: &usize| values[i].total_cmp(&values[j]);
        (0..values.len()).max_by(by).unwrap() as u32
    };
    let d = superposition::report::example_dimensionality(&trainer);
    let hidden = trainer.hidden();
    let lengths = hidden.chunks(2).map(superposition::measure::norm).collect();
    for index in [largest(d), largest(lengths)] {
        let at = record.examples.index.binary_search(&index).unwrap();
        let kept = &record.examples.coordinates[2 * at..2 * at + 2];
        let exact = &hidden[2 * index as usize..][..2];
        for (kept, exact) in kept.iter().zip(exact) {
            assert!((kept - exact).abs() <= 0.0006 * exact.abs());
        }
    }

    let wide = record_of_width(200);
    assert_eq!(wide.features.coordinates.len(), 20 * 200);
    assert!(wide.to_line().len() < 80_000);
}

fn record_of_width(m: usize) -> Record {
    record(Config { m, ..small() })
}

#[test]
fn line_cut_anywhere_counts_as_torn_and_a_whole_one_does_not() {
    let (first, last) = (record(small()), record(Config { m: 3, ..small() }));
    let (first, store) = (first.to_line(), first.to_line() + &last.to_line());
    for length in first.len()..store.len() - 1 {
        let whole = whole_length(&store.as_bytes()[..length]);
        assert_eq!(whole, first.len(), "cut to {length}");
    }
    // Only the newline is missing.
    assert_eq!(
        whole_length(&store.as_bytes()[..store.len() - 1]),
        store.len() - 1
    );
    assert_eq!(whole_length(store.as_bytes()), store.len());
    assert_eq!(whole_length(b""), 0);
    // What never was a record is not for us to remove.
    assert_eq!(whole_length(b"years of work"), 13);
}

/// A line as the program wrote it when all paths had one version and lines did not name theirs.
const UNNAMED: &str = include_str!("reference/unnamed-path.jsonl");

#[test]
fn a_line_that_does_not_name_its_path_is_of_the_path_of_its_time_and_its_run_is_made_again_with_the_same_bits()
 {
    let stored = lines(UNNAMED.as_bytes()).unwrap().remove(0);
    let pruned = Numerics {
        path: Path::Pruned,
        version: 1,
    };
    assert_eq!(
        (stored.key.made_with, stored.key.is_current()),
        (pruned, true)
    );
    let record = stored.record().unwrap();
    let again = Record::of(&trained(record.config.clone()), record.keep);
    assert_eq!(first_difference(&record, &again), None);

    // Both lines are one run, and the one that names its path stays.
    assert_eq!(
        merge(&[UNNAMED, &again.to_line()]).unwrap(),
        again.to_line()
    );

    // Its like of another m was made by another path, and still can be, whatever path makes that today.
    let blocked = Numerics {
        path: Path::Blocked,
        version: 1,
    };
    for m in [4, 8, 32] {
        let of_m = UNNAMED.replacen("\"m\":2", &format!("\"m\":{m}"), 1);
        let key = lines(of_m.as_bytes()).unwrap().remove(0).key;
        assert_eq!((key.config.m, key.made_with), (m, blocked));
        assert!(key.is_current());
        let again = Trainer::made_with(key.config, key.made_with).unwrap();
        assert_eq!(Record::of(&again, 0).made_with(), blocked);
    }
}

#[test]
fn damaged_lines_are_named_by_their_numbers_in_the_whole_file() {
    let good = record(small()).to_line();
    let store = format!("{good}\n{{\"numerics\":\n{good}years of work\n");
    let error = lines(store.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("line 3 is no record"), "{error}");
    for part in ["nor is line 5;", "; 2 lines are records", "Keep a copy"] {
        assert!(error.contains(part), "{error}");
    }
    // The same, of a part that was read later.
    let error = lines_after(40, b"years of work\n").unwrap_err().to_string();
    assert!(error.starts_with("line 41 is no record"), "{error}");
}

#[test]
fn what_is_no_store_at_all_is_said_to_be_what_it_is_and_nothing_is_to_be_deleted() {
    let good = record(small()).to_line();
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, what) in [
        (
            [b"\xef\xbb\xbf", good.as_bytes()].concat(),
            "byte-order mark",
        ),
        ([b"\xff\xfe", &utf16[..]].concat(), "UTF-16"),
        (b"\x1f\x8b\x08\0\0".to_vec(), "gzip"),
        (format!("[{good}]").into_bytes(), "JSON list"),
        (trained(small()).checkpoint(), "checkpoint"),
        (b"t,loss\n5,0.1\n".to_vec(), "line 1 is no record of a run"),
    ] {
        let error = lines(&bytes).unwrap_err();
        let message = error.to_string();
        assert!(
            matches!(error, StoreError::Foreign(_)) && message.contains(what),
            "{message}"
        );
        assert!(
            !message.contains("remove") && message.contains("left as it is"),
            "{message}"
        );
    }
}

#[test]
fn stored_settings_are_checked_like_any_others() {
    let good = record(small()).to_line();
    for (from, to, part) in [
        (
            "\"m\":2",
            "\"m\":0",
            "m is 0; it must be a whole number from 1 to 256",
        ),
        ("\"eps\":1e-8", "\"eps\":1.0000001", "eps is 1.0000001"),
        ("\"sparsity\":0.95", "\"sparsity\":-0.0", "sparsity is -0"),
        ("\"steps\":40", "\"steps\":0", "steps is 0"),
    ] {
        assert!(good.contains(from), "{good}");
        let store = good.replacen(from, to, 1) + &good;
        let message = lines(store.as_bytes()).unwrap_err().to_string();
        assert!(
            message.starts_with("line 1 is no record") && message.contains(part),
            "{message}"
        );
    }
}

#[test]
fn a_record_whose_parts_do_not_fit_is_refused_by_its_line() {
    let good = record(Config { m: 3, ..small() });
    assert_eq!(good.check(), Ok(()));
    type Change = fn(&mut Record);
    let changes: [(Change, &str); 14] = [
        (|r| r.history[1].test_loss = -1e200, "a loss or norm is -1"),
        (
            |r| r.examples.coordinates.clear(),
            "examples have 5 indices",
        ),
        (|r| r.features.index.push(7), "features have 51 indices"),
        (
            |r| r.features.dimensionality.truncate(3),
            "3 dimensionalities",
        ),
        (|r| r.features.index.swap(0, 1), "do not ascend"),
        (|r| r.features.index[49] = 60, "too large"),
        (|r| r.features.dimensionality[0] = -1.0, "dimensionality -1"),
        (|r| r.examples.count = 6, "5 of 6"),
        (|r| r.keep = 49, "keeps 49"),
        (|r| r.step = 39, "step is 39"),
        (|r| r.measures = None, "measures"),
        (|r| r.diverged_at = Some(41), "41"),
        (|r| r.history.swap(1, 2), "history"),
        (
            |r| {
                r.config.repeats = vec![Repeat {
                    example: 0,
                    times: 2,
                }];
            },
            "repeated",
        ),
    ];
    for (change, part) in changes {
        let mut record = good.clone();
        change(&mut record);
        let store = good.to_line() + &record.to_line();
        let lines = lines(store.as_bytes()).unwrap();
        assert!(lines[0].record().is_ok());
        let message = lines[1].record().unwrap_err().to_string();
        assert!(
            message.starts_with("line 2 is no record") && message.contains(part),
            "{message}"
        );
    }
}

#[test]
fn a_run_of_another_grid_is_named() {
    let grid = Grid::named("check").unwrap();
    let [ours, theirs] = [grid.configs()[4].clone(), small()].map(record);
    let store = ours.to_line() + &theirs.to_line();
    let lines = lines(store.as_bytes()).unwrap();
    assert_eq!(check_grid(&lines[..1], grid), Ok(()));
    let message = check_grid(&lines, grid).unwrap_err().to_string();
    for part in [
        "line 2 is the run T = 5, n = 60",
        "grid check does not have",
    ] {
        assert!(message.contains(part), "{message}");
    }
    // Nothing is known of runs of other versions.
    let other = Record {
        numerics: theirs.numerics + 1,
        ..theirs
    };
    assert_eq!(
        check_grid(&self::lines(other.to_line().as_bytes()).unwrap(), grid),
        Ok(())
    );
}

#[test]
fn merged_store_does_not_depend_on_the_order_and_has_each_run_once() {
    let records: Vec<String> = [(3, 2), (20, 2), (3, 1)]
        .map(|(t, m)| (ExampleCount::Finite(t), m))
        .into_iter()
        .chain([(ExampleCount::Infinite, 2)])
        .map(|(t, m)| record(Config { t, m, ..small() }).to_line())
        .collect();
    let [a, b, c, d] = [0, 1, 2, 3].map(|i: usize| records[i].as_str());
    let merged = merge(&[&records.concat()]).unwrap();
    assert_eq!(merged, [c, a, b, d].concat());
    assert_eq!(merge(&[d, &[c, b].concat(), a]).unwrap(), merged);
    assert_eq!(merge(&[&merged, b, &merged]).unwrap(), merged);
    let twice = merged.clone() + b + d;
    assert_eq!(
        join(&[twice.as_bytes()]).unwrap().repeated,
        [(5, 3), (6, 4)]
    );

    // Another program's record of the same run is the same run.
    let mut newer = record(small());
    newer.program = "0.2.0".to_string();
    let newer = newer.to_line();
    let older = record(small()).to_line();
    let joined = merge(&[&newer, &older]).unwrap();
    assert_eq!(joined, merge(&[&older, &newer]).unwrap());
    assert_eq!(joined, older);
}

#[test]
fn of_a_run_that_two_paths_made_the_one_counts_that_this_program_would_take() {
    let config = Config {
        t: ExampleCount::Finite(40),
        ..small()
    };
    let ours = Numerics::of(&config);
    let mut others = Path::ALL.map(Numerics::now).into_iter();
    let other = others.find(|other| *other != ours && other.can_make(&config));
    let [ours, other] = [ours, other.unwrap()].map(|numerics| {
        let mut trainer = Trainer::made_with(config.clone(), numerics).unwrap();
        trainer.run(|_| ControlFlow::Continue(()));
        Record::of(&trainer, 50)
    });
    let lines = [&ours, &other].map(Record::to_line);
    for (stores, counts) in [
        ([&lines[0][..], &lines[1]], &ours),
        ([&lines[1], &lines[0]], &ours),
        ([&lines[1], &lines[1]], &other),
    ] {
        let joined = join(&stores.map(str::as_bytes)).unwrap();
        let current = joined.current();
        assert_eq!(current.len(), 1);
        assert_eq!(current[0].key.made_with, counts.made_with());
    }
}

#[test]
fn two_records_of_one_run_that_disagree_are_refused_by_name() {
    let good = record(small());
    let mut other = good.clone();
    let loss = &mut other.history[3].test_loss;
    *loss = f64::from_bits(loss.to_bits() ^ 1);
    let (number, error) = merge(&[&good.to_line(), &other.to_line()]).unwrap_err();
    let message = error.to_string();
    assert_eq!(number, 1);
    for part in [
        "lines 1 and 1 are",
        "T = 5, n = 60",
        "history[3].test_loss",
        "disagree",
    ] {
        assert!(message.contains(part), "{message}");
    }
}
