//! Texts in their places: small ones, the quote with its hung mark and keyword, rows of a stack, labels.

use std::ops::Range;

use super::block::{Block, Matter, Placed, Runs, Setting, is_keyword};
use super::error::Problem;
use super::item::{GlyphRun, Item, Meaning, Paint, Shape};
use super::prepare::{self, Marks, SetChar, Style};
use super::shape::{self, SetGlyph};
use super::wrap::Ties;
use super::{PlacedQuote, fit, standing};
use crate::card::Card;
use crate::font::FontBook;
use crate::geom::Rect;
use crate::lang::{Direction, Lang, is_hanzi};
use crate::look::{Ink, Look};
use crate::template::schema::{Align, Emphasis, SlotName, VerticalLayer};

/// A seal or label of the kit.
pub(super) fn of_kit<'a>(slot: SlotName, look: &Look<'a>) -> Option<&'a str> {
    match slot {
        SlotName::Seal => look.brand.seal.as_deref(),
        SlotName::Label => look.brand.label.as_deref(),
        _ => None,
    }
}

/// Shapes a small text, which is read in its own direction.
pub(super) fn small<'a>(
    text: &str,
    slot: SlotName,
    role_of_type: Option<&str>,
    lang: Lang,
    look: &Look<'a>,
    fonts: &FontBook,
) -> Result<Block<'a>, Problem> {
    let role = look.role_of_type(slot, role_of_type);
    let capitals = role.caps && lang == Lang::En;
    let setting =
        standing::Setting { fonts: fonts.identity(), faces: look.faces(role, lang), lang, capitals };
    let matter = standing::matter(text, setting, || {
        let mut set = prepare::small(text.trim());
        if capitals {
            set = prepare::capitals(&set);
        }
        let ties = Ties { small: true, ..Ties::default() };
        Matter::new(set, role, (lang, Direction::of(text)), ties, look, fonts)
    })?;
    Ok(Block::new(matter, slot, role, lang, false, look, fonts))
}

/// A keyword of so many characters stays on one line: in Latin text, in a box, in Chinese.
const KEYWORD: usize = 16;
const KEYWORD_IN_BOX: usize = 22;
const KEYWORD_ZH: usize = 6;

/// Shapes the quote, its closing mark included.
pub(super) fn quote_block<'a>(
    card: &Card,
    role_of_type: Option<&str>,
    look: &Look<'a>,
    fonts: &FontBook,
) -> Result<Block<'a>, Problem> {
    let role = look.role_of_type(SlotName::Quote, role_of_type);
    let marks = Marks::of(&card.text, card.direction);
    let mut set = prepare::quote(&card.text, marks);
    if role.keyword.is_some() {
        prepare::emphasise(&mut set, &card.highlight);
    }
    // A quote that goes on is closed on its last card only.
    let goes_on = card.part.is_some_and(|part| part.number < part.of);
    if role.marks.is_some() && !goes_on {
        let end = card.text.len();
        set.push(SetChar { c: marks.closing, bytes: end..end, style: Style::Mark });
    }
    let boxed = role.keyword.as_ref().is_some_and(|k| k.mode == Emphasis::Box);
    let keyword = match card.lang {
        Lang::Zh => KEYWORD_ZH,
        Lang::En if boxed => KEYWORD_IN_BOX,
        Lang::En => KEYWORD,
    };
    let ties = Ties { phrases: &card.keep_together, house: &card.phrases, keyword, small: false };
    // Chinese whose breaks an editor has named is broken by these.
    let by_sense = card.lang == Lang::Zh && ties.phrases.is_empty();
    let matter = Matter::new(set, role, (card.lang, card.direction), ties, look, fonts)?;
    Ok(Block::new(matter, SlotName::Quote, role, card.lang, by_sense, look, fonts))
}

/// The opening mark's right edge stands so far left of the text, em.
const HANG_GAP: f32 = 0.02;

/// The quote and its hung opening mark.
pub(super) struct Quote<'a> {
    pub block: Block<'a>,
    opening: Vec<SetGlyph>,
    /// Whether it is one card's, whole.
    whole: bool,
}

