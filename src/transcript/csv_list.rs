//! Quote lists as CSV: commas, semicolons, tabs or bars; the first line names the columns, in any order and by any of
//! the names that people use for them.
//!
//! A cell that holds several phrases (`highlight`, `keep_together`, `matched`) is a JSON array where it begins with
//! `[`, else the phrases stand between ` | `. `figure` and `source` are JSON objects, `photo_focus` a JSON array or
//! two numbers with a blank. An empty cell is absent. `csv-core` splits the file, so each cell's bytes are known.
//!
//! A first line `sep=;` says what parts the columns, as some spreadsheets write it.

use std::borrow::Cow;
use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use serde::de::DeserializeOwned;

use super::error::{ReadError, RowProblem, bare};
use super::format::Input;
use super::names::{Columns, field_of};
use super::row::{Draft, Field, Kind, List};
use super::source::SourceMap;
use super::text::{Folder, fold};
use super::{CautionRow, Figure, InputFormat, QuestionRow, Transcript, sheet};
use crate::diag::Warned;

/// Between the phrases of a cell.
const BETWEEN: &str = " | ";

/// The longest header, in bytes: a form's questions may be whole sentences.
const MAX_HEADER: usize = 4000;

/// The columns that a sheet which comes back has at its end; see [`crate::returned`].
pub(crate) const RETURNED: [&str; 3] = ["status", "file", "message"];

/// What parts the columns, where the text is a list of quotes: its header names words and a speaker as a request does,
/// or most of it are fields of a list, or all of it is near enough to be misspelt ones.
pub(super) fn separator(text: &str) -> Option<u8> {
    let (declared, start) = declared(text);
    let candidates: &[u8] = declared.as_slice();
    let candidates = if declared.is_some() { candidates } else { b",\t;|" };
    candidates
        .iter()
        .copied()
        .find(|&separator| header(&text[start..], separator).is_some_and(|names| is_list(&names)))
}

/// The separator that a line `sep=;` names, and where the text after it begins.
fn declared(text: &str) -> (Option<u8>, usize) {
    let line = text.lines().next().unwrap_or_default();
    let named = line.trim().trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    match named {
        Some(&[separator @ (b',' | b';' | b'\t' | b'|')]) => {
            (Some(separator), (line.len() + 1).min(text.len()))
        }
        _ => (None, 0),
    }
}

/// The cells of the first line; `None` where it is longer than a header is.
fn header(text: &str, separator: u8) -> Option<Vec<String>> {
    let head = text.char_indices().map(|(at, _)| at).take_while(|&at| at <= MAX_HEADER).last()?;
    let head = if text.len() <= MAX_HEADER { text } else { &text[..head] };
    let cells = Records::new(head, separator).next_record()?;
    let end = cells.last().map_or(0, |cell| cell.source.end);
    (end < MAX_HEADER).then(|| cells.into_iter().map(|cell| cell.text).collect())
}

fn is_list(header: &[String]) -> bool {
    if header.ends_with(&RETURNED.map(str::to_owned)) {
        return true;
    }
    let names: Vec<&str> = header.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    let fields: Vec<(Field, usize)> = names.iter().filter_map(|name| field_of(name)).collect();
    let has = |wanted: Field| fields.iter().any(|(field, _)| *field == wanted);
    // `transcript` or `内容` may head the words of a transcript too; `quote` does not.
    let own_words = |name: &&str| Field::of(name) == Some(Field::Text) && !sheet::is_words(name);
    let quotes = names.iter().any(own_words) && has(Field::Speaker);
    if names.len() < 2 || !quotes && sheet::has_times(&names) {
        return false;
    }
    let asks = fields.iter().any(|(field, _)| field.is_of_a_request());
    let own = fields.iter().filter(|(_, rank)| *rank == 0).count();
    let mostly = own >= 2 && own * 2 > names.len();
    let nearly = || own >= 1 && names.iter().all(|name| Field::nearest(name).is_some());
    quotes || has(Field::Text) && has(Field::Speaker) && asks || mostly || nearly()
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

/// A sheet's records, its header first.
pub(super) struct Rows<'a> {
    records: Records<'a>,
    /// The cells of the header.
    pub header: Vec<Cell>,
    /// What parts the columns.
    pub separator: u8,
    /// It came back from us: its last columns say what became of each row.
    pub returned: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let separator = separator(text).unwrap_or(b',');
        let mut records = Records::new(text, separator);
        records.at = declared(text).1;
        let header = records.next_record().unwrap_or_default();
        let tail: Vec<_> = header.iter().rev().take(RETURNED.len()).map(|cell| cell.text.as_str()).collect();
        let returned = tail.iter().rev().eq(RETURNED.iter());
        Self { records, header, separator, returned }
    }

    /// How many of the columns are the sheet's own.
    pub(super) fn own(&self) -> usize {
        self.header.len() - if self.returned { RETURNED.len() } else { 0 }
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<Cell>;

    /// The next record that has something in it: a sheet's empty rows come out as separators and nothing else.
    fn next(&mut self) -> Option<Vec<Cell>> {
        loop {
            let cells = self.records.next_record()?;
            if cells.iter().any(|cell| !cell.text.trim().is_empty()) {
                return Some(cells);
            }
        }
    }
}

