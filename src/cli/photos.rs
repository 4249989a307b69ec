//! Photographs: those that a list names, and a folder of portraits named for speakers.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pullquote::diag::Diagnostic;
use pullquote::export::name::plain;
use pullquote::template::Art;

use super::beside::Beside;

/// A photograph, or why it cannot be shown.
pub type Photo = Result<Arc<Art>, Diagnostic>;

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

/// A photograph of a folder of portraits.
pub fn read_photo(path: &Path) -> Photo {
    let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
    read_photo_beside(folder, &name.to_string_lossy())
}

/// A photograph that a row of a list names: in the list's folder or below, else in that of `--photos`. A request sheet may
/// come from a stranger, and what it names ends up on a card that goes out: no other file of the machine is opened.
pub fn read_photo_of_row(folder: &Path, photos: Option<&Path>, name: &str) -> Photo {
    let tried =
        [Some(folder), photos].into_iter().flatten().map(|folder| (folder, Beside::new(folder).read(name)));
    let mut told = None;
    for (folder, read) in tried {
        match read {
            Ok(bytes) => return decode(&folder.join(name), &bytes),
            Err(error) => told = told.or(Some(error)),
        }
    }
    let told = told.unwrap_or_else(|| io::ErrorKind::NotFound.into());
    Err(Diagnostic::error(format!("cannot read `{}`: {told}", folder.join(name).display()))
        .hint("put the photograph beside the list, or name its folder with `--photos DIR`"))
}

/// A photograph that a file in `folder` names; it must lie in that folder.
pub fn read_photo_beside(folder: &Path, name: &str) -> Photo {
    let path = folder.join(name);
    let told = |e: io::Error| Diagnostic::error(format!("cannot read `{}`: {e}", path.display()));
    decode(&path, &Beside::new(folder).read(name).map_err(told)?)
}

fn decode(path: &Path, bytes: &[u8]) -> Photo {
    Art::from_photo(&path.display().to_string(), bytes).map(Arc::new).map_err(|e| e.diagnostic())
}
