//! One card: what is found of its record, its picture and its words, and what is wrong with it.

use std::path::Path;

use pullquote::diag::Diagnostic;
use pullquote::font::FontBook;
use pullquote::manifest::Entry;
use pullquote::record::{self, Differing, Found, FreshError, PngError, Record, RecordError};
use pullquote::template::Template;
use pullquote::transcript::Origin;
use pullquote::verify::{Claim, Diff, File, Sources, Verdict};
use serde::Serialize;

use super::Against;
use crate::cli::documents::read_file;

/// What is found of a card; also its form in JSON.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// The file.
    file: String,
    /// Nothing is wrong with it.
    sound: bool,
    /// The card's id.
    id: Option<String>,
    record: RecordState,
    picture: PictureState,
    words: WordsState,
    /// Where the words, or those like them, stand now.
    source: Option<Origin>,
    /// The passage there, where it is not that of the card.
    passage: Option<String>,
    /// How the words differ.
    diff: Option<Diff>,
    /// Whose the words are in the source, where they are somebody else's.
    other_speaker: Option<String>,
    /// What may be of interest and is not wrong.
    notes: Vec<String>,
    /// What is wrong.
    problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Debug, Serialize)]
struct Problem {
    message: String,
    hint: String,
}

/// Of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum RecordState {
    /// As it was written.
    Unchanged,
    /// Altered after it was written.
    Altered,
    /// There is none.
    Missing,
    /// Neither it nor the picture can be read.
    Unreadable,
}

/// Of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum PictureState {
    /// Encoded as it was written, to the bit.
    Unchanged,
    /// Other bytes, and the very pixels of a fresh rendering.
    ReEncoded,
    /// Other pixels than those of a fresh rendering.
    Altered,
    /// Other bytes, and no fresh rendering to compare it with.
    Unknown,
}

/// Of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum WordsState {
    /// At their place in the source.
    Exact,
    /// Word for word elsewhere in it.
    Moved,
    /// Nearly.
    Changed,
    /// Not there.
    Gone,
    /// No source was given, or there are no words to check.
    NotChecked,
}

impl Checked {
    /// Looks at a card.
    pub fn new(path: &Path, entry: Option<&Entry>, against: &Against<'_>) -> Self {
        let mut card = Self {
            file: path.display().to_string(),
            sound: false,
            id: entry.map(|entry| entry.id.clone()),
            record: RecordState::Unreadable,
            picture: PictureState::Unknown,
            words: WordsState::NotChecked,
            source: None,
            passage: None,
            diff: None,
            other_speaker: None,
            notes: Vec::new(),
            problems: Vec::new(),
        };
        let found = match read_file(path) {
            Ok(png) => match record::read(&png) {
                Ok(found) => {
                    card.look_at(&png, &found, against);
                    Some(found)
                }
                Err(error) => {
                    card.no_record(&error);
                    None
                }
            },
            Err(problem) => {
                let hint = "make the card anew, or take its entry out of the manifest";
                card.wrong(problem.message, hint);
                None
            }
        };
        let record = found.as_ref().map(|found| &found.record);
        if let (Some(record), Some(entry)) = (record, entry) {
            card.compare(record, entry);
        }
        // The words of a card without a record are still in its manifest.
        let claim = match (record, entry) {
            (Some(r), _) => {
                Some(Claim { words: &r.text, speaker: Some(&r.speaker), origin: Some(&r.source) })
            }
            (None, Some(e)) => {
                Some(Claim { words: &e.text, speaker: Some(&e.speaker), origin: Some(&e.source) })
            }
            (None, None) => None,
        };
        if let (Some(sources), Some(claim)) = (&against.sources, claim) {
            card.hold(sources, &claim);
        }
        card.sound = card.problems.is_empty();
        card
    }

