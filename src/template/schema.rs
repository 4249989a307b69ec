//! The template language as it is written: what serde reads from `template.toml`.
//!
//! Lengths are pixels of the class's master (1080 wide for square and story, 1200 for landscape). On either
//! axis a negative number counts from the far edge, so that a layer keeps its distance to the bottom when a
//! card is taller than its master.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::faces::FaceFile;
pub use super::token::{ColorToken, FaceToken, FileName, TypeName};

/// A whole `template.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateFile {
    /// What `--template` takes.
    pub name: String,
    /// One line for `pullquote list templates`.
    pub about: String,
    /// Colour tokens: a name and `#RRGGBB` or `#RRGGBBAA`.
    pub colors: BTreeMap<String, String>,
    /// Face tokens: a name, and a face of `pullquote list fonts` or a font file of the folder.
    pub fonts: BTreeMap<String, FaceFile>,
    /// Which Latin face serves beside a Chinese one: both as tokens of `fonts`.
    #[serde(default)]
    pub partners: BTreeMap<String, String>,
    /// Roles of type.
    #[serde(rename = "type")]
    pub types: BTreeMap<String, TypeRole>,
    /// Layers of the square class.
    pub square: Option<ClassLayers>,
    /// Layers of the landscape class.
    pub landscape: Option<ClassLayers>,
    /// Layers of the story class.
    pub story: Option<ClassLayers>,
}

/// The layers of a class, back to front.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassLayers {
    /// The longest quote that is picked for this class, in characters (a hanzi counts two).
    pub max_chars: usize,
    /// Back to front.
    #[serde(rename = "layer")]
    #[schemars(length(max = 200))]
    pub layers: Vec<Layer>,
}

/// How a kind of text is set.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TypeRole {
    /// Face token for Latin text.
    pub font: FaceToken,
    /// Face token for Chinese text.
    pub zh: FaceToken,
    /// Baseline to baseline, × size: a number or one of the guide's curves.
    pub leading: Measure,
    /// Space added to every glyph, em: a number or a curve. Default: the leading's curve, else -0.004.
    pub tracking: Option<Measure>,
    /// The same for Chinese. Default: 0.01.
    pub zh_tracking: Option<f32>,
    /// Upper-case (Chinese has none). Default: false.
    #[serde(default)]
    pub caps: bool,
    /// Colour token of the ink.
    pub color: ColorToken,
    /// What gives way first where the text is wider than its measure. Default: shrink.
    #[serde(default)]
    pub overflow: Overflow,
    /// Quote marks: hung before, closed after. Default: none.
    pub marks: Option<Marks>,
    /// How the keyword is emphasised. Default: not at all.
    pub keyword: Option<Keyword>,
}

/// What gives way first in a small text that is wider than its measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Overflow {
    /// One line down to 80 %, then more lines from full size.
    #[default]
    Shrink,
    /// More lines at full size, then down to 80 %.
    Wrap,
}

/// Quote marks round a text.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Colour token of the marks.
    pub color: ColorToken,
}

/// How a keyword is emphasised.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keyword {
    /// In Latin text.
    pub mode: Emphasis,
    /// In Chinese text, which is never slanted.
    pub zh_mode: Emphasis,
    /// Colour token of the glyphs. Default: the text's own.
    pub color: Option<ColorToken>,
    /// Colour token of box, bar or dots. Default: `color`.
    pub paint: Option<ColorToken>,
    /// Face token where the mode is `face`.
    pub font: Option<FaceToken>,
}

/// The means of emphasis; paint lies under all glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Emphasis {
    /// A face of its own: true italic or bold.
    Face,
    /// A box.
    Box,
    /// A bar under the baseline.
    Bar,
    /// Emphasis dots (着重号), one under each hanzi.
    Dots,
}

/// A number, or a curve of the design guide by its name.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "a number, or a curve: `\"serif\"`, `\"condensed\"`, `\"modern\"`, `\"sans\"`")]
pub enum Measure {
    /// The same at every size.
    Number(f32),
    /// Follows the size.
    Curve(Curve),
}

/// Leading and tracking curves by class of face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Curve {
    /// Newsreader.
    Serif,
    /// Archivo.
    Condensed,
    /// Bricolage.
    Modern,
    /// Libre Franklin.
    Sans,
}

