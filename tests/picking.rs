//! What is picked from conferences written for these tests: the first quotes, and what stands beside them.

use pullquote::select::{CautionKind, Query, Selection, select};
use pullquote::transcript::{ReadOptions, Transcript, read};

const ENGLISH: &str = "\
Press conference on the rivers of Morrow province

Hanna Berg: Good morning, ladies and gentlemen. Welcome to this press conference. Now I'll give the floor to Governor Olin.

Peter Olin: Thank you, Hanna. I am happy to be here. Morrow has 41 rivers, and ten years ago fish lived in only six of them. \
That was a disgrace. Today there are fish in 38 of our rivers, the most since records began in 1911. For example, the Lenn had \
otters last winter. This is a result of hard work. We will not close a single mine before its miners have other jobs. But we \
will not open one either. Critics say that we do too little. They may be right. Clean water is not a gift to our children, but \
a debt that we pay back. We remain committed to a comprehensive, coordinated, sustainable, innovative and inclusive approach. \
That concludes my introduction.

Hanna Berg: Thank you, Governor. Now we will take your questions. Please raise your hand.

Ada Finch: Ada Finch, Morrow Gazette. Will the dam at Karst be built? Thank you.

Peter Olin: The dam at Karst will be built by 2034, and it will give light to 90,000 homes. Unless the court in Tarn stops it. \
I have nothing to add.

Ada Finch: How much will it cost?

Peter Olin: It will cost 300 million. Today there are fish in 38 of our rivers, the most since records began in 1911.

Hanna Berg: Thank you all. That is the end of the briefing.
";

const CHINESE: &str = "\
沫省江河治理新闻发布会

主持人海燕：各位记者朋友，大家上午好。欢迎出席今天的发布会。下面请欧林省长作介绍。

欧林：谢谢主持人。沫省有41条河，十年前只有6条有鱼。这让人痛心。今天，全省38条河里有了鱼，是1911年有记录以来最多的一年。例如，冷河去年冬天来了水獭。\
在矿工找到新工作之前，我们绝不关闭任何一座煤矿。但是，我们也不会再开新矿。清水不是送给孩子们的礼物，而是我们要还的债。我先介绍到这里。

主持人海燕：现在请大家提问。

沫省日报记者：请问卡斯特水坝还建不建？谢谢。

欧林：卡斯特水坝将在2034年以前建成，给九万户人家送去光明。除非塔恩法院叫停。
";

fn conference(name: &str, text: &str) -> [Transcript; 1] {
    [read(name, text.as_bytes(), &ReadOptions::default()).expect("a sound sample").output]
}

fn query(keywords: &[&str]) -> Query {
    Query {
        keywords: keywords.iter().map(|&k| k.to_owned()).collect(),
        min_chars: 40,
        max_chars: 300,
        limit: 5,
        ..Query::default()
    }
}

fn texts<'t>(selection: &Selection<'t>) -> Vec<&'t str> {
    selection.picks.iter().map(|pick| pick.quote.text()).collect()
}

/// What no editor would take: said to the room, or in need of its neighbour.
fn is_poor(text: &str) -> bool {
    let said_to_the_room =
        ["Thank you", "floor", "questions", "Welcome", "谢谢", "各位", "下面", "提问", "介绍到"];
    let dangling = ["That ", "This ", "But ", "They ", "For example", "It ", "但是", "例如", "这"];
    said_to_the_room.iter().any(|words| text.contains(words))
        // `This year` points to a date, which the card bears.
        || (dangling.iter().any(|words| text.starts_with(words)) && !text.starts_with("This year"))
}

#[test]
fn the_first_quotes_of_a_conference() {
    let transcripts = conference("morrow.txt", ENGLISH);
    let selection = select(&transcripts, &query(&[])).unwrap();
    let first = texts(&selection);
    assert!(first[0].starts_with("Today there are fish in 38"), "{first:#?}");
    assert!(
        first.contains(&"Clean water is not a gift to our children, but a debt that we pay back."),
        "{first:#?}"
    );
    assert!(first[..4].iter().all(|text| !is_poor(text)), "{first:#?}");
    assert!(selection.picks.iter().all(|pick| pick.quote.speaker().name == "Peter Olin"), "{first:#?}");
    // Said twice: once in the list, with its other place.
    assert_eq!(selection.picks[0].also.len(), 1);
    assert_eq!(selection.picks[0].also[0].line, 15);
}

