//! Many cards, or many files, at once: the only place that knows of threads.
//!
//! One card is one task. What cards share (fonts, looks, the ground of each template and size) is made by the first
//! card that needs it and only read after that, without a lock; a photograph, or a letter that is cast for the first
//! time, is looked up under one, so that a card waits for nothing but what it needs itself. Results come back in card
//! order, whatever finished first, and as they are done: nothing that is written depends on the number of threads, and
//! nothing piles up.
//!
//! A card that fails is told and remembered; the others go on.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::alt;
use crate::base::Base;
use crate::card::{self, Card, SizeChoice};
use crate::contrast::{self, ContrastError};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::export::png::{Compress, Press};
use crate::export::write::WriteError;
use crate::font::FontBook;
use crate::key::{Beside, Common, Key};
use crate::lang::Lang;
use crate::layout::{self, Layout, Siblings};
use crate::look::Look;
use crate::manifest::{Entry, Failure};
use crate::record::{self, Metadata, Record, Stamped};
use crate::select::Quote;
use crate::template::{Art, Brand, Template};
use crate::transcript::{QuestionRow, SeriesNumber};

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

/// A photograph that is read when a card needs it: a list may name more of them than memory holds.
pub trait Photo: std::fmt::Debug + Send + Sync {
    /// It, the same one for all cards that are made at a time; or why it cannot be shown.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    fn get(&self) -> Result<Arc<Art>, Diagnostic>;
}

/// One that is there already.
impl Photo for Arc<Art> {
    fn get(&self) -> Result<Arc<Art>, Diagnostic> {
        Ok(Arc::clone(self))
    }
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
    /// The row's photograph, where its template shows one.
    pub photo: Option<Arc<dyn Photo>>,
    /// The event's short name, for the manifest.
    pub event: Option<&'a str>,
    /// The question that the words answer, for the manifest.
    pub question: Option<QuestionRow>,
    /// Index of its [`Stage`]; or why there is none (a row named a template that does not exist).
    pub stage: Result<usize, Diagnostic>,
    /// Which card of a series, where the plan numbers them; a row's own number comes first.
    pub series: Option<SeriesNumber>,
    /// The quote's size, master px, that it shares with other cards ([`share_sizes`]); `None`: the largest that fits.
    pub type_size: Option<f32>,
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
    /// How much each card carries with it.
    pub metadata: Metadata,
    /// Their alt texts.
    pub alt: Alt,
}

/// What is asked of alt texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alt {
    /// The most UTF-16 units. Default: [`alt::LIMIT`].
    pub limit: usize,
    /// Each stands in a file of its own too. Default: false.
    pub files: bool,
}

impl Default for Alt {
    fn default() -> Self {
        Self { limit: alt::LIMIT, files: false }
    }
}

/// What became of a card.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was made, and taken by the sink; or it was there already.
    Card {
        /// Its line in the manifest.
        entry: Box<Entry>,
        /// What a run before this one had left.
        news: News,
        /// What a person should look at.
        warnings: Vec<Diagnostic>,
        /// What the [`Sink`] returned.
        kept: Vec<u8>,
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

/// What a card is to the folder that it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// No run before made it.
    New,
    /// A run before made another: what of it is not as it was ([`Key::changes`]), or what else is wrong with its file.
    Changed(Vec<&'static str>),
    /// It is there already, and was left alone.
    Kept,
}

/// What stands in the place of a card.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Nothing of ours.
    Nothing,
    /// Another card: see [`News::Changed`].
    Other(Vec<&'static str>),
    /// The very card; its line in the manifest.
    Same(Box<Entry>),
}

/// Where a card's bytes go, called on any thread as cards are done: the card's line in the manifest and the PNG. What it
/// returns comes back with the card's [`Outcome`], for whoever takes them in card order; a sink that has written the
/// file returns nothing.
pub type Sink<'s> = dyn Fn(&Entry, &Stamped<'_>) -> Result<Vec<u8>, WriteError> + Sync + 's;

/// Says what stands in the place of a card, by its file's name and what the card is made of; called on any thread.
pub type Known<'s> = dyn Fn(&str, &Key) -> Standing + Sync + 's;

/// The two ends that a run has outside of the library.
#[derive(Clone, Copy, Default)]
pub struct Ends<'s> {
    /// Where cards go; `None`: they are laid out and not painted.
    pub sink: Option<&'s Sink<'s>>,
    /// What is there already and need not be made; `None`: nothing.
    pub known: Option<&'s Known<'s>>,
}

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

