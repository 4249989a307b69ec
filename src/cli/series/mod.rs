//! `pullquote series`: cards from a file that says all of it, the same on every desk and again and again.
//!
//! The file ([`file`]) is turned into what `render` is asked for by flags ([`gather`]); from there on both go one way
//! ([`Plan`]).

mod chosen;
mod file;
mod gather;
mod new;

use super::Outcome;
use super::args::{SeriesArgs, SeriesCommand};
use super::plan::Plan;
use super::render::carry_out;
use super::report::Talk;
use super::returned::Returned;
use gather::Series;

/// Does what was asked.
pub fn run(args: &SeriesArgs, talk: &Talk) -> Outcome {
    match (&args.command, &args.file) {
        (Some(SeriesCommand::New(new)), _) => new::run(new, talk),
        (Some(SeriesCommand::Schema), _) => talk.data(format!("{:#}\n", gather::schema()).as_bytes()),
        (None, Some(file)) => make(args, file, talk),
        (None, None) => unreachable!("a file is required where no command is given"),
    }
}

fn make(args: &SeriesArgs, file: &std::path::Path, talk: &Talk) -> Outcome {
    let series = match Series::read(file, &args.out) {
        Ok(series) => series,
        Err(problems) => return talk.refuse(&problems),
    };
    if let Err(problem) = super::output::try_stream(&series.out, args.format) {
        return talk.refuse(&[problem]);
    }
    let inputs = match series.inputs() {
        Ok(inputs) => inputs,
        Err(problems) => return talk.refuse(&problems),
    };
    talk.tell_all(inputs.warnings.iter().chain(&inputs.row_problems));
    let rows = Outcome::of_rows(inputs.row_problems.len());
    let wanted = match series.wanted(&inputs) {
        Ok(wanted) => wanted,
        Err(problems) => return talk.refuse(&problems),
    };
    talk.tell_all(&wanted.warnings);
    if wanted.quotes.is_empty() {
        talk.tell(&super::quotes::no_match(&series.pick));
        return Outcome::NoMatch;
    }
    match Plan::of_wanted(&inputs, wanted.quotes, &series.pick, &series.look, &series.out) {
        Ok(mut plan) => {
            plan.settings.series = Some(series.title().to_owned());
            rows.and(carry_out(&plan, &series.out, args.format, &mut Returned::default(), talk))
        }
        Err(problems) => talk.refuse(&problems),
    }
}
