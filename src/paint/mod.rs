//! Painting: a [`Layout`] becomes [`Pixels`].
//!
//! Nothing is decided or measured here. Everything blends in sRGB, as browsers do, and rounds once per item. Only
//! additions, multiplications and square roots take part: the same layout gives the same bytes on every machine.

mod brush;
mod easel;
mod emoji;
mod fill;
mod glyphs;
mod grain;
mod indexed;
mod marks;
mod photo;
mod picture;
mod resample;
mod shadow;
mod tiles;

use std::ops::Range;
use std::sync::OnceLock;

use crate::card::CardSize;
use crate::color::Color;
use crate::font::FontBook;
use crate::geom::Rect;
use crate::layout::{GlyphRun, Item, Layout, Scrim, Shape};
pub use easel::{Easel, Inked, Painted, Span};
pub(crate) use glyphs::{Ink, Spot};
use grain::Grain;
pub(crate) use indexed::Ramp;
pub use indexed::{Indexed, OFF};
pub use marks::{Marks, WORD, is_bare, runs};
use photo::Finish;
pub use picture::PixelBox;
pub use tiles::TILE;
use tiles::Tiles;

/// An opaque picture, 8 bits a channel, sRGB, rows from the top.
#[derive(Clone, Default, PartialEq, Eq)]
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
        let count = width as usize * height as usize;
        let rgb = match color {
            // One byte again and again is written in one go; black is what new room is anyway.
            [grey, g, b] if grey == g && grey == b => vec![grey; 3 * count],
            _ => color.repeat(count),
        };
        Self { width, height, rgb }
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

    /// All of it.
    const fn bounds(&self) -> PixelBox {
        PixelBox { x0: 0, y0: 0, x1: self.width, y1: self.height }
    }

    /// The whole pixels that a rectangle touches; `None` where it lies outside.
    pub(crate) fn outwards(&self, area: Rect) -> Option<PixelBox> {
        PixelBox::of(area.x.floor(), area.y.floor(), area.right().ceil(), area.bottom().ceil(), self)
    }

    /// Pixels of row `y`.
    pub(crate) fn row(&self, y: u32, columns: Range<u32>) -> &[[u8; 3]] {
        let start = y as usize * self.width as usize;
        let row = &self.rgb[(start + columns.start as usize) * 3..(start + columns.end as usize) * 3];
        row.as_chunks().0
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
#[derive(Clone)]
pub struct Ground {
    /// What lies under a card's own items.
    under: Pixels,
    /// The grain over all.
    grains: Vec<Grain>,
    /// Both, where there is grain: a card copies it and blends only what it changes. Blended when first asked for; a
    /// look whose cards all bring a photograph is not.
    whole: OnceLock<Pixels>,
    tiles: Tiles,
    /// No other one's.
    identity: u64,
}

impl std::fmt::Debug for Ground {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ground of {:?}, {} grains", self.under, self.grains.len())
    }
}

impl Ground {
    /// Paints the ground's items on a white sheet.
    #[must_use]
    pub fn paint(layout: &Layout, fonts: &FontBook) -> Self {
        Self::sheet(layout).painted(&layout.items, fonts)
    }

    /// A white sheet under a ground's grain.
    #[must_use]
    pub fn sheet(layout: &Layout) -> Self {
        let grains = layout.over.iter().filter_map(|item| match item {
            Item::Grain { art, opacity } => Grain::new(art, *opacity),
            _ => None,
        });
        Self::new(Pixels::white(layout.size), grains.collect(), OnceLock::new())
    }

    /// Items painted on it, under its grain.
    #[must_use]
    pub fn painted(self, items: &[Item], fonts: &FontBook) -> Self {
        let Self { mut under, grains, .. } = self;
        paint_items(&mut under, items, fonts);
        Self::new(under, grains, OnceLock::new())
    }

    /// The same ground with more items on it, under its grain.
    #[must_use]
    pub fn with(&self, items: &[Item], fonts: &FontBook) -> Self {
        let mut under = self.under.clone();
        paint_items(&mut under, items, fonts);
        // Where all is blended already, only what is touched is blended anew.
        let whole = self.whole.get().cloned().map_or_else(OnceLock::new, |mut whole| {
            for (y, columns) in (0..).zip(touched(&under, items, fonts)) {
                if columns.start < columns.end {
                    let plain = under.row(y, columns.clone());
                    whole.run(y, columns.start, columns.end).copy_from_slice(plain);
                    blend_grains(&mut whole, &self.grains, (0, 0), y..y + 1, |_| columns.clone());
                }
            }
            OnceLock::from(whole)
        });
        Self::new(under, self.grains.clone(), whole)
    }

