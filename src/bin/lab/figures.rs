//! `lab figures`: what do the stored sweeps show? Every figure of the page as an SVG file.

use std::path::PathBuf;

use clap::Args;

use superposition::figures::{FIGURES, Theme, View, svg};
use superposition::sweep::Grid;

use crate::End;
use crate::files;
use crate::out;
use crate::store;
use crate::sweep::STORES;

#[derive(Args)]
pub struct Figures {
    /// Where stores are; the grid's is DIR/GRID.jsonl
    #[arg(long, value_name = "DIR", default_value = STORES)]
    store: PathBuf,
    /// Where figures go, as DIR/NAME.svg and their numbers as DIR/NAME.csv
    #[arg(long, value_name = "DIR", default_value = "figures")]
    out: PathBuf,
    /// Width in css pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(280..=4000))]
    width: u32,
    /// Draw for a dark page
    #[arg(long)]
    dark: bool,
}

impl Figures {
    pub fn run(&self) -> Result<End, String> {
        store::check_directory(&self.store)?;
        files::ensure_directory("--out", &self.out)?;
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        for entry in &FIGURES {
            let mut records = Vec::new();
            for name in entry.grids {
                let grid = Grid::named(name).expect("figures name grids");
                records.extend(store::records(&self.store, grid)?);
            }
            let Some(figure) = (entry.of)(&records, View::default()) else {
                out::line(format!(
                    "{}: no runs for it yet; lab sweep {} makes them.",
                    entry.name, entry.grids[0]
                ))?;
                continue;
            };
            let size = (self.width, figure.height(self.width.into()).round() as u32);
            let path = self.out.join(entry.name);
            let picture = path.with_extension("svg");
            files::write(&picture, svg(&*figure, size, theme).as_bytes())?;
            files::write(
                &path.with_extension("csv"),
                figure.table().to_csv().as_bytes(),
            )?;
            out::line(format!(
                "{}: {} run{}. {}",
                picture.display(),
                records.len(),
                if records.len() == 1 { "" } else { "s" },
                figure.summary()
            ))?;
        }
        Ok(End::Finished)
    }
}
