//! What a card's file is called: stable, unique, and safe on every system.
//!
//! A [`Pattern`] is text with `{placeholders}`; [`Pattern::fill`] puts a card's [`Fields`] in, and [`Names`] sees to
//! it that no two cards of a run share a name. Names depend on the cards alone, never on the clock or on what
//! finished first.
//!
//! - Letters and digits of every script are kept (NFC) and set in lower case; apostrophes go, everything else
//!   becomes `-`. An `{id}` is somebody's own name for the card, so it keeps its capitals, dots and underscores.
//! - A field that a card lacks (no date) leaves no trace: no doubled or dangling `-`.
//! - A slug is the first five words, or up to twelve hanzi.
//! - Names that Windows reserves get a `_` in front; a name has at most [`MAX_BYTES`] bytes, cut between graphemes.
//! - Names that differ only in case are one file on two of three systems, so they count as the same.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::lang::is_hanzi;

/// The longest name, its `.png` included; every file system takes 255, and a suffix or a copy needs room.
pub const MAX_BYTES: usize = 200;

/// The longest field inside a name: leaves room for all the others, so that template and size are never cut away.
const MAX_FIELD_BYTES: usize = 60;

/// The name that cards of a transcript get.
pub const DEFAULT_PATTERN: &str = "{date}-{nn}-{speaker}-{slug}-{template}-{size}";
/// The name of a list row that has an id and makes one card.
pub const ID_PATTERN: &str = "{id}";
/// The name of a list row that has an id and makes several cards.
pub const ID_LOOK_PATTERN: &str = "{id}-{template}-{size}";

/// What can stand between braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// The quote's date, ISO where it is a calendar day.
    Date,
    /// The number of the quote in this run, from 1, padded to the width of the last one.
    Nn,
    /// Who said it.
    Speaker,
    /// The first words.
    Slug,
    /// The template's name.
    Template,
    /// The size's name, or its `WIDTHxHEIGHT`.
    Size,
    /// The quote's id.
    Id,
    /// The event's short name.
    Event,
}

impl Placeholder {
    /// Every placeholder, in the order that help texts give.
    pub const ALL: [Self; 8] =
        [Self::Date, Self::Nn, Self::Speaker, Self::Slug, Self::Template, Self::Size, Self::Id, Self::Event];

    /// What stands between the braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Nn => "nn",
            Self::Speaker => "speaker",
            Self::Slug => "slug",
            Self::Template => "template",
            Self::Size => "size",
            Self::Id => "id",
            Self::Event => "event",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Placeholder),
}

/// A checked name pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// `{name}` that stands for nothing.
    #[error("unknown placeholder `{{{0}}}`")]
    Unknown(String),
    /// A brace without its fellow.
    #[error("a brace has no fellow")]
    Brace,
    /// A character that file names cannot have on every system.
    #[error("`{0}` cannot stand in a file name")]
    Character(char),
    /// No placeholder at all, so every card would have one name.
    #[error("without a placeholder every card would have the same name")]
    NoPlaceholder,
}

impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(s: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut rest = s.strip_suffix(".png").unwrap_or(s);
        while let Some(at) = rest.find(['{', '}']) {
            let (text, tail) = rest.split_at(at);
            parts.push(Part::Text(text.to_owned()));
            let (name, after) =
                tail.strip_prefix('{').and_then(|t| t.split_once('}')).ok_or(PatternError::Brace)?;
            let field = Placeholder::ALL.into_iter().find(|p| p.name() == name);
            parts.push(Part::Field(field.ok_or_else(|| PatternError::Unknown(name.to_owned()))?));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        if !parts.iter().any(|part| matches!(part, Part::Field(_))) {
            return Err(PatternError::NoPlaceholder);
        }
        let unsafe_char = |c: &char| c.is_control() || "/\\:*?\"<>|".contains(*c);
        let texts = parts.iter().filter_map(|p| if let Part::Text(t) = p { Some(t) } else { None });
        match texts.flat_map(|t| t.chars()).find(unsafe_char) {
            Some(c) => Err(PatternError::Character(c)),
            None => Ok(Self(parts)),
        }
    }
}

/// What a card puts into its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields<'a> {
    /// ISO date or free text.
    pub date: Option<String>,
    /// Number of the quote, from 1.
    pub number: usize,
    /// How many quotes there are.
    pub count: usize,
    /// Who said it.
    pub speaker: &'a str,
    /// The whole quote; its first words are taken.
    pub text: &'a str,
    /// The template's name.
    pub template: &'a str,
    /// The size's name.
    pub size: &'a str,
    /// The quote's id.
    pub id: &'a str,
    /// The event's short name.
    pub event: Option<&'a str>,
}

impl Pattern {
    /// The name of one card, with `.png`; the same for two cards with the same fields (see [`Names`]).
    #[must_use]
    pub fn fill(&self, fields: &Fields<'_>) -> String {
        let mut stem = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => stem.extend(text.nfc()),
                Part::Field(field) => stem.push_str(&cut(&field.value(fields), MAX_FIELD_BYTES)),
            }
        }
        finish(&stem)
    }
}

