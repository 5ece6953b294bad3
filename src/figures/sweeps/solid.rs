//! Which polytope do vectors in three dimensions make? Their parallel projection from any side, with the hull's edges.

use plotters::style::{Color, RGBColor};

use crate::figures::run::vectors::Role;
use crate::figures::tools::dots::thinned;
use crate::figures::tools::pen::{Pen, Point};
use crate::figures::tools::plane::{extent, scale_bar};
use crate::figures::tools::style::blend;
use crate::math::{cos, order, sin};
use crate::measure::UNLEARNED;

/// Vectors (count, 3), row after row.
#[derive(Clone, Copy, Debug)]
pub struct Solid<'a> {
    pub role: Role,
    pub vectors: &'a [f32],
    /// Angles by which they are turned, radians: around the vertical axis, then around the horizontal one.
    pub turn: (f64, f64),
}

type Vector = [f64; 3];

/// With more corners than this edges say nothing, and finding them takes their number to the fourth power.
const MOST_CORNERS: usize = 40;
/// Faces that meet at a smaller angle than this count as one: trained polytopes are not exact. Radians.
const FLAT: f64 = 0.1;
/// Dots at most.
const MOST_DOTS: usize = 600;

fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The edges of the convex hull, as pairs of points; none of points in one plane.
///
/// Three points span a face if all others lie on one side of their plane, and two points are an edge if they belong to
/// two faces that meet at more than [`FLAT`].
pub fn hull_edges(points: &[Vector]) -> Vec<(usize, usize)> {
    let count = points.len();
    let size = points.iter().map(|&p| dot(p, p)).fold(0.0, f64::max).sqrt();
    let mut outward: Vec<Vec<Vector>> = vec![Vec::new(); count * count];
    for i in 0..count {
        for j in i + 1..count {
            for k in j + 1..count {
                let normal = cross(minus(points[j], points[i]), minus(points[k], points[i]));
                let length = dot(normal, normal).sqrt();
                if length <= 1e-9 * size * size {
                    continue; // on a line
                }
                let normal = normal.map(|x| x / length);
                let heights = points.iter().map(|&p| dot(minus(p, points[i]), normal));
                let (low, high) = heights.fold((0.0f64, 0.0f64), |(l, h), x| (l.min(x), h.max(x)));
                let margin = 1e-9 * size;
                let normal = match (low < -margin, high > margin) {
                    (true, false) => normal,
                    (false, true) => normal.map(|x| -x),
                    _ => continue, // inside, or all in one plane
                };
                for (a, b) in [(i, j), (i, k), (j, k)] {
                    outward[a * count + b].push(normal);
                }
            }
        }
    }
    let bends = |normals: &[Vector]| {
        let mut pairs = normals
            .iter()
            .flat_map(|&a| normals.iter().map(move |&b| dot(a, b)));
        pairs.any(|cosine| cosine < cos(FLAT))
    };
    let pairs = (0..count * count).filter(|&pair| bends(&outward[pair]));
    pairs.map(|pair| (pair / count, pair % count)).collect()
}

impl Solid<'_> {
    /// The vectors as they are seen: x to the right, y up, z towards the reader.
    fn turned(&self) -> Vec<Vector> {
        let (yaw, pitch) = self.turn;
        let rotate = |a: f64, b: f64, angle: f64| {
            (
                a * cos(angle) + b * sin(angle),
                b * cos(angle) - a * sin(angle),
            )
        };
        let turned = |v: &[f32]| {
            let [x, y, z] = [v[0], v[1], v[2]].map(f64::from);
            let (x, z) = rotate(x, z, yaw);
            let (y, z) = rotate(y, z, pitch);
            [x, y, z]
        };
        let all = self.vectors.chunks_exact(3).map(turned);
        all.filter(|v| v.iter().all(|x| x.is_finite())).collect()
    }
}

