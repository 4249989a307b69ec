//! A laid-out card: dumb data between layout and paint.

use std::ops::Range;
use std::sync::Arc;

use super::prepare::Style;
use crate::card::CardSize;
use crate::color::Color;
use crate::font::{FaceId, FontBook};
use crate::geom::{Point, Rect};
use crate::template::Art;

/// Where everything is, final, in card pixels; items back to front.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The card's pixels.
    pub size: CardSize,
    /// Back to front.
    pub items: Vec<Item>,
    /// Goes over the items of the ground and of every card on it: film grain. Only a ground has any.
    pub over: Vec<Item>,
    /// Size of the quote's type, in px per em on the master (before the card is scaled).
    pub type_size: f32,
    /// The quote's lines, top to bottom.
    pub lines: Vec<Line>,
    /// A line is a stub or leaves a hole.
    pub ragged: bool,
}

impl Layout {
    /// A drawing that is no card, such as a contact sheet: it has no quote.
    #[must_use]
    pub fn drawing(size: CardSize, items: Vec<Item>) -> Self {
        Self { size, items, over: Vec::new(), type_size: 0.0, lines: Vec::new(), ragged: false }
    }
}

/// A line of the quote: its words and why it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Byte range of the card's text, the blank at the end excluded.
    pub bytes: Range<usize>,
    /// Ink-to-ink width on the master, in px.
    pub width: f32,
    /// Why it ended.
    pub end: LineEnd,
}

/// Why a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// At a blank.
    Space,
    /// Where the script allows a break without one (between hanzi, after a dash).
    Opportunity,
    /// The text was over.
    Last,
}

/// One thing to paint.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A filled shape.
    Fill {
        /// What is filled.
        shape: Shape,
        /// With what.
        paint: Paint,
        /// What it tells the reader, where it tells anything.
        meaning: Option<Meaning>,
    },
    /// A stroke along a shape's edge, inside it.
    Stroke {
        /// Whose edge.
        shape: Shape,
        /// Thickness in px.
        width: f32,
        /// Its colour.
        color: Color,
    },
    /// Glyphs of one face, size and colour.
    Glyphs(GlyphRun),
    /// A picture or vector art, stretched to a rectangle.
    Picture {
        /// Which.
        art: Arc<Art>,
        /// Where to.
        dest: Rect,
        /// What an SVG's `currentColor` stands for, and what a mask is painted in.
        color: Color,
    },
    /// A soft shadow under a shape: its silhouette, moved down and blurred.
    Shadow {
        /// Whose silhouette.
        shape: Shape,
        /// How far down it falls, px.
        dy: f32,
        /// The blur radius of CSS, px: twice the standard deviation of the Gaussian.
        blur: f32,
        /// Its colour where nothing is blurred away.
        color: Color,
    },
    /// A photograph: part of it, stretched to a rectangle.
    Photo {
        /// A picture of pixels; a drawing is not painted.
        art: Arc<Art>,
        /// Which part, in its own pixels. One that reaches beyond is moved inside, as far as it is small enough.
        crop: Rect,
        /// Where to; its edges go to whole pixels.
        dest: Rect,
        /// Whether only the ellipse inside `dest` is seen.
        circle: bool,
        /// A duotone: luminance 0–1 after a contrast stretch, and its colour, in order. Empty: colours as they are.
        tone: Vec<(f32, Color)>,
        /// How much of it is seen, 0–1.
        opacity: f32,
    },
    /// Helps texts that would be too faint on what they lie on; clear until it is found to be needed.
    Scrim(Scrim),
    /// A tile of film grain over the whole card, blended as soft light. It repeats from the top left corner in its
    /// own pixels, however large the card is: grain is the paper's, not the drawing's.
    Grain {
        /// The tile: its luminance counts, mid-grey and clear pixels change nothing. A drawing is not painted.
        art: Arc<Art>,
        /// How much of the blend is taken, 0–1.
        opacity: f32,
    },
}

/// What a shape tells the reader, and how clearly it must stand out from what it lies on.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// What messages call it.
    pub what: &'static str,
    /// Its colour's token.
    pub token: Arc<str>,
    /// The least contrast ratio, 1 to 21; 1 asks for nothing.
    pub least: f32,
}

/// A soft-edged veil under texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Scrim {
    /// Slots of the texts that it helps.
    pub slots: Vec<&'static str>,
    /// The box of these texts' lines.
    pub area: Rect,
    /// Its colour, opaque.
    pub color: Color,
    /// How far beyond the area it is whole, and how far beyond that it fades, px.
    pub soft: f32,
    /// The greatest opacity that it may take, 0–1.
    pub most: f32,
    /// Its opacity, 0–1. A layout has it clear; [`contrast`](crate::contrast) settles how much is needed.
    pub opacity: f32,
}

