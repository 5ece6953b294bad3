//! Is anything that can be read from a file or a link refused in words, or read right, but never a panic? Stores, packs,
//! checkpoints, settings and digits, altered at random, also behind a right checksum.
//!
//! A few hundred inputs of each kind are tried in a second or so. `PROPTEST_CASES=100000 cargo test --release --test hostile`
//! tries more, with other inputs each time; what fails is printed as small as it can be made.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use superposition::checksum::crc32;
use superposition::figures::{FIGURES, Theme, View, svg};
use superposition::mnist::{self, Digits};
use superposition::sweep::{
    Grid, Pack, Record, check_grid, first_difference, join, lines, whole_length,
};
use superposition::train::{Checkpoint, Config, ExampleCount, Repeat, Trainer};

/// Runs of an instant; `t` of the third is infinite.
fn configs() -> Vec<Config> {
    let config = |t, m| Config {
        n: 40,
        m,
        t,
        sparsity: 0.9,
        steps: 30,
        batch: 6,
        test_examples: 5,
        ..Config::default()
    };
    let repeats = vec![Repeat {
        example: 1,
        times: 3,
    }];
    vec![
        config(ExampleCount::Finite(4), 2),
        Config {
            repeats,
            ..config(ExampleCount::Finite(9), 3)
        },
        config(ExampleCount::Infinite, 2),
        config(ExampleCount::Finite(70), 5),
    ]
}

fn trained(config: Config, steps: u64) -> Trainer {
    let mut trainer = Trainer::new(config).unwrap();
    trainer.run(|trainer| match trainer.steps_done() < steps {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    });
    trainer
}

fn records() -> &'static [Record] {
    static RECORDS: OnceLock<Vec<Record>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let records = configs()
            .into_iter()
            .map(|config| Record::of(&trained(config, 30), 10));
        records.collect()
    })
}

fn store() -> String {
    records().iter().map(Record::to_line).collect()
}

/// What replaces a value or a piece of text.
fn hostile_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!("")),
        Just(json!("inf")),
        Just(json!(true)),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3..300i32).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0.0..1.5f64).prop_map(Value::from),
        proptest::collection::vec(-2..90i32, 0..12).prop_map(|list| json!(list)),
    ]
}

/// Replaces, removes or doubles one of the values in a JSON tree.
fn alter(value: &mut Value, way: &[Index], with: Value, kind: u8) {
    let Some((at, rest)) = way.split_first() else {
        *value = with;
        return;
    };
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = at.index(list.len());
            match (rest.is_empty(), kind % 4) {
                (true, 0) => _ = list.remove(at),
                (true, 1) => list.insert(at, list[at].clone()),
                _ => alter(&mut list[at], rest, with, kind),
            }
        }
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(at.index(members.len())).unwrap().clone();
            match (rest.is_empty(), kind % 4) {
                (true, 0) => _ = members.remove(&name),
                (true, 1) => _ = members.insert(name + "s", with),
                _ => alter(members.get_mut(&name).unwrap(), rest, with, kind),
            }
        }
        _ => *value = with,
    }
}

/// How bytes are altered: bits, bytes put in, taken out or doubled, the end cut.
fn edits() -> impl Strategy<Value = Vec<(Index, u8, Vec<u8>)>> {
    let edit = (
        any::<Index>(),
        0..6u8,
        proptest::collection::vec(any::<u8>(), 0..9),
    );
    proptest::collection::vec(edit, 1..4)
}

