//! Which figures are made from sweeps, and of which grids' runs? The list that the page and `lab figures` share.

use super::SweepFigure;
use super::curves::Curves;
use super::reference::PAPER_TEST_LOSS;
use super::scale::Spacing;
use crate::sweep::{Quantity, Record};

/// A figure by name.
pub struct Entry {
    pub name: &'static str,
    /// The grids whose records it takes, those of the first before those of the second.
    pub grids: &'static [&'static str],
    /// The figure of all their records; none if they lack what it shows.
    pub of: for<'a> fn(&'a [Record], View) -> Made<'a>,
}

/// A figure of some records, if they have what it shows.
pub type Made<'a> = Option<Box<dyn SweepFigure + 'a>>;

/// What the reader has chosen. Figures take what concerns them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// A run, as an index among the records.
    pub selected: Option<usize>,
    /// Angles by which a solid is turned, radians: around the vertical axis, then around the horizontal one.
    pub turn: (f64, f64),
    /// Do small multiples share one scale?
    pub common_scale: bool,
}

/// Every figure, in the order of the argument.
pub const FIGURES: [Entry; 1] = [Entry {
    name: "main",
    grids: &["main", "main-large"],
    of: main,
}];

impl Entry {
    /// The figure of that name.
    pub fn named(name: &str) -> Option<&'static Entry> {
        FIGURES.iter().find(|entry| entry.name == name)
    }
}

fn main(records: &[Record], _: View) -> Made<'_> {
    let mut losses = Curves::new(records, None, Quantity::TestLoss, Spacing::Excess);
    losses.references = vec![PAPER_TEST_LOSS];
    (!records.is_empty()).then(|| Box::new(losses) as _)
}
