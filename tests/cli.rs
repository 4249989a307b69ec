//! The program as a user meets it: statuses, what goes where, and files.

#![allow(clippy::unwrap_used, reason = "clippy takes only the test functions for tests, not their helpers")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

/// Three people, every label twice, each line long enough for a card and short enough for all of them.
const BRIEFING: &str = "\
Lu Bai: Clean energy now makes up two fifths of all the power that the province uses in a year.

Wen Lan: The river carried 4.5 billion cubic meters of water last year, the most since records began.

Lu Bai: Every village in the mountains has had a road, a school and a clinic of its own since 2023.

Wen Lan: Farmers in the eastern counties planted three million trees along the river last spring.
";

/// A folder of its own for each test; paths in output are then short and the same everywhere.
struct Sandbox(tempfile::TempDir);

/// What a run said.
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        sandbox.write("a.txt", BRIEFING);
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pullquote"));
        command.args(args).current_dir(self.0.path());
        command
    }

    fn run(&self, args: &[&str]) -> Said {
        self.feed(args, "")
    }

    fn feed(&self, args: &[&str], input: &str) -> Said {
        let output = assert_cmd::Command::from_std(self.command(args)).write_stdin(input).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace('\\', "/");
        let status = output.status.code().unwrap();
        Said { status, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Names in a folder, hidden ones too, sorted.
    fn files(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn bytes(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let read = |name: String| {
            let bytes = std::fs::read(self.path(folder).join(&name)).unwrap();
            (name, bytes)
        };
        self.files(folder).into_iter().map(read).collect()
    }

    fn manifest(&self, folder: &str) -> Manifest {
        serde_json::from_slice(&std::fs::read(self.path(folder).join("manifest.json")).unwrap()).unwrap()
    }
}

/// The manifest as a reader elsewhere would declare it; a field more or less is a broken promise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    version: u32,
    settings: Settings,
    cards: Vec<Entry>,
    failures: Vec<Failure>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Settings {
    program: String,
    query: BTreeMap<String, Value>,
    templates: Vec<String>,
    sizes: Vec<String>,
    brand: Option<String>,
    highlight: Vec<String>,
    roles: Vec<[String; 2]>,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Entry {
    id: String,
    file: String,
    template: String,
    size: String,
    width: u32,
    height: u32,
    type_size: f32,
    text: String,
    speaker: String,
    role: Option<String>,
    date: Option<String>,
    event: Option<String>,
    source: Origin,
    alt: String,
    alt_file: Option<String>,
    question: Option<Question>,
    warnings: Vec<String>,
    corrected: Option<String>,
    part: Option<String>,
    series: Option<String>,
    #[serde(default)]
    highlight: Vec<String>,
    key: BTreeMap<String, String>,
    digest: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Origin {
    file: String,
    sha256: String,
    start: usize,
    end: usize,
    line: u32,
    #[serde(default)]
    spans: Vec<[usize; 2]>,
    part: Option<String>,
    time: Option<[f64; 2]>,
    then: Option<Box<Origin>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    id: String,
    text: String,
    error: String,
    hint: Option<String>,
}

/// A row of `quotes`, declared anew for the same reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct QuoteRow {
    id: String,
    text: String,
    speaker: String,
    role: Option<String>,
    date: Option<String>,
    event: Option<String>,
    score: f32,
    matched: Vec<String>,
    source: Origin,
    before: Option<String>,
    after: Option<String>,
    context: Vec<Caution>,
    question: Option<Question>,
    also: Vec<Origin>,
    parts: Option<BTreeMap<String, f32>>,
    short_of: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Caution {
    kind: String,
    side: String,
    words: String,
    neighbour: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Question {
    text: String,
    speaker: Option<String>,
    source: Option<Origin>,
}

/// A document of `read`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct ReadDoc {
    source: Source,
    title: Option<String>,
    date: Option<String>,
    published: Option<String>,
    place: Option<String>,
    people: Vec<Person>,
    turns: Vec<Turn>,
    #[serde(default)]
    pages: Vec<Source>,
    explanation: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Source {
    file: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Person {
    name: String,
    honorific: Option<String>,
    role: Option<String>,
    aliases: Vec<String>,
    speaks: bool,
    chair: bool,
    kind: String,
    asks: bool,
    organisation: Option<String>,
    photo: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the shape is what is tested")]
struct Turn {
    speaker: String,
    label: String,
    role: Option<String>,
    text: String,
    asks: bool,
    source: Origin,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

// --- statuses -----------------------------------------------------------------------------------------------------

#[test]
fn status_0_paths_are_data_and_the_rest_is_talk() {
    let it = Sandbox::new();
    let said = it.run(&["render", "a.txt", "--size", "square", "--size", "story", "--limit", "2"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let paths: Vec<&str> = said.out.lines().collect();
    assert_eq!(paths.len(), 4);
    for (path, size) in paths.iter().zip(["square", "story", "square", "story"]) {
        assert!(path.starts_with("out/") && path.ends_with(&format!("-broadsheet-{size}.png")), "{path}");
        assert!(std::fs::read(it.path(path)).unwrap().starts_with(PNG));
    }
    assert_eq!(said.err, "4 cards in out/ (2 more matched: `--limit 0` takes all)\n");
    let manifest = it.manifest("out");
    let files: Vec<String> = manifest.cards.iter().map(|card| format!("out/{}", card.file)).collect();
    assert_eq!(files, paths, "card order");
    assert_eq!((manifest.version, manifest.failures.len()), (1, 0));
    assert_eq!(manifest.settings.templates, ["broadsheet"]);
    assert_eq!(manifest.settings.sizes, ["square", "story"]);
    assert_eq!(manifest.settings.query["limit"], 2);
    let sides: Vec<(u32, u32)> = manifest.cards[..2].iter().map(|c| (c.width, c.height)).collect();
    assert_eq!(sides, [(1080, 1080), (1080, 1920)]);
}

#[test]
fn status_1_where_no_quote_matches() {
    let it = Sandbox::new();
    let said = it.run(&["render", "a.txt", "--keyword", "coal"]);
    assert_eq!((said.status, said.out.as_str()), (1, ""));
    assert_eq!(
        said.err,
        "error: no quote matched\n\
         hint: try other words with `--keyword`, or widen the length with `--min-chars 0 --max-chars 0`\n"
    );
    assert_eq!(it.files("."), ["a.txt"], "nothing was written");
    for (format, empty) in [("json", "[]\n"), ("jsonl", ""), ("table", "")] {
        let said = it.run(&["quotes", "a.txt", "--keyword", "coal", "--format", format]);
        assert_eq!((said.status, said.out.as_str()), (1, empty), "{format}");
    }
    let said = it.run(&["quotes", "a.txt", "--keyword", "coal", "--format", "csv"]);
    assert_eq!(
        said.out,
        "id,text,speaker,role,date,event,score,matched,source,before,after,context,question,also\n"
    );
}

#[test]
fn status_2_tells_all_that_is_wrong_together_and_writes_nothing() {
    let it = Sandbox::new();
    let said = it.run(&[
        "render",
        "gone.txt",
        "a.txt",
        "--template",
        "broadshet",
        "--size",
        "sqare",
        "--out",
        "a.txt",
        "--name",
        "{dat}",
        "--brand",
        "no-kit",
    ]);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert_eq!(
        said.err,
        "\
error: no such file: `gone.txt`
error: unknown template `broadshet`
hint: did you mean `broadsheet`?
hint: there are `broadsheet`, `bulletin`, `nocturne`, `profile`, `aurora`, `figure`, `shuimo`, or the path of a folder with a `template.toml`
error: unknown size `sqare`
hint: did you mean `square`?
hint: there are `square`, `landscape`, `story`, `portrait`, `wide`, `pin`, `linkedin`, or `WIDTHxHEIGHT`
error: no such brand kit: `no-kit`
hint: give `--brand` a kit's file, or a folder with a `brand.toml`
error: `--name {dat}`: unknown placeholder `{dat}`
hint: did you mean `{date}`?
hint: there are `{date}`, `{nn}`, `{speaker}`, `{slug}`, `{template}`, `{size}`, `{id}`, `{event}`
error: cannot write into the folder: a file is in the way
  --> a.txt
hint: write elsewhere with `--out DIR`
"
    );
    assert_eq!(it.files("."), ["a.txt"]);
}

#[test]
fn status_2_for_an_unknown_speaker_with_the_list() {
    let it = Sandbox::new();
    for command in ["render", "quotes"] {
        let said = it.run(&[command, "a.txt", "--speaker", "Zhao"]);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{command}");
        assert_eq!(said.err, "error: no speaker is called `Zhao`\nhint: who speaks: `Lu Bai`, `Wen Lan`\n");
    }
    assert_eq!(it.files("."), ["a.txt"]);
}

#[test]
fn status_2_for_sizes_out_of_range_and_roles_for_nobody() {
    let it = Sandbox::new();
    let said = it.run(&["render", "a.txt", "--size", "100x100", "--role", "Zhao=Mayor", "--role", "Lu"]);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "\
error: size `100x100` is out of range: each side is 320 to 4096 px
hint: give `--size` sides within that range, or a name
error: `--role Lu` names no role
hint: write `--role \"NAME=ROLE\"`, such as `--role \"Lu Zhiheng=Governor of Yunze\"`
error: `--role`: no speaker is called `Zhao`
hint: who speaks: `Lu Bai`, `Wen Lan`
"
    );
}

#[test]
fn status_2_for_wrong_usage() {
    let it = Sandbox::new();
    for args in
        [&["render"][..], &["paint", "a.txt"], &["render", "a.txt", "--jobs", "0"], &["list", "all"], &[]]
    {
        let said = it.run(args);
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{args:?}");
        assert!(!said.err.is_empty());
    }
    assert_eq!(it.run(&["--help"]).status, 0);
    assert!(it.run(&["--version"]).out.starts_with("pullquote "));
}

#[test]
fn status_2_for_a_folder_and_for_standard_input_named_twice() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("in")).unwrap();
    let said = it.run(&["read", "in"]);
    assert_eq!(said.status, 2);
    assert_eq!(said.err, "error: `in` is a folder\nhint: name the files in it: `in/*.txt`\n");
    let said = it.feed(&["render", "-", "-"], BRIEFING);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "error: standard input is named twice, and can be read only once\nhint: name `-` once\n"
    );
}

#[test]
fn status_3_where_a_card_fails_and_the_others_are_written() {
    let it = Sandbox::new();
    it.write(
        "list.json",
        r#"[
  {"id": "good", "speaker": "Lu Bai", "text": "Clean energy now makes up two fifths of our power."},
  {"id": "eye", "speaker": "Lu Bai", "text": "The old sign for an eye, 𓂀, is on every gate."},
  {"id": "lost", "speaker": "Lu Bai", "text": "Water is life, and water is work.", "template": "no-such"},
  {"id": "odd", "speaker": "Lu Bai", "text": "Wind is work as well.", "size": "sqare"},
  {"id": "wide", "speaker": "Lu Bai", "text": "The road is long, and it is ours.", "size": "wide"}
]"#,
    );
    let said = it.run(&["render", "list.json"]);
    assert_eq!(said.status, 3);
    assert_eq!(said.out, "out/good.png\nout/wide.png\n");
    assert!(said.err.contains("U+13080"), "{}", said.err);
    assert!(said.err.contains("list.json:3, card `eye` on `broadsheet` at `square`"), "{}", said.err);
    assert!(
        said.err.contains(
            "error: unknown template `no-such`\n  --> list.json:4, card `lost`\nhint: there are `broadsheet`"
        ),
        "{}",
        said.err
    );
    assert!(
        said.err.contains(
            "error: unknown size `sqare`\n  --> list.json:5, card `odd`\nhint: did you mean `square`?"
        ),
        "{}",
        said.err
    );
    assert!(said.err.ends_with("2 cards in out/, 3 failed\n"), "{}", said.err);
    assert_eq!(it.files("out"), ["good.png", "list.out.csv", "manifest.json", "wide.png"]);
    let manifest = it.manifest("out");
    let failed: Vec<&str> = manifest.failures.iter().map(|f| f.id.as_str()).collect();
    assert_eq!(failed, ["eye", "lost", "odd"]);
    assert!(manifest.failures[0].error.ends_with("(on `broadsheet` at `square`)"));
    assert_eq!(manifest.failures[1].error, "unknown template `no-such`");
    assert_eq!(manifest.failures[1].text, "Water is life, and water is work.");
    assert!(manifest.failures[2].hint.as_deref().unwrap().starts_with("did you mean `square`?; there are"));
    assert_eq!((manifest.cards[1].width, manifest.cards[1].height), (1600, 900));
}

#[test]
fn a_bad_file_stops_render_but_not_read_or_quotes() {
    let it = Sandbox::new();
    let told = "error: no such file: `gone.txt`\n";
    let said = it.run(&["read", "gone.txt", "a.txt", "--format", "jsonl"]);
    assert_eq!((said.status, said.err.as_str(), said.out.lines().count()), (3, told, 1));
    let said = it.run(&["read", "gone.txt", "a.txt", "--format", "json"]);
    assert!(said.out.starts_with('['), "several files were asked for");
    let said = it.run(&["quotes", "gone.txt", "a.txt", "--format", "jsonl"]);
    assert_eq!((said.status, said.out.lines().count()), (3, 4));
    let said = it.run(&["quotes", "gone.txt", "a.txt", "--keyword", "coal"]);
    assert_eq!(said.status, 3, "the bad file might have matched");
    let said = it.run(&["render", "gone.txt", "a.txt"]);
    assert_eq!((said.status, said.out.as_str(), said.err.as_str()), (2, "", told));
    for command in ["read", "quotes"] {
        assert_eq!(it.run(&[command, "gone.txt", "gone-too.txt"]).status, 2);
    }
    assert_eq!(it.files("."), ["a.txt"]);
}

/// Enough cards that a signal finds some of them undone.
#[cfg(unix)]
#[test]
fn status_130_leaves_whole_cards_that_the_manifest_names() {
    let it = Sandbox::new();
    let row = |n: usize| {
        format!("{{\"speaker\":\"Lu Bai\",\"text\":\"Road number {n} of the province was built.\"}}\n")
    };
    it.write("many.jsonl", &(0..2000).map(row).collect::<String>());
    let mut child = it
        .command(&["render", "many.jsonl", "--jobs", "2"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while it.files("out").iter().filter(|name| name.ends_with(".png")).count() < 5 {
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be stopped");
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let manifest = it.manifest("out");
    assert!(manifest.cards.len() < 2000);
    let mut named: Vec<String> = manifest.cards.into_iter().map(|card| card.file).collect();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), named.len());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains(&format!("\nstopped: {} of 2000 cards in out/", named.len()))
    );
    named.extend(["manifest.json".into(), "many.out.csv".into()]);
    named.sort();
    assert_eq!(it.files("out"), named, "no picture without a name, no half file");
}

// --- standard output and error ------------------------------------------------------------------------------------

#[test]
fn a_closed_pipe_is_a_quiet_success() {
    let it = Sandbox::new();
    // More than a pipe holds, so that the writer meets the closed end.
    let long: String = (0..400).map(|_| BRIEFING).collect();
    it.write("long.txt", &long);
    for args in [&["read", "long.txt", "--format", "json"][..], &["completions", "bash"], &["list", "sizes"]]
    {
        let mut child = it.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut talk = String::new();
        child.stderr.take().unwrap().read_to_string(&mut talk).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}: {talk}");
        assert_eq!(talk, "");
    }
}

#[test]
fn quiet_says_nothing_but_errors() {
    let it = Sandbox::new();
    let said = it.run(&["render", "a.txt", "--quiet", "--limit", "1"]);
    assert_eq!((said.status, said.err.as_str(), said.out.lines().count()), (0, "", 1));
    let said = it.run(&["-q", "quotes", "a.txt", "--keyword", "coal"]);
    assert!(said.err.starts_with("error: no quote matched"));
}

#[test]
fn nothing_is_coloured_in_a_pipe_or_with_no_color() {
    let it = Sandbox::new();
    assert!(!it.run(&["read", "gone.txt"]).err.contains('\x1b'));
    let mut command = it.command(&["read", "gone.txt"]);
    command.env("CLICOLOR_FORCE", "1");
    let forced = command.output().unwrap();
    assert!(forced.stderr.contains(&0x1b), "colours are there where they are wanted");
    let plain = it.command(&["read", "gone.txt"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!plain.stderr.contains(&0x1b));
}

#[test]
fn standard_input_is_a_file_named_dash() {
    let it = Sandbox::new();
    let said = it.feed(&["read", "-", "--format", "json"], BRIEFING);
    let doc: ReadDoc = serde_json::from_str(&said.out).unwrap();
    assert_eq!((doc.source.file.as_str(), doc.turns.len()), ("-", 4));
    assert_eq!(it.feed(&["render", "-"], BRIEFING).status, 0);
    assert_eq!(it.manifest("out").cards[0].source.file, "-");
}

#[test]
fn json_on_standard_output_is_this_runs_manifest() {
    let it = Sandbox::new();
    it.run(&["render", "a.txt", "--size", "story"]);
    let said = it.run(&["render", "a.txt", "--format", "json"]);
    let manifest: Manifest = serde_json::from_str(&said.out).unwrap();
    assert_eq!(manifest.cards.len(), 4);
    assert_eq!(it.manifest("out").cards.len(), 8, "the file keeps what the folder keeps");
}

// --- shapes -------------------------------------------------------------------------------------------------------

#[test]
fn read_gives_an_object_a_file_and_every_word_is_where_it_says() {
    let it = Sandbox::new();
    it.write("b.txt", BRIEFING);
    let doc: ReadDoc = serde_json::from_str(&it.run(&["read", "a.txt", "--format", "json"]).out).unwrap();
    let speakers: Vec<&str> = doc.turns.iter().map(|turn| turn.speaker.as_str()).collect();
    assert_eq!(speakers, ["Lu Bai", "Wen Lan", "Lu Bai", "Wen Lan"]);
    for turn in &doc.turns {
        assert_eq!(BRIEFING[turn.source.start..turn.source.end], turn.text);
        assert_eq!(turn.source.sha256, doc.source.sha256);
    }
    assert!(doc.people.iter().all(|person| person.speaks));
    let two = it.run(&["read", "a.txt", "b.txt", "--format", "json"]).out;
    assert_eq!(serde_json::from_str::<Vec<ReadDoc>>(&two).unwrap().len(), 2);
    let lines = it.run(&["read", "a.txt", "b.txt", "--format", "jsonl"]).out;
    let docs: Vec<ReadDoc> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(docs.len(), 2);
    let table = it.run(&["read", "a.txt"]).out;
    assert!(table.contains("Wen Lan") && table.contains("The river carried"), "{table}");
}

#[test]
fn absent_values_are_null() {
    let it = Sandbox::new();
    let doc: Value = serde_json::from_str(&it.run(&["read", "a.txt", "--format", "json"]).out).unwrap();
    assert_eq!((&doc["published"], &doc["people"][0]["role"]), (&Value::Null, &Value::Null));
    assert!(doc.as_object().unwrap().contains_key("published"));
}

/// Pick, let an editor strike lines, render: the words, ids and sources come out as they went in.
#[test]
fn what_quotes_writes_render_reads() {
    let it = Sandbox::new();
    let direct = it.run(&["quotes", "a.txt", "--keyword", "river", "--format", "json"]);
    assert_eq!(direct.status, 0, "{}", direct.err);
    let rows: Vec<QuoteRow> = serde_json::from_str(&direct.out).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].matched, ["river"]);
    for format in ["json", "jsonl", "csv"] {
        let picked = it.run(&["quotes", "a.txt", "--keyword", "river", "--format", format]).out;
        let list = format!("picks.{format}");
        it.write(&list, &picked);
        let out = format!("out-{format}");
        let said = it.run(&["render", &list, "--out", &out]);
        assert_eq!(said.status, 0, "{format}: {}", said.err);
        let cards = it.manifest(&out).cards;
        assert_eq!(cards.len(), rows.len(), "{format}");
        for (card, row) in cards.iter().zip(&rows) {
            assert_eq!((&card.id, &card.text, &card.speaker), (&row.id, &row.text, &row.speaker), "{format}");
            assert_eq!((&card.role, &card.date, &card.event), (&row.role, &row.date, &row.event), "{format}");
            assert_eq!(card.source, row.source, "{format}");
            assert_eq!(card.source.file, "a.txt", "{format}");
            assert_eq!(card.file, format!("{}.png", row.id), "{format}");
        }
        // A second turn through `quotes` changes nothing either.
        let again = it.run(&["quotes", &list, "--format", "json"]).out;
        let again: Vec<QuoteRow> = serde_json::from_str(&again).unwrap();
        for (a, b) in again.iter().zip(&rows) {
            assert_eq!((&a.id, &a.source, &a.matched), (&b.id, &b.source, &b.matched), "{format}");
        }
    }
    // An editor strikes the first of two lines.
    let lines = it.run(&["quotes", "a.txt", "--keyword", "river", "--format", "jsonl"]).out;
    let said = it.feed(&["render", "-", "--out", "struck"], lines.lines().nth(1).unwrap());
    assert_eq!(said.out, format!("struck/{}.png\n", rows[1].id));
}

#[test]
fn every_word_of_the_manifest_is_in_the_source() {
    let it = Sandbox::new();
    it.run(&["render", "a.txt"]);
    let cards = it.manifest("out").cards;
    assert_eq!(cards.len(), 4);
    for card in cards {
        assert_eq!(BRIEFING[card.source.start..card.source.end], card.text);
        assert!(card.type_size > 0.0);
    }
}

#[test]
fn lists_are_rendered_whole_and_in_order() {
    let it = Sandbox::new();
    let row =
        |n: usize| format!("{{\"id\":\"r{n}\",\"speaker\":\"Lu Bai\",\"text\":\"Road {n} is built.\"}}\n");
    it.write("list.jsonl", &(1..=12).map(row).collect::<String>());
    let said = it.run(&["render", "list.jsonl"]);
    let expected: String = (1..=12).map(|n| format!("out/r{n}.png\n")).collect();
    assert_eq!((said.status, said.out), (0, expected), "short rows, and more than ten");
    let said = it.run(&["render", "list.jsonl", "--limit", "3"]);
    assert_eq!(said.out, "out/r1.png\nout/r2.png\nout/r3.png\n");
    assert_eq!(
        said.err,
        "out/list.out.csv: 3 rows done, 9 left out\n3 cards in out/: 3 kept (9 more matched: `--limit 0` takes all)\n"
    );
}

// --- request sheets -----------------------------------------------------------------------------------------------

/// A desk's form, saved by a spreadsheet: columns of its own, two rows that are wrong, one that no font can set.
const REQUESTS: &str = "Timestamp;Key;Quote;Name;Title;Size;Language\r\n\
    1 May;water;Water is life, and water is work.;Lu Bai;Mayor;;\r\n\
    2 May;;;Lu Bai;;;\r\n\
    3 May;=cmd;Wind is work as well.;Wen Lan;;square;German\r\n\
    4 May;eye;The old sign for an eye, \u{13080}, is on every gate.;Lu Bai;;;\r\n\
    5 May;../../up;-5 degrees is cold enough for us.;Lu Bai;;;en\r\n";

#[test]
fn a_request_sheet_comes_back_with_what_became_of_each_row() {
    let it = Sandbox::new();
    it.write("desk/requests.csv", REQUESTS);
    let said = it.run(&["render", "desk/requests.csv"]);
    assert_eq!((said.status, said.out.as_str()), (3, "out/water.png\nout/up.png\n"), "{}", said.err);
    for told in [
        "warning: a column is not read: `Timestamp`\n  --> desk/requests.csv",
        "error: the row has no `text`\n  --> desk/requests.csv:3, row 2\n",
        "error: `lang` must be `en` or `zh`\n  --> desk/requests.csv:4, row 3, column G (`Language`)\n",
        "out/requests.out.csv: 2 rows done, 3 failed\n",
    ] {
        assert!(said.err.contains(told), "{told}\n{}", said.err);
    }
    let back = std::fs::read_to_string(it.path("out/requests.out.csv")).unwrap();
    let lines: Vec<&str> = back.split("\r\n").collect();
    assert_eq!(lines[0], "\u{FEFF}Timestamp;Key;Quote;Name;Title;Size;Language;status;file;message");
    assert_eq!(lines[1], "1 May;water;Water is life, and water is work.;Lu Bai;Mayor;;;done;water.png;");
    assert!(
        lines[2].starts_with("2 May;;;Lu Bai;;;;failed;;\"the row has no `text` (every row needs"),
        "{back}"
    );
    assert!(
        lines[3].starts_with("3 May;'=cmd;Wind is work as well.;Wen Lan;;square;German;failed;;"),
        "{back}"
    );
    assert!(lines[4].contains("failed;;") && lines[4].contains("U+13080"), "{back}");
    assert_eq!(lines[5], "5 May;../../up;'-5 degrees is cold enough for us.;Lu Bai;;;en;done;up.png;");
    // Mended and rendered again, it is the same sheet, and the words are the speaker's.
    it.write("requests.out.csv", &back.replace("German", "en").replace("\u{13080}, ", ""));
    let said = it.run(&["render", "requests.out.csv"]);
    assert_eq!(said.status, 3, "{}", said.err);
    assert!(said.err.contains("out/requests.out.csv: 4 rows done, 1 failed\n"), "{}", said.err);
    let words: Vec<String> = it.manifest("out").cards.iter().map(|card| card.text.clone()).collect();
    assert!(words.iter().any(|words| words == "-5 degrees is cold enough for us."), "{words:?}");
    assert_eq!(
        it.files("out"),
        ["cmd.png", "eye.png", "manifest.json", "requests.out.csv", "up.png", "water.png"]
    );
}

#[test]
fn a_sheet_that_comes_back_overwrites_nothing_that_is_not_ours() {
    let it = Sandbox::new();
    it.write("l.json", r#"[{"quote": "Water is life.", "name": "Lu Bai", "key": "a"}]"#);
    it.write("out/l.out.csv", "mine,all mine\n");
    let said = it.run(&["render", "l.json"]);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert!(said.err.starts_with("error: `out/l.out.csv` exists, and is no sheet of ours"), "{}", said.err);
    assert_eq!(it.run(&["render", "l.json", "--force"]).status, 0);
    assert_eq!(it.run(&["render", "l.json"]).status, 0);
}

// --- a stream -----------------------------------------------------------------------------------------------------

/// A watching program, stopped where a test fails.
#[cfg(unix)]
struct Watching(std::process::Child);

#[cfg(unix)]
impl Watching {
    fn new(it: &Sandbox) -> Self {
        let mut command = it.command(&["render", "--watch", "desk", "--out", "cards"]);
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Ends it as Ctrl-C does: its status, and what it said.
    fn end(mut self) -> (i32, String) {
        assert!(Command::new("kill").args(["-INT", &self.0.id().to_string()]).status().unwrap().success());
        let mut said = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.0.wait().unwrap().code().unwrap(), said)
    }
}

#[cfg(unix)]
impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits for something to happen; a minute is longer than any machine needs.
#[cfg(unix)]
fn until(what: &str, happened: impl Fn() -> bool) {
    for _ in 0..6000 {
        if happened() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it never happened: {what}");
}

#[cfg(unix)]
#[test]
fn sheets_are_rendered_as_they_are_dropped_each_once() {
    let it = Sandbox::new();
    let row = |key: &str| format!("Water is life and work.,Lu Bai,{key}\n");
    it.write("desk/early.csv", &format!("quote,name,key\n{}", row("first")));
    it.write("desk/notes.txt", "no sheet");
    let watching = Watching::new(&it);
    let sheets = || std::fs::read_to_string(it.path("cards/watched.json")).unwrap_or_default();
    until("the sheet that was there", || sheets().contains("early.csv"));
    assert_eq!(it.files("cards/early"), ["early.out.csv", "first.png", "manifest.json"]);
    // Half of a sheet is no sheet; it is waited for.
    it.write("desk/late.json", "[{\"quote\": \"Wind is work as well.\", \"name\": \"Lu Bai\", \"key\":");
    std::thread::sleep(std::time::Duration::from_millis(1200));
    assert_eq!(it.files("cards/late"), [""; 0]);
    it.write("desk/late.json", r#"[{"quote": "Wind is work as well.", "name": "Lu Bai", "key": "l"}]"#);
    until("the half-written sheet", || sheets().contains("late.json"));
    assert_eq!(it.files("cards/late"), ["l.png", "late.out.csv", "manifest.json"]);
    // Saved again with another row it is rendered again, and the others are not.
    let first = std::fs::metadata(it.path("cards/late/l.png")).unwrap().modified().unwrap();
    it.write("desk/early.csv", &format!("quote,name,key\n{}{}", row("first"), row("second")));
    until("the sheet that was saved again", || it.files("cards/early").contains(&"second.png".to_owned()));
    let memory = sheets();
    until("its memory", || sheets() != memory || sheets().contains("early.csv"));
    let (status, said) = watching.end();
    assert_eq!(status, 130);
    assert!(said.starts_with("watching desk/; Ctrl-C ends it\n") && !said.contains("error"), "{said}");
    // After a restart nothing is done twice.
    std::fs::remove_file(it.path("cards/late/late.out.csv")).unwrap();
    let watching = Watching::new(&it);
    it.write("desk/third.csv", &format!("quote,name,key\n{}", row("third")));
    until("a sheet after the restart", || sheets().contains("third.csv"));
    assert_eq!(watching.end().0, 130);
    assert_eq!(it.files("cards/late"), ["l.png", "manifest.json"]);
    assert_eq!(std::fs::metadata(it.path("cards/late/l.png")).unwrap().modified().unwrap(), first);
}

#[test]
fn a_contact_sheet_shows_every_card_in_its_passage() {
    let it = Sandbox::new();
    let picks = it.run(&["quotes", "a.txt", "--limit", "0", "--format", "csv"]).out;
    it.write("picks.csv", &picks);
    it.write(
        "l.json",
        r#"[{"id": "contact", "speaker": "Lu <b>Bai</b>", "text": "A <script>alert(1)</script> word."}]"#,
    );
    let args =
        ["render", "picks.csv", "l.json", "--template", "broadsheet", "--template", "bulletin", "--contact"];
    let said = it.run(&args);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.err.contains("contact sheet: out/contact.html, out/contact.png\n"), "{}", said.err);
    let page = std::fs::read_to_string(it.path("out/contact.html")).unwrap();
    assert_eq!(page.matches("<img ").count(), 10, "five quotes on two templates");
    assert_eq!(
        page.matches("<blockquote").count(),
        4,
        "the passages of the transcript that the rows were picked from"
    );
    assert_eq!(page.matches("<mark>").count(), 4);
    assert!(
        page.contains("A &lt;script&gt;alert(1)&lt;/script&gt; word.") && !page.contains("<script>alert")
    );
    let named: Vec<String> = it.manifest("out").cards.into_iter().map(|card| card.file).collect();
    assert!(!named.contains(&"contact.png".to_owned()) && named.len() == 10, "{named:?}");
    let wall = image::open(it.path("out/contact.png")).unwrap();
    assert_eq!(wall.width(), 2400);
    // The same run gives the same bytes; what is not ours is not overwritten.
    assert_eq!(it.run(&args).status, 0);
    assert_eq!(std::fs::read_to_string(it.path("out/contact.html")).unwrap(), page);
    it.write("out/contact.html", "<html>mine</html>");
    let said = it.run(&args);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("`out/contact.html` exists, and is no contact sheet of ours"), "{}", said.err);
    assert_eq!(it.run(&["render", "l.json", "--contact", "--out", "-"]).status, 2);
}

#[test]
fn a_row_shows_no_photograph_but_of_its_own_folders() {
    let it = Sandbox::new();
    let photo = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kit/speaker.png")).unwrap();
    for folder in ["desk", "desk/below", "photos", "secret"] {
        std::fs::create_dir_all(it.path(folder)).unwrap();
        std::fs::write(it.path(folder).join(format!("{}.png", &folder[..2])), &photo).unwrap();
    }
    let row = |photo: &str| {
        let row = serde_json::json!({"id": "a", "text": "Water is life.", "speaker": "Lu", "photo": photo});
        it.write("desk/l.json", &row.to_string());
        it.run(&["render", "desk/l.json", "--template", "profile", "--photos", "photos", "--dry-run"])
    };
    for good in ["de.png", "below/de.png", "ph.png"] {
        assert_eq!(row(good).status, 0, "{good}");
    }
    let secret = it.path("secret/se.png").display().to_string();
    for bad in ["../secret/se.png", &secret, "/dev/zero", "/etc/passwd", "below", "gone.png"] {
        let said = row(bad);
        assert_eq!(said.status, 3, "{bad}");
        assert!(said.err.contains("put the photograph beside the list"), "{}", said.err);
    }
}

#[test]
fn texts_far_too_long_are_refused_at_once() {
    let it = Sandbox::new();
    for field in ["speaker", "role", "event", "date", "kicker"] {
        let mut row = serde_json::json!({"id": "a", "text": "Water is life.", "speaker": "Lu Bai"});
        row[field] = "\u{5B57}".repeat(10_000).into();
        it.write("l.json", &row.to_string());
        let said = it.run(&["render", "l.json"]);
        assert!(said.err.len() < 3000, "{field}: {}", said.err.len());
        assert!([0, 3].contains(&said.status), "{field}");
    }
}

#[test]
fn a_folder_to_watch_stands_alone() {
    let it = Sandbox::new();
    assert_eq!(it.run(&["render", "a.txt", "--watch", "."]).status, 2);
    assert_eq!(it.run(&["render", "--watch", ".", "--out", "-"]).status, 2);
    let said = it.run(&["render", "--watch", "gone"]);
    assert_eq!((said.status, said.err.starts_with("error: no such folder: `gone`")), (2, true));
    it.write("out/watched.json", "[]");
    let said = it.run(&["render", "--watch", "."]);
    assert!(
        said.err.starts_with("error: `out/watched.json` is no memory of a watched folder"),
        "{}",
        said.err
    );
}

/// A list of so many short rows; row 3 asks for a template that there is not.
fn rows_of_a_stream(count: usize) -> String {
    let row = |n: usize| {
        let template = if n == 3 { ",\"template\":\"nowhere\"" } else { "" };
        format!("{{\"id\":\"r{n}\",\"speaker\":\"Lu Bai\",\"text\":\"Road {n} is built.\"{template}}}\n")
    };
    (1..=count).map(row).collect()
}

#[test]
fn a_stream_holds_the_same_files_in_card_order_and_the_manifest_last() {
    let it = Sandbox::new();
    it.write("list.jsonl", &rows_of_a_stream(6));
    let said = it.run(&["render", "list.jsonl"]);
    assert_eq!(said.status, 3);
    let files = it.bytes("out");
    let stream = |jobs: &str| {
        let output = it.command(&["render", "list.jsonl", "--out", "-", "--jobs", jobs]).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "row 3 failed");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.starts_with("error: unknown template `nowhere`"), "{err}");
        assert!(err.ends_with("5 cards in the tar stream, 1 failed\n"), "{err}");
        output.stdout
    };
    let bytes = stream("1");
    assert_eq!(bytes, stream("4"), "the same run gives the same bytes");
    let mut archive = tar::Archive::new(&bytes[..]);
    let mut names = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        assert!(content == files[&name], "{name} differs from the file of that name");
        names.push(name);
    }
    assert_eq!(names, ["r1.png", "r2.png", "r4.png", "r5.png", "r6.png", "manifest.json"]);
    assert_eq!(it.files("-"), Vec::<String>::new());
}

#[test]
fn a_stream_leaves_no_room_for_other_output_and_a_dry_run_none_for_a_stream() {
    let it = Sandbox::new();
    let said = it.run(&["render", "a.txt", "--out", "-", "--format", "json"]);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert_eq!(
        said.err,
        "error: `--format json` has no room beside `--out -`: both go to standard output\n\
         hint: the manifest is the last file of the stream: leave out `--format json`\n"
    );
    let said = it.run(&["render", "a.txt", "--limit", "1", "--out", "-", "--dry-run", "--name", "{nn}"]);
    assert_eq!((said.status, said.out.as_str()), (0, "new\t01.png\n"));
    assert!(said.err.starts_with("1 card would be written to the tar stream"), "{}", said.err);
}

#[test]
fn a_stream_that_nobody_reads_any_more_ends_quietly_and_is_no_success() {
    let it = Sandbox::new();
    it.write("list.jsonl", &rows_of_a_stream(2));
    let mut child = it
        .command(&["render", "list.jsonl", "--out", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(3), ""));
}

/// `/dev/full` takes nothing, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_stream_that_breaks_off_says_what_is_missing() {
    let it = Sandbox::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = it.command(&["render", "a.txt", "--out", "-"]).stdout(full).stderr(Stdio::piped()).output();
    let output = run.unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: the tar stream breaks off: the disk is full\n\
         hint: cards and manifest are missing at its end: send it where there is room, and make it again\n"
    );
}

