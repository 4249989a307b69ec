//! What is on a card: sizes and their classes, and [`Card`], a quote made ready for one template and size.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::date::When;
use crate::diag::Diagnostic;
use crate::lang::{Direction, Lang};
use crate::select::Quote;
use crate::select::figure::{self, FigureError, Pulled};
use crate::template::{Art, Brand, EventLine, Template};
use crate::transcript::{Figure, Origin, Request, SeriesNumber};

/// The shape of a card; templates lay out by class, so a new size touches no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Width over height from 0.62 to 1.25: square, 4:5, 2:3.
    Square,
    /// Wider than 1.25: link previews, 16:9.
    Landscape,
    /// Narrower than 0.62: 9:16.
    Story,
}

impl Class {
    /// The name, as templates and the program write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Landscape => "landscape",
            Self::Story => "story",
        }
    }

    /// Width of the master that the class is drawn on, in px; cards of other widths are scaled as a whole.
    #[must_use]
    pub const fn master_width(self) -> f32 {
        match self {
            Self::Square | Self::Story => 1080.0,
            Self::Landscape => 1200.0,
        }
    }

    /// Its height, px.
    #[must_use]
    pub const fn master_height(self) -> f32 {
        match self {
            Self::Square => 1080.0,
            Self::Landscape => 630.0,
            Self::Story => 1920.0,
        }
    }
}

/// Pixel size of a card: 320 to 4096 a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardSize {
    width: u32,
    height: u32,
}

impl CardSize {
    /// The shortest and longest side, px.
    pub const SIDES: std::ops::RangeInclusive<u32> = 320..=4096;

    /// A size, or `None` where a side is out of [`Self::SIDES`].
    #[must_use]
    pub fn new(width: u32, height: u32) -> Option<Self> {
        (Self::SIDES.contains(&width) && Self::SIDES.contains(&height)).then_some(Self { width, height })
    }

    /// Width in px.
    #[must_use]
    pub const fn width(self) -> u32 {
        self.width
    }

    /// Height in px.
    #[must_use]
    pub const fn height(self) -> u32 {
        self.height
    }

    /// Its class, by width over height.
    #[must_use]
    pub fn class(self) -> Class {
        let aspect = f64::from(self.width) / f64::from(self.height);
        if aspect > 1.25 {
            Class::Landscape
        } else if aspect < 0.62 {
            Class::Story
        } else {
            Class::Square
        }
    }

    /// What the master is multiplied by.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "sides are at most 4096")]
    pub fn scale(self) -> f32 {
        self.width as f32 / self.class().master_width()
    }
}

impl fmt::Display for CardSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// A row of the table of sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedSize {
    /// What `--size` takes.
    pub name: &'static str,
    /// Its pixels.
    pub size: CardSize,
    /// Where it is used.
    pub used: &'static str,
}

/// Every named size. To add one, add a row: its class follows from its sides.
pub const SIZES: [NamedSize; 7] = [
    NamedSize {
        name: "square",
        size: CardSize { width: 1080, height: 1080 },
        used: "Instagram, Facebook, X in feed",
    },
    NamedSize {
        name: "landscape",
        size: CardSize { width: 1200, height: 630 },
        used: "link previews (Open Graph)",
    },
    NamedSize {
        name: "story",
        size: CardSize { width: 1080, height: 1920 },
        used: "Instagram and Facebook stories, TikTok",
    },
    NamedSize { name: "portrait", size: CardSize { width: 1080, height: 1350 }, used: "Instagram 4:5" },
    NamedSize { name: "wide", size: CardSize { width: 1600, height: 900 }, used: "X in feed, 16:9" },
    NamedSize { name: "pin", size: CardSize { width: 1000, height: 1500 }, used: "Pinterest 2:3" },
    NamedSize { name: "linkedin", size: CardSize { width: 1200, height: 627 }, used: "LinkedIn" },
];

/// A size under the name it was asked for: a row of [`SIZES`], or `WIDTHxHEIGHT`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SizeChoice {
    /// `square`, `1200x675` … as file names show it.
    pub name: String,
    /// Its pixels.
    pub size: CardSize,
}

