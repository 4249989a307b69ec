//! `pullquote render`: cards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use pullquote::batch::{self, News};
use pullquote::diag::Diagnostic;

use super::args::{OutArgs, RenderArgs, RenderFormat};
use super::inputs::Inputs;
use super::output::{Output, try_stream};
use super::plan::Plan;
use super::quotes::no_match;
use super::report::{Talk, counted, more_matched};
use super::returned::Returned;
use super::{Outcome, contact, watch};

/// Renders what is named, or what is dropped into a folder.
pub fn run(args: &RenderArgs, talk: &Talk) -> Outcome {
    match &args.watch {
        Some(dir) => watch::run(args, dir, talk),
        None => once(args, talk),
    }
}

/// Reads, picks, and writes the cards.
pub fn once(args: &RenderArgs, talk: &Talk) -> Outcome {
    if let Err(problem) = try_stream(&args.out, args.format) {
        return talk.refuse(&[problem]);
    }
    let inputs = match Inputs::gather(args) {
        Ok(inputs) => inputs,
        Err(problems) => return talk.refuse(&problems),
    };
    talk.tell_all(inputs.warnings.iter().chain(&inputs.row_problems));
    let rows = Outcome::of_rows(inputs.row_problems.len());
    match Plan::new(&inputs, args) {
        Ok(Some(plan)) => {
            let mut returned = match Returned::new(&inputs, &args.out) {
                Ok(returned) => returned,
                Err(problems) => return talk.refuse(&problems),
            };
            rows.and(carry_out(&plan, &args.out, args.format, &mut returned, talk))
        }
        Ok(None) => {
            talk.tell(&no_match(&args.pick));
            Outcome::NoMatch
        }
        Err(problems) => talk.refuse(&problems),
    }
}

/// Makes the cards of a plan, writes the manifest and the sheets that go back, and says what was done; without a `format`
/// nothing is printed.
pub fn carry_out(
    plan: &Plan<'_>,
    out: &OutArgs,
    format: impl Into<Option<RenderFormat>>,
    returned: &mut Returned<'_>,
    talk: &Talk,
) -> Outcome {
    if let Some(problem) = contact::in_the_way(out) {
        return talk.refuse(&[problem]);
    }
    talk.tell_all(&plan.warnings);
    let mut output = match Output::begin(plan, out, format.into()) {
        Ok(output) => output,
        Err(problem) => return talk.refuse(&[problem]),
    };
    let stop = stop_flag();
    let total = plan.batch.jobs.len();
    let bar = talk.bar(total);
    let (mut outcome, mut told) = (Outcome::Done, Gathered::default());
    let (mut index, mut failed) = (0, 0);
    let mut files = BTreeSet::new();
    let mut count = Count::default();
    let (sink, known) = (output.sink(), output.known());
    let ends = batch::Ends { sink: sink.as_deref(), known: known.as_deref() };
    let take = |one: batch::Outcome| {
        bar.inc(1);
        let job = &plan.batch.jobs[index];
        index += 1;
        match one {
            batch::Outcome::Card { entry, news, warnings, kept } => {
                count.add(&news);
                returned.made(job, &warnings);
                warnings.into_iter().for_each(|warning| told.add(warning));
                files.insert(job.file.as_str());
                if !output.card(&entry, &news, &kept) {
                    stop.store(true, Ordering::Relaxed);
                    outcome = outcome.and(Outcome::Partial);
                }
            }
            batch::Outcome::Failed { failure, diagnostic } => {
                returned.failed(job, &diagnostic);
                told.add(diagnostic);
                output.failure(*failure);
                failed += 1;
                outcome = outcome.and(Outcome::Partial);
            }
            // Where it was not the stream that stopped us, it was a signal.
            batch::Outcome::Skipped if !output.is_lost() => outcome = outcome.and(Outcome::Interrupted),
            batch::Outcome::Skipped => {}
        }
    };
    let ran = batch::run(&plan.batch, ends, out.threads(), stop, take);
    bar.finish_and_clear();
    if let Err(error) = ran {
        return talk.refuse(&[error.diagnostic()]);
    }
    talk.tell_all(&told.all());
    let planned = if outcome == Outcome::Interrupted {
        BTreeSet::new()
    } else {
        plan.batch.jobs.iter().map(|job| job.file.as_str()).collect()
    };
    let ended = output.end(&files, &planned, talk);
    count.removed = ended.removed;
    outcome = outcome.and(ended.outcome);
    outcome = outcome.and(returned.write(outcome, talk));
    outcome = outcome.and(contact::of_plan(plan, out, outcome, talk));
    // How much of a stream arrived that broke off nobody knows: no count is given.
    if !ended.lost {
        talk.note(&summary(&count, failed, total, plan, outcome, out.dry_run));
    }
    outcome
}

