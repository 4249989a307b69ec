//! One face: its metrics, shaping, and outlines ready to be rasterised.
//!
//! Two readers look at the same bytes: `harfrust` shapes (kerning, ligatures, Chinese punctuation, Arabic joins),
//! `ab_glyph` rasterises the glyph ids that come out. Neither can do the other's part.
//!
//! A face holds outlines, or pictures in colour (an emoji face with a `CBDT` or `sbix` table), or both.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use ab_glyph::{
    Font as _, FontArc, FontVec, GlyphImageFormat, OutlinedGlyph, PxScaleFactor, VariableFont as _,
    VariationAxis,
};
use harfrust::{
    Buffer, Feature, Font, GlyphId, Language, Script, ShapeOptions, ShapePlan, ShapePlanKey, ShaperFont,
};
use read_fonts::TableProvider as _;

use crate::diag::Diagnostic;
use crate::geom::Rect;
use crate::lang::{Direction, Lang};

/// Why a file cannot serve as a face.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FontError {
    /// Neither TrueType nor OpenType, or cut short.
    #[error("`{name}` is no TrueType or OpenType font")]
    NotAFont {
        /// The face's name.
        name: String,
    },
    /// A web font; its tables are packed.
    #[error("`{name}` is a web font (WOFF)")]
    Packed {
        /// The face's name.
        name: String,
    },
    /// Pictures as colour layers or drawings (`COLR`, `SVG`), which no card can paint, and no outlines in their place.
    #[error("`{name}` holds its pictures as colour layers (COLR or SVG)")]
    ColorLayers {
        /// The face's name.
        name: String,
    },
    /// Neither outlines nor pictures that can be painted.
    #[error("`{name}` has neither outlines nor bitmaps in colour")]
    NoOutlines {
        /// The face's name.
        name: String,
    },
    /// A symbol font without Unicode mapping.
    #[error("`{name}` does not say which characters its glyphs stand for")]
    NoUnicode {
        /// The face's name.
        name: String,
    },
    /// An axis is set that the font has not.
    #[error("`{name}` has no axis `{axis}`")]
    NoAxis {
        /// The face's name.
        name: String,
        /// The axis asked for.
        axis: String,
        /// The axes that it has; none for a static font.
        known: Vec<Axis>,
    },
    /// An axis is set beyond its ends.
    #[error("`{name}`: `{} = {value}` is out of the axis' range, {} to {}", axis.tag, axis.min, axis.max)]
    AxisRange {
        /// The face's name.
        name: String,
        /// The axis.
        axis: Axis,
        /// What was asked for.
        value: f32,
    },
    /// Its axes are mapped onto each other (`avar` version 2), which `ab_glyph` does not follow: outlines and advances
    /// would part.
    #[error("`{name}` maps its axes onto each other (`avar` 2)")]
    MappedAxes {
        /// The face's name.
        name: String,
    },
}

/// An axis of a variable font, in the font's own units.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its tag: `wght`, `wdth`, `opsz` …
    pub tag: String,
    /// The least value.
    pub min: f32,
    /// The value where nobody says.
    pub default: f32,
    /// The greatest value.
    pub max: f32,
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {} to {}", self.tag, self.min, self.max)
    }
}

impl FontError {
    /// What to tell a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let told = Diagnostic::error(self.to_string());
        let hint = match self {
            Self::NotAFont { .. } => "give a `.ttf` or `.otf` file",
            Self::Packed { .. } => "give the `.ttf` or `.otf` that it was made from",
            Self::ColorLayers { .. } => "give an emoji face with bitmaps (CBDT or sbix)",
            Self::NoOutlines { .. } => {
                "give a face with outlines, or an emoji face with bitmaps (CBDT or sbix)"
            }
            Self::NoUnicode { .. } => "give a face with a Unicode character map",
            Self::MappedAxes { .. } => {
                "make a static instance of it (`fonttools varLib.instancer`), and give that"
            }
            Self::NoAxis { axis, known, .. } => {
                return axis_hints(axis, known).into_iter().fold(told, Diagnostic::hint);
            }
            Self::AxisRange { axis, .. } => {
                return told.hint(format!("take a value from {} to {}", axis.min, axis.max));
            }
        };
        told.hint(hint)
    }
}

