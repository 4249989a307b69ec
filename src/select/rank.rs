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
//! | `plain` | −28 to 4 | short words; no `uh`, `kind of`, `I guess` |
//! | `opening` | −45 to 0 | begins with `This`, `It`, `But`, `For example` …: needs the sentence before |
//! | `reference` | −30 to 0 | a pronoun near its beginning that may mean somebody named before; `I favour that because …` |
//! | `address` | −60 or 0 | greetings, thanks, `ladies and gentlemen` |
//! | `procedure` | −60 or 0 | giving the floor, taking questions, announcing a programme, radio calls, stage directions |
//! | `question` | −25 or 0 | asks instead of telling |
//! | `borrowed` | −20 to 0 | somebody else's words, quoted or reported |
//! | `balance` | −30 to 0 | a quotation mark or bracket without its other half (15), left-over markup (30) |
//! | `list` | −16 to 0 | an enumeration, or a colon at its end |
//! | `formula` | −10 or 0 | the set phrases of every report (`remain committed to`) |

use super::month::is_month;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::chars;
use super::fold::is_unspaced;
use crate::lang::is_hanzi;

/// The parts by name, in the order of the table above.
const NAMES: [&str; 18] = [
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
    "address",
    "procedure",
    "question",
    "borrowed",
    "balance",
    "list",
    "formula",
];

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
            reference(opening),
            if met(&ADDRESS, &said) { TO_THE_ROOM } else { 0.0 },
            if met(&PROCEDURE, &said) || is_direction(text) { TO_THE_ROOM } else { 0.0 },
            question(text),
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

/// What one pass over the words tells.
#[derive(Default)]
struct Facts {
    words: usize,
    letters: usize,
    /// Figures that measure something.
    measured: usize,
    /// Years, days, ordinals.
    dates: usize,
    /// Capitalised words that begin no sentence.
    names: usize,
    /// Different things one can see.
    images: usize,
    hanzi: usize,
}

