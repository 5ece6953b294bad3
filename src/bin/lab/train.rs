//! `lab train`: one model, or the best of several inits, from the first step or from a checkpoint.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use superposition::report::Report;
use superposition::train::{Config, Trainer};

use crate::End;
use crate::drawings::draw;
use crate::files;
use crate::flags::Flags;
use crate::interrupt::{self, read_checkpoint};
use crate::progress::Progress;
use crate::summary::{grouped, number, table};

/// Half of the history's points come before this step.
const EARLY: u64 = 200;

#[derive(Args)]
pub struct Train {
    /// Train that many init seeds, from --init-seed on, and keep the run of the lowest train loss
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    best_of: u32,
    /// Write the run as JSON; - writes it to the standard output and the table to the standard error
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Add initial W and the training examples to the JSON, so that any other program can repeat the run
    #[arg(long, requires = "json")]
    with_data: bool,
    /// Draw the page's figures as SVG files
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,
    /// Write a checkpoint at the start, now and then, at the end, and on Ctrl-C; with --best-of one per init, FILE.init-SEED
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Continue the run of a checkpoint, and keep it up to date unless --checkpoint names another
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

/// One of the runs that the command makes.
struct Job {
    config: Config,
    resume: Option<PathBuf>,
    checkpoint: Option<PathBuf>,
}

/// The results of all runs, and the best of them.
#[derive(Default)]
struct Results {
    /// Final train loss of each init seed; infinite where the run diverged.
    losses: BTreeMap<u32, f64>,
    best: Option<Trainer>,
}

impl Train {
    pub fn run(&self) -> Result<End, String> {
        let jobs = self.jobs()?;
        self.check_outputs(&jobs)?;
        interrupt::watch_for_ctrl_c()?;

        let start = Instant::now();
        let progress = Progress::new(jobs.iter().map(|job| job.config.steps).sum());
        let results = Mutex::new(Results::default());
        let trained: Result<(), String> = jobs.par_iter().try_for_each(|job| {
            if let Some(trainer) = job.train(&progress)? {
                results.lock().expect("no thread panics").add(trainer);
            }
            Ok(())
        });
        progress.finish();
        trained?;
        let results = results.into_inner().expect("no thread panics");
        let Some(best) = results
            .best
            .as_ref()
            .filter(|_| results.losses.len() == jobs.len())
        else {
            return Ok(End::Interrupted);
        };
        self.write(best)?;
        let mut text = results.listing();
        text += &table(best, start.elapsed().as_secs_f64());
        if self.json_to_stdout() {
            eprint!("{text}");
        } else {
            print!("{text}");
        }
        Ok(End::Finished)
    }

    fn json_to_stdout(&self) -> bool {
        self.json.as_deref() == Some(Path::new("-"))
    }

    /// The run of each init seed, where it starts and where its checkpoint goes.
    fn jobs(&self) -> Result<Vec<Job>, String> {
        let config = match &self.resume {
            None => self.flags.over(&Config::default())?,
            Some(file) => self.resumed_config(file)?,
        };
        let last = u64::from(config.init_seed) + u64::from(self.best_of) - 1;
        if last > u64::from(u32::MAX) {
            return Err(format!(
                "--best-of {} from --init-seed {} on ends at {last}; seeds go from 0 to {}.",
                self.best_of,
                config.init_seed,
                u32::MAX
            ));
        }
        let checkpoint = self.checkpoint.as_ref().or(self.resume.as_ref());
        let jobs = (config.init_seed..=last as u32).map(|init_seed| Job {
            config: Config {
                init_seed,
                ..config.clone()
            },
            // An init that an interrupted command had not begun has no file yet.
            resume: self
                .resume
                .as_ref()
                .map(|file| self.file_of(file, init_seed))
                .filter(|file| self.best_of == 1 || file.exists()),
            checkpoint: checkpoint.map(|file| self.file_of(file, init_seed)),
        });
        Ok(jobs.collect())
    }

    /// The checkpoint file of one init.
    fn file_of(&self, file: &Path, init_seed: u32) -> PathBuf {
        if self.best_of == 1 {
            return file.to_path_buf();
        }
        let mut name = file.as_os_str().to_os_string();
        name.push(format!(".init-{init_seed}"));
        name.into()
    }

    /// The configuration of the run to resume, if the flags agree with it.
    fn resumed_config(&self, file: &Path) -> Result<Config, String> {
        if self.best_of == 1 {
            let written = read_checkpoint(file)?.config().clone();
            self.flags.agree_with(&written, file)?;
            return Ok(written);
        }
        let init_seed = self.flags.over(&Config::default())?.init_seed;
        let mut seeds = init_seed..init_seed.saturating_add(self.best_of);
        let found =
            seeds.find_map(|seed| Some(self.file_of(file, seed)).filter(|file| file.exists()));
        let Some(found) = found else {
            let name = file.display();
            return Err(format!(
                "--resume {name}: there is no {name}.init-SEED of any of the seeds."
            ));
        };
        let written = Config {
            init_seed,
            ..read_checkpoint(&found)?.config().clone()
        };
        self.flags.agree_with(&written, &found)?;
        Ok(written)
    }

