//! Words and the blanks between them: lines of a text, and the folding of white space that keeps its way back.

use std::ops::Range;

use super::source::{Gap, Piece, SourceMap, Timed};
use crate::lang::is_hanzi;

/// A line of a text without its white space at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Byte range of the words; empty for a blank line.
    pub words: Range<usize>,
    /// White space before the words, in columns (an ideographic space counts two).
    pub indent: usize,
    /// Blank lines right above.
    pub blank_above: usize,
}

/// The lines that have words in them.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    // A file of the classic Mac breaks its lines with CR alone.
    let end_of_line = if !bytes.contains(&b'\n') && bytes.contains(&b'\r') { b'\r' } else { b'\n' };
    let mut found = Vec::new();
    let (mut start, mut blank) = (0, 0);
    while start < bytes.len() {
        let end = bytes[start..].iter().position(|&b| b == end_of_line).map_or(bytes.len(), |n| start + n);
        let line = &text[start..end];
        let bare = line.trim_start();
        if bare.is_empty() {
            blank += 1;
        } else {
            let from = end - bare.len();
            let indent = text[start..from].chars().map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
            found.push(Line { words: from..from + bare.trim_end().len(), indent, blank_above: blank });
            blank = 0;
        }
        start = end + 1;
    }
    found
}

/// Length in bytes of the white space character at `at`; 0 where there is none.
///
/// Told from the bytes: this is asked of every byte of every transcript.
fn white_len(bytes: &[u8], at: usize) -> usize {
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or_default();
    match bytes[at] {
        b' ' | 0x09..=0x0D => 1,
        0xC2 if matches!(next(1), 0x85 | 0xA0) => 2,
        0xE1 if (next(1), next(2)) == (0x9A, 0x80) => 3,
        0xE2 if next(1) == 0x80 && matches!(next(2), 0x80..=0x8A | 0xA8 | 0xA9 | 0xAF) => 3,
        0xE2 if (next(1), next(2)) == (0x81, 0x9F) => 3,
        0xE3 if (next(1), next(2)) == (0x80, 0x80) => 3,
        _ => 0,
    }
}

/// White space met since the last word; the greatest of a run decides what stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// None: the next word goes on where the last one ended.
    None,
    /// White space within a line: a blank.
    Blank,
    /// The end of a line within a paragraph: a blank, but nothing between two Chinese characters.
    Wrap,
    /// The end of a paragraph: a blank.
    Paragraph,
}

/// Folds the white space of a turn and remembers where each byte came from.
#[derive(Debug)]
pub(super) struct Folder {
    text: String,
    pieces: Vec<Piece>,
    times: Vec<Timed>,
    space: Space,
    gap: Gap,
}

impl Folder {
    /// Nothing folded yet.
    pub(super) const fn new() -> Self {
        Self {
            text: String::new(),
            pieces: Vec::new(),
            times: Vec::new(),
            space: Space::None,
            gap: Gap::White,
        }
    }

    /// Adds a run of the source as it is, but for its white space.
    pub(super) fn words(&mut self, run: &str, at: usize) {
        let bytes = run.as_bytes();
        let (mut from, mut here) = (0, 0);
        while here < bytes.len() {
            let byte = bytes[here];
            // The common case first: a printable ASCII character, or a single blank between two of them.
            if (0x21..0x80).contains(&byte) {
                here += 1;
                continue;
            }
            let white = white_len(bytes, here);
            if white == 0 {
                here += 1;
                continue;
            }
            let lone =
                byte == b' ' && here > from && here + 1 < bytes.len() && white_len(bytes, here + 1) == 0;
            if lone {
                here += 1;
                continue;
            }
            self.exact(&run[from..here], at + from);
            self.space(byte);
            here += white;
            from = here;
        }
        self.exact(&run[from..], at + from);
    }

    /// Adds one character that the source spells otherwise (an escape, a doubled quote mark).
    pub(super) fn escaped(&mut self, c: char, source: Range<usize>) {
        if c.is_whitespace() {
            self.space(u8::try_from(c).unwrap_or(b' '));
            return;
        }
        self.join(c);
        let start = self.text.len();
        self.text.push(c);
        self.push_piece(start, source);
    }