/// Problems as they are told: the same one of many cards once, at the first of them. A template that is not there fails
/// every row that names it, and what else went wrong should still be seen. The manifest lists each.
#[derive(Debug, Default)]
struct Gathered {
    kinds: Vec<(Diagnostic, usize)>,
    index: BTreeMap<(String, Vec<String>), usize>,
}

impl Gathered {
    fn add(&mut self, diagnostic: Diagnostic) {
        let key = (diagnostic.message.clone(), diagnostic.hints.clone());
        let at = *self.index.entry(key).or_insert(self.kinds.len());
        match self.kinds.get_mut(at) {
            Some((_, more)) => *more += 1,
            None => self.kinds.push((diagnostic, 0)),
        }
    }

    fn all(self) -> Vec<Diagnostic> {
        let place = |(mut first, more): (Diagnostic, usize)| {
            if more > 0 {
                let place = first.place.unwrap_or_default();
                first.place = Some(format!("{place}, and {}", counted(more, "more card")));
            }
            first
        };
        self.kinds.into_iter().map(place).collect()
    }
}

/// Set by the first signal that asks us to end; cards at hand are then finished, and no further one is begun.
pub fn stop_flag() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    static HANDLER: Once = Once::new();
    // Only now, not at the start of the program: while files are read, a signal should simply end it. Where no
    // handler can be set it does so here too, and cards are whole all the same.
    HANDLER.call_once(|| {
        let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    });
    &STOP
}

/// `5 cards in out/, 1 failed (12 more matched: `--limit 0` takes all)`.
fn summary(
    count: &Count,
    failed: usize,
    total: usize,
    plan: &Plan<'_>,
    outcome: Outcome,
    dry_run: bool,
) -> String {
    let done = count.new + count.changed + count.kept;
    let cards = match outcome {
        Outcome::Interrupted => format!("stopped: {done} of {}", counted(total, "card")),
        _ => counted(done, "card"),
    };
    let verb = match (dry_run, count.new == done) {
        (true, true) => " would be written to ",
        (true, false) => " would be in ",
        (false, _) => " in ",
    };
    let failed = match failed {
        0 => String::new(),
        n => format!(", {n} failed"),
    };
    format!("{cards}{verb}{}{failed}{}{}", plan.target.shown(), count.told(), more_matched(plan.more))
}

/// What cards were to the folder.
#[derive(Debug, Default)]
struct Count {
    new: usize,
    changed: usize,
    kept: usize,
    removed: usize,
}

impl Count {
    fn add(&mut self, news: &News) {
        match news {
            News::New => self.new += 1,
            News::Changed(_) => self.changed += 1,
            News::Kept => self.kept += 1,
        }
    }

    /// `: 1 new, 4 kept`, or nothing where all are new.
    fn told(&self) -> String {
        if self.changed + self.kept + self.removed == 0 {
            return String::new();
        }
        let parts =
            [(self.new, "new"), (self.changed, "changed"), (self.kept, "kept"), (self.removed, "removed")];
        let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        format!(": {}", parts.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_problem_of_many_cards_is_told_once() {
        let told = |message: &str, place: &str| Diagnostic::error(message).at(place);
        let all =
            vec![told("a", "x:1"), told("b", "x:2"), told("a", "x:3"), told("a", "x:4"), told("b", "x:5")];
        let mut gathered = Gathered::default();
        all.into_iter().for_each(|told| gathered.add(told));
        assert_eq!(gathered.all(), [told("a", "x:1, and 2 more cards"), told("b", "x:2, and 1 more card")]);
    }
}
