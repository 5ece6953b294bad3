//! What do curves show, in one sentence?

use super::{Curves, Mean, value_of};
use crate::figures::sweeps::gather;
use crate::figures::tools::numbers::{percent, reading, short};
use crate::math::order;
use crate::measure::outcome::LEARNED;
use crate::sweep::{self, Along, Curve, Quantity, Setting};

/// A sentence that lists more curves than this is not read.
const MOST_LISTED: usize = 3;

const NONE_FINITE: &str = "No run has ended with finite parameters.";

/// The means by ascending key.
fn by_key(means: &[Mean], key: fn(&Mean) -> f64) -> Vec<Mean> {
    let keys: Vec<f64> = means.iter().map(key).collect();
    order(&keys).into_iter().map(|k| means[k]).collect()
}

/// Means that are higher than both neighbours, the highest first; the highest of all where there are none.
fn peaks(means: &[Mean]) -> Vec<Mean> {
    let inner = means
        .windows(3)
        .filter(|m| m[1].1 > m[0].1 && m[1].1 >= m[2].1);
    let mut peaks: Vec<Mean> = inner.map(|m| m[1]).collect();
    if peaks.is_empty() {
        peaks = means.to_vec();
    }
    by_key(&peaks, |mean| -mean.1)
}

impl Curves<'_> {
    /// Means in the first panel: the peaks and the last of few curves, the highest and the lowest peak of many, the ends
    /// of an envelope.
    pub fn in_words(&self) -> String {
        let quantity = self.panels[0].quantity;
        let what = quantity.name();
        let means = |curve: &Curve| -> Vec<Mean> {
            let mean = |p: &sweep::Point| Some((p.t, p.spread(self.records, quantity)?.mean));
            curve.points.iter().filter_map(mean).collect()
        };
        let at = |(t, value): Mean| {
            format!("{} at {} = {}", reading(value), self.along.name(), short(t))
        };
        if self.along == Along::RepeatedShare {
            let at =
                |(share, value): Mean| format!("{} at {}", reading(value), percent(short(share)));
            let ends = |curve: &Curve| match means(curve)[..] {
                [first, .., last] => Some(format!(
                    "{}, {} and {}",
                    self.name_of(curve),
                    at(first),
                    at(last)
                )),
                _ => None,
            };
            let ends: Vec<String> = self.curves.iter().filter_map(ends).collect();
            return match ends.is_empty() {
                true => NONE_FINITE.into(),
                false => format!("Mean {what}, by the share of repeats: {}.", ends.join("; ")),
            };
        }
        if quantity == Quantity::LargestFeature {
            return self.jumps(means);
        }
        if let Some(envelope) = &self.envelope
            && let [first, .., last] = means(envelope)[..]
        {
            return format!("Lowest mean {what}: {}, {}.", at(first), at(last));
        }
        if self.curves.len() > MOST_LISTED {
            let peak =
                |curve: &'_ Curve| Some((self.name_of(curve), *peaks(&means(curve)).first()?));
            let peaks: Vec<(String, Mean)> = self.curves.iter().filter_map(peak).collect();
            let heights: Vec<f64> = peaks.iter().map(|(_, mean)| mean.1).collect();
            if let [lowest, .., highest] = order(&heights)[..] {
                let [lowest, highest] = [lowest, highest].map(|k| &peaks[k]);
                return format!(
                    "The peak of the mean {what} is highest with {}, {}, and lowest with {}, {}.",
                    highest.0,
                    at(highest.1),
                    lowest.0,
                    at(lowest.1)
                );
            }
        }
        let of_curve = |curve: &Curve| {
            let means = means(curve);
            let mut peaks = peaks(&means);
            let several = self.each_run() && peaks.len() < means.len();
            peaks.truncate(if several { 2 } else { 1 });
            let peaks: Vec<String> = by_key(&peaks, |mean| mean.0).into_iter().map(at).collect();
            let name = match self.setting {
                None => String::new(),
                Some(_) => format!("{}: ", self.name_of(curve)),
            };
            let last = match self.each_run() {
                true => format!(", in the end {}", at(*means.last()?)),
                false => String::new(),
            };
            Some(format!("{name}{}{last}", peaks.join(" and ")))
        };
        let curves: Vec<String> = self.curves.iter().filter_map(of_curve).collect();
        match curves.is_empty() {
            true => NONE_FINITE.into(),
            false => {
                let borders = self.borders_in_words();
                format!("Peaks of the mean {what}: {}.{borders}", curves.join("; "))
            }
        }
    }

    /// Where features are first learned, with the values of the setting that have it in common.
    fn jumps(&self, means: impl Fn(&Curve) -> Vec<Mean>) -> String {
        let along = self.along.name();
        let mut jumps: Vec<(String, Vec<String>)> = Vec::new();
        for curve in &self.curves {
            let means = means(curve);
            if means.is_empty() {
                continue;
            }
            let place = match means.iter().find(|mean| mean.1 >= LEARNED) {
                None => "nowhere".to_string(),
                Some(&(t, _)) => format!("at {along} = {}", short(t)),
            };
            let value = self.setting.zip(curve.value);
            let value = value.map(|(setting, value)| value_of(setting, value));
            gather(&mut jumps, place, value);
        }
        let setting = self.setting.map_or("", Setting::name);
        let jumps: Vec<String> = match &jumps[..] {
            [] => return NONE_FINITE.into(),
            [(place, values)] if values.len() > 1 => {
                vec![format!("{place} with every {setting}")]
            }
            several => several
                .iter()
                .map(|(place, values)| match values.is_empty() {
                    true => place.clone(),
                    false => format!("{place} with {setting} {}", values.join(", ")),
                })
                .collect(),
        };
        format!(
            "The largest D of a feature (mean over data seeds) first reaches {LEARNED} {}.",
            jumps.join("; ")
        )
    }
}
