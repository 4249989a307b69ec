//! How fast each format is read: `cargo bench --bench reading`. Bytes a second of the file as given.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pullquote::transcript::{ReadOptions, read};

const WORDS: &str =
    "The valley is safe, and the dam (we checked it twice) holds: nobody was hurt, and nobody will be. ";

/// A megabyte or so of turns, each written by `turn`.
fn document(head: &str, turn: impl Fn(&mut String, usize, &str), tail: &str) -> String {
    let mut out = head.to_owned();
    let mut n = 0;
    while out.len() < 1 << 20 {
        turn(&mut out, n, &WORDS.repeat(4 + n % 5));
        n += 1;
    }
    out + tail
}

fn who(n: usize) -> &'static str {
    ["Ana Marks", "Ben Okafor", "Q"][n % 3]
}

fn formats(c: &mut Criterion) {
    let clock = |n: usize| format!("{:02}:{:02}:{:02}", n / 3600, n / 60 % 60, n % 60);
    let documents = [
        ("plain", document("", |o, n, w| drop(write!(o, "{}: {w}\n\n", who(n))), "")),
        (
            "plain-zh",
            document(
                "",
                |o, n, _| {
                    drop(write!(
                        o,
                        "{}：{}\n\n",
                        ["周岚", "北方社记者"][n % 2],
                        "大坝是安全的，请大家放心。".repeat(20)
                    ))
                },
                "",
            ),
        ),
        ("markdown", document("# Briefing\n\n", |o, n, w| drop(write!(o, "**{}:** {w}\n\n", who(n))), "")),
        (
            "html",
            document(
                "<!DOCTYPE html><html><body>",
                |o, n, w| drop(writeln!(o, "<p><b>{}:</b> {w} &amp;</p>", who(n))),
                "</body></html>",
            ),
        ),
        (
            "xml",
            document(
                "<publicwhip>",
                |o, n, w| drop(writeln!(o, "<speech speakername=\"{}\"><p>{w}</p></speech>", who(n))),
                "</publicwhip>",
            ),
        ),
        (
            "srt",
            document(
                "",
                |o, n, w| {
                    drop(write!(o, "{}\n{},000 --> {},900\n{}: {w}\n\n", n + 1, clock(n), clock(n), who(n)))
                },
                "",
            ),
        ),
        (
            "json",
            document(
                "{\"segments\": [{\"speaker\": \"Q\", \"start\": 0, \"text\": \"Yes?\"}",
                |o, n, w| {
                    drop(write!(o, ",\n{{\"speaker\": \"{}\", \"start\": {n}, \"text\": \"{w}\"}}", who(n)))
                },
                "]}",
            ),
        ),
        (
            "csv",
            document("start,speaker,transcript\n", |o, n, w| drop(writeln!(o, "{n},{},\"{w}\"", who(n))), ""),
        ),
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