/// What people call the registered axes, and their tags.
const AXIS_WORDS: [(&str, &str); 5] =
    [("weight", "wght"), ("width", "wdth"), ("optical_size", "opsz"), ("slant", "slnt"), ("italic", "ital")];

fn axis_hints(asked: &str, known: &[Axis]) -> Vec<String> {
    if known.is_empty() {
        return vec!["it is a static font: name the file alone".to_owned()];
    }
    let word = AXIS_WORDS.iter().find(|(word, _)| *word == asked).map(|(_, tag)| *tag);
    let tag = word.filter(|tag| known.iter().any(|axis| axis.tag == *tag));
    let listed: Vec<String> = known.iter().map(Axis::to_string).collect();
    let guess = tag.map(|tag| format!("axes are set by their tags: did you mean `{tag}`?"));
    guess.into_iter().chain([format!("its axes: {}", listed.join(", "))]).collect()
}

/// Font-wide measures, in em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Design units per em; not an em measure itself.
    pub units_per_em: f32,
    /// Height of a capital.
    pub cap_height: f32,
    /// Height of a lower-case x.
    pub x_height: f32,
    /// The line's top above the baseline (what a browser takes: typographic where the face asks for it, else
    /// `hhea`).
    pub ascent: f32,
    /// The line's bottom below the baseline, positive.
    pub descent: f32,
}

/// Text to shape in one go: one face, one script, one direction.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The text.
    pub text: &'a str,
    /// What stands before and after it in the text that it is a part of: a joined letter at its edge takes the form
    /// that its neighbour asks for, also where that is set in another face.
    pub around: (&'a str, &'a str),
    /// What is asked for beside the face's default features (kerning, ligatures).
    pub features: &'a [Feature],
    /// Decides forms where a script leaves a choice.
    pub lang: Lang,
    /// Which way it runs.
    pub direction: Direction,
}

impl<'a> Run<'a> {
    /// A text on its own, from left to right.
    #[must_use]
    pub const fn new(text: &'a str, lang: Lang) -> Self {
        Self { text, around: ("", ""), features: &[], lang, direction: Direction::LeftToRight }
    }
}

/// A glyph that is a picture, as its face holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Strike<'a> {
    /// A PNG.
    pub png: &'a [u8],
    /// Pixels per em that it was drawn for.
    pub ppem: f32,
    /// From the glyph's origin to its left edge, px of its own.
    pub left: f32,
    /// From the baseline up to its bottom edge, px of its own; negative below the baseline.
    pub bottom: f32,
    /// Its height, px of its own.
    pub height: f32,
}

/// A glyph of a shaped run; distances in em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapedGlyph {
    /// Its id in the face; 0 where the face lacks the character.
    pub id: u16,
    /// First byte of the text that it stands for.
    pub cluster: u32,
    /// From its origin to the next one's.
    pub advance: f32,
    /// Shift of the ink to the right.
    pub dx: f32,
    /// Shift of the ink downwards.
    pub dy: f32,
}

/// A face, shared read-only by all threads.
pub struct Face {
    name: String,
    identity: u64,
    outlines: FontArc,
    font: Font,
    metrics: Metrics,
    /// It has pictures in colour.
    pictures: bool,
    plans: Plans,
    /// The glyphs of the characters below [`LATIN`], 0 for none: nearly all that a Latin text asks for.
    latin: OnceLock<Box<[u16]>>,
}

/// The end of Latin Extended-A.
const LATIN: u32 = 0x180;

impl Face {
    /// Reads a face. `name` is what templates, kits and messages call it.
    ///
    /// # Errors
    /// Where `data` is not a font with outlines or with pictures in colour that can be painted.
    pub fn new(name: &str, data: Cow<'static, [u8]>) -> Result<Self, FontError> {
        match data {
            // One copy of the bytes serves both readers: a user's Chinese face may have 25 MB.
            Cow::Borrowed(bytes) => {
                refuse_packed(name, bytes)?;
                let outlines = FontArc::try_from_slice(bytes).map_err(|_| not_a_font(name))?;
                Self::of(name, outlines, Font::new(bytes, 0).ok_or_else(|| not_a_font(name))?)
            }
            Cow::Owned(bytes) => Self::at(name, bytes, &[]),
        }
    }

