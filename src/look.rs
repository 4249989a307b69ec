//! A template bound to a size, a brand and faces: every token resolved, ready to lay cards out on.
//!
//! A template is drawn for text that is read from left to right. For text that is read from the right
//! ([`Look::facing`]) the same numbers count from the other side: everything is laid out as it is written and turned
//! round once, at the end of the layout. Pictures keep their content, and so do glyphs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::card::{Class, SizeChoice};
use crate::color::Color;
use crate::font::{FaceId, FontBook};
use crate::lang::{Direction, Lang, is_hebrew, is_right_to_left};
use crate::template::brand::WORDMARK;
use crate::template::schema::{
    Edge, Lacks, Layer, Measure, Place, SlotName, Span, TypeRole, ZH_TRACKING, zh_leading,
};
use crate::template::{Art, Brand, Template, TemplateError};

/// See the module. Shared by all cards of one template, size and brand.
#[derive(Debug)]
pub struct Look<'a> {
    /// The template.
    pub template: &'a Template,
    /// The kit.
    pub brand: &'a Brand,
    /// The card's size.
    pub size: SizeChoice,
    class: Class,
    layers: &'a [Layer],
    scale: f32,
    width: f32,
    height: f32,
    colors: BTreeMap<&'a str, Ink>,
    faces: BTreeMap<&'a str, TokenFace>,
    wordmark: TokenFace,
    direction: Direction,
    /// The template's paths turned round, by their keys; empty where nothing is.
    turned: BTreeMap<String, Arc<Art>>,
}

/// A colour, and the token that it goes by in template and kit.
#[derive(Debug, Clone, PartialEq)]
pub struct Ink {
    /// The colour.
    pub color: Color,
    /// Its token.
    pub token: Arc<str>,
}

/// The face of a wordmark where the kit names none: drawn for news, and neutral beside a mark.
const WORDMARK_FACE: &str = "NewsreaderDisplay-Medium";

impl<'a> Look<'a> {
    /// Binds a template.
    ///
    /// # Errors
    ///
    /// When the template has no layers for the size's class, or names a face that `fonts` lacks.
    pub fn new(
        template: &'a Template,
        size: &SizeChoice,
        brand: &'a Brand,
        fonts: &FontBook,
    ) -> Result<Self, TemplateError> {
        let class = size.size.class();
        let layers = template
            .layers(class)
            .ok_or_else(|| TemplateError::NoClass { template: template.name().to_owned(), class })?;
        let colors = template
            .colors()
            .iter()
            .map(|(token, color)| {
                let color = *brand.colors().get(token).unwrap_or(color);
                (token.as_str(), Ink { color, token: Arc::from(token.as_str()) })
            })
            .collect();
        let find = |token: &str, face: &str| {
            fonts.find(face).ok_or_else(|| TemplateError::NoFace {
                template: template.name().to_owned(),
                token: token.to_owned(),
                face: face.to_owned(),
            })
        };
        let bound = |token: &str, own: &str| -> Result<TokenFace, TemplateError> {
            let own = find(token, own)?;
            Ok(match brand.fonts().get(token) {
                Some(face) => TokenFace { first: find(token, face)?, own },
                None => own.into(),
            })
        };
        let mut faces = BTreeMap::new();
        for (token, face) in template.fonts() {
            faces.insert(token.as_str(), bound(token, face)?);
        }
        let scale = size.size.scale();
        #[allow(clippy::cast_precision_loss, reason = "sides are at most 4096")]
        let height = size.size.height() as f32 / scale;
        Ok(Self {
            template,
            brand,
            size: size.clone(),
            class,
            layers: &layers.layers,
            scale,
            width: class.master_width(),
            height,
            colors,
            faces,
            wordmark: bound(WORDMARK, WORDMARK_FACE)?,
            direction: Direction::LeftToRight,
            turned: BTreeMap::new(),
        })
    }

