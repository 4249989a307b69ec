//! Which words a keyword meets.
//!
//! Text and keyword are cut into the same atoms, which are compared folded (case, accents, width) and, where they
//! are plain words, by their English stem:
//!
//! ```text
//! over 80% of Shanxi’s high-quality A4-sized PM2.5 sensors
//! ──── ──┬ ── ────── ┬ ──── ─────── ── ───── ───── ───────
//!        % sign      the possessive ’s is no part of the word
//! ```
//!
//! So `quality` and `high-quality` both meet "high-quality", `80` and `80%` both meet "80%", `sensor` meets "sensors".
//! Text in hanzi or kana has no blanks to cut at: a keyword that contains them is a substring.

use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use super::SelectError;
use super::fold::{fold, fold_into, is_apostrophe, is_mark, is_unspaced};

/// Keywords, compiled once for any number of texts.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    keywords: Vec<Keyword>,
    all: bool,
}

/// One `--keyword`: all of its terms must be in the text. A new kind of condition is a new kind of term.
#[derive(Debug, Clone)]
struct Keyword {
    terms: Vec<Term>,
}

#[derive(Debug, Clone)]
enum Term {
    /// Words that follow each other.
    Phrase(Vec<Word>),
    /// Folded characters without blanks, found anywhere.
    Run(String),
}

#[derive(Debug, Clone)]
struct Word {
    /// Folded, and stemmed where it is a plain word.
    key: String,
    /// The first byte of `key` if ASCII: a stem begins as its word does, so most words need not be stemmed.
    first: Option<u8>,
}

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

impl Matcher {
    /// Compiles keywords; with `all`, every one of them must be met, else any.
    ///
    /// A keyword of several words is a phrase: its words stand next to each other, in this order. Double quotes
    /// inside it part it into phrases that may stand anywhere: `"green development" river` asks for both.
    ///
    /// # Errors
    ///
    /// [`SelectError::EmptyKeyword`] for one without a letter, digit or sign.
    pub fn new(keywords: &[String], all: bool) -> Result<Self, SelectError> {
        let keywords = keywords.iter().map(|asked| {
            let terms: Vec<_> = segments(asked).filter_map(Term::new).collect();
            if terms.is_empty() {
                return Err(SelectError::EmptyKeyword { asked: asked.clone() });
            }
            Ok(Keyword { terms })
        });
        Ok(Self { keywords: keywords.collect::<Result<_, _>>()?, all })
    }

    /// There are no keywords: every text meets them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keywords.is_empty()
    }

    /// Whether the text meets the keywords, and where: byte ranges in order, none overlapping, empty if there are no
    /// keywords. `None` where it does not meet them.
    ///
    /// A phrase is one range, from its first word to its last. A keyword of which only some terms are there marks
    /// nothing.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let mut ranges = Vec::new();
        let mut met = 0;
        let mut atoms = None;
        for keyword in &self.keywords {
            let before = ranges.len();
            let complete = keyword.terms.iter().all(|term| {
                let count = ranges.len();
                match term {
                    Term::Phrase(words) if words.first().is_some_and(|word| !word.may_be_in(text)) => {}
                    Term::Phrase(words) => {
                        let atoms = atoms.get_or_insert_with(|| Atoms::new(text).collect::<Vec<_>>());
                        phrase(text, atoms, words, &mut ranges);
                    }
                    Term::Run(run) => substring(text, run, &mut ranges),
                }
                ranges.len() > count
            });
            if complete {
                met += 1;
            } else {
                ranges.truncate(before);
            }
        }
        let enough = if self.all { self.keywords.len() } else { usize::from(!self.keywords.is_empty()) };
        (met >= enough).then(|| merge(ranges))
    }
}

/// The parts of a keyword inside and outside double quotes.
fn segments(asked: &str) -> impl Iterator<Item = &str> {
    let mark = |c: char| matches!(c, '"' | '“' | '”' | '„' | '＂');
    // A single mark is a slip, not a phrase: both sides are words all the same.
    asked.split(mark).filter(|part| !part.trim().is_empty())
}

