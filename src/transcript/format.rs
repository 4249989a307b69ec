//! What can be read: one line a format, told by content.

use std::fmt;

use super::error::{Foreign, ReadError};
use super::{Transcript, csv_list, json_list, plain};
use crate::diag::{Diagnostic, Warned};

/// How a file is read. To add a format, add a file to this folder and a line to each `match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InputFormat {
    /// A transcript as plain text.
    Plain,
    /// A list of ready quotes: a JSON array of objects.
    JsonList,
    /// A list of ready quotes: a JSON object a line.
    JsonLines,
    /// A list of ready quotes: comma, semicolon or tab separated, the first line names the columns.
    CsvList,
}

/// What the caller tells about a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The file is a speech without labels; whose. Default: none, speakers are found by their labels.
    pub by: Option<String>,
}

impl InputFormat {
    /// Every format, in the order that `list formats` shows.
    pub const ALL: [Self; 4] = [Self::Plain, Self::JsonList, Self::JsonLines, Self::CsvList];

    /// The name, as the program writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::JsonList => "json-list",
            Self::JsonLines => "json-lines",
            Self::CsvList => "csv-list",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Plain => "a transcript as plain text, turns labelled `Name:`",
            Self::JsonList => "ready quotes, a JSON array of objects",
            Self::JsonLines => "ready quotes, a JSON object a line",
            Self::CsvList => "ready quotes, CSV or TSV with a header line",
        }
    }

    /// Tells the format by content; the name plays no part in it but in the error.
    ///
    /// # Errors
    ///
    /// [`ReadError`] where the bytes are no text that can be read.
    pub fn detect(name: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let (text, _) = decode(name, bytes)?;
        Ok(if json_list::is_array(text) {
            Self::JsonList
        } else if json_list::is_lines(text) {
            Self::JsonLines
        } else if csv_list::separator(text).is_some() {
            Self::CsvList
        } else {
            Self::Plain
        })
    }

    /// Reads a file of this format. `name` is the file as the user named it, `-` for standard input.
    ///
    /// # Errors
    ///
    /// [`ReadError`], which tells every problem of a list at once.
    pub fn read(
        self,
        name: &str,
        bytes: &[u8],
        options: &ReadOptions,
    ) -> Result<Warned<Transcript>, ReadError> {
        let (text, base) = decode(name, bytes)?;
        let input = Input { name, bytes, text, base };
        let mut warned = match self {
            Self::Plain => return plain::read(&input, options),
            Self::JsonList => json_list::read_array(&input)?,
            Self::JsonLines => json_list::read_lines(&input)?,
            Self::CsvList => csv_list::read(&input)?,
        };
        if options.by.is_some() {
            let warning =
                Diagnostic::warning("`--by` changes nothing on a list of quotes: each row names its speaker");
            warned.warnings.push(warning.at(name));
        }
        Ok(warned)
    }
}

impl fmt::Display for InputFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Tells the format of a file and reads it.
///
/// # Errors
///
/// [`ReadError`], which tells every problem of a list at once.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Warned<Transcript>, ReadError> {
    InputFormat::detect(name, bytes)?.read(name, bytes, options)
}

/// A file as a format's reader sees it.
pub(super) struct Input<'a> {
    /// As the user named it.
    pub name: &'a str,
    /// The whole file.
    pub bytes: &'a [u8],
    /// Its text, after a byte order mark.
    pub text: &'a str,
    /// Offset of `text` in `bytes`.
    pub base: usize,
}

/// The text of a file and where it begins.
fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<(&'a str, usize), ReadError> {
    if let Some(kind) = foreign(bytes) {
        return Err(ReadError::Foreign { file: name.to_owned(), kind });
    }
    let base = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let text = std::str::from_utf8(&bytes[base..]).map_err(|error| {
        let offset = base + error.valid_up_to();
        let (line, column) = place(bytes, offset);
        ReadError::NotUtf8 { file: name.to_owned(), line, column, offset, byte: bytes[offset] }
    })?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty { file: name.to_owned() });
    }
    Ok((text, base))
}

