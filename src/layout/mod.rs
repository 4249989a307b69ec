//! Where everything is: from a [`Card`] and a [`Look`] to a [`Layout`]. After this stage nobody measures text.
//!
//! Small texts are measured first, because what they need beyond one line lifts what stands on them and takes
//! room from the quote; then the layers are placed, back to front. All is laid out on the class's master and
//! scaled as a whole at the end.

mod block;
mod error;
mod fit;
mod item;
mod logo;
mod prepare;
mod role;
mod shape;
mod slot;
mod text;
mod wrap;

pub use error::{LayoutError, Problem};
pub use item::{Glyph, GlyphRun, Item, Layout, Line, LineEnd, Paint, Shape};

use std::collections::BTreeMap;

use crate::card::Card;
use crate::color::Color;
use crate::diag::{Diagnostic, Warned};
use crate::font::FontBook;
use crate::geom::{Point, Rect};
use crate::lang::Lang;
use crate::look::Look;
use crate::template::schema::{Align, Fill, Layer, RectLayer, Size, SlotName, StackLayer, TextLayer, VAlign};
use block::{Block, Setting};

/// Lays out what every card of a look has in common: the layers before the first that a card can change.
///
/// # Errors
///
/// A kit's seal, label or wordmark that cannot be set.
pub fn ground(look: &Look<'_>, fonts: &FontBook) -> Result<Layout, LayoutError> {
    let mut items = Vec::new();
    for layer in &look.layers()[..fixed(look)] {
        fixed_layer(layer, look, fonts, &mut items).map_err(|problem| LayoutError {
            problem,
            place: format!("kit on `{}` at `{}`", look.template.name(), look.size.name),
        })?;
    }
    Ok(finished(look, items, 0.0, Vec::new()))
}

/// Lays out a card; its items go on top of the look's [`ground`].
///
/// # Errors
///
/// A character that no face has, a text that does not fit.
pub fn layout(card: &Card, look: &Look<'_>, fonts: &FontBook) -> Result<Warned<Layout>, LayoutError> {
    let mut sheet =
        Sheet { card, look, fonts, small: BTreeMap::new(), warnings: Vec::new(), items: Vec::new() };
    sheet.measure_small().map_err(|p| p.on(card))?;
    let mut quote = None;
    for layer in &look.layers()[fixed(look)..] {
        if let Some(placed) = sheet.layer(layer).map_err(|p| p.on(card))? {
            quote = Some(placed);
        }
    }
    let (type_size, lines) = quote.expect("checked on loading: a class has one quote");
    Ok(Warned { output: finished(look, sheet.items, type_size, lines), warnings: sheet.warnings })
}

/// How many layers, from the back, no card changes.
fn fixed(look: &Look<'_>) -> usize {
    let layers = look.layers();
    let of_kit = |when: Option<SlotName>| matches!(when, None | Some(SlotName::Seal | SlotName::Label));
    layers
        .iter()
        .position(|layer| match layer {
            Layer::Rect(rect) => !(rect.lift.is_empty() && of_kit(rect.when)),
            Layer::Path(path) => !(path.lift.is_empty() && of_kit(path.when)),
            Layer::Picture(picture) => !(picture.lift.is_empty() && of_kit(picture.when)),
            Layer::Logo(_) | Layer::Vertical(_) => false,
            Layer::Text(_) | Layer::Stack(_) => true,
        })
        .unwrap_or(layers.len())
}

/// Master to card pixels.
fn finished(look: &Look<'_>, mut items: Vec<Item>, type_size: f32, lines: Vec<Line>) -> Layout {
    let k = look.scale();
    for item in &mut items {
        item.scale(k);
    }
    Layout { size: look.size.size, items, type_size, lines }
}

/// A layer that no card changes.
fn fixed_layer(
    layer: &Layer,
    look: &Look<'_>,
    fonts: &FontBook,
    items: &mut Vec<Item>,
) -> Result<(), Problem> {
    let kit_has = |when: Option<SlotName>| match when {
        Some(SlotName::Seal) => look.brand.seal.is_some(),
        Some(SlotName::Label) => look.brand.label.is_some(),
        _ => true,
    };
    match layer {
        Layer::Rect(rect) if kit_has(rect.when) => rect_items(rect, 0.0, look, items),
        Layer::Path(path) if kit_has(path.when) => {
            let (place, art) = (path.place(), look.template.picture(&path.d));
            let dest = box_of(look.horizontal(place), look.vertical(place, 0.0));
            items.push(Item::Picture { art, dest, color: look.color(&path.fill) });
        }
        Layer::Picture(picture) if kit_has(picture.when) => {
            let (place, art) = (picture.place(), look.template.picture(&picture.src));
            let dest = box_of(look.horizontal(place), look.vertical(place, 0.0));
            items.push(Item::Picture { art, dest, color: Color::rgb(0, 0, 0) });
        }
        Layer::Logo(layer) => items.extend(logo::items(layer, look, fonts)?),
        Layer::Vertical(vertical) => text::vertical(vertical, look, fonts, items)?,
        _ => {}
    }
    Ok(())
}

