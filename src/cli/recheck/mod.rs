//! `pullquote recheck`: the cards of a manifest held against their transcripts as they are now. What changed is listed for
//! recall, and made anew where that is asked.

mod list;
mod renew;

use std::path::{Path, PathBuf};

use pullquote::diag::Diagnostic;
use pullquote::manifest::{self, Entry, Manifest};
use pullquote::transcript::Transcript;
use pullquote::verify::{Claim, File, Finding, Sources, Verdict};

use super::Outcome;
use super::args::{ReadingArgs, RecheckArgs};
use super::documents::{Documents, read_file};
use super::report::{Talk, counted};

/// What became of a card's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// As they were, where they were.
    Exact,
    /// As they were, elsewhere in the transcripts.
    Moved,
    /// Somebody else says them now.
    Speaker,
    /// They are other words now.
    Changed,
    /// Nothing like them is said any more.
    Gone,
    /// Their transcript is not at hand.
    Unchecked,
}

impl Status {
    /// As the list has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Moved => "moved",
            Self::Speaker => "speaker",
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Unchecked => "unchecked",
        }
    }
}

/// A card and what was found of it.
pub struct Checked<'m> {
    pub card: &'m Entry,
    pub status: Status,
    pub finding: Finding,
}

/// Checks, lists, and makes anew.
pub fn run(args: &RecheckArgs, talk: &Talk) -> Outcome {
    let path =
        if args.manifest.is_dir() { args.manifest.join(manifest::FILE_NAME) } else { args.manifest.clone() };
    let manifest = match read(&path) {
        Ok(manifest) => manifest,
        Err(told) => return talk.refuse(&[told]),
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let (documents, missing) = sources(args, &manifest, &folder);
    if documents.good.is_empty() && !manifest.cards.is_empty() {
        let told = Diagnostic::error("none of the transcripts that the cards are from can be read")
            .hint("say where they are now with `--source FILE` or `--source FOLDER`");
        return talk.refuse(&[documents.problems, missing, vec![told]].concat());
    }
    talk.tell_all(documents.problems.iter().chain(&missing));
    let checked = check(&manifest, &documents.good);
    let printed = talk.data(&list::print(&checked, args.format));
    let count = |status: Status| checked.iter().filter(|one| one.status == status).count();
    let parts =
        [Status::Exact, Status::Moved, Status::Speaker, Status::Changed, Status::Gone, Status::Unchecked]
            .map(|status| (count(status), status.name()));
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!("{n} {name}")).collect();
    talk.note(&format!("{}: {}", counted(checked.len(), "card"), parts.join(", ")));
    let wrong =
        checked.iter().any(|one| matches!(one.status, Status::Speaker | Status::Changed | Status::Gone));
    let unknown = if count(Status::Unchecked) > 0 { Outcome::Partial } else { Outcome::Done };
    let found = printed.and(unknown).and(if wrong { Outcome::NotVerified } else { Outcome::Done });
    if !args.render {
        return found;
    }
    let made = renew::run(args, &manifest, &checked, documents.clone(), &folder, talk);
    // The changed cards are mended then; what is gone or somebody else's is not.
    let mended = wrong && !checked.iter().any(|one| matches!(one.status, Status::Speaker | Status::Gone));
    if made == Outcome::Done && mended { printed.and(unknown) } else { made.and(found) }
}

fn read(path: &Path) -> Result<Manifest, Diagnostic> {
    Manifest::from_json(&read_file(path)?).map_err(|e| {
        Diagnostic::error(format!("`{}` is no manifest of ours: {e}", path.display()))
            .hint("name the `manifest.json` of a folder of cards, or the folder")
    })
}

/// The transcripts that the cards are from: those that are named, else where the manifest says, from here or from the
/// folder above its own.
fn sources(args: &RecheckArgs, manifest: &Manifest, folder: &Path) -> (Documents, Vec<Diagnostic>) {
    let (mut files, mut missing): (Vec<PathBuf>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    if args.sources.is_empty() {
        let mut named: Vec<&str> = manifest.cards.iter().map(|card| card.source.file.as_str()).collect();
        named.sort_unstable();
        named.dedup();
        for name in named {
            let places = [PathBuf::from(name), folder.join(name), folder.join("..").join(name)];
            match places.into_iter().find(|path| path.is_file()) {
                Some(path) => files.push(path),
                None => missing.push(
                    Diagnostic::warning(format!("no such file: `{name}`"))
                        .hint("say where it is now with `--source FILE` or `--source FOLDER`"),
                ),
            }
        }
    }
    files.extend(args.sources.iter().cloned());
    let reading = |by: Option<String>| ReadingArgs { by, ..ReadingArgs::default() };
    let mut documents = Documents::sources(&files, &reading(manifest.settings.query.by.clone()));
    for file in files.iter().filter(|file| file.is_file()) {
        let shown = file.display().to_string();
        let is_it = |t: &Transcript| t.source.name == shown || t.pages.iter().any(|page| page.name == shown);
        if documents.good.iter().any(is_it) {
            continue;
        }
        // A speech without labels is read as its cards say whose it is.
        let of_file = |card: &&Entry| Path::new(&card.source.file).file_name() == file.file_name();
        let Some(card) = manifest.cards.iter().find(of_file) else { continue };
        let again = Documents::sources(std::slice::from_ref(file), &reading(Some(card.speaker.clone())));
        if !again.good.is_empty() {
            let is_of_it = |told: &Diagnostic| {
                told.place.as_ref().is_some_and(|place| place.starts_with(&shown))
                    || told.message.contains(&shown)
            };
            documents.problems.retain(|told| !is_of_it(told));
            documents.good.extend(again.good);
        }
    }
    (documents, missing)
}

fn check<'m>(manifest: &'m Manifest, transcripts: &[Transcript]) -> Vec<Checked<'m>> {
    let sources = Sources::new(transcripts);
    let check = |card: &'m Entry| {
        let claim = Claim { words: &card.text, speaker: Some(&card.speaker), origin: Some(&card.source) };
        let finding = sources.check(&claim);
        let status = match (&finding.verdict, finding.file) {
            (Verdict::Gone | Verdict::Changed { .. }, File::Absent) => Status::Unchecked,
            (Verdict::Gone, _) => Status::Gone,
            (Verdict::Changed { .. }, _) => Status::Changed,
            _ if finding.other_speaker.is_some() => Status::Speaker,
            (Verdict::Moved { .. }, _) => Status::Moved,
            (Verdict::Exact { .. }, _) => Status::Exact,
        };
        Checked { card, status, finding }
    };
    manifest.cards.iter().map(check).collect()
}