impl Facts {
    fn of(text: &str) -> Self {
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
                facts.word(word, begins, last, text[at + len..].starts_with('-'));
            }
            begins = false;
            last = word;
            at += len;
        }
        facts
    }

    fn word(&mut self, word: &str, begins: bool, last: &str, hyphen: bool) {
        self.words += 1;
        self.letters += word.chars().count();
        if word.starts_with(char::is_uppercase) {
            self.names += usize::from(!begins && word != "I" && word.len() > 1);
        } else if word.bytes().all(|b| b.is_ascii_lowercase()) {
            let plural = word.strip_suffix('s').is_some_and(|one| stands_in(IMAGES, one));
            self.images += usize::from(plural || stands_in(IMAGES, word));
            // `seven and a half years`, `half-free` measure nothing.
            let half = word == "half" && (last == "a" || hyphen);
            self.measured += usize::from(!half && stands_in(COUNTS, word));
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

/// Whether a sorted table has the word. None of ours has one of two letters or over twelve.
fn stands_in(table: &[&str], word: &str) -> bool {
    (3..=12).contains(&word.len()) && table.binary_search(&word).is_ok()
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
    if met(&CLAIM, said) {
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
    let filled = FILLER.find_iter(said).take(2).count() as f32 * -10.0;
    filled + ((5.4 - mean) * 5.0).clamp(-8.0, 4.0)
}

/// A line that points back is the commonest bad card: it costs what a superlative, a figure and a
/// name bring together.
fn dangling(opening: &str) -> f32 {
    if met(&DEICTIC, opening) {
        0.0
    } else if met(&POINTER, opening) || met(&LINK, opening) {
        -45.0
    } else if met(&PRONOUN, opening) {
        // `It is …` may stand alone, and `He` may be known from the event: not as sure.
        -30.0
    } else {
        0.0
    }
}

/// `In the flood of July, these wetlands …`, `Last year it was …`: the sentence points back after a few words that only
/// say when or where, as surely as one that begins with the pronoun.
fn points_back_after_opening(opening: &str) -> bool {
    /// A longer piece before the comma is a clause of its own, and may name what is meant.
    const FRONTED: usize = 60;
    if let Some((fronted, main)) = opening.split_once(", ")
        && fronted.len() <= FRONTED
    {
        let mut words = main.split(' ');
        let (first, next) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let next = next.trim_end_matches(|c: char| !c.is_alphabetic());
        let points = match first {
            "this" | "these" => !matches!(next, "day" | "days" | "years" | "months" | "weeks" | ""),
            // Not `those who …`, which says itself whom it means.
            "those" => {
                !matches!(next, "who" | "whose" | "that" | "in" | "of" | "with" | "from" | "under" | "")
            }
            _ => false,
        };
        if points && !met(&DEICTIC, main) {
            return true;
        }
    }
    let mut words = opening.split(' ').map(|word| word.trim_end_matches(','));
    let subject = match (words.next(), words.next()) {
        (Some("Today" | "Now" | "Yesterday"), subject) => subject,
        (
            Some("Last" | "This"),
            Some("year" | "month" | "week" | "winter" | "summer" | "spring" | "autumn"),
        ) => words.next(),
        (Some("In"), Some(year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => {
            words.next()
        }
        _ => None,
    };
    matches!(subject, Some("it" | "he" | "she" | "they"))
}

fn reference(opening: &str) -> f32 {
    if points_back_after_opening(opening) {
        return -30.0;
    }
    // `The program would cost …`: which one? Not `The program of …`, which says it.
    let mut words = opening.split(|c: char| !c.is_alphanumeric());
    if let (Some("The"), Some(noun), Some(next)) = (words.next(), words.next(), words.next())
        && BACK_NOUNS.contains(&noun)
        && !matches!(
            next,
            "of" | "for" | "to" | "that" | "which" | "between" | "in" | "on" | "we" | "I" | "with"
        )
    {
        return -12.0;
    }
    /// How far from its beginning a pronoun looks back rather than at the sentence's own words.
    const NEAR: usize = 4;
    // The first word is `opening`'s matter; a name among the next may be what the pronoun means.
    let words: Vec<&str> = opening
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty())
        .skip(1)
        .take(NEAR + 1)
        .collect();
    for (i, &word) in words.iter().enumerate().take(NEAR) {
        if word.starts_with(char::is_uppercase) && word != "I" {
            break;
        }
        let next = words.get(i + 1).copied().unwrap_or_default();
        // `I favor that because`, `We know that.`: the object is all that is said, and it is not here. Not `ensure that
        // people`.
        let object = matches!(word, "that" | "this" | "it")
            && matches!(
                next,
                "because" | "and" | "but" | "when" | "if" | "too" | "as" | "before" | "now" | ""
            );
        if object {
            return -25.0;
        }
        if matches!(word, "therefore" | "thus" | "hence" | "however" | "likewise") {
            return -25.0;
        }
        let points = match word {
            "his" | "him" | "her" | "their" | "them" | "its" | "such" => true,
            // `in this year` points at the calendar.
            "this" | "these" | "those" => !matches!(next, "year" | "years" | "month" | "week" | "day"),
            _ => false,
        };
        if points {
            return -8.0;
        }
    }
    0.0
}

/// Nouns that mean one told before, if nothing is said with them.
const BACK_NOUNS: [&str; 20] = [
    "program",
    "programme",
    "bill",
    "proposal",
    "plan",
    "measure",
    "policy",
    "issue",
    "question",
    "answer",
    "problem",
    "difference",
    "reason",
    "point",
    "result",
    "idea",
    "figures",
    "numbers",
    "situation",
    "case",
];

fn question(text: &str) -> f32 {
    let end = text.trim_end_matches(|c: char| "\"”’'」』)）» ".contains(c));
    if end.ends_with(['?', '？']) || end.ends_with("吗。") || end.ends_with("呢。") {
        -25.0
    } else {
        0.0
    }
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

/// A pattern for both languages: `words` between ASCII word boundaries; `hanzi` anywhere. Of [plain](plainly) text:
/// patterns that ignore case are several times as large.
///
/// `(?-u)` throughout: a Unicode word boundary would throw the regex engine off its fast path at every curly quote.
fn pattern(prefix: &str, words: &str, hanzi: &str) -> Regex {
    let hanzi = if hanzi.is_empty() { String::new() } else { format!("|{prefix}(?:{hanzi})") };
    // Letters of other alphabets would cost more than all our words.
    let words = words.replace(r"\w", "[0-9a-z_]");
    // Some end with a comma, where no word ends.
    let end = r"(?:(?-u:\b)|\s|$)";
    Regex::new(&format!(r"{prefix}(?-u:\b)(?:{words}){end}{hanzi}"))
        .expect("the tables below are valid patterns")
}

/// Makes the patterns ready, which takes some milliseconds: time that another thread has while files are read.
pub(super) fn prepare() {
    // The last that a score asks for first: whoever cannot wait makes them ready from the other end.
    let asked = [
        &MARKUP, &NAMED, &CHANGE, &CLAIM, &RANK, &HONORIFIC, &AIM, &CONTRAST, &FILLER, &DEICTIC, &POINTER,
        &LINK, &PRONOUN, &ADDRESS, &PROCEDURE, &REPORTED, &FORMULA,
    ];
    for pattern in asked.into_iter().rev() {
        LazyLock::force(pattern);
    }
}

/// Looks back at something named before.
static POINTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "this|these|those|that|they|another|such|both of|neither|the (?:former|latter|above|same)|which|here (?:is|are)|\
         here's|others|all of (?:this|these|that|them)|some of (?:these|them)|one of (?:these|them)|their|them|its",
        "这|此|该|那|它|他们|她们|它们|其(?:中|次|一|二|三|余|实)?|上述|前者|后者|以上|另一",
    )
});

/// Looks at the calendar, not at a neighbour.
static DEICTIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "this (?:year|month|week|morning|afternoon|evening|summer|winter|spring|autumn|fall|decade|century|season|time|\
         country|nation|province|city|government|administration)|so far|first-|then-|still more|its own",
        "那么多年|其他",
    )
});

