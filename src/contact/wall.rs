//! One picture of all cards, in rows of one height, like prints on a light table.
//!
//! ```text
//! title
//! ┌──┐ ┌────┐ ┌─┐ ┌──┐
//! └──┘ └────┘ └─┘ └──┘
//! ```

use image::imageops::replace;
use image::{ExtendedColorType, ImageEncoder as _, Rgb, RgbImage};

use super::Picture;
use crate::card::CardSize;
use crate::color::Color;
use crate::font::{FontBook, Run};
use crate::geom::Rect;
use crate::lang::Lang;
use crate::layout::{Glyph, GlyphRun, Item, Layout, Paint, Shape};
use crate::paint::Ground;

const PAPER: Color = Color::rgb(0xE9, 0xE7, 0xE2);
const EMPTY: Rgb<u8> = Rgb([0xDA, 0xD7, 0xD0]);
const INK: Color = Color::rgb(0x2A, 0x28, 0x24);
const MUTE: Color = Color::rgb(0x6B, 0x67, 0x5F);
/// Px.
const WIDTH: u32 = 2400;
const MAX_HEIGHT: u32 = 4096;
const MARGIN: u32 = 64;
const GAP: u32 = 20;
/// The title's line, and the first row's top.
const TITLE: f32 = 38.0;
const TOP: u32 = 150;
/// Heights of the rows that are tried, the largest first.
const HEIGHTS: [u32; 7] = [480, 360, 270, 200, 150, 120, 90];

/// Where a card stands: left, top, width, height.
type Place = (u32, u32, u32, u32);

/// The picture of all cards.
#[derive(Debug)]
pub struct Wall {
    canvas: RgbImage,
    places: Vec<Place>,
}

impl Wall {
    /// An empty wall for cards of these sizes, px, in their order. Where there are more than stand on it, the first are
    /// shown, and the title says how many.
    #[must_use]
    pub fn new(title: &str, sizes: &[(u32, u32)], fonts: &FontBook) -> Self {
        let all = HEIGHTS.iter().find_map(|&height| {
            let places = rows(sizes, height);
            (bottom(&places) <= MAX_HEIGHT - MARGIN).then_some(places)
        });
        let places = all.unwrap_or_else(|| {
            let mut places = rows(sizes, HEIGHTS[HEIGHTS.len() - 1]);
            places.retain(|place| place.1 + place.3 <= MAX_HEIGHT - MARGIN);
            places
        });
        let height = (bottom(&places) + MARGIN).clamp(320, MAX_HEIGHT);
        let shown = match (places.len(), sizes.len()) {
            (shown, all) if shown < all => format!("the first {shown} of {all} cards"),
            (1, _) => "1 card".to_owned(),
            (all, _) => format!("{all} cards"),
        };
        #[allow(clippy::cast_precision_loss, reason = "a few thousand px")]
        let (left, wide, high) = (MARGIN as f32, WIDTH as f32, height as f32);
        let mut items = vec![Item::fill(Shape::Rect(Rect::new(0.0, 0.0, wide, high)), Paint::Solid(PAPER))];
        items.extend(line(title, left, 80.0, TITLE, INK, fonts));
        items.extend(line(&shown, left, 118.0, 22.0, MUTE, fonts));
        let size = CardSize::new(WIDTH, height).expect("both sides are within those of cards");
        let ground = Ground::paint(&Layout::drawing(size, items), fonts);
        let canvas = RgbImage::from_raw(WIDTH, height, ground.pixels().rgb().to_vec());
        Self { canvas: canvas.expect("a ground has three bytes a pixel"), places }
    }

    /// Width and height of a card's place, px; `None` where it has none.
    #[must_use]
    pub fn size_of(&self, index: usize) -> Option<(u32, u32)> {
        self.places.get(index).map(|place| (place.2, place.3))
    }

