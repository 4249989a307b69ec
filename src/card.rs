//! What is on a card: sizes and their classes, and [`Card`], a quote made ready for one template and size.

use std::fmt;
use std::ops::Range;

use crate::lang::Lang;
use crate::transcript::Origin;

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
    /// The exact words, as in the source.
    pub text: String,
    /// Who said it.
    pub speaker: String,
    /// The role in full; the layout may cut it to fit.
    pub role: Option<String>,
    /// The date in the quote's language.
    pub date: Option<String>,
    /// The event's short name.
    pub event: Option<String>,
    /// The small line over the quote.
    pub kicker: Option<String>,
    /// The kicker is the event, put in its place unasked: left out where it does not fit.
    pub kicker_is_event: bool,
    /// The quote in a second language.
    pub translation: Option<String>,
    /// Byte ranges of `text` to emphasise, in order, none overlapping.
    pub highlight: Vec<Range<usize>>,
    /// Phrases that no line break may split.
    pub keep_together: Vec<String>,
    /// Where the words stand in their source.
    pub source: Origin,
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
    fn classes_by_aspect() {
        let class = |w, h| CardSize::new(w, h).unwrap().class();
        assert_eq!(class(1080, 1350), Class::Square);
        assert_eq!(class(1000, 1500), Class::Square);
        assert_eq!(class(1250, 1000), Class::Square);
        assert_eq!(class(1251, 1000), Class::Landscape);
        assert_eq!(class(619, 1000), Class::Story);
    }
}
