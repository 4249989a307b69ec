//! Plain text: labelled turns under a head of title, roster and date.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::error::ReadError;
use super::format::{Input, ReadOptions};
use super::furniture::is_furniture;
use super::head::{self, Head};
use super::label::Labels;
use super::roster::{Cast, entry, is_chairs_part, is_chairs_role, split_honorific};
use super::source::SourceFile;
use super::text::{Folder, Line, ends_closed, fold, lines};
use super::{Person, Transcript, Turn};
use crate::date::When;
use crate::diag::{Diagnostic, Warned};

/// A roster stands above this line of the words, in any document.
const ROSTER_LINES: usize = 150;

/// Reads a transcript, or a speech without labels where the options say whose.
pub(super) fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Warned<Transcript>, ReadError> {
    let lines = lines(input.text);
    let document = Document {
        text: input.text,
        base: input.base,
        wrapped: is_wrapped(input.text, &lines),
        pages: page_numbers(input.text, &lines),
        lines,
    };
    let mut labels = Labels::gather(document.text, &document.lines);
    let mut roster = Roster::find(&document, &labels);
    labels.strike(&roster.lines);
    labels.judge(&roster.cast, document.paragraphs());
    match &options.by {
        Some(by) => document.speech(input, &mut roster, &labels, by),
        None => document.conference(input, &mut roster, &labels),
    }
}

struct Document<'a> {
    text: &'a str,
    base: usize,
    lines: Vec<Line>,
    /// Its paragraphs are broken into lines.
    wrapped: bool,
    /// Lines with nothing but a number are page numbers.
    pages: bool,
}

/// The people of the head, and the lines that introduce them.
struct Roster {
    cast: Cast,
    lines: Vec<usize>,
    /// The last one, where a gap parts them from the others.
    apart: Option<usize>,
}

impl Roster {
    fn find(document: &Document<'_>, labels: &Labels) -> Self {
        let mut roster = Self { cast: Cast::default(), lines: Vec::new(), apart: None };
        let mut candidates = labels.candidates.iter().peekable();
        let mut gaps: Vec<usize> = Vec::new();
        for (n, line) in document.lines.iter().enumerate().take(ROSTER_LINES) {
            while candidates.next_if(|c| c.line < n).is_some() {}
            let label = candidates.peek().filter(|c| c.line == n);
            if let Some(found) = entry(document.words(n)) {
                roster.lines.push(n);
                if roster.cast.people.iter().any(|p| p.name == found.person.name) {
                    continue;
                }
                gaps.push(line.blank_above);
                let index = roster.cast.add(found.person);
                if found.chair {
                    roster.cast.chair.get_or_insert(index);
                }
            } else if let Some(label) = label {
                // The first turn ends the head: somebody known speaks, or a label that comes again.
                let printed = &document.text[label.label.clone()];
                if roster.cast.find(printed).is_some() || labels.may_speak(label) {
                    break;
                }
            }
        }
        if let [_, between @ .., last] = &gaps[..]
            && !between.is_empty()
            && between.iter().all(|gap| gap < last)
        {
            roster.apart = roster.cast.people.len().checked_sub(1);
        }
        roster
    }
}

