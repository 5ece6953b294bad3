//! Does a run survive its process? After a checkpoint it goes on with the same bits, or says why it can't.

use std::ops::ControlFlow;

use proptest::prelude::*;

use superposition::checksum::crc32;
use superposition::gradient::Path;
use superposition::report::Report;
use superposition::train::{
    CheckpointError, Config, ExampleCount, Nudge, Numerics, Repeat, Trainer,
};
use superposition::variant::Loss;

fn config(t: ExampleCount, m: usize) -> Config {
    Config {
        n: 50,
        m,
        t,
        sparsity: 0.95,
        steps: 200,
        batch: 37,
        test_examples: 20,
        ..Config::default()
    }
}

fn steps(trainer: &mut Trainer, count: usize) {
    for _ in 0..count {
        trainer.step();
    }
}

/// Everything that a run reports, so also every bit of W, b and the history.
fn report(trainer: &Trainer) -> String {
    Report::of(trainer, true).to_json()
}

#[test]
fn another_model_survives_too_and_its_report_has_all_of_it() {
    for t in [ExampleCount::Finite(30), ExampleCount::Infinite] {
        let config = Config {
            untied: true,
            hidden_relu: true,
            loss: Loss::CrossEntropy,
            importance: 0.1,
            unit_length: false,
            ..config(t, 3)
        };
        let mut whole = Trainer::new(config.clone()).unwrap();
        assert_eq!(whole.numerics().path, Path::General);
        whole.run(|_| ControlFlow::Continue(()));
        let mut first = Trainer::new(config.clone()).unwrap();
        steps(&mut first, 71);
        let mut second = Trainer::resume(&first.checkpoint()).unwrap();
        assert_eq!(*second.config(), config);
        second.run(|_| ControlFlow::Continue(()));
        assert_eq!(report(&second), report(&whole));
        let json: serde_json::Value = serde_json::from_str(&report(&whole)).unwrap();
        let rows = |name: &str| json[name].as_array().map(Vec::len);
        for name in ["w", "w_up", "initial_w", "initial_w_up"] {
            assert_eq!(rows(name), Some(3), "{name}");
        }
        assert_eq!(json["config"]["loss"], "cross-entropy");
    }
}

#[test]
fn what_is_as_in_the_paper_is_not_written_so_that_runs_stored_before_are_the_same_runs() {
    let json = serde_json::to_value(Config::default()).unwrap();
    for name in ["untied", "hidden_relu", "loss", "importance"] {
        assert!(json.get(name).is_none(), "{name}");
    }
    let trainer = Trainer::new(config(ExampleCount::Finite(5), 2)).unwrap();
    assert!(!report(&trainer).contains("w_up"));
}

#[test]
fn resumed_run_ends_with_the_same_bits() {
    for t in [1, 5, 100]
        .map(ExampleCount::Finite)
        .into_iter()
        .chain([ExampleCount::Infinite])
    {
        for m in [1, 2, 3, 8, 9] {
            let mut whole = Trainer::new(config(t, m)).unwrap();
            whole.run(|_| ControlFlow::Continue(()));
            // Before the first step, within the warm-up, at a history point, in between, at the end.
            for stop in [0, 7, 100, 131, 200] {
                let mut first = Trainer::new(config(t, m)).unwrap();
                steps(&mut first, stop);
                let mut second = Trainer::resume(&first.checkpoint()).unwrap();
                assert_eq!(
                    report(&second),
                    report(&first),
                    "t = {t}, m = {m}, step {stop}"
                );
                second.run(|_| ControlFlow::Continue(()));
                assert_eq!(
                    report(&second),
                    report(&whole),
                    "t = {t}, m = {m}, step {stop}"
                );
                assert_eq!(second.checkpoint(), whole.checkpoint());
            }
        }
    }
}

