//! What comes together of a sweep: what agrees counts once, what contradicts is shown, and what is no run is refused in words.

mod common;

use std::ops::ControlFlow;

use serde_json::{Value, json};

use superposition::report::Measures;
use superposition::sweep::codes::{self, CodeError, Finished};
use superposition::sweep::{Gathered, Given, Plan, Record, Taken, lines};
use superposition::train::{Config, ExampleCount, Trainer};

use common::finished::{measures, run};

fn plan() -> Plan {
    let json = json!({
        "base": {"n": 1000, "sparsity": 0.99, "steps": 5000},
        "t": [10, 20, 30, 40], "data_seeds": 2, "init_seeds": 1
    });
    Plan::from_json(&json.to_string()).unwrap()
}

fn given(who: &str, run: Finished) -> Given {
    Given {
        who: who.to_string(),
        run,
    }
}

#[test]
fn what_agrees_counts_once_and_what_contradicts_is_shown_until_it_is_made_here() {
    let mut gathered = Gathered::new(plan()).unwrap();
    let mut take = |who: &str, run: Finished, own: bool| gathered.take(given(who, run), own);
    assert!(matches!(
        take("Ada", run(10, 1, 1.5), false),
        Taken::New { .. }
    ));
    assert!(matches!(
        take("Bo", run(10, 1, 1.5), false),
        Taken::Again { .. }
    ));
    assert!(matches!(
        take("Bo", run(10, 1, 1.5), false),
        Taken::Again { .. }
    ));
    assert!(matches!(
        take("Cy", run(20, 1, 1.25), false),
        Taken::New { .. }
    ));
    assert!(matches!(
        take("Di", run(20, 1, 1.25000001), false),
        Taken::Differs { .. }
    ));
    assert!(matches!(
        take("Ed", run(50, 1, 1.0), false),
        Taken::Foreign { .. }
    ));
    let mut older = run(30, 1, 1.0);
    older.made_with.version += 1;
    assert!(matches!(take("Fe", older, false), Taken::Other { .. }));

    let drawn: Vec<f64> = gathered
        .records()
        .map(|(_, record)| record.measures.unwrap().test_loss)
        .collect();
    assert_eq!(drawn, [1.5], "a contradiction is left out, not averaged");
    let conflicts = gathered.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].said[0].who, ["Cy"]);
    assert!(conflicts[0].said[1].words.contains("1.25000001") && !conflicts[0].settled);
    let counts =
        [("Ada", 1), ("Bo", 1), ("Cy", 1), ("Di", 1)].map(|(who, count)| (who.to_string(), count));
    assert_eq!(gathered.by_whom(), counts);

    gathered.take(given("", run(20, 1, 1.25)), true);
    let conflict = &gathered.conflicts()[0];
    assert!(conflict.settled && !conflict.said[0].wrong && conflict.said[1].wrong);
    assert_eq!(conflict.said[1].who, ["Di"]);
    assert_eq!(gathered.records().count(), 2);
}

