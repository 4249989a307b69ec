//! Children under each other: every one but the quote is set first, the quote takes the height that is left.
//! Where that is too little a figure gives way.

use super::block::Setting;
use super::error::Problem;
use super::item::{Item, Paint, Shape};
use super::text::{self, Quote, Row};
use super::{PlacedQuote, Sheet, fit, role, slack_above, slot, wrap};
use crate::card::Class;
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

/// What a stack may shrink so that the rest has room; master px.
#[derive(Debug, Clone, Copy)]
struct Allowed {
    /// The figure's greatest height, × what its child says.
    figure: f32,
    /// The translation's greatest size.
    translation: f32,
    /// What sizes and spaces are multiplied by on a canvas that is taller than the master.
    grown: f32,
}

/// A stack's children, set, each with the space above it.
struct Arranged<'a> {
    set: Vec<(f32, Set<'a>)>,
    used: f32,
    quote: Option<(Quote<'a>, Setting)>,
}

/// The figure gives way by so much a try, and no further than this.
const FIGURE_STEP: f32 = 0.92;
const FIGURE_LEAST: f32 = 0.4;
/// A translation is at most this part of the quote's size (the guide asks for 28 to 36 %, its pictures go so far) …
const TRANSLATION: f32 = 0.46;
/// … but no smaller than the smallest text of its class, px.
const TRANSLATION_LEAST: f32 = 20.0;
const TRANSLATION_LEAST_LANDSCAPE: f32 = 17.0;

/// A last line of a translation under this part of its widest is a stub.
const STUB: f32 = 0.3;

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
    let Arranged { set, used, quote } = arrange(stack, width, y1 - y0, sheet)?;
    let quote_height = quote.as_ref().map_or(0.0, |(q, s)| q.block.height(s.size, s.lines.len()));
    let mut y = y0 + (y1 - y0 - used - quote_height).max(0.0) * slack_above(stack.valign, stack.bias);
    for (above, child) in set {
        y += above;
        match (child, &quote) {
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
    Ok(quote.map(|(quote, setting)| quote.report(&setting, None)))
}

/// Sets the children in a box: where the quote does not fit, the figure gives way to it; where the quote is small,
/// the translation stays the second voice.
fn arrange<'a>(
    stack: &StackLayer,
    width: f32,
    height: f32,
    sheet: &mut Sheet<'a, '_>,
) -> Result<Arranged<'a>, Problem> {
    let has_figure = stack.children.iter().any(|c| c.slot == Some(SlotName::Figure));
    let warned = sheet.warnings.len();
    let grown = if stack.grow { growth(height, sheet) } else { 1.0 };
    let mut allowed = Allowed { figure: 1.0, translation: f32::INFINITY, grown };
    let attempt = |allowed: Allowed, sheet: &mut Sheet<'a, '_>| {
        sheet.warnings.truncate(warned);
        set(stack, width, height, allowed, sheet)
    };
    let mut arranged = attempt(allowed, sheet);
    let crowded = |arranged: &Result<Arranged<'_>, Problem>| match arranged {
        Ok(arranged) => arranged.quote.is_none() && arranged.used > height + 1.0,
        Err(problem) => matches!(problem, Problem::QuoteTooLong { .. } | Problem::NoRoom),
    };
    while has_figure && crowded(&arranged) && allowed.figure * FIGURE_STEP >= FIGURE_LEAST {
        allowed.figure *= FIGURE_STEP;
        arranged = attempt(allowed, sheet);
    }
    let arranged = arranged?;
    let Some((_, setting)) = &arranged.quote else { return Ok(arranged) };
    let translation = stack.children.iter().find(|c| c.slot == Some(SlotName::Translation));
    let shown = translation.filter(|_| sheet.shown(SlotName::Translation).is_some());
    let least = match sheet.look.class() {
        Class::Landscape => TRANSLATION_LEAST_LANDSCAPE,
        Class::Square | Class::Story => TRANSLATION_LEAST,
    };
    let most = (TRANSLATION * setting.size).round().max(least);
    match shown.map(|child| sheet.size_of(child.size, child.zh_size)) {
        Some(Size::Fixed(size)) if most < size => attempt(Allowed { translation: most, ..allowed }, sheet),
        _ => Ok(arranged),
    }
}

/// How much a stack grows in a box of this height: as the square root, so that the gain is shared by size and air.
fn growth(height: f32, sheet: &Sheet<'_, '_>) -> f32 {
    let (_, canvas) = sheet.look.canvas();
    let taller = canvas - sheet.look.class().master_height();
    if taller > 0.0 && height > taller { (height / (height - taller)).sqrt() } else { 1.0 }
}

