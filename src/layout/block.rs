//! A text that is broken and set: shaped once, then asked for lines at any size.

use super::item::{Glyph, GlyphRun, LineEnd};
use super::prepare::{SetChar, Style};
use super::shape::{self, SetGlyph};
use super::wrap::{self, Lines, Ties, Unit};
use super::{Problem, item::Line};
use crate::font::{FaceId, FontBook};
use crate::lang::Lang;
use crate::look::{self, Ink, Look};
use crate::template::schema::{SlotName, TypeRole};

/// A slot's text, shaped.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// The slot.
    pub slot: SlotName,
    /// How it is set.
    pub role: &'a TypeRole,
    /// Whose rules it follows.
    pub lang: Lang,
    /// Its characters.
    pub set: Vec<SetChar>,
    /// Its glyphs.
    pub glyphs: Vec<SetGlyph>,
    /// Cut where lines may break.
    pub units: Vec<Unit>,
    /// Cap height of its face, em.
    pub cap: f32,
    ascent: f32,
    descent: f32,
    /// Lines end where clauses end, as far as they stay even: Chinese whose breaks no editor has steered.
    pub by_sense: bool,
}

/// Lines of a block at a size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Setting {
    /// px per em on the master.
    pub size: f32,
    /// Space after each glyph, em.
    pub tracking: f32,
    /// Baseline to baseline, px.
    pub leading: f32,
    /// As ranges of units.
    pub lines: Lines,
}

impl<'a> Block<'a> {
    /// Shapes `set` and cuts it.
    pub(super) fn new(
        set: Vec<SetChar>,
        slot: SlotName,
        role: &'a TypeRole,
        lang: Lang,
        ties: Ties<'_>,
        look: &Look<'a>,
        fonts: &FontBook,
    ) -> Result<Self, Problem> {
        let faces = look.faces(role, lang);
        let keyword = match (lang, &role.keyword) {
            (Lang::En, Some(keyword)) => keyword.font.as_deref().map(|token| look.face(token)),
            _ => None,
        };
        let mut glyphs = shape::shape(&set, faces, keyword, lang, fonts)?;
        if lang == Lang::Zh && !ties.small {
            shape::seams(&set, &mut glyphs);
        }
        let units = wrap::units(&set, &glyphs, lang, ties);
        let metrics = fonts.face(faces.main.first).metrics();
        let (cap, ascent, descent) = (metrics.cap_height, metrics.ascent, metrics.descent);
        let by_sense = lang == Lang::Zh && !ties.small && ties.phrases.is_empty();
        Ok(Self { slot, role, lang, set, glyphs, units, cap, ascent, descent, by_sense })
    }

    pub(super) fn tracking(&self, size: f32) -> f32 {
        look::tracking(self.role, self.lang, size)
    }

    pub(super) fn leading(&self, size: f32) -> f32 {
        look::leading(self.role, self.lang, size)
    }

    /// From the cap height of the first line to the last baseline, px.
    #[allow(clippy::cast_precision_loss, reason = "a card has a few dozen lines")]
    pub(super) fn height(&self, size: f32, lines: usize) -> f32 {
        self.cap * size + lines.saturating_sub(1) as f32 * self.leading(size)
    }

    /// A line's ascent and descent in whole px, and what the leading puts above them, rounded down: a browser's
    /// line box, which the design was drawn with.
    fn line_box(&self, size: f32) -> (f32, f32, f32) {
        let (ascent, descent) = ((self.ascent * size).round(), (self.descent * size).round());
        (ascent, descent, ((self.leading(size) - ascent - descent) / 2.0).floor())
    }

    /// What hangs below the last baseline, px: descenders, and the line's share of a generous leading.
    pub(super) fn below(&self, size: f32) -> f32 {
        let (ascent, descent, air) = self.line_box(size);
        descent.max(self.leading(size) - ascent - air)
    }

