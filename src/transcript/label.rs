//! The grammar of labels: which openings of lines name a speaker.
//!
//! No list of rules tried one by one: whatever may open a turn is a *candidate* (see [`super::opening`]), all are
//! gathered before any is judged, and each name gets a score from what the whole document shows:
//!
//! - the roster knows it; it recurs; it is a word for a part in the event (`Q`, `MODERATOR`, `记者`); it bears an
//!   honorific or looks like a name; a time or a role stands beside it,
//! - it fits the document's *dominant form*: what parts labels from words (a colon, a full stop, brackets, nothing),
//!   whether they have a line of their own, whether they are bold, and how names are written (`CAPITALS`,
//!   `Capitalised`, hanzi), as the likelier candidates vote; the more paragraphs open that way, the more it counts,
//! - against it: words that open a sentence (`For example`), fields of a page (`Source`), a title's words, being long,
//!   standing where a wrapped line goes on, a mark that is weaker than a colon.
//!
//! A weak mark (a name on its own line, bold, a full stop, brackets) is only believed where its names recur or are
//! known. Names at or above [`ENOUGH`] are speakers, at each of their places. Where running lines hold further labels of
//! those names (`… 谢谢。周岚：…`), they open turns as well. The scores are kept, so they can be explained.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::opening::{Mark, opening, titled};
use super::roster::{Cast, has_office, is_name_zh, key, kind_of, split_honorific};
use super::text::ends_closed;
use super::view::View;
use crate::lang::is_hanzi;

/// The score of a speaker. A full name alone in the dominant form just reaches it; a lone capitalised word does not.
pub(super) const ENOUGH: f32 = 3.5;

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// `MR. PRICE`, `Q`
    Capitals,
    /// `Chen Wenjun`, `Announcer of the House`
    Capitalised,
    /// `周岚`
    Hanzi,
    /// Up to three words with a small one among them: `Announcer offscreen`
    Short,
    /// A piece of a sentence.
    Prose,
}

impl Shape {
    /// What it looks like, for people.
    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Capitals => "names in capitals",
            Self::Capitalised => "capitalised names",
            Self::Hanzi => "names in hanzi",
            Self::Short => "a few words",
            Self::Prose => "words of a sentence",
        }
    }
}

/// How a document marks its turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Form {
    /// What parts the label from the words.
    pub mark: Mark,
    /// The label has its line for itself.
    pub own_line: bool,
    /// The label is bold.
    pub bold: bool,
    /// How names are written.
    pub shape: Shape,
}

/// The beginning of a line that may be a label.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Index of the line.
    pub line: usize,
    /// Where the line's label begins, with whatever stands before the name.
    pub start: usize,
    /// Byte range of the name.
    pub label: Range<usize>,
    /// Where the words after it begin.
    pub rest: usize,
    /// Index of the name.
    pub name: usize,
    form: Form,
}

/// Everything a document shows of one name.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// As first printed.
    pub printed: String,
    /// How often it stands at the beginning of a line.
    pub count: usize,
    /// Places where the line above is broken off.
    mid_sentence: usize,
    /// Places where the words go on in lower case.
    goes_on: usize,
    /// Prose stands above its first place.
    after_prose: bool,
    own_line: usize,
    bold: usize,
    stamped: usize,
    /// A dash follows the full stop.
    dashed: bool,
    /// The words of its first place end without a mark, and a blank line follows.
    headline: bool,
    shape: Shape,
    mark: Mark,
    /// What speaks for it and against it, together.
    pub score: f32,
}

impl Name {
    fn new(printed: &str, mark: Mark, after_prose: bool) -> Self {
        Self {
            printed: printed.to_owned(),
            count: 0,
            mid_sentence: 0,
            goes_on: 0,
            after_prose,
            own_line: 0,
            bold: 0,
            stamped: 0,
            dashed: false,
            headline: false,
            shape: shape(printed),
            mark,
            score: 0.0,
        }
    }

    /// Whether something beside its looks shows that it is a label.
    fn is_sure(&self, cast: &Cast) -> bool {
        let label = self.printed.as_str();
        let one_word =
            label.chars().filter(|c| c.is_whitespace()).count() == 0 && !label.chars().any(is_hanzi);
        // `Added` ten times is a heading; a lone word on a line of its own must be set as a name.
        let set = self.bold > 0 || self.shape == Shape::Capitals;
        (self.count >= 2 && !(one_word && self.mark == Mark::Line && !set))
            || self.stamped > 0
            || cast.find(label).is_some()
            || PART.is_match(label)
            || titled(label).is_some_and(|(_, role)| has_office(role))
    }
}

