//! What is said in the plot itself? Names of the regimes and of the peaks in them, found in the data.

use super::{Curves, Mean};
use crate::figures::sweeps::reference::PAPER_BORDERS;
use crate::figures::tools::axis::power_of_ten;
use crate::figures::tools::numbers::short;
use crate::figures::tools::scale::excess;
use crate::math::log10;
use crate::measure::outcome::MEMORISED;
use crate::sweep::{Quantity, Regime, Stretch};
use crate::theory;

/// A peak with its name.
pub struct Note {
    pub at: Mean,
    pub words: String,
}

/// A peak among polygons is told where, on the axis of losses, it is at least so much higher than its neighbours: by about a
/// factor of e.
const PROMINENT: f64 = 1.0;

impl Curves<'_> {
    /// Peaks of the mean test loss that a reader might take for one another: polygons that cost something on other examples, and
    /// the bump, the highest loss between the regimes.
    pub fn notes(&self) -> Vec<Note> {
        let quantity = Quantity::TestLoss;
        let Some(curve) = self.curves.first().filter(|_| !self.regimes.is_empty()) else {
            return Vec::new();
        };
        let mean =
            |of| move |p: &crate::sweep::Point| Some((p.t, p.spread(self.records, of)?.mean));
        let losses: Vec<Mean> = curve.points.iter().filter_map(mean(quantity)).collect();
        let trained: Vec<Mean> = (curve.points.iter())
            .filter_map(mean(Quantity::TrainLoss))
            .collect();
        let within = |regime: Regime, (t, _): &Mean| {
            let holds = |s: &Stretch| s.regime == regime && s.from < *t && *t < s.to;
            self.regimes.iter().any(holds)
        };
        let note = |at: Mean, words: &str| Note {
            at,
            words: words.into(),
        };
        let mut notes = Vec::new();
        for (k, &at) in losses.iter().enumerate() {
            let around = [k.checked_sub(1), Some(k + 1)];
            let mut around = around.into_iter().flatten().filter_map(|k| losses.get(k));
            let stands_out = around.all(|next| excess(at.1) - excess(next.1) >= PROMINENT);
            if at.1 > 1.0 && within(Regime::Memorises, &at) && stands_out {
                let exact = trained.get(k).is_some_and(|&(_, loss)| loss < MEMORISED);
                let small = theory::polygon_radius(at.0 as usize).is_some_and(|r| r < 1.0);
                match (exact, small) {
                    (false, _) => {
                        notes.push(note(at, &format!("T = {}: failed polygons", short(at.0))));
                    }
                    // Every output of its features is on where the examples are not.
                    (true, true) => {
                        notes.push(note(at, &format!("T = {}: biases above 0", short(at.0))));
                    }
                    (true, false) => {}
                }
            }
        }
        let between = losses
            .iter()
            .filter(|at| within(Regime::Confused, at) && at.1 > 1.0);
        if let Some(&at) = between.max_by(|a, b| a.1.total_cmp(&b.1)) {
            notes.push(note(at, "more data, worse"));
        }
        notes
    }

    /// Where the regimes meet, here and in the paper; empty where they are not shown, or not all of them.
    pub fn borders_in_words(&self) -> String {
        let [memorises, confused, _] = &self.regimes[..] else {
            return String::new();
        };
        let papers = PAPER_BORDERS.map(rounded);
        format!(
            " Models memorise up to about T = {} and generalise from about T = {} on; the paper has these borders near {} and {}.",
            rounded(memorises.to),
            rounded(confused.to),
            papers[0],
            papers[1],
        )
    }
}

/// A T of two digits.
fn rounded(t: f64) -> String {
    let unit = power_of_ten((log10(t) - 1.0).floor().max(0.0) as i32);
    short((t / unit).round() * unit)
}
