//! How does the page make a sweep of the reader's own? One [`Gathering`] per sweep: its runs, what has come of them, and their figure.

use std::cell::OnceCell;
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::convert::{JsConfig, config_to_js, value_of};
use super::errors::error;
use super::figure::JsFigure;
use crate::figures::Stored;
use crate::figures::reference::{PAPER_TEST_LOSS, Reference};
use crate::sweep::codes;
use crate::sweep::{
    Conflict, Finished, Gathered, Given, Key, MOST_RUNS, Pack, Plan, Record, Said, Taken,
    name_of_run,
};
use crate::train::Config;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A sweep, as files and `lab sweep --plan` have it. `base` is what differs from the paper's settings; values of the reduction are "mean" and "sum"; seeds are 1 to so many. */
export interface SweepPlan {
  base: Partial<Config>; t: (number | "inf")[]; vary?: { setting: string; values: (number | string)[] }; data_seeds: number; init_seeds: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "SweepPlan")]
    pub type JsPlan;
    #[wasm_bindgen(typescript_type = "[string, string[], string[]][]")]
    pub type JsReadCodes;
    #[wasm_bindgen(typescript_type = "[number, string, boolean, [string[], string][]][]")]
    pub type JsConflicts;
    #[wasm_bindgen(typescript_type = "[string, number][]")]
    pub type JsCounts;
    #[wasm_bindgen(
        typescript_type = "{ divergedAt?: number, trainLoss?: number, testLoss?: number } | undefined"
    )]
    pub type JsEnd;
}

/// A sweep of the reader's own.
#[wasm_bindgen]
pub struct Gathering {
    gathered: Gathered,
    /// Places of the runs that count, and these; made when they are asked for.
    drawn: OnceCell<(Vec<usize>, Rc<[Record]>)>,
    behind: Option<Reference>,
}

/// What became of a run: a word, and its place; or its name and what else there is to say.
fn in_words(taken: Taken) -> String {
    match taken {
        Taken::New { run } => format!("new\n{run}"),
        Taken::Again { run } => format!("again\n{run}"),
        Taken::Differs { run } => format!("differs\n{run}"),
        Taken::Foreign { name } => format!("foreign\n{name}"),
        Taken::Other { name, reason } => format!("other\n{name}\n{reason}"),
    }
}

fn strings(list: impl IntoIterator<Item = String>) -> Array {
    list.into_iter().map(JsValue::from).collect()
}

/// How many runs a sweep of one's own has at most.
#[wasm_bindgen(js_name = mostRuns)]
pub fn most_runs() -> u32 {
    MOST_RUNS as u32
}

#[wasm_bindgen]
impl Gathering {
    /// The sweep of a plan. Throws a sentence if there is none.
    #[wasm_bindgen(constructor)]
    pub fn new(plan: &JsPlan) -> Result<Gathering, JsValue> {
        let plan = Plan::from_value(value_of(plan)).map_err(error)?;
        Ok(Gathering {
            gathered: Gathered::new(plan).map_err(error)?,
            drawn: OnceCell::new(),
            behind: None,
        })
    }

    /// How many runs it has.
    #[wasm_bindgen(getter)]
    pub fn planned(&self) -> usize {
        self.gathered.configs().len()
    }

    /// The settings of a run.
    pub fn config(&self, run: usize) -> Result<JsConfig, JsValue> {
        config_to_js(self.settings(run)?).map(JsCast::unchecked_into)
    }

    /// About what a run costs, in nanoseconds or so.
    pub fn work(&self, run: usize) -> Option<f64> {
        self.gathered.work(run).map(|work| work as f64)
    }

    /// A run in words.
    pub fn name(&self, run: usize) -> Result<String, JsValue> {
        self.settings(run).map(name_of_run)
    }

    /// What a run is kept under: what this program makes it with, and its settings.
    pub fn key(&self, run: usize) -> Result<String, JsValue> {
        let key = Key::of(self.settings(run)?);
        Ok(format!("{} {}", key.made_with, key.settings()))
    }

    /// The runs of a share, the dearest first.
    pub fn share(&self, index: usize, count: usize) -> Uint32Array {
        let runs = self.gathered.share(index, count);
        let runs: Vec<u32> = runs.into_iter().map(|run| run as u32).collect();
        runs.as_slice().into()
    }

    /// Was a run made here?
    #[wasm_bindgen(js_name = isOwn)]
    pub fn is_own(&self, run: usize) -> bool {
        self.gathered.own(run).is_some()
    }

    /// Is there a run at this place, even one that is contradicted?
    #[wasm_bindgen(js_name = isTaken)]
    pub fn is_taken(&self, run: usize) -> bool {
        self.gathered.is_taken(run)
    }

    /// Takes a run, made here or given by somebody: a line of a store that the browser has parsed, and the checksum of its weights where
    /// that is known. Returns "new", "again" or "differs" and its place, "foreign" and its name, or "other", its name and why, a line
    /// each. Throws the end of a sentence if it is no record of a run.
    pub fn take(
        &mut self,
        line: &JsValue,
        weights: Option<u32>,
        who: String,
        own: bool,
    ) -> Result<String, JsValue> {
        let run = Finished::from_value(value_of(line), weights).map_err(error)?;
        self.drawn.take();
        Ok(in_words(self.gathered.take(Given { who, run }, own)))
    }