/// All candidates of a document, judged.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// In the order of the document.
    pub candidates: Vec<Candidate>,
    /// In order of first appearance.
    pub names: Vec<Name>,
    /// The form that most likely labels have, and how many of them.
    pub dominant: Option<(Form, usize)>,
}

impl Labels {
    /// Gathers the candidates of a text: all that may open a turn, or what `asked` matches.
    pub(super) fn gather(view: &View<'_>, asked: Option<&Regex>) -> Self {
        let mut labels = Self::default();
        let mut known: HashMap<(Vec<String>, Mark), usize> = HashMap::new();
        // Most labels come again letter by letter; only new ones are taken apart.
        let mut seen_as: HashMap<(&str, Mark), usize> = HashMap::new();
        let mut prose = false;
        for (n, line) in view.lines.iter().enumerate() {
            let words = &view.text[line.words.clone()];
            let hint = view.hint(n);
            let found = match asked {
                Some(pattern) => matched(pattern, words),
                None => opening(words, hint.bold as usize),
            };
            let Some(found) = found.filter(|_| !hint.furniture) else {
                prose |= words.len() > 90 && ends_closed(words);
                continue;
            };
            let own_line = words[found.rest..].trim().is_empty();
            // A line of its own needs room above, or a format that says that it is set apart.
            let apart = found.stamped
                || hint.named
                || hint.bold > 0
                || line.blank_above > 0
                || n == 0
                || hint.above == super::view::Break::Paragraph;
            if found.mark == Mark::Line && (!apart || n + 1 == view.lines.len()) {
                continue;
            }
            let printed = &words[found.label.clone()];
            let name = *seen_as.entry((printed, found.mark)).or_insert_with(|| {
                *known.entry((key(printed), found.mark)).or_insert_with(|| {
                    labels.names.push(Name::new(printed, found.mark, prose));
                    labels.names.len() - 1
                })
            });
            let seen = &mut labels.names[name];
            let set_apart = view.lines.get(n + 1).is_some_and(|below| below.blank_above > 0);
            seen.headline |=
                seen.count == 0 && !own_line && set_apart && !ends_closed(words) && !view.is_timed();
            let bold = hint.bold > 0;
            seen.count += 1;
            seen.own_line += usize::from(own_line);
            seen.bold += usize::from(bold);
            seen.stamped += usize::from(found.stamped || hint.named);
            seen.dashed |= found.mark == Mark::Stop && words[..found.rest].ends_with(['–', '—', '-']);
            seen.goes_on += usize::from(words[found.rest..].trim_start().starts_with(char::is_lowercase));
            let above = n.checked_sub(1).map(|n| view.words(n));
            // A heading has no full stop either; only a line long enough to be wrapped is broken off.
            let broken = |above: &str| above.len() > 30 && !ends_closed(above);
            let joins =
                line.blank_above == 0 && hint.above != super::view::Break::Paragraph && !view.is_timed();
            seen.mid_sentence += usize::from(joins && above.is_some_and(broken));
            let start = line.words.start;
            labels.candidates.push(Candidate {
                line: n,
                start,
                label: start + found.label.start..start + found.label.end,
                rest: start + found.rest,
                name,
                form: Form { mark: found.mark, own_line, bold, shape: seen.shape },
            });
            prose |= words.len() > 90 && seen.shape == Shape::Prose && ends_closed(words);
        }
        labels
    }

