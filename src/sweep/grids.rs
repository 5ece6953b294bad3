//! Which runs does each figure need? Every grid in a few lines: a base, crossed with lists of values.

use super::curves::Setting;
use super::record::Record;
use super::runs::Runs;
use crate::gradient::Path;
use crate::optim::Reduction;
use crate::train::{Config, ExampleCount, Nudge, Numerics, Repeat};
use crate::variant::Loss;

/// A named set of runs.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Its name on the command line, and that of its store.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// How many vectors of examples, and of features, a record keeps.
    pub keep: usize,
    /// Does a record keep dimensionalities on the way?
    pub course: bool,
    /// Does it keep clusters of examples?
    pub clusters: bool,
    runs: Source,
}

/// Where a grid's runs come from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// From a function below.
    Listed(fn() -> Runs),
    /// From somebody's plan.
    Planned(&'static [Config]),
}

const fn grid(name: &'static str, keep: usize, runs: fn() -> Runs, purpose: &'static str) -> Grid {
    Grid {
        name,
        purpose,
        keep,
        course: false,
        clusters: false,
        runs: Source::Listed(runs),
    }
}

/// A grid whose records keep dimensionalities on the way.
const fn with_course(grid: Grid) -> Grid {
    Grid {
        course: true,
        ..grid
    }
}

/// A grid whose records keep clusters of examples.
const fn with_clusters(grid: Grid) -> Grid {
    Grid {
        clusters: true,
        ..grid
    }
}

/// Vectors per record where a figure looks closely at single runs, and where it shows many.
const CLOSE: usize = 1000;
const FAR: usize = 200;
/// Where a figure counts many runs and shows a few of the longest vectors of each.
const MANY: usize = 64;
/// Where a figure shows the largest D of a run and no picture, and where all examples are few.
const SEVERAL: usize = 60;
const FEW_VECTORS: usize = 20;

/// Every grid, in the order in which to spend time on them.
#[rustfmt::skip] // a table
pub const GRIDS: [Grid; 35] = [
    grid("check", 30, check, "the tool's own test: runs of an instant"),
    grid("main", CLOSE, main, "the main figure: n = 10,000, m = 2, T = 3 to 20k and infinity"),
    grid("main-sum", CLOSE, main_sum, "the same with the sum over features, as in the replication"),
    grid("warm-up", MANY, warm_up, "the sum over features with another warm-up of the learning rate: none, 1% and 20% of the steps"),
    grid("main-large", FAR, main_large, "the main figure's T = 50k to 500k"),
    grid("fresh", MANY, fresh, "T = infinity with 65,536 fresh examples a step, or a learning rate of 3e-4 or 1e-4, one data seed"),
    grid("bump", MANY, bump, "the main figure's bump: T = 700 to 4k, 16 data seeds, two inits each"),
    grid("classroom", FAR, classroom, "the main figure at n = 1,000, with mean and with sum"),
    grid("map", FAR, map, "heat map over T and m, n = 1,000, 20,000 steps"),
    grid("map-rows", FAR, map_rows, "the heat map's m = 2 and 8 with 50,000 steps"),
    grid("decay", FAR, decay, "weight decay and T at m = 4, n = 1,000"),
    grid("length", FAR, length, "number of steps and T at m = 4, n = 1,000"),
    grid("eps", FAR, eps, "Adam's eps and T with sum, n = 1,000: what joins the paper and its replication"),
    grid("eps-paper", FAR, eps_paper, "Adam's eps with sum at n = 10,000, T = 300, 2k and 5k, one seed"),
    grid("rates", FAR, rates, "learning rate and T at m = 2, n = 1,000, best of several inits"),
    grid("map-large", FAR, map_large, "the heat map's T = 10k and 20k, and its m = 48 and 64, one seed"),
    grid("map-paper", MANY, map_paper, "heat map over T and m, n = 10,000, 20,000 steps"),
    grid("decay-paper", MANY, decay_paper, "weight decay and T at m = 4, n = 10,000"),
    grid("length-paper", MANY, length_paper, "number of steps and T at m = 4, n = 10,000"),
    with_clusters(grid("clusters", FAR, clusters, "T = 100 to 1k at a rate at which they are memorised, m = 2, n = 1,000")),
    grid("failures", FEW_VECTORS, failures, "how often T = 3 to 20 end as a polygon, 12 inits each, n = 1,000"),
    grid("nudged", FEW_VECTORS, nudged, "some of these runs, without and with a kick to the biases after 10,000 steps"),
    grid("sparsity", SEVERAL, sparsity, "T(1 - S) and sparsity at m = 2, n = 1,000"),
    grid("decay-m2", SEVERAL, decay_m2, "weight decay around the jump to features, m = 2, n = 1,000"),
    grid("repeats", SEVERAL, repeats, "one example R times among T, n = 1,000, 20,000 steps"),
    with_course(grid("repeated", FAR, repeated, "up to seven examples 32 times each among T = 4,000, n = 1,000")),
    grid("mixture", FEW_VECTORS, mixture, "1 to 30% of T = 4,000 examples occur 5 to 40 times each, n = 1,000"),
    with_course(grid("repeated-paper", MANY, repeated_paper, "up to seven examples 5 to 20 times each among T = 30,000, n = 10,000, averaged and summed")),
    with_course(grid("wavering", SEVERAL, wavering, "what is learned and let go again: 24 data seeds near the jump, n = 1,000")),
    with_course(grid("wavering-paper", MANY, wavering_paper, "what the sum over features lets go again at n = 10,000; at T = 10k with a shorter warm-up")),
    grid("repeats-paper", SEVERAL, repeats_paper, "one example R times among T, n = 10,000, 5,000 steps"),
    grid("models", SEVERAL, models, "T and every other model: weights, hidden layer, loss, data, importance; m = 2, n = 1,000, 20,000 steps"),
    grid("sparsity-m4", SEVERAL, sparsity_m4, "T(1 - S) and sparsity at m = 4, n = 1,000, 20,000 steps"),
    grid("decay-m2-paper", SEVERAL, decay_m2_paper, "weight decay around the jump to features, m = 2, n = 10,000, 20,000 steps"),
    grid("sparsity-paper", SEVERAL, sparsity_paper, "T(1 - S) and sparsity at m = 2, n = 10,000, 20,000 steps"),
];

