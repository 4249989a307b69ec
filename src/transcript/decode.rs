//! Bytes to text: UTF-8, or another encoding told by a byte order mark or by content.
//!
//! Whatever the encoding, a quote's offsets are bytes of the file as it was given. Where text had to be decoded, a
//! trail of runs leads from the decoded text back to the file; ASCII in an encoding that keeps it is one run, any other
//! character one of its own.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_16BE, UTF_16LE};

use super::error::ReadError;
use super::format::place;
use super::source::Gap;
use super::view::Run;

/// A file's text.
pub(super) struct Decoded<'a> {
    /// The text, after a byte order mark.
    pub text: Cow<'a, str>,
    /// Where it begins in the file; 0 where there is a trail.
    pub base: usize,
    /// The way back to the file, where the text had to be decoded.
    pub trail: Option<Vec<Run>>,
    /// The encoding, where it was told by content and so may be another one.
    pub guessed: Option<&'static Encoding>,
    /// Bytes at the end that begin a character and do not end it.
    pub cut: usize,
}

/// Decodes a file.
pub(super) fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Decoded<'a>, ReadError> {
    if let Some((order, base)) = utf16(bytes) {
        return decoded(name, bytes, base, order, false);
    }
    let base = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    match std::str::from_utf8(&bytes[base..]) {
        Ok(text) => Ok(Decoded { text: Cow::Borrowed(text), base, trail: None, guessed: None, cut: 0 }),
        Err(error) => {
            let valid = base + error.valid_up_to();
            let rest = bytes.len() - valid;
            let text = |end: usize| std::str::from_utf8(&bytes[base..end]).unwrap_or_default();
            // A file that was cut off in the middle of its last character is whole but for that one.
            if error.error_len().is_none() && valid > base && !text(valid).is_ascii() {
                return Ok(Decoded {
                    text: Cow::Borrowed(text(valid)),
                    base,
                    trail: None,
                    guessed: None,
                    cut: rest,
                });
            }
            let damaged = base > 0 || is_mostly_utf8(&bytes[base..]);
            let guess = if damaged { None } else { guess(bytes) };
            match guess {
                Some(encoding) => decoded(name, bytes, 0, encoding, true),
                None => {
                    let (line, column) = place(bytes, valid);
                    Err(ReadError::NotUtf8 {
                        file: name.to_owned(),
                        line,
                        column,
                        offset: valid,
                        byte: bytes[valid],
                    })
                }
            }
        }
    }
}

/// UTF-16, by its byte order mark, or by the zero bytes of its ASCII; and where its text begins.
pub(super) fn utf16(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    if bytes.starts_with(b"\xFF\xFE") && !bytes.starts_with(b"\xFF\xFE\0\0") {
        return Some((UTF_16LE, 2));
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Some((UTF_16BE, 2));
    }
    let head = &bytes[..bytes.len().min(8192)];
    if !head.contains(&0) {
        return None;
    }
    let (even, odd) = head
        .chunks_exact(2)
        .fold((0, 0), |(e, o), p| (e + usize::from(p[0] == 0), o + usize::from(p[1] == 0)));
    let pairs = head.len() / 2;
    let is = pairs >= 4 && even.max(odd) * 10 >= pairs * 7 && even.min(odd) * 20 <= pairs;
    is.then_some((if odd > even { UTF_16LE } else { UTF_16BE }, 0))
}

/// Whether what is no ASCII is UTF-8 for the greater part: then the file is a damaged one.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// The likeliest encoding of a file that is no UTF-8.
fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // GB18030 holds all of GBK.
    Some(if encoding == GBK { GB18030 } else { encoding })
}

fn decoded<'a>(
    name: &str,
    bytes: &'a [u8],
    base: usize,
    encoding: &'static Encoding,
    guessed: bool,
) -> Result<Decoded<'a>, ReadError> {
    let mut text = String::with_capacity(bytes.len() - base);
    let mut trail: Vec<Run> = Vec::new();
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let keeps_ascii = encoding.is_ascii_compatible();
    let mut at = base;
    // Where the character at hand began.
    let mut from = base;
    let mut buffer = [0_u8; 16];
    let wrong = |offset: usize| {
        let (line, column) = place(bytes, offset);
        ReadError::NotUtf8 {
            file: name.to_owned(),
            line,
            column,
            offset,
            byte: bytes.get(offset).copied().unwrap_or_default(),
        }
    };
    while at < bytes.len() {
        if keeps_ascii && from == at {
            let run = bytes[at..].iter().take_while(|b| b.is_ascii()).count();
            if run > 0 {
                let start = text.len();
                text.push_str(std::str::from_utf8(&bytes[at..at + run]).unwrap_or_default());
                push(&mut trail, start..text.len(), at..at + run);
                at += run;
                from = at;
                continue;
            }
        }
        let last = at + 1 == bytes.len();
        let (result, read, wrote) =
            decoder.decode_to_utf8_without_replacement(&bytes[at..=at], &mut buffer, last);
        at += read;
        if let encoding_rs::DecoderResult::Malformed(..) = result {
            // Half a character at the very end was cut off there.
            if at >= bytes.len() && !text.is_empty() {
                break;
            }
            return Err(wrong(from));
        }
        if wrote > 0 {
            let start = text.len();
            text.push_str(std::str::from_utf8(&buffer[..wrote]).unwrap_or_default());
            push(&mut trail, start..text.len(), from..at);
            from = at;
        }
    }
    Ok(Decoded {
        text: Cow::Owned(text),
        base: 0,
        trail: Some(trail),
        guessed: guessed.then_some(encoding),
        cut: bytes.len() - from,
    })
}

/// Adds a run; runs of the same bytes join, and so do the others' neighbours never.
fn push(trail: &mut Vec<Run>, text: std::ops::Range<usize>, source: std::ops::Range<usize>) {
    trail.push(Run { text, source, gap: Gap::White });
}

/// Names of encodings as people know them.
pub(super) fn name_of(encoding: &'static Encoding) -> &'static str {
    const NAMES: [(&Encoding, &str); 6] = [
        (GB18030, "GB18030 (GBK)"),
        (BIG5, "Big5"),
        (SHIFT_JIS, "Shift_JIS"),
        (EUC_JP, "EUC-JP"),
        (EUC_KR, "EUC-KR"),
        (UTF_16LE, "UTF-16"),
    ];
    NAMES.iter().find(|(known, _)| *known == encoding).map_or(encoding.name(), |(_, name)| name)
}
