//! Where everything is: from a [`Card`] and a [`Look`] to a [`Layout`]. After this stage nobody measures text.
//!
//! Small texts are measured first, because what they need beyond one line lifts what stands on them and takes
//! room from the quote; then the layers are placed, back to front. All is laid out on the class's master and
//! scaled as a whole at the end.

mod block;
mod correction;
mod error;
mod fit;
mod house;
mod item;
mod logo;
mod ornament;
mod photo;
pub(crate) mod prepare;
mod progress;
mod role;
mod room;
mod shape;
mod siblings;
mod slot;
mod stack;
mod standing;
mod text;
mod wrap;

pub use error::{LayoutError, Problem};
pub use item::{Glyph, GlyphRun, Item, Layout, Line, LineEnd, Meaning, Paint, Scrim, Shape};
pub use prepare::Style;
pub use siblings::Siblings;

use std::collections::BTreeMap;

use crate::card::Card;
use crate::color::Color;
use crate::diag::{Diagnostic, Warned};
use crate::font::FontBook;
use crate::geom::Rect;
use crate::lang::Lang;
use crate::look::{Look, Moved};
use crate::template::schema::{Align, GrainLayer, Lacks, Layer, Place, Size, SlotName, TextLayer, VAlign};
use crate::transcript::Figure;
use block::{Block, Setting};

/// Lays out what every card of a look has in common: the layers before the first that a card can change, and the
/// grain over all.
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
    let over = look.layers()[uncovered(look)..].iter().filter_map(|layer| match layer {
        Layer::Grain(layer) => Some(grain(layer, look)),
        _ => None,
    });
    let over = over.collect();
    Ok(Layout { over, ..finished(look, items, PlacedQuote::default()) })
}

/// Lays out a card; its items go on top of the look's [`ground`].
///
/// # Errors
///
/// A character that no face has, a text that does not fit, a size that leaves texts no room.
pub fn layout(card: &Card, look: &Look<'_>, fonts: &FontBook) -> Result<Warned<Layout>, LayoutError> {
    laid_out(card, look, fonts).map_err(|problem| room::mended(problem, card, look, fonts).on(card))
}

fn laid_out(card: &Card, look: &Look<'_>, fonts: &FontBook) -> Result<Warned<Layout>, Problem> {
    let mut sheet = Sheet {
        card,
        look,
        fonts,
        small: BTreeMap::new(),
        lacks: lacks(card, look),
        corrected: correction::place(card, look),
        warnings: Vec::new(),
        items: Vec::new(),
    };
    sheet.measure_small()?;
    let mut quote = None;
    for layer in &look.layers()[fixed(look)..uncovered(look)] {
        if let Some(placed) = sheet.layer(layer)? {
            quote = Some(placed);
        }
    }
    let quote = quote.expect("checked on loading: a class has one quote");
    room::check(&sheet)?;
    sheet.warnings.extend(room::illegible(&sheet));
    sheet.warnings.extend(unshown_translation(card, look));
    let Sheet { mut items, mut warnings, .. } = sheet;
    spread_scrims(&mut items, fonts);
    warnings.extend(house::lacking(card, &items, look, fonts));
    Ok(Warned { output: finished(look, items, quote), warnings })
}

/// The one size for all parts of a quote that runs over several cards, master px: the smallest part's, stepped down
/// by 2 px, at most to 84 %, while a part is ragged.
///
/// # Errors
///
/// A part that cannot be laid out.
pub fn common_size(parts: &[Card], look: &Look<'_>, fonts: &FontBook) -> Result<f32, LayoutError> {
    let laid_out = |size: Option<f32>| {
        let at = |card: &Card| layout(&Card { type_size: size, ..card.clone() }, look, fonts);
        parts.iter().map(|card| at(card).map(|l| l.output)).collect::<Result<Vec<_>, _>>()
    };
    let full = laid_out(None)?.iter().map(|l| l.type_size).fold(f32::INFINITY, f32::min);
    let mut size = full;
    while size >= full * fit::LEAST {
        if laid_out(Some(size))?.iter().all(|l| !l.ragged) {
            return Ok(size);
        }
        size -= fit::STEP;
    }
    Ok(full)
}