fn edited(bytes: &[u8], edits: &[(Index, u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, kind, put) in edits {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        let end = (at + put.len()).min(bytes.len());
        match kind {
            0 => bytes[at] ^= 1 << (put.len() % 8),
            1 => bytes[at] = put.first().copied().unwrap_or(255),
            2 => _ = bytes.splice(at..end, put.iter().copied()),
            3 => _ = bytes.splice(at..at, put.iter().copied()),
            4 => _ = bytes.drain(at..end),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// Altered content behind the first `head` bytes, and the checksum that belongs to it.
fn resealed(bytes: &[u8], head: usize, edits: &[(Index, u8, Vec<u8>)]) -> Vec<u8> {
    let content = edited(&bytes[head..bytes.len() - 4], edits);
    let mut bytes = [&bytes[..head], &content].concat();
    bytes.extend(crc32(&bytes).to_le_bytes());
    bytes
}

/// Reads a store as `lab` does; its runs, or why not.
fn read(store: &[u8]) -> Result<Vec<Record>, String> {
    let whole = &store[..whole_length(store)];
    let joined = join(&[whole]).map_err(|(_, error)| error.to_string())?;
    let _ = check_grid(&joined.lines, Grid::named("check").unwrap());
    let lines = joined.current().into_iter();
    let records = lines.map(|line| line.record());
    records
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

/// Draws what there is to draw of records, and packs them, which compares what was packed with what it was.
fn use_all(records: &[Record]) {
    let files = Pack::write("main", 9, records);
    let mut pack = Pack::read(&files.results).unwrap();
    pack.add_details(&files.details).unwrap();
    draw(records);
    draw(&pack.records);
}

fn draw(records: &[Record]) {
    for entry in &FIGURES {
        for selected in [None, Some(records.len() / 2)] {
            let view = View {
                selected,
                ..View::default()
            };
            if let Some(figure) = (entry.of)(records, view) {
                let height = figure.height(600.0).round() as u32;
                assert!(svg(&*figure, (600, height), Theme::Light).starts_with("<svg"));
                assert!(!figure.summary().is_empty());
                figure.table().to_csv();
            }
        }
    }
}

fn checkpoints() -> &'static [Vec<u8>] {
    static CHECKPOINTS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    CHECKPOINTS.get_or_init(|| {
        let steps = [0, 17, 30, 20];
        let runs = configs().into_iter().zip(steps);
        runs.map(|(config, steps)| trained(config, steps).checkpoint())
            .collect()
    })
}

/// Content begins behind magic, format and numerics version.
const CHECKPOINT_HEAD: usize = 16;
/// Behind magic and format.
const PACK_HEAD: usize = 12;

fn digits(count: usize) -> Digits {
    let mut digits = Digits::empty(784);
    for i in 0..count {
        let ink = (0..784).map(|k| f32::from(u8::from((k * 7 + i * 3) % 5 == 0)));
        digits.push(ink, (i % 10) as u8);
    }
    digits
}

#[test]
fn values_that_no_run_has_are_drawn() {
    for place in [
        "/measures/train_loss",
        "/measures/test_loss",
        "/measures/w_norm",
        "/history/1/test_loss",
        "/features/dimensionality/0",
        "/examples/dimensionality/0",
    ] {
        for value in [1e274, f64::MIN_POSITIVE, 1e15] {
            let mut lines: Vec<String> = store().lines().map(String::from).collect();
            let mut record: Value = serde_json::from_str(&lines[1]).unwrap();
            *record.pointer_mut(place).unwrap() = json!(value);
            lines[1] = record.to_string();
            if let Ok(records) = read((lines.join("\n") + "\n").as_bytes()) {
                use_all(&records);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_with_an_altered_record_is_refused_or_read_as_it_stands(
        run in 0..4usize, way in proptest::collection::vec(any::<Index>(), 1..5), with in hostile_value(), kind in any::<u8>(),
    ) {
        let mut lines: Vec<String> = store().lines().map(String::from).collect();
        let mut record: Value = serde_json::from_str(&lines[run]).unwrap();
        alter(&mut record, &way, with, kind);
        lines[run] = record.to_string();
        match read((lines.join("\n") + "\n").as_bytes()) {
            Err(message) => prop_assert!(message.contains("line") && !message.contains("delete"), "{message}"),
            Ok(records) => {
                let found = |stands: &Record| {
                    let is_current = stands.made_with().can_make(&stands.config);
                    !is_current || records.iter().any(|read| first_difference(read, stands).is_none())
                };
                let stands: Option<Record> = serde_json::from_value(record).ok();
                prop_assert!(stands.as_ref().is_none_or(found));
                prop_assert!(stands.is_some() || records.len() < 4);
                use_all(&records);
            }
        }
    }

    #[test]
    fn a_store_with_altered_bytes_is_refused_or_read(edits in edits()) {
        if let Ok(records) = read(&edited(store().as_bytes(), &edits)) {
            prop_assert!(records.len() <= 4);
            use_all(&records);
        }
    }

    #[test]
    fn any_bytes_are_no_store(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
        let empty = bytes.iter().all(u8::is_ascii_whitespace);
        prop_assert!(empty || lines(&bytes).is_err());
    }

    #[test]
    fn an_altered_pack_with_a_right_checksum_is_refused_or_can_be_drawn(edits in edits(), of_details in any::<bool>()) {
        let files = Pack::write("main", 9, records());
        if of_details {
            let mut pack = Pack::read(&files.results).unwrap();
            let before = pack.clone();
            match pack.add_details(&resealed(&files.details, PACK_HEAD, &edits)) {
                Ok(()) => draw(&pack.records),
                Err(_) => prop_assert!(pack == before),
            }
        } else if let Ok(pack) = Pack::read(&resealed(&files.results, PACK_HEAD, &edits)) {
            draw(&pack.records);
        }
    }

    #[test]
    fn an_altered_pack_is_refused(edits in edits(), of_details in any::<bool>()) {
        let files = Pack::write("main", 9, records());
        let mut pack = Pack::read(&files.results).unwrap();
        let file = if of_details { &files.details } else { &files.results };
        let altered = edited(file, &edits);
        prop_assume!(altered != *file);
        let read = if of_details { pack.add_details(&altered) } else { Pack::read(&altered).map(drop) };
        prop_assert!(read.is_err());
    }

    #[test]
    fn an_altered_checkpoint_with_a_right_checksum_is_refused_or_goes_on(run in 0..4usize, edits in edits()) {
        let bytes = resealed(&checkpoints()[run], CHECKPOINT_HEAD, &edits);
        if let Ok(checkpoint) = Checkpoint::read(&bytes) {
            prop_assert!(checkpoint.steps_done() <= checkpoint.config().steps);
            if checkpoint.config().memory() < 1e8 && let Ok(mut trainer) = checkpoint.trainer() {
                trainer.step();
                trainer.train_loss();
                trainer.checkpoint();
            }
        }
    }

    #[test]
    fn an_altered_checkpoint_is_refused(run in 0..4usize, edits in edits()) {
        let altered = edited(&checkpoints()[run], &edits);
        prop_assume!(altered != checkpoints()[run]);
        prop_assert!(Trainer::resume(&altered).is_err());
    }

    #[test]
    fn any_settings_are_refused_in_words_or_allowed(
        way in proptest::collection::vec(any::<Index>(), 1..4), with in hostile_value(), kind in any::<u8>(), run in 0..4usize,
    ) {
        let mut settings = serde_json::to_value(&configs()[run]).unwrap();
        settings["nudge"] = json!({ "step": 7, "size": 0.5 });
        alter(&mut settings, &way, with, kind);
        match Config::from_value(settings) {
            Err(error) => prop_assert!(error.to_string().ends_with('.')),
            Ok(config) => {
                prop_assert!(config.check().is_ok());
                let text = serde_json::to_string(&config).unwrap();
                prop_assert_eq!(Config::from_json(&text).unwrap(), config);
            }
        }
    }

    #[test]
    fn files_of_digits_are_refused_or_read(edits in edits(), seal in any::<bool>()) {
        let live = mnist::live_file(&digits(12), &digits(5));
        let bytes = if seal { resealed(&live, PACK_HEAD, &edits) } else { edited(&live, &edits) };
        if let Ok(sheets) = mnist::read_live_file(&bytes) {
            for (digits, sheet) in sheets.iter().filter_map(|sheet| Some((sheet.digits()?, sheet))) {
                prop_assert_eq!(digits.labels(), sheet.labels());
            }
        }
        let images = [&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28][..], &[7; 2 * 784]].concat();
        let labels = [0, 0, 8, 1, 0, 0, 0, 2, 3, 9];
        if let Ok(digits) = Digits::from_idx(&edited(&images, &edits), &labels) {
            prop_assert_eq!(digits.len(), 2);
        }
    }
}
