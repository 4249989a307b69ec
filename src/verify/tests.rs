use super::*;
use crate::select::{Query, Quote, select, trims};
use crate::transcript::{ReadOptions, read};

const BRIEFING: &str = "Briefing on water\n\nMay 4, 2031\n\nLu Bai:\nGood morning. Over 82% of our rivers now carry water \
that is fit to drink . The \"one river\" rule, which took ten years, is why.\n\nWen Ruo:\nWe will rebuild the weir by 2035. \
We will not stop there.\nGood morning.\n\nLu Bai:\n我们保护环境，也保护水源。Thank you.\n";

fn transcript(name: &str, text: &str) -> Transcript {
    read(name, text.as_bytes(), &ReadOptions::default()).unwrap().output
}

/// The origin of words in the briefing.
fn origin(words: &str) -> Origin {
    let read = transcript("a.txt", BRIEFING);
    let turn = read.turns.iter().find(|turn| turn.text.contains(words)).unwrap();
    let at = turn.text.find(words).unwrap();
    read.origin(turn, at..at + words.len())
}

fn check(text: &str, words: &str, speaker: &str, origin: Option<&Origin>) -> Finding {
    let read = [transcript("in/a.txt", text)];
    Sources::new(&read).check(&Claim { words, speaker: Some(speaker), origin })
}

