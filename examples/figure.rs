//! Trains for an instant and draws the hidden vectors of the examples as SVG: `cargo run --release --example figure > examples.svg`.

use superposition::figures::{self, Role, Theme, Vectors};
use superposition::theory;
use superposition::train::{Config, ConfigError, ExampleCount, Trainer};

fn main() -> Result<(), ConfigError> {
    let mut trainer = Trainer::new(Config {
        n: 1000,
        sparsity: 0.99,
        t: ExampleCount::Finite(5),
        steps: 5000,
        ..Config::default()
    })?;
    while !trainer.is_finished() {
        trainer.step();
    }

    let hidden = trainer.hidden();
    let figure = Vectors {
        // Drawn as a circle, which the corners should lie on.
        closed_form_radius: theory::polygon_radius(5),
        ..Vectors::new(Role::Examples, trainer.config().m, hidden)
    };
    println!("{}", figures::svg(&figure, (400, 400), Theme::Light));
    Ok(())
}
