//! Will somebody see what was meant? Keys that are read by nobody, texts that lie where they cannot be read.
//!
//! These are warnings: such a template renders. Only a text that lies outside the card is an error, since its words
//! would be cut.

use std::collections::BTreeSet;
use std::ops::Range;

use super::document::{Report, Site};
use super::{ClassParts, Parts, lists};
use crate::card::{Class, SIZES};
use crate::template::schema::{
    Align, Edge, Layer, Place, Size, SlotName, Span, StackChild, StackLayer, TextLayer, VAlign,
};

/// On a story the platforms cover what lies above this, master px from the top.
const SAFE_TOP: f32 = 250.0;
/// And what lies below this, master px from the bottom.
const SAFE_BOTTOM: f32 = 340.0;
/// The height of capitals, em: what a line is seen to take. That of our faces is 0.66 to 0.72.
const CAPS: f32 = 0.7;
/// A hair outside is rounding.
const HAIR: f32 = 0.5;

/// Looks at every class.
pub fn check(parts: &Parts<'_, '_>, report: &mut Report<'_>) {
    for class in &parts.classes {
        let mut sense = Sense { class, report };
        sense.layers();
        sense.attribution();
        sense.boxes();
    }
    roles_of_quotes(parts, report);
}

/// Marks and keywords are the quote's; on another role of type nobody reads them.
fn roles_of_quotes(parts: &Parts<'_, '_>, report: &mut Report<'_>) {
    if !parts.classes.iter().all(ClassParts::is_whole) {
        return;
    }
    let mut quoted = BTreeSet::new();
    for (layer, _) in parts.classes.iter().flat_map(ClassParts::good) {
        let of = |role: Option<&str>| role.unwrap_or(SlotName::Quote.name()).to_owned();
        match layer {
            Layer::Text(text) if text.slot == SlotName::Quote => quoted.extend([of(text.role.as_deref())]),
            Layer::Stack(stack) => {
                let quotes = stack.children.iter().filter(|c| c.slot == Some(SlotName::Quote));
                quoted.extend(quotes.map(|c| of(c.role.as_deref())));
            }
            _ => {}
        }
    }
    for (name, (_, site)) in parts.types.iter().filter(|(name, _)| !quoted.contains(*name)) {
        for key in ["marks", "keyword"].into_iter().filter(|key| site.has(key)) {
            let message = format!("`{key}` is for the quote, and no quote is set in `[type.{name}]`");
            report.warning(site.key(key), message, Some(format!("leave `{key}` out")));
        }
    }
}

struct Sense<'a, 'r, 'd, 't> {
    class: &'a ClassParts<'d, 't>,
    report: &'a mut Report<'r>,
}

impl Sense<'_, '_, '_, '_> {
    /// Tells of keys that are written and not read.
    fn ignored(&mut self, site: &Site<'_, '_>, keys: &[&str], by: &str) {
        for key in keys.iter().filter(|key| site.has(key)) {
            let message = format!("`{key}` is not read by {by}");
            self.report.warning(site.key(key), message, Some(format!("leave `{key}` out")));
        }
    }

    fn layers(&mut self) {
        let class = self.class;
        let fillable = Fillable::of(class);
        let mut logos = 0;
        let mut texts = BTreeSet::new();
        for (layer, site) in class.good() {
            self.place(layer, site);
            self.slots_named(site, &fillable);
            match layer {
                Layer::Rect(rect) => self.stroke(site, rect.stroke.is_some(), rect.stroke_width),
                Layer::Ellipse(ellipse) => self.stroke(site, ellipse.stroke.is_some(), ellipse.stroke_width),
                Layer::Photo(_) => self.ignored(site, &["when"], "a `photo`"),
                Layer::Progress(_) => self.ignored(site, &["h", "when"], "`progress`"),
                Layer::Logo(_) => {
                    logos += 1;
                    if logos == 2 {
                        let message = "a second logo: texts with `logo_gap` mind the first only";
                        self.report.warning(site.value("kind"), message.to_owned(), None);
                    }
                }
                Layer::Text(text) => {
                    self.text(text, site);
                    if !texts.insert(text.slot) {
                        let message = format!("`{}` stands in two texts of a class", text.slot.name());
                        let hint = "both would be set as the last of them: leave one out".to_owned();
                        self.report.warning(site.value("slot"), message, Some(hint));
                    }
                }
                Layer::Stack(stack) => self.stack(stack, site),
                _ => {}
            }
        }
    }

