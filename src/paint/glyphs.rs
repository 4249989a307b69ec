//! Runs of glyphs.
//!
//! Glyphs are rasterised at quarter-pixel steps across and whole-pixel baselines, which comes closest to a
//! browser's text (measured: one step instead of four raises the error by a quarter), and kept per thread: a
//! batch sets the same letters at the same few sizes again and again.
//!
//! A run's coverage is summed before any of it is blended: where glyphs touch (ligature halves, italics, tight
//! lines), overwriting would leave seams and blending twice would darken them.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::color::Color;
use crate::font::Face;
use crate::layout::{Glyph, GlyphRun};

use super::marks::{Bits, Marks};
use super::{Pixels, emoji, mix};

/// Steps across a pixel at which glyphs are rasterised.
const BINS: f32 = 4.0;

/// Rows of a run that are painted together.
const BAND: usize = 32;

/// Bytes of coverage that a thread keeps, about 8000 letters at 40 px.
const CACHE: usize = 8 << 20;

/// Larger glyphs (a figure 700 px high) are not kept: they rarely come twice and would push out all others.
const CACHED: usize = 256 << 10;

/// Paints a run.
pub(super) fn paint(pixels: &mut Pixels, run: &GlyphRun, face: &Face) {
    if face.has_pictures() {
        emoji::paint(pixels, run, face);
    }
    paint_telling(pixels, run, face, |_, _, _, _| {});
}

/// Paints a run of a face without pictures, and marks where it leaves ink.
pub(super) fn paint_marking(pixels: &mut Pixels, run: &GlyphRun, face: &Face, marks: &mut Marks) {
    paint_telling(pixels, run, face, |y, x, mask, inked| marks.add_covered(y, x, mask, inked));
}

/// Paints a run; `tell` is told of stretches that may have ink: row, first column, coverage, and which eights of that are
/// not bare.
fn paint_telling(
    pixels: &mut Pixels,
    run: &GlyphRun,
    face: &Face,
    mut tell: impl FnMut(u32, u32, &[u8], Bits),
) {
    let brush = Brush::new(run.color);
    masks((pixels.width, pixels.height), run, face, |y, x, mask| {
        let row = pixels.run(y, x, x + mask.len() as u32);
        let stretches = row.chunks_mut(Eights::MOST).zip(mask.chunks(Eights::MOST));
        for (x, (pixels, mask)) in (x..).step_by(Eights::MOST).zip(stretches) {
            let eights = Eights::of(mask);
            brush.paint(pixels, mask, eights);
            tell(y, x, mask, Bits(eights.inked));
        }
    });
}

/// How a stretch is covered, eight pixels at a time, a bit each: most of a text's box is bare, and where letters begin and
/// end nobody can foretell, so that it costs more to decide than to count.
#[derive(Clone, Copy)]
struct Eights {
    /// Not bare.
    inked: u64,
    /// Wholly covered.
    full: u64,
}

impl Eights {
    /// Pixels of a stretch at most.
    const MOST: usize = 8 * u64::BITS as usize;

    fn of(mask: &[u8]) -> Self {
        let mut eights = Self { inked: 0, full: 0 };
        for (i, eight) in mask.as_chunks::<8>().0.iter().enumerate() {
            let eight = u64::from_le_bytes(*eight);
            eights.inked |= u64::from(eight != 0) << i;
            eights.full |= u64::from(eight == u64::MAX) << i;
        }
        eights
    }
}

