//! Painting: a [`Layout`] becomes [`Pixels`].
//!
//! Nothing is decided or measured here. Everything blends in sRGB, as browsers do, and rounds once per item. Only
//! additions, multiplications and square roots take part: the same layout gives the same bytes on every machine.

mod emoji;
mod fill;
mod glyphs;
mod grain;
mod photo;
mod picture;
mod resample;
mod shadow;

use crate::card::CardSize;
use crate::font::FontBook;
use crate::layout::{Item, Layout};

/// An opaque picture, 8 bits a channel, sRGB, rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    width: u32,
    height: u32,
    /// Three bytes a pixel. A card is opaque from its white sheet up, so an alpha channel would only be carried
    /// along and dropped by the encoder.
    rgb: Vec<u8>,
}

impl Pixels {
    /// A white sheet.
    #[must_use]
    pub fn white(size: CardSize) -> Self {
        Self::filled(size.width(), size.height(), [255; 3])
    }

    fn filled(width: u32, height: u32, color: [u8; 3]) -> Self {
        Self { width, height, rgb: color.repeat(width as usize * height as usize) }
    }

    /// Width in px.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in px.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Red, green, blue of each pixel, row after row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// One pixel's red, green, blue.
    ///
    /// # Panics
    /// Where (`x`, `y`) is outside.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        assert!(x < self.width && y < self.height, "({x}, {y}) is outside");
        let at = (y as usize * self.width as usize + x as usize) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// The pixels `x0..x1` of row `y`, which the caller has clipped.
    fn run(&mut self, y: u32, x0: u32, x1: u32) -> &mut [[u8; 3]] {
        let start = y as usize * self.width as usize;
        let row = &mut self.rgb[(start + x0 as usize) * 3..(start + x1 as usize) * 3];
        row.as_chunks_mut().0
    }
}

impl std::fmt::Debug for Pixels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "pixels {} × {}", self.width, self.height)
    }
}

/// What no quote changes on a template at one size: painted once, then shared by all cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground(Pixels);

impl Ground {
    /// Paints the ground's items on a white sheet.
    #[must_use]
    pub fn paint(layout: &Layout, fonts: &FontBook) -> Self {
        let mut pixels = Pixels::white(layout.size);
        paint_items(&mut pixels, &layout.items, fonts);
        Self(pixels)
    }

    /// What is painted.
    #[must_use]
    pub const fn pixels(&self) -> &Pixels {
        &self.0
    }
}

/// Paints a card's own items on its ground.
///
/// # Panics
/// Where the ground is of another size.
#[must_use]
pub fn paint(layout: &Layout, ground: &Ground, fonts: &FontBook) -> Pixels {
    let (width, height) = (ground.0.width, ground.0.height);
    assert_eq!((layout.size.width(), layout.size.height()), (width, height), "a ground of the card's size");
    let mut pixels = ground.0.clone();
    paint_items(&mut pixels, &layout.items, fonts);
    pixels
}

fn paint_items(pixels: &mut Pixels, items: &[Item], fonts: &FontBook) {
    for item in items {
        match item {
            Item::Fill { shape, paint } => fill::fill(pixels, *shape, paint),
            Item::Stroke { shape, width, color } => fill::stroke(pixels, *shape, *width, *color),
            Item::Glyphs(run) => glyphs::paint(pixels, run, fonts.face(run.face)),
            Item::Picture { art, dest, color } => picture::paint(pixels, art, *dest, *color),
            Item::Shadow { shape, dy, blur, color } => shadow::paint(pixels, *shape, *dy, *blur, *color),
            Item::Photo { art, crop, dest, circle, tone } => {
                photo::paint(pixels, art, *crop, *dest, *circle, tone);
            }
            Item::Grain { art, opacity } => grain::paint(pixels, art, *opacity),
        }
    }
}

/// Full opacity for [`mix`]: alpha times coverage, each 0–255.
const OPAQUE: u32 = 255 * 255;

