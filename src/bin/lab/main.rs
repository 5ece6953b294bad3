//! `lab`, the native command line: the trainer of the page, without the page.
//!
//! The library computes; only here are files, threads, clocks and the terminal.

mod bits;
mod drawings;
mod estimate;
mod figures;
mod files;
mod flags;
mod interrupt;
mod merge;
mod mnist;
mod mnist_data;
mod pack;
mod progress;
mod store;
mod summary;
mod sweep;
mod train;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Toy models of superposition and memorization, trained exactly.
#[derive(Parser)]
#[command(version)]
struct Lab {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train one model, or the best of several.
    Train(Box<train::Train>),
    /// Make the runs of a figure, on all cores; stopped at any moment, it goes on where it was.
    Sweep(sweep::Sweep),
    /// Join stores of runs into one.
    Merge(merge::Merge),
    /// Make the files from which the page shows the stored runs.
    Pack(pack::PackStores),
    /// Make stored runs again and compare every bit.
    Verify(verify::Verify),
    /// Make a list of short runs and compare their bits with those on record.
    Bits(bits::Bits),
    /// Draw every figure of the stored sweeps.
    Figures(figures::Figures),
    /// Train the classifier of digits, measure D* of every training example, and write what the page shows of it.
    Mnist(mnist::Mnist),
}

/// How a command ended, if not with an error.
enum End {
    Finished,
    Interrupted,
    /// A run made again differs from the one on record.
    Differs,
}

/// What the shell gives to a program that Ctrl-C has stopped.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let end = match Lab::parse().command {
        Command::Train(command) => command.run(),
        Command::Sweep(command) => command.run(),
        Command::Merge(command) => command.run(),
        Command::Pack(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Bits(command) => command.run(),
        Command::Figures(command) => command.run(),
        Command::Mnist(command) => command.run(),
    };
    match end {
        Ok(End::Finished) => ExitCode::SUCCESS,
        Ok(End::Interrupted) => ExitCode::from(INTERRUPTED),
        Ok(End::Differs) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
