//! Where a run's cards go, one after the other as they are done: a folder, a tar stream, or nowhere (a dry run). The
//! manifest goes with them, and what is printed; nothing of a card is kept once it is out.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, IsTerminal as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pullquote::batch::{Known, News, Sink};
use pullquote::diag::Diagnostic;
use pullquote::export::tar::Stream;
use pullquote::export::write::{NewFile, WriteError, cause, write_file};
use pullquote::manifest::{Entry, FILE_NAME, Failure, Writer};

use super::Outcome;
use super::args::{OutArgs, RenderFormat};
use super::claim::Claim;
use super::holdings::Holdings;
use super::plan::Plan;
use super::report::{Printer, Talk};

/// What `--out` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// A folder.
    Folder(&'a Path),
    /// Standard output.
    Stream,
}

impl Target<'_> {
    /// What a card's file is called in what is printed.
    fn path(self, file: &str) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join(file),
            Self::Stream => PathBuf::from(file),
        }
    }

    /// What it is called in a sentence; a folder with a separator at its end, so that it is known for one.
    pub fn shown(self) -> String {
        match self {
            Self::Folder(folder) => {
                let shown = folder.display().to_string();
                if shown.ends_with(['/', '\\']) { shown } else { format!("{shown}/") }
            }
            Self::Stream => "the tar stream".to_owned(),
        }
    }
}

/// A stream goes to a file or a program, and what would be printed has no place beside it.
///
/// # Errors
///
/// What keeps standard output from taking it.
pub fn try_stream(out: &OutArgs, format: RenderFormat) -> Result<(), Diagnostic> {
    if out.target() != Target::Stream || out.dry_run {
        return Ok(());
    }
    if format == RenderFormat::Json {
        return Err(Diagnostic::error(
            "`--format json` has no room beside `--out -`: both go to standard output",
        )
        .hint("the manifest is the last file of the stream: leave out `--format json`"));
    }
    no_terminal(io::stdout().is_terminal())
}

fn no_terminal(is_terminal: bool) -> Result<(), Diagnostic> {
    if !is_terminal {
        return Ok(());
    }
    Err(Diagnostic::error("`--out -` writes a tar stream, which a terminal cannot show")
        .hint("send it on, as with `… --out - | tar -x -C cards` or `… --out - > cards.tar`"))
}

/// A run's output.
pub struct Output<'a> {
    target: Target<'a>,
    holdings: &'a Holdings,
    prune: bool,
    force: bool,
    files: Files,
    print: Print,
}

/// Where files go.
enum Files {
    /// A dry run.
    None,
    Folder {
        claim: Arc<Claim>,
        manifest: Spoiled<Writer<BufWriter<NewFile>>>,
    },
    Stream {
        tar: Spoiled<Stream<BufWriter<std::fs::File>>>,
        /// Its length stands before it in an archive, so it waits for its end; a long one on the disk.
        manifest: Spoiled<Writer<BufWriter<tempfile::SpooledTempFile>>>,
    },
}

/// What is printed.
enum Print {
    Nothing,
    Paths(Printer),
    /// What a dry run finds: a word, the path and why, tabs between.
    News(Printer),
    Json(Box<Writer<Printer>>),
}

/// Something that is written to until that fails; the first error is kept.
enum Spoiled<W> {
    Sound(W),
    Failed(io::Error),
}

impl<W> Spoiled<W> {
    fn with(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        if let Self::Sound(writer) = self
            && let Err(error) = write(writer)
        {
            *self = Self::Failed(error);
        }
    }

    fn end<T>(self, end: impl FnOnce(W) -> io::Result<T>) -> io::Result<T> {
        match self {
            Self::Sound(writer) => end(writer),
            Self::Failed(error) => Err(error),
        }
    }
}

impl<'a> Output<'a> {
    /// Opens what a plan's cards go to.
    ///
    /// # Errors
    ///
    /// What cannot be written to.
    pub fn begin(plan: &Plan<'a>, out: &OutArgs, format: Option<RenderFormat>) -> Result<Self, Diagnostic> {
        let (target, settings) = (plan.target, &plan.settings);
        let files = match target {
            _ if out.dry_run => Files::None,
            Target::Folder(folder) => {
                let claim = plan.claim.clone().map_or_else(|| claim_new(folder).map(Arc::new), Ok)?;
                let file = NewFile::create(&folder.join(FILE_NAME)).map_err(|e| e.diagnostic())?;
                let manifest = Writer::begin(BufWriter::new(file), settings);
                Files::Folder { claim, manifest: manifest.map_or_else(Spoiled::Failed, Spoiled::Sound) }
            }
            Target::Stream => {
                let stdout = stdout_as_file().map_err(|e| cannot_stream(&e))?;
                let spool = BufWriter::new(tempfile::SpooledTempFile::new(SPOOL));
                let manifest = Writer::begin(spool, settings).map_or_else(Spoiled::Failed, Spoiled::Sound);
                let tar = Spoiled::Sound(Stream::new(BufWriter::with_capacity(STREAM_BUFFER, stdout)));
                Files::Stream { tar, manifest }
            }
        };
        let print = match format {
            _ if matches!(files, Files::Stream { .. }) => Print::Nothing,
            None => Print::Nothing,
            Some(RenderFormat::Paths) if out.dry_run => Print::News(Printer::new()),
            Some(RenderFormat::Paths) => Print::Paths(Printer::new()),
            Some(RenderFormat::Json) => {
                let writer = Writer::begin(Printer::new(), settings);
                Print::Json(Box::new(writer.expect("a printer keeps its errors to itself")))
            }
        };
        Ok(Self { target, holdings: plan.holdings, prune: out.prune, force: out.force, files, print })
    }