impl Curve {
    /// Baseline to baseline at `size` master px, × size.
    #[must_use]
    pub fn leading(self, size: f32) -> f32 {
        match self {
            Self::Serif => (1.34 - 0.0029 * size).clamp(1.02, 1.30),
            Self::Condensed => (1.16 - 0.0014 * size).clamp(0.98, 1.12),
            Self::Modern => (1.34 - 0.0026 * size).clamp(1.08, 1.28),
            Self::Sans => (1.46 - 0.003 * size).clamp(1.20, 1.36),
        }
    }

    /// Space after each glyph at `size` master px, em.
    #[must_use]
    pub fn tracking(self, size: f32) -> f32 {
        match self {
            Self::Serif => (0.004 - 0.000_16 * size).clamp(-0.016, 0.0),
            Self::Condensed => {
                if size > 90.0 {
                    -0.012
                } else {
                    -0.006
                }
            }
            Self::Modern => (-0.008 - 0.000_12 * size).clamp(-0.026, -0.010),
            Self::Sans => -0.004,
        }
    }
}

/// Chinese leading at `size` master px, × size: hanzi fill the em, lines need more air.
#[must_use]
pub fn zh_leading(size: f32) -> f32 {
    (1.66 - 0.0026 * size).clamp(1.34, 1.58)
}

/// Chinese tracking, em.
pub const ZH_TRACKING: f32 = 0.01;

/// One primitive.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Layer {
    /// A rectangle: filled, stroked, with round corners.
    Rect(RectLayer),
    /// An ellipse: filled, stroked, with a soft shadow.
    Ellipse(EllipseLayer),
    /// A filled SVG path.
    Path(PathLayer),
    /// Marks along an edge, as on a ruler.
    Ticks(TicksLayer),
    /// Angles in the four corners, or the kit's art there.
    Corners(CornersLayer),
    /// A quote mark as ornament.
    Mark(MarkLayer),
    /// The speaker's photograph.
    Photo(PhotoLayer),
    /// Film grain over everything painted before.
    Grain(GrainLayer),
    /// Dashes and counter of a carousel.
    Progress(ProgressLayer),
    /// A picture of the template's folder.
    Picture(PictureLayer),
    /// A soft veil under texts, only where and as much as they need it to be read.
    Scrim(ScrimLayer),
    /// The kit's logo: mark and wordmark.
    Logo(LogoLayer),
    /// A slot's text.
    Text(TextLayer),
    /// A slot's text from top to bottom, a glyph a cell.
    Vertical(VerticalLayer),
    /// Children under each other; the one with a range of sizes takes the height that remains.
    Stack(StackLayer),
}

/// Where a layer lies on one axis.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "a number, or both edges: `[first, second]`")]
pub enum Span {
    /// One edge; negative: from the far edge of the canvas.
    At(f32),
    /// Both edges; each negative or `"end"`: from the far edge.
    Between(Edge, Edge),
}

/// One edge of a span.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "a number, or `\"end\"`")]
pub enum Edge {
    /// Pixels; negative: from the far edge.
    Px(f32),
    /// The far edge itself.
    Name(EdgeName),
}

/// The one edge that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EdgeName {
    /// The far edge of the canvas.
    End,
}

/// Place of a box; an axis left out spans the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place<'a> {
    /// Left edge, or both.
    pub x: Option<Span>,
    /// Top edge, or both.
    pub y: Option<Span>,
    /// Width where `x` gives one edge.
    pub w: Option<f32>,
    /// Height where `y` gives one edge.
    pub h: Option<f32>,
    /// Edges counted from the bottom move up by what these slots need beyond one line.
    pub lift: &'a [SlotName],
    /// The whole moves down by half of what these slots need beyond one line.
    pub sink: &'a [SlotName],
    /// Edges counted from the bottom move up by so much where the card has a counter.
    pub counter_lift: f32,
    /// What holds instead where a part of the card is missing.
    pub without: &'a [Without],
}