    /// Reads a face of a variable font: `axes` by tag, in the font's own units (`wght` 620); the others stand where the
    /// font says. Errors call it `name`, the face itself is called by [`Face::instance_name`].
    ///
    /// # Errors
    /// As [`Face::new`]; an axis that the font has not, or a value beyond the ends of one.
    pub fn at(name: &str, data: Vec<u8>, axes: &[(&str, f32)]) -> Result<Self, FontError> {
        refuse_packed(name, &data)?;
        let mut outlines = FontVec::try_from_vec(data).map_err(|_| not_a_font(name))?;
        let known: Vec<Axis> = outlines.variations().iter().map(Axis::of).collect();
        for &(tag, value) in axes {
            let Some(axis) = known.iter().find(|axis| axis.tag == tag) else {
                return Err(FontError::NoAxis { name: name.to_owned(), axis: tag.to_owned(), known });
            };
            if !(axis.min..=axis.max).contains(&value) {
                return Err(FontError::AxisRange { name: name.to_owned(), axis: axis.clone(), value });
            }
            if let &[a, b, c, d] = tag.as_bytes() {
                outlines.set_variation(&[a, b, c, d], value);
            }
        }
        let outlines = FontArc::new(outlines);
        let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(Bytes(outlines.clone()));
        let font = Font::new(shared, 0).ok_or_else(|| not_a_font(name))?;
        if font.tables().avar().is_ok_and(|avar| avar.version().major > 1) && !axes.is_empty() {
            return Err(FontError::MappedAxes { name: name.to_owned() });
        }
        let font = font.instance_builder().variations(axes).build();
        Ok(Self { name: Self::instance_name(name, axes), ..Self::of(name, outlines, font)? })
    }

    /// What a face is called that stands at `axes`: `House.ttf wght=620`.
    #[must_use]
    pub fn instance_name(name: &str, axes: &[(&str, f32)]) -> String {
        let axes: String = axes.iter().map(|(tag, value)| format!(" {tag}={value}")).collect();
        format!("{name}{axes}")
    }

    /// A face of its two readers, which stand at the same instance.
    fn of(name: &str, outlines: FontArc, font: Font) -> Result<Self, FontError> {
        let owned = || name.to_owned();
        if !font.charmap().has_unicode() {
            return Err(FontError::NoUnicode { name: owned() });
        }
        let tables = font.tables();
        let pictures = tables.cbdt().is_ok() && tables.cblc().is_ok() || tables.sbix().is_ok();
        if !pictures && !draws(&font, &outlines) {
            let layers = tables.colr().is_ok() || tables.svg().is_ok();
            let name = owned();
            return Err(if layers {
                FontError::ColorLayers { name }
            } else {
                FontError::NoOutlines { name }
            });
        }
        let metrics = measure(&font);
        // Caches outlive a face in one thread, so its address would not do as their key: another face may be
        // put there.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let identity = NEXT.fetch_add(1, Ordering::Relaxed);
        Ok(Self {
            name: owned(),
            identity,
            outlines,
            font,
            metrics,
            pictures,
            plans: Plans::default(),
            latin: OnceLock::new(),
        })
    }

    /// What templates, kits and messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A number that no other face of this process has; the key of caches.
    #[must_use]
    pub(crate) const fn identity(&self) -> u64 {
        self.identity
    }

    /// Font-wide measures.
    #[must_use]
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The glyph of a character, or `None` where the face lacks it.
    #[must_use]
    pub fn glyph_id(&self, c: char) -> Option<u16> {
        let mapped = |c: char| {
            let id = self.font.charmap().map_unicode(c)?.to_u32();
            u16::try_from(id).ok().filter(|&id| id != 0)
        };
        if u32::from(c) >= LATIN {
            return mapped(c);
        }
        let all = || (0..LATIN).map(|c| char::from_u32(c).and_then(mapped).unwrap_or(0)).collect();
        let id = self.latin.get_or_init(all)[u32::from(c) as usize];
        (id != 0).then_some(id)
    }

    /// The box around a glyph's ink, in em, from its origin on the baseline, y downwards; `None` for a blank.
    #[must_use]
    pub fn ink_box(&self, id: u16) -> Option<Rect> {
        let ink = self.font.glyph_metrics().extents(GlyphId::new(u32::from(id)))?;
        let em = self.metrics.units_per_em;
        (ink.width > 0.0 && ink.height > 0.0)
            .then(|| Rect::new(ink.x_bearing / em, -ink.y_bearing / em, ink.width / em, ink.height / em))
    }