/// Makes all cards of a batch and hands what became of them to `take`, one after the other in card order.
///
/// No more than [`WAITING`] outcomes a thread are held at any time, however many cards there are. Without a `sink`
/// every card is laid out and its contrast measured, so that failures are known; grounds are painted for that, cards
/// are not. What is there already is not looked at again. Once `stop` is set no further card is begun; those at hand are finished.
///
/// # Errors
///
/// When the threads cannot be started. A card that fails is no error of the batch.
pub fn run(
    batch: &Batch<'_>,
    ends: Ends<'_>,
    threads: NonZeroUsize,
    stop: &AtomicBool,
    take: impl FnMut(Outcome),
) -> Result<(), BatchError> {
    // A ground is painted, checked and encoded by the first card that stands on it: where all are there, none is.
    let grounds: Vec<OnceLock<Base>> = batch.stages.iter().map(|_| OnceLock::new()).collect();
    let one = |i: usize| {
        if stop.load(Ordering::Relaxed) {
            return Outcome::Skipped;
        }
        let job = &batch.jobs[i];
        match make(batch, job, &grounds, ends) {
            Ok(card) => card,
            Err(diagnostic) => failed(batch, job, diagnostic),
        }
    };
    in_order(batch.jobs.len(), threads, one, take)
}

/// Gives the cards of a batch one or two type sizes for each template, size and language, so that a series looks like
/// siblings: [`Siblings`] says which. The parts of a quote that runs over several cards count as one card. A card that
/// cannot be made is left as it is, and told when it is its turn.
///
/// # Errors
///
/// When the threads cannot be started.
pub fn share_sizes(batch: &mut Batch<'_>, threads: NonZeroUsize) -> Result<(), BatchError> {
    let mut own: Vec<Option<f32>> = Vec::with_capacity(batch.jobs.len());
    in_order(batch.jobs.len(), threads, |i| own_size(batch, &batch.jobs[i]), |size| own.push(size))?;
    let mut groups: BTreeMap<(usize, Lang), Vec<usize>> = BTreeMap::new();
    for (i, job) in batch.jobs.iter().enumerate() {
        if let (Ok(stage), Some(_)) = (&job.stage, own[i]) {
            groups.entry((*stage, job.quote.lang())).or_default().push(i);
        }
    }
    for jobs in groups.into_values() {
        let sizes: Vec<f32> = jobs.iter().filter_map(|&i| own[i]).collect();
        let Some(chosen) = Siblings::of(&sizes) else { continue };
        let larger: Vec<usize> =
            jobs.iter().zip(&sizes).filter(|&(_, &own)| own >= chosen.larger).map(|(&i, _)| i).collect();
        for (i, own) in jobs.into_iter().zip(sizes) {
            batch.jobs[i].type_size = Some(chosen.for_card(own));
        }
        if chosen.larger > chosen.smaller {
            let even = evenest(batch, &larger, chosen, threads)?;
            larger.into_iter().for_each(|i| batch.jobs[i].type_size = Some(even));
        }
    }
    Ok(())
}

/// Lets go of a shared size that a card cannot take (any more): it takes its own largest then.
pub fn keep_within(batch: &mut Batch<'_>) {
    for i in 0..batch.jobs.len() {
        let Some(shared) = batch.jobs[i].type_size.take() else { continue };
        let own = own_size(batch, &batch.jobs[i]);
        batch.jobs[i].type_size = own.filter(|own| *own >= shared).map(|_| shared);
    }
}

/// The largest size that a job's quote can take; `None` where its card cannot be made.
fn own_size(batch: &Batch<'_>, job: &Job<'_>) -> Option<f32> {
    let stage = &batch.stages[*job.stage.as_ref().ok()?];
    let card = compose(batch, job, stage).ok()?;
    match &job.part {
        Some((_, ranges)) => layout::common_size(&parts(&card, job, ranges), &stage.look, batch.fonts).ok(),
        None => {
            layout::layout(&card, &stage.look, batch.fonts).ok().map(|laid_out| laid_out.output.type_size)
        }
    }
}

