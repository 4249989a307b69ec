//! Waits for somebody to save a file.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use pullquote::diag::Diagnostic;

/// An editor writes a file in several steps; when nothing has happened for so long, it is done.
const QUIET: Duration = Duration::from_millis(150);

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A file was written.
    Saved,
    /// A signal asked to stop.
    Stop,
}

/// Folders that are watched.
#[derive(Debug)]
pub struct Watched {
    events: Receiver<Event>,
    /// Watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl Watched {
    /// Watches files and folders from now on; what happens below `out` is our own doing.
    ///
    /// # Errors
    ///
    /// A path that is not there, or a system that has no more watches.
    pub fn new(paths: &[PathBuf], out: &Path) -> Result<Self, Diagnostic> {
        let (send, events) = mpsc::channel();
        let out = out.canonicalize().unwrap_or_else(|_| out.to_owned());
        let told = send.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            let changes =
                matches!(event.kind, EventKind::Modify(_) | EventKind::Create(_) | EventKind::Remove(_));
            // The folder of the cards may lie in the template's own; then only what is not a card of ours counts.
            let foreign = event.paths.iter().any(|path| !path.starts_with(&out));
            if changes && foreign {
                let _ = told.send(Event::Saved);
            }
        };
        let wrong = |path: &Path, e: &notify::Error| {
            Diagnostic::error(format!("cannot watch `{}`: {e}", path.display()))
                .hint("leave `--watch` out, and preview again after each change")
        };
        let mut watcher = notify::recommended_watcher(handler).map_err(|e| wrong(&paths[0], &e))?;
        for path in paths {
            // A folder, also for one file: many editors replace a file, and a watch on the old one would see nothing.
            let folder = if path.is_dir() { path.clone() } else { super::preview::folder_of_file(path) };
            let folder = folder.canonicalize().unwrap_or(folder);
            watcher.watch(&folder, RecursiveMode::Recursive).map_err(|e| wrong(path, &e))?;
        }
        // Where no handler can be set, the signal ends the program at once: what was written is whole all the same.
        let _ = ctrlc::set_handler(move || {
            let _ = send.send(Event::Stop);
        });
        Ok(Self { events, _watcher: watcher })
    }

    /// Waits for the next save, and for the end of it.
    pub fn next(&self) -> Event {
        let first = self.events.recv().unwrap_or(Event::Stop);
        if first == Event::Stop {
            return first;
        }
        loop {
            match self.events.recv_timeout(QUIET) {
                Ok(Event::Saved) => {}
                Ok(Event::Stop) => return Event::Stop,
                Err(_) => return Event::Saved,
            }
        }
    }
}
