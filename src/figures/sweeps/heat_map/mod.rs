//! Where does test loss rise, as T and m grow? A map over both, the line at loss 1, the bump, and cuts through a cell.

mod drawing;

use crate::figures::sweeps::curves::{Curves, Panel};
use crate::figures::tools::numbers::{reading, short};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::scale::{LEFT, Spacing, T_LABELS, excess};
use crate::figures::tools::style::TEXT;
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};
use crate::sweep::{Quantity, Record, Setting, curves};

/// Test loss over T and m: the mean over data seeds.
pub struct HeatMap<'a> {
    records: &'a [Record],
    /// Of columns, ascending.
    ts: Vec<f64>,
    /// Of rows, ascending.
    ms: Vec<f64>,
    /// Row after row; none where there is no run yet.
    cells: Vec<Option<Cell>>,
    /// Column and row of the cuts.
    chosen: (usize, usize),
}

#[derive(Clone, Copy)]
struct Cell {
    /// None if all its runs diverged.
    loss: Option<f64>,
    /// Data seeds whose run has not diverged.
    seeds: usize,
    /// One of its runs.
    run: usize,
}

/// Height of the cut above the map, and of a row of it.
const CUT: f64 = 92.0;
const ROW: (f64, f64) = (20.0, 34.0);

impl<'a> HeatMap<'a> {
    /// The map with cuts through the cell of the run `selected`, else through the highest bump.
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
                cells[row * ts.len() + column] = Some(Cell {
                    loss: spread.map(|spread| spread.mean),
                    seeds: spread.map_or(0, |spread| spread.seeds),
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
        let bumps = (0..map.ms.len()).filter_map(|row| Some((map.bump(row)?, row)));
        let height = |&(column, row): &(usize, usize)| map.loss(column, row);
        let highest = bumps.max_by(|a, b| height(a).partial_cmp(&height(b)).expect("finite"));
        let chosen = chosen.or(highest).unwrap_or((0, 0));
        HeatMap { chosen, ..map }
    }

    fn cell(&self, column: usize, row: usize) -> Option<Cell> {
        *self.cells.get(row * self.ts.len() + column)?
    }

    fn loss(&self, column: usize, row: usize) -> Option<f64> {
        self.cell(column, row)?.loss
    }

    /// The column of a row's bump: the highest loss above 1 that is higher than at the next smaller and larger T. The ends of
    /// the row don't count: what rises towards the smallest T is memorisation that fails, and where the loss is highest at the largest
    /// T, the bump lies beyond.
    fn bump(&self, row: usize) -> Option<usize> {
        let last = (0..self.ts.len()).rev().find_map(|c| self.loss(c, row))?;
        let peak = |&column: &usize| {
            let [before, here, after] = [column - 1, column, column + 1].map(|c| self.loss(c, row));
            matches!((before, here, after), (Some(a), Some(b), Some(c)) if b > a && b >= c && b > last.max(1.0))
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
        cells.filter_map(|cell| cell.loss).collect()
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
        if !self.losses().is_empty() {
            self.draw_cuts(pen, &layout);
        }
        None
    }

    fn summary(&self) -> String {
        let bump = |row: usize| {
            let column = self.bump(row)?;
            let (t, loss) = (short(self.ts[column]), reading(self.loss(column, row)?));
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
