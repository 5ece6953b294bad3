//! How does the page show stored runs? One [`Sweep`] per figure: its packs, what it draws and says, and each single run.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Float64Array, Reflect, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{JsHistory, config_to_js, history_to_js, to_js};
use super::errors::error;
use super::figure::{Fields, JsFigure};
use crate::figures::{Entry, FIGURES, Stored, View};
use crate::report::Measures;
use crate::sweep::{Pack, Record, Vectors, regimes, work_per_step};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A figure of stored runs and the grids whose runs it takes. */
export interface SweepEntry { name: string; grids: string[]; }

/** What the reader has chosen; `selected` is a run's index, `t` a T, `turn` angles in radians. */
export interface SweepView { selected?: number | null; t?: number | null; turn?: [number, number] | null; }

/** What models do with T examples, between two T: the first stretch begins at 0, the last ends at Infinity. */
export interface Stretch { regime: "memorises" | "confused" | "generalises"; from: number; to: number; }

/** A stored run without its lists. `work` is about what it costs to make again, in nanoseconds or so. */
export interface StoredRun {
  config: Config; step: number; diverged_at: number | null; measures: Measures | null; work: number;
}

/** The vectors of a run that are stored, out of `count`. */
export interface StoredVectors {
  count: number; index: Uint32Array; dimensionality: Float64Array;
  /** One after the other, each of m coordinates. */
  coordinates: Float32Array;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "SweepEntry[]")]
    pub type JsEntries;
    #[wasm_bindgen(typescript_type = "StoredRun[]")]
    pub type JsRuns;
    #[wasm_bindgen(typescript_type = "StoredVectors")]
    pub type JsStoredVectors;
    #[wasm_bindgen(typescript_type = "Outcome | undefined")]
    pub type JsOutcome;
    #[wasm_bindgen(typescript_type = "Stretch[]")]
    pub type JsStretches;

    #[wasm_bindgen(typescript_type = "SweepView")]
    pub type JsView;
}

/// Every figure of stored runs, in the order of the argument.
#[wasm_bindgen(js_name = sweepFigures)]
pub fn sweep_figures() -> Result<JsEntries, JsValue> {
    #[derive(Serialize)]
    struct Named {
        name: &'static str,
        grids: &'static [&'static str],
    }
    let named = FIGURES.iter().map(|entry| Named {
        name: entry.name,
        grids: entry.grids,
    });
    to_js(&named.collect::<Vec<_>>()).map(JsCast::unchecked_into)
}

/// A figure and its stored runs.
#[wasm_bindgen]
pub struct Sweep {
    entry: &'static Entry,
    /// In the order in which the figure names their grids.
    packs: Vec<Pack>,
    /// All of their records, one pack's after the other's.
    records: Rc<[Record]>,
}

#[wasm_bindgen]
impl Sweep {
    /// The figure of that name, as yet without runs.
    #[wasm_bindgen(constructor)]
    pub fn new(figure: &str) -> Result<Sweep, JsValue> {
        let entry = Entry::named(figure);
        let entry = entry.ok_or_else(|| error(format!("there is no figure {figure:?}")))?;
        Ok(Sweep {
            entry,
            packs: Vec::new(),
            records: Rc::new([]),
        })
    }

    /// Adds the results of a grid. Throws if the bytes are something else, of another version, or damaged.
    #[wasm_bindgen(js_name = addResults)]
    pub fn add_results(&mut self, results: &[u8]) -> Result<(), JsValue> {
        let pack = Pack::read(results).map_err(error)?;
        let place = |pack: &Pack| self.entry.grids.iter().position(|grid| *grid == pack.grid);
        if place(&pack).is_none() {
            return Err(error(format!("it has runs of the grid {}", pack.grid)));
        }
        self.packs.retain(|other| other.grid != pack.grid);
        self.packs.push(pack);
        self.packs.sort_by_key(place);
        self.gather();
        Ok(())
    }

    /// Adds the details of a grid whose results are there. Throws like `addResults`, and then nothing is added.
    #[wasm_bindgen(js_name = addDetails)]
    pub fn add_details(&mut self, grid: &str, details: &[u8]) -> Result<(), JsValue> {
        if let Some(pack) = self.packs.iter_mut().find(|pack| pack.grid == grid) {
            pack.add_details(details).map_err(error)?;
            self.gather();
        }
        Ok(())
    }

    fn gather(&mut self) {
        let records = self.packs.iter().flat_map(|pack| &pack.records);
        self.records = records.cloned().collect();
    }