    /// Scores every name.
    pub(super) fn judge(&mut self, cast: &Cast, paragraphs: usize) {
        for name in &mut self.names {
            name.score = alone(name, cast);
        }
        self.believe(cast);
        let votes = self.votes();
        let Some(&(dominant, most)) = votes.iter().max_by_key(|(_, count)| *count) else { return };
        self.dominant = Some((dominant, most));
        // Where nearly each paragraph opens with a label, what opens one is a label.
        let everywhere = paragraphs >= 3 && most * 10 >= paragraphs * 9;
        for name in &mut self.names {
            let shape = if name.shape == Shape::Short { Shape::Capitalised } else { name.shape };
            let form = Form {
                mark: name.mark,
                own_line: name.own_line * 2 > name.count,
                bold: name.bold * 2 > name.count,
                shape,
            };
            if form == dominant {
                name.score += match most {
                    0 | 1 => 1.0,
                    2 => 2.0,
                    _ => 3.0,
                };
                name.score += if everywhere { 2.0 } else { 0.0 };
            } else if votes.iter().any(|&(f, count)| f == form && count >= 2) {
                // A document may mark turns in two ways.
                name.score += 1.0;
            } else if (Form { shape: dominant.shape, ..form }) == dominant && most >= 2 {
                name.score += if everywhere { 2.0 } else { 1.0 };
            }
            // Few documents mark turns in two ways but for `Q`, and none sets some labels in bold.
            let strange = form.mark != dominant.mark && !matches!(form.mark, Mark::Letter | Mark::Asked);
            let plain = dominant.bold && !form.bold && form.mark == Mark::Colon;
            if most >= 3 && (strange || plain) {
                name.score -= match (form.mark, dominant.mark) {
                    // After `Q` and `A` names with a colon are as good as ever.
                    (Mark::Colon, Mark::Letter) => 0.0,
                    (Mark::Colon, _) => 1.5,
                    _ => 2.5,
                };
            }
        }
        self.doubt_headings(cast);
        self.doubt_headline(cast);
    }

    /// A first line with a colon that ends like a headline is one, where others recur: `Episode 12: The dam`.
    fn doubt_headline(&mut self, cast: &Cast) {
        let recurs = self.names.iter().any(|name| name.count >= 2 && name.score >= ENOUGH);
        let Some(first) = self.candidates.first().filter(|first| first.line == 0 && recurs) else { return };
        let name = &mut self.names[first.name];
        let alone = name.count == 1 && !PART.is_match(&name.printed) && cast.find(&name.printed).is_none();
        if alone && name.headline {
            name.score -= 8.0;
        }
    }

    /// Takes a weak mark for none at all, unless its names recur or are known.
    fn believe(&mut self, cast: &Cast) {
        for mark in Mark::ALL {
            let of = || self.names.iter().filter(|name| name.mark == mark && name.score >= 1.0);
            let all: usize = of().map(|name| name.count).sum();
            let sure: usize = of().filter(|name| name.is_sure(cast)).map(|name| name.count).sum();
            let several = of().filter(|name| name.is_sure(cast)).count() >= 2;
            let believed = match mark {
                Mark::Colon | Mark::Asked => true,
                // A lone `Q` is somebody's initial.
                Mark::Letter => {
                    all >= 2
                        || self.names.iter().any(|n| n.mark == Mark::Colon && n.count >= 2 && n.score >= 1.0)
                }
                Mark::Stop | Mark::Bracket | Mark::Bullet => all >= 2 && sure >= 1,
                Mark::Bold => all >= 2 && sure * 2 >= all,
                Mark::Line => all >= 3 && several && sure * 3 >= all * 2,
            };
            if !believed {
                self.names.iter_mut().filter(|name| name.mark == mark).for_each(|name| name.score -= 8.0);
            }
        }
    }

    /// A few lines far down in an essay are headings or rhetoric rather than its only speakers: where prose stands above
    /// the first of them, something must be sure: a label that recurs, or somebody of the roster.
    fn doubt_headings(&mut self, cast: &Cast) {
        let first = self.candidates.iter().find(|c| self.is_speaker(c)).map(|c| &self.names[c.name]);
        let sure =
            |name: &Name| name.score >= ENOUGH && (name.count > 1 || cast.find(&name.printed).is_some());
        if first.is_some_and(|first| first.after_prose) && !self.names.iter().any(sure) {
            for name in &mut self.names {
                name.score -= 2.0;
            }
        }
    }

    /// The forms that likely labels have, and how many have each.
    fn votes(&self) -> Vec<(Form, usize)> {
        let mut votes: Vec<(Form, usize)> = Vec::new();
        for candidate in self.candidates.iter().filter(|c| self.names[c.name].score >= 1.0) {
            match votes.iter_mut().find(|(form, _)| *form == candidate.form) {
                Some((_, count)) => *count += 1,
                None => votes.push((candidate.form, 1)),
            }
        }
        votes
    }

