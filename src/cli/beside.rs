//! Files that a template or a kit names: never anything but a plain file of its own folder.
//!
//! A folder may come from a stranger. A name in it is refused by the library where it leads out; here a link is
//! followed first, so that it cannot lead out either, and a device or a pipe is never opened.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use pullquote::template::MAX_FILE_BYTES;

/// A folder that files are read from by name.
#[derive(Debug)]
pub struct Beside {
    folder: PathBuf,
    /// Links followed; what cannot be found has nothing beside it.
    real: io::Result<PathBuf>,
}

impl Beside {
    /// The files of this folder; an empty path is the working directory.
    pub fn new(folder: &Path) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Self { folder: folder.to_owned(), real: folder.canonicalize() }
    }

    /// The bytes of a file, by its name relative to the folder.
    ///
    /// # Errors
    ///
    /// What the system says, and anything that is no plain file inside the folder. Of one that is longer than any may
    /// be, so much is given that the library sees it.
    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let real = self.real.as_ref().map_err(|e| io::Error::from(e.kind()))?;
        let path = self.folder.join(name).canonicalize()?;
        if !path.starts_with(real) {
            return Err(io::Error::other("it leads out of the folder"));
        }
        // Asked before it is opened: to open a pipe is to wait for its writer.
        if !path.metadata()?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        std::fs::File::open(&path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_of_the_folder_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let inside = dir.path().join("template");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(dir.path().join("secret"), "out").unwrap();
        std::fs::write(inside.join("open"), "in").unwrap();
        let beside = Beside::new(&inside);
        assert_eq!(beside.read("open").unwrap(), b"in");
        let told = |name: &str| beside.read(name).unwrap_err().to_string();
        assert_eq!(told("../secret"), "it leads out of the folder");
        assert_eq!(told("."), "it is no file");
        assert_eq!(beside.read("missing").unwrap_err().kind(), io::ErrorKind::NotFound);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../secret", inside.join("link")).unwrap();
            std::os::unix::fs::symlink("open", inside.join("alias")).unwrap();
            std::os::unix::fs::symlink("/dev/zero", inside.join("endless")).unwrap();
            assert_eq!(told("link"), "it leads out of the folder");
            assert_eq!(told("endless"), "it leads out of the folder");
            assert_eq!(beside.read("alias").unwrap(), b"in");
        }
    }
}
