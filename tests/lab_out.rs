//! Does `lab` end as it should where nobody listens or nothing can be written? Closed pipes, full devices, files that others hold.
#![cfg(all(feature = "cli", unix))]

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

mod common;
use common::lab::{Directory, SMALL, refusal, text};

/// `lab` started by a shell, which can close, fill and join what the program writes to.
fn shell(directory: &Directory, line: &str) -> Output {
    let lab = env!("CARGO_BIN_EXE_lab");
    let mut shell = Command::new("bash");
    shell.args(["-c", &line.replace("LAB", lab)]);
    shell.current_dir(directory.file("")).output().unwrap()
}

#[test]
fn a_reader_that_goes_away_ends_nothing_loudly() {
    let directory = Directory::new("pipes");
    for line in [
        "LAB sweep --list --store . | head -1",
        "LAB --help | head -1",
        "LAB train --help | head -1",
        &format!("LAB train {SMALL} --json - --with-data | head -c 10"),
        &format!("LAB train {SMALL} | true"),
        "LAB sweep check --data-seeds 1 --store . --checkpoints ckpt | true",
        "LAB verify check.jsonl --runs 1 | true",
        "LAB pack --store . | true",
        "LAB figures --store . --out pictures | head -1",
    ] {
        let output = shell(&directory, &format!("{line}; exit ${{PIPESTATUS[0]}}"));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{line}: {message}");
        assert!(
            !message.contains("panic") && !message.contains("error"),
            "{line}: {message}"
        );
    }
    assert_eq!(
        fs::read_to_string(directory.file("check.jsonl"))
            .unwrap()
            .lines()
            .count(),
        4
    );
}

