//! Is what is said of a run true, and the same whoever says it: live, stored or packed? Runs that were once misjudged, and all
//! stores. `cargo test --release --test outcome -- --nocapture distribution` lists what stored runs became, by T.

use std::collections::BTreeMap;
use std::fs;

use superposition::data::Examples;
use superposition::math;
use superposition::measure::outcome::{Baseline, Facts, Form, HARM, Kind};
use superposition::measure::{self, Outcome};
use superposition::model::Params;
use superposition::report::{self, Measures, Report};
use superposition::sweep::{Pack, Record, lines, t_of};
use superposition::theory;
use superposition::train::{Config, ExampleCount, Trainer};
use superposition::variant::Loss;

fn store(name: &str) -> Vec<Record> {
    let text = fs::read_to_string(format!("www/data/{name}.jsonl")).expect("a store");
    let lines = lines(text.as_bytes()).expect("a whole store");
    let records = lines.iter().map(|line| line.record().expect("a record"));
    records.collect()
}

fn trained(config: Config) -> Trainer {
    let mut trainer = Trainer::new(config).expect("settings within their ranges");
    while !trainer.is_finished() {
        trainer.step();
    }
    trainer
}

fn outcome(trainer: &Trainer) -> Outcome {
    report::outcome(trainer, &Measures::of(trainer))
}

fn became(config: Config) -> Outcome {
    outcome(&trained(config))
}

fn small(t: usize) -> Config {
    Config {
        n: 100,
        t: ExampleCount::Finite(t),
        sparsity: 0.9,
        ..Config::default()
    }
}

fn stored(record: &Record) -> Outcome {
    record.outcome().expect("a store's lines have vectors")
}

/// Without the numbers that need more D's than a record may have.
fn name(outcome: &Outcome) -> String {
    match outcome.kind {
        Kind::Features { .. } => "features".into(),
        Kind::Between { memorised, .. } => format!("between {memorised:?} {:?}", outcome.harm),
        kind => format!("{kind:?} {:?}", outcome.harm),
    }
}

#[test]
fn a_run_that_is_no_better_than_a_constant_and_far_worse_on_new_examples_is_harmed() {
    let short = Config {
        lr: 1.0,
        steps: 100,
        ..small(3)
    };
    let long = Config {
        weight_decay: 0.0,
        steps: 500,
        ..short.clone()
    };
    let [short, long] = [short, long].map(became);
    assert_eq!([short.kind, long.kind], [Kind::Harmed; 2]);
    assert!(short.harm.is_some_and(|times| times > 10.0), "{short:?}");
    assert!(long.harm.is_some_and(|times| times > 1000.0), "{long:?}");
}

#[test]
fn one_example_and_two_are_memorised_and_form_nothing() {
    for t in [1, 2] {
        let config = Config {
            n: 1000,
            sparsity: 0.99,
            steps: 20_000,
            ..small(t)
        };
        let memorised = Kind::Memorised {
            examples: t,
            exact: true,
            form: None,
        };
        assert_eq!(became(config).kind, memorised);
    }
}

#[test]
fn nothing_is_learned_before_the_first_step_nor_without_a_learning_rate() {
    for t in [
        ExampleCount::Finite(2),
        ExampleCount::Finite(30),
        ExampleCount::Infinite,
    ] {
        let config = Config {
            t,
            lr: 1e-6,
            steps: 3,
            batch: 200,
            ..small(1)
        };
        let mut trainer = Trainer::new(config).unwrap();
        assert_eq!(outcome(&trainer).kind, Kind::Nothing);
        trainer.step();
        assert_eq!(outcome(&trainer).kind, Kind::Nothing);
    }
}

/// Of a run at m = 2 that memorised with these hidden vectors.
fn memorised(hidden: &[[f64; 2]]) -> Kind {
    let hidden: Vec<[f32; 2]> = hidden.iter().map(|h| h.map(|x| x as f32)).collect();
    let polygon = measure::polygon(&hidden);
    let examples = Some(hidden.len());
    let facts = Facts {
        examples,
        train_loss: 1e-9,
        test_loss: 1.0,
        baseline: Baseline::new(Loss::L2, (1000, 0.99), examples, [1.0, 0.0, 1.0]),
        polygon: polygon.as_ref(),
        has_closed_form: true,
        largest: &[],
        all_known: false,
    };
    Outcome::of(&facts).expect("no D is needed").kind
}

#[test]
fn exact_solutions_are_told_by_their_form() {
    let angles = |degrees: &[f64]| -> Vec<[f64; 2]> {
        let corner = |d: &f64| {
            [
                1.2 * math::cos(d.to_radians()),
                1.2 * math::sin(d.to_radians()),
            ]
        };
        degrees.iter().map(corner).collect()
    };
    let two_circles = theory::ring_around_one(9, 1.6).unwrap();
    for (hidden, expected) in [
        (angles(&[0.0, 72.0, 144.0, 216.0, 288.0]), Form::Polygon),
        (angles(&[0.0, 80.0, 200.0]), Form::Circle),
        (two_circles, Form::TwoCircles),
    ] {
        let kind = Kind::Memorised {
            examples: hidden.len(),
            exact: true,
            form: Some(expected),
        };
        assert_eq!(memorised(&hidden), kind);
    }
}

