//! The texts of a card that common tools read.

use std::borrow::Cow;
use std::io::Read as _;

use super::chunk::{Chunk, storable, write_text};
use super::{Record, xmp};
use crate::template::Brand;

/// A text in a PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its keyword.
    pub keyword: String,
    /// What it says.
    pub text: String,
}

/// What PNG's own keywords say of a card, in the order that they are written. The author is whose words they are.
fn own<'a>(record: &'a Record<'_>, full: &'a str) -> [(&'static str, Cow<'a, str>); 4] {
    [
        ("Title", title(record).into()),
        ("Author", Cow::Borrowed(&record.speaker)),
        ("Description", full.into()),
        ("Source", source(record).into()),
    ]
}

/// Speaker and event.
pub(super) fn title(record: &Record<'_>) -> String {
    match &record.event {
        Some(event) => format!("{}, {event}", record.speaker),
        None => record.speaker.clone().into_owned(),
    }
}

/// File, bytes and digest.
pub(super) fn source(record: &Record<'_>) -> String {
    let source = &record.source;
    format!("{}, bytes {}-{}, SHA-256 {}", source.file, source.start, source.end, source.sha256)
}

/// Writes all texts but the record.
pub(super) fn write(record: &Record<'_>, brand: &Brand, full: &str, to: &mut Vec<u8>) {
    let own = own(record, full);
    for (keyword, text) in &own {
        write_text(to, keyword, text);
    }
    if let Some(copyright) = &brand.copyright {
        write_text(to, "Copyright", copyright);
    }
    write_text(to, "Software", &record.program);
    let [(_, title), _, _, (_, source)] = &own;
    write_text(to, xmp::KEYWORD, &xmp::packet(record, brand, title, full, source));
}

/// The texts of a PNG in order; those that cannot be read are left out.
#[must_use]
pub fn texts(chunks: &[Chunk<'_>]) -> Vec<Text> {
    chunks.iter().filter_map(text).collect()
}

/// The longest text that is unpacked: a record or a packet is some kilobytes.
const LONGEST: u64 = 1 << 20;

fn text(chunk: &Chunk<'_>) -> Option<Text> {
    let latin = |bytes: &[u8]| bytes.iter().map(|&b| char::from(b)).collect::<String>();
    let part = |bytes: &mut &[u8]| {
        let end = bytes.iter().position(|&b| b == 0)?;
        let part = &bytes[..end];
        *bytes = &bytes[end + 1..];
        Some(part.to_vec())
    };
    let mut rest = chunk.data;
    let keyword = latin(&part(&mut rest)?);
    let text = match &chunk.name {
        b"tEXt" => latin(rest),
        b"zTXt" => latin(&unpacked(rest.strip_prefix(&[0])?)?),
        b"iTXt" => {
            let (&[packed, method], after) = rest.split_first_chunk::<2>()?;
            rest = after;
            let (_language, _translated) = (part(&mut rest)?, part(&mut rest)?);
            let bytes = match (packed, method) {
                (0, _) => rest.to_vec(),
                (1, 0) => unpacked(rest)?,
                _ => return None,
            };
            String::from_utf8(bytes).ok()?
        }
        _ => return None,
    };
    Some(Text { keyword, text })
}

/// What zlib packed, within [`LONGEST`].
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).take(LONGEST).read_to_end(&mut out).ok()?;
    Some(out)
}

/// The keywords of texts that do not say what the record says. Those that are not there are not missed: many tools drop
/// them.
pub(super) fn others(record: &Record<'_>, texts: &[Text]) -> Vec<String> {
    // Another release may phrase them otherwise.
    if record.program != crate::PROGRAM {
        return Vec::new();
    }
    let says = |keyword: &str, text: &str| {
        texts.iter().filter(|entry| entry.keyword == keyword).all(|entry| entry.text == storable(text))
    };
    let full = record.said().full();
    let own = own(record, &full).into_iter().filter(|(keyword, text)| !says(keyword, text));
    let mut told: Vec<String> = own.map(|(keyword, _)| keyword.to_owned()).collect();
    for packet in texts.iter().filter(|entry| entry.keyword == xmp::KEYWORD) {
        told.extend(xmp::others(&packet.text, &title(record), &record.said()));
    }
    told
}
