//! From lines to turns, for every format: furniture and headings out, people found, labels judged, words folded.
//!
//! Where a format says by itself who speaks (voices), its word is taken and no label is looked for; people, aliases and
//! the head are treated alike.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::error::ReadError;
use super::explain::{Explanation, Reason};
use super::format::{Input, ReadOptions};
use super::furniture::{is_end, is_furniture};
use super::head::{self, Head};
use super::label::Labels;
use super::opening::{Mark, titled};
use super::pages::page_of;
use super::roster::{
    Cast, asks, entry, has_office, introduces_outlet, is_chairs_part, is_chairs_role, kind_of,
    split_honorific,
};
use super::source::{SourceFile, SourceMap};
use super::text::{Folder, ends_closed, fold};
use super::view::{Break, View};
use super::{Kind, Person, Transcript, Turn};
use super::{aside, dates};
use crate::date::When;
use crate::diag::{Diagnostic, Warned};

/// A roster stands above this line of the words, in any document.
const ROSTER_LINES: usize = 150;

/// Reads a transcript, or a speech without labels where the options say whose.
pub(super) fn read(
    input: &Input<'_>,
    view: &View<'_>,
    options: &ReadOptions,
) -> Result<Warned<Transcript>, ReadError> {
    let mut document = Document::new(input, view, options);
    let stated = !view.voices.is_empty() && options.by.is_none();
    let asked = options.label_pattern(input.name)?;
    let mut labels = if stated { Labels::default() } else { Labels::gather(view, asked.as_ref()) };
    let mut roster = Roster::find(&document, &labels, options);
    labels.strike(&roster.lines);
    if let Some(line) = (0..view.lines.len()).find(|&n| is_end_of_call(view, n)) {
        labels.strike_from(line);
    }
    labels.judge(&roster.cast, document.paragraphs());
    labels.find_inside(view, &roster.cast);
    if let Some(explanation) = &mut document.explanation {
        explanation.labels(&labels, view);
    }
    match &options.by {
        Some(by) => document.speech(&mut roster, &labels, by),
        None if stated => {
            let marks = document.voices();
            document.conference(&mut roster, &marks)
        }
        None => {
            let marks = document.labelled(&labels);
            document.conference(&mut roster, &marks)
        }
    }
}

struct Document<'a> {
    input: &'a Input<'a>,
    view: &'a View<'a>,
    /// Its paragraphs are broken into lines.
    wrapped: bool,
    /// Lines with nothing but a number are page numbers.
    pages: bool,
    /// Most of its letters are capitals, so that a line of capitals is no heading.
    shouts: bool,
    /// Printed labels in capitals, which narration may begin with.
    capitals: Vec<String>,
    /// A page without labels is no error.
    may_be_page: bool,
    explanation: Option<Box<Explanation>>,
}

/// Where a turn opens.
struct Opened<'a> {
    /// Its line.
    line: usize,
    /// Where its label begins in the text: the turn before ends there.
    start: usize,
    /// Where its words begin.
    rest: usize,
    /// As printed; `None` where the format says that nobody speaks.
    label: Option<&'a str>,
    /// The role that the format gives.
    role: Option<&'a str>,
    /// It only says once more who is speaking.
    again: bool,
}

/// A turn at hand.
struct Open {
    speaker: usize,
    label: String,
    folder: Folder,
}

impl Open {
    fn close(open: &mut Option<Self>, turns: &mut Vec<Turn>) {
        let Some(Self { speaker, label, folder }) = open.take() else { return };
        if let Some((text, map)) = folder.finish() {
            turns.push(Turn { speaker, label, text, map, request: None });
        }
    }
}

/// The people of the head, and the lines that introduce them.
struct Roster {
    cast: Cast,
    lines: Vec<usize>,
    /// The last one, where a gap parts them from the others.
    apart: Option<usize>,
    /// How many were told beforehand, by `--speakers` or the format.
    told: usize,
}