    fn new(under: Pixels, grains: Vec<Grain>, whole: OnceLock<Pixels>) -> Self {
        let tiles = Tiles::new(under.width, under.height);
        Self { under, grains, whole, tiles, identity: easel::new_identity() }
    }

    /// What a card without items of its own would look like.
    #[must_use]
    pub fn pixels(&self) -> &Pixels {
        if self.grains.is_empty() {
            return &self.under;
        }
        self.whole.get_or_init(|| {
            let mut whole = self.under.clone();
            let all = whole.bounds();
            blend_grains(&mut whole, &self.grains, (0, 0), all.rows(), |_| all.x0..all.x1);
            whole
        })
    }

    /// The least and the greatest relative luminance of the tile of [`TILE`] × [`TILE`] px in this column and row;
    /// found when first asked for.
    ///
    /// # Panics
    /// Where there is no such tile.
    #[must_use]
    pub fn luminance_of_tile(&self, column: u32, row: u32) -> (f32, f32) {
        self.tiles.get(column, row, self.pixels())
    }

    /// Whether grain lies over a card's own items.
    #[must_use]
    pub fn is_grained(&self) -> bool {
        !self.grains.is_empty()
    }
}

/// Blends grain over rows of a part of a card whose top left pixel is `origin`; `columns` says where in each row.
fn blend_grains(
    part: &mut Pixels,
    grains: &[Grain],
    origin: (u32, u32),
    rows: Range<u32>,
    columns: impl Fn(u32) -> Range<u32>,
) {
    for y in rows {
        let Range { start, end } = columns(y);
        for grain in grains.iter().filter(|_| start < end) {
            grain.blend(part.run(y, start, end), origin.0 + start, origin.1 + y);
        }
    }
}

/// Paints a card's own items on its ground.
///
/// # Panics
/// Where the ground is of another size.
#[must_use]
pub fn paint(layout: &Layout, ground: &Ground, fonts: &FontBook) -> Pixels {
    let (width, height) = (ground.under.width, ground.under.height);
    assert_eq!((layout.size.width(), layout.size.height()), (width, height), "a ground of the card's size");
    let mut pixels = ground.pixels().clone();
    if ground.grains.is_empty() {
        paint_items(&mut pixels, &layout.items, fonts);
        return pixels;
    }
    // Items go under the grain: what they touch is taken back to where no grain was.
    let touched = touched(&pixels, &layout.items, fonts);
    for (y, columns) in (0..).zip(&touched) {
        if columns.start < columns.end {
            let plain = ground.under.row(y, columns.clone());
            pixels.run(y, columns.start, columns.end).copy_from_slice(plain);
        }
    }
    paint_items(&mut pixels, &layout.items, fonts);
    blend_grains(&mut pixels, &ground.grains, (0, 0), 0..height, |y| touched[y as usize].clone());
    pixels
}

/// What lies behind something at `area` of a card: the ground and `items`, grain over them.
///
/// # Panics
/// Where `area` reaches beyond the card.
#[must_use]
pub fn backdrop<'a>(
    items: impl Iterator<Item = &'a Item>,
    ground: &Ground,
    area: PixelBox,
    fonts: &FontBook,
) -> Pixels {
    let mut part = Pixels::filled(area.x1 - area.x0, area.y1 - area.y0, [0; 3]);
    for y in area.rows() {
        let row = ground.under.row(y, area.x0..area.x1);
        part.run(y - area.y0, 0, area.x1 - area.x0).copy_from_slice(row);
    }
    let moved = items.map(|item| item.moved(-(area.x0 as f32), -(area.y0 as f32)));
    for item in moved {
        if let Item::Grain { art, opacity } = &item {
            let grain: Vec<Grain> = Grain::new(art, *opacity).into_iter().collect();
            let all = part.bounds();
            blend_grains(&mut part, &grain, (area.x0, area.y0), all.rows(), |_| 0..all.x1);
        } else {
            paint_items(&mut part, std::slice::from_ref(&item), fonts);
        }
    }
    let all = part.bounds();
    blend_grains(&mut part, &ground.grains, (area.x0, area.y0), all.rows(), |_| 0..all.x1);
    part
}

/// In each row the columns that items may touch.
fn touched(pixels: &Pixels, items: &[Item], fonts: &FontBook) -> Vec<Range<u32>> {
    let mut rows = vec![0..0; pixels.height as usize];
    for item in items {
        for bounds in reach(item, fonts).into_iter().filter_map(|area| pixels.outwards(area)) {
            for row in &mut rows[bounds.y0 as usize..bounds.y1 as usize] {
                let empty = row.start >= row.end;
                *row = if empty {
                    bounds.x0..bounds.x1
                } else {
                    row.start.min(bounds.x0)..row.end.max(bounds.x1)
                };
            }
        }
    }
    rows
}

