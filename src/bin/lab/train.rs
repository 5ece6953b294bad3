//! `lab train`: one model, or the best of several inits, from the first step or from a checkpoint.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use superposition::report::Report;
use superposition::train::{Config, Trainer};

use crate::End;
use crate::drawings::{self, draw};
use crate::files::{self, Output};
use crate::flags::Flags;
use crate::interrupt::{self, read_checkpoint};
use crate::memory::Memory;
use crate::out;
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
    memory: Memory,
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

/// Places of the results, made sure of before training.
struct Outputs {
    json: Option<Json>,
    svg: Option<PathBuf>,
}

enum Json {
    StandardOutput,
    Elsewhere(Output),
}

impl Train {
    pub fn run(&self) -> Result<End, String> {
        let jobs = self.jobs()?;
        // Besides those that train, the best so far is kept.
        let at_once = rayon::current_num_threads() + 1;
        self.memory
            .check(jobs.iter().map(|job| &job.config), at_once)?;
        let outputs = self.check_outputs(&jobs)?;
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
        let mut text = results.listing();
        text += &table(best, start.elapsed().as_secs_f64());
        // Whatever can't be written, the rest is.
        let json = match &outputs.json {
            Some(json) => json.write(&(Report::of(best, self.with_data).to_json() + "\n")),
            None => Ok(()),
        };
        let drawn = match &outputs.svg {
            Some(directory) => draw(best, directory),
            None => Ok(()),
        };
        let told = match &outputs.json {
            Some(Json::StandardOutput) => {
                out::remark(text.trim_end());
                Ok(())
            }
            _ => out::result(&text),
        };
        json.and(drawn).and(told)?;
        match best.diverged_at() {
            Some(_) => Ok(End::Diverged),
            None => Ok(End::Finished),
        }
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
    fn check_outputs(&self, jobs: &[Job]) -> Result<Outputs, String> {
        let to_stdout = |file: &Path| file == Path::new("-") || file == Path::new("/dev/stdout");
        let json = self.json.as_deref().filter(|file| !to_stdout(file));
        let mut files = Vec::new();
        for job in jobs {
            // A run may go on in the file that it comes from.
            let came_from = job
                .resume
                .iter()
                .filter(|&file| Some(file) != job.checkpoint.as_ref());
            files.extend(came_from.map(|file| ("--resume".to_string(), file.clone())));
            let checkpoint = job.checkpoint.iter();
            files.extend(checkpoint.map(|file| ("--checkpoint".to_string(), file.clone())));
        }
        files.extend(json.map(|file| ("--json".to_string(), file.to_path_buf())));
        for name in self.svg.iter().flat_map(|_| drawings::NAMES) {
            let file = self
                .svg
                .iter()
                .map(|directory| drawings::path(directory, name));
            files.extend(file.map(|file| (format!("the {name} of --svg"), file)));
        }
        files::check_apart(&files)?;
        for job in jobs {
            job.check()?;
        }
        let json = match (&self.json, json) {
            (None, _) => None,
            (Some(_), Some(file)) => Some(Json::Elsewhere(Output::check("--json", file)?)),
            (Some(_), None) if out::is_closed() => {
                return Err("--json -: the standard output is closed.".to_string());
            }
            (Some(_), None) => Some(Json::StandardOutput),
        };
        if let Some(directory) = &self.svg {
            files::ensure_directory("--svg", directory)?;
            for name in drawings::NAMES {
                files::check_file("--svg", &drawings::path(directory, name))?;
            }
        }
        let svg = self.svg.clone();
        Ok(Outputs { json, svg })
    }
}

impl Json {
    fn write(&self, json: &str) -> Result<(), String> {
        match self {
            Json::StandardOutput => out::result(json),
            Json::Elsewhere(output) => output.write(json.as_bytes()),
        }
    }
}

impl Job {
    /// Refuses checkpoints of other runs, and to overwrite one that is further on.
    fn check(&self) -> Result<(), String> {
        let mut begins_at = 0;
        if let Some(file) = &self.resume {
            let found = read_checkpoint(file)?;
            if *found.config() != self.config {
                return Err(format!(
                    "--resume {} is the checkpoint of another run than the flags describe.",
                    file.display()
                ));
            }
            begins_at = found.steps_done();
        }
        let Some(file) = &self.checkpoint else {
            return Ok(());
        };
        files::check_file("--checkpoint", file)?;
        if !file.exists() {
            return Ok(());
        }
        let name = file.display();
        match read_checkpoint(file) {
            Ok(found) if *found.config() != self.config => {}
            Ok(found) if found.steps_done() > begins_at => {
                return Err(format!(
                    "--checkpoint {name} has this run at step {} already; this command would begin at step {} and \
                     overwrite it. To go on from there, give --resume instead of --checkpoint; to begin anew, choose \
                     another name or delete the file.",
                    grouped(found.steps_done()),
                    grouped(begins_at)
                ));
            }
            Ok(_) => return Ok(()),
            Err(_) => {}
        }
        Err(format!(
            "--checkpoint {name}: this file is there already and is no checkpoint of this run; it would be \
             overwritten. Choose another name, or delete it."
        ))
    }

    /// Trains to the end; none if Ctrl-C came first.
    fn train(&self, progress: &Progress) -> Result<Option<Trainer>, String> {
        if interrupt::stopped() {
            return Ok(None);
        }
        let (config, resume) = (self.config.clone(), self.resume.clone());
        let begun = interrupt::unless_stopped(move || match resume {
            Some(file) => (read_checkpoint(&file)?.trainer())
                .map_err(|error| format!("{}: {error}", file.display())),
            None => Trainer::new(config).map_err(|error| error.to_string()),
        });
        let Some(begun) = begun else {
            progress.finish();
            out::remark(format!(
                "init seed {}: stopped before its first step.",
                self.config.init_seed
            ));
            return Ok(None);
        };
        let mut trainer = begun?;
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
        out::remark(format!(
            "init seed {}: stopped at step {} of {}; {kept}.",
            self.config.init_seed,
            grouped(trainer.steps_done()),
            grouped(self.config.steps)
        ));
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