/// Joins on to what went before.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "but|and|or|nor|so|yet|however|therefore|thus|hence|moreover|furthermore|besides|meanwhile|also|additionally|\
         in addition,|for (?:example|instance)|then|instead,|otherwise|as a (?:result|consequence),|consequently|\
         accordingly|in other words|that is|namely|in fact,|of course|well,|actually|again,|similarly|likewise|\
         conversely|on the (?:contrary|other hand|one hand)|(?:on|in|to|for|with|of|from|by|at|through|after|since|before|\
         because of|due to|thanks to|based on|in light of|given|despite) (?:this|that|these|those|which)|\
         at the same time|by contrast|in contrast|by comparison|to give you|first(?:ly)?,|first (?:of all|and foremost)|\
         second(?:ly)?,|third(?:ly)?,|fourth(?:ly)?,|next,|finally|lastly|last but not least|as (?:i|we|you) (?:just )?\
         (?:said|mentioned|noted|know|can see)|as you(?:'ve)? |even so|yes|no,|ok|okay|sure|look,|um|uh|oh|i mean|\
         you know|as such|nevertheless|nonetheless|to (?:that|this) end|in that (?:vein|regard|sense)|anyway|right,|basically,|\
         specifically|in particular|in short|in summary|to sum up|in conclusion|all in all|among them|apart from that|the (?:first|second|other|last|next) one",
        "但(?:是)?(?:[^愿]|$)|然而|而(?:且|是)?|并(?:且)?|同时|此外|另外|例如|比如|譬如|所以|因此|因而|于是|不过|还有|首先|其次|\
         再次|最后|第[一二三四五六七八九十](?:，|、|是|个方面)|[一二三四五六七八九十]是|与此同时|换句话说|换言之|总之|也就是说|或者|再者|\
         以及|特别是|尤其是|可是|反之|那么|好的|嗯|对，|是的",
    )
});

