//! The files that are read: transcripts and lists of quotes, and which of the two a document is.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use pullquote::diag::Diagnostic;
use pullquote::transcript::{self, Given, ReadError, ReadOptions, Speakers, Transcript};

use super::args::ReadingArgs;

/// Documents as read, with what was met on the way.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    /// Those that could be read, in the order given.
    pub good: Vec<Transcript>,
    /// How many could not.
    pub bad: usize,
    /// Why those could not, in the order given.
    pub problems: Vec<Diagnostic>,
    /// What is wrong with single rows of lists that could be read; the other rows are taken.
    pub row_problems: Vec<Diagnostic>,
    /// What to look at in those that could.
    pub warnings: Vec<Diagnostic>,
    /// Lists as they were given, to be sent back.
    pub given: Vec<Given>,
    /// The folder of the list of speakers, which their photographs are named from.
    pub speakers_folder: PathBuf,
}

impl Documents {
    /// Reads files as asked; `-` is standard input. A file named twice is read once, and the pages of one document
    /// become one transcript.
    pub fn read(files: &[PathBuf], asked: &ReadingArgs, explain: bool) -> Self {
        let mut documents = Self::default();
        let mut options = match options(asked) {
            Ok(options) => options,
            Err(problem) => {
                documents.refuse([problem]);
                return documents;
            }
        };
        let list = asked.speakers_file.as_deref().and_then(Path::parent);
        documents.speakers_folder = list.map(Path::to_path_buf).unwrap_or_default();
        options.explain = explain;
        options.pages = files.len() > 1;
        for path in once(files) {
            match read_file(path) {
                Ok(bytes) => documents.add(&path.display().to_string(), &bytes, &options),
                Err(problem) => documents.refuse([problem]),
            }
        }
        if let Some(problem) = stdin_twice(files) {
            documents.refuse([problem]);
        }
        documents.join(&BTreeSet::new());
        documents
    }

    /// Reads transcripts to hold words against: files, and what can be read as one of the files of a folder (not those
    /// of the folders in it). Of a folder nothing is told that is no transcript.
    pub fn sources(paths: &[PathBuf], asked: &ReadingArgs) -> Self {
        let mut documents = Self::default();
        let mut options = match options(asked) {
            Ok(options) => options,
            Err(problem) => {
                documents.refuse([problem]);
                return documents;
            }
        };
        options.pages = true;
        let mut by_the_way = BTreeSet::new();
        for path in once(paths) {
            if !path.is_dir() {
                match read_file(path) {
                    Ok(bytes) => documents.add(&path.display().to_string(), &bytes, &options),
                    Err(problem) => documents.refuse([problem]),
                }
                continue;
            }
            let before = documents.good.len();
            for member in members(path) {
                let name = member.display().to_string();
                if let Ok(bytes) = std::fs::read(&member)
                    && let Ok(read) = transcript::read(&name, &bytes, &options)
                {
                    documents.good.push(read.output);
                    by_the_way.insert(name);
                }
            }
            if documents.good.len() == before {
                let told = Diagnostic::error(format!("no transcript in `{}`", path.display()));
                documents.refuse([told.hint("name the file, or the folder that it is in")]);
            }
        }
        if let Some(problem) = stdin_twice(paths) {
            documents.refuse([problem]);
        }
        documents.join(&by_the_way);
        // What a reader says of a transcript was said when the cards were made.
        documents.warnings.clear();
        documents
    }

    /// Takes in what was read elsewhere, with the same list of speakers.
    pub fn extend(&mut self, other: Self) {
        self.good.extend(other.good);
        self.bad += other.bad;
        for problem in other.problems {
            // A list of speakers that is wrong is so for each.
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        self.row_problems.extend(other.row_problems);
        self.warnings.extend(other.warnings);
        self.given.extend(other.given);
        self.speakers_folder = other.speakers_folder;
    }

    /// Reads a document that is already in memory.
    pub fn add(&mut self, name: &str, bytes: &[u8], options: &ReadOptions) {
        match transcript::read(name, bytes, options) {
            Ok(read) => {
                self.row_problems.extend(read.output.refused_rows());
                if read.output.is_list {
                    self.given.extend(Given::read(name, bytes, options));
                }
                self.good.push(read.output);
                self.warnings.extend(read.warnings);
            }
            Err(error) => self.refuse(error.diagnostics()),
        }
    }

    /// Joins pages; a page that belongs to none and has no turns is a file without turns after all, which is told but
    /// of those `by_the_way`.
    fn join(&mut self, by_the_way: &BTreeSet<String>) {
        let joined = transcript::join(std::mem::take(&mut self.good));
        self.warnings.extend(joined.warnings);
        let (good, bare): (Vec<_>, Vec<_>) = joined.output.into_iter().partition(|t| !t.turns.is_empty());
        self.good = good;
        for transcript in bare.into_iter().filter(|bare| !by_the_way.contains(&bare.source.name)) {
            let error = ReadError::NoTurns { file: transcript.source.name, timed: false };
            self.refuse([error.diagnostic()]);
        }
    }

    fn refuse(&mut self, problems: impl IntoIterator<Item = Diagnostic>) {
        self.bad += 1;
        self.problems.extend(problems);
    }
}

/// The files of a folder in the order of their names, without those that are cards and their alt texts.
fn members(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let is_picture = |path: &Path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("png"));
    let pictures: BTreeSet<PathBuf> =
        paths.iter().filter(|p| is_picture(p)).map(|p| p.with_extension("")).collect();
    paths.retain(|path| !pictures.contains(&path.with_extension("")));
    paths
}

/// What the reader is told, the list of speakers read. Their photographs stay in the list's folder: it may come from
/// anywhere.
pub fn options(asked: &ReadingArgs) -> Result<ReadOptions, Diagnostic> {
    let speakers = asked.speakers_file.as_deref().map(|path| {
        let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
        let speakers =
            Speakers::read(&text).map_err(|error| error.diagnostic(&path.display().to_string()))?;
        let leaves =
            |photo: &str| !Path::new(photo).components().all(|part| matches!(part, Component::Normal(_)));
        for person in &speakers.people {
            if let Some(photo) = person.photo.as_deref().filter(|photo| leaves(photo)) {
                let told =
                    format!("the photograph of {}, `{photo}`, is not in the folder of the list", person.name);
                return Err(Diagnostic::error(told)
                    .at(path.display().to_string())
                    .hint("put it beside the list, or below, and name it from there"));
            }
        }
        Ok(speakers)
    });
    Ok(ReadOptions {
        by: asked.by.clone(),
        format: asked.input_format,
        label: asked.label.clone(),
        speakers: speakers.transpose()?,
        ..ReadOptions::default()
    })
}

/// Files as named, each once.
pub fn once(files: &[PathBuf]) -> Vec<&Path> {
    let mut seen = BTreeSet::new();
    files.iter().map(PathBuf::as_path).filter(|path| seen.insert(*path)).collect()
}

/// The problem of standard input named twice.
pub fn stdin_twice(files: &[PathBuf]) -> Option<Diagnostic> {
    let twice = files.iter().filter(|path| path.as_os_str() == "-").count() > 1;
    let problem = || Diagnostic::error("standard input is named twice, and can be read only once");
    twice.then(|| problem().hint("name `-` once"))
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
