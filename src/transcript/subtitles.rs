//! SubRip and WebVTT: cues with times, joined into sentences. A small strict reader of our own, since the crates there
//! are drop where in the file the words stand.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::error::{Broken, ReadError};
use super::format::{Input, place};
use super::html;
use super::text::fold;
use super::view::{Break, Builder, View, Voice};

/// Looks like WebVTT.
pub(super) fn is_vtt(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim_end();
    line == "WEBVTT" || line.starts_with("WEBVTT ") || line.starts_with("WEBVTT\t")
}

/// Looks like SubRip: a number, a line of times, words.
pub(super) fn is_srt(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty()).take(2);
    let number = |l: &str| l.len() <= 9 && l.bytes().all(|b| b.is_ascii_digit());
    let times = |l: &str| l.contains("-->") && l.starts_with(|c: char| c.is_ascii_digit());
    match (lines.next(), lines.next()) {
        (Some(first), Some(second)) => times(first) || (number(first) && times(second)),
        _ => false,
    }
}

/// Seconds of `01:02:03,456`, `02:03.4`; the longest part of `text` that is one.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut parts = 0;
    for part in text.trim().split(':') {
        let part = part.replace(',', ".");
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit() || b == b'.') || parts == 4 {
            return None;
        }
        total = total * 60.0 + part.parse::<f64>().ok()?;
        parts += 1;
    }
    (parts >= 2).then_some(total).filter(|t| t.is_finite() && *t < 1e9)
}

/// The two times of a cue's first line, whatever settings follow.
fn times(line: &str) -> Option<[f64; 2]> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    let times = [seconds(start)?, seconds(end)?];
    Some([times[0], times[1].max(times[0])])
}

/// A speaker in the line above a cue's times, as some recorders write it: `12 "Zhou Lan" (35)`.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^[0-9]+\\s+\"([^\"]{1,80})\"(?:\\s*\\([0-9]+\\))?$")
        .expect("the pattern is constant and tested")
});

/// Turns cues into lines. Cues are one paragraph unless a voice or a blank line within says otherwise.
pub(super) fn view(input: &Input<'_>) -> Result<View<'static>, ReadError> {
    let text = input.text;
    let mut b = Builder::new(text, input.base);
    let mut at = 0;
    let mut lines: Vec<Range<usize>> = Vec::new();
    for line in text.split_inclusive('\n') {
        lines.push(at..at + line.trim_end_matches(['\n', '\r']).len());
        at += line.len();
    }
    let vtt = is_vtt(text);
    let words = |n: usize| text[lines[n].clone()].trim();
    let mut cues = 0_usize;
    let mut problems = Vec::new();
    let mut n = usize::from(vtt);
    let mut voice = 0;
    let mut end = 0;
    // Each block's end is sought once, and `n` only grows.
    while n < lines.len() {
        if words(n).is_empty() {
            n += 1;
            continue;
        }
        let block = n;
        if n >= end {
            end = (n..lines.len()).find(|&m| words(m).is_empty()).unwrap_or(lines.len());
        }
        let head = words(n);
        // Comments, styles, regions, and what stands above the first cue.
        let aside =
            ["NOTE", "STYLE", "REGION"].iter().any(|w| head == *w || head.starts_with(&format!("{w} ")));
        let timed = (n..end.min(n + 2)).find(|&m| words(m).contains("-->"));
        match timed {
            Some(line) => match times(words(line)) {
                Some(time) => {
                    if line > n
                        && let Some(named) = NAMED.captures(words(n))
                    {
                        voice = b.voice(&Voice { name: fold(&named[1]), role: None });
                    } else if line > n && voice > 0 && NAMED.is_match(head) {
                        voice = 0;
                    }
                    cues += 1;
                    b.hint.time = b.time(time);
                    b.hint.voice = voice;
                    // The next block may follow without a blank line.
                    let mut next = end;
                    for m in line + 1..end {
                        if words(m).contains("-->") && times(words(m)).is_some() {
                            let number = m > line + 1 && words(m - 1).bytes().all(|b| b.is_ascii_digit());
                            next = m - usize::from(number);
                            break;
                        }
                    }
                    for words in lines.iter().take(next).skip(line + 1) {
                        cue(&mut b, text, words.clone(), &mut voice);
                        b.end_line(Break::Wrap);
                    }
                    n = next;
                }
                None => {
                    problems.push((lines[line].start, Broken::CueTimes));
                    n = end;
                }
            },
            None => {
                let number = head.bytes().all(|b| b.is_ascii_digit());
                let head_of_vtt = vtt && cues == 0;
                let lone_number = number && end == n + 1;
                if !(aside || head_of_vtt || lone_number) {
                    problems.push((lines[block].start, Broken::NoCueTimes));
                }
                n = end;
            }
        }
    }
    if cues == 0 && problems.is_empty() {
        problems.push((0, Broken::NoCues));
    }
    if let Some((offset, what)) = problems.first() {
        let (line, _) = place(input.bytes, input.base + offset);
        return Err(ReadError::Broken {
            file: input.name.to_owned(),
            line,
            column: None,
            what: what.clone(),
            more: problems.len() - 1,
        });
    }
    Ok(b.finish())
}

/// One line of a cue's words.
fn cue(b: &mut Builder<'_>, source: &str, line: Range<usize>, voice: &mut u32) {
    let text = &source[line.clone()];
    let mut at = 0;
    while at < text.len() {
        // Somebody else speaks: a line of its own.
        let change = text[at..].find(">>").filter(|&n| at + n > 0).map(|n| at + n);
        let next = text[at..].find(['<', '{']).map_or(text.len(), |n| at + n);
        if let Some(change) = change.filter(|&change| change < next) {
            b.entities(line.start + at..line.start + change, html::entity);
            b.end_line(Break::Wrap);
            let end = change + text[change..].bytes().take_while(|b| *b == b'>').count();
            b.run(line.start + change..line.start + end);
            at = end;
            continue;
        }
        b.entities(line.start + at..line.start + next, html::entity);
        let rest = &text[next..];
        let tag = tag(rest);
        if let Some(named) =
            rest.strip_prefix("<v").and_then(|r| r.get(..tag.saturating_sub(3))).filter(|_| tag > 3)
        {
            // `<v.loud Zhou Lan>`: classes come before the blank.
            if let Some((_, name)) = named.split_once([' ', '\t']) {
                let name = fold(&htmlize::unescape(name));
                *voice = b.voice(&Voice { name, role: None });
                if b.has_words() {
                    b.end_line(Break::Wrap);
                }
                b.hint.voice = *voice;
            }
        } else if tag == 0 && !rest.is_empty() {
            b.run(line.start + next..line.start + next + 1);
        }
        at = next + tag.max(usize::from(!rest.is_empty()));
    }
}

/// Length of the tag that `text` begins with: `<i>`, `</v>`, `<00:00:01.000>`, `{\an8}`; 0 where there is none.
fn tag(text: &str) -> usize {
    let inside = |close: char| text.find(close).filter(|&n| n <= 200).map_or(0, |n| n + 1);
    match text.as_bytes() {
        [b'{', b'\\', ..] => inside('}'),
        [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'0'..=b'9', ..] => inside('>'),
        _ => 0,
    }
}
