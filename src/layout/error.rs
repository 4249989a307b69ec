//! Why a card could not be laid out, and how to mend it.

use unicode_properties::UnicodeEmoji as _;

use crate::card::{Card, CardSize};
use crate::diag::Diagnostic;

/// Why a card could not be laid out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{problem}")]
pub struct LayoutError {
    /// What is wrong.
    pub problem: Problem,
    /// `FILE:LINE, card ID on TEMPLATE at SIZE`.
    pub place: String,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// No face has the character.
    #[error("no face has `{character}` (U+{:04X})", u32::from(*character))]
    MissingGlyph {
        /// The character.
        character: char,
    },
    /// The quote is too long for its box.
    #[error("quote does not fit the `{slot}` box even at its floor, {floor} px")]
    QuoteTooLong {
        /// The slot.
        slot: &'static str,
        /// The smallest size allowed, master px.
        floor: f32,
        /// Characters that would about fit.
        fits: usize,
    },
    /// One word is wider than the box.
    #[error("a word is wider than the `{slot}` box even at its floor, {floor} px: `{word}`")]
    WordTooWide {
        /// The slot.
        slot: &'static str,
        /// The smallest size allowed, master px.
        floor: f32,
        /// The word.
        word: String,
    },
    /// A small text is too long for its slot.
    #[error("`{slot}` does not fit its measure of {measure:.0} px on {lines} line(s) even at 80 %: `{text}`")]
    SlotTooLong {
        /// The slot.
        slot: &'static str,
        /// Its width, master px.
        measure: f32,
        /// Lines it may take.
        lines: usize,
        /// The text.
        text: String,
    },
    /// A vertical label has more characters than cells.
    #[error("`{slot}` has {count} characters, at most {cells} fit: `{text}`")]
    TooManyCells {
        /// The slot.
        slot: &'static str,
        /// Characters in it.
        count: usize,
        /// Characters allowed.
        cells: usize,
        /// The text.
        text: String,
    },
    /// The template shows the speaker's photograph, and there is none.
    #[error("there is no photograph of the speaker")]
    NoPhoto,
    /// The small texts leave no room for the quote.
    #[error("the small texts leave no room for the quote")]
    NoRoom,
    /// Two texts would lie on each other.
    #[error("`{slot}` and `{other}` would overlap")]
    Overlap {
        /// One slot.
        slot: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A text would leave the card.
    #[error("`{slot}` would leave the card")]
    Outside {
        /// Which slot.
        slot: &'static str,
    },
    /// A size has no room for this card, and a taller one has.
    #[error("size `{size}` is too low for this card: {what}")]
    TooLow {
        /// The size.
        size: CardSize,
        /// What there is no room for.
        what: Box<Problem>,
        /// A size of the class that has the room.
        enough: CardSize,
    },
}

impl Problem {
    pub(super) fn on(self, card: &Card) -> LayoutError {
        let place = format!(
            "{}:{}, card `{}` on `{}` at `{}`",
            card.source.file, card.source.line, card.id, card.template, card.size.name
        );
        LayoutError { problem: self, place }
    }

    fn hint(&self) -> String {
        match self {
            Self::MissingGlyph { character } if is_emoji(*character) => {
                "bring a bitmap emoji face (CBDT or sbix) with `--font-fallback FILE`".to_owned()
            }
            Self::MissingGlyph { .. } => "bring a face that has it with `--font-fallback FILE`".to_owned(),
            Self::QuoteTooLong { fits, .. } => {
                format!(
                    "take a shorter quote with `--max-chars {fits}`, or a taller `--size` such as `story`"
                )
            }
            Self::WordTooWide { .. } => {
                "take a wider `--size`, or a template that sets smaller type, such as `shuimo`".to_owned()
            }
            Self::SlotTooLong { slot: "role", .. } => {
                "give a shorter role with `--role 'NAME=ROLE'`, or in the list's `role`".to_owned()
            }
            // The slot's name is no field's.
            Self::SlotTooLong { slot: "name", .. } => {
                "shorten `speaker` in a list: `pullquote quotes --format csv` makes one".to_owned()
            }
            Self::SlotTooLong { slot: "kicker", .. } => "shorten `kicker` in the kit or the list".to_owned(),
            Self::SlotTooLong { slot: "event", .. } => {
                "shorten `event` in the list, or say `event = \"off\"` in the kit".to_owned()
            }
            Self::SlotTooLong { slot, .. } => format!("shorten `{slot}` in the list"),
            Self::TooManyCells { slot: "seal", .. } => "shorten `seal` in the kit".to_owned(),
            Self::TooManyCells { .. } => "shorten `label_zh` in the kit".to_owned(),
            Self::NoPhoto => {
                "give one with `--photos DIR` or in the list's `photo`, or take a template that needs none, such as `nocturne`"
                    .to_owned()
            }
            Self::NoRoom | Self::Overlap { .. } | Self::Outside { .. } => {
                "shorten role or translation, or take another `--size`".to_owned()
            }
            Self::TooLow { enough, .. } => {
                let ratio = f64::from(enough.width()) / f64::from(enough.height());
                format!(
                    "take a width of at most {ratio:.2} × the height, such as `--size {enough}`"
                )
            }
        }
    }
}

/// Figures and the like are emoji too, but need no face for it.
fn is_emoji(c: char) -> bool {
    c > '\u{FF}' && c.is_emoji_char_or_emoji_component()
}

impl LayoutError {
    /// What to tell a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.problem.to_string()).at(&self.place).hint(self.problem.hint())
    }
}