impl Word {
    /// A quick look that says no to nearly every text without the word, and never to one with it.
    fn may_be_in(&self, text: &str) -> bool {
        let key = self.key.as_bytes();
        let Some(first) = self.first else { return true };
        // A stem and its word have two letters in common, but for these (dying, lying, tying).
        let second = key.get(1).copied().filter(|_| !matches!(key, b"die" | b"lie" | b"tie"));
        let bytes = text.as_bytes();
        let mut begins = true; // a word may begin here
        for (at, &b) in bytes.iter().enumerate() {
            let here = b.to_ascii_lowercase();
            if here == first && (begins || !b.is_ascii_alphanumeric()) {
                let next = bytes.get(at + 1);
                let same =
                    |second: u8| next.is_some_and(|b| b.to_ascii_lowercase() == second || !b.is_ascii());
                if second.is_none_or(same) {
                    return true;
                }
            }
            // Anything but curly quotes, dashes and … may fold to ASCII. (E2 80 xx; xx then follows 80.)
            let punctuation = b == 0xE2 && bytes.get(at + 1) == Some(&0x80)
                || at > 0 && bytes[at - 1] == 0xE2 && b == 0x80
                || at > 1 && bytes[at - 2] == 0xE2 && bytes[at - 1] == 0x80;
            if !b.is_ascii() && !punctuation {
                return true;
            }
            begins = !b.is_ascii_alphanumeric();
        }
        false
    }
}

impl Term {
    fn new(asked: &str) -> Option<Self> {
        if asked.contains(is_unspaced) {
            return Some(Self::Run(fold(asked).split_whitespace().collect()));
        }
        let mut buffer = String::new();
        let words = Atoms::new(asked).map(|atom| {
            let key = key(&asked[atom.range], &mut buffer).to_owned();
            Word { first: key.bytes().next().filter(u8::is_ascii), key }
        });
        let words: Vec<_> = words.collect();
        (!words.is_empty()).then_some(Self::Phrase(words))
    }
}

/// The folded word, stemmed if it is plain: `PM2.5`, `u.s` and words of other scripts have no English stem.
fn key<'b>(word: &str, buffer: &'b mut String) -> &'b str {
    buffer.clear();
    fold_into(word, buffer);
    if buffer.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'')
        && let std::borrow::Cow::Owned(stem) = STEMMER.stem(buffer)
    {
        *buffer = stem;
    }
    buffer
}

/// Adds the range of every place where the words follow each other.
fn phrase(text: &str, atoms: &[Atom], words: &[Word], ranges: &mut Vec<Range<usize>>) {
    let mut buffer = String::new();
    let mut meets = |atom: &Atom, word: &Word| {
        let piece = &text[atom.range.clone()];
        let first = piece.as_bytes()[0].to_ascii_lowercase();
        // Folding turns some other letters into ASCII (é), never ASCII into others.
        (!first.is_ascii() || word.first == Some(first)) && key(piece, &mut buffer) == word.key
    };
    let mut at = 0;
    while at + words.len() <= atoms.len() {
        let here = &atoms[at..at + words.len()];
        let met =
            here[1..].iter().all(|atom| atom.joined) && here.iter().zip(words).all(|(a, w)| meets(a, w));
        if met {
            ranges.push(here[0].range.start..here[here.len() - 1].range.end);
        }
        at += if met { words.len() } else { 1 };
    }
}

/// Adds the range of every place where the folded text without blanks contains `run`.
fn substring(text: &str, run: &str, ranges: &mut Vec<Range<usize>>) {
    let mut folded = String::with_capacity(text.len());
    let mut source: Vec<(usize, usize)> = Vec::new(); // for each folded byte, the character it came from
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
    ranges.extend(folded.match_indices(run).map(|(at, _)| source[at].0..source[at + run.len() - 1].1));
}

/// Sorts, and joins what overlaps.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    ranges
}

/// A word, number or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Atom {
    range: Range<usize>,
    /// Nothing but blanks, hyphens and the like parts it from the atom before.
    joined: bool,
}

