//! How well a line stands on its own: what `best` goes by.
//!
//! A score is the sum of [named parts](Score::parts), between 0 and 100. Nothing in it is learned or random; the same
//! words always score the same. A complete line of a good length has 40 points. What makes a reader stop (a figure, a
//! record, an aim, names and things) adds up to 60 more; what needs its neighbours, or is said to the room and not to
//! the public, costs as much as it could gain, so that no figure lifts `Thank you` or a dangling `This` to the top.
//!
//! | part | points | for |
//! |---|---|---|
//! | `length` | −20 to 30 | 60 to 200 characters (a hanzi counts two); less on either side |
//! | `whole` | 0 or 10 | begins like a sentence and ends with a stop |
//! | `figure` | 0 to 20 | a measured figure, more if it rose or fell; 2 for a date alone; less for a whole table of them |
//! | `claim` | 0 to 14 | a superlative, a first, an only, a record (14); a rank among the best (8) |
//! | `name` | −10 to 8 | names inside the line; from ten capitals on, titles are being read aloud |
//! | `image` | 0 to 8 | things one can see: rivers, coal, hospitals, leopards |
//! | `aim` | 0 to 28 | a goal, a promise, what people hope for |
//! | `contrast` | 0 to 10 | one thing set against another: `not … but`, `instead of`, `no longer` |
//! | `plain` | −28 to 4 | short words; no `uh`, `kind of`, `so to speak`, no word said twice |
//! | `opening` | −45 to 0 | begins with `This`, `It`, `But`, `For example` …: needs the sentence before |
//! | `reference` | −30 to 0 | a pronoun near its beginning that may mean somebody named before, or anywhere with nobody before it whom it could mean; `I favour that because …` |
//! | `neighbour` | −25 to 0 | the sentence beside it denies it, sets a condition or says whose words they are (25), or qualifies it (8) |
//! | `address` | −60 or 0 | greetings, thanks, `ladies and gentlemen` |
//! | `procedure` | −60 or 0 | giving the floor, taking questions, announcing a programme, radio calls, stage directions |
//! | `question` | −25 or 0 | asks instead of telling, whatever its mark |
//! | `borrowed` | −20 to 0 | somebody else's words, quoted or reported |
//! | `balance` | −30 to 0 | a quotation mark or bracket without its other half (15), left-over markup (30) |
//! | `list` | −16 to 0 | an enumeration, or a colon at its end |
//! | `formula` | −10 or 0 | the set phrases of every report (`remain committed to`) |

mod facts;
mod patterns;
mod reference;
mod words;

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::{in_simplified, is_unspaced};
use super::{Caution, CautionKind, Side, chars};
use crate::lang::is_hanzi;
use facts::Facts;
use patterns::{
    ADDRESS, AIM, ASKING, CHANGE, CLAIM, CONTRAST, COUNTS_ZH, FILLER, FORMULA, HELLO, HONORIFIC, IMAGE_ZH,
    MARKUP, NAMED, PLACE_ZH, PROCEDURE, RANK, REPORTED,
};
use reference::{dangling, reference};

pub(super) use patterns::prepare;

/// The parts by name, in the order of the table above.
const NAMES: [&str; 19] = [
    "length",
    "whole",
    "figure",
    "claim",
    "name",
    "image",
    "aim",
    "contrast",
    "plain",
    "opening",
    "reference",
    "neighbour",
    "address",
    "procedure",
    "question",
    "borrowed",
    "balance",
    "list",
    "formula",
];

/// The place of `neighbour` among them.
const NEIGHBOUR: usize = 11;

/// How well a line stands on its own, as a sum of named parts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Score([f32; NAMES.len()]);

