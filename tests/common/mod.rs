//! The cases of `tests/cases.json`, rendered by the library alone.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]
#![allow(dead_code, reason = "each test program takes what it needs")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pullquote::card::{self, Card, SizeChoice};
use pullquote::contrast;
use pullquote::font::FontBook;
use pullquote::layout::{self, Layout};
use pullquote::look::Look;
use pullquote::paint::{self, Ground, Pixels};
use pullquote::select::Quote;
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
#[allow(dead_code, reason = "not every test takes the cases")]
pub fn cases() -> Transcript {
    let bytes = std::fs::read(path("cases.json")).unwrap();
    transcript::read("cases.json", &bytes, &ReadOptions::default()).unwrap().output
}

/// A case with everything that it is rendered from.
pub struct Case {
    pub card: Card,
    template: Template,
    size: SizeChoice,
}

impl Case {
    /// The case of a row.
    #[allow(dead_code, reason = "not every test takes the cases")]
    pub fn of(list: &Transcript, row: usize, brand: &Brand) -> Self {
        let turn = &list.turns[row];
        let request = turn.request.as_deref().unwrap();
        let template = Template::builtin(request.template.as_deref().unwrap()).unwrap();
        let size: SizeChoice = request.size.as_deref().unwrap().parse().unwrap();
        let quote = Quote::new(list, row, 0..turn.text.len()).unwrap();
        let photo = request.photo.as_deref().map(|name| {
            let bytes = std::fs::read(path(name)).unwrap();
            Arc::new(Art::from_photo(name, &bytes).unwrap())
        });
        let options = card::Options::default();
        let card = card::compose(&quote, &[], &template, &size, brand, &options, photo.as_ref()).unwrap();
        Self { card, template, size }
    }

    fn look<'a>(&'a self, brand: &'a Brand, fonts: &FontBook) -> Look<'a> {
        Look::new(&self.template, &self.size, brand, fonts).unwrap().facing(self.card.direction)
    }

    /// Its layout.
    #[allow(dead_code, reason = "not every test takes the cases")]
    pub fn layout(&self, brand: &Brand, fonts: &FontBook) -> Layout {
        let look = self.look(brand, fonts);
        layout::layout(&self.card, &look, fonts).unwrap().output
    }

    /// Its pixels.
    #[allow(dead_code, reason = "not every test paints")]
    pub fn pixels(&self, brand: &Brand, fonts: &FontBook) -> Pixels {
        let look = self.look(brand, fonts);
        let ground = Ground::paint(&layout::ground(&look, fonts).unwrap(), fonts);
        let checked = contrast::check(self.layout(brand, fonts), &ground, &look, fonts).unwrap();
        paint::paint(&checked.output, &ground, fonts)
    }
}
