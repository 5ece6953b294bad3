//! `lab verify`: does this program, on this machine, make stored runs again with the same bits?

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use superposition::report;
use superposition::sweep::{
    Grid, Line, Record, first_difference, lines, name_of_run, observe, work_per_step,
};
use superposition::train::{Numerics, Trainer};

use crate::End;
use crate::interrupt;
use crate::progress::Progress;
use crate::store;
use crate::summary::duration;
use crate::sweep::{STORES, store_of};

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
    /// Draw among runs of at most so many training examples
    #[arg(long, value_name = "T", default_value_t = 200)]
    max_t: usize,
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
        let text = store::read(&path)?;
        let lines = lines(&text).map_err(|error| store::about(&path, &error))?;
        let chosen = self.choose(&lines, &path)?;
        let records = chosen.into_iter().map(|line| Ok((line, line.record()?)));
        let records: Vec<(&Line, Record)> = records
            .collect::<Result<_, _>>()
            .map_err(|error| store::about(&path, &error))?;

        interrupt::watch_for_ctrl_c()?;
        let start = Instant::now();
        let work =
            |(_, record): &(&Line, Record)| record.config.steps * work_per_step(&record.config);
        let progress = Progress::of_runs(records.len(), records.iter().map(work).sum());
        let compare = |(line, record): &(&Line, Record)| compare(line, record, &progress);
        let compared: Result<Vec<Option<String>>, String> =
            records.par_iter().map(compare).collect();
        progress.finish();
        let compared = compared?;
        if interrupt::stopped() {
            return Ok(End::Interrupted);
        }
        match compared.into_iter().flatten().next() {
            Some(difference) => {
                println!("{}, {difference}.", path.display());
                Ok(End::Differs)
            }
            None => {
                println!(
                    "{}: {} runs made again in {}; all bits equal.",
                    path.display(),
                    records.len(),
                    duration(start.elapsed().as_secs_f64())
                );
                Ok(End::Finished)
            }
        }
    }

    fn path(&self) -> PathBuf {
        let grid = self.store.to_str().and_then(Grid::named);
        grid.map_or(self.store.clone(), |grid| store_of(Path::new(STORES), grid))
    }

    /// The lines whose runs to make again.
    fn choose<'a>(&self, lines: &'a [Line<'a>], path: &Path) -> Result<Vec<&'a Line<'a>>, String> {
        let path = path.display();
        if let Some(at) = self.at {
            let line = at.checked_sub(1).and_then(|i| lines.get(i));
            let line = line.ok_or(format!("--at {at}: {path} has lines 1 to {}.", lines.len()))?;
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

/// Makes the run again; what differs, if anything does.
fn compare(line: &Line, record: &Record, progress: &Progress) -> Result<Option<String>, String> {
    let config = &record.config;
    let mut trainer = Trainer::made_with(config.clone(), record.made_with())
        .map_err(|error| format!("line {}: {error}", line.number))?;
    let weight = work_per_step(config);
    let made = |steps: std::ops::Range<u64>| progress.add((steps.end - steps.start) * weight);
    let mut course = Vec::new();
    let watch = |trainer: &Trainer| {
        if !record.course.is_empty() {
            observe(&mut course, trainer);
        }
    };
    interrupt::advance(&mut trainer, watch, made, |_| Ok(()));
    if !trainer.is_finished() {
        return Ok(None);
    }
    let clusters = match record.clusters.is_empty() {
        true => Vec::new(),
        false => report::example_clusters(&trainer),
    };
    let again = Record {
        course,
        clusters,
        ..Record::of(&trainer, record.keep)
    };
    let difference = first_difference(record, &again);
    progress.finished_run();
    let name = format!("line {} ({})", line.number, name_of_run(config));
    match &difference {
        None => progress.say(&format!("{name}: all bits equal")),
        Some(difference) => progress.say(&format!("{name}: {difference}")),
    }
    Ok(difference.map(|difference| format!("{name}: stored and made again, {difference}")))
}
