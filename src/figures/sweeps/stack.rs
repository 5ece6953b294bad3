//! How do several views of the same runs belong together? Figures below each other.

use crate::figures::tools::pen::Pen;
use crate::figures::tools::table::Table;
use crate::figures::{Area, Figure};

/// Figures of the same records, from above.
pub struct Stack<'a> {
    pub parts: Vec<Box<dyn Figure + 'a>>,
}

const GAP: f64 = 16.0;

impl Figure for Stack<'_> {
    fn title(&self) -> String {
        let titles: Vec<String> = self.parts.iter().map(|part| part.title()).collect();
        titles.join("; ")
    }

    /// Each has the height that it asks for, or its share of what there is.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (width, mut top) = (pen.width, 0.0);
        let scale = pen.height / self.height(width);
        for part in &self.parts {
            let height = part.height(width) * scale;
            part.compose(&mut pen.part((0.0, top), (width, height)));
            top += height + GAP * scale;
        }
        None
    }

    fn summary(&self) -> String {
        let sentences: Vec<String> = self.parts.iter().map(|part| part.summary()).collect();
        sentences.join(" ")
    }

    /// The first part's table with the other parts' columns.
    fn table(&self) -> Table {
        let mut tables = self.parts.iter().map(|part| part.table());
        let mut table = tables.next().unwrap_or_default();
        for other in tables {
            table.join(&other);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        let parts = self.parts.iter().map(|part| part.height(width));
        parts.sum::<f64>() + GAP * self.parts.len().saturating_sub(1) as f64
    }
}
