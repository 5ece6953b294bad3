//! Where does test loss rise, as T and m grow? A map over both, the line at loss 1, the bump, and cuts through a cell.

use plotters::style::RGBColor;

use super::axis::short;
use super::curves::{Curves, Panel};
use super::key::{Key, Line, Shape};
use super::pen::{Align, Pen, Point};
use super::scale::{LEFT, Spacing, T_LABELS, ValueAxis, excess, reading, t_label};
use super::style::{Style, TEXT, blend};
use super::table::Table;
use super::{Area, Figure, SweepFigure};
use crate::sweep::{Quantity, Record, Setting, curves};

/// Test loss over T and m: the mean over data seeds.
pub struct HeatMap<'a> {
    records: &'a [Record],
    /// Of columns, ascending.
    ts: Vec<f64>,
    /// Of rows, ascending.
    ms: Vec<f64>,
    /// Row after row; none where runs are missing or diverged.
    cells: Vec<Option<Cell>>,
    /// Column and row of the cuts.
    chosen: (usize, usize),
}

#[derive(Clone, Copy)]
struct Cell {
    loss: f64,
    seeds: usize,
    /// One of its runs.
    run: usize,
}

/// Height of the cut above the map, and of a row of it.
const CUT: f64 = 92.0;
const ROW: (f64, f64) = (20.0, 34.0);

