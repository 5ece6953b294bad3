//! Does `lab train` keep its word? Its refusals, its JSON, its checkpoints, by running the program itself.
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

mod common;
use common::tolerance;

/// A fresh directory for one test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lab-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// `lab train` in this directory, with flags separated by spaces.
    fn command(&self, flags: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command
            .current_dir(&self.0)
            .arg("train")
            .args(flags.split_whitespace());
        command
    }

    fn train(&self, flags: &str) -> Output {
        self.command(flags).output().unwrap()
    }

    /// Trains a small model and returns its JSON.
    fn json(&self, flags: &str) -> String {
        let output = self.train(&format!("{SMALL} {flags} --json -"));
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SMALL: &str = "--n 100 --sparsity 0.97 --steps 400 --test-examples 50";

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The standard error of a refusal, which has exit code 2.
fn refusal(output: &Output) -> String {
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    message
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
        ("--repeat 3", vec!["--repeat", "'3'", "3:10"]),
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
    let expected = "b config data diverged_at final hidden history initial_w numerics step w";
    assert_eq!(top.join(" "), expected);
    let mut results = keys(&json["final"]);
    results.sort();
    let expected = "active_share b_norm example_dimensionality feature_dimensionality polygon test_loss train_loss w_norm";
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
fn run_that_diverges_is_a_result() {
    let directory = Directory::new("diverged");
    let output = directory.train(&format!(
        "{SMALL} --lr 1 --weight-decay 10 --json - --svg svg"
    ));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let json: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    let step = json["diverged_at"].as_u64().unwrap();
    assert_eq!(json["step"], step);
    assert!(text(&output.stderr).contains(&format!("diverged at step {step}")));
}

/// Long enough to be interrupted, short enough to be repeated.
const LONG: &str = "--n 1000 --sparsity 0.99 --t 10 --steps 60000 --test-examples 100";

/// Starts a run, interrupts it once its first checkpoint is there, and returns what it wrote.
#[cfg(unix)]
fn interrupted(directory: &Directory, flags: &str, first: &str) -> Output {
    let mut command = directory.command(flags);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child: Child = command.spawn().unwrap();
    let begun = Instant::now();
    while !directory.file(first).exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no checkpoint");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(100));
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    child.wait_with_output().unwrap()
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_a_checkpoint_that_ends_with_the_same_bytes() {
    let directory = Directory::new("ctrl-c");
    for settings in [
        LONG.to_string(),
        LONG.replace("--t 10", "--t inf --batch 7"),
    ] {
        let output = interrupted(
            &directory,
            &format!("{settings} --json run.json --checkpoint run.ckpt"),
            "run.ckpt",
        );
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{message}");
        assert!(
            message.contains("stopped at step") && message.contains("--resume run.ckpt"),
            "{message}"
        );
        assert_eq!(directory.names(), ["run.ckpt"], "no results of half a run");

        let resumed = directory.train("--resume run.ckpt --json resumed.json --with-data");
        assert!(resumed.status.success(), "{}", text(&resumed.stderr));
        assert!(
            directory
                .train(&format!("{settings} --json whole.json --with-data"))
                .status
                .success()
        );
        let read = |name| fs::read(directory.file(name)).unwrap();
        assert!(read("resumed.json") == read("whole.json"));

        // The finished checkpoint gives the results once more.
        let again = directory.train("--resume run.ckpt --json again.json --with-data");
        assert!(again.status.success());
        assert!(read("again.json") == read("whole.json"));
        for name in directory.names() {
            fs::remove_file(directory.file(&name)).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_every_init_of_the_best_of_several() {
    let directory = Directory::new("ctrl-c-best");
    let flags = format!("{LONG} --best-of 3 --init-seed 5");
    let output = interrupted(
        &directory,
        &format!("{flags} --checkpoint run.ckpt"),
        "run.ckpt.init-5",
    );
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    let resumed =
        directory.train("--best-of 3 --init-seed 5 --resume run.ckpt --json resumed.json");
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    assert!(
        directory
            .train(&format!("{flags} --json whole.json"))
            .status
            .success()
    );
    let read = |name| fs::read(directory.file(name)).unwrap();
    assert!(read("resumed.json") == read("whole.json"));
}

#[test]
fn checkpoint_that_cannot_be_continued_is_refused_and_left_as_it_is() {
    let directory = Directory::new("refused");
    assert!(
        directory
            .train(&format!("{SMALL} --checkpoint good.ckpt"))
            .status
            .success()
    );
    let good = fs::read(directory.file("good.ckpt")).unwrap();
    let mut older = good.clone();
    older[8] = 0;
    let mut altered = good.clone();
    altered[good.len() / 2] ^= 1;
    for (bytes, reason) in [
        (older, "format 0"),
        (altered, "checksum"),
        (good[..good.len() / 2].to_vec(), "damaged"),
        (b"{}".to_vec(), "not a checkpoint"),
        (Vec::new(), "not a checkpoint"),
    ] {
        let file = directory.file("run.ckpt");
        fs::write(&file, &bytes).unwrap();
        for flags in [
            "--resume run.ckpt",
            "--resume run.ckpt --checkpoint other.ckpt",
        ] {
            let message = refusal(&directory.train(flags));
            assert!(
                message.contains("run.ckpt") && message.contains(reason),
                "{message}"
            );
        }
        let message = refusal(&directory.train(&format!("{SMALL} --checkpoint run.ckpt")));
        assert!(message.contains("overwritten"), "{message}");
        assert_eq!(fs::read(&file).unwrap(), bytes);
        assert_eq!(directory.names(), ["good.ckpt", "run.ckpt"]);
    }
    let message = refusal(&directory.train("--resume nowhere.ckpt"));
    assert!(message.contains("nowhere.ckpt can't be read"), "{message}");
}

#[test]
fn flags_that_contradict_the_checkpoint_are_refused() {
    let directory = Directory::new("contradict");
    assert!(
        directory
            .train(&format!("{SMALL} --checkpoint run.ckpt"))
            .status
            .success()
    );
    let before = fs::read(directory.file("run.ckpt")).unwrap();
    for (flags, parts) in [
        ("--m 3", ["--m is 3", "run.ckpt has 2"]),
        ("--t inf", ["--t is \"inf\"", "has 5"]),
        ("--steps 500", ["--steps is 500", "has 400"]),
        ("--init-seed 2", ["--init-seed is 2", "has 1"]),
        (
            "--reduction sum",
            ["--reduction is \"sum\"", "has \"mean\""],
        ),
        (
            "--unit-length false",
            ["--unit-length is false", "has true"],
        ),
        ("--repeat 1:2", ["--repeat is", "has []"]),
        ("--n 0", ["--n", "1 to 100000"]),
    ] {
        let message = refusal(&directory.train(&format!("--resume run.ckpt {flags}")));
        for part in parts {
            assert!(message.contains(part), "{flags}: {message}");
        }
        assert_eq!(fs::read(directory.file("run.ckpt")).unwrap(), before);
    }
    // The same values are no contradiction.
    assert!(
        directory
            .train(&format!("--resume run.ckpt {SMALL} --lr 1e-3"))
            .status
            .success()
    );
}

#[test]
fn checkpoint_never_replaces_another_file() {
    let directory = Directory::new("replace");
    fs::write(directory.file("thesis.txt"), "years of work").unwrap();
    let message = refusal(&directory.train(&format!("{SMALL} --checkpoint thesis.txt")));
    assert!(
        message.contains("thesis.txt") && message.contains("overwritten"),
        "{message}"
    );
    assert_eq!(
        fs::read_to_string(directory.file("thesis.txt")).unwrap(),
        "years of work"
    );

    // Nor the checkpoint of another run; but that of the same one.
    assert!(
        directory
            .train(&format!("{SMALL} --checkpoint run.ckpt"))
            .status
            .success()
    );
    let message = refusal(&directory.train(&format!("{SMALL} --m 3 --checkpoint run.ckpt")));
    assert!(message.contains("overwritten"), "{message}");
    assert!(
        directory
            .train(&format!("{SMALL} --checkpoint run.ckpt"))
            .status
            .success()
    );
}