static PRONOUN: LazyLock<Regex> =
    LazyLock::new(|| pattern("^", "it|he|she|his|her|it's|he's|she's", "他|她"));

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "ladies and gentlemen|good (?:morning|afternoon|evening|day)|thank you|thanks|dear (?:friends|colleagues)|\
         (?:friends|members|colleagues) (?:of|from) the (?:media|press)|welcome to (?:this|today's|the (?:press|news|briefing))|\
         welcome,? every(?:one|body)|pleased to (?:meet|see|be here)|(?:happy|glad|delighted|honou?red) to (?:meet|see|be here|\
         be with)|heartfelt (?:gratitude|thanks|appreciation)|(?:my|our) (?:sincere |deep )?gratitude|hello|hi,|distinguished \
         guests|it's (?:a|my) pleasure|happy (?:birthday|new year)|sorry for the (?:delay|wait)|have a (?:good|nice|great)|\
         on behalf of|nice to (?:meet|see)",
        "谢谢|感谢(?:各位|大家|你|您|主持人|记者)|女士们|先生们|各位|大家好|上午好|下午好|晚上好|早上好|记者朋友|媒体朋友|新闻界的?朋友|\
         你好|您好|欢迎(?:大家|各位|出席|参加|来到)|很高兴",
    )
});

static PROCEDURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "the floor|that concludes|concludes (?:my|our|the)|answer (?:your|any|some|the|a few)(?: more)? questions?|\
         (?:take|turn to|move to|open to|have time for) (?:your|some|any|a few|one|two|the next|more|another)?(?: \\w+)? ?questions?|\
         (?:next|last|final|first|follow-?up|your|my|another|more|one) questions?(?: is| please|,|$|\\.|\\?)|please raise|\
         raise your hands?|(?:press|news) (?:conference|briefing)|brief introduction|brief you|over to (?:you|him|her|mr|ms|dr)|\
         turn it over|go ahead|follow(?:-| )up on|i'll stop (?:here|there)|i will stop here|pleased to invite|\
         now,? let's (?:move|turn|welcome|hear|begin|start|invite)|let me introduce|also present|present (?:at )?today|\
         would like to ask|want to ask|could you (?:please )?(?:tell|share|brief|introduce|elaborate|explain|talk|comment)|\
         can you (?:tell|share|talk|comment|elaborate)|(?:identify|introduce) yourself|(?:media|news) (?:outlet|organization|agency) you|\
         turn to (?:your|the) questions|we'll (?:start|begin) with|call it a day|end of (?:transcript|briefing)|inaudible|\
         any(?:thing| questions) else|on background|off the record|simultaneous interpretation|(?:in|on) (?:this|today's) (?:episode|segment|show|programme|program)|\
         (?:today|now),? we(?:'re| are)? going to (?:talk|revisit|discuss|look|hear)|welcome (?:back )?to|roger|wilco|do you read|\
         reading you|read you|loud and clear|say again|stand by for|this is \\w+ \\d+,? over|over$",
        "下面|接下来请|请.{0,14}(?:提问|回答|介绍|发言|发布|答)|有请|(?:进入|开始)提问|回答.{0,8}(?:提问|问题)|答记者问|发布会|吹风会|\
         (?:最后|第)[一二三两]个(?:问题|提问)|我的问题|请问|举手|介绍到这|就介绍这些|先介绍到|到此结束|想问|提问|补充一点|两个问题|有何评论|有何回应",
    )
});

static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:de|in)creas(?:es?|ed|ing)|fell|fallen|drop(?:s|ped)?|r[io]sen?|gr[eo]wn?|grows|cut|reduced|doubled|tripled|halved|surpassed|\
         reached|up (?:from|by)|down (?:from|to|by)|from .{1,40} to",
        "降至|下降|上升|增长|增加|提高|减少|翻(?:了)?[一两]番|达到|突破",
    )
});

static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:the|its|our|their|world's|country's|nation's|china's|'s) (?:\\w+-)?(?:largest|biggest|highest|lowest|longest|shortest|\
         thinnest|fastest|oldest|youngest|cleanest|greatest|best|worst|smallest|richest|strongest|deepest|newest|tallest|cheapest|\
         most|least|only|first|sole)|for the first time|first(?:-ever| ever| in| of its kind)|first time|never before|the only|ever (?:recorded|seen|\
         built|made)|record (?:high|low|number)|all-time|unprecedented|number one|no other|\
         rank(?:s|ed)? first|in the world|second to none|historic(?:al)? (?:high|low)|\
         doubled|tripled|halved",
        "最(?:大|小|高|低|长|薄|快|多|少|好|强|早|新|美|重要|为|佳|深|严|具|根本)|第一(?:次|个|位|名|家|座|条|台)?|首(?:次|位|个|家|座|台|批|创|条)|唯一|\
         历史新[高低]|前所未有|史上|翻(?:了?一|两)番|位居全国|居全国",
    )
});

