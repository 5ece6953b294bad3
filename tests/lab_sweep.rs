//! Do `lab sweep`, `merge` and `verify` lose nothing, whatever happens to them? By running the program itself.
#![cfg(feature = "cli")]

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

mod common;
use common::lab::{Directory, refusal, text};
use common::records;
use superposition::sweep::{Grid, Observer, Record};

/// The grid that is there for these tests.
const RUNS: usize = 12;
const SWEEP: &str = "sweep check --store . --checkpoints ckpt";

fn succeeds(directory: &Directory, arguments: &str) -> Output {
    let output = directory.lab(arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

/// A store in canonical order.
fn canonical(directory: &Directory, stores: &str) -> String {
    let _ = fs::remove_file(directory.file("canonical"));
    succeeds(directory, &format!("merge canonical {stores}"));
    fs::read_to_string(directory.file("canonical")).unwrap()
}

/// The store of an undisturbed sweep, in canonical order.
fn undisturbed() -> &'static str {
    static STORE: OnceLock<String> = OnceLock::new();
    STORE.get_or_init(|| {
        let directory = Directory::new("undisturbed");
        let output = succeeds(&directory, SWEEP);
        assert!(
            text(&output.stdout).contains("12 of 12 runs stored in ./check.jsonl, 12 of them made")
        );
        let store = canonical(&directory, "check.jsonl");
        assert_eq!(store.lines().count(), RUNS);
        assert_eq!(directory.names(), ["canonical", "check.jsonl", "ckpt"]);
        assert_eq!(fs::read_dir(directory.file("ckpt")).unwrap().count(), 0);
        store
    })
}

#[test]
fn sweep_killed_ten_times_ends_as_an_undisturbed_one() {
    let directory = Directory::new("killed");
    let store = || fs::read(directory.file("check.jsonl")).unwrap_or_default();
    let mut kept = Vec::new();
    let mut killed = 0;
    for i in 0..10 {
        let mut child = directory
            .lab(SWEEP)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread without a pattern over the time of a run or two.
        std::thread::sleep(Duration::from_millis(10 + 37 * i % 101));
        child.kill().unwrap();
        killed += u32::from(child.wait().unwrap().code().is_none());
        let now = store();
        assert!(now.starts_with(&kept), "a stored run was lost");
        // All but a line that the kill may have torn.
        kept = now[..now.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1)].to_vec();
    }
    assert!(killed >= 5, "only {killed} of ten kills hit the sweep");
    succeeds(&directory, SWEEP);
    assert_eq!(canonical(&directory, "check.jsonl"), undisturbed());
}

