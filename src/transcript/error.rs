//! Why a file could not be read: what, where, and the mend.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::InputFormat;
use super::row::Field;
use crate::diag::Diagnostic;

/// Why a file could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// No bytes, or nothing but white space.
    #[error("the file is empty")]
    Empty {
        /// The file as named.
        file: String,
    },
    /// A byte that is no UTF-8.
    #[error("not UTF-8 text: byte {offset} is `0x{byte:02X}`")]
    NotUtf8 {
        /// The file as named.
        file: String,
        /// 1-based line.
        line: u32,
        /// 1-based column, in characters.
        column: u32,
        /// Byte offset into the file.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// A kind of file that holds no plain text.
    #[error("the file is {kind}, which is not read as it is")]
    Foreign {
        /// The file as named.
        file: String,
        /// What it is.
        kind: Foreign,
    },
    /// A text in which nobody is named as speaking.
    #[error("no turns found: {}", if *.timed { "no cue or segment says who speaks" } else { "no line begins with a label that names a speaker" })]
    NoTurns {
        /// The file as named.
        file: String,
        /// It is made of cues or segments.
        timed: bool,
    },
    /// A file that is broken, or not of the format that it seems to be.
    #[error("{what}")]
    Broken {
        /// The file as named.
        file: String,
        /// 1-based line; 0 where there are no lines.
        line: u32,
        /// 1-based column, where it is known.
        column: Option<u32>,
        /// What is wrong.
        what: Broken,
        /// Further places with such a problem.
        more: usize,
    },
    /// `--label` is no regular expression.
    #[error("`--label` is no regular expression: {problem}")]
    Label {
        /// The file as named.
        file: String,
        /// What the parser says.
        problem: String,
    },
    /// `--by` names nobody.
    #[error("`--by` has no name")]
    NoName {
        /// The file as named.
        file: String,
    },
    /// JSON, but neither an array of rows nor one row a line.
    #[error("a JSON object is not a list of quotes")]
    NotAList {
        /// The file as named.
        file: String,
    },
    /// A list without rows.
    #[error("the list has no rows")]
    NoRows {
        /// The file as named.
        file: String,
        /// What the list is.
        format: InputFormat,
    },
    /// A list with rows that cannot be taken; all of them.
    #[error("{}", count(.problems))]
    List {
        /// The file as named.
        file: String,
        /// At least one, in the order of the file.
        problems: Vec<RowError>,
    },
}

/// What is wrong with a file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Broken {
    /// Two times were expected on both sides of `-->`.
    #[error("broken times of a cue: `-->` needs a time on each side, such as `00:01:02.500`")]
    CueTimes,
    /// A block of a subtitle file without times.
    #[error("a cue without times: no line of it has `-->`")]
    NoCueTimes,
    /// A subtitle file without cues.
    #[error("the file has no cues")]
    NoCues,
    /// XML that is not well formed.
    #[error("broken XML: {0}")]
    Xml(String),
    /// JSON that is not well formed.
    #[error("broken JSON: {0}")]
    Json(String),
    /// JSON without segments.
    #[error("no list of segments, utterances or words was found")]
    NoSegments,
    /// A CSV transcript with a broken row.
    #[error("broken row: {0}")]
    Sheet(String),
    /// An archive that cannot be unpacked.
    #[error("the document cannot be unpacked: {0}")]
    Archive(String),
    /// A document that is far larger unpacked than any transcript.
    #[error("the document unpacks to more than {0} MB")]
    TooLarge(u64),
}

impl Broken {
    const fn mend(&self) -> &'static str {
        match self {
            Self::CueTimes | Self::NoCueTimes | Self::NoCues => {
                "mend the subtitles there, or read the file as text: `--input-format plain`"
            }
            Self::Xml(_) => "mend the XML there, or read the file as a web page: `--input-format html`",
            Self::Json(_) => {
                "mend the JSON there; a comma, bracket or quote mark is often missing just before"
            }
            Self::NoSegments => {
                "give a JSON of segments with words and speakers, or a list of quotes with `text` and `speaker`"
            }
            Self::Sheet(_) => "put fields that have commas or line ends in them in double quotes",
            Self::Archive(_) | Self::TooLarge(_) => {
                "open it and save it again as DOCX, or as plain text (UTF-8)"
            }
        }
    }
}