/// Why a size could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// Neither a name of the table nor `WIDTHxHEIGHT`.
    #[error("unknown size `{0}`")]
    Unknown(String),
    /// A side is under 320 or over 4096 px.
    #[error("size `{0}` is out of range: each side is 320 to 4096 px")]
    OutOfRange(String),
}

impl std::str::FromStr for SizeChoice {
    type Err = SizeError;

    fn from_str(s: &str) -> Result<Self, SizeError> {
        if let Some(row) = SIZES.iter().find(|row| row.name == s) {
            return Ok(Self { name: s.to_owned(), size: row.size });
        }
        let sides = s.split_once(['x', 'X', '×']).and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        let (w, h) = sides.ok_or_else(|| SizeError::Unknown(s.to_owned()))?;
        let size = CardSize::new(w, h).ok_or_else(|| SizeError::OutOfRange(s.to_owned()))?;
        Ok(Self { name: size.to_string(), size })
    }
}

/// A quote made ready for one template and size: every slot filled, nothing measured yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Stable across runs: the quote's id.
    pub id: String,
    /// The template's name.
    pub template: String,
    /// The size.
    pub size: SizeChoice,
    /// The language that decides faces, marks and dates.
    pub lang: Lang,
    /// Which way the quote is read, by its first letter; the [`Look`](crate::look::Look) must face the same way.
    pub direction: Direction,
    /// The exact words, as in the source.
    pub text: String,
    /// Who said it.
    pub speaker: String,
    /// The role in full; the layout may cut it to fit.
    pub role: Option<String>,
    /// The date in the quote's language; in figures where the quote is read from right to left.
    pub date: Option<String>,
    /// The event's short name.
    pub event: Option<String>,
    /// The small line over the quote.
    pub kicker: Option<String>,
    /// The kicker is the event, put in its place unasked: left out where it does not fit.
    pub kicker_is_event: bool,
    /// That the card is a corrected one, and since when, in the quote's language.
    pub corrected: Option<String>,
    /// The quote in a second language.
    pub translation: Option<String>,
    /// Byte ranges of `text` to emphasise, in order, none overlapping.
    pub highlight: Vec<Range<usize>>,
    /// Phrases that no line break may split. They are an editor's choice for this quote: of Chinese, where they are
    /// given, lines are then filled evenly and no longer end where clauses end.
    pub keep_together: Vec<String>,
    /// Phrases that no line break may split in any quote; see [`Options::phrases`].
    pub phrases: Arc<[String]>,
    /// The figure to pull out: words of `text`.
    pub figure: Option<Figure>,
    /// The speaker's photograph.
    pub photo: Option<Photo>,
    /// Which part of a quote that runs over several cards.
    pub part: Option<Part>,
    /// Which card of a series: the row's, or what the caller sets.
    pub series: Option<SeriesNumber>,
    /// The quote's size in master px, where it must be that of other cards too; else the largest that fits.
    pub type_size: Option<f32>,
    /// Where the words stand in their source.
    pub source: Origin,
}

impl Card {
    /// Shows a counter: it is one of several parts, or of a series.
    #[must_use]
    pub fn has_counter(&self) -> bool {
        self.part.is_some() || self.series.is_some()
    }

    /// The card of one part of the quote; attribution and furniture stay the same.
    ///
    /// `range`: the part's bytes of `text`; `source`: where it stands.
    #[must_use]
    pub fn part(&self, range: &Range<usize>, part: Part, source: Origin) -> Self {
        let inside = |h: &&Range<usize>| range.start <= h.start && h.end <= range.end;
        let shifted = |h: &Range<usize>| h.start - range.start..h.end - range.start;
        Self {
            id: format!("{}-{}", self.id, part.number),
            text: self.text[range.clone()].to_owned(),
            highlight: self.highlight.iter().filter(inside).map(shifted).collect(),
            part: Some(part),
            source,
            ..self.clone()
        }
    }
}

