//! `lab`, the native command line: the trainer of the page, without the page.
//!
//! The library computes; only here are files, threads, clocks and the terminal.

// Either panics where nobody listens: `out` has what is to be used.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod bits;
mod drawings;
mod estimate;
mod figures;
mod files;
mod flags;
mod interrupt;
mod memory;
mod merge;
mod mnist;
mod mnist_data;
mod out;
mod pack;
mod progress;
mod store;
mod summary;
mod sweep;
mod train;
mod verify;

use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Toy models of superposition and memorization, trained exactly.
#[derive(Parser)]
#[command(version, after_help = STATUS)]
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

/// The numbers are those below.
const STATUS: &str = "\
Exit status:
  0    all that was asked for is done
  1    a run made again differs from the stored one
  2    refused or failed; the last line says why
  3    the run diverged, as its results say
  130  stopped by Ctrl-C";

/// How a command ended, if not with an error.
enum End {
    Finished,
    Interrupted,
    /// A run made again differs from the one on record.
    Differs,
    /// The run that was asked for diverged; its results are written.
    Diverged,
}

/// What the shell gives to a program that refuses its arguments; here also to one that failed.
const REFUSED: u8 = 2;
/// A run that diverged is a result, but seldom the one that was wanted.
const DIVERGED: u8 = 3;
/// What the shell gives to a program that Ctrl-C has stopped.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let lab = match Lab::try_parse() {
        Ok(lab) => lab,
        Err(message) => return explain(&message),
    };
    let end = match lab.command {
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
        Ok(End::Diverged) => ExitCode::from(DIVERGED),
        Err(message) => refuse(&message),
    }
}

/// Prints what the command line has to say of itself: its help, or what is wrong with the arguments.
fn explain(message: &clap::Error) -> ExitCode {
    let printed = message.print().and_then(|()| stdout().flush());
    match out::done(printed) {
        _ if message.use_stderr() => ExitCode::from(REFUSED),
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => refuse(&message),
    }
}

fn refuse(message: &str) -> ExitCode {
    out::remark(format!("error: {message}"));
    ExitCode::from(REFUSED)
}
