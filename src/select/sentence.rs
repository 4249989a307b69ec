//! Where sentences begin and end.
//!
//! A full stop is read with what stands around it, left to right and once:
//!
//! ```text
//! … be wrapped around fingers ."  Another example …
//!                     │       │└┴─ the run: stops and whatever closes after them belong to the sentence
//!                     │       └─── the stop
//!                     └─────────── the word before it: an abbreviation? an initial? a number?
//!                                              └── what follows: a capital, a digit, a hanzi may begin a sentence
//! ```
//!
//! In doubt two sentences stay one: a quote that is too long can be left out, one cut in the middle misquotes.

use super::month::is_month;
use std::ops::Range;

use super::fold::{is_apostrophe, is_unspaced};

/// The sentences of `text`: byte ranges without blanks at either end, in order.
///
/// They cover every character that is not blank exactly once. A stop, and the quotation marks and brackets that
/// close after it, belong to the sentence that they end; semicolons and colons end nothing.
///
/// ```
/// use pullquote::select::sentences;
/// let text = "At 9 a.m. Mr. Wu spoke of PM2.5. It fell.";
/// let found: Vec<_> = sentences(text).into_iter().map(|range| &text[range]).collect();
/// assert_eq!(found, ["At 9 a.m. Mr. Wu spoke of PM2.5.", "It fell."]);
/// ```
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut scan =
        Scan { text, start: skip_blank(text, 0), seen: 0, words: false, quotes: 0, caseless: None };
    let mut at = scan.start;
    while let Some(stop) = next_stop(text, at) {
        scan.look_until(stop);
        let run = scan.run(stop);
        at = run.end;
        if scan.ends(stop, &run) {
            found.push(scan.start..run.end);
            at = skip_blank(text, run.end);
            scan.begin(at);
        }
    }
    let rest = text[scan.start..].trim_end();
    if !rest.is_empty() {
        found.push(scan.start..scan.start + rest.len());
    }
    found
}

/// What is known of the sentence at hand. Each byte is looked at a bounded number of times.
struct Scan<'a> {
    text: &'a str,
    /// Where the sentence begins.
    start: usize,
    /// Up to where `words` and `quotes` hold.
    seen: usize,
    /// A letter or digit was seen: a row of dots alone is no sentence.
    words: bool,
    /// Straight double quotes seen: an odd number says that one is open.
    quotes: usize,
    /// The text has no capitals at all (a machine's transcript). Found out when first asked for.
    caseless: Option<bool>,
}

/// The stops at the end of a sentence and what closes after them.
#[derive(Default)]
struct Run {
    /// Byte offset just after it.
    end: usize,
    /// `.`
    dots: usize,
    /// `…` and `⋯`
    ellipses: usize,
    /// `!` `?` and their like.
    marks: usize,
    /// `。` `！` `？`
    wide: usize,
    /// A quotation mark or bracket closes after a stop.
    closed: bool,
    /// A stop stands after such a mark: `.").`
    stop_after_close: bool,
}

