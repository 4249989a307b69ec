//! The XMP packet of a card: what photo desks and screen readers look for.
//!
//! | property | what of the card |
//! |---|---|
//! | `dc:title` | speaker and event |
//! | `dc:creator` | the speaker |
//! | `dc:description` | all that is said on it |
//! | `dc:source` | file, bytes and digest |
//! | `dc:language` | the quote's |
//! | `dc:rights` | the kit's `copyright` |
//! | `photoshop:Credit` | the photograph's credit, else the house |
//! | `photoshop:DateCreated` | the day of the event: when the words were said |
//! | `Iptc4xmpExt:Event` | the event |
//! | `Iptc4xmpCore:AltTextAccessibility` | the alt text, within [`alt::LIMIT`] |
//! | `xmp:CreatorTool` | program and version |

use roxmltree::{Document, Node};

use super::Record;
use crate::alt::{self, Said};
use crate::date::When;
use crate::lang::Lang;
use crate::template::Brand;

/// The keyword that XMP has in a PNG.
pub(super) const KEYWORD: &str = "XML:com.adobe.xmp";

const HEAD: &str = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\" \
xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">";
const TAIL: &str = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";

/// The packet of a card.
pub(super) fn packet(record: &Record<'_>, brand: &Brand, title: &str, full: &str, source: &str) -> String {
    let mut out = String::with_capacity(HEAD.len() + TAIL.len() + 1024 + 4 * record.text.len());
    out.push_str(HEAD);
    let of_words = match record.lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    item(&mut out, "dc:title", "Alt", title);
    item(&mut out, "dc:creator", "Seq", &record.speaker);
    item(&mut out, "dc:description", "Alt", full);
    plain(&mut out, "dc:source", source);
    item(&mut out, "dc:language", "Bag", of_words);
    if let Some(copyright) = &brand.copyright {
        item(&mut out, "dc:rights", "Alt", copyright);
    }
    if let Some(credit) = record.photo_credit.as_deref().or(record.brand.as_deref()) {
        plain(&mut out, "photoshop:Credit", credit);
    }
    if let Some(When::Day(day)) = &record.date {
        plain(&mut out, "photoshop:DateCreated", &day.to_string());
    }
    if let Some(event) = &record.event {
        item(&mut out, "Iptc4xmpExt:Event", "Alt", event);
    }
    item(&mut out, "Iptc4xmpCore:AltTextAccessibility", "Alt", &record.said().alt(full, alt::LIMIT));
    plain(&mut out, "xmp:CreatorTool", &record.program);
    out.push_str(TAIL);
    out
}

fn plain(out: &mut String, name: &str, text: &str) {
    for part in ["<", name, ">"] {
        out.push_str(part);
    }
    escape(out, text);
    for part in ["</", name, ">"] {
        out.push_str(part);
    }
}

/// A list of one; the default language's, where it is one of alternatives.
fn item(out: &mut String, name: &str, list: &str, text: &str) {
    for part in ["<", name, "><rdf:", list, "><rdf:li"] {
        out.push_str(part);
    }
    out.push_str(if list == "Alt" { " xml:lang=\"x-default\">" } else { ">" });
    escape(out, text);
    for part in ["</rdf:li></rdf:", list, "></", name, ">"] {
        out.push_str(part);
    }
}

/// In one pass; what XML has no way to say is told as U+FFFD.
fn escape(out: &mut String, text: &str) {
    // A cheap no for most texts: none of their bytes is one of these, or begins one.
    let may_be = |b: u8| matches!(b, 0..b' ' | b'&' | b'<' | b'>' | 0x7F | 0xC2 | 0xEF);
    if !text.bytes().any(may_be) {
        return out.push_str(text);
    }
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let instead = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '\t' | '\n' => continue,
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => "\u{FFFD}",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(instead);
        from = at + c.len_utf8();
    }
    out.push_str(&text[from..]);
}

/// The properties of a packet that do not say what the record says.
pub(super) fn others(packet: &str, title: &str, said: &Said<'_>) -> Vec<String> {
    let Ok(document) = Document::parse(packet) else { return vec![KEYWORD.to_owned()] };
    let full = said.full();
    let expected = [
        ("title", "dc:title", title.to_owned()),
        ("description", "dc:description", full.clone()),
        ("AltTextAccessibility", "Iptc4xmpCore:AltTextAccessibility", said.alt(&full, alt::LIMIT)),
    ];
    let mut told = Vec::new();
    for (local, name, text) in expected {
        let mut as_written = String::new();
        escape(&mut as_written, &text);
        let is_it = |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == local;
        let says = |node: Node<'_, '_>| {
            let words: String = node.descendants().filter(Node::is_text).filter_map(|t| t.text()).collect();
            let mut escaped = String::new();
            escape(&mut escaped, words.trim());
            escaped == as_written.trim()
        };
        if document.descendants().filter(is_it).any(|node| !says(node)) {
            told.push(name.to_owned());
        }
    }
    told
}
