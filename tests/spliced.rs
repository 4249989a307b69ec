//! Every spliced file decodes to the pixels of the plain painter: on every template at every size, and for layouts put
//! together at random, in three decoders that know nothing of one another.
//!
//! An indexed file may differ by [`OFF`] of 255, any other by nothing. Decoders that are not installed (`netpbm`,
//! `python3-pil`) are passed over, and the test says so; `.ci/run` installs them.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{Case, cases, fonts, kit};
use image::{ColorType, ImageFormat};
use proptest::prelude::*;
use pullquote::card::{CardSize, SIZES};
use pullquote::color::Color;
use pullquote::export::png::{Compress, Plate, Press};
use pullquote::font::FontBook;
use pullquote::geom::{Point, Rect};
use pullquote::layout::{Glyph, GlyphRun, Item, Layout, Paint, Shape};
use pullquote::paint::{self, Ground, OFF, Pixels};

/// Red, green, blue of all pixels, by the `image` crate.
fn decoded(png: &[u8]) -> Vec<u8> {
    let image = image::load_from_memory_with_format(png, ImageFormat::Png).unwrap();
    assert_eq!(image.color(), ColorType::Rgb8, "no alpha");
    image.into_rgb8().into_raw()
}

fn is_indexed(png: &[u8]) -> bool {
    png[25] == 3
}

/// What is wrong with a file that ought to have these pixels.
fn fault(pixels: &Pixels, png: &[u8]) -> Option<String> {
    let off = if is_indexed(png) { OFF } else { 0 };
    let got = decoded(png);
    assert_eq!(pixels.rgb().len(), got.len());
    let at = pixels.rgb().iter().zip(&got).position(|(a, b)| a.abs_diff(*b) > off)? / 3;
    let (x, y) = (at % pixels.width() as usize, at / pixels.width() as usize);
    Some(format!("pixel {x}, {y}"))
}

/// The names of chunks, in order, each once.
fn chunks(png: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = &png[8..];
    while let [a, b, c, d, name @ ..] = rest {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        names.push(String::from_utf8(name[..4].to_vec()).unwrap());
        rest = &name[4 + length + 4..];
    }
    names
}

/// Decodes a file to red, green, blue by another program; `None` where that is not installed.
fn by_program(program: &str, arguments: &[&str], file: &Path) -> Option<Vec<u8>> {
    let output = Command::new(program).args(arguments).arg(file).stdin(Stdio::null()).output().ok()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if told.contains("No module named") {
        return None;
    }
    assert!(output.status.success() && told.is_empty(), "{program} {}: {told}", file.display());
    Some(output.stdout)
}

const PILLOW: &str = "import sys; from PIL import Image; \
    image = Image.open(sys.argv[1]); image.load(); sys.stdout.buffer.write(image.convert('RGB').tobytes())";

/// Holds files against libpng (by netpbm) and Pillow.
fn hold_against_others(files: &[(String, Vec<u8>)]) {
    let dir = tempfile::tempdir().unwrap();
    let mut missing = Vec::new();
    for (i, (name, png)) in files.iter().enumerate() {
        let file = dir.path().join(format!("{i}.png"));
        fs::write(&file, png).unwrap();
        let expected = decoded(png);
        match by_program("pngtopnm", &[], &file) {
            // A head of three lines, then the pixels; of grey pixels alone it makes another format.
            Some(pnm) if pnm.starts_with(b"P6") => {
                assert!(pnm.ends_with(&expected), "libpng: {name}");
            }
            Some(_) => {}
            None => missing.push("pngtopnm (netpbm)"),
        }
        match by_program("python3", &["-c", PILLOW], &file) {
            Some(rgb) => assert!(rgb == expected, "Pillow: {name}"),
            None => missing.push("Pillow (python3-pil)"),
        }
    }
    missing.sort_unstable();
    missing.dedup();
    missing.iter().for_each(|decoder| println!("skipped: {decoder} is not installed"));
}

