//! Does what a `template.toml` says hold together? All problems are told at once.

use std::collections::BTreeMap;

use super::TemplateError;
use super::schema::{
    ClassLayers, Emphasis, Fill, Layer, PictureLayer, ScrimLayer, Size, SlotName, Span, StackLayer,
    TemplateFile, TextLayer, Without,
};
use crate::card::Class;
use crate::color::Color;
use crate::diag::Diagnostic;

impl TemplateFile {
    /// The classes stated, in the order square, landscape, story.
    pub(super) fn classes(&self) -> Vec<(Class, &ClassLayers)> {
        let all =
            [(Class::Square, &self.square), (Class::Landscape, &self.landscape), (Class::Story, &self.story)];
        all.into_iter().filter_map(|(class, layers)| Some((class, layers.as_ref()?))).collect()
    }
}

/// Whether the text has both edges on the vertical axis.
fn fitted_places(size: Size) -> bool {
    matches!(size, Size::Fit(..))
}

/// Names already known, for "did you mean".
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    known
        .map(|k| (strsim::damerau_levenshtein(name, k), k.as_str()))
        .filter(|&(distance, _)| distance <= 2)
        .min()
        .map(|(_, k)| k)
}

struct Check<'a> {
    path: &'a str,
    file: &'a TemplateFile,
    problems: Vec<Diagnostic>,
}

