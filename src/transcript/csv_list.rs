//! Quote lists as CSV: commas, semicolons or tabs; the first line names the columns.
//!
//! A cell that holds several phrases (`highlight`, `keep_together`, `matched`) is a JSON array where it begins with
//! `[`, else the phrases stand between ` | `. `figure` and `source` are JSON objects, `photo_focus` a JSON array or
//! two numbers with a blank. An empty cell is absent. `csv-core` splits the file, so each cell's bytes are known.

use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use serde::de::DeserializeOwned;

use super::error::{ReadError, RowProblem};
use super::format::Input;
use super::row::{Draft, Field, Kind, List};
use super::source::SourceMap;
use super::text::{Folder, fold};
use super::{CautionRow, InputFormat, QuestionRow, Transcript};
use crate::diag::Warned;

/// Between the phrases of a cell.
const BETWEEN: &str = " | ";

/// What parts the columns, where the first line is a header: more than half of its cells are fields of a list, or some
/// are and the rest is near enough to be misspelt ones.
pub(super) fn separator(text: &str) -> Option<u8> {
    let header = text.trim_start().lines().next()?;
    // All the fields together, quoted, are shorter by far.
    if header.len() > 1000 {
        return None;
    }
    [',', '\t', ';'].into_iter().find_map(|separator| {
        let names: Vec<_> = header.split(separator).map(column_name).filter(|n| !n.is_empty()).collect();
        let known = names.iter().filter(|name| Field::of(name).is_some()).count();
        let mostly = known >= 2 && known * 2 > names.len();
        let nearly = || names.iter().all(|name| Field::nearest(name).is_some());
        (names.len() >= 2 && known >= 1 && (mostly || nearly())).then_some(separator as u8)
    })
}

fn column_name(cell: &str) -> String {
    cell.trim().trim_matches('"').trim().to_lowercase()
}

/// A cell: its text, and where in the file it stands with its quote marks.
pub(super) struct Cell {
    pub text: String,
    pub source: Range<usize>,
}

/// Splits a text into records of cells.
pub(super) struct Records<'a> {
    reader: Reader,
    text: &'a str,
    at: usize,
    buffer: Vec<u8>,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        // No cell is longer than what is left of the file, but most are short: it grows when need be.
        Self { reader, text, at: 0, buffer: vec![0; 1024] }
    }

    /// The cells of the next record; `None` at the end.
    pub(super) fn next_record(&mut self) -> Option<Vec<Cell>> {
        let bytes = self.text.as_bytes();
        let mut cells: Vec<Cell> = Vec::new();
        loop {
            let start = self.at;
            let mut written = 0;
            let record_end = loop {
                let (result, read, wrote) =
                    self.reader.read_field(&bytes[self.at..], &mut self.buffer[written..]);
                self.at += read;
                written += wrote;
                match result {
                    // At the end of the file the next call, with nothing left, closes the cell.
                    ReadFieldResult::InputEmpty => {}
                    ReadFieldResult::OutputFull => self.buffer.resize(self.buffer.len() * 2, 0),
                    ReadFieldResult::Field { record_end } => break record_end,
                    ReadFieldResult::End => return (!cells.is_empty()).then_some(cells),
                }
            };
            let raw = &self.text[start..self.at];
            // The parser leaves the second half of CRLF, and blank lines, to the next cell.
            let lead =
                if cells.is_empty() { raw.len() - raw.trim_start_matches(['\r', '\n']).len() } else { 0 };
            let tail = usize::from(if record_end { raw.ends_with(['\r', '\n']) } else { raw.len() > lead });
            // Cells are cut at ASCII bytes, so they stay whole characters.
            let text = String::from_utf8_lossy(&self.buffer[..written]).into_owned();
            cells.push(Cell { text, source: start + lead..(self.at - tail).max(start + lead) });
            if record_end {
                return Some(cells);
            }
        }
    }
}

