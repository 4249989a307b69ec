//! Cards of few colours: one byte a pixel, which says which colour of a palette it has.
//!
//! A palette is made for a ground, before the first card: the ground's own colours, and between each ink and what it
//! is set on [`LEVELS`] steps. No colour is more than [`OFF`] of 255 from the one that the plain painter gives. A
//! card that needs others (a photograph, an emoji, letters over letters of another colour) is not painted so.

use std::collections::BTreeMap;

use crate::color::Color;
use crate::font::FontBook;
use crate::layout::{Item, Layout, Paint};

use super::brush::Blend;
use super::easel::{Easel, Inked, Span, Standing, changes, each_row, new_identity, touched};
use super::picture::PixelBox;
use super::{Ground, OPAQUE, Pixels, fill, glyphs, mix, paint_items, reach};

/// Steps from what lies under an ink to the ink, both counted.
const LEVELS: u32 = 64;

/// How far a channel may be from that of the plain painter.
pub const OFF: u8 = 2;

/// Most colours of a palette.
const COLORS: usize = 256;

/// Most colours of a ground that is looked into at all: a photograph has more at once.
const FEW: usize = 2048;

/// Under an ink, what has less than this share of its box is an ornament in its way and no ground of it.
const SHARE: f32 = 0.05;

/// A ground as indexes into a palette, ready for cards.
#[derive(Debug, Clone)]
pub struct Indexed {
    colors: Vec<[u8; 3]>,
    /// Whether all that has this index so far has this very colour.
    exact: Vec<bool>,
    indexes: Vec<u8>,
    identity: u64,
    width: u32,
    height: u32,
    ramps: Vec<Ramp>,
}

/// The steps between an ink and what lies under it.
#[derive(Debug, Clone)]
pub(crate) struct Ramp {
    ink: [u8; 3],
    under: u8,
    /// The index at each coverage.
    steps: [u8; 256],
}

impl Indexed {
    /// A palette for a ground and the inks of such cards; `None` where they have too many colours. The easel lends
    /// its canvas: what stood on it is gone.
    #[must_use]
    pub fn new(ground: &Ground, cards: &[Layout], fonts: &FontBook, easel: &mut Easel) -> Option<Self> {
        // A photograph, a shadow: cards such as these are never painted so, and to look for their colours takes long.
        let is_rich =
            |item: &Item| matches!(item, Item::Photo { .. } | Item::Shadow { .. } | Item::Grain { .. });
        if ground.is_grained() || cards.iter().flat_map(|card| &card.items).any(is_rich) {
            return None;
        }
        let pixels = ground.pixels();
        let mut counts: BTreeMap<[u8; 3], u32> = BTreeMap::new();
        count(&mut counts, pixels)?;
        let mut pairs = Pairs::default();
        let canvas = easel.lend(pixels.width, pixels.height);
        for card in cards {
            pairs.add(card, pixels, canvas, fonts, &mut counts);
        }
        let Pairs { letters: pairs, shapes } = pairs;
        let mut palette = Palette::default();
        // What inks are set on is exact; of the others as many as there is room for, the frequent first.
        let mut grounds: BTreeMap<[u8; 3], u8> = BTreeMap::new();
        for &(_, under) in &pairs {
            if let std::collections::btree_map::Entry::Vacant(entry) = grounds.entry(under) {
                entry.insert(palette.add(under)?);
            }
        }
        let mut ramps = Vec::new();
        for (ink, under) in pairs {
            ramps.push(Ramp::new(ink, under, grounds[&under], &mut palette)?);
        }
        // Edges of shapes, as far as there is room: without, a card may turn out to need more.
        for (ink, under) in shapes {
            let rgb = [ink.r, ink.g, ink.b];
            let is_known = |ramp: &Ramp| ramp.ink == rgb && grounds.get(&under) == Some(&ramp.under);
            if ink.a < 255 || ramps.iter().any(is_known) {
                continue;
            }
            let mut more = palette.clone();
            let index = grounds.get(&under).copied().or_else(|| more.add(under));
            if let Some(index) = index
                && Ramp::new(ink, under, index, &mut more).is_some()
            {
                grounds.insert(under, index);
                palette = more;
            }
        }
        let mut rest: Vec<([u8; 3], u32)> =
            counts.into_iter().filter(|(color, _)| !grounds.contains_key(color)).collect();
        rest.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let has_room = palette.colors.len() + rest.len() <= COLORS;
        for (color, _) in rest {
            let index = match palette.near(color) {
                Some(near) if !has_room => {
                    palette.exact[usize::from(near)] = false;
                    near
                }
                _ => palette.add(color)?,
            };
            grounds.insert(color, index);
        }
        let width = pixels.width as usize;
        let mut indexes = Vec::with_capacity(width * pixels.height as usize);
        for (row, times) in rows(pixels, pixels.bounds()) {
            for run in row.chunk_by(|a, b| a == b) {
                indexes.resize(indexes.len() + run.len(), grounds[&run[0]]);
            }
            (1..times).for_each(|_| indexes.extend_from_within(indexes.len() - width..));
        }
        let Palette { colors, exact } = palette;
        let identity = new_identity();
        Some(Self { colors, exact, indexes, identity, width: pixels.width(), height: pixels.height(), ramps })
    }

