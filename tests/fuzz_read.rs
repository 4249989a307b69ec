//! No input makes reading panic, hang or lose its way: mutations of real files, the same on every run.
//!
//! A short run is part of the tests; `PULLQUOTE_FUZZ_SECONDS=300 cargo test --release --test fuzz_read -- --nocapture`
//! goes on for that long on every target and says how many executions it made.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use pullquote::select::sentences;
use pullquote::transcript::{InputFormat, ReadOptions, join, read};

/// xorshift64*: small, fast, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// What breaks readers: the syntax of every format, brackets that never close, odd white space.
const TOKENS: [&str; 44] = [
    ":",
    "：",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "(",
    ")",
    "[[",
    "]]",
    "（",
    "【",
    "】",
    "<",
    ">",
    "</p>",
    "<v ",
    "<!--",
    "-->",
    "&amp;",
    "&#x1F600;",
    "&",
    "\"",
    "\\u00e9",
    "\\ud83d",
    "{",
    "}",
    "[",
    ",",
    "\u{A0}",
    "\u{3000}",
    "\u{FEFF}",
    "**",
    "\\[",
    "---\n",
    "00:00:01,000 --> 00:00:02,000\n",
    "Q  ",
    "A.  ",
    "Mr. NAME. ",
    ">> ",
    "ANA MARKS: ",
    "记者：",
    "\0",
    "<![CDATA[",
];

fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut paths = Vec::new();
    for dir in [root.clone(), root.join("kinds")] {
        for entry in std::fs::read_dir(dir).expect("the folder is in the tree") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_file() {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a fixture can be read")).collect()
}

/// The XML of a Word document, to be mutated before it is packed.
const DOCX: &str = "<w:document xmlns:w=\"w\"><w:body><w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>Water</w:t></w:r></w:p>\
    <w:p><w:r><w:rPr><w:b/></w:rPr><w:t>MS. MARKS:</w:t></w:r><w:r><w:t xml:space=\"preserve\"> One &amp; two.</w:t><w:br/></w:r></w:p>\
    <w:p><w:r><w:t>MR. LEE: No. (Laughter.) \u{5468}</w:t></w:r></w:p><w:p><w:r><w:t>MS. MARKS: Yes.</w:t></w:r></w:p></w:body></w:document>";

fn archive(xml: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("word/document.xml", options).expect("memory takes every byte");
    archive.write_all(xml).expect("memory takes every byte");
    archive.finish().expect("memory takes every byte").into_inner()
}

fn mutate(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(8) {
            0 if !bytes.is_empty() => {
                let at = at.min(bytes.len() - 1);
                bytes[at] = dice.next() as u8;
            }
            1 => bytes.truncate(at),
            2 => {
                let end = (at + dice.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let end = (at + dice.below(200)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let times = 1 + dice.below(8);
                bytes.splice(at..at, part.repeat(times));
            }
            4 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let end = (from + dice.below(400)).min(other.len());
                bytes.splice(at..at, other[from..end].to_vec());
            }
            5 => {
                let token = TOKENS[dice.below(TOKENS.len())];
                let times = 1 + dice.below(30);
                bytes.splice(at..at, token.repeat(times).into_bytes());
            }
            _ => {
                let token = TOKENS[dice.below(TOKENS.len())];
                bytes.splice(at..at, token.bytes());
            }
        }
    }
    bytes
}

fn check(bytes: &[u8], format: Option<InputFormat>) {
    let options = ReadOptions { format, explain: true, pages: true, ..ReadOptions::default() };
    let Ok(read) = read("x", bytes, &options) else { return };
    let t = &read.output;
    for turn in &t.turns {
        let mut at = 0;
        let mut last = 0;
        let mut whole = 0..0;
        for piece in turn.map.pieces() {
            assert!(matches!(&turn.text[at..piece.text.start], "" | " "));
            // Parts of one run that is spelt otherwise are led back to the whole of it.
            let same = piece.source == whole;
            assert!(piece.source.start >= last || same || t.is_list);
            whole = piece.source.clone();
            at = piece.text.end;
            last = piece.source.end;
        }
        assert_eq!(at, turn.text.len());
        if format != Some(InputFormat::Docx) {
            assert!(last <= bytes.len());
        }
        if !turn.text.is_empty() {
            let _ = t.origin(turn, 0..turn.text.len());
        }
        let mut end = 0;
        for range in sentences(&turn.text) {
            assert!(
                range.start >= end
                    && turn.text.is_char_boundary(range.start)
                    && turn.text.is_char_boundary(range.end)
            );
            end = range.end;
        }
    }
    let _ = join(vec![t.clone(), t.clone()]);
}

fn run(name: &str, format: Option<InputFormat>, seed: u64) {
    let docx = format == Some(InputFormat::Docx);
    let seeds = if docx { vec![DOCX.as_bytes().to_vec()] } else { seeds() };
    let long = std::env::var("PULLQUOTE_FUZZ_SECONDS").ok().and_then(|s| s.parse::<u64>().ok());
    let start = Instant::now();
    let mut dice = Dice(seed);
    let mut count = 0_u64;
    loop {
        let done = match long {
            Some(seconds) => start.elapsed() > Duration::from_secs(seconds),
            None => count >= 400,
        };
        if done {
            break;
        }
        let mut bytes = mutate(&mut dice, &seeds);
        if format == Some(InputFormat::Docx) && dice.below(8) > 0 {
            bytes = archive(&bytes);
        }
        let began = Instant::now();
        let result = std::panic::catch_unwind(|| check(&bytes, format));
        let took = began.elapsed();
        if result.is_err() || took > Duration::from_secs(5) {
            let path = std::env::temp_dir().join(format!("pullquote-fuzz-{name}-{count}.bin"));
            std::fs::write(&path, &bytes).expect("the input that failed is kept");
            panic!(
                "{name}: execution {count} (panic: {}, {took:?}), kept in {}",
                result.is_err(),
                path.display()
            );
        }
        count += 1;
    }
    println!("{name}: {count} executions in {:.0} s, none failed", start.elapsed().as_secs_f64());
}

macro_rules! targets {
    ($($test:ident $format:expr, $seed:expr;)*) => {
        $(#[test]
        fn $test() {
            run(stringify!($test), $format, $seed);
        })*
    };
}

targets! {
    detected None, 0x9E37_79B9_7F4A_7C15;
    plain Some(InputFormat::Plain), 2;
    markdown Some(InputFormat::Markdown), 3;
    html Some(InputFormat::Html), 4;
    srt Some(InputFormat::Srt), 5;
    vtt Some(InputFormat::Vtt), 6;
    speech_json Some(InputFormat::SpeechJson), 7;
    xml Some(InputFormat::Xml), 8;
    csv Some(InputFormat::Csv), 9;
    json_list Some(InputFormat::JsonList), 10;
    json_lines Some(InputFormat::JsonLines), 11;
    csv_list Some(InputFormat::CsvList), 12;
    docx Some(InputFormat::Docx), 13;
}
