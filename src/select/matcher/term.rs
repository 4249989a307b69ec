//! What a keyword is made of, and how each kind of it is found.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use rust_stemmers::{Algorithm, Stemmer};

use super::super::fold::{fold_into, is_unspaced};
use super::atom::{Atom, Atoms};
use super::hanzi::Run;

/// One thing that a text has or has not.
#[derive(Debug, Clone)]
pub(super) enum Term {
    /// Words that follow each other.
    Phrase(Vec<Word>),
    /// Words of a script without blanks.
    Run(Run),
    /// A regular expression.
    Pattern(Regex),
}

/// A word of a phrase.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Folded, and stemmed where it is a plain word.
    key: String,
    /// The first byte of `key` if ASCII: a stem begins as its word does, so most words need not be stemmed.
    first: Option<u8>,
    /// Only the beginning of a word, folded and not stemmed.
    prefix: bool,
}

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// The terms of a keyword: those that are wanted, and those that are shut out.
pub(super) fn terms(asked: &str) -> (Vec<Term>, Vec<Term>) {
    let (mut wanted, mut excluded) = (Vec::new(), Vec::new());
    let mut take = |out: bool, words: &str| {
        let term = Term::new(words);
        if out { excluded.extend(term) } else { wanted.extend(term) }
    };
    let mut rest = asked;
    while let Some(open) = rest.find(is_quote) {
        let mark = rest[open..].chars().next().map_or(1, char::len_utf8);
        let (loose, quoted) = (&rest[..open], &rest[open + mark..]);
        // A single mark is a slip, not a phrase: both sides are words all the same.
        let close = quoted.find(is_quote);
        let kept = loose.strip_suffix(HYPHENS).filter(|l| l.is_empty() || l.ends_with(char::is_whitespace));
        let out = close.is_some() && kept.is_some();
        plain(if out { kept.unwrap_or_default() } else { loose }, &mut take);
        let Some(close) = close else {
            rest = quoted;
            continue;
        };
        take(out, &quoted[..close]);
        let mark = quoted[close..].chars().next().map_or(1, char::len_utf8);
        rest = &quoted[close + mark..];
    }
    plain(rest, &mut take);
    (wanted, excluded)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂')
}

const HYPHENS: [char; 2] = ['-', '－'];

/// Words outside double quotes: a phrase, and single words with a hyphen before them.
fn plain(words: &str, take: &mut impl FnMut(bool, &str)) {
    let mut start = 0;
    let mut at = 0;
    for word in words.split_inclusive(char::is_whitespace) {
        let end = at + word.len();
        if let Some(bare) = word.strip_prefix(HYPHENS).filter(|bare| bare.starts_with(char::is_alphanumeric))
        {
            take(false, &words[start..at]);
            take(true, bare);
            start = end;
        }
        at = end;
    }
    take(false, &words[start..]);
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
            return Run::new(asked).map(Self::Run);
        }
        let mut buffer = String::new();
        let words = Atoms::new(asked).map(|atom| {
            let (word, after) = (&asked[atom.range.clone()], &asked[atom.range.end..]);
            let prefix = after.starts_with(['*', '＊']);
            let key = if prefix { folded(word, &mut buffer) } else { key(word, &mut buffer) }.to_owned();
            Word { first: key.bytes().next().filter(u8::is_ascii), key, prefix }
        });
        let words: Vec<_> = words.collect();
        (!words.is_empty()).then_some(Self::Phrase(words))
    }

    /// Adds the ranges where it stands in the text; false where it does not. `atoms` are the text's, once somebody
    /// asked for them.
    pub fn find(&self, text: &str, atoms: &mut Option<Vec<Atom>>, ranges: &mut Vec<Range<usize>>) -> bool {
        let before = ranges.len();
        match self {
            Self::Phrase(words) if words.first().is_some_and(|word| !word.may_be_in(text)) => {}
            Self::Phrase(words) => {
                let atoms = atoms.get_or_insert_with(|| Atoms::new(text).collect());
                phrase(text, atoms, words, ranges);
            }
            Self::Run(run) => run.find(text, ranges),
            Self::Pattern(pattern) => {
                ranges.extend(pattern.find_iter(text).map(|found| found.range()).filter(|r| !r.is_empty()));
            }
        }
        ranges.len() > before
    }
}

fn folded<'b>(word: &str, buffer: &'b mut String) -> &'b str {
    buffer.clear();
    fold_into(word, buffer);
    buffer
}

/// The folded word, stemmed if it is plain: `PM2.5`, `u.s` and words of other scripts have no English stem.
fn key<'b>(word: &str, buffer: &'b mut String) -> &'b str {
    folded(word, buffer);
    if buffer.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'')
        && let Cow::Owned(stem) = STEMMER.stem(buffer)
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
        if first.is_ascii() && word.first != Some(first) {
            return false;
        }
        match word.prefix {
            true => folded(piece, &mut buffer).starts_with(&word.key),
            false => key(piece, &mut buffer) == word.key,
        }
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
