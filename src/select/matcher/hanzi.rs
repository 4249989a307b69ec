//! Keywords in hanzi or kana, which are written without blanks.
//!
//! A dictionary tells where the words of a text begin and end. A keyword stands where its characters stand (folded,
//! blanks left out), unless it would tear the words around it:
//!
//! ```text
//! 发展中│国家│的│人民大会堂
//!    └┬─┘          中国          would take 中 of 发展中 and 国 of 国家: no
//!     中国         人民          the head of a longer word: yes
//!                  国家的人民    several words in a row: yes
//! ```
//!
//! So: where the keyword begins or ends inside a word of the text, it has at least two characters of that word, and it
//! never lies in the middle of one. A name that the dictionary does not know (温若兰) is found wherever its characters
//! stand, since what follows it may be cut wrongly (温│若│兰州│长). A keyword of one character (水) is that word alone; `水*` takes every word that
//! begins with it.

use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

use super::super::fold::{fold, fold_into, is_mark};

/// A keyword with hanzi or kana in it.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Folded, without blanks.
    run: String,
    /// It begins a word, and may end anywhere.
    prefix: bool,
    /// The dictionary knows no word in it that is longer than a character.
    unknown: bool,
}

static WORDS: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// Where the words of a text begin and end by the dictionary: byte offsets, with 0 and the text's length.
pub(crate) fn word_bounds(text: &str) -> Vec<usize> {
    WORDS.segment_str(text).collect()
}

/// What the dictionary cuts in the wrong place (发展│中国│家), and the byte at which it is to be cut.
const MISREAD: [(&str, usize); 2] = [("发展中国家", "发展中".len()), ("研究生命", "研究".len())];

impl Run {
    pub fn new(asked: &str) -> Option<Self> {
        let prefix = asked.trim_end().ends_with(['*', '＊']);
        let run: String = fold(asked).split_whitespace().collect();
        let run = run.trim_end_matches('*').to_owned();
        let bounds: Vec<usize> = WORDS.segment_str(&run).collect();
        let known = bounds.windows(2).any(|w| run[w[0]..w[1]].chars().nth(1).is_some());
        let unknown = !known && run.chars().nth(1).is_some();
        (!run.is_empty()).then_some(Self { run, prefix, unknown })
    }

    /// Adds the range of every place where it stands.
    pub fn find(&self, text: &str, ranges: &mut Vec<Range<usize>>) {
        let Some(plain) = Plain::with(text, &self.run) else { return };
        // Only asked for where the characters are there: cutting a text into words takes a hundred times as long.
        let mut bounds: Vec<usize> = WORDS.segment_str(&plain.folded).collect();
        for (words, inside) in MISREAD {
            for (at, words) in plain.folded.match_indices(words) {
                bounds.retain(|&b| b <= at || b >= at + words.len() || b == at + inside);
                let place = bounds.partition_point(|&b| b < at + inside);
                if bounds.get(place) != Some(&(at + inside)) {
                    bounds.insert(place, at + inside);
                }
            }
        }
        let mut from = 0;
        while let Some(at) = plain.folded[from..].find(&self.run) {
            let found = from + at..from + at + self.run.len();
            if self.stands(&plain.folded, &found, &bounds) {
                ranges.push(plain.source[found.start].0..plain.source[found.end - 1].1);
                from = found.end;
            } else {
                from = found.start + plain.folded[found.start..].chars().next().map_or(1, char::len_utf8);
            }
        }
    }

    /// Whether the keyword tears no word at either end.
    fn stands(&self, text: &str, found: &Range<usize>, bounds: &[usize]) -> bool {
        let is_bound = |at: usize| bounds.binary_search(&at).is_ok();
        let (at_begin, at_end) = (is_bound(found.start), is_bound(found.end));
        if self.prefix || at_begin && at_end {
            return at_begin;
        }
        if self.unknown {
            return true;
        }
        // The bounds inside the keyword: what stands before the first and after the last are its pieces of the words
        // that it begins and ends in.
        let inside = &bounds[bounds.partition_point(|&b| b <= found.start)..];
        let inside = &inside[..inside.partition_point(|&b| b < found.end)];
        let first = found.start..inside.first().copied().unwrap_or(found.end);
        let last = inside.last().copied().unwrap_or(found.start)..found.end;
        let two = |range: Range<usize>| text[range].chars().nth(1).is_some();
        let middle = !at_begin && !at_end && inside.is_empty();
        !middle && (at_begin || two(first)) && (at_end || two(last))
    }
}

/// A text folded, without blanks.
struct Plain {
    folded: String,
    /// For each folded byte, the bytes of the character that it came from.
    source: Vec<(usize, usize)>,
}

impl Plain {
    /// The text, if it contains the run.
    fn with(text: &str, run: &str) -> Option<Self> {
        let mut folded = String::with_capacity(text.len());
        let mut source: Vec<(usize, usize)> = Vec::new();
        let mut buffer = [0; 4];
        for (at, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let end = at + c.len_utf8();
            if is_mark(c) {
                // An accent of its own folds away, but belongs to the letter before it.
                if let Some(last) = source.last_mut() {
                    last.1 = end;
                }
                continue;
            }
            fold_into(c.encode_utf8(&mut buffer), &mut folded);
            source.resize(folded.len(), (at, end));
        }
        folded.contains(run).then_some(Self { folded, source })
    }
}
