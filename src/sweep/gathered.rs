//! What has come together of a sweep? Runs that this program made, and runs that others gave, of which all that agree count, and those
//! that contradict one another don't.

use super::finished::Finished;
use super::grids::{name_of_run, work_per_step};
use super::plan::{Plan, PlanError};
use super::record::Record;
use crate::train::{Config, Numerics};

/// A run that somebody gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// A nickname, or the name of a file.
    pub who: String,
    /// The run.
    pub run: Finished,
}

/// What became of a run that was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// The first of its settings.
    New {
        /// Its place among the runs of the plan.
        run: usize,
    },
    /// As it was there already, all bits.
    Again {
        /// Its place.
        run: usize,
    },
    /// Other bits than those that are there.
    Differs {
        /// Its place.
        run: usize,
    },
    /// The plan does not have it.
    Foreign {
        /// The run in words.
        name: String,
    },
    /// Made with other arithmetic than this program's, so that its bits can't be compared.
    Other {
        /// The run in words.
        name: String,
        /// Both, as a part of a sentence.
        reason: String,
    },
}

/// Different bits for one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Its place among the runs of the plan.
    pub run: usize,
    /// In words.
    pub name: String,
    /// Who says what.
    pub said: Vec<Said>,
    /// Was it made here as well? Then that counts, and the others are wrong.
    pub settled: bool,
}

/// One side of a conflict.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Everybody who gave these bits.
    pub who: Vec<String>,
    /// The first measure in which the sides differ, with all digits.
    pub words: String,
    /// Does it have other bits than the run that was made here?
    pub wrong: bool,
}

/// One run of the plan, and who gave what.
#[derive(Clone, Debug)]
struct Place {
    config: Config,
    own: Option<Given>,
    others: Vec<Given>,
}

/// A sweep's runs, as far as they are there.
#[derive(Clone, Debug)]
pub struct Gathered {
    plan: Plan,
    places: Vec<Place>,
}

impl Given {
    /// The run as figures take it, without losses on the way and vectors.
    fn record(&self) -> Record {
        let Finished {
            config,
            made_with,
            end,
            ..
        } = self.run.clone();
        let (measures, diverged_at) = match end {
            Ok(measures) => (Some(measures), None),
            Err(step) => (None, Some(step)),
        };
        Record {
            numerics: made_with.version,
            path: Some(made_with.path),
            program: String::new(),
            step: diverged_at.unwrap_or(config.steps),
            config,
            diverged_at,
            measures,
            history: Vec::new(),
            losses_checksum: None,
            repeated: Vec::new(),
            course: Vec::new(),
            clusters: Vec::new(),
            keep: 0,
            features: Default::default(),
            examples: Default::default(),
        }
    }

    /// Names and values that two runs of the same settings have in common.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = match &self.run.end {
            Ok(m) => vec![
                ("test loss", m.test_loss.to_string()),
                ("train loss", m.train_loss.to_string()),
                ("‖W‖", m.w_norm.to_string()),
                ("‖b‖", m.b_norm.to_string()),
                ("share of active features", m.active_share.to_string()),
            ],
            Err(step) => vec![("diverged at step", step.to_string())],
        };
        facts.extend(
            self.run
                .weights
                .map(|sum| ("checksum of W and b", format!("{sum:08x}"))),
        );
        facts
    }

    /// The first fact in which two differ, as this one has it; none if all that both know is equal.
    fn differs(&self, other: &Given) -> Option<String> {
        let (ours, theirs) = (self.facts(), other.facts());
        let differs = |(name, value): &&(&str, String)| match theirs
            .iter()
            .find(|(theirs, _)| theirs == name)
        {
            Some((_, theirs)) => theirs != value,
            // One of two that diverged lacks losses, one of a file the checksum.
            None => *name != "checksum of W and b",
        };
        ours.iter()
            .find(differs)
            .map(|(name, value)| format!("{name} {value}"))
    }
}

impl Place {
    /// The run that counts: the own one, else what all others agree on.
    fn agreed(&self) -> Option<&Given> {
        let first = self.own.as_ref().or(self.others.first())?;
        let agree = self.own.is_some()
            || self
                .others
                .iter()
                .all(|given| given.differs(first).is_none());
        agree.then_some(first)
    }

    /// The different bits that there are, each with all who gave them; the own ones first.
    fn sides(&self) -> Vec<Vec<&Given>> {
        let mut sides: Vec<Vec<&Given>> = Vec::new();
        for given in self.own.iter().chain(&self.others) {
            match sides
                .iter_mut()
                .find(|side| given.differs(side[0]).is_none())
            {
                Some(side) => side.push(given),
                None => sides.push(vec![given]),
            }
        }
        sides
    }
}

