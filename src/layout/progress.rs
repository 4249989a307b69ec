//! Dashes and counter of a quote that runs over several cards, and of a series: one piece.
//!
//! A quote of several parts shows dashes and `1/3`, a series `3/12` and no dashes, both together `3/12 · 1/3` with
//! the part's dashes.

use super::Sheet;
use super::error::Problem;
use super::item::{GlyphRun, Item, Paint, Shape};
use super::{prepare, shape, text};
use crate::card::Class;
use crate::geom::Rect;
use crate::lang::{Direction, Lang};
use crate::look::{Faces, Moved};
use crate::template::schema::{Align, Layer, ProgressLayer};

/// A dash's width, height and the gap to the next; the counter's size. Landscape is smaller.
struct Measures {
    dash: f32,
    height: f32,
    gap: f32,
    size: f32,
}

const LARGE: Measures = Measures { dash: 36.0, height: 5.0, gap: 10.0, size: 22.0 };
const SMALL: Measures = Measures { dash: 28.0, height: 4.0, gap: 8.0, size: 17.0 };
const TRACKING: f32 = 0.04;
/// Between dashes and counter: beside them, and over them.
const BESIDE: f32 = 16.0;
const OVER: f32 = 12.0;

/// Between the piece and a text that ends before it.
const CLEAR: f32 = 40.0;

/// The piece, measured.
struct Piece {
    measures: Measures,
    /// All dashes; 0 without parts.
    dashes: f32,
    counter: Vec<GlyphRun>,
    counter_width: f32,
    /// Cap height of the counter, px.
    cap: f32,
    /// The counter stands over the dashes: the layer says so, or there is no room beside them.
    above: bool,
}

impl Piece {
    /// `None` on a card that shows no counter.
    #[allow(clippy::cast_precision_loss, reason = "at most a handful of parts")]
    fn new(layer: &ProgressLayer, sheet: &Sheet<'_, '_>) -> Result<Option<Self>, Problem> {
        let (card, look) = (sheet.card, sheet.look);
        let part = card.part.map(|part| format!("{}/{}", part.number, part.of));
        let counter = match (card.series, part) {
            (Some(series), Some(part)) => format!("{series} · {part}"),
            (Some(series), None) => series.to_string(),
            (None, Some(part)) => part,
            (None, None) => return Ok(None),
        };
        let measures = if look.class() == Class::Landscape { SMALL } else { LARGE };
        let dashes =
            card.part.map_or(0.0, |part| part.of as f32 * (measures.dash + measures.gap) - measures.gap);
        let face = look.face(&layer.font);
        let faces = Faces { main: face, latin: None, fallback: face };
        let set = prepare::plain(&counter);
        let glyphs = shape::shape(&set, faces, None, Lang::En, Direction::LeftToRight, sheet.fonts)?;
        let cap = sheet.fonts.face(face.first).metrics().cap_height * measures.size;
        let (counter, counter_width) =
            text::free_line("counter", &glyphs, (measures.size, TRACKING), &look.ink(&layer.color), look);
        let above =
            layer.above || layer.w.is_some_and(|w| dashes + BESIDE + counter_width > w && dashes > 0.0);
        Ok(Some(Self { measures, dashes, counter, counter_width, cap, above }))
    }
}

/// What a text on the counter's line loses of its measure, of the `asked` px of its layer: more where the piece
/// is wider, less where a series has no dashes.
pub(super) fn gap(asked: f32, sheet: &Sheet<'_, '_>) -> Result<f32, Problem> {
    let layer = sheet.look.layers().iter().find_map(|layer| match layer {
        Layer::Progress(progress) => Some(progress),
        _ => None,
    });
    let Some(layer) = layer.filter(|_| asked > 0.0) else { return Ok(0.0) };
    let Some(piece) = Piece::new(layer, sheet)? else { return Ok(0.0) };
    let width = match (piece.dashes > 0.0, piece.above) {
        (true, true) => piece.dashes.max(piece.counter_width),
        (true, false) => piece.dashes + BESIDE + piece.counter_width,
        (false, _) => return Ok(asked.min(piece.counter_width + CLEAR)),
    };
    Ok(asked.max(width + CLEAR))
}

#[allow(clippy::cast_precision_loss, reason = "at most a handful of parts")]
pub(super) fn place(layer: &ProgressLayer, moved: Moved, sheet: &mut Sheet<'_, '_>) -> Result<(), Problem> {
    let Some(piece) = Piece::new(layer, sheet)? else { return Ok(()) };
    let look = sheet.look;
    let Piece { measures: m, dashes, counter, counter_width, cap, above } = piece;
    let ((x, _), (y, _)) = (look.horizontal(layer.place(), moved.lacks), look.vertical(layer.place(), moved));
    let start = |width: f32| match layer.align {
        Align::Left => x,
        Align::Center => x - width / 2.0,
        Align::Right => x - width,
    };
    let left = start(dashes);
    if let Some(part) = sheet.card.part {
        for k in 0..part.of {
            let at = left + k as f32 * (m.dash + m.gap);
            let rect = Rect::new(at, y - m.height / 2.0, m.dash, m.height);
            let color = look.color(if k < part.number { &layer.on } else { &layer.off });
            sheet.items.push(Item::fill(Shape::Rect(rect), Paint::Solid(color)));
        }
    }
    let over = y - m.height / 2.0 - OVER;
    let (counter_x, baseline) = match (dashes > 0.0, above, layer.align) {
        (true, true, Align::Left) => (left, over),
        (true, true, _) => (left + dashes - counter_width, over),
        (true, false, Align::Left) => (left + dashes + BESIDE, y + cap / 2.0),
        (true, false, _) => (left - BESIDE - counter_width, y + cap / 2.0),
        // Without dashes it stands in their place: on the line they stand on, or in the middle of it.
        (false, true, _) if layer.on_rule => (start(counter_width), over),
        (false, true, _) => (start(counter_width), y + m.height / 2.0),
        (false, false, _) => (start(counter_width), y + cap / 2.0),
    };
    for mut run in counter {
        for glyph in &mut run.glyphs {
            glyph.x += counter_x;
            glyph.y += baseline;
        }
        sheet.items.push(Item::Glyphs(run));
    }
    Ok(())
}