#[test]
fn a_standard_error_that_is_closed_or_full_stops_no_run() {
    let directory = Directory::new("deaf");
    let mut expected = None;
    for to in [
        "2>&-",
        "2>/dev/null",
        if cfg!(target_os = "linux") {
            "2>/dev/full"
        } else {
            "2>&-"
        },
    ] {
        for line in [
            &format!("LAB train {SMALL} --json run.json {to}"),
            &format!("LAB sweep check --data-seeds 1 --store . --checkpoints ckpt {to}"),
            &format!("LAB verify check.jsonl --runs 2 {to}"),
        ] {
            let output = shell(&directory, line);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{line}: {}",
                text(&output.stdout)
            );
        }
        fs::remove_file(directory.file("check.jsonl")).unwrap();
        let json = fs::read_to_string(directory.file("run.json")).unwrap();
        assert_eq!(*expected.get_or_insert(json.clone()), json);
        // A refusal is one, though nobody reads why.
        let output = shell(&directory, &format!("LAB train --n 0 {to}"));
        assert_eq!(output.status.code(), Some(2), "{to}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_get_nowhere_are_an_error() {
    let directory = Directory::new("nowhere");
    assert!(
        shell(
            &directory,
            "LAB sweep check --data-seeds 1 --store . --checkpoints ckpt"
        )
        .status
        .success()
    );
    for line in [
        "LAB --help >/dev/full",
        "LAB --version >/dev/full",
        "LAB train --help >/dev/full",
        &format!("LAB train {SMALL} >/dev/full"),
        &format!("LAB train {SMALL} --json - >/dev/full"),
        "LAB sweep --list --store . >/dev/full",
        "LAB verify check.jsonl --runs 1 >/dev/full",
        "LAB pack --store . >/dev/full",
    ] {
        let message = refusal(&shell(&directory, line));
        assert!(
            message.contains("the standard output can't be written: No space left"),
            "{line}: {message}"
        );
    }
    let message = refusal(&shell(
        &directory,
        &format!("LAB train {SMALL} --json - >&-"),
    ));
    assert!(
        message.contains("--json -: the standard output is closed"),
        "{message}"
    );
    // Whatever can't be written, the rest is.
    let output = shell(
        &directory,
        &format!("LAB train {SMALL} --json /dev/full --svg svg"),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("train loss"));
    assert!(text(&output.stderr).contains("/dev/full can't be written"));
    assert!(directory.file("svg/losses.svg").exists());
}

#[test]
fn ctrl_c_through_tee_keeps_the_run() {
    let directory = Directory::new("tee");
    let run =
        "--n 1000 --sparsity 0.99 --t 10 --steps 1000000 --test-examples 100 --checkpoint run.ckpt";
    // To the whole group, as a terminal does: tee is gone before the program says its last word.
    let line = format!(
        "set -m; (LAB train {run} 2>&1; echo $? >status) | tee log & sleep 2; kill -INT -- -$!; wait; sleep 1; cat status"
    );
    let output = shell(&directory, &line);
    assert_eq!(
        text(&output.stdout).trim().lines().last(),
        Some("130"),
        "{}",
        text(&output.stderr)
    );
    assert!(directory.file("run.ckpt").exists());
}

#[test]
fn a_pipe_is_written_to_when_it_has_a_reader_and_refused_when_it_has_none() {
    let directory = Directory::new("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(directory.file("pipe"))
            .status()
            .unwrap()
            .success()
    );
    let begun = Instant::now();
    for flags in ["--json pipe", "--checkpoint pipe", "--svg ."] {
        if flags == "--svg ." {
            fs::rename(directory.file("pipe"), directory.file("losses.svg")).unwrap();
        }
        let message = refusal(&directory.train(&format!("--t 100000 --m 64 {flags}")));
        assert!(
            message.contains("nobody reads") || message.contains("no ordinary file"),
            "{message}"
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
    fs::rename(directory.file("losses.svg"), directory.file("pipe")).unwrap();
    let output = shell(
        &directory,
        &format!("cat pipe >read & LAB train {SMALL} --json pipe && wait"),
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        fs::read_to_string(directory.file("read")).unwrap(),
        directory.json("")
    );
}

#[test]
fn a_file_that_is_replaced_keeps_its_mode_and_the_links_to_it() {
    let directory = Directory::new("links");
    let file = |name: &str| directory.file(name);
    fs::write(file("private.json"), "old").unwrap();
    fs::set_permissions(file("private.json"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(file("one.json"), "old").unwrap();
    fs::hard_link(file("one.json"), file("two.json")).unwrap();
    fs::create_dir(file("elsewhere")).unwrap();
    symlink("elsewhere/new.json", file("dangling.json")).unwrap();
    symlink("dangling.json", file("chain.json")).unwrap();
    let expected = directory.json("");
    for name in ["private.json", "one.json", "chain.json"] {
        let output = directory.train(&format!("{SMALL} --json {name}"));
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(fs::read_to_string(file(name)).unwrap(), expected);
    }
    assert_eq!(
        fs::metadata(file("private.json")).unwrap().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::read_to_string(file("two.json")).unwrap(), expected);
    for link in ["dangling.json", "chain.json"] {
        assert!(file(link).is_symlink());
    }
    assert_eq!(
        fs::read_to_string(file("elsewhere/new.json")).unwrap(),
        expected
    );
    // Two names of one file are one output.
    for (flags, part) in [
        ("--json one.json --checkpoint two.json", "both"),
        ("--json chain.json --checkpoint dangling.json", "both"),
    ] {
        let message = refusal(&directory.train(&format!("{SMALL} {flags}")));
        assert!(message.contains(part), "{message}");
    }
    let names = [
        "chain.json",
        "dangling.json",
        "elsewhere",
        "one.json",
        "private.json",
        "two.json",
    ];
    assert_eq!(directory.names(), names);
}

#[test]
fn what_a_killed_process_left_is_cleared_away_later() {
    let directory = Directory::new("left-over");
    let old = SystemTime::now() - Duration::from_secs(3600);
    for (name, modified) in [
        (".run.json.4242.tmp", old),
        (".run.json.4243.tmp", SystemTime::now()),
        (".notes.tmp", old),
    ] {
        let file = File::create(directory.file(name)).unwrap();
        file.set_modified(modified).unwrap();
    }
    assert!(
        directory
            .train(&format!("{SMALL} --json run.json"))
            .status
            .success()
    );
    // What may still be written, or is not ours, stays.
    assert_eq!(
        directory.names(),
        [".notes.tmp", ".run.json.4243.tmp", "run.json"]
    );
}

#[test]
fn runs_that_memory_cannot_hold_are_refused_with_the_figure_and_a_way_to_go_on() {
    let directory = Directory::new("memory");
    let begun = Instant::now();
    for (flags, figure) in [
        (
            "--t 500000 --n 100000 --sparsity 0 --steps 1",
            "GB of memory",
        ),
        (
            "--t inf --batch 100000 --n 100000 --sparsity 0",
            "GB of memory",
        ),
        (
            "--test-examples 100000 --n 100000 --sparsity 0.01",
            "GB of memory",
        ),
        (&format!("{SMALL} --memory 0.00001"), "this run needs about"),
        (
            &format!("{SMALL} --memory 0.00002 --best-of 100"),
            "runs at once need about",
        ),
    ] {
        let message = refusal(&directory.train(flags));
        for part in [figure, "--memory "] {
            assert!(message.contains(part), "{flags}: {message}");
        }
    }
    let sweep = "sweep check --store . --checkpoints ckpt --memory 0.00001";
    assert!(refusal(&directory.lab(sweep).output().unwrap()).contains("need"));
    assert!(begun.elapsed() < Duration::from_secs(20));
    let limited = format!(
        "ulimit -v 4000000; LAB train --t 20000 --n 100000 --sparsity 0.5 {}",
        "--steps 1"
    );
    assert!(refusal(&shell(&directory, &limited)).contains("GB are free"));
    // The message's own figure.
    let output = directory.train(&format!("{SMALL} --memory 1"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    for flag in ["0", "-1", "nan", "much"] {
        let message = refusal(&directory.train(&format!("--memory={flag}")));
        assert!(message.contains("number of gigabytes above 0"), "{message}");
    }
}

#[test]
fn a_terminal_that_is_dumb_or_narrow_gets_plain_lines() {
    let directory = Directory::new("dumb");
    // `script` gives the program a terminal.
    let lines = "--n 2000 --sparsity 0.99 --t 40 --steps 1000000 --test-examples 100";
    for (setting, plain) in [
        ("TERM=dumb", true),
        ("stty rows 24 cols 1;", true),
        ("TERM=xterm", false),
    ] {
        let inner = format!(
            "{setting} timeout -s INT 12 {} train {lines}",
            env!("CARGO_BIN_EXE_lab")
        );
        let mut script = Command::new("script");
        script
            .args(["-qec", &inner, "/dev/null"])
            .current_dir(directory.file(""));
        let Ok(output) = script.stdin(Stdio::null()).output() else {
            return; // there is no such program here
        };
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(!shown.contains("\u{1b}["), plain, "{setting}: {shown:?}");
        assert!(
            !plain || shown.contains(" of 1,000,000 steps, "),
            "{setting}: {shown:?}"
        );
    }
}

#[test]
fn a_list_of_runs_or_a_file_of_digits_that_is_something_else_is_refused_with_its_run() {
    let directory = Directory::new("bits");
    let reference = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/bits.json");
    let bits = |flags: &str| refusal(&directory.lab(&format!("bits {flags}")).output().unwrap());

    fs::write(directory.file("digits.bin"), "no digits").unwrap();
    let digits = r#"{"hidden":16,"epochs":1,"weight_decay":0,"label_noise":0,"seed":1}"#;
    let sums = r#""parameters":"","measures":"""#;
    let list =
        format!(r#"{{"base":{{}},"runs":[{{"name":"ten digits","digits":{digits},{sums}}}]}}"#);
    fs::write(directory.file("list.json"), list).unwrap();
    let message = bits("--list list.json --digits digits.bin");
    assert!(
        message.contains("ten digits: the digits: it is no file of digits"),
        "{message}"
    );

    let list =
        format!(r#"{{"base":{{}},"runs":[{{"name":"too wide","config":{{"m":0}},{sums}}}]}}"#);
    fs::write(directory.file("list.json"), list).unwrap();
    let message = bits(&format!("--list list.json --digits {reference}"));
    assert!(
        message.contains("too wide: ") && message.contains("m is 0"),
        "{message}"
    );
}