impl Gathered {
    /// Of a plan, as yet without runs.
    ///
    /// # Errors
    /// What is wrong with the plan.
    pub fn new(plan: Plan) -> Result<Gathered, PlanError> {
        let configs = plan.configs()?;
        let place = |config| Place {
            config,
            own: None,
            others: Vec::new(),
        };
        Ok(Gathered {
            plan,
            places: configs.into_iter().map(place).collect(),
        })
    }

    /// What is swept.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The settings of every run, in the order of the plan.
    pub fn configs(&self) -> impl ExactSizeIterator<Item = &Config> {
        self.places.iter().map(|place| &place.config)
    }

    /// About what a run costs, in nanoseconds or so.
    pub fn work(&self, run: usize) -> Option<u64> {
        let config = &self.places.get(run)?.config;
        Some(config.steps * work_per_step(config))
    }

    /// The runs of one of several shares, dearest first. Dealt out like cards by cost, so that shares cost about the same.
    pub fn share(&self, index: usize, count: usize) -> Vec<usize> {
        // Put in one by one: a sort of their own would be as large as all else here, and the page loads it.
        let mut order: Vec<usize> = Vec::new();
        for run in 0..self.places.len() {
            let at = order.partition_point(|&other| self.work(other) >= self.work(run));
            order.insert(at, run);
        }
        let skipped = index.saturating_sub(1) % count.max(1);
        order
            .into_iter()
            .skip(skipped)
            .step_by(count.max(1))
            .collect()
    }

    /// Takes a run, made here or given by somebody.
    pub fn take(&mut self, given: Given, own: bool) -> Taken {
        let Finished {
            config, made_with, ..
        } = &given.run;
        let now = Numerics::of(config);
        if *made_with != now {
            return Taken::Other {
                name: name_of_run(config),
                reason: format!("it was made with {made_with}, and this page has {now}"),
            };
        }
        let Some(run) = self.places.iter().position(|place| place.config == *config) else {
            return Taken::Foreign {
                name: name_of_run(config),
            };
        };
        let place = &mut self.places[run];
        if own {
            place.own = Some(given);
            return Taken::New { run };
        }
        let was = place.sides().len();
        let known = place.own.is_some() || !place.others.is_empty();
        let like_it = |other: &Given| other.who == given.who && given.differs(other).is_none();
        if let Some(same) = place.others.iter_mut().find(|other| like_it(other)) {
            // A file lacks the checksum, which a code has.
            same.run.weights = same.run.weights.or(given.run.weights);
        } else {
            place.others.push(given);
        }
        match (known, place.sides().len() > was) {
            (false, _) => Taken::New { run },
            (true, false) => Taken::Again { run },
            (true, true) => Taken::Differs { run },
        }
    }

    /// The run that counts at a place, if there is one.
    pub fn run(&self, run: usize) -> Option<&Given> {
        self.places.get(run)?.agreed()
    }

    /// The run that was made here, if it was.
    pub fn own(&self, run: usize) -> Option<&Given> {
        self.places.get(run)?.own.as_ref()
    }

    /// Places at which there is a run, whether or not it counts.
    pub fn is_taken(&self, run: usize) -> bool {
        let taken = |place: &Place| place.own.is_some() || !place.others.is_empty();
        self.places.get(run).is_some_and(taken)
    }

    /// The runs that count, as figures take them, each with its place.
    pub fn records(&self) -> impl Iterator<Item = (usize, Record)> {
        (0..self.places.len()).filter_map(|run| Some((run, self.run(run)?.record())))
    }

    /// The others who gave a run.
    pub fn givers(&self, run: usize) -> Vec<String> {
        let others = self.places.get(run).map_or(&[][..], |place| &place.others);
        let mut names: Vec<String> = Vec::new();
        for given in others {
            if !names.contains(&given.who) {
                names.push(given.who.clone());
            }
        }
        names
    }

    /// How many runs each of the others gave, by name.
    pub fn by_whom(&self) -> Vec<(String, usize)> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for run in 0..self.places.len() {
            for name in self.givers(run) {
                let at = counts.partition_point(|(known, _)| *known < name);
                match counts.get_mut(at) {
                    Some((known, count)) if *known == name => *count += 1,
                    _ => counts.insert(at, (name, 1)),
                }
            }
        }
        counts
    }

    /// Where bits differ, in the order of the plan.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let conflict = |(run, place): (usize, &Place)| {
            let sides = place.sides();
            if sides.len() < 2 {
                return None;
            }
            let said = sides.iter().enumerate().map(|(k, side)| {
                let against = sides[usize::from(k == 0)][0];
                Said {
                    who: side.iter().map(|given| given.who.clone()).collect(),
                    words: side[0].differs(against).unwrap_or_default(),
                    wrong: place.own.is_some() && k > 0,
                }
            });
            Some(Conflict {
                run,
                name: name_of_run(&place.config),
                said: said.collect(),
                settled: place.own.is_some(),
            })
        };
        self.places
            .iter()
            .enumerate()
            .filter_map(conflict)
            .collect()
    }
}
