//! Does `lab train` keep its word? Its refusals, its JSON, its table and figures, by running the program itself.
#![cfg(feature = "cli")]

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

mod common;
use common::lab::{Directory, SMALL, refusal, text};
use common::tolerance;

#[test]
fn a_model_without_the_closed_form_is_not_compared_with_it() {
    let directory = Directory::new("no-closed-form");
    for (flags, claims) in [
        ("", true),
        ("--loss l4 --importance 0.9", true),
        ("--untied true", false),
        ("--hidden-relu true", false),
        ("--loss cross-entropy", false),
        ("--unit-length false", false),
    ] {
        let run = "--n 100 --sparsity 0.9 --t 5 --steps 3000 --test-examples 10";
        let done = directory.train(&format!("{run} {flags} --json run.json"));
        assert!(done.status.success(), "{}", text(&done.stderr));
        let printed = text(&done.stdout);
        let json = fs::read_to_string(directory.file("run.json")).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        let polygon = &json["final"]["polygon"];
        let expected = claims && polygon["on_ring"].as_u64().unwrap() >= 3;
        assert_eq!(
            !polygon["closed_form_radius"].is_null(),
            expected,
            "{flags}"
        );
        assert_eq!(printed.contains("closed form"), expected, "{printed}");
    }
}

#[test]
fn value_outside_its_range_is_named_with_its_flag_and_nothing_is_written() {
    let directory = Directory::new("ranges");
    for (flags, expected) in [
        ("--n 0", vec!["--n", "n is 0", "1 to 100000"]),
        ("--n 100001", vec!["--n", "100001", "1 to 100000"]),
        ("--m -3", vec!["--m", "-3", "1 to 256"]),
        ("--m 257", vec!["--m", "257", "1 to 256"]),
        (
            "--t 2.5",
            vec!["--t", "2.5", "whole", "1 to 500000", "\"inf\""],
        ),
        ("--t many", vec!["--t", "many", "1 to 500000", "\"inf\""]),
        ("--sparsity 1", vec!["--sparsity", "0 to 0.99999"]),
        ("--sparsity nan", vec!["--sparsity", "nan", "0 to 0.99999"]),
        (
            "--n 10 --sparsity 0.999",
            vec!["--sparsity", "0.999", "at most 0.99"],
        ),
        ("--steps 1e7", vec!["--steps", "10000000", "1 to 1000000"]),
        ("--lr 0", vec!["--lr", "lr is 0", "0.000001 to 1"]),
        (
            "--lr 0,001",
            vec!["--lr", "\"0,001\"", "0.000001 to 1", "written 0.001."],
        ),
        (
            "--t １０",
            vec!["--t", "１０", "1 to 500000", "written 10."],
        ),
        ("--steps 50k", vec!["--steps", "50k", "written 50000."]),
        ("--sparsity 99.9%", vec!["--sparsity", "written 0.999."]),
        ("--weight-decay 11", vec!["--weight-decay", "11", "0 to 10"]),
        ("--beta1 1", vec!["--beta1", "0 to 0.99999"]),
        ("--beta2 -0.1", vec!["--beta2", "-0.1", "0 to 0.99999"]),
        ("--eps inf", vec!["--eps", "inf", "to 1"]),
        ("--reduction max", vec!["--reduction", "max", "mean, sum"]),
        (
            "--data-seed 4294967296",
            vec!["--data-seed", "4294967296", "0 to 4294967295"],
        ),
        (
            "--init-seed -1",
            vec!["--init-seed", "-1", "0 to 4294967295"],
        ),
        (
            "--init-seed 4294967295 --best-of 2",
            vec!["--best-of 2", "4294967296", "0 to 4294967295"],
        ),
        ("--best-of 0", vec!["--best-of", "0", "1..=1000"]),
        ("--batch 0", vec!["--batch", "1 to 100000"]),
        ("--test-examples 0", vec!["--test-examples", "1 to 100000"]),
        (
            "--unit-length perhaps",
            vec!["--unit-length", "perhaps", "true, false"],
        ),
        (
            "--loss l3",
            vec!["--loss", "l3", "l2, l1, l4, cross-entropy"],
        ),
        ("--importance 0", vec!["--importance", "0", "0.000001 to 1"]),
        ("--untied both", vec!["--untied", "both", "true, false"]),
        ("--hidden-relu 2", vec!["--hidden-relu", "2", "true, false"]),
        ("--repeat 3", vec!["--repeat", "'3'", "3:10"]),
        (
            "--repeat 0:2 --repeat 0:4",
            vec!["--repeat", "example 0 several times"],
        ),
        ("--nudge 10:nan", vec!["--nudge", "'10:nan'", "finite"]),
        ("--nudge 10:inf", vec!["--nudge", "'10:inf'", "finite"]),
        (
            "--nudge 10:1e9",
            vec!["--nudge", "1000000000", "at most 100"],
        ),
        ("--repeat 4:3", vec!["--repeat", "example 4", "3 distinct"]),
        ("--t inf --repeat 1:2", vec!["--repeat", "finite"]),
    ] {
        let message = refusal(&directory.train(&format!(
            "--json run.json --svg svg --checkpoint run.ckpt {flags}"
        )));
        for part in expected {
            assert!(message.contains(part), "{flags}: {message}");
        }
        assert_eq!(directory.names(), [""; 0], "{flags}");
    }
}

