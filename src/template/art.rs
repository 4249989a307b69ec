//! Pictures and vector art that a template or kit brings: read and checked once, painted many times.

use std::fmt;
use std::io::Cursor;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree, roxmltree};

use crate::color::Color;
use crate::diag::Diagnostic;
use crate::digest::Digest;

/// The largest picture that is read, in pixels: an 8192 × 8192 photograph, a quarter of a gigabyte in memory.
pub const MAX_PIXELS: u64 = 64 << 20;

/// What a decoder may allocate: 16 bits a channel, and what it needs itself.
fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_PIXELS * 8 + (16 << 20));
    limits
}

/// Why a picture or a drawing cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArtError {
    /// Not a PNG, or a damaged one.
    #[error("`{name}` is no picture that can be read: {reason}")]
    Png {
        /// File name.
        name: String,
        /// The decoder's words.
        reason: String,
    },
    /// A photograph in another format than PNG, JPEG or WebP, or no picture at all.
    #[error("`{name}` is no PNG, JPEG or WebP{}", found.map(|found| format!(", but {found}")).unwrap_or_default())]
    Format {
        /// File name.
        name: String,
        /// What it is instead, where that can be told ("a TIFF").
        found: Option<&'static str>,
    },
    /// A damaged photograph.
    #[error("`{name}` is no photograph that can be read: {reason}")]
    Photo {
        /// File name.
        name: String,
        /// The decoder's words.
        reason: String,
    },
    /// So large that reading it would fill the memory.
    #[error("`{name}` is {width} × {height} px, more than 64 megapixels")]
    TooLarge {
        /// File name.
        name: String,
        /// Width, px.
        width: u32,
        /// Height, px.
        height: u32,
    },
    /// Not an SVG, or a damaged one.
    #[error("`{name}` is no SVG drawing that can be read: {reason}")]
    Svg {
        /// File name.
        name: String,
        /// The parser's words.
        reason: String,
    },
    /// Contains what would not be painted: told here, rather than a logo with a hole.
    #[error("`{name}` contains `<{element}>`, which cannot be painted")]
    Unsupported {
        /// File name.
        name: String,
        /// The SVG element's name.
        element: &'static str,
    },
}

impl ArtError {
    /// What to tell a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let hint = match self {
            Self::Png { .. } => "save it as PNG again",
            Self::Format { .. } => "save it as JPEG, PNG or WebP; what counts is the content, not the ending",
            Self::Photo { .. } => "copy it again, or save it as JPEG again",
            Self::TooLarge { .. } => "scale it down: no card is larger than 4096 × 4096 px",
            Self::Svg { .. } => "save it as plain SVG again, with a `viewBox`",
            Self::Unsupported { element: "text", .. } => "turn its text into paths before saving it",
            Self::Unsupported { .. } => "give the picture itself as PNG, or draw it with paths",
        };
        Diagnostic::error(self.to_string()).hint(hint)
    }
}

/// A picture or vector art that a template or kit brings.
///
/// Equal where name and natural size are: within a batch a name stands for one file.
pub enum Art {
    /// Pixels.
    Raster(Raster),
    /// Paths.
    Vector(Box<Vector>),
}

