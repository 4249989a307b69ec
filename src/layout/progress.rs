//! Dashes and counter of a quote that runs over several cards: one piece.

use super::Sheet;
use super::error::Problem;
use super::item::{Item, Paint, Shape};
use super::{prepare, shape, text};
use crate::card::Class;
use crate::geom::Rect;
use crate::lang::Lang;
use crate::look::{Faces, Moved};
use crate::template::schema::{Align, ProgressLayer};

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

#[allow(clippy::cast_precision_loss, reason = "at most a handful of parts")]
pub(super) fn place(layer: &ProgressLayer, moved: Moved, sheet: &mut Sheet<'_, '_>) -> Result<(), Problem> {
    let Some(part) = sheet.card.part else { return Ok(()) };
    let look = sheet.look;
    let m = if look.class() == Class::Landscape { SMALL } else { LARGE };
    let width = part.of as f32 * (m.dash + m.gap) - m.gap;
    let ((x, _), (y, _)) = (look.horizontal(layer.place()), look.vertical(layer.place(), moved));
    let left = match layer.align {
        Align::Left => x,
        Align::Center => x - width / 2.0,
        Align::Right => x - width,
    };
    for k in 0..part.of {
        let rect = Rect::new(left + k as f32 * (m.dash + m.gap), y - m.height / 2.0, m.dash, m.height);
        let color = look.color(if k < part.number { &layer.on } else { &layer.off });
        sheet.items.push(Item::Fill { shape: Shape::Rect(rect), paint: Paint::Solid(color) });
    }
    let counter = format!("{}/{}", part.number, part.of);
    let face = look.face(&layer.font);
    let faces = Faces { main: face, latin: None, fallback: face };
    let glyphs = shape::shape(&prepare::plain(&counter), faces, None, Lang::En, sheet.fonts)?;
    let cap = sheet.fonts.face(face.first).metrics().cap_height;
    let (runs, counter_width) = text::free_line(&glyphs, m.size, TRACKING, look.color(&layer.color));
    let (counter_x, baseline) = match (layer.above, layer.align) {
        (true, Align::Left) => (left, y - m.height / 2.0 - OVER),
        (true, _) => (left + width - counter_width, y - m.height / 2.0 - OVER),
        (false, Align::Left) => (left + width + BESIDE, y + cap * m.size / 2.0),
        (false, _) => (left - BESIDE - counter_width, y + cap * m.size / 2.0),
    };
    for mut run in runs {
        run.slot = "counter";
        for glyph in &mut run.glyphs {
            glyph.x += counter_x;
            glyph.y += baseline;
        }
        sheet.items.push(Item::Glyphs(run));
    }
    Ok(())
}
