//! Shapes, pictures and ornaments: everything on a card that is not text or a photograph.

use super::error::Problem;
use super::item::{Glyph, GlyphRun, Item, Paint, Shape};
use super::{prepare, shape, text};
use crate::color::Color;
use crate::font::FontBook;
use crate::geom::{Point, Rect};
use crate::lang::Lang;
use crate::look::{Faces, Look, Moved};
use crate::template::Corners;
use crate::template::schema::{
    Align, ColorToken, CornersLayer, EllipseLayer, Fill, Layer, MarkLayer, PathLayer, PictureLayer, Place,
    RadiusOf, RectLayer, SlotName, TickEdge, TicksLayer,
};

/// The box of a place.
pub(super) fn area(place: Place<'_>, moved: Moved, look: &Look<'_>) -> Rect {
    let ((x0, x1), (y0, y1)) = (look.horizontal(place), look.vertical(place, moved));
    Rect::new(x0, y0, (x1 - x0).max(0.0), (y1 - y0).max(0.0))
}

pub(super) fn rect(rect: &RectLayer, moved: Moved, look: &Look<'_>, items: &mut Vec<Item>) {
    let mut area = area(rect.place(), moved, look);
    if let Some(slot) = rect.height_of {
        area.h = label_height(slot, look);
        if area.h <= 0.0 {
            return;
        }
    }
    let shape = if rect.radius > 0.0 { Shape::RoundRect(area, rect.radius) } else { Shape::Rect(area) };
    if let Some(fill) = &rect.fill {
        items.push(Item::Fill { shape, paint: paint(fill, area, look) });
    }
    if let Some(stroke) = &rect.stroke {
        items.push(Item::Stroke { shape, width: rect.stroke_width, color: look.color(stroke) });
    }
}

pub(super) fn ellipse(ellipse: &EllipseLayer, moved: Moved, look: &Look<'_>, items: &mut Vec<Item>) {
    let area = area(ellipse.place(), moved, look);
    let shape = Shape::Ellipse(area);
    if let Some(shadow) = &ellipse.shadow {
        let color = look.color(&shadow.color);
        items.push(Item::Shadow { shape, dy: shadow.y, blur: shadow.blur, color });
    }
    if let Some(fill) = &ellipse.fill {
        items.push(Item::Fill { shape, paint: paint(fill, area, look) });
    }
    if let Some(stroke) = &ellipse.stroke {
        items.push(Item::Stroke { shape, width: ellipse.stroke_width, color: look.color(stroke) });
    }
}

pub(super) fn path(path: &PathLayer, moved: Moved, look: &Look<'_>, items: &mut Vec<Item>) {
    let dest = area(path.place(), moved, look);
    let art = look.template.picture(&path.key());
    items.push(Item::Picture { art, dest, color: look.color(&path.fill) });
}

pub(super) fn picture(picture: &PictureLayer, moved: Moved, look: &Look<'_>, items: &mut Vec<Item>) {
    let dest = area(picture.place(), moved, look);
    let art = look.template.picture(&picture.src);
    items.push(Item::Picture { art, dest, color: Color::rgb(0, 0, 0) });
}

/// Angles of two arms each, or the kit's art, in the corners top left, top right, bottom left, bottom right.
pub(super) fn corners(corners: &CornersLayer, look: &Look<'_>, items: &mut Vec<Item>) {
    let (width, height) = look.canvas();
    let color = look.color(&corners.color);
    // The place of a box in the corner `i`.
    let place = |i: usize, w: f32, h: f32| {
        let x = if i % 2 == 0 { corners.inset } else { width - corners.inset - w };
        let y = if i < 2 { corners.inset } else { height - corners.inset - h };
        Rect::new(x, y, w, h)
    };
    match &look.brand.corners {
        Corners::Off => {}
        Corners::Art(art) => {
            for (i, art) in art.iter().enumerate() {
                let (w, h) = art.size();
                let k = corners.size / w.max(h);
                items.push(Item::Picture { art: art.clone(), dest: place(i, w * k, h * k), color });
            }
        }
        Corners::Template => {
            for i in 0..4 {
                for (w, h) in [(corners.size, corners.thickness), (corners.thickness, corners.size)] {
                    let shape = Shape::Rect(place(i, w, h));
                    items.push(Item::Fill { shape, paint: Paint::Solid(color) });
                }
            }
        }
    }
}

