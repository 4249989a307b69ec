//! XML whose elements say who speaks: TEI and ParlaMint (`u who`), publicwhip (`speech speakername`), Akoma Ntoso
//! (`speech by`, `from`), TTML (`p ttm:agent`), and others that name a speaker in an attribute or in an element.
//! `roxmltree` parses: it holds depth, entities and their expansion within bounds, and tells where each node stands.

use std::collections::HashMap;

use roxmltree::{Document, Node, NodeType, ParsingOptions};

use super::error::{Broken, ReadError};
use super::format::Input;
use super::html::entity;
use super::text::fold;
use super::view::{Break, Builder, View, Voice};

/// Attributes that name who speaks, the surest first.
const SPEAKS: [&str; 9] =
    ["speakername", "who", "speaker", "speaker_name", "speakerName", "agent", "by", "spk", "name"];

/// Elements that are one speech. `name` alone says so only of these.
const SPEECHES: [&str; 17] = [
    "u",
    "sp",
    "speech",
    "turn",
    "segment",
    "utterance",
    "intervention",
    "question",
    "answer",
    "Turn",
    "Speech",
    "intervenant",
    "contribution",
    "statement",
    "p",
    "cue",
    "event",
];

/// Elements inside a speech that name who speaks.
const NAMES: [&str; 8] =
    ["speaker", "from", "talker", "talk.start", "speakername", "member", "orator", "talk.speaker"];

/// Elements inside a speech that nobody speaks.
const SILENT: [&str; 18] = [
    "note",
    "kinesic",
    "vocal",
    "incident",
    "gap",
    "desc",
    "stage",
    "metadata",
    "teiHeader",
    "head",
    "remark",
    "editorial",
    "pb",
    "recordedTime",
    "col",
    "interjection.note",
    "time.stamp",
    "heading",
];

/// Looks like XML and not like a web page.
pub(super) fn is_xml(text: &str) -> bool {
    let head = text.trim_start();
    if head.starts_with("<?xml") {
        // XHTML is a web page.
        let root = head.split_once("?>").map_or("", |(_, rest)| rest.trim_start());
        return !["<html", "<!doctype html", "<!DOCTYPE html"].iter().any(|page| root.starts_with(page));
    }
    let name = head.strip_prefix('<').unwrap_or_default();
    let len = name
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')))
        .unwrap_or(name.len());
    let root = name[..len].trim_end_matches(':');
    const OF_PAGES: [&str; 27] = [
        "html",
        "head",
        "body",
        "p",
        "div",
        "span",
        "article",
        "main",
        "section",
        "table",
        "ul",
        "ol",
        "dl",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "header",
        "b",
        "strong",
        "i",
        "em",
        "font",
        "center",
        "a",
    ];
    // A root element that closes at the very end.
    len > 0
        && !OF_PAGES.contains(&root)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.trim_end().strip_suffix('>').is_some_and(|t| t.trim_end().ends_with(&format!("</{root}")))
}

/// The tree of a document, or where its XML is broken.
pub(super) fn parse<'a>(input: &Input<'a>, options: ParsingOptions<'a>) -> Result<Document<'a>, ReadError> {
    Document::parse_with_options(input.text, options).map_err(|error| {
        let at = error.pos();
        ReadError::Broken {
            file: input.name.to_owned(),
            line: at.row,
            column: Some(at.col),
            what: Broken::Xml(error.to_string()),
            more: 0,
        }
    })
}

/// Turns XML into lines with voices; where no element says who speaks, into lines alone.
pub(super) fn view(input: &Input<'_>) -> Result<View<'static>, ReadError> {
    // One node takes some hundred bytes, and no text has more nodes than bytes.
    let options = ParsingOptions { allow_dtd: true, nodes_limit: 20_000_000, ..ParsingOptions::default() };
    let document = parse(input, options)?;
    let mut reader = Reader {
        b: Builder::new(input.text, input.base),
        names: names(&document),
        stated: document.descendants().any(|node| is_speech(node)),
        inside: false,
    };
    reader.meta(&document);
    reader.b.meta.is_outright = true;
    reader.walk(document.root_element());
    Ok(reader.b.finish())
}

struct Reader<'a> {
    b: Builder<'a>,
    /// Who is meant by an id.
    names: HashMap<String, Voice>,
    /// Elements say who speaks.
    stated: bool,
    /// Inside one of them.
    inside: bool,
}

