//! Many cards, or many files, at once: the only place that knows of threads.
//!
//! One card is one task. What cards share (fonts, looks, the ground of each template and size) is made before the
//! first card and only read after that, so no card waits for another and no lock stands on the path. Results come
//! back in card order, whatever finished first: nothing that is written depends on the number of threads.
//!
//! A card that fails is told and remembered; the others go on.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::base::Base;
use crate::card::{self, Card, SizeChoice};
use crate::contrast::{self, ContrastError};
use crate::diag::Diagnostic;
use crate::export::png::{Compress, Press};
use crate::export::write::WriteError;
use crate::font::FontBook;
use crate::layout::{self, Layout};
use crate::look::Look;
use crate::manifest::{Entry, Failure};
use crate::select::Quote;
use crate::template::{Art, Brand, Template};
use crate::transcript::QuestionRow;

/// A template at a size, ready for any number of quotes that are read the same way.
#[derive(Debug)]
pub struct Stage<'a> {
    /// The template.
    pub template: &'a Template,
    /// The size.
    pub size: SizeChoice,
    /// Both, bound to the brand.
    pub look: Look<'a>,
    /// What all its cards have in common, laid out.
    pub ground: Layout,
}

/// One card to make.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The words.
    pub quote: Quote<'a>,
    /// Byte ranges of the quote that a keyword met.
    pub matched: Vec<Range<usize>>,
    /// What a person should look at, known before the card is made: told and listed with the card's own.
    pub warnings: Vec<Diagnostic>,
    /// The row's photograph, where its template shows one; or why it cannot be shown.
    pub photo: Option<Result<Arc<Art>, Diagnostic>>,
    /// The event's short name, for the manifest.
    pub event: Option<&'a str>,
    /// The question that the words answer, for the manifest.
    pub question: Option<QuestionRow>,
    /// Index of its [`Stage`]; or why there is none (a row named a template that does not exist).
    pub stage: Result<usize, Diagnostic>,
    /// Which part of the quote, from 0, and all parts, as byte ranges of its text; `None`: all of it.
    pub part: Option<(usize, Arc<[Range<usize>]>)>,
    /// The PNG's name, unique in its batch.
    pub file: String,
}

/// Everything a run needs; read-only from here on.
#[derive(Debug)]
pub struct Batch<'a> {
    /// Templates at sizes.
    pub stages: Vec<Stage<'a>>,
    /// The cards, in the order of the result.
    pub jobs: Vec<Job<'a>>,
    /// The brand kit.
    pub brand: &'a Brand,
    /// The faces.
    pub fonts: &'a FontBook,
    /// What the caller asks of every card.
    pub options: &'a card::Options,
    /// How much time is spent on making files smaller.
    pub compress: Compress,
}

/// What became of a card.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was written.
    Card {
        /// Its line in the manifest.
        entry: Box<Entry>,
        /// What a person should look at.
        warnings: Vec<Diagnostic>,
    },
    /// It was not.
    Failed {
        /// Its line in the manifest.
        failure: Box<Failure>,
        /// What to tell a person.
        diagnostic: Diagnostic,
    },
    /// The run was stopped before its turn.
    Skipped,
}

/// Told as cards finish, from any thread, in no particular order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A card was written.
    Done,
    /// A card failed.
    Failed,
}

/// Where a card's bytes go: the file's name and the PNG.
pub type Sink<'s> = dyn Fn(&str, &[u8]) -> Result<(), WriteError> + Sync + 's;

/// The threads could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {threads} threads")]
pub struct BatchError {
    threads: usize,
    source: rayon::ThreadPoolBuildError,
}

impl BatchError {
    /// What a person should read.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(format!("{self}: {}", self.source)).hint("ask for fewer with `--jobs N`")
    }
}

