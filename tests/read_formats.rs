//! Every kind of document, read whole: who speaks, what is said, and that each word leads back to its bytes.
//!
//! A fixture is a small file in `tests/transcripts/kinds`, its reading a snapshot beside this file. People and places are
//! invented.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use pullquote::transcript::{InputFormat, ReadOptions, Transcript, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/kinds")
}

/// A reading as text: people, then turns.
fn told(t: &Transcript) -> String {
    let mut out = String::new();
    let date = t.date.as_ref().map(ToString::to_string);
    let _ = writeln!(
        out,
        "title: {}\ndate: {}",
        t.title.as_deref().unwrap_or("-"),
        date.as_deref().unwrap_or("-")
    );
    for person in &t.people {
        let _ = write!(out, "person: {}, {:?}", person.name, person.kind);
        let _ = write!(out, "{}", person.role.as_ref().map(|r| format!(", {r}")).unwrap_or_default());
        let _ = writeln!(
            out,
            "{}{}",
            if person.asks { ", asks" } else { "" },
            if person.chair { ", chair" } else { "" }
        );
    }
    for turn in &t.turns {
        let time =
            turn.map.time(0..turn.text.len()).map(|[a, b]| format!(" {a:.2}–{b:.2}")).unwrap_or_default();
        let _ = writeln!(out, "[{} ← {}{time}] {}", t.people[turn.speaker].name, turn.label, turn.text);
    }
    out
}

/// Each piece of a turn that is as long as its source is the same bytes; the others lie in order.
fn check_bytes(t: &Transcript, bytes: &[u8]) {
    for turn in &t.turns {
        let mut at = 0;
        for piece in turn.map.pieces() {
            let source = &bytes[piece.source.clone()];
            if piece.text.len() == source.len() && source.is_ascii() {
                assert_eq!(turn.text[piece.text.clone()].as_bytes(), source);
            }
            assert!(
                matches!(&turn.text[at..piece.text.start], "" | " "),
                "{:?}",
                &turn.text[at..piece.text.start]
            );
            at = piece.text.end;
        }
        assert_eq!(at, turn.text.len());
    }
}

#[test]
fn every_kind_of_document() {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    assert!(names.len() > 30);
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let text = match read(&name, &bytes, &ReadOptions::default()) {
            Ok(read) => {
                check_bytes(&read.output, &bytes);
                let format = InputFormat::detect(&name, &bytes).unwrap();
                let warnings: String =
                    read.warnings.iter().map(|w| format!("warning: {}\n", w.message)).collect();
                format!("format: {format}\n{warnings}{}", told(&read.output))
            }
            Err(error) => {
                let d = error.diagnostic();
                format!(
                    "error: {}\n  --> {}\nhint: {}\n",
                    d.message,
                    d.place.unwrap_or_default(),
                    d.hints.join("\nhint: ")
                )
            }
        };
        insta::assert_snapshot!(name.replace('.', "-"), text);
    }
}

/// A Word document made of paragraphs (style, runs of (bold, XML)).
fn docx(paragraphs: &[(&str, &[(bool, &str)])]) -> Vec<u8> {
    let mut body = String::new();
    for (style, runs) in paragraphs {
        body += "<w:p>";
        if !style.is_empty() {
            body += &format!("<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
        }
        for (bold, text) in *runs {
            let bold = if *bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
            body += &format!("<w:r>{bold}<w:t xml:space=\"preserve\">{text}</w:t></w:r>");
        }
        body += "</w:p>\n";
    }
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:document xmlns:w=\"http://w\"><w:body>\n{body}</w:body></w:document>"
    );
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file("word/document.xml", zip::write::SimpleFileOptions::default())
        .expect("memory takes every byte");
    archive.write_all(xml.as_bytes()).expect("memory takes every byte");
    archive.finish().expect("memory takes every byte").into_inner()
}

#[test]
fn a_word_document() {
    let bytes = docx(&[
        ("Title", &[(false, "Deposition of Ben Okafor")]),
        ("", &[(false, "March 4, 2031")]),
        ("", &[(true, "MS. MARKS:"), (false, " Does it hold, "), (false, "&quot;yes&quot; or no?")]),
        ("", &[(true, "MR. OKAFOR:"), (false, " It ho"), (false, "lds.")]),
        ("Heading2", &[(false, "On the record")]),
        ("", &[(false, "And it is safe.")]),
        ("", &[(true, "MS. MARKS:"), (false, " Thank you.")]),
    ]);
    let t = read("d.docx", &bytes, &ReadOptions::default()).unwrap().output;
    let said: Vec<_> = t.turns.iter().map(|turn| (turn.label.as_str(), turn.text.as_str())).collect();
    assert_eq!(
        said,
        [
            ("MS. MARKS", "Does it hold, \"yes\" or no?"),
            ("MR. OKAFOR", "It holds. And it is safe."),
            ("MS. MARKS", "Thank you."),
        ]
    );
    let origin = t.origin(&t.turns[1], 0..9);
    assert_eq!(origin.part.as_deref(), Some("word/document.xml"));
    assert_eq!((origin.line, origin.spans.len()), (6, 2));
    assert_eq!(origin.sha256.len(), 64);
}

