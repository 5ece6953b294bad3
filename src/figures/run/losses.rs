//! How do the losses fall? Train and test loss against the step, on a logarithmic axis of steps.

use std::borrow::Cow;

use plotters::style::{Color, RGBColor};

use crate::figures::tools::axis::{Area, Axis, power_of_ten, round_up};
use crate::figures::tools::frame::{draw_labels, draw_values};
use crate::figures::tools::numbers::{grouped, reading, short};
use crate::figures::tools::pen::{Align, Pen, Point};
use crate::figures::tools::style::TEXT;
use crate::figures::{Figure, Table};
use crate::math::log10;

/// Reported losses of a run. `train[k]` and `test[k]` belong to `steps[k]`; what is not finite is left out.
#[derive(Clone, Debug, Default)]
pub struct Losses<'a> {
    /// Steps at which losses were evaluated, ascending.
    pub steps: Cow<'a, [f64]>,
    /// Train loss at each.
    pub train: Cow<'a, [f64]>,
    /// Test loss at each.
    pub test: Cow<'a, [f64]>,
    /// Training losses between the evaluations, while the run goes on.
    pub live_steps: Cow<'a, [f64]>,
    /// The losses at these steps.
    pub live_train: Cow<'a, [f64]>,
    /// The step that is read.
    pub selected_step: Option<f64>,
    /// The step that other figures show, if not the last.
    pub shown_step: Option<f64>,
    /// Fixes the axis of steps, so that a live chart doesn't move.
    pub total_steps: f64,
    /// The [`reach`](Figure::reach) of a figure beside this one; none where the losses alone decide.
    pub beside: Vec<f64>,
    /// The loss of a model that outputs zero; 1, as of the paper's model, unless told.
    pub zero: Option<f64>,
}

impl Figure for Losses<'_> {
    fn title(&self) -> String {
        "Train and test loss against the step".into()
    }

    fn summary(&self) -> String {
        let last = self.count().checked_sub(1);
        last.map_or("No losses yet.".into(), |k| {
            format!(
                "Loss against step on a logarithmic axis, up to step {}: train loss {}, test loss {}.",
                grouped(self.steps[k] as usize),
                reading(self.train[k]),
                reading(self.test[k])
            )
        })
    }

    /// The last step first.
    fn table(&self) -> Table {
        let mut table = Table::new(["step", "train loss", "test loss"]);
        for k in (0..self.count()).rev() {
            let numbers = [self.steps[k], self.train[k], self.test[k]];
            table.push(Vec::new(), numbers.map(Into::into).into());
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        0.6 * width
    }

    /// Draws the figure. The axis of losses is logarithmic where they span more than a decade, else linear; the loss of a model
    /// that outputs zero is always on it, as a dotted line.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        Some(compose(pen, self))
    }

    /// The steps.
    fn stops(&self) -> Option<Vec<usize>> {
        Some(self.steps.iter().map(|&step| step as usize).collect())
    }

    fn read(&self, stop: usize) -> Option<String> {
        let k = self.steps[..self.count()]
            .iter()
            .position(|&step| step == stop as f64)?;
        let (train, test) = (reading(self.train[k]), reading(self.test[k]));
        Some(format!(
            "Step {}: train loss {train}, test loss {test}",
            grouped(stop)
        ))
    }

    /// How many steps, and the least and largest loss.
    fn reach(&self) -> Vec<f64> {
        let (low, high) = range(self.zero(), &[&self.train, &self.test, &self.live_train]);
        vec![self.total_steps, low, high]
    }
}

impl Losses<'_> {
    fn zero(&self) -> f64 {
        self.zero.unwrap_or(1.0)
    }

    fn count(&self) -> usize {
        self.steps.len().min(self.train.len()).min(self.test.len())
    }
}

/// Step 0 is drawn here: as far left of step 1 as half a decade.
const ZERO: f64 = 0.3;
/// Room right of the plot for the names and last values of both curves, up to "2.6·10⁻¹¹".
const RIGHT: f64 = 74.0;
/// Losses below this lie on the lower edge: exact memorisation reaches rounding errors and zero.
const DEEPEST: f64 = 1e-10;
/// And above this on the upper: a run may come near the largest number before it diverges.
const HIGHEST: f64 = 1e30;

