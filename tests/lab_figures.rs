//! Does `lab figures` draw what the stores have, and say what they lack?
#![cfg(feature = "cli")]

mod common;

use std::fs;

use common::lab::{Directory, refusal, text};
use common::records::{record, t};
use superposition::train::Config;

/// Two runs of the main grid, the second made with another version of its gradient.
fn store() -> String {
    let at = |size: f64, loss: f64| {
        let config = Config {
            t: t(size),
            data_seed: 1,
            ..Config::default()
        };
        record(config, 0.1, loss)
    };
    let mut other = at(10.0, 5.0);
    other.numerics += 1;
    at(5.0, 1.0625).to_line() + &other.to_line()
}

#[test]
fn figures_are_drawn_of_the_runs_that_there_are() {
    let directory = Directory::new("figures");
    fs::create_dir(directory.file("data")).unwrap();
    fs::write(directory.file("data/main.jsonl"), store()).unwrap();
    let output = directory
        .lab("figures --store data --out pictures")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("pictures/main.svg: 1 run.") && said.contains("1.0625 at T = 5"));
    assert!(said.contains("rates: no runs for it yet; lab sweep rates makes them."));

    let csv = fs::read_to_string(directory.file("pictures/main.csv")).unwrap();
    assert_eq!(
        csv.lines().count(),
        2,
        "the other version's run is left out: {csv}"
    );
    assert!(
        csv.lines()
            .nth(1)
            .unwrap()
            .starts_with("5,1,0,1.0625,1.0625,1.0625,1")
    );
    let light = fs::read_to_string(directory.file("pictures/main.svg")).unwrap();
    assert!(light.starts_with("<svg width=\"1000\""));
    assert!(!directory.file("pictures/rates.svg").exists());

    let again = directory.lab("figures --store data --out pictures --dark --width 360");
    assert!({ again }.output().unwrap().status.success());
    let dark = fs::read_to_string(directory.file("pictures/main.svg")).unwrap();
    assert!(dark.starts_with("<svg width=\"360\"") && dark.contains("#14161A"));
}

#[test]
fn without_any_store_nothing_is_drawn() {
    let directory = Directory::new("figures-none");
    fs::create_dir(directory.file("data")).unwrap();
    let output = directory
        .lab("figures --store data --out pictures")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(
        text(&output.stdout)
            .lines()
            .all(|line| line.contains("no runs for it yet"))
    );
}

#[test]
fn what_is_there_twice_counts_once_and_what_does_not_fit_is_refused_by_its_line() {
    let directory = Directory::new("figures-twice");
    let at = |size: f64, loss: f64| {
        let config = Config {
            t: t(size),
            data_seed: 1,
            ..Config::default()
        };
        record(config, 0.1, loss)
    };
    let draw = |lines: &[String]| {
        fs::write(directory.file("main.jsonl"), lines.concat()).unwrap();
        let figures = directory.lab("figures --store . --out pictures");
        { figures }.output().unwrap()
    };
    let [five, ten] = [at(5.0, 1.0625), at(10.0, 1.25)].map(|record| record.to_line());
    let once = draw(&[five.clone(), ten.clone()]);
    let twice = draw(&[five.clone(), ten.clone(), five.clone()]);
    assert!(once.status.success() && twice.stdout == once.stdout);
    assert!(text(&twice.stderr).contains("(line 3 is that of line 1); each run counts once"));
    for (line, part) in [
        (
            at(5.0, 1.5).to_line(),
            "lines 1 and 3 are records of the run T = 5",
        ),
        (at(7.0, 1.5).to_line(), "line 3 is the run T = 7, n = 10000"),
        (
            at(5.0, 1.5).to_line().replace("\"m\":2", "\"m\":0"),
            "line 3 is no record of a run (m is 0",
        ),
        (
            at(15.0, 1.5).to_line().replace("\"keep\":30", "\"keep\":3"),
            "line 3 is no record of a run (features are 12",
        ),
    ] {
        let message = refusal(&draw(&[five.clone(), ten.clone(), line]));
        assert!(
            message.contains("main.jsonl: ") && message.contains(part),
            "{message}"
        );
    }
}

#[test]
fn a_damaged_store_and_a_wrong_width_are_named() {
    let directory = Directory::new("figures-damaged");
    fs::write(directory.file("main.jsonl"), store() + "{\"n\":1}\n").unwrap();
    let damaged = directory
        .lab("figures --store . --out pictures")
        .output()
        .unwrap();
    assert!(refusal(&damaged).contains("main.jsonl: line 3 is no record of a run"));
    let narrow = directory
        .lab("figures --store . --width 20")
        .output()
        .unwrap();
    assert!(refusal(&narrow).contains("20 is not in 280..=4000"));
}
