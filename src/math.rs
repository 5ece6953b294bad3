//! How do numbers agree bit for bit on every machine? Fixed-width lanes, sums in a fixed order, and elementary
//! functions through `libm` instead of the platform's.
//!
//! IEEE 754 fixes every bit of `+ − × ÷ √`, so two machines can only differ by contracting (`mul_add`), by
//! reordering sums, or by their own `exp`, `ln`, `sin`, `cos`. None of the three happens here: lanes are sixteen
//! everywhere, whatever the registers' width, and each reduction has one order.

use wide::f32x16;

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Logarithm to base 10.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// eˣ.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// xʸ.
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Sine of an angle in radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Angle of the point (x, y) in radians, −π to π.
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// Features that one [`Lanes`] holds, on every machine.
///
/// 16 × f32 is one AVX-512 register, two of AVX2, four of SSE2, NEON or wasm simd128. Of 4, 8 and 16 it was the
/// fastest in all of them.
pub const LANES: usize = 16;

/// Sixteen numbers that are added, multiplied and clipped side by side, in whatever registers the machine has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanes(f32x16);

impl Lanes {
    /// Sixteen times `x`.
    #[inline(always)]
    pub fn splat(x: f32) -> Self {
        Lanes(f32x16::splat(x))
    }

    /// The sixteen numbers of a block.
    #[inline(always)]
    pub fn load(block: &[f32; LANES]) -> Self {
        Lanes(f32x16::new(*block))
    }

    /// Adds the sixteen numbers to a block.
    #[inline(always)]
    pub fn add_to(self, block: &mut [f32; LANES]) {
        *block = (f32x16::new(*block) + self.0).to_array();
    }

    /// self + a·s, rounded twice.
    #[inline(always)]
    pub fn add_scaled(self, a: Lanes, s: f32) -> Self {
        Lanes(self.0 + a.0 * f32x16::splat(s))
    }

    /// self + a·b, rounded twice.
    #[inline(always)]
    pub fn add_product(self, a: Lanes, b: Lanes) -> Self {
        Lanes(self.0 + a.0 * b.0)
    }

    /// self + a.
    #[inline(always)]
    pub fn plus(self, a: Lanes) -> Self {
        Lanes(self.0 + a.0)
    }

    /// self − a.
    #[inline(always)]
    pub fn minus(self, a: Lanes) -> Self {
        Lanes(self.0 - a.0)
    }

    /// self · s.
    #[inline(always)]
    pub fn scaled(self, s: f32) -> Self {
        Lanes(self.0 * f32x16::splat(s))
    }

    /// |self|.
    #[inline(always)]
    pub fn abs(self) -> Self {
        Lanes(self.0.abs())
    }

    /// self where `r` is above zero, else 0.
    #[inline(always)]
    pub fn where_positive(self, r: Lanes) -> Self {
        Lanes(r.0.simd_gt(f32x16::ZERO) & self.0)
    }

    /// max(x, 0) in each lane; NaN and −0 give +0, on every machine (`f32::max` leaves the sign of zero open).
    #[inline(always)]
    pub fn relu(self) -> Self {
        Lanes(self.0.simd_gt(f32x16::ZERO) & self.0)
    }

    /// Is any lane above zero?
    #[inline(always)]
    pub fn any_positive(self) -> bool {
        self.0.simd_gt(f32x16::ZERO).any()
    }

    /// How many lanes are above zero.
    #[inline(always)]
    pub fn count_positive(self) -> u32 {
        self.0.simd_gt(f32x16::ZERO).to_bitmask().count_ones()
    }

    /// Is every lane zero?
    #[inline(always)]
    pub fn is_zero(self) -> bool {
        !self.0.simd_ne(f32x16::ZERO).any()
    }

    /// The sixteen numbers.
    #[inline(always)]
    pub fn to_array(self) -> [f32; LANES] {
        self.0.to_array()
    }

    /// Sum of all lanes, in the order of a balanced tree: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let x = self.0.to_array();
        let mut half = [0.0f32; 8];
        for l in 0..8 {
            half[l] = x[l] + x[l + 8];
        }
        let quarter = [
            half[0] + half[4],
            half[1] + half[5],
            half[2] + half[6],
            half[3] + half[7],
        ];
        (quarter[0] + quarter[2]) + (quarter[1] + quarter[3])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relu_gives_positive_zero_for_minus_zero_and_nan() {
        let mut x = [-0.0f32; LANES];
        x[3] = f32::NAN;
        x[5] = 2.0;
        let r = Lanes::load(&x).relu();
        for (l, y) in r.to_array().into_iter().enumerate() {
            assert_eq!(y.to_bits(), if l == 5 { 2.0f32 } else { 0.0 }.to_bits());
        }
        assert!(r.any_positive());
        assert!(!Lanes::splat(-1.0).any_positive());
    }

    #[test]
    fn sum_of_lanes_is_exact_on_integers() {
        let mut x = [0.0f32; LANES];
        for (l, x) in x.iter_mut().enumerate() {
            *x = (1 << l) as f32;
        }
        assert_eq!(Lanes::load(&x).sum(), 65535.0);
    }
}