    /// What each card's bytes are given to as they are made; none in a dry run.
    pub fn sink(&self) -> Option<Box<Sink<'a>>> {
        match (&self.files, self.target) {
            (Files::Folder { claim, .. }, Target::Folder(folder)) => {
                let claim = Arc::clone(claim);
                Some(Box::new(move |entry, png| {
                    claim.note(entry)?;
                    write_file(&folder.join(&entry.file), &png.pieces())?;
                    // After its card: a file that is ours only by a card must not be there without it.
                    if let Some(file) = &entry.alt_file {
                        write_file(&folder.join(file), &[entry.alt.as_bytes(), b"\n"])?;
                    }
                    Ok(Vec::new())
                }))
            }
            // In a stream the cards stand in their order: they wait for it.
            (Files::Stream { .. }, _) => Some(Box::new(|_, png| Ok(png.to_vec()))),
            _ => None,
        }
    }

    /// What is there already and need not be made; nothing where all is made anew.
    pub fn known(&self) -> Option<Box<Known<'a>>> {
        let holdings = self.holdings;
        let asks = matches!(self.target, Target::Folder(_)) && !self.force;
        asks.then(|| -> Box<Known<'a>> { Box::new(move |file, key| holdings.standing(file, key)) })
    }

    /// The next card, with what its sink returned. `false` where no further one can be taken.
    pub fn card(&mut self, entry: &Entry, news: &News, png: &[u8]) -> bool {
        match &mut self.files {
            Files::None => {}
            Files::Folder { manifest, .. } => manifest.with(|m| m.card(entry)),
            Files::Stream { tar, manifest } => {
                tar.with(|tar| tar.add(&entry.file, png.len() as u64, png));
                if let Some(file) = &entry.alt_file {
                    let alt = format!("{}\n", entry.alt);
                    tar.with(|tar| tar.add(file, alt.len() as u64, alt.as_bytes()));
                }
                manifest.with(|m| m.card(entry));
                if matches!(tar, Spoiled::Failed(_)) {
                    return false;
                }
            }
        }
        match &mut self.print {
            Print::Nothing => {}
            Print::Paths(printer) => {
                let path = self.target.path(&entry.file);
                let _ = writeln!(printer, "{}", path.display());
            }
            Print::News(printer) => {
                let path = self.target.path(&entry.file);
                let _ = match news {
                    News::New => writeln!(printer, "new\t{}", path.display()),
                    News::Changed(why) => {
                        writeln!(printer, "changed\t{}\t{}", path.display(), why.join(", "))
                    }
                    News::Kept => writeln!(printer, "kept\t{}", path.display()),
                };
            }
            Print::Json(manifest) => {
                let _ = manifest.card(entry);
            }
        }
        true
    }

    /// The next card that failed.
    pub fn failure(&mut self, failure: Failure) {
        if let Print::Json(manifest) = &mut self.print {
            manifest.failure(failure.clone());
        }
        match &mut self.files {
            Files::None => {}
            Files::Folder { manifest, .. } => manifest.with(|m| {
                m.failure(failure);
                Ok(())
            }),
            Files::Stream { manifest, .. } => manifest.with(|m| {
                m.failure(failure);
                Ok(())
            }),
        }
    }

    /// Whether a stream has broken off: nothing that comes now will arrive.
    pub fn is_lost(&self) -> bool {
        matches!(self.files, Files::Stream { tar: Spoiled::Failed(_), .. })
    }

    /// Closes everything, the manifest last; `made` are the files of the cards that were made or kept, `planned` those
    /// of all cards, empty where the run was stopped. Tells what could not be written; that nobody reads any more is told
    /// to nobody.
    pub fn end(mut self, made: &BTreeSet<&str>, planned: &BTreeSet<&str>, talk: &Talk) -> Ended {
        let mut ended = Ended { outcome: Outcome::Done, lost: false, removed: 0 };
        let mut removed: BTreeSet<&str> = BTreeSet::new();
        if self.prune && !planned.is_empty() {
            for card in self.holdings.others(planned) {
                match self.files {
                    Files::None => {}
                    _ => match self.holdings.remove(card) {
                        Ok(()) => {}
                        Err(told) => {
                            talk.tell(&told);
                            continue;
                        }
                    },
                }
                if let Print::News(printer) = &mut self.print {
                    let path = self.target.path(&card.file);
                    let _ = writeln!(printer, "removed\t{}\tno longer in the plan", path.display());
                }
                removed.insert(&card.file);
            }
        }
        ended.removed = removed.len();
        let told = match (self.files, self.target) {
            (Files::Folder { claim, manifest }, Target::Folder(folder)) => {
                let ended = end_folder(manifest, folder, self.holdings, made);
                // Without a manifest the journal says what was done.
                ended.map(|()| claim.settle()).map_err(|e| Some(e.diagnostic()))
            }
            (Files::Stream { tar, manifest }, _) => end_stream(tar, manifest).map_err(|error| {
                ended.lost = true;
                (error.kind() != io::ErrorKind::BrokenPipe).then(|| cannot_stream(&error))
            }),
            _ => Ok(()),
        };
        if let Err(told) = told {
            talk.tell_all(&told);
            ended.outcome = Outcome::Partial;
        }
        ended.outcome = ended.outcome.and(match self.print {
            Print::Nothing => Outcome::Done,
            Print::Paths(printer) | Print::News(printer) => printer.end(talk),
            Print::Json(manifest) => manifest.end().expect("a printer keeps its errors to itself").end(talk),
        });
        ended
    }
}

