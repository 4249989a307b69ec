//! Photographs: those that a list names, and a folder of portraits named for speakers.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use pullquote::batch::Photo;
use pullquote::diag::Diagnostic;
use pullquote::export::name::plain;
use pullquote::template::Art;

use super::beside::Beside;

/// How many decoded photographs are held that no card at hand shows, and how many bytes of them: who alternates among
/// a few speakers has each of them read once, and a list with a photograph of its own in each row has no more in memory
/// at its end than at its beginning.
const HELD: (usize, usize) = (64, 64 << 20);

/// The photographs of a run. A file is read when the first card needs it, and again where it was let go of meanwhile.
#[derive(Debug, Default)]
pub struct Album {
    prints: BTreeMap<PathBuf, Arc<Print>>,
    latest: Arc<Latest>,
}

impl Album {
    /// Adds a photograph by its path, if there is none of it.
    pub fn add(&mut self, path: PathBuf, file: File) {
        let latest = &self.latest;
        self.prints
            .entry(path)
            .or_insert_with(|| Arc::new(Print { file, state: Mutex::default(), latest: Arc::clone(latest) }));
    }

    /// The photograph of a path.
    pub fn get(&self, path: &Path) -> Option<Arc<dyn Photo>> {
        self.prints.get(path).map(|print| Arc::clone(print) as Arc<dyn Photo>)
    }
}

/// Where a photograph is read from.
#[derive(Debug)]
pub enum File {
    /// What a row of a list names: in the list's folder or below, else in that of `--photos`. A request sheet may come
    /// from a stranger, and what it names ends up on a card that goes out: no other file of the machine is opened.
    OfRow {
        /// Of the list.
        folder: PathBuf,
        /// `--photos`.
        photos: Option<PathBuf>,
        /// What the row says.
        name: String,
    },
    /// What a file in a folder names; it must lie in that folder.
    Beside {
        /// The folder.
        folder: PathBuf,
        /// What the file says.
        name: String,
    },
}

impl File {
    /// A file of a folder of portraits.
    pub fn portrait(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self::Beside { folder: path.parent().unwrap_or(Path::new("")).to_owned(), name }
    }

    fn read(&self) -> Result<Arc<Art>, Diagnostic> {
        let read = |folder: &Path, name: &str| match Beside::new(folder).read(name) {
            Ok(bytes) => Ok((folder.join(name), bytes)),
            Err(e) => Err(Diagnostic::error(format!("cannot read `{}`: {e}", folder.join(name).display()))),
        };
        let found = match self {
            Self::Beside { folder, name } => read(folder, name),
            Self::OfRow { folder, photos, name } => read(folder, name)
                .or_else(|told| photos.as_ref().and_then(|photos| read(photos, name).ok()).ok_or(told))
                .map_err(|told| {
                    told.hint("put the photograph beside the list, or name its folder with `--photos DIR`")
                }),
        };
        found.and_then(|(path, bytes)| decode(&path, &bytes))
    }
}

/// The files of a folder of portraits, by the names they bear, spelt as in file names.
pub fn read_folder(dir: &Path) -> Result<BTreeMap<String, PathBuf>, Diagnostic> {
    let wrong = |e: io::Error| {
        Diagnostic::error(format!("cannot read the photographs in `{}`: {e}", dir.display()))
            .hint("`--photos` takes a folder of pictures named for speakers, such as `jin-xiangjun.jpg`")
    };
    let mut paths = std::fs::read_dir(dir)
        .map_err(wrong)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    // The order of a folder is the system's; of two files for one name the first by name is taken.
    paths.sort();
    let mut found = BTreeMap::new();
    for path in paths {
        if let Some(stem) = path.file_stem().and_then(|s| s.to_str()) {
            found.entry(plain(stem)).or_insert(path);
        }
    }
    Ok(found)
}

/// One photograph.
#[derive(Debug)]
struct Print {
    file: File,
    /// Nothing, before the first card.
    state: Mutex<Option<Result<Weak<Art>, Diagnostic>>>,
    latest: Arc<Latest>,
}

impl Photo for Print {
    fn get(&self) -> Result<Arc<Art>, Diagnostic> {
        // Whoever needs it too waits here until it is decoded.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let art = match &*state {
            Some(Err(problem)) => return Err(problem.clone()),
            Some(Ok(seen)) => seen.upgrade(),
            None => None,
        };
        let art = art.map_or_else(|| self.file.read(), Ok);
        *state = Some(art.as_ref().map(Arc::downgrade).map_err(Clone::clone));
        art.inspect(|art| self.latest.shown(art))
    }
}

/// The photographs that were shown last, the latest first.
#[derive(Debug, Default)]
struct Latest(Mutex<VecDeque<Arc<Art>>>);

impl Latest {
    fn shown(&self, art: &Arc<Art>) {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = latest.iter().position(|other| Arc::ptr_eq(other, art)) {
            latest.remove(at);
        }
        latest.push_front(Arc::clone(art));
        let (most, bytes) = HELD;
        let mut sum = 0;
        let fits = |art: &&Arc<Art>| {
            let (width, height) = art.size();
            sum += 4 * width as usize * height as usize;
            sum <= bytes
        };
        // The one that is shown now is held in any case.
        let count = latest.iter().take(most).take_while(fits).count().max(1);
        latest.truncate(count);
    }
}

fn decode(path: &Path, bytes: &[u8]) -> Result<Arc<Art>, Diagnostic> {
    Art::from_photo(&path.display().to_string(), bytes).map(Arc::new).map_err(|e| e.diagnostic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn album(dir: &Path, count: usize) -> Album {
        let mut album = Album::default();
        for i in 0..count {
            let path = dir.join(format!("p{i}.png"));
            image::RgbImage::from_pixel(2, 2, image::Rgb([i as u8, 0, 0])).save(&path).expect("room");
            album.add(path.clone(), File::portrait(&path));
        }
        album
    }

    #[test]
    fn a_photograph_is_one_while_it_is_held_and_read_again_after() {
        let dir = tempfile::tempdir().expect("room");
        let album = album(dir.path(), HELD.0 + 5);
        let get = |i: usize| album.get(&dir.path().join(format!("p{i}.png"))).expect("added").get();
        let first = get(0).expect("sound");
        assert!(Arc::ptr_eq(&first, &get(0).expect("sound")));
        let (digest, seen) = (first.digest(), Arc::downgrade(&first));
        for i in 1..HELD.0 + 5 {
            get(i).expect("sound");
        }
        // A card that still shows it has the only one there is.
        assert!(Arc::ptr_eq(&first, &get(0).expect("sound")));
        assert_eq!(album.latest.0.lock().expect("no panic").len(), HELD.0);
        drop(first);
        for i in 1..HELD.0 + 5 {
            get(i).expect("sound");
        }
        assert!(seen.upgrade().is_none());
        assert_eq!(get(0).expect("sound").digest(), digest);
    }

    #[test]
    fn what_cannot_be_read_is_told_each_time() {
        let dir = tempfile::tempdir().expect("room");
        let mut album = Album::default();
        let (folder, name) = (dir.path().to_owned(), "none.png".to_owned());
        album.add(folder.join(&name), File::OfRow { folder: folder.clone(), photos: None, name });
        let told = |album: &Album| {
            let error = album.get(&folder.join("none.png")).expect("added").get().expect_err("no such file");
            (error.message, error.hints)
        };
        assert!(told(&album).0.starts_with("cannot read `"));
        assert_eq!(told(&album), told(&album));
    }
}