    /// The palette.
    #[must_use]
    pub fn colors(&self) -> &[[u8; 3]] {
        &self.colors
    }

    /// The ground's indexes, row after row.
    #[must_use]
    pub fn indexes(&self) -> &[u8] {
        &self.indexes
    }

    /// Paints a card's own items on the ground; `None` where it needs a colour that the palette has not.
    ///
    /// # Panics
    /// Where the card is of another size.
    pub fn paint<'a>(
        &self,
        layout: &Layout,
        ground: &Ground,
        fonts: &FontBook,
        easel: &'a mut Easel,
    ) -> Option<Inked<'a>> {
        self.paint_those(layout, ground, fonts, easel, |_| true)
    }

    /// As [`Self::paint`], but without letters.
    pub(crate) fn paint_under_letters<'a>(
        &self,
        layout: &Layout,
        ground: &Ground,
        fonts: &FontBook,
        easel: &'a mut Easel,
    ) -> Option<Inked<'a>> {
        self.paint_those(layout, ground, fonts, easel, |item| !matches!(item, Item::Glyphs(_)))
    }

    /// The steps between an ink and what has this index; the number is theirs alone in this palette.
    pub(crate) fn ramp(&self, ink: Color, under: u8) -> Option<(usize, &Ramp)> {
        let ink = [ink.r, ink.g, ink.b];
        self.ramps.iter().enumerate().find(|(_, ramp)| ramp.ink == ink && ramp.under == under)
    }

    /// The steps between an ink and whatever it stands on.
    pub(crate) fn ramps_of(&self, ink: Color) -> impl Iterator<Item = &Ramp> {
        let ink = [ink.r, ink.g, ink.b];
        self.ramps.iter().filter(move |ramp| ramp.ink == ink)
    }

    fn paint_those<'a>(
        &self,
        layout: &Layout,
        ground: &Ground,
        fonts: &FontBook,
        easel: &'a mut Easel,
        is_wanted: impl Fn(&Item) -> bool,
    ) -> Option<Inked<'a>> {
        assert_eq!((layout.size.width(), layout.size.height()), (self.width, self.height), "sizes differ");
        let Easel { indexes, palette, areas, canvas, colors, .. } = easel;
        areas.clear();
        let items = || layout.items.iter().filter(|item| is_wanted(item));
        areas.extend(items().flat_map(|item| touched(item, ground.pixels(), fonts)));
        let stretch = |y: u32, from: u32, to: u32| {
            let row = y as usize * self.width as usize;
            row + from as usize..row + to as usize
        };
        palette.take_up(self.identity, |span| match span {
            Some(Span { y, x0, x1 }) => {
                let at = stretch(y, x0, x1);
                indexes[at.clone()].copy_from_slice(&self.indexes[at]);
            }
            None => {
                indexes.clear();
                indexes.extend_from_slice(&self.indexes);
            }
        });
        for item in items() {
            let mut holds = true;
            match item {
                Item::Glyphs(run) if run.color.a == 255 && !fonts.face(run.face).has_pictures() => {
                    let ink = [run.color.r, run.color.g, run.color.b];
                    let ramps: Vec<&Ramp> = self.ramps.iter().filter(|ramp| ramp.ink == ink).collect();
                    let blend = Blend::new(run.color);
                    let size = (self.width, self.height);
                    glyphs::masks(size, run, fonts.face(run.face), |y, x, mask| {
                        let at = stretch(y, x, x + mask.len() as u32);
                        holds = holds && self.blend(&mut indexes[at], mask, &ramps, &blend);
                    });
                }
                Item::Fill { shape, paint: Paint::Solid(color), .. } => {
                    fill::covers(*shape, None, (self.width, self.height), |y, from, to, cover| {
                        let at = stretch(y, from, to);
                        holds = holds && self.cover(&mut indexes[at], *color, cover);
                    });
                }
                Item::Stroke { shape, width, color } => {
                    fill::covers(*shape, Some(*width), (self.width, self.height), |y, from, to, cover| {
                        let at = stretch(y, from, to);
                        holds = holds && self.cover(&mut indexes[at], *color, cover);
                    });
                }
                Item::Picture { color, .. } => {
                    // The canvas is only borrowed: what stood on it is gone.
                    *colors = Standing::default();
                    canvas.fit(self.width, self.height);
                    let rows = || {
                        let areas = touched(item, ground.pixels(), fonts);
                        areas.flat_map(|area| area.rows().map(move |y| (y, area.x0..area.x1)))
                    };
                    for (y, columns) in rows() {
                        let under = &indexes[stretch(y, columns.start, columns.end)];
                        let pixels = canvas.run(y, columns.start, columns.end);
                        pixels.iter_mut().zip(under).for_each(|(p, i)| *p = self.colors[usize::from(*i)]);
                    }
                    paint_items(canvas, std::slice::from_ref(item), fonts);
                    let color = [color.r, color.g, color.b];
                    for (y, columns) in rows() {
                        let under = &mut indexes[stretch(y, columns.start, columns.end)];
                        holds = holds && self.take(canvas.row(y, columns), color, under);
                    }
                }
                item => holds = reach(item, fonts).is_empty(),
            }
            if !holds {
                return None;
            }
        }
        each_row(areas, |y, columns| {
            let at = stretch(y, columns.start, columns.end);
            changes::<16>(&indexes[at.clone()], &self.indexes[at], |from, to| {
                palette.spans.push(Span { y, x0: columns.start + from, x1: columns.start + to });
            });
        });
        palette.painted(self.identity);
        Some(Inked { bytes: indexes, spans: &palette.spans })
    }

    /// Blends an ink into a row by its coverage; whether there was a colour for each pixel.
    fn blend(&self, row: &mut [u8], mask: &[u8], ramps: &[&Ramp], blend: &Blend) -> bool {
        let ramp_on = |under: u8| ramps.iter().find(|ramp| ramp.under == under);
        let mut last: Option<&Ramp> = None;
        let (row_words, row_rest) = row.as_chunks_mut::<8>();
        let (mask_words, mask_rest) = mask.as_chunks::<8>();
        for (row, mask) in row_words.iter_mut().zip(mask_words) {
            if u64::from_le_bytes(*mask) == 0 {
                continue;
            }
            let under = row[0];
            if u64::from_le_bytes(*row) == u64::from(under) * 0x0101_0101_0101_0101 {
                if last.is_none_or(|ramp| ramp.under != under) {
                    last = ramp_on(under).copied();
                }
                if let Some(ramp) = last.filter(|ramp| ramp.under == under) {
                    *row = mask.map(|c| ramp.steps[usize::from(c)]);
                    continue;
                }
            }
            if !self.blend_each(row, mask, ramps, blend) {
                return false;
            }
        }
        self.blend_each(row_rest, mask_rest, ramps, blend)
    }

    /// See [`Self::blend`]: pixel by pixel.
    fn blend_each(&self, row: &mut [u8], mask: &[u8], ramps: &[&Ramp], blend: &Blend) -> bool {
        for (index, &c) in row.iter_mut().zip(mask).filter(|(_, c)| **c > 0) {
            let step = match ramps.iter().find(|ramp| ramp.under == *index) {
                Some(ramp) => Some(ramp.steps[usize::from(c)]),
                None => self.mixed(*index, blend.ink(), blend.opacity(c)),
            };
            let Some(step) = step else { return false };
            *index = step;
        }
        true
    }

    /// Takes colours in which something of `ink` was painted over a row; whether there was one for each.
    fn take(&self, painted: &[[u8; 3]], ink: [u8; 3], row: &mut [u8]) -> bool {
        let mut last: Option<([u8; 3], u8)> = None;
        painted.iter().zip(row).all(|(color, index)| {
            let (under, is_exact) = (self.colors[usize::from(*index)], self.exact[usize::from(*index)]);
            if *color == under {
                return true;
            }
            if last.is_none_or(|(known, _)| known != *color) {
                last = near(&self.colors, *color).map(|near| (*color, near));
            }
            // Of a colour that is near at best no other can be made and be near enough.
            let found = last.filter(|(known, _)| known == color && (is_exact || *color == ink));
            found.is_some_and(|(_, near)| {
                *index = near;
                true
            })
        })
    }

    /// Covers pixels of a row with one colour; whether there was a colour for each.
    fn cover(&self, row: &mut [u8], color: Color, cover: f32) -> bool {
        let ink = [color.r, color.g, color.b];
        let opacity = (f32::from(color.a) * cover * 255.0 + 0.5) as u32;
        if opacity == OPAQUE {
            // Whatever lies under it.
            return self.mixed(row[0], ink, OPAQUE).is_some_and(|index| {
                row.fill(index);
                true
            });
        }
        row.chunk_by_mut(|a, b| a == b).all(|run| {
            let mixed = self.mixed(run[0], ink, opacity);
            mixed.is_some_and(|index| {
                run.fill(index);
                true
            })
        })
    }

    /// The index of an ink over what has an index, at an opacity of [`OPAQUE`].
    fn mixed(&self, under: u8, ink: [u8; 3], opacity: u32) -> Option<u8> {
        if opacity == 0 {
            return Some(under);
        }
        let mut color = self.colors[usize::from(under)];
        mix(&mut color, ink, opacity);
        // Of a colour that is near at best no other can be made and be near enough.
        let is_sure = opacity == OPAQUE || self.exact[usize::from(under)];
        is_sure.then(|| near(&self.colors, color)).flatten()
    }
}