    fn wrong(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem { message: harmless(&message.into()), hint: hint.into() });
    }

    fn no_record(&mut self, error: &RecordError) {
        let hint = match error {
            RecordError::None => {
                self.record = RecordState::Missing;
                "it was made with `--metadata none` or by another program, or a platform took its record out: verify the file as it was made"
            }
            RecordError::Png(PngError::Foreign) => "`verify` takes the PNGs that `render` writes",
            RecordError::Png(_) => "it was damaged on its way: fetch it again, or make it anew",
            RecordError::Several(_) | RecordError::Broken(_) => {
                self.record = RecordState::Altered;
                "somebody edited it: find the file as it was made, or make it anew"
            }
            RecordError::Newer(_) => "verify it with the release that made it, or a later one",
        };
        self.wrong(error.to_string(), hint);
    }

    /// Record and picture.
    fn look_at(&mut self, png: &[u8], found: &Found, against: &Against<'_>) {
        self.id = Some(found.record.id.clone().into_owned());
        self.record = RecordState::Unchanged;
        if !found.record_is_unchanged {
            self.record = RecordState::Altered;
            self.wrong(
                "its record was altered after it was written",
                "trust none of what it says: find the file as it was made, or make it anew",
            );
        }
        // Against a record that was altered itself nothing can be held.
        if found.record_is_unchanged && !found.other_texts.is_empty() {
            let names: Vec<String> = found.other_texts.iter().map(|name| format!("`{name}`")).collect();
            self.record = RecordState::Altered;
            self.wrong(
                format!("its metadata do not say what its record says: {}", names.join(", ")),
                "somebody edited them: find the file as it was made, or make it anew",
            );
        }
        if found.image_is_unchanged {
            self.picture = PictureState::Unchanged;
            if against.pixels {
                match fresh(png, &found.record, against) {
                    Fresh::Same => {}
                    Fresh::Differs(differing) => self.altered(differing),
                    Fresh::Unknown { why, .. } => {
                        self.notes
                            .push(format!("its pixels were not compared with a fresh rendering: {why}"));
                    }
                }
            }
            return;
        }
        if !found.record_is_unchanged {
            self.picture = PictureState::Unknown;
            self.notes.push(
                "its picture is not as it was written, and an altered record cannot tell how it should be"
                    .to_owned(),
            );
            return;
        }
        match fresh(png, &found.record, against) {
            Fresh::Same => {
                self.picture = PictureState::ReEncoded;
                self.notes.push(
                    "its picture was encoded anew without a loss: every pixel is that of a fresh rendering"
                        .to_owned(),
                );
            }
            Fresh::Differs(differing) => self.altered(differing),
            Fresh::Unknown { why, hint } => {
                self.picture = PictureState::Unknown;
                self.wrong(
                    format!("its picture is not as it was written, and whether a pixel is another cannot be told: {why}"),
                    hint,
                );
            }
        }
    }

    fn altered(&mut self, Differing { pixels, bounds: [x, y, width, height] }: Differing) {
        self.picture = PictureState::Altered;
        let (are, those) = if pixels == 1 { ("pixel is", "that") } else { ("pixels are", "those") };
        self.wrong(
            format!(
                "its picture was altered: {pixels} {are} not {those} of the card, within {width} × {height} px at {x}, {y}"
            ),
            "find the file as it was made, or make it anew",
        );
    }

    /// What the manifest says of it.
    fn compare(&mut self, record: &Record<'_>, entry: &Entry) {
        let fields = [
            ("words", record.text == entry.text),
            ("speaker", record.speaker == entry.speaker),
            ("role", record.role.as_deref() == entry.role.as_deref()),
            ("date", record.date == entry.date),
            ("template", record.template == entry.template),
            (
                "source",
                (&record.source.sha256, record.source.start, record.source.end)
                    == (&entry.source.sha256, entry.source.start, entry.source.end),
            ),
        ];
        let other: Vec<&str> = fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect();
        if !other.is_empty() {
            self.wrong(
                format!("record and manifest do not say the same of its {}", other.join(", ")),
                "one of them was edited, or the card is of another run: make it anew",
            );
        }
    }

    /// Its words and the sources.
    fn hold(&mut self, sources: &Sources<'_>, claim: &Claim<'_>) {
        let found = sources.check(claim);
        let named = claim.origin.map_or("", |origin| &origin.file).to_owned();
        if found.file == File::Changed {
            self.notes.push(format!("`{named}` is not the file that it was: another digest"));
        }
        match found.verdict {
            Verdict::Exact { place } => {
                self.words = WordsState::Exact;
                self.source = Some(place.origin);
            }
            Verdict::Moved { place } => {
                self.words = WordsState::Moved;
                let now = format!("{}:{}", place.origin.file, place.origin.line);
                self.source = Some(place.origin);
                match found.file {
                    File::Same => self.wrong(
                        format!("its words are not where its record says, in a file that has not changed: they stand at {now}"),
                        "the record's place was altered: make the card anew",
                    ),
                    File::Absent => {
                        self.notes.push(format!("`{named}` was not given; the words stand in {now}"));
                    }
                    File::Changed | File::Unnamed => self.notes.push(format!("its words now stand at {now}")),
                }
            }
            Verdict::Changed { place, diff, .. } => {
                self.words = WordsState::Changed;
                self.wrong(
                    format!("its words are not those of {}:{}: {diff}", place.origin.file, place.origin.line),
                    "[-only on the card-] {+only in the source+}: correct the card, or recall it",
                );
                self.source = Some(place.origin);
                self.passage = Some(place.text);
                self.diff = Some(diff);
            }
            Verdict::Gone => {
                self.words = WordsState::Gone;
                if found.file == File::Absent {
                    self.wrong(
                        format!(
                            "its source `{named}` was not given, and its words are in none of those that were"
                        ),
                        "name it with `--source`",
                    );
                } else {
                    self.wrong(
                        format!("its words, or any like them, are no longer in `{named}`"),
                        "recall the card, or find the transcript as it was",
                    );
                }
            }
        }
        if let Some(other) = found.other_speaker {
            let named = claim.speaker.unwrap_or_default();
            self.wrong(
                format!("the source gives its words to `{other}`, not to `{named}`"),
                "where both are one person, name the list of speakers that the card was made with: `--speakers FILE`",
            );
            self.other_speaker = Some(other);
        }
    }

    /// Nothing is wrong with it.
    pub fn is_sound(&self) -> bool {
        self.sound
    }

    /// What to tell a person.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let told = |p: &Problem| Diagnostic::error(&p.message).at(&self.file).hint(&p.hint);
        let notes = self.notes.iter().map(|note| Diagnostic::warning(harmless(note)).at(&self.file));
        self.problems.iter().map(told).chain(notes).collect()
    }

    /// Its line in the table.
    pub fn cells(&self) -> Vec<String> {
        let record = match self.record {
            RecordState::Unchanged => "unchanged",
            RecordState::Altered => "altered",
            RecordState::Missing => "missing",
            RecordState::Unreadable => "unreadable",
        };
        let picture = match self.picture {
            PictureState::Unchanged => "unchanged",
            PictureState::ReEncoded => "re-encoded",
            PictureState::Altered => "altered",
            PictureState::Unknown => "unknown",
        };
        let at = self.source.as_ref().map(|s| format!(", {}:{}", s.file, s.line)).unwrap_or_default();
        let words = match self.words {
            WordsState::Exact => "exact",
            WordsState::Moved => "moved",
            WordsState::Changed => "changed",
            WordsState::Gone => "gone",
            WordsState::NotChecked => "not checked",
        };
        let words = if self.other_speaker.is_some() {
            format!("{words}{at}, another speaker")
        } else {
            format!("{words}{at}")
        };
        vec![self.file.clone(), record.to_owned(), picture.to_owned(), words]
    }
}

