//! What a card carries with it: its exact words, where they stand, and how it was made.
//!
//! A card travels alone. So each PNG has, before its pixels, text that common tools read (PNG's own keywords and an XMP
//! packet) and a compact record of ours, one line of JSON under the keyword [`KEYWORD`]:
//!
//! ```json
//! {"version":1,"program":"pullquote 0.1.0","id":"q9fc32d1316","text":"…","speaker":"…","role":"…","date":"2031-04-16",
//!  "event":"…","lang":"en","source":{"file":"briefing.txt","sha256":"…","start":3457,"end":3585,"line":39},
//!  "template":"broadsheet","size":"square","width":1080,"height":1080,"brand":null,"highlight":[[12,18]],
//!  "image":"32 hex digits","record":"16 hex digits"}
//! ```
//!
//! `image` is a digest of what makes the picture, as it is encoded; `record` is one of the record up to there. Both are
//! XXH3: they tell damage and editing, **not forgery**. There is no signature: whoever wants to can write a new record
//! with new digests. What such a record says can still be held against its source, and that is what proves a card.
//!
//! There is no time stamp and no path in it: the same card has the same bytes on every desk.

mod chunk;
mod fresh;
mod pixels;
mod text;
mod xmp;

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

pub use chunk::{Chunk, PngError, chunks};
pub use fresh::{FreshError, render};
pub use pixels::{Differing, differing};
pub use text::{Text, texts};

use crate::alt::Said;
use crate::card::Card;
use crate::date::When;
use crate::lang::Lang;
use crate::template::Brand;
use crate::transcript::{Figure, Origin};

/// The keyword of the record's text chunk.
pub const KEYWORD: &str = "pullquote";

/// The version of its shape.
pub const VERSION: u32 = 1;

/// How much a card carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metadata {
    /// The record, PNG's keywords and an XMP packet, 2 to 3 KB. The default.
    #[default]
    Full,
    /// The record alone: at most [`MOST`] bytes beyond the words.
    Minimal,
    /// Nothing: the picture alone. `verify` cannot say anything of such a card.
    None,
}

impl Metadata {
    /// As it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Minimal => "minimal",
            Self::None => "none",
        }
    }
}

/// The most bytes that a record takes beyond the words that it holds (quote, speaker, role, event, small line,
/// correction, translation, names of template and kit). Where the runs of a place would take more, only its first and last byte are
/// told.
pub const MOST: usize = 600;

/// What a card carries; see the module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record<'a> {
    /// [`VERSION`].
    pub version: u32,
    /// Name and version of the program.
    pub program: Cow<'a, str>,
    /// The card's id.
    pub id: Cow<'a, str>,
    /// The exact words.
    pub text: Cow<'a, str>,
    /// Who said them.
    pub speaker: Cow<'a, str>,
    /// The role, in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Cow<'a, str>>,
    /// When, ISO where it is a calendar day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<When>,
    /// The event's short name, where the card may show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Cow<'a, str>>,
    /// The quote's language.
    pub lang: Lang,
    /// Where the words stand. The file is named without its folder.
    pub source: Origin,
    /// The template's name.
    pub template: Cow<'a, str>,
    /// The size's name, or its `WIDTHxHEIGHT`.
    pub size: Cow<'a, str>,
    /// Width in px.
    pub width: u32,
    /// Height in px.
    pub height: u32,
    /// The kit's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Cow<'a, str>>,
    /// Byte ranges of the words that are emphasised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub highlight: Vec<[usize; 2]>,
    /// The small line over the quote, where it is not the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kicker: Option<Cow<'a, str>>,
    /// The event stands in the small line's place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub event_over: bool,
    /// That the card is a corrected one, and since when, as it says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Cow<'a, str>>,
    /// The quote in a second language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation: Option<Cow<'a, str>>,
    /// The figure that is pulled out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
    /// Which of how many cards that the quote runs over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<[usize; 2]>,
    /// Which card of a series, `3/12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The size of the quote's type on the master, where it is that of other cards too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_size: Option<f32>,
    /// The photograph's credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_credit: Option<Cow<'a, str>>,
    /// What the card shows or goes by and the record does not hold: `photo`, `phrases`. Such a card cannot be made again
    /// from its record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beyond: Vec<Cow<'a, str>>,
}

