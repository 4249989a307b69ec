//! Ten thousand transcripts in one command: how long `quotes` takes, and how much memory.
//!
//! `cargo bench --bench many`, or with the number of files: `cargo bench --bench many -- 1000`. The files are the
//! embedded sample, each with its own names and figures, so that no two are alike. Memory is what Linux tells of the
//! process at its highest; elsewhere only the time is told.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The press conference of the demo.
const SAMPLE: &str = include_str!("../src/demo/briefing-en.txt");

fn main() -> std::io::Result<()> {
    let count = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(10_000);
    let dir = tempfile::tempdir()?;
    let mut bytes = 0;
    for i in 0..count {
        let text = copy(i);
        bytes += text.len();
        std::fs::write(dir.path().join(format!("{i:05}.txt")), text)?;
    }
    println!("{count} files, {:.0} MB", bytes as f64 / 1e6);
    for query in [
        &["--keyword", "river", "--limit", "20"][..],
        &["--limit", "20"],
        &["--speaker", "lu", "--keyword", "energy", "--limit", "20"],
    ] {
        let (time, memory) = run(dir.path(), query)?;
        let rate = bytes as f64 / 1e6 / time.as_secs_f64();
        let memory =
            memory.map_or_else(|| "not known here".to_owned(), |kb| format!("{:.0} MB", kb as f64 / 1e3));
        println!("quotes {}: {:.1} s, {rate:.0} MB/s, at most {memory}", query.join(" "), time.as_secs_f64());
    }
    Ok(())
}

/// The sample with a district, a year and figures of its own.
fn copy(i: usize) -> String {
    let place = ["Lin", "Mo", "Ansha", "Perrow", "Tavi", "Orn", "Kess"][i % 7];
    SAMPLE
        .replace("Anlan", &format!("{place}{i}"))
        .replace("410,000", &format!("{},{:03}", 100 + i / 1000, i % 1000))
}

/// Time, and the most memory that the process held, in kB.
fn run(dir: &Path, query: &[&str]) -> std::io::Result<(Duration, Option<usize>)> {
    let mut files: Vec<_> =
        std::fs::read_dir(dir)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pullquote"))
        .arg("quotes")
        .args(query)
        .args(["--format", "jsonl", "--quiet"])
        .args(&files)
        .stdout(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut highest = None;
    loop {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        highest = highest.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()));
        if let Some(status) = child.try_wait()? {
            assert!(status.success(), "quotes found nothing: {status}");
            return Ok((start.elapsed(), highest));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
