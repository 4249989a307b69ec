//! Long conferences come in pages, a file each: pages given together become one transcript.
//!
//! Files are pages of one document where they have the same title and day and each has a line that counts pages
//! (`1 2 3 … 11 >`, `Page 3 of 11`, `第 3 页 共 11 页`). Their order is told by such a line, else by the last number in
//! the files' names, else it is the order in which they were given. Words above the first label of a later page go on
//! with the turn that ended the page before, unless every page has them.

use std::collections::{BTreeMap, BTreeSet};

use super::furniture::{Pagination, pagination};
use super::roster::Cast;
use super::source::SourceMap;
use super::view::View;
use super::{Transcript, Turn};
use crate::diag::{Diagnostic, Warned};

/// Which page of a document a file is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// 1-based, where the file tells.
    pub number: Option<u32>,
    /// How many there are.
    pub of: u32,
    /// Paragraphs above the first label: on a later page they go on with the turn before.
    lead: Vec<(String, SourceMap)>,
}

/// Lines at the top and at the end of a file in which pages are counted.
const NEAR: usize = 40;

/// What a file says of its pages.
pub(super) fn page_of(view: &View<'_>) -> Option<Page> {
    let count = view.lines.len();
    let near = (0..count.min(NEAR)).chain(count.saturating_sub(NEAR).max(count.min(NEAR))..count);
    let found: Vec<Pagination> = near.filter_map(|n| pagination(view.words(n))).collect();
    let of = found.iter().map(|p| p.of).max()?;
    let number = found.iter().find_map(|p| p.number).filter(|n| *n <= of);
    (of >= 2).then_some(Page { number, of, lead: Vec::new() })
}

impl Page {
    /// The same page with the paragraphs above its first label.
    pub(super) fn with_lead(self, lead: Vec<(String, SourceMap)>) -> Self {
        Self { lead, ..self }
    }
}

/// What the pages of one document have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentKey {
    title: String,
    date: Option<String>,
    of: u32,
}

impl Transcript {
    /// Which document it is a page of; `None` where it is whole. Transcripts of one key are what [`join`] joins.
    #[must_use]
    pub fn document(&self) -> Option<DocumentKey> {
        let (page, title) = (self.page.as_ref()?, self.title.clone()?);
        Some(DocumentKey { title, date: self.date.as_ref().map(ToString::to_string), of: page.of })
    }
}

/// Joins the pages of each document; everything else stays as it is, in its order. A page without any label that is
/// joined to none is left with no turns.
#[must_use]
pub fn join(transcripts: Vec<Transcript>) -> Warned<Vec<Transcript>> {
    let mut groups: Vec<Vec<Transcript>> = Vec::new();
    let mut place: BTreeMap<DocumentKey, usize> = BTreeMap::new();
    for transcript in transcripts {
        let group = transcript.document().map(|key| *place.entry(key).or_insert(groups.len()));
        match group.and_then(|group| groups.get_mut(group)) {
            Some(group) => group.push(transcript),
            None => groups.push(vec![transcript]),
        }
    }
    let mut warnings = Vec::new();
    let output = groups.into_iter().map(|group| join_pages(group, &mut warnings)).collect();
    Warned { output, warnings }
}

/// The last number of a file's name: `briefing-3.txt`, `p03_b.html`.
fn number_in(name: &str) -> Option<u32> {
    let file = name.rsplit(['/', '\\']).next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |n| n + stem[n..].chars().next().map_or(1, char::len_utf8));
    stem[start..end].parse().ok()
}

