//! `lab merge`: one store from several, in an order that only the runs determine.

use std::path::PathBuf;

use clap::Args;

use superposition::sweep;

use crate::End;
use crate::files;
use crate::out;
use crate::store;

#[derive(Args)]
pub struct Merge {
    /// The joined store, a new file
    out: PathBuf,
    /// Stores to join; they stay as they are
    #[arg(required = true)]
    stores: Vec<PathBuf>,
}

impl Merge {
    pub fn run(&self) -> Result<End, String> {
        let name = self.out.display();
        if self.out.exists() {
            return Err(format!(
                "{name} is there already; name a new file. (To add to a store, give it as one of those to join.)"
            ));
        }
        files::check_file("OUT", &self.out)?;
        if let Some(missing) = self.stores.iter().find(|store| !store.exists()) {
            return Err(format!(
                "{} can't be read: there is no such file.",
                missing.display()
            ));
        }
        let stores = self.stores.iter().map(|path| store::read(path));
        let stores: Vec<Vec<u8>> = stores.collect::<Result<_, _>>()?;
        let stores: Vec<&[u8]> = stores.iter().map(Vec::as_slice).collect();
        let joined = sweep::join(&stores)
            .map_err(|(number, error)| store::about(&self.stores[number], &error))?;
        files::write(&self.out, joined.text().as_bytes())?;
        out::line(format!(
            "{} runs of {} stores in {name}.",
            joined.lines.len(),
            self.stores.len()
        ))?;
        Ok(End::Finished)
    }
}