/// The atoms of a text, in order.
struct Atoms<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Atoms<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Moves over a word whose first character stands here.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let mut possessive = None;
        // Letters or digits since the last point: only digits, or only one letter, let a point be inside a word.
        let (mut letters, mut digits) = (0, 0);
        while let Some(c) = self.peek() {
            if c.is_ascii_alphanumeric() {
                if c.is_ascii_digit() {
                    digits += 1
                } else {
                    letters += 1
                }
                self.at += 1;
                continue;
            }
            let next = self.text[self.at + c.len_utf8()..].chars().next();
            if is_word(c) {
                if c.is_numeric() { digits += 1 } else { letters += 1 }
            } else if is_apostrophe(c) && next.is_some_and(is_word) {
                let rest = &self.text[self.at + c.len_utf8()..];
                let mut chars = rest.chars();
                let s = matches!(chars.next(), Some('s' | 'S')) && !chars.next().is_some_and(is_word);
                if s {
                    possessive = Some(self.at);
                    self.at += c.len_utf8() + 1;
                    break;
                }
            } else if matches!(c, '.' | ',' | '．' | '，') && digits > 0 && next.is_some_and(char::is_numeric)
            {
                (letters, digits) = (0, 0);
            } else if c == '.' && (letters, digits) == (1, 0) && self.is_initial(self.at + 1) {
                letters = 0;
            } else {
                break;
            }
            self.at += c.len_utf8();
        }
        start..possessive.unwrap_or(self.at)
    }

    /// A single letter stands at `at`.
    fn is_initial(&self, at: usize) -> bool {
        let mut chars = self.text[at..].chars();
        chars.next().is_some_and(char::is_alphabetic) && !chars.next().is_some_and(is_word)
    }
}

impl Iterator for Atoms<'_> {
    type Item = Atom;

    fn next(&mut self) -> Option<Atom> {
        let (mut blank, mut stop) = (false, false);
        while let Some(c) = self.peek() {
            // A stop parts two words only with a blank beside it: `and/or`, `scio.gov.cn` hold together.
            let joined = !(blank && stop);
            if is_word(c) {
                return Some(Atom { range: self.word(), joined });
            }
            let start = self.at;
            self.at += c.len_utf8();
            if is_sign(c) {
                return Some(Atom { range: start..self.at, joined });
            }
            blank |= c.is_whitespace();
            stop |= matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '(' | ')' | '[' | ']' | '…');
            if is_unspaced(c) || matches!(c, '—' | '–' | '，' | '。' | '、' | '；' | '：' | '（' | '）')
            {
                (blank, stop) = (true, true);
            }
        }
        None
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() && (c.is_alphanumeric() && !is_unspaced(c) || is_mark(c))
}

