//! No input makes reading or picking panic, hang, lose its way or fill the memory: mutations of real files, the same on
//! every run. The seeds are the fixtures in `tests/transcripts`.
//!
//! A short run is part of the tests;
//! `PULLQUOTE_FUZZ_SECONDS=300 cargo test --release --test fuzz_read -- --nocapture --test-threads 1` goes on for that
//! long on every target and says how many executions it made.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use pullquote::lang::Lang;
use pullquote::select::parts::parts;
use pullquote::select::{Order, Query, Span, select, sentences, trims};
use pullquote::transcript::{InputFormat, ReadOptions, Speakers, Transcript, join, read};

/// Tells how much memory is held at most.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One target at a time: the most memory held is the whole program's.
static TURN: Mutex<()> = Mutex::new(());

/// An execution may hold this much whatever its input …
const MEMORY_AT_LEAST: usize = 16 << 20;

/// … or this many bytes a byte of input, whichever is more.
const MEMORY_A_BYTE: usize = 400;

/// No execution takes longer, on the slowest machine.
const LONGEST: Duration = Duration::from_secs(5);

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

/// The seeds that a format can make something of, so that not every execution ends at the first line.
fn seeds_of(format: Option<InputFormat>) -> Vec<Vec<u8>> {
    let options = ReadOptions { format, ..ReadOptions::default() };
    let mut seeds = seeds();
    seeds.extend(LISTS.map(|list| list.as_bytes().to_vec()));
    seeds.retain(|seed| read("x", seed, &options).is_ok());
    assert!(!seeds.is_empty(), "{format:?} has no seed");
    seeds
}

/// Lists of ready quotes.
const LISTS: [&str; 3] = [
    r#"[{"id": "a", "speaker": "Zhou Lan", "text": "Clean air \u00e9 & \"water\".", "date": "2031-04-16", "keep_together": ["air", "x"],
      "figure": {"qualifier": "over", "number": "80", "unit": "%"}, "series": "1/2", "photo": "lan.jpg", "photo_focus": [0.5, 0.25]},
     {"speaker": "周岚", "text": "水是生命。", "source": {"file": "b.txt", "sha256": "00", "start": 3, "end": 18, "line": 2}}]"#,
    "{\"speaker\": \"Zhou Lan\", \"text\": \"One.\"}\n\n{\"speaker\": \"Q\", \"text\": \"Two?\", \"highlight\": [\"Two\"]}\n",
    "id,speaker,text,date,highlight\na,Zhou Lan,\"Clean air, \"\"they\"\" say.\",2031-04-16,air|say\nb,周岚,水是生命。,,\n",
];

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

/// Reads the bytes; what comes out stands in them.
fn reading(bytes: &[u8], format: Option<InputFormat>) {
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
    }
    let _ = join(vec![t.clone(), t.clone()]);
}

/// Splits the text: every character that is not blank is in one sentence, and no sentence has blanks at its ends.
fn splitting(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let covered = |ranges: &[std::ops::Range<usize>]| {
        let mut end = 0;
        for range in ranges {
            assert!(range.start >= end && text[end..range.start].trim().is_empty());
            let words = &text[range.clone()];
            assert!(!words.is_empty() && words.trim() == words);
            end = range.end;
        }
        assert!(text[end..].trim().is_empty());
    };
    let found = sentences(&text);
    covered(&found);
    for count in 1..=3.min(found.len()) {
        if let Some(parts) = parts(&text, Lang::of(&text), count) {
            assert_eq!(parts.len(), count);
            covered(&parts);
        }
    }
}

/// Picks with words of the text as keywords: exact words that do not overlap, with their neighbours and shorter forms.
fn picking(bytes: &[u8], dice: &mut Dice) {
    let options =
        ReadOptions { format: Some(InputFormat::Plain), by: Some("Ana".into()), ..ReadOptions::default() };
    let Ok(read) = read("x", bytes, &options) else { return };
    let text = String::from_utf8_lossy(bytes);
    let mut keywords = Vec::new();
    for _ in 0..dice.below(3) {
        let words = text.chars().skip(dice.below(text.len().min(2000))).take(dice.below(16));
        keywords.push(words.collect());
    }
    let query = Query {
        regexes: if dice.below(8) == 0 { keywords.clone() } else { Vec::new() },
        keywords,
        all_keywords: dice.below(4) == 0,
        min_chars: dice.below(2) * 40,
        max_chars: dice.below(2) * 300,
        limit: dice.below(12),
        order: if dice.below(4) == 0 { Order::Source } else { Order::Best },
        turns: dice.below(8) == 0,
        questions: dice.below(2) == 0,
        any_passage: dice.below(2) == 0,
        ..Query::default()
    };
    let transcripts: [Transcript; 1] = [read.output];
    let Ok(selection) = select(&transcripts, &query) else { return };
    let mut met = HashSet::new();
    for pick in &selection.picks {
        assert_eq!(pick.quote.text(), &pick.quote.turn().text[pick.quote.range()]);
        assert!((0.0..=100.0).contains(&pick.score) && pick.score == pick.parts().total());
        assert!(pick.matched.iter().all(|range| pick.quote.text().get(range.clone()).is_some()));
        assert!(met.insert((pick.quote.turn_index(), pick.quote.range().start)));
        for trim in trims(&pick.quote) {
            assert!(trim.text.len() <= pick.quote.text().len());
            assert!(trim.kept.is_sorted_by(|a, b| a.end < b.start));
            assert!(trim.kept.iter().all(|kept| trim.text.contains(&pick.quote.turn().text[kept.clone()])));
        }
    }
}