impl Score {
    /// The score of a line.
    ///
    /// ```
    /// use pullquote::select::Score;
    /// let good = Score::of("Each year, over 80% of the budget goes to schools, hospitals and roads.");
    /// let poor = Score::of("That concludes my brief introduction.");
    /// assert!(good.total() > 60.0 && poor.total() == 0.0);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = &*in_simplified(text);
        let opening = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let facts = Facts::of(text);
        let said = plainly(text);
        let said_first = said.trim_start_matches(|c: char| !c.is_alphanumeric());
        let parts = [
            length(chars(text)),
            whole(text),
            figure(&facts, &said),
            claim(&said),
            name(&facts, text, &said),
            image(&facts, text),
            aim(&said),
            if met(&CONTRAST, &said) { 10.0 } else { 0.0 },
            plain(&facts, &said),
            dangling(said_first),
            reference(opening, said_first, &facts),
            0.0,
            if met(&ADDRESS, &said) || met(&HELLO, said_first) { TO_THE_ROOM } else { 0.0 },
            if met(&PROCEDURE, &said) || is_direction(text) { TO_THE_ROOM } else { 0.0 },
            question(text, said_first),
            borrowed(text, &said),
            if met(&MARKUP, text) {
                -30.0
            } else if balanced(text) {
                0.0
            } else {
                -15.0
            },
            list(text),
            if met(&FORMULA, &said) { -10.0 } else { 0.0 },
        ];
        Self(parts)
    }

    /// The score of a line that stands beside such sentences.
    #[must_use]
    pub fn beside(mut self, cautions: &[Caution<'_>]) -> Self {
        let costs = cautions.iter().map(|caution| match (caution.side, caution.kind) {
            // What is in the line itself is `borrowed`.
            (Side::Within, _) => 0.0,
            (_, CautionKind::Qualifier) => -8.0,
            (_, CautionKind::Negation | CautionKind::Condition | CautionKind::Quoted) => -25.0,
        });
        self.0[NEIGHBOUR] = costs.fold(0.0, f32::min);
        self
    }

    /// The sum, from 0 to 100, to one decimal place.
    #[must_use]
    pub fn total(&self) -> f32 {
        let sum: f32 = self.0.iter().sum();
        // One decimal is all that the constants can claim; it also keeps JSON short.
        (sum.clamp(0.0, 100.0) * 10.0).round() / 10.0
    }

    /// The parts that are not nought, by name, in the order of the table.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, f32)> {
        let parts = self.0;
        NAMES.into_iter().zip(parts).filter(|(_, points)| *points != 0.0)
    }

    /// The points of one part; 0 for a name that there is not.
    #[must_use]
    pub fn part(&self, name: &str) -> f32 {
        NAMES.iter().position(|n| *n == name).map_or(0.0, |i| self.0[i])
    }

    /// What a neighbouring sentence can mend: a length, an opening or a pronoun that lacks its antecedent, a quotation
    /// that is open.
    pub(super) fn standing(&self) -> f32 {
        ["length", "opening", "reference", "balance"].iter().map(|name| self.part(name)).sum()
    }
}

impl fmt::Display for Score {
    /// `64.3 = length 30.0 + whole 10.0 …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} =", self.total())?;
        for (name, points) in self.parts() {
            write!(f, " {name} {points:+.1}")?;
        }
        Ok(())
    }
}

/// Greetings and procedure are never quotes: this takes away all that a line can gain.
const TO_THE_ROOM: f32 = -60.0;

/// A card is read in one breath: about two lines of a newspaper at least, five at most.
fn length(chars: usize) -> f32 {
    const FITS: f32 = 60.0;
    const LONG: f32 = 200.0; // from here the type gets smaller on the square card
    const MOST: f32 = 420.0; // at the floor of most templates
    let n = chars as f32;
    if n < FITS {
        30.0 * n / FITS
    } else if n <= LONG {
        30.0
    } else {
        // Beyond `MOST` it goes on falling, to −20: it would have to be cut.
        (30.0 * (MOST - n) / (MOST - LONG)).max(-20.0)
    }
}

fn whole(text: &str) -> f32 {
    let begins = text.trim_start_matches(|c: char| "\"“‘'「『(（«".contains(c));
    let begins =
        begins.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || is_unspaced(c) || c == '$');
    let ends = text.trim_end_matches(|c: char| "\"”’'」』)）» ".contains(c));
    let ends = ends.ends_with(['.', '!', '?', '。', '！', '？']) && !ends.ends_with("...");
    if begins && ends { 10.0 } else { 0.0 }
}

/// One figure carries a card; a table of them carries none.
fn figure(facts: &Facts, said: &str) -> f32 {
    let spelled = usize::from(facts.measured == 0 && facts.hanzi > 0 && met(&COUNTS_ZH, said));
    // `fell to 37 micrograms` tells a story, `37 micrograms` a state.
    let moves = if met(&CHANGE, said) { 4.0 } else { 0.0 };
    match (facts.measured + spelled, facts.dates) {
        (0, 0) => 0.0,
        (0, _) => 2.0,
        (1, _) => 14.0 + moves,
        (2 | 3, _) => 16.0 + moves,
        (4 | 5, _) => 8.0,
        _ => 2.0,
    }
}

/// The one and only makes a card; one of the best is still a reason.
fn claim(said: &str) -> f32 {
    /// `the first hour of the meeting`, `the only thing is` claim nothing.
    const NO_CLAIM: [&str; 22] = [
        "hour", "hours", "half", "week", "weeks", "month", "months", "quarter", "few", "two", "three",
        "step", "steps", "place", "part", "question", "round", "stage", "phase", "thing", "one", "point",
    ];
    let claims = CLAIM.find_iter(said).any(|found| {
        let words = found.as_str().trim_end();
        let next =
            said[found.end()..].trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        !((words.ends_with("first") || words.ends_with("only")) && NO_CLAIM.contains(&next))
    });
    if claims {
        14.0
    } else if met(&RANK, said) {
        8.0
    } else {
        0.0
    }
}

