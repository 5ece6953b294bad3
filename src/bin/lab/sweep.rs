//! `lab sweep`: all runs of a grid, one per thread, each appended to the grid's store as it ends.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use superposition::sweep::{GRIDS, Grid, Observer, Plan, Shard, work_per_step};
use superposition::train::{Config, Numerics, Trainer};

use crate::End;
use crate::estimate;
use crate::files;
use crate::interrupt;
use crate::memory::Memory;
use crate::out;
use crate::progress::Progress;
use crate::store::{self, Store};
use crate::summary::duration;

/// Where stores are unless told otherwise.
pub const STORES: &str = "www/data";

#[derive(Args)]
pub struct Sweep {
    /// The grid; --list shows them all
    #[arg(required_unless_present_any = ["list", "plan"], value_parser = grid)]
    grid: Option<&'static Grid>,
    /// Instead of a grid: a plan that the page has saved
    #[arg(long, value_name = "FILE", conflicts_with_all = ["grid", "list"])]
    plan: Option<PathBuf>,
    /// Show every grid: what it is for, how many runs it has, and how many are stored
    #[arg(long)]
    list: bool,
    /// Time a few steps of each kind of run and print what the missing runs would cost
    #[arg(long)]
    dry_run: bool,
    /// Where stores are; the grid's is DIR/GRID.jsonl [default: www/data, and for a plan the folder of its file]
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
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
    #[command(flatten)]
    memory: Memory,
}

/// The grid of that name, for the command line.
fn grid(name: &str) -> Result<&'static Grid, String> {
    Grid::named(name).ok_or_else(|| {
        let names: Vec<&str> = GRIDS.iter().map(|grid| grid.name).collect();
        format!("there is no such grid; there are {}", names.join(", "))
    })
}

/// The grid of a plan, named after its file. It lasts as long as the program, as the others do.
fn planned(file: &Path) -> Result<&'static Grid, String> {
    let about = |error: &dyn std::fmt::Display| format!("--plan {}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| about(&format!("{error}.")))?;
    let plan = Plan::from_json(&text).map_err(|error| about(&error))?;
    let configs = plan.configs().map_err(|error| about(&error))?;
    let name = file
        .file_stem()
        .and_then(|name| name.to_str())
        .unwrap_or("plan");
    if Grid::named(name).is_some() {
        return Err(about(&format!(
            "a grid is called {name} already; give the file another name."
        )));
    }
    let (name, configs) = (String::leak(name.to_string()), Vec::leak(configs));
    Ok(Box::leak(Box::new(Grid::planned(name, configs))))
}

impl Sweep {
    /// Where stores are.
    fn directory(&self) -> &Path {
        let beside = self.plan.as_ref().and_then(|file| file.parent());
        match (&self.store, beside) {
            (Some(directory), _) => directory,
            (None, None) => Path::new(STORES),
            (None, Some(folder)) if folder.as_os_str().is_empty() => Path::new("."),
            (None, Some(folder)) => folder,
        }
    }

    pub fn run(&self) -> Result<End, String> {
        if self.list {
            return self.print_list();
        }
        let grid = match &self.plan {
            None => self.grid.expect("clap asks for it"),
            Some(file) => planned(file)?,
        };
        let directory = self.directory();
        let jobs = self.jobs.map_or(0, usize::from); // 0: one per core
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| format!("--jobs {jobs}: {error}."))?;
        if directory == Path::new(STORES) {
            // Below any other folder than the project's this would begin a second store.
            store::check_directory(directory)?;
        }
        if self.dry_run {
            let (_, missing) = self.runs(grid, &Store::peek(directory, grid)?);
            self.memory.check(&missing, 1)?;
            let text = estimate::text(&missing, pool.current_num_threads())?;
            out::result(&text)?;
            return Ok(End::Finished);
        }
        files::ensure_directory("--store", directory)?;
        files::ensure_directory("--checkpoints", &self.checkpoints)?;
        let is_new = !store::path_of(directory, grid).exists();
        let store = Store::open(directory, grid)?;
        let path = store.path().display().to_string();
        if is_new {
            out::remark(format!("{path} is new."));
        }
        let (asked, missing) = self.runs(grid, &store);
        self.memory.check(&missing, pool.current_num_threads())?;
        interrupt::watch_for_ctrl_c()?;

