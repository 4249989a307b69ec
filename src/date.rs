//! The date of an event: a checked calendar day, or the words of a list row.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::lang::{Direction, Lang};

/// When it was said. Written as ISO (`2024-05-15`) where it is a calendar day, else as given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum When {
    /// A calendar day.
    Day(Date),
    /// Free text of a list row ("spring 2024").
    Words(String),
}

impl When {
    /// The date as a card shows it: `May 15, 2024`, `2024年5月15日`; free text as it is.
    ///
    /// Beside text that is read from right to left it is `2024-05-15`, because the names of months differ from
    /// country to country; marked as a piece of its own (LRI, PDI), so that its parts keep their order in any line.
    #[must_use]
    pub fn on_card(&self, lang: Lang, direction: Direction) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        match (self, lang) {
            (Self::Words(words), _) => words.clone(),
            (Self::Day(d), _) if direction == Direction::RightToLeft => format!("\u{2066}{d}\u{2069}"),
            (Self::Day(d), Lang::Zh) => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
            (Self::Day(d), Lang::En) => {
                format!("{} {}, {}", MONTHS[usize::from(d.month().unsigned_abs()) - 1], d.day(), d.year())
            }
        }
    }
}

impl From<String> for When {
    fn from(s: String) -> Self {
        s.trim().parse().map_or(Self::Words(s), Self::Day)
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(d) => write!(f, "{d}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_a_day_in_the_quotes_language() {
        let day = When::from("2024-05-15".to_owned());
        let ltr = Direction::LeftToRight;
        assert_eq!(day.on_card(Lang::En, ltr), "May 15, 2024");
        assert_eq!(day.on_card(Lang::Zh, ltr), "2024年5月15日");
        assert_eq!(day.on_card(Lang::En, Direction::RightToLeft), "\u{2066}2024-05-15\u{2069}");
        assert_eq!(day.to_string(), "2024-05-15");
        assert_eq!(When::from("spring 2024".to_owned()).on_card(Lang::Zh, ltr), "spring 2024");
        assert!(matches!(When::from("2024-02-31".to_owned()), When::Words(_)));
    }
}