/// Reads a CSV list.
pub(super) fn read(input: &Input<'_>) -> Result<Warned<Transcript>, ReadError> {
    let mut list = List::new(input);
    let mut rows = Rows::of(input.text);
    let sheet = Sheet {
        columns: read_header(input, &rows, &mut list),
        names: rows.header.iter().map(|cell| cell.text.clone()).collect(),
        returned: rows.returned,
    };
    for cells in &mut rows {
        sheet.read_row(input, &cells, &mut list);
    }
    list.finish(InputFormat::CsvList)
}

fn read_header(input: &Input<'_>, rows: &Rows<'_>, list: &mut List) -> Vec<Option<Field>> {
    let at = input.base + rows.header.first().map_or(0, |cell| cell.source.start);
    let own = &rows.header[..rows.own()];
    let columns = Columns::of(own.iter().map(|cell| cell.text.as_str()));
    let mut fields = columns.fields;
    for (cell, _) in own.iter().zip(&fields).filter(|(_, field)| field.is_none()) {
        let name = cell.text.trim();
        let misspelt = Field::misspelt(name).filter(|near| !fields.contains(&Some(*near)));
        match Field::of(name) {
            None if misspelt.is_some() => list.problem(None, at, Field::unknown(name)),
            Some(field) if columns.twice.contains(&field) => {}
            _ => list.unread(name),
        }
    }
    for field in columns.twice {
        list.problem(None, at, RowProblem::Twice(field));
    }
    for field in [Field::Text, Field::Speaker] {
        // A misspelt one has been told.
        let misspelt = || own.iter().any(|c| Field::misspelt(&c.text) == Some(field));
        if !fields.contains(&Some(field)) && !misspelt() {
            list.problem(None, at, RowProblem::NoColumn(field));
        }
    }
    fields.resize(rows.header.len(), None);
    fields
}

/// What the header told.
struct Sheet {
    columns: Vec<Option<Field>>,
    names: Vec<String>,
    returned: bool,
}

impl Sheet {
    fn read_row(&self, input: &Input<'_>, cells: &[Cell], list: &mut List) {
        let Self { columns, names, .. } = self;
        let row = list.next_row();
        let at = |cell: &Cell| input.base + cell.source.start;
        let offset = cells.first().map_or(input.base, at);
        let place = |column: usize| names.get(column).map(|name| (column, name.as_str()));
        let unsound = cells.iter().map(|c| unsound(&input.text[c.source.clone()]));
        if let Some((column, problem)) = unsound.enumerate().find_map(|(n, problem)| Some((n, problem?))) {
            list.problem_in(Some(row), at(&cells[column]), place(column), problem);
            return;
        }
        // Empty cells beyond the header are nobody's. Where cells are missing, all behind them may have moved, and one
        // person's words stand under another's name.
        let filled = cells.iter().rposition(|c| !c.text.trim().is_empty()).map_or(0, |n| n + 1);
        if cells.len() < columns.len() || filled > columns.len() {
            list.problem(
                Some(row),
                offset,
                RowProblem::Width { found: cells.len(), expected: columns.len() },
            );
            return;
        }
        let mut draft = Draft::default();
        for (n, (&column, cell)) in columns.iter().zip(cells).enumerate() {
            let result = match column {
                _ if cell.text.trim().is_empty() => Ok(()),
                None => Ok(()), // told with the header, or a column without a name
                Some(Field::Text) => {
                    draft.set_words(words(&input.text[cell.source.clone()], at(cell), self.returned));
                    Ok(())
                }
                Some(field) => set(&mut draft, field, self.plain(cell.text.trim())),
            };
            if let Err(problem) = result {
                list.problem_in(Some(row), at(cell), place(n), problem);
            }
        }
        // Where the header lacks the column, it has been told once and for all.
        if [Field::Text, Field::Speaker].iter().all(|f| columns.contains(&Some(*f))) {
            list.take(draft, row, offset);
        }
    }

