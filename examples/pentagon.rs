//! Trains T = 5 examples at m = 2 until their hidden vectors are the corners of a pentagon: `cargo run --release --example pentagon`.

use std::ops::ControlFlow;

use superposition::measure;
use superposition::theory;
use superposition::train::{Config, ConfigError, ExampleCount, Trainer};

fn main() -> Result<(), ConfigError> {
    // What is left out is as in the paper. Fewer features and steps than there, so that it takes a second.
    let mut trainer = Trainer::new(Config {
        n: 1000,
        sparsity: 0.99,
        t: ExampleCount::Finite(5),
        steps: 20_000,
        ..Config::default()
    })?;
    trainer.run(|trainer| {
        if trainer.steps_done() % 4000 == 0 {
            let (step, loss) = (trainer.steps_done(), trainer.train_loss());
            println!("step {step:6}  train loss {loss:.1e}");
        }
        ControlFlow::Continue(())
    });

    let hidden = trainer.hidden();
    let polygon =
        measure::polygon(hidden.as_chunks().0).expect("examples are not all at the origin");
    let closed_form = theory::polygon_radius(5).expect("five corners are a polygon");
    println!(
        "{} of 5 corners on a circle of radius {:.3}; the closed form says {closed_form:.3}",
        polygon.on_ring, polygon.radius
    );
    for (k, h) in hidden.as_chunks::<2>().0.iter().enumerate() {
        println!("example {k}: h = ({:6.3}, {:6.3})", h[0], h[1]);
    }
    Ok(())
}
