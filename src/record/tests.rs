use super::chunk::write_text;
use super::*;
use crate::card::CardSize;
use crate::export::png;
use crate::paint::Pixels;

/// XML's own characters, controls, an astral one, a right-to-left override, quotes, and what JSON escapes.
const HOSTILE: &str =
    "a <b> & \"c\" ]]> \u{0}\u{1}\u{7f}\u{85} \u{202E}dlo\u{202C} 𝄞 🙂 \\ \u{FFFF} 水 é\nend";

fn record(text: &str) -> Record<'_> {
    Record {
        version: VERSION,
        program: crate::PROGRAM.into(),
        id: "q1".into(),
        text: text.into(),
        speaker: "Lu Bai".into(),
        role: Some("governor".into()),
        date: Some(When::from("2031-04-16".to_owned())),
        event: Some("YIO press conference".into()),
        lang: Lang::En,
        source: Origin {
            file: "a.txt".into(),
            sha256: "ab".repeat(32),
            start: 1000,
            end: 1100,
            line: 12,
            spans: vec![],
            part: None,
            time: None,
            then: None,
        },
        template: "broadsheet".into(),
        size: "square".into(),
        width: 1080,
        height: 1080,
        brand: None,
        highlight: vec![[3, 9]],
        kicker: None,
        event_over: true,
        corrected: None,
        translation: None,
        figure: None,
        part: None,
        series: None,
        type_size: None,
        photo_credit: None,
        beyond: vec![],
    }
}

fn picture() -> Vec<u8> {
    png::encode(&Pixels::white(CardSize::new(320, 320).unwrap()))
}

fn stamped(text: &str, metadata: Metadata) -> Vec<u8> {
    stamp(&picture(), &record(text), &record(text).said().full(), metadata, &Brand::default()).to_vec()
}