    /// A cell without the mark that kept a spreadsheet from taking it for a formula, where we put it there.
    fn plain<'c>(&self, cell: &'c str) -> &'c str {
        if self.returned { unguarded(cell) } else { cell }
    }
}

/// What a spreadsheet may take for a formula, or for the beginning of one: the first characters that OWASP names, and
/// their full-width forms, which some take alike.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A cell that no spreadsheet takes for a formula: one that looks like one gets a `'` in front, and so does one that
/// begins with a `'` which would be taken for ours when it is read back.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    let bare = cell.trim_start_matches('\'');
    if is_formula(bare) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A cell as it was before it was [`guarded`].
pub(crate) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
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

/// The words of a cell that stands, with its quote marks, at `at`; in a sheet that came back without what guards it.
fn words(raw: &str, at: usize, returned: bool) -> Option<(String, SourceMap)> {
    let mut folder = Folder::new();
    let mut runs = cell_words(raw, at);
    if let (true, Some((None, first))) = (returned, runs.first_mut()) {
        let run = &raw[first.start - at..first.end - at];
        first.start += run.len() - unguarded(run).len();
    }
    for (text, range) in runs {
        match text {
            None => folder.words(&raw[range.start - at..range.end - at], range.start),
            Some(_) => folder.escaped('"', range),
        }
    }
    folder.finish()
}

fn json<T: DeserializeOwned>(field: Field, cell: &str) -> Result<T, RowProblem> {
    serde_json::from_str(cell).map_err(|source| {
        if source.is_data() { field.wrong() } else { RowProblem::Cell { field, what: bare(&source) } }
    })
}