    /// Adds characters that the source spells otherwise, all of them one piece (an entity may stand for two).
    pub(super) fn spelt(&mut self, text: &str, source: Range<usize>) {
        let bare = text.trim();
        if bare.is_empty() {
            return self.white(text);
        }
        self.white(&text[..text.len() - text.trim_start().len()]);
        self.join(bare.chars().next().unwrap_or(' '));
        let start = self.text.len();
        self.text.push_str(bare);
        self.push_piece(start, source);
        self.white(&text[text.trim_end().len()..]);
    }

    /// White space that the source has otherwise, or not at all.
    pub(super) fn white(&mut self, text: &str) {
        for c in text.chars() {
            self.space(u8::try_from(c).unwrap_or(b' '));
        }
    }

    /// More than white space lies in the source before what comes next.
    pub(super) fn gap(&mut self) {
        self.gap = Gap::Other;
    }

    /// A mark is left out here that stands in the middle of the words: a blank parts them where none stands already,
    /// and none stays before a mark that closes.
    pub(super) fn aside(&mut self, next: Option<char>) {
        self.gap = Gap::Other;
        let closes = matches!(
            next,
            Some(
                ',' | '.'
                    | ';'
                    | ':'
                    | '!'
                    | '?'
                    | ')'
                    | '，'
                    | '。'
                    | '；'
                    | '：'
                    | '！'
                    | '？'
                    | '、'
                    | '”'
                    | '」'
            )
        );
        self.space = if closes { Space::None } else { self.space.max(Space::Wrap) };
    }

    /// Bytes folded so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What was folded since `from` was said in that time.
    pub(super) fn time(&mut self, from: usize, time: [f64; 2]) {
        if self.text.len() > from {
            self.times.push(Timed { text: from..self.text.len(), time });
        }
    }

    /// The line ends here, the paragraph goes on.
    pub(super) fn wrap(&mut self) {
        self.space = self.space.max(Space::Wrap);
    }

    /// The paragraph ends here.
    pub(super) fn paragraph(&mut self) {
        self.space = Space::Paragraph;
    }

    /// Other words are left out here.
    pub(super) fn left_out(&mut self) {
        self.paragraph();
        self.gap = Gap::Other;
    }

    /// The folded text; `None` where there were no words.
    pub(super) fn finish(self) -> Option<(String, SourceMap)> {
        (!self.text.is_empty()).then(|| (self.text, SourceMap::new(self.pieces).with_times(self.times)))
    }

    fn space(&mut self, byte: u8) {
        self.space = match (byte, self.space) {
            (b'\n', Space::Wrap) => Space::Paragraph,
            (b'\n', space) => space.max(Space::Wrap),
            (_, space) => space.max(Space::Blank),
        };
    }

    /// Settles what stands for the white space before a word that begins with `c`.
    fn join(&mut self, c: char) {
        let before = self.text.chars().next_back();
        if let Some(before) = before {
            let blank = match self.space {
                Space::None => false,
                Space::Wrap => !unspaced(before, c),
                Space::Blank | Space::Paragraph => true,
            };
            if blank {
                self.text.push(' ');
            }
        } else {
            self.gap = Gap::White; // what is left out before the first word parts nothing
        }
    }

    fn exact(&mut self, run: &str, at: usize) {
        let Some(first) = run.chars().next() else { return };
        self.join(first);
        let start = self.text.len();
        self.text.push_str(run);
        let adjoins = self.space == Space::None && self.gap == Gap::White;
        match self.pieces.last_mut() {
            Some(last) if adjoins && last.source.end == at && last.text.len() == last.source.len() => {
                last.text.end = self.text.len();
                last.source.end = at + run.len();
            }
            _ => self.push_piece(start, at..at + run.len()),
        }
        self.space = Space::None;
    }

