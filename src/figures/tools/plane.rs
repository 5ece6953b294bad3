//! What do pictures of vectors share? A scale that changes seldom, and a bar that says how long things are.

use super::axis::round_up;
use super::numbers::short;
use super::pen::{Align, Pen};

/// Half the extent of the axes: the next round value, so that a live figure's scale changes seldom and by small steps.
pub fn extent(longest: f64) -> f64 {
    let steps = [
        1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0,
    ];
    round_up(longest * 1.02, &steps)
}

/// A bar of a round length in the lower left corner, outside the circle that the vectors fill.
pub fn scale_bar(pen: &mut Pen, pixels_per_value: f64) {
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
}