// --- files --------------------------------------------------------------------------------------------------------

#[test]
fn names() {
    let it = Sandbox::new();
    it.write(
        "list.json",
        r#"[
  {"id": "Chen_003", "speaker": "Lu Bai", "text": "Water is life, and it is work.", "date": "2031-04-16"},
  {"speaker": "李 白", "text": "清洁能源占全省用电量的五分之二。", "date": "spring 2031"},
  {"id": "CON", "speaker": "Lu Bai", "text": "Wind is work as well."},
  {"id": "con", "speaker": "Lu Bai", "text": "Wind is work as well as water."}
]"#,
    );
    for (args, names) in [
        (
            &[][..],
            vec![
                "Chen_003",
                "spring-2031-02-李-白-清洁能源占全省用电量的五-broadsheet-square",
                "_CON",
                "_con-2",
            ],
        ),
        (
            &["--size", "square", "--size", "story", "--limit", "1"],
            vec!["Chen_003-broadsheet-square", "Chen_003-broadsheet-story"],
        ),
        (&["--size", "1200x675", "--limit", "1"], vec!["Chen_003"]),
        (
            &["--name", "{nn}_{slug}-{size}.png", "--size", "1200x675", "--limit", "2"],
            vec!["01_water-is-life-and-it-1200x675", "02_清洁能源占全省用电量的五-1200x675"],
        ),
        (&["--name", "x{event}", "--limit", "2"], vec!["x", "x-2"]),
    ] {
        let said = it.run(&[&["render", "list.json", "--dry-run"], args].concat());
        let expected: String = names.iter().map(|name| format!("new\tout/{name}.png\n")).collect();
        assert_eq!(said.out, expected, "{args:?}: {}", said.err);
    }
}