    /// Puts a card in its place; `None`: it could not be read. One that has no place is let be.
    pub fn put(&mut self, index: usize, card: Option<&Picture>) {
        let Some(&(left, top, width, height)) = self.places.get(index) else { return };
        let small =
            card.map_or_else(|| RgbImage::from_pixel(width, height, EMPTY), |card| card.at(width, height).0);
        replace(&mut self.canvas, &small, i64::from(left), i64::from(top));
    }

    /// The picture as PNG.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let (width, height) = self.canvas.dimensions();
        image::codecs::png::PngEncoder::new(&mut out)
            .write_image(&self.canvas, width, height, ExtendedColorType::Rgb8)
            .expect("a picture of three bytes a pixel is written into memory");
        out
    }
}

/// Where cards stand in rows of a height.
fn rows(sizes: &[(u32, u32)], height: u32) -> Vec<Place> {
    let (mut left, mut top) = (MARGIN, TOP);
    let mut places = Vec::with_capacity(sizes.len());
    for &(w, h) in sizes {
        let wide = u64::from(w) * u64::from(height) / u64::from(h.max(1));
        let wide = u32::try_from(wide).unwrap_or(u32::MAX).clamp(1, WIDTH - 2 * MARGIN);
        if left > MARGIN && left + wide > WIDTH - MARGIN {
            left = MARGIN;
            top = top.saturating_add(height + GAP);
        }
        places.push((left, top, wide, height));
        left += wide + GAP;
    }
    places
}

fn bottom(places: &[Place]) -> u32 {
    places.last().map_or(TOP, |place| place.1.saturating_add(place.3))
}

/// A line of our own sans, in runs of faces that have its characters. `x` and `y` (the baseline) and `size` are px.
#[must_use]
pub fn line(text: &str, x: f32, y: f32, size: f32, color: Color, fonts: &FontBook) -> Vec<Item> {
    let faces = ["LibreFranklin-Medium", "NotoSansSC-Bold"];
    let faces = faces.map(|name| fonts.find(name).expect("it comes with the program"));
    let face_of =
        |c: char| *faces.iter().find(|&&id| fonts.face(id).glyph_id(c).is_some()).unwrap_or(&faces[0]);
    let mut runs: Vec<(crate::font::FaceId, String)> = Vec::new();
    // A title is anybody's: what cannot be drawn is left out.
    for c in text.chars().filter(|c| !c.is_control()).take(160) {
        let face = face_of(c);
        match runs.last_mut() {
            Some((last, run)) if *last == face => run.push(c),
            _ => runs.push((face, c.to_string())),
        }
    }
    let mut x = x;
    let mut items = Vec::new();
    for (face, run) in runs {
        let mut glyphs = Vec::new();
        for glyph in fonts.face(face).shape(&Run::new(&run, Lang::En)) {
            if glyph.id != 0 {
                let (gx, gy) = (x + glyph.dx * size, y + glyph.dy * size);
                glyphs.push(Glyph { id: glyph.id, x: gx, y: gy, scale: 1.0, bytes: 0..0 });
            }
            x += glyph.advance * size;
        }
        items.push(Item::Glyphs(GlyphRun::label(face, size, color, glyphs)));
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_stand_in_rows_as_large_as_they_may() {
        let fonts = FontBook::builtin();
        let few = Wall::new("Few", &[(1080, 1080), (1080, 1920), (1200, 630)], &fonts);
        assert_eq!(few.places, [(64, 150, 480, 480), (564, 150, 270, 480), (854, 150, 914, 480)]);
        for count in [0, 1, 40, 300, 5000] {
            let wall = Wall::new("Many", &vec![(1080, 1080); count], &fonts);
            let (width, height) = wall.canvas.dimensions();
            assert!(height <= MAX_HEIGHT && wall.places.len() <= count);
            assert!(wall.places.iter().all(|p| p.0 + p.2 <= width && p.1 + p.3 <= height));
            assert_eq!(wall.places.len() == count, count <= 300);
        }
    }
}
