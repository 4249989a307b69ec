//! Shapes, pictures and ornaments: everything on a card that is not text or a photograph.

use super::error::Problem;
use super::item::{Glyph, GlyphRun, Item, Meaning, Paint, Shape};
use super::prepare::Style;
use super::{prepare, shape, text};
use crate::color::Color;
use crate::font::FontBook;
use crate::geom::{Point, Rect};
use crate::lang::{Direction, Lang};
use crate::look::{Faces, Look, Moved};
use crate::template::Corners;
use crate::template::schema::{
    Align, ColorToken, CornersLayer, EllipseLayer, Fill, Fit, Layer, MarkLayer, PathLayer, PictureLayer,
    Place, RadiusOf, RectLayer, SlotName, TickEdge, TicksLayer,
};

/// The box of a place.
pub(super) fn area(place: Place<'_>, moved: Moved, look: &Look<'_>) -> Rect {
    let ((x0, x1), (y0, y1)) = (look.horizontal(place, moved.lacks), look.vertical(place, moved));
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
        let meaning = meaning("shape", rect.contrast, fill);
        items.push(Item::Fill { shape, paint: paint(fill, area, look), meaning });
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
        let meaning = meaning("shape", ellipse.contrast, fill);
        items.push(Item::Fill { shape, paint: paint(fill, area, look), meaning });
    }
    if let Some(stroke) = &ellipse.stroke {
        items.push(Item::Stroke { shape, width: ellipse.stroke_width, color: look.color(stroke) });
    }
}

pub(super) fn path(path: &PathLayer, moved: Moved, look: &Look<'_>, items: &mut Vec<Item>) {
    let dest = area(path.place(), moved, look);
    let art = look.path(&path.key());
    items.push(Item::Picture { art, dest, color: look.color(&path.fill) });
}

/// What a fill of one colour tells the reader.
fn meaning(what: &'static str, least: Option<f32>, fill: &Fill) -> Option<Meaning> {
    match (least, fill) {
        (Some(least), Fill::Token(token)) => Some(Meaning { what, token: (**token).into(), least }),
        _ => None,
    }
}

pub(super) fn picture(picture: &PictureLayer, moved: Moved, look: &Look<'_>, items: &mut Vec<Item>) {
    let dest = area(picture.place(), moved, look);
    let art = look.template.picture(&picture.key());
    let ink = picture.mask.as_deref().map(|token| look.color(token));
    let plain = picture.fit == Fit::Stretch && !picture.circle && picture.tone.is_empty();
    if plain && picture.opacity >= 1.0 {
        items.push(Item::Picture { art, dest, color: ink.unwrap_or(Color::rgb(0, 0, 0)) });
        return;
    }
    let (width, height) = art.size();
    let whole = Rect::new(0.0, 0.0, width, height);
    let crop = if picture.fit == Fit::Cover {
        super::photo::cover(whole, picture.focus, [0.5, 0.5], dest)
    } else {
        whole
    };
    // One colour for every luminance: how much of it a mask's alpha says.
    let tone = match ink {
        Some(ink) => vec![(0.0, ink)],
        None => picture.tone.iter().map(|(at, token)| (*at, look.color(token))).collect(),
    };
    let opacity = picture.opacity * ink.map_or(1.0, |ink| f32::from(ink.a) / 255.0);
    items.push(Item::Photo { art, crop, dest, circle: picture.circle, tone, opacity });
}

/// Top left, top right, bottom left, bottom right: whether each is at the right, and at the bottom.
const CORNERS: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

/// Angles of two arms each, or the kit's art, in the order of [`CORNERS`].
pub(super) fn corners(corners: &CornersLayer, look: &Look<'_>, items: &mut Vec<Item>) {
    let (width, height) = look.canvas();
    let color = look.color(&corners.color);
    // The place of a box in the corner `i`.
    let place = |i: usize, w: f32, h: f32| {
        let (right, bottom) = CORNERS[i];
        let x = if right { width - corners.inset - w } else { corners.inset };
        let y = if bottom { height - corners.inset - h } else { corners.inset };
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
            for i in 0..CORNERS.len() {
                for (w, h) in [(corners.size, corners.thickness), (corners.thickness, corners.size)] {
                    let shape = Shape::Rect(place(i, w, h));
                    items.push(Item::fill(shape, Paint::Solid(color)));
                }
            }
        }
    }
}

/// The scale beside a figure says what kind of thing it is: ticks must be seen.
const TICKS: f32 = 3.0;

/// As many marks as the edge has room for, the first at its end.
#[allow(clippy::cast_precision_loss, reason = "a few hundred marks at most")]
pub(super) fn ticks(ticks: &TicksLayer, look: &Look<'_>, items: &mut Vec<Item>) {
    let (width, height) = look.canvas();
    let along = match ticks.edge {
        TickEdge::Top => width,
        TickEdge::Right => height,
    };
    let ink = look.ink(&ticks.fill);
    // In whole px of the card, so that a scaled one does not set ticks of two thicknesses.
    let snapped = |v: f32| (v * look.scale()).round() / look.scale();
    let thickness = snapped(ticks.thickness).max(1.0 / look.scale());
    let mut next = 0.0;
    for i in 0_usize.. {
        if next >= along || ticks.step <= 0.0 {
            break;
        }
        let at = snapped(next);
        let length = if i % ticks.major.max(1) == 0 { ticks.long } else { ticks.short };
        let rect = match ticks.edge {
            TickEdge::Top => Rect::new(at, 0.0, thickness, length),
            TickEdge::Right => Rect::new(width - length, at, length, thickness),
        };
        let meaning = Some(Meaning { what: "ticks", token: ink.token.clone(), least: TICKS });
        items.push(Item::Fill { shape: Shape::Rect(rect), paint: Paint::Solid(ink.color), meaning });
        next = (i + 1) as f32 * ticks.step;
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
    let opening = if look.is_turned() { "”" } else { "“" };
    let glyphs =
        shape::shape(&prepare::plain(opening), faces, None, Lang::En, Direction::LeftToRight, fonts)?;
    let Some(glyph) = glyphs.first() else { return Ok(()) };
    let mut ink = fonts.face(glyph.face).ink_box(glyph.id).unwrap_or_default();
    if look.is_turned() {
        // Seen from the other side of its origin, where its advance begins.
        ink.x = glyph.advance - ink.right();
    }
    let x = look.x_of(mark.x);
    let left = match mark.align {
        Align::Left => x,
        // Centred and right by the ink, not by the em box: the mark's bearings differ.
        Align::Center => x - mark.size * (ink.x + ink.w / 2.0),
        Align::Right => x - mark.size * ink.right(),
    };
    let cap = fonts.face(face.first).metrics().cap_height;
    let ink = look.ink(&mark.color);
    items.push(Item::Glyphs(GlyphRun {
        slot: "mark",
        style: Style::Mark,
        face: glyph.face,
        size: mark.size,
        color: ink.color,
        token: ink.token,
        glyphs: vec![Glyph {
            id: glyph.id,
            x: if look.is_turned() { left + mark.size * glyph.advance } else { left },
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
