//! The manifest: every card back to its words, and every card that failed.
//!
//! A run writes it last, as [`FILE_NAME`] beside its cards. It says what was asked, then one entry a PNG in card
//! order, then what failed. It holds no output folder, thread count or time: the same run gives the same bytes.
//!
//! ```json
//! {
//!   "version": 1,
//!   "settings": { "program": "pullquote 0.1.0", "query": { … }, "templates": ["broadsheet"], … },
//!   "cards": [ { "id": "q0123456789", "file": "….png", "template": "broadsheet", "size": "square",
//!                "width": 1080, "height": 1080, "type_size": 68.0, "text": "…", "speaker": "…", "role": "…",
//!                "date": "2024-05-15", "event": "…",
//!                "source": { "file": "….txt", "sha256": "…", "start": 0, "end": 99, "line": 1 },
//!                "alt": "Lu Bai: “…” May 15, 2024.", "warnings": [] } ],
//!   "failures": [ { "id": "…", "text": "…", "error": "…", "hint": "…" } ]
//! }
//! ```
//!
//! It is written as the cards are done ([`Writer`]). A later run into the same folder keeps the entries whose pictures it
//! leaves alone ([`Writer::keep_earlier`]), after its own. So each of our PNGs in a folder stays named, which is also what lets a run replace it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::date::When;
use crate::digest::Digest;
use crate::key::Key;
use crate::transcript::{Origin, QuestionRow};

/// What the manifest is called in its folder.
pub const FILE_NAME: &str = "manifest.json";
/// The version of the shape; one more with every change that a reader could stumble over.
pub const VERSION: u32 = 1;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`VERSION`].
    pub version: u32,
    /// What was asked.
    pub settings: Settings,
    /// One a PNG, in card order.
    pub cards: Vec<Entry>,
    /// Cards that were not written, in card order.
    pub failures: Vec<Failure>,
}

/// What a run was asked for; names only, so it is the same on every desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The title of the series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Name and version of the program.
    pub program: String,
    /// Which quotes.
    pub query: QuerySettings,
    /// Templates, in order; a row of a list may have asked for another.
    pub templates: Vec<String>,
    /// Sizes, in order; empty: each template's own default. A row of a list may have asked for another.
    pub sizes: Vec<String>,
    /// Name of the brand kit.
    pub brand: Option<String>,
    /// `auto`, `none`, or the words to emphasise.
    pub highlight: Vec<String>,
    /// Roles given by hand: name, role.
    pub roles: Vec<[String; 2]>,
    /// The pattern of file names; `null`: the default.
    pub name: Option<String>,
}

/// The query as it was typed: `null` stands for the default, which differs between a transcript and a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuerySettings {
    /// Parts of names.
    pub speakers: Vec<String>,
    /// Parts of names to leave out.
    #[serde(default)]
    pub not_speakers: Vec<String>,
    /// Words or phrases.
    pub keywords: Vec<String>,
    /// Regular expressions.
    #[serde(default)]
    pub regexes: Vec<String>,
    /// All keywords must be met.
    pub all_keywords: bool,
    /// A span of days.
    #[serde(default)]
    pub between: Option<String>,
    /// Those who only ask too.
    #[serde(default)]
    pub questions: bool,
    /// Shortest quote, in characters.
    pub min_chars: Option<usize>,
    /// Longest quote, in characters; 0: no bound.
    pub max_chars: Option<usize>,
    /// The most quotes; 0: all.
    pub limit: Option<usize>,
    /// `best` or `source`.
    pub order: Option<String>,
    /// Whole turns.
    pub turns: bool,
    /// Several quotes of one passage may come first.
    #[serde(default)]
    pub any_passage: bool,
    /// Whose words a text without labels is.
    pub by: Option<String>,
}