#[test]
fn spliced_cards_have_the_pixels_of_the_plain_painter() {
    let (list, fonts, kit) = (cases(), fonts(), kit());
    let mut press = Press::default();
    let (mut wrong, mut shown) = (Vec::new(), Vec::new());
    for row in 0..list.turns.len() {
        let own = list.turns[row].request.as_deref().unwrap();
        let template = own.template.clone().unwrap();
        for size in SIZES {
            // Quotes are parted for one size.
            if own.id.as_deref().unwrap().ends_with("part") && own.size.as_deref() != Some(size.name) {
                continue;
            }
            let case = Case::at(&list, row, size.name.parse().unwrap(), &kit, &fonts);
            let Some((pixels, png)) = case.both(&fonts, Compress::Fast, &mut press) else { continue };
            let name = format!("{} at {}", case.card.id, size.name);
            wrong.extend(fault(&pixels, &png).map(|fault| format!("{name}: {fault}")));
            let all = if is_indexed(&png) {
                &["IHDR", "PLTE", "IDAT", "IEND"][..]
            } else {
                &["IHDR", "IDAT", "IEND"]
            };
            assert_eq!(chunks(&png), all, "{name}");
            let gate =
                if matches!(&*template, "broadsheet" | "bulletin" | "figure") { 400 << 10 } else { 5 << 20 };
            assert!(png.len() < gate, "{name} is {} bytes", png.len());
            // One of each kind for the others: they are slow to start.
            let kind = (template.clone(), size.name, is_indexed(&png));
            if !shown.iter().any(|(k, _)| *k == kind) {
                shown.push((kind, (name, png)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(shown.iter().any(|((.., indexed), _)| *indexed), "no card was indexed");
    hold_against_others(&shown.into_iter().map(|(_, file)| file).collect::<Vec<_>>());
}

#[test]
fn small_and_max_are_the_same_pictures_in_fewer_bytes() {
    let (list, fonts, kit) = (cases(), fonts(), kit());
    let mut press = Press::default();
    let mut files = Vec::new();
    for template in ["figure", "broadsheet", "aurora"] {
        let of =
            |row: &usize| list.turns[*row].request.as_deref().unwrap().template.as_deref() == Some(template);
        let row = (0..list.turns.len()).find(of).unwrap();
        // Small, for the optimiser takes its time.
        let case = Case::at(&list, row, "480x480".parse().unwrap(), &kit, &fonts);
        let mut last = usize::MAX;
        for compress in [Compress::Fast, Compress::Small, Compress::Max] {
            let (pixels, png) = case.both(&fonts, compress, &mut press).unwrap();
            assert_eq!(fault(&pixels, &png), None, "{template} {compress:?}");
            assert!(png.len() <= last, "{template} {compress:?}: {} bytes, not {last}", png.len());
            last = png.len();
            files.push((format!("{template} {compress:?}"), png));
        }
    }
    hold_against_others(&files);
}

/// Sides of the cards of the property test, px: the least there are.
const SIDE: f32 = 320.0;

fn layout(items: Vec<Item>) -> Layout {
    Layout::drawing(CardSize::new(SIDE as u32, SIDE as u32).unwrap(), items)
}

const INKS: [Color; 4] = [
    Color::rgb(255, 255, 255),
    Color::rgb(18, 15, 14),
    Color::rgb(242, 96, 60),
    Color { a: 120, ..Color::rgb(9, 90, 200) },
];

/// Letters, some of them beyond the edges, some over others.
fn letters(fonts: &FontBook, words: &str, x: f32, y: f32, size: f32, ink: usize) -> Item {
    let face = fonts.find("LibreFranklin-Bold").unwrap();
    let glyphs = (0..).zip(words.chars()).map(|(i, c)| Glyph {
        id: fonts.face(face).glyph_id(c).unwrap_or(0),
        x: x + i as f32 * size * 0.6,
        y,
        scale: 1.0,
        bytes: 0..0,
    });
    Item::Glyphs(GlyphRun::label(face, size, INKS[ink], glyphs.collect()))
}

fn shape(kind: u8, [x, y, w, h]: [f32; 4]) -> Shape {
    let rect = Rect::new(x, y, w, h);
    match kind {
        0 => Shape::Rect(rect.snapped()),
        1 => Shape::Rect(rect),
        2 => Shape::RoundRect(rect, 9.0),
        _ => Shape::Ellipse(rect),
    }
}

#[derive(Debug, Clone)]
enum Thing {
    Letters(String, f32, f32, f32, usize),
    Filled(u8, [f32; 4], usize),
    Stroked(u8, [f32; 4], f32, usize),
    Pixel(u16, u16, usize),
    All(usize),
}

fn thing() -> impl Strategy<Value = Thing> {
    let place = || [-20.0..SIDE + 20.0, -20.0..SIDE + 20.0, 0.0..SIDE, 0.0..60.0_f32];
    let ink = || 0..INKS.len();
    prop_oneof![
        4 => ("[A-Za-z]{1,14}", -40.0..SIDE, -10.0..SIDE + 30.0, 9.0..90.0_f32, ink())
            .prop_map(|(words, x, y, size, ink)| Thing::Letters(words, x, y, size, ink)),
        2 => (0..4_u8, place(), ink()).prop_map(|(kind, place, ink)| Thing::Filled(kind, place, ink)),
        1 => (0..4_u8, place(), 0.3..6.0_f32, ink())
            .prop_map(|(kind, place, width, ink)| Thing::Stroked(kind, place, width, ink)),
        2 => (0..SIDE as u16, 0..SIDE as u16, ink()).prop_map(|(x, y, ink)| Thing::Pixel(x, y, ink)),
        1 => ink().prop_map(Thing::All),
    ]
}

impl Thing {
    fn item(&self, fonts: &FontBook) -> Item {
        let whole = Rect::new(0.0, 0.0, SIDE, SIDE);
        match self {
            Self::Letters(words, x, y, size, ink) => letters(fonts, words, *x, *y, *size, *ink),
            Self::Filled(kind, place, ink) => Item::fill(shape(*kind, *place), Paint::Solid(INKS[*ink])),
            Self::Stroked(kind, place, width, ink) => {
                Item::Stroke { shape: shape(*kind, *place), width: *width, color: INKS[*ink] }
            }
            Self::Pixel(x, y, ink) => {
                let pixel = Rect::new(f32::from(*x), f32::from(*y), 1.0, 1.0);
                Item::fill(Shape::Rect(pixel), Paint::Solid(INKS[*ink]))
            }
            Self::All(ink) => Item::fill(Shape::Rect(whole), Paint::Solid(INKS[*ink])),
        }
    }
}

/// Flat, with a shape on it, of many rows' colours, and of as many colours as there are pixels.
fn ground(kind: u8) -> Layout {
    let whole = Shape::Rect(Rect::new(0.0, 0.0, SIDE, SIDE));
    let flat = || Item::fill(whole, Paint::Solid(Color::rgb(11, 37, 69)));
    let stops = vec![(0.0, Color::rgb(1, 200, 30)), (1.0, Color::rgb(250, 3, 99))];
    let to =
        |x, y| Paint::Linear { from: Point { x: 0.0, y: 0.0 }, to: Point { x, y }, stops: stops.clone() };
    layout(match kind {
        0 => vec![flat()],
        1 => vec![
            flat(),
            Item::fill(Shape::Ellipse(Rect::new(40.0, 60.0, 200.0, 170.0)), Paint::Solid(INKS[2])),
        ],
        2 => vec![Item::fill(whole, to(0.0, SIDE))],
        _ => vec![Item::fill(whole, to(SIDE, 211.0))],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_layout_can_be_spliced(kind in 0..4_u8, things in prop::collection::vec(thing(), 0..9)) {
        let fonts = FontBook::builtin();
        let ground = Ground::paint(&ground(kind), &fonts);
        let samples = vec![layout(vec![
            letters(&fonts, "sample", 10.0, 90.0, 60.0, 0),
            letters(&fonts, "sample", 10.0, 290.0, 40.0, 1),
        ])];
        let mut press = Press::default();
        let plate = Plate::new(&ground, samples, &fonts, &mut press);
        let card = layout(things.iter().map(|thing| thing.item(&fonts)).collect());
        let pixels = paint::paint(&card, &ground, &fonts);
        let png = plate.encode(&card, &ground, &fonts, Compress::Fast, &mut press).to_vec();
        prop_assert_eq!(fault(&pixels, &png), None);
        // What a press printed before does not show.
        let again = plate.encode(&card, &ground, &fonts, Compress::Fast, &mut press).to_vec();
        prop_assert!(again == png);
    }
}
