//! Is there memory for these runs? Said before anything is allocated: a program that asks for too much is ended by the system.

use clap::Args;
use sysinfo::System;

use superposition::train::Config;

const GB: f64 = 1e9;

#[derive(Args)]
pub struct Memory {
    /// Memory that the runs may take together [default: what is free]
    #[arg(long = "memory", value_name = "GB", value_parser = gigabytes)]
    allowed: Option<f64>,
}

fn gigabytes(text: &str) -> Result<f64, String> {
    let number = text.parse().ok();
    let number = number.filter(|gb: &f64| *gb > 0.0 && gb.is_finite());
    number.ok_or_else(|| "it must be a number of gigabytes above 0, as in 16 or 0.5".to_string())
}

impl Memory {
    /// Refuses runs of which the largest `at_once` need more memory than there is.
    pub fn check<'a>(
        &self,
        configs: impl IntoIterator<Item = &'a Config>,
        at_once: usize,
    ) -> Result<(), String> {
        let mut needs: Vec<f64> = configs.into_iter().map(Config::memory).collect();
        needs.sort_by(|a, b| b.total_cmp(a));
        needs.truncate(at_once.max(1));
        let needed: f64 = needs.iter().sum();
        let (there, what) = match self.allowed {
            Some(allowed) => (allowed * GB, "allowed by --memory"),
            None => (free(), "free"),
        };
        if needed <= there {
            return Ok(());
        }
        let (what_needs, fewer) = match needs.len() {
            1 => ("this run needs".to_string(), "A"),
            count => (
                format!("{count} runs at once need"),
                "Fewer runs at once, a",
            ),
        };
        Err(format!(
            "{what_needs} about {} of memory, and {} are {what}. {fewer} larger sparsity, a smaller n, t, m, batch or \
             test-examples need less; --memory {} goes on all the same.",
            size(needed),
            size(there),
            (needed / GB * 1.1).ceil()
        ))
    }
}

/// Bytes that this process may still take: what the machine has free, less where a container or `ulimit -v` allows less.
fn free() -> f64 {
    let mut system = System::new();
    system.refresh_memory();
    let container = system.cgroup_limits().map(|limits| limits.free_memory);
    let all = [Some(system.available_memory()), container, address_space()];
    let least = all.into_iter().flatten().min();
    // Where the system does not tell, there is no ground to refuse.
    least
        .filter(|&bytes| bytes > 0)
        .map_or(f64::INFINITY, |bytes| bytes as f64)
}

/// The limit of `ulimit -v`, if there is one.
fn address_space() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let rest = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))?;
    rest.split_whitespace().next()?.parse().ok()
}

fn size(bytes: f64) -> String {
    match bytes {
        b if b < 1e6 => format!("{:.0} kB", b / 1e3),
        b if b < GB => format!("{:.0} MB", b / 1e6),
        b => format!("{:.1} GB", b / GB),
    }
}
