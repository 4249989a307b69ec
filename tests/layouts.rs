//! Layouts as text: where everything is, without a pixel. And what must hold of every layout.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use std::fmt::Write;

use common::{Case, cases, fonts, kit};
use pullquote::layout::{Item, Layout};

/// A layout in a few lines that a person can read.
fn text(layout: &Layout, words: &str) -> String {
    let mut out = format!("{} at {} px\n", layout.size, layout.type_size);
    for line in &layout.lines {
        writeln!(out, "  {:6.1}  {:?}  {}", line.width, line.end, &words[line.bytes.clone()]).unwrap();
    }
    for item in &layout.items {
        match item {
            Item::Fill { shape, paint, .. } => writeln!(out, "fill {shape:?} {paint:?}").unwrap(),
            Item::Stroke { shape, width, color } => {
                writeln!(out, "stroke {shape:?} {width} {color}").unwrap();
            }
            Item::Picture { art, dest, color } => {
                writeln!(out, "picture {} {dest:?} {color}", art.name()).unwrap();
            }
            Item::Shadow { shape, dy, blur, color } => {
                writeln!(out, "shadow {shape:?} {dy} {blur} {color}").unwrap();
            }
            Item::Photo { art, crop, dest, circle, tone, .. } => {
                writeln!(out, "photo {} {crop:?} {dest:?} {circle} {tone:?}", art.name()).unwrap();
            }
            Item::Scrim(scrim) => writeln!(out, "{scrim:?}").unwrap(),
            Item::Grain { art, opacity } => writeln!(out, "grain {} {opacity}", art.name()).unwrap(),
            Item::Glyphs(run) => {
                let first = run.glyphs.first().unwrap();
                writeln!(
                    out,
                    "{} {:?} {:.1} px {} at {:.1}, {:.1}: {} glyphs",
                    run.slot,
                    run.face,
                    run.size,
                    run.color,
                    first.x,
                    first.y,
                    run.glyphs.len()
                )
                .unwrap();
            }
        }
    }
    out
}

#[test]
fn layouts_stay_where_they_were() {
    let (list, fonts, brand) = (cases(), fonts(), kit());
    for row in 0..list.turns.len() {
        let case = Case::of(&list, row, &brand, &fonts);
        let name = case.card.id.replace('/', "-");
        insta::assert_snapshot!(name, text(&case.layout(&fonts), &case.card.text));
    }
}

#[test]
fn glyphs_cover_the_quote_exactly_once() {
    let (list, fonts, brand) = (cases(), fonts(), kit());
    for row in 0..list.turns.len() {
        let case = Case::of(&list, row, &brand, &fonts);
        let layout = case.layout(&fonts);
        let quote = layout.items.iter().filter_map(|item| match item {
            Item::Glyphs(run) if run.slot == "quote" => Some(&run.glyphs),
            _ => None,
        });
        let mut glyphs: Vec<_> = quote.flatten().map(|g| g.bytes.clone()).collect();
        // From right to left the eye meets the last first.
        glyphs.sort_by_key(|bytes| (bytes.start, bytes.end));
        let mut at = 0;
        for bytes in glyphs {
            let between = &case.card.text[at..bytes.start.max(at)];
            assert!(between.trim().is_empty(), "{}: `{between}` was lost", case.card.id);
            assert!(bytes.start >= at, "{}: set twice at {at}", case.card.id);
            at = bytes.end;
        }
        assert!(case.card.text[at..].trim().is_empty(), "{}: the end was lost", case.card.id);
    }
}