static RANK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "top-ranked|rank(?:s|ed) (?:no|number|excellent|level)|among the (?:top|best|first)|a pioneer|\
         (?:take|taken|took|takes) the lead|surpass(?:es|ed)?|outpac(?:es|ed)|unmatched|world-class",
        "全国领先|世界领先|前列|领跑|名列|超过了|高于|先行",
    )
});

static AIM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:ultimate |our |my |the )?(?:goal|aim|mission|dream|promise|duty|pledge)s?|aspirations?|better (?:life|lives|future|world|place)|\
         we (?:will|shall|must|can|choose|believe|promise|stand)|we'll|we're going to|i (?:will|believe|promise|choose)|must (?:not|never|be)|\
         will (?:not|never|always)|never (?:again|forget|give|stop)|no one|nobody|everyone|every (?:child|family|citizen|person|household)|\
         (?:our|the) children|future|hope|freedom|justice|peace|prosperity|people's|leads? the way|the (?:heart|key|root|foundation|soul) of|\
         depends on",
        "目标|目的|向往|梦想|理想|使命|初心|希望|未来|必须|绝不|决不|永远|一定|人民|百姓|群众|幸福|美好生活|只有一|唯有|没有.{1,20}就没有|走不通|不可(?:能|辩驳|阻挡|动摇)|民生|\
         任何|坚定不移|前路|底线|基石|承诺|让每",
    )
});

/// `Abraham Lincoln said`; of the text with its capitals.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Z][a-z]+ (?:once |has |had |also )?(?:said|told|wrote|argued|claimed|claims?|declared|warned|insists?)(?-u:\b)")
        .expect("a valid pattern")
});

static CONTRAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "not .{3,60}? but|not (?:just|only|merely) .{3,80}? but|instead of|rather than|no longer|(?:is|are|was|were) not .{3,60}?[;:–—] ?it (?:is|was)|\
         , but (?:it|they|we|he|she) (?:is|are|was|were|will|can|have|has) (?:also|still|always)|more .{2,30} than (?:ever|any)|\
         only a .{2,40} with|once .{3,50}, (?:now|today)|from .{3,40} into",
        "不是.{1,20}而是|而不是|与其.{1,20}不如|不仅.{1,30}(?:更|也|还)|不再|越.{1,10}越|没有.{1,20}就没有|从.{2,20}(?:变|走向|转向)",
    )
});

/// Web addresses, links, time stamps, empty brackets: not what anybody said.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https?://|\]\(|^\W*\d{1,2}:\d{2}:\d{2}|\[\]|&[a-z]+;|</?[a-z]+>").expect("a valid pattern")
});

static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:secretary|president|minister|chairman|premier|he|she|they|reports?|media|spokes\\w+|officials|critics|opponents|experts|analysts|sources) (?:\\w+ ){0,3}?(?:has |have |had )?(?:urged|said|says?|\
         praised|stressed|emphasi[sz]ed|pointed out|noted|instructed|called (?:on|for)|told|asked|wrote|claimed?|encouraged|remarked)|\
         in (?:his|her|their) words|quoted|according to (?:media |news )?reports?|as .{1,40} (?:put it|once said|says)",
        "(?:总书记|主席|总理|总统|部长|他|她|有人|报道|媒体).{0,10}(?:指出|强调|要求|表示|称|说|嘱托|提出)|据报道|据.{1,8}报道",
    )
});

static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:remain|are|is|stay) (?:firmly |fully |deeply )?committed to|we have (?:always )?(?:strived|striven|worked to|taken solid|made \
         substantial|forged|continued to)|we are (?:striving|focused on)|bearing in mind|(?:it is|it's) (?:very )?meaningful|solid steps|\
         our main approach|(?:fundamental|major) task|plays? an? (?:supportive|important|key|active) role|important platform|\
         shoulder our|with a focus on|tangible benefits|attach(?:es)? great importance|in an all-round way|under the (?:strong )?leadership",
        "高度重视|认真贯彻|深入学习|在.{2,20}(?:领导|指导)下|扎实推进|全面贯彻|坚持以|围绕.{2,20}工作|取得(?:了)?(?:显著|明显|积极)(?:成效|进展)",
    )
});