/// A warning where a translation was given and stays off the card.
fn unshown_translation(card: &Card, look: &Look<'_>) -> Option<Diagnostic> {
    card.translation.as_ref()?;
    let has_place = look.layers().iter().any(|layer| match layer {
        Layer::Stack(stack) => stack.children.iter().any(|c| c.slot == Some(SlotName::Translation)),
        _ => false,
    });
    if !has_place {
        let told = format!("translation not shown: `{}` has no place for one", card.template);
        return Some(Diagnostic::warning(told).hint("take `shuimo`, which sets it as the second voice"));
    }
    let parted = "translation not shown: the quote runs over several cards";
    card.part.map(|_| Diagnostic::warning(parted).hint("keep it on one with `--carousel never`"))
}

/// What a card lacks: parts that the kit has not, and slots that nobody filled.
fn lacks(card: &Card, look: &Look<'_>) -> Lacks {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|t| t.trim().is_empty());
    let figure = |of: fn(&Figure) -> &String| card.figure.as_ref().is_none_or(|f| of(f).is_empty());
    let corrected = correction::place(card, look);
    let missing = |slot: SlotName| match slot {
        // Whatever else it lacks: the correction stands there.
        slot if Some(slot) == corrected => false,
        SlotName::Role => blank(&card.role),
        SlotName::Date => blank(&card.date),
        SlotName::Event => blank(&card.event) && blank(&card.date),
        SlotName::Kicker => blank(&card.kicker),
        SlotName::Corrected => blank(&card.corrected),
        SlotName::Translation => card.part.is_some() || blank(&card.translation),
        SlotName::Credit => card.photo.as_ref().is_none_or(|p| blank(&p.credit)),
        SlotName::Figure => figure(|f| &f.number),
        SlotName::Unit => figure(|f| &f.unit),
        SlotName::Qualifier => figure(|f| &f.qualifier),
        SlotName::Quote | SlotName::Name | SlotName::Byline => false,
        SlotName::Seal | SlotName::Label | SlotName::Logo => !look.kit_has(slot),
    };
    SlotName::ALL.into_iter().filter(|&slot| missing(slot)).fold(Lacks::default(), Lacks::and)
}

/// How many layers, from the back, no card changes.
fn fixed(look: &Look<'_>) -> usize {
    let layers = look.layers();
    let of_kit = |when: Option<SlotName>| when.is_none_or(SlotName::is_of_kit);
    let moves = |place: Place<'_>| {
        let gives_way = place.without.iter().flat_map(|w| &w.slots).any(|slot| !slot.is_of_kit());
        gives_way || !place.lift.is_empty() || !place.sink.is_empty() || place.counter_lift != 0.0
    };
    layers
        .iter()
        .position(|layer| match layer {
            Layer::Rect(rect) => moves(rect.place()) || !of_kit(rect.when),
            Layer::Ellipse(ellipse) => moves(ellipse.place()) || !of_kit(ellipse.when),
            Layer::Path(path) => moves(path.place()) || !of_kit(path.when),
            Layer::Picture(picture) => moves(picture.place()) || !of_kit(picture.when),
            Layer::Logo(_) | Layer::Vertical(_) | Layer::Ticks(_) | Layer::Corners(_) | Layer::Mark(_) => {
                false
            }
            Layer::Text(_) | Layer::Stack(_) | Layer::Photo(_) | Layer::Grain(_) | Layer::Progress(_) => true,
            Layer::Scrim(_) => true,
        })
        .unwrap_or(layers.len())
}

/// How many layers, from the back, lie under the grain over all.
fn uncovered(look: &Look<'_>) -> usize {
    let over = look.layers().iter().rev().take_while(|layer| matches!(layer, Layer::Grain(_))).count();
    look.layers().len() - over
}

fn grain(layer: &GrainLayer, look: &Look<'_>) -> Item {
    Item::Grain { art: look.template.picture(&layer.src), opacity: layer.opacity }
}

/// Gives each scrim the box of its texts' lines, wherever they have gone; a scrim without a text is taken out.
fn spread_scrims(items: &mut Vec<Item>, fonts: &FontBook) {
    let mut areas = Vec::new();
    for item in &*items {
        let Item::Scrim(scrim) = item else { continue };
        let lines = items.iter().filter_map(|item| match item {
            Item::Glyphs(run) if scrim.slots.contains(&run.slot) => Some(run.lines(fonts)),
            _ => None,
        });
        areas.push(lines.flatten().reduce(|all, line| all.joined(&line)));
    }
    let mut areas = areas.into_iter();
    items.retain_mut(|item| match item {
        Item::Scrim(scrim) => {
            let area = areas.next().flatten();
            scrim.area = area.unwrap_or_default();
            area.is_some()
        }
        _ => true,
    });
}