#[test]
fn path_that_cannot_be_written_is_refused_before_training() {
    let directory = Directory::new("paths");
    fs::write(directory.file("plain"), "text").unwrap();
    fs::create_dir(directory.file("folder")).unwrap();
    let before = directory.names();
    for (flags, reason) in [
        ("--json missing/run.json", "can't be created"),
        ("--json folder", "directory"),
        ("--json plain/run.json", "can't be"),
        ("--checkpoint missing/run.ckpt", "can't be created"),
        ("--checkpoint folder", "directory"),
        ("--svg plain", "can't be written"),
        ("--svg plain/svg", "can't be written"),
        ("--with-data", "--json"),
        ("--json run --checkpoint run", "both"),
        ("--json ./run --checkpoint run", "both"),
        ("--json folder/../run --checkpoint run", "both"),
        ("--json run.init-2 --checkpoint run --best-of 3", "both"),
        ("--json folder/losses.svg --svg folder", "both"),
        ("--json same --svg same", "in place of the other"),
        ("--json new/ --svg folder", "names a directory"),
    ] {
        // So long that only an early refusal ends in time.
        let begun = Instant::now();
        let message = refusal(&directory.train(&format!("--t 100000 --m 64 {flags}")));
        assert!(message.contains(reason), "{flags}: {message}");
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert_eq!(directory.names(), before, "{flags}");
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

#[test]
fn json_has_the_documented_fields_and_shapes() {
    let directory = Directory::new("json");
    let (n, m, t) = (100, 3, 7);
    let json: Value = serde_json::from_str(&directory.json("--m 3 --t 7 --with-data")).unwrap();
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut top = keys(&json);
    top.sort();
    let expected = "b config data diverged_at final hidden history initial_w numerics path step w";
    assert_eq!(top.join(" "), expected);
    let mut results = keys(&json["final"]);
    results.sort();
    let expected = "active_share b_norm example_dimensionality feature_dimensionality outcome polygon test_loss train_loss w_norm";
    assert_eq!(results.join(" "), expected);

    assert_eq!(json["config"]["n"], 100);
    assert_eq!(json["config"]["reduction"], "mean");
    assert_eq!(json["config"]["lr"], 0.001);
    assert_eq!(json["step"], 400);
    assert_eq!(json["diverged_at"], Value::Null);
    assert_eq!(json["final"]["polygon"], Value::Null, "m is not 2");
    assert_eq!(numbers(&json["final"]["feature_dimensionality"]).len(), n);
    assert_eq!(numbers(&json["final"]["example_dimensionality"]).len(), t);
    for name in ["w", "initial_w"] {
        let w = rows(&json[name]);
        assert_eq!((w.len(), w[0].len()), (m, n));
    }
    assert_eq!(numbers(&json["b"]).len(), n);
    let history = json["history"].as_array().unwrap();
    assert_eq!(
        (&history[0]["step"], &history[history.len() - 1]["step"]),
        (&0.into(), &400.into())
    );
    assert_eq!(
        history[history.len() - 1]["train_loss"],
        json["final"]["train_loss"]
    );
    assert_eq!(
        history[history.len() - 1]["test_loss"],
        json["final"]["test_loss"]
    );
    assert_eq!(rows(&json["data"]["indices"]).len(), t);

    let planar: Value = serde_json::from_str(&directory.json("--t 7")).unwrap();
    assert_eq!(planar["final"]["polygon"]["examples"], 7);
    assert_eq!(planar.get("data"), None);
    assert_eq!(planar.get("initial_w"), None);
    let streamed: Value =
        serde_json::from_str(&directory.json("--t inf --batch 9 --with-data")).unwrap();
    assert_eq!(streamed["config"]["t"], "inf");
    assert_eq!(streamed["final"]["polygon"], Value::Null);
    assert_eq!(rows(&streamed["hidden"]).len(), 9);
    assert_eq!(directory.names(), [""; 0]);
}

#[test]
fn losses_and_hidden_vectors_follow_from_the_jsons_own_data() {
    let directory = Directory::new("data");
    for flags in [
        "--m 3 --t 7",
        "--m 2 --t 4 --reduction sum --unit-length false",
        "--m 9 --t 5",
    ] {
        let json: Value =
            serde_json::from_str(&directory.json(&format!("{flags} --with-data"))).unwrap();
        let (w, b, hidden) = (rows(&json["w"]), numbers(&json["b"]), rows(&json["hidden"]));
        let (indices, values) = (
            rows(&json["data"]["indices"]),
            rows(&json["data"]["values"]),
        );
        let mut loss = 0.0;
        for ((indices, values), hidden) in indices.iter().zip(&values).zip(&hidden) {
            let mut x = vec![0.0; b.len()];
            for (&i, &value) in indices.iter().zip(values) {
                x[i as usize] = value;
            }
            let h: Vec<f64> = w
                .iter()
                .map(|row| row.iter().zip(&x).map(|(w, x)| w * x).sum())
                .collect();
            let error = common::relative_error(hidden.iter().copied(), &h);
            assert!(
                error < tolerance::TRAINER_AGAINST_PYTORCH,
                "{flags}: {error}"
            );
            for i in 0..b.len() {
                let z = b[i] + w.iter().zip(&h).map(|(row, h)| row[i] * h).sum::<f64>();
                loss += (z.max(0.0) - x[i]) * (z.max(0.0) - x[i]) / indices_len(&json);
            }
        }
        let reported = json["final"]["train_loss"].as_f64().unwrap();
        let error = (reported - loss).abs() / loss;
        assert!(
            error < tolerance::TRAINER_AGAINST_PYTORCH,
            "{flags}: {reported} {loss}"
        );
    }
}

/// T, as the JSON's data have it.
fn indices_len(json: &Value) -> f64 {
    json["data"]["indices"].as_array().unwrap().len() as f64
}

#[test]
fn same_flags_give_the_same_bytes() {
    let directory = Directory::new("same");
    assert_eq!(directory.json("--with-data"), directory.json("--with-data"));
    assert_ne!(directory.json(""), directory.json("--data-seed 2"));
    assert_ne!(directory.json(""), directory.json("--init-seed 2"));
}

#[test]
fn best_of_several_is_the_run_of_lowest_train_loss() {
    let directory = Directory::new("best");
    let loss = |json: &str| {
        let json: Value = serde_json::from_str(json).unwrap();
        json["final"]["train_loss"].as_f64().unwrap()
    };
    let runs: Vec<String> = (3..8)
        .map(|seed| directory.json(&format!("--t 9 --lr 0.01 --init-seed {seed}")))
        .collect();
    let best = runs
        .iter()
        .min_by(|a, b| loss(a).total_cmp(&loss(b)))
        .unwrap();
    let output = directory.train(&format!(
        "{SMALL} --t 9 --lr 0.01 --init-seed 3 --best-of 5 --json -"
    ));
    assert_eq!(&text(&output.stdout), best);
    let table = text(&output.stderr);
    let kept: Vec<&str> = table
        .lines()
        .filter(|line| line.ends_with(", kept"))
        .collect();
    assert_eq!(kept.len(), 1, "{table}");
    assert_eq!(
        table
            .lines()
            .filter(|line| line.starts_with("init seed "))
            .count(),
        5,
        "{table}"
    );
}

#[test]
fn table_goes_to_the_standard_output_and_figures_to_their_directory() {
    let directory = Directory::new("outputs");
    let output = directory.train(&format!("{SMALL} --json run.json --svg new/svg"));
    assert!(output.status.success());
    let table = text(&output.stdout);
    for part in [
        "train loss",
        "test loss",
        "norms",
        "D of examples",
        "D* of examples",
        "outcome",
        "polygon",
        "of 5 on the ring",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
    assert_eq!(directory.names(), ["new", "run.json"]);
    for name in ["examples", "features", "losses", "dimensionalities"] {
        let svg = fs::read_to_string(directory.file(&format!("new/svg/{name}.svg"))).unwrap();
        assert!(
            svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
            "{name}"
        );
    }
    assert_eq!(
        fs::read_to_string(directory.file("run.json")).unwrap(),
        directory.json("")
    );
}

#[test]
fn run_that_diverges_is_a_result_with_an_exit_status_of_its_own() {
    let directory = Directory::new("diverged");
    let output = directory.train(&format!(
        "{SMALL} --lr 1 --weight-decay 10 --json - --svg svg"
    ));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let json: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    let step = json["diverged_at"].as_u64().unwrap();
    assert_eq!(json["step"], step);
    assert!(text(&output.stderr).contains(&format!("diverged at step {step}")));
}

#[test]
fn minus_zero_is_the_same_run_as_zero() {
    let directory = Directory::new("minus-zero");
    let flags = "--weight-decay 0 --beta1 0";
    assert_eq!(
        directory.json(&flags.replace(" 0", " -0")),
        directory.json(flags)
    );
}