#[test]
fn a_dry_run_says_what_would_be_and_writes_nothing() {
    let it = Sandbox::new();
    let dry = it.run(&["render", "a.txt", "--dry-run"]);
    assert_eq!((dry.status, dry.err.as_str()), (0, "4 cards would be written to out/\n"));
    assert_eq!(it.files("."), ["a.txt"]);
    let listed: String =
        it.run(&["render", "a.txt"]).out.lines().map(|path| format!("new\t{path}\n")).collect();
    assert_eq!(listed, dry.out);
    it.write("eye.txt", "Lu Bai: The old sign for an eye, 𓂀, is carved on every gate of the town.\n");
    let failing = it.run(&["render", "eye.txt", "--by", "Lu Bai", "--dry-run", "--out", "dry"]);
    assert_eq!((failing.status, failing.out.as_str()), (3, ""), "failures are known: {}", failing.err);
}

#[test]
fn a_file_that_no_manifest_of_ours_names_is_kept() {
    let it = Sandbox::new();
    let first = it.run(&["render", "a.txt", "--limit", "1"]);
    let card = first.out.trim().to_owned();
    assert_eq!(it.run(&["render", "a.txt", "--limit", "1"]).status, 0, "our own card is replaced");

    let foreign = card.replace("out/", "other/");
    std::fs::create_dir(it.path("other")).unwrap();
    it.write(&foreign, "a holiday picture");
    let args = ["render", "a.txt", "--limit", "1", "--out", "other"];
    for dry in [&[][..], &["--dry-run"]] {
        let said = it.run(&[&args[..], dry].concat());
        assert_eq!((said.status, said.out.as_str()), (2, ""));
        assert_eq!(
            said.err,
            format!(
                "error: `{foreign}` exists, and no manifest of ours names it\n\
                 hint: write elsewhere with `--out DIR`, or overwrite with `--force`\n"
            )
        );
    }
    assert_eq!(std::fs::read(it.path(&foreign)).unwrap(), b"a holiday picture");
    assert_eq!(it.run(&[&args[..], &["--force"]].concat()).status, 0);
    assert!(std::fs::read(it.path(&foreign)).unwrap().starts_with(PNG));
    assert_eq!(it.run(&args).status, 0, "now it is ours");
}

