//! Instructions of one card by stage: a slow-down shows without a quiet machine.
//!
//! `cargo bench --bench instructions` counts and compares with `benches/instructions.txt`; it fails where a stage has
//! grown by more than [`TOLERANCE`]. `-- --accept` keeps today's counts instead, a name (`-- aurora`) counts that template
//! alone. It needs `valgrind`, which counts what the program does, not how long it takes; the counts are those of one
//! kind of machine and one compiler, so keep both when you compare.
//!
//! Each card is the second of its kind in its process: what a first one finds empty (shaping plans, glyphs) is full, as it
//! is for almost all cards of a series.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use pullquote::base::{Base, Bed};
use pullquote::card::{self, Card, SizeChoice};
use pullquote::contrast;
use pullquote::export::png::{Compress, Press};
use pullquote::font::FontBook;
use pullquote::layout::{self, Layout};
use pullquote::look::Look;
use pullquote::paint::Ground;
use pullquote::select::Quote;
use pullquote::template::{Art, Brand, Template, builtin_names};
use pullquote::transcript::{self, ReadOptions, Transcript};

/// A stage may grow by so much, in percent, before it is told as a slow-down.
const TOLERANCE: f64 = 2.0;

/// About 200 characters of English, 40 of Chinese; two of each, so that the second card is not the first again.
const ENGLISH: [&str; 2] = [
    "A fair transition is not a slogan; it is a bus that stops in over 60 towns after their mines have closed, and a \
     school that opens new classes in the year in which the last pit is shut.",
    "In over 60 towns the mines have closed, and a fair transition is the school that opens new classes there in the \
     year in which the last pit is shut; it is a bus that stops, not a slogan.",
];
const CHINESE: [&str; 2] = [
    "有一条好路、一位医生和一位老师的山村，就不再偏远；衡量一个省，不看楼有多高，看1900公里公交线路的末班车开到几点。",
    "衡量一个省，看1900公里公交线路的末班车开到几点，不看楼有多高；有一位医生、一位老师和一条好路的山村，就不再偏远。",
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match &args[..] {
        [mode, template, size, lang] if mode == "--card" => {
            one_card(template, size, lang);
            ExitCode::SUCCESS
        }
        _ => compare(&args),
    }
}

// --- the card that is counted -------------------------------------------------------------------------------------

/// Makes two cards, the second through functions whose names can be told from the count.
fn one_card(template: &str, size: &str, lang: &str) {
    let (fonts, brand, options) = (FontBook::builtin(), Brand::default(), card::Options::default());
    let template = Template::builtin(template).expect("a template of the program");
    let size: SizeChoice = size.parse().expect("a size of the table");
    let look = Look::new(&template, &size, &brand, &fonts).expect("every class is stated");
    let below = layout::ground(&look, &fonts).expect("no kit");
    let mut press = Press::default();
    let base = counted::ground(&below, &look, &fonts, &mut press);
    let photo =
        Arc::new(Art::from_photo("speaker.png", include_bytes!("../tests/kit/speaker.png")).expect("sound"));
    let lists = if lang == "zh" { CHINESE } else { ENGLISH }.map(list);
    let [first, second] = lists.each_ref().map(|list| {
        let quote = Quote::new(list, 0, 0..list.turns[0].text.len()).expect("a whole turn");
        let photo = template.shows_photo().then_some(&photo);
        card::compose(&quote, &[], &template, &size, &brand, &options, photo).expect("a figure is in it")
    });
    let mut first = layout::layout(&first, &look, &fonts).expect("it fits").output;
    let bed = base.under(&mut first, &fonts, &mut press);
    let first = contrast::check(first, &bed.ground, &look, &fonts).expect("it can be read").output;
    black_box(bed.plate.encode(&first, &bed.ground, &fonts, Compress::Fast, &mut press).len());

    let mut second = counted::layout(&second, &look, &fonts);
    let bed = base.under(&mut second, &fonts, &mut press);
    let second = counted::contrast(second, &bed.ground, &look, &fonts);
    black_box(counted::print(&bed, &second, &fonts, &mut press));
}

fn list(text: &str) -> Transcript {
    let row = serde_json::json!([{"text": text, "speaker": "Lu Zhiheng", "role": "Governor of Yunze province",
        "date": "2031-04-16", "event": "YIO press conference"}]);
    let bytes = row.to_string().into_bytes();
    transcript::read("bench.json", &bytes, &ReadOptions::default()).expect("a sound list").output
}

