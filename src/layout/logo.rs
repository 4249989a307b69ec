//! The logo lockup: a mark, and a wordmark with its cap height centred on it.

use super::error::Problem;
use super::item::{GlyphRun, Item};
use super::{prepare, shape, text};
use crate::font::FontBook;
use crate::geom::Rect;
use crate::lang::{Direction, Lang};
use crate::look::{Faces, Look, TokenFace};
use crate::template::schema::{Align, LogoLayer};

/// Wordmark size, × the mark's height; its tracking, em; the gap between both, × height; and how much lower
/// than centred the word stands, × height, because capitals look high beside a round mark.
const WORD_SIZE: f32 = 0.98;
const WORD_TRACKING: f32 = -0.01;
const GAP: f32 = 0.34;
const LOWER: f32 = 0.012;
/// The face that serves hanzi in a wordmark.
const ZH_FACE: &str = "NotoSerifSC-SemiBold";

struct Lockup {
    mark_width: f32,
    word: Vec<GlyphRun>,
    word_x: f32,
    baseline: f32,
    width: f32,
}

/// The lockup at the layer's height, or at the height at which it is as wide as the layer lets it be.
fn fitted(
    layer: &LogoLayer,
    look: &Look<'_>,
    fonts: &FontBook,
) -> Result<Option<(LogoLayer, Lockup)>, Problem> {
    let Some(full) = lockup(layer, look, fonts)? else { return Ok(None) };
    let Some(most) = layer.w.filter(|&w| full.width > w) else { return Ok(Some((layer.clone(), full))) };
    let h = layer.h * most / full.width;
    // `y` may count from the bottom: then it stays negative, and the middle where it was.
    let smaller = LogoLayer { h, y: layer.y + (layer.h - h) / 2.0, ..layer.clone() };
    Ok(lockup(&smaller, look, fonts)?.map(|lockup| (smaller, lockup)))
}

fn lockup(layer: &LogoLayer, look: &Look<'_>, fonts: &FontBook) -> Result<Option<Lockup>, Problem> {
    let mark_width = look.brand.mark_in(look.color(&layer.color)).map(|art| {
        let (w, h) = art.size();
        layer.h * w / h
    });
    let word = look.brand.wordmark.as_deref().filter(|w| !w.is_empty());
    if mark_width.is_none() && word.is_none() {
        return Ok(None);
    }
    let face = look.wordmark_face();
    let faces =
        Faces { main: face, latin: None, fallback: fonts.find(ZH_FACE).map_or(face, TokenFace::from) };
    let size = layer.h * WORD_SIZE;
    let (runs, word_width) = match word {
        Some(word) => {
            let direction = Direction::of(word);
            let glyphs = shape::shape(&prepare::small(word), faces, None, Lang::En, direction, fonts)?;
            text::free_line("logo", &glyphs, (size, WORD_TRACKING), &look.ink(&layer.color), look)
        }
        None => (Vec::new(), 0.0),
    };
    let word_x = mark_width.map_or(0.0, |w| if word.is_some() { w + layer.h * GAP } else { w });
    let cap = fonts.face(face.first).metrics().cap_height * size;
    Ok(Some(Lockup {
        mark_width: mark_width.unwrap_or(0.0),
        word: runs,
        word_x,
        baseline: layer.h / 2.0 + cap / 2.0 + LOWER * layer.h,
        width: word_x + word_width,
    }))
}

fn left(layer: &LogoLayer, width: f32, look: &Look<'_>) -> f32 {
    let x = look.x_of(layer.x);
    match layer.anchor {
        Align::Left => x,
        Align::Center => x - width / 2.0,
        Align::Right => x - width,
    }
}

/// Left and right edge of the lockup, master px; `None` where the kit has no logo.
pub(super) fn extent(
    layer: &LogoLayer,
    look: &Look<'_>,
    fonts: &FontBook,
) -> Result<Option<(f32, f32)>, Problem> {
    Ok(fitted(layer, look, fonts)?.map(|(layer, lockup)| {
        let x = left(&layer, lockup.width, look);
        (x, x + lockup.width)
    }))
}

/// The lockup's box, master px; `None` where the kit has no logo.
pub(super) fn area(layer: &LogoLayer, look: &Look<'_>, fonts: &FontBook) -> Result<Option<Rect>, Problem> {
    Ok(fitted(layer, look, fonts)?.map(|(layer, lockup)| {
        Rect::new(left(&layer, lockup.width, look), look.y_of(layer.y), lockup.width, layer.h)
    }))
}

/// The lockup, placed.
pub(super) fn items(layer: &LogoLayer, look: &Look<'_>, fonts: &FontBook) -> Result<Vec<Item>, Problem> {
    let Some((layer, lockup)) = fitted(layer, look, fonts)? else { return Ok(Vec::new()) };
    let (x, y) = (left(&layer, lockup.width, look), look.y_of(layer.y));
    // Only its place is turned round: a lockup is one picture, its mark before its word.
    let (mark_x, word_x) =
        if look.is_turned() { (lockup.width - lockup.mark_width, 0.0) } else { (0.0, lockup.word_x) };
    let mut items = Vec::new();
    let color = look.color(&layer.color);
    if let Some(art) = look.brand.mark_in(color) {
        let dest = Rect::new(x + mark_x, y, lockup.mark_width, layer.h);
        items.push(Item::Picture { art: art.clone(), dest, color });
    }
    for mut run in lockup.word {
        for glyph in &mut run.glyphs {
            glyph.x += x + word_x;
            glyph.y += y + lockup.baseline;
        }
        items.push(Item::Glyphs(run));
    }
    Ok(items)
}