/// Geometry of a fill or stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Square corners; edges on fractions of a pixel are anti-aliased.
    Rect(Rect),
    /// Round corners of one radius.
    RoundRect(Rect, f32),
    /// The ellipse inside a rectangle.
    Ellipse(Rect),
}

/// What a shape is filled with.
#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    /// One colour.
    Solid(Color),
    /// Along a line.
    Linear {
        /// Where the first stop is.
        from: Point,
        /// Where the last stop is.
        to: Point,
        /// Offset 0–1 and colour, in order.
        stops: Vec<(f32, Color)>,
    },
    /// Outwards from a centre.
    Radial {
        /// Where the first stop is.
        center: Point,
        /// Horizontal and vertical distance of the last stop.
        radius: (f32, f32),
        /// Offset 0–1 and colour, in order.
        stops: Vec<(f32, Color)>,
    },
}

/// Shaped text, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct GlyphRun {
    /// The slot it fills (`quote`, `name`, `role` …), for tests and messages.
    pub slot: &'static str,
    /// Which part of that text it is.
    pub style: Style,
    /// The face.
    pub face: FaceId,
    /// px per em.
    pub size: f32,
    /// The colour of the ink.
    pub color: Color,
    /// The colour's token in template and kit.
    pub token: Arc<str>,
    /// As they stand on the card, line after line, from left to right in each. That is the order of the text too,
    /// but for Arabic, Hebrew and what stands among them: there [`Glyph::bytes`] tell the order of the text.
    pub glyphs: Vec<Glyph>,
}

impl GlyphRun {
    /// Text that stands in no slot of a card, such as a label of a contact sheet.
    #[must_use]
    pub fn label(face: FaceId, size: f32, color: Color, glyphs: Vec<Glyph>) -> Self {
        Self { slot: "label", style: Style::Body, face, size, color, token: Arc::from(""), glyphs }
    }
}

/// One glyph.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its id in the face.
    pub id: u16,
    /// Its origin: on the baseline, in card px.
    pub x: f32,
    /// The baseline, in card px.
    pub y: f32,
    /// Factor on the run's size (sub- and superscript digits that a face lacks, emoji higher than a line); else 1.
    pub scale: f32,
    /// The bytes of the slot's text that it stands for; empty for marks that the layout added. Those of a quote's
    /// glyphs cover each of its bytes once, blanks at line ends apart; where text is read from right to left they do
    /// not rise from glyph to glyph.
    pub bytes: Range<usize>,
}

impl GlyphRun {
    /// The box of each of its lines, or of each cell of a vertical text: from the left of the first glyph's ink to
    /// the right of the last one's, from cap height to baseline, px. Blanks alone are no line.
    #[must_use]
    pub fn lines(&self, fonts: &FontBook) -> Vec<Rect> {
        let face = fonts.face(self.face);
        let height = face.metrics().cap_height * self.size;
        // Superscripts stand on their line.
        let same_line = |a: &Glyph, b: &Glyph| (a.y - b.y).abs() < self.size / 2.0;
        let line = |glyphs: &[Glyph]| {
            let edge = |glyph: &Glyph| {
                let ink = face.ink_box(glyph.id)?;
                let em = self.size * glyph.scale;
                Some((glyph.x + ink.x * em, glyph.x + ink.right() * em))
            };
            // Glyphs may come in either direction, blanks at either end.
            let (first, last) = (glyphs.iter().find_map(edge)?, glyphs.iter().rev().find_map(edge)?);
            let (left, right) = (first.0.min(last.0), first.1.max(last.1));
            let baseline = glyphs.iter().map(|glyph| glyph.y).fold(f32::NEG_INFINITY, f32::max);
            (left < right).then(|| Rect::new(left, baseline - height, right - left, height))
        };
        self.glyphs.chunk_by(same_line).filter_map(line).collect()
    }
}

