//! Does `lab train` keep what it has begun? Ctrl-C, resume, and files that it must not touch.
#![cfg(feature = "cli")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

mod common;
use common::lab::{Directory, SMALL, refusal, text};
use superposition::checksum::crc32;
use superposition::train::{Checkpoint, Trainer};

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
    signal(&child, "INT");
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
    let sum = good.len() - 4;
    let seal = crc32(&older[..sum]).to_le_bytes();
    older[sum..].copy_from_slice(&seal);
    let mut damaged_version = good.clone();
    damaged_version[10] = 1;
    let mut altered = good.clone();
    altered[good.len() / 2] ^= 1;
    for (bytes, reason) in [
        (older, "format 0"),
        (altered, "checksum"),
        (damaged_version, "checksum"),
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
}

#[cfg(unix)]
#[test]
fn a_checkpoint_that_is_further_on_is_not_overwritten() {
    let directory = Directory::new("further-on");
    let flags = format!("{LONG} --checkpoint run.ckpt");
    interrupted(&directory, &flags, "run.ckpt");
    let kept = fs::read(directory.file("run.ckpt")).unwrap();
    let step = Checkpoint::read(&kept).unwrap().steps_done();
    assert!(step > 0);
    let message = refusal(&directory.train(&flags));
    let figure = match step {
        0..1000 => step.to_string(),
        _ => format!("{},{:03}", step / 1000, step % 1000),
    };
    for part in [
        &format!("at step {figure} already"),
        "begin at step 0",
        "give --resume",
    ] {
        assert!(message.contains(part), "{message}");
    }
    // Nor by the same run from an earlier checkpoint, nor one of several inits.
    let begun = format!("{LONG} --checkpoint start.ckpt");
    let output = interrupted(&directory, &begun, "start.ckpt");
    assert_eq!(output.status.code(), Some(130));
    let start = Trainer::new(Checkpoint::read(&kept).unwrap().config().clone()).unwrap();
    fs::write(directory.file("start.ckpt"), start.checkpoint()).unwrap();
    let message = refusal(&directory.train("--resume start.ckpt --checkpoint run.ckpt"));
    assert!(
        message.contains("begin at step 0 and overwrite"),
        "{message}"
    );
    fs::copy(
        directory.file("run.ckpt"),
        directory.file("run.ckpt.init-1"),
    )
    .unwrap();
    let message = refusal(&directory.train(&format!("{flags} --best-of 2")));
    assert!(
        message.contains("run.ckpt.init-1 has this run"),
        "{message}"
    );
    assert_eq!(fs::read(directory.file("run.ckpt")).unwrap(), kept);

    // What the message says works.
    let resumed = directory.train(&format!("{LONG} --resume run.ckpt"));
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_heard_within_a_second_while_examples_are_drawn_and_in_a_long_step() {
    let directory = Directory::new("heard");
    // Seconds for the examples; or more than a second for each step, of which the checkpoint says that they have begun.
    for (flags, begun) in [
        (
            "--n 100000 --t 20000 --m 64 --sparsity 0.99 --steps 100",
            None,
        ),
        (
            "--n 20000 --t 4000 --m 64 --steps 100 --test-examples 1 --checkpoint run.ckpt",
            Some("run.ckpt"),
        ),
    ] {
        let mut command = directory.command(flags);
        let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        while begun.is_some_and(|file| !directory.file(file).exists()) {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(300));
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let signalled = Instant::now();
        signal(&child, "INT");
        let mut answer = String::new();
        while !answer.contains("stop") {
            answer = lines.next().expect("an answer").unwrap();
        }
        let waited = signalled.elapsed();
        // Other work on the machine may take as long again.
        assert!(waited < Duration::from_secs(2), "{flags}: {waited:?}");
        if answer.contains("Ctrl-C again ends at once") {
            signal(&child, "INT");
            while child.try_wait().unwrap().is_none() {
                assert!(signalled.elapsed() < Duration::from_secs(4));
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        assert_eq!(child.wait().unwrap().code(), Some(130), "{answer}");
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let mut kill = Command::new("kill");
    let sent = kill
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[test]
fn what_is_no_checkpoint_is_refused_after_eight_bytes() {
    let directory = Directory::new("eight-bytes");
    // Without an end, or far larger than memory.
    let sparse = fs::File::create(directory.file("sparse")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    let mut names = vec!["sparse"];
    names.extend(cfg!(unix).then_some("/dev/zero"));
    for name in names {
        let begun = Instant::now();
        let message = refusal(&directory.train(&format!("--resume {name}")));
        assert!(
            message.contains("not a checkpoint of this program"),
            "{message}"
        );
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