#[test]
fn a_foreign_manifest_is_kept() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("out")).unwrap();
    it.write("out/manifest.json", "{\"name\": \"My web app\"}");
    let said = it.run(&["render", "a.txt"]);
    assert_eq!(said.status, 2);
    assert!(
        said.err.starts_with("error: `out/manifest.json` exists and is no manifest of ours"),
        "{}",
        said.err
    );
    assert_eq!(it.files("out"), ["manifest.json"]);
    assert_eq!(it.run(&["render", "a.txt", "--force"]).status, 0);
    assert_eq!(it.manifest("out").cards.len(), 4);
}

#[test]
fn a_later_run_keeps_what_it_does_not_replace() {
    let it = Sandbox::new();
    let name = ["--name", "{id}-{template}-{size}"];
    let run = |more: &[&str]| it.run(&[&["render", "a.txt"], &name[..], more].concat());
    let (square, story) = (run(&["--size", "square"]).out, run(&["--size", "story"]).out);
    let named = |m: Manifest| m.cards.into_iter().map(|c| format!("out/{}\n", c.file)).collect::<String>();
    assert_eq!(named(it.manifest("out")), story.clone() + &square, "this run's first");
    std::fs::remove_file(it.path(square.lines().next().unwrap())).unwrap();
    run(&["--size", "story"]);
    let left: String = square.lines().skip(1).map(|line| format!("{line}\n")).collect();
    assert_eq!(named(it.manifest("out")), story + &left, "a picture that is gone is not named");
}

