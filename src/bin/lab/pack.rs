//! `lab pack`: the files from which the page shows the stored runs.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use superposition::sweep::{GRIDS, Grid, Pack};
use superposition::train::Numerics;

use crate::End;
use crate::files;
use crate::out;
use crate::store;
use crate::sweep::STORES;

#[derive(Args)]
pub struct PackStores {
    /// Where stores are; of each DIR/GRID.jsonl it makes DIR/GRID.pack and DIR/GRID-details.pack, and one DIR/sweeps.json
    #[arg(long, value_name = "DIR", default_value = STORES)]
    store: PathBuf,
}

impl PackStores {
    pub fn run(&self) -> Result<End, String> {
        store::check_directory(&self.store)?;
        files::ensure_directory("--store", &self.store)?;
        let (mut contents, mut packed) = (Map::new(), Vec::new());
        for grid in &GRIDS {
            let records = store::records(&self.store, grid)?;
            if records.is_empty() {
                continue;
            }
            let planned = grid.configs().len();
            let files = Pack::write(grid.name, planned, &records);
            out::line(format!(
                "{:<12} {:>4} of {planned:>4} runs: results {:.1} kB, details {:.1} kB",
                grid.name,
                records.len(),
                files.results.len() as f64 / 1e3,
                files.details.len() as f64 / 1e3,
            ))?;
            let entry = json!({ "runs": records.len(), "planned": planned });
            contents.insert(grid.name.to_string(), entry);
            packed.push((grid.name, files));
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
        // Only now that all stores have been read, so that none is left out for one that is damaged.
        for (name, files) in packed {
            self.write(&format!("{name}.pack"), &files.results)?;
            self.write(&format!("{name}-details.pack"), &files.details)?;
        }
        let contents = serde_json::to_string_pretty(&Value::Object(contents)).expect("valid JSON");
        self.write("sweeps.json", (contents + "\n").as_bytes())?;
        Ok(End::Finished)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        files::write(&self.store.join(name), bytes)
    }
}
