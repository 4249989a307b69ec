//! Brand kits: what each part of one does to a card, and what is said of one that does not hold together.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

use std::io;
use std::path::{Path, PathBuf};

use pullquote::card::{self, Card, SizeChoice};
use pullquote::color::Color;
use pullquote::diag::Diagnostic;
use pullquote::font::FontBook;
use pullquote::layout::{self, Item, Layout};
use pullquote::look::Look;
use pullquote::paint::{Ground, paint};
use pullquote::select::Quote;
use pullquote::template::{Art, Brand, Template};
use pullquote::transcript::{self, ReadOptions};

const RED_MARK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0H10V10Z" fill="#B00020"/></svg>"##;
const ROW: &str = r#"
[{"id": "a", "speaker": "Lu Zhiheng", "role": "Governor", "date": "2031-04-16",
"text": "The river rose, and Bellwater 42 rose with it."}]"#;

/// A file of `tests/`.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn kit_of(toml: &str) -> Result<Brand, Vec<Diagnostic>> {
    let read = |name: &str| match name {
        "kit/brand.toml" => Ok(toml.as_bytes().to_vec()),
        "mark.svg" | "dark.svg" | "corner.svg" => Ok(RED_MARK.as_bytes().to_vec()),
        "faces/House.ttf" => std::fs::read(path("fonts/VariableSerif.ttf")),
        "faces/Franklin.ttf" => std::fs::read(path("../fonts/LibreFranklin-Bold.ttf")),
        "huge.ttf" => Ok(vec![0; (64 << 20) + 1]),
        "words.ttf" => Ok(b"words".to_vec()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    Brand::from_files("kit/brand.toml", &read).map_err(|e| e.diagnostics())
}

fn kit(toml: &str) -> Brand {
    kit_of(&format!("name = \"Harbor Daily\"\n{toml}")).unwrap()
}

fn fonts(kit: &Brand) -> FontBook {
    let mut fonts = FontBook::builtin();
    kit.add_faces(&mut fonts);
    fonts
}

/// The one row on a template, with the photograph of the tests where `photo` says so.
fn card(kit: &Brand, template: &Template, size: &SizeChoice, photo: bool) -> Result<Card, card::CardError> {
    let list = transcript::read("list.json", ROW.as_bytes(), &ReadOptions::default()).unwrap().output;
    let quote = Quote::new(&list, 0, 0..list.turns[0].text.len()).unwrap();
    let bytes = std::fs::read(path("kit/speaker.png")).unwrap();
    let art = photo.then(|| Art::from_photo("speaker.png", &bytes).unwrap().into());
    card::compose(&quote, &[], template, size, kit, &card::Options::default(), art.as_ref())
}

/// Ground and card of the one row, as one list of items.
fn items(kit: &Brand, template: &str, photo: bool) -> (Vec<Item>, FontBook) {
    let (template, fonts) = (Template::builtin(template).unwrap(), fonts(kit));
    let size: SizeChoice = "square".parse().unwrap();
    let look = Look::new(&template, &size, kit, &fonts).unwrap();
    let Layout { mut items, .. } = layout::ground(&look, &fonts).unwrap();
    let card = card(kit, &template, &size, photo).unwrap();
    items.extend(layout::layout(&card, &look, &fonts).unwrap().output.items);
    (items, fonts)
}

fn arts(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Picture { art, .. } => Some(art.name().to_owned()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

/// The faces of the quote's runs, in order, repetitions left out.
fn quote_faces(items: &[Item], fonts: &FontBook) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in items {
        let Item::Glyphs(run) = item else { continue };
        let name = fonts.face(run.face).name();
        if run.slot == "quote" && names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[test]
fn the_dark_mark_is_for_light_logos() {
    let kit = kit("[logo]\nmark = \"mark.svg\"\nmark_dark = \"dark.svg\"\n");
    assert_eq!(arts(&items(&kit, "broadsheet", false).0), ["kit/mark.svg"]);
    assert_eq!(arts(&items(&kit, "nocturne", false).0), ["kit/dark.svg"]);
    assert!(!kit.lacks_dark_mark());
    assert!(self::kit("[logo]\nmark = \"mark.svg\"\n").lacks_dark_mark());
}

#[test]
fn corners_are_the_templates_none_or_the_kits() {
    let fills = |toml: &str| {
        let (items, _) = items(&kit(toml), "nocturne", false);
        items.iter().filter(|item| matches!(item, Item::Fill { .. })).count()
    };
    assert_eq!(fills(""), fills("corners = \"off\"\n") + 8);
    assert_eq!(fills("corners = \"corner.svg\"\n"), fills("corners = \"off\"\n"));
    let (items, fonts) = items(&kit("corners = \"corner.svg\"\n"), "nocturne", false);
    assert_eq!(
        arts(&items),
        [
            "kit/corner.svg",
            "kit/corner.svg, mirrored left to right",
            "kit/corner.svg, mirrored top to bottom",
            "kit/corner.svg, mirrored both ways"
        ]
    );
    // The art is a triangle whose right angle is at its top right: mirrored, it points the other way.
    let pictures: Vec<Item> = items.into_iter().filter(|item| matches!(item, Item::Picture { .. })).collect();
    let size: SizeChoice = "square".parse().unwrap();
    let layout = Layout {
        size: size.size,
        items: pictures,
        type_size: 0.0,
        lines: vec![],
        ragged: false,
        over: vec![],
    };
    let empty = Layout { items: vec![], ..layout.clone() };
    let png = pullquote::export::png::encode(&paint(&layout, &Ground::paint(&empty, &fonts), &fonts));
    let seen = image::load_from_memory(&png).unwrap().to_rgb8();
    let red = |x: u32, y: u32| seen.get_pixel(x, y).0 == [0xB0, 0x00, 0x20];
    // Inset 40, 28 px: each corner has its right angle on the side that points to the middle of the card.
    for (x, y) in [(64, 43), (1079 - 64, 43), (64, 1079 - 43), (1079 - 64, 1079 - 43)] {
        assert!(red(x, y), "{x}, {y}");
    }
    for (x, y) in [(43, 64), (1079 - 43, 64), (43, 1079 - 64), (1079 - 43, 1079 - 64)] {
        assert!(!red(x, y), "{x}, {y}");
    }
}

#[test]
fn a_kit_wins_over_the_template_and_a_row_over_the_kit() {
    let kit = kit("kicker = \"House\"\n[colors]\npaper = \"#ABCDEF\"\n");
    let (template, size) = (Template::builtin("bulletin").unwrap(), "square".parse().unwrap());
    let shown = |row: &str| {
        let list = transcript::read("list.json", row.as_bytes(), &ReadOptions::default()).unwrap().output;
        let quote = Quote::new(&list, 0, 0..list.turns[0].text.len()).unwrap();
        let options = card::Options::default();
        card::compose(&quote, &[], &template, &size, &kit, &options, None).unwrap().kicker
    };
    assert_eq!(shown(ROW).as_deref(), Some("House"));
    assert_eq!(shown(&ROW.replace("\"id\"", "\"kicker\": \"Row\", \"id\"")).as_deref(), Some("Row"));
    let ground = |kit: &Brand| format!("{:?}", items(kit, "nocturne", false).0[0]);
    assert!(ground(&kit).contains("#ABCDEF"), "{}", ground(&kit));
    assert!(!ground(&Brand::default()).contains("#ABCDEF"));
}

#[test]
fn a_houses_tone_replaces_the_templates() {
    let tone = |toml: &str| {
        let (items, _) = items(&kit(toml), "profile", true);
        items
            .iter()
            .find_map(|i| if let Item::Photo { tone, .. } = i { Some(tone.clone()) } else { None })
            .unwrap()
    };
    let house = tone("[photo]\ntone = [[0, \"#101020\"], [0.4, \"#804040\"], [1, \"#FFF0E0\"]]\n");
    let color = |hex: &str| hex.parse::<Color>().unwrap();
    assert_eq!(house, [(0.0, color("#101020")), (0.4, color("#804040")), (1.0, color("#FFF0E0"))]);
    assert_eq!(tone("").len(), 4);
}

#[test]
fn a_required_credit_is_missed_only_where_a_photograph_is_shown() {
    let kit = kit("[photo]\ncredit = \"required\"\n");
    let size: SizeChoice = "square".parse().unwrap();
    let compose = |name: &str, photo| card(&kit, &Template::builtin(name).unwrap(), &size, photo);
    let told = compose("profile", true).unwrap_err().diagnostic();
    assert_eq!(told.message, "the photograph has no `photo_credit`, which the kit requires");
    assert_eq!(told.place.as_deref(), Some("list.json:3, card `a`"));
    assert!(told.hints[0].starts_with("give the list's row a `photo_credit`"));
    assert!(compose("aurora", false).is_ok());
    assert!(compose("broadsheet", true).is_ok());
}

#[test]
fn phrases_of_the_house_are_kept_together() {
    let kit = kit("keep_together = [\"and Bellwater\"]\n");
    let size: SizeChoice = "square".parse().unwrap();
    let card = card(&kit, &Template::builtin("broadsheet").unwrap(), &size, false).unwrap();
    assert_eq!(*card.phrases, ["and Bellwater".to_owned()]);
}

#[test]
fn a_houses_face_comes_first_and_the_templates_serves_what_it_lacks() {
    let kit = kit("[fonts]\nquote = { file = \"faces/House.ttf\", wght = 700, opsz = 72 }\n");
    let (items, fonts) = items(&kit, "broadsheet", false);
    let (house, own) = ("kit/faces/House.ttf opsz=72 wght=700", "NewsreaderDisplay-Medium");
    // The test font has neither `B` nor digits.
    assert_eq!(quote_faces(&items, &fonts), [house, own, house, own, house]);
}

#[test]
fn what_a_houses_face_lacks_is_told() {
    let kit = kit("[fonts]\nquote = \"faces/House.ttf\"\n");
    let (template, fonts) = (Template::builtin("broadsheet").unwrap(), fonts(&kit));
    let size: SizeChoice = "square".parse().unwrap();
    let look = Look::new(&template, &size, &kit, &fonts).unwrap();
    let warnings =
        layout::layout(&card(&kit, &template, &size, false).unwrap(), &look, &fonts).unwrap().warnings;
    let said: Vec<&str> = warnings.iter().map(|w| w.message.as_str()).collect();
    assert_eq!(
        said,
        ["the kit's `kit/faces/House.ttf` lacks `B`, `4`, `2`: the template's own face sets them"]
    );
}

#[test]
fn a_static_face_and_the_wordmarks() {
    let kit = kit(
        "[logo]\nwordmark = \"Harbor\"\n[fonts]\nquote = \"faces/Franklin.ttf\"\nwordmark = \"LibreFranklin-Bold\"\n",
    );
    let (items, fonts) = items(&kit, "broadsheet", false);
    assert_eq!(quote_faces(&items, &fonts), ["kit/faces/Franklin.ttf"]);
    let logo = items.iter().find_map(|item| match item {
        Item::Glyphs(run) if run.slot == "logo" => Some(fonts.face(run.face).name()),
        _ => None,
    });
    assert_eq!(logo, Some("LibreFranklin-Bold"));
}

#[test]
fn a_fallback_is_asked_last() {
    let kit = kit("fallback = [\"faces/House.ttf\"]\n");
    let fonts = fonts(&kit);
    let names: Vec<&str> = fonts.fallbacks().map(|id| fonts.face(id).name()).collect();
    assert_eq!(names, ["kit/faces/House.ttf"]);
}

#[test]
fn tokens_of_no_template_are_told() {
    let kit = kit(
        "[colors]\npapr = \"#FFFFFF\"\npaper = \"#FFFFFF\"\n[fonts]\nimpact = \"faces/House.ttf\"\nqoute = \"faces/House.ttf\"\n",
    );
    let told = kit.stray_tokens(&[Template::builtin("broadsheet").unwrap()]);
    let said: Vec<(&str, &str)> = told.iter().map(|d| (d.message.as_str(), d.hints[0].as_str())).collect();
    assert_eq!(
        said,
        [
            ("the kit's colour `papr` is a token of no template", "did you mean `paper`?"),
            ("the kit's face `qoute` is a token of no template", "did you mean `quote`?")
        ]
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_place() {
    let toml = r##"name = " "
seal = "海"
corners = "none"
fallback = ["words.ttf", "huge.ttf"]
[logo]
mark_dark = "../outside.svg"
[photo]
tone = [[0, "#F0F0F0"], [0.5, "grey"], [0.4, "#202020"]]
[colors]
paper = "F7F3EA"
[fonts]
quote = "NewsreaderDisplay-Mediun"
name = { file = "faces/House.ttf", wght = 900 }
role = { file = "faces/House.ttf", weight = 500 }
sans = "/etc/fonts/House.ttf"
zh_sans = { file = "faces/Franklin.ttf", wdth = 90 }
bold = "faces/Missing.otf"
"##;
    let told = kit_of(toml).unwrap_err();
    let said: Vec<String> =
        told.iter().map(|d| format!("{} {}", d.place.as_deref().unwrap(), d.message)).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    kit/brand.toml:1:8 the kit has no name
    kit/brand.toml:2:8 a seal holds two characters, `海` has 1
    kit/brand.toml:3:11 `corners`: `none` is neither a word nor a file
    kit/brand.toml:4:13 `kit/words.ttf` is no TrueType or OpenType font
    kit/brand.toml:4:26 `kit/huge.ttf` is larger than 64 MB
    kit/brand.toml:6:13 `../outside.svg` leads out of the folder
    kit/brand.toml:6:13 `mark_dark` stands in for `mark` on dark grounds, and there is no `mark`
    kit/brand.toml:8:31 `tone`: `grey` is no colour: write `#RRGGBB` or `#RRGGBBAA`
    kit/brand.toml:8:41 `tone`: `0.4` does not come after `0.5`
    kit/brand.toml:10:9 `paper`: `F7F3EA` is no colour: write `#RRGGBB` or `#RRGGBBAA`
    kit/brand.toml:12:9 no face is called `NewsreaderDisplay-Mediun`
    kit/brand.toml:13:8 `kit/faces/House.ttf`: `wght = 900` is out of the axis' range, 300 to 800
    kit/brand.toml:14:8 `kit/faces/House.ttf` has no axis `weight`
    kit/brand.toml:15:8 `/etc/fonts/House.ttf` leads out of the folder
    kit/brand.toml:16:11 `kit/faces/Franklin.ttf` has no axis `wdth`
    kit/brand.toml:17:8 cannot read `kit/faces/Missing.otf`: entity not found
    ");
    assert!(told.iter().all(|d| !d.hints.is_empty() || d.message.contains("is no colour")), "{told:?}");
}
