//! Series of cards, and runs into one folder again and again: what is kept, what is made, what is left of a run that was
//! killed.
//!
//! `PULLQUOTE_KILLS=50 cargo test --release --test series` kills fifty runs; without it five are.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A folder of its own with three days of an invented conference.
struct Desk {
    dir: tempfile::TempDir,
}

const DAYS: [(&str, &str); 3] = [
    ("day-1.txt", include_str!("transcripts/series/day-1.txt")),
    ("day-2.txt", include_str!("transcripts/series/day-2.txt")),
    ("day-3.txt", include_str!("transcripts/series/day-3.txt")),
];

const SERIES: &str = r#"
title = "Water week"
template = ["broadsheet", "bulletin"]
size = ["square", "story"]
numbering = true

[pick]
limit = 9
max_chars = 140

[[transcript]]
file = "day-*.txt"
"#;

impl Desk {
    fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        for (name, text) in DAYS {
            desk.write(name, text);
        }
        desk.write("water.toml", SERIES);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Puts other words into a file, which must have them.
    fn change(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{from}");
        self.write(name, &text.replace(from, to));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pullquote"));
        command.args(args).current_dir(self.dir.path()).env("NO_COLOR", "1").stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().unwrap())
    }

    /// Names and bytes of all files of a folder, hidden ones too.
    fn folder(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let Ok(files) = std::fs::read_dir(self.path(name)) else { return BTreeMap::new() };
        let file = |path: &Path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())
        };
        files.map(|entry| file(&entry.unwrap().path())).collect()
    }
}

struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// How many lines begin so.
    fn count(&self, word: &str) -> usize {
        self.out.lines().filter(|line| line.split('\t').next() == Some(word)).count()
    }
}

#[test]
fn a_series_is_made_once_and_left_alone_after_that() {
    let desk = Desk::new();
    let dry = desk.run(&["series", "water.toml", "--dry-run"]);
    assert_eq!((dry.status, dry.count("new")), (0, 36), "{}", dry.err);
    assert!(desk.folder("water").is_empty(), "a dry run writes nothing");
    let first = desk.run(&["series", "water.toml"]);
    assert_eq!((first.status, first.out.lines().count()), (0, 36), "{}", first.err);
    let made = desk.folder("water");
    assert_eq!(made.len(), 37, "the cards and the manifest: {:?}", made.keys());
    let manifest: serde_json::Value = serde_json::from_slice(&made["manifest.json"]).unwrap();
    assert_eq!(manifest["settings"]["series"], "Water week");

    let again = desk.run(&["series", "water.toml"]);
    assert_eq!(again.out, first.out, "the paths are those of the series, made or kept");
    assert_eq!(again.err, "36 cards in water/: 36 kept\n");
    assert_eq!(desk.folder("water"), made);

    // One size or two for each template and size.
    let mut sizes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for card in manifest["cards"].as_array().unwrap() {
        let sizes = sizes.entry(format!("{} {}", card["template"], card["size"])).or_default();
        let size = card["type_size"].to_string();
        if !sizes.contains(&size) {
            sizes.push(size);
        }
    }
    assert!(sizes.len() == 4 && sizes.values().all(|sizes| sizes.len() <= 2), "{sizes:?}");
}

