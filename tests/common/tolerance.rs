//! Every tolerance of the integration tests: quantity, bound, and why that bound.

/// Loss, gradients and parameters of the f64 oracle against PyTorch in f64, relative to the array's largest entry.
/// Both round at 1e-16; a few thousand operations and Adam's division leave six digits of room.
pub const ORACLE_AGAINST_PYTORCH: f64 = 1e-9;

/// The same for the f32 path that trains: f32 rounds at 6e-8, sums have some hundred terms, and Adam's division
/// by √v keeps relative errors.
pub const TRAINER_AGAINST_PYTORCH: f64 = 1e-5;

/// Learning rates of the schedule against Python's `math.cos`, relative to the peak.
pub const SCHEDULE: f64 = 1e-15;

/// Gradient of the oracle against central differences of its loss, step 1e-6, relative to the largest entry: the
/// loss is piecewise quartic, so the truncation is of order step² and the rounding of order 1e-16 / step.
pub const CENTRAL_DIFFERENCES: f64 = 1e-8;

/// The same of the other models: cross-entropy has a loss of some ten, whose rounding the step divides.
pub const CENTRAL_DIFFERENCES_OF_MODELS: f64 = 1e-7;

/// Blocked f32 gradient against the oracle in f64 on random states, relative to the largest entry.
pub const BLOCKED_AGAINST_NAIVE: f64 = 2e-5;

/// Pruned f32 gradient against the oracle in f64 on states of real runs, relative to the largest entry plus the root
/// of the number of pairs, a random walk of terms of size one.
pub const PRUNED_AGAINST_NAIVE: f64 = 1e-6;

/// Fifty AdamW steps of the f32 path of any model against the oracle in f64, relative to the largest way a parameter went, and
/// of the loss then: Adam keeps relative errors of gradients, and those of fourth powers are large.
pub const FIFTY_STEPS_AGAINST_ORACLE: f64 = 1e-3;

/// Length of an example whose values are rounded to f32.
pub const UNIT_LENGTH: f64 = 1e-6;

/// Standard deviations that a count of random events may be off: 1 in 2 million for a right generator, and the
/// seeds are fixed, so that a pass stays a pass.
pub const SIGMAS: f64 = 5.0;

/// Closed forms in f32: parameters, loss and gradient of an exact minimum are rounded at 6e-8 of terms of size
/// r² ≤ 46 (T = 30).
pub const CLOSED_FORM_F32: f64 = 1e-4;

/// Closed forms in f64.
pub const CLOSED_FORM: f64 = 1e-12;

/// Dimensionalities of vectors that are rounded to f32.
pub const DIMENSIONALITY: f64 = 1e-6;

/// D* through the Gram matrix in f64 against numpy's SVD of the rows themselves, absolute, D* being between 0 and 1. The
/// matrix squares the condition of the rows: 1e-13 of rounding over the 1e-6 of a square that two nearly equal units
/// leave.
pub const D_STAR_AGAINST_NUMPY: f64 = 1e-6;

/// The classifier's f32 parameters and loss after nine AdamW steps against PyTorch in f64, relative to the largest entry:
/// gradients that cancel almost to zero keep few digits, and Adam divides by their size.
pub const CLASSIFIER_AFTER_ADAMW: f64 = 1e-4;

/// The classifier's f32 gradient against central differences, step 1e-6, of its loss in f64, relative to the largest entry.
pub const CLASSIFIER_AGAINST_DIFFERENCES: f64 = 1e-5;