#[test]
fn the_same_bytes_on_one_thread_and_on_eight_and_in_every_folder() {
    let it = Sandbox::new();
    let args = ["render", "a.txt", "--template", "broadsheet", "--template", "bulletin", "--size", "320x320"];
    for (jobs, out) in [("1", "one"), ("8", "eight")] {
        let said = it.run(&[&args[..], &["--size", "story", "--jobs", jobs, "--out", out]].concat());
        assert_eq!(said.status, 0, "{}", said.err);
    }
    let (one, eight) = (it.bytes("one"), it.bytes("eight"));
    assert_eq!(one.len(), 17, "sixteen cards and their manifest");
    assert!(one == eight, "bytes must not depend on threads, folder or time");
}

/// Whoever may write anywhere (root) cannot be refused; then there is nothing to see here.
#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_files_is_refused_before_the_first_card() {
    use std::os::unix::fs::PermissionsExt as _;
    let it = Sandbox::new();
    std::fs::create_dir(it.path("out")).unwrap();
    std::fs::set_permissions(it.path("out"), std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(it.path("out/probe"), "").is_ok() {
        return;
    }
    let said = it.run(&["render", "a.txt"]);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "error: cannot write into the folder: permission denied\n  --> out\n\
         hint: allow writing there, or write elsewhere with `--out DIR`\n"
    );
    assert!(it.files("out").is_empty());
}

#[test]
fn a_card_that_cannot_be_replaced_fails_alone_and_leaves_no_temporary_file() {
    let it = Sandbox::new();
    it.write(
        "list.json",
        r#"[{"id": "one", "speaker": "Lu Bai", "text": "Water is life, and it is work."},
            {"id": "two", "speaker": "Lu Bai", "text": "Wind is work as well as water."}]"#,
    );
    std::fs::create_dir_all(it.path("out/one.png")).unwrap();
    let said = it.run(&["render", "list.json", "--force"]);
    assert_eq!((said.status, said.out.as_str()), (3, "out/two.png\n"));
    assert!(
        said.err.starts_with(
            "error: cannot write the file: a folder of that name is in the way\n  --> out/one.png\n"
        ),
        "{}",
        said.err
    );
    assert_eq!(it.files("out"), ["list.out.csv", "manifest.json", "one.png", "two.png"]);
    let failure = it.manifest("out").failures.remove(0);
    assert!(failure.hint.as_deref().unwrap().contains("--name PATTERN"));
    assert!(!failure.error.contains("out/"), "a manifest names no folder: {}", failure.error);
}

#[test]
fn a_row_overrides_the_flags() {
    let it = Sandbox::new();
    it.write(
        "list.json",
        r#"[{"id": "a", "speaker": "Lu Bai", "text": "Water is life, and it is work.", "template": "bulletin"},
            {"id": "b", "speaker": "Lu Bai", "text": "Wind is work as well as water.", "size": "story"},
            {"id": "c", "speaker": "Lu Bai", "text": "A road is work for many years."}]"#,
    );
    it.run(&["render", "list.json", "--template", "shuimo", "--size", "landscape"]);
    let looks: Vec<(String, String)> =
        it.manifest("out").cards.into_iter().map(|card| (card.template, card.size)).collect();
    let expected = [("bulletin", "landscape"), ("shuimo", "story"), ("shuimo", "landscape")];
    assert_eq!(looks, expected.map(|(template, size)| (template.to_owned(), size.to_owned())));
}

#[test]
fn a_folder_is_a_template_for_flags_and_for_rows() {
    let it = Sandbox::new();
    let toml =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/broadsheet/template.toml"));
    let toml = toml.unwrap().replacen("name = \"broadsheet\"", "name = \"gazette\"", 1);
    std::fs::create_dir_all(it.path("lists/mine")).unwrap();
    it.write("lists/mine/template.toml", &toml);
    it.write(
        "lists/list.json",
        r#"[{"id": "a", "speaker": "Lu Bai", "text": "Water is life, and it is work.", "template": "./mine"},
            {"id": "b", "speaker": "Lu Bai", "text": "Wind is work as well as water.", "template": "bulletin"}]"#,
    );
    let said = it.run(&["render", "lists/list.json"]);
    assert_eq!((said.status, said.out.as_str()), (0, "out/a.png\nout/b.png\n"), "{}", said.err);
    let said = it.run(&["render", "a.txt", "--template", "lists/mine", "--limit", "1", "--out", "other"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(it.manifest("other").cards[0].template, "gazette");
    assert_eq!(it.manifest("out").cards[0].template, "gazette", "rows name folders relative to their list");

    it.write("lists/mine/template.toml", &format!("nme = 1\n{toml}"));
    let said = it.run(&["render", "a.txt", "--template", "lists/mine", "--template", "lists/gone"]);
    assert_eq!(said.status, 2);
    assert!(
        said.err.contains("the file has no key `nme`") && said.err.contains("lists/mine/template.toml:1:1")
    );
    assert!(said.err.contains("error: no such template folder: `lists/gone`"), "{}", said.err);
}

#[test]
fn a_kit_is_a_file_or_a_folder_and_is_named_in_the_manifest() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("kit")).unwrap();
    it.write("kit/brand.toml", "name = \"Meridian\"\n");
    for (brand, out) in [("kit", "one"), ("kit/brand.toml", "two")] {
        let said = it.run(&["render", "a.txt", "--limit", "1", "--brand", brand, "--out", out]);
        assert_eq!(said.status, 0, "{}", said.err);
        assert_eq!(it.manifest(out).settings.brand.as_deref(), Some("Meridian"));
    }
    it.write("kit/brand.toml", "nme = 1\n");
    let said = it.run(&["render", "a.txt", "--brand", "kit"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("kit/brand.toml:1:1"), "{}", said.err);
}

#[test]
fn a_role_given_by_hand_takes_any_part_of_one_name() {
    let it = Sandbox::new();
    let run = |role: &str| it.run(&["render", "a.txt", "--role", role, "--speaker", "Wen"]);
    assert_eq!(run("wen=Governor of Yunze").status, 0);
    let manifest = it.manifest("out");
    assert_eq!(manifest.cards[0].role.as_deref(), Some("Governor of Yunze"));
    assert_eq!(manifest.settings.roles, [["Wen Lan".to_owned(), "Governor of Yunze".to_owned()]]);
    let said = run("a=Mayor");
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "error: `--role`: `a` may be any of `Lu Bai`, `Wen Lan`\nhint: write the whole name\n"
    );
}

#[test]
fn characters_that_cannot_be_set_are_named() {
    let it = Sandbox::new();
    it.write(
        "list.json",
        r#"[
{"id": "leaf", "speaker": "Lu Bai", "text": "Green is good 🌿 for all of us."},
{"id": "peace", "speaker": "Lu Bai", "text": "He said سلام to all of us."},
{"id": "good", "speaker": "Lu Bai", "text": "Water is life, and water is work."}
]"#,
    );
    let said = it.run(&["render", "list.json"]);
    assert_eq!((said.status, said.out.as_str()), (3, "out/good.png\n"));
    let told = "\
error: no face has `🌿` (U+1F33F)
  --> list.json:2, card `leaf` on `broadsheet` at `square`
hint: bring a bitmap emoji face (CBDT or sbix) with `--font-fallback FILE`
error: no face has `س` (U+0633)
  --> list.json:3, card `peace` on `broadsheet` at `square`
hint: bring a face that has it with `--font-fallback FILE`
out/list.out.csv: 1 row done, 2 failed
1 card in out/, 2 failed
";
    assert_eq!(said.err, told);
}

#[test]
fn scripts_and_emoji_need_a_face_and_then_are_set() {
    let it = Sandbox::new();
    it.write(
        "list.json",
        r#"[
{"id": "leaf", "speaker": "Lu Bai", "text": "Green is good 🌿 for all of us."},
{"id": "peace", "speaker": "ليلى حداد", "text": "الماء حياة (2030)."}
]"#,
    );
    let face = |name: &str| format!("{}/tests/fonts/{name}.ttf", env!("CARGO_MANIFEST_DIR"));
    let (arabic, emoji) = (face("NotoNaskhArabic-subset"), face("emoji-sbix"));
    let said = it.run(&[
        "render",
        "list.json",
        "--font-fallback",
        &arabic,
        "--font-fallback",
        &emoji,
        "--jobs",
        "2",
    ]);
    assert_eq!((said.status, said.out.as_str()), (0, "out/leaf.png\nout/peace.png\n"), "{}", said.err);
}

#[test]
fn a_list_of_phrases_moves_a_break() {
    let it = Sandbox::new();
    it.write("list.json", r#"[{"id": "q", "speaker": "Lu Bai", "text": "We will build the Long River Corridor, and the towns along it will breathe."}]"#);
    it.write("terms.txt", "# terms of the house\nbuild the Long River Corridor\n");
    let card = |args: &[&str]| {
        let said = it.run(&[&["render", "list.json", "--template", "shuimo"], args].concat());
        assert_eq!(said.status, 0, "{}", said.err);
        std::fs::read(it.path("out/q.png")).unwrap()
    };
    assert_ne!(card(&["--phrases", "terms.txt"]), card(&[]));
    let said = it.run(&["render", "list.json", "--phrases", "none.txt"]);
    assert_eq!(said.status, 2);
    assert!(said.err.starts_with("error: no such file: `none.txt`"), "{}", said.err);
}

#[test]
fn small_texts_that_do_not_fit_fail_with_the_mend() {
    let it = Sandbox::new();
    let name = "X".repeat(80);
    let role = "director of the Department of Radio, Television, Publishing, Sports, Antiquities, Forests, Rivers, Roads, Harbors, Bridges, \
                Culture and Tourism of the Autonomous Prefecture of Upper Yunze on the Qinglu River";
    it.write(
        "list.json",
        &format!(
            r#"[
{{"id": "name", "speaker": "{name}", "text": "Water is life, and water is work."}},
{{"id": "role", "speaker": "Lu Bai", "role": "{role}", "text": "Water is life, and water is work."}}
]"#
        ),
    );
    let said = it.run(&["render", "list.json"]);
    // `Tourism of …` is no title that the role could be cut to.
    let told = format!(
        "\
error: `name` does not fit its measure of 868 px on 2 line(s) even at 80 %: `{name}`
  --> list.json:2, card `name` on `broadsheet` at `square`
hint: shorten `speaker` in a list: `pullquote quotes --format csv` makes one
error: `role` does not fit its measure of 868 px on 2 line(s) even at 80 %: `D{}`
  --> list.json:3, card `role` on `broadsheet` at `square`
hint: give a shorter role with `--role 'NAME=ROLE'`, or in the list's `role`
out/list.out.csv: 2 rows failed
0 cards in out/, 2 failed
",
        &role[1..]
    );
    assert_eq!((said.status, said.err), (3, told));
}

