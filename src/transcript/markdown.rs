//! Markdown: front matter, headings, emphasis, escapes, links. `pulldown-cmark` parses and tells where each run stands.
//!
//! Numbers of a list are words (they are shown, and "1984. It was" is no list), bullets are not. Pictures are left out.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use yaml_rust2::{Yaml, YamlLoader};

use super::format::Input;
use super::html;
use super::text::fold;
use super::view::{Break, Builder, Meta, View};

/// What only a Markdown file has: front matter, an ATX heading, a bold label, an escaped bracket, a link.
static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?m)^#{1,6} \S|^\*\*[^*\n]{1,90}\*\*|^__[^_\n]{1,90}__|\\[\[\]*_]|\[[^\]\n]{1,200}\]\((?:https?:|/|#|mailto:)[^)\s]*\)",
    )
    .expect("the pattern is constant and tested")
});

/// Looks like Markdown.
pub(super) fn is_markdown(text: &str) -> bool {
    front_matter(text).is_some() || SIGNS.is_match(text)
}

/// The YAML between two lines of three hyphens at the very beginning, and where the text goes on.
fn front_matter(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("---")?;
    let start = 3 + rest.find('\n')? + 1;
    if !text[3..start].trim().is_empty() {
        return None;
    }
    let mut at = start;
    // Nobody writes more than this above a transcript.
    for line in text[start..].split_inclusive('\n').take(400) {
        if matches!(line.trim_end(), "---" | "...") {
            let yaml = &text[start..at];
            return yaml.lines().any(|l| l.contains(':')).then_some((yaml, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// The fields that tell of the event.
fn meta(yaml: &str) -> Meta {
    let mut meta = Meta { is_outright: true, ..Meta::default() };
    // A file whose front matter is broken is still a transcript. Anchors could grow without bound, so none are taken.
    if yaml.contains(['&', '*']) && yaml.lines().any(|l| l.trim_end().contains(": &") || l.contains(": *")) {
        return meta;
    }
    let Ok(documents) = YamlLoader::load_from_str(yaml) else { return meta };
    let Some(Yaml::Hash(fields)) = documents.into_iter().next() else { return meta };
    for (key, value) in fields {
        let Some(key) = key.as_str().map(str::to_lowercase) else { continue };
        let text = match &value {
            Yaml::String(text) | Yaml::Real(text) => Some(fold(text)),
            Yaml::Integer(number) => Some(number.to_string()),
            _ => None,
        };
        match key.as_str() {
            "title" => meta.title = text,
            "date" | "event_date" => meta.date = text,
            "published" | "published_time" | "publish_date" | "date_published" => meta.published = text,
            "speakers" | "participants" | "guests" => {
                let names = value.into_iter().filter_map(|item| match item {
                    Yaml::String(name) => Some(fold(&name)),
                    _ => None,
                });
                meta.speakers.extend(names.filter(|name| !name.is_empty()));
            }
            _ => {}
        }
    }
    meta
}

/// Turns Markdown into lines.
pub(super) fn view(input: &Input<'_>) -> View<'static> {
    let source = input.text;
    let mut b = Builder::new(source, input.base);
    let mut start = 0;
    if let Some((yaml, end)) = front_matter(source) {
        b.meta = meta(yaml);
        start = end;
    }
    let mut bold = false;
    let mut picture = 0_u32;
    let mut code = false;
    let mut number = None;
    for (event, range) in Parser::new_ext(&source[start..], Options::ENABLE_STRIKETHROUGH).into_offset_iter()
    {
        let range = range.start + start..range.end + start;
        match event {
            Event::Start(Tag::Heading { .. }) => {
                b.end_line(Break::Paragraph);
                b.hint.heading = true;
            }
            Event::End(TagEnd::Heading(_)) => {
                b.end_line(Break::Paragraph);
                b.hint.heading = false;
            }
            Event::Start(Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock) => {
                b.end_line(Break::Paragraph)
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock) => {
                b.end_line(Break::Paragraph);
            }
            Event::Start(Tag::List(first)) => {
                b.end_line(Break::Paragraph);
                number = first;
            }
            Event::End(TagEnd::List(_)) => number = None,
            Event::Start(Tag::Item) => {
                b.end_line(Break::Paragraph);
                if number.is_some() {
                    b.run(marker(source, range));
                    b.blank();
                }
            }
            Event::Start(Tag::CodeBlock(_)) => {
                b.end_line(Break::Paragraph);
                code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                b.end_line(Break::Paragraph);
                code = false;
            }
            Event::Start(Tag::Strong) => bold = b.line_len() == 0,
            Event::End(TagEnd::Strong) if std::mem::take(&mut bold) => {
                b.hint.bold = u32::try_from(b.line_len()).unwrap_or(u32::MAX);
            }
            Event::Start(Tag::Image { .. }) => picture += 1,
            Event::End(TagEnd::Image) => picture = picture.saturating_sub(1),
            Event::Text(text) if code => {
                for line in split_lines(source, range, &text) {
                    b.run(line);
                    b.end_line(Break::Auto);
                }
            }
            Event::Text(text) if picture == 0 => b.spelt(&text, range),
            Event::Code(_) if picture == 0 => {
                // Between its backticks a span may hold line ends, which are white space like any other.
                let raw = &source[range.clone()];
                let ticks = raw.bytes().take_while(|b| *b == b'`').count();
                if ticks * 2 < raw.len() {
                    b.run(range.start + ticks..range.end - ticks);
                }
            }
            Event::SoftBreak => b.end_line(Break::Wrap),
            Event::HardBreak | Event::Rule => b.end_line(Break::Paragraph),
            Event::Html(_) | Event::InlineHtml(_) => html::feed(&mut b, source, range),
            _ => {}
        }
    }
    b.finish()
}

/// The number of a list's item, as written.
fn marker(source: &str, item: Range<usize>) -> Range<usize> {
    let text = &source[item.clone()];
    let lead = text.len() - text.trim_start().len();
    let digits = text[lead..].bytes().take_while(|b| b.is_ascii_digit()).count();
    let point = usize::from(text[lead + digits..].starts_with(['.', ')']));
    item.start + lead..item.start + lead + digits + point
}

/// The lines of a run of code.
fn split_lines(source: &str, range: Range<usize>, text: &str) -> Vec<Range<usize>> {
    if source.get(range.clone()) != Some(text) {
        return vec![range];
    }
    let mut lines = Vec::new();
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        lines.push(at..at + line.trim_end_matches('\n').len());
        at += line.len();
    }
    lines
}
