//! Contrast holds: for thousands of generated quotes, on every template and class, in English and Chinese, with a
//! kit and without. What the library passes is held against the whole picture by a second way of measuring.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use std::sync::Arc;

use common::kit;
use pullquote::card::{self, SizeChoice};
use pullquote::contrast;
use pullquote::font::FontBook;
use pullquote::layout::{self, Item, Layout, Style};
use pullquote::look::Look;
use pullquote::paint::{self, Ground, Pixels};
use pullquote::select::Quote;
use pullquote::template::{Art, Brand, Template, builtin_names};
use pullquote::transcript::{self, ReadOptions, Transcript};

/// Quotes of each template, class, language and kit.
const QUOTES: usize = 30;
/// One in so many is painted whole and measured anew.
const LOOKED_AT: usize = 10;

/// A small generator: tests need no better numbers, only the same ones.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn words(&mut self, pool: &[&str], count: usize, between: &str) -> String {
        (0..count).map(|_| pool[self.below(pool.len())]).collect::<Vec<_>>().join(between)
    }
}

const ENGLISH: [&str; 14] = [
    "river",
    "a",
    "promise",
    "transition",
    "of",
    "Clean",
    "infrastructure",
    "is",
    "PM2.5,",
    "well-being",
    "to",
    "80%",
    "harvest;",
    "we",
];
const CHINESE: [&str; 10] =
    ["蓝天", "不是", "，", "好路", "1900公里", "的", "老师", "衡量一个省", "PM2.5", "；"];
const ROLES: [&str; 3] = [
    "mayor",
    "governor of Yunze province",
    "chairman of the Yunze Development Council, secretary of the Committee and governor of Yunze province",
];

fn list(numbers: &mut Numbers, chinese: bool) -> Transcript {
    let row = if chinese {
        let count = 3 + numbers.below(14);
        let text = format!("超过80%的{}。", numbers.words(&CHINESE, count, ""));
        serde_json::json!([{
            "text": text, "speaker": "陆之恒", "role": "云泽省委副书记、省长", "date": "2031-04-16",
            "event": "云泽新闻办发布会", "highlight": ["的"], "photo_credit": "摄影：纪事",
            "translation": numbers.words(&ENGLISH, 8, " "),
        }])
    } else {
        let count = 2 + numbers.below(32);
        let text = format!("{} over 80% of homes.", numbers.words(&ENGLISH, count, " "));
        serde_json::json!([{
            "text": text, "speaker": "Lu Zhiheng", "role": ROLES[numbers.below(3)], "date": "2031-04-16",
            "event": "YIO press conference", "highlight": ["over 80%"], "photo_credit": "Photo: The Ledger",
        }])
    };
    let bytes = row.to_string().into_bytes();
    transcript::read("generated.json", &bytes, &ReadOptions::default()).unwrap().output
}

/// A photograph: dark, light, or patches of both.
fn photo(kind: usize) -> Arc<Art> {
    let level = |x: u32, y: u32| match kind {
        0 => 12 + (x + y) as u8 % 9,
        1 => 244 + (x + y) as u8 % 9,
        _ => {
            if (x / 24 + y / 24).is_multiple_of(2) {
                250
            } else {
                5
            }
        }
    };
    let picture = image::RgbImage::from_fn(240, 300, |x, y| image::Rgb([level(x, y); 3]));
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    Arc::new(Art::from_photo("generated.png", &png.into_inner()).unwrap())
}

/// Relative luminance by WCAG 2.2, of this test's own.
fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = rgb.map(|v| {
        let c = f64::from(v) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The ratio that 97 in 100 pixels under each line of each text reach, and what is asked of it.
fn measured(layout: &Layout, ground: &Ground, fonts: &FontBook) -> Vec<(&'static str, f64, f64)> {
    let is_text = |item: &Item| matches!(item, Item::Glyphs(run) if !matches!(run.slot, "logo" | "mark"));
    let mut bare = layout.clone();
    bare.items.retain(|item| !is_text(item));
    let pixels: Pixels = paint::paint(&bare, ground, fonts);
    let mut found = Vec::new();
    for item in layout.items.iter().filter(|item| is_text(item)) {
        let Item::Glyphs(run) = item else { continue };
        let ink = luminance([run.color.r, run.color.g, run.color.b]);
        let least = if run.style == Style::Body { 4.5 } else { 3.0 };
        for line in run.lines(fonts) {
            let (x0, y0) = (line.x.floor().max(0.0) as u32, line.y.floor().max(0.0) as u32);
            let (x1, y1) = (line.right().ceil() as u32, line.bottom().ceil() as u32);
            let inside = |x: u32, y: u32| x < pixels.width() && y < pixels.height();
            let mut ratios: Vec<f64> = (y0..y1)
                .flat_map(|y| (x0..x1).map(move |x| (x, y)))
                .filter(|&(x, y)| inside(x, y))
                .map(|(x, y)| {
                    let ground = luminance(pixels.pixel(x, y));
                    (ink.max(ground) + 0.05) / (ink.min(ground) + 0.05)
                })
                .collect();
            ratios.sort_by(f64::total_cmp);
            found.push((run.slot, ratios[ratios.len() * 3 / 100], least));
        }
    }
    found
}

#[test]
fn contrast_holds() {
    let fonts = FontBook::builtin();
    let photos: Vec<Arc<Art>> = (0..3).map(photo).collect();
    let (mut cards, mut refused, mut looked_at) = (0, 0, 0);
    for brand in [Brand::default(), kit()] {
        for name in builtin_names() {
            let template = Template::builtin(name).unwrap();
            for size in ["540x540", "640x336", "540x960"].map(|size| size.parse::<SizeChoice>().unwrap()) {
                let look = Look::new(&template, &size, &brand, &fonts).unwrap();
                let below = layout::ground(&look, &fonts).unwrap();
                contrast::check_ground(&below, &Ground::sheet(&below), &look, &fonts).unwrap();
                let ground = Ground::paint(&below, &fonts);
                for chinese in [false, true] {
                    let mut numbers = Numbers(7);
                    for i in 0..QUOTES {
                        let list = list(&mut numbers, chinese);
                        let quote = Quote::new(&list, 0, 0..list.turns[0].text.len()).unwrap();
                        let options = card::Options::default();
                        let photo = template.shows_photo().then_some(&photos[i % 3]);
                        let card = card::compose(&quote, &[], &template, &size, &brand, &options, photo);
                        let Ok(laid_out) = layout::layout(&card.unwrap(), &look, &fonts) else {
                            refused += 1; // too long for it
                            continue;
                        };
                        let place = format!("{name} at {}: {}", size.name, quote.text());
                        let checked = contrast::check(laid_out.output, &ground, &look, &fonts)
                            .unwrap_or_else(|e| panic!("{place}\n{e}"));
                        assert!(checked.warnings.is_empty(), "{place}\n{:?}", checked.warnings);
                        cards += 1;
                        if i % LOOKED_AT == 0 {
                            looked_at += 1;
                            for (slot, ratio, least) in measured(&checked.output, &ground, &fonts) {
                                assert!(ratio > least - 0.02, "{place}\n`{slot}`: {ratio}");
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(cards > 2000 && looked_at > 200 && refused * 10 < cards, "{cards}, {looked_at}, {refused}");
}