#[test]
fn words_to_emphasise_that_no_quote_has_are_told() {
    let sandbox = Sandbox::new();
    let args =
        ["render", "a.txt", "--keyword", "river", "--highlight", "RIVER", "--highlight", "zebra", "-q"];
    let said = sandbox.run(&args[..8]);
    assert_eq!(said.status, 0);
    let told = "\
warning: `--highlight zebra` is in no quote
hint: copy the words from a quote, one `--highlight` for each phrase
2 cards in out/
";
    assert_eq!(said.err, told);
}

#[test]
fn a_kit_with_a_broken_mark_names_the_file() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("kit")).unwrap();
    sandbox.write("kit/brand.toml", "name = \"K\"\n[logo]\nmark = \"mark.svg\"\n");
    let said = sandbox.run(&["render", "a.txt", "--brand", "kit"]);
    assert_eq!(said.status, 2);
    let (cannot, hint) = said.err.split_once('\n').unwrap();
    // The end of the line is the system's.
    assert!(cannot.starts_with("error: cannot read `kit/mark.svg`: "), "{cannot}");
    assert_eq!(
        hint,
        " --> kit/brand.toml:3:8\n  |\n3 | mark = \"mark.svg\"\n  |        ^^^^^^^^^^\n\
         hint: put the file there, or mend its name in the TOML beside it\n\n"
    );
    sandbox.write("kit/mark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0");
    let said = sandbox.run(&["render", "a.txt", "--brand", "kit"]);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "\
error: `kit/mark.svg` is no SVG drawing that can be read: unexpected end of stream
 --> kit/brand.toml:3:8
  |
3 | mark = \"mark.svg\"
  |        ^^^^^^^^^^
hint: save it as plain SVG again, with a `viewBox`

"
    );
    assert!(sandbox.files("out").is_empty());
}

#[test]
fn two_rows_of_one_id_are_told() {
    let it = Sandbox::new();
    let row = r#"{"id": "a", "speaker": "Lu Bai", "text": "Water is life, and it is work."}"#;
    it.write("list.jsonl", &format!("{row}\n{}\n", row.replace("Water", "Wind")));
    let said = it.run(&["render", "list.jsonl"]);
    assert_eq!((said.status, said.out.as_str()), (0, "out/a.png\nout/a-2.png\n"));
    assert!(said.err.starts_with("warning: 2 rows have the id `a`\n"), "{}", said.err);
}

// --- the small commands -------------------------------------------------------------------------------------------

#[test]
fn lists_begin_with_the_name_to_type() {
    let it = Sandbox::new();
    let first_words = |what: &str| {
        let said = it.run(&["list", what]);
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{what}");
        let words: Vec<String> =
            said.out.lines().map(|l| l.split_whitespace().next().unwrap().to_owned()).collect();
        words
    };
    assert_eq!(first_words("sizes"), ["square", "landscape", "story", "portrait", "wide", "pin", "linkedin"]);
    for name in ["broadsheet", "bulletin", "shuimo"] {
        assert!(first_words("templates").contains(&name.to_owned()));
    }
    assert!(first_words("formats").len() >= 4);
    assert!(!first_words("fonts").is_empty());
}

#[test]
fn completions_for_every_shell() {
    let it = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = it.run(&["completions", shell]);
        assert_eq!(said.status, 0);
        assert!(said.out.contains("font-fallback"), "{shell}");
    }
}

#[test]
fn the_demo_writes_a_handful_and_says_what_is_next() {
    let it = Sandbox::new();
    let said = it.run(&["demo"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(said.out.lines().count(), 5);
    assert!(said.out.lines().all(|path| Path::new(&it.path(path)).is_file()));
    assert!(
        said.err.starts_with("5 cards in out/\n") && said.err.contains("pullquote render"),
        "{}",
        said.err
    );
    let manifest = it.manifest("out");
    let mut templates: Vec<String> = manifest.cards.into_iter().map(|card| card.template).collect();
    templates.sort();
    templates.dedup();
    assert_eq!(templates, ["broadsheet", "bulletin", "shuimo"]);
    assert_eq!(it.run(&["demo"]).status, 0, "as often as one likes");
}

#[test]
fn a_series_number_that_is_none_is_told_with_its_row() {
    let sandbox = Sandbox::new();
    let words = "Every village has a clinic of its own now.";
    sandbox.write("rows.csv", &format!("text,speaker,series\n{words},Lu Bai,3/12\n{words},Lu Bai,12-Mar\n"));
    let rows = format!("{{\"text\":\"{words}\",\"speaker\":\"Lu Bai\",\"series\":\"3/12\"}}\n");
    sandbox.write("rows.jsonl", &rows);
    let said = sandbox.run(&["render", "rows.csv"]);
    assert_eq!(said.status, 3, "{}", said.err);
    for told in ["row 2", "rows.csv:3", "`series` must be `NUMBER/OF`", "format the column as text"] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    assert_eq!(sandbox.run(&["render", "rows.jsonl"]).status, 0);
}

#[test]
fn a_kit_tells_all_its_problems_with_their_places() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("kit")).unwrap();
    it.write(
        "kit/brand.toml",
        "name = \"Harbor\"\nseal = \"海\"\n\n[fonts]\nquote = { file = \"House.ttf\", wght = 900 }\n\
         sans = \"LibreFranklin-Blod\"\n\n[photo]\ntone = [[0, \"#101010\"], [1, \"white\"]]\n",
    );
    std::fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts/VariableSerif.ttf"),
        it.path("kit/House.ttf"),
    )
    .unwrap();
    let said = it.run(&["render", "a.txt", "--brand", "kit"]);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "\
error: a seal holds two characters, `海` has 1
 --> kit/brand.toml:2:8
  |
2 | seal = \"海\"
  |        ^^^^
hint: leave out `seal` where the house has none

error: `kit/House.ttf`: `wght = 900` is out of the axis' range, 300 to 800
 --> kit/brand.toml:5:9
  |
5 | quote = { file = \"House.ttf\", wght = 900 }
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: take a value from 300 to 800

error: no face is called `LibreFranklin-Blod`
 --> kit/brand.toml:6:8
  |
6 | sans = \"LibreFranklin-Blod\"
  |        ^^^^^^^^^^^^^^^^^^^^
hint: did you mean `LibreFranklin-Bold`?
hint: a font file of your own is named with its ending, such as `faces/House.ttf`

error: `tone`: `white` is no colour: write `#RRGGBB` or `#RRGGBBAA`
 --> kit/brand.toml:9:29
  |
9 | tone = [[0, \"#101010\"], [1, \"white\"]]
  |                             ^^^^^^^

"
    );
}

#[test]
fn a_houses_face_sets_the_cards() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("kit")).unwrap();
    let font = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts/VariableSerif.ttf");
    std::fs::copy(font, it.path("kit/House.ttf")).unwrap();
    let mut pictures = Vec::new();
    for (out, face) in [("own", ""), ("light", "wght = 300"), ("heavy", "wght = 800")] {
        let fonts = format!("[fonts]\nquote = {{ file = \"House.ttf\", {face} }}\n");
        let fonts = if face.is_empty() { "" } else { &fonts };
        it.write("kit/brand.toml", &format!("name = \"Harbor\"\n{fonts}"));
        let said = it.run(&["render", "a.txt", "--limit", "1", "--brand", "kit", "--out", out, "-q"]);
        assert_eq!((said.status, said.err.as_str()), (0, ""));
        pictures.push(it.bytes(out).into_iter().find(|(name, _)| name.ends_with(".png")).unwrap().1);
    }
    assert!(pictures[0] != pictures[1] && pictures[1] != pictures[2] && pictures[0] != pictures[2]);
}

#[test]
fn a_token_of_no_template_and_a_coloured_mark_are_warned_of() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("kit")).unwrap();
    it.write("kit/brand.toml", "name = \"K\"\n[logo]\nmark = \"m.svg\"\n[colors]\nacent = \"#A61E1A\"\n");
    it.write(
        "kit/m.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0H9V9Z\" fill=\"#102030\"/></svg>",
    );
    let said = it.run(&[
        "render",
        "a.txt",
        "--limit",
        "1",
        "--brand",
        "kit",
        "--template",
        "broadsheet",
        "--template",
        "nocturne",
    ]);
    assert_eq!(said.status, 0);
    assert!(
        said.err.contains(
            "warning: the kit's colour `acent` is a token of no template\nhint: did you mean `accent`?\n"
        ),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("warning: the kit's mark keeps its own colours on the dark ground of `nocturne`\n"),
        "{}",
        said.err
    );
}

#[test]
fn a_project_file_above_says_what_was_not_typed_and_flags_win() {
    let it = Sandbox::new();
    for folder in ["desk", "desk/today", "desk/kit"] {
        std::fs::create_dir(it.path(folder)).unwrap();
    }
    it.write("desk/kit/brand.toml", "name = \"Harbor\"\n");
    it.write(
        "desk/pullquote.toml",
        "brand = \"kit\"\ntemplate = [\"bulletin\"]\nsize = \"story\"\nlimit = 1\nspeaker = \"Wen\"\nout = \"cards\"\n",
    );
    it.write("desk/today/a.txt", BRIEFING);
    let run = |args: &[&str]| {
        let mut command = it.command(args);
        command.current_dir(it.path("desk/today"));
        let output = command.output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap().replace('\\', "/");
        assert_eq!(output.status.code(), Some(0), "{err}");
        err
    };
    let err = run(&["render", "a.txt"]);
    assert!(err.starts_with("project file: ../pullquote.toml\n"), "{err}");
    let manifest = it.manifest("desk/cards");
    assert_eq!(manifest.settings.brand.as_deref(), Some("Harbor"));
    assert_eq!(
        (manifest.settings.templates, manifest.settings.sizes),
        (vec!["bulletin".into()], vec!["story".into()])
    );
    assert_eq!(manifest.settings.query["speakers"], serde_json::json!(["Wen"]));
    assert_eq!(manifest.settings.query["limit"], 1);
    assert_eq!(manifest.cards.len(), 1);

    run(&["render", "a.txt", "--size", "square", "--limit", "2", "--out", "here", "--speaker", "Lu"]);
    let manifest = it.manifest("desk/today/here");
    assert_eq!(
        (manifest.settings.templates, manifest.settings.sizes),
        (vec!["bulletin".into()], vec!["square".into()])
    );
    assert_eq!((manifest.cards.len(), manifest.settings.brand.as_deref()), (2, Some("Harbor")));

    assert_eq!(run(&["render", "a.txt", "--no-project", "--limit", "1", "-q"]), "");
    let manifest = it.manifest("desk/today/out");
    assert_eq!((manifest.settings.brand, manifest.settings.sizes), (None, vec![]));
    assert_eq!(run(&["render", "a.txt", "-q"]), "");
}

