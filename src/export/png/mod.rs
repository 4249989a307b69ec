//! PNG: 8 bits a channel or an index, no alpha, nothing in it that changes from day to day.
//!
//! The same card always gives the same bytes: a PNG of ours has no time stamp and no name of a program in it. It
//! states no colour space either; viewers take such a file as sRGB, which it is.
//!
//! [`encode`] takes whole pixels and is the reference: by it all others are judged. A [`Plate`] is made once for a
//! ground and then gives the files of any number of cards on it; what a card does not change costs it next to
//! nothing.

mod adler;
mod bits;
mod deflate;
mod fewest;
mod filter;
mod forme;
mod frame;
mod huffman;
mod line;
mod lineup;
mod plain;
mod sorts;
mod splice;
mod tokens;
mod typical;

use std::sync::OnceLock;

pub use plain::encode;

use crate::font::FontBook;
use crate::layout::Layout;
use crate::paint::{Easel, Ground, Indexed, Marks};
use filter::Manner;
use frame::Kind;
use splice::{Encoded, Raster};

/// A ground, encoded: see the module.
#[derive(Debug)]
pub struct Plate {
    /// Where a palette has the colours of cards like the samples.
    indexed: Option<(Indexed, Encoded)>,
    /// For all others; made when first asked for, which a ground is not whose cards all bring a photograph.
    full: OnceLock<Encoded>,
    samples: Vec<Layout>,
}

/// How much time is spent on making files smaller. The pixels are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compress {
    /// Next to none: a card is spliced into its ground. The default.
    #[default]
    Fast,
    /// A few milliseconds a card: flat grounds are compressed together with what is on them. On photographs and grain
    /// that would save nothing, and the file is that of [`Self::Fast`].
    Small,
    /// As long as an optimiser takes, some tenths of a second.
    Max,
}

impl Compress {
    /// The name, as the program takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Small => "small",
            Self::Max => "max",
        }
    }
}

/// Room that a thread works in, kept from card to card.
#[derive(Debug, Default)]
pub struct Press {
    easel: Easel,
    /// Of an indexed card.
    marks: Marks,
    scratch: splice::Scratch,
}

impl Plate {
    /// Encodes a ground. The code, and the colours that a palette has, are chosen for the ground and `samples`, cards
    /// such as may stand on it (see [`crate::specimen`]): never for the cards that come, so that a card's bytes do
    /// not depend on its neighbours.
    #[must_use]
    pub fn new(ground: &Ground, samples: Vec<Layout>, fonts: &FontBook, press: &mut Press) -> Self {
        let indexed = Indexed::new(ground, &samples, fonts, &mut press.easel).map(|indexed| {
            let under = raster(ground, indexed.indexes());
            let mut counts = line::count_ground(under, Manner::INDEXED);
            samples.iter().for_each(|sample| typical::count(&mut counts, sample, &indexed));
            let code = splice::code(under, &counts);
            let encoded = Encoded::new(under, Kind::Indexed(indexed.colors()), Manner::INDEXED, code);
            (indexed, encoded)
        });
        Self { indexed, full: OnceLock::new(), samples }
    }

    fn full(&self, ground: &Ground, fonts: &FontBook, easel: &mut Easel) -> &Encoded {
        self.full.get_or_init(|| {
            let under = raster(ground, ground.pixels().rgb());
            let manner = Manner::of(under);
            let mut counts = line::count_ground(under, manner);
            for sample in &self.samples {
                let painted = easel.paint(sample, ground, fonts);
                line::count_ink(&mut counts, raster(ground, painted.rgb), painted.marks, manner);
            }
            Encoded::new(under, Kind::Rgb, manner, splice::code(under, &counts))
        })
    }

    /// The file of a card on the plate's ground: of the pixels that [`crate::paint::paint`] gives it; where it is
    /// indexed, of colours that differ by at most [`crate::paint::OFF`].
    ///
    /// It stands in the press until the next one is printed.
    ///
    /// # Panics
    /// Where the card or the ground is of another size.
    #[must_use]
    pub fn encode<'p>(
        &self,
        card: &Layout,
        ground: &Ground,
        fonts: &FontBook,
        compress: Compress,
        press: &'p mut Press,
    ) -> &'p [u8] {
        self.print(card, ground, fonts, compress, press);
        press.scratch.out.written()
    }

    fn print(&self, card: &Layout, ground: &Ground, fonts: &FontBook, compress: Compress, press: &mut Press) {
        let Press { easel, marks, scratch } = press;
        if let Some((indexed, encoded)) = &self.indexed {
            if compress == Compress::Fast
                && let Some(painted) = indexed.paint_under_letters(card, ground, fonts, easel)
                && encoded.set(card, indexed, painted, fonts, scratch).is_some()
            {
                return;
            }
            if let Some(inked) = indexed.paint(card, ground, fonts, easel) {
                marks.clear(card.size.width(), card.size.height());
                inked.spans.iter().for_each(|span| marks.add(span.y, span.x0..span.x1));
                return print(encoded, raster(ground, inked.bytes), marks, compress, scratch);
            }
        }
        let full = self.full(ground, fonts, easel);
        let painted = easel.paint(card, ground, fonts);
        print(full, raster(ground, painted.rgb), painted.marks, compress, scratch);
    }
}

