//! `pullquote render --watch DIR`: request sheets are rendered as they are dropped into a folder, each once.
//!
//! ```text
//! dropped ─quiet─▶ whole? ─yes─▶ rendered into OUT/NAME/ ─▶ remembered by its digest in OUT/watched.json
//!    ▲               └no: waited for, then rendered as it is, and what is wrong told
//!    └──────── saved again: other bytes are another sheet
//! ```
//!
//! A sheet that is still being written is left alone until nothing has happened to it for a while. The folder is looked at
//! every few seconds besides: the system tells nothing of what another machine writes to a network share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use pullquote::diag::Diagnostic;
use pullquote::export::name::of_own;
use pullquote::export::write::{try_folder, write_file};
use pullquote::template::MAX_FILE_BYTES;
use pullquote::transcript::{self, SourceFile};
use serde::{Deserialize, Serialize};

use super::Outcome;
use super::args::RenderArgs;
use super::documents::{options, read_file};
use super::output::Target;
use super::render;
use super::report::Talk;
use super::returned::ENDING;

/// What a sheet's name may end in.
const ENDINGS: [&str; 5] = ["csv", "tsv", "json", "jsonl", "ndjson"];
/// The memory of what is done, in the output folder.
const MEMORY: &str = "watched.json";
/// Nothing has happened to a sheet for so long: it is written.
const QUIET: Duration = Duration::from_millis(500);
/// So long one is waited for that is not whole: then it is meant to be as it is.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often the folder is looked at where the system tells nothing.
const LOOK: Duration = Duration::from_secs(2);
/// How often it is asked whether to stop, and whether a sheet is quiet.
const TICK: Duration = Duration::from_millis(100);

/// Which sheets are done, by their names.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    sheets: BTreeMap<String, Done>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Done {
    /// Of the sheet's bytes.
    sha256: String,
    /// Where its cards are, in the output folder.
    folder: String,
}

impl Memory {
    fn read(path: &Path) -> Result<Self, Diagnostic> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(Diagnostic::error(format!("cannot read `{}`: {e}", path.display()))),
        };
        serde_json::from_slice(&bytes).map_err(|e| {
            Diagnostic::error(format!("`{}` is no memory of a watched folder: {e}", path.display())).hint(
                "write elsewhere with `--out DIR`, or take the file away: every sheet is rendered again",
            )
        })
    }

    fn write(&self, path: &Path, talk: &Talk) {
        let json = serde_json::to_string_pretty(self).expect("names and digests have a JSON form") + "\n";
        if let Err(error) = write_file(path, &[json.as_bytes()]) {
            talk.tell(&error.diagnostic());
        }
    }

    fn has(&self, name: &str, sha256: &str) -> bool {
        self.sheets.get(name).is_some_and(|done| done.sha256 == sha256)
    }

    /// Where a sheet's cards go: a folder of its name, so that no sheet writes over another's cards.
    fn folder(&self, name: &str) -> String {
        if let Some(done) = self.sheets.get(name) {
            return done.folder.clone();
        }
        let stem = of_own(Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name));
        let taken = self.sheets.values().any(|done| done.folder.eq_ignore_ascii_case(&stem));
        if taken { of_own(name) } else { stem }
    }
}

/// A sheet as it was last seen.
#[derive(Debug)]
struct Seen {
    state: (u64, Option<SystemTime>),
    since: Instant,
    handled: bool,
}