/// A kind of file that is recognised and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Portable Document Format.
    Pdf,
    /// An Excel workbook (Office Open XML).
    Xlsx,
    /// An OpenDocument file.
    OpenDocument,
    /// A file of Word, Excel or PowerPoint before 2007.
    OldOffice,
    /// Rich Text Format.
    Rtf,
    /// Another ZIP archive.
    Zip,
    /// Compressed with gzip.
    Gzip,
    /// A PNG, JPEG, GIF or WebP picture.
    Picture,
    /// Something else that is not text.
    Binary,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pdf => "a PDF",
            Self::Xlsx => "an Excel workbook (XLSX)",
            Self::OpenDocument => "an OpenDocument file",
            Self::OldOffice => "an old Office document (DOC, XLS or PPT)",
            Self::Rtf => "a rich text document (RTF)",
            Self::Zip => "a ZIP archive",
            Self::Gzip => "compressed with gzip",
            Self::Picture => "a picture",
            Self::Binary => "binary data",
        })
    }
}

impl Foreign {
    const fn mend(self) -> &'static str {
        match self {
            Self::Pdf => {
                "save it as text: `pdftotext -layout FILE.pdf FILE.txt`, or copy the words out of a viewer"
            }
            Self::OpenDocument | Self::OldOffice | Self::Rtf => {
                "open it and save it as DOCX or as plain text (UTF-8)"
            }
            Self::Xlsx => "open it and save the sheet as CSV (UTF-8)",
            Self::Zip => "unpack it and give the text file inside",
            Self::Gzip => "unpack it: `gzip -d FILE`, or `gzip -dc FILE | pullquote read -`",
            Self::Picture => "give the words as a text file; pullquote does not read pictures",
            Self::Binary => "give a text file in UTF-8, or a list of quotes as JSON or CSV",
        }
    }
}

/// What is wrong with a row of a list, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct RowError {
    /// 1-based row, the header of a CSV not counted; `None` where it concerns no one row.
    pub row: Option<usize>,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters, where it is known.
    pub column: Option<u32>,
    /// In a sheet: the column from 0, and what its header calls it.
    pub cell: Option<(usize, String)>,
    /// What is wrong.
    #[source]
    pub problem: RowProblem,
}

/// What is wrong with a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RowProblem {
    /// A required field is missing or blank.
    #[error("the row has no `{0}`")]
    Missing(Field),
    /// A CSV header without a required column.
    #[error("the header has no column `{0}`")]
    NoColumn(Field),
    /// A field that no list has.
    #[error("unknown field `{name}`")]
    Unknown {
        /// As written.
        name: String,
        /// The nearest field there is.
        nearest: Option<Field>,
    },
    /// A field given twice.
    #[error("field `{0}` is given twice")]
    Twice(Field),
    /// A value of the wrong kind.
    #[error("`{field}` must be {expected}")]
    Value {
        /// The field.
        field: Field,
        /// What it must be.
        expected: &'static str,
    },
    /// An element of a list that is no object.
    #[error("a row must be an object with `text` and `speaker`")]
    NotAnObject,
    /// Broken JSON.
    #[error("broken JSON: {0}")]
    Json(String),
    /// Broken JSON within a CSV cell.
    #[error("broken JSON in `{field}`: {what}")]
    Cell {
        /// The column.
        field: Field,
        /// What the parser says.
        what: String,
    },
    /// A CSV row of another length than the header.
    #[error("fields in the row: {found}, in the header: {expected}")]
    Width {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A quote mark that opens a field and none that closes it.
    #[error("a quoted field is never closed")]
    Unclosed,
    /// Something other than a comma after a quoted field.
    #[error("words after the closing quote mark of a field")]
    Stray,
}

