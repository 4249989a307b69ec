//! Figures in English: what the words beside a number make of it.

use crate::select::month::is_month;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::number::{Number, degree_len, head, is_symbol, numbers, symbol_len, tail};
use super::{Candidate, Facts, Pulled, qualifier_before};
use crate::select::fold::is_apostrophe;

/// All figures of a text, in order.
pub(super) fn figures(text: &str) -> Vec<Candidate<'_>> {
    let mut found: Vec<Candidate<'_>> = Vec::new();
    for number in numbers(text) {
        // `7 in 10 adults` is one figure.
        if found.last().is_some_and(|last| number.range.start < last.pulled.unit.end) {
            continue;
        }
        found.extend(candidate(text, &number));
    }
    found
}

fn candidate<'t>(text: &'t str, number: &Number) -> Option<Candidate<'t>> {
    let qualifier = qualifier_before(&text[..number.range.start]);
    let start = qualifier.as_ref().map_or(number.range.start, |q| q.start);
    let before = tail(&text[..start], 64);
    if is_share(before) || is_denied(before) || is_span(before, text, number) {
        return None;
    }
    let unit = unit(text, number, before)?;
    let strong = number.percent || number.currency || unit.measure || unit.scale;
    if qualifier.is_none() && is_label(before, strong) || is_dated(text, number, &unit, before, strong) {
        return None;
    }
    if number.maybe_year && !strong {
        // `about 2030`, `in 2030 emissions`: only what cannot qualify a year makes a number of it.
        let words = qualifier.clone().map(|q| text[q].to_ascii_lowercase());
        let counts = words.is_some_and(|q| !q.contains("about") && !q.contains("around"));
        let number = &text[number.range.clone()];
        if !counts && (number >= "1900" || is_when(last_word(before))) {
            return None;
        }
    }
    // Nothing is said by `37` alone, and `5-10` alone may be a score.
    if !strong && (unit.range.is_empty() || number.span) {
        return None;
    }
    let sign = number.percent || number.currency || unit.percent;
    let Unit { rate, scale, time, .. } = unit;
    let after = &text[unit.range.end..];
    let facts = move || Facts {
        sign,
        moves: MOVES.is_match(before) || MOVED.is_match(head(after, 24)),
        rate,
        scale,
        time,
        base: BASE.is_match(before),
    };
    let pulled = Pulled { qualifier, number: number.range.clone(), unit: unit.range };
    Some(Candidate { pulled, facts: Box::new(facts) })
}

fn regex(pattern: &str) -> Regex {
    Regex::new(&pattern.replace('\'', "['’]")).expect("the pattern is well formed")
}

/// A pattern that a text matches only where it ends in one of these, blanks left out. Where it does not the pattern is
/// not even made: to make one takes as long as to lay a card out, and a program that makes one card makes each.
struct Ending {
    in_one_of: &'static [&'static str],
    pattern: LazyLock<Regex>,
}

impl Ending {
    const fn new(in_one_of: &'static [&'static str], pattern: fn() -> Regex) -> Self {
        Self { in_one_of, pattern: LazyLock::new(pattern) }
    }

    /// The pattern, where this text may match it.
    fn of(&self, before: &str) -> Option<&Regex> {
        let trimmed = before.trim_end().as_bytes();
        let ends_in = |end: &&str| {
            trimmed
                .len()
                .checked_sub(end.len())
                .is_some_and(|at| trimmed[at..].eq_ignore_ascii_case(end.as_bytes()))
        };
        self.in_one_of.iter().any(ends_in).then(|| &*self.pattern)
    }

    fn is_match(&self, before: &str) -> bool {
        self.of(before).is_some_and(|pattern| pattern.is_match(before))
    }
}

/// Small numbers in words, where only a share or a span is told.
const COUNTS: &str = "one|two|three|four|five|six|seven|eight|nine|ten";

/// The qualifier that a text ends with. A word that strengthens or turns it is a part of it, and so is an article.
pub(super) fn qualifier(before: &str) -> Option<Range<usize>> {
    const LAST: &[&str] = &[
        "over",
        "under",
        "above",
        "below",
        "within",
        "beyond",
        "than",
        "least",
        "most",
        "to",
        "about",
        "around",
        "nearly",
        "almost",
        "some",
        "roughly",
        "approximately",
        "virtually",
        "as",
        "of",
        "exceeding",
        "estimated",
        "minus",
        "a",
        "an",
        "~",
        "≈",
        "<",
        ">",
        "≤",
        "≥",
    ];
    static QUALIFIER: Ending = Ending::new(LAST, || {
        regex(
            r"(?ix)(?:^|[^\p{L}\p{N}'-])
            ((?:(?:just|well|slightly|only\ just|a\ little|far|not|no|much)\s+)?
            (?:over|under|above|below|within|beyond|(?:more|less|fewer|greater|higher|lower|better)\s+than|at\s+least|at\s+most
            |at\s+the\s+(?:very\s+)?least|up\s+to|about|around|nearly|almost|some|roughly|approximately|virtually
            |close\s+to|as\s+(?:many|much|few|little)\s+as|upwards\s+of|in\s+excess\s+of|exceeding
            |(?:an\s+)?estimated|an\s+average\s+of|(?:plus\s+or\s+)?minus)(?:\s+an?)?)\s+$
            |([~≈<>≤≥]+)\s?$",
        )
    });
    let from = before.len() - tail(before, 48).len();
    let captures = QUALIFIER.of(before)?.captures(&before[from..])?;
    let found = captures.get(1).or_else(|| captures.get(2))?;
    Some(from + found.start()..from + found.end())
}