/// Renders what is dropped into `dir`, until a signal.
pub fn run(args: &RenderArgs, dir: &Path, talk: &Talk) -> Outcome {
    let Target::Folder(out) = args.out.target() else {
        let problem = Diagnostic::error("`--watch` writes a folder for each sheet, which `--out -` is not");
        return talk.refuse(&[problem.hint("name a folder: `--out DIR`")]);
    };
    if !dir.is_dir() {
        let problem = Diagnostic::error(format!("no such folder: `{}`", dir.display()));
        return talk.refuse(&[problem.hint("`--watch` takes the folder that sheets are dropped into")]);
    }
    let memory_file = out.join(MEMORY);
    let memory = try_folder(out).map_err(|e| e.diagnostic()).and_then(|()| Memory::read(&memory_file));
    let mut memory = match memory {
        Ok(_) if args.out.force => Memory::default(),
        Ok(memory) => memory,
        Err(problem) => return talk.refuse(&[problem]),
    };
    let stop = render::stop_flag();
    let (told, events) = mpsc::channel();
    let _watcher = watcher(dir, told.clone());
    talk.note(&format!("watching {}; Ctrl-C ends it", Target::Folder(dir).shown()));
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut looked: Option<Instant> = None;
    while !stop.load(Ordering::Relaxed) {
        let happened = events.recv_timeout(TICK).is_ok();
        // Many files at once are many events, and one look.
        while events.try_recv().is_ok() {}
        let waiting = seen.values().any(|sheet| !sheet.handled);
        if !happened && !waiting && looked.is_some_and(|at| at.elapsed() < LOOK) {
            continue;
        }
        look(dir, &mut seen);
        looked = Some(Instant::now());
        for (name, sheet) in &mut seen {
            if sheet.handled || sheet.since.elapsed() < QUIET {
                continue;
            }
            let path = dir.join(name);
            if sheet.state.0 > MAX_FILE_BYTES {
                sheet.handled = true;
                let told = format!("`{}` is longer than {} MB", path.display(), MAX_FILE_BYTES >> 20);
                talk.tell(&Diagnostic::error(told).hint("part it, or render it by its name"));
                continue;
            }
            let Ok(bytes) = read_file(&path) else { continue };
            let sha256 = SourceFile::new(name, &bytes).sha256;
            if memory.has(name, &sha256) {
                sheet.handled = true;
                continue;
            }
            if sheet.since.elapsed() < PATIENCE && !is_whole(name, &bytes, args) {
                continue;
            }
            sheet.handled = true;
            let folder = memory.folder(name);
            let mut once = args.clone();
            once.files = vec![path.clone()];
            once.out.out = Some(out.join(&folder));
            match render::once(&once, talk) {
                Outcome::Interrupted => break,
                // Nothing was made; saved again, it is looked at again.
                Outcome::Refused => {}
                _ if read_file(&path).is_ok_and(|now| now == bytes) => {
                    memory.sheets.insert(name.clone(), Done { sha256, folder });
                    memory.write(&memory_file, talk);
                }
                // It was saved while it was read; the next look finds it.
                _ => {}
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
    }
    Outcome::Interrupted
}

/// Tells of what happens in a folder; where the system cannot, looking must do.
fn watcher(dir: &Path, told: mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let handler = move |_: notify::Result<notify::Event>| {
        let _ = told.send(());
    };
    let mut watcher = notify::recommended_watcher(handler).ok()?;
    watcher.watch(dir, RecursiveMode::NonRecursive).ok()?;
    Some(watcher)
}

/// Sees what has changed in the folder.
fn look(dir: &Path, seen: &mut BTreeMap<String, Seen>) {
    let mut found: BTreeMap<String, Seen> = BTreeMap::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Not followed: a link, a pipe or a device is no sheet that somebody dropped.
        let Ok(meta) = entry.metadata() else { continue };
        if !meta.is_file() || !is_sheet(&name) {
            continue;
        }
        let state = (meta.len(), meta.modified().ok());
        let sheet = match seen.remove(&name) {
            Some(sheet) if sheet.state == state => sheet,
            _ => Seen { state, since: Instant::now(), handled: false },
        };
        found.insert(name, sheet);
    }
    *seen = found;
}

/// Whether a file of that name is a sheet: no hidden one, no lock of an office program, none of ours that came back.
fn is_sheet(name: &str) -> bool {
    let ending = PathBuf::from(name.to_ascii_lowercase());
    let known = ending.extension().is_some_and(|end| ENDINGS.iter().any(|known| end == *known));
    known && !name.starts_with(['.', '~', '#']) && !name.ends_with(ENDING)
}

/// Whether it is a list of which every row can be read.
fn is_whole(name: &str, bytes: &[u8], args: &RenderArgs) -> bool {
    let read = options(&args.pick.reading).map(|options| transcript::read(name, bytes, &options));
    matches!(read, Ok(Ok(read)) if read.output.is_list && read.output.refused.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sheets_are_rendered() {
        assert!(["a.csv", "B.TSV", "x y.json", "q.jsonl"].iter().all(|name| is_sheet(name)));
        let others =
            ["a.out.csv", ".a.csv", "~$a.csv", "a.csv.part", "a.csv.crdownload", "a.xlsx", "csv", "a.txt"];
        assert!(!others.iter().any(|name| is_sheet(name)));
    }

    #[test]
    fn every_sheet_has_a_folder_of_its_own() {
        let mut memory = Memory::default();
        for (name, folder) in
            [("a.csv", "a"), ("A.json", "A.json"), ("a.csv", "a"), ("b\u{202E}.csv", "b"), ("b.csv", "b.csv")]
        {
            assert_eq!(memory.folder(name), folder);
            memory.sheets.insert(name.into(), Done { sha256: "0".into(), folder: folder.into() });
        }
        assert!(memory.has("a.csv", "0") && !memory.has("a.csv", "1") && !memory.has("c.csv", "0"));
    }
}