impl<'a> Document<'a> {
    fn words(&self, line: usize) -> &'a str {
        &self.text[self.lines[line].words.clone()]
    }

    /// Whether a line opens a paragraph.
    fn opens_paragraph(&self, line: usize) -> bool {
        let here = &self.lines[line];
        !self.wrapped
            || here.blank_above > 0
            || line.checked_sub(1).is_none_or(|above| here.indent > self.lines[above].indent + 1)
    }

    fn paragraphs(&self) -> usize {
        (0..self.lines.len()).filter(|&n| self.opens_paragraph(n)).count()
    }

    fn is_furniture(&self, line: usize) -> bool {
        let words = self.words(line);
        is_furniture(words) || (self.pages && is_number(words))
    }

    /// Folds lines into `folder`, furniture left out.
    fn fold_lines(&self, folder: &mut Folder, lines: Range<usize>) {
        for n in lines {
            if self.is_furniture(n) {
                folder.left_out();
                continue;
            }
            if self.opens_paragraph(n) {
                folder.paragraph()
            } else {
                folder.wrap()
            }
            folder.words(self.words(n), self.base + self.lines[n].words.start);
        }
    }

    /// A document with labels.
    fn conference(
        &self,
        input: &Input<'_>,
        roster: &mut Roster,
        labels: &Labels,
    ) -> Result<Warned<Transcript>, ReadError> {
        let marks: Vec<_> = labels.candidates.iter().filter(|c| labels.is_speaker(c)).collect();
        let Some(first) = marks.first() else {
            return Err(ReadError::NoTurns { file: input.name.to_owned() });
        };
        let head_end = first.line;
        let mut known: HashMap<&str, Option<usize>> = HashMap::new();
        let cast = &roster.cast;
        let mut find = |label: &'a str| *known.entry(label).or_insert_with(|| cast.find(label));
        let mut speakers: Vec<Option<usize>> =
            marks.iter().map(|c| find(&self.text[c.label.clone()])).collect();
        self.add_speakers(&marks, &mut speakers, &mut roster.cast);
        let mut turns = Vec::with_capacity(marks.len());
        for (n, mark) in marks.iter().enumerate() {
            let end = marks.get(n + 1).map_or(self.lines.len(), |next| next.line);
            let mut folder = Folder::new();
            let line = &self.lines[mark.line].words;
            folder.words(&self.text[mark.rest..line.end], self.base + mark.rest);
            self.fold_lines(&mut folder, mark.line + 1..end);
            let label = fold(&self.text[mark.label.clone()]);
            let speaker = speakers[n].expect("everybody who speaks was added");
            note_alias(&mut roster.cast.people[speaker], &label);
            if let Some((text, map)) = folder.finish() {
                turns.push(Turn { speaker, label, text, map, request: None });
            }
        }
        if turns.is_empty() {
            return Err(ReadError::NoTurns { file: input.name.to_owned() });
        }
        let mut warnings = Vec::new();
        let above = self.lines[head_end].words.start;
        if above > 2000 && above * 2 > self.text.len() {
            let label = fold(&self.text[first.label.clone()]);
            let warning = Diagnostic::warning(format!(
                "more than half of the text stands above the first label, `{label}:`, and is left out"
            ));
            warnings.push(
                warning
                    .at(format!("{}:1", input.name))
                    .hint("if it is one person's speech, say whose: `--by NAME`"),
            );
        }
        Ok(self.finish(input, roster, turns, head_end, warnings))
    }

    /// Adds the speakers that no roster knows, and puts them in the order of speaking.
    ///
    /// Longer names are added first, so that `Kennedy` finds `John F Kennedy` wherever each of them stands.
    fn add_speakers(
        &self,
        marks: &[&super::label::Candidate],
        speakers: &mut [Option<usize>],
        cast: &mut Cast,
    ) {
        let known = cast.people.len();
        let mut order: Vec<usize> = (0..marks.len()).filter(|&n| speakers[n].is_none()).collect();
        let words = |n: usize| super::roster::key(&self.text[marks[n].label.clone()]).len();
        order.sort_by_cached_key(|&n| (std::cmp::Reverse(words(n)), n));
        let mut added: HashMap<&str, usize> = HashMap::new();
        for n in order {
            let printed = &self.text[marks[n].label.clone()];
            speakers[n] = Some(*added.entry(printed).or_insert_with(|| {
                let label = fold(printed);
                cast.find(&label).unwrap_or_else(|| cast.add(person_of(&label)))
            }));
        }
        let mut first_turn: Vec<usize> = vec![usize::MAX; cast.people.len()];
        for (n, speaker) in speakers.iter().enumerate() {
            if let Some(s) = speaker {
                first_turn[*s] = first_turn[*s].min(n);
            }
        }
        let mut order: Vec<usize> = (known..cast.people.len()).collect();
        order.sort_by_key(|&s| first_turn[s]);
        let order: Vec<usize> = (0..known).chain(order).collect();
        let place = cast.reorder(&order);
        for speaker in speakers.iter_mut().flatten() {
            *speaker = place[*speaker];
        }
    }

    /// A speech without labels: everything but the furniture is one turn.
    fn speech(
        &self,
        input: &Input<'_>,
        roster: &mut Roster,
        labels: &Labels,
        by: &str,
    ) -> Result<Warned<Transcript>, ReadError> {
        let by = fold(by);
        if by.is_empty() {
            return Err(ReadError::NoName { file: input.name.to_owned() });
        }
        let head_end = head::end_of_speech_head(self.text, &self.lines);
        // Only the head introduces people; a speech may have lines that look like it.
        roster.lines.retain(|&line| line < head_end);
        let kept: Vec<Person> =
            roster.lines.iter().filter_map(|&n| entry(self.words(n)).map(|e| e.person)).collect();
        roster.cast = Cast::default();
        for person in kept {
            roster.cast.add(person);
        }
        let speaker = roster.cast.find(&by).unwrap_or_else(|| roster.cast.add(person_of(&by)));
        let mut folder = Folder::new();
        self.fold_lines(&mut folder, head_end..self.lines.len());
        let Some((text, map)) = folder.finish() else {
            return Err(ReadError::NoTurns { file: input.name.to_owned() });
        };
        let mut warnings = Vec::new();
        let own: Vec<_> =
            labels.candidates.iter().filter(|c| labels.is_speaker(c) && c.line >= head_end).collect();
        if let (Some(label), true) = (own.first(), own.len() >= 2) {
            let (line, _) = super::format::place(input.bytes, self.base + label.label.start);
            let printed = fold(&self.text[label.label.clone()]);
            let warning = Diagnostic::warning(format!(
                "the file has labels of its own (`{printed}:`), all of it is taken as the words of {by}"
            ));
            warnings.push(
                warning.at(format!("{}:{line}", input.name)).hint("leave out `--by` to read its labels"),
            );
        }
        let turns = vec![Turn { speaker, label: by, text, map, request: None }];
        Ok(self.finish(input, roster, turns, head_end, warnings))
    }

    fn finish(
        &self,
        input: &Input<'_>,
        roster: &mut Roster,
        turns: Vec<Turn>,
        head_end: usize,
        warnings: Vec<Diagnostic>,
    ) -> Warned<Transcript> {
        let Head { title, place, date, published } =
            head::read(self.text, &self.lines, 0..head_end, &roster.lines);
        for turn in &turns {
            roster.cast.people[turn.speaker].speaks = true;
        }
        if let Some(chair) = chair(roster, &turns) {
            roster.cast.people[chair].chair = true;
        }
        let output = Transcript {
            source: SourceFile::new(input.name, input.bytes),
            title,
            date: date.map(When::Day),
            published: published.map(When::Day),
            place,
            people: std::mem::take(&mut roster.cast.people),
            turns,
            is_list: false,
        };
        Warned { output, warnings }
    }
}