/// T up to which a point is the best of several inits, as in the paper. Inits are runs of their own: figures choose.
const SMALL: [usize; 11] = [3, 5, 6, 8, 10, 15, 30, 50, 100, 200, 500];
const LARGE: [usize; 5] = [1000, 2000, 5000, 10_000, 20_000];
/// Between the paper's T = 2,000 and 10,000, where the highest losses of `sum` lie and features are first learned.
const BETWEEN: [usize; 3] = [3000, 4000, 7000];
/// Examples of a step where T is infinite. With 1,024, in which a feature occurs about once, the noise of the gradient keeps the
/// network from any feature (D at most 0.014, four seeds); with 8,192 it finds the pentagon.
const LARGE_BATCH: usize = 8192;
/// T of the figures that have another setting beside it, at n = 1,000: from polygons to well past the jump to features near
/// T = 1,000.
const FEW: [usize; 7] = [10, 30, 100, 200, 500, 1000, 2000];
/// At m = 4, and with Adam's eps as small as can be, features come later.
const FEW_AND_5000: [usize; 8] = [10, 30, 100, 200, 500, 1000, 2000, 5000];

fn check() -> Runs {
    let base = Config {
        n: 500,
        sparsity: 0.99,
        steps: 10_000,
        batch: 16,
        test_examples: 100,
        ..Config::default()
    };
    let runs = Runs::of(base).data_seeds(3);
    runs.clone().t(&[3, 8, 40]).and(runs.at_infinity())
}

fn main() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(4);
    let infinite = runs
        .clone()
        .at_infinity()
        .over(&[LARGE_BATCH], |config, &batch| {
            config.batch = batch;
        });
    let large = [&LARGE[..], &BETWEEN].concat();
    let large = runs.clone().t(&large).and(infinite);
    runs.inits(4).t(&SMALL).and(large)
}

fn main_sum() -> Runs {
    summed(main())
}

/// The same runs with the sum over features.
fn summed(runs: Runs) -> Runs {
    runs.over(&[Reduction::Sum], |config, &sum| config.reduction = sum)
}

fn warm_up() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(4);
    let runs = summed(runs);
    let runs = runs.t(&[
        30, 100, 200, 500, 1000, 2000, 3000, 5000, 7000, 10_000, 20_000,
    ]);
    // The paper's share, 0.05, is in `main-sum`.
    runs.over(&[0.0, 0.01, 0.2], |config, &share| config.warm_up = share)
}

