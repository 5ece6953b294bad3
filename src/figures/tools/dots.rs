//! How are very many points drawn? Fewer of them, where others would hide them, and apart where only one coordinate counts.

use super::pen::Point;

/// One point for each cell of a dot's radius, since others would hide it (with `most` 0 all points). Where more than
/// `most` remain, a choice that keeps the outline and the density: first one point of each coarse cell, and so every
/// lone point, then others evenly.
pub fn thinned(points: &[Point], most: usize, radius: f64) -> Vec<Point> {
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
    // Evenly spaced through the list, or the first ones would take all the room.
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

/// Steps of this share of a turn fill it evenly, however many they are.
pub const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// A number from -1 to 1 for each index, spread evenly whatever the count: multiples of the golden ratio.
pub fn jitter(index: usize) -> f64 {
    let turn = (index as f64 + 0.5) * GOLDEN;
    2.0 * (turn - turn.floor()) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

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
