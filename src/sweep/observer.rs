//! What does a sweep note of a run under way, and how does that survive its process?
//!
//! A grid says what its records keep. Most of it follows from the end of a run; what was seen on the way does not, so that it
//! is part of the run's checkpoint.

use super::course::{Moment, observe};
use super::grids::Grid;
use super::record::Record;
use crate::checksum::{is_intact, sealed};
use crate::report;
use crate::train::Trainer;

/// Begins the checkpoint of a run with a course; that of any other run is the trainer's alone.
const MAGIC: [u8; 8] = *b"SUPCOURS";

/// Looks at one run of a grid after every step.
#[derive(Clone, Debug)]
pub struct Observer {
    keep: usize,
    /// Dimensionalities on the way, if the grid asks for them.
    course: Option<Vec<Moment>>,
    clusters: bool,
}

impl Observer {
    /// For a run of this grid that begins.
    pub fn of(grid: &Grid) -> Self {
        Observer {
            keep: grid.keep,
            course: grid.course.then(Vec::new),
            clusters: grid.clusters,
        }
    }

    /// For a run whose record is to have what this one has, where the grid is not known.
    pub fn like(record: &Record) -> Self {
        Observer {
            keep: record.keep,
            course: (!record.course.is_empty()).then(Vec::new),
            clusters: !record.clusters.is_empty(),
        }
    }

    /// To be called after every step.
    pub fn look(&mut self, trainer: &Trainer) {
        if let Some(course) = &mut self.course {
            observe(course, trainer);
        }
    }

    /// The record of the finished run.
    pub fn record(&self, trainer: &Trainer) -> Record {
        Record {
            course: self.course.clone().unwrap_or_default(),
            clusters: match self.clusters {
                true => report::example_clusters(trainer),
                false => Vec::new(),
            },
            ..match self.keep {
                0 => Record::without_vectors_of(trainer),
                keep => Record::of(trainer, keep),
            }
        }
    }

    /// The run as it stands, with what was seen of it.
    pub fn checkpoint(&self, trainer: &Trainer) -> Vec<u8> {
        match &self.course {
            None => trainer.checkpoint(),
            Some(course) => sealed(MAGIC.to_vec(), &(course, trainer.checkpoint())),
        }
    }

    /// The run that [`checkpoint`](Self::checkpoint) wrote, of the same grid. None if the bytes are no help: damaged, of
    /// another version, or without what was seen on the way.
    pub fn resume(grid: &Grid, bytes: &[u8]) -> Option<(Self, Trainer)> {
        let observer = Observer::of(grid);
        if observer.course.is_none() {
            return Some((observer, Trainer::resume(bytes).ok()?));
        }
        let (content, _) = bytes.strip_prefix(&MAGIC)?.split_last_chunk::<4>()?;
        if !is_intact(bytes) {
            return None;
        }
        let (course, checkpoint): (_, Vec<u8>) = postcard::from_bytes(content).ok()?;
        let observer = Observer {
            course: Some(course),
            ..observer
        };
        Some((observer, Trainer::resume(&checkpoint).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Config;

    #[test]
    fn a_run_with_a_course_survives_its_process_with_all_that_was_seen_of_it() {
        let grid = Grid::named("repeated").unwrap();
        let config = Config {
            n: 60,
            sparsity: 0.9,
            steps: 200,
            test_examples: 10,
            ..Config::default()
        };
        let steps = |observer: &mut Observer, trainer: &mut Trainer, count: usize| {
            for _ in 0..count {
                trainer.step();
                observer.look(trainer);
            }
        };
        let (mut observer, mut trainer) = (Observer::of(grid), Trainer::new(config).unwrap());
        steps(&mut observer, &mut trainer, 90);
        let bytes = observer.checkpoint(&trainer);
        let (mut again, mut resumed) = Observer::resume(grid, &bytes).unwrap();
        steps(&mut observer, &mut trainer, 110);
        steps(&mut again, &mut resumed, 110);
        let record = observer.record(&trainer);
        assert_eq!(record.course.len(), 50);
        assert_eq!(again.record(&resumed), record);
        // Without what was seen on the way a checkpoint is no help, nor is a damaged one.
        assert!(Observer::resume(grid, &trainer.checkpoint()).is_none());
        for at in [0, 8, 30, bytes.len() - 1] {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert!(Observer::resume(grid, &altered).is_none(), "byte {at}");
        }
    }
}
