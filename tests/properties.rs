//! What must hold of every card, whatever is said on it: thousands of quotes put together at random, English,
//! Chinese and mixed, on every template and class.
//!
//! The words are invented and the seed is fixed: a failure is the same on every machine, and proptest shortens the
//! quote that shows it.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use common::{fonts, path};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use pullquote::card::{self, Card, Class, SizeChoice};
use pullquote::font::FontBook;
use pullquote::geom::Rect;
use pullquote::layout::{self, GlyphRun, Item, Layout, Problem};
use pullquote::look::Look;
use pullquote::select::Quote;
use pullquote::template::{Art, Brand, Template, builtin_names};
use pullquote::transcript::{self, ReadOptions};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Quotes for each template at each class: 7 × 3 × so many.
const CASES: u32 = 400;

const ENGLISH: [&str; 34] = [
    "water",
    "is",
    "work",
    "and",
    "a",
    "of",
    "in",
    "the",
    "we",
    "waited",
    "twenty",
    "years",
    "for",
    "it",
    "high-quality",
    "growth",
    "37",
    "micrograms",
    "per",
    "cubic",
    "meter",
    "on",
    "May",
    "15,",
    "2031",
    "—",
    "“old”",
    "it's",
    "not",
    "so",
    "transformation",
    "5-year-old",
    "NEVER",
    "PM2.5",
];
const CHINESE: [&str; 24] = [
    "水",
    "是",
    "生命",
    "，",
    "我们",
    "等了",
    "二十年",
    "。",
    "高质量发展",
    "的",
    "37微克",
    "每立方米",
    "“一枚印章”",
    "《条例》",
    "、",
    "——",
    "……",
    "（二）",
    "PM2.5",
    "达标",
    "后退",
    "十年间",
    "；",
    "不看楼有多高",
];

fn joined(words: &'static [&'static str], blank: &'static str, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(words), 1..most).prop_map(move |w| w.join(blank))
}

fn quotes() -> impl Strategy<Value = String> {
    let english = || joined(&ENGLISH, " ", 70).prop_map(|q| format!("So {q}."));
    let chinese = || joined(&CHINESE, "", 40).prop_map(|q| format!("水{q}。"));
    let one_word = (1_usize..60).prop_map(|n| "sustainability".chars().cycle().take(n).collect::<String>());
    let mixed =
        (joined(&ENGLISH, " ", 12), joined(&CHINESE, "", 12)).prop_map(|(a, b)| format!("So {a} 汾河{b}。"));
    prop_oneof![
        6 => english(),
        5 => chinese(),
        1 => mixed,
        1 => one_word,
        1 => english().prop_map(|q| q.to_uppercase()),
        1 => Just("ماء، وقد انخفض إلى 37 (PM2.5) خلال عام 2030.".to_owned()),
        1 => english().prop_map(|q| format!("{q} 🌿 for all 👩🏽\u{200D}🚀")),
    ]
}

/// Who says it, and in what office.
fn speakers() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("Lu Zhiheng", "governor of Yunze province"),
        ("Zhou Lan", "deputy secretary of the Provincial Committee and governor of Yunze province"),
        ("Bo", "mayor"),
        ("陆知衡", "云泽省省长"),
        ("ليلى حداد", "وزيرة المياه"),
    ])
}

/// A template at a size, its kit and photograph.
struct Stage {
    template: Template,
    size: SizeChoice,
    brand: Brand,
    photo: Arc<Art>,
}

impl Stage {
    fn card(&self, text: &str, (speaker, role): (&str, &str)) -> Option<Card> {
        let row = serde_json::json!([{"text": text, "speaker": speaker, "role": role, "date": "2031-04-16",
            "event": "YIO press conference", "photo_credit": "Photo: YIO"}]);
        let list = transcript::read("list.json", row.to_string().as_bytes(), &ReadOptions::default())
            .unwrap()
            .output;
        let quote = Quote::new(&list, 0, 0..list.turns[0].text.len()).unwrap();
        let options = card::Options::default();
        // A quote without a figure has no card on `figure`.
        // The keyword, with its paint.
        let keyword =
            ["water", "水", "ماء"].iter().find_map(|word| Some((quote.text().find(word)?, word.len())));
        let matched: Vec<_> = keyword.map(|(at, length)| at..at + length).into_iter().collect();
        card::compose(&quote, &matched, &self.template, &self.size, &self.brand, &options, Some(&self.photo))
            .ok()
    }

    fn look<'a>(&'a self, card: &Card, fonts: &FontBook) -> Look<'a> {
        Look::new(&self.template, &self.size, &self.brand, fonts).unwrap().facing(card.direction)
    }
}

/// The box round a glyph's ink, card px.
fn ink(run: &GlyphRun, glyph: &pullquote::layout::Glyph, fonts: &FontBook) -> Option<Rect> {
    let size = run.size * glyph.scale;
    let ink = fonts.face(run.face).ink_box(glyph.id)?.scaled(size);
    Some(Rect::new(glyph.x + ink.x, glyph.y + ink.y, ink.w, ink.h))
}