/// Makes all cards of a batch, in card order.
///
/// Without a `sink` every card is laid out and its contrast measured, so that failures are known; grounds are
/// painted for that, cards are not. Once `stop` is set no further card is begun; those at hand are finished.
///
/// # Errors
///
/// When the threads cannot be started. A card that fails is no error of the batch.
pub fn run(
    batch: &Batch<'_>,
    sink: Option<&Sink<'_>>,
    threads: NonZeroUsize,
    stop: &AtomicBool,
    tell: &(dyn Fn(Event) + Sync),
) -> Result<Vec<Outcome>, BatchError> {
    // More threads than cards would only cost their start.
    let threads = threads.get().min(batch.jobs.len().max(1));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| BatchError { threads, source })?;
    Ok(pool.install(|| {
        let grounds = grounds(batch);
        let one = |job: &Job<'_>| {
            if stop.load(Ordering::Relaxed) {
                return Outcome::Skipped;
            }
            let outcome = match make(batch, job, &grounds, sink) {
                Ok((entry, warnings)) => Outcome::Card { entry: Box::new(entry), warnings },
                Err(diagnostic) => failed(batch, job, diagnostic),
            };
            tell(if matches!(outcome, Outcome::Card { .. }) { Event::Done } else { Event::Failed });
            outcome
        };
        batch.jobs.par_iter().with_max_len(1).map(one).collect()
    }))
}

/// Works on `0..count` in parallel and hands the results over in order, so that nothing depends on who was first.
///
/// No more than [`WAITING`] results a thread are held at any time, however many there are: this is what reading ten
/// thousand files goes through.
///
/// # Errors
///
/// When the threads cannot be started.
pub fn in_order<T: Send>(
    count: usize,
    threads: NonZeroUsize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T),
) -> Result<(), BatchError> {
    let threads = threads.get().min(count.max(1));
    if threads == 1 {
        (0..count).map(work).for_each(take);
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| BatchError { threads, source })?;
    let portion = threads * WAITING;
    for start in (0..count).step_by(portion) {
        let end = count.min(start + portion);
        let done: Vec<T> = pool.install(|| (start..end).into_par_iter().with_max_len(1).map(&work).collect());
        done.into_iter().for_each(&mut take);
    }
    Ok(())
}

/// See [`in_order`].
pub const WAITING: usize = 16;

/// The ground of every stage that a card stands on, painted, checked and encoded once.
fn grounds(batch: &Batch<'_>) -> Vec<Option<Base>> {
    let used = |i: usize| batch.jobs.iter().any(|job| job.stage == Ok(i));
    let wanted: Vec<bool> = (0..batch.stages.len()).map(used).collect();
    let base = |(stage, wanted): (&Stage<'_>, bool)| {
        wanted.then(|| Base::new(&stage.ground, &stage.look, batch.fonts))
    };
    batch.stages.par_iter().zip(wanted).map(base).collect()
}

thread_local! {
    static PRESS: RefCell<Press> = RefCell::default();
}

/// One card, from words to file.
fn make(
    batch: &Batch<'_>,
    job: &Job<'_>,
    grounds: &[Option<Base>],
    sink: Option<&Sink<'_>>,
) -> Result<(Entry, Vec<Diagnostic>), Diagnostic> {
    let index = job.stage.clone()?;
    let stage = &batch.stages[index];
    let photo = job.photo.clone().transpose()?;
    let card = card::compose(
        &job.quote,
        &job.matched,
        stage.template,
        &stage.size,
        batch.brand,
        batch.options,
        photo.as_ref(),
    )
    .map_err(|e| e.diagnostic())?;
    let card = match &job.part {
        Some((index, ranges)) => part(card, job, *index, ranges, stage, batch)?,
        None => card,
    };
    let mut laid_out = layout::layout(&card, &stage.look, batch.fonts).map_err(|e| e.diagnostic())?;
    let base = grounds[index].as_ref().expect("the ground of a stage in use is painted");
    base.legible().map_err(ContrastError::diagnostic)?;
    let bed = base.under(&mut laid_out.output, batch.fonts);
    let checked = contrast::check(laid_out.output, &bed.ground, &stage.look, batch.fonts)
        .map_err(|e| e.diagnostic())?;
    if let Some(sink) = sink {
        let png = PRESS.with_borrow_mut(|press| {
            bed.plate.encode(&checked.output, &bed.ground, batch.fonts, batch.compress, press)
        });
        sink(&job.file, &png).map_err(|e| e.diagnostic())?;
    }
    let place = |d: Diagnostic| if d.place.is_some() { d } else { d.at(place(job, Some(stage))) };
    let warnings: Vec<Diagnostic> =
        job.warnings.iter().cloned().chain(laid_out.warnings).chain(checked.warnings).map(place).collect();
    Ok((entry(job, card, &checked.output, &warnings), warnings))
}