#[test]
fn what_changed_is_made_anew_and_why_is_told() {
    let desk = Desk::new();
    desk.change("water.toml", "numbering = true", "fit = \"card\"");
    assert_eq!(desk.run(&["series", "water.toml"]).status, 0);
    let made = desk.folder("water");
    let (first, second) = (made.keys().next().unwrap().clone(), made.keys().nth(1).unwrap().clone());
    std::fs::write(desk.path(&format!("water/{first}")), "not this card").unwrap();
    std::fs::remove_file(desk.path(&format!("water/{second}"))).unwrap();
    let dry = desk.run(&["series", "water.toml", "--dry-run"]);
    assert_eq!((dry.count("changed"), dry.count("kept")), (2, 34));
    assert!(dry.out.contains(&format!("changed\twater/{first}\tfile altered\n")), "{}", dry.out);
    assert!(dry.out.contains(&format!("changed\twater/{second}\tfile missing\n")), "{}", dry.out);
    assert_eq!(desk.run(&["series", "water.toml"]).err, "36 cards in water/: 2 changed, 34 kept\n");
    assert_eq!(desk.folder("water"), made);

    // A role is on the card: its words changed. Another file of the transcript's did not.
    desk.change("water.toml", "title =", "role = \"Qin Rui=head of the water board\"\ntitle =");
    let dry = desk.run(&["series", "water.toml", "--dry-run"]);
    let told: Vec<&str> = dry.out.lines().filter(|line| line.starts_with("changed")).collect();
    assert!(!told.is_empty() && told.iter().all(|line| line.ends_with("\twords")), "{}", dry.out);
    assert!(dry.count("kept") > 0);
    // The pictures are written otherwise.
    let dry = desk.run(&["series", "water.toml", "--dry-run", "--compress", "small"]);
    assert!(
        dry.out.lines().all(|line| line.starts_with("changed") && line.ends_with("settings")),
        "{}",
        dry.out
    );
}

#[test]
fn what_no_longer_belongs_goes_with_prune_and_nothing_else_does() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["series", "water.toml"]).status, 0);
    let all = desk.folder("water");
    desk.write("water/mine.png", "a picture of my own");
    desk.write("water/.hidden", "mine too");
    desk.change("water.toml", "size = [\"square\", \"story\"]", "size = \"square\"");
    let stories: Vec<&String> = all.keys().filter(|name| name.ends_with("story.png")).collect();
    assert_eq!(stories.len(), 18);
    // One was retouched by hand since: it is not ours to take away.
    std::fs::write(desk.path(&format!("water/{}", stories[0])), "retouched").unwrap();

    let dry = desk.run(&["series", "water.toml", "--prune", "--dry-run"]);
    assert_eq!((dry.count("kept"), dry.count("removed")), (18, 18));
    assert_eq!(desk.folder("water").len(), all.len() + 2, "a dry run removes nothing");
    let said = desk.run(&["series", "water.toml"]);
    assert_eq!(said.err, "18 cards in water/: 18 kept\n", "without the flag they stay");
    assert_eq!(desk.folder("water").len(), all.len() + 2);

    let said = desk.run(&["series", "water.toml", "--prune"]);
    assert_eq!(said.status, 0);
    assert!(said.err.contains("is not as it was written, and is left"), "{}", said.err);
    assert!(said.err.ends_with("18 cards in water/: 18 kept, 17 removed\n"), "{}", said.err);
    let left = desk.folder("water");
    assert_eq!(left["mine.png"], b"a picture of my own");
    assert_eq!(left[".hidden"], b"mine too");
    assert_eq!(left[stories[0]], b"retouched");
    assert_eq!(left.len(), 18 + 1 + 3);
}

#[test]
fn a_manifest_that_names_other_places_removes_nothing_there() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["series", "water.toml"]).status, 0);
    desk.write("precious.png", "keep me");
    let text = std::fs::read_to_string(desk.path("water/manifest.json")).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let digest = manifest["cards"][0]["digest"].clone();
    let mut evil = manifest["cards"][0].clone();
    evil["file"] = "../precious.png".into();
    evil["digest"] = digest;
    manifest["cards"].as_array_mut().unwrap().push(evil);
    let card = manifest["cards"][0]["file"].as_str().unwrap();
    // The very bytes that the entry tells of, so that only its name can save it.
    std::fs::copy(desk.path(&format!("water/{card}")), desk.path("precious.png")).unwrap();
    desk.write("water/manifest.json", &manifest.to_string());
    assert_eq!(desk.run(&["series", "water.toml", "--prune"]).status, 0);
    assert!(desk.path("precious.png").exists());
}

