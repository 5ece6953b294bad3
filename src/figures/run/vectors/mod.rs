//! Where do the features or the examples lie in the hidden space? The columns of W, or h = W x, as vectors from the origin.

mod drawing;

use drawing::{FEW, length, line, plane, points};

use std::borrow::Cow;

use plotters::style::RGBColor;

use crate::figures::tools::axis::Area;
use crate::figures::tools::numbers::{counted, grouped, reading};
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::plane::extent;
use crate::figures::tools::style::Style;
use crate::figures::{Figure, Table};
use crate::math::largest_first;

/// What the vectors stand for: their colour, and discs or rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Columns of W.
    Features,
    /// Hidden vectors h = W x of training examples.
    Examples,
}

impl Role {
    /// What one of them is called.
    pub fn name(self) -> &'static str {
        match self {
            Role::Features => "feature",
            Role::Examples => "example",
        }
    }

    /// What several are called.
    pub fn names(self) -> &'static str {
        match self {
            Role::Features => "features",
            Role::Examples => "examples",
        }
    }

    /// One of them by number, from 0 on, at the beginning of a sentence.
    pub fn nth(self, index: usize) -> String {
        let name = match self {
            Role::Features => "Feature",
            Role::Examples => "Example",
        };
        format!("{name} {}", grouped(index + 1))
    }

    /// Its colour.
    pub fn colour(self, style: &Style) -> RGBColor {
        match self {
            Role::Features => style.features,
            Role::Examples => style.examples,
        }
    }
}

/// Vectors (count, m), row after row.
#[derive(Clone, Debug)]
pub struct Vectors<'a> {
    /// What they stand for.
    pub role: Role,
    /// m, the number of coordinates of each.
    pub m: usize,
    /// The coordinates, m of one vector after the other.
    pub vectors: Cow<'a, [f32]>,
    /// D of each; none if not known.
    pub dimensionality: Cow<'a, [f64]>,
    /// Which of all features or examples these are, where not all are there.
    pub index: Cow<'a, [u32]>,
    /// Radius of the circle that the closed form predicts; drawn at m = 2 where it is on the scale of the vectors.
    pub closed_form_radius: Option<f64>,
    /// The vector that is brought out.
    pub selected: Option<usize>,
    /// The [`reach`](Figure::reach) of a figure beside this one; none where the vectors alone decide.
    pub beside: Vec<f64>,
}

impl Figure for Vectors<'_> {
    fn title(&self) -> String {
        let count = self.count();
        match (self.role, count) {
            (Role::Features, _) => format!("{count} features: columns of W, m = {}", self.m),
            (Role::Examples, 1) => format!("Hidden vector of 1 example, m = {}", self.m),
            (Role::Examples, _) => format!("Hidden vectors of {count} examples, m = {}", self.m),
        }
    }

    fn summary(&self) -> String {
        let what = match self.role {
            Role::Features => "Columns of W",
            Role::Examples => "Hidden vectors",
        };
        let lengths = self.lengths();
        let longest = lengths.iter().copied().fold(0.0, f64::max);
        let long = lengths.iter().filter(|l| **l >= longest / 2.0).count();
        format!(
            "{what} in {}: {}, the longest {}, {} at least half as long.",
            counted(self.m, "dimension"),
            counted(self.count(), self.role.name()),
            reading(longest),
            grouped(long),
        )
    }

    /// The longest first.
    fn table(&self) -> Table {
        let letter = match self.role {
            Role::Features => "W",
            Role::Examples => "h",
        };
        let mut columns = vec![self.role.name().to_string()];
        for k in 1..=self.m {
            columns.push(format!("{letter}{k}"));
        }
        columns.extend(["length", "D"].map(String::from));
        let mut table = Table::new(columns);
        let lengths = self.lengths();
        for k in largest_first(&lengths) {
            let mut cells = vec![((self.number(k) + 1) as f64).into()];
            cells.extend(self.vector(k).iter().map(|&x| f64::from(x).into()));
            let d = self.dimensionality.get(k).copied();
            cells.extend([lengths[k].into(), d.unwrap_or(f64::NAN).into()]);
            table.push(Vec::new(), cells);
        }
        table
    }

    fn height(&self, width: f64) -> f64 {
        width
    }

    /// Draws the figure. At m = 2 and above both axes have one scale, with the origin in the middle; at m = 1 the vectors are
    /// numbers on a line; above m = 2 they are projected onto the plane of their two largest principal components.
    /// Vectors with a coordinate that is not finite are left out.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        let (area, places) = self.draw(pen);
        for (index, at) in places {
            pen.mark(at, index);
        }
        Some(area)
    }

    /// Few in the order of their numbers; of many the longest first, for those are what one sees.
    fn stops(&self) -> Option<Vec<usize>> {
        if self.count() <= FEW {
            return Some((0..self.count()).collect());
        }
        let mut stops = largest_first(&self.lengths());
        stops.truncate(MOST_STOPS);
        Some(stops)
    }

    fn read(&self, stop: usize) -> Option<String> {
        if stop >= self.count() {
            return None;
        }
        let mut words = format!("{}: ", self.role.nth(self.number(stop)));
        let vector = self.vector(stop);
        if vector.len() <= 4 {
            let numbers: Vec<String> = vector.iter().map(|&x| reading(x.into())).collect();
            words += &format!("({}), ", numbers.join(", "));
        }
        words += &format!("length {}", reading(norm(vector)));
        if let Some(&d) = self.dimensionality.get(stop) {
            words += &format!(", D {}", reading(d));
        }
        Some(words)
    }

    /// The length that must fit.
    fn reach(&self) -> Vec<f64> {
        let (longest, circle) = self.extent_of(&points(self));
        vec![longest.max(circle.unwrap_or(0.0))]
    }
}