    /// Finds labels of speakers inside running lines, after the end of a sentence: `… 谢谢。周岚：…`.
    ///
    /// A document that is hardly broken into lines may have all of its labels there; then a name must come twice.
    pub(super) fn find_inside(&mut self, view: &View<'_>, cast: &Cast) {
        let running = view.text.len() > 400 && view.text.len() / view.lines.len().max(1) > 700;
        let mut by_label: HashMap<&str, usize> = HashMap::new();
        for candidate in self.candidates.iter().filter(|c| self.is_speaker(c) && c.form.mark == Mark::Colon) {
            by_label.insert(&view.text[candidate.label.clone()], candidate.name);
        }
        if by_label.is_empty() && !running {
            return;
        }
        let mut places: Vec<(usize, Range<usize>, usize)> = Vec::new();
        let mut begun = self.candidates.iter().peekable();
        for (n, line) in view.lines.iter().enumerate() {
            while begun.next_if(|c| c.line < n).is_some() {}
            let own = begun.peek().filter(|c| c.line == n && self.is_speaker(c));
            let from = own.map_or(0, |c| c.rest - line.words.start);
            let words = &view.text[line.words.clone()];
            for (label, rest) in inside(words, from) {
                places.push((
                    n,
                    label.start + line.words.start..label.end + line.words.start,
                    rest + line.words.start,
                ));
            }
        }
        if running {
            let mut count: HashMap<&str, usize> = HashMap::new();
            for (_, label, _) in &places {
                *count.entry(&view.text[label.clone()]).or_default() += 1;
            }
            let mut new: Vec<(&str, usize)> = count.into_iter().filter(|(_, n)| *n >= 2).collect();
            new.sort_unstable();
            for (label, count) in new {
                if by_label.contains_key(label) {
                    continue;
                }
                let mut name = Name::new(label, Mark::Colon, false);
                name.count = count;
                name.score = alone(&name, cast) + 1.0;
                if name.score >= ENOUGH {
                    by_label.insert(label, self.names.len());
                    self.names.push(name);
                }
            }
        }
        let form = |name: &Name| Form { mark: Mark::Colon, own_line: false, bold: false, shape: name.shape };
        for (line, label, rest) in places {
            if let Some(&name) = by_label.get(&view.text[label.clone()]) {
                let form = form(&self.names[name]);
                self.candidates.push(Candidate { line, start: label.start, label, rest, name, form });
            }
        }
        self.candidates.sort_by_key(|c| c.start);
        // A running line may open with a name that only its places inside it have shown to be one.
    }

    /// Takes the candidates of lines that turned out to be something else.
    pub(super) fn strike(&mut self, lines: &[usize]) {
        self.candidates.retain(|candidate| {
            let struck = lines.contains(&candidate.line);
            self.names[candidate.name].count -= usize::from(struck);
            !struck
        });
    }

    /// Takes the candidates of a line and of all below it.
    pub(super) fn strike_from(&mut self, line: usize) {
        let from = self.candidates.partition_point(|candidate| candidate.line < line);
        for candidate in self.candidates.drain(from..) {
            self.names[candidate.name].count -= 1;
        }
    }

    /// Before anything is judged: whether a candidate's label comes again and looks like a name.
    pub(super) fn may_speak(&self, candidate: &Candidate) -> bool {
        let name = &self.names[candidate.name];
        name.count >= 2 && name.shape != Shape::Prose && !FIELD.is_match(&name.printed)
    }

    /// Whether a candidate is a whole line without a mark.
    pub(super) fn is_line(&self, candidate: &Candidate) -> bool {
        candidate.form.mark == Mark::Line
    }

    /// Whether a candidate's label comes again.
    pub(super) fn comes_again(&self, candidate: &Candidate) -> bool {
        self.names[candidate.name].count >= 2
    }

    /// What parts a candidate from its words.
    pub(super) fn mark(&self, candidate: &Candidate) -> Mark {
        candidate.form.mark
    }

    /// Whether a candidate names a speaker.
    pub(super) fn is_speaker(&self, candidate: &Candidate) -> bool {
        self.names[candidate.name].score >= ENOUGH
    }
}