impl Scan<'_> {
    fn begin(&mut self, start: usize) {
        (self.start, self.seen, self.words, self.quotes) = (start, start, false, 0);
    }

    fn look_until(&mut self, end: usize) {
        let from = self.seen.max(self.start);
        if let Some(new) = self.text.get(from..end) {
            self.words = self.words || new.chars().any(char::is_alphanumeric);
            self.quotes += new.bytes().filter(|&b| b == b'"').count();
        }
        self.seen = end.max(from);
    }

    /// The run that begins with the stop at `stop`.
    fn run(&self, stop: usize) -> Run {
        let mut run = Run { end: stop, ..Run::default() };
        let mut open = self.quotes % 2 == 1;
        loop {
            let rest = &self.text[run.end..];
            let Some(c) = rest.chars().next() else { break };
            let after = rest[c.len_utf8()..].chars().next();
            let glued = after.is_some_and(char::is_alphanumeric);
            match c {
                '.' => run.dots += 1,
                '…' | '⋯' => run.ellipses += 1,
                '!' | '?' | '‼' | '⁇' | '⁈' | '⁉' | '‽' => run.marks += 1,
                '。' | '｡' | '！' | '？' | '．' => run.wide += 1,
                '"' if open || !glued => {
                    open = false;
                    run.closed = true;
                }
                c if is_apostrophe(c) && !glued => run.closed = true,
                c if is_closer(c) => run.closed = true,
                '[' if note_len(rest).is_some() => {
                    run.end += note_len(rest).unwrap_or_default();
                    run.closed = true;
                    continue;
                }
                c if c.is_whitespace() => {
                    // Extraction leaves blanks before what belongs to the sentence: `. . .`, `fingers . "`.
                    let next = skip_blank(self.text, run.end);
                    let rest = &self.text[next..];
                    let mut chars = rest.chars();
                    let (c, after) = (chars.next(), chars.next());
                    let glued = after.is_some_and(char::is_alphanumeric);
                    let belongs = match c {
                        Some('.') => run.marks + run.wide == 0 && !run.closed && !glued,
                        Some('!' | '?') => run.marks > 0 && !run.closed && !glued,
                        Some('"') => open && !glued,
                        Some(c) if is_apostrophe(c) => false,
                        Some(c) => is_closer(c),
                        None => false,
                    };
                    if !belongs {
                        break;
                    }
                    run.end = next;
                    continue;
                }
                _ => break,
            }
            run.stop_after_close |= run.closed && is_stop(c);
            run.end += c.len_utf8();
        }
        run
    }

    /// Whether the sentence ends with this run.
    fn ends(&mut self, stop: usize, run: &Run) -> bool {
        if !self.words {
            return false;
        }
        let text = self.text;
        let after = &text[run.end..];
        let rest = after.trim_start();
        let Some(next) = rest.chars().next() else { return true };
        let gap = rest.len() < after.len();
        // No sentence begins with these.
        if matches!(next, ',' | ';' | ':' | '，' | '、' | '；' | '：') {
            return false;
        }
        let begin = rest.trim_start_matches(|c: char| is_opener(c) || c.is_whitespace());
        let goes_on = run.closed && goes_on_in_chinese(begin);
        if run.wide > 0 {
            // A full-width point between digits is a decimal point.
            let decimal = text[stop..].starts_with('．') && next.is_numeric() && !gap;
            return !(decimal || goes_on);
        }
        let word = first_word(begin);
        if run.marks > 0 {
            let joined = !gap && !next.is_uppercase() && !is_unspaced(next) && !is_opener(next);
            return !(joined || goes_on || self.is_lower(begin));
        }
        if run.ellipses > 0 || run.dots > 1 && !run.stop_after_close {
            if begin.starts_with(is_unspaced) {
                // One … is a pause; the Chinese ellipsis has two, and ends more sentences than it interrupts.
                return run.ellipses > 1 && !goes_on_in_chinese(begin);
            }
            let capital = begin.starts_with(char::is_uppercase);
            // `Well … I think`: the one capital that says nothing about where a sentence begins.
            return capital && (gap || run.closed || is_starter(word)) && (word != "I" || run.dots > 3);
        }
        if !gap {
            return self.ends_glued(stop, run, next, word);
        }
        if self.is_lower(begin) {
            return false;
        }
        run.stop_after_close || self.ends_after_word(stop, run, begin, word)
    }

    /// A single full stop with no blank after it: nearly always inside a word (`PM2.5`, `U.S.`, `example.com`).
    fn ends_glued(&self, stop: usize, run: &Run, next: char, word: &str) -> bool {
        if is_unspaced(next) {
            return true;
        }
        let before = self.word_before(stop);
        let plain = before.len() > 2 && before.chars().all(char::is_alphabetic);
        // `development.The number`: the blank was lost. Lower case before, a written word after.
        let lost = before.ends_with(char::is_lowercase)
            && word.chars().nth(1).is_some_and(char::is_lowercase)
            && word.starts_with(char::is_uppercase);
        match next {
            _ if run.closed => next.is_uppercase() || is_opener(next),
            '(' | '[' | '“' | '「' => plain,
            c if c.is_uppercase() => plain && lost,
            _ => false,
        }
    }

    /// A single full stop and a blank: it depends on the word before, and then on what follows.
    fn ends_after_word(&self, stop: usize, run: &Run, begin: &str, word: &str) -> bool {
        let before = self.word_before(stop);
        let capital = before.starts_with(char::is_uppercase);
        let number = begin.starts_with(|c: char| c.is_ascii_digit());
        let starter = is_starter(word);
        let mut key = [0_u8; 12];
        let key = match key.get_mut(..before.len()) {
            Some(key) if before.is_ascii() => {
                key.copy_from_slice(before.as_bytes());
                key.make_ascii_lowercase();
                std::str::from_utf8(key).unwrap_or_default()
            }
            _ => return true, // no abbreviation is so long
        };
        match key {
            // `1. First …` at the very start is a list's number and belongs to its line.
            _ if self.start + before.len() == stop
                && key.len() < 3
                && key.bytes().all(|b| b.is_ascii_digit()) =>
            {
                run.closed
            }
            "e.g" | "i.e" | "eg" | "ie" | "vs" | "cf" | "viz" | "approx" | "ca" => false,
            "no" | "nos" | "art" | "arts" | "fig" | "figs" | "vol" | "vols" | "ch" | "sec" | "pp" | "p"
            | "pt" | "para" | "eq" | "c" | "op" => !number,
            "mr" | "mrs" | "ms" | "mx" | "dr" | "prof" | "gen" | "sen" | "sens" | "rep" | "reps" | "gov"
            | "lt" | "col" | "capt" | "cpt" | "cmdr" | "sgt" | "maj" | "brig" | "adm" | "rev" | "hon"
            | "messrs" | "mme" | "mlle" | "supt" | "insp" | "det" | "amb" | "pres" | "fr" | "ste" | "mt"
            | "ft" | "drs" | "asst" | "cllr" => !capital,
            // A saint before a name; a street after one, if a sentence plainly begins.
            "st" => {
                starter
                    && self
                        .earlier_word(stop - before.len())
                        .is_some_and(|w| !w.starts_with(char::is_lowercase))
            }
            // `At 9 a.m. Mr. Wu spoke`: an hour near the beginning, or before a title, is only said on the way.
            "a.m" | "p.m" => {
                let far = stop - self.start > 20 && !matches!(word, "Mr" | "Mrs" | "Ms" | "Dr" | "MR" | "MS");
                starter || far && begin.starts_with(char::is_uppercase) && !goes_with_clock(word)
            }
            "etc" | "al" => !number,
            "inc" | "ltd" | "co" | "corp" | "jr" | "sr" | "bros" | "dept" | "ave" | "blvd" | "rd"
            | "univ" | "assn" | "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "sept"
            | "oct" | "nov" | "dec" | "ph.d" | "ed.d" | "est" | "plc" | "llc"
                if capital =>
            {
                starter
            }
            // An initial; but `So do I. Nobody …` is none.
            "i" if capital => {
                starter || self.earlier_word(stop - 1).is_some_and(|w| w.starts_with(char::is_lowercase))
            }
            _ if key.len() == 1 && capital => starter,
            // U.S., J.R.R., D.C.
            _ if is_dotted(key) => starter,
            _ => true,
        }
    }

    /// The word that ends at byte `end`, from the last blank, opening mark, dash or stroke; at most 24 bytes back.
    fn word_before(&self, end: usize) -> &str {
        let mut from = end.saturating_sub(24).max(self.start);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let piece = &self.text[from..end];
        let cut = |c: char| c.is_whitespace() || is_opener(c) || is_closer(c) || is_unspaced(c) || c == '/';
        piece.rfind(cut).map_or(piece, |i| {
            let first = piece[i..].chars().next().map_or(0, char::len_utf8);
            &piece[i + first..]
        })
    }

    /// The word before the one that begins at byte `start`, in the same sentence.
    fn earlier_word(&self, start: usize) -> Option<&str> {
        let end = self.text[self.start..start].trim_end().len() + self.start;
        let word = self.word_before(end);
        (!word.is_empty()).then_some(word)
    }

    /// Whether this begins in lower case. `iPhone` and `mRNA` do not count, nor does a text without capitals.
    fn is_lower(&mut self, begin: &str) -> bool {
        let mut chars = begin.chars();
        let lower =
            chars.next().is_some_and(char::is_lowercase) && !chars.next().is_some_and(char::is_uppercase);
        lower && !*self.caseless.get_or_insert_with(|| !self.text.chars().any(char::is_uppercase))
    }
}

