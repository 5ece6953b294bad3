//! Where do the features or the examples lie in the hidden space? The columns of W, or h = W x, as vectors from the origin.

use plotters::style::Color;

use super::Figure;
use super::axis::{Area, Axis, round_up, short};
use super::pen::{Align, Pen, Point, text_width};
use super::style::TEXT;
use crate::math::{atan2, cos, sin};
use crate::measure::principal_plane;

/// What the vectors stand for: their colour, and discs or rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Columns of W.
    Features,
    /// Hidden vectors h = W x of training examples.
    Examples,
}

/// Vectors (count, m), row after row.
#[derive(Clone, Copy, Debug)]
pub struct Vectors<'a> {
    /// What they stand for.
    pub role: Role,
    /// m, the number of coordinates of each.
    pub m: usize,
    /// The coordinates, m of one vector after the other.
    pub vectors: &'a [f32],
    /// Radius of the circle that the closed form predicts; drawn at m = 2 where it is on the scale of the vectors.
    pub closed_form_radius: Option<f64>,
    /// The vector that is brought out.
    pub selected: Option<usize>,
    /// A length that must fit on the axes, so that figures beside each other have one scale; 0 where the vectors alone decide.
    pub reach: f64,
}

impl Figure for Vectors<'_> {
    fn title(&self) -> String {
        let count = self.vectors.len() / self.m.max(1);
        match (self.role, count) {
            (Role::Features, _) => format!("{count} features: columns of W, m = {}", self.m),
            (Role::Examples, 1) => format!("Hidden vector of 1 example, m = {}", self.m),
            (Role::Examples, _) => format!("Hidden vectors of {count} examples, m = {}", self.m),
        }
    }

    /// Draws the figure. At m = 2 and above both axes have one scale, with the origin in the middle; at m = 1 the vectors are
    /// numbers on a line; above m = 2 they are projected onto the plane of their two largest principal components.
    /// Vectors with a coordinate that is not finite are left out.
    fn compose(&self, pen: &mut Pen) -> Option<Area> {
        Some(match self.m {
            0 | 1 => line(pen, self),
            _ => plane(pen, self),
        })
    }
}

impl Vectors<'_> {
    /// The length that it needs on its axes: figures beside each other that `reach` the longest of theirs have one scale.
    pub fn needed_reach(&self) -> f64 {
        let (longest, circle) = self.lengths(&points(self));
        longest.max(circle.unwrap_or(0.0))
    }

    /// The length of the longest vector, and the closed form's radius if it is drawn.
    fn lengths(&self, points: &[(usize, Point)]) -> (f64, Option<f64>) {
        let longest = points.iter().map(|&(_, p)| length(p)).fold(0.0, f64::max);
        // Before training the circle is far outside the vectors and still the figure's aim; beyond about T = 35 it
        // says nothing unless they come near it.
        let near = |r: &f64| r.is_finite() && *r > 0.0 && *r <= (3.0 * longest).max(8.0);
        let circle = self.closed_form_radius.filter(|r| self.m == 2 && near(r));
        (longest, circle)
    }
}

/// Up to so many vectors each gets its own line and a big dot; beyond, dots that would cover others are left out.
const FEW: usize = 64;
/// Dots and lines at most, however many vectors there are: about 120 KB of SVG, and a fraction of a frame.
const MOST_DOTS: usize = 1000;
const MOST_LINES: usize = 180;
/// Shorter vectors than this share of the longest, where there are many, are dots without lines.
const SHORT: f64 = 0.3;

/// The vectors in two dimensions with their numbers, without those that are not finite.
fn points(data: &Vectors) -> Vec<(usize, Point)> {
    let plane: Vec<Point> = match data.m {
        0 | 1 => data.vectors.iter().map(|&x| (f64::from(x), 0.0)).collect(),
        2 => data
            .vectors
            .chunks_exact(2)
            .map(|v| (f64::from(v[0]), f64::from(v[1])))
            .collect(),
        m if data.vectors.iter().all(|x| x.is_finite()) => principal_plane(data.vectors, m)
            .into_iter()
            .map(|[x, y]| (x, y))
            .collect(),
        _ => Vec::new(),
    };
    let finite = |(_, (x, y)): &(usize, Point)| x.is_finite() && y.is_finite();
    plane.into_iter().enumerate().filter(finite).collect()
}

