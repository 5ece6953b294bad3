//! How are vectors drawn? On a plane, or on a line.

use super::{Role, Vectors};
use crate::figures::tools::axis::{Area, Axis};
use crate::figures::tools::dots::{jitter, thinned};
use crate::figures::tools::pen::{Align, Pen, Point, text_width};
use crate::figures::tools::plane::scale_bar;
use crate::figures::tools::style::TEXT;
use crate::math::{atan2, cos, sin};
use crate::measure::principal_plane;
use plotters::style::Color;

/// Up to this many vectors each get a line and a big dot of their own; beyond, dots that would cover others are left out.
pub const FEW: usize = 64;
/// Dots and lines at most, however many vectors there are: about 120 KB of SVG, and a fraction of a frame.
const MOST_DOTS: usize = 1000;
const MOST_LINES: usize = 180;
/// Shorter vectors than this share of the longest, where there are many, are dots without lines.
const SHORT: f64 = 0.3;

/// The vectors in two dimensions with their numbers, without those that are not finite.
pub fn points(data: &Vectors) -> Vec<(usize, Point)> {
    let plane: Vec<Point> = match data.m {
        0 | 1 => data.vectors.iter().map(|&x| (f64::from(x), 0.0)).collect(),
        2 => data
            .vectors
            .chunks_exact(2)
            .map(|v| (f64::from(v[0]), f64::from(v[1])))
            .collect(),
        m if data.vectors.iter().all(|x| x.is_finite()) => principal_plane(&data.vectors, m)
            .into_iter()
            .map(|[x, y]| (x, y))
            .collect(),
        _ => Vec::new(),
    };
    let finite = |(_, (x, y)): &(usize, Point)| x.is_finite() && y.is_finite();
    plane.into_iter().enumerate().filter(finite).collect()
}

pub fn length((x, y): Point) -> f64 {
    (x * x + y * y).sqrt()
}

pub fn plane(pen: &mut Pen, data: &Vectors) -> (Area, Vec<(usize, Point)>) {
    let points = points(data);
    let (longest, circle) = data.extent_of(&points);
    let extent = data.half(longest.max(circle.unwrap_or(0.0)));

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
    pen.cross((cx, cy), half);
    if let Some(r) = circle {
        let turn = std::f64::consts::TAU / 120.0;
        let round: Vec<Point> = (0..=120)
            .map(|k| place((r * cos(k as f64 * turn), r * sin(k as f64 * turn))))
            .collect();
        pen.dashes(&round, style.faint.mix(0.8), 1.0, 4.0, 4.0);
    }

    let colour = data.role.colour(&style);
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
    (area, numbered(&points, places))
}

fn numbered(points: &[(usize, Point)], places: Vec<Point>) -> Vec<(usize, Point)> {
    points.iter().map(|&(index, _)| index).zip(places).collect()
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

fn component_names(pen: &mut Pen) {
    let faint = pen.style.faint;
    let (x, y) = (pen.width - 4.0, pen.height / 2.0 - 9.0);
    pen.text("PC 1", (x, y), Align::End, faint);
    let (x, y) = (pen.width / 2.0 + 6.0, 9.0);
    pen.text("PC 2", (x, y), Align::Start, faint);
}

/// m = 1: a line of numbers; heights have no meaning and only keep dots apart.
pub fn line(pen: &mut Pen, data: &Vectors) -> (Area, Vec<(usize, Point)>) {
    let points = points(data);
    let longest = points.iter().map(|&(_, p)| length(p)).fold(0.0, f64::max);
    let extent = data.half(longest);
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
    (area, numbered(&points, places))
}
