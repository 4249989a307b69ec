//! Every template at every kind of size: texts lie clear of each other and inside the card, or the card is refused
//! with a mend. Nothing is painted.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

mod common;

use std::fmt::Write;
use std::sync::Arc;

use common::{kit, path};
use pullquote::card::{self, Class, SizeChoice};
use pullquote::font::FontBook;
use pullquote::geom::Rect;
use pullquote::layout::{self, Item, Layout, LayoutError, Problem};
use pullquote::look::Look;
use pullquote::select::Quote;
use pullquote::template::{Art, Brand, Template};
use pullquote::transcript::{self, ReadOptions, Transcript};

const TEMPLATES: [&str; 7] = ["broadsheet", "bulletin", "nocturne", "profile", "aurora", "figure", "shuimo"];

/// Every short and medium quote is set on these.
const COMMON: [&str; 14] = [
    "square",
    "landscape",
    "story",
    "portrait",
    "wide",
    "pin",
    "linkedin",
    "320x320",
    "320x568",
    "640x360",
    "800x418",
    "1080x1744",
    "1251x1000",
    "4096x4096",
];
/// On these a card is set or refused with a mend.
const ODD: [&str; 8] =
    ["320x4096", "4096x320", "1350x1080", "1500x500", "1000x400", "2400x600", "620x1001", "2000x1599"];

/// A list of quotes: short, medium and long, in both languages, with roles of one and of two lines.
fn quotes() -> Transcript {
    let en = [
        ("short", "We planted 12 million trees."),
        (
            "medium",
            "Since 2024, our farmers have cut their use of fertilizer by 29% and still harvest more than before.",
        ),
        (
            "long",
            "In 2021, coal gave us 81% of our electricity. Last year, wind, sunlight and water together gave us \
             52%. A fair transition is not a slogan; it is a bus that still stops in a mining town after the \
             mine has closed, and a wage that is paid on the first of every month to those who drive it.",
        ),
    ];
    let zh = [
        ("short", "我们种了1200万棵树。"),
        ("medium", "云泽省PM2.5年均浓度降到每立方米27微克，蓝天不是关停工厂换来的。"),
        (
            "long",
            "过去我们用运出去的煤来衡量一年，现在我们用孩子们在操场上能看见远山的230个日子来衡量；这样的景色，\
             给多少高楼我都不换，因为高楼只卖一次，清晨却每天都会回来。",
        ),
    ];
    let en_roles = [
        "governor of Yunze province",
        "director general of the Department of Ecology and Environment of Yunze province",
    ];
    let zh_roles = ["云泽省省长", "云泽省生态环境厅党组书记、厅长"];
    let mut list = String::from("[");
    for (lang, texts, roles, speaker, event) in [
        ("en", en, en_roles, "Lu Zhiheng", "YIO press conference"),
        ("zh", zh, zh_roles, "陆之恒", "云泽新闻办发布会"),
    ] {
        for (length, text) in texts {
            for (n, role) in roles.iter().enumerate() {
                write!(
                    list,
                    r#"{{"id":"{lang}-{length}-{}","text":"{text}","speaker":"{speaker}","role":"{role}",
                        "date":"2031-04-16","event":"{event}"}},"#,
                    n + 1
                )
                .unwrap();
            }
        }
    }
    list.pop();
    list.push(']');
    transcript::read("quotes.json", list.as_bytes(), &ReadOptions::default()).unwrap().output
}