/// One part's card, at the size that all parts share. Each card finds that size for itself: it is a matter of
/// microseconds, and so no card waits for another.
fn part(
    whole: Card,
    job: &Job<'_>,
    index: usize,
    ranges: &[Range<usize>],
    stage: &Stage<'_>,
    batch: &Batch<'_>,
) -> Result<Card, Diagnostic> {
    let mut cards: Vec<Card> = ranges
        .iter()
        .enumerate()
        .map(|(i, range)| {
            let words = job.quote.part(range).expect("parts are ranges of the quote's text");
            whole.part(range, card::Part { number: i + 1, of: ranges.len() }, words.origin())
        })
        .collect();
    let size = layout::common_size(&cards, &stage.look, batch.fonts).map_err(|e| e.diagnostic())?;
    let mut card = cards.swap_remove(index);
    card.type_size = Some(size);
    Ok(card)
}

fn entry(job: &Job<'_>, card: Card, layout: &Layout, warnings: &[Diagnostic]) -> Entry {
    Entry {
        id: card.id,
        file: job.file.clone(),
        template: card.template,
        width: card.size.size.width(),
        height: card.size.size.height(),
        size: card.size.name,
        type_size: layout.type_size,
        text: card.text,
        speaker: card.speaker,
        role: card.role,
        date: job.quote.date().cloned(),
        event: job.event.map(str::to_owned),
        source: card.source,
        question: job.question.clone(),
        warnings: warnings.iter().map(|w| w.message.clone()).collect(),
    }
}

fn failed(batch: &Batch<'_>, job: &Job<'_>, diagnostic: Diagnostic) -> Outcome {
    let stage = job.stage.as_ref().ok().map(|&i| &batch.stages[i]);
    // The same quote may fail on one template and not on another: the manifest tells which.
    let error = match stage {
        Some(s) => format!("{} (on `{}` at `{}`)", diagnostic.message, s.template.name(), s.size.name),
        None => diagnostic.message.clone(),
    };
    let hint = (!diagnostic.hints.is_empty()).then(|| diagnostic.hints.join("; "));
    let mut failure = Failure { id: job.quote.id(), text: job.quote.text().to_owned(), error, hint };
    if let Some((index, ranges)) = &job.part {
        failure.id = format!("{}-{}", failure.id, index + 1);
        failure.text = job.quote.text()[ranges[*index].clone()].to_owned();
    }
    let diagnostic = if diagnostic.place.is_some() { diagnostic } else { diagnostic.at(place(job, stage)) };
    Outcome::Failed { failure: Box::new(failure), diagnostic }
}

/// `FILE:LINE, card `ID` on `TEMPLATE` at `SIZE``.
fn place(job: &Job<'_>, stage: Option<&Stage<'_>>) -> String {
    // The line of the file at hand, also where the row tells of another file it was once picked from.
    let turn = job.quote.turn();
    let source = &job.quote.transcript().source;
    let line = source.line_of(turn.map.locate(job.quote.range()).0);
    let look = stage.map(|s| format!(" on `{}` at `{}`", s.template.name(), s.size.name)).unwrap_or_default();
    format!("{}:{line}, card `{}`{look}", source.name, job.quote.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for threads in [1, 3, 8] {
            let mut taken = Vec::new();
            let threads = NonZeroUsize::new(threads).expect("not nought");
            in_order(100, threads, |i| i * i, |square| taken.push(square)).expect("threads start");
            assert_eq!(taken, (0..100).map(|i| i * i).collect::<Vec<_>>());
        }
    }
}
