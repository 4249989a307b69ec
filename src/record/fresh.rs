//! A card made again from its record: what its pixels should be.

use std::sync::Arc;

use super::Record;
use crate::base::Base;
use crate::card::{Card, CardSize, Part, SizeChoice};
use crate::contrast::{self, ContrastError};
use crate::export::png::{Compress, Press};
use crate::font::FontBook;
use crate::lang::Direction;
use crate::layout::{self, LayoutError};
use crate::look::Look;
use crate::template::{Brand, Template, TemplateError};

/// Why a card cannot be made again from its record.
#[derive(Debug, thiserror::Error)]
pub enum FreshError {
    /// Another release may set it otherwise.
    #[error("it was made by {0}, not by {program}", program = crate::PROGRAM)]
    OtherProgram(String),
    /// It shows, or goes by, what no record holds.
    #[error("the record does not hold its {0}")]
    Beyond(String),
    /// It was made with another template.
    #[error("it was made with the template `{0}`")]
    Template(String),
    /// It was made with another kit, or with none.
    #[error("it was made with {}", match .0 { Some(name) => format!("the kit `{name}`"), None => "no kit".to_owned() })]
    Brand(Option<String>),
    /// Its size is none that a card can have.
    #[error("a card of {0} × {1} px is none of ours")]
    Size(u32, u32),
    /// The template does not fit the record.
    #[error("{0}")]
    Look(#[from] TemplateError),
    /// The words do not fit the template.
    #[error("{0}")]
    Layout(#[from] LayoutError),
    /// Something of it could not be read on the card.
    #[error("{0}")]
    Contrast(#[from] ContrastError),
}

/// The PNG of a record's card, without the record. Its pixels are those of the card as it was first made.
///
/// `fonts`: the program's; the faces of template and kit are added here.
///
/// # Errors
///
/// Where the card cannot be made again: see [`FreshError`].
pub fn render(
    record: &Record<'_>,
    template: &Template,
    brand: &Brand,
    mut fonts: FontBook,
) -> Result<Vec<u8>, FreshError> {
    if record.program != crate::PROGRAM {
        return Err(FreshError::OtherProgram(record.program.clone().into_owned()));
    }
    if let Some(what) = record.beyond.first() {
        return Err(FreshError::Beyond(what.clone().into_owned()));
    }
    if record.template != template.name() {
        return Err(FreshError::Template(record.template.clone().into_owned()));
    }
    if record.brand.as_deref() != brand.name.as_deref() {
        return Err(FreshError::Brand(record.brand.as_deref().map(str::to_owned)));
    }
    let size =
        CardSize::new(record.width, record.height).ok_or(FreshError::Size(record.width, record.height))?;
    let size = SizeChoice { name: record.size.clone().into_owned(), size };
    // In the order of a run: what is typed, then the kit's, then the template's.
    brand.add_faces(&mut fonts);
    template.add_faces(&mut fonts);
    let card = card(record, size, brand);
    let look = Look::new(template, &card.size, brand, &fonts)?.facing(card.direction);
    let mut press = Press::default();
    let base = Base::new(&layout::ground(&look, &fonts)?, &look, &fonts, &mut press);
    let mut laid_out = layout::layout(&card, &look, &fonts)?.output;
    let bed = base.under(&mut laid_out, &fonts, &mut press);
    let checked = contrast::check(laid_out, &bed.ground, &look, &fonts)?.output;
    Ok(bed.plate.encode(&checked, &bed.ground, &fonts, Compress::Fast, &mut press).to_vec())
}

fn card(record: &Record<'_>, size: SizeChoice, brand: &Brand) -> Card {
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
    let direction = Direction::of(&record.text);
    let event = owned(&record.event);
    Card {
        id: record.id.clone().into_owned(),
        template: record.template.clone().into_owned(),
        size,
        lang: record.lang,
        direction,
        text: record.text.clone().into_owned(),
        speaker: record.speaker.clone().into_owned(),
        role: owned(&record.role),
        date: record.date.as_ref().map(|date| date.on_card(record.lang, direction)),
        kicker: if record.event_over { event.clone() } else { owned(&record.kicker) },
        kicker_is_event: record.event_over,
        event,
        corrected: owned(&record.corrected),
        translation: owned(&record.translation),
        highlight: record.highlight.iter().map(|&[start, end]| start..end).collect(),
        keep_together: Vec::new(),
        phrases: Arc::from(brand.keep_together.clone()),
        figure: record.figure.clone(),
        photo: None,
        part: record.part.map(|[number, of]| Part { number, of }),
        series: record.series.as_deref().and_then(|series| series.parse().ok()),
        type_size: record.type_size,
        source: record.source.clone(),
    }
}
