//! The one number that carries a card: pulled from a quote, or checked against it.
//!
//! ```text
//! Each year, over 80% of Shanxi’s government expenditures have been dedicated to …
//!            └┬─┘ └┬┘ └──────────────┬────────────────┘
//!       qualifier  number           unit
//! ```
//!
//! All three are the quote's own words, adjoining, in its order. Numbers are found first (`number`): digits to which
//! nothing is glued, so that PM2.5, A4, COVID-19, 7:30 and 17th are none. Then each language looks at the words beside
//! them, throws out dates, names, enumerations and shares of something else (`nine out of 10 doctors` are not 10), and
//! reads the unit up to where the noun phrase ends. In doubt there is no figure: a card may go without one, but must
//! not lie.
//!
//! Of several figures the one with the most points is taken, of equal ones one with a unit in words, and then the last:
//!
//! | for | points |
//! |---|---|
//! | a unit in words | 3 |
//! | a % sign, a currency, `percent` | 3 |
//! | a qualifier | 2 |
//! | a verb of rise or fall beside it | 2 |
//! | `per` something | 1 |
//! | a scale: thousand to trillion, 万, 亿 | 1 |
//! | years, days, hours | −2 |
//! | what it was before, or the whole: `from 50`, `than 50`, `of 50` at the start of a clause, 由, 比 | −3 |

mod chinese;
mod english;
mod locate;
mod number;

use std::ops::Range;

use thiserror::Error;

use crate::diag::Diagnostic;
use crate::lang::Lang;
use crate::transcript::Figure;

pub use locate::locate;

/// Whether a word multiplies the number before it: thousand, million, billion.
#[must_use]
pub fn is_scale(word: &str) -> bool {
    english::is_scale(&word.to_lowercase())
}

/// A figure in a quote: byte ranges of its text, adjoining in this order but for blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// `over`, `at least`, `超过` …
    pub qualifier: Option<Range<usize>>,
    /// The digits with their point, sign, % and currency.
    pub number: Range<usize>,
    /// The words that follow; empty (at the number's end) where there are none.
    pub unit: Range<usize>,
}

impl Pulled {
    /// From the first to the last of its words.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        let start = self.qualifier.as_ref().map_or(self.number.start, |q| q.start);
        start..self.unit.end.max(self.number.end)
    }

    /// Its words as a row of a list would give them.
    ///
    /// # Panics
    ///
    /// When it was not pulled from this text.
    #[must_use]
    pub fn words(&self, text: &str) -> Figure {
        Figure {
            qualifier: self.qualifier.clone().map_or_else(String::new, |range| text[range].to_owned()),
            number: text[self.number.clone()].to_owned(),
            unit: text[self.unit.clone()].to_owned(),
        }
    }
}

/// Why a quote can show no figure.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FigureError {
    /// Neither a row gave a figure nor has the quote one.
    #[error("the quote has no figure to pull out")]
    None,
    /// A row's figure without a number.
    #[error("the figure has no number")]
    NoNumber,
    /// The quote does not have the number.
    #[error("the figure's number `{number}` does not stand in the quote")]
    Number {
        /// What the row gives.
        number: String,
    },
    /// The number is only a piece of what the quote says.
    #[error("the figure's number `{number}` is only a part of `{whole}`")]
    Part {
        /// What the row gives.
        number: String,
        /// What stands in the quote.
        whole: String,
    },
    /// The quote goes on with other words.
    #[error("the figure's unit `{unit}` does not follow `{number}` in the quote")]
    Unit {
        /// As it stands in the quote.
        number: String,
        /// What the row gives.
        unit: String,
        /// What follows in the quote.
        follows: String,
    },
    /// Other words stand before the number.
    #[error("the figure's qualifier `{qualifier}` does not stand before `{number}` in the quote")]
    Qualifier {
        /// As it stands in the quote.
        number: String,
        /// What the row gives.
        qualifier: String,
    },
    /// The quote says `over 80%` and the row only `80%`.
    #[error("the quote says `{qualifier} {number}`; the figure drops `{qualifier}`")]
    Dropped {
        /// As it stands in the quote.
        number: String,
        /// The whole qualifier, as it stands in the quote.
        qualifier: String,
    },
}

