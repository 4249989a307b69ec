//! Who said what: the first stage, from the bytes of a file to a [`Transcript`].
//!
//! A format is a file in this folder and a line in [`InputFormat`]. Whatever the format, a turn's text is the
//! source's words with white space folded, and its [`SourceMap`] leads every byte back to the file.

mod aside;
mod beside;
mod conference;
mod csv_list;
mod dates;
mod decode;
mod docx;
mod error;
mod event;
mod explain;
mod format;
mod furniture;
mod given;
mod head;
mod html;
mod json_list;
mod label;
mod markdown;
mod names;
mod opening;
mod pages;
mod roster;
mod row;
mod sheet;
mod source;
mod speakers;
mod speech_json;
mod subtitles;
mod text;
mod view;
mod xml;

pub use beside::{CautionKind, CautionRow, QuestionRow, Side};
pub(crate) use csv_list::RETURNED;
pub use csv_list::guarded;
pub use error::{Broken, Foreign, ReadError, RowError, RowProblem};
pub use explain::{Explanation, LabelRow, LeftOut, Reason};
pub use format::{InputFormat, ReadOptions, UnknownFormat, read};
pub use given::Given;
pub use pages::{DocumentKey, Page, join};
pub(crate) use roster::has_office;
#[cfg(test)]
pub(crate) use roster::{asks, kind_of};
pub use row::Field;
pub use source::{Gap, Origin, Piece, SourceFile, SourceMap, Timed};
pub use speakers::{Speakers, SpeakersError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::date::When;
use crate::diag::Diagnostic;
use crate::lang::Lang;

/// A whole document: turns in spoken order, and what its furniture tells about the event.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transcript {
    /// The file it was read from; of several pages the first.
    pub source: SourceFile,
    /// The further pages, in their order. A [`SourceMap`] tells in which file words stand.
    pub pages: Vec<SourceFile>,
    /// The headline.
    pub title: Option<String>,
    /// The day of the event (never the day of publication).
    pub date: Option<When>,
    /// The day the page was published, where the document tells it apart from the event's.
    pub published: Option<When>,
    /// Where it took place.
    pub place: Option<String>,
    /// Which page of a document in pages the file is; see [`join`].
    pub page: Option<Page>,
    /// Everybody named in the roster or as a speaker; roster order first, then order of speaking.
    pub people: Vec<Person>,
    /// What was said, in order.
    pub turns: Vec<Turn>,
    /// A list of ready quotes: each turn is one quote, taken whole.
    pub is_list: bool,
    /// Of a list: what is wrong with the rows that could not be taken.
    pub refused: Vec<RowError>,
    /// How it was read, where that was asked for.
    pub explanation: Option<Box<Explanation>>,
}

/// Somebody named by the document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The full name without honorific.
    pub name: String,
    /// `Mr.`, `Ms.`, `Dr.` …, as printed.
    pub honorific: Option<String>,
    /// The title in full, as the roster gives it.
    pub role: Option<String>,
    /// Other names the document uses for the same person.
    pub aliases: Vec<String>,
    /// Has at least one turn.
    pub speaks: bool,
    /// Chairs the event (moderator, host).
    pub chair: bool,
    /// What kind of speaker it is.
    #[serde(default)]
    pub kind: Kind,
    /// Asks rather than answers: an unnamed questioner, an outlet, a reporter, an analyst on a call.
    #[serde(default)]
    pub asks: bool,
    /// The organisation, as `--speakers` tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The photograph, as `--speakers` tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// What kind of speaker somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Somebody with a name.
    #[default]
    Person,
    /// A part in the event that may be anybody's: `MODERATOR`, `THE PRESIDENT`, `大臣`.
    Role,
    /// Several at once: `Hon. Members`.
    Group,
    /// A newspaper, station or agency: `Linhe Daily`, `北方纪事报`.
    Outlet,
    /// Nobody in particular: `Q`, `QUESTION`, `记者`, `SPEAKER_01`.
    Anonymous,
}