/// Reads a CSV list.
pub(super) fn read(input: &Input<'_>) -> Result<Warned<Transcript>, ReadError> {
    let separator = separator(input.text).unwrap_or(b',');
    let mut list = List::new(input);
    let mut records = Records::new(input.text, separator);
    let header = records.next_record().unwrap_or_default();
    let columns = read_header(input, &header, &mut list);
    while let Some(cells) = records.next_record() {
        // A sheet's empty rows come out as separators and nothing else.
        if cells.iter().all(|cell| cell.text.trim().is_empty()) {
            continue;
        }
        read_row(input, &columns, &cells, &mut list);
    }
    list.finish(InputFormat::CsvList)
}

fn read_header(input: &Input<'_>, header: &[Cell], list: &mut List) -> Vec<Option<Field>> {
    let at = input.base + header.first().map_or(0, |cell| cell.source.start);
    let mut columns = Vec::with_capacity(header.len());
    for cell in header {
        let name = column_name(&cell.text);
        let field = Field::of(&name);
        if field.is_none() && !name.is_empty() {
            list.problem(None, at, Field::unknown(cell.text.trim()));
        }
        if let Some(field) = field.filter(|f| columns.contains(&Some(*f))) {
            list.problem(None, at, RowProblem::Twice(field));
        }
        columns.push(field);
    }
    for field in [Field::Text, Field::Speaker] {
        // A misspelt one has been told.
        let misspelt = header
            .iter()
            .any(|c| Field::of(&column_name(&c.text)).is_none() && Field::nearest(&c.text) == Some(field));
        if !columns.contains(&Some(field)) && !misspelt {
            list.problem(None, at, RowProblem::NoColumn(field));
        }
    }
    columns
}

fn read_row(input: &Input<'_>, columns: &[Option<Field>], cells: &[Cell], list: &mut List) {
    let row = list.next_row();
    let at = |cell: &Cell| input.base + cell.source.start;
    let offset = cells.first().map_or(input.base, at);
    if let Some((cell, problem)) =
        cells.iter().find_map(|c| unsound(&input.text[c.source.clone()]).map(|p| (c, p)))
    {
        list.problem(Some(row), at(cell), problem);
        return;
    }
    if cells.len() != columns.len() {
        list.problem(Some(row), offset, RowProblem::Width { found: cells.len(), expected: columns.len() });
        return;
    }
    let mut draft = Draft::default();
    for (&column, cell) in columns.iter().zip(cells) {
        let result = match column {
            _ if cell.text.trim().is_empty() => Ok(()),
            None => Ok(()), // told with the header, or a column without a name
            Some(Field::Text) => {
                draft.set_words(words(&input.text[cell.source.clone()], at(cell)));
                Ok(())
            }
            Some(field) => set(&mut draft, field, cell.text.trim()),
        };
        if let Err(problem) = result {
            list.problem(Some(row), at(cell), problem);
        }
    }
    // Where the header lacks the column, it has been told once and for all.
    if [Field::Text, Field::Speaker].iter().all(|f| columns.contains(&Some(*f))) {
        list.take(draft, row, offset);
    }
}

/// A quoted cell that is not closed, or goes on after it was. The parser takes both for granted, and rows would be
/// swallowed in silence.
pub(super) fn unsound(raw: &str) -> Option<RowProblem> {
    let inside = raw.strip_prefix('"')?;
    let (_, end) = quoted(inside);
    match end {
        None => Some(RowProblem::Unclosed),
        Some(end) => (!inside[end + 1..].trim().is_empty()).then_some(RowProblem::Stray),
    }
}

/// The runs of a quoted cell between its doubled quote marks, and where the closing one is.
fn quoted(inside: &str) -> (Vec<Range<usize>>, Option<usize>) {
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some(n) = inside[from..].find('"') {
        let mark = from + n;
        runs.push(from..mark);
        if inside[mark + 1..].starts_with('"') {
            from = mark + 2;
        } else {
            return (runs, Some(mark));
        }
    }
    (runs, None)
}

