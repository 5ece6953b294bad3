//! Where does a run live while it trains? In the order of features and examples that keeps its gradient cheap.
//!
//! The order decides how sums are rounded, so it is part of the run's state: it is found at fixed conditions that
//! only the run itself determines, and a checkpoint carries it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Config;
use crate::data::{self, Examples, Stream};
use crate::gradient::order::Order;
use crate::gradient::{Gradient, Path, Work};
use crate::model::{self, Params};
use crate::optim::{self, Moments};

/// Parameters and moments in working order, and when that order was found.
#[derive(Debug)]
pub(super) struct Working {
    gradient: Gradient,
    params: Params,
    moments: Moments,
    d_params: Params,
    ordering: Ordering,
    /// The training examples in working order; none while that is the natural one, or if they are streamed.
    examples: Option<Examples>,
    /// Does every step have other examples?
    streamed: bool,
    /// Of the last step's gradient.
    work: Work,
}

/// The order, and whether it pays to find another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ordering {
    /// None: natural.
    order: Option<Order>,
    /// Least work of a step since the order was found.
    least: Option<u64>,
    /// Work above the least since then.
    excess: u64,
}

/// Everything that a checkpoint needs of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct State {
    pub params: Vec<f32>,
    pub moments: Moments,
    pub ordering: Ordering,
}

impl Working {
    /// The start of a run, in natural order.
    pub(super) fn new(config: &Config, path: Path) -> Self {
        let Config { untied, n, m, .. } = *config;
        let params = Params::initial_of(untied, n, m, config.init_seed);
        Working {
            gradient: Gradient::of(path, config.variant(), n, m),
            streamed: config.t.finite().is_none(),
            work: Work::default(),
            moments: Moments::new(params.padded().len()),
            d_params: Params::zeros_of(untied, n, m),
            ordering: Ordering::default(),
            examples: None,
            params,
        }
    }

    /// One update. False if a parameter is no longer finite.
    pub(super) fn step(&mut self, config: &Config, step: u64, examples: &Examples) -> bool {
        if self.gradient.wants_order() && self.order_pays(examples) {
            self.find_order(config, examples);
        }
        let batch;
        let arranged = match (&self.ordering.order, &self.examples) {
            (None, _) => examples,
            (Some(_), Some(kept)) => kept,
            (Some(order), None) => {
                batch = order.arrange_batch(&self.params, examples);
                &batch
            }
        };
        self.gradient.prepare(step, &self.params, arranged);
        let work = self
            .gradient
            .gradient(&self.params, arranged, &mut self.d_params);
        self.work = work;
        let work = work.units();
        let least = self.ordering.least.map_or(work, |least| least.min(work));
        self.ordering.least = Some(least);
        self.ordering.excess += work - least;
        self.moments.update(
            &config.adamw(),
            step,
            optim::rate(config.lr, config.warm_up, step, config.steps),
            config.reduction.scale(examples.len(), config.n),
            self.params.padded_mut(),
            self.d_params.padded(),
        )
    }

    /// Adds a normal number of standard deviation `size` to every bias: the same numbers for the same `seed`. The order is
    /// found anew, since it is of other parameters.
    pub(super) fn nudge(&mut self, size: f64, seed: u32) {
        self.restore();
        self.ordering = Ordering::default();
        self.examples = None;
        let kicks = model::normals(data::generator(seed, Stream::Nudge), self.params.n(), size);
        for (b, kick) in self.params.split_mut().1.iter_mut().zip(kicks) {
            *b += kick;
        }
    }

    /// Has the old order cost as much as a new one would?
    fn order_pays(&self, examples: &Examples) -> bool {
        self.ordering.order.is_none()
            || self.ordering.excess > Order::work(self.params.n(), examples.len())
    }

    fn find_order(&mut self, config: &Config, examples: &Examples) {
        self.restore();
        let hidden = config.variant().hidden(&self.params, examples);
        let mut order = Order::find(&self.params, &hidden);
        if self.streamed {
            order.examples.clear();
        }
        self.ordering = Ordering {
            order: Some(order),
            ..Ordering::default()
        };
        self.arrange(examples);
    }

    /// From the natural order into the working one.
    fn arrange(&mut self, examples: &Examples) {
        if let Some(order) = &self.ordering.order {
            self.gradient.arrange(order);
            order.arrange(self.params.padded_mut());
            order.arrange(&mut self.moments.mean);
            order.arrange(&mut self.moments.square);
            self.examples = (!self.streamed).then(|| order.arrange_examples(examples));
        }
    }

    /// From the working order into the natural one.
    fn restore(&mut self) {
        if let Some(order) = &self.ordering.order {
            order.restore(self.params.padded_mut());
            order.restore(&mut self.moments.mean);
            order.restore(&mut self.moments.square);
        }
    }

    /// Parameters in natural order.
    pub(super) fn params(&self) -> Cow<'_, Params> {
        match &self.ordering.order {
            None => Cow::Borrowed(&self.params),
            Some(order) => {
                let mut params = self.params.clone();
                order.restore(params.padded_mut());
                Cow::Owned(params)
            }
        }
    }

    /// Moments in natural order.
    pub(super) fn moments(&self) -> Moments {
        let mut moments = self.moments.clone();
        if let Some(order) = &self.ordering.order {
            order.restore(&mut moments.mean);
            order.restore(&mut moments.square);
        }
        moments
    }

    /// What a checkpoint needs, in working order.
    pub(super) fn state(&self) -> State {
        State {
            params: self.params.padded().to_vec(),
            moments: self.moments.clone(),
            ordering: self.ordering.clone(),
        }
    }

    /// The run at `state`; none if that does not fit the configuration.
    pub(super) fn resume(
        config: &Config,
        path: Path,
        state: State,
        examples: &Examples,
    ) -> Option<Self> {
        let mut working = Working::new(config, path);
        let length = working.params.padded().len();
        let State {
            params,
            moments,
            ordering,
        } = state;
        let lengths = [params.len(), moments.mean.len(), moments.square.len()];
        if lengths != [length; 3] {
            return None;
        }
        if let Some(order) = &ordering.order {
            let kept = if working.streamed { 0 } else { examples.len() };
            if !order.fits(config.n, kept) || !working.gradient.wants_order() {
                return None;
            }
            working.gradient.arrange(order);
            working.examples = (!working.streamed).then(|| order.arrange_examples(examples));
        }
        working.params.padded_mut().copy_from_slice(&params);
        working.moments = moments;
        working.ordering = ordering;
        Some(working)
    }

    /// Does the gradient go by lists?
    pub(super) fn is_listed(&self) -> bool {
        self.gradient.is_listed()
    }

    /// Goes on as [`is_listed`](Self::is_listed) said.
    pub(super) fn set_listed(&mut self, is_listed: bool) {
        self.gradient.set_listed(is_listed);
    }

    /// What the gradient of the last step did.
    pub(super) fn work(&self) -> Work {
        self.work
    }

    /// The path of the gradient.
    pub(super) fn path(&self) -> Path {
        self.gradient.path()
    }

    #[cfg(test)]
    pub(super) fn params_mut(&mut self) -> &mut Params {
        &mut self.params
    }
}