/// `half of`, `one in`, `nine out of`: what follows is the whole, not the figure.
fn is_share(before: &str) -> bool {
    const WHOLE: &[&str] = &["of", "in", "the", "all", "our", "their", "its", "these", "those", "half"];
    static SHARE: Ending = Ending::new(WHOLE, || {
        regex(&format!(
            r"(?ix)\b(?:half|thirds?|quarters?|fifths?|tenths?|most|none|some|many|few|several|each|every|any|majority
            |part|rest|percent|per\ cent|{COUNTS}|[0-9]+%?)\s+(?:of|in|out\ of)\s+(?:(?:the|all|our|their|its|these|those)\s+)?$
            |\bhalf\s+$"
        ))
    });
    // `every one of the 1,260 clinics` is all of them.
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?i)\b(?:every|each)(?:\s+single)?\s+one\s+of\s+(?:(?:the|our|their|its|these|those)\s+)?$")
    });
    SHARE.is_match(before) && !ALL.is_match(before)
}

/// `not 5`, `isn’t 5`.
fn is_denied(before: &str) -> bool {
    const NO: &[&str] = &["not", "never", "no", "nor", "neither", "without", "cannot", "if", "n't", "n’t"];
    static DENIED: Ending =
        Ending::new(NO, || regex(r"(?i)(?:\b(?:not|never|no|nor|neither|without|cannot|if)|n't)\s+$"));
    DENIED.is_match(before)
}

/// `5 to 10 percent`, `between 5 and 10`, `two or 3`: neither end alone is what was said. `rose from 5 to 10` is.
fn is_span(before: &str, text: &str, number: &Number) -> bool {
    static BARE: Ending = Ending::new(&["to", "or"], || {
        regex(&format!(r"(?i)(?:\b(?:{COUNTS}|hundred|thousand)|[0-9])\s+(?:to|or)\s+$"))
    });
    static SIGNED: Ending = Ending::new(&["to", "or"], || {
        regex(r"(?:[0-9]\s?[%％]|[$€£¥][0-9.,]+(?:\s+[mbt][a-z]+)?)\s+(?:to|or)\s+$")
    });
    static BETWEEN: Ending = Ending::new(&["and"], || regex(r"(?i)\bbetween\s+(?:\S+\s+){1,5}and\s+$"));
    static FROM: Ending = Ending::new(&["to"], || regex(r"(?i)\bfrom\s+\S+(?:\s+\S+){0,3}\s+to\s+$"));
    static AHEAD: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^(?:\s+[mbt][a-z]+)?\s+(?:to|or)\s+(?P<c>[$€£¥])?[0-9][0-9.,]*(?P<p>\s?[%％])?")
    });
    let signed = number.percent || number.currency;
    let second = BETWEEN.is_match(before) || BARE.is_match(before) || signed && SIGNED.is_match(before);
    let told = FROM.is_match(before) && MOVES.is_match(before);
    let first = AHEAD.captures(head(&text[number.range.end..], 48)).is_some_and(|ahead| {
        number.percent && ahead.name("p").is_some() || number.currency && ahead.name("c").is_some()
    });
    second && !told || first || last_word(before).eq_ignore_ascii_case("between")
}

/// Verbs of rise and fall shortly before the number.
static MOVES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)\b(?:(?:de|in)creas(?:e[sd]?|ing)|fell|fallen|falls?|drop(?:s|ped)?|r[io]sen?|rises|gr[eo]wn?|grows|growth
        |cut|reduc(?:e[sd]?|ing)|doubled|tripled|halved|surpassed|reach(?:ed|es)|climbed|surged|jumped|soared|shrank
        |plunged|slumped|raised|lowered|expanded|declined|gained|lost|added|saved|up|down)\b[^;!?]{0,40}$",
    )
});

/// The same right after the unit.
static MOVED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s+(?:increase|decrease|rise|drop|fall|growth|gain|cut|decline|reduction|more|less|fewer|higher|lower)\b",
    )
});

/// What the figure was before, or what it is measured against.
static BASE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:from|than|versus|vs\.?|(?:compared|against)(?:\s+(?:with|to))?)\s+$|(?:^|[.,;]\s+)(?:out\s+)?of\s+$",
    )
});

