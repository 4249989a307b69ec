//! What a card costs, stage by stage, and a batch of 200.
//!
//! `cargo bench --bench stages`. Machines are noisy: compare ratios from one run.

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use pullquote::base::Base;
use pullquote::batch::{self, Alt, Batch, Job, Photo, Stage};
use pullquote::card::{self, Card, SizeChoice};
use pullquote::contrast;
use pullquote::export::png::{self, Compress, Press};
use pullquote::font::FontBook;
use pullquote::layout;
use pullquote::look::Look;
use pullquote::paint::{self, Ground};
use pullquote::record::{self, Metadata, Record};
use pullquote::select::{Quote, sentences};
use pullquote::template::{Art, Brand, Template, builtin_names};
use pullquote::transcript::{self, ReadOptions, Transcript};

/// About 200 characters of English, 40 of Chinese.
const ENGLISH: &str = "A fair transition is not a slogan; it is a bus that stops in over 60 towns after \
    their mines have closed, and a school that opens new classes in the year in which the last pit is shut.";
const CHINESE: &str = "有一条好路、一位医生和一位老师的山村，就不再偏远；衡量一个省，不看楼有多高，看1900公里公交线路的末班车开到几点。";

fn list(text: &str) -> Transcript {
    let row = serde_json::json!([{"text": text, "speaker": "Lu Zhiheng", "role": "Governor of Yunze province",
        "date": "2031-04-16", "event": "YIO press conference"}]);
    let bytes = row.to_string().into_bytes();
    transcript::read("bench.json", &bytes, &ReadOptions::default()).expect("a sound list").output
}

fn size(name: &str) -> SizeChoice {
    name.parse().expect("a size of the table")
}

/// An invented speaker's portrait.
fn portrait() -> Arc<Art> {
    let bytes = include_bytes!("../tests/kit/speaker.png");
    Arc::new(Art::from_photo("speaker.png", bytes).expect("a sound picture"))
}

fn card(list: &Transcript, template: &Template, size: &SizeChoice, brand: &Brand) -> Card {
    let quote = Quote::new(list, 0, 0..list.turns[0].text.len()).expect("a whole turn");
    let (options, photo) = (card::Options::default(), portrait());
    card::compose(&quote, &[], template, size, brand, &options, Some(&photo)).expect("a figure is in it")
}

fn stages(c: &mut Criterion) {
    let (fonts, brand) = (FontBook::builtin(), Brand::default());
    for name in builtin_names() {
        let template = Template::builtin(name).expect("a template of the program");
        for size in ["square", "landscape", "story"].map(size) {
            let look = Look::new(&template, &size, &brand, &fonts).expect("every class is stated");
            let id = |stage: &str| BenchmarkId::new(stage, format!("{name}/{}", size.name));
            for (lang, text) in [("en", ENGLISH), ("zh", CHINESE)] {
                let list = list(text);
                let card = card(&list, &template, &size, &brand);
                c.bench_function(&format!("layout-{lang}/{name}/{}", size.name), |b| {
                    b.iter(|| layout::layout(black_box(&card), &look, &fonts).expect("it fits"));
                });
            }
            let list = list(ENGLISH);
            let card = card(&list, &template, &size, &brand);
            let laid_out = layout::layout(&card, &look, &fonts).expect("it fits").output;
            let below = layout::ground(&look, &fonts).expect("no kit");
            c.bench_with_input(id("ground"), &below, |b, below| b.iter(|| Ground::paint(below, &fonts)));
            let ground = Ground::paint(&below, &fonts);
            c.bench_with_input(id("contrast"), &laid_out, |b, l| {
                b.iter_batched(
                    || l.clone(),
                    |l| contrast::check(l, &ground, &look, &fonts).expect("it can be read"),
                    BatchSize::SmallInput,
                );
            });
            c.bench_with_input(id("paint"), &laid_out, |b, l| b.iter(|| paint::paint(l, &ground, &fonts)));
            // What a batch does in place of these two: the ground is encoded once, then each card is spliced into it.
            let base = || Base::new(&below, &look, &fonts, &mut Press::default());
            c.bench_function(&format!("base/{name}/{}", size.name), |b| b.iter(base));
            let base = base();
            let mut own = laid_out.clone();
            let mut press = Press::default();
            let bed = base.under(&mut own, &fonts, &mut press);
            for (stage, compress) in [("splice", Compress::Fast), ("small", Compress::Small)] {
                let mut bytes = 0;
                c.bench_function(&format!("{stage}/{name}/{}", size.name), |b| {
                    b.iter(|| {
                        bytes = bed.plate.encode(&own, &bed.ground, &fonts, compress, &mut press).len();
                    });
                });
                println!("{stage}/{name}/{}: {bytes} bytes", size.name);
            }
            // The card's record and metadata, the copy of the file into it included.
            let png = bed.plate.encode(&own, &bed.ground, &fonts, Compress::Fast, &mut press);
            for (stage, metadata) in [("stamp-full", Metadata::Full), ("stamp-minimal", Metadata::Minimal)] {
                c.bench_function(&format!("{stage}/{name}/{}", size.name), |b| {
                    b.iter(|| {
                        let record = Record::of(&card, None, &brand);
                        record::stamp(png, &record, &record.said().full(), metadata, &brand)
                    });
                });
            }
            let pixels = paint::paint(&laid_out, &ground, &fonts);
            c.bench_with_input(id("encode"), &pixels, |b, pixels| b.iter(|| png::encode(pixels)));
        }
    }
}

