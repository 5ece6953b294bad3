//! How do numbers agree bit for bit on every machine? Fixed-width lanes, sums in a fixed order, and elementary
//! functions through `libm` instead of the platform's.
//!
//! IEEE 754 fixes every bit of `+ − × ÷ √`, so two machines can only differ by contracting (`mul_add`), by
//! reordering sums, or by their own `exp`, `ln`, `sin`, `cos`. None of the three happens here: lanes are sixteen
//! everywhere, whatever the registers' width, and each reduction has one order.

use std::ops::{Add, BitAnd, BitOr, Mul, Sub};

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

/// eˣ of x ≤ 0 within 2e-7 of itself, and e⁻⁸⁷ below −87: a few plain operations, which the compiler does for a whole block at
/// once. Cephes' polynomial.
#[inline(always)]
pub fn exp_below_zero(x: f32) -> f32 {
    // Numbers from here on have no fraction, and end in the bits of a whole number.
    const WHOLE: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    // x = k ln 2 + r, where the first part of ln 2 has so few bits that its product with k is exact.
    let shifted = x * std::f32::consts::LOG2_E + WHOLE;
    let k = shifted - WHOLE;
    let r = (x - k * 0.693_359_4) + k * 2.121_944_4e-4;
    let mut sum = 1.987_569_1e-4;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_58e-2, 0.166_666_65, 0.5] {
        sum = sum * r + coefficient;
    }
    let two_to_k = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    (sum * (r * r) + r + 1.0) * two_to_k
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

/// The indices of `keys` by ascending key; equal keys stay in their order. Every other kind of sort would add 6 KB to
/// the page.
pub fn order(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&i, &j| keys[i].total_cmp(&keys[j]));
    order
}

/// The indices of `keys` from the largest down, as far as f32 tells them apart; equal keys stay in their order, and what is no
/// number comes last. The same sort as [`sort`]'s, as the page has that already.
pub fn largest_first(keys: &[f64]) -> Vec<usize> {
    let mut order = Vec::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        let bits = (key.max(f64::NEG_INFINITY) as f32).to_bits() as i32;
        let descending = if bits < 0 {
            bits as u32
        } else {
            i32::MAX as u32 - bits as u32
        };
        order.push(u64::from(descending) << 32 | index as u64);
    }
    order.sort_unstable();
    order.into_iter().map(|key| key as u32 as usize).collect()
}

/// Sorts numbers by `f64::total_cmp`. As whole numbers, since the page has that sort already and another adds 3 KB to it.
pub fn sort(values: &mut [f64]) {
    const SIGN: u64 = 1 << 63;
    let mut keys: Vec<u64> = (values.iter().map(|value| value.to_bits()))
        .map(|bits| if bits & SIGN == 0 { bits | SIGN } else { !bits })
        .collect();
    keys.sort_unstable();
    for (value, key) in values.iter_mut().zip(keys) {
        *value = f64::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN });
    }
}

/// Features that lie side by side in a block, on every machine.
///
/// 16 × f32 is one AVX-512 register, two of AVX2, four of SSE2, NEON or wasm simd128. Of 4, 8 and 16 it was the
/// fastest in all of them.
pub const LANES: usize = 16;

/// Numbers that are added, multiplied and clipped side by side.
///
/// Lanes never meet until they are [summed](Lanes::sum), so a block may be worked off whole ([`Lanes`]) or register
/// by register ([`Part`]) with the same bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vector<V>(V);

/// A whole block, in as many registers as it takes.
pub type Lanes = Vector<f32x16>;

/// As much of a block as one register of the machine holds. Where that is less than all of it, a loop that keeps
/// sums in registers has room for those of a part, but not of a block.
#[cfg(target_feature = "avx512f")]
pub type Part = Vector<f32x16>;
/// As much of a block as one register of the machine holds.
#[cfg(all(target_feature = "avx", not(target_feature = "avx512f")))]
pub type Part = Vector<wide::f32x8>;
/// As much of a block as one register of the machine holds.
#[cfg(not(target_feature = "avx"))]
pub type Part = Vector<wide::f32x4>;

