//! `lab mnist`: the runs of the classifier behind the page's section on digits, and the files that the section reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use rayon::prelude::*;

use superposition::mnist::{Config, Digits, Pack, Record, Trainer, live_file};

use crate::End;
use crate::files;
use crate::interrupt;
use crate::mnist_data;
use crate::out;
use crate::progress::Progress;
use crate::summary::duration;
use crate::sweep::STORES;

/// Between two checkpoints of one run.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(30);
/// Updates between two looks at the progress.
const GLANCE: u64 = 20;

/// Settings in which runs differ, besides their seeds: weight decay and share of wrong labels.
const CONDITIONS: [(f64, f64); 5] = [(0.0, 0.0), (0.1, 0.0), (1.0, 0.0), (0.0, 0.01), (0.1, 0.01)];

/// Those whose first seed the page shows.
const SHOWN: [(f64, f64); 3] = [(0.0, 0.0), (1.0, 0.0), (0.0, 0.01)];

#[derive(Args)]
pub struct Mnist {
    /// Write mnist.jsonl, digits.bin and digits-live.bin here
    #[arg(long, value_name = "DIR", default_value = STORES)]
    store: PathBuf,
    /// Where the data set and the runs' checkpoints are kept
    #[arg(long, value_name = "DIR", default_value = "target/mnist")]
    work: PathBuf,
    /// Take the four IDX files of this directory instead of fetching them
    #[arg(long, value_name = "DIR")]
    digits: Option<PathBuf>,
    /// Seeds of each condition, from 1 on
    #[arg(long, value_name = "K", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    seeds: u32,
    /// Passes over the training examples
    #[arg(long, default_value_t = Config::default().epochs, value_parser = clap::value_parser!(u64).range(1..=1000))]
    epochs: u64,
    /// m, hidden units
    #[arg(long, default_value_t = Config::default().hidden)]
    hidden: usize,
    /// How many runs at once [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

impl Mnist {
    pub fn run(&self) -> Result<End, String> {
        files::ensure_directory("--store", &self.store)?;
        files::ensure_directory("--work", &self.work)?;
        let [train, test] = match &self.digits {
            Some(directory) => mnist_data::from_directory(directory)?,
            None => mnist_data::fetched(&self.work)?,
        };
        // Either set decides what a run finds, so that its checkpoints are of these digits alone.
        let digits = [train.checksum(), test.checksum()];
        let train = Arc::new(train);
        let configs = self.configs(train.len());
        for config in &configs {
            config.check().map_err(|error| error.to_string())?;
        }
        interrupt::watch_for_ctrl_c()?;
        let jobs = self.jobs.map_or(0, usize::from); // 0: one per core
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| format!("--jobs {jobs}: {error}."))?;

        let start = Instant::now();
        let making = Making {
            work: &self.work,
            digits,
            train,
            test,
            progress: Progress::new(configs.iter().map(Config::steps).sum()),
        };
        let runs: Result<Vec<Trainer>, String> = pool.install(|| {
            let runs = configs.par_iter().with_max_len(1);
            runs.map(|config| making.make(config)).collect()
        });
        making.progress.finish();
        let runs = runs?;
        if runs.iter().any(|run| !run.is_finished()) {
            out::remark(format!(
                "stopped; the same command goes on from the checkpoints in {}.",
                self.work.display()
            ));
            return Ok(End::Interrupted);
        }
        self.write(&runs, &making.test)?;
        out::line(format!(
            "{} runs after {}",
            runs.len(),
            duration(start.elapsed().as_secs_f64())
        ))?;
        Ok(End::Finished)
    }

    /// Every run, condition after condition.
    fn configs(&self, examples: usize) -> Vec<Config> {
        let config = |(weight_decay, label_noise), seed| Config {
            hidden: self.hidden,
            examples,
            epochs: self.epochs,
            weight_decay,
            label_noise,
            data_seed: seed,
            init_seed: seed,
            ..Config::default()
        };
        let seeds = |condition| (1..=self.seeds).map(move |seed| config(condition, seed));
        CONDITIONS.into_iter().flat_map(seeds).collect()
    }

    fn write(&self, runs: &[Trainer], test: &Digits) -> Result<(), String> {
        let lines: String = runs.iter().map(|run| Record::of(run).to_line()).collect();
        files::write(&self.store.join("mnist.jsonl"), lines.as_bytes())?;
        let shown = |run: &&Trainer| {
            let config = run.config();
            config.init_seed == 1 && SHOWN.contains(&(config.weight_decay, config.label_noise))
        };
        let pack = Pack::of(&runs.iter().filter(shown).collect::<Vec<_>>());
        files::write(&self.store.join("digits.bin"), &pack.to_bytes())?;
        let live = live_file(runs[0].digits(), test);
        files::write(&self.store.join("digits-live.bin"), &live)
    }
}

/// What all runs share.
struct Making<'a> {
    work: &'a Path,
    /// Checksums of the training and test digits.
    digits: [u32; 2],
    train: Arc<Digits>,
    test: Digits,
    progress: Progress,
}

impl Making<'_> {
    /// Trains to the end or to Ctrl-C, from the checkpoint if there is one, and leaves a checkpoint.
    fn make(&self, config: &Config) -> Result<Trainer, String> {
        let path = self.checkpoint_of(config);
        let mut trainer = match self.resumed(&path, config) {
            Some(trainer) => trainer,
            None => Trainer::new(config.clone(), self.train.clone())
                .map_err(|error| error.to_string())?,
        };
        let keep = |trainer: &Trainer| files::write(&path, &trainer.checkpoint());
        self.progress.already(trainer.steps_done());
        if trainer.is_finished() {
            return Ok(trainer);
        }
        let stops = config.snapshot_steps();
        let mut written = Instant::now();
        loop {
            let step = trainer.steps_done();
            let kept = trainer.snapshots().last().map(|snapshot| snapshot.step);
            if kept != Some(step) && (stops.contains(&step) || trainer.is_finished()) {
                let snapshot = trainer.snapshot(&self.test);
                trainer.keep(snapshot);
            }
            if trainer.is_finished() || interrupt::stopped() {
                break;
            }
            if written.elapsed() >= CHECKPOINT_EVERY {
                keep(&trainer)?;
                written = Instant::now();
            }
            let next = stops.iter().find(|&&stop| stop > step).unwrap_or(&step);
            for _ in step..(step + GLANCE).min(*next) {
                trainer.step();
            }
            self.progress.add(trainer.steps_done() - step);
        }
        keep(&trainer)?;
        Ok(trainer)
    }

    /// A run that goes on. A checkpoint of another version or of another run with this name is no help.
    fn resumed(&self, path: &Path, config: &Config) -> Option<Trainer> {
        let bytes = fs::read(path).ok()?;
        let trainer = Trainer::resume(&bytes, self.train.clone()).ok()?;
        (trainer.config() == config).then_some(trainer)
    }

    fn checkpoint_of(&self, config: &Config) -> PathBuf {
        let config = serde_json::to_string(config).expect("a configuration is valid JSON");
        let json = format!("{config} {:?}", self.digits);
        let sum = superposition::checksum::crc32(json.as_bytes());
        self.work.join(format!("{sum:08x}.ckpt"))
    }
}