fn set<'a>(
    stack: &StackLayer,
    width: f32,
    height: f32,
    allowed: Allowed,
    sheet: &mut Sheet<'a, '_>,
) -> Result<Arranged<'a>, Problem> {
    let look = sheet.look;
    let mut set: Vec<(f32, Set<'a>)> = Vec::new();
    let mut used = 0.0;
    let mut quote = None;
    // More air below Chinese, added above the next child.
    let mut below = 0.0;
    for child in &stack.children {
        let (placed, height) = if child.slot == Some(SlotName::Quote) {
            let block = text::quote_block(sheet.card, child.role.as_deref(), look, sheet.fonts)?;
            let Size::Fit(floor, top) = sheet.quote_size(child.size, child.zh_size) else { continue };
            // A size that cards share has grown already.
            let grows = sheet.card.type_size.is_none() && allowed.grown > 1.0;
            let top = if grows { (top * allowed.grown).round() } else { top };
            quote = Some((Quote::new(block, sheet.card, look, sheet.fonts)?, (floor, top)));
            (Set::Quote, 0.0)
        } else if let Some(rule) = &child.rule {
            (Set::Rule { h: rule.h, color: look.color(&rule.fill) }, rule.h)
        } else if let Some(row) = row(child, width, allowed, sheet)? {
            let height = row.height();
            (Set::Row(Box::new(row)), height)
        } else {
            continue;
        };
        let above = match set.last() {
            None => 0.0,
            Some((_, before)) => {
                ((child.above + below) * allowed.grown).max(ink_below(before, &placed, width, sheet))
            }
        };
        below = if sheet.card.lang == Lang::Zh { child.zh_below } else { 0.0 };
        used += above + height;
        set.push((above, placed));
    }
    let quote = quote
        .map(|(mut quote, sizes)| {
            quote.fit(sizes, width, height - used, None).map(|setting| (quote, setting))
        })
        .transpose()?;
    Ok(Arranged { set, used, quote })
}

/// What the ink of a figure asks for under its baseline, clear of what stands there: a comma hangs deep.
fn ink_below(figure: &Set<'_>, next: &Set<'_>, width: f32, sheet: &Sheet<'_, '_>) -> f32 {
    /// Between the ink and the next child, × the figure's size.
    const CLEAR: f32 = 0.03;
    let Set::Row(figure) = figure else { return 0.0 };
    let reach = match next {
        Set::Row(row) => row.width(),
        Set::Rule { .. } | Set::Quote => width,
    };
    match figure.ink_below(reach, sheet.fonts) {
        (depth, size) if depth > 0.03 * size => depth + CLEAR * size,
        _ => 0.0,
    }
}

/// A child that is a text but not the quote; `None` where its slot is empty.
fn row<'a>(
    child: &StackChild,
    width: f32,
    allowed: Allowed,
    sheet: &mut Sheet<'a, '_>,
) -> Result<Option<Row<'a>>, Problem> {
    let Some(slot) = child.slot else { return Ok(None) };
    let size = match sheet.size_of(child.size, child.zh_size) {
        Size::Fixed(size) if allowed.grown > 1.0 => Size::Fixed((size * allowed.grown).round()),
        // The figure's grows with its height, below.
        size => size,
    };
    if let (SlotName::Byline, Size::Fixed(size)) = (slot, size) {
        return byline(sheet, size, width, child.lines.max(1), child.between).map(Some);
    }
    let Some(shown) = sheet.shown(slot).filter(|t| !t.trim().is_empty()) else { return Ok(None) };
    // A translation is in the other language.
    let lang = if slot == SlotName::Translation { Lang::of(&shown) } else { sheet.card.lang };
    let mut block = text::small(&shown, slot, child.role.as_deref(), lang, sheet.look, sheet.fonts)?;
    let setting = match size {
        Size::Fit(floor, top) => {
            let top = (top * allowed.figure * allowed.grown).max(floor);
            let height = figure_height(child, sheet) * allowed.figure * allowed.grown;
            let setting = fit::one_line(&block, (floor, top), width, height)?;
            return Ok(Some(Row::Figure { block, setting }));
        }
        Size::Fixed(size) if child.lines == 0 && slot == SlotName::Translation => {
            let size = size.min(allowed.translation);
            let greedy = block.wrapped(size, width).ok_or_else(|| Problem::WordTooWide {
                slot: slot.name(),
                floor: size,
                word: shown.clone(),
            })?;
            // A stub at its end draws the eye: then its lines are made even.
            let last = greedy.lines.last().map_or(0.0, |line| block.line_width(&greedy, line.clone()));
            let even = (last < STUB * block.widest(&greedy))
                .then(|| wrap::narrowest(&block.units, greedy.lines.len(), size, greedy.tracking));
            match even.flatten() {
                Some((_, lines)) => block.setting(size, lines),
                None => greedy,
            }
        }
        Size::Fixed(size) if child.lines == 0 => block
            .wrapped(size, width)
            .ok_or_else(|| Problem::WordTooWide { slot: slot.name(), floor: size, word: shown.clone() })?,
        Size::Fixed(size) => slot::fit(&mut block, size, width, child.lines)?,
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
    let mut name = text::small(&sheet.card.speaker, SlotName::Name, None, lang, sheet.look, sheet.fonts)?;
    let Some(shown) = sheet.shown(SlotName::Role) else {
        let setting = slot::fit(&mut name, size, width, lines)?;
        return Ok(Row::Text { block: name, setting });
    };
    let mut role = text::small(&shown, SlotName::Role, None, lang, sheet.look, sheet.fonts)?;
    let gap = text::BYLINE_GAP.of(lang) * size;
    let (name_line, role_line) = (name.one_line(size), role.one_line(size));
    if name.widest(&name_line) + gap + role.widest(&role_line) <= width {
        return Ok(Row::Byline { name, name_line, role, role_line, gap });
    }
    let name_setting = slot::fit(&mut name, size, width, lines)?;
    let (role, role_setting) = match slot::fit(&mut role, size, width, lines) {
        Ok(setting) => (role, setting),
        Err(refused) => {
            let cut = role::last_title(&shown, lang).ok_or_else(|| refused.clone())?;
            let mut role = text::small(&cut, SlotName::Role, None, lang, sheet.look, sheet.fonts)?;
            let setting = slot::fit(&mut role, size, width, lines).map_err(|_| refused)?;
            sheet.warnings.push(role::cut_warning(&shown, &cut));
            (role, setting)
        }
    };
    Ok(Row::Below { name, name_setting, role, role_setting, between })
}
