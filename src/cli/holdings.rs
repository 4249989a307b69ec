//! The cards in a folder that a manifest of ours names, or the journal of a run that was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use pullquote::alt;
use pullquote::batch::Standing;
use pullquote::diag::Diagnostic;
use pullquote::digest::Digest;
use pullquote::export::write::cause;
use pullquote::key::Key;
use pullquote::manifest::{self, Entry, Manifest};

use super::claim::Claim;

/// See the module.
#[derive(Debug, Default)]
pub struct Holdings {
    folder: PathBuf,
    /// In the manifest's order, then the journal's.
    cards: Vec<Entry>,
    by_file: BTreeMap<String, usize>,
    /// The files of their alt texts.
    alt_files: BTreeSet<String>,
}

impl Holdings {
    /// What an earlier run left in the folder. A foreign file of the manifest's name stops us, unless forced.
    ///
    /// # Errors
    ///
    /// A manifest that is none of ours, or cannot be read.
    pub fn of(folder: &Path, force: bool) -> Result<Self, Diagnostic> {
        let path = folder.join(manifest::FILE_NAME);
        let mut holdings = Self { folder: folder.to_owned(), ..Self::default() };
        let problem = match std::fs::read(&path) {
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
            Ok(bytes) => match Manifest::from_json(&bytes) {
                Ok(manifest) => {
                    manifest.cards.into_iter().for_each(|card| holdings.add(card));
                    None
                }
                Err(e) => Some(format!("`{}` exists and is no manifest of ours: {e}", path.display())),
            },
            Err(e) => Some(format!("`{}` exists and cannot be read: {e}", path.display())),
        };
        if let (Some(problem), false) = (problem, force) {
            return Err(Diagnostic::error(problem)
                .hint("write elsewhere with `--out DIR`, or overwrite it with `--force`"));
        }
        for card in Claim::left_in(folder) {
            // It was noted before it was put there: a file that is another may be anybody's.
            if holdings.is_whole(&card) {
                holdings.add(card);
            }
        }
        Ok(holdings)
    }

    /// Takes in a card. Our files lie in the folder itself: what names another place was not written by us, and is
    /// neither replaced nor removed.
    fn add(&mut self, card: Entry) {
        let is_name = Path::new(&card.file).file_name().is_some_and(|name| name == card.file.as_str());
        if !is_name {
            return;
        }
        // An alt text lies beside its card, under its name.
        self.alt_files
            .extend(card.alt_file.iter().filter(|file| **file == alt::file_name(&card.file)).cloned());
        match self.by_file.get(&card.file) {
            Some(&at) => self.cards[at] = card,
            None => {
                self.by_file.insert(card.file.clone(), self.cards.len());
                self.cards.push(card);
            }
        }
    }

    /// Whether a file is ours.
    pub fn has(&self, file: &str) -> bool {
        self.by_file.contains_key(file) || self.alt_files.contains(file)
    }

    /// Those that do not belong to a run that has these files.
    pub fn others<'h>(&'h self, own: &'h BTreeSet<&str>) -> impl Iterator<Item = &'h Entry> {
        self.cards.iter().filter(|card| !own.contains(card.file.as_str()))
    }

    /// Removes a card's file, where it is the one that was written: somebody may have made another of it.
    ///
    /// # Errors
    ///
    /// What keeps it where it is.
    pub fn remove(&self, card: &Entry) -> Result<(), Diagnostic> {
        let path = self.folder.join(&card.file);
        let said = |told: String| {
            Diagnostic::warning(told).hint("remove it by hand, or keep it: it stays in the manifest")
        };
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        if !self.is_whole(card) {
            return Err(said(format!("`{}` is not as it was written, and is left", path.display())));
        }
        // So is its alt text, if nobody wrote another.
        let alt =
            card.alt_file.as_ref().filter(|file| self.alt_files.contains(*file) && self.has_its_alt(card));
        for path in std::iter::once(path).chain(alt.map(|file| self.folder.join(file))) {
            std::fs::remove_file(&path)
                .map_err(|e| said(format!("cannot remove `{}`: {}", path.display(), cause(&e))))?;
        }
        Ok(())
    }

    /// All of them.
    pub fn cards(&self) -> &[Entry] {
        &self.cards
    }

    /// Whether a card's PNG is there, byte for byte as it was written.
    fn is_whole(&self, card: &Entry) -> bool {
        let read = || std::fs::read(self.folder.join(&card.file)).ok();
        card.digest.is_some_and(|digest| read().is_some_and(|bytes| Digest::of(&bytes) == digest))
    }

    /// Whether its alt text is there, where it has a file.
    fn has_its_alt(&self, card: &Entry) -> bool {
        let is_it = |file: &String| {
            let read = std::fs::read(self.folder.join(file));
            read.is_ok_and(|alt| alt.strip_suffix(b"\n") == Some(card.alt.as_bytes()))
        };
        card.alt_file.as_ref().is_none_or(is_it)
    }

    /// What stands in the place of a card.
    pub fn standing(&self, file: &str, key: &Key) -> Standing {
        let Some(&at) = self.by_file.get(file) else { return Standing::Nothing };
        let card = &self.cards[at];
        let Some(was) = &card.key else { return Standing::Other(vec!["made by an earlier version"]) };
        let changes = key.changes(was);
        if !changes.is_empty() {
            return Standing::Other(changes);
        }
        if self.is_whole(card) {
            if !self.has_its_alt(card) {
                return Standing::Other(vec!["alt text altered or missing"]);
            }
            return Standing::Same(Box::new(card.clone()));
        }
        let is_there = self.folder.join(file).symlink_metadata().is_ok();
        Standing::Other(vec![if is_there { "file altered" } else { "file missing" }])
    }
}