/// The coverage of a run on a canvas of this width and height: row, first column, and 0–255 for each pixel from there.
pub(super) fn masks(size: (u32, u32), run: &GlyphRun, face: &Face, row: impl FnMut(u32, u32, &[u8])) {
    SCRATCH.with_borrow_mut(|scratch| scratch.masks(size, run, face, row));
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

#[derive(Default)]
struct Scratch {
    cache: Cache<Ink>,
    placed: Vec<Placed>,
    mask: Vec<u8>,
}

/// A glyph's coverage and where its top left pixel goes.
struct Placed {
    x: i64,
    y: i64,
    ink: Rc<Ink>,
}

impl Scratch {
    fn masks(
        &mut self,
        (width, height): (u32, u32),
        run: &GlyphRun,
        face: &Face,
        mut row: impl FnMut(u32, u32, &[u8]),
    ) {
        self.placed.clear();
        for glyph in &run.glyphs {
            self.placed.extend(place(glyph, run.size, face, &mut self.cache));
        }
        let mut bounds: Option<Box2> = None;
        for p in &self.placed {
            let b = Box2 {
                x0: p.x,
                y0: p.y,
                x1: p.x + i64::from(p.ink.width),
                y1: p.y + i64::from(p.ink.height()),
            };
            if let Some(b) = b.clipped(width, height) {
                bounds = Some(bounds.map_or(b, |all| all.join(b)));
            }
        }
        let Some(bounds) = bounds else { return };
        // Band by band, so that what is added up stays near at hand.
        for y0 in (bounds.y0..bounds.y1).step_by(BAND) {
            let band = Box2 { y0, y1: bounds.y1.min(y0 + BAND as i64), ..bounds };
            let within = |p: &&Placed| p.y < band.y1 && band.y0 < p.y + i64::from(p.ink.height());
            let sides = self.placed.iter().filter(within).map(|p| (p.x, p.x + i64::from(p.ink.width)));
            let Some((x0, x1)) = sides.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { continue };
            let Some(band) = (Box2 { x0, x1, ..band }).clipped(width, height) else { continue };
            let columns = (band.x1 - band.x0) as usize;
            self.mask.clear();
            self.mask.resize(columns * (band.y1 - band.y0) as usize, 0);
            self.placed.iter().filter(within).for_each(|p| p.add(&mut self.mask, band));
            for (y, mask) in (band.y0 as u32..).zip(self.mask.chunks_exact(columns)) {
                row(y, band.x0 as u32, mask);
            }
        }
        self.placed.clear(); // lets go of glyphs that the cache does not keep
    }
}

impl Placed {
    /// Adds its coverage to a mask that stands for `bounds`.
    fn add(&self, mask: &mut [u8], bounds: Box2) {
        let ink = &*self.ink;
        let (left, right) = (self.x.max(bounds.x0), (self.x + i64::from(ink.width)).min(bounds.x1));
        if left >= right {
            return;
        }
        let (width, mask_width) = (ink.width as usize, (bounds.x1 - bounds.x0) as usize);
        let (top, bottom) = (self.y.max(bounds.y0), bounds.y1);
        let rows = ink.coverage.chunks_exact(width).skip((top - self.y) as usize);
        for (y, row) in (top..bottom).zip(rows) {
            let from = (y - bounds.y0) as usize * mask_width + (left - bounds.x0) as usize;
            let row = &row[(left - self.x) as usize..(right - self.x) as usize];
            for (sum, c) in mask[from..from + row.len()].iter_mut().zip(row) {
                *sum = sum.saturating_add(*c);
            }
        }
    }
}

/// Pixels from (`x0`, `y0`) to before (`x1`, `y1`).
#[derive(Clone, Copy)]
struct Box2 {
    x0: i64,
    y0: i64,
    x1: i64,
    y1: i64,
}

impl Box2 {
    fn clipped(self, width: u32, height: u32) -> Option<Self> {
        let b = Self {
            x0: self.x0.max(0),
            y0: self.y0.max(0),
            x1: self.x1.min(i64::from(width)),
            y1: self.y1.min(i64::from(height)),
        };
        (b.x0 < b.x1 && b.y0 < b.y1).then_some(b)
    }

    fn join(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
}

/// `None` for blanks.
fn place(glyph: &Glyph, size: f32, face: &Face, cache: &mut Cache<Ink>) -> Option<Placed> {
    let spot = Spot::new(glyph, size);
    let ink = cache.get(spot.key(face), || rasterise(face, &spot));
    (ink.width > 0).then(|| Placed { x: spot.x + i64::from(ink.left), y: spot.y + i64::from(ink.top), ink })
}

/// Where a glyph is painted, and which of its pictures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    /// The column of its origin.
    pub(crate) x: i64,
    /// The row of its baseline.
    pub(crate) y: i64,
    /// Its id in the face.
    pub(crate) id: u16,
    /// The step across a pixel, below [`BINS`].
    pub(crate) bin: u8,
    /// px per em.
    pub(crate) size: f32,
}

impl Spot {
    /// Where a glyph of a run of `size` px per em goes.
    pub(crate) fn new(glyph: &Glyph, size: f32) -> Self {
        let size = size * glyph.scale;
        let quarters = (glyph.x * BINS).round();
        let baseline = glyph.y.round();
        debug_assert!((size + quarters + baseline).is_finite(), "{glyph:?}");
        let pixel = (quarters / BINS).floor();
        let bin = (quarters - pixel * BINS) as u8;
        Self { x: pixel as i64, y: baseline as i64, id: glyph.id, bin, size }
    }

    /// Its coverage, which is kept for the next time.
    pub(crate) fn ink(&self, face: &Face) -> Rc<Ink> {
        SCRATCH.with_borrow_mut(|scratch| scratch.cache.get(self.key(face), || rasterise(face, self)))
    }

    fn key(&self, face: &Face) -> Key {
        Key { face: face.identity(), id: self.id, bin: self.bin, size: self.size.to_bits() }
    }
}

/// A rasterised glyph.
#[derive(Debug, Default)]
pub(crate) struct Ink {
    /// From the origin's pixel to the leftmost column.
    pub(crate) left: i32,
    /// From the baseline to the topmost row, negative above it.
    pub(crate) top: i32,
    /// Columns; 0 for a blank.
    pub(crate) width: u32,
    /// Rows from the top, 0–255 a pixel.
    pub(crate) coverage: Box<[u8]>,
}

impl Ink {
    /// Rows.
    pub(crate) fn height(&self) -> u32 {
        (self.coverage.len() as u32).checked_div(self.width).unwrap_or(0)
    }
}

fn rasterise(face: &Face, spot: &Spot) -> Ink {
    let Some(outlined) = face.outlined(spot.id, spot.size, f32::from(spot.bin) / BINS) else {
        return Ink::default();
    };
    let bounds = outlined.px_bounds();
    let (width, height) = (bounds.width() as usize, bounds.height() as usize);
    let mut coverage = vec![0; width * height].into_boxed_slice();
    outlined.draw(|x, y, c| coverage[y as usize * width + x as usize] = (c * 255.0 + 0.5) as u8);
    Ink { left: bounds.min.x as i32, top: bounds.min.y as i32, width: width as u32, coverage }
}

impl Weight for Ink {
    fn bytes(&self) -> usize {
        self.coverage.len()
    }
}

/// What a rasterised glyph is known by.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// A face's identity, not its id: ids are given anew in every font book, and threads outlive books.
    pub(super) face: u64,
    /// The glyph.
    pub(super) id: u16,
    /// The step across a pixel.
    pub(super) bin: u8,
    /// The bits of px per em.
    pub(super) size: u32,
}

