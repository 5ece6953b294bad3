//! `lab bits`: does this machine make the bits that every other makes?

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use superposition::bits::{List, Run, Sums};

use crate::End;
use crate::out;

#[derive(Args)]
pub struct Bits {
    /// The list of runs and their checksums
    #[arg(long, value_name = "FILE", default_value = "tests/reference/bits.json")]
    list: PathBuf,
    /// The digits that the page trains on
    #[arg(long, value_name = "FILE", default_value = "www/data/digits-live.bin")]
    digits: PathBuf,
}

impl Bits {
    pub fn run(&self) -> Result<End, String> {
        let unreadable = |file: &Path, error: &dyn std::fmt::Display| {
            format!("{} can't be read: {error}.", file.display())
        };
        let text = fs::read_to_string(&self.list).map_err(|e| unreadable(&self.list, &e))?;
        let list = List::from_json(&text).map_err(|e| unreadable(&self.list, &e))?;
        let digits = fs::read(&self.digits).map_err(|e| unreadable(&self.digits, &e))?;
        let made = list.runs.par_iter();
        let made: Result<Vec<(&Run, Sums)>, String> = made
            .map(|run| Ok((run, list.sums(run, &digits)?)))
            .collect();
        let made = made?;
        let mut different = 0;
        for (run, sums) in made.iter().filter(|(run, sums)| *sums != run.sums) {
            let (name, made_with) = (&run.name, list.made_with(run)?);
            out::line(format!(
                "{name}, {made_with}: {sums}; on record {}",
                run.sums
            ))?;
            different += 1;
        }
        let (all, machine) = (made.len(), std::env::consts::ARCH);
        if different > 0 {
            out::line(format!(
                "{different} of {all} runs made on {machine} differ from those on record."
            ))?;
            return Ok(End::Differs);
        }
        out::line(format!(
            "{all} runs made on {machine}; all bits as on record."
        ))?;
        Ok(End::Finished)
    }
}
