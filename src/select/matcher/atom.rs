//! Text cut into words, numbers and signs.

use std::ops::Range;

use super::super::fold::{is_apostrophe, is_mark, is_unspaced};

/// A word, number or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom {
    /// Byte range.
    pub range: Range<usize>,
    /// Nothing but blanks, hyphens and the like parts it from the atom before.
    pub joined: bool,
}

/// The atoms of a text, in order.
pub(super) struct Atoms<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Atoms<'a> {
    pub fn new(text: &'a str) -> Self {
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
