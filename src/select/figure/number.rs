//! The numbers that stand in a text by themselves: no part of a name, a code, a time, a phone number.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::lang::is_hanzi;

/// A number as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// With its sign, currency and % sign.
    pub range: Range<usize>,
    /// Has a % or ‰ sign.
    pub percent: bool,
    /// Has a currency sign or code before it.
    pub currency: bool,
    /// `5–10`.
    pub span: bool,
    /// Four bare digits from 1000 to 2199: may be a year.
    pub maybe_year: bool,
    /// One or two bare digits: may be a day or an hour.
    pub maybe_day: bool,
    /// Exactly one: its unit stands in the singular.
    pub one: bool,
}

/// `cur` sign `a` (`-b`) %.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let figure =
        r"(?:[0-9]{1,3}(?:[,\x{a0}\x{2009}\x{202f}][0-9]{3})+|[0-9０-９]+)(?:[.．][0-9０-９]+)?|\.[0-9]+";
    let currency = r"(?:US|HK|NT|[ACSR])?\$|[€£¥￥₹₩]";
    let percent = r"(?:[ \x{a0}]?[%％‰])?";
    let pattern = format!(
        r"(?P<before>(?:{currency})?[-−+±]?|[-−+±](?:{currency}))(?P<a>{figure})(?P<pa>{percent})(?:[-–~～](?P<b>{figure})(?P<pb>{percent}))?\+?"
    );
    Regex::new(&pattern).expect("the pattern is well formed")
});

/// Currencies written before the number with a blank.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?-u:\b)(?:RMB|CNY|USD|EUR|GBP|HKD|JPY|INR|AUD|CAD) ?$";
    Regex::new(pattern).expect("the pattern is well formed")
});

/// Signs of units that may stand glued to the number; case tells `5g` from `5G`.
const SYMBOLS: &[&str] = &[
    "km", "m", "cm", "mm", "nm", "μm", "µm", "kg", "g", "mg", "μg", "µg", "t", "kW", "MW", "GW", "TW", "kWh",
    "MWh", "GWh", "TWh", "kV", "V", "W", "Hz", "kHz", "MHz", "GHz", "kB", "MB", "GB", "TB", "PB", "ml", "mL",
    "L", "ha", "bn", "mn", "tn", "mph", "km2", "km3", "m2", "m3", "Mbps", "Gbps", "dB", "hPa", "kPa", "km²",
    "km³", "m²", "m³", "cm²", "cm³",
];

/// `km`, `μg/m³`.
pub(super) fn is_symbol(word: &str) -> bool {
    let (unit, per) = word.split_once('/').map_or((word, None), |(unit, per)| (unit, Some(per)));
    SYMBOLS.contains(&unit) && per.is_none_or(|per| matches!(per, "h" | "s" | "d") || SYMBOLS.contains(&per))
}

/// Bytes of the letters, digits and raised digits that `text` begins with, `/` inside included.
pub(super) fn symbol_len(text: &str) -> usize {
    let end = text.char_indices().find(|&(i, c)| {
        let slash = c == '/' && text[i + 1..].starts_with(char::is_alphabetic);
        !(c.is_alphanumeric() && !is_hanzi(c) || slash)
    });
    end.map_or(text.len(), |(i, _)| i)
}

/// All numbers of a text that stand by themselves, in order.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    NUMBER.captures_iter(text).filter_map(|captures| number(text, &captures)).collect()
}

fn number(text: &str, captures: &regex::Captures) -> Option<Number> {
    let mut range = captures.get(0)?.range();
    let a = captures.name("a")?;
    let before = captures.name("before").map_or("", |m| m.as_str());
    let has = |name: &str| captures.name(name).is_some_and(|m| !m.is_empty());
    let percent = has("pa") || has("pb");
    let mut currency = before.contains(|c: char| !matches!(c, '-' | '−' | '+' | '±'));
    if !stands(text, &range) {
        return None;
    }
    if before.is_empty()
        && let Some(code) = CODE.find(tail(&text[..range.start], 8))
    {
        range.start -= code.len();
        currency = true;
    }
    let digits = plain(a.as_str());
    let span = match captures.name("b") {
        None => false,
        // `555-1234`, `2023-24`: only what rises is a span.
        Some(b) => {
            let b = plain(b.as_str());
            let (low, high): (f64, f64) = (digits.parse().ok()?, b.parse().ok()?);
            if low >= high || leads_with_nought(&b) {
                return None;
            }
            true
        }
    };
    let bare = digits.bytes().all(|b| b.is_ascii_digit()) && a.as_str().chars().all(char::is_numeric);
    // 007, and what nobody would say without a separator: ids, phone numbers.
    if leads_with_nought(&digits) || bare && digits.len() > 7 {
        return None;
    }
    let counted = bare && !percent && !currency;
    Some(Number {
        range,
        percent,
        currency,
        span,
        maybe_year: counted && digits.len() == 4 && ("1000".."2200").contains(&digits.as_str()),
        maybe_day: counted && digits.len() <= 2,
        one: counted && !span && digits == "1",
    })
}

