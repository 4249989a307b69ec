//! Finding calendar days in running text.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

/// A day, its year perhaps untold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Day {
    /// The date, where the year is told.
    pub(super) fn full(self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok()
    }

    /// The date in its own year, else the last such day up to `latest`.
    pub(super) fn not_after(self, latest: Date) -> Option<Date> {
        self.full().or_else(|| {
            let in_year = |year| Date::new(year, self.month, self.day).ok().filter(|d| *d <= latest);
            in_year(latest.year()).or_else(|| in_year(latest.year() - 1))
        })
    }
}

/// A day and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Byte range in the text.
    pub range: Range<usize>,
    /// The day.
    pub day: Day,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const MONTH: &str = r"(?P<m>(?i-u:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))\b\.?";

/// A way to write a day, and what a text has that may have it: most texts need few of the patterns, and the first of
/// each costs its compilation.
struct Way {
    may_be_in: fn(&str) -> bool,
    pattern: LazyLock<Regex>,
}

/// The ways to write a day. A numeric month before a day is taken only where nothing else can be meant: see [`read`].
static SHAPES: [Way; 6] = [
    Way {
        may_be_in: has_digit,
        pattern: LazyLock::new(|| {
            compiled(&format!(
                r"\b{MONTH}\s+(?P<d>[0-9]{{1,2}})(?i-u:st|nd|rd|th)?\b(?:\s*,?\s+(?P<y>[12][0-9]{{3}})\b)?"
            ))
        }),
    },
    Way {
        may_be_in: has_digit,
        pattern: LazyLock::new(|| {
            compiled(&format!(
                r"\b(?P<d>[0-9]{{1,2}})(?i-u:st|nd|rd|th)?\s+(?:(?i-u:of)\s+)?{MONTH}(?:,?\s+(?P<y>[12][0-9]{{3}})\b)?"
            ))
        }),
    },
    Way {
        may_be_in: has_parted_digits,
        pattern: LazyLock::new(|| {
            compiled(
                r"\b(?P<y>[12][0-9]{3})(?:-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})|/(?P<m2>[0-9]{1,2})/(?P<d2>[0-9]{1,2})|\.(?P<m3>[0-9]{1,2})\.(?P<d3>[0-9]{1,2}))\b",
            )
        }),
    },
    Way {
        may_be_in: has_hanzi_month,
        pattern: LazyLock::new(|| {
            compiled(r"(?:(?P<y>[12][0-9]{3})\s*年\s*)?(?P<m>[0-9]{1,2})\s*月\s*(?P<d>[0-9]{1,2})\s*[日号]")
        }),
    },
    Way {
        may_be_in: has_hanzi_month,
        pattern: LazyLock::new(|| {
            compiled(
                r"(?:(?P<y>[〇○零一二三四五六七八九]{4})年)?(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日",
            )
        }),
    },
    Way {
        may_be_in: has_parted_digits,
        pattern: LazyLock::new(|| {
            compiled(
                r"(?i)\b(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})/(?P<y>[12][0-9]{3})\b(?P<us>[\s,]+[0-9]{1,2}:[0-9]{2}\s*[ap]\.?m\.?\s+[ECMP][DS]?T\b)?",
            )
        }),
    },
];

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are constant and tested")
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Digits on both sides of a hyphen, a stroke or a point.
fn has_parted_digits(text: &str) -> bool {
    let parted = |w: &[u8]| w[0].is_ascii_digit() && b"-/.".contains(&w[1]) && w[2].is_ascii_digit();
    text.as_bytes().windows(3).any(parted)
}

fn has_hanzi_month(text: &str) -> bool {
    text.contains('月')
}

/// The days that a text names, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for way in SHAPES.iter().filter(|way| (way.may_be_in)(text)) {
        for captures in way.pattern.captures_iter(text) {
            if let Some(day) = read(&captures) {
                found.push(Found { range: captures.get_match().range(), day });
            }
        }
    }
    // "15 May 2024" is also "May 20"-something to another shape: of two that overlap, the longer one is meant.
    found.sort_by_key(|f| (f.range.start, std::cmp::Reverse(f.range.end)));
    let mut kept: Vec<Found> = Vec::new();
    for f in found {
        match kept.last_mut() {
            Some(last) if f.range.start < last.range.end => {
                if f.range.len() > last.range.len() {
                    *last = f;
                }
            }
            _ => kept.push(f),
        }
    }
    kept
}

fn read(captures: &Captures<'_>) -> Option<Day> {
    let group = |names: &[&str]| names.iter().find_map(|name| captures.name(name)).map(|m| m.as_str());
    let year = match group(&["y"]) {
        Some(y) => Some(i16::try_from(number(y)?).ok()?),
        None => None,
    };
    let (month, day) = if let (Some(a), Some(b)) = (group(&["a"]), group(&["b"])) {
        // 10/11/2022 is November to most of the world and October to Americans: only what is out of doubt is taken.
        let (a, b) = (number(a)?, number(b)?);
        match (a, b) {
            _ if a == b || b > 12 || captures.name("us").is_some() => (a, b),
            _ if a > 12 => (b, a),
            _ => return None,
        }
    } else {
        (month(group(&["m", "m2", "m3"])?)?, number(group(&["d", "d2", "d3"])?)?)
    };
    let day = Day { year, month: i8::try_from(month).ok()?, day: i8::try_from(day).ok()? };
    // A leap year stands in for one that is not told.
    Date::new(year.unwrap_or(2024), day.month, day.day).ok().map(|_| day)
}

