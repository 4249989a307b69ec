//! What stands above the first turn: title, place, the day of the event, the day of publication.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::dates::{self, Day};
use super::furniture::is_furniture;
use super::label::{is_field, is_headline};
use super::text::{columns, ends_closed, fold};
use super::view::{Break, Meta, View};
use crate::lang::is_hanzi;

/// What the lines above the first turn tell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub title: Option<String>,
    pub place: Option<String>,
    pub date: Option<Date>,
    pub published: Option<Date>,
}

impl Head {
    /// Takes what the format says of the document where it says it outright. A page's own title is but second best: it
    /// carries the site's name.
    pub(super) fn take(&mut self, meta: &Meta) {
        let day = |text: &Option<String>| {
            text.as_deref().and_then(|t| dates::find(t).into_iter().find_map(|found| found.day.full()))
        };
        self.title = match (self.title.take(), &meta.title) {
            (_, Some(title)) if meta.is_outright => Some(title.clone()),
            (Some(title), _) => Some(title),
            (None, title) => title.clone(),
        };
        self.date =
            if meta.is_outright { day(&meta.date).or(self.date) } else { self.date.or(day(&meta.date)) };
        self.published = self.published.or(day(&meta.published));
    }
}

/// Lines that are looked at; a longer head is a document with much before its first label.
const MOST_LINES: usize = 300;

/// A wrapped line is at least this wide, in columns; what is shorter stands for itself.
const WRAPPED: usize = 45;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the patterns are constant and tested")
}

/// Words that make a date soon after them the day of publication.
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?i-u:published|updated|posted|released?|issued|modified)\b|发布时间|发布日期|发布于|更新")
});

/// What is done with an event: a day or a place may follow.
static HELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?i-u:held|holds?|hosts?|hosted|convened?|gave|takes? place|took place|delivered|spoke|speaking|met|meets)\b",
    )
});

/// Where a Chinese text says that an event took place.
static PLACE_ZH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"在(?P<zh>[\u{3400}-\u{9FFF}]{2,10}?)(?:举行|召开|举办|舉行)"));

/// A field of a page that is told outright.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?P<title>title|subject|topic|标题|原标题|主题)|(?P<place>place|location|venue|地点|地點)|(?P<date>date|time|时间|時間|日期))\s*[:：]\s*(?P<value>.+)$",
    )
});

/// How a day stands in the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// On a line of its own.
    Alone,
    /// "held … on May 15"
    Held,
    /// "Published: …", or trailing after the summary's last sentence.
    Published,
    /// Anywhere else.
    Inside,
}

/// Reads the lines `head` of a text; `roster` are those of them that introduce people.
pub(super) fn read(view: &View<'_>, head: Range<usize>, roster: &[usize]) -> Head {
    let paragraphs = paragraphs(view, head, roster);
    let mut found = Head::default();
    let mut days: Vec<(Standing, Day)> = Vec::new();
    let mut titles: Vec<(i32, &str)> = Vec::new();
    for (n, paragraph) in paragraphs.iter().enumerate() {
        if let Some(field) = FIELD.captures(paragraph) {
            let value = field.name("value").map(|m| m.as_str());
            if field.name("title").is_some() {
                found.title = found.title.or_else(|| value.map(str::to_owned));
            } else if field.name("place").is_some() {
                found.place = found.place.or_else(|| value.map(str::to_owned));
            } else {
                days.extend(
                    value.into_iter().flat_map(dates::find).take(1).map(|f| (Standing::Alone, f.day)),
                );
            }
            continue;
        }
        if let Some(day) = dates::alone(paragraph) {
            days.push((Standing::Alone, day));
            continue;
        }
        days.extend(dates::find(paragraph).into_iter().map(|f| (standing(paragraph, &f.range), f.day)));
        if is_furniture(paragraph) || dates::is_time_only(paragraph) {
            continue;
        }
        if found.place.is_none() {
            found.place = place(paragraph);
        }
        let beside_date =
            |n: usize| paragraphs.get(n).is_some_and(|p| dates::alone(p).is_some() || dates::is_time_only(p));
        let by_date = beside_date(n + 1) || n.checked_sub(1).is_some_and(beside_date);
        if by_date && paragraph.contains(", ") && is_place_line(paragraph) {
            found.place.get_or_insert_with(|| paragraph.clone());
            continue;
        }
        let sentence = paragraph.ends_with(['.', '。', '?', '？', '!', '！'])
            || paragraph.contains(". ")
            || paragraph.contains('。');
        let abbreviated = paragraph.ends_with("D.C.") || paragraph.ends_with("U.S.");
        if (!sentence || abbreviated) && columns(paragraph) <= 300 && !is_field(paragraph) {
            let long =
                paragraph.split(' ').count() >= 4 || paragraph.chars().filter(|&c| is_hanzi(c)).count() >= 6;
            let score = if is_headline(paragraph) { 3 } else { 0 } + if long { 2 } else { 0 };
            titles.push((score + i32::from(titles.is_empty()), paragraph));
        }
    }
    // The first of the best: a headline is above its subheading.
    let best = titles.iter().rev().max_by_key(|(score, _)| *score).filter(|(score, _)| *score >= 2);
    found.title = found.title.or_else(|| best.map(|(_, title)| (*title).to_owned()));
    (found.date, found.published) = settle(&days);
    found
}