impl Roster {
    fn find(document: &Document<'_>, labels: &Labels, options: &ReadOptions) -> Self {
        let mut roster = Self { cast: Cast::default(), lines: Vec::new(), apart: None, told: 0 };
        for person in options.speakers.iter().flat_map(|s| &s.people) {
            roster.cast.add(person.clone());
        }
        for name in &document.view.meta.speakers {
            if roster.cast.find(name).is_none() {
                roster.cast.add(person_of(name));
            }
        }
        roster.told = roster.cast.people.len();
        let mut candidates = labels.candidates.iter().peekable();
        let mut gaps: Vec<usize> = Vec::new();
        let mut last = None;
        for (n, line) in document.view.lines.iter().enumerate().take(ROSTER_LINES) {
            if document.view.voice(n).is_some() {
                break;
            }
            while candidates.next_if(|c| c.line < n).is_some() {}
            let label = candidates.peek().filter(|c| c.line == n);
            if let Some(found) = entry(document.view.words(n)) {
                // The same line again and again is a label with a role: `Zhou Lan - Chief Executive`.
                if label.is_some_and(|c| labels.comes_again(c) && labels.is_line(c)) {
                    break;
                }
                // So is one that a sentence follows.
                let below = (n + 1 < document.view.lines.len()).then(|| document.view.words(n + 1));
                let sentence = below
                    .is_some_and(|b| ends_closed(b) && b.ends_with(['.', '!', '?']) && entry(b).is_none());
                if sentence && label.is_some_and(|c| labels.is_line(c)) {
                    break;
                }
                roster.lines.push(n);
                if let Some(known) = roster.cast.find(&found.person.name) {
                    let person = &mut roster.cast.people[known];
                    person.role = person.role.take().or(found.person.role);
                    person.honorific = person.honorific.take().or(found.person.honorific);
                    continue;
                }
                gaps.push(line.blank_above);
                let index = roster.cast.add(found.person);
                last = Some(index);
                if found.chair {
                    roster.cast.chair.get_or_insert(index);
                }
            } else if let Some(label) = label {
                // The first turn ends the head: somebody known speaks, or a label that comes again.
                let printed = &document.view.text[label.label.clone()];
                let known = roster.cast.find(printed).is_some() && !labels.is_line(label);
                if known || labels.may_speak(label) {
                    break;
                }
            }
        }
        if let [_, between @ .., above] = &gaps[..]
            && !between.is_empty()
            && between.iter().all(|gap| gap < above)
        {
            roster.apart = last;
        }
        roster
    }
}

impl<'a> Document<'a> {
    fn new(input: &'a Input<'a>, view: &'a View<'a>, options: &ReadOptions) -> Self {
        let sample = || view.text.chars().take(4000);
        let small = sample().filter(|c| c.is_lowercase()).count();
        let big = sample().filter(|c| c.is_uppercase()).count();
        Self {
            input,
            view,
            wrapped: is_wrapped(view),
            pages: page_numbers(view),
            shouts: big > small,
            capitals: Vec::new(),
            may_be_page: options.pages,
            explanation: options.explain.then(Box::default),
        }
    }

    /// Whether a line opens a paragraph.
    fn opens_paragraph(&self, line: usize) -> bool {
        match self.view.hint(line).above {
            Break::Wrap => return false,
            Break::Paragraph => return true,
            Break::Auto => {}
        }
        let here = &self.view.lines[line];
        if !self.wrapped || here.blank_above > 0 || line == 0 {
            return true;
        }
        let above = &self.view.lines[line - 1];
        // A paragraph of one line is followed by another one with the same indent.
        let one_line =
            here.indent > 1 && here.indent == above.indent && ends_closed(self.view.words(line - 1));
        here.indent > above.indent + 1 || one_line
    }

    fn paragraphs(&self) -> usize {
        (0..self.view.lines.len()).filter(|&n| self.opens_paragraph(n)).count()
    }

    /// Why a line holds no words of a speech, if it does not.
    fn left_out(&self, line: usize) -> Option<Reason> {
        let hint = self.view.hint(line);
        let words = self.view.words(line);
        if hint.furniture || is_furniture(words) {
            Some(Reason::Furniture)
        } else if self.pages && is_number(words) {
            Some(Reason::PageNumber)
        } else if hint.heading || self.is_heading(line) || is_bracketed(words) {
            Some(Reason::Heading)
        } else if self.is_narration(line) {
            Some(Reason::Narration)
        } else {
            None
        }
    }