fn reading(c: &mut Criterion) {
    let bytes = include_bytes!("../src/demo/briefing-en.txt");
    let read =
        || transcript::read("briefing.txt", bytes, &ReadOptions::default()).expect("a sound sample").output;
    c.bench_function("read/briefing-en", |b| b.iter(read));
    let transcript = read();
    let query = pullquote::select::Query {
        keywords: vec!["river".to_owned()],
        max_chars: 300,
        ..pullquote::select::Query::default()
    };
    let transcripts = [transcript];
    c.bench_function("select/briefing-en", |b| {
        b.iter(|| pullquote::select::select(black_box(&transcripts), &query).map(|s| s.picks.len()));
    });
}

/// 200 different cards in memory, on every core.
fn batch_of_200(c: &mut Criterion) {
    let bytes = include_bytes!("../src/demo/briefing-en.txt");
    let transcript =
        transcript::read("briefing.txt", bytes, &ReadOptions::default()).expect("a sound sample").output;
    let (fonts, brand, options) = (FontBook::builtin(), Brand::default(), card::Options::default());
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    for name in builtin_names() {
        let template = Template::builtin(name).expect("a template of the program");
        if template.shows_figure() {
            continue; // not every line has one
        }
        let size = size("square");
        let quotes: Vec<Quote<'_>> = transcript
            .turns
            .iter()
            .enumerate()
            .flat_map(|(turn, t)| sentences(&t.text).into_iter().map(move |range| (turn, range)))
            .filter_map(|(turn, range)| Quote::new(&transcript, turn, range))
            .cycle()
            .take(200)
            .collect();
        let look = Look::new(&template, &size, &brand, &fonts).expect("every class is stated");
        let ground = layout::ground(&look, &fonts).expect("no kit");
        let stages = vec![Stage { template: &template, size: size.clone(), look, ground }];
        let jobs = quotes
            .iter()
            .map(|quote| Job {
                quote: quote.clone(),
                matched: Vec::new(),
                warnings: Vec::new(),
                photo: template.shows_photo().then(|| Arc::new(portrait()) as Arc<dyn Photo>),
                series: None,
                type_size: None,
                part: None,
                question: None,
                event: None,
                stage: Ok(0),
                file: String::new(),
            })
            .collect();
        let compress = Compress::Fast;
        let (metadata, alt) = (Metadata::Full, Alt::default());
        let batch =
            Batch { stages, jobs, brand: &brand, fonts: &fonts, options: &options, compress, metadata, alt };
        let stop = AtomicBool::new(false);
        c.bench_function(&format!("batch-200/{name}/square"), |b| {
            b.iter(|| {
                let ends = batch::Ends { sink: Some(&|_, _| Ok(Vec::new())), known: None };
                batch::run(&batch, ends, threads, &stop, |_| {}).expect("threads start");
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = stages, reading, batch_of_200
}
criterion_main!(benches);
