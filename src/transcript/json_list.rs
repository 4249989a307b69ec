//! Quote lists in JSON: an array of objects, or an object a line.
//!
//! Raw values are slices of the file, so each row's words know where between the quote marks they stand.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::{ReadError, RowProblem, bare};
use super::format::Input;
use super::names::Columns;
use super::row::{Draft, Field, Kind, List};
use super::source::SourceMap;
use super::text::Folder;
use super::{Figure, InputFormat, Transcript};
use crate::diag::Warned;

/// Looks like an array of rows. A transcript may begin with a bracket too: `[Applause.]`.
pub(super) fn is_array(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('[') else { return false };
    let rest = rest.trim_start();
    rest.starts_with('{')
        || rest.starts_with('"')
        || rest.strip_prefix(']').is_some_and(|r| r.trim().is_empty())
}

/// Looks like an object.
pub(super) fn is_lines(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|rest| rest.starts_with(['"', '}']))
}

/// Reads a JSON array of rows.
pub(super) fn read_array(input: &Input<'_>) -> Result<Warned<Transcript>, ReadError> {
    let mut list = List::new(input);
    match serde_json::from_str::<Vec<&RawValue>>(input.text) {
        Ok(rows) => {
            for raw in rows {
                read_row(input, raw, &mut list);
            }
        }
        Err(error) => broken(input, 0, error, None, &mut list),
    }
    list.finish(InputFormat::JsonList)
}

/// Reads a JSON object a line; a lone object may run over several lines.
pub(super) fn read_lines(input: &Input<'_>) -> Result<Warned<Transcript>, ReadError> {
    let mut list = List::new(input);
    if let Ok(raw) = serde_json::from_str::<&RawValue>(input.text) {
        // One object is a list of one row, unless it is something else altogether (what `read` writes, say).
        let is_row = serde_json::from_str::<Entries<'_>>(raw.get()).is_ok_and(|e| {
            e.0.iter().any(|(key, _)| matches!(Field::of(key), Some(Field::Text | Field::Speaker)))
        });
        if !is_row {
            return Err(ReadError::NotAList { file: input.name.to_owned() });
        }
        read_row(input, raw, &mut list);
        return list.finish(InputFormat::JsonLines);
    }
    let mut start = 0;
    for line in input.text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            match serde_json::from_str::<&RawValue>(line.trim_end()) {
                Ok(raw) => read_row(input, raw, &mut list),
                Err(error) => {
                    let row = list.next_row();
                    broken(input, start, error, Some(row), &mut list);
                }
            }
        }
        start += line.len();
    }
    list.finish(InputFormat::JsonLines)
}

/// Notes a syntax error; `start` is where in the text the parsed part begins.
fn broken(input: &Input<'_>, start: usize, error: serde_json::Error, row: Option<usize>, list: &mut List) {
    let part = &input.text[start..];
    let line_start: usize =
        part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    // The parser counts columns in bytes and stands on the byte it cannot take.
    let line = &part.as_bytes()[line_start..];
    let before = &line[..error.column().saturating_sub(1).min(line.len())];
    let column = u32::try_from(String::from_utf8_lossy(before).chars().count() + 1).ok();
    let (line, _) = super::format::place(input.bytes, input.base + start + line_start);
    list.problem_at(row, line, column, RowProblem::Json(bare(&error)));
}

/// An object's entries as they stand in the file.
pub(super) struct Entries<'a>(pub Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<String, &RawValue>()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