fn length((x, y): Point) -> f64 {
    (x * x + y * y).sqrt()
}

/// Half the extent of the axes: the next round value, so that a live figure's scale changes seldom and by small steps.
pub(super) fn extent(longest: f64) -> f64 {
    let steps = [
        1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0,
    ];
    round_up(longest * 1.02, &steps)
}

fn plane(pen: &mut Pen, data: &Vectors) -> Area {
    let points = points(data);
    let (longest, circle) = data.lengths(&points);
    let extent = extent(longest.max(circle.unwrap_or(0.0)).max(data.reach));

    let big = points.len() <= FEW;
    let dot = if big {
        4.0
    } else if points.len() <= 400 {
        2.75
    } else {
        2.0
    };
    // Small multiples have smaller dots.
    let side = pen.width.min(pen.height);
    let scale = (side / 240.0).clamp(0.6, 1.0);
    let radius = dot * scale;
    let half = (side / 2.0 - radius - 2.0).max(1.0);
    let (cx, cy) = (pen.width / 2.0, pen.height / 2.0);
    let area = Area {
        x: Axis::linear((cx - half, cx + half), (-extent, extent)),
        y: Axis::linear((cy + half, cy - half), (-extent, extent)),
    };
    let place = |(x, y): Point| (area.x.pixel(x), area.y.pixel(y));

    let style = *pen.style;
    pen.line((cx - half, cy), (cx + half, cy), style.grid.into(), 1.0);
    pen.line((cx, cy - half), (cx, cy + half), style.grid.into(), 1.0);
    if let Some(r) = circle {
        let turn = std::f64::consts::TAU / 120.0;
        let round: Vec<Point> = (0..=120)
            .map(|k| place((r * cos(k as f64 * turn), r * sin(k as f64 * turn))))
            .collect();
        pen.dashes(&round, style.faint.mix(0.8), 1.0, 4.0, 4.0);
    }

    let colour = match data.role {
        Role::Features => style.features,
        Role::Examples => style.examples,
    };
    // Lines of their own: one path that returns to the origin after each vector takes a browser three times as long.
    let (alpha, width) = if big { (0.9, 1.25) } else { (0.45, 0.75) };
    for vector in lines(&points, longest) {
        // Rings are hollow: their line ends at the rim.
        let reach = length(vector) / extent * half;
        let share = match data.role {
            Role::Examples if reach > 0.0 => ((reach - radius + 0.5) / reach).max(0.0),
            _ => 1.0,
        };
        let end = place((vector.0 * share, vector.1 * share));
        pen.line(place((0.0, 0.0)), end, colour.mix(alpha), width);
    }

    let places: Vec<Point> = points.iter().map(|&(_, p)| place(p)).collect();
    for at in thinned(&places, if big { 0 } else { MOST_DOTS }, radius) {
        match data.role {
            Role::Features => pen.dot(at, radius, colour),
            Role::Examples => pen.ring(
                at,
                radius + 0.25,
                colour,
                scale * if big { 1.75 } else { 1.0 },
            ),
        }
    }
    let selected = points
        .iter()
        .find(|(index, _)| Some(*index) == data.selected);
    if let Some(&(_, vector)) = selected {
        pen.line(place((0.0, 0.0)), place(vector), colour.into(), 2.5);
        emphasised(pen, place(vector), radius, data.role);
    }
    scale_bar(pen, half / extent);
    if data.m > 2 {
        component_names(pen);
    }
    area
}

