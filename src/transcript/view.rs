//! What every format is turned into before anybody asks who speaks: lines of text that know where each byte of
//! theirs stands in the file, and what the format says of a line beside its words.
//!
//! Plain text is its own view and costs nothing. The other formats build theirs with a [`Builder`] from runs of the
//! source: what is markup is left out, an entity or an escape is one piece that stands for its spelling.

use std::borrow::Cow;
use std::ops::Range;

use super::source::{Gap, SourceMap};
use super::text::{Folder, Line, lines};

/// How a line goes on from the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Break {
    /// Nobody says: blank lines, indents and the width of lines tell.
    #[default]
    Auto,
    /// It goes on with the paragraph.
    Wrap,
    /// It opens a paragraph.
    Paragraph,
}

/// What a format says of a line beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Hint {
    /// How it goes on from the line above.
    pub above: Break,
    /// It is a heading.
    pub heading: bool,
    /// It is in an element for speakers' names.
    pub named: bool,
    /// It belongs to the page: navigation, a footer.
    pub furniture: bool,
    /// Bytes at its beginning that are bold, or in an element for speakers' names.
    pub bold: u32,
    /// Who speaks, where the format says so: 1 + index into [`View::voices`]; 0: it does not say.
    pub voice: u32,
    /// When: 1 + index into [`View::times`]; 0: not told.
    pub time: u32,
    /// The block that holds it: index into [`View::parents`].
    pub block: u32,
}

/// A speaker whom the format names by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Voice {
    /// As the file has it; empty for somebody unnamed.
    pub name: String,
    /// Their role, where the file tells.
    pub role: Option<String>,
}

/// What the format says of the document as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Meta {
    /// The headline.
    pub title: Option<String>,
    /// The day of the event, as written.
    pub date: Option<String>,
    /// The day of publication, as written.
    pub published: Option<String>,
    /// Full names of those who speak.
    pub speakers: Vec<String>,
    /// These are fields of the document, not of the page around it.
    pub is_outright: bool,
}

/// A run of a view's text and the run of the source that it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Byte range in the view's text.
    pub text: Range<usize>,
    /// Byte range in the source.
    pub source: Range<usize>,
    /// What lies before it in the source.
    pub gap: Gap,
}

#[derive(Debug)]
enum Trail {
    /// The view is the source from this offset on.
    Whole(usize),
    /// In the order of both.
    Runs(Vec<Run>),
}

/// Lines of text on their way back to the file.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The words, markup left out.
    pub text: Cow<'a, str>,
    /// The lines that have words in them.
    pub lines: Vec<Line>,
    /// The speakers whom the format names.
    pub voices: Vec<Voice>,
    /// Start and end of cues, in seconds.
    pub times: Vec<[f64; 2]>,
    /// For each block of the page the block that holds it; the first holds itself.
    pub parents: Vec<u32>,
    /// What is said of the document.
    pub meta: Meta,
    hints: Vec<Hint>,
    trail: Trail,
}

impl<'a> View<'a> {
    /// A text without markup, which begins at `base` of its file.
    pub(super) fn plain(text: &'a str, base: usize) -> Self {
        View {
            text: Cow::Borrowed(text),
            lines: lines(text),
            hints: Vec::new(),
            voices: Vec::new(),
            times: Vec::new(),
            parents: Vec::new(),
            meta: Meta::default(),
            trail: Trail::Whole(base),
        }
    }

    /// The words of a line.
    pub(super) fn words(&self, line: usize) -> &str {
        &self.text[self.lines[line].words.clone()]
    }

    /// What the format says of a line.
    pub(super) fn hint(&self, line: usize) -> Hint {
        self.hints.get(line).copied().unwrap_or_default()
    }

    /// Who speaks on a line, where the format says so.
    pub(super) fn voice(&self, line: usize) -> Option<usize> {
        (self.hint(line).voice as usize).checked_sub(1)
    }

    /// When a line was said.
    pub(super) fn time(&self, line: usize) -> Option<[f64; 2]> {
        self.times.get((self.hint(line).time as usize).checked_sub(1)?).copied()
    }

    /// Whether the lines have times.
    pub(super) fn is_timed(&self) -> bool {
        !self.times.is_empty()
    }

    /// Adds a range of the text to what is folded, with its way back.
    pub(super) fn fold(&self, folder: &mut Folder, range: Range<usize>) {
        let runs = match &self.trail {
            Trail::Whole(base) => return folder.words(&self.text[range.clone()], base + range.start),
            Trail::Runs(runs) => runs,
        };
        let mut at = range.start;
        let first = runs.partition_point(|run| run.text.end <= range.start);
        for run in runs[first..].iter().take_while(|run| run.text.start < range.end) {
            let (start, end) = (run.text.start.max(range.start), run.text.end.min(range.end));
            // What no run covers is white space that stands for markup.
            folder.white(&self.text[at..start.max(at)]);
            if run.gap == Gap::Other {
                folder.gap();
            }
            if run.text.len() == run.source.len() {
                let source = run.source.start + (start - run.text.start);
                folder.words(&self.text[start..end], source);
            } else {
                folder.spelt(&self.text[start..end], run.source.clone());
            }
            at = end;
        }
        folder.white(&self.text[at..range.end.max(at)]);
    }

