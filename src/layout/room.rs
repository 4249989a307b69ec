//! Is there room? Texts that overlap or leave the card are refused with a size that has the room; what is set too
//! small to read is told.

use super::error::Problem;
use super::item::{Item, Shape};
use super::{Sheet, laid_out, logo, text};
use crate::card::{Card, CardSize, Class, SizeChoice};
use crate::diag::Diagnostic;
use crate::font::FontBook;
use crate::geom::Rect;
use crate::lang::Lang;
use crate::look::Look;
use crate::template::schema::{Layer, SlotName};

/// Texts may touch or pass an edge by this, px of the master: what rounding does.
const TOLERANCE: f32 = 1.0;
/// The smallest type that can be read on a card, px per em of the card: hanzi have more strokes to show.
const LEGIBLE: f32 = 9.0;
const LEGIBLE_ZH: f32 = 11.0;
/// A rectangle so thin is a rule, px.
const RULE: f32 = 6.0;
/// How far a letter hangs below its baseline, and rises above its capitals, em.
const DESCENT: f32 = 0.22;
const RISE: f32 = 0.05;
/// Slots that are ornament: they may lie under text, and be as small as they like.
const ORNAMENT: &str = "mark";

/// Refuses texts that overlap or leave the canvas.
///
/// A line of text counts from the head of its ascenders to the foot of its descenders.
pub(super) fn check(sheet: &Sheet<'_, '_>) -> Result<(), Problem> {
    let boxes = boxes(sheet)?;
    let (width, height) = sheet.look.canvas();
    for (i, (slot, at)) in boxes.iter().enumerate() {
        let outside = at.x < -TOLERANCE
            || at.y < -TOLERANCE
            || at.right() > width + TOLERANCE
            || at.bottom() > height + TOLERANCE;
        if outside {
            return Err(Problem::Outside { slot });
        }
        let meets = |other: &Rect| {
            at.x + TOLERANCE < other.right()
                && other.x + TOLERANCE < at.right()
                && at.y + TOLERANCE < other.bottom()
                && other.y + TOLERANCE < at.bottom()
        };
        let other = boxes[i + 1..].iter().find(|(o, rect)| o != slot && meets(rect));
        if let Some(&(other, _)) = other {
            return Err(Problem::Overlap { slot, other });
        }
    }
    Ok(())
}

/// The lines of all texts, master px; logo, seal and label as a box each.
fn boxes(sheet: &Sheet<'_, '_>) -> Result<Vec<(&'static str, Rect)>, Problem> {
    let look = sheet.look;
    let mut boxes: Vec<(&'static str, Rect)> = Vec::new();
    for layer in look.layers() {
        match layer {
            Layer::Logo(layer) => {
                if let Some(at) = logo::area(layer, look, sheet.fonts)? {
                    boxes.push(("logo", at));
                }
            }
            Layer::Vertical(layer) => {
                if let Some(at) = text::vertical_area(layer, look) {
                    boxes.push((layer.slot.name(), at));
                }
            }
            _ => {}
        }
    }
    // What stands on the card: a turned look is laid out as it is written and turned round at its end.
    let (width, _) = look.canvas();
    if look.is_turned() {
        for (_, at) in &mut boxes {
            at.x = width - at.right();
        }
    }
    let turned = look.is_turned().then(|| {
        let mut items = sheet.items.clone();
        items.iter_mut().for_each(|item| item.turn_round(width));
        items
    });
    let kit = ["logo", "seal", "label", ORNAMENT];
    for item in turned.as_ref().unwrap_or(&sheet.items) {
        let run = match item {
            Item::Glyphs(run) if !kit.contains(&run.slot) => run,
            // A rule or a dash that a card's texts have moved must not strike through one of them.
            Item::Fill { shape: Shape::Rect(rect), .. } if rect.h <= RULE && rect.w > rect.h => {
                boxes.push(("rule", *rect));
                continue;
            }
            _ => continue,
        };
        // Digits are as high as capitals, and a stack minds a figure's comma.
        let figure = run.slot == SlotName::Figure.name();
        let (rise, foot) = if figure { (0.0, 0.0) } else { (RISE * run.size, DESCENT * run.size) };
        let whole = |line: Rect| Rect::new(line.x, line.y - rise, line.w, line.h + rise + foot);
        boxes.extend(run.lines(sheet.fonts).into_iter().map(|line| (run.slot, whole(line))));
    }
    Ok(boxes)
}

/// A problem of room, told with a taller size of the same class that has it; any other problem as it is.
pub(super) fn mended(problem: Problem, card: &Card, look: &Look<'_>, fonts: &FontBook) -> Problem {
    if !matches!(problem, Problem::NoRoom | Problem::Outside { .. } | Problem::Overlap { .. }) {
        return problem;
    }
    let fits = |size: CardSize| {
        let choice = SizeChoice { name: size.to_string(), size };
        let taller = Look::new(look.template, &choice, look.brand, fonts);
        taller.is_ok_and(|taller| laid_out(card, &taller, fonts).is_ok())
    };
    match taller(look.size.size).find(|&size| fits(size)) {
        Some(enough) => Problem::TooLow { size: look.size.size, what: Box::new(problem), enough },
        None => problem,
    }
}

/// Taller sizes of a class, lowest first: as wide, or narrower where a side would be too long.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sides are at most 4096"
)]
fn taller(size: CardSize) -> impl Iterator<Item = CardSize> {
    /// By so much a try.
    const STEP: f32 = 1.04;
    let (w, h, class) = (size.width() as f32, size.height() as f32, size.class());
    let heights = std::iter::successors(Some(h * STEP), |h| Some(h * STEP)).take(80);
    heights
        .map_while(move |h| {
            let long = (h / 4096.0).max(1.0);
            CardSize::new((w / long).round() as u32, (h / long).ceil() as u32)
        })
        .take_while(move |size| size.class() == class && class != Class::Story)
}

/// A warning where something on the card is too small to read.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sides are at most 4096"
)]
pub(super) fn illegible(sheet: &Sheet<'_, '_>) -> Option<Diagnostic> {
    let scale = sheet.look.scale();
    let least = if sheet.card.lang == Lang::Zh { LEGIBLE_ZH } else { LEGIBLE };
    let texts = sheet.items.iter().filter_map(|item| match item {
        Item::Glyphs(run) if run.slot != ORNAMENT && run.slot != "logo" => Some((run.slot, run.size * scale)),
        _ => None,
    });
    let (slot, size) = texts.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|&(_, size)| size < least)?;
    let width = (sheet.look.size.size.width() as f32 * least / size).ceil() as u32;
    Some(
        Diagnostic::warning(format!("`{slot}` is set at {size:.1} px on this card, too small to read"))
            .hint(format!("a card of the same shape and {width} px wide sets it at {least} px")),
    )
}
