//! The languages of templates and kits: what is shipped of them, and that the checker holds against anything.

#![allow(clippy::unwrap_used, reason = "clippy takes only the test functions for tests, not their helpers")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use pullquote::diag::{Diagnostic, Severity};
use pullquote::font::FontBook;
use pullquote::template::{Brand, Language, Template, builtin_names, json_schema};
use serde_json::Value;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    std::fs::read_to_string(here(path)).unwrap()
}

/// The files of all templates that the program knows, the one that `template new` writes among them.
fn templates() -> Vec<(String, String)> {
    let own = builtin_names().map(|name| format!("templates/{name}/template.toml"));
    own.chain(["src/cli/template/starter.toml".to_owned()]).map(|path| (path.clone(), text(&path))).collect()
}

/// Reads pictures from the folders of all templates.
fn pictures(name: &str) -> io::Result<Vec<u8>> {
    let folders = builtin_names().map(|template| here("templates").join(template).join(name));
    folders.into_iter().find(|path| path.is_file()).map_or(Err(io::ErrorKind::NotFound.into()), std::fs::read)
}

fn check(toml: &str) -> Vec<Diagnostic> {
    Template::check("x/template.toml", toml.as_bytes(), &pictures)
}

/// `LINE:COLUMN severity: message`, a line each.
fn told(problems: &[Diagnostic]) -> String {
    let mut out = String::new();
    for told in problems {
        let at = told.excerpt.as_ref().map(|e| format!("{}:{} ", e.line, e.column)).unwrap_or_default();
        let severity = if told.severity == Severity::Error { "error" } else { "warning" };
        writeln!(out, "{at}{severity}: {}", told.message).unwrap();
        told.hints.iter().for_each(|hint| writeln!(out, "    {hint}").unwrap());
    }
    out
}

#[test]
fn the_shipped_schemas_are_those_of_the_code() {
    for (language, path) in [
        (Language::Template, "templates/template.schema.json"),
        (Language::Kit, "templates/brand.schema.json"),
    ] {
        let current = json_schema::of_types(language);
        if std::env::var_os("PULLQUOTE_ACCEPT").is_some() {
            std::fs::write(here(path), &current).unwrap();
        }
        assert!(
            std::fs::read_to_string(here(path)).is_ok_and(|shipped| shipped == current),
            "{path} is out of date: PULLQUOTE_ACCEPT=1 cargo test --test templates writes it"
        );
    }
}

/// An editor knows nothing of our walk: a validator of the standard must agree with it.
#[test]
fn templates_and_kit_hold_against_the_schemas_as_an_editor_reads_them() {
    let validate = |language: Language, path: &str, toml: &str| {
        let validator = jsonschema::draft7::new(language.schema()).unwrap();
        let value: toml::Value = toml::from_str(toml).unwrap();
        let value = serde_json::to_value(value).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{path}: {e}")).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        validator
    };
    for (path, toml) in templates() {
        let validator = validate(Language::Template, &path, &toml);
        for (from, to) in [("kind = \"rect\"", "kind = \"rcet\""), ("max_chars", "max_char")] {
            let value: toml::Value = toml::from_str(&toml.replace(from, to)).unwrap();
            assert!(!validator.is_valid(&serde_json::to_value(value).unwrap()), "{path}: {to}");
        }
    }
    validate(Language::Kit, "tests/kit/brand.toml", &text("tests/kit/brand.toml"));
}

#[test]
fn our_own_templates_have_nothing_to_tell() {
    for (path, toml) in templates() {
        assert_eq!(told(&check(&toml)), "", "{path}");
    }
    let read = |name: &str| std::fs::read(here("tests/kit").join(name));
    assert_eq!(told(&Brand::check("brand.toml", text("tests/kit/brand.toml").as_bytes(), &read)), "");
}