/// Of the sizes that `jobs` may share the one that fewest cards are ragged at, the largest of several.
fn evenest(
    batch: &Batch<'_>,
    jobs: &[usize],
    chosen: Siblings,
    threads: NonZeroUsize,
) -> Result<f32, BatchError> {
    let sizes: Vec<f32> = std::iter::once(chosen.larger).chain(chosen.steps()).collect();
    let mut ragged = vec![0_usize; sizes.len()];
    let look = |i: usize| -> Vec<bool> {
        let job = &batch.jobs[jobs[i]];
        let stage = &batch.stages[*job.stage.as_ref().expect("its own size was found on a stage")];
        let is_ragged = |&size: &f32| {
            let job = Job { type_size: Some(size), ..job.clone() };
            let card = match &job.part {
                Some((index, ranges)) => compose(batch, &job, stage)
                    .and_then(|whole| part(whole, &job, *index, ranges, stage, batch)),
                None => compose(batch, &job, stage),
            };
            let laid_out = card.ok().and_then(|card| layout::layout(&card, &stage.look, batch.fonts).ok());
            laid_out.is_none_or(|laid_out| laid_out.output.ragged)
        };
        sizes.iter().map(is_ragged).collect()
    };
    in_order(jobs.len(), threads, look, |one| {
        one.into_iter().enumerate().for_each(|(k, is_ragged)| ragged[k] += usize::from(is_ragged));
    })?;
    let best = (0..sizes.len()).min_by_key(|&k| ragged[k]);
    Ok(best.map_or(chosen.larger, |k| sizes[k]))
}