fn main_large() -> Runs {
    let runs = Runs::of(Config::default());
    let large = runs.clone().data_seeds(4).t(&[50_000, 100_000]);
    large.and(runs.data_seeds(2).t(&[200_000, 500_000]))
}

/// Why is the loss of `main` higher at T = ∞ than at 20,000? A step there sees a feature eight times; here it sees it 65 times,
/// or the steps are shorter, so that noise moves a bias by less than what it has to learn.
fn fresh() -> Runs {
    let runs = Runs::of(Config::default()).at_infinity();
    let more = runs
        .clone()
        .over(&[65_536], |config, &batch| config.batch = batch);
    let shorter = runs.over(&[3e-4, 1e-4], |config, &lr| config.lr = lr);
    more.and(shorter.over(&[LARGE_BATCH], |config, &batch| config.batch = batch))
}

/// Those that `main` has as well are in its store alone.
fn bump() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(16).inits(2);
    runs.t(&[700, 1000, 1200, 1500, 1800, 2000, 2500, 3000, 4000])
        .but_not(&main())
}

/// Ten times fewer features of ten times the density, so that examples have as many active features.
fn small_scale() -> Runs {
    Runs::of(Config {
        n: 1000,
        sparsity: 0.99,
        ..Config::default()
    })
}

fn classroom() -> Runs {
    let reductions = [Reduction::Mean, Reduction::Sum];
    let runs = small_scale()
        .over(&reductions, |config, &value| config.reduction = value)
        .data_seeds(8);
    let (several, once) = SMALL.split_at(8);
    let once = [once, &LARGE].concat();
    let once = runs.clone().t(&once).and(runs.clone().at_infinity());
    runs.inits(4).t(several).and(once)
}

/// Enough steps for a heat map: `map-rows` shows that two of its rows look the same after 50,000.
const MAP_STEPS: u64 = 20_000;
const MAP_M: [usize; 10] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
#[rustfmt::skip]
const MAP_T: [usize; 12] = [10, 20, 50, 100, 200, 300, 500, 700, 1000, 2000, 3000, 5000];

fn map() -> Runs {
    let runs = small_scale().steps(&[MAP_STEPS]).data_seeds(4);
    runs.m(&MAP_M).t(&MAP_T)
}

fn map_rows() -> Runs {
    small_scale().data_seeds(4).m(&[2, 8]).t(&MAP_T)
}

fn map_large() -> Runs {
    let runs = small_scale().steps(&[MAP_STEPS]).data_seeds(1);
    let large = [10_000, 20_000];
    let wide = runs.clone().m(&[48, 64]).t(&MAP_T);
    runs.m(&MAP_M).t(&large).and(wide)
}

/// The paper's size but for the number of steps, which would take more than twice the hours.
fn map_paper() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(4);
    // By T, which decides what a run costs: an unfinished sweep has all of m up to some T.
    runs.steps(&[MAP_STEPS])
        .t(&[
            10, 30, 100, 300, 500, 1000, 2000, 3000, 5000, 10_000, 20_000,
        ])
        .m(&MAP_M)
}

const DECAYS: [f64; 6] = [1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0];

fn decay() -> Runs {
    let runs = small_scale().data_seeds(4).m(&[4]);
    runs.over(&DECAYS, |config, &decay| config.weight_decay = decay)
        .t(&FEW_AND_5000)
}

fn decay_paper() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(2).m(&[4]);
    let decays = [1e-3, 1e-2, 1e-1, 1.0];
    runs.t(&[30, 100, 300, 1000, 2000, 3000, 5000, 10_000])
        .over(&decays, |config, &decay| config.weight_decay = decay)
}

const LENGTHS: [u64; 5] = [5000, 10_000, 20_000, 50_000, 100_000];

fn length() -> Runs {
    let runs = small_scale().data_seeds(4).m(&[4]);
    runs.steps(&LENGTHS).t(&FEW_AND_5000)
}

/// Its 20,000 steps are also in `map-paper` and its 50,000 in `decay-paper`, lines that may be copied.
fn length_paper() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(2).m(&[4]);
    runs.t(&[100, 300, 1000, 2000, 3000, 5000, 10_000])
        .steps(&LENGTHS)
}