/// A person as a label names them: honorific and, after a comma, a role.
fn person_of(label: &str) -> Person {
    let (name, role) = match label.split_once([',', '，']) {
        Some((name, role)) if !role.trim().is_empty() => (name.trim_end(), Some(role.trim().to_owned())),
        _ => (label, None),
    };
    let (honorific, bare) = split_honorific(name);
    Person { name: bare.to_owned(), honorific: honorific.map(str::to_owned), role, ..Person::default() }
}

/// Keeps another name that the document uses for somebody.
fn note_alias(person: &mut Person, label: &str) {
    let label = label.split_once([',', '，']).map_or(label, |(name, _)| name.trim_end());
    if label != person.name && !person.aliases.iter().any(|a| a == label) {
        person.aliases.push(label.to_owned());
    }
}

/// What a chair says when they hand over.
static FLOOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?i-u:give (?:the floor|(?u:\S+) the floor)|hand(?:ing)? (?:it |things |the floor )?over|turn(?:ing)? (?:it|things|the floor) over|the floor (?:to|is)|(?:please|let us|let's) welcome|(?:we are|i am|we're|i'm) (?:pleased|glad|happy|honou?red) to (?:invite|introduce|welcome|have)|open (?:it up )?(?:for|to) questions)\b|下面.{0,8}请|首先.{0,4}请|先请|有请|邀请到",
    )
    .expect("the pattern is constant and tested")
});

