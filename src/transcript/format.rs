//! What can be read: one line a format, told by content.

use std::fmt;
use std::str::FromStr;

use regex::Regex;

use super::decode::{self, Decoded};
use super::error::{Foreign, ReadError};
use super::source::SourceFile;
use super::speakers::Speakers;
use super::view::{Run, View, through};
use super::{
    Transcript, conference, csv_list, docx, html, json_list, markdown, sheet, speech_json, subtitles, xml,
};
use crate::diag::{Diagnostic, Warned};

/// How a file is read. To add a format, add a file to this folder and a line to each `match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InputFormat {
    /// A transcript as plain text.
    Plain,
    /// A transcript as Markdown.
    Markdown,
    /// A transcript as a web page or a piece of one.
    Html,
    /// SubRip subtitles.
    Srt,
    /// WebVTT captions.
    Vtt,
    /// What speech-to-text tools write, and podcasts' transcripts.
    SpeechJson,
    /// XML whose elements say who speaks: TEI, ParlaMint, publicwhip, Akoma Ntoso, TTML.
    Xml,
    /// A Word document.
    Docx,
    /// A transcript as CSV or TSV, a row a turn.
    Csv,
    /// A list of ready quotes: a JSON array of objects.
    JsonList,
    /// A list of ready quotes: a JSON object a line.
    JsonLines,
    /// A list of ready quotes: comma, semicolon, tab or bar separated, the first line names the columns.
    CsvList,
}

/// What the caller tells about a file. `Default` tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The file is a speech without labels; whose. Default: none, speakers are found by their labels.
    pub by: Option<String>,
    /// The file's format. Default: none, told by content.
    pub format: Option<InputFormat>,
    /// A regular expression for labels: a line that it matches at its beginning opens a turn. Its group `name`, or its
    /// first one, is the name; the words follow the match. Default: none, the document's own grammar is found.
    pub label: Option<String>,
    /// People known beforehand. Default: none.
    pub speakers: Option<Speakers>,
    /// The file may be a page of a document in pages, without a label of its own: then it is read with no turns, for
    /// [`super::join`]. Default: false.
    pub pages: bool,
    /// Keep account of how the document was read, in [`Transcript::explanation`]. Default: false.
    pub explain: bool,
}

impl ReadOptions {
    /// The pattern of `label`.
    pub(super) fn label_pattern(&self, file: &str) -> Result<Option<Regex>, ReadError> {
        let pattern = self.label.as_deref().map(Regex::new).transpose();
        pattern.map_err(|error| ReadError::Label { file: file.to_owned(), problem: error.to_string() })
    }
}

impl InputFormat {
    /// Every format, in the order that `list formats` shows.
    pub const ALL: [Self; 12] = [
        Self::Plain,
        Self::Markdown,
        Self::Html,
        Self::Srt,
        Self::Vtt,
        Self::SpeechJson,
        Self::Xml,
        Self::Docx,
        Self::Csv,
        Self::JsonList,
        Self::JsonLines,
        Self::CsvList,
    ];