/// Signs that people search for with their number or name: `80%`, `$5`, `R&D`, `C++`, `+5 °C`.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '%' | '％' | '‰' | '$' | '＄' | '€' | '£' | '¥' | '￥' | '&' | '＆' | '+' | '＋' | '#' | '°' | '℃'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matcher(keywords: &[&str], all: bool) -> Matcher {
        let keywords: Vec<_> = keywords.iter().map(|&k| k.to_owned()).collect();
        Matcher::new(&keywords, all).unwrap()
    }

    /// The matched words, `None` if the text does not meet the keyword.
    fn found<'t>(keyword: &str, text: &'t str) -> Option<Vec<&'t str>> {
        let ranges = matcher(&[keyword], false).find(text)?;
        Some(ranges.into_iter().map(|range| &text[range]).collect())
    }

    #[test]
    fn keywords_meet_words() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("energy", "Energy security and new-type energy systems.", &["Energy", "energy"]),
            ("system", "Two systems, one System’s end.", &["systems", "System"]),
            ("reform", "We reformed; reforms are reforming us.", &["reformed", "reforms", "reforming"]),
            ("resident", "Urban and rural residents' income.", &["residents"]),
            ("Shanxi", "Shanxi's and Shanxi’s, SHANXI", &["Shanxi", "Shanxi", "SHANXI"]),
            ("shanxi's", "In Shanxi.", &["Shanxi"]),
            ("don't", "We don’t know.", &["don’t"]),
            ("PM2.5", "The concentration of PM2.5 fell.", &["PM2.5"]),
            ("pm2.5", "PM2.5。", &["PM2.5"]),
            ("A4", "Regular A4-sized paper.", &["A4"]),
            ("80%", "Each year, over 80% of it.", &["80%"]),
            ("80", "Each year, over 80% of it.", &["80"]),
            ("1,000", "Some 1,000 people.", &["1,000"]),
            ("37", "To 37 micrograms.", &["37"]),
            ("quality", "A high-quality life.", &["quality"]),
            ("high-quality", "A high-quality life of high quality.", &["high-quality", "high quality"]),
            ("high quality", "A high-quality life.", &["high-quality"]),
            ("green development", "Pursuing green development.", &["green development"]),
            (
                "green developments",
                "Green development, green\u{a0}development",
                &["Green development", "green\u{a0}development"],
            ),
            ("\"green development\"", "Green development.", &["Green development"]),
            (
                "\"green development\" river",
                "Rivers need green development.",
                &["Rivers", "green development"],
            ),
            ("Jose", "José and Jose\u{301} came.", &["José", "Jose\u{301}"]),
            ("José", "JOSE came.", &["JOSE"]),
            ("U.S.", "The U.S. and U.S.-led forces help us.", &["U.S", "U.S"]),
            ("R&D", "Spending on R&D rose.", &["R&D"]),
            ("$5", "It is $5.", &["$5"]),
            ("绿色发展", "坚持绿色发展，绿色发展。", &["绿色发展", "绿色发展"]),
            ("绿色 发展", "坚持绿色发展。", &["绿色发展"]),
            ("PM2.5年均", "山西PM2.5年均浓度", &["PM2.5年均"]),
            ("pm2.5", "山西PM2.5年均浓度", &["PM2.5"]),
            ("ＰＭ２．５", "山西PM2.5年均浓度", &["PM2.5"]),
            ("哈哈", "哈哈哈哈", &["哈哈", "哈哈"]),
            ("scio.gov.cn", "See scio.gov.cn now.", &["scio.gov.cn"]),
            ("die", "They were dying.", &["dying"]),
            ("%", "Over 80% of it.", &["%"]),
            ("end", "“The end—”", &["end"]),
            ("Élan", "With elan.", &["elan"]),
            ("elan", "With ÉLAN.", &["ÉLAN"]),
            ("and/or", "This and/or that.", &["and/or"]),
        ];
        for (keyword, text, expected) in cases {
            assert_eq!(found(keyword, text).as_deref(), Some(*expected), "{keyword} in {text}");
        }
    }

    #[test]
    fn keywords_miss_other_words() {
        for (keyword, text) in [
            ("energy", "Energetic people."),
            ("new", "The news."),
            ("art", "The start of a party."),
            ("PM2.5", "PM10 and 2.5 and PM."),
            ("2.5", "PM2.5 fell."),
            ("80%", "80 people, 80.5%."),
            ("green development", "Development that is green; green, development. Green. Development."),
            ("\"green development\" river", "Green development."),
            ("U.S.", "It helps us."),
            ("development green", "Green development."),
            ("绿色发展", "绿色的发展"),
        ] {
            assert_eq!(found(keyword, text), None, "{keyword} in {text}");
        }
    }

    #[test]
    fn any_or_all_and_one_range_where_they_overlap() {
        let text = "Green development of the energy system.";
        let words = |m: &Matcher| m.find(text).map(|r| r.into_iter().map(|r| &text[r]).collect::<Vec<_>>());
        let keywords = ["development", "green development", "coal"];
        assert_eq!(words(&matcher(&keywords, false)), Some(vec!["Green development"]));
        assert_eq!(words(&matcher(&keywords, true)), None);
        assert_eq!(words(&matcher(&keywords[..2], true)), Some(vec!["Green development"]));
        assert_eq!(words(&matcher(&[], true)), Some(vec![]));
    }

    #[test]
    fn a_keyword_needs_a_word() {
        for asked in ["", "  ", "—", "\"\"", "。"] {
            let error = Matcher::new(&[asked.to_owned()], false).unwrap_err();
            assert_eq!(error, SelectError::EmptyKeyword { asked: asked.to_owned() });
        }
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_and_on_character_boundaries(
            keyword in "[a-c绿É'.2-]{1,4}( [a-c])?", text in "[a-cA-C绿色É’'.,2\u{301} -]{0,60}"
        ) {
            if let Ok(matcher) = Matcher::new(&[keyword], false) {
                let mut end = 0;
                for range in matcher.find(&text).unwrap_or_default() {
                    prop_assert!(range.start >= end && range.start < range.end);
                    prop_assert!(text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }

        #[test]
        fn a_word_of_the_text_is_found(text in "[a-z]{1,9}( [a-z]{1,9}){0,5}", at in 0_usize..6) {
            let words: Vec<_> = text.split(' ').collect();
            let word = words[at % words.len()];
            prop_assert!(found(word, &text).unwrap().contains(&word));
        }
    }
}
