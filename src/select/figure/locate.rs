//! Whether a row's figure is the quote's own words.

use std::ops::Range;

use super::{FigureError, Pulled, qualifier_before};
use crate::lang::is_hanzi;
use crate::select::fold::is_apostrophe;
use crate::transcript::Figure;

/// A number grows by no more than so many bytes on either side: a text of digits takes no longer than another.
const GROWN: usize = 40;

/// How many bytes of the quote an error shows after the number.
const SHOWN: usize = 60;

/// Finds a row's figure in the quote: qualifier, number and unit as adjoining words in this order.
///
/// Case, the length and kind of blanks and the shape of apostrophes may differ; what is set is the quote's. Where the
/// number stands several times, the first place that fits is taken.
///
/// # Errors
///
/// What is not the quote's, in the order number, unit, qualifier; a number cut out of a longer one or of a name; a
/// qualifier that the row leaves out.
pub fn locate(text: &str, figure: &Figure) -> Result<Pulled, FigureError> {
    let (qualifier, number, unit) = (figure.qualifier.trim(), figure.number.trim(), figure.unit.trim());
    if !number.contains(char::is_numeric) {
        return Err(FigureError::NoNumber);
    }
    // The error of the place that came furthest is told.
    let mut told = (0, FigureError::Number { number: number.to_owned() });
    for (start, _) in text.char_indices() {
        let Some(end) = follow(text, start, number) else { continue };
        match at(text, start..end, qualifier, unit) {
            Ok(pulled) => return Ok(pulled),
            Err((depth, error)) if depth > told.0 => told = (depth, error),
            Err(_) => {}
        }
    }
    Err(told.1)
}

/// The figure whose number stands here; else how far it came, and what is wrong.
fn at(text: &str, number: Range<usize>, qualifier: &str, unit: &str) -> Result<Pulled, (u8, FigureError)> {
    let words = &text[number.clone()];
    let after = skip(text, number.end);
    let whole = grown(text, &number);
    if whole != number {
        let error = FigureError::Part { number: words.to_owned(), whole: text[whole].to_owned() };
        return Err((1, error));
    }
    let unit = if unit.is_empty() {
        number.end..number.end
    } else {
        match follow(text, after, unit) {
            Some(end) if !cuts(text, end) => after..end,
            _ => {
                let error = FigureError::Unit {
                    number: words.to_owned(),
                    unit: unit.to_owned(),
                    follows: shown(&text[after..]),
                };
                return Err((2, error));
            }
        }
    };
    let before = text[..number.start].trim_end();
    let stands = qualifier_before(&text[..number.start]);
    let given = if qualifier.is_empty() {
        None
    } else {
        // It ends right before the number, so it begins where the rest of the text before it is just it.
        let from = before.char_indices().rev().map(|(i, _)| i).take(2 * qualifier.chars().count() + 8);
        let found = from.into_iter().find(|&i| {
            let begins = !cuts(text, i) || i == 0;
            begins && follow(before, i, qualifier) == Some(before.len())
        });
        let Some(start) = found else {
            let error = FigureError::Qualifier { number: words.to_owned(), qualifier: qualifier.to_owned() };
            return Err((3, error));
        };
        Some(start..before.len())
    };
    // `no more than` with its `no` left out says the contrary.
    if let Some(stands) = stands
        && given.as_ref().is_none_or(|given| stands.start < given.start)
    {
        let error = FigureError::Dropped { number: words.to_owned(), qualifier: text[stands].to_owned() };
        return Err((4, error));
    }
    Ok(Pulled { qualifier: given, number, unit })
}

/// Where `words` end if they stand at `start`; blanks, case and apostrophes folded.
fn follow(text: &str, start: usize, words: &str) -> Option<usize> {
    let mut at = start;
    let mut wanted = words.chars().peekable();
    while let Some(want) = wanted.next() {
        if want.is_whitespace() {
            while wanted.next_if(|c| c.is_whitespace()).is_some() {}
            let next = skip(text, at);
            if next == at {
                return None;
            }
            at = next;
            continue;
        }
        let c = text[at..].chars().next()?;
        let same =
            c == want || is_apostrophe(c) && is_apostrophe(want) || c.to_lowercase().eq(want.to_lowercase());
        if !same {
            return None;
        }
        at += c.len_utf8();
    }
    Some(at)
}

fn skip(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start().len()
}

/// Whether a cut here would go through a word. Chinese has no such seams that letters could tell.
fn cuts(text: &str, at: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_hanzi(c));
    inside(text[..at].chars().next_back()) && inside(text[at..].chars().next())
}

/// The number with what is glued to it and belongs to it: more digits, a % sign, a name's letters.
fn grown(text: &str, number: &Range<usize>) -> Range<usize> {
    let glues =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '０'..='９' | '$' | '€' | '£' | '¥' | '￥');
    let mut start = number.start;
    while let Some(c) = text[..start].chars().next_back().filter(|_| number.start - start < GROWN) {
        let mut far = text[..start].chars().rev().skip(1);
        // A point, comma, hyphen or colon between letters or digits is inside.
        let inside = matches!(c, '.' | ',' | '-' | '–' | ':' | '/')
            && far.next().is_some_and(|c| c.is_ascii_alphanumeric());
        // A minus.
        let minus = matches!(c, '-' | '−' | '±')
            && text[..start - c.len_utf8()].chars().next_back().is_none_or(char::is_whitespace);
        if !(glues(c) || inside || minus) {
            break;
        }
        start -= c.len_utf8();
    }
    let mut end = number.end;
    while let Some(c) = text[end..].chars().next().filter(|_| end - number.end < GROWN) {
        let far = text[end + c.len_utf8()..].chars().next();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let inside = matches!(c, '.' | ',' | '-' | '–' | ':' | '/') && digit(far);
        // Letters may be a unit: `5km`; ordinals are not.
        let ordinal =
            ["st", "nd", "rd", "th"].iter().any(|s| text[end..].starts_with(s) && !cuts(text, end + 2));
        if ordinal {
            end += 2;
            break;
        }
        if !(c.is_numeric() || matches!(c, '%' | '％' | '‰') || inside) {
            break;
        }
        end += c.len_utf8();
    }
    start..end
}

fn shown(text: &str) -> String {
    let head = super::number::head(text, SHOWN);
    if head.len() == text.len() {
        return head.trim_end().to_owned();
    }
    // Not in the middle of a word.
    let end = head.rfind(char::is_whitespace).unwrap_or(head.len());
    format!("{} …", head[..end].trim_end())
}