/// A text that a terminal may show: what a record says was written by anybody, and controls (of direction too) would
/// have their way with what else stands there.
fn harmless(text: &str) -> String {
    let has_its_way =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.replace(has_its_way, "\u{FFFD}")
}

/// What a fresh rendering tells.
enum Fresh {
    Same,
    Differs(Differing),
    Unknown { why: String, hint: String },
}

/// Compares a card with a fresh rendering of its record.
fn fresh(png: &[u8], record: &Record<'_>, against: &Against<'_>) -> Fresh {
    let unknown = |why: String, hint: &str| Fresh::Unknown { why, hint: hint.to_owned() };
    let own = against.templates.iter().find(|template| template.name() == record.template).cloned();
    let Some(template) = own.or_else(|| Template::builtin(&record.template)) else {
        return unknown(
            FreshError::Template(record.template.clone().into_owned()).to_string(),
            "name its folder with `--template DIR`",
        );
    };
    match record::render(record, &template, &against.brand, FontBook::builtin()) {
        Ok(rendering) => match record::differing(&rendering, png) {
            Ok(None) => Fresh::Same,
            Ok(Some(differing)) => Fresh::Differs(differing),
            Err(error) => {
                unknown(error.to_string(), "it was damaged on its way: fetch it again, or make it anew")
            }
        },
        Err(error) => {
            let hint = match &error {
                FreshError::Brand(Some(_)) => "name the kit with `--brand`",
                FreshError::Brand(None) => "leave `--brand` out for it",
                FreshError::OtherProgram(_) => "verify it with that release",
                _ => "compare it with the file as it was made, or make it anew",
            };
            unknown(error.to_string(), hint)
        }
    }
}