/// One uninterrupted stretch of speech.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Index into [`Transcript::people`].
    pub speaker: usize,
    /// The label as printed, without its colon.
    pub label: String,
    /// The words, white space folded to single blanks (none between two hanzi), markup removed, nothing else.
    pub text: String,
    /// Where each byte of `text` stands in the source.
    pub map: SourceMap,
    /// What a list row asks for beside its words; `None` for a turn of a transcript.
    pub request: Option<Box<Request>>,
}

/// The fields of a row of a quote list, beside `text` and `speaker`. All optional.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Which row of the list it is, from 1; a header and blank rows are not counted.
    pub row: usize,
    /// The row's own id, kept as the card's.
    pub id: Option<String>,
    /// The speaker's role.
    pub role: Option<String>,
    /// When it was said.
    pub date: Option<When>,
    /// The event's short name.
    pub event: Option<String>,
    /// The small line over the quote; overrides the kit's.
    pub kicker: Option<String>,
    /// Phrases to emphasise; each must stand in the text.
    pub highlight: Vec<String>,
    /// The figure to pull out.
    pub figure: Option<Figure>,
    /// The quote in a second language.
    pub translation: Option<String>,
    /// Phrases that no line break may split.
    pub keep_together: Vec<String>,
    /// The quote's language; told from its letters where absent.
    pub lang: Option<Lang>,
    /// Overrides `--template`.
    pub template: Option<String>,
    /// Overrides `--size`.
    pub size: Option<String>,
    /// The speaker's photograph, relative to the list.
    pub photo: Option<String>,
    /// Where the eyes are in the photograph, 0–1 from its left and top.
    pub photo_focus: Option<[f32; 2]>,
    /// The photograph's credit line.
    pub photo_credit: Option<String>,
    /// Which card of a series this quote is.
    pub series: Option<SeriesNumber>,
    /// Where the quote came from before it stood in this list (`quotes` writes it).
    pub source: Option<Origin>,
    /// What the keywords met when it was picked (`quotes` writes it); may serve as the highlight.
    pub matched: Vec<String>,
    /// What it would lose by standing alone (`quotes` writes it).
    pub context: Vec<CautionRow>,
    /// The question that it answers (`quotes` writes it).
    pub question: Option<QuestionRow>,
}

/// Which card of a series, written `3/12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesNumber {
    /// From 1.
    pub number: u16,
    /// How many there are, at most 999: the counter has room for no more digits.
    pub of: u16,
}

impl SeriesNumber {
    /// `None` where a number is out of range.
    #[must_use]
    pub fn new(number: usize, of: usize) -> Option<Self> {
        let sound = (1..=of).contains(&number) && of <= 999;
        Some(Self { number: u16::try_from(number).ok()?, of: u16::try_from(of).ok()? }).filter(|_| sound)
    }
}

/// A series number that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a series number is written `NUMBER/OF`, such as `3/12`")]
pub struct SeriesError;

impl std::str::FromStr for SeriesNumber {
    type Err = SeriesError;

    fn from_str(s: &str) -> Result<Self, SeriesError> {
        let number = |s: &str| {
            let s = s.trim();
            let digits = (1..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| s.parse::<u16>().ok()).flatten().filter(|&n| n > 0)
        };
        let (of_which, of) = s.split_once('/').ok_or(SeriesError)?;
        match (number(of_which), number(of)) {
            (Some(number), Some(of)) if number <= of => Ok(Self { number, of }),
            _ => Err(SeriesError),
        }
    }
}

impl std::fmt::Display for SeriesNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// A figure with its qualifier and unit: adjoining words of the quote, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// `over`, `about`, `超过` …; empty where there is none.
    #[serde(default)]
    pub qualifier: String,
    /// The digits with their point and % sign.
    pub number: String,
    /// The words that follow, unshortened.
    #[serde(default)]
    pub unit: String,
}

/// What a quote without an id of its own is called: `q` and ten hex digits of the SHA-256 of speaker and words, so
/// the same on every run, and another one where a word was changed.
#[must_use]
pub fn content_id(speaker: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(speaker.as_bytes());
    digest.update([0]);
    digest.update(text.as_bytes());
    let hex: String = digest.finalize().iter().take(5).map(|b| format!("{b:02x}")).collect();
    format!("q{hex}")
}

