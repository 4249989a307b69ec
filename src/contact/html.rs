//! The page: one file that opens nothing else.
//!
//! Whatever stands in a name or in a quote is text: it is escaped, set apart from the direction of what is around it,
//! and its unseen controls are shown as `�`. Should that fail, the page's own policy lets no script and no style run but
//! the two that it brings, by their digests, and lets nothing be fetched.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Passage, Thumbnail};
use crate::lang::Lang;
use crate::manifest::{Entry, Failure};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// What our pages are known by.
const GENERATOR: &str = "<meta name=\"generator\" content=\"pullquote contact sheet\">";

/// Whether a file begins like a page of ours.
#[must_use]
pub fn is_ours(head: &[u8]) -> bool {
    String::from_utf8_lossy(head).contains(GENERATOR)
}

/// What the page says of all cards.
#[derive(Debug)]
pub struct Head<'a> {
    /// What they are.
    pub title: &'a str,
    /// All of them, in order.
    pub cards: &'a [Entry],
    /// The program that made them.
    pub program: &'a str,
}

/// The cards of one quote.
#[derive(Debug)]
pub struct Group<'a> {
    /// At least one, of the same words.
    pub cards: &'a [Entry],
    /// Where the words stand, where the source is at hand.
    pub passage: Option<&'a Passage>,
    /// The thumbnail of each card; `None` where the file is gone or no picture.
    pub thumbnails: &'a [Option<Thumbnail>],
}

/// A page that is being written, quote by quote.
#[derive(Debug)]
pub struct Page<W> {
    out: W,
    quotes: usize,
}

