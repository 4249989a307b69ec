//! The way back: from a turn's text to the bytes of its file.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The file a transcript was read from: name, digest, and where its lines begin.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceFile {
    /// As the user named it; `-` for standard input.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// In a container (DOCX): the member that offsets and lines refer to.
    pub part: Option<String>,
    line_starts: Vec<usize>,
}

impl SourceFile {
    /// Digests `bytes` and finds their lines.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        let breaks = bytes.iter().enumerate().filter(|&(_, &b)| b == b'\n').map(|(i, _)| i + 1);
        let line_starts = std::iter::once(0).chain(breaks).collect();
        Self { name: name.to_owned(), sha256, part: None, line_starts }
    }

    /// The same file where lines begin elsewhere than at its line feeds: in a text of another encoding, in a member.
    pub(super) fn with_lines(mut self, line_starts: Vec<usize>, part: Option<String>) -> Self {
        self.line_starts = line_starts;
        self.part = part;
        self
    }

    /// Where its lines begin.
    pub(super) fn line_starts(&self) -> &[usize] {
        &self.line_starts
    }

    /// The 1-based line that holds a byte offset.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }
}

/// A place in a source file, as every JSON output gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The file as the user named it.
    pub file: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Byte offset of the first word.
    pub start: usize,
    /// Byte offset just after the last word.
    pub end: usize,
    /// 1-based line of `start`.
    pub line: u32,
    /// The runs that hold the words, where more than white space lies between them; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<[usize; 2]>,
    /// In a container: the member that offsets refer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Start and end in seconds, where the document is timed: those of the cues (or words) that hold the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<[f64; 2]>,
    /// Where the rest of the words stands, when they run over the end of a page into the next file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Box<Origin>>,
}

impl Origin {
    /// The place of words that stand at several places of one file, in order; `None` where there is none.
    #[must_use]
    pub(crate) fn of_all(places: Vec<Self>) -> Option<Self> {
        let spans: Vec<[usize; 2]> = places.iter().flat_map(Self::runs).collect();
        let (first, last) = (places.first()?, places.last()?);
        let time = first.time.zip(last.time).map(|(first, last)| [first[0], last[1]]);
        let (end, spans) = (last.end, if spans.len() > 1 { spans } else { Vec::new() });
        Some(Self { end, spans, time, ..first.clone() })
    }

    /// The runs of its file that hold the words: its spans, or all of it.
    #[must_use]
    pub fn runs(&self) -> Vec<[usize; 2]> {
        if self.spans.is_empty() { vec![[self.start, self.end]] } else { self.spans.clone() }
    }
}

/// What lies in the source between a piece and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing, or white space.
    White,
    /// Markup, a mark, other words.
    Other,
}

/// A run of text and the run of the source that it was made of.
///
/// Where both are of one length the bytes are the same; else (an escape, an entity) the run is taken whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Byte range in the turn's text.
    pub text: Range<usize>,
    /// Byte range in the source.
    pub source: Range<usize>,
    /// What lies before it.
    pub gap: Gap,
}

/// A run of text and when it was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Timed {
    /// Byte range in the turn's text.
    pub text: Range<usize>,
    /// Start and end of the cue, segment or word that holds it, in seconds.
    pub time: [f64; 2],
}

/// Pieces in text order; what no piece covers is a blank that stands for folded white space.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceMap {
    pieces: Vec<Piece>,
    times: Vec<Timed>,
    /// From which byte of the text on the words stand in which of the transcript's files; empty: all in the first.
    files: Vec<(usize, usize)>,
}

impl SourceMap {
    /// A map of pieces, which must be in text order and must not overlap.
    #[must_use]
    pub fn new(pieces: Vec<Piece>) -> Self {
        debug_assert!(pieces.windows(2).all(|w| w[0].text.end <= w[1].text.start));
        Self { pieces, ..Self::default() }
    }

    /// The same map with the times of its text, in text order.
    #[must_use]
    pub fn with_times(mut self, times: Vec<Timed>) -> Self {
        self.times = times;
        self
    }

    /// The times of the text, in its order; empty where the document is not timed.
    #[must_use]
    pub fn times(&self) -> &[Timed] {
        &self.times
    }