impl Art {
    /// Reads a PNG. `name` is what messages call it.
    ///
    /// # Errors
    /// Where `bytes` is no whole PNG of at most [`MAX_PIXELS`].
    pub fn from_png(name: &str, bytes: &[u8]) -> Result<Self, ArtError> {
        let wrong = |e: &dyn fmt::Display| ArtError::Png { name: name.to_owned(), reason: e.to_string() };
        let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|e| wrong(&e))?;
        Ok(Self::from_image(name, decode(name, decoder, |e| wrong(&e))?, bytes))
    }

    /// Reads a photograph: a PNG, JPEG or WebP by its content, turned upright as its EXIF data say. `name` is what
    /// messages call it. Of an animation it is the first picture; colours are taken for sRGB.
    ///
    /// # Errors
    /// Where `bytes` is in another format, damaged, or has more than [`MAX_PIXELS`].
    pub fn from_photo(name: &str, bytes: &[u8]) -> Result<Self, ArtError> {
        let wrong = |e: &dyn fmt::Display| ArtError::Photo { name: name.to_owned(), reason: e.to_string() };
        let format = match image::guess_format(bytes) {
            Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
            _ => return Err(ArtError::Format { name: name.to_owned(), found: other_format(bytes) }),
        };
        let is_whole = match format {
            ImageFormat::Jpeg => is_whole_jpeg(bytes),
            ImageFormat::WebP => is_whole_webp(bytes),
            _ => true, // the PNG decoder looks itself
        };
        if !is_whole {
            return Err(wrong(&"it ends too early"));
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        // Only the header is read here, and its size is checked in `decode` with words of our own.
        reader.limits(limits());
        let mut decoder = reader.into_decoder().map_err(|e| wrong(&e))?;
        let orientation = decoder.orientation().map_err(|e| wrong(&e))?;
        let mut image = decode(name, decoder, |e| wrong(&e))?;
        image.apply_orientation(orientation);
        Ok(Self::from_image(name, image, bytes))
    }

    /// Reads a template's picture: a PNG, JPEG or WebP by its content, bounded and turned upright as a photograph is.
    /// `name` is what messages call it.
    ///
    /// # Errors
    /// As [`from_png`](Self::from_png) and [`from_photo`](Self::from_photo).
    pub fn from_picture(name: &str, bytes: &[u8]) -> Result<Self, ArtError> {
        match image::guess_format(bytes) {
            Ok(ImageFormat::Png) => Self::from_png(name, bytes),
            _ => Self::from_photo(name, bytes),
        }
    }

    /// The same picture as a mask: it is painted in one colour, and its alpha says how much of it; where nothing of it
    /// is clear, its darkness does, as a brush drawing on white is scanned. A drawing stays as it is.
    #[must_use]
    pub fn into_mask(self) -> Self {
        let Self::Raster(raster) = self else { return self };
        let by_darkness = raster.is_opaque();
        let coverage = |i: usize| {
            let [r, g, b, a] = raster.pixel(i % raster.width, i / raster.width);
            // Luminance by BT.601, as a photograph's tones have it, in whole numbers.
            let [r, g, b] = [r, g, b].map(u32::from);
            let level = (r * 19_595 + g * 38_470 + b * 7_471 + (1 << 15)) >> 16;
            if by_darkness { 255 - level as u8 } else { a }
        };
        let alpha = (0..raster.width * raster.height).map(coverage).collect();
        Self::Raster(Raster { samples: Samples::Mask { color: None, alpha }, ..raster })
    }

    fn from_image(name: &str, image: DynamicImage, file: &[u8]) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let samples = Samples::of(image);
        let (name, file) = (name.to_owned(), Digest::of(file));
        Self::Raster(Raster { name, file, width, height, samples, range: OnceLock::new() })
    }

    /// Reads an SVG. `currentColor` in it takes the colour it is painted with.
    ///
    /// # Errors
    /// Where `bytes` is no SVG with a size, or has text or pictures in it: there are no fonts to set the first
    /// with, and files beside it are never opened.
    pub fn from_svg(name: &str, bytes: &[u8]) -> Result<Self, ArtError> {
        let wrong = |e: &dyn fmt::Display| ArtError::Svg { name: name.to_owned(), reason: e.to_string() };
        let source = std::str::from_utf8(bytes).map_err(|e| wrong(&e))?;
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let xml = roxmltree::Document::parse_with_options(source, options).map_err(|e| wrong(&e))?;
        for element in ["text", "foreignObject"] {
            if xml.descendants().any(|n| n.tag_name().name() == element) {
                return Err(ArtError::Unsupported { name: name.to_owned(), element });
            }
        }
        let embeds = AtomicBool::new(false);
        let tree = Tree::from_xmltree(&xml, &options_for(Color::rgb(0, 0, 0), Some(&embeds)))
            .map_err(|e| wrong(&e))?;
        if embeds.into_inner() {
            return Err(ArtError::Unsupported { name: name.to_owned(), element: "image" });
        }
        let recolors = source.to_ascii_lowercase().contains("currentcolor");
        Ok(Self::Vector(Box::new(Vector::new(name, source.to_owned(), tree, recolors, true))))
    }

    /// One path of a template, filled even-odd with the colour it is painted with, on a `width` × `height` view;
    /// it may reach beyond the view.
    ///
    /// # Errors
    /// Where `d` is no SVG path data, or the view is empty.
    pub fn path(width: f32, height: f32, d: &str) -> Result<Self, ArtError> {
        Self::path_through(width, height, d, "")
    }

    /// The same path as in a mirror.
    ///
    /// # Errors
    /// As of [`Art::path`].
    pub(crate) fn turned_path(width: f32, height: f32, d: &str) -> Result<Self, ArtError> {
        Self::path_through(width, height, d, &format!(r#" transform="matrix(-1 0 0 1 {width} 0)""#))
    }

    fn path_through(width: f32, height: f32, d: &str, transform: &str) -> Result<Self, ArtError> {
        let name = if transform.is_empty() { format!("path {d}") } else { format!("turned path {d}") };
        let wrong = |reason: &str| ArtError::Svg { name: name.clone(), reason: reason.to_owned() };
        if d.contains(['"', '<', '&']) {
            return Err(wrong("path data hold letters and numbers only"));
        }
        if !(width > 0.0 && height > 0.0) {
            return Err(wrong("its view is empty"));
        }
        let source = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><path d="{d}" fill="currentColor" fill-rule="evenodd"{transform}/></svg>"#
        );
        let tree = Tree::from_str(&source, &options_for(Color::rgb(0, 0, 0), None))
            .map_err(|e| wrong(&e.to_string()))?;
        if !tree.root().has_children() {
            return Err(wrong("the path is empty"));
        }
        Ok(Self::Vector(Box::new(Vector::new(&name, source, tree, true, false))))
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Raster(r) => &r.name,
            Self::Vector(v) => &v.name,
        }
    }

    /// Natural width and height, px (an SVG's `width` and `height`, else its `viewBox`).
    #[must_use]
    pub fn size(&self) -> (f32, f32) {
        match self {
            Self::Raster(r) => (r.width as f32, r.height as f32),
            Self::Vector(v) => (v.black.size().width(), v.black.size().height()),
        }
    }
}