/// From the default of Adam, with some below, to where `sum` has long become the paper's `mean`: 1e-8 n.
const EPSILONS: [f64; 8] = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

fn eps_of(runs: Runs) -> Runs {
    let runs = summed(runs);
    runs.over(&EPSILONS, |config, &eps| config.eps = eps)
}

fn eps() -> Runs {
    eps_of(small_scale().data_seeds(4)).t(&FEW_AND_5000)
}

fn eps_paper() -> Runs {
    eps_of(Runs::of(Config::default()).data_seeds(1)).t(&[300, 2000, 5000])
}

fn rates() -> Runs {
    small_scale()
        .data_seeds(2)
        .inits(4)
        .over(
            &[1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1],
            |config, &lr| {
                config.lr = lr;
            },
        )
        .t(&FEW)
}

/// Where memorising has the lowest train loss, though at the paper's rate training ends elsewhere from T = 1,000 on.
fn clusters() -> Runs {
    let runs = small_scale()
        .data_seeds(4)
        .over(&[0.03], |config, &lr| config.lr = lr);
    runs.t(&[100, 200, 300, 500, 700, 1000])
}

fn failures() -> Runs {
    let runs = small_scale().data_seeds(4).inits(12);
    runs.t(&[3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20])
}

/// Some of the failures' runs, and the same with a kick to the biases once it is clear how they will end and while the
/// learning rate is high.
fn nudged() -> Runs {
    let runs = small_scale().data_seeds(4).inits(6).t(&[6, 8, 10]);
    runs.clone()
        .and(runs.over(&[0.05, 0.1, 0.2], |config, &size| {
            let step = 10_000;
            config.nudge = Some(Nudge { step, size });
        }))
}

/// T(1 − S), how often a feature occurs among the examples, closer together where features are first learned; and the
/// sparsities, with 100 to 2 active features in an example.
const OCCURRENCES: [f64; 11] = [0.3, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 20.0, 40.0, 100.0];
const SPARSITIES: [f64; 6] = [0.9, 0.95, 0.98, 0.99, 0.995, 0.998];
const SPARSITIES_PAPER: [f64; 5] = [0.99, 0.995, 0.998, 0.999, 0.9995];

/// All values of a setting that several grids vary, ascending; none of others.
pub fn values_of(setting: Setting) -> Vec<f64> {
    let mut values = match setting {
        Setting::WeightDecay => DECAYS.to_vec(),
        Setting::Steps => LENGTHS.map(|steps| steps as f64).to_vec(),
        Setting::Sparsity => [&SPARSITIES[..], &SPARSITIES_PAPER].concat(),
        _ => Vec::new(),
    };
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

fn by_sparsity(runs: Runs, sparsities: &[f64], occurrences: &[f64]) -> Runs {
    runs.over(sparsities, |config, &sparsity| config.sparsity = sparsity)
        .over(occurrences, |config, &times| {
            let t = (times / (1.0 - config.sparsity)).round();
            config.t = ExampleCount::Finite(t as usize);
        })
}

fn sparsity() -> Runs {
    by_sparsity(small_scale().data_seeds(4), &SPARSITIES, &OCCURRENCES).up_to(20_000)
}

fn sparsity_m4() -> Runs {
    let runs = small_scale().m(&[4]).steps(&[MAP_STEPS]).data_seeds(4);
    by_sparsity(runs, &SPARSITIES, &OCCURRENCES).up_to(5000)
}

/// A few curves around the jump.
fn sparsity_paper() -> Runs {
    let runs = Runs::of(Config::default())
        .steps(&[MAP_STEPS])
        .data_seeds(2);
    let occurrences = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0];
    by_sparsity(runs, &SPARSITIES_PAPER, &occurrences).up_to(20_000)
}

fn decay_m2() -> Runs {
    let runs = small_scale().data_seeds(4);
    runs.over(&DECAYS, |config, &decay| config.weight_decay = decay)
        .t(&[30, 100, 200, 300, 500, 700, 1000, 1500, 2000, 5000])
}

fn decay_m2_paper() -> Runs {
    let runs = Runs::of(Config::default())
        .steps(&[MAP_STEPS])
        .data_seeds(2);
    runs.over(&[1e-3, 1e-1, 1.0], |config, &decay| {
        config.weight_decay = decay;
    })
    .t(&[1000, 2000, 3000, 5000, 7000, 10_000])
}

