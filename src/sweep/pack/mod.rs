//! What does the page load of a sweep? Two compact files for each store, read back as records.
//!
//! The *results* hold every run's settings and final measures, and vectors of the runs that figures show. The *details*
//! hold what a single run shows when it is chosen: some of its losses on the way, and a few vectors of the other runs. Final
//! losses and norms keep all their bits, so that a run made again can be compared with them; losses on the way are coarse, with a
//! checksum of all of them; vectors are only looked at.
//!
//! Either file is a magic, the version of its format, content, and the CRC-32 of all that, in every version.

mod coarse;
mod table;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use coarse::{Both, CoarseCourse};
use table::{Settings, distinct, from_planes, planes};

use super::curves::is_better;
use super::record::{Record, Vectors, first_difference};
use super::repeated::Repeated;
use crate::checksum::{self, is_intact};
use crate::measure::Clusters;
use crate::report::Measures;
use crate::train::{Config, HistoryPoint, Numerics};

const RESULTS: [u8; 8] = *b"SUPSWEEP";
const DETAILS: [u8; 8] = *b"SUPSWRUN";
/// Version of the layouts below. One that is not raised with the fields of what a file holds is found out all the same:
/// a file whose checksum is right, but whose content makes no sense, is of another version.
const FORMAT: u32 = 4;

/// Why a file can't be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Other bytes altogether.
    #[error("it is no file of a sweep's runs")]
    Foreign,
    /// Written in another layout.
    #[error("it has format {found}, and this page reads format {FORMAT}")]
    Format {
        /// The format it has.
        found: u32,
    },
    /// Made with sums of another order.
    #[error(
        "it has a run that was made with {found}, and this page has {}",
        Numerics::list()
    )]
    Numerics {
        /// What the run was made with.
        found: Numerics,
    },
    /// Whole, but with other fields than this version has.
    #[error("it was made by another version of the program; `cargo lab pack` makes it again")]
    Version,
    /// Cut short or altered.
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    /// Results and details of different stores.
    #[error("it belongs to another edition of the results")]
    Edition,
}

/// The two files of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// What figures need.
    pub results: Vec<u8>,
    /// What a chosen run needs beside that.
    pub details: Vec<u8>,
}

/// A sweep as far as it has been loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// The grid whose runs these are.
    pub grid: String,
    /// How many runs the grid has, stored or not.
    pub planned: usize,
    /// Without history until the details are there, and with fewer and coarser vectors than in the store.
    pub records: Vec<Record>,
    /// Whose vectors are among the details.
    others: Vec<bool>,
    edition: u32,
}

#[derive(Serialize, Deserialize)]
struct Results {
    grid: String,
    planned: usize,
    settings: Settings,
    ends: Vec<End>,
    /// Which runs have their vectors here and not among the details.
    shown: Vec<bool>,
    vectors: Vec<Both>,
}

/// What stands behind the results of a grid whose runs repeat examples or have dimensionalities on the way: those of
/// each run. Where runs have clusters, these come last.
#[derive(Default, Serialize, Deserialize)]
struct More {
    repeated: Vec<Vec<Repeated>>,
    courses: Vec<CoarseCourse>,
}

#[derive(Serialize, Deserialize)]
struct End {
    made_with: Numerics,
    program: String,
    step: u64,
    diverged_at: Option<u64>,
    measures: Option<Measures>,
}

#[derive(Serialize, Deserialize)]
struct Details {
    edition: u32,
    /// The different lists of steps at which histories have points.
    steps: Vec<Vec<u64>>,
    /// Which list each run has.
    steps_of: Vec<usize>,
    /// Train loss, then test loss, of all points of all runs, as [`planes`].
    losses: Vec<u8>,
    /// Of all losses of each run, coarse or not.
    checksums: Vec<u32>,
    vectors: Vec<Both>,
}

/// Of grids whose records have so few vectors, figures show something of every run.
const FEW: usize = 60;
/// With so few of them, or with dimensionalities on the way, that may be a picture; otherwise it is the largest D.
const VERY_FEW: usize = 20;

/// How many vectors of each kind are packed of a run: of one that figures show closely, and of any other, whose vectors are
/// seen only when it is chosen.
fn kept(record: &Record, closely: bool) -> usize {
    let all = record.keep;
    match closely {
        _ if all <= VERY_FEW || all <= FEW && !record.course.is_empty() => all,
        true => all * 2 / 5,
        false => (all / 50).max(6),
    }
}

