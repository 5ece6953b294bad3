//! `lab sweep`: all runs of a grid, one per thread, each appended to the grid's store as it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use superposition::report;
use superposition::sweep::{GRIDS, Grid, Record, Shard, observe, work_per_step};
use superposition::train::{Config, Numerics, Trainer};

use crate::End;
use crate::estimate;
use crate::files;
use crate::interrupt;
use crate::progress::Progress;
use crate::store::Store;
use crate::summary::duration;

/// Where stores are unless told otherwise.
pub const STORES: &str = "www/data";

#[derive(Args)]
pub struct Sweep {
    /// The grid; --list shows them all
    #[arg(required_unless_present = "list", value_parser = grid)]
    grid: Option<&'static Grid>,
    /// Show every grid: what it is for, how many runs it has, and how many are stored
    #[arg(long)]
    list: bool,
    /// Time a few steps of each kind of run and print what the missing runs would cost
    #[arg(long)]
    dry_run: bool,
    /// Where stores are; the grid's is DIR/GRID.jsonl
    #[arg(long, value_name = "DIR", default_value = STORES)]
    store: PathBuf,
    /// Make only the I-th of K equal parts of the grid, I from 1 to K
    #[arg(long, value_name = "I/K", default_value_t = Shard::WHOLE)]
    shard: Shard,
    /// Make only the runs of data seeds up to K: a first look at the whole figure
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    data_seeds: Option<u32>,
    /// How many runs at once [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Where runs that are under way keep their checkpoints
    #[arg(long, value_name = "DIR", default_value = "target/sweep")]
    checkpoints: PathBuf,
}

/// The grid of that name, for the command line.
fn grid(name: &str) -> Result<&'static Grid, String> {
    Grid::named(name).ok_or_else(|| {
        let names: Vec<&str> = GRIDS.iter().map(|grid| grid.name).collect();
        format!("there is no such grid; there are {}", names.join(", "))
    })
}

/// The store of a grid in a directory.
pub fn store_of(directory: &Path, grid: &Grid) -> PathBuf {
    directory.join(grid.name).with_extension("jsonl")
}

impl Sweep {
    pub fn run(&self) -> Result<End, String> {
        if self.list {
            return self.print_list();
        }
        let grid = self.grid.expect("clap asks for it");
        let path = store_of(&self.store, grid);
        let jobs = self.jobs.map_or(0, usize::from); // 0: one per core
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| format!("--jobs {jobs}: {error}."))?;
        if self.dry_run {
            let missing = self.missing(grid, &Store::peek(path)?);
            print!("{}", estimate::text(&missing, pool.current_num_threads())?);
            return Ok(End::Finished);
        }
        files::ensure_directory("--store", &self.store)?;
        files::ensure_directory("--checkpoints", &self.checkpoints)?;
        let store = Store::open(path.clone())?;
        let missing = self.missing(grid, &store);
        interrupt::watch_for_ctrl_c()?;

        let start = Instant::now();
        let work = |config: &Config| config.steps * work_per_step(config);
        let making = Making {
            keep: grid.keep,
            course: grid.course,
            clusters: grid.clusters,
            checkpoints: &self.checkpoints,
            progress: Progress::of_runs(missing.len(), missing.iter().map(work).sum()),
            store: Mutex::new(store),
            made: Mutex::new(0),
        };
        // A bridge deals out runs one by one and in order; a parallel slice would begin in its middle, too.
        let done = pool.install(|| {
            missing
                .iter()
                .par_bridge()
                .try_for_each(|config| making.make(config))
        });
        making.progress.finish();
        let made = making.made.into_inner().expect("no thread panics");
        let stored = format!(
            "{made} of {} runs stored in {} after {}",
            missing.len(),
            path.display(),
            duration(start.elapsed().as_secs_f64())
        );
        match done {
            Err(message) => Err(format!(
                "{message} {stored}; nothing stored is lost. The same command goes on from here."
            )),
            Ok(()) if interrupt::stopped() => {
                println!(
                    "{stored}. The same command goes on from here, with the checkpoints in {}.",
                    self.checkpoints.display()
                );
                Ok(End::Interrupted)
            }
            Ok(()) => {
                let others = match made == missing.len() {
                    true => "",
                    false => "; another process has stored the others",
                };
                println!("{stored}{others}.");
                Ok(End::Finished)
            }
        }
    }

    fn print_list(&self) -> Result<End, String> {
        for grid in &GRIDS {
            let store = Store::peek(store_of(&self.store, grid))?;
            let configs = grid.configs();
            let stored = configs.iter().filter(|config| store.has(config)).count();
            println!(
                "{:<12} {:>4} runs, {stored:>4} stored{}   {}",
                grid.name,
                configs.len(),
                others(&store),
                grid.purpose
            );
        }
        Ok(End::Finished)
    }

    /// The runs asked for that are not stored; says what is.
    fn missing(&self, grid: &Grid, store: &Store) -> Vec<Config> {
        let mut configs = grid.shard(self.shard);
        let shard = match self.shard {
            Shard::WHOLE => String::new(),
            shard => format!(", shard {shard}"),
        };
        let seeds = match self.data_seeds {
            None => String::new(),
            Some(most) => {
                configs.retain(|config| config.data_seed <= most);
                format!(", data seeds up to {most}")
            }
        };
        let all = configs.len();
        configs.retain(|config| !store.has(config));
        eprintln!(
            "{}{shard}{seeds}: {all} runs, {} stored already{}, {} to make.",
            grid.name,
            all - configs.len(),
            others(store),
            configs.len()
        );
        configs
    }
}