fn read_row(input: &Input<'_>, raw: &RawValue, list: &mut List) {
    let row = list.next_row();
    let offset = offset_of(input, raw);
    let Ok(Entries(entries)) = serde_json::from_str(raw.get()) else {
        list.problem(Some(row), offset, RowProblem::NotAnObject);
        return;
    };
    let mut draft = Draft::default();
    let columns = Columns::of(entries.iter().map(|(key, _)| key.as_str()));
    let mut words_given = false;
    for (&field, (key, value)) in columns.fields.iter().zip(&entries) {
        let at = offset_of(input, value);
        let Some(field) = field else {
            let misspelt = Field::misspelt(key).filter(|near| !columns.fields.contains(&Some(*near)));
            if Field::of(key).is_none() && misspelt.is_some() {
                list.problem(Some(row), at, Field::unknown(key));
            } else if Field::of(key).is_none_or(|field| !columns.twice.contains(&field)) {
                list.unread(key);
            }
            continue;
        };
        if value.get() == "null" {
            continue;
        }
        let result = if field == Field::Text {
            words(value.get(), at).map(|w| draft.set_words(w))
        } else {
            set(&mut draft, field, value)
        };
        if let Err(problem) = result {
            words_given |= matches!(field, Field::Text | Field::Speaker);
            list.problem(Some(row), at, problem);
        }
    }
    for field in &columns.twice {
        list.problem(Some(row), offset, RowProblem::Twice(*field));
    }
    // A row whose `text` is of the wrong kind has been told; that it is missing too would be said twice.
    if !words_given {
        list.take(draft, row, offset);
    }
}

/// A string, or a number taken by its digits (ids, years).
fn line(value: &RawValue) -> Option<String> {
    let raw = value.get();
    if raw.starts_with('"') {
        return serde_json::from_str(raw).ok();
    }
    raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| raw.to_owned())
}

fn set(draft: &mut Draft, field: Field, value: &RawValue) -> Result<(), RowProblem> {
    let raw = value.get();
    let wrong = |_| field.wrong();
    match field.kind() {
        Kind::Line => draft.set_line(field, &line(value).ok_or_else(|| field.wrong())?),
        Kind::Phrases if raw.starts_with('"') => {
            draft.set_phrases(field, &[serde_json::from_str::<String>(raw).map_err(wrong)?])
        }
        Kind::Phrases => draft.set_phrases(field, &serde_json::from_str::<Vec<String>>(raw).map_err(wrong)?),
        Kind::Figure if raw.starts_with('"') => {
            let number = serde_json::from_str(raw).map_err(wrong)?;
            draft.set_figure(Figure { number, ..Figure::default() })
        }
        Kind::Figure => draft.set_figure(serde_json::from_str(raw).map_err(wrong)?),
        Kind::Focus => draft.set_focus(serde_json::from_str(raw).map_err(wrong)?),
        // What a desk writes there for itself.
        Kind::Origin if raw.starts_with('"') => Ok(()),
        Kind::Origin => {
            draft.set_origin(serde_json::from_str(raw).map_err(wrong)?);
            Ok(())
        }
        Kind::Context => {
            draft.set_context(serde_json::from_str(raw).map_err(wrong)?);
            Ok(())
        }
        Kind::Question => {
            draft.set_question(serde_json::from_str(raw).map_err(wrong)?);
            Ok(())
        }
        Kind::Ignored | Kind::Words => Ok(()),
    }
}

/// Where a raw value begins in the file: it is a slice of the text.
fn offset_of(input: &Input<'_>, raw: &RawValue) -> usize {
    input.base + (raw.get().as_ptr().addr() - input.text.as_ptr().addr())
}

