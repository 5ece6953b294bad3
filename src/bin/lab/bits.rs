//! `lab bits`: does this machine make the bits that every other makes?

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use superposition::bits::{List, Run, Sums};

use crate::End;
use crate::out;
use crate::sweep::STORES;

#[derive(Args)]
pub struct Bits {
    /// Where the page's data are, of which it takes the digits
    #[arg(long, value_name = "DIR", default_value = STORES)]
    store: PathBuf,
}

impl Bits {
    pub fn run(&self) -> Result<End, String> {
        let digits = read(&self.store.join("digits-live.bin"))?;
        let list = List::on_record();
        let made = list.runs.par_iter();
        let made: Vec<(&Run, Sums)> = made.map(|run| (run, list.sums(run, &digits))).collect();
        let different = made.iter().filter(|(run, sums)| *sums != run.sums);
        let mut count = 0;
        for (run, sums) in different {
            out::line(format!(
                "{} (made with {}): {sums}, on record {}",
                run.name,
                list.made_with(run),
                run.sums
            ))?;
            count += 1;
        }
        let (all, machine) = (made.len(), std::env::consts::ARCH);
        match count {
            0 => {
                out::line(format!(
                    "{all} runs made on {machine}; all bits as on record."
                ))?;
                Ok(End::Finished)
            }
            count => {
                out::line(format!(
                    "{count} of {all} runs made on {machine} differ from those on record."
                ))?;
                Ok(End::Differs)
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} can't be read: {error}.", path.display()))
}
