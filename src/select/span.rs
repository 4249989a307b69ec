//! A span of days: `--between FROM..TO`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::SelectError;
use crate::date::When;

/// Days from the first to the last, both in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// `None`: from the beginning.
    from: Option<Date>,
    /// `None`: to the end.
    to: Option<Date>,
}

impl Span {
    /// Whether that was in the span; free words and no date at all are in none.
    #[must_use]
    pub fn holds(&self, when: Option<&When>) -> bool {
        let Some(When::Day(day)) = when else { return false };
        self.from.is_none_or(|from| from <= *day) && self.to.is_none_or(|to| *day <= to)
    }
}

impl FromStr for Span {
    type Err = SelectError;

    /// `2031-04-01..2031-06-30`; a month or a year stands for all its days, and either side may be left out. Without
    /// dots it is that day, month or year.
    fn from_str(asked: &str) -> Result<Self, SelectError> {
        let wrong = || SelectError::BadSpan { asked: asked.to_owned() };
        let (from, to) = asked.split_once("..").unwrap_or((asked, asked));
        let side = |text: &str| match text.trim() {
            "" => Ok(None),
            text => days(text).map(Some).ok_or_else(wrong),
        };
        let span = Self { from: side(from)?.map(|days| days.0), to: side(to)?.map(|days| days.1) };
        let backwards = span.from.zip(span.to).is_some_and(|(from, to)| from > to);
        if backwards || (span.from, span.to) == (None, None) { Err(wrong()) } else { Ok(span) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
        write!(f, "{}..{}", side(self.from), side(self.to))
    }
}

/// First and last day of a year, a month or a day.
fn days(text: &str) -> Option<(Date, Date)> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
    let Some(month) = parts.next() else {
        return Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?));
    };
    let month = month.parse().ok()?;
    match (parts.next(), parts.next()) {
        (None, _) => {
            let first = Date::new(year, month, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        (Some(day), None) => {
            let day = Date::new(year, month, day.parse().ok()?).ok()?;
            Some((day, day))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_months_and_years() {
        for (asked, told) in [
            ("2031-04-16..2031-06-30", "2031-04-16..2031-06-30"),
            ("2031-04..2031-06", "2031-04-01..2031-06-30"),
            ("2032-02", "2032-02-01..2032-02-29"),
            ("2031..", "2031-01-01.."),
            ("..2031", "..2031-12-31"),
            ("2031-04-16", "2031-04-16..2031-04-16"),
        ] {
            assert_eq!(asked.parse::<Span>().unwrap().to_string(), told);
        }
        for asked in ["", "..", "31..32", "2031-13", "2031-06..2031-04", "2031-04-31", "spring", "2031-1-1-1"]
        {
            assert_eq!(asked.parse::<Span>(), Err(SelectError::BadSpan { asked: asked.into() }), "{asked}");
        }
    }

    #[test]
    fn both_ends_are_in_it() {
        let span: Span = "2031-04..2031-06".parse().unwrap();
        let when = |text: &str| When::from(text.to_owned());
        assert!(span.holds(Some(&when("2031-04-01"))) && span.holds(Some(&when("2031-06-30"))));
        assert!(!span.holds(Some(&when("2031-07-01"))) && !span.holds(Some(&when("spring 2031"))));
        assert!(!span.holds(None));
    }
}