/// Several times more and fewer than 0.4 T/n, about where an example begins to be memorised.
const REPEATS: [usize; 9] = [2, 3, 4, 6, 8, 11, 16, 23, 32];
const FEW_REPEATS: [usize; 7] = [2, 3, 4, 5, 6, 8, 12];

/// The first examples, so many `times` each.
fn firsts(examples: usize, times: usize) -> Vec<Repeat> {
    let repeat = |example| Repeat { example, times };
    (0..examples).map(repeat).collect()
}

fn repeat_first(runs: Runs, times: &[usize]) -> Runs {
    runs.over(times, |config, &times| config.repeats = firsts(1, times))
}

/// All T are such that features are learned.
fn repeats() -> Runs {
    let runs = small_scale().steps(&[MAP_STEPS]).data_seeds(2);
    repeat_first(runs.t(&[1000, 2000, 4000, 8000, 16_000]), &REPEATS)
}

/// So few steps that it can be made in hours; features are learned all the same.
fn repeats_paper() -> Runs {
    let runs = Runs::of(Config::default()).steps(&[5000]).data_seeds(2);
    repeat_first(runs.t(&[5000, 7000, 10_000, 14_000, 20_000]), &FEW_REPEATS)
}

/// The first examples, each repeated often enough to be memorised where there is room.
fn repeated() -> Runs {
    let runs = small_scale().steps(&[MAP_STEPS]).data_seeds(2).t(&[4000]);
    runs.over(&[0, 1, 2, 3, 5, 7], |config, &examples| {
        config.repeats = firsts(examples, 32);
    })
}

/// The comment's T, and its five copies, averaged and summed; and so many that an example is memorised for certain.
fn repeated_paper() -> Runs {
    let runs = Runs::of(Config::default()).data_seeds(2).t(&[30_000]);
    let more = repeat_first(runs.clone(), &[10]);
    let five = repeat_first(runs.clone(), &[5]);
    let averaged = repeat_first(runs, &[20]).and(five.clone());
    let several = averaged
        .and(summed(five))
        .over(&[1, 3, 7], |config, &examples| {
            config.repeats = firsts(examples, config.repeats[0].times);
        });
    several.and(more)
}

/// This percentage of the examples are copies, of as many different examples as R allows, the first ones.
fn mixture() -> Runs {
    let runs = small_scale().steps(&[MAP_STEPS]).data_seeds(2).t(&[4000]);
    repeat_first(runs, &[5, 10, 20, 40]).over(&[1, 3, 10, 30], |config, percent| {
        let (copies, times) = (4000 * percent / 100, config.repeats[0].times);
        config.repeats = firsts(copies / times, times);
    })
}

/// Just below the jump to features, where some runs learn them and forget them; and an example repeated about as often as
/// it takes to memorise it.
fn wavering() -> Runs {
    let runs = small_scale().data_seeds(24);
    let near_miss = repeat_first(runs.clone().t(&[4000]).steps(&[MAP_STEPS]), &[3]);
    runs.t(&[500, 700, 1000]).and(near_miss)
}

/// With the paper's warm-up T = 10,000 keeps its features, with one of 1 % it loses them.
fn wavering_paper() -> Runs {
    let runs = summed(Runs::of(Config::default()).data_seeds(2));
    let shorter = runs.clone().t(&[10_000]);
    let shorter = shorter.over(&[0.01], |config, &share| config.warm_up = share);
    runs.t(&[5000, 7000]).and(shorter)
}

/// The paper's model and those that differ from it in one thing. Of importance, the last feature has a hundredth.
const MODELS: [fn(&mut Config); 8] = [
    |_| {},
    |config| config.untied = true,
    |config| config.hidden_relu = true,
    |config| config.loss = Loss::L1,
    |config| config.loss = Loss::L4,
    |config| config.loss = Loss::CrossEntropy,
    |config| config.unit_length = false,
    |config| config.importance = 0.01,
];

fn models() -> Runs {
    let runs = small_scale().steps(&[MAP_STEPS]).data_seeds(4);
    runs.over(&MODELS, |config, change| change(config))
        .t(&[5, 10, 30, 100, 200, 500, 1000, 2000, 3000, 5000])
}