/// Master to card pixels; a look for text that is read from the right is turned round here, once for all items.
fn finished(look: &Look<'_>, mut items: Vec<Item>, quote: PlacedQuote) -> Layout {
    let k = look.scale();
    for item in &mut items {
        if look.is_turned() {
            item.turn_round(look.canvas().0);
        }
        item.scale(k);
    }
    let PlacedQuote { type_size, lines, ragged } = quote;
    Layout { size: look.size.size, items, over: Vec::new(), type_size, lines, ragged }
}

/// A layer that no card changes.
fn fixed_layer(
    layer: &Layer,
    look: &Look<'_>,
    fonts: &FontBook,
    items: &mut Vec<Item>,
) -> Result<(), Problem> {
    let drawn = |when: Option<SlotName>| when.is_none_or(|slot| !slot.is_of_kit() || look.kit_has(slot));
    let still = Moved { lacks: look.kit_lacks(), ..Moved::default() };
    match layer {
        Layer::Rect(rect) if drawn(rect.when) => ornament::rect(rect, still, look, items),
        Layer::Ellipse(ellipse) if drawn(ellipse.when) => ornament::ellipse(ellipse, still, look, items),
        Layer::Path(path) if drawn(path.when) => ornament::path(path, still, look, items),
        Layer::Picture(picture) if drawn(picture.when) => ornament::picture(picture, still, look, items),
        Layer::Ticks(ticks) => ornament::ticks(ticks, look, items),
        Layer::Corners(corners) => ornament::corners(corners, look, items),
        Layer::Mark(mark) => ornament::mark(mark, look, fonts, items)?,
        Layer::Logo(layer) => items.extend(logo::items(layer, look, fonts)?),
        Layer::Vertical(vertical) => text::vertical(vertical, look, fonts, items)?,
        _ => {}
    }
    Ok(())
}

/// A small text, measured.
struct Small<'a> {
    block: Block<'a>,
    setting: Setting,
    /// What stands on it is lifted by so much beside what its lines need.
    reserve: f32,
}

/// What a quote layer reports.
#[derive(Debug, Default)]
struct PlacedQuote {
    type_size: f32,
    lines: Vec<Line>,
    ragged: bool,
}

/// A card being laid out.
struct Sheet<'a, 'b> {
    card: &'b Card,
    look: &'b Look<'a>,
    fonts: &'b FontBook,
    small: BTreeMap<SlotName, Small<'a>>,
    /// What is not on the card: parts that the kit has not, and slots without text.
    lacks: Lacks,
    /// Which slot says that the card was corrected; `None` where it was not.
    corrected: Option<SlotName>,
    warnings: Vec<Diagnostic>,
    items: Vec<Item>,
}