/// What there is that this program can't repeat, if anything.
fn others(store: &Store) -> String {
    match store.others() {
        0 => String::new(),
        others => {
            format!(" ({others} made with another gradient or version of it are not counted)")
        }
    }
}

/// A sweep under way.
struct Making<'a> {
    keep: usize,
    course: bool,
    clusters: bool,
    checkpoints: &'a Path,
    progress: Progress,
    store: Mutex<Store>,
    made: Mutex<usize>,
}

impl Making<'_> {
    /// Makes and stores one run, unless another process has stored it or Ctrl-C comes first.
    fn make(&self, config: &Config) -> Result<(), String> {
        if interrupt::stopped() {
            return Ok(());
        }
        let weight = work_per_step(config);
        let mut store = self.store.lock().expect("no thread panics");
        store.refresh().inspect_err(|_| interrupt::stop())?;
        if store.has(config) {
            self.progress.already(config.steps * weight);
            self.progress.finished_run();
            return Ok(());
        }
        drop(store);

        let checkpoint = self.checkpoint_of(config);
        // A checkpoint lacks what was seen on the way, so that runs with a course begin anew.
        // One of another version or of another run with this name is no help.
        let resumed = (!self.course).then(|| interrupt::read_checkpoint(&checkpoint));
        let resumed = resumed.and_then(Result::ok);
        let mut trainer = match resumed.filter(|trainer| trainer.config() == config) {
            Some(trainer) => trainer,
            None => Trainer::new(config.clone()).map_err(|error| error.to_string())?,
        };
        self.progress.already(trainer.steps_done() * weight);
        let keep = |trainer: &Trainer| match self.course {
            true => Ok(()),
            false => files::write(&checkpoint, &trainer.checkpoint()),
        };
        let mut course = Vec::new();
        let watch = |trainer: &Trainer| {
            if self.course {
                observe(&mut course, trainer);
            }
        };
        let progress = |steps: std::ops::Range<u64>| {
            self.progress.add((steps.end - steps.start) * weight);
        };
        interrupt::advance(&mut trainer, watch, progress, keep);
        if !trainer.is_finished() {
            return keep(&trainer);
        }
        let clusters = match self.clusters {
            true => report::example_clusters(&trainer),
            false => Vec::new(),
        };
        let record = Record {
            course,
            clusters,
            ..Record::of(&trainer, self.keep)
        };
        let stored = (self.store.lock().expect("no thread panics")).append(&record);
        if let Err(message) = stored {
            // The others would fail likewise. What they and this run have done stays in checkpoints, if these fit.
            interrupt::stop();
            let _ = keep(&trainer);
            return Err(message);
        }
        let _ = fs::remove_file(&checkpoint);
        *self.made.lock().expect("no thread panics") += 1;
        self.progress.finished_run();
        Ok(())
    }

    fn checkpoint_of(&self, config: &Config) -> PathBuf {
        // Without the path, which follows from the configuration: so they were named before there were paths, and runs of days
        // that are under way keep theirs.
        let version = Numerics::of(config).version;
        let config = serde_json::to_string(config).expect("a configuration is valid JSON");
        let run = format!("{{\"numerics\":{version},\"config\":{config}}}");
        let sum = superposition::checksum::crc32(run.as_bytes());
        self.checkpoints.join(format!("{sum:08x}.ckpt"))
    }
}