/// `Grade 2`, `Boeing 737`, `No. 2`, `top 10`: the number tells which one.
fn is_label(before: &str, strong: bool) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?ix)(?:\b(?:nos?|art|arts|figs?|vol|pp?|sec|ch|para)\.\s*|(?:^|[^\p{L}])(?:numbers?|articles?|sections?|chapters?|phases?
            |parts?|pages?|rooms?|grades?|class|levels?|types?|models?|tiers?|routes?|highways?|lines?|flights?|gates?
            |buildings?|resolutions?|steps?|volumes?|versions?|questions?|items?|categor(?:y|ies)|titles?|rules?|figures?
            |tables?|stages?|rounds?|episodes?|seasons?|days?|weeks?|years?|paragraphs?|amendments?|propositions?|units?
            |bills?|zones?|districts?|platforms?|tracks?|slides?|points?|goals?|options?|chapters?|no|top|age|aged|ages
            |number|channel|area|interstate|extension|ext|suite|apartment|box|code|the\ age\ of|ages?\ of)\s+)$",
        )
    });
    // These are about a time, not a size.
    static FIRST: Ending = Ending::new(&["first", "second", "third", "final"], || {
        regex(r"(?i)(?:^|\s)(?:first|second|third|final)\s+$")
    });
    if LABEL.is_match(before) || FIRST.is_match(before) {
        return true;
    }
    // A capital before it makes a name of both (Falcon 9), unless a measure follows (Shanxi 31 million).
    let word = last_word(before);
    let function = FUNCTION.binary_search(&word.to_ascii_lowercase().as_str()).is_ok();
    word.starts_with(char::is_uppercase) && !strong && !function
}

/// Words that begin with a capital only where a sentence does. Sorted.
const FUNCTION: &[&str] = &[
    "a",
    "after",
    "all",
    "among",
    "an",
    "and",
    "another",
    "as",
    "at",
    "because",
    "before",
    "but",
    "by",
    "even",
    "every",
    "first",
    "for",
    "from",
    "has",
    "have",
    "he",
    "her",
    "his",
    "if",
    "in",
    "including",
    "into",
    "is",
    "it",
    "its",
    "just",
    "last",
    "my",
    "now",
    "of",
    "on",
    "only",
    "or",
    "our",
    "out",
    "roughly",
    "she",
    "since",
    "so",
    "than",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "to",
    "today",
    "until",
    "was",
    "we",
    "were",
    "when",
    "where",
    "which",
    "while",
    "who",
    "with",
    "within",
    "you",
    "your",
];

fn is_when(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "in" | "since"
            | "by"
            | "until"
            | "till"
            | "from"
            | "during"
            | "before"
            | "after"
            | "of"
            | "year"
            | "early"
            | "late"
            | "mid"
            | "spring"
            | "summer"
            | "autumn"
            | "fall"
            | "winter"
            | "circa"
            | "through"
            | "for"
            | "to"
    )
}

/// Dates, hours, ages, and stretches of time that tell when and not how much.
fn is_dated(text: &str, number: &Number, unit: &Unit, before: &str, strong: bool) -> bool {
    const WHICH: &[&str] = &[
        "past",
        "last",
        "next",
        "first",
        "final",
        "coming",
        "previous",
        "preceding",
        "following",
        "recent",
        "every",
        "each",
        "another",
        "other",
    ];
    static WINDOW: Ending =
        Ending::new(WHICH, || regex(&format!(r"(?i)(?:^|\s)(?:{})\s+$", WHICH.join("|"))));
    static ZONE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?i)^\s?(?:[ap]\.?\s?m\b|o'clock|hours?\s+(?:GMT|local)|GMT|UTC|EST|EDT|CET|CEST|BST)")
    });
    static SINCE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?i)^\s+(?:ago|later|earlier|prior|hence|from\s+now|before|after|into|on\b)")
    });
    let rest = &text[number.range.end..];
    let after = head(rest, 24);
    let prev = last_word(before);
    let bare = !number.percent && !number.currency;
    if bare && ZONE.is_match(after) {
        return true;
    }
    if (number.maybe_day || number.span) && bare {
        let next = after.trim_start().trim_start_matches("of ");
        let next = next.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if is_month(prev) || is_month(next) {
            return true;
        }
    }
    // `the last 5 percent` is an amount, `the last 5 years` a time, `the last 5 cities` an order.
    if WINDOW.is_match(before) && (unit.time || !strong) {
        return true;
    }
    unit.time && SINCE.is_match(head(&text[unit.range.end..], 16))
}

/// The last word of a text if only blanks follow it; else nothing.
fn last_word(before: &str) -> &str {
    let trimmed = before.trim_end();
    if trimmed.len() == before.len() && !before.is_empty() {
        return "";
    }
    let start = trimmed
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || is_apostrophe(c) || c == '-')
        .last();
    start.map_or("", |(i, _)| &trimmed[i..])
}