impl<'a> Record<'a> {
    /// The record of a card.
    #[must_use]
    pub fn of(card: &'a Card, date: Option<&When>, brand: &'a Brand) -> Self {
        let text = |text: &'a Option<String>| text.as_deref().map(Cow::Borrowed);
        let event_over = card.kicker.is_some() && card.kicker == card.event && card.kicker_is_event;
        let matters =
            |phrase: &String| !brand.keep_together.contains(phrase) && card.text.contains(phrase.as_str());
        let beyond = [
            ("photo", card.photo.is_some()),
            ("phrases", !card.keep_together.is_empty() || card.phrases.iter().any(matters)),
        ];
        let mut record = Self {
            version: VERSION,
            program: Cow::Borrowed(crate::PROGRAM),
            id: Cow::Borrowed(&card.id),
            text: Cow::Borrowed(&card.text),
            speaker: Cow::Borrowed(&card.speaker),
            role: text(&card.role),
            date: date.cloned(),
            event: text(&card.event),
            lang: card.lang,
            source: without_folder(&card.source),
            template: Cow::Borrowed(&card.template),
            size: Cow::Borrowed(&card.size.name),
            width: card.size.size.width(),
            height: card.size.size.height(),
            brand: brand.name.as_deref().map(Cow::Borrowed),
            highlight: card.highlight.iter().map(|range| [range.start, range.end]).collect(),
            kicker: text(&card.kicker).filter(|_| !event_over),
            event_over,
            corrected: text(&card.corrected),
            translation: text(&card.translation),
            figure: card.figure.clone(),
            part: card.part.map(|part| [part.number, part.of]),
            series: card.series.map(|series| series.to_string()),
            type_size: card.type_size,
            photo_credit: card.photo.as_ref().and_then(|photo| photo.credit.as_deref()).map(Cow::Borrowed),
            beyond: beyond.into_iter().filter(|(_, is)| *is).map(|(what, _)| Cow::Borrowed(what)).collect(),
        };
        record.fit();
        record
    }

    /// What an ear is told.
    #[must_use]
    pub fn said(&self) -> Said<'_> {
        Said {
            text: &self.text,
            speaker: &self.speaker,
            role: self.role.as_deref(),
            event: self.event.as_deref(),
            date: self.date.as_ref(),
            lang: self.lang,
            part: self.part.map(|[number, of]| (number, of)),
        }
    }

    /// Leaves out the runs of a place that has too many; see [`MOST`].
    fn fit(&mut self) {
        // A run takes at most 24 bytes; most cards have none, and then nothing need be counted.
        let mut runs = self.source.spans.len();
        let mut next = self.source.then.as_deref();
        while let Some(origin) = next {
            runs += 8 + origin.spans.len();
            next = origin.then.as_deref();
        }
        if runs > 0 && self.beyond_words() > MOST {
            self.source.spans.clear();
            self.highlight.truncate(8);
            if self.beyond_words() > MOST {
                self.source.then = None;
            }
        }
    }

    /// How many bytes the record's chunk takes beyond its words.
    #[must_use]
    pub fn beyond_words(&self) -> usize {
        let of = |text: &Option<Cow<'_, str>>| text.as_deref().map_or(0, in_json);
        let words = in_json(&self.text)
            + in_json(&self.speaker)
            + in_json(&self.template)
            + of(&self.role)
            + of(&self.event)
            + of(&self.kicker)
            + of(&self.corrected)
            + of(&self.translation)
            + of(&self.brand)
            + of(&self.photo_credit);
        chunk::text_len(KEYWORD, self.json(0).len()) - words
    }

    /// The record's line, with the digest of its picture and its own.
    fn json(&self, image: u128) -> String {
        let mut json = serde_json::to_string(self).expect("strings, numbers and lists have a JSON form");
        // JSON lets these controls stand, a text chunk does not.
        while chunk::may_have_controls(&json)
            && let Some((at, c)) = json.char_indices().find(|(_, c)| c.is_control())
        {
            json.replace_range(at..at + c.len_utf8(), &format!("\\u{:04x}", u32::from(c)));
        }
        json.pop();
        let _ = write!(json, "{IMAGE}{image:032x}{OWN}");
        let own = digest_of(json.as_bytes());
        let _ = write!(json, "{own:016x}{END}");
        json
    }
}

/// What stands before the digest of the picture, before the record's own, and after it.
const IMAGE: &str = ",\"image\":\"";
const OWN: &str = "\",\"record\":\"";
const END: &str = "\"}";

/// How many bytes a text takes in JSON.
fn in_json(text: &str) -> usize {
    serde_json::to_string(text).map_or(0, |json| json.len() - 2)
}