/// The same file with a chunk's data changed, and its checksum made right.
fn with(png: &[u8], change: impl Fn([u8; 4], &[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut out = png[..8].to_vec();
    for chunk in chunks(png).unwrap() {
        let data = change(chunk.name, chunk.data).unwrap_or_else(|| chunk.data.to_vec());
        out.extend((data.len() as u32).to_be_bytes());
        let from = out.len();
        out.extend(chunk.name);
        out.extend(data);
        let sum = crc32fast::hash(&out[from..]);
        out.extend(sum.to_be_bytes());
    }
    out
}

fn replaced(data: &[u8], old: &str, new: &str) -> Option<Vec<u8>> {
    let at = data.windows(old.len()).position(|w| w == old.as_bytes())?;
    Some([&data[..at], new.as_bytes(), &data[at + old.len()..]].concat())
}

#[test]
fn what_is_written_is_read_again_whatever_the_words() {
    for text in ["Water is work.", "水是生命。", "الماء حياة", HOSTILE] {
        for metadata in [Metadata::Full, Metadata::Minimal] {
            let png = stamped(text, metadata);
            let found = read(&png).unwrap();
            assert_eq!(found.record, record(text));
            assert!(found.image_is_unchanged && found.record_is_unchanged, "{text}");
            assert_eq!(found.other_texts, [""; 0], "{text}");
            // The picture is the one before, chunk for chunk; all that is ours stands before its pixels.
            let names: Vec<[u8; 4]> = chunks(&png).unwrap().iter().map(|c| c.name).collect();
            assert_eq!(names.last_chunk(), Some(&[*b"IDAT", *b"IEND"]));
            let ours = |name: &[u8; 4]| matches!(name, b"tEXt" | b"iTXt");
            let kept: Vec<u8> = chunks(&png)
                .unwrap()
                .iter()
                .filter(|c| !ours(&c.name))
                .flat_map(|c| png[c.at..c.at + 12 + c.data.len()].to_vec())
                .collect();
            assert_eq!(kept, picture()[8..]);
            assert_eq!(png, stamped(text, metadata), "the same bytes again");
        }
    }
    assert_eq!(stamped("Water.", Metadata::None), picture());
    assert_eq!(read(&picture()), Err(RecordError::None));
}

#[test]
fn the_packet_is_xml_and_says_the_words() {
    let png = stamped(HOSTILE, Metadata::Full);
    let all = chunks(&png).unwrap();
    let texts = texts(&all);
    let packet = &texts.iter().find(|t| t.keyword == xmp::KEYWORD).unwrap().text;
    let document = roxmltree::Document::parse(packet).unwrap();
    let of = |local: &str| {
        let node = document.descendants().find(|n| n.tag_name().name() == local).unwrap();
        let node = node.descendants().find(|n| n.tag_name().name() == "li").unwrap_or(node);
        (node.tag_name().namespace().is_some(), node.text().unwrap_or_default().to_owned())
    };
    assert!(of("AltTextAccessibility").1.contains("a <b> & ‘c’]]>"));
    assert!(of("description").1.contains("𝄞 🙂"));
    assert_eq!(of("DateCreated").1, "2031-04-16");
    assert_eq!(of("creator").1, "Lu Bai");
    assert_eq!(of("Event").1, "YIO press conference");
    assert_eq!(of("language").1, "en");
    // No text chunk holds what its standard forbids.
    assert!(texts.iter().all(|t| !t.text.contains(|c: char| c.is_control() && c != '\n')), "{texts:?}");
}

#[test]
fn a_kit_says_whose_cards_they_are() {
    let kit = "name = \"Harbor Daily\"\ncopyright = \"© Harbor Daily\"\n";
    let brand = Brand::from_files("brand.toml", &|_| Ok(kit.into())).unwrap();
    let record = Record { brand: Some("Harbor Daily".into()), ..record("Water.") };
    let png = stamp(&picture(), &record, &record.said().full(), Metadata::Full, &brand).to_vec();
    let texts = texts(&chunks(&png).unwrap());
    let says =
        |keyword: &str, words: &str| texts.iter().any(|t| t.keyword == keyword && t.text.contains(words));
    assert!(says("Copyright", "© Harbor Daily"));
    assert!(says(xmp::KEYWORD, "<photoshop:Credit>Harbor Daily</photoshop:Credit>"));
    assert!(says(xmp::KEYWORD, "© Harbor Daily</rdf:li></rdf:Alt></dc:rights>"));
}

#[test]
fn every_change_is_told_for_what_it_is() {
    let png = stamped("Water is work.", Metadata::Full);
    let state = |png: &[u8]| {
        let found = read(png).unwrap();
        (found.image_is_unchanged, found.record_is_unchanged, found.other_texts)
    };
    let none = Vec::<String>::new;
    let is_ours = |data: &[u8]| data.starts_with(KEYWORD.as_bytes());
    let word = with(&png, |_, data| is_ours(data).then(|| replaced(data, "Water", "Wine!"))?);
    let (image, own, others) = state(&word);
    assert!(image && !own && others.contains(&"Description".to_owned()));
    let description =
        with(&png, |_, data| data.starts_with(b"Description").then(|| replaced(data, "Water", "Wine!"))?);
    assert_eq!(state(&description), (true, true, vec!["Description".to_owned()]));
    let alt = with(&png, |_, data| {
        let at = data.windows(8).rposition(|w| w == b"is work.")?;
        data.starts_with(b"XML").then(|| [&data[..at], b"is wine.", &data[at + 8..]].concat())
    });
    assert_eq!(state(&alt), (true, true, vec!["Iptc4xmpCore:AltTextAccessibility".to_owned()]));
    let place =
        with(&png, |_, data| is_ours(data).then(|| replaced(data, "\"start\":1000", "\"start\":1001"))?);
    assert!(!state(&place).1);
    // Whatever a viewer heeds is part of the picture: pixels, palette, gamma, an animation.
    let pixels = with(&png, |name, data| (name == *b"IDAT").then(|| [data, &[0]].concat()));
    assert_eq!(state(&pixels), (false, true, none()));
    let mut gamma = png[..33].to_vec();
    let mut chunk = b"gAMA\0\0\xb1\x8f".to_vec();
    chunk.extend(crc32fast::hash(&chunk).to_be_bytes());
    gamma.extend(4u32.to_be_bytes());
    gamma.extend(chunk);
    gamma.extend(&png[33..]);
    assert_eq!(state(&gamma), (false, true, none()));
    // A text of somebody else's is nobody's business, nor one that is missing.
    let mut noted = png[..33].to_vec();
    write_text(&mut noted, "Comment", "seen");
    noted.extend(&png[33..]);
    assert_eq!(state(&noted), (true, true, none()));
}

#[test]
fn what_cannot_be_read_is_told() {
    let png = stamped("Water is work.", Metadata::Minimal);
    assert_eq!(read(b"GIF89a"), Err(PngError::Foreign.into()));
    assert_eq!(read(&png[..png.len() - 1]), Err(PngError::Cut.into()));
    assert_eq!(read(&[&png[..], b"more"].concat()), Err(PngError::Cut.into()));
    assert_eq!(read(&png[..8]), Err(PngError::Cut.into()));
    let mut flipped = png.clone();
    flipped[60] ^= 1;
    assert_eq!(read(&flipped), Err(PngError::Damaged("iTXt".into()).into()));
    let twice = stamp(&png, &record("Wine."), "", Metadata::Minimal, &Brand::default()).to_vec();
    assert_eq!(read(&twice), Err(RecordError::Several(2)));
    let newer = with(&png, |_, data| replaced(data, "\"version\":1", "\"version\":2"));
    assert_eq!(read(&newer), Err(RecordError::Newer(2)));
    for (old, new) in [("\"id\"", "\"ib\""), ("}", "]"), ("\"record\"", "\"becord\""), ("{", "")] {
        let broken = with(&png, |name, data| (name == *b"iTXt").then(|| replaced(data, old, new))?);
        assert!(matches!(read(&broken), Err(RecordError::Broken(_))), "{old}");
    }
}

#[test]
fn a_record_that_a_tool_packed_is_read() {
    use std::io::Write as _;
    let png = stamped("Water is work.", Metadata::Minimal);
    let packed = |text: &[u8]| {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(text).unwrap();
        zlib.finish().unwrap()
    };
    let head = KEYWORD.len();
    let tool = with(&png, |name, data| {
        (name == *b"iTXt").then(|| [&data[..head], &[0, 1, 0, 0, 0], &packed(&data[head + 5..])].concat())
    });
    assert_eq!(read(&tool).unwrap().record, record("Water is work."));
    // One that unpacks to more than any record is cut, and then none.
    let bomb = with(&png, |name, data| {
        (name == *b"iTXt").then(|| [&data[..head], &[0, 1, 0, 0, 0], &packed(&vec![b' '; 1 << 24])].concat())
    });
    assert!(matches!(read(&bomb), Err(RecordError::Broken(_))));
}

#[test]
fn a_record_takes_little_and_names_no_folder() {
    let mut wide = record("Water is work.");
    wide.source.file = without_folder(&Origin {
        file: format!("/home/jo/secret/{}", "水".repeat(90)),
        ..wide.source.clone()
    })
    .file;
    assert_eq!(wide.source.file, "水".repeat(26));
    wide.source.time = Some([1234.567, 1240.125]);
    wide.source.part = Some("word/document.xml".into());
    wide.source.spans = (0..200).map(|i| [1000 + 7 * i, 1005 + 7 * i]).collect();
    wide.source.then = Some(Box::new(wide.source.clone()));
    wide.fit();
    assert!(wide.source.spans.is_empty() && wide.beyond_words() <= MOST, "{}", wide.beyond_words());
    let few = Origin { spans: vec![[1000, 1040], [1060, 1100]], ..record("").source };
    let mut few = Record { source: few, ..record("Water … work.") };
    few.fit();
    assert!(!few.source.spans.is_empty() && few.beyond_words() <= MOST, "{}", few.beyond_words());
    // What is told is what is written.
    let png = stamp(&picture(), &few, "", Metadata::Minimal, &Brand::default()).to_vec();
    let words = ["Water … work.", "Lu Bai", "governor", "YIO press conference", "broadsheet"].map(str::len);
    assert_eq!(png.len() - picture().len(), few.beyond_words() + words.iter().sum::<usize>());
}

#[test]
fn pictures_of_one_size_are_compared_and_others_are_not_unpacked() {
    let white = picture();
    assert_eq!(differing(&white, &stamped("Water.", Metadata::Full)), Ok(None));
    let huge = with(&white, |name, data| {
        (name == *b"IHDR")
            .then(|| [&60_000u32.to_be_bytes()[..], &60_000u32.to_be_bytes(), &data[8..]].concat())
    });
    let all = Differing { pixels: 320 * 320, bounds: [0, 0, 320, 320] };
    assert_eq!(differing(&white, &huge), Ok(Some(all)));
    let broken = with(&white, |name, data| (name == *b"IDAT").then(|| data[..9].to_vec()));
    assert!(differing(&white, &broken).is_err());
}