/// What the vectors of `wide` have in common.
pub trait Register:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
{
    /// How many numbers it holds.
    const WIDTH: usize;
    /// Zeros.
    const ZEROS: Self;
    /// The same number everywhere.
    fn splat(x: f32) -> Self;
    /// The first numbers of a slice.
    fn load(from: &[f32]) -> Self;
    /// Over the first numbers of a slice.
    fn store(self, to: &mut [f32]);
    /// All bits set where self is above zero.
    fn above_zero(self) -> Self;
    /// Does the mask have any lane?
    fn any(self) -> bool;
    /// Signs cleared.
    fn abs(self) -> Self;
    /// The lanes above zero as bits, the first lane lowest.
    fn mask_positive(self) -> u32;
    /// The square root in each lane.
    fn sqrt(self) -> Self;
    /// Sums of lanes, by halves, until four are left.
    fn fold_to_four(self) -> wide::f32x4;
    /// Its numbers.
    fn lanes(&self) -> &[f32];
    /// Its numbers.
    fn lanes_mut(&mut self) -> &mut [f32];
}

macro_rules! register {
    ($($register:ident $width:literal $fold:expr),*) => {$(
        impl Register for wide::$register {
            const WIDTH: usize = $width;
            const ZEROS: Self = Self::ZERO;
            #[inline(always)]
            fn splat(x: f32) -> Self {
                Self::splat(x)
            }
            #[inline(always)]
            fn load(from: &[f32]) -> Self {
                Self::new(*from.first_chunk::<$width>().expect("whole registers"))
            }
            #[inline(always)]
            fn store(self, to: &mut [f32]) {
                *to.first_chunk_mut::<$width>().expect("whole registers") = self.to_array();
            }
            #[inline(always)]
            fn above_zero(self) -> Self {
                self.simd_gt(Self::ZERO)
            }
            #[inline(always)]
            fn any(self) -> bool {
                self.any()
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn mask_positive(self) -> u32 {
                self.simd_gt(Self::ZERO).to_bitmask() as u32
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn fold_to_four(self) -> wide::f32x4 {
                $fold(self)
            }
            #[inline(always)]
            fn lanes(&self) -> &[f32] {
                self.as_array()
            }
            #[inline(always)]
            fn lanes_mut(&mut self) -> &mut [f32] {
                self.as_mut_array()
            }
        }
    )*};
}

register!(
    f32x4 4 |x: Self| x,
    f32x8 8 |x: Self| {
        let lanes = x.to_array();
        let [low, high] = [0, 4].map(|from| wide::f32x4::load(&lanes[from..]));
        low + high
    },
    f32x16 16 |x: Self| {
        let lanes = x.to_array();
        let [low, high] = [0, 8].map(|from| wide::f32x8::load(&lanes[from..]));
        (low + high).fold_to_four()
    }
);

impl<V: Register> Vector<V> {
    /// Zeros.
    pub const ZERO: Self = Vector(V::ZEROS);

    /// Sums of lanes, by halves, until four are left.
    #[inline(always)]
    pub fn fold_to_four(self) -> wide::f32x4 {
        self.0.fold_to_four()
    }

    /// Its numbers.
    #[inline(always)]
    pub fn lanes(&self) -> &[f32] {
        self.0.lanes()
    }

    /// Its numbers.
    #[inline(always)]
    pub fn lanes_mut(&mut self) -> &mut [f32] {
        self.0.lanes_mut()
    }

    /// The square root in each lane.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Vector(self.0.sqrt())
    }

    /// How many of them make a block.
    pub const PER_BLOCK: usize = LANES / V::WIDTH;

    /// The same number in each lane.
    #[inline(always)]
    pub fn splat(x: f32) -> Self {
        Vector(V::splat(x))
    }

    /// The numbers of one part of a block.
    #[inline(always)]
    pub fn load_part(block: &[f32; LANES], part: usize) -> Self {
        Vector(V::load(&block[part * V::WIDTH..]))
    }

    /// Adds its numbers to one part of a block.
    #[inline(always)]
    pub fn add_to_part(self, block: &mut [f32; LANES], part: usize) {
        let to = &mut block[part * V::WIDTH..];
        (V::load(to) + self.0).store(to);
    }

    /// self + a·s, rounded twice.
    #[inline(always)]
    pub fn add_scaled(self, a: Self, s: f32) -> Self {
        Vector(self.0 + a.0 * V::splat(s))
    }

    /// self + a·b, rounded twice.
    #[inline(always)]
    pub fn add_product(self, a: Self, b: Self) -> Self {
        Vector(self.0 + a.0 * b.0)
    }

    /// self · a.
    #[inline(always)]
    pub fn times(self, a: Self) -> Self {
        Vector(self.0 * a.0)
    }

    /// self + a.
    #[inline(always)]
    pub fn plus(self, a: Self) -> Self {
        Vector(self.0 + a.0)
    }

    /// self − a.
    #[inline(always)]
    pub fn minus(self, a: Self) -> Self {
        Vector(self.0 - a.0)
    }

    /// self · s.
    #[inline(always)]
    pub fn scaled(self, s: f32) -> Self {
        Vector(self.0 * V::splat(s))
    }

    /// |self|.
    #[inline(always)]
    pub fn abs(self) -> Self {
        Vector(self.0.abs())
    }

    /// self where `r` is above zero, else 0.
    #[inline(always)]
    pub fn where_positive(self, r: Self) -> Self {
        Vector(r.0.above_zero() & self.0)
    }

    /// max(x, 0) in each lane; NaN and −0 give +0, on every machine (`f32::max` leaves the sign of zero open).
    #[inline(always)]
    pub fn relu(self) -> Self {
        self.where_positive(self)
    }

    /// The mask self, with the lanes added where `r` is above zero.
    #[inline(always)]
    pub fn or_positive(self, r: Self) -> Self {
        Vector(self.0 | r.0.above_zero())
    }

    /// Does the mask have any lane?
    #[inline(always)]
    pub fn any(self) -> bool {
        self.0.any()
    }

    /// The lanes above zero as bits, the first lane lowest.
    #[inline(always)]
    pub fn mask_positive(self) -> u32 {
        self.0.mask_positive()
    }

    /// Is any lane above zero?
    #[inline(always)]
    pub fn any_positive(self) -> bool {
        self.0.above_zero().any()
    }
}

impl Lanes {
    /// The numbers of a block.
    #[inline(always)]
    pub fn load(block: &[f32; LANES]) -> Self {
        Self::load_part(block, 0)
    }

    /// Adds its numbers to a block.
    #[inline(always)]
    pub fn add_to(self, block: &mut [f32; LANES]) {
        self.add_to_part(block, 0);
    }

    /// The block of all its parts.
    #[inline(always)]
    pub fn join(parts: [Part; Part::PER_BLOCK]) -> Self {
        let mut block = [0.0; LANES];
        for (p, part) in parts.into_iter().enumerate() {
            part.0.store(&mut block[p * LANES / Part::PER_BLOCK..]);
        }
        Self::load(&block)
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
    fn the_largest_come_first_and_equal_ones_in_their_order() {
        let keys = [0.5, f64::NAN, -1.0, 2.0, 0.5, f64::INFINITY, -3.0, 0.0];
        assert_eq!(largest_first(&keys), [5, 3, 0, 4, 7, 2, 6, 1]);
        assert!(largest_first(&[]).is_empty());
    }

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
    fn sort_is_that_of_total_cmp() {
        let mut values = [
            2.0,
            -0.0,
            f64::NAN,
            -3.5,
            0.0,
            f64::NEG_INFINITY,
            -1e-300,
            1e9,
            f64::INFINITY,
            2.0,
            -f64::NAN,
        ];
        let mut expected = values;
        expected.sort_by(f64::total_cmp);
        sort(&mut values);
        assert_eq!(values.map(f64::to_bits), expected.map(f64::to_bits));
    }

    #[test]
    fn exponentials_below_zero_are_those_of_libm() {
        for i in 0..=87_000 {
            let x = i as f32 / -1000.0;
            let expected = exp(f64::from(x));
            let error = f64::from(exp_below_zero(x)) / expected - 1.0;
            assert!(error.abs() < 2e-7, "{x}: {error}");
        }
        assert_eq!(exp_below_zero(0.0), 1.0);
        assert_eq!(exp_below_zero(f32::NEG_INFINITY), exp_below_zero(-87.0));
        assert!(exp_below_zero(f32::NAN).is_nan());
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
