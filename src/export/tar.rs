//! Cards as one stream, for those who do not want files: a tar archive, written as they are done.
//!
//! The same run gives the same bytes: a file has no time, no owner, and may be read by all.

use std::io::{self, Read, Write};

use tar::{Builder, EntryType, Header};

/// An archive that is being written.
pub struct Stream<W: Write> {
    tar: Builder<W>,
}

impl<W: Write> Stream<W> {
    /// Begins an archive.
    pub fn new(out: W) -> Self {
        Self { tar: Builder::new(out) }
    }

    /// Adds a file of `size` bytes.
    ///
    /// # Errors
    ///
    /// What `out` says, or `bytes`.
    pub fn add(&mut self, name: &str, size: u64, bytes: impl Read) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        self.tar.append_data(&mut header, name, bytes)
    }

    /// Writes what ends an archive.
    ///
    /// # Errors
    ///
    /// What `out` says.
    pub fn end(self) -> io::Result<()> {
        self.tar.into_inner()?.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_in_order_with_nothing_of_this_machine() {
        let long = format!("{}.png", "长".repeat(60));
        let archive = || {
            let mut out = Vec::new();
            let mut stream = Stream::new(&mut out);
            stream.add("q1.png", 3, &b"one"[..]).unwrap();
            stream.add(&long, 0, &b""[..]).unwrap();
            stream.end().unwrap();
            out
        };
        let bytes = archive();
        assert_eq!(bytes, archive());
        assert_eq!(bytes.len() % 512, 0);
        let mut read = tar::Archive::new(&bytes[..]);
        let mut files = Vec::new();
        for entry in read.entries().unwrap() {
            let mut entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.mtime().unwrap(), header.mode().unwrap()), (0, 0o644));
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert!(header.username().unwrap().unwrap_or_default().is_empty());
            let name = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            files.push((name, text));
        }
        assert_eq!(files, [("q1.png".to_owned(), "one".to_owned()), (long.clone(), String::new())]);
    }
}
