//! How does a run go that may be interrupted? Step by step with progress and checkpoints, to the end or to Ctrl-C.

use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use superposition::train::Trainer;

/// Between two checkpoints of one run, and between two looks at the progress.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(30);
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Every run looks at it after every step.
static STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, or a scheduler that asks the program to end, stops runs between two steps.
pub fn watch_for_ctrl_c() -> Result<(), String> {
    ctrlc::set_handler(stop).map_err(|error| error.to_string())
}

/// Stops all runs as Ctrl-C does.
pub fn stop() {
    STOP.store(true, Ordering::Relaxed);
}

/// Are runs to stop?
pub fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Trains to the end or until [`stopped`]. Shows every step to `observe`, now and then reports the steps made to `progress`
/// and has `keep` write a checkpoint; the last checkpoint is the caller's.
pub fn advance(
    trainer: &mut Trainer,
    mut observe: impl FnMut(&Trainer),
    progress: impl Fn(Range<u64>),
    keep: impl Fn(&Trainer) -> Result<(), String>,
) {
    let (mut shown, mut shown_at, mut written_at) =
        (trainer.steps_done(), Instant::now(), Instant::now());
    trainer.run(|trainer| {
        observe(trainer);
        let now = Instant::now();
        if now - shown_at >= PROGRESS_EVERY {
            progress(shown..trainer.steps_done());
            (shown, shown_at) = (trainer.steps_done(), now);
        }
        if now - written_at >= CHECKPOINT_EVERY {
            // Not worth losing the run for: the disk may have room again at the end.
            if let Err(message) = keep(trainer) {
                eprintln!("warning: {message}");
            }
            written_at = Instant::now();
        }
        match stopped() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    progress(shown..trainer.steps_done());
}

/// The run of a checkpoint file.
pub fn read_checkpoint(file: &Path) -> Result<Trainer, String> {
    let bytes =
        fs::read(file).map_err(|error| format!("{} can't be read: {error}.", file.display()))?;
    Trainer::resume(&bytes).map_err(|error| format!("{}: {error}", file.display()))
}
