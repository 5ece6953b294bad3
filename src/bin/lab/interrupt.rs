//! How does a run go that may be interrupted? Step by step with progress and checkpoints, to the end or to Ctrl-C.

use std::fs::File;
use std::io::{self, Read};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use superposition::train::{Checkpoint, Trainer};

use crate::INTERRUPTED;
use crate::out;

/// Between two checkpoints of one run, and between two looks at the progress.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(30);
const PROGRESS_EVERY: Duration = Duration::from_millis(100);
/// Between two looks for Ctrl-C where a run waits, and how long a stop may take without a word.
const GLANCE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_millis(700);

/// Every run looks at it after every step.
static STOP: AtomicBool = AtomicBool::new(false);
/// When Ctrl-C was heard first.
static HEARD: OnceLock<Instant> = OnceLock::new();
/// Some programs send a signal twice, to the process and to its group: that is one.
const SAME: Duration = Duration::from_millis(300);

/// From now on Ctrl-C, or a scheduler that asks the program to end, stops runs between two steps. It is answered within a
/// second; a second one ends the program at once.
pub fn watch_for_ctrl_c() -> Result<(), String> {
    let heard = || {
        if let Some(first) = HEARD.get() {
            if first.elapsed() > SAME {
                process::exit(INTERRUPTED.into());
            }
            return;
        }
        HEARD.get_or_init(Instant::now);
        stop();
        thread::spawn(|| {
            thread::sleep(PATIENCE);
            out::remark(
                "\nstopping after the step or measurement under way, so that nothing is lost; Ctrl-C again ends at once",
            );
        });
    };
    ctrlc::set_handler(heard).map_err(|error| error.to_string())
}

/// Stops all runs as Ctrl-C does.
pub fn stop() {
    STOP.store(true, Ordering::Relaxed);
}

/// Are runs to stop?
pub fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// The outcome of work that can't be asked to stop and leaves nothing behind, such as drawing examples; none if Ctrl-C comes
/// first. Its thread is then abandoned, as the program is about to end.
pub fn unless_stopped<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        // Nobody listens any more after Ctrl-C.
        let _ = sender.send(work());
    });
    while !stopped() {
        match receiver.recv_timeout(GLANCE) {
            Ok(outcome) => return Some(outcome),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                let panic = worker.join().expect_err("it has sent nothing");
                std::panic::resume_unwind(panic);
            }
        }
    }
    None
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
                out::remark(format!("warning: {message}"));
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

/// A checkpoint file. Of anything else, which may be long or have no end, only the beginning is read.
pub fn read_checkpoint(file: &Path) -> Result<Checkpoint, String> {
    const BEGINNING: u64 = 8;
    let read = || {
        let mut file = File::open(file)?;
        let mut bytes = Vec::new();
        (&mut file).take(BEGINNING).read_to_end(&mut bytes)?;
        if Checkpoint::is_begun_by(&bytes) {
            file.read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    };
    let bytes =
        read().map_err(|error: io::Error| format!("{} can't be read: {error}.", file.display()))?;
    Checkpoint::read(&bytes).map_err(|error| format!("{}: {error}", file.display()))
}