    /// Refuses what could not be written, or would destroy something, while nothing is lost yet.
    fn check_outputs(&self, jobs: &[Job]) -> Result<(), String> {
        for job in jobs {
            if let Some(file) = &job.resume {
                let found = read_checkpoint(file)?;
                if *found.config() != job.config {
                    return Err(format!(
                        "--resume {} is the checkpoint of another run than the flags describe.",
                        file.display()
                    ));
                }
            }
            if let Some(file) = &job.checkpoint {
                files::check_file("--checkpoint", file)?;
                let theirs = file.exists()
                    && !read_checkpoint(file).is_ok_and(|found| *found.config() == job.config);
                if theirs {
                    return Err(format!(
                        "--checkpoint {}: this file is there already and is no checkpoint of this run; it would be \
                         overwritten. Choose another name, or delete it.",
                        file.display()
                    ));
                }
            }
        }
        if let Some(file) = self.json.as_deref().filter(|_| !self.json_to_stdout()) {
            if jobs
                .iter()
                .any(|job| job.checkpoint.as_deref() == Some(file))
            {
                return Err(format!(
                    "--json and the checkpoint are both {}.",
                    file.display()
                ));
            }
            files::check_file("--json", file)?;
        }
        match &self.svg {
            Some(directory) => files::ensure_directory("--svg", directory),
            None => Ok(()),
        }
    }

    fn write(&self, trainer: &Trainer) -> Result<(), String> {
        if let Some(file) = &self.json {
            let json = Report::of(trainer, self.with_data).to_json() + "\n";
            if self.json_to_stdout() {
                let mut out = std::io::stdout().lock();
                out.write_all(json.as_bytes())
                    .and_then(|()| out.flush())
                    .map_err(|error| format!("the standard output can't be written: {error}."))?;
            } else {
                files::write(file, json.as_bytes())?;
            }
        }
        match &self.svg {
            Some(directory) => draw(trainer, directory),
            None => Ok(()),
        }
    }
}

impl Job {
    /// Trains to the end; none if Ctrl-C came first.
    fn train(&self, progress: &Progress) -> Result<Option<Trainer>, String> {
        if interrupt::stopped() {
            return Ok(None);
        }
        let mut trainer = match &self.resume {
            Some(file) => read_checkpoint(file)?,
            None => Trainer::new(self.config.clone()).map_err(|error| error.to_string())?,
        };
        // At once, so that a disk without room says so before hours of training.
        self.keep(&trainer)?;
        progress.already(trainer.steps_done());
        let made = |steps: Range<u64>| {
            progress.add(steps.end - steps.start);
            // The early steps hold most evaluations of the history, and say little about the others' speed.
            if steps.contains(&EARLY) {
                progress.estimate_anew();
            }
        };
        interrupt::advance(&mut trainer, |_| (), made, |trainer| self.keep(trainer));
        self.keep(&trainer)?;
        if trainer.is_finished() {
            return Ok(Some(trainer));
        }
        progress.finish();
        let kept = match &self.checkpoint {
            Some(file) => format!("--resume {} continues", file.display()),
            None => "nothing was kept, as there was no --checkpoint".to_string(),
        };
        eprintln!(
            "init seed {}: stopped at step {} of {}; {kept}.",
            self.config.init_seed,
            grouped(trainer.steps_done()),
            grouped(self.config.steps)
        );
        Ok(None)
    }

    fn keep(&self, trainer: &Trainer) -> Result<(), String> {
        match &self.checkpoint {
            Some(file) => files::write(file, &trainer.checkpoint()),
            None => Ok(()),
        }
    }
}

impl Results {
    fn add(&mut self, trainer: Trainer) {
        // A diverged run is worse than any other; its loss may be anything, even NaN.
        let loss = match trainer.diverged_at() {
            Some(_) => f64::INFINITY,
            None => trainer.train_loss(),
        };
        let seed = trainer.config().init_seed;
        let better = self.best.as_ref().is_none_or(|best| {
            let rival = best.config().init_seed;
            // Runs end in any order; equal losses must not let that decide.
            (loss, seed) < (self.losses[&rival], rival)
        });
        self.losses.insert(seed, loss);
        if better {
            self.best = Some(trainer);
        }
    }

    /// The train loss of every init, where there are several.
    fn listing(&self) -> String {
        let (Some(best), true) = (&self.best, self.losses.len() > 1) else {
            return String::new();
        };
        let line = |(seed, loss): (&u32, &f64)| {
            let loss = if loss.is_finite() {
                format!("train loss {}", number(*loss))
            } else {
                "diverged".to_string()
            };
            let kept = if *seed == best.config().init_seed {
                ", kept"
            } else {
                ""
            };
            format!("{:<16}{loss}{kept}\n", format!("init seed {seed}"))
        };
        self.losses.iter().map(line).collect()
    }
}
