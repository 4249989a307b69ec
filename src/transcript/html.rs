//! Web pages, whole or in part. `html5gum` splits them by the rules of the standard and tells where each tag stands.
//!
//! What counts is blocks: each is a line or several, `<br>` ends one. Scripts, styles, forms and navigation hold no
//! words of the document, nor do elements whose class or id says that they are the page's. Lines remember the block
//! that holds them: what stands outside the block of all labels is the page's too (see [`super::conference`]).

use std::collections::HashMap;
use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Span, StartTag, Token, Tokenizer};

use super::format::Input;
use super::text::fold;
use super::view::{Break, Builder, View};

/// Elements whose content is never words of the document.
const SILENT: [&str; 16] = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "button",
    "textarea", "audio", "video", "canvas", "map", "datalist",
];

/// Elements that are the page's.
const FURNITURE: [&str; 5] = ["nav", "footer", "aside", "form", "dialog"];

/// Elements that hold blocks.
const BLOCKS: [&str; 26] = [
    "body",
    "main",
    "article",
    "section",
    "div",
    "header",
    "footer",
    "nav",
    "aside",
    "form",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "ul",
    "ol",
    "dl",
    "blockquote",
    "figure",
    "details",
    "fieldset",
    "center",
    "dialog",
    "hgroup",
];

/// Elements that are one paragraph.
const PARAGRAPHS: [&str; 16] = [
    "p",
    "li",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figcaption",
    "caption",
    "summary",
    "address",
    "option",
    "legend",
];

/// Words in a class or an id that make an element the page's.
const PAGE_WORDS: [&str; 34] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "breadcrumb",
    "breadcrumbs",
    "crumbs",
    "sidebar",
    "footer",
    "share",
    "sharing",
    "social",
    "related",
    "recommend",
    "recommended",
    "cookie",
    "cookies",
    "advert",
    "advertisement",
    "ads",
    "promo",
    "newsletter",
    "subscribe",
    "comments",
    "pagination",
    "pager",
    "toolbar",
    "skip",
    "search",
    "login",
    "copyright",
    "hidden",
    "masthead",
    "banner",
];

/// Words in a class that make an element the name of somebody who speaks.
const SPEAKER_WORDS: [&str; 9] = [
    "speaker",
    "speakername",
    "speaker-name",
    "talker",
    "attributed",
    "member-name",
    "membername",
    "contributor",
    "who",
];

/// Looks like a web page or a piece of one.
pub(super) fn is_html(text: &str) -> bool {
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text[..end].trim_start().trim_start_matches('\u{FEFF}').to_ascii_lowercase();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return true;
    }
    if head.starts_with("<?xml") {
        return head.contains("<html") || head.contains("<!doctype html");
    }
    const TAGS: [&str; 14] = [
        "<p>", "<p ", "<br", "<div", "<body", "<h1", "<h2", "<span", "<pre", "<table", "<article", "<dl",
        "<main", "<ul",
    ];
    let opens =
        TAGS.iter().any(|tag| head.starts_with(tag)) || head.starts_with("<!--") || head.starts_with("<head");
    let count: usize =
        ["<p>", "<p ", "<br", "</p>", "</div>"].iter().map(|tag| head.matches(tag).count()).sum();
    opens && (count >= 1 || head.contains("</")) || count >= 4
}