/// A photograph and where its eyes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// The picture.
    pub art: Arc<Art>,
    /// Where the eyes are, 0–1 from its left and top.
    pub focus: [f32; 2],
    /// Its credit line.
    pub credit: Option<String>,
}

/// Where the eyes are in most portraits: the middle, a third from the top.
const EYES: [f32; 2] = [0.5, 0.33];

/// A part of a quote that runs over several cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

/// How a card's keyword is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Highlight {
    /// The row's own phrases, else the first keyword that matched; on a template that pulls a figure the figure in
    /// its sentence, unless a phrase of the row shows it. The default.
    #[default]
    Auto,
    /// None.
    None,
    /// These, where they stand in the text.
    Words(Vec<String>),
}

/// What the user may say about every card of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Default: [`Highlight::Auto`].
    pub highlight: Highlight,
    /// Roles by speaker, each instead of the document's; the name as the document has it, any case.
    /// Default: empty.
    pub roles: Vec<(String, String)>,
    /// The day that the cards say they were corrected on. Default: none, and they say nothing.
    pub corrected: Option<When>,
    /// Phrases that no line break may split, Chinese or not: names, terms, slogans, as [`phrase_list`] reads them.
    /// Beside them all rules hold. Default: empty.
    pub phrases: Arc<[String]>,
}

/// Reads a list of phrases: one a line; empty lines, and those that begin with `#`, do not count.
#[must_use]
pub fn phrase_list(text: &str) -> Vec<String> {
    let lines = text.trim_start_matches('\u{FEFF}').lines().map(str::trim);
    let mut phrases: Vec<String> =
        lines.filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect();
    phrases.sort();
    phrases.dedup();
    phrases
}

/// Why no card could be made of a quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// A row asks to emphasise what it does not say.
    #[error("`highlight` is not in the quote: `{phrase}`")]
    HighlightNotFound {
        /// What was to be emphasised.
        phrase: String,
        /// `FILE:LINE, card ID`.
        place: String,
    },
    /// The kit asks for the credit of every photograph.
    #[error("the photograph has no `photo_credit`, which the kit requires")]
    NoCredit {
        /// `FILE:LINE, card ID`.
        place: String,
    },
    /// The template pulls a figure, and there is none that it may pull.
    #[error("{error}")]
    Figure {
        /// Why not.
        error: FigureError,
        /// `FILE:LINE, card ID`.
        place: String,
    },
}

impl CardError {
    /// What to tell a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::HighlightNotFound { place, .. } => Diagnostic::error(self.to_string())
                .at(place)
                .hint("copy the phrase from the quote, letter for letter, or leave `highlight` empty"),
            Self::NoCredit { place } => Diagnostic::error(self.to_string()).at(place).hint(
                "give the list's row a `photo_credit`, or leave `credit = \"required\"` out of the kit's `[photo]`",
            ),
            Self::Figure { error, place } => error.diagnostic().at(place),
        }
    }
}