#[test]
fn the_first_quotes_of_a_chinese_conference() {
    let transcripts = conference("mo.txt", CHINESE);
    let selection = select(&transcripts, &Query { limit: 4, ..query(&[]) }).unwrap();
    let first = texts(&selection);
    assert!(first.contains(&"清水不是送给孩子们的礼物，而是我们要还的债。"), "{first:#?}");
    assert!(first.contains(&"今天，全省38条河里有了鱼，是1911年有记录以来最多的一年。"), "{first:#?}");
    assert!(first[..3].iter().all(|text| !is_poor(text)), "{first:#?}");
    assert!(selection.picks.iter().all(|pick| pick.quote.speaker().name == "欧林"), "{first:#?}");
}

#[test]
fn a_quote_tells_what_it_would_lose() {
    let transcripts = conference("morrow.txt", ENGLISH);
    let selection = select(&transcripts, &query(&["dam -cost"])).unwrap();
    let pick = &selection.picks[0];
    assert!(pick.quote.text().starts_with("The dam at Karst"), "{pick:?}");
    let told: Vec<_> = pick.cautions.iter().map(|c| (c.kind, c.words)).collect();
    assert_eq!(told, [(CautionKind::Condition, "Unless")]);
    let question = pick.question.as_ref().unwrap();
    assert_eq!(
        (question.asked.text(), question.asked.speaker().name.as_str()),
        ("Will the dam at Karst be built?", "Ada Finch")
    );
    let selection = select(&transcripts, &query(&["mine"])).unwrap();
    assert!(selection.picks[0].cautions.iter().any(|c| c.kind == CautionKind::Qualifier && c.words == "But"));

    let transcripts = conference("mo.txt", CHINESE);
    let selection = select(&transcripts, &query(&["水壩"])).unwrap();
    let pick = &selection.picks[0];
    assert_eq!(pick.cautions[0].kind, CautionKind::Condition);
    assert_eq!(pick.question.as_ref().unwrap().asked.text(), "请问卡斯特水坝还建不建？");
}

#[test]
fn the_same_query_gives_the_same_list() {
    let transcripts = conference("morrow.txt", ENGLISH);
    for keywords in [&[][..], &["river*"], &["river -fish"], &["\"dam at Karst\" homes"]] {
        let one = select(&transcripts, &query(keywords)).unwrap();
        assert_eq!(one, select(&transcripts, &query(keywords)).unwrap());
        // A shorter list is the beginning of a longer one.
        let three = select(&transcripts, &Query { limit: 3, ..query(keywords) }).unwrap();
        assert_eq!(texts(&three)[..], texts(&one)[..texts(&three).len()]);
    }
}

/// The original sample lies beside the repository and not in it.
#[test]
fn the_first_five_of_the_original_sample() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples/scio-shanxi-2024-05-15.txt");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is not there");
        return;
    };
    let transcripts = conference("scio.txt", &text);
    let selection = select(&transcripts, &query(&[])).unwrap();
    let first = texts(&selection);
    assert_eq!(first.len(), 5);
    assert!(first.iter().all(|text| !is_poor(text)), "{first:#?}");
    assert!(selection.picks.iter().all(|pick| pick.cautions.is_empty()), "{first:#?}");
}

/// What holds of the first five of every sample, with and without a keyword: nothing said to the room, nothing that
/// needs its neighbour, nobody who only asks. A document with too little may fill up with lines of few points.
#[test]
fn the_first_five_of_every_sample() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples");
    let Ok(entries) = std::fs::read_dir(dir) else {
        eprintln!("skipped: {dir} is not there");
        return;
    };
    let mut looked_at = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "truth.json" || name == "SOURCES.md" {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let transcripts = [read(&name, &bytes, &ReadOptions::default()).unwrap().output];
        let asks = pullquote::select::askers(&transcripts[0]);
        for keywords in
            [&[][..], &["people"], &["world"], &["money"], &["podcast"], &["address"], &["energy"]]
        {
            let selection = select(&transcripts, &query(keywords)).unwrap();
            for pick in selection.picks.iter().filter(|pick| pick.score >= 50.0) {
                let text = pick.quote.text();
                assert!(!is_poor(text), "{name} {keywords:?}: {text}\n{}", pick.parts());
                let speaker = pick.quote.turn().speaker;
                assert!(!asks[speaker], "{name}: {text}");
                let denied = pick.cautions.iter().any(|c| c.kind != CautionKind::Qualifier);
                assert!(!denied, "{name} {keywords:?}: {text}: {:?}", pick.cautions);
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 30, "{looked_at}");
}