fn compose(pen: &mut Pen, data: &Losses) -> Area {
    let (top, bottom) = (24.0, (pen.height - 40.0).max(25.0));
    let (steps, losses) = data.beside.split_at(data.beside.len().min(1));
    let y = loss_axis(
        (bottom, top),
        data.zero(),
        &[&data.train, &data.test, &data.live_train, losses],
    );
    let ends = draw_values(pen, &y, RIGHT, "loss");
    let last = steps.iter().copied().fold(data.total_steps, f64::max);
    let last = if last.is_finite() { last.max(1.0) } else { 1.0 };
    let x = Axis::log(ends, (ZERO, last));
    let area = Area { x, y };
    let style = *pen.style;
    step_ticks(pen, &x, last, bottom);

    let zero = y.pixel(data.zero());
    pen.dashes(
        &[(x.pixel0, zero), (x.pixel1, zero)],
        style.ink.into(),
        1.25,
        1.5,
        4.0,
    );

    let live = polyline(&area, &data.live_steps, &data.live_train, 0.5);
    pen.path(&live, style.train.mix(0.55), 1.0);
    let train = polyline(&area, &data.steps, &data.train, 0.0);
    let test = polyline(&area, &data.steps, &data.test, 0.0);
    pen.path(&train, style.train.into(), 2.0);
    pen.dashes(&test, style.test.into(), 2.0, 6.0, 3.0);
    for at in spaced(&train, 18.0) {
        pen.dot(at, 3.0, style.train);
    }
    for at in spaced(&test, 18.0) {
        pen.square(at, 2.75, style.test);
    }
    let place = |step: Option<f64>| {
        let step = step.filter(|step| step.is_finite())?;
        Some(x.pixel(step).clamp(x.pixel0, x.pixel1))
    };
    if let Some(at) = place(data.shown_step) {
        pen.line((at, top - 3.0), (at, bottom), style.ink.into(), 1.5);
        pen.square((at, bottom), 4.0, style.ink);
    }
    if let Some(at) = place(data.selected_step) {
        pen.line((at, top - 3.0), (at, bottom), style.ink.mix(0.7), 1.0);
        pen.pointer((at, top), 4.5, style.ink);
    }
    let names = [
        (
            "train",
            style.train,
            train.last(),
            last_finite(&data.steps, &data.train),
        ),
        (
            "test",
            style.test,
            test.last(),
            last_finite(&data.steps, &data.test),
        ),
    ];
    name_curves(pen, names, x.pixel1 + 7.0, (top, bottom));
    mark_steps(pen, &x, &data.steps, (top, bottom));
    area
}

/// The whole height above and below a step is that step, as far as the middle to its neighbours.
fn mark_steps(pen: &mut Pen, x: &Axis, steps: &[f64], (top, bottom): (f64, f64)) {
    let at: Vec<f64> = steps
        .iter()
        .map(|&step| x.pixel(step).min(x.pixel1))
        .collect();
    for (k, &step) in steps.iter().enumerate() {
        let before = k
            .checked_sub(1)
            .map_or(x.pixel0, |before| (at[before] + at[k]) / 2.0);
        let after = at.get(k + 1).map_or(x.pixel1, |next| (at[k] + next) / 2.0);
        pen.mark_block((before, top), (after, bottom), step as usize);
    }
}

/// The least and the largest of what can be drawn, and of `zero`.
#[inline(never)]
fn range(zero: f64, series: &[&[f64]]) -> (f64, f64) {
    let all = series.iter().copied().flatten().copied();
    let values = all.filter(|loss| loss.is_finite() && *loss >= 0.0);
    values.fold((zero, zero), |(low, high), loss| {
        (loss.min(low), loss.max(high))
    })
}

/// An axis of losses on `pixels` that holds all finite values and `zero`.
fn loss_axis(pixels: (f64, f64), zero: f64, series: &[&[f64]]) -> Axis {
    let (low, high) = range(zero, series);
    let (low, high) = (low.max(DEEPEST), high.min(HIGHEST));
    if high > 10.0 * low {
        let (first, last) = (log10(low).floor() as i32, log10(high).ceil() as i32);
        // Curves leave the edge free on which a loss of zero would lie.
        let low = if low < 1.5 * power_of_ten(first) {
            0.5
        } else {
            1.0
        } * power_of_ten(first);
        let high = if high > 0.7 * power_of_ten(last) {
            2.0
        } else {
            1.0
        } * power_of_ten(last);
        return Axis::log(pixels, (low, high));
    }
    let step = round_up((high - low).max(0.004 * high) / 4.0, &[1.0, 2.0, 5.0]);
    let (low, high) = (
        (low / step - 0.25).floor() * step,
        (high / step + 0.25).ceil() * step,
    );
    Axis::linear(pixels, (low.max(0.0), high))
}