/// Fills a card's slots from a quote, the run's options and the kit, in this order of precedence: options, row,
/// document, kit.
///
/// `matched`: what the query's keywords met, as byte ranges of the quote's text. `photo`: the speaker's photograph,
/// read by the caller, because a stage opens no file.
///
/// # Errors
///
/// Where a row's `highlight` is not in its text; where the kit asks for a photograph's credit and there is none; where the template pulls a figure and the quote has none, or the
/// row's is not the quote's own words.
pub fn compose(
    quote: &Quote<'_>,
    matched: &[Range<usize>],
    template: &Template,
    size: &SizeChoice,
    brand: &Brand,
    options: &Options,
    photo: Option<&Arc<Art>>,
) -> Result<Card, CardError> {
    let row = quote.turn().request.as_deref();
    let (lang, direction) = (quote.lang(), quote.direction());
    let speaker = &quote.speaker().name;
    let asked = options.roles.iter().find(|(name, _)| name.to_lowercase() == speaker.to_lowercase());
    let source = quote.origin();
    let event = row.and_then(|r| r.event.clone()).or_else(|| quote.transcript().event().map(str::to_owned));
    let (kicker, kicker_is_event) = kicker(row, &event, lang, template, brand);
    let place = || format!("{}:{}, card `{}`", source.file, source.line, quote.id());
    let credit = row.and_then(|r| r.photo_credit.clone()).filter(|credit| !credit.trim().is_empty());
    if brand.credit_required && template.shows_photo() && photo.is_some() && credit.is_none() {
        return Err(CardError::NoCredit { place: place() });
    }
    let figure = template.shows_figure().then(|| {
        let asked = row.and_then(|r| r.figure.as_ref());
        figure::figure_of(quote.text(), lang, asked)
            .map_err(|error| CardError::Figure { error, place: place() })
    });
    let figure = figure.transpose()?;
    Ok(Card {
        id: quote.id(),
        template: template.name().to_owned(),
        size: size.clone(),
        lang,
        direction,
        text: quote.text().to_owned(),
        speaker: speaker.clone(),
        role: asked.map(|(_, role)| role.as_str()).or(quote.role()).map(str::to_owned),
        date: quote.date().map(|date| date.on_card(lang, direction)),
        event: event.filter(|_| brand.event != EventLine::Off),
        kicker,
        kicker_is_event,
        corrected: options.corrected.as_ref().map(|day| correction(day, lang, direction)),
        translation: row.and_then(|r| r.translation.clone()),
        highlight: highlight(quote, row, matched, figure.as_ref(), options, &source)?,
        keep_together: row.map(|r| r.keep_together.clone()).unwrap_or_default(),
        phrases: house_phrases(options, brand),
        figure: figure.map(|pulled| pulled.words(quote.text())),
        photo: photo.map(|art| Photo {
            art: Arc::clone(art),
            focus: row.and_then(|r| r.photo_focus).unwrap_or(EYES),
            credit,
        }),
        part: None,
        series: row.and_then(|r| r.series),
        type_size: None,
        source,
    })
}

/// What a corrected card says of itself.
fn correction(day: &When, lang: Lang, direction: Direction) -> String {
    let day = day.on_card(lang, direction);
    match lang {
        Lang::En => format!("Corrected {day}"),
        Lang::Zh => format!("{day}更正"),
    }
}

/// The run's phrases and the kit's.
fn house_phrases(options: &Options, brand: &Brand) -> Arc<[String]> {
    if brand.keep_together.is_empty() {
        return Arc::clone(&options.phrases);
    }
    options.phrases.iter().chain(&brand.keep_together).cloned().collect()
}

/// The kicker, and whether it is the event standing in for one.
///
/// A kit's `event = "on"` puts the event in the kicker's place where the template has no line for it. Where
/// nobody names a kicker the event takes its place too, if it fits: the strip is not left empty.
fn kicker(
    row: Option<&Request>,
    event: &Option<String>,
    lang: Lang,
    template: &Template,
    brand: &Brand,
) -> (Option<String>, bool) {
    let named = row.and_then(|r| r.kicker.as_deref());
    if let Some(kicker) = named {
        return (Some(kicker.to_owned()), false);
    }
    let stands_in = event.is_some() && !template.prints_event();
    match (brand.event, brand.kicker(lang)) {
        (EventLine::On, _) if stands_in => (event.clone(), false),
        (_, Some(kicker)) => (Some(kicker.to_owned()), false),
        (EventLine::Auto, None) if stands_in => (event.clone(), true),
        (_, None) => (None, false),
    }
}

/// Where words that were typed by hand stand in a quote, letter for letter or else ignoring the case of Latin letters.
#[must_use]
pub fn find_words(text: &str, words: &str) -> Option<Range<usize>> {
    let folded = || text.to_ascii_lowercase().find(&words.to_ascii_lowercase());
    let at = text.find(words).or_else(folded)?;
    (!words.is_empty()).then(|| at..at + words.len())
}