/// What stands between the end of a sentence and a colon, from byte `from` of a line on, with where the words go on.
fn inside(words: &str, from: usize) -> Vec<(Range<usize>, usize)> {
    let bytes = words.as_bytes();
    let wide = memchr::memmem::Finder::new("：");
    let mut found = Vec::new();
    let mut at = from;
    // Each kind of colon is sought once over the line.
    let (mut next_ascii, mut next_wide) = (None, None);
    while at < bytes.len() {
        let ascii = match next_ascii {
            Some(n) if n >= at => n,
            _ => memchr::memchr(b':', &bytes[at..]).map_or(bytes.len(), |n| at + n),
        };
        next_ascii = Some(ascii);
        let wide_at = match next_wide {
            Some(n) if n >= at => n,
            _ => wide.find(&bytes[at..]).map_or(bytes.len(), |n| at + n),
        };
        next_wide = Some(wide_at);
        let colon = ascii.min(wide_at);
        if colon >= bytes.len() {
            break;
        }
        let rest = colon + if ascii < wide_at { 1 } else { 3 };
        let mut start = colon.saturating_sub(90).max(at);
        while !words.is_char_boundary(start) {
            start += 1;
        }
        let before = &words[start..colon];
        let ends = |c: char| {
            matches!(
                c,
                '。' | '！'
                    | '？'
                    | '.'
                    | '!'
                    | '?'
                    | '”'
                    | '"'
                    | ')'
                    | '）'
                    | ']'
                    | '】'
                    | '…'
                    | '\u{3000}'
                    | '—'
            )
        };
        // The full stop of `Mr.` ends nothing.
        let mut cut = before.char_indices().rev().filter(|(_, c)| ends(*c)).map(|(n, c)| n + c.len_utf8());
        let after = cut.find(|&n| {
            let sentence = before[..n].trim_end();
            !["Mr.", "Ms.", "Mrs.", "Dr.", "MR.", "MS.", "MRS.", "DR."].iter().any(|h| sentence.ends_with(h))
        });
        if let Some(after) = after {
            let label = before[after..].trim();
            if !label.is_empty() {
                let begin = start + after + (before[after..].len() - before[after..].trim_start().len());
                found.push((begin..begin + label.len(), rest));
            }
        }
        at = rest;
    }
    found
}

/// Words that a name of several may have in lower case.
const SMALL: [&str; 22] = [
    "of", "the", "and", "for", "de", "del", "la", "le", "van", "von", "der", "den", "du", "da", "di", "dos",
    "bin", "bint", "al", "el", "pro", "tempore",
];

fn shape(label: &str) -> Shape {
    if label.contains(['!', '?', ';', '"', '“', '”', '。', '！', '？', '；', '，', '《', '…'])
        && !label.starts_with('"')
    {
        return Shape::Prose;
    }
    let hanzi = label.chars().filter(|&c| is_hanzi(c)).count();
    if hanzi > 0 {
        let says = [
            "说", "說", "表示", "指出", "强调", "強調", "认为", "介绍", "称", "如下", "包括", "是", "为",
            "到",
        ];
        return if hanzi <= 14 && !says.iter().any(|s| label.ends_with(s)) {
            Shape::Hanzi
        } else {
            Shape::Prose
        };
    }
    // `Zhou Lan, governor of Linhe province`: the name decides.
    let name = titled(label).map_or(label, |(name, _)| name);
    if label.contains(',') && name.len() < label.len() && name.split_whitespace().count() < 2 {
        return Shape::Prose;
    }
    // `Ms NGO (Linhe—Minister)`
    let name = name
        .split_once(['(', '（'])
        .map(|(name, _)| name.trim_end())
        .filter(|n| !n.is_empty())
        .unwrap_or(name);
    let words: Vec<&str> = name
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .collect();
    let capital =
        |w: &&&str| w.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || !c.is_lowercase());
    if !name.chars().any(char::is_lowercase) {
        return if words.len() <= 8 { Shape::Capitals } else { Shape::Prose };
    }
    // A full stop within ends a sentence, unless the word before it is an initial or an honorific.
    let stops = name.split_whitespace().rev().skip(1).any(|w| w.ends_with('.') && w.len() > 5);
    let opens = words.first().is_some_and(|w| capital(&w));
    if stops || !opens || words.len() > 8 {
        return Shape::Prose;
    }
    let big = words.iter().filter(capital).count();
    let small = words.iter().filter(|w| SMALL.contains(w)).count();
    if big + small == words.len() {
        Shape::Capitalised
    } else if words.len() <= 3 {
        Shape::Short
    } else {
        Shape::Prose
    }
}

/// What a person's own pattern finds: its first group is the name, else all of it; the words follow the match.
fn matched(pattern: &Regex, words: &str) -> Option<super::opening::Opening> {
    let found = pattern.captures(words)?;
    let all = found.get(0).filter(|all| all.start() == 0 && !all.is_empty())?;
    let name = found.name("name").or_else(|| found.get(1)).unwrap_or(all);
    let printed = name.as_str().trim();
    let start = name.start() + name.as_str().find(printed)?;
    let end = start + printed.trim_end_matches([':', '：']).trim_end().len();
    (end > start).then_some(super::opening::Opening {
        label: start..end,
        rest: all.end(),
        mark: Mark::Asked,
        stamped: false,
    })
}

