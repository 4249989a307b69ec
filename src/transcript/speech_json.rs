//! What speech-to-text tools and podcasts write as JSON: segments, utterances or words, each with its words and perhaps
//! a speaker and times. No tool's layout is spelt out: of all lists of objects in the file the one is taken that tells
//! most (speakers, times, the most words in the fewest pieces), whatever its keys are called among the usual ones.
//!
//! Raw values are slices of the file, so each word knows its bytes.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::error::{Broken, ReadError};
use super::format::{Input, place};
use super::json_list::{Entries, escape};
use super::text::fold;
use super::view::{Break, Builder, View, Voice};

/// Keys of the words, the surest first.
const WORDS: [&str; 15] = [
    "text",
    "body",
    "content",
    "punctuated_word",
    "transcript",
    "utterance",
    "speech",
    "sentence",
    "caption",
    "value",
    "word",
    "message",
    "line",
    "display",
    "words",
];

/// Keys of who speaks, the surest first.
const SPEAKER: [&str; 18] = [
    "speaker",
    "speaker_name",
    "speakerName",
    "speaker_label",
    "speakerLabel",
    "speaker_id",
    "speakerId",
    "speakerTag",
    "speaker_tag",
    "speaker_designation",
    "participant",
    "name",
    "who",
    "from",
    "user",
    "author",
    "channel_name",
    "channelTag",
];

const START: [&str; 11] = [
    "start",
    "startTime",
    "start_time",
    "begin",
    "ts",
    "start_ms",
    "startMs",
    "offset",
    "timestamp",
    "begin_time",
    "startOffset",
];
const END: [&str; 9] =
    ["end", "endTime", "end_time", "end_ts", "end_ms", "endMs", "stop", "finish", "endOffset"];

/// No file nests its lists deeper.
const DEEPEST: usize = 12;

/// A row of a list is a ready quote rather than a segment where it has none of these keys.
pub(super) fn is_speech(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with('[') {
        let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(text) else { return false };
        return rows.first().is_some_and(|row| is_segment(row.get()));
    }
    if !text.starts_with('{') {
        return false;
    }
    match serde_json::from_str::<&RawValue>(text) {
        Ok(object) => {
            // A list of one quote, with what stood beside it in lists of its own.
            let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_>>(object.get()) else {
                return false;
            };
            let has = |wanted: &[&str]| entries.iter().any(|(key, _)| wanted.contains(&key.as_str()));
            if has(&["text"]) && has(&["speaker"]) && !has(&START) {
                return false;
            }
            let mut lists = Vec::new();
            gather(object.get(), 0, &mut lists);
            !lists.is_empty() || is_segment(object.get())
        }
        // An object a line: the first tells.
        Err(_) => text.lines().next().is_some_and(|line| is_segment(line.trim())),
    }
}

/// An object with words, and with times or keys that no row of a quote list has.
fn is_segment(raw: &str) -> bool {
    let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_>>(raw) else { return false };
    let has = |keys: &[&str]| entries.iter().any(|(key, _)| keys.contains(&key.as_str()));
    let words = has(&WORDS) || has(&["alternatives", "elements", "sentences"]);
    let as_row =
        entries.iter().any(|(key, _)| key == "text") && entries.iter().any(|(key, _)| key == "speaker");
    words
        && (has(&START)
            || has(&END)
            || (!as_row && has(&SPEAKER) && !entries.iter().any(|(key, _)| key == "text")))
}

/// A list of objects with words.
struct Found<'a> {
    rows: Vec<&'a RawValue>,
    chars: usize,
    speakers: bool,
    times: bool,
}

/// Finds the lists, in the order of the file.
fn gather<'a>(raw: &'a str, depth: usize, lists: &mut Vec<Found<'a>>) {
    if depth > DEEPEST || lists.len() > 4096 {
        return;
    }
    if raw.starts_with('{') {
        let Ok(Entries(entries)) = serde_json::from_str::<Entries<'a>>(raw) else { return };
        for (_, value) in entries {
            gather(value.get(), depth + 1, lists);
        }
    } else if raw.starts_with('[') {
        let Ok(rows) = serde_json::from_str::<Vec<&'a RawValue>>(raw) else { return };
        if !rows.first().is_some_and(|row| row.get().starts_with('{')) {
            return;
        }
        let mut found = Found { rows: Vec::new(), chars: 0, speakers: false, times: false };
        for row in &rows {
            if let Some(segment) = Segment::read(row.get()) {
                found.chars += segment.chars();
                found.speakers |= segment.speaker.is_some();
                found.times |= segment.time.is_some();
            }
        }
        if found.chars > 0 {
            found.rows = rows;
            lists.push(found);
        } else {
            for row in rows.iter().take(4096) {
                gather(row.get(), depth + 1, lists);
            }
            return;
        }
        // Its rows may hold the speakers that it lacks.
        if lists.last().is_some_and(|found| !found.speakers) {
            let rows = lists.last().map(|f| f.rows.clone()).unwrap_or_default();
            for row in rows.into_iter().take(4096) {
                if let Ok(Entries(entries)) = serde_json::from_str::<Entries<'a>>(row.get()) {
                    entries.iter().for_each(|(_, value)| gather(value.get(), depth + 2, lists));
                }
            }
        }
    }
}