/// A card that was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The quote's id.
    pub id: String,
    /// The PNG, relative to the manifest.
    pub file: String,
    /// The template's name.
    pub template: String,
    /// The size's name, or its `WIDTHxHEIGHT`.
    pub size: String,
    /// Width in px.
    pub width: u32,
    /// Height in px.
    pub height: u32,
    /// Size of the quote's type, px per em on the master.
    pub type_size: f32,
    /// The exact words.
    pub text: String,
    /// Who said it.
    pub speaker: String,
    /// The role in full, whatever the card has room for.
    pub role: Option<String>,
    /// When it was said, ISO where it is a calendar day.
    pub date: Option<When>,
    /// The event's short name.
    pub event: Option<String>,
    /// Where the words stand.
    pub source: Origin,
    /// What the card says, for whoever hears it instead of seeing it.
    #[serde(default)]
    pub alt: String,
    /// The file of the alt text, relative to the manifest, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_file: Option<String>,
    /// The question that the words answer, where the transcript or the list tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<QuestionRow>,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// The day that it says it was corrected on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<When>,
    /// Which part of a quote that runs over several cards: `2/3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Which card of a series: `3/12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The words that are emphasised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub highlight: Vec<String>,
    /// What the card is made of. Entries of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The digest of the PNG's bytes; none in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// A card that was not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The quote's id.
    pub id: String,
    /// The exact words.
    pub text: String,
    /// What went wrong, on which template and size.
    pub error: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Manifest {
    /// A manifest as it stands on the disk.
    ///
    /// # Errors
    ///
    /// When it is not one, or one of another version.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let manifest: Self = serde_json::from_slice(bytes)?;
        if manifest.version == VERSION {
            Ok(manifest)
        } else {
            Err(serde::de::Error::custom(format!("version {} is unknown", manifest.version)))
        }
    }
}

/// Writes a manifest card by card, so that nothing of a card need be kept: indented JSON with a line end.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    /// One entry, before it is moved in.
    entry: Vec<u8>,
    cards: usize,
    failures: Vec<Failure>,
}

