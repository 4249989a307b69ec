//! The files that are read: transcripts and lists of quotes, and which of the two a document is.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use pullquote::diag::Diagnostic;
use pullquote::transcript::{self, ReadOptions, Transcript};

/// Documents as read, with what was met on the way.
#[derive(Debug, Default)]
pub struct Documents {
    /// Those that could be read, in the order given.
    pub good: Vec<Transcript>,
    /// How many could not.
    pub bad: usize,
    /// Why those could not, in the order given.
    pub problems: Vec<Diagnostic>,
    /// What to look at in those that could.
    pub warnings: Vec<Diagnostic>,
}

impl Documents {
    /// Reads files; `-` is standard input. A file named twice is read once.
    pub fn read(files: &[PathBuf], by: Option<&str>) -> Self {
        let mut documents = Self::default();
        let mut seen = BTreeSet::new();
        for path in files.iter().filter(|path| seen.insert(path.as_path())) {
            match read_file(path) {
                Ok(bytes) => documents.add(&path.display().to_string(), &bytes, by),
                Err(problem) => documents.refuse([problem]),
            }
        }
        if files.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
            let twice = Diagnostic::error("standard input is named twice, and can be read only once");
            documents.problems.push(twice.hint("name `-` once"));
            documents.bad += 1;
        }
        documents
    }

    /// Reads a document that is already in memory.
    pub fn add(&mut self, name: &str, bytes: &[u8], by: Option<&str>) {
        match transcript::read(name, bytes, &ReadOptions { by: by.map(str::to_owned), ..ReadOptions::default() }) {
            Ok(read) => {
                self.good.push(read.output);
                self.warnings.extend(read.warnings);
            }
            Err(error) => self.refuse(error.diagnostics()),
        }
    }

    fn refuse(&mut self, problems: impl IntoIterator<Item = Diagnostic>) {
        self.bad += 1;
        self.problems.extend(problems);
    }
}

/// Documents by the defaults that hold for them.
#[derive(Debug, Default)]
pub struct SplitDocuments {
    /// Every sentence of these may be a quote.
    pub transcripts: Vec<Transcript>,
    /// Every row of these is a quote somebody chose.
    pub lists: Vec<Transcript>,
}

impl From<Vec<Transcript>> for SplitDocuments {
    fn from(all: Vec<Transcript>) -> Self {
        let (lists, transcripts) = all.into_iter().partition(|t| t.is_list);
        Self { transcripts, lists }
    }
}

impl SplitDocuments {
    /// Transcripts first.
    pub fn all(&self) -> impl Iterator<Item = &Transcript> {
        self.transcripts.iter().chain(&self.lists)
    }
}

/// The folder that a list's paths are relative to.
pub fn folder_of(list: &Transcript) -> &Path {
    Path::new(&list.source.name).parent().unwrap_or(Path::new(""))
}

/// The bytes of a file or of standard input.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        return read
            .map(|_| bytes)
            .map_err(|e| Diagnostic::error(format!("cannot read standard input: {e}")));
    }
    let shown = path.display();
    std::fs::read(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Diagnostic::error(format!("no such file: `{shown}`")),
        io::ErrorKind::IsADirectory => Diagnostic::error(format!("`{shown}` is a folder"))
            .hint(format!("name the files in it: `{}`", path.join("*.txt").display())),
        io::ErrorKind::PermissionDenied => {
            Diagnostic::error(format!("cannot read `{shown}`: permission denied"))
        }
        _ => Diagnostic::error(format!("cannot read `{shown}`: {e}")),
    })
}