/// Without separators, in ASCII.
fn plain(digits: &str) -> String {
    digits
        .chars()
        .filter_map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
            '．' => Some('.'),
            c if c.is_ascii_digit() || c == '.' => Some(c),
            _ => None,
        })
        .collect()
}

fn leads_with_nought(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.")
}

/// Whether nothing is glued to the number that makes it a part of something else.
fn stands(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_hanzi(c));
    let mut back = before.chars().rev();
    let (last, last_but_one) = (back.next(), back.next());
    let free_before = match last {
        None => true,
        Some(' ' | '\u{a0}') => !digit(last_but_one), // `010 8888 9999`
        Some(',' | ';' | ':' | '-' | '–') => !letter(last_but_one),
        Some('/' | '_' | '.' | '．' | '#' | '@' | '=' | '&' | '*' | '^' | '\\' | '%' | '’' | '×' | '+') => {
            false
        }
        Some(c) => is_hanzi(c) || !c.is_alphanumeric(),
    };
    let mut ahead = after.chars();
    let (next, next_but_one) = (ahead.next(), ahead.next());
    let free_after = match next {
        None => true,
        Some(' ' | '\u{a0}') => !digit(next_but_one),
        Some('.' | ',' | '．') => !letter(next_but_one),
        // 8-inch, 7:30, 3/4, 1990’s
        Some('-' | '–' | '/' | ':' | '：' | '_' | '@' | '#' | '=' | '\\' | '\'' | '’') => {
            !letter(next_but_one)
        }
        Some('×' | '*' | '^' | '÷' | '%') => false,
        Some(c) if is_hanzi(c) => true,
        Some(c) if c.is_alphanumeric() => is_symbol(&after[..symbol_len(after)]),
        Some(_) => true,
    };
    free_before && free_after
}

/// Bytes of a degree sign with its letter, if `text` begins with one.
pub(super) fn degree_len(text: &str) -> usize {
    let Some(sign) = text.chars().next().filter(|c| matches!(c, '°' | '℃' | '℉')) else { return 0 };
    let mut rest = text[sign.len_utf8()..].chars();
    let letter =
        matches!(rest.next(), Some('C' | 'F')) && !rest.next().is_some_and(|c| c.is_ascii_alphanumeric());
    sign.len_utf8() + usize::from(letter)
}

/// The last bytes of a text, `most` of them or a few less: patterns that end at its end need no more.
pub(super) fn tail(text: &str, most: usize) -> &str {
    let from = text.len().saturating_sub(most);
    let from = (from..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    &text[from..]
}

/// The first bytes of a text, `most` of them or a few less.
pub(super) fn head(text: &str, most: usize) -> &str {
    let to = text.len().min(most);
    let to = (0..=to).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_number_by_itself() {
        for (text, expected) in [
            ("37 and 1,460, 0.015 or 80%.", &["37", "1,460", "0.015", "80%"][..]),
            ("$3.2 billion, US$5, €7.5, RMB 5 billion", &["$3.2", "US$5", "€7.5", "RMB 5"]),
            ("-5 degrees, −3, +2.1%, ±3%", &["-5", "−3", "+2.1%", "±3%"]),
            ("5-10 percent, 5%–10%, 37～40微克", &["5-10", "5%–10%", "37～40"]),
            ("100+ towns, 80 % of it", &["100+", "80 %"]),
            ("增长３．５％，PM2.5为37微克", &["３．５％", "37"]),
            ("5km of road, 37μg/m³, 30GW", &["5", "37", "30"]),
            ("PM2.5, A4, 2A, G20, 5G, COVID-19, F-16, 3D, 1990s, 17th, v2.0", &[]),
            ("8-inch, 7:30, 9/11, 3:1, 2.0.1, 1234-555, 2023-24, 24/7, #5", &[]),
            ("010 8888 9999, 12345678, 007, a@5.com, 7×24, 5½", &[]),
        ] {
            let found: Vec<_> = numbers(text).into_iter().map(|n| &text[n.range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn ends_of_a_text() {
        assert_eq!((tail("山西", 4), head("山西", 4), tail("ab", 9)), ("西", "山", "ab"));
    }
}
