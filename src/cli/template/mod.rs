//! `pullquote template`: what helps to write a template or a kit.

mod check;
mod new;
mod preview;
mod schema;
mod sheet;
mod stand_in;
mod watch;

use super::Outcome;
use super::args::TemplateCommand;
use super::report::Talk;

/// Does what was asked.
pub fn run(command: &TemplateCommand, talk: &Talk) -> Outcome {
    match command {
        TemplateCommand::Check(args) => check::run(args, talk),
        TemplateCommand::New(args) => new::run(args, talk),
        TemplateCommand::Preview(args) => preview::run(args, talk),
        TemplateCommand::Schema { language } => schema::run(*language, talk),
    }
}
