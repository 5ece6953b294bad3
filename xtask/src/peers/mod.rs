//! What does a step take here, and what elsewhere? The same AdamW step of the same run in this project's trainer, natively and in
//! Chromium, and in PyTorch, JAX, TensorFlow.js and jax-js; `benches/peers/` has the programs.
//!
//! Every peer repeats the first steps of a run that `lab train` has written, and must come to its loss. The time of our
//! own step depends on how many outputs are active, so it is taken at several states of a whole run; theirs does not.

mod grid;
mod limited;
mod setup;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::command;
use grid::{EARLY, GRID, MIDDLE, QUICK, STATES, Setting};
use limited::Limits;
use setup::Tools;
use table::{Cell, Row};

const PEERS: &str = "benches/peers";
/// What takes long to make, kept from one time to the next: packages, and states of runs.
const KEPT: &str = "target/peers";
const RESULTS: &str = "benches/peers/RESULTS.md";

/// The steps that peers repeat: a schedule of its own, so that the rate goes up and down within them.
const STEPS: u64 = 20;

/// For a peer and a setting: a step of a minute is the longest that is waited for, four of them the fewest.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(300),
    memory: 16_000_000_000,
};
/// Ours makes its states first.
const OURS: Limits = Limits {
    time: Duration::from_secs(4 * 3600),
    ..LIMITS
};

/// Relative difference of losses that float32 and another order of sums explain.
const SAME_LOSS: f64 = 1e-4;
/// The same, in parts of how far the loss has fallen, which with many examples is little in so few steps.
const SAME_FALL: f64 = 1e-2;

/// This multiple of the time of TensorFlow.js's best backend.
const HOPELESS: f64 = 5.0;

const BACKENDS: [&str; 3] = ["wasm", "webgl", "cpu"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Peer {
    Native,
    Chromium,
    PyTorch,
    Jax,
    TensorFlowJs,
    JaxJs,
}

const ALL: [(&str, Peer); 6] = [
    ("native", Peer::Native),
    ("chromium", Peer::Chromium),
    ("pytorch", Peer::PyTorch),
    ("jax", Peer::Jax),
    ("tfjs", Peer::TensorFlowJs),
    ("jax-js", Peer::JaxJs),
];

/// `options` as given after `cargo xtask peers`.
pub fn run(options: &[&str]) -> Result<()> {
    let options = Options::parse(options)?;
    let python = options.any(&[Peer::PyTorch, Peer::Jax]);
    let browser = options.any(&[Peer::Chromium, Peer::TensorFlowJs, Peer::JaxJs]);
    let tools = setup::prepare(python, browser, options.build)?;
    let before = setup::load();
    let mut rows = Vec::new();
    let mut text = String::new();
    for &setting in options.grid {
        let measuring = Measuring {
            setting,
            tools: &tools,
            options: &options,
            smaller: &rows,
        };
        let row = measuring.row()?;
        println!("{}", table::line(&row));
        rows.push(row);
        text = table::markdown(&rows, &setup::machine(&before));
        if options.save {
            // After every setting, so that an interruption loses one at most.
            fs::write(RESULTS, &text)?;
        }
    }
    println!("\n{text}");
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Options {
    grid: &'static [Setting],
    build: bool,
    late: bool,
    save: bool,
    peers: Vec<Peer>,
}

impl Options {
    fn parse(mut arguments: &[&str]) -> Result<Self> {
        let mut options = Options {
            grid: &GRID,
            build: true,
            late: true,
            save: false,
            peers: ALL.map(|(_, peer)| peer).to_vec(),
        };
        loop {
            arguments = match arguments {
                [] => return Ok(options),
                ["--quick", rest @ ..] => {
                    options.grid = &QUICK;
                    rest
                }
                ["--no-late", rest @ ..] => {
                    options.late = false;
                    rest
                }
                ["--no-build", rest @ ..] => {
                    options.build = false;
                    rest
                }
                ["--save", rest @ ..] => {
                    options.save = true;
                    rest
                }
                ["--only", names, rest @ ..] => {
                    options.peers = names.split(',').map(peer).collect::<Result<_>>()?;
                    rest
                }
                ["--only"] => bail!("--only needs names, such as --only {}", names()),
                [other, ..] => bail!(
                    "`cargo xtask peers` knows --quick, --no-late, --no-build, --save and --only NAMES, not {other}"
                ),
            }
        }
    }

    fn any(&self, peers: &[Peer]) -> bool {
        peers.iter().any(|peer| self.peers.contains(peer))
    }
}

fn peer(name: &str) -> Result<Peer> {
    let found = ALL.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, peer)| *peer)
        .with_context(|| format!("--only {name}: the names are {}", names()))
}