impl Placeholder {
    fn value(self, fields: &Fields<'_>) -> String {
        match self {
            Self::Date => fields.date.as_deref().map(plain).unwrap_or_default(),
            Self::Nn => {
                // At least two digits: the default pattern promises `{nn}`, and most runs are under a hundred.
                let width = fields.count.max(1).to_string().len().max(2);
                format!("{:0width$}", fields.number)
            }
            Self::Speaker => plain(fields.speaker),
            Self::Slug => slug(fields.text),
            Self::Template => plain(fields.template),
            Self::Size => plain(fields.size),
            Self::Id => fold(fields.id, true),
            Self::Event => fields.event.map(plain).unwrap_or_default(),
        }
    }
}

/// Characters that nobody sees and that make a name look like another one: controls, direction marks and overrides,
/// joiners, the byte order mark.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The stem of somebody's own file, for one that is made of it: as it is, without characters that nobody sees, and with
/// room for another ending.
#[must_use]
pub fn of_own(stem: &str) -> String {
    let seen: String = stem.chars().filter(|&c| !is_unseen(c)).collect();
    let name = cut(seen.trim(), MAX_BYTES - 20);
    if name.is_empty() { "sheet".to_owned() } else { name }
}

/// Letters and digits in lower case, runs of anything else as one `-`, none at the ends.
pub fn plain(text: &str) -> String {
    fold(text, false)
}

fn fold(text: &str, own_name: bool) -> String {
    if text.is_ascii() { fold_chars(text.chars(), own_name) } else { fold_chars(text.nfc(), own_name) }
}

fn fold_chars(chars: impl Iterator<Item = char>, own_name: bool) -> String {
    let mut out = String::new();
    for c in chars {
        match c {
            // "people's" is one word; so is "o’clock".
            '\'' | '\u{2019}' | '\u{02BC}' => {}
            '_' | '.' if own_name => out.push(c),
            c if own_name && c.is_alphanumeric() => out.push(c),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            c if is_combining_mark(c) && !out.is_empty() => out.push(c),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// The first five words, or as much of them as twelve hanzi.
fn slug(text: &str) -> String {
    const WORDS: usize = 5;
    const HANZI: usize = 12;
    let mut taken = String::new();
    let mut hanzi = 0;
    'words: for word in text.split_whitespace().filter(|w| w.contains(char::is_alphanumeric)).take(WORDS) {
        taken.push(' ');
        for grapheme in word.graphemes(true) {
            if grapheme.chars().any(is_hanzi) {
                if hanzi == HANZI {
                    break 'words;
                }
                hanzi += 1;
            }
            taken.push_str(grapheme);
        }
    }
    plain(&taken)
}

/// At most `max` bytes, cut between graphemes, no `-` left at the end.
fn cut(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let end = text.grapheme_indices(true).map(|(at, g)| at + g.len()).take_while(|&end| end <= max).last();
    text[..end.unwrap_or(0)].trim_end_matches('-').to_owned()
}

/// A stem made safe, with its extension.
fn finish(stem: &str) -> String {
    let mut joined = String::new();
    for c in stem.chars() {
        // An absent field leaves two separators side by side.
        if !(c == '-' && joined.ends_with('-')) {
            joined.push(c);
        }
    }
    // No hidden file, nothing that looks like a flag, no end that Windows would drop.
    let mut name = joined.trim_matches(['-', '.', ' ']).to_owned();
    if name.is_empty() {
        "card".clone_into(&mut name);
    }
    if is_reserved(&name) {
        name.insert(0, '_');
    }
    name = cut(&name, MAX_BYTES - ".png".len());
    name.truncate(name.trim_end_matches(['-', '.', ' ']).len());
    name + ".png"
}

/// Windows takes these for devices, whatever follows a dot.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" => true,
        _ => {
            let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
            port.is_some_and(|p| p.chars().count() == 1 && p.chars().all(|c| "0123456789¹²³".contains(c)))
        }
    }
}

/// The names of a run so far, each with the number that the next card of that name is tried with; gives out none
/// twice.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, usize>);

impl Names {
    /// `name`, or where that is taken the first free of `name-2`, `name-3` … (before the extension).
    pub fn unique(&mut self, name: &str) -> String {
        self.unique_before(name, ".png")
    }

    /// The same before another ending.
    pub fn unique_before(&mut self, name: &str, ending: &str) -> String {
        let first = key(name);
        let mut n = match self.0.entry(first.clone()) {
            Entry::Vacant(free) => {
                free.insert(2);
                return name.to_owned();
            }
            Entry::Occupied(taken) => *taken.get(),
        };
        let stem = name.strip_suffix(ending).unwrap_or(name);
        loop {
            let suffix = format!("-{n}{ending}");
            let candidate = cut(stem, MAX_BYTES - suffix.len()) + &suffix;
            n += 1;
            if let Entry::Vacant(free) = self.0.entry(key(&candidate)) {
                free.insert(2);
                self.0.insert(first, n);
                return candidate;
            }
        }
    }
}

