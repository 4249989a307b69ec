//! The cases of `tests/cases.json`, rendered by the library alone. A topic that ends in `no-kit` is set without a
//! kit, and of one that ends in `part` the second part is set.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]
#![allow(dead_code, reason = "each test program takes what it needs")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pullquote::base::Base;
use pullquote::card::{self, Card, Part, SizeChoice};
use pullquote::contrast;
use pullquote::export::png::{Compress, Press};
use pullquote::font::FontBook;
use pullquote::layout::{self, Layout};
use pullquote::look::Look;
use pullquote::paint::{self, Ground, Pixels};
use pullquote::select::Quote;
use pullquote::select::parts::parts;
use pullquote::template::{Art, Brand, Template};
use pullquote::transcript::{self, ReadOptions, Transcript};

/// A file of `tests/`.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The invented newsroom's kit.
pub fn kit() -> Brand {
    Brand::from_files("brand.toml", &|file| std::fs::read(path("kit").join(file))).unwrap()
}

/// The faces inside the program, and what a user might bring beside them.
pub fn fonts() -> FontBook {
    let mut fonts = FontBook::builtin();
    for name in ["NotoNaskhArabic-subset", "NotoSansHebrew-subset", "emoji-cbdt"] {
        fonts.add_fallback(name, std::fs::read(path(&format!("fonts/{name}.ttf"))).unwrap()).unwrap();
    }
    fonts
}

/// The list of cases.
pub fn cases() -> Transcript {
    let bytes = std::fs::read(path("cases.json")).unwrap();
    transcript::read("cases.json", &bytes, &ReadOptions::default()).unwrap().output
}

/// A case with everything that it is rendered from.
#[allow(dead_code, reason = "not every test takes the cases")]
pub struct Case {
    pub card: Card,
    template: Template,
    size: SizeChoice,
    brand: Brand,
}

#[allow(dead_code, reason = "not every test takes all of them")]
impl Case {
    /// The case of a row.
    pub fn of(list: &Transcript, row: usize, kit: &Brand, fonts: &FontBook) -> Self {
        let size = list.turns[row].request.as_deref().unwrap().size.as_deref().unwrap().parse().unwrap();
        Self::at(list, row, size, kit, fonts)
    }

    /// The case of a row at another size.
    pub fn at(list: &Transcript, row: usize, size: SizeChoice, kit: &Brand, fonts: &FontBook) -> Self {
        let turn = &list.turns[row];
        let request = turn.request.as_deref().unwrap();
        let id = request.id.as_deref().unwrap();
        let brand = if id.ends_with("no-kit") { Brand::default() } else { kit.clone() };
        let template = Template::builtin(request.template.as_deref().unwrap()).unwrap();
        let quote = Quote::new(list, row, 0..turn.text.len()).unwrap();
        let photo = request.photo.as_deref().map(|name| {
            let bytes = std::fs::read(path(name)).unwrap();
            Arc::new(Art::from_photo(name, &bytes).unwrap())
        });
        let options = card::Options::default();
        let whole = card::compose(&quote, &[], &template, &size, &brand, &options, photo.as_ref()).unwrap();
        let card = if id.ends_with("part") {
            let look = Look::new(&template, &size, &brand, fonts).unwrap();
            second_part(&whole, &look, fonts)
        } else {
            whole
        };
        Self { card, template, size, brand }
    }

    fn look<'a>(&'a self, fonts: &FontBook) -> Look<'a> {
        Look::new(&self.template, &self.size, &self.brand, fonts).unwrap().facing(self.card.direction)
    }

    /// Its layout.
    pub fn layout(&self, fonts: &FontBook) -> Layout {
        let look = self.look(fonts);
        layout::layout(&self.card, &look, fonts).unwrap().output
    }

    /// Its pixels, and its file as a batch writes it; `None` where it does not fit this size.
    pub fn both(&self, fonts: &FontBook, compress: Compress, press: &mut Press) -> Option<(Pixels, Vec<u8>)> {
        let look = self.look(fonts);
        let below = layout::ground(&look, fonts).unwrap();
        let ground = Ground::paint(&below, fonts);
        let laid_out = layout::layout(&self.card, &look, fonts).ok()?.output;
        let checked = contrast::check(laid_out.clone(), &ground, &look, fonts).ok()?.output;
        let base = Base::new(&below, &look, fonts, press);
        let mut own = laid_out;
        let bed = base.under(&mut own, fonts, press);
        let own = contrast::check(own, &bed.ground, &look, fonts).unwrap().output;
        let png = bed.plate.encode(&own, &bed.ground, fonts, compress, press).to_vec();
        Some((paint::paint(&checked, &ground, fonts), png))
    }

    /// Its pixels.
    pub fn pixels(&self, fonts: &FontBook) -> Pixels {
        let look = self.look(fonts);
        let ground = Ground::paint(&layout::ground(&look, fonts).unwrap(), fonts);
        let checked = contrast::check(self.layout(fonts), &ground, &look, fonts).unwrap();
        paint::paint(&checked.output, &ground, fonts)
    }
}

/// The second of a quote's three parts, at the size of all.
fn second_part(whole: &Card, look: &Look<'_>, fonts: &FontBook) -> Card {
    let ranges = parts(&whole.text, whole.lang, 3).unwrap();
    let cards: Vec<Card> = (0..3)
        .map(|i| Card {
            id: whole.id.clone(),
            ..whole.part(&ranges[i], Part { number: i + 1, of: 3 }, whole.source.clone())
        })
        .collect();
    let size = layout::common_size(&cards, look, fonts).unwrap();
    Card { type_size: Some(size), ..cards[1].clone() }
}