#[test]
fn a_bomb_and_a_broken_archive_are_refused() {
    let error = read("d.docx", b"PK\x03\x04 word/document.xml and nothing more", &ReadOptions::default())
        .unwrap_err();
    assert!(error.to_string().starts_with("the document cannot be unpacked"), "{error}");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..260 {
        archive.write_all(&blank).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let error = read("d.docx", &bytes, &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "the document unpacks to more than 256 MB");
}

#[test]
fn other_encodings_lead_back_to_their_bytes() {
    let text = "林河省新闻发布会\n\n周岚：大坝是安全的，OK，一共3座。\n北方社记者：真的吗？\n周岚：真的，请大家放心，我们每天检查。\n";
    let expected = read("a.txt", text.as_bytes(), &ReadOptions::default()).unwrap().output;
    for encoding in [encoding_rs::GB18030, encoding_rs::UTF_16LE, encoding_rs::UTF_16BE] {
        let bytes: Vec<u8> = if encoding == encoding_rs::UTF_16LE {
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        } else if encoding == encoding_rs::UTF_16BE {
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
        } else {
            encoding.encode(text).0.into_owned()
        };
        let t = read("a.txt", &bytes, &ReadOptions::default()).unwrap().output;
        assert_eq!(t.turns.len(), 3, "{}", encoding.name());
        for (turn, same) in t.turns.iter().zip(&expected.turns) {
            assert_eq!(turn.text, same.text);
            let origin = t.origin(turn, 0..turn.text.len());
            let (decoded, _) = encoding.decode_without_bom_handling(&bytes[origin.start..origin.end]);
            assert_eq!(decoded, turn.text);
            assert_eq!(origin.line, expected.origin(same, 0..3).line);
        }
        let (start, end, _) = t.turns[0].map.locate(0..6);
        assert_eq!(encoding.decode_without_bom_handling(&bytes[start..end]).0, "大坝");
    }
}

#[test]
fn a_file_cut_off_inside_a_character() {
    let text = "周岚：大坝是安全的。\n何静：谢谢。\n周岚：再见";
    let read = read("a.txt", &text.as_bytes()[..text.len() - 1], &ReadOptions::default()).unwrap();
    assert_eq!(read.output.turns[2].text, "再");
    assert_eq!(read.warnings[0].message, "the file ends in the middle of a character, which is left out");
}

#[test]
fn a_label_of_ones_own_and_a_list_of_speakers() {
    let source = "+ marks + The dam holds.\n+ lee + Does it?\n+ marks + It does.\n";
    let speakers = pullquote::transcript::Speakers::read(
        "[[speaker]]\nname = \"Ana Marks\"\naliases = [\"marks\"]\nrole = \"Mayor\"\nphoto = \"ana.jpg\"\n[[speaker]]\nname = \"Nobody Here\"\n",
    );
    let options = ReadOptions {
        label: Some(r"\+ (\w+) \+".to_owned()),
        speakers: Some(speakers.unwrap()),
        explain: true,
        ..ReadOptions::default()
    };
    let t = read("a.txt", source.as_bytes(), &options).unwrap().output;
    let people: Vec<_> =
        t.people.iter().map(|p| (p.name.as_str(), p.role.as_deref(), p.photo.as_deref())).collect();
    assert_eq!(people, [("Ana Marks", Some("Mayor"), Some("ana.jpg")), ("lee", None, None)]);
    assert_eq!(t.turns[0].text, "The dam holds.");
    assert_eq!(t.turns[0].label, "marks");
    let explanation = t.explanation.unwrap();
    assert!(explanation.grammar.starts_with("as `--label` says"), "{}", explanation.grammar);
    let wrong = ReadOptions { label: Some("(".to_owned()), ..ReadOptions::default() };
    let error = read("a.txt", source.as_bytes(), &wrong).unwrap_err();
    assert!(error.to_string().starts_with("`--label` is no regular expression"));
}

#[test]
fn the_format_may_be_told() {
    let source = "<p>Ana Marks: One.</p><p>Ben Lee: Two.</p>";
    let options = ReadOptions { format: Some(InputFormat::Html), ..ReadOptions::default() };
    assert_eq!(read("a", source.as_bytes(), &options).unwrap().output.turns.len(), 2);
    let options = ReadOptions { format: Some(InputFormat::Srt), ..ReadOptions::default() };
    assert_eq!(
        read("a", source.as_bytes(), &options).unwrap_err().to_string(),
        "a cue without times: no line of it has `-->`"
    );
}

#[test]
fn deep_nesting_and_entities_are_bounded() {
    let deep = "<div>".repeat(200_000) + "Ana Marks: One." + &"</div>".repeat(200_000);
    let _ = read("a.html", deep.as_bytes(), &ReadOptions::default());
    let xml = "<a>".repeat(5_000) + "x" + &"</a>".repeat(5_000);
    let _ = read("a.xml", xml.as_bytes(), &ReadOptions::default());
    let mut laughs = String::from("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a0 \"ha\">");
    for n in 1..30 {
        let _ = write!(laughs, "<!ENTITY a{n} \"&a{};&a{};\">", n - 1, n - 1);
    }
    laughs += "]><r>&a29;</r>";
    assert!(read("a.xml", laughs.as_bytes(), &ReadOptions::default()).is_err());
    let json = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(read("a.json", json.as_bytes(), &ReadOptions::default()).is_err());
}