/// The words after a number.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
struct Unit {
    range: Range<usize>,
    percent: bool,
    /// A measure that can follow nothing but a number: tons, people, km.
    measure: bool,
    scale: bool,
    rate: bool,
    time: bool,
}

/// The most words of a unit, and of what follows `of`.
const MOST_WORDS: usize = 7;
const MOST_OF: usize = 6;

/// A reader of words from the number on; only blanks stand between one and the next.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    words: usize,
}

#[derive(Debug, Clone)]
struct Word<'a> {
    text: &'a str,
    lower: String,
    end: usize,
}

impl<'a> Reader<'a> {
    /// The next word, if no punctuation stands before it.
    fn peek(&self) -> Option<Word<'a>> {
        self.peek_from(self.at)
    }

    fn peek_from(&self, at: usize) -> Option<Word<'a>> {
        let rest = &self.text[at..];
        let start = at + rest.len() - rest.trim_start().len();
        if start == at {
            return None;
        }
        let word = &self.text[start..start + word_len(&self.text[start..])];
        let lower = word.to_ascii_lowercase().replace('’', "'");
        (!word.is_empty()).then_some(Word { text: word, lower, end: start + word.len() })
    }

    fn take(&mut self, word: &Word) {
        self.at = word.end;
        self.words += 1;
    }

    fn take_if(&mut self, test: impl Fn(&Word) -> bool) -> Option<Word<'a>> {
        let word = self.peek().filter(|word| test(word))?;
        self.take(&word);
        Some(word)
    }
}

/// Bytes of the word that `text` begins with: hyphens, apostrophes, slashes and the points of `U.S.` inside.
fn word_len(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    let mut initials = true;
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        let glued = next.is_some_and(char::is_alphanumeric);
        let joins = (is_apostrophe(c) || matches!(c, '-' | '‑' | '/' | '·' | ',')) && glued && i > 0;
        // A comma joins digits only.
        let joins = joins && (c != ',' || text[..i].ends_with(|c: char| c.is_ascii_digit()));
        let abbreviates = c == '.'
            && initials
            && i > 0
            && text[..i].ends_with(|c: char| c.is_uppercase())
            && (glued
                || text[..i].contains('.') && next == Some(' ') && follows_lower(&text[i + c.len_utf8()..]));
        // `provinces’ budgets`
        let possesses = is_apostrophe(c)
            && text[..i].ends_with('s')
            && next == Some(' ')
            && follows_lower(&text[i + c.len_utf8()..]);
        if possesses {
            return i + c.len_utf8();
        }
        if !(c.is_alphanumeric() || joins || abbreviates || c == '°') {
            break;
        }
        initials &= c == '.' || c.is_uppercase() && (i == 0 || text[..i].ends_with('.'));
        end = i + c.len_utf8();
    }
    end
}

fn follows_lower(text: &str) -> bool {
    text.trim_start().starts_with(char::is_lowercase)
}

/// Reads the unit; `None` where the words after the number make no unit and are not nothing either.
fn unit(text: &str, number: &Number, before: &str) -> Option<Unit> {
    let start = number.range.end;
    let mut unit = Unit { range: start..start, ..Unit::default() };
    let mut reader = Reader { text, at: start, words: 0 };
    let rest = &text[start..];
    // What is glued: °C, km.
    let degree = degree_len(rest);
    let glued = if degree > 0 { degree } else { symbol_len(rest) };
    if glued > 0 {
        unit.measure = true;
        unit.range = start..start + glued;
        reader.at = unit.range.end;
        reader.words = 1;
    } else {
        let first = reader.peek();
        let begin = first.map_or(start, |word| word.end - word.text.len());
        while reader.take_if(|w| is_scale(&w.lower)).is_some() {
            unit.scale = true;
        }
        if number.percent || number.currency {
            if number.percent {
                compared(&mut reader);
            }
        } else if let Some(end) = percent_word(&reader) {
            (reader.at, unit.percent, unit.measure) = (end, true, true);
            reader.words += 1;
            if ARTICLE.is_match(before) {
                attribute(&mut reader);
            } else {
                compared(&mut reader);
            }
        } else {
            phrase(&mut reader, &mut unit, number)?;
        }
        unit.range = begin.min(reader.at)..reader.at;
        if reader.at == start {
            unit.range = start..start;
        }
    }
    let first = reader.words == 0;
    reader.take_if(|w| matches!(w.text, "Celsius" | "Fahrenheit" | "Kelvin"));
    unit.rate = rate(&mut reader);
    let bare = !unit.measure && !number.percent && !number.currency && reader.at == start;
    if let Some(end) = of_phrase(&reader, bare) {
        reader.at = end;
    }
    // `litres of treated water a year`
    unit.rate = unit.rate || rate(&mut reader);
    or_more(&mut reader);
    if reader.at > unit.range.end {
        if first {
            let rest = &text[start..];
            unit.range.start = start + rest.len() - rest.trim_start().len();
        }
        unit.range.end = reader.at;
    }
    Some(unit)
}