static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "uh|um|er|ah|ahh|oh,|you know,|i mean,|i guess|i think,|kind of|sort of|basically|or whatever|and stuff",
        "呃|嗯|就是说",
    )
});

static HONORIFIC: LazyLock<Regex> = LazyLock::new(|| pattern("", "mr|mrs|ms|dr", "先生|女士|同志"));

static COUNTS_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("分之|一半|[一二三四五六七八九十百千两]+(?:倍|成|万|亿|公里|米|吨|年来)|翻(?:了)?[一两]番")
        .expect("a valid pattern")
});

static PLACE_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[\u{4E00}-\u{9FFF}]{2}(?:省|市|县|山脉|河|湖|江|海|岛|谷|州|公司|集团|中心)|中国|山西|北京|上海|台湾|大陆|两岸|世界|《|[A-Z]{2}")
        .expect("a valid pattern")
});

static IMAGE_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "黄河|长江|河流|湖泊|大海|森林|草原|豹|天鹅|鸟|鸥|鱼|树|花|天空|蓝天|空气|雪|雨|煤|钢|纸|火车|列车|高铁|飞机|汽车|桥|公路|道路|学校|\
         医院|房子|家庭|孩子|老人|农民|工人|工资|面包|粮食|饭碗|眼睛|死路|青山|绿水",
    )
    .expect("a valid pattern")
});

/// Words that count or compare, sorted.
const COUNTS: &[&str] = &[
    "billion",
    "billions",
    "double",
    "doubled",
    "dozen",
    "dozens",
    "fifth",
    "half",
    "halved",
    "hundreds",
    "million",
    "millions",
    "percent",
    "quadrupled",
    "quarter",
    "quarters",
    "sixth",
    "thirds",
    "thousands",
    "threefold",
    "trillion",
    "tripled",
    "twice",
    "twofold",
];

