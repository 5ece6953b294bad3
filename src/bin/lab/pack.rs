//! `lab pack`: the files from which the page shows the stored runs.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};

use superposition::sweep::{GRIDS, Grid, Pack, Record, merge};
use superposition::train::Numerics;

use crate::End;
use crate::files;
use crate::store;
use crate::sweep::{STORES, store_of};

#[derive(Args)]
pub struct PackStores {
    /// Where stores are; of each DIR/GRID.jsonl it makes DIR/GRID.pack and DIR/GRID-details.pack, and one DIR/sweeps.json
    #[arg(long, value_name = "DIR", default_value = STORES)]
    store: PathBuf,
}

impl PackStores {
    pub fn run(&self) -> Result<End, String> {
        let mut contents = Map::new();
        for grid in &GRIDS {
            let path = store_of(&self.store, grid);
            if !path.exists() {
                continue;
            }
            let records = records(&path)?;
            if records.is_empty() {
                continue;
            }
            let planned = grid.configs().len();
            let files = Pack::write(grid.name, planned, &records);
            self.write(&format!("{}.pack", grid.name), &files.results)?;
            self.write(&format!("{}-details.pack", grid.name), &files.details)?;
            println!(
                "{:<12} {:>4} of {planned:>4} runs: results {:.1} kB, details {:.1} kB",
                grid.name,
                records.len(),
                files.results.len() as f64 / 1e3,
                files.details.len() as f64 / 1e3,
            );
            let entry = json!({ "runs": records.len(), "planned": planned });
            contents.insert(grid.name.to_string(), entry);
        }
        if contents.is_empty() {
            let names: Vec<&str> = GRIDS.iter().map(|grid: &Grid| grid.name).collect();
            return Err(format!(
                "--store {}: there is no store of runs here that were made with this program's gradients ({}). A store has \
                 the name of its grid, as in {}.jsonl; grids are {}.",
                self.store.display(),
                Numerics::list(),
                names[0],
                names.join(", ")
            ));
        }
        let contents = serde_json::to_string_pretty(&Value::Object(contents)).expect("valid JSON");
        self.write("sweeps.json", (contents + "\n").as_bytes())?;
        Ok(End::Finished)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        files::write(&self.store.join(name), bytes)
    }
}

/// The runs of a store that this program can repeat, in an order that only the runs determine.
fn records(path: &Path) -> Result<Vec<Record>, String> {
    let text = store::read(path)?;
    let merged = merge(&[&text]).map_err(|(_, error)| store::about(path, &error))?;
    store::records(path, &merged)
}