/// The vectors that get a line: all where there are few, else the longest of each direction.
fn lines(points: &[(usize, Point)], longest: f64) -> Vec<Point> {
    if points.len() <= FEW {
        return points.iter().map(|&(_, p)| p).collect();
    }
    let mut longest_there = [(0.0, 0.0); MOST_LINES];
    for &(_, p) in points {
        let turn = atan2(p.1, p.0) / std::f64::consts::TAU + 0.5;
        let there = &mut longest_there[(turn * MOST_LINES as f64) as usize % MOST_LINES];
        if length(p) > length(*there) {
            *there = p;
        }
    }
    longest_there
        .into_iter()
        .filter(|&p| length(p) > SHORT * longest)
        .collect()
}

/// One point for each cell of a dot's radius, since others would hide it (with `most` 0 all points). Where more than
/// `most` remain, a choice that keeps the outline and the density: first one point of each coarse cell, and so every
/// lone point, then others evenly.
pub(super) fn thinned(points: &[Point], most: usize, radius: f64) -> Vec<Point> {
    if most == 0 {
        return points.to_vec();
    }
    let visible = one_per_cell(points.iter().copied(), radius);
    if visible.len() <= most {
        return visible;
    }
    let mut cell = 3.0 * radius;
    let outline = loop {
        let kept = one_per_cell(points.iter().copied(), cell);
        if kept.len() <= most.div_ceil(3) {
            break kept;
        }
        cell *= 1.3;
    };
    // Every so manieth only, lest what comes first takes all the room.
    let every = points.len().div_ceil(2 * most).max(1);
    let others = points.iter().step_by(every).copied();
    let mut kept = one_per_cell(outline.into_iter().chain(others), radius);
    kept.truncate(most);
    kept
}

/// The first point in each cell of a square grid.
fn one_per_cell(points: impl Iterator<Item = Point> + Clone, cell: f64) -> Vec<Point> {
    let reach = |(low, high): (f64, f64), v: f64| (low.min(v), high.max(v));
    let extent = points
        .clone()
        .fold([(f64::MAX, f64::MIN); 2], |[x, y], point| {
            [reach(x, point.0), reach(y, point.1)]
        });
    let [columns, rows] = extent.map(|(low, high)| ((high - low).max(0.0) / cell) as usize + 1);
    let mut taken = vec![false; columns * rows];
    let free = |&(x, y): &Point| {
        let column = ((x - extent[0].0) / cell) as usize;
        let row = ((y - extent[1].0) / cell) as usize;
        !std::mem::replace(&mut taken[row * columns + column], true)
    };
    points.filter(free).collect()
}

fn emphasised(pen: &mut Pen, at: Point, radius: f64, role: Role) {
    let style = *pen.style;
    match role {
        Role::Features => pen.dot(at, radius + 1.5, style.features),
        Role::Examples => {
            pen.dot(at, radius + 1.5, style.surface);
            pen.ring(at, radius + 1.5, style.examples, 2.5);
        }
    }
    pen.ring(at, radius + 4.5, style.ink, 1.5);
}

/// A bar of a round length in the lower left corner, outside the circle that the vectors fill.
pub(super) fn scale_bar(pen: &mut Pen, pixels_per_value: f64) {
    let style = *pen.style;
    let target = 0.16 * pen.width.min(pen.height);
    let value = round_up(target / pixels_per_value, &[1.0, 2.0, 5.0]);
    let length = value * pixels_per_value;
    let (x, y) = (6.5, pen.height - 7.5);
    pen.path(
        &[(x, y - 4.0), (x, y), (x + length, y), (x + length, y - 4.0)],
        style.faint.into(),
        1.0,
    );
    let beside = (x + length + 5.0, y - 1.5);
    pen.text(&short(value), beside, Align::Start, style.faint);
}

fn component_names(pen: &mut Pen) {
    let faint = pen.style.faint;
    let (x, y) = (pen.width - 4.0, pen.height / 2.0 - 9.0);
    pen.text("PC 1", (x, y), Align::End, faint);
    let (x, y) = (pen.width / 2.0 + 6.0, 9.0);
    pen.text("PC 2", (x, y), Align::Start, faint);
}