/// What takes room in a cache.
pub(super) trait Weight {
    /// How many bytes, the value itself not counted.
    fn bytes(&self) -> usize;
}

/// Two generations: what is used moves to the young one; when that is full, it becomes the old one, and what was
/// not used since is dropped. Nearly as good as dropping the least recently used, without a list to maintain.
pub(super) struct Cache<V> {
    young: FxHashMap<Key, Rc<V>>,
    old: FxHashMap<Key, Rc<V>>,
    young_bytes: usize,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), young_bytes: 0 }
    }
}

impl<V: Weight> Cache<V> {
    /// What is kept of a glyph, else what `rasterise` makes of it.
    pub(super) fn get(&mut self, key: Key, rasterise: impl FnOnce() -> V) -> Rc<V> {
        if let Some(ink) = self.young.get(&key) {
            return Rc::clone(ink);
        }
        let ink = self.old.remove(&key).unwrap_or_else(|| Rc::new(rasterise()));
        let bytes = ink.bytes() + 128; // and the entry itself
        if bytes <= CACHED {
            if self.young_bytes + bytes > CACHE / 2 {
                self.old = std::mem::take(&mut self.young);
                self.young_bytes = 0;
            }
            self.young_bytes += bytes;
            self.young.insert(key, Rc::clone(&ink));
        }
        ink
    }
}

/// How a run's colour goes onto what is there.
pub(super) struct Blend {
    color: [u8; 3],
    /// Opacity (of [`super::OPAQUE`]) for each coverage.
    opacity: [u32; 256],
}

impl Blend {
    pub(super) fn new(color: Color) -> Self {
        let light = color.luminance() > 0.5;
        let alpha = u32::from(color.a);
        let opacity = std::array::from_fn(|c| alpha * u32::from(if light { LIGHT[c] } else { c as u8 }));
        Self { color: [color.r, color.g, color.b], opacity }
    }

