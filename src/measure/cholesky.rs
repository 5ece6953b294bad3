//! How is a symmetric matrix taken apart? Cholesky's method with pivots, which finds the rank on the way, and the inverse of its factor.
//! Both in a fixed order.

use super::maximal::DEPENDENT;

/// Cholesky's factorisation with pivots of a symmetric matrix without negative eigenvalues whose diagonal is 1, or 0 for
/// a unit that is zero everywhere. Afterwards column k of L stands in column k of `matrix`, at the rows of all units.
/// Returns the units in the order of the pivots, as many as the rank.
pub fn cholesky(matrix: &mut [f64], m: usize) -> Vec<usize> {
    let mut rest: Vec<f64> = (0..m).map(|k| matrix[k * m + k]).collect();
    let mut order: Vec<usize> = (0..m).collect();
    let mut l = vec![0.0; m * m];
    for step in 0..m {
        // Of equal pivots the first, so that every machine takes the same.
        let best = (step..m).fold(step, |best, k| {
            if rest[order[k]] > rest[order[best]] {
                k
            } else {
                best
            }
        });
        let pivot = rest[order[best]];
        if pivot <= DEPENDENT {
            order.truncate(step);
            break;
        }
        order.swap(step, best);
        let p = order[step];
        let root = pivot.sqrt();
        l[p * m + step] = root;
        for &k in &order[step + 1..] {
            let (row, pivot_row) = (&l[k * m..k * m + step], &l[p * m..p * m + step]);
            let known: f64 = row.iter().zip(pivot_row).map(|(x, y)| x * y).sum();
            let entry = (matrix[k * m + p] - known) / root;
            l[k * m + step] = entry;
            rest[k] -= entry * entry;
        }
    }
    matrix.copy_from_slice(&l);
    order
}

/// L⁻¹ (rank, rank) of the factor that [`cholesky`] left, its rows those of `units`.
pub fn inverse(factor: &[f64], units: &[usize], m: usize) -> Vec<f64> {
    let rank = units.len();
    let mut inverse = vec![0.0; rank * rank];
    for (a, &unit) in units.iter().enumerate() {
        let l = &factor[unit * m..unit * m + a + 1];
        let (above, row) = inverse.split_at_mut(a * rank);
        let row = &mut row[..rank];
        for (b, &entry) in l[..a].iter().enumerate() {
            for (x, y) in row.iter_mut().zip(&above[b * rank..b * rank + b + 1]) {
                *x -= entry * y;
            }
        }
        row[a] = 1.0;
        for x in &mut row[..=a] {
            *x /= l[a];
        }
    }
    inverse
}