    fn place(&mut self, layer: &Layer, site: &Site<'_, '_>) {
        let Some(place) = place_of(layer) else { return };
        if matches!(place.x, Some(Span::Between(..))) {
            self.ignored(site, &["w"], "a layer with both edges of `x`");
        }
        if matches!(place.y, Some(Span::Between(..))) {
            self.ignored(site, &["h"], "a layer with both edges of `y`");
        }
        let bottom = |edge: Edge| matches!(edge, Edge::Px(v) if v < 0.0);
        let counts_from_bottom = match place.y {
            Some(Span::At(y)) => y < 0.0,
            Some(Span::Between(a, b)) => bottom(a) || bottom(b),
            None => false,
        };
        if !counts_from_bottom {
            for key in ["lift", "counter_lift"].into_iter().filter(|key| site.has(key)) {
                let message = format!("`{key}` moves nothing: no edge of `y` counts from the bottom");
                let hint = "write the edge as a negative number, or leave the key out".to_owned();
                self.report.warning(site.key(key), message, Some(hint));
            }
        }
    }

    /// Slots that a layer waits for, and that nothing fills.
    fn slots_named(&mut self, site: &Site<'_, '_>, fillable: &Fillable) {
        if !self.class.is_whole() {
            return;
        }
        let mut named: Vec<(&str, String, Range<usize>, bool)> = Vec::new();
        for key in ["lift", "sink"] {
            let slots = site.list(key).into_iter();
            named
                .extend(slots.filter_map(|s| Some((key, s.get_ref().as_str()?.to_owned(), s.span(), false))));
        }
        let when =
            site.get("when").and_then(|s| Some(("when", s.get_ref().as_str()?.to_owned(), s.span(), true)));
        named.extend(when);
        if let Some(clear) = site.table("clear") {
            let slot = clear.get("slot").and_then(|s| Some(s.get_ref().as_str()?.to_owned()));
            named.extend(slot.map(|slot| ("clear", slot, clear.value("slot"), false)));
        }
        for (key, slot, at, kit_too) in named {
            if !(fillable.small.contains(&*slot) || kit_too && fillable.kit.contains(&&*slot)) {
                let message = format!("`{key}` waits for `{slot}`, which no text of one size shows here");
                let small: Vec<&str> = fillable.small.iter().map(String::as_str).collect();
                let hint = if small.is_empty() {
                    "this class has no text of one size yet".to_owned()
                } else {
                    format!("texts of one size of this class: {}", lists(&small))
                };
                self.report.warning(at, message, Some(hint));
            }
        }
    }

    fn stroke(&mut self, site: &Site<'_, '_>, has_color: bool, width: f32) {
        if has_color != (width > 0.0) {
            let (there, missing) =
                if has_color { ("stroke", "stroke_width") } else { ("stroke_width", "stroke") };
            let message = format!("`{there}` draws nothing without `{missing}`");
            self.report.warning(site.key(there), message, Some(format!("add `{missing}`, or leave it out")));
        }
    }

    fn text(&mut self, text: &TextLayer, site: &Site<'_, '_>) {
        self.ignored(site, &["h"], "a text");
        if matches!(text.size, Size::Fit(..)) {
            let keys = ["align", "logo_gap", "counter_gap", "lines", "reserve"];
            self.ignored(site, &keys, "a text with a range of sizes");
        } else {
            self.ignored(site, &["valign", "bias", "clear", "grid"], "a text of one size");
        }
        self.bias(site, text.valign);
    }

    fn bias(&mut self, site: &Site<'_, '_>, valign: VAlign) {
        if valign != VAlign::Middle {
            self.ignored(site, &["bias"], "anything but `valign = \"middle\"`");
        }
    }

    fn stack(&mut self, stack: &StackLayer, site: &Site<'_, '_>) {
        self.ignored(site, &["h"], "a stack");
        self.bias(site, stack.valign);
        for (child, value) in stack.children.iter().zip(site.list("child")) {
            let Some(site) = Site::of(value) else { continue };
            self.child(child, &site);
        }
    }