/// The next byte offset at or after `from` where a stop stands.
fn next_stop(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        // Lead bytes of the stops outside ASCII: E2 (…), E3 (。), EF (！？).
        at += bytes[at..].iter().position(|b| matches!(b, b'.' | b'!' | b'?' | 0xE2 | 0xE3 | 0xEF))?;
        match text[at..].chars().next() {
            Some(c) if is_stop(c) => return Some(at),
            c => at += c.map_or(1, char::len_utf8),
        }
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '⋯' | '‼' | '⁇' | '⁈' | '⁉' | '‽' | '。' | '｡' | '！' | '？' | '．')
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        ')' | ']' | '}' | '”' | '»' | '›' | '」' | '』' | '）' | '】' | '》' | '〉' | '〕' | '］' | '＂'
    )
}

/// What may stand before the first letter of a sentence: opening marks, dashes, bullets.
fn is_opener(c: char) -> bool {
    is_apostrophe(c)
        || matches!(
            c,
            '"' | '“'
                | '„'
                | '«'
                | '‹'
                | '('
                | '['
                | '{'
                | '「'
                | '『'
                | '（'
                | '【'
                | '《'
                | '〈'
                | '〔'
                | '［'
        )
        || matches!(c, '-' | '–' | '—' | '―' | '¿' | '¡' | '•' | '*' | '·' | '>')
}