/// Words for a part in the event.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:the\s+)?[\[(【（]?(?:q|a|question(?:er)?|answer|reporter|journalist|moderator|host|interviewer|interpreter|translator|operator|speaker(?:[\s_]+[a-z])?|spokes(?:person|man|woman)|interviewee|caller|clerk|court|witness|chair(?:man|woman|person)?|panel(?:l)?ist|multiple speakers|president|audience(?: member)?|participant|press|unidentified\b.*|unknown\b.*|(?:male|female) (?:voice|speaker)|voice|announcer|presiding officer|narrator|[\p{L}\s.&-]* (?:reporter|correspondent))(?:[\s_]*#?[0-9]+)?[\])】）]?\.?$|^(?:大臣|副大臣|長官|総理|総裁|議長|委員長|会長|知事|市長|司会|質問|質問者|回答|問い|事務局|报幕|解说|旁白|问|答|問|主持人?|发言人|發言人|翻译|提问|.*(?:记者|記者|电视台|日报|晚报|新闻社|新华社|社记者|报记者))\s*[0-9]*$",
    )
});

/// Words that open a sentence and no name.
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:also|for|and|but|or|our|this|that|these|those|here|there|because|therefore|however|as|if|when|where|what|why|how|who|which|first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|finally|last(?:ly)?|next|then|now|another|remember|again|yes|no|well|it|we|i|i'm|my|with|from|such|like|among|example|including|namely|specifically|following|one|two|three|four|five|six|seven|ten|let|dear|my|on)\b|^(?:例如|比如|譬如|一是|二是|三是|四是|五是|首先|其次|再次|最后|第[一二三四五六七八九十]|对此|其中|同时|此外|另外|因此|所以|我们|大家|各位|请问|想问|以下|下面|具体)",
    )
});

/// Fields of a page.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:(?:company|conference call|call|corporate) participants|prepared remarks|questions? (?:and|&) answers?|q ?& ?a|presentation|executives|analysts|table of contents|contents|notes?|sources?|date|time|place|location|venue|subject|title|topic|theme|photos?|caption|credit|editors?|tel|phone|e-?mail|fax|contact|web(?:site)?|url|https?|speakers|participants|attendees|agenda|summary|keywords?|tags?|published|updated|posted|transcript|warning|ps|p\.s|nb|n\.b|duration|language|file|re|cc|to|from|address|by|in|event|link|copyright|part(?:icipants)?|episode|season|lesson|volume|issue|chapter|section|figure|table|chart|press contact|media contact|for immediate release)\b[^:]{0,20}$|^(?:来源|时间|時間|地点|地點|日期|标题|标题|原标题|編輯|编辑|责任编辑|责编|图片|摄影|发布时间|发布日期|主题|出席|出席嘉宾|出席人员|参加人员|人员|名单|注|备注|附|附件|电话|邮箱|网址|关键词|内容|摘要|字号|打印|发布人|主讲人|介绍人|嘉宾名单|作者|校对)$",
    )
});

/// Headings of notes, manuals, recipes and records of changes: nobody is called so, however often they come.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:added|fixed|fix(?:es)?|changed|changes?|removed|deprecated|security|improved|improvements?|breaking(?: changes?)?|new|features?|feat|bug ?fix(?:es)?|bugs?|docs?|documentation|perf(?:ormance)?|misc|chore|refactor(?:ed|ing)?|tests?|build|ci|usage|install(?:ation)?|licen[cs]e|options?|examples?|requirements?|prerequisites|contributing|status|version|description|name|default|type|returns?|param(?:eter)?s?|arguments?|args|input|output|path|required|optional|see(?: also)?|todo|fixme|tips?|important|caution|danger|info|debug|error|warn|port|user|password|memory|speed|limits?|size|format|method|ingredients|serves|yield|step [0-9]+|claim|verdict|rating|present|apologies|absent|actions?(?: items?)?|decisions?|pros|cons|price|weight|colou?r|material|background|goals?|results?|conclusions?|problems?|solutions?|reasons?|hint|help|steps|expected|actual|environment|severity|priority|assignee|reporter email)$",
    )
});