fn month(word: &str) -> Option<u32> {
    number(word).or_else(|| {
        let short = word.get(..3)?.to_ascii_lowercase();
        MONTHS.iter().position(|m| *m == short).and_then(|n| u32::try_from(n + 1).ok())
    })
}

/// A number in digits or hanzi (五, 十五, 三十一, 二〇二四).
fn number(digits: &str) -> Option<u32> {
    if let Ok(n) = digits.parse() {
        return Some(n);
    }
    let value = |c| match c {
        '○' | '零' => Some(0),
        _ => "〇一二三四五六七八九".chars().zip(0..).find(|(d, _)| *d == c).map(|(_, n)| n),
    };
    if let Some((tens, ones)) = digits.split_once('十') {
        let part = |s: &str, none| if s.is_empty() { Some(none) } else { s.chars().next().and_then(value) };
        return Some(part(tens, 1)? * 10 + part(ones, 0)?);
    }
    digits.chars().try_fold(0_u32, |sum, c| Some(sum * 10 + value(c)?))
}

/// A weekday, a time of day, a time zone, and the marks between them: what may stand beside a date on its own line.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?: [\s,，.;|·()（）–—-]+ | (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?
        | (?:星期|周)[一二三四五六日天] | [0-9]{1,2}[:：.][0-9]{2}(?::[0-9]{2})? | [0-9]{1,2}\s*[ap]\.?m\.? | [ap]\.?m\.?
        | [上下]午 | [0-9]{1,2}[时点](?:[0-9]{1,2}分|半|整)? | (?:local|beijing)\ time | 北京时间
        | (?:[ECMP][DS]?T|GMT|UTC|CES?T|BST)\b | (?:at|on|date|时间|日期|[:：])+ )*$",
    )
    .expect("the pattern is constant and tested")
});

/// Whether nothing but weekdays, times and marks is in a text.
pub(super) fn is_time_only(text: &str) -> bool {
    BESIDE.is_match(text)
}

/// The day of a line that is a date and nothing else but weekday, time and marks.
pub(super) fn alone(line: &str) -> Option<Day> {
    // No date with all that may stand beside it is longer.
    if line.len() > 120 {
        return None;
    }
    let found = find(line);
    let [only] = &found[..] else { return None };
    let rest = format!("{} {}", &line[..only.range.start], &line[only.range.end..]);
    is_time_only(&rest).then_some(only.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Vec<String> {
        find(text)
            .iter()
            .map(|f| f.day.full().map_or_else(|| format!("{}-{}", f.day.month, f.day.day), |d| d.to_string()))
            .collect()
    }

    #[test]
    fn every_way_to_write_a_day() {
        for text in [
            "May 15, 2024",
            "may 15th 2024",
            "15 May 2024",
            "the 15th of May, 2024",
            "2024-05-15",
            "2024/5/15",
            "2024.05.15",
            "2024年5月15日",
            "2024 年 05 月 15 日",
            "二〇二四年五月十五日",
            "5/15/2024",
            "15/5/2024",
        ] {
            assert_eq!(days(text), ["2024-05-15"], "{text}");
        }
        assert_eq!(days("10/11/2022 07:54 PM EDT"), ["2022-10-11"]);
        assert_eq!(days("10/11/2022"), [""; 0]);
        assert_eq!(days("on May 15 and 5月16日, Sept. 3"), ["5-15", "5-16", "9-3"]);
        assert_eq!(days("February 31, 2024; they may 15"), ["5-15"]);
        assert_eq!(days("三十一 十月三十一日 二月三十日"), ["10-31"]);
    }

    #[test]
    fn a_date_alone() {
        for line in [
            "May 15, 2024",
            "Wednesday, May 15, 2024, 10 a.m.",
            "2024年5月15日（星期三）上午10时",
            "10/15/2022 07:54 PM EDT",
        ] {
            assert!(alone(line).is_some(), "{line}");
        }
        assert!(alone("It began on May 15, 2024").is_none());
        assert!(alone("May 15, 2024 – May 17, 2024").is_none());
        assert!(is_time_only("2:39 p.m. EDT"));
        assert!(!is_time_only("2:39 Uhr"));
    }

    #[test]
    fn a_day_without_year_is_the_last_one() {
        let day = |text: &str| find(text)[0].day;
        let published = Date::constant(2024, 1, 3);
        assert_eq!(day("on December 20").not_after(published), Some(Date::constant(2023, 12, 20)));
        assert_eq!(day("on January 3").not_after(published), Some(published));
    }
}
