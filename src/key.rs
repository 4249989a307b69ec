//! What a card is made of, as digests: two runs that agree in all of them make the same file, byte for byte.
//!
//! So a run can leave a file that is right ([`Key`] and [`Digest`] of the file as the manifest has them) and say of one
//! that is not what of it changed.

use serde::{Deserialize, Serialize};

use crate::card::{Card, Photo, SizeChoice};
use crate::digest::{Digest, Sum};
use crate::select::Quote;
use crate::transcript::{Figure, Origin, QuestionRow};

/// What a card is made of; see the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// All that is written on the card: words, names, dates, emphasis, numbers.
    pub words: Digest,
    /// Where the words stand in their source, and what the manifest tells beside them.
    pub source: Digest,
    /// The type size that it shares with other cards.
    pub fit: Digest,
    /// The photograph, its credit and where the eyes are.
    pub photo: Digest,
    /// The template, with all files that it names.
    pub template: Digest,
    /// The brand kit, with all files that it names.
    pub brand: Digest,
    /// Faces given by hand, and phrases that no line break may split.
    pub faces: Digest,
    /// Size in px, and how the file is written.
    pub settings: Digest,
    /// Version of the program, which brings templates and faces of its own.
    pub program: String,
}

/// What all cards of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common<'a> {
    pub template: Digest,
    pub brand: Digest,
    pub faces: Digest,
    /// How files are written, in a few words.
    pub settings: &'a str,
}

/// What the manifest tells of a card that is not on it.
pub(crate) struct Beside<'a> {
    pub quote: &'a Quote<'a>,
    pub event: Option<&'a str>,
    pub question: Option<&'a QuestionRow>,
    /// What the plan warns of.
    pub warnings: Vec<&'a str>,
}

impl Key {
    /// The key of a card that is ready to be laid out.
    pub(crate) fn of(card: &Card, beside: &Beside<'_>, common: Common<'_>) -> Self {
        // Every field by name: the compiler asks where a new one belongs.
        let Card {
            id,
            template: _,
            size,
            lang,
            direction,
            text,
            speaker,
            role,
            date,
            event,
            kicker,
            kicker_is_event,
            corrected,
            translation,
            highlight,
            keep_together,
            phrases,
            figure,
            photo,
            part,
            series,
            type_size,
            source,
        } = card;
        let mut words = Sum::default();
        [id, text, speaker].into_iter().for_each(|text| words.text(text));
        [role, date, event, kicker, corrected, translation]
            .into_iter()
            .for_each(|text| words.maybe(text.as_deref()));
        words.number(*lang as u64);
        words.number(*direction as u64);
        words.number(u64::from(*kicker_is_event));
        words.number(highlight.len() as u64);
        for range in highlight {
            words.number(range.start as u64);
            words.number(range.end as u64);
        }
        words.texts(keep_together);
        if let Some(Figure { qualifier, number, unit }) = figure {
            words.texts(&[qualifier, number, unit]);
        }
        words.maybe(part.map(|part| format!("{}/{}", part.number, part.of)).as_deref());
        words.maybe(series.map(|series| series.to_string()).as_deref());
        let mut faces = Sum::default();
        faces.number(common.faces.number());
        faces.texts(phrases);
        Self {
            words: words.end(),
            source: beside.digest(source),
            fit: fit(*type_size),
            photo: photo.as_ref().map_or_else(Digest::default, of_photo),
            template: common.template,
            brand: common.brand,
            faces: faces.end(),
            settings: of_settings(size, common.settings),
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Whether the card's type size is one that it shares with other cards.
    #[must_use]
    pub fn shares_size(&self) -> bool {
        self.fit != fit(None)
    }

    /// What is not as it was, in words for a person; nothing where all is.
    #[must_use]
    pub fn changes(&self, was: &Self) -> Vec<&'static str> {
        let parts = [
            (self.words != was.words, "words"),
            (self.source != was.source, "source"),
            (self.fit != was.fit, "type size"),
            (self.photo != was.photo, "photograph"),
            (self.template != was.template, "template"),
            (self.brand != was.brand, "brand"),
            (self.faces != was.faces, "faces"),
            (self.settings != was.settings, "settings"),
            (self.program != was.program, "program"),
        ];
        parts.into_iter().filter_map(|(changed, name)| changed.then_some(name)).collect()
    }
}

impl Beside<'_> {
    fn digest(&self, source: &Origin) -> Digest {
        let mut sum = Sum::default();
        sum.json(source);
        sum.json(&self.quote.date());
        sum.maybe(self.event);
        sum.json(&self.question);
        sum.texts(&self.warnings);
        sum.end()
    }
}

fn fit(type_size: Option<f32>) -> Digest {
    let mut sum = Sum::default();
    sum.number(type_size.map_or(0, |size| u64::from(size.to_bits())));
    sum.end()
}

fn of_photo(photo: &Photo) -> Digest {
    let mut sum = Sum::default();
    sum.number(photo.art.digest().number());
    photo.focus.into_iter().for_each(|at| sum.number(u64::from(at.to_bits())));
    sum.maybe(photo.credit.as_deref());
    sum.end()
}

fn of_settings(size: &SizeChoice, how: &str) -> Digest {
    Digest::of_parts([size.name.as_str(), &size.size.to_string(), how])
}