#[test]
fn every_key_of_the_language_stands_on_the_page_that_teaches_it() {
    let page = text("templates/README.md");
    // Every other piece between backticks is code, inline or fenced.
    let code = page.split('`').skip(1).step_by(2);
    let words: BTreeSet<&str> =
        code.flat_map(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
    let mut missing = BTreeSet::new();
    keys(Language::Template.schema(), &mut |key| {
        if !words.contains(key) {
            missing.insert(key.to_owned());
        }
    });
    assert!(missing.is_empty(), "templates/README.md does not mention {missing:?}");
}

/// Every key that a schema states, however deep.
fn keys(schema: &Value, tell: &mut impl FnMut(&str)) {
    match schema {
        Value::Object(map) => {
            for (name, value) in map {
                if name == "properties" {
                    value.as_object().unwrap().keys().for_each(|key| tell(key));
                }
                keys(value, tell);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| keys(value, tell)),
        _ => {}
    }
}

/// A string that names something has a type that says so; a bare one is one of these. (`file`, of a face: who reads the
/// face looks at its name, which may also be a string without a key.)
#[test]
fn no_token_goes_unchecked() {
    const FREE: [&str; 5] = ["name", "about", "d", "kind", "file"];
    fn bare(schema: &Value, found: &mut BTreeSet<String>) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (key, value) in properties {
                if value.get("type").is_some_and(|t| t == "string") {
                    found.insert(key.clone());
                }
            }
        }
        match schema {
            Value::Object(map) => map.values().for_each(|value| bare(value, found)),
            Value::Array(values) => values.iter().for_each(|value| bare(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    bare(Language::Template.schema(), &mut found);
    found.retain(|key| !FREE.contains(&&**key));
    assert!(found.is_empty(), "give these a type of template/token.rs: {found:?}");
}

#[test]
fn all_problems_of_a_template_are_told_at_once() {
    insta::assert_snapshot!(told(&check(BAD)));
}

const BAD: &str = r##"nme = "bad"
name = 3
about = "x"

[colors]
paper = "#F7F3EA"
ink = "red"

[fonts]
quote = "NewsreaderDisplay-Medum"
sans = "LibreFranklin-Medium"
zh_serif = "NotoSerifSC-SemiBold"

[partners]
zh_serif = "quot"

[type.quote]
font = "quote"
zh = "zh_serif"
leading = "serif"
color = "ink"
keyword = { mode = "face", zh_mode = "face" }

[type.name]
font = "sans"
zh = "zh_serif"
color = "inc"
marks = { color = "ink" }
leading = "tight"

[square]
max_chars = 30.5
layer = [
  { kind = "rect", fil = "paper", x = [0, "end"], w = 4 },
  { kind = "rect", stroke = "ink", x = [0, "end"], w = 4, lift = ["name"] },
  { kind = "rcet" },
  { kind = "rect", fill = { angle = 180, stops = [[0, "papr"]] } },
  { kind = "rect", fill = { angle = "up", stops = [[1, "paper"], [0, "ink"]] } },
  { kind = "rect", fill = 4 },
  { kind = "text", slot = "quote", x = 96, w = 888, y = 190, size = [120, 38], align = "center", lift = ["name", "roll"] },
  { kind = "text", slot = "name", x = 96, y = -164, w = 1888, size = "34" },
  { kind = "text", slot = "kicker", x = 96, y = -164, w = 988, size = 34, h = 3 },
  { kind = "text", slot = "date", type = "name", x = 96, y = -164, w = 400, size = 34, when = "role" },
  { kind = "picture", src = "../x.png" },
  { kind = "picture", src = "x.png" },
  { kind = "path", d = "zzz", view = [1, 1], fill = "ink" },
  { kind = "path", d = "M0 0H1V1Z", view = [1, 0], fill = "ink" },
  { kind = "mark", x = 0, y = 0, size = 1e9, font = "sans", color = "ink" },
  { kind = "grain", src = "grain.png", opacity = 3 },
]

[story]
max_chars = 300

[[story.layer]]
kind = "text"
slot = "quote"
x = 96
w = 800
y = [100, -270]
size = [38, 120]
when = "name"
bias = 0.3

[[story.layer]]
kind = "stack"
x = 96
w = 800
y = [1200, 900]

[[story.layer.child]]
slot = "byline"
size = [10, 20]
max_height = 30

[[story.layer.child]]
rule = { h = 2, fill = "ink" }
size = 3

[landscape]
max_chars = 300
layer = []
"##;

#[test]
fn broken_toml_is_told_alone() {
    let told = told(&check("name = \"x\nabout = = 3\n[colors\n"));
    // What is wrong is the TOML library's to say, what is missing is not yet known.
    for line in ["1:10 error: ", "2:9 error: ", "3:8 error: "] {
        assert!(told.contains(line), "{told}");
    }
    assert!(!told.contains("needs `"), "{told}");
}

/// Changes to a text that a hand, a merge or an ill will might make.
fn mutations(text: &str, count: usize, mut seed: u64) -> impl Iterator<Item = String> {
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below.max(1) as u64).unwrap()
    };
    const WORDS: [&str; 22] = [
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        "\n",
        "-1e308",
        "nan",
        "inf",
        "9223372036854775808",
        "true",
        "[[square.layer]]",
        "kind = \"text\"",
        "\"end\"",
        "[0, 1]",
        "1979-05-27",
        "size",
        "slot = \"quote\"",
        "'''",
        "\u{202E}",
        "0x7fffffff",
    ];
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    (0..count).map(move |_| {
        let mut lines = lines.clone();
        for _ in 0..=random(4) {
            let at = random(lines.len());
            let other = random(lines.len());
            match random(5) {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[other].clone()),
                2 => lines.swap(at, other),
                3 => {
                    let word = WORDS[random(WORDS.len())];
                    let line = &mut lines[at];
                    let cut = (0..=line.len()).filter(|&i| line.is_char_boundary(i)).nth(random(line.len()));
                    line.insert_str(cut.unwrap_or(0), word);
                }
                _ => {
                    let value = WORDS[random(WORDS.len())];
                    let line = &mut lines[at];
                    if let Some((key, _)) = line.split_once('=') {
                        *line = format!("{key}= {value}");
                    }
                }
            }
        }
        lines.join("\n")
    })
}

#[test]
fn no_mutation_makes_the_checker_panic_or_disagree_with_the_loader() {
    let mut refused = 0;
    for (i, (path, toml)) in templates().into_iter().enumerate() {
        for toml in mutations(&toml, 120, 0x9E37_79B9 + i as u64) {
            let problems = check(&toml);
            let wrong = problems.iter().any(|d| d.severity == Severity::Error);
            refused += usize::from(wrong);
            let read = |name: &str| {
                if name == "template.toml" { Ok(toml.clone().into_bytes()) } else { pictures(name) }
            };
            assert_eq!(
                Template::from_files("x", &read).is_err(),
                wrong,
                "{path}\n{toml}\n{}",
                told(&problems)
            );
            for told in &problems {
                // A fault can be shown: it lies in its line, between characters.
                if let Some(excerpt) = &told.excerpt {
                    assert!(excerpt.text.get(excerpt.fault.clone()).is_some(), "{told:?}");
                }
            }
        }
    }
    assert!(refused > 300, "the mutations do little: {refused}");
}

#[test]
fn a_hostile_file_is_refused_in_good_time() {
    let head = "name = \"x\"\nabout = \"\"\n[colors]\n[fonts]\n[type]\n";
    let many = |line: &str, count: usize| format!("{head}[square]\nmax_chars = 1\n{}", line.repeat(count));
    let cases = [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(50_000)),
        format!("{head}# {}", "x".repeat(2 << 20)),
        many("[[square.layer]]\nkind = \"rect\"\n", 20_000),
        many("[[square.layer]]\nkind = \"text\"\nslot = \"name\"\nx = 1\ny = 1\nw = 1\nsize = 1\n", 5_000),
        format!("{head}{}", (0..20_000).map(|i| format!("k{i} = 1\n")).collect::<String>()),
        format!("{head}[square]\nmax_chars = 99999999999999999999\n"),
        format!(
            "{head}[square]\nmax_chars = 1\nlayer = [{}]",
            "{ kind = \"mark\", x = 1e30, y = nan, size = 1e7 },".repeat(50)
        ),
    ];
    for toml in cases {
        let start = std::time::Instant::now();
        let problems = check(&toml);
        assert!(problems.iter().any(|d| d.severity == Severity::Error), "{:.80}", toml);
        assert!(problems.len() <= 201, "{} problems of {:.80}", problems.len(), toml);
        assert!(start.elapsed().as_secs() < 10, "{:?} for {:.80}", start.elapsed(), toml);
    }
    let named = |src: &str| {
        let layer = format!("[[square.layer]]\nkind = \"picture\"\nsrc = {src:?}\n");
        let asked = std::cell::Cell::new(false);
        let read = |_: &str| {
            asked.set(true);
            Err(io::ErrorKind::NotFound.into())
        };
        let toml = format!("{head}[square]\nmax_chars = 1\n{layer}");
        let problems = Template::check("x/template.toml", toml.as_bytes(), &read);
        assert!(
            problems.iter().any(|d| d.message.contains("leads out of the folder")),
            "{src}: {problems:#?}"
        );
        assert!(!asked.get(), "{src} was asked for");
    };
    for src in ["../x.png", "/etc/passwd", "a/../../x.png", "C:x.png", "..\\x.png", "", ".", "a\\b"] {
        named(src);
    }
    let control = told(&check("\"\\u001b[2J\" = 1\n"));
    assert!(!control.contains('\u{1b}') && control.contains("\\u{1b}[2J"), "{control}");
}

