//! The request sheet that comes back: its own columns as they were, then what became of each row.
//!
//! It is CSV that a spreadsheet opens rightly: UTF-8 with a byte order mark, CRLF, and the separator of the sheet that was
//! given. **No cell of it is a formula**: one that begins with `=`, `+`, `-`, `@` (or their full-width forms), a tab or
//! a line end, blanks before it or not, gets a `'` in front, which spreadsheets show as text. Somebody else filled in that
//! sheet, and who opens what comes back should run nothing of theirs. When such a sheet is read again, mended, that
//! mark is taken off: the words are the speaker's.

use std::io::{self, Write};

use crate::transcript::{Given, RETURNED, guarded};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All its cards were made.
    Done,
    /// Some were.
    Partly,
    /// None was, or the row could not be read.
    Failed,
    /// It was not asked for, or its turn did not come.
    LeftOut,
}

impl Status {
    /// The word in the sheet.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly done",
            Self::Failed => "failed",
            Self::LeftOut => "left out",
        }
    }
}

/// What is said of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In a word.
    pub status: Status,
    /// The cards, as the manifest names them.
    pub files: Vec<String>,
    /// Why not, and what to look at.
    pub message: String,
}

/// Between the names of several cards.
const BETWEEN: &str = " | ";

/// Writes the sheet; `told` says what became of each row, by its number from 1.
///
/// # Errors
///
/// What `out` says.
pub fn write(mut out: impl Write, given: &Given, mut told: impl FnMut(usize) -> Told) -> io::Result<()> {
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new()
        .delimiter(given.separator)
        .terminator(csv::Terminator::CRLF)
        .from_writer(&mut out);
    let width = given.rows.iter().map(Vec::len).max().unwrap_or_default().max(given.columns.len());
    let own = |cells: &[String]| -> Vec<String> {
        let blank = std::iter::repeat_n(String::new(), width - cells.len());
        cells.iter().map(|cell| guarded(cell).into_owned()).chain(blank).collect()
    };
    let header = own(&given.columns);
    csv.write_record(header.iter().map(String::as_str).chain(RETURNED))?;
    for (row, cells) in given.rows.iter().enumerate() {
        let Told { status, files, message } = told(row + 1);
        let ours = [status.word().to_owned(), files.join(BETWEEN), message];
        let ours = ours.iter().map(|cell| guarded(cell).into_owned());
        csv.write_record(own(cells).into_iter().chain(ours))?;
    }
    csv.flush()
}

/// Whether a file begins like a sheet that came back: its header ends in our columns.
#[must_use]
pub fn is_ours(bytes: &[u8]) -> bool {
    let header = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let header = String::from_utf8_lossy(header);
    let header = header.trim_end();
    [',', ';', '\t', '|'].iter().any(|separator| header.ends_with(&RETURNED.join(&separator.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{ReadOptions, read};

    fn written(text: &str) -> String {
        let given = Given::read("l", text.as_bytes(), &ReadOptions::default()).unwrap();
        let mut out = Vec::new();
        let told = |row| match row {
            1 => {
                Told { status: Status::Done, files: vec!["a.png".into(), "b.png".into()], message: "".into() }
            }
            _ => Told { status: Status::Failed, files: vec![], message: "=no; mend it".into() },
        };
        write(&mut out, &given, told).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_stay_and_ours_follow() {
        let back = written("Quote;Name;Deadline\n\"a;\nb\";Li;\nc;Lu;now;more\n");
        assert_eq!(
            back,
            "\u{FEFF}Quote;Name;Deadline;;status;file;message\r\n\
             \"a;\nb\";Li;;;done;a.png | b.png;\r\nc;Lu;now;more;failed;;'=no; mend it\r\n"
                .replace("'=no; mend it", "\"'=no; mend it\"")
        );
        assert!(is_ours(back.as_bytes()));
        assert!(!is_ours(b"status,file\n") && !is_ours(b""));
    }

    #[test]
    fn no_cell_is_a_formula_and_words_come_back_unchanged() {
        let words = [
            "=HYPERLINK(\"http://x\")",
            "+1",
            "-5 degrees",
            "@all",
            "\t=1",
            " =1",
            "＝1",
            "'=1",
            "'90s",
            "plain - text",
        ];
        let rows: Vec<_> =
            words.iter().map(|text| serde_json::json!({"text": text, "speaker": text}).to_string()).collect();
        let list = rows.join("\n");
        let back = written(&list);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&back.as_bytes()[3..]);
        for record in reader.records() {
            for cell in &record.unwrap() {
                let first = cell.trim_start_matches(' ').chars().next().unwrap_or('x');
                assert!(!"=+-@\t\r\n＝＋－＠".contains(first), "{cell:?}");
            }
        }
        // Rendered again it is the same words, and as a sheet the same sheet.
        let turns = |bytes: &str| {
            let list = read("l", bytes.as_bytes(), &ReadOptions::default()).unwrap().output;
            let who = |t: &crate::transcript::Turn| (t.text.clone(), list.people[t.speaker].name.clone());
            list.turns.iter().map(who).collect::<Vec<_>>()
        };
        assert_eq!(turns(&back), turns(&list));
        assert_eq!(written(&back), back);
    }
}