#[cfg(unix)]
#[test]
fn ctrl_c_stores_nothing_half_and_the_next_sweep_goes_on() {
    let directory = Directory::new("ctrl-c-sweep");
    let mut command = directory.lab(&format!("{SWEEP} --jobs 1"));
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let stored = || fs::read_to_string(directory.file("check.jsonl")).unwrap_or_default();
    while stored().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no run stored");
        std::thread::sleep(Duration::from_millis(2));
    }
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{message}");
    for part in ["of 12 runs stored in ./check.jsonl", "The same command"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(stored().ends_with('\n') && stored().lines().count() < RUNS);
    // The run that was under way, unless it had just ended.
    assert!(fs::read_dir(directory.file("ckpt")).unwrap().count() <= 1);
    succeeds(&directory, SWEEP);
    assert_eq!(fs::read_dir(directory.file("ckpt")).unwrap().count(), 0);
    assert_eq!(canonical(&directory, "check.jsonl"), undisturbed());
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_seen_on_the_way_too() {
    let directory = Directory::new("ctrl-c-course");
    let grid = Grid::named("repeated").unwrap();
    let mut steps = vec![0];
    for _ in 0..2 {
        let sweep = "sweep repeated --store . --checkpoints ckpt --jobs 1";
        let mut command = directory.lab(sweep);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_secs(2));
        let mut kill = Command::new("kill");
        assert!(
            kill.args(["-INT", &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", text(&output.stdout));
        let mut kept = fs::read_dir(directory.file("ckpt")).unwrap();
        let kept = fs::read(kept.next().unwrap().unwrap().path()).unwrap();
        let (_, trainer) = Observer::resume(grid, &kept).expect("the course and the run");
        steps.push(trainer.steps_done());
    }
    assert!(steps.is_sorted_by(|a, b| a < b), "{steps:?}");
}

#[test]
fn a_sweep_of_fewer_data_seeds_makes_their_runs_and_the_whole_goes_on_from_it() {
    let directory = Directory::new("data-seeds");
    succeeds(&directory, &format!("{SWEEP} --data-seeds 1"));
    let first = fs::read_to_string(directory.file("check.jsonl")).unwrap();
    assert_eq!(first.lines().count(), RUNS / 3);
    assert!(first.lines().all(|line| line.contains("\"data_seed\":1,")));
    succeeds(&directory, SWEEP);
    assert_eq!(canonical(&directory, "check.jsonl"), undisturbed());
}

#[test]
fn shards_merged_are_the_whole() {
    let directory = Directory::new("shards");
    for i in 1..=3 {
        succeeds(
            &directory,
            &format!("sweep check --store part{i} --checkpoints ckpt --shard {i}/3"),
        );
        let part = fs::read_to_string(directory.file(&format!("part{i}/check.jsonl"))).unwrap();
        assert_eq!(part.lines().count(), RUNS / 3);
    }
    let parts = "part3/check.jsonl part1/check.jsonl part2/check.jsonl";
    let whole = undisturbed();
    assert_eq!(canonical(&directory, parts), whole);
    // Overlapping stores make no difference.
    fs::write(directory.file("whole"), whole).unwrap();
    assert_eq!(canonical(&directory, &format!("whole {parts}")), whole);

    let message = refusal(
        &directory
            .lab("merge whole part1/check.jsonl")
            .output()
            .unwrap(),
    );
    assert!(message.contains("whole is there already"), "{message}");
    let message = refusal(
        &directory
            .lab("merge new part9/check.jsonl")
            .output()
            .unwrap(),
    );
    assert!(
        message.contains("part9/check.jsonl can't be read"),
        "{message}"
    );
}

#[test]
fn torn_last_line_is_reported_and_repaired() {
    let directory = Directory::new("torn");
    let whole = undisturbed();
    let file = directory.file("check.jsonl");
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    for (cut, reported) in [
        (last + 1, true),
        (last + 900, true),
        (whole.len() - 2, true),
        (whole.len() - 1, false), // only the newline
        (last, false),
    ] {
        fs::write(&file, &whole[..cut]).unwrap();
        // Looking repairs nothing.
        let list = text(&succeeds(&directory, "sweep --list --store .").stdout);
        let stored = if cut == whole.len() - 1 { 12 } else { 11 };
        assert!(
            list.contains(&format!("12 runs,   {stored} stored")),
            "{list}"
        );
        assert_eq!(fs::read(&file).unwrap().len(), cut);

        let message = text(&succeeds(&directory, SWEEP).stderr);
        assert_eq!(message.contains("torn"), reported, "{message}");
        assert_eq!(fs::read_to_string(&file).unwrap(), whole);
    }
}

#[test]
fn store_that_is_something_else_is_left_alone() {
    let directory = Directory::new("thesis");
    let whole = undisturbed();
    let (first, rest) = whole.split_once('\n').unwrap();
    for (content, line) in [
        ("years of work".to_string(), "line 1 "),
        (format!("\u{feff}{whole}"), "byte-order mark"),
        ("years\nof work\n".to_string(), "line 1 "),
        (format!("{first}\n{}", &rest[5..]), "line 2 "),
        (format!("{first}\nyears of work"), "line 2 "),
    ] {
        fs::write(directory.file("check.jsonl"), &content).unwrap();
        for command in [
            SWEEP,
            "sweep --list --store .",
            "verify check.jsonl",
            "merge out check.jsonl",
            "pack --store .",
        ] {
            let message = refusal(&directory.lab(command).output().unwrap());
            assert!(
                message.contains("check.jsonl: ") && message.contains(line),
                "{message}"
            );
            assert!(!message.contains("delete"), "{message}");
        }
        assert_eq!(
            fs::read_to_string(directory.file("check.jsonl")).unwrap(),
            content
        );
    }
}

#[test]
fn two_sweeps_at_once_share_a_store() {
    let directory = Directory::new("two");
    let started: Vec<_> = ["--jobs 1", "--jobs 2", "--jobs 1 --shard 2/2"]
        .iter()
        .map(|flags| {
            let mut command = directory.lab(&format!("{SWEEP} {flags}"));
            let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in started {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    let store = fs::read_to_string(directory.file("check.jsonl")).unwrap();
    assert_eq!(store.lines().count(), RUNS, "a run is stored twice");
    assert_eq!(canonical(&directory, "check.jsonl"), undisturbed());
}

#[test]
fn a_plan_of_ones_own_is_swept_like_a_grid_and_a_wrong_one_is_refused() {
    let directory = Directory::new("planned");
    let plan = |base: &str, t: &str| {
        let text = format!(
            r#"{{"base": {{{base}}}, "t": {t}, "vary": {{"setting": "eps", "values": [1e-8, 1e-6]}}, "data_seeds": 2, "init_seeds": 1}}"#
        );
        fs::write(directory.file("own.json"), text).unwrap();
    };
    let sweep = "sweep --plan own.json --checkpoints ckpt";
    plan(
        r#""n": 60, "sparsity": 0.95, "steps": 40, "test_examples": 20"#,
        r#"[3, 20, "inf"]"#,
    );
    let output = succeeds(&directory, sweep);
    assert!(text(&output.stdout).contains("12 of 12 runs stored in ./own.jsonl, 12 of them made"));
    let verified = succeeds(&directory, "verify own.jsonl --runs 8");
    assert!(text(&verified.stdout).contains("8 runs made again"));
    // Shards of it are the whole.
    for shard in ["1/2", "2/2"] {
        succeeds(&directory, &format!("{sweep} --store part --shard {shard}"));
    }
    let [whole, parts] = ["own.jsonl", "part/own.jsonl"].map(|store| canonical(&directory, store));
    assert_eq!(whole, parts);

    plan(r#""n": 60, "sparsity": 0.95"#, "[0]");
    let message = refusal(&directory.lab(sweep).output().unwrap());
    assert!(
        message.contains("--plan own.json: t is 0; it must be"),
        "{message}"
    );
    fs::copy(directory.file("own.json"), directory.file("main.json")).unwrap();
    let message = refusal(&directory.lab("sweep --plan main.json").output().unwrap());
    assert!(message.contains("t is 0"), "{message}");
    plan(r#""n": 60, "sparsity": 0.95, "steps": 40"#, "[3]");
    fs::copy(directory.file("own.json"), directory.file("main.json")).unwrap();
    let message = refusal(&directory.lab("sweep --plan main.json").output().unwrap());
    assert!(
        message.contains("a grid is called main already"),
        "{message}"
    );
    // A point in a name ends nothing.
    for name in ["own.1", "own.2"] {
        fs::copy(
            directory.file("own.json"),
            directory.file(&format!("{name}.json")),
        )
        .unwrap();
        succeeds(
            &directory,
            &format!("sweep --plan {name}.json --checkpoints ckpt"),
        );
        assert!(directory.file(&format!("{name}.jsonl")).exists());
    }
}

#[test]
fn verify_makes_runs_again_and_finds_a_flipped_bit() {
    let directory = Directory::new("verify");
    let whole = undisturbed();
    let file = directory.file("check.jsonl");
    fs::write(&file, whole).unwrap();
    let output = text(&succeeds(&directory, "verify check.jsonl --runs 3 --seed 7").stdout);
    assert!(output.contains("3 runs made again") && output.contains("all bits equal"));
    succeeds(&directory, "verify check.jsonl --runs 100");

    // One bit of one loss of the third run.
    let mut lines: Vec<serde_json::Value> = whole
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let loss = &mut lines[2]["measures"]["test_loss"];
    *loss = f64::from_bits(loss.as_f64().unwrap().to_bits() ^ 1).into();
    let altered: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(&file, altered).unwrap();
    for flags in ["--at 3", "--runs 100"] {
        let output = directory
            .lab(&format!("verify check.jsonl {flags}"))
            .output()
            .unwrap();
        let message = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{message}");
        for part in ["line 3 (T = ", "measures.test_loss is"] {
            assert!(message.contains(part), "{message}");
        }
    }
    succeeds(&directory, "verify check.jsonl --at 2");
    for (flags, part) in [
        ("check.jsonl --at 13", "lines 1 to 12"),
        ("check.jsonl --at 0", "lines 1 to 12"),
        ("check.jsonl --max-t 2", "at most 2 training examples"),
        ("nothing.jsonl", "nothing.jsonl can't be read"),
        ("main", "www/data/main.jsonl can't be read"),
    ] {
        let output = directory.lab(&format!("verify {flags}")).output().unwrap();
        let message = refusal(&output);
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn record_made_with_another_version_of_its_gradient_does_not_count() {
    let directory = Directory::new("numerics");
    let whole = undisturbed();
    let mut old: serde_json::Value = serde_json::from_str(whole.lines().next().unwrap()).unwrap();
    old["numerics"] = 0.into();
    // Whatever else older records held.
    old.as_object_mut().unwrap().remove("keep");
    // Keys in the order of the program, as the version comes first in a line.
    let old = serde_json::to_string(&old["config"]).unwrap();
    let old = format!("{{\"numerics\":0,\"config\":{old}}}\n");
    fs::write(directory.file("check.jsonl"), &old).unwrap();
    let output = succeeds(&directory, SWEEP);
    let message = text(&output.stderr);
    assert!(
        message.contains("0 stored already (1 made with another gradient or version of it"),
        "{message}"
    );
    let store = fs::read_to_string(directory.file("check.jsonl")).unwrap();
    assert_eq!(store.lines().count(), RUNS + 1);
    let message = refusal(&directory.lab("verify check.jsonl --at 1").output().unwrap());
    assert!(message.contains("version 0 of the"), "{message}");
}

#[test]
fn what_cannot_be_done_is_refused_with_the_value() {
    let directory = Directory::new("sweep-refused");
    fs::write(directory.file("plain"), "text").unwrap();
    fs::create_dir_all(directory.file("folder/check.jsonl")).unwrap();
    for (arguments, parts) in [
        (
            "sweep maim",
            ["'maim'", "no such grid; there are check, main,"],
        ),
        ("sweep check --shard 3/2", ["'3/2'", "i from 1 to k"]),
        ("sweep check --shard 0/4", ["'0/4'", "i from 1 to k"]),
        ("sweep check --shard half", ["'half'", "i from 1 to k"]),
        ("sweep check --data-seeds 0", ["'0'", "1..="]),
        ("sweep check --jobs 0", ["'0'", "1..=1024"]),
        (
            "sweep check --store plain",
            ["--store plain", "can't be written"],
        ),
        (
            "sweep check --store . --checkpoints plain",
            ["--checkpoints plain", "can't be written"],
        ),
        (
            "sweep check --store folder",
            ["folder/check.jsonl", "can't be written"],
        ),
        ("sweep", ["GRID", "required"]),
    ] {
        let message = refusal(&directory.lab(arguments).output().unwrap());
        for part in parts {
            assert!(message.contains(part), "{arguments}: {message}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_loses_nothing_that_was_stored() {
    let directory = Directory::new("full");
    let lab = env!("CARGO_BIN_EXE_lab");
    // No file may grow beyond 40 blocks of 512 or 1,024 bytes, which is some runs.
    let limited = format!("trap '' XFSZ; ulimit -f 40; exec {lab} {SWEEP}");
    let output = Command::new("sh")
        .args(["-c", &limited])
        .current_dir(directory.file(""))
        .output()
        .unwrap();
    let message = refusal(&output);
    for part in ["check.jsonl can't be written", "nothing stored is lost"] {
        assert!(message.contains(part), "{message}");
    }
    let kept = fs::read_to_string(directory.file("check.jsonl")).unwrap();
    assert!(kept.ends_with('\n') && (1..RUNS).contains(&kept.lines().count()));
    succeeds(&directory, SWEEP);
    let store = fs::read_to_string(directory.file("check.jsonl")).unwrap();
    assert!(store.starts_with(&kept));
    assert_eq!(canonical(&directory, "check.jsonl"), undisturbed());
}

#[test]
fn dry_run_prints_a_cost_and_writes_nothing() {
    let directory = Directory::new("dry");
    let output = text(&succeeds(&directory, "sweep check --store data --dry-run").stdout);
    assert!(output.contains("core-hours, "), "{output}");
    assert_eq!(directory.names(), [""; 0]);
}

#[test]
fn lines_that_are_there_twice_count_once_and_contradictions_are_refused_by_every_reader() {
    let directory = Directory::new("twice");
    let whole = undisturbed();
    let file = directory.file("check.jsonl");
    let lines: Vec<&str> = whole.lines().collect();
    fs::write(&file, format!("{whole}{}\n{}\n", lines[3], lines[7])).unwrap();
    let readers = [
        "sweep --list --store .",
        "pack --store .",
        "verify check.jsonl --runs 1",
        SWEEP,
    ];
    for reader in readers {
        let output = succeeds(&directory, reader);
        let message = text(&output.stderr);
        let expected =
            "2 lines are of runs that other lines have as well (line 13 is that of line 4)";
        assert!(message.contains(expected), "{reader}: {message}");
    }
    let list = text(&succeeds(&directory, readers[0]).stdout);
    assert!(list.contains("12 runs,   12 stored"), "{list}");
    let pack = text(&succeeds(&directory, readers[1]).stdout);
    assert!(pack.contains("12 of   12 runs"), "{pack}");

    let mut other: serde_json::Value = serde_json::from_str(lines[3]).unwrap();
    other["measures"]["test_loss"] = 1.25.into();
    let store = format!("{whole}{other}\n");
    fs::write(&file, &store).unwrap();
    for reader in readers {
        let message = refusal(&directory.lab(reader).output().unwrap());
        for part in [
            "lines 4 and 13 are records of the run T = ",
            "measures.test_loss",
        ] {
            assert!(message.contains(part), "{reader}: {message}");
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), store);
    }
    // Which of them is wrong can be found out.
    let found = directory
        .lab("verify check.jsonl --at 13")
        .output()
        .unwrap();
    assert_eq!(found.status.code(), Some(1), "{}", text(&found.stderr));
    succeeds(&directory, "verify check.jsonl --at 4");
}

#[test]
fn a_run_that_another_path_made_counts_and_counts_once() {
    let directory = Directory::new("paths");
    let whole = undisturbed();
    let (of_path, others): (Vec<&str>, Vec<&str>) = whole
        .lines()
        .partition(|line| line.contains("\"path\":\"pruned\""));
    assert!(!of_path.is_empty());
    let blocked: Vec<String> = (of_path.iter())
        .map(|line| line.replace("\"path\":\"pruned\"", "\"path\":\"blocked\""))
        .collect();
    let store = |lines: &[String]| lines.concat() + &others.join("\n") + "\n";
    let ended = |lines: &[String]| -> Vec<String> {
        lines.iter().map(|line| format!("{line}\n")).collect()
    };
    let both: Vec<String> = of_path
        .iter()
        .map(|line| line.to_string())
        .chain(blocked.clone())
        .collect();
    for lines in [ended(&blocked), ended(&both)] {
        fs::write(directory.file("check.jsonl"), store(&lines)).unwrap();
        let said = text(&succeeds(&directory, SWEEP).stderr);
        assert!(said.contains("12 stored already, 0 to make"), "{said}");
        let pack = text(&succeeds(&directory, "pack --store .").stdout);
        assert!(pack.contains("12 of   12 runs"), "{pack}");
    }
}

#[test]
fn the_store_of_another_grid_is_refused_by_every_reader() {
    let directory = Directory::new("another-grid");
    fs::write(directory.file("main.jsonl"), undisturbed()).unwrap();
    for reader in [
        "sweep --list --store .",
        "pack --store .",
        "verify main.jsonl",
        "sweep main --store . --checkpoints ckpt",
    ] {
        let message = refusal(&directory.lab(reader).output().unwrap());
        for part in [
            "main.jsonl: line 1 is the run T = 3, n = 500",
            "the grid main does not have",
        ] {
            assert!(message.contains(part), "{reader}: {message}");
        }
    }
    assert_eq!(
        fs::read_to_string(directory.file("main.jsonl")).unwrap(),
        undisturbed()
    );
}

#[test]
fn records_that_do_not_fit_are_refused_by_their_line_and_never_a_panic() {
    let directory = Directory::new("unfit");
    let whole = undisturbed();
    let lines: Vec<&str> = whole.lines().collect();
    let mut inputs = 0;
    let changes: [fn(&mut serde_json::Value); 16] = [
        |r| r["examples"]["coordinates"] = serde_json::json!([]),
        |r| r["examples"]["index"] = serde_json::json!([4_000_000_000_u32]),
        |r| r["features"]["dimensionality"][0] = 1e30.into(),
        |r| r["features"]["coordinates"][0] = 1e300.into(),
        |r| r["features"]["count"] = 1.into(),
        |r| r["config"]["m"] = 0.into(),
        |r| r["config"]["n"] = 1_000_000_000_u64.into(),
        |r| r["config"]["eps"] = 1.0000001.into(),
        |r| r["config"]["t"] = 0.into(),
        |r| r["config"]["sparsity"] = (-0.0).into(),
        |r| r["keep"] = 0.into(),
        |r| r["step"] = 0.into(),
        |r| r["measures"] = serde_json::Value::Null,
        |r| r["diverged_at"] = 3.into(),
        |r| r["history"][1]["step"] = 0.into(),
        |r| _ = r.as_object_mut().unwrap().remove("program"),
    ];
    for change in changes {
        let mut record: serde_json::Value = serde_json::from_str(lines[5]).unwrap();
        change(&mut record);
        let mut lines: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
        // Keys in their order, as in every store.
        lines[5] = serde_json::to_string(&record).unwrap();
        fs::write(directory.file("check.jsonl"), lines.join("\n") + "\n").unwrap();
        for reader in ["pack --store .", "verify check.jsonl --at 6"] {
            let message = refusal(&directory.lab(reader).output().unwrap());
            assert!(
                message.contains("check.jsonl: line 6 is no record of a run ("),
                "{message}"
            );
            inputs += 1;
        }
    }
    assert_eq!(inputs, 32);
}

#[test]
fn a_bad_line_that_comes_during_a_sweep_is_named_by_its_number_in_the_file() {
    let directory = Directory::new("bad-line");
    let (file, child) = begun(&directory, "--jobs 1");
    let mut store = fs::OpenOptions::new().append(true).open(&file).unwrap();
    store.write_all(b"years of work\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stderr);
    let text = fs::read_to_string(&file).unwrap();
    let number = 1 + text
        .lines()
        .position(|line| line == "years of work")
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(
        number > 1 && message.contains(&format!("line {number} is no record")),
        "{message}"
    );
    assert!(!message.contains("delete"), "{message}");
}

/// A sweep of which one run at least is stored, and its store.
fn begun(directory: &Directory, flags: &str) -> (std::path::PathBuf, std::process::Child) {
    let mut command = directory.lab(&format!("{SWEEP} {flags}"));
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let file = directory.file("check.jsonl");
    let begun = Instant::now();
    while fs::read(&file).unwrap_or_default().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no run stored");
        std::thread::sleep(Duration::from_millis(2));
    }
    (file, child)
}

#[test]
fn the_last_line_counts_what_the_file_has_when_it_was_cut_or_deleted_meanwhile() {
    let directory = Directory::new("cut");
    for delete in [false, true] {
        let _ = fs::remove_file(directory.file("check.jsonl"));
        let (file, child) = begun(&directory, "--jobs 1");
        match delete {
            true => fs::remove_file(&file).unwrap(),
            false => fs::OpenOptions::new()
                .write(true)
                .open(&file)
                .unwrap()
                .set_len(0)
                .unwrap(),
        }
        let output = child.wait_with_output().unwrap();
        let message = text(&output.stderr);
        let has = fs::read_to_string(&file).unwrap().lines().count();
        assert!(has < RUNS, "{message}");
        assert_eq!(output.status.code(), Some(2), "{message}");
        for part in [
            "was cut or replaced while this sweep ran",
            &format!("{has} of 12 runs stored"),
        ] {
            assert!(message.contains(part), "{message}");
        }
        succeeds(&directory, SWEEP);
        assert_eq!(canonical(&directory, "check.jsonl"), undisturbed());
    }
}

#[test]
fn a_store_that_is_being_written_can_be_read() {
    let directory = Directory::new("while-written");
    let (file, mut child) = begun(&directory, "--jobs 1");
    let mut readings = 0;
    while child.try_wait().unwrap().is_none() {
        succeeds(&directory, "sweep --list --store .");
        succeeds(&directory, "pack --store .");
        readings += 1;
    }
    assert!(readings > 0);
    // A part of a line, as another process may have written at any moment.
    let whole = fs::read_to_string(&file).unwrap();
    for cut in [1, 12, 200, 900] {
        fs::write(&file, &whole[..whole.len() - cut]).unwrap();
        let list = text(&succeeds(&directory, "sweep --list --store .").stdout);
        let stored = if cut == 1 { 12 } else { 11 };
        assert!(
            list.contains(&format!("12 runs,   {stored} stored")),
            "{list}"
        );
        succeeds(&directory, "verify check.jsonl --runs 1");
    }
}

#[test]
fn verify_misses_what_a_grid_keeps_and_a_record_lacks() {
    let directory = Directory::new("lacks");
    let grid = Grid::named("wavering").unwrap();
    let record = records::record(grid.configs()[0].clone(), 0.5, 0.5);
    fs::write(directory.file("wavering.jsonl"), record.to_line()).unwrap();
    let message = refusal(
        &directory
            .lab("verify wavering.jsonl --at 1")
            .output()
            .unwrap(),
    );
    let expected =
        "line 1 is no record of a run (course is missing, which the grid wavering keeps)";
    assert!(message.contains(expected), "{message}");

    // The cheapest run of this grid takes a second. Under any name, a store's runs are those of their grid.
    succeeds(
        &directory,
        "sweep clusters --shard 24/24 --store . --checkpoints ckpt",
    );
    let store = fs::read_to_string(directory.file("clusters.jsonl")).unwrap();
    let mut record: Record = serde_json::from_str(&store).unwrap();
    assert!(!record.clusters.is_empty());
    fs::write(directory.file("other"), &store).unwrap();
    let output = text(&succeeds(&directory, "verify other --at 1").stdout);
    assert!(output.contains("all bits equal"), "{output}");
    record.clusters.clear();
    for name in ["clusters.jsonl", "other"] {
        fs::write(directory.file(name), record.to_line()).unwrap();
        let output = directory
            .lab(&format!("verify {name} --at 1"))
            .output()
            .unwrap();
        let message = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(
            message.contains("clusters") && message.len() < 600,
            "{message}"
        );
    }
}

#[test]
fn a_mistyped_store_is_no_empty_one() {
    let directory = Directory::new("mistyped");
    for reader in [
        "sweep --list --store nowhere",
        "figures --store nowhere",
        "pack --store nowhere",
    ] {
        let message = refusal(&directory.lab(reader).output().unwrap());
        assert!(
            message.contains("--store nowhere: there is no such directory"),
            "{message}"
        );
    }
    // Nor is the project's below any other folder; where one is named, what is new is said to be.
    let message = refusal(&directory.lab("sweep check").output().unwrap());
    assert!(
        message.contains("--store www/data: there is no such directory below"),
        "{message}"
    );
    assert_eq!(directory.names(), [""; 0]);
    let output = succeeds(
        &directory,
        "sweep check --data-seeds 1 --store new --checkpoints ckpt",
    );
    assert!(text(&output.stderr).contains("new/check.jsonl is new."));
}