/// The head's paragraphs, wrapped lines joined, roster left out.
fn paragraphs(view: &View<'_>, head: Range<usize>, roster: &[usize]) -> Vec<String> {
    let lines = &view.lines;
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for n in head.take(MOST_LINES) {
        let hint = view.hint(n);
        if roster.contains(&n) || hint.furniture {
            open = false;
            continue;
        }
        let words = view.words(n);
        let above = n.checked_sub(1).map_or("", |n| view.words(n));
        // A headline in capitals ends where capitals end, and a line that ends with a date is a dateline.
        let dated = dates::find(words).last().is_some_and(|f| f.range.end == words.len());
        let joins = open
            && lines[n].blank_above == 0
            && hint.above != Break::Paragraph
            && !dated
            && is_capitals(above) == is_capitals(words);
        match paragraphs.last_mut() {
            Some(last) if joins => {
                let joined = format!("{last}\n{words}");
                *last = fold(&joined);
            }
            _ => paragraphs.push(fold(words)),
        }
        open = columns(words) >= WRAPPED && !ends_closed(words) && words.len() < 400 && !dated;
    }
    paragraphs
}

fn is_capitals(words: &str) -> bool {
    !words.chars().any(char::is_lowercase)
}

fn standing(paragraph: &str, range: &Range<usize>) -> Standing {
    let (before, after) = (&paragraph[..range.start], &paragraph[range.end..]);
    let ended = before.trim_end().ends_with(['.', '。', '!', '！', '|']) && before.trim_end().len() > 8;
    let trailing =
        after.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() || dates::is_time_only(after);
    let published = PUBLISHED.find_iter(before).last().map(|found| &before[found.end()..]);
    // "For Immediate Release  March 9" stands over what was said that day.
    let at_once = before.to_ascii_lowercase().contains("immediate release");
    let published =
        !at_once && published.is_some_and(|rest| !rest.contains(['.', '。']) && rest.chars().count() <= 24);
    if published || (trailing && ended) {
        Standing::Published
    } else if was_held_on(before) || ["举行", "召开", "举办", "舉行"].iter().any(|held| after.contains(held))
    {
        Standing::Held
    } else {
        Standing::Inside
    }
}

/// The day of the event and the day of publication.
fn settle(days: &[(Standing, Day)]) -> (Option<Date>, Option<Date>) {
    let of = |standing| days.iter().filter(move |(s, _)| *s == standing).map(|(_, day)| *day);
    let published = of(Standing::Published).find_map(Day::full);
    let any = || days.iter().filter_map(|(_, day)| day.full()).max();
    // "on May 15" takes its year from a day that is told in full, of which it is the last such day before.
    let held =
        of(Standing::Held).find_map(|day| day.full().or_else(|| day.not_after(published.or_else(any)?)));
    let alone: Vec<Date> = of(Standing::Alone).filter_map(Day::full).collect();
    let agrees = |date: &&Date| held.is_some_and(|h| (h.month(), h.day()) == (date.month(), date.day()));
    // Of several dates on lines of their own the last one is nearest to what was said.
    let date = alone.iter().find(agrees).or(alone.last()).copied().or(held).or_else(|| {
        let inside: Vec<Date> = of(Standing::Inside).filter_map(Day::full).collect();
        (inside.iter().all(|d| Some(d) == inside.first())).then(|| inside.first().copied()).flatten()
    });
    let later = || alone.iter().copied().find(|other| date.is_some_and(|event| *other > event));
    (date, published.or_else(later))
}