    /// The run's colour, its alpha apart.
    pub(super) fn ink(&self) -> [u8; 3] {
        self.color
    }

    /// How much of it is seen at a coverage, of [`super::OPAQUE`].
    pub(super) fn opacity(&self, coverage: u8) -> u32 {
        self.opacity[usize::from(coverage)]
    }
}

/// Puts a colour onto rows of pixels.
enum Brush {
    Opaque(Opaque),
    /// Something shows through whatever the coverage.
    Clear(Blend),
}

impl Brush {
    fn new(color: Color) -> Self {
        let blend = Blend::new(color);
        if color.a == 255 { Self::Opaque(Opaque::new(&blend)) } else { Self::Clear(blend) }
    }

    fn paint(&self, pixels: &mut [[u8; 3]], mask: &[u8], eights: Eights) {
        match self {
            Self::Opaque(opaque) => opaque.paint(pixels, mask, eights),
            Self::Clear(blend) => {
                for (pixel, &c) in pixels.iter_mut().zip(mask).filter(|(_, c)| **c > 0) {
                    mix(pixel, blend.color, blend.opacity(c));
                }
            }
        }
    }
}

/// An opaque colour. What is partly covered is gathered, so that the processor blends many bytes at a time.
struct Opaque {
    color: [u8; 3],
    /// How much of it is seen at each coverage, of 255.
    opacity: [u8; 256],
    /// The colour again and again.
    colors: [Eight; Self::BATCH],
}

/// The bytes of eight pixels.
type Eight = [u8; 24];

impl Opaque {
    /// Eights that are blended at a time.
    const BATCH: usize = 16;

    fn new(blend: &Blend) -> Self {
        let color = blend.color;
        Self {
            color,
            opacity: std::array::from_fn(|c| (blend.opacity(c as u8) / 255) as u8),
            colors: [std::array::from_fn(|i| color[i % 3]); Self::BATCH],
        }
    }

    fn paint(&self, pixels: &mut [[u8; 3]], mask: &[u8], eights: Eights) {
        let (masks, mask_rest) = mask.as_chunks::<8>();
        let rest = masks.len() * 8;
        for (pixel, c) in pixels[rest..].iter_mut().zip(mask_rest) {
            let opacity = self.opacity[usize::from(*c)];
            *pixel = std::array::from_fn(|i| mixed(self.color[i], pixel[i], opacity));
        }
        let pixels: &mut [Eight] = pixels.as_flattened_mut().as_chunks_mut().0;
        for i in Bits(eights.full) {
            pixels[i] = self.colors[0];
        }
        let mut partly = Bits(eights.inked & !eights.full);
        let (mut under, mut opacities) = ([[0; 24]; Self::BATCH], [[0; 24]; Self::BATCH]);
        while partly.0 != 0 {
            let batch = partly;
            let mut count = 0;
            for ((under, opacity), i) in under.iter_mut().zip(&mut opacities).zip(partly.by_ref()) {
                (*under, *opacity) = (pixels[i], self.opacities(masks[i]));
                count += 1;
            }
            let blended = under[..count].as_flattened_mut().iter_mut();
            let parts = self.colors.as_flattened().iter().zip(opacities.as_flattened());
            blended.zip(parts).for_each(|(under, (color, opacity))| *under = mixed(*color, *under, *opacity));
            batch.zip(&under[..count]).for_each(|(i, blended)| pixels[i] = *blended);
        }
    }

    /// How much is seen of the colour in each byte of eight pixels of such coverage.
    #[inline]
    fn opacities(&self, mask: [u8; 8]) -> Eight {
        // Three times the same byte for each pixel, put together in whole words.
        let [a, b, c, d, e, f, g, h] = mask.map(|c| u64::from(self.opacity[usize::from(c)]) * 0x01_0101);
        let words = [a | b << 24 | c << 48, c >> 16 | d << 8 | e << 32 | f << 56, f >> 8 | g << 16 | h << 40];
        let mut eight = [0; 24];
        for (to, word) in eight.as_chunks_mut().0.iter_mut().zip(words) {
            *to = word.to_le_bytes();
        }
        eight
    }
}