/// `src` over `dst` at opacity `a` of [`OPAQUE`], rounded to nearest once, though alpha and coverage both count.
fn mix(dst: &mut [u8; 3], src: [u8; 3], a: u32) {
    for (d, s) in dst.iter_mut().zip(src) {
        let sum = u32::from(s) * a + u32::from(*d) * (OPAQUE - a);
        *d = ((sum + OPAQUE / 2) / OPAQUE) as u8; // at most 255: a mean of two bytes
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::color::Color;
    use crate::geom::{Point, Rect};
    use crate::layout::{Glyph, GlyphRun, Paint, Shape};
    use crate::template::Art;

    #[test]
    fn mixing_rounds_to_nearest() {
        for dst in [0, 1, 77, 254, 255_u8] {
            for src in [0, 1, 128, 255_u8] {
                for a in [0, 1, 100, 32_512, 32_513, 65_024, OPAQUE] {
                    let mut got = [dst; 3];
                    mix(&mut got, [src; 3], a);
                    let t = f64::from(a) / f64::from(OPAQUE);
                    let exact = f64::from(dst) + (f64::from(src) - f64::from(dst)) * t;
                    assert!((f64::from(got[0]) - exact).abs() <= 0.5, "{dst} {src} {a}: {got:?}, {exact}");
                }
            }
        }
    }

    fn everything() -> (Layout, FontBook) {
        let fonts = FontBook::builtin();
        let face = fonts.find("NewsreaderDisplay-Medium").unwrap();
        let glyphs = fonts
            .face(face)
            .shape(&crate::font::Run::new("word for word", crate::lang::Lang::En))
            .iter()
            .scan(20.0, |x, g| {
                let at = *x;
                *x += g.advance * 48.0;
                Some(Glyph { id: g.id, x: at, y: 120.0, scale: 1.0, bytes: 0..0 })
            })
            .collect();
        let whole = Rect::new(0.0, 0.0, 320.0, 320.0);
        let stops = vec![(0.0, Color::rgb(20, 40, 60)), (1.0, Color { a: 0, ..Color::rgb(200, 90, 60) })];
        let items = vec![
            Item::Fill {
                shape: Shape::Rect(whole),
                paint: Paint::Linear {
                    from: Point { x: 0.0, y: 0.0 },
                    to: Point { x: 320.0, y: 200.0 },
                    stops: stops.clone(),
                },
            },
            Item::Fill {
                shape: Shape::Ellipse(Rect::new(40.0, 40.5, 200.0, 90.0)),
                paint: Paint::Radial { center: Point { x: 100.0, y: 80.0 }, radius: (120.0, 60.0), stops },
            },
            Item::Stroke {
                shape: Shape::RoundRect(Rect::new(9.0, 9.0, 90.0, 40.0), 8.0),
                width: 2.5,
                color: Color::rgb(9, 9, 9),
            },
            Item::Picture {
                art: Arc::new(
                    Art::path(32.0, 32.0, "M16 0a16 16 0 1 0 0 32a16 16 0 1 0 0-32ZM14 4h4v24h-4Z").unwrap(),
                ),
                dest: Rect::new(200.3, 200.6, 64.0, 64.0),
                color: Color::rgb(166, 30, 26),
            },
            Item::Glyphs(GlyphRun { slot: "quote", face, size: 48.0, color: Color::rgb(26, 24, 21), glyphs }),
        ];
        (
            Layout {
                size: CardSize::new(320, 320).unwrap(),
                items,
                type_size: 48.0,
                lines: vec![],
                ragged: false,
            },
            fonts,
        )
    }

    #[test]
    fn paints_the_same_on_any_thread_and_on_a_ground() {
        let (layout, fonts) = everything();
        let once = Ground::paint(&layout, &fonts);
        let split = |r: std::ops::Range<usize>| Layout { items: layout.items[r].to_vec(), ..layout.clone() };
        let ground = Ground::paint(&split(0..3), &fonts);
        std::thread::scope(|s| {
            for _ in 0..4 {
                s.spawn(|| {
                    for _ in 0..3 {
                        assert!(paint(&split(3..5), &ground, &fonts) == *once.pixels());
                    }
                });
            }
        });
        // Ink arrived.
        assert!((0..320).any(|x| once.pixels().pixel(x, 110) == [26, 24, 21]));
    }

    #[test]
    #[should_panic(expected = "a ground of the card's size")]
    fn a_ground_fits_its_card() {
        let (layout, fonts) = everything();
        let ground = Ground::paint(&layout, &fonts);
        let _ = paint(&Layout { size: CardSize::new(320, 400).unwrap(), ..layout }, &ground, &fonts);
    }
}