#[test]
fn resumed_run_remembers_the_order_that_the_pruned_gradient_found() {
    for m in [1, 2, 3] {
        let config = Config {
            n: 300,
            steps: 600,
            lr: 0.01, // so that vectors move, and the order with them
            ..config(ExampleCount::Finite(200), m)
        };
        let mut whole = Trainer::new(config.clone()).unwrap();
        assert_eq!(whole.numerics().path, Path::Pruned);
        whole.run(|_| ControlFlow::Continue(()));
        for stop in [1, 63, 64, 65, 250, 599] {
            let mut first = Trainer::new(config.clone()).unwrap();
            steps(&mut first, stop);
            let mut second = Trainer::resume(&first.checkpoint()).unwrap();
            assert_eq!(report(&second), report(&first), "m = {m}, step {stop}");
            second.run(|_| ControlFlow::Continue(()));
            assert_eq!(report(&second), report(&whole), "m = {m}, step {stop}");
        }
    }
}

#[test]
fn resumed_run_is_nudged_once() {
    let nudge = Some(Nudge {
        step: 250,
        size: 0.1,
    });
    // Small enough for the natural order, and with one that has been found.
    for t in [9, 200] {
        let config = Config {
            n: 300,
            steps: 400,
            nudge,
            ..config(ExampleCount::Finite(t), 2)
        };
        let mut whole = Trainer::new(config.clone()).unwrap();
        whole.run(|_| ControlFlow::Continue(()));
        for stop in [249, 250, 251] {
            let mut first = Trainer::new(config.clone()).unwrap();
            steps(&mut first, stop);
            let mut second = Trainer::resume(&first.checkpoint()).unwrap();
            second.run(|_| ControlFlow::Continue(()));
            assert_eq!(report(&second), report(&whole), "t = {t}, step {stop}");
        }
    }
}

#[test]
fn checkpoint_carries_every_setting() {
    let config = Config {
        lr: 0.1 + 0.2, // needs all 17 digits
        weight_decay: 1e-3,
        beta1: 0.8,
        beta2: 0.99,
        eps: 1e-4,
        reduction: superposition::optim::Reduction::Sum,
        data_seed: u32::MAX,
        init_seed: 0,
        unit_length: false,
        repeats: vec![Repeat {
            example: 1,
            times: 3,
        }],
        nudge: Some(Nudge {
            step: 7,
            size: 0.1 + 0.2,
        }),
        ..config(ExampleCount::Finite(9), 2)
    };
    let trainer = Trainer::new(config.clone()).unwrap();
    let resumed = Trainer::resume(&trainer.checkpoint()).unwrap();
    assert_eq!(*resumed.config(), config);
    assert_eq!(resumed.examples(), trainer.examples());
    assert_eq!(resumed.test_examples(), trainer.test_examples());
}

#[test]
fn diverged_run_stays_diverged() {
    for t in [ExampleCount::Finite(5), ExampleCount::Infinite] {
        // A rate of 1 with this decay doubles every parameter and turns its sign at each step.
        let config = Config {
            lr: 1.0,
            weight_decay: 10.0,
            ..config(t, 2)
        };
        let mut trainer = Trainer::new(config).unwrap();
        trainer.run(|_| ControlFlow::Continue(()));
        assert!(
            trainer.diverged_at().is_some(),
            "step {}",
            trainer.steps_done()
        );
        let mut resumed = Trainer::resume(&trainer.checkpoint()).unwrap();
        assert_eq!(resumed.diverged_at(), trainer.diverged_at());
        assert_eq!(resumed.examples(), trainer.examples());
        assert!(resumed.is_finished());
        resumed.step();
        assert_eq!(report(&resumed), report(&trainer));
    }
}

/// A checkpoint in the middle of a run.
fn bytes() -> Vec<u8> {
    let mut trainer = Trainer::new(config(ExampleCount::Finite(5), 2)).unwrap();
    steps(&mut trainer, 20);
    trainer.checkpoint()
}

/// These bytes with their checksum.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend(crc32(&bytes).to_le_bytes());
    bytes
}

/// Puts the right checksum at the end.
fn seal(bytes: &mut [u8]) {
    let (content, sum) = bytes.split_last_chunk_mut().unwrap();
    *sum = crc32(content).to_le_bytes();
}

fn refusal(bytes: &[u8]) -> CheckpointError {
    Trainer::resume(bytes).expect_err("a refusal")
}