/// Works on `0..count` in parallel and hands the results over in order, so that nothing depends on who was first.
///
/// No more than [`WAITING`] results a thread are held at any time, however many there are: this is what reading ten
/// thousand files and making a hundred thousand cards goes through. Nobody waits for a lock: a thread takes the next
/// number, does its work and sends it to whoever called, and waits only where it is that far ahead.
///
/// # Errors
///
/// When the threads cannot be started.
///
/// # Panics
///
/// Where `work` or `take` does.
pub fn in_order<T: Send>(
    count: usize,
    threads: NonZeroUsize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T),
) -> Result<(), BatchError> {
    // More threads than work would only cost their start.
    let threads = threads.get().min(count.max(1));
    if threads == 1 {
        (0..count).map(work).for_each(take);
        return Ok(());
    }
    let next = AtomicUsize::new(0);
    let gate = Gate::new(threads * WAITING);
    let (send, results) = mpsc::channel();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| BatchError { threads, source })?;
    pool.in_place_scope(|scope| {
        // Whoever panics lets the others go, since what they wait for will not come.
        let _here = gate.guarded();
        for _ in 0..threads {
            let (send, next, gate, work) = (send.clone(), &next, &gate, &work);
            scope.spawn(move |_| {
                let _here = gate.guarded();
                let mut done = Done::new(send);
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    // What somebody may wait for is sent before one waits oneself.
                    let goes_on = i < count && (gate.is_open(i) || done.send() && gate.pass(i));
                    if !(goes_on && done.add(i, work(i))) {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut early: Vec<Option<T>> = Vec::new();
        early.resize_with(gate.window, || None);
        let mut due = 0;
        for (i, result) in results.into_iter().flatten() {
            early[i % gate.window] = Some(result);
            while let Some(result) = early[due % gate.window].take() {
                take(result);
                due += 1;
                gate.advance(due);
            }
        }
    });
    Ok(())
}

/// See [`in_order`].
pub const WAITING: usize = 16;

/// Results are sent together where they come faster than this: to wake the one who takes them costs as much as a tenth
/// of a quick card.
const SOON: Duration = Duration::from_millis(4);

/// Results of a thread that are not sent yet; dropped, they are.
struct Done<T> {
    to: mpsc::Sender<Vec<(usize, T)>>,
    results: Vec<(usize, T)>,
    sent: Instant,
}

impl<T> Done<T> {
    fn new(to: mpsc::Sender<Vec<(usize, T)>>) -> Self {
        Self { to, results: Vec::new(), sent: Instant::now() }
    }

    /// Adds a result; `false` where nobody takes it.
    fn add(&mut self, i: usize, result: T) -> bool {
        self.results.push((i, result));
        self.results.len() < WAITING / 2 && self.sent.elapsed() < SOON || self.send()
    }

    fn send(&mut self) -> bool {
        let results = std::mem::take(&mut self.results);
        self.sent = Instant::now();
        results.is_empty() || self.to.send(results).is_ok()
    }
}

impl<T> Drop for Done<T> {
    fn drop(&mut self) {
        self.send();
    }
}

/// Keeps those who are ahead from being too far ahead.
struct Gate {
    /// How far ahead of the result that is due anyone may work.
    window: usize,
    due: AtomicUsize,
    over: AtomicBool,
    /// How many wait.
    waiting: Mutex<usize>,
    moved: Condvar,
}

impl Gate {
    fn new(window: usize) -> Self {
        let (due, over) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { window, due, over, waiting: Mutex::new(0), moved: Condvar::new() }
    }

    /// Whether `i` is near enough to what is due to be begun at once.
    fn is_open(&self, i: usize) -> bool {
        i < self.due.load(Ordering::SeqCst) + self.window && !self.over.load(Ordering::SeqCst)
    }

    /// Waits until `i` is near enough to what is due; `false` where all is over.
    fn pass(&self, i: usize) -> bool {
        let near = || i < self.due.load(Ordering::SeqCst) + self.window;
        let over = || self.over.load(Ordering::SeqCst);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting += 1;
        while !near() && !over() {
            waiting = self.moved.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        *waiting -= 1;
        !over()
    }

    fn advance(&self, due: usize) {
        self.due.store(due, Ordering::SeqCst);
        self.wake();
    }

    fn give_up(&self) {
        self.over.store(true, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        // The lock is taken so that nobody is missed who has looked and does not wait yet.
        if *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) > 0 {
            self.moved.notify_all();
        }
    }

    /// Gives up where this thread panics.
    fn guarded(&self) -> impl Drop {
        struct Guard<'g>(&'g Gate);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                if std::thread::panicking() {
                    self.0.give_up();
                }
            }
        }
        Guard(self)
    }
}

thread_local! {
    static PRESS: RefCell<Press> = RefCell::default();
}

/// One card, from words to file.
fn make(
    batch: &Batch<'_>,
    job: &Job<'_>,
    grounds: &[OnceLock<Base>],
    ends: Ends<'_>,
) -> Result<Outcome, Diagnostic> {
    let index = job.stage.clone()?;
    let stage = &batch.stages[index];
    let card = match &job.part {
        Some((index, ranges)) => part(compose(batch, job, stage)?, job, *index, ranges, stage, batch)?,
        None => compose(batch, job, stage)?,
    };
    let key = key(batch, job, stage, &card);
    let place = |d: Diagnostic| if d.place.is_some() { d } else { d.at(place(job, Some(stage))) };
    let news = match ends.known.map_or(Standing::Nothing, |known| known(&job.file, &key)) {
        Standing::Same(entry) => {
            let warnings = entry.warnings.iter().map(|told| place(Diagnostic::warning(told))).collect();
            return Ok(Outcome::Card { entry, news: News::Kept, warnings, kept: Vec::new() });
        }
        Standing::Other(changes) => News::Changed(changes),
        Standing::Nothing => News::New,
    };
    let mut laid_out = layout::layout(&card, &stage.look, batch.fonts).map_err(|e| e.diagnostic())?;
    let on_press = |press: &mut Press| {
        let base = grounds[index].get_or_init(|| Base::new(&stage.ground, &stage.look, batch.fonts, press));
        base.legible().map_err(ContrastError::diagnostic)?;
        Ok(base.under(&mut laid_out.output, batch.fonts, press))
    };
    let bed = PRESS.with_borrow_mut(on_press)?;
    let checked = contrast::check(laid_out.output, &bed.ground, &stage.look, batch.fonts)
        .map_err(|e| e.diagnostic())?;
    let warnings: Vec<Diagnostic> =
        job.warnings.iter().cloned().chain(laid_out.warnings).chain(checked.warnings).map(place).collect();
    let record = Record::of(&card, job.quote.date(), batch.brand);
    let mut entry = Box::new(entry(job, &card, key, batch.options, &checked.output, &warnings));
    let full = record.said().full();
    entry.alt = record.said().alt(&full, batch.alt.limit);
    entry.alt_file = batch.alt.files.then(|| alt::file_name(&job.file));
    let kept = match ends.sink {
        Some(sink) => PRESS.with_borrow_mut(|press| {
            let png = bed.plate.encode(&checked.output, &bed.ground, batch.fonts, batch.compress, press);
            let file = record::stamp(png, &record, &full, batch.metadata, batch.brand);
            entry.digest = Some(Digest::of_pieces(&file.pieces()));
            sink(&entry, &file).map_err(|e| e.diagnostic())
        })?,
        None => Vec::new(),
    };
    Ok(Outcome::Card { entry, news, warnings, kept })
}

/// What is on a job's card, all parts of its quote together.
fn compose(batch: &Batch<'_>, job: &Job<'_>, stage: &Stage<'_>) -> Result<Card, Diagnostic> {
    let photo = job.photo.as_ref().map(|photo| photo.get()).transpose()?;
    let mut card = card::compose(
        &job.quote,
        &job.matched,
        stage.template,
        &stage.size,
        batch.brand,
        batch.options,
        photo.as_ref(),
    )
    .map_err(|e| e.diagnostic())?;
    card.series = card.series.or(job.series);
    card.type_size = job.type_size;
    Ok(card)
}

fn key(batch: &Batch<'_>, job: &Job<'_>, stage: &Stage<'_>, card: &Card) -> Key {
    let warnings = job.warnings.iter().map(|warning| &*warning.message).collect();
    let beside = Beside { quote: &job.quote, event: job.event, question: job.question.as_ref(), warnings };
    let (compress, metadata, Alt { limit, files }) =
        (batch.compress.name(), batch.metadata.name(), batch.alt);
    let settings = format!("{compress} {metadata} alt {limit} {files}");
    let common = Common {
        template: stage.template.digest(),
        brand: batch.brand.digest(),
        faces: batch.fonts.given(),
        settings: &settings,
    };
    Key::of(card, &beside, common)
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
    let mut cards = parts(&whole, job, ranges);
    let size = match job.type_size {
        Some(size) => size,
        None => layout::common_size(&cards, &stage.look, batch.fonts).map_err(|e| e.diagnostic())?,
    };
    let mut card = cards.swap_remove(index);
    card.type_size = Some(size);
    Ok(card)
}

/// The cards of a quote's parts.
fn parts(whole: &Card, job: &Job<'_>, ranges: &[Range<usize>]) -> Vec<Card> {
    let part = |(i, range): (usize, &Range<usize>)| {
        let words = job.quote.part(range).expect("parts are ranges of the quote's text");
        whole.part(range, card::Part { number: i + 1, of: ranges.len() }, words.origin())
    };
    ranges.iter().enumerate().map(part).collect()
}

fn entry(
    job: &Job<'_>,
    card: &Card,
    key: Key,
    options: &card::Options,
    layout: &Layout,
    warnings: &[Diagnostic],
) -> Entry {
    let highlight = card.highlight.iter().map(|range| card.text[range.clone()].to_owned()).collect();
    Entry {
        id: card.id.clone(),
        file: job.file.clone(),
        template: card.template.clone(),
        width: card.size.size.width(),
        height: card.size.size.height(),
        size: card.size.name.clone(),
        type_size: layout.type_size,
        text: card.text.clone(),
        speaker: card.speaker.clone(),
        role: card.role.clone(),
        date: job.quote.date().cloned(),
        event: job.event.map(str::to_owned),
        source: card.source.clone(),
        alt: String::new(),
        alt_file: None,
        question: job.question.clone(),
        warnings: warnings.iter().map(|w| w.message.clone()).collect(),
        corrected: options.corrected.clone().filter(|_| card.corrected.is_some()),
        part: card.part.map(|part| format!("{}/{}", part.number, part.of)),
        series: card.series.map(|series| series.to_string()),
        highlight,
        key: Some(key),
        digest: None,
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

    fn threads(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).expect("not nought")
    }

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for n in [1, 3, 8] {
            let mut taken = Vec::new();
            in_order(1000, threads(n), |i| i * i, |square| taken.push(square)).expect("threads start");
            assert_eq!(taken, (0..1000).map(|i| i * i).collect::<Vec<_>>());
        }
        in_order(0, threads(3), |i| i, |_| panic!("there is nothing")).expect("threads start");
    }

    #[test]
    fn nobody_works_far_ahead_of_what_is_due() {
        // The first result is late; whoever works on others meanwhile must wait for it.
        let (begun, furthest) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |i: usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            while i == 0 && begun.load(Ordering::SeqCst) < 2 * WAITING {
                std::thread::yield_now();
            }
            if i > 0 {
                furthest.fetch_max(i, Ordering::SeqCst);
            }
            furthest.load(Ordering::SeqCst)
        };
        let mut seen = Vec::new();
        in_order(10_000, threads(2), work, |furthest| seen.push(furthest)).expect("threads start");
        assert_eq!(seen.len(), 10_000);
        // When the first one was done, as many were begun as the gate lets through.
        assert!(seen[0] < 2 * WAITING, "{}", seen[0]);
    }

    #[test]
    fn a_panic_ends_the_work_instead_of_hanging() {
        let panics = |work: fn(usize) -> usize, take: fn(usize)| {
            let run = || in_order(10_000, threads(3), work, take);
            std::panic::catch_unwind(run).is_err()
        };
        assert!(panics(|i| if i == 5 { panic!("work") } else { i }, |_| {}));
        assert!(panics(|i| i, |i| assert!(i < 5, "take")));
    }
}