impl Art {
    /// The same, mirrored left to right (`across`), top to bottom (`down`), or both.
    #[must_use]
    pub fn mirrored(&self, across: bool, down: bool) -> Self {
        match self {
            Self::Raster(raster) => Self::Raster(raster.mirrored(across, down)),
            Self::Vector(vector) => Self::Vector(Box::new(vector.mirrored(across, down))),
        }
    }

    /// The digest of the file that a picture was read from; of a drawing, which no card brings of its own, nought.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Raster(raster) => raster.file,
            Self::Vector(_) => Digest::default(),
        }
    }

    /// Whether a part of it takes the colour that it is painted with.
    #[must_use]
    pub fn recolors(&self) -> bool {
        matches!(self, Self::Vector(vector) if vector.recolors)
    }
}

impl fmt::Debug for Art {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (w, h) = self.size();
        write!(f, "art `{}` {w} × {h}", self.name())
    }
}

impl PartialEq for Art {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.size() == other.size()
    }
}

/// A picture in memory.
pub struct Raster {
    name: String,
    /// Of the file that it was read from.
    file: Digest,
    width: usize,
    height: usize,
    samples: Samples,
    /// The luminance that one in a hundred of its pixels is darker than, and that one is lighter than, once a duotone
    /// has asked for it.
    pub(crate) range: OnceLock<[f32; 2]>,
}

/// The pixels of a picture, row after row, with no more channels than differ.
pub(crate) enum Samples {
    /// Nothing shows through.
    Rgb(Vec<u8>),
    /// Alpha not premultiplied.
    Rgba(Vec<u8>),
    /// One colour all over, and how much of it: a wash, a stamp.
    Mask {
        /// Red, green, blue; `None`: the colour that it is painted with.
        color: Option<[u8; 3]>,
        /// One byte a pixel.
        alpha: Vec<u8>,
    },
}

impl Samples {
    fn of(image: DynamicImage) -> Self {
        // The tile of a grain: the library would convert it by way of colour spaces, at a hundred times the cost.
        if let DynamicImage::ImageLuma8(image) = &image {
            return Self::Rgb(image.as_raw().iter().flat_map(|&grey| [grey; 3]).collect());
        }
        if !image.color().has_alpha() {
            return Self::Rgb(image.into_rgb8().into_raw());
        }
        // Grey with alpha is how a mask is saved: it need not become four channels to be found one.
        if let DynamicImage::ImageLumaA8(image) = &image {
            let (pixels, _) = image.as_raw().as_chunks();
            if let Some(mask) = Self::mask(pixels, |&[l, a]: &[u8; 2]| ([l; 3], a)) {
                return mask;
            }
        }
        let rgba = image.into_rgba8().into_raw();
        let (pixels, _) = rgba.as_chunks::<4>();
        if pixels.iter().all(|p| p[3] == 255) {
            return Self::Rgb(pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect());
        }
        Self::mask(pixels, |&[r, g, b, a]: &[u8; 4]| ([r, g, b], a)).unwrap_or(Self::Rgba(rgba))
    }

    /// A mask, where all that is not clear has one colour.
    fn mask<P>(pixels: &[P], split: impl Fn(&P) -> ([u8; 3], u8)) -> Option<Self> {
        let mut seen = pixels.iter().map(&split).filter(|(_, a)| *a > 0).map(|(color, _)| color);
        let color = seen.next().unwrap_or_default();
        let alpha = || pixels.iter().map(|p| split(p).1).collect();
        seen.all(|other| other == color).then(|| Self::Mask { color: Some(color), alpha: alpha() })
    }
}