    fn push_piece(&mut self, start: usize, source: Range<usize>) {
        let gap = std::mem::replace(&mut self.gap, Gap::White);
        self.pieces.push(Piece { text: start..self.text.len(), source, gap });
        self.space = Space::None;
    }
}

/// Two characters that Chinese sets without a blank between them.
fn unspaced(a: char, b: char) -> bool {
    // Curly quotes, dashes and the ellipsis are shared with Latin: their neighbour decides.
    let shared = |c| matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·');
    (wide(a) && (wide(b) || shared(b))) || (shared(a) && wide(b))
}

/// Hanzi, kana, and the marks of Chinese.
fn wide(c: char) -> bool {
    is_hanzi(c) || matches!(c, '\u{3001}'..='\u{30FF}' | '\u{FF01}'..='\u{FF60}')
}

/// White space folded to single blanks, none at the ends.
pub(super) fn fold(text: &str) -> String {
    let mut folder = Folder::new();
    folder.words(text, 0);
    folder.finish().map_or_else(String::new, |(text, _)| text)
}

/// Ends as a sentence or a clause before other words ends; what does not was broken off by a line's end.
pub(super) fn ends_closed(text: &str) -> bool {
    const MARKS: [char; 22] = [
        '.', '!', '?', ':', ';', '"', '\'', '”', '’', ')', ']', '…', '—', '–', '-', '。', '！', '？', '：',
        '；', '）', '』',
    ];
    text.trim_end().ends_with(MARKS)
}

/// Columns: a hanzi or a full-width mark counts two.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_know_their_words_indent_and_gap() {
        let text = "\u{3000}\u{3000}one  \r\n\n \u{A0}\n\n two";
        let found = lines(text);
        let words: Vec<_> = found.iter().map(|l| (&text[l.words.clone()], l.indent, l.blank_above)).collect();
        assert_eq!(words, [("one", 4, 0), ("two", 1, 3)]);
        assert_eq!(lines("a\rb").len(), 2);
        assert_eq!(lines(" \n\n"), []);
    }

    #[test]
    fn folds_every_kind_of_white_space() {
        assert_eq!(fold(" a\u{A0} b\u{3000}c\td\u{2009}e\u{202F}f \u{A0}"), "a b c d e f");
        assert_eq!(fold("fingers .\""), "fingers .\"");
        assert_eq!(fold("改善\n民生，\n“稳”字\n2024 年"), "改善民生，“稳”字 2024 年");
        assert_eq!(fold("改善 民生"), "改善 民生");
        assert_eq!(fold("民生。\n\n各位"), "民生。 各位");
    }

    #[test]
    fn white_space_is_what_unicode_says() {
        for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let mut buffer = [0; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            assert_eq!(white_len(bytes, 0) > 0, c.is_whitespace(), "{c:?}");
        }
    }

    #[test]
    fn what_is_left_out_is_a_gap() {
        let source = "one\n2 3 >\ntwo";
        let mut folder = Folder::new();
        folder.words(&source[0..3], 0);
        folder.left_out();
        folder.words(&source[10..13], 10);
        let (text, map) = folder.finish().unwrap();
        assert_eq!(text, "one two");
        assert_eq!(map.locate(0..7), (0, 13, vec![[0, 3], [10, 13]]));
    }

    proptest! {
        #[test]
        fn pieces_are_the_bytes_and_the_rest_is_blanks(source in "[a-c改，“ \u{A0}\u{3000}\n]{0,60}") {
            let mut folder = Folder::new();
            folder.words(&source, 0);
            if let Some((text, map)) = folder.finish() {
                let mut at = 0;
                for piece in map.pieces() {
                    prop_assert!(matches!(&text[at..piece.text.start], "" | " "));
                    prop_assert_eq!(&text[piece.text.clone()], &source[piece.source.clone()]);
                    at = piece.text.end;
                }
                prop_assert_eq!(at, text.len());
                prop_assert_eq!(text.trim(), text.as_str());
                let words = |s: &str| s.split_whitespace().collect::<String>();
                prop_assert_eq!(words(&text), words(&source));
            } else {
                prop_assert!(source.trim().is_empty());
            }
        }
    }
}