/// Whether `before` says that something was held and ends with `on` or `on Wednesday, `: a date follows.
fn was_held_on(before: &str) -> bool {
    let words = before.trim_end();
    if words.len() == before.len() {
        return false;
    }
    let day = words.rsplit(char::is_whitespace).next().unwrap_or_default();
    let letters = day.strip_suffix(',').unwrap_or(day).to_lowercase();
    let is_day = letters.len() > 3 && letters.ends_with("day") && letters.chars().all(char::is_alphabetic);
    let words = if is_day { words[..words.len() - day.len()].trim_end() } else { words };
    let Some((sentence, on)) = words.len().checked_sub(2).and_then(|at| words.split_at_checked(at)) else {
        return false;
    };
    let sentence = sentence.rsplit('.').next().unwrap_or_default();
    on.eq_ignore_ascii_case("on") && !sentence.ends_with(is_of_word) && HELD.is_match(sentence)
}

/// What a word boundary has on one side only.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the event took place.
///
/// By hand: a pattern that reaches over two hundred characters and then takes capitalised words took longer to
/// compile than to read the file.
fn place(paragraph: &str) -> Option<String> {
    // Few texts need the pattern.
    let zh = paragraph.contains('在').then(|| PLACE_ZH.captures(paragraph)).flatten();
    let zh = zh.and_then(|found| found.name("zh")).map(|zh| (zh.start(), zh.as_str()));
    [place_en(paragraph), zh].into_iter().flatten().min_by_key(|(at, _)| *at).map(|(_, name)| name.to_owned())
}

/// The first place in English, and where it is said that something was held there.
fn place_en(paragraph: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    while let Some(held) = HELD.find_at(paragraph, at) {
        at = held.end();
        if let Some(name) = place_after(&paragraph[at..]) {
            // "in May", "at 3": no places.
            if dates::find(&format!("{} 1", name.split(' ').next()?)).is_empty() {
                return Some((held.start(), name));
            }
        }
    }
    None
}

/// The first name after `in` or `at`, in the same sentence and not too far on.
fn place_after(rest: &str) -> Option<&str> {
    let mut last = ' ';
    for (at, c) in rest.char_indices().take(201) {
        let begins = matches!(c, 'i' | 'a') && !is_of_word(last);
        if let (true, Some(name)) =
            (begins, rest[at..].strip_prefix("in ").or(rest[at..].strip_prefix("at ")))
        {
            let mut end = capitalised_len(name);
            for _ in 0..3 {
                let next = name[end..].strip_prefix(' ').map_or(0, capitalised_len);
                if end == 0 || next == 0 {
                    break;
                }
                end += 1 + next;
            }
            if end > 0 {
                end += if name[end..].starts_with(", D.C.") { ", D.C.".len() } else { 0 };
                return Some(&name[..end]);
            }
        }
        if c == '.' {
            return None;
        }
        last = c;
    }
    None
}

