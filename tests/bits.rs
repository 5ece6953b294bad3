//! Are the bits those on record? The list is `tests/reference/bits.json`; the browser's test and `cargo xtask bits` have the same.
//!
//! A run is added as a line with a name and settings; `UPDATE_GOLDEN=1 cargo test --release --test bits` fills in its checksums,
//! and with `-- --nocapture` says what it changed. A change of a run that is on record needs a higher version of its path (`src/gradient/path.rs`).

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::{fs, thread};

use superposition::bits::{List, Sums};
use superposition::gradient;
use superposition::optim::Reduction;
use superposition::train::{Config, InFull, Numerics, SETTINGS, Trainer};
use superposition::variant::Loss;

const LIST: &str = "tests/reference/bits.json";

fn on_record() -> List {
    List::from_json(&fs::read_to_string(LIST).unwrap()).unwrap()
}

fn made(list: &List) -> Vec<Sums> {
    let digits = &fs::read("www/data/digits-live.bin").unwrap();
    thread::scope(|scope| {
        let runs = list.runs.iter();
        let threads: Vec<_> = runs
            .map(|run| scope.spawn(|| list.sums(run, digits).unwrap()))
            .collect();
        let threads = threads.into_iter();
        threads.map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn every_run_ends_with_the_bits_on_record() {
    let mut list = on_record();
    let made = made(&list);
    let mut different = Vec::new();
    for (run, sums) in list.runs.iter().zip(&made) {
        if *sums != run.sums {
            let (name, path) = (&run.name, list.made_with(run).unwrap());
            different.push(format!("{name}, {path}: {sums}; on record {}", run.sums));
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_none() {
        assert!(different.is_empty(), "{}", different.join("\n"));
        return;
    }
    println!("{}", different.join("\n"));
    for (run, sums) in list.runs.iter_mut().zip(made) {
        run.sums = sums;
    }
    fs::write(LIST, list.to_text()).unwrap();
}

#[test]
fn the_list_has_every_path_and_every_setting_that_decides_how_a_run_is_computed() {
    let list = on_record();
    let configs: Vec<Config> = (list.runs.iter())
        .filter_map(|run| list.config(run).unwrap())
        .collect();
    let paths: BTreeSet<_> = configs.iter().map(|c| Numerics::of(c).path).collect();
    assert_eq!(paths, BTreeSet::from(gradient::Path::ALL));
    let has = |what: &str, is: &dyn Fn(&Config) -> bool| {
        assert!(configs.iter().any(is), "no run with {what}");
    };
    for n in [1000, 10_000] {
        has("n", &|c| c.n == n);
    }
    for m in [1, 2, 3, 4, 8, 32] {
        has("m", &|c| c.m == m);
    }
    for reduction in [Reduction::Mean, Reduction::Sum] {
        has("a reduction", &|c| c.reduction == reduction);
    }
    for loss in [Loss::L2, Loss::L1, Loss::L4, Loss::CrossEntropy] {
        has("a loss", &|c| c.loss == loss);
    }
    has("T infinite", &|c| c.t.finite().is_none());
    let in_full = |config: &Config| serde_json::to_value(InFull(config)).unwrap();
    let papers = in_full(&Config::default());
    for name in SETTINGS.each_ref().map(|setting| setting.name) {
        has(name, &|c| in_full(c).get(name) != papers.get(name));
    }
    assert_eq!(
        list.runs.len() - configs.len(),
        1,
        "one run of the classifier"
    );
}

#[test]
fn runs_with_lists_in_their_name_end_by_lists() {
    let list = on_record();
    let mut count = 0;
    for run in list.runs.iter().filter(|run| run.name.starts_with("lists")) {
        let mut trainer = Trainer::new(list.config(run).unwrap().unwrap()).unwrap();
        trainer.run(|_| ControlFlow::Continue(()));
        assert!(trainer.work().pairs > 0, "{}", run.name);
        count += 1;
    }
    assert!(count >= 5);
}

#[test]
fn a_run_by_way_of_a_checkpoint_is_on_record_with_the_sums_of_the_uninterrupted_one() {
    let list = on_record();
    let same = |name: &str| {
        let run = list.runs.iter().find(|run| run.name == name).unwrap();
        (
            list.config(run).unwrap().unwrap(),
            run.sums.clone(),
            run.via,
        )
    };
    let [whole, resumed] = ["uninterrupted", "by way of a checkpoint"].map(same);
    assert!(whole.2.is_none() && resumed.2.is_some());
    assert_eq!((whole.0, whole.1), (resumed.0, resumed.1));
}