fn box_of((x0, x1): (f32, f32), (y0, y1): (f32, f32)) -> Rect {
    Rect::new(x0, y0, (x1 - x0).max(0.0), (y1 - y0).max(0.0))
}

fn rect_items(rect: &RectLayer, lifted: f32, look: &Look<'_>, items: &mut Vec<Item>) {
    let place = rect.place();
    let mut area = box_of(look.horizontal(place), look.vertical(place, lifted));
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
    let stops = |stops: &[(f32, String)]| stops.iter().map(|(at, token)| (*at, look.color(token))).collect();
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
        Fill::Radial { center, radius, stops: given } => Paint::Radial {
            center: Point { x: area.x + center[0] * area.w, y: area.y + center[1] * area.h },
            radius: (radius[0] * area.w, radius[1] * area.h),
            stops: stops(given),
        },
    }
}

/// A small text, measured.
struct Small<'a> {
    block: Block<'a>,
    setting: Setting,
}

/// What a quote layer reports: its size and lines.
type PlacedQuote = (f32, Vec<Line>);

/// A card being laid out.
struct Sheet<'a, 'b> {
    card: &'b Card,
    look: &'b Look<'a>,
    fonts: &'b FontBook,
    small: BTreeMap<SlotName, Small<'a>>,
    warnings: Vec<Diagnostic>,
    items: Vec<Item>,
}