    /// From a glyph's origin to its ink, in em; 0 for a blank.
    #[must_use]
    pub fn left_bearing(&self, id: u16) -> f32 {
        self.ink_box(id).map_or(0.0, |ink| ink.x)
    }

    /// Shapes a run. The glyphs come as they stand on the line, from left to right whichever way the run is read.
    ///
    /// The script is that of the first letter; a run of figures or punctuation takes the language's.
    #[must_use]
    pub fn shape(&self, run: &Run<'_>) -> Vec<ShapedGlyph> {
        thread_local! {
            static BUFFER: RefCell<Buffer> = RefCell::new(Buffer::new());
        }
        BUFFER.with_borrow_mut(|buffer| {
            buffer.reset();
            let (before, after) = run.around;
            if !before.is_empty() {
                buffer.set_pre_context(before);
            }
            buffer.push_str(run.text);
            if !after.is_empty() {
                buffer.set_post_context(after);
            }
            buffer.set_direction(match run.direction {
                Direction::LeftToRight => harfrust::Direction::LeftToRight,
                Direction::RightToLeft => harfrust::Direction::RightToLeft,
            });
            buffer.guess_segment_properties();
            let (script, language) = match run.lang {
                Lang::En => (Script::LATIN, "en"),
                Lang::Zh => (Script::HAN, "zh-hans"),
            };
            if buffer.script().is_none() {
                buffer.set_script(Some(script));
            }
            // Of other scripts the language is not known; a face then gives its usual forms.
            let ours = [Script::LATIN, Script::HAN].map(Some).contains(&buffer.script());
            buffer.set_language(if ours { Language::new(language) } else { None });
            let plan = self.plans.get(&self.font, buffer, run.features);
            let options = ShapeOptions::new().plan(Some(plan)).features(run.features);
            harfrust::shape(&ShaperFont::new(&self.font), buffer, options)
                .expect("the plan was made for this buffer's direction and script");
            let em = self.metrics.units_per_em;
            buffer
                .glyph_infos()
                .iter()
                .zip(buffer.glyph_positions())
                .map(|(info, at)| ShapedGlyph {
                    id: u16::try_from(info.glyph_id).unwrap_or(0),
                    cluster: info.cluster,
                    advance: at.x_advance as f32 / em,
                    dx: at.x_offset as f32 / em,
                    dy: -at.y_offset as f32 / em,
                })
                .collect()
        })
    }

    /// Whether it has pictures in colour: an emoji face.
    #[must_use]
    pub const fn has_pictures(&self) -> bool {
        self.pictures
    }

    /// The picture that a glyph is, the smallest that is at least `px` per em, else the largest; `None` where it is
    /// none, or one in a format other than PNG.
    pub(crate) fn strike(&self, id: u16, px: f32) -> Option<Strike<'_>> {
        if !self.pictures {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, as it should")]
        let image = self.outlines.glyph_raster_image2(ab_glyph::GlyphId(id), px.ceil() as u16)?;
        // An `sbix` table does not tell a picture's size, the picture itself does, always in the same place.
        const HEIGHT: std::ops::Range<usize> = 20..24;
        let is_png = matches!(image.format, GlyphImageFormat::Png) && image.data.starts_with(b"\x89PNG");
        let height = image.data.get(HEIGHT).filter(|_| is_png)?.try_into().ok()?;
        Some(Strike {
            png: image.data,
            ppem: f32::from(image.pixels_per_em.max(1)),
            left: image.origin.x,
            bottom: image.origin.y,
            height: u32::from_be_bytes(height) as f32,
        })
    }

    /// Whether a glyph leaves anything on a card: an outline, or a picture.
    pub(crate) fn draws(&self, id: u16) -> bool {
        /// Any size does: a face has the same glyphs in all its strikes, or may as well have.
        const ANY: f32 = 100.0;
        self.has_outline(id) || self.strike(id, ANY).is_some()
    }

    /// Whether a glyph has an outline. A blank has none, and neither has an emoji that its font holds as a picture.
    fn has_outline(&self, id: u16) -> bool {
        self.outlines.outline(ab_glyph::GlyphId(id)).is_some_and(|outline| !outline.curves.is_empty())
    }

