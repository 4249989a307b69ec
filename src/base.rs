//! What cards stand on: a look's ground, painted and encoded once, and with each photograph once more.
//!
//! A photograph changes from card to card and covers half of some; to resample and encode it each time would cost more
//! than all else. So what of a card belongs to its photograph is taken as part of the ground for all cards that have
//! it too. Of those grounds only the last few are held.

use std::sync::{Arc, Mutex, OnceLock};

use crate::contrast::{self, ContrastError};
use crate::export::png::{Plate, Press};
use crate::font::FontBook;
use crate::geom::Rect;
use crate::layout::{Item, Layout, Scrim};
use crate::look::Look;
use crate::paint::{self, Ground};
use crate::specimen;

/// Grounds with a photograph that are held at a time, about 10 MB each.
const KEPT: usize = 8;

/// A ground and what is printed from it.
#[derive(Debug)]
pub struct Bed {
    /// The ground.
    pub ground: Ground,
    /// It, encoded.
    pub plate: Plate,
}

/// A look's ground; see the module.
#[derive(Debug)]
pub struct Base {
    bed: Arc<Bed>,
    legible: Result<(), ContrastError>,
    samples: Vec<Layout>,
    /// The latest first.
    photos: Mutex<Vec<Shown>>,
}

/// A ground with a photograph, made by whoever asks for it first.
#[derive(Debug, Clone)]
struct Shown {
    /// The items that are part of it.
    items: Arc<[Item]>,
    bed: Arc<OnceLock<Arc<Bed>>>,
}

impl Base {
    /// Paints, checks and encodes a look's ground, in the room of the press that its first card is printed on.
    #[must_use]
    pub fn new(layout: &Layout, look: &Look<'_>, fonts: &FontBook, press: &mut Press) -> Self {
        let sheet = Ground::sheet(layout);
        let legible = contrast::check_ground(layout, &sheet, look, fonts);
        let ground = sheet.painted(&layout.items, fonts);
        let samples = specimen::layouts(look, fonts);
        let plate = Plate::new(&ground, samples.clone(), fonts, press);
        Self { bed: Arc::new(Bed { ground, plate }), legible, samples, photos: Mutex::default() }
    }

    /// Whether what the ground shows by itself can be read.
    ///
    /// # Errors
    ///
    /// Where it cannot.
    pub fn legible(&self) -> Result<(), &ContrastError> {
        self.legible.as_ref().copied()
    }

    /// What a card stands on. What belongs to its photograph is taken out of it and into that.
    pub fn under(&self, card: &mut Layout, fonts: &FontBook, press: &mut Press) -> Arc<Bed> {
        let belongs = of_photo(&card.items, fonts);
        if !belongs.contains(&true) {
            return Arc::clone(&self.bed);
        }
        let mut belongs = belongs.into_iter();
        let (items, rest): (Vec<Item>, Vec<Item>) =
            std::mem::take(&mut card.items).into_iter().partition(|_| belongs.next() == Some(true));
        card.items = rest;
        let shown = self.shown(items);
        Arc::clone(shown.bed.get_or_init(|| {
            let ground = self.bed.ground.with(&shown.items, fonts);
            let plate = Plate::new(&ground, self.samples_without_photo(fonts), fonts, press);
            Arc::new(Bed { ground, plate })
        }))
    }

    fn samples_without_photo(&self, fonts: &FontBook) -> Vec<Layout> {
        let mut samples = self.samples.clone();
        for sample in &mut samples {
            let mut belongs = of_photo(&sample.items, fonts).into_iter();
            sample.items.retain(|_| belongs.next() != Some(true));
        }
        samples
    }

    /// The entry of a ground with these items, as the latest; the lock is held for the time of a look at the list.
    fn shown(&self, items: Vec<Item>) -> Shown {
        let mut photos = self.photos.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let found = photos.iter().position(|shown| {
            shown.items.len() == items.len() && shown.items.iter().zip(&items).all(|(a, b)| is_same(a, b))
        });
        let shown = match found {
            Some(at) => photos.remove(at),
            None => Shown { items: items.into(), bed: Arc::default() },
        };
        photos.truncate(KEPT - 1);
        photos.insert(0, shown.clone());
        shown
    }
}

/// The same item of the same photograph; two of one name are not.
fn is_same(a: &Item, b: &Item) -> bool {
    match (a, b) {
        (Item::Photo { art: a, .. }, Item::Photo { art: b, .. }) if !Arc::ptr_eq(a, b) => false,
        _ => a == b,
    }
}

/// Which items belong to a photograph: it, what it lies on, and what lies on it and is no text. None of them is moved
/// past an item that it touches, so to paint them first changes nothing.
fn of_photo(items: &[Item], fonts: &FontBook) -> Vec<bool> {
    let mut belongs = vec![false; items.len()];
    if !items.iter().any(|item| matches!(item, Item::Photo { .. })) {
        return belongs;
    }
    let reach = |item: &Item| match item {
        // It may yet be seen.
        Item::Scrim(scrim) => paint::reach(&Item::Scrim(Scrim { opacity: 1.0, ..scrim.clone() }), fonts),
        item => paint::reach(item, fonts),
    };
    let reaches: Vec<Vec<Rect>> = items.iter().map(reach).collect();
    let touch = |a: usize, b: usize| reaches[a].iter().any(|a| reaches[b].iter().any(|b| a.touches(b)));
    let is_fit = |item: &Item| match item {
        Item::Fill { meaning, .. } => meaning.is_none(),
        Item::Stroke { .. } | Item::Picture { .. } | Item::Shadow { .. } | Item::Photo { .. } => true,
        Item::Glyphs(_) | Item::Scrim(_) | Item::Grain { .. } => false,
    };
    // From the front: what lies under something that belongs.
    for i in (0..items.len()).rev() {
        let lies_under = |&j: &usize| belongs[j] && touch(i, j);
        belongs[i] = matches!(items[i], Item::Photo { .. })
            || is_fit(&items[i]) && (i + 1..items.len()).any(|j| lies_under(&j));
    }
    // From the back: what lies on it; and what must stay, because something under it stays.
    for i in 0..items.len() {
        let is_near = belongs[i] || (0..i).any(|j| belongs[j] && touch(i, j));
        belongs[i] = is_near && is_fit(&items[i]) && !(0..i).any(|j| !belongs[j] && touch(i, j));
    }
    belongs
}
