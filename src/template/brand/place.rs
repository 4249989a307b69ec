//! Where in a kit's TOML a value stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text of a file and what its parts are.
pub(super) struct Places<'a> {
    file: &'a str,
    text: &'a str,
    tree: Option<Spanned<DeTable<'a>>>,
}

impl<'a> Places<'a> {
    /// `bytes` were read before, so they are TOML; of anything else no place is known but the file.
    pub(super) fn new(file: &'a str, bytes: &'a [u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        Self { file, text, tree: DeTable::parse(text).ok() }
    }

    /// `FILE:LINE:COLUMN` of the value at a path of keys, as far as the path is there; array items by number from 0.
    pub(super) fn of(&self, path: &[&str]) -> String {
        let Some(at) = self.start(path) else { return self.file.to_owned() };
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        format!("{}:{line}:{column}", self.file)
    }

    fn start(&self, path: &[&str]) -> Option<usize> {
        let (first, rest) = path.split_first()?;
        let mut value = self.tree.as_ref()?.get_ref().get(*first)?;
        for key in rest {
            let inner = match value.get_ref() {
                DeValue::Table(table) => table.get(*key),
                DeValue::Array(items) => key.parse::<usize>().ok().and_then(|i| items.get(i)),
                _ => None,
            };
            match inner {
                Some(inner) => value = inner,
                None => break,
            }
        }
        Some(value.span().start)
    }
}