impl Item {
    /// The same item on the other side of a canvas so wide. Glyphs and pictures are moved, not mirrored: what is
    /// read or recognised keeps its content.
    pub(super) fn turn_round(&mut self, width: f32) {
        match self {
            Self::Fill { shape, paint, .. } => {
                shape.turn_round(width);
                match paint {
                    Paint::Solid(_) => {}
                    Paint::Linear { from, to, .. } => {
                        for point in [from, to] {
                            point.x = width - point.x;
                        }
                    }
                    Paint::Radial { center, .. } => center.x = width - center.x,
                }
            }
            Self::Stroke { shape, .. } | Self::Shadow { shape, .. } => shape.turn_round(width),
            Self::Glyphs(run) => {
                for glyph in &mut run.glyphs {
                    glyph.x = width - glyph.x;
                }
            }
            Self::Picture { dest, .. } | Self::Photo { dest, .. } => dest.x = width - dest.right(),
            Self::Scrim(scrim) => scrim.area.x = width - scrim.area.right(),
            Self::Grain { .. } => {}
        }
    }

    /// A filled shape that tells nothing.
    #[must_use]
    pub const fn fill(shape: Shape, paint: Paint) -> Self {
        Self::Fill { shape, paint, meaning: None }
    }

    /// The same item elsewhere, px to the right and down.
    #[must_use]
    pub(crate) fn moved(&self, dx: f32, dy: f32) -> Self {
        let mut item = self.clone();
        match &mut item {
            Self::Fill { shape, paint, .. } => {
                shape.shift(dx, dy);
                match paint {
                    Paint::Solid(_) => {}
                    Paint::Linear { from, to, .. } => {
                        *from = from.moved(dx, dy);
                        *to = to.moved(dx, dy);
                    }
                    Paint::Radial { center, .. } => *center = center.moved(dx, dy),
                }
            }
            Self::Stroke { shape, .. } | Self::Shadow { shape, .. } => shape.shift(dx, dy),
            Self::Glyphs(run) => {
                for glyph in &mut run.glyphs {
                    glyph.x += dx;
                    glyph.y += dy;
                }
            }
            Self::Picture { dest, .. } | Self::Photo { dest, .. } => *dest = dest.moved(dx, dy),
            Self::Scrim(scrim) => scrim.area = scrim.area.moved(dx, dy),
            Self::Grain { .. } => {}
        }
        item
    }

    /// The same item on a card `k` times as large; edges of filled rectangles go to whole pixels, so that rules
    /// are crisp.
    pub(super) fn scale(&mut self, k: f32) {
        match self {
            Self::Fill { shape, paint, .. } => {
                shape.scale(k);
                if let Shape::Rect(rect) = shape {
                    *rect = rect.snapped();
                }
                match paint {
                    Paint::Solid(_) => {}
                    Paint::Linear { from, to, .. } => {
                        for point in [from, to] {
                            *point = Point { x: point.x * k, y: point.y * k };
                        }
                    }
                    Paint::Radial { center, radius, .. } => {
                        *center = Point { x: center.x * k, y: center.y * k };
                        *radius = (radius.0 * k, radius.1 * k);
                    }
                }
            }
            Self::Stroke { shape, width, .. } => {
                shape.scale(k);
                *width *= k;
            }
            Self::Glyphs(run) => {
                run.size *= k;
                for glyph in &mut run.glyphs {
                    glyph.x *= k;
                    glyph.y *= k;
                }
            }
            Self::Picture { dest, .. } | Self::Photo { dest, .. } => *dest = dest.scaled(k),
            Self::Shadow { shape, dy, blur, .. } => {
                shape.scale(k);
                *dy *= k;
                *blur *= k;
            }
            Self::Scrim(scrim) => {
                scrim.area = scrim.area.scaled(k);
                scrim.soft *= k;
            }
            Self::Grain { .. } => {}
        }
    }
}

impl Shape {
    fn turn_round(&mut self, width: f32) {
        let (Self::Rect(rect) | Self::Ellipse(rect) | Self::RoundRect(rect, _)) = self;
        rect.x = width - rect.right();
    }

    /// The rectangle that it fills or lies in.
    #[must_use]
    pub const fn bounds(&self) -> Rect {
        match self {
            Self::Rect(rect) | Self::RoundRect(rect, _) | Self::Ellipse(rect) => *rect,
        }
    }

    /// Moves it, px to the right and down.
    pub(crate) fn shift(&mut self, dx: f32, dy: f32) {
        match self {
            Self::Rect(rect) | Self::RoundRect(rect, _) | Self::Ellipse(rect) => *rect = rect.moved(dx, dy),
        }
    }

    /// The same shape on a canvas `k` times as large.
    pub(crate) fn scale(&mut self, k: f32) {
        match self {
            Self::Rect(rect) | Self::Ellipse(rect) => *rect = rect.scaled(k),
            Self::RoundRect(rect, radius) => {
                *rect = rect.scaled(k);
                *radius *= k;
            }
        }
    }
}