#[test]
fn a_project_file_is_checked() {
    let it = Sandbox::new();
    it.write("pullquote.toml", "tempalte = \"bulletin\"\nlimit = 1\n[logo]\nmark = \"m.svg\"\n");
    let said = it.run(&["render", "a.txt"]);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert!(
        said.err.starts_with(
            "error: unknown key `tempalte`\n  --> pullquote.toml:1:1\nhint: did you mean `template`?\nerror: unknown key `logo`\n  --> pullquote.toml:3:2\nhint: it belongs in a kit's `brand.toml`; "
        ),
        "{}",
        said.err
    );
    it.write("pullquote.toml", "limit = -1\nsize = 4\njobs = 2\n");
    let said = it.run(&["quotes", "a.txt"]);
    assert_eq!(said.status, 2);
    assert_eq!(
        said.err,
        "\
error: `limit`: invalid value: integer `-1`, expected usize
  --> pullquote.toml:1:9
error: `size`: write a string, or a list of strings
  --> pullquote.toml:2:8
"
    );
    assert_eq!(it.run(&["quotes", "a.txt", "--no-project", "-q"]).status, 0);
    assert_eq!(it.run(&["list", "sizes"]).status, 0);
}

#[test]
fn a_required_credit_names_the_row_and_the_key() {
    let it = Sandbox::new();
    it.write("brand.toml", "name = \"K\"\n[photo]\ncredit = \"required\"\n");
    let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kit/speaker.png");
    std::fs::copy(photo, it.path("lu.png")).unwrap();
    it.write(
        "list.json",
        "[{\"id\": \"lu\", \"speaker\": \"Lu Bai\", \"text\": \"Every village has a road.\", \"photo\": \"lu.png\"},\n\
          {\"id\": \"lu-2\", \"speaker\": \"Lu Bai\", \"text\": \"Every village has a school.\", \"photo\": \"lu.png\",\n\
           \"photo_credit\": \"Photo: Harbor\"}]",
    );
    let said = it.run(&["render", "list.json", "--template", "profile", "--brand", "brand.toml", "-q"]);
    assert_eq!(said.status, 3);
    assert_eq!(said.out, "out/lu-2.png\n");
    assert!(
        said.err.starts_with(
            "error: the photograph has no `photo_credit`, which the kit requires\n  --> list.json:1, card `lu`"
        ),
        "{}",
        said.err
    );
}

#[test]
fn a_search_that_cannot_be_made_is_refused_with_the_mend() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["quotes", "a.txt", "--regex", "("]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("error: `(` is no regular expression: unclosed group"), "{}", said.err);
    let said = sandbox.run(&["quotes", "a.txt", "--between", "spring"]);
    assert_eq!(said.status, 2);
    assert!(
        said.err.contains("`spring` is no span of dates; write `--between 2031-04-01..2031-06-30`"),
        "{}",
        said.err
    );
    let said = sandbox.run(&["quotes", "a.txt", "--not-speaker", "Smith"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("no speaker is called `Smith`"), "{}", said.err);
}

#[test]
fn searches_shut_out_and_meet_patterns() {
    let sandbox = Sandbox::new();
    let speakers = |args: &[&str]| -> Vec<String> {
        let said =
            sandbox.run(&[&["quotes", "a.txt", "--order", "source", "--format", "jsonl"], args].concat());
        said.out
            .lines()
            .map(|row| serde_json::from_str::<QuoteRow>(row).unwrap().text[..12].to_owned())
            .collect()
    };
    assert_eq!(speakers(&["--keyword", "river -farmers"]), ["The river ca"]);
    assert_eq!(speakers(&["--keyword", "-river"]), ["Clean energy", "Every villag"]);
    assert_eq!(speakers(&["--keyword", "plant*"]), ["Farmers in t"]);
    assert_eq!(speakers(&["--regex", r"\d{4}"]), ["Every villag"]);
    assert_eq!(speakers(&["--not-speaker", "wen", "--regex", "^Clean"]), ["Clean energy"]);
}

#[test]
fn a_score_is_explained() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(&["quotes", "a.txt", "--explain", "--format", "jsonl"]);
    for row in said.out.lines().map(|row| serde_json::from_str::<QuoteRow>(row).unwrap()) {
        let parts = row.parts.unwrap();
        let sum: f32 = parts.values().sum();
        assert!((sum.clamp(0.0, 100.0) - row.score).abs() < 0.5, "{parts:?} {}", row.score);
    }
    assert!(sandbox.run(&["quotes", "a.txt", "--explain"]).out.contains("length +30"));
}

#[test]
fn what_a_card_would_lose_is_told_and_listed() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "b.txt",
        "Wen Lan: Will you rebuild the bridge over the river at Karst?\n\nLu Bai: We will rebuild every bridge over the river \
         Lin by the next summer. But not before the court has ruled.\n\nWen Lan: Is there money?\n\nLu Bai: There is.\n",
    );
    let said = sandbox.run(&["quotes", "b.txt", "--limit", "1"]);
    assert!(said.out.contains("⚠ the sentence after qualifies it (`But`)"), "{}", said.out);
    assert!(said.out.contains("↩ Wen Lan: Will you rebuild"), "{}", said.out);
    let said = sandbox.run(&["render", "b.txt", "--limit", "1", "--format", "json"]);
    assert_eq!(said.status, 0, "{}", said.err);
    let manifest: Manifest = serde_json::from_str(&said.out).unwrap();
    let told = "the sentence after qualifies it (`But`): But not before the court has ruled.";
    assert!(
        manifest.cards[0].warnings.iter().any(|warning| warning == told),
        "{:?}",
        manifest.cards[0].warnings
    );
    assert!(said.err.contains(told), "{}", said.err);
}

#[test]
fn a_shorter_form_is_a_row_with_the_places_of_its_pieces() {
    let sandbox = Sandbox::new();
    let text = "Lu Bai: In Yunze, a heavy industrial hub in the cold north of the country, the air has become clean again in the \
                last ten years.\n\nWen Lan: Those are fine words.\n\nLu Bai: They are.\n";
    sandbox.write("t.txt", text);
    let said = sandbox.run(&["quotes", "t.txt", "--trim", "--format", "jsonl"]);
    let line = said.out.lines().find(|row| row.contains("short_of")).unwrap();
    let row: QuoteRow = serde_json::from_str(line).unwrap();
    assert_eq!(row.text, "In Yunze … the air has become clean again in the last ten years.");
    let pieces: Vec<_> = row.source.spans.iter().map(|span| &text[span[0]..span[1]]).collect();
    assert_eq!(pieces, ["In Yunze", "the air has become clean again in the last ten years."]);
    // `render` takes it, with its places.
    sandbox.write("short.jsonl", line);
    let said = sandbox.run(&["render", "short.jsonl", "--format", "json"]);
    assert_eq!((said.status, said.err.contains("warning")), (0, false), "{}", said.err);
    let manifest: Manifest = serde_json::from_str(&said.out).unwrap();
    assert_eq!(manifest.cards[0].source.spans, row.source.spans);
}

#[test]
fn many_files_are_one_list() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..60).map(|i| format!("s{i:02}.txt")).collect();
    for (i, name) in names.iter().enumerate() {
        sandbox.write(name, &BRIEFING.replace("three million trees", &format!("{} million trees", i + 3)));
    }
    let mut args = vec!["quotes", "--keyword", "trees", "--limit", "20", "--format", "jsonl"];
    args.extend(names.iter().map(String::as_str));
    let said = sandbox.run(&args);
    assert_eq!(said.out.lines().count(), 20, "{}", said.err);
    assert!(said.err.contains("40 more matched"), "{}", said.err);
    // What all of them say is one quote with sixty places.
    let mut args = vec!["quotes", "--keyword", "clinic", "--format", "jsonl"];
    args.extend(names.iter().map(String::as_str));
    let rows: Vec<QuoteRow> =
        sandbox.run(&args).out.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!((rows.len(), rows[0].also.len()), (1, 59));
    assert_eq!((rows[0].source.file.as_str(), rows[0].also[58].file.as_str()), ("s00.txt", "s59.txt"));
}

#[test]
fn template_check_tells_everything_under_its_line() {
    let it = Sandbox::new();
    let said = it.run(&["template", "new", "evening"]);
    assert_eq!((said.status, &*said.out), (0, "evening/template.toml\n"));
    assert_eq!(it.files("evening"), ["template.schema.json", "template.toml"]);
    let again = it.run(&["template", "new", "evening"]);
    assert_eq!(again.status, 2);
    assert_eq!(
        again.err,
        "error: `evening/template.toml` exists\nhint: name another folder: `pullquote template new NAME DIR`\n"
    );

    let clean = it.run(&["template", "check", "evening", "evening/template.toml"]);
    assert_eq!((clean.status, &*clean.out, &*clean.err), (0, "", "2 files checked: nothing wrong\n"));

    std::fs::create_dir(it.path("kit")).unwrap();
    it.write("kit/brand.toml", "nme = \"The Ledger\"\n\n[colors]\nink = \"black\"\n");
    let toml = std::fs::read_to_string(it.path("evening/template.toml")).unwrap();
    it.write("evening/template.toml", &toml.replacen("slot = \"kicker\"", "slot = \"kiker\"\nh = 3", 1));
    let said = it.run(&["template", "check", "kit", "gone", "evening"]);
    assert_eq!((said.status, &*said.out), (2, ""));
    let line = toml.lines().position(|line| line == "slot = \"kicker\"").unwrap() + 1;
    let head = "\
error: the file has no key `nme`
 --> kit/brand.toml:1:1
  |
1 | nme = \"The Ledger\"
  | ^^^
hint: did you mean `name`?

";
    assert!(said.err.starts_with(head), "{}", said.err);
    let kicker = format!(
        "error: `slot` does not know `kiker`\n  --> evening/template.toml:{line}:8\n   |\n{line} | slot = \"kiker\"\n   \
         |        ^^^^^^^\nhint: did you mean `kicker`?\n\n"
    );
    assert!(said.err.contains(&kicker), "{}", said.err);
    for part in ["`ink`: `black` is no colour", "error: no such file or folder: `gone`", "2 files checked: "]
    {
        assert!(said.err.contains(part), "{part}\n{}", said.err);
    }

    // `render` uses the same check, and tells as much.
    let render = it.run(&["render", "a.txt", "--template", "./evening", "--brand", "kit"]);
    assert_eq!(render.status, 2);
    assert!(
        render.err.contains(&kicker) && render.err.starts_with("error: `slot` does not know"),
        "{}",
        render.err
    );
    assert!(render.err.contains("`ink`: `black` is no colour"), "{}", render.err);

    let json = it.command(&["template", "check", "kit", "--format", "json"]).output().unwrap();
    assert_eq!((json.status.code(), json.stderr.len()), (Some(2), 0));
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    let first = &told[0];
    assert_eq!(
        (&first["file"], &first["line"], &first["column"], &first["text"], &first["severity"]),
        (&"kit/brand.toml".into(), &1.into(), &1.into(), &"nme".into(), &"error".into())
    );
}

