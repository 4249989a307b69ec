//! How fast each format is read: `cargo bench --bench reading`. Bytes a second of the file as given.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pullquote::transcript::{ReadOptions, read};

const WORDS: &str =
    "The valley is safe, and the dam (we checked it twice) holds: nobody was hurt, and nobody will be. ";

/// A megabyte or so of turns, each written by `turn`.
fn document(head: &str, turn: impl Fn(usize, &str) -> String, tail: &str) -> String {
    let mut out = head.to_owned();
    let mut n = 0;
    while out.len() < 1 << 20 {
        out += &turn(n, &WORDS.repeat(4 + n % 5));
        n += 1;
    }
    out + tail
}

fn who(n: usize) -> &'static str {
    ["Ana Marks", "Ben Okafor", "Q"][n % 3]
}

fn formats(c: &mut Criterion) {
    let clock = |n: usize| format!("{:02}:{:02}:{:02}", n / 3600, n / 60 % 60, n % 60);
    let zh = "大坝是安全的，请大家放心。".repeat(20);
    let cue =
        |n: usize, w: &str| format!("{}\n{},000 --> {},900\n{}: {w}\n\n", n + 1, clock(n), clock(n), who(n));
    let segment =
        |n: usize, w: &str| format!(",\n{{\"speaker\": \"{}\", \"start\": {n}, \"text\": \"{w}\"}}", who(n));
    let speech = |n: usize, w: &str| format!("<speech speakername=\"{}\"><p>{w}</p></speech>\n", who(n));
    let head = "{\"segments\": [{\"speaker\": \"Q\", \"start\": 0, \"text\": \"Yes?\"}";
    let documents = [
        ("plain", document("", |n, w| format!("{}: {w}\n\n", who(n)), "")),
        ("plain-zh", document("", |n, _| format!("{}：{zh}\n\n", ["周岚", "北方社记者"][n % 2]), "")),
        ("markdown", document("# Briefing\n\n", |n, w| format!("**{}:** {w}\n\n", who(n)), "")),
        (
            "html",
            document("<html><body>", |n, w| format!("<p><b>{}:</b> {w} &amp;</p>\n", who(n)), "</body>"),
        ),
        ("xml", document("<publicwhip>", speech, "</publicwhip>")),
        ("srt", document("", cue, "")),
        ("json", document(head, segment, "]}")),
        ("csv", document("start,speaker,transcript\n", |n, w| format!("{n},{},\"{w}\"\n", who(n)), "")),
    ];
    let mut group = c.benchmark_group("read");
    for (name, text) in &documents {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |b| {
            b.iter(|| {
                read("x", black_box(text.as_bytes()), &ReadOptions::default())
                    .expect("it has turns")
                    .output
                    .turns
                    .len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, formats);
criterion_main!(benches);