/// Words of a headline.
static HEADLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?i-u:conference|briefing|remarks|interview|hearing|statement|summit|debate|speech|address|meeting|forum|symposium|transcript|report|efforts|update)\b|发布会|記者會|记者会|新闻|讲话|实录|会议|专访|訪談|访谈|对话|對話",
    )
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the patterns are constant and tested")
}

/// Whether a line is a field of the page, or the name of one of its parts.
pub(super) fn is_field(line: &str) -> bool {
    FIELD.is_match(line.trim_end_matches([':', '：']))
}

/// Whether a line has the words of a headline.
pub(super) fn is_headline(line: &str) -> bool {
    HEADLINE.is_match(line)
}

/// What a name scores before the document's form is known.
fn alone(name: &Name, cast: &Cast) -> f32 {
    let label = name.printed.as_str();
    let (honorific, bare) = split_honorific(label);
    let words = titled(bare).map_or(bare, |(name, _)| name).split_whitespace().count();
    let known = cast.find(label).is_some();
    let kind = kind_of(label);
    let part = PART.is_match(label) || matches!(kind, Kind::Group | Kind::Role);
    let outlet = is_outlet_zh(label);
    let mut score = match name.count {
        0 | 1 => 0.0,
        2 => 1.5,
        3 => 2.0,
        _ => 3.0,
    };
    score += match name.shape {
        Shape::Capitals => 1.0,
        // A full name: two to four words.
        Shape::Capitalised if (2..=4).contains(&words) => 2.5,
        Shape::Capitalised => 1.0,
        Shape::Hanzi if is_name_zh(&label.replace(char::is_whitespace, "")) => 2.5,
        Shape::Hanzi if label.chars().count() <= 4 || has_office(label) || outlet => 1.0,
        Shape::Hanzi => 0.0,
        Shape::Short => -1.0,
        Shape::Prose => -4.0,
    };
    let opens = OPENS.is_match(label) && !known;
    let field = FIELD.is_match(label) && !part;
    let checks = [
        (known, 5.0),
        (part, 2.0),
        (honorific.is_some() && words <= 4, 1.5),
        (opens, -5.0),
        (name.stamped > 0, 2.0),
        (titled(label).is_some_and(|(_, role)| has_office(role)), 1.0),
        (name.mark == Mark::Asked, 9.0),
        (name.mark == Mark::Letter, 0.5),
        (kind == Kind::Outlet && !label.chars().any(is_hanzi), 2.0),
        (matches!(name.mark, Mark::Bullet | Mark::Bracket), 1.0),
        (matches!(name.mark, Mark::Stop) && !name.dashed, -1.0),
        (matches!(name.mark, Mark::Line), -2.0),
        (matches!(name.mark, Mark::Line) && name.bold * 2 > name.count, 1.5),
        // A page has each of its fields once or twice; `CC:` forty times is somebody.
        (HEADING.is_match(label) && !known, -7.0),
        (field && name.count < 5, -6.0),
        (field && name.count >= 5, -2.0),
        // 中国新闻社记者 asks; it is no headline for the 新闻 in its name.
        (HEADLINE.is_match(label) && !known && !part && !outlet, -4.0),
        (label.len() > 60 && !known, -2.0),
        (name.mid_sentence * 2 > name.count, -3.0),
        // What a single word announces in lower case is an entry rather than speech.
        (name.goes_on * 2 > name.count, if words == 1 { -2.5 } else { -1.5 }),
    ];
    score += checks.iter().filter(|(holds, _)| *holds).map(|(_, value)| value).sum::<f32>();
    score
}