impl<'a> HeatMap<'a> {
    /// The map with cuts through the cell of the run `selected`, else through the bump at the least m from 2 on.
    pub fn new(records: &'a [Record], selected: Option<usize>) -> HeatMap<'a> {
        let rows = curves(records, Some(Setting::HiddenSize));
        let ms: Vec<f64> = rows.iter().filter_map(|row| row.value).collect();
        let mut ts: Vec<f64> = rows
            .iter()
            .flat_map(|row| &row.points)
            .map(|p| p.t)
            .collect();
        ts.sort_by(f64::total_cmp);
        ts.dedup();
        let mut cells = vec![None; ts.len() * ms.len()];
        let mut chosen = None;
        for (row, curve) in rows.iter().enumerate() {
            for point in &curve.points {
                let column = ts
                    .iter()
                    .position(|&t| t == point.t)
                    .expect("collected above");
                let spread = point.spread(records, Quantity::TestLoss);
                cells[row * ts.len() + column] = spread.map(|spread| Cell {
                    loss: spread.mean,
                    seeds: spread.seeds,
                    run: point.best(records).0,
                });
                let mut runs = point
                    .seeds
                    .iter()
                    .flat_map(|s| s.others.iter().chain([&s.best]));
                if runs.any(|&run| Some(run) == selected) {
                    chosen = Some((column, row));
                }
            }
        }
        let map = HeatMap {
            records,
            ts,
            ms,
            cells,
            chosen: (0, 0),
        };
        let from_two = (0..map.ms.len()).filter(|&row| map.ms[row] >= 2.0);
        let bump = from_two
            .filter_map(|row| Some((map.bump(row)?, row)))
            .next();
        let chosen = chosen.or(bump).unwrap_or((0, 0));
        HeatMap { chosen, ..map }
    }

    fn cell(&self, column: usize, row: usize) -> Option<Cell> {
        *self.cells.get(row * self.ts.len() + column)?
    }

    fn loss(&self, column: usize, row: usize) -> Option<f64> {
        Some(self.cell(column, row)?.loss)
    }

    /// The column of a row's bump: the highest loss above 1 that is higher than at the next smaller and larger T. The ends of
    /// the row don't count: what rises towards the smallest T is memorisation that fails.
    fn bump(&self, row: usize) -> Option<usize> {
        let peak = |&column: &usize| {
            let [before, here, after] = [column - 1, column, column + 1].map(|c| self.loss(c, row));
            matches!((before, here, after), (Some(a), Some(b), Some(c)) if b > a && b >= c && b > 1.0)
        };
        let peaks = (1..self.ts.len().saturating_sub(1)).filter(peak);
        peaks.max_by(|&a, &b| {
            self.loss(a, row)
                .partial_cmp(&self.loss(b, row))
                .expect("finite")
        })
    }

    fn losses(&self) -> Vec<f64> {
        let cells = self.cells.iter().flatten();
        cells.map(|cell| cell.loss).collect()
    }

    fn layout(&self, width: f64, height: f64) -> Layout {
        let cut = (0.17 * width).clamp(60.0, 150.0);
        let right = (width - cut - 10.0).max(LEFT + 1.0);
        let top = 3.0 * TEXT + 20.0 + CUT;
        Layout {
            left: LEFT,
            right,
            top,
            bottom: (height - T_LABELS - TEXT - 4.0).max(top + 1.0),
            columns: self.ts.len() as f64,
            rows: self.ms.len() as f64,
        }
    }

    /// Is a cell alone on its side of 1? Its colour says so; a line around it would look like a sign.
    fn is_alone(&self, column: usize, row: usize) -> bool {
        let above = |column, row| self.loss(column, row).map(|loss| loss > 1.0);
        let columns = column.saturating_sub(1)..=(column + 1).min(self.ts.len() - 1);
        let rows = row.saturating_sub(1)..=(row + 1).min(self.ms.len() - 1);
        let around = columns.flat_map(|c| rows.clone().map(move |r| (c, r)));
        let like_it = |&(c, r): &(usize, usize)| above(c, r) == above(column, row);
        around.filter(like_it).count() == 1
    }

    /// Pieces of the line on which the loss is 1, between the middles of neighbouring cells.
    fn contour(&self, layout: &Layout) -> Vec<[Point; 2]> {
        let mut pieces = Vec::new();
        for row in 0..self.ms.len().saturating_sub(1) {
            for column in 0..self.ts.len().saturating_sub(1) {
                let around = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(c, r)| (column + c, row + r));
                let values = around.map(|(c, r)| {
                    let loss = self.loss(c, r).filter(|_| !self.is_alone(c, r));
                    loss.map(excess)
                });
                let crossing = |k: usize| {
                    let (a, b) = (values[k]?, values[(k + 1) % 4]?);
                    if (a > 0.0) == (b > 0.0) {
                        return None;
                    }
                    let (from, to) = (around[k], around[(k + 1) % 4]);
                    let (from, to) = (layout.middle(from.0, from.1), layout.middle(to.0, to.1));
                    let share = a / (a - b);
                    Some((
                        from.0 + share * (to.0 - from.0),
                        from.1 + share * (to.1 - from.1),
                    ))
                };
                if values.iter().any(Option::is_none) {
                    continue;
                }
                // Two crossings, or four in a saddle, which are joined in their order.
                let crossings: Vec<Point> = (0..4).filter_map(crossing).collect();
                pieces.extend(crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]));
            }
        }
        pieces
    }
}

/// The map's rectangle, pixels.
struct Layout {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    columns: f64,
    rows: f64,
}

impl Layout {
    /// Where column and row meet; whole numbers are borders. Rows go up.
    fn at(&self, column: f64, row: f64) -> Point {
        (
            self.left + (self.right - self.left) * column / self.columns,
            self.bottom - (self.bottom - self.top) * row / self.rows,
        )
    }

    fn middle(&self, column: usize, row: usize) -> Point {
        self.at(column as f64 + 0.5, row as f64 + 0.5)
    }
}

/// Colours of losses: the surface at 1, one hue above and one below, as far from it as the excess is.
struct Colours {
    style: Style,
    /// Excess of the highest and of the lowest loss.
    reach: (f64, f64),
}

impl Colours {
    fn new(style: &Style, losses: &[f64]) -> Colours {
        let widen = |(high, low): (f64, f64), e: f64| (high.max(e), low.min(e));
        Colours {
            style: *style,
            reach: losses
                .iter()
                .copied()
                .map(excess)
                .fold((1e-9, -1e-9), widen),
        }
    }

