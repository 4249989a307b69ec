//! The reader on real documents, which lie beside the repository and not in it.

use std::path::{Path, PathBuf};

use pullquote::date::When;
use pullquote::transcript::{ReadOptions, Transcript, read};

/// The bytes of a file of `../shared`, or of `../../shared` from a work tree.
fn bytes(path: &str) -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders: [PathBuf; 2] = [root.join("../shared"), root.join("../../shared")];
    folders.iter().find_map(|folder| std::fs::read(folder.join(path)).ok())
}

/// What the scorer asks of every sample: each turn of the truth, in order, by the right speaker, whole.
#[test]
fn every_sample_by_its_truth() {
    let Some(truth) = bytes("samples/truth.json") else {
        eprintln!("skipped: ../shared/samples/truth.json is not there");
        return;
    };
    let truth: serde_json::Value = serde_json::from_slice(&truth).expect("the truth is JSON");
    // Blanks, escapes and directions are the scorer's business: only letters and digits are compared.
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    for item in truth["items"].as_array().expect("items") {
        let file = item["file"].as_str().expect("a file");
        let bytes = bytes(&format!("samples/{file}")).expect("each file of the truth is there");
        let t = read(file, &bytes, &ReadOptions::default()).expect("each sample is read").output;
        for quote in item["quotes"].as_array().into_iter().flatten() {
            let words = bare(quote["text"].as_str().expect("words"));
            let speakers = item["speakers"].as_array().expect("speakers");
            let speaker = speakers.iter().find(|s| s["name"] == quote["speaker"]).expect("a speaker");
            let names: Vec<String> = std::iter::once(&speaker["name"])
                .chain(speaker["aliases"].as_array().into_iter().flatten())
                .filter_map(|name| name.as_str().map(|n| bare(&n.to_lowercase())))
                .collect();
            let found = t.turns.iter().any(|turn| {
                let person = &t.people[turn.speaker];
                let called = [&person.name, &turn.label].map(|name| bare(&name.to_lowercase()));
                bare(&turn.text).contains(&words)
                    && (speaker["kind"] == "anon"
                        || called
                            .iter()
                            .any(|c| names.iter().any(|n| n.contains(c.as_str()) || c.contains(n.as_str()))))
            });
            // A quote may run over a direction that is left out of the words.
            assert!(
                found || quote["text"].as_str().is_some_and(|q| q.contains(['(', '['])),
                "{file}: {quote}"
            );
        }
        for chrome in item["chrome"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|c| c.as_str())
            .filter(|c| c.len() >= 8)
        {
            let inside = t.turns.iter().find(|turn| turn.text.contains(chrome));
            assert!(inside.is_none(), "{file}: `{chrome}` is in a turn");
        }
    }
}

/// A file of `../shared`, where there is one; `None` after saying so.
fn shared(path: &str) -> Option<Transcript> {
    let Some(bytes) = bytes(path) else {
        eprintln!("skipped: ../shared/{path} is not there");
        return None;
    };
    let read = read(path, &bytes, &ReadOptions::default()).expect("the sample is read");
    assert_eq!(read.warnings, []);
    exact(&read.output, &bytes);
    Some(read.output)
}

/// On plain text, a turn is its bytes with the white space folded (and what stands between its runs left out).
fn exact(transcript: &Transcript, bytes: &[u8]) {
    for turn in transcript.turns.iter().filter(|_| !transcript.is_list) {
        let origin = transcript.origin(turn, 0..turn.text.len());
        let runs = if origin.spans.is_empty() { vec![[origin.start, origin.end]] } else { origin.spans };
        let source: Vec<_> = runs
            .iter()
            .map(|r| std::str::from_utf8(&bytes[r[0]..r[1]]).expect("a run is whole characters"))
            .collect();
        let words: Vec<_> = source.iter().flat_map(|run| run.split_whitespace()).collect();
        assert_eq!(turn.text, words.join(" "));
    }
}

fn day(when: Option<&When>) -> Option<String> {
    when.map(ToString::to_string)
}