/// Bytes of the capitalised word that `text` begins with.
fn capitalised_len(text: &str) -> usize {
    if !text.starts_with(char::is_uppercase) {
        return 0;
    }
    text.find(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’' | '-')).unwrap_or(text.len())
}

/// A place on a line of its own: `Washington, D.C.`, `Beijing, China`.
fn is_place_line(line: &str) -> bool {
    let names = |text: &str, most| {
        text.split(' ').count() <= most
            && text.split(' ').all(|word| !word.is_empty() && capitalised_len(word) == word.len())
    };
    match line.split_once(", ") {
        Some((place, within)) => names(place, 3) && (within == "D.C." || names(within, 2)),
        None => names(line, 3),
    }
}

/// How many lines at the top of a speech without labels are its head: one title, dates, people, furniture.
pub(super) fn end_of_speech_head(view: &View<'_>) -> usize {
    let lines = &view.lines;
    let mut titled = false;
    for n in 0..lines.len().min(MOST_LINES) {
        let words = view.words(n);
        let known = view.hint(n).furniture
            || view.hint(n).heading
            || is_furniture(words)
            || dates::alone(words).is_some()
            || dates::is_time_only(words)
            || FIELD.is_match(words)
            || super::roster::entry(words).is_some();
        if known {
            continue;
        }
        let titles =
            !titled && !ends_closed(words) && !words.ends_with([',', '，', '、']) && columns(words) <= 200;
        // A wrapped paragraph's first line has no mark at its end either; a title stands apart.
        let apart = lines.get(n + 1).is_none_or(|next| next.blank_above > 0);
        if !(titles && (apart || is_headline(words))) {
            return n;
        }
        titled = true;
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        let view = View::plain(text, 0);
        let all = 0..view.lines.len();
        read(&view, all, &[])
    }

    fn day(y: i16, m: i8, d: i8) -> Option<Date> {
        Date::new(y, m, d).ok()
    }

    #[test]
    fn the_event_and_its_publication() {
        let h = head(
            "« News\n\nPress conference on Linhe's rivers\n\nIn brief\nThe Office (LPO) held a press conference in Linzhou on March 9 about rivers.\u{A0}  April 2, 2031\n\nMarch 9, 2031\n",
        );
        assert_eq!(h.title.as_deref(), Some("Press conference on Linhe's rivers"));
        assert_eq!(h.place.as_deref(), Some("Linzhou"));
        assert_eq!((h.date, h.published), (day(2031, 3, 9), day(2031, 4, 2)));
    }

    #[test]
    fn a_year_from_the_other_date() {
        let h = head("The mayor gave a speech in Linzhou on December 20. January 3, 2031\n");
        assert_eq!((h.date, h.published), (day(2030, 12, 20), day(2031, 1, 3)));
    }

    #[test]
    fn only_published_is_no_event_date() {
        let h = head("Published: March 9, 2031\nRemarks on the budget of the year\n");
        assert_eq!((h.date, h.published), (None, day(2031, 3, 9)));
        assert_eq!(h.title.as_deref(), Some("Remarks on the budget of the year"));
    }

    #[test]
    fn place_and_stamp_lines() {
        let h = head("Daily Briefing\n10/11/2022 07:54 PM EDT\nWashington, D.C.\n2:39 p.m. EDT\n");
        assert_eq!(h.place.as_deref(), Some("Washington, D.C."));
        assert_eq!((h.title.as_deref(), h.date), (Some("Daily Briefing"), day(2022, 10, 11)));
    }

    #[test]
    fn chinese_heads() {
        let h = head(
            "临河省举行水利改革新闻发布会\n发布时间：2031年4月2日\n\n3月9日，省政府新闻办在临州举行新闻发布会。\n",
        );
        assert_eq!(h.title.as_deref(), Some("临河省举行水利改革新闻发布会"));
        assert_eq!(h.place.as_deref(), Some("临州"));
        assert_eq!((h.date, h.published), (day(2031, 3, 9), day(2031, 4, 2)));
        let h = head("时间：2031年3月9日（星期日）上午10时\n地点：临州饭店\n标题：水利\n");
        assert_eq!(
            (h.date, h.place.as_deref(), h.title.as_deref()),
            (day(2031, 3, 9), Some("临州饭店"), Some("水利"))
        );
    }

    #[test]
    fn a_wrapped_title_is_joined() {
        let h = head(
            "Press conference on the efforts of Linhe in pursuing\nclean rivers and safe dams\n\nMarch 9, 2031\n",
        );
        assert_eq!(
            h.title.as_deref(),
            Some("Press conference on the efforts of Linhe in pursuing clean rivers and safe dams")
        );
    }
}
