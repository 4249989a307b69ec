//! A run's claim on its output folder: a file that is locked while the run goes on and keeps what was done.
//!
//! The lock keeps two runs from writing into one folder at once; the system lets go of it when the program ends, however
//! it ends. The lines are the manifest's entries, each written before its card is put in its place: so the next run
//! knows the cards of one that was killed before its manifest was written. When that stands, the file goes.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use fs4::{FileExt, TryLockError};
use pullquote::diag::Diagnostic;
use pullquote::export::write::{NewFile, TEMPORARY_PREFIX, WriteError};
use pullquote::manifest::Entry;
use same_file::Handle;

/// What the file is called. It begins as temporary files do: what begins so is ours.
const FILE_NAME: &str = ".pullquote-journal";

/// See the module. Dropped, it is gone, unless there is something in it that no manifest has.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    file: File,
    /// Nothing in it is needed any more.
    settled: AtomicBool,
}

impl Claim {
    /// Claims a folder, which must be there. Clears away what a run that was killed has left half done.
    ///
    /// # Errors
    ///
    /// Another run that holds it; a folder that takes no files.
    pub fn lay(folder: &Path) -> Result<Self, Diagnostic> {
        let path = folder.join(FILE_NAME);
        let told = |error: io::Error| NewFile::failed(&path, error).diagnostic();
        loop {
            let is_link = path.symlink_metadata().is_ok_and(|meta| !meta.is_file());
            if is_link {
                return Err(told(io::ErrorKind::AlreadyExists.into()));
            }
            let left = path.exists();
            let file = OpenOptions::new().create(true).read(true).append(true).open(&path).map_err(told)?;
            // By its whole name: newer libraries have a method of their own that is called so.
            match FileExt::try_lock(&file) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy(folder)),
                // Some network folders know no locks: there the one who works alone is not kept from it.
                Err(TryLockError::Error(_)) => {}
            }
            // Whoever held it may have taken it away between our two steps: then we hold what nobody else can see.
            let is_there =
                Handle::from_path(&path).ok().zip(file.try_clone().and_then(Handle::from_file).ok());
            if !is_there.is_some_and(|(there, held)| there == held) {
                continue;
            }
            let claim = Self { folder: folder.to_owned(), file, settled: AtomicBool::new(!left) };
            if left {
                claim.clear_away();
                claim.settled.store(claim.entries().is_empty(), Ordering::Relaxed);
            }
            return Ok(claim);
        }
    }

    /// What a run that was killed had done in a folder, or was about to do; nothing where there is no such run.
    pub fn left_in(folder: &Path) -> Vec<Entry> {
        let mut lines = String::new();
        let read = File::open(folder.join(FILE_NAME)).and_then(|mut file| file.read_to_string(&mut lines));
        // The last line may be cut off.
        read.map(|_| lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
            .unwrap_or_default()
    }

    fn entries(&self) -> Vec<Entry> {
        Self::left_in(&self.folder)
    }

    /// Removes temporary files of a run that was killed: nobody else writes here now.
    fn clear_away(&self) {
        let Ok(files) = std::fs::read_dir(&self.folder) else { return };
        for file in files.flatten() {
            let name = file.file_name();
            let is_temporary =
                name.to_str().is_some_and(|n| n.starts_with(TEMPORARY_PREFIX) && n != FILE_NAME);
            if is_temporary && file.file_type().is_ok_and(|kind| kind.is_file()) {
                let _ = std::fs::remove_file(file.path());
            }
        }
    }

    /// Writes down that a card is about to stand in the folder. In one piece, so that threads need not wait for each
    /// other and no line stands in another.
    ///
    /// # Errors
    ///
    /// What the system says: the card must not be put there then.
    pub fn note(&self, entry: &Entry) -> Result<(), WriteError> {
        // The line end comes first: the line before may be cut off.
        let mut line = vec![b'\n'];
        let written = serde_json::to_writer(&mut line, entry).map_err(io::Error::from);
        written.and_then(|()| (&self.file).write_all(&line)).map_err(|e| self.failed(e))?;
        self.settled.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn failed(&self, error: io::Error) -> WriteError {
        NewFile::failed(&self.folder.join(FILE_NAME), error)
    }

    /// The manifest stands: nothing of this is needed any more.
    pub fn settle(&self) {
        self.settled.store(true, Ordering::Relaxed);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // While it is locked still: whoever comes next must find a file that stays.
        if self.settled.load(Ordering::Relaxed) {
            let _ = std::fs::remove_file(self.folder.join(FILE_NAME));
        }
    }
}

fn busy(folder: &Path) -> Diagnostic {
    Diagnostic::error(format!("another run is writing into `{}`", folder.display()))
        .hint("wait until it has ended, or write elsewhere with `--out DIR`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn one_at_a_time_and_nothing_stays() {
        let dir = tempfile::tempdir().unwrap();
        let claim = Claim::lay(dir.path()).unwrap();
        let second = Claim::lay(dir.path()).unwrap_err();
        assert!(second.message.starts_with("another run is writing into"), "{}", second.message);
        drop(claim);
        assert_eq!(names(dir.path()), [""; 0]);
        drop(Claim::lay(dir.path()).unwrap());
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_away_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        for name in [".pullquote-Ab12", ".pullquote.toml", "card.png", FILE_NAME] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        drop(Claim::lay(dir.path()).unwrap());
        let mut left = names(dir.path());
        left.sort();
        assert_eq!(left, [".pullquote.toml", "card.png"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_written_through() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("precious");
        std::fs::write(&elsewhere, "x").unwrap();
        std::os::unix::fs::symlink(&elsewhere, dir.path().join(FILE_NAME)).unwrap();
        assert!(Claim::lay(dir.path()).is_err());
        assert_eq!(std::fs::read(&elsewhere).unwrap(), b"x");
    }
}
