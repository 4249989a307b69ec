//! `pullquote render`: cards.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pullquote::batch;
use pullquote::diag::Diagnostic;
use pullquote::export::write::write_file;
use pullquote::manifest::{FILE_NAME, Manifest, VERSION};

use super::Outcome;
use super::args::{OutArgs, RenderArgs, RenderFormat};
use super::inputs::Inputs;
use super::plan::Plan;
use super::quotes::no_match;
use super::report::{Talk, counted, more_matched};

/// Reads, picks, and writes the cards.
pub fn run(args: &RenderArgs, talk: &Talk) -> Outcome {
    let inputs = match Inputs::gather(args) {
        Ok(inputs) => inputs,
        Err(problems) => return talk.refuse(&problems),
    };
    talk.tell_all(&inputs.warnings);
    match Plan::new(&inputs, args) {
        Ok(Some(plan)) => carry_out(&plan, &args.out, args.format, talk),
        Ok(None) => {
            talk.tell(&no_match(&args.pick));
            Outcome::NoMatch
        }
        Err(problems) => talk.refuse(&problems),
    }
}

/// Makes the cards of a plan, writes the manifest, and says what was done.
pub fn carry_out(plan: &Plan<'_>, out: &OutArgs, format: RenderFormat, talk: &Talk) -> Outcome {
    talk.tell_all(&plan.warnings);
    let stop = stop_flag();
    let total = plan.batch.jobs.len();
    let bar = talk.bar(total);
    let write = |file: &str, png: &[u8]| write_file(&plan.out.join(file), png);
    let sink: Option<&batch::Sink<'_>> = if out.dry_run { None } else { Some(&write) };
    let results = batch::run(&plan.batch, sink, threads(out), &stop, &|_| bar.inc(1));
    bar.finish_and_clear();
    let results = match results {
        Ok(results) => results,
        Err(error) => return talk.refuse(&[error.diagnostic()]),
    };

    let mut outcome = Outcome::Done;
    let mut told = Vec::new();
    let mut manifest =
        Manifest { version: VERSION, settings: plan.settings.clone(), cards: vec![], failures: vec![] };
    for result in results {
        match result {
            batch::Outcome::Card { entry, warnings } => {
                told.extend(warnings);
                manifest.cards.push(*entry);
            }
            batch::Outcome::Failed { failure, diagnostic } => {
                told.push(diagnostic);
                manifest.failures.push(*failure);
                outcome = outcome.and(Outcome::Partial);
            }
            batch::Outcome::Skipped => outcome = outcome.and(Outcome::Interrupted),
        }
    }
    talk.tell_all(&gathered(told));
    if !out.dry_run {
        outcome = outcome.and(write_manifest(plan, &manifest, talk));
    }
    let data = match format {
        RenderFormat::Json => manifest.to_json(),
        RenderFormat::Paths => {
            manifest.cards.iter().map(|card| format!("{}\n", plan.out.join(&card.file).display())).collect()
        }
    };
    outcome = outcome.and(talk.data(data.as_bytes()));
    talk.note(&summary(&manifest, total, plan, outcome, out.dry_run));
    outcome
}

/// The same problem of many cards told once, at the first of them: a template that is not there fails every row that
/// names it, and what else went wrong should still be seen. The manifest lists each.
fn gathered(told: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kinds: Vec<(Diagnostic, usize)> = Vec::new();
    let mut index = BTreeMap::new();
    for diagnostic in told {
        let at = *index.entry((diagnostic.message.clone(), diagnostic.hints.clone())).or_insert(kinds.len());
        match kinds.get_mut(at) {
            Some((_, more)) => *more += 1,
            None => kinds.push((diagnostic, 0)),
        }
    }
    let place = |(mut first, more): (Diagnostic, usize)| {
        if more > 0 {
            let place = first.place.unwrap_or_default();
            first.place = Some(format!("{place}, and {}", counted(more, "more card")));
        }
        first
    };
    kinds.into_iter().map(place).collect()
}

/// Writes the manifest last, together with what an earlier run left in the folder.
fn write_manifest(plan: &Plan<'_>, manifest: &Manifest, talk: &Talk) -> Outcome {
    let mut whole = manifest.clone();
    if let Some(earlier) = plan.earlier {
        whole.keep_earlier(earlier.clone(), |file| plan.out.join(file).is_file());
    }
    match write_file(&plan.out.join(FILE_NAME), whole.to_json().as_bytes()) {
        Ok(()) => Outcome::Done,
        Err(error) => {
            talk.tell(&error.diagnostic());
            Outcome::Partial
        }
    }
}

/// Set by the first signal that asks us to end; cards at hand are then finished, and no further one is begun.
fn stop_flag() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Only now, not at the start of the program: while files are read, a signal should simply end it. Where no
    // handler can be set it does so here too, and cards are whole all the same.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    stop
}

fn threads(out: &OutArgs) -> NonZeroUsize {
    out.jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// `5 cards in out/, 1 failed (12 more matched: `--limit 0` takes all)`.
fn summary(manifest: &Manifest, total: usize, plan: &Plan<'_>, outcome: Outcome, dry_run: bool) -> String {
    let done = manifest.cards.len();
    let cards = match outcome {
        Outcome::Interrupted => format!("stopped: {done} of {}", counted(total, "card")),
        _ => counted(done, "card"),
    };
    let verb = if dry_run { " would be written to " } else { " in " };
    let failed = match manifest.failures.len() {
        0 => String::new(),
        n => format!(", {n} failed"),
    };
    format!("{cards}{verb}{}{failed}{}", folder(plan.out), more_matched(plan.more))
}

/// The folder with a separator at its end, so that it is known for one.
fn folder(out: &Path) -> String {
    let shown = out.display().to_string();
    if shown.ends_with(['/', '\\']) { shown } else { format!("{shown}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_problem_of_many_cards_is_told_once() {
        let told = |message: &str, place: &str| Diagnostic::error(message).at(place);
        let all =
            vec![told("a", "x:1"), told("b", "x:2"), told("a", "x:3"), told("a", "x:4"), told("b", "x:5")];
        assert_eq!(gathered(all), [told("a", "x:1, and 2 more cards"), told("b", "x:2, and 1 more card")]);
    }
}