/// Who speaks, as an attribute has it.
fn spoken_by<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let name = node.tag_name().name();
    let known = SPEECHES.contains(&name);
    let asked = SPEAKS.iter().filter(|key| match **key {
        "name" => known && name != "p" && name != "event",
        "by" | "agent" | "who" => known || name == "div",
        _ => true,
    });
    let mut of =
        asked.filter_map(|key| node.attributes().find(|a| a.name() == *key)).map(|a| a.value().trim());
    of.find(|value| !value.is_empty())
}

/// The element inside a speech that names who speaks.
fn named_in<'a, 'i>(node: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    if !SPEECHES.contains(&node.tag_name().name()) || node.tag_name().name() == "p" {
        return None;
    }
    node.children().filter(Node::is_element).take(4).find(|child| NAMES.contains(&child.tag_name().name()))
}

fn is_speech(node: Node<'_, '_>) -> bool {
    node.is_element() && (spoken_by(node).is_some() || named_in(node).is_some())
}

/// The text of an element, folded.
fn text_of(node: Node<'_, '_>) -> String {
    let words: Vec<&str> =
        node.descendants().filter(Node::is_text).filter_map(|n| n.text()).take(64).collect();
    fold(&words.join(" "))
}

/// People by their ids: TEI's `person`, Akoma Ntoso's `TLCPerson`, TTML's `agent`.
fn names(document: &Document<'_>) -> HashMap<String, Voice> {
    let mut names = HashMap::new();
    for node in document.descendants().filter(Node::is_element) {
        let kind = node.tag_name().name();
        if !matches!(kind, "person" | "TLCPerson" | "agent" | "personGrp" | "speaker" | "participant") {
            continue;
        }
        let id = node.attributes().find(|a| matches!(a.name(), "id" | "eId"));
        let Some(id) = id.map(|a| a.value().to_owned()).filter(|id| !id.is_empty()) else { continue };
        let child = |name: &'static str| node.descendants().find(move |n| n.tag_name().name() == name);
        let parts = |name: &str| {
            let in_name = child("persName").unwrap_or(node);
            let found = in_name.children().filter(|n| n.tag_name().name() == name).map(text_of);
            found.collect::<Vec<_>>().join(" ")
        };
        let full = [parts("forename"), parts("surname")];
        let full = full.iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
        let attribute = ["showAs", "name"].iter().find_map(|key| node.attribute(*key)).map(fold);
        let name = Some(full)
            .filter(|n| !n.is_empty())
            .or(attribute)
            .or_else(|| child("persName").or_else(|| child("name")).map(text_of))
            .filter(|n| !n.is_empty());
        if let Some(name) = name {
            let role =
                child("roleName").or_else(|| child("occupation")).map(text_of).filter(|r| !r.is_empty());
            names.insert(id, Voice { name, role });
        }
    }
    names
}