/// Who speaks from when on, where a list tells that without any words: `{"start": 0.5, "end": 4, "speaker": "A"}`.
fn gather_spans(raw: &str, depth: usize, spans: &mut Vec<(f64, String)>) {
    if depth > DEEPEST {
        return;
    }
    if raw.starts_with('{') {
        let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_>>(raw) else { return };
        let get = |keys: &[&str]| {
            keys.iter().find_map(|key| entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.get()))
        };
        if let (Some(start), Some(name)) = (get(&START).and_then(number), get(&SPEAKER).and_then(speaker)) {
            spans.push((start, name));
        }
        entries.iter().for_each(|(_, value)| gather_spans(value.get(), depth + 1, spans));
    } else if raw.starts_with('[') {
        let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(raw) else { return };
        rows.iter().for_each(|row| gather_spans(row.get(), depth + 1, spans));
    }
}

/// A segment, an utterance or a word.
struct Segment<'a> {
    /// JSON strings, and whether a blank stands before each.
    words: Vec<(&'a str, bool)>,
    speaker: Option<String>,
    time: Option<[f64; 2]>,
    /// A word or a mark, rather than a sentence.
    is_word: bool,
    is_mark: bool,
}

impl<'a> Segment<'a> {
    fn read(raw: &'a str) -> Option<Self> {
        let Entries(entries) = serde_json::from_str::<Entries<'a>>(raw).ok()?;
        let get = |keys: &[&str]| {
            keys.iter().find_map(|key| entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.get()))
        };
        let string = |raw: &&str| raw.starts_with('"');
        let words_key = WORDS.iter().find_map(|key| {
            entries
                .iter()
                .find(|(k, v)| k == key && v.get().starts_with('"'))
                .map(|(k, v)| (k.as_str(), v.get()))
        });
        let mut is_word =
            words_key.is_some_and(|(key, _)| matches!(key, "word" | "punctuated_word" | "value"));
        let mut words = Vec::new();
        if let Some((_, raw)) = words_key {
            words.push((raw, true));
        } else if let Some(parts) = get(&["alternatives"]) {
            let rows: Vec<&RawValue> = serde_json::from_str(parts).ok()?;
            let inner = Self::read(rows.first()?.get())?;
            is_word = true;
            words = inner.words;
        } else if let Some(parts) = get(&["sentences", "elements", "words", "segments"]) {
            let rows: Vec<&RawValue> = serde_json::from_str(parts).ok()?;
            for row in rows {
                let Ok(Entries(parts)) = serde_json::from_str::<Entries<'a>>(row.get()) else { continue };
                let of = |key: &str| parts.iter().find(|(k, _)| k == key).map(|(_, v)| v.get());
                let raw = WORDS.iter().find_map(|key| of(key)).filter(string);
                let mark = of("type").is_some_and(|t| t.contains("punct"));
                words.extend(raw.map(|raw| (raw, !mark)));
            }
        }
        if words.is_empty() {
            return None;
        }
        let speaker = get(&SPEAKER).and_then(speaker);
        let time =
            get(&START).and_then(number).map(|start| [start, get(&END).and_then(number).unwrap_or(start)]);
        let is_mark = get(&["type"]).is_some_and(|t| t.contains("punct"));
        Some(Self { words, speaker, time, is_word, is_mark })
    }

    fn chars(&self) -> usize {
        self.words.iter().map(|(raw, _)| raw.len().saturating_sub(2)).sum()
    }
}

/// Who speaks: a name, a number, or an object that has one.
fn speaker(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(raw).ok().map(|s| fold(&s)).filter(|s| !s.is_empty()),
        b'{' => {
            let Entries(entries) = serde_json::from_str::<Entries<'_>>(raw).ok()?;
            let keys = ["name", "display_name", "displayName", "label", "full_name", "id"];
            keys.iter()
                .find_map(|key| entries.iter().find(|(k, _)| k == key))
                .and_then(|(_, v)| (!v.get().starts_with('{')).then(|| speaker(v.get()))?)
        }
        b'-' | b'0'..=b'9' => Some(raw.to_owned()),
        _ => None,
    }
}