    /// The same look for cards whose quote is read this way (default: from left to right). All cards on one ground
    /// are read the same way.
    #[must_use]
    pub fn facing(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self.turned = BTreeMap::new();
        if direction == Direction::RightToLeft {
            for layer in self.layers {
                let Layer::Path(path) = layer else { continue };
                let [width, height] = path.view;
                let art =
                    Art::turned_path(width, height, &path.d).expect("the path was read with the template");
                self.turned.insert(path.key(), Arc::new(art));
            }
        }
        self
    }

    /// Which way its cards are read.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Whether its cards are turned round: laid out as written, then mirrored on the vertical axis.
    pub(crate) fn is_turned(&self) -> bool {
        self.direction == Direction::RightToLeft
    }

    /// The art of a path layer.
    pub(crate) fn path(&self, key: &str) -> Arc<Art> {
        self.turned.get(key).cloned().unwrap_or_else(|| self.template.picture(key))
    }

    /// The class that is laid out.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// Card pixels per master pixel.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// Width and height of the layout canvas, in master px.
    #[must_use]
    pub fn canvas(&self) -> (f32, f32) {
        (self.width, self.height)
    }

    /// The colour that the template sets a logo in; `None` where it has none.
    #[must_use]
    pub fn logo_color(&self) -> Option<Color> {
        self.layers.iter().find_map(|layer| match layer {
            Layer::Logo(logo) => Some(self.color(&logo.color)),
            _ => None,
        })
    }

    pub(crate) fn layers(&self) -> &'a [Layer] {
        self.layers
    }

    pub(crate) fn color(&self, token: &str) -> Color {
        self.colors[token].color
    }

    pub(crate) fn ink(&self, token: &str) -> Ink {
        self.colors[token].clone()
    }

    /// Whether the kit sets this colour.
    pub(crate) fn is_of_kit(&self, token: &str) -> bool {
        self.brand.colors().contains_key(token)
    }

    pub(crate) fn face(&self, token: &str) -> TokenFace {
        self.faces[token]
    }

    /// The kit's face that `face` stands in for: it is a template's own that the kit replaced, and no token's else.
    pub(crate) fn stands_in_for(&self, face: FaceId) -> Option<FaceId> {
        if self.faces.values().any(|token| token.first == face) {
            return None;
        }
        self.faces.values().find(|token| token.own == face).map(|token| token.first)
    }

    /// Whether the kit has one of its parts.
    pub(crate) fn kit_has(&self, slot: SlotName) -> bool {
        match slot {
            SlotName::Seal => self.brand.seal.is_some(),
            SlotName::Label => self.brand.label.is_some(),
            SlotName::Logo => {
                self.brand.mark.is_some() || self.brand.wordmark.as_deref().is_some_and(|w| !w.is_empty())
            }
            _ => false,
        }
    }

    /// The parts of a kit that this one lacks.
    pub(crate) fn kit_lacks(&self) -> Lacks {
        let missing = SlotName::ALL.into_iter().filter(|s| s.is_of_kit() && !self.kit_has(*s));
        missing.fold(Lacks::default(), Lacks::and)
    }

    pub(crate) fn wordmark_face(&self) -> TokenFace {
        self.wordmark
    }

    pub(crate) fn role_of_type(&self, slot: SlotName, role: Option<&str>) -> &'a TypeRole {
        self.template.role_of_type(role.unwrap_or(slot.name()))
    }

    /// Face of a role of type in a language, and its Latin partner where it is Chinese.
    pub(crate) fn faces(&self, role: &TypeRole, lang: Lang) -> Faces {
        let zh = self.face(&role.zh);
        match lang {
            Lang::En => Faces { main: self.face(&role.font), latin: None, fallback: zh },
            Lang::Zh => {
                Faces { main: zh, latin: self.template.partner(&role.zh).map(|t| self.face(t)), fallback: zh }
            }
        }
    }

    /// Both edges of a place on the vertical axis; `moved` is what the card's own texts do to it.
    pub(crate) fn vertical(&self, place: Place<'_>, moved: Moved) -> (f32, f32) {
        let from = |v: f32| if v < 0.0 { self.height + v - moved.up } else { v };
        let place = place.lacking(moved.lacks);
        let (top, bottom) = match (place.y, place.h) {
            (None, _) => (0.0, self.height),
            (Some(Span::At(y)), h) => (from(y), from(y) + h.unwrap_or(0.0)),
            (Some(Span::Between(a, b)), _) => (edge(a, from, self.height), edge(b, from, self.height)),
        };
        (top + moved.down, bottom + moved.down)
    }

    /// Both edges of a place on the horizontal axis, on a card that lacks some parts.
    pub(crate) fn horizontal(&self, place: Place<'_>, lacks: Lacks) -> (f32, f32) {
        let from = |v: f32| if v < 0.0 { self.width + v } else { v };
        let place = place.lacking(lacks);
        match (place.x, place.w) {
            (None, _) => (0.0, self.width),
            (Some(Span::At(x)), w) => (from(x), from(x) + w.unwrap_or(0.0)),
            (Some(Span::Between(a, b)), _) => (edge(a, from, self.width), edge(b, from, self.width)),
        }
    }

    pub(crate) fn x_of(&self, x: f32) -> f32 {
        if x < 0.0 { self.width + x } else { x }
    }

    pub(crate) fn y_of(&self, y: f32) -> f32 {
        if y < 0.0 { self.height + y } else { y }
    }
}