impl<'a> Quote<'a> {
    /// The quote of a card.
    pub(super) fn new(
        block: Block<'a>,
        card: &Card,
        look: &Look<'a>,
        fonts: &FontBook,
    ) -> Result<Self, Problem> {
        let opening = if block.role.marks.is_some() {
            let set = [SetChar {
                c: Marks::of(&card.text, card.direction).opening,
                bytes: 0..0,
                style: Style::Mark,
            }];
            let faces = look.faces(block.role, block.lang);
            shape::shape(&set, faces, None, block.lang, Direction::LeftToRight, fonts)?
        } else {
            Vec::new()
        };
        Ok(Self { block, opening, whole: card.part.is_none() })
    }

    /// What the hung mark takes left of the text, em without tracking.
    fn hang(&self) -> f32 {
        self.opening.iter().map(|g| g.advance + HANG_GAP).sum()
    }

    fn guard(&self, grid: Option<f32>) -> fit::Guard {
        fit::Guard { hang: self.hang(), grid, lone_word: self.whole }
    }

    /// `grid`: see [`fit::Guard`]. A compound or a tied phrase that is wider than the box at the floor may break.
    pub(super) fn fit(
        &mut self,
        sizes: (f32, f32),
        width: f32,
        height: f32,
        grid: Option<f32>,
    ) -> Result<Setting, Problem> {
        match fit::fit(&self.block, sizes, width, height, self.guard(grid)) {
            Err(Problem::WordTooWide { .. }) if self.block.loosen(sizes.0, width) => {
                fit::fit(&self.block, sizes, width, height, self.guard(grid))
            }
            settled => settled,
        }
    }

    /// What a layout says of the quote.
    pub(super) fn report(&self, setting: &Setting, grid: Option<f32>) -> PlacedQuote {
        PlacedQuote {
            type_size: setting.size,
            lines: self.block.report(setting),
            ragged: fit::is_ragged(&self.block, setting, self.guard(grid)),
        }
    }

    /// Puts the lines at `x` with the first cap height at `top`: keyword paint first, then all glyphs.
    pub(super) fn place(&self, setting: &Setting, x: f32, top: f32, look: &Look<'_>, items: &mut Vec<Item>) {
        let block = &self.block;
        let (size, tracking) = (setting.size, setting.tracking);
        let keyword = block.role.keyword.as_ref();
        let ink = look.ink(&block.role.color);
        let or_ink = |token: Option<&str>| token.map_or_else(|| ink.clone(), |token| look.ink(token));
        let keyword_ink = or_ink(keyword.and_then(|k| k.color.as_deref()));
        let mark_ink = or_ink(block.role.marks.as_ref().map(|m| &*m.color));
        let mut runs = Runs::new(self.opening.len() + block.glyphs.len(), look);
        let mut baseline = top + block.cap * size;
        for glyph in &self.opening {
            let left = x - size * (HANG_GAP + glyph.advance + tracking);
            let line = Placed::new(std::slice::from_ref(glyph), size, tracking, look);
            runs.push(SlotName::Quote.name(), glyph, size, &mark_ink, left + line.x(0), baseline);
        }
        for line in &setting.lines {
            let line = Placed::new(block.line_glyphs(line), size, tracking, look);
            if let Some(paint) = keyword {
                let mode = if block.lang == Lang::Zh { paint.zh_mode } else { paint.mode };
                let ink = paint.paint.as_deref().map_or_else(|| keyword_ink.clone(), |token| look.ink(token));
                let under = Under { mode, zh: block.lang == Lang::Zh, size, ink };
                under.paint(&line, &block.set, x, baseline, items);
            }
            for (i, glyph) in line.glyphs.iter().enumerate() {
                let ink = match glyph.style {
                    Style::Body => &ink,
                    Style::Keyword => &keyword_ink,
                    Style::Mark => &mark_ink,
                };
                runs.push(SlotName::Quote.name(), glyph, size, ink, x + line.x(i), baseline);
            }
            baseline += setting.leading;
        }
        items.extend(runs.into_inner().into_iter().map(Item::Glyphs));
    }
}