fn names() -> String {
    ALL.map(|(name, _)| name).join(",")
}

/// One setting in the course of being measured.
struct Measuring<'a> {
    setting: Setting,
    tools: &'a Tools,
    options: &'a Options,
    /// What has been measured before.
    smaller: &'a [Row],
}

impl Measuring<'_> {
    fn row(&self) -> Result<Row> {
        println!("\n=== {}", self.setting.name());
        let problem = self.problem()?;
        let steps = self.states();
        let mut row = Row::new(self.setting);
        // The states are made natively, whoever is asked for.
        if self.options.any(&[Peer::Native, Peer::Chromium]) {
            row.native = self.native(&steps)?;
        }
        for &peer in &self.options.peers {
            match peer {
                Peer::Native => {}
                Peer::Chromium => {
                    let result = self.in_browser("ours", &problem, &steps);
                    row.chromium = table::by_step(&steps, &result);
                    row.ours = self.cell(&problem, result)?;
                }
                Peer::PyTorch => {
                    row.pytorch = self.cell(&problem, self.in_python("in_pytorch.py", &problem))?;
                }
                Peer::Jax => {
                    row.jax = self.cell(&problem, self.in_python("in_jax.py", &problem))?;
                }
                Peer::JaxJs => {
                    row.jax_js = self.cell(&problem, self.in_browser("jax-js", &problem, &[]))?;
                }
                Peer::TensorFlowJs => {
                    for (cell, backend) in row.tfjs.iter_mut().zip(BACKENDS) {
                        if self.is_hopeless(backend) {
                            *cell = Cell::Failed(
                                "not run, since with no more examples it failed or took over five times as long as the best".to_owned(),
                            );
                            continue;
                        }
                        *cell = self.cell(&problem, self.in_browser(backend, &problem, &[]))?;
                    }
                }
            }
        }
        Ok(row)
    }

    /// Has this backend of TensorFlow.js been so much slower than its best, with as many examples as show it, that more of them
    /// would take minutes and change nothing?
    fn is_hopeless(&self, backend: &str) -> bool {
        let similar = |row: &&Row| {
            let smaller = row.setting.t >= 1000 && row.setting.t <= self.setting.t;
            smaller && row.setting.n == self.setting.n && row.setting.m <= self.setting.m
        };
        let mut rows = self.smaller.iter().filter(similar);
        rows.any(|row| row.slowness(backend) > HOPELESS)
    }

    /// Writes the run that everyone repeats.
    fn problem(&self) -> Result<PathBuf> {
        let Setting { n, m, t, sparsity } = self.setting;
        let file = Path::new(KEPT).join(self.setting.name() + ".json");
        let settings = format!("--n {n} --m {m} --t {t} --sparsity {sparsity} --steps {STEPS}");
        let mut lab = Command::new(self.tools.native.join("lab"));
        lab.arg("train").args(settings.split(' '));
        lab.args(["--with-data", "--json"]).arg(&file);
        let arguments: Vec<String> = lab
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        command::output(lab.get_program(), &arguments)
            .with_context(|| format!("`{}` failed", command::shown(&lab)))?;
        Ok(file)
    }

    fn states(&self) -> Vec<u64> {
        let Setting { m, .. } = self.setting;
        let enough = match self.options.late || !self.setting.is_long() {
            true => u64::MAX,
            // Every pair is computed there, whatever the state.
            false if m >= 8 => EARLY,
            false => MIDDLE,
        };
        let mut states = STATES.to_vec();
        states
            .retain(|step| *step <= enough || self.folder().join(format!("{step}.ckpt")).exists());
        states
    }

    fn folder(&self) -> PathBuf {
        Path::new(KEPT).join("states").join(self.setting.name())
    }

    /// Seconds a step at each state.
    fn native(&self, steps: &[u64]) -> Result<Vec<(u64, f64)>> {
        let Setting { n, m, t, sparsity } = self.setting;
        let config = json!({"n": n, "m": m, "t": t, "sparsity": sparsity}).to_string();
        let mut ours = Command::new(self.tools.native.join("examples/peers-ours"));
        ours.arg(self.folder()).arg(config);
        ours.args(steps.iter().map(u64::to_string));
        let text = limited::output(&mut ours, OURS, &log()).map_err(anyhow::Error::msg)?;
        let seconds = |line: &str| {
            let result: Value = serde_json::from_str(line)?;
            let times = result["step"].as_u64().zip(result["seconds"].as_f64());
            times.with_context(|| format!("no time in {line}"))
        };
        text.lines().map(seconds).collect()
    }

    fn in_python(&self, program: &str, problem: &Path) -> Result<Value, String> {
        let mut python = Command::new(&self.tools.python);
        python.arg(Path::new(PEERS).join(program)).arg(problem);
        self.result(&mut python)
    }

    fn in_browser(&self, peer: &str, problem: &Path, steps: &[u64]) -> Result<Value, String> {
        let mut node = Command::new("node");
        node.arg(Path::new(PEERS).join("browser.js"));
        node.arg(peer).arg(problem);
        node.args(
            steps
                .iter()
                .map(|step| self.folder().join(format!("{step}.ckpt"))),
        );
        if let Some(browser) = &self.tools.browser {
            node.env("CHROMIUM", browser);
        }
        self.result(&mut node)
    }

    /// The one line of JSON that a peer prints.
    fn result(&self, command: &mut Command) -> Result<Value, String> {
        let text = limited::output(command, LIMITS, &log())?;
        let result: Value =
            serde_json::from_str(&text).map_err(|_| format!("unreadable: {text}"))?;
        match result["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(result),
        }
    }

    /// The peer's time, once its loss has been compared with ours.
    fn cell(&self, problem: &Path, result: Result<Value, String>) -> Result<Cell> {
        let result = match result {
            Ok(result) => result,
            Err(why) => return Ok(Cell::Failed(why)),
        };
        let run: Value = serde_json::from_slice(&fs::read(problem)?)?;
        Ok(Cell::Made {
            seconds: result["seconds"].as_f64(),
            versions: ["version", "browser"]
                .iter()
                .filter_map(|of| Some(result[of].as_str()?.to_owned()))
                .collect(),
            doubt: doubt(&run["history"], &result),
        })
    }
}