/// A time: `12.5`, `"12.5"`, `"12.500s"`, `"00:00:12.5"`.
fn number(raw: &str) -> Option<f64> {
    let text = raw.trim_matches('"').trim();
    let value = text.trim_end_matches('s').parse::<f64>().ok().or_else(|| super::subtitles::seconds(text));
    value.filter(|v| v.is_finite() && *v >= 0.0)
}

/// Names by ids, as a file's head may have them: `{"A": "Zhou Lan"}`, `[{"id": 0, "name": "Zhou Lan"}]`.
fn names(raw: &str) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_>>(raw) else { return names };
    for (key, value) in entries {
        if !matches!(
            key.as_str(),
            "speakers" | "speaker_map" | "speakerMap" | "participants" | "people" | "speaker_names"
        ) {
            continue;
        }
        if let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
            for row in rows {
                let Ok(Entries(fields)) = serde_json::from_str::<Entries<'_>>(row.get()) else { continue };
                let of = |keys: &[&str]| {
                    keys.iter()
                        .find_map(|key| fields.iter().find(|(k, _)| k == key))
                        .and_then(|(_, v)| speaker(v.get()))
                };
                if let (Some(id), Some(name)) = (
                    of(&["id", "speaker_id", "key", "label", "tag", "speaker"]),
                    of(&["name", "display_name", "displayName"]),
                ) {
                    names.insert(id, name);
                }
            }
        } else if let Ok(Entries(fields)) = serde_json::from_str::<Entries<'_>>(value.get()) {
            names.extend(fields.into_iter().filter_map(|(id, v)| Some((id, speaker(v.get())?))));
        }
    }
    names
}