impl Check<'_> {
    fn problem(&mut self, place: &str, message: String, hint: Option<String>) {
        let mut told = Diagnostic::error(message).at(format!("{}, {place}", self.path));
        if let Some(hint) = hint {
            told = told.hint(hint);
        }
        if !self.problems.contains(&told) {
            self.problems.push(told);
        }
    }

    fn named(&mut self, place: &str, what: &str, name: &str, known: &[&String]) {
        if known.iter().any(|k| *k == name) {
            return;
        }
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", known.iter().map(|k| k.as_str()).collect::<Vec<_>>().join(", ")),
        };
        self.problem(place, format!("unknown {what} `{name}`"), Some(hint));
    }

    fn color(&mut self, place: &str, name: &str) {
        let known: Vec<_> = self.file.colors.keys().collect();
        self.named(place, "colour token", name, &known);
    }

    fn font(&mut self, place: &str, name: &str) {
        let known: Vec<_> = self.file.fonts.keys().collect();
        self.named(place, "face token", name, &known);
    }

    fn fill(&mut self, place: &str, fill: &Fill) {
        match fill {
            Fill::Token(token) => self.color(place, token),
            Fill::Linear { stops, .. } | Fill::Radial { stops, .. } => {
                if stops.len() < 2 {
                    self.problem(place, "a gradient needs two stops".to_owned(), None);
                }
                for (_, token) in stops {
                    self.color(place, token);
                }
            }
        }
    }

    /// What a shape tells can be held against a number where it has one colour.
    fn contrast(&mut self, place: &str, least: Option<f32>, fill: Option<&Fill>) {
        let Some(least) = least else { return };
        if !(1.0..=21.0).contains(&least) || !matches!(fill, Some(Fill::Token(_))) {
            let message = "`contrast` is a ratio of 1 to 21, of a `fill` of one colour";
            self.problem(place, message.to_owned(), None);
        }
    }

    fn picture(&mut self, place: &str, picture: &PictureLayer) {
        for token in picture.tone.iter().map(|(_, token)| token).chain(&picture.mask) {
            self.color(place, token);
        }
        if picture.mask.is_some() && !picture.tone.is_empty() {
            self.problem(place, "a picture has either `mask` or `tone`".to_owned(), None);
        }
        if !picture.focus.iter().chain([&picture.opacity]).all(|part| (0.0..=1.0).contains(part)) {
            self.problem(place, "`focus` and `opacity` are fractions, 0 to 1".to_owned(), None);
        }
    }

    /// A scrim is painted before the texts that it lies under.
    fn scrim(&mut self, place: &str, scrim: &ScrimLayer, before: &[Layer]) {
        self.color(place, &scrim.color);
        if scrim.slots.is_empty() {
            self.problem(place, "a scrim needs the `slots` of its texts".to_owned(), None);
        }
        if !(0.0..=1.0).contains(&scrim.most) || !(1.0..=200.0).contains(&scrim.soft) {
            let message = "`most` is an opacity, 0 to 1, `soft` a distance, 1 to 200 px";
            self.problem(place, message.to_owned(), None);
        }
        let is_set = |layer: &Layer, slot: SlotName| match layer {
            Layer::Text(text) => text.slot == slot,
            Layer::Vertical(vertical) => vertical.slot == slot,
            Layer::Stack(stack) => stack.children.iter().any(|child| match child.slot {
                Some(SlotName::Byline) => matches!(slot, SlotName::Name | SlotName::Role),
                child => child == Some(slot),
            }),
            _ => false,
        };
        for slot in &scrim.slots {
            let name = slot.name();
            if *slot == SlotName::Byline {
                let hint = "name `name` and `role`: they are what is set".to_owned();
                self.problem(place, "a scrim cannot lie under `byline`".to_owned(), Some(hint));
            } else if before.iter().any(|layer| is_set(layer, *slot)) {
                let hint = "move the scrim before it".to_owned();
                self.problem(place, format!("the scrim covers `{name}`, which is set before it"), Some(hint));
            }
        }
    }

    fn role_of_type(&mut self, place: &str, slot: SlotName, role: Option<&str>) {
        let known: Vec<_> = self.file.types.keys().collect();
        self.named(place, "role of type", role.unwrap_or(slot.name()), &known);
    }

    fn types(&mut self) {
        let file = self.file;
        for (name, role) in &file.types {
            let place = format!("[type.{name}]");
            self.font(&place, &role.font);
            self.font(&place, &role.zh);
            self.color(&place, &role.color);
            if let Some(marks) = &role.marks {
                self.color(&place, &marks.color);
            }
            let Some(keyword) = &role.keyword else { continue };
            for token in [&keyword.color, &keyword.paint].into_iter().flatten() {
                self.color(&place, token);
            }
            if let Some(token) = &keyword.font {
                self.font(&place, token);
            } else if keyword.mode == Emphasis::Face {
                self.problem(&place, "`mode = \"face\"` needs `font`".to_owned(), None);
            }
            if keyword.zh_mode == Emphasis::Face {
                let hint = "use `dots`, `bar` or `box`".to_owned();
                self.problem(
                    &place,
                    "Chinese is never slanted: `zh_mode` cannot be `face`".to_owned(),
                    Some(hint),
                );
            }
        }
        for (zh, latin) in &file.partners {
            self.font("[partners]", zh);
            self.font("[partners]", latin);
        }
    }

    /// A range of sizes runs upwards from one pixel at least, a single size is one at least.
    fn size(&mut self, place: &str, size: Size) {
        let sound = match size {
            Size::Fixed(size) => size >= 1.0,
            Size::Fit(floor, top) => 1.0 <= floor && floor <= top,
        };
        if !sound {
            let hint = "write `size = 32`, or `size = [38, 120]` with the smaller first";
            self.problem(place, "a size is 1 px or more".to_owned(), Some(hint.to_owned()));
        }
    }

    fn text(&mut self, place: &str, text: &TextLayer) {
        for size in [Some(text.size), text.zh_size].into_iter().flatten() {
            self.size(place, size);
        }
        if text.slot == SlotName::Quote && text.when.is_some() {
            self.problem(place, "the quote is on every card: it takes no `when`".to_owned(), None);
        }
        let quote = text.slot == SlotName::Quote;
        if quote != matches!(text.size, Size::Fit(..)) {
            let message = "in a text layer the quote, and only it, has a range of sizes";
            self.problem(place, message.to_owned(), None);
        }
        self.role_of_type(place, text.slot, text.role.as_deref());
        if matches!(text.slot, SlotName::Seal | SlotName::Label) {
            self.problem(place, format!("`{}` is set with `kind = \"vertical\"`", text.slot.name()), None);
        }
        if text.slot == SlotName::Byline {
            self.problem(place, "`byline` stands in a stack".to_owned(), None);
        }
        if text.slot == SlotName::Logo {
            self.problem(place, "the logo is set with `kind = \"logo\"`".to_owned(), None);
        }
        self.without(place, &text.without, fitted_places(text.size));
        if !matches!(text.x, Some(Span::At(_))) || text.w.is_none() {
            self.problem(place, "a text needs `x` (one edge) and `w` (its measure)".to_owned(), None);
        }
        let fitted = matches!(text.size, Size::Fit(..));
        match text.y {
            Some(Span::Between(..)) if fitted => {}
            Some(Span::At(_)) if !fitted => {}
            _ if fitted => {
                self.problem(
                    place,
                    "a range of sizes needs both edges: `y = [top, bottom]`".to_owned(),
                    None,
                );
            }
            _ => self.problem(place, "a text of one size needs `y` (its cap height)".to_owned(), None),
        }
    }

    /// What holds instead has the same shape: an edge for an edge, both for both.
    fn without(&mut self, place: &str, without: &[Without], both_y: bool) {
        for other in without {
            let x = other.x.is_none_or(|x| matches!(x, Span::At(_)));
            let y = other.y.is_none_or(|y| matches!(y, Span::Between(..)) == both_y);
            if !x || !y {
                let message = "in `without`, `x` and `y` have as many edges as the layer's own";
                self.problem(place, message.to_owned(), None);
            }
        }
    }

    fn stack(&mut self, place: &str, stack: &StackLayer) {
        self.without(place, &stack.without, true);
        if !matches!(stack.y, Some(Span::Between(..))) || stack.w.is_none() {
            self.problem(place, "a stack needs `x`, `w` and both edges of `y`".to_owned(), None);
        }
        if stack.when.is_some() && stack.children.iter().any(|c| c.slot == Some(SlotName::Quote)) {
            self.problem(place, "the quote is on every card: its stack takes no `when`".to_owned(), None);
        }
        for child in &stack.children {
            for size in
                [Some(child.size), child.zh_size].into_iter().flatten().filter(|_| child.slot.is_some())
            {
                self.size(place, size);
            }
            match (child.slot, &child.rule) {
                (Some(SlotName::Byline), None) => {
                    self.role_of_type(place, SlotName::Name, None);
                    self.role_of_type(place, SlotName::Role, None);
                }
                (Some(slot), None) => {
                    self.role_of_type(place, slot, child.role.as_deref());
                    let fitted = matches!(child.size, Size::Fit(..));
                    if fitted != matches!(slot, SlotName::Quote | SlotName::Figure) {
                        let message = "`quote` and `figure` have a range of sizes, other children one size";
                        self.problem(place, message.to_owned(), None);
                    }
                }
                (None, Some(rule)) => self.color(place, &rule.fill),
                _ => self.problem(place, "a child has either `slot` or `rule`".to_owned(), None),
            }
        }
    }

    fn class(&mut self, class: Class, layers: &ClassLayers) {
        let mut quotes = 0;
        for (i, layer) in layers.layers.iter().enumerate() {
            let place = format!("[[{}.layer]] {}", class.name(), i + 1);
            match layer {
                Layer::Rect(rect) => {
                    if let Some(fill) = &rect.fill {
                        self.fill(&place, fill);
                    }
                    if let Some(stroke) = &rect.stroke {
                        self.color(&place, stroke);
                    }
                    self.contrast(&place, rect.contrast, rect.fill.as_ref());
                }
                Layer::Ellipse(ellipse) => {
                    if let Some(fill) = &ellipse.fill {
                        self.fill(&place, fill);
                    }
                    self.contrast(&place, ellipse.contrast, ellipse.fill.as_ref());
                    for token in ellipse.stroke.iter().chain(ellipse.shadow.as_ref().map(|s| &s.color)) {
                        self.color(&place, token);
                    }
                }
                Layer::Ticks(ticks) => {
                    self.color(&place, &ticks.fill);
                    if ticks.step < 1.0 || ticks.major == 0 {
                        self.problem(&place, "`step` is 1 px or more, `major` 1 or more".to_owned(), None);
                    }
                }
                Layer::Mark(mark) => {
                    self.color(&place, &mark.color);
                    self.font(&place, &mark.font);
                }
                Layer::Photo(photo) => {
                    for (_, token) in &photo.tone {
                        self.color(&place, token);
                    }
                    if let Some(initials) = &photo.initials {
                        self.color(&place, &initials.fill);
                        self.role_of_type(&place, SlotName::Name, Some(&initials.role));
                    }
                }
                Layer::Grain(_) => {}
                Layer::Corners(corners) => {
                    self.color(&place, &corners.color);
                    if !(corners.inset >= 0.0 && corners.size >= 1.0 && corners.thickness > 0.0) {
                        let hint = "write `inset = 40`, `size = 28`, `thickness = 2`";
                        let message = "`size` is 1 px or more, `thickness` more than 0, `inset` not negative";
                        self.problem(&place, message.to_owned(), Some(hint.to_owned()));
                    }
                }
                Layer::Progress(progress) => {
                    for token in [&progress.on, &progress.off, &progress.color] {
                        self.color(&place, token);
                    }
                    self.font(&place, &progress.font);
                }
                Layer::Path(path) => self.color(&place, &path.fill),
                Layer::Picture(picture) => self.picture(&place, picture),
                Layer::Scrim(scrim) => self.scrim(&place, scrim, &layers.layers[..i]),
                Layer::Logo(logo) => self.color(&place, &logo.color),
                Layer::Text(text) => {
                    quotes += usize::from(text.slot == SlotName::Quote);
                    self.text(&place, text);
                }
                Layer::Vertical(vertical) => {
                    self.role_of_type(&place, vertical.slot, vertical.role.as_deref());
                    if !matches!(vertical.slot, SlotName::Seal | SlotName::Label) {
                        self.problem(&place, "only `seal` and `label` are set vertically".to_owned(), None);
                    }
                }
                Layer::Stack(stack) => {
                    quotes += stack.children.iter().filter(|c| c.slot == Some(SlotName::Quote)).count();
                    self.stack(&place, stack);
                }
            }
        }
        if quotes != 1 {
            let place = format!("[{}]", class.name());
            self.problem(&place, format!("a class has one `quote`, this has {quotes}"), None);
        }
    }
}

