//! Quotes from any number of files: read in parallel, asked one by one, and only those kept in memory that have a
//! quote on the list.
//!
//! ```text
//! files ─read, in parallel─▶ Transcript ─Search::look─▶ places ─in file order─▶ Pool ─▶ Chosen ─▶ picks
//!                            └ kept while there is room, else read again at the end if it has a quote
//! ```
//!
//! Pages of one document are put together when all files have been read once, and asked as one transcript.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pullquote::batch;
use pullquote::diag::Diagnostic;
use pullquote::select::{Chosen, Finds, Pool, Query, Roll, Search, SelectError, Selection, Wanted};
use pullquote::transcript::{self, DocumentKey, ReadError, ReadOptions, Transcript};

use super::args::ReadingArgs;
use super::documents::{once, options, read_file, stdin_twice};

/// Bytes of files that are kept as transcripts: a thousand conferences, which take two or three times as much. Beyond
/// this a file is read again where it is needed again.
const KEPT_BYTES: usize = 64 << 20;

/// What was found in any number of files.
#[derive(Debug)]
pub struct Corpus {
    /// Lists of quotes, which are kept whole.
    lists: Vec<Transcript>,
    /// How many files could be read.
    pub good: usize,
    /// How many could not.
    pub bad: usize,
    /// Why those could not, in the order given.
    pub problems: Vec<Diagnostic>,
    /// What is wrong with single rows of lists that could.
    pub row_problems: Vec<Diagnostic>,
    /// What to look at in those that could.
    pub warnings: Vec<Diagnostic>,
    /// Transcripts by the numbers of their files: at the end, all that have a quote on the list.
    transcripts: BTreeMap<usize, Transcript>,
    search: Option<Search>,
    chosen: Option<Result<Chosen, SelectError>>,
}

/// A transcript with its warnings, or all that is wrong with its file.
type Document = Result<(Transcript, Vec<Diagnostic>), Vec<Diagnostic>>;

/// A file as one of the threads has read it.
struct Read {
    result: Document,
    bytes: usize,
    roll: Option<Roll>,
    finds: Option<Finds>,
}

struct Reader<'a> {
    files: Vec<&'a Path>,
    options: &'a ReadOptions,
    threads: NonZeroUsize,
    /// The files of documents in pages, by the first of them; each document goes by that one's number.
    pages: BTreeMap<usize, Vec<usize>>,
}

impl Reader<'_> {
    /// And how many bytes it has.
    fn read(&self, number: usize) -> (Document, usize) {
        let path = self.files[number];
        let bytes = match read_file(path) {
            Ok(bytes) => bytes,
            Err(problem) => return (Err(vec![problem]), 0),
        };
        let read = transcript::read(&path.display().to_string(), &bytes, self.options);
        (read.map(|read| (read.output, read.warnings)).map_err(|error| error.diagnostics()), bytes.len())
    }

    /// A transcript by its number, all its pages together; those `kept` are not read again. The warnings are those of
    /// the joining.
    fn document(&self, number: usize, kept: &BTreeMap<usize, Transcript>) -> Document {
        let Some(numbers) = self.pages.get(&number) else {
            return self.read(number).0.map(|(transcript, _)| (transcript, Vec::new()));
        };
        let page = |&number: &usize| match kept.get(&number) {
            Some(transcript) => Ok(transcript.clone()),
            None => self.read(number).0.map(|(transcript, _)| transcript),
        };
        let pages = numbers.iter().map(page).collect::<Result<Vec<_>, _>>()?;
        let mut joined = transcript::join(pages);
        let whole = if joined.output.len() == 1 { joined.output.pop() } else { None };
        let Some(whole) = whole else {
            // Between two readings.
            let problem = format!("`{}` changed while it was read", self.files[number].display());
            return Err(vec![Diagnostic::error(problem).hint("try again")]);
        };
        if whole.turns.is_empty() {
            return Err(no_turns(whole));
        }
        Ok((whole, joined.warnings))
    }
}

/// A page that belongs to no document and has no label is a file without turns after all.
fn no_turns(transcript: Transcript) -> Vec<Diagnostic> {
    vec![ReadError::NoTurns { file: transcript.source.name, timed: false }.diagnostic()]
}