impl<W: Write> Page<W> {
    /// Begins the page.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn begin(mut out: W, head: &Head<'_>) -> io::Result<Self> {
        let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
        let quotes = super::groups(head.cards).count();
        let plural = |n: usize, noun: &str| {
            if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
        };
        let speakers = counts(head.cards, |card| &card.speaker);
        let templates = counts(head.cards, |card| &card.template);
        let title = text(head.title);
        let all = plural(head.cards.len(), "card");
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
             style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n{GENERATOR}\n<title>{title}: contact sheet</title>\n\
             <style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#cards\">Skip to the cards</a>\n\
             <header>\n<h1><bdi>{title}</bdi></h1>\n<p class=\"facts\">{all} of {} by {}</p>\n\
             <p class=\"keys\"><kbd>j</kbd> next quote · <kbd>k</kbd> the one before · <kbd>o</kbd> open its card · \
             <kbd>f</kbd> filters</p>\n</header>\n\
             <nav class=\"bar\" aria-label=\"Filters\"><form hidden>\n",
            digest(STYLE),
            digest(SCRIPT),
            plural(quotes, "quote"),
            plural(speakers.len(), "speaker"),
        )?;
        for (name, label, counts) in [("speaker", "Speaker", &speakers), ("template", "Template", &templates)]
        {
            write!(out, "<label>{label} <select name=\"{name}\"><option value=\"\">All</option>")?;
            for (value, count) in counts {
                let value = text(value);
                write!(out, "<option value=\"{value}\">{value} ({count})</option>")?;
            }
            out.write_all(b"</select></label>\n")?;
        }
        write!(
            out,
            "<label><input type=\"checkbox\" name=\"warned\"> Only what has a warning</label>\n\
             <output aria-live=\"polite\">{all}</output>\n</form></nav>\n\
             <main id=\"cards\">\n<p class=\"none\" hidden>No card is left: choose another speaker or template.</p>\n<ol>\n"
        )?;
        Ok(Self { out, quotes: 0 })
    }

    /// The next quote.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn quote(&mut self, group: &Group<'_>) -> io::Result<()> {
        self.quotes += 1;
        let Some(first) = group.cards.first() else { return Ok(()) };
        let out = &mut self.out;
        let warned = group.cards.iter().any(|card| !card.warnings.is_empty());
        let lang = language(&first.text);
        write!(
            out,
            "<li class=\"{}\" tabindex=\"-1\" id=\"q{}\" aria-labelledby=\"w{1}\" data-speaker=\"{}\"{}>\n\
             <div class=\"cards\">\n",
            if group.cards.len() == 1 { "one" } else { "many" },
            self.quotes,
            text(&first.speaker),
            if warned { " data-warned" } else { "" },
        )?;
        for (card, thumbnail) in group.cards.iter().zip(group.thumbnails) {
            figure(out, card, thumbnail.as_ref())?;
        }
        let role = first.role.as_deref().map(|role| format!(", {}", isolated(role))).unwrap_or_default();
        let said = [first.event.clone(), first.date.as_ref().map(ToString::to_string)];
        let said: Vec<String> = said.iter().flatten().map(|fact| isolated(fact)).collect();
        let said = if said.is_empty() { String::new() } else { format!("<br>{}", said.join(" · ")) };
        write!(
            out,
            "</div>\n<div class=\"said\"><div>\n<h2 class=\"words\" id=\"w{}\" lang=\"{lang}\" dir=\"auto\">{}</h2>\n\
             <p class=\"who\"><b>{}</b><span>{role}{said}</span></p>\n</div><div class=\"beside\">\n",
            self.quotes,
            text(&first.text),
            isolated(&first.speaker),
        )?;
        if let Some(passage) = group.passage {
            write!(
                out,
                "<h3>In its source</h3>\n<blockquote class=\"passage\" lang=\"{lang}\" dir=\"auto\">"
            )?;
            out.write_all(marked(passage).as_bytes())?;
            out.write_all(b"</blockquote>\n")?;
        }
        let source = &first.source;
        let digest: String = source.sha256.chars().take(12).collect();
        writeln!(
            out,
            "<p class=\"place\">{}, line {}, bytes {} to {} (SHA-256 {}…)</p>",
            isolated(&source.file),
            source.line,
            source.start,
            source.end,
            text(&digest),
        )?;
        if warned {
            out.write_all(b"<aside class=\"look\"><h3>Look at this</h3><ul>\n")?;
            let mut told: Vec<&str> = Vec::new();
            for warning in group.cards.iter().flat_map(|card| &card.warnings) {
                if !told.contains(&warning.as_str()) {
                    told.push(warning);
                    writeln!(out, "<li dir=\"auto\">{}</li>", text(warning))?;
                }
            }
            out.write_all(b"</ul></aside>\n")?;
        }
        out.write_all(b"</div></div>\n</li>\n")
    }

    /// Ends the page with the cards that could not be made.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn end(mut self, head: &Head<'_>, failures: &[Failure]) -> io::Result<W> {
        let out = &mut self.out;
        out.write_all(b"</ol>\n")?;
        if !failures.is_empty() {
            out.write_all(b"<section class=\"failures\"><h2>Could not be made</h2>\n<ul>\n")?;
            for Failure { id, text: words, error, hint } in failures {
                let hint =
                    hint.as_deref().map(|hint| format!("<br>Mend: {}", isolated(hint))).unwrap_or_default();
                writeln!(
                    out,
                    "<li><b>{}</b>: {}<br>{}{hint}</li>",
                    isolated(id),
                    isolated(words),
                    isolated(error)
                )?;
            }
            out.write_all(b"</ul></section>\n")?;
        }
        write!(
            out,
            "</main>\n<footer>Made by {}. What a card says of its source is in manifest.json.</footer>\n\
             <script>{SCRIPT}</script>\n</body>\n</html>\n",
            text(head.program)
        )?;
        out.flush()?;
        Ok(self.out)
    }
}

fn figure(out: &mut impl Write, card: &Entry, thumbnail: Option<&Thumbnail>) -> io::Result<()> {
    let file = percent(&card.file);
    write!(out, "<figure data-template=\"{}\"><a href=\"{file}\">", text(&card.template))?;
    match thumbnail {
        Some(Thumbnail { width, height, jpeg }) => {
            write!(
                out,
                "<img alt=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" decoding=\"async\" \
                 src=\"data:image/jpeg;base64,{}\">",
                text(&alternative(card)),
                STANDARD.encode(jpeg),
            )?;
        }
        None => write!(out, "<span class=\"gone\">The card is not there, or is no picture</span>")?,
    }
    writeln!(
        out,
        "</a><figcaption><b>{}</b> · {} · type {} px<br>{}</figcaption></figure>",
        isolated(&card.template),
        isolated(&card.size),
        card.type_size,
        isolated(&card.file),
    )
}

/// What a thumbnail says to those who do not see it: the card's own alt text. Entries of earlier versions have none.
fn alternative(card: &Entry) -> Cow<'_, str> {
    if card.alt.is_empty() {
        format!("Card on {} at {}, quoting {}", card.template, card.size, card.speaker).into()
    } else {
        (&card.alt).into()
    }
}