/// The index of the nearest colour, where one is near enough.
fn near(colors: &[[u8; 3]], color: [u8; 3]) -> Option<u8> {
    let distance = |other: &[u8; 3]| color.iter().zip(other).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
    let (index, distance) =
        (0..).zip(colors).map(|(i, other)| (i, distance(other))).min_by_key(|(_, d)| *d)?;
    (distance <= OFF).then_some(index)
}

#[derive(Clone, Default)]
struct Palette {
    colors: Vec<[u8; 3]>,
    exact: Vec<bool>,
}

impl Palette {
    fn add(&mut self, color: [u8; 3]) -> Option<u8> {
        let index = u8::try_from(self.colors.len()).ok()?;
        self.colors.push(color);
        self.exact.push(true);
        Some(index)
    }

    fn near(&self, color: [u8; 3]) -> Option<u8> {
        near(&self.colors, color)
    }
}

impl Ramp {
    /// The index of what lies under the ink.
    pub(crate) fn under(&self) -> u8 {
        self.under
    }

    /// The indexes between that and the ink, each once, from the faintest.
    pub(crate) fn steps_between(&self) -> Vec<u8> {
        let mut steps = self.steps.to_vec();
        steps.dedup();
        steps.retain(|step| *step != self.under && *step != self.step(255));
        steps
    }