/// As many marks as the edge has room for, the first at its end.
#[allow(clippy::cast_precision_loss, reason = "a few hundred marks at most")]
pub(super) fn ticks(ticks: &TicksLayer, look: &Look<'_>, items: &mut Vec<Item>) {
    let (width, height) = look.canvas();
    let along = match ticks.edge {
        TickEdge::Top => width,
        TickEdge::Right => height,
    };
    let color = look.color(&ticks.fill);
    let mut at = 0.0;
    for i in 0_usize.. {
        if at >= along || ticks.step <= 0.0 {
            break;
        }
        let length = if i % ticks.major.max(1) == 0 { ticks.long } else { ticks.short };
        let rect = match ticks.edge {
            TickEdge::Top => Rect::new(at, 0.0, ticks.thickness, length),
            TickEdge::Right => Rect::new(width - length, at, length, ticks.thickness),
        };
        items.push(Item::Fill { shape: Shape::Rect(rect), paint: Paint::Solid(color) });
        at = (i + 1) as f32 * ticks.step;
    }
}

/// An opening quote mark of its own.
pub(super) fn mark(
    mark: &MarkLayer,
    look: &Look<'_>,
    fonts: &FontBook,
    items: &mut Vec<Item>,
) -> Result<(), Problem> {
    let face = look.face(&mark.font);
    let faces = Faces { main: face, latin: None, fallback: face };
    let glyphs = shape::shape(&prepare::plain("“"), faces, None, Lang::En, fonts)?;
    let Some(glyph) = glyphs.first() else { return Ok(()) };
    let ink = fonts.face(glyph.face).ink_box(glyph.id).unwrap_or_default();
    let x = look.x_of(mark.x);
    let left = match mark.align {
        Align::Left => x,
        // Centred and right by the ink, not by the em box: the mark's bearings differ.
        Align::Center => x - mark.size * (ink.x + ink.w / 2.0),
        Align::Right => x - mark.size * ink.right(),
    };
    let cap = fonts.face(face.first).metrics().cap_height;
    items.push(Item::Glyphs(GlyphRun {
        slot: "mark",
        face: glyph.face,
        size: mark.size,
        color: look.color(&mark.color),
        glyphs: vec![Glyph {
            id: glyph.id,
            x: left,
            y: look.y_of(mark.y) + cap * mark.size,
            scale: 1.0,
            bytes: 0..0,
        }],
    }));
    Ok(())
}

/// Height of a vertical slot's text, as its own layer sets it; 0 where the kit has none.
#[allow(clippy::cast_precision_loss, reason = "a label has at most a dozen cells")]
fn label_height(slot: SlotName, look: &Look<'_>) -> f32 {
    let text = text::of_kit(slot, look).unwrap_or_default();
    look.layers()
        .iter()
        .find_map(|layer| match layer {
            Layer::Vertical(v) if v.slot == slot => Some(v.size * v.pitch * text.chars().count() as f32),
            _ => None,
        })
        .unwrap_or(0.0)
}

fn paint(fill: &Fill, area: Rect, look: &Look<'_>) -> Paint {
    let stops =
        |stops: &[(f32, ColorToken)]| stops.iter().map(|(at, token)| (*at, look.color(token))).collect();
    match fill {
        Fill::Token(token) => Paint::Solid(look.color(token)),
        Fill::Linear { angle, stops: given } => {
            // As in CSS: 0° points up, clockwise; the line is as long as the box needs for its corners.
            let (sin, cos) = angle.to_radians().sin_cos();
            let half = (area.w * sin.abs() + area.h * cos.abs()) / 2.0;
            let (cx, cy) = (area.x + area.w / 2.0, area.y + area.h / 2.0);
            Paint::Linear {
                from: Point { x: cx - sin * half, y: cy + cos * half },
                to: Point { x: cx + sin * half, y: cy - cos * half },
                stops: stops(given),
            }
        }
        Fill::Radial { center, radius, of, stops: given } => {
            let (w, h) = match of {
                None => (area.w, area.h),
                Some(RadiusOf::Width) => (area.w, area.w),
                Some(RadiusOf::Longest) => (area.w.max(area.h), area.w.max(area.h)),
            };
            Paint::Radial {
                center: Point { x: area.x + center[0] * area.w, y: area.y + center[1] * area.h },
                radius: (radius[0] * w, radius[1] * h),
                stops: stops(given),
            }
        }
    }
}
