//! What a transcriber put in brackets among the words: stage directions, times, page marks. They are left out of the
//! words, and the map keeps the gap.
//!
//! A mark that says that words are *missing* (`(inaudible)`, `[redacted]`) stays: without it the sentence would read as
//! if nothing were.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::opening::stamp_len;

/// No aside is longer, in bytes.
const LONGEST: usize = 420;

/// Words that open a direction.
static DIRECTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:general\s+|scattered\s+|light\s+|loud\s+|some\s+)?(?:
          laughter | laughs? | laughing | chuckl\w* | giggl\w* | applau\w* | applause | clapping | cheer\w* | boos? | booing | hear,\ hear
        | cross-?\ ?talk\w* | overlapping | interruptions? | interrupting | interposing | pauses? | silence | music\b | theme\ music | sighs? | coughs?
        | clears\ throat | gavel | break | recess | off[-\ ]?(?:mic|mike|microphone|camera) | technical\ (?:difficult\w*|issues?|problem\w*)
        | video\ (?:plays|clip|begins|ends|played) | audio\ (?:plays|clip|gap) | begin\ video | end\ video | operator\ instructions
        | (?:speaks?|speaking|spoke|answers?|replies|said|remarks?)\s+in\s+\w+ | in\s+(?:french|spanish|chinese|russian|german|arabic|japanese|korean|ukrainian|mandarin)
        | (?:as|through|via)\s+(?:an?\s+)?(?:interpret\w*|translat\w*) | (?:via|through)\s+(?:interpret\w*|translat\w*) | no\ (?:audible\ )?(?:response|translation)\b.*
        | the\ .{3,80}\b(?:follows?|appears?|was\ (?:submitted|inserted)|were\ (?:submitted|inserted))\b.*
        | bells?\ ring\w* | moment\ of\ silence | standing\ ovation | a?\ ?beat | phonetic | ph | sic
        | 笑声?\w* | 笑い | 掌声 | 鼓掌 | 拍手 | 众笑 | 全场大笑 | 停顿
        | page\s+[a-z]?[0-9]+ | [*][0-9]+ | rires | applaudissements | risas | aplausos | beifall\b.* | heiterkeit\b.* | zuruf\b.*
        )(?:[\s,.;:–—-].*)?$",
    )
    .expect("the pattern is constant and tested")
});

/// Words that say that something is missing.
static MISSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)inaudible|unintelligible|indiscernible|indistinct|garbled|redacted|expletive|bleep|foreign language|听不清|聴取不能|听不清楚|不明",
    )
    .expect("the pattern is constant and tested")
});

/// Whether what stands in brackets is a direction or a mark, wherever it stands.
pub(super) fn is_direction(inside: &str) -> bool {
    let inside = inside.trim();
    if inside.is_empty() {
        return true;
    }
    if MISSING.is_match(inside) {
        return false;
    }
    stamp_len(inside) == inside.len()
        || is_stamps(inside)
        || DIRECTION.is_match(inside.trim_end_matches(['.', '!', '…', '。']))
}

/// A line that says that something printed follows: `[The prepared statement of Ms. Berg follows:]`.
pub(super) fn announces_print(line: &str) -> bool {
    static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^[\[(]\s*the\s.{3,160}\bfollows?\s*[:.]*\s*[\])]$")
            .expect("the pattern is constant and tested")
    });
    line.starts_with(['[', '(']) && FOLLOWS.is_match(line)
}

/// Several times: `00:01:02 - 00:01:05`.
fn is_stamps(inside: &str) -> bool {
    let mut parts =
        inside.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '>')).filter(|p| !p.is_empty());
    parts.clone().count() <= 4 && parts.all(|part| stamp_len(part) == part.len())
}

/// The asides of a paragraph, in order. Line ends may stand in it.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut opens = Opens { bytes: text.as_bytes(), ascii: None, wide: None };
    let mut at = 0;
    while let Some((open, close, start)) = opens.next(at) {
        at = start + open.len();
        // `[[Page S716]]`
        let double = text[at..].starts_with(open);
        let from = if double { at + open.len() } else { at };
        let mut most = text.len().min(from + LONGEST);
        while !text.is_char_boundary(most) {
            most -= 1;
        }
        let Some(end) = text.get(from..most).and_then(|inner| inner.find(close)).map(|n| from + n) else {
            continue;
        };
        let inside = &text[from..end];
        if inside.contains(open) {
            continue;
        }
        let mut until = end + close.len();
        if double && text[until..].starts_with(close) {
            until += close.len();
        }
        if is_direction(inside) || is_sentence(&text[..start], inside, &text[until..]) {
            found.push(start..until);
            at = until;
        }
    }
    found
}

/// The brackets that open, in order; each kind is sought once over the text.
struct Opens<'a> {
    bytes: &'a [u8],
    ascii: Option<usize>,
    wide: Option<usize>,
}

impl Opens<'_> {
    fn next(&mut self, at: usize) -> Option<(&'static str, &'static str, usize)> {
        let rest = &self.bytes[at..];
        let end = self.bytes.len();
        if self.ascii.is_none_or(|n| n < at) {
            self.ascii = Some(memchr::memchr2(b'(', b'[', rest).map_or(end, |n| at + n));
        }
        if self.wide.is_none_or(|n| n < at) {
            self.wide = Some(memchr::memmem::find(rest, "（".as_bytes()).map_or(end, |n| at + n));
        }
        let (ascii, wide) = (self.ascii?, self.wide?);
        if wide < ascii {
            return Some(("（", "）", wide));
        }
        match self.bytes.get(ascii)? {
            b'(' => Some(("(", ")", ascii)),
            _ => Some(("[", "]", ascii)),
        }
    }
}

/// A whole sentence in brackets between two others: nobody speaks in brackets, the transcriber does.
fn is_sentence(before: &str, inside: &str, after: &str) -> bool {
    let bare = inside.trim().trim_end_matches(['"', '”', '’', '\'']);
    let whole = inside.trim_start().starts_with(char::is_uppercase) && bare.ends_with(['.', '!', '?']);
    let before = before.trim_end().trim_end_matches(['"', '”', ')', ']']);
    let parted = before.is_empty() || before.ends_with(['.', '!', '?', ':', '—', '–', '…']);
    let next = after.trim_start().chars().next();
    whole && parted && next.is_none_or(|c| !c.is_lowercase()) && !MISSING.is_match(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for range in find(text) {
            out += &text[at..range.start];
            at = range.end;
        }
        out + &text[at..]
    }

    #[test]
    fn directions_go_and_words_stay() {
        for (text, kept) in [
            ("Yes. (Laughter.) No.", "Yes.  No."),
            ("We [applause] will.", "We  will."),
            ("It (00:12) was [01:02:03] so [[Page S716]] here.", "It  was  so  here."),
            ("Yes. (The mayor holds up a map entitled “Rivers.”) This is it.", "Yes.  This is it."),
            ("(Cross-talk.)", ""),
            ("[] Yesterday", " Yesterday"),
            ("谢谢（笑声）大家。", "谢谢大家。"),
            (
                "We will (inaudible) the dam. [Redacted.] Yes.",
                "We will (inaudible) the dam. [Redacted.] Yes.",
            ),
            ("The plan (which we like) is [sic] good.", "The plan (which we like) is  good."),
            ("[Senior official], go ahead. See (Annex B).", "[Senior official], go ahead. See (Annex B)."),
            ("(unclosed and so on", "(unclosed and so on"),
        ] {
            assert_eq!(left(text), kept, "{text}");
        }
    }
}
