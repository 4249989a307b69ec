//! The `pullquote` program: parse, plan, run, report, exit.

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    cli::run(cli::args::Args::parse()).into()
}
