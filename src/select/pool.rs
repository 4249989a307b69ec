//! The candidates that can still make the list, however many files there are.
//!
//! What is kept of a candidate is small: where it stands, what it scores, a [`Print`] to know it again. With a limit
//! the pool holds at most a few times as many as the limit; of all others it only remembers that they were met, in
//! some bytes each. Files are added in their order, so what comes out does not depend on who read them.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use super::context::{Caution, cautions};
use super::question::question;
use super::similar::{Met, Print, Prints};
use super::{Order, Pick, Query, Quote, Score, Search, Selection, askers, sentences};
use crate::transcript::{Origin, Transcript};

/// What a turn offers.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Byte range in the turn.
    pub range: Range<usize>,
    /// Byte range of the sentence before.
    pub before: Option<Range<usize>>,
    /// Byte range of the sentence after.
    pub after: Option<Range<usize>>,
    /// The total of its score; `None` where nothing hangs on it.
    pub score: Option<f32>,
    /// A better one stands in the same passage.
    pub deferred: bool,
}

impl Candidate {
    pub fn new(
        range: Range<usize>,
        before: Option<Range<usize>>,
        after: Option<Range<usize>>,
        score: Option<f32>,
    ) -> Self {
        Self { range, before, after, score, deferred: false }
    }

    /// What it is ranked by.
    fn rank(&self) -> f32 {
        self.score.unwrap_or_default()
    }
}

/// What there is to find in one transcript.
#[derive(Debug)]
pub struct Finds {
    file: usize,
    list: bool,
    pub(super) undated: bool,
    /// Rows of a list have no print: each was asked for, whatever the others say.
    found: Vec<(Found, Option<Print>)>,
}

/// A quote by its place; what it says stands in its transcript.
#[derive(Debug)]
pub struct Found {
    file: usize,
    turn: usize,
    candidate: Candidate,
    origin: Origin,
    also: Vec<(usize, Origin)>,
}

impl Finds {
    pub(super) fn new(file: usize, list: bool) -> Self {
        Self { file, list, undated: false, found: Vec::new() }
    }

    pub(super) fn add(&mut self, transcript: &Transcript, turn: usize, speaker: &str, all: Vec<Candidate>) {
        if self.list {
            self.found.reserve_exact(transcript.turns.len().saturating_sub(self.found.len()));
        }
        for candidate in all {
            let said = &transcript.turns[turn];
            let print = (!self.list).then(|| Print::new(speaker, &said.text[candidate.range.clone()]));
            let origin = transcript.origin(said, candidate.range.clone());
            self.found.push((Found { file: self.file, turn, candidate, origin, also: Vec::new() }, print));
        }
    }
}

impl Found {
    /// The number of the transcript that it stands in.
    #[must_use]
    pub fn file(&self) -> usize {
        self.file
    }

    /// Where it stands, in an order that holds over all files.
    fn place(&self) -> (usize, usize, usize) {
        (self.file, self.turn, self.candidate.range.start)
    }

    /// Which of two comes first in [`Order::Best`]: of the lines worth a card those that are the best of their passage,
    /// then the other ones, then all that is not worth one.
    fn before(&self, other: &Self) -> Ordering {
        let class = |c: &Candidate| if c.rank() < WORTH_A_CARD { 2 } else { u8::from(c.deferred) };
        let (a, b) = (&self.candidate, &other.candidate);
        class(a)
            .cmp(&class(b))
            .then(b.rank().total_cmp(&a.rank()))
            .then_with(|| self.place().cmp(&other.place()))
    }

    fn pick<'t>(self, search: &Search, transcript: &'t Transcript, asks: &[bool]) -> Option<Pick<'t>> {
        let Candidate { range, before, after, score, .. } = self.candidate;
        let quote = Quote::new(transcript, self.turn, range.clone())?;
        let turn = &transcript.turns[self.turn].text;
        let matched = search.matcher.find(quote.text()).unwrap_or_default();
        let (before, after) = (before.map(|r| &turn[r]), after.map(|r| &turn[r]));
        // A row of a list stands beside what it stood beside when it was picked.
        let row = transcript.turns[self.turn].request.as_deref();
        let cautions = match row {
            Some(row) => row.context.iter().map(Caution::from).collect(),
            None => cautions(turn, &range, before, after),
        };
        let question = question(transcript, self.turn, asks);
        let also = self.also.into_iter().map(|(_, origin)| origin).collect();
        Some(Pick { quote, score, matched, before, after, cautions, question, also })
    }
}

/// Candidates of all files so far.
#[derive(Debug)]
pub struct Pool {
    limit: usize,
    order: Order,
    kept: Vec<(Found, Option<Print>)>,
    prints: Prints,
    /// How many different ones there were.
    total: usize,
    undated: usize,
}

/// What a complete line of a good length scores that has nothing for it and nothing against it.
const WORTH_A_CARD: f32 = 40.0;

/// A pool is cut down to its limit when it has grown by so many.
const SLACK: usize = 256;

