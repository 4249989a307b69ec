//! Files on the disk: whole or not at all.
//!
//! The only place in the library that touches the file system. A file is written beside its target under a
//! temporary name and then renamed over it, so a reader, an interrupt or a full disk never meets half a card. Nothing is
//! forced out to the disk (`fsync`): a card that a power cut takes is made again, and to wait for the disk after each
//! would cost far more than making it.

use std::io::{self, IoSlice};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::diag::Diagnostic;

/// What temporary files begin with, so that one left by a power cut is known for ours.
pub const TEMPORARY_PREFIX: &str = ".pullquote-";

/// Why a file or its folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The folder cannot be made or does not take files.
    #[error("cannot write into `{path}`: {}", cause(source))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write `{path}`: {}", cause(source))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl WriteError {
    /// What a person should read: path, cause and mend.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        // The path is the place and not part of the message: many cards may fail for one reason, and a manifest,
        // which keeps the message, names no folder.
        let (what, path, source) = match self {
            Self::Folder { path, source } => ("cannot write into the folder", path, source),
            Self::File { path, source } => ("cannot write the file", path, source),
        };
        let hint = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free some space, or write elsewhere with `--out DIR`"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "allow writing there, or write elsewhere with `--out DIR`"
            }
            io::ErrorKind::IsADirectory => {
                "move that folder away, or choose other names with `--name PATTERN`"
            }
            _ => "write elsewhere with `--out DIR`",
        };
        Diagnostic::error(format!("{what}: {}", cause(source))).at(path.display().to_string()).hint(hint)
    }
}

/// The system's words without its error number, lower case like all we say.
#[must_use]
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "a file is in the way".to_owned(),
        io::ErrorKind::IsADirectory => "a folder of that name is in the way".to_owned(),
        _ => error.to_string(),
    }
}

/// Writes `pieces`, one after the other, to `path`, in place of what stood there, making its folder where missing.
///
/// # Errors
///
/// When the folder or the file cannot be written; what stood at `path` is then untouched, and nothing else is left.
pub fn write_file(path: &Path, pieces: &[&[u8]]) -> Result<(), WriteError> {
    let mut file = NewFile::create(path)?;
    write_all(&mut file, pieces).map_err(|e| NewFile::failed(path, e))?;
    file.keep()
}

/// Writes pieces one after the other, in one call where the system can.
fn write_all(to: &mut impl io::Write, pieces: &[&[u8]]) -> io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> =
        pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| IoSlice::new(piece)).collect();
    let mut left = &mut slices[..];
    while !left.is_empty() {
        match to.write_vectored(left) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut left, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A file that is being written under a temporary name; dropped, it is gone.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    file: tempfile::NamedTempFile,
}

impl NewFile {
    /// Begins the file that will stand at `path`, making its folder where missing.
    ///
    /// # Errors
    ///
    /// When the folder does not take files.
    pub fn create(path: &Path) -> Result<Self, WriteError> {
        let folder = folder_of(path);
        let file = match temporary_in(folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                std::fs::create_dir_all(folder)
                    .map_err(|source| WriteError::Folder { path: folder.to_owned(), source })?;
                temporary_in(folder)
            }
            other => other,
        }
        .map_err(|source| WriteError::Folder { path: folder.to_owned(), source: root_cause(source) })?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// What to say of an error that writing to the file that will stand at `path` gave.
    #[must_use]
    pub fn failed(path: &Path, error: io::Error) -> WriteError {
        WriteError::File { path: path.to_owned(), source: root_cause(error) }
    }

    /// Puts it in its place, over what stood there.
    ///
    /// # Errors
    ///
    /// When it cannot be renamed; what stood there is then untouched, and nothing else is left.
    pub fn keep(self) -> Result<(), WriteError> {
        let Self { path, file } = self;
        file.persist(&path).map(drop).map_err(|e| {
            let blocked = path.is_dir().then(|| io::Error::from(io::ErrorKind::IsADirectory));
            WriteError::File { path, source: blocked.unwrap_or(e.error) }
        })
    }
}