    fn child(&mut self, child: &StackChild, site: &Site<'_, '_>) {
        let of_rule = ["type", "size", "zh_size", "lines", "between"];
        let of_figure = ["max_height", "max_height_qualified", "max_height_long"];
        match child.slot {
            None => {
                self.ignored(site, &of_rule, "a rule");
                self.ignored(site, &of_figure, "a rule");
            }
            Some(slot) => {
                if slot != SlotName::Figure {
                    self.ignored(site, &of_figure, "anything but a `figure`");
                }
                if slot == SlotName::Byline {
                    self.ignored(site, &["type"], "a `byline`");
                } else {
                    self.ignored(site, &["between"], "anything but a `byline`");
                }
                if matches!(slot, SlotName::Quote | SlotName::Figure) {
                    self.ignored(site, &["lines"], "a child with a range of sizes");
                }
            }
        }
    }

    /// A card travels alone: who said it, and when, stands on it.
    fn attribution(&mut self) {
        if !self.class.is_whole() {
            return;
        }
        let mut shown = BTreeSet::new();
        for (layer, _) in self.class.good() {
            match layer {
                Layer::Text(text) => shown.extend([text.slot]),
                Layer::Stack(stack) => shown.extend(stack.children.iter().filter_map(|c| c.slot)),
                _ => {}
            }
        }
        let wanted = [
            ("name", [SlotName::Name, SlotName::Byline]),
            ("role", [SlotName::Role, SlotName::Byline]),
            ("date", [SlotName::Date, SlotName::Event]),
        ];
        for (what, _) in wanted.into_iter().filter(|(_, any)| !any.iter().any(|slot| shown.contains(slot))) {
            let message = format!("`{}` shows no {what}: a card travels alone", self.class.class.name());
            let hint = format!("add a text with `slot = \"{what}\"`");
            self.report.warning(self.class.site.span(), message, Some(hint));
        }
    }

    /// Where texts lie on the master, at one line each.
    fn boxes(&mut self) {
        let (width, height) = canvas(self.class.class);
        let mut boxes: Vec<TextBox> = Vec::new();
        for (layer, site) in self.class.good() {
            let Some(found) = TextBox::of(layer, site, width, height) else { continue };
            if found.x.start < -HAIR || found.x.end > width + HAIR {
                let message = format!(
                    "this text reaches from {:.0} to {:.0} px across, and the card from 0 to {width:.0}",
                    found.x.start, found.x.end
                );
                let hint = "make `w` smaller, or move `x`".to_owned();
                self.report.error(site.key("x"), message, Some(hint));
            } else if found.y.start >= found.y.end {
                let message = "this box has no height on the class's own card".to_owned();
                let hint = "the second edge of `y` lies below the first; negative counts from the bottom";
                self.report.error(site.key("y"), message, Some(hint.to_owned()));
            } else if found.y.start < -HAIR || found.y.end > height + HAIR {
                let message = format!(
                    "this text reaches from {:.0} to {:.0} px down, and the card from 0 to {height:.0}",
                    found.y.start, found.y.end
                );
                self.report.error(site.key("y"), message, Some("move `y`".to_owned()));
            } else if self.class.class == Class::Story
                && (found.y.start < SAFE_TOP - HAIR || found.y.end > height - SAFE_BOTTOM + HAIR)
            {
                let message = "this text lies where the platforms cover a story".to_owned();
                let hint = format!("keep it between `y = {SAFE_TOP}` and `y = -{SAFE_BOTTOM}`");
                self.report.warning(site.key("y"), message, Some(hint));
            }
            boxes.push(found);
        }
        for (i, below) in boxes.iter().enumerate() {
            for above in boxes[i + 1..].iter().filter(|above| above.meets(below)) {
                let message = format!("`{}` stands on `{}`, at one line each", above.name, below.name);
                let hint = "move one of them, or make its box smaller".to_owned();
                self.report.warning(above.at.clone(), message, Some(hint));
            }
        }
    }
}