/// What lies under a keyword's glyphs.
struct Under {
    mode: Emphasis,
    zh: bool,
    size: f32,
    ink: Ink,
}

/// Paint that tells the keyword from the words beside it stands out by so much from what it lies on.
const PAINT: f32 = 3.0;

impl Under {
    fn fill(&self, shape: Shape) -> Item {
        let (what, least) = match self.mode {
            // What counts is the keyword on it.
            Emphasis::Face | Emphasis::Box => ("keyword's box", 1.0),
            Emphasis::Bar => ("keyword's bar", PAINT),
            Emphasis::Dots => ("keyword's dots", PAINT),
        };
        let meaning = Some(Meaning { what, token: self.ink.token.clone(), least });
        Item::Fill { shape, paint: Paint::Solid(self.ink.color), meaning }
    }

    fn paint(&self, line: &Placed<'_>, set: &[SetChar], x: f32, baseline: f32, items: &mut Vec<Item>) {
        let em = self.size;
        // Up and down from the baseline and wider on each side, em; corner radius.
        let (up, down, wider, radius) = match (self.mode, self.zh) {
            (Emphasis::Face, _) => return,
            (Emphasis::Dots, _) => return self.dots(line, set, x, baseline, items),
            (Emphasis::Box, false) => (0.86, 0.22, 0.07, 0.0),
            (Emphasis::Box, true) => (0.96, 0.20, 0.07, 0.0),
            (Emphasis::Bar, false) => (-0.085, 0.16, 0.01, 0.04),
            (Emphasis::Bar, true) => (-0.15, 0.225, 0.01, 0.04),
        };
        for run in keyword_runs(&line.glyphs) {
            let seam = em * line.glyphs[run.end - 1].seam;
            let (left, right) = line.span(run, seam);
            let (left, right) = (x + left, x + right);
            let rect = Rect::new(
                left - wider * em,
                baseline - up * em,
                right - left + 2.0 * wider * em,
                (up + down) * em,
            );
            let shape = if radius > 0.0 { Shape::RoundRect(rect, radius * em) } else { Shape::Rect(rect) };
            items.push(self.fill(shape));
        }
    }

    /// 着重号: one under each hanzi, none under punctuation or Latin.
    fn dots(&self, line: &Placed<'_>, set: &[SetChar], x: f32, baseline: f32, items: &mut Vec<Item>) {
        /// Diameter, em and at least px; distance of the centre below the baseline, em.
        const DIAMETER: f32 = 0.115;
        const LEAST: f32 = 4.0;
        const BELOW: f32 = 0.255;
        let em = self.size;
        let diameter = (DIAMETER * em).max(LEAST);
        for (i, glyph) in line.glyphs.iter().enumerate().filter(|(_, g)| is_keyword(g) && !g.chars.is_empty())
        {
            if !is_hanzi(set[glyph.chars.start].c) {
                continue;
            }
            let rect = Rect::new(
                x + line.span(i..i + 1, 0.0).0 + (em - diameter) / 2.0,
                baseline + BELOW * em - diameter / 2.0,
                diameter,
                diameter,
            );
            items.push(self.fill(Shape::Ellipse(rect)));
        }
    }
}