impl io::Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.file.write_vectored(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Tries at once whether files can be written into a folder, made or not: better before the first card than after.
///
/// A folder that is not there yet is not made; then the nearest one above it is tried.
///
/// # Errors
///
/// When files cannot be written there.
pub fn try_folder(folder: &Path) -> Result<(), WriteError> {
    let error = |source| WriteError::Folder { path: folder.to_owned(), source };
    let mut nearest = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    loop {
        match std::fs::metadata(nearest) {
            Ok(meta) if meta.is_dir() => break,
            Ok(_) => return Err(error(io::ErrorKind::NotADirectory.into())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                // A dangling link would pass for a missing folder, and then fail for every card.
                if nearest.is_symlink() {
                    return Err(error(io::ErrorKind::NotADirectory.into()));
                }
                nearest = folder_of(nearest);
            }
            Err(e) => return Err(error(e)),
        }
    }
    temporary_in(nearest).map(drop).map_err(|e| error(root_cause(e)))
}

/// The folder a path lies in; `.` for a bare name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY_PREFIX);
    #[cfg(unix)]
    {
        // A temporary file is private by default; a card is as readable as the umask lets any new file be.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// `tempfile` wraps the system's error with its own path, which means nothing to a user.
fn root_cause(error: io::Error) -> io::Error {
    error
        .raw_os_error()
        .or_else(|| {
            let inner = error.get_ref()?;
            let source = std::error::Error::source(inner)?.downcast_ref::<io::Error>()?;
            source.raw_os_error()
        })
        .map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_whole_files_and_leaves_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/er/card.png");
        write_file(&path, &[b"one"]).unwrap();
        write_file(&path, &[b"t", b"", b"wo"]).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(listing(path.parent().unwrap()), ["card.png"]);
    }

    /// Takes three bytes at a time, now and then none.
    #[derive(Default)]
    struct Slow {
        taken: Vec<u8>,
        calls: usize,
    }

    impl io::Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls.is_multiple_of(3) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let some = &bytes[..bytes.len().min(3)];
            self.taken.extend_from_slice(some);
            Ok(some.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn pieces_arrive_whole_however_they_are_taken() {
        let mut slow = Slow::default();
        write_all(&mut slow, &[b"word", b"", b" for ", b"word"]).unwrap();
        assert_eq!(slow.taken, b"word for word");
        assert_eq!(
            write_all(&mut &mut [0_u8; 2][..], &[b"word"]).unwrap_err().kind(),
            io::ErrorKind::WriteZero
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_card_is_readable_by_others() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let (card, other) = (dir.path().join("card.png"), dir.path().join("other"));
        write_file(&card, &[b"x"]).unwrap();
        std::fs::write(&other, b"x").unwrap();
        let mode = |p: &Path| std::fs::metadata(p).unwrap().permissions().mode();
        assert_eq!(mode(&card), mode(&other));
    }

    #[test]
    fn a_target_that_cannot_be_replaced_leaves_no_temporary_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("card.png");
        std::fs::create_dir(&path).unwrap();
        let error = write_file(&path, &[b"x"]).unwrap_err().diagnostic();
        assert_eq!(error.message, "cannot write the file: a folder of that name is in the way");
        assert_eq!(error.place, Some(path.display().to_string()));
        assert_eq!(error.hints, ["move that folder away, or choose other names with `--name PATTERN`"]);
        assert_eq!(listing(dir.path()), ["card.png"]);
    }

    #[test]
    fn a_folder_is_tried_without_being_made() {
        let dir = tempfile::tempdir().unwrap();
        try_folder(&dir.path().join("not/yet")).unwrap();
        assert!(listing(dir.path()).is_empty());
        let file = dir.path().join("file");
        std::fs::write(&file, b"x").unwrap();
        let error = try_folder(&file).unwrap_err().diagnostic();
        assert_eq!(error.message, "cannot write into the folder: a file is in the way");
        assert_eq!(error.place, Some(file.display().to_string()));
        assert_eq!(error.hints, ["write elsewhere with `--out DIR`"]);
        assert!(try_folder(&file.join("below")).is_err());
    }
}