static ARTICLE: Ending = Ending::new(&["a", "an", "the", "this", "our", "its", "their"], || {
    regex(r"(?i)(?:^|\s)(?:an?|the|this|our|its|their)\s+$")
});

/// `percent`, `per cent`.
fn percent_word(reader: &Reader) -> Option<usize> {
    let word = reader.peek()?;
    match word.lower.as_str() {
        "percent" => Some(word.end),
        "per" => reader.peek_from(word.end).filter(|w| w.lower == "cent").map(|w| w.end),
        _ => None,
    }
}

/// `80% higher`, `5 percent more`; with more behind it (`5% more jobs`) the phrase is taken too.
fn compared(reader: &mut Reader) {
    let Some(word) = reader.peek() else { return };
    if matches!(
        word.lower.as_str(),
        "higher"
            | "lower"
            | "faster"
            | "cheaper"
            | "larger"
            | "bigger"
            | "smaller"
            | "better"
            | "longer"
            | "shorter"
            | "slower"
    ) {
        reader.take(&word);
    } else if matches!(word.lower.as_str(), "more" | "less" | "fewer") {
        let mut ahead = Reader { text: reader.text, at: word.end, words: reader.words + 1 };
        if noun_phrase(&mut ahead).is_none() {
            ahead.at = word.end;
        }
        (reader.at, reader.words) = (ahead.at, ahead.words);
    }
}

/// `a 20 percent dividend`.
fn attribute(reader: &mut Reader) {
    if noun_phrase(reader).is_none() {
        reader.take_if(|w| {
            !is_stop(&w.lower) && w.text.starts_with(char::is_lowercase) && !w.lower.ends_with("ly")
        });
    }
}

/// The counted things. `None`: they cannot be told from the rest of the sentence.
fn phrase(reader: &mut Reader, unit: &mut Unit, number: &Number) -> Option<()> {
    // `7 in 10 adults`, `10 of 12 cities`: with its whole, or not at all.
    if let Some(end) = out_of(reader) {
        reader.at = end;
        reader.words += 3;
        return Some(());
    }
    // `by 1962 ten billion`: another number begins.
    if reader.peek().is_some_and(|word| COUNTS.split('|').any(|count| count == word.lower)) {
        return None;
    }
    // `50 billion dollars’ worth`
    if let Some(word) = reader.peek().filter(|word| word.lower.ends_with("s'")) {
        let mut ahead = Reader { text: reader.text, at: word.end, words: reader.words + 1 };
        if ahead.take_if(|w| w.lower == "worth").is_some() {
            (reader.at, reader.words) = (ahead.at, ahead.words);
            return Some(());
        }
    }
    if let Some(head) = noun_phrase(reader) {
        unit.measure = is_measure(&head);
        unit.time = is_time(&head);
        return Some(());
    }
    let first = reader.peek();
    if let Some(word) = &first
        && number.one
        && !is_stop(&word.lower)
    {
        // A singular: `1 percentage point each`, `1 person died`.
        reader.take(word);
        if let Some(next) = reader.peek()
            && !is_verb(&next.lower)
            && ends_phrase(reader, next.end)
        {
            reader.take(&next);
        }
        unit.time = is_time(&word.lower);
        unit.measure = is_measure(&word.lower);
        return Some(());
    }
    // `2 million` may stand alone; so may nothing, for `stands by itself` is asked elsewhere.
    if unit.scale || first.is_none_or(|word| is_stop(&word.lower)) { Some(()) } else { None }
}

/// Whether a phrase can end here: punctuation, or a word that no noun phrase goes on with.
fn ends_phrase(reader: &Reader, at: usize) -> bool {
    reader.peek_from(at).is_none_or(|word| is_stop(&word.lower) || is_verb(&word.lower))
}

/// Modifiers up to the first plural, which is the head; gives it in lower case.
fn noun_phrase(reader: &mut Reader) -> Option<String> {
    let mut ahead = Reader { text: reader.text, at: reader.at, words: reader.words };
    let mut modifiers = 0;
    loop {
        let word = ahead.peek()?;
        let more = modifiers == 0
            && matches!(word.lower.as_str(), "more" | "other" | "additional" | "new" | "different");
        let joined = modifiers > 0 && matches!(word.lower.as_str(), "and" | "or");
        if is_stop(&word.lower) && !more && !joined || word.text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        ahead.take(&word);
        if is_measure(&word.lower) || is_plural(&word) || is_symbol(word.text) {
            // `sports stadiums`: no verb of a plural ends so.
            let mut head = word.lower;
            while let Some(next) = ahead.take_if(|w| is_plural(w) && !is_stop(&w.lower) && !is_verb(&w.lower))
            {
                head = next.lower;
            }
            (reader.at, reader.words) = (ahead.at, ahead.words);
            return Some(head);
        }
        modifiers += 1;
        if modifiers > 4 || modifiers > 1 && is_verb(&word.lower) || ahead.words > MOST_WORDS {
            return None;
        }
    }
}