impl<'a> Vectors<'a> {
    /// All of them, as they are.
    pub fn new(role: Role, m: usize, vectors: impl Into<Cow<'a, [f32]>>) -> Vectors<'a> {
        Vectors {
            role,
            m,
            vectors: vectors.into(),
            dimensionality: Cow::default(),
            index: Cow::default(),
            closed_form_radius: None,
            selected: None,
            beside: Vec::new(),
        }
    }

    fn count(&self) -> usize {
        self.vectors.len() / self.m.max(1)
    }

    fn vector(&self, k: usize) -> &[f32] {
        &self.vectors[k * self.m..(k + 1) * self.m]
    }

    /// Its number among all features or examples, from 0 on.
    fn number(&self, k: usize) -> usize {
        self.index.get(k).map_or(k, |&number| number as usize)
    }

    #[inline(never)]
    fn lengths(&self) -> Vec<f64> {
        (0..self.count()).map(|k| norm(self.vector(k))).collect()
    }

    /// The length of the longest vector as it is drawn, and the closed form's radius if that is drawn.
    #[inline(never)]
    fn extent_of(&self, points: &[(usize, Point)]) -> (f64, Option<f64>) {
        let longest = points.iter().map(|&(_, p)| length(p)).fold(0.0, f64::max);
        // Before training the circle is far outside the vectors and still the figure's aim; beyond about T = 35 it
        // says nothing unless they come near it.
        let near = |r: &f64| r.is_finite() && *r > 0.0 && *r <= (3.0 * longest).max(8.0);
        let circle = self.closed_form_radius.filter(|r| self.m == 2 && near(r));
        (longest, circle)
    }

    /// Half the extent of the axes.
    fn half(&self, longest: f64) -> f64 {
        extent(self.beside.iter().copied().fold(longest, f64::max))
    }

    /// The vectors without places that are read, as a part of another figure: the map, and where each lies.
    pub fn draw(&self, pen: &mut Pen) -> (Area, Vec<(usize, Point)>) {
        match self.m {
            0 | 1 => line(pen, self),
            _ => plane(pen, self),
        }
    }
}

/// Keys stop at so many at most.
const MOST_STOPS: usize = 200;

#[inline(never)]
fn norm(vector: &[f32]) -> f64 {
    let squares = vector.iter().map(|&x| f64::from(x) * f64::from(x));
    squares.sum::<f64>().sqrt()
}
