//! A query made ready to look at one transcript after the other.

use super::passage::{Passage, whole};
use super::pool::Finds;
use super::speaker::resolve;
use super::{Matcher, Order, Query, Roll, SelectError, askers};
use crate::transcript::Transcript;

/// A query, compiled once for any number of transcripts.
#[derive(Debug, Clone)]
pub struct Search {
    query: Query,
    pub(super) matcher: Matcher,
}

/// Whom the names in a query mean, file by file.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those to take; `None`: all.
    only: Option<Vec<Vec<bool>>>,
    /// Those to leave out; `None`: nobody.
    not: Option<Vec<Vec<bool>>>,
}

impl Search {
    /// Checks and compiles a query.
    ///
    /// # Errors
    ///
    /// A keyword without a word, a regular expression that is none, bounds that exclude each other.
    pub fn new(query: &Query) -> Result<Self, SelectError> {
        if query.max_chars > 0 && query.min_chars > query.max_chars {
            return Err(SelectError::Bounds { min: query.min_chars, max: query.max_chars });
        }
        let matcher = Matcher::new(&query.keywords, &query.regexes, query.all_keywords)?;
        Ok(Self { query: query.clone(), matcher })
    }

    /// The query names speakers: [`Self::settle`] wants the roll of every transcript.
    #[must_use]
    pub fn names_speakers(&self) -> bool {
        !self.query.speakers.is_empty() || !self.query.not_speakers.is_empty()
    }

    /// Finds out whom the names mean: over all transcripts, since a name means whoever is nearest to it.
    ///
    /// # Errors
    ///
    /// [`SelectError::UnknownSpeaker`].
    pub fn settle(&self, rolls: &[Roll]) -> Result<Wanted, SelectError> {
        Ok(Wanted {
            only: resolve(rolls, &self.query.speakers)?,
            not: resolve(rolls, &self.query.not_speakers)?,
        })
    }

    /// What there is to find in a transcript, which is number `file` of all.
    #[must_use]
    pub fn look(&self, transcript: &Transcript, file: usize, wanted: &Wanted) -> Finds {
        let query = &self.query;
        let mut finds = Finds::new(file, transcript.is_list);
        if let Some(span) = &query.between
            && !transcript.is_list
            && !span.holds(transcript.date.as_ref())
        {
            finds.undated = transcript.date.is_none();
            return finds;
        }
        // Whoever is asked for by name is wanted, also if he only asks.
        let asks = if query.questions || wanted.only.is_some() { Vec::new() } else { askers(transcript) };
        let is = |of: &Option<Vec<Vec<bool>>>, speaker: usize| {
            of.as_ref().and_then(|files| files.get(file)?.get(speaker)).copied()
        };
        // All rows of a list in its own order: nothing hangs on how good they are, and to tell costs more than a card.
        let ranked = !transcript.is_list || query.limit > 0 || query.order == Order::Best;
        for (index, turn) in transcript.turns.iter().enumerate() {
            let Some(person) = transcript.people.get(turn.speaker) else { continue };
            let out = is(&wanted.only, turn.speaker) == Some(false)
                || is(&wanted.not, turn.speaker) == Some(true)
                || asks.get(turn.speaker) == Some(&true);
            if out {
                continue;
            }
            if let (Some(span), Some(row)) = (&query.between, turn.request.as_deref())
                && !span.holds(row.date.as_ref().or(transcript.date.as_ref()))
            {
                continue;
            }
            let candidates = if transcript.is_list || query.turns {
                whole(&turn.text, &self.matcher, query, ranked)
            } else {
                Passage::new(&turn.text, &self.matcher, query).candidates()
            };
            finds.add(transcript, index, &person.name, candidates);
        }
        finds
    }
}