    /// Whether the first line, its cap height at `top` px of the card, straddles two cells of a grid of its own
    /// leading that begins at the card's top: the head of its box is nearer to another grid line than its middle.
    pub(super) fn straddles(&self, size: f32, top: f32) -> bool {
        let (ascent, descent, air) = self.line_box(size);
        let head = top + self.cap * size - ascent - air;
        let middle = head + air + (ascent + descent) / 2.0;
        let cell = |y: f32| (y / self.leading(size) + 0.5).floor();
        cell(head) != cell(middle)
    }

    pub(super) fn setting(&self, size: f32, lines: Lines) -> Setting {
        Setting { size, tracking: self.tracking(size), leading: self.leading(size), lines }
    }

    /// All of it on one line.
    pub(super) fn one_line(&self, size: f32) -> Setting {
        let units = self.units.len();
        self.setting(size, std::iter::once(0..units).collect())
    }

    /// Greedy lines at a size.
    pub(super) fn wrapped(&self, size: f32, measure: f32) -> Option<Setting> {
        let lines = wrap::greedy(&self.units, size, self.tracking(size), measure)?;
        Some(self.setting(size, lines))
    }

    /// Width of the widest line, px.
    pub(super) fn widest(&self, setting: &Setting) -> f32 {
        let widths = setting.lines.iter().map(|l| self.line_width(setting, l.clone()));
        widths.fold(0.0, f32::max)
    }

    /// Width of a line, px.
    pub(super) fn line_width(&self, setting: &Setting, line: std::ops::Range<usize>) -> f32 {
        wrap::width(&self.units[line], setting.size, setting.tracking)
    }

    /// Glyphs of a line, the blank at its end excluded.
    pub(super) fn line_glyphs(&self, line: &std::ops::Range<usize>) -> &[SetGlyph] {
        let (Some(first), Some(last)) = (self.units[line.clone()].first(), self.units[line.clone()].last())
        else {
            return &[];
        };
        &self.glyphs[first.ink.start..last.ink.end]
    }

    /// The lines as a layout reports them.
    pub(super) fn report(&self, setting: &Setting) -> Vec<Line> {
        setting
            .lines
            .iter()
            .map(|line| {
                let glyphs = self.line_glyphs(line);
                let bytes =
                    glyphs.first().map_or(0, |g| g.bytes.start)..glyphs.last().map_or(0, |g| g.bytes.end);
                Line {
                    bytes,
                    width: self.line_width(setting, line.clone()),
                    end: self.units[line.clone()].last().map_or(LineEnd::Last, |u| u.end),
                }
            })
            .collect()
    }
}

/// Where glyphs of a line stand: for each its x from the line's start, px; and the x after the last.
pub(super) fn advances(glyphs: &[SetGlyph], size: f32, tracking: f32) -> (Vec<f32>, f32) {
    let mut x = 0.0;
    let at = glyphs
        .iter()
        .map(|g| {
            let here = x;
            x += size * (g.advance + g.seam + tracking);
            here
        })
        .collect();
    (at, x)
}

/// Collects glyphs into runs of one face, colour and part of the text.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<GlyphRun>);

impl Runs {
    /// Adds a glyph at a place on the master.
    pub(super) fn push(&mut self, slot: SlotName, glyph: &SetGlyph, size: f32, ink: &Ink, x: f32, y: f32) {
        let face: FaceId = glyph.face;
        let fits = |r: &GlyphRun| {
            r.face == face && r.token == ink.token && r.style == glyph.style && r.slot == slot.name()
        };
        if !self.0.last().is_some_and(fits) {
            self.0.push(GlyphRun {
                slot: slot.name(),
                style: glyph.style,
                face,
                size,
                color: ink.color,
                token: ink.token.clone(),
                glyphs: Vec::new(),
            });
        }
        let run = self.0.last_mut().expect("pushed above");
        run.glyphs.push(Glyph {
            id: glyph.id,
            x: x + size * glyph.dx,
            y: y + size * glyph.dy,
            scale: glyph.scale,
            bytes: glyph.bytes.clone(),
        });
    }

    pub(super) fn into_inner(self) -> Vec<GlyphRun> {
        self.0
    }
}

/// Whether a glyph is emphasised.
pub(super) fn is_keyword(glyph: &SetGlyph) -> bool {
    glyph.style == Style::Keyword
}
