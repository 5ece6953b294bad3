//! How does the loss change with W and b? One slow oracle and one fast path.
//!
//! Every implementation returns the gradient of ½ Σₜ Σᵢ (x'ₜᵢ − xₜᵢ)², summed over examples *and* features; the
//! optimiser multiplies it by [`Reduction::scale`](crate::optim::Reduction::scale). With r = x' − x where z > 0,
//! else 0:
//!
//! * db = Σₜ rₜ
//! * dhₜ = W rₜ
//! * dW = Σₜ hₜ rₜᵀ + Σₜ dhₜ xₜᵀ   (W is used twice, up and down)
pub mod blocked;
pub mod naive;
