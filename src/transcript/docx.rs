//! Word documents (DOCX): paragraphs of `word/document.xml`, with headings and bold runs. `zip` unpacks, `roxmltree`
//! parses. Offsets of a quote are bytes of that member, unpacked, and its [`super::Origin`] names it.
//!
//! Deleted text, notes, comments, headers and footers are not read.

use std::io::{Cursor, Read as _};

use roxmltree::{Document, Node, ParsingOptions};

use super::error::{Broken, ReadError};
use super::format::Input;
use super::html::entity;
use super::text::fold;
use super::view::{Break, Builder, View};
use super::xml;

/// The member that holds the words.
pub(super) const PART: &str = "word/document.xml";

/// No transcript is larger when it is unpacked; a file that says so is no transcript.
const MOST: u64 = 256 << 20;

/// What an archive holds of a document.
pub(super) struct Unpacked {
    /// The XML of the words.
    pub document: String,
    /// Its title, where the properties have one.
    pub title: Option<String>,
}

/// Unpacks a document.
pub(super) fn unpack(name: &str, bytes: &[u8]) -> Result<Unpacked, ReadError> {
    let wrong =
        |what: Broken| ReadError::Broken { file: name.to_owned(), line: 0, column: None, what, more: 0 };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| wrong(Broken::Archive(error.to_string())))?;
    let mut member = |path: &str| -> Result<String, Broken> {
        let file = archive.by_name(path).map_err(|error| Broken::Archive(error.to_string()))?;
        // The size that the archive states may be a lie: the bytes are counted as they come.
        let mut text = Vec::new();
        file.take(MOST + 1).read_to_end(&mut text).map_err(|error| Broken::Archive(error.to_string()))?;
        if text.len() as u64 > MOST {
            return Err(Broken::TooLarge(MOST >> 20));
        }
        String::from_utf8(text).map_err(|_| Broken::Archive(format!("`{path}` is not UTF-8")))
    };
    let document = member(PART).map_err(wrong)?;
    let title = member("docProps/core.xml").ok().and_then(|xml| {
        let core = Document::parse(&xml).ok()?;
        let title = core.descendants().find(|n| n.tag_name().name() == "title")?.text().map(fold)?;
        (!title.is_empty()).then_some(title)
    });
    Ok(Unpacked { document, title })
}

/// Turns the XML of a document into lines.
pub(super) fn view(input: &Input<'_>, title: Option<String>) -> Result<View<'static>, ReadError> {
    let options = ParsingOptions { nodes_limit: 20_000_000, ..ParsingOptions::default() };
    let document = xml::parse(input, options)?;
    let mut b = Builder::new(input.text, input.base);
    // A file's title is often its template's; the heading on the page is better where there is one.
    b.meta.title = title.filter(|t| t.split_whitespace().count() > 2);
    let mut open = true;
    for node in document.descendants() {
        if node.is_text() {
            text(&mut b, node, &mut open);
            continue;
        }
        match node.tag_name().name() {
            "p" => {
                b.end_line(Break::Paragraph);
                b.hint.heading = style(node).is_some_and(|s| s.starts_with("heading") || s == "title");
                open = true;
            }
            "tab" if node.parent().is_some_and(|p| p.tag_name().name() == "r") => b.blank(),
            "br" | "cr" => b.end_line(Break::Wrap),
            _ => {}
        }
    }
    Ok(b.finish())
}

/// The style of a paragraph, lower case.
fn style(paragraph: Node<'_, '_>) -> Option<String> {
    let properties = paragraph.children().find(|n| n.tag_name().name() == "pPr")?;
    let style = properties.children().find(|n| n.tag_name().name() == "pStyle")?;
    style.attributes().find(|a| a.name() == "val").map(|a| a.value().to_lowercase())
}

/// The words of a run; `open` while all that the line has is bold.
fn text(b: &mut Builder<'_>, node: Node<'_, '_>, open: &mut bool) {
    let Some(parent) = node.parent().filter(|p| p.tag_name().name() == "t") else { return };
    // What a newer program shows is said again for older ones.
    if parent.ancestors().take(64).any(|a| matches!(a.tag_name().name(), "Fallback" | "del" | "moveFrom")) {
        return;
    }
    let run = parent.parent().filter(|r| r.tag_name().name() == "r");
    let properties = run.and_then(|r| r.children().find(|n| n.tag_name().name() == "rPr"));
    let bold = properties.and_then(|p| p.children().find(|n| n.tag_name().name() == "b"));
    let off = |n: Node<'_, '_>| {
        n.attributes().any(|a| a.name() == "val" && matches!(a.value(), "0" | "false" | "off"))
    };
    let blank = node.text().is_none_or(|t| t.trim().is_empty());
    b.entities(node.range(), entity);
    if *open && bold.is_some_and(|n| !off(n)) {
        b.hint.bold = u32::try_from(b.line_len()).unwrap_or(u32::MAX);
    } else if !blank {
        *open = false;
    }
}