impl Raster {
    fn mirrored(&self, across: bool, down: bool) -> Self {
        fn flip<const N: usize>(data: &[u8], width: usize, across: bool, down: bool) -> Vec<u8> {
            let (pixels, _) = data.as_chunks::<N>();
            let mut rows: Vec<Vec<[u8; N]>> = pixels.chunks(width).map(<[_]>::to_vec).collect();
            if down {
                rows.reverse();
            }
            if across {
                rows.iter_mut().for_each(|row| row.reverse());
            }
            rows.concat().concat()
        }
        let samples = match &self.samples {
            Samples::Rgb(rgb) => Samples::Rgb(flip::<3>(rgb, self.width, across, down)),
            Samples::Rgba(rgba) => Samples::Rgba(flip::<4>(rgba, self.width, across, down)),
            Samples::Mask { color, alpha } => {
                Samples::Mask { color: *color, alpha: flip::<1>(alpha, self.width, across, down) }
            }
        };
        Self { name: mirrored_name(&self.name, across, down), samples, range: self.range.clone(), ..*self }
    }

    /// Width and height.
    pub(crate) const fn dimensions(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Its pixels.
    pub(crate) const fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Red, green, blue and alpha of a pixel, not premultiplied.
    pub(crate) fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        let i = y * self.width + x;
        match &self.samples {
            Samples::Rgb(rgb) => [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 255],
            Samples::Rgba(rgba) => [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]],
            Samples::Mask { color, alpha } => {
                let [r, g, b] = color.unwrap_or_default();
                [r, g, b, alpha[i]]
            }
        }
    }

    /// Whether no pixel shows what is behind.
    pub(crate) const fn is_opaque(&self) -> bool {
        matches!(self.samples, Samples::Rgb(_))
    }
}

/// Within a layout a name stands for one picture.
fn mirrored_name(name: &str, across: bool, down: bool) -> String {
    let how = match (across, down) {
        (false, false) => return name.to_owned(),
        (true, false) => "left to right",
        (false, true) => "top to bottom",
        (true, true) => "both ways",
    };
    format!("{name}, mirrored {how}")
}

/// A drawing, ready to be painted in any colour.
pub struct Vector {
    name: String,
    source: String,
    black: Tree,
    recolors: bool,
    clips: bool,
    mirror: [bool; 2],
    /// The first other colour asked for; most art is painted in one colour all through a batch.
    colored: OnceLock<(Color, Tree)>,
}

impl Vector {
    fn new(name: &str, source: String, black: Tree, recolors: bool, clips: bool) -> Self {
        Self {
            name: name.to_owned(),
            source,
            black,
            recolors,
            clips,
            mirror: [false; 2],
            colored: OnceLock::new(),
        }
    }

    fn mirrored(&self, across: bool, down: bool) -> Self {
        let black = Tree::from_str(&self.source, &options_for(Color::rgb(0, 0, 0), None))
            .expect("it was parsed before");
        let name = mirrored_name(&self.name, across, down);
        let mirror = [self.mirror[0] != across, self.mirror[1] != down];
        Self { mirror, ..Self::new(&name, self.source.clone(), black, self.recolors, self.clips) }
    }

    /// Whether it is painted mirrored left to right, and top to bottom.
    pub(crate) const fn mirror(&self) -> [bool; 2] {
        self.mirror
    }

    /// Whether what reaches beyond its view is cut off, as a browser cuts an SVG file (but not a bare path).
    pub(crate) const fn clips(&self) -> bool {
        self.clips
    }

    /// Hands the drawing, `currentColor` resolved, to `paint`.
    pub(crate) fn with_color<R>(&self, color: Color, paint: impl FnOnce(&Tree) -> R) -> R {
        if !self.recolors || color == Color::rgb(0, 0, 0) {
            return paint(&self.black);
        }
        let parse = || {
            Tree::from_str(&self.source, &options_for(color, None))
                .expect("it was parsed before; only the colour is another")
        };
        let (first, tree) = self.colored.get_or_init(|| (color, parse()));
        if *first == color { paint(tree) } else { paint(&parse()) }
    }
}

/// Unpacks a picture of bounded size.
fn decode(
    name: &str,
    mut decoder: impl ImageDecoder,
    wrong: impl Fn(image::ImageError) -> ArtError,
) -> Result<DynamicImage, ArtError> {
    let (width, height) = decoder.dimensions();
    // The header is believed before a single pixel is unpacked, so a bomb costs nothing.
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ArtError::TooLarge { name: name.to_owned(), width, height });
    }
    decoder.set_limits(limits()).map_err(&wrong)?;
    DynamicImage::from_decoder(decoder).map_err(wrong)
}