/// What a file system that ignores case takes a name for.
fn key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfc().collect::<String>().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(pattern: &str, fields: &Fields<'_>) -> String {
        pattern.parse::<Pattern>().unwrap().fill(fields)
    }

    fn fields() -> Fields<'static> {
        Fields {
            date: Some("2024-05-15".into()),
            number: 3,
            count: 12,
            speaker: "Jin Xiangjun",
            text: "The people’s PM2.5 level fell by 4.5% in 2023.",
            template: "broadsheet",
            size: "square",
            id: "q0123456789",
            event: Some("SCIO press conference"),
        }
    }

    #[test]
    fn the_default_name_tells_date_number_speaker_words_and_look() {
        assert_eq!(
            name(DEFAULT_PATTERN, &fields()),
            "2024-05-15-03-jin-xiangjun-the-peoples-pm2-5-level-fell-broadsheet-square.png"
        );
        let undated = Fields { date: None, count: 1000, ..fields() };
        assert_eq!(
            name(DEFAULT_PATTERN, &undated),
            "0003-jin-xiangjun-the-peoples-pm2-5-level-fell-broadsheet-square.png"
        );
        assert_eq!(name("{event}_{size}", &fields()), "scio-press-conference_square.png");
        assert_eq!(name("{id}.png", &fields()), "q0123456789.png");
        assert_eq!(name("{date}-{event}", &Fields { date: None, event: None, ..fields() }), "card.png");
    }

    #[test]
    fn slugs() {
        for (text, slug_) in [
            ("One two three four five six", "one-two-three-four-five"),
            ("“Well — no,” she said", "well-no-she-said"),
            ("The €5.3 billion “Green Wall” plan", "the-5-3-billion-green-wall"),
            ("科技创新引领前路，汾河水清。", "科技创新引领前路-汾河水清"),
            ("推动高质量发展、深化全方位转型的根本目的", "推动高质量发展-深化全方位"),
            ("2023年，PM2.5年均浓度下降", "2023年-pm2-5年均浓度下降"),
            ("Élan café naïveté", "élan-café-naïveté"),
            ("e\u{301}lan", "élan"),
            ("…", ""),
        ] {
            assert_eq!(slug(text), slug_, "{text}");
        }
    }

    #[test]
    fn names_are_safe_everywhere() {
        let id = |id| name("{id}", &Fields { id, ..fields() });
        for (given, file) in [
            ("Chen_003.b", "Chen_003.b.png"),
            ("aurora-landscape-long", "aurora-landscape-long.png"),
            ("../../etc/passwd", "etc-passwd.png"),
            ("a\\b:c*d?\"<>|", "a-b-c-d.png"),
            ("line\nbreak\u{202e}", "line-break.png"),
            ("CON", "_CON.png"),
            ("nul.tar", "_nul.tar.png"),
            ("com¹", "_com¹.png"),
            ("common", "common.png"),
            ("trailing...", "trailing.png"),
            ("--help", "help.png"),
            ("", "card.png"),
        ] {
            assert_eq!(id(given), file, "{given:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_graphemes_and_keep_the_look() {
        let long = "मुख्यमंत्री".repeat(20);
        let cut_name = name(DEFAULT_PATTERN, &Fields { speaker: &long, text: &long, ..fields() });
        assert!(cut_name.len() <= MAX_BYTES, "{}", cut_name.len());
        assert!(cut_name.ends_with("-broadsheet-square.png"), "{cut_name}");
        let whole: Vec<&str> = long.graphemes(true).collect();
        let stem = cut(&long, 61);
        let last = stem.graphemes(true).next_back().unwrap();
        assert!(whole.contains(&last), "{last}");
        let wordy = "{event}".repeat(20);
        assert!(name(&wordy, &Fields { event: Some(&long), ..fields() }).len() <= MAX_BYTES);
    }

    #[test]
    fn no_name_is_given_twice_whatever_its_case() {
        let mut names = Names::default();
        let given = ["a.png", "A.png", "a-2.png", "a.png", "é.png", "E\u{301}.png"].map(|n| names.unique(n));
        assert_eq!(given, ["a.png", "A-2.png", "a-2-2.png", "a-3.png", "é.png", "E\u{301}-2.png"]);
        let long = "x".repeat(MAX_BYTES - 4) + ".png";
        assert_eq!(names.unique(&long), long);
        assert_eq!(names.unique(&long).len(), MAX_BYTES);
    }

    #[test]
    fn patterns_are_checked() {
        let error = |p: &str| p.parse::<Pattern>().unwrap_err();
        assert_eq!(error("{dat}"), PatternError::Unknown("dat".into()));
        assert_eq!(error("{date"), PatternError::Brace);
        assert_eq!(error("date}"), PatternError::Brace);
        assert_eq!(error("{date}/{nn}"), PatternError::Character('/'));
        assert_eq!(error("card"), PatternError::NoPlaceholder);
        assert_eq!(PatternError::Unknown("dat".into()).to_string(), "unknown placeholder `{dat}`");
    }
}