impl Solid<'_> {
    /// What is farther away is paler and drawn first.
    pub fn draw(&self, pen: &mut Pen) {
        let style = *pen.style;
        let colour = self.role.colour(&style);
        let vectors = self.turned();
        let heights: Vec<f64> = vectors.iter().map(|v| v[2]).collect();
        let vectors: Vec<Vector> = order(&heights).into_iter().map(|k| vectors[k]).collect();
        let length = |v: Vector| dot(v, v).sqrt();
        let longest = vectors.iter().map(|&v| length(v)).fold(0.0, f64::max);
        let extent = extent(longest);
        let half = (pen.width.min(pen.height) / 2.0 - 6.0).max(1.0);
        let centre = (pen.width / 2.0, pen.height / 2.0);
        let place = |v: Vector| -> Point {
            let scale = half / extent;
            (centre.0 + scale * v[0], centre.1 - scale * v[1])
        };
        let shade = |depth: f64, colour: RGBColor| {
            let far = 0.5 - 0.5 * depth / longest.max(f64::MIN_POSITIVE);
            blend(colour, style.surface, 0.6 * far)
        };

        let corners = vectors
            .iter()
            .filter(|&&v| length(v) >= UNLEARNED * longest);
        let corners: Vec<Vector> = corners.copied().collect();
        let edges = match corners.len() <= MOST_CORNERS {
            true => hull_edges(&corners),
            false => Vec::new(),
        };
        let depth = |&(a, b): &(usize, usize)| corners[a][2] + corners[b][2];
        let depths: Vec<f64> = edges.iter().map(depth).collect();
        for edge in order(&depths).into_iter().map(|k| edges[k]) {
            let middle = depth(&edge) / 2.0;
            let ink = shade(middle, style.faint);
            pen.line(
                place(corners[edge.0]),
                place(corners[edge.1]),
                ink.into(),
                1.25,
            );
        }
        let few = vectors.len() <= MOST_CORNERS;
        if few {
            for &v in &vectors {
                pen.line(centre, place(v), shade(v[2], colour).mix(0.6), 1.0);
            }
        }
        let radius = if few { 3.5 } else { 2.0 };
        let mut draw = |at: Point, colour: RGBColor| match self.role {
            Role::Features => pen.dot(at, radius, colour),
            Role::Examples => {
                pen.dot(at, radius, style.surface);
                pen.ring(at, radius + 0.25, colour, 1.5);
            }
        };
        if few {
            for &v in &vectors {
                draw(place(v), shade(v[2], colour));
            }
        } else {
            // Too many for depth to show.
            let places: Vec<Point> = vectors.iter().map(|&v| place(v)).collect();
            for at in thinned(&places, MOST_DOTS, radius) {
                draw(at, colour);
            }
        }
        scale_bar(pen, half / extent);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges_of(points: &[Vector]) -> usize {
        hull_edges(points).len()
    }

    #[test]
    fn hulls_have_the_edges_of_their_polytopes() {
        let signs = [-1.0, 1.0];
        let cube: Vec<Vector> = signs
            .iter()
            .flat_map(|&x| signs.iter().flat_map(move |&y| signs.map(|z| [x, y, z])))
            .collect();
        assert_eq!(edges_of(&cube), 12);
        let octahedron: Vec<Vector> = (0..3)
            .flat_map(|axis| {
                signs.map(|sign| std::array::from_fn(|k| if k == axis { sign } else { 0.0 }))
            })
            .collect();
        assert_eq!(edges_of(&octahedron), 12);
        let tetrahedron = [
            [1.0, 1.0, 1.0],
            [1.0, -1.0, -1.0],
            [-1.0, 1.0, -1.0],
            [-1.0, -1.0, 1.0],
        ];
        assert_eq!(edges_of(&tetrahedron), 6);
        // What is inside has no edge, and a little noise doesn't split a face.
        let mut odd = cube.clone();
        odd.push([0.1, 0.2, 0.0]);
        odd[0][0] -= 0.01;
        assert_eq!(edges_of(&odd), 12);
    }

    #[test]
    fn points_without_a_volume_have_no_hull() {
        for points in [
            &[][..],
            &[[1.0, 0.0, 0.0]; 4],
            &[
                [0.0, 0.0, 1.0],
                [1.0, 0.0, 1.0],
                [0.0, 1.0, 1.0],
                [1.0, 1.0, 1.0],
            ],
        ] {
            assert_eq!(edges_of(points), 0);
        }
    }
}