    /// When a text range was said: from the start of the first cue that holds some of it to the end of the last. Nothing
    /// is interpolated inside a cue.
    #[must_use]
    pub fn time(&self, range: Range<usize>) -> Option<[f64; 2]> {
        let first = self.times.partition_point(|t| t.text.end <= range.start);
        let mut met = self.times[first..].iter().take_while(|t| t.text.start < range.end);
        let [start, end] = met.next()?.time;
        Some([start, met.fold(end, |latest, t| latest.max(t.time[1]))])
    }

    /// The parts of a text range by the file that they stand in: index of the file and range. One, but where a range runs
    /// over a page.
    #[must_use]
    pub fn files(&self, range: Range<usize>) -> Vec<(usize, Range<usize>)> {
        let file = |at: usize| {
            self.files.iter().take_while(|(from, _)| *from <= at).last().map_or(0, |(_, file)| *file)
        };
        let mut parts = Vec::new();
        let mut at = range.start;
        for &(from, _) in self.files.iter().filter(|(from, _)| range.contains(from) && *from > range.start) {
            parts.push((file(at), at..from));
            at = from;
        }
        parts.push((file(at), at..range.end));
        parts
    }

    /// The same map of words that stand in another of the transcript's files.
    pub(super) fn in_file(mut self, file: usize) -> Self {
        self.files = if file == 0 { Vec::new() } else { vec![(0, file)] };
        self
    }

    /// Adds the map of words that follow at byte `at` of the text.
    pub(super) fn append(&mut self, at: usize, other: Self) {
        if self.files.is_empty() && !other.files.is_empty() {
            self.files.push((0, 0));
        }
        let moved = |range: Range<usize>| range.start + at..range.end + at;
        self.files.extend(other.files.into_iter().map(|(from, file)| (from + at, file)));
        self.pieces.extend(other.pieces.into_iter().map(|p| Piece { text: moved(p.text), ..p }));
        self.times.extend(other.times.into_iter().map(|t| Timed { text: moved(t.text), ..t }));
    }

    /// The pieces, in text order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Source offsets that enclose a text range, and the runs inside where more than white space parts them.
    ///
    /// # Panics
    ///
    /// When no piece meets the range (an empty range, or one outside the text).
    #[must_use]
    pub fn locate(&self, range: Range<usize>) -> (usize, usize, Vec<[usize; 2]>) {
        self.find(range).expect("a range of a turn's text meets a piece")
    }

    /// The same; `None` where no piece meets the range.
    pub(super) fn find(&self, range: Range<usize>) -> Option<(usize, usize, Vec<[usize; 2]>)> {
        let first = self.pieces.partition_point(|p| p.text.end <= range.start);
        let mut runs: Vec<[usize; 2]> = Vec::new();
        for piece in self.pieces[first..].iter().take_while(|p| p.text.start < range.end) {
            let same = piece.text.len() == piece.source.len();
            let start = if same && range.start > piece.text.start {
                piece.source.start + (range.start - piece.text.start)
            } else {
                piece.source.start
            };
            let end = if same && range.end < piece.text.end {
                piece.source.start + (range.end - piece.text.start)
            } else {
                piece.source.end
            };
            match runs.last_mut() {
                Some(run) if piece.gap == Gap::White => run[1] = end,
                _ => runs.push([start, end]),
            }
        }
        let (start, end) = (runs.first()?[0], runs.last()?[1]);
        if runs.len() == 1 {
            runs.clear();
        }
        Some((start, end, runs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: Range<usize>, source: Range<usize>, gap: Gap) -> Piece {
        Piece { text, source, gap }
    }

    #[test]
    fn white_space_is_enclosed_and_other_words_are_not() {
        // source: "one\n two (x) three", text: "one two three"
        let map = SourceMap::new(vec![
            piece(0..3, 0..3, Gap::White),
            piece(4..7, 5..8, Gap::White),
            piece(8..13, 13..18, Gap::Other),
        ]);
        assert_eq!(map.locate(1..6), (1, 7, vec![]));
        assert_eq!(map.locate(4..13), (5, 18, vec![[5, 8], [13, 18]]));
        assert_eq!(map.locate(8..9), (13, 14, vec![]));
    }

    #[test]
    fn lines_are_counted_from_one() {
        let file = SourceFile::new("a.txt", b"one\ntwo\n\nfour");
        assert_eq!([0, 3, 4, 8, 9].map(|o| file.line_of(o)), [1, 1, 2, 3, 4]);
        assert_eq!(file.sha256.len(), 64);
    }
}