/// The parser's words without the place, which the diagnostic tells in its own way.
pub(super) fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |at| text[..at].to_owned())
}

fn count(problems: &[RowError]) -> String {
    match problems {
        [only] => only.to_string(),
        _ => format!("{} problems in the list", problems.len()),
    }
}

/// The letters that a spreadsheet gives a column, from 0: A, B … Z, AA.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column % 26]);
        match (column / 26).checked_sub(1) {
            Some(next) => column = next,
            None => break,
        }
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

/// One diagnostic a problem; a name that is no field is told once, with the number of its rows.
pub(super) fn row_diagnostics(file: &str, problems: &[RowError]) -> Vec<Diagnostic> {
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for error in problems {
        if let RowProblem::Unknown { name, .. } = &error.problem {
            *unknown.entry(name).or_default() += 1;
        }
    }
    let tell = |error: &RowError| {
        let more = match &error.problem {
            // Gone where it has been told.
            RowProblem::Unknown { name, .. } => unknown.remove(name.as_str())? - 1,
            _ => 0,
        };
        Some(error.diagnostic(file, more))
    };
    problems.iter().filter_map(tell).collect()
}

impl RowError {
    /// What a person who has the row at hand should read.
    #[must_use]
    pub fn told(&self) -> Diagnostic {
        let told = self.diagnostic("", 0);
        Diagnostic { place: None, ..told }
    }

    /// What a person should read; `more` further rows have the same problem.
    fn diagnostic(&self, file: &str, more: usize) -> Diagnostic {
        let mut place = format!("{file}:{}", self.line);
        if let Some(column) = self.column {
            place.push_str(&format!(":{column}"));
        }
        if let Some(row) = self.row {
            place.push_str(&format!(", row {row}"));
        }
        if let Some((column, name)) = &self.cell {
            place.push_str(&format!(", column {} (`{name}`)", letters(*column)));
        }
        match more {
            0 => {}
            1 => place.push_str(" and one more"),
            more => place.push_str(&format!(" and {more} more")),
        }
        let diagnostic = Diagnostic::error(self.problem.to_string()).at(place);
        match &self.problem {
            RowProblem::Missing(field) => {
                diagnostic.hint(format!("every row needs `text` and `speaker`; give `{field}`"))
            }
            RowProblem::NoColumn(field) => {
                diagnostic.hint(format!("the first line names the columns; name one of them `{field}`"))
            }
            RowProblem::Unknown { nearest: Some(field), .. } => {
                diagnostic.hint(format!("did you mean `{field}`?"))
            }
            RowProblem::Unknown { nearest: None, .. } => {
                diagnostic.hint(format!("the fields of a list are {}", Field::asked_names()))
            }
            RowProblem::Twice(_) => diagnostic.hint("keep one of them"),
            RowProblem::Value { field: Field::Series, .. } => {
                diagnostic.hint("a spreadsheet may have made a date of it: format the column as text")
            }
            RowProblem::Value { .. } => diagnostic,
            RowProblem::NotAnObject => {
                diagnostic.hint("write rows as `{\"text\": \"…\", \"speaker\": \"…\"}`")
            }
            RowProblem::Json(_) => diagnostic
                .hint("mend the JSON there; a comma, bracket or quote mark is often missing just before"),
            RowProblem::Cell { .. } => diagnostic.hint(
                "a cell with `{` or `[` at its start is JSON; in CSV each `\"` inside is written `\"\"`",
            ),
            RowProblem::Width { .. } => {
                diagnostic.hint("put fields that have commas or line ends in them in double quotes")
            }
            RowProblem::Unclosed => {
                diagnostic.hint("close the field with `\"`; a quote mark inside one is written `\"\"`")
            }
            RowProblem::Stray => diagnostic.hint("a quote mark inside a quoted field is written `\"\"`"),
        }
    }
}

