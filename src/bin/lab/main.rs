//! `lab`, the native command line: the trainer of the page, without the page.
//!
//! The library computes; only here are files, threads, clocks and the terminal.

mod drawings;
mod files;
mod flags;
mod progress;
mod summary;
mod train;

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
}

/// What the shell gives to a program that Ctrl-C has stopped.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let Command::Train(command) = Lab::parse().command;
    match command.run() {
        Ok(train::End::Finished) => ExitCode::SUCCESS,
        Ok(train::End::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}