    /// How many runs its grids have, stored or not.
    #[wasm_bindgen(getter)]
    pub fn planned(&self) -> usize {
        self.packs.iter().map(|pack| pack.planned).sum()
    }

    /// The grid of a run.
    #[wasm_bindgen(js_name = gridOf)]
    pub fn grid_of(&self, run: usize) -> Option<String> {
        let mut first = 0;
        self.packs.iter().find_map(|pack| {
            first += pack.records.len();
            (run < first).then(|| pack.grid.clone())
        })
    }

    /// The figure, if the runs have what it shows.
    pub fn figure(&self, view: &JsView) -> Result<JsFigure, JsValue> {
        let stored = Stored::new(self.entry, self.records.clone(), read_view(view));
        let figure = stored.ok_or_else(|| error("there are no runs for this figure"))?;
        Ok(JsFigure::of(figure))
    }

    /// Where the regimes of T lie, if the runs differ in T alone.
    pub fn regimes(&self) -> Result<JsStretches, JsValue> {
        to_js(&regimes(&self.records)).map(JsCast::unchecked_into)
    }

    /// All runs, without their lists.
    pub fn runs(&self) -> Result<JsRuns, JsValue> {
        #[derive(Serialize)]
        struct Run<'a> {
            step: u64,
            diverged_at: Option<u64>,
            measures: &'a Option<Measures>,
            work: u64,
        }
        let runs = self.records.iter().map(|record| Run {
            step: record.step,
            diverged_at: record.diverged_at,
            measures: &record.measures,
            work: record.step * work_per_step(&record.config),
        });
        let list = Array::new();
        for (run, record) in runs.zip(self.records.iter()) {
            let run = to_js(&run)?;
            Reflect::set(&run, &"config".into(), &config_to_js(&record.config)?)?;
            list.push(&run);
        }
        Ok(list.unchecked_into())
    }

    /// What a run became; undefined if that depends on details that are not there.
    pub fn outcome(&self, run: usize) -> Result<JsOutcome, JsValue> {
        match self.record(run)?.outcome() {
            Some(outcome) => to_js(&outcome).map(JsCast::unchecked_into),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }

    /// Losses of a run on its way; empty without details.
    pub fn history(&self, run: usize) -> Result<JsHistory, JsValue> {
        history_to_js(&self.record(run)?.history)
    }

    /// Hidden vectors of examples that are stored of a run.
    pub fn examples(&self, run: usize) -> Result<JsStoredVectors, JsValue> {
        vectors_to_js(&self.record(run)?.examples)
    }

    /// Columns of W that are stored of a run.
    pub fn features(&self, run: usize) -> Result<JsStoredVectors, JsValue> {
        vectors_to_js(&self.record(run)?.features)
    }

    /// A run as a line of a store, as far as it is compared, letter for letter what `Run.record` says of it made again if all bits
    /// are equal. The details must be there.
    #[wasm_bindgen(js_name = record)]
    pub fn line(&self, run: usize) -> Result<String, JsValue> {
        let record = Record {
            // A run is the same whichever version of the program made it.
            program: env!("CARGO_PKG_VERSION").to_string(),
            ..self.record(run)?.compared()
        };
        Ok(record.to_line())
    }

    fn record(&self, run: usize) -> Result<&Record, JsValue> {
        let record = self.records.get(run);
        record.ok_or_else(|| error(format!("there is no run {run}")))
    }
}

fn read_view(view: &JsView) -> View {
    let view = Fields(view);
    let turn = match view.floats("turn")[..] {
        [around, over] => (around, over),
        _ => (0.0, 0.0),
    };
    View {
        selected: view.index("selected"),
        t: view.number("t"),
        turn,
    }
}

fn vectors_to_js(vectors: &Vectors) -> Result<JsStoredVectors, JsValue> {
    let d: Vec<f64> = vectors.dimensionality.iter().map(|&d| d.into()).collect();
    let object = js_sys::Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("count", (vectors.count as f64).into()),
        ("index", Uint32Array::from(&vectors.index[..]).into()),
        ("dimensionality", Float64Array::from(&d[..]).into()),
        (
            "coordinates",
            Float32Array::from(&vectors.coordinates[..]).into(),
        ),
    ];
    for (name, value) in fields {
        js_sys::Reflect::set(&object, &name.into(), &value)?;
    }
    Ok(object.unchecked_into())
}