#[test]
fn twenty_pupils_give_the_sweep_in_any_order_and_each_of_five_faults_is_named() {
    let json = json!({
        "base": {"n": 1000, "sparsity": 0.99, "steps": 5000},
        "t": [3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000],
        "data_seeds": 2, "init_seeds": 1
    });
    let mut class = Gathered::new(Plan::from_json(&json.to_string()).unwrap()).unwrap();
    // What training gives stands in for it: a number for each configuration.
    let trained: Vec<Finished> = class
        .configs()
        .map(|config| match config.t {
            ExampleCount::Finite(t) => run(t, config.data_seed, 1.0 + 1.0 / t as f64),
            ExampleCount::Infinite => unreachable!("the plan has none"),
        })
        .collect();
    let mut messages: Vec<String> = (1..=20)
        .map(|pupil| {
            let share: Vec<Finished> = class
                .share(pupil, 20)
                .into_iter()
                .map(|run| trained[run].clone())
                .collect();
            assert_eq!(share.len(), 2);
            codes::write(&format!("pupil{pupil}"), &share)
        })
        .collect();
    // One comes twice, one is cut off in its second run, one is of another version, one is forged, and one says otherwise than a right one.
    messages.push(messages[3].clone());
    let cut = messages[6].len() - 30;
    messages[6].truncate(cut);
    let other = class.share(8, 20);
    let older: Vec<Finished> = other
        .iter()
        .map(|&run| {
            let mut run = trained[run].clone();
            run.made_with.version += 1;
            run
        })
        .collect();
    messages[7] = codes::write("pupil8", &older);
    let altered = |run: usize| {
        let mut altered = trained[run].clone();
        altered.end = Ok(measures(0.5));
        altered
    };
    let (forged, doubted) = (class.share(12, 20)[0], class.share(15, 20)[0]);
    messages[11] = codes::write(
        "pupil12",
        &[altered(forged), trained[class.share(12, 20)[1]].clone()],
    );
    messages.push(codes::write("pupil21", &[altered(doubted)]));
    // A chat's order is nobody's.
    messages.sort_by_key(|message| superposition::checksum::crc32(message.as_bytes()));

    let (mut again, mut versions, mut differing) = (0, 0, 0);
    let mut troubles = Vec::new();
    for code in codes::read(&messages.join("\nsee below\n")) {
        troubles.extend(code.trouble.map(|trouble| (code.who.clone(), trouble)));
        for piece in code.runs {
            match piece {
                Err(_) => {}
                Ok(run) => match class.take(given(&code.who, run), false) {
                    Taken::New { .. } => {}
                    Taken::Again { .. } => again += 1,
                    Taken::Other { .. } => versions += 1,
                    Taken::Differs { .. } => differing += 1,
                    Taken::Foreign { .. } => panic!("all runs are the plan's"),
                },
            }
        }
    }
    assert_eq!((again, versions, differing), (2, 2, 1));
    assert_eq!(
        troubles,
        [("pupil7".to_string(), CodeError::Torn { read: 1, runs: 2 })]
    );
    // What is checked by training it here decides; a forged run that nobody else gave is found only so.
    for run in [forged, doubted]
        .into_iter()
        .chain(other)
        .chain(class.share(7, 20))
    {
        class.take(given("", trained[run].clone()), true);
    }
    let wrong: Vec<&str> = class
        .conflicts()
        .iter()
        .flat_map(|conflict| conflict.said.iter().filter(|said| said.wrong))
        .flat_map(|said| said.who.clone())
        .map(|who| {
            if who == "pupil12" {
                "forged"
            } else {
                "contradicts"
            }
        })
        .collect();
    assert_eq!(wrong.len(), 2);
    assert!(wrong.contains(&"forged") && wrong.contains(&"contradicts"));
    let sweep: Vec<f64> = trained
        .iter()
        .map(|run| run.end.as_ref().unwrap().test_loss)
        .collect();
    let drawn: Vec<f64> = class
        .records()
        .map(|(_, record)| record.measures.unwrap().test_loss)
        .collect();
    assert_eq!(drawn, sweep, "the figure is the sweep's");
}

#[test]
fn shares_are_all_runs_once_and_cost_about_the_same() {
    let gathered = Gathered::new(plan()).unwrap();
    let mut all: Vec<usize> = (1..=3).flat_map(|k| gathered.share(k, 3)).collect();
    all.sort_unstable();
    assert_eq!(all, (0..8).collect::<Vec<_>>());
    let cost = |k| {
        gathered
            .share(k, 2)
            .into_iter()
            .filter_map(|run| gathered.work(run))
            .sum::<u64>() as f64
    };
    assert!((cost(1) / cost(2) - 1.0).abs() < 0.5);
}

/// A line of a store, as the page saves it.
fn line(t: usize) -> Value {
    let config = Config {
        n: 40,
        sparsity: 0.9,
        steps: 20,
        test_examples: 5,
        data_seed: 1,
        t: ExampleCount::Finite(t),
        ..Config::default()
    };
    let mut trainer = Trainer::new(config).unwrap();
    trainer.run(|_| ControlFlow::Continue(()));
    serde_json::from_str(&Record::without_vectors_of(&trainer).to_line()).unwrap()
}

#[test]
fn a_line_of_a_file_is_checked_as_far_as_lab_verify_checks_it_without_training() {
    let whole = line(4);
    let read = Finished::from_value(whole.clone(), None).unwrap();
    let record: Record = serde_json::from_value(whole.clone()).unwrap();
    assert_eq!(
        (read.made_with, &read.config),
        (record.made_with(), &record.config)
    );
    let without_polygon = |m| Measures { polygon: None, ..m };
    assert_eq!(read.end.ok(), record.measures.map(without_polygon));

    let cases = [
        ("", json!([1, 2]), "missing field `config`"),
        ("/config/n", json!(0), "n is 0"),
        ("/config/n", json!("many"), "n is \"many\""),
        ("/config/width", json!(3), "unknown field"),
        (
            "/numerics",
            json!(-1),
            "numerics is -1, and should be a whole number",
        ),
        ("/path", json!("guessed"), "there is no path \"guessed\""),
        (
            "/step",
            json!(19),
            "step is 19, and the run ends at 20 of 20",
        ),
        (
            "/diverged_at",
            json!(20),
            "a run has measures unless it diverged",
        ),
        (
            "/measures",
            json!(null),
            "a run has measures unless it diverged",
        ),
        (
            "/measures/test_loss",
            json!(null),
            "test_loss is null, and should be a number",
        ),
        ("/measures/test_loss", json!(-1.0), "a loss or norm is -1"),
        ("/measures/active_share", json!(-1.0), "below 0"),
        ("/history", json!("none"), "history is no list"),
        (
            "/history/1/step",
            json!(0),
            "the steps of history do not ascend",
        ),
        ("/history/1/train_loss", json!(-3.0), "a loss or norm is -3"),
        (
            "/config/repeats",
            json!([{"example": 1, "times": 2}]),
            "repeated has other examples than config",
        ),
        ("/keep", json!("all"), "keep is \"all\""),
        (
            "/features",
            json!({"count": 40, "index": [1], "dimensionality": [], "coordinates": [0.0, 0.0]}),
            "features have 1 indices",
        ),
        (
            "/examples",
            json!({"count": 9, "index": [], "dimensionality": [], "coordinates": []}),
            "examples are 0 of 9",
        ),
    ];
    for (place, value, expected) in cases {
        let mut altered = whole.clone();
        match place.rsplit_once('/') {
            Some((parent, name)) if altered.pointer(place).is_none() => {
                altered.pointer_mut(parent).unwrap()[name] = value;
            }
            _ => *altered.pointer_mut(place).unwrap() = value,
        }
        let said = Finished::from_value(altered, None).unwrap_err();
        assert!(said.contains(expected), "{place}: {said}");
    }
    for name in [
        "numerics", "program", "config", "step", "history", "keep", "features", "examples",
    ] {
        let mut altered = whole.clone();
        altered.as_object_mut().unwrap().remove(name);
        let said = Finished::from_value(altered, None).unwrap_err();
        assert!(said.contains(&format!("missing field `{name}`")), "{said}");
    }
}