/// Length of a note's number such as `[12]`.
fn note_len(text: &str) -> Option<usize> {
    let digits = text[1..].bytes().take(4).take_while(u8::is_ascii_digit).count();
    (digits > 0 && text[1 + digits..].starts_with(']')).then_some(digits + 2)
}

fn skip_blank(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start().len()
}

/// The letters that `text` begins with, 12 at most: longer words are in no table of ours.
fn first_word(text: &str) -> &str {
    let end = text.char_indices().take(12).find(|&(_, c)| !c.is_alphabetic()).map(|(i, _)| i);
    &text[..end.unwrap_or_else(|| text.char_indices().nth(12).map_or(text.len(), |(i, _)| i))]
}

/// Single letters with points between them.
fn is_dotted(word: &str) -> bool {
    word.len() > 2
        && word.bytes().enumerate().all(|(i, b)| if i % 2 == 0 { b.is_ascii_alphabetic() } else { b == b'.' })
}

/// After `？”` a clause that needs the quotation: 的, 等, or who said it.
fn goes_on_in_chinese(text: &str) -> bool {
    let rest = text.trim_start_matches(['他', '她', '我', '们', '它']);
    let told = rest.len() < text.len()
        && ["说", "问", "道", "表示", "强调", "指出", "回答"].iter().any(|v| rest.starts_with(v));
    told || text.starts_with(['的', '等', '和', '与', '及', '或', '说', '问', '道', '，', '、', '；', '：'])
}

/// What goes on after `9 a.m.`: days, months, zones.
fn goes_with_clock(word: &str) -> bool {
    let zone =
        (2..=4).contains(&word.len()) && word.ends_with('T') && word.bytes().all(|b| b.is_ascii_uppercase());
    zone || is_month(word)
        || matches!(
            word,
            "Monday"
                | "Tuesday"
                | "Wednesday"
                | "Thursday"
                | "Friday"
                | "Saturday"
                | "Sunday"
                | "UTC"
                | "Eastern"
                | "Pacific"
                | "Central"
                | "Mountain"
                | "Beijing"
                | "Greenwich"
                | "London"
        )
}

