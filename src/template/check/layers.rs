//! What the layers of a class must have so that a card can be laid out.

use std::ops::Range;

use super::document::{Report, Site};
use super::{ClassParts, Parts, lists, nearest};
use crate::template::schema::{
    ColorToken, Emphasis, Fill, Layer, PictureLayer, ScrimLayer, Size, SlotName, Span, StackLayer, TextLayer,
    TypeRole, Without,
};

/// Checks everything that needs more than one key to be seen at once.
pub fn check(parts: &Parts<'_, '_>, site: &Site<'_, '_>, report: &mut Report<'_>) {
    let mut check = Check { parts, report };
    for (role, site) in parts.types.values() {
        check.role(role, site);
    }
    if ["square", "landscape", "story"].iter().all(|class| !site.has(class)) {
        let message = "a template states at least one of `square`, `landscape`, `story`";
        check.report.error(0..0, message.to_owned(), None);
    }
    for class in &parts.classes {
        check.class(class);
    }
}

/// Of a stack.
const RANGES: &str = "`quote` and `figure` have a range of sizes, other children one size";

struct Check<'a, 'r, 'd, 't> {
    parts: &'a Parts<'d, 't>,
    report: &'a mut Report<'r>,
}

impl Check<'_, '_, '_, '_> {
    fn error(&mut self, at: Range<usize>, message: &str) {
        self.report.error(at, message.to_owned(), None);
    }

    fn error_with(&mut self, at: Range<usize>, message: &str, hint: &str) {
        self.report.error(at, message.to_owned(), Some(hint.to_owned()));
    }

    fn role(&mut self, role: &TypeRole, site: &Site<'_, '_>) {
        let Some((keyword, site)) = role.keyword.as_ref().zip(site.table("keyword")) else { return };
        if keyword.font.is_none() && keyword.mode == Emphasis::Face {
            self.error_with(
                site.value("mode"),
                "`mode = \"face\"` needs `font`",
                "name the italic or bold face token in `font`",
            );
        }
        if keyword.zh_mode == Emphasis::Face {
            let message = "Chinese is never slanted: `zh_mode` cannot be `face`";
            self.error_with(site.value("zh_mode"), message, "use `dots`, `bar` or `box`");
        }
    }

    /// A text without `type` takes the role of its slot's name: that must be there.
    fn role_of_type(&mut self, at: Range<usize>, slot: SlotName) {
        let known: Vec<&str> = self.parts.type_names.iter().map(String::as_str).collect();
        let name = slot.name();
        if known.contains(&name) {
            return;
        }
        let hint = match nearest(name, &known) {
            Some(near) => format!("add `type = \"{near}\"`, or define `[type.{name}]`"),
            None => format!("define `[type.{name}]`, or name one with `type`: {}", lists(&known)),
        };
        self.report.error(at, format!("unknown role of type `{name}`"), Some(hint));
    }