/// What a layer can wait for.
struct Fillable {
    small: BTreeSet<String>,
    kit: [&'static str; 3],
}

impl Fillable {
    fn of(class: &ClassParts<'_, '_>) -> Self {
        let small = class.good().filter_map(|(layer, _)| match layer {
            Layer::Text(text) if matches!(text.size, Size::Fixed(_)) => Some(text.slot.name().to_owned()),
            _ => None,
        });
        Self {
            small: small.collect(),
            kit: [SlotName::Seal.name(), SlotName::Label.name(), SlotName::Logo.name()],
        }
    }
}

/// Width and height of the card that a class is drawn on.
fn canvas(class: Class) -> (f32, f32) {
    let named = SIZES.iter().find(|row| row.name == class.name()).expect("each class has a size of its name");
    #[allow(clippy::cast_precision_loss, reason = "sides are at most 4096")]
    let height = named.size.height() as f32 / named.size.scale();
    (class.master_width(), height)
}

/// Where a text lies, px.
struct TextBox {
    name: &'static str,
    x: Range<f32>,
    y: Range<f32>,
    /// A slot that it keeps clear of by itself.
    clear: Option<&'static str>,
    at: Range<usize>,
}

impl TextBox {
    fn of(layer: &Layer, site: &Site<'_, '_>, width: f32, height: f32) -> Option<Self> {
        let from = |v: f32, whole: f32| if v < 0.0 { whole + v } else { v };
        let edge = |edge: Edge, whole: f32| match edge {
            Edge::Px(v) => from(v, whole),
            Edge::Name(_) => whole,
        };
        let both = |span: Option<Span>, length: f32, whole: f32| match span {
            Some(Span::Between(a, b)) => edge(a, whole)..edge(b, whole),
            Some(Span::At(v)) => from(v, whole)..from(v, whole) + length,
            None => 0.0..whole,
        };
        let at = site.key("y");
        match layer {
            Layer::Text(text) => {
                let Some(Span::At(x)) = text.x else { return None };
                let (x, w) = (from(x, width), text.w?);
                let align = if matches!(text.size, Size::Fit(..)) { Align::Left } else { text.align };
                let left = match align {
                    Align::Left => x,
                    Align::Center => x - w / 2.0,
                    Align::Right => x - w,
                };
                let line = match text.size {
                    Size::Fixed(size) => size * CAPS,
                    Size::Fit(..) => 0.0,
                };
                Some(Self {
                    name: text.slot.name(),
                    x: left..left + w,
                    y: both(text.y, line, height),
                    clear: text.clear.as_ref().map(|clear| clear.slot.name()),
                    at,
                })
            }
            Layer::Stack(stack) => Some(Self {
                name: "stack",
                x: both(stack.x, stack.w?, width),
                y: both(stack.y, 0.0, height),
                clear: None,
                at,
            }),
            _ => None,
        }
    }

    /// Do both lie on the same place? Measures of texts in a row may overlap a little, since each ends somewhere.
    fn meets(&self, other: &Self) -> bool {
        if self.clear == Some(other.name) || other.clear == Some(self.name) {
            return false;
        }
        let shared = |a: &Range<f32>, b: &Range<f32>| a.end.min(b.end) - a.start.max(b.start);
        let narrower = (self.x.end - self.x.start).min(other.x.end - other.x.start);
        shared(&self.x, &other.x) > narrower / 2.0 && shared(&self.y, &other.y) > HAIR
    }
}

fn place_of(layer: &Layer) -> Option<Place<'_>> {
    Some(match layer {
        Layer::Rect(layer) => layer.place(),
        Layer::Ellipse(layer) => layer.place(),
        Layer::Path(layer) => layer.place(),
        Layer::Photo(layer) => layer.place(),
        Layer::Progress(layer) => layer.place(),
        Layer::Picture(layer) => layer.place(),
        Layer::Text(layer) => layer.place(),
        Layer::Stack(layer) => layer.place(),
        Layer::Ticks(_)
        | Layer::Corners(_)
        | Layer::Scrim(_)
        | Layer::Mark(_)
        | Layer::Grain(_)
        | Layer::Logo(_)
        | Layer::Vertical(_) => {
            return None;
        }
    })
}