/// How a peer's loss differs from ours, if it does.
fn doubt(history: &Value, result: &Value) -> Option<String> {
    let ours = |step: u64| {
        let points = history.as_array()?;
        let point = points.iter().find(|point| point["step"] == step)?;
        point["train_loss"].as_f64()
    };
    let compared = || {
        let steps = result["steps"].as_u64()?;
        let difference = (result["loss"].as_f64()? - ours(steps)?).abs();
        Some((steps, difference, ours(0)?, ours(steps)?))
    };
    let Some((steps, difference, start, loss)) = compared() else {
        return Some("its loss could not be compared".to_owned());
    };
    let same = difference <= SAME_LOSS * loss && difference <= SAME_FALL * (start - loss).abs();
    (!same).then(|| {
        format!("its loss after {steps} steps differs by {difference:.1e} from ours, {loss:.6}")
    })
}

fn log() -> PathBuf {
    Path::new(KEPT).join("log.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_or_refused_in_words() {
        let given = Options::parse(&["--quick", "--only", "jax,tfjs"]).unwrap();
        assert_eq!(given.grid, QUICK);
        assert_eq!(given.peers, [Peer::Jax, Peer::TensorFlowJs]);
        assert!(given.late && !given.save);
        for (wrong, word) in [
            (vec!["--only", "numpy"], "numpy"),
            (vec!["--only"], "--only"),
            (vec!["--fast"], "--fast"),
        ] {
            let error = Options::parse(&wrong).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_peer_that_computes_something_else_is_doubted() {
        let history = json!([{"step": 0, "train_loss": 1.0}, {"step": 20, "train_loss": 0.998}]);
        let after = |loss: f64| doubt(&history, &json!({"steps": 20, "loss": loss}));
        assert_eq!(after(0.998_000_1), None);
        assert!(
            after(0.9979).unwrap().contains("20 steps"),
            "within 1e-4 of the loss, but far for so small a fall"
        );
        assert!(after(f64::NAN).is_some());
        assert!(doubt(&history, &json!({"steps": 19, "loss": 0.998})).is_some());
    }
}