#[test]
fn every_stored_run_with_a_train_loss_of_rounding_memorised_and_none_with_another_did_so_exactly() {
    for grid in ["failures", "main", "classroom", "rates", "map"] {
        for record in store(grid) {
            let exact = matches!(stored(&record).kind, Kind::Memorised { exact: true, .. });
            let train_loss = record.measures.as_ref().map(|m| m.train_loss);
            assert_eq!(exact, train_loss.is_some_and(|loss| loss <= 1e-6));
            if t_of(&record.config) == 3.0 && record.config.m == 2 && grid == "failures" {
                assert!(exact, "{:?}", record.measures);
            }
        }
    }
}

#[test]
fn stored_runs_at_paper_scale_go_from_memory_through_confusion_to_five_features() {
    for record in store("main") {
        let kind = stored(&record).kind;
        let t = t_of(&record.config);
        let expected = match t {
            t if t <= 5.0 => matches!(kind, Kind::Memorised { exact: true, .. }),
            t if t <= 15.0 => matches!(kind, Kind::Memorised { .. } | Kind::AllBut { .. }),
            t if t <= 100.0 => matches!(kind, Kind::Partly { .. }),
            t if t <= 5000.0 => matches!(kind, Kind::Between { .. }),
            t if t >= 10_000.0 => matches!(kind, Kind::Features { count: Some(5), .. }),
            _ => true,
        };
        assert!(expected, "T = {t}: {kind:?}");
    }
}

#[test]
fn features_that_stand_out_without_a_gain_on_new_examples_are_counted_and_not_called_learned() {
    let mut seen = 0;
    for record in store("eps") {
        let outcome = stored(&record);
        let test_loss = record.measures.as_ref().unwrap().test_loss;
        let Kind::Between {
            standing, largest, ..
        } = outcome.kind
        else {
            continue;
        };
        assert_eq!(standing == Some(0), largest < 0.12, "{outcome:?}");
        assert_eq!(outcome.harm, (test_loss >= HARM).then_some(test_loss));
        seen += usize::from(standing > Some(0) && outcome.harm.is_some());
    }
    assert!(seen > 3, "{seen} such runs");
}

#[test]
fn live_stored_and_with_few_vectors_a_run_is_the_same() {
    let classroom = |t: usize, steps| Config {
        n: 300,
        sparsity: 0.97,
        t: ExampleCount::Finite(t),
        steps,
        lr: 3e-3,
        ..Config::default()
    };
    let configs = [
        classroom(5, 3000),
        classroom(12, 1000),
        classroom(12, 3000),
        classroom(40, 3000),
        classroom(300, 3000),
        classroom(2000, 2000),
        Config {
            untied: true,
            ..classroom(12, 3000)
        },
        Config {
            loss: Loss::CrossEntropy,
            ..classroom(12, 3000)
        },
        Config {
            t: ExampleCount::Infinite,
            batch: 500,
            ..classroom(1, 2000)
        },
    ];
    let mut kinds = BTreeMap::new();
    for config in configs {
        let trainer = trained(config);
        let live = outcome(&trainer);
        assert_eq!(
            Record::of(&trainer, 1000).outcome().map(|o| name(&o)),
            Some(name(&live))
        );
        for keep in [400, 8, 4] {
            let stored = Record::of(&trainer, keep).outcome();
            assert_eq!(stored.map(|o| name(&o)), Some(name(&live)), "{keep} kept");
        }
        kinds.insert(name(&live).split(' ').next().unwrap().to_string(), ());
    }
    assert!(kinds.len() >= 4, "{kinds:?}");
}

#[test]
fn a_packed_run_is_what_the_stored_one_is() {
    for entry in fs::read_dir("www/data").unwrap() {
        let path = entry.unwrap().path();
        let grid = path.file_stem().unwrap().to_str().unwrap().to_string();
        let is_pack = path
            .extension()
            .is_some_and(|extension| extension == "pack");
        if !is_pack || grid.ends_with("-details") {
            continue;
        }
        let mut pack = Pack::read(&fs::read(&path).unwrap()).unwrap();
        let known: Vec<Option<Outcome>> = pack.records.iter().map(Record::outcome).collect();
        let details = fs::read(format!("www/data/{grid}-details.pack")).unwrap();
        pack.add_details(&details).unwrap();
        let records = store(&grid);
        for (packed, before) in pack.records.iter().zip(known) {
            let same = |record: &&Record| record.config == packed.config;
            let record = records.iter().find(same).expect("a packed run is stored");
            let expected = name(&stored(record));
            let after = packed.outcome();
            // Of a large m so few vectors are packed that none is chosen by its D.
            assert!(after.is_some() || record.config.m > 6);
            for outcome in [before, after].into_iter().flatten() {
                assert_eq!(name(&outcome), expected, "{grid}: {:?}", record.config);
            }
        }
    }
}

