//! The chunks of a PNG: found, checked, and text ones written.

use std::borrow::Cow;

use xxhash_rust::xxh3::Xxh3;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// A chunk of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk<'p> {
    /// Its four letters.
    pub name: [u8; 4],
    /// What is in it.
    pub data: &'p [u8],
    /// Where in the file it begins.
    pub at: usize,
}

/// Why a file is no PNG that can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PngError {
    /// It does not begin like one.
    #[error("it is no PNG")]
    Foreign,
    /// It ends too early, or goes on after its end.
    #[error("it is not a whole PNG")]
    Cut,
    /// A chunk's checksum is wrong.
    #[error("its `{0}` chunk is damaged")]
    Damaged(String),
}

/// The chunks of a PNG, in order.
///
/// # Errors
///
/// Where it is none, is not whole, or a checksum is wrong.
pub fn chunks(png: &[u8]) -> Result<Vec<Chunk<'_>>, PngError> {
    let found = unchecked(png)?;
    for chunk in &found {
        let summed = &png[chunk.at + 4..chunk.at + 8 + chunk.data.len()];
        let sum = &png[chunk.at + 8 + chunk.data.len()..][..4];
        if crc32fast::hash(summed).to_be_bytes() != sum {
            return Err(PngError::Damaged(String::from_utf8_lossy(&chunk.name).into_owned()));
        }
    }
    Ok(found)
}

/// The chunks of a PNG, in order, without a look at their checksums.
pub(super) fn unchecked(png: &[u8]) -> Result<Vec<Chunk<'_>>, PngError> {
    let mut at = SIGNATURE.len();
    let mut found = Vec::new();
    let mut rest = png.strip_prefix(SIGNATURE).ok_or(PngError::Foreign)?;
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, name @ ..] = *head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let (data, after) = after.split_at_checked(length).ok_or(PngError::Cut)?;
        let (_sum, after) = after.split_first_chunk::<4>().ok_or(PngError::Cut)?;
        found.push(Chunk { name, data, at });
        at += 12 + length;
        rest = after;
    }
    let whole = rest.is_empty()
        && found.first().is_some_and(|chunk| chunk.name == *b"IHDR")
        && found.last().is_some_and(|chunk| chunk.name == *b"IEND");
    if whole { Ok(found) } else { Err(PngError::Cut) }
}

/// A digest of all that makes the picture, as it is encoded: header, palette, pixels, and whatever else a viewer may
/// heed. Texts and times are not in it.
pub(super) fn image_digest(chunks: &[Chunk<'_>]) -> u128 {
    let mut digest = Xxh3::new();
    let is_beside =
        |name: &[u8; 4]| matches!(name, b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" | b"eXIf" | b"IEND");
    for chunk in chunks.iter().filter(|chunk| !is_beside(&chunk.name)) {
        digest.update(&(chunk.data.len() as u32).to_be_bytes());
        digest.update(&chunk.name);
        digest.update(chunk.data);
    }
    digest.digest128()
}

/// A cheap no for most texts: whether one of its bytes may be, or begin, a control other than a line end.
pub(super) fn may_have_controls(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n' || byte == 0x7F || byte == 0xC2)
}

/// A text as a chunk may hold it: controls but for line ends (NUL before all) become U+FFFD.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| c.is_control() && c != '\n';
    if may_have_controls(text) && text.contains(is_bad) {
        text.replace(is_bad, "\u{FFFD}").into()
    } else {
        text.into()
    }
}

/// Writes a text under a keyword: as `tEXt` where it is ASCII, which every tool reads, else as `iTXt`, which is UTF-8.
pub(super) fn write_text(to: &mut Vec<u8>, keyword: &str, text: &str) {
    let start = to.len();
    to.extend([0; 4]);
    let text = storable(text);
    if text.is_ascii() && keyword != super::KEYWORD && keyword != super::xmp::KEYWORD {
        to.extend(b"tEXt");
        to.extend(keyword.as_bytes());
        to.push(0);
    } else {
        to.extend(b"iTXt");
        to.extend(keyword.as_bytes());
        to.extend([0; 5]); // not compressed; no language, no translated keyword
    }
    to.extend(text.as_bytes());
    let length = (to.len() - start - 8) as u32; // a card's words are some kilobytes
    to[start..start + 4].copy_from_slice(&length.to_be_bytes());
    let sum = crc32fast::hash(&to[start + 4..]);
    to.extend(sum.to_be_bytes());
}

/// How long an `iTXt` of ours with so long a text is.
pub(super) const fn text_len(keyword: &str, text: usize) -> usize {
    12 + keyword.len() + 5 + text
}
