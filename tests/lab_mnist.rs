//! Does `lab mnist` make its runs, go on where it was, and say what is wrong with its files?
#![cfg(feature = "cli")]

use std::fs;

use superposition::mnist::{Pack, Record, read_live_file};

mod common;
use common::lab::{Directory, refusal, text};

/// Four IDX files of `count` small blots each.
fn write_digits(directory: &Directory, count: usize) {
    let head = |sizes: &[u32]| {
        let mut bytes = vec![0, 0, 8, sizes.len() as u8];
        bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
        bytes
    };
    fs::create_dir_all(directory.file("idx")).unwrap();
    for (part, shift) in [("train", 0), ("t10k", 5)] {
        let mut images = head(&[count as u32, 28, 28]);
        let mut labels = head(&[count as u32]);
        for i in 0..count {
            let label = (i + shift) % 10;
            labels.push(label as u8);
            let ink = |k: usize| {
                u8::from((k / 28).abs_diff(2 * label + 4) < 3) * ((k * 7 + i * 3) % 200) as u8
            };
            images.extend((0..784).map(ink));
        }
        fs::write(
            directory.file(&format!("idx/{part}-images-idx3-ubyte")),
            images,
        )
        .unwrap();
        fs::write(
            directory.file(&format!("idx/{part}-labels-idx1-ubyte")),
            labels,
        )
        .unwrap();
    }
}

const SMALL: &str =
    "mnist --digits idx --store out --work work --hidden 16 --epochs 2 --seeds 1 --jobs 1";

#[test]
fn runs_are_stored_packed_and_not_made_again() {
    let directory = Directory::new("mnist");
    write_digits(&directory, 150);
    let output = directory.lab(SMALL).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let store = fs::read_to_string(directory.file("out/mnist.jsonl")).unwrap();
    let records: Vec<Record> = store
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(records.len(), 5);
    for record in &records {
        let steps: Vec<u64> = record.findings.iter().map(|found| found.step).collect();
        assert_eq!(steps, [0, 2, 4]);
        assert_eq!(
            record.findings[2].mislabelled.is_some(),
            record.config.label_noise > 0.0
        );
    }
    let pack = Pack::from_bytes(&fs::read(directory.file("out/digits.bin")).unwrap()).unwrap();
    assert_eq!(pack.runs.len(), 3);
    let live = fs::read(directory.file("out/digits-live.bin")).unwrap();
    assert_eq!(read_live_file(&live).unwrap()[0].labels().len(), 150);

    // Damaged, one run is made again, and ends with the same bits.
    let checkpoints = || fs::read_dir(directory.file("work")).unwrap();
    assert_eq!(checkpoints().count(), 5);
    let some = checkpoints().next().unwrap().unwrap().path();
    fs::write(&some, b"SUPDIGIT").unwrap();
    assert!(directory.lab(SMALL).output().unwrap().status.success());
    assert_eq!(
        fs::read_to_string(directory.file("out/mnist.jsonl")).unwrap(),
        store
    );
}

#[test]
fn other_digits_begin_other_runs_whether_they_are_those_of_training_or_of_the_test() {
    let directory = Directory::new("mnist-other");
    write_digits(&directory, 150);
    let store = |directory: &Directory| {
        let output = directory.lab(SMALL).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        fs::read_to_string(directory.file("out/mnist.jsonl")).unwrap()
    };
    let mut stores = vec![store(&directory)];
    for name in [
        "train-images-idx3-ubyte",
        "t10k-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
    ] {
        // As many digits, of which one differs.
        let path = directory.file(&format!("idx/{name}"));
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] = if name.contains("labels") {
            (bytes[last] + 1) % 10
        } else {
            200
        };
        fs::write(&path, bytes).unwrap();
        let again = store(&directory);
        // The same as without any checkpoint.
        fs::remove_dir_all(directory.file("work")).unwrap();
        assert_eq!(store(&directory), again, "{name}");
        assert!(!stores.contains(&again), "{name}");
        stores.push(again);
    }
}

#[test]
fn what_is_wrong_with_the_digits_is_told() {
    let directory = Directory::new("mnist-wrong");
    let message = |arguments: &str| refusal(&directory.lab(arguments).output().unwrap());
    assert!(message(SMALL).contains("train-images-idx3-ubyte can't be read"));
    write_digits(&directory, 20);
    let labels = directory.file("idx/train-labels-idx1-ubyte");
    let bytes = fs::read(&labels).unwrap();
    fs::write(&labels, &bytes[..bytes.len() - 1]).unwrap();
    assert!(message(SMALL).contains("the labels file has 27 bytes; its head announces 28."));
    fs::write(&labels, bytes).unwrap();
    let wrong = SMALL.replace("--hidden 16", "--hidden 20");
    assert!(message(&wrong).contains("hidden is 20; it must be a multiple of 16"));
}