    /// The index at a coverage.
    #[inline]
    pub(crate) fn step(&self, coverage: u8) -> u8 {
        self.steps[usize::from(coverage)]
    }

    fn new(ink: Color, under: [u8; 3], index: u8, palette: &mut Palette) -> Option<Self> {
        let blend = Blend::new(ink);
        let color = |c: u8| {
            let mut color = under;
            mix(&mut color, blend.ink(), blend.opacity(c));
            color
        };
        // By opacity, which steps evenly; coverage of light inks does not.
        let level = |c: u8| {
            let most = LEVELS - 1;
            (blend.opacity(c) * most + OPAQUE / 2) / OPAQUE
        };
        let all: Vec<u8> = (0..=255).collect();
        let mut steps = [index; 256];
        for group in all.chunk_by(|a, b| level(*a) == level(*b)) {
            let (first, last) = (color(group[0]), color(group[group.len() - 1]));
            let step = match level(group[0]) {
                0 => index,
                top if top == LEVELS - 1 => palette.add(blend.ink())?,
                _ => {
                    let middle: [u8; 3] =
                        std::array::from_fn(|i| u16::midpoint(first[i].into(), last[i].into()) as u8);
                    let step = palette.add(middle)?;
                    palette.exact[usize::from(step)] = false;
                    step
                }
            };
            group.iter().for_each(|c| steps[usize::from(*c)] = step);
        }
        Some(Self { ink: blend.ink(), under: index, steps })
    }
}