impl Place<'_> {
    /// The place on a card that lacks some parts: every entry of `without` that holds, in order.
    #[must_use]
    pub fn lacking(mut self, lacks: Lacks) -> Self {
        for other in self.without.iter().filter(|other| lacks.all(&other.slots)) {
            self.x = other.x.or(self.x);
            self.y = other.y.or(self.y);
            self.w = other.w.or(self.w);
            self.h = other.h.or(self.h);
        }
        self
    }
}

/// Another place where parts of the card are missing: no hole is left where they would stand.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// It holds where none of these is on the card.
    pub slots: Vec<SlotName>,
    /// Instead of the layer's `x`.
    pub x: Option<Span>,
    /// Instead of its `y`.
    pub y: Option<Span>,
    /// Instead of its `w`.
    pub w: Option<f32>,
    /// Instead of its `h`.
    pub h: Option<f32>,
    /// Instead of its `align`; read by texts.
    pub align: Option<Align>,
}

/// The parts that a card lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lacks(u32);

impl Lacks {
    /// With one more.
    #[must_use]
    pub const fn and(self, slot: SlotName) -> Self {
        Self(self.0 | 1 << slot as u32)
    }

    /// Whether the card lacks all of them.
    #[must_use]
    pub fn all(self, slots: &[SlotName]) -> bool {
        slots.iter().all(|&slot| self.0 & (1 << slot as u32) != 0)
    }
}

/// A layer that has a [`Place`]. The keys are repeated in each struct, not flattened in, because serde cannot
/// refuse unknown keys beside a flattened struct.
macro_rules! placed {
    ($(#[$outer:meta])* pub struct $name:ident { $($(#[$inner:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Left edge, or both; negative: from the right.
            pub x: Option<Span>,
            /// Top edge, or both; negative: from the bottom.
            pub y: Option<Span>,
            /// Width where `x` gives one edge.
            pub w: Option<f32>,
            /// Height where `y` gives one edge.
            pub h: Option<f32>,
            /// Edges counted from the bottom move up by what these slots need beyond one line.
            #[serde(default)]
            pub lift: Vec<SlotName>,
            /// The whole moves down by half of what these slots need beyond one line: a block stays centred.
            #[serde(default)]
            pub sink: Vec<SlotName>,
            /// Edges counted from the bottom move up by so much where the card has a counter.
            #[serde(default)]
            pub counter_lift: f32,
            /// Drawn only where this slot has text.
            pub when: Option<SlotName>,
            /// What holds instead where a part of the card is missing.
            #[serde(default)]
            pub without: Vec<Without>,
            $($(#[$inner])* pub $field: $kind,)*
        }

        impl $name {
            /// Where it lies.
            #[must_use]
            pub fn place(&self) -> Place<'_> {
                Place {
                    x: self.x,
                    y: self.y,
                    w: self.w,
                    h: self.h,
                    lift: &self.lift,
                    sink: &self.sink,
                    counter_lift: self.counter_lift,
                    without: &self.without,
                }
            }
        }
    };
}

placed! {
/// See [`Layer::Rect`].
pub struct RectLayer {
    /// What it is filled with. Default: nothing.
    pub fill: Option<Fill>,
    /// Corner radius. Default: 0.
    #[serde(default)]
    pub radius: f32,
    /// Colour token of a stroke inside the edge. Default: none.
    pub stroke: Option<ColorToken>,
    /// Its thickness.
    #[serde(default)]
    pub stroke_width: f32,
    /// Takes its height from the text of this vertical slot.
    pub height_of: Option<SlotName>,
    /// Its fill tells the reader something: the least contrast ratio to what it lies on. Default: none is asked for.
    #[schemars(range(min = 1, max = 21))]
    pub contrast: Option<f32>,
}
}

/// A colour token or a gradient of tokens.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "a colour token, or a gradient: `{ angle, stops }` or `{ center, radius, stops }`")]
pub enum Fill {
    /// A colour token.
    Token(ColorToken),
    /// Along a line through the box.
    Linear {
        /// Degrees, clockwise, 180: top to bottom.
        angle: f32,
        /// Offset 0–1 and colour token.
        #[schemars(length(min = 2, max = 32))]
        stops: Vec<(f32, ColorToken)>,
    },
    /// Outwards from a point.
    Radial {
        /// The centre, as fractions of the box.
        center: [f32; 2],
        /// The radii, as fractions of the box, or of what `of` names.
        radius: [f32; 2],
        /// What both radii are fractions of. Default: the box, each of its own side.
        of: Option<RadiusOf>,
        /// Offset 0–1 and colour token.
        #[schemars(length(min = 2, max = 32))]
        stops: Vec<(f32, ColorToken)>,
    },
}

/// What a circle's radius is a fraction of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RadiusOf {
    /// The box's width.
    Width,
    /// Its longer side.
    Longest,
}

