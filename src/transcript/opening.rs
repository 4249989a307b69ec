//! How a line may open a turn: every way in which documents set a label apart from the words.
//!
//! An opening is only a candidate. Which of them are labels is judged over the whole document, in [`super::label`].

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::roster::split_honorific;
use crate::lang::is_hanzi;

/// What parts a label from the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    /// `Name:`, `Name：`
    Colon,
    /// `Q` or `A` without a colon, `问）`
    Letter,
    /// `Mr. NAME.`, `President. –`
    Stop,
    /// `【记者】`, `(Reporter)`
    Bracket,
    /// `○大臣　`
    Bullet,
    /// Bold, or in an element of its own
    Bold,
    /// The whole line, nothing after it
    Line,
    /// What `--label` asks for
    Asked,
}

impl Mark {
    /// All of them.
    pub(super) const ALL: [Self; 8] = [
        Self::Colon,
        Self::Letter,
        Self::Stop,
        Self::Bracket,
        Self::Bullet,
        Self::Bold,
        Self::Line,
        Self::Asked,
    ];

    /// What it looks like, for people.
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Colon => "`Name:`",
            Self::Letter => "`Q` or `A` and a blank",
            Self::Stop => "`Mr. NAME.` with a full stop",
            Self::Bracket => "`【Name】` in brackets",
            Self::Bullet => "`○Name` after a mark",
            Self::Bold => "the name in bold",
            Self::Line => "the name on a line of its own, no colon",
            Self::Asked => "as `--label` says",
        }
    }
}

/// The beginning of a line that may be a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    /// Byte range of the name in the line.
    pub label: Range<usize>,
    /// Where the words begin.
    pub rest: usize,
    /// What parts them.
    pub mark: Mark,
    /// A time stands beside it.
    pub stamped: bool,
}

/// Longest label, in bytes: a name with firm and title, in hanzi some thirty.
const LONGEST: usize = 120;

/// Longest line that is a label as a whole, in bytes.
const LONGEST_LINE: usize = 110;

/// Reads the beginning of a line; `bold` bytes of it are bold.
pub(super) fn opening(line: &str, bold: usize) -> Option<Opening> {
    let (at, stamped, dashed) = lead(line);
    let rest = &line[at..];
    let first = rest.chars().next()?;
    let found = if dashed {
        colon(rest)
    } else if let Some(found) = bracket(rest, first).or_else(|| bullet(rest, first)) {
        Some(found)
    } else {
        letter(rest, first).or_else(|| colon(rest)).or_else(|| stop(rest, first))
    };
    let found = found.or_else(|| {
        let bold = bold.saturating_sub(at);
        (!dashed).then(|| in_bold(rest, bold).or_else(|| own_line(rest))).flatten()
    })?;
    Some(Opening {
        label: found.label.start + at..found.label.end + at,
        rest: found.rest + at,
        mark: found.mark,
        stamped: stamped || found.stamped,
    })
}

fn plain(label: Range<usize>, rest: usize, mark: Mark) -> Opening {
    Opening { label, rest, mark, stamped: false }
}

/// Bytes before the label: `>>`, a time, a dash; whether there is a time; whether there is a dash.
fn lead(line: &str) -> (usize, bool, bool) {
    let mut at = 0;
    let (mut stamped, mut dashed) = (false, false);
    loop {
        let rest = &line[at..];
        let white = rest.len() - rest.trim_start().len();
        let bare = &rest[white..];
        let arrows = bare.bytes().take_while(|b| *b == b'>').count();
        let stamp = if stamped { 0 } else { stamp_len(bare) };
        if arrows >= 2 {
            at += white + arrows;
        } else if stamp > 0 && stamp < bare.len() {
            at += white + stamp;
            stamped = true;
            // `00:12 - Name:`
            let after = line[at..].trim_start();
            if let Some(dash) = ["- ", "– ", "— ", "| "].iter().find(|d| after.starts_with(**d)) {
                at = line.len() - after.len() + dash.len();
            }
        } else if at == 0 && number_len(bare) > 0 {
            at += white + number_len(bare);
        } else if !dashed
            && let Some(dash) = ["- ", "– ", "— ", "• ", "* "].iter().find(|d| bare.starts_with(**d))
        {
            at += white + dash.len();
            dashed = true;
        } else {
            return (at + white, stamped, dashed);
        }
    }
}

