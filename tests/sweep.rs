//! Are grids, records and stores what figures can rely on?

use std::collections::HashSet;
use std::ops::ControlFlow;

use superposition::gradient::Path;
use superposition::sweep::{
    GRIDS, Grid, Key, Record, Shard, StoreError, first_difference, lines, merge, whole_length,
    work_per_step,
};
use superposition::train::{Config, ExampleCount, Numerics, Trainer};

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
        assert_eq!(whole, Ok(first.len()), "cut to {length}");
    }
    // Only the newline is missing.
    assert_eq!(
        whole_length(&store.as_bytes()[..store.len() - 1]),
        Ok(store.len() - 1)
    );
    assert_eq!(whole_length(store.as_bytes()), Ok(store.len()));
    assert_eq!(whole_length(b""), Ok(0));
    // What never was a record is not for us to remove.
    let error = whole_length(b"years of work").unwrap_err();
    assert!(matches!(error, StoreError::Damaged { line: 1, .. }));
}

/// A line as the program wrote it when all paths had one version and lines did not name theirs.
const UNNAMED: &str = include_str!("reference/unnamed-path.jsonl");

#[test]
fn a_line_that_does_not_name_its_path_is_of_the_path_of_its_time_and_its_run_is_made_again_with_the_same_bits()
 {
    let stored = lines(UNNAMED).unwrap().remove(0);
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
        let key = lines(&of_m).unwrap().remove(0).key;
        assert_eq!((key.config.m, key.made_with), (m, blocked));
        assert!(key.is_current());
        let again = Trainer::made_with(key.config, key.made_with).unwrap();
        assert_eq!(Record::of(&again, 0).made_with(), blocked);
    }
}

#[test]
fn damaged_line_is_named() {
    let store = record(small()).to_line() + "{\"numerics\":\n";
    let error = lines(&store).unwrap_err().to_string();
    assert!(error.starts_with("line 2 is no record"), "{error}");
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
fn two_records_of_one_run_that_disagree_are_refused_by_name() {
    let good = record(small());
    let mut other = good.clone();
    let loss = &mut other.history[3].test_loss;
    *loss = f64::from_bits(loss.to_bits() ^ 1);
    let (number, error) = merge(&[&good.to_line(), &other.to_line()]).unwrap_err();
    let message = error.to_string();
    assert_eq!(number, 1);
    for part in ["T = 5, n = 60", "history[3].test_loss", "disagree"] {
        assert!(message.contains(part), "{message}");
    }
}