/// What stands on the command line or in a list of speakers is text from outside, too.
fn asking(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Speakers::read(&text);
    let _ = text.parse::<Span>();
    let _ = pullquote::select::Matcher::new(&[text.to_string()], &[], false);
}

fn run(name: &str, seed: u64, seeds: &[Vec<u8>], check: impl Fn(&mut Dice, Vec<u8>)) {
    // A target that failed does not stop the others.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let long = std::env::var("PULLQUOTE_FUZZ_SECONDS").ok().and_then(|s| s.parse::<u64>().ok());
    let start = Instant::now();
    let mut dice = Dice(seed);
    let mut count = 0_u64;
    let (mut slowest, mut largest) = (Duration::ZERO, 0);
    loop {
        let done = match long {
            Some(seconds) => start.elapsed() > Duration::from_secs(seconds),
            None => count >= 400,
        };
        if done {
            break;
        }
        let bytes = mutate(&mut dice, seeds);
        let began = Instant::now();
        let held = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let copy = bytes.clone();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&mut dice, copy)));
        let took = began.elapsed();
        let memory = MEMORY.peak_usage().saturating_sub(held);
        // The first execution makes what all share.
        let memory = if count == 0 { 0 } else { memory };
        if result.is_err() || took > LONGEST || memory > MEMORY_AT_LEAST.max(bytes.len() * MEMORY_A_BYTE) {
            let path = std::env::temp_dir().join(format!("pullquote-fuzz-{name}-{count}.bin"));
            std::fs::write(&path, &bytes).expect("the input that failed is kept");
            panic!(
                "{name}: execution {count} (panic: {}, {took:?}, {memory} bytes of memory for {}), kept in {}",
                result.is_err(),
                bytes.len(),
                path.display()
            );
        }
        (slowest, largest) = (slowest.max(took), largest.max(memory));
        count += 1;
    }
    println!(
        "{name}: {count} executions in {:.0} s, none failed; at most {slowest:?} and {:.1} MB each",
        start.elapsed().as_secs_f64(),
        largest as f64 / 1e6
    );
}

macro_rules! formats {
    ($($test:ident $format:expr, $seed:expr;)*) => {
        $(#[test]
        fn $test() {
            run(stringify!($test), $seed, &seeds_of($format), |_, bytes| reading(&bytes, $format));
        })*
    };
}

formats! {
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
}

#[test]
fn docx() {
    run("docx", 13, &[DOCX.as_bytes().to_vec()], |dice, mut bytes| {
        if dice.below(8) > 0 {
            bytes = archive(&bytes);
        }
        reading(&bytes, Some(InputFormat::Docx));
    });
}

#[test]
fn sentence_splitting() {
    run("sentence_splitting", 14, &seeds(), |_, bytes| splitting(&bytes));
}

#[test]
fn quotes() {
    run("quotes", 15, &seeds(), |dice, bytes| picking(&bytes, dice));
}

#[test]
fn queries_and_speakers() {
    let mut seeds = seeds();
    seeds.truncate(4);
    for text in [
        "[[speaker]]\nname = \"Zhou Lan\"\naliases = [\"SPEAKER_00\"]\nasks = false\n",
        r#"[{"name": "Zhou Lan", "aliases": ["SPEAKER_00"], "role": "Governor", "photo": "lan.jpg"}]"#,
        "name,aliases,role\nZhou Lan,SPEAKER_00|周岚,Governor\n",
        "2031-04-01..2031-06-30",
        "river -flood \"green development\" develop* 水* PM2.5",
    ] {
        seeds.push(text.as_bytes().to_vec());
    }
    run("queries_and_speakers", 16, &seeds, |_, bytes| asking(&bytes));
}