placed! {
    /// See [`Layer::Ellipse`].
    pub struct EllipseLayer {
        /// What it is filled with. Default: nothing.
        pub fill: Option<Fill>,
        /// Colour token of a stroke inside the edge. Default: none.
        pub stroke: Option<ColorToken>,
        /// Its thickness.
        #[serde(default)]
        pub stroke_width: f32,
        /// A soft shadow under it. Default: none.
        pub shadow: Option<Shadow>,
        /// Its fill tells the reader something: the least contrast ratio to what it lies on. Default: none is
        /// asked for.
        #[schemars(range(min = 1, max = 21))]
        pub contrast: Option<f32>,
    }
}

/// A soft shadow.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shadow {
    /// How far it lies below, px.
    pub y: f32,
    /// How soft: twice the standard deviation, px.
    #[schemars(range(min = 0, max = 1000))]
    pub blur: f32,
    /// Colour token, with alpha.
    pub color: ColorToken,
}

/// See [`Layer::Ticks`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicksLayer {
    /// The edge that the marks stand on.
    pub edge: TickEdge,
    /// From mark to mark, px.
    #[schemars(range(min = 2))]
    pub step: f32,
    /// Every so many marks one is long.
    #[schemars(range(min = 1))]
    pub major: usize,
    /// Thickness of a mark, px.
    #[schemars(range(min = 0.1, max = 50))]
    pub thickness: f32,
    /// Length of a mark, px.
    #[schemars(range(min = 0, max = 500))]
    pub short: f32,
    /// Length of a long mark, px.
    #[schemars(range(min = 0, max = 500))]
    pub long: f32,
    /// Colour token.
    pub fill: ColorToken,
}

/// Where ticks stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TickEdge {
    /// Along the top, growing down.
    Top,
    /// Along the right side, growing left.
    Right,
}

/// See [`Layer::Corners`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CornersLayer {
    /// From both edges of the canvas to the mark, px.
    #[schemars(range(min = 0, max = 2000))]
    pub inset: f32,
    /// Length of each arm of an angle, and the longer side of a kit's art, px.
    #[schemars(range(min = 1, max = 2000))]
    pub size: f32,
    /// Thickness of an arm, px.
    #[schemars(range(min = 0.1, max = 500))]
    pub thickness: f32,
    /// Colour token, opaque: the arms overlap. What a kit's art draws in `currentColor` takes it too.
    pub color: ColorToken,
}

/// See [`Layer::Mark`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkLayer {
    /// The edge or the centre of its ink that `align` names; negative: from the right.
    pub x: f32,
    /// Cap height; negative: from the bottom.
    pub y: f32,
    /// px per em.
    #[schemars(range(min = 1, max = 2000))]
    pub size: f32,
    /// Face token.
    pub font: FaceToken,
    /// Colour token; with alpha for a ghost.
    pub color: ColorToken,
    /// What `x` gives: the glyph's origin (left), or the middle or right edge of its ink. Default: left.
    #[serde(default)]
    pub align: Align,
}

placed! {
    /// See [`Layer::Photo`].
    pub struct PhotoLayer {
        /// Where in the frame the eyes are brought, as fractions.
        pub at: [f32; 2],
        /// A circle, cut close to the face. Default: false, the frame is covered.
        #[serde(default)]
        pub circle: bool,
        /// Duotone: luminance 0–1 and colour token. Default: its own colours.
        #[serde(default)]
        #[schemars(length(max = 32))]
        pub tone: Vec<(f32, ColorToken)>,
        /// Where there is no photograph: the speaker's initials instead, else the card is refused.
        pub initials: Option<Initials>,
    }
}