fn highlight(
    quote: &Quote<'_>,
    row: Option<&Request>,
    matched: &[Range<usize>],
    figure: Option<&Pulled>,
    options: &Options,
    source: &Origin,
) -> Result<Vec<Range<usize>>, CardError> {
    let text = quote.text();
    let find = |phrase: &String| text.find(phrase.as_str()).map(|at| at..at + phrase.len());
    // The sentence shows what was pulled out of it: a row's own phrase must have a part in that.
    let pulled = figure.map(|figure| shown_in_quote(figure, text));
    let meets =
        |range: &Range<usize>, other: &Range<usize>| range.start < other.end && other.start < range.end;
    let mut ranges: Vec<Range<usize>> = match &options.highlight {
        Highlight::None => Vec::new(),
        Highlight::Words(words) => words.iter().filter_map(|words| find_words(text, words)).collect(),
        Highlight::Auto => match row {
            Some(row) if !row.highlight.is_empty() => {
                let found = |phrase: &String| {
                    find(phrase).ok_or_else(|| CardError::HighlightNotFound {
                        phrase: phrase.clone(),
                        place: format!("{}:{}, card `{}`", source.file, source.line, quote.id()),
                    })
                };
                let own: Vec<_> = row.highlight.iter().map(found).collect::<Result<_, _>>()?;
                match pulled {
                    Some(pulled) if !own.iter().any(|range| meets(range, &pulled)) => vec![pulled],
                    _ => own,
                }
            }
            _ if pulled.is_some() => pulled.into_iter().collect(),
            // One phrase a card, the first.
            Some(row) if !row.matched.is_empty() && matched.is_empty() => {
                row.matched.iter().find_map(find).into_iter().collect()
            }
            _ => matched.first().cloned().into_iter().collect(),
        },
    };
    for range in &mut ranges {
        *range = to_the_end(text, range.clone());
    }
    ranges.sort_by_key(|r| r.start);
    ranges.dedup_by(|next, before| next.start < before.end);
    Ok(ranges)
}

/// A pulled figure in its sentence: qualifier and number, and a unit of up to four words; of a longer one the word that
/// the number is read with (`1.5 billion`).
fn shown_in_quote(figure: &Pulled, text: &str) -> Range<usize> {
    const SHORT_UNIT: usize = 4;
    let whole = figure.range();
    let unit = &text[figure.unit.clone()];
    let short = unit.split_whitespace().count() <= SHORT_UNIT;
    let scale = unit.split(' ').next().filter(|word| figure::is_scale(word)).map_or(0, str::len);
    let end = if scale > 0 { figure.unit.start + scale } else { figure.number.end };
    whole.start..if short { whole.end } else { end }
}

/// A phrase that ends the quote takes the quote's last punctuation along.
fn to_the_end(text: &str, range: Range<usize>) -> Range<usize> {
    let rest = &text[range.end..];
    if rest.chars().all(|c| !c.is_alphanumeric() && !c.is_whitespace()) {
        range.start..text.len()
    } else {
        range
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_by_name_and_by_sides() {
        let size = |s: &str| s.parse::<SizeChoice>().unwrap();
        assert_eq!(size("story").size.class(), Class::Story);
        assert_eq!(size("1600x900").size, size("wide").size);
        assert_eq!(size("1600x900").name, "1600x900");
        assert_eq!("0x900".parse::<SizeChoice>(), Err(SizeError::OutOfRange("0x900".into())));
        assert_eq!("5000x900".parse::<SizeChoice>(), Err(SizeError::OutOfRange("5000x900".into())));
        assert_eq!("sqare".parse::<SizeChoice>(), Err(SizeError::Unknown("sqare".into())));
    }

    #[test]
    fn phrases_stand_one_a_line() {
        let list = "\u{FEFF}# terms of the house\n\n  New Areas \r\n先进制造立省\nNew Areas\n";
        assert_eq!(phrase_list(list), ["New Areas", "先进制造立省"]);
    }

    #[test]
    fn classes_by_aspect() {
        let class = |w, h| CardSize::new(w, h).unwrap().class();
        assert_eq!(class(1080, 1350), Class::Square);
        assert_eq!(class(1000, 1500), Class::Square);
        assert_eq!(class(1250, 1000), Class::Square);
        assert_eq!(class(1251, 1000), Class::Landscape);
        assert_eq!(class(619, 1000), Class::Story);
    }
}