/// Length of the number of a question on a paper: `1. `, `T12. `; 0 where there is none.
fn number_len(text: &str) -> usize {
    let letter = usize::from(text.starts_with(['T', 'Q']));
    let digits = text.bytes().skip(letter).take(4).take_while(u8::is_ascii_digit).count();
    let end = letter + digits;
    let goes_on = text[end..].strip_prefix(". ").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    if (1..=3).contains(&digits) && goes_on { end + 2 } else { 0 }
}

/// Length of the time that a text begins with: `00:12`, `[01:02:03]`, `(02:03.4)`; 0 where it begins with none.
pub(super) fn stamp_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let open = usize::from(matches!(bytes.first(), Some(b'[' | b'(')));
    let mut at = open;
    let mut groups = 0;
    loop {
        let digits = bytes[at.min(bytes.len())..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 2 {
            break;
        }
        at += digits;
        groups += 1;
        if bytes.get(at) != Some(&b':') {
            break;
        }
        at += 1;
    }
    if !(2..=4).contains(&groups) || bytes.get(at - 1) == Some(&b':') {
        return 0;
    }
    if let Some(b'.' | b',') = bytes.get(at) {
        let digits = bytes[at + 1..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        at += if digits > 0 { digits + 1 } else { 0 };
    }
    let closed = matches!(bytes.get(at), Some(b']' | b')'));
    if open == 1 {
        return if closed { at + 1 } else { 0 };
    }
    // A word goes on: `10:30am`, `1:2-majority`.
    match text[at..].chars().next() {
        None => at,
        Some(c) if c.is_whitespace() => at,
        _ => 0,
    }
}

/// The label without a time at its end.
fn without_stamp(label: &str) -> (&str, bool) {
    let bare = label.trim_end();
    let cut = bare.rfind(|c: char| c.is_whitespace() || matches!(c, '[' | '(')).unwrap_or(0);
    let from = if bare[cut..].starts_with(['[', '(']) {
        cut
    } else {
        cut + bare[cut..].chars().next().map_or(0, char::len_utf8)
    };
    if cut > 0 && stamp_len(&bare[from..]) == bare.len() - from {
        (bare[..cut].trim_end().trim_end_matches(['-', '–', '—', '|', '·']).trim_end(), true)
    } else {
        (bare, false)
    }
}

/// `Name:`
fn colon(line: &str) -> Option<Opening> {
    let first = line.chars().next()?;
    if !(first.is_alphabetic() || matches!(first, '[' | '【' | '(' | '（' | '"')) {
        return None;
    }
    let bytes = line.as_bytes();
    let head = &bytes[..bytes.len().min(LONGEST)];
    let digit = |n: usize| bytes.get(n).is_some_and(u8::is_ascii_digit);
    let at = (1..head.len()).find(|&n| {
        (head[n] == b':' && !(digit(n - 1) && digit(n + 1))) || bytes[n..].starts_with("：".as_bytes())
    })?;
    // `Mme NAME. – En 2034 : promis.` has its mark before the colon.
    if DASHED.iter().any(|mark| line[..at].contains(mark)) {
        return None;
    }
    let colon = if bytes[at] == b':' { 1 } else { 3 };
    let mut rest = at + colon;
    let after = &line[rest..];
    // An ASCII colon with a word right after it is a time, a ratio or an address.
    let parted = colon == 3
        || after.is_empty()
        || after.starts_with(|c: char| {
            c.is_whitespace() || is_hanzi(c) || matches!(c, '“' | '"' | '《' | '\u{3040}'..='\u{30FF}')
        });
    if !parted {
        return None;
    }
    // `Name: 00:12:03` and nothing else.
    let behind = after.trim();
    let mut stamped = !behind.is_empty() && stamp_len(behind) == behind.len();
    if stamped {
        rest = line.len();
    }
    let (label, with_stamp) = without_stamp(&line[..at]);
    stamped |= with_stamp;
    (!label.is_empty()).then_some(Opening { label: 0..label.len(), rest, mark: Mark::Colon, stamped })
}

/// `Q    Is it true?`, `A.  Yes.`, `问）`
fn letter(line: &str, first: char) -> Option<Opening> {
    if !matches!(first, 'Q' | 'A' | 'Ｑ' | 'Ａ' | '问' | '答' | '問') {
        return None;
    }
    let digits = line[first.len_utf8()..].bytes().take(2).take_while(u8::is_ascii_digit).count();
    let end = first.len_utf8() + digits;
    let after = &line[end..];
    let label = || 0..end;
    if after.is_empty() {
        return Some(plain(label(), end, Mark::Letter));
    }
    if let Some(mark) = ['.', ')', '）', '、', '．'].iter().find(|m| after.starts_with(**m)) {
        let rest = end + mark.len_utf8();
        let goes_on =
            line[rest..].chars().next().is_none_or(|c| c.is_whitespace() || is_hanzi(c) || !c.is_ascii());
        return goes_on.then(|| plain(label(), rest, Mark::Letter));
    }
    let white = after.len() - after.trim_start().len();
    let wide = after[..white].chars().count() >= 2 || after.starts_with(['\t', '\u{A0}', '\u{3000}']);
    // One blank is enough for `Q`, where a sentence begins after it; `A` is an article.
    let next = after[white..].chars().next();
    let sentence = next.is_some_and(|c| {
        c.is_uppercase() || matches!(c, '(' | '[' | '“' | '"' | '…' | '—' | '\\') || !c.is_ascii()
    });
    let asks = first != 'A' && white > 0 && sentence;
    (wide || asks).then(|| plain(label(), end, Mark::Letter))
}

/// Titles before a name, beside the honorifics.
const BEFORE_NAMES: [&str; 20] = [
    "Senator",
    "Chairman",
    "Chairwoman",
    "Chairperson",
    "Chair",
    "Representative",
    "Secretary",
    "General",
    "Admiral",
    "Ambassador",
    "Governor",
    "Judge",
    "Justice",
    "Director",
    "President",
    "Speaker",
    "Commissioner",
    "Colonel",
    "Mayor",
    "Delegate",
];

/// A full stop and a dash: the sure form, whatever the name looks like.
const DASHED: [&str; 4] = [". – ", ". — ", ".\u{A0}– ", ". - "];

/// `Mr. NAME. `, `The PRESIDING OFFICER. `, `President. – `
fn stop(line: &str, first: char) -> Option<Opening> {
    if !first.is_uppercase() {
        return None;
    }
    let mut end = line.len().min(LONGEST);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let head = &line[..end];
    // `. –`: the sure form, whatever the name looks like.
    if let Some(at) = DASHED.iter().filter_map(|m| head.find(m)).min()
        && !head[..at].contains(['?', '!', ';'])
    {
        let rest = at + 1 + line[at + 1..].find(['–', '—', '-']).unwrap_or(0);
        let rest = rest + line[rest..].chars().next().map_or(0, char::len_utf8);
        return Some(plain(0..at, rest, Mark::Stop));
    }
    let mut at = 0;
    for (n, word) in head.split(' ').enumerate().take(9) {
        let until = at + word.len();
        at = until + 1;
        let Some(bare) = word.strip_suffix('.') else { continue };
        // The full stop of an honorific or of an initial.
        let short = split_honorific(&format!("{word} X")).0.is_some()
            || bare.chars().count() == 1
            || matches!(bare, "Jr" | "Sr" | "St");
        if short {
            continue;
        }
        let label = &line[..until - 1];
        let mut words = label.split(' ');
        let opener = words.next()?;
        let honorific = split_honorific(label).0.is_some() && !label.starts_with("The ");
        let titled = opener == "The" || honorific || BEFORE_NAMES.contains(&opener);
        let capitals = !label.chars().any(char::is_lowercase)
            && label.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        if label.contains([',', ';', '(']) {
            return None;
        }
        let after = &line[until..];
        let goes_on = after.is_empty() || after.starts_with(char::is_whitespace);
        let several = n > 0 || capitals;
        return (goes_on && several && (titled || capitals)).then(|| plain(0..until - 1, until, Mark::Stop));
    }
    None
}

/// Brackets that may hold a name, and what closes them.
fn closing(open: char) -> Option<char> {
    Some(match open {
        '【' => '】',
        '［' => '］',
        '〔' => '〕',
        '[' => ']',
        '（' => '）',
        '(' => ')',
        '＜' => '＞',
        '<' => '>',
        '〈' => '〉',
        _ => return None,
    })
}

/// `【记者】words`
fn bracket(line: &str, first: char) -> Option<Opening> {
    let close = closing(first)?;
    let start = first.len_utf8();
    let end = start + line[start..].char_indices().take(60).find(|(_, c)| *c == close)?.0;
    let inside = line[start..end].trim();
    let rest = end + close.len_utf8();
    let after = line[rest..].trim_start();
    let named =
        inside.chars().any(char::is_alphabetic) && !inside.contains(['。', '.', '!', '?', '！', '？', ':']);
    // With a colon after it the brackets are part of a label of that kind.
    if !named || after.starts_with([':', '：']) || super::aside::is_direction(inside) {
        return None;
    }
    let from = start + line[start..end].find(inside)?;
    Some(plain(from..from + inside.len(), rest, Mark::Bracket))
}

/// `○大臣　words`
fn bullet(line: &str, first: char) -> Option<Opening> {
    if !matches!(
        first,
        '○' | '◯'
            | '〇'
            | '●'
            | '◎'
            | '◆'
            | '◇'
            | '■'
            | '□'
            | '▲'
            | '△'
            | '▼'
            | '▽'
            | '★'
            | '☆'
    ) {
        return None;
    }
    let start =
        first.len_utf8() + (line[first.len_utf8()..].len() - line[first.len_utf8()..].trim_start().len());
    let mut depth = 0_u32;
    for (at, c) in line[start..].char_indices().take(48) {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            '　' | ' ' | '：' | ':' if depth == 0 && at > 0 => {
                return Some(plain(start..start + at, start + at + c.len_utf8(), Mark::Bullet));
            }
            _ => {}
        }
    }
    None
}

