//! Which numbers does a figure show? Its table, for readers who can't see it and for programs.

/// The numbers of a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, in the order of the figure.
    pub rows: Vec<Row>,
}

/// A row and the runs that its numbers come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Indices among the figure's records.
    pub records: Vec<usize>,
    /// As many as there are columns.
    pub cells: Vec<Cell>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq)]
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
        let mut csv = String::new();
        for (k, name) in self.columns.iter().enumerate() {
            add(&mut csv, k, name);
        }
        for row in &self.rows {
            csv += "\r\n";
            for (k, cell) in row.cells.iter().enumerate() {
                match cell {
                    Cell::Number(x) => add(&mut csv, k, &x.to_string()),
                    Cell::Text(text) => add(&mut csv, k, text),
                }
            }
        }
        csv + "\r\n"
    }
}

/// Appends the entry of column k to a line of CSV.
#[inline(never)]
fn add(csv: &mut String, k: usize, text: &str) {
    if k > 0 {
        csv.push(',');
    }
    if text.contains([',', '"', '\n']) {
        *csv += &format!("\"{}\"", text.replace('"', "\"\""));
    } else {
        *csv += text;
    }
}