/// The place with files named without their folders: those are nobody's business where the card goes.
fn without_folder(origin: &Origin) -> Origin {
    /// What a file's name may take of the record.
    const NAME: usize = 80;
    let base = origin.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut end = base.len().min(NAME);
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    let then = origin.then.as_deref().map(|then| Box::new(without_folder(then)));
    Origin { file: base[..end].to_owned(), then, ..origin.clone() }
}

fn digest_of(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// A card's file: a PNG and, before its pixels, what it carries with it. In pieces, for the pixels are most of it and
/// stand where they were encoded.
#[derive(Debug, Clone)]
pub struct Stamped<'p> {
    before: &'p [u8],
    own: Vec<u8>,
    after: &'p [u8],
}

impl Stamped<'_> {
    /// What the file consists of, one after the other.
    #[must_use]
    pub fn pieces(&self) -> [&[u8]; 3] {
        [self.before, &self.own, self.after]
    }

    /// All of it.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces().concat()
    }
}

/// The same PNG with a card's record in it, before its pixels.
///
/// `png`: as [`crate::export::png`] makes it, without a record. `full`: all that is said on the card, [`Said::full`].
///
/// # Panics
///
/// Where it is no PNG.
#[must_use]
pub fn stamp<'p>(
    png: &'p [u8],
    record: &Record<'_>,
    full: &str,
    metadata: Metadata,
    brand: &Brand,
) -> Stamped<'p> {
    if metadata == Metadata::None {
        return Stamped { before: png, own: Vec::new(), after: &[] };
    }
    let all = chunk::unchecked(png).expect("a PNG of ours is one");
    let mut own = Vec::with_capacity(4096 + 4 * record.text.len());
    if metadata == Metadata::Full {
        text::write(record, brand, full, &mut own);
    }
    chunk::write_text(&mut own, KEYWORD, &record.json(chunk::image_digest(&all)));
    let at = all.iter().find(|chunk| chunk.name == *b"IDAT").map_or(png.len(), |chunk| chunk.at);
    let (before, after) = png.split_at(at);
    Stamped { before, own, after }
}

/// A record as it was found in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it says.
    pub record: Record<'static>,
    /// The picture is encoded as it was when the record was written, to the bit.
    pub image_is_unchanged: bool,
    /// The record is as it was written.
    pub record_is_unchanged: bool,
    /// Texts beside it that do not say what it says: their keywords.
    pub other_texts: Vec<String>,
}

/// Why no record can be had of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is no PNG, or not whole.
    #[error(transparent)]
    Png(#[from] PngError),
    /// It has none.
    #[error("it carries no record")]
    None,
    /// It has several.
    #[error("it carries {0} records")]
    Several(usize),
    /// It has one that cannot be read.
    #[error("its record cannot be read: {0}")]
    Broken(String),
    /// It has one of a later program.
    #[error("its record is of version {0}")]
    Newer(u32),
}

/// The record of a PNG.
///
/// # Errors
///
/// Where the file is no whole PNG, or has no record that can be read.
pub fn read(png: &[u8]) -> Result<Found, RecordError> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let all = chunks(png)?;
    let texts = texts(&all);
    let mut own = texts.iter().filter(|entry| entry.keyword == KEYWORD);
    let json = match (own.next(), own.count()) {
        (None, _) => return Err(RecordError::None),
        (Some(one), 0) => &one.text,
        (Some(_), more) => return Err(RecordError::Several(more + 1)),
    };
    let broken = |why: &str| RecordError::Broken(why.to_owned());
    let version: Version = serde_json::from_str(json).map_err(|e| broken(&e.to_string()))?;
    if version.version > VERSION {
        return Err(RecordError::Newer(version.version));
    }
    // The digests stand at its end, in a form of fixed length.
    let (head, tail) = json.rsplit_once(IMAGE).ok_or_else(|| broken("no digests"))?;
    let (image, digest) = tail.split_once(OWN).ok_or_else(|| broken("no digest of itself"))?;
    let digest = digest.strip_suffix(END).ok_or_else(|| broken("no digest of itself"))?;
    let record: Record<'static> =
        serde_json::from_str(&format!("{head}}}")).map_err(|e| broken(&e.to_string()))?;
    let signed = json.len() - END.len() - digest.len();
    Ok(Found {
        image_is_unchanged: image == format!("{:032x}", chunk::image_digest(&all)),
        record_is_unchanged: digest == format!("{:016x}", digest_of(&json.as_bytes()[..signed])),
        other_texts: text::others(&record, &texts),
        record,
    })
}

#[cfg(test)]
mod tests;
