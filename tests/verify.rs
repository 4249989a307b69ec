//! `verify`, `render --check`, what a card carries, and alt text: as a user meets them.

#![allow(clippy::unwrap_used, reason = "a test stops where a step fails")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::{ExtendedColorType, ImageEncoder as _};
use pullquote::record::{self, chunks};
use serde_json::{Value, json};

const BRIEFING: &str = include_str!("../src/demo/briefing-en.txt");
const QUOTE: &str = "The cleanest energy is the energy that nobody needs to use, so we insulated 410,000 homes before we built one new power station.";

struct Sandbox(tempfile::TempDir);

struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Sandbox {
    fn new() -> Self {
        let it = Self(tempfile::tempdir().unwrap());
        it.write("briefing.txt", BRIEFING.as_bytes());
        it
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn run(&self, args: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_pullquote"))
            .args(args)
            .args(["--no-project"])
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace('\\', "/");
        Said { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// One card, and its file's name.
    fn card(&self, more: &[&str]) -> String {
        let common = [
            "render",
            "briefing.txt",
            "--keyword",
            "insulated",
            "--limit",
            "1",
            "--out",
            "out",
            "--name",
            "{template}-{size}",
        ];
        let said = self.run(&[&common[..], more].concat());
        assert_eq!(said.status, 0, "{}", said.err);
        said.out.lines().last().unwrap().to_owned()
    }

    fn verify(&self, args: &[&str]) -> (i32, Vec<Value>) {
        let said = self.run(&[&["verify", "--format", "json"], args].concat());
        let rows = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.err));
        (said.status, rows)
    }
}

/// States and the first problem of a row.
fn told(row: &Value) -> (String, String) {
    let of = |key: &str| row[key].as_str().unwrap().to_owned();
    let problems = row["problems"].as_array().unwrap();
    assert_eq!(row["sound"], problems.is_empty());
    assert!(problems.iter().all(|p| !p["hint"].as_str().unwrap().is_empty()));
    let first = problems.first().map(|p| p["message"].as_str().unwrap().to_owned());
    (format!("{} {} {}", of("record"), of("picture"), of("words")), first.unwrap_or_default())
}

/// The same pixels but for what `change` does to them, encoded anew, with all texts of the card.
fn reencoded(card: &[u8], change: impl Fn(&mut image::RgbImage)) -> Vec<u8> {
    let mut pixels = image::load_from_memory(card).unwrap().to_rgb8();
    change(&mut pixels);
    let mut bare = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bare)
        .write_image(&pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .unwrap();
    let is_text = |name: &[u8; 4]| matches!(name, b"tEXt" | b"iTXt");
    let texts: Vec<u8> = chunks(card)
        .unwrap()
        .iter()
        .filter(|chunk| is_text(&chunk.name))
        .flat_map(|chunk| card[chunk.at..chunk.at + 12 + chunk.data.len()].to_vec())
        .collect();
    let at = chunks(&bare).unwrap().iter().find(|chunk| chunk.name == *b"IDAT").unwrap().at;
    [&bare[..at], &texts, &bare[at..]].concat()
}

/// The card with words of its record replaced by others of one length, checksums made right.
fn with_record(card: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut out = card[..8].to_vec();
    for chunk in chunks(card).unwrap() {
        let mut data = chunk.data.to_vec();
        if data.starts_with(record::KEYWORD.as_bytes()) {
            data = String::from_utf8(data).unwrap().replacen(old, new, 1).into_bytes();
            assert_ne!(data, chunk.data);
        }
        out.extend((data.len() as u32).to_be_bytes());
        let from = out.len();
        out.extend(chunk.name);
        out.extend(data);
        let sum = crc32fast::hash(&out[from..]);
        out.extend(sum.to_be_bytes());
    }
    out
}

/// The same with the record's own digest made right: it is no secret.
fn forged(card: &[u8], old: &str, new: &str) -> Vec<u8> {
    let digest = |card: &[u8]| {
        let texts = record::texts(&chunks(card).unwrap());
        let json = texts.into_iter().find(|text| text.keyword == record::KEYWORD).unwrap().text;
        let (_, tail) = json.rsplit_once('"').unwrap().0.rsplit_once('"').unwrap();
        let signed = &json[..json.len() - tail.len() - 2];
        (tail.to_owned(), format!("{:016x}", xxhash_rust::xxh3::xxh3_64(signed.as_bytes())))
    };
    let altered = with_record(card, old, new);
    let (was, right) = digest(&altered);
    with_record(&altered, &was, &right)
}

#[test]
fn a_card_as_it_was_made_is_sound() {
    let it = Sandbox::new();
    let more = [
        "--template",
        "broadsheet",
        "--template",
        "nocturne",
        "--template",
        "bulletin",
        "--size",
        "square",
        "--size",
        "story",
    ];
    it.card(&more);
    let (status, rows) = it.verify(&["out", "--source", "briefing.txt", "--pixels"]);
    assert_eq!((status, rows.len()), (0, 6));
    for row in &rows {
        assert_eq!(told(row), ("unchanged unchanged exact".into(), String::new()));
        assert_eq!((&row["source"]["line"], &row["notes"]), (&json!(39), &json!([])));
    }
    // The manifest names the same cards; a folder of transcripts serves as well as the file.
    std::fs::create_dir(it.path("in")).unwrap();
    it.write("in/briefing.txt", BRIEFING.as_bytes());
    it.write("in/notes.bin", &[0, 1, 2]);
    let said = it.run(&["verify", "out/manifest.json", "--source", "in"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(said.out.matches("exact, in/briefing.txt:39").count(), 6, "{}", said.out);
    // Without a source words are not checked, and that is said.
    let said = it.run(&["verify", "out"]);
    assert_eq!(said.status, 0);
    assert_eq!(said.err, "6 cards sound; words not checked: name their transcripts with `--source`\n");
}

#[test]
fn one_pixel_is_caught_and_a_lossless_copy_is_told_from_it() {
    let it = Sandbox::new();
    for (template, kind) in [("broadsheet", "flat"), ("nocturne", "grain")] {
        let card = it.read(&it.card(&["--template", template]));
        it.write("same.png", &reencoded(&card, |_| {}));
        let (status, rows) = it.verify(&["same.png", "--source", "briefing.txt"]);
        assert_eq!((status, told(&rows[0]).0.as_str()), (0, "unchanged re-encoded exact"), "{kind}");
        it.write("pixel.png", &reencoded(&card, |pixels| pixels.get_pixel_mut(500, 400).0[1] ^= 1));
        let (status, rows) = it.verify(&["pixel.png", "--source", "briefing.txt"]);
        let (states, problem) = told(&rows[0]);
        assert_eq!((status, states.as_str()), (4, "unchanged altered exact"), "{kind}");
        assert_eq!(
            problem,
            "its picture was altered: 1 pixel is not that of the card, within 1 × 1 px at 500, 400"
        );
    }
}

#[test]
fn what_cannot_be_rendered_again_is_said_with_the_way_to_it() {
    let it = Sandbox::new();
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kit");
    let kit = kit.to_str().unwrap();
    let card = it.read(&it.card(&["--brand", kit]));
    it.write("same.png", &reencoded(&card, |_| {}));
    let (status, rows) = it.verify(&["same.png"]);
    let (states, problem) = told(&rows[0]);
    assert_eq!((status, states.as_str()), (4, "unchanged unknown not-checked"));
    assert!(problem.ends_with("cannot be told: it was made with the kit `The Ledger`"), "{problem}");
    assert_eq!(rows[0]["problems"][0]["hint"], "name the kit with `--brand`");
    let (status, rows) = it.verify(&["same.png", "--brand", kit]);
    assert_eq!((status, told(&rows[0]).0.as_str()), (0, "unchanged re-encoded not-checked"));
}

#[test]
fn one_word_of_a_record_is_caught() {
    let it = Sandbox::new();
    let card = it.read(&it.card(&[]));
    it.write("word.png", &with_record(&card, "cleanest", "dirtiest"));
    let (status, rows) = it.verify(&["word.png", "--source", "briefing.txt"]);
    let (states, problem) = told(&rows[0]);
    assert_eq!((status, states.as_str()), (4, "altered unchanged changed"));
    assert_eq!(problem, "its record was altered after it was written");
    assert!(
        rows[0]["problems"][1]["message"]
            .as_str()
            .unwrap()
            .contains("The [-dirtiest-] {+cleanest+} energy is")
    );
    // Whoever makes the digests right again is caught by the source, and by the picture.
    let card = it.read(&it.card(&["--metadata", "minimal"]));
    it.write("forged.png", &forged(&card, "cleanest", "dirtiest"));
    let (status, rows) = it.verify(&["forged.png", "--source", "briefing.txt"]);
    assert_eq!((status, told(&rows[0]).0.as_str()), (4, "unchanged unchanged changed"));
    let (status, rows) = it.verify(&["forged.png", "--pixels"]);
    assert_eq!((status, told(&rows[0]).0.as_str()), (4, "unchanged altered not-checked"));
    // What it says has no way with the terminal.
    it.write("escape.png", &with_record(&card, "cleanest", "clea\\u001b[2Jst\\u202e"));
    let said = it.run(&["verify", "escape.png", "--source", "briefing.txt"]);
    assert!(said.status == 4 && said.err.contains("\u{FFFD}[2Jst"), "{}", said.err);
    assert!(!format!("{}{}", said.out, said.err).contains(['\u{1b}', '\u{202e}']));
    // A place that was altered, and a name.
    it.write("place.png", &with_record(&card, "\"start\":3457", "\"start\":3458"));
    let (_, rows) = it.verify(&["place.png", "--source", "briefing.txt"]);
    assert!(rows[0]["problems"][1]["message"].as_str().unwrap().contains("in a file that has not changed"));
    it.write("name.png", &with_record(&card, "\"speaker\":\"Lu Zhiheng\"", "\"speaker\":\"Qiao Suyun\""));
    let (_, rows) = it.verify(&["name.png", "--source", "briefing.txt"]);
    assert_eq!(rows[0]["other_speaker"], "Lu Zhiheng");
}

#[test]
fn one_word_of_the_source_is_caught() {
    let it = Sandbox::new();
    let card = it.card(&[]);
    it.write("briefing.txt", BRIEFING.replace("410,000 homes", "420,000 homes").as_bytes());
    let said = it.run(&["verify", &card, "--source", "briefing.txt"]);
    assert_eq!(said.status, 4);
    assert_eq!(
        said.err,
        format!(
            "error: its words are not those of briefing.txt:39: The cleanest energy is the energy that nobody needs to use, so we insulated [-410,000-] {{+420,000+}} homes before we built one new power station.\n  \
             --> {card}\nhint: [-only on the card-] {{+only in the source+}}: correct the card, or recall it\n\
             warning: `briefing.txt` is not the file that it was: another digest\n  --> {card}\n1 of 1 card not sound\n"
        )
    );
    it.write("briefing.txt", format!("\n\n{BRIEFING}").as_bytes());
    let (status, rows) = it.verify(&[&card, "--source", "briefing.txt"]);
    assert_eq!((status, told(&rows[0]).0.as_str()), (0, "unchanged unchanged moved"));
    assert_eq!(rows[0]["notes"][1], "its words now stand at briefing.txt:41");
    it.write("briefing.txt", BRIEFING.replace(QUOTE, "").as_bytes());
    let (status, rows) = it.verify(&[&card, "--source", "briefing.txt"]);
    assert_eq!((status, told(&rows[0]).0.as_str()), (4, "unchanged unchanged gone"));
    it.write("other.txt", include_bytes!("../src/demo/briefing-zh.txt"));
    let (_, rows) = it.verify(&[&card, "--source", "other.txt"]);
    assert_eq!(
        told(&rows[0]).1,
        "its source `briefing.txt` was not given, and its words are in none of those that were"
    );
}

#[test]
fn what_is_no_card_of_ours_is_told_and_the_rest_goes_on() {
    let it = Sandbox::new();
    let card = it.card(&["--metadata", "none"]);
    let bare = it.read(&card);
    it.write("out/cut.png", &bare[..bare.len() - 40]);
    it.write("out/text.png", b"no picture");
    let manifest: Value = serde_json::from_slice(&it.read("out/manifest.json")).unwrap();
    let text = manifest["cards"][0]["text"].as_str().unwrap();
    it.write(
        "out/manifest.json",
        String::from_utf8(it.read("out/manifest.json"))
            .unwrap()
            .replacen(text, "Wine is work.", 1)
            .as_bytes(),
    );
    let (status, rows) = it.verify(&["out", "--source", "briefing.txt"]);
    assert_eq!((status, rows.len()), (4, 3));
    assert_eq!(told(&rows[0]), ("missing unknown gone".into(), "it carries no record".into()));
    assert_eq!(told(&rows[1]).1, "it is not a whole PNG");
    assert_eq!(told(&rows[2]).1, "it is no PNG");
    // A manifest that says otherwise than the card, and a card that is not there.
    let card = it.card(&["--force"]);
    let other =
        String::from_utf8(it.read("out/manifest.json")).unwrap().replacen("Lu Zhiheng", "Qiao Suyun", 1);
    it.write("out/manifest.json", other.as_bytes());
    let (_, rows) = it.verify(&["out/manifest.json"]);
    assert_eq!(told(&rows[0]).1, "record and manifest do not say the same of its speaker");
    std::fs::remove_file(it.path(&card)).unwrap();
    let (status, rows) = it.verify(&["out/manifest.json"]);
    assert_eq!((status, told(&rows[0]).1), (4, format!("no such file: `{card}`")));
    for wrong in [&["verify", "nothing.png"][..], &["verify", "briefing.txt", "--source", "nothing.txt"]] {
        assert_eq!(it.run(wrong).status, 2);
    }
}

#[test]
fn rows_of_a_list_are_held_against_transcripts() {
    let it = Sandbox::new();
    let row = |id: &str, text: &str, speaker: &str| json!({"id": id, "text": text, "speaker": speaker});
    let rows = json!([
        row("whole", QUOTE, "Lu Zhiheng"),
        row("cut", "“The cleanest energy … [is] one new power station.”", "Lu Zhiheng"),
        row(
            "marked",
            "The cleanest energy is the energy that nobody needs to use […] before we built one new power station.",
            "Lu Zhiheng"
        ),
        row(
            "hidden",
            "The cleanest energy is the energy that nobody needs to use before we built one new power station.",
            "Lu Zhiheng"
        ),
        row("whose", QUOTE, "Qiao Suyun"),
        row("none", "A castle in the air has no rent to pay, and no roof to mend either.", "Lu Zhiheng"),
    ]);
    it.write("list.json", rows.to_string().as_bytes());
    let said = it.run(&["render", "list.json", "--check", "briefing.txt"]);
    assert_eq!(said.status, 3, "{}", said.err);
    let files: Vec<&str> = said.out.lines().collect();
    assert_eq!(files, ["out/whole.png", "out/marked.png", "out/whose.png"]);
    assert!(
        said.err.contains("nobody needs to use{+, so we insulated 410,000 homes+} before we built"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("hint: the nearest passage, briefing.txt:39, Lu Zhiheng: The cleanest energy"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("warning: the source gives these words to `Lu Zhiheng`, not to `Qiao Suyun`"),
        "{}",
        said.err
    );
    assert!(said.err.contains("these words, or any like them, are in none of the sources"), "{}", said.err);
    let manifest: Value = serde_json::from_slice(&it.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["failures"].as_array().unwrap().len(), 3);
    // What was found points to the transcript, cuts and all, and is found there again.
    assert_eq!(manifest["cards"][0]["source"]["file"], "briefing.txt");
    assert_eq!(manifest["cards"][1]["source"]["spans"].as_array().unwrap().len(), 2);
    let (status, rows) = it.verify(&["out/whole.png", "out/marked.png", "--source", "briefing.txt"]);
    assert_eq!(status, 0);
    assert!(rows.iter().all(|row| row["words"] == "exact"));
    let said = it.run(&["render", "briefing.txt", "--check", "briefing.txt", "--limit", "1", "--out", "o2"]);
    assert!(said.status == 0 && said.err.contains("there is no list"));
    assert_eq!(it.run(&["render", "list.json", "--check", "nothing.txt"]).status, 2);
}

#[test]
fn every_way_to_compress_carries_the_record_and_none_carries_nothing() {
    let it = Sandbox::new();
    let size = |more: &[&str]| it.read(&it.card(more)).len();
    let none = size(&["--metadata", "none"]);
    let minimal = size(&["--metadata", "minimal"]);
    let full = size(&[]);
    let found = record::read(&it.read(&it.card(&["--metadata", "minimal"]))).unwrap();
    let words = found.record.text.len() + found.record.speaker.len() + found.record.role.unwrap().len();
    assert!(minimal - none <= record::MOST + words, "{}", minimal - none - words);
    assert!(full > minimal && full - none < 6000, "{}", full - none);
    for compress in ["fast", "small", "max"] {
        let card = it.card(&["--compress", compress]);
        let (status, rows) = it.verify(&[&card, "--source", "briefing.txt", "--pixels"]);
        assert_eq!((status, told(&rows[0]).0.as_str()), (0, "unchanged unchanged exact"), "{compress}");
    }
}

#[test]
fn alt_text_stands_in_the_manifest_and_beside_the_card() {
    let it = Sandbox::new();
    let card = it.card(&["--alt", "files", "--alt-limit", "tiktok"]);
    let alt = String::from_utf8(it.read(&card.replace(".png", ".txt"))).unwrap();
    assert_eq!(
        alt,
        format!(
            "Lu Zhiheng, chairman of the Yunze Development Council and governor of Yunze province: “{QUOTE}” YIO press conference, April 16, 2031.\n"
        )
    );
    let manifest: Value = serde_json::from_slice(&it.read("out/manifest.json")).unwrap();
    assert_eq!(manifest["cards"][0]["alt"], alt.trim_end());
    assert_eq!(manifest["cards"][0]["alt_file"], "broadsheet-square.txt");
    // The same run replaces its own file and nobody else's.
    it.card(&["--alt", "files"]);
    let said = it.run(&["render", "briefing.txt", "--limit", "1", "--out", "out", "--name", "{nn}"]);
    assert_eq!(said.status, 0);
    it.write("out/x-square.txt", b"mine");
    let said = it.run(&[
        "render",
        "briefing.txt",
        "--limit",
        "1",
        "--out",
        "out",
        "--name",
        "x-{size}",
        "--alt",
        "files",
    ]);
    assert!(said.status == 2 && said.err.contains("`out/x-square.txt` exists"), "{}", said.err);
    let short = it.card(&["--alt-limit", "120", "--force"]);
    assert!(!short.is_empty());
    let manifest: Value = serde_json::from_slice(&it.read("out/manifest.json")).unwrap();
    let alt = manifest["cards"][0]["alt"].as_str().unwrap();
    assert!(alt.encode_utf16().count() <= 120 && alt.contains(" …”"), "{alt}");
    assert_eq!(it.run(&["render", "briefing.txt", "--alt-limit", "tumblr"]).status, 2);
    // In a stream each stands behind its card.
    let output = Command::new(env!("CARGO_BIN_EXE_pullquote"))
        .args(["render", "briefing.txt", "--limit", "2", "--out", "-", "--alt", "files", "-q"])
        .current_dir(it.path(""))
        .output()
        .unwrap();
    let mut archive = tar::Archive::new(&output.stdout[..]);
    let names: Vec<String> =
        archive.entries().unwrap().map(|e| e.unwrap().path().unwrap().display().to_string()).collect();
    let kinds: Vec<&str> = names.iter().map(|name| name.rsplit('.').next().unwrap()).collect();
    assert_eq!(kinds, ["png", "txt", "png", "txt", "json"]);
}

/// Skipped loudly where the tool is missing: `.ci/run` installs both.
#[test]
fn common_tools_read_the_metadata() {
    let it = Sandbox::new();
    it.write("list.json", json!([{"id": "h", "text": "Water & <work> “here”: 水 is é.", "speaker": "Lu Bai", "event": "YIO", "date": "2031-04-16"}]).to_string().as_bytes());
    let said = it.run(&["render", "list.json"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let alt = "Lu Bai: “Water & <work> ‘here’: 水 is é.” YIO, April 16, 2031.";
    match Command::new("exiftool").args(["-j", "-G1", "out/h.png"]).current_dir(it.path("")).output() {
        Ok(output) => {
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            let told: Vec<BTreeMap<String, Value>> = serde_json::from_slice(&output.stdout).unwrap();
            let of = |key: &str| {
                told[0].get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{key}: {told:?}"))
            };
            assert_eq!(of("XMP-iptcCore:AltTextAccessibility"), alt);
            assert_eq!(of("XMP-dc:Description"), alt);
            assert_eq!((of("XMP-dc:Creator"), of("XMP-dc:Title")), ("Lu Bai", "Lu Bai, YIO"));
            assert_eq!((of("XMP-dc:Language"), of("XMP-photoshop:DateCreated")), ("en", "2031:04:16"));
            assert_eq!(
                (of("XMP-iptcExt:Event"), of("PNG:Author"), of("PNG:Description")),
                ("YIO", "Lu Bai", alt)
            );
            assert!(
                of("PNG:Source").starts_with("list.json, bytes ") && of("XMP-dc:Source").contains("SHA-256")
            );
            assert!(!told[0].contains_key("ExifTool:Warning"), "{told:?}");
        }
        Err(e) => eprintln!("SKIPPED: exiftool cannot be run ({e}): apt-get install libimage-exiftool-perl"),
    }
    let script = "import json,sys\nfrom PIL import Image\nprint(json.dumps(Image.open('out/h.png').text))";
    match Command::new("python3").args(["-c", script]).current_dir(it.path("")).output() {
        Ok(output) if output.status.success() => {
            let told: BTreeMap<String, String> = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!((told["Author"].as_str(), told["Description"].as_str()), ("Lu Bai", alt));
            assert_eq!(told["Software"], pullquote::PROGRAM);
            let record: Value = serde_json::from_str(&told[record::KEYWORD]).unwrap();
            assert_eq!(record["text"], "Water & <work> “here”: 水 is é.");
            assert!(told["XML:com.adobe.xmp"].contains("Water &amp; &lt;work&gt;"));
        }
        Ok(output) => eprintln!("SKIPPED: Pillow is missing: {}", String::from_utf8_lossy(&output.stderr)),
        Err(e) => eprintln!("SKIPPED: python3 cannot be run ({e})"),
    }
}
