//! Children under each other: every one but the quote is set first, the quote takes the height that is left.

use super::error::Problem;
use super::item::{Item, Paint, Shape};
use super::text::{self, Quote, Row};
use super::{PlacedQuote, Sheet, fit, role, slack_above, slot};
use crate::color::Color;
use crate::geom::Rect;
use crate::lang::Lang;
use crate::template::schema::{Size, SlotName, StackChild, StackLayer};

/// A child, set.
enum Set<'a> {
    Row(Box<Row<'a>>),
    Rule { h: f32, color: Color },
    Quote,
}

/// Sets a stack; what it reports of the quote, where the quote is one of its children.
pub(super) fn place<'a>(
    stack: &StackLayer,
    sheet: &mut Sheet<'a, '_>,
) -> Result<Option<PlacedQuote>, Problem> {
    let look = sheet.look;
    let layer = stack.place().lacking(sheet.lacks);
    let (x, _) = look.horizontal(layer, sheet.lacks);
    let width = layer.w.expect("checked on loading: a stack has a measure");
    let (y0, y1) = look.vertical(layer, sheet.moved(layer));
    let mut set: Vec<(f32, Set<'a>)> = Vec::new();
    let mut used = 0.0;
    let mut quote = None;
    // More air below Chinese, added above the next child.
    let mut below = 0.0;
    for child in &stack.children {
        let (placed, height) = if child.slot == Some(SlotName::Quote) {
            let block = text::quote_block(sheet.card, child.role.as_deref(), look, sheet.fonts)?;
            let Size::Fit(floor, top) = sheet.quote_size(child.size, child.zh_size) else { continue };
            quote = Some((Quote::new(block, sheet.card, look, sheet.fonts)?, (floor, top)));
            (Set::Quote, 0.0)
        } else if let Some(rule) = &child.rule {
            (Set::Rule { h: rule.h, color: look.color(&rule.fill) }, rule.h)
        } else if let Some(row) = row(child, width, sheet)? {
            let height = row.height();
            (Set::Row(Box::new(row)), height)
        } else {
            continue;
        };
        let above = if set.is_empty() { 0.0 } else { child.above + below };
        below = if sheet.card.lang == Lang::Zh { child.zh_below } else { 0.0 };
        used += above + height;
        set.push((above, placed));
    }
    let fitted = quote
        .map(|(quote, sizes)| quote.fit(sizes, width, y1 - y0 - used, None).map(|setting| (quote, setting)))
        .transpose()?;
    let quote_height = fitted.as_ref().map_or(0.0, |(q, s)| q.block.height(s.size, s.lines.len()));
    let mut y = y0 + (y1 - y0 - used - quote_height).max(0.0) * slack_above(stack.valign, stack.bias);
    for (above, child) in set {
        y += above;
        match (child, &fitted) {
            (Set::Row(row), _) => {
                row.place(x, y, look, sheet.fonts, &mut sheet.items);
                y += row.height();
            }
            (Set::Rule { h, color }, _) => {
                let shape = Shape::Rect(Rect::new(x, y, width, h));
                sheet.items.push(Item::fill(shape, Paint::Solid(color)));
                y += h;
            }
            (Set::Quote, Some((quote, setting))) => {
                quote.place(setting, x, y, look, &mut sheet.items);
                y += quote_height;
            }
            (Set::Quote, None) => {}
        }
    }
    Ok(fitted.map(|(quote, setting)| quote.report(&setting, None)))
}

/// A child that is a text but not the quote; `None` where its slot is empty.
fn row<'a>(child: &StackChild, width: f32, sheet: &mut Sheet<'a, '_>) -> Result<Option<Row<'a>>, Problem> {
    let Some(slot) = child.slot else { return Ok(None) };
    let size = sheet.size_of(child.size, child.zh_size);
    if let (SlotName::Byline, Size::Fixed(size)) = (slot, size) {
        return byline(sheet, size, width, child.lines.max(1), child.between).map(Some);
    }
    let Some(shown) = sheet.shown(slot).filter(|t| !t.trim().is_empty()) else { return Ok(None) };
    // A translation is in the other language.
    let lang = if slot == SlotName::Translation { Lang::of(&shown) } else { sheet.card.lang };
    let block = text::small(&shown, slot, child.role.as_deref(), lang, sheet.look, sheet.fonts)?;
    let setting = match size {
        Size::Fit(floor, top) => {
            let height = figure_height(child, sheet);
            let setting = fit::one_line(&block, (floor, top), width, height)?;
            return Ok(Some(Row::Figure { block, setting }));
        }
        Size::Fixed(size) if child.lines == 0 => block
            .wrapped(size, width)
            .ok_or_else(|| Problem::WordTooWide { slot: slot.name(), floor: size, word: shown.clone() })?,
        Size::Fixed(size) => slot::fit(&block, size, width, child.lines)?,
    };
    Ok(Some(Row::Text { block, setting }))
}

/// How high a figure may stand on this card.
fn figure_height(child: &StackChild, sheet: &Sheet<'_, '_>) -> f32 {
    /// A longer quote needs the room to stay legible, characters.
    const LONG: usize = 200;
    let qualified = sheet.shown(SlotName::Qualifier).is_some_and(|q| !q.is_empty());
    let long = sheet.card.text.chars().count() > LONG;
    let of = |given: Option<f32>, asked: bool| given.filter(|_| asked);
    of(child.max_height_long, long)
        .or(of(child.max_height_qualified, qualified))
        .or(child.max_height)
        .unwrap_or(f32::INFINITY)
}

/// Name and role on one line while both fit; else the role below the name.
fn byline<'a>(
    sheet: &mut Sheet<'a, '_>,
    size: f32,
    width: f32,
    lines: usize,
    between: f32,
) -> Result<Row<'a>, Problem> {
    let lang = sheet.card.lang;
    let name = text::small(&sheet.card.speaker, SlotName::Name, None, lang, sheet.look, sheet.fonts)?;
    let Some(shown) = sheet.shown(SlotName::Role) else {
        let setting = slot::fit(&name, size, width, lines)?;
        return Ok(Row::Text { block: name, setting });
    };
    let role = text::small(&shown, SlotName::Role, None, lang, sheet.look, sheet.fonts)?;
    let gap = text::BYLINE_GAP.of(lang) * size;
    let (name_line, role_line) = (name.one_line(size), role.one_line(size));
    if name.widest(&name_line) + gap + role.widest(&role_line) <= width {
        return Ok(Row::Byline { name, name_line, role, role_line, gap });
    }
    let name_setting = slot::fit(&name, size, width, lines)?;
    let (role, role_setting) = match slot::fit(&role, size, width, lines) {
        Ok(setting) => (role, setting),
        Err(refused) => {
            let cut = role::last_title(&shown, lang).ok_or_else(|| refused.clone())?;
            let role = text::small(&cut, SlotName::Role, None, lang, sheet.look, sheet.fonts)?;
            let setting = slot::fit(&role, size, width, lines).map_err(|_| refused)?;
            sheet.warnings.push(role::cut_warning(&shown, &cut));
            (role, setting)
        }
    };
    Ok(Row::Below { name, name_setting, role, role_setting, between })
}