/// Who chairs: told by the roster, or the likeliest by place, title and manner. Nobody where little speaks for it.
fn chair(roster: &Roster, turns: &[Turn]) -> Option<usize> {
    if roster.cast.chair.is_some() {
        return roster.cast.chair;
    }
    let first = turns.first();
    let hands_over = first.is_some_and(|turn| turns.len() > 1 && FLOOR.is_match(&turn.text));
    let score = |n: usize| {
        let person = &roster.cast.people[n];
        let speaks_first = first.is_some_and(|turn| turn.speaker == n);
        let checks = [
            (roster.apart == Some(n), 2),
            (person.role.as_deref().is_some_and(is_chairs_role), 2),
            (speaks_first, 1),
            (speaks_first && hands_over, 2),
            (is_chairs_part(&person.name), 3),
        ];
        checks.iter().filter(|(holds, _)| *holds).map(|(_, value)| value).sum::<i32>()
    };
    // At equal scores the one who comes later: chairs stand last in a roster.
    (0..roster.cast.people.len()).max_by_key(|&n| score(n)).filter(|&n| score(n) >= 3)
}

/// Whether paragraphs are broken into lines: most lines that another one follows directly end in mid-sentence.
fn is_wrapped(text: &str, lines: &[Line]) -> bool {
    let mut pairs = 0_usize;
    let mut broken = 0_usize;
    // The first few hundred tell.
    for pair in lines.windows(2).filter(|pair| pair[1].blank_above == 0).take(400) {
        let above = &text[pair[0].words.clone()];
        // A name or a heading is short; a line longer than any wrapped one is a paragraph.
        if above.len() > 30 {
            pairs += 1;
            broken += usize::from(above.len() < 400 && !ends_closed(above));
        }
    }
    broken * 2 > pairs
}

fn is_number(words: &str) -> bool {
    words.len() <= 4 && words.bytes().all(|b| b.is_ascii_digit())
}