/// Whether an id has the form of [`content_id`].
fn is_content_id(id: &str) -> bool {
    id.strip_prefix('q').is_some_and(|hex| hex.len() == 10 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

impl Transcript {
    /// Where a range of a turn's text stands in the source.
    ///
    /// A row that carries the source it was picked from keeps that one.
    ///
    /// # Panics
    ///
    /// When `range` does not lie inside the turn's text.
    #[must_use]
    pub fn origin(&self, turn: &Turn, range: std::ops::Range<usize>) -> Origin {
        if let Some(Request { source: Some(source), .. }) = turn.request.as_deref() {
            let mut source = source.clone();
            // Part of a row: its own bytes, where the row's stand in one piece, letter for letter.
            if source.spans.is_empty() && source.end - source.start == turn.text.len() {
                source.end = source.start + range.end;
                source.start += range.start;
            }
            return source;
        }
        self.place(turn, range)
    }

    /// Where a range of a turn's text stands in the file that was read, whatever a row says of the file it was picked
    /// from.
    ///
    /// # Panics
    ///
    /// When `range` does not lie inside the turn's text.
    #[must_use]
    pub fn place(&self, turn: &Turn, range: std::ops::Range<usize>) -> Origin {
        let mut then = None;
        for (file, range) in turn.map.files(range).into_iter().rev() {
            let time = turn.map.time(range.clone());
            let Some((start, end, spans)) = turn.map.find(range) else { continue };
            let source = self.file(file);
            then = Some(Box::new(Origin {
                file: source.name.clone(),
                sha256: source.sha256.clone(),
                start,
                end,
                line: source.line_of(start),
                spans,
                part: source.part.clone(),
                time,
                then: then.take(),
            }));
        }
        *then.expect("a range of a turn's text meets a piece")
    }

    /// What is wrong with the rows that could not be taken, as a person should read it.
    #[must_use]
    pub fn refused_rows(&self) -> Vec<Diagnostic> {
        error::row_diagnostics(&self.source.name, &self.refused)
    }

    /// One place for several ranges of a turn, in order: its spans are theirs.
    ///
    /// # Panics
    ///
    /// When there is no range, or one that does not lie inside the turn's text.
    #[must_use]
    pub fn place_of_all(&self, turn: &Turn, ranges: &[std::ops::Range<usize>]) -> Origin {
        Origin::of_all(ranges.iter().map(|range| self.place(turn, range.clone())).collect())
            .expect("there is a range")
    }

    /// A file of the transcript: 0 the first, then its further pages.
    pub(crate) fn file(&self, index: usize) -> &SourceFile {
        index.checked_sub(1).and_then(|page| self.pages.get(page)).unwrap_or(&self.source)
    }

    /// Leaves out those of the first `told` people who do not speak: they were told beforehand for many documents.
    fn drop_silent(&mut self, told: usize) {
        let mut place = Vec::with_capacity(self.people.len());
        let mut kept = 0;
        for (n, person) in self.people.iter().enumerate() {
            place.push(kept);
            kept += usize::from(n >= told || person.speaks);
        }
        let mut n = 0;
        self.people.retain(|person| {
            n += 1;
            n > told || person.speaks
        });
        for turn in &mut self.turns {
            turn.speaker = place[turn.speaker];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_numbers() {
        let of = |s: &str| s.parse::<SeriesNumber>().map(|n| n.to_string());
        assert_eq!(
            [of("3/12"), of(" 3 / 12 "), of("1/1")],
            [Ok("3/12".into()), Ok("3/12".into()), Ok("1/1".into())]
        );
        for wrong in ["", "3", "0/12", "13/12", "3/", "3/1000", "+3/12", "3-12", "12 Mar", "3/12/2031"] {
            assert_eq!(of(wrong), Err(SeriesError), "{wrong}");
        }
    }
}