fn name(facts: &Facts, text: &str, said: &str) -> f32 {
    let honorific = if met(&HONORIFIC, said) { -6.0 } else { 0.0 };
    let names = match facts.names {
        0 if facts.hanzi > 0 && met(&PLACE_ZH, text) => 5.0,
        0 => 0.0,
        1 => 5.0,
        2..=6 => 8.0,
        7..=9 => 4.0,
        _ => -10.0,
    };
    f32::max(names + honorific, -10.0)
}

fn image(facts: &Facts, text: &str) -> f32 {
    let images =
        if facts.hanzi > 0 { facts.images + IMAGE_ZH.find_iter(text).take(2).count() } else { facts.images };
    match images {
        0 => 0.0,
        1 => 6.0,
        _ => 8.0,
    }
}

/// One cue may be chance; from three on the line is about nothing else.
fn aim(said: &str) -> f32 {
    match AIM.find_iter(said).take(3).count() {
        0 => 0.0,
        1 => 10.0,
        2 => 20.0,
        _ => 28.0,
    }
}

/// By the mean length of its words; everyday English has about five letters a word, officialese over six.
fn plain(facts: &Facts, said: &str) -> f32 {
    if facts.words < 4 || facts.hanzi > facts.words {
        return 0.0;
    }
    let mean = facts.letters as f32 / facts.words as f32;
    // One may slip in; two are how nobody wants to be quoted.
    let filled =
        (FILLER.find_iter(said).take(2).count() + facts.fillers + facts.repeated).min(2) as f32 * -10.0;
    filled + ((5.4 - mean) * 5.0).clamp(-8.0, 4.0)
}

fn question(text: &str, said: &str) -> f32 {
    // Machines that write down what they hear often end a question with a full stop.
    if super::asker::is_question(text) || met(&ASKING, said) { -25.0 } else { 0.0 }
}

/// A card puts the words into the speaker's mouth; what he quotes or reports is not his.
fn borrowed(text: &str, said: &str) -> f32 {
    let mut quoted = 0;
    let mut open = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('“' | '「' | '『', None) | ('"', None) => open = Some(at),
            ('”' | '」' | '』' | '"', Some(start)) => {
                let inside = &text[start..at];
                // A name or a term in quotation marks is the speaker's own; from four words (eight hanzi) it is speech.
                let speech = inside.split_whitespace().count() >= 4
                    || inside.chars().filter(|&c| is_hanzi(c)).count() > 8;
                quoted += if speech { inside.len() } else { 0 };
                open = None;
            }
            _ => {}
        }
    }
    if quoted * 4 > text.len() {
        -20.0
    } else if met(&REPORTED, said) || met(&NAMED, text) {
        -14.0
    } else if quoted > 0 {
        -10.0
    } else {
        0.0
    }
}

/// The words that say that somebody else said it, where there are any.
pub(super) fn reporting(text: &str) -> Option<&str> {
    // Folding to ASCII lower case keeps every byte in its place but for the apostrophe.
    let lower = text.to_ascii_lowercase();
    let found = REPORTED.find(&lower)?;
    Some(text[found.range()].trim())
}

/// Every quotation mark and bracket has its other half.
fn balanced(text: &str) -> bool {
    const PAIRS: [(char, char); 7] =
        [('“', '”'), ('「', '」'), ('『', '』'), ('(', ')'), ('（', '）'), ('[', ']'), ('《', '》')];
    let mut depth = [0_i32; PAIRS.len()];
    let mut straight = false;
    for c in text.chars().filter(|c| !c.is_alphanumeric()) {
        straight ^= c == '"';
        for (depth, (open, close)) in depth.iter_mut().zip(PAIRS) {
            *depth += i32::from(c == open) - i32::from(c == close);
            if *depth < 0 {
                return false;
            }
        }
    }
    !straight && depth.iter().all(|&d| d == 0)
}

fn list(text: &str) -> f32 {
    if text.ends_with([':', '：']) {
        return -16.0;
    }
    let mut parts = 0;
    for (at, c) in text.char_indices() {
        parts += match c {
            '、' => 1,
            // Not the comma in 1,000.
            ',' if text[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => 0,
            ',' | '，' => 1,
            ';' | '；' => 2,
            _ => 0,
        };
    }
    match parts {
        0..=3 => 0.0,
        4 | 5 => -6.0,
        6 | 7 => -10.0,
        _ => -16.0,
    }
}

/// `(Laughter.)`, `[crosstalk]`: nobody's words.
fn is_direction(text: &str) -> bool {
    (text.starts_with('(') && text.ends_with(')') || text.starts_with('[') && text.ends_with(']'))
        || (text.starts_with('（') && text.ends_with('）'))
}

fn met(pattern: &LazyLock<Regex>, text: &str) -> bool {
    pattern.is_match(text)
}

/// As the patterns want it: in lower case, with straight apostrophes.
fn plainly(text: &str) -> String {
    text.to_ascii_lowercase().replace('’', "'")
}

#[cfg(test)]
mod tests;