    /// Where a byte of the text stands in the source; the end of it where it stands for none.
    pub(super) fn source_of(&self, offset: usize) -> usize {
        match &self.trail {
            Trail::Whole(base) => base + offset,
            Trail::Runs(runs) => {
                let at = runs.partition_point(|run| run.text.end <= offset);
                runs.get(at).or(runs.last()).map_or(0, |run| {
                    let within = offset.saturating_sub(run.text.start).min(run.source.len());
                    run.source.start + within
                })
            }
        }
    }
}

/// Builds a view from runs of a source, in its order.
#[derive(Debug)]
pub(super) struct Builder<'s> {
    source: &'s str,
    base: usize,
    text: String,
    runs: Vec<Run>,
    lines: Vec<Line>,
    hints: Vec<Hint>,
    /// Where the line at hand begins.
    line: usize,
    /// What is said of it so far.
    pub hint: Hint,
    blank_above: usize,
    last: usize,
    pub(super) voices: Vec<Voice>,
    pub(super) times: Vec<[f64; 2]>,
    pub(super) parents: Vec<u32>,
    pub(super) meta: Meta,
}

impl<'s> Builder<'s> {
    /// Nothing built yet; `source` begins at `base` of its file.
    pub(super) fn new(source: &'s str, base: usize) -> Self {
        Self {
            source,
            base,
            text: String::new(),
            runs: Vec::new(),
            lines: Vec::new(),
            hints: Vec::new(),
            line: 0,
            hint: Hint::default(),
            blank_above: 0,
            last: 0,
            voices: Vec::new(),
            times: Vec::new(),
            parents: vec![0],
            meta: Meta::default(),
        }
    }

    /// A run of the source as it is.
    pub(super) fn run(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(&self.source[range.clone()]);
        self.push(start, range);
    }