/// Whether lines with nothing but a number count up by one: then they are page numbers.
fn page_numbers(text: &str, lines: &[Line]) -> bool {
    let words = lines.iter().map(|line| &text[line.words.clone()]).filter(|w| is_number(w));
    let numbers: Vec<u32> = words.filter_map(|w| w.parse().ok()).collect();
    numbers.len() >= 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transcript::{SourceMap, read};

    fn by(source: &str, by: Option<&str>) -> Result<Warned<Transcript>, ReadError> {
        read("t.txt", source.as_bytes(), &ReadOptions { by: by.map(str::to_owned) })
    }

    fn ok(source: &str) -> Transcript {
        by(source, None).unwrap().output
    }

    fn said(t: &Transcript) -> Vec<(&str, &str)> {
        t.turns.iter().map(|turn| (t.people[turn.speaker].name.as_str(), turn.text.as_str())).collect()
    }

    fn map(t: &Transcript, turn: usize) -> &SourceMap {
        &t.turns[turn].map
    }

    #[test]
    fn a_press_conference() {
        let t = ok(include_str!("../../tests/transcripts/linhe-water.txt"));
        assert_eq!(
            t.title.as_deref(),
            Some("Linhe press conference on clean rivers and safe drinking water")
        );
        assert_eq!(t.event(), Some("Linhe press conference"));
        assert_eq!(t.place.as_deref(), Some("Linzhou"));
        assert_eq!(t.date.as_ref().unwrap().to_string(), "2031-03-09");
        assert_eq!(t.published.as_ref().unwrap().to_string(), "2031-04-02");
        let people: Vec<_> = t.people.iter().map(|p| (p.name.as_str(), p.speaks, p.chair)).collect();
        assert_eq!(
            people,
            [
                ("Zhou Lan", true, false),
                ("Sun Dajiang", true, false),
                ("Amélie Ngo", true, false),
                ("He Jing", true, true),
                ("Linhe Daily", true, false)
            ]
        );
        assert_eq!(t.people[0].aliases, ["Governor Zhou"]);
        assert_eq!(t.turns[1].label, "Governor Zhou");
        let who: Vec<_> = said(&t).into_iter().map(|(who, _)| who).collect();
        assert_eq!(
            who,
            ["He Jing", "Zhou Lan", "Linhe Daily", "Sun Dajiang", "Amélie Ngo", "Linhe Daily", "Zhou Lan"]
        );
        assert!(said(&t)[1].1.ends_with("since last spring. We will not stop there."));
        assert!(said(&t)[1].1.contains("fit to drink ."));
        assert_eq!(said(&t)[6].1, "In 2033.");
    }

    #[test]
    fn what_is_left_out_of_a_turn_parts_its_runs() {
        let source = include_str!("../../tests/transcripts/linhe-water.txt");
        let t = ok(source);
        let origin = t.origin(&t.turns[1], 0..t.turns[1].text.len());
        assert_eq!(origin.spans.len(), 2);
        assert_eq!(&source[origin.spans[1][0]..origin.spans[1][1]], "We will not stop there.");
        assert!(t.origin(&t.turns[1], 0..12).spans.is_empty());
    }

    #[test]
    fn a_chinese_press_conference() {
        let t = ok(include_str!("../../tests/transcripts/linhe-water-zh.txt"));
        assert_eq!(
            said(&t),
            [
                ("何静", "各位媒体朋友，大家上午好！下面先请周岚省长作介绍。"),
                (
                    "周岚",
                    "大家上午好。三年来，全省河流水质优良比例达到82%，比2028年提高了11个百分点。 例如：清河重现水獭。"
                ),
                ("临河日报记者", "请问：山区的水井怎么办？"),
                ("孙大江", "已经加深312口。"),
                ("何静", "谢谢大家。"),
            ]
        );
        assert!(t.people[0].chair);
        assert_eq!(t.people[1].role.as_deref(), Some("临河省省长"));
        assert_eq!(t.event(), Some("临河省举行“清水行动”新闻发布会"));
    }

    #[test]
    fn wrapped_lines_and_page_numbers() {
        let t = ok(include_str!("../../tests/transcripts/wrapped-hearing.txt"));
        assert_eq!(
            said(&t),
            [
                (
                    "CHAIR",
                    "Good morning. We have met the engineers of the three districts: Ellery, Marsh and Quay. I will hand over to Ms. Okafor now."
                ),
                (
                    "OKAFOR",
                    "Thank you. The tunnel is 4.2 kilometres long, and here is what matters: nobody was hurt."
                ),
                ("Q", "When will it open?"),
                ("OKAFOR", "In the spring."),
                ("Q", "Which one?"),
                ("OKAFOR", "The next one."),
                ("CHAIR", "Thank you all."),
            ]
        );
        assert_eq!(t.people.len(), 3);
        assert!(t.people[0].chair);
        assert_eq!(t.date.as_ref().unwrap().to_string(), "2030-06-04");
    }

    #[test]
    fn a_speech_by_somebody() {
        let source = include_str!("../../tests/transcripts/speech.txt");
        let t = by(source, Some("Mayor Wren")).unwrap();
        assert_eq!(t.warnings, []);
        let t = t.output;
        assert_eq!(t.title.as_deref(), Some("Remarks at the opening of the Ellery Library"));
        assert_eq!(t.people[0].name, "Tomasz Wren");
        assert_eq!(t.people[0].role.as_deref(), Some("Mayor of Port Ellery"));
        assert_eq!(t.turns.len(), 1);
        assert!(t.turns[0].text.starts_with("Ladies and gentlemen, A library is a promise: that"));
        let error = by(source, None).unwrap_err();
        assert!(matches!(error, ReadError::NoTurns { .. }));
        assert!(error.diagnostic().hints[0].contains("`--by NAME`"));
        assert!(matches!(by(source, Some(" ")), Err(ReadError::NoName { .. })));
    }

    #[test]
    fn by_over_a_file_with_labels_warns() {
        let read = by(include_str!("../../tests/transcripts/wrapped-hearing.txt"), Some("Ann Lee")).unwrap();
        assert_eq!(read.output.turns.len(), 1);
        assert_eq!(
            read.warnings[0].message,
            "the file has labels of its own (`CHAIR:`), all of it is taken as the words of Ann Lee"
        );
        assert_eq!(read.warnings[0].place.as_deref(), Some("t.txt:6"));
    }

    #[test]
    fn byte_order_mark_crlf_and_a_label_without_words() {
        let t = ok(
            "\u{FEFF}Ann Lee:\u{A0}One \u{A0} two\r\nBob Ray： Three.\r\n\r\n\u{3000}Four.\r\nAnn Lee: \r\n",
        );
        assert_eq!(said(&t), [("Ann Lee", "One two"), ("Bob Ray", "Three. Four.")]);
        assert_eq!(map(&t, 0).locate(0..7), (13, 23, vec![]));
    }

    #[test]
    fn much_text_above_the_first_label_is_told() {
        let prose = "The river ran high that spring, and nobody in the valley slept well before the rain had ended at last. ".repeat(8);
        let source = format!("{prose}\n{prose}\n{prose}\n\nAnn Lee: One.\nBob Ray: Two.\nAnn Lee: Three.\n");
        let read = by(&source, None).unwrap();
        assert_eq!(read.output.turns.len(), 3);
        assert_eq!(read.warnings.len(), 1);
        assert!(read.warnings[0].message.contains("`Ann Lee:`"));
    }

    #[test]
    fn short_names_fold_to_long_ones_in_any_order() {
        let t = ok("SMITH: One.\nMR. JOHN SMITH: Two.\nJONES: Three.\nSMITH: Four.\nJONES: Five.\n");
        let who: Vec<_> = said(&t).into_iter().map(|(who, _)| who).collect();
        assert_eq!(who, ["JOHN SMITH", "JOHN SMITH", "JONES", "JOHN SMITH", "JONES"]);
        assert_eq!(t.people.len(), 2);
        assert_eq!(t.people[0].aliases, ["SMITH", "MR. JOHN SMITH"]);
    }

    proptest! {
        #[test]
        fn every_turn_is_its_bytes(
            turns in proptest::collection::vec(("(Ann Lee|Bob Ray|Q|周岚|MR\\. X)", "[:：]", "[ \u{A0}\n]{1,2}", "[a-zA-Z改河。.,:：\u{A0}\u{3000} \n>0-9]{0,80}"), 1..8),
            head in "[A-Za-z :,\n0-9]{0,40}",
            bom in any::<bool>(),
        ) {
            let mut source = String::from(if bom { "\u{FEFF}" } else { "" });
            source.push_str(&head);
            for (label, colon, blank, words) in &turns {
                source.push_str(&format!("\n{label}{colon}{blank}{words}\n"));
            }
            if let Ok(read) = by(&source, None) {
                let t = read.output;
                let mut last = 0;
                for turn in &t.turns {
                    let mut at = 0;
                    for piece in turn.map.pieces() {
                        prop_assert!(matches!(&turn.text[at..piece.text.start], "" | " "));
                        prop_assert_eq!(&turn.text[piece.text.clone()], &source[piece.source.clone()]);
                        prop_assert!(piece.source.start >= last);
                        at = piece.text.end;
                        last = piece.source.end;
                    }
                    prop_assert_eq!(at, turn.text.len());
                    // Between the enclosing offsets lies the text, its white space folded, but for what is left out.
                    let origin = t.origin(turn, 0..turn.text.len());
                    let runs = if origin.spans.is_empty() { vec![[origin.start, origin.end]] } else { origin.spans };
                    let words: String = runs.iter().flat_map(|r| source[r[0]..r[1]].split_whitespace()).collect();
                    prop_assert_eq!(turn.text.replace(' ', ""), words);
                }
            }
        }

        #[test]
        fn nothing_makes_it_panic(source in "\\PC{0,200}", name in proptest::option::of("[A-Z][a-z]{1,5}")) {
            let _ = by(&source, name.as_deref());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read("x", &bytes, &ReadOptions::default());
        }
    }
}