/// Where an item may leave a mark, at most; a text's lines one by one.
pub(crate) fn reach(item: &Item, fonts: &FontBook) -> Vec<Rect> {
    match item {
        Item::Fill { shape, .. } | Item::Stroke { shape, .. } => vec![shape.bounds().grown(1.0)],
        Item::Glyphs(run) => glyphs_reach(run, fonts),
        Item::Picture { art, dest, .. } => vec![picture::reach(art, *dest).grown(1.0)],
        Item::Photo { dest, .. } => vec![dest.grown(1.0)],
        Item::Shadow { shape, dy, blur, .. } => vec![shadow::reach(*shape, *dy, *blur)],
        Item::Scrim(scrim) if scrim.opacity > 0.0 => {
            let (shape, _) = veil(scrim);
            vec![shadow::reach(shape, 0.0, scrim.soft)]
        }
        Item::Scrim(_) => Vec::new(),
        Item::Grain { .. } => vec![Rect::new(0.0, 0.0, f32::MAX, f32::MAX)],
    }
}

fn glyphs_reach(run: &GlyphRun, fonts: &FontBook) -> Vec<Rect> {
    let face = fonts.face(run.face);
    let line = |glyphs: &[crate::layout::Glyph]| {
        let inks = glyphs.iter().filter_map(|glyph| {
            let em = run.size * glyph.scale;
            if face.has_pictures() {
                // A picture says only when it is decoded how large it is; none is larger than this.
                return Some(Rect::new(glyph.x - em, glyph.y - 2.0 * em, 3.0 * em, 3.0 * em));
            }
            let ink = face.ink_box(glyph.id)?;
            Some(Rect::new(glyph.x + ink.x * em, glyph.y + ink.y * em, ink.w * em, ink.h * em))
        });
        // Baselines go to whole pixels, edges are soft.
        inks.reduce(|all, ink| all.joined(&ink)).map(|ink| ink.grown(2.0))
    };
    run.glyphs.chunk_by(|a, b| (a.y - b.y).abs() < run.size / 2.0).filter_map(line).collect()
}

/// A scrim's shape and colour: whole under its texts and a margin, then fading.
fn veil(scrim: &Scrim) -> (Shape, Color) {
    let shape = Shape::RoundRect(scrim.area.grown(scrim.soft), scrim.soft);
    (shape, Color { a: (scrim.opacity.clamp(0.0, 1.0) * 255.0 + 0.5) as u8, ..scrim.color })
}

fn paint_items(pixels: &mut Pixels, items: &[Item], fonts: &FontBook) {
    for item in items {
        match item {
            Item::Fill { shape, paint, .. } => fill::fill(pixels, *shape, paint),
            Item::Stroke { shape, width, color } => fill::stroke(pixels, *shape, *width, *color),
            Item::Glyphs(run) => glyphs::paint(pixels, run, fonts.face(run.face)),
            Item::Picture { art, dest, color } => picture::paint(pixels, art, *dest, *color),
            Item::Shadow { shape, dy, blur, color } => shadow::paint(pixels, *shape, *dy, *blur, *color),
            Item::Photo { art, crop, dest, circle, tone, opacity } => {
                photo::paint(pixels, art, *crop, *dest, Finish { circle: *circle, tone, opacity: *opacity });
            }
            Item::Scrim(scrim) if scrim.opacity > 0.0 => {
                let (shape, color) = veil(scrim);
                shadow::paint(pixels, shape, 0.0, scrim.soft, color);
            }
            Item::Scrim(_) => {}
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
    use crate::layout::{Glyph, GlyphRun, Paint, Shape, Style};
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
            Item::fill(
                Shape::Rect(whole),
                Paint::Linear {
                    from: Point { x: 0.0, y: 0.0 },
                    to: Point { x: 320.0, y: 200.0 },
                    stops: stops.clone(),
                },
            ),
            Item::fill(
                Shape::Ellipse(Rect::new(40.0, 40.5, 200.0, 90.0)),
                Paint::Radial { center: Point { x: 100.0, y: 80.0 }, radius: (120.0, 60.0), stops },
            ),
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
            Item::Glyphs(GlyphRun {
                slot: "quote",
                style: Style::Body,
                face,
                size: 48.0,
                color: Color::rgb(26, 24, 21),
                token: "ink".into(),
                glyphs,
            }),
        ];
        (
            Layout {
                size: CardSize::new(320, 320).unwrap(),
                items,
                over: vec![],
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
