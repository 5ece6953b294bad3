//! Which numbers does a figure show? Its table, for readers who can't see it and for programs.

use serde::Serialize;

/// The numbers of a figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, in the order of the figure.
    pub rows: Vec<Row>,
}

/// A row and the runs that its numbers come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Indices among the figure's records.
    pub records: Vec<usize>,
    /// As many as there are columns.
    pub cells: Vec<Cell>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// With all its bits.
    Number(f64),
    /// A word, or what is no finite number.
    Text(String),
}

impl From<f64> for Cell {
    /// What is not finite becomes a word, as it has no form in JSON.
    fn from(x: f64) -> Cell {
        if x.is_finite() {
            Cell::Number(x)
        } else {
            Cell::Text(if x == f64::INFINITY { "inf" } else { "" }.into())
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.into())
    }
}

impl Table {
    /// A table of these columns without rows.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Table {
        Table {
            columns: columns.into_iter().map(S::into).collect(),
            rows: Vec::new(),
        }
    }

    /// Appends a row.
    pub fn push(&mut self, records: Vec<usize>, cells: Vec<Cell>) {
        assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(Row { records, cells });
    }

    /// Appends the columns of another table to the rows with the same first cell.
    pub fn join(&mut self, other: &Table) {
        self.columns.extend_from_slice(&other.columns[1..]);
        for row in &mut self.rows {
            let same = other
                .rows
                .iter()
                .find(|theirs| theirs.cells[0] == row.cells[0]);
            let theirs = same.map_or(&[][..], |theirs| &theirs.cells[1..]);
            row.cells.extend_from_slice(theirs);
            row.cells.resize(self.columns.len(), f64::NAN.into());
        }
    }

    /// As CSV (RFC 4180), numbers in the shortest form that reads back to the same bits.
    pub fn to_csv(&self) -> String {
        let quoted = |text: &str| match text.contains([',', '"', '\n']) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_string(),
        };
        let cell = |cell: &Cell| match cell {
            Cell::Number(x) => x.to_string(),
            Cell::Text(text) => quoted(text),
        };
        let head: Vec<String> = self.columns.iter().map(|name| quoted(name)).collect();
        let body = self
            .rows
            .iter()
            .map(|row| row.cells.iter().map(cell).collect());
        let lines = std::iter::once(head).chain(body);
        lines
            .map(|cells: Vec<String>| cells.join(",") + "\r\n")
            .collect()
    }
}