    /// Takes the runs of all codes in a text. Of each: whose it is, what became of its runs, and what is wrong with it.
    #[wasm_bindgen(js_name = takeCodes)]
    pub fn take_codes(&mut self, text: &str) -> JsReadCodes {
        self.drawn.take();
        let read = Array::new();
        for code in codes::read(text) {
            let (taken, wrong) = (Array::new(), Array::new());
            if let Some(trouble) = code.trouble {
                wrong.push(&trouble.to_string().into());
            }
            for run in code.runs {
                match run {
                    Err(error) => wrong.push(&error.to_string().into()),
                    Ok(run) => {
                        let who = code.who.clone();
                        let given = self.gathered.take(Given { who, run }, false);
                        taken.push(&in_words(given).into())
                    }
                };
            }
            read.push(&Array::of3(&code.who.into(), &taken, &wrong));
        }
        read.unchecked_into()
    }

    /// The codes of those of these runs that were made here.
    pub fn codes(&self, runs: &[u32], who: &str) -> String {
        let own = |run: &u32| Some(self.gathered.own(*run as usize)?.run.clone());
        let finished: Vec<Finished> = runs.iter().filter_map(own).collect();
        codes::write(who, &finished)
    }

    /// The others who gave a run.
    pub fn givers(&self, run: usize) -> Vec<String> {
        self.gathered.givers(run)
    }

    /// How many runs each of the others gave.
    #[wasm_bindgen(js_name = byWhom)]
    pub fn by_whom(&self) -> JsCounts {
        let counts = self.gathered.by_whom().into_iter();
        let pairs = counts.map(|(who, runs)| Array::of2(&who.into(), &(runs as u32).into()));
        pairs.collect::<Array>().unchecked_into()
    }

    /// Where bits differ: the run, its name, whether it was made here as well, and who says what, the run made here first.
    pub fn conflicts(&self) -> JsConflicts {
        let one = |conflict: Conflict| {
            let side = |said: Said| Array::of2(&strings(said.who), &said.words.into());
            let said: Array = conflict.said.into_iter().map(side).collect();
            let (run, name) = ((conflict.run as u32).into(), conflict.name.into());
            Array::of4(&run, &name, &conflict.settled.into(), &said)
        };
        let conflicts = self.gathered.conflicts().into_iter().map(one);
        conflicts.collect::<Array>().unchecked_into()
    }

    /// How a run that counts ended.
    pub fn end(&self, run: usize) -> Result<JsEnd, JsValue> {
        let Some(given) = self.gathered.run(run) else {
            return Ok(JsValue::UNDEFINED.unchecked_into());
        };
        let object = js_sys::Object::new();
        let numbers = match &given.run.end {
            Err(step) => vec![("divergedAt", *step as f64)],
            Ok(end) => vec![("trainLoss", end.train_loss), ("testLoss", end.test_loss)],
        };
        for (name, number) in numbers {
            Reflect::set(&object, &name.into(), &number.into())?;
        }
        Ok(object.unchecked_into())
    }

    /// Draws the paper's points behind, if the runs are of its settings.
    #[wasm_bindgen(js_name = putPaperBehind)]
    pub fn put_paper_behind(&mut self) {
        if self.is_like(&Config::default()) {
            self.behind = Some(PAPER_TEST_LOSS);
        }
    }

    /// Draws the mean of the page's stored runs behind, those of the same settings but for the number of steps.
    #[wasm_bindgen(js_name = putStoredBehind)]
    pub fn put_stored_behind(&mut self, results: &[u8]) -> Result<(), JsValue> {
        let pack = Pack::read(results).map_err(error)?;
        let mut like = pack.records;
        like.retain(|record| self.is_like(&record.config));
        if !like.is_empty() {
            let thousands = like[0].config.steps / 1000;
            let name = format!("the page’s runs, of {thousands}k steps").leak();
            self.behind = Some(Reference::of_runs(name, &like));
        }
        Ok(())
    }

    /// Do only T, seeds and steps differ, and a stream's batch?
    fn is_like(&self, config: &Config) -> bool {
        let mut configs = self.gathered.configs();
        let first = configs.next().expect("a plan has runs");
        let alike = |config: &Config| Config {
            t: first.t,
            data_seed: 0,
            init_seed: 0,
            steps: 1,
            batch: 1,
            ..config.clone()
        };
        self.gathered.plan().vary.is_none() && alike(first) == alike(config)
    }

    /// The place of a run of the figure.
    #[wasm_bindgen(js_name = runOf)]
    pub fn run_of(&self, record: usize) -> Option<usize> {
        self.drawn().0.get(record).copied()
    }

    /// The figure of the runs that count, with one of them chosen, as the figure numbers them; undefined without runs.
    pub fn figure(&self, selected: Option<usize>) -> Option<JsFigure> {
        let (plan, records) = (self.gathered.plan().clone(), self.drawn().1.clone());
        Stored::of_plan(plan, records, self.behind, selected).map(JsFigure::of)
    }
}

impl Gathering {
    fn settings(&self, run: usize) -> Result<&Config, JsValue> {
        let config = self.gathered.configs().nth(run);
        config.ok_or_else(|| error(format!("there is no run {run}")))
    }

    fn drawn(&self) -> &(Vec<usize>, Rc<[Record]>) {
        self.drawn.get_or_init(|| {
            let (runs, records): (Vec<usize>, Vec<Record>) = self.gathered.records().unzip();
            (runs, records.into())
        })
    }
}