fn runs(layout: &Layout) -> impl Iterator<Item = &GlyphRun> {
    layout.items.iter().filter_map(|item| match item {
        Item::Glyphs(run) => Some(run),
        _ => None,
    })
}

/// Everything that is said must be inside the safe area of its class, master px: left and right, top, bottom.
fn safe_area(class: Class, height: f32) -> (f32, f32, f32) {
    match class {
        // A little less than the margins of the templates: an italic letter may lean out of its line.
        Class::Square => (66.0, 40.0, height - 40.0),
        Class::Landscape => (54.0, 24.0, height - 24.0),
        Class::Story => (66.0, 250.0, 1580.0),
    }
}

fn check(card: &Card, stage: &Stage, layout: &Layout, fonts: &FontBook) -> Result<(), TestCaseError> {
    let (width, height) = (layout.size.width() as f32, layout.size.height() as f32);
    let k = layout.size.scale();
    let class = stage.size.size.class();
    let (side, top, bottom) = safe_area(class, height / k);
    // Words of the quote, each byte once; the ink of each small text.
    let mut words = Vec::new();
    let mut small: BTreeMap<&str, Rect> = BTreeMap::new();
    for run in runs(layout) {
        for glyph in &run.glyphs {
            if run.slot == "quote" && !glyph.bytes.is_empty() {
                words.push(glyph.bytes.clone());
            }
            let Some(ink) = ink(run, glyph, fonts) else { continue };
            let at = format!("{} of `{}` at {ink:?}", run.slot, card.text);
            prop_assert!(
                ink.x >= 0.0 && ink.y >= 0.0 && ink.right() <= width && ink.bottom() <= height,
                "off the card: {at}"
            );
            // Ornaments, the hung mark, the logo and a credit on its photograph may reach into the margin.
            let hung = run.slot == "quote" && glyph.bytes.is_empty();
            if hung || matches!(run.slot, "mark" | "logo" | "credit") && class != Class::Story {
                continue;
            }
            let inside = ink.x / k >= side && ink.right() / k <= width / k - side;
            prop_assert!(
                inside && ink.y / k >= top - 0.5 && ink.bottom() / k <= bottom + 0.5,
                "unsafe: {at}"
            );
            if run.slot != "quote" {
                let all = small.entry(run.slot).or_insert(ink);
                let (right, low) = (all.right().max(ink.right()), all.bottom().max(ink.bottom()));
                (all.x, all.y) = (all.x.min(ink.x), all.y.min(ink.y));
                (all.w, all.h) = (right - all.x, low - all.y);
            }
        }
    }
    words.sort_by_key(|bytes| (bytes.start, bytes.end));
    let mut at = 0;
    for bytes in words {
        let between = &card.text[at..bytes.start.max(at)];
        prop_assert!(between.trim().is_empty(), "`{between}` was lost of `{}`", card.text);
        prop_assert!(bytes.start >= at, "set twice at {at}: `{}`", card.text);
        at = bytes.end;
    }
    prop_assert!(card.text[at..].trim().is_empty(), "the end was lost of `{}`", card.text);
    let small: Vec<(&str, Rect)> = small.into_iter().collect();
    for (i, (name, a)) in small.iter().enumerate() {
        for (other, b) in &small[i + 1..] {
            let apart = a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
            prop_assert!(apart, "`{name}` and `{other}` overlap: {a:?} {b:?}, `{}`", card.text);
        }
    }
    Ok(())
}

#[test]
fn every_card_is_sound() {
    let fonts = fonts();
    let photo =
        Arc::new(Art::from_photo("speaker.png", &std::fs::read(path("kit/speaker.png")).unwrap()).unwrap());
    let (mut set, mut wrong) = (0, Vec::new());
    for name in builtin_names() {
        for size in ["square", "landscape", "story"] {
            let stage = Stage {
                template: Template::builtin(name).unwrap(),
                size: size.parse().unwrap(),
                brand: common::kit(),
                photo: Arc::clone(&photo),
            };
            let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
            let mut runner =
                TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
            let laid_out = std::cell::Cell::new(0);
            let result = runner.run(&(quotes(), speakers()), |(text, speaker)| {
                let Some(card) = stage.card(&text, speaker) else { return Ok(()) };
                let look = stage.look(&card, &fonts);
                match layout::layout(&card, &look, &fonts) {
                    Ok(layout) => {
                        laid_out.set(laid_out.get() + 1);
                        check(&card, &stage, &layout.output, &fonts)?;
                        let again = layout::layout(&card, &look, &fonts).unwrap();
                        prop_assert_eq!(again.output, layout.output, "twice the same");
                        Ok(())
                    }
                    // What does not fit is refused in words; anything else would be a fault of ours.
                    Err(error) => {
                        let refused = matches!(
                            error.problem,
                            Problem::QuoteTooLong { .. }
                                | Problem::WordTooWide { .. }
                                | Problem::SlotTooLong { .. }
                                | Problem::NoRoom
                        );
                        prop_assert!(refused, "{}", error);
                        Ok(())
                    }
                }
            });
            if let Err(error) = result {
                wrong.push(format!("{name} at {size}: {error}"));
            }
            set += laid_out.get();
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(set > 5000, "only {set} quotes could be set");
}
