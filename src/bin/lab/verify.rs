//! `lab verify`: does this program, on this machine, make stored runs again with the same bits?

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use superposition::sweep::{
    Grid, Line, Observer, Record, first_difference, lines, name_of_run, work_per_step,
};
use superposition::train::{Numerics, Trainer};

use crate::End;
use crate::interrupt;
use crate::memory::Memory;
use crate::out;
use crate::progress::Progress;
use crate::store;
use crate::summary::duration;
use crate::sweep::STORES;

#[derive(Args)]
pub struct Verify {
    /// A store, or the name of a grid, whose store is www/data/GRID.jsonl
    #[arg(value_name = "STORE|GRID")]
    store: PathBuf,
    /// How many runs to make again, drawn at random
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// Seed of the draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make only the run of this line of the store again, from 1 on
    #[arg(long, value_name = "LINE", conflicts_with_all = ["runs", "seed", "max_t"])]
    at: Option<usize>,
    /// Draw among runs of at most this many training examples
    #[arg(long, value_name = "T", default_value_t = 200)]
    max_t: usize,
    #[command(flatten)]
    memory: Memory,
}

impl Verify {
    pub fn run(&self) -> Result<End, String> {
        let path = self.path();
        if !path.exists() {
            return Err(format!(
                "{} can't be read: there is no such file, nor a grid of this name with a store in {STORES}.",
                path.display()
            ));
        }
        let grid = store::grid_of(&path);
        let bytes = store::read(&path)?;
        let lines = match self.at {
            // Two lines may disagree: which of them is right, this tells.
            Some(_) => lines(&bytes).map_err(|error| store::about(&path, &error))?,
            None => store::join(&path, &bytes, grid)?.lines,
        };
        let chosen = self.choose(&lines, &path)?;
        let records = chosen.into_iter().map(|line| {
            let record = match grid {
                Some(grid) => line.record_of(grid)?,
                None => line.record()?,
            };
            // The grid says what a record has besides what all have. One that any name may hold is found by its run.
            let grid = grid.or_else(|| Grid::with(&record));
            Ok((line, record, grid))
        });
        let records: Vec<Stored> = records
            .collect::<Result<_, _>>()
            .map_err(|error| store::about(&path, &error))?;

        let configs = records.iter().map(|(_, record, _)| &record.config);
        self.memory.check(configs, rayon::current_num_threads())?;
        interrupt::watch_for_ctrl_c()?;
        let start = Instant::now();
        let work = |(_, record, _): &Stored| record.config.steps * work_per_step(&record.config);
        let progress = Progress::of_runs(records.len(), records.iter().map(work).sum());
        let compare = |stored: &Stored| compare(stored, &progress);
        let compared: Result<Vec<Option<String>>, String> =
            records.par_iter().map(compare).collect();
        progress.finish();
        let compared = compared?;
        match compared.into_iter().flatten().next() {
            Some(difference) => {
                out::line(format!("{}, {difference}.", path.display()))?;
                Ok(End::Differs)
            }
            None if interrupt::stopped() => Ok(End::Interrupted),
            None => {
                out::line(format!(
                    "{}: {} runs made again in {}; all bits equal.",
                    path.display(),
                    records.len(),
                    duration(start.elapsed().as_secs_f64())
                ))?;
                Ok(End::Finished)
            }
        }
    }

    fn path(&self) -> PathBuf {
        let grid = self.store.to_str().and_then(Grid::named);
        grid.map_or(self.store.clone(), |grid| {
            store::path_of(Path::new(STORES), grid)
        })
    }

    /// The lines whose runs to make again.
    fn choose<'a>(&self, lines: &'a [Line<'a>], path: &Path) -> Result<Vec<&'a Line<'a>>, String> {
        let path = path.display();
        if let Some(at) = self.at {
            let line = lines.iter().find(|line| line.number == at);
            let last = lines.last().map_or(0, |line| line.number);
            let line = line.ok_or(format!("--at {at}: {path} has lines 1 to {last}."))?;
            return match line.key.is_current() {
                true => Ok(vec![line]),
                false => Err(format!(
                    "--at {at}: that run was made with {}; only a program that has it can repeat the run, and this one \
                     has {}.",
                    line.key.made_with,
                    Numerics::list()
                )),
            };
        }
        let fits = |line: &&Line| {
            let small = line.key.config.t.finite().is_some_and(|t| t <= self.max_t);
            small && line.key.is_current()
        };
        let mut fitting: Vec<&Line> = lines.iter().filter(fits).collect();
        if fitting.is_empty() {
            return Err(format!(
                "{path} has {} runs, but none of at most {} training examples (--max-t) that was made with this program's \
                 gradients ({}).",
                lines.len(),
                self.max_t,
                Numerics::list()
            ));
        }
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let (drawn, _) = fitting.partial_shuffle(&mut random, self.runs.into());
        Ok(drawn.to_vec())
    }
}

/// A line, its record, and the grid that it is of, if that is known.
type Stored<'a> = (&'a Line<'a>, Record, Option<&'static Grid>);

/// Makes the run again; what differs, if anything does.
fn compare(stored: &Stored, progress: &Progress) -> Result<Option<String>, String> {
    let (line, record, grid) = stored;
    let (config, made_with) = (record.config.clone(), record.made_with());
    let make = move || Trainer::made_with(config, made_with);
    let Some(trainer) = interrupt::unless_stopped(make) else {
        return Ok(None);
    };
    let mut trainer = trainer.map_err(|error| format!("line {}: {error}", line.number))?;
    let weight = work_per_step(&record.config);
    let made = |steps: std::ops::Range<u64>| progress.add((steps.end - steps.start) * weight);
    let mut observer = match grid {
        Some(grid) => Observer::of(grid),
        None => Observer::like(record),
    };
    let watch = |trainer: &Trainer| observer.look(trainer);
    interrupt::advance(&mut trainer, watch, made, |_| Ok(()));
    if !trainer.is_finished() {
        return Ok(None);
    }
    let difference = first_difference(record, &observer.record(&trainer));
    progress.finished_run();
    let name = format!("line {} ({})", line.number, name_of_run(&record.config));
    match &difference {
        None => progress.say(&format!("{name}: all bits equal")),
        Some(difference) => progress.say(&format!("{name}: {difference}")),
    }
    Ok(difference.map(|difference| format!("{name}: stored and made again, {difference}")))
}
