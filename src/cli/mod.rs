//! The program on top of the library. Only the library's public API is used here.
//!
//! `render`: what was typed ([`args`]) and the files that it names ([`documents`], [`templates`], [`photos`]) are gathered
//! ([`inputs`]); from that comes what will be done ([`pick`], [`stages`], [`folder`], together a [`plan`]), what is
//! said about it ([`report`]), and how it ends ([`outcome`]). A folder is claimed before it is written to ([`claim`]), and
//! what is right in it is left ([`holdings`]).

pub mod args;
mod beside;
mod check;
mod claim;
mod contact;
mod corpus;
mod demo;
mod documents;
mod folder;
mod holdings;
mod inputs;
mod kit;
mod list;
mod outcome;
mod output;
mod photos;
mod pick;
mod plan;
mod project;
mod quotes;
mod read;
mod recheck;
mod render;
mod report;
mod returned;
mod role;
mod series;
mod size;
mod stages;
mod suggest;
mod table;
mod template;
mod templates;
mod verify;
mod watch;

use clap::CommandFactory as _;

use args::{Args, Command};
pub use outcome::Outcome;
use project::Project;
use report::Talk;

/// Does what was asked.
pub fn run(mut args: Args) -> Outcome {
    let talk = Talk::new(args.quiet);
    if !args.no_project
        && let Command::Read(_)
        | Command::Quotes(_)
        | Command::Render(_)
        | Command::Verify(_)
        | Command::Template { command: args::TemplateCommand::Preview(_) } = args.command
    {
        match Project::find() {
            Ok(None) => {}
            Ok(Some(project)) => {
                talk.note(&format!("project file: {}", project.path().display()));
                project.fill(&mut args.command);
            }
            Err(problems) => return talk.refuse(&problems),
        }
    }
    if matches!(args.command, Command::Quotes(_)) {
        prepare();
    }
    match &args.command {
        Command::Read(args) => read::run(args, &talk),
        Command::Quotes(args) => quotes::run(args, &talk),
        Command::Render(args) => render::run(args, &talk),
        Command::Recheck(args) => recheck::run(args, &talk),
        Command::Series(args) => series::run(args, &talk),
        Command::Verify(args) => verify::run(args, &talk),
        Command::List { what } => list::run(*what, &talk),
        Command::Template { command } => template::run(command, &talk),
        Command::Demo(args) => demo::run(args, &talk),
        Command::Completions { shell } => {
            // Into memory first: the generator panics where its writer fails, and a closed pipe is no failure.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "pullquote", &mut script);
            talk.data(&script)
        }
    }
}

/// Has a thread make ready what quotes are ranked by. It is not waited for, and where no thread can be had the first
/// quote makes it ready.
fn prepare() {
    let _ = std::thread::Builder::new().spawn(pullquote::select::prepare);
}