    /// The name, as the program writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::SpeechJson => "json",
            Self::Xml => "xml",
            Self::Docx => "docx",
            Self::Csv => "csv",
            Self::JsonList => "json-list",
            Self::JsonLines => "json-lines",
            Self::CsvList => "csv-list",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Plain => "a transcript as plain text",
            Self::Markdown => "a transcript as Markdown",
            Self::Html => "a transcript as a web page, whole or in part",
            Self::Srt => "SubRip subtitles",
            Self::Vtt => "WebVTT captions",
            Self::SpeechJson => "segments or words of a speech-to-text tool, or of a podcast",
            Self::Xml => "TEI, ParlaMint, publicwhip, Akoma Ntoso, TTML",
            Self::Docx => "a transcript as a Word document",
            Self::Csv => "a transcript as CSV or TSV, a row a turn",
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
        if is_docx(bytes) {
            return Ok(Self::Docx);
        }
        Ok(Self::of(&text_of(name, bytes)?.text))
    }

    /// Tells the format of a text.
    pub(super) fn of(text: &str) -> Self {
        let array = json_list::is_array(text);
        if array || json_list::is_lines(text) {
            return match (speech_json::is_speech(text), array) {
                (true, _) => Self::SpeechJson,
                (false, true) => Self::JsonList,
                (false, false) => Self::JsonLines,
            };
        }
        if subtitles::is_vtt(text) {
            Self::Vtt
        } else if subtitles::is_srt(text) {
            Self::Srt
        } else if xml::is_xml(text) {
            Self::Xml
        } else if html::is_html(text) {
            Self::Html
        } else if csv_list::separator(text).is_some() {
            Self::CsvList
        } else if sheet::separator(text).is_some() {
            Self::Csv
        } else if markdown::is_markdown(text) {
            Self::Markdown
        } else {
            Self::Plain
        }
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
        if self == Self::Docx {
            let unpacked = docx::unpack(name, bytes)?;
            let text = unpacked.document.as_str();
            let input = Input { name, bytes: text.as_bytes(), text, base: 0 };
            let mut warned = conference::read(&input, &docx::view(&input, unpacked.title)?, options)?;
            let source = &mut warned.output.source;
            let lines = source.line_starts().to_vec();
            *source = SourceFile::new(name, bytes).with_lines(lines, Some(docx::PART.to_owned()));
            return Ok(warned);
        }
        let decoded = text_of(name, bytes)?;
        self.read_text(name, bytes, &decoded, options)
    }

    fn read_text(
        self,
        name: &str,
        bytes: &[u8],
        decoded: &Decoded<'_>,
        options: &ReadOptions,
    ) -> Result<Warned<Transcript>, ReadError> {
        // Where the text had to be decoded it is the file, until its turns are led back.
        let text: &str = &decoded.text;
        let bytes_read = if decoded.trail.is_some() { text.as_bytes() } else { bytes };
        let input = Input { name, bytes: bytes_read, text, base: decoded.base };
        let is_list = matches!(self, Self::JsonList | Self::JsonLines | Self::CsvList);
        let mut warned = match self {
            Self::JsonList => json_list::read_array(&input)?,
            Self::JsonLines => json_list::read_lines(&input)?,
            Self::CsvList => csv_list::read(&input)?,
            _ => {
                let view = match self {
                    Self::Markdown => markdown::view(&input),
                    Self::Html => html::view(&input),
                    Self::Srt | Self::Vtt => subtitles::view(&input)?,
                    Self::SpeechJson => speech_json::view(&input)?,
                    Self::Xml => xml::view(&input)?,
                    Self::Csv => sheet::view(&input)?,
                    _ => View::plain(input.text, input.base),
                };
                conference::read(&input, &view, options)?
            }
        };
        if let Some(trail) = &decoded.trail {
            lead_back(&mut warned.output, name, bytes, trail);
        }
        if let Some(encoding) = decoded.guessed {
            let warning = Diagnostic::warning(format!(
                "the file is not UTF-8 and was read as {}",
                decode::name_of(encoding)
            ));
            warned.warnings.push(
                warning
                    .at(name)
                    .hint("if letters are wrong, convert it: `iconv -f ENCODING -t UTF-8 FILE > FILE.txt`"),
            );
        }
        if decoded.cut > 0 {
            let warning =
                Diagnostic::warning("the file ends in the middle of a character, which is left out");
            warned.warnings.push(warning.at(name));
        }
        if let (true, Some(speakers)) = (is_list, &options.speakers) {
            speakers.introduce(&mut warned.output.people);
        }
        if is_list && options.by.is_some() {
            let warning =
                Diagnostic::warning("`--by` changes nothing on a list of quotes: each row names its speaker");
            warned.warnings.push(warning.at(name));
        }
        Ok(warned)
    }
}

/// Leads a transcript of a decoded text back to the bytes of its file.
fn lead_back(transcript: &mut Transcript, name: &str, bytes: &[u8], trail: &[Run]) {
    let at = |offset: usize| {
        let run = trail.get(trail.partition_point(|run| run.text.end <= offset));
        run.map_or(bytes.len(), |run| run.source.start + (offset - run.text.start).min(run.source.len()))
    };
    let lines = transcript.source.line_starts().iter().map(|&start| at(start)).collect();
    transcript.source = SourceFile::new(name, bytes).with_lines(lines, None);
    for turn in &mut transcript.turns {
        turn.map = through(&turn.map, trail);
    }
    for left in transcript.explanation.iter_mut().flat_map(|e| &mut e.left_out) {
        left.start = at(left.start);
    }
}