/// m = 1: a line of numbers; heights have no meaning and only keep dots apart.
fn line(pen: &mut Pen, data: &Vectors) -> Area {
    let points = points(data);
    let longest = points.iter().map(|&(_, p)| length(p)).fold(0.0, f64::max);
    let extent = extent(longest.max(data.reach));
    let (margin, middle) = (12.0_f64, pen.height / 2.0);
    let spread = if points.len() > 12 {
        (pen.height / 2.0 - 30.0).clamp(0.0, 60.0)
    } else {
        0.0
    };
    let area = Area {
        x: Axis::linear(
            (margin, (pen.width - margin).max(margin + 1.0)),
            (-extent, extent),
        ),
        y: Axis::linear((middle + 1.0, middle - 1.0), (-1.0, 1.0)),
    };

    let style = *pen.style;
    let base = (middle + spread + 14.0).min(pen.height - 2.0 * TEXT);
    pen.line(
        (area.x.pixel0, base),
        (area.x.pixel1, base),
        style.grid.into(),
        1.0,
    );
    let widest = text_width("−0.05") + 14.0;
    for tick in area.x.ticks(((pen.width / widest) as usize).clamp(2, 8)) {
        let x = area.x.pixel(tick.value);
        let top = if tick.value == 0.0 {
            middle - spread - 10.0
        } else {
            base - 4.0
        };
        pen.line((x, top), (x, base + 4.0), style.grid.into(), 1.0);
        pen.text_inside(&tick.label, (x, base + 4.0 + TEXT), style.faint);
    }

    let radius = if points.len() <= FEW { 4.0 } else { 2.25 };
    let place =
        |&(index, (x, _)): &(usize, Point)| (area.x.pixel(x), middle + jitter(index) * spread);
    let places: Vec<Point> = points.iter().map(place).collect();
    for at in thinned(&places, MOST_DOTS, 1.0) {
        match data.role {
            Role::Features => pen.dot(at, radius, style.features),
            Role::Examples => pen.ring(at, radius + 0.25, style.examples, 1.5),
        }
    }
    if let Some(selected) = points
        .iter()
        .find(|(index, _)| Some(*index) == data.selected)
    {
        emphasised(pen, place(selected), radius, data.role);
    }
    area
}

/// A number from -1 to 1 for each index, spread evenly whatever the count: multiples of the golden ratio.
pub(super) fn jitter(index: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let turn = (index as f64 + 0.5) * GOLDEN;
    2.0 * (turn - turn.floor()) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extent_is_round_and_holds_the_longest() {
        assert_eq!(extent(1.203), 1.4);
        assert_eq!(extent(0.0), 1.0);
        for k in 1..1000 {
            let longest = k as f64 * 0.0137;
            assert!(extent(longest) >= longest && extent(longest) <= 1.3 * longest);
        }
    }

    #[test]
    fn thinning_keeps_one_point_of_each_cell_and_every_lone_one() {
        let points: Vec<Point> = (0..10_000)
            .map(|k| (jitter(k) * 3.0, jitter(7 * k) * 3.0))
            .collect();
        let kept = thinned(&points, 1000, 2.0);
        assert!((9..=20).contains(&kept.len()), "{}", kept.len());
        assert!(thinned(&points, 5, 2.0).len() <= 5);
        assert!(thinned(&[], 5, 2.0).is_empty());
        let cloud = (0..10_000).map(|k| (50.0 * jitter(k), 50.0 * jitter(7 * k)));
        let lone: Vec<Point> = (0..5).map(|k| (200.0 + 30.0 * k as f64, 0.0)).collect();
        let kept = thinned(&cloud.chain(lone.clone()).collect::<Vec<_>>(), 300, 2.0);
        assert!(kept.len() <= 300 && lone.iter().all(|p| kept.contains(p)));
    }
}
