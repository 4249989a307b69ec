//! A quote can be built only from a turn and a range: it cannot be anything but the exact words.

use std::ops::Range;

use crate::date::When;
use crate::lang::{Direction, Lang};
use crate::transcript::{Origin, Person, Transcript, Turn, content_id};

/// The exact words of one speaker: a byte range of a turn's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote<'t> {
    transcript: &'t Transcript,
    turn: usize,
    range: Range<usize>,
}

impl<'t> Quote<'t> {
    /// The words of `transcript.turns[turn].text[range]`.
    ///
    /// `None` where there is no such turn or range, where the range cuts a character, or where it is blank or
    /// begins or ends with a blank.
    #[must_use]
    pub fn new(transcript: &'t Transcript, turn: usize, range: Range<usize>) -> Option<Self> {
        let text = transcript.turns.get(turn)?.text.get(range.clone())?;
        (!text.is_empty() && text.trim().len() == text.len()).then_some(Self { transcript, turn, range })
    }

    /// A part of the quote, by its byte range in the quote's text; the same conditions as [`Self::new`].
    #[must_use]
    pub fn part(&self, range: &Range<usize>) -> Option<Self> {
        let (start, end) = (self.range.start + range.start, self.range.start + range.end);
        (end <= self.range.end).then(|| Self::new(self.transcript, self.turn, start..end))?
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> &'t str {
        &self.turn().text[self.range.clone()]
    }

    /// The transcript it is from.
    #[must_use]
    pub fn transcript(&self) -> &'t Transcript {
        self.transcript
    }

    /// The turn it is from.
    #[must_use]
    pub fn turn(&self) -> &'t Turn {
        &self.transcript.turns[self.turn]
    }

    /// Index of the turn in its transcript.
    #[must_use]
    pub fn turn_index(&self) -> usize {
        self.turn
    }

    /// Byte range in the turn's text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Who said it.
    #[must_use]
    pub fn speaker(&self) -> &'t Person {
        &self.transcript.people[self.turn().speaker]
    }

    /// The speaker's role: the row's own, else the roster's in full; where there is none, the organisation in its place,
    /// in the words of the list of speakers.
    #[must_use]
    pub fn role(&self) -> Option<&'t str> {
        let row = self.turn().request.as_deref().and_then(|r| r.role.as_deref());
        let person = self.speaker();
        row.or(person.role.as_deref()).or(person.organisation.as_deref())
    }

    /// When it was said: the row's own date, else the event's.
    #[must_use]
    pub fn date(&self) -> Option<&'t When> {
        let row = self.turn().request.as_deref().and_then(|r| r.date.as_ref());
        row.or(self.transcript.date.as_ref())
    }

    /// The language of the words: the row's own, else told from its letters.
    #[must_use]
    pub fn lang(&self) -> Lang {
        let row = self.turn().request.as_deref().and_then(|r| r.lang);
        row.unwrap_or_else(|| Lang::of(self.text()))
    }

    /// Which way the words are read: as their first letter is.
    #[must_use]
    pub fn direction(&self) -> Direction {
        Direction::of(self.text())
    }

    /// Where it stands in its file.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.transcript.origin(self.turn(), self.range.clone())
    }

    /// The row's own id, else its [`content_id`].
    #[must_use]
    pub fn id(&self) -> String {
        if let Some(id) = self.turn().request.as_deref().and_then(|r| r.id.clone()) {
            return id;
        }
        content_id(&self.speaker().name, self.text())
    }
}
