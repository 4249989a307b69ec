//! A text that is broken and set: shaped once, then asked for lines at any size.
//!
//! Lines are found in the order of the text; only when one is placed are its glyphs put in the order of the eye.

use std::borrow::Cow;

use super::item::{Glyph, GlyphRun, LineEnd};
use super::prepare::{SetChar, Style};
use super::shape::{self, SetGlyph};
use super::wrap::{self, Lines, Ties, Unit};
use super::{Problem, item::Line};
use crate::font::{FaceId, FontBook};
use crate::lang::{Direction, Lang};
use crate::look::{self, Ink, Look};
use crate::template::schema::{SlotName, TypeRole};

/// A text, shaped and cut.
#[derive(Debug, Clone, Default)]
pub(super) struct Matter {
    set: Vec<SetChar>,
    glyphs: Vec<SetGlyph>,
    units: Vec<Unit>,
}

impl Matter {
    /// Shapes `set` in a role and cuts it by the rules of a language, as a text that is read in a direction.
    pub(super) fn new(
        set: Vec<SetChar>,
        role: &TypeRole,
        (lang, direction): (Lang, Direction),
        ties: Ties<'_>,
        look: &Look<'_>,
        fonts: &FontBook,
    ) -> Result<Self, Problem> {
        let keyword = match (lang, &role.keyword) {
            (Lang::En, Some(keyword)) => keyword.font.as_deref().map(|token| look.face(token)),
            _ => None,
        };
        let mut glyphs = shape::shape(&set, look.faces(role, lang), keyword, lang, direction, fonts)?;
        if lang == Lang::Zh && !ties.small {
            shape::seams(&set, &mut glyphs);
        }
        let units = wrap::units(&set, &glyphs, lang, ties);
        Ok(Self { set, glyphs, units })
    }
}

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
    /// It has letters that are read from right to left: they may join, so no tracking parts them, and they reach
    /// further up and down than the Latin that leading is drawn for. The least leading that they need, × size.
    open: Option<f32>,
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
    /// A slot's matter, in its role and language.
    pub(super) fn new(
        matter: Matter,
        slot: SlotName,
        role: &'a TypeRole,
        lang: Lang,
        by_sense: bool,
        look: &Look<'a>,
        fonts: &FontBook,
    ) -> Self {
        let Matter { set, glyphs, units } = matter;
        let metrics = fonts.face(look.faces(role, lang).main.first).metrics();
        let (cap, ascent, descent) = (metrics.cap_height, metrics.ascent, metrics.descent);
        let open = look::least_leading(set.iter().map(|s| s.c));
        Self { slot, role, lang, set, glyphs, units, cap, ascent, descent, open, by_sense }
    }

    /// Gives up the ties inside units that are wider than `measure` at `size`; whether there were any to give up.
    pub(super) fn loosen(&mut self, size: f32, measure: f32) -> bool {
        let tracking = self.tracking(size);
        let too_wide = |unit: &Unit| wrap::width(std::slice::from_ref(unit), size, tracking) > measure;
        let loose = wrap::loosened(&self.units, &self.set, &self.glyphs, self.lang, too_wide);
        let more = loose.len() > self.units.len();
        self.units = loose;
        more
    }

    pub(super) fn tracking(&self, size: f32) -> f32 {
        if self.open.is_some() {
            return 0.0;
        }
        look::tracking(self.role, self.lang, size)
    }

    pub(super) fn leading(&self, size: f32) -> f32 {
        let leading = look::leading(self.role, self.lang, size);
        self.open.map_or(leading, |least| leading.max(size * least))
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

/// A line's glyphs in the order of the eye, from left to right, and where each stands.
///
/// On a turned look everything is laid out as it is written and mirrored at the end; there a line is measured from its
/// right end, so that it stands right after that.
pub(super) struct Placed<'g> {
    pub glyphs: Cow<'g, [SetGlyph]>,
    /// From the line's left end to each origin, px.
    at: Vec<f32>,
    /// To the end of the line, px.
    pub end: f32,
    turned: bool,
}

impl<'g> Placed<'g> {
    pub(super) fn new(glyphs: &'g [SetGlyph], size: f32, tracking: f32, look: &Look<'_>) -> Self {
        let glyphs = shape::in_sight(glyphs);
        let mut end = 0.0;
        let at = glyphs
            .iter()
            .map(|g| {
                let here = end;
                end += size * (g.advance + g.seam + tracking);
                here
            })
            .collect();
        Self { glyphs, at, end, turned: look.is_turned() }
    }

    /// From the start of the line to a glyph's origin, px.
    pub(super) fn x(&self, glyph: usize) -> f32 {
        if self.turned { self.end - self.at[glyph] } else { self.at[glyph] }
    }

    /// Both edges of some glyphs, px from the start of the line; `less` is taken off at the end of the last.
    pub(super) fn span(&self, glyphs: std::ops::Range<usize>, less: f32) -> (f32, f32) {
        let left = self.at[glyphs.start];
        let right = self.at.get(glyphs.end).copied().unwrap_or(self.end) - less;
        if self.turned { (self.end - right, self.end - left) } else { (left, right) }
    }
}

/// Collects glyphs into runs of one face, colour and part of the text.
#[derive(Debug)]
pub(super) struct Runs {
    runs: Vec<GlyphRun>,
    /// Glyphs that may still come.
    rest: usize,
    /// What is left on the layout is right on the card.
    turned: bool,
}

impl Runs {
    /// For so many glyphs.
    pub(super) fn new(glyphs: usize, look: &Look<'_>) -> Self {
        Self { runs: Vec::new(), rest: glyphs, turned: look.is_turned() }
    }

    /// Adds a glyph whose origin is at a place on the master.
    pub(super) fn push(
        &mut self,
        slot: &'static str,
        glyph: &SetGlyph,
        size: f32,
        ink: &Ink,
        x: f32,
        y: f32,
    ) {
        let face: FaceId = glyph.face;
        let fits =
            |r: &GlyphRun| r.face == face && r.token == ink.token && r.style == glyph.style && r.slot == slot;
        if !self.runs.last().is_some_and(fits) {
            self.runs.push(GlyphRun {
                slot,
                style: glyph.style,
                face,
                size,
                color: ink.color,
                token: ink.token.clone(),
                glyphs: Vec::with_capacity(self.rest),
            });
        }
        self.rest = self.rest.saturating_sub(1);
        let run = self.runs.last_mut().expect("pushed above");
        let dx = if self.turned { -size * glyph.dx } else { size * glyph.dx };
        run.glyphs.push(Glyph {
            id: glyph.id,
            x: x + dx,
            y: y + size * glyph.dy,
            scale: glyph.scale,
            bytes: glyph.bytes.clone(),
        });
    }

    pub(super) fn into_inner(self) -> Vec<GlyphRun> {
        self.runs
    }
}

/// Whether a glyph is emphasised.
pub(super) fn is_keyword(glyph: &SetGlyph) -> bool {
    glyph.style == Style::Keyword
}