    /// A glyph's outline at `px` per em, its origin at (`x`, 0), ready to be drawn; `None` for a blank.
    ///
    /// The one place where a font size meets `ab_glyph`, whose own scale is not px per em but the height from
    /// ascent to descent. This goes below it: outlines are in design units, so the factor is px over units.
    #[must_use]
    pub(crate) fn outlined(&self, id: u16, px: f32, x: f32) -> Option<OutlinedGlyph> {
        let id = ab_glyph::GlyphId(id);
        // Where an outline's left edge falls on a pixel's edge, rounding may put it a hair to the left of the box that
        // the rasteriser draws in; it then drops that edge from the first row, and the whole glyph comes out grey.
        // A box that begins a hair earlier holds it.
        const HAIR: f32 = 1.0 / 256.0;
        let mut outline = self.outlines.outline(id)?;
        let factor = px / self.metrics.units_per_em;
        outline.bounds.min.x -= HAIR / factor;
        let scale = self.outlines.height_unscaled() * factor;
        let glyph = id.with_scale_and_position(scale, ab_glyph::point(x, 0.0));
        Some(OutlinedGlyph::new(glyph, outline, PxScaleFactor { horizontal: factor, vertical: factor }))
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Face").field(&self.name).finish()
    }
}

impl Axis {
    fn of(axis: &VariationAxis) -> Self {
        Self {
            tag: axis.tag.iter().copied().map(char::from).collect(),
            min: axis.min_value,
            default: axis.default_value,
            max: axis.max_value,
        }
    }
}

fn not_a_font(name: &str) -> FontError {
    FontError::NotAFont { name: name.to_owned() }
}

fn refuse_packed(name: &str, data: &[u8]) -> Result<(), FontError> {
    if data.starts_with(b"wOFF") || data.starts_with(b"wOF2") {
        return Err(FontError::Packed { name: name.to_owned() });
    }
    Ok(())
}

/// Lets the shaper read the bytes that the rasteriser holds.
struct Bytes(FontArc);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.0.font_data()
    }
}

/// Whether any of the first few hundred characters of a font has an outline.
fn draws(font: &Font, outlines: &FontArc) -> bool {
    const ENOUGH: usize = 512;
    let drawn = |id: GlyphId| {
        let id = u16::try_from(id.to_u32()).ok()?;
        outlines.outline(ab_glyph::GlyphId(id)).filter(|outline| !outline.curves.is_empty())
    };
    font.charmap().unicodes().take(ENOUGH).any(|(_, id)| drawn(id).is_some())
}

/// What browsers assume of a face that does not say: capitals of 0.7, small letters of 0.5 em.
const CAP_HEIGHT: f32 = 0.7;
const X_HEIGHT: f32 = 0.5;

fn measure(font: &Font) -> Metrics {
    let stated = font.metrics();
    let em = f32::from(stated.units_per_em);
    // Old and hand-made faces leave these at zero; then the letters themselves are measured.
    let height = |stated: Option<f32>, letter: char, else_em: f32| {
        stated
            .filter(|&h| h > 0.0)
            .or_else(|| {
                let id = font.charmap().map_unicode(letter)?;
                font.glyph_metrics().extents(id).map(|ink| ink.y_bearing).filter(|&h| h > 0.0)
            })
            .map_or(else_em, |h| h / em)
    };
    let line = font.metrics().h_line();
    Metrics {
        units_per_em: em,
        cap_height: height(stated.cap_height.map(|h| h.to_f32()), 'H', CAP_HEIGHT),
        x_height: height(stated.x_height.map(|h| h.to_f32()), 'x', X_HEIGHT),
        ascent: line.map_or(0.8, |l| l.ascender.to_f32() / em),
        descent: line.map_or(0.2, |l| -l.descender.to_f32() / em),
    }
}

/// Shape plans of one face. A plan takes far longer to make (0.3–0.6 ms) than to run (30 µs), and belongs to the
/// face: run on another one, it would apply the wrong lookups.
///
/// A list that only grows, each link set once: reading takes no lock, so no card waits for another. It stays as
/// short as there are scripts × languages × feature sets in use, a handful.
#[derive(Default)]
struct Plans(OnceLock<Box<Link>>);

struct Link {
    plan: ShapePlan,
    next: Plans,
}