/// The stages by the names that are looked for.
mod counted {
    use super::*;

    #[inline(never)]
    pub fn ground(below: &Layout, look: &Look<'_>, fonts: &FontBook, press: &mut Press) -> Base {
        Base::new(below, look, fonts, press)
    }

    #[inline(never)]
    pub fn layout(card: &Card, look: &Look<'_>, fonts: &FontBook) -> Layout {
        layout::layout(card, look, fonts).expect("it fits").output
    }

    #[inline(never)]
    pub fn contrast(laid_out: Layout, ground: &Ground, look: &Look<'_>, fonts: &FontBook) -> Layout {
        contrast::check(laid_out, ground, look, fonts).expect("it can be read").output
    }

    #[inline(never)]
    pub fn print(bed: &Bed, laid_out: &Layout, fonts: &FontBook, press: &mut Press) -> Vec<u8> {
        bed.plate.encode(laid_out, &bed.ground, fonts, Compress::Fast, press).to_vec()
    }
}

/// See [`counted`]; the ground (painted, checked and encoded) is once a run, the others once a card.
const STAGES: [&str; 4] = ["ground", "layout", "contrast", "print"];

// --- counting and comparing ---------------------------------------------------------------------------------------

type Counts = BTreeMap<String, u64>;

fn compare(args: &[String]) -> ExitCode {
    let accept = args.iter().any(|arg| arg == "--accept");
    let wanted: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let installed = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    if !installed.is_ok_and(|status| status.success()) {
        eprintln!("skipped: `valgrind` is not installed");
        return ExitCode::SUCCESS;
    }
    let kept_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.txt");
    let mut kept = read(&kept_in);
    let mut grown = false;
    println!("{:<44} {:>12} {:>12}", "template/size/language/stage", "now", "kept");
    for template in builtin_names().filter(|name| wanted.is_empty() || wanted.iter().any(|w| w == name)) {
        for (size, lang) in [("square", "en"), ("landscape", "en"), ("story", "en"), ("square", "zh")] {
            for (stage, now) in count(template, size, lang) {
                let name = format!("{template}/{size}/{lang}/{stage}");
                let before = kept.get(&name).copied();
                let change = before.map(|before| 100.0 * (now as f64 / before.max(1) as f64 - 1.0));
                let told = change.map_or_else(|| "new".to_owned(), |percent| format!("{percent:+.1} %"));
                println!("{name:<44} {now:>12} {:>12} {told:>9}", before.unwrap_or(0));
                grown |= change.is_some_and(|percent| percent > TOLERANCE);
                if accept {
                    kept.insert(name, now);
                }
            }
        }
    }
    if accept {
        let text = kept.iter().fold(String::new(), |mut text, (name, count)| {
            let _ = writeln!(text, "{name} {count}");
            text
        });
        std::fs::write(&kept_in, text).expect("benches/ can be written");
        return ExitCode::SUCCESS;
    }
    if grown {
        eprintln!("a stage has grown by more than {TOLERANCE} %; `-- --accept` keeps today's counts");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn read(path: &Path) -> Counts {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = |line: &str| {
        let (name, count) = line.split_once(' ')?;
        Some((name.to_owned(), count.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}

/// The stages of one card and their instructions, those of what they call included.
fn count(template: &str, size: &str, lang: &str) -> Vec<(&'static str, u64)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out: PathBuf = folder.path().join("callgrind.out");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", &format!("--callgrind-out-file={}", out.display())])
        .arg(std::env::current_exe().expect("this program has a path"))
        .args(["--card", template, size, lang])
        .output()
        .expect("valgrind runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let listing = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100"])
        .arg(&out)
        .output()
        .expect("callgrind_annotate comes with valgrind");
    let listing = String::from_utf8_lossy(&listing.stdout);
    let of_stage = |stage: &'static str| {
        // `12,345,678 (12.34%)  ???:instructions::counted::layout [/path]`
        let line = listing.lines().find(|line| line.contains(&format!("instructions::counted::{stage} ")));
        let digits = line?.split_whitespace().next()?.replace(',', "");
        Some((stage, digits.parse().ok()?))
    };
    let counts: Vec<(&str, u64)> = STAGES.into_iter().filter_map(of_stage).collect();
    assert_eq!(counts.len(), STAGES.len(), "every stage is a function of its own:\n{listing}");
    counts
}