impl<'a> Sheet<'a, '_> {
    /// What a slot shows on this card.
    fn shown(&self, slot: SlotName) -> Option<String> {
        let card = self.card;
        if self.corrected == Some(slot) {
            return correction::shown(slot, card);
        }
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
            SlotName::Corrected => card.corrected.clone(),
            // A part says what a part says: the translation is of the whole.
            SlotName::Translation => card.translation.clone().filter(|_| card.part.is_none()),
            SlotName::Seal | SlotName::Label => text::of_kit(slot, self.look).map(str::to_owned),
            SlotName::Byline | SlotName::Logo => None,
            SlotName::Credit => card.photo.as_ref().and_then(|p| p.credit.clone()),
            SlotName::Figure => card.figure.as_ref().map(|f| f.number.clone()),
            SlotName::Unit => card.figure.as_ref().map(|f| f.unit.clone()),
            SlotName::Qualifier => card.figure.as_ref().map(|f| f.qualifier.clone()),
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
            let measure = self.measure(text, logo)?;
            let lines = text.lines.unwrap_or(match text.slot {
                SlotName::Kicker
                | SlotName::Corrected
                | SlotName::Date
                | SlotName::Event
                | SlotName::Credit => 1,
                _ => 2,
            });
            self.measure_slot(text, size, measure, lines)?;
        }
        Ok(())
    }

    /// Measures one small text; an empty slot and a kicker that was not asked for may be missing after it.
    fn measure_slot(
        &mut self,
        text_layer: &TextLayer,
        size: f32,
        measure: f32,
        lines: usize,
    ) -> Result<(), Problem> {
        let (slot, role_of_type) = (text_layer.slot, text_layer.role.as_deref());
        let Some(text) = self.shown(slot).filter(|t| !t.trim().is_empty()) else { return Ok(()) };
        let mut block = text::small(&text, slot, role_of_type, self.card.lang, self.look, self.fonts)?;
        let refused = match slot::fit(&mut block, size, measure, lines) {
            Ok(setting) => {
                self.small.insert(slot, Small { block, setting, reserve: text_layer.reserve });
                return Ok(());
            }
            Err(problem) => problem,
        };
        if slot == SlotName::Kicker && self.card.kicker_is_event && self.corrected != Some(slot) {
            self.warnings.push(Diagnostic::warning(format!(
                "event left out, too long for the kicker's place: `{text}`"
            )));
            self.lacks = self.lacks.and(SlotName::Kicker);
            return Ok(());
        }
        let cut = role::last_title(&text, self.card.lang).filter(|_| slot == SlotName::Role);
        let Some(cut) = cut else { return Err(refused) };
        let mut block = text::small(&cut, slot, role_of_type, self.card.lang, self.look, self.fonts)?;
        let Ok(setting) = slot::fit(&mut block, size, measure, lines) else { return Err(refused) };
        self.warnings.push(role::cut_warning(&text, &cut));
        self.small.insert(slot, Small { block, setting, reserve: text_layer.reserve });
        Ok(())
    }

    /// The size for this card's language.
    fn size_of(&self, size: Size, zh: Option<Size>) -> Size {
        if self.card.lang == Lang::Zh { zh.unwrap_or(size) } else { size }
    }

    /// A line or two of English: the guide sets it at the top of the range, so it does not shrink to keep to a grid.
    fn is_short(&self) -> bool {
        const SHORT: usize = 80;
        self.card.lang == Lang::En && crate::select::chars(&self.card.text) <= SHORT
    }

    /// The size for this card's language, or the one that it shares with other cards.
    fn quote_size(&self, size: Size, zh: Option<Size>) -> Size {
        match (self.size_of(size, zh), self.card.type_size) {
            (Size::Fit(..), Some(shared)) => Size::Fit(shared, shared),
            (size, _) => size,
        }
    }

    /// Width that a text may take, the logo's clear space left out.
    fn measure(&self, text: &TextLayer, logo: Option<(f32, f32)>) -> Result<f32, Problem> {
        let counter = progress::gap(text.counter_gap, self)?;
        let place = text.place().lacking(self.lacks);
        let width = place.w.expect("checked on loading: a text has a measure") - counter;
        let (x, _) = self.look.horizontal(place, self.lacks);
        let (Some(gap), Some((left, right))) = (text.logo_gap, logo) else { return Ok(width) };
        let clear = match text.align_lacking(self.lacks) {
            Align::Right if left < x => width.min(x - right - gap),
            Align::Left | Align::Center if left > x => width.min(left - gap - x),
            _ => width,
        };
        Ok(clear.max(0.0))
    }

    /// What slots need beyond one line at full size, px.
    #[allow(clippy::cast_precision_loss, reason = "a slot has at most a handful of lines")]
    fn lifted(&self, slots: &[SlotName]) -> f32 {
        slots
            .iter()
            .filter_map(|slot| self.small.get(slot))
            .map(|s| (s.setting.lines.len() - 1) as f32 * s.setting.leading + s.reserve)
            .sum()
    }

    /// What this card's texts do to the place of a layer.
    fn moved(&self, place: Place<'_>) -> Moved {
        let counter = if self.card.has_counter() { place.counter_lift } else { 0.0 };
        Moved {
            up: self.lifted(place.lift) + counter,
            down: self.lifted(place.sink) / 2.0,
            lacks: self.lacks,
        }
    }

    /// The cap height of a small text's first line.
    fn top_of(&self, slot: SlotName) -> Option<f32> {
        let small = self.small.get(&slot)?;
        let layer = self.look.layers().iter().find_map(|layer| match layer {
            Layer::Text(text) if text.slot == slot => Some(text),
            _ => None,
        })?;
        let Size::Fixed(size) = self.size_of(layer.size, layer.zh_size) else { return None };
        let (y, _) = self.look.vertical(layer.place(), self.moved(layer.place()));
        let baseline = y + small.block.cap * size;
        Some(baseline - small.block.height(small.setting.size, small.setting.lines.len()))
    }

    fn has(&self, when: Option<SlotName>) -> bool {
        match when {
            None => true,
            Some(slot) if slot.is_of_kit() => self.look.kit_has(slot),
            Some(slot) => {
                self.small.contains_key(&slot) || self.shown(slot).is_some_and(|_| slot == SlotName::Quote)
            }
        }
    }

    fn layer(&mut self, layer: &Layer) -> Result<Option<PlacedQuote>, Problem> {
        let look = self.look;
        match layer {
            Layer::Rect(rect) if self.has(rect.when) => {
                ornament::rect(rect, self.moved(rect.place()), look, &mut self.items);
            }
            Layer::Ellipse(ellipse) if self.has(ellipse.when) => {
                ornament::ellipse(ellipse, self.moved(ellipse.place()), look, &mut self.items);
            }
            Layer::Path(path) if self.has(path.when) => {
                ornament::path(path, self.moved(path.place()), look, &mut self.items);
            }
            Layer::Picture(picture) if self.has(picture.when) => {
                ornament::picture(picture, self.moved(picture.place()), look, &mut self.items);
            }
            Layer::Photo(layer) => photo::place(layer, self.moved(layer.place()), self)?,
            Layer::Grain(layer) => self.items.push(grain(layer, look)),
            Layer::Scrim(layer) => self.items.push(Item::Scrim(Scrim {
                slots: layer.slots.iter().map(|slot| slot.name()).collect(),
                area: Rect::default(),
                color: Color { a: 255, ..look.color(&layer.color) },
                soft: layer.soft,
                most: layer.most,
                opacity: 0.0,
            })),
            Layer::Progress(layer) => progress::place(layer, self.moved(layer.place()), self)?,
            Layer::Logo(_) | Layer::Vertical(_) | Layer::Ticks(_) | Layer::Corners(_) | Layer::Mark(_) => {
                fixed_layer(layer, look, self.fonts, &mut self.items)?
            }
            Layer::Text(text) if self.has(text.when) => return self.text(text),
            Layer::Stack(stack) if self.has(stack.when) => return stack::place(stack, self),
            _ => {}
        }
        Ok(None)
    }

    fn text(&mut self, text: &TextLayer) -> Result<Option<PlacedQuote>, Problem> {
        let (x, _) = self.look.horizontal(text.place(), self.lacks);
        let (y0, mut y1) = self.look.vertical(text.place(), self.moved(text.place()));
        if let Some((clear, top)) = text.clear.as_ref().and_then(|c| Some((c, self.top_of(c.slot)?))) {
            y1 = y1.min(top - clear.gap);
        }
        if let Size::Fit(floor, top) = self.quote_size(text.size, text.zh_size) {
            let width = text.place().lacking(self.lacks).w;
            let width = width.expect("checked on loading: a text has a measure");
            let Some(block) = self.fitted_block(text.slot, text.role.as_deref())? else { return Ok(None) };
            let mut quote = text::Quote::new(block, self.card, self.look, self.fonts)?;
            let grid = (text.grid && !self.is_short()).then_some(y0);
            let setting = quote.fit((floor, top), width, y1 - y0, grid)?;
            let height = quote.block.height(setting.size, setting.lines.len());
            let top = y0 + (y1 - y0 - height).max(0.0) * slack_above(text.valign, text.bias);
            quote.place(&setting, x, top, self.look, &mut self.items);
            return Ok(Some(quote.report(&setting, grid)));
        }
        let Some(Small { block, setting, .. }) = self.small.get(&text.slot) else { return Ok(None) };
        let Size::Fixed(size) = self.size_of(text.size, text.zh_size) else { return Ok(None) };
        // The last baseline is that of a one-line text at full size; more lines grow upwards.
        let baseline = y0 + block.cap * size;
        let align = text.align_lacking(self.lacks);
        text::lines(block, setting, x, baseline, align, self.look, &mut self.items);
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
}

fn slack_above(valign: VAlign, bias: f32) -> f32 {
    match valign {
        VAlign::Top => 0.0,
        VAlign::Middle => bias,
        VAlign::Bottom => 1.0,
    }
}