impl Corpus {
    /// Reads files and asks the transcripts among them; `-` is standard input. A file named twice is read once.
    ///
    /// # Errors
    ///
    /// When the threads cannot be started, or the list of speakers cannot be used.
    pub fn read(files: &[PathBuf], asked: &ReadingArgs, query: &Query) -> Result<Self, Diagnostic> {
        let mut options = options(asked)?;
        options.pages = files.len() > 1;
        let twice = stdin_twice(files);
        let files = once(files);
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let mut reader = Reader { files, options: &options, threads, pages: BTreeMap::new() };
        let (search, error) = match Search::new(query) {
            Ok(search) => (Some(search), None),
            Err(error) => (None, Some(error)),
        };
        let mut corpus = Self {
            lists: Vec::new(),
            good: 0,
            bad: 0,
            problems: Vec::new(),
            row_problems: Vec::new(),
            warnings: Vec::new(),
            transcripts: BTreeMap::new(),
            search,
            chosen: None,
        };
        let chosen = corpus.choose(&mut reader, query)?;
        corpus.bad += usize::from(twice.is_some());
        corpus.problems.extend(twice);
        corpus.chosen = match error {
            Some(error) => Some(Err(error)),
            None => chosen,
        };
        Ok(corpus)
    }

    /// Reads all files once; those with names to resolve, or without room to be kept, a second time where needed.
    fn choose(
        &mut self,
        reader: &mut Reader<'_>,
        query: &Query,
    ) -> Result<Option<Result<Chosen, SelectError>>, Diagnostic> {
        let search = self.search.clone();
        let mut pool = Pool::new(query);
        let mut rolls = Vec::new();
        let mut left: Vec<usize> = Vec::new();
        let mut room = KEPT_BYTES;
        let everybody = Wanted::default();
        let read = |number: usize| {
            let (result, bytes) = reader.read(number);
            let result = result.and_then(|(transcript, warnings)| {
                let bare =
                    transcript.turns.is_empty() && transcript.document().is_none() && !transcript.is_list;
                if bare { Err(no_turns(transcript)) } else { Ok((transcript, warnings)) }
            });
            let mut read = Read { result, bytes, roll: None, finds: None };
            if let (Ok((transcript, _)), Some(search)) = (&read.result, &search)
                && !transcript.is_list
                && transcript.document().is_none()
            {
                if search.names_speakers() {
                    read.roll = Some(Roll::of(transcript));
                } else {
                    read.finds = Some(search.look(transcript, number, &everybody));
                }
            }
            read
        };
        let mut number = 0;
        let mut documents: BTreeMap<DocumentKey, Vec<usize>> = BTreeMap::new();
        batch::in_order(reader.files.len(), reader.threads, read, |read| {
            match read.result {
                Err(problems) => {
                    self.bad += 1;
                    self.problems.extend(problems);
                    rolls.push(Roll::default());
                }
                Ok((transcript, warnings)) => {
                    self.good += 1;
                    self.warnings.extend(warnings);
                    rolls.push(read.roll.unwrap_or_default());
                    if transcript.is_list {
                        self.row_problems.extend(transcript.refused_rows());
                        self.lists.push(transcript);
                    } else {
                        if let Some(document) = transcript.document() {
                            documents.entry(document).or_default().push(number);
                        }
                        let is_stdin = reader.files[number].as_os_str() == "-";
                        if read.bytes <= room || is_stdin {
                            room = room.saturating_sub(read.bytes);
                            self.transcripts.insert(number, transcript);
                        } else {
                            left.push(number);
                        }
                        if let Some(finds) = read.finds {
                            pool.add(finds);
                        }
                    }
                }
            }
            number += 1;
        })
        .map_err(|e| e.diagnostic())?;
        let Some(search) = search else { return Ok(None) };
        reader.pages = documents.into_values().map(|numbers| (numbers[0], numbers)).collect();
        let reader = &*reader;
        // In the order of their first pages.
        let firsts: Vec<usize> = reader.pages.keys().copied().collect();
        let whole = |i: usize| {
            let number = firsts[i];
            let result = reader.document(number, &self.transcripts);
            let mut read = Read { result, bytes: 0, roll: None, finds: None };
            if let Ok((transcript, _)) = &read.result {
                if search.names_speakers() {
                    read.roll = Some(Roll::of(transcript));
                } else {
                    read.finds = Some(search.look(transcript, number, &everybody));
                }
            }
            (number, read)
        };
        let mut read_pages = Vec::new();
        let mut take = |(number, read): (usize, Read)| {
            if let Some(finds) = read.finds {
                pool.add(finds);
            }
            if let Some(roll) = read.roll {
                rolls[number] = roll;
            }
            // What was read again for want of room is let go again.
            let kept = reader.pages[&number].iter().all(|page| self.transcripts.contains_key(page));
            let result =
                read.result.map(|(transcript, warnings)| (Some(transcript).filter(|_| kept), warnings));
            read_pages.push((number, result));
        };
        batch::in_order(firsts.len(), reader.threads, whole, &mut take).map_err(|e| e.diagnostic())?;
        for (number, result) in read_pages {
            let numbers = &reader.pages[&number];
            left.retain(|file| !numbers.contains(file));
            self.transcripts.retain(|file, _| !numbers.contains(file));
            match result {
                Ok((transcript, warnings)) => {
                    self.warnings.extend(warnings);
                    match transcript {
                        Some(transcript) => drop(self.transcripts.insert(number, transcript)),
                        None => left.push(number),
                    }
                }
                Err(problems) => {
                    self.good -= numbers.len();
                    self.bad += numbers.len();
                    self.problems.extend(problems);
                }
            }
        }
        if self.good == self.lists.len() {
            return Ok(None);
        }
        if search.names_speakers() {
            let wanted = match search.settle(&rolls) {
                Ok(wanted) => wanted,
                Err(error) => return Ok(Some(Err(error))),
            };
            let mut numbers: Vec<usize> = self.transcripts.keys().copied().chain(left).collect();
            numbers.sort_unstable();
            let look = |i: usize| {
                let number = numbers[i];
                if let Some(transcript) = self.transcripts.get(&number) {
                    return Some(search.look(transcript, number, &wanted));
                }
                let (transcript, _) = reader.document(number, &BTreeMap::new()).ok()?;
                Some(search.look(&transcript, number, &wanted))
            };
            let add = |finds: Option<Finds>| finds.into_iter().for_each(|finds| pool.add(finds));
            batch::in_order(numbers.len(), reader.threads, look, add).map_err(|e| e.diagnostic())?;
        }
        let chosen = pool.finish();
        let needed: BTreeSet<usize> = chosen.found.iter().map(|found| found.file()).collect();
        self.transcripts.retain(|number, _| needed.contains(number));
        let missing: Vec<usize> =
            needed.into_iter().filter(|number| !self.transcripts.contains_key(number)).collect();
        let again = |i: usize| (missing[i], reader.document(missing[i], &BTreeMap::new()));
        batch::in_order(missing.len(), reader.threads, again, |(number, result)| match result {
            Ok((transcript, _)) if chosen.stands_in(number, &transcript) => {
                self.transcripts.insert(number, transcript);
            }
            Ok((transcript, _)) => {
                let problem = format!("`{}` changed while it was read", transcript.source.name);
                self.problems.push(Diagnostic::error(problem).hint("try again"));
            }
            Err(problems) => self.problems.extend(problems),
        })
        .map_err(|e| e.diagnostic())?;
        Ok(Some(Ok(chosen)))
    }

    /// The quotes of the transcripts, `None` where all files were lists; and those lists.
    pub fn selection(&mut self) -> (Option<Result<Selection<'_>, Diagnostic>>, &[Transcript]) {
        let chosen = self.chosen.take().map(|chosen| chosen.map_err(|e| e.diagnostic()));
        let picks = |chosen: Chosen| match &self.search {
            Some(search) => chosen.picks(search, |number| self.transcripts.get(&number)),
            None => Selection::default(),
        };
        (chosen.map(|chosen| chosen.map(picks)), &self.lists)
    }
}