/// The runs of a cell that stands, with its quote marks, at `at`: as they are, or what a run stands for.
pub(super) fn cell_words(raw: &str, at: usize) -> Vec<(Option<&'static str>, Range<usize>)> {
    let Some(inside) = raw.strip_prefix('"') else { return vec![(None, at..at + raw.len())] };
    let at = at + 1;
    let mut runs = Vec::new();
    for (n, run) in quoted(inside).0.into_iter().enumerate() {
        if n > 0 {
            runs.push((Some("\""), at + run.start - 2..at + run.start));
        }
        runs.push((None, at + run.start..at + run.end));
    }
    runs
}

/// The words of a cell that stands, with its quote marks, at `at`.
fn words(raw: &str, at: usize) -> Option<(String, SourceMap)> {
    let mut folder = Folder::new();
    for (text, range) in cell_words(raw, at) {
        match text {
            None => folder.words(&raw[range.start - at..range.end - at], range.start),
            Some(_) => folder.escaped('"', range),
        }
    }
    folder.finish()
}

fn json<T: DeserializeOwned>(field: Field, cell: &str) -> Result<T, RowProblem> {
    serde_json::from_str(cell)
        .map_err(|source| if source.is_data() { field.wrong() } else { RowProblem::Cell { field, source } })
}