/// Initials in a photograph's place.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Initials {
    /// Colour token of the disc.
    pub fill: ColorToken,
    /// Role of type of the letters.
    #[serde(rename = "type")]
    pub role: TypeName,
    /// px per em.
    #[schemars(range(min = 1, max = 2000))]
    pub size: f32,
}

/// See [`Layer::Grain`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrainLayer {
    /// A grey PNG of the template's folder, repeated.
    pub src: FileName,
    /// 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub opacity: f32,
}

placed! {
    /// See [`Layer::Progress`]. `x`: the edge that `align` names; `y`: the middle of the dashes.
    pub struct ProgressLayer {
        /// Default: left.
        #[serde(default)]
        pub align: Align,
        /// Colour token of the dashes up to this part.
        pub on: ColorToken,
        /// Colour token of the others.
        pub off: ColorToken,
        /// Colour token of the counter.
        pub color: ColorToken,
        /// Face token of the counter.
        pub font: FaceToken,
        /// The counter stands over the dashes, not beside them. Default: false.
        #[serde(default)]
        pub above: bool,
        /// The dashes lie on a rule: without them the counter stays over it. Default: false.
        #[serde(default)]
        pub on_rule: bool,
    }
}

placed! {
/// See [`Layer::Path`].
pub struct PathLayer {
    /// SVG path data, filled even-odd.
    pub d: String,
    /// Width and height of the path's own box.
    pub view: [f32; 2],
    /// Colour token.
    pub fill: ColorToken,
}
}

impl PathLayer {
    /// What tells its art from another's: the same data may stand on another view.
    pub(crate) fn key(&self) -> String {
        format!("{} × {}: {}", self.view[0], self.view[1], self.d)
    }
}

placed! {
/// See [`Layer::Picture`].
pub struct PictureLayer {
    /// A PNG, JPEG or WebP of the template's folder.
    pub src: FileName,
    /// How it fills its place. Default: stretch.
    #[serde(default)]
    pub fit: Fit,
    /// With `fit = "cover"`: the point of the picture that stays as near to the middle as it can, as fractions.
    /// Default: its centre.
    #[serde(default = "center")]
    #[schemars(inner(range(min = 0, max = 1)))]
    pub focus: [f32; 2],
    /// Only the ellipse inside its place is seen. Default: false.
    #[serde(default)]
    pub circle: bool,
    /// How much of it is seen, 0–1. Default: 1.
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 1))]
    pub opacity: f32,
    /// Colour token that it is painted in: its alpha, or where it has none its darkness, says how much of it.
    /// Default: its own colours.
    pub mask: Option<ColorToken>,
    /// Duotone: luminance 0–1 and colour token. Default: its own colours.
    #[serde(default)]
    #[schemars(length(max = 32))]
    pub tone: Vec<(f32, ColorToken)>,
}
}

impl PictureLayer {
    /// What tells its art from another's: the same file may serve as picture and as mask.
    pub(crate) fn key(&self) -> String {
        if self.mask.is_some() { format!("mask: {}", self.src) } else { self.src.to_string() }
    }
}

/// How a picture fills its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The whole picture, drawn out to the place's shape.
    #[default]
    Stretch,
    /// As much of it as has the place's shape.
    Cover,
}

fn center() -> [f32; 2] {
    [0.5, 0.5]
}

fn one() -> f32 {
    1.0
}

/// See [`Layer::Scrim`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScrimLayer {
    /// The texts that it helps; it lies under all their lines at once.
    #[schemars(length(min = 1))]
    pub slots: Vec<SlotName>,
    /// Colour token: the shadow of what lies below, or its light; never grey.
    pub color: ColorToken,
    /// Its greatest opacity, 0–1. Default: 0.6, as much as still looks like the picture.
    #[serde(default = "most")]
    #[schemars(range(min = 0, max = 1))]
    pub most: f32,
    /// How far beyond the lines it is whole, and how far beyond that it fades, px. Default: 24.
    #[serde(default = "soft")]
    #[schemars(range(min = 1, max = 200))]
    pub soft: f32,
}

fn most() -> f32 {
    0.6
}

fn soft() -> f32 {
    24.0
}