/// Whether a label is a newspaper, a station or an agency, as those who ask are often called: 北方纪事报, 澎湃新闻.
pub(super) fn is_outlet_zh(label: &str) -> bool {
    const ENDS: [&str; 16] = [
        "报", "報", "社", "台", "臺", "网", "網", "卫视", "央视", "广播", "电视", "周刊", "杂志", "频道",
        "财经", "报道",
    ];
    // A title may end in 新闻 as well, but not so short a one.
    let short = label.ends_with("新闻") && label.chars().count() <= 6;
    label.chars().any(is_hanzi) && (short || ENDS.iter().any(|end| label.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::super::roster::entry;
    use super::*;

    fn speakers(text: &str, roster: &[&str]) -> Vec<String> {
        let mut cast = Cast::default();
        for line in roster {
            cast.add(entry(line).unwrap().person);
        }
        let view = View::plain(text, 0);
        let mut labels = Labels::gather(&view, None);
        labels.judge(&cast, view.lines.len());
        let all = labels.candidates.iter().filter(|c| labels.is_speaker(c));
        all.map(|c| text[c.label.clone()].to_owned()).collect()
    }

    #[test]
    fn known_to_the_roster() {
        let text = "Also present at today's press conference are: Mr. Wu\nZhou Lan:\nFor example: rivers.\nThe following was done:\n";
        assert_eq!(speakers(text, &["Ms. Zhou Lan, governor"]), ["Zhou Lan"]);
    }

    #[test]
    fn recurring_and_fitting() {
        let text = "Ann Lee: One.\nBob Ray: Two.\nAnn Lee: The question is: what?\nNote: three.\nVoice offstage: Four.\n";
        assert_eq!(speakers(text, &[]), ["Ann Lee", "Bob Ray", "Ann Lee"]);
        let text = "MR LEE: One.\nQUESTION: Two.\nAs we've said, there is one thing: it.\nMR LEE: Three.\nThese are their words: no.\n";
        assert_eq!(speakers(text, &[]), ["MR LEE", "QUESTION", "MR LEE"]);
    }

    #[test]
    fn a_broken_line_goes_on() {
        let text = "Ann Lee: We met the leaders of the three\nBaltic Countries: Estonia and so on, and then it went on\nin Three Places: here.\nBob Ray: Yes.\nAnn Lee: No.\n";
        assert_eq!(speakers(text, &[]), ["Ann Lee", "Bob Ray", "Ann Lee"]);
    }

    #[test]
    fn chinese_labels() {
        let text = "周岚：大家好。\n记者：请问：有何举措？\n周岚:谢谢。\n例如：修河。\n他表示：很好。\n来源：网站\n临河日报记者：再问。\n";
        assert_eq!(speakers(text, &[]), ["周岚", "记者", "周岚", "临河日报记者"]);
    }

    #[test]
    fn chinese_outlets_that_ask_once() {
        let text = "周岚：\n大家好。\n北方纪事报：\n学校会关吗？\n何静：\n不会。\n中国新闻社记者：\n为什么？\n澎湃新闻：\n多久？\n\
                    云泽新闻发布会：\n好。\n具体安排如下：\n好。\n";
        let roster = ["周岚 临河省省长", "何静 临河省教育厅厅长"];
        assert_eq!(speakers(text, &roster), ["周岚", "北方纪事报", "何静", "中国新闻社记者", "澎湃新闻"]);
    }

    #[test]
    fn an_essay_has_no_speakers() {
        let prose = "It was a long winter in the valley, and the river did not freeze until the first days of the new year.\n";
        assert_eq!(
            speakers(&format!("{prose}Weather: sunny.\nGreen Energy: more of it.\n{prose}"), &[]),
            [""; 0]
        );
        let asked = format!("{prose}Question: who will pay?\nAnswer: not us.\n");
        assert_eq!(speakers(&asked, &[]), [""; 0]);
        assert_eq!(speakers("http://a.b\nTime 10:30\nWeather: sunny\n", &[]), [""; 0]);
    }

    #[test]
    fn records_of_changes_and_manuals_have_no_speakers() {
        let changes = "- Added: a new flag `--speakers`.\n- Fixed: crash when the input is empty.\n- Changed: the size.\n\n1.2.0\n\n\
                       - Added: reading of files.\n- Fixed: names with accents.\n- Removed: the old option.\n";
        assert_eq!(speakers(changes, &[]), [""; 0]);
        let manual =
            "Usage: widget FILE\nOptions: see below.\nUsage: widget --help\nLicense: MIT\nOptions: none.\n";
        assert_eq!(speakers(manual, &[]), [""; 0]);
    }

    #[test]
    fn a_headline_with_a_colon() {
        let text = "The Dam: An Evening\n\nHanna: It leaks.\nPeter: It does.\nHanna: Since when?\n";
        assert_eq!(speakers(text, &[]), ["Hanna", "Peter", "Hanna"]);
        let text =
            "对话欧林：坝要修好\n\n问：坝什么时候修好？\n答：2034年修好。\n问：花多少钱？\n答：三亿。\n";
        assert_eq!(speakers(text, &[]), ["问", "答", "问", "答"]);
    }

    #[test]
    fn a_lone_full_name() {
        assert_eq!(speakers("Ann Lee: We are glad.\nVery glad.\n", &[]), ["Ann Lee"]);
    }
}