#[test]
fn the_original_sample() {
    let Some(t) = shared("samples/scio-shanxi-2024-05-15.txt") else { return };
    assert_eq!(
        t.title.as_deref(),
        Some(
            "SCIO press conference on Shanxi's efforts in pursuing high-quality development and advancing all-round transformation"
        )
    );
    assert_eq!(t.event(), Some("SCIO press conference"));
    assert_eq!(day(t.date.as_ref()).as_deref(), Some("2024-05-15"));
    assert_eq!(day(t.published.as_ref()).as_deref(), Some("2024-07-03"));
    assert_eq!(t.place.as_deref(), Some("Beijing"));
    let people: Vec<_> =
        t.people.iter().map(|p| (p.name.as_str(), p.honorific.as_deref(), p.speaks, p.chair)).collect();
    assert_eq!(
        people,
        [
            ("Jin Xiangjun", Some("Mr."), true, false),
            ("Wu Wei", Some("Mr."), false, false),
            ("Tang Zhiping", Some("Mr."), false, false),
            ("Zhao Hongyan", Some("Ms."), false, false),
            ("Chen Wenjun", Some("Mr."), true, true),
        ]
    );
    assert_eq!(
        t.people[0].role.as_deref(),
        Some(
            "deputy secretary of the Communist Party of China (CPC) Shanxi Provincial Committee and governor of Shanxi province"
        )
    );
    let turns: Vec<_> =
        t.turns.iter().map(|turn| (t.people[turn.speaker].name.as_str(), turn.label.as_str())).collect();
    assert_eq!(turns, [("Chen Wenjun", "Chen Wenjun"), ("Jin Xiangjun", "Jin Xiangjun")]);
    assert!(t.turns[0].text.starts_with("Ladies and gentlemen, good morning. Welcome"));
    assert!(t.turns[0].text.ends_with("I'll give the floor to Mr. Jin for his introduction."));
    assert!(t.turns[1].text.contains("wrapped around fingers .\""));
    assert!(t.turns[1].text.ends_with("Now, my colleagues and I will answer your questions."));
}

#[test]
fn a_line_a_turn() {
    let Some(t) = shared("samples/kennedy-nixon-1960-09-26.txt") else { return };
    assert_eq!(t.turns.len(), 74);
    assert_eq!(t.people.len(), 8);
}

#[test]
fn capitals_and_questions() {
    let Some(t) = shared("samples/state-dept-2022-10-11.txt") else { return };
    let labels: Vec<_> = t.turns.iter().map(|turn| turn.label.as_str()).collect();
    assert_eq!(labels, ["MR PRICE", "QUESTION", "MR PRICE", "QUESTION", "MR PRICE", "MR PRICE"]);
    assert_eq!(t.people[0].name, "Ned Price");
    assert_eq!(t.people[0].aliases, ["MR PRICE"]);
    assert_eq!(day(t.date.as_ref()).as_deref(), Some("2022-10-11"));
    assert_eq!(t.place.as_deref(), Some("Washington, D.C."));
}

#[test]
fn a_list_of_cases() {
    let Some(t) = shared("design/cases.json") else { return };
    assert!(t.is_list);
    assert_eq!(t.turns.len(), 95);
    assert!(
        t.turns.iter().all(|turn| turn.request.as_ref().is_some_and(|r| r.id.is_some() && r.size.is_some()))
    );
}

/// The Chinese sample that is built in: everybody of the roster has a role, and no question is in an answer.
#[test]
fn the_chinese_demo() {
    let bytes = include_bytes!("../src/demo/briefing-zh.txt");
    let read = read("briefing-zh.txt", bytes, &ReadOptions::default()).expect("the demo is read");
    let t = read.output;
    exact(&t, bytes);
    let people: Vec<_> = t.people.iter().map(|p| (p.name.as_str(), p.role.is_some())).collect();
    let roster = ["陆知衡", "温若兰", "许长河", "乔素云", "周岚"].map(|name| (name, true));
    assert_eq!(people[..5], roster);
    let labels: Vec<_> = t.turns.iter().map(|turn| turn.label.as_str()).collect();
    assert_eq!(
        labels,
        ["周岚", "陆知衡", "港湾日报", "温若兰", "田野广播", "许长河", "北方纪事报", "乔素云", "周岚"]
    );
}
