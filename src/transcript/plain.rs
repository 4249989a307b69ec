//! Plain text: labelled turns under a head of title, roster and date.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::error::ReadError;
use super::format::{Input, ReadOptions};
use super::furniture::is_furniture;
use super::head::{self, Head};
use super::label::Labels;
use super::roster::{Cast, entry, is_chairs_role, split_honorific};
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
    let document = Document { text: input.text, base: input.base, wrapped: is_wrapped(input.text, &lines), pages: page_numbers(input.text, &lines), lines };
    let mut labels = Labels::gather(document.text, &document.lines);
    let mut roster = Roster::find(&document, &labels);
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
    /// A gap parts the last one from the others.
    last_apart: bool,
}

impl Roster {
    fn find(document: &Document<'_>, labels: &Labels) -> Self {
        let mut roster = Self { cast: Cast::default(), lines: Vec::new(), last_apart: false };
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
        roster.last_apart = match &gaps[..] {
            [_, between @ .., last] if !between.is_empty() => between.iter().all(|gap| gap < last),
            _ => false,
        };
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
            if self.opens_paragraph(n) { folder.paragraph() } else { folder.wrap() }
            folder.words(self.words(n), self.base + self.lines[n].words.start);
        }
    }

    /// A document with labels.
    fn conference(&self, input: &Input<'_>, roster: &mut Roster, labels: &Labels) -> Result<Warned<Transcript>, ReadError> {
        let speaks = |c: &&super::label::Candidate| labels.is_speaker(c) && !roster.lines.contains(&c.line);
        let marks: Vec<_> = labels.candidates.iter().filter(speaks).collect();
        let Some(first) = marks.first() else { return Err(ReadError::NoTurns { file: input.name.to_owned() }) };
        let head_end = first.line;
        // Longer names first, so that `Kennedy` finds `John F Kennedy` wherever each of them stands.
        let mut speakers: Vec<Option<usize>> = marks.iter().map(|c| roster.cast.find(&self.text[c.label.clone()])).collect();
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
            let warning = Diagnostic::warning(format!("more than half of the text stands above the first label, `{label}:`, and is left out"));
            warnings.push(warning.at(format!("{}:1", input.name)).hint("if it is one person's speech, say whose: `--by NAME`"));
        }
        Ok(self.finish(input, roster, turns, head_end, warnings))
    }

    /// Adds the speakers that no roster knows, those with the most words in their names first, and then puts them in
    /// the order of speaking.
    fn add_speakers(&self, marks: &[&super::label::Candidate], speakers: &mut [Option<usize>], cast: &mut Cast) {
        let known = cast.people.len();
        let mut order: Vec<usize> = (0..marks.len()).filter(|&n| speakers[n].is_none()).collect();
        let words = |n: usize| super::roster::key(&self.text[marks[n].label.clone()]).len();
        order.sort_by_cached_key(|&n| (std::cmp::Reverse(words(n)), n));
        for n in order {
            let label = fold(&self.text[marks[n].label.clone()]);
            let found = cast.find(&label).unwrap_or_else(|| cast.add(person_of(&label)));
            speakers[n] = Some(found);
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
    fn speech(&self, input: &Input<'_>, roster: &mut Roster, labels: &Labels, by: &str) -> Result<Warned<Transcript>, ReadError> {
        let by = fold(by);
        if by.is_empty() {
            return Err(ReadError::NoName { file: input.name.to_owned() });
        }
        let head_end = head::end_of_speech_head(self.text, &self.lines);
        // Only the head introduces people; a speech may have lines that look like it.
        roster.lines.retain(|&line| line < head_end);
        let kept: Vec<Person> = roster.lines.iter().filter_map(|&n| entry(self.words(n)).map(|e| e.person)).collect();
        roster.cast = Cast::default();
        for person in kept {
            roster.cast.add(person);
        }
        let speaker = roster.cast.find(&by).unwrap_or_else(|| roster.cast.add(person_of(&by)));
        let mut folder = Folder::new();
        self.fold_lines(&mut folder, head_end..self.lines.len());
        let Some((text, map)) = folder.finish() else { return Err(ReadError::NoTurns { file: input.name.to_owned() }) };
        let mut warnings = Vec::new();
        let own: Vec<_> = labels.candidates.iter().filter(|c| labels.is_speaker(c) && c.line >= head_end).collect();
        if let (Some(label), true) = (own.first(), own.len() >= 2) {
            let (line, _) = super::format::place(input.bytes, self.base + label.label.start);
            let printed = fold(&self.text[label.label.clone()]);
            let warning = Diagnostic::warning(format!("the file has labels of its own (`{printed}:`), all of it is taken as the words of {by}"));
            warnings.push(warning.at(format!("{}:{line}", input.name)).hint("leave out `--by` to read its labels"));
        }
        let turns = vec![Turn { speaker, label: by, text, map, request: None }];
        Ok(self.finish(input, roster, turns, head_end, warnings))
    }

    fn finish(&self, input: &Input<'_>, roster: &mut Roster, turns: Vec<Turn>, head_end: usize, warnings: Vec<Diagnostic>) -> Warned<Transcript> {
        let Head { title, place, date, published } = head::read(self.text, &self.lines, 0..head_end, &roster.lines);
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
    if label != person.name && !person.aliases.iter().any(|a| a == label) {
        person.aliases.push(label.to_owned());
    }
}

/// What a chair says when they hand over.
static FLOOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:give (?:the floor|\S+ the floor)|hand(?:ing)? (?:it |things |the floor )?over|turn(?:ing)? (?:it|things|the floor) over|the floor (?:to|is)|(?:please|let us|let's) welcome|(?:we are|i am|we're|i'm) (?:pleased|glad|happy|honou?red) to (?:invite|introduce|welcome|have)|open (?:it up )?(?:for|to) questions)\b|下面.{0,8}请|首先.{0,4}请|先请|有请|邀请到",
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
    let last_of_roster = roster.lines.len().min(roster.cast.people.len()).checked_sub(1);
    let score = |n: usize| {
        let person = &roster.cast.people[n];
        let speaks_first = first.is_some_and(|turn| turn.speaker == n);
        let checks = [
            (roster.last_apart && last_of_roster == Some(n), 2),
            (person.role.as_deref().is_some_and(is_chairs_role), 2),
            (speaks_first, 1),
            (speaks_first && hands_over, 2),
            (is_chairs_role(&person.name), 3),
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