fn changed(text: &str, words: &str, origin: Option<&Origin>) -> (String, String) {
    match check(text, words, "Lu Bai", origin).verdict {
        Verdict::Changed { place, diff, .. } => (diff.to_string(), place.text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_quote_and_every_shorter_form_stands_at_its_place() {
    let sample = include_bytes!("../demo/briefing-en.txt");
    let chinese = include_bytes!("../demo/briefing-zh.txt");
    let html = include_bytes!("../../tests/transcripts/kinds/article.html");
    let vtt = include_bytes!("../../tests/transcripts/kinds/voices.vtt");
    let list = br#"[{"speaker": "Lu", "text": "Water  is \"work\".", "id": "a"}]"#;
    let files: [(&str, &[u8]); 5] =
        [("en", sample), ("zh", chinese), ("html", html), ("vtt", vtt), ("list", list)];
    let read: Vec<Transcript> = files
        .iter()
        .map(|(name, bytes)| read(name, bytes, &ReadOptions::default()).unwrap().output)
        .collect();
    let sources = Sources::new(&read);
    let all = select(&read, &Query { questions: true, ..Query::default() }).unwrap();
    assert!(all.picks.len() > 100);
    for quote in all.picks.iter().map(|pick| &pick.quote) {
        let forms = trims(quote).into_iter().map(|form| (form.text, form.source));
        for (words, origin) in std::iter::once((quote.text().to_owned(), quote.origin())).chain(forms) {
            let claim = Claim { words: &words, speaker: Some(&quote.speaker().name), origin: Some(&origin) };
            let found = sources.check(&claim);
            assert_eq!((found.file, &found.other_speaker), (File::Same, &None), "{words}");
            let Verdict::Exact { place } = found.verdict else { panic!("{words}: {:?}", found.verdict) };
            assert_eq!((place.turn, place.origin.start), (quote.turn_index(), origin.start), "{words}");
            assert!(place.kept.len() == 1 || words.contains('…'), "{words}");
        }
    }
}

#[test]
fn a_word_that_changed_is_told_with_the_passage_as_it_stands() {
    let words = "We will rebuild the weir by 2035.";
    let origin = origin(words);
    let found =
        check(&BRIEFING.replace("rebuild the weir", "not rebuild the weir"), words, "Wen Ruo", Some(&origin));
    assert_eq!((found.file, found.other_speaker), (File::Changed, None));
    let Verdict::Changed { place, diff, likeness } = found.verdict else { panic!() };
    assert_eq!(diff.to_string(), "We will {+not+} rebuild the weir by 2035.");
    assert_eq!((place.text.as_str(), place.origin.line), ("We will not rebuild the weir by 2035.", 9));
    assert!(likeness > 0.9 && likeness < 1.0);
    // What was added at an end of the sentence is part of the change.
    let longer = BRIEFING.replace("by 2035.", "by 2035, if the court agrees.");
    assert_eq!(
        changed(&longer, words, Some(&origin)),
        (
            "We will rebuild the weir by 2035{+, if the court agrees+}.".to_owned(),
            "We will rebuild the weir by 2035, if the court agrees.".to_owned()
        )
    );
    assert_eq!(
        changed(BRIEFING, "我们保护土地，也保护水源。", None).0,
        "我们保护[-土地-]{+环境+}，也保护水源。"
    );
}

#[test]
fn words_that_moved_are_found_where_they_are_now() {
    let words = "We will not stop there.";
    let recorded = origin(words);
    let later =
        format!("{}\n\nLu Bai:\nWe will not stop there.\n", BRIEFING.replace("Good morning. Over", "Over"));
    let found = check(&later, words, "Wen Ruo", Some(&recorded));
    let Verdict::Moved { place } = found.verdict else { panic!() };
    assert_eq!((found.file, found.other_speaker), (File::Changed, None));
    assert_eq!(
        (place.speaker.as_str(), place.origin.start),
        ("Wen Ruo", recorded.start - "Good morning. ".len())
    );
    // In a file that is the same, a wrong place is no move: the caller sees both.
    let wrong = Origin { start: recorded.start + 1, ..recorded.clone() };
    let found = check(BRIEFING, words, "Wen Ruo", Some(&wrong));
    assert!(found.file == File::Same && matches!(found.verdict, Verdict::Moved { .. }));
    // Nothing but the bytes round them changed: still at their place.
    let found = check(&BRIEFING.replace("Thank you.", "Thanks."), words, "Wen Ruo", Some(&recorded));
    assert!(found.file == File::Changed && matches!(found.verdict, Verdict::Exact { .. }));
}

#[test]
fn words_that_are_gone_are_gone() {
    let words = "We will rebuild the weir by 2035.";
    let gone = BRIEFING.replace(words, "Rain fell all day.");
    assert_eq!(check(&gone, words, "Wen Ruo", Some(&origin(words))).verdict, Verdict::Gone);
    let none = Origin { sha256: "0".repeat(64), file: "other.txt".into(), ..origin(words) };
    let found = check(BRIEFING, "A castle in the air, with a moat.", "Wen Ruo", Some(&none));
    assert_eq!((found.file, found.verdict), (File::Absent, Verdict::Gone));
    for empty in ["", "…", "—", "\u{0}", "“”"] {
        assert_eq!(check(BRIEFING, empty, "Wen Ruo", None).verdict, Verdict::Gone, "{empty:?}");
    }
    // Nobody waits for a made-up record.
    let long = "castle air moat ".repeat(200_000);
    assert_eq!(check(BRIEFING, &long, "Wen Ruo", None).verdict, Verdict::Gone);
}

#[test]
fn words_of_somebody_else_are_told() {
    let whose = |words: &str, name: &str| check(BRIEFING, words, name, None).other_speaker;
    assert_eq!(whose("We will not stop there.", "Lu Bai"), Some("Wen Ruo".into()));
    assert_eq!(whose("We will not stop here.", "Lu Bai"), Some("Wen Ruo".into()));
    assert_eq!(whose("We will not stop there.", "Ms. Wen"), None);
    // Both say it: the one of the claim counts.
    assert_eq!(whose("Good morning.", "Wen Ruo"), None);
}

#[test]
fn what_a_card_repairs_is_no_change_and_a_comma_is() {
    for words in [
        "Over 82% of our rivers now carry water that is fit to drink.",
        "“Over 82% of our rivers now carry water that is fit to drink.”",
        "The ‘one river’ rule, which took ten years, is why.",
    ] {
        assert!(matches!(check(BRIEFING, words, "Lu Bai", None).verdict, Verdict::Moved { .. }), "{words}");
    }
    assert_eq!(
        changed(BRIEFING, "The “one river” rule which took ten years, is why.", None).0,
        "The “one river” rule{+,+} which took ten years, is why."
    );
}

#[test]
fn marked_edits_are_kept_runs_in_order_within_one_turn() {
    let found = |words: &str| match check(BRIEFING, words, "Lu Bai", None).verdict {
        Verdict::Moved { place } => Some(place.text),
        _ => None,
    };
    for words in [
        "The “one river” rule … is why.",
        "The “one river” rule ... is why.",
        "The “one river” rule […] is why.",
    ] {
        let place = found(words).unwrap_or_else(|| panic!("{words}"));
        assert!(place.starts_with("The \"one river\" rule") && place.ends_with("… is why."), "{place}");
    }
    assert!(found("“… which took […] is why.”").is_some());
    assert!(found("… our rivers … fit to drink … ten years …").is_some());
    // Out of order, over two turns, not marked, put in.
    for words in [
        "ten years … fit to drink",
        "ten years … We will not stop there.",
        "The “one river” rule is why.",
        "The “one river” [old] rule … is why.",
    ] {
        assert_eq!(found(words), None, "{words}");
    }
    assert_eq!(
        changed(BRIEFING, "The “one river” rule is why.", None).0,
        "The “one river” rule{+, which took ten years,+} is why."
    );
    assert_eq!(
        changed(BRIEFING, "The “one lake” rule … is why.", None).0,
        "The “one [-lake-] {+river+}” rule … is why."
    );
    // A record that points at both halves does not mend a cut that is not marked.
    let (one, two) = (origin("The \"one river\" rule"), origin("is why."));
    let cut = Origin { end: two.end, spans: vec![[one.start, one.end], [two.start, two.end]], ..one };
    let verdict = |words: &str| check(BRIEFING, words, "Lu Bai", Some(&cut)).verdict;
    assert!(matches!(verdict("The “one river” rule … is why."), Verdict::Exact { .. }));
    assert!(matches!(verdict("The “one river” rule is why."), Verdict::Changed { .. }));
    // A record that tells only where it begins and ends is good enough for a marked one.
    let cut = Origin { spans: vec![], ..cut.clone() };
    let verdict = |words: &str| check(BRIEFING, words, "Lu Bai", Some(&cut)).verdict;
    assert!(matches!(verdict("The “one river” rule … is why."), Verdict::Exact { .. }));
    assert!(matches!(verdict("The “one river” … years, is why."), Verdict::Exact { .. }));
    assert!(matches!(verdict("The “one river” rule is why."), Verdict::Changed { .. }));
}

#[test]
fn an_ellipsis_of_the_speakers_own_is_no_cut() {
    let text = "Lu Bai:\nWell ... yes, we did it.\n\nWen Ruo:\nThank you.\n";
    let found = check(text, "Well … yes, we did it.", "Lu Bai", None);
    let Verdict::Moved { place } = found.verdict else { panic!() };
    assert_eq!(place.kept.len(), 1);
}

#[test]
fn a_part_of_a_quote_stands_at_its_own_place() {
    let read = [transcript("a.txt", BRIEFING)];
    let quote = Quote::new(&read[0], 0, 0..read[0].turns[0].text.len()).unwrap();
    let part = quote.part(&(0.."Good morning.".len())).unwrap();
    let sources = Sources::new(&read);
    let claim = Claim { words: part.text(), speaker: None, origin: Some(&part.origin()) };
    assert!(matches!(sources.check(&claim).verdict, Verdict::Exact { .. }));
}

proptest::proptest! {
    #[test]
    fn nothing_panics(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "We", "will", "not", "rebuild", "…", "...", "[", "]", "“", "”", "the", "weir", "保护", "环境", ",", ".", "é", "\u{202E}", "\u{0}", "2035",
        ]), 0..40), start in 0usize..400, len in 0usize..100,
    ) {
        let words = words.join(" ");
        let origin = Origin { start, end: start + len, ..origin("We will not stop there.") };
        let found = check(BRIEFING, &words, "Lu", Some(&origin));
        if let Verdict::Exact { place } | Verdict::Moved { place } = &found.verdict {
            proptest::prop_assert!(!place.kept.is_empty() && place.kept.windows(2).all(|w| w[0].end <= w[1].start));
        }
    }
}
