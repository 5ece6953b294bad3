//! Does `lab pack` make the page's files of what the stores have, whatever the order of their lines?
#![cfg(feature = "cli")]

use std::fs;

mod common;
use common::lab::{Directory, refusal, text};
use superposition::sweep::{Pack, Record, first_difference};

#[test]
fn stores_are_packed_in_an_order_that_only_the_runs_determine() {
    let directory = Directory::new("pack");
    let pack = || {
        let output = directory.lab("pack --store .").output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let files = ["check.pack", "check-details.pack", "sweeps.json"];
        files.map(|name| fs::read(directory.file(name)).unwrap())
    };
    let sweep = directory.lab("sweep check --store . --checkpoints ckpt");
    assert!({ sweep }.output().unwrap().status.success());
    let packed = pack();
    assert!(text(&packed[2]).contains("\"check\": {\n    \"planned\": 12,\n    \"runs\": 12"));

    let store = fs::read_to_string(directory.file("check.jsonl")).unwrap();
    let mut pack_of_store = Pack::read(&packed[0]).unwrap();
    pack_of_store.add_details(&packed[1]).unwrap();
    assert_eq!(pack_of_store.records.len(), 12);
    for line in store.lines() {
        let record: Record = serde_json::from_str(line).unwrap();
        let same = |other: &&Record| other.config == record.config;
        let packed = pack_of_store.records.iter().find(same).unwrap();
        let bits = [packed, &record].map(Record::compared);
        assert_eq!(first_difference(&bits[0], &bits[1]), None);
    }

    // The other way round, with an older version's run among them and a torn end.
    let mut lines: Vec<&str> = store.lines().rev().collect();
    let older = lines[3].replacen("\"numerics\":1", "\"numerics\":0", 1);
    lines.insert(5, &older);
    let mut shuffled = lines.join("\n") + "\n";
    shuffled += &store[..40];
    fs::write(directory.file("check.jsonl"), shuffled).unwrap();
    assert!(pack() == packed);
}

#[test]
fn a_directory_without_stores_is_refused() {
    let directory = Directory::new("pack-none");
    let message = refusal(&directory.lab("pack --store .").output().unwrap());
    assert!(message.contains("there is no store of runs"), "{message}");
    assert!(message.contains("check.jsonl"), "{message}");
    assert_eq!(directory.names(), [""; 0]);
}
