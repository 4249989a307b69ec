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

    /// `FILE:LINE:COLUMN` of a byte of the text.
    pub(super) fn at(&self, at: usize) -> String {
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        format!("{}:{line}:{column}", self.file)
    }

    /// The first byte of the value at a path of keys, as far as the path is there; array items by number from 0.
    pub(super) fn of(&self, path: &[&str]) -> usize {
        let first = path.split_first();
        let value = first.and_then(|(key, rest)| Some((self.tree.as_ref()?.get_ref().get(*key)?, rest)));
        let Some((mut value, rest)) = value else { return 0 };
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
        value.span().start
    }
}