fn join_pages(mut pages: Vec<Transcript>, warnings: &mut Vec<Diagnostic>) -> Transcript {
    if pages.len() == 1 {
        return pages.remove(0);
    }
    let told = |t: &Transcript| t.page.as_ref().and_then(|p| p.number);
    let named: Vec<Option<u32>> = pages.iter().map(|t| number_in(&t.source.name)).collect();
    let distinct = |numbers: &[Option<u32>]| {
        numbers.iter().all(Option::is_some) && numbers.iter().collect::<BTreeSet<_>>().len() == numbers.len()
    };
    let stated: Vec<Option<u32>> = pages.iter().map(told).collect();
    let numbers = [stated, named].into_iter().find(|n| distinct(n));
    let mut order: Vec<(Option<u32>, Transcript)> = match &numbers {
        Some(numbers) => numbers.iter().copied().zip(pages).collect(),
        None => pages.into_iter().map(|t| (None, t)).collect(),
    };
    order.sort_by_key(|(number, _)| *number);
    let of = order[0].1.page.as_ref().map_or(0, |p| p.of);
    let given: BTreeSet<u32> = order.iter().filter_map(|(n, _)| *n).collect();
    let missing: Vec<String> =
        (1..=of.min(500)).filter(|n| !given.contains(n)).map(|n| n.to_string()).collect();
    let first = order[0].1.source.name.clone();
    if numbers.is_some() && given.iter().all(|n| (1..=of).contains(n)) && !missing.is_empty() {
        let pages = if missing.len() == 1 { "page" } else { "pages" };
        let warning = Diagnostic::warning(format!("{pages} {} of {of} are missing", missing.join(", ")));
        warnings.push(warning.at(first).hint("give all pages of the conference to have its turns whole"));
    } else if order.len() < of as usize {
        let warning = Diagnostic::warning(format!("{} of {of} pages were given", order.len()));
        warnings.push(warning.at(first).hint("give all pages of the conference to have its turns whole"));
    }
    let mut pages = order.into_iter().map(|(_, transcript)| transcript);
    let mut whole = pages.next().expect("a group has pages");
    let head: Vec<String> = whole.page.iter().flat_map(|p| &p.lead).map(|(text, _)| text.clone()).collect();
    let mut cast = Cast::default();
    for person in std::mem::take(&mut whole.people) {
        cast.add(person);
    }
    for (n, page) in pages.enumerate() {
        let file = n + 1;
        if let Some(last) = whole.turns.last_mut() {
            let lead = page.page.iter().flat_map(|p| &p.lead);
            for (text, map) in
                lead.filter(|(text, _)| !head.contains(text) && whole.title.as_ref() != Some(text))
            {
                last.text.push(' ');
                let at = last.text.len();
                last.text.push_str(text);
                last.map.append(at, map.clone().in_file(file));
            }
        }
        let mut who: Vec<usize> = Vec::with_capacity(page.people.len());
        for person in page.people {
            who.push(match cast.find(&person.name) {
                Some(known) => {
                    let known_person = &mut cast.people[known];
                    known_person.role = known_person.role.take().or(person.role);
                    known_person.honorific = known_person.honorific.take().or(person.honorific);
                    known_person.speaks |= person.speaks;
                    for alias in std::iter::once(person.name).chain(person.aliases) {
                        if alias != known_person.name && !known_person.aliases.contains(&alias) {
                            known_person.aliases.push(alias);
                        }
                    }
                    known
                }
                None => cast.add(person),
            });
        }
        for turn in page.turns {
            whole.turns.push(Turn { speaker: who[turn.speaker], map: turn.map.in_file(file), ..turn });
        }
        whole.place = whole.place.take().or(page.place);
        whole.published = whole.published.take().or(page.published);
        if let (Some(whole), Some(page)) = (&mut whole.explanation, page.explanation) {
            whole.left_out.extend(page.left_out);
        }
        whole.pages.push(page.source);
    }
    whole.people = cast.people;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{ReadOptions, read};

    fn page(name: &str, text: &str) -> Transcript {
        let options = ReadOptions { pages: true, ..ReadOptions::default() };
        read(name, text.as_bytes(), &options).unwrap().output
    }

    const HEAD: &str = "Linhe press conference on clean rivers\n\nThe Office held a press conference in Linzhou on March 9 about rivers.\n\nMarch 9, 2031\n\n";

    #[test]
    fn pages_become_one_transcript() {
        let one = format!(
            "{HEAD}Zhou Lan:\n\nThe rivers are clean.\n\nHe Jing:\n\nThank you for coming today.\n\n1  2  3  >\n"
        );
        let two = format!(
            "{HEAD}And there is one thing more that I would like to say to all of you here.\n\nZhou Lan:\n\nPlease do.\n\n<  1  2  3  >\n"
        );
        let joined = join(vec![page("b-2.txt", &two), page("b-1.txt", &one)]);
        assert_eq!(joined.output.len(), 1);
        let t = &joined.output[0];
        let said: Vec<&str> = t.turns.iter().map(|turn| turn.text.as_str()).collect();
        let over = "Thank you for coming today. And there is one thing more that I would like to say to all of you here.";
        assert_eq!(said, ["The rivers are clean.", over, "Please do."]);
        assert_eq!(t.people.iter().filter(|p| p.speaks).count(), 2);
        let turn = &t.turns[1];
        let more = over.find("And").unwrap();
        let origin = t.origin(turn, more..over.len());
        assert_eq!((origin.file.as_str(), &two[origin.start..origin.end]), ("b-2.txt", &over[more..]));
        let whole = t.origin(turn, 0..over.len());
        assert_eq!(
            (whole.file.as_str(), &one[whole.start..whole.end]),
            ("b-1.txt", "Thank you for coming today.")
        );
        assert_eq!(whole.then.unwrap().file, "b-2.txt");
        assert_eq!(joined.warnings[0].message, "page 3 of 3 are missing");
    }

    #[test]
    fn a_page_without_labels_goes_on() {
        let one = format!("{HEAD}Zhou Lan:\n\nThe rivers are clean.\n\nPage 1 of 2\n");
        let two = format!(
            "{HEAD}They were not clean ten years ago, when nobody would have drunk of them.\n\nPage 2 of 2\n"
        );
        let joined = join(vec![page("x", &one), page("y", &two)]);
        assert_eq!(joined.warnings, []);
        assert_eq!(joined.output.len(), 1);
        assert!(joined.output[0].turns[0].text.ends_with("would have drunk of them."));
    }

    #[test]
    fn other_files_stay_apart() {
        let one = format!("{HEAD}Zhou Lan:\n\nThe rivers are clean.\n\n1  2  >\n");
        let other = "Budget press conference of the year\n\nMay 1, 2031\n\nZhou Lan:\n\nNo.\n\n1  2  >\n";
        assert_eq!(join(vec![page("x", &one), page("y", other)]).output.len(), 2);
        assert_eq!(number_in("dir.7/b-03.txt"), Some(3));
        assert_eq!(number_in("briefing.txt"), None);
    }
}