impl Pack {
    /// The files of these records of a grid of `planned` runs.
    ///
    /// # Panics
    /// If the files can't be read back, as with a run that this program can't repeat, or lack a bit of any setting, measure or
    /// history.
    pub fn write(grid: &str, planned: usize, records: &[Record]) -> Files {
        let closely = shown_closely(grid, records);
        let runs = || records.iter().zip(&closely);
        let shown = runs().map(|(record, &closely)| closely || record.keep <= FEW);
        let shown: Vec<bool> = shown.collect();
        let vectors = |of_shown: bool| -> Vec<Both> {
            let wanted = runs().zip(&shown).filter(|(_, shown)| **shown == of_shown);
            wanted
                .map(|((record, &closely), _)| Both::of(record, kept(record, closely)))
                .collect()
        };
        let results = Results {
            grid: grid.to_string(),
            planned,
            settings: Settings::of(records),
            ends: records.iter().map(End::of).collect(),
            shown: shown.clone(),
            vectors: vectors(true),
        };
        let has_clusters = records.iter().any(|record| !record.clusters.is_empty());
        let has_more = |record: &Record| {
            has_clusters || !record.repeated.is_empty() || !record.course.is_empty()
        };
        let more = More {
            repeated: records.iter().map(|r| r.repeated.clone()).collect(),
            courses: records
                .iter()
                .map(|r| CoarseCourse::of(&r.course))
                .collect(),
        };
        let results = match records.iter().any(has_more) {
            false => sealed(RESULTS, &results),
            true if !has_clusters => sealed(RESULTS, &(results, more)),
            true => {
                let clusters: Vec<_> = records.iter().map(|record| &record.clusters).collect();
                sealed(RESULTS, &(results, more, clusters))
            }
        };
        let compared: Vec<Record> = records.iter().map(Record::compared).collect();
        let points = || compared.iter().flat_map(|record| &record.history);
        let losses = points().map(|point| point.train_loss);
        let losses: Vec<f64> = losses
            .chain(points().map(|point| point.test_loss))
            .collect();
        let (steps, steps_of) = distinct(compared.iter().map(|record| {
            let steps = record.history.iter().map(|point| point.step);
            steps.collect::<Vec<u64>>()
        }));
        let checksums = compared.iter().filter_map(|record| record.losses_checksum);
        let details = sealed(
            DETAILS,
            &Details {
                edition: edition(&results),
                steps,
                steps_of,
                losses: planes(&losses),
                checksums: checksums.collect(),
                vectors: vectors(false),
            },
        );
        let files = Files { results, details };
        files.check(&compared);
        files
    }

    /// The records of a file of results.
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn read(results: &[u8]) -> Result<Pack, PackError> {
        const SHORT: PackError = PackError::Version;
        let (content, behind): (Results, _) = opened(RESULTS, results)?;
        let count = content.ends.len();
        let configs = content.settings.read(count)?;
        if content.shown.len() != count {
            return Err(SHORT);
        }
        let (mut more, behind) = then::<More>(behind)?;
        let (mut clusters, _) = then::<Vec<Vec<Clusters>>>(behind)?;
        clusters.resize(count, Vec::new());
        let mut clusters = clusters.into_iter();
        more.repeated.resize(count, Vec::new());
        more.courses.resize(count, CoarseCourse::default());
        let mut vectors = content.vectors.into_iter();
        let mut records = Vec::with_capacity(count);
        let mut more = more.repeated.into_iter().zip(more.courses);
        for ((config, end), &shown) in configs.into_iter().zip(content.ends).zip(&content.shown) {
            let (repeated, course) = more.next().ok_or(SHORT)?;
            let found = end.made_with;
            if !found.can_make(&config) {
                return Err(PackError::Numerics { found });
            }
            let mut record = Record {
                numerics: found.version,
                path: Some(found.path),
                program: end.program,
                config,
                step: end.step,
                diverged_at: end.diverged_at,
                measures: end.measures,
                history: Vec::new(),
                losses_checksum: None,
                repeated,
                course: course.read(),
                clusters: clusters.next().ok_or(SHORT)?,
                keep: 0,
                features: Vectors::default(),
                examples: Vectors::default(),
            };
            if shown {
                vectors.next().ok_or(SHORT)?.read_into(&mut record)?;
            }
            records.push(record);
        }
        Ok(Pack {
            grid: content.grid,
            planned: content.planned,
            records,
            others: content.shown.iter().map(|shown| !shown).collect(),
            edition: edition(results),
        })
    }