/// Turns a page into lines.
pub(super) fn view(input: &Input<'_>) -> View<'static> {
    let mut b = Builder::new(input.text, input.base);
    feed(&mut b, input.text, 0..input.text.len());
    b.finish()
}

/// An element that is open and holds blocks, or is left out.
struct Open {
    name: String,
    block: u32,
    furniture: bool,
}

struct Page<'b, 's> {
    b: &'b mut Builder<'s>,
    source: &'s str,
    open: Vec<Open>,
    /// How many of each name are open, so that a stray end tag is known at once.
    count: HashMap<String, usize>,
    /// The silent element that is open, and how many of its kind.
    silent: Option<(String, usize)>,
    pre: usize,
    bold: bool,
    /// An element for a speaker's name is open, and nothing is in it yet.
    named: bool,
    title: Option<Range<usize>>,
}

/// Adds the lines of a piece of HTML to a view.
pub(super) fn feed<'s>(b: &mut Builder<'s>, source: &'s str, range: Range<usize>) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let piece = &source[range.clone()];
    let whole = range.start == 0 && range.end == source.len();
    let mut page = Page {
        b,
        source,
        open: Vec::new(),
        count: HashMap::new(),
        silent: None,
        pre: 0,
        bold: false,
        named: false,
        title: None,
    };
    let mut at = range.start;
    for token in Tokenizer::new_with_emitter(piece, emitter) {
        let Ok(token) = token;
        let span: Span<usize> = match &token {
            Token::StartTag(tag) => tag.span,
            Token::EndTag(tag) => tag.span,
            Token::Comment(comment) => comment.span,
            Token::Doctype(doctype) => doctype.span,
            Token::String(_) | Token::Error(_) => continue,
        };
        let (start, end) = tag_range(source, range.start + span.start, range.start + span.end, range.end);
        if start >= at {
            page.text(at..start);
        }
        at = at.max(end);
        match token {
            Token::StartTag(tag) => page.start(&tag, end),
            Token::EndTag(tag) => page.end(&name_of(&tag.name), start),
            _ => {}
        }
    }
    page.text(at..range.end);
    if whole {
        page.b.end_line(Break::Paragraph);
    }
}

/// A tag from its `<` to its `>`, at whole characters.
fn tag_range(source: &str, start: usize, end: usize, most: usize) -> (usize, usize) {
    let bytes = source.as_bytes();
    let (mut start, mut end) = (start.min(most), end.min(most));
    while start > 0
        && bytes.get(start) != Some(&b'<')
        && start + 3 > end.min(start + 3)
        && !source.is_char_boundary(start)
    {
        start -= 1;
    }
    while end < most && !source.is_char_boundary(end) {
        end += 1;
    }
    (start, end.max(start))
}