        let start = Instant::now();
        let work = |config: &Config| config.steps * work_per_step(config);
        let making = Making {
            grid,
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
        // What counts is what the file has, whatever has happened to it meanwhile.
        let mut store = making.store.into_inner().expect("no thread panics");
        let read = store.refresh();
        let has = asked.iter().filter(|config| store.has(config)).count();
        let stored = format!(
            "{has} of {} runs stored in {path}, {made} of them made now, after {}",
            asked.len(),
            duration(start.elapsed().as_secs_f64())
        );
        if let Err(message) = done.and(read) {
            return Err(format!(
                "{message} {stored}; nothing stored is lost. The same command goes on from here."
            ));
        }
        if interrupt::stopped() {
            out::line(format!(
                "{stored}. The same command goes on from here, with the checkpoints in {}.",
                self.checkpoints.display()
            ))?;
            return Ok(End::Interrupted);
        }
        if has < asked.len() {
            return Err(format!(
                "{stored}: the others were stored too, and then lost when something else cut or replaced the file. The \
                 same command makes them again."
            ));
        }
        out::line(format!("{stored}."))?;
        Ok(End::Finished)
    }

    fn print_list(&self) -> Result<End, String> {
        store::check_directory(self.directory())?;
        let line = |grid: &'static Grid| {
            let store = Store::peek(self.directory(), grid)?;
            let configs = grid.configs();
            let stored = configs.iter().filter(|config| store.has(config)).count();
            Ok(format!(
                "{:<12} {:>4} runs, {stored:>4} stored{}   {}\n",
                grid.name,
                configs.len(),
                others(&store),
                grid.purpose
            ))
        };
        let list = GRIDS.iter().map(line).collect::<Result<String, String>>()?;
        out::result(&list)?;
        Ok(End::Finished)
    }

    /// The runs asked for, and those of them that are not stored; says what is.
    fn runs(&self, grid: &Grid, store: &Store) -> (Vec<Config>, Vec<Config>) {
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
        let missing = configs.iter().filter(|config| !store.has(config));
        let missing: Vec<Config> = missing.cloned().collect();
        out::remark(format!(
            "{}{shard}{seeds}: {} runs, {} stored already{}, {} to make.",
            grid.name,
            configs.len(),
            configs.len() - missing.len(),
            others(store),
            missing.len()
        ));
        (configs, missing)
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
    grid: &'static Grid,
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
        let begun = {
            let (grid, config, checkpoint) = (self.grid, config.clone(), checkpoint.clone());
            interrupt::unless_stopped(move || begin(grid, config, &checkpoint))
        };
        let Some(begun) = begun else {
            return Ok(());
        };
        let (observer, mut trainer) = begun?;
        let observer = RefCell::new(observer);
        self.progress.already(trainer.steps_done() * weight);
        let keep =
            |trainer: &Trainer| files::write(&checkpoint, &observer.borrow().checkpoint(trainer));
        let watch = |trainer: &Trainer| observer.borrow_mut().look(trainer);
        let progress = |steps: std::ops::Range<u64>| {
            self.progress.add((steps.end - steps.start) * weight);
        };
        interrupt::advance(&mut trainer, watch, progress, keep);
        if !trainer.is_finished() {
            return keep(&trainer);
        }
        let record = observer.borrow().record(&trainer);
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

/// A run of a grid, from its checkpoint if there is one. That of another version or of another run with this name is no help.
fn begin(grid: &Grid, config: Config, checkpoint: &Path) -> Result<(Observer, Trainer), String> {
    let bytes = fs::read(checkpoint).unwrap_or_default();
    match Observer::resume(grid, &bytes).filter(|(_, trainer)| *trainer.config() == config) {
        Some(begun) => Ok(begun),
        None => match Trainer::new(config) {
            Ok(trainer) => Ok((Observer::of(grid), trainer)),
            Err(error) => Err(error.to_string()),
        },
    }
}