    /// A line in capitals that stands alone.
    fn is_heading(&self, line: usize) -> bool {
        let here = &self.view.lines[line];
        let words = self.view.words(line);
        // Set in the middle, as the printed record does, or with blank lines above and below.
        let alone = || {
            let below = self.view.lines.get(line + 1).is_none_or(|next| next.blank_above > 0);
            // The long line of a title in the middle is the one with the least room beside it.
            let beside = [line.checked_sub(1), Some(line + 1)].into_iter().flatten().any(|n| {
                self.view.lines.get(n).is_some_and(|other| {
                    let joins = if n > line { other.blank_above == 0 } else { here.blank_above == 0 };
                    joins && other.indent >= 12 && !self.view.words(n).chars().any(char::is_lowercase)
                })
            });
            here.indent >= 12
                || (here.indent >= 4 && beside)
                || (here.blank_above > 0 && below && self.opens_paragraph(line))
        };
        !self.shouts
            && (6..=120).contains(&words.len())
            && words.contains(' ')
            && !words.bytes().any(|b| b.is_ascii_lowercase())
            && words.bytes().filter(u8::is_ascii_uppercase).count() * 2 > words.len()
            && !words.chars().any(char::is_lowercase)
            && !words.ends_with(['.', '!', '?', ':', '"', '”', ')'])
            && alone()
    }

    /// A sentence about somebody whose label it begins with: `Mr. MARKS addressed the Chair.`
    fn is_narration(&self, line: usize) -> bool {
        if self.capitals.is_empty() || !self.opens_paragraph(line) {
            return false;
        }
        let words = self.view.words(line);
        let follows =
            |label: &String| words.strip_prefix(label.as_str()).is_some_and(|rest| rest.starts_with(' '));
        words.len() <= 160
            && words.ends_with('.')
            && self.capitals.iter().any(follows)
            && self.view.lines.len() > line + 1
            && self.opens_paragraph(line + 1)
    }

    fn note(&mut self, line: usize, reason: Reason) {
        if let Some(explanation) = &mut self.explanation {
            let at = self.view.source_of(self.view.lines[line].words.start);
            explanation.left_out(at, reason, self.view.words(line));
        }
    }

    /// Folds a range of the text into `folder`: its lines from `first` on, what is nobody's words left out.
    fn fold(&mut self, folder: &mut Folder, range: Range<usize>, first: usize) {
        let mut n = first;
        let lines = &self.view.lines;
        while n < lines.len() && lines[n].words.start < range.end {
            let whole = lines[n].words.start >= range.start;
            if whole && let Some(reason) = self.left_out(n) {
                folder.left_out();
                self.note(n, reason);
                n += 1;
                continue;
            }
            // What the record prints after that goes on to the next label.
            if whole && aside::announces_print(self.view.words(n)) {
                folder.left_out();
                while n < lines.len() && lines[n].words.start < range.end {
                    self.note(n, Reason::Printed);
                    n += 1;
                }
                return;
            }
            // A paragraph is folded as a whole: a stage direction may run over a line's end.
            let mut end = n + 1;
            while end < lines.len()
                && lines[end].words.start < range.end
                && !self.opens_paragraph(end)
                && self.left_out(end).is_none()
            {
                end += 1;
            }
            let from = lines[n].words.start.max(range.start);
            let to = lines[end - 1].words.end.min(range.end);
            if from < to {
                if self.opens_paragraph(n) && whole {
                    folder.paragraph();
                } else {
                    folder.wrap();
                }
                self.fold_paragraph(folder, from..to, n..end);
            }
            n = end;
        }
    }

