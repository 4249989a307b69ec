//! What one pass over the words of a line tells.

use super::super::fold::is_unspaced;
use super::super::month::is_month;
use super::words::{COUNT, FUNCTION, GROUP, IMAGE, Known, LONGEST, NO_PLURAL, PERSON, known};
use crate::lang::is_hanzi;

/// What one pass over the words tells.
#[derive(Default)]
pub(super) struct Facts {
    pub words: usize,
    pub letters: usize,
    /// Figures that measure something.
    pub measured: usize,
    /// Years, days, ordinals.
    pub dates: usize,
    /// Capitalised words that begin no sentence.
    pub names: usize,
    /// Different things one can see.
    pub images: usize,
    pub hanzi: usize,
    /// `uh`, `um`.
    pub fillers: usize,
    /// Words said twice running, as nobody would write them.
    pub repeated: usize,
    /// A pronoun for somebody whom nothing before it names: `they`, `his`.
    pub unbound: bool,
    /// Several were named, whom `they` may mean.
    several: bool,
    /// Somebody was named, whom `he` may mean.
    somebody: bool,
}

impl Facts {
    pub fn of(text: &str) -> Self {
        let mut facts = Self { hanzi: text.chars().filter(|&c| is_hanzi(c)).count(), ..Self::default() };
        let mut begins = true; // the next word begins a sentence
        let mut last = "";
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if !c.is_alphanumeric() || is_unspaced(c) {
                begins |= matches!(c, '.' | '!' | '?' | ':' | '。' | '！' | '？') && at > 0;
                at += c.len_utf8();
                continue;
            }
            let rest = &text[at..];
            let len = word_len(rest);
            let word = &rest[..len];
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                facts.number(word, last, &text[at + len..], &text[..at]);
            } else {
                facts.word(word, begins, last, &text[at + len..]);
            }
            begins = false;
            last = word;
            at += len;
        }
        facts
    }

    fn word(&mut self, word: &str, begins: bool, last: &str, after: &str) {
        self.words += 1;
        self.letters += word.chars().count();
        self.repeated += usize::from(
            word.len() > 2 && word.eq_ignore_ascii_case(last) && !matches!(word, "that" | "had" | "very"),
        );
        let capital = word.starts_with(char::is_uppercase);
        // In lower case, as the tables have it; longer words and other alphabets are in none.
        let mut buffer = [0; LONGEST];
        let lower = match buffer.get_mut(..word.len()).filter(|_| word.is_ascii()) {
            Some(buffer) => {
                buffer.copy_from_slice(word.as_bytes());
                buffer.make_ascii_lowercase();
                &*buffer
            }
            None => &[],
        };
        let is = known(lower);
        if capital {
            self.names += usize::from(!begins && word != "I" && word.len() > 1);
        } else {
            let plural = lower.strip_suffix(b"s").is_some_and(|one| known(one) & IMAGE != 0);
            self.images += usize::from(plural || is & IMAGE != 0);
            // `seven and a half years`, `half-free`, `look twice` measure nothing.
            let idle = match word {
                "half" => last == "a" || after.starts_with('-'),
                "twice" => !after.starts_with(" as ") && !after.starts_with(" the "),
                _ => false,
            };
            self.measured += usize::from(!idle && is & COUNT != 0);
        }
        self.fillers += usize::from(matches!(lower, b"uh" | b"um" | b"er" | b"ah" | b"ahh" | b"uhm"));
        self.bind(word, lower, is, capital, begins);
    }

    /// Whom a pronoun may mean. `it` means so many things that nothing can be told from it.
    fn bind(&mut self, word: &str, lower: &[u8], is: Known, capital: bool, begins: bool) {
        match lower {
            b"they" | b"them" | b"their" | b"theirs" | b"themselves" => self.unbound |= !self.several,
            b"he" | b"him" | b"his" | b"she" | b"her" | b"hers" | b"himself" | b"herself" => {
                self.unbound |= !self.somebody;
            }
            _ => {
                let name = capital && word.len() > 2 && !(begins && is & FUNCTION != 0);
                let group = is & GROUP != 0;
                self.somebody |= name || group || is & PERSON != 0;
                // By its form; `years` and `times` are nobody's antecedent.
                let plural = word.len() > 3
                    && word.ends_with('s')
                    && !word.ends_with("ss")
                    && !word.ends_with("us")
                    && is & NO_PLURAL == 0;
                // `Russia` may be several; whether the first word is a name cannot be told.
                self.several |= name && !begins || group || plural;
            }
        }
    }

    fn number(&mut self, word: &str, last: &str, after: &str, before: &str) {
        let digits = word.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
        let unit = &word[digits..];
        let next = after.trim_start();
        let year = digits == 4 && unit.is_empty() && (word.starts_with("19") || word.starts_with("20"));
        if unit.starts_with(|c: char| c.is_ascii_uppercase()) {
            return; // 2A, 5G: a name
        }
        let dated = matches!(unit, "st" | "nd" | "rd" | "th" | "s")
            || is_month(last)
            || next.split(|c: char| !c.is_alphabetic()).next().is_some_and(is_month)
            || before.ends_with('第')
            || year && !next.starts_with(['%', '％']) && !after.starts_with(is_unspaced)
            || digits == 4 && next.starts_with('年')
            || next.starts_with(['月', '日', '号', '时', '点'])
            || before.ends_with("age of ")
            || last == "aged"
            || next.starts_with("years old")
            || after.starts_with("-year-old")
            || matches!(last, "Article" | "No" | "Section" | "Chapter" | "Phase" | "version" | "Version");
        if dated { self.dates += 1 } else { self.measured += 1 }
    }
}

/// Bytes of the word or number that `text` begins with; a point or comma between digits is inside.
fn word_len(text: &str) -> usize {
    let ascii = text.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len());
    match text.as_bytes().get(ascii) {
        // The rest is for `37.5` and letters beyond ASCII.
        None => return ascii,
        Some(b'.' | b',') if !text[..ascii].ends_with(|c: char| c.is_ascii_digit()) => return ascii,
        Some(b) if b.is_ascii() && !matches!(b, b'.' | b',') => return ascii,
        Some(_) => {}
    }
    let end = text.char_indices().find(|&(i, c)| {
        let point = matches!(c, '.' | ',') && text[i + 1..].starts_with(|c: char| c.is_ascii_digit());
        let number = point && text[..i].ends_with(|c: char| c.is_ascii_digit());
        (!c.is_alphanumeric() || is_unspaced(c)) && !number
    });
    end.map_or(text.len(), |(i, _)| i)
}