/// Words that begin sentences far more often than names: after `U.S.`, `Inc.` or an initial they decide.
fn is_starter(word: &str) -> bool {
    matches!(
        word,
        "A" | "About"
            | "According"
            | "Additionally"
            | "After"
            | "Again"
            | "All"
            | "Also"
            | "Although"
            | "Among"
            | "An"
            | "And"
            | "Another"
            | "Any"
            | "Are"
            | "As"
            | "At"
            | "Based"
            | "Because"
            | "Before"
            | "Besides"
            | "Both"
            | "But"
            | "By"
            | "Can"
            | "Could"
            | "Despite"
            | "Did"
            | "Do"
            | "Does"
            | "During"
            | "Each"
            | "Even"
            | "Every"
            | "Finally"
            | "First"
            | "For"
            | "From"
            | "Further"
            | "Given"
            | "Had"
            | "Has"
            | "Have"
            | "He"
            | "Hence"
            | "Her"
            | "Here"
            | "His"
            | "How"
            | "However"
            | "I"
            | "If"
            | "In"
            | "Indeed"
            | "Instead"
            | "Is"
            | "It"
            | "Its"
            | "Last"
            | "Let"
            | "Like"
            | "Many"
            | "Maybe"
            | "Meanwhile"
            | "More"
            | "Moreover"
            | "Most"
            | "My"
            | "Nearly"
            | "Neither"
            | "Never"
            | "No"
            | "Nobody"
            | "None"
            | "Nor"
            | "Not"
            | "Nothing"
            | "Now"
            | "Of"
            | "On"
            | "Once"
            | "Only"
            | "Or"
            | "Other"
            | "Others"
            | "Our"
            | "Over"
            | "Perhaps"
            | "Please"
            | "She"
            | "Should"
            | "Since"
            | "So"
            | "Some"
            | "Still"
            | "Such"
            | "Thank"
            | "Thanks"
            | "That"
            | "The"
            | "Their"
            | "Then"
            | "There"
            | "Therefore"
            | "These"
            | "They"
            | "This"
            | "Those"
            | "Though"
            | "Through"
            | "Thus"
            | "To"
            | "Today"
            | "Tomorrow"
            | "Under"
            | "Unless"
            | "Until"
            | "Up"
            | "Was"
            | "We"
            | "Well"
            | "Were"
            | "What"
            | "When"
            | "Where"
            | "Whether"
            | "Which"
            | "While"
            | "Who"
            | "Why"
            | "Will"
            | "With"
            | "Without"
            | "Would"
            | "Yes"
            | "Yesterday"
            | "Yet"
            | "You"
            | "Your"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `¦` marks where a sentence must end; blanks around it belong to the text.
    const CASES: &[&str] = &[
        // stops of all kinds
        "One thing.¦ Another thing.",
        "Really?¦ Yes!¦ Good.",
        "What?!¦ No.",
        "No stop at the end",
        "One; two; three.¦ Four: five.",
        "He asked: Who pays?¦ Nobody did.",
        "Wait!! ¦Stop ! ¦Now ? ! ¦Yes.",
        // titles, names, initials
        "Now, I'll give the floor to Mr. Jin for his introduction.¦ Thank you.",
        "Mr. Wu Wei, Ms. Zhao Hongyan and Dr. Li spoke.¦ Prof. Chen did not.",
        "MR. CHEUNG and MS. LEAVITT came.¦ We left.",
        "Gen. Smith met Sen. Jones and Gov. Brown.¦ They agreed.",
        "Lt. Gen. Park and Rev. King Jr. were there.¦ It rained.",
        "George W. Bush and J.R.R. Tolkien never met.¦ J. Edgar Hoover did.",
        "Martin Luther King Jr.¦ He had a dream.",
        "So do I.¦ Nobody else does.",
        "World War I.¦ It was long.",
        "St. Petersburg is old.¦ So is Mt. Everest.",
        "They live on Main St.¦ The house is red.",
        "We chose plan B.¦ It worked.",
        "Ph.D. students and M.D. holders came.",
        // places, firms, months
        "The U.S. President spoke.¦ We heard him.",
        "They came from the U.S.¦ They stayed in the U.K.¦ We went home.",
        "U.S.-China ties and the U.S.'s role, the U.S., and more.",
        "Apple Inc. Chief Executive Tim Cook came.¦ He left.",
        "It was built by Huawei Co. Ltd.¦ The price was low.",
        "In Washington, D.C.¦ In Beijing.",
        "On Jan. 5 and Sept. 11, 2001, it began.¦ In Dec.¦ The end came.",
        "They bought steel, coal, etc.¦ Nobody asked.",
        "Steel, etc., was sold.",
        // numbers and codes
        "The concentration of PM2.5 fell to 37.5 micrograms.¦ It was 80.1 before.",
        "Growth was 5.2%.¦ Exports rose 3.1 percent.",
        "It is No. 1 in the country.¦ Nos. 2 and 3 follow.¦ No.¦ We did not.",
        "See p. 5 and Fig. 3.¦ Art. 5 holds.",
        "In 2023.¦ In 2024.",
        "It costs $3.50.¦ $5 is too much.",
        "1. Grow the economy.¦ 2. Protect the air.",
        "The code is A4.¦ B5 is smaller.",
        "Visit www.scio.gov.cn or mail a.b@c.org today.¦ Node.js runs it.",
        "It grew by .5 percent.¦ 7 regions gained.",
        // hours
        "We start at 9 a.m. and end at 5 p.m.¦ Lunch is at noon.",
        "At 3:08 P.M. CEST we met.¦ At 9 a.m. Monday we met again.",
        "At 9 a.m. Shanxi opened.¦ Yesterday morning at 9 a.m. Mr. Wu spoke.¦ It was 9 a.m.¦ We slept.",
        // Latin
        "Some metals, e.g. Copper, i.e. Cu, vs. Iron.¦ Done.",
        // quotation marks and brackets
        "This is the 17th in the series \"Promoting High-Quality Development.\"¦ Today we go on.",
        "He praised \"steel so soft that it can be wrapped around fingers .\"¦ Another example is the crane.",
        "She said \"so soft it wraps around fingers . \"¦ Another.",
        "“It works.”¦ “Does it?” she asked.¦ ‘Yes!’¦ All agreed.",
        "\"We came.¦ We saw.\"¦ Then we left.",
        "He left. ¦\"We stay,\" she said.",
        "The office (SCIO).¦ This is it (see the list.).¦ Good.",
        "He asked (who would not?) for more.¦ (Laughter.)¦ We go on.",
        "He said \"Really?\".¦ Yes.",
        "It grew.[1]¦ It fell.[12]¦ Done.",
        "He spoke of “the end.” and left.",
        "«C’est fini.»¦ «Non.»",
        // ellipses
        "We waited… and waited.¦ Then it came.",
        "We waited... and waited.¦ Then it came.",
        "We waited . . . and waited.¦ Then it came.",
        "We waited…¦ Nobody came.",
        "We waited....¦ Nobody came.",
        "… the world’s thinnest stainless steel foil, which is only 0.015 millimeters thick.",
        "Well… I think so.¦ Well... I don't.",
        // lower case
        "Yahoo! is big.¦ iPhone sales rose.¦ mRNA works.",
        "the first thing. ¦the second? ¦yes e.g. this one.",
        "The end. and not yet.",
        // lost blanks
        "We promote development.¦The number has grown.¦ Ok.",
        "Really?¦Yes.",
        // dashes
        "It is done.¦ — We go on.¦ – And on.",
        // Chinese
        "科技创新引领前路。¦新型能源体系是支撑。",
        "真的吗？¦是的！¦很好。",
        "他说：“我们来了。”¦大家都很高兴。",
        "“怎么办？”他问。¦没人回答。",
        "这是“台独”分裂的本质。¦一条走不通的死路！”¦好。",
        "种树、修路……¦大家都高兴。¦他……的话。",
        "（笑。）¦『好！』¦「行。」¦（完）",
        "PM2.5年均浓度降至每立方米37微克。¦GDP增长5.2%。¦好",
        "什么？！¦真的。",
        "增长了３．５个百分点。¦好。",
        "　　第一段。　¦第二段。　",
        "We use GDP.¦我们。",
    ];

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn hard_cases() {
        assert!(CASES.len() >= 50);
        let mut wrong = Vec::new();
        for case in CASES {
            let text = case.replace('¦', "");
            let expected: Vec<&str> = case.split('¦').map(str::trim).collect();
            if split(&text) != expected {
                wrong.push(format!("{case}\n  gave {:?}", split(&text)));
            }
        }
        assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
    }

    #[test]
    fn blank_text_has_none() {
        assert!(sentences("").is_empty());
        assert!(sentences(" \u{a0}\u{3000}\n").is_empty());
        assert_eq!(split("..."), ["..."]);
    }

    #[test]
    fn long_runs_take_linear_time() {
        // Each would take minutes if a stop looked back or ahead without a bound.
        for unit in ["a.", "! ", ". ", "(", "a. (((", "“", "? \"", "…", "A.B. ", "i. ", "。”", ".\u{3000}"]
        {
            let text = unit.repeat(400_000);
            let covered: usize = sentences(&text).iter().map(ExactSizeIterator::len).sum();
            assert!(covered <= text.len());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn cover_every_word_once_and_in_order(text in "[ a-cA-C1-2.!?…。！？”“\"'()（）,、:\u{3000}\n的我É-]{0,80}|\\PC{0,40}") {
            let mut end = 0;
            for range in sentences(&text) {
                prop_assert!(range.start >= end);
                prop_assert!(text[end..range.start].trim().is_empty());
                let sentence = &text[range.clone()];
                prop_assert!(!sentence.is_empty() && sentence.trim().len() == sentence.len());
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
