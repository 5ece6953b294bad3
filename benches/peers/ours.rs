//! What does a step of the native trainer take, one thread, at several states of one run?
//!
//!     peers-ours FOLDER CONFIG STEP…
//!
//! brings the run of CONFIG (JSON) to each STEP, keeps its checkpoint as FOLDER/STEP.ckpt, unless it is there, and
//! prints one line of JSON for each.

use std::fs;
use std::path::Path;
use std::time::Instant;

use superposition::model;
use superposition::train::{Config, Trainer};

/// Steps made before any is timed.
const WARM_UP: u32 = 5;

/// Steps timed together. Windows in which the run records losses are left out: what a peer does not do is not timed.
const WINDOW: u32 = 20;

/// The least number of windows, the most, and the seconds after which no more are begun.
const WINDOWS: (usize, usize, f64) = (5, 15, 0.2);

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, config, steps @ ..] = arguments.as_slice() else {
        return Err("usage: peers-ours FOLDER CONFIG STEP…".into());
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let mut trainer = Trainer::new(Config::from_json(config)?)?;
    for step in steps {
        trainer = at(trainer, step.parse()?, &folder.join(format!("{step}.ckpt")))?;
        let active_share = model::evaluate(&trainer.params(), trainer.examples()).active_share;
        let seconds = seconds_per_step(Trainer::resume(&trainer.checkpoint())?);
        let path = trainer.numerics().path;
        println!(
            r#"{{"step":{step},"seconds":{seconds},"active_share":{active_share},"path":"{path}"}}"#
        );
    }
    Ok(())
}

/// The run at `step`: as stored in `file`, or from `earlier` on.
fn at(earlier: Trainer, step: u64, file: &Path) -> Result<Trainer> {
    let stored = fs::read(file)
        .ok()
        .and_then(|bytes| Trainer::resume(&bytes).ok())
        .filter(|stored| stored.config() == earlier.config() && stored.steps_done() == step);
    if let Some(stored) = stored {
        return Ok(stored);
    }
    let mut trainer = earlier;
    while trainer.steps_done() < step && !trainer.is_finished() {
        trainer.step();
    }
    // Renamed when whole, so that no half of a checkpoint is ever read.
    let part = file.with_extension("part");
    fs::write(&part, trainer.checkpoint())?;
    fs::rename(&part, file)?;
    Ok(trainer)
}

/// The median of the windows' means: a mean has in it what finding a new order costs now and then, and their
/// median leaves out what else the machine did.
fn seconds_per_step(mut trainer: Trainer) -> f64 {
    for _ in 0..WARM_UP {
        trainer.step();
    }
    let (least, most, enough) = WINDOWS;
    let mut windows = Vec::new();
    while windows.len() < least || (windows.len() < most && windows.iter().sum::<f64>() < enough) {
        let recorded = trainer.history().len();
        let start = Instant::now();
        for _ in 0..WINDOW {
            trainer.step();
        }
        let seconds = start.elapsed().as_secs_f64();
        if trainer.history().len() == recorded {
            windows.push(seconds);
        }
    }
    windows.sort_by(f64::total_cmp);
    windows[windows.len() / 2] / f64::from(WINDOW)
}
