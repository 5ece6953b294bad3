//! What came out, in a few lines?

use superposition::measure::outcome::{Form, Kind};
use superposition::measure::{self, Outcome, Polygon};
use superposition::report::{self, Measures};
use superposition::train::Trainer;

/// The short table at the end of a run.
pub fn table(trainer: &Trainer, seconds: f64) -> String {
    let config = trainer.config();
    let measures = Measures::of(trainer);
    let reduction = config.reduction.name();
    let run = format!(
        "T = {}, n = {}, m = {}, S = {}, reduction {reduction}, data seed {}, init seed {}",
        config.t, config.n, config.m, config.sparsity, config.data_seed, config.init_seed
    );
    let steps = match trainer.diverged_at() {
        Some(step) => format!(
            "diverged at step {}: a parameter was no longer finite",
            grouped(step)
        ),
        None => format!("{} in {}", grouped(trainer.steps_done()), duration(seconds)),
    };
    let outcome = report::outcome(trainer, &measures);
    let mut rows = vec![("run", run), ("steps", steps), ("outcome", words(&outcome))];
    rows.push(("train loss", number(measures.train_loss)));
    rows.push(("test loss", number(measures.test_loss)));
    rows.push((
        "norms",
        format!(
            "W {}, b {}",
            number(measures.w_norm),
            number(measures.b_norm)
        ),
    ));
    rows.push((
        "active outputs",
        format!("{:.2}%", 100.0 * measures.active_share),
    ));
    rows.push((
        "D of features",
        largest(report::feature_dimensionality(trainer)),
    ));
    rows.push((
        "D of examples",
        extent(report::example_dimensionality(trainer)),
    ));
    let d_star = report::example_maximal_dimensionality(trainer);
    let even = 100.0 * measure::evenly_held(&d_star);
    rows.push((
        "D* of examples",
        format!(
            "{}, at least half an even share for {even:.1}%",
            extent(d_star)
        ),
    ));
    if let Some(polygon) = measures.polygon.as_ref().filter(|p| p.examples >= 3) {
        rows.push(("polygon", sentence(polygon)));
    }
    rows.iter()
        .map(|(name, value)| format!("{name:<16}{value}\n"))
        .collect()
}

/// What a run became.
fn words(outcome: &Outcome) -> String {
    let kind = match outcome.kind {
        Kind::Diverged { .. } => "diverged".into(),
        Kind::Nothing | Kind::Harmed => {
            "nothing learned: on the training examples no better than constant outputs".into()
        }
        Kind::Memorised {
            examples,
            exact,
            form,
        } => {
            let exactly = if exact {
                "exactly"
            } else {
                "not quite exactly"
            };
            let form = match form {
                Some(Form::Polygon) => ", as a regular polygon",
                Some(Form::Circle) => ", on one circle, unevenly",
                Some(Form::TwoCircles) => ", on two circles",
                Some(Form::Uneven) => ", on more than one circle",
                None => "",
            };
            format!("all {examples} examples memorised, {exactly}{form}")
        }
        Kind::AllBut { examples, missing } => {
            format!("all but {missing} of {examples} examples memorised")
        }
        Kind::Partly {
            examples,
            memorised,
        } => format!("about {memorised} of {examples} examples memorised"),
        Kind::Features {
            count,
            largest,
            least,
            ..
        } => match (count, least) {
            (Some(1), _) => format!("one feature learned, with a D of {largest:.3}"),
            (Some(count), Some(least)) => {
                format!("{count} features learned, with D from {least:.3} to {largest:.3}")
            }
            _ => format!("features learned, the largest with a D of {largest:.3}"),
        },
        Kind::Between {
            memorised, largest, ..
        } => {
            let worth = memorised.map_or(String::new(), |memorised| {
                format!("train loss gone for about {memorised} examples, ")
            });
            format!("neither examples nor features: {worth}largest D {largest:.3}")
        }
    };
    match outcome.harm {
        Some(times) => format!(
            "{kind}; on new examples {} times the loss of outputs of zero",
            number(times)
        ),
        None => kind,
    }
}

/// The largest few, as the polygon's corners are among thousands of features that were never learned.
fn largest(mut d: Vec<f64>) -> String {
    const FEW: usize = 6;
    d.sort_by(|a, b| b.total_cmp(a));
    let shown: Vec<String> = d.iter().take(FEW).map(|d| format!("{d:.3}")).collect();
    let more = if d.len() > FEW { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn extent(d: Vec<f64>) -> String {
    let (low, high) = d.iter().fold((1.0f64, 0.0f64), |(low, high), &d| {
        (low.min(d), high.max(d))
    });
    format!("{low:.4} to {high:.4}")
}

fn sentence(polygon: &Polygon) -> String {
    let Polygon {
        on_ring,
        examples,
        unlearned,
        radius,
        ..
    } = *polygon;
    let kind = if polygon.regular {
        "regular"
    } else {
        "not regular"
    };
    let expected = match polygon.closed_form_radius {
        Some(expected) => format!(" (closed form {expected:.4})"),
        None => String::new(),
    };
    let error = polygon.angular_error_degrees;
    format!(
        "{kind}: {on_ring} of {examples} on the ring, {unlearned} unlearned, radius {radius:.4}{expected}, \
         angles off by at most {error:.2}°"
    )
}

/// Five significant digits, without an exponent where that stays short.
pub fn number(x: f64) -> String {
    if x == 0.0 {
        "0".to_string()
    } else if (1e-4..1e6).contains(&x.abs()) {
        let decimals = [1.0, 10.0, 100.0, 1000.0, 10_000.0]
            .iter()
            .filter(|&&power| x.abs() >= power)
            .count();
        format!("{x:.*}", 5 - decimals)
    } else {
        format!("{x:.2e}")
    }
}

/// 50,000 and the like.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Seconds in words.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_five_digits() {
        assert_eq!(
            [0.0, 1.0, 0.99926, 22.5, 1e-12].map(number),
            ["0", "1.0000", "0.99926", "22.500", "1.00e-12"]
        );
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [7, 999, 1000, 50_000, 1_234_567].map(grouped),
            ["7", "999", "1,000", "50,000", "1,234,567"]
        );
    }
}