/// The pixels of a curve, without what is not finite or nearer than `apart` to the point before.
fn polyline(area: &Area, steps: &[f64], losses: &[f64], apart: f64) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for (&step, &loss) in steps.iter().zip(losses) {
        if !(step.is_finite() && loss.is_finite()) {
            continue;
        }
        let x = area.x.pixel(step).clamp(area.x.pixel0, area.x.pixel1);
        let y = area.y.pixel(loss).clamp(area.y.pixel1, area.y.pixel0);
        if points.last().is_none_or(|last| x - last.0 >= apart) {
            points.push((x, y));
        }
    }
    points
}

/// The first and last point, and of those between as many as keep `apart` pixels from their neighbours.
fn spaced(points: &[Point], apart: f64) -> Vec<Point> {
    let Some(&last) = points.last() else {
        return Vec::new();
    };
    let mut kept: Vec<Point> = Vec::new();
    for &p in points {
        let far = kept.last().is_none_or(|k| p.0 - k.0 >= apart);
        if far && (kept.is_empty() || last.0 - p.0 >= apart) {
            kept.push(p);
        }
    }
    if kept.last() != Some(&last) {
        kept.push(last);
    }
    kept
}

fn step_ticks(pen: &mut Pen, x: &Axis, last: f64, bottom: f64) {
    let faint = pen.style.faint;
    pen.line((x.pixel0, bottom), (x.pixel1, bottom), faint.into(), 1.0);
    let ends = [(x.pixel(0.0), "0".to_owned()), (x.pixel(last), short(last))];
    let between = x
        .ticks(7)
        .into_iter()
        .map(|tick| (x.pixel(tick.value), tick.label));
    draw_labels(pen, ends.into_iter().chain(between), bottom, 5.0);
    let middle = ((x.pixel0 + x.pixel1) / 2.0, bottom + 31.0);
    pen.text("step", middle, Align::Middle, faint);
}

fn last_finite(steps: &[f64], losses: &[f64]) -> Option<f64> {
    let losses = &losses[..losses.len().min(steps.len())];
    losses.iter().copied().rfind(|loss| loss.is_finite())
}

type Name<'a> = (&'a str, RGBColor, Option<&'a Point>, Option<f64>);

/// Name and last value right of each curve's end, moved apart where they would touch.
fn name_curves(pen: &mut Pen, names: [Name; 2], x: f64, (top, bottom): (f64, f64)) {
    const HEIGHT: f64 = 2.0 * TEXT + 4.0;
    let mut heights = names.map(|(.., at, _)| at.map(|at| at.1));
    if let [Some(a), Some(b)] = &mut heights {
        let (upper, lower) = if a <= b { (a, b) } else { (b, a) };
        let overlap = HEIGHT + 2.0 - (*lower - *upper);
        if overlap > 0.0 {
            *upper -= overlap / 2.0;
            *lower += overlap / 2.0;
        }
        let (high, low) = (top + HEIGHT / 2.0 - 8.0, bottom - HEIGHT / 2.0 + 8.0);
        let shift = (high - *upper).max(0.0) - (*lower - low).max(0.0);
        *upper += shift;
        *lower += shift;
    }
    for ((name, colour, _, value), height) in names.into_iter().zip(heights) {
        let (Some(value), Some(y)) = (value, height) else {
            continue;
        };
        pen.text(name, (x, y - TEXT / 2.0 - 1.0), Align::Start, colour);
        pen.text(
            &reading(value),
            (x, y + TEXT / 2.0 + 1.0),
            Align::Start,
            colour,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_of_losses_follows_the_data() {
        let axis = |losses: &[f64]| loss_axis((100.0, 0.0), 1.0, &[losses]);
        let memorised = axis(&[1.0, 0.3, 1e-6]);
        assert!(memorised.log && memorised.value0 < 1e-6 && memorised.value1 > 1.0);
        let runaway = axis(&[1.0, 5000.0]);
        assert!(runaway.log && runaway.value1 > 5000.0);
        let bump = axis(&[0.9988, 1.0, 1.0149]);
        assert!(!bump.log && bump.value0 < 0.9988 && bump.value1 > 1.0149 && bump.value1 < 1.03);
        let zero = axis(&[1.0, 0.0]);
        assert!(zero.log && zero.pixel(0.0) == 100.0);
        for odd in [
            &[][..],
            &[f64::NAN],
            &[f64::INFINITY],
            &[1.0],
            &[0.0],
            &[1e300],
        ] {
            let axis = axis(odd);
            assert!(axis.value0 < 1.0 && axis.value1 > 1.0, "{odd:?}: {axis:?}");
        }
    }
}