/// Things one can see, in the singular, sorted: what a reader pictures makes a line concrete.
const IMAGES: &[&str] = &[
    "air",
    "animal",
    "apartment",
    "apple",
    "baby",
    "bag",
    "bank",
    "bear",
    "bed",
    "bee",
    "bike",
    "bird",
    "blood",
    "boat",
    "book",
    "bread",
    "bridge",
    "building",
    "bus",
    "butterfly",
    "cancer",
    "car",
    "cat",
    "child",
    "children",
    "church",
    "city",
    "classroom",
    "clinic",
    "coal",
    "coast",
    "coat",
    "coffee",
    "corn",
    "cow",
    "crane",
    "crop",
    "dam",
    "desert",
    "desk",
    "doctor",
    "dog",
    "door",
    "dust",
    "ear",
    "elephant",
    "eye",
    "factory",
    "farm",
    "farmer",
    "father",
    "finger",
    "fire",
    "fish",
    "flag",
    "flood",
    "flower",
    "foil",
    "food",
    "foot",
    "forest",
    "fruit",
    "furnace",
    "garden",
    "gas",
    "gate",
    "girl",
    "glass",
    "gold",
    "grain",
    "grandchild",
    "grass",
    "gull",
    "gun",
    "hill",
    "home",
    "horse",
    "hospital",
    "hotel",
    "house",
    "ice",
    "island",
    "job",
    "kitchen",
    "lake",
    "lamp",
    "land",
    "laptop",
    "leopard",
    "lion",
    "meal",
    "medicine",
    "milk",
    "mine",
    "miner",
    "money",
    "monkey",
    "moon",
    "mother",
    "mountain",
    "museum",
    "night",
    "nurse",
    "ocean",
    "oil",
    "orchard",
    "panda",
    "paper",
    "park",
    "patient",
    "pheasant",
    "phone",
    "pig",
    "pipe",
    "pipeline",
    "plane",
    "plant",
    "player",
    "playground",
    "police",
    "pond",
    "port",
    "rail",
    "railway",
    "rain",
    "restaurant",
    "rice",
    "river",
    "road",
    "robot",
    "rock",
    "rocket",
    "roof",
    "sand",
    "satellite",
    "school",
    "sea",
    "seed",
    "sheep",
    "ship",
    "shoe",
    "shop",
    "sky",
    "smoke",
    "snow",
    "soil",
    "soldier",
    "star",
    "station",
    "steel",
    "stone",
    "storm",
    "street",
    "student",
    "sun",
    "swan",
    "tank",
    "teacher",
    "tiger",
    "tower",
    "town",
    "train",
    "tree",
    "truck",
    "tunnel",
    "vaccine",
    "vegetable",
    "village",
    "villager",
    "wage",
    "wall",
    "war",
    "water",
    "wetland",
    "wheat",
    "wheel",
    "wife",
    "wind",
    "window",
    "winter",
    "woman",
    "women",
    "wood",
    "worker",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_tables_are_sorted() {
        assert!(COUNTS.is_sorted());
        assert!(IMAGES.is_sorted());
        assert!(IMAGES.iter().chain(COUNTS).all(|word| (3..=12).contains(&word.len())));
    }

    #[test]
    fn what_an_editor_would_take_scores_above_what_not() {
        const GOOD: &[&str] = &[
            "The ultimate goal of promoting high-quality development and advancing all-round transformation is to fulfill the people's aspirations for a better life.",
            "Each year, over 80% of Shanxi's government expenditures have been dedicated to ensuring people's well-being.",
            "Notably, in Shanxi, a heavy industrial hub in north China, the average annual concentration of PM2.5 has decreased to 37 micrograms per cubic meter.",
            "As the eco-environment continues to improve, Shanxi now boasts the highest population of North China leopards in the country.",
            "We choose to go to the moon in this decade and do the other things, not because they are easy, but because they are hard.",
            "There is one person who can stop this war now and withdraw Russia’s forces, and that of course is Vladimir Putin.",
            "每年超过80%的山西财政支出用于保障和改善民生。",
            "推动高质量发展、推进全方位转型，最终目的是满足人民对美好生活的向往。",
            "随着生态环境持续改善，山西的华北豹种群数量现居全国首位。",
            "我想事实会告诉这些人，“台独”是一条走不通的死路。",
        ];
        const POOR: &[&str] = &[
            "That concludes my brief introduction.",
            "Now, my colleagues and I will answer your questions.",
            "Ladies and gentlemen, members of the media, good morning!",
            "I'm very pleased to meet you all.",
            "Now, I'll give the floor to Mr. Jin for his introduction.",
            "For example, we have produced the world's thinnest stainless steel foil, which is only 0.015 millimeters thick.",
            "To give you an idea, that's about one sixth of the thickness of a piece of regular A4-sized paper.",
            "These changes have significantly enhanced people's sense of gain and earned praise from visitors to Shanxi.",
            "This is the 17th press conference in the series \"Promoting High-Quality Development.\"",
            "(Laughter.)",
            "What is your comment on the fall of PM2.5 to 37 micrograms?",
            "But it was not enough, and 40% of the money was lost.",
            "下面，请金湘军先生作介绍。",
            "谢谢，请大家继续提问。",
            "这些变化显著增强了人民群众的获得感。",
            "例如，我们生产了世界上最薄的不锈钢箔，厚度只有0.015毫米。",
            "请问发言人对此有何评论？",
        ];
        for good in GOOD {
            for poor in POOR {
                let (a, b) = (Score::of(good), Score::of(poor));
                assert!(a.total() > b.total() + 5.0, "\n{good}\n  {a}\n{poor}\n  {b}");
            }
        }
    }

    #[test]
    fn each_part_has_its_cause() {
        for (part, text, more) in [
            ("length", "It works.", false),
            ("whole", "the thing that we have built over", false),
            ("figure", "Exports grew by 12.5 percent in the first quarter of the year.", true),
            ("claim", "Shanxi has the largest coal market in the country.", true),
            ("claim", "这是全国唯一的国家级焦煤指数。", true),
            ("name", "The Fenhe River runs through Taiyuan to the Yellow River.", true),
            ("image", "The swans have come back to the lake.", true),
            ("image", "白天鹅回到了黄河湿地。", true),
            ("aim", "We will never give up on every child of this province.", true),
            ("contrast", "We do not close the mines, but we open the schools first.", true),
            ("contrast", "这不是终点，而是新的起点。", true),
            ("plain", "It is, uh, kind of the road that we want to build.", false),
            ("reference", "I favor that because it helps the schools.", false),
            ("reference", "The program would have cost us six million dollars.", false),
            ("reference", "I therefore do not believe in the plan of the mayor.", false),
            ("procedure", "Freedom Nine, this is Base 23, over", false),
            ("procedure", "Today we are going to talk about rivers.", false),
            ("borrowed", "Officials claim that the river is clean.", false),
            ("borrowed", "Ann Miller once said that no river is ever the same.", false),
            ("balance", "The [plan](https://example.org) is sound.", false),
            ("plain", "We give back to the land what we took from it.", true),
            ("opening", "This has changed the lives of many people.", false),
            ("opening", "“This has changed the lives of many people.”", false),
            ("opening", "但是，情况已经改变。", false),
            ("reference", "On this first anniversary since his visit we share new changes.", false),
            (
                "reference",
                "In the flood of July 2029, these wetlands took in 190 million cubic meters.",
                false,
            ),
            ("reference", "Last year it was 27 micrograms, the lowest since records began.", false),
            ("address", "Thank you, and good morning to all.", false),
            ("address", "各位记者朋友，大家好。", false),
            ("procedure", "Please raise your hand and identify yourself.", false),
            ("question", "Who pays for that?", false),
            (
                "borrowed",
                "He praised them for \"making refined steel so soft that it can be wrapped around fingers.\"",
                false,
            ),
            ("balance", "He said “we are ready.", false),
            ("list", "We have roads, rails, ports, parks, schools, clinics, banks and farms.", false),
            ("formula", "We remain committed to opening up.", false),
        ] {
            let points = Score::of(text).part(part);
            assert!(
                if more { points > 0.0 } else { points < 0.0 || part == "length" || part == "whole" },
                "{part}: {text}"
            );
        }
        for (part, text) in [
            ("opening", "This year, black-headed gulls were spotted at the park for the first time."),
            ("opening", "So far, 300 schools have been built."),
            ("opening", "Scientific innovation leads the way."),
            ("opening", "Italy and Thailand signed."),
            ("opening", "但愿人长久。"),
            ("figure", "PM2.5 and A4 and Grade 2A and 5G are names."),
            ("balance", "The CPC (the party) says “yes” and \"no\"."),
            ("reference", "We want to ensure that people live well."),
            ("reference", "The program of the next ten years is written."),
            ("figure", "We waited for a year and a half, half-free."),
            ("borrowed", "I said that we would build it."),
            ("borrowed", "The series \"High-Quality Development\" goes on."),
            ("list", "Some 1,000,000 people, 2,000,000 trees and 3,000 schools."),
        ] {
            assert_eq!(Score::of(text).part(part), 0.0, "{part}: {text}");
        }
    }

    #[test]
    fn dates_measure_nothing() {
        assert_eq!(Score::of("On May 16, 2023, we met for the 17th time.").part("figure"), 2.0);
        assert_eq!(Score::of("2023年5月16日我们见面。").part("figure"), 2.0);
        assert_eq!(Score::of("浓度降至每立方米37微克。").part("figure"), 18.0);
        assert_eq!(Score::of("An 8-inch crystal.").part("figure"), 14.0);
    }

    #[test]
    fn a_score_explains_itself() {
        let score = Score::of("Thank you.");
        assert_eq!(score.total(), 0.0);
        assert_eq!(score.to_string(), "0.0 = length +5.0 whole +10.0 address -60.0");
        assert_eq!(score.part("address"), TO_THE_ROOM);
        assert_eq!(Score::default().to_string(), "0.0 =");
    }

    proptest::proptest! {
        #[test]
        fn totals_stay_in_range(text in "\\PC{0,60}") {
            let total = Score::of(&text).total();
            proptest::prop_assert!((0.0..=100.0).contains(&total));
        }
    }
}