/// The ink of each line of each text, by slot; ornaments and the kit's own parts are left out of `safe`.
fn lines(layout: &Layout, fonts: &FontBook) -> Vec<(&'static str, Rect)> {
    let mut found: Vec<(&'static str, Rect)> = Vec::new();
    for item in &layout.items {
        let Item::Glyphs(run) = item else { continue };
        if run.slot == "mark" {
            continue;
        }
        for line in run.glyphs.chunk_by(|a, b| a.y == b.y) {
            let inks = line.iter().filter_map(|glyph| {
                let ink = fonts.face(run.face).ink_box(glyph.id)?.scaled(run.size * glyph.scale);
                Some(Rect::new(glyph.x + ink.x, glyph.y + ink.y, ink.w, ink.h))
            });
            let union = inks.reduce(|a, b| {
                let (x, y) = (a.x.min(b.x), a.y.min(b.y));
                Rect::new(x, y, a.right().max(b.right()) - x, a.bottom().max(b.bottom()) - y)
            });
            found.extend(union.map(|rect| (run.slot, rect)));
        }
    }
    found
}

/// What is wrong with a layout.
fn faults(layout: &Layout, ground: &Layout, fonts: &FontBook) -> Vec<String> {
    #[allow(clippy::cast_precision_loss, reason = "sides are at most 4096")]
    let (width, height) = (layout.size.width() as f32, layout.size.height() as f32);
    let scale = layout.size.scale();
    let mut all = lines(ground, fonts);
    all.extend(lines(layout, fonts));
    let mut faults = Vec::new();
    let slack = scale;
    for (i, (slot, at)) in all.iter().enumerate() {
        if at.x < -slack || at.y < -slack || at.right() > width + slack || at.bottom() > height + slack {
            faults.push(format!("`{slot}` leaves the card: {at:?}"));
        }
        // What the platforms cover on a story.
        let safe = 250.0 * scale - slack..=height - 340.0 * scale + slack;
        // Descenders may hang below the last line that is read.
        let foot = at.bottom() - 12.0 * scale;
        if layout.size.class() == Class::Story && !(safe.contains(&at.y) && safe.contains(&foot)) {
            faults.push(format!("`{slot}` is not in the safe area of a story: {at:?}"));
        }
        for (other, rect) in &all[i + 1..] {
            let apart = at.right() <= rect.x + slack
                || rect.right() <= at.x + slack
                || at.bottom() <= rect.y + slack
                || rect.bottom() <= at.y + slack;
            if slot != other && !apart {
                faults.push(format!("`{slot}` lies on `{other}`: {at:?}, {rect:?}"));
            }
        }
    }
    faults
}

/// A refusal is one if it says which flag or size mends it.
fn has_mend(error: &LayoutError) -> bool {
    let hints = error.diagnostic().hints.join(" ");
    match &error.problem {
        Problem::TooLow { enough, .. } => {
            hints.contains(&format!("--size {enough}")) && !enough.to_string().is_empty()
        }
        _ => ["--size", "--max-chars", "--role"].iter().any(|flag| hints.contains(flag)),
    }
}

fn check(brand: &Brand, with_kit: &str) {
    let (list, fonts) = (quotes(), FontBook::builtin());
    let photo =
        Arc::new(Art::from_photo("speaker.png", &std::fs::read(path("kit/speaker.png")).unwrap()).unwrap());
    let options = card::Options::default();
    let mut wrong = String::new();
    for name in TEMPLATES {
        let template = Template::builtin(name).unwrap();
        for size in COMMON.iter().chain(&ODD) {
            let size_choice: SizeChoice = size.parse().unwrap();
            let look = Look::new(&template, &size_choice, brand, &fonts).unwrap();
            let ground = layout::ground(&look, &fonts).unwrap();
            for row in 0..list.turns.len() {
                let quote = Quote::new(&list, row, 0..list.turns[row].text.len()).unwrap();
                let card = card::compose(&quote, &[], &template, &size_choice, brand, &options, Some(&photo))
                    .unwrap();
                let what = format!("{} on {name} at {size}, {with_kit}", card.id);
                match layout::layout(&card, &look, &fonts) {
                    Ok(laid_out) => {
                        for fault in faults(&laid_out.output, &ground, &fonts) {
                            writeln!(wrong, "{what}: {fault}").unwrap();
                        }
                    }
                    Err(error) => {
                        let asked = COMMON.contains(size) && !card.id.contains("long");
                        if asked || !has_mend(&error) {
                            writeln!(wrong, "{what}: {error}, hints {:?}", error.diagnostic().hints).unwrap();
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn texts_have_room_at_every_size_with_a_kit() {
    check(&kit(), "with a kit");
}

#[test]
fn texts_have_room_at_every_size_without_a_kit() {
    check(&Brand::default(), "without a kit");
}

#[test]
fn small_cards_are_told_to_be_hard_to_read() {
    let (list, fonts, brand) = (quotes(), FontBook::builtin(), Brand::default());
    let template = Template::builtin("broadsheet").unwrap();
    let told = |size: &str| {
        let size: SizeChoice = size.parse().unwrap();
        let quote = Quote::new(&list, 0, 0..list.turns[0].text.len()).unwrap();
        let look = Look::new(&template, &size, &brand, &fonts).unwrap();
        let options = card::Options::default();
        let card = card::compose(&quote, &[], &template, &size, &brand, &options, None).unwrap();
        let warnings = layout::layout(&card, &look, &fonts).unwrap().warnings;
        warnings.iter().map(|w| format!("{}; {}", w.message, w.hints.join(" "))).collect::<Vec<_>>()
    };
    assert_eq!(told("square"), Vec::<String>::new());
    assert_eq!(told("540x540"), Vec::<String>::new());
    assert_eq!(
        told("320x320"),
        [
            "`kicker` is set at 5.9 px on this card, too small to read; a card of the same shape and 486 px wide sets \
          it at 9 px"
        ]
    );
}