    fn fold_paragraph(&mut self, folder: &mut Folder, range: Range<usize>, lines: Range<usize>) {
        let view = self.view;
        let asides = aside::find(&view.text[range.clone()]);
        if let Some(explanation) = &mut self.explanation {
            for found in &asides {
                let at = range.start + found.start..range.start + found.end;
                explanation.left_out(view.source_of(at.start), Reason::Aside, &view.text[at]);
            }
        }
        let mut asides = asides.into_iter().map(|r| r.start + range.start..r.end + range.start).peekable();
        for n in lines {
            let line = &view.lines[n].words;
            let (mut at, end) = (line.start.max(range.start), line.end.min(range.end));
            let from = folder.len();
            if at > range.start {
                folder.wrap();
            }
            while at < end {
                match asides.peek().cloned() {
                    Some(aside) if aside.start < end => {
                        if aside.start > at {
                            view.fold(folder, at..aside.start);
                        }
                        at = at.max(aside.end.min(end));
                        let next = view.text[at..end].chars().next();
                        folder.aside(next);
                        if aside.end > end {
                            break;
                        }
                        asides.next();
                    }
                    _ => {
                        view.fold(folder, at..end);
                        at = end;
                    }
                }
            }
            if let Some(time) = view.time(n) {
                folder.time(from, time);
            }
        }
    }