/// The rows of a part of a picture, and how often each comes one after the other: on a flat ground there are few.
fn rows(pixels: &Pixels, area: PixelBox) -> impl Iterator<Item = (&[[u8; 3]], u32)> {
    let row = move |y: u32| pixels.row(y, area.x0..area.x1);
    let mut next = area.y0;
    std::iter::from_fn(move || {
        let first = next;
        if first == area.y1 {
            return None;
        }
        next += 1;
        while next < area.y1 && row(next).as_flattened() == row(first).as_flattened() {
            next += 1;
        }
        Some((row(first), next - first))
    })
}

/// Counts colours; `None` where they are too many.
fn count(counts: &mut BTreeMap<[u8; 3], u32>, pixels: &Pixels) -> Option<()> {
    for (row, times) in rows(pixels, pixels.bounds()) {
        for run in row.chunk_by(|a, b| a == b) {
            *counts.entry(run[0]).or_default() += run.len() as u32 * times;
            if counts.len() > FEW {
                return None;
            }
        }
    }
    Some(())
}

/// Inks, and each colour that they are set on.
#[derive(Default)]
struct Pairs {
    letters: Vec<(Color, [u8; 3])>,
    /// Of boxes and drawings, whose edges are soft.
    shapes: Vec<(Color, [u8; 3])>,
}

impl Pairs {
    /// Those of a card; the colours of its boxes are counted too, not those of their edges, which are few and elsewhere
    /// on the next card.
    fn add(
        &mut self,
        card: &Layout,
        ground: &Pixels,
        canvas: &mut Pixels,
        fonts: &FontBook,
        counts: &mut BTreeMap<[u8; 3], u32>,
    ) {
        let areas_of = |item: &Item| touched(item, ground, fonts);
        let is_letters = |item: &Item| matches!(item, Item::Glyphs(_));
        let under = || card.items.iter().filter(|item| !is_letters(item));
        let painted: Vec<PixelBox> = under().flat_map(areas_of).collect();
        // Only what is painted on, and what is looked at together with it, is laid on the canvas.
        let is_painted = |area: &PixelBox| painted.iter().any(|other| other.meets(*area));
        for area in card.items.iter().flat_map(areas_of).filter(is_painted) {
            let PixelBox { x0, y0, x1, y1 } = area;
            (y0..y1).for_each(|y| canvas.lay(ground, Some(Span { y, x0, x1 })));
        }
        under().for_each(|item| paint_items(canvas, std::slice::from_ref(item), fonts));
        for item in &card.items {
            let (pairs, ink) = match item {
                Item::Glyphs(run) => (&mut self.letters, run.color),
                Item::Fill { paint: Paint::Solid(color), .. }
                | Item::Stroke { color, .. }
                | Item::Picture { color, .. } => (&mut self.shapes, *color),
                _ => continue,
            };
            for area in areas_of(item) {
                let mut seen: BTreeMap<[u8; 3], usize> = BTreeMap::new();
                for (row, times) in rows(if is_painted(&area) { canvas } else { ground }, area) {
                    for run in row.chunk_by(|a, b| a == b) {
                        *seen.entry(run[0]).or_default() += run.len() * times as usize;
                    }
                }
                for (under, count) in seen {
                    if count as f32 <= SHARE * area.count() as f32 {
                        continue;
                    }
                    counts.entry(under).or_default();
                    if !pairs.contains(&(ink, under)) && [ink.r, ink.g, ink.b] != under {
                        pairs.push((ink, under));
                    }
                }
            }
        }
    }
}