    fn stops<'s>(&mut self, stops: impl Iterator<Item = &'s f32>, at: Range<usize>) {
        let offsets: Vec<f32> = stops.copied().collect();
        if offsets.windows(2).any(|pair| pair[0] > pair[1])
            || offsets.iter().any(|at| !(0.0..=1.0).contains(at))
        {
            self.error(at, "stops are in order, from 0 to 1");
        }
    }

    fn fill(&mut self, fill: Option<&Fill>, site: &Site<'_, '_>) {
        if let Some(Fill::Linear { stops, .. } | Fill::Radial { stops, .. }) = fill {
            self.stops(stops.iter().map(|(at, _)| at), site.value("fill"));
        }
    }

    /// A range of sizes runs upwards.
    fn size(&mut self, size: Option<Size>, at: Range<usize>) {
        if let Some(Size::Fit(floor, top)) = size
            && floor > top
        {
            self.error_with(
                at,
                "a range of sizes runs from the smallest to the largest",
                "write `size = [38, 120]`, the smaller first",
            );
        }
    }

    /// Duotone: no stops leave the colours as they are, one makes no scale.
    fn tone(&mut self, tone: &[(f32, ColorToken)], site: &Site<'_, '_>) {
        self.stops(tone.iter().map(|(at, _)| at), site.value("tone"));
        if tone.len() == 1 {
            self.error(site.value("tone"), "one stop makes no duotone: give two or more");
        }
    }

    /// What a shape tells can be held against a number where it has one colour.
    fn contrast(&mut self, least: Option<f32>, fill: Option<&Fill>, site: &Site<'_, '_>) {
        if least.is_some() && !matches!(fill, Some(Fill::Token(_))) {
            self.error(site.key("contrast"), "`contrast` is that of a `fill` of one colour");
        }
    }

    fn picture(&mut self, picture: &PictureLayer, site: &Site<'_, '_>) {
        self.tone(&picture.tone, site);
        if picture.mask.is_some() && !picture.tone.is_empty() {
            self.error(site.key("tone"), "a picture has either `mask` or `tone`");
        }
    }

    /// A scrim is painted before the texts that it lies under.
    fn scrim(&mut self, scrim: &ScrimLayer, site: &Site<'_, '_>, before: &[&Layer]) {
        let is_set = |layer: &Layer, slot: SlotName| match layer {
            Layer::Text(text) => text.slot == slot,
            Layer::Vertical(vertical) => vertical.slot == slot,
            Layer::Stack(stack) => stack.children.iter().any(|child| match child.slot {
                Some(SlotName::Byline) => matches!(slot, SlotName::Name | SlotName::Role),
                child => child == Some(slot),
            }),
            _ => false,
        };
        for (slot, value) in scrim.slots.iter().zip(site.list("slots")) {
            if *slot == SlotName::Byline {
                let hint = "name `name` and `role`: they are what is set";
                self.error_with(value.span(), "a scrim cannot lie under `byline`", hint);
            } else if before.iter().any(|layer| is_set(layer, *slot)) {
                let message = format!("the scrim covers `{}`, which is set before it", slot.name());
                self.error_with(value.span(), &message, "move the scrim before it");
            }
        }
    }

    /// What holds instead has the same shape: an edge for an edge, both for both.
    fn without(&mut self, without: &[Without], both_y: bool, site: &Site<'_, '_>) {
        for (other, value) in without.iter().zip(site.list("without")) {
            let x = other.x.is_none_or(|x| matches!(x, Span::At(_)));
            let y = other.y.is_none_or(|y| matches!(y, Span::Between(..)) == both_y);
            if !x || !y {
                let message = "in `without`, `x` and `y` have as many edges as the layer's own";
                self.error(value.span(), message);
            }
        }
    }

    fn text(&mut self, text: &TextLayer, site: &Site<'_, '_>) {
        self.size(Some(text.size), site.value("size"));
        self.size(text.zh_size, site.value("zh_size"));
        let quote = text.slot == SlotName::Quote;
        let fitted = matches!(text.size, Size::Fit(..));
        if quote && text.when.is_some() {
            self.error_with(
                site.key("when"),
                "the quote is on every card: it takes no `when`",
                "leave `when` out",
            );
        }
        if quote != fitted {
            let message = "in a text layer the quote, and only it, has a range of sizes";
            let hint = if quote { "write `size = [38, 120]`" } else { "write one size, such as `size = 32`" };
            self.error_with(site.value("size"), message, hint);
        }
        if text.zh_size.is_some_and(|zh| matches!(zh, Size::Fit(..)) != fitted) {
            self.error(
                site.value("zh_size"),
                "`zh_size` is of the same kind as `size`: both one size, or both a range",
            );
        }
        if text.role.is_none() {
            self.role_of_type(site.value("slot"), text.slot);
        }
        if matches!(text.slot, SlotName::Seal | SlotName::Label) {
            let message = format!("`{}` is set with `kind = \"vertical\"`", text.slot.name());
            self.error(site.value("slot"), &message);
        }
        if text.slot == SlotName::Logo {
            self.error(site.value("slot"), "the logo is set with `kind = \"logo\"`");
        }
        self.without(&text.without, fitted, site);
        if matches!(text.slot, SlotName::Byline) {
            let message = format!("`{}` stands in a stack", text.slot.name());
            self.error_with(site.value("slot"), &message, "make it a child of a `kind = \"stack\"` layer");
        }
        if !matches!(text.x, Some(Span::At(_))) || text.w.is_none() {
            let at = if text.w.is_none() { site.span() } else { site.key("x") };
            self.error(at, "a text needs `x` (one edge) and `w` (its measure)");
        }
        match text.y {
            Some(Span::Between(..)) if fitted => {}
            Some(Span::At(_)) if !fitted => {}
            _ if fitted => {
                self.error(site.key("y"), "a range of sizes needs both edges: `y = [top, bottom]`")
            }
            _ => self.error(site.key("y"), "a text of one size needs `y` (its cap height)"),
        }
    }

    fn stack(&mut self, stack: &StackLayer, site: &Site<'_, '_>) {
        self.without(&stack.without, true, site);
        if !matches!(stack.y, Some(Span::Between(..))) || stack.w.is_none() {
            self.error(site.span(), "a stack needs `x`, `w` and both edges of `y`");
        }
        if stack.when.is_some() && stack.children.iter().any(|c| c.slot == Some(SlotName::Quote)) {
            self.error_with(
                site.key("when"),
                "the quote is on every card: its stack takes no `when`",
                "leave `when` out",
            );
        }
        for (child, value) in stack.children.iter().zip(site.list("child")) {
            let Some(site) = Site::of(value) else { continue };
            match (child.slot, &child.rule) {
                (Some(SlotName::Byline), None) => {
                    if site.has("size") && matches!(child.size, Size::Fit(..)) {
                        self.error(site.value("size"), RANGES);
                    }
                    self.role_of_type(site.value("slot"), SlotName::Name);
                    self.role_of_type(site.value("slot"), SlotName::Role);
                }
                (Some(slot), None) => {
                    if child.role.is_none() {
                        self.role_of_type(site.value("slot"), slot);
                    }
                    let fitted = matches!(child.size, Size::Fit(..));
                    if site.has("size") && fitted != matches!(slot, SlotName::Quote | SlotName::Figure) {
                        self.error(site.value("size"), RANGES);
                    }
                    if child.zh_size.is_some_and(|zh| matches!(zh, Size::Fit(..)) != fitted) {
                        self.error(
                            site.value("zh_size"),
                            "`zh_size` is of the same kind as `size`: both one size, or both a range",
                        );
                    }
                }
                (None, Some(_)) => {}
                _ => self.error(site.span(), "a child has either `slot` or `rule`"),
            }
            if child.slot.is_some() {
                if !site.has("size") {
                    self.error(site.span(), "a child with a `slot` needs `size`");
                }
                self.size(Some(child.size), site.value("size"));
                self.size(child.zh_size, site.value("zh_size"));
            }
        }
    }

    fn class(&mut self, class: &ClassParts<'_, '_>) {
        let mut quotes = Vec::new();
        for (layer, site) in class.good() {
            match layer {
                Layer::Rect(rect) => {
                    self.fill(rect.fill.as_ref(), site);
                    self.contrast(rect.contrast, rect.fill.as_ref(), site);
                }
                Layer::Ellipse(ellipse) => {
                    self.fill(ellipse.fill.as_ref(), site);
                    self.contrast(ellipse.contrast, ellipse.fill.as_ref(), site);
                }
                Layer::Picture(picture) => self.picture(picture, site),
                Layer::Scrim(scrim) => {
                    let before: Vec<&Layer> =
                        class.good().map(|(l, _)| l).take_while(|l| !std::ptr::eq(*l, layer)).collect();
                    self.scrim(scrim, site, &before);
                }
                Layer::Photo(photo) => self.tone(&photo.tone, site),
                Layer::Text(text) => {
                    if text.slot == SlotName::Quote {
                        quotes.push(site.value("slot"));
                    }
                    self.text(text, site);
                }
                Layer::Vertical(vertical) => {
                    if vertical.role.is_none() {
                        self.role_of_type(site.value("slot"), vertical.slot);
                    }
                    if !matches!(vertical.slot, SlotName::Seal | SlotName::Label) {
                        self.error(site.value("slot"), "only `seal` and `label` are set vertically");
                    }
                }
                Layer::Stack(stack) => {
                    let children = stack.children.iter().zip(site.list("child"));
                    let children = children.filter(|(child, _)| child.slot == Some(SlotName::Quote));
                    quotes.extend(children.map(|(_, value)| value.span()));
                    self.stack(stack, site);
                }
                Layer::Ticks(_)
                | Layer::Corners(_)
                | Layer::Mark(_)
                | Layer::Grain(_)
                | Layer::Progress(_)
                | Layer::Path(_)
                | Layer::Logo(_) => {}
            }
        }
        match &quotes[..] {
            // The quote may stand in a layer that is made badly.
            [] if !class.is_whole() => {}
            [] => {
                let hint = "add a `kind = \"text\"` layer with `slot = \"quote\"`";
                self.error_with(class.site.span(), "a class has one `quote`, this has 0", hint);
            }
            [_] => {}
            [_, second, ..] => {
                let message = format!("a class has one `quote`, this has {}", quotes.len());
                self.error(second.clone(), &message);
            }
        }
    }
}