#[test]
fn as_many_examples_are_memorised_as_have_lost_more_than_half_of_their_loss() {
    for (t, data_seed) in [(10, 1), (20, 2), (30, 1), (30, 3)] {
        let config = Config {
            n: 1000,
            t: ExampleCount::Finite(t),
            sparsity: 0.99,
            steps: 10_000,
            data_seed,
            ..Config::default()
        };
        let trainer = trained(config);
        let (params, variant) = (trainer.params(), trainer.config().variant());
        let of_one = |(features, xs): (&[u32], &[f32])| {
            let row = features.iter().copied().zip(xs.iter().copied()).collect();
            variant
                .evaluate(&params, &Examples::from_rows(1000, &[row]))
                .loss
        };
        let losses = trainer.examples().rows().map(of_one);
        let lost = losses.filter(|&loss| loss < 0.5).count();
        let counted = match outcome(&trainer).kind {
            Kind::Memorised { examples, .. } => examples,
            Kind::AllBut { examples, missing } => examples - missing,
            Kind::Partly { memorised, .. } => memorised,
            kind => panic!("{kind:?}"),
        };
        assert!(counted.abs_diff(lost) <= 1, "T = {t}: {counted}, {lost}");
    }
}

#[test]
fn baselines_are_what_constant_outputs_have() {
    for loss in Loss::ALL {
        let config = Config {
            loss,
            n: 1000,
            sparsity: 0.99,
            t: ExampleCount::Finite(40),
            importance: 0.5,
            ..Config::default()
        };
        let trainer = Trainer::new(config.clone()).unwrap();
        let (examples, variant) = (trainer.examples(), config.variant());
        let of_bias = |b: &[f32]| {
            let mut params = vec![0.0; 2 * config.n];
            params.extend_from_slice(b);
            let params = Params::from_rows(config.n, 2, &params);
            variant.evaluate(&params, examples).loss
        };
        let baseline = config.baseline();
        let zero = of_bias(&vec![0.0; config.n]);
        assert!((baseline.zero / zero - 1.0).abs() < 1e-6, "{loss:?}");
        // The best constant where no two examples share a feature.
        let mut best = vec![
            if loss == Loss::CrossEntropy {
                -30.0
            } else {
                0.0f32
            };
            config.n
        ];
        let root_of_39 = math::powf(39.0, 1.0 / 3.0) as f32;
        for (features, xs) in examples.rows() {
            let all: f32 = xs.iter().sum();
            for (&i, &x) in features.iter().zip(xs) {
                let importance = variant.importance_of(i as usize, config.n) as f32;
                match loss {
                    Loss::L2 => best[i as usize] += x / 40.0,
                    Loss::L1 => {}
                    Loss::L4 => best[i as usize] = x / (1.0 + root_of_39),
                    Loss::CrossEntropy => {
                        best[i as usize] = math::ln((importance * x / all).into()) as f32;
                    }
                }
            }
        }
        let off = of_bias(&best) / baseline.constant - 1.0;
        assert!(off.abs() < 0.05, "{loss:?}: {off}");
        assert!(baseline.least <= baseline.constant && baseline.constant <= baseline.zero);
    }
}

#[test]
fn a_report_tells_the_outcome() {
    let trainer = trained(Config {
        n: 1000,
        sparsity: 0.99,
        steps: 5000,
        ..small(5)
    });
    let report = Report::of(&trainer, false).to_json();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let expected = serde_json::to_value(outcome(&trainer)).unwrap();
    assert_eq!(report["final"]["outcome"], expected);
    assert_eq!(expected["kind"], "memorised");
    assert_eq!(expected["examples"], 5);
}

/// How many runs of a grid became what, by T.
#[test]
fn distribution() {
    for grid in ["main", "main-sum", "classroom", "failures"] {
        let mut by_t: BTreeMap<(u64, String), BTreeMap<String, usize>> = BTreeMap::new();
        for record in store(grid) {
            let kind = match stored(&record).kind {
                Kind::Memorised { exact, form, .. } => format!("memorised {exact} {form:?}"),
                Kind::AllBut { missing, .. } => format!("all but {missing}"),
                Kind::Partly { memorised, .. } => format!("about {memorised}"),
                Kind::Features { count, .. } => format!("features {count:?}"),
                Kind::Between {
                    memorised,
                    standing,
                    ..
                } => format!("between, {memorised:?} examples, {standing:?} features"),
                kind => format!("{kind:?}"),
            };
            let reduction = record.config.reduction.name().to_string();
            let key = (t_of(&record.config) as u64, reduction);
            *by_t.entry(key).or_default().entry(kind).or_default() += 1;
        }
        println!("{grid}");
        for ((t, reduction), kinds) in by_t {
            println!("  T = {t}, {reduction}: {kinds:?}");
        }
    }
}