#[test]
fn a_second_run_into_a_folder_is_refused_while_the_first_is_at_it() {
    let desk = Desk::new();
    desk.change("water.toml", "title =", "compress = \"max\"\ntitle =");
    desk.change("water.toml", "limit = 9", "limit = 3");
    let mut first =
        desk.command(&["series", "water.toml"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let journal = desk.path("water/.pullquote-journal");
    while !journal.exists() {
        assert!(first.try_wait().unwrap().is_none(), "the first run is over");
        std::thread::sleep(Duration::from_millis(1));
    }
    // The lock follows the file at once; a machine that is busy may need a moment.
    std::thread::sleep(Duration::from_millis(50));
    let second = desk.run(&["series", "water.toml"]);
    let third = desk.run(&["render", "day-1.txt", "--out", "water"]);
    for said in [second, third] {
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.starts_with("error: another run is writing into `water`\n"), "{}", said.err);
    }
    assert!(first.wait().unwrap().success());
    let made = desk.folder("water");
    assert_eq!(made.len(), 13, "{:?}", made.keys());
    assert_eq!(desk.run(&["series", "water.toml"]).err, "12 cards in water/: 12 kept\n");
}

/// Runs are killed at moments spread over the time that one takes, and the next one takes up what is there.
#[cfg(unix)]
#[test]
fn a_run_that_was_killed_is_taken_up_and_ends_as_if_it_had_not_been() {
    let kills: u32 = std::env::var("PULLQUOTE_KILLS").map_or(5, |n| n.parse().unwrap());
    let desk = Desk::new();
    desk.change("water.toml", "limit = 9", "limit = 20");
    desk.change("water.toml", "title =", "compress = \"small\"\ntitle =");
    let begun = std::time::Instant::now();
    assert_eq!(desk.run(&["series", "water.toml", "--out", "calm"]).status, 0);
    let takes = begun.elapsed();
    let calm = desk.folder("calm");
    let (mut killed, mut kept) = (0, 0);
    for round in 0..kills {
        let out = format!("out-{round}");
        // Twice in a row, so that a run that takes up another is killed too.
        for turn in 0..2_u32 {
            let mut run = desk.command(&["series", "water.toml", "--out", &out, "--jobs", "2"]);
            let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // Moments that share no step with the work: multiples of the golden section.
            let share = (f64::from(2 * round + turn) * 0.618_034).fract();
            std::thread::sleep(takes.mul_f64(share));
            run.kill().unwrap();
            killed += u32::from(!run.wait().unwrap().success());
        }
        let there = desk.folder(&out).keys().filter(|name| name.ends_with(".png")).count();
        let dry = desk.run(&["series", "water.toml", "--out", &out, "--dry-run"]);
        kept += dry.count("kept");
        assert_eq!(dry.count("kept"), there, "each card that stands is whole and known");
        let said = desk.run(&["series", "water.toml", "--out", &out]);
        assert_eq!(said.status, 0, "round {round}: {}", said.err);
        assert_eq!(desk.folder(&out), calm, "round {round}");
    }
    assert!(killed > kills / 2 && kept > 0, "{killed} runs were killed in time, {kept} cards kept");
    println!("{killed} of {} runs were killed before their end; {kept} of their cards were kept", 2 * kills);
}

/// On a file system that is full the folder stays as a run could have left it, and the next run ends the work.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_a_folder_that_can_be_taken_up() {
    let desk = Desk::new();
    let small = desk.path("small");
    std::fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=600k", "pullquote-test"])
        .arg(&small)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: a small file system can be mounted by root only");
        return;
    }
    let full = desk.run(&["series", "water.toml", "--out", "small/cards"]);
    let there = desk.folder("small/cards");
    let enlarged = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&small).status().unwrap();
    let resumed = desk.run(&["series", "water.toml", "--out", "small/cards"]);
    let whole = desk.folder("small/cards");
    let unmounted = Command::new("umount").arg(&small).status().unwrap();
    assert!(enlarged.success() && unmounted.success());
    assert_eq!(full.status, 3, "{}", full.err);
    assert!(full.err.contains("the disk is full") && full.err.contains("free some space"), "{}", full.err);
    assert!(there.values().any(|bytes| bytes.starts_with(b"\x89PNG")), "some fit: {:?}", there.keys());
    let stray = |name: &String| name.starts_with(".pullquote-") && name != ".pullquote-journal";
    assert!(!there.keys().any(stray), "{:?}", there.keys());
    assert_eq!(resumed.status, 0, "{}", resumed.err);
    assert!(resumed.err.contains(" kept"), "{}", resumed.err);
    assert_eq!(desk.run(&["series", "water.toml", "--out", "calm"]).status, 0);
    assert_eq!(whole, desk.folder("calm"));
}