/// How a run's output ended.
pub struct Ended {
    /// The graver of all its parts.
    pub outcome: Outcome,
    /// A stream has broken off.
    pub lost: bool,
    /// How many files were removed.
    pub removed: usize,
}

/// Makes a folder that was not there when we looked, and claims it.
fn claim_new(folder: &Path) -> Result<Claim, Diagnostic> {
    let cannot = |source| WriteError::Folder { path: folder.to_owned(), source }.diagnostic();
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let claim = Claim::lay(folder)?;
    if folder.join(FILE_NAME).exists() {
        return Err(Diagnostic::error(format!("another run has just written into `{}`", folder.display()))
            .hint("run it again: what is right is kept"));
    }
    Ok(claim)
}

/// A manifest longer than this (about a thousand cards) waits on the disk.
const SPOOL: usize = 1 << 20;
/// So much of a stream is written at once.
const STREAM_BUFFER: usize = 1 << 18;

/// The manifest of a folder, with what an earlier run left there.
fn end_folder(
    manifest: Spoiled<Writer<BufWriter<NewFile>>>,
    folder: &Path,
    holdings: &Holdings,
    own: &BTreeSet<&str>,
) -> Result<(), WriteError> {
    let end = |mut manifest: Writer<BufWriter<NewFile>>| {
        manifest.keep_earlier(holdings.cards(), own, |file| folder.join(file).is_file())?;
        manifest.end()?.into_inner().map_err(io::IntoInnerError::into_error)
    };
    let file = manifest.end(end).map_err(|e| NewFile::failed(&folder.join(FILE_NAME), e))?;
    file.keep()
}

/// The manifest as the last file of a stream, and the stream's end.
fn end_stream(
    tar: Spoiled<Stream<BufWriter<std::fs::File>>>,
    manifest: Spoiled<Writer<BufWriter<tempfile::SpooledTempFile>>>,
) -> io::Result<()> {
    tar.end(|mut tar| {
        let mut spool = manifest.end(Writer::end)?.into_inner().map_err(io::IntoInnerError::into_error)?;
        let size = spool.stream_position()?;
        spool.rewind()?;
        tar.add(FILE_NAME, size, spool)?;
        tar.end()
    })
}

fn cannot_stream(error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("the tar stream breaks off: {}", cause(error)))
        .hint("cards and manifest are missing at its end: send it where there is room, and make it again")
}

/// Standard output without the line buffer that Rust puts before it.
fn stdout_as_file() -> io::Result<std::fs::File> {
    #[cfg(unix)]
    let owned = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned()?;
    #[cfg(windows)]
    let owned = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?;
    Ok(owned.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_refused_with_the_mend() {
        assert_eq!(no_terminal(false), Ok(()));
        let told = no_terminal(true).unwrap_err();
        assert_eq!(told.message, "`--out -` writes a tar stream, which a terminal cannot show");
        assert_eq!(
            told.hints,
            ["send it on, as with `… --out - | tar -x -C cards` or `… --out - > cards.tar`"]
        );
    }
}