/// The words of a JSON string that stands, with its quote marks, at `at`.
fn words(raw: &str, at: usize) -> Result<Option<(String, SourceMap)>, RowProblem> {
    // The raw value is sound syntax, but half a surrogate pair shows only when it is decoded.
    if !raw.starts_with('"') || serde_json::from_str::<std::borrow::Cow<'_, str>>(raw).is_err() {
        return Err(Field::Text.wrong());
    }
    let inside = &raw[1..raw.len() - 1];
    let at = at + 1;
    let mut folder = Folder::new();
    let mut here = 0;
    while here < inside.len() {
        let run = inside[here..].find('\\').unwrap_or(inside.len() - here);
        folder.words(&inside[here..here + run], at + here);
        here += run;
        if here < inside.len() {
            let (c, len) = escape(&inside[here..]).ok_or_else(|| Field::Text.wrong())?;
            folder.escaped(c, at + here..at + here + len);
            here += len;
        }
    }
    Ok(folder.finish())
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| u32::from_str_radix(text.get(at..at + 4)?, 16).ok();
    let c = match text.as_bytes().get(1)? {
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = unit(2)?;
            if !(0xD800..0xDC00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            let low = unit(8)?.checked_sub(0xDC00)?;
            return Some((char::from_u32(0x10000 + ((high - 0xD800) << 10) + low)?, 12));
        }
        &plain => char::from(plain),
    };
    Some((c, 2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lang::Lang;
    use crate::transcript::{ReadOptions, Request, read};

    fn request(t: &Transcript, n: usize) -> &Request {
        t.turns[n].request.as_deref().unwrap()
    }

    fn ok(text: &str) -> Transcript {
        read("l.json", text.as_bytes(), &ReadOptions::default()).unwrap().output
    }

    fn told(text: &str) -> Vec<(String, String, Option<String>)> {
        let all = match read("l.json", text.as_bytes(), &ReadOptions::default()) {
            Ok(read) => read.output.refused_rows(),
            Err(error) => error.diagnostics(),
        };
        all.into_iter().map(|d| (d.message, d.place.unwrap(), d.hints.into_iter().next())).collect()
    }

    #[test]
    fn a_row_edited_after_it_was_picked_loses_its_source() {
        let id = crate::transcript::content_id("Lu", "We will rebuild.");
        let row = |text: &str| {
            format!(
                r#"[{{"id": "{id}", "text": "{text}", "speaker": "Lu", "source":
                {{"file": "a.txt", "sha256": "0", "start": 10, "end": 26, "line": 2}}}}]"#
            )
        };
        let read = |text: &str| {
            crate::transcript::read(
                "p.json",
                row(text).as_bytes(),
                &crate::transcript::ReadOptions::default(),
            )
            .unwrap()
        };
        let kept = read("We will rebuild.");
        assert!(kept.warnings.is_empty());
        assert_eq!(kept.output.origin(&kept.output.turns[0], 0..16).file, "a.txt");
        let edited = read("We shall rebuild.");
        assert_eq!(
            edited.warnings[0].message,
            format!("row 1 was edited after it was picked: words or speaker are not those of `{id}`")
        );
        assert_eq!(edited.output.origin(&edited.output.turns[0], 0..17).file, "p.json");
    }

    #[test]
    fn every_field_is_taken() {
        let t = ok(
            r#"[{"id": 7, "text": "  Over 80\u00a0% of  it.\n", "speaker": "Li Ming", "role": "Mayor",
            "date": "2024-05-15", "event": "E", "kicker": "K", "highlight": ["80 %"], "figure": {"number": "80%"},
            "translation": "T", "keep_together": ["of it"], "lang": "en", "template": "bulletin", "size": "900x900",
            "photo": "p.png", "photo_focus": [0.5, 0.25], "photo_credit": "C"}]"#,
        );
        assert!(t.is_list);
        assert_eq!(t.turns[0].text, "Over 80 % of it.");
        assert_eq!((t.people[0].name.as_str(), t.people[0].speaks), ("Li Ming", true));
        let r = request(&t, 0);
        assert_eq!(r.id.as_deref(), Some("7"));
        assert_eq!(
            r.date.as_ref().unwrap().on_card(Lang::En, crate::lang::Direction::LeftToRight),
            "May 15, 2024"
        );
        assert_eq!((&r.highlight[..], &r.keep_together[..]), (&["80 %".into()][..], &["of it".into()][..]));
        assert_eq!(r.figure.as_ref().unwrap().number, "80%");
        assert_eq!((r.lang, r.photo_focus), (Some(Lang::En), Some([0.5, 0.25])));
    }

    #[test]
    fn what_quotes_writes_is_read_unchanged() {
        let line = r#"{"id":"q1","text":"One.","speaker":"Ann","role":null,"date":"2024-05-15","event":null,"score":61.5,"matched":["one"],"source":{"file":"a.txt","sha256":"00","start":5,"end":9,"line":1},"before":null,"after":"Two."}"#;
        let t = ok(&format!("{line}\n{line}\n"));
        assert_eq!(t.turns.len(), 2);
        assert_eq!(request(&t, 1).matched, ["one"]);
        assert!(request(&t, 1).highlight.is_empty());
        let origin = t.origin(&t.turns[1], 0..4);
        assert_eq!((origin.file.as_str(), origin.start, origin.end), ("a.txt", 5, 9));
        assert_eq!(ok(&format!("[{line}]")).turns.len(), 1);
    }

    #[test]
    fn a_row_knows_its_bytes() {
        let source = "\u{FEFF}[\n {\"speaker\": \"A\", \"text\": \" say \\\"x\\\" \\ud83d\\ude00\\u4e2d \"}]";
        let t = ok(source);
        let turn = &t.turns[0];
        assert_eq!(turn.text, "say \"x\" 😀中");
        let origin = t.origin(turn, 0..turn.text.len());
        assert_eq!(&source[origin.start..origin.end], r#"say \"x\" \ud83d\ude00\u4e2d"#);
        assert_eq!((origin.line, origin.spans.len()), (2, 0));
        let (start, end, _) = turn.map.locate(4..5);
        assert_eq!(&source[start..end], "\\\"");
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let all = told(
            "[{\"text\": \"a\"},\n{\"speeker\": \"B\", \"text\": \" \"},\n{\"speeker\": 1, \"text\": 4, \"speaker\": \"c\"},\n7,\n{\"text\": \"a\", \"speaker\": \"b\", \"lang\": \"fr\", \"size\": \"0x\", \"photo_focus\": [2, 0], \"text\": \"b\"}]",
        );
        let told: Vec<_> = all.iter().map(|(m, p, _)| (m.as_str(), p.as_str())).collect();
        assert_eq!(
            told,
            [
                ("the row has no `speaker`", "l.json:1, row 1"),
                ("unknown field `speeker`", "l.json:2, row 2"),
                ("the row has no `text`", "l.json:2, row 2"),
                ("the row has no `speaker`", "l.json:2, row 2"),
                ("`text` must be a string", "l.json:3, row 3"),
                ("a row must be an object with `text` and `speaker`", "l.json:4, row 4"),
                ("`lang` must be `en` or `zh`", "l.json:5, row 5"),
                ("`size` must be a size's name or `WIDTHxHEIGHT`", "l.json:5, row 5"),
                (
                    "`photo_focus` must be two numbers from 0 to 1, from the left and from the top",
                    "l.json:5, row 5"
                ),
                ("field `text` is given twice", "l.json:5, row 5"),
            ]
        );
        assert_eq!(all[1].2.as_deref(), Some("did you mean `speaker`?"));
    }

    #[test]
    fn broken_json_has_line_and_column() {
        let all = told("[{\"text\": \"中\", \"speaker\": \"b\"},\n {\"text\": \"中\" \"speaker\": 1}]");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].0, "broken JSON: expected `,` or `}`");
        assert_eq!(all[0].1, "l.json:2:15");
        let all = told(
            "{\"text\": \"a\", \"speaker\": \"b\"}\n{\"text\":\n\n{\"text\": \"a\", \"speaker\" \"b\"}\n",
        );
        let places: Vec<_> = all.iter().map(|p| p.1.as_str()).collect();
        assert_eq!(places, ["l.json:2:8, row 2", "l.json:4:25, row 3"]);
    }

    #[test]
    fn an_object_that_is_no_row() {
        assert_eq!(told("{\"turns\": []}")[0].0, "a JSON object is not a list of quotes");
        assert_eq!(told("[]")[0].0, "the list has no rows");
        assert_eq!(ok("{\n\"text\": \"a\",\n\"speaker\": \"b\"}").turns.len(), 1);
    }

    proptest! {
        #[test]
        fn any_string_comes_back(text in "\\PC{0,30}", ascii in any::<bool>()) {
            let mut json = serde_json::to_string(&text).unwrap();
            if ascii {
                let units = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04x}")).collect::<String>();
                json = json.chars().map(|c| if c.is_ascii() { c.to_string() } else { units(c) }).collect();
            }
            let source = format!("{{\"speaker\": \"s\", \"text\": {json}}}");
            match read("l", source.as_bytes(), &ReadOptions::default()) {
                Ok(w) => {
                    let turn = &w.output.turns[0];
                    prop_assert_eq!(&turn.text, &text.split_whitespace().collect::<Vec<_>>().join(" "));
                    for p in turn.map.pieces().iter().filter(|p| p.text.len() == p.source.len()) {
                        prop_assert_eq!(&turn.text[p.text.clone()], &source[p.source.clone()]);
                    }
                }
                Err(_) => prop_assert!(text.trim().is_empty()),
            }
        }
    }
}