impl Plans {
    fn get(&self, font: &Font, buffer: &Buffer, features: &[Feature]) -> &ShapePlan {
        let (script, direction, language) = (buffer.script(), buffer.direction(), buffer.language());
        let key = ShapePlanKey::new(font, script, direction).language(language).features(features);
        let mut at = self;
        loop {
            // Another thread may win the race with a plan for another key; then the search goes on behind it.
            let link = at.0.get_or_init(|| {
                let plan = ShapePlan::new(font, direction, script, language, features);
                Box::new(Link { plan, next: Self::default() })
            });
            if key.matches(&link.plan) {
                return &link.plan;
            }
            at = &link.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::font::FontBook;

    fn face(name: &str) -> Face {
        let path = format!("{}/fonts/{name}.ttf", env!("CARGO_MANIFEST_DIR"));
        Face::new(name, Cow::Owned(std::fs::read(path).unwrap())).unwrap()
    }

    fn width(face: &Face, text: &str, features: &[Feature]) -> f32 {
        let run = Run { features, ..Run::new(text, Lang::of(text)) };
        face.shape(&run).iter().map(|g| g.advance).sum()
    }

    #[test]
    fn a_blank_has_no_outline() {
        let face = face("LibreFranklin-Bold");
        let has = |c| face.has_outline(face.glyph_id(c).unwrap());
        assert!(has('A') && has('.') && !has(' '));
    }

    fn variable(axes: &[(&str, f32)]) -> Result<Face, FontError> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts/VariableSerif.ttf");
        Face::at("House.ttf", std::fs::read(path).unwrap(), axes)
    }

    #[test]
    fn an_instance_reaches_advances_outlines_and_measures() {
        let light = variable(&[("wght", 300.0), ("opsz", 18.0)]).unwrap();
        let heavy = variable(&[("opsz", 72.0), ("wght", 760.0)]).unwrap();
        let words = "The river carried water";
        assert!((width(&light, words, &[]) - width(&heavy, words, &[])).abs() > 0.2);
        for face in [&light, &heavy, &variable(&[]).unwrap(), &variable(&[("wght", 575.0)]).unwrap()] {
            for c in "RSaegn".chars() {
                let id = face.glyph_id(c).unwrap();
                // What the shaper's reader says of the ink is what the other one draws, in design units.
                let (said, drawn) =
                    (face.ink_box(id).unwrap(), face.outlined(id, 2000.0, 0.0).unwrap().px_bounds());
                for (said, drawn) in [
                    (said.x, drawn.min.x),
                    (said.y, drawn.min.y),
                    (said.right(), drawn.max.x),
                    (said.bottom(), drawn.max.y),
                ] {
                    assert!((said * 2000.0 - drawn).abs() < 2.5, "{c}: {said} {drawn}");
                }
            }
        }
        let stem = |face: &Face| face.ink_box(face.glyph_id('l').unwrap()).unwrap().w;
        assert!(stem(&heavy) > stem(&light));
    }

    #[test]
    fn an_axis_is_known_and_kept_to_its_ends() {
        let told = |axes: &[(&str, f32)]| variable(axes).unwrap_err().diagnostic();
        let range = told(&[("wght", 900.0)]);
        assert_eq!(range.message, "`House.ttf`: `wght = 900` is out of the axis' range, 300 to 800");
        assert_eq!(range.hints, ["take a value from 300 to 800"]);
        let word = told(&[("weight", 700.0)]);
        assert_eq!(word.message, "`House.ttf` has no axis `weight`");
        assert_eq!(
            word.hints,
            [
                "axes are set by their tags: did you mean `wght`?",
                "its axes: `wght` 300 to 800, `opsz` 18 to 72"
            ]
        );
        assert_eq!(told(&[("wght", f32::NAN)]).hints, ["take a value from 300 to 800"]);
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/LibreFranklin-Bold.ttf");
        let fixed = Face::at("Static.ttf", std::fs::read(path).unwrap(), &[("wght", 500.0)]).unwrap_err();
        assert_eq!(fixed.diagnostic().hints, ["it is a static font: name the file alone"]);
    }

    #[test]
    fn is_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Face>();
        shared::<FontBook>();
    }