#[test]
fn all_that_is_wrong_with_a_series_is_told_under_its_lines() {
    let desk = Desk::new();
    desk.write(
        "wrong.toml",
        "title = \"x\"\ntemplat = \"bulletin\"\nfit = \"all\"\n[pick]\nlimit = \"two\"\n[[transcript]]\nfile = \"day-1.txt\"\n",
    );
    let said = desk.run(&["series", "wrong.toml"]);
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    for told in ["wrong.toml:2:1", "did you mean `template`?", "wrong.toml:3:7", "wrong.toml:5:9"] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    desk.write(
        "wrong.toml",
        "title = \"x\"\n[[transcript]]\nfile = [\"day-1.txt\", \"night-*.txt\"]\n[[quote]]\ntext = \"y\"\n",
    );
    let said = desk.run(&["series", "wrong.toml"]);
    assert!(said.err.contains("no file is called like `night-*.txt`"), "{}", said.err);
    assert!(said.err.contains("wrong.toml:3:22"), "{}", said.err);
}

#[test]
fn chosen_words_must_have_been_said() {
    let desk = Desk::new();
    let series = |quote: &str| {
        let text = format!(
            "title = \"x\"\n[pick]\nlimit = 1\n[[transcript]]\nfile = \"day-1.txt\"\n[[quote]]\n{quote}\n"
        );
        desk.write("chosen.toml", &text);
        desk.run(&["series", "chosen.toml", "--out", "out", "--name", "{nn}-{slug}", "--force"])
    };
    let words = "A river does not read our plans, it reads our pipes.";
    let said = series(&format!("text = \"{words}\"\nhighlight = \"reads our pipes\""));
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(
        said.out.starts_with("out/01-a-river-does-not-read.png\n"),
        "the chosen one comes first: {}",
        said.out
    );
    let said = series("text = \"A river does not read our plans, it reads our pumps.\"");
    assert_eq!(said.status, 2);
    assert!(said.err.contains("[-pumps-] {+pipes+}") && said.err.contains("chosen.toml:7:8"), "{}", said.err);
    let said = series(&format!("text = \"{words}\"\nspeaker = \"Bai Yun\""));
    assert!(said.err.contains("these are the words of Qin Rui"), "{}", said.err);
    let said = series("text = \"Something that nobody here has ever uttered about bicycles.\"");
    assert!(said.err.contains("no transcript of the series has these words"), "{}", said.err);
}

#[test]
fn a_new_series_works_as_it_stands() {
    let desk = Desk::new();
    let said = desk.run(&["series", "new", "--file", "fresh.toml"]);
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "fresh.toml\nbriefing-en.txt\nbriefing-zh.txt\n"),
        "{}",
        said.err
    );
    let said = desk.run(&["series", "fresh.toml", "--dry-run"]);
    assert_eq!((said.status, said.count("new")), (0, 16), "{}", said.err);
    let again = desk.run(&["series", "new", "--file", "fresh.toml"]);
    assert!(again.status == 2 && again.err.contains("`fresh.toml` exists"), "{}", again.err);
    let named = desk.run(&["series", "new", "day-1.txt", "day-2.txt", "--file", "named.toml"]);
    assert_eq!(named.out, "named.toml\n", "{}", named.err);
    let said = desk.run(&["series", "named.toml", "--dry-run"]);
    assert_eq!((said.status, said.count("new")), (0, 16), "{}", said.err);
    let schema = desk.run(&["series", "schema"]);
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    assert_eq!(schema["title"], "a series of pullquote cards");
}