/// `in 10 adults`, `out of 12 cities`, `of the 12 cities`.
fn out_of(reader: &Reader) -> Option<usize> {
    let mut ahead = Reader { text: reader.text, at: reader.at, words: 1 };
    let word = ahead.take_if(|w| matches!(w.lower.as_str(), "in" | "of" | "out"))?;
    if word.lower == "out" {
        ahead.take_if(|w| w.lower == "of")?;
    }
    if word.lower != "in" {
        ahead.take_if(|w| matches!(w.lower.as_str(), "the" | "our" | "all" | "its" | "their"));
    }
    let whole = ahead.take_if(|w| {
        w.text.starts_with(|c: char| c.is_ascii_digit()) || COUNTS.split('|').any(|c| c == w.lower)
    })?;
    // `5 cities in 2024`.
    if word.lower == "in" && whole.text.len() == 4 {
        return None;
    }
    let head = noun_phrase(&mut ahead)?;
    (!is_time(&head)).then_some(ahead.at)
}

/// `per cubic meter`, `a day`.
fn rate(reader: &mut Reader) -> bool {
    let Some(word) = reader.peek() else { return false };
    let mut ahead = Reader { text: reader.text, at: word.end, words: reader.words + 1 };
    let taken = match word.lower.as_str() {
        "per" => {
            ahead.take_if(|w| w.text.starts_with(|c: char| c.is_ascii_digit()));
            while ahead
                .take_if(|w| {
                    matches!(
                        w.lower.as_str(),
                        "cubic"
                            | "square"
                            | "metric"
                            | "thousand"
                            | "million"
                            | "hundred"
                            | "unit"
                            | "head"
                            | "standard"
                    )
                })
                .is_some()
            {}
            ahead.take_if(|w| !is_stop(&w.lower) && !is_verb(&w.lower)).is_some() || ahead.at > word.end
        }
        "a" | "an" => ahead
            .take_if(|w| {
                matches!(
                    w.lower.as_str(),
                    "second"
                        | "minute"
                        | "hour"
                        | "day"
                        | "night"
                        | "week"
                        | "month"
                        | "quarter"
                        | "year"
                        | "person"
                        | "head"
                        | "ton"
                        | "tonne"
                        | "barrel"
                        | "liter"
                        | "litre"
                        | "gallon"
                        | "pound"
                        | "piece"
                        | "share"
                )
            })
            .is_some(),
        _ => false,
    };
    if taken {
        (reader.at, reader.words) = (ahead.at, ahead.words);
    }
    taken
}

/// `of Shanxi’s government expenditures`: all of it, or nothing. `bare`: nothing stands between number and `of`, and
/// `4,118 of them` would not say of what.
fn of_phrase(reader: &Reader, bare: bool) -> Option<usize> {
    let mut ahead = Reader { text: reader.text, at: reader.at, words: 0 };
    ahead.take_if(|w| w.lower == "of")?;
    let mut nouns = 0; // words that say what, in this `of`
    let mut fresh = true; // an article may stand here
    while let Some(word) = ahead.peek() {
        let lower = word.lower.as_str();
        let article = matches!(
            lower,
            "the"
                | "all"
                | "our"
                | "their"
                | "its"
                | "his"
                | "her"
                | "my"
                | "your"
                | "this"
                | "these"
                | "those"
                | "that"
                | "a"
                | "an"
                | "both"
        );
        if fresh && nouns == 0 && matches!(lower, "them" | "us" | "it" | "you") {
            if bare {
                return None;
            }
            ahead.take(&word);
            nouns = 1;
            break;
        }
        if fresh && article {
            ahead.take(&word);
            continue;
        }
        if nouns > 0 && (is_verb(lower) || lower.ends_with("ed") && lower.len() > 4) {
            break;
        }
        if nouns > 0 && matches!(lower, "and" | "or") {
            ahead.take(&word);
            if ahead.words > MOST_OF {
                return None;
            }
            fresh = true;
            continue;
        }
        if is_stop(lower) {
            break;
        }
        fresh = false;
        ahead.take(&word);
        if ahead.words > MOST_OF {
            return None;
        }
        if lower.ends_with("'s") || lower.ends_with("s'") {
            continue;
        }
        nouns += 1;
        if is_plural(&word) || is_measure(lower) {
            while ahead.take_if(|w| is_plural(w) && !is_stop(&w.lower) && !is_verb(&w.lower)).is_some() {}
            if ahead.take_if(|w| w.lower == "of").is_none() {
                break;
            }
            (nouns, fresh) = (0, true);
        }
    }
    // `of urban and`, `of Shanxi’s`: it was cut.
    let last = reader.text[..ahead.at].rsplit(char::is_whitespace).next().unwrap_or_default();
    let open = matches!(last, "and" | "or" | "of" | "the") || last.ends_with("’s") || last.ends_with("'s");
    (nouns > 0 && !open && ahead.words <= MOST_OF && reader.words + ahead.words <= MOST_WORDS)
        .then_some(ahead.at)
}