impl fmt::Display for InputFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`")]
pub struct UnknownFormat(pub String);

impl FromStr for InputFormat {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Reads a file of the format that the options name, else tells the format by content.
///
/// # Errors
///
/// [`ReadError`], which tells every problem of a list at once.
pub fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Warned<Transcript>, ReadError> {
    match options.format {
        Some(format) => format.read(name, bytes, options),
        None if is_docx(bytes) => InputFormat::Docx.read(name, bytes, options),
        None => {
            let decoded = text_of(name, bytes)?;
            InputFormat::of(&decoded.text).read_text(name, bytes, &decoded, options)
        }
    }
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

/// The text of a file, which must be one and must not be blank.
pub(super) fn text_of<'a>(name: &str, bytes: &'a [u8]) -> Result<Decoded<'a>, ReadError> {
    if let Some(kind) = foreign(bytes) {
        return Err(ReadError::Foreign { file: name.to_owned(), kind });
    }
    let decoded = decode::decode(name, bytes)?;
    if decoded.text.trim().is_empty() {
        return Err(ReadError::Empty { file: name.to_owned() });
    }
    Ok(decoded)
}

/// Whether an archive holds a Word document.
fn is_docx(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && has_member(bytes, b"word/")
}

/// Whether an archive names a member: those that matter come first or stand in the directory at the end.
fn has_member(bytes: &[u8], name: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    let tail = &bytes[bytes.len().saturating_sub(8192)..];
    [head, tail].iter().any(|part| part.windows(name.len()).any(|w| w == name))
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
    const MAGIC: [(&[u8], Foreign); 10] = [
        (b"%PDF-", Foreign::Pdf),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Foreign::OldOffice),
        (b"{\\rtf", Foreign::Rtf),
        (b"\x1F\x8B", Foreign::Gzip),
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
        return Some(if has_member(bytes, b"xl/") {
            Foreign::Xlsx
        } else if has_member(bytes, b"application/vnd.oasis") {
            Foreign::OpenDocument
        } else {
            Foreign::Zip
        });
    }
    (head.contains(&0) && decode::utf16(bytes).is_none()).then_some(Foreign::Binary)
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
        assert_eq!(detect("---\ntitle: x\n---\nAnn: hello"), InputFormat::Markdown);
        assert_eq!(detect("**Ann:** hello"), InputFormat::Markdown);
        assert_eq!(detect("\n<!DOCTYPE HTML>\n<p>Ann: hello"), InputFormat::Html);
        assert_eq!(detect("<p>\u{3000}周岚：好。</p>"), InputFormat::Html);
        assert_eq!(detect("<publicwhip><speech/></publicwhip>"), InputFormat::Xml);
        assert_eq!(detect("<?xml version=\"1.0\"?><TEI/>"), InputFormat::Xml);
        assert_eq!(detect("WEBVTT\n\n00:01.000 --> 00:02.000\nx"), InputFormat::Vtt);
        assert_eq!(detect("1\n00:00:01,000 --> 00:00:02,000\nx"), InputFormat::Srt);
        assert_eq!(
            detect("{\"segments\": [{\"body\": \"x\", \"speaker\": \"y\"}]}"),
            InputFormat::SpeechJson
        );
        assert_eq!(detect("[{\"text\": \"x\", \"speaker\": \"y\", \"start\": 1}]"), InputFormat::SpeechJson);
        assert_eq!(detect("start,speaker,text\n1,a,b"), InputFormat::Csv);
        assert_eq!(detect("Name\tTranscript\na\tb"), InputFormat::Csv);
        assert_eq!(InputFormat::detect("x", b"PK\x03\x04....word/document.xml").unwrap(), InputFormat::Docx);
        assert_eq!(InputFormat::detect("x", b"\xFF\xFEA\0:\0").unwrap(), InputFormat::Plain);
    }

    #[test]
    fn foreign_files_are_named() {
        let kind = |bytes: &[u8]| match InputFormat::detect("x", bytes) {
            Err(ReadError::Foreign { kind, .. }) => kind,
            other => panic!("{other:?}"),
        };
        assert_eq!(kind(b"%PDF-1.7\n"), Foreign::Pdf);
        assert_eq!(kind(b"PK\x03\x04....a.txt"), Foreign::Zip);
        assert_eq!(kind(b"a\0\0\0bcd\x01"), Foreign::Binary);
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