fn print(
    encoded: &Encoded,
    card: Raster<'_>,
    marks: &Marks,
    compress: Compress,
    scratch: &mut splice::Scratch,
) {
    if compress == Compress::Small && !encoded.is_busy() {
        return encoded.deflate(card, scratch);
    }
    encoded.splice(card, marks, scratch);
    if compress == Compress::Max {
        let smaller = plain::optimised(scratch.out.written());
        scratch.out.start(&smaller);
    }
}

fn raster<'a>(ground: &Ground, bytes: &'a [u8]) -> Raster<'a> {
    let pixels = ground.pixels();
    Raster { width: pixels.width(), height: pixels.height(), bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::CardSize;
    use crate::color::Color;
    use crate::geom::Rect;
    use crate::layout::{Glyph, GlyphRun, Item, Paint, Shape};

    const SIDE: f32 = 320.0;

    fn drawing(items: Vec<Item>) -> Layout {
        Layout::drawing(CardSize::new(SIDE as u32, SIDE as u32).unwrap(), items)
    }

    fn filled(area: Rect, color: Color) -> Item {
        Item::fill(Shape::Rect(area), Paint::Solid(color))
    }

    fn words(fonts: &FontBook, y: f32, spread: f32, color: Color) -> Item {
        let face = fonts.find("LibreFranklin-Bold").unwrap();
        let glyphs = (0..).zip("To word".chars()).map(|(i, c)| Glyph {
            id: fonts.face(face).glyph_id(c).unwrap(),
            x: 20.0 + i as f32 * spread,
            y,
            scale: 1.0,
            bytes: 0..0,
        });
        Item::Glyphs(GlyphRun::label(face, 40.0, color, glyphs.collect()))
    }

    /// What is set must not fall back to what takes longer, unnoticed because the pixels are the same.
    #[test]
    fn letters_on_one_colour_are_set_and_others_are_not() {
        let (fonts, navy, white) = (FontBook::builtin(), Color::rgb(11, 37, 69), Color::rgb(255, 255, 255));
        let whole = Rect::new(0.0, 0.0, SIDE, SIDE);
        let red = Color::rgb(200, 30, 20);
        let left = Rect::new(0.0, 0.0, 60.0, SIDE);
        let half = drawing(vec![filled(whole, navy), filled(left, red)]);
        let flat = drawing(vec![filled(whole, navy)]);
        let slab = filled(Rect::new(0.0, 150.0, SIDE, 60.0), red);
        let text = |y: f32| words(&fonts, y, 30.0, white);
        for (what, ground, items, is_set) in [
            ("on the ground", &flat, vec![text(100.0)], true),
            ("close together", &flat, vec![words(&fonts, 100.0, 15.0, white)], true),
            ("nothing", &flat, vec![], true),
            ("on a slab", &flat, vec![slab.clone(), text(195.0)], true),
            ("half on a slab", &flat, vec![slab.clone(), text(160.0)], false),
            ("under a slab", &flat, vec![text(195.0), slab.clone()], false),
            ("on two colours", &half, vec![text(100.0)], false),
            ("beyond the edge", &flat, vec![text(5.0)], false),
            ("two inks on each other", &flat, vec![text(100.0), words(&fonts, 101.0, 30.0, red)], false),
        ] {
            let ground = Ground::paint(ground, &fonts);
            let samples =
                vec![drawing(vec![slab.clone(), text(195.0), text(100.0), words(&fonts, 60.0, 30.0, red)])];
            let mut press = Press::default();
            let plate = Plate::new(&ground, samples, &fonts, &mut press);
            let (indexed, encoded) = plate.indexed.as_ref().expect("few colours");
            let card = drawing(items);
            let Press { mut easel, mut scratch, .. } = press;
            let painted =
                indexed.paint_under_letters(&card, &ground, &fonts, &mut easel).expect("flat colours");
            let file = encoded.set(&card, indexed, painted, &fonts, &mut scratch);
            assert_eq!(file.is_some(), is_set, "{what}");
        }
    }
}