/// `5 percent or more`: part of the claim as a qualifier before it is.
fn or_more(reader: &mut Reader) {
    let mut ahead = Reader { text: reader.text, at: reader.at, words: reader.words };
    let or = ahead.take_if(|w| w.lower == "or").is_some();
    let more = ahead.take_if(|w| {
        or && matches!(
            w.lower.as_str(),
            "more" | "less" | "fewer" | "higher" | "lower" | "above" | "below" | "so" | "over" | "under"
        ) || !or && w.lower == "plus"
    });
    if more.is_some() {
        reader.at = ahead.at;
    }
}

/// `million`: a word that multiplies the number before it.
pub(super) fn is_scale(lower: &str) -> bool {
    matches!(lower, "hundred" | "thousand" | "million" | "billion" | "trillion" | "dozen")
}

fn is_time(lower: &str) -> bool {
    let one = lower.strip_suffix('s').unwrap_or(lower);
    matches!(
        one,
        "second"
            | "minute"
            | "hour"
            | "day"
            | "night"
            | "week"
            | "weekend"
            | "month"
            | "quarter"
            | "year"
            | "decade"
            | "centurie"
            | "century"
    )
}

/// Measures, and plurals that do not end in s.
fn is_measure(lower: &str) -> bool {
    const MEASURES: &[&str] = &[
        "acre",
        "barrel",
        "bushel",
        "byte",
        "calorie",
        "carat",
        "centimeter",
        "centimetre",
        "degree",
        "dollar",
        "euro",
        "gallon",
        "gigabyte",
        "gigawatt",
        "gigawatt-hour",
        "gram",
        "hectare",
        "inch",
        "joule",
        "kilogram",
        "kilometer",
        "kilometre",
        "kilowatt",
        "kilowatt-hour",
        "knot",
        "liter",
        "litre",
        "megabyte",
        "megawatt",
        "megawatt-hour",
        "meter",
        "metre",
        "microgram",
        "micrometer",
        "micron",
        "mile",
        "milligram",
        "milliliter",
        "millimeter",
        "millimetre",
        "nanometer",
        "ounce",
        "rupee",
        "terabyte",
        "ton",
        "tonne",
        "volt",
        "watt",
    ];
    const PLURALS: &[&str] = &[
        "aircraft",
        "cattle",
        "children",
        "feet",
        "fish",
        "geese",
        "hertz",
        "inches",
        "men",
        "mice",
        "mu",
        "people",
        "percent",
        "personnel",
        "police",
        "renminbi",
        "sheep",
        "species",
        "spacecraft",
        "staff",
        "teeth",
        "women",
        "won",
        "yen",
        "yuan",
        "baht",
    ];
    let one = lower.strip_suffix('s').unwrap_or(lower);
    PLURALS.contains(&lower) || MEASURES.contains(&one)
}

/// A noun in the plural, as far as its ending tells.
fn is_plural(word: &Word) -> bool {
    let lower = word.lower.as_str();
    if is_stop(lower) {
        return false;
    }
    let ends = lower.ends_with('s')
        && lower.len() > 3
        && !["ss", "us", "is", "'s"].iter().any(|end| lower.ends_with(end))
        && !matches!(
            lower,
            "gas"
                | "bias"
                | "canvas"
                | "atlas"
                | "sales"
                | "sports"
                | "news"
                | "overseas"
                | "savings"
                | "goods"
        );
    let people = ["men", "women", "children", "people"].iter().any(|end| lower.ends_with(end))
        && !matches!(lower, "specimen" | "regimen");
    ends && lower.chars().all(|c| c.is_alphabetic() || c == '-') || people
}