/// What [`mix`] makes of a channel, at an opacity of 255: in 16 bits and without a division.
#[inline]
fn mixed(color: u8, under: u8, opacity: u8) -> u8 {
    let [color, under, opacity] = [color, under, opacity].map(u16::from);
    let sum = color * opacity + under * (255 - opacity) + 127;
    // A 255th of any number that 16 bits hold, but for the last.
    ((sum + 1 + (sum >> 8)) >> 8) as u8
}

/// Coverage c, of 255, of light ink: (c / 255)^0.85. Blended as it is, light text looks thinner than a browser
/// draws it (root mean square error 2.6 with this curve, 3.3 without). A table, not a call of `powf`, whose last
/// digit differs from machine to machine.
#[rustfmt::skip]
const LIGHT: [u8; 256] = [
    0, 2, 4, 6, 7, 9, 11, 12, 13, 15, 16, 18, 19, 20, 22, 23, 24, 26, 27, 28,
    29, 31, 32, 33, 34, 35, 37, 38, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52,
    53, 54, 55, 56, 57, 58, 59, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73,
    75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94,
    95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114,
    115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 132, 133,
    134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 149, 150, 151, 152,
    153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171,
    172, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 182, 183, 184, 185, 186, 187, 188, 189,
    190, 191, 191, 192, 193, 194, 195, 196, 197, 198, 199, 199, 200, 201, 202, 203, 204, 205, 206, 207,
    207, 208, 209, 210, 211, 212, 213, 214, 214, 215, 216, 217, 218, 219, 220, 221, 221, 222, 223, 224,
    225, 226, 227, 228, 228, 229, 230, 231, 232, 233, 234, 234, 235, 236, 237, 238, 239, 240, 240, 241,
    242, 243, 244, 245, 246, 246, 247, 248, 249, 250, 251, 252, 252, 253, 254, 255,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::FontBook;
    use crate::layout::Style;

    #[test]
    fn an_opaque_colour_is_mixed_to_the_bit() {
        for (ink, is_light) in [([0, 18, 93], false), ([254, 255, 150], true)] {
            let brush = Brush::new(Color::rgb(ink[0], ink[1], ink[2]));
            let under: Vec<[u8; 3]> = (0..=255).map(|d| [d, 255 - d, d / 2]).collect();
            for coverage in 0..=255 {
                let (mut got, mut expected) = (under.clone(), under.clone());
                let mask = [coverage; 256];
                brush.paint(&mut got, &mask, Eights::of(&mask));
                let opacity = if is_light { LIGHT[usize::from(coverage)] } else { coverage };
                expected.iter_mut().for_each(|pixel| mix(pixel, ink, 255 * u32::from(opacity)));
                assert_eq!(got, expected, "{ink:?} at {coverage}");
            }
        }
        // Every channel over every other, at every opacity.
        for (color, opacity) in (0..=255).flat_map(|s| (0..=255).map(move |a| (s, a))) {
            for under in 0..=255 {
                let mut expected = [under; 3];
                mix(&mut expected, [color; 3], 255 * u32::from(opacity));
                assert_eq!(mixed(color, under, opacity), expected[0], "{color} over {under} at {opacity}");
            }
        }
    }

    #[test]
    fn ink_goes_where_it_covers() {
        // Longer than a stretch, its parts bare, partly and wholly covered; begun and ended within eight pixels.
        let mask: Vec<u8> =
            (0..1203_u32).map(|i| [0, 0, 255, 255, 255, 90, 3, 0][(i / 11 % 8) as usize]).collect();
        let color = Color::rgb(20, 90, 160);
        for (brush, alpha) in [(Brush::new(color), 255), (Brush::new(Color { a: 128, ..color }), 128)] {
            let mut row: Vec<[u8; 3]> = (0..mask.len()).map(|i| [i as u8, (i / 3) as u8, 200]).collect();
            let mut expected = row.clone();
            for (pixel, c) in expected.iter_mut().zip(&mask) {
                mix(pixel, [20, 90, 160], alpha * u32::from(*c));
            }
            for (pixels, mask) in row.chunks_mut(Eights::MOST).zip(mask.chunks(Eights::MOST)) {
                brush.paint(pixels, mask, Eights::of(mask));
            }
            assert_eq!(row, expected, "{alpha}");
        }
    }

    #[test]
    fn the_light_curve_is_what_it_says() {
        for (c, &got) in LIGHT.iter().enumerate() {
            let exact = 255.0 * (c as f64 / 255.0).powf(0.85);
            assert_eq!(f64::from(got), exact.round(), "{c}");
        }
    }

    /// The rasteriser once lost the left edge of a glyph that began on a pixel's edge, and greyed all of it.
    #[test]
    fn a_glyph_has_the_same_ink_at_every_step() {
        let fonts = FontBook::builtin();
        for name in fonts.names() {
            let face = fonts.face(fonts.find(name).unwrap());
            for c in ('A'..='Z').chain('a'..='z').chain('0'..='9') {
                let Some(id) = face.glyph_id(c) else { continue };
                for size in (14..=66).map(|s| s as f32) {
                    let sums: Vec<f64> = (0..BINS as u32)
                        .map(|bin| rasterise(face, &Spot { x: 0, y: 0, id, bin: bin as u8, size }))
                        .map(|ink| ink.coverage.iter().map(|&c| f64::from(c)).sum())
                        .collect();
                    let most = sums.iter().copied().fold(0.0, f64::max);
                    let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
                    assert!(most - least < 0.03 * most, "{c} of {} at {size} px: {sums:?}", face.name());
                }
            }
        }
    }

    fn ink(left: i32, top: i32, width: u32, coverage: &[u8]) -> Rc<Ink> {
        Rc::new(Ink { left, top, width, coverage: coverage.into() })
    }

    #[test]
    fn touching_glyphs_add_up_and_saturate() {
        let bounds = Box2 { x0: 0, y0: 0, x1: 4, y1: 2 };
        let mut mask = vec![0; 8];
        Placed { x: 0, y: 0, ink: ink(0, 0, 2, &[100, 200, 0, 50]) }.add(&mut mask, bounds);
        Placed { x: 1, y: 0, ink: ink(0, 0, 2, &[100, 7, 60, 8]) }.add(&mut mask, bounds);
        assert_eq!(mask, [100, 255, 7, 0, 0, 110, 8, 0]);
    }

    #[test]
    fn glyphs_are_cut_off_at_the_mask() {
        let bounds = Box2 { x0: 0, y0: 0, x1: 2, y1: 2 };
        let nine: Vec<u8> = (1..=9).collect();
        for (x, y, expected) in
            [(-1, -1, [5, 6, 8, 9]), (1, 1, [0, 0, 0, 1]), (-2, 1, [0, 0, 3, 0]), (5, 0, [0; 4])]
        {
            let mut mask = vec![0; 4];
            Placed { x, y, ink: ink(0, 0, 3, &nine) }.add(&mut mask, bounds);
            assert_eq!(mask, expected, "{x} {y}");
        }
    }

    fn run(fonts: &FontBook, glyphs: &[(char, f32, f32)], size: f32, color: Color) -> GlyphRun {
        let face = fonts.find("LibreFranklin-Bold").unwrap();
        let glyphs = glyphs
            .iter()
            .map(|&(c, x, y)| Glyph {
                id: fonts.face(face).glyph_id(c).unwrap(),
                x,
                y,
                scale: 1.0,
                bytes: 0..0,
            })
            .collect();
        GlyphRun { slot: "quote", style: Style::Body, face, size, color, token: "ink".into(), glyphs }
    }

    fn painted(fonts: &FontBook, run: &GlyphRun, ground: [u8; 3]) -> Pixels {
        let mut pixels = Pixels::filled(60, 40, ground);
        paint(&mut pixels, run, fonts.face(run.face));
        pixels
    }

    const INK: Color = Color::rgb(26, 24, 21);

    #[test]
    fn a_glyph_stands_on_its_baseline_at_its_quarter_pixel() {
        let fonts = FontBook::builtin();
        let at = |x, y| painted(&fonts, &run(&fonts, &[('H', x, y)], 40.0, INK), [255; 3]);
        let p = at(10.0, 35.0);
        // The H of Libre Franklin Bold: stems from 0.07 em, 0.742 em high.
        assert_eq!(p.pixel(14, 34), [26, 24, 21]);
        assert_eq!(p.pixel(14, 35), [255; 3]);
        assert_eq!(p.pixel(14, 6), [26, 24, 21]);
        assert_eq!(p.pixel(14, 4), [255; 3]);
        // A whole pixel to the right is the same picture, moved.
        let q = at(11.0, 35.0);
        assert!((0..59).all(|x| (0..40).all(|y| p.pixel(x, y) == q.pixel(x + 1, y))));
        // Less than an eighth of a pixel does not show, and the baseline is a whole pixel.
        assert!(p == at(10.1, 35.0) && p == at(9.9, 35.4) && p != at(10.25, 35.0));
        assert!(at(-10.25, -3.0) == at(-10.2, -2.9));
    }

    #[test]
    fn scale_is_a_factor_on_the_size() {
        let fonts = FontBook::builtin();
        let mut scaled = run(&fonts, &[('2', 10.0, 30.0)], 40.0, INK);
        scaled.glyphs[0].scale = 0.5;
        let small = run(&fonts, &[('2', 10.0, 30.0)], 20.0, INK);
        assert!(painted(&fonts, &scaled, [255; 3]) == painted(&fonts, &small, [255; 3]));
    }

    #[test]
    fn the_same_glyph_twice_is_not_blended_twice() {
        let fonts = FontBook::builtin();
        let once = painted(&fonts, &run(&fonts, &[('o', 10.0, 30.0)], 40.0, INK), [255; 3]);
        let twice =
            painted(&fonts, &run(&fonts, &[('o', 10.0, 30.0), ('o', 10.0, 30.0)], 40.0, INK), [255; 3]);
        for y in 0..40 {
            for x in 0..60 {
                let cover = |p: &Pixels| 255 - i32::from(p.pixel(x, y)[0]);
                let (one, two) = (cover(&once), cover(&twice));
                assert!((two - (2 * one).min(255 - 26)).abs() <= 1, "{x} {y}: {one} {two}");
            }
        }
    }

    #[test]
    fn light_ink_is_strengthened_dark_ink_is_not() {
        let fonts = FontBook::builtin();
        let glyph = [('O', 5.25, 30.0)];
        let dark = painted(&fonts, &run(&fonts, &glyph, 30.0, Color::rgb(0, 0, 0)), [255; 3]);
        let light = painted(&fonts, &run(&fonts, &glyph, 30.0, Color::rgb(255, 255, 255)), [0; 3]);
        for y in 0..40 {
            for x in 0..60 {
                let c = 255 - dark.pixel(x, y)[0];
                assert_eq!(light.pixel(x, y)[0], LIGHT[usize::from(c)]);
            }
        }
    }

    #[test]
    fn off_the_canvas_nothing_happens() {
        let fonts = FontBook::builtin();
        let bare = Pixels::filled(60, 40, [255; 3]);
        for (x, y) in [(-100.0, 20.0), (100.0, 20.0), (10.0, -50.0), (10.0, 200.0), (1e7, 1e7), (-1e7, -1e7)]
        {
            assert!(painted(&fonts, &run(&fonts, &[('H', x, y)], 40.0, INK), [255; 3]) == bare, "{x} {y}");
        }
        assert!(painted(&fonts, &run(&fonts, &[(' ', 9.0, 9.0)], 40.0, INK), [255; 3]) == bare);
        // Half on it.
        assert!(painted(&fonts, &run(&fonts, &[('H', -12.0, 50.0)], 40.0, INK), [255; 3]) != bare);
    }

    #[test]
    fn alpha_thins_the_ink() {
        let fonts = FontBook::builtin();
        let half =
            painted(&fonts, &run(&fonts, &[('H', 10.0, 35.0)], 40.0, Color { a: 51, ..INK }), [255; 3]);
        assert_eq!(half.pixel(14, 30)[0], (255.0 - (255.0 - 26.0) * 0.2_f32).round() as u8);
    }

    #[test]
    fn the_cache_is_bounded_and_forgets_the_unused() {
        let mut cache = Cache::default();
        let key = |i: u32| Key { face: 0, id: 1, bin: 0, size: i };
        let made = std::cell::Cell::new(0);
        let get = |cache: &mut Cache<Ink>, i| {
            let _ = cache.get(key(i), || {
                made.set(made.get() + 1);
                Ink { left: 0, top: 0, width: 100, coverage: vec![0; 10_000].into() }
            });
        };
        for i in 0..5000 {
            get(&mut cache, i);
            get(&mut cache, 0); // in use all the time: stays
            let held: usize = cache.young.len() + cache.old.len();
            assert!(held * 10_128 <= CACHE + 10_128, "{held}");
        }
        assert_eq!(made.get(), 5000);
        get(&mut cache, 1);
        assert_eq!(made.get(), 5001);
    }
}