impl<W: Write> Writer<W> {
    /// Begins a manifest.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn begin(mut out: W, settings: &Settings) -> io::Result<Self> {
        write!(out, "{{\n  \"version\": {VERSION},\n  \"settings\": ")?;
        let mut writer = Self { out, entry: Vec::new(), cards: 0, failures: Vec::new() };
        writer.value(settings, "\n  ")?;
        writer.out.write_all(b",\n  \"cards\": [")?;
        Ok(writer)
    }

    /// The next card that was written.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn card(&mut self, entry: &Entry) -> io::Result<()> {
        self.item(self.cards == 0, entry)?;
        self.cards += 1;
        Ok(())
    }

    /// The next card that was not written. It is kept until the end: failures stand after the cards.
    pub fn failure(&mut self, failure: Failure) {
        self.failures.push(failure);
    }

    /// Takes over the entries of earlier runs into the same folder whose picture this one did not write (it wrote the
    /// `own` files) and that is `still_there`; after our own cards, in their order.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn keep_earlier(
        &mut self,
        earlier: &[Entry],
        own: &BTreeSet<&str>,
        still_there: impl Fn(&str) -> bool,
    ) -> io::Result<()> {
        let mut named = BTreeSet::new();
        for card in earlier {
            let file = card.file.as_str();
            if !own.contains(file) && still_there(file) && named.insert(file) {
                self.card(card)?;
            }
        }
        Ok(())
    }

    /// Writes the failures and the end.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn end(mut self) -> io::Result<W> {
        let close = |any: bool| if any { "\n  ]" } else { "]" };
        write!(self.out, "{},\n  \"failures\": [", close(self.cards > 0))?;
        let failures = std::mem::take(&mut self.failures);
        for (i, failure) in failures.iter().enumerate() {
            self.item(i == 0, failure)?;
        }
        write!(self.out, "{}\n}}\n", close(!failures.is_empty()))?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// An item of one of the lists.
    fn item(&mut self, first: bool, item: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if first { b"\n    " } else { b",\n    " })?;
        self.value(item, "\n    ")
    }

    /// A value at its depth. No string of JSON holds a line end, so each one in it is a line of ours.
    fn value(&mut self, value: &impl Serialize, line_end: &str) -> io::Result<()> {
        self.entry.clear();
        serde_json::to_writer_pretty(&mut self.entry, value)?;
        let mut lines = self.entry.split(|&byte| byte == b'\n');
        self.out.write_all(lines.next().unwrap_or_default())?;
        for line in lines {
            self.out.write_all(line_end.as_bytes())?;
            self.out.write_all(line)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(files: &[&str]) -> Manifest {
        let entry = |file: &&str| Entry {
            id: "q1".into(),
            file: (*file).into(),
            template: "broadsheet".into(),
            size: "square".into(),
            width: 1080,
            height: 1080,
            type_size: 68.0,
            text: "Water is life.".into(),
            speaker: "Lu Bai".into(),
            role: None,
            date: Some(When::from("2031-04-16".to_owned())),
            event: None,
            source: Origin {
                file: "a.txt".into(),
                sha256: "0".repeat(64),
                start: 8,
                end: 22,
                line: 1,
                spans: vec![],
                part: None,
                time: None,
                then: None,
            },
            alt: "Lu Bai: “Water is life.” April 16, 2031.".into(),
            alt_file: None,
            question: None,
            warnings: vec![],
            corrected: None,
            part: None,
            series: None,
            highlight: vec![],
            key: None,
            digest: None,
        };
        Manifest {
            version: VERSION,
            settings: Settings {
                series: None,
                program: "pullquote 0.1.0".into(),
                query: QuerySettings::default(),
                templates: vec!["broadsheet".into()],
                sizes: vec![],
                brand: None,
                highlight: vec!["auto".into()],
                roles: vec![],
                name: None,
            },
            cards: files.iter().map(entry).collect(),
            failures: vec![Failure {
                id: "q2".into(),
                text: "Wind.".into(),
                error: "too short".into(),
                hint: None,
            }],
        }
    }

    /// A manifest as a run writes it.
    fn written(manifest: &Manifest, earlier: Option<&Manifest>) -> String {
        let mut writer = Writer::begin(Vec::new(), &manifest.settings).unwrap();
        for card in &manifest.cards {
            writer.card(card).unwrap();
        }
        manifest.failures.iter().cloned().for_each(|failure| writer.failure(failure));
        if let Some(earlier) = earlier {
            let own = manifest.cards.iter().map(|card| card.file.as_str()).collect();
            writer.keep_earlier(&earlier.cards, &own, |file| file != "gone.png").unwrap();
        }
        String::from_utf8(writer.end().unwrap()).unwrap()
    }

    #[test]
    fn is_the_same_json_whether_written_at_once_or_card_by_card() {
        let whole = manifest(&["a.png", "b.png"]);
        let bare = Manifest { failures: vec![], ..manifest(&[]) };
        for manifest in [whole, bare] {
            assert_eq!(written(&manifest, None), serde_json::to_string_pretty(&manifest).unwrap() + "\n");
        }
    }

    #[test]
    fn comes_back_as_it_was_and_refuses_what_it_does_not_know() {
        let whole = manifest(&["a.png", "b.png"]);
        let json = written(&whole, None);
        assert!(json.ends_with("}\n"));
        assert_eq!(Manifest::from_json(json.as_bytes()).unwrap(), whole);
        let foreign = json.replacen("\"version\": 1,", "\"version\": 1, \"name\": \"app\",", 1);
        assert!(Manifest::from_json(foreign.as_bytes()).is_err());
        let newer = json.replacen("\"version\": 1,", "\"version\": 2,", 1);
        assert!(Manifest::from_json(newer.as_bytes()).unwrap_err().to_string().contains("version 2"));
    }

    #[test]
    fn earlier_cards_stay_named_after_ours() {
        let earlier = manifest(&["a.png", "b.png", "gone.png", "d.png"]);
        let now = written(&manifest(&["b.png", "c.png"]), Some(&earlier));
        let now = Manifest::from_json(now.as_bytes()).unwrap();
        let files: Vec<&str> = now.cards.iter().map(|card| card.file.as_str()).collect();
        assert_eq!(files, ["b.png", "c.png", "a.png", "d.png"]);
        assert_eq!(now.failures.len(), 1, "failures are this run's");
    }
}
