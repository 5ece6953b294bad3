//! What do many stored runs show?

mod arrangements;
mod clusters;
mod curves;
mod each_run;
mod failures;
pub mod gallery;
mod gram;
mod heat_map;
mod histories;
mod models;
mod multiples;
mod nudges;
mod planes;
mod polytopes;
pub mod reference;
mod repeats;
mod solid;
mod stack;
mod strips;
mod zones;

/// Puts values with the others of `key`; keys stay in the order in which they appeared.
fn gather<V>(groups: &mut Vec<(String, Vec<V>)>, key: String, values: impl IntoIterator<Item = V>) {
    match groups.iter_mut().find(|(known, _)| *known == key) {
        Some((_, group)) => group.extend(values),
        None => groups.push((key, values.into_iter().collect())),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