    /// Where the format says that speakers change.
    fn voices(&self) -> Vec<Opened<'a>> {
        let mut marks: Vec<Opened<'a>> = Vec::new();
        let mut last = None;
        for (n, line) in self.view.lines.iter().enumerate() {
            let hint = self.view.hint(n);
            // A heading or a note between two paragraphs of one speech changes nobody.
            if hint.heading || last == Some(hint.voice) {
                continue;
            }
            last = Some(hint.voice);
            let voice = self.view.voice(n).and_then(|v| self.view.voices.get(v));
            marks.push(Opened {
                line: n,
                start: line.words.start,
                rest: line.words.start,
                label: voice.map(|v| v.name.as_str()),
                role: voice.and_then(|v| v.role.as_deref()),
                again: false,
            });
        }
        marks
    }

    /// Where labels open turns.
    fn labelled(&mut self, labels: &Labels) -> Vec<Opened<'a>> {
        let view = self.view;
        let speakers = || labels.candidates.iter().filter(|c| labels.is_speaker(c));
        let mut marks: Vec<Opened<'a>> = Vec::new();
        for c in speakers() {
            let label = &view.text[c.label.clone()];
            if labels.mark(c) == Mark::Stop
                && label.len() > 4
                && label.chars().filter(|c| c.is_uppercase()).count() >= 4
                && !self.capitals.iter().any(|known| known == label)
                && self.capitals.len() < 200
            {
                self.capitals.push(label.to_owned());
            }
            // Cues that are all labelled name the same speaker again and again.
            let again = view.is_timed()
                && kind_of(label) == Kind::Person
                && marks.last().is_some_and(|last| last.label == Some(label));
            let (line, start, mut rest) = (c.line, c.start, c.rest);
            // Below a name on a line of its own: constituency, party, firm.
            let next = view.lines.get(line + 1).map(|below| below.words.clone());
            if let Some(below) = next.filter(|_| rest >= view.lines[line].words.end)
                && is_all_brackets(&view.text[below.clone()])
                && !aside::is_direction(view.text[below.clone()].trim_matches(['(', ')']))
            {
                rest = below.end;
            }
            marks.push(Opened { line, start, rest, label: Some(label), role: None, again });
        }
        if view.is_timed() && !marks.is_empty() {
            self.unnamed_changes(&mut marks);
        }
        marks
    }

    /// In captions `>>` says that somebody else speaks. Where no name follows it is nobody who can be quoted.
    fn unnamed_changes(&self, marks: &mut Vec<Opened<'a>>) {
        let labelled: std::collections::HashSet<usize> = marks.iter().map(|m| m.line).collect();
        for (line, here) in self.view.lines.iter().enumerate() {
            if self.view.words(line).starts_with(">>") && !labelled.contains(&line) {
                let (start, rest) = (here.words.start, here.words.end);
                marks.push(Opened { line, start, rest, label: None, role: None, again: false });
            }
        }
        marks.sort_by_key(|m| m.start);
    }

    /// A document with labels, or with voices.
    fn conference(
        &mut self,
        roster: &mut Roster,
        marks: &[Opened<'a>],
    ) -> Result<Warned<Transcript>, ReadError> {
        let (name, timed) = (self.input.name, self.view.is_timed());
        let none = || ReadError::NoTurns { file: name.to_owned(), timed };
        let Some(first) = marks.iter().find(|m| m.label.is_some()) else {
            let page = self.may_be_page.then(|| page_of(self.view)).flatten();
            let Some(page) = page else { return Err(none()) };
            let head = self.view.lines.len();
            let mut read = self.finish(roster, Vec::new(), head, Vec::new());
            read.output.page = Some(page.with_lead(self.lead(head, roster)));
            return Ok(read);
        };
        let head_end = first.line;
        let head_start = first.start;
        let end = self.end(marks);
        let mut known: HashMap<&str, Option<usize>> = HashMap::new();
        let cast = &roster.cast;
        let mut find = |label: &'a str| *known.entry(label).or_insert_with(|| cast.find(label));
        let mut speakers: Vec<Option<usize>> = marks.iter().map(|m| m.label.and_then(&mut find)).collect();
        add_speakers(marks, &mut speakers, &mut roster.cast);
        let mut turns: Vec<Turn> = Vec::with_capacity(marks.len());
        for line in 0..head_end {
            if self.explanation.is_some() {
                let reason = if roster.lines.contains(&line) { Reason::Roster } else { Reason::Head };
                self.note(line, reason);
            }
        }
        let mut open: Option<Open> = None;
        for (n, mark) in marks.iter().enumerate() {
            let until =
                marks.get(n + 1).map_or(self.view.text.len(), |next| next.start).min(end.0.max(mark.rest));
            let Some(speaker) = speakers[n] else {
                Open::close(&mut open, &mut turns);
                if self.explanation.is_some() {
                    let last = marks.get(n + 1).map_or(self.view.lines.len(), |next| next.line);
                    (mark.line..last).for_each(|line| self.note(line, Reason::NobodySpeaks));
                }
                continue;
            };
            let label = fold(mark.label.unwrap_or_default());
            let person = &mut roster.cast.people[speaker];
            note_alias(person, &label);
            if person.role.is_none() {
                person.role = mark.role.map(str::to_owned);
            }
            if !(mark.again && open.as_ref().is_some_and(|open| open.speaker == speaker)) {
                Open::close(&mut open, &mut turns);
            }
            let open = open.get_or_insert_with(|| Open { speaker, label, folder: Folder::new() });
            self.fold(&mut open.folder, mark.rest..until, mark.line);
        }
        Open::close(&mut open, &mut turns);
        if let Some(explanation) = &mut self.explanation {
            for line in end.1..self.view.lines.len() {
                let at = self.view.source_of(self.view.lines[line].words.start);
                explanation.left_out(at, Reason::AfterTheEnd, self.view.words(line));
            }
        }
        if turns.is_empty() {
            return Err(none());
        }
        let mut warnings = Vec::new();
        if head_start > 2000 && head_start * 2 > self.view.text.len() {
            let label = fold(first.label.unwrap_or_default());
            let warning = Diagnostic::warning(format!(
                "more than half of the text stands above the first label, `{label}:`, and is left out"
            ));
            warnings.push(
                warning
                    .at(format!("{}:1", self.input.name))
                    .hint("if it is one person's speech, say whose: `--by NAME`"),
            );
        }
        let lead = self.lead(head_end, roster);
        let mut read = self.finish(roster, turns, head_end, warnings);
        read.output.page = page_of(self.view).map(|page| page.with_lead(lead));
        Ok(read)
    }

    /// The paragraphs of prose above the first label, where the document is a page of several.
    fn lead(&mut self, head_end: usize, roster: &Roster) -> Vec<(String, SourceMap)> {
        if page_of(self.view).is_none() {
            return Vec::new();
        }
        let mut lead = Vec::new();
        let mut n = 0;
        while n < head_end {
            let end = (n + 1..head_end).find(|&m| self.opens_paragraph(m)).unwrap_or(head_end);
            let range = self.view.lines[n].words.start..self.view.lines[end - 1].words.end;
            let words = &self.view.text[range.clone()];
            let prose =
                words.len() > 40 && ends_closed(words) && !(n..end).any(|m| roster.lines.contains(&m));
            if prose && self.left_out(n).is_none() {
                let mut folder = Folder::new();
                let explanation = self.explanation.take();
                self.fold_paragraph(&mut folder, range, n..end);
                self.explanation = explanation;
                lead.extend(folder.finish());
            }
            n = end;
        }
        lead
    }

    /// Where the last turn ends: the text offset, and the first line that is left out after it.
    ///
    /// An end mark (`END`, `###`, `（完）`) ends it; so does the end of the block of the page that holds the labels.
    fn end(&self, marks: &[Opened<'a>]) -> (usize, usize) {
        let lines = &self.view.lines;
        let Some(last) = marks.last() else { return (self.view.text.len(), lines.len()) };
        let block = self.common_block(marks);
        for (n, line) in lines.iter().enumerate().skip(last.line + 1) {
            let outside = block.is_some_and(|block| !self.is_within(self.view.hint(n).block, block));
            if outside || is_end(self.view.words(n)) {
                return (line.words.start, n);
            }
        }
        // A time or a place at the very end is no part of the last words.
        let mut n = lines.len();
        while n > last.line + 1
            && (dates::is_time_only(self.view.words(n - 1)) || is_furniture(self.view.words(n - 1)))
        {
            n -= 1;
        }
        (lines.get(n).map_or(self.view.text.len(), |line| line.words.start), n)
    }

    /// The innermost block that holds all labels; `None` where the format has no blocks.
    fn common_block(&self, marks: &[Opened<'a>]) -> Option<u32> {
        if self.view.parents.len() < 2 {
            return None;
        }
        let mut path = self.path(self.view.hint(marks.first()?.line).block);
        for mark in marks {
            let other = self.path(self.view.hint(mark.line).block);
            let same = path.iter().zip(&other).take_while(|(a, b)| a == b).count();
            path.truncate(same);
        }
        path.last().copied()
    }

    /// A block and those that hold it, outermost first. Blocks nested without bound are looked at near the top only.
    fn path(&self, block: u32) -> Vec<u32> {
        let mut path = vec![block];
        let mut at = block;
        while at != 0 && path.len() < MOST_NESTED {
            at = self.view.parents.get(at as usize).copied().unwrap_or(0);
            path.push(at);
        }
        path.reverse();
        path
    }

    fn is_within(&self, block: u32, outer: u32) -> bool {
        self.path(block).contains(&outer)
    }

    /// A speech without labels: everything but the furniture is one turn.
    fn speech(
        &mut self,
        roster: &mut Roster,
        labels: &Labels,
        by: &str,
    ) -> Result<Warned<Transcript>, ReadError> {
        let by = fold(by);
        if by.is_empty() {
            return Err(ReadError::NoName { file: self.input.name.to_owned() });
        }
        let timed = self.view.is_timed();
        let head_end = if timed { 0 } else { head::end_of_speech_head(self.view) };
        // Only the head introduces people; a speech may have lines that look like it.
        roster.lines.retain(|&line| line < head_end);
        let told: Vec<Person> = roster.cast.people.iter().take(roster.told).cloned().collect();
        let kept = roster.lines.iter().filter_map(|&n| entry(self.view.words(n)).map(|e| e.person));
        let people: Vec<Person> = told.into_iter().chain(kept).collect();
        roster.cast = Cast::default();
        for person in people {
            roster.cast.add(person);
        }
        let speaker = roster.cast.find(&by).unwrap_or_else(|| roster.cast.add(person_of(&by)));
        let mut folder = Folder::new();
        let start = self.view.lines.get(head_end).map_or(self.view.text.len(), |line| line.words.start);
        self.fold(&mut folder, start..self.view.text.len(), head_end);
        let Some((text, map)) = folder.finish() else {
            return Err(ReadError::NoTurns { file: self.input.name.to_owned(), timed });
        };
        let mut warnings = Vec::new();
        let own: Vec<_> =
            labels.candidates.iter().filter(|c| labels.is_speaker(c) && c.line >= head_end).collect();
        if let (Some(label), true) = (own.first(), own.len() >= 2) {
            let (line, _) = super::format::place(self.input.bytes, self.view.source_of(label.label.start));
            let printed = fold(&self.view.text[label.label.clone()]);
            let warning = Diagnostic::warning(format!(
                "the file has labels of its own (`{printed}:`), all of it is taken as the words of {by}"
            ));
            warnings.push(
                warning.at(format!("{}:{line}", self.input.name)).hint("leave out `--by` to read its labels"),
            );
        }
        let turns = vec![Turn { speaker, label: by, text, map, request: None }];
        Ok(self.finish(roster, turns, head_end, warnings))
    }

    fn finish(
        &mut self,
        roster: &mut Roster,
        turns: Vec<Turn>,
        head_end: usize,
        warnings: Vec<Diagnostic>,
    ) -> Warned<Transcript> {
        let mut head = head::read(self.view, 0..head_end, &roster.lines);
        head.take(&self.view.meta);
        let Head { title, place, date, published } = head;
        for turn in &turns {
            roster.cast.people[turn.speaker].speaks = true;
        }
        if let Some(chair) = chair(roster, &turns) {
            roster.cast.people[chair].chair = true;
        }
        let mut transcript = Transcript {
            source: SourceFile::new(self.input.name, self.input.bytes),
            title,
            date: date.map(When::Day),
            published: published.map(When::Day),
            place,
            people: std::mem::take(&mut roster.cast.people),
            turns,
            ..Transcript::default()
        };
        transcript.drop_silent(roster.told);
        let mut first: Vec<Option<&str>> = vec![None; transcript.people.len()];
        for turn in &transcript.turns {
            first[turn.speaker].get_or_insert(&turn.text);
        }
        for (person, first) in transcript.people.iter_mut().zip(first) {
            person.kind = kind_of(&person.name);
            // A machine's voices may be letters.
            if !self.view.voices.is_empty() && person.name.chars().count() == 1 {
                person.kind = Kind::Anonymous;
            }
            person.asks |= asks(person) || first.is_some_and(|words| introduces_outlet(&person.name, words));
        }
        if let Some(mut explanation) = self.explanation.take() {
            explanation.finish(&transcript);
            transcript.explanation = Some(explanation);
        }
        Warned { output: transcript, warnings }
    }
}

/// A line that is all in Chinese or Japanese brackets: 【質疑応答】, 〔登壇〕.
fn is_bracketed(words: &str) -> bool {
    let pairs = [('【', '】'), ('〔', '〕'), ('（', '）'), ('［', '］'), ('＜', '＞')];
    words.len() <= 90
        && pairs.iter().any(|&(open, close)| {
            words.starts_with(open) && words.ends_with(close) && words.matches(close).count() == 1
        })
}

/// Where the list of those who took part in a call begins, who are set like its labels: `Duration: 45 minutes`, then
/// `Call participants:`.
fn is_end_of_call(view: &View<'_>, line: usize) -> bool {
    let starts = |n: usize, with: &str| {
        n < view.lines.len()
            && view.words(n).get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    starts(line, "duration:") && (line + 1..line + 5).any(|n| starts(n, "call participants"))
}

/// A line with nothing but brackets, below a name: `(Ellery) (Riv)`.
fn is_all_brackets(words: &str) -> bool {
    words.len() <= 100
        && words.starts_with('(')
        && words.ends_with(')')
        && words.split(')').all(|part| part.trim().is_empty() || part.trim_start().starts_with('('))
}

/// Blocks of a page are followed outwards so far.
const MOST_NESTED: usize = 256;

/// Adds the speakers that no roster knows, and puts them in the order of speaking.
///
/// Longer names are added first, so that `Kennedy` finds `John F Kennedy` wherever each of them stands.
fn add_speakers(marks: &[Opened<'_>], speakers: &mut [Option<usize>], cast: &mut Cast) {
    let known = cast.people.len();
    let label = |n: usize| marks[n].label.unwrap_or_default();
    let mut order: Vec<usize> =
        (0..marks.len()).filter(|&n| speakers[n].is_none() && marks[n].label.is_some()).collect();
    let words = |n: usize| super::roster::key(label(n)).len();
    order.sort_by_cached_key(|&n| (std::cmp::Reverse(words(n)), n));
    let mut added: HashMap<&str, usize> = HashMap::new();
    for n in order {
        let printed = label(n);
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

/// A person as a label names them: honorific and, after a comma or a dash, a role.
fn person_of(label: &str) -> Person {
    if matches!(kind_of(label), Kind::Group | Kind::Role | Kind::Anonymous) {
        return Person { name: label.to_owned(), ..Person::default() };
    }
    let (name, role) = match titled(label).or_else(|| in_brackets(label)) {
        Some((name, role)) => (name, Some(role.to_owned())),
        None => (label, None),
    };
    let (honorific, bare) = split_honorific(name);
    Person { name: bare.to_owned(), honorific: honorific.map(str::to_owned), role, ..Person::default() }
}

/// The name and what stands in brackets beside it: `Ms NGO (Linhe—Minister)`, `The Minister for Water (Amélie Ngo)`.
/// Chinese and Japanese labels are left as they are.
fn in_brackets(label: &str) -> Option<(&str, &str)> {
    let (outside, rest) = label.split_once(" (")?;
    let inside = rest.strip_suffix(')')?;
    let named = inside.split(' ').count() >= 2
        && !has_office(inside)
        && inside.split(' ').all(|w| w.starts_with(char::is_uppercase));
    let office = has_office(outside) && (outside.starts_with("The ") || outside.starts_with("the "));
    Some(if named && office { (inside, outside) } else { (outside.trim_end(), inside) })
}

/// Keeps another name that the document uses for somebody.
fn note_alias(person: &mut Person, label: &str) {
    let label = titled(label).or_else(|| in_brackets(label)).map_or(label, |(name, _)| name);
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
fn is_wrapped(view: &View<'_>) -> bool {
    let mut pairs = 0_usize;
    let mut broken = 0_usize;
    // The first few hundred tell.
    for pair in view.lines.windows(2).filter(|pair| pair[1].blank_above == 0).take(400) {
        let above = &view.text[pair[0].words.clone()];
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
fn page_numbers(view: &View<'_>) -> bool {
    let words = view.lines.iter().map(|line| &view.text[line.words.clone()]).filter(|w| is_number(w));
    let numbers: Vec<u32> = words.filter_map(|w| w.parse().ok()).collect();
    numbers.len() >= 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transcript::{SourceMap, read};

    fn by(source: &str, by: Option<&str>) -> Result<Warned<Transcript>, ReadError> {
        read("t.txt", source.as_bytes(), &ReadOptions { by: by.map(str::to_owned), ..ReadOptions::default() })
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

    #[test]
    fn printed_matter_and_titles_in_the_middle_are_not_spoken() {
        let t = ok(
            "    Chairman Olin. The Committee will come to order.\n    Senator Finch. The dam leaks.\n\
                    [The prepared statement of Senator Finch follows:]\n\n        Prepared Statement of Hon. Ada Finch\n\n\
                    The dam at Karst is old.\n\n    Chairman Olin. Ms. Berg, you may proceed.\n\n\
                    \x20       STATEMENT OF HANNA BERG, DIRECTOR, OFFICE OF DAMS,\n                     KARST, MORROW\n\n\
                    \x20   Senator Finch. I see.\n    The meeting was adjourned at 11:40 a.m.\n",
        );
        assert_eq!(
            said(&t),
            [
                ("Chairman Olin", "The Committee will come to order."),
                ("Senator Finch", "The dam leaks."),
                ("Chairman Olin", "Ms. Berg, you may proceed."),
                ("Senator Finch", "I see."),
            ]
        );
    }

    #[test]
    fn those_who_took_part_in_a_call_are_no_turns() {
        let t = ok(
            "Hanna Berg -- Investor Relations\n\nThank you. Here is Peter.\n\nPeter Olin -- Chief Executive Officer\n\n\
                    We had a record quarter.\n\nHanna Berg -- Investor Relations\n\nGoodbye.\n\nDuration: 45 minutes\n\n\
                    Call participants:\n\nHanna Berg -- Investor Relations\n\nPeter Olin -- Chief Executive Officer\n\nMore analysis\n",
        );
        let words: Vec<&str> = said(&t).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["Thank you. Here is Peter.", "We had a record quarter.", "Goodbye."]);
    }
}