/// Places of a JSON tree.
fn places(value: &Value, place: String) -> Vec<String> {
    let inner: Vec<String> = match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| places(value, format!("{place}/{name}")))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .flat_map(|(k, value)| places(value, format!("{place}/{k}")))
            .collect(),
        _ => Vec::new(),
    };
    [vec![place], inner].concat()
}

#[test]
fn a_line_is_refused_where_lab_verify_refuses_it_and_read_the_same_where_not() {
    let of_lab = |value: &Value| {
        let store = value.to_string();
        let record = lines(store.as_bytes()).ok()?.first()?.record().ok()?;
        Some((
            record.made_with(),
            record.config,
            record.diverged_at,
            record.measures.map(|m| m.test_loss),
        ))
    };
    let ours = |value: &Value| {
        let run = Finished::from_value(value.clone(), None).ok()?;
        let diverged_at = run.end.as_ref().err().copied();
        Some((
            run.made_with,
            run.config,
            diverged_at,
            run.end.ok().map(|m| m.test_loss),
        ))
    };
    let repeated = json!({"n": 40, "sparsity": 0.9, "steps": 20, "test_examples": 5, "t": 4, "repeats": [{"example": 1, "times": 2}]});
    let mut trainer = Trainer::new(Config::from_value(repeated).unwrap()).unwrap();
    trainer.run(|_| ControlFlow::Continue(()));
    let whole: Value = serde_json::from_str(&Record::of(&trainer, 6).to_line()).unwrap();
    assert!(ours(&whole).is_some() && ours(&whole) == of_lab(&whole));
    let values = [
        json!(null),
        json!(-1),
        json!(0),
        json!(1),
        json!(3),
        json!(20),
        json!(0.5),
        json!(1e300),
        json!("inf"),
        json!(true),
        json!([]),
        json!({}),
        json!([1]),
    ];
    // Nothing is compared with these.
    let passed_over = |place: &str| {
        ["/measures/polygon", "/clusters", "/losses_checksum"]
            .iter()
            .any(|start| place.starts_with(start))
    };
    let mut refused = 0;
    for place in places(&whole, String::new())
        .into_iter()
        .filter(|place| !passed_over(place))
    {
        for value in &values {
            let mut altered = whole.clone();
            *altered.pointer_mut(&place).unwrap() = value.clone();
            let (ours, theirs) = (ours(&altered), of_lab(&altered));
            refused += usize::from(theirs.is_none());
            match theirs {
                // A negative share, which a store's reader lets pass.
                Some(_) if place == "/measures/active_share" => {}
                theirs => assert_eq!(ours, theirs, "{place} {value}"),
            }
        }
    }
    assert!(refused > 300, "{refused}");
}

#[test]
fn a_file_that_repeats_or_contradicts_itself_is_told() {
    let json = json!({
        "base": {"n": 40, "sparsity": 0.9, "steps": 20, "test_examples": 5},
        "t": [4, 5], "data_seeds": 1, "init_seeds": 1
    });
    let mut gathered = Gathered::new(Plan::from_value(json).unwrap()).unwrap();
    let mut take = |line: &Value| {
        let run = Finished::from_value(line.clone(), None).unwrap();
        gathered.take(given("class.jsonl", run), false)
    };
    let mut altered = line(5);
    altered["measures"]["test_loss"] = json!(0.5);
    assert_eq!(take(&line(4)), Taken::New { run: 0 });
    assert_eq!(take(&line(4)), Taken::Again { run: 0 });
    assert_eq!(take(&line(5)), Taken::New { run: 1 });
    assert_eq!(take(&altered), Taken::Differs { run: 1 });
    assert!(matches!(take(&line(6)), Taken::Foreign { .. }));
    assert_eq!(gathered.records().count(), 1);
    assert_eq!(gathered.conflicts()[0].said.len(), 2);
}