/// See [`Layer::Logo`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogoLayer {
    /// The edge or centre that `anchor` names; negative: from the right.
    pub x: f32,
    /// Top edge; negative: from the bottom.
    pub y: f32,
    /// Height of the mark.
    #[schemars(range(min = 1, max = 2000))]
    pub h: f32,
    /// The lockup's greatest width; a wider one is set smaller, its middle where it was. Default: any.
    pub w: Option<f32>,
    /// Colour token of mark and wordmark.
    pub color: ColorToken,
    /// What `x` gives. Default: left.
    #[serde(default)]
    pub anchor: Align,
}

/// Horizontal anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Left edge.
    #[default]
    Left,
    /// Middle.
    Center,
    /// Right edge.
    Right,
}

/// Where a text stands in a box that is higher than it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VAlign {
    /// On the top edge.
    #[default]
    Top,
    /// Between, by `bias`.
    Middle,
    /// On the bottom edge.
    Bottom,
}

/// What a text layer can show. Every one but `quote` may be empty, and is then not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SlotName {
    /// The words.
    Quote,
    /// The speaker's name.
    Name,
    /// The speaker's role.
    Role,
    /// The date alone.
    Date,
    /// `event · date`, or the date alone.
    Event,
    /// The small line over the quote.
    Kicker,
    /// That the card was corrected, and when. Without a layer of it that takes the kicker's place, else the event's, else
    /// it stands beside the date.
    Corrected,
    /// The quote in a second language.
    Translation,
    /// Two hanzi of the kit.
    Seal,
    /// The kit's vertical label.
    Label,
    /// Name and role, on one line while both fit.
    Byline,
    /// The photograph's credit.
    Credit,
    /// The figure's number.
    Figure,
    /// The figure's unit.
    Unit,
    /// The figure's qualifier.
    Qualifier,
    /// The kit's logo; it has a layer of its own, and stands in `when` and `without` only.
    Logo,
}

impl SlotName {
    /// Every one.
    pub const ALL: [Self; 16] = [
        Self::Quote,
        Self::Name,
        Self::Role,
        Self::Date,
        Self::Event,
        Self::Kicker,
        Self::Corrected,
        Self::Translation,
        Self::Seal,
        Self::Label,
        Self::Byline,
        Self::Credit,
        Self::Figure,
        Self::Unit,
        Self::Qualifier,
        Self::Logo,
    ];

    /// Whether it is the kit's, and so the same on all cards of a look.
    #[must_use]
    pub const fn is_of_kit(self) -> bool {
        matches!(self, Self::Seal | Self::Label | Self::Logo)
    }

    /// As templates and messages write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Name => "name",
            Self::Role => "role",
            Self::Date => "date",
            Self::Event => "event",
            Self::Kicker => "kicker",
            Self::Corrected => "corrected",
            Self::Translation => "translation",
            Self::Seal => "seal",
            Self::Label => "label",
            Self::Byline => "byline",
            Self::Credit => "credit",
            Self::Figure => "figure",
            Self::Unit => "unit",
            Self::Qualifier => "qualifier",
            Self::Logo => "logo",
        }
    }
}