// --- recheck ---------------------------------------------------------------------------------------------------------

#[test]
fn what_changed_in_a_transcript_is_listed_and_corrected() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["series", "water.toml"]).status, 0);
    let made = desk.folder("water");
    let said = desk.run(&["recheck", "water"]);
    assert_eq!((said.status, said.out.as_str()), (0, ""), "{}", said.err);
    assert_eq!(said.err, "36 cards: 36 exact\n");

    // One word is another, a passage is taken out, and in a third file everything moves down.
    desk.change("day-1.txt", "in 1962 and lost", "in 1958 and lost");
    desk.change("day-3.txt", "Every family that had to move has a house of the same size within three kilometres, and was asked where.", "");
    let gone = desk.run(&["recheck", "water"]);
    assert_eq!(gone.status, 4, "{}", gone.err);
    desk.change("day-2.txt", "Welcome back.", "Welcome back, all of you, on this fine morning.");
    let said = desk.run(&["recheck", "water/manifest.json", "--format", "json"]);
    assert_eq!(said.status, 4, "{}", said.err);
    let rows: Vec<BTreeMap<String, String>> = serde_json::from_str(&said.out).unwrap();
    let of = |status: &str| rows.iter().filter(|row| row["status"] == status).collect::<Vec<_>>();
    assert_eq!([of("moved").len(), of("changed").len(), of("gone").len()], [16, 4, 4], "{}", said.err);
    let changed =
        of("changed").into_iter().find(|row| row["text"].contains("1962")).expect("a card has the figure");
    assert!(changed["difference"].contains("[-1962-] {+1958+}"), "{changed:?}");
    assert!(
        changed["now"].contains("in 1958 and") && changed["place"].starts_with("day-1.txt:"),
        "{changed:?}"
    );

    let csv = desk.run(&["recheck", "water", "--format", "csv"]);
    assert!(csv.out.starts_with("status,file,template,size,speaker,text,now,"), "{}", csv.out);
    assert_eq!(csv.out.lines().count(), rows.len() + 1);

    let said = desk.run(&["recheck", "water", "--render", "--corrected", "2031-05-20", "--format", "json"]);
    assert!([0, 4].contains(&said.status), "{}", said.err);
    let now = desk.folder("water");
    assert_eq!(now.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>(), "the names stay");
    let others = now.iter().filter(|(name, bytes)| made[*name] != **bytes && name.ends_with(".png")).count();
    assert_eq!(others, of("changed").len(), "only those whose words changed are other cards");
    let manifest: serde_json::Value = serde_json::from_slice(&now["manifest.json"]).unwrap();
    let corrected: Vec<&serde_json::Value> = manifest["cards"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|card| card["corrected"] == "2031-05-20")
        .collect();
    assert_eq!(corrected.len(), others);
    assert!(corrected.iter().all(|card| card["series"].is_string()), "numbers stay");
    assert_eq!(manifest["settings"]["series"], "Water week");
    let again = desk.run(&["recheck", "water", "--format", "json"]);
    assert!(!again.out.contains("\"changed\""), "{}", again.out);
}

#[test]
fn a_transcript_that_is_not_at_hand_is_told() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["series", "water.toml"]).status, 0);
    std::fs::remove_file(desk.path("day-3.txt")).unwrap();
    let said = desk.run(&["recheck", "water", "--format", "csv"]);
    assert_eq!(said.status, 3, "{}", said.err);
    assert!(
        said.err.contains("no such file: `day-3.txt`") && said.out.contains("\nunchecked,"),
        "{}",
        said.err
    );
    std::fs::create_dir(desk.path("elsewhere")).unwrap();
    for (name, text) in DAYS {
        desk.write(&format!("elsewhere/{name}"), text);
    }
    let said = desk.run(&["recheck", "water", "--source", "elsewhere"]);
    assert_eq!((said.status, said.err.as_str()), (0, "36 cards: 36 exact\n"));
}
