//! Pictures: every case of `tests/cases.json` against `tests/refs/<template>/<size>-<topic>.png`.
//!
//! A channel may differ by 1. On a difference `target/card-diffs/` gets three panels: expected, differing pixels
//! in red, actual. `PULLQUOTE_ACCEPT=1 cargo test --release --test cards` blesses what changed, and only that.
//!
//! `templates/seven.png`, the picture at the head of the README, is held and made in the same way.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Case, cases, fonts, kit, path};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage};
use pullquote::font::FontBook;

const TOLERANCE: u8 = 1;

fn differs(a: &Rgb<u8>, b: &Rgb<u8>) -> bool {
    a.0.iter().zip(b.0).any(|(x, y)| x.abs_diff(y) > TOLERANCE)
}

/// Expected, differing pixels in red, actual.
fn panels(expected: &RgbImage, actual: &RgbImage) -> RgbImage {
    let (w, h) = (expected.width().max(actual.width()), expected.height().max(actual.height()));
    let mut sheet = RgbImage::from_pixel(3 * w, h, Rgb([119, 119, 119]));
    image::imageops::replace(&mut sheet, expected, 0, 0);
    image::imageops::replace(&mut sheet, actual, i64::from(2 * w), 0);
    for (x, y, pixel) in actual.enumerate_pixels() {
        let same = expected.get_pixel_checked(x, y).is_some_and(|e| !differs(e, pixel));
        let [r, g, b] = pixel.0.map(|v| 200 + v / 5);
        sheet.put_pixel(w + x, y, if same { Rgb([r, g, b]) } else { Rgb([220, 0, 0]) });
    }
    sheet
}

/// `None` where a picture is as its reference says, else what is wrong.
fn hold(name: &str, reference: &Path, actual: &RgbImage, accept: bool) -> Option<String> {
    let bless = || {
        fs::create_dir_all(reference.parent().unwrap()).unwrap();
        // Small, for the repository's sake: a reference is written once and cloned often.
        let file = fs::File::create(reference).unwrap();
        let encoder = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive);
        actual.write_with_encoder(encoder).unwrap();
    };
    let Ok(expected) = image::open(reference) else {
        if accept {
            bless();
            return None;
        }
        return Some(format!("{name}: no reference at {}", reference.display()));
    };
    let expected = expected.to_rgb8();
    let same = expected.dimensions() == actual.dimensions()
        && !expected.pixels().zip(actual.pixels()).any(|(a, b)| differs(a, b));
    if same {
        return None;
    }
    if accept {
        bless();
        return None;
    }
    let diff = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/card-diffs")
        .join(format!("{}.png", name.replace('/', "-")));
    fs::create_dir_all(diff.parent().unwrap()).unwrap();
    panels(&expected, actual).save(&diff).unwrap();
    Some(format!("{name}: differs from {}\n    see {}", reference.display(), diff.display()))
}

fn references(dir: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            references(&entry, found);
        } else if entry.extension().is_some_and(|e| e == "png") {
            found.push(entry);
        }
    }
}

fn picture(case: &Case, fonts: &FontBook) -> RgbImage {
    let pixels = case.pixels(fonts);
    RgbImage::from_raw(pixels.width(), pixels.height(), pixels.rgb().to_vec()).unwrap()
}

/// The picture of the README: which case at which size, row by row.
const SEVEN: [&[(&str, &str)]; 2] = [
    &[
        ("broadsheet/square-medium", "400x400"),
        ("bulletin/square-long-role", "400x400"),
        ("nocturne/square-medium", "400x400"),
        ("profile/square-medium", "400x400"),
    ],
    &[
        ("aurora/square-medium", "800x400"),
        ("figure/square-medium", "400x400"),
        ("shuimo/square-zh", "400x400"),
    ],
];

#[test]
fn the_readme_shows_seven_cards_of_today() {
    let (list, fonts, brand) = (cases(), fonts(), kit());
    let mut sheet = RgbImage::new(1600, 800);
    for (y, row) in (0..).step_by(400).zip(SEVEN) {
        let mut x = 0;
        for (id, size) in row {
            let of = |turn: &pullquote::transcript::Turn| {
                turn.request.as_deref().unwrap().id.as_deref() == Some(*id)
            };
            let at = list.turns.iter().position(of).unwrap();
            let card = picture(&Case::at(&list, at, size.parse().unwrap(), &brand, &fonts), &fonts);
            image::imageops::replace(&mut sheet, &card, x, y);
            x += i64::from(card.width());
        }
    }
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/seven.png");
    let accept = std::env::var_os("PULLQUOTE_ACCEPT").is_some();
    let wrong = hold("seven", &reference, &sheet, accept);
    assert!(wrong.is_none(), "\n{}\nbless with PULLQUOTE_ACCEPT=1", wrong.unwrap_or_default());
}

#[test]
fn cards_look_as_they_did() {
    let (list, fonts, brand) = (cases(), fonts(), kit());
    let accept = std::env::var_os("PULLQUOTE_ACCEPT").is_some();
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for row in 0..list.turns.len() {
        let case = Case::of(&list, row, &brand, &fonts);
        let reference = path("refs").join(format!("{}.png", case.card.id));
        wrong.extend(hold(&case.card.id, &reference, &picture(&case, &fonts), accept));
        names.push(reference);
    }
    let mut found = Vec::new();
    references(&path("refs"), &mut found);
    wrong.extend(
        found.iter().filter(|f| !names.contains(f)).map(|f| format!("{}: no case renders it", f.display())),
    );
    assert!(wrong.is_empty(), "\n{}\nbless with PULLQUOTE_ACCEPT=1", wrong.join("\n"));
}