/// 1-based line and column (in characters) of a byte offset.
#[allow(clippy::naive_bytecount, reason = "asked once, for an error")]
pub(super) fn place(bytes: &[u8], offset: usize) -> (u32, u32) {
    let before = &bytes[..offset.min(bytes.len())];
    let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
    let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
    let column = String::from_utf8_lossy(&before[start..]).trim_start_matches('\u{FEFF}').chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Tells files that are no plain text by their first bytes.
fn foreign(bytes: &[u8]) -> Option<Foreign> {
    const MAGIC: [(&[u8], Foreign); 14] = [
        (b"%PDF-", Foreign::Pdf),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Foreign::OldOffice),
        (b"{\\rtf", Foreign::Rtf),
        (b"\x1F\x8B", Foreign::Gzip),
        (b"\xFF\xFE", Foreign::Utf16),
        (b"\xFE\xFF", Foreign::Utf16),
        (b"<\0", Foreign::Utf16),
        (b"\0<", Foreign::Utf16),
        (b"\x89PNG\r\n", Foreign::Picture),
        (b"\xFF\xD8\xFF", Foreign::Picture),
        (b"GIF8", Foreign::Picture),
        (b"RIFF", Foreign::Picture),
        (b"PK\x05\x06", Foreign::Zip),
        (b"PK\x07\x08", Foreign::Zip),
    ];
    let head = &bytes[..bytes.len().min(8192)];
    let has = |needle: &[u8]| head.windows(needle.len()).any(|w| w == needle);
    if let Some(&(_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        // "RIFF" alone may begin a text; a WebP says so.
        return (kind != Foreign::Picture || !bytes.starts_with(b"RIFF") || has(b"WEBP")).then_some(kind);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        // The names of the members tell; those that matter come first or stand in the directory at the end.
        let tail = &bytes[bytes.len().saturating_sub(8192)..];
        let names = |needle: &[u8]| has(needle) || tail.windows(needle.len()).any(|w| w == needle);
        return Some(if names(b"word/") {
            Foreign::Docx
        } else if names(b"xl/") {
            Foreign::Xlsx
        } else if names(b"application/vnd.oasis") {
            Foreign::OpenDocument
        } else {
            Foreign::Zip
        });
    }
    if head.contains(&0) {
        // Latin text in UTF-16 has a NUL at every other byte.
        let (even, odd) = head
            .chunks_exact(2)
            .fold((0, 0), |(e, o), p| (e + usize::from(p[0] == 0), o + usize::from(p[1] == 0)));
        let pairs = head.len() / 2;
        let utf16 = even.max(odd) * 10 >= pairs * 7 && even.min(odd) * 20 <= pairs;
        return Some(if utf16 { Foreign::Utf16 } else { Foreign::Binary });
    }
    let start = String::from_utf8_lossy(&head[..head.len().min(512)])
        .trim_start_matches('\u{FEFF}')
        .trim_start()
        .to_ascii_lowercase();
    (start.starts_with("<!doctype html") || start.starts_with("<html")).then_some(Foreign::Html)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(text: &str) -> InputFormat {
        InputFormat::detect("x", text.as_bytes()).unwrap()
    }

    #[test]
    fn told_by_content() {
        assert_eq!(detect("\u{FEFF} [ {\"text\": 1}]"), InputFormat::JsonList);
        assert_eq!(detect("[]"), InputFormat::JsonList);
        assert_eq!(detect("[Redacted.] and so on"), InputFormat::Plain);
        assert_eq!(detect("[] Yesterday"), InputFormat::Plain);
        assert_eq!(detect("{\"text\": 1}\n{\"text\": 1}\n"), InputFormat::JsonLines);
        assert_eq!(detect("id,text,speaker\n1,a,b"), InputFormat::CsvList);
        assert_eq!(detect("\u{FEFF}Text\tSpeaker\na\tb"), InputFormat::CsvList);
        assert_eq!(detect("The text, and the speaker\n"), InputFormat::Plain);
        assert_eq!(detect("Ann: hello"), InputFormat::Plain);
    }

    #[test]
    fn foreign_files_are_named() {
        let kind = |bytes: &[u8]| match InputFormat::detect("x", bytes) {
            Err(ReadError::Foreign { kind, .. }) => kind,
            other => panic!("{other:?}"),
        };
        assert_eq!(kind(b"%PDF-1.7\n"), Foreign::Pdf);
        assert_eq!(kind(b"PK\x03\x04....word/document.xml"), Foreign::Docx);
        assert_eq!(kind(b"PK\x03\x04....a.txt"), Foreign::Zip);
        assert_eq!(kind(b"\xFF\xFEA\0"), Foreign::Utf16);
        assert_eq!(kind(b"H\0e\0l\0l\0o\0,\0"), Foreign::Utf16);
        assert_eq!(kind(b"a\0\0\0bcd\x01"), Foreign::Binary);
        assert_eq!(kind(b"\n<!DOCTYPE HTML>"), Foreign::Html);
    }

    #[test]
    fn bad_bytes_have_a_place() {
        let error = InputFormat::detect("x.txt", b"\xEF\xBB\xBFone\n\xE4\xB8\xADt\xF6 x").unwrap_err();
        let d = error.diagnostic();
        assert_eq!(d.message, "not UTF-8 text: byte 11 is `0xF6`");
        assert_eq!(d.place.as_deref(), Some("x.txt:2:3"));
        assert!(matches!(InputFormat::detect("x", b"\xEF\xBB\xBF \n"), Err(ReadError::Empty { .. })));
    }
}
