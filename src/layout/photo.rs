//! The speaker's photograph: which part of it is shown, or the initials in its place.

use super::error::Problem;
use super::item::{Item, Paint, Shape};
use super::{Sheet, ornament, text};
use crate::card::Photo;
use crate::geom::Rect;
use crate::look::Moved;
use crate::template::schema::{Align, Initials, PhotoLayer, SlotName};

/// A round headshot shows so much of the photograph's shorter side: the face takes two thirds of it.
const HEADSHOT: f32 = 0.625;

pub(super) fn place(layer: &PhotoLayer, moved: Moved, sheet: &mut Sheet<'_, '_>) -> Result<(), Problem> {
    let dest = ornament::area(layer.place(), moved, sheet.look);
    let Some(photo) = &sheet.card.photo else {
        return match &layer.initials {
            Some(initials) => put_initials(initials, dest, sheet),
            None => Err(Problem::NoPhoto),
        };
    };
    // The frame is turned round with the card, what is in it is not.
    let at = if sheet.look.is_turned() { [1.0 - layer.at[0], layer.at[1]] } else { layer.at };
    let (width, height) = photo.art.size();
    let crop = if layer.circle {
        headshot(photo, at)
    } else {
        cover(Rect::new(0.0, 0.0, width, height), photo.focus, at, dest)
    };
    // The house's tone takes the place of another one, not of a photograph's own colours.
    let tone = match &sheet.look.brand.tone {
        house if !house.is_empty() && !layer.tone.is_empty() => house.clone(),
        _ => layer.tone.iter().map(|(at, token)| (*at, sheet.look.color(token))).collect(),
    };
    sheet.items.push(Item::Photo {
        art: photo.art.clone(),
        crop,
        dest,
        circle: layer.circle,
        tone,
        opacity: 1.0,
    });
    Ok(())
}

/// The largest part of a picture that has the frame's shape and brings its `focus` to `at` (both as fractions), as far
/// as the picture reaches.
pub(super) fn cover(whole: Rect, focus: [f32; 2], at: [f32; 2], frame: Rect) -> Rect {
    let scale = (frame.w / whole.w).max(frame.h / whole.h);
    let (w, h) = (frame.w / scale, frame.h / scale);
    let start = |size: f32, part: f32, focus: f32, at: f32| {
        (focus * size - at * part).clamp(0.0, (size - part).max(0.0))
    };
    Rect::new(start(whole.w, w, focus[0], at[0]), start(whole.h, h, focus[1], at[1]), w, h)
}

/// A square round the face.
fn headshot(photo: &Photo, at: [f32; 2]) -> Rect {
    let (width, height) = photo.art.size();
    let side = HEADSHOT * width.min(height);
    let start = |size: f32, eyes: f32, at: f32| (eyes * size - at * side).clamp(0.0, size - side);
    Rect::new(start(width, photo.focus[0], at[0]), start(height, photo.focus[1], at[1]), side, side)
}

fn put_initials(initials: &Initials, dest: Rect, sheet: &mut Sheet<'_, '_>) -> Result<(), Problem> {
    let look = sheet.look;
    let paint = Paint::Solid(look.color(&initials.fill));
    sheet.items.push(Item::fill(Shape::Ellipse(dest), paint));
    let letters = of(&sheet.card.speaker);
    let block =
        text::small(&letters, SlotName::Name, Some(&initials.role), sheet.card.lang, look, sheet.fonts)?;
    let setting = block.one_line(initials.size);
    // Centred by cap height.
    let baseline = dest.y + (dest.h + block.cap * initials.size) / 2.0;
    text::lines(&block, &setting, dest.x + dest.w / 2.0, baseline, Align::Center, look, &mut sheet.items);
    Ok(())
}

/// First letters of the first and last name; of a Chinese name its last two hanzi, as it is used among friends.
fn of(name: &str) -> String {
    if name.chars().all(crate::lang::is_hanzi) {
        let hanzi: Vec<char> = name.chars().collect();
        return hanzi[hanzi.len().saturating_sub(2)..].iter().collect();
    }
    let mut words = name.split_whitespace().filter_map(|w| w.chars().find(|c| c.is_alphabetic()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names() {
        for (name, initials) in
            [("Lu Zhiheng", "LZ"), ("Ana María de la Cruz", "AC"), ("陆之恒", "之恒"), ("Madonna", "M")]
        {
            assert_eq!(of(name), initials);
        }
    }
}