fn name_of(name: &[u8]) -> String {
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

fn is(list: &[&str], name: &str) -> bool {
    list.contains(&name)
}

impl Page<'_, '_> {
    fn text(&mut self, range: Range<usize>) {
        if range.is_empty() || self.silent.is_some() {
            return;
        }
        if self.title.is_some() {
            return;
        }
        if self.pre > 0 {
            let mut at = range.start;
            for line in self.source[range].split_inclusive('\n') {
                let end = at + line.trim_end_matches('\n').len();
                self.b.entities(at..end, entity);
                if line.ends_with('\n') {
                    self.b.end_line(Break::Auto);
                }
                at += line.len();
            }
        } else {
            self.b.entities(range, entity);
        }
    }

    fn start(&mut self, tag: &StartTag<usize>, end: usize) {
        let name = name_of(&tag.name);
        if let Some((silent, depth)) = &mut self.silent {
            *depth += usize::from(*silent == name && !tag.self_closing);
            return;
        }
        let attribute = |key: &str| {
            tag.attributes.get(key.as_bytes()).map(|v| String::from_utf8_lossy(&v.value).into_owned())
        };
        match name.as_str() {
            "title" if self.b.meta.title.is_none() => self.title = Some(end..end),
            "meta" => {
                let key = attribute("property")
                    .or_else(|| attribute("name"))
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                let value = attribute("content").map(|v| fold(&v)).filter(|v| !v.is_empty());
                match key.as_str() {
                    "og:title" => self.b.meta.title = value.or_else(|| self.b.meta.title.take()),
                    "article:published_time" | "date" | "pubdate" | "publishdate" | "dc.date" => {
                        self.b.meta.published = value.or_else(|| self.b.meta.published.take());
                    }
                    _ => {}
                }
            }
            "br" => {
                self.end_bold();
                self.b.end_line(Break::Wrap);
            }
            "hr" => self.b.end_line(Break::Paragraph),
            "pre" => {
                self.b.end_line(Break::Paragraph);
                self.pre += 1;
            }
            "b" | "strong" if self.b.line_len() == 0 => self.bold = true,
            _ if is(&SILENT, &name) => {
                if !tag.self_closing {
                    self.silent = Some((name, 1));
                }
            }
            _ if is(&PARAGRAPHS, &name) => {
                self.b.end_line(Break::Paragraph);
                self.bold = false;
                self.b.hint.heading = name.len() == 2 && name.starts_with('h');
                self.bold = name == "dt";
            }
            _ => {
                let class =
                    attribute("class").unwrap_or_default() + " " + &attribute("id").unwrap_or_default();
                let class = class.to_ascii_lowercase();
                let mut words = class.split_ascii_whitespace();
                let speaks = words.clone().any(|word| is(&SPEAKER_WORDS, word));
                if is(&BLOCKS, &name) {
                    let cell = matches!(name.as_str(), "td" | "th");
                    let said_page = words.any(|word| {
                        is(&PAGE_WORDS, word)
                            || word.split(['-', '_']).next().is_some_and(|w| is(&PAGE_WORDS, w))
                    });
                    let furniture = is(&FURNITURE, &name)
                        || attribute("hidden").is_some()
                        || (said_page && !matches!(name.as_str(), "body" | "main" | "article"));
                    self.b.end_line(if cell { Break::Auto } else { Break::Paragraph });
                    self.b.hint.above = Break::Paragraph;
                    self.named |= speaks;
                    self.push(name, furniture);
                } else if speaks && self.b.line_len() == 0 {
                    self.named = true;
                }
            }
        }
    }

    fn push(&mut self, name: String, furniture: bool) {
        let block = u32::try_from(self.b.parents.len()).unwrap_or(0);
        self.b.parents.push(self.b.hint.block);
        self.open.push(Open {
            name: name.clone(),
            block: self.b.hint.block,
            furniture: self.b.hint.furniture,
        });
        *self.count.entry(name).or_default() += 1;
        self.b.hint.block = block;
        self.b.hint.furniture |= furniture;
    }

    fn end(&mut self, name: &str, start: usize) {
        if let Some((silent, depth)) = &mut self.silent {
            if silent == name {
                *depth -= 1;
                if *depth == 0 {
                    self.silent = None;
                }
            }
            return;
        }
        match name {
            "title" => {
                if let Some(title) = self.title.take() {
                    let raw = &self.source[title.start..start.max(title.start)];
                    let title = fold(&htmlize::unescape(raw));
                    self.b.meta.title = (!title.is_empty()).then_some(title);
                }
            }
            "pre" => {
                self.b.end_line(Break::Paragraph);
                self.pre = self.pre.saturating_sub(1);
            }
            "b" | "strong" => self.end_bold(),
            _ if is(&PARAGRAPHS, name) => {
                self.end_bold();
                self.b.end_line(Break::Paragraph);
                self.b.hint.heading = false;
            }
            _ if is(&BLOCKS, name) => {
                self.end_bold();
                self.b.end_line(Break::Paragraph);
                if self.count.get(name).is_none_or(|&n| n == 0) {
                    return;
                }
                while let Some(open) = self.open.pop() {
                    if let Some(n) = self.count.get_mut(&open.name) {
                        *n -= 1;
                    }
                    self.b.hint.block = open.block;
                    self.b.hint.furniture = open.furniture;
                    if open.name == name {
                        break;
                    }
                }
            }
            // An element for a speaker's name, of whatever kind.
            "span" | "a" | "cite" | "em" | "i" => self.end_bold(),
            _ => {}
        }
    }

    fn end_bold(&mut self) {
        if (self.bold || self.named) && self.b.line_len() > 0 {
            self.b.hint.named = self.named;
            (self.bold, self.named) = (false, false);
            self.b.hint.bold = u32::try_from(self.b.line_len()).unwrap_or(u32::MAX);
        }
    }
}

/// What the character reference at the start of `text` stands for, and its length.
pub(super) fn entity(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let word = bytes[1..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    let len = 1 + word + usize::from(bytes.get(1 + word) == Some(&b';'));
    if word == 0 {
        return None;
    }
    let raw = &text[..len];
    let decoded = htmlize::unescape(raw);
    if decoded == raw {
        return None;
    }
    // `&ampfoo` is `&` and `foo`: the tail that stayed is no part of it.
    let mut tail = 0;
    while tail < raw.len()
        && tail < decoded.len()
        && raw.as_bytes()[raw.len() - 1 - tail] == decoded.as_bytes()[decoded.len() - 1 - tail]
    {
        tail += 1;
    }
    let tail = if raw.ends_with(';') { 0 } else { tail.min(decoded.len().saturating_sub(1)) };
    let keep = decoded.len() - tail;
    decoded.is_char_boundary(keep).then(|| (decoded[..keep].to_owned(), raw.len() - tail))
}
