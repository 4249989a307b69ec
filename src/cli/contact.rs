//! `--contact`: the contact sheet of a folder of cards, made from its manifest once the cards are written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Read as _, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use pullquote::batch;
use pullquote::contact::{
    Group, Head, PAGE_NAME, Page, Picture, Places, Thumbnail, WALL_NAME, Wall, groups, is_ours,
    thumbnail_side,
};
use pullquote::diag::Diagnostic;
use pullquote::export::write::{NewFile, WriteError, write_file};
use pullquote::font::FontBook;
use pullquote::manifest::{Entry, FILE_NAME, Manifest};
use pullquote::transcript::{self, ReadOptions, SourceFile, Transcript};

use super::Outcome;
use super::args::OutArgs;
use super::documents::{folder_of, read_file};
use super::output::Target;
use super::plan::Plan;
use super::report::Talk;

/// A plan's contact sheet, where one is asked for: of a run that ended so.
pub fn of_plan(plan: &Plan<'_>, out: &OutArgs, ended: Outcome, talk: &Talk) -> Outcome {
    let (Target::Folder(folder), true) = (plan.target, out.contact) else { return Outcome::Done };
    if ended == Outcome::Interrupted {
        return Outcome::Done;
    }
    let mut read: Vec<&Transcript> = Vec::new();
    for job in &plan.batch.jobs {
        let transcript = job.quote.transcript();
        // Cards of one transcript stand together, mostly.
        if !read.iter().rev().any(|known| std::ptr::eq(*known, transcript)) {
            read.push(transcript);
        }
    }
    let title = match (&read[..], &plan.batch.brand.name) {
        _ if plan.settings.series.is_some() => plan.settings.series.clone().unwrap_or_default(),
        ([only], _) if only.title.is_some() => only.title.clone().unwrap_or_default(),
        (_, Some(house)) => house.clone(),
        ([first, others @ ..], _) if first.title.is_some() => {
            format!("{} and {} more", first.title.clone().unwrap_or_default(), others.len())
        }
        _ => Target::Folder(folder).shown().trim_end_matches(['/', '\\']).to_owned(),
    };
    match write(folder, &title, read) {
        Ok(files) => {
            let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            talk.note(&format!("contact sheet: {}", files.join(", ")));
            Outcome::Done
        }
        Err(problem) => {
            talk.tell(&problem);
            Outcome::Partial
        }
    }
}

/// What stands where a contact sheet would go and is not one of ours.
pub fn in_the_way(out: &OutArgs) -> Option<Diagnostic> {
    /// Our mark stands in it.
    const HEAD: u64 = 4 << 10;
    if !out.contact || out.force {
        return None;
    }
    let Target::Folder(folder) = out.target() else {
        let problem = Diagnostic::error("`--contact` needs a folder, which `--out -` is not");
        return Some(problem.hint("name one with `--out DIR`, or leave `--contact` out"));
    };
    let page = folder.join(PAGE_NAME);
    let mut head = Vec::new();
    let read = std::fs::File::open(&page).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let foreign = match read {
        Ok(_) if is_ours(&head) => return None,
        Ok(_) => page,
        Err(_) => Some(folder.join(WALL_NAME)).filter(|wall| wall.symlink_metadata().is_ok())?,
    };
    let told = format!("`{}` exists, and is no contact sheet of ours", foreign.display());
    Some(Diagnostic::error(told).hint("write elsewhere with `--out DIR`, or overwrite with `--force`"))
}

/// Writes the contact sheet of all cards that the folder's manifest names, and gives the paths of its files. `read` is
/// what the run has read; other sources that the cards name are read where they still are what they were.
///
/// # Errors
///
/// What cannot be read or written.
pub fn write<'t>(
    folder: &Path,
    title: &str,
    read: impl IntoIterator<Item = &'t Transcript>,
) -> Result<Vec<PathBuf>, Diagnostic> {
    let bytes = read_file(&folder.join(FILE_NAME))?;
    let manifest = Manifest::from_json(&bytes).map_err(|e| {
        Diagnostic::error(format!("no contact sheet without a manifest: {e}"))
            .at(folder.join(FILE_NAME).display().to_string())
    })?;
    let read: Vec<&Transcript> = read.into_iter().collect();
    let others = others(&manifest.cards, &read);
    let places = Places::new(read.into_iter().chain(&others));
    let page = folder.join(PAGE_NAME);
    let wall = folder.join(WALL_NAME);
    let file = NewFile::create(&page).map_err(|e| e.diagnostic())?;
    let (file, picture) = sheet(file, folder, title, &manifest, &places).map_err(|e| match e {
        SheetError::Batch(error) => error.diagnostic(),
        SheetError::Io(error) => NewFile::failed(&page, error).diagnostic(),
    })?;
    let kept = |error: WriteError| error.diagnostic();
    file.keep().map_err(kept)?;
    write_file(&wall, &[&picture.png()]).map_err(kept)?;
    Ok(vec![page, wall])
}