/// Words that no noun phrase goes on with.
fn is_stop(lower: &str) -> bool {
    if let Some((stem, _)) = lower.split_once('\'')
        && matches!(
            stem,
            "we" | "they"
                | "it"
                | "he"
                | "she"
                | "i"
                | "you"
                | "that"
                | "who"
                | "there"
                | "isn"
                | "aren"
                | "don"
                | "won"
                | "can"
        )
    {
        return true;
    }
    matches!(
        lower,
        // be, have, do, and the verbs that help
        "is" | "are" | "was" | "were" | "be" | "been" | "being" | "am" | "has" | "have" | "had" | "having" | "do" | "does"
            | "did" | "will" | "would" | "can" | "could" | "may" | "might" | "must" | "shall" | "should" | "cannot"
            // pronouns, articles, pointers
            | "i" | "we" | "you" | "he" | "she" | "it" | "they" | "them" | "us" | "me" | "him" | "who" | "whom" | "whose"
            | "which" | "that" | "what" | "the" | "a" | "an" | "this" | "these" | "those" | "our" | "their" | "its" | "his"
            | "her" | "my" | "your" | "each" | "every" | "both" | "all" | "any" | "some" | "none" | "others"
            // conjunctions
            | "and" | "or" | "but" | "nor" | "yet" | "so" | "while" | "when" | "where" | "whereas" | "because" | "if"
            | "though" | "although" | "as" | "than" | "whether" | "since" | "until" | "unless" | "once" | "how" | "why"
            // prepositions
            | "of" | "per" | "in" | "on" | "at" | "by" | "for" | "from" | "to" | "with" | "within" | "without" | "across"
            | "among" | "amongst" | "between" | "during" | "after" | "before" | "over" | "under" | "above" | "below"
            | "into" | "onto" | "through" | "throughout" | "against" | "around" | "about" | "along" | "behind" | "beyond"
            | "near" | "off" | "out" | "up" | "down" | "via" | "versus" | "towards" | "toward" | "upon" | "despite"
            | "besides" | "except" | "including" | "following" | "worth" | "like" | "plus" | "minus"
            // adverbs, and adjectives that come after
            | "now" | "then" | "today" | "tomorrow" | "yesterday" | "tonight" | "ago" | "later" | "earlier" | "already"
            | "only" | "also" | "too" | "alone" | "together" | "ahead" | "away" | "back" | "here" | "there" | "just"
            | "even" | "still" | "again" | "always" | "never" | "not" | "perhaps" | "respectively" | "annually" | "yearly"
            | "overnight" | "nationwide" | "worldwide" | "sometimes" | "afterwards" | "else" | "last" | "next" | "more"
            | "less" | "fewer" | "thick" | "long" | "wide" | "high" | "tall" | "deep" | "old" | "apart" | "such"
            | "thus" | "hence" | "however" | "therefore" | "please" | "yes" | "no" | "instead" | "year-on-year"
            | "compared" | "according" | "due" | "born" | "early" | "soon"
    )
}

/// Verbs that often come right after what was counted, in the forms that are not nouns as well.
fn is_verb(lower: &str) -> bool {
    matches!(
        lower,
        "goes"
            | "go"
            | "went"
            | "gone"
            | "comes"
            | "come"
            | "came"
            | "makes"
            | "make"
            | "made"
            | "takes"
            | "take"
            | "took"
            | "gives"
            | "give"
            | "gave"
            | "gets"
            | "get"
            | "got"
            | "becomes"
            | "become"
            | "became"
            | "remains"
            | "remain"
            | "depends"
            | "depend"
            | "stands"
            | "stand"
            | "stood"
            | "belongs"
            | "belong"
            | "seems"
            | "seem"
            | "means"
            | "mean"
            | "meant"
            | "lies"
            | "lie"
            | "lay"
            | "lives"
            | "live"
            | "says"
            | "say"
            | "said"
            | "fell"
            | "fall"
            | "falls"
            | "rises"
            | "rise"
            | "rose"
            | "risen"
            | "grows"
            | "grow"
            | "grew"
            | "grown"
            | "lost"
            | "lose"
            | "won"
            | "win"
            | "left"
            | "leave"
            | "leaves"
            | "kept"
            | "keep"
            | "keeps"
            | "held"
            | "hold"
            | "holds"
            | "led"
            | "lead"
            | "leads"
            | "built"
            | "build"
            | "builds"
            | "bought"
            | "buy"
            | "buys"
            | "sold"
            | "sell"
            | "sells"
            | "paid"
            | "pay"
            | "pays"
            | "spent"
            | "spend"
            | "spends"
            | "saw"
            | "see"
            | "sees"
            | "know"
            | "knows"
            | "knew"
            | "want"
            | "wants"
            | "think"
            | "thinks"
            | "thought"
            | "find"
            | "finds"
            | "found"
            | "ran"
            | "run"
            | "runs"
            | "meet"
            | "meets"
            | "met"
            | "serve"
            | "serves"
            | "carry"
            | "carries"
            | "produce"
            | "produces"
            | "provide"
            | "provides"
            | "rank"
            | "ranks"
            | "receive"
            | "receives"
            | "generate"
            | "generates"
            | "exceed"
            | "exceeds"
            | "reach"
            | "reaches"
            | "contain"
            | "contains"
            | "include"
            | "includes"
            | "cover"
            | "covers"
            | "accounts"
            | "stay"
            | "stays"
            | "show"
            | "shows"
            | "bring"
            | "brings"
            | "brought"
            | "began"
            | "begin"
            | "begins"
            | "happen"
            | "happens"
            | "cannot"
            | "died"
            | "joined"
            | "moved"
            | "lived"
            | "worked"
            | "arrived"
            | "voted"
            | "continues"
            | "continue"
            | "needs"
            | "consists"
            | "exists"
            | "survive"
            | "survives"
            | "drink"
            | "drinks"
            | "speak"
            | "speaks"
            | "spoke"
            | "wrote"
            | "earn"
            | "earns"
            | "enjoy"
            | "enjoys"
            | "feel"
            | "feels"
            | "felt"
            | "believe"
            | "believes"
            | "support"
            | "supports"
            | "agree"
            | "agrees"
    )
}