#[test]
fn other_files_are_refused_as_foreign() {
    for bytes in [&b""[..], b"SUPER", b"{\"config\": {}}", &[0; 1000]] {
        let error = refusal(bytes);
        assert_eq!(error, CheckpointError::Foreign);
        assert!(error.to_string().contains("not a checkpoint"));
    }
}

#[test]
fn checkpoint_of_another_version_is_refused_with_both_versions() {
    let mut format = bytes();
    format[8] = 0;
    seal(&mut format);
    let error = refusal(&format);
    assert_eq!(error, CheckpointError::Format { found: 0 });
    assert!(error.to_string().contains("format 0"));

    // T = 5 is of the blocked gradient.
    let version = Path::Blocked.version();
    for (version, path) in [(version + 1, Path::Blocked), (version, Path::General)] {
        let mut content = bytes();
        content.truncate(content.len() - 6);
        content[12..16].copy_from_slice(&version.to_le_bytes());
        content.extend([path as u8, 0]);
        let error = refusal(&sealed(content));
        let found = Numerics { path, version };
        assert_eq!(error, CheckpointError::Numerics { found });
        let said = format!("version {version} of the {path} gradient");
        assert!(error.to_string().contains(&said), "{error}");
    }
}

#[test]
fn a_checkpoint_from_before_they_named_the_path_goes_on_with_the_same_bits() {
    let mut trainer = Trainer::new(config(ExampleCount::Finite(40), 2)).unwrap();
    steps(&mut trainer, 20);
    let mut unnamed = trainer.checkpoint();
    unnamed.truncate(unnamed.len() - 6);
    let mut resumed = Trainer::resume(&sealed(unnamed)).unwrap();
    for run in [&mut trainer, &mut resumed] {
        run.run(|_| ControlFlow::Continue(()));
    }
    assert_eq!(report(&resumed), report(&trainer));
}

#[test]
fn truncated_checkpoint_is_refused_at_every_length() {
    let bytes = bytes();
    for length in (0..40)
        .chain((40..bytes.len()).step_by(97))
        .chain([bytes.len() - 1])
    {
        refusal(&bytes[..length]);
    }
    let mut longer = bytes;
    longer.push(0);
    refusal(&longer);
}

#[test]
fn altered_checkpoint_is_refused_wherever_the_bit_is() {
    let bytes = bytes();
    for at in (0..60)
        .chain((60..bytes.len()).step_by(61))
        .chain(bytes.len() - 4..bytes.len())
    {
        let mut altered = bytes.clone();
        altered[at] ^= 1 << (at % 8);
        let error = refusal(&altered);
        if at >= 8 {
            assert!(
                matches!(error, CheckpointError::Damaged(_)),
                "byte {at}: {error}"
            );
        }
    }
}

#[test]
fn a_right_checksum_does_not_make_a_checkpoint_right() {
    let bytes = bytes();
    let at = |part: &[u8]| {
        bytes
            .windows(part.len())
            .position(|found| found == part)
            .unwrap()
    };
    // The step stands behind the settings, and as a variable-length number.
    let end = at(b"}\x14\x00") + 1;
    let mut beyond = bytes.clone();
    beyond.splice(end..end + 1, [0x80, 0xea, 0x30]); // 800,000 of 200
    let mut sooner = bytes.clone();
    sooner[end] = 10;
    let mut diverged = bytes.clone();
    diverged.splice(end + 1..end + 2, [1, 3]);
    let mut longer = bytes.clone();
    longer.splice(bytes.len() - 4..bytes.len() - 4, *b"tail");
    for (mut bytes, reason) in [
        (beyond, "beyond its last step"),
        (sooner, "history"),
        (diverged, "after it diverged"),
        (longer, "stands behind"),
    ] {
        seal(&mut bytes);
        let message = refusal(&bytes).to_string();
        assert!(message.contains(reason), "{message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_rate_survives_json_with_its_bits(lr in 1e-6..1.0f64, eps in 1e-12..1e-3f64) {
        let written = Config { lr, eps, ..Config::default() };
        let read = Config::from_json(&serde_json::to_string(&written).unwrap()).unwrap();
        prop_assert_eq!((read.lr.to_bits(), read.eps.to_bits()), (lr.to_bits(), eps.to_bits()));
    }
}