/// A name in bold before the words.
fn in_bold(line: &str, bold: usize) -> Option<Opening> {
    if bold == 0 || bold >= line.len() || bold > LONGEST || !line.is_char_boundary(bold) {
        return None;
    }
    let (label, stamped) = without_stamp(&line[..bold]);
    let label = label.trim_end_matches(['.', '-', '–', '—', '|']).trim_end();
    label.starts_with(char::is_alphabetic).then_some(Opening {
        label: 0..label.len(),
        rest: bold,
        mark: Mark::Bold,
        stamped,
    })
}

/// Only a name, perhaps with a role or a time behind it.
fn own_line(line: &str) -> Option<Opening> {
    if line.len() > LONGEST_LINE || !line.starts_with(char::is_alphabetic) {
        return None;
    }
    let (label, stamped) = without_stamp(line);
    let abbreviated = ["Jr.", "Sr.", "Inc.", "Ltd.", "Corp.", "Co."].iter().any(|end| label.ends_with(end));
    let closed = label.ends_with(|c: char| {
        matches!(
            c,
            '.' | '!' | '?' | ',' | ';' | ':' | '"' | '”' | '。' | '！' | '？' | '，' | '；' | '、' | '…'
        )
    });
    (!label.is_empty() && (!closed || abbreviated)).then_some(Opening {
        label: 0..label.len(),
        rest: line.len(),
        mark: Mark::Line,
        stamped,
    })
}