/// Numbers that no canvas has any use for: not finite, or beyond a hundred thousand.
pub(super) fn wild_numbers(path: &str, value: &toml::Value, at: &str, problems: &mut Vec<Diagnostic>) {
    const FAR: f64 = 100_000.0;
    match value {
        toml::Value::Float(n) if !n.is_finite() || n.abs() > FAR => problems.push(
            Diagnostic::error(format!("`{n}` is no measure"))
                .at(format!("{path}, {}", at.trim_start_matches('.'))),
        ),
        #[allow(clippy::cast_precision_loss, reason = "only its magnitude counts")]
        toml::Value::Integer(n) if (*n as f64).abs() > FAR => problems.push(
            Diagnostic::error(format!("`{n}` is no measure"))
                .at(format!("{path}, {}", at.trim_start_matches('.'))),
        ),
        toml::Value::Array(values) => {
            for (i, value) in values.iter().enumerate() {
                wild_numbers(path, value, &format!("{at}[{}]", i + 1), problems);
            }
        }
        toml::Value::Table(table) => {
            for (key, value) in table {
                wild_numbers(path, value, &format!("{at}.{key}"), problems);
            }
        }
        _ => {}
    }
}

/// The colours, parsed, where everything holds together.
pub(super) fn check(path: &str, file: &TemplateFile) -> Result<BTreeMap<String, Color>, TemplateError> {
    let mut check = Check { path, file, problems: Vec::new() };
    let mut colors = BTreeMap::new();
    for (name, hex) in &file.colors {
        match hex.parse::<Color>() {
            Ok(color) => drop(colors.insert(name.clone(), color)),
            Err(error) => check.problem("[colors]", format!("`{name}`: {error}"), None),
        }
    }
    check.types();
    let classes = file.classes();
    if classes.is_empty() {
        check.problem(
            "the file",
            "a template states at least one of square, landscape, story".to_owned(),
            None,
        );
    }
    for (class, layers) in classes {
        check.class(class, layers);
    }
    if check.problems.is_empty() {
        Ok(colors)
    } else {
        Err(TemplateError::Invalid { file: path.to_owned(), problems: check.problems })
    }
}