/// A passage with the quote's own words marked.
fn marked(passage: &Passage) -> String {
    let mut out = format!("<b>{}</b>: ", isolated(&passage.label));
    if passage.goes_back {
        out.push_str("… ");
    }
    let mut at = 0;
    for mark in &passage.marks {
        let (between, words) = (&passage.text[at..mark.start], &passage.text[mark.clone()]);
        let _ = write!(out, "{}<mark>{}</mark>", text(between), text(words));
        at = mark.end;
    }
    out.push_str(&text(&passage.text[at..]));
    if passage.goes_on {
        out.push_str(" …");
    }
    out
}

/// How many cards each has, in the order in which they first come.
fn counts<'a>(cards: &'a [Entry], of: impl Fn(&'a Entry) -> &'a String) -> Vec<(&'a str, usize)> {
    let mut places = std::collections::BTreeMap::new();
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for card in cards {
        let name = of(card).as_str();
        let place = *places.entry(name).or_insert_with(|| {
            counts.push((name, 0));
            counts.len() - 1
        });
        counts[place].1 += 1;
    }
    counts
}

/// The language, for a reader's voice and for line breaks; empty: not known.
fn language(words: &str) -> &'static str {
    match Lang::of(words) {
        Lang::Zh => "zh",
        Lang::En if words.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_ascii() || c < '\u{250}') => {
            "en"
        }
        Lang::En => "",
    }
}

/// Text, in a piece of its own, so that it does not turn the direction of what is around it.
fn isolated(words: &str) -> String {
    format!("<bdi>{}</bdi>", text(words))
}

/// Text, in an element or in an attribute with double quotes.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            // Controls, and marks that turn what follows them around.
            c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
                out.push('\u{FFFD}');
            }
            c => out.push(c),
        }
    }
    out
}

/// A file beside the page, as a link names it.
fn percent(file: &str) -> String {
    let mut out = String::from("./");
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str =
        "</li><script>alert('x')</script>\"><img src=x onerror=alert(1)>\u{202E}&amp;\0\u{1b}[31m";

    fn entry(words: &str) -> Entry {
        let card = serde_json::json!({
            "id": words, "file": format!("{words}.png"), "template": words, "size": words, "width": 1080, "height": 1080, "alt": words,
            "type_size": 68.0, "text": words, "speaker": words, "role": words, "date": words, "event": words,
            "source": {"file": words, "sha256": words, "start": 0, "end": 1, "line": 1}, "warnings": [words],
        });
        serde_json::from_value(card).unwrap()
    }

    fn page(words: &str) -> String {
        let cards = [entry(words)];
        let head = Head { title: words, cards: &cards, program: words };
        let mut page = Page::begin(Vec::new(), &head).unwrap();
        let passage = Passage {
            label: words.into(),
            text: words.into(),
            marks: std::iter::once(0..5).collect(),
            goes_back: true,
            goes_on: true,
        };
        page.quote(&Group { cards: &cards, passage: Some(&passage), thumbnails: &[None] }).unwrap();
        let failure =
            Failure { id: words.into(), text: words.into(), error: words.into(), hint: Some(words.into()) };
        String::from_utf8(page.end(&head, &[failure]).unwrap()).unwrap()
    }

    #[test]
    fn hostile_words_are_text() {
        let page = page(HOSTILE);
        let tags = |page: &str, tag: &str| page.matches(tag).count();
        let calm = super::tests::page("A calm word.");
        for tag in ["<", ">", "<script", "<img", "<li", "\"", "'"] {
            assert_eq!(tags(&page, tag), tags(&calm, tag), "{tag}");
        }
        for c in ['\0', '\u{1b}', '\u{202E}'] {
            assert!(!page.contains(c));
        }
        assert!(
            page.contains("href=\"./%3C%2Fli%3E%3Cscript") || page.contains("href=\"./%3C/li%3E%3Cscript")
        );
    }

    #[test]
    fn the_page_opens_nothing_else() {
        let page = page("Water is life.");
        assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url("));
        assert!(page.contains("<mark>Water</mark> is life."));
        assert_eq!(page.matches("default-src 'none'").count(), 1);
        assert!(is_ours(&page.as_bytes()[..1000]) && !is_ours(b"<html>"));
        // The digests of the policy are those of what stands between the tags.
        for (tag, text) in [("style", STYLE), ("script", SCRIPT)] {
            assert!(!text.contains("</"), "{tag}");
            assert!(page.contains(&format!("<{tag}>{text}</{tag}>")));
        }
    }
}