fn set(draft: &mut Draft, field: Field, cell: &str) -> Result<(), RowProblem> {
    match field.kind() {
        Kind::Line => draft.set_line(field, cell),
        Kind::Phrases if cell.starts_with('[') => {
            draft.set_phrases(field, &json::<Vec<String>>(field, cell)?)
        }
        Kind::Phrases => draft.set_phrases(field, &cell.split(BETWEEN).collect::<Vec<_>>()),
        Kind::Figure if !cell.starts_with('{') => {
            draft.set_figure(Figure { number: cell.to_owned(), ..Figure::default() })
        }
        Kind::Figure => draft.set_figure(json(field, cell)?),
        Kind::Focus if cell.starts_with('[') => draft.set_focus(json(field, cell)?),
        Kind::Focus => {
            let mut parts = cell.split_whitespace().map(str::parse);
            match (parts.next(), parts.next(), parts.next()) {
                (Some(Ok(x)), Some(Ok(y)), None) => draft.set_focus([x, y]),
                _ => Err(field.wrong()),
            }
        }
        // What a desk writes there for itself.
        Kind::Origin if !cell.starts_with('{') => Ok(()),
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

    /// All that is wrong, of a file or of its rows.
    fn told(text: &str) -> Vec<(String, String)> {
        let all = match read("l.csv", text.as_bytes(), &ReadOptions::default()) {
            Ok(read) => read.output.refused_rows(),
            Err(error) => error.diagnostics(),
        };
        all.into_iter().map(|d| (d.message, d.place.unwrap())).collect()
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
                ("`lang` must be `en` or `zh`", "l.csv:2, row 1, column C (`lang`)"),
                ("the row has no `speaker`", "l.csv:2, row 1"),
                ("fields in the row: 1, in the header: 4", "l.csv:3, row 2"),
                ("words after the closing quote mark of a field", "l.csv:4, row 3, column A (`text`)"),
                ("broken JSON in `figure`: key must be a string", "l.csv:5, row 4, column D (`figure`)"),
                ("a quoted field is never closed", "l.csv:6, row 5, column A (`text`)"),
            ]
        );
    }

    #[test]
    fn the_columns_of_a_form_are_read_in_any_order() {
        let form = "Timestamp\tEmail address\tImage\tTitle\tQuote (word for word) *\tName:\tKey\tCredit\tSource\n\
                    16/04/2031\tx@y.example\tlu.jpg\tMayor\t80% of it.\tLi Ming\tli-1\tPhoto: A\tinterview\n";
        let read = super::super::read("f.tsv", form.as_bytes(), &ReadOptions::default()).unwrap();
        let t = read.output;
        assert_eq!((t.turns[0].text.as_str(), t.people[0].name.as_str()), ("80% of it.", "Li Ming"));
        let r = request(&t, 0);
        assert_eq!((r.row, r.id.as_deref(), r.role.as_deref()), (1, Some("li-1"), Some("Mayor")));
        assert_eq!((r.photo.as_deref(), r.photo_credit.as_deref()), (Some("lu.jpg"), Some("Photo: A")));
        assert_eq!(read.warnings[0].message, "columns are not read: `Timestamp`, `Email address`");
        let zh = ok("编号;引语;姓名;职务;照片\n一;水清了。;温若兰;副省长;w.jpg\n");
        assert_eq!((zh.turns[0].text.as_str(), zh.people[0].name.as_str()), ("水清了。", "温若兰"));
        assert_eq!(request(&zh, 0).role.as_deref(), Some("副省长"));
        assert_eq!(ok("Role|Speaker|Text|Style\nMayor|Li|a, b; c|bulletin\n").turns[0].text, "a, b; c");
        assert_eq!(ok("sep=;\nquote;name\na, b;Li\n").turns[0].text, "a, b");
        assert_eq!(ok("\"Quote\n(in full, please)\",name,key\n\"a, b\",Li,k\n").turns.len(), 1);
    }

    #[test]
    fn whatever_encoding_a_desk_saves_in() {
        let sheet = "Quote;Name;Role\n“Ça ira”, said Zoë — naïvely.;Zoë Müller;Bürgermeisterin\n";
        let zh = "引语,姓名,职务\n清洁能源占全省用电量的五分之二。,温若兰,云泽省副省长\n";
        let utf16 = |text: &str| -> Vec<u8> {
            [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        };
        let files: [(&str, Vec<u8>); 5] = [
            (sheet, [b"\xEF\xBB\xBF", sheet.as_bytes()].concat()),
            (sheet, utf16(sheet)),
            (sheet, encoding_rs::WINDOWS_1252.encode(sheet).0.into_owned()),
            (zh, encoding_rs::GB18030.encode(zh).0.into_owned()),
            (zh, utf16(zh)),
        ];
        for (text, bytes) in files {
            let want = ok(text);
            let read = read("l.csv", &bytes, &ReadOptions::default()).unwrap().output;
            assert_eq!(read.turns[0].text, want.turns[0].text);
            assert_eq!(read.people[0].name, want.people[0].name);
        }
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
                    // A row without words is refused, and the other one taken.
                    let words = usize::from(!text.trim().is_empty());
                    prop_assert_eq!((w.output.turns.len(), w.output.refused.len()), (words + 1, 1 - words));
                    prop_assert_eq!(&w.output.turns[words].text, "last");
                    if words == 0 {
                        return Ok(());
                    }
                    let turn = &w.output.turns[0];
                    prop_assert_eq!(&turn.text, &super::super::text::fold(&text));
                    for p in turn.map.pieces().iter().filter(|p| p.text.len() == p.source.len()) {
                        prop_assert_eq!(&turn.text[p.text.clone()], &source[p.source.clone()]);
                    }
                }
                Err(error) => prop_assert!(false, "{error}"),
            }
        }
    }
}