    /// A run of the source that stands for other characters.
    pub(super) fn spelt(&mut self, text: &str, range: Range<usize>) {
        // What is of one length would be taken for the same bytes.
        if self.source.get(range.clone()) == Some(text) {
            return self.run(range);
        }
        let mut range = range;
        if text.len() == range.len() && text.chars().count() > 1 {
            // Several characters of the same length as their spelling: cannot be told apart, so the last one is let
            // stand for the rest of it.
            let cut = text.char_indices().next_back().map_or(0, |(at, _)| at);
            let start = self.text.len();
            self.text.push_str(&text[..cut]);
            self.push(start, range.start..range.start);
            range.start = range.start.max(self.last);
            let start = self.text.len();
            self.text.push_str(&text[cut..]);
            return self.push(start, range);
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.push(start, range);
    }

    /// A run of the source with entities in it, each decoded by `decode` (which is given `&…;` and whatever follows up
    /// to 32 bytes, and tells what it stands for and how long it is).
    pub(super) fn entities(&mut self, range: Range<usize>, decode: fn(&str) -> Option<(String, usize)>) {
        let mut at = range.start;
        let mut from = at;
        while let Some(n) = memchr::memchr(b'&', &self.source.as_bytes()[from..range.end]) {
            let amp = from + n;
            match decode(&self.source[amp..range.end]) {
                Some((text, len)) => {
                    self.run(at..amp);
                    self.spelt(&text, amp..amp + len);
                    at = amp + len;
                    from = at;
                }
                None => from = amp + 1,
            }
        }
        self.run(at..range.end);
    }

    /// A blank that stands for markup.
    pub(super) fn blank(&mut self) {
        if self.text.len() > self.line && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// Whether the line at hand has words.
    pub(super) fn has_words(&self) -> bool {
        !self.text[self.line..].trim().is_empty()
    }

    /// Bytes of the line at hand, white space at its beginning left out.
    pub(super) fn line_len(&self) -> usize {
        self.text[self.line..].trim_start().len()
    }

    /// Ends the line; the next one goes on as told. A line without words is a blank one.
    pub(super) fn end_line(&mut self, below: Break) {
        let line = &self.text[self.line..];
        let bare = line.trim_start();
        if bare.is_empty() {
            self.truncate(self.line);
            self.blank_above += 1;
            self.hint.above = match (self.hint.above, below) {
                (Break::Paragraph, _) | (_, Break::Paragraph) => Break::Paragraph,
                // Two breaks in a row part paragraphs.
                (Break::Wrap, Break::Wrap) if !self.lines.is_empty() => Break::Paragraph,
                (_, below) => below,
            };
            self.hint.bold = 0;
            self.hint.named = false;
            return;
        }
        let from = self.text.len() - bare.len();
        let indent = self.text[self.line..from].chars().map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
        let words = from..from + bare.trim_end().len();
        let bold = self.hint.bold.min(u32::try_from(words.len()).unwrap_or(u32::MAX));
        self.lines.push(Line { words, indent, blank_above: self.blank_above });
        self.hints.push(Hint { bold, ..self.hint });
        self.blank_above = 0;
        self.text.push('\n');
        self.line = self.text.len();
        self.hint.above = below;
        self.hint.bold = 0;
        self.hint.named = false;
    }

    /// Takes the line end back, so that a mark follows its word.
    pub(super) fn reopen_line(&mut self) {
        if self.text.len() == self.line
            && let (Some(line), Some(hint)) = (self.lines.pop(), self.hints.pop())
        {
            self.truncate(line.words.end);
            self.line = line.words.start;
            self.hint.above = hint.above;
            self.hint.time = hint.time;
            self.blank_above = line.blank_above;
        }
    }

    /// A voice by its name, as a [`Hint::voice`].
    pub(super) fn voice(&mut self, voice: &Voice) -> u32 {
        // A conference has few voices; one that changes at each line finds its own near the end.
        let at = self.voices.iter().rev().take(512).position(|v| v == voice);
        let at = match at {
            Some(back) => self.voices.len() - back,
            None => {
                self.voices.push(voice.clone());
                self.voices.len()
            }
        };
        u32::try_from(at).unwrap_or(0)
    }

    /// A time, as a [`Hint::time`].
    pub(super) fn time(&mut self, time: [f64; 2]) -> u32 {
        if self.times.last() != Some(&time) {
            self.times.push(time);
        }
        u32::try_from(self.times.len()).unwrap_or(0)
    }

    /// Everything said, the view.
    pub(super) fn finish(mut self) -> View<'static> {
        self.end_line(Break::Paragraph);
        // Where most of the words are said to be the page's, the names of its elements mislead.
        let words = |furniture: bool| -> usize {
            let of = self.lines.iter().zip(&self.hints).filter(|(_, hint)| hint.furniture == furniture);
            of.map(|(line, _)| line.words.len()).sum()
        };
        if words(true) > words(false) * 2 {
            self.hints.iter_mut().for_each(|hint| hint.furniture = false);
        }
        View {
            text: Cow::Owned(self.text),
            lines: self.lines,
            hints: self.hints,
            voices: self.voices,
            times: self.times,
            parents: self.parents,
            meta: self.meta,
            trail: Trail::Runs(self.runs),
        }
    }

    /// Takes text back, with its runs.
    fn truncate(&mut self, len: usize) {
        self.text.truncate(len);
        while self.runs.last().is_some_and(|run| run.text.start >= len) {
            self.runs.pop();
        }
        if let Some(run) =
            self.runs.last_mut().filter(|run| run.text.end > len && run.text.len() == run.source.len())
        {
            run.source.end -= run.text.end - len;
            run.text.end = len;
        }
    }

    fn push(&mut self, start: usize, source: Range<usize>) {
        let gap = match self.source.get(self.last..source.start) {
            Some(between) if between.trim().is_empty() => Gap::White,
            _ => Gap::Other,
        };
        self.last = source.end;
        let source = self.base + source.start..self.base + source.end;
        match self.runs.last_mut() {
            Some(run)
                if run.text.end == start
                    && run.source.end == source.start
                    && run.text.len() == run.source.len()
                    && self.text.len() - start == source.len() =>
            {
                run.text.end = self.text.len();
                run.source.end = source.end;
            }
            _ => self.runs.push(Run { text: start..self.text.len(), source, gap }),
        }
    }
}

/// Leads a map whose offsets are those of a decoded text on to the file that it was decoded from.
pub(super) fn through(map: &SourceMap, trail: &[Run]) -> SourceMap {
    use super::source::Piece;
    let mut pieces: Vec<Piece> = Vec::with_capacity(map.pieces().len());
    for piece in map.pieces() {
        let first = trail.partition_point(|run| run.text.end <= piece.source.start);
        let runs = || trail[first..].iter().take_while(|run| run.text.start < piece.source.end);
        if piece.text.len() != piece.source.len() {
            // Inside a run of the same bytes a place is exact; any other run is one character.
            let within = |run: &Run, offset: usize, whole: usize| {
                if run.text.len() == run.source.len() {
                    run.source.start + (offset - run.text.start)
                } else {
                    whole
                }
            };
            let (from, to) = (piece.source.start, piece.source.end);
            let start =
                trail.get(first).map_or(0, |run| within(run, from.max(run.text.start), run.source.start));
            let end = runs().last().map_or(start, |run| within(run, to.min(run.text.end), run.source.end));
            pieces.push(Piece { text: piece.text.clone(), source: start..end, gap: piece.gap });
            continue;
        }
        for (n, run) in runs().enumerate() {
            let (from, to) = (run.text.start.max(piece.source.start), run.text.end.min(piece.source.end));
            let at = |offset: usize| piece.text.start + (offset - piece.source.start);
            let same = run.text.len() == run.source.len();
            let source = if same {
                run.source.start + (from - run.text.start)..run.source.start + (to - run.text.start)
            } else {
                run.source.clone()
            };
            let gap = if n == 0 { piece.gap } else { Gap::White };
            pieces.push(Piece { text: at(from)..at(to), source, gap });
        }
    }
    SourceMap::new(pieces).with_times(map.times().to_vec())
}