impl<'a> Sheet<'a, '_> {
    /// What a slot shows on this card.
    fn shown(&self, slot: SlotName) -> Option<String> {
        let card = self.card;
        match slot {
            SlotName::Quote => Some(card.text.clone()),
            SlotName::Name => Some(card.speaker.clone()),
            SlotName::Role => card.role.as_deref().map(|r| role::on_card(r, card.lang)),
            SlotName::Date => card.date.clone(),
            SlotName::Event => match (&card.event, &card.date) {
                (Some(event), Some(date)) => Some(format!("{event} · {date}")),
                (one, other) => one.clone().or_else(|| other.clone()),
            },
            SlotName::Kicker => card.kicker.clone(),
            SlotName::Translation => card.translation.clone(),
            SlotName::Seal | SlotName::Label => text::of_kit(slot, self.look).map(str::to_owned),
            SlotName::Byline => None,
        }
    }

    /// Measures every small text of the class.
    fn measure_small(&mut self) -> Result<(), Problem> {
        let logo = self.look.layers().iter().find_map(|layer| match layer {
            Layer::Logo(logo) => Some(logo),
            _ => None,
        });
        let logo = logo.map(|l| logo::extent(l, self.look, self.fonts)).transpose()?.flatten();
        for layer in self.look.layers() {
            let Layer::Text(text) = layer else { continue };
            let Size::Fixed(size) = self.size_of(text.size, text.zh_size) else { continue };
            let measure = self.measure(text, logo);
            let lines = text.lines.unwrap_or(match text.slot {
                SlotName::Kicker | SlotName::Date | SlotName::Event => 1,
                _ => 2,
            });
            self.measure_slot(text.slot, text.role.as_deref(), size, measure, lines)?;
        }
        Ok(())
    }

    /// Measures one small text; an empty slot and a kicker that was not asked for may be missing after it.
    fn measure_slot(
        &mut self,
        slot: SlotName,
        role_of_type: Option<&str>,
        size: f32,
        measure: f32,
        lines: usize,
    ) -> Result<(), Problem> {
        let Some(text) = self.shown(slot).filter(|t| !t.trim().is_empty()) else { return Ok(()) };
        let block = text::small(&text, slot, role_of_type, self.card.lang, self.look, self.fonts)?;
        let refused = match slot::fit(&block, size, measure, lines) {
            Ok(setting) => {
                self.small.insert(slot, Small { block, setting });
                return Ok(());
            }
            Err(problem) => problem,
        };
        if slot == SlotName::Kicker && self.card.kicker_is_event {
            self.warnings.push(Diagnostic::warning(format!(
                "event left out, too long for the kicker's place: `{text}`"
            )));
            return Ok(());
        }
        let cut = role::last_title(&text, self.card.lang).filter(|_| slot == SlotName::Role);
        let Some(cut) = cut else { return Err(refused) };
        let block = text::small(&cut, slot, role_of_type, self.card.lang, self.look, self.fonts)?;
        let Ok(setting) = slot::fit(&block, size, measure, lines) else { return Err(refused) };
        self.warnings.push(role::cut_warning(&text, &cut));
        self.small.insert(slot, Small { block, setting });
        Ok(())
    }

    /// The size for this card's language.
    fn size_of(&self, size: Size, zh: Option<Size>) -> Size {
        if self.card.lang == Lang::Zh { zh.unwrap_or(size) } else { size }
    }

    /// Width that a text may take, the logo's clear space left out.
    fn measure(&self, text: &TextLayer, logo: Option<(f32, f32)>) -> f32 {
        let width = text.w.expect("checked on loading: a text has a measure");
        let (x, _) = self.look.horizontal(text.place());
        let (Some(gap), Some((left, right))) = (text.logo_gap, logo) else { return width };
        match text.align {
            Align::Right if left < x => width.min(x - right - gap),
            Align::Left | Align::Center if left > x => width.min(left - gap - x),
            _ => width,
        }
        .max(0.0)
    }

    /// What slots need beyond one line at full size, px.
    #[allow(clippy::cast_precision_loss, reason = "a slot has at most a handful of lines")]
    fn lifted(&self, slots: &[SlotName]) -> f32 {
        slots
            .iter()
            .filter_map(|slot| self.small.get(slot))
            .map(|s| (s.setting.lines.len() - 1) as f32 * s.setting.leading)
            .sum()
    }

    fn has(&self, when: Option<SlotName>) -> bool {
        match when {
            None => true,
            Some(slot @ (SlotName::Seal | SlotName::Label)) => text::of_kit(slot, self.look).is_some(),
            Some(slot) => {
                self.small.contains_key(&slot) || self.shown(slot).is_some_and(|_| slot == SlotName::Quote)
            }
        }
    }

    fn layer(&mut self, layer: &Layer) -> Result<Option<PlacedQuote>, Problem> {
        let look = self.look;
        match layer {
            Layer::Rect(rect) if self.has(rect.when) => {
                let lifted = self.lifted(&rect.lift);
                rect_items(rect, lifted, look, &mut self.items);
            }
            Layer::Path(path) if self.has(path.when) => {
                let (place, art) = (path.place(), look.template.picture(&path.d));
                let dest = box_of(look.horizontal(place), look.vertical(place, self.lifted(&path.lift)));
                self.items.push(Item::Picture { art, dest, color: look.color(&path.fill) });
            }
            Layer::Picture(picture) if self.has(picture.when) => {
                let (place, art) = (picture.place(), look.template.picture(&picture.src));
                let dest = box_of(look.horizontal(place), look.vertical(place, self.lifted(&picture.lift)));
                self.items.push(Item::Picture { art, dest, color: Color::rgb(0, 0, 0) });
            }
            Layer::Logo(_) | Layer::Vertical(_) => fixed_layer(layer, look, self.fonts, &mut self.items)?,
            Layer::Text(text) if self.has(text.when) => return self.text(text),
            Layer::Stack(stack) if self.has(stack.when) => return self.stack(stack).map(Some),
            _ => {}
        }
        Ok(None)
    }

    fn text(&mut self, text: &TextLayer) -> Result<Option<PlacedQuote>, Problem> {
        let (x, _) = self.look.horizontal(text.place());
        let (y0, y1) = self.look.vertical(text.place(), self.lifted(&text.lift));
        if let Size::Fit(floor, top) = self.size_of(text.size, text.zh_size) {
            let width = text.w.expect("checked on loading: a text has a measure");
            let Some(block) = self.fitted_block(text.slot, text.role.as_deref())? else { return Ok(None) };
            let quote = text::Quote::new(block, self.look, self.fonts)?;
            let setting = quote.fit((floor, top), width, y1 - y0)?;
            let height = quote.block.height(setting.size, setting.lines.len());
            let top = y0 + (y1 - y0 - height).max(0.0) * slack_above(text.valign, text.bias);
            quote.place(&setting, x, top, self.look, &mut self.items);
            return Ok(Some((setting.size, quote.block.report(&setting))));
        }
        let Some(Small { block, setting }) = self.small.get(&text.slot) else { return Ok(None) };
        let Size::Fixed(size) = self.size_of(text.size, text.zh_size) else { return Ok(None) };
        // The last baseline is that of a one-line text at full size; more lines grow upwards.
        let baseline = y0 + block.cap * size;
        text::lines(block, setting, x, baseline, text.align, self.look, &mut self.items);
        Ok(None)
    }

    /// The block of a text that is fitted to a box.
    fn fitted_block(&self, slot: SlotName, role_of_type: Option<&str>) -> Result<Option<Block<'a>>, Problem> {
        let Some(shown) = self.shown(slot) else { return Ok(None) };
        if slot == SlotName::Quote {
            text::quote_block(self.card, role_of_type, self.look, self.fonts).map(Some)
        } else {
            text::small(&shown, slot, role_of_type, self.card.lang, self.look, self.fonts).map(Some)
        }
    }

    fn stack(&mut self, stack: &StackLayer) -> Result<PlacedQuote, Problem> {
        let place = stack.place();
        let (x, _) = self.look.horizontal(place);
        let width = stack.w.expect("checked on loading: a stack has a measure");
        let (y0, y1) = self.look.vertical(place, self.lifted(&stack.lift));
        // Every child but the quote is set first; the quote takes what is left.
        let mut set = Vec::new();
        let mut used = 0.0;
        let mut quote = None;
        for child in &stack.children {
            if let Size::Fit(floor, top) = self.size_of(child.size, child.zh_size) {
                let block = text::quote_block(self.card, child.role.as_deref(), self.look, self.fonts)?;
                let above = if set.is_empty() { 0.0 } else { child.above };
                used += above;
                set.push((above, None));
                quote = Some((text::Quote::new(block, self.look, self.fonts)?, (floor, top)));
            } else if let Some(row) = self.stack_row(child, width)? {
                let above = if set.is_empty() { 0.0 } else { child.above };
                used += above + row.height();
                set.push((above, Some(row)));
            }
        }
        let (quote, sizes) = quote.expect("checked on loading: one child of a stack is fitted");
        let setting = quote.fit(sizes, width, y1 - y0 - used)?;
        let height = quote.block.height(setting.size, setting.lines.len());
        let mut y = y0 + (y1 - y0 - used - height).max(0.0) * slack_above(stack.valign, stack.bias);
        for (above, row) in set {
            y += above;
            if let Some(row) = row {
                row.place(x, y, self.look, &mut self.items);
                y += row.height();
            } else {
                quote.place(&setting, x, y, self.look, &mut self.items);
                y += height;
            }
        }
        Ok((setting.size, quote.block.report(&setting)))
    }

    /// A child of one size; `None` where its slot is empty.
    fn stack_row(
        &mut self,
        child: &crate::template::schema::StackChild,
        width: f32,
    ) -> Result<Option<text::Row<'a>>, Problem> {
        let Size::Fixed(size) = self.size_of(child.size, child.zh_size) else { return Ok(None) };
        if child.slot == SlotName::Byline {
            return self.byline(size, width, child.lines.max(1), child.between).map(Some);
        }
        let Some(shown) = self.shown(child.slot).filter(|t| !t.trim().is_empty()) else { return Ok(None) };
        // A translation is in the other language.
        let lang = if child.slot == SlotName::Translation { Lang::of(&shown) } else { self.card.lang };
        let block = text::small(&shown, child.slot, child.role.as_deref(), lang, self.look, self.fonts)?;
        let setting = if child.lines == 0 {
            block.wrapped(size, width).ok_or(Problem::WordTooWide {
                slot: child.slot.name(),
                floor: size,
                word: shown,
            })?
        } else {
            slot::fit(&block, size, width, child.lines)?
        };
        Ok(Some(text::Row::Text { block, setting }))
    }

    /// Name and role on one line while both fit; else the role below the name.
    fn byline(
        &mut self,
        size: f32,
        width: f32,
        lines: usize,
        between: f32,
    ) -> Result<text::Row<'a>, Problem> {
        let lang = self.card.lang;
        let name = text::small(&self.card.speaker, SlotName::Name, None, lang, self.look, self.fonts)?;
        let Some(shown) = self.shown(SlotName::Role) else {
            let setting = slot::fit(&name, size, width, lines)?;
            return Ok(text::Row::Text { block: name, setting });
        };
        let role = text::small(&shown, SlotName::Role, None, lang, self.look, self.fonts)?;
        let gap = text::BYLINE_GAP.of(lang) * size;
        let one_line = |block: &Block<'a>| {
            let units = block.units.len();
            block.setting(size, std::iter::once(0..units).collect())
        };
        let (name_line, role_line) = (one_line(&name), one_line(&role));
        if name.widest(&name_line) + gap + role.widest(&role_line) <= width {
            return Ok(text::Row::Byline { name, name_line, role, role_line, gap });
        }
        let name_setting = slot::fit(&name, size, width, lines)?;
        let (role, role_setting) = match slot::fit(&role, size, width, lines) {
            Ok(setting) => (role, setting),
            Err(refused) => {
                let cut = role::last_title(&shown, lang).ok_or_else(|| refused.clone())?;
                let role = text::small(&cut, SlotName::Role, None, lang, self.look, self.fonts)?;
                let setting = slot::fit(&role, size, width, lines).map_err(|_| refused)?;
                self.warnings.push(role::cut_warning(&shown, &cut));
                (role, setting)
            }
        };
        Ok(text::Row::Below { name, name_setting, role, role_setting, between })
    }
}

fn slack_above(valign: VAlign, bias: f32) -> f32 {
    match valign {
        VAlign::Top => 0.0,
        VAlign::Middle => bias,
        VAlign::Bottom => 1.0,
    }
}