#[derive(Debug)]
enum SheetError {
    Batch(batch::BatchError),
    Io(std::io::Error),
}

/// The page as it is written, and the wall. Cards are read and made small in parallel, and taken in their order.
fn sheet(
    file: NewFile,
    folder: &Path,
    title: &str,
    manifest: &Manifest,
    places: &Places<'_>,
) -> Result<(NewFile, Wall), SheetError> {
    let cards = &manifest.cards;
    let head = Head { title, cards, program: &manifest.settings.program };
    let sizes: Vec<(u32, u32)> = cards.iter().map(|card| (card.width, card.height)).collect();
    let mut wall = Wall::new(title, &sizes, &FontBook::builtin());
    let places_on_wall: Vec<_> = (0..cards.len()).map_while(|index| wall.size_of(index)).collect();
    let side = thumbnail_side(cards.len());
    let small = |index: usize| {
        let png = read_card(folder, &cards[index].file)?;
        let card = Picture::from_png(&png).ok()?;
        // Small at once: as many of them wait as threads have room for.
        let for_wall = places_on_wall.get(index).map(|&(width, height)| card.at(width, height));
        Some((card.thumbnail(side), for_wall))
    };
    let mut page = Page::begin(BufWriter::new(file), &head).map_err(SheetError::Io);
    let mut quotes = groups(cards).peekable();
    let mut thumbnails: Vec<Option<Thumbnail>> = Vec::new();
    let mut index = 0;
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    batch::in_order(cards.len(), threads, small, |made: Option<(Thumbnail, Option<Picture>)>| {
        let (thumbnail, for_wall) = made.map_or((None, None), |(small, wall)| (Some(small), wall));
        wall.put(index, for_wall.as_ref());
        index += 1;
        thumbnails.push(thumbnail);
        let Some(group) = quotes.next_if(|group| group.len() == thumbnails.len()) else { return };
        let passage = places.find(&group[0].source);
        let quote = Group { cards: group, passage: passage.as_ref(), thumbnails: &thumbnails };
        if let Ok(open) = &mut page
            && let Err(error) = open.quote(&quote)
        {
            page = Err(SheetError::Io(error));
        }
        thumbnails.clear();
    })
    .map_err(SheetError::Batch)?;
    let mut out = page?.end(&head, &manifest.failures).map_err(SheetError::Io)?;
    out.flush().map_err(SheetError::Io)?;
    let file = out.into_inner().map_err(|e| SheetError::Io(e.into_error()))?;
    Ok((file, wall))
}

/// A card of the folder; a manifest from elsewhere may name any path, and only names of plain files are followed.
fn read_card(folder: &Path, file: &str) -> Option<Vec<u8>> {
    /// No card is longer: 4096 × 4096 px, uncompressed.
    const LONGEST: u64 = 64 << 20;
    let name = Path::new(file).file_name().filter(|name| *name == file)?;
    let path = folder.join(name);
    let meta = path.symlink_metadata().ok()?;
    (meta.is_file() && meta.len() <= LONGEST).then(|| std::fs::read(path).ok()).flatten()
}

/// Sources that were not read by this run: those that a list's rows were once picked from. One that has changed, or that
/// cannot be read, is left out; what it takes from the page is only what was said around a quote.
fn others(cards: &[Entry], read: &[&Transcript]) -> Vec<Transcript> {
    let known: BTreeSet<&str> = read.iter().map(|transcript| transcript.source.sha256.as_str()).collect();
    let mut wanted: BTreeMap<&str, &str> = BTreeMap::new();
    for source in cards.iter().map(|card| &card.source).filter(|s| !known.contains(s.sha256.as_str())) {
        wanted.entry(&source.sha256).or_insert(&source.file);
    }
    let lists: Vec<&Path> = read.iter().filter(|t| t.is_list).map(|list| folder_of(list)).collect();
    let find = |(sha256, file): (&str, &str)| {
        let beside = lists.iter().map(|folder| folder.join(file));
        std::iter::once(PathBuf::from(file)).chain(beside).find_map(|path| {
            path.metadata().ok().filter(|meta| meta.is_file())?;
            let bytes = read_file(&path).ok()?;
            if SourceFile::new(file, &bytes).sha256 != sha256 {
                return None;
            }
            transcript::read(file, &bytes, &ReadOptions::default()).ok().map(|read| read.output)
        })
    };
    wanted.into_iter().filter_map(find).collect()
}