/// Stretches of emphasised glyphs in a line.
fn keyword_runs(glyphs: &[SetGlyph]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (i, _) in glyphs.iter().enumerate().filter(|(_, g)| is_keyword(g)) {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end += 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

/// Puts a small text so that its last baseline is at `baseline`.
pub(super) fn lines(
    block: &Block<'_>,
    setting: &Setting,
    x: f32,
    baseline: f32,
    align: Align,
    look: &Look<'_>,
    items: &mut Vec<Item>,
) {
    let ink = look.ink(&block.role.color);
    let mut runs = Runs::new(block.glyphs.len(), look);
    #[allow(clippy::cast_precision_loss, reason = "a slot has at most a handful of lines")]
    let mut y = baseline - setting.lines.len().saturating_sub(1) as f32 * setting.leading;
    for line in &setting.lines {
        let line = Placed::new(block.line_glyphs(line), setting.size, setting.tracking, look);
        let left = match align {
            Align::Left => x,
            Align::Center => x - line.end / 2.0,
            Align::Right => x - line.end,
        };
        for (i, glyph) in line.glyphs.iter().enumerate() {
            runs.push(block.slot.name(), glyph, setting.size, &ink, left + line.x(i), y);
        }
        y += setting.leading;
    }
    items.extend(runs.into_inner().into_iter().map(Item::Glyphs));
}

/// Between name and role on one line, em of their size: by language.
pub(super) struct BylineGap {
    latin: f32,
    zh: f32,
}

pub(super) const BYLINE_GAP: BylineGap = BylineGap { latin: 0.55, zh: 0.7 };

impl BylineGap {
    pub(super) fn of(&self, lang: Lang) -> f32 {
        match lang {
            Lang::En => self.latin,
            Lang::Zh => self.zh,
        }
    }
}

/// A row of a stack that is not the quote.
pub(super) enum Row<'a> {
    /// A text.
    Text { block: Block<'a>, setting: Setting },
    /// A figure: its first digit's ink stands on the left edge.
    Figure { block: Block<'a>, setting: Setting },
    /// Name and role side by side.
    Byline { name: Block<'a>, name_line: Setting, role: Block<'a>, role_line: Setting, gap: f32 },
    /// The role below the name.
    Below { name: Block<'a>, name_setting: Setting, role: Block<'a>, role_setting: Setting, between: f32 },
}

impl Row<'_> {
    /// From the first cap height to the last baseline, px.
    pub(super) fn height(&self) -> f32 {
        let of = |b: &Block<'_>, s: &Setting| b.height(s.size, s.lines.len());
        match self {
            Self::Text { block, setting } | Self::Figure { block, setting } => of(block, setting),
            Self::Byline { role, role_line, .. } => of(role, role_line),
            Self::Below { name, name_setting, role, role_setting, between } => {
                of(name, name_setting) + between + of(role, role_setting)
            }
        }
    }

    /// From the left edge to the end of the widest line, px.
    pub(super) fn width(&self) -> f32 {
        match self {
            Self::Text { block, setting } | Self::Figure { block, setting } => block.widest(setting),
            Self::Byline { name, name_line, role, role_line, gap } => {
                name.widest(name_line) + gap + role.widest(role_line)
            }
            Self::Below { name, name_setting, role, role_setting, .. } => {
                name.widest(name_setting).max(role.widest(role_setting))
            }
        }
    }

    /// How deep a figure's ink hangs below its baseline within `reach` of its left edge, and its size; px.
    pub(super) fn ink_below(&self, reach: f32, fonts: &FontBook) -> (f32, f32) {
        let Self::Figure { block, setting } = self else { return (0.0, 0.0) };
        let mut end = 0.0;
        let inks = block.glyphs.iter().filter_map(|glyph| {
            let x = end;
            end += setting.size * (glyph.advance + glyph.seam + setting.tracking);
            let ink = fonts.face(glyph.face).ink_box(glyph.id)?;
            (x + ink.x * setting.size < reach).then_some(ink.bottom() * setting.size)
        });
        (inks.fold(0.0, f32::max), setting.size)
    }

    /// Puts the row with its first cap height at `top`.
    pub(super) fn place(&self, x: f32, top: f32, look: &Look<'_>, fonts: &FontBook, items: &mut Vec<Item>) {
        let mut put = |block: &Block<'_>, setting: &Setting, x: f32, top: f32| {
            let baseline = top + block.height(setting.size, setting.lines.len());
            lines(block, setting, x, baseline, Align::Left, look, items);
        };
        match self {
            Self::Text { block, setting } => put(block, setting, x, top),
            Self::Figure { block, setting } => {
                // On the side that the axis is on.
                let bearing = if look.is_turned() {
                    let right =
                        |g: &SetGlyph| fonts.face(g.face).ink_box(g.id).map(|ink| g.advance - ink.right());
                    block.glyphs.last().and_then(right).unwrap_or(0.0)
                } else {
                    block.glyphs.first().map_or(0.0, |g| fonts.face(g.face).left_bearing(g.id))
                };
                put(block, setting, x - bearing * setting.size, top);
            }
            Self::Byline { name, name_line, role, role_line, gap } => {
                // One baseline: the role's, whose face leads the row.
                let baseline = top + role.height(role_line.size, 1);
                put(name, name_line, x, baseline - name.height(name_line.size, 1));
                put(role, role_line, x + name.widest(name_line) + gap, top);
            }
            Self::Below { name, name_setting, role, role_setting, between } => {
                put(name, name_setting, x, top);
                let below = top + name.height(name_setting.size, name_setting.lines.len()) + between;
                put(role, role_setting, x, below);
            }
        }
    }
}

/// In a vertical cell the em box of a Chinese glyph hangs from its top: the baseline is so far below it, em.
const VERTICAL_BASELINE: f32 = 0.88;

/// A seal or label, a glyph a cell, upright.
pub(super) fn vertical(
    layer: &VerticalLayer,
    look: &Look<'_>,
    fonts: &FontBook,
    items: &mut Vec<Item>,
) -> Result<(), Problem> {
    let Some(text) = of_kit(layer.slot, look) else { return Ok(()) };
    let role = look.role_of_type(layer.slot, layer.role.as_deref());
    let set = prepare::plain(text);
    if set.len() > layer.cells {
        return Err(Problem::TooManyCells {
            slot: layer.slot.name(),
            count: set.len(),
            cells: layer.cells,
            text: text.to_owned(),
        });
    }
    let faces = look.faces(role, Lang::Zh);
    let ink = look.ink(&role.color);
    let y = look.y_of(layer.y);
    let mut runs = Runs::new(set.len(), look);
    #[allow(clippy::cast_precision_loss, reason = "at most a dozen cells")]
    for (i, c) in set.iter().enumerate() {
        let cell = y + i as f32 * layer.pitch * layer.size;
        let glyphs = shape::upright(c, faces, fonts)?;
        let advance: f32 = glyphs.iter().map(|g| g.advance).sum();
        let left = look.x_of(layer.x) + layer.size * (1.0 - advance) / 2.0;
        let line = Placed::new(&glyphs, layer.size, 0.0, look);
        for (i, glyph) in line.glyphs.iter().enumerate() {
            let x = left + line.x(i);
            runs.push(layer.slot.name(), glyph, layer.size, &ink, x, cell + VERTICAL_BASELINE * layer.size);
        }
    }
    items.extend(runs.into_inner().into_iter().map(Item::Glyphs));
    Ok(())
}

/// The box of a seal or label; `None` where the kit has none.
#[allow(clippy::cast_precision_loss, reason = "at most a dozen cells")]
pub(super) fn vertical_area(layer: &VerticalLayer, look: &Look<'_>) -> Option<Rect> {
    let cells = of_kit(layer.slot, look)?.chars().count() as f32;
    let height = layer.size * (1.0 + (cells - 1.0).max(0.0) * layer.pitch);
    Some(Rect::new(look.x_of(layer.x), look.y_of(layer.y), layer.size, height))
}

/// A text without breaks, on one line: a wordmark, a counter. Its glyphs at the origin, and its width, px.
pub(super) fn free_line(
    slot: &'static str,
    glyphs: &[SetGlyph],
    (size, tracking): (f32, f32),
    ink: &Ink,
    look: &Look<'_>,
) -> (Vec<GlyphRun>, f32) {
    let line = Placed::new(glyphs, size, tracking, look);
    let mut runs = Runs::new(glyphs.len(), look);
    for (i, glyph) in line.glyphs.iter().enumerate() {
        runs.push(slot, glyph, size, ink, line.x(i), 0.0);
    }
    (runs.into_inner(), line.end)
}
