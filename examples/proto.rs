use cpu_time::ThreadTime;
use std::time::Instant;
use superposition::gradient::blocked::Blocked;
use superposition::gradient::*;
use superposition::model::Params;
use superposition::train::*;
fn main() {
    let a: Vec<usize> = std::env::args()
        .skip(1)
        .map(|x| x.parse().unwrap())
        .collect();
    let (n, m, t, steps) = (a[0], a[1], a[2], a[3]);
    let config = Config {
        n,
        m,
        t: ExampleCount::Finite(t),
        sparsity: 1.0 - 10.0 / n as f64,
        steps: steps as u64,
        test_examples: 1,
        ..Config::default()
    };
    let mut tr = Trainer::new(config).unwrap();
    let samples = a[4];
    for s in 0..samples {
        let until = ((s + 1) * steps / samples) as u64;
        let c = ThreadTime::now();
        let from = tr.steps_done();
        while tr.steps_done() < until {
            tr.step();
        }
        let per = c.elapsed().as_secs_f64() * 1e3 / (until - from) as f64;
        let (p, x) = (tr.params().into_owned(), tr.examples());
        let mut g = Params::zeros(n, m);
        let mut b = Blocked::default();
        let mut dense = [0.0; 3].map(|_: f64| {
            let c = ThreadTime::now();
            b.gradient(&p, x, &mut g);
            c.elapsed().as_secs_f64() * 1e3
        });
        dense.sort_by(f64::total_cmp);
        println!(
            "step {until} ours {per:.3} dense {:.3} ratio {:.2} {:?}",
            dense[1],
            dense[1] / per,
            tr.work()
        );
    }
}