/// Whether a JPEG reaches its end: a decoder fills half a picture up with grey and says nothing.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut rest = &bytes[2..]; // after the mark that its format was told by
    // Segments, and after some of them coded pixels, in which a mark is FF and neither 0 nor a restart.
    while let Some(at) = rest.windows(2).position(|w| w[0] == 0xFF && !matches!(w[1], 0 | 0xD0..=0xD7 | 0xFF))
    {
        let Some((&[_, mark, a, b], _)) = rest[at..].split_first_chunk() else {
            return rest[at + 1] == 0xD9;
        };
        if mark == 0xD9 {
            return true;
        }
        rest = rest.get(at + 2 + usize::from(u16::from_be_bytes([a, b])).max(2)..).unwrap_or_default();
    }
    false
}

/// Whether all parts of a WebP are as long as they say: a decoder allocates that, up to four gigabytes, before it
/// looks.
fn is_whole_webp(bytes: &[u8]) -> bool {
    let mut rest = &bytes[12..]; // after `RIFF`, size, `WEBP`, which its format was told by
    while let Some((&[_, _, _, _, a, b, c, d], body)) = rest.split_first_chunk() {
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        let Some(next) = body.get(length..) else { return false };
        rest = if length % 2 == 1 { next.get(1..).unwrap_or_default() } else { next };
    }
    true
}

/// What cameras, telephones and design programs write that is not read, by its first bytes.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    let is_iso_media = bytes.get(4..8) == Some(b"ftyp");
    Some(match bytes.get(8..12) {
        Some(b"heic" | b"heix" | b"heif" | b"hevc" | b"mif1" | b"msf1") if is_iso_media => "a HEIC",
        Some(b"avif" | b"avis") if is_iso_media => "an AVIF",
        _ if bytes.starts_with(b"GIF8") => "a GIF",
        _ if bytes.starts_with(b"BM") => "a BMP",
        _ if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") => "a TIFF or a camera's raw file",
        _ if bytes.starts_with(b"8BPS") => "a Photoshop file",
        _ if bytes.starts_with(b"%PDF") => "a PDF",
        _ if bytes.trim_ascii_start().starts_with(b"<") => "an SVG or a web page",
        _ => return None,
    })
}