impl Pool {
    /// For the limit and the order of a query.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let (limit, order) = (query.limit, query.order);
        Self { limit, order, kept: Vec::new(), prints: Prints::default(), total: 0, undated: 0 }
    }

    /// Takes in what was found in the next file.
    pub fn add(&mut self, finds: Finds) {
        self.undated += usize::from(finds.undated);
        if finds.list && self.kept.is_empty() && self.limit == 0 {
            // Taken as they are: a list may have a hundred thousand rows.
            self.total += finds.found.len();
            self.kept = finds.found;
            return;
        }
        for (found, print) in finds.found {
            // A list may want the same words in several templates.
            if let Some(print) = &print {
                match self.prints.find(print, |i| self.kept[i].1.as_ref()) {
                    Met::As(number) => {
                        self.again(number, found);
                        continue;
                    }
                    Met::Forgotten => continue,
                    Met::New => self.prints.add(print, self.kept.len()),
                }
            }
            self.total += 1;
            self.kept.push((found, print));
        }
        if self.limit > 0 && self.kept.len() > self.limit.saturating_add(SLACK) {
            self.cut();
        }
    }

    /// The same once more: the better one is the quote, the other one of its places.
    fn again(&mut self, number: usize, mut found: Found) {
        let kept = &mut self.kept[number].0;
        let overlaps = kept.file == found.file
            && kept.turn == found.turn
            && kept.candidate.range.start < found.candidate.range.end
            && found.candidate.range.start < kept.candidate.range.end;
        if overlaps {
            return;
        }
        // Said where nothing better stands beside it, it comes first, wherever its words are taken from.
        let deferred = kept.candidate.deferred && found.candidate.deferred;
        (kept.candidate.deferred, found.candidate.deferred) = (deferred, deferred);
        if found.candidate.rank() > kept.candidate.rank() {
            found.also = std::mem::take(&mut kept.also);
            std::mem::swap(kept, &mut found);
        }
        kept.also.push((found.file, found.origin));
    }

    /// Keeps the best.
    fn cut(&mut self) {
        self.kept.sort_by(|a, b| a.0.before(&b.0));
        self.kept.truncate(self.limit);
        self.prints.forget();
        for (number, (_, print)) in self.kept.iter().enumerate() {
            if let Some(print) = print {
                self.prints.add(print, number);
            }
        }
    }

    /// The quotes that made the list, in the order asked for.
    #[must_use]
    pub fn finish(mut self) -> Chosen {
        if self.limit > 0 || self.order == Order::Best {
            self.kept.sort_by(|a, b| a.0.before(&b.0));
        }
        if self.limit > 0 {
            self.kept.truncate(self.limit);
        }
        if self.order == Order::Source {
            self.kept.sort_by_key(|(found, _)| found.place());
        }
        let more = self.total - self.kept.len();
        let mut found: Vec<Found> = self.kept.into_iter().map(|(found, _)| found).collect();
        for found in &mut found {
            found.also.sort_by_key(|(file, origin)| (*file, origin.start));
        }
        Chosen { found, more, undated: self.undated }
    }
}

/// The quotes that made the list, by their places.
#[derive(Debug)]
pub struct Chosen {
    /// In the order asked for.
    pub found: Vec<Found>,
    /// How many more matched than the limit let through.
    pub more: usize,
    /// See [`Selection::undated`].
    pub undated: usize,
}

impl Chosen {
    /// Whether the quotes of file `number` are from this transcript, to the byte.
    #[must_use]
    pub fn stands_in(&self, number: usize, transcript: &Transcript) -> bool {
        let mut of_file = self.found.iter().filter(|found| found.file == number);
        let pages = std::iter::once(&transcript.source).chain(&transcript.pages).map(|file| &file.sha256);
        of_file.all(|found| pages.clone().any(|sha256: &String| *sha256 == found.origin.sha256))
    }

    /// The quotes with their words; `transcript` gives the transcript of a number, or `None` for one that is not to
    /// be had any more.
    pub fn picks<'t>(
        self,
        search: &Search,
        transcript: impl Fn(usize) -> Option<&'t Transcript>,
    ) -> Selection<'t> {
        let mut asks = HashMap::new();
        let pick = |found: Found| {
            let transcript = transcript(found.file)?;
            let asks = asks.entry(found.file).or_insert_with(|| askers(transcript));
            found.pick(search, transcript, asks)
        };
        Selection {
            picks: self.found.into_iter().filter_map(pick).collect(),
            more: self.more,
            undated: self.undated,
        }
    }
}

impl<'t> Pick<'t> {
    /// A quote that somebody chose, with what stands beside it; `matched` are byte ranges of its text to emphasise.
    #[must_use]
    pub fn of(quote: Quote<'t>, matched: Vec<Range<usize>>) -> Self {
        let (transcript, turn, range) = (quote.transcript(), quote.turn_index(), quote.range());
        let text = &transcript.turns[turn].text;
        let all = sentences(text);
        let before = all.iter().rev().find(|s| s.end <= range.start).map(|s| &text[s.clone()]);
        let after = all.iter().find(|s| s.start >= range.end).map(|s| &text[s.clone()]);
        let cautions = cautions(text, &range, before, after);
        let question = question(transcript, turn, &askers(transcript));
        Self { quote, score: None, matched, before, after, cautions, question, also: Vec::new() }
    }
}

impl Pick<'_> {
    /// How well the line stands on its own, 0 to 100: the total of [`Score::of`] its words, [beside](Score::beside) its
    /// neighbours.
    #[must_use]
    pub fn score(&self) -> f32 {
        self.score.unwrap_or_else(|| self.parts().total())
    }

    /// The parts of its score.
    #[must_use]
    pub fn parts(&self) -> Score {
        let score = Score::of(self.quote.text());
        // A row of a list was chosen as it is, by somebody who was told.
        if self.quote.transcript().is_list { score } else { score.beside(&self.cautions) }
    }
}