    fn of(&self, loss: f64) -> RGBColor {
        let e = excess(loss);
        let (hue, share) = match e > 0.0 {
            true => (self.style.examples, e / self.reach.0),
            false => (self.style.features, e / self.reach.1),
        };
        // A step at 1, so that cells on its two sides are told apart.
        blend(self.style.surface, hue, 0.08 + 0.92 * share)
    }
}

impl Figure for HeatMap<'_> {
    fn title(&self) -> String {
        "Test loss over T and m".into()
    }

    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let layout = self.layout(pen.width, pen.height);
        self.draw_key(pen);
        self.draw_cells(pen, &layout);
        self.draw_lines(pen, &layout);
        self.draw_labels(pen, &layout);
        if self.cells.iter().any(Option::is_some) {
            self.draw_cuts(pen, &layout);
        }
        None
    }
}

impl HeatMap<'_> {
    /// What colours and lines mean.
    fn draw_key(&self, pen: &mut Pen) {
        let style = *pen.style;
        let colours = Colours::new(&style, &self.losses());
        let (high, low) = self
            .losses()
            .into_iter()
            .fold((1.0, 1.0), |(h, l): (f64, f64), x| (h.max(x), l.min(x)));
        let y = TEXT / 2.0 + 3.0;
        let mut x = 3.0;
        let mut samples = vec![low, 1.0, high];
        samples.dedup();
        for loss in samples {
            let text = if loss == 1.0 {
                "1".into()
            } else {
                reading(loss)
            };
            pen.block((x - 1.0, y - 7.0), (x + 13.0, y + 7.0), style.grid);
            pen.block((x, y - 6.0), (x + 12.0, y + 6.0), colours.of(loss));
            pen.text(&text, (x + 16.0, y), Align::Start, style.ink);
            x += 26.0 + super::pen::text_width(&text);
        }
        let mut key = Key::default();
        key.add("loss 1", style.ink, Shape::None, Line::Solid);
        key.add("bump", style.ink, Shape::Ring, Line::Dashed);
        key.draw(pen, (2.0, TEXT + 8.0), pen.width);
    }

    fn draw_cells(&self, pen: &mut Pen, layout: &Layout) {
        let colours = Colours::new(pen.style, &self.losses());
        for row in 0..self.ms.len() {
            for column in 0..self.ts.len() {
                let Some(cell) = self.cell(column, row) else {
                    continue;
                };
                let (x0, y1) = layout.at(column as f64, row as f64);
                let (x1, y0) = layout.at(column as f64 + 1.0, row as f64 + 1.0);
                pen.block(
                    (x0 + 0.5, y0 + 0.5),
                    (x1 - 0.5, y1 - 0.5),
                    colours.of(cell.loss),
                );
                let words = format!(
                    "T = {}, m = {}: test loss {}, {}",
                    t_label(self.ts[column]),
                    self.ms[row],
                    reading(cell.loss),
                    match cell.seeds {
                        1 => "one data seed".into(),
                        seeds => format!("mean of {seeds} data seeds"),
                    }
                );
                pen.place_block((x0, y0), (x1, y1), cell.run, words);
            }
        }
    }

    fn draw_lines(&self, pen: &mut Pen, layout: &Layout) {
        let ink = pen.style.ink;
        for piece in self.contour(layout) {
            pen.path(&piece, ink.into(), 1.5);
        }
        let rows = 0..self.ms.len();
        let bumps: Vec<Point> = rows
            .filter_map(|row| Some(layout.middle(self.bump(row)?, row)))
            .collect();
        Line::Dashed.draw(pen, &bumps, ink, 1.25);
        for at in bumps {
            Shape::Ring.draw(pen, at, 4.5, ink);
        }
    }

    fn draw_labels(&self, pen: &mut Pen, layout: &Layout) {
        let faint = pen.style.faint;
        let mut end = f64::NEG_INFINITY;
        for (column, &t) in self.ts.iter().enumerate() {
            let (x, label) = (layout.middle(column, 0).0, t_label(t));
            let half = super::pen::text_width(&label) / 2.0;
            // What would touch the label before has none.
            if x - half > end + 2.0 {
                pen.text(&label, (x, layout.bottom + 11.0), Align::Middle, faint);
                end = x + half;
            }
        }
        for (row, &m) in self.ms.iter().enumerate() {
            let y = layout.middle(0, row).1;
            pen.text(&short(m), (layout.left - 6.0, y), Align::End, faint);
        }
        pen.text(
            "m",
            (8.0, (layout.top + layout.bottom) / 2.0),
            Align::Start,
            faint,
        );
        let middle = (layout.left + layout.right) / 2.0;
        pen.text(
            "T",
            (middle, layout.bottom + 11.0 + TEXT + 3.0),
            Align::Middle,
            faint,
        );
    }

    /// Test loss along the row and the column of the chosen cell.
    fn draw_cuts(&self, pen: &mut Pen, layout: &Layout) {
        let style = *pen.style;
        let (column, row) = self.chosen;
        let (x0, y1) = layout.at(column as f64, row as f64);
        let (x1, y0) = layout.at(column as f64 + 1.0, row as f64 + 1.0);
        let frame = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)];
        pen.path(&frame, style.ink.into(), 1.5);

        let bottom = layout.top - 8.0;
        let losses = self.losses();
        let y = ValueAxis::new(
            (bottom, bottom - CUT + TEXT + 8.0),
            Spacing::Excess,
            &losses,
        );
        y.draw(pen, (layout.left, layout.right));
        let along: Vec<Point> = (0..self.ts.len())
            .filter_map(|c| Some((layout.middle(c, row).0, y.pixel(self.loss(c, row)?))))
            .collect();
        let name = format!("test loss at m = {}", self.ms[row]);
        pen.text(&name, (2.0, bottom - CUT + 2.0), Align::Start, style.faint);
        Line::Solid.draw(pen, &along, style.test, 1.75);
        for at in along {
            pen.dot(at, 2.5, style.test);
        }

        let (left, right) = (layout.right + 12.0, pen.width - 6.0);
        let x = ValueAxis::new((left, right.max(left + 1.0)), Spacing::Excess, &losses);
        x.draw_across(pen, (layout.top, layout.bottom));
        let across: Vec<Point> = (0..self.ms.len())
            .filter_map(|r| Some((x.pixel(self.loss(column, r)?), layout.middle(column, r).1)))
            .collect();
        let name = format!("at T = {}", t_label(self.ts[column]));
        pen.text(
            &name,
            ((left + right) / 2.0, layout.top - TEXT),
            Align::Middle,
            style.faint,
        );
        Line::Solid.draw(pen, &across, style.test, 1.75);
        for at in across {
            pen.dot(at, 2.5, style.test);
        }
    }
}

impl SweepFigure for HeatMap<'_> {
    fn summary(&self) -> String {
        let bump = |row: usize| {
            let column = self.bump(row)?;
            let (t, loss) = (t_label(self.ts[column]), reading(self.loss(column, row)?));
            Some(format!("m = {} at T = {t} ({loss})", self.ms[row]))
        };
        let bumps: Vec<String> = (0..self.ms.len()).filter_map(bump).collect();
        match bumps.is_empty() {
            true => "Test loss has no bump at any m.".into(),
            false => format!("Test loss has its bump for {}.", bumps.join(", ")),
        }
    }

    fn table(&self) -> Table {
        let panel = Panel::new(Quantity::TestLoss, Spacing::Excess);
        Curves::new(self.records, Some(Setting::HiddenSize), vec![panel]).table()
    }

    fn height(&self, width: f64) -> f64 {
        let rows = self.ms.len() as f64 * (0.034 * width).clamp(ROW.0, ROW.1);
        self.layout(width, 0.0).top + rows + T_LABELS + TEXT + 4.0
    }
}