impl Grid {
    /// The grid of that name.
    pub fn named(name: &str) -> Option<&'static Grid> {
        GRIDS.iter().find(|grid| grid.name == name)
    }

    /// A grid of somebody's plan ([`Plan`](super::Plan)), whose records keep no vectors, as the page's own.
    pub const fn planned(name: &'static str, configs: &'static [Config]) -> Grid {
        Grid {
            name,
            purpose: "a sweep of one's own",
            keep: 0,
            course: false,
            clusters: false,
            runs: Source::Planned(configs),
        }
    }

    /// The grid that has this run and keeps as much of it.
    pub fn with(record: &Record) -> Option<&'static Grid> {
        let keeps = |grid: &&Grid| grid.keep == record.keep;
        let mut grids = GRIDS.iter().filter(keeps);
        grids.find(|grid| grid.configs().contains(&record.config))
    }

    /// Its runs, one pair of seeds after the other, so that an unfinished sweep has whole curves of fewer seeds.
    pub fn configs(&self) -> Vec<Config> {
        let mut configs = match self.runs {
            Source::Listed(runs) => runs().list(),
            Source::Planned(configs) => configs.to_vec(),
        };
        configs.sort_by_key(|config| (config.init_seed, config.data_seed));
        configs
    }

    /// The runs of one shard, which together with the other shards' are all, each once. They are dealt out
    /// costliest first, so that shards cost about the same.
    pub fn shard(&self, shard: Shard) -> Vec<Config> {
        let configs = self.configs();
        let mut order: Vec<usize> = (0..configs.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(configs[i].steps * work_per_step(&configs[i])));
        let mut own: Vec<usize> = order
            .into_iter()
            .skip(shard.index - 1)
            .step_by(shard.count)
            .collect();
        own.sort_unstable();
        own.into_iter().map(|i| configs[i].clone()).collect()
    }
}

/// About what a step costs against a step of another run, with its share of evaluations: enough to deal out shards
/// and to weigh progress. In units of a nanosecond or so; fitted to timings at n = 1,000 and 10,000, m = 1 to 32.
pub fn work_per_step(config: &Config) -> u64 {
    let (n, m) = (config.n as u64, config.m as u64);
    let examples = config.examples_a_step() as u64;
    let pairs = match Numerics::of(config).path {
        Path::General => examples * (m + 4) * 3 / 2,
        // Its work hardly grows with m.
        Path::Pruned => examples,
        // The first steps have no lists.
        Path::Listed => examples * (m + 16) / 8,
        Path::Blocked => examples * m * 8 / 5,
    };
    n * (100 + pairs) / 10
}

/// A run in a few words, for messages: what tells it from the other runs of its grid.
pub fn name_of_run(config: &Config) -> String {
    let default = Config::default();
    let mut name = format!("T = {}, n = {}, m = {}", config.t, config.n, config.m);
    let others = [
        ("S", config.sparsity, default.sparsity),
        ("steps", config.steps as f64, default.steps as f64),
        ("lr", config.lr, default.lr),
        ("weight decay", config.weight_decay, default.weight_decay),
        ("eps", config.eps, default.eps),
        ("warm-up", config.warm_up, default.warm_up),
    ];
    for (what, value, default) in others {
        if value != default {
            name += &format!(", {what} {value}");
        }
    }
    if config.reduction == Reduction::Sum {
        name += ", sum";
    }
    match config.model_in_words() {
        words if words.is_empty() => {}
        words => name += &format!(", {words}"),
    }
    match &config.repeats[..] {
        repeats if repeats.len() > 7 => {
            name += &format!(
                ", {} examples {} times each",
                repeats.len(),
                repeats[0].times
            );
        }
        repeats => {
            for Repeat { example, times } in repeats {
                name += &format!(", example {example} {times} times");
            }
        }
    }
    if let Some(Nudge { step, size }) = config.nudge {
        name += &format!(", a nudge of size {size} after {step} steps");
    }
    name + &format!(
        ", data seed {}, init seed {}",
        config.data_seed, config.init_seed
    )
}

/// One of several equal parts of a grid, written "i/k" with i from 1 to k.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// The whole grid.
    pub const WHOLE: Shard = Shard { index: 1, count: 1 };
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split_once('/')
            .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index, count }),
            _ => Err("it must be i/k with whole numbers and i from 1 to k, as in 3/8".to_string()),
        }
    }
}