    #[test]
    fn measures_in_em() {
        let serif = face("NewsreaderDisplay-Medium");
        let m = serif.metrics();
        assert!((0.6..0.72).contains(&m.cap_height), "{m:?}");
        assert!(m.x_height < m.cap_height && m.cap_height < m.ascent && m.descent > 0.0, "{m:?}");
        let h = serif.ink_box(serif.glyph_id('H').unwrap()).unwrap();
        // Newsreader's capitals rise above the height it states. The stated one counts: browsers trim by it.
        assert!((0.0..0.06).contains(&(-h.y - m.cap_height)) && h.bottom().abs() < 0.01, "{h:?} {m:?}");
        assert_eq!(serif.left_bearing(serif.glyph_id('H').unwrap()), h.x);
        assert_eq!(serif.ink_box(serif.glyph_id(' ').unwrap()), None);
        assert!((face("NotoSansSC-Bold").metrics().cap_height - 0.73).abs() < 0.01);
    }

    #[test]
    fn says_which_characters_it_lacks() {
        assert!(face("NewsreaderDisplay-Medium").glyph_id('汾').is_none());
        assert!(face("NotoSerifSC-SemiBold").glyph_id('汾').is_some());
        assert_eq!(face("NewsreaderDisplay-Medium").shape(&Run::new("汾", Lang::Zh))[0].id, 0);
    }

    #[test]
    fn kerns_by_default_and_on_request_not() {
        let serif = face("NewsreaderDisplay-Medium");
        let off: Feature = "-kern".parse().unwrap();
        assert!(width(&serif, "AVATAR To", &[]) < width(&serif, "AVATAR To", &[off]));
        // Plans of the same face do not mix: asked again, each gives what it gave.
        assert!(width(&serif, "AVATAR To", &[]) < width(&serif, "AVATAR To", &[off]));
    }

    #[test]
    fn plans_belong_to_their_face() {
        let (serif, sans) = (face("NewsreaderDisplay-Medium"), face("LibreFranklin-Bold"));
        let alone = sans.shape(&Run::new("AVATAR fi", Lang::En));
        let _ = serif.shape(&Run::new("AVATAR fi", Lang::En));
        assert_eq!(sans.shape(&Run::new("AVATAR fi", Lang::En)), alone);
        assert_eq!(face("LibreFranklin-Bold").shape(&Run::new("AVATAR fi", Lang::En)), alone);
    }

    #[test]
    fn clusters_are_bytes() {
        let zh = face("NotoSerifSC-SemiBold");
        let run = zh.shape(&Run::new("水，山", Lang::Zh));
        assert_eq!(run.iter().map(|g| g.cluster).collect::<Vec<_>>(), [0, 3, 6]);
        assert_eq!(run[0].advance, 1.0);
    }

    #[test]
    fn threads_shape_alike() {
        let serif = face("NewsreaderDisplay-Medium");
        let off: Feature = "-kern".parse().unwrap();
        let expected = [width(&serif, "AVATAR", &[]), width(&serif, "AVATAR", &[off])];
        let fresh = face("NewsreaderDisplay-Medium");
        std::thread::scope(|s| {
            for i in 0..8 {
                let (fresh, off, expected) = (&fresh, &off, &expected);
                s.spawn(move || {
                    let features = if i % 2 == 0 { &[][..] } else { std::slice::from_ref(off) };
                    assert_eq!(width(fresh, "AVATAR", features), expected[i % 2]);
                });
            }
        });
    }

    #[test]
    fn size_is_px_per_em() {
        let serif = face("NewsreaderDisplay-Medium");
        let id = serif.glyph_id('H').unwrap();
        let ink = serif.ink_box(id).unwrap();
        let bounds = serif.outlined(id, 100.0, 0.0).unwrap().px_bounds();
        assert_eq!(bounds.min.y, (ink.y * 100.0).floor());
        assert_eq!(bounds.max.x, (ink.right() * 100.0).ceil());
    }

    #[test]
    fn refuses_what_is_no_face() {
        let new = |data: &'static [u8]| Face::new("kit.ttf", Cow::Borrowed(data)).unwrap_err();
        assert_eq!(new(b"hello").to_string(), "`kit.ttf` is no TrueType or OpenType font");
        assert_eq!(new(b"").diagnostic().hints, ["give a `.ttf` or `.otf` file"]);
        assert_eq!(new(b"wOF2....").to_string(), "`kit.ttf` is a web font (WOFF)");
        let whole =
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/LibreFranklin-Bold.ttf")).unwrap();
        for cut in [4, 11, 40, 200, 2000] {
            let _ = Face::new("cut", Cow::Owned(whole[..cut].to_vec()));
        }
    }
}