/// A name, then a role: `Zhou Lan - Chief Executive`, `Zhou Lan -- Linhe Capital -- Analyst`, `Zhou Lan (Linhe)`.
static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<name>[^,，(（–—-][^,，(（]*?)(?:\s+(?:-{1,2}|–|—|\|)\s+|\s*[,，]\s*)(?P<role>\S.*)$")
        .expect("the pattern is constant and tested")
});

/// The name and the role of a label.
pub(super) fn titled(label: &str) -> Option<(&str, &str)> {
    if !label.contains([',', '，', '-', '–', '—', '|']) {
        return None;
    }
    let found = TITLED.captures(label)?;
    Some((found.name("name")?.as_str().trim_end(), found.name("role")?.as_str().trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> Option<(&str, &str, Mark)> {
        let found = opening(line, 0)?;
        Some((&line[found.label], line[found.rest..].trim(), found.mark))
    }

    #[test]
    fn each_way_to_set_a_label() {
        use Mark::*;
        for (line, label, rest, mark) in [
            ("Zhou Lan: Good morning.", "Zhou Lan", "Good morning.", Colon),
            ("Mme Ngo : Bonjour.", "Mme Ngo", "Bonjour.", Colon),
            ("周岚：大家好。", "周岚", "大家好。", Colon),
            (">> MAYOR NGO: Yes.", "MAYOR NGO", "Yes.", Colon),
            ("[00:12] Zhou Lan: Yes.", "Zhou Lan", "Yes.", Colon),
            ("00:01:12 Zhou Lan: Yes.", "Zhou Lan", "Yes.", Colon),
            ("Zhou Lan (00:12): Yes.", "Zhou Lan", "Yes.", Colon),
            ("Zhou Lan: 00:01:02", "Zhou Lan", "", Colon),
            ("Ms NGO (Linhe—Minister) (14:05): I move", "Ms NGO (Linhe—Minister)", "I move", Colon),
            ("- Zhou Lan: Yes.", "Zhou Lan", "Yes.", Colon),
            ("1. Ada Finch (Karst East) (Lab): What?", "Ada Finch (Karst East) (Lab)", "What?", Colon),
            ("T12. Ada Finch: What?", "Ada Finch", "What?", Colon),
            ("Mme Ngo. – En 2034 : promis.", "Mme Ngo", "En 2034 : promis.", Stop),
            ("Q    Is it true?", "Q", "Is it true?", Letter),
            ("Q Is it true?", "Q", "Is it true?", Letter),
            ("A.  It is.", "A", "It is.", Letter),
            ("問）予算は。", "問", "予算は。", Letter),
            ("Mr. MARKS. I yield.", "Mr. MARKS", "I yield.", Stop),
            ("Mr. MARKS of Linhe. I yield.", "Mr. MARKS of Linhe", "I yield.", Stop),
            (
                "The PRESIDING OFFICER. Without objection.",
                "The PRESIDING OFFICER",
                "Without objection.",
                Stop,
            ),
            ("Senator Marks. Thank you.", "Senator Marks", "Thank you.", Stop),
            (
                "Ana Ruiz, Presidenta de la Comisión. – Señora",
                "Ana Ruiz, Presidenta de la Comisión",
                "Señora",
                Stop,
            ),
            ("【记者】请问。", "记者", "请问。", Bracket),
            ("（大臣）はい。", "大臣", "はい。", Bracket),
            ("○議長（森田一君）　これより", "議長（森田一君）", "これより", Bullet),
            ("Zhou Lan  0:03", "Zhou Lan", "", Line),
            ("Zhou Lan - Chief Executive", "Zhou Lan - Chief Executive", "", Line),
        ] {
            assert_eq!(split(line), Some((label, rest, mark)), "{line}");
        }
    }

    #[test]
    fn what_opens_nothing() {
        for line in [
            "A plan is only a promise.",
            "At 10:30 we met.",
            "It was http://a.b and more.",
            "We met. Then we left.",
            "(Laughter.) Yes.",
            "[Applause] Yes.",
            "The valley is wide. We know it.",
        ] {
            let found = split(line).filter(|(label, ..)| *label != "The valley is wide");
            assert_eq!(found, None, "{line}");
        }
    }

    #[test]
    fn stamps() {
        for (text, len) in [
            ("00:12 a", 5),
            ("[01:02:03] a", 10),
            ("(02:03.4)", 9),
            ("10:30am", 0),
            ("1:", 0),
            ("[12]", 0),
            ("1", 0),
            ("", 0),
        ] {
            assert_eq!(stamp_len(text), len, "{text}");
        }
    }
}