/// The cards of the comparison in `benches/`: they bring faces of their own, of which only the file names are known here.
#[test]
fn templates_bring_faces_of_their_own() {
    for card in ["A", "B"] {
        let folder = here(&format!("benches/cards/{card}"));
        let read = |name: &str| std::fs::read(folder.join(name));
        let template = Template::from_files(card, &read).unwrap_or_else(|e| panic!("{:#?}", e.diagnostics()));
        assert!(template.warnings().is_empty(), "{:#?}", template.warnings());
        let mut fonts = FontBook::builtin();
        let own = fonts.names().count();
        template.add_faces(&mut fonts);
        assert_eq!(fonts.names().count(), own + 4);
        assert!(fonts.find(&format!("{card}/faces/NotoSerif-Regular.ttf")).is_some());
    }
}

#[test]
fn a_face_that_cannot_be_had_is_told_where_it_is_named() {
    let plain = std::fs::read_to_string(here("benches/cards/A/template.toml")).unwrap();
    let told = |face: &str| {
        let text = plain.replacen("\"faces/NotoSerif-Regular.ttf\"", face, 1);
        let read = |name: &str| match name {
            "template.toml" => Ok(text.clone().into_bytes()),
            "words.ttf" => Ok(b"words".to_vec()),
            _ => std::fs::read(here("benches/cards/A").join(name)),
        };
        let told = Template::from_files("x", &read).unwrap_err().diagnostics();
        (told[0].message.clone(), told[0].place.clone().unwrap())
    };
    for (face, message) in [
        ("\"../NotoSerif-Regular.ttf\"", "`../NotoSerif-Regular.ttf` leads out of the folder"),
        ("\"words.ttf\"", "`x/words.ttf` is no TrueType or OpenType font"),
        (
            "{ file = \"faces/NotoSans-Bold.ttf\", wght = 5 }",
            "`x/faces/NotoSans-Bold.ttf` has no axis `wght`",
        ),
        ("\"NotoSerif\"", "no face is called `NotoSerif`"),
    ] {
        let (said, place) = told(face);
        assert_eq!(said, message);
        assert!(place.starts_with("x/template.toml:15:"), "{place}");
    }
}