#[test]
fn the_starting_template_sets_every_class_and_language() {
    let it = Sandbox::new();
    it.run(&["template", "new", "evening"]);
    it.write(
        "list.json",
        r#"[{"speaker": "Lu Bai", "role": "governor of Yunze province", "date": "2031-04-16", "text": "Water is life, and it is work."},
            {"speaker": "卢志衡", "role": "云泽省省长", "date": "2031-04-16", "text": "清洁的空气不是关停工厂换来的，而是更好的工厂带来的。"}]"#,
    );
    let kit = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kit");
    let sizes = ["square", "portrait", "pin", "landscape", "wide", "linkedin", "story"];
    let mut args = vec!["render", "list.json", "--template", "./evening"];
    sizes.iter().for_each(|size| args.extend(["--size", size]));
    let plain = it.run(&args);
    assert_eq!((plain.status, plain.out.lines().count()), (0, 14), "{}", plain.err);
    let branded = it.run(&[&args[..], &["--brand", kit, "--out", "branded"]].concat());
    assert_eq!((branded.status, branded.out.lines().count()), (0, 14), "{}", branded.err);
    assert!(!plain.err.contains("warning") && !branded.err.contains("warning"), "{}", branded.err);
}

#[test]
fn template_preview_writes_one_sheet() {
    let it = Sandbox::new();
    for template in ["profile", "figure"] {
        let said = it.run(&["template", "preview", template, "--out", template]);
        assert_eq!((said.status, said.out), (0, format!("{template}/preview.png\n")), "{}", said.err);
        assert_eq!(it.files(template), ["preview.png"]);
    }
    let again = it.run(&["template", "preview", "figure", "--out", "figure"]);
    assert_eq!(again.status, 0, "each preview replaces the one before");
    let watch = it.run(&["template", "preview", "figure", "--watch"]);
    assert_eq!(watch.status, 2);
    assert!(watch.err.contains("`figure` is inside the program and never changes"), "{}", watch.err);
}

/// A save is seen, an error is told and does not end the watch, and an interrupt does.
#[cfg(unix)]
#[test]
fn template_preview_watches() {
    use std::io::BufRead as _;

    let it = Sandbox::new();
    it.run(&["template", "new", "evening"]);
    let mut command = it.command(&["template", "preview", "evening", "--watch", "--out", "evening/out"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let mut err = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
    let mut wait_for = |words: &str| {
        let found = err.by_ref().map(Result::unwrap).any(|line| line.contains(words));
        assert!(found, "{words}");
    };
    assert_eq!(out.next().unwrap().unwrap(), "evening/out/preview.png");
    wait_for("watching; Ctrl-C ends it");
    let toml = std::fs::read_to_string(it.path("evening/template.toml")).unwrap();
    it.write("evening/template.toml", &toml.replace("[fonts]", "[fnts]"));
    wait_for("the file has no key `fnts`");
    it.write("evening/template.toml", &toml);
    assert_eq!(out.next().unwrap().unwrap(), "evening/out/preview.png");
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

/// A template of a stranger reads nothing outside its folder and waits for nothing.
#[cfg(unix)]
#[test]
fn no_link_leads_out_of_a_template() {
    let it = Sandbox::new();
    it.run(&["template", "new", "evening"]);
    let toml = std::fs::read_to_string(it.path("evening/template.toml")).unwrap();
    let picture = "[[square.layer]]\nkind = \"picture\"\nsrc = \"link.png\"\n\n";
    it.write(
        "evening/template.toml",
        &toml.replacen("[[square.layer]]", &format!("{picture}[[square.layer]]"), 1),
    );
    it.write("secret", "not a picture");
    for (target, told) in
        [("../secret", "it leads out of the folder"), ("/dev/zero", "it leads out of the folder")]
    {
        std::os::unix::fs::symlink(target, it.path("evening/link.png")).unwrap();
        let said = it.run(&["template", "check", "evening"]);
        assert_eq!(said.status, 2);
        assert!(said.err.contains(&format!("cannot read `evening/link.png`: {told}")), "{}", said.err);
        std::fs::remove_file(it.path("evening/link.png")).unwrap();
    }
    Command::new("mkfifo").arg(it.path("evening/link.png")).status().unwrap();
    let said = it.run(&["template", "check", "evening"]);
    assert!(said.err.contains("cannot read `evening/link.png`: it is no file"), "{}", said.err);
    // The file itself is no window either.
    std::fs::remove_file(it.path("evening/template.toml")).unwrap();
    it.write("secret", "password = 1\n");
    std::os::unix::fs::symlink("../secret", it.path("evening/template.toml")).unwrap();
    let said = it.run(&["template", "check", "evening"]);
    assert!(said.status == 2 && !said.err.contains("password"), "{}", said.err);
}

/// The pages of one conference are one transcript for `quotes` too.
#[test]
fn quotes_over_pages() {
    let it = Sandbox::new();
    let head = "Linhe press conference on clean rivers\n\nMarch 9, 2031\n\n";
    let one = format!(
        "{head}Zhou Lan:\n\nThe rivers of Linhe were black when the first of our mines was closed, and now\n\n1  2  3  >\n"
    );
    let two = format!(
        "{head}they carry 38 kinds of fish, the most since records began in the year of 1911.\n\nHe Jing:\n\nThank you.\n\n<  1  2  3  >\n"
    );
    it.write("p-1.txt", &one);
    it.write("p-2.txt", &two);
    for files in [["p-1.txt", "p-2.txt"], ["p-2.txt", "p-1.txt"]] {
        for speaker in [&[][..], &["--speaker", "zhou"]] {
            let args =
                [&["quotes", files[0], files[1], "--keyword", "fish", "--format", "json"], speaker].concat();
            let said = it.run(&args);
            assert_eq!(said.status, 0, "{}", said.err);
            assert!(said.err.contains("page 3 of 3 are missing"), "{}", said.err);
            let rows: Vec<QuoteRow> = serde_json::from_str(&said.out).unwrap();
            assert_eq!(rows.len(), 1);
            assert!(
                rows[0].text.starts_with("The rivers of Linhe")
                    && rows[0].text.contains("and now they carry")
            );
            assert_eq!((rows[0].speaker.as_str(), rows[0].source.file.as_str()), ("Zhou Lan", "p-1.txt"));
        }
    }
}

/// What stood beside a quote when it was picked is told of its card, whatever the list's format.
#[test]
fn a_list_carries_what_stands_beside_its_quotes() {
    let it = Sandbox::new();
    it.write(
        "b.txt",
        "Q: Will the dam at Karst be built?\n\nWen Lan: The dam at Karst will give light to 90,000 homes in the valley. Unless the court in Tarn stops it.\n\nQ: Why?\n\nWen Lan: Trees.\n",
    );
    let direct = it.run(&["render", "b.txt", "--keyword", "homes", "--out", "direct"]);
    assert_eq!(direct.status, 0, "{}", direct.err);
    let card = &it.manifest("direct").cards[0];
    assert!(card.warnings[0].starts_with("the sentence after sets a condition (`Unless`)"), "{card:?}");
    assert_eq!(card.question.as_ref().unwrap().text, "Will the dam at Karst be built?");
    for format in ["json", "jsonl", "csv"] {
        let list = format!("picks.{format}");
        it.write(&list, &it.run(&["quotes", "b.txt", "--keyword", "homes", "--format", format]).out);
        let said = it.run(&["render", &list, "--out", format]);
        assert_eq!(said.status, 0, "{format}: {}", said.err);
        let carried = &it.manifest(format).cards[0];
        assert_eq!(carried.warnings, card.warnings, "{format}");
        assert_eq!(carried.question.as_ref().unwrap().text, "Will the dam at Karst be built?", "{format}");
    }
}

#[test]
fn the_list_of_speakers_gives_portraits_and_organisations() {
    let it = Sandbox::new();
    std::fs::create_dir(it.path("who")).unwrap();
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kit/speaker.png");
    std::fs::copy(kit, it.path("who/wen.png")).unwrap();
    it.write(
        "who/list.toml",
        "[[speaker]]\nname = \"Wen Lan\"\nphoto = \"wen.png\"\norganisation = \"Office of Rivers\"\n",
    );
    let args = ["render", "a.txt", "--speaker", "wen", "--limit", "1", "--template", "profile"];
    let without = it.run(&[&args[..], &["--out", "without"]].concat());
    assert_eq!(without.status, 3, "{}", without.err);
    let said = it.run(&[&args[..], &["--speakers", "who/list.toml"]].concat());
    assert_eq!(said.status, 0, "{}", said.err);
    assert_eq!(it.manifest("out").cards[0].role.as_deref(), Some("Office of Rivers"));
    // A list of quotes learns the same of its speakers.
    it.write("l.jsonl", "{\"text\": \"The river is clean.\", \"speaker\": \"Wen Lan\"}\n");
    let said = it.run(&[
        "render",
        "l.jsonl",
        "--template",
        "profile",
        "--speakers",
        "who/list.toml",
        "--out",
        "list",
    ]);
    assert_eq!(said.status, 0, "{}", said.err);
    // Nothing outside the list's folder is read.
    it.write("who/out.toml", "[[speaker]]\nname = \"Wen Lan\"\nphoto = \"../secret.png\"\n");
    let said = it.run(&[&args[..], &["--speakers", "who/out.toml"]].concat());
    assert_eq!(said.status, 2);
    assert!(
        said.err.contains("the photograph of Wen Lan, `../secret.png`, is not in the folder"),
        "{}",
        said.err
    );
}