impl Reader<'_> {
    fn meta(&mut self, document: &Document<'_>) {
        let mut heading = None;
        for node in document.descendants().filter(Node::is_element) {
            let value = |text: String| Some(text).filter(|t| !t.is_empty());
            match node.tag_name().name() {
                "title" | "docTitle" | "dc:title" if self.b.meta.title.is_none() => {
                    self.b.meta.title = value(text_of(node));
                }
                "major-heading" | "heading" if heading.is_none() => heading = value(text_of(node)),
                "date" | "docDate" | "sittingDate" if self.b.meta.date.is_none() => {
                    let attribute = node.attribute("when").or_else(|| node.attribute("date")).map(fold);
                    self.b.meta.date = attribute.or_else(|| value(text_of(node)));
                }
                // `…/debate/2024-07-30a.1149.1`: the day of the sitting is in the id.
                "speech" if self.b.meta.date.is_none() => {
                    let id = node.attribute("id").unwrap_or_default();
                    let day = id.rsplit('/').next().and_then(|last| last.get(..10));
                    let is_day = |d: &&str| d.len() == 10 && d.bytes().filter(|b| *b == b'-').count() == 2;
                    self.b.meta.date = day.filter(is_day).map(str::to_owned);
                }
                _ => {}
            }
        }
        self.b.meta.title = self.b.meta.title.take().or(heading);
    }

    fn voice(&self, node: Node<'_, '_>) -> Option<Voice> {
        if let Some(said) = spoken_by(node) {
            let id = said.trim_start_matches('#');
            let known = self.names.get(id).cloned();
            let role = node.attribute("speakeroffice").map(fold).filter(|r| !r.is_empty());
            return Some(
                known.unwrap_or_else(|| Voice { name: fold(id.trim_end_matches([':', '：', '.'])), role }),
            );
        }
        let named = named_in(node)?;
        // A name within the name, where there is one: `<talker><name>…</name><electorate>…`.
        let name = named.descendants().find(|n| matches!(n.tag_name().name(), "name" | "persName"));
        let name = text_of(name.unwrap_or(named));
        Some(Voice { name: name.trim_end_matches([':', '：', '.']).trim_end().to_owned(), role: None })
    }

    /// Goes through a document without recursion: elements may be nested as deep as they like.
    fn walk(&mut self, root: Node<'_, '_>) {
        enum Step<'a, 'i> {
            In(Node<'a, 'i>),
            Out { voice: u32, heading: bool, inside: bool, time: u32, inline: bool },
        }
        let mut steps = vec![Step::In(root)];
        while let Some(step) = steps.pop() {
            let node = match step {
                Step::In(node) => node,
                Step::Out { voice, heading, inside, time, inline } => {
                    if !inline {
                        self.b.end_line(Break::Paragraph);
                    }
                    self.b.hint.voice = voice;
                    self.b.hint.heading = heading;
                    self.b.hint.time = time;
                    self.inside = inside;
                    continue;
                }
            };
            match node.node_type() {
                NodeType::Text => self.text(node),
                NodeType::Element => {
                    let name = node.tag_name().name();
                    let speech = is_speech(node);
                    let silent =
                        SILENT.contains(&name) || (self.stated && self.inside && NAMES.contains(&name));
                    if silent && !(speech && name != "note") {
                        self.b.blank();
                        continue;
                    }
                    let inline = matches!(
                        name,
                        "i" | "b"
                            | "em"
                            | "strong"
                            | "hi"
                            | "w"
                            | "pc"
                            | "a"
                            | "span"
                            | "phrase"
                            | "name"
                            | "ref"
                            | "sup"
                            | "sub"
                            | "date"
                            | "num"
                            | "emph"
                            | "abbr"
                            | "foreign"
                            | "measure"
                            | "lb"
                            | "s"
                            | "br"
                    ) && !speech;
                    let before = Step::Out {
                        voice: self.b.hint.voice,
                        heading: self.b.hint.heading,
                        inside: self.inside,
                        time: self.b.hint.time,
                        inline,
                    };
                    if matches!(name, "lb" | "br") {
                        self.b.blank();
                    }
                    if !inline {
                        self.b.end_line(Break::Paragraph);
                    }
                    if speech {
                        let voice = self.voice(node).filter(|v| !v.name.is_empty());
                        self.b.hint.voice = voice.map_or(0, |v| self.b.voice(&v));
                        self.inside = true;
                    } else if self.stated && SPEECHES[..6].contains(&name) {
                        // A speech without a speaker: a motion, an order, what the chair reads out.
                        self.b.hint.voice = 0;
                    }
                    self.b.hint.heading |= name.ends_with("heading");
                    let time = |key: &str| node.attributes().find(|a| a.name() == key).map(|a| a.value());
                    if let (Some(start), Some(end)) = (time("begin").or(time("start")), time("end"))
                        && let (Some(start), Some(end)) = (clock(start), clock(end))
                    {
                        self.b.hint.time = self.b.time([start, end.max(start)]);
                    }
                    steps.push(before);
                    steps.extend(node.children().rev().map(Step::In));
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, node: Node<'_, '_>) {
        let range = node.range();
        let source = &node.document().input_text()[range.clone()];
        let inner = source.strip_prefix("<![CDATA[").and_then(|s| s.strip_suffix("]]>"));
        // Words are separated elements in a corpus: `<w>We</w> <w>met</w>`.
        if node.parent().is_some_and(|p| p.tag_name().name() == "w") {
            self.b.blank();
        }
        match (inner, node.text()) {
            (Some(inner), Some(text)) if inner == text => {
                self.b.run(range.start + 9..range.start + 9 + inner.len())
            }
            (_, Some(text)) if source == text || !source.contains('<') => self.b.entities(range, entity),
            // CDATA sections and text in turns: one piece.
            (_, Some(text)) => self.b.spelt(text, range),
            _ => {}
        }
    }
}

/// Seconds of TTML's and others' times: `00:01:02.5`, `62.5s`, `62.5`.
fn clock(value: &str) -> Option<f64> {
    super::subtitles::seconds(value)
        .or_else(|| value.trim().trim_end_matches('s').parse::<f64>().ok())
        .filter(|t| t.is_finite() && *t >= 0.0)
}