fn edge(edge: Edge, from: impl Fn(f32) -> f32, far: f32) -> f32 {
    match edge {
        Edge::Px(v) => from(v),
        Edge::Name(_) => far,
    }
}

/// What a card's own texts do to the place of a layer, px.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Moved {
    /// Edges counted from the bottom move up.
    pub up: f32,
    /// The whole moves down.
    pub down: f32,
    /// What the card lacks.
    pub lacks: Lacks,
}

/// The face of a token: the kit's where it names one, and the template's own for characters that the kit's lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TokenFace {
    /// Asked first; its measures are the text's.
    pub first: FaceId,
    /// The template's own; the same face where no kit names another.
    pub own: FaceId,
}

impl TokenFace {
    /// Both, in the order they are asked.
    pub fn each(self) -> [FaceId; 2] {
        [self.first, self.own]
    }
}

impl From<FaceId> for TokenFace {
    fn from(face: FaceId) -> Self {
        Self { first: face, own: face }
    }
}

/// The faces that a text may use, first choice first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Faces {
    /// The role's own.
    pub main: TokenFace,
    /// For Latin letters and figures inside Chinese.
    pub latin: Option<TokenFace>,
    /// For hanzi inside Latin text.
    pub fallback: TokenFace,
}

/// The least leading that letters read from right to left need, × size; `None` where a text has none. Joined scripts
/// reach higher and lower than Latin ones, with marks above and below, which must not touch those of the next line;
/// Hebrew has few that do.
pub(crate) fn least_leading(text: impl Iterator<Item = char>) -> Option<f32> {
    const HEBREW: f32 = 1.22;
    const OTHERS: f32 = 1.42;
    let of = |c: char| if is_hebrew(c) { HEBREW } else { OTHERS };
    text.filter(|&c| is_right_to_left(c)).map(of).reduce(f32::max)
}

/// Baseline to baseline, px.
pub(crate) fn leading(role: &TypeRole, lang: Lang, size: f32) -> f32 {
    size * match (role.leading, lang) {
        (Measure::Number(n), _) => n,
        (Measure::Curve(_), Lang::Zh) => zh_leading(size),
        (Measure::Curve(curve), Lang::En) => curve.leading(size),
    }
}

/// Space after every glyph, em.
pub(crate) fn tracking(role: &TypeRole, lang: Lang, size: f32) -> f32 {
    /// Small texts without a word on it are set a hair tight, as the guide's sans curve says.
    const SMALL: f32 = -0.004;
    match (lang, role.tracking, role.leading) {
        (Lang::Zh, ..) => role.zh_tracking.unwrap_or(ZH_TRACKING),
        (Lang::En, Some(Measure::Number(n)), _) => n,
        (Lang::En, Some(Measure::Curve(curve)), _) | (Lang::En, None, Measure::Curve(curve)) => {
            curve.tracking(size)
        }
        (Lang::En, None, Measure::Number(_)) => SMALL,
    }
}