/// Turns the best list of a file into lines.
pub(super) fn view(input: &Input<'_>) -> Result<View<'static>, ReadError> {
    let text = input.text;
    let wrong = |what: Broken, offset: usize, column: Option<u32>| {
        let (line, _) = place(input.bytes, input.base + offset);
        ReadError::Broken { file: input.name.to_owned(), line, column, what, more: 0 }
    };
    let mut lists = Vec::new();
    let mut known = HashMap::new();
    let mut meta = Vec::new();
    match serde_json::from_str::<&RawValue>(text) {
        Ok(whole) => {
            known = names(whole.get());
            if let Ok(Entries(entries)) = serde_json::from_str::<Entries<'_>>(whole.get()) {
                meta = entries
                    .into_iter()
                    .map(|(k, v)| (k, v.get()))
                    .filter(|(_, v)| v.starts_with('"'))
                    .collect();
            }
            gather(whole.get(), 0, &mut lists);
            if lists.is_empty() && whole.get().starts_with('{') {
                lists.push(Found { rows: vec![whole], chars: 1, speakers: false, times: false });
            }
        }
        Err(error) => {
            // An object a line.
            let mut rows = Vec::new();
            let mut at = 0;
            for line in text.split_inclusive('\n') {
                if !line.trim().is_empty() {
                    match serde_json::from_str::<&RawValue>(line.trim_end()) {
                        Ok(row) => rows.push(row),
                        Err(bad) if rows.is_empty() => {
                            let column = u32::try_from(error.column()).ok();
                            let offset: usize = text
                                .split_inclusive('\n')
                                .take(error.line().saturating_sub(1))
                                .map(str::len)
                                .sum();
                            let _ = bad;
                            return Err(wrong(Broken::Json(error.to_string()), offset, column));
                        }
                        Err(bad) => {
                            let column = u32::try_from(bad.column()).ok();
                            return Err(wrong(Broken::Json(bad.to_string()), at, column));
                        }
                    }
                }
                at += line.len();
            }
            lists.push(Found { rows, chars: 1, speakers: false, times: false });
        }
    }
    let most =
        |speakers: bool| lists.iter().filter(|f| f.speakers == speakers).map(|f| f.chars).max().unwrap_or(0);
    // Words without speakers count only where the list with speakers holds next to nothing of them.
    let speakers = most(true) * 4 > most(false);
    let best = lists
        .iter()
        .filter(|f| f.speakers == speakers && f.chars * 5 >= most(speakers) * 4)
        .min_by_key(|f| (!f.times, f.rows.len()));
    let Some(best) = best else { return Err(wrong(Broken::NoSegments, 0, None)) };

    let mut b = Builder::new(text, input.base);
    b.meta.is_outright = true;
    for (key, raw) in meta {
        let value = serde_json::from_str::<String>(raw).ok().map(|v| fold(&v)).filter(|v| !v.is_empty());
        match key.as_str() {
            "title" | "name" | "headline" => b.meta.title = b.meta.title.take().or(value),
            "date" | "recorded_at" | "recordedAt" | "event_date" => {
                b.meta.date = b.meta.date.take().or(value)
            }
            _ => {}
        }
    }
    let mut segments: Vec<(usize, Segment<'_>)> = best
        .rows
        .iter()
        .filter_map(|row| Some((row.get().as_ptr().addr() - text.as_ptr().addr(), Segment::read(row.get())?)))
        .collect();
    if !segments.iter().any(|(_, segment)| segment.speaker.is_some()) {
        // Some tools tell beside the words who spoke when.
        let mut spans = Vec::new();
        if let Ok(whole) = serde_json::from_str::<&RawValue>(text) {
            gather_spans(whole.get(), 0, &mut spans);
        }
        spans.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        for (_, segment) in &mut segments {
            let Some([start, _]) = segment.time else { continue };
            let next = spans.partition_point(|(from, _)| *from <= start);
            segment.speaker = next.checked_sub(1).map(|n| spans[n].1.clone());
        }
    }
    // Nobody speaks slower than a letter a second: then the clock counts milliseconds.
    let end = segments.iter().filter_map(|(_, s)| s.time).map(|t| t[1]).fold(0.0, f64::max);
    let chars: usize = segments.iter().map(|(_, s)| s.chars()).sum();
    #[allow(clippy::cast_precision_loss, reason = "a rough comparison")]
    let unit = if end > 2000.0 && end > chars as f64 * 4.0 { 1000.0 } else { 1.0 };
    let words = segments.iter().filter(|(_, s)| s.is_word || s.is_mark).count() * 2 > segments.len();
    for (_, segment) in &segments {
        let voice = segment
            .speaker
            .as_ref()
            .map(|name| Voice { name: known.get(name).unwrap_or(name).clone(), role: None });
        match voice {
            Some(voice) => b.hint.voice = b.voice(&voice),
            // A mark between two words belongs to the first.
            None if words || segment.is_mark => {}
            None => b.hint.voice = 0,
        }
        b.hint.time = segment.time.map_or(0, |[start, end]| b.time([start / unit, end.max(start) / unit]));
        if segment.is_mark {
            // No blank before it: it goes on on the line of its word.
            b.reopen_line();
        }
        for (raw, blank) in &segment.words {
            if *blank && !segment.is_mark {
                b.blank();
            }
            string(&mut b, raw, raw.as_ptr().addr() - text.as_ptr().addr());
        }
        b.end_line(Break::Wrap);
    }
    Ok(b.finish())
}

/// The characters of a JSON string.
fn string(b: &mut Builder<'_>, raw: &str, at: usize) {
    let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    let mut here = 0;
    while here < inside.len() {
        let run = memchr::memchr(b'\\', &inside.as_bytes()[here..]).unwrap_or(inside.len() - here);
        b.run(at + 1 + here..at + 1 + here + run);
        here += run;
        if here < inside.len() {
            let Some((c, len)) = escape(&inside[here..]) else { return };
            b.spelt(c.encode_utf8(&mut [0; 4]), at + 1 + here..at + 1 + here + len);
            here += len;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::transcript::{ReadOptions, read};

    #[test]
    fn one_quote_with_what_stood_beside_it_is_a_list() {
        let row = r#"{"text": "It leaks.", "speaker": "Ann", "context": [{"kind": "condition", "side": "after", "words": "Unless", "neighbour": "Unless not."}]}"#;
        let t = read("x.jsonl", row.as_bytes(), &ReadOptions::default()).unwrap().output;
        assert!(t.is_list && t.turns[0].text == "It leaks.");
    }

    #[test]
    fn speakers_told_apart_from_the_words() {
        let text = r#"{"results": {"speaker_labels": {"segments": [
            {"start_time": "0.0", "end_time": "1.0", "speaker_label": "spk_0"},
            {"start_time": "1.0", "end_time": "2.5", "speaker_label": "spk_1"}]},
          "items": [
            {"start_time": "0.0", "end_time": "0.5", "alternatives": [{"content": "Good"}], "type": "pronunciation"},
            {"start_time": "0.5", "end_time": "1.0", "alternatives": [{"content": "morning"}], "type": "pronunciation"},
            {"alternatives": [{"content": "."}], "type": "punctuation"},
            {"start_time": "1.0", "end_time": "1.5", "alternatives": [{"content": "It"}], "type": "pronunciation"},
            {"start_time": "1.5", "end_time": "2.5", "alternatives": [{"content": "leaks"}], "type": "pronunciation"},
            {"alternatives": [{"content": "."}], "type": "punctuation"}]}}"#;
        let t = read("x.json", text.as_bytes(), &ReadOptions::default()).unwrap().output;
        let said: Vec<_> =
            t.turns.iter().map(|turn| (t.people[turn.speaker].name.as_str(), turn.text.as_str())).collect();
        assert_eq!(said, [("spk_0", "Good morning."), ("spk_1", "It leaks.")]);
    }
}