/// Parses with `currentColor` set, and opens no file: pictures are left out, and `embeds` is set where there was
/// one.
fn options_for<'a>(color: Color, embeds: Option<&'a AtomicBool>) -> Options<'a> {
    let met = move || {
        if let Some(flag) = embeds {
            flag.store(true, Ordering::Relaxed);
        }
        None
    };
    let Color { r, g, b, a } = color;
    Options {
        // A presentation attribute or rule of the file's own still wins, as it would on a page.
        style_sheet: Some(format!("svg {{ color: #{r:02x}{g:02x}{b:02x}{a:02x} }}")),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |_, _, _| met()),
            resolve_string: Box::new(move |_, _| met()),
        },
        ..usvg::Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16"><rect width="32" height="16" fill="currentColor"/></svg>"#;

    fn png(width: u32, height: u32, pixel: [u8; 4]) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image::RgbaImage::from_pixel(width, height, image::Rgba(pixel))
            .write_to(&mut out, image::ImageFormat::Png)
            .unwrap();
        out.into_inner()
    }

    fn fill_of(art: &Art, color: Color) -> ([u8; 3], u8) {
        let Art::Vector(v) = art else { panic!("a vector") };
        v.with_color(color, |tree| {
            let usvg::Node::Path(path) = &tree.root().children()[0] else { panic!("a path") };
            let fill = path.fill().unwrap();
            let usvg::Paint::Color(c) = fill.paint() else { panic!("a colour") };
            ([c.red, c.green, c.blue], fill.opacity().to_u8())
        })
    }

    #[test]
    fn is_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Art>();
    }

    fn samples(art: &Art) -> &Samples {
        let Art::Raster(r) = art else { panic!("a raster") };
        r.samples()
    }

    #[test]
    fn reads_pictures() {
        let art = Art::from_png("a.png", &png(3, 2, [1, 2, 3, 255])).unwrap();
        assert_eq!((art.size(), art.name()), ((3.0, 2.0), "a.png"));
        assert!(matches!(samples(&art), Samples::Rgb(rgb) if *rgb == [1, 2, 3].repeat(6)));
        assert_eq!(format!("{art:?}"), "art `a.png` 3 × 2");
        // Clear pixels have no colour that could differ.
        let mixed = |colors: [[u8; 4]; 2]| {
            let mut out = Cursor::new(Vec::new());
            image::RgbaImage::from_raw(2, 1, colors.concat())
                .unwrap()
                .write_to(&mut out, image::ImageFormat::Png)
                .unwrap();
            Art::from_png("b.png", &out.into_inner()).unwrap()
        };
        let art = mixed([[1, 2, 3, 254], [9, 9, 9, 0]]);
        assert!(
            matches!(samples(&art), Samples::Mask { color: Some([1, 2, 3]), alpha } if *alpha == [254, 0])
        );
        let art = mixed([[1, 2, 3, 254], [9, 9, 9, 1]]);
        assert!(matches!(samples(&art), Samples::Rgba(rgba) if rgba[4..] == [9, 9, 9, 1]));
        let grey = image::GrayAlphaImage::from_raw(2, 1, vec![7, 0, 8, 3]).unwrap();
        assert!(
            matches!(Samples::of(grey.into()), Samples::Mask { color: Some([8, 8, 8]), alpha } if alpha == [0, 3])
        );
    }

    #[test]
    fn refuses_a_bomb_before_unpacking_it() {
        let mut bytes = png(1, 1, [0; 4]);
        bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes()); // IHDR: width, height, then its checksum
        bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        let e = Art::from_png("bomb.png", &bytes).unwrap_err();
        assert_eq!(e.to_string(), "`bomb.png` is 50000 × 50000 px, more than 64 megapixels");
    }

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn pixel(art: &Art, x: usize, y: usize) -> [u8; 4] {
        let Art::Raster(raster) = art else { panic!("a picture") };
        raster.pixel(x, y)
    }

    /// A JPEG, 24 × 16, dark at its left, with EXIF data that hold this orientation and nothing else.
    fn oriented(orientation: u8) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(24, 16, |x, _| image::Rgb([if x < 8 { 0 } else { 255 }; 3]));
        let jpeg = encoded(&picture.into(), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec(); // big-endian, one entry at byte 8
        exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]); // one short of tag 0x112
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, exif.len() as u8 + 2];
        bytes.extend(exif);
        bytes.extend(&jpeg[2..]);
        bytes
    }

    #[test]
    fn photographs_are_turned_upright() {
        let is_dark = |art: &Art, x: usize, y: usize| pixel(art, x, y)[0] < 64;
        for (orientation, size, dark) in [
            (1, (24.0, 16.0), (0, 8)),
            (2, (24.0, 16.0), (23, 8)),
            (3, (24.0, 16.0), (23, 8)),
            (6, (16.0, 24.0), (8, 0)),
            (8, (16.0, 24.0), (8, 23)),
            (99, (24.0, 16.0), (0, 8)),
        ] {
            let art = Art::from_photo("p.jpg", &oriented(orientation)).unwrap();
            assert_eq!(art.size(), size, "{orientation}");
            let (x, y) = dark;
            let (width, height) = (size.0 as usize, size.1 as usize);
            assert!(is_dark(&art, x, y), "{orientation}");
            assert!(!is_dark(&art, width - 1 - x, height - 1 - y), "{orientation}");
        }
    }

    #[test]
    fn photographs_are_told_by_content() {
        let picture = DynamicImage::from(image::RgbaImage::from_fn(20, 10, |x, y| {
            image::Rgba([x as u8 * 10, y as u8 * 20, 77, if x == 3 { 100 } else { 255 }])
        }));
        for format in [ImageFormat::WebP, ImageFormat::Png] {
            let art = Art::from_photo("portrait.jpg", &encoded(&picture, format)).unwrap();
            assert_eq!((art.name(), art.size()), ("portrait.jpg", (20.0, 10.0)));
            for (x, y, there) in picture.as_rgba8().unwrap().enumerate_pixels() {
                assert_eq!(pixel(&art, x as usize, y as usize), there.0);
            }
            assert!(matches!(&art, Art::Raster(r) if !r.is_opaque()));
        }
        let grey = encoded(&picture.to_luma8().into(), ImageFormat::Jpeg);
        assert!(matches!(Art::from_photo("p", &grey).unwrap(), Art::Raster(r) if r.is_opaque()));
    }

    #[test]
    fn other_formats_are_called_by_name() {
        for (bytes, message) in [
            (&b"\0\0\0\x18ftypheic\0\0"[..], "`p.jpg` is no PNG, JPEG or WebP, but a HEIC"),
            (b"\0\0\0\x18ftypavif\0\0", "`p.jpg` is no PNG, JPEG or WebP, but an AVIF"),
            (b"GIF89a", "`p.jpg` is no PNG, JPEG or WebP, but a GIF"),
            (b"II*\0\x08\0", "`p.jpg` is no PNG, JPEG or WebP, but a TIFF or a camera's raw file"),
            (b"\n<!doctype html>", "`p.jpg` is no PNG, JPEG or WebP, but an SVG or a web page"),
            (b"hello", "`p.jpg` is no PNG, JPEG or WebP"),
            (b"", "`p.jpg` is no PNG, JPEG or WebP"),
        ] {
            let e = Art::from_photo("p.jpg", bytes).unwrap_err();
            assert_eq!(e.to_string(), message);
            assert_eq!(
                e.diagnostic().hints,
                ["save it as JPEG, PNG or WebP; what counts is the content, not the ending"]
            );
        }
    }

    #[test]
    fn damaged_photographs_are_refused() {
        let picture = DynamicImage::from(image::RgbImage::from_fn(64, 64, |x, y| {
            image::Rgb([(x * y) as u8, ((x * 37) ^ (y * 11)) as u8, 9])
        }));
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = encoded(&picture, format);
            assert!(Art::from_photo("p", &whole).is_ok(), "{format:?}");
            // Wherever it is cut, but for the last bytes: zeros that fill up, or a checksum nobody misses.
            for length in (12..whole.len() - 16).step_by(7).chain([whole.len() - 16]) {
                let e = Art::from_photo("p", &whole[..length]).unwrap_err();
                assert!(matches!(e, ArtError::Photo { .. }), "{format:?} {length}: {e}");
                assert_eq!(e.diagnostic().hints, ["copy it again, or save it as JPEG again"]);
            }
        }
        // Bytes after the end are nobody's business (telephones put films there), nor is a thumbnail's end.
        let mut jpeg = encoded(&picture, ImageFormat::Jpeg);
        jpeg.extend(b"a film");
        assert!(Art::from_photo("p", &jpeg).is_ok());
        jpeg.splice(2..2, [0xFF, 0xE1, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9]);
        assert!(Art::from_photo("p", &jpeg).is_ok());
        assert!(Art::from_photo("p", &jpeg[..jpeg.len() / 2]).is_err());
    }

    #[test]
    fn photographs_are_bounded_before_unpacking() {
        let picture = DynamicImage::new_rgb8(8, 8);
        let mut jpeg = encoded(&picture, ImageFormat::Jpeg);
        let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xC3, 0x50, 0xC3, 0x50]); // height and width, 50000
        let e = Art::from_photo("bomb.jpg", &jpeg).unwrap_err();
        assert_eq!(e.to_string(), "`bomb.jpg` is 50000 × 50000 px, more than 64 megapixels");
        assert_eq!(e.diagnostic().hints, ["scale it down: no card is larger than 4096 × 4096 px"]);

        let mut webp = encoded(&picture, ImageFormat::WebP);
        assert_eq!((&webp[12..16], webp[20]), (&b"VP8L"[..], 0x2F));
        let most = (0x3FFE_u32 | 0x3FFE << 14).to_le_bytes(); // each less one, and what is not size is 0
        webp[21..25].copy_from_slice(&most);
        let e = Art::from_photo("bomb.webp", &webp).unwrap_err();
        assert_eq!(e.to_string(), "`bomb.webp` is 16383 × 16383 px, more than 64 megapixels");

        // A part that says it is four gigabytes long.
        let mut webp = encoded(&picture, ImageFormat::WebP);
        webp.extend(b"EXIF\xFF\xFF\xFF\xFF");
        let e = Art::from_photo("long.webp", &webp).unwrap_err();
        assert_eq!(e.to_string(), "`long.webp` is no photograph that can be read: it ends too early");
    }

    #[test]
    fn photographs_of_every_kind_become_three_channels() {
        // Whatever its depth, inks, frames or profile.
        let red = |art: &Art| {
            let [r, g, b, a] = pixel(art, 3, 3);
            let is_near = [r, g, b].iter().zip([200_u8, 40, 30]).all(|(v, there)| v.abs_diff(there) <= 12);
            assert!(is_near && a == 255, "{:?}", [r, g, b, a]);
        };
        let read = |name: &str, bytes: &[u8]| Art::from_photo(name, bytes).unwrap();
        red(&read("cmyk.jpg", include_bytes!("../../tests/photographs/cmyk.jpg")));
        let animated = read("animated.webp", include_bytes!("../../tests/photographs/animated.webp"));
        red(&animated);
        assert_eq!(animated.size(), (8.0, 8.0));
        let progressive = read("progressive.jpg", include_bytes!("../../tests/photographs/progressive.jpg"));
        assert!(pixel(&progressive, 16, 1)[0] < 30 && pixel(&progressive, 16, 30)[0] > 225);

        let deep = image::ImageBuffer::from_pixel(8, 8, image::Rgb([200_u16 * 257, 40 * 257, 30 * 257]));
        red(&read("deep.png", &encoded(&deep.into(), ImageFormat::Png)));
        let grey = image::GrayAlphaImage::from_fn(8, 8, |x, _| image::LumaA([x as u8 * 30, 255 - x as u8]));
        let art = read("grey.png", &encoded(&grey.into(), ImageFormat::Png));
        assert_eq!(pixel(&art, 5, 2), [150, 150, 150, 250]);
        // A profile is skipped: colours are taken for sRGB.
        let plain =
            encoded(&image::RgbImage::from_pixel(8, 8, image::Rgb([200, 40, 30])).into(), ImageFormat::Jpeg);
        let profile = [&b"ICC_PROFILE\0\x01\x01"[..], &[7; 300]].concat();
        let mut with_profile = vec![0xFF, 0xD8, 0xFF, 0xE2, 1, (profile.len() + 2 - 256) as u8];
        with_profile.extend(profile);
        with_profile.extend(&plain[2..]);
        red(&read("profile.jpg", &with_profile));
    }

    #[test]
    fn masks_keep_their_alpha_or_else_their_darkness() {
        let mask = |pixels: [[u8; 4]; 2]| {
            let image = image::RgbaImage::from_raw(2, 1, pixels.concat()).unwrap();
            let art =
                Art::from_picture("m.png", &encoded(&image.into(), ImageFormat::Png)).unwrap().into_mask();
            match art {
                Art::Raster(Raster { samples: Samples::Mask { color: None, alpha }, .. }) => alpha,
                _ => panic!("a mask"),
            }
        };
        assert_eq!(mask([[9, 9, 9, 40], [200, 100, 0, 255]]), [40, 255]);
        assert_eq!(mask([[0, 0, 0, 255], [200, 200, 200, 255]]), [255, 55]);
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let mut crc = !0_u32;
        for &b in bytes {
            crc ^= u32::from(b);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        !crc
    }

    #[test]
    fn refuses_what_is_no_picture() {
        let whole = png(30, 20, [1, 2, 3, 255]);
        for bytes in [&b"hello"[..], b"", &whole[..whole.len() / 2]] {
            let e = Art::from_png("x.png", bytes).unwrap_err();
            assert!(e.to_string().starts_with("`x.png` is no picture that can be read: "), "{e}");
            assert_eq!(e.diagnostic().hints, ["save it as PNG again"]);
        }
    }

    #[test]
    fn current_color_is_the_colour_asked_for() {
        let art = Art::from_svg("mark.svg", MARK.as_bytes()).unwrap();
        assert_eq!(art.size(), (32.0, 16.0));
        let red = Color::rgb(166, 30, 26);
        assert_eq!(fill_of(&art, red), ([166, 30, 26], 255));
        assert_eq!(fill_of(&art, Color { a: 128, ..Color::rgb(1, 2, 3) }), ([1, 2, 3], 128));
        assert_eq!(fill_of(&art, Color::rgb(0, 0, 0)), ([0, 0, 0], 255));
        assert_eq!(fill_of(&art, red), ([166, 30, 26], 255));
        let fixed = MARK.replace("currentColor", "#102030");
        assert_eq!(fill_of(&Art::from_svg("m", fixed.as_bytes()).unwrap(), red), ([16, 32, 48], 255));
    }

    #[test]
    fn a_path_is_filled_even_odd_in_its_colour() {
        let art = Art::path(32.0, 32.0, "M0 0h32v32h-32ZM8 8h16v16h-16Z").unwrap();
        assert_eq!(art.size(), (32.0, 32.0));
        assert_eq!(fill_of(&art, Color::rgb(9, 8, 7)), ([9, 8, 7], 255));
        for d in ["", "hello", "M0 0\"/>"] {
            assert!(Art::path(32.0, 32.0, d).is_err(), "{d}");
        }
        assert!(Art::path(0.0, 32.0, "M0 0h32v32Z").is_err());
    }

    #[test]
    fn refuses_drawings_that_would_lose_something() {
        let body = |inner: &str| {
            format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{inner}</svg>"#
            )
        };
        let error = |svg: &str| Art::from_svg("l.svg", svg.as_bytes()).unwrap_err();
        let text = error(&body("<text>Meridian</text>"));
        assert_eq!(text.to_string(), "`l.svg` contains `<text>`, which cannot be painted");
        assert_eq!(text.diagnostic().hints, ["turn its text into paths before saving it"]);
        for href in ["/etc/passwd", "data:image/png;base64,iVBORw0KGgo=", "logo.png"] {
            let image = error(&body(&format!(r#"<image xlink:href="{href}" width="9" height="9"/>"#)));
            assert!(matches!(image, ArtError::Unsupported { element: "image", .. }), "{image}");
        }
        for svg in ["", "hello", "<html/>", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\"/>"] {
            let e = error(svg);
            assert!(e.to_string().starts_with("`l.svg` is no SVG drawing that can be read: "), "{e}");
        }
    }
}