    /// Adds histories and missing vectors to the records.
    ///
    /// # Errors
    /// If the bytes are something else, of another version or of other results, or damaged; then nothing is added.
    pub fn add_details(&mut self, details: &[u8]) -> Result<(), PackError> {
        const SHORT: PackError = PackError::Version;
        let (content, _): (Details, _) = opened(DETAILS, details)?;
        if content.edition != self.edition {
            return Err(PackError::Edition);
        }
        let steps_of = content.steps_of.iter();
        let lists: Option<Vec<&Vec<u64>>> = steps_of.map(|&i| content.steps.get(i)).collect();
        let lists = lists.filter(|lists| lists.len() == self.records.len());
        let lists = lists.ok_or(SHORT)?;
        let losses = from_planes(&content.losses);
        let points: usize = lists.iter().map(|steps| steps.len()).sum();
        if losses.len() != 2 * points || content.checksums.len() != lists.len() {
            return Err(SHORT);
        }
        let (train, test) = losses.split_at(points);
        let mut losses = train.iter().zip(test);
        let mut vectors = content.vectors.into_iter();
        let mut records = self.records.clone();
        let parts = lists.into_iter().zip(content.checksums);
        for ((record, &other), (steps, checksum)) in records.iter_mut().zip(&self.others).zip(parts)
        {
            let points = steps.iter().zip(&mut losses);
            record.history = points
                .map(|(&step, (&train_loss, &test_loss))| HistoryPoint {
                    step,
                    train_loss,
                    test_loss,
                })
                .collect();
            record.losses_checksum = Some(checksum);
            if other {
                vectors.next().ok_or(SHORT)?.read_into(record)?;
            }
        }
        self.records = records;
        Ok(())
    }
}

impl Files {
    /// Panics unless the files have all of these, the [compared](Record::compared) parts of the records.
    fn check(&self, compared: &[Record]) {
        let mut pack = Pack::read(&self.results).expect("results were just written");
        pack.add_details(&self.details)
            .expect("details were just written");
        assert_eq!(pack.records.len(), compared.len());
        for (ours, theirs) in pack.records.iter().zip(compared) {
            let difference = first_difference(&ours.compared(), theirs);
            assert_eq!(difference, None, "a record read back differs");
        }
    }
}

/// The grids that the page's first figure goes through, and the data seed whose examples it follows from T to T.
const FOLLOWED: ([&str; 2], u32) = (["main", "main-large"], 3);

/// Which runs figures show closely: of those that differ only in their seeds, the one that figures choose, and of those whose
/// examples are [`FOLLOWED`] the one that they would choose among these.
fn shown_closely(grid: &str, records: &[Record]) -> Vec<bool> {
    let (grids, seed) = FOLLOWED;
    let mut best: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for (i, record) in records.iter().enumerate() {
        let config = Config {
            data_seed: 0,
            init_seed: 0,
            ..record.config.clone()
        };
        let name = serde_json::to_string(&config).expect("a configuration is valid JSON");
        let followed = grids.contains(&grid) && record.config.data_seed == seed;
        for among in [false, true].into_iter().filter(|among| followed || !among) {
            let best = best.entry((name.clone(), among)).or_insert(i);
            if is_better(record, &records[*best]) {
                *best = i;
            }
        }
    }
    let mut shown = vec![false; records.len()];
    for run in best.into_values() {
        shown[run] = true;
    }
    shown
}

impl End {
    fn of(record: &Record) -> Self {
        End {
            made_with: record.made_with(),
            program: record.program.clone(),
            step: record.step,
            diverged_at: record.diverged_at,
            measures: record.measures.clone(),
        }
    }
}

/// Content with all that stands around it in a file.
fn sealed(magic: [u8; 8], content: &impl Serialize) -> Vec<u8> {
    checksum::sealed([&magic[..], &FORMAT.to_le_bytes()].concat(), content)
}

/// The content, and what stands behind it.
fn opened<C: DeserializeOwned>(magic: [u8; 8], bytes: &[u8]) -> Result<(C, &[u8]), PackError> {
    const SHORT: PackError = PackError::Damaged("it ends too early");
    let rest = bytes.strip_prefix(&magic).ok_or(PackError::Foreign)?;
    let (rest, _) = rest.split_last_chunk::<4>().ok_or(SHORT)?;
    let (format, content) = rest.split_first_chunk::<4>().ok_or(SHORT)?;
    if !is_intact(bytes) {
        return Err(PackError::Damaged("its checksum does not match"));
    }
    let found = u32::from_le_bytes(*format);
    if found != FORMAT {
        return Err(PackError::Format { found });
    }
    postcard::take_from_bytes(content).map_err(|_| PackError::Version)
}

/// What stands there, if there is more, and what stands behind that.
fn then<C: DeserializeOwned + Default>(bytes: &[u8]) -> Result<(C, &[u8]), PackError> {
    match bytes {
        [] => Ok((C::default(), bytes)),
        bytes => postcard::take_from_bytes(bytes).map_err(|_| PackError::Version),
    }
}

/// What ties details to a file of results: its checksum. (That of the whole file, checksum included, is the same for all
/// files.)
fn edition(results: &[u8]) -> u32 {
    let sum = results
        .last_chunk()
        .expect("a file that ends with its checksum");
    u32::from_le_bytes(*sum)
}