/// A size, or the range of sizes that a text is fitted in; master px per em.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "a number, or `[smallest, largest]`")]
pub enum Size {
    /// This one; a slot may shrink it to 80 %.
    Fixed(#[schemars(range(min = 1, max = 2000))] f32),
    /// The largest whole size that fits.
    Fit(#[schemars(range(min = 1, max = 2000))] f32, #[schemars(range(min = 1, max = 2000))] f32),
}

placed! {
/// See [`Layer::Text`].
pub struct TextLayer {
    /// What it shows.
    pub slot: SlotName,
    /// Role of type. Default: the slot's name.
    #[serde(rename = "type")]
    pub role: Option<TypeName>,
    /// px per em.
    pub size: Size,
    /// The same for Chinese. Default: `size`.
    pub zh_size: Option<Size>,
    /// At most so many lines. Default: 2; 1 for kicker, date, event and credit.
    #[schemars(range(min = 1, max = 100))]
    pub lines: Option<usize>,
    /// Default: left.
    #[serde(default)]
    pub align: Align,
    /// Where in its box. Default: top.
    #[serde(default)]
    pub valign: VAlign,
    /// With `valign = "middle"`: 0 top to 1 bottom. Default: 0.5.
    #[serde(default = "half")]
    #[schemars(range(min = 0, max = 1))]
    pub bias: f32,
    /// The measure ends so far from the logo. Default: the logo is not minded.
    pub logo_gap: Option<f32>,
    /// The measure loses so much where the card has a counter. Default: 0.
    #[serde(default)]
    pub counter_gap: f32,
    /// What stands on this text is lifted by so much where it is there, beside what its lines need. Default: 0.
    #[serde(default)]
    pub reserve: f32,
    /// The box ends at least so far above that slot's first line, wherever it has risen to.
    pub clear: Option<Clear>,
    /// The quote: its size steps down, at most to 84 %, while its first line straddles two cells of a grid of its
    /// own leading from the card's top. A little air for a quote without marks of its own. Default: false.
    #[serde(default)]
    pub grid: bool,
}
}

impl TextLayer {
    /// Which edge `x` gives on a card that lacks some parts.
    #[must_use]
    pub fn align_lacking(&self, lacks: Lacks) -> Align {
        let others = self.without.iter().filter(|other| lacks.all(&other.slots));
        others.filter_map(|other| other.align).next_back().unwrap_or(self.align)
    }
}

/// A distance kept from another slot.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clear {
    /// Which.
    pub slot: SlotName,
    /// px.
    pub gap: f32,
}

fn half() -> f32 {
    0.5
}

/// See [`Layer::Vertical`].
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerticalLayer {
    /// Left edge of the cells.
    pub x: f32,
    /// Top edge of the first cell; negative: from the bottom.
    pub y: f32,
    /// `seal` or `label`.
    pub slot: SlotName,
    /// Role of type. Default: the slot's name.
    #[serde(rename = "type")]
    pub role: Option<TypeName>,
    /// px per em.
    #[schemars(range(min = 1, max = 2000))]
    pub size: f32,
    /// From cell to cell, em.
    pub pitch: f32,
    /// At most so many cells; more is an error.
    #[schemars(range(min = 1, max = 100))]
    pub cells: usize,
}

placed! {
/// See [`Layer::Stack`].
pub struct StackLayer {
    /// Where in its box. Default: top.
    #[serde(default)]
    pub valign: VAlign,
    /// With `valign = "middle"`: 0 top to 1 bottom. Default: 0.5.
    #[serde(default = "half")]
    #[schemars(range(min = 0, max = 1))]
    pub bias: f32,
    /// Whether its texts, and the space between its children, grow on a canvas that is taller than the class's master
    /// (a 4:5 or 2:3 card): by the square root of what the box is taller. Default: false.
    #[serde(default)]
    pub grow: bool,
    /// Top to bottom.
    #[serde(rename = "child")]
    #[schemars(length(max = 50))]
    pub children: Vec<StackChild>,
}
}

/// A text or a rule in a stack.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StackChild {
    /// What it shows; an empty slot takes no room.
    pub slot: Option<SlotName>,
    /// A rule of the stack's width instead.
    pub rule: Option<Rule>,
    /// Role of type. Default: the slot's name.
    #[serde(rename = "type")]
    pub role: Option<TypeName>,
    /// px per em; a range: the quote's, which takes the height that remains, or the figure's.
    #[serde(default = "no_size")]
    pub size: Size,
    /// The same for Chinese. Default: `size`.
    pub zh_size: Option<Size>,
    /// The figure's greatest height, px.
    pub max_height: Option<f32>,
    /// The same where a qualifier stands over it.
    pub max_height_qualified: Option<f32>,
    /// The same where the quote is longer than 200 characters.
    pub max_height_long: Option<f32>,
    /// More space below for Chinese, px. Default: 0.
    #[serde(default)]
    pub zh_below: f32,
    /// Space above, px.
    #[serde(default)]
    pub above: f32,
    /// At most so many lines; 0: as many as it takes. Default: 0.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub lines: usize,
    /// A byline on two rows: space between name and role, px. Default: 0.
    #[serde(default)]
    pub between: f32,
}

fn no_size() -> Size {
    Size::Fixed(0.0)
}

/// A horizontal rule.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Thickness, px.
    pub h: f32,
    /// Colour token.
    pub fill: ColorToken,
}