impl ReadError {
    /// The file, as named.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Empty { file }
            | Self::NotUtf8 { file, .. }
            | Self::Foreign { file, .. }
            | Self::NoTurns { file, .. }
            | Self::Broken { file, .. }
            | Self::Label { file, .. }
            | Self::NoName { file }
            | Self::NotAList { file }
            | Self::NoRows { file, .. }
            | Self::List { file, .. } => file,
        }
    }

    /// One diagnostic a problem: what a program prints.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            Self::List { file, problems } => row_diagnostics(file, problems),
            other => vec![other.diagnostic()],
        }
    }

    /// One diagnostic for the whole file. A list with several problems tells the first and how many follow;
    /// [`Self::diagnostics`] tells all.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.to_string());
        match self {
            Self::Empty { file } => diagnostic.at(file).hint("give a transcript as text, or a list of quotes"),
            Self::NotUtf8 { file, line, column, .. } => diagnostic
                .at(format!("{file}:{line}:{column}"))
                .hint("save the file as UTF-8, or convert it: `iconv -f GB18030 -t UTF-8 FILE > FILE.txt` (for Western text `-f WINDOWS-1252`)"),
            Self::Foreign { file, kind } => diagnostic.at(file).hint(kind.mend()),
            Self::NoTurns { file, .. } => diagnostic
                .at(file)
                .hint("if it is one person's speech without labels, say whose: `--by NAME`")
                .hint("see what was considered with `pullquote read --explain`, or say how labels look: `--label REGEX`"),
            Self::Broken { file, line, column, what, more } => {
                let place = match (line, column) {
                    (0, _) => file.clone(),
                    (line, Some(column)) => format!("{file}:{line}:{column}"),
                    (line, None) => format!("{file}:{line}"),
                };
                let diagnostic = diagnostic.at(place).hint(what.mend());
                match more {
                    0 => diagnostic,
                    1 => diagnostic.hint("one more place has such a problem"),
                    more => diagnostic.hint(format!("{more} more places have such a problem")),
                }
            }
            Self::Label { file, .. } => {
                diagnostic.at(file).hint("such as `--label '^([A-Z. ]+) --'`: the group is the name, the words follow the match")
            }
            Self::NoName { file } => diagnostic.at(file).hint("say whose words they are: `--by NAME`"),
            Self::NotAList { file } => diagnostic
                .at(file)
                .hint("give an array of rows, `[{\"text\": \"…\", \"speaker\": \"…\"}]`, or one such object a line"),
            Self::NoRows { file, .. } => diagnostic.at(file).hint("give at least one row with `text` and `speaker`"),
            Self::List { file, problems } => {
                let first = problems.first().map_or(diagnostic, |p| p.diagnostic(file, 0));
                match problems.len() {
                    0 | 1 => first,
                    2 => first.hint("the list has one more problem"),
                    n => first.hint(format!("the list has {} more problems", n - 1)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_kind_names_a_way() {
        let d = ReadError::Foreign { file: "a.pdf".into(), kind: Foreign::Pdf }.diagnostic();
        assert_eq!(d.message, "the file is a PDF, which is not read as it is");
        assert_eq!(d.place.as_deref(), Some("a.pdf"));
        assert!(d.hints[0].contains("pdftotext"));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_list_tells_all_its_problems() {
        let row = |row, line, problem| RowError { row: Some(row), line, column: None, cell: None, problem };
        let error = ReadError::List {
            file: "l.csv".into(),
            problems: vec![
                row(1, 2, RowProblem::Missing(Field::Speaker)),
                row(4, 7, RowProblem::Unknown { name: "speeker".into(), nearest: Some(Field::Speaker) }),
            ],
        };
        let all = error.diagnostics();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].message, "the row has no `speaker`");
        assert_eq!(all[1].place.as_deref(), Some("l.csv:7, row 4"));
        assert_eq!(all[1].hints, ["did you mean `speaker`?"]);
        assert_eq!(error.diagnostic().hints.last().unwrap(), "the list has one more problem");
        assert_eq!(error.to_string(), "2 problems in the list");
    }
}