fn set(draft: &mut Draft, field: Field, cell: &str) -> Result<(), RowProblem> {
    match field.kind() {
        Kind::Line => draft.set_line(field, cell),
        Kind::Phrases if cell.starts_with('[') => {
            draft.set_phrases(field, &json::<Vec<String>>(field, cell)?)
        }
        Kind::Phrases => draft.set_phrases(field, &cell.split(BETWEEN).collect::<Vec<_>>()),
        Kind::Figure => draft.set_figure(json(field, cell)?),
        Kind::Focus if cell.starts_with('[') => draft.set_focus(json(field, cell)?),
        Kind::Focus => {
            let mut parts = cell.split_whitespace().map(str::parse);
            match (parts.next(), parts.next(), parts.next()) {
                (Some(Ok(x)), Some(Ok(y)), None) => draft.set_focus([x, y]),
                _ => Err(field.wrong()),
            }
        }
        Kind::Origin => {
            draft.set_origin(json(field, cell)?);
            Ok(())
        }
        // Words, as a person reads them; what somebody else wrote there is for that person.
        Kind::Context => {
            draft.set_context(cell.lines().filter_map(CautionRow::from_message).collect());
            Ok(())
        }
        Kind::Question => {
            draft.set_question(Some(QuestionRow { text: fold(cell), speaker: None, source: None }));
            Ok(())
        }
        Kind::Ignored | Kind::Words => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transcript::{ReadOptions, Request, read};

    fn ok(text: &str) -> Transcript {
        read("l.csv", text.as_bytes(), &ReadOptions::default()).unwrap().output
    }

    fn request(t: &Transcript, n: usize) -> &Request {
        t.turns[n].request.as_deref().unwrap()
    }

    fn told(text: &str) -> Vec<(String, String)> {
        let error = read("l.csv", text.as_bytes(), &ReadOptions::default()).unwrap_err();
        error.diagnostics().into_iter().map(|d| (d.message, d.place.unwrap())).collect()
    }

    #[test]
    fn cells_with_commas_quotes_and_lines() {
        let source = "\u{FEFF}id,Text,speaker,highlight,figure,photo_focus\r\n1,\"He said: \"\"go,\n now\"\"\",Li,go | now,\"{\"\"number\"\": \"\"3\"\"}\",0.5 0.25\r\n,,,,,\r\n\r\n2, b ,Li,\"[\"\"b\"\"]\",,\"[0, 1]\"\r\n";
        let t = ok(source);
        assert_eq!(t.turns.len(), 2);
        assert_eq!(t.turns[0].text, "He said: \"go, now\"");
        assert_eq!(request(&t, 0).highlight, ["go", "now"]);
        assert_eq!(request(&t, 0).figure.as_ref().unwrap().number, "3");
        assert_eq!(request(&t, 0).photo_focus, Some([0.5, 0.25]));
        assert_eq!(
            (&request(&t, 1).highlight[..], request(&t, 1).photo_focus),
            (&["b".into()][..], Some([0.0, 1.0]))
        );
        assert_eq!(t.people.len(), 1);
        let origin = t.origin(&t.turns[0], 0..t.turns[0].text.len());
        assert_eq!(&source[origin.start..origin.end], "He said: \"\"go,\n now\"\"");
        let origin = t.origin(&t.turns[1], 0..1);
        assert_eq!((&source[origin.start..origin.end], origin.line), ("b", 6));
    }

    #[test]
    fn tabs_and_semicolons() {
        assert_eq!(ok("speaker\ttext\nLi\ta, b").turns[0].text, "a, b");
        assert_eq!(ok("speaker;text;role\nLi;a, b;c").turns[0].text, "a, b");
    }

    #[test]
    fn what_quotes_writes_is_read_unchanged() {
        let t = ok(
            "id,text,speaker,role,date,event,score,matched,source,before,after\nq1,One.,Ann,,2024-05-15,,61.5,\"[\"\"One\"\"]\",\"{\"\"file\"\":\"\"a\"\",\"\"sha256\"\":\"\"0\"\",\"\"start\"\":1,\"\"end\"\":5,\"\"line\"\":1}\",,Two.\n",
        );
        assert_eq!(request(&t, 0).matched, ["One"]);
        assert_eq!(request(&t, 0).source.as_ref().unwrap().end, 5);
    }

    #[test]
    fn all_problems_are_told_at_once() {
        assert_eq!(
            told("text,speeker,role\na,b,c\n"),
            [("unknown field `speeker`".to_owned(), "l.csv:1".to_owned())]
        );
        assert_eq!(
            told("text,role,id\na,b,c\n"),
            [("the header has no column `speaker`".to_owned(), "l.csv:1".to_owned())]
        );
        let all = told("text,speaker,lang,figure\na,,xx,\nb\n\"c\"d,e,,\nf,g,,{x}\n\"open,\nh,i,,\n");
        let all: Vec<_> = all.iter().map(|(m, p)| (m.as_str(), p.as_str())).collect();
        assert_eq!(
            all,
            [
                ("`lang` must be `en` or `zh`", "l.csv:2, row 1"),
                ("the row has no `speaker`", "l.csv:2, row 1"),
                ("fields in the row: 1, in the header: 4", "l.csv:3, row 2"),
                ("words after the closing quote mark of a field", "l.csv:4, row 3"),
                ("broken JSON in `figure`: key must be a string", "l.csv:5, row 4"),
                ("a quoted field is never closed", "l.csv:6, row 5"),
            ]
        );
    }

    proptest! {
        #[test]
        fn any_cell_comes_back(text in "[a-c\",;\n\r \u{A0}改“]{0,30}", after in "[a-c\"\n]{0,5}") {
            let mut out = csv::Writer::from_writer(Vec::new());
            out.write_record(["speaker", "text", "role"]).unwrap();
            out.write_record(["s", &text, &after]).unwrap();
            out.write_record(["s", "last", ""]).unwrap();
            let source = String::from_utf8(out.into_inner().unwrap()).unwrap();
            match read("l", source.as_bytes(), &ReadOptions::default()) {
                Ok(w) => {
                    let turn = &w.output.turns[0];
                    prop_assert_eq!(&turn.text, &super::super::text::fold(&text));
                    for p in turn.map.pieces().iter().filter(|p| p.text.len() == p.source.len()) {
                        prop_assert_eq!(&turn.text[p.text.clone()], &source[p.source.clone()]);
                    }
                    prop_assert_eq!(&w.output.turns[1].text, "last");
                }
                Err(_) => prop_assert!(text.trim().is_empty()),
            }
        }
    }
}