impl FigureError {
    /// What a person is told.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.to_string());
        match self {
            Self::None => told
                .hint("give the row a `figure` with the quote's own words, or choose another template")
                .hint("dates, ordinals and numbers that are part of a name are never pulled"),
            Self::NoNumber => told.hint("set `number` to the digits as they stand in the quote"),
            Self::Number { .. } => {
                told.hint("`number` is the quote's own digits, never converted or rounded")
            }
            Self::Part { whole, .. } => told.hint(format!("the quote says `{whole}`")),
            Self::Unit { number, follows, .. } if follows.is_empty() => {
                told.hint(format!("no words follow `{number}`: leave `unit` out"))
            }
            Self::Unit { number, follows, .. } => {
                told.hint(format!("the quote goes on `{number} {follows}`; a unit is never shortened"))
            }
            Self::Qualifier { .. } => told
                .hint("`qualifier` is the words right before the number; leave it out where there are none"),
            Self::Dropped { qualifier, .. } => {
                told.hint(format!("set `qualifier` to `{qualifier}`: it is part of the claim"))
            }
        }
    }
}

/// The quote's best figure, or `None` where it has none that can stand alone.
///
/// ```
/// use pullquote::{lang::Lang, select::figure::pull};
/// let text = "In May 2024, PM2.5 fell to 37 micrograms per cubic meter.";
/// let figure = pull(text, Lang::En).expect("it has one").words(text);
/// assert_eq!((&*figure.number, &*figure.unit), ("37", "micrograms per cubic meter"));
/// ```
#[must_use]
pub fn pull(text: &str, lang: Lang) -> Option<Pulled> {
    let mut found = match lang {
        Lang::En => english::figures(text),
        Lang::Zh => chinese::figures(text),
    };
    // What speaks for the only one need not be asked.
    let best = match found.len() {
        1 => found.pop(),
        // Of equal ones `max_by_key` gives the last.
        _ => found.into_iter().max_by_key(|found| (found.points(), !found.pulled.unit.is_empty())),
    };
    best.map(|candidate| candidate.pulled)
}

/// A row's figure, [located](locate); without one, the quote's [own](pull).
///
/// # Errors
///
/// The row's figure is not the quote's words; the quote has none.
pub fn figure_of(text: &str, lang: Lang, row: Option<&Figure>) -> Result<Pulled, FigureError> {
    match row {
        Some(figure) => locate(text, figure),
        None => pull(text, lang).ok_or(FigureError::None),
    }
}

/// A figure that could be pulled, and what speaks for it.
struct Candidate<'t> {
    pulled: Pulled,
    facts: Box<dyn Fn() -> Facts + 't>,
}

/// What a candidate's points go by.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one line of the table of points")]
struct Facts {
    /// `%`, `percent`, a currency.
    sign: bool,
    moves: bool,
    rate: bool,
    scale: bool,
    time: bool,
    /// What it was before.
    base: bool,
}

impl Candidate<'_> {
    fn points(&self) -> i32 {
        let Facts { sign, moves, rate, scale, time, base } = (self.facts)();
        let worth = |met: bool, points: i32| if met { points } else { 0 };
        worth(!self.pulled.unit.is_empty(), 3)
            + worth(sign, 3)
            + worth(self.pulled.qualifier.is_some(), 2)
            + worth(moves, 2)
            + worth(rate, 1)
            + worth(scale, 1)
            + worth(time, -2)
            + worth(base, -3)
    }
}

/// A qualifier at the very end of what stands before a number, in either language.
fn qualifier_before(before: &str) -> Option<Range<usize>> {
    english::qualifier(before).or_else(|| chinese::qualifier(before))
}

#[cfg(test)]
mod tests;
